"""When the next episode is offered and when it begins."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dodo_tui.domain.cards import Card, CardState, EpisodeState
from dodo_tui.domain.countdown import (
    Countdown,
    Stage,
    advance_countdown,
    credits_begin,
    decline,
)
from dodo_tui.domain.following import neighbour, next_by_itself
from dodo_tui.domain.ids import Kind
from dodo_tui.domain.playback import End, Playback
from tests.support.clock import START

FILM = Playback(
    "p", 1, "tt1:1:1", "T", "S1 E1", "mpv", "", START, START, 0.0, duration_seconds=2700.0
)


def at(seconds: float, **changes: object) -> Playback:
    """The film at a second."""
    return replace(FILM, position_seconds=seconds, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("duration", "begin"), [(2700, 2670), (600, 570), (300, 285), (100, 95), (7200, 7170)]
)
def test_the_credits_are_the_last_twentieth_or_half_minute(duration: float, begin: float) -> None:
    """The last 5 %, or from 30 s before the end, whichever is later."""
    assert credits_begin(duration) == pytest.approx(begin)


def test_it_begins_when_the_film_is_over_and_not_before() -> None:
    """Nothing is cut off; after a countdown that is longer than what was left, at its end."""
    countdown = advance_countdown(Countdown(), at(2600), 0.0, 15)
    assert countdown.stage is Stage.FILM
    countdown = advance_countdown(countdown, at(2670), 70.0, 15)
    assert (countdown.stage, countdown.seconds_left) == (Stage.OFFERED, 30.0)
    countdown = advance_countdown(countdown, at(2690), 90.0, 15)
    assert (countdown.stage, countdown.seconds_left) == (Stage.OFFERED, 10.0)
    countdown = advance_countdown(countdown, at(2700, end=End.FINISHED), 100.0, 15)
    assert countdown.stage is Stage.DUE

    late = advance_countdown(Countdown(), at(2695), 0.0, 15)
    late = advance_countdown(late, at(2700, end=End.FINISHED), 5.0, 15)
    assert (late.stage, late.seconds_left) == (Stage.OFFERED, 10.0)
    assert advance_countdown(late, at(2700, end=End.FINISHED), 15.0, 15).stage is Stage.DUE


def test_faster_films_are_over_sooner() -> None:
    """What is left is told in seconds of the clock."""
    assert advance_countdown(Countdown(), at(2670, speed=2.0), 0.0, 1).seconds_left == 15.0


@pytest.mark.parametrize("end", [End.CLOSED, End.REPLACED, End.FAILED, End.LOST])
def test_who_ends_it_wants_nothing_more(end: End) -> None:
    """Closed in the middle of the credits: nothing follows."""
    offered = advance_countdown(Countdown(), at(2680), 0.0, 15)
    assert advance_countdown(offered, at(2680, end=end), 60.0, 15).stage is Stage.FILM


def test_a_stream_that_breaks_off_is_not_over() -> None:
    """It ends as a film does, but before its credits."""
    assert advance_countdown(Countdown(), at(900, end=End.FINISHED), 0.0, 0).stage is Stage.FILM


def test_without_a_duration_nothing_is_known() -> None:
    """A live stream has no credits."""
    live = replace(FILM, duration_seconds=None, position_seconds=1e6, end=End.FINISHED)
    assert advance_countdown(Countdown(), live, 0.0, 0).stage is Stage.FILM


@given(
    st.lists(st.tuples(st.floats(0, 2700), st.booleans(), st.floats(0, 30)), max_size=30),
    st.integers(0, 60),
)
def test_declined_is_declined(steps: list[tuple[float, bool, float]], seconds: int) -> None:
    """Whatever happens after; and it never begins while the film is on."""
    countdown, clock = Countdown(), 0.0
    for position, paused, elapsed in steps:
        clock += elapsed
        countdown = advance_countdown(countdown, at(position, paused=paused), clock, seconds)
        assert countdown.stage is not Stage.DUE or position >= 2700
        assert countdown.seconds_left >= 0
        assert (
            advance_countdown(decline(countdown), at(position), clock, seconds).stage
            is Stage.DECLINED
        )


def episode(
    season: int, number: int, *, watched: bool = False, playable: bool = True, airs: float = -1.0
) -> EpisodeState:
    """An episode that airs so many days from now."""
    card = Card(
        key=f"tt1:{season}:{number}",
        media_id="tt1",
        kind=Kind.SHOW,
        title="T",
        state=CardState.UNWATCHED,
        season=season,
        number=number,
        playable=playable,
    )
    return EpisodeState(card, watched, START + timedelta(days=airs))


def key_of(card: Card | None) -> str | None:
    """Which one it is."""
    return None if card is None else card.key


def test_what_begins_by_itself() -> None:
    """The next one that was not watched, over the border of a season."""
    series = [episode(1, 1), episode(1, 2, watched=True), episode(2, 1), episode(0, 1)]
    assert key_of(next_by_itself(series, "tt1:1:1", START)) == "tt1:2:1"
    assert next_by_itself(series, "tt1:2:1", START) is None
    assert next_by_itself(series, "tt1:0:1", START) is None
    assert next_by_itself(series, "tt9:1:1", START) is None


def test_what_never_begins_by_itself() -> None:
    """One that has not aired, though a file of it is here; one behind one that is missing here."""
    assert next_by_itself([episode(1, 1), episode(1, 2, airs=2)], "tt1:1:1", START) is None
    missing = [episode(1, 1), episode(1, 2, playable=False), episode(1, 3)]
    assert next_by_itself(missing, "tt1:1:1", START) is None
    unknown = [episode(1, 1), replace(episode(1, 2), aired_at=None)]
    assert key_of(next_by_itself(unknown, "tt1:1:1", START)) == "tt1:1:2"


def test_the_nearest_that_is_here_comes_by_hand() -> None:
    """The nearest that is here, watched or not; never a special."""
    series = [
        episode(1, 1, watched=True),
        episode(1, 2, playable=False),
        episode(1, 3),
        episode(0, 1),
    ]
    assert key_of(neighbour(series, "tt1:1:1", 1)) == "tt1:1:3"
    assert key_of(neighbour(series, "tt1:1:3", -1)) == "tt1:1:1"
    assert neighbour(series, "tt1:1:3", 1) is None
    assert neighbour(series, "tt1:1:1", -1) is None
    assert neighbour(series, "tt1:0:1", -1) is None
