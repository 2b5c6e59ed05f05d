"""Renewing tokens: when, under which lock, and what is kept."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from dodo_tui.domain.account import Tokens
from dodo_tui.providers.errors import (
    BrokenError,
    MisconfiguredError,
    OfflineError,
    ProviderError,
    UnauthorizedError,
)
from dodo_tui.providers.facts import Outcome, Verb
from dodo_tui.providers.keeper import TokenKeeper, Words
from tests.providers.conftest import MakeProvider
from tests.providers.support import (
    ACCESS,
    CLIENT_ID,
    INCEPTION,
    NEW_ACCESS,
    REFRESH,
    SCOPE,
    V1_TOKENS,
    V2_TOKENS,
    MemoryStore,
    Script,
    bearer_of,
    failed,
    form_of,
    granted,
    refusal,
    reply,
)
from tests.support.clock import START, FakeClock

SETTINGS = {"user": {"name": "dodo"}, "account": {"id": 1}}


def _expiring(left: timedelta) -> Tokens:
    return replace(V2_TOKENS, expires_at=START + left)


async def test_tokens_are_renewed_a_day_before_their_end(
    provider_of: MakeProvider, clock: FakeClock
) -> None:
    """Simkl: about one day before expiry; the sliding refresh token is kept."""
    store = MemoryStore(_expiring(timedelta(days=1)))
    script = Script(granted(refresh_token=None), reply(200, SETTINGS))
    await provider_of(script, store).user()
    assert form_of(script.requests[0]) == {
        "client_id": CLIENT_ID,
        "grant_type": "refresh_token",
        "refresh_token": REFRESH,
    }
    assert bearer_of(script.requests[0]) is None
    assert bearer_of(script.requests[1]) == NEW_ACCESS
    end = clock.now() + timedelta(days=7)
    assert store.saved == [Tokens(NEW_ACCESS, REFRESH, end, SCOPE, end - timedelta(days=1))]


async def test_a_rotated_refresh_token_is_kept(provider_of: MakeProvider) -> None:
    """Simkl does not rotate them today; the answer is taken at its word."""
    store = MemoryStore(_expiring(timedelta(0)))
    script = Script(granted(refresh_token="simkl_rt_other"), reply(200, SETTINGS))
    await provider_of(script, store).user()
    assert store.saved[0].refresh == "simkl_rt_other"


@pytest.mark.parametrize(
    "tokens",
    [
        _expiring(timedelta(days=1, seconds=1)),
        V1_TOKENS,
        replace(V2_TOKENS, expires_at=None),
        replace(V2_TOKENS, expires_at=START, refresh=None),
    ],
    ids=["fresh", "classic", "no known end", "cannot be renewed"],
)
async def test_tokens_are_not_renewed_without_need(
    provider_of: MakeProvider, tokens: Tokens
) -> None:
    """One request for one question."""
    script = Script(reply(200, SETTINGS))
    await provider_of(script, MemoryStore(tokens)).user()
    assert len(script.requests) == 1


async def test_short_lived_tokens_are_not_renewed_before_every_call(
    provider_of: MakeProvider, clock: FakeClock
) -> None:
    """Where a token lives less than a day, "a day before its end" would be always."""
    store = MemoryStore(_expiring(timedelta(0)))
    script = Script(granted(expires_in=3600), *[reply(200, SETTINGS) for _ in range(3)])
    provider = provider_of(script, store)
    for _ in range(3):
        await provider.user()
    assert script.paths.count("POST /oauth2/token") == 1
    clock.advance(3600 * 6 / 7)
    script.steps = [granted("simkl_at_third"), reply(200, SETTINGS)]
    await provider.user()
    assert script.steps == []


@pytest.mark.parametrize(
    "trouble", [httpx.ConnectError("down"), httpx.Response(503), refusal(429, "rate_limit")]
)
async def test_a_renewal_ahead_of_time_may_fail(
    provider_of: MakeProvider,
    clock: FakeClock,
    trouble: httpx.Response | Exception,
) -> None:
    """The old token is still good; the next attempt comes later, not before every call."""
    store = MemoryStore(_expiring(timedelta(hours=5)))
    script = Script(trouble, reply(200, SETTINGS), reply(200, SETTINGS))
    provider = provider_of(script, store)
    await provider.user()
    await provider.user()
    assert [bearer_of(request) for request in script.requests[1:]] == [ACCESS, ACCESS]
    clock.advance(600)
    script.steps = [granted(), reply(200, SETTINGS)]
    await provider.user()
    assert bearer_of(script.last) == NEW_ACCESS


async def test_a_grant_that_has_ended_is_told_ahead_of_time(provider_of: MakeProvider) -> None:
    """Simkl ends the tokens with it, so there is nothing to go on with until their end."""
    store = MemoryStore(_expiring(timedelta(hours=5)))
    provider = provider_of(Script(refusal(400, "invalid_grant")), store)
    await failed(UnauthorizedError, provider.user())
    assert store.saved == []


async def test_an_expired_token_is_not_used_when_it_cannot_be_renewed(
    provider_of: MakeProvider,
) -> None:
    """Its refusal is certain, so the trouble itself is told."""
    store = MemoryStore(_expiring(timedelta(0)))
    await failed(OfflineError, provider_of(Script(httpx.ConnectError("x")), store).user())
    assert store.saved == []


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (refusal(400, "invalid_grant"), UnauthorizedError),
        (refusal(401, "invalid_client"), MisconfiguredError),
        (refusal(412, "client_id_failed"), MisconfiguredError),
        (refusal(400, "invalid_request"), BrokenError),
        (reply(200, {}), BrokenError),
        (reply(200, {"access_token": "with blank"}), BrokenError),
        (reply(200, {"access_token": "new\r\nline"}), BrokenError),
        (reply(200, {"access_token": ACCESS, "refresh_token": 7}), BrokenError),
        (httpx.Response(200, text="<html>"), BrokenError),
        (httpx.Response(500), BrokenError),
        (httpx.ReadTimeout("slow"), OfflineError),
    ],
)
async def test_a_refused_renewal_is_no_rejection_of_what_is_being_sent(
    provider_of: MakeProvider,
    store: MemoryStore,
    answer: httpx.Response | Exception,
    kind: type[ProviderError],
) -> None:
    """A fact must not be held for ever because its token could not be renewed."""
    script = Script(refusal(401, "invalid_token"), answer)
    await failed(kind, provider_of(script).scrobble(Verb.STOP, INCEPTION, 95))
    assert store.saved == []


async def test_another_process_has_renewed_already(
    provider_of: MakeProvider, store: MemoryStore
) -> None:
    """The store is read again inside the lock, and what is there is used as it is."""

    def other_process() -> None:
        store.tokens = replace(V2_TOKENS, access=NEW_ACCESS)

    store.on_locked = other_process
    script = Script(refusal(401, "invalid_token"), reply(200, SETTINGS))
    await provider_of(script).user()
    assert [bearer_of(request) for request in script.requests] == [ACCESS, NEW_ACCESS]
    assert store.saved == []


async def test_another_process_has_renewed_ahead_of_time(provider_of: MakeProvider) -> None:
    """Both found the token near its end; only one asks."""
    store = MemoryStore(_expiring(timedelta(hours=1)))

    def other_process() -> None:
        store.tokens = replace(V2_TOKENS, access=NEW_ACCESS)

    store.on_locked = other_process
    script = Script(reply(200, SETTINGS))
    await provider_of(script, store).user()
    assert bearer_of(script.last) == NEW_ACCESS


async def test_another_process_has_signed_out(
    provider_of: MakeProvider, store: MemoryStore
) -> None:
    """Between the refusal and the lock the user disconnected."""

    def other_process() -> None:
        store.tokens = None

    store.on_locked = other_process
    script = Script(refusal(401, "invalid_token"))
    error = await failed(UnauthorizedError, provider_of(script).user())
    assert str(error) == "Simkl is not connected."


async def test_two_clients_with_one_store_renew_once(provider_of: MakeProvider) -> None:
    """Each refresh kills the other's token, so the second one takes what the first one got."""
    live = {ACCESS: False}
    store = MemoryStore(_expiring(timedelta(days=3)))
    renewals = 0

    def server(request: httpx.Request) -> httpx.Response:
        nonlocal renewals
        if request.url.path == "/oauth2/token":
            renewals += 1
            fresh = f"{NEW_ACCESS}{renewals}"
            live.clear()
            live[fresh] = True
            return granted(fresh)
        is_live = live.get(bearer_of(request) or "", False)
        return reply(200, SETTINGS) if is_live else refusal(401, "invalid_token")

    scripts = Script(*[server] * 6), Script(*[server] * 6)
    await asyncio.gather(*(provider_of(script, store).user() for script in scripts))
    assert renewals == 1


async def test_without_a_refresh_token_a_refusal_ends_the_sign_in(
    provider_of: MakeProvider,
) -> None:
    """There is nothing to renew with."""
    store = MemoryStore(replace(V2_TOKENS, refresh=None))
    script = Script(refusal(401, "invalid_token"))
    await failed(UnauthorizedError, provider_of(script, store).user())


@pytest.mark.parametrize("store", [None, MemoryStore(None)], ids=["no store", "empty store"])
async def test_nobody_is_signed_in(provider_of: MakeProvider, store: MemoryStore | None) -> None:
    """No request goes out."""
    script = Script()
    error = await failed(UnauthorizedError, provider_of(script, store).user())
    assert str(error) == "Simkl is not connected."


async def test_without_a_store_nothing_is_renewed(clock: FakeClock) -> None:
    """Before the first sign-in there is nothing to renew, and nowhere to keep it."""

    async def refresh(tokens: Tokens, secret: str) -> Tokens:
        raise AssertionError

    keeper = TokenKeeper(None, clock, Words("Simkl", "Not connected.", "Refused."), refresh)
    assert await keeper.stored() is None
    await failed(UnauthorizedError, keeper.replaced(V2_TOKENS))


async def test_tokens_are_read_for_every_call(
    provider_of: MakeProvider, store: MemoryStore
) -> None:
    """A sign-in by another process is noticed by itself."""
    store.tokens = None
    script = Script(reply(200, SETTINGS))
    provider = provider_of(script)
    await failed(UnauthorizedError, provider.user())
    store.tokens = V2_TOKENS
    assert (await provider.user()).name == "dodo"


async def test_a_renewal_between_two_writes_keeps_the_pace(
    provider_of: MakeProvider, clock: FakeClock
) -> None:
    """A refresh is a POST too: never two within a second."""
    script = Script(refusal(401, "invalid_token"), granted(), reply(201, {"action": "scrobble"}))
    answer = await provider_of(script).scrobble(Verb.STOP, INCEPTION, 95)
    assert answer.outcome is Outcome.WATCHED
    assert clock.sleeps == [1.0, 1.0]


def test_tokens_show_no_secret() -> None:
    """Not even where somebody logs them whole."""
    assert ACCESS not in repr(V2_TOKENS)
    assert REFRESH not in repr(V2_TOKENS)
