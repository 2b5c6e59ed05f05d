"""`dodo play` and `dodo resume`: the engine's own functions, without a screen."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
import sqlite3

from dodo_tui.cli.context import Context, context
from dodo_tui.cli.output import DONE, FAILED, CommandError, note
from dodo_tui.clock import Clock
from dodo_tui.domain.audience import Privacy, Viewers
from dodo_tui.domain.profile import Profile
from dodo_tui.engine.delivery import Delivery
from dodo_tui.engine.identifying import LONGEST_SECONDS, identify_for
from dodo_tui.engine.services import RealServices, Services
from dodo_tui.engine.session import PlaySession
from dodo_tui.engine.settling import pause, settle
from dodo_tui.players.protocol import Player, PlayRequest
from dodo_tui.storage.audience import privacy
from dodo_tui.storage.errors import StorageError
from dodo_tui.storage.leases import QUEUE_LEASE, Lease
from dodo_tui.storage.plays import watched_among
from dodo_tui.storage.profiles import active_profile, find_profile
from dodo_tui.storage.shelves import home_shelves
from dodo_tui.storage.store import Store
from dodo_tui.tracking.playing import NothingToPlayError, request_for
from dodo_tui.tracking.record import Recorder, close_abandoned

_DELIVERY_DEADLINE_SECONDS = 10.0
_WRITE_DEADLINE_SECONDS = 20.0
_WRITE_RETRY_SECONDS = 1.0


def play(options: argparse.Namespace) -> int:
    """Play a file, an address or a key, tracked, and answer mpv's end."""
    ctx = context(keep_log=True)
    with contextlib.closing(Store.open(ctx.paths.database)) as store:
        profile = store.run_now(active_profile, ctx.settings.profile, ctx.clock.now())
        store.run_now(close_abandoned, ctx.clock.now())
        return asyncio.run(_play(ctx, store, profile, options.target, options))


def resume(options: argparse.Namespace) -> int:
    """Play the top of Continue Watching that is on this device."""
    ctx = context(keep_log=True)
    with contextlib.closing(Store.open(ctx.paths.database)) as store:
        profile = store.run_now(active_profile, ctx.settings.profile, ctx.clock.now())
        store.run_now(close_abandoned, ctx.clock.now())
        cards, _ = store.run_now(home_shelves, profile.id, ctx.clock.now())
        card = next((card for card in cards if card.playable), None)
        if card is None:
            raise CommandError("There is nothing to continue on this device.")
        return asyncio.run(_play(ctx, store, profile, card.key, options))


async def _play(
    ctx: Context, store: Store, profile: Profile, target: str, options: argparse.Namespace
) -> int:
    """Play one thing and deliver what it leaves; facts that cannot be sent wait in the queue."""
    viewers = await store.run(_viewers, profile, options)
    services = RealServices(ctx.settings, ctx.paths, ctx.clock)
    player = services.player()
    ending = _Ending(player)
    for name in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, ending.begin)
    try:
        request = await request_for(
            store,
            profile.id,
            target,
            from_start=options.from_start,
            clock=ctx.clock,
            is_private=viewers.is_private,
        )
    except NothingToPlayError as error:
        raise CommandError(str(error)) from error
    if ending.begun:
        return DONE
    delivery = Delivery(
        store, services, Lease(ctx.paths.data / QUEUE_LEASE), ctx.clock, lambda: None
    )
    delivering = asyncio.ensure_future(delivery.run())
    try:
        failure = await _follow(
            ctx,
            services,
            store,
            viewers,
            player,
            request,
            delivery,
            goes_on=not options.only_this,
        )
        if not viewers.is_private:
            await _identify(ctx, services, store, profile, request, ending)
    finally:
        delivery.wake()
        await _finish_delivery(delivery, delivering)
    if failure is not None:
        note(f"dodo: {failure}")
        return FAILED
    return DONE


def _viewers(
    connection: sqlite3.Connection, profile: Profile, options: argparse.Namespace
) -> Viewers:
    """Who watches: whoever is asked for, and nobody that is remembered in private mode.

    Raises:
        UnknownProfileError: somebody is not in the household.
    """
    company = tuple(find_profile(connection, name).id for name in options.company)
    is_private = options.private or privacy(connection) is not Privacy.OFF
    if is_private:
        note("Private: nothing is recorded.")
    return Viewers(profile.id, company, is_private)


async def _identify(
    ctx: Context,
    services: Services,
    store: Store,
    profile: Profile,
    request: PlayRequest,
    ending: _Ending,
) -> None:
    """Ask what was played is, where nobody knows that yet; then it can be told at once.

    Not where dodo was told to end: it leaves now.
    """
    if ending.begun:
        return
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(LONGEST_SECONDS):
            for path in request.paths:
                await identify_for(store, services, ctx.clock, profile.id, path=path)


class _Ending:
    """Ends the player when the system or the user says so; asking twice is asking once."""

    def __init__(self, player: Player) -> None:
        self._player = player
        self._task: asyncio.Task[None] | None = None

    @property
    def begun(self) -> bool:
        """Whether somebody has asked."""
        return self._task is not None

    def begin(self) -> None:
        """Stop what plays; what has not begun yet is not begun."""
        if self._task is None:
            self._task = asyncio.ensure_future(self._player.stop())


async def _follow(
    ctx: Context,
    services: RealServices,
    store: Store,
    viewers: Viewers,
    player: Player,
    request: PlayRequest,
    delivery: Delivery,
    *,
    goes_on: bool,
) -> str | None:
    """Record a player until it has gone; answers what went wrong, in one sentence."""
    session = PlaySession(player, store, viewers, ctx.clock, ctx.paths.runtime, goes_on=goes_on)
    failures = session.failures
    troubles: list[str] = []

    def trouble(error: StorageError) -> None:
        if str(error) not in failures:
            failures.append(str(error))
            troubles.append(str(error))

    async def before_sleep() -> None:
        await pause(session)
        await settle(store, delivery, ctx.clock)

    sleeping = asyncio.ensure_future(services.logind().mind(before_sleep, delivery.wake))
    recorder = Recorder(store, ctx.clock, trouble)
    watched: dict[str, str] = {}
    try:
        async with contextlib.aclosing(session.playbacks(request)) as playbacks:
            async for playback in playbacks:
                if playback.watched_at is not None and playback.recorded:
                    watched[playback.play_id] = f"{playback.title} {playback.label}".strip()
                if recorder.note(playback) is not None:
                    delivery.wake()
    finally:
        sleeping.cancel()
    await _write_rest(recorder, ctx.clock)
    if not recorder.owes:
        failures = [each for each in failures if each not in troubles]
    kept = await store.run(watched_among, tuple(watched))
    for play_id, name in watched.items():
        note(f"{name} is watched." if play_id in kept else f"{name} is not recorded as watched.")
    return failures[-1] if failures else None


async def _write_rest(recorder: Recorder, clock: Clock) -> None:
    """Write what could not be written yet, and wait a while for whoever writes just now."""
    give_up_at = clock.monotonic() + _WRITE_DEADLINE_SECONDS
    await asyncio.wrap_future(recorder.flush())
    while recorder.owes and clock.monotonic() < give_up_at:
        await clock.sleep(_WRITE_RETRY_SECONDS)
        await asyncio.wrap_future(recorder.flush())


async def _finish_delivery(delivery: Delivery, delivering: asyncio.Future[None]) -> None:
    """Give what was just queued a moment to be sent, then leave the rest to the queue."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(delivery.idle(), _DELIVERY_DEADLINE_SECONDS)
    delivering.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await delivering
