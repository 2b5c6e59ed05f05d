"""The engine plays, records through its watcher, and ends in order."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest
from textual.pilot import Pilot

from dodo_tui.domain.playback import End, Playback
from dodo_tui.engine.app import EngineApp
from dodo_tui.engine.listening import WENT_AWAY
from dodo_tui.players.errors import PlayerMissingError
from tests.engine.conftest import KEY, World
from tests.engine.support import eventually
from tests.support.locked import locked


async def play(
    app: EngineApp, world: World, pilot: Pilot[None], target: str, *, from_start: bool = False
) -> None:
    """Start to play, and wait for the player to have been asked."""
    players = world.services.players
    before = len(players)
    app.play(target, from_start=from_start)
    await eventually(pilot, lambda: len(players) > before and players[-1].request)


def is_at(app: EngineApp, position: float) -> bool:
    """Whether what plays now has got so far."""
    playback = app.now_playing
    return playback is not None and playback.position_seconds == position


async def test_a_viewing_from_card_to_shelf(world: World) -> None:
    """Play, go on, stop: `now_playing` follows, and Continue Watching has it afterwards."""
    app = world.app()
    async with app.run_test() as pilot:
        assert not list(app.continue_watching)
        app.play(world.film)
        await eventually(pilot, lambda: world.services.players and world.player.request)
        world.player.tell(10)
        await eventually(pilot, lambda: app.now_playing)
        assert (app.now_playing and app.now_playing.key) == KEY
        assert (app.now_playing and app.now_playing.title) == "Big Buck Bunny"
        await world.clock.advance(60)
        world.player.tell(70)
        await eventually(pilot, lambda: app.now_playing and app.now_playing.position_seconds == 70)
        await app.stop_playing()
        assert app.now_playing is None
        assert app.player is None
        assert (world.player.stops, world.player.gone.is_set()) == (1, True)
        await eventually(pilot, lambda: app.continue_watching)
        card = app.continue_watching[-1]
        assert (card.key, card.position_seconds, card.playable) == (KEY, 70, True)
        (play,) = world.plays
        assert (play.ended_at, play.watched_at) == (world.clock.now(), None)
        assert app.trouble is None


async def test_a_film_that_ends_while_nobody_can_write(world: World) -> None:
    """Its end is written as soon as one can, though nothing plays any more; that is said."""
    world.connect()
    world.services.no_provider = OSError("not now")
    app = world.app()
    async with app.run_test() as pilot:
        await play(app, world, pilot, world.film)
        world.player.tell(10)
        await eventually(pilot, lambda: world.plays)
        with locked(world.store):
            await world.clock.advance(400)
            world.player.tell(410)
            await eventually(pilot, lambda: is_at(app, 410))
            await app.stop_playing()
            await eventually(pilot, lambda: "in use" in (app.trouble or ""))
            assert world.plays[0].ended_at is None
        await eventually(pilot, lambda: world.plays[0].ended_at)
        await eventually(pilot, lambda: app.trouble is None)
        await eventually(pilot, lambda: app.continue_watching)
        assert app.continue_watching[0].position_seconds == 410
        assert world.rows() == ["progress"]


async def test_each_change_is_recorded_once(world: World) -> None:
    """Watchers fire more than once with the same value: the ledger and the queue do not care."""
    world.connect()
    world.services.no_provider = OSError("not now")
    app = world.app()
    async with app.run_test() as pilot:
        app.play(world.film)
        await eventually(pilot, lambda: world.services.players and world.player.request)
        world.player.tell(10)
        await world.clock.advance(400)
        world.player.tell(410)
        await eventually(pilot, lambda: world.rows() == ["start"])
        for _ in range(3):
            app.watch_now_playing(app.now_playing)
            world.player.tell(410)
        await pilot.pause()
        assert world.rows() == ["start"]
        await app.stop_playing()
        assert world.rows() == ["progress"]  # what was told live is overtaken by it
        assert len(world.plays) == 1


async def test_a_film_begins_where_it_ended_unless_from_the_start(world: World) -> None:
    """The second time it begins where the first one ended; from the start if so asked."""
    app = world.app()
    async with app.run_test() as pilot:
        for target, from_start, expected in (
            (world.film, False, 0.0),
            (KEY, False, 70.0),
            (world.film, True, 0.0),
        ):
            await play(app, world, pilot, target, from_start=from_start)
            assert world.player.request is not None
            assert world.player.request.start_seconds == expected
            world.player.tell(70)
            await app.stop_playing()


async def test_another_film_in_place_of_the_first(world: World) -> None:
    """The first one has ended and is recorded before the second one begins."""
    app = world.app()
    async with app.run_test() as pilot:
        app.play(world.film)
        await eventually(pilot, lambda: world.services.players and world.player.request)
        first = world.player
        first.tell(100)
        await eventually(pilot, lambda: app.now_playing)
        app.play(world.film)
        app.play(world.film)
        await eventually(pilot, lambda: len(world.services.players) == 2 and world.player.request)
        second = world.player
        assert first.gone.is_set()
        assert second.request is not None
        assert second.request.start_seconds == 100
        assert app.player is second
        second.tell(101)
        await eventually(pilot, lambda: app.now_playing)
        await app.stop_playing()
        assert len(world.services.players) == 2
        assert [play.ended_at is not None for play in world.plays] == [True, True]


async def test_stopping_what_has_not_begun(world: World) -> None:
    """Somebody presses OK and then Back: nothing plays after that."""
    app = world.app()
    async with app.run_test() as pilot:
        app.play(world.film)
        await app.stop_playing()
        await pilot.pause()
        assert app.player is None
        assert app.now_playing is None
        assert all(player.gone.is_set() for player in world.services.players)


async def test_what_cannot_be_played(world: World) -> None:
    """One sentence each, and the engine goes on."""
    app = world.app()
    async with app.run_test() as pilot:
        app.play("tt9999999")
        await eventually(pilot, lambda: app.trouble)
        assert "not on this device" in str(app.trouble)
        await play(app, world, pilot, world.film)
        world.player.fail(PlayerMissingError("Install mpv."))
        await eventually(pilot, lambda: app.trouble == "Install mpv.")
        await play(app, world, pilot, world.film)
        assert app.trouble is None
        world.player.tell(10)
        world.player.tell(10, end=End.FAILED, error="No picture.")
        await eventually(pilot, lambda: app.trouble == "No picture.")
        await play(app, world, pilot, world.film)
        world.player.tell(10)
        world.player.tell(10, end=End.LOST)
        await eventually(pilot, lambda: app.trouble == WENT_AWAY)
        assert app.now_playing is None


async def test_a_player_that_does_not_end(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leaving does not wait for it for ever; the last position is written."""
    app = world.app()
    monkeypatch.setattr("dodo_tui.engine.playing._STOP_DEADLINE_SECONDS", 0.1)
    async with app.run_test() as pilot:
        app.play(world.film)
        await eventually(pilot, lambda: world.services.players and world.player.request)
        world.player.deaf = True
        world.player.tell(100)
        await eventually(pilot, lambda: app.now_playing)
        await app.leave()
        assert world.player.gone.is_set()
    (play,) = world.plays
    assert play.ended_at is not None
    assert play.ratio is not None


async def test_leaving_ends_in_order(world: World) -> None:
    """The player is stopped, the position written, the fact in the queue; then the app exits."""
    world.connect()
    world.services.no_provider = OSError("not now")
    app = world.app()
    async with app.run_test() as pilot:
        app.play(world.film)
        await eventually(pilot, lambda: world.services.players and world.player.request)
        world.player.tell(10)
        await world.clock.advance(500)
        world.player.tell(500)
        await eventually(pilot, lambda: app.now_playing and app.now_playing.position_seconds == 500)
        await app.leave()
        await app.leave()
        app.play(world.film)
        assert len(world.services.players) == 1
    assert (world.player.stops, app.return_code) == (1, 0)
    assert [row.kind for row in world.facts] == ["progress"]
    (play,) = world.plays
    assert play.ended_at is not None


async def test_leaving_tells_the_last_word(world: World) -> None:
    """Who is there to hear it hears it before the end."""
    world.connect()
    app = world.app()
    async with app.run_test() as pilot:
        app.play(world.film)
        await eventually(pilot, lambda: world.services.players and world.player.request)
        world.player.tell(10)
        await world.clock.advance(500)
        world.player.tell(500)
        await eventually(pilot, lambda: world.services.remote.told)
        await app.leave()
    assert [verb for verb, _ in world.services.remote.told] == ["start", "pause"]
    assert world.facts == ()


async def test_a_viewing_that_was_abandoned(world: World) -> None:
    """An engine that starts closes what a killed one left open."""
    app = world.app()
    async with app.run_test() as pilot:
        app.play(world.film)
        await eventually(pilot, lambda: world.services.players and world.player.request)
        world.player.tell(100)
        await eventually(pilot, lambda: world.plays)
        # As if the process had gone: its name is nobody's.
        world.store.run_now(lambda c: c.execute("UPDATE play SET owner = 'boot:1:999999999'"))
        other = world.app()
        assert [card.key for card in other.continue_watching] == [KEY]
        assert world.plays[0].ended_at is not None
        await app.stop_playing()


async def test_storage_trouble_is_said_once_and_taken_back(world: World) -> None:
    """While nothing can be written the film goes on; what was missed is written later."""
    app = world.app()
    said: list[str | None] = []
    async with app.run_test() as pilot:
        app.watch(app, "trouble", lambda text: said.append(text), init=False)
        app.play(world.film)
        await eventually(pilot, lambda: world.services.players and world.player.request)
        world.player.tell(100)
        await eventually(pilot, lambda: world.plays)
        world.store.run_now(lambda c: c.execute("PRAGMA query_only = ON"))
        for position in (110, 120, 130):
            await world.clock.advance(10)
            world.player.tell(position)
            await eventually(pilot, partial(is_at, app, position))
        await eventually(pilot, lambda: said)
        assert app.now_playing is not None
        assert [text for text in said if text] == [app.trouble]
        assert "cannot be written" in str(app.trouble)
        world.store.run_now(lambda c: c.execute("PRAGMA query_only = OFF"))
        await world.clock.advance(10)
        world.player.tell(140)
        await eventually(pilot, lambda: app.trouble is None)
        await app.stop_playing()
    assert len([text for text in said if text]) == 1
    assert world.store.run_now(_position) == 140


def _position(connection: object) -> float:
    row = connection.execute("SELECT position_seconds FROM play").fetchone()  # type: ignore[attr-defined]
    return float(row[0])


async def test_now_playing_is_frozen(world: World) -> None:
    """Its last value has an end, then it is None: what binds to it sees each of them."""
    app = world.app()
    seen: list[Playback | None] = []
    async with app.run_test() as pilot:
        app.watch(app, "now_playing", lambda playback: seen.append(playback), init=False)
        app.play(world.film)
        await eventually(pilot, lambda: world.services.players and world.player.request)
        world.player.tell(100)
        await eventually(pilot, lambda: app.now_playing)
        await app.stop_playing()
        await eventually(pilot, lambda: seen and seen[-1] is None)
    ended = [playback for playback in seen if playback is not None and playback.end is not None]
    assert ended
    assert ended[-1] == replace(ended[-1], end=End.CLOSED)
