"""Keeping what came of a question, and moving a title to what it really is."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from dodo_tui.domain.cards import Candidate
from dodo_tui.domain.ids import ONE_SEASON_SCHEMES, Ids, Kind, MediaId, Scheme
from dodo_tui.domain.lookup import Outcome
from dodo_tui.domain.media import Media
from dodo_tui.storage import files, ledger, lookups
from dodo_tui.storage.accounts import connected_accounts
from dodo_tui.storage.database import transaction
from dodo_tui.storage.media import find_media, save_media
from dodo_tui.storage.moves import keys_of_title
from dodo_tui.tracking import untold
from dodo_tui.tracking.correcting.moving import AFTER_SEARCH
from dodo_tui.tracking.identifying.due import NamedTitle
from dodo_tui.tracking.identifying.judging import Conclusion, Thought

MOST_FILES_AN_HOUR = 10
"""Simkl: one file at a time, never to scan a library."""


def keep_answer(
    connection: sqlite3.Connection,
    provider_id: str,
    unknown: NamedTitle,
    answer: Conclusion,
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
        return adopt(connection, unknown, answer.sure, now)


def adopt(
    connection: sqlite3.Connection, unknown: NamedTitle, sure: Thought, now: datetime
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
    play_ids = ledger.play_ids_of_title(connection, unknown.media_id)
    media_id = save_media(connection, joined, now)
    files.settle_title(connection, str(media_id), files.DecidedBy.PROVIDER)
    delay = AFTER_SEARCH.total_seconds() if sure.by_search else 0.0
    ledger.join_heard(connection, str(media_id))
    for account in connected_accounts(connection):
        untold.queue_viewings(connection, account, str(media_id), now, delay, play_ids)
        untold.queue_words(connection, account, str(media_id), now, delay)
    return True


def keep_name(
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


def put_off(
    connection: sqlite3.Connection, provider_id: str, subject: str, trouble: str, now: datetime
) -> None:
    """There is no answer: ask again later."""
    with transaction(connection, durable=False):
        lookups.note_lookup(connection, provider_id, subject, Outcome.LATER, now, trouble=trouble)


def may_ask_about_file(connection: sqlite3.Connection, now: datetime) -> bool:
    """Whether another file may be asked about by its name within this hour."""
    since = now - timedelta(hours=1)
    return lookups.asked_since(connection, since, lookups.BY_FILE) < MOST_FILES_AN_HOUR


def note_file(
    connection: sqlite3.Connection, provider_id: str, name: str, is_found: bool, now: datetime
) -> None:
    """Count a question about a file."""
    with transaction(connection, durable=False):
        outcome = Outcome.FOUND if is_found else Outcome.NONE
        subject = f"{lookups.BY_FILE}{name}"
        lookups.note_lookup(connection, provider_id, subject, outcome, now)


def keep_search(
    connection: sqlite3.Connection,
    provider_id: str,
    subject: str,
    answer: Sequence[Candidate],
    now: datetime,
) -> None:
    """Keep what a search came upon, be it nothing, so that it need not be asked again soon."""
    with transaction(connection, durable=False):
        lookups.drop_old(connection, now)
        outcome = Outcome.FOUND if answer else Outcome.NONE
        lookups.note_lookup(connection, provider_id, subject, outcome, now, answer=answer)
