"""From a request to its answer: who calls, may they, is it too much, and then the route."""

from __future__ import annotations

from dodo_tui.standin.messages import ApiError, Request, Response
from dodo_tui.standin.simkl.accounts import Client, Grant
from dodo_tui.standin.simkl.endpoint import Call, Endpoint
from dodo_tui.standin.simkl.routes import (
    activities,
    all_items,
    approval,
    details,
    history,
    lists,
    lookup,
    oauth2,
    pin,
    playback,
    posters,
    ratings,
    scrobble,
    users,
    watched,
)
from dodo_tui.standin.simkl.world import World

ENDPOINTS: tuple[Endpoint, ...] = (
    *oauth2.ENDPOINTS,
    *approval.ENDPOINTS,
    *pin.ENDPOINTS,
    *users.ENDPOINTS,
    *scrobble.ENDPOINTS,
    *playback.ENDPOINTS,
    *activities.ENDPOINTS,
    *all_items.ENDPOINTS,
    *ratings.ENDPOINTS,
    *history.ENDPOINTS,
    *lists.ENDPOINTS,
    *watched.ENDPOINTS,
    *lookup.ENDPOINTS,
    *details.ENDPOINTS,
    *posters.ENDPOINTS,
)
"""Every route, tried in this order."""


def dispatch(request: Request, world: World) -> Response:
    """Answer one request; the caller holds the world's lock."""
    try:
        return _answer(request, world)
    except ApiError as refusal:
        return refusal.response()


def _answer(request: Request, world: World) -> Response:
    now = world.clock.now()
    endpoint, segments = _find(request)
    if endpoint is not None and endpoint.is_open:
        return endpoint.handle(Call(request, world, segments, None, None, now))
    client = _client(request, world)
    if endpoint is None:
        raise ApiError(404, "url_failed", "This URL does not exist")
    grant = _grant(request, world, client, endpoint)
    headers: dict[str, str] = {}
    if endpoint.is_limited:
        world.limits.check_rate(request, client, grant, now)
    if endpoint.is_counted:
        headers = world.limits.count(request, client, grant, now)
    if endpoint.locks and grant is not None:
        _check_lock(world, grant)
    try:
        response = endpoint.handle(Call(request, world, segments, client, grant, now))
    except ApiError as refusal:
        response = refusal.response()
    response.headers.update(headers)
    return response


def _find(request: Request) -> tuple[Endpoint | None, tuple[str, ...]]:
    for endpoint in ENDPOINTS:
        if endpoint.method == request.method:
            match = endpoint.path.fullmatch(request.path)
            if match is not None:
                return endpoint, tuple(group or "" for group in match.groups())
    return None, ()


def _client(request: Request, world: World) -> Client:
    client_id = request.query.get("client_id") or request.headers.get("simkl-api-key", "")
    client = world.accounts.clients.get(client_id)
    if client is None or world.limits.is_blocked(client_id, world.clock.now()):
        raise ApiError(412, "client_id_failed", "Your client_id is wrong. Try another one")
    return client


def _grant(request: Request, world: World, client: Client, endpoint: Endpoint) -> Grant | None:
    token = request.bearer()
    is_needed = endpoint.auth == "required" or (endpoint.auth == "v2" and client.generation == "v2")
    if endpoint.auth == "none":
        return None
    if token is None:
        if is_needed:
            raise _token_error(401, "user_token_required", "This endpoint needs a user token")
        return None
    grant = world.accounts.by_access_token(token, client.client_id)
    if grant is None:
        is_v2 = token.startswith("simkl_at_") or client.generation == "v2"
        name = "invalid_token" if is_v2 else "user_token_failed"
        raise _token_error(401, name, "The access token is wrong, expired or revoked")
    if request.is_write and not grant.may_write:
        raise _token_error(403, "insufficient_scope", "This call needs media:write")
    return grant


def _token_error(status: int, name: str, message: str) -> ApiError:
    return ApiError(status, name, message, {"WWW-Authenticate": f'Bearer error="{name}"'})


def _check_lock(world: World, grant: Grant) -> None:
    member = world.member(grant.user)
    now = world.clock.now()
    is_locked = member.locked_until is not None and now < member.locked_until
    is_crowded = world.settings.faithful_limits and member.calls_in_flight(writes_only=True) > 1
    if is_locked or is_crowded:
        shapes = world.settings.shapes
        raise ApiError(shapes.lock_status, shapes.lock_error, "another sync is in progress")
