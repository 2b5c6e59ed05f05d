"""Posters on the screens: a tile at once, the picture later, and nothing ever moves for it."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest
from rich.color import Color
from textual.pilot import Pilot

from dodo_tui.providers.errors import RejectedError
from dodo_tui.storage.pictures import PictureCache
from dodo_tui.tui.app import DodoApp
from dodo_tui.tui.pictures import choice
from dodo_tui.tui.pictures.choice import Wish
from dodo_tui.tui.pictures.gallery import Gallery
from dodo_tui.tui.pictures.sixel_terminal import Paper
from dodo_tui.tui.screens.appearance import AppearanceScreen, pictures_row
from tests.support.pictures import plain_png
from tests.tui.screens.support import PATIENCE_SECONDS, HeldClock, World, keys, lines, press, seen

RED = (200, 30, 60)
TRUE_COLOUR = {"DODO_LOOK": "full", "TERM": "xterm-256color", "COLORTERM": "truecolor"}
SIZE = (120, 40)


class Posters:
    """Gives the same picture for every fragment, or what a test says."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.asked: list[str] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def fetch(self, fragment: str) -> bytes:
        """A picture, when the test lets it."""
        self.asked.append(fragment)
        await self.gate.wait()
        if not self.data:
            raise RejectedError("There is no such picture.")
        return self.data

    async def close(self) -> None:
        """Nothing to close."""


def give_posters(connection: sqlite3.Connection) -> None:
    """Every title has a poster."""
    connection.execute("UPDATE media SET poster = '14/' || replace(id, ':', '')")


@contextlib.asynccontextmanager
async def showing(
    world: World,
    posters: Posters | None = None,
    environment: Mapping[str, str] = TRUE_COLOUR,
    size: tuple[int, int] = SIZE,
) -> AsyncIterator[tuple[DodoApp, Pilot[None]]]:
    """The face in a terminal that can draw, over titles that have posters."""
    world.store.run_now(give_posters)
    world.services.posters = posters
    app = DodoApp(world.parts(), environment)
    async with app.run_test(size=size) as pilot:
        await seen(app, pilot, "Inception")
        yield app, pilot
        assert app.mistakes == 0


def red_cells(app: DodoApp) -> int:
    """How many cells on the screen are of the poster's colour."""
    red = Color.from_rgb(*RED)
    return sum(
        len(segment.text)
        for strip in app.screen._compositor.render_strips()
        for segment in strip
        if segment.style is not None and segment.style.bgcolor == red
    )


async def pictured(app: DodoApp, pilot: Pilot[None], least: int = 1) -> None:
    """Wait until posters are drawn."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while red_cells(app) < least:
            await moment(app, pilot)


async def moment(app: DodoApp, pilot: Pilot[None]) -> None:
    """Let the app run, and half a second pass: posters are fetched without haste."""
    assert isinstance(app.clock, HeldClock)
    app.clock.advance(0.5)
    await pilot.pause()


async def quiet(app: DodoApp, pilot: Pilot[None]) -> None:
    """Wait until nobody looks for posters any more."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (app.gallery is not None and app.gallery.is_looking) or any(
            worker.group in ("gallery", "posters") and not worker.is_finished
            for worker in app.workers
        ):
            await moment(app, pilot)
    await pilot.pause()


async def test_a_picture_takes_the_place_that_was_kept_for_it(world: World) -> None:
    """First the tile; then, without anything moving, the poster in the same cells."""
    posters = Posters(plain_png(RED))
    posters.gate.clear()
    async with showing(world, posters) as (app, pilot):
        tiles = lines(app)
        assert red_cells(app) == 0
        assert "BB" in "".join(tiles)
        posters.gate.set()
        await pictured(app, pilot)
        await quiet(app, pilot)
        assert len(set(posters.asked)) == len(posters.asked)
        for before, after in zip(tiles[2:], lines(app)[2:], strict=True):
            for old, new in zip(before, after, strict=True):
                assert old == new or (old.isalnum() and new == " ")


async def test_what_is_in_the_cache_needs_no_network(world: World) -> None:
    """The next start draws from the disk, and asks nobody."""
    cache = PictureCache(world.paths.cache / "posters")
    world.store.run_now(give_posters)
    for (fragment,) in world.store.run_now(
        lambda connection: connection.execute("SELECT poster FROM media").fetchall()
    ):
        cache.put(fragment, plain_png(RED))
    posters = Posters(b"")
    async with showing(world, posters) as (app, pilot):
        await pictured(app, pilot, 60)
        await quiet(app, pilot)
        assert posters.asked == []


@pytest.mark.parametrize(
    "data", [b"", plain_png()[:60], b"\xff\xd8\xff" + b"x" * 99], ids=["none", "cut", "no jpeg"]
)
async def test_what_is_no_picture_stays_a_tile(world: World, data: bytes) -> None:
    """Nobody is told, nothing breaks, and it is not asked for again."""
    posters = Posters(data)
    async with showing(world, posters, size=(120, 40)) as (app, pilot):
        await quiet(app, pilot)
        asked = len(posters.asked)
        assert asked > 0 and red_cells(app) == 0 and app.trouble is None
        app.revision += 1
        await quiet(app, pilot)
        await press(pilot, "down right up")
        await quiet(app, pilot)
        assert len(posters.asked) == asked


async def test_the_title_has_a_large_one(world: World) -> None:
    """From 120 columns on; a narrow screen keeps its words."""
    async with showing(world, Posters(plain_png(RED))) as (app, pilot):
        await keys(app, pilot, "m down down enter", "Resume at")
        await pictured(app, pilot, 400)
        await pilot.resize_terminal(80, 24)
        await seen(app, pilot, "Resume at")
        await quiet(app, pilot)
        assert red_cells(app) == 0


@pytest.mark.parametrize(
    "environment",
    [
        {**TRUE_COLOUR, "NO_COLOR": "1"},
        {**TRUE_COLOUR, "COLORTERM": ""},
        {**TRUE_COLOUR, "DODO_LOOK": "console"},
    ],
    ids=["no colour", "few colours", "console"],
)
async def test_elsewhere_cards_are_words(world: World, environment: dict[str, str]) -> None:
    """And nothing is fetched for nobody."""
    posters = Posters(plain_png(RED))
    async with showing(world, posters, environment) as (app, pilot):
        await quiet(app, pilot)
        assert app.gallery is None
        assert posters.asked == []


async def test_without_the_extra_cards_are_words(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pillow is not there."""
    monkeypatch.setattr(choice, "has_decoder", lambda: False)
    async with showing(world, Posters(plain_png(RED))) as (app, _pilot):
        assert app.gallery is None


async def test_pictures_can_be_switched_while_one_looks_on(world: World) -> None:
    """Off makes words of all cards at once, on brings the pictures back, and it is remembered."""
    async with showing(world, Posters(plain_png(RED))) as (app, pilot):
        await pictured(app, pilot)
        app.choose_pictures("off")
        await pilot.pause()
        assert red_cells(app) == 0 and app.gallery is None
        app.choose_pictures("auto")
        await pictured(app, pilot)
        app.choose_pictures("off")
        await app.workers.wait_for_complete([w for w in app.workers if w.group == "settings"])
    async with showing(world, Posters(plain_png(RED))) as (app, _pilot):
        assert app.gallery is None


async def test_kitty_is_sent_each_picture_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before its characters are drawn, and anew after the terminal was another's."""
    sent: list[str] = []
    monkeypatch.setattr(DodoApp, "write_to_terminal", lambda _app, text: sent.append(text))
    environment = {**TRUE_COLOUR, "TERM": "xterm-ghostty"}
    async with showing(world, Posters(plain_png(RED)), environment) as (app, pilot):
        async with asyncio.timeout(PATIENCE_SECONDS):
            while "\U0010eeee" not in "".join(lines(app)):
                await pilot.pause()
        await quiet(app, pilot)
        first = len(sent)
        assert first > 0 and all(text.startswith("\x1b_G") for text in sent)
        await press(pilot, "down up down up")
        await quiet(app, pilot)
        assert len(sent) == first
        assert app.gallery is not None
        app.gallery.forget()
        await quiet(app, pilot)
        async with asyncio.timeout(PATIENCE_SECONDS):
            while len(sent) < 2 * first:
                await pilot.pause()


def kitty_colours(app: DodoApp) -> set[str]:
    """The pictures of kitty's that are on the screen, by their colours."""
    return {
        segment.style.color.name
        for strip in app.screen._compositor.render_strips()
        for segment in strip
        if "\U0010eeee" in segment.text and segment.style and segment.style.color
    }


async def test_kittys_pictures_stay_below_a_question(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is below is dark, but a picture's colour is its number."""
    monkeypatch.setattr(DodoApp, "write_to_terminal", lambda _app, _text: None)
    environment = {**TRUE_COLOUR, "TERM": "xterm-ghostty"}
    async with showing(world, Posters(plain_png(RED)), environment) as (app, pilot):
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not kitty_colours(app):
                await moment(app, pilot)
        await quiet(app, pilot)
        before = kitty_colours(app)
        await keys(app, pilot, "q", "Leave dodo?")
        assert kitty_colours(app) <= before
        assert kitty_colours(app)


async def test_what_was_sent_is_taken_away_when_pictures_are_drawn_otherwise(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A terminal need not keep pictures that nobody shows any more."""
    sent: list[str] = []
    monkeypatch.setattr(DodoApp, "write_to_terminal", lambda _app, text: sent.append(text))
    environment = {**TRUE_COLOUR, "TERM": "xterm-ghostty"}
    async with showing(world, Posters(plain_png(RED)), environment) as (app, pilot):
        await quiet(app, pilot)
        came = [text for text in sent if "a=T" in text]
        assert came
        app.choose_pictures("blocks")
        await quiet(app, pilot)
        assert len([text for text in sent if "a=d" in text]) == len(came)
        assert len(sent) == 2 * len(came)


async def test_a_window_that_is_pulled_about_is_measured_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When it has stayed as it is for a moment."""
    measured: list[tuple[int, int]] = []
    async with showing(world, Posters(plain_png(RED))) as (app, pilot):
        await quiet(app, pilot)

        async def measure(_gallery: Gallery) -> None:
            measured.append(app.size)

        monkeypatch.setattr(Gallery, "measure_again", measure)
        assert isinstance(app.clock, HeldClock)
        app.clock.advance(60)
        await pilot.pause()
        measured.clear()
        for width in range(121, 126):
            await pilot.resize_terminal(width, 40)
        assert measured == []
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not measured:
                await moment(app, pilot)
        await moment(app, pilot)
        assert measured == [(125, 40)]


async def test_pictures_are_chosen_under_appearance(world: World) -> None:
    """By the terminal, in the way it can, off and round again; Home is as it says."""
    async with showing(world, Posters(plain_png(RED))) as (app, pilot):
        app.push_screen(AppearanceScreen())
        await seen(app, pilot, "Pictures", "by the terminal (drawn)")
        await press(pilot, "end")
        await keys(app, pilot, "enter", "▌ Pictures", "blocks of colour")
        await keys(app, pilot, "enter", " off")
        assert app.gallery is None
        await keys(app, pilot, "enter", "by the terminal (drawn)")
        assert app.picture_wish == "auto"


@pytest.mark.parametrize(("version", "offers"), [("0.26.5", False), ("0.42.1", True)])
async def test_a_kitty_is_asked_for_its_age_before_it_is_offered(
    world: World, tmp_path: Path, version: str, offers: bool
) -> None:
    """One that is too old would show rubbish."""
    program = tmp_path / "kitty"
    program.write_text(f"#!/bin/sh\necho kitty {version}\n")
    program.chmod(0o700)
    kitty = {**TRUE_COLOUR, "TERM": "xterm-kitty", "PATH": f"{tmp_path}:/bin:/usr/bin"}
    async with showing(world, environment=kitty) as (app, _):
        assert (Wish.KITTY in await app.offered_pictures()) is offers


async def test_what_the_user_says_is_not_what_the_terminal_says(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sixel that was wished for is not offered for that where the terminal does not claim it."""

    async def claimed(_app: DodoApp, is_sure: bool) -> Paper | None:
        return Paper(10, 20, 256) if is_sure else None

    monkeypatch.setattr(DodoApp, "_ask_for_paper", claimed)
    async with showing(world) as (app, _):
        app.choose_pictures(Wish.SIXEL)
        assert app.gallery is not None
        assert await app.find_paper() is not None
        assert Wish.SIXEL not in await app.offered_pictures()


@pytest.mark.parametrize(
    ("given", "installed", "words"),
    [
        (True, True, "DODO_PICTURES says so"),
        (False, False, "not installed"),
        (True, False, "not installed"),
    ],
)
def test_what_cannot_be_chosen_says_why(given: bool, installed: bool, words: str) -> None:
    """And OK does nothing there."""
    row = pictures_row(Wish.AUTO, given=given, installed=installed, drawn=False)
    assert row.status == words
    assert not row.enabled
