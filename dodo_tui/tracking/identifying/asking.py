"""Asking a provider what a file is: by its name as it stands, and by a search for its title."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from dodo_tui.domain.ids import Kind
from dodo_tui.library.match import Verdict
from dodo_tui.library.names import ParsedName, parse_name
from dodo_tui.library.titles import same_title
from dodo_tui.providers.catalogue import FileMatch, Found
from dodo_tui.providers.items import TitleRef
from dodo_tui.providers.protocol import Provider
from dodo_tui.tracking.identifying.due import made_name
from dodo_tui.tracking.identifying.judging import (
    Conclusion,
    Thought,
    is_same,
    judge_hit,
    judge_match,
    look_into,
    rank,
    weighed,
)

_MOST_LOOKED_INTO = 2
"""Of so many series of the right name it is looked up whether they have the episode."""

AskAboutFile = Callable[[str], Awaitable[FileMatch | None]]
"""By the name of a file."""


async def ask(
    provider: Provider,
    parsed: ParsedName,
    path: str,
    about_file: AskAboutFile,
    found: Sequence[Found] | None = None,
) -> Conclusion:
    """Ask about a file by its name, and where that is not enough by its title.

    A series named without a year is sure only if nothing else is called so. `found`: what a search
    by the title has come upon already.
    """
    name = await asyncio.to_thread(_asked_name, parsed, path)
    match = await about_file(name)
    thoughts: list[Thought] = []
    if match is not None:
        thoughts.append(judge_match(parsed, match, provider.name))
        is_settled = parsed.kind is Kind.MOVIE or parsed.year is not None or bool(tuple(parsed.ids))
        if thoughts[0].verdict is Verdict.SURE and is_settled:
            return Conclusion(thoughts[0])
    if found is None:
        found = await search_by_name(provider, parsed, is_check=bool(thoughts))
    return await _judged(provider, parsed, thoughts, found)


async def ask_by_name(
    provider: Provider, parsed: ParsedName, path: str, about_file: AskAboutFile | None
) -> Conclusion:
    """Ask about a title by its name, and only where that leads to nothing as a file."""
    found = await search_by_name(provider, parsed, is_check=False)
    answer = await _judged(provider, parsed, [], found)
    if answer.sure is not None:
        return Conclusion(await _with_all_ids(provider, answer.sure))
    if about_file is None or answer.candidates:
        return answer
    return await ask(provider, parsed, path, about_file, found)


async def _with_all_ids(provider: Provider, thought: Thought) -> Thought:
    """A title that a search came upon, by whatever it is known by.

    Simkl: a search tells its own id; the record of a title, which costs nothing, tells the others.
    """
    media = thought.media
    details = await provider.details(TitleRef(media.kind, media.title, media.year, media.ids))
    if details is None:
        return thought
    ids = media.ids.merged(details.media.ids)
    media_id = ids.preferred(media.kind) or media.id
    return replace(thought, media=replace(media, id=media_id, ids=ids))


async def _judged(
    provider: Provider,
    parsed: ParsedName,
    thoughts: list[Thought],
    found: Sequence[Found],
) -> Conclusion:
    """What comes of an answer about the file, if there is one, and of a search."""
    known = {str(thought.media.id) for thought in thoughts}
    for hit in found:
        if str(hit.media.id) not in known and not is_same(hit, thoughts):
            thoughts.append(judge_hit(parsed, hit))
    thoughts = [
        await look_into(provider, parsed, thought) if index < _MOST_LOOKED_INTO else thought
        for index, thought in enumerate(sorted(thoughts, key=rank))
    ]
    return weighed(parsed, thoughts, found)


def _asked_name(parsed: ParsedName, path: str) -> str:
    """The file's own name; where only its folders say what it is, one made of title and number.

    No folder leaves this machine.
    """
    name = os.path.basename(path)  # noqa: PTH119 - a path may hold bytes that are not UTF-8
    alone = parse_name(name)
    if same_title(alone.title, parsed.title) and alone.numbers == parsed.numbers:
        return name
    return made_name(parsed)


async def search_by_name(
    provider: Provider, parsed: ParsedName, *, is_check: bool
) -> Sequence[Found]:
    """Titles of the name's title, of its kind; of the other kind of series where there is none.

    `is_check`: there is an answer already, and this only looks for what else is called so.
    """
    found = await provider.search(parsed.title, parsed.kind, None)
    if not found and not is_check and parsed.kind is not Kind.MOVIE:
        other = Kind.SHOW if parsed.kind is Kind.ANIME else Kind.ANIME
        found = await provider.search(parsed.title, other, None)
    return found
