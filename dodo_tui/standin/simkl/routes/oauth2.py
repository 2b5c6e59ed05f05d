"""AUTH V2: the OAuth 2.0 device flow (contract, section 5)."""

from __future__ import annotations

from collections.abc import Mapping

from dodo_tui.standin.messages import ApiError, Json, JsonObject, OAuthError, Response, answer
from dodo_tui.standin.simkl.accounts import ACCESS_LIFETIME, READ, WRITE, Client, Grant, SignIn
from dodo_tui.standin.simkl.endpoint import Call, outside
from dodo_tui.standin.simkl.routes.sign_in import approve_if_due, page_address, polled_too_early

DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
"""The grant type of polling."""
SLOW_DOWN_SECONDS = 5
"""How much slower a poll that came too early has to become (RFC 8628, section 3.5)."""


def _request_code(call: Call) -> Response:
    fields = _fields(call)
    client = _v2_client(call, fields)
    asked = _text(fields, "scope", required=False).split()
    scope = f"{READ} {WRITE}" if WRITE in asked else READ
    settings = call.world.settings
    sign_in = call.world.accounts.begin(
        client, scope, settings.code_lifetime_seconds, settings.poll_interval_seconds, 8
    )
    page = page_address(call.world)
    return _no_store(
        {
            "device_code": sign_in.device_code,
            "user_code": sign_in.user_code,
            "verification_uri": page,
            "verification_uri_complete": f"{page}?user_code={sign_in.user_code}",
            "expires_in": settings.code_lifetime_seconds,
            "interval": settings.poll_interval_seconds,
        }
    )


def _token(call: Call) -> Response:
    fields = _fields(call)
    grant_type = _text(fields, "grant_type")
    client = _v2_client(call, fields)
    if grant_type == DEVICE_GRANT:
        return _redeem(call, client, _text(fields, "device_code"))
    if grant_type == "refresh_token":
        wanted = _text(fields, "scope", required=False)
        return _refresh(call, client, _text(fields, "refresh_token"), wanted)
    raise OAuthError(400, "unsupported_grant_type")


def _redeem(call: Call, client: Client, device_code: str) -> Response:
    sign_in = call.world.accounts.by_device_code(device_code)
    if sign_in is None or sign_in.client_id != client.client_id or sign_in.redeemed:
        raise OAuthError(400, "invalid_grant", "This device code is unknown or was redeemed")
    if call.now >= sign_in.expires_at:
        raise OAuthError(400, "expired_token", "This device code has expired")
    _keep_pace(call, sign_in)
    approve_if_due(call.world, sign_in)
    if sign_in.approved_by is None:
        raise OAuthError(400, "authorization_pending", "The user has not approved yet")
    return _tokens(call.world.accounts.grant(sign_in, sign_in.approved_by))


def _keep_pace(call: Call, sign_in: SignIn) -> None:
    if polled_too_early(call.world, sign_in):
        sign_in.interval_seconds += SLOW_DOWN_SECONDS
        raise OAuthError(400, "slow_down", "Polling too fast")


def _refresh(call: Call, client: Client, token: str, scope: str) -> Response:
    grant = call.world.accounts.by_refresh_token(token, client.client_id)
    if grant is None:
        raise OAuthError(400, "invalid_grant", "This refresh token was revoked or has expired")
    if not set(scope.split()) <= set(grant.scope.split()):
        raise OAuthError(400, "invalid_scope", "A refresh cannot widen the scope")
    call.world.accounts.refresh(grant)
    return _tokens(grant)


def _revoke(call: Call) -> Response:
    fields = _fields(call)
    client = _v2_client(call, fields)
    token = _text(fields, "token", required=False)
    call.world.accounts.revoke(token, client.client_id)
    return Response(200, headers={"Cache-Control": "no-store"})


def _discovery(call: Call) -> Response:
    base = call.world.base_url
    return answer(
        {
            "issuer": base,
            "device_authorization_endpoint": f"{base}/oauth2/device",
            "token_endpoint": f"{base}/oauth2/token",
            "revocation_endpoint": f"{base}/oauth2/revoke",
            "scopes_supported": [READ, WRITE],
            "grant_types_supported": [DEVICE_GRANT, "refresh_token"],
        }
    )


def _tokens(grant: Grant) -> Response:
    return _no_store(
        {
            "access_token": grant.access_token,
            "token_type": "Bearer",
            "expires_in": int(ACCESS_LIFETIME.total_seconds()),
            "refresh_token": grant.refresh_token,
            "scope": grant.scope,
        }
    )


def _fields(call: Call) -> Mapping[str, Json]:
    try:
        return call.request.fields()
    except ApiError as problem:
        raise OAuthError(400, "invalid_request", problem.message) from problem


def _v2_client(call: Call, fields: Mapping[str, Json]) -> Client:
    client = call.world.accounts.clients.get(_text(fields, "client_id"))
    if client is None or client.generation != "v2":
        raise OAuthError(401, "invalid_client", "This client_id is not enabled for OAuth 2.0")
    return client


def _text(fields: Mapping[str, Json], name: str, *, required: bool = True) -> str:
    value = fields.get(name)
    if value is None and not required:
        return ""
    if not isinstance(value, str) or (required and not value):
        raise OAuthError(400, "invalid_request", f"{name} must be a plain string")
    return value


def _no_store(body: JsonObject) -> Response:
    return answer(body, headers={"Cache-Control": "no-store"})


ENDPOINTS = (
    outside("POST", r"/oauth2/device/?", _request_code),
    outside("POST", r"/oauth2/token/?", _token),
    outside("POST", r"/oauth2/revoke/?", _revoke),
    outside("GET", r"/\.well-known/oauth-authorization-server", _discovery),
)
"""The routes of this file."""
