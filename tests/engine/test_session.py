"""A session over the simulated player: neighbours, the countdown, keys on the player's window."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from dodo_tui.domain.audience import Viewers
from dodo_tui.domain.playback import Playback
from dodo_tui.engine.on_air import OnAir
from dodo_tui.engine.session import PlaySession
from dodo_tui.players.errors import PlayerError
from dodo_tui.players.simulated import SimulatedPlayer
from dodo_tui.storage.settings import set_setting
from dodo_tui.tracking.marks import mark_watched
from dodo_tui.tracking.playing import request_for
from tests.engine.conftest import World
from tests.engine.support import LONGEST_SECONDS

EPISODE_SECONDS = 1000.0

_LONGEST_CHAIN = 12
"""So many waits for the database and the disk has no errand one after another."""


@dataclass
class Evening:
    """Somebody watches a series; the clock is the world's."""

    world: World
    session: PlaySession
    player: SimulatedPlayer
    seen: list[OnAir] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    viewings: dict[str, Playback] = field(default_factory=dict)
    slept_seconds: float = 0.0

    def take(self, on_air: OnAir) -> None:
        """Something looks different."""
        self.seen.append(on_air)
        self.news.set()

    async def until(self, wanted: Callable[[OnAir], bool]) -> OnAir:
        """Wait for something to be on air."""
        async with asyncio.timeout(LONGEST_SECONDS):
            while not (self.seen and wanted(self.seen[-1])):
                self.news.clear()
                await self.news.wait()
        return self.seen[-1]

    async def settle(self) -> None:
        """Let everybody do what there is to do, until all of them wait for the clock.

        Whatever anybody waits for is in one of two queues, each with one thread, and nobody waits
        so many times on end: how fast the machine is does not matter.
        """
        for _ in range(_LONGEST_CHAIN):
            await self.world.store.run(lambda _connection: None)
            await asyncio.to_thread(lambda: None)
            for _ in range(20):
                await asyncio.sleep(0)

    async def pass_seconds(self, seconds: float) -> None:
        """Let time pass, once everybody waits for it."""
        await self.settle()
        await self.world.clock.advance(seconds)
        await self.settle()

    async def reach(self, seconds: float) -> OnAir:
        """Let the film run to a second."""
        await self.settle()
        await self.pass_seconds(seconds - self.seen[-1].playback.position_seconds)
        return await self.until(lambda on_air: on_air.playback.position_seconds >= seconds)

    @property
    def labels(self) -> list[str]:
        """What was watched, in order."""
        return [playback.label for playback in self.viewings.values()]


def episode_file(world: World, name: str) -> Path:
    """An episode of a series."""
    path = Path(world.film).parent / name
    path.write_bytes(b"x")
    return path


@asynccontextmanager
async def evening(
    world: World, *names: str, start: int = 0, goes_on: bool = True
) -> AsyncIterator[Evening]:
    """Play one of some files; each takes a thousand seconds."""
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(max_workers=1))
    paths = [episode_file(world, name) for name in names]
    for path in paths:  # the library learns of them
        await request_for(
            world.store, world.profile.id, str(path), from_start=True, clock=world.clock
        )
    player = SimulatedPlayer(world.clock, default_duration_seconds=EPISODE_SECONDS)
    made: list[Evening] = []
    session = PlaySession(
        player,
        world.store,
        Viewers(world.profile.id),
        world.clock,
        world.paths.runtime,
        lambda on_air: made[0].take(on_air),
        goes_on=goes_on,
        slept=lambda: made[0].slept_seconds if made else 0.0,
    )
    made.append(Evening(world, session, player))
    request = await request_for(
        world.store, world.profile.id, str(paths[start]), from_start=True, clock=world.clock
    )

    async def watch() -> None:
        async with aclosing(session.playbacks(request)) as playbacks:
            async for playback in playbacks:
                made[0].viewings[playback.play_id] = playback

    watching = asyncio.create_task(watch())
    try:
        await made[0].until(lambda _on_air: True)
        yield made[0]
    finally:
        await session.stop()
        async with asyncio.timeout(LONGEST_SECONDS):
            await watching
    assert session.failures == []


E1, E2, E3 = (f"Pioneer One (2010) S01E0{number}.mkv" for number in (1, 2, 3))


async def test_neighbours_are_named_and_reached(world: World) -> None:
    """Next and Previous go to whatever is there, watched or not, and stop at the edges."""
    async with evening(world, E1, E2, E3, start=1) as tonight:
        assert (tonight.seen[-1].previous, tonight.seen[-1].next) == ("S1 E1", "S1 E3")
        await tonight.session.step(1)
        last = await tonight.until(lambda on_air: on_air.playback.label == "S1 E3")
        assert last.next == ""
        with pytest.raises(PlayerError, match="nothing after this one"):
            await tonight.session.step(1)
        await tonight.session.step(-1)
        await tonight.until(lambda on_air: on_air.playback.label == "S1 E2")
        assert tonight.labels == ["S1 E2", "S1 E3", "S1 E2"]


async def test_a_film_has_no_neighbours(world: World) -> None:
    """Nothing is offered after it either: its player ends with it."""
    async with evening(world, "Sintel (2010).mkv", E1) as tonight:
        assert (tonight.seen[-1].previous, tonight.seen[-1].next) == ("", "")
        await tonight.reach(990)
        assert tonight.seen[-1].offer is None
        assert tonight.player.prompt is None


async def test_the_countdown_lasts_at_least_as_long_as_it_is_set(world: World) -> None:
    """Offered late, it goes on after the end, on the last picture; then the next one begins."""
    world.store.run_now(set_setting, "autoplay_countdown_seconds", "20")
    async with evening(world, E1, E2) as tonight:
        await tonight.reach(960)
        assert tonight.seen[-1].offer is None
        await tonight.session.seek(35)
        offered = await tonight.until(lambda on_air: on_air.offer is not None)
        assert offered.offer is not None
        assert (offered.offer.name, offered.offer.seconds_left) == ("Pioneer One S1 E2", 20)
        prompt = tonight.player.prompt
        assert prompt is not None
        assert prompt.text == "Next: Pioneer One S1 E2 in 20 s"
        await tonight.pass_seconds(5)
        over = await tonight.until(lambda on_air: on_air.playback.end is not None)
        assert over.offer is not None
        for _ in range(20):
            if tonight.labels[-1] == "S1 E2":
                break
            await tonight.pass_seconds(1)
        begun = await tonight.until(lambda on_air: on_air.playback.label == "S1 E2")
        assert begun.offer is None
        assert begun.playback.position_seconds <= 1.0  # the clock may have gone on by a second
        assert tonight.player.prompt is None


async def test_a_pause_stops_the_countdown(world: World) -> None:
    """Who has paused to think has all the time."""
    async with evening(world, E1, E2) as tonight:
        await tonight.reach(980)
        await tonight.until(lambda on_air: on_air.offer is not None)
        await tonight.session.pause(True)
        await tonight.until(lambda on_air: on_air.playback.paused)
        for _ in range(5):
            await tonight.pass_seconds(60)
        assert tonight.labels == ["S1 E1"]
        offer = tonight.seen[-1].offer
        assert offer is not None
        assert offer.seconds_left == 20


async def test_seeking_back_out_of_the_credits_withdraws_it(world: World) -> None:
    """And the next time it is offered anew, with the whole countdown."""
    async with evening(world, E1, E2) as tonight:
        await tonight.reach(980)
        await tonight.until(lambda on_air: on_air.offer is not None)
        await tonight.session.seek(-100)
        await tonight.until(lambda on_air: on_air.offer is None)
        assert tonight.player.prompt is None
        await tonight.session.seek(95)
        again = await tonight.until(lambda on_air: on_air.offer is not None)
        assert again.offer is not None
        assert again.offer.seconds_left == 25


async def test_keys_on_the_players_window_answer(world: World) -> None:
    """OK plays now; Back declines, and then it stays declined."""
    async with evening(world, E1, E2, E3) as tonight:
        await tonight.reach(980)
        await tonight.until(lambda on_air: on_air.offer is not None)
        assert tonight.player.prompt is not None
        tonight.player.prompt.accept()
        await tonight.until(lambda on_air: on_air.playback.label == "S1 E2")
        await tonight.reach(980)
        await tonight.until(lambda on_air: on_air.offer is not None)
        assert tonight.player.prompt is not None
        tonight.player.prompt.decline()
        await tonight.until(lambda on_air: on_air.offer is None)
        await tonight.session.seek(-500)
        await tonight.session.seek(490)
        await tonight.until(lambda on_air: on_air.playback.jumps == 2)
        assert tonight.seen[-1].offer is None
        with pytest.raises(PlayerError, match="Nothing is offered"):
            await tonight.session.answer_offer(True)
        assert tonight.player.keys is not None
        tonight.player.keys.previous_episode()
        await tonight.until(lambda on_air: on_air.playback.label == "S1 E1")
        tonight.player.keys.previous_episode()
        await tonight.settle()
        assert tonight.player.shown[-1][0] == "There is nothing before this one on this device."


@pytest.mark.parametrize("how", ["switched off", "only this", "watched", "special"])
async def test_what_never_begins_by_itself(world: World, how: str) -> None:
    """Nothing is offered, and nothing is held."""
    names = [E1, "Pioneer One (2010) S00E01.mkv" if how == "special" else E2]
    if how == "switched off":
        world.store.run_now(set_setting, "autoplay_next", "off")
    async with evening(world, *names, goes_on=how != "only this") as tonight:
        if how == "watched":
            key = tonight.seen[-1].playback.key.replace(":1:1", ":1:2")
            from dodo_tui.domain.ids import Key

            now = world.clock.now()
            world.store.run_now(mark_watched, world.profile.id, Key.parse(key), now, now)
        await tonight.reach(990)
        assert tonight.seen[-1].offer is None
        await tonight.pass_seconds(20)
        await tonight.until(lambda on_air: on_air.playback.end is not None)
    assert tonight.labels == ["S1 E1"]


async def test_an_episode_that_has_gone_from_the_disk(world: World) -> None:
    """It is said, and nothing plays by itself."""
    async with evening(world, E1, E2) as tonight:
        await tonight.reach(980)
        await tonight.until(lambda on_air: on_air.offer is not None)
        (Path(world.film).parent / E2).unlink()
        with pytest.raises(PlayerError, match="not on this device any more"):
            await tonight.session._go_to(tonight.session._offering._next or pytest.fail("no offer"))
        await tonight.session.answer_offer(True)
        await tonight.until(lambda on_air: on_air.offer is None)
        assert tonight.session.failures.pop().endswith("is not on this device any more.")
    assert tonight.labels == ["S1 E1"]


async def test_several_episodes_in_one_file(world: World) -> None:
    """Next is a jump within the file; nothing is offered before its last episode is over."""
    async with evening(world, "Pioneer One (2010) S01E01-E02.mkv", E3) as tonight:
        assert tonight.seen[-1].next == "S1 E2"
        await tonight.reach(490)
        assert tonight.seen[-1].offer is None
        await tonight.session.step(1)
        second = await tonight.until(lambda on_air: on_air.playback.label == "S1 E2")
        assert (second.previous, second.next) == ("S1 E1", "S1 E3")
        await tonight.reach(480)
        offered = await tonight.until(lambda on_air: on_air.offer is not None)
        assert offered.offer is not None
        assert offered.offer.name == "Pioneer One S1 E3"


async def test_a_film_that_was_paused_before_the_machine_slept(world: World) -> None:
    """Whoever goes on with it is not stopped again."""
    async with evening(world, E1) as tonight:
        await tonight.reach(100)
        await tonight.session.pause(True)
        await tonight.until(lambda on_air: on_air.playback.paused)
        tonight.slept_seconds = 3600.0
        await tonight.session.pause(False)
        await tonight.until(lambda on_air: not on_air.playback.paused)
        await tonight.pass_seconds(2)
        await tonight.until(lambda on_air: on_air.playback.position_seconds >= 102)


async def test_a_machine_that_slept_finds_it_paused(world: World) -> None:
    """Nobody is there to see it when it wakes."""
    async with evening(world, E1) as tonight:
        await tonight.reach(100)
        assert not tonight.seen[-1].playback.paused
        tonight.slept_seconds = 3600.0
        await tonight.pass_seconds(1)
        await tonight.until(lambda on_air: on_air.playback.paused)
        await tonight.session.pause(False)
        await tonight.until(lambda on_air: not on_air.playback.paused)
        await tonight.pass_seconds(1)
        await tonight.until(lambda on_air: on_air.playback.position_seconds >= 102)
        assert not tonight.seen[-1].playback.paused
