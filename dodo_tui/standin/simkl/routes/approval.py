"""The page where a user of the demo types the code, in place of `simkl.com/pin`."""

from __future__ import annotations

from dodo_tui.standin.messages import Response
from dodo_tui.standin.page import CodePage
from dodo_tui.standin.simkl.endpoint import Call, outside

PAGE = CodePage("Simkl", "/pin", "Declined. The device is not told; its code runs out.")
"""Simkl: an app cannot tell a declined code from one that waits (contract, section 5.2)."""


def _show(call: Call) -> Response:
    code = call.request.query.get("user_code") or (call.segments[0] if call.segments else "")
    return PAGE.show(call.world, code)


def _decide(call: Call) -> Response:
    return PAGE.decide(call.world, call.request)


ENDPOINTS = (
    outside("GET", r"/pin/?", _show),
    outside("GET", r"/pin/([^/]+)/?", _show),
    outside("POST", r"/pin/?", _decide),
)
"""The routes of this file."""
