"""Playback, Library folders and what is never tracked: set with six keys, kept for good."""

from __future__ import annotations

from pathlib import Path

import pytest

from dodo_tui.domain.audience import Rule, RuleKind
from dodo_tui.storage import audience
from dodo_tui.storage.settings import setting
from dodo_tui.tracking.neighbours import Autoplay, autoplay
from dodo_tui.tracking.playing import request_for
from tests.tui.screens.support import World, keys, press, running, seen

TO_FOLDERS = "s down down down down enter"


async def test_what_follows_and_how_long_it_waits(world: World) -> None:
    """The player goes by what the screen says."""
    async with running(world) as (_app, _pilot):
        app, pilot = _app, _pilot
        await keys(app, pilot, "s down down down enter", "▌ Play the next episode", "[x]", "15 s")
        await keys(app, pilot, "down enter", "20 s")
        assert world.store.run_now(autoplay) == Autoplay(True, 20)
        await keys(app, pilot, "up enter", "[ ]")
        assert not world.store.run_now(autoplay).enabled
        await keys(app, pilot, "down down enter", "3 s")
    assert world.store.run_now(setting, "resume_rewind_seconds") == "3"


async def test_resuming_goes_back_a_little_where_that_is_set(world: World) -> None:
    """And never before the beginning."""
    async with running(world) as (app, pilot):
        card = next(card for card in app.continue_watching if card.playable)
        for seconds, expected in (("0", card.position_seconds), ("3", card.position_seconds - 3)):
            app.remember("resume_rewind_seconds", seconds)
            await pilot.pause()
            request = await request_for(
                world.store, world.profile.id, card.key, from_start=False, clock=world.clock
            )
            assert request.start_seconds == pytest.approx(expected)


async def test_a_folder_is_added_looked_through_and_let_go(
    own_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Chosen with arrows; letting go asks, and the files stay."""
    home = tmp_path / "home"
    film = home / "Videos" / "Alien (1979).mkv"
    film.parent.mkdir(parents=True)
    film.write_bytes(b"x")
    monkeypatch.setenv("HOME", str(home))
    async with running(own_world) as (app, pilot):
        await keys(app, pilot, TO_FOLDERS, "set in config.toml")
        await keys(app, pilot, "right enter", "A folder with videos", "~/Videos")
        await keys(app, pilot, "enter", "▌ Use this folder")
        await keys(app, pilot, "enter", "15 videos, 1 new", "~/Videos")
        await keys(app, pilot, "down down", "OK let go")
        await keys(app, pilot, "enter", "Remove", "[ Keep ]")
        await keys(app, pilot, "left enter", "videos")
        await pilot.pause()
    assert film.exists()
    folders = own_world.store.run_now(
        lambda connection: [row[0] for row in connection.execute("SELECT path FROM folder")]
    )
    assert not any(b"home/Videos" in folder for folder in folders)


async def test_what_is_never_tracked(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder by six keys, words by a keyboard; taking a rule back asks."""
    home = tmp_path / "home"
    (home / "Videos").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    async with running(world) as (app, pilot):
        await keys(app, pilot, TO_FOLDERS, "[ Look for new files ]")
        await keys(app, pilot, "right right enter", "Everything is tracked.")
        await keys(app, pilot, "enter", "never tracked", "~/Videos")
        await keys(app, pilot, "enter enter", "folder", "~/Videos")
        await keys(app, pilot, "right enter", "Which words?")
        await keys(app, pilot, "h o m e enter", "names with this")
        assert world.store.run_now(audience.rules) == (
            Rule(RuleKind.FOLDER, str(home / "Videos")),
            Rule(RuleKind.PATTERN, "*home*"),
        )
        await press(pilot, "down")
        await keys(app, pilot, "enter", "again?", "[ Keep ]")
        await keys(app, pilot, "left enter", "names with this")
        await seen(app, pilot, "names with this")
        assert len(world.store.run_now(audience.rules)) == 1
