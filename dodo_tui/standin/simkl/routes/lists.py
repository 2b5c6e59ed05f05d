"""Moving titles between lists without a viewing (contract, section 12.3)."""

from __future__ import annotations

from dodo_tui.standin.messages import ApiError, Json, Response, answer
from dodo_tui.standin.simkl.endpoint import Call, post
from dodo_tui.standin.simkl.library import STATUSES
from dodo_tui.standin.simkl.rendering import list_status
from dodo_tui.standin.simkl.routes.bodies import items_of, not_found


def _add(call: Call) -> Response:
    items = items_of(call)
    wanted = [item.sent.get("to") for item in items]
    if not items or None in wanted:
        raise ApiError(400, "empty_field", "every item needs its own `to`")
    if any(to not in (*STATUSES, "notinteresting") for to in wanted):
        raise ApiError(400, "wrong_parameter", f"`to` is one of {', '.join(STATUSES)}")
    shapes = call.world.settings.shapes
    added: dict[str, list[Json]] = {"movies": [], "shows": []}
    for item, to in zip(items, wanted, strict=True):
        if item.title is None:
            continue
        status = "dropped" if to == "notinteresting" else str(to)
        got = call.member.library.set_status(item.title, status, call.now)
        added[item.slot].append(
            {
                **item.sent,
                "to": list_status(got, shapes),
                "type": item.type_name,
                "anime_type": item.title.anime_type,
            }
        )
    body: Json = {"added": {**added}, "not_found": not_found(items)}
    return answer(body, shapes.write_status)


ENDPOINTS = (post(r"/sync/add-to-list/?", _add, locks=True),)
"""The routes of this file."""
