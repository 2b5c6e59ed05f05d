"""AUTH V1, the classic PIN (contract, section 6)."""

from __future__ import annotations

import re

from dodo_tui.standin.clock import ManualClock
from dodo_tui.standin.simkl.server import StandIn

from .caller import Callers


def test_a_v1_code_is_answered_as_documented(callers: Callers) -> None:
    """The device code is a placeholder, literally."""
    code = callers.anonymous("demo-v1").get("/oauth/pin").json
    assert code["device_code"] == "DEVICE_CODE"
    assert len(code["user_code"]) == 5
    assert code["verification_uri"] == code["verification_url"] == "https://simkl.com/pin"
    assert (code["result"], code["expires_in"], code["interval"]) == ("OK", 900, 5)


def test_older_v1_answers_have_another_code_length_and_only_the_older_key(
    standin: StandIn, callers: Callers
) -> None:
    """Sources disagree, so a switch has each form."""
    shapes = standin.settings.shapes
    shapes.v1_address_key, shapes.v1_address_slash, shapes.v1_code_length = (
        "verification_url",
        True,
        6,
    )
    code = callers.anonymous("demo-v1").get("/oauth/pin").json
    assert "verification_uri" not in code
    assert code["verification_url"] == "https://simkl.com/pin/"
    assert len(code["user_code"]) == 6


def test_pending_then_a_token_of_64_hex_digits(standin: StandIn, callers: Callers) -> None:
    """All of it with status 200."""
    caller = callers.anonymous("demo-v1")
    code = caller.get("/oauth/pin").json["user_code"]
    waiting = caller.get(f"/oauth/pin/{code}")
    assert waiting.status == 200
    assert waiting.json == {"result": "KO", "message": "Authorization pending"}
    standin.approve(code)
    done = caller.get(f"/oauth/pin/{code}").json
    assert done["result"] == "OK"
    assert re.fullmatch(r"[0-9a-f]{64}", done["access_token"])


def test_an_unknown_used_or_expired_code_is_answered_with_a_new_one(
    standin: StandIn, callers: Callers, clock: ManualClock
) -> None:
    """An object with a `device_code` means: stop polling the old one."""
    caller = callers.anonymous("demo-v1")
    used = caller.get("/oauth/pin").json["user_code"]
    standin.approve(used)
    caller.get(f"/oauth/pin/{used}")
    expired = caller.get("/oauth/pin").json["user_code"]
    clock.advance(900)
    for dead in ("NOSUCH", used, expired):
        answer = caller.get(f"/oauth/pin/{dead}").json
        assert answer["device_code"] == "DEVICE_CODE"
        assert answer["user_code"] != dead


def test_a_switch_makes_unknown_codes_wait_for_ever(standin: StandIn, callers: Callers) -> None:
    """Another page of the documents says so."""
    standin.settings.shapes.v1_unknown_code_pending = True
    answer = callers.anonymous("demo-v1").get("/oauth/pin/NOSUCH").json
    assert answer["message"] == "Authorization pending"


def test_a_switch_brings_back_slow_down(
    strict: StandIn, strict_callers: Callers, clock: ManualClock
) -> None:
    """Only the retired documents have it."""
    strict.settings.shapes.v1_slow_down = True
    caller = strict_callers.anonymous("demo-v1")
    code = caller.get("/oauth/pin").json["user_code"]
    caller.get(f"/oauth/pin/{code}")
    clock.advance(2)
    assert caller.get(f"/oauth/pin/{code}").json["message"] == "Slow down"


def test_the_same_user_and_app_get_the_same_token_again(callers: Callers) -> None:
    """V1 has no independent grants."""
    assert callers.signed_in_v1().token == callers.signed_in_v1().token


def test_a_v2_client_is_told_to_use_v2(callers: Callers) -> None:
    """400 `unauthorized_client`, on starting and on polling."""
    caller = callers.anonymous("demo-v2")
    for path in ("/oauth/pin", "/oauth/pin/ABCDE"):
        answer = caller.get(path)
        assert (answer.status, answer.error) == (400, "unauthorized_client")
        assert "/oauth2/device" in answer.json["message"]


def test_a_v1_token_may_write_and_dies_with_the_connection(
    standin: StandIn, callers: Callers
) -> None:
    """It has no scopes; revoked elsewhere it is `user_token_failed`."""
    caller = callers.signed_in_v1()
    assert caller.post("/sync/history", {}).status == 201
    standin.person().revoke_access()
    answer = caller.get("/sync/activities")
    assert (answer.status, answer.error) == (401, "user_token_failed")


def test_v1_search_works_without_a_token(callers: Callers) -> None:
    """Unlike V2's."""
    answer = callers.anonymous("demo-v1").get("/search/movie", q="matrix")
    assert answer.json[0]["title"] == "The Matrix"
