"""Players that dodo did not start: their samples become plays, each viewing exactly one."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

import pytest

from dodo_tui.domain.account import User
from dodo_tui.domain.audience import Privacy, Rule, RuleKind, Viewers
from dodo_tui.domain.history import HistoryEntry
from dodo_tui.domain.ids import Ids, Kind
from dodo_tui.domain.playback import Content, End, Playback, PlayerState, advance
from dodo_tui.domain.queue import QueueKind
from dodo_tui.domain.twins import LATE_SECONDS, SILENT_SECONDS, STANDS_SECONDS
from dodo_tui.storage.accounts import connect_account
from dodo_tui.storage.audience import add_rule, privacy, set_privacy
from dodo_tui.storage.company import household, set_company
from dodo_tui.storage.history import history
from dodo_tui.storage.owner import FROZEN_SECONDS, is_frozen, this_process
from dodo_tui.storage.plays import insert_play, open_plays, update_play
from dodo_tui.storage.profiles import use_profile
from dodo_tui.storage.queued import all_facts
from dodo_tui.storage.store import Store
from dodo_tui.tracking.playing import part_for
from dodo_tui.tracking.record import close_abandoned
from dodo_tui.tracking.watching.desk import Desk
from tests.storage.support import put_profile
from tests.support.clock import START, FakeClock
from tests.support.locked import locked
from tests.support.waiting import until
from tests.tracking.samples import FILM, HOUR, Viewer, opened

EPISODE = Content(Kind.SHOW, "Breaking Bad", 2008, Ids(imdb="tt0903747"), 1, (5,))
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
        self.session = "one"
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
        state = replace(state, source=self.source, session=self.session, content=self.content)
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
    """Three seconds are no viewing."""
    player = Watched(desk, clock, "mpv")
    await player.play(2)
    await player.end()
    assert plays(desk) == ()


async def test_who_tells_more_is_believed(desk: Desk, clock: FakeClock) -> None:
    """The session bus says at once that an mpv is there; its socket is found a moment later."""
    face, socket = Watched(desk, clock, "mpris"), Watched(desk, clock, "mpv")
    await face.play(4)
    socket.viewer.position = face.viewer.position
    for _ in range(10):
        await socket.play(1)
        face.viewer.position = socket.viewer.position
        await face.play(1)
    await socket.end()
    await face.end()
    assert [play.source for play in plays(desk)] == ["mpv"]


async def test_private_once_outlives_whoever_watches(store: Store, clock: FakeClock) -> None:
    """The film plays on when the daemon is restarted, and is private to its end."""
    store.run_now(set_privacy, Privacy.ONCE)
    desk = Desk(store, clock, lambda: Viewers(1))
    await Watched(desk, clock, "mpv").play(60, step=5)
    await desk.close()
    assert store.run_now(privacy) is Privacy.ONCE
    desk = Desk(store, clock, lambda: Viewers(1))
    again = Watched(desk, clock, "mpv")
    await again.play(60, step=5)
    await again.end()
    assert store.run_now(privacy) is Privacy.OFF
    await desk.close()
    assert store.run_now(history, 1) == ()


async def test_private_once_is_not_used_up_by_what_began_before(
    desk: Desk, store: Store, clock: FakeClock
) -> None:
    """A film that is never tracked runs while it is switched on: it means the next viewing."""
    store.run_now(add_rule, Rule(RuleKind.FOLDER, "/home-videos"))
    home_video = Watched(desk, clock, "mpv", content=None)
    home_video.viewer.path = "/home-videos/us.mkv"
    await home_video.play(60, step=5)
    store.run_now(set_privacy, Privacy.ONCE)
    await home_video.end()
    assert store.run_now(privacy) is Privacy.ONCE
    film = Watched(desk, clock, "mpv")
    film.session = "two"
    await film.play(60, step=5)
    await film.end()
    assert store.run_now(privacy) is Privacy.OFF
    assert plays(desk) == ()


def test_who_watches_is_who_was_chosen_last(store: Store, clock: FakeClock) -> None:
    """And who was ticked to watch along with them, whichever process watches the players."""
    ben = store.run_now(put_profile, "Ben")
    assert store.run_now(household, None, clock.now()) == Viewers(1)
    store.run_now(set_company, 1, (ben,))
    store.run_now(set_company, ben, (1, 99))
    assert store.run_now(household, None, clock.now()) == Viewers(1, (ben,))
    store.run_now(use_profile, ben)
    assert store.run_now(household, None, clock.now()) == Viewers(ben, (1,))


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


async def own_play(store: Store, viewer: Viewer) -> Playback:
    """A play that is open in the ledger, as dodo's own mpv or another dodo has it."""
    part = await store.run(part_for, FILM)
    playback = opened(viewer.wait(1), "theirs", part.key)
    store.run_now(insert_play, playback, this_process())
    return playback


async def test_what_another_dodo_plays_is_left_to_it(
    desk: Desk, store: Store, clock: FakeClock
) -> None:
    """Dodo's own mpv has an MPRIS face."""
    await own_play(store, Viewer())
    await Watched(desk, clock, "mpris").play(60, step=5)
    assert [play.source for play in plays(desk)] == ["mpv"]


@pytest.mark.parametrize(("after_seconds", "viewings"), [(0, 1), (LATE_SECONDS + 5, 2)])
async def test_an_end_that_another_dodo_tells_is_no_viewing_here(
    desk: Desk, store: Store, clock: FakeClock, after_seconds: float, viewings: int
) -> None:
    """Both hear that the player has gone; who recorded the viewing has ended it a moment ago.

    Where the film goes on here long after that, there were two players.
    """
    theirs = await own_play(store, Viewer())
    here = Watched(desk, clock, "mpv")
    await here.play(60, step=5)
    store.run_now(update_play, replace(theirs, end=End.CLOSED), True)
    await here.play(after_seconds, step=5)
    await here.end()
    assert len(plays(desk)) == viewings


@contextlib.contextmanager
def frozen_process() -> Iterator[str]:
    """The name of a process that runs and is stopped."""
    code = "from dodo_tui.storage.owner import this_process; print(this_process()); input()"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            owner = process.stdout.readline().strip()
            process.send_signal(signal.SIGSTOP)
            until(lambda: is_frozen(process.pid), "that it is frozen")
            yield owner
        finally:
            process.kill()


@pytest.mark.parametrize("is_long", [False, True])
async def test_a_viewing_whose_recorder_is_frozen_goes_on_here(
    desk: Desk, store: Store, clock: FakeClock, is_long: bool
) -> None:
    """Whoever is frozen for a moment keeps it; after that it is one play, and counts to its end."""
    theirs = await own_play(store, Viewer(position=0.89 * HOUR))
    here = Watched(desk, clock, "mpv")
    here.viewer.position = 0.89 * HOUR
    with frozen_process() as owner:
        store.run_now(lambda c: c.execute("UPDATE play SET owner = ?", (owner,)))
        await here.play(300 if is_long else FROZEN_SECONDS - 1, step=3)
        (play,) = store.run_now(open_plays)
    assert play.playback.play_id == theirs.play_id
    assert (play.owner != owner, play.playback.watched_at is not None) == (is_long, is_long)


async def test_what_two_have_seen_of_a_viewing_counts_once(
    desk: Desk, store: Store, clock: FakeClock
) -> None:
    """Fifty seconds that both watched, and five after one was killed, are no minute."""
    viewer = Viewer(position=0.9 * HOUR - 50, start=clock.start)
    theirs = await own_play(store, viewer)
    here = Watched(desk, clock, "mpv")
    here.viewer.position = viewer.position
    await here.play(50)
    viewer.wait(49)
    theirs = advance(theirs, viewer.sample())
    store.run_now(update_play, theirs, True)
    killed(store)
    await here.play(5)
    await here.end()
    (play,) = plays(desk)
    assert (play.ended_at, play.watched_at) == (clock.now(), None)


async def test_who_was_frozen_writes_no_more_of_what_another_goes_on_with(
    store: Store, clock: FakeClock
) -> None:
    """It finds in its socket what happened long ago, and the film's end; nothing of it is told."""
    connected(store)
    first = Watched(Desk(store, clock, lambda: Viewers(1)), clock, "mpv")
    first.viewer.position = 0.88 * HOUR
    await first.play(30)
    before = store.run_now(open_plays)
    killed(store)
    await first.play(0.1 * HOUR, step=5)
    await first.end()
    (play,) = store.run_now(open_plays)
    assert play.playback == before[0].playback
    assert told(store) == []


async def test_a_silent_player_ends_its_play_where_it_was(desk: Desk, clock: FakeClock) -> None:
    """A player that froze says nothing; when it goes on, the viewing does."""
    player = Watched(desk, clock, "kodi")
    await player.play(600, step=5)
    where = player.viewer.position or 0.0
    clock.advance(SILENT_SECONDS + 1)
    await desk.look(clock.monotonic())
    await settled(desk)
    (play,) = plays(desk)
    assert play.ended_at is not None
    assert play.ratio == pytest.approx(where / HOUR)
    await player.play(60, step=5)
    (play,) = plays(desk)
    assert play.ended_at is None
    assert play.ratio == pytest.approx((where + 60) / HOUR, abs=0.002)


async def test_a_clock_that_stands_is_no_viewing(desk: Desk, clock: FakeClock) -> None:
    """It says that it plays, always at the same place; it goes on when it moves."""
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
    (play,) = plays(desk)
    assert play.ended_at is None


def connected(store: Store) -> None:
    """The first profile has an account, so that facts are queued."""
    store.run_now(connect_account, 1, "simkl", User("1", "Dodo"), START)


def told(store: Store) -> list[QueueKind]:
    """The facts that wait to be told."""
    return [row.kind for row in store.run_now(all_facts, 1)]


def killed(store: Store) -> None:
    """Whoever watched was killed with SIGKILL: its plays are open, and their owner is gone."""
    store.run_now(
        lambda c: c.execute("UPDATE play SET owner = 'x:1:999999999' WHERE owner NOTNULL")
    )


@pytest.mark.parametrize("is_closed_before", [False, True])
async def test_a_watched_film_goes_on_after_its_watcher_was_killed(
    store: Store, clock: FakeClock, is_closed_before: bool
) -> None:
    """Whoever takes over goes on with the play, whether or not somebody has closed it meanwhile."""
    connected(store)
    first = Watched(Desk(store, clock, lambda: Viewers(1)), clock, "mpv")
    first.viewer.position = 0.88 * HOUR
    await first.play(0.04 * HOUR)
    assert told(store) == [QueueKind.WATCHED]
    killed(store)
    if is_closed_before:
        assert store.run_now(close_abandoned, clock.now()) == 1
    desk = Desk(store, clock, lambda: Viewers(1))
    second = Watched(desk, clock, "mpv")
    second.viewer.item, second.viewer.position = "other", first.viewer.position
    await second.play(200)
    await second.end()
    await desk.close()
    (play,) = plays(desk)
    assert play.ended_at == clock.now()
    assert play.watched_at is not None
    assert told(store) == [QueueKind.WATCHED]


async def test_what_was_seen_before_a_watcher_was_killed_counts(
    store: Store, clock: FakeClock
) -> None:
    """Fifty seconds before and fifty after are more than the minute that it takes."""
    connected(store)
    first = Watched(Desk(store, clock, lambda: Viewers(1)), clock, "mpv")
    first.viewer.position = 0.9 * HOUR - 50
    await first.play(50)
    killed(store)
    desk = Desk(store, clock, lambda: Viewers(1))
    second = Watched(desk, clock, "mpv")
    second.viewer.item, second.viewer.position = "other", first.viewer.position
    await second.play(50)
    await desk.close()
    (play,) = plays(desk)
    assert play.watched_at is not None
    assert told(store) == [QueueKind.WATCHED]


async def test_a_film_begun_again_is_another_viewing(store: Store, clock: FakeClock) -> None:
    """From its start, or after a night: it does not go on."""
    first = Watched(Desk(store, clock, lambda: Viewers(1)), clock, "mpv")
    first.viewer.position = 0.5 * HOUR
    await first.play(60, step=5)
    killed(store)
    desk = Desk(store, clock, lambda: Viewers(1))
    again = Watched(desk, clock, "mpv")
    again.viewer.item = "again"
    await again.play(60, step=5)
    await again.end(End.LOST)
    clock.advance(12 * HOUR)
    late = Watched(desk, clock, "mpv")
    late.viewer.item, late.viewer.position = "late", 60.0
    late.viewer.elapsed = clock.elapsed
    await late.play(60, step=5)
    await desk.close()
    assert len(plays(desk)) == 3


async def test_who_watched_along_still_does(store: Store, clock: FakeClock) -> None:
    """A viewing of two people that broke off goes on as the plays of both."""
    ben = store.run_now(put_profile, "Ben")
    first = Watched(Desk(store, clock, lambda: Viewers(1, (ben,))), clock, "kodi")
    first.viewer.position = 0.5 * HOUR
    await first.play(60, step=5)
    killed(store)
    store.run_now(close_abandoned, clock.now())
    desk = Desk(store, clock, lambda: Viewers(ben))
    second = Watched(desk, clock, "kodi")
    second.viewer.item, second.viewer.position = "other", first.viewer.position
    await second.play(60, step=5)
    await desk.close()
    (anna_play,), (ben_play,) = store.run_now(history, 1), store.run_now(history, ben)
    assert anna_play.ended_at == ben_play.ended_at == clock.now()


async def test_the_same_film_in_another_mpv_is_kept_at_once(desk: Desk, clock: FakeClock) -> None:
    """Closed, and opened again from the start: no late report of the first."""
    first, second = Watched(desk, clock, "mpv"), Watched(desk, clock, "mpv")
    second.session = "two"
    await first.play(600, step=5)
    await first.end()
    await second.play(10)
    await second.end()
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


async def test_a_machine_about_to_sleep(desk: Desk, clock: FakeClock) -> None:
    """The viewing pauses where the film is by then, whatever the player still says."""
    player = Watched(desk, clock, "jellyfin")
    await player.play(100, step=10)
    clock.advance(5)
    await desk.hold()
    await settled(desk)
    (card,) = desk.store.run_now(open_plays)
    assert (card.playback.paused, card.playback.position_seconds) == (True, 105)
    player.viewer.position = 105
    await player.play(10)
    (card,) = desk.store.run_now(open_plays)
    assert (card.playback.paused, card.playback.position_seconds) == (True, 105)
    desk.go_on()
    await player.play(10)
    (card,) = desk.store.run_now(open_plays)
    assert not card.playback.paused
    assert len(plays(desk)) == 1


async def test_a_machine_that_was_to_sleep_and_does_not(desk: Desk, clock: FakeClock) -> None:
    """Nobody says so: a minute later the players are listened to again."""
    player = Watched(desk, clock, "kodi")
    await player.play(100, step=10)
    await desk.hold()
    await player.play(70, step=10)
    (card,) = desk.store.run_now(open_plays)
    assert not card.playback.paused


async def test_an_end_on_the_way_to_sleep_is_one(desk: Desk, clock: FakeClock) -> None:
    """A player that closes then has closed."""
    player = Watched(desk, clock, "kodi")
    await player.play(100, step=10)
    await desk.hold()
    await player.end()
    (play,) = plays(desk)
    assert play.ended_at is not None


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


async def test_a_film_that_ends_while_nobody_can_write(
    store: Store, desk: Desk, clock: FakeClock
) -> None:
    """It is kept as soon as one can, without another sample; and it may be seen again."""
    connected(store)
    player = Watched(desk, clock, "kodi")
    player.viewer.position = 0.85 * HOUR
    await player.play(60)
    with locked(store):
        await player.play(300)
        await player.end()
        await desk.look(clock.monotonic() + SILENT_SECONDS + 1)
        await settled(desk)
        await desk.look(clock.monotonic() + SILENT_SECONDS + 2)
        await settled(desk)
    await desk.look(clock.monotonic() + SILENT_SECONDS + 3)
    await settled(desk)
    (play,) = plays(desk)
    assert play.ended_at is not None
    assert play.watched_at is not None
    assert told(store) == [QueueKind.WATCHED]
    clock.advance(3600)
    again = Watched(desk, clock, "kodi")
    await again.play(60)
    assert len(plays(desk)) == 2


@pytest.mark.parametrize("content", [MATRIX, None])
async def test_a_film_that_begins_while_nobody_can_write(
    store: Store, desk: Desk, clock: FakeClock, content: Content | None
) -> None:
    """It is tracked from when one can; nothing hangs, and no other viewing is lost."""
    other = Watched(desk, clock, "mpv", EPISODE)
    await other.play(30)
    player = Watched(desk, clock, "kodi", content)
    async with asyncio.timeout(30):
        with locked(store):
            await player.play(100)
            await other.play(100)
        await desk.look(clock.monotonic())
        await player.play(60)
        await other.play(10)
        await desk.close()
    assert {play.source for play in plays(desk)} == {"kodi", "mpv"}
    assert all(play.ended_at is not None for play in plays(desk))
