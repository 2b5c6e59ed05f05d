"""Readings of players that are asked now and then, and what comes of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dodo_tui.domain.playback import End, PlayerState, PlayerStatus
from dodo_tui.players.polled import Moment, Polled, Reading, end, read
from tests.support.clock import START

FILM = Reading("1", "/films/film.mkv", PlayerStatus.PLAYING, 100.0, 3600.0)


def moment(seconds: float) -> Moment:
    """So long after the start."""
    return Moment(START + timedelta(seconds=seconds), 1000.0 + seconds)


def told(*readings: tuple[float, Reading], lag: float = 0.0) -> tuple[Polled, list[PlayerState]]:
    """Everything that comes of readings at these seconds."""
    polled = Polled("vlc", "vlc", lag)
    states: list[PlayerState] = []
    for seconds, reading in readings:
        polled, some = read(polled, reading, moment(seconds))
        states += some
    return polled, states


def at(position: float, **changes: object) -> Reading:
    """The film at a position."""
    return replace(FILM, position_seconds=position, **changes)  # type: ignore[arg-type]


def test_playing_on_is_no_jump() -> None:
    """Whole seconds and late answers are not seeks."""
    _, states = told((0, at(100)), (2, at(101.2)), (4, at(104.9)), (9, at(108)))
    assert [state.jumps for state in states] == [0, 0, 0, 0]


@pytest.mark.parametrize("position", [500.0, 90.0, 111.0])
def test_a_seek_is_a_jump(position: float) -> None:
    """Forwards and backwards."""
    _, states = told((0, at(100)), (2, at(position)))
    assert states[-1].jumps == 1


def test_a_pause_does_not_run_on() -> None:
    """An hour later it is where it was."""
    paused = at(200, status=PlayerStatus.PAUSED)
    polled, states = told((0, at(199)), (1, paused), (3601, paused))
    assert states[-1].jumps == 0
    _, (last,) = end(polled, moment(4000), End.CLOSED)
    assert last.position_seconds == 200


def test_the_end_is_carried_on_and_seen() -> None:
    """The last answer before a natural end is short of it."""
    polled, _ = told((0, at(3594)), (2, at(3596)))
    _, (last,) = end(polled, moment(4), End.CLOSED)
    assert (last.position_seconds, last.end) == (3598, End.FINISHED)


def test_a_stop_in_the_middle_is_no_end() -> None:
    """The position is carried on no further than answers are apart."""
    polled, _ = told((0, at(1000)))
    _, (last,) = end(polled, moment(600), End.CLOSED)
    assert last.end is End.CLOSED
    assert last.position_seconds is not None
    assert last.position_seconds <= 1012


def test_another_item_ends_the_one_before() -> None:
    """Without a word about its end."""
    _, states = told((0, at(100)), (2, at(0, identity="2", path="/films/other.mkv")))
    first, ended, other = states
    assert (ended.item, ended.end) == (first.item, End.REPLACED)
    assert other.item != first.item


def test_from_the_end_to_the_start_is_another_viewing() -> None:
    """A loop, or somebody else who sits down."""
    _, states = told((0, at(3500)), (60, at(3560)), (64, at(1)))
    assert states[-1].item != states[0].item
    assert states[-2].end is not None


def test_a_position_that_is_not_known_keeps_the_last() -> None:
    """Players forget it before they say that they stopped."""
    _, states = told((0, at(100)), (2, replace(FILM, position_seconds=None)))
    assert states[-1].position_seconds == 100


def test_old_positions_are_carried_on_by_our_clock() -> None:
    """A server that hears every ten seconds makes steps, and no jumps."""
    readings = [(0, at(100)), (10, at(100)), (20, at(118)), (30, at(130)), (40, at(131))]
    _, states = told(*readings, lag=12.0)
    assert {state.jumps for state in states} == {0}
    assert [state.position_seconds for state in states] == [100, 110, 120, 130, 140]


@given(
    st.lists(
        st.tuples(
            st.floats(0, 30),
            st.floats(-10, 4000, allow_nan=False),
            st.sampled_from([PlayerStatus.PLAYING, PlayerStatus.PAUSED]),
            st.sampled_from(["1", "2"]),
        ),
        max_size=30,
    )
)
def test_each_item_ends_once_and_in_order(
    script: list[tuple[float, float, PlayerStatus, str]],
) -> None:
    """Whatever a player says."""
    polled, seconds = Polled("vlc", "vlc"), 0.0
    states: list[PlayerState] = []
    for wait, position, status, identity in script:
        seconds += wait
        polled, some = read(polled, at(position, status=status, identity=identity), moment(seconds))
        states += some
    polled, some = end(polled, moment(seconds + 1), End.LOST)
    states += some
    open_item = ""
    for state in states:
        assert open_item in ("", state.item)
        open_item = "" if state.end is not None else state.item
    assert open_item == ""
    ends = [state.item for state in states if state.end is not None]
    assert len(ends) == len(set(ends))
