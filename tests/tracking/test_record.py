"""The recorder: positions every five seconds, facts at once, and nothing lost on a bad disk."""

from __future__ import annotations

import sqlite3
from concurrent.futures import Future
from datetime import datetime
from pathlib import Path

import pytest

from dodo_tui.domain.account import Account
from dodo_tui.domain.ids import Ids, Kind, MediaId
from dodo_tui.domain.media import Media
from dodo_tui.domain.playback import End, Playback, advance
from dodo_tui.domain.progress import Origin
from dodo_tui.domain.queue import DeliveryState, QueueKind, QueueRow
from dodo_tui.storage import accounts, plays, sending
from dodo_tui.storage.database import open_database, transaction
from dodo_tui.storage.errors import StorageError, Trouble
from dodo_tui.storage.hiding import hide_title
from dodo_tui.storage.history import history
from dodo_tui.storage.media import save_media
from dodo_tui.storage.progress import find_progress
from dodo_tui.storage.shelves import home_shelves
from dodo_tui.storage.store import Store
from dodo_tui.tracking.record import Recorder
from tests.storage.support import (
    delivered,
    put_account,
    put_film,
    put_profile,
    put_progress,
)
from tests.support.clock import START, FakeClock
from tests.tracking.samples import FILM, HOUR, LOCAL, Viewer, opened


class Sitting:
    """Somebody watching, recorded as it happens."""

    def __init__(self, store: Store, clock: FakeClock, playback: Playback, viewer: Viewer) -> None:
        self.store, self.clock = store, clock
        self.troubles: list[StorageError] = []
        self.recorder = Recorder(store, clock, self.troubles.append)
        self.viewer = viewer
        self.playback = playback
        self.written: list[Future[bool]] = []
        self.note(playback)

    def note(self, playback: Playback) -> Future[bool] | None:
        """Hand one value over, on time."""
        self.playback = playback
        self.clock.elapsed = playback.clock_seconds - 1000.0
        future = self.recorder.note(playback)
        if future is not None:
            future.result()
            self.written.append(future)
        return future

    def play(self, seconds: float, step: float = 1.0) -> None:
        """Play on, a sample every second."""
        for state in self.viewer.play(seconds, step):
            self.note(advance(self.playback, state))

    def pause(self, paused: bool = True) -> None:
        """Pause, or go on."""
        self.note(advance(self.playback, self.viewer.pause(paused)))

    def seek(self, position: float) -> None:
        """Jump."""
        self.note(advance(self.playback, self.viewer.seek(position)))

    def end(self, end: End = End.CLOSED) -> None:
        """The player goes away."""
        self.note(advance(self.playback, self.viewer.sample(end)))


def _sit(
    store: Store, clock: FakeClock, position: float = 0.0, key: str = FILM, play_id: str = "p1",
    profile: int = 1,
) -> Sitting:  # fmt: skip
    viewer = Viewer(position=position)
    viewer.elapsed = clock.elapsed
    return Sitting(store, clock, opened(viewer.sample(), play_id, key, profile), viewer)


def _rows(store: Store, account: Account) -> list[QueueRow]:
    return list(store.run_now(sending.next_rows, account.id, 100))


def _kinds(store: Store, account: Account) -> list[QueueKind]:
    return [row.kind for row in _rows(store, account)]


def _position(store: Store, key: str = FILM, profile: int = 1) -> float | None:
    progress = store.run_now(find_progress, profile, key)
    return None if progress is None else progress.position_seconds


def test_the_position_is_written_every_four_seconds(store: Store, clock: FakeClock) -> None:
    """With samples a second apart a kill -9 loses five seconds at most."""
    sitting = _sit(store, clock, position=600.0)
    before = len(sitting.written)
    sitting.play(60)
    assert len(sitting.written) - before == 15
    play = store.run_now(plays.open_plays)[0]
    assert play.playback.position_seconds == 660
    assert _position(store) == 660


def test_what_matters_is_written_at_once(store: Store, clock: FakeClock) -> None:
    """Defect 35: pause, seek and the end never wait for a tick."""
    sitting = _sit(store, clock, position=600.0)
    sitting.play(2)
    sitting.pause()
    assert _position(store) == 602
    sitting.pause(paused=False)
    sitting.seek(1000.0)
    assert _position(store) == 1000
    sitting.play(2)
    sitting.end()
    assert _position(store) == 1002
    (entry,) = store.run_now(history, 1)
    assert entry.ended_at == clock.now()
    assert entry.ratio == pytest.approx(1002 / HOUR)
    assert store.run_now(plays.open_plays) == ()


def test_the_same_value_twice_writes_nothing(store: Store, clock: FakeClock) -> None:
    """Watchers fire more than once."""
    sitting = _sit(store, clock, position=600.0)
    assert sitting.note(sitting.playback) is None
    sitting.end()
    assert sitting.note(sitting.playback) is None


def test_a_short_look_leaves_what_was_remembered(store: Store, clock: FakeClock) -> None:
    """A peek at the beginning does not cost the place half-way, even if the clock was set back."""
    for wrong in (-1, 1):
        at = START.replace(year=START.year + wrong)
        store.run_now(put_progress, FILM, 3000.0, at=at)
        sitting = _sit(store, clock, play_id=f"p{wrong}")
        sitting.play(30)
        sitting.end()
        assert _position(store) == 3000.0
    sitting = _sit(store, clock, play_id="longer")
    sitting.play(61)
    assert _position(store) in (60, 61)


def test_a_viewing_from_start_to_end(store: Store, clock: FakeClock, account: Account) -> None:
    """Start at 5 %, watched once at 90 %, then nothing; all of it on one play."""
    sitting = _sit(store, clock)
    sitting.play(0.04 * HOUR)
    assert _kinds(store, account) == []
    sitting.play(0.02 * HOUR)
    assert _kinds(store, account) == [QueueKind.START]
    sitting.play(0.85 * HOUR)
    (fact,) = _rows(store, account)
    assert fact.kind is QueueKind.WATCHED
    assert fact.percent == pytest.approx(90, abs=0.1)
    assert fact.happened_at == sitting.playback.watched_at
    sitting.play(0.09 * HOUR)
    sitting.pause()
    sitting.end(End.FINISHED)
    assert _kinds(store, account) == [QueueKind.WATCHED]
    assert store.run_now(delivered, "p1") == DeliveryState.WAITING
    progress = store.run_now(find_progress, 1, FILM)
    assert progress is not None
    assert (progress.watched, progress.position_seconds) == (True, 0.0)
    assert progress.watched_at == fact.happened_at
    assert store.run_now(home_shelves, 1, clock.now())[0] == ()


def test_an_unfinished_end_leaves_its_progress_to_be_told(
    store: Store, clock: FakeClock, account: Account
) -> None:
    """And takes the start back that nobody has heard."""
    sitting = _sit(store, clock, position=0.8 * HOUR)
    sitting.play(0.05 * HOUR)
    sitting.end()
    (fact,) = _rows(store, account)
    assert (fact.kind, fact.percent) == (QueueKind.PROGRESS, 85.0)


def test_a_flicker_takes_back_the_pause_and_not_the_start(
    store: Store, clock: FakeClock, account: Account
) -> None:
    """The start still waits: it is not the flicker's to drop."""
    sitting = _sit(store, clock, position=0.1 * HOUR)
    assert _kinds(store, account) == [QueueKind.START]
    sitting.pause()
    assert _kinds(store, account) == [QueueKind.START, QueueKind.PAUSE]
    sitting.play(2)
    sitting.pause(paused=False)
    assert _kinds(store, account) == [QueueKind.START]


def test_a_flicker_that_was_told_too_early_is_put_right(
    store: Store, clock: FakeClock, account: Account
) -> None:
    """The pause went out before it could be taken back: tell that it goes on."""
    other = store.run_now(put_account, "9", 1, "trakt")
    sitting = _sit(store, clock, position=0.1 * HOUR)
    sitting.pause()
    store.run_now(sending.forget, store.run_now(sending.next_rows, account.id, 9))
    sitting.pause(paused=False)
    assert _kinds(store, account) == [QueueKind.START]
    assert _kinds(store, other) == [QueueKind.START]
    assert _rows(store, other)[0].percent == 10.0


def test_a_pause_waits_for_its_debounce(store: Store, clock: FakeClock, account: Account) -> None:
    """Five seconds in which it can be undone."""
    sitting = _sit(store, clock, position=0.1 * HOUR)
    sitting.pause()
    start, pause = _rows(store, account)
    assert start.not_before == start.created_at
    assert (pause.not_before - pause.created_at).total_seconds() == 5


def test_two_profiles_never_mix(store: Store, clock: FakeClock, account: Account) -> None:
    """Defect 38 and pain 5: what Anna watches is told to Anna's account only."""
    anna = store.run_now(put_profile, "Anna")
    hers = store.run_now(put_account, "2", anna)
    sitting = _sit(store, clock, position=0.5 * HOUR, profile=anna)
    sitting.end()
    assert _kinds(store, account) == []
    assert _kinds(store, hers) == [QueueKind.PROGRESS]
    assert _position(store) is None
    assert _position(store, profile=anna) == 0.5 * HOUR


def test_an_account_that_does_not_listen_is_told_nothing(
    store: Store, clock: FakeClock, account: Account
) -> None:
    """The switch in the settings; the journal is written all the same."""
    store.run_now(accounts.set_scrobbling, account, False)
    sitting = _sit(store, clock, position=0.5 * HOUR)
    sitting.end()
    assert _kinds(store, account) == []
    assert len(store.run_now(history, 1)) == 1


def test_a_local_title_is_recorded_and_told_nobody(
    store: Store, clock: FakeClock, account: Account
) -> None:
    """Pain 9: nothing is sent about a file that may be anything."""
    store.run_now(put_film, LOCAL)
    sitting = _sit(store, clock, key=LOCAL)
    sitting.play(0.95 * HOUR)
    sitting.end()
    assert _rows(store, account) == []
    assert store.run_now(history, 1)[0].watched_at is not None


def _identify(connection: sqlite3.Connection) -> None:
    with transaction(connection, durable=True):
        save_media(
            connection,
            Media(MediaId.parse(LOCAL), Kind.MOVIE, "Known", ids=Ids(imdb="tt7654321")),
            START,
        )


def test_a_film_identified_while_it_plays_goes_on_under_its_real_key(
    store: Store, clock: FakeClock, account: Account
) -> None:
    """The player still names the old one; position, history and queue know the new one."""
    store.run_now(put_film, LOCAL)
    sitting = _sit(store, clock, key=LOCAL)
    sitting.play(600)
    store.run_now(_identify)
    sitting.play(0.8 * HOUR)
    sitting.end()
    (fact,) = _rows(store, account)
    assert (fact.kind, fact.key) == (QueueKind.WATCHED, "tt7654321")
    assert [entry.key for entry in store.run_now(history, 1)] == ["tt7654321"]
    assert _position(store, "tt7654321") == 0
    assert _position(store, LOCAL) is None


def test_playing_a_hidden_title_shows_it_again(store: Store, clock: FakeClock) -> None:
    """Also when it was hidden by a clock that ran ahead."""
    store.run_now(_hide, START.replace(year=START.year + 10))
    sitting = _sit(store, clock, position=600.0)
    sitting.end()
    assert [card.key for card in store.run_now(home_shelves, 1, clock.now())[0]] == [FILM]


def _hide(connection: sqlite3.Connection, at: datetime) -> None:
    with transaction(connection, durable=True):
        hide_title(connection, 1, FILM, at)


# ---------------------------------------------------------------------------------- a bad disk


def _fill(connection: sqlite3.Connection, full: bool) -> None:
    """Leave no room for another page, or make room again."""
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages if full else 1_000_000}")


def test_a_full_disk_loses_no_watched_fact(
    store: Store, clock: FakeClock, account: Account
) -> None:
    """What could not be written is kept in order and written as soon as there is room."""
    sitting = _sit(store, clock)
    sitting.end()
    store.run_now(_fill, True)
    others = [_sit_on(sitting, f"other-{number:02}") for number in range(60)]
    assert {trouble.trouble for trouble in sitting.troubles} == {Trouble.FULL}
    viewer = Viewer()
    viewer.elapsed = sitting.clock.elapsed
    sitting.viewer = viewer
    sitting.note(opened(viewer.sample(), "film"))
    sitting.play(0.95 * HOUR)
    sitting.end()
    assert "film" not in {entry.play_id for entry in store.run_now(history, 1)}
    store.run_now(_fill, False)
    sitting.recorder.flush().result()
    entries = {entry.play_id: entry for entry in store.run_now(history, 1)}
    assert set(others) <= set(entries)
    assert entries["film"].watched_at == sitting.playback.watched_at
    assert store.run_now(plays.open_plays) == ()
    facts = [(row.play_id, row.kind) for row in _rows(store, account)]
    assert facts == [
        *[(play_id, QueueKind.PROGRESS) for play_id in others], ("film", QueueKind.WATCHED),
    ]  # fmt: skip
    assert [row.id for row in _rows(store, account)] == sorted(
        row.id for row in _rows(store, account)
    )


def _sit_on(sitting: Sitting, play_id: str) -> str:
    """One more viewing, opened and ended on the same recorder."""
    viewer = Viewer(position=600.0)
    viewer.elapsed = sitting.clock.elapsed
    playback = opened(viewer.sample(), play_id)
    sitting.note(playback)
    sitting.note(advance(playback, viewer.sample(End.CLOSED)))
    return play_id


def test_trouble_keeps_the_ticks_of_one_viewing_to_the_last(
    store: Store, clock: FakeClock, tmp_path: Path
) -> None:
    """Another process holds the database: hours of ticks are one row to write afterwards."""
    store.run_now(lambda c: c.execute("PRAGMA busy_timeout = 0"))
    sitting = _sit(store, clock, position=600.0)
    other = open_database(tmp_path / "dodo.db")
    other.execute("BEGIN IMMEDIATE")
    sitting.play(300)
    assert {trouble.trouble for trouble in sitting.troubles} == {Trouble.BUSY}
    assert len(sitting.recorder._unwritten) == 1
    other.execute("ROLLBACK")
    other.close()
    sitting.play(4)
    assert not sitting.recorder._unwritten
    assert _position(store) == 904


# ------------------------------------------------------------------------------------ the tick


def _wal_growth(folder: Path, plays_before: int) -> list[int]:
    """How much the log grows with each tick, on a database with so many plays."""
    folder.mkdir()
    store = Store.open(folder / "dodo.db")
    store.run_now(put_profile)
    store.run_now(put_film, FILM)
    store.run_now(put_account)
    store.run_now(_many_plays, plays_before)
    clock = FakeClock()
    sitting = _sit(store, clock, position=600.0)
    wal = folder / "dodo.db-wal"
    store.run_now(lambda c: c.execute("PRAGMA wal_checkpoint(TRUNCATE)"))
    growth = []
    for _ in range(20):
        before = wal.stat().st_size
        sitting.play(5, step=5.0)
        growth.append(wal.stat().st_size - before)
    store.close()
    return growth


def _many_plays(connection: sqlite3.Connection, count: int) -> None:
    with transaction(connection, durable=False):
        for number in range(count):
            plays.insert_manual_play(
                connection, f"old-{number}", 1, FILM, Origin.MANUAL, START, START
            )
            if number % 5 == 0:
                name = f"tt{number:07}"
                save_media(connection, Media(MediaId.parse(name), Kind.MOVIE, name), START)
                connection.execute(
                    "INSERT INTO progress (profile_id, key, media_id, position_seconds, touched_at,"
                    " origin) VALUES (1, ?, ?, 100, '2026-01-01T00:00:00.000Z', 'player')",
                    (name, name),
                )


def test_a_tick_costs_the_same_whatever_the_history(tmp_path: Path) -> None:
    """Defect 39: two pages, not more, with ten thousand plays as with none."""
    empty = _wal_growth(tmp_path / "empty", 0)
    full = _wal_growth(tmp_path / "full", 10_000)
    assert max(full) <= 16 * 1024
    assert sorted(full[1:]) == sorted(empty[1:])
