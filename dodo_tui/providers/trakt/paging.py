"""Reading a list page by page. Trakt: every list is one, whatever its documents say."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

from dodo_tui.providers.changes import KeptAnswers
from dodo_tui.providers.errors import BrokenError
from dodo_tui.providers.http import LIBRARY, Reply
from dodo_tui.providers.trakt.client import Call, TraktClient
from dodo_tui.providers.trakt.failures import NONSENSE
from dodo_tui.providers.trakt.replies import TraktReply, read_reply

PAGE_ROWS = 100
"""Trakt: a longer page is cut in silence, at 100 or at 250."""

MOST_PAGES = 2_000
"""No list is longer; whatever goes on beyond that goes on for ever."""

_MOST_OVERLAPS = 5


async def pages(
    client: TraktClient,
    path: str,
    query: Mapping[str, str] | None = None,
    rows: int = PAGE_ROWS,
    on_reply: Callable[[TraktReply], None] = lambda _reply: None,
    kept: KeptAnswers | None = None,
) -> AsyncIterator[list[Any]]:
    """The rows of a list, a page at a time; a row may come twice where the list shifts meanwhile.

    Trakt: the last page is the one that its header says, or an empty one, never just a short one.
    Where the number of rows changes on the way, the page before is read again. What is in `kept` is
    not asked for, and what is asked for goes there.

    Raises:
        ProviderError: any kind; what is no list, or has no end, is one, too.
    """
    page, overlaps, last_count = 1, 0, None
    for _ in range(MOST_PAGES):
        asked = {**(query or {}), "page": str(page), "limit": str(rows)}
        reply = await _reply(client, Call("GET", path, asked, limits=LIBRARY), kept)
        on_reply(reply)
        listed = [] if reply.data is None else reply.data
        if not isinstance(listed, list):
            raise BrokenError(NONSENSE)
        yield listed
        count = reply.header_number("x-pagination-item-count")
        if count != last_count and last_count is not None and overlaps < _MOST_OVERLAPS:
            overlaps, last_count, page = overlaps + 1, count, max(page - 1, 1)
            continue
        last_count = count
        last_page = reply.header_number("x-pagination-page-count")
        if not listed or (last_page is not None and page >= last_page):
            return
        page += 1
    raise BrokenError(NONSENSE)


_KEPT_HEADERS = ("x-pagination-page-count", "x-pagination-item-count")


async def _reply(client: TraktClient, call: Call, kept: KeptAnswers | None) -> TraktReply:
    """A page, from what was kept or from Trakt: its body with the headers that say which it is."""
    name = f"{call.path}?page={call.query['page']}"
    known = None if kept is None else await kept.load(name)
    if known is not None:
        head, _, body = known.partition(b"\n")
        values = zip(_KEPT_HEADERS, head.decode("ascii", "replace").split(","), strict=False)
        return read_reply(Reply(200, dict(values), body))
    reply = await client.call(call)
    if kept is not None and isinstance(reply.data, list):
        head = ",".join(reply.headers.get(header, "") for header in _KEPT_HEADERS).encode()
        await kept.save(name, head + b"\n" + reply.body)
    return reply
