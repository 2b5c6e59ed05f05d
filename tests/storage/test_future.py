"""Times that have not come yet, and what was written by a clock that was wrong."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from dodo_tui.clock import Misdated
from dodo_tui.domain.progress import Origin, Progress
from dodo_tui.domain.queue import QueueKind
from dodo_tui.domain.times import from_iso, to_iso
from dodo_tui.storage import plays
from dodo_tui.storage.database import open_database
from dodo_tui.storage.future import mend_future, mend_misdated
from dodo_tui.storage.progress import find_progress, save_progress
from tests.storage.support import put_account, put_film, put_profile, put_row
from tests.support.clock import START

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
AHEAD = timedelta(days=2000)
LATE = timedelta(days=1000)
SPAN = Misdated(START, START + 2 * HOUR, LATE)
"""A process that ran for two hours and was behind all the while."""

OTHER = "tt0113277"
PLAY_TIMES = ("started_at", "tick_at", "ended_at", "watched_at")


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A database with a person and a film."""
    with closing(open_database(tmp_path / "dodo.db")) as opened:
        yield opened


def _times(connection: sqlite3.Connection) -> dict[str, tuple[str, str]]:
    rows = connection.execute("SELECT id, started_at, watched_at FROM play")
    return {row["id"]: (row["started_at"], row["watched_at"]) for row in rows}


def test_viewings_keep_their_order_and_length(connection: sqlite3.Connection) -> None:
    """Laid end to end before now; what was dated rightly stays as it was."""
    profile_id, key = put_profile(connection), put_film(connection)
    begun = {"old": START - 9 * HOUR, "first": START + AHEAD, "second": START + AHEAD + 5 * HOUR}
    for play_id, at in begun.items():
        plays.insert_manual_play(connection, play_id, profile_id, key, Origin.MANUAL, at, at)
        connection.execute(
            "UPDATE play SET watched_at = ?, tick_at = ?, ended_at = ? WHERE id = ?",
            (*[to_iso(at + 2 * HOUR)] * 3, play_id),
        )
    watched_at = begun["second"] + 2 * HOUR
    row = Progress(profile_id, key, 0.0, None, None, watched_at, Origin.MANUAL, watched_at, True)
    save_progress(connection, row)
    assert mend_future(connection, START)
    times = _times(connection)
    assert times["second"] == (to_iso(START - 2 * HOUR), to_iso(START))
    started_at, ended_at = (from_iso(text) for text in times["first"])
    assert ended_at - started_at == 2 * HOUR
    assert timedelta(0) < START - 2 * HOUR - ended_at < timedelta(seconds=1)
    assert times["old"] == (to_iso(begun["old"]), to_iso(begun["old"] + 2 * HOUR))
    progress = find_progress(connection, profile_id, key)
    assert progress is not None
    assert (progress.watched_at, progress.touched_at) == (START, START)
    assert not mend_future(connection, START)
    assert _times(connection) == times


def test_a_clock_that_ran_ahead_in_the_midst_of_a_film(connection: sqlite3.Connection) -> None:
    """It began in the future and ended now: it began no later than it ended."""
    profile_id, key = put_profile(connection), put_film(connection)
    at = START - HOUR
    plays.insert_manual_play(connection, "p", profile_id, key, Origin.MANUAL, at, at)
    connection.execute("UPDATE play SET started_at = ?", (to_iso(START + AHEAD),))
    assert mend_future(connection, START)
    assert _times(connection)["p"] == (to_iso(at), to_iso(at))


def test_what_was_hidden_and_forgotten_is_so_as_of_now(connection: sqlite3.Connection) -> None:
    """Nothing that comes later may be swallowed by it for years."""
    profile_id, key = put_profile(connection), put_film(connection)
    ahead = to_iso(START + AHEAD)
    connection.execute("INSERT INTO hidden VALUES (?, ?, ?)", (profile_id, key, ahead))
    connection.execute(
        "INSERT INTO forgotten (profile_id, media_id, forgotten_at, there) VALUES (?, ?, ?, 0)",
        (profile_id, key, ahead),
    )
    assert mend_future(connection, START)
    found = connection.execute(
        "SELECT hidden_at, forgotten_at FROM hidden JOIN forgotten USING (media_id)"
    ).fetchone()
    assert tuple(found) == (to_iso(START), to_iso(START))


def _put_play(
    connection: sqlite3.Connection,
    play_id: str,
    origin: Origin = Origin.PLAYER,
    key: str = "tt0133093",
    *,
    times: Mapping[str, datetime | None],
) -> None:
    """A viewing of the first person with just these times."""
    plays.insert_manual_play(connection, play_id, 1, key, origin, START, START)
    for name, at in times.items():
        connection.execute(f"UPDATE play SET {name} = ? WHERE id = ?", (at and to_iso(at), play_id))


def _play_times(connection: sqlite3.Connection, play_id: str) -> list[datetime | None]:
    row = connection.execute("SELECT * FROM play WHERE id = ?", (play_id,)).fetchone()
    return [row[name] and from_iso(row[name]) for name in PLAY_TIMES]


def _put_progress(
    connection: sqlite3.Connection, origin: Origin, at: datetime, key: str = "tt0133093"
) -> None:
    row = Progress(1, key, 0.0, None, None, at, origin, at, True)
    save_progress(connection, row)


def _progress_times(connection: sqlite3.Connection, key: str = "tt0133093") -> set[datetime | None]:
    row = find_progress(connection, 1, key)
    assert row is not None
    return {row.touched_at, row.watched_at}


@pytest.fixture
def household(connection: sqlite3.Connection) -> sqlite3.Connection:
    """A person with an account, and two films."""
    assert put_profile(connection) == 1
    put_film(connection)
    put_film(connection, OTHER, "Other")
    assert put_account(connection).id == 1
    return connection


def test_what_was_queued_of_a_viewing_goes_with_it(household: sqlite3.Connection) -> None:
    """It is told with the time that it bears here; another's fact is none of its own."""
    seen = {"first": START + AHEAD, "second": START + AHEAD + 5 * HOUR}
    for play_id, at in seen.items():
        times = dict.fromkeys(PLAY_TIMES[1:], at + HOUR)
        _put_play(household, play_id, times={"started_at": at, **times})
        put_row(household, put_account(household), QueueKind.START, play_id=play_id, at=at)
        put_row(household, put_account(household), play_id=play_id, at=at + HOUR)
    of_another = put_row(
        household, put_account(household), play_id="second", at=seen["first"] + HOUR
    )
    assert mend_future(household, START)
    for play_id in seen:
        rows = household.execute(
            "SELECT happened_at FROM queue WHERE play_id = ? AND id <> ? ORDER BY id",
            (play_id, of_another),
        )
        started_at, _, _, watched_at = _play_times(household, play_id)
        assert [from_iso(text) for (text,) in rows] == [started_at, watched_at]
    row = household.execute("SELECT happened_at FROM queue WHERE id = ?", (of_another,)).fetchone()
    assert row[0] == to_iso(START)


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("hidden", "hidden_at"),
        ("forgotten", "forgotten_at"),
        ("list_entry", "changed_at"),
        ("list_entry", "rated_at"),
        ("account", "connected_at"),
        ("account", "pulled_at"),
        ("progress", "touched_at"),
        ("play", "started_at"),
    ],
)
def test_one_time_that_has_not_come_is_noticed(
    household: sqlite3.Connection, table: str, column: str
) -> None:
    """Whatever it is a time of, and though all others are right; two clocks may differ a little."""
    now = to_iso(START)
    _put_play(household, "p", times={})
    household.execute("UPDATE play SET started_at = ?", (now,))
    row = Progress(1, OTHER, 600.0, 6000.0, 0.1, START, Origin.PLAYER)
    save_progress(household, row)
    household.execute("INSERT INTO hidden VALUES (1, ?, ?)", (OTHER, now))
    household.execute(
        "INSERT INTO forgotten (profile_id, media_id, forgotten_at, there) VALUES (1, ?, ?, 0)",
        (OTHER, now),
    )
    household.execute(
        "INSERT INTO list_entry (profile_id, media_id, provider, kind, changed_at, rated_at) "
        "VALUES (1, ?, 'here', 'movie', ?, ?)",
        (OTHER, now, now),
    )
    household.execute(f"UPDATE {table} SET {column} = ?", (to_iso(START + MINUTE),))
    assert not mend_future(household, START)
    household.execute(f"UPDATE {table} SET {column} = ?", (to_iso(START + 3 * MINUTE),))
    assert mend_future(household, START)
    found = household.execute(f"SELECT {column} FROM {table}").fetchone()
    assert found[0] == now


def test_what_a_first_sync_queued_can_still_be_taken_back(household: sqlite3.Connection) -> None:
    """The undo finds it by the time of the state that was kept; nothing else gets that time."""
    ahead, before = START + AHEAD, START - HOUR
    household.execute("INSERT INTO hidden VALUES (1, ?, ?)", (OTHER, to_iso(ahead)))
    account = put_account(household)
    queued = {
        put_row(household, account, at=before, now=made): made
        for made in (ahead, ahead + HOUR, before)
    }
    for made in (ahead, before):
        household.execute(
            "INSERT INTO undo (account_id, made_at, reason, body) VALUES (1, ?, 'first_sync', '')",
            (to_iso(made),),
        )
    assert mend_future(household, START)
    kept = [from_iso(text) for (text,) in household.execute("SELECT made_at FROM undo")]
    assert kept == [START, before]
    for row_id, made in queued.items():
        row = household.execute("SELECT created_at FROM queue WHERE id = ?", (row_id,)).fetchone()
        assert from_iso(row[0]) == (START if made == ahead else made)


def test_an_evening_by_a_clock_that_was_behind(household: sqlite3.Connection) -> None:
    """The viewing, where one stands, and what waits to be told: all of it as much later."""
    begun, ended = START + 10 * MINUTE, START + 100 * MINUTE
    times = {"started_at": begun, "tick_at": ended, "ended_at": ended}
    _put_play(household, "p", times={**times, "watched_at": ended - MINUTE})
    _put_progress(household, Origin.PLAYER, ended)
    put_row(household, put_account(household), play_id="p", at=ended - MINUTE)
    mend_misdated(household, SPAN)
    ended += LATE
    assert _play_times(household, "p") == [begun + LATE, ended, ended, ended - MINUTE]
    assert _progress_times(household) == {ended}
    (happened_at,) = household.execute("SELECT happened_at FROM queue").fetchone()
    assert from_iso(happened_at) == ended - MINUTE


def test_a_viewing_that_goes_on_keeps_when_it_counted(household: sqlite3.Connection) -> None:
    """It is in memory, and would be written again; so does the place that goes by it."""
    at = START + HOUR
    times = dict.fromkeys(PLAY_TIMES, at)
    _put_play(household, "counted", times={**times, "ended_at": None})
    _put_progress(household, Origin.PLAYER, at)
    _put_play(
        household, "not yet", key=OTHER, times={**times, "ended_at": None, "watched_at": None}
    )
    _put_progress(household, Origin.PLAYER, at, OTHER)
    mend_misdated(household, SPAN)
    assert _play_times(household, "counted") == [at + LATE, at + LATE, None, at]
    assert _progress_times(household) == {at}
    assert _progress_times(household, OTHER) == {at + LATE}


def test_only_a_viewing_of_the_same_person_holds_a_place(household: sqlite3.Connection) -> None:
    """Another one goes on watching the same film, and it is another's time."""
    at = START + HOUR
    _put_play(household, "p", times={**dict.fromkeys(PLAY_TIMES, at), "ended_at": None})
    household.execute("UPDATE play SET profile_id = ?", (put_profile(household, "Other"),))
    _put_progress(household, Origin.PLAYER, at)
    mend_misdated(household, SPAN)
    assert _progress_times(household) == {at + LATE}


def test_a_mark_keeps_a_time_that_the_user_named(household: sqlite3.Connection) -> None:
    """Even one within those hours; one that was made as of now is later by as much."""
    at = START + HOUR
    for play_id, named in (("named", at - MINUTE), ("now", at - timedelta(milliseconds=800))):
        _put_play(household, play_id, Origin.MANUAL, times=dict.fromkeys(PLAY_TIMES, named))
        household.execute("UPDATE play SET tick_at = ? WHERE id = ?", (to_iso(at), play_id))
    _put_progress(household, Origin.MANUAL, at)
    mend_misdated(household, SPAN)
    named = at - MINUTE
    assert _play_times(household, "named") == [named, at + LATE, named, named]
    marked = at + LATE - timedelta(milliseconds=800)
    assert _play_times(household, "now") == [marked, at + LATE, marked, marked]
    assert _progress_times(household) == {at + LATE}


def test_what_others_have_said_keeps_its_time(household: sqlite3.Connection) -> None:
    """A provider's viewings, places and lists, and what a sign-in has written."""
    at = START + HOUR
    _put_play(household, "p", Origin.SIMKL, times=dict.fromkeys(PLAY_TIMES, at))
    _put_progress(household, Origin.SIMKL, at)
    for provider in ("here", "simkl"):
        household.execute(
            "INSERT INTO list_entry (profile_id, media_id, provider, kind, changed_at, rated_at) "
            "VALUES (1, ?, ?, 'movie', ?, ?)",
            (OTHER, provider, to_iso(at), to_iso(at)),
        )
    household.execute("UPDATE account SET connected_at = ?, pulled_at = ?", (to_iso(at),) * 2)
    mend_misdated(household, SPAN)
    assert _play_times(household, "p") == [at] * 4
    assert _progress_times(household) == {at}
    entries = household.execute("SELECT provider, changed_at, rated_at FROM list_entry")
    changed = {row["provider"]: {from_iso(row[1]), from_iso(row[2])} for row in entries}
    assert changed == {"here": {at + LATE}, "simkl": {at}}
    account = household.execute("SELECT connected_at, pulled_at FROM account").fetchone()
    assert tuple(account) == (to_iso(at),) * 2


@pytest.mark.parametrize("at", [START - HOUR, START + 3 * HOUR])
def test_what_was_written_before_or_after_keeps_its_time(
    household: sqlite3.Connection, at: datetime
) -> None:
    """By an earlier process, or once the clock had been set."""
    _put_play(household, "p", times=dict.fromkeys(PLAY_TIMES, at))
    _put_play(household, "mark", Origin.MANUAL, times=dict.fromkeys(PLAY_TIMES, at))
    _put_progress(household, Origin.PLAYER, at)
    put_row(household, put_account(household), play_id="p", at=at)
    mend_misdated(household, SPAN)
    assert _play_times(household, "p") == _play_times(household, "mark") == [at] * 4
    assert _progress_times(household) == {at}
    assert household.execute("SELECT happened_at FROM queue").fetchone()[0] == to_iso(at)


def test_no_viewing_begins_after_its_end(household: sqlite3.Connection) -> None:
    """It began by the wrong clock and ended when that may have been set: it stays as it is."""
    begun, ended = START + 9 * MINUTE, START + 15 * MINUTE
    times = dict.fromkeys(PLAY_TIMES[1:], ended)
    _put_play(household, "p", times={"started_at": begun, **times})
    mend_misdated(household, Misdated(START, START + 10 * MINUTE, 10 * MINUTE))
    assert _play_times(household, "p") == [begun, ended, ended, ended]
