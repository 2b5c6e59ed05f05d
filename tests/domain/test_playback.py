"""Folding a player's samples into a viewing."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dodo_tui.domain.playback import End, Playback, advance
from dodo_tui.domain.thresholds import is_listed, played_enough
from tests.support.clock import START
from tests.tracking.samples import HOUR, Viewer, follow, opened


def _watch(viewer: Viewer, seconds: float, playback: Playback | None = None) -> Playback:
    return follow(playback or opened(viewer.sample()), viewer.play(seconds))[-1]


def test_playing_counts_as_played_at_any_speed() -> None:
    """At double speed half the time shows all of the film."""
    viewer = Viewer()
    viewer.speed = 2.0
    playback = _watch(viewer, 100)
    assert playback.position_seconds == pytest.approx(200)
    assert playback.played_seconds == pytest.approx(200)


def test_a_film_at_a_hundred_times_the_speed_is_watched() -> None:
    """What was played counts, however fast."""
    viewer = Viewer()
    viewer.speed = 100.0
    playback = _watch(viewer, 33)
    assert playback.played_seconds > 0.9 * HOUR
    assert playback.watched_at is not None


def test_a_seek_is_not_played() -> None:
    """Film that was jumped over was not seen."""
    viewer = Viewer()
    playback = _watch(viewer, 30)
    jumped = advance(playback, viewer.seek(3300))
    assert jumped.position_seconds == 3300
    assert jumped.played_seconds == playback.played_seconds
    assert jumped.watched_at is None


def test_a_short_seek_is_not_played_either() -> None:
    """Holding the key from start to end adds up to nothing, however small the steps."""
    viewer = Viewer()
    playback = opened(viewer.sample())
    for step in range(1, 100):
        viewer.elapsed += 1
        playback = advance(playback, viewer.seek(step * 2.0))
    assert playback.played_seconds == 0


def test_a_jump_that_the_player_did_not_count_is_not_played() -> None:
    """A player without a seek counter gives itself away by moving faster than the clock."""
    viewer = Viewer()
    playback = _watch(viewer, 30)
    viewer.position = 3300
    jumped = advance(playback, viewer.wait(1))
    assert jumped.played_seconds == playback.played_seconds


def test_who_jumps_to_the_end_has_not_watched() -> None:
    """Defect 26: opening a film and running to its end is not watching it."""
    viewer = Viewer()
    playback = opened(viewer.sample())
    playback = advance(playback, viewer.seek(HOUR - 1))
    playback = advance(playback, viewer.wait(1))
    playback = advance(playback, viewer.sample(End.FINISHED))
    assert playback.end is End.FINISHED
    assert playback.watched_at is None


def test_a_minute_of_film_and_ninety_percent_is_watched() -> None:
    """The rule of DESIGN section 5, point 4, from both sides."""
    viewer = Viewer(position=0.9 * HOUR)
    seen = follow(opened(viewer.sample()), viewer.play(70))
    assert seen[10].played_seconds < 60
    assert seen[10].watched_at is None
    assert seen[-1].watched_at is not None


def test_short_clips_need_five_percent_and_not_a_minute() -> None:
    """A minute of a trailer is all of it."""
    assert played_enough(5.0, 100.0)
    assert not played_enough(4.9, 100.0)
    assert played_enough(60.0, 7200.0)
    assert not played_enough(59.9, 7200.0)


def test_watched_is_dated_once() -> None:
    """Defect 23: later samples of the same viewing change nothing about it."""
    viewer = Viewer()
    playback = _watch(viewer, 0.95 * HOUR)
    first = playback.watched_at
    assert first is not None
    assert _watch(viewer, 100, playback).watched_at == first
    assert advance(playback, viewer.seek(0)).watched_at == first


def test_the_end_is_where_the_film_ends() -> None:
    """A player's last sample before a natural end is a little short."""
    viewer = Viewer()
    playback = _watch(viewer, HOUR - 2)
    viewer.position = None
    over = advance(playback, viewer.sample(End.FINISHED))
    assert over.position_seconds == HOUR
    assert over.ratio == 1.0


def test_a_stream_that_breaks_off_is_not_watched() -> None:
    """Players call the end of a broken stream a natural end."""
    viewer = Viewer()
    playback = _watch(viewer, HOUR / 2)
    over = advance(playback, viewer.sample(End.FINISHED))
    assert over.position_seconds == HOUR / 2
    assert over.watched_at is None


def test_what_could_not_be_played_is_not_watched() -> None:
    """Even at ninety percent."""
    viewer = Viewer(position=0.9 * HOUR - 1)
    playback = replace(opened(viewer.sample()), played_seconds=100.0)
    assert advance(playback, viewer.wait(2)).watched_at is not None
    viewer = Viewer(position=0.9 * HOUR - 1)
    viewer.wait(2)
    assert advance(playback, viewer.sample(End.FAILED)).watched_at is None


@pytest.mark.parametrize("position", [None, -1.0, math.nan, math.inf, -math.inf])
def test_a_position_is_never_lost(position: float | None) -> None:
    """Every player forgets its position at the moment of stopping."""
    viewer = Viewer()
    playback = _watch(viewer, 100)
    viewer.position = position
    over = advance(playback, viewer.sample(End.CLOSED))
    assert over.position_seconds == 100
    assert over.furthest_seconds == 100


@pytest.mark.parametrize("duration", [None, 0.0, 1.0, -5.0, math.nan, math.inf])
def test_without_a_real_duration_there_is_no_ratio(duration: float | None) -> None:
    """Defect 28: live streams and placeholders never scrobble."""
    viewer = Viewer(duration=duration)
    playback = _watch(viewer, 200, replace(opened(viewer.sample()), duration_seconds=None))
    assert playback.duration_seconds is None
    assert playback.ratio is None
    assert not playback.is_finished
    assert playback.position_seconds == 200


def test_a_known_duration_is_kept_when_the_player_forgets_it() -> None:
    """The last sample often has none."""
    viewer = Viewer()
    playback = _watch(viewer, 100)
    viewer.duration = None
    assert advance(playback, viewer.sample(End.CLOSED)).ratio == pytest.approx(100 / HOUR)


def test_a_clock_set_back_never_dates_a_viewing_before_its_start() -> None:
    """A Pi without a clock chip."""
    viewer = Viewer()
    playback = opened(viewer.sample())
    viewer.start = START - timedelta(days=365)
    playback = advance(playback, viewer.wait(5))
    assert playback.at == playback.started_at
    assert playback.played_seconds == 5


def test_a_clock_set_forward_plays_no_film() -> None:
    """What was played is measured by a clock that nobody sets."""
    viewer = Viewer()
    playback = opened(viewer.sample())
    viewer.start = START + timedelta(days=365)
    playback = advance(playback, viewer.wait(5))
    assert playback.played_seconds == 5
    assert playback.at > START + timedelta(days=364)


def test_a_machine_that_slept_has_not_played() -> None:
    """Hours pass, the film does not."""
    viewer = Viewer()
    playback = _watch(viewer, 10)
    viewer.elapsed += 8 * HOUR
    playback = advance(playback, viewer.wait(5))
    assert playback.played_seconds == 15


_NUMBERS = st.one_of(st.none(), st.floats(), st.floats(0, 7200))


@given(
    st.lists(
        st.tuples(_NUMBERS, _NUMBERS, st.floats(0, 600), st.booleans(), st.integers(0, 3)),
        max_size=20,
    )
)
def test_no_player_can_make_nonsense_of_a_viewing(
    samples: list[tuple[float | None, float | None, float, bool, int]],
) -> None:
    """Positions are finite and inside the film, ratios 0-1, played never exceeds what can be."""
    viewer = Viewer()
    playback = opened(viewer.sample())
    for position, duration, elapsed, paused, jumps in samples:
        viewer.elapsed += elapsed
        viewer.position, viewer.duration = position, duration
        viewer.paused, viewer.jumps = paused, jumps
        before = playback
        playback = advance(playback, viewer.sample())
        assert math.isfinite(playback.position_seconds)
        assert 0 <= playback.position_seconds <= playback.furthest_seconds
        assert playback.ratio is None or 0 <= playback.ratio <= 1
        assert before.played_seconds <= playback.played_seconds
        assert playback.played_seconds - before.played_seconds <= elapsed * 1.5 + 2
        assert before.watched_at is None or playback.watched_at == before.watched_at


@pytest.mark.parametrize(
    ("position", "duration", "listed"),
    [
        (0.0, None, False),
        (59.9, None, False),
        (60.0, None, True),
        (12.0, 1200.0, True),
        (11.9, 1200.0, False),
        (60.0, 36_000.0, True),
        (0.0, 0.0, False),
    ],
)
def test_continue_watching_begins_at_a_minute_or_a_percent(
    position: float, duration: float | None, listed: bool
) -> None:
    """Whichever comes first."""
    assert is_listed(position, duration) is listed
