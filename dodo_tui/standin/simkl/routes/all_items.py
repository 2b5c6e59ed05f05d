"""The library, whole or what moved since (contract, section 11.3)."""

from __future__ import annotations

from dodo_tui.standin.clock import parse_time
from dodo_tui.standin.messages import ApiError, Json, Response, answer
from dodo_tui.standin.simkl.endpoint import Call, get
from dodo_tui.standin.simkl.library import STATUSES, Entry, moved_at
from dodo_tui.standin.simkl.rendering import TYPE_KEYS, RowOptions, render_row


def _all_items(call: Call) -> Response:
    wanted_type, wanted_status = _wanted(call)
    query = call.request.query
    since = parse_time(query.get("date_from"))
    films_only = query.get("anime_type") == "movies"
    entries = [
        entry
        for entry in call.member.library
        if wanted_type in (None, TYPE_KEYS[entry.title.kind])
        and wanted_status in (None, entry.status)
        and (since is None or moved_at(entry, call.now) > since)
        and not (films_only and entry.title.anime_type != "movie")
    ]
    most = call.world.settings.max_items
    if most is not None and len(entries) > most:
        raise ApiError(400, "max_items", "Too many items: ask for one status at a time")
    call.world.watch.pulled(call.who, call.request, call.now)
    return answer(render_lists(call, entries, _options(call), wanted_type))


def render_lists(
    call: Call, entries: list[Entry], options: RowOptions, wanted_type: str | None
) -> Json:
    """Rows under the key of their type; nothing at all as the settings say it looks."""
    shapes = call.world.settings.shapes
    lists: dict[str, Json] = {}
    for kind, key in TYPE_KEYS.items():
        rows = [
            render_row(entry, options, shapes, call.now)
            for entry in entries
            if entry.title.kind == kind
        ]
        asked = wanted_type in (None, key)
        if rows or (asked and shapes.empty_all_items == "arrays"):
            lists[key] = [*rows]
    return None if not lists and shapes.empty_all_items == "null" else lists


def _wanted(call: Call) -> tuple[str | None, str | None]:
    """Type and status of the path; what is not recognised asks for everything."""
    wanted_type = call.segments[0] if call.segments[0] in TYPE_KEYS.values() else None
    status = "dropped" if call.segments[1] == "notinteresting" else call.segments[1]
    return wanted_type, status if status in STATUSES else None


def _options(call: Call) -> RowOptions:
    query = call.request.query
    include = query.get("include_all_episodes")
    return RowOptions(
        extended=query.get("extended"),
        include_all=include if include in ("yes", "original") else None,
        watched_at=query.get("episode_watched_at") == "yes",
        tvdb_id=query.get("episode_tvdb_id") == "yes",
        runtime=query.get("episode_runtime") == "yes",
        next_info=query.get("next_watch_info") == "yes",
        memos=query.get("memos") == "yes",
    )


ENDPOINTS = (get(r"/sync/all-items(?:/([^/]*))?(?:/([^/]*))?/?", _all_items),)
"""The routes of this file."""
