"""AUTH V1: the classic PIN of older client ids (contract, section 6)."""

from __future__ import annotations

from dodo_tui.standin.messages import ApiError, JsonObject, Response, answer
from dodo_tui.standin.simkl.endpoint import Call, get
from dodo_tui.standin.simkl.routes.sign_in import approve_if_due, page_address, polled_too_early

PLACEHOLDER = "DEVICE_CODE"
"""What V1 sends as the device code, literally."""


def _begin(call: Call) -> Response:
    _check_generation(call)
    return _new_code(call)


def _poll(call: Call) -> Response:
    _check_generation(call)
    shapes = call.world.settings.shapes
    sign_in = call.world.accounts.by_user_code(call.segments[0])
    is_dead = (
        sign_in is None
        or sign_in.client_id != call.client.client_id
        or sign_in.redeemed
        or call.now >= sign_in.expires_at
    )
    if sign_in is None or is_dead:
        return _waiting() if shapes.v1_unknown_code_pending else _new_code(call)
    if polled_too_early(call.world, sign_in) and shapes.v1_slow_down:
        return _waiting("Slow down")
    approve_if_due(call.world, sign_in)
    if sign_in.approved_by is None:
        return _waiting()
    grant = call.world.accounts.grant(sign_in, sign_in.approved_by)
    return answer({"result": "OK", "access_token": grant.access_token})


def _new_code(call: Call) -> Response:
    settings = call.world.settings
    sign_in = call.world.accounts.begin(
        call.client,
        "public",
        settings.code_lifetime_seconds,
        settings.poll_interval_seconds,
        settings.shapes.v1_code_length,
    )
    page = page_address(call.world) + ("/" if settings.shapes.v1_address_slash else "")
    body: JsonObject = {
        "result": "OK",
        "device_code": PLACEHOLDER,
        "user_code": sign_in.user_code,
        "verification_url": page,
        "expires_in": settings.code_lifetime_seconds,
        "interval": settings.poll_interval_seconds,
    }
    if settings.shapes.v1_address_key == "both":
        body["verification_uri"] = page
    return answer(body)


def _waiting(message: str = "Authorization pending") -> Response:
    return answer({"result": "KO", "message": message})


def _check_generation(call: Call) -> None:
    if call.client.generation == "v2":
        message = "This app uses OAuth 2.0: use POST /oauth2/device"
        raise ApiError(400, "unauthorized_client", message)


ENDPOINTS = (
    get(r"/oauth/pin/?", _begin, auth="none", is_counted=False, is_limited=False),
    get(r"/oauth/pin/([^/]+)/?", _poll, auth="none", is_counted=False, is_limited=False),
)
"""The routes of this file."""
