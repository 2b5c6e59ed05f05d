"""Opening, migrating and refusing: nothing is lost or overwritten, and the user is told why."""

from __future__ import annotations

import ctypes
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path
from typing import cast

import pytest

from dodo_tui.storage import database
from dodo_tui.storage.database import (
    BUSY_TIMEOUT_MS,
    LATEST_VERSION,
    MIGRATIONS,
    integrity_problem,
    open_database,
    schema_version,
    transaction,
)
from dodo_tui.storage.errors import StorageError, Trouble, explain
from tests.storage.support import put_film, put_profile

_PR_CAPBSET_DROP, _CAP_DAC_OVERRIDE = 24, 1
"""Linux: from prctl.h and capability.h."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the database is to be."""
    return tmp_path / "dodo.db"


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def _refused(path: Path) -> StorageError:
    with pytest.raises(StorageError) as refused:
        open_database(path)
    assert str(path) in str(refused.value)
    assert "\n" not in str(refused.value)
    return refused.value


def test_a_new_database_is_ready_private_and_sound(path: Path) -> None:
    """WAL, foreign keys, the latest schema, and 0600 whatever the umask says."""
    before = os.umask(0)
    try:
        connection = open_database(path)
        put_profile(connection)
    finally:
        os.umask(before)
    assert schema_version(connection) == LATEST_VERSION
    assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    assert connection.execute("PRAGMA foreign_keys").fetchone()[0] == 1
    assert integrity_problem(connection) is None
    assert {_mode(file) for file in path.parent.iterdir()} == {0o600}
    assert {file.name for file in path.parent.iterdir()} == {
        "dodo.db",
        "dodo.db-wal",
        "dodo.db-shm",
    }
    connection.close()


def test_opening_again_keeps_everything(path: Path) -> None:
    """A migration runs once."""
    connection = open_database(path)
    put_film(connection)
    connection.close()
    connection = open_database(path)
    assert connection.execute("SELECT count(*) FROM media").fetchone()[0] == 1
    connection.close()


def test_a_first_start_waits_for_others_that_look(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite waits for nobody when it switches a new file to WAL; several may be the first."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("CREATE TABLE first (x)")
    other.execute("BEGIN")
    other.execute("SELECT * FROM first").fetchall()
    monkeypatch.setattr("dodo_tui.storage.database.time.sleep", lambda _seconds: other.rollback())
    connection = open_database(path)
    assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    connection.close()
    other.close()


def test_a_log_that_others_hold_up_is_waited_for_only_so_long(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As long as for any other lock; then it is said, and never gone on with without one."""
    open_database(path).close()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("PRAGMA journal_mode = DELETE")
    other.execute("BEGIN")
    other.execute("SELECT * FROM setting").fetchall()
    waits: list[float] = []
    monkeypatch.setattr("dodo_tui.storage.database.time.sleep", waits.append)
    assert _refused(path).trouble is Trouble.BUSY
    assert sum(waits) == pytest.approx(BUSY_TIMEOUT_MS / 1000)
    other.close()


class _FullDisk:
    """A connection to a file on a disk that has no room for a log."""

    def execute(self, statement: str) -> None:
        """Fail where a log is to be made."""
        if "journal_mode" in statement:
            error = sqlite3.OperationalError("database or disk is full")
            error.sqlite_errorcode = sqlite3.SQLITE_FULL
            raise error


def test_only_others_are_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """No other trouble goes away by itself within seconds."""
    waits: list[float] = []
    monkeypatch.setattr("dodo_tui.storage.database.time.sleep", waits.append)
    with pytest.raises(sqlite3.OperationalError, match="full"):
        database._use_wal(cast("sqlite3.Connection", _FullDisk()))
    assert waits == []


_VISIT = """
import sys
from pathlib import Path
from dodo_tui.storage.database import open_database
connection = open_database(Path(sys.argv[1]))
print(connection.execute("SELECT count(*) FROM setting").fetchone()[0])
connection.close()
"""


def test_opening_it_twice_in_one_process_loses_nothing(path: Path) -> None:
    """The locks of the first connection hold, so that no other process takes its log away."""
    connection = open_database(path)
    open_database(path).close()
    for number in range(2):
        with transaction(connection, durable=True):
            connection.execute("INSERT INTO setting VALUES (?, '')", (f"name-{number}",))
        seen = subprocess.run(
            [sys.executable, "-c", _VISIT, path], capture_output=True, text=True, check=True
        )
        assert seen.stdout == f"{number + 1}\n"
    connection.close()


def test_every_migration_is_there_and_numbered() -> None:
    """The last number is the version."""
    names = sorted(script.name for script in MIGRATIONS.glob("*.sql"))
    assert [int(name[:4]) for name in names] == list(range(1, LATEST_VERSION + 1))


_KILLED_NEWER = """
import os, signal, sys
from pathlib import Path
from dodo_tui.storage.database import open_database
connection = open_database(Path(sys.argv[1]))
connection.execute("PRAGMA user_version = 99")
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_newer_database_is_refused_untouched(path: Path) -> None:
    """Not one byte changes, not even the log that a killed newer dodo left behind."""
    subprocess.run([sys.executable, "-c", _KILLED_NEWER, path], check=False)
    kept = [path, path.with_name("dodo.db-wal")]
    before = [file.read_bytes() for file in kept]
    assert len(before[1]) > 0
    error = _refused(path)
    assert error.trouble is Trouble.NEWER
    assert "Update dodo" in str(error)
    assert [file.read_bytes() for file in kept] == before


@pytest.mark.parametrize(
    "content", [b"not a database at all" * 100, b"SQLite format 3\0" + b"\xff" * 5000]
)
def test_a_damaged_database_is_refused_untouched(path: Path, content: bytes) -> None:
    """It is left for the user to move away or to repair."""
    path.write_bytes(content)
    error = _refused(path)
    assert error.trouble is Trouble.DAMAGED
    assert path.read_bytes() == content
    assert [file.name for file in path.parent.iterdir()] == ["dodo.db"]


def test_damage_found_later_is_one_sentence_too(path: Path) -> None:
    """A page in the middle may be bad while the first is good."""
    connection = open_database(path)
    put_film(connection)
    size = connection.execute("PRAGMA page_size").fetchone()[0]
    page = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'media'").fetchone()[
        0
    ]
    connection.close()
    content = bytearray(path.read_bytes())
    content[(page - 1) * size : page * size] = b"\xa5" * size
    path.write_bytes(content)
    connection = open_database(path)
    with pytest.raises(sqlite3.Error) as found:
        connection.execute("SELECT * FROM media").fetchall()
    assert explain(found.value, path).trouble is Trouble.DAMAGED
    connection.close()


def test_a_folder_in_the_way_is_one_sentence(path: Path) -> None:
    """Nothing is removed to make room."""
    path.mkdir()
    (path / "precious").touch()
    assert _refused(path).trouble is Trouble.READ_ONLY
    assert (path / "precious").exists()


def test_a_missing_folder_is_one_sentence(tmp_path: Path) -> None:
    """Folders are made by `Paths.make`, not here."""
    assert _refused(tmp_path / "nowhere" / "dodo.db").trouble is Trouble.READ_ONLY


_OPEN_OR_SAY_WHY = """
import sys
from pathlib import Path
from dodo_tui.storage.database import open_database
from dodo_tui.storage.errors import StorageError
try:
    open_database(Path(sys.argv[1]))
except StorageError as error:
    print(error.trouble.name, error)
"""


def _obey_permissions() -> None:
    """Give up root's right to write where nobody may; other users have no such right to give up."""
    ctypes.CDLL(None).prctl(_PR_CAPBSET_DROP, _CAP_DAC_OVERRIDE, 0, 0, 0)


@pytest.mark.parametrize(("file_mode", "folder_mode"), [(0o400, 0o500), (0o400, 0o700)])
def test_what_may_only_be_read_is_one_sentence(
    path: Path, file_mode: int, folder_mode: int
) -> None:
    """The folder, or the file alone, which SQLite would open all the same; the way out is named."""
    open_database(path).close()
    path.chmod(file_mode)
    path.parent.chmod(folder_mode)
    opened = subprocess.run(
        [sys.executable, "-c", _OPEN_OR_SAY_WHY, path],
        preexec_fn=_obey_permissions,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    path.parent.chmod(0o700)
    trouble, _, said = opened.stdout.partition(" ")
    assert trouble == Trouble.READ_ONLY.name
    assert str(path) in said
    assert "permissions" in said
    assert len(said.splitlines()) == 1


def test_writing_to_a_read_only_database_is_one_sentence(path: Path) -> None:
    """SQLite's own words are not for people."""
    open_database(path).close()
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, isolation_level=None)
    with pytest.raises(sqlite3.Error) as failed:
        connection.execute("INSERT INTO setting VALUES ('a', 'b')")
    assert explain(failed.value, path).trouble is Trouble.READ_ONLY
    connection.close()


def _fill(connection: sqlite3.Connection) -> None:
    """Leave the database no room for another page."""
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")


def test_a_full_disk_loses_nothing_that_was_written(path: Path) -> None:
    """The transaction that fails is undone as a whole, and the connection goes on working."""
    connection = open_database(path)
    put_film(connection)
    _fill(connection)
    with (
        pytest.raises(sqlite3.Error) as failed,
        transaction(connection, durable=True),
    ):
        connection.execute("INSERT INTO setting VALUES ('small', '')")
        connection.execute("INSERT INTO setting VALUES ('large', ?)", ("x" * 1_000_000,))
    assert explain(failed.value, path).trouble is Trouble.FULL
    assert not connection.in_transaction
    assert connection.execute("SELECT count(*) FROM setting").fetchone()[0] == 0
    assert connection.execute("SELECT count(*) FROM media").fetchone()[0] == 1
    with transaction(connection, durable=True):
        connection.execute("INSERT INTO setting VALUES ('small', '')")
    assert integrity_problem(connection) is None
    connection.close()


def test_accounts_that_were_merged_hear_of_earlier_viewings(path: Path, tmp_path: Path) -> None:
    """Those whose first sync was done before dodo knew of that, by the answer to it."""
    before = tmp_path / "before"
    before.mkdir()
    for migration in sorted(MIGRATIONS.glob("*.sql"))[:10]:
        (before / migration.name).write_bytes(migration.read_bytes())
    connection = open_database(path, before, 10)
    put_profile(connection)
    answers = {"merge": 1, "mine": 1, "theirs": 0, "later": 0, None: 1}
    for answer in answers:
        connection.execute(
            "INSERT INTO account (profile_id, provider, user_id, user_name, connected, "
            "connected_at, first_choice, cursors) VALUES (1, 'simkl', ?1, '', 0, '', ?1, '{}')",
            (answer or "nobody was asked",),
        )
    connection.execute("UPDATE account SET first_choice = NULL WHERE user_id LIKE 'nobody%'")
    connection.execute(
        "INSERT INTO account (profile_id, provider, user_id, user_name, connected, connected_at) "
        "VALUES (1, 'simkl', 'never synced', '', 0, '')"
    )
    connection.close()
    connection = open_database(path)
    rows = connection.execute("SELECT first_choice, hears_earlier FROM account ORDER BY id")
    assert [tuple(row) for row in rows] == [*answers.items(), (None, 0)]
    connection.close()


def test_an_error_of_ours_undoes_a_transaction(path: Path) -> None:
    """Also an interruption."""
    connection = open_database(path)
    with pytest.raises(KeyboardInterrupt), transaction(connection, durable=False):
        connection.execute("INSERT INTO setting VALUES ('a', 'b')")
        raise KeyboardInterrupt
    assert connection.execute("SELECT count(*) FROM setting").fetchone()[0] == 0
    connection.close()


def test_facts_wait_for_the_disk_and_positions_do_not(path: Path) -> None:
    """FULL is 2, NORMAL is 1."""
    connection = open_database(path)
    for durable, expected in ((True, 2), (False, 1), (True, 2)):
        with transaction(connection, durable=durable):
            assert connection.execute("PRAGMA synchronous").fetchone()[0] == expected
    connection.close()


@pytest.fixture
def migrations(tmp_path: Path) -> Path:
    """A folder with the real migrations, for more to be added."""
    folder = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, folder)
    return folder


def _add_script(migrations: Path, number: int, script: str) -> None:
    """A migration after the last one there is."""
    (migrations / f"{LATEST_VERSION + number:04d}_more.sql").write_text(script)


def _setting(path: Path, name: str) -> str | None:
    connection = sqlite3.connect(path)
    row = connection.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
    connection.close()
    return None if row is None else str(row[0])


def test_a_copy_is_kept_before_migrating(path: Path, migrations: Path) -> None:
    """One copy of what was there, private, whatever number of steps follow."""
    connection = open_database(path)
    connection.execute("INSERT INTO setting VALUES ('kept', 'yes')")
    _add_script(migrations, 1, "ALTER TABLE setting ADD COLUMN more TEXT;\n")
    _add_script(migrations, 2, "UPDATE setting SET value = 'no';\n")
    migrated = open_database(path, migrations, LATEST_VERSION + 2)
    assert schema_version(migrated) == LATEST_VERSION + 2
    assert _setting(path, "kept") == "no"
    (copy,) = path.parent.glob("dodo.db.v*")
    assert copy.name == f"dodo.db.v{LATEST_VERSION}"
    assert _mode(copy) == 0o600
    assert _setting(copy, "kept") == "yes"
    copied = sqlite3.connect(copy)
    assert schema_version(copied) == LATEST_VERSION
    copied.close()
    assert not list(path.parent.glob("*.new*"))
    migrated.close()
    connection.close()


def test_a_new_database_needs_no_copy(path: Path, migrations: Path) -> None:
    """There is nothing to keep."""
    _add_script(migrations, 1, "ALTER TABLE setting ADD COLUMN more TEXT;\n")
    open_database(path, migrations, LATEST_VERSION + 1).close()
    assert not list(path.parent.glob("dodo.db.v*"))


def test_a_migration_that_fails_changes_nothing(path: Path, migrations: Path) -> None:
    """All steps or none, and the next start tries again."""
    connection = open_database(path)
    connection.execute("INSERT INTO setting VALUES ('kept', 'yes')")
    connection.close()
    _add_script(migrations, 1, "UPDATE setting SET value = 'no';\n")
    _add_script(migrations, 2, "UPDATE nothing SET value = 'no';\n")
    with pytest.raises(StorageError):
        open_database(path, migrations, LATEST_VERSION + 2)
    assert _setting(path, "kept") == "yes"
    connection = open_database(path)
    assert schema_version(connection) == LATEST_VERSION
    connection.close()


def test_rebuilding_a_table_does_not_cascade(path: Path, migrations: Path) -> None:
    """Foreign keys are off while the schema changes, and on afterwards."""
    connection = open_database(path)
    put_film(connection)
    connection.close()
    _add_script(
        migrations,
        1,
        "CREATE TABLE new_media AS SELECT * FROM media;\n"
        "DROP TABLE media;\nALTER TABLE new_media RENAME TO media;\n",
    )
    migrated = open_database(path, migrations, LATEST_VERSION + 1)
    assert migrated.execute("SELECT count(*) FROM media_alias").fetchone()[0] == 1
    assert migrated.execute("PRAGMA foreign_keys").fetchone()[0] == 1
    migrated.close()


_OPENER = """
import sys
from pathlib import Path
from dodo_tui.storage.database import open_database
sys.stdin.readline()
connection = open_database(Path(sys.argv[1]))
for number in range(50):
    connection.execute("INSERT INTO setting VALUES (?, '')", (f"{sys.argv[2]}-{number}",))
"""


def test_processes_that_start_at_once_share_a_new_database(path: Path) -> None:
    """Both make it, both write, nothing is lost."""
    processes = [
        subprocess.Popen([sys.executable, "-c", _OPENER, path, str(number)], stdin=subprocess.PIPE)
        for number in range(3)
    ]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write(b"\n")
        process.stdin.close()
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    connection = open_database(path)
    assert connection.execute("SELECT count(*) FROM setting").fetchone()[0] == 150
    connection.close()
