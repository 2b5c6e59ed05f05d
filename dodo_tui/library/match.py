"""Whether a provider's answer is what a file's name says. A wrong answer marks a wrong title.

The bar for `SURE`, which alone is sent without asking:

* the kind fits: a film for a film, a show or anime for an episode;
* the title is the same after `titles.normalise` (or one of the alternative titles is). A missing
  article is forgiven only to a film of exactly the same year: "The Boys" is not "Boys";
* a film's year is given by both and at most one apart. A film named without a year is unsure:
  titles are filmed again;
* a show's year, where the names have one and the answer too, is at most one apart;
* the answer's season and episode are the ones in the name. An anime numbered through, or named
  as its second season, fits the one-season entry of that number;
* the name was read with certainty.

An id in the name decides by itself: the same id is sure (kind and episode must still not
disagree), another id of the same scheme is never sure. `NO` is an answer about something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum

from dodo_tui.domain.ids import Ids, Kind
from dodo_tui.library.names import ParsedName
from dodo_tui.library.titles import normalise, same_but_article, same_title, similarity

MAX_YEARS_APART = 1
"""Festivals and cinemas date a film a year apart."""

UNSURE_SIMILARITY = 0.6
"""Titles less alike than this are not worth the user's question."""

_SEASON_IN_TITLE = re.compile(
    r"^(.+?) (?:(\d{1,2})(?:st|nd|rd|th) season|season (\d{1,2})|s(\d{1,2})|(\d{1,2}))$", re.ASCII
)


class Verdict(StrEnum):
    """What to think of a provider's answer."""

    SURE = "sure"
    UNSURE = "unsure"
    """Playable, remembered under its `local:` id, not sent: for the user to decide."""
    NO = "no"


def score(
    parsed: ParsedName,
    candidate_title: str,
    candidate_year: int | None,
    candidate_kind: Kind,
    *,
    candidate_season: int | None = None,
    candidate_number: int | None = None,
    candidate_ids: Ids | None = None,
    alternative_titles: Iterable[str] = (),
) -> Verdict:
    """Judge a provider's answer about a file by the rules of this module."""
    kind_fits = (parsed.kind is Kind.MOVIE) == (candidate_kind is Kind.MOVIE)
    ids_agree = _ids_agree(parsed.ids, candidate_ids or Ids())
    coordinates_fit = _coordinates_fit(
        parsed,
        candidate_title,
        candidate_kind,
        candidate_season,
        candidate_number,
        by_id=ids_agree is True,
    )
    if ids_agree is not None:
        is_sure = ids_agree and kind_fits and coordinates_fit
        return Verdict.SURE if is_sure else Verdict.UNSURE
    titles = (candidate_title, *alternative_titles)
    if (
        kind_fits
        and coordinates_fit
        and parsed.certain
        and _year_fits(parsed, candidate_year)
        and _title_fits(parsed, titles, candidate_year, candidate_kind)
    ):
        return Verdict.SURE
    names = (parsed.title, _title_with_year(parsed))
    alike = max(similarity(name, title) for name in names for title in titles)
    return Verdict.UNSURE if alike >= UNSURE_SIMILARITY else Verdict.NO


def reason(
    parsed: ParsedName,
    candidate_title: str,
    candidate_year: int | None,
    candidate_kind: Kind,
    alternative_titles: Iterable[str] = (),
) -> str:
    """What speaks for a provider's answer and what against it, in a few words for the user."""
    if (parsed.kind is Kind.MOVIE) != (candidate_kind is Kind.MOVIE):
        is_film = candidate_kind is Kind.MOVIE
        return "a film, but an episode's name" if is_film else "a series, but a film's name"
    if not is_namesake(parsed, candidate_title, alternative_titles):
        return "a similar title"
    if parsed.year is None or candidate_year is None:
        return "the same title"
    apart = abs(parsed.year - candidate_year)
    if not apart:
        return "the same title and year"
    return f"the same title, {apart} {'year' if apart == 1 else 'years'} apart"


def is_namesake(parsed: ParsedName, title: str, alternative_titles: Iterable[str] = ()) -> bool:
    """Whether a title is called what the name says, so that it may be meant as well."""
    names = (parsed.title, _title_with_year(parsed))
    return any(same_title(name, each) for name in names for each in (title, *alternative_titles))


def _ids_agree(named: Ids, answered: Ids) -> bool | None:
    """Whether the ids in the name are the answer's; None when they share no scheme."""
    ours, theirs = dict(named), dict(answered)
    shared = [scheme for scheme in ours if scheme in theirs]
    return all(ours[scheme] == theirs[scheme] for scheme in shared) if shared else None


def _year_fits(parsed: ParsedName, year: int | None) -> bool:
    if parsed.year is None or year is None:
        return parsed.kind is not Kind.MOVIE
    if parsed.kind is not Kind.MOVIE and parsed.season == parsed.year:
        return True  # seasons numbered by the year
    return abs(parsed.year - year) <= MAX_YEARS_APART


def _title_fits(parsed: ParsedName, titles: Sequence[str], year: int | None, kind: Kind) -> bool:
    if any(same_title(parsed.title, title) for title in titles):
        return True
    if parsed.kind is Kind.MOVIE:
        exact_year = parsed.year is not None and parsed.year == year
        return exact_year and any(same_but_article(parsed.title, title) for title in titles)
    # Here an answer names its year or season in the title: "Ghosts (2021)", "Mushishi 2nd Season".
    if year is not None and year == parsed.year:
        named = _title_with_year(parsed)
        return any(same_title(named, title) for title in titles)
    return kind is Kind.ANIME and any(_season_entry(parsed, title) is not None for title in titles)


def _title_with_year(parsed: ParsedName) -> str:
    return parsed.title if parsed.year is None else f"{parsed.title} {parsed.year}"


def _season_entry(parsed: ParsedName, title: str) -> int | None:
    """The season an anime entry's title stands for, if it is this show's and this season."""
    match = _SEASON_IN_TITLE.match(normalise(title))
    if not match or parsed.season is None or parsed.season < 2:
        return None
    season = int(next(group for group in match.groups()[1:] if group))
    return season if season == parsed.season and same_title(match[1], parsed.title) else None


def _coordinates_fit(
    parsed: ParsedName,
    title: str,
    kind: Kind,
    season: int | None,
    number: int | None,
    *,
    by_id: bool,
) -> bool:
    """Whether the answer's episode is (one of) the file's."""
    if parsed.kind is Kind.MOVIE:
        return season is None and number is None
    if not parsed.numbers:
        return False
    if number is None:
        # The show alone, without its episode: enough only where an id names the show.
        return by_id and parsed.numbers_certain and season in (None, parsed.season)
    if number not in parsed.numbers:
        return False
    if parsed.season is None:
        return season in (None, 1)
    if kind is Kind.ANIME and season in (None, 1):
        return parsed.season == 1 or _season_entry(parsed, title) is not None
    return season == parsed.season
