"""Posters are fetched one at a time, once and for all, and given up politely."""

from __future__ import annotations

import asyncio
import sqlite3
from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

from dodo_tui.domain.ids import Ids, Kind, MediaId
from dodo_tui.domain.media import Media
from dodo_tui.engine.app import EngineApp
from dodo_tui.providers.catalogue import TitleDetails
from dodo_tui.providers.errors import OfflineError, ProviderError, RejectedError
from dodo_tui.providers.items import TitleRef
from dodo_tui.storage.database import transaction
from dodo_tui.storage.media import find_media, save_media
from tests.engine.conftest import World
from tests.engine.support import LONGEST_SECONDS
from tests.support.clock import START
from tests.support.pictures import plain_png

LOCAL = "local:0123456789abcdef"


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
    """Want them, each for a title of its own, and wait."""
    app.want_posters((f"tt{fragment}", fragment) for fragment in fragments)
    await settled(app, world)


async def settled(app: EngineApp, world: World) -> None:
    """Let time pass in small steps until the worker has ended."""
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


def _save(connection: sqlite3.Connection, media: Media) -> None:
    with transaction(connection, durable=False):
        save_media(connection, media, START)


def film(world: World, media_id: str) -> None:
    """A film that somebody has identified."""
    parsed = MediaId.parse(media_id)
    media = Media(parsed, Kind.MOVIE, "Film", 2008, Ids.of(parsed))
    world.store.run_now(_save, media)


async def test_the_catalogue_says_which_poster_a_title_has(world: World) -> None:
    """It is asked once, for what is identified; what it says is kept, and the runtime with it."""
    posters = scripted(world)
    known = {"tt0133093": "12/matrix", "tt1254207": None}
    asked: list[str] = []

    async def details(title: TitleRef) -> TitleDetails | None:
        """What the catalogue says."""
        assert title.ids.imdb is not None
        asked.append(title.ids.imdb)
        media = Media(MediaId.parse(title.ids.imdb), title.kind, "Another name", 1900)
        poster = known[title.ids.imdb]
        return TitleDetails(replace(media, poster=poster, runtime_minutes=136))

    for media_id in (*known, LOCAL):
        film(world, media_id)
    app = world.app()
    with patch.object(world.services.remote, "details", details, create=True):
        async with app.run_test():
            for _ in range(2):
                app.want_posters(
                    [*((media_id, None) for media_id in known), ("local:0123456789abcdef", None)]
                )
                await settled(app, world)
    assert asked == ["tt1254207", "tt0133093"]
    assert posters.asked == ["12/matrix"]
    media = world.store.run_now(find_media, "tt0133093")
    assert media is not None
    assert (media.title, media.year, media.poster) == ("Film", 2008, "12/matrix")
    assert media.runtime_minutes == 136
    assert world.services.remote.closed >= 1
