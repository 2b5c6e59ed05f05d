"""The page where a user of the demo types the code, in place of `simkl.com/pin`."""

from __future__ import annotations

from dodo_tui.standin.endpoint import Call, outside
from dodo_tui.standin.messages import Response
from dodo_tui.standin.page import code_page
from dodo_tui.standin.world import World


def _show(call: Call) -> Response:
    code = call.request.query.get("user_code") or (call.segments[0] if call.segments else "")
    return _page(call.world, code=code)


def _decide(call: Call) -> Response:
    fields = call.request.fields()
    code, user = str(fields.get("user_code") or ""), str(fields.get("user") or "").strip()
    if fields.get("answer") == "decline":
        decline(call.world, code)
        return _page(call.world, notice="Declined. The device is not told; its code runs out.")
    try:
        approve(call.world, code, user or call.world.settings.auto_approve_user)
    except LookupError as problem:
        return _page(call.world, notice=str(problem.args[0]), code=code, status=404)
    return _page(call.world, notice="Approved. The device will notice within seconds.")


def approve(world: World, user_code: str, user_name: str) -> None:
    """Approve a waiting code for a user; LookupError when there is no such code."""
    sign_in = world.accounts.sign_in(user_code)
    if sign_in is None or sign_in.redeemed or world.clock.now() >= sign_in.expires_at:
        raise LookupError("There is no such code, or it is used or has expired.")
    sign_in.approved_by = world.accounts.user(user_name)


def decline(world: World, user_code: str) -> None:
    """Decline a code, which the app cannot tell from waiting (contract, section 5.2)."""
    sign_in = world.accounts.sign_in(user_code)
    if sign_in is not None and sign_in.approved_by is None:
        sign_in.declined = True


def _page(world: World, *, notice: str = "", code: str = "", status: int = 200) -> Response:
    user = world.settings.auto_approve_user
    return code_page("Simkl", "/pin", notice, code, user, world.accounts.users, status)


ENDPOINTS = (
    outside("GET", r"/pin/?", _show),
    outside("GET", r"/pin/([^/]+)/?", _show),
    outside("POST", r"/pin/?", _decide),
)
"""The routes of this file."""
