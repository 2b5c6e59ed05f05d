"""The titles every stand-in knows: the contract's own, freely licensed films, some known ones.

Simkl ids, posters and ids elsewhere are the real ones only where the contract gives them.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from dodo_tui.standin.catalogue import Catalogue


def sample_catalogue(now: datetime) -> Catalogue:
    """A catalogue of the sample titles; what still airs does so around `now`."""
    catalogue = Catalogue()
    _add_films(catalogue)
    _add_ended_shows(catalogue)
    _add_airing_shows(catalogue, now)
    _add_anime(catalogue)
    return catalogue


def _add_films(catalogue: Catalogue) -> None:
    films: tuple[tuple[int, str, int, str, str, int, str, str], ...] = (
        (53992, "The Matrix", 1999, "tt0133093", "603", 136, "12/1260b9a2d4b5e6f01",
         "A hacker learns that the world he knows is a simulation."),
        (472214, "Inception", 2010, "tt1375666", "27205", 148, "14/14017865947c9d3d0d",
         "A thief who steals secrets from dreams is asked to plant one instead."),
        (53434, "The Godfather", 1972, "tt0068646", "238", 175, "10/102447562f6b49ff3a",
         "The ageing head of a crime family hands over to his reluctant son."),
        (342994, "John Wick", 2014, "tt2911666", "245891", 101, "30/3002370dbc564e5d8",
         "A retired hitman goes after those who took what he loved."),
        (54003, "The Shawshank Redemption", 1994, "tt0111161", "278", 142, "11/1144c2a8e91b7d3f0",
         "Two prisoners find solace over the years."),
        (61001, "Big Buck Bunny", 2008, "tt1254207", "10378", 10, "20/2010b7c5d1e2f3a4b",
         "A large rabbit deals with three bullying rodents."),
        (61002, "Sintel", 2010, "tt1727587", "45745", 15, "20/2011c8d6e2f3a4b5c",
         "A young woman searches for the dragon she once cared for."),
        (61003, "Tears of Steel", 2012, "tt2285752", "133701", 12, "20/2012d9e7f3a4b5c6d",
         "Warriors and scientists try to save the world from robots in Amsterdam."),
        (61004, "Elephants Dream", 2006, "tt0807840", "9761", 11, "20/2013eaf8a4b5c6d7e",
         "Two men walk through an endless machine."),
        (61005, "Cosmos Laundromat", 2015, "tt4957236", "358332", 12, "20/2014fb09b5c6d7e8f",
         "A suicidal sheep meets a salesman who offers him any life."),
        (61006, "Night of the Living Dead", 1968, "tt0063350", "10331", 96, "20/20150c1ac6d7e8f90",
         "Strangers barricade themselves in a farmhouse."),
        (61007, "Charade", 1963, "tt0056923", "4808", 113, "20/20161d2bd7e8f90a1",
         "A widow is pursued by men who want a fortune her husband stole."),
    )  # fmt: skip
    for simkl_id, title, year, imdb, tmdb, minutes, poster, overview in films:
        catalogue.add_movie(
            title,
            year,
            simkl_id=simkl_id,
            ids={"imdb": imdb, "tmdb": tmdb},
            runtime_minutes=minutes,
            poster=poster,
            overview=overview,
        )
    catalogue.add_movie("The Thing", 1951, simkl_id=61010, ids={"imdb": "tt0044121"})
    catalogue.add_movie(
        "The Thing", 1982, simkl_id=61011, ids={"imdb": "tt0084787", "tmdb": "1091"},
        runtime_minutes=109,
    )  # fmt: skip
    catalogue.add_movie(
        "A Film Still to Come", 2031, simkl_id=61012, ids={"imdb": "tt9990031"}, released=False
    )


def _add_ended_shows(catalogue: Catalogue) -> None:
    catalogue.add_show(
        "Breaking Bad", 2008, (7, 13, 13, 13, 16),
        simkl_id=11121,
        ids={"imdb": "tt0903747", "tmdb": "1396", "tvdb": "81189"},
        runtime_minutes=47,
        poster="11/11121a4c0b7f9e2d1",
        overview="A chemistry teacher turns to making drugs.",
        genres=("Drama", "Crime"),
        network="AMC",
        specials=2,
        episode_titles={
            (1, 1): "Pilot",
            (1, 2): "Cat's in the Bag...",
            (1, 3): "...And the Bag's in the River",
            (1, 4): "Cancer Man",
            (1, 5): "Gray Matter",
            (1, 6): "Crazy Handful of Nothin'",
            (1, 7): "A No-Rough-Stuff-Type Deal",
            (0, 1): "Good Cop / Bad Cop",
        },
        first_aired=datetime(2008, 1, 21, 3, tzinfo=UTC),
    )  # fmt: skip
    catalogue.add_show(
        "The Walking Dead", 2010, (6, 13, 16, 16, 16, 16, 16, 16, 16, 22, 24),
        simkl_id=2090,
        ids={"imdb": "tt1520211", "tmdb": "1402", "tvdb": "153021"},
        runtime_minutes=42,
        poster="12/12090f3d1c6b8a7e5",
        overview="Survivors of the end of the world keep walking.",
        network="AMC",
        specials=3,
        episode_titles={
            (1, 1): "Days Gone Bye",
            (1, 2): "Guts",
            (1, 3): "Tell It to the Frogs",
            (1, 4): "Vatos",
            (1, 5): "Wildfire",
            (1, 6): "TS-19",
        },
        first_aired=datetime(2010, 11, 1, 2, tzinfo=UTC),
    )  # fmt: skip
    catalogue.add_show(
        "Pioneer One", 2010, (6,),
        simkl_id=62001,
        ids={"imdb": "tt1748166", "tmdb": "33736", "tvdb": "170551"},
        runtime_minutes=32,
        poster="62/62001c5a9d8e7f6b4",
        overview="Something falls from the sky over Montana. A freely shared series.",
        episode_titles={
            (1, 1): "Earthfall",
            (1, 2): "The Man from Mars",
            (1, 3): "Alone in the Night",
            (1, 4): "Triangular Diplomacy",
            (1, 5): "Sea Change",
            (1, 6): "War of the World",
        },
        first_aired=datetime(2010, 6, 16, tzinfo=UTC),
    )  # fmt: skip
    catalogue.add_show(
        "Andor", 2022, (12, 12),
        simkl_id=1043021,
        ids={"imdb": "tt9253284", "tmdb": "83867", "tvdb": "393189"},
        runtime_minutes=45,
        poster="10/10430aa21b3c4d5e6",
        overview="A thief becomes a rebel.",
        network="Disney+",
        episode_titles={(1, 1): "Kassa", (1, 2): "That Would Be Me", (1, 3): "Reckoning"},
        first_aired=datetime(2022, 9, 21, 7, tzinfo=UTC),
    )  # fmt: skip


def _add_airing_shows(catalogue: Catalogue, now: datetime) -> None:
    catalogue.add_show(
        "Severance", 2022, (9, 10),
        simkl_id=1112023,
        ids={"imdb": "tt11280740", "tmdb": "95396", "tvdb": "371980"},
        runtime_minutes=50,
        poster="11/1112b8e7d6c5f4a32",
        overview="Office workers have their memories divided between work and life.",
        network="Apple TV+",
        episode_titles={(1, 1): "Good News About Hell", (1, 2): "Half Loop"},
        first_aired=datetime(2022, 2, 18, 8, tzinfo=UTC),
        airs={2: datetime(2025, 1, 17, 8, tzinfo=UTC)},
        ended=False,
    )  # fmt: skip
    catalogue.add_show(
        "Slow Horses", 2022, (6, 6, 6, 6, 6),
        simkl_id=1163347,
        ids={"imdb": "tt5875444", "tmdb": "95480", "tvdb": "400742"},
        runtime_minutes=48,
        poster="11/1163c9f8e7d6a5b43",
        overview="Agents who failed end up in Slough House.",
        network="Apple TV+",
        episode_titles={(1, 1): "Failure's Contagious", (1, 2): "Work Drinks"},
        first_aired=datetime(2022, 4, 1, 8, tzinfo=UTC),
        airs={5: now - timedelta(days=11)},
        ended=False,
    )  # fmt: skip
    futurama_seasons = (13, 19, 22, 18, 16, 26, 26, 25)
    catalogue.add_show(
        "Futurama", 1999, futurama_seasons,
        simkl_id=3407,
        ids={"imdb": "tt0149460", "tmdb": "615", "tvdb": "73871"},
        runtime_minutes=22,
        poster="18/18421459bbf0f06beb",
        overview="A delivery boy wakes up a thousand years later.",
        network="Hulu",
        episode_titles={(1, 1): "Space Pilot 3000", (8, 3): "How the West Was 1010001"},
        first_aired=datetime(1999, 3, 28, tzinfo=UTC),
        airs={8: now - timedelta(weeks=13, days=2)},
        ended=False,
    )  # fmt: skip


def _add_anime(catalogue: Catalogue) -> None:
    catalogue.add_anime(
        "Cowboy Bebop", 1998, 26,
        simkl_id=37089,
        ids={"mal": "1", "anidb": "23", "kitsu": "1", "anilist": "1", "imdb": "tt0213338",
             "tvdb": "76885", "tmdb": "30991"},
        runtime_minutes=24,
        poster="36/36842f1bceb6b39",
        overview="Bounty hunters drift through the solar system.",
        episode_titles={1: "Asteroid Blues", 2: "Stray Dog Strut", 3: "Honky Tonk Women"},
        first_aired=datetime(1998, 4, 3, tzinfo=UTC),
    )  # fmt: skip
    catalogue.add_anime(
        "Frieren: Beyond Journey's End", 2023, 28,
        simkl_id=1990119,
        ids={"mal": "52991", "kitsu": "46474", "anidb": "17617", "anilist": "154587",
             "imdb": "tt22248376", "tvdb": "424536", "tmdb": "209867"},
        runtime_minutes=24,
        poster="19/1990d1c2b3a4f5e68",
        overview="An elf outlives the party she travelled with.",
        episode_titles={1: "The Journey's End"},
        first_aired=datetime(2023, 9, 29, 14, tzinfo=UTC),
    )  # fmt: skip
    catalogue.add_anime(
        "Made in Two Seasons", 2019, 25,
        simkl_id=831411,
        ids={"mal": "38000", "kitsu": "7442", "anidb": "14107", "tvdb": "348545"},
        runtime_minutes=24,
        poster="83/8314e2d3c4b5a6f79",
        overview="Numbered 1 to 25 here and as two seasons elsewhere.",
        tvdb_seasons=(12, 13),
        first_aired=datetime(2019, 4, 6, tzinfo=UTC),
    )  # fmt: skip
    catalogue.add_anime(
        "Spirited Away", 2001, 0,
        simkl_id=37201,
        ids={"mal": "199", "kitsu": "176", "imdb": "tt0245429", "tmdb": "129"},
        runtime_minutes=125,
        poster="37/37201f4e5d6c7b8a9",
        overview="A girl works in a bathhouse for spirits.",
        first_aired=datetime(2001, 7, 20, tzinfo=UTC),
    )  # fmt: skip
