"""What moved between two readings of Simkl's activities."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given

from dodo_tui.providers.simkl.activities import Activities, Moved, moved, read_activities
from dodo_tui.providers.simkl.payloads import LONG_AGO
from tests.providers.test_simkl_models import json_values

OLD, NEW = "2026-10-14T07:12:20Z", "2026-10-15T08:00:00Z"


def _before() -> dict[str, Any]:
    series = ("rated_at", "playback", "plantowatch", "watching", "completed", "hold", "dropped")
    films = ("rated_at", "playback", "plantowatch", "completed", "dropped")
    group = {"all": OLD, "removed_from_list": None}
    return {
        "all": OLD,
        "settings": {"all": OLD},
        "tv_shows": {**group, **dict.fromkeys(series, OLD)},
        "anime": {**group, "all": None, **dict.fromkeys(series)},
        "movies": {**group, **dict.fromkeys(films, OLD)},
        "custom_lists": {"lists": {"all": None}},
    }


def _after(*places: str, at: object = NEW) -> dict[str, Any]:
    data = _before()
    data["all"] = NEW
    for place in places:
        group, bucket = place.split(".")
        data[group]["all"] = NEW
        data[group][bucket] = at
    return data


def _moved(after: dict[str, Any], before: dict[str, Any] | None = None) -> Moved:
    return moved(Activities(before or _before()), Activities(after))


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        (["tv_shows.watching"], Moved(titles=True)),
        (["tv_shows.hold"], Moved(titles=True)),
        (["anime.plantowatch"], Moved(titles=True)),
        (["movies.completed", "tv_shows.dropped"], Moved(titles=True)),
        (["movies.rewatching"], Moved(titles=True)),
        (["movies.rated_at"], Moved(ratings=("movies",))),
        (["anime.rated_at", "tv_shows.rated_at"], Moved(ratings=("shows", "anime"))),
        (["anime.removed_from_list"], Moved(removals=("anime",), may_have_removals=True)),
        (["movies.playback"], Moved(resume_points=True)),
        (["settings.all"], Moved()),
        ([], Moved()),
        (
            ["tv_shows.completed", "movies.rated_at", "movies.removed_from_list", "anime.playback"],
            Moved(True, ("movies",), ("movies",), True, True),
        ),
    ],
)
def test_each_bucket_asks_for_its_own(places: list[str], expected: Moved) -> None:
    """The table of the contract (§11.2); a bucket that is new is taken for a list."""
    assert _moved(_after(*places)) == expected


def test_the_same_all_is_the_end_of_it() -> None:
    """Whatever the buckets say, and however the same time is written."""
    after = _after("tv_shows.watching")
    for same in (OLD, OLD.replace("Z", ".000Z"), OLD.replace("Z", "+00:00")):
        after["all"] = same
        assert _moved(after) == Moved()


def test_the_same_time_written_differently_has_not_moved() -> None:
    """Milliseconds may come and go."""
    after = _after()
    after["tv_shows"] = {
        name: at.replace("Z", ".000Z") if at else at for name, at in after["tv_shows"].items()
    }
    assert _moved(after) == Moved()


def test_what_became_null_or_went_missing_has_not_moved() -> None:
    """Simkl: null is "never" or "unknown"."""
    after = _after("tv_shows.watching", at=None)
    after["tv_shows"]["all"] = OLD
    del after["movies"]
    assert _moved(after) == Moved()


def test_the_old_word_for_dropped_is_the_same_bucket() -> None:
    """`notinteresting` and `dropped` (contract §2.3)."""
    before, after = _before(), _after()
    before["tv_shows"]["notinteresting"] = before["tv_shows"].pop("dropped")
    assert _moved(after, before) == Moved()
    after["tv_shows"]["dropped"] = NEW
    assert _moved(after, before) == Moved(titles=True)


@pytest.mark.parametrize("bucket", ["rated_at", "playback", "removed_from_list"])
@pytest.mark.parametrize("value", [{"all": NEW}, [], 7, "missing"])
def test_a_bucket_that_cannot_be_read_moves_with_its_group(bucket: str, value: object) -> None:
    """An object where a text is expected says nothing, and must not hide a change."""
    before = _before()
    after = copy.deepcopy(before)
    after["all"] = NEW
    for data in (before, after):
        if value == "missing":
            del data["movies"][bucket]
        else:
            data["movies"][bucket] = value
    assert _moved(after, before) == Moved()
    after["movies"]["all"] = NEW
    found = _moved(after, before)
    assert found == Moved(
        ratings=("movies",) if bucket == "rated_at" else (),
        may_have_removals=bucket == "removed_from_list",
        resume_points=bucket == "playback",
    )


def test_date_from_is_never_nothing() -> None:
    """`all` verbatim; without one the newest bucket, and without any the beginning of time."""
    assert Activities({"all": "2026-10-14T07:12:20.000Z"}).date_from == "2026-10-14T07:12:20.000Z"
    data = {"all": {"x": 1}, "movies": {"completed": OLD, "dropped": NEW, "rated_at": "soon"}}
    assert Activities(data).date_from == NEW
    assert Activities({"all": None}).date_from == LONG_AGO


@pytest.mark.parametrize("text", ["", "null", "[]", "{}", '"x"', "{", '{"error": "x"}', "[" * 9999])
def test_what_is_no_activities_at_all(text: str) -> None:
    """Nothing may be concluded from it."""
    assert read_activities(text) is None


def test_an_account_that_never_did_anything() -> None:
    """Every value may be null."""
    text = json.dumps({"all": None, "tv_shows": None, "anime": []})
    found = read_activities(text)
    assert found is not None
    assert moved(found, found) == Moved()


@given(json_values, json_values)
def test_no_activities_are_too_strange(one: object, other: object) -> None:
    """Whatever comes, it is compared or refused."""
    data = {"all": one, "movies": other, "tv_shows": {"watching": one, "all": other}}
    found = read_activities(json.dumps(data))
    assert found is not None
    moved(Activities(_before()), found)
    moved(found, Activities(_before()))
    assert found.date_from
