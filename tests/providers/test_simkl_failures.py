"""The table of Simkl's errors (contract §3.2), row by row, at a call in the user's name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from zoneinfo import ZoneInfoNotFoundError

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
from dodo_tui.providers.simkl import failures
from dodo_tui.providers.simkl.failures import failure, quota_reset
from dodo_tui.providers.simkl.provider import SimklProvider
from dodo_tui.providers.simkl.replies import SimklReply
from tests.providers.conftest import MakeProvider
from tests.providers.support import (
    ACCESS,
    INCEPTION,
    NEW_ACCESS,
    V1_TOKEN,
    V1_TOKENS,
    MemoryStore,
    Script,
    bearer_of,
    body_of,
    failed,
    granted,
    refusal,
    reply,
)
from tests.support.clock import START, FakeClock

WATCHED = Fact(FactKind.WATCHED, INCEPTION, START)


def _stop(provider: SimklProvider) -> Awaitable[object]:
    return provider.scrobble(Verb.STOP, INCEPTION, 95)


def _deliver(provider: SimklProvider) -> Awaitable[object]:
    return provider.deliver([WATCHED])


def _user(provider: SimklProvider) -> Awaitable[object]:
    return provider.user()


EVERY_CALL = [_stop, _deliver, _user]
Call = Callable[[SimklProvider], Awaitable[object]]

ROWS: list[tuple[httpx.Response, type[ProviderError], str]] = [
    (refusal(400, "empty_field"), RejectedError, "Simkl refuses this: empty_field."),
    (refusal(400, "wrong_parameter", "Bad `to`!"), RejectedError, "Simkl refuses this: Bad `to`."),
    (refusal(400, "max_items"), RejectedError, "Simkl finds the request too large."),
    (refusal(413, "too_long"), RejectedError, "Simkl finds the request too large."),
    (
        refusal(400, "unauthorized_client", "use V2"),
        MisconfiguredError,
        "The Simkl client id is not accepted. Check DODO_SIMKL_CLIENT_ID.",
    ),
    (
        refusal(401, "user_token_required"),
        RejectedError,
        "Simkl refuses this: user_token_required.",
    ),
    (
        refusal(403, "insufficient_scope"),
        UnauthorizedError,
        "Simkl lets dodo only read. Connect again and allow writing.",
    ),
    (
        refusal(403, "oauth2_token_required"),
        RejectedError,
        "Simkl refuses this: oauth2_token_required.",
    ),
    (
        refusal(403, "private_profile", "This profile is private"),
        RejectedError,
        "Simkl refuses this: This profile is private.",
    ),
    (refusal(403, "forbidden"), RejectedError, "Simkl refuses this: forbidden."),
    (refusal(404, "url_failed"), RejectedError, "Simkl refuses this: url_failed."),
    (refusal(404, "user_id_failed"), RejectedError, "Simkl refuses this: user_id_failed."),
    (reply(404), RejectedError, "Simkl refuses this: 404."),
    (
        refusal(412, "client_id_failed", "Your client_id is wrong. Try another one"),
        MisconfiguredError,
        "The Simkl client id is not accepted: it is wrong, disabled or blocked for a while.",
    ),
    (refusal(500, "internal"), BrokenError, "Simkl has trouble of its own (500)."),
    (httpx.Response(502, text="<html>"), BrokenError, "Simkl has trouble of its own (502)."),
    (httpx.Response(503), BrokenError, "Simkl has trouble of its own (503)."),
    (httpx.Response(200, text="<html>"), BrokenError, "Simkl sent an answer that makes no sense."),
    (
        httpx.Response(200, text="[" * 9999),
        BrokenError,
        "Simkl sent an answer that makes no sense.",
    ),
    (httpx.Response(403, text="Denied"), BrokenError, "Simkl sent an answer that makes no sense."),
    (
        httpx.Response(401, text="captive portal"),
        BrokenError,
        "Simkl sent an answer that makes no sense.",
    ),
    (
        reply(302, Location="https://portal.example"),
        BrokenError,
        "Simkl sent an answer that makes no sense.",
    ),
]


@pytest.mark.parametrize("call", EVERY_CALL)
@pytest.mark.parametrize(("answer", "kind", "sentence"), ROWS)
async def test_each_refusal_is_of_its_kind_and_not_tried_again(
    provider_of: MakeProvider,
    call: Call,
    answer: httpx.Response,
    kind: type[ProviderError],
    sentence: str,
) -> None:
    """One request, one error, one sentence, whichever call meets the row."""
    script = Script(answer)
    error = await failed(kind, call(provider_of(script)))
    assert str(error) == sentence
    assert len(script.requests) == 1


@pytest.mark.parametrize("call", EVERY_CALL)
async def test_no_network_is_offline(provider_of: MakeProvider, call: Call) -> None:
    """A connection that fails is told as such; nobody tries again here."""
    script = Script(httpx.ConnectError("down"))
    error = await failed(OfflineError, call(provider_of(script)))
    assert str(error) == "Simkl cannot be reached."


async def test_server_words_are_cleaned_and_tokens_in_them_hidden(
    provider_of: MakeProvider,
) -> None:
    """An error body is data: no escape sequence, no echo of a token, no endless text."""
    words = f"\x1b[31mbad\u202e token {ACCESS} or {V1_TOKEN}, " + "x" * 500
    error = await failed(
        RejectedError, provider_of(Script(refusal(403, "forbidden", words))).user()
    )
    assert str(error).startswith("Simkl refuses this: [31mbad token … or …, xxx")
    assert len(str(error)) < 160


# 409 and 404 of a scrobble


@pytest.mark.parametrize(
    "answer",
    [
        reply(
            409,
            {"watched_at": "2026-09-10T15:19:20Z", "expires_at": "2026-09-10T16:19:20Z"},
        ),
        refusal(409, "already_watched"),
        httpx.Response(409, text="Conflict"),
        httpx.Response(409),
    ],
    ids=["live capture", "older docs", "not JSON", "empty"],
)
async def test_a_conflict_is_a_success_whatever_its_body(
    provider_of: MakeProvider, answer: httpx.Response
) -> None:
    """Simkl: the 409 of a title scrobbled within the hour has no `error`; the status tells."""
    got = await provider_of(Script(answer)).scrobble(Verb.STOP, INCEPTION, 95)
    assert got.outcome is Outcome.REPEATED


async def test_a_conflict_of_history_answers_each_fact(provider_of: MakeProvider) -> None:
    """Any 409 is a success."""
    answers = await provider_of(Script(reply(409))).deliver([WATCHED, WATCHED])
    assert [answer.outcome for answer in answers] == [Outcome.REPEATED, Outcome.REPEATED]


async def test_a_title_that_is_not_matched_is_an_answer(provider_of: MakeProvider) -> None:
    """404 `id_err` of a scrobble is permanent for the item, and no error of ours."""
    answer = await provider_of(Script(refusal(404, "id_err"))).scrobble(Verb.START, INCEPTION, 6)
    assert answer.outcome is Outcome.UNKNOWN_TITLE


@pytest.mark.parametrize("call", [_deliver, _user])
async def test_id_err_elsewhere_is_a_rejection(provider_of: MakeProvider, call: Call) -> None:
    """Only a scrobble is about one title."""
    await failed(RejectedError, call(provider_of(Script(refusal(404, "id_err")))))


async def test_another_404_of_a_scrobble_is_a_rejection(provider_of: MakeProvider) -> None:
    """`url_failed` is our mistake and says nothing about the title."""
    await failed(RejectedError, _stop(provider_of(Script(refusal(404, "url_failed")))))


async def test_a_404_that_is_not_simkls_is_broken(provider_of: MakeProvider) -> None:
    """A proxy's page must not make a title unknown for ever."""
    await failed(BrokenError, _stop(provider_of(Script(httpx.Response(404, text="<html>")))))


# The write lock


@pytest.mark.parametrize("word", ["RATE_LIMIT", "rate_limit", "Rate_Limit"])
@pytest.mark.parametrize("call", [_stop, _deliver])
async def test_the_write_lock_is_waited_for_with_the_same_write(
    provider_of: MakeProvider, clock: FakeClock, call: Call, word: str
) -> None:
    """The one 400 that is sent again: another write of this user is still running."""
    locked = refusal(400, word, "another sync is in progress")
    script = Script(locked, refusal(400, word), reply(201, {}))
    await call(provider_of(script))
    assert body_of(script.requests[0]) == body_of(script.requests[2])
    assert clock.sleeps == [5.0, 5.0]


async def test_the_write_lock_is_waited_for_only_so_long(
    provider_of: MakeProvider, clock: FakeClock
) -> None:
    """After the 20 s that a lock can last, the queue takes over."""
    script = Script(*[refusal(400, "RATE_LIMIT") for _ in range(5)])
    error = await failed(ThrottledError, _stop(provider_of(script)))
    assert str(error) == "Simkl is still busy with an earlier change."
    assert sum(clock.sleeps) == 20
    assert error.until == clock.now() + timedelta(seconds=20)


async def test_a_read_does_not_wait_for_the_write_lock(
    provider_of: MakeProvider, clock: FakeClock
) -> None:
    """A read can be had later."""
    await failed(ThrottledError, _user(provider_of(Script(refusal(400, "RATE_LIMIT")))))
    assert clock.sleeps == []


# 429


@pytest.mark.parametrize("word", ["rate_limit", "RATE_LIMIT"])
async def test_the_limit_per_second_lasts_a_second(
    provider_of: MakeProvider, clock: FakeClock, word: str
) -> None:
    """Simkl: its `Retry-After` says nothing here."""
    script = Script(refusal(429, word, Retry_After="3600"))
    error = await failed(ThrottledError, _user(provider_of(script)))
    assert error.until == clock.now() + timedelta(seconds=1)
    assert str(error) == "Simkl asks to wait a moment."


@pytest.mark.parametrize("word", ["user_limit_exceeded", "app_limit_exceeded"])
async def test_the_daily_quota_is_waited_for_as_told(
    provider_of: MakeProvider, clock: FakeClock, word: str
) -> None:
    """`Retry-After` in seconds; the sentence says when, in the user's time."""
    script = Script(refusal(429, word, Retry_After="961"))
    error = await failed(ThrottledError, _user(provider_of(script)))
    assert error.until == clock.now() + timedelta(seconds=961)
    shown = (error.until + timedelta(seconds=59)).astimezone().strftime("%H:%M")
    assert str(error) == f"Simkl asks to wait until {shown}."


@pytest.mark.parametrize("word", ["user_limit_exceeded", "app_limit_exceeded"])
@pytest.mark.parametrize("header", [None, "soon", "-5", "Fri, 31 Dec 9999 23:59:59 -2300"])
async def test_the_daily_quota_ends_at_midnight_in_new_york(
    provider_of: MakeProvider, word: str, header: str | None
) -> None:
    """Where no time is told, or nonsense."""
    answer = refusal(429, word)
    if header is not None:
        answer.headers["retry-after"] = header
    error = await failed(ThrottledError, _user(provider_of(Script(answer))))
    assert error.until == datetime(2026, 11, 23, 5, tzinfo=UTC)


async def test_a_date_is_a_time_to_wait_for_too(
    provider_of: MakeProvider, clock: FakeClock
) -> None:
    """HTTP allows `Retry-After` to be a date."""
    until = clock.now() + timedelta(minutes=7)
    header = format_datetime(until, usegmt=True)
    script = Script(refusal(429, "user_limit_exceeded", Retry_After=header))
    error = await failed(ThrottledError, _user(provider_of(script)))
    assert error.until == until


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 1),
        ("999999999999", 25 * 3600),
        ("Mon, 01 Jan 2001 00:00:00 GMT", 1),
        ("Mon, 01 Jan 2001 00:00:00 -0000", 1),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 25 * 3600),
    ],
)
async def test_a_time_told_is_kept_within_a_day(
    provider_of: MakeProvider, clock: FakeClock, header: str, seconds: int
) -> None:
    """A hostile or broken header neither stops syncing for a year nor makes it spin."""
    script = Script(refusal(429, "user_limit_exceeded", Retry_After=header))
    error = await failed(ThrottledError, _user(provider_of(script)))
    assert error.until == clock.now() + timedelta(seconds=seconds)


async def test_a_limit_of_an_unknown_kind_lasts_a_minute(
    provider_of: MakeProvider, clock: FakeClock
) -> None:
    """A 429 of some proxy, with a page instead of JSON."""
    script = Script(httpx.Response(429, text="Too many requests"))
    error = await failed(ThrottledError, _user(provider_of(script)))
    assert error.until == clock.now() + timedelta(seconds=60)


@pytest.mark.parametrize(
    ("now", "reset"),
    [
        # Winter, summer, and both nights on which New York changes its clocks.
        (datetime(2026, 1, 15, 4, 59, tzinfo=UTC), datetime(2026, 1, 15, 5, tzinfo=UTC)),
        (datetime(2026, 1, 15, 5, 0, tzinfo=UTC), datetime(2026, 1, 16, 5, tzinfo=UTC)),
        (datetime(2026, 7, 15, 12, tzinfo=UTC), datetime(2026, 7, 16, 4, tzinfo=UTC)),
        (datetime(2026, 3, 8, 12, tzinfo=UTC), datetime(2026, 3, 9, 4, tzinfo=UTC)),
        (datetime(2026, 11, 1, 12, tzinfo=UTC), datetime(2026, 11, 2, 5, tzinfo=UTC)),
    ],
)
def test_midnight_in_new_york(now: datetime, reset: datetime) -> None:
    """The quota starts anew at local midnight, summer and winter."""
    assert quota_reset(now) == reset


def test_midnight_without_time_zones_is_never_too_early(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system without zone data waits an hour too long in summer rather than be refused."""

    def missing(_: str) -> None:
        raise ZoneInfoNotFoundError

    monkeypatch.setattr(failures, "ZoneInfo", missing)
    summer = quota_reset(datetime(2026, 7, 15, 12, tzinfo=UTC))
    winter = quota_reset(datetime(2026, 1, 15, 12, tzinfo=UTC))
    assert (summer.hour, winter.hour) == (5, 5)


# A write's 200 that is no success


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ({"error": "insufficient_scope", "code": 403}, UnauthorizedError),
        ({"error": "wrong_parameter", "code": 400}, RejectedError),
        ({"error": "something"}, BrokenError),
        ({"error": "something", "code": 200}, BrokenError),
    ],
)
async def test_an_error_in_a_writes_success_is_a_failure(
    provider_of: MakeProvider, data: object, kind: type[ProviderError]
) -> None:
    """Nothing may take a write for done that Simkl says has failed."""
    await failed(kind, _deliver(provider_of(Script(reply(200, data)))))


@pytest.mark.parametrize("data", [None, [], {}, {"error": "empty"}])
async def test_an_error_in_a_reads_success_is_nothing(
    provider_of: MakeProvider, data: object
) -> None:
    """Simkl: `[]`, `{}`, `null` or an error in a 200 all say that there is nothing."""
    assert await provider_of(Script(reply(200, data))).resume_points() == ()


@pytest.mark.parametrize("error", [7, None, {"a": 1}, "x" * 50, "no good\n"])
def test_an_error_word_that_is_none_is_no_word(error: object) -> None:
    """Nobody branches on something that cannot be Simkl's."""
    broken = SimklReply(400, {}, {"error": error}, True)
    assert broken.error == ""
    assert isinstance(failure(broken, START), RejectedError)


# 401


async def test_an_expired_token_is_renewed_once_and_the_call_repeated(
    provider_of: MakeProvider, store: MemoryStore
) -> None:
    """V2: the new token is on disk before it is used."""

    def settings(request: httpx.Request) -> httpx.Response:
        assert store.tokens is not None
        assert bearer_of(request) == store.tokens.access == NEW_ACCESS
        return reply(200, {"user": {"name": "dodo"}, "account": {"id": 1}})

    script = Script(refusal(401, "invalid_token"), granted(), settings)
    assert (await provider_of(script).user()).name == "dodo"
    assert script.paths == ["GET /users/settings", "POST /oauth2/token", "GET /users/settings"]


async def test_a_renewed_token_that_is_refused_again_ends_the_sign_in(
    provider_of: MakeProvider,
) -> None:
    """Renewed once, not for ever."""
    script = Script(refusal(401, "invalid_token"), granted(), refusal(401, "invalid_token"))
    error = await failed(UnauthorizedError, _user(provider_of(script)))
    assert str(error) == "Simkl does not accept the sign-in any more. Connect again."


@pytest.mark.parametrize("word", ["user_token_failed", "invalid_token"])
async def test_a_classic_token_gets_one_slow_second_try(
    provider_of: MakeProvider, clock: FakeClock, word: str
) -> None:
    """Simkl: a burst has made good tokens fail; they are not thrown away on one 401."""
    script = Script(refusal(401, word), reply(200, {"account": {"id": 7}}))
    user = await provider_of(script, MemoryStore(V1_TOKENS)).user()
    assert user.id == "7"
    assert clock.sleeps[0] == 5.0
    assert [bearer_of(request) for request in script.requests] == [V1_TOKEN, V1_TOKEN]


async def test_a_classic_token_refused_twice_ends_the_sign_in(provider_of: MakeProvider) -> None:
    """V1 has no renewal."""
    script = Script(refusal(401, "user_token_failed"), refusal(401, "user_token_failed"))
    await failed(UnauthorizedError, _user(provider_of(script, MemoryStore(V1_TOKENS))))
    assert len(script.requests) == 2


async def test_a_missing_token_is_no_reason_to_renew(
    provider_of: MakeProvider, store: MemoryStore
) -> None:
    """`user_token_required` means that none was sent: a bug, not an expired sign-in."""
    await failed(RejectedError, _user(provider_of(Script(refusal(401, "user_token_required")))))
    assert store.saved == []
