"""The library: looking for files, and saying what they are."""

from __future__ import annotations

import asyncio
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from dodo_tui.engine.signing_in import SigningIn
from dodo_tui.engine.state import Scan
from dodo_tui.storage.errors import StorageError

if TYPE_CHECKING:
    from textual.worker import Worker

    from dodo_tui.domain.folders import Contents
    from dodo_tui.library.scan import ScanProgress


class Libraries(SigningIn, part=True):
    """Scans the media folders and identifies what is in them; `scan` tells how it goes."""

    def scan_library(self) -> None:
        """Look through the media folders; `scan` tells how it goes."""
        self._begin_scan()

    def _begin_scan(self) -> Worker[bool]:
        """Begin a scan; one that runs ends unfinished."""
        return self.run_worker(self._scan(), group="scan", exclusive=True, exit_on_error=False)

    async def _scan(self) -> bool:
        """Look through the media folders; answers whether that came to its end."""
        from dodo_tui.tracking.scanning import scan_library

        stop = threading.Event()
        loop = asyncio.get_running_loop()

        def show(progress: ScanProgress) -> None:
            loop.call_soon_threadsafe(setattr, self, "scan", Scan(True, progress.found))

        try:
            result = await asyncio.to_thread(
                scan_library, self.store, self.settings, self.clock, show, stop.is_set
            )
        except (StorageError, OSError) as error:
            self.scan = Scan(False, problems=(str(error),))
            return False
        finally:
            stop.set()
        problems = tuple(problem.sentence for problem in result.problems)
        self.scan = Scan(False, result.found, result.added, problems)
        self.request_refresh()
        self._identify_soon()
        return True

    async def look_into(self, folder: str) -> Contents:
        """What is in a folder of this machine; one that cannot be read says why."""
        from dodo_tui.library.browse import contents

        return await asyncio.to_thread(contents, folder)

    async def likely_places(self) -> tuple[str, ...]:
        """Where videos are likely to be: the videos folder, mounted disks, home, everything."""
        from dodo_tui.library.browse import places

        return await asyncio.to_thread(places, os.environ, str(Path.home()))

    def add_folder(self, folder: str) -> None:
        """Take a folder into the library, and look through it."""
        from dodo_tui.storage.folders import add_folder

        async def add() -> None:
            await self.store.run(add_folder, folder, self.clock.now())
            await self.refresh_state()
            self.scan_library()

        self._do(add())

    def remove_folder(self, folder: str) -> None:
        """Look through a folder no more; what was watched stays."""
        from dodo_tui.storage.folders import remove_folder

        async def remove() -> None:
            await self.store.run(remove_folder, folder)
            await self.refresh_state()

        self._do(remove())

    def _identify_soon(self) -> None:
        """Ask what unknown titles are, where a provider can be asked."""
        self.run_worker(self._identify(), group="identify", exclusive=True, exit_on_error=False)

    async def _identify(self) -> None:
        from dodo_tui.engine.identifying import identify_for

        if await identify_for(
            self.store, self.services, self.clock, self.profile.id, self._after_write
        ):
            self._after_write()

    def _viewing_begun(self) -> None:
        """Another player may show what nobody has asked about: known in time, it is told live."""
        super()._viewing_begun()
        self._identify_soon()

    def _viewing_over(self) -> None:
        """What was played may be something that nobody has asked about yet."""
        super()._viewing_over()
        self._identify_soon()

    def signed_in(self) -> None:
        """Now there is somebody to ask what the files are."""
        super().signed_in()
        self._identify_soon()
