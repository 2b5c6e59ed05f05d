"""What Simkl answered, before anybody decides what it means."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from dodo_tui.providers.http import Reply

SMALL_BYTES = 4096
"""No refusal of Simkl's is longer than this, in bytes."""


@dataclass(frozen=True, slots=True)
class SimklReply:
    """One answer, read as JSON. The data never show in a repr: they may hold tokens."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    data: Any = field(repr=False)
    """None for an empty body, for `null`, and for what is not JSON."""
    is_json: bool
    """Whether the body was JSON or empty; else it is no answer of Simkl's."""
    body: bytes = field(default=b"", repr=False)
    """The body as it came."""

    @property
    def ok(self) -> bool:
        """Simkl: any 2xx is success; 200 and 201 are not told apart."""
        return 200 <= self.status < 300

    @property
    def error(self) -> str:
        """Simkl's word for what went wrong, in lower case; empty where there is none.

        Simkl: branch on `error`, never on `message`; `RATE_LIMIT` comes in any case.
        """
        word = self.text("error").lower()
        return word if len(word) <= 40 and word.replace("_", "").isalnum() else ""

    def text(self, name: str) -> str:
        """A text of the answer, or an empty one."""
        value = self.data.get(name) if isinstance(self.data, dict) else None
        return value if isinstance(value, str) else ""

    @property
    def record(self) -> dict[str, Any]:
        """The answer as an object.

        Simkl: "nothing" is `[]`, `{}`, `null` or an `error` in a 200; all are the empty object.
        """
        if not isinstance(self.data, dict) or "error" in self.data:
            return {}
        return self.data

    @property
    def listed(self) -> list[Any] | None:
        """The answer as a list; "nothing" is the empty one, and None is no list at all."""
        if isinstance(self.data, list):
            return self.data
        is_nothing = self.data is None or (isinstance(self.data, dict) and not self.record)
        return [] if is_nothing else None


def read_reply(reply: Reply) -> SimklReply:
    """Read the body as JSON; a byte that is no UTF-8 spoils one title and not the answer."""
    text = reply.body.decode("utf-8", errors="replace").strip()
    data: Any = None
    is_json = True
    if text:
        try:
            data = json.loads(text)
        except (ValueError, RecursionError):
            is_json = False
    return SimklReply(reply.status, reply.headers, data, is_json, reply.body)


def large_reply(reply: Reply) -> SimklReply:
    """Leave a large success unread, for a worker thread; what is small may be a refusal."""
    if 200 <= reply.status < 300 and len(reply.body) > SMALL_BYTES:
        return SimklReply(reply.status, reply.headers, None, is_json=True, body=reply.body)
    return read_reply(reply)


def unmasked(reply: SimklReply) -> SimklReply:
    """A write's answer with the status it should have had.

    Simkl: rarely, a 200 holds an `error`. For a read that is "nothing"; a write has failed, with
    the status told as `code`, and nothing may take it for done.
    """
    if not (reply.ok and reply.error):
        return reply
    code = reply.data.get("code")
    is_status = isinstance(code, int) and 400 <= code < 600
    return replace(reply, status=code if is_status else 500)
