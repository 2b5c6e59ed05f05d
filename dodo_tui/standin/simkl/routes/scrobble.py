"""Start, pause, stop and check-in (contract, section 9)."""

from __future__ import annotations

from collections.abc import Callable

from dodo_tui.standin.catalogue import OuterKey, resolve_part
from dodo_tui.standin.clock import iso, iso_with_offset
from dodo_tui.standin.messages import (
    ApiError,
    Json,
    JsonObject,
    Response,
    answer,
    as_int,
    as_number,
    as_object,
)
from dodo_tui.standin.simkl.endpoint import Call, Endpoint, post
from dodo_tui.standin.simkl.rendering import media, render_episode
from dodo_tui.standin.simkl.scrobbling import AlreadyScrobbledError, Outcome
from dodo_tui.standin.titles import EpisodeKey, Title

_OUTER_KEYS: tuple[OuterKey, ...] = ("movie", "show", "anime")
_DO = Callable[[Call, Title, EpisodeKey, float], Outcome]


def _start(call: Call, title: Title, key: EpisodeKey, progress: float) -> Outcome:
    return call.member.scrobbling.start(title, key, progress, call.now)


def _pause(call: Call, title: Title, key: EpisodeKey, progress: float) -> Outcome:
    return call.member.scrobbling.pause(title, key, progress, call.now)


def _stop(call: Call, title: Title, key: EpisodeKey, progress: float) -> Outcome:
    conflict_when_low = call.world.settings.conflict_on_low_stop
    return call.member.scrobbling.stop(
        title, key, progress, call.now, conflict_when_low=conflict_when_low
    )


def _checkin(call: Call, title: Title, key: EpisodeKey, _progress: float) -> Outcome:
    return call.member.scrobbling.checkin(title, key, call.now)


def _endpoint(verb: str, do: _DO) -> Endpoint:
    def handle(call: Call) -> Response:
        body = as_object(call.request.json())
        title, key = _item(call, body)
        progress = _progress(body, is_needed=verb != "checkin")
        call.world.watch.wrote(call.who, (title.simkl_id,), call.request, call.now)
        try:
            outcome = do(call, title, key, progress)
        except AlreadyScrobbledError as conflict:
            return _conflict(call, conflict)
        return answer(_body(title, key, progress, outcome), 201)

    return post(rf"/scrobble/{verb}/?", handle, locks=True)


def _item(call: Call, body: JsonObject) -> tuple[Title, EpisodeKey]:
    outers = [key for key in _OUTER_KEYS if isinstance(body.get(key), dict)]
    if not outers:
        raise ApiError(400, "empty_field", "movie, show or anime is missing")
    if len(outers) > 1:
        raise ApiError(400, "wrong_parameter", "Send exactly one of movie, show, anime")
    outer = outers[0]
    episode = body.get("episode")
    if outer == "show" and not isinstance(episode, dict):
        raise ApiError(400, "empty_field", "episode is missing")
    title = call.world.catalogue.resolve(as_object(body[outer]), outer)
    if title is None:
        raise ApiError(404, "id_err")
    sent = as_object(episode)
    # A season past the first can only be TVDB's, for an anime has one: scrobbles map it themselves.
    key = resolve_part(title, sent, tvdb_numbering=(as_int(sent.get("season")) or 1) > 1)
    if key is None:
        raise ApiError(404, "id_err")
    return title, key


def _progress(body: JsonObject, *, is_needed: bool) -> float:
    value: Json = body.get("progress")
    if value is None:
        if is_needed:
            raise ApiError(400, "empty_field", "progress is missing")
        return 0.0
    progress = as_number(value)
    if progress is None or not 0 <= progress <= 100:
        raise ApiError(400, "wrong_parameter", "progress is a percentage")
    return round(progress, 2)


def _body(title: Title, key: EpisodeKey, progress: float, outcome: Outcome) -> JsonObject:
    shown = int(progress) if progress.is_integer() else progress
    named = media(title)
    if title.kind == "anime":
        named["anime_type"] = title.anime_type
    body: JsonObject = {
        "id": outcome.event_id,
        "action": outcome.action,
        "progress": shown,
        title.kind: named,
    }
    if not title.is_film:
        body["episode"] = render_episode(title, key)
    return body


def _conflict(call: Call, conflict: AlreadyScrobbledError) -> Response:
    shapes = call.world.settings.shapes
    write = iso_with_offset if shapes.conflict_times_with_offset else iso
    body: JsonObject = {
        "watched_at": write(conflict.watched_at),
        "expires_at": write(conflict.expires_at),
    }
    if shapes.conflict_has_error:
        body["error"] = "already_watched"
    return answer(body, 409)


ENDPOINTS = (
    _endpoint("start", _start),
    _endpoint("pause", _pause),
    _endpoint("stop", _stop),
    _endpoint("checkin", _checkin),
)
"""The routes of this file."""
