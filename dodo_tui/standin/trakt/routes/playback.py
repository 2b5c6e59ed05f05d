"""Resume points (contract, section 13)."""

from __future__ import annotations

from dodo_tui.standin.clock import milliseconds
from dodo_tui.standin.messages import Json, JsonObject, Response, as_int
from dodo_tui.standin.trakt.endpoint import Call, paged, route
from dodo_tui.standin.trakt.member import Playback
from dodo_tui.standin.trakt.refusals import RefusalError


def _read(call: Call) -> Response:
    wanted = call.segments[0].removesuffix("s")
    rows: list[Json] = [
        _row(call, each)
        for each in call.member.kept_playbacks(call.now)
        if wanted in ("", each.thing.type)
    ]
    return paged(call, rows)


def _delete(call: Call) -> Response:
    playback_id = as_int(call.segments[0])
    for each in call.member.kept_playbacks(call.now):
        if each.id == playback_id:
            call.member.forget_playback(each.thing, call.now)
            return Response(204)
    raise RefusalError(404)


def _row(call: Call, playback: Playback) -> JsonObject:
    row: JsonObject = {
        "id": playback.id,
        "progress": playback.progress,
        "paused_at": milliseconds(playback.paused_at),
        "type": playback.thing.type,
    }
    return row | call.world.naming.named(playback.thing)


ENDPOINTS = (
    route("GET", r"/sync/playback(?:/(movies|episodes))?/?", _read),
    route("DELETE", r"/sync/playback/(\d+)/?", _delete),
)
"""The routes of this file."""
