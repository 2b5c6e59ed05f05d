"""The reactive state follows the database, sign-in and delivery; no trouble ends the engine."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import timedelta
from pathlib import Path

import pytest

from dodo_tui.domain.account import Tokens
from dodo_tui.domain.ids import Key
from dodo_tui.domain.status import SyncState
from dodo_tui.engine.app import EngineApp
from dodo_tui.engine.state import SignInPhase
from dodo_tui.providers.errors import (
    BrokenError,
    MisconfiguredError,
    OfflineError,
    UnauthorizedError,
)
from dodo_tui.providers.sign_in import CodeExpired, CodeShown, DeviceCode, SignedIn, StillWaiting
from dodo_tui.storage import accounts, queued
from dodo_tui.storage.credentials import CredentialsError
from dodo_tui.storage.leases import Lease
from dodo_tui.storage.store import Store
from dodo_tui.tracking import marks
from tests.engine.conftest import KEY, World
from tests.engine.support import LONGEST_SECONDS, eventually
from tests.support.clock import START

CODE = DeviceCode(
    user_code="KQ7Z-M2XP",
    address="https://simkl.com/pin",
    direct_address=None,
    expires_at=START + timedelta(minutes=15),
    interval_seconds=5,
    secret="secret",
)


def mark(world: World, store: Store | None = None) -> None:
    """A mark by hand, in this process or another."""
    (store or world.store).run_now(
        marks.mark_watched, world.profile.id, Key.parse(KEY), START, world.clock.now()
    )


def phase_of(app: EngineApp) -> SignInPhase | None:
    """Where the sign-in stands."""
    return app.sign_in.phase if app.sign_in else None


async def test_what_another_process_writes_shows(world: World) -> None:
    """`dodo mark` and `dodo connect` over SSH change the television's screen by themselves."""
    app = world.app()
    async with app.run_test() as pilot:
        revision = app.revision
        with contextlib.closing(Store.open(world.paths.database)) as other:
            other.run_now(accounts.connect_account, world.profile.id, "simkl", None, START)
            mark(world, other)
            await eventually(pilot, lambda: app.providers[0].connected)
        assert app.revision > revision


async def test_a_sign_in_is_asked_for_waits_and_ends_connected(world: World) -> None:
    """Asking, waiting, trouble on the way, connected; the tokens are on disk by then."""
    app = world.app()
    remote = world.services.remote
    async with app.run_test() as pilot:
        app.begin_sign_in("simkl")
        assert phase_of(app) is SignInPhase.ASKING
        remote.steps.put_nowait(CodeShown(CODE))
        await eventually(pilot, lambda: app.sign_in and app.sign_in.code == CODE)
        remote.steps.put_nowait(StillWaiting(CODE, "No network."))
        await eventually(pilot, lambda: app.sign_in and app.sign_in.trouble == "No network.")
        remote.steps.put_nowait(StillWaiting(CODE))
        await eventually(pilot, lambda: app.sign_in and app.sign_in.trouble is None)
        assert phase_of(app) is SignInPhase.WAITING
        remote.steps.put_nowait(SignedIn(Tokens("access", "refresh", None, "scope")))
        await eventually(pilot, lambda: app.sign_in and app.sign_in.phase == "connected")
        assert (app.sign_in and app.sign_in.user) == app.providers[0].user == "Dodo"
        tokens = world.services.tokens("simkl", world.profile.id).read()
        assert tokens is not None
        assert tokens.access == "access"
        app.cancel_sign_in()
        assert app.sign_in is None
        assert app.providers[0].connected


@pytest.mark.parametrize(
    ("step", "phase"),
    [
        (CodeExpired(), SignInPhase.EXPIRED),
        (CodeExpired("Used already."), SignInPhase.EXPIRED),
        (UnauthorizedError("Only reading."), SignInPhase.FAILED),
        (OfflineError("No network."), SignInPhase.FAILED),
    ],
)
async def test_a_sign_in_that_fails(
    world: World, step: CodeExpired | Exception, phase: SignInPhase
) -> None:
    """It says why, keeps nothing, and can be begun again."""
    app = world.app()
    async with app.run_test() as pilot:
        app.begin_sign_in("simkl")
        world.services.remote.steps.put_nowait(step)
        await eventually(pilot, lambda: app.sign_in and app.sign_in.phase is phase)
        assert app.sign_in is not None
        assert app.sign_in.trouble == (str(step) if isinstance(step, Exception) else step.reason)
        assert world.services.tokens("simkl", world.profile.id).read() is None
        app.begin_sign_in("simkl")
        world.services.remote.steps.put_nowait(CodeShown(CODE))
        await eventually(pilot, lambda: app.sign_in and app.sign_in.code == CODE)
        app.cancel_sign_in()


async def test_signing_in_without_a_client_id(world: World) -> None:
    """It says what to set."""
    world.services.no_provider = MisconfiguredError("Set DODO_SIMKL_CLIENT_ID.")
    app = world.app()
    async with app.run_test() as pilot:
        app.begin_sign_in("simkl")
        await eventually(pilot, lambda: app.sign_in and app.sign_in.phase == "failed")
        assert app.sign_in is not None
        assert app.sign_in.trouble == "Set DODO_SIMKL_CLIENT_ID."


async def test_cancelling_ends_the_polling(world: World) -> None:
    """Nobody asks on after Back, and the connection is closed."""
    app = world.app()
    async with app.run_test() as pilot:
        app.begin_sign_in("simkl")
        world.services.remote.steps.put_nowait(CodeShown(CODE))
        await eventually(pilot, lambda: app.sign_in and app.sign_in.code)
        app.cancel_sign_in()
        await eventually(pilot, lambda: world.services.remote.closed == 1)
        world.services.remote.steps.put_nowait(SignedIn(Tokens("a", None, None, "")))
        await pilot.pause()
        assert app.sign_in is None
        assert not app.providers[0].connected


@pytest.mark.parametrize("trouble", [None, OfflineError("No network.")])
async def test_who_disconnects_keeps_what_waits_and_no_tokens(
    world: World, trouble: Exception | None
) -> None:
    """The grant is ended if possible, the tokens are gone, what waits stays."""
    world.connect()
    world.services.remote.trouble = trouble
    app = world.app()
    async with app.run_test() as pilot:
        assert app.providers[0].connected
        app.disconnect("simkl")
        await eventually(pilot, lambda: not app.providers[0].connected)
        assert world.services.remote.revoked == 1
        assert world.services.tokens("simkl", world.profile.id).read() is None


async def test_a_fact_is_delivered_at_once(world: World) -> None:
    """Delivery wakes when something is queued, and the state shows it done."""
    world.connect()
    app = world.app()
    async with app.run_test() as pilot:
        app.mark(KEY, watched=True)
        await eventually(pilot, lambda: world.services.remote.facts)
        await eventually(pilot, lambda: app.sync[0].items_pushed)
        assert app.sync[0].state is SyncState.IDLE
        assert (app.sync[0].items_pushed, app.sync[0].waiting) == (1, 0)


@pytest.mark.parametrize(
    ("trouble", "state"),
    [
        (OfflineError("No network."), SyncState.OFFLINE),
        (BrokenError("Trouble."), SyncState.ERROR),
        (MisconfiguredError("Wrong id."), SyncState.ERROR),
        (CredentialsError("Cannot be read."), SyncState.ERROR),
    ],
)
async def test_trouble_of_a_provider(world: World, trouble: Exception, state: SyncState) -> None:
    """It is shown, the fact waits, "Sync now" tries again, and then it goes out."""
    world.connect()
    world.services.remote.trouble = trouble
    app = world.app()
    async with app.run_test() as pilot:
        app.mark(KEY, watched=True)
        await eventually(pilot, lambda: app.sync[0].state is state)
        assert (app.sync[0].last_error, app.sync[0].waiting) == (str(trouble), 1)
        assert app.providers[0].needs_reconnect is isinstance(trouble, CredentialsError)
        world.services.remote.trouble = None
        app.sync_now()
        await eventually(pilot, lambda: app.sync[0].waiting == 0)
        assert app.is_running


async def test_a_back_off_ends_by_itself(world: World) -> None:
    """Time alone brings the next try."""
    world.connect()
    world.services.remote.trouble = OfflineError("No network.")
    app = world.app()
    async with app.run_test() as pilot:
        app.mark(KEY, watched=True)
        await eventually(pilot, lambda: app.sync[0].state is SyncState.OFFLINE)
        world.services.remote.trouble = None
        await world.clock.advance(60)
        await eventually(pilot, lambda: app.sync[0].waiting == 0)


async def test_a_mistake_in_delivering_ends_nothing(world: World) -> None:
    """Even a bug is survived: it is logged, and delivery goes on later."""
    world.connect()
    world.services.remote.trouble = ZeroDivisionError("a bug")
    app = world.app()
    async with app.run_test() as pilot:
        app.mark(KEY, watched=True)
        await eventually(pilot, lambda: app.delivery._idle.is_set() and world.services.asked)
        world.services.remote.trouble = None
        await world.clock.advance(60)
        await eventually(pilot, lambda: world.services.remote.facts)
        assert app.is_running


async def test_an_unusable_provider_is_not_asked_for_over_and_over(world: World) -> None:
    """What it writes wakes every dodo; that must not become a circle."""
    world.connect()
    world.services.no_provider = MisconfiguredError("Set DODO_SIMKL_CLIENT_ID.")
    app = world.app()
    async with app.run_test() as pilot:
        app.mark(KEY, watched=True)
        await eventually(pilot, lambda: app.sync[0].state is SyncState.ERROR)
        for _ in range(5):
            app._change_mark = (0, 0)
            app._look_for_changes()
            await asyncio.wait_for(app.delivery.idle(), LONGEST_SECONDS)
            await pilot.pause()
        assert world.services.asked == 1


async def test_only_the_holder_of_the_lease_delivers(world: World) -> None:
    """Another process sends; when it has gone this one takes over."""
    world.connect()
    holder = Lease(world.paths.data / "queue.lock")
    assert holder.take()
    app = world.app()
    async with app.run_test() as pilot:
        app.mark(KEY, watched=True)
        await eventually(pilot, lambda: app.sync[0].waiting == 1)
        await asyncio.wait_for(app.delivery.idle(), LONGEST_SECONDS)
        await world.clock.advance(5)
        await pilot.pause()
        assert world.services.remote.facts == []
        holder.release()
        await world.clock.advance(5)
        await eventually(pilot, lambda: world.services.remote.facts)
        assert not app.delivery._lease.is_held or app.sync


async def test_a_sync_that_was_killed_is_over(world: World) -> None:
    """A new engine does not show what a dead process was doing."""
    world.connect()
    world.store.run_now(accounts.save_sync_state, 1, SyncState.SYNCING)
    app = world.app()
    async with app.run_test() as pilot:
        await eventually(pilot, lambda: app.sync[0].state is SyncState.IDLE)


async def test_a_held_fact_by_hand(world: World) -> None:
    """Retry and discard change the queue and the state."""
    world.connect()
    app = world.app()
    async with app.run_test() as pilot:
        world.services.remote.trouble = OfflineError("No network.")
        app.mark(KEY, watched=True)
        await eventually(pilot, lambda: app.sync[0].waiting == 1)
        (fact,) = await app.read_queue()
        assert (fact.row.key, fact.name) == (KEY, KEY)
        app.discard_row(fact.row.id)
        await eventually(pilot, lambda: app.sync[0].waiting == 0)
        assert await app.read_queue() == ()


async def test_trouble_with_a_mark_is_said(world: World) -> None:
    """Nothing that a key press starts may fail in silence."""
    app = world.app()
    async with app.run_test() as pilot:
        app.mark("nonsense", watched=True)
        await eventually(pilot, lambda: app.trouble)
        world.store.run_now(lambda c: c.execute("PRAGMA query_only = ON"))
        app.hide(KEY)
        await eventually(pilot, lambda: "cannot be written" in str(app.trouble))
        assert app.is_running


async def test_a_scan_fills_the_library_and_names_a_lost_folder(
    world: World, tmp_path: Path
) -> None:
    """The library fills, and a folder that is not there is said."""
    videos = tmp_path / "Videos"
    videos.mkdir()
    (videos / "Some Film (2001).mkv").write_bytes(b"x")
    app = world.app()
    app.settings = type(app.settings)(library=(str(videos), str(tmp_path / "gone")))
    async with app.run_test() as pilot:
        app.scan_library()
        await eventually(pilot, lambda: app.scan and not app.scan.running)
        assert app.scan is not None
        assert (app.scan.files_seen, app.scan.files_new) == (1, 1)
        assert len(app.scan.problems) == 1
        await eventually(pilot, lambda: app.library)
        assert [card.title for card in app.library] == ["Some Film"]


async def test_scrobbling_can_be_switched_off(world: World) -> None:
    """Then a viewing is told to nobody."""
    world.connect()
    app: EngineApp = world.app()
    async with app.run_test() as pilot:
        app.set_scrobbling("simkl", False)
        await eventually(pilot, lambda: not app.providers[0].scrobbling_enabled)
        app.play(world.film)
        await eventually(pilot, lambda: world.services.players and world.player.request)
        world.player.tell(10)
        await world.clock.advance(500)
        world.player.tell(500)
        await app.stop_playing()
        assert world.rows() == []
        assert world.store.run_now(queued.unsent_facts, 1) == 0
