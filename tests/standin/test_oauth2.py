"""AUTH V2, the device flow (contract, section 5)."""

from __future__ import annotations

import pytest

from dodo_tui.standin.clock import ManualClock
from dodo_tui.standin.simkl.routes.oauth2 import DEVICE_GRANT
from dodo_tui.standin.simkl.server import StandIn

from .caller import BOTH, Caller, Callers, poll, refresh, request_code

DAY = 86_400


def test_a_code_is_answered_as_documented(callers: Callers) -> None:
    """Simkl's own page is named, and the code can be pre-filled."""
    answer = callers.anonymous().form("/oauth2/device", {"client_id": "demo-v2", "scope": BOTH})
    code = answer.json
    assert answer.headers["Cache-Control"] == "no-store"
    assert code["verification_uri"] == "https://simkl.com/pin"
    assert code["verification_uri_complete"].endswith(f"?user_code={code['user_code']}")
    assert (code["expires_in"], code["interval"]) == (900, 5)
    assert [len(half) for half in code["user_code"].split("-")] == [4, 4]


def test_a_setting_sends_the_user_to_the_stand_ins_own_page(
    standin: StandIn, callers: Callers
) -> None:
    """The demo has no simkl.com to open."""
    standin.settings.local_approval_page = True
    code = request_code(callers.anonymous())
    assert code["verification_uri"] == f"{standin.url}/pin"


def test_bodies_may_be_json(callers: Callers) -> None:
    """Form is preferred, JSON is taken."""
    answer = callers.anonymous().post("/oauth2/device", {"client_id": "demo-v2", "scope": BOTH})
    assert answer.status == 200


def test_values_must_be_plain_strings(callers: Callers) -> None:
    """A number where a string belongs is malformed."""
    answer = callers.anonymous().post("/oauth2/device", {"client_id": 7})
    assert (answer.status, answer.json["error"]) == (400, "invalid_request")
    assert "code" not in answer.json


def test_waiting_then_approved_then_used_up(callers: Callers, standin: StandIn) -> None:
    """Pending until somebody approves; a code is redeemed once."""
    caller = callers.anonymous()
    code = request_code(caller)
    assert poll(caller, code).error == "authorization_pending"
    standin.approve(code["user_code"])
    tokens = poll(caller, code).json
    assert tokens["access_token"].startswith("simkl_at_")
    assert tokens["refresh_token"].startswith("simkl_rt_")
    assert len(tokens["access_token"]) == 43
    assert (tokens["token_type"], tokens["expires_in"], tokens["scope"]) == (
        "Bearer",
        604_800,
        BOTH,
    )
    assert poll(caller, code).error == "invalid_grant"


def test_a_code_may_be_typed_in_any_manner(callers: Callers, standin: StandIn) -> None:
    """Case, hyphens and spaces do not matter; I and L read as 1, O as 0."""
    caller = callers.anonymous()
    code = request_code(caller)
    sloppy = code["user_code"].lower().replace("-", " ").replace("1", "l").replace("0", "o")
    standin.approve(sloppy)
    assert poll(caller, code).status == 200


def test_declining_looks_like_waiting_for_ever(
    callers: Callers, standin: StandIn, clock: ManualClock
) -> None:
    """There is no "denied"; only the code's end."""
    caller = callers.anonymous()
    code = request_code(caller)
    standin.decline(code["user_code"])
    assert poll(caller, code).error == "authorization_pending"
    clock.advance(899)
    assert poll(caller, code).error == "authorization_pending"
    clock.advance(1)
    assert poll(caller, code).error == "expired_token"


def test_polling_too_fast_slows_down_and_starts_the_wait_anew(
    strict: StandIn, strict_callers: Callers, clock: ManualClock
) -> None:
    """The refused attempt resets the timer, and the interval has grown by five seconds."""
    caller = strict_callers.anonymous()
    code = request_code(caller)
    assert poll(caller, code).error == "authorization_pending"
    clock.advance(4)
    assert poll(caller, code).error == "slow_down"
    clock.advance(9)
    assert poll(caller, code).error == "slow_down"
    clock.advance(15)
    strict.approve(code["user_code"])
    assert poll(caller, code).status == 200


@pytest.mark.parametrize("scope", [None, "media:raed,media:write", "write"])
def test_a_missing_or_misspelt_scope_silently_means_read_only(
    callers: Callers, standin: StandIn, scope: str | None
) -> None:
    """The token looks perfectly normal."""
    caller = callers.anonymous()
    code = request_code(caller, scope)
    standin.approve(code["user_code"])
    assert poll(caller, code).json["scope"] == "media:read"


@pytest.mark.parametrize("path", ["/oauth2/device", "/oauth2/token", "/oauth2/revoke"])
@pytest.mark.parametrize("client_id", ["demo-v1", "nobody"])
def test_a_v1_or_unknown_client_is_invalid_here(
    callers: Callers, path: str, client_id: str
) -> None:
    """The two generations never mix."""
    fields = {"client_id": client_id, "grant_type": DEVICE_GRANT, "device_code": "x", "token": "x"}
    answer = callers.anonymous().form(path, fields)
    assert (answer.status, answer.error) == (401, "invalid_client")
    assert "error_description" in answer.json


def test_an_unknown_grant_type_is_unsupported(callers: Callers) -> None:
    """Only polling and refreshing exist."""
    answer = callers.anonymous().form(
        "/oauth2/token", {"client_id": "demo-v2", "grant_type": "password"}
    )
    assert (answer.status, answer.error) == (400, "unsupported_grant_type")


def test_refreshing_kills_the_previous_access_token_and_keeps_the_refresh_token(
    callers: Callers, standin: StandIn
) -> None:
    """One grant has exactly one live access token."""
    caller = callers.anonymous()
    code = request_code(caller)
    standin.approve(code["user_code"])
    first = poll(caller, code).json
    second = refresh(caller, first["refresh_token"]).json
    assert second["refresh_token"] == first["refresh_token"]
    caller.token = first["access_token"]
    assert caller.get("/sync/activities").error == "invalid_token"
    caller.token = second["access_token"]
    assert caller.get("/sync/activities").status == 200


def test_an_access_token_lives_seven_days(callers: Callers, clock: ManualClock) -> None:
    """After that only a refresh helps."""
    caller = callers.signed_in()
    clock.advance(7 * DAY - 1)
    assert caller.get("/sync/activities").status == 200
    clock.advance(1)
    assert caller.get("/sync/activities").error == "invalid_token"


def test_a_refresh_token_lives_180_days_from_its_last_use(
    callers: Callers, standin: StandIn, clock: ManualClock
) -> None:
    """The end slides; once past, the grant is over."""
    caller = callers.anonymous()
    code = request_code(caller)
    standin.approve(code["user_code"])
    token = poll(caller, code).json["refresh_token"]
    for _ in range(2):
        clock.advance(179 * DAY)
        assert refresh(caller, token).status == 200
    clock.advance(180 * DAY)
    answer = refresh(caller, token)
    assert (answer.status, answer.error) == (400, "invalid_grant")


def test_a_refresh_cannot_widen_the_scope_and_ignores_a_narrower_one(
    callers: Callers, standin: StandIn
) -> None:
    """Wider is `invalid_scope`; narrower changes nothing."""
    caller = callers.anonymous()
    for asked, wanted, outcome in (("media:read", BOTH, None), (BOTH, "media:read", BOTH)):
        code = request_code(caller, asked)
        standin.approve(code["user_code"])
        token = poll(caller, code).json["refresh_token"]
        answer = refresh(caller, token, scope=wanted)
        if outcome is None:
            assert (answer.status, answer.error) == (400, "invalid_scope")
        else:
            assert answer.json["scope"] == outcome


@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
def test_revoking_either_token_ends_the_whole_grant_and_may_be_repeated(
    callers: Callers, standin: StandIn, which: str
) -> None:
    """Always 200 with nothing in it, also for a token that never was."""
    caller = callers.anonymous()
    code = request_code(caller)
    standin.approve(code["user_code"])
    tokens = poll(caller, code).json
    for token in (tokens[which], tokens[which], "never"):
        answer = caller.form("/oauth2/revoke", {"client_id": "demo-v2", "token": token})
        assert (answer.status, answer.raw) == (200, b"")
    caller.token = tokens["access_token"]
    assert caller.get("/sync/activities").error == "invalid_token"
    assert refresh(caller, tokens["refresh_token"]).error == "invalid_grant"


def test_each_sign_in_is_a_grant_of_its_own(callers: Callers) -> None:
    """Signing in again does not end the first."""
    first, second = callers.signed_in(), callers.signed_in()
    assert first.token != second.token
    assert first.get("/sync/activities").status == 200


def test_two_users_have_two_libraries(callers: Callers, standin: StandIn) -> None:
    """The approver decides whose account it is."""
    anna, ben = callers.signed_in("Anna"), callers.signed_in("Ben")
    standin.person("Anna").mark_watched("tt0133093")
    assert "movies" in anna.all_items()
    assert ben.all_items() == {}
    names = [each.get("/users/settings").json["user"]["name"] for each in (anna, ben)]
    assert names == ["Anna", "Ben"]


def test_the_user_can_disconnect_from_elsewhere(callers: Callers, standin: StandIn) -> None:
    """As on the Connected-Apps page."""
    caller = callers.signed_in()
    standin.person().revoke_access()
    assert caller.get("/sync/activities").error == "invalid_token"


def test_a_code_can_approve_itself_after_a_while(
    callers: Callers, standin: StandIn, clock: ManualClock
) -> None:
    """The demo needs nobody at another device."""
    standin.settings.auto_approve_after_seconds = 6
    standin.settings.auto_approve_user = "Anna"
    caller: Caller = callers.anonymous()
    code = request_code(caller)
    clock.advance(5)
    assert poll(caller, code).error == "authorization_pending"
    clock.advance(1)
    caller.token = poll(caller, code).json["access_token"]
    assert caller.get("/users/settings").json["user"]["name"] == "Anna"


def test_the_discovery_document_names_the_endpoints(callers: Callers, standin: StandIn) -> None:
    """It needs no client id."""
    document = callers.anonymous(None).get("/.well-known/oauth-authorization-server").json
    assert document["device_authorization_endpoint"] == f"{standin.url}/oauth2/device"
