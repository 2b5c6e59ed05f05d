"""The part of a file name that says which episodes it holds.

Numbers come from these patterns and not from a guess: a wrong number marks the wrong episode.
Repetitions are possessive (`*+`), so that no name can make a pattern try for ever.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

MAX_EPISODES_IN_FILE = 30
"""A longer range is a season pack's name or nonsense, not one file."""

_SEASON_EPISODE = re.compile(
    r"""(?<![a-z0-9])s(?P<season>\d{1,4})[ ._-]{0,3}(?:ep|e|episode[ ._]?)[ ._]?(?P<first>\d{1,4})
        (?P<more>(?:[ ._]{0,2}[-+&~,]?[ ._]{0,2}(?:s\d{1,4}[ ._]?)?(?:ep|e)\d{1,4}(?![0-9])
                 |[-~]\d{1,3}(?![0-9pi]|[ ._]?bit))*+)""",
    re.IGNORECASE | re.VERBOSE | re.ASCII,
)
_GLUED = re.compile(r"s(?P<season>\d{2})e(?P<first>\d{2,3})(?P<more>)(?![0-9])", re.I | re.ASCII)
_CROSS = re.compile(
    r"(?<![a-z0-9])(?P<season>\d{1,2})x(?P<first>\d{2,3})"
    r"(?P<more>(?:[ ._]?[-+&]?[ ._]?(?:\d{1,2})?x\d{2,3}|-\d{2,3})*+)(?![a-z0-9])",
    re.IGNORECASE | re.ASCII,
)
_WORDS = re.compile(
    r"(?<![a-z0-9])(?:season|series|staffel|saison|temporada)[ ._-]*(?P<season>\d{1,4})[ ._,-]+"
    r"(?:episode|ep|e|folge|episodio|capitulo)[ ._-]*(?P<first>\d{1,4})(?P<more>)(?![0-9])",
    re.IGNORECASE | re.ASCII,
)
_EPISODE_ONLY = re.compile(
    r"(?<![a-z0-9])(?:(?:episode|episodio|ep|folge|capitulo)[ ._-]*(?P<first>\d{1,4})"
    r"|e(?P<short>\d{2,3}))(?P<more>(?:[-~]\d{1,3}(?![0-9pi]))?)(?![0-9a-z])",
    re.IGNORECASE | re.ASCII,
)
_DASHED = re.compile(
    r"(?:(?<=\s)|(?<=_))-[\s_]+(?P<first>\d{1,4})(?P<more>(?:-\d{1,4})?)(?:v\d)?"
    r"(?=\s*$|[\s_]*[\[(]|[\s_]+-[\s_]|[\s_]*$)",
    re.IGNORECASE | re.ASCII,
)
_LEADING = re.compile(r"^(?P<first>\d{1,3})(?P<more>(?:-\d{1,3})?)(?=[\s._-]|$)", re.ASCII)
_LEADING_AND_CUT_OFF = re.compile(
    r"^(?P<first>\d{2,3})(?P<more>)(?=\s*-\s|\s*[._]\s|\s*$)", re.ASCII
)
_DATE = re.compile(
    r"(?<![0-9])((?:19|20)\d\d)([ ._-])(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?![0-9])", re.ASCII
)
_PART = re.compile(r"([-~]?)[ ._]{0,2}(?:s\d{1,4}[ ._]?|\d{0,2}(?=x))?(?:ep|e|x)?(\d+)", re.I)
_YEAR_AFTER = re.compile(r"[\[(](?:19|20)\d\d[\])]", re.ASCII)
_FIRST_YEAR, _LAST_YEAR = 1920, 2039


@dataclass(frozen=True, slots=True)
class Mark:
    """Where in a name the episodes stand, and what they are."""

    start: int
    end: int
    season: int | None = None
    numbers: tuple[int, ...] = ()
    absolute: bool = False
    """Numbered through, as anime is: `Frieren - 12`."""
    aired_on: date | None = None
    doubtful: bool = False
    """Read by a rule that is sometimes wrong, or beyond belief."""


def find_mark(stem: str, in_season: int | None, has_group: bool) -> Mark | None:
    """The episode mark of a name; None when the name has none (a film, as a rule).

    `in_season` is the season its folder stands for, which makes a leading number an episode;
    `has_group` tells that the name begins with a `[Group]`, as anime does.
    """
    for pattern in (_SEASON_EPISODE, _CROSS, _WORDS, _GLUED):
        match = pattern.search(stem)
        if match:
            return _mark(match, int(match["season"]))
    dated = _dated(stem)
    if dated:
        return dated
    if in_season is not None and (match := _LEADING.match(stem)):
        return _in_season(match, in_season)
    match = _DASHED.search(stem)
    if match and _is_dashed_episode(stem, match, has_group):
        if in_season is not None and not has_group:
            return _in_season(match, in_season)
        return _mark(match, in_season, absolute=in_season is None)
    match = _EPISODE_ONLY.search(stem)
    if match and (in_season is not None or not _YEAR_AFTER.search(stem, match.end())):
        return _mark(match, in_season)
    return None


def find_leading_number(stem: str, *, absolute: bool) -> Mark | None:
    """The number of `05 - Ballad`, for a file in a show's folder that has no seasons."""
    match = _LEADING_AND_CUT_OFF.match(stem)
    return _mark(match, None, absolute=absolute) if match else None


def _in_season(match: re.Match[str], in_season: int) -> Mark:
    """A bare number in a season folder; `203` in season 2 is its third episode."""
    text = match["first"]
    if len(text) == 3 and in_season and text[0] == str(in_season) and not match["more"]:
        return Mark(match.start(), match.end(), in_season, (int(text[1:]),), doubtful=True)
    return _mark(match, in_season)


def _is_dashed_episode(stem: str, match: re.Match[str], has_group: bool) -> bool:
    """Whether ` - 12` counts episodes: not a year, not the number of a film in a series."""
    if has_group:
        return True
    text = match["first"]
    if len(text) == 4 and _FIRST_YEAR <= int(text) <= _LAST_YEAR:
        return False
    return len(text) > 1 and not _YEAR_AFTER.search(stem, match.end())


def _dated(stem: str) -> Mark | None:
    match = _DATE.search(stem)
    if not match:
        return None
    try:
        aired_on = date(int(match[1]), int(match[3]), int(match[4]))
    except ValueError:
        return None
    return Mark(match.start(), match.end(), aired_on=aired_on)


def _mark(match: re.Match[str], season: int | None, *, absolute: bool = False) -> Mark:
    """The mark of a match whose first number is `first` and whose further ones are `more`."""
    groups = match.groupdict()
    numbers = [int(groups["first"] or groups["short"])]
    doubtful = False
    for part in _PART.finditer(groups["more"]):
        number, last = int(part[2]), numbers[-1]
        if not part[1]:
            numbers.extend([] if number in numbers else [number])
        elif last <= number <= last + MAX_EPISODES_IN_FILE:
            numbers.extend(range(last + 1, number + 1))
        else:
            doubtful = True
    doubtful = doubtful or len(numbers) > MAX_EPISODES_IN_FILE
    kept = tuple(numbers[:MAX_EPISODES_IN_FILE])
    return Mark(match.start(), match.end(), season, kept, absolute, doubtful=doubtful)


def has_mark(stem: str) -> bool:
    """Whether the name carries season and episode outright (`S01E02`, `1x02`)."""
    return bool(_SEASON_EPISODE.search(stem) or _CROSS.search(stem) or _GLUED.search(stem))
