"""The library: looking for files, and saying what they are."""

from __future__ import annotations

import asyncio
import logging
import threading
from typing import TYPE_CHECKING

from dodo_tui.engine.signing_in import SigningIn
from dodo_tui.engine.state import Scan
from dodo_tui.providers.errors import ProviderError
from dodo_tui.storage import accounts, files
from dodo_tui.storage.credentials import CredentialsError
from dodo_tui.storage.errors import StorageError

if TYPE_CHECKING:
    from dodo_tui.library.scan import ScanProgress

log = logging.getLogger(__name__)


class Libraries(SigningIn):
    """Scans the media folders and identifies what is in them; `scan` tells how it goes."""

    def scan_library(self) -> None:
        """Look through the media folders; `scan` tells how it goes."""
        self.run_worker(self._scan(), group="scan", exclusive=True, exit_on_error=False)

    async def _scan(self) -> None:
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
            return
        finally:
            stop.set()
        problems = tuple(problem.sentence for problem in result.problems)
        self.scan = Scan(False, result.found, result.added, problems)
        self.request_refresh()
        self._identify_soon()

    def _identify_soon(self) -> None:
        """Ask what unknown titles are, where a provider can be asked."""
        self.run_worker(self._identify(), group="identify", exclusive=True, exit_on_error=False)

    async def _identify(self) -> None:
        from dodo_tui.tracking.identify import identify_files

        account = await self.store.run(accounts.find_account, self.profile.id, "simkl")
        if account is None or not await self.store.run(files.unasked_files, 1):
            return
        try:
            provider = await asyncio.to_thread(
                self.services.provider, account.provider, account.profile_id
            )
            try:
                await identify_files(self.store, provider, self.clock, self._after_write)
            finally:
                await provider.close()
        except (ProviderError, CredentialsError, StorageError) as error:
            log.info("titles were not identified: %s", error)
        self._after_write()

    async def accept_candidate(self, media_id: str) -> str:
        """The user says that a title is what it may be; answers the id it has from now on."""
        from dodo_tui.tracking.identify import accept_title

        try:
            known = await self.store.run(accept_title, media_id, self.clock.now())
        except StorageError as error:
            self.trouble = str(error)
            return media_id
        self._after_write()
        return known

    def signed_in(self) -> None:
        """Now there is somebody to ask what the files are."""
        super().signed_in()
        self._identify_soon()
