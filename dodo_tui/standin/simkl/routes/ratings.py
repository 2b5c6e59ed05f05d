"""Ratings, read and written (contract, sections 11.4 and 12.4)."""

from __future__ import annotations

from dodo_tui.standin.clock import parse_time
from dodo_tui.standin.messages import Json, JsonObject, Response, answer, as_int
from dodo_tui.standin.simkl.endpoint import Call, get, post
from dodo_tui.standin.simkl.rendering import TYPE_KEYS, RowOptions
from dodo_tui.standin.simkl.routes.all_items import render_lists
from dodo_tui.standin.simkl.routes.bodies import Item, items_of, not_found


def _list(call: Call) -> Response:
    wanted_type = call.segments[0] if call.segments[0] in TYPE_KEYS.values() else None
    scores = {as_int(score) for score in call.segments[1].split(",") if score}
    since = parse_time(call.request.query.get("date_from"))
    entries = [
        entry
        for entry in call.member.library
        if wanted_type in (None, TYPE_KEYS[entry.title.kind])
        and entry.rated_at is not None
        and (since is None or entry.rated_at > since)
        # Only a delta without scores shows which ratings were taken away.
        and (entry.rating in scores if scores else (since is not None or entry.rating is not None))
    ]
    return answer(render_lists(call, entries, RowOptions(), wanted_type))


def _add(call: Call) -> Response:
    items = items_of(call)
    counts = {"movies": 0, "shows": 0}
    statuses: list[Json] = []
    refused: dict[str, list[Json]] = {"movies": [], "shows": []}
    for item in items:
        rating = as_int(item.sent.get("rating"))
        if item.title is None or rating is None or not 1 <= rating <= 10:
            refused[item.slot].append(item.sent)
            continue
        at = parse_time(item.sent.get("rated_at")) or call.now
        entry = call.member.library.rate(item.title, rating, at, call.now)
        counts[item.slot] += 1
        response: JsonObject = {"status": entry.status if entry is not None else None}
        statuses.append({"request": {**item.sent, "type": item.type_name}, "response": response})
    body: Json = {"added": {**counts, "statuses": statuses}, "not_found": {**refused}}
    return answer(body, call.world.settings.shapes.write_status)


def _remove(call: Call) -> Response:
    items = items_of(call)
    counts = {"movies": 0, "shows": 0}
    for item in items:
        if item.title is not None and _unrate(call, item):
            counts[item.slot] += 1
    body: Json = {"deleted": {**counts}, "not_found": not_found(items)}
    return answer(body, call.world.settings.shapes.write_status)


def _unrate(call: Call, item: Item) -> bool:
    if item.title is None:
        return False
    entry = call.member.library.get(item.title)
    if entry is None or entry.rating is None:
        return False
    call.member.library.rate(item.title, None, call.now, call.now)
    return True


ENDPOINTS = (
    get(r"/sync/ratings(?:/([^/]*))?(?:/([^/]*))?/?", _list),
    post(r"/sync/ratings/?", _add, locks=True),
    post(r"/sync/ratings/remove/?", _remove, locks=True),
)
"""The routes of this file."""
