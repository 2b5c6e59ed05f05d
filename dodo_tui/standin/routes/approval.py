"""The page where a user of the demo types the code, in place of `simkl.com/pin`."""

from __future__ import annotations

from html import escape

from dodo_tui.standin.endpoint import Call, outside
from dodo_tui.standin.messages import Response
from dodo_tui.standin.world import World

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Stand-in for Simkl</title>
<meta name="viewport" content="width=device-width">
<style>body{{font:1.1em sans-serif;max-width:26em;margin:3em auto;padding:0 1em}}
input,button{{font:inherit;padding:.4em;margin:.2em 0}}</style></head><body>
<h1>Connect a device</h1>
<p>This page belongs to dodo's stand-in for Simkl. Nothing leaves this machine.</p>
{notice}<form method="post" action="/pin">
<p><label>Code <input name="user_code" value="{code}" autocomplete="off" autofocus></label></p>
<p><label>Account <input name="user" value="{user}" list="users"></label>
<datalist id="users">{users}</datalist></p>
<p><button name="answer" value="approve">Approve</button>
<button name="answer" value="decline">Decline</button></p>
</form></body></html>
"""


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
    shown = f"<p><strong>{escape(notice)}</strong></p>\n" if notice else ""
    options = "".join(f'<option value="{escape(name)}">' for name in world.accounts.users)
    page = _PAGE.format(
        notice=shown,
        code=escape(code),
        user=escape(world.settings.auto_approve_user),
        users=options,
    )
    headers = {
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
        "Cache-Control": "no-store",
    }
    return Response(status, page.encode(), "text/html; charset=utf-8", headers)


ENDPOINTS = (
    outside("GET", r"/pin/?", _show),
    outside("GET", r"/pin/([^/]+)/?", _show),
    outside("POST", r"/pin/?", _decide),
)
"""The routes of this file."""
