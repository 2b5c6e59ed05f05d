"""The store: off the loop, in order, and never silent about trouble."""

from __future__ import annotations

import asyncio
import errno
import fcntl
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from dodo_tui.storage.errors import StorageError, Trouble
from dodo_tui.storage.leases import Lease
from dodo_tui.storage.owner import FROZEN_SECONDS, is_alive, is_frozen, this_process
from dodo_tui.storage.settings import set_setting, setting
from dodo_tui.storage.store import Store
from tests.support.waiting import until


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An open store."""
    store = Store.open(tmp_path / "dodo.db")
    yield store
    store.close()


async def test_a_slow_disk_never_holds_the_loop(store: Store) -> None:
    """An SD card's fsync takes as long as it likes: the loop turns meanwhile."""
    reached, release = threading.Event(), threading.Event()

    def slow(_connection: sqlite3.Connection) -> str:
        reached.set()
        assert release.wait(60)
        return "written"

    writing = asyncio.ensure_future(store.run(slow))
    await asyncio.to_thread(reached.wait, 30)
    for _ in range(100):
        await asyncio.sleep(0)
    assert not writing.done()
    release.set()
    assert await writing == "written"


async def test_things_are_done_in_the_order_in_which_they_were_handed_over(store: Store) -> None:
    """One thread, one connection."""
    done: list[int] = []

    def note(_connection: sqlite3.Connection, number: int) -> None:
        done.append(number)

    futures = [store.submit(note, number) for number in range(50)]
    await asyncio.gather(*(asyncio.wrap_future(future) for future in futures))
    assert done == list(range(50))


async def test_what_was_handed_over_is_done_though_nobody_waits(store: Store) -> None:
    """A screen that is closed takes no fact with it."""
    release = threading.Event()
    store.submit(lambda _connection: release.wait(60))
    writing = asyncio.ensure_future(store.run(set_setting, "name", "value"))
    await asyncio.sleep(0)
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    release.set()
    assert await store.run(setting, "name") == "value"


async def test_sqlite_s_trouble_is_told_in_a_sentence(store: Store) -> None:
    """And the store goes on."""
    with pytest.raises(StorageError) as failed:
        await store.run(lambda connection: connection.execute("SELECT * FROM nowhere"))
    assert failed.value.trouble is Trouble.OTHER
    assert await store.run(setting, "name") is None


def test_closing_finishes_what_was_begun(tmp_path: Path) -> None:
    """Nothing handed over is dropped."""
    store = Store.open(tmp_path / "dodo.db")
    for number in range(20):
        store.submit(set_setting, "name", str(number))
    store.close()
    store = Store.open(tmp_path / "dodo.db")
    assert store.run_now(setting, "name") == "19"
    store.close()


def test_another_s_writing_is_noticed(store: Store, tmp_path: Path) -> None:
    """Reading changes nothing, writing does, whoever writes."""
    before = store.change_mark()
    assert store.run_now(setting, "name") is None
    assert store.change_mark() == before
    other = Store.open(tmp_path / "dodo.db")
    other.run_now(set_setting, "name", "x" * 10_000)
    assert store.change_mark() != before
    other.close()


_HOLDER = """
import sys
from pathlib import Path
from dodo_tui.storage.leases import Lease
from dodo_tui.storage.owner import this_process
lease = Lease(Path(sys.argv[1]))
assert lease.take()
print(this_process(), flush=True)
sys.stdin.readline()
lease.release(signed=True)
"""


def _holder(path: Path) -> tuple[subprocess.Popen[str], str]:
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLDER, path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


def _kill(process: subprocess.Popen[str]) -> None:
    process.kill()
    for stream in (process.stdin, process.stdout):
        assert stream is not None
        stream.close()


def test_a_lease_that_is_replaced_while_it_is_taken_is_not_had(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between opening its file and locking that another process has put a new one in its place."""
    path = tmp_path / "queue.lock"
    lock = fcntl.flock

    def too_late(descriptor: int, how: int) -> None:
        path.unlink()
        path.touch()
        lock(descriptor, how)

    lease = Lease(path)
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr("dodo_tui.storage.leases.fcntl.flock", too_late)
        assert not lease.take()
    assert not lease.is_held
    assert lease.take()
    lease.release()


def test_a_lease_is_for_this_user_only(tmp_path: Path) -> None:
    """Whatever the umask: who could lock it could hold up everything."""
    before = os.umask(0)
    try:
        assert Lease(tmp_path / "queue.lock").take()
    finally:
        os.umask(before)
    assert (tmp_path / "queue.lock").stat().st_mode & 0o777 == 0o600


def test_a_lease_is_taken_over_when_its_holder_is_killed(tmp_path: Path) -> None:
    """The kernel frees it; nobody cleans up."""
    lease = Lease(tmp_path / "queue.lock")
    process, _ = _holder(tmp_path / "queue.lock")
    assert not lease.take()
    _kill(process)
    process.wait()
    assert lease.take()
    assert lease.is_held
    lease.release()


def test_who_had_the_right_before(tmp_path: Path) -> None:
    """Another process, and when it gave it up; what this one had itself is nobody else's."""
    lease = Lease(tmp_path / "queue.lock")
    for _ in range(2):
        assert lease.take()
        assert lease.left_by_another_at is None
        lease.release(signed=True)
    process, _ = _holder(tmp_path / "queue.lock")
    process.communicate("\n")
    assert lease.take()
    assert lease.left_by_another_at == (tmp_path / "queue.lock").stat().st_mtime
    lease.release()


def test_a_lease_is_one_s_alone_within_a_process_too(tmp_path: Path) -> None:
    """Two workers of one dodo never drain at once."""
    one, other = Lease(tmp_path / "lock"), Lease(tmp_path / "lock")
    assert one.take()
    assert one.take()
    assert not other.take()
    one.release()
    one.release()
    assert other.take()
    other.release()


def test_a_process_is_alive_until_it_is_dead_even_if_nobody_buried_it(tmp_path: Path) -> None:
    """A zombie plays nothing."""
    process, owner = _holder(tmp_path / "lock")
    assert is_alive(owner)
    _kill(process)
    while (Path("/proc") / str(process.pid) / "stat").read_text().rpartition(")")[2].split()[
        0
    ] != "Z":
        pass
    assert not is_alive(owner)
    process.wait()
    assert not is_alive(owner)


def test_a_later_process_of_the_same_number_is_another(tmp_path: Path) -> None:
    """Numbers are used again, by this machine and after a restart of it."""
    owner = this_process()
    boot, start_time, pid = owner.split(":")
    assert is_alive(owner)
    assert not is_alive(f"{boot}:{int(start_time) + 1}:{pid}")
    assert not is_alive(f"{'0' * len(boot)}:{start_time}:{pid}")


@pytest.mark.parametrize("owner", ["", "nonsense", "a:b:c", "a:b:²", "::", "-1"])
def test_an_unreadable_owner_is_gone(owner: str) -> None:
    """What cannot be told apart does not run."""
    assert not is_alive(owner)


def test_a_lease_is_taken_over_from_a_holder_that_is_frozen(tmp_path: Path) -> None:
    """Not at once, and by one only; the holder notices when it goes on, and takes nothing away."""
    path = tmp_path / "queue.lock"
    process, _ = _holder(path)
    one, other = Lease(path), Lease(path)
    process.send_signal(signal.SIGSTOP)
    until(lambda: not one.take_over(0.0) and one._frozen is not None, "that it is frozen")
    assert not one.take_over(FROZEN_SECONDS - 1)
    assert one.take_over(FROZEN_SECONDS)
    assert not other.take_over(0.0)
    assert not other.take_over(2 * FROZEN_SECONDS)
    process.send_signal(signal.SIGCONT)
    process.communicate("\n")
    assert one.is_held
    assert not one.is_lost
    assert not other.take()
    one.release()
    assert other.take()
    other.release()


def test_each_holder_has_its_own_moment(tmp_path: Path) -> None:
    """Another one was frozen before; it is gone, and this one has only just been seen so."""
    path = tmp_path / "queue.lock"
    process, _ = _holder(path)
    lease = Lease(path)
    lease._frozen = (os.getpid(), 0.0)
    process.send_signal(signal.SIGSTOP)
    until(lambda: is_frozen(process.pid), "that it is frozen")
    assert not lease.take_over(2 * FROZEN_SECONDS)
    assert lease.take_over(3 * FROZEN_SECONDS)
    lease.release()
    _kill(process)
    process.wait()


def test_one_at_a_time_takes_over(tmp_path: Path) -> None:
    """While somebody else is about to, nothing is taken away, not even from him."""
    path = tmp_path / "queue.lock"
    process, _ = _holder(path)
    process.send_signal(signal.SIGSTOP)
    until(lambda: is_frozen(process.pid), "that it is frozen")
    lease, turn = Lease(path), Lease(path.with_name("queue.lock.turn"))
    before = path.stat().st_ino
    assert turn.take()
    assert not lease.take_over(0.0)
    assert not lease.take_over(FROZEN_SECONDS)
    assert path.stat().st_ino == before
    turn.release()
    assert lease.take_over(FROZEN_SECONDS)
    lease.release()
    _kill(process)
    process.wait()


def test_who_goes_on_at_the_last_moment_keeps_its_lease(tmp_path: Path) -> None:
    """It was frozen when it was looked at, and is not when its turn is to be taken."""
    path = tmp_path / "queue.lock"
    process, _ = _holder(path)
    before = path.stat().st_ino
    Lease(path)._replace(process.pid)
    assert path.stat().st_ino == before
    _kill(process)
    process.wait()


def test_a_lease_is_given_up_on_a_full_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a signature; the next one has it all the same."""

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    lease = Lease(tmp_path / "queue.lock")
    assert lease.take()
    monkeypatch.setattr("dodo_tui.storage.leases.os.pwrite", full)
    lease.release(signed=True)
    assert not lease.is_held
    assert Lease(tmp_path / "queue.lock").take()


def test_a_holder_that_is_stopped_for_a_moment_keeps_its_lease(tmp_path: Path) -> None:
    """A debugger, a Ctrl+Z and an `fg`."""
    path = tmp_path / "queue.lock"
    process, _ = _holder(path)
    lease = Lease(path)
    process.send_signal(signal.SIGSTOP)
    until(lambda: not lease.take_over(0.0) and lease._frozen is not None, "that it is frozen")
    process.send_signal(signal.SIGCONT)
    until(lambda: not lease.take_over(1.0) and lease._frozen is None, "that it goes on")
    assert not lease.take_over(2 * FROZEN_SECONDS)
    _kill(process)
    process.wait()


def test_who_was_frozen_notices_that_the_lease_is_lost(tmp_path: Path) -> None:
    """Another file is in the place of its own; it can have its turn again after that one."""
    path = tmp_path / "queue.lock"
    was_frozen, other = Lease(path), Lease(path)
    assert was_frozen.take()
    path.unlink()
    assert other.take()
    lost = [was_frozen.is_lost]
    assert not was_frozen.take()
    other.release()
    assert was_frozen.take()
    assert [*lost, was_frozen.is_lost] == [True, False]
    was_frozen.release()
