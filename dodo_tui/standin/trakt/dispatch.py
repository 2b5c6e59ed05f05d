"""From a request to its answer: who calls, may they, is it too much, and then the route."""

from __future__ import annotations

from dodo_tui.standin.messages import Request, Response
from dodo_tui.standin.trakt.accounts import Grant
from dodo_tui.standin.trakt.endpoint import Call, Endpoint
from dodo_tui.standin.trakt.refusals import RefusalError, page_of_an_edge
from dodo_tui.standin.trakt.routes import (
    history,
    lists,
    lookup,
    oauth,
    playback,
    scrobble,
    users,
    watched,
)
from dodo_tui.standin.trakt.world import World

AUTH = "/auth"
"""Where the sign-in's own host is found under the stand-in's address."""

ENDPOINTS: tuple[Endpoint, ...] = (
    *scrobble.ENDPOINTS,
    *history.ENDPOINTS,
    *watched.ENDPOINTS,
    *playback.ENDPOINTS,
    *lists.ENDPOINTS,
    *users.ENDPOINTS,
    *lookup.ENDPOINTS,
)
"""Every route of the data."""

_LIBRARIES = ("python-httpx", "python-requests", "mozilla", "curl")


def dispatch(request: Request, world: World) -> Response:
    """Answer one request; the caller holds the world's lock."""
    try:
        if request.path.startswith("/activate"):
            return _run(oauth.PAGES, request, world, request.path)
        agent = request.headers.get("user-agent", "").lower()
        if not agent or agent.startswith(_LIBRARIES):
            return page_of_an_edge(403, "error code: 1010")
        return _spoken(request, world)
    except RefusalError as refusal:
        return refusal.response()


def _spoken(request: Request, world: World) -> Response:
    """A call that speaks JSON, of either host."""
    is_json = request.headers.get("content-type", "").startswith("application/json")
    if request.body and not is_json:
        raise RefusalError(412)
    if request.path.startswith(f"{AUTH}/"):
        return _run(oauth.ENDPOINTS, request, world, request.path.removeprefix(AUTH))
    return _data(request, world)


def _data(request: Request, world: World) -> Response:
    """A call of the data's own host."""
    endpoint, segments = _find(ENDPOINTS, request.method, request.path)
    call = Call(request, world, segments, None, world.clock.now())
    if request.headers.get("trakt-api-version") != "2":
        call.violation("missing-api-version")
    if "application/json" not in request.headers.get("content-type", ""):
        call.violation("missing-content-type")
    client_id = request.headers.get("trakt-api-key", "")
    if client_id not in world.accounts.apps:
        raise RefusalError(403)
    grant = _grant(request, world, client_id, endpoint)
    who = client_id if grant is None else grant.user.name
    world.limits.check(request, who, call.now)
    if world.writes_in_flight.get(who, 0) > 1:
        call.violation("parallel-writes")
    return endpoint.handle(Call(request, world, segments, grant, call.now))


def _grant(request: Request, world: World, client_id: str, endpoint: Endpoint) -> Grant | None:
    if not endpoint.needs_user:
        return None
    token = request.bearer()
    grant = None if token is None else world.accounts.by_access_token(token, client_id)
    if grant is None:
        raise RefusalError(401)
    if grant.user.locked or grant.user.deactivated:
        headers = {
            "X-Account-Locked": str(grant.user.locked).lower(),
            "X-Account-Deactivated": str(grant.user.deactivated).lower(),
        }
        raise RefusalError(423, headers=headers)
    return grant


def _run(endpoints: tuple[Endpoint, ...], request: Request, world: World, path: str) -> Response:
    endpoint, segments = _find(endpoints, request.method, path)
    return endpoint.handle(Call(request, world, segments, None, world.clock.now()))


def _find(
    endpoints: tuple[Endpoint, ...], method: str, path: str
) -> tuple[Endpoint, tuple[str, ...]]:
    """The route of a path. Raises RefusalError: 404 for none, 405 for another verb's."""
    is_known = False
    for endpoint in endpoints:
        match = endpoint.path.fullmatch(path)
        if match is not None:
            is_known = True
            if endpoint.method == method:
                return endpoint, tuple(group or "" for group in match.groups())
    raise RefusalError(405 if is_known else 404)
