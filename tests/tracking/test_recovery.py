"""Real processes that are killed, and two that share one database."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from dodo_tui.config import Settings
from dodo_tui.domain.account import Account
from dodo_tui.domain.queue import QueueKind
from dodo_tui.storage import plays, sending
from dodo_tui.storage.history import history
from dodo_tui.storage.progress import find_progress
from dodo_tui.storage.store import Store
from dodo_tui.tracking.record import close_abandoned, close_play
from dodo_tui.tracking.status import overview
from tests.storage.support import put_mark, put_progress, put_row
from tests.support.clock import START
from tests.tracking.samples import FILM, HOUR

_VIEWER = """
import os, signal, sys
from pathlib import Path
from dodo_tui.domain.playback import advance
from dodo_tui.storage.store import Store
from dodo_tui.tracking.record import Recorder
from tests.support.clock import FakeClock
from tests.tracking.samples import HOUR, Viewer, opened

path, position, seconds, play_id, fate = sys.argv[1:]
store = Store.open(Path(path))
recorder = Recorder(store, FakeClock(), lambda error: None)
viewer = Viewer(position=float(position))
playback = opened(viewer.sample(), play_id)
recorder.note(playback)
for state in viewer.play(float(seconds)):
    playback = advance(playback, state)
    recorder.note(playback)
recorder.flush().result()
print("there", flush=True)
if fate == "wait":
    sys.stdin.readline()
os.kill(os.getpid(), signal.SIGKILL)
"""


def _killed(store: Store, position: float, seconds: float, play_id: str = "p1") -> None:
    """Somebody watched in a process that was killed."""
    process = subprocess.run(
        [sys.executable, "-c", _VIEWER, store.path, str(position), str(seconds), play_id, "die"],
        check=False,
        stdout=subprocess.DEVNULL,
        cwd=Path(__file__).parents[2],
    )
    assert process.returncode == -signal.SIGKILL


def _facts(store: Store, account: Account) -> list[tuple[QueueKind, float | None]]:
    rows = store.run_now(sending.next_rows, account.id, 100)
    return [(row.kind, row.percent) for row in rows]


@pytest.mark.parametrize(
    ("position", "seconds", "facts", "left_at"),
    [
        (0.0, 100.0, [], 100.0),
        (0.5 * HOUR, 100.0, [(QueueKind.PROGRESS, 52.78)], 1900.0),
        (0.85 * HOUR, 100.0, [(QueueKind.PROGRESS, 87.78)], 3160.0),
        (0.85 * HOUR, 300.0, [(QueueKind.WATCHED, 90.0)], 0.0),
    ],
)
def test_a_killed_process_loses_nothing(
    store: Store, account: Account, position: float, seconds: float,
    facts: list[tuple[QueueKind, float]], left_at: float,
) -> None:  # fmt: skip
    """Defect 35 and DESIGN 5.6: the next one closes its play by the rules, at its last place."""
    _killed(store, position, seconds)
    later = START + timedelta(days=1)
    assert store.run_now(overview, 1, Settings()).now_playing is None
    assert store.run_now(close_abandoned, later) == 1
    assert _facts(store, account) == facts
    (entry,) = store.run_now(history, 1)
    assert entry.ended_at == START + timedelta(seconds=seconds)
    progress = store.run_now(find_progress, 1, FILM)
    assert progress is not None
    assert progress.position_seconds == left_at
    for row in store.run_now(sending.next_rows, account.id, 100):
        assert START <= row.happened_at <= START + timedelta(seconds=seconds)
    assert store.run_now(close_abandoned, later) == 0
    assert _facts(store, account) == facts


def test_two_that_start_at_once_close_a_play_once(
    store: Store, account: Account, tmp_path: Path
) -> None:
    """Both saw it open; only one tells of it."""
    _killed(store, 0.5 * HOUR, 100.0)
    other = Store.open(tmp_path / "dodo.db")
    (seen,) = store.run_now(plays.open_plays)
    assert other.run_now(close_abandoned, START) == 1
    assert not store.run_now(close_play, seen, START)
    assert store.run_now(close_abandoned, START) == 0
    assert len(_facts(store, account)) == 1
    other.close()


def test_closing_late_does_not_move_a_newer_resume_point(store: Store) -> None:
    """Another dodo went on with the film meanwhile."""
    _killed(store, 0.5 * HOUR, 100.0)
    store.run_now(put_progress, FILM, 3000.0, at=START + timedelta(hours=1), duration=HOUR)
    assert store.run_now(close_abandoned, START + timedelta(days=1)) == 1
    progress = store.run_now(find_progress, 1, FILM)
    assert progress is not None
    assert progress.position_seconds == 3000.0


def test_a_play_that_runs_is_left_alone(store: Store, account: Account) -> None:
    """The TV plays while somebody logs in over SSH; and its film is shown as playing."""
    process = subprocess.Popen(
        [sys.executable, "-c", _VIEWER, store.path, "1800", "100", "p1", "wait"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdout.readline()
    assert store.run_now(close_abandoned, START) == 0
    playing = store.run_now(overview, 1, Settings()).now_playing
    assert playing is not None
    assert playing.position_seconds == 1900.0
    process.stdin.close()
    process.stdout.close()
    assert process.wait(60) == -signal.SIGKILL
    assert store.run_now(overview, 1, Settings()).now_playing is None
    assert store.run_now(close_abandoned, START) == 1
    assert [kind for kind, _ in _facts(store, account)] == [QueueKind.PROGRESS]


def test_a_play_of_before_the_restart_is_closed(store: Store) -> None:
    """After a power cut the process number may belong to anybody."""
    _killed(store, 0.5 * HOUR, 100.0)

    def reuse(connection: sqlite3.Connection) -> None:
        (play,) = plays.open_plays(connection)
        assert play.owner is not None
        _, start_time, _ = play.owner.split(":")
        owner = f"another-boot:{start_time}:{os.getpid()}"
        connection.execute("UPDATE play SET owner = ?", (owner,))

    store.run_now(reuse)
    assert store.run_now(close_abandoned, START) == 1


def test_closing_mends_a_queue_from_a_clock_that_ran_ahead(store: Store, account: Account) -> None:
    """Before anybody looks at the head of it."""
    ahead = START + timedelta(days=3650)
    store.run_now(put_mark, FILM, "p1", at=ahead)
    store.run_now(put_row, account, at=ahead)
    store.run_now(close_abandoned, START)
    assert store.run_now(sending.next_rows, account.id, 1)[0].not_before == START


_WRITER = """
import sys
from pathlib import Path
from dodo_tui.domain.playback import End, advance
from dodo_tui.storage.store import Store
from dodo_tui.tracking.record import Recorder
from tests.support.clock import FakeClock
from tests.tracking.samples import Viewer, opened

store = Store.open(Path(sys.argv[1]))
troubles = []
recorder = Recorder(store, FakeClock(), troubles.append)
sys.stdin.readline()
for number in range(20):
    viewer = Viewer(position=1800.0, item=str(number))
    playback = opened(viewer.sample(), f"{sys.argv[2]}-{number}")
    recorder.note(playback)
    for state in viewer.play(50):
        playback = advance(playback, state)
        recorder.note(playback)
    recorder.note(advance(playback, viewer.sample(End.CLOSED)))
recorder.flush().result()
store.close()
print(len(troubles))
"""


def test_two_processes_write_at_once_and_nothing_is_lost(store: Store, account: Account) -> None:
    """The TV and an SSH session on one database."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", _WRITER, store.path, name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
        )
        for name in ("tv", "ssh")
    ]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write(b"\n")
        process.stdin.flush()
    for process in processes:
        troubles, _ = process.communicate(timeout=60)
        assert (process.returncode, troubles.strip()) == (0, b"0")
    entries = store.run_now(history, 1)
    assert len(entries) == 40
    assert {entry.ratio for entry in entries} == {1850 / HOUR}
    assert len(_facts(store, account)) == 40
    assert store.run_now(plays.open_plays) == ()
