"""Rating a title, and deleting a resume point."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import httpx
import pytest

from dodo_tui.domain.ids import Ids, Kind
from dodo_tui.providers.errors import BrokenError, OfflineError, ProviderError, RejectedError
from dodo_tui.providers.protocol import Item, Outcome, ResumePoint
from tests.providers.conftest import MakeProvider
from tests.providers.support import EPISODE, INCEPTION, Script, body_of, failed, refusal, reply

POINT = ResumePoint(INCEPTION, 40.0, None, remote_id=35148628)
BEBOP = Item(Kind.ANIME, "Cowboy Bebop", 1998, Ids(mal="1"), 1, 3)


@pytest.mark.parametrize(
    ("item", "slot", "ids"),
    [
        (INCEPTION, "movies", {"imdb": "tt1375666", "simkl": 472214}),
        (EPISODE, "shows", {"imdb": "tt1520211", "tvdb": "153021"}),
        (BEBOP, "shows", {"mal": "1"}),
        (replace(BEBOP, season=None, number=None), "shows", {"mal": "1"}),
    ],
)
@pytest.mark.parametrize("rating", [1, 10, None])
async def test_a_title_is_rated_and_not_its_episode(
    provider_of: MakeProvider, item: Item, slot: str, ids: dict[str, Any], rating: int | None
) -> None:
    """Everything known of it goes along; anime is a show (contract §12.4)."""
    script = Script(reply(201, {"added": {"movies": 1}, "not_found": {"movies": [], "shows": []}}))
    answer = await provider_of(script).rate(item, rating)
    assert answer.outcome is Outcome.DONE
    entry = {"title": item.title, "year": item.year, "ids": ids}
    told = entry if rating is None else {**entry, "rating": rating}
    assert body_of(script.last) == {slot: [told]}
    path = "/sync/ratings/remove" if rating is None else "/sync/ratings"
    assert script.paths == [f"POST {path}"]


@pytest.mark.parametrize("rating", [0, 11, -1, True])
async def test_a_rating_out_of_range_is_never_sent(provider_of: MakeProvider, rating: int) -> None:
    """Simkl would call the title unknown."""
    with pytest.raises(ValueError, match="1 to 10"):
        await provider_of(Script()).rate(INCEPTION, rating)


@pytest.mark.parametrize("slot", ["movies", "shows", "anime"])
@pytest.mark.parametrize("rating", [7, None])
async def test_a_title_that_was_not_found(
    provider_of: MakeProvider, slot: str, rating: int | None
) -> None:
    """201 does not mean stored (contract §17.15)."""
    script = Script(reply(201, {"added": {}, "not_found": {slot: [{"title": "?"}]}}))
    answer = await provider_of(script).rate(INCEPTION, rating)
    assert answer.outcome is Outcome.UNKNOWN_TITLE


@pytest.mark.parametrize("body", [None, {}, {"not_found": None}, {"not_found": {"movies": None}}])
async def test_a_rating_whose_answer_says_little(provider_of: MakeProvider, body: object) -> None:
    """Nothing was called unknown."""
    answer = await provider_of(Script(reply(200, body))).rate(INCEPTION, 7)
    assert answer.outcome is Outcome.DONE


async def test_what_has_no_name_is_not_asked_about(provider_of: MakeProvider) -> None:
    """Nobody could find it."""
    answer = await provider_of(Script()).rate(Item(Kind.MOVIE, "", None, Ids()), 7)
    assert answer.outcome is Outcome.UNKNOWN_TITLE


async def test_a_rating_that_fails_is_an_error(provider_of: MakeProvider) -> None:
    """Also in a 200."""
    script = Script(reply(200, {"error": "internal", "code": 500}))
    await failed(BrokenError, provider_of(script).rate(INCEPTION, 7))


# Forgetting


@pytest.mark.parametrize(
    "answer",
    [reply(204), reply(200, {"deleted": True}), refusal(404, "empty")],
)
async def test_a_resume_point_is_deleted(provider_of: MakeProvider, answer: httpx.Response) -> None:
    """Either success, or gone already (contract §10.2)."""
    script = Script(answer)
    await provider_of(script).forget_resume_point(POINT)
    assert script.paths == ["DELETE /sync/playback/35148628"]


@pytest.mark.parametrize("remote_id", [None, 0])
async def test_a_resume_point_that_is_not_kept_there(
    provider_of: MakeProvider, remote_id: int | None
) -> None:
    """Without its id there is nothing to delete."""
    await provider_of(Script()).forget_resume_point(replace(POINT, remote_id=remote_id))


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (refusal(404, "url_failed"), RejectedError),
        (httpx.Response(404, text="<p>"), BrokenError),
        (reply(200, {"error": "internal", "code": 500}), BrokenError),
        (httpx.ConnectError("no"), OfflineError),
    ],
)
async def test_a_resume_point_that_could_not_be_deleted(
    provider_of: MakeProvider, answer: httpx.Response, kind: type[ProviderError]
) -> None:
    """It is never taken for done."""
    await failed(kind, provider_of(Script(answer)).forget_resume_point(POINT))
