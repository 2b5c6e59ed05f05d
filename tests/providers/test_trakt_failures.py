"""The contract's table of answers: each the right kind of error, with words and a way out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from dodo_tui.providers.errors import (
    BrokenError,
    MisconfiguredError,
    OfflineError,
    ProviderError,
    RejectedError,
    ThrottledError,
    UnauthorizedError,
)
from dodo_tui.providers.facts import Fact, FactKind, Outcome, Verb
from tests.providers.support import ACCESS, CLIENT_ID, Script, Step, bearer_of, failed
from tests.providers.trakt_support import EPISODE, FILM, granted, page, provider_of, reply
from tests.support.clock import START, FakeClock


@pytest.mark.parametrize(
    ("answers", "kind", "sentence"),
    [
        ([reply(400)], RejectedError, "Trakt refuses this: 400."),
        ([reply(404)], RejectedError, "Trakt refuses this: 404."),
        ([reply(405)], RejectedError, "Trakt refuses this: 405."),
        ([reply(412)], RejectedError, "Trakt refuses this: 412."),
        ([reply(422, {"message": "no [b]such[/b] thing\x1b[31m!"})], RejectedError,
         "Trakt refuses this: no [b]such[/b] thing [31m."),
        ([httpx.Response(401), granted(), httpx.Response(401)], UnauthorizedError,
         "Trakt does not accept the sign-in any more. Connect again."),
        ([httpx.Response(403)], MisconfiguredError,
         "The Trakt client id is not accepted: it is wrong, or the app was deleted. "
         "Check DODO_TRAKT_CLIENT_ID."),
        ([reply(403, {"error": "x"})], MisconfiguredError, "The Trakt client id is not accepted: "),
        ([page(403)], ThrottledError, "Trakt turns dodo away until "),
        ([httpx.Response(420)], RejectedError, "The Trakt account is full. "),
        ([reply(423, X_Account_Locked="true")], ThrottledError,
         "Trakt has locked this account. Only Trakt's support can open it again; "
         "connect again after that."),
        ([reply(423, X_Account_Locked="false", X_Account_Deactivated="true")], ThrottledError,
         "This Trakt account is deactivated. Only Trakt's support can open it again; "
         "connect again after that."),
        ([reply(426, X_Upgrade_URL="https://trakt.tv/vip")], RejectedError,
         "Trakt offers this to paying members only."),
        ([reply(429, Retry_After="10")], ThrottledError, "Trakt asks to wait until "),
        ([page(429)], ThrottledError, "Trakt asks to wait until "),
        ([reply(500)], BrokenError, "Trakt has trouble of its own (500)."),
        *[([page(status)], BrokenError, f"Trakt has trouble of its own ({status}).")
          for status in (502, 503, 504, 520, 521, 522, 523, 524, 525, 526, 527, 530)],
        ([page(200)], BrokenError, "Trakt sent an answer that makes no sense."),
        ([page(418)], BrokenError, "Trakt sent an answer that makes no sense."),
        ([httpx.Response(302, headers={"location": "/"})], BrokenError,
         "Trakt sent an answer that makes no sense."),
        ([httpx.ConnectError("refused")], OfflineError, "Trakt cannot be reached."),
        ([httpx.ReadTimeout("late")], OfflineError, "Trakt cannot be reached."),
        ([httpx.RemoteProtocolError("half")], OfflineError, "Trakt cannot be reached."),
    ],
)  # fmt: skip
async def test_each_answer_is_the_right_kind_of_error(
    clock: FakeClock, answers: list[Step], kind: type[ProviderError], sentence: str
) -> None:
    """By its status and its type; a page is never taken for JSON."""
    error = await failed(kind, provider_of(Script(*answers), clock).user())
    assert str(error).startswith(sentence)


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        (reply(429, Retry_After="10"), 10),
        (reply(429, Retry_After="0"), 1),
        (reply(429, Retry_After="99999999"), 90_000),
        (reply(429, Retry_After="Sun, 22 Nov 2026 20:25:00 GMT"), 600),
        (reply(429, Retry_After="soon"), 5),
        (page(429, Retry_After="300"), 300),
        (page(403), 300),
        (reply(423), 86_400),
    ],
)
async def test_how_long_is_waited(clock: FakeClock, answer: httpx.Response, seconds: int) -> None:
    """As long as is asked for, within reason."""
    error = await failed(ThrottledError, provider_of(Script(answer), clock).user())
    assert error.until == START + timedelta(seconds=seconds)


async def test_pages_that_name_no_time_wait_longer_each_time(clock: FakeClock) -> None:
    """Cloudflare's own 429 says nothing; after a success it begins anew."""
    user = reply(200, {"user": {"username": "dodo"}})
    answers: list[Step] = [page(429) for _ in range(6)]
    provider = provider_of(Script(*answers, user, page(429)), clock)
    waits = []
    for _ in range(6):
        error = await failed(ThrottledError, provider.user())
        waits.append((error.until - clock.now()).total_seconds())
    assert waits == [5, 15, 60, 300, 900, 900]
    await provider.user()
    error = await failed(ThrottledError, provider.user())
    assert (error.until - clock.now()).total_seconds() == 5


async def test_every_request_says_who_asks(clock: FakeClock) -> None:
    """The key, the version, a name of our own, and JSON; the token in its header alone."""
    script = Script(reply(200, {"user": {"username": "dodo"}}), reply(201, {}))
    provider = provider_of(script, clock)
    await provider.user()
    await provider.scrobble(Verb.START, FILM, 10)
    for request in script.requests:
        assert request.headers["trakt-api-key"] == CLIENT_ID
        assert request.headers["trakt-api-version"] == "2"
        assert request.headers["content-type"] == "application/json"
        assert request.headers["user-agent"].startswith("dodo-tui/")
        assert "python-httpx" not in request.headers["user-agent"]
        assert bearer_of(request) == ACCESS
        assert ACCESS not in str(request.url)
        assert request.url.host == "api.trakt.tv"


async def test_writes_are_more_than_a_second_apart(clock: FakeClock) -> None:
    """Trakt: one POST a second; reads do not wait for it."""
    script = Script(reply(201, {}), reply(201, {}), reply(200, {"user": {"username": "d"}}))
    provider = provider_of(script, clock)
    await provider.scrobble(Verb.START, FILM, 10)
    await provider.scrobble(Verb.PAUSE, FILM, 11)
    await provider.user()
    assert clock.sleeps == [pytest.approx(1.1)]


async def test_reads_stay_below_the_limit(clock: FakeClock) -> None:
    """Trakt: 500 in five minutes, for all of a user's devices; ours takes 400 at the most."""
    user = reply(200, {"user": {"username": "d"}})
    provider = provider_of(Script(*[user] * 402), clock)
    for _ in range(402):
        await provider.user()
    assert clock.sleeps == [300.0]


@pytest.mark.parametrize(
    ("verb", "answer", "outcome"),
    [
        (Verb.START, reply(201, {"id": 0, "action": "start"}), Outcome.NOTED),
        (Verb.PAUSE, reply(201, {"id": 0, "action": "pause"}), Outcome.SAVED),
        (Verb.STOP, reply(201, {"id": 2**40, "action": "scrobble"}), Outcome.WATCHED),
        (Verb.STOP, reply(201, {"action": "stop"}), Outcome.WATCHED),
        (Verb.STOP, reply(201, {"action": "pause"}), Outcome.SAVED),
        (Verb.STOP, reply(201, {"action": "new word"}), Outcome.WATCHED),
        (Verb.STOP, reply(201), Outcome.WATCHED),
        (Verb.STOP, reply(200, []), Outcome.WATCHED),
        (Verb.STOP, reply(409, {"watched_at": "x", "expires_at": "y"}), Outcome.REPEATED),
        (Verb.START, httpx.Response(409), Outcome.REPEATED),
        (Verb.STOP, httpx.Response(404), Outcome.UNKNOWN_TITLE),
    ],
)
async def test_what_a_scrobble_did(
    clock: FakeClock, verb: Verb, answer: httpx.Response, outcome: Outcome
) -> None:
    """The answer's own word counts; 409 is a success that is never repeated."""
    script = Script(answer)
    assert (await provider_of(script, clock).scrobble(verb, FILM, 91.2)).outcome is outcome
    assert len(script.requests) == 1


@pytest.mark.parametrize("verb", [Verb.PAUSE, Verb.STOP])
async def test_under_one_percent_nothing_is_sent(clock: FakeClock, verb: Verb) -> None:
    """Trakt would refuse it (422)."""
    answer = await provider_of(Script(), clock).scrobble(verb, FILM, 0.99)
    assert answer.outcome is Outcome.NOTED


async def test_an_unclear_write_is_sent_once(clock: FakeClock) -> None:
    """Nobody but the queue decides whether it may be sent again."""
    script = Script(httpx.ReadTimeout("late"))
    fact = Fact(FactKind.WATCHED, EPISODE, START)
    await failed(OfflineError, provider_of(script, clock).deliver([fact]))
    assert len(script.requests) == 1


@pytest.mark.parametrize("data", [None, [], "x", 7, {"user": None}, {"user": {}}, {"user": []}])
async def test_a_user_without_a_name_is_nonsense(clock: FakeClock, data: Any) -> None:
    """And so is any other shape."""
    await failed(BrokenError, provider_of(Script(reply(200, data)), clock).user())
