"""Signing in at Trakt: what is sent, every answer to the polling, and what is never believed."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from dodo_tui.domain.account import Tokens
from dodo_tui.providers.errors import (
    BrokenError,
    MisconfiguredError,
    OfflineError,
    ProviderError,
    RejectedError,
)
from dodo_tui.providers.sign_in import CodeExpired, CodeShown, SignedIn, SignInStep, StillWaiting
from dodo_tui.providers.trakt.client import App
from tests.providers.support import (
    CLIENT_ID,
    CLIENT_SECRET,
    DEVICE_CODE,
    NEW_ACCESS,
    Script,
    Step,
    failed,
)
from tests.providers.trakt_support import (
    APP,
    LONE_APP,
    NEW_REFRESH,
    PAGE,
    body_of,
    device_code,
    granted,
    page,
    provider_of,
    reply,
)
from tests.support.clock import START, FakeClock

PENDING = httpx.Response(400)


async def steps_of(
    clock: FakeClock, *answers: Step, app: App = APP
) -> tuple[list[SignInStep], Script]:
    """The steps of a sign-in, and what was asked for them."""
    script = Script(*answers)
    provider = provider_of(script, clock, None, app)
    try:
        return [step async for step in provider.authorize()], script
    finally:
        await provider.close()


async def test_a_code_is_shown_and_polled_until_it_is_typed(clock: FakeClock) -> None:
    """Shown as it came; the code appended fills it in, for the QR code."""
    steps, script = await steps_of(clock, device_code(), PENDING, granted())
    shown, waiting, done = steps
    assert isinstance(shown, CodeShown)
    assert shown.code.user_code == "7H2KQ9XB"
    assert shown.code.address == "https://auth.trakt.tv/activate"
    assert shown.code.direct_address == "https://auth.trakt.tv/activate/7H2KQ9XB"
    assert waiting == StillWaiting(shown.code)
    assert isinstance(done, SignedIn)
    assert done.tokens.access == NEW_ACCESS
    assert clock.sleeps == [5.0, 5.0]
    assert [str(request.url) for request in script.requests] == [
        "https://auth.trakt.tv/oauth/device/code",
        "https://auth.trakt.tv/oauth/device/token",
        "https://auth.trakt.tv/oauth/device/token",
    ]


async def test_the_tokens_live_as_long_as_they_say(clock: FakeClock) -> None:
    """No constant: half of that life is when they are renewed."""
    steps, _ = await steps_of(clock, device_code(), granted(expires_in=86_400))
    done = steps[-1]
    assert isinstance(done, SignedIn)
    life = done.tokens.expires_at - clock.now()  # type: ignore[operator]
    assert life.total_seconds() == 86_400
    half = done.tokens.renew_at - clock.now()  # type: ignore[operator]
    assert half.total_seconds() == 43_200
    assert done.tokens.refresh == NEW_REFRESH


@pytest.mark.parametrize(("app", "has_secret"), [(APP, True), (LONE_APP, False)])
async def test_a_secret_is_sent_only_where_there_is_one(
    clock: FakeClock, app: App, has_secret: bool
) -> None:
    """With the client id, in the body, and in no address."""
    _, script = await steps_of(clock, device_code(), granted(), app=app)
    for request in script.requests:
        assert body_of(request)["client_id"] == CLIENT_ID
        assert request.headers["content-type"] == "application/json"
        assert request.headers["user-agent"].startswith("dodo-tui/")
        assert CLIENT_SECRET not in str(request.url)
    assert ("client_secret" in body_of(script.last)) == has_secret
    assert body_of(script.last)["code"] == DEVICE_CODE


@pytest.mark.parametrize(
    "answer",
    [
        PENDING,
        httpx.Response(400, text="pending"),
        page(400),
        reply(400, {"error": "authorization_pending"}),
    ],
)
async def test_pending_in_any_form_waits(clock: FakeClock, answer: httpx.Response) -> None:
    """Trakt: the body of a 400 may be empty or no JSON."""
    steps, _ = await steps_of(clock, device_code(), answer, granted())
    assert [type(step) for step in steps] == [CodeShown, StillWaiting, SignedIn]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (httpx.Response(404), "Trakt does not know this code any more."),
        (httpx.Response(409), "This code has been used already."),
        (httpx.Response(410), None),
        (reply(400, {"error": "expired_token"}), None),
        (reply(400, {"error": "invalid_grant"}), None),
    ],
)
async def test_a_dead_code_ends_it(
    clock: FakeClock, answer: httpx.Response, reason: str | None
) -> None:
    """Unknown, used, run out: each is said, and a new one is to be offered."""
    steps, script = await steps_of(clock, device_code(), answer)
    assert steps[-1] == CodeExpired(reason)
    assert len(script.requests) == 2


@pytest.mark.parametrize("answer", [httpx.Response(418), reply(400, {"error": "access_denied"})])
async def test_a_refusal_is_said(clock: FakeClock, answer: httpx.Response) -> None:
    """Trakt tells a refusal apart, so the user hears of it at once."""
    error = await failed(RejectedError, steps_of(clock, device_code(), answer))
    assert str(error) == "The sign-in was refused at Trakt."


@pytest.mark.parametrize(
    ("answer", "waits"),
    [
        (httpx.Response(429), [5.0, 10.0]),
        (reply(429, Retry_After="30"), [5.0, 30.0]),
        (reply(400, {"error": "slow_down"}), [5.0, 10.0]),
    ],
)
async def test_too_fast_slows_down(
    clock: FakeClock, answer: httpx.Response, waits: list[float]
) -> None:
    """Five seconds more, or as long as is asked for; and it stays slower."""
    steps, _ = await steps_of(clock, device_code(), answer, PENDING, granted())
    assert isinstance(steps[-1], SignedIn)
    assert clock.sleeps == [*waits, 10.0]


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (PAGE, "Trakt turns dodo away until "),
        (page(502), "Trakt has trouble of its own (502)."),
        (page(520), "Trakt has trouble of its own (520)."),
        (httpx.ConnectError("no route"), "Trakt cannot be reached."),
        (reply(200, {"nonsense": True}), "Trakt sent an answer that makes no sense."),
    ],
)
async def test_trouble_is_told_and_polling_goes_on_more_slowly(
    clock: FakeClock, answer: Step, sentence: str
) -> None:
    """The code is still good: half as often, and the reason beside it."""
    steps, _ = await steps_of(clock, device_code(), answer, granted())
    trouble = steps[1]
    assert isinstance(trouble, StillWaiting)
    assert trouble.trouble is not None
    assert trouble.trouble.startswith(sentence)
    assert isinstance(steps[-1], SignedIn)
    assert clock.sleeps == [5.0, 10.0]


@pytest.mark.parametrize(
    ("app", "sentence"),
    [
        (
            LONE_APP,
            "Trakt did not accept this app without a client secret. "
            "Set DODO_TRAKT_CLIENT_SECRET to the secret of your own app.",
        ),
        (
            APP,
            "Trakt does not accept the client id with this secret. "
            "Check DODO_TRAKT_CLIENT_ID and DODO_TRAKT_CLIENT_SECRET.",
        ),
    ],
)
@pytest.mark.parametrize(
    "refusal",
    [
        reply(401, {"error": "invalid_client"}),
        reply(403, {"error": "unauthorized_client"}),
        reply(400, {"error": "invalid_client"}),
        httpx.Response(403),
    ],
)
async def test_an_app_that_is_refused_is_told_what_to_do(
    clock: FakeClock, app: App, sentence: str, refusal: httpx.Response
) -> None:
    """At the code and at the polling alike."""
    early = await failed(MisconfiguredError, steps_of(clock, refusal, app=app))
    late = await failed(MisconfiguredError, steps_of(clock, device_code(), refusal, app=app))
    assert str(early) == str(late) == sentence


async def test_it_ends_with_the_code_whatever_is_answered(clock: FakeClock) -> None:
    """Our clock counts its life."""
    steps, script = await steps_of(clock, device_code(expires_in=12), PENDING, PENDING)
    assert isinstance(steps[-1], CodeExpired)
    assert len(script.requests) == 3
    assert (clock.now() - START).total_seconds() == 12


@pytest.mark.parametrize(
    "changes",
    [
        {"user_code": ""},
        {"user_code": "[bold]x[/]"},
        {"user_code": None},
        {"device_code": ""},
        {"device_code": None},
    ],
)
async def test_a_code_that_nobody_could_type_is_none(
    clock: FakeClock, changes: dict[str, Any]
) -> None:
    """Nothing strange is ever shown."""
    await failed(BrokenError, steps_of(clock, device_code(**changes)))


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "https://user:pass@evil.example/x", "https://a b", "", None, 7,
     "https://trakt.tv/\x1b[31m"],
)  # fmt: skip
async def test_a_strange_address_is_replaced(clock: FakeClock, address: object) -> None:
    """Shown and drawn is only what is an address."""
    steps, _ = await steps_of(clock, device_code(verification_url=address), granted())
    shown = steps[0]
    assert isinstance(shown, CodeShown)
    assert shown.code.address == "https://auth.trakt.tv/activate"


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (httpx.ConnectError("no"), OfflineError),
        (page(503), BrokenError),
        (reply(200, []), BrokenError),
        (reply(404), RejectedError),
    ],
)
async def test_no_code_to_be_had(clock: FakeClock, answer: Step, kind: type[ProviderError]) -> None:
    """The error says what is wrong."""
    await failed(kind, steps_of(clock, answer))


async def test_without_a_client_id_nothing_is_asked(clock: FakeClock) -> None:
    """One sentence with the variable to set."""
    error = await failed(MisconfiguredError, steps_of(clock, app=App("")))
    assert "DODO_TRAKT_CLIENT_ID" in str(error)


@pytest.mark.parametrize("client_id", ["a\nb", "ä", "a b"])
async def test_a_client_id_that_fits_no_header_is_refused(clock: FakeClock, client_id: str) -> None:
    """Nor is it sent."""
    await failed(MisconfiguredError, steps_of(clock, app=App(client_id)))


async def test_revoking_is_best_effort(clock: FakeClock) -> None:
    """The grant is ended where that works, and nothing is raised where it does not."""
    for answer in (reply(200, {}), httpx.Response(200), page(503), httpx.ConnectError("no")):
        script = Script(answer)
        provider = provider_of(script, clock)
        await provider.revoke()
        assert script.last.url.path == "/oauth/revoke"
        await provider.close()


def test_nothing_secret_is_in_a_repr() -> None:
    """Neither of an app nor of tokens."""
    assert CLIENT_SECRET not in repr(APP)
    assert NEW_ACCESS not in repr(Tokens(NEW_ACCESS))
