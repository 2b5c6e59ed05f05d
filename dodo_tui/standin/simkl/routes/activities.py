"""When what last changed (contract, section 11.1)."""

from __future__ import annotations

from dodo_tui.standin.messages import Response, answer
from dodo_tui.standin.simkl.endpoint import Call, get, post


def _activities(call: Call) -> Response:
    call.world.watch.asked_activities(call.who)
    member = call.member
    moved = member.library.watching_moved(call.now)
    return answer(member.activities.render(call.world.settings.shapes, moved))


ENDPOINTS = (
    get(r"/sync/activities/?", _activities),
    post(r"/sync/activities/?", _activities),
)
"""The routes of this file."""
