"""The page where a user of the demo types the code."""

from __future__ import annotations

from dodo_tui.standin.simkl.server import StandIn

from .caller import Callers, poll, request_code


def test_the_page_shows_the_code_it_was_called_with(callers: Callers) -> None:
    """From the query, or from the path as the V1 clients' QR codes have it."""
    browser = callers.anonymous(None)
    for page in (browser.get("/pin", user_code="K7TM-Q4XR"), browser.get("/pin/K7TM-Q4XR")):
        assert page.headers["Content-Type"] == "text/html; charset=utf-8"
        assert b'value="K7TM-Q4XR"' in page.raw


def test_nothing_a_user_types_becomes_markup(standin: StandIn, callers: Callers) -> None:
    """Codes and names are escaped."""
    evil = '"><script>alert(1)</script>'
    standin.person(evil)
    page = callers.anonymous(None).get("/pin", user_code=evil)
    assert b"<script>" not in page.raw
    assert page.raw.count(b"&lt;script&gt;") == 2
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


def test_approving_on_the_page_signs_in_the_named_user(callers: Callers) -> None:
    """As if somebody had done it on simkl.com."""
    caller = callers.anonymous()
    code = request_code(caller)
    form = {"user_code": code["user_code"].lower(), "user": "Anna", "answer": "approve"}
    page = callers.anonymous(None).form("/pin", form)
    assert (page.status, b"Approved" in page.raw) == (200, True)
    caller.token = poll(caller, code).json["access_token"]
    assert caller.get("/users/settings").json["user"]["name"] == "Anna"


def test_declining_on_the_page_tells_the_device_nothing(standin: StandIn, callers: Callers) -> None:
    """It goes on waiting, and does not approve itself either."""
    caller = callers.anonymous()
    code = request_code(caller)
    standin.settings.auto_approve_after_seconds = 0
    page = callers.anonymous(None).form(
        "/pin", {"user_code": code["user_code"], "answer": "decline"}
    )
    assert b"Declined" in page.raw
    assert poll(caller, code).error == "authorization_pending"


def test_an_unknown_code_says_so(callers: Callers) -> None:
    """And keeps what was typed."""
    page = callers.anonymous(None).form("/pin", {"user_code": "NONE", "answer": "approve"})
    assert (page.status, b"There is no such code" in page.raw) == (404, True)
    assert b'value="NONE"' in page.raw


def test_the_newest_waiting_code_can_be_asked_for(standin: StandIn, callers: Callers) -> None:
    """The demo approves it with a key."""
    assert standin.waiting_code() is None
    request_code(callers.anonymous())
    code = request_code(callers.anonymous())
    assert standin.waiting_code() == code["user_code"]
    standin.approve(code["user_code"])
    assert standin.waiting_code() != code["user_code"]
