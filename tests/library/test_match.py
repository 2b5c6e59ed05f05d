from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dodo_tui.domain.ids import Ids, Kind
from dodo_tui.library.match import Verdict, score
from dodo_tui.library.names import ParsedName, parse_name
from tests.library.cases import anime, film, show

SURE, UNSURE, NO = Verdict.SURE, Verdict.UNSURE, Verdict.NO
MOVIE, SHOW, ANIME = Kind.MOVIE, Kind.SHOW, Kind.ANIME

FILMS = [
    # name, answer's title, answer's year, verdict
    ("Inception (2010).mkv", "Inception", 2010, SURE),
    ("Inception (2010).mkv", "Inception", 2011, SURE),  # dated by the festival
    ("Inception (2010).mkv", "Inception", 2012, UNSURE),
    ("Inception (2010).mkv", "Inception", None, UNSURE),
    ("Inception.mkv", "Inception", 2010, UNSURE),  # filmed again, perhaps
    ("Dune.1984.mkv", "Dune", 2021, UNSURE),
    ("The.Matrix.1999.mkv", "Matrix, The", 1999, SURE),
    ("Dark Knight (2008).mkv", "The Dark Knight", 2008, SURE),
    ("Dark Knight (2008).mkv", "The Dark Knight", 2009, UNSURE),
    ("Circle (2015).mkv", "The Circle", 2015, UNSURE),
    ("Rocky.II.1979.mkv", "Rocky 2", 1979, SURE),
    ("Dune.Part.Two.2024.mkv", "Dune: Part Two", 2024, SURE),
    ("Dune.2021.mkv", "Dune: Part Two", 2021, UNSURE),
    ("Wonder Woman 1984.mkv", "Wonder Woman 1984", 2020, UNSURE),
    ("Spider-Man.No.Way.Home.2021.mkv", "Spider-Man: No Way Home", 2021, SURE),
    ("Sintel (2010).mkv", "Cosmos Laundromat", 2010, NO),
    ("movie.mkv", "Movie", None, UNSURE),
]


@pytest.mark.parametrize(("name", "title", "year", "verdict"), FILMS)
def test_a_film_is_sure_by_title_and_year(
    name: str, title: str, year: int | None, verdict: Verdict
) -> None:
    """Title and year, neither alone."""
    assert score(parse_name(name), title, year, MOVIE) is verdict


SHOWS = [
    # name, answer's title, year, kind, season, number, verdict
    ("The.Boys.S01E01.mkv", "The Boys", 2019, SHOW, 1, 1, SURE),
    ("The.Boys.S01E01.mkv", "Boys", 2019, SHOW, 1, 1, UNSURE),
    ("The.Boys.S01E01.mkv", "The Boys", 2019, MOVIE, None, None, UNSURE),
    ("The.Boys.S01E01.mkv", "The Boys", 2019, SHOW, 1, 2, UNSURE),
    ("The.Boys.S01E01.mkv", "The Boys", 2019, SHOW, 2, 1, UNSURE),
    ("The.Boys.S01E01.mkv", "The Boys", 2019, SHOW, None, None, UNSURE),
    ("Sherlock.S00E01.mkv", "Sherlock", 2010, SHOW, 0, 1, SURE),
    ("Sherlock.S00E01.mkv", "Sherlock", 2010, SHOW, 1, 1, UNSURE),
    ("Sherlock.S00E01.mkv", "Sherlock", 2010, SHOW, None, 1, UNSURE),
    ("Show.S01E02E03.mkv", "Show", None, SHOW, 1, 2, SURE),
    ("Show.S01E02E03.mkv", "Show", None, SHOW, 1, 3, SURE),
    ("Show.S01E02E03.mkv", "Show", None, SHOW, 1, 4, UNSURE),
    ("Cosmos.1980.S01E01.mkv", "Cosmos", 2014, SHOW, 1, 1, UNSURE),
    ("Ghosts.2021.S01E01.mkv", "Ghosts (2021)", 2021, SHOW, 1, 1, SURE),
    ("The.Office.US.S01E01.mkv", "The Office", 2005, SHOW, 1, 1, UNSURE),
    ("The.Office.US.S01E01.mkv", "The Office (US)", 2005, SHOW, 1, 1, SURE),
    ("The.Show.S2024E05.mkv", "The Show", 1996, SHOW, 2024, 5, SURE),
    ("Chernobyl E03.mkv", "Chernobyl", 2019, SHOW, 1, 3, UNSURE),  # no season in the name
    ("Daily 2024-03-11.mkv", "Daily", 2001, SHOW, 12, 3, UNSURE),
    ("[G] Frieren - 12.mkv", "Frieren", 2023, ANIME, None, 12, SURE),
    ("[G] Frieren - 12.mkv", "Frieren", 2023, ANIME, 1, 12, SURE),
    ("[G] Frieren - 12.mkv", "Frieren", 2023, SHOW, 2, 12, UNSURE),
    ("[G] Frieren S2 - 05.mkv", "Frieren", 2023, ANIME, None, 5, UNSURE),  # the first season's
    ("[G] Frieren S2 - 05.mkv", "Frieren 2nd Season", 2026, ANIME, 1, 5, SURE),
    ("[G] Frieren S2 - 05.mkv", "Frieren 3rd Season", 2026, ANIME, 1, 5, UNSURE),
    ("[G] Frieren S2 - 05.mkv", "Frieren Season 2", 2026, ANIME, None, 5, SURE),
    ("[G] Frieren S2 - 05.mkv", "Frieren II", 2026, ANIME, None, 5, SURE),
    ("[G] Frieren S2 - 05.mkv", "Frieren 2nd Season", 2026, SHOW, 1, 5, UNSURE),
    ("Fargo S01E01.mkv", "Breaking Bad", 2008, SHOW, 1, 1, NO),
]


@pytest.mark.parametrize(("name", "title", "year", "kind", "season", "number", "verdict"), SHOWS)
def test_an_episode_is_sure_by_title_kind_and_number(
    name: str,
    title: str,
    year: int | None,
    kind: Kind,
    season: int | None,
    number: int | None,
    verdict: Verdict,
) -> None:
    """Title, kind and the very episode."""
    answer = score(
        parse_name(name), title, year, kind, candidate_season=season, candidate_number=number
    )

    assert answer is verdict


def test_an_alternative_title_is_as_good() -> None:
    """A Japanese file name finds the English entry."""
    parsed = anime("Sousou no Frieren", 12)

    verdict = score(
        parsed,
        "Frieren: Beyond Journey's End",
        2023,
        ANIME,
        candidate_number=12,
        alternative_titles=["Sousou no Frieren"],
    )

    assert verdict is SURE


def test_an_id_in_the_name_decides_whatever_the_title() -> None:
    """Somebody wrote it there on purpose."""
    parsed = parse_name("tt1375666/movie.mkv")

    assert score(parsed, "Inception", 2010, MOVIE, candidate_ids=Ids(imdb="tt1375666")) is SURE


def test_another_id_than_the_names_is_never_sure() -> None:
    """Title and year agree, the id does not: somebody is wrong."""
    parsed = film("Inception", 2010, imdb="tt1375666")

    assert score(parsed, "Inception", 2010, MOVIE, candidate_ids=Ids(imdb="tt0000001")) is UNSURE


def test_ids_of_different_schemes_say_nothing() -> None:
    """Then title and year are asked, as always."""
    parsed = film("Inception", 2010, imdb="tt1375666")

    assert score(parsed, "Inception", 2010, MOVIE, candidate_ids=Ids(tmdb="27205")) is SURE
    assert score(parsed, "Sintel", 2010, MOVIE, candidate_ids=Ids(tmdb="27205")) is NO


def test_two_ids_must_both_agree() -> None:
    """One right and one wrong id is a contradiction."""
    parsed = film("Inception", 2010, imdb="tt1375666", tmdb="27205")
    answered = Ids(imdb="tt1375666", tmdb="1")

    assert score(parsed, "Inception", 2010, MOVIE, candidate_ids=answered) is UNSURE


def test_a_shows_id_is_enough_without_the_episode_if_the_numbers_are_plain() -> None:
    """The id names the show; the name must say the episode by itself."""
    ids = Ids(tvdb="81189")
    plain = show("Breaking Bad", 1, 2, tvdb="81189")
    doubtful = replace(plain, numbers_certain=False)

    assert score(plain, "Breaking Bad", 2008, SHOW, candidate_ids=ids) is SURE
    assert score(doubtful, "Breaking Bad", 2008, SHOW, candidate_ids=ids) is UNSURE


def test_an_id_does_not_make_an_episode_a_film() -> None:
    """A film for an episode is never sure."""
    parsed = show("Fargo", 1, 2, imdb="tt0116282")

    assert score(parsed, "Fargo", 1996, MOVIE, candidate_ids=Ids(imdb="tt0116282")) is UNSURE


words = st.text("abcdefgh IVX'&.-é", min_size=1, max_size=25).filter(
    lambda text: any(c.isalpha() for c in text)
)
years = st.integers(1900, 2030)


@given(words, years)
def test_the_same_title_and_year_is_always_sure(title: str, year: int) -> None:
    """Else nothing would be."""
    assert score(film(title, year), title, year, MOVIE) is SURE


@given(words, words, years, years)
def test_films_years_apart_are_never_sure(one: str, other: str, year: int, wrong: int) -> None:
    """Remakes share everything but the year."""
    assume(abs(year - wrong) > 1)

    assert score(film(one, year), other, wrong, MOVIE) is not SURE


@given(words, words, years, st.integers(0, 9), st.integers(0, 99))
def test_a_film_for_an_episode_is_never_sure(
    one: str, other: str, year: int, season: int, number: int
) -> None:
    """Nor the other way round."""
    episode = show(one, season, number)

    assert score(episode, other, year, MOVIE) is not SURE
    for kind in (SHOW, ANIME):
        assert (
            score(
                film(one, year),
                other,
                year,
                kind,
                candidate_season=season,
                candidate_number=number,
            )
            is not SURE
        )


@given(words, st.integers(0, 9), st.integers(0, 9), st.integers(0, 99), st.integers(0, 99))
def test_another_episode_is_never_sure(
    title: str, season: int, wrong_season: int, number: int, wrong_number: int
) -> None:
    """Marking the wrong episode is what people complain of most."""
    assume((season, number) != (wrong_season, wrong_number))

    verdict = score(
        show(title, season, number), title, None, SHOW,
        candidate_season=wrong_season, candidate_number=wrong_number,
    )  # fmt: skip

    assert verdict is not SURE


@given(words, years)
def test_an_uncertain_name_is_never_sure(title: str, year: int) -> None:
    """Even an exact answer only confirms the guess."""
    parsed: ParsedName = replace(film(title, year), certain=False)

    assert score(parsed, title, year, MOVIE) is UNSURE
