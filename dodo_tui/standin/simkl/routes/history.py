"""Marking watched and taking it back (contract, sections 12.1 and 12.2)."""

from __future__ import annotations

from dodo_tui.standin.clock import parse_time
from dodo_tui.standin.messages import Json, JsonObject, Response, answer, as_int, as_object
from dodo_tui.standin.simkl.endpoint import Call, post
from dodo_tui.standin.simkl.library import STATUSES
from dodo_tui.standin.simkl.routes.bodies import Item, items_of, not_found, parts_of
from dodo_tui.standin.titles import Title

_NO_VIEWING = frozenset(STATUSES) - {"completed"}
_ECHOED = ("ids", "title", "year")


def _add(call: Call) -> Response:
    items = items_of(call)
    counts = {"movies": 0, "shows": 0, "episodes": 0}
    statuses: list[Json] = []
    strange: list[Json] = []
    for item in items:
        if item.title is None:
            continue
        _apply(call, item, item.title, counts, strange)
        statuses.append(_final_status(call, item, item.title))
    missing = not_found(items)
    shapes = call.world.settings.shapes
    missing["episodes"] = strange if shapes.unknown_episodes_reported else []
    return answer({"added": {**counts, "statuses": statuses}, "not_found": missing},
                  shapes.write_status)  # fmt: skip


def _apply(
    call: Call, item: Item, title: Title, counts: dict[str, int], strange: list[Json]
) -> None:
    library = call.member.library
    wanted = item.sent.get("status")
    if wanted == "notinteresting":
        wanted = "dropped"
    is_viewing = item.has_parts or "watched_at" in item.sent or wanted not in _NO_VIEWING
    if is_viewing:
        parts = parts_of(item, title, call.now)
        keep = call.request.query.get("skip_auto_watching") == "yes"
        fresh = library.mark(title, parts.known, call.now, keep_status=keep)
        if fresh:
            counts[item.slot] += 1
        if item.slot == "shows" and not title.is_film:
            counts["episodes"] += fresh
        if parts.unknown:
            strange.append({**_echo(item), "seasons": [*parts.unknown]})
    if isinstance(wanted, str) and wanted in STATUSES:
        library.set_status(title, wanted, call.now)
    rating = as_int(item.sent.get("rating"))
    if rating is not None and 1 <= rating <= 10:
        library.rate(title, rating, parse_time(item.sent.get("rated_at")) or call.now, call.now)
    memo = as_object(item.sent.get("memo"))
    if memo:
        library.set_memo(title, memo, call.now)
    added_at = parse_time(item.sent.get("added_at"))
    entry = library.get(title)
    if added_at is not None and entry is not None:
        entry.added_at = added_at


def _final_status(call: Call, item: Item, title: Title) -> JsonObject:
    entry = call.member.library.get(title)
    request: JsonObject = {
        **_echo(item),
        "type": item.type_name,
        "rating": item.sent.get("rating"),
    }
    return {
        "request": request,
        "response": {
            "status": entry.status if entry is not None else None,
            "simkl_type": "tv" if title.kind == "show" else title.kind,
            "anime_type": title.anime_type,
        },
    }


def _remove(call: Call) -> Response:
    items = items_of(call, with_anime=False)
    counts = {"movies": 0, "shows": 0, "episodes": 0}
    member = call.member
    for item in items:
        title = item.title
        if title is None:
            continue
        if item.has_parts and not title.is_film:
            keys = [key for key, _ in parts_of(item, title, call.now).known]
            counts["episodes"] += member.library.unmark(title, keys, call.now)
            for key in keys:
                member.scrobbling.forget(title, key)
        else:
            member.scrobbling.forget(title)
            if member.library.remove(title, call.now) is not None:
                counts[item.slot] += 1
    body: JsonObject = {"deleted": {**counts}, "not_found": not_found(items)}
    return answer(body, call.world.settings.shapes.write_status)


def _echo(item: Item) -> JsonObject:
    return {name: item.sent[name] for name in _ECHOED if name in item.sent}


ENDPOINTS = (
    post(r"/sync/history/?", _add, locks=True),
    post(r"/sync/history/remove/?", _remove, locks=True),
)
"""The routes of this file."""
