"""What no answer of a provider may ever do: be believed for another title, year or episode."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dodo_tui.domain.ids import Ids, Kind
from dodo_tui.library.match import MAX_YEARS_APART, Verdict, is_namesake, reason, score
from dodo_tui.library.names import ParsedName, parse_name
from dodo_tui.library.titles import normalise, same_title

_WORDS = st.sampled_from(
    ["The", "Boys", "Ghosts", "Matrix", "Dark", "House", "of", "Cards", "Office", "US", "2"]
)
_TITLES = st.lists(_WORDS, min_size=1, max_size=4).map(" ".join)
_YEARS = st.one_of(st.none(), st.integers(1950, 2030))
_NUMBERS = st.integers(0, 30)


@st.composite
def films(draw: st.DrawFn) -> ParsedName:
    """What the name of a film says."""
    return ParsedName(Kind.MOVIE, draw(_TITLES), draw(_YEARS))


@st.composite
def episodes(draw: st.DrawFn) -> ParsedName:
    """What the name of one or more episodes says."""
    first = draw(_NUMBERS)
    return ParsedName(
        Kind.SHOW,
        draw(_TITLES),
        draw(_YEARS),
        draw(_NUMBERS),
        tuple(range(first, first + draw(st.integers(1, 3)))),
    )


@given(films(), _TITLES, _YEARS, st.sampled_from(Kind))
def test_a_sure_film_has_its_title_its_year_and_is_one(
    parsed: ParsedName, title: str, year: int | None, kind: Kind
) -> None:
    """A remake, a series of the name, and a title that is alike are all unsure at most."""
    if score(parsed, title, year, kind) is Verdict.SURE:
        assert kind is Kind.MOVIE
        assert parsed.year is not None
        assert year is not None
        assert abs(parsed.year - year) <= MAX_YEARS_APART
        one, other = normalise(parsed.title), normalise(title)
        assert same_title(parsed.title, title) or (
            parsed.year == year and one.removeprefix("the ") == other.removeprefix("the ")
        )


@given(episodes(), _TITLES, _YEARS, st.sampled_from(Kind), _NUMBERS, _NUMBERS)
def test_a_sure_episode_has_its_title_and_its_number(
    parsed: ParsedName, title: str, year: int | None, kind: Kind, season: int, number: int
) -> None:
    """Never a film, never another season's (specials are one), never an episode not in the file."""
    verdict = score(parsed, title, year, kind, candidate_season=season, candidate_number=number)
    if verdict is not Verdict.SURE:
        return
    assert kind is not Kind.MOVIE
    assert number in parsed.numbers
    named = f"{parsed.title} {parsed.year}" if parsed.year else parsed.title
    by_season = kind is Kind.ANIME and normalise(title).startswith(normalise(parsed.title))
    assert same_title(parsed.title, title) or same_title(named, title) or by_season
    if kind is Kind.SHOW:
        assert season == parsed.season
        assert parsed.year is None or year is None or abs(parsed.year - year) <= MAX_YEARS_APART


@given(episodes(), _TITLES, _YEARS, st.sampled_from(Kind))
def test_a_series_without_the_episode_is_never_sure(
    parsed: ParsedName, title: str, year: int | None, kind: Kind
) -> None:
    """The title alone names no episode."""
    assert score(parsed, title, year, kind) is not Verdict.SURE


@given(st.one_of(films(), episodes()), _TITLES, _YEARS, st.sampled_from(Kind))
def test_another_id_of_the_same_scheme_is_never_sure(
    parsed: ParsedName, title: str, year: int | None, kind: Kind
) -> None:
    """Whoever wrote an id into the name meant it."""
    with_id = ParsedName(
        parsed.kind, parsed.title, parsed.year, parsed.season, parsed.numbers,
        ids=Ids(imdb="tt0000001"),
    )  # fmt: skip
    verdict = score(
        with_id,
        title,
        year,
        kind,
        candidate_season=parsed.season,
        candidate_number=next(iter(parsed.numbers), None),
        candidate_ids=Ids(imdb="tt0000002"),
    )
    assert verdict is not Verdict.SURE


@given(st.one_of(films(), episodes()), _TITLES, _YEARS, st.sampled_from(Kind))
def test_the_reason_says_what_the_verdict_rests_on(
    parsed: ParsedName, title: str, year: int | None, kind: Kind
) -> None:
    """One line, and "the same title" only where it is."""
    why = reason(parsed, title, year, kind)
    assert "\n" not in why
    if "the same title" in why:
        assert is_namesake(parsed, title)


def test_names_that_are_nearly_the_same() -> None:
    """The table of pains: each of these was marked wrongly by a program of this kind."""
    for name, title, year, kind, place in (
        ("The.Boys.S01E01.mkv", "Boys", 2001, Kind.SHOW, (1, 1)),
        ("Ghosts.US.S01E01.mkv", "Ghosts", 2019, Kind.SHOW, (1, 1)),
        ("The.Matrix.1999.mkv", "The Matrix Reloaded", 2003, Kind.MOVIE, (None, None)),
        ("House.of.Cards.1990.S01E01.mkv", "House of Cards", 2013, Kind.SHOW, (1, 1)),
        ("Futurama.S00E03.mkv", "Futurama", 1999, Kind.SHOW, (1, 3)),
        ("Futurama.S01E03.mkv", "Futurama", 1999, Kind.SHOW, (0, 3)),
        ("Futurama.S01E03.mkv", "Futurama", 1999, Kind.MOVIE, (None, None)),
        ("Dune.mkv", "Dune", 2021, Kind.MOVIE, (None, None)),
    ):
        parsed = parse_name(name)
        season, number = place
        verdict = score(parsed, title, year, kind, candidate_season=season, candidate_number=number)
        assert verdict is not Verdict.SURE, (name, title)
