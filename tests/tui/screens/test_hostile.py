"""Titles that try to be something else are plain text on every screen."""

from __future__ import annotations

import re
import sqlite3
from datetime import timedelta

import pytest
from rich.cells import cell_len

from dodo_tui.domain.cards import Candidate
from dodo_tui.domain.ids import Ids, Key, Kind, MediaId
from dodo_tui.domain.media import Episode, Media
from dodo_tui.domain.progress import Origin, Progress
from dodo_tui.storage import files, lookups
from dodo_tui.storage.database import transaction
from dodo_tui.storage.media import save_episodes, save_media
from dodo_tui.storage.plays import insert_manual_play
from dodo_tui.storage.progress import save_progress
from dodo_tui.tracking.viewing import new_play_id
from dodo_tui.tui.look import Look
from tests.tui.screens.support import World, keys, lines, press, running, seen
from tests.tui.widgets.support import HOSTILE

CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
FILMS = [f"tt00001{number:02}" for number in range(len(HOSTILE))]
SHOWS = [f"tt00002{number:02}" for number in range(len(HOSTILE))]
PLACES = ("m", "q", "i", "s", "l", "y", "u")


def write(connection: sqlite3.Connection, world: World, number: int, text: str) -> None:
    """A film and a series whose every word is hostile: begun, watched, unsure and waiting."""
    now = world.clock.now()
    film, show = FILMS[number], SHOWS[number]
    with transaction(connection, durable=False):
        for media_id, kind in ((film, Kind.MOVIE), (show, Kind.SHOW)):
            media = Media(MediaId.parse(media_id), kind, text, 2001, Ids(imdb=media_id))
            save_media(connection, media, now)
        episodes = [Key.episode(MediaId.parse(show), 1, number) for number in (1, 2)]
        save_episodes(connection, [Episode(key, text) for key in episodes])
        for key in (Key.parse(film), *episodes):
            path = world.folder / f"{key}.mkv"
            path.write_text("a film")
            files.save_file(
                connection,
                str(path),
                None,
                1,
                1,
                files.Match.SURE,
                files.DecidedBy.NAME,
                [key],
                now,
            )
            candidate = Candidate("tt0000003", Kind.MOVIE, text, 2002)
            lookups.save_candidates(connection, str(key.media_id), [candidate])
        profile = world.profile.id
        save_progress(connection, Progress(profile, film, 600.0, 6000.0, 0.1, now, Origin.IMPORT))
        watched, at = str(episodes[0]), now - timedelta(hours=1)
        insert_manual_play(connection, new_play_id(), profile, watched, Origin.IMPORT, at, at)
        save_progress(
            connection,
            Progress(profile, watched, 0.0, None, None, at, Origin.IMPORT, at, watched=True),
        )


@pytest.mark.parametrize("look", Look)
async def test_hostile_titles_are_text_everywhere(new_world: World, look: Look) -> None:
    """Every screen shows them: nothing raises, no escape passes, no line is too long."""
    world = new_world
    world.connect()
    for number, text in enumerate(HOSTILE):
        world.store.run_now(write, world, number, text)
        world.queue(FILMS[number])
    async with running(world, look=look) as (app, pilot):

        async def look_at_it() -> None:
            await pilot.pause()
            for line in lines(app):
                assert not CONTROLS.search(line)
                assert cell_len(line) <= 80

        for place in PLACES:
            await press(pilot, place)
            await look_at_it()
            await press(pilot, "pagedown end")
            await look_at_it()
            await press(pilot, "h")
        await press(pilot, "up up up up down")
        for _row in range(3):
            for _ in range(4):
                await press(pilot, "right right right")
                await look_at_it()
            await press(pilot, "m")
            await look_at_it()
            await press(pilot, "escape down")
        for media_id, text in zip((*FILMS, *SHOWS), (*HOSTILE, *HOSTILE), strict=True):
            app.trouble = text
            app.show_title(media_id)
            await seen(app, pilot, "Perhaps", "Back to Home")
            await look_at_it()
            await press(pilot, "escape")


@pytest.mark.parametrize("number", range(len(HOSTILE)))
async def test_hostile_titles_play(new_world: World, number: int) -> None:
    """A title is plain text while it plays, too."""
    new_world.store.run_now(write, new_world, number, HOSTILE[number])
    async with running(new_world) as (app, pilot):
        await keys(app, pilot, "enter", "10:00 / 1:40:00", "Left/Right seek")
        for line in lines(app):
            assert not CONTROLS.search(line)
            assert cell_len(line) <= 80


async def test_markup_is_shown_as_it_is(new_world: World) -> None:
    """Brackets in a title are brackets on Home, in its menu, on its page and while it plays."""
    text = "[red]not red[/] [REC] 2"
    new_world.store.run_now(write, new_world, 0, text)
    async with running(new_world, (120, 36)) as (app, pilot):
        assert text in await keys(app, pilot, "m", "Details")
        await keys(app, pilot, "down down enter", f"{text}   2001")
        await keys(app, pilot, "enter", text, "10:00 / 1:40:00")
