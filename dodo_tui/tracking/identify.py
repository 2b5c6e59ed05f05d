"""Identifying titles: what a provider says a file or an id is, trusted only above the bar.

Each title is asked about once, a series as a whole, by its name: Simkl lets nobody go through a
library by `/search/file`. What is played is asked about as a file; what no name leads to is, too, a
few in an hour. What is sure moves the title, its plays and resume points to
its real id; what is unsure is kept as candidates for the user. Every answer is kept with its age:
"none" is asked again after a month, and trouble is never taken for an answer.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dodo_tui.clock import Clock
from dodo_tui.domain.audience import is_untracked
from dodo_tui.domain.cards import Candidate
from dodo_tui.domain.ids import ONE_SEASON_SCHEMES, Ids, Key, Kind, MediaId, Scheme
from dodo_tui.domain.lookup import Outcome
from dodo_tui.domain.media import Media
from dodo_tui.domain.queue import Message, QueueKind
from dodo_tui.library.match import Verdict, is_namesake, reason, score
from dodo_tui.library.names import ParsedName, parse_name
from dodo_tui.library.titles import same_title, similarity
from dodo_tui.providers.catalogue import FileMatch, Found
from dodo_tui.providers.errors import BrokenError, RejectedError
from dodo_tui.providers.items import TitleRef
from dodo_tui.providers.protocol import Provider
from dodo_tui.storage import files, lookups
from dodo_tui.storage.accounts import connected_accounts
from dodo_tui.storage.audience import rules
from dodo_tui.storage.database import transaction
from dodo_tui.storage.history import untold_watches, was_played
from dodo_tui.storage.media import find_media, save_media
from dodo_tui.storage.moves import keys_of_title
from dodo_tui.storage.queue import add_message
from dodo_tui.storage.store import Store
from dodo_tui.tracking.correcting.moving import AFTER_SEARCH
from dodo_tui.tracking.listing import queue_unsaid

MOST_AT_ONCE = 100
MOST_A_DAY = 200
"""A free user of Simkl has 500 requests a day; a large library is identified over several days."""

MOST_FILES_AN_HOUR = 10
"""Simkl: one file at a time, never to scan a library."""

MOST_CANDIDATES = 6
_MOST_BROKEN = 3
"""So many answers in a row that make no sense are a broken provider, not broken names."""

_MOST_LOOKED_INTO = 2
"""Of so many series of the right name it is looked up whether they have the episode."""


@dataclass(frozen=True, slots=True)
class _Thought:
    """A title that a file may be."""

    media: Media
    verdict: Verdict
    why: str
    likeness: float
    season: int | None = None
    number: int | None = None
    by_search: bool = False


@dataclass(frozen=True, slots=True)
class _Unknown:
    """A title that is known by name alone: that of one of its files, or what an import called it.

    Without a file, `parsed` is what its name says.
    """

    media_id: str
    path: str
    file: files.LibraryFile | None = None
    parsed: ParsedName | None = None

    def read(self) -> ParsedName:
        """What the name says; blocks."""
        if self.parsed is not None:
            return self.parsed
        folder = "" if self.file is None or self.file.folder is None else self.file.folder
        return parse_name(self.path, folder)


AskAboutFile = Callable[[str], Awaitable[FileMatch | None]]
"""By the name of a file."""


@dataclass(frozen=True, slots=True)
class _Answer:
    """What came of asking about a file: at most one sure title, else what it may be."""

    sure: _Thought | None
    candidates: tuple[Candidate, ...] = ()


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
        await store.run(_note_file, provider.id, name, match is not None, clock.now())
        return match

    for unknown in await store.run(_due, clock.now(), path):
        parsed = await asyncio.to_thread(unknown.read)
        try:
            may = path is not None or await store.run(_may_ask_about_file, clock.now())
            is_watched = path is not None or await store.run(was_played, unknown.media_id)
            if may and is_watched:
                answer = await _ask(provider, parsed, unknown.path, about_file)
            else:
                answer = await _ask_by_name(
                    provider, parsed, unknown.path, about_file if may else None
                )
        except (BrokenError, RejectedError) as error:
            await store.run(_put_off, provider.id, unknown.media_id, str(error), clock.now())
            broken += 1
            if broken == _MOST_BROKEN:
                raise
            continue
        broken = 0
        if await store.run(_keep_answer, provider.id, unknown, answer, clock.now()):
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
            await store.run(_put_off, provider.id, str(media.id), str(error), clock.now())
            broken += 1
            if broken == _MOST_BROKEN:
                raise
            continue
        broken = 0
        known = None if details is None else details.media
        if await store.run(_keep_name, provider.id, media, known, clock.now()):
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
        answer = tuple(_hit(hit) for hit in hits)
        await store.run(_keep_search, provider.id, subject, answer, clock.now())
        found += answer
    distinct = {candidate.media_id: candidate for candidate in reversed(found)}
    return tuple(
        sorted(distinct.values(), key=lambda each: similarity(text, each.title), reverse=True)
    )


def anything_to_ask(connection: sqlite3.Connection, now: datetime, path: str | None = None) -> bool:
    """Whether there is something that a provider may be asked about now."""
    if path is None and lookups.unnamed_titles(connection, now, 1):
        return True
    return bool(_due(connection, now, path))


def _due(connection: sqlite3.Connection, now: datetime, path: str | None) -> tuple[_Unknown, ...]:
    """What to ask about, within what a day has room for; what has just been played always.

    The name of what is not recorded leaves this machine as little as the viewing.
    """
    most = MOST_AT_ONCE
    if path is None:
        most = min(most, MOST_A_DAY - lookups.asked_since(connection, now - timedelta(days=1)))
    private = rules(connection)
    due = files.files_to_ask(connection, now, max(most, 0), path)
    found = [
        _Unknown(str(Key.parse(file.keys[0]).media_id), file.path, file)
        for file in due
        if not is_untracked(file.path, private)
    ]
    if path is None and len(due) < most:
        imported = lookups.imported_titles(connection, now, most - len(due))
        found += (_imported(*each) for each in imported)
    return tuple(found)


def _imported(media: Media, season: int | None, number: int | None) -> _Unknown:
    """A title that an import named, as if there were a file of that name."""
    numbers = () if number is None else (number,)
    parsed = ParsedName(media.kind, media.title, media.year, season, numbers)
    return _Unknown(str(media.id), _made_name(parsed), parsed=parsed)


async def _ask_by_name(
    provider: Provider, parsed: ParsedName, path: str, about_file: AskAboutFile | None
) -> _Answer:
    """Ask about a title by its name, and only where that leads to nothing as a file."""
    found = await _search(provider, parsed, is_check=False)
    answer = await _judged(provider, parsed, [], found)
    if answer.sure is not None:
        return _Answer(await _with_all_ids(provider, answer.sure))
    if about_file is None or answer.candidates:
        return answer
    return await _ask(provider, parsed, path, about_file, found)


async def _with_all_ids(provider: Provider, thought: _Thought) -> _Thought:
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


async def _ask(
    provider: Provider,
    parsed: ParsedName,
    path: str,
    about_file: AskAboutFile,
    found: Sequence[Found] | None = None,
) -> _Answer:
    """Ask about a file by its name, and where that is not enough by its title.

    A series named without a year is sure only if nothing else is called so. `found`: what a search
    by the title has come upon already.
    """
    name = await asyncio.to_thread(_asked_name, parsed, path)
    match = await about_file(name)
    thoughts: list[_Thought] = []
    if match is not None:
        thoughts.append(_judge_match(parsed, match, provider.name))
        is_settled = parsed.kind is Kind.MOVIE or parsed.year is not None or bool(tuple(parsed.ids))
        if thoughts[0].verdict is Verdict.SURE and is_settled:
            return _Answer(thoughts[0])
    if found is None:
        found = await _search(provider, parsed, is_check=bool(thoughts))
    return await _judged(provider, parsed, thoughts, found)


async def _judged(
    provider: Provider,
    parsed: ParsedName,
    thoughts: list[_Thought],
    found: Sequence[Found],
) -> _Answer:
    """What comes of an answer about the file, if there is one, and of a search."""
    known = {str(thought.media.id) for thought in thoughts}
    for hit in found:
        if str(hit.media.id) not in known and not _is_same(hit, thoughts):
            thoughts.append(_judge_hit(parsed, hit))
    thoughts = [
        await _look_into(provider, parsed, thought) if index < _MOST_LOOKED_INTO else thought
        for index, thought in enumerate(sorted(thoughts, key=_rank))
    ]
    return _weighed(parsed, thoughts, found)


def _asked_name(parsed: ParsedName, path: str) -> str:
    """The file's own name; where only its folders say what it is, one made of title and number.

    No folder leaves this machine.
    """
    name = os.path.basename(path)  # noqa: PTH119 - a path may hold bytes that are not UTF-8
    alone = parse_name(name)
    if same_title(alone.title, parsed.title) and alone.numbers == parsed.numbers:
        return name
    return _made_name(parsed)


def _made_name(parsed: ParsedName) -> str:
    """The name that a file of a title would have."""
    year = f" ({parsed.year})" if parsed.year else ""
    season = 1 if parsed.season is None else parsed.season
    number = f" S{season:02d}E{parsed.numbers[0]:02d}" if parsed.numbers else ""
    return f"{parsed.title}{year}{number}.mkv"


async def _search(provider: Provider, parsed: ParsedName, *, is_check: bool) -> Sequence[Found]:
    """Titles of the name's title, of its kind; of the other kind of series where there is none.

    `is_check`: there is an answer already, and this only looks for what else is called so.
    """
    found = await provider.search(parsed.title, parsed.kind, None)
    if not found and not is_check and parsed.kind is not Kind.MOVIE:
        other = Kind.SHOW if parsed.kind is Kind.ANIME else Kind.ANIME
        found = await provider.search(parsed.title, other, None)
    return found


def _is_same(hit: Found, thoughts: Sequence[_Thought]) -> bool:
    """Whether a search came upon what has been thought of already."""
    ours = set(hit.media.ids)
    return any(ours & set(thought.media.ids) for thought in thoughts)


def _judge_match(parsed: ParsedName, match: FileMatch, name: str) -> _Thought:
    media = match.media
    verdict = score(
        parsed,
        media.title,
        media.year,
        media.kind,
        candidate_season=match.season,
        candidate_number=match.number,
        candidate_ids=media.ids,
    )
    why = f"{reason(parsed, media.title, media.year, media.kind)}; {name} takes the file for it"
    likeness = similarity(parsed.title, media.title)
    return _Thought(media, verdict, why, likeness, match.season, match.number)


def _judge_hit(parsed: ParsedName, hit: Found) -> _Thought:
    media, others = hit.media, hit.other_titles
    verdict = score(
        parsed,
        media.title,
        media.year,
        media.kind,
        candidate_ids=media.ids,
        alternative_titles=others,
    )
    likeness = max(similarity(parsed.title, title) for title in (media.title, *others))
    why = reason(parsed, media.title, media.year, media.kind, others)
    return _Thought(media, verdict, why, likeness, by_search=True)


async def _look_into(provider: Provider, parsed: ParsedName, thought: _Thought) -> _Thought:
    """Whether a series of the right name has the episode at all."""
    media = thought.media
    if (
        media.kind is Kind.MOVIE
        or not thought.by_search
        or not parsed.numbers
        or not is_namesake(parsed, media.title)
    ):
        return thought
    season = 1 if parsed.season is None else parsed.season
    number = parsed.numbers[0]
    episodes = await provider.episodes(TitleRef(media.kind, media.title, media.year, media.ids))
    if not any((each.season, each.number) == (season, number) for each in episodes):
        return replace(thought, why=f"{thought.why}; it has no S{season} E{number}")
    verdict = score(
        parsed,
        media.title,
        media.year,
        media.kind,
        candidate_season=season,
        candidate_number=number,
        candidate_ids=media.ids,
    )
    return replace(thought, verdict=verdict, season=season, number=number)


def _weighed(parsed: ParsedName, thoughts: Sequence[_Thought], found: Sequence[Found]) -> _Answer:
    """One sure title that nothing else contends with; otherwise what the user may choose from."""
    ordered = sorted(thoughts, key=_rank)
    sure = [thought for thought in ordered if thought.verdict is Verdict.SURE]
    namesakes = sum(is_namesake(parsed, hit.media.title, hit.other_titles) for hit in found)
    if len(sure) > 1 and parsed.year is not None:
        exact = [thought for thought in sure if thought.media.year == parsed.year]
        sure = exact or sure
    contended = parsed.kind is not Kind.MOVIE and parsed.year is None and namesakes > 1
    if len(sure) == 1 and not contended:
        return _Answer(sure[0])
    kept = [thought for thought in ordered if thought.verdict is not Verdict.NO]
    return _Answer(None, tuple(_candidate(thought) for thought in kept[:MOST_CANDIDATES]))


def _rank(thought: _Thought) -> tuple[int, float]:
    order = (Verdict.SURE, Verdict.UNSURE, Verdict.NO)
    return order.index(thought.verdict), -thought.likeness


def _candidate(thought: _Thought) -> Candidate:
    media = thought.media
    return Candidate(
        str(media.id),
        media.kind,
        media.title,
        media.year,
        media.ids,
        thought.season,
        thought.number,
        thought.why,
    )


def _hit(hit: Found) -> Candidate:
    media = hit.media
    return Candidate(str(media.id), media.kind, media.title, media.year, media.ids)


def _keep_answer(
    connection: sqlite3.Connection,
    provider_id: str,
    unknown: _Unknown,
    answer: _Answer,
    now: datetime,
) -> bool:
    """Keep what came of asking about a title; answers whether it is sure now."""
    subject = unknown.media_id
    with transaction(connection, durable=True):
        is_found = answer.sure is not None or answer.candidates
        outcome = Outcome.FOUND if is_found else Outcome.NONE
        lookups.note_lookup(connection, provider_id, subject, outcome, now)
        lookups.save_candidates(connection, subject, answer.candidates)
        if answer.sure is None:
            return False
        return _adopt(connection, unknown, answer.sure, now)


def _adopt(
    connection: sqlite3.Connection, unknown: _Unknown, sure: _Thought, now: datetime
) -> bool:
    """Move a local title to what it really is, and tell what was watched under the local id.

    Not where the user has decided meanwhile.
    """
    if (file := unknown.file) is not None:
        current = files.file_by_id(connection, file.id)
        if current is None or current.keys != file.keys or current.decided_by != file.decided_by:
            return False
    elif find_media(connection, unknown.media_id) is None:
        return False
    local_id, media = MediaId.parse(unknown.media_id), sure.media
    if local_id.scheme is not Scheme.LOCAL:
        return False
    joined = Media(
        local_id,
        media.kind,
        media.title,
        media.year,
        media.ids.merged(Ids.of(media.id)),
        media.runtime_minutes,
        media.poster,
    )
    media_id = save_media(connection, joined, now)
    files.settle_title(connection, str(media_id), files.DecidedBy.PROVIDER)
    delay = AFTER_SEARCH.total_seconds() if sure.by_search else 0.0
    for account in connected_accounts(connection):
        for play in untold_watches(connection, account, str(media_id)):
            watched_at = play.watched_at or play.started_at
            message = Message(QueueKind.WATCHED, None, watched_at, delay)
            add_message(connection, account.id, play.key, play.play_id, message, now)
        queue_unsaid(connection, account, now, str(media_id), delay)
    return True


def _keep_name(
    connection: sqlite3.Connection,
    provider_id: str,
    media: Media,
    known: Media | None,
    now: datetime,
) -> bool:
    """Keep title, year and ids of what was known by an id alone; answers whether it has a name.

    What turns out to be of another sort than what was watched of it is not believed. An id that
    names one entry of an anime does not become one that names all of its seasons.
    """
    subject = str(media.id)
    with transaction(connection, durable=True):
        is_same_sort = known is not None and (known.kind is Kind.MOVIE) == (
            media.kind is Kind.MOVIE
        )
        if known is None or not (is_same_sort or not keys_of_title(connection, subject)):
            lookups.note_lookup(connection, provider_id, subject, Outcome.NONE, now)
            return False
        lookups.note_lookup(connection, provider_id, subject, Outcome.FOUND, now)
        if find_media(connection, subject) is None:
            return False
        ids = known.ids
        if media.id.scheme in ONE_SEASON_SCHEMES:
            ids = replace(ids, imdb=None, tmdb=None, tvdb=None)
        named = Media(
            media.id,
            known.kind,
            known.title,
            known.year,
            Ids.of(media.id).merged(ids),
            known.runtime_minutes,
            known.poster,
        )
        save_media(connection, named, now)
    return True


def _put_off(
    connection: sqlite3.Connection, provider_id: str, subject: str, trouble: str, now: datetime
) -> None:
    """There is no answer: ask again later."""
    with transaction(connection, durable=False):
        lookups.note_lookup(connection, provider_id, subject, Outcome.LATER, now, trouble=trouble)


def _may_ask_about_file(connection: sqlite3.Connection, now: datetime) -> bool:
    since = now - timedelta(hours=1)
    return lookups.asked_since(connection, since, lookups.BY_FILE) < MOST_FILES_AN_HOUR


def _note_file(
    connection: sqlite3.Connection, provider_id: str, name: str, is_found: bool, now: datetime
) -> None:
    """Count a question about a file."""
    with transaction(connection, durable=False):
        outcome = Outcome.FOUND if is_found else Outcome.NONE
        subject = f"{lookups.BY_FILE}{name}"
        lookups.note_lookup(connection, provider_id, subject, outcome, now)


def _keep_search(
    connection: sqlite3.Connection,
    provider_id: str,
    subject: str,
    answer: Sequence[Candidate],
    now: datetime,
) -> None:
    with transaction(connection, durable=False):
        lookups.drop_old(connection, now)
        outcome = Outcome.FOUND if answer else Outcome.NONE
        lookups.note_lookup(connection, provider_id, subject, outcome, now, answer=answer)


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
