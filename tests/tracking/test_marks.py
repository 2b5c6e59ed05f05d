"""Marks by hand: four verbs that stay apart, and never a scrobble."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

import pytest

from dodo_tui.domain.account import Account
from dodo_tui.domain.ids import Key
from dodo_tui.domain.queue import DeliveryState, QueueKind
from dodo_tui.storage import accounts, sending
from dodo_tui.storage.errors import StorageError
from dodo_tui.storage.history import history
from dodo_tui.storage.media import find_media
from dodo_tui.storage.progress import find_progress
from dodo_tui.storage.shelves import home_shelves
from dodo_tui.storage.store import Store
from dodo_tui.tracking.marks import hide, mark_unwatched, mark_watched
from tests.storage.support import (
    delivered,
    put_account,
    put_episodes,
    put_profile,
    put_progress,
    put_row,
)
from tests.support.clock import START
from tests.tracking.samples import FILM, LOCAL, SHOW

_DAY = timedelta(days=1)
_FILM = Key.parse(FILM)


def _kinds(store: Store, account: Account) -> list[tuple[QueueKind, str]]:
    rows = store.run_now(sending.next_rows, account.id, 100)
    return [(row.kind, row.key) for row in rows]


def test_watched_is_kept_with_its_date_and_told_as_history(store: Store, account: Account) -> None:
    """`dodo mark KEY --watched --at TIME`."""
    store.run_now(mark_watched, 1, _FILM, START - _DAY, START)
    (entry,) = store.run_now(history, 1)
    assert (entry.source, entry.watched_at, entry.ratio) == ("manual", START - _DAY, 1.0)
    assert entry.delivered == {"simkl": DeliveryState.WAITING}
    (row,) = store.run_now(sending.next_rows, account.id, 9)
    assert (row.kind, row.happened_at, row.percent) == (QueueKind.WATCHED, START - _DAY, None)


def test_an_older_mark_does_not_move_the_last_time(store: Store) -> None:
    """When it was watched last is the latest of them."""
    store.run_now(mark_watched, 1, _FILM, START, START)
    store.run_now(mark_watched, 1, _FILM, START - 300 * _DAY, START)
    progress = store.run_now(find_progress, 1, FILM)
    assert progress is not None
    assert progress.watched_at == START


def test_a_mark_in_the_past_leaves_what_was_begun_since(store: Store) -> None:
    """Watched last year, begun again yesterday: the place of the second viewing stays."""
    store.run_now(put_progress, FILM, 1200.0, at=START - _DAY)
    store.run_now(mark_watched, 1, _FILM, START - 300 * _DAY, START)
    progress = store.run_now(find_progress, 1, FILM)
    assert progress is not None
    assert (progress.position_seconds, progress.touched_at) == (1200.0, START - _DAY)
    assert (progress.watched, progress.watched_at) == (True, START - 300 * _DAY)
    assert [card.title for card in store.run_now(home_shelves, 1, START)[0]] != []


def test_a_mark_after_what_was_begun_ends_it(store: Store) -> None:
    """Begun yesterday, marked as watched today: nothing is left to resume."""
    store.run_now(put_progress, FILM, 1200.0, at=START - _DAY)
    store.run_now(mark_watched, 1, _FILM, START, START)
    progress = store.run_now(find_progress, 1, FILM)
    assert progress is not None
    assert (progress.position_seconds, progress.watched_at) == (0.0, START)


def test_marks_are_told_though_players_are_not(store: Store, account: Account) -> None:
    """Who marks by hand means it; the switch is about what plays."""
    store.run_now(accounts.set_scrobbling, account, False)
    store.run_now(mark_watched, 1, _FILM, START, START)
    assert _kinds(store, account) == [(QueueKind.WATCHED, FILM)]


def test_a_mark_is_told_in_one_s_own_name(store: Store, account: Account) -> None:
    """Not in that of the rest of the family."""
    anna = store.run_now(put_profile, "Anna")
    hers = store.run_now(put_account, "2", anna)
    store.run_now(mark_watched, anna, _FILM, START, START)
    assert _kinds(store, account) == []
    assert _kinds(store, hers) == [(QueueKind.WATCHED, FILM)]


def test_unwatched_takes_back_what_was_not_told(store: Store, account: Account) -> None:
    """It would say the opposite afterwards; the history of plays stays."""
    store.run_now(mark_watched, 1, _FILM, START, START)
    play_id = store.run_now(history, 1)[0].play_id
    assert store.run_now(mark_unwatched, 1, _FILM, START + _DAY)
    assert _kinds(store, account) == [(QueueKind.UNWATCHED, FILM)]
    assert store.run_now(delivered, play_id) == DeliveryState.OFF
    assert len(store.run_now(history, 1)) == 1
    progress = store.run_now(find_progress, 1, FILM)
    assert progress is not None
    assert (progress.watched, progress.watched_at) == (False, None)
    assert not store.run_now(mark_unwatched, 1, _FILM, START + _DAY)
    assert _kinds(store, account) == [(QueueKind.UNWATCHED, FILM)]


def test_unwatched_leaves_other_episodes_and_other_people_alone(
    store: Store, account: Account
) -> None:
    """One key of one profile."""
    anna = store.run_now(put_profile, "Anna")
    hers = store.run_now(put_account, "2", anna)
    for number in (1, 2):
        key = Key.parse(f"{SHOW}:1:{number}")
        store.run_now(mark_watched, 1, key, START, START)
        store.run_now(mark_watched, anna, key, START, START)
    store.run_now(mark_unwatched, 1, Key.parse(f"{SHOW}:1:1"), START)
    assert _kinds(store, account) == [
        (QueueKind.WATCHED, f"{SHOW}:1:2"), (QueueKind.UNWATCHED, f"{SHOW}:1:1"),
    ]  # fmt: skip
    assert len(_kinds(store, hers)) == 2


def test_hiding_is_not_watching(store: Store, account: Account) -> None:
    """Defect 3: it says nothing to anybody and changes nothing but the row."""
    store.run_now(put_progress, FILM, 600.0)
    store.run_now(hide, 1, _FILM, START + _DAY)
    assert store.run_now(home_shelves, 1, START + _DAY) == ((), ())
    progress = store.run_now(find_progress, 1, FILM)
    assert progress is not None
    assert (progress.watched, progress.position_seconds) == (False, 600.0)
    assert _kinds(store, account) == []
    assert store.run_now(history, 1) == ()


def test_hiding_an_episode_hides_its_series(store: Store) -> None:
    """A card is a title."""
    store.run_now(put_episodes, f"{SHOW}:1:1", f"{SHOW}:1:2")
    store.run_now(put_progress, f"{SHOW}:1:1", watched=True)
    assert len(store.run_now(home_shelves, 1, START)[1]) == 1
    store.run_now(hide, 1, Key.parse(f"{SHOW}:1:2"), START)
    assert store.run_now(home_shelves, 1, START) == ((), ())


def test_a_title_never_heard_of_is_made_known(store: Store, account: Account) -> None:
    """By its id alone; the provider resolves it."""
    key = store.run_now(mark_watched, 1, Key.parse("kitsu:7442:5"), START, START)
    assert str(key) == "kitsu:7442:5"
    media = store.run_now(find_media, "kitsu:7442")
    assert media is not None
    assert media.kind == "anime"
    assert _kinds(store, account) == [(QueueKind.WATCHED, "kitsu:7442:5")]


def test_a_local_title_is_marked_here_only(store: Store, account: Account) -> None:
    """Nobody else knows what it is."""
    store.run_now(mark_watched, 1, Key.parse(LOCAL), START, START)
    assert _kinds(store, account) == []
    assert store.run_now(mark_unwatched, 1, Key.parse(LOCAL), START)
    assert _kinds(store, account) == []


def test_a_mark_and_its_row_are_written_together_or_not_at_all(
    store: Store, account: Account
) -> None:
    """Idea 3: the queue row is in the transaction of the fact. The table is in the way here."""
    store.run_now(_break_queue)
    with pytest.raises(StorageError, match="queue"):
        store.run_now(mark_watched, 1, _FILM, START, START)
    assert store.run_now(history, 1) == ()
    assert store.run_now(find_progress, 1, FILM) is None


def _break_queue(connection: sqlite3.Connection) -> None:
    connection.execute("ALTER TABLE queue RENAME TO not_there")


def test_a_waiting_row_of_the_other_kind_is_not_touched_by_watched(
    store: Store, account: Account
) -> None:
    """Watched after unwatched: both are told, in order."""
    store.run_now(put_row, account, QueueKind.UNWATCHED)
    store.run_now(mark_watched, 1, _FILM, START, START)
    assert [kind for kind, _ in _kinds(store, account)] == [QueueKind.UNWATCHED, QueueKind.WATCHED]
