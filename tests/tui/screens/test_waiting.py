"""A wait says so, can be left, and ends in a sentence where it fails."""

from __future__ import annotations

import asyncio

import pytest

from dodo_tui.domain.browse import LibraryTitle
from dodo_tui.storage.errors import StorageError, Trouble
from dodo_tui.tui.screens import base
from dodo_tui.tui.screens.library import LibraryScreen
from dodo_tui.tui.widgets.hint_bar import HintBar
from tests.tui.screens.support import World, gone, keys, running, seen
from tests.tui.widgets.support import press


@pytest.mark.parametrize("still", [False, True])
async def test_a_slow_read_says_so_and_can_be_left(
    world: World, monkeypatch: pytest.MonkeyPatch, still: bool
) -> None:
    """The hint line says it, with dots that move or stand still; Back does not wait."""
    monkeypatch.setattr(base, "BUSY_AFTER_SECONDS", 0.001)
    async with running(world) as (app, pilot):
        app.appearance = type(app.appearance)(reduced_motion=still)
        held = asyncio.Event()

        async def read() -> tuple[LibraryTitle, ...]:
            await held.wait()
            return ()

        monkeypatch.setattr(app, "read_titles", read)
        await press(pilot, "l")
        await seen(app, pilot, "Back to Home", "reading")
        line = app.screen.query_one(HintBar)
        assert (line._timer is None) is still
        await press(pilot, "escape")
        await seen(app, pilot, "Continue Watching")
        await press(pilot, "l")
        await seen(app, pilot, "reading")
        held.set()
        await gone(app, pilot, "reading")


async def test_a_database_that_fails_is_one_sentence_here(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is no mistake of dodo's: the screen says it, and stays."""
    sentence = "The database is in use by another program. Try again in a minute."

    async def fail() -> tuple[LibraryTitle, ...]:
        raise StorageError(next(iter(Trouble)), sentence)

    async with running(world) as (app, pilot):
        monkeypatch.setattr(app, "read_titles", fail)
        await keys(app, pilot, "l", sentence)
        assert isinstance(app.screen, LibraryScreen)


async def test_a_screen_that_is_covered_reads_when_it_is_seen_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While something plays every few seconds are written: what nobody sees is not read."""
    reads = []
    async with running(world) as (app, pilot):
        real = app.read_titles

        async def read() -> tuple[LibraryTitle, ...]:
            reads.append(1)
            return await real()

        monkeypatch.setattr(app, "read_titles", read)
        await keys(app, pilot, "l enter", "Back to Library")
        before = len(reads)
        await app.refresh_state()
        await app.refresh_state()
        await press(pilot, "down")
        assert len(reads) == before
        await keys(app, pilot, "escape escape escape", "▌ Andor  2022")
        await seen(app, pilot, "6 films")
        assert len(reads) == before + 1
