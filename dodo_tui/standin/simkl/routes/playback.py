"""Saved positions (contract, section 10)."""

from __future__ import annotations

import re

from dodo_tui.standin.clock import iso, parse_time
from dodo_tui.standin.messages import ApiError, JsonObject, Response, answer, as_int
from dodo_tui.standin.simkl.endpoint import Call, Endpoint, get, post
from dodo_tui.standin.simkl.playbacks import Playback
from dodo_tui.standin.simkl.rendering import media, render_episode
from dodo_tui.standin.simkl.settings import Shapes

MOST = 10_000
"""The most rows one answer holds."""


def _list(call: Call) -> Response:
    wanted = call.segments[0] if call.segments else ""
    if wanted.isdigit():  # a GET or POST where a DELETE is meant deletes nothing
        wanted = ""
    if wanted not in ("", "movies", "episodes"):
        raise ApiError(404, "url_failed", "type is movies or episodes")
    query = call.request.query
    since, until = parse_time(query.get("date_from")), parse_time(query.get("date_to"))
    rows = [
        playback
        for playback in call.member.playbacks.kept(call.member.user.plan, call.now)
        if wanted in ("", _type(playback) + "s")
        and (since is None or playback.paused_at >= since)
        and (until is None or playback.paused_at < until)
        and (query.get("hide_watched") == "false" or not _is_overtaken(call, playback))
    ]
    limit = min(as_int(query.get("limit")) or MOST, MOST)
    shapes = call.world.settings.shapes
    return answer([_row(playback, shapes) for playback in rows[:limit]])


def _delete(call: Call) -> Response:
    playback_id = as_int(call.segments[0])
    if not playback_id:
        raise ApiError(404, "url_failed", "The id is missing or no number")
    if not call.member.playbacks.delete(playback_id, call.now):
        raise ApiError(404, "empty", "There is no such playback")
    if call.world.settings.shapes.playback_delete_status == 200:
        return answer({"deleted": True})
    return Response(204)


def _type(playback: Playback) -> str:
    return "movie" if playback.title.is_film else "episode"


def _is_overtaken(call: Call, playback: Playback) -> bool:
    entry = call.member.library.get(playback.title)
    watched_at = None if entry is None else entry.watched.get(playback.key)
    return watched_at is not None and watched_at > playback.paused_at


def _row(playback: Playback, shapes: Shapes) -> JsonObject:
    title, progress = playback.title, playback.progress
    is_whole = shapes.playback_progress_rounded or progress.is_integer()
    row: JsonObject = {
        "id": playback.playback_id,
        "progress": round(progress) if is_whole else progress,
        shapes.playback_time_key: iso(playback.paused_at),
        "type": _type(playback),
        shapes.playback_anime_key if title.kind == "anime" else title.kind: media(title),
    }
    if not title.is_film:
        number_key = shapes.playback_episode_key
        episode = render_episode(title, playback.key, number_key=number_key)
        known = title.by_key[playback.key]
        episode["tvdb_season"], episode["tvdb_number"] = known.tvdb_season, known.tvdb_number
        row["episode"] = episode
    return row


ENDPOINTS = (
    get(r"/sync/playback/?", _list),
    get(r"/sync/playback/([^/]+)/?", _list),
    post(r"/sync/playback/?", _list),
    post(r"/sync/playback/([^/]+)/?", _list),
    Endpoint("DELETE", re.compile(r"/sync/playback(?:/([^/]*))?/?"), _delete, locks=True),
)
"""The routes of this file."""
