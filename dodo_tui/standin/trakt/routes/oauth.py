"""Signing in with a code, renewing, revoking (contract, 6 and 7), and the page for codes."""

from __future__ import annotations

from dodo_tui.standin.messages import JsonObject, Response, answer
from dodo_tui.standin.page import CodePage
from dodo_tui.standin.trakt.accounts import Grant
from dodo_tui.standin.trakt.endpoint import Call, route
from dodo_tui.standin.trakt.refusals import RefusalError

TRAKT_PAGE = "https://auth.trakt.tv/activate"
"""Where a user of the real service types the code."""

PAGE = CodePage("Trakt", "/activate", "Declined. The device will notice within seconds.")
"""The stand-in's own page, in place of Trakt's."""


def _code(call: Call) -> Response:
    client_id = _app(call, call.fields())
    settings = call.world.settings
    sign_in = call.world.accounts.begin(client_id, settings.code_lifetime_seconds)
    page = f"{call.world.base_url}/activate" if settings.local_approval_page else TRAKT_PAGE
    return answer(
        {
            "device_code": sign_in.device_code,
            "user_code": sign_in.user_code,
            "verification_url": page,
            "expires_in": settings.code_lifetime_seconds,
            "interval": settings.poll_interval_seconds,
        }
    )


def _poll(call: Call) -> Response:
    fields = call.fields()
    client_id = _app(call, fields, with_secret=True)
    sign_in = call.world.accounts.sign_ins.get(str(fields.get("code") or ""))
    if sign_in is None or sign_in.client_id != client_id:
        raise RefusalError(404)
    if call.now >= sign_in.expires_at:
        raise RefusalError(410)
    if sign_in.redeemed:
        raise RefusalError(409)
    if sign_in.declined:
        raise RefusalError(418)
    settings = call.world.settings
    last, sign_in.polled_at = sign_in.polled_at, call.now
    least = settings.poll_interval_seconds - settings.timing_grace_seconds
    is_early = last is not None and (call.now - last).total_seconds() < least
    if is_early and settings.faithful_limits:
        raise RefusalError(429)
    call.world.accounts.approve_if_due(
        sign_in, settings.auto_approve_after_seconds, settings.auto_approve_user
    )
    if sign_in.approved_by is None:
        body: JsonObject = {"error": "authorization_pending"}
        raise RefusalError(400, body if settings.pending_has_body else None)
    sign_in.redeemed = True
    return _tokens(
        call,
        call.world.accounts.grant(client_id, sign_in.approved_by, settings.token_lifetime_seconds),
    )


def _renew(call: Call) -> Response:
    fields = call.fields()
    client_id = _app(call, fields, with_secret=True)
    if fields.get("grant_type") != "refresh_token" or not fields.get("redirect_uri"):
        raise RefusalError(400, {"error": "invalid_request"})
    token = str(fields.get("refresh_token") or "")
    grant = call.world.accounts.by_refresh_token(token, client_id)
    if grant is None:
        raise RefusalError(
            400, {"error": "invalid_grant", "error_description": "session not found"}
        )
    call.world.accounts.renew(grant, call.world.settings.token_lifetime_seconds)
    return _tokens(call, grant)


def _revoke(call: Call) -> Response:
    fields = call.fields()
    client_id = _app(call, fields, with_secret=True)
    call.world.accounts.revoke(str(fields.get("token") or ""), client_id)
    return answer({})


def _tokens(call: Call, grant: Grant) -> Response:
    return answer(
        {
            "access_token": grant.access_token,
            "token_type": "bearer",
            "expires_in": call.world.settings.token_lifetime_seconds,
            "refresh_token": grant.refresh_token,
            "scope": "public",
            "created_at": int(grant.created_at.timestamp()),
        }
    )


def _app(call: Call, fields: JsonObject, *, with_secret: bool = False) -> str:
    app = call.world.accounts.apps.get(str(fields.get("client_id") or ""))
    if app is None:
        raise RefusalError(401, {"error": "invalid_client"})
    secret = fields.get("client_secret")
    is_needed = with_secret and (call.world.settings.secret_required or secret is not None)
    if is_needed and secret != app.client_secret:
        raise RefusalError(401, {"error": "invalid_client"})
    return app.client_id


def _show(call: Call) -> Response:
    return PAGE.show(call.world, call.segments[0] if call.segments else "")


def _decide(call: Call) -> Response:
    return PAGE.decide(call.world, call.request)


ENDPOINTS = (
    route("POST", r"/oauth/device/code/?", _code, needs_user=False),
    route("POST", r"/oauth/device/token/?", _poll, needs_user=False),
    route("POST", r"/oauth/token/?", _renew, needs_user=False),
    route("POST", r"/oauth/revoke/?", _revoke, needs_user=False),
)
"""The routes of the sign-in's own host."""

PAGES = (
    route("GET", r"/activate/?", _show, needs_user=False),
    route("GET", r"/activate/([^/]+)/?", _show, needs_user=False),
    route("POST", r"/activate/?", _decide, needs_user=False),
)
"""The page where a code is typed."""
