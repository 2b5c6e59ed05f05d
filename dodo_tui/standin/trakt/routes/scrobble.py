"""Start, pause and stop (contract, section 9)."""

from __future__ import annotations

from dodo_tui.standin.clock import milliseconds
from dodo_tui.standin.messages import JsonObject, Response, answer, as_number, as_object
from dodo_tui.standin.trakt.endpoint import Call, route
from dodo_tui.standin.trakt.member import CONFLICT_WINDOW, ConflictError
from dodo_tui.standin.trakt.naming import Thing
from dodo_tui.standin.trakt.refusals import RefusalError
from dodo_tui.standin.trakt.routes.bodies import check_ids


def _start(call: Call) -> Response:
    thing, progress = _read(call)
    _check_conflict(call, thing)
    call.member.start(thing, progress, call.now)
    return _answer(call, thing, progress, 0, "start")


def _pause(call: Call) -> Response:
    thing, progress = _read(call)
    _check_progress(progress)
    _check_conflict(call, thing)
    call.member.pause(thing, progress, call.now)
    return _answer(call, thing, progress, 0, "pause")


def _stop(call: Call) -> Response:
    thing, progress = _read(call)
    _check_progress(progress)
    try:
        play = call.member.stop(thing, progress, call.now)
    except ConflictError as conflict:
        raise _conflict(conflict) from conflict
    if play is None:
        return _answer(call, thing, progress, 0, "pause")
    return _answer(call, thing, progress, play.id, "scrobble")


def _read(call: Call) -> tuple[Thing, float]:
    """What is played and how far. Raises RefusalError: 400 no such body, 404 nothing found."""
    fields = call.fields()
    progress = as_number(fields.get("progress"))
    if progress is None or not 0 <= progress <= 100:
        raise RefusalError(422)
    naming = call.world.naming
    movie, show, episode = (as_object(fields.get(key)) for key in ("movie", "show", "episode"))
    check_ids(call, movie or show or episode)
    if movie:
        title = naming.title(movie, is_film=True)
        thing = None if title is None else naming.part(title, None, None)
    elif as_object(episode.get("ids")):
        thing = naming.episode(episode)
    elif show and episode:
        series = naming.title(show, is_film=False)
        thing = None if series is None else naming.of_show(series, episode)
    else:
        raise RefusalError(400)
    if thing is None:
        raise RefusalError(404)
    return thing, round(progress, 2)


def _check_progress(progress: float) -> None:
    if progress < 1:
        raise RefusalError(422)


def _check_conflict(call: Call, thing: Thing) -> None:
    if call.world.settings.start_conflicts:
        try:
            call.member.check_conflict(thing, call.now)
        except ConflictError as conflict:
            raise _conflict(conflict) from conflict


def _conflict(conflict: ConflictError) -> RefusalError:
    until = conflict.watched_at + CONFLICT_WINDOW
    return RefusalError(
        409, {"watched_at": milliseconds(conflict.watched_at), "expires_at": milliseconds(until)}
    )


def _answer(call: Call, thing: Thing, progress: float, play_id: int, action: str) -> Response:
    body: JsonObject = {"id": play_id, "action": action, "progress": progress}
    return answer(body | call.world.naming.named(thing), 201)


ENDPOINTS = (
    route("POST", r"/scrobble/start/?", _start),
    route("POST", r"/scrobble/pause/?", _pause),
    route("POST", r"/scrobble/stop/?", _stop),
)
"""The routes of this file."""
