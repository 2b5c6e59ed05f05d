"""A pull meets what has not been told yet: nothing of it is undone, or said to have happened."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from dodo_tui.domain.account import Account
from dodo_tui.domain.ids import Ids, Kind, MediaId
from dodo_tui.domain.media import Media
from dodo_tui.domain.merge import Known
from dodo_tui.domain.progress import Origin, Progress
from dodo_tui.domain.queue import QueueKind
from dodo_tui.providers.changes import RemoteTitle
from dodo_tui.storage import remote
from dodo_tui.storage.database import transaction
from dodo_tui.storage.history import history
from dodo_tui.storage.progress import find_progress, save_progress
from dodo_tui.storage.store import Store
from dodo_tui.tracking.applying.pull import Pull
from dodo_tui.tracking.applying.removing import remove_titles
from dodo_tui.tracking.applying.titles import apply_titles
from tests.storage.support import put_row
from tests.support.clock import START

FILM = "tt0133093"
HOUR = timedelta(hours=1)
MATRIX = Media(MediaId.parse(FILM), Kind.MOVIE, "The Matrix", 1999, Ids(imdb=FILM))
TAKEN_BACK = Progress(1, FILM, 0.0, None, None, START, Origin.MANUAL)
"""Marked unwatched here at this time."""

WATCHED_THERE = Progress(1, FILM, 0.0, None, None, START, Origin.SIMKL, START, True)


def _pull_watched(
    connection: sqlite3.Connection, account: Account, watched_at: datetime | None
) -> Pull:
    """The provider says that the film was watched."""
    pull = Pull(account, START + 10 * HOUR, since=START - 10 * HOUR)
    apply_titles(connection, pull, [RemoteTitle(MATRIX, watched=True, watched_at=watched_at)])
    return pull


@pytest.mark.parametrize("watched_at", [None, START - HOUR, START])
def test_a_mark_that_is_being_taken_back_is_no_viewing(
    store: Store, account: Account, watched_at: datetime | None
) -> None:
    """The provider has not heard of it yet, and says once more what is not so any more."""
    store.run_now(save_progress, TAKEN_BACK)
    store.run_now(put_row, account, QueueKind.UNWATCHED, FILM)
    pull = store.run_now(_pull_watched, account, watched_at)
    assert store.run_now(history, 1) == ()
    assert store.run_now(find_progress, 1, FILM) == TAKEN_BACK
    assert pull.changed == 0


@pytest.mark.parametrize(
    ("row", "unsent", "watched_at"),
    [
        pytest.param(TAKEN_BACK, QueueKind.UNWATCHED, START + HOUR, id="later"),
        pytest.param(TAKEN_BACK, QueueKind.PROGRESS, START, id="told"),
        pytest.param(None, QueueKind.UNWATCHED, START, id="forgotten here"),
        pytest.param(
            replace(TAKEN_BACK, watched=True, watched_at=START - 2 * HOUR),
            QueueKind.UNWATCHED,
            START,
            id="marked again",
        ),
    ],
)
def test_any_other_viewing_there_is_one_here(
    store: Store,
    account: Account,
    row: Progress | None,
    unsent: QueueKind,
    watched_at: datetime,
) -> None:
    """Seen later than the mark was taken back, or nothing of that sort waits to be told."""
    if row is not None:
        store.run_now(save_progress, row)
    store.run_now(put_row, account, unsent, FILM)
    store.run_now(_pull_watched, account, watched_at)
    (entry,) = store.run_now(history, 1)
    assert (entry.source, entry.watched_at) == ("simkl", watched_at)


def _remove(connection: sqlite3.Connection, account: Account) -> None:
    """The film is off the list there."""
    with transaction(connection, durable=True):
        remove_titles(connection, Pull(account, START + HOUR), [FILM])


@pytest.mark.parametrize("kind", [QueueKind.WATCHED, QueueKind.UNWATCHED, QueueKind.PROGRESS])
def test_what_is_not_told_yet_does_not_go_with_the_list(
    store: Store, account: Account, kind: QueueKind
) -> None:
    """The removal was decided without knowing of it; what came from there and is told goes."""
    known = {FILM: Known(watched=True, watched_at=START)}
    store.run_now(save_progress, WATCHED_THERE)
    store.run_now(remote.save_known, account.id, FILM, known)
    store.run_now(put_row, account, kind, FILM)
    store.run_now(_remove, account)
    assert store.run_now(find_progress, 1, FILM) == WATCHED_THERE


@pytest.mark.parametrize(
    ("row", "is_known", "stays"),
    [
        (WATCHED_THERE, True, False),
        (WATCHED_THERE, False, True),
        (replace(WATCHED_THERE, origin=Origin.PLAYER), True, True),
        (replace(WATCHED_THERE, origin=Origin.TRAKT), True, True),
    ],
)
def test_only_what_came_from_there_goes_with_the_list(
    store: Store, account: Account, row: Progress, is_known: bool, stays: bool
) -> None:
    """By this user of that provider; what was played here, or told by another one, stays."""
    store.run_now(save_progress, row)
    if is_known:
        known = {FILM: Known(watched=True, watched_at=START)}
        store.run_now(remote.save_known, account.id, FILM, known)
    store.run_now(_remove, account)
    assert (store.run_now(find_progress, 1, FILM) is not None) is stays
