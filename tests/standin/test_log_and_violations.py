"""The request log, and what the usage rules forbid (contract, sections 2.1, 4.2 and 17)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dodo_tui.standin.clock import ManualClock
from dodo_tui.standin.simkl.server import StandIn

from .caller import Caller, Callers, poll, request_code

MATRIX = {"ids": {"imdb": "tt0133093"}}


def kinds(standin: StandIn) -> list[str]:
    """What was found, in order."""
    return [violation.kind for violation in standin.violations]


def test_the_log_keeps_requests_with_their_status(standin: StandIn, dodo: Caller) -> None:
    """Who, what, when and what came of it."""
    standin.log.clear()
    dodo.post("/sync/history", {"movies": [MATRIX]}, allow_rewatch="yes")
    dodo.get("/sync/nothing")
    assert standin.log.lines() == ["POST /sync/history 201", "GET /sync/nothing 404"]
    (entry,) = standin.log.entries("/sync/history$", "POST")
    assert entry.user == "Dodo"
    assert entry.body == {"movies": [MATRIX]}
    assert entry.query["allow_rewatch"] == "yes"
    assert entry.at.isoformat() == "2026-11-02T12:00:00+00:00"
    assert len(standin.log) == 2


def test_the_log_holds_no_secret(standin: StandIn, callers: Callers) -> None:
    """Tokens and device codes are reduced to fingerprints that tell them apart."""
    caller = callers.anonymous()
    code = request_code(caller)
    standin.approve(code["user_code"])
    tokens = poll(caller, code).json
    caller.token = tokens["access_token"]
    caller.get("/sync/activities")
    caller.form("/oauth2/revoke", {"client_id": "demo-v2", "token": tokens["refresh_token"]})
    text = str([(e.headers, e.body, e.query) for e in standin.log.entries()])
    for secret in (code["device_code"], tokens["access_token"], tokens["refresh_token"]):
        assert secret not in text
    (entry,) = standin.log.entries("/sync/activities")
    assert entry.headers["authorization"].startswith("Bearer #")


def test_a_well_behaved_client_violates_nothing(
    standin: StandIn, dodo: Caller, callers: Callers, clock: ManualClock
) -> None:
    """The first sync, a scrobble, a second sync, a description."""
    dodo.activities()
    for path in ("/shows", "/movies", "/anime"):
        dodo.all_items(path)
    clock.advance(60)
    dodo.scrobble("stop", 95, movie=MATRIX)
    saved = "2026-11-02T12:00:00Z"
    dodo.activities()
    dodo.all_items(date_from=saved)
    dodo.all_items("/movies", extended="simkl_ids_only")
    callers.anonymous().get("/movies/53992")
    assert standin.violations == []


@pytest.mark.parametrize(
    ("spoil", "kind"),
    [
        (lambda caller: caller.query.pop("app-name"), "missing-app-name"),
        (lambda caller: caller.query.pop("app-version"), "missing-app-version"),
        (lambda caller: caller.headers.pop("User-Agent"), "missing-user-agent"),
        (
            lambda caller: caller.headers.update({"User-Agent": "Mozilla/5.0"}),
            "browser-user-agent",
        ),
    ],
)
def test_what_every_request_needs_is_missed(
    standin: StandIn, dodo: Caller, spoil: Callable[[Caller], object], kind: str
) -> None:
    """It is answered all the same."""
    spoil(dodo)
    assert dodo.get("/sync/activities").status == 200
    assert kinds(standin) == [kind]
    assert str(standin.violations[0]) == f"{kind}: GET /sync/activities"


def test_a_body_without_its_type_is_noted(standin: StandIn, dodo: Caller) -> None:
    """JSON says that it is JSON."""
    dodo.send("POST", "/sync/history", b"{}")
    assert kinds(standin) == ["missing-content-type"]


def test_a_token_on_a_cached_endpoint_is_noted(standin: StandIn, dodo: Caller) -> None:
    """It defeats the cache."""
    dodo.get("/tv/episodes/11121")
    assert kinds(standin) == ["authorization-on-cached-endpoint"]


def test_all_items_without_activities_is_noted(standin: StandIn, dodo: Caller) -> None:
    """Before the first call, and before the same call again."""
    dodo.all_items("/shows")
    assert kinds(standin) == ["all-items-without-activities"]
    dodo.activities()
    dodo.all_items(date_from="2026-11-01T00:00:00Z")
    dodo.all_items(date_from="2026-11-01T00:00:00Z")
    assert kinds(standin) == ["all-items-without-activities"] * 2


def test_a_second_whole_download_is_noted(standin: StandIn, dodo: Caller, callers: Callers) -> None:
    """For each grant; listings of ids are free of it, and so is a new sign-in."""
    for _ in range(2):
        dodo.activities()
        dodo.all_items("/shows", extended="simkl_ids_only")
        dodo.all_items("/shows")
    assert kinds(standin) == ["all-items-without-date-from"]
    again = callers.signed_in()
    again.activities()
    again.all_items("/shows")
    assert kinds(standin) == ["all-items-without-date-from"]


def test_learning_what_a_name_means_is_no_search_before_a_write(
    standin: StandIn, dodo: Caller, clock: ManualClock
) -> None:
    """A file has a name only; as soon as it is known it is played. Once known it stays known."""
    dodo.get("/search/movie", q="matrix")
    clock.advance(21)
    dodo.scrobble("start", 5, movie=MATRIX)
    clock.advance(1)
    dodo.scrobble("pause", 50, movie=MATRIX)
    assert kinds(standin) == []
    dodo.get("/search/movie", q="matrix")
    clock.advance(1)
    dodo.scrobble("start", 50, movie=MATRIX)
    assert kinds(standin) == ["search-before-write"]


def test_searching_before_writing_the_same_title_is_noted(
    standin: StandIn, dodo: Caller, clock: ManualClock
) -> None:
    """Simkl resolves an id by itself; a search long before, or of another title, is fine."""
    dodo.get("/search/id", imdb="tt0133093")
    dodo.scrobble("start", 5, movie={"ids": {"imdb": "tt1375666"}})
    clock.advance(59)
    dodo.post("/sync/history", {"movies": [MATRIX]})
    assert kinds(standin) == ["search-before-write"]
    clock.advance(1)
    dodo.scrobble("start", 5, movie=MATRIX)
    assert kinds(standin) == ["search-before-write"]


def test_a_batch_above_50_is_noted(standin: StandIn, dodo: Caller) -> None:
    """The recommended size is the limit to keep."""
    dodo.post("/sync/history", {"movies": [MATRIX] * 50})
    assert kinds(standin) == []
    dodo.post("/sync/history", {"movies": [MATRIX] * 51})
    assert kinds(standin) == ["batch-over-50"]
