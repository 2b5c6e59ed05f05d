"""Profiles: made, renamed, and deleted with all that hangs on them."""

from __future__ import annotations

import sqlite3

import pytest

from dodo_tui.domain.playback import Playback
from dodo_tui.storage import plays, profile_removal, profiles
from dodo_tui.storage.company import company, set_company
from dodo_tui.storage.owner import this_process
from dodo_tui.storage.profiles import ProfileError, UnknownProfileError
from tests.storage.support import (
    put_account,
    put_film,
    put_mark,
    put_profile,
    put_progress,
    put_row,
)
from tests.support.clock import START


@pytest.fixture
def ben(connection: sqlite3.Connection) -> int:
    """A second person, with something in every table."""
    ben = put_profile(connection, "Ben")
    key = put_film(connection)
    account = put_account(connection, "2", ben)
    put_mark(connection, key, "play-2", profile_id=ben)
    put_progress(connection, key, 60.0, profile_id=ben)
    put_row(connection, account, play_id="play-2")
    for sql in (
        "INSERT INTO hidden VALUES (2, 'tt0133093', '2026')",
        "INSERT INTO sync_log (profile_id, at, text) VALUES (2, '2026', 'x')",
        "INSERT INTO list_entry (profile_id, media_id, provider, kind) "
        "VALUES (2, 'tt0133093', 'simkl', 'movie')",
        f"INSERT INTO remote (account_id, key, media_id) VALUES ({account.id}, 'k', 'm')",
        f"INSERT INTO kept_answer VALUES ({account.id}, 'a', x'00')",
    ):
        connection.execute(sql)
    return ben


def test_names_are_unique_however_they_are_capitalised(connection: sqlite3.Connection) -> None:
    """And are one clean line that is not empty."""
    anna = profiles.new_profile(connection, "  Anna\x1b[31m  ", START)
    assert anna.name == "Anna [31m"
    profiles.rename_profile(connection, anna.id, "anna")
    profiles.rename_profile(connection, anna.id, "Anna")
    with pytest.raises(ProfileError, match="already"):
        profiles.new_profile(connection, "ANNA", START)
    with pytest.raises(ProfileError, match="already"):
        profiles.rename_profile(connection, 1, "ANNA")
    with pytest.raises(ProfileError, match="needs a name"):
        profiles.rename_profile(connection, 1, " \n ")
    assert profiles.find_profile(connection, "aNNa").id == anna.id


def test_everything_goes_with_a_profile_and_nothing_else(
    connection: sqlite3.Connection, ben: int
) -> None:
    """In every table there is, those to come included."""
    put_mark(connection, "tt0133093", "play-1")
    put_progress(connection, "tt0133093", 30.0)
    goes = profile_removal.belongings(connection, ben)
    assert (goes.plays, goes.resume_points, goes.accounts, goes.unsent_facts) == (1, 1, 1, 1)
    profile_removal.remove_profile(connection, ben)
    tables = [
        row[0]
        for row in connection.execute(
            "SELECT sqlite_master.name FROM sqlite_master JOIN pragma_table_info("
            "sqlite_master.name) AS info WHERE sqlite_master.type = 'table' "
            "AND info.name = 'profile_id'"
        )
    ]
    assert {"play", "progress", "hidden", "account", "sync_log", "list_entry"} <= set(tables)
    for table in tables:
        rows = connection.execute(f"SELECT count(*) FROM {table} WHERE profile_id = ?", (ben,))
        assert rows.fetchone()[0] == 0, table
    for table in ("queue", "delivery", "remote", "kept_answer"):
        assert connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] == 0, table
    assert connection.execute("SELECT count(*) FROM play").fetchone()[0] == 1
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_a_new_person_has_nothing_of_who_was_deleted(connection: sqlite3.Connection) -> None:
    """SQLite gives the number out again: neither who watched along with it nor its own company."""
    put_profile(connection)
    ben = profiles.new_profile(connection, "Ben", START).id
    set_company(connection, 1, [ben])
    set_company(connection, ben, [1])
    profile_removal.remove_profile(connection, ben)
    assert profiles.new_profile(connection, "Carl", START).id == ben
    assert company(connection, 1) == ()
    assert company(connection, ben) == ()


def test_the_last_profile_stays(connection: sqlite3.Connection) -> None:
    """There is always somebody."""
    with pytest.raises(ProfileError, match="only profile"):
        profile_removal.remove_profile(connection, 1)
    assert [profile.id for profile in profiles.profiles(connection)] == [1]


def test_nobody_is_deleted_while_they_watch(connection: sqlite3.Connection, ben: int) -> None:
    """In any process; a play whose process is gone does not count."""
    playback = Playback(
        "open", ben, "tt0133093", "Film", "", "mpv", "1", START, START, clock_seconds=0.0
    )
    plays.insert_play(connection, playback, this_process())
    with pytest.raises(ProfileError, match="watching something"):
        profile_removal.remove_profile(connection, ben)
    connection.execute("UPDATE play SET owner = 'gone:1:1' WHERE id = 'open'")
    profile_removal.remove_profile(connection, ben)
    with pytest.raises(UnknownProfileError, match="gone already"):
        profile_removal.remove_profile(connection, ben)
