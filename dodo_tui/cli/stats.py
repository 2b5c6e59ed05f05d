"""`dodo stats`: a year of viewing in a few lines; it reads, and imports nothing heavy."""

from __future__ import annotations

import argparse

from dodo_tui.cli.context import context, database
from dodo_tui.cli.output import DONE, Json, WrongUsageError, rounded, say, say_json, table
from dodo_tui.domain.figures import counted
from dodo_tui.domain.statistics import (
    EARLIEST_YEAR,
    LATEST_YEAR,
    MONTHS,
    Statistics,
    Tally,
    YearStatistics,
    day_of,
    hours_text,
    length_sentence,
)
from dodo_tui.storage.statistics import statistics

_BAR_CELLS = 30


def stats(options: argparse.Namespace) -> int:
    """A year, added up.

    Raises:
        WrongUsageError: no such year can be asked for.
    """
    if options.year is not None and not EARLIEST_YEAR <= options.year <= LATEST_YEAR:
        raise WrongUsageError(f"A year is a number from {EARLIEST_YEAR} to {LATEST_YEAR}.")
    ctx = context()
    with database(ctx) as (connection, profile):
        seen = statistics(connection, profile.id, options.year, ctx.clock.now())
    if options.json:
        say_json(_document(seen))
    else:
        _say(seen)
    return DONE


def _say(seen: Statistics) -> None:
    year = seen.year
    if year.is_empty:
        say(f"Nothing was watched in {year.year}.")
    else:
        total = year.total
        films, episodes = counted(total.films, "film"), counted(total.episodes, "episode")
        say(f"{year.year}: {hours_text(total.seconds)}, {films}, {episodes}")
        say(f"Watched on {counted(year.viewing_days, 'day')}, up to {year.longest_run} in a row.")
        if sentence := length_sentence(year):
            say(sentence)
        say()
        most = max(month.seconds for month in year.months)
        table(
            [
                (name, hours_text(month.seconds) if month.watched or month.seconds else "", bar)
                for name, month in zip(MONTHS, year.months, strict=True)
                for bar in ["#" * round(month.seconds / (most or 1) * _BAR_CELLS)]
            ]
        )
    if year.shows:
        say()
        table(
            [
                (show.title, hours_text(show.seconds), counted(show.episodes, "episode"))
                for show in year.shows
            ]
        )
    if seen.undated:
        say(f"{seen.undated} more watched at a time that is not known.")


def _document(seen: Statistics) -> Json:
    year = seen.year
    return {
        "year": year.year,
        "first_year": seen.first_year,
        "last_year": seen.last_year,
        **_tally_json(year.total),
        "played_seconds": rounded(year.played_seconds),
        "length_seconds": rounded(year.length_seconds),
        "without_length": year.without_length,
        "undated": seen.undated,
        "viewing_days": year.viewing_days,
        "longest_run": year.longest_run,
        "months": [
            {"month": number, **_tally_json(month)}
            for number, month in enumerate(year.months, start=1)
        ],
        "days": _days_json(year),
        "shows": [
            {
                "media_id": show.media_id,
                "title": show.title,
                "seconds": rounded(show.seconds),
                "episodes": show.episodes,
            }
            for show in year.shows
        ],
    }


def _days_json(year: YearStatistics) -> list[Json]:
    """The days on which there was something; the others would be zeros."""
    return [
        {"day": day_of(year.year, index).isoformat(), **_tally_json(day)}
        for index, day in enumerate(year.days)
        if day.seconds or day.watched
    ]


def _tally_json(tally: Tally) -> Json:
    return {"seconds": rounded(tally.seconds), "films": tally.films, "episodes": tally.episodes}
