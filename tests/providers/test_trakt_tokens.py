"""Renewing Trakt's tokens: a refresh token works once, so it is used once, and saved first."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from dodo_tui.providers.errors import (
    BrokenError,
    MisconfiguredError,
    OfflineError,
    UnauthorizedError,
)
from tests.providers.support import (
    ACCESS,
    NEW_ACCESS,
    REFRESH,
    MemoryStore,
    Script,
    Step,
    bearer_of,
    failed,
)
from tests.providers.trakt_support import (
    NEW_REFRESH,
    TOKENS,
    body_of,
    due,
    granted,
    page,
    provider_of,
    reply,
)
from tests.support.clock import START, FakeClock

USER = reply(200, {"user": {"username": "dodo", "name": "Dodo", "ids": {"slug": "dodo"}}})
GONE = {"error": "invalid_grant", "error_description": "session not found"}


async def test_renewed_at_half_of_their_life(clock: FakeClock) -> None:
    """The other half is for days without network. The new pair is on disk before it is used."""
    store = MemoryStore(due())
    script = Script(granted(), USER)
    provider = provider_of(script, clock, store=store)
    assert (await provider.user()).name == "Dodo"
    assert body_of(script.requests[0]) == {
        "client_id": body_of(script.requests[0])["client_id"],
        "client_secret": body_of(script.requests[0])["client_secret"],
        "refresh_token": REFRESH,
        "grant_type": "refresh_token",
        "redirect_uri": "urn:ietf:wg:oauth:2.0:oob",
    }
    assert bearer_of(script.requests[1]) == NEW_ACCESS
    assert [tokens.refresh for tokens in store.saved] == [NEW_REFRESH]
    await provider.close()


async def test_a_token_is_not_renewed_in_the_first_half_of_its_life(clock: FakeClock) -> None:
    """A token in the first half of its life is used as it is."""
    script = Script(USER)
    await provider_of(script, clock).user()
    assert bearer_of(script.last) == ACCESS


async def test_one_renewal_for_many_calls_at_once(clock: FakeClock) -> None:
    """Two clients of one account, as two processes are: the second uses what the first saved."""
    store = MemoryStore(due())
    first = provider_of(Script(granted(), USER), clock, store=store)
    second_script = Script(USER)
    second = provider_of(second_script, clock, store=store)
    await asyncio.gather(first.user(), second.user())
    assert len(store.saved) == 1
    assert bearer_of(second_script.last) == NEW_ACCESS


async def test_a_refused_token_is_renewed_once_and_tried_once(clock: FakeClock) -> None:
    """401: read again, renew, try again, and then ask to reconnect."""
    script = Script(httpx.Response(401), granted(), httpx.Response(401))
    error = await failed(UnauthorizedError, provider_of(script, clock).user())
    assert str(error) == "Trakt does not accept the sign-in any more. Connect again."
    assert len(script.requests) == 3


async def test_a_token_that_another_process_renewed_is_used(clock: FakeClock) -> None:
    """The one that was refused is not the one that is kept: no renewal."""
    store = MemoryStore()
    store.tokens = TOKENS

    def renewed_meanwhile(_request: httpx.Request) -> httpx.Response:
        store.tokens = replace(TOKENS, access=NEW_ACCESS, refresh=NEW_REFRESH)
        return httpx.Response(401)

    script = Script(renewed_meanwhile, USER)
    await provider_of(script, clock, store=store).user()
    assert bearer_of(script.last) == NEW_ACCESS
    assert store.saved == []


@pytest.mark.parametrize("answer", [reply(400, GONE), reply(401, GONE), httpx.Response(401)])
async def test_a_lost_grant_goes_on_until_the_token_ends(
    clock: FakeClock, answer: httpx.Response
) -> None:
    """The access token may still work; when it does not, the user is asked to reconnect."""
    store = MemoryStore(due())
    script = Script(answer, USER)
    provider = provider_of(script, clock, store=store)
    await provider.user()
    assert bearer_of(script.last) == ACCESS
    assert store.tokens == due()
    clock.advance(timedelta(days=8).total_seconds())
    script.steps.append(answer)
    await failed(UnauthorizedError, provider.user())
    assert store.saved == []


@pytest.mark.parametrize(
    "answer", [httpx.ReadTimeout("late"), page(503), page(403), reply(429, Retry_After="60")]
)
async def test_trouble_while_renewing_ahead_of_time_waits(clock: FakeClock, answer: Step) -> None:
    """Sent once: whether it arrived is not known. The pair stays; it is tried again later."""
    store = MemoryStore(due())
    script = Script(answer, USER, USER)
    provider = provider_of(script, clock, store=store)
    await provider.user()
    await provider.user()
    assert script.paths == ["POST /oauth/token", "GET /users/settings", "GET /users/settings"]
    assert store.tokens == due()


async def test_a_lost_answer_may_have_ended_the_grant(clock: FakeClock) -> None:
    """The first attempt had arrived: the second is told so, and the user reconnects."""
    store = MemoryStore(replace(due(), expires_at=START))
    script = Script(httpx.ReadTimeout("late"), reply(400, GONE))
    provider = provider_of(script, clock, store=store)
    await failed(OfflineError, provider.user())
    await failed(UnauthorizedError, provider.user())


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (reply(401, {"error": "invalid_client"}), MisconfiguredError),
        (reply(200, {"access_token": "x y"}), BrokenError),
        (reply(200, []), BrokenError),
        (page(200), BrokenError),
        (reply(404), BrokenError),
        (httpx.Response(403), MisconfiguredError),
    ],
)
async def test_what_says_nothing_about_the_grant_signs_nobody_out(
    clock: FakeClock, answer: httpx.Response, kind: type[Exception]
) -> None:
    """Neither a wrong app nor nonsense."""
    store = MemoryStore(replace(due(), expires_at=START))
    await failed(kind, provider_of(Script(answer), clock, store=store).user())  # type: ignore[type-var]
    assert store.tokens == replace(due(), expires_at=START)


async def test_a_renewal_under_way_reaches_the_disk_though_its_caller_ends(
    clock: FakeClock,
) -> None:
    """Dodo is quit in the middle of a renewal: the pair was given out already, so it is saved."""
    store, asked = MemoryStore(due()), asyncio.Event()
    save: Callable[..., object] = store.save

    async def slow_save(tokens: object) -> None:
        asked.set()
        await asyncio.sleep(0.05)
        await save(tokens)  # type: ignore[misc]

    store.save = slow_save  # type: ignore[method-assign]
    call = asyncio.create_task(provider_of(Script(granted(), USER), clock, store=store).user())
    await asked.wait()
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert [tokens.refresh for tokens in store.saved] == [NEW_REFRESH]
