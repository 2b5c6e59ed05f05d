"""A database that somebody else writes to for longer than anybody waits."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from dodo_tui.storage.store import Store

_FREEZE_IN_A_WRITE = """
import os, signal, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
os.kill(os.getpid(), signal.SIGSTOP)
connection.execute("COMMIT")
"""


@contextmanager
def frozen_writer(database: Path) -> Iterator[int]:
    """A process that was stopped (SIGSTOP) in the middle of writing; it ends in the end."""
    writer = subprocess.Popen([sys.executable, "-c", _FREEZE_IN_A_WRITE, str(database)])
    try:
        _, status = os.waitpid(writer.pid, os.WUNTRACED)
        assert os.WIFSTOPPED(status)
        yield writer.pid
    finally:
        writer.kill()
        writer.wait()


@contextmanager
def locked(store: Store) -> Iterator[None]:
    """Nobody can write; who tries loses patience soon."""
    store.run_now(lambda connection: connection.execute("PRAGMA busy_timeout = 1"))
    with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")
