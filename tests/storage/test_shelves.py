"""What Home and Title read, and the progress behind it."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

import pytest

from dodo_tui.domain.cards import CardState, episode_to_watch, is_resumable
from dodo_tui.domain.ids import Key
from dodo_tui.storage.database import transaction
from dodo_tui.storage.files import DecidedBy, Match, mark_missing, save_file
from dodo_tui.storage.hiding import hide_title
from dodo_tui.storage.progress import find_progress, unmark_watched
from dodo_tui.storage.shelves import MOST_TITLES, home_shelves, library_cards, title_page
from tests.storage.support import (
    put_episodes,
    put_film,
    put_profile,
    put_progress,
    put_show,
)
from tests.support.clock import START

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


def _shelves(connection: sqlite3.Connection, profile_id: int = 1) -> tuple[list[str], list[str]]:
    watching, following = home_shelves(connection, profile_id, START + _DAY)
    return [card.key for card in watching], [card.key for card in following]


@pytest.fixture
def show(connection: sqlite3.Connection) -> str:
    """A series of two seasons of three, a special, and one that airs on Friday."""
    key = put_show(connection)
    put_episodes(
        connection,
        *[f"{key}:{season}:{number}" for season in (0, 1, 2) for number in (1, 2, 3)],
    )
    put_episodes(connection, f"{key}:3:1", aired_at=START + 5 * _DAY)
    return key


def test_a_film_in_progress_is_shown_until_it_is_watched(connection: sqlite3.Connection) -> None:
    """Never opened: nowhere. Half seen: shown. Watched: gone."""
    key = put_film(connection)
    assert _shelves(connection) == ([], [])
    put_progress(connection, key, 600.0)
    assert _shelves(connection) == ([key], [])
    put_progress(connection, key, 0.0, watched=True)
    assert _shelves(connection) == ([], [])


def test_watching_again_is_in_progress_and_stays_watched(connection: sqlite3.Connection) -> None:
    """A re-watch shows its position; the film was watched all the same."""
    key = put_film(connection)
    put_progress(connection, key, 0.0, watched=True)
    put_progress(connection, key, 600.0, at=START + _HOUR)
    assert _shelves(connection) == ([key], [])
    progress = find_progress(connection, 1, key)
    assert progress is not None
    assert progress.watched
    assert progress.watched_at == START


def test_a_series_has_one_card(connection: sqlite3.Connection, show: str) -> None:
    """The episode touched last stands for it."""
    put_progress(connection, f"{show}:1:1", 600.0)
    put_progress(connection, f"{show}:1:2", 700.0, at=START + _HOUR)
    assert _shelves(connection) == ([f"{show}:1:2"], [])


@pytest.mark.parametrize(
    ("watched", "following"),
    [
        (["1:1"], "1:2"),
        (["1:1", "1:2", "1:3"], "2:1"),
        (["1:3"], "2:1"),
        (["1:1", "1:2", "2:1"], "2:2"),
        (["1:1", "0:1"], "1:2"),
        (["0:1"], None),
        (["2:3"], None),
        (["2:1", "2:2", "2:3", "1:1"], "1:2"),
    ],
)
def test_up_next_follows_the_last_one_watched(
    connection: sqlite3.Connection, show: str, watched: list[str], following: str | None
) -> None:
    """Pain 9: no specials and nothing unaired; earlier gaps are not offered."""
    for minutes, place in enumerate(watched):
        at = START + timedelta(minutes=minutes)
        put_progress(connection, f"{show}:{place}", watched=True, at=at)
    assert _shelves(connection) == ([], [f"{show}:{following}"] if following else [])


def test_taking_back_the_last_one_offers_it_again(
    connection: sqlite3.Connection, show: str
) -> None:
    """Unwatched is not "touched last": the series stays on Home."""
    put_progress(connection, f"{show}:1:1", watched=True)
    put_progress(connection, f"{show}:1:2", watched=True, at=START + _HOUR)
    with transaction(connection, durable=True):
        assert unmark_watched(connection, 1, f"{show}:1:2", START + 2 * _HOUR)
    assert _shelves(connection) == ([], [f"{show}:1:2"])


def test_an_episode_that_was_only_opened_is_still_up_next(
    connection: sqlite3.Connection, show: str
) -> None:
    """Too little to continue, or skipped to its end: offered all the same."""
    put_progress(connection, f"{show}:1:1", watched=True)
    for position in (1.0, 5999.0):
        put_progress(connection, f"{show}:1:2", position, at=START + _HOUR)
        assert _shelves(connection) == ([], [f"{show}:1:2"])


@pytest.mark.parametrize(
    "steps",
    [
        ["1:1 watched", "1:2 10"],
        ["1:2 10", "1:1 watched"],
        ["1:2 600", "1:1 watched"],
        ["1:1 600", "1:3 watched"],
        ["1:2 600", "2:3 watched"],
        ["1:1 watched", "1:2 5999"],
        ["1:3 watched", "1:1 watched"],
        ["2:1 watched", "1:1 watched", "1:2 600", "0:1 watched"],
        ["1:1 watched", "0:1 watched"],
        ["1:2 watched", "1:2 600"],
    ],
)
def test_home_and_title_offer_the_same(
    connection: sqlite3.Connection, show: str, steps: list[str]
) -> None:
    """In whatever order episodes were begun and watched: the same one, begun or not."""
    for hours, step in enumerate(steps):
        place, what = step.split()
        position = 0.0 if what == "watched" else float(what)
        at = START + hours * _HOUR
        put_progress(connection, f"{show}:{place}", position, watched=what == "watched", at=at)
    now = START + _DAY
    watching, following = home_shelves(connection, 1, now)
    page = title_page(connection, 1, show)
    assert page is not None
    offered = episode_to_watch(page.episodes, now)
    assert [card.key for card in (*watching, *following)] == ([offered.key] if offered else [])
    assert bool(watching) is (offered is not None and is_resumable(offered))
    assert [card.state for card in following] == [CardState.UP_NEXT] * len(following)


def test_what_was_begun_before_the_one_it_follows_is_continued(
    connection: sqlite3.Connection, show: str
) -> None:
    """A look at the second, then the first marked as watched: the second goes on where it was."""
    put_progress(connection, f"{show}:1:2", 600.0)
    put_progress(connection, f"{show}:1:1", watched=True, at=START + _HOUR)
    watching, following = home_shelves(connection, 1, START + _DAY)
    assert [(card.key, card.position_seconds) for card in watching] == [(f"{show}:1:2", 600.0)]
    assert following == ()


def test_a_long_series_watched_again_goes_on_behind_what_is_watched(
    connection: sqlite3.Connection,
) -> None:
    """However many watched episodes lie between."""
    key = put_show(connection)
    for number in range(1, 81):
        put_episodes(connection, f"{key}:1:{number}")
        put_progress(connection, f"{key}:1:{number}", watched=True)
    put_episodes(connection, f"{key}:1:81")
    put_progress(connection, f"{key}:1:1", watched=True, at=START + _HOUR)
    assert _shelves(connection) == ([], [f"{key}:1:81"])


def test_what_is_half_seen_is_never_crowded_out(connection: sqlite3.Connection) -> None:
    """Simkl forgets after seven days, dodo never does: not even after hundreds of films."""
    put_film(connection, "tt0000001")
    put_progress(connection, "tt0000001", 600.0, at=START - 365 * _DAY)
    for number in range(100, 100 + MOST_TITLES + 5):
        put_film(connection, f"tt{number:07}")
        put_progress(connection, f"tt{number:07}", watched=True)
        put_show(connection, f"simkl:{number}")
        put_progress(connection, f"simkl:{number}:1:1", watched=True)
    assert _shelves(connection)[0] == ["tt0000001"]


def test_hidden_until_touched_even_if_the_clock_ran_ahead(
    connection: sqlite3.Connection,
) -> None:
    """Pain 18: a card that was removed does not come back by itself."""
    key = put_film(connection)
    put_progress(connection, key, 600.0, at=START + 3650 * _DAY)
    with transaction(connection, durable=True):
        hide_title(connection, 1, key, START)
    assert _shelves(connection) == ([], [])


def test_profiles_have_shelves_of_their_own(connection: sqlite3.Connection) -> None:
    """Nobody sees what another watches."""
    other = put_profile(connection, "Anna")
    key = put_film(connection)
    put_progress(connection, key, 600.0)
    put_progress(connection, key, 900.0, profile_id=other)
    with transaction(connection, durable=True):
        hide_title(connection, 1, key, START + _HOUR)
    assert _shelves(connection) == ([], [])
    assert _shelves(connection, other) == ([key], [])


def test_a_title_page_knows_all_episodes_and_where_one_stands(
    connection: sqlite3.Connection, show: str
) -> None:
    """Specials come last."""
    put_progress(connection, f"{show}:1:2", 600.0)
    put_progress(connection, f"{show}:1:1", watched=True)
    with transaction(connection, durable=False):
        save_file(
            connection, "/tv/3.mkv", None, 1, 1, Match.SURE, DecidedBy.NAME,
            [Key.parse(f"{show}:1:3")], START,
        )  # fmt: skip
    page = title_page(connection, 1, show)
    assert page is not None
    assert [episode.card.key.partition(":")[2] for episode in page.episodes] == [
        "1:1", "1:2", "1:3", "2:1", "2:2", "2:3", "3:1", "0:1", "0:2", "0:3",
    ]  # fmt: skip
    states = [episode.card.state for episode in page.episodes[:3]]
    assert states == [CardState.WATCHED, CardState.IN_PROGRESS, CardState.UNWATCHED]
    assert [episode.card.playable for episode in page.episodes[:3]] == [False, False, True]
    assert title_page(connection, 1, "tt0000404") is None


def _put_file(connection: sqlite3.Connection, key: str, hours: int = 0) -> None:
    with transaction(connection, durable=False):
        save_file(
            connection, f"/{key}.mkv", None, 1, 1, Match.SURE, DecidedBy.NAME,
            [Key.parse(key)], START + hours * _HOUR,
        )  # fmt: skip


def _library(connection: sqlite3.Connection, profile_id: int = 1) -> list[tuple[str, str]]:
    return [
        (card.media_id, f"{card.state} {card.seen_episodes}/{card.known_episodes}")
        for card in library_cards(connection, profile_id, START + _DAY)
    ]


def test_what_was_added_says_where_one_stands(connection: sqlite3.Connection, show: str) -> None:
    """A film by its own row, a series by its regular episodes that are out; for each profile."""
    film, other = put_film(connection), put_profile(connection, "Anna")
    _put_file(connection, film)
    _put_file(connection, f"{show}:1:1", hours=1)
    untouched = [(show, "unwatched 0/6"), (film, "unwatched 0/0")]
    assert _library(connection) == untouched
    put_progress(connection, film, 600.0)
    put_progress(connection, f"{show}:1:1", 600.0)
    assert _library(connection) == [(show, "in_progress 0/6"), (film, "in_progress 0/0")]
    (_, card) = library_cards(connection, 1, START + _DAY)
    assert (card.position_seconds, card.duration_seconds) == (600.0, 6000.0)
    put_progress(connection, film, watched=True)
    for number in (1, 2):
        put_progress(connection, f"{show}:1:{number}", watched=True)
    put_progress(connection, f"{show}:0:1", watched=True)
    assert _library(connection) == [(show, "in_progress 2/6"), (film, "watched 0/0")]
    for place in ("1:3", "2:1", "2:2", "2:3"):
        put_progress(connection, f"{show}:{place}", watched=True)
    assert _library(connection) == [(show, "watched 6/6"), (film, "watched 0/0")]
    assert _library(connection, other) == untouched


def test_where_one_stands_is_asked_once_for_the_whole_row(connection: sqlite3.Connection) -> None:
    """However many cards there are."""
    for number in range(100, 130):
        _put_file(connection, put_film(connection, f"tt{number:07}"))
    asked: list[str] = []
    connection.set_trace_callback(asked.append)
    assert len(library_cards(connection, 1, START, 20)) == 20
    assert len(asked) == 1


def test_a_file_that_is_gone_for_now_is_not_playable(connection: sqlite3.Connection) -> None:
    """A disk that is not plugged in."""
    key = put_film(connection)
    put_progress(connection, key, 600.0)
    with transaction(connection, durable=False):
        connection.execute("INSERT INTO folder VALUES (CAST('/films' AS BLOB), '', NULL)")
        save_file(
            connection, "/films/a.mkv", "/films", 1, 1, Match.SURE, DecidedBy.NAME,
            [Key.parse(key)], START,
        )  # fmt: skip
    assert home_shelves(connection, 1, START)[0][0].playable
    with transaction(connection, durable=False):
        mark_missing(connection, "/films", ["/films/a.mkv"])
    assert not home_shelves(connection, 1, START)[0][0].playable
