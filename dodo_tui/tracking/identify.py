"""Identifying titles: what a provider says a file is, trusted only above the bar.

One file of each title is asked about, once. What is sure moves the title, its plays and resume
points to its real id; what is unsure is kept as a candidate for the user; an error asks again
later.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Callable
from datetime import datetime

from dodo_tui.clock import Clock
from dodo_tui.domain.cards import Candidate
from dodo_tui.domain.ids import Ids, Key, MediaId, Scheme
from dodo_tui.domain.media import Media
from dodo_tui.domain.queue import Message, QueueKind
from dodo_tui.library.match import Verdict, score
from dodo_tui.library.names import parse_name
from dodo_tui.providers.protocol import FileMatch, Provider
from dodo_tui.storage import files
from dodo_tui.storage.accounts import connected_accounts
from dodo_tui.storage.database import transaction
from dodo_tui.storage.history import untold_watches
from dodo_tui.storage.media import find_media, save_media
from dodo_tui.storage.queue import add_message
from dodo_tui.storage.store import Store

MOST_AT_ONCE = 100
"""A free user of Simkl has 500 requests a day; a large library is identified over several days."""


async def identify_files(
    store: Store,
    provider: Provider,
    clock: Clock,
    on_identified: Callable[[], None] = lambda: None,
) -> int:
    """Ask about every title that is known by name alone; answers how many became sure.

    Raises:
        ProviderError: asking failed; what was not asked about stays for the next time.
    """
    sure = 0
    for file in await store.run(files.unasked_files, MOST_AT_ONCE):
        parsed = await asyncio.to_thread(parse_name, file.path)
        match = await provider.identify(os.path.basename(file.path))  # noqa: PTH119
        verdict = Verdict.NO
        if match is not None:
            verdict = score(
                parsed,
                match.media.title,
                match.media.year,
                match.media.kind,
                candidate_season=match.season,
                candidate_number=match.number,
                candidate_ids=match.media.ids,
            )
        await store.run(_keep_answer, file, match, verdict, clock.now())
        if verdict is Verdict.SURE:
            sure += 1
            on_identified()
    return sure


def accept_candidate(
    connection: sqlite3.Connection, file: files.LibraryFile, now: datetime
) -> None:
    """The user says that an unsure file is what the provider thought."""
    if file.candidate is None:
        return
    media_id = MediaId.parse(file.candidate.media_id)
    media = Media(
        media_id,
        file.candidate.kind,
        file.candidate.title,
        file.candidate.year,
        Ids.of(media_id),
    )
    with transaction(connection, durable=True):
        _adopt(connection, file, media, files.DecidedBy.USER, now)


def accept_title(connection: sqlite3.Connection, media_id: str, now: datetime) -> str:
    """`accept_candidate` for a title; answers the id it has from now on."""
    for file in files.unsure_files(connection):
        if file.candidate is not None and str(Key.parse(file.keys[0]).media_id) == media_id:
            accept_candidate(connection, file, now)
            known = find_media(connection, file.candidate.media_id)
            return media_id if known is None else str(known.id)
    return media_id


def _keep_answer(
    connection: sqlite3.Connection,
    file: files.LibraryFile,
    match: FileMatch | None,
    verdict: Verdict,
    now: datetime,
) -> None:
    with transaction(connection, durable=True):
        candidate = None
        if match is not None and verdict is Verdict.UNSURE:
            media = match.media
            candidate = Candidate(str(media.id), media.kind, media.title, media.year)
        files.note_asked(connection, file.id, candidate, now)
        if match is not None and verdict is Verdict.SURE:
            _adopt(connection, file, match.media, files.DecidedBy.PROVIDER, now)


def _adopt(
    connection: sqlite3.Connection,
    file: files.LibraryFile,
    media: Media,
    decided_by: files.DecidedBy,
    now: datetime,
) -> None:
    """Move a local title to what it really is, and tell what was watched under the local id."""
    local_id = Key.parse(file.keys[0]).media_id
    if local_id.scheme is not Scheme.LOCAL:
        return
    ids = media.ids.merged(Ids.of(media.id))
    joined = Media(
        local_id, media.kind, media.title, media.year, ids, media.runtime_minutes, media.poster
    )
    media_id = save_media(connection, joined, now)
    files.settle_title(connection, str(media_id), decided_by)
    for account in connected_accounts(connection):
        for play in untold_watches(connection, account, str(media_id)):
            message = Message(QueueKind.WATCHED, None, play.watched_at or play.started_at)
            add_message(connection, account.id, play.key, play.play_id, message, now)
