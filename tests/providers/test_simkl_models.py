"""Reading what Simkl sends: tolerant of shapes, strict about what is relied on."""

from __future__ import annotations

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dodo_tui.domain.ids import Ids, Kind
from dodo_tui.providers.http import Reply
from dodo_tui.providers.simkl.models import (
    EpisodeRef,
    FileAnswer,
    PlaybackRow,
    ScrobbleAnswer,
    SettingsAnswer,
    Title,
    TokenAnswer,
    sane_ids,
)
from dodo_tui.providers.simkl.replies import read_reply
from dodo_tui.providers.wire import parse, rows
from tests.providers.support import ACCESS, DEVICE_CODE

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (5, 5),
        ("5", 5),
        (5.0, 5),
        (0, 0),
        ("x", None),
        (-1, None),
        (5.5, None),
        (True, None),
        (None, None),
        ([], None),
        (2**63, None),
        ("9" * 30, None),
        ("٣", None),
        (100_000, None),
    ],
)
def test_a_number_may_be_a_text(value: object, number: int | None) -> None:
    """What is no number is unknown, and so is one that no database could hold."""
    assert EpisodeRef.model_validate({"number": value}).number == number


@pytest.mark.parametrize(
    ("value", "year"), [(1999, 1999), ("1999", 1999), (0, None), (99999, None), ("", None)]
)
def test_a_year_is_one_with_films(value: object, year: int | None) -> None:
    """0 and nonsense are unknown."""
    assert Title.model_validate({"year": value}).year == year


def test_the_episode_number_comes_under_two_keys() -> None:
    """`number` before `episode` (contract §17.22)."""
    assert EpisodeRef.model_validate({"number": 5, "episode": 6}).counted == 5
    assert EpisodeRef.model_validate({"episode": "6"}).counted == 6
    assert EpisodeRef.model_validate({"number": 0, "episode": 6}).counted == 0
    assert EpisodeRef.model_validate({}).counted is None


def test_ids_are_texts_or_numbers_and_of_their_schemes_form() -> None:
    """`simkl` or `simkl_id`; a malformed one is left out, and so is what we do not know."""
    ids = {"simkl_id": 7, "imdb": "tt0111161", "tmdb": 278, "tvdb": "\x1b[2J", "slug": "x"}
    assert sane_ids(ids) == Ids(simkl="7", imdb="tt0111161", tmdb="278")
    assert sane_ids({"simkl": "8", "mal": 0, "imdb": "1"}) == Ids(simkl="8")


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        ({"movie": {"title": "a"}, "show": {"title": "b"}}, Kind.MOVIE),
        ({"anime": {"title": "a"}, "show": {"title": "b"}}, Kind.ANIME),
        ({"movie": {}, "show": {"title": "b"}}, Kind.SHOW),
        ({"movie": None, "anime": [], "show": {"title": "b"}}, Kind.SHOW),
        ({"show": {"title": "b", "ids": {"mal": "1"}}}, Kind.ANIME),
        ({"show": {"title": "b", "ids": {"anidb": 23}}}, Kind.ANIME),
        ({"show": {"title": "b", "anime_type": "tv"}}, Kind.ANIME),
        ({"show": {"title": "b", "type": "anime"}}, Kind.ANIME),
    ],
)
def test_the_parent_is_read_as_movie_anime_show(row: dict[str, object], kind: Kind) -> None:
    """An anime also comes as a show; its ids give it away."""
    answer = ScrobbleAnswer.model_validate(row)
    assert answer.titled is not None
    assert answer.titled[0] is kind


def test_texts_are_cleaned() -> None:
    """A title is data, never a terminal escape."""
    title = Title.model_validate({"title": "A\x1b[2J\u202e\nB", "type": 7, "poster": " "})
    assert (title.title, title.type, title.poster) == ("A [2J B", None, None)


@pytest.mark.parametrize(
    "value", ["0001-01-01T00:00:00+23:00", "9999-12-31T23:59:59-23:00", "soon", 5, None]
)
def test_a_time_that_is_none_is_unknown(value: object) -> None:
    """Not even one that no calendar can shift to UTC costs the row."""
    row = PlaybackRow.model_validate({"progress": 1, "paused_at": value})
    assert row.paused_at is None


@pytest.mark.parametrize("progress", [None, "x", -1, 100.5, float("nan"), float("inf")])
def test_a_resume_point_needs_a_percent(progress: object) -> None:
    """There is nothing to resume without one."""
    assert parse(PlaybackRow, {"progress": progress, "movie": {"title": "x"}}) is None


def test_one_bad_row_costs_itself_only(caplog: pytest.LogCaptureFixture) -> None:
    """It is skipped, logged by its place and counted, and its content stays out of the log."""
    bad = {"progress": "Zweiohrküken", "movie": {"title": "x"}}
    found = rows(PlaybackRow, [{"progress": 1}, bad, None, 7, [], {"progress": "2.5"}])
    assert [row.progress for row in found.items] == [1, 2.5]
    assert found.skipped == 4
    assert "PlaybackRow is malformed at: progress" in caplog.text
    assert "Zweiohrküken" not in caplog.text


def test_a_malformed_token_answer_is_not_quoted(caplog: pytest.LogCaptureFixture) -> None:
    """Pydantic would print the input, which is the token."""
    caplog.set_level(logging.DEBUG)
    assert parse(TokenAnswer, {"access_token": [ACCESS], "refresh_token": DEVICE_CODE}) is None
    assert parse(TokenAnswer, {"access_token": ACCESS + "\n"}) is None
    assert "TokenAnswer" in caplog.text


@given(json_values)
def test_nothing_that_is_json_breaks_the_reading(data: object) -> None:
    """Whatever comes is a model or None, and its titles can be asked for."""
    for model in (ScrobbleAnswer, PlaybackRow, FileAnswer, SettingsAnswer, TokenAnswer):
        parse(model, data)
    for value in (data, {"ids": data, "title": data, "year": data}):
        answer = parse(ScrobbleAnswer, {"show": value, "episode": data, "action": data})
        assert answer is not None
        if answer.titled is not None:
            assert isinstance(answer.titled[1].known_ids, Ids)


@given(st.binary(max_size=200))
def test_nothing_that_is_bytes_breaks_the_reading(body: bytes) -> None:
    """Whatever comes is JSON or said not to be."""
    reply = read_reply(Reply(200, {}, body))
    assert reply.record == {} or isinstance(reply.data, dict)
    assert reply.error == reply.error.lower()


def test_a_byte_that_is_no_utf8_spoils_one_title_only() -> None:
    """The rest of the answer can be read."""
    reply = read_reply(Reply(200, {}, b'[{"title": "\xff"}, {"title": "b"}]'))
    assert reply.data[1] == {"title": "b"}
