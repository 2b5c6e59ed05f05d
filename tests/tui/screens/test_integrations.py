"""Integrations and the sign-in, by six keys."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

import pytest
from textual.pilot import Pilot
from textual.widget import Widget

from dodo_tui.demo.app import Guide
from dodo_tui.demo.tour import Progress, step
from dodo_tui.domain.account import Account, Tokens, User
from dodo_tui.domain.status import SyncState
from dodo_tui.providers.errors import MisconfiguredError
from dodo_tui.providers.sign_in import CodeExpired, CodeShown, SignedIn, StillWaiting
from dodo_tui.storage.accounts import connect_account, save_sync_state
from dodo_tui.storage.database import transaction
from dodo_tui.storage.synclog import log_sync
from dodo_tui.tracking.undo import Before, keep_before
from dodo_tui.tui.app import DodoApp
from dodo_tui.tui.face.unmeant_keys import MOVED_SECONDS
from dodo_tui.tui.stylesheets import stylesheet
from dodo_tui.tui.widgets.qr import QrCode
from tests.tui.screens.support import (
    FixedLookApp,
    World,
    device_code,
    gone,
    keys,
    press,
    running,
    seen,
    set_cursors,
    until,
)

TO_INTEGRATIONS = "up up right right right enter enter"


async def to_sign_in(app: DodoApp, pilot: Pilot[None]) -> None:
    """From Home to the sign-in, by the remote alone."""
    await keys(app, pilot, TO_INTEGRATIONS, "Integrations", "[ Connect ]")
    await keys(app, pilot, "enter", "Connect Simkl", "Asking Simkl for a code.")


async def test_sign_in_shows_code_and_address_as_plain_text(world: World) -> None:
    """The address and the code stand on one line each, besides the big letters."""
    async with running(world) as (app, pilot):
        await to_sign_in(app, pilot)
        world.services.simkl.steps.put_nowait(CodeShown(device_code(world)))
        screen = await seen(app, pilot, "Waiting for you. The code is good for 15:00.")
        assert "simkl.com/pin" in [line[:40].strip() for line in screen.splitlines()]
        assert "AB12C" in [line[:40].strip() for line in screen.splitlines()]
        assert "███   ████    █   ████    ████" in screen
        assert "[ Keep waiting ]" in screen
        assert app.screen.query_one(QrCode).display


async def test_a_long_code_makes_room_for_the_picture(world: World) -> None:
    """In 80 columns: narrower letters beside the QR code, the code in it if that fits, too."""
    async with running(world) as (app, pilot):
        await to_sign_in(app, pilot)
        trakt = replace(
            device_code(world, "5055CC52"),
            address="https://auth.trakt.tv/activate",
            direct_address="https://auth.trakt.tv/activate/5055CC52",
        )
        world.services.simkl.steps.put_nowait(CodeShown(trakt))
        screen = await seen(app, pilot, "Waiting for you.")
        assert "5055CC52" in [line[:40].strip() for line in screen.splitlines()]
        assert "████  ██  " in screen
        qr = app.screen.query_one(QrCode)
        assert (qr.display, qr.content) == (True, trakt.address)
        await pilot.resize_terminal(120, 40)
        await until(app, pilot, lambda _: qr.content == trakt.direct_address, "the code in it")
        assert qr.display
        await seen(app, pilot, "█████   ███ ")
        await pilot.resize_terminal(80, 20)
        await until(app, pilot, lambda _: not qr.display, "no QR code")
        await seen(app, pilot, "█████   ███ ", "[ Keep waiting ]")


@pytest.mark.parametrize(
    "size", [(40, 12), (42, 14), (80, 12), (80, 14), (80, 16), (80, 17), (60, 20)]
)
async def test_code_and_buttons_are_seen_on_every_screen(
    world: World, size: tuple[int, int]
) -> None:
    """However small: the address, the code once at least, how long it is good for, the buttons."""
    async with running(world, size) as (app, pilot):
        await keys(app, pilot, "i enter", "Asking Simkl")
        world.services.simkl.steps.put_nowait(CodeShown(device_code(world, "5055CC52")))
        await seen(app, pilot, "simkl.com/pin", "5055CC52", "Waiting for you.", "[ Keep waiting ]")


class TourApp(FixedLookApp):
    """The face with the box of the tour, as long as it ever is."""

    CSS_PATH = stylesheet("tokens", "widgets", "home", "guide")

    def extras(self) -> tuple[Widget, ...]:
        """The guide."""
        return (Guide(),)

    def guide(self, guide: Guide) -> None:
        """What its first step says."""
        guide.say(f"Tour 1 of 6: {step(Progress()).text}", offline=False)


@pytest.mark.parametrize("size", [(80, 24), (60, 24), (100, 30)])
async def test_the_tour_pushes_nothing_off_the_screen(
    world: World, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is in focus is seen above its box, on the way through the sign-in."""
    monkeypatch.setattr(world, "app", lambda look: TourApp(world.parts(), look))
    async with running(world, size) as (app, pilot):
        await keys(app, pilot, "i enter", "Asking Simkl", "Tour 1 of 6", "[ Keep waiting ]")
        steps = world.services.simkl.steps
        steps.put_nowait(CodeShown(device_code(world, "5055CC52")))
        await seen(app, pilot, "simkl.com/pin", "5055CC52", "Waiting for you.", "[ Keep waiting ]")
        steps.put_nowait(SignedIn(Tokens("secret")))
        await seen(app, pilot, "[ Done ]")
        await keys(app, pilot, "enter", "First sync", "[ Try again ]")


async def test_sign_in_counts_down(world: World) -> None:
    """The sentence says how long the code is good for, from the app's clock."""
    async with running(world) as (app, pilot):
        await to_sign_in(app, pilot)
        world.services.simkl.steps.put_nowait(CodeShown(device_code(world)))
        await seen(app, pilot, "good for 15:00.")
        world.clock.advance(28)
        await seen(app, pilot, "good for 14:32.")


async def test_an_ok_too_many_does_not_lose_the_code(world: World) -> None:
    """While it waits OK does nothing; New code and Cancel stand beside it."""
    async with running(world) as (app, pilot):
        await to_sign_in(app, pilot)
        await keys(app, pilot, "enter", "Asking Simkl")
        world.services.simkl.steps.put_nowait(CodeShown(device_code(world)))
        await seen(app, pilot, "AB12C", "[ Keep waiting ]  New code    Cancel", "OK keep waiting")
        await keys(app, pilot, "enter enter", "AB12C", "Waiting for you.")
        await keys(app, pilot, "right right", "[ Cancel ]")
        await keys(app, pilot, "enter", "Integrations", "Not connected.")


async def test_sign_in_goes_on_through_trouble(world: World) -> None:
    """While Simkl is away the code stays, and a sentence says that dodo keeps trying."""
    async with running(world) as (app, pilot):
        await to_sign_in(app, pilot)
        steps = world.services.simkl.steps
        code = device_code(world)
        steps.put_nowait(CodeShown(code))
        steps.put_nowait(StillWaiting(code, "Simkl cannot be reached."))
        await seen(app, pilot, "Simkl cannot be reached. dodo keeps trying.", "AB12C")
        steps.put_nowait(StillWaiting(code))
        await seen(app, pilot, "Waiting for you.", "AB12C")


async def test_expired_code_can_be_asked_for_again(world: World) -> None:
    """A code that has run out says so, and Try again brings a new one."""
    async with running(world) as (app, pilot):
        await to_sign_in(app, pilot)
        steps = world.services.simkl.steps
        steps.put_nowait(CodeShown(device_code(world)))
        await seen(app, pilot, "AB12C")
        steps.put_nowait(CodeExpired())
        await seen(app, pilot, "The code has run out.", "[ Try again ]")
        await keys(app, pilot, "enter", "Asking Simkl for a code.")
        steps.put_nowait(CodeShown(device_code(world, "XY9Z8")))
        await seen(app, pilot, "XY9Z8", "Waiting for you.")


async def test_failed_sign_in_says_why(world: World) -> None:
    """A refused client id is one sentence, with Try again in focus and the way out beside it."""
    async with running(world) as (app, pilot):
        await to_sign_in(app, pilot)
        world.services.simkl.steps.put_nowait(
            MisconfiguredError("Simkl does not accept this client id.")
        )
        await seen(app, pilot, "Simkl does not accept this client id.", "[ Try again ]")
        await keys(app, pilot, "right enter", "Integrations", "[ Connect ]")


async def test_connected_sign_in_shows_everywhere(world: World) -> None:
    """Signed in, the screen says as whom; Integrations and Home follow."""
    async with running(world) as (app, pilot):
        await to_sign_in(app, pilot)
        steps = world.services.simkl.steps
        steps.put_nowait(CodeShown(device_code(world)))
        steps.put_nowait(SignedIn(Tokens("secret")))
        screen = await seen(app, pilot, "Connected as Anna.", "[ Done ]", "Back leave")
        assert "AB12C" not in screen
        await keys(app, pilot, "enter", "First sync", "It can be undone later")
        await keys(app, pilot, "escape", "Integrations", "Connected as Anna.", "[ First sync ]")
        await keys(app, pilot, "escape escape", "Continue Watching")
        await gone(app, pilot, "not connected")


async def test_after_the_first_sync_one_stands_where_one_began(world: World) -> None:
    """In the section of the provider, on what does no harm."""
    world.services.simkl.trouble = None
    async with running(world) as (app, pilot):
        await to_sign_in(app, pilot)
        steps = world.services.simkl.steps
        steps.put_nowait(CodeShown(device_code(world)))
        steps.put_nowait(SignedIn(Tokens("secret")))
        await seen(app, pilot, "[ Done ]")
        await keys(app, pilot, "enter", "[ Merge ]")
        world.clock.advance(MOVED_SECONDS)
        await keys(app, pilot, "enter", "Connected as Anna.", "[ Sync now ]  Disconnect", "● up to")
        row = app.screen.focused
        assert row is not None
        assert row.id == "simkl-buttons"


async def test_integrations_opens_on_what_does_no_harm(world: World) -> None:
    """Of an account that is synced: a second OK pressed by mistake must not disconnect it."""
    account = world.connect()
    world.store.run_now(set_cursors, account.id)
    async with running(world) as (app, pilot):
        await keys(app, pilot, TO_INTEGRATIONS, "[ Sync now ]  Disconnect")


async def test_the_indicator_leads_to_the_provider_that_is_in_trouble(world: World) -> None:
    """Not to the first one, which stands well."""
    world.settings = replace(world.settings, trakt_client_id="id", auto_sync=False)
    simkl = world.connect()
    trakt = world.store.run_now(
        connect_account, world.profile.id, "trakt", User("8", "Anna"), world.clock.now()
    )
    for account in (simkl, trakt):
        world.store.run_now(set_cursors, account.id)
    world.store.run_now(save_sync_state, trakt.id, SyncState.ERROR, "Trakt is broken.")
    async with running(world) as (app, pilot):
        await keys(app, pilot, "up enter", "Trakt is broken.", "[ Sync now ]")
        row = app.screen.focused
        assert row is not None
        assert row.id == "trakt-buttons"


async def test_back_cancels_a_sign_in(world: World) -> None:
    """Back leaves the sign-in, and nothing is kept or goes on."""
    async with running(world) as (app, pilot):
        await to_sign_in(app, pilot)
        world.services.simkl.steps.put_nowait(CodeShown(device_code(world)))
        await seen(app, pilot, "AB12C", "Back cancel")
        await keys(app, pilot, "escape", "Not connected.")
        assert app.sign_in is None
        assert not list(world.paths.data.glob("*.token"))


async def test_disconnect_asks_and_stays_connected_by_default(world: World) -> None:
    """Disconnect says what happens to what waits; OK alone changes nothing."""
    world.connect()
    world.queue(world.identify("The Matrix", "tt0133093"))
    async with running(world) as (app, pilot):
        await keys(app, pilot, TO_INTEGRATIONS, "[ First sync ]")
        await keys(app, pilot, "right enter", "Disconnect from Simkl?", "[ Stay connected ]")
        await keys(app, pilot, "enter", "Connected as Anna.")
        await keys(app, pilot, "enter left enter", "Not connected.", "[ Connect ]")


async def test_switch_stops_telling(world: World) -> None:
    """The switch turns scrobbling off and on."""
    world.connect()
    async with running(world) as (app, pilot):
        await keys(app, pilot, TO_INTEGRATIONS, "[x] Tell Simkl")
        await keys(app, pilot, "down", "OK turn off")
        await keys(app, pilot, "enter", "[ ] Tell Simkl", "OK turn on")
        await keys(app, pilot, "enter", "[x] Tell Simkl")


async def test_without_a_client_id_it_says_what_to_set(new_world: World) -> None:
    """Nothing to connect with: the variable and the place to get it, and no dead button."""
    async with running(new_world) as (app, pilot):
        screen = await keys(app, pilot, "i", "DODO_SIMKL_CLIENT_ID", "simkl.com/settings/developer")
        assert "Connect ]" not in screen
        assert "Sync now" not in screen
        assert "[ Set up ]" in screen
        assert "Queue" in screen


@pytest.mark.parametrize("size", [(80, 24), (80, 14), (120, 40)])
async def test_the_way_to_a_client_id_is_shown_step_by_step(
    new_world: World, size: tuple[int, int]
) -> None:
    """Six keys lead through it; the address is text, and a QR code where that fits."""
    async with running(new_world, size) as (app, pilot):
        await keys(app, pilot, "i enter", "Set up Simkl", "▌ 1  On a phone", "Back to Integrations")
        for text in ("simkl.com/settings/developer", "TV, devices", 'simkl_client_id = "..."'):
            await keys(app, pilot, "down", text)
        qr = app.screen.query_one(QrCode)
        assert qr.display is (size[1] > 20)
        assert qr.content == "https://simkl.com/settings/developer"
        await keys(app, pilot, "end", "Start dodo again")
        await keys(app, pilot, "escape", "▌ 1  On a phone")
        await keys(app, pilot, "escape", "[ Set up ]")
        await keys(app, pilot, "down", "DODO_TRAKT_CLIENT_ID", "[ Set up ]")
        await keys(app, pilot, "enter", "Set up Trakt", "developer.trakt.tv/apps/new")
        await keys(app, pilot, "end up", "trakt_client_secret")


async def test_a_long_line_of_the_log_can_be_read(world: World) -> None:
    """All of it, with OK; Back leads back to it."""
    account = world.connect()
    world.store.run_now(set_cursors, account.id)
    words = "Simkl says that this and that could not be done for many reasons: " + "because " * 30
    world.store.run_now(log_sync, world.profile.id, f"{words}here it ends", world.clock.now())
    async with running(world) as (app, pilot):
        screen = await keys(app, pilot, "i end end", "Simkl says that this and that")
        assert "here it ends" not in screen
        while "OK read" not in screen:
            screen = await keys(app, pilot, "down", "Back")
        await keys(app, pilot, "enter", "here it ends", "just now", "[ Close ]", "OK close")
        await keys(app, pilot, "enter", "OK read")


async def test_after_an_undo_nothing_dangerous_is_in_focus(world: World) -> None:
    """The button is gone, and the one beside it is Disconnect: the focus goes further."""
    account = world.connect()
    world.store.run_now(set_cursors, account.id)
    world.store.run_now(_keep, account, world)
    async with running(world) as (app, pilot):
        await keys(app, pilot, TO_INTEGRATIONS, "[ Sync now ]")
        await keys(app, pilot, "right right enter", "Undo the sync with Simkl?", "[ Keep ]")
        await press(pilot, "left enter")
        await gone(app, pilot, "Undo sync")
        screen = await seen(app, pilot, "Disconnect")
        assert "[ Disconnect ]" not in screen
        assert "[ Sync now ]" in screen


async def test_what_can_be_connected_is_named(world: World) -> None:
    """Not the first provider there is, but those that have a client id."""
    world.settings = replace(world.settings, simkl_client_id=None, trakt_client_id="id")
    async with running(world) as (app, pilot):
        await seen(app, pilot, "Trakt  - not connected")
    world.settings = replace(world.settings, simkl_client_id="id")
    async with running(world) as (app, pilot):
        await seen(app, pilot, "Simkl, Trakt  - not connected")
    world.settings = replace(world.settings, simkl_client_id=None, trakt_client_id=None)
    async with running(world) as (app, pilot):
        await seen(app, pilot, "Simkl, Trakt  - not set up")


async def test_another_process_connects_this_screen(world: World) -> None:
    """`dodo connect simkl` over SSH turns the television's screen to connected."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, TO_INTEGRATIONS, "[ Connect ]")
        world.connect()
        await app.refresh_state()
        await seen(app, pilot, "Connected as Anna.")


async def test_sync_now_asks_what_a_first_sync_may_do(world: World) -> None:
    """Who connected elsewhere has not been asked yet: the key for a sync does, from any screen."""
    world.connect()
    async with running(world) as (app, pilot):
        await seen(app, pilot, "not synced yet")
        await keys(app, pilot, "r", "First sync", "Not now")
        await keys(app, pilot, "r", "Not now")
        await keys(app, pilot, "escape", "Continue Watching", "not synced yet")


async def test_undo_is_offered_where_there_is_something_to_undo(world: World) -> None:
    """And an account that was never synced does not say when it last was."""
    account = world.connect()
    now = world.clock.now()
    world.store.run_now(save_sync_state, account.id, SyncState.IDLE, None, now)
    async with running(world) as (app, pilot):
        screen = await keys(app, pilot, TO_INTEGRATIONS, "[ First sync ]")
        assert "just now" not in screen
        world.store.run_now(set_cursors, account.id)
        await app.refresh_state()
        screen = await seen(app, pilot, "up to date, just now")
        assert "Undo sync" not in screen
        assert "Last synced" not in screen  # that was said
        world.store.run_now(_keep, account, world)
        await app.refresh_state()
        await seen(app, pilot, "Undo sync")


def _keep(connection: sqlite3.Connection, account: Account, world: World) -> None:
    with transaction(connection, durable=False):
        keep_before(connection, account, Before.REMOVAL, [], world.clock.now())
