"""Posters are fetched one at a time, once and for all, and given up politely."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from dodo_tui.engine.app import EngineApp
from dodo_tui.providers.errors import OfflineError, ProviderError, RejectedError
from tests.engine.conftest import World
from tests.engine.support import LONGEST_SECONDS
from tests.support.pictures import plain_png


class ScriptedPosters:
    """Answers with a picture, or as a test says; notices two requests at once."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.trouble: dict[str, ProviderError] = {}
        self.closed = 0
        self.busy = False

    async def fetch(self, fragment: str) -> bytes:
        """A poster."""
        assert not self.busy
        self.busy = True
        self.asked.append(fragment)
        self.busy = False
        if error := self.trouble.get(fragment) or self.trouble.get("all"):
            raise error
        return plain_png()

    async def close(self) -> None:
        """Count it."""
        self.closed += 1


def scripted(world: World) -> ScriptedPosters:
    """A world with posters."""
    posters = ScriptedPosters()
    world.services.posters = posters
    return posters


async def fetched(app: EngineApp, world: World, *fragments: str) -> None:
    """Want them, and let time pass in small steps until the worker has ended."""
    app.want_pictures(fragments)
    async with asyncio.timeout(LONGEST_SECONDS):
        while any(worker.group == "posters" and not worker.is_finished for worker in app.workers):
            await world.clock.advance(0.5)
            await asyncio.sleep(0)


async def test_the_last_wanted_comes_first_and_all_are_kept(world: World) -> None:
    """What is on the screen now was asked for last."""
    posters = scripted(world)
    app = world.app()
    async with app.run_test():
        await fetched(app, world, "1/a", "2/b", "3/c")
        assert posters.asked == ["3/c", "2/b", "1/a"]
        assert app.pictures == 3
        assert posters.closed == 1
        assert all(app.picture_cache.has(name) for name in posters.asked)
        await fetched(app, world, "1/a", "4/d", "3/c")
        assert posters.asked == ["3/c", "2/b", "1/a", "4/d"], "no picture is fetched twice"


async def test_a_refusal_is_remembered(world: World) -> None:
    """For a month, over restarts."""
    posters = scripted(world)
    posters.trouble["1/a"] = RejectedError("There is no such picture.")
    app = world.app()
    async with app.run_test():
        await fetched(app, world, "1/a")
        await fetched(app, world, "1/a", "2/b")
        assert posters.asked == ["1/a", "2/b"]
        assert app.trouble is None
    other = world.app()
    async with other.run_test():
        await fetched(other, world, "1/a")
        assert posters.asked == ["1/a", "2/b"]
        await world.clock.advance(timedelta(days=31).total_seconds())
        await fetched(other, world, "1/a")
        assert posters.asked == ["1/a", "2/b", "1/a"]


async def test_without_network_it_soon_stops_and_says_nothing(world: World) -> None:
    """Three in a row that fail are enough; the same are let alone for an hour."""
    posters = scripted(world)
    posters.trouble["all"] = OfflineError("The picture server cannot be reached.")
    app = world.app()
    names = [f"1/{letter}" for letter in "abcdefgh"]
    async with app.run_test():
        await fetched(app, world, *names)
        assert posters.asked == ["1/h", "1/g", "1/f"]
        assert app.trouble is None and app.pictures == 0
        del posters.trouble["all"]
        await fetched(app, world, "1/h", "1/a")
        assert posters.asked[3:] == ["1/a"]
        await world.clock.advance(3601)
        await fetched(app, world, "1/h")
        assert posters.asked[4:] == ["1/h"]


async def test_a_slow_one_does_not_hold_up_the_others(world: World) -> None:
    """One failure among successes is only one."""
    posters = scripted(world)
    posters.trouble["2/b"] = OfflineError("too slow")
    app = world.app()
    async with app.run_test():
        await fetched(app, world, "1/a", "2/b", "3/c")
        assert app.pictures == 2


async def test_nowhere_to_fetch_from(world: World) -> None:
    """Then nothing is fetched."""
    app = world.app()
    async with app.run_test():
        await fetched(app, world, "1/a")
        assert app.pictures == 0


async def test_the_wish_is_remembered(world: World) -> None:
    """In the database, for the next start."""
    app = world.app()
    async with app.run_test():
        assert app.picture_wish is None
        app.keep_picture_wish("off")
        await app.workers.wait_for_complete(
            [worker for worker in app.workers if worker.group == "settings"]
        )
    assert world.app().picture_wish == "off"
