"""Troubles on demand: each befalls the requests it was asked for, and no others."""

from __future__ import annotations

import http.client
import json
import threading

import pytest

from dodo_tui.standin import faults
from dodo_tui.standin.faults import HalfAnswer, Hold, Malformed, Reply, Reset
from dodo_tui.standin.simkl.server import StandIn

from .caller import Answer, Caller, Callers

MATRIX = {"movies": [{"ids": {"imdb": "tt0133093"}}]}


@pytest.mark.parametrize(
    ("fault", "status", "error"),
    [
        (faults.server_error(), 500, "internal"),
        (faults.server_error(503), 503, "internal"),
        (faults.rate_limited(), 429, "rate_limit"),
        (faults.quota_exceeded(77), 429, "user_limit_exceeded"),
        (faults.write_locked(), 400, "RATE_LIMIT"),
        (faults.client_refused(), 412, "client_id_failed"),
        (faults.token_refused(), 401, "invalid_token"),
        (faults.token_refused("user_token_failed"), 401, "user_token_failed"),
        (faults.error(403, "forbidden", "No"), 403, "forbidden"),
    ],
)
def test_an_answer_on_demand_replaces_the_real_one_once(
    standin: StandIn, dodo: Caller, fault: Reply, status: int, error: str
) -> None:
    """Nothing is processed; the next request is answered truly."""
    standin.faults.add("/sync/history", fault)
    answer = dodo.post("/sync/history", MATRIX)
    assert (answer.status, answer.error) == (status, error)
    if error == "user_limit_exceeded":
        assert answer.headers["Retry-After"] == "77"
    assert not standin.person().has_watched("tt0133093")
    assert dodo.post("/sync/history", MATRIX).status == 201


def test_a_gateways_page_is_not_json(standin: StandIn, dodo: Caller) -> None:
    """A 5xx may come from something in front of the API."""
    standin.faults.add("/sync/activities", faults.gateway_error())
    answer = dodo.get("/sync/activities")
    assert (answer.status, answer.headers["Content-Type"]) == (502, "text/html")


def test_a_reset_before_processing_writes_nothing(standin: StandIn, dodo: Caller) -> None:
    """The client sees a connection error."""
    standin.faults.add("/sync/history", Reset())
    with pytest.raises(ConnectionError):
        dodo.post("/sync/history", MATRIX)
    assert not standin.person().has_watched("tt0133093")
    assert standin.log.entries("/sync/history")[-1].status is None
    assert dodo.post("/sync/history", MATRIX).status == 201


def test_a_reset_after_processing_loses_only_the_answer(standin: StandIn, dodo: Caller) -> None:
    """The write happened; the client cannot know."""
    standin.faults.add("/sync/history", Reset(after_processing=True))
    with pytest.raises(ConnectionError):
        dodo.post("/sync/history", MATRIX)
    assert standin.person().has_watched("tt0133093")


def test_a_malformed_answer_is_not_json_though_the_write_happened(
    standin: StandIn, dodo: Caller
) -> None:
    """Status and headers are as ever."""
    standin.faults.add("/sync/history", Malformed())
    answer = dodo.post("/sync/history", MATRIX)
    assert answer.status == 201
    with pytest.raises(json.JSONDecodeError):
        _ = answer.json
    assert standin.person().has_watched("tt0133093")


def test_half_an_answer_ends_in_the_middle(standin: StandIn, dodo: Caller) -> None:
    """Less arrives than was announced."""
    standin.faults.add("/sync/history", HalfAnswer())
    with pytest.raises((http.client.IncompleteRead, ConnectionError)):
        dodo.post("/sync/history", MATRIX)
    assert standin.person().has_watched("tt0133093")


def test_a_held_answer_comes_when_it_is_released(standin: StandIn, dodo: Caller) -> None:
    """Nothing is written before."""
    hold = Hold()
    standin.faults.add("/sync/history", hold)
    answers: list[Answer] = []
    thread = threading.Thread(target=lambda: answers.append(dodo.post("/sync/history", MATRIX)))
    thread.start()
    assert hold.reached.wait(60)
    assert not standin.person().has_watched("tt0133093")
    hold.release()
    thread.join(60)
    assert [answer.status for answer in answers] == [201]


def test_a_hold_for_a_time_ends_by_itself(standin: StandIn, dodo: Caller) -> None:
    """In real seconds."""
    hold = Hold(0.01)
    standin.faults.add("/sync/activities", hold)
    assert dodo.get("/sync/activities").status == 200
    assert hold.reached.is_set()


@pytest.mark.parametrize("after_processing", [False, True])
def test_a_client_that_gives_up_a_held_request_has_written_only_if_held_after(
    standin: StandIn, dodo: Caller, callers: Callers, *, after_processing: bool
) -> None:
    """Either outcome can be had for certain; another call of the user then works."""
    hold = Hold(after_processing=after_processing)
    standin.faults.add("/sync/history", hold)
    assert dodo.connection.sock is not None
    dodo.connection.sock.settimeout(0.05)
    with pytest.raises(TimeoutError):
        dodo.post("/sync/history", MATRIX)
    assert hold.reached.wait(60)
    other = callers.signed_in()
    assert other.get("/sync/activities").status == 200
    assert standin.person().has_watched("tt0133093") is after_processing


def test_a_write_whose_client_gave_up_locks_nobody_out(
    strict: StandIn, strict_callers: Callers
) -> None:
    """The same user may try again at once."""
    anna = strict_callers.signed_in("Anna")
    strict.settings.write_gap_seconds = 0
    anna.get("/sync/activities")
    hold = Hold()
    strict.faults.add("/sync/history", hold)
    assert anna.connection.sock is not None
    anna.connection.sock.settimeout(0.05)
    with pytest.raises(TimeoutError):
        anna.post("/sync/history", MATRIX)
    assert anna.post("/sync/history", MATRIX).status == 201
    assert strict.violations == []


@pytest.mark.parametrize(
    ("held", "kinds"), [("/sync/activities", ["parallel-calls"]), ("/movies/53992", [])]
)
def test_calls_side_by_side_are_noted_unless_cached(
    standin: StandIn, callers: Callers, held: str, kinds: list[str]
) -> None:
    """Uncached endpoints want one call after the other."""
    first, second = callers.signed_in(), callers.signed_in()
    if held.startswith("/movies"):
        first.token = None
    hold = Hold()
    standin.faults.add(held, hold)
    thread = threading.Thread(target=lambda: first.get(held))
    thread.start()
    assert hold.reached.wait(60)
    second.get("/sync/playback")
    hold.release()
    thread.join(60)
    assert [each.kind for each in standin.violations] == kinds


def test_while_a_write_is_held_another_of_the_same_user_is_locked_out(
    strict: StandIn, strict_callers: Callers
) -> None:
    """One write at a time per user, and doing otherwise is noted."""
    anna, also_anna = strict_callers.signed_in("Anna"), strict_callers.signed_in("Anna")
    strict.settings.write_gap_seconds = 0
    hold = Hold()
    strict.faults.add("/sync/history", hold)
    thread = threading.Thread(target=lambda: anna.post("/sync/history", MATRIX))
    thread.start()
    assert hold.reached.wait(60)
    refused = also_anna.post("/sync/history", MATRIX)
    assert (refused.status, refused.error) == (400, "RATE_LIMIT")
    hold.release()
    thread.join(60)
    assert also_anna.post("/sync/history", MATRIX).status == 201
    assert [each.kind for each in strict.violations] == ["parallel-writes"]


def test_a_fault_is_chosen_by_path_verb_count_and_skip(standin: StandIn, dodo: Caller) -> None:
    """And can be taken back."""
    standin.faults.add("/sync/(history|ratings)$", faults.server_error(), method="POST", skip=1)
    assert dodo.post("/sync/history/remove", {}).status == 201
    assert dodo.get("/sync/ratings").status == 200
    assert dodo.post("/sync/history", {}).status == 201
    assert dodo.post("/sync/history", {}).status == 500
    assert dodo.post("/sync/history", {}).status == 201
    rule = standin.faults.add("/", faults.server_error(), count=None)
    assert [dodo.get("/sync/activities").status for _ in range(3)] == [500] * 3
    assert rule.hits == 3
    standin.faults.remove(rule)
    assert dodo.get("/sync/activities").status == 200
    standin.faults.add("/", faults.server_error(), count=None)
    standin.faults.clear()
    assert dodo.get("/sync/activities").status == 200


def test_clearing_faults_releases_what_they_hold(standin: StandIn, dodo: Caller) -> None:
    """No test is left hanging."""
    hold = Hold()
    standin.faults.add("/sync/activities", hold)
    thread = threading.Thread(target=dodo.activities)
    thread.start()
    assert hold.reached.wait(60)
    standin.faults.clear()
    thread.join(60)
    assert not thread.is_alive()
