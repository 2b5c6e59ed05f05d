"""A year of viewing, added up: by day, by month and by show. Nothing is estimated.

What a player played counts with the seconds that were really played. What was marked by hand or
watched elsewhere counts with the length of the film or episode, where that is known, and is told
apart. Days are those of the place where dodo runs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import NamedTuple

from dodo_tui.domain.ids import Kind

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
"""Short names of the months."""

MOST_SHOWS = 20
"""How many shows are ranked."""

_LONGEST_SECONDS = 86_400.0
"""A single viewing counts for a day at most, whatever an imported file says."""

EARLIEST_YEAR, LATEST_YEAR = 1900, 2999
"""The years that can be asked for."""

_SHORTEST_DAY_SECONDS = 60.0
"""Less than this is a film that was opened and closed, not a day of viewing."""


class Viewing(NamedTuple):
    """What counts of one play."""

    at: datetime
    """When it began, or when it was watched elsewhere; UTC."""
    media_id: str
    title: str
    kind: Kind
    played_seconds: float
    """0 for what no player of ours played."""
    watched: bool
    length_seconds: float | None = None
    """How long the film or episode is, if known."""


class Tally(NamedTuple):
    """What came together in a day or a month."""

    seconds: float = 0.0
    films: int = 0
    episodes: int = 0

    @property
    def watched(self) -> int:
        """How many films and episodes were watched to their end."""
        return self.films + self.episodes

    def plus(self, other: Tally) -> Tally:
        """Both together."""
        return Tally(
            self.seconds + other.seconds, self.films + other.films, self.episodes + other.episodes
        )


class ShowTally(NamedTuple):
    """What came together of one show."""

    media_id: str
    title: str
    seconds: float
    episodes: int


@dataclass(frozen=True, slots=True)
class YearStatistics:
    """A year, added up."""

    year: int
    days: tuple[Tally, ...]
    """One for each day of the year, the first of January first."""
    months: tuple[Tally, ...]
    """Twelve, January first."""
    shows: tuple[ShowTally, ...]
    """The most watched shows, by time, then by episodes, then by name."""
    played_seconds: float
    """Of all seconds, those that a player of ours really played."""
    length_seconds: float
    """The others: lengths of what was marked or watched elsewhere."""
    without_length: int
    """How many of those have no known length: they count, without seconds."""

    @property
    def total(self) -> Tally:
        """The whole year."""
        total = Tally()
        for month in self.months:
            total = total.plus(month)
        return total

    @property
    def is_empty(self) -> bool:
        """Whether nothing was watched or played in this year."""
        return not any(tally.seconds or tally.watched for tally in self.months)

    @property
    def viewing_days(self) -> int:
        """On how many days something was watched."""
        return sum(counts_as_day(day) for day in self.days)

    @property
    def longest_run(self) -> int:
        """How many days in a row something was watched, at most."""
        longest = run = 0
        for day in self.days:
            run = run + 1 if counts_as_day(day) else 0
            longest = max(longest, run)
        return longest


@dataclass(frozen=True, slots=True)
class Statistics:
    """A year, and what lies around it."""

    year: YearStatistics
    first_year: int
    """The first year of which anything is known; the year itself if nothing is."""
    last_year: int
    undated: int
    """How many films and episodes are known to be watched, but not when: in no year."""


def counts_as_day(tally: Tally) -> bool:
    """Whether a day was a day of viewing, and not only one on which something was opened."""
    return tally.watched > 0 or tally.seconds >= _SHORTEST_DAY_SECONDS


def day_of(year: int, index: int) -> date:
    """The day behind an index of `YearStatistics.days`."""
    return date(year, 1, 1) + timedelta(days=index)


def hours_text(seconds: float) -> str:
    """`12 h 05`, `48 min`: a time that was spent, rounded to minutes."""
    minutes = round(seconds / 60)
    return f"{minutes // 60} h {minutes % 60:02d}" if minutes >= 60 else f"{minutes} min"


def length_sentence(year: YearStatistics) -> str:
    """Where the hours come from, if not all were played here; else nothing."""
    if not year.length_seconds and not year.without_length:
        return ""
    facts = [f"Played here: {hours_text(year.played_seconds)}."] if year.played_seconds else []
    if year.length_seconds:
        facts.append(f"Elsewhere or by mark: {hours_text(year.length_seconds)}.")
    if year.without_length:
        facts.append(f"Length unknown: {year.without_length}.")
    return "  ".join(facts)


def year_bounds(year: int, zone: tzinfo | None = None) -> tuple[datetime, datetime]:
    """When a year begins and ends in a time zone (None: this machine's), in UTC."""
    return _midnight(date(year, 1, 1), zone), _midnight(date(year + 1, 1, 1), zone)


def month_bounds(year: int, month: int, zone: tzinfo | None = None) -> tuple[datetime, datetime]:
    """When a month (1–12) begins and ends in a time zone (None: this machine's), in UTC."""
    after = date(year + month // 12, month % 12 + 1, 1)
    return _midnight(date(year, month, 1), zone), _midnight(after, zone)


def _midnight(day: date, zone: tzinfo | None) -> datetime:
    """The beginning of a day; where clocks skip it, the moment at which they do."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def local_day(moment: datetime, zone: tzinfo | None = None) -> date:
    """The day of a moment in a time zone (None: this machine's)."""
    try:
        return moment.astimezone(zone).date()
    except OverflowError:  # the first or last day of all calendars, from an imported file
        return moment.date()


def add_up(viewings: Iterable[Viewing], year: int, zone: tzinfo | None = None) -> YearStatistics:
    """A year of viewings; those of other years are left out."""
    first = date(year, 1, 1)
    length = (date(year + 1, 1, 1) - first).days
    seconds_of, films_of, episodes_of = [0.0] * length, [0] * length, [0] * length
    shows: dict[str, _Show] = {}
    played = lengths = 0.0
    without_length = 0
    for at, media_id, title, kind, played_seconds, watched, length_seconds in viewings:
        day = local_day(at, zone)
        if day.year != year:
            continue
        seconds = _bounded(played_seconds)
        if seconds:
            played += seconds
        elif watched:
            seconds = _bounded(length_seconds or 0.0)
            lengths += seconds
            without_length += not seconds
        index = (day - first).days
        seconds_of[index] += seconds
        if kind is Kind.MOVIE:
            films_of[index] += watched
            continue
        episodes_of[index] += watched
        show = shows.get(media_id)
        if show is None:
            show = shows[media_id] = _Show(title)
        show.seconds += seconds
        show.episodes += watched
    days = tuple(map(Tally, seconds_of, films_of, episodes_of))
    return YearStatistics(
        year=year,
        days=days,
        months=_by_month(first, days),
        shows=_ranked(
            ShowTally(media_id, show.title, show.seconds, show.episodes)
            for media_id, show in shows.items()
        ),
        played_seconds=played,
        length_seconds=lengths,
        without_length=without_length,
    )


@dataclass(slots=True)
class _Show:
    """A show while it is added up."""

    title: str
    seconds: float = 0.0
    episodes: int = 0


def _bounded(seconds: float) -> float:
    """Seconds that can be true: a number from 0 to a day."""
    return min(max(seconds, 0.0), _LONGEST_SECONDS) if seconds == seconds else 0.0


def _by_month(first: date, days: tuple[Tally, ...]) -> tuple[Tally, ...]:
    months = [Tally()] * 12
    for index, tally in enumerate(days):
        if tally.seconds or tally.watched:
            month = (first + timedelta(days=index)).month - 1
            months[month] = months[month].plus(tally)
    return tuple(months)


def _ranked(shows: Iterable[ShowTally]) -> tuple[ShowTally, ...]:
    real = [show for show in shows if show.episodes or show.seconds >= _SHORTEST_DAY_SECONDS]
    real.sort(key=lambda show: (-show.seconds, -show.episodes, show.title.casefold()))
    return tuple(real[:MOST_SHOWS])
