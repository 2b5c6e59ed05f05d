"""Players that dodo did not start: their samples become plays, each viewing exactly one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from dodo_tui.domain.audience import Viewers
from dodo_tui.domain.history import HistoryEntry
from dodo_tui.domain.ids import Ids, Kind
from dodo_tui.domain.playback import Content, End, PlayerState
from dodo_tui.domain.twins import LATE_SECONDS, SILENT_SECONDS, STANDS_SECONDS
from dodo_tui.storage.history import history
from dodo_tui.storage.owner import this_process
from dodo_tui.storage.plays import insert_play
from dodo_tui.storage.store import Store
from dodo_tui.tracking.viewing import viewings
from dodo_tui.tracking.watched import Desk
from tests.storage.support import put_profile
from tests.support.clock import FakeClock
from tests.tracking.samples import FILM, HOUR, Viewer

MATRIX = Content(Kind.MOVIE, "The Matrix", 1999, Ids(imdb=FILM))


@pytest.fixture
async def desk(store: Store, clock: FakeClock) -> AsyncIterator[Desk]:
    """A desk of profile 1; closed at the end."""
    desk = Desk(store, clock, lambda: Viewers(1))
    yield desk
    await desk.close()


class Watched:
    """A player that others started: tells the desk what its viewer does."""

    def __init__(
        self, desk: Desk, clock: FakeClock, source: str, content: Content | None = MATRIX
    ) -> None:
        self.desk, self.clock = desk, clock
        self.source, self.content = source, content
        self.viewer = Viewer(start=clock.start)

    async def play(self, seconds: float, step: float = 1.0) -> None:
        """Play on for so long."""
        left = seconds
        while left > 0:
            self.clock.advance(step)
            self.viewer.elapsed = self.clock.elapsed - step
            await self.tell(self.viewer.wait(step))
            left -= step

    async def tell(self, state: PlayerState) -> None:
        """Hand a sample over, and let the desk read it."""
        state = replace(state, source=self.source, session="one", content=self.content)
        await self.desk.tell(state)
        await settled(self.desk)

    async def end(self, end: End = End.CLOSED) -> None:
        """The player goes away."""
        self.viewer.elapsed = self.clock.elapsed
        await self.tell(self.viewer.sample(end))


async def settled(desk: Desk) -> None:
    """Everything that was told has been read and written."""
    for _ in range(20):
        await asyncio.sleep(0)
        await desk.store.run(lambda _connection: None)


def plays(desk: Desk) -> tuple[HistoryEntry, ...]:
    """The ledger."""
    return desk.store.run_now(history, 1)


async def test_a_viewing_elsewhere_is_a_play(desk: Desk, clock: FakeClock) -> None:
    """With the rules of dodo's own: watched at 90 %, from the source that told it."""
    player = Watched(desk, clock, "kodi")
    player.viewer.position = 0.85 * HOUR
    await player.play(300)
    await player.end()
    (play,) = plays(desk)
    assert (play.key, play.source) == (FILM, "kodi")
    assert play.watched_at is not None
    assert play.ended_at is not None


async def test_a_short_look_is_none(desk: Desk, clock: FakeClock) -> None:
    """What a faster source may be telling, too, is recorded only after a moment."""
    player = Watched(desk, clock, "mpris")
    await player.play(2)
    await player.end()
    assert plays(desk) == ()


async def test_two_sources_of_one_viewing_make_one_play(desk: Desk, clock: FakeClock) -> None:
    """The later one is silent, also for the moment in which it has not heard of the end."""
    kodi, jellyfin = Watched(desk, clock, "kodi"), Watched(desk, clock, "jellyfin")
    await kodi.play(30)
    for _ in range(5):
        await kodi.play(10)
        jellyfin.viewer.position = kodi.viewer.position
        await jellyfin.play(1)
    await kodi.end()
    await jellyfin.play(LATE_SECONDS - 10, step=5)
    await jellyfin.end()
    assert [play.source for play in plays(desk)] == ["kodi"]


async def test_what_another_dodo_plays_is_left_to_it(
    desk: Desk, store: Store, clock: FakeClock
) -> None:
    """Dodo's own mpv has an MPRIS face."""
    viewer = Viewer()

    async def own() -> AsyncIterator[PlayerState]:
        yield viewer.wait(1)

    from dodo_tui.tracking.playing import part_for

    async def resolve(_path: str) -> tuple[object, ...]:
        return (await store.run(part_for, FILM),)

    async for playback in viewings(own(), resolve, lambda: Viewers(1)):  # type: ignore[arg-type]
        if playback.end is None:
            store.run_now(insert_play, playback, this_process())
    await Watched(desk, clock, "mpris").play(60, step=5)
    assert [play.source for play in plays(desk)] == ["mpv"]


async def test_a_silent_player_ends_its_play_where_it_was(desk: Desk, clock: FakeClock) -> None:
    """A machine that was switched off says nothing; what it plays later is another viewing."""
    player = Watched(desk, clock, "kodi")
    await player.play(600, step=5)
    where = player.viewer.position
    clock.advance(SILENT_SECONDS + 1)
    await desk.look(clock.monotonic())
    await settled(desk)
    (play,) = plays(desk)
    assert play.ended_at is not None
    assert play.ratio == pytest.approx((where or 0.0) / HOUR)
    await player.play(60, step=5)
    assert len(plays(desk)) == 2


async def test_a_clock_that_stands_is_no_viewing(desk: Desk, clock: FakeClock) -> None:
    """It says that it plays, always at the same place; it counts again from where it moves."""
    player = Watched(desk, clock, "kodi")
    await player.play(600, step=5)
    for _ in range(round(STANDS_SECONDS / 5) + 2):
        clock.advance(5)
        player.viewer.elapsed = clock.elapsed
        await player.tell(player.viewer.sample())
        await desk.look(clock.monotonic())
    await settled(desk)
    (play,) = plays(desk)
    assert play.ended_at is not None
    await player.play(60, step=5)
    assert len(plays(desk)) == 2


async def test_a_pause_may_last(desk: Desk, clock: FakeClock) -> None:
    """Nothing moves and nothing needs to be said: the viewing goes on afterwards."""
    player = Watched(desk, clock, "mpv")
    await player.play(600, step=5)
    player.viewer.paused = True
    await player.play(5, step=5)
    clock.advance(4 * 3600)
    await desk.look(clock.monotonic())
    player.viewer.paused = False
    await player.play(60, step=5)
    await player.end()
    assert len(plays(desk)) == 1


async def test_music_is_nobodys_viewing(desk: Desk, clock: FakeClock) -> None:
    """Only videos are kept, where the player does not say what it is."""
    player = Watched(desk, clock, "mpris", content=None)
    player.viewer.path = "/music/song.flac"
    await player.play(60, step=5)
    assert plays(desk) == ()


async def test_an_episode_by_the_ids_of_its_series(desk: Desk, clock: FakeClock) -> None:
    """A player's library knows more than a path."""
    content = Content(Kind.SHOW, "Breaking Bad", 2008, Ids(imdb="tt0903747"), 1, (5,))
    player = Watched(desk, clock, "jellyfin", content)
    await player.play(60, step=5)
    assert [play.key for play in plays(desk)] == ["tt0903747:1:5"]


async def test_closing_the_desk_keeps_the_last_position(desk: Desk, clock: FakeClock) -> None:
    """SIGTERM, or the machine goes to sleep."""
    player = Watched(desk, clock, "kodi")
    await player.play(601)
    await desk.close()
    (play,) = plays(desk)
    assert play.ended_at is not None
    assert play.ratio == pytest.approx((player.viewer.position or 0.0) / HOUR)


async def test_a_flood_is_read_in_bounds(desk: Desk, clock: FakeClock) -> None:
    """Ten thousand samples at once: the last one counts, and one play comes of it."""
    player = Watched(desk, clock, "mpv")
    await player.play(10)
    state = replace(player.viewer.sample(), source="mpv", session="one", content=MATRIX)
    for number in range(10_000):
        await desk.tell(replace(state, position_seconds=10 + number / 1000))
    await desk.tell(replace(state, position_seconds=20.0, end=End.CLOSED))
    await desk.close()
    (play,) = plays(desk)
    assert play.ratio == pytest.approx(20.0 / HOUR)


async def test_another_person_sits_down(store: Store, clock: FakeClock) -> None:
    """What begins afterwards in the same player is theirs; what runs stays with who began it."""
    person = [1]
    ben = store.run_now(put_profile, "Ben")
    desk = Desk(store, clock, lambda: Viewers(person[0]))
    player = Watched(desk, clock, "kodi")
    await player.play(60, step=5)
    person[0] = ben
    await player.play(60, step=5)
    player.viewer.item, player.viewer.position = "2", 0.0
    player.content = Content(Kind.SHOW, "Breaking Bad", 2008, Ids(imdb="tt0903747"), 1, (5,))
    player.viewer.path = "/shows/one.mkv"
    await player.play(60, step=5)
    await desk.close()
    assert [play.key for play in store.run_now(history, 1)] == [FILM]
    assert [play.key for play in store.run_now(history, ben)] == ["tt0903747:1:5"]
