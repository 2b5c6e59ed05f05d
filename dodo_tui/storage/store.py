"""The database off the event loop: one thread, one connection, everything in order.

An SD card's fsync takes 200 ms; nothing on the loop ever waits for it.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Concatenate, ParamSpec, Self, TypeVar

from dodo_tui.storage.database import open_database
from dodo_tui.storage.errors import explain

P = ParamSpec("P")
T = TypeVar("T")


class Store:
    """A handle on the database for async code: `await store.run(function, *arguments)`."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        """Take over a connection; use `Store.open`."""
        self.path = path
        self._connection = connection
        self.done = 0
        """How many of the functions that were handed over have come to an end."""
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="dodo-storage")

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the database; blocks for a few milliseconds, so call it before the loop runs.

        Raises:
            StorageError: it cannot be used; see `open_database`.

        """
        return cls(path, open_database(path))

    def submit(
        self,
        function: Callable[Concatenate[sqlite3.Connection, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Future[T]:
        """Hand over `function(connection, …)`, to run after everything handed over before.

        It is carried out whatever becomes of the caller. The future fails with `StorageError`.
        """
        return self._thread.submit(
            lambda: self._guarded(lambda: function(self._connection, *args, **kwargs))
        )

    async def run(
        self,
        function: Callable[Concatenate[sqlite3.Connection, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """`submit`, awaited.

        Raises:
            StorageError: SQLite failed.
        """
        return await asyncio.shield(asyncio.wrap_future(self.submit(function, *args, **kwargs)))

    def run_now(
        self,
        function: Callable[Concatenate[sqlite3.Connection, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """`submit`, waited for: for start-up and one-shot commands, never on a live loop.

        Raises:
            StorageError: SQLite failed.
        """
        return self.submit(function, *args, **kwargs).result()

    def _guarded(self, call: Callable[[], T]) -> T:
        try:
            return call()
        except sqlite3.Error as error:
            raise explain(error, self.path) from error
        finally:
            self.done += 1

    def change_mark(self) -> tuple[int, int]:
        """A cheap mark that changes whenever any process writes; two stat calls, no SQL."""
        marks = []
        for name in (self.path, f"{self.path}-wal"):
            try:
                status = os.stat(name)  # noqa: PTH116 - on the loop once a second: no Path objects
            except FileNotFoundError:
                marks.append(0)
            else:
                marks.append(status.st_mtime_ns ^ status.st_size)
        return marks[0], marks[1]

    def close(self) -> None:
        """Finish what was handed over, then close."""
        self._thread.submit(self._connection.close).result()
        self._thread.shutdown()
