"""Statistics add up: nothing is lost, nothing is invented, days are those of the place."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dodo_tui.domain.ids import Kind
from dodo_tui.domain.statistics import (
    MOST_SHOWS,
    Tally,
    Viewing,
    YearStatistics,
    add_up,
    counts_as_day,
    day_of,
    hours_text,
    length_sentence,
    local_day,
    month_bounds,
    year_bounds,
)

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = st.sampled_from(
    [
        UTC,
        BERLIN,
        ZoneInfo("America/Sao_Paulo"),
        ZoneInfo("Pacific/Kiritimati"),
        ZoneInfo("Australia/Lord_Howe"),
        ZoneInfo("America/St_Johns"),
        ZoneInfo("Africa/Cairo"),
    ]
)
YEARS = st.integers(2015, 2030)
MOMENTS = st.datetimes(
    min_value=datetime(2014, 12, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(2031, 2, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
VIEWINGS = st.builds(
    Viewing,
    MOMENTS,
    st.sampled_from(["tt1", "tt2", "tt3"]),
    st.just("A title"),
    st.sampled_from(Kind),
    st.one_of(st.just(0.0), st.integers(1, 40_000).map(float)),
    st.booleans(),
    st.one_of(st.none(), st.integers(60, 20_000).map(float)),
)


def viewing(
    at: datetime,
    played: float = 0.0,
    watched: bool = True,
    length: float | None = None,
    kind: Kind = Kind.SHOW,
    media_id: str = "tt1",
) -> Viewing:
    """A viewing of which only some things matter."""
    return Viewing(at, media_id, media_id, kind, played, watched, length)


@given(st.lists(VIEWINGS, max_size=40), YEARS, ZONES)
def test_everything_of_the_year_is_in_it_once(
    viewings: list[Viewing], year: int, zone: ZoneInfo
) -> None:
    """Days, months, sources and counts are sums of the same viewings, whatever the zone."""
    seen = add_up(viewings, year, zone)
    mine = [each for each in viewings if each.at.astimezone(zone).year == year]
    seconds = sum(
        each.played_seconds or (each.length_seconds or 0.0 if each.watched else 0.0)
        for each in mine
    )
    assert len(seen.days) == (date(year + 1, 1, 1) - date(year, 1, 1)).days
    assert sum(day.seconds for day in seen.days) == pytest.approx(seconds)
    assert sum(month.seconds for month in seen.months) == pytest.approx(seconds)
    assert seen.played_seconds + seen.length_seconds == pytest.approx(seconds)
    assert seen.total.watched == sum(each.watched for each in mine)
    assert seen.total.films == sum(each.watched and each.kind is Kind.MOVIE for each in mine)
    assert sum(show.episodes for show in seen.shows) == seen.total.episodes
    assert seen.is_empty == (not seconds and not seen.total.watched)


@given(st.lists(VIEWINGS, max_size=15), YEARS, ZONES)
def test_every_viewing_lands_on_the_day_on_the_wall(
    viewings: list[Viewing], year: int, zone: ZoneInfo
) -> None:
    """Each of them alone makes exactly its own day, and months agree with the days."""
    for each in viewings:
        seen = add_up([each], year, zone)
        there = [day_of(year, index) for index, day in enumerate(seen.days) if day != Tally()]
        local = each.at.astimezone(zone).date()
        assert there in ([], [local])
        for month, tally in enumerate(seen.months, start=1):
            assert tally == Tally() or month == local.month


@given(MOMENTS, ZONES)
def test_bounds_and_days_agree(at: datetime, zone: ZoneInfo) -> None:
    """What SQL leaves out by the bounds is what adding up would leave out by the day."""
    day = local_day(at, zone)
    since, until = year_bounds(day.year, zone)
    assert since <= at < until
    since, until = month_bounds(day.year, day.month, zone)
    assert since <= at < until


@given(st.lists(st.booleans(), min_size=365, max_size=365))
def test_the_longest_run_is_the_longest(days: list[bool]) -> None:
    """Compared with the words of the definition."""
    seen = YearStatistics(
        2026, tuple(Tally(90.0) if day else Tally(5.0) for day in days), (), (), 0.0, 0.0, 0
    )
    text = "".join("x" if day else " " for day in days)
    assert seen.longest_run == max(map(len, text.split()), default=0)
    assert seen.viewing_days == sum(days)


def test_midnight_is_that_of_the_place() -> None:
    """Half past eleven in the evening in London is the next day in Berlin, also over New Year."""
    late = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    assert add_up([viewing(late, 60.0)], 2026, UTC).days[-1].seconds == 60.0
    assert add_up([viewing(late, 60.0)], 2026, BERLIN).is_empty
    assert add_up([viewing(late, 60.0)], 2027, BERLIN).days[0].seconds == 60.0


def test_the_hour_that_comes_twice_is_one_evening() -> None:
    """Clocks go back in the night of 25 October 2026: both hours are of that Sunday."""
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    seen = add_up([viewing(first, 60.0), viewing(first + timedelta(hours=1), 60.0)], 2026, BERLIN)
    assert [day_of(2026, i) for i, day in enumerate(seen.days) if day.seconds] == [
        date(2026, 10, 25)
    ]


def test_nothing_is_estimated() -> None:
    """Played counts as played, a mark by its length, and what has none by nothing."""
    at = datetime(2026, 5, 5, 12, tzinfo=UTC)
    seen = add_up(
        [
            viewing(at, played=600.0, length=3600.0),
            viewing(at, played=900.0, watched=False, length=3600.0),
            viewing(at, length=3600.0),
            viewing(at),
            viewing(at, watched=False, length=3600.0),
        ],
        2026,
        UTC,
    )
    assert (seen.played_seconds, seen.length_seconds, seen.without_length) == (1500.0, 3600.0, 1)
    assert seen.total == Tally(5100.0, 0, 3)
    assert length_sentence(seen) == (
        "Played here: 25 min.  Elsewhere or by mark: 1 h 00.  Length unknown: 1."
    )


@pytest.mark.parametrize("seconds", [float("nan"), float("inf"), -5.0, 1e300])
def test_nonsense_of_a_file_is_bounded(seconds: float) -> None:
    """A viewing is never longer than a day, nor shorter than nothing."""
    at = datetime(2026, 5, 5, 12, tzinfo=UTC)
    seen = add_up([viewing(at, played=seconds)], 2026, UTC)
    assert 0.0 <= seen.total.seconds <= 86_400.0


def test_the_end_of_all_calendars_is_a_day() -> None:
    """A time out of an imported file cannot end the program."""
    last = datetime(9999, 12, 31, 23, 59, tzinfo=UTC)
    assert local_day(last, BERLIN).year == 9999


def test_shows_are_ranked_by_time() -> None:
    """Then by episodes, then by name; films are not among them, nor what was only opened."""
    at = datetime(2026, 5, 5, 12, tzinfo=UTC)
    viewings = [
        viewing(at, 100.0, media_id="b"),
        viewing(at, 100.0, media_id="a"),
        viewing(at, 900.0, media_id="c", watched=False),
        viewing(at, 5.0, media_id="opened", watched=False),
        viewing(at, 5000.0, media_id="film", kind=Kind.MOVIE),
    ]
    seen = add_up(viewings, 2026, UTC)
    assert [show.media_id for show in seen.shows] == ["c", "a", "b"]
    many = [viewing(at, 100.0, media_id=str(number)) for number in range(50)]
    assert len(add_up(many, 2026, UTC).shows) == MOST_SHOWS


def test_a_glance_is_no_day() -> None:
    """A film that was opened and closed again makes no day of viewing."""
    assert not counts_as_day(Tally(59.0))
    assert counts_as_day(Tally(60.0))
    assert counts_as_day(Tally(0.0, 1))


def test_hours_are_said_in_hours_and_minutes() -> None:
    """Times as people say them."""
    assert [hours_text(seconds) for seconds in (0, 59, 3599, 3600, 36_300)] == [
        "0 min",
        "1 min",
        "1 h 00",
        "1 h 00",
        "10 h 05",
    ]
