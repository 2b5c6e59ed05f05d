"""New files are noticed by themselves: a look at the folders now and then, a scan where it pays."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING

from textual.worker import WorkerCancelled

from dodo_tui.engine.libraries import Libraries
from dodo_tui.storage.errors import StorageError
from dodo_tui.storage.leases import LIBRARY_LEASE, Lease

if TYPE_CHECKING:
    from dodo_tui.library.folder_marks import FolderMarks

log = logging.getLogger(__name__)

_FIRST_LOOK_SECONDS = 3.0
_LOOK_EVERY_SECONDS = 15 * 60.0
_SCAN_EVERY_SECONDS = 24 * 3600.0
"""Some file systems do not tell of changes, and a file may grow."""


class MindingLibrary(Libraries, part=True):
    """Scans the media folders soon after the start, and again when something in them has changed.

    One process of this user looks again and again; the others see what it found.
    """

    minds_library = False
    """Whether new files are noticed by themselves."""

    _marks: FolderMarks | None = None
    """The folders as they were before the last scan; None: none has come to its end."""
    _scanned_at_seconds = 0.0

    def on_ready(self) -> None:
        """Home is painted: there is time for it."""
        if self.minds_library:
            self.run_worker(self._mind_library(), group="library", exit_on_error=False)

    async def _mind_library(self) -> None:
        lease = Lease(self.paths.data / LIBRARY_LEASE)
        await self.clock.sleep(_FIRST_LOOK_SECONDS)
        await self._look_for_files()
        while True:
            await self.clock.sleep(_LOOK_EVERY_SECONDS)
            if lease.take_over(self.clock.monotonic()):
                await self._look_for_files()

    async def _look_for_files(self) -> None:
        """Scan where something may have changed, for the first time, and once a day in any case."""
        try:
            marks = await self._read_marks()
        except StorageError as error:
            log.info("new files are looked for later: %s", error)
            return
        is_old = self.clock.monotonic() - self._scanned_at_seconds >= _SCAN_EVERY_SECONDS
        if not marks or (marks == self._marks and not is_old):
            return
        self._marks = None
        if self.scan is not None and self.scan.running:
            return  # by hand; the next look finds whatever it was too early for
        self._scanned_at_seconds = self.clock.monotonic()
        scanning = self._begin_scan()
        with contextlib.suppress(WorkerCancelled):  # somebody has asked for one meanwhile
            if await scanning.wait():
                self._marks = marks

    async def _read_marks(self) -> FolderMarks:
        """The media folders as they are; empty where there are none.

        Raises:
            StorageError: SQLite failed.
        """
        from dodo_tui.storage.folders import media_folders

        known = await self.store.run(media_folders)
        if not known and not self.settings.library:
            return {}
        from dodo_tui.library.folder_marks import folder_marks
        from dodo_tui.tracking.scanning import library_folders

        known_now = await self.store.run(library_folders, self.settings, self.clock.now())
        return await asyncio.to_thread(folder_marks, known_now, self._marks or {})
