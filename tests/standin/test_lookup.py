"""Finding and describing titles (contract, section 13)."""

from __future__ import annotations

import pytest

from dodo_tui.standin.simkl.server import StandIn

from .caller import Caller, Callers


@pytest.mark.parametrize(
    ("query", "location"),
    [
        ({"imdb": "tt1375666"}, "https://simkl.com/movies/472214/inception"),
        ({"tmdb": "1396", "type": "tv"}, "https://simkl.com/tv/11121/breaking-bad"),
        ({"mal": "1"}, "https://simkl.com/anime/37089/cowboy-bebop"),
        ({"simkl": "2090"}, "https://simkl.com/tv/2090/the-walking-dead"),
        ({"title": "Inception", "year": "2010"}, "https://simkl.com/movies/472214/inception"),
        ({"imdb": "tt0000001"}, "//simkl.com"),
        ({"title": "The Thing"}, "//simkl.com"),
    ],
)
def test_redirect_resolves_ids(dodo: Caller, query: dict[str, str], location: str) -> None:
    """301; what is unknown or ambiguous goes to the bare site."""
    answer = dodo.get("/redirect", to="simkl", **query)
    assert (answer.status, answer.headers["Location"]) == (301, location)


def test_redirect_can_be_made_to_need_a_token_and_to_omit_the_scheme(
    standin: StandIn, callers: Callers
) -> None:
    """The documents disagree."""
    caller = callers.anonymous()
    standin.settings.shapes.redirect_without_scheme = True
    answer = caller.get("/redirect", imdb="tt1375666")
    assert answer.headers["Location"].startswith("//simkl.com/movies/")
    standin.settings.redirect_needs_token = True
    assert caller.get("/redirect", imdb="tt1375666").error == "user_token_required"


def test_searching_by_id(dodo: Caller) -> None:
    """A list of one, `[]` or null; series with their episodes' number."""
    (film,) = dodo.get("/search/id", imdb="tt1375666").json
    assert (film["type"], film["ids"]) == ("movie", {"simkl": 472214, "slug": "inception"})
    (anime,) = dodo.get("/search/id", mal="1").json
    assert (anime["type"], anime["anime_type"], anime["total_episodes"]) == ("anime", "tv", 26)
    assert dodo.get("/search/id", imdb="tt0000001").json == []
    assert dodo.get("/search/id", title="The Thing").raw == b"null"
    assert dodo.get("/search/id", title="The Thing", year="1982").json[0]["year"] == 1982


def test_searching_by_text(dodo: Caller) -> None:
    """`simkl_id` instead of `simkl`, pages in the headers, one type per call."""
    answer = dodo.get("/search/movie", q="john", limit="5")
    assert answer.json == [
        {
            "title": "John Wick",
            "year": 2014,
            "endpoint_type": "movies",
            "poster": "30/3002370dbc564e5d8",
            "ids": {"simkl_id": 342994, "slug": "john-wick", "tmdb": "245891"},
        }
    ]
    assert answer.headers["X-Pagination-Item-Count"] == "1"
    assert answer.headers["X-Pagination-Limit"] == "5"
    assert dodo.get("/search/tv", q="john").json == []
    assert dodo.get("/search/films", q="john").raw == b"null"


def test_text_results_come_in_pages(standin: StandIn, dodo: Caller) -> None:
    """At most 50 on each of at most 20."""
    for number in range(120):
        standin.world.catalogue.add_movie(f"Common Name {number:03}", 2000)
    first = dodo.get("/search/movie", q="common name", limit="500")
    assert len(first.json) == 50
    assert first.headers["X-Pagination-Page-Count"] == "3"
    last = dodo.get("/search/movie", q="common name", limit="50", page="3")
    assert [row["title"] for row in last.json][-1] == "Common Name 119"


def test_searching_by_text_in_full(dodo: Caller) -> None:
    """An anime has its other titles."""
    (row,) = dodo.get("/search/anime", q="frieren", extended="full").json
    assert (row["ep_count"], row["endpoint_type"], row["type"]) == (28, "anime", "tv")


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("Breaking.Bad.S01E05.1080p.mkv", "episode"),
        ("/films/Breaking Bad s01e99.mkv", "show"),
        ("The.Matrix.1999.2160p.mkv", "movie"),
        ("holiday.mkv", None),
        ("Nobody.Knows.S01E01.mkv", None),
        ("Nobody.Knows.1999.mkv", None),
    ],
)
def test_searching_by_file_name(dodo: Caller, file: str, kind: str | None) -> None:
    """Here the episode's number is called `episode`."""
    answer = dodo.post("/search/file", {"file": file}).json
    if kind is None:
        assert answer == []
        return
    assert answer["type"] == kind
    if kind == "episode":
        assert answer["show"]["ids"]["simkl"] == 11121
        assert (answer["episode"]["season"], answer["episode"]["episode"]) == (1, 5)


def test_searching_by_no_file_name_is_null(dodo: Caller) -> None:
    """Not an error."""
    assert dodo.post("/search/file", {}).raw == b"null"


@pytest.mark.parametrize(
    ("path", "title", "kind"),
    [
        ("/movies/472214", "Inception", "movie"),
        ("/tv/11121", "Breaking Bad", "show"),
        ("/anime/37089", "Cowboy Bebop", "anime"),
    ],
)
def test_details_need_no_token(callers: Callers, path: str, title: str, kind: str) -> None:
    """The Simkl id stands in the path."""
    detail = callers.anonymous().get(path, extended="full").json
    assert (detail["title"], detail["type"]) == (title, kind)
    assert detail["overview"]


@pytest.mark.parametrize("path", ["/movies/1", "/movies/11121", "/tv/episodes/1"])
def test_details_of_the_unknown_are_an_empty_list(callers: Callers, path: str) -> None:
    """With 200."""
    answer = callers.anonymous().get(path)
    assert (answer.status, answer.json) == (200, [])


def test_episodes_of_a_show_and_of_an_anime(callers: Callers) -> None:
    """Anime rows have no season but TVDB's; specials say what they are."""
    caller = callers.anonymous()
    rows = caller.get("/tv/episodes/11121").json
    assert (rows[0]["type"], rows[0]["season"]) == ("special", 0)
    pilot = next(row for row in rows if (row["season"], row["episode"]) == (1, 1))
    assert (pilot["title"], pilot["aired"], pilot["type"]) == ("Pilot", True, "episode")
    assert pilot["date"].endswith("-05:00")
    anime = caller.get("/anime/episodes/831411").json
    assert "season" not in anime[12]
    assert anime[12]["tvdb"] == {"season": 2, "episode": 1}
    unaired = caller.get("/tv/episodes/1163347").json[-1]
    assert unaired["aired"] is False
