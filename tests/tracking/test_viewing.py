"""From a player's stream to viewings."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

import pytest

from dodo_tui.domain.audience import Viewers
from dodo_tui.domain.playback import End, Playback, PlayerState
from dodo_tui.tracking.viewing import Part, viewings
from tests.tracking.samples import HOUR, Viewer

_FILM = (Part("tt0133093", "The Matrix", ""),)
_DOUBLE = (Part("tt0903747:1:1", "Show", "S1 E1"), Part("tt0903747:1:2", "Show", "S1 E2"))


async def _stream(states: Sequence[PlayerState]) -> AsyncIterator[PlayerState]:
    for state in states:
        yield state


async def _seen(states: Sequence[PlayerState], parts: Sequence[Part] = _FILM) -> list[Playback]:
    async def resolve(_path: str) -> Sequence[Part]:
        return parts

    return [playback async for playback in viewings(_stream(states), resolve, lambda: Viewers(7))]


def _last(seen: Sequence[Playback]) -> list[Playback]:
    """The last value of each viewing, in order."""
    return list({playback.play_id: playback for playback in seen}.values())


async def test_one_viewing_from_open_to_close() -> None:
    """One id, the profile it began with, and an end."""
    viewer = Viewer()
    seen = await _seen([viewer.sample(), *viewer.play(60), viewer.sample(End.CLOSED)])
    (last,) = _last(seen)
    assert last.profile_id == 7
    assert last.key == "tt0133093"
    assert last.end is End.CLOSED
    assert last.position_seconds == 60
    assert [playback.end for playback in seen[:-1]] == [None] * (len(seen) - 1)


async def test_the_same_film_again_is_another_viewing() -> None:
    """Defect 24: a re-watch on the same day counts."""
    first, second = Viewer(item="1"), Viewer(item="2")
    seen = await _seen(
        [first.sample(), *first.play(HOUR), first.sample(End.FINISHED), second.sample(),
         *second.play(HOUR), second.sample(End.FINISHED)]
    )  # fmt: skip
    one, other = _last(seen)
    assert one.play_id != other.play_id
    assert one.watched_at is not None
    assert other.watched_at is not None


async def test_an_item_that_changes_without_an_end_is_closed() -> None:
    """Pain 4: a playlist that steps on loses nothing."""
    first, second = Viewer(item="1", path="/a"), Viewer(item="2", path="/b")
    seen = await _seen([first.sample(), *first.play(600), second.sample(), *second.play(10)])
    one, other = _last(seen)
    assert (one.end, one.position_seconds) == (End.REPLACED, 600)
    assert (other.end, other.position_seconds) == (End.LOST, 10)


async def test_a_player_that_goes_away_leaves_its_last_position() -> None:
    """Pain 3: a dead player is an end, not a hang."""
    viewer = Viewer()
    (last,) = _last(await _seen([viewer.sample(), *viewer.play(100)]))
    assert (last.end, last.position_seconds) == (End.LOST, 100)


async def test_what_never_showed_a_position_was_not_viewed() -> None:
    """A file that cannot be played leaves no trace in the history."""
    viewer = Viewer()
    viewer.position = None
    assert await _seen([viewer.sample(), viewer.sample(End.FAILED)]) == []
    assert await _seen([]) == []


async def test_samples_after_the_end_are_nobody_s() -> None:
    """Defect 23: the session ends with the viewing, and no tick begins another."""
    viewer = Viewer()
    seen = await _seen(
        [viewer.sample(), *viewer.play(HOUR), viewer.sample(End.FINISHED), *viewer.play(20)]
    )
    assert len(_last(seen)) == 1
    assert seen[-1].end is End.FINISHED


async def test_each_episode_of_a_file_is_a_viewing_of_its_own() -> None:
    """Pain 13: both parts of a double episode are watched."""
    viewer = Viewer(duration=2 * HOUR)
    seen = await _seen(
        [viewer.sample(), *viewer.play(2 * HOUR), viewer.sample(End.FINISHED)], _DOUBLE
    )
    one, other = _last(seen)
    assert [one.key, other.key] == ["tt0903747:1:1", "tt0903747:1:2"]
    assert one.duration_seconds == other.duration_seconds == HOUR
    assert (one.ratio, other.ratio) == (1.0, 1.0)
    assert one.watched_at is not None
    assert other.watched_at is not None
    assert other.started_at >= one.at


async def test_a_jump_into_the_second_episode_does_not_watch_the_first() -> None:
    """Only film that was played counts."""
    viewer = Viewer(duration=2 * HOUR)
    seen = await _seen(
        [viewer.sample(), *viewer.play(600), viewer.seek(1.5 * HOUR), *viewer.play(600)], _DOUBLE
    )
    one, other = _last(seen)
    assert (one.position_seconds, one.watched_at) == (600, None)
    assert other.position_seconds == pytest.approx(0.5 * HOUR + 600)


async def test_a_jump_that_was_not_counted_does_not_watch_the_first_either() -> None:
    """Some players tell of no seeks."""
    viewer = Viewer(duration=2 * HOUR)
    samples = [viewer.sample(), *viewer.play(600)]
    viewer.position = 1.5 * HOUR
    one, _ = _last(await _seen([*samples, viewer.wait(1)], _DOUBLE))
    assert (one.position_seconds, one.watched_at) == (600, None)


@pytest.mark.parametrize("duration", [2 * HOUR, None])
async def test_stopping_in_the_second_episode_leaves_it_where_it_was(
    duration: float | None,
) -> None:
    """The last sample of a player has no position; that is not the first episode's."""
    viewer = Viewer(duration=2 * HOUR, position=1.2 * HOUR)
    samples = [viewer.sample(), *viewer.play(600)]
    viewer.position, viewer.duration = None, duration
    (last,) = _last(await _seen([*samples, viewer.sample(End.CLOSED)], _DOUBLE))
    assert last.key == "tt0903747:1:2"
    assert last.position_seconds == pytest.approx(0.2 * HOUR + 600)
    assert last.watched_at is None
    assert last.end is End.CLOSED


async def test_no_episode_begins_before_it_is_known_which() -> None:
    """Players tell the duration after the position: nothing is put on the first episode."""
    viewer = Viewer(duration=None, position=1.2 * HOUR)
    early = viewer.sample()
    viewer.duration = 2 * HOUR
    (last,) = _last(await _seen([early, viewer.sample(), *viewer.play(10)], _DOUBLE))
    assert last.key == "tt0903747:1:2"


async def test_going_back_to_the_first_episode_is_another_viewing_of_it() -> None:
    """Each viewing is one sitting."""
    viewer = Viewer(duration=2 * HOUR, position=1.2 * HOUR)
    seen = await _seen(
        [viewer.sample(), *viewer.play(60), viewer.seek(100), *viewer.play(60)], _DOUBLE
    )
    assert [playback.key for playback in _last(seen)] == ["tt0903747:1:2", "tt0903747:1:1"]
