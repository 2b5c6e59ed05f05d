"""Identifying titles: what a provider says a file or an id is, trusted only above the bar.

Each title is asked about once, a series as a whole, by its name: Simkl lets nobody go through a
library by `/search/file`. What is played is asked about as a file; what no name leads to is, too, a
few in an hour. What is sure moves the title, its plays and resume points to
its real id; what is unsure is kept as candidates for the user. Every answer is kept with its age:
"none" is asked again after a month, and trouble is never taken for an answer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from dodo_tui.clock import Clock
from dodo_tui.domain.cards import Candidate
from dodo_tui.domain.ids import Ids, Kind
from dodo_tui.library.titles import similarity
from dodo_tui.providers.catalogue import FileMatch
from dodo_tui.providers.errors import BrokenError, RejectedError
from dodo_tui.providers.items import TitleRef
from dodo_tui.providers.protocol import Provider
from dodo_tui.storage import lookups
from dodo_tui.storage.history import was_played
from dodo_tui.storage.store import Store
from dodo_tui.tracking.identifying.asking import ask, ask_by_name
from dodo_tui.tracking.identifying.due import MOST_AT_ONCE, due_titles
from dodo_tui.tracking.identifying.judging import hit_of
from dodo_tui.tracking.identifying.keeping import (
    keep_answer,
    keep_name,
    keep_search,
    may_ask_about_file,
    note_file,
    put_off,
)

_MOST_BROKEN = 3
"""So many answers in a row that make no sense are a broken provider, not broken names."""


async def identify_files(
    store: Store,
    provider: Provider,
    clock: Clock,
    on_identified: Callable[[], None] = lambda: None,
    *,
    path: str | None = None,
) -> int:
    """Ask about the titles that are known by name alone; answers how many became sure.

    After those of files come those that were imported and have none. With a `path` only about what
    is in that file. A name on which the provider breaks is put off and does not keep others from
    being asked about.

    Raises:
        ProviderError: asking failed; what was not asked about stays for the next time.
    """
    sure = broken = 0

    async def about_file(name: str) -> FileMatch | None:
        match = await provider.identify(name)
        await store.run(note_file, provider.id, name, match is not None, clock.now())
        return match

    for unknown in await store.run(due_titles, clock.now(), path):
        parsed = await asyncio.to_thread(unknown.read)
        try:
            may = path is not None or await store.run(may_ask_about_file, clock.now())
            is_watched = path is not None or await store.run(was_played, unknown.media_id)
            if may and is_watched:
                answer = await ask(provider, parsed, unknown.path, about_file)
            else:
                answer = await ask_by_name(
                    provider, parsed, unknown.path, about_file if may else None
                )
        except (BrokenError, RejectedError) as error:
            await store.run(put_off, provider.id, unknown.media_id, str(error), clock.now())
            broken += 1
            if broken == _MOST_BROKEN:
                raise
            continue
        broken = 0
        if await store.run(keep_answer, provider.id, unknown, answer, clock.now()):
            sure += 1
            on_identified()
    return sure


async def name_titles(
    store: Store,
    provider: Provider,
    clock: Clock,
    on_identified: Callable[[], None] = lambda: None,
) -> int:
    """Ask what titles are that are known by an id alone; answers how many have a name now.

    Raises:
        ProviderError: asking failed; what was not asked about stays for the next time.
    """
    named = broken = 0
    for media in await store.run(lookups.unnamed_titles, clock.now(), MOST_AT_ONCE):
        ids = media.ids.merged(Ids.of(media.id))
        try:
            details = await provider.details(TitleRef(media.kind, "", None, ids))
        except (BrokenError, RejectedError) as error:
            await store.run(put_off, provider.id, str(media.id), str(error), clock.now())
            broken += 1
            if broken == _MOST_BROKEN:
                raise
            continue
        broken = 0
        known = None if details is None else details.media
        if await store.run(keep_name, provider.id, media, known, clock.now()):
            named += 1
            on_identified()
    return named


async def search_titles(
    store: Store, provider: Provider, clock: Clock, text: str, kinds: Sequence[Kind]
) -> tuple[Candidate, ...]:
    """Titles of a name, for the user to choose from, the likeliest first; kept for a while.

    Raises:
        ProviderError: try again later.
    """
    found: list[Candidate] = []
    for kind in kinds:
        subject = f"search:{kind}:{text.casefold().strip()}"
        known = await store.run(lookups.fresh_lookup, subject, clock.now())
        if known is not None:
            found += known.answer
            continue
        hits = await provider.search(text, kind, None)
        answer = tuple(hit_of(hit) for hit in hits)
        await store.run(keep_search, provider.id, subject, answer, clock.now())
        found += answer
    distinct = {candidate.media_id: candidate for candidate in reversed(found)}
    return tuple(
        sorted(distinct.values(), key=lambda each: similarity(text, each.title), reverse=True)
    )


async def identify(
    store: Store,
    provider: Provider,
    clock: Clock,
    on_identified: Callable[[], None] = lambda: None,
) -> None:
    """Everything that may be asked about now: files first, then ids without a name.

    Raises:
        ProviderError: asking failed; the rest stays for the next time.
    """
    await identify_files(store, provider, clock, on_identified)
    await name_titles(store, provider, clock, on_identified)
