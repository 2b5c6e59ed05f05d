"""The screen of one dodo steering the mpv of another: what a phone over SSH shows."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from textual.pilot import Pilot

from dodo_tui.clock import SystemClock
from dodo_tui.config import Settings
from dodo_tui.engine.parts import Parts
from dodo_tui.engine.services import RealServices
from dodo_tui.storage.profiles import active_profile
from dodo_tui.storage.settings import set_setting
from dodo_tui.tui.app import DodoApp
from dodo_tui.tui.look import Look
from tests.end_to_end.conftest import playing
from tests.end_to_end.test_control import series
from tests.support.cli import SAFETY_SECONDS, Dodo
from tests.support.clock import START
from tests.support.mpv import Mpv
from tests.support.waiting import LONGEST_SECONDS, until
from tests.tui.screens.support import FixedLookApp, lines, press


@asynccontextmanager
async def phone(dodo: Dodo) -> AsyncIterator[tuple[DodoApp, Pilot[None]]]:
    """Another dodo on the same machine, at 80x24; nothing may fail in it."""
    settings = Settings(watch_players=False)
    with dodo.store() as store:
        profile = store.run_now(active_profile, None, START)
        clock = SystemClock()
        services = RealServices(settings, dodo.paths, clock)
        parts = Parts(store, profile, settings, dodo.paths, services, clock)
        app = FixedLookApp(parts, Look.FULL)
        async with app.run_test(size=(80, 24)) as pilot:
            yield app, pilot
            assert app.mistakes == 0
            await app.stop_following()


async def seen(app: DodoApp, pilot: Pilot[None], *texts: str) -> str:
    """Wait until texts are on the screen."""
    screen = ""
    try:
        async with asyncio.timeout(LONGEST_SECONDS):
            while True:
                screen = "\n".join(lines(app))
                if all(text in screen for text in texts):
                    return screen
                await pilot.pause(0.05)
    except TimeoutError:
        raise AssertionError(f"never seen: {texts}\n{screen}") from None


async def until_mpv(mpv: Mpv, name: str, value: object) -> None:
    """Wait for a property of mpv."""
    await asyncio.to_thread(until, lambda: mpv.get(name) == value, f"{name} {value}")


async def test_it_opens_on_what_plays_and_steers_it(dodo: Dodo, film: str) -> None:
    """Nobody has to look for it; pause, seek and stop go through, and what mpv does is shown."""
    with playing(dodo, film) as viewing:
        viewing.mpv.reach(0.5)
        async with phone(dodo) as (app, pilot):
            await seen(app, pilot, "Big Buck Bunny", "/ 1:39")
            await press(pilot, "enter")
            await until_mpv(viewing.mpv, "pause", True)
            await seen(app, pilot, "II paused", "OK resume")
            await press(pilot, "right right")
            await seen(app, pilot, "+0:30 to ")
            await press(pilot, "enter")
            await asyncio.to_thread(until, lambda: viewing.mpv.position() > 28, "the jump")
            await seen(app, pilot, "0:3", "II paused")
            viewing.mpv.set("pause", False)
            await seen(app, pilot, "ends ", "OK pause")
            await press(pilot, "escape")
            await seen(app, pilot, "Continue Watching", "Now playing")
            assert app.now_playing is None
            assert viewing.mpv.get("pause") is False
            await press(pilot, "n")
            await seen(app, pilot, "Left/Right seek")
            await press(pilot, "down enter")
            await seen(app, pilot, "Continue Watching", "▌Big Buck Bunny")
            assert "Now playing" not in "\n".join(lines(app))
        assert viewing.end() == 0


async def test_leaving_the_phone_leaves_it_playing(dodo: Dodo, film: str) -> None:
    """The question says nothing about stopping, and nothing is stopped."""
    with playing(dodo, film) as viewing:
        viewing.mpv.reach(0.5)
        async with phone(dodo) as (app, pilot):
            await seen(app, pilot, "Left/Right seek")
            await press(pilot, "q")
            screen = await seen(app, pilot, "Leave dodo?")
            assert "will be stopped" not in screen
            await press(pilot, "enter")
        assert viewing.process.poll() is None
        viewing.mpv.quit()
        assert viewing.end() == 0


async def test_the_offer_is_answered_from_the_phone(dodo: Dodo, clip: Path, tmp_path: Path) -> None:
    """The same countdown in both places; OK here begins it there."""
    first, second = series(dodo, clip, tmp_path / "Videos", 1, 2)
    with dodo.store() as store:
        store.run_now(set_setting, "autoplay_countdown_seconds", "60")
    with playing(dodo, first) as viewing:
        viewing.mpv.reach(0.5)
        async with phone(dodo) as (app, pilot):
            await seen(app, pilot, "Pioneer One  S1 E1", "Next, S1 E2")
            viewing.mpv.seek(96)
            await seen(app, pilot, "Next: Pioneer One S1 E2 in", "Down next")
            await press(pilot, "down enter")
            await until_mpv(viewing.mpv, "path", second)
            await seen(app, pilot, "Pioneer One  S1 E2", "Previous, S1 E1")
            viewing.process.kill()
            viewing.process.wait(SAFETY_SECONDS)
            await seen(app, pilot, "Continue Watching")
