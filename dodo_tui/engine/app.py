"""The engine: a headless Textual app that plays, records, delivers and keeps the state true.

`dodo` is this app with screens. All workers belong to the app, never to a screen: those die with
it. The app ends in order: the player is stopped, the last position is written, the facts are in
the queue.

What is not needed for the first picture of Home is imported where it is used.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import threading
from collections.abc import AsyncIterator, Coroutine
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.worker import Worker

from dodo_tui.domain.cards import Card, Home, TitlePage
from dodo_tui.domain.ids import InvalidKeyError, Key
from dodo_tui.domain.playback import End, Playback
from dodo_tui.domain.queue import QueueRow
from dodo_tui.domain.status import PROVIDER_NAMES
from dodo_tui.engine.delivery import Delivery
from dodo_tui.engine.listening import listen
from dodo_tui.engine.parts import Parts
from dodo_tui.engine.state import FirstSync, Scan, SignIn, SignInPhase, StatefulApp
from dodo_tui.players.protocol import Player, PlayerError, PlayRequest
from dodo_tui.providers.errors import ProviderError
from dodo_tui.storage import accounts, files, queue
from dodo_tui.storage.credentials import CredentialsError
from dodo_tui.storage.errors import StorageError
from dodo_tui.storage.leases import Lease
from dodo_tui.storage.shelves import library_cards, read_home, title_page
from dodo_tui.tracking.record import Recorder, close_abandoned
from dodo_tui.tracking.status import Overview, overview

if TYPE_CHECKING:
    from datetime import datetime

    from dodo_tui.domain.history import HistoryEntry
    from dodo_tui.library.scan import ScanProgress
    from dodo_tui.providers.protocol import SignInStep

log = logging.getLogger(__name__)

_LOOK_FOR_CHANGES_SECONDS = 1.0
_STOP_DEADLINE_SECONDS = 8.0
_CANCEL_DEADLINE_SECONDS = 3.0
_FAREWELL_SECONDS = 2.0
"""How long leaving waits for the last word about a viewing to be sent; the queue has it anyway."""

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
            lambda: self.auto_sync,
        )
        self.player: Player | None = None
        self._player_worker: Worker[None] | None = None
        self._playing = asyncio.Lock()
        self._turn = 0
        self._leaving = False
        self._storage_trouble: str | None = None
        self._write_failed = False
        self._sign_in_worker: Worker[None] | None = None
        self._change_mark = store.change_mark()
        self._refresh_wanted = asyncio.Event()
        store.run_now(close_abandoned, clock.now())
        self._show_home(store.run_now(read_home, self.profile.id, clock.now()))
        self._show_overview(store.run_now(overview, self.profile.id, self.settings))

    def on_mount(self) -> None:
        """Start the workers, and end in order when the system says so."""
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            with contextlib.suppress(NotImplementedError, ValueError, RuntimeError):
                loop.add_signal_handler(name, self._leave_soon)
        self.set_interval(_LOOK_FOR_CHANGES_SECONDS, self._look_for_changes)
        self.run_worker(self._refresh_loop(), group="refresh", exit_on_error=False)
        self.run_worker(self.delivery.run(), group="queue", exit_on_error=False)
        self.delivery.ask_sync()

    def on_app_focus(self) -> None:
        """Back in the foreground: the other devices may have moved on."""
        self.delivery.ask_sync()

    def _leave_soon(self) -> None:
        self.run_worker(self.leave(), group="leave", exit_on_error=False)

    def _do(self, work: Coroutine[None, None, None]) -> None:
        """Carry out something small that the user has asked for; trouble is said, not raised."""

        async def guarded() -> None:
            try:
                await work
            except (StorageError, ProviderError, CredentialsError, InvalidKeyError) as error:
                self.trouble = str(error)

        self.run_worker(guarded(), group="settings", exit_on_error=False)

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
        self.watchlist = home.watchlist

    def _show_overview(self, seen: Overview) -> None:
        self.providers = seen.providers
        self.sync = seen.syncs
        self.auto_sync = seen.auto_sync_enabled

    # -- playing --------------------------------------------------------------------------------

    def play(self, target: str, *, from_start: bool = False) -> None:
        """Play a path, an address or a key, instead of what plays now."""
        if self._leaving:
            return
        self._turn += 1
        self._player_worker = self.run_worker(
            self._play(target, from_start, self._turn), group="player", exit_on_error=False
        )

    async def _play(self, target: str, from_start: bool, turn: int) -> None:
        """Play once what played before has ended and is recorded, unless more was asked since."""
        from dodo_tui.tracking.playing import NothingToPlayError, request_for

        await self._stop_player()
        async with self._playing:
            if turn != self._turn:
                return
            self.trouble = None
            try:
                request = await request_for(
                    self.store, self.profile.id, target, from_start=from_start, clock=self.clock
                )
                if turn == self._turn:
                    await self._run_player(request)
            except (NothingToPlayError, PlayerError, StorageError) as error:
                self.trouble = str(error)
            finally:
                self._close_viewing()
                self.player = None
                self.request_refresh()
                self.delivery.ask_sync()

    async def _run_player(self, request: PlayRequest) -> None:
        """Play, and let `now_playing` follow the player until it has gone."""
        from dodo_tui.tracking.playing import resolver
        from dodo_tui.tracking.viewing import viewings

        player = self.services.player()
        self.player = player
        failures: list[str] = []
        states = listen(player, request, failures)
        playbacks = viewings(states, resolver(self.store, self.clock), self.profile.id)
        handover = self.screen_handed_over() if needs_terminal(player) else _nothing()
        async with handover, contextlib.aclosing(states), contextlib.aclosing(playbacks):
            async for playback in playbacks:
                self.now_playing = playback
        if failures:
            raise PlayerError(failures[-1])

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
            written.add_done_callback(lambda _: loop.call_soon_threadsafe(self._after_record))

    def _after_record(self) -> None:
        """A viewing was written, or could not be."""
        if self._write_failed:
            self._write_failed = False
        elif self._storage_trouble is not None:
            if self.trouble == self._storage_trouble:
                self.trouble = None
            self._storage_trouble = None
        self._after_write()

    def _after_write(self) -> None:
        """Something was written, and maybe queued."""
        self.request_refresh()
        self.delivery.wake()

    def _on_storage_trouble(self, error: StorageError) -> None:
        """On the storage thread: writing failed; it is tried again with the next sample."""
        self._write_failed = True
        if self._storage_trouble != str(error):
            self._storage_trouble = str(error)
            log.warning("could not write: %s", error)
            self.call_later(setattr, self, "trouble", str(error))

    async def stop_playing(self) -> None:
        """Stop what plays, in order; returns when it has been recorded."""
        self._turn += 1  # what is about to begin does not
        try:
            async with asyncio.timeout(_STOP_DEADLINE_SECONDS):
                await self._stop_player()
                async with self._playing:
                    return
        except TimeoutError:
            log.warning("the player does not end; it is left")
        if self._player_worker is not None:
            self._player_worker.cancel()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_CANCEL_DEADLINE_SECONDS), self._playing:
                    return

    async def _stop_player(self) -> None:
        if self.player is not None:
            with contextlib.suppress(PlayerError):
                await self.player.stop()

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
        from dodo_tui.tracking.signin import sign_in

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
        except (ProviderError, CredentialsError, StorageError, OSError) as error:
            self.sign_in = SignIn(provider_id, SignInPhase.FAILED, trouble=str(error))

    async def _take_step(self, provider_id: str, step: SignInStep) -> None:
        from dodo_tui.providers.protocol import CodeExpired, CodeShown, SignedIn, StillWaiting

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
        self._do(self._disconnect(provider_id))

    async def _disconnect(self, provider_id: str) -> None:
        from dodo_tui.tracking.signin import sign_out

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
            try:
                await sign_out(self.store, tokens, provider, account)
            finally:
                await provider.close()
        await self.refresh_state()

    def set_scrobbling(self, provider_id: str, enabled: bool) -> None:
        """Switch telling a provider what is played on or off."""

        async def switch() -> None:
            account = await self.store.run(accounts.find_account, self.profile.id, provider_id)
            if account is not None:
                await self.store.run(accounts.set_scrobbling, account, enabled)
            await self.refresh_state()

        self._do(switch())

    # -- the queue ------------------------------------------------------------------------------

    def sync_now(self) -> None:
        """Sync now, whatever auto-sync says, without waiting for a back-off."""

        async def hurry() -> None:
            for account in await self.store.run(accounts.connected_accounts):
                await self.store.run(queue.make_due, account.id, self.clock.now())
            self.delivery.ask_sync(by_hand=True)

        self._do(hurry())

    def set_auto_sync(self, enabled: bool) -> None:
        """Switch syncs that start by themselves on or off."""
        from dodo_tui.storage.profiles import set_setting

        async def switch() -> None:
            await self.store.run(set_setting, "auto_sync", "on" if enabled else "off")
            await self.refresh_state()

        self._do(switch())

    # -- the first sync -------------------------------------------------------------------------

    def look_at_first_sync(self, provider_id: str) -> None:
        """Count what a first sync would do; `first_sync` tells how it goes."""
        self.first_sync = FirstSync(provider_id, looking=True)
        self.run_worker(
            self._look_at_first_sync(provider_id),
            group="first-sync",
            exclusive=True,
            exit_on_error=False,
        )

    async def _look_at_first_sync(self, provider_id: str) -> None:
        from dodo_tui.tracking.first_sync import plan_first_sync, plan_lines

        account = await self.store.run(accounts.find_account, self.profile.id, provider_id)
        if account is None:
            self.first_sync = None
            return
        try:
            provider = await asyncio.to_thread(self.services.provider, provider_id, self.profile.id)
            try:
                plan = await plan_first_sync(self.store, account, provider, self.clock)
            finally:
                await provider.close()
        except (ProviderError, CredentialsError, StorageError) as error:
            self.first_sync = FirstSync(provider_id, trouble=str(error))
            return
        lines = plan_lines(plan, PROVIDER_NAMES[provider_id])
        self.first_sync = FirstSync(provider_id, lines=lines)

    def choose_first_sync(self, provider_id: str, choice: str) -> None:
        """Answer the question of the first sync: `merge`, `theirs`, `mine` or `later`."""
        from dodo_tui.tracking.first_sync import Choice, choose

        async def decide() -> None:
            account = await self.store.run(accounts.find_account, self.profile.id, provider_id)
            if account is not None:
                await self.store.run(choose, account.id, Choice(choice))
            self.first_sync = None
            await self.refresh_state()
            if choice != Choice.NOT_NOW:
                self.delivery.ask_sync(by_hand=True)

        self._do(decide())

    def undo_sync(self, provider_id: str) -> None:
        """Take back what the last sync took away, or the first sync as a whole."""
        from dodo_tui.tracking.undo import undo_sync

        async def take_back() -> None:
            account = await self.store.run(accounts.find_account, self.profile.id, provider_id)
            if account is None or await self.store.run(undo_sync, account) is None:
                self.trouble = "There is no sync to undo."
            await self.refresh_state()

        self._do(take_back())

    def retry_row(self, row_id: int | None) -> None:
        """Send a held or waiting row again, or all of them."""

        async def again() -> None:
            await self.store.run(queue.retry, self.profile.id, row_id, self.clock.now())
            self._after_write()

        self._do(again())

    def discard_row(self, row_id: int) -> None:
        """Give a row up."""

        async def give_up() -> None:
            await self.store.run(queue.discard, self.profile.id, row_id, self.clock.now())
            self._after_write()

        self._do(give_up())

    # -- reading for screens --------------------------------------------------------------------

    async def read_sync_log(self) -> tuple[tuple[datetime, str], ...]:
        """What the syncs did, newest first, in words."""
        from dodo_tui.storage.synclog import sync_log

        return await self.store.run(sync_log, self.profile.id)

    async def read_title(self, media_id: str) -> TitlePage | None:
        """Everything about a title; None if it is not known."""
        return await self.store.run(title_page, self.profile.id, media_id)

    async def read_library(self) -> tuple[Card, ...]:
        """A card for each title on this device."""
        return await self.store.run(library_cards)

    async def read_history(self) -> tuple[HistoryEntry, ...]:
        """The plays of the profile, newest first."""
        from dodo_tui.storage.history import history

        return await self.store.run(history, self.profile.id, MOST_HISTORY)

    async def read_queue(self) -> tuple[tuple[QueueRow, str], ...]:
        """What waits, with the title each row is about."""
        from dodo_tui.storage.history import named_facts

        return await self.store.run(named_facts, self.profile.id)

    async def read_folders(self) -> tuple[str, ...]:
        """The media folders."""
        return await self.store.run(files.folders)

    # -- the library ----------------------------------------------------------------------------

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

    # -- marks ----------------------------------------------------------------------------------

    def mark(self, key: str, *, watched: bool) -> None:
        """Mark a film or an episode watched now, or take the mark back."""
        from dodo_tui.tracking import marks

        async def write() -> None:
            now = self.clock.now()
            parsed = Key.parse(key)
            if watched:
                await self.store.run(marks.mark_watched, self.profile.id, parsed, now, now)
            else:
                await self.store.run(marks.mark_unwatched, self.profile.id, parsed, now)
            self._after_write()

        self._do(write())

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

    def hide(self, key: str) -> None:
        """Hide a title until it is played again."""
        from dodo_tui.tracking import marks

        async def write() -> None:
            await self.store.run(marks.hide, self.profile.id, Key.parse(key), self.clock.now())
            self._after_write()

        self._do(write())

    # -- the end --------------------------------------------------------------------------------

    async def leave(self) -> None:
        """End in order: the player is stopped, the last position is written, then the app exits."""
        if self._leaving:
            return
        self._leaving = True
        was_playing = self.now_playing is not None
        try:
            await self.stop_playing()
            self._close_viewing()
            self.cancel_sign_in()
            await asyncio.wrap_future(self.recorder.flush())
            if was_playing:
                self.delivery.wake()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self.delivery.idle(), _FAREWELL_SECONDS)
        finally:
            self.exit()


def needs_terminal(player: Player) -> bool:
    """Whether a player draws on the terminal that dodo runs in."""
    return getattr(player, "display", None) == "console"


@contextlib.asynccontextmanager
async def _nothing() -> AsyncIterator[None]:
    yield
