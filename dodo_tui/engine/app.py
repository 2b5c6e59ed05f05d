"""The engine: a headless Textual app that plays, records, delivers and keeps the state true.

`dodo` is this app with screens. All workers belong to the app, never to a screen: those die with
it. The app ends in order: the player is stopped, the last position is written, the facts are in
the queue.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import threading
from collections.abc import AsyncIterator
from dataclasses import replace

from textual.worker import Worker, WorkerFailed

from dodo_tui.domain.cards import Card, Home, TitlePage
from dodo_tui.domain.history import HistoryEntry
from dodo_tui.domain.ids import Key
from dodo_tui.domain.playback import End, Playback, PlayerState
from dodo_tui.domain.queue import QueueRow
from dodo_tui.engine.delivery import Delivery
from dodo_tui.engine.parts import Parts
from dodo_tui.engine.state import Scan, SignIn, SignInPhase, StatefulApp
from dodo_tui.library.scan import ScanProgress
from dodo_tui.players.protocol import Player, PlayerError, PlayRequest
from dodo_tui.providers.errors import ProviderError
from dodo_tui.providers.protocol import (
    CodeExpired,
    CodeShown,
    SignedIn,
    SignInStep,
    StillWaiting,
)
from dodo_tui.storage import accounts, files, queue
from dodo_tui.storage.credentials import CredentialsError
from dodo_tui.storage.errors import StorageError
from dodo_tui.storage.history import history, named_facts
from dodo_tui.storage.leases import Lease
from dodo_tui.storage.shelves import library_cards, read_home, title_page
from dodo_tui.tracking import marks
from dodo_tui.tracking.identify import identify_files
from dodo_tui.tracking.playing import NothingToPlayError, request_for, resolver
from dodo_tui.tracking.record import Recorder, close_abandoned
from dodo_tui.tracking.scanning import scan_library
from dodo_tui.tracking.signin import sign_in, sign_out
from dodo_tui.tracking.status import Overview, overview
from dodo_tui.tracking.viewing import viewings

log = logging.getLogger(__name__)

_LOOK_FOR_CHANGES_SECONDS = 1.0
_EXIT_DEADLINE_SECONDS = 8.0

MOST_HISTORY = 1000
"""How many plays the history screen holds."""


class EngineApp(StatefulApp):
    """Everything dodo does, without a face."""

    def __init__(self, parts: Parts, *, ansi_color: bool = False) -> None:
        """Show what the database says at once: nothing here waits for the network."""
        super().__init__(ansi_color=ansi_color)
        store, clock = parts.store, parts.clock
        self.store = store
        self.profile = parts.profile
        self.settings = parts.settings
        self.paths = parts.paths
        self.services = parts.services
        self.clock = clock
        self.recorder = Recorder(store, clock, self._on_storage_trouble)
        self.delivery = Delivery(
            store,
            parts.services,
            Lease(parts.paths.data / "queue.lock"),
            clock,
            self.request_refresh,
        )
        self.player: Player | None = None
        self._player_worker: Worker[None] | None = None
        self._sign_in_worker: Worker[None] | None = None
        self._change_mark = store.change_mark()
        self._refresh_wanted = asyncio.Event()
        store.run_now(close_abandoned, clock.now())
        self._show_home(store.run_now(read_home, self.profile.id, clock.now()))
        self._show_overview(store.run_now(overview, self.profile.id, self.settings))

    def on_mount(self) -> None:
        """Start the workers, and end in order when the system says so."""
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGHUP):
            with contextlib.suppress(NotImplementedError, ValueError, RuntimeError):
                loop.add_signal_handler(name, self._leave_soon)
        self.set_interval(_LOOK_FOR_CHANGES_SECONDS, self._look_for_changes)
        self.run_worker(self._refresh_loop(), group="refresh", exit_on_error=False)
        self.run_worker(self.delivery.run(), group="queue", exit_on_error=False)

    def _leave_soon(self) -> None:
        self.run_worker(self.leave(), group="leave", exclusive=True, exit_on_error=False)

    # -- the state follows the database -------------------------------------------------------

    def _look_for_changes(self) -> None:
        """Notice what any process has written, within a second."""
        mark = self.store.change_mark()
        if mark != self._change_mark:
            self._change_mark = mark
            self.request_refresh()
            self.delivery.wake()

    def request_refresh(self) -> None:
        """Read the state again soon; many requests in a row are one."""
        self._refresh_wanted.set()

    async def _refresh_loop(self) -> None:
        while True:
            await self._refresh_wanted.wait()
            self._refresh_wanted.clear()
            await self.refresh_state()

    async def refresh_state(self) -> None:
        """Set the state to what the database says now."""
        try:
            home = await self.store.run(read_home, self.profile.id, self.clock.now())
            seen = await self.store.run(overview, self.profile.id, self.settings)
        except StorageError as error:
            self.trouble = str(error)
            return
        self._show_home(home)
        self._show_overview(seen)
        self.revision += 1

    def _show_home(self, home: Home) -> None:
        self.continue_watching = home.continue_watching
        self.up_next = home.up_next
        self.library = home.library

    def _show_overview(self, seen: Overview) -> None:
        self.providers = seen.providers
        self.sync = seen.syncs

    # -- playing --------------------------------------------------------------------------------

    def play(self, target: str, *, from_start: bool = False) -> None:
        """Play a path, an address or a key, instead of what plays now."""
        self._player_worker = self.run_worker(
            self._play(target, from_start), group="player", exclusive=True, exit_on_error=False
        )

    async def _play(self, target: str, from_start: bool) -> None:
        self.trouble = None
        try:
            request = await request_for(
                self.store, self.profile.id, target, from_start=from_start, clock=self.clock
            )
            await self._run_player(request)
        except (NothingToPlayError, PlayerError, StorageError) as error:
            self.trouble = str(error)
        finally:
            self._close_viewing()
            self.player = None
            self.request_refresh()

    async def _run_player(self, request: PlayRequest) -> None:
        """Play, and let `now_playing` follow the player until it has gone."""
        player = self.services.player()
        self.player = player
        errors: list[str] = []

        async def heard() -> AsyncIterator[PlayerState]:
            async with contextlib.aclosing(player.play(request)) as states:
                async for state in states:
                    if state.end is End.FAILED:
                        errors.append(state.error or "The player could not play this.")
                    yield state

        playbacks = viewings(heard(), resolver(self.store, self.clock), self.profile.id)
        handover = self.screen_handed_over() if needs_terminal(player) else _nothing()
        async with handover, contextlib.aclosing(playbacks):
            async for playback in playbacks:
                self.now_playing = playback
        if errors:
            raise PlayerError(errors[-1])

    @contextlib.asynccontextmanager
    async def screen_handed_over(self) -> AsyncIterator[None]:
        """Give the terminal to a player that draws on it; the engine has none to give."""
        yield

    def _close_viewing(self) -> None:
        """End a viewing that its player did not end, at its last good sample."""
        playback = self.now_playing
        if playback is not None and playback.end is None:
            self.now_playing = replace(playback, end=End.LOST)
        self.now_playing = None

    def watch_now_playing(self, playback: Playback | None) -> None:
        """The scrobble middleware: every change is decided upon and recorded."""
        if playback is None:
            return
        written = self.recorder.note(playback)
        if written is not None:
            loop = asyncio.get_running_loop()
            written.add_done_callback(lambda _: loop.call_soon_threadsafe(self._after_write))

    def _after_write(self) -> None:
        """A viewing was written, and maybe queued."""
        self.request_refresh()
        self.delivery.wake()

    def _on_storage_trouble(self, error: StorageError) -> None:
        """On the storage thread: writing failed; it is tried again with the next sample."""
        log.warning("could not write: %s", error)
        self.call_later(setattr, self, "trouble", str(error))

    async def stop_playing(self) -> None:
        """Stop what plays, in order; returns when it has been recorded."""
        if self.player is None or self._player_worker is None:
            return
        await self.player.stop()
        with contextlib.suppress(WorkerFailed, TimeoutError):
            await asyncio.wait_for(self._player_worker.wait(), _EXIT_DEADLINE_SECONDS)

    # -- signing in -----------------------------------------------------------------------------

    def begin_sign_in(self, provider_id: str) -> None:
        """Start signing in; `sign_in` tells how it goes."""
        self.sign_in = SignIn(provider_id, SignInPhase.ASKING)
        self._sign_in_worker = self.run_worker(
            self._sign_in(provider_id), group="sign-in", exclusive=True, exit_on_error=False
        )

    def cancel_sign_in(self) -> None:
        """Stop polling; nothing is kept."""
        if self._sign_in_worker is not None:
            self._sign_in_worker.cancel()
        self.sign_in = None

    async def _sign_in(self, provider_id: str) -> None:
        try:
            provider = await asyncio.to_thread(self.services.provider, provider_id, self.profile.id)
            tokens = self.services.tokens(provider_id, self.profile.id)
            steps = sign_in(self.store, tokens, provider, self.profile.id, self.clock)
            try:
                async with contextlib.aclosing(steps):
                    async for step in steps:
                        await self._take_step(provider_id, step)
            finally:
                await provider.close()
        except (ProviderError, CredentialsError, StorageError) as error:
            self.sign_in = SignIn(provider_id, SignInPhase.FAILED, trouble=str(error))

    async def _take_step(self, provider_id: str, step: SignInStep) -> None:
        match step:
            case CodeShown(code):
                self.sign_in = SignIn(provider_id, SignInPhase.WAITING, code)
            case StillWaiting(code, trouble):
                self.sign_in = SignIn(provider_id, SignInPhase.WAITING, code, trouble)
            case CodeExpired():
                self.sign_in = SignIn(provider_id, SignInPhase.EXPIRED)
            case SignedIn():
                await self.refresh_state()
                user = next((p.user for p in self.providers if p.id == provider_id), None)
                self.sign_in = SignIn(provider_id, SignInPhase.CONNECTED, user=user)
                self.delivery.wake()
                self._identify_soon()

    def disconnect(self, provider_id: str) -> None:
        """Sign out of a provider; what waits stays, for a return."""
        self.run_worker(self._disconnect(provider_id), group="sign-in", exit_on_error=False)

    async def _disconnect(self, provider_id: str) -> None:
        account = await self.store.run(accounts.find_account, self.profile.id, provider_id)
        if account is None:
            return
        tokens = self.services.tokens(provider_id, self.profile.id)
        try:
            provider = await asyncio.to_thread(self.services.provider, provider_id, self.profile.id)
        except ProviderError:
            tokens.delete()
            await self.store.run(accounts.disconnect_account, account)
        else:
            await sign_out(self.store, tokens, provider, account)
            await provider.close()
        await self.refresh_state()

    def set_scrobbling(self, provider_id: str, enabled: bool) -> None:
        """Switch telling a provider what is played on or off."""

        async def switch() -> None:
            account = await self.store.run(accounts.find_account, self.profile.id, provider_id)
            if account is not None:
                await self.store.run(accounts.set_scrobbling, account, enabled)
            await self.refresh_state()

        self.run_worker(switch(), group="settings", exit_on_error=False)

    # -- the queue ------------------------------------------------------------------------------

    def sync_now(self) -> None:
        """Send what waits without waiting for a back-off."""

        async def hurry() -> None:
            for account in await self.store.run(accounts.connected_accounts):
                await self.store.run(queue.make_due, account.id, self.clock.now())
            self.delivery.wake()

        self.run_worker(hurry(), group="settings", exit_on_error=False)

    def retry_row(self, row_id: int | None) -> None:
        """Send a held or waiting row again, or all of them."""

        async def again() -> None:
            await self.store.run(queue.retry, self.profile.id, row_id, self.clock.now())
            self._after_write()

        self.run_worker(again(), group="settings", exit_on_error=False)

    def discard_row(self, row_id: int) -> None:
        """Give a row up."""

        async def give_up() -> None:
            await self.store.run(queue.discard, self.profile.id, row_id, self.clock.now())
            self._after_write()

        self.run_worker(give_up(), group="settings", exit_on_error=False)

    # -- reading for screens --------------------------------------------------------------------

    async def read_title(self, media_id: str) -> TitlePage | None:
        """Everything about a title; None if it is not known."""
        return await self.store.run(title_page, self.profile.id, media_id)

    async def read_library(self) -> tuple[Card, ...]:
        """A card for each title on this device."""
        return await self.store.run(library_cards)

    async def read_history(self) -> tuple[HistoryEntry, ...]:
        """The plays of the profile, newest first."""
        return await self.store.run(history, self.profile.id, MOST_HISTORY)

    async def read_queue(self) -> tuple[tuple[QueueRow, str], ...]:
        """What waits, with the title each row is about."""
        return await self.store.run(named_facts, self.profile.id)

    async def read_folders(self) -> tuple[str, ...]:
        """The media folders."""
        return await self.store.run(files.folders)

    # -- the library ----------------------------------------------------------------------------

    def scan_library(self) -> None:
        """Look through the media folders; `scan` tells how it goes."""
        self.run_worker(self._scan(), group="scan", exclusive=True, exit_on_error=False)

    async def _scan(self) -> None:
        stop = threading.Event()
        loop = asyncio.get_running_loop()

        def show(progress: ScanProgress) -> None:
            loop.call_soon_threadsafe(setattr, self, "scan", Scan(True, progress.found))

        try:
            result = await asyncio.to_thread(
                scan_library, self.store, self.settings, self.clock, show, stop.is_set
            )
        except StorageError as error:
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
        except (ProviderError, StorageError) as error:
            log.info("titles were not identified: %s", error)
        self._after_write()

    # -- marks ----------------------------------------------------------------------------------

    def mark(self, key: str, *, watched: bool) -> None:
        """Mark a film or an episode watched now, or take the mark back."""

        async def write() -> None:
            now = self.clock.now()
            parsed = Key.parse(key)
            if watched:
                await self.store.run(marks.mark_watched, self.profile.id, parsed, now, now)
            else:
                await self.store.run(marks.mark_unwatched, self.profile.id, parsed, now)
            self._after_write()

        self.run_worker(write(), group="settings", exit_on_error=False)

    def hide(self, key: str) -> None:
        """Hide a title until it is played again."""

        async def write() -> None:
            await self.store.run(marks.hide, self.profile.id, Key.parse(key), self.clock.now())
            self._after_write()

        self.run_worker(write(), group="settings", exit_on_error=False)

    # -- the end --------------------------------------------------------------------------------

    async def leave(self) -> None:
        """End in order: the player is stopped, the last position is written, then the app exits."""
        with contextlib.suppress(PlayerError):
            await self.stop_playing()
        self._close_viewing()
        self.cancel_sign_in()
        await asyncio.wrap_future(self.recorder.flush())
        self.exit()


def needs_terminal(player: Player) -> bool:
    """Whether a player draws on the terminal that dodo runs in."""
    return getattr(player, "display", None) == "console"


@contextlib.asynccontextmanager
async def _nothing() -> AsyncIterator[None]:
    yield
