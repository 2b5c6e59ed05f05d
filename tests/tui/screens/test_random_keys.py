"""Any sequence of keys, on a remote or a keyboard."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from textual.containers import ScrollableContainer
from textual.pilot import Pilot
from textual.widget import Widget

from dodo_tui.domain.queue import QueueKind
from dodo_tui.tui.app import DodoApp
from dodo_tui.tui.keys import Direction
from dodo_tui.tui.nav.screen import NavScreen
from dodo_tui.tui.nav.zones import Zone
from dodo_tui.tui.widgets.cursor import CursorZone
from tests.tui.screens.support import World, keys, running
from tests.tui.widgets.support import press

REMOTE = ("up", "down", "left", "right", "enter", "escape")
KEYBOARD = (*REMOTE, "backspace", "ctrl+j", "space", "m", "p", "n", "h", "i", "u", "y", "l", "s",
            "tab", "shift+tab", "pageup", "pagedown", "home", "end", "[", "A", "~")  # fmt: skip

MANY = settings(
    max_examples=5,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    database=None,
    phases=(Phase.explicit, Phase.generate),  # a walk takes seconds: shrinking one takes minutes
)


SIZES = ((80, 24), (120, 40), (240, 67), (50, 20), (20, 5), (60, 18))


def check_focus(app: DodoApp, pressed: object) -> None:
    """Something is in focus, it is shown, and where its cursor is can be seen."""
    focused = app.screen.focused
    assert focused is not None, (pressed, app.screen)
    assert focused.display
    assert focused.region.area, (pressed, app.screen, focused)
    window = app.screen.region
    pane = next((n for n in focused.ancestors if isinstance(n, ScrollableContainer)), None)
    if pane is not None:
        window = window.intersection(pane.region)
    looked_at = focused.cursor_region if isinstance(focused, Zone) else focused.region
    seen_part = looked_at.intersection(window)
    assert seen_part.width and seen_part.height, (pressed, app.screen, focused, looked_at, window)


async def walk(world: World, pressed: list[str], start: str = "") -> None:
    """Press keys and resize; after each, the focus can be seen and nothing has failed."""
    async with running(world) as (app, pilot):
        await press(pilot, start)
        for key in pressed:
            if key.startswith("size"):
                await pilot.resize_terminal(*SIZES[int(key[-1])])
                await pilot.pause()
            else:
                await press(pilot, [key])
            if app._exit:
                return
            await pilot.pause()
            check_focus(app, (start, pressed))


STARTS = ("", "l", "y", "u", "s", "i", "n", "w", "f1", "m", "right m down down enter", "l enter")
"""Keys that lead to a screen."""


@pytest.mark.parametrize("start", STARTS)
@settings(MANY, max_examples=2)
@given(
    pressed=st.lists(
        st.sampled_from((*REMOTE, *REMOTE, *(f"size{n}" for n in range(len(SIZES))))),
        min_size=6,
        max_size=14,
    )
)
async def test_from_any_screen_in_any_size(world: World, start: str, pressed: list[str]) -> None:
    """Six keys and a window that changes, beginning on every screen."""
    await walk(world, pressed, start)


@pytest.mark.parametrize("size", SIZES[:3])
@pytest.mark.parametrize("start", STARTS)
async def test_arrows_reach_everything_and_back_leads_out(
    world: World, start: str, size: tuple[int, int]
) -> None:
    """From where a screen opens, arrows alone lead to every zone and back; Back leads to Home."""
    async with running(world, size) as (app, pilot):
        await press(pilot, start)
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, NavScreen)
        for worker in [each for each in app.workers if each.group == "fill"]:
            await worker.wait()
        await pilot.pause()
        first = screen.focused
        assert first is not None
        links = {zone: await leads_to(screen, zone, pilot) for zone in list(screen.focus_chain)}
        everything = set(links)
        assert reached(first, links) == everything, (start, size)
        assert all(first in reached(zone, links) for zone in everything), (start, size)
        for _ in range(12):
            if app.screen is app.screen_stack[0] and len(app.screen_stack) == 1:
                break
            await press(pilot, "escape")
        assert len(app.screen_stack) == 1, (start, size)


async def leads_to(screen: NavScreen[object], zone: Widget, pilot: Pilot[None]) -> set[Widget]:
    """The zones that arrows lead to from either end of a zone."""
    found: set[Widget] = set()
    for at_end in (False, True):
        for direction in Direction:
            screen.focus_zone(zone)
            if isinstance(zone, CursorZone):
                zone.to_end() if at_end else zone.to_start()
            for _ in range(200):
                if screen.focused is not zone:
                    break
                before = zone.cursor_region if isinstance(zone, Zone) else None
                zone.action_go(direction.value) if isinstance(zone, Zone) else None
                if isinstance(zone, Zone) and zone.cursor_region == before:
                    break
            if screen.focused is not None and screen.focused is not zone:
                found.add(screen.focused)
    return found


def reached(start: Widget, links: dict[Widget, set[Widget]]) -> set[Widget]:
    """What can be reached over links."""
    found, ahead = {start}, [start]
    while ahead:
        for zone in links.get(ahead.pop(), set()) - found:
            found.add(zone)
            ahead.append(zone)
    return found & set(links)


@MANY
@given(pressed=st.lists(st.sampled_from(REMOTE), min_size=8, max_size=20))
async def test_the_remote_never_loses_the_focus(world: World, pressed: list[str]) -> None:
    """Six keys in any order."""
    if world.store.run_now(_count_accounts) == 0:
        world.connect()
        world.queue(world.identify("The Matrix", "tt0133093"), QueueKind.PROGRESS)
    await walk(world, pressed)


@MANY
@given(pressed=st.lists(st.sampled_from(KEYBOARD), min_size=8, max_size=20))
async def test_a_keyboard_never_loses_the_focus(world: World, pressed: list[str]) -> None:
    """Every key that means something, and some that mean nothing."""
    await walk(world, pressed)


def _count_accounts(connection: object) -> int:
    return int(connection.execute("SELECT count(*) FROM account").fetchone()[0])  # type: ignore[attr-defined]


@pytest.mark.parametrize("ok", ["enter", "ctrl+j", "space"])
@pytest.mark.parametrize("back", ["escape", "backspace"])
async def test_other_keys_for_ok_and_back(world: World, ok: str, back: str) -> None:
    """Terminals and remotes send different keys for OK and Back: all mean the same."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, f"up up right right right {ok}", "About")
        await keys(app, pilot, ok, "Integrations", "[ Connect ]", "Back to Settings")
        await keys(app, pilot, f"{back} {back}", "Continue Watching")
        await keys(app, pilot, f"{back} {back} {back}", "Leave dodo?")
        await keys(app, pilot, back, "Back leave")


async def test_a_broken_arrow_does_nothing(world: World) -> None:
    """A split escape sequence arrives as Esc, `[` and a letter: at worst a question is open."""
    async with running(world) as (app, pilot):
        for letter in "ABCD":
            await press(pilot, ["escape", "[", letter])
        await keys(app, pilot, "h", "▌Inception")
        assert app.now_playing is None
        assert len(app.continue_watching) == 2
