"""Any sequence of keys, on a remote or a keyboard."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dodo_tui.domain.queue import QueueKind
from tests.tui.screens.support import World, keys, press, running

REMOTE = ("up", "down", "left", "right", "enter", "escape")
KEYBOARD = (*REMOTE, "backspace", "ctrl+j", "space", "m", "p", "n", "h", "i", "u", "y", "l", "s",
            "tab", "shift+tab", "pageup", "pagedown", "home", "end", "[", "A", "~")  # fmt: skip

MANY = settings(
    max_examples=5,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    database=None,
)


async def walk(world: World, pressed: list[str]) -> None:
    """Press keys; after each, something is in focus and nothing has failed."""
    async with running(world) as (app, pilot):
        for key in pressed:
            await press(pilot, [key])
            if app._exit:
                return
            await pilot.pause()
            focused = app.screen.focused
            assert focused is not None, (pressed, app.screen)
            assert focused.display
            assert focused.region.area, (pressed, app.screen, focused)


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
