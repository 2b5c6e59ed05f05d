"""Signing in: AUTH V2 (contract §5), the classic PIN (§6), and how they are told apart (§17)."""

from __future__ import annotations

from datetime import timedelta
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
    ThrottledError,
    UnauthorizedError,
)
from dodo_tui.providers.sign_in import CodeExpired, CodeShown, SignedIn, SignInStep, StillWaiting
from dodo_tui.providers.simkl.provider import SimklProvider
from tests.providers.conftest import MakeProvider
from tests.providers.support import (
    ACCESS,
    CLIENT_ID,
    DEVICE_CODE,
    PIN,
    REFRESH,
    SCOPE,
    USER_CODE,
    V1_TOKEN,
    V1_TOKENS,
    V2_TOKENS,
    MemoryStore,
    Script,
    Step,
    assert_no_secrets,
    bearer_of,
    failed,
    form_of,
    granted,
    refusal,
    reply,
)
from tests.support.clock import FakeClock

V2_CODE = {
    "device_code": DEVICE_CODE,
    "user_code": USER_CODE,
    "verification_uri": "https://simkl.com/pin",
    "verification_uri_complete": f"https://simkl.com/pin?user_code={USER_CODE}",
    "expires_in": 900,
    "interval": 5,
}
V1_CODE = {
    "result": "OK",
    "device_code": "DEVICE_CODE",
    "user_code": PIN,
    "verification_uri": "https://simkl.com/pin",
    "verification_url": "https://simkl.com/pin",
    "expires_in": 900,
    "interval": 5,
}
PENDING = {"error": "authorization_pending", "error_description": "not yet"}
V1_PENDING = {"result": "KO", "message": "Authorization pending"}
NOT_V2 = {"error": "invalid_client", "error_description": "not enabled for OAuth 2.0"}


def _v2(**changes: Any) -> httpx.Response:
    return reply(200, V2_CODE | changes)


def _v1(*polls: Step, **changes: Any) -> Script:
    return Script(reply(401, NOT_V2), reply(200, V1_CODE | changes), *polls)


def _pending() -> httpx.Response:
    return reply(400, PENDING)


async def _steps(provider: SimklProvider) -> list[SignInStep]:
    steps = [step async for step in provider.authorize()]
    assert_no_secrets(repr(steps))
    return steps


async def _first(provider: SimklProvider) -> SignInStep:
    steps = provider.authorize()
    return await anext(steps)


# AUTH V2


async def test_v2_shows_a_code_waits_and_signs_in(
    provider_of: MakeProvider, clock: FakeClock
) -> None:
    """The whole of it: code, waiting, tokens with their end and scope."""
    began = clock.now()
    script = Script(_v2(), _pending(), _pending(), granted(ACCESS))
    shown, *waiting, signed_in = await _steps(provider_of(script, None))
    assert isinstance(shown, CodeShown)
    code = shown.code
    assert (code.user_code, code.address) == (USER_CODE, "https://simkl.com/pin")
    assert code.direct_address == "https://simkl.com/pin?user_code=K7TM-Q4XR"
    assert (code.expires_at - began, code.interval_seconds) == (timedelta(seconds=900), 5)
    assert waiting == [StillWaiting(code), StillWaiting(code)]
    end = clock.now() + timedelta(days=7)
    assert signed_in == SignedIn(Tokens(ACCESS, REFRESH, end, SCOPE, end - timedelta(days=1)))
    assert clock.sleeps == [5, 5, 5]


async def test_v2_sends_the_scope_and_no_token(provider_of: MakeProvider) -> None:
    """Simkl: without a scope it silently grants reading only."""
    script = Script(_v2(), granted(ACCESS))
    await _steps(provider_of(script, MemoryStore(V2_TOKENS)))
    device, token = script.requests
    assert form_of(device) == {"client_id": CLIENT_ID, "scope": "media:read media:write"}
    assert form_of(token) == {
        "client_id": CLIENT_ID,
        "grant_type": "urn:ietf:params:oauth:grant-type:device_code",
        "device_code": DEVICE_CODE,
    }
    for request in script.requests:
        assert bearer_of(request) is None
        assert request.headers["content-type"] == "application/x-www-form-urlencoded"
        assert DEVICE_CODE not in str(request.url)


async def test_slow_down_adds_five_seconds_and_waits_them_in_full(
    provider_of: MakeProvider, clock: FakeClock
) -> None:
    """Simkl: the early try has reset the timer, so a shorter wait would loop for ever."""
    slow = {"error": "slow_down"}
    script = Script(_v2(), reply(400, slow), reply(400, slow), _pending(), granted(ACCESS))
    steps = await _steps(provider_of(script, None))
    assert clock.sleeps == [5, 10, 15, 15]
    intervals = [step.code.interval_seconds for step in steps if isinstance(step, StillWaiting)]
    assert intervals == [10, 15, 15]


async def test_a_code_that_nobody_types_in_expires_here(
    provider_of: MakeProvider, clock: FakeClock
) -> None:
    """Simkl never tells a refusal: only our own deadline ends the waiting."""
    script = Script(_v2(expires_in=12), _pending(), _pending())
    steps = await _steps(provider_of(script, None))
    assert steps[-1] == CodeExpired()
    assert clock.sleeps == [5, 5, 2]
    assert len(script.requests) == 3


@pytest.mark.parametrize("word", ["expired_token", "invalid_grant", "access_denied"])
async def test_a_dead_code_ends_it(provider_of: MakeProvider, word: str) -> None:
    """Run out, already used or refused: a new code is what helps."""
    script = Script(_v2(), reply(400, {"error": word}))
    assert (await _steps(provider_of(script, None)))[1:] == [CodeExpired()]


@pytest.mark.parametrize(
    ("trouble", "sentence"),
    [
        (httpx.ConnectError("down"), "Simkl cannot be reached."),
        (httpx.ReadTimeout("slow"), "Simkl cannot be reached."),
        (httpx.ReadError("reset"), "Simkl cannot be reached."),
        (reply(500, {"error": "server_error"}), "Simkl has trouble of its own (500)."),
        (httpx.Response(503, text="<html>"), "Simkl has trouble of its own (503)."),
        (httpx.Response(200, text="<html>"), "Simkl sent an answer that makes no sense."),
        (httpx.Response(404, text="<html>"), "Simkl sent an answer that makes no sense."),
        (reply(200, {"access_token": ""}), "Simkl sent an answer that makes no sense."),
        (reply(200, []), "Simkl sent an answer that makes no sense."),
        (reply(302), "Simkl sent an answer that makes no sense."),
        (reply(400, {"error": "what_is_this"}), "Simkl sent an answer that makes no sense."),
        (refusal(429, "rate_limit"), "Simkl asks to wait a moment."),
    ],
)
async def test_trouble_while_polling_is_told_and_waited_out(
    provider_of: MakeProvider, trouble: Step, sentence: str
) -> None:
    """The user is typing on another device: a hiccup here must not cost the code."""
    script = Script(_v2(), trouble, _pending(), granted(ACCESS))
    shown, troubled, fine, signed_in = await _steps(provider_of(script, None))
    assert isinstance(shown, CodeShown)
    assert troubled == StillWaiting(shown.code, sentence)
    assert fine == StillWaiting(shown.code)
    assert isinstance(signed_in, SignedIn)


async def test_a_limit_while_polling_is_obeyed(provider_of: MakeProvider, clock: FakeClock) -> None:
    """Simkl says when to come back; polling on would only be refused."""
    limit = refusal(429, "user_limit_exceeded", Retry_After="60")
    script = Script(_v2(), limit, granted(ACCESS))
    await _steps(provider_of(script, None))
    assert clock.sleeps == [5, 65]


async def test_trouble_does_not_outlive_the_code(
    provider_of: MakeProvider, clock: FakeClock
) -> None:
    """Being offline for the whole life of the code ends it like any other."""
    script = Script(_v2(expires_in=60), *[httpx.ConnectError("down")] * 11)
    steps = await _steps(provider_of(script, None))
    assert steps[-1] == CodeExpired()
    assert clock.elapsed == 60


@pytest.mark.parametrize("scope", ["media:read", "media:readmedia:write", "media:Write", ""])
async def test_a_grant_for_reading_only_is_given_back(
    provider_of: MakeProvider, scope: str
) -> None:
    """A perfectly normal token that cannot scrobble is worse than none."""
    script = Script(_v2(), granted(ACCESS, scope=scope), reply())
    provider = provider_of(script, None)
    error = await failed(UnauthorizedError, _steps(provider))
    assert str(error) == "Simkl lets dodo only read. Connect again and allow writing."
    assert script.paths[-1] == "POST /oauth2/revoke"
    assert form_of(script.last) == {"client_id": CLIENT_ID, "token": REFRESH}


async def test_a_grant_for_reading_only_is_told_even_if_it_cannot_be_given_back(
    provider_of: MakeProvider,
) -> None:
    """Giving back is best effort."""
    script = Script(_v2(), granted(ACCESS, scope="media:read"), httpx.ConnectError("down"))
    await failed(UnauthorizedError, _steps(provider_of(script, None)))


async def test_the_scope_counts_whatever_a_token_begins_with(provider_of: MakeProvider) -> None:
    """Should the prefix change one day, a grant for reading only is still noticed."""
    script = Script(_v2(), granted("another_prefix", scope="media:read"), reply())
    await failed(UnauthorizedError, _steps(provider_of(script, None)))
    assert script.paths[-1] == "POST /oauth2/revoke"


@pytest.mark.parametrize("scope", ["media:write media:read", "media:write", SCOPE + " more", None])
async def test_a_grant_that_allows_writing_is_accepted(
    provider_of: MakeProvider, scope: str | None
) -> None:
    """The order is no matter; by OAuth an absent scope is the one that was asked for."""
    script = Script(_v2(), granted(ACCESS, scope=scope))
    assert isinstance((await _steps(provider_of(script, None)))[-1], SignedIn)


@pytest.mark.parametrize("word", ["invalid_request", "unsupported_grant_type", "invalid_scope"])
async def test_our_own_mistakes_end_it(provider_of: MakeProvider, word: str) -> None:
    """A malformed poll stays malformed."""
    script = Script(_v2(), reply(400, {"error": word}))
    error = await failed(RejectedError, _steps(provider_of(script, None)))
    assert word in str(error)


@pytest.mark.parametrize(
    "answer", [reply(401, NOT_V2), refusal(412, "client_id_failed")], ids=["401", "412"]
)
async def test_a_client_id_disabled_while_polling_ends_it(
    provider_of: MakeProvider, answer: httpx.Response
) -> None:
    """No code will help until the configuration is right."""
    await failed(MisconfiguredError, _steps(provider_of(Script(_v2(), answer), None)))


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (httpx.ConnectError("down"), OfflineError),
        (httpx.Response(500), BrokenError),
        (httpx.Response(200, text="<html>"), BrokenError),
        (reply(200, {}), BrokenError),
        (_v2(user_code=""), BrokenError),
        (_v2(user_code="\x1b[2J"), BrokenError),
        (_v2(user_code="../../sync/history"), BrokenError),
        (_v2(user_code="-"), BrokenError),
        (_v2(user_code="A" * 65), BrokenError),
        (_v2(device_code=""), BrokenError),
        (_v2(device_code=None), BrokenError),
        (refusal(429, "app_limit_exceeded"), ThrottledError),
        (refusal(412, "client_id_failed"), MisconfiguredError),
        (reply(400, {"error": "invalid_scope"}), RejectedError),
    ],
)
async def test_without_a_code_there_is_nothing_to_show(
    provider_of: MakeProvider, answer: httpx.Response | Exception, kind: type[ProviderError]
) -> None:
    """The kind of trouble is told at once."""
    await failed(kind, _first(provider_of(Script(answer), None)))


async def test_without_a_client_id_nothing_is_sent(provider_of: MakeProvider) -> None:
    """The sentence says what to set."""
    script = Script()
    error = await failed(MisconfiguredError, _first(provider_of(script, None, client_id="")))
    assert str(error) == "No Simkl client id is set. Set DODO_SIMKL_CLIENT_ID."


# Nothing the server says is taken on trust


@pytest.mark.parametrize(
    ("expires_in", "life"),
    [
        (900, 900),
        ("600", 600),
        (10**9, 3600),
        (1e308, 3600),
        (-5, 1),
        (0, 1),
        (None, 900),
        ("soon", 900),
        ({}, 900),
        (10**400, 900),
    ],
)
async def test_the_life_of_a_code_is_kept_within_reason(
    provider_of: MakeProvider, clock: FakeClock, expires_in: object, life: float
) -> None:
    """No code is shown for years or for no time at all."""
    script = Script(_v2(expires_in=expires_in))
    step = await _first(provider_of(script, None))
    assert isinstance(step, CodeShown)
    assert step.code.expires_at == clock.now() + timedelta(seconds=life)


@pytest.mark.parametrize(
    ("interval", "seconds"),
    [(5, 5), ("7", 7), (0, 1), (-1, 1), (0.01, 1), (10**6, 60), (None, 5), ([], 5), (True, 1)],
)
async def test_the_interval_is_kept_within_reason(
    provider_of: MakeProvider, interval: object, seconds: float
) -> None:
    """Neither a busy loop nor a code that runs out between two polls."""
    step = await _first(provider_of(Script(_v2(interval=interval)), None))
    assert isinstance(step, CodeShown)
    assert step.code.interval_seconds == seconds


@pytest.mark.parametrize(
    "bad",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "ftp://simkl.com/pin",
        "https://",
        "https://simkl.com@evil.example/pin",
        "https://simkl.com/p in",
        "https://simkl.com/\x1b[2J",
        "https://sімkl.com/pin",
        "http://[::1",
        "https://simkl.com/" + "x" * 300,
        "",
        7,
        None,
    ],
)
async def test_an_address_that_is_no_web_address_is_not_shown(
    provider_of: MakeProvider, bad: object
) -> None:
    """The user is going to open it on their phone."""
    answer = _v2(verification_uri=bad, verification_uri_complete=bad)
    step = await _first(provider_of(Script(answer), None))
    assert isinstance(step, CodeShown)
    assert step.code.address == "https://simkl.com/pin"
    assert step.code.direct_address == "https://simkl.com/pin?user_code=K7TM-Q4XR"


async def test_the_direct_address_leads_where_the_shown_one_does(provider_of: MakeProvider) -> None:
    """A QR code is not read by eye, so another site in it is not drawn."""
    answer = _v2(verification_uri_complete="https://evil.example/pin?user_code=K7TM-Q4XR")
    step = await _first(provider_of(Script(answer), None))
    assert isinstance(step, CodeShown)
    assert step.code.direct_address == "https://simkl.com/pin?user_code=K7TM-Q4XR"


async def test_addresses_follow_the_server(provider_of: MakeProvider) -> None:
    """A stand-in names its own page."""
    answer = _v2(
        verification_uri="http://127.0.0.1:8123/pin/?x=1#y", verification_uri_complete=None
    )
    step = await _first(provider_of(Script(answer), None))
    assert isinstance(step, CodeShown)
    assert step.code.address == "http://127.0.0.1:8123/pin"
    assert step.code.direct_address == "http://127.0.0.1:8123/pin?user_code=K7TM-Q4XR"


# Which kind of client id it is


async def test_an_old_client_id_falls_back_to_the_classic_pin(provider_of: MakeProvider) -> None:
    """V2 says `invalid_client`; to the user the classic PIN looks the same."""
    script = _v1(reply(200, V1_PENDING), reply(200, {"result": "OK", "access_token": V1_TOKEN}))
    shown, waiting, signed_in = await _steps(provider_of(script, None))
    assert isinstance(shown, CodeShown)
    assert shown.code.user_code == PIN
    assert shown.code.address == "https://simkl.com/pin"
    assert shown.code.direct_address == f"https://simkl.com/pin/{PIN}"
    assert waiting == StillWaiting(shown.code)
    assert signed_in == SignedIn(Tokens(V1_TOKEN, None, None, "public"))
    assert script.paths == [
        "POST /oauth2/device",
        "GET /oauth/pin",
        f"GET /oauth/pin/{PIN}",
        f"GET /oauth/pin/{PIN}",
    ]
    for request in script.requests[1:]:
        assert request.url.params["client_id"] == CLIENT_ID
        assert bearer_of(request) is None


async def test_a_client_id_that_both_refuse_is_wrong(provider_of: MakeProvider) -> None:
    """V1 names V2 as the right one, V2 does not know it: the id is the trouble."""
    script = Script(reply(401, NOT_V2), refusal(400, "unauthorized_client", "use /oauth2"))
    error = await failed(MisconfiguredError, _first(provider_of(script, None)))
    assert "client id is not accepted" in str(error)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (refusal(412, "client_id_failed"), MisconfiguredError),
        (refusal(400, "client_id_failed"), MisconfiguredError),
        (refusal(400, "empty_field"), RejectedError),
        (httpx.Response(500), BrokenError),
        (httpx.ConnectError("down"), OfflineError),
        (reply(200, {"result": "KO"}), BrokenError),
    ],
)
async def test_the_classic_pin_fails_by_kind_too(
    provider_of: MakeProvider, answer: httpx.Response | Exception, kind: type[ProviderError]
) -> None:
    """No code, and why."""
    await failed(kind, _first(provider_of(Script(reply(401, NOT_V2), answer), None)))


# The classic PIN


async def test_a_new_code_in_the_answer_means_that_ours_is_dead(provider_of: MakeProvider) -> None:
    """Simkl answers an unknown or used code with a new one; polling on would never end."""
    script = _v1(reply(200, V1_PENDING), reply(200, V1_CODE | {"user_code": "NEW12"}))
    assert (await _steps(provider_of(script, None)))[-1] == CodeExpired()


@pytest.mark.parametrize("message", ["Slow down", "slow down.", " SLOW DOWN "])
async def test_the_classic_slow_down_is_obeyed(
    provider_of: MakeProvider, clock: FakeClock, message: str
) -> None:
    """Only the old documents list it."""
    script = _v1(
        reply(200, {"result": "KO", "message": message}),
        reply(200, {"result": "OK", "access_token": V1_TOKEN}),
    )
    await _steps(provider_of(script, None))
    assert clock.sleeps == [5, 10]


@pytest.mark.parametrize(
    "poll",
    [
        httpx.ConnectError("down"),
        httpx.Response(502),
        httpx.Response(200, text="<html>"),
        reply(200, []),
        reply(200, {}),
        reply(200, {"result": "OK"}),
        reply(200, {"result": "OK", "access_token": None}),
        reply(404, {"error": "url_failed", "code": 404}),
        refusal(429, "rate_limit"),
    ],
)
async def test_trouble_while_polling_the_classic_pin_is_waited_out(
    provider_of: MakeProvider, poll: Step
) -> None:
    """As for V2."""
    script = _v1(poll, reply(200, {"result": "OK", "access_token": V1_TOKEN}))
    _, troubled, signed_in = await _steps(provider_of(script, None))
    assert isinstance(troubled, StillWaiting)
    assert troubled.trouble is not None
    assert isinstance(signed_in, SignedIn)


@pytest.mark.parametrize("word", ["unauthorized_client", "client_id_failed"])
async def test_a_classic_client_id_disabled_while_polling_ends_it(
    provider_of: MakeProvider, word: str
) -> None:
    """V1 may be switched off while a code is on show."""
    await failed(MisconfiguredError, _steps(provider_of(_v1(refusal(400, word)), None)))


@pytest.mark.parametrize(
    "changes",
    [
        {"verification_uri": None},
        {"verification_uri": None, "verification_url": "https://simkl.com/pin/"},
        {"verification_url": None},
        {"verification_uri": None, "verification_url": None},
        {"verification_uri_complete": "https://simkl.com/elsewhere"},
    ],
)
async def test_the_classic_address_comes_under_either_key(
    provider_of: MakeProvider, changes: dict[str, Any]
) -> None:
    """With or without a slash at its end."""
    step = await _first(provider_of(_v1(**changes), None))
    assert isinstance(step, CodeShown)
    assert step.code.address == "https://simkl.com/pin"
    assert step.code.direct_address == f"https://simkl.com/pin/{PIN}"


@pytest.mark.parametrize("user_code", ["5F2KQ", "5F2KQ7", "A"])
async def test_the_classic_code_may_have_any_length(
    provider_of: MakeProvider, user_code: str
) -> None:
    """The documents disagree about it."""
    step = await _first(provider_of(_v1(user_code=user_code), None))
    assert isinstance(step, CodeShown)
    assert step.code.user_code == user_code


async def test_the_classic_pin_needs_no_device_code(provider_of: MakeProvider) -> None:
    """It is a fixed word there, and the code itself is what polls."""
    step = await _first(provider_of(_v1(device_code=None), None))
    assert isinstance(step, CodeShown)


# Revoking


@pytest.mark.parametrize(
    "answer",
    [reply(200), reply(401, NOT_V2), httpx.ConnectError("down"), httpx.Response(500)],
    ids=["done", "refused", "offline", "broken"],
)
async def test_revoking_is_best_effort(
    provider_of: MakeProvider, answer: httpx.Response | Exception
) -> None:
    """Either token ends the whole grant; whatever the answer, disconnecting goes on."""
    script = Script(answer)
    await provider_of(script).revoke()
    assert script.paths == ["POST /oauth2/revoke"]
    assert form_of(script.last) == {"client_id": CLIENT_ID, "token": REFRESH}


async def test_revoking_without_a_refresh_token_takes_the_other(provider_of: MakeProvider) -> None:
    """Simkl accepts either."""
    script = Script(reply(200))
    await provider_of(script, MemoryStore(Tokens(ACCESS))).revoke()
    assert form_of(script.last)["token"] == ACCESS


@pytest.mark.parametrize("tokens", [V1_TOKENS, None], ids=["classic", "none"])
async def test_what_cannot_be_revoked_is_left(
    provider_of: MakeProvider, tokens: Tokens | None
) -> None:
    """Classic tokens end only on Simkl's page of connected apps."""
    script = Script()
    await provider_of(script, MemoryStore(tokens)).revoke()
    assert script.requests == []
