"""The merge's rules, one by one, and over everything."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dodo_tui.domain.merge import (
    LONG_AGO,
    Standing,
    is_overtaken,
    is_too_much,
    merge_position,
    merge_resume,
    merge_unwatched,
    merge_watched,
    needs_asking,
)
from dodo_tui.domain.progress import Origin, Progress
from dodo_tui.domain.queue import QueueKind
from dodo_tui.domain.times import known_time, to_iso
from tests.support.clock import START

KEY = "tt0113277"
HOUR = timedelta(hours=1)
STANDING = Standing(Origin.SIMKL, START)
THEIRS = replace(STANDING, theirs=True)
"""The user has said that the provider's word counts."""


def begun(at: datetime, ratio: float = 0.3, origin: Origin = Origin.PLAYER) -> Progress:
    """A film that was left in its midst."""
    return Progress(1, KEY, ratio * 6000, 6000.0, ratio, at, origin)


def seen(at: datetime | None, origin: Origin = Origin.PLAYER) -> Progress:
    """A film that was watched."""
    return Progress(1, KEY, 0.0, 6000.0, None, at or LONG_AGO, origin, at, True)


def unmarked(at: datetime) -> Progress:
    """A film whose mark was taken back by hand."""
    return Progress(1, KEY, 0.0, 6000.0, None, at, Origin.MANUAL)


def test_a_later_watch_ends_what_was_begun() -> None:
    """Paused here, then finished elsewhere: watched, and nothing is left to resume."""
    merged = merge_watched(begun(START - HOUR), 1, KEY, START, STANDING)
    assert (merged.watched, merged.position_seconds, merged.ratio) == (True, 0.0, None)
    assert (merged.watched_at, merged.origin) == (START, Origin.SIMKL)


def test_an_earlier_watch_leaves_the_place() -> None:
    """Watched elsewhere, then begun again here: both are true; a percentage is a place, too."""
    for local in (begun(START), replace(begun(START), position_seconds=0.0)):
        merged = merge_watched(local, 1, KEY, START - HOUR, STANDING)
        assert merged == replace(local, watched=True, watched_at=START - HOUR)


def test_watched_here_first_stays_watched_here() -> None:
    """Seen, begun again here and finished elsewhere: no list may take it away."""
    local = replace(begun(START - HOUR), watched=True, watched_at=START - 9 * HOUR)
    merged = merge_watched(local, 1, KEY, START, STANDING)
    assert (merged.position_seconds, merged.watched_at) == (0.0, START)
    assert merged.origin is Origin.PLAYER


def test_watched_beats_progress_in_the_same_second() -> None:
    """Providers keep whole seconds, so a fraction later is the same time."""
    local = begun(START + timedelta(milliseconds=700))
    standing = replace(STANDING, now=START + HOUR)
    assert merge_watched(local, 1, KEY, START, standing).position_seconds == 0.0


def test_a_mark_set_there_in_the_same_second_counts() -> None:
    """As above: it was taken back here a fraction later, by a clock of its own."""
    standing = replace(STANDING, now=START + HOUR)
    local = unmarked(START + timedelta(milliseconds=700))
    assert merge_watched(local, 1, KEY, START, standing).watched
    assert merge_watched(unmarked(START + timedelta(seconds=1)), 1, KEY, START, standing) == (
        unmarked(START + timedelta(seconds=1))
    )


def test_the_newer_of_two_watched_times_stays() -> None:
    """In a film that was begun again since, too; and what was done later keeps its place."""
    local = replace(begun(START), watched=True, watched_at=START - HOUR)
    assert merge_watched(local, 1, KEY, START - 2 * HOUR, STANDING) == local
    touched = replace(seen(START - 10 * HOUR), touched_at=START)
    merged = merge_watched(touched, 1, KEY, START - HOUR, STANDING)
    assert merged == replace(touched, watched_at=START - HOUR)


def test_what_counts_where_theirs_is_taken() -> None:
    """A place here goes, a mark comes back, whatever is newer or waits; not by a time unknown."""
    older = START - HOUR
    ended = merge_watched(begun(START), 1, KEY, older, THEIRS)
    assert (ended.position_seconds, ended.watched_at) == (0.0, older)
    assert merge_watched(begun(START), 1, KEY, None, THEIRS) == replace(begun(START), watched=True)
    waiting = replace(THEIRS, unsent=frozenset({QueueKind.UNWATCHED}))
    for standing in (THEIRS, waiting):
        marked = merge_watched(unmarked(START), 1, KEY, older, standing)
        assert (marked.watched, marked.touched_at) == (True, START)
        assert merge_unwatched(seen(START), standing) is None
    left = merge_unwatched(replace(begun(START), watched=True, watched_at=older), THEIRS)
    assert left == begun(START)
    moved = merge_resume(begun(START), 1, KEY, 0.6, older, THEIRS)
    assert moved is not None
    assert (moved.ratio, moved.touched_at) == (0.6, older)


def test_watched_at_an_unknown_time_moves_nothing() -> None:
    """It is watched, and what is newer here stays where it is."""
    local = begun(START - HOUR)
    assert merge_watched(local, 1, KEY, None, STANDING) == replace(local, watched=True)
    fresh = merge_watched(None, 1, KEY, None, STANDING)
    assert (fresh.watched, fresh.watched_at, fresh.touched_at) == (True, None, LONG_AGO)
    assert known_time(to_iso(fresh.touched_at)) is None


def test_a_watch_from_the_future_is_now() -> None:
    """A clock that is years ahead does not put a title on top for years."""
    merged = merge_watched(None, 1, KEY, START + timedelta(days=3000), STANDING)
    assert (merged.watched_at, merged.touched_at) == (START, START)


def test_a_mark_taken_back_here_and_not_sent_stays() -> None:
    """A fact not yet sent beats what the provider says, however new that is."""
    local = unmarked(START - HOUR)
    standing = replace(STANDING, unsent=frozenset({QueueKind.UNWATCHED}))
    assert merge_watched(local, 1, KEY, START, standing) == local


def test_a_mark_set_again_after_ours_was_taken_back_counts() -> None:
    """The provider was told that it is unwatched, and says watched: somebody marked it again."""
    local = unmarked(START)
    earlier = START - 10 * HOUR
    assert merge_watched(local, 1, KEY, earlier, STANDING) == local
    merged = merge_watched(local, 1, KEY, earlier, replace(STANDING, told=True))
    assert (merged.watched, merged.watched_at, merged.touched_at) == (True, earlier, START)


def test_our_own_viewing_coming_back_changes_nothing() -> None:
    """A live stop is stamped by the provider, a few seconds later than by us."""
    local = seen(START - HOUR)
    assert merge_watched(local, 1, KEY, START - HOUR + timedelta(seconds=9), STANDING) == local


def test_unwatched_there_is_unwatched_here_once_it_was_told() -> None:
    """What the provider was never told, or not yet, it cannot take back."""
    local = seen(START - HOUR)
    told = replace(STANDING, told=True)
    assert merge_unwatched(local, told) is None
    assert merge_unwatched(local, STANDING) == local
    waiting = replace(told, unsent=frozenset({QueueKind.WATCHED}))
    assert merge_unwatched(local, waiting) == local


def test_a_percentage_becomes_seconds_only_by_a_real_duration() -> None:
    """Without a duration the ratio is kept; nothing is made up."""
    fresh = merge_resume(None, 1, KEY, 0.42, START, STANDING)
    assert fresh is not None
    assert (fresh.position_seconds, fresh.duration_seconds, fresh.ratio) == (0.0, None, 0.42)
    known = merge_resume(begun(START - HOUR), 1, KEY, 0.42, START, STANDING)
    assert known is not None
    assert (known.position_seconds, known.ratio) == (2520.0, 0.42)


@pytest.mark.parametrize(("told", "kept"), [(1.7, 1.0), (-0.2, None), (0.0, None)])
def test_a_percentage_that_cannot_be_is_none(told: float, kept: float | None) -> None:
    """More than all of a film is all of it; nothing of it is no place in it."""
    for local in (None, begun(START - HOUR)):
        merged = merge_resume(local, 1, KEY, told, START, STANDING)
        if kept is None:
            assert merged == local
        else:
            assert merged is not None
            assert merged.ratio == kept


def test_another_players_seconds_are_kept_as_they_are() -> None:
    """Newer ones, within the film where its length is known; a watched mark stays whose it was."""
    fresh = merge_position(None, 1, KEY, 90.0, START + HOUR, STANDING)
    assert fresh == Progress(1, KEY, 90.0, None, None, START, Origin.SIMKL)
    local = begun(START - HOUR)
    moved = merge_position(local, 1, KEY, 3000.0, START, STANDING)
    assert moved == replace(
        local, position_seconds=3000.0, ratio=0.5, touched_at=START, origin=Origin.SIMKL
    )
    beyond = merge_position(local, 1, KEY, 9000.0, START, STANDING)
    assert beyond is not None
    assert (beyond.position_seconds, beyond.ratio) == (6000.0, 1.0)
    again = merge_position(seen(START - HOUR), 1, KEY, 3000.0, START, STANDING)
    assert again is not None
    assert (again.watched, again.origin) == (True, Origin.PLAYER)
    for position, at in (
        (0.0, START),
        (-1.0, START),
        (90.0, START - HOUR),
        (90.0, START - 2 * HOUR),
    ):
        assert merge_position(local, 1, KEY, position, at, STANDING) == local
    assert merge_position(None, 1, KEY, 0.0, START, STANDING) is None


def test_the_same_place_keeps_our_seconds() -> None:
    """Our own pause comes back rounded to whole percent."""
    local = begun(START - HOUR, ratio=0.4237)
    merged = merge_resume(local, 1, KEY, 0.42, START, STANDING)
    assert merged == replace(local, touched_at=START)


@pytest.mark.parametrize("local", [begun(START), seen(START)])
def test_an_older_resume_point_is_ignored(local: Progress) -> None:
    """And so is one of the same second: watched beats progress."""
    assert merge_resume(local, 1, KEY, 0.6, START - HOUR, STANDING) == local
    assert merge_resume(local, 1, KEY, 0.6, START, STANDING) == local


def test_begun_again_elsewhere_stays_watched() -> None:
    """A later pause is a new viewing; the old one is still true."""
    merged = merge_resume(seen(START - HOUR), 1, KEY, 0.1, START, STANDING)
    assert merged is not None
    assert (merged.watched, merged.ratio, merged.origin) == (True, 0.1, Origin.PLAYER)


def test_a_row_dated_in_the_future_gives_way_once_it_was_told() -> None:
    """Our own clock was wrong when it was written; the provider has learnt more since."""
    local = begun(START + timedelta(days=4000))
    assert merge_resume(local, 1, KEY, 0.6, START - HOUR, STANDING) == local
    told = merge_resume(local, 1, KEY, 0.6, START - HOUR, replace(STANDING, told=True))
    assert told is not None
    assert (told.ratio, told.touched_at) == (0.6, START - HOUR)


def test_a_resume_point_from_before_a_viewing_is_worthless() -> None:
    """Wherever that was; a later pause is another viewing."""
    assert is_overtaken(seen(START), START)
    assert is_overtaken(seen(START, Origin.SIMKL), START - HOUR)
    assert not is_overtaken(seen(START - HOUR), START)
    assert not is_overtaken(begun(START), START - HOUR)
    assert is_overtaken(seen(START), START + timedelta(milliseconds=900))
    assert not is_overtaken(replace(begun(START), watched=True, watched_at=START), START - HOUR)
    assert not is_overtaken(seen(START), None)


@pytest.mark.parametrize(
    ("removed", "listed", "nothing_left", "asks"),
    [
        (1, 1, True, False),
        (2, 2, True, True),
        (2, 3, False, False),
        (3, 4, False, False),
        (4, 5, False, True),
        (4, 20, False, False),
        (5, 20, False, True),
        (9, 10, False, True),
        (50, 250, False, False),
        (50, 249, False, True),
        (51, 3000, False, True),
    ],
)
def test_a_mass_removal_is_asked_about(
    removed: int, listed: int, nothing_left: bool, asks: bool
) -> None:
    """More than three titles and more than a fifth, more than fifty, or everything at once."""
    assert needs_asking(removed, listed, nothing_left) is asks


@pytest.mark.parametrize(
    ("removed", "held", "nothing_left", "is_kept"),
    [(1, 1, True, False), (2, 2, True, True), (10, 11, False, False), (11, 54, False, True)],
)
def test_a_season_is_unmarked_without_a_question(
    removed: int, held: int, nothing_left: bool, is_kept: bool
) -> None:
    """More than ten parts and more than a fifth, or everything at once."""
    assert is_too_much(removed, held, nothing_left) is is_kept


times = st.datetimes(
    datetime(1990, 1, 1),  # noqa: DTZ001 - given their zone below
    datetime(2090, 1, 1),  # noqa: DTZ001
).map(lambda naive: naive.replace(tzinfo=START.tzinfo))
rows = st.one_of(
    st.none(),
    st.builds(begun, times, st.floats(0.05, 0.85), st.sampled_from(Origin)),
    st.builds(seen, st.one_of(st.none(), times), st.sampled_from(Origin)),
    st.builds(unmarked, times),
)
standings = st.builds(
    Standing,
    st.just(Origin.SIMKL),
    times,
    st.frozensets(st.sampled_from([QueueKind.WATCHED, QueueKind.UNWATCHED, QueueKind.PROGRESS])),
    st.booleans(),
    st.booleans(),
)


@given(rows, st.one_of(st.none(), times), standings)
def test_hearing_watched_twice_is_hearing_it_once(
    local: Progress | None, at: datetime | None, standing: Standing
) -> None:
    """A pull that is repeated changes nothing the second time, and nothing becomes future."""
    once = merge_watched(local, 1, KEY, at, standing)
    assert merge_watched(once, 1, KEY, at, standing) == once
    if local is None:
        assert once.touched_at <= standing.now or once.touched_at == LONG_AGO


@given(rows, st.floats(0.01, 0.99), st.one_of(st.none(), times), standings)
def test_hearing_a_resume_point_twice_is_hearing_it_once(
    local: Progress | None, ratio: float, at: datetime | None, standing: Standing
) -> None:
    """As above; and a resume point never takes a watched mark away."""
    once = merge_resume(local, 1, KEY, ratio, at, standing)
    assert once is not None
    assert merge_resume(once, 1, KEY, ratio, at, standing) == once
    assert once.watched == (local is not None and local.watched)


@given(rows, times, standings)
def test_watched_is_never_forgotten_by_hearing_watched(
    local: Progress | None, at: datetime, standing: Standing
) -> None:
    """Whatever was watched stays watched, and its newest time is never moved back."""
    merged = merge_watched(local, 1, KEY, at, standing)
    if local is not None and local.watched:
        assert merged.watched
        if local.watched_at is not None:
            assert merged.watched_at is not None
            assert merged.watched_at >= local.watched_at
