"""What holds for every request (contract, sections 2 and 3)."""

from __future__ import annotations

import pytest

from dodo_tui.standin.simkl.server import StandIn

from .caller import Caller, Callers


@pytest.mark.parametrize("client_id", [None, "nobody"])
def test_a_missing_or_wrong_client_id_is_412_even_with_a_valid_token(
    callers: Callers, dodo: Caller, client_id: str | None
) -> None:
    """The client id is checked before the token."""
    caller = callers.anonymous(client_id)
    caller.token = dodo.token
    answer = caller.get("/sync/activities")
    assert answer.status == 412
    assert answer.json == {
        "error": "client_id_failed",
        "code": 412,
        "message": "Your client_id is wrong. Try another one",
    }


def test_the_old_header_names_the_client_too(callers: Callers, dodo: Caller) -> None:
    """`simkl-api-key` is an alias of `client_id`."""
    caller = callers.anonymous(None)
    caller.token, caller.headers["simkl-api-key"] = dodo.token, "demo-v2"
    assert caller.get("/sync/activities").status == 200


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/sync/nothing"), ("GET", "/scrobble/stop"), ("PUT", "/redirect")]
)
def test_an_unknown_path_or_verb_is_404_url_failed(dodo: Caller, method: str, path: str) -> None:
    """What does not exist says so in the API's envelope."""
    answer = dodo.send(method, path)
    assert (answer.status, answer.error, answer.json["code"]) == (404, "url_failed", 404)


@pytest.mark.parametrize("path", ["/sync/activities", "/users/settings", "/search/movie"])
def test_without_a_token_user_endpoints_say_one_is_required(callers: Callers, path: str) -> None:
    """Search needs a token on V2, too."""
    answer = callers.anonymous().get(path, q="matrix")
    assert (answer.status, answer.error) == (401, "user_token_required")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_an_unknown_token_is_refused_in_the_words_of_its_generation(callers: Callers) -> None:
    """V2 says `invalid_token`, V1 `user_token_failed`."""
    for client_id, token, word in (
        ("demo-v2", "simkl_at_nothing", "invalid_token"),
        ("demo-v1", "0" * 64, "user_token_failed"),
    ):
        caller = callers.anonymous(client_id)
        caller.token = token
        answer = caller.get("/sync/activities")
        assert (answer.status, answer.error) == (401, word)
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_token_works_only_with_the_client_that_obtained_it(
    standin: StandIn, callers: Callers, dodo: Caller
) -> None:
    """Another registered app cannot use it."""
    standin.world.accounts.add_client("another-v2", "v2")
    thief = callers.anonymous("another-v2")
    thief.token = dodo.token
    assert thief.get("/sync/activities").error == "invalid_token"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/sync/history", b"{}"),
        ("POST", "/scrobble/start", b"{}"),
        ("DELETE", "/sync/playback/1", None),
        ("GET", "/sync/activities", b"{}"),
        ("POST", "/sync/activities", None),
    ],
)
def test_writing_with_a_reading_token_is_403(
    callers: Callers, method: str, path: str, body: bytes | None
) -> None:
    """Anything but a GET without a body needs `media:write`."""
    reader = callers.signed_in(scope="media:read")
    answer = reader.send(method, path, body)
    assert (answer.status, answer.error) == (403, "insufficient_scope")
    assert reader.get("/sync/activities").status == 200


def test_reading_endpoints_still_take_the_old_post(standin: StandIn, dodo: Caller) -> None:
    """Older clients POST to settings and activities; it is noted."""
    assert dodo.post("/users/settings", {}).json["user"]["name"] == "Dodo"
    assert dodo.post("/sync/activities", {}).status == 200
    assert [each.kind for each in standin.violations] == ["write-to-read-endpoint"] * 2


def test_a_body_that_is_not_json_is_refused_without_a_traceback(dodo: Caller) -> None:
    """Nonsense is a client's mistake, not the server's."""
    headers = {"Content-Type": "application/json"}
    answer = dodo.send("POST", "/sync/history", b'{"movies": [', headers)
    assert (answer.status, answer.error) == (400, "wrong_parameter")
