"""Signing in and out: what is kept, when, and whose it is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from dodo_tui.domain.account import Account, Tokens, User
from dodo_tui.domain.queue import QueueKind
from dodo_tui.providers.errors import OfflineError
from dodo_tui.providers.sign_in import SignedIn, SignInStep
from dodo_tui.storage import accounts, queued, sending
from dodo_tui.storage.credentials import CredentialsError, TokenFile
from dodo_tui.storage.store import Store
from dodo_tui.tracking.applying.pull import Side
from dodo_tui.tracking.draining.drain import drain
from dodo_tui.tracking.first_sync import Choice, choose, chosen_side
from dodo_tui.tracking.signin import name_account, sign_in, sign_out
from tests.storage.support import put_row
from tests.support.clock import START, FakeClock
from tests.tracking.fakes import FakeProvider

_TOKENS = Tokens("access", "refresh")


@dataclass
class _Simkl(FakeProvider):
    """Lets somebody in at once."""

    who: User = field(default_factory=lambda: User("1", "Dodo"))
    store: Store | None = None
    seen: list[tuple[str, ...]] = field(default_factory=list)
    """Which users were connected whenever it was asked who it is."""

    async def authorize(self) -> AsyncIterator[SignInStep]:
        """Nobody has to type anything."""
        yield SignedIn(_TOKENS)

    async def user(self) -> User:
        """Who it is."""
        assert self.store is not None
        known = self.store.run_now(accounts.connected_accounts)
        self.seen.append(tuple(account.user.id for account in known))
        self._answer("user", "")
        return self.who


@pytest.fixture
def tokens(tmp_path: Path) -> TokenFile:
    """Where the tokens are to be."""
    return TokenFile(tmp_path, "simkl", 1)


async def _sign_in(store: Store, tokens: TokenFile, simkl: _Simkl, clock: FakeClock) -> Account:
    simkl.store = store
    async for _ in sign_in(store, tokens, simkl, 1, clock):
        pass
    account = store.run_now(accounts.find_account, 1, "simkl")
    assert account is not None
    return account


async def test_tokens_and_account_are_kept(
    store: Store, tokens: TokenFile, clock: FakeClock
) -> None:
    """By the time the last step is seen."""
    account = await _sign_in(store, tokens, _Simkl(), clock)
    assert account.user == User("1", "Dodo")
    assert await tokens.load() == _TOKENS


async def test_a_name_that_cannot_be_had_costs_nothing(
    store: Store, tokens: TokenFile, clock: FakeClock
) -> None:
    """Defect 55: the tokens are kept, and it is asked again later."""
    simkl = _Simkl(lambda _verb, _title: OfflineError("No network."))
    account = await _sign_in(store, tokens, simkl, clock)
    assert account.user.id == ""
    assert await tokens.load() == _TOKENS
    simkl.script = lambda _verb, _title: None
    named = await name_account(store, account, simkl, clock)
    assert named.user.name == "Dodo"
    assert await name_account(store, named, simkl, clock) == named


async def test_the_same_person_comes_back_to_what_waits(
    store: Store, account: Account, tokens: TokenFile, clock: FakeClock
) -> None:
    """Pain 22."""
    row_id = store.run_now(put_row, account)
    again = await _sign_in(store, tokens, _Simkl(), clock)
    assert again.id == account.id
    assert [row.id for row in store.run_now(sending.next_rows, again.id, 9)] == [row_id]


async def test_another_person_s_tokens_never_send_what_waits(
    store: Store, account: Account, tokens: TokenFile, clock: FakeClock
) -> None:
    """Not even while it is not known yet who it is."""
    store.run_now(put_row, account, at=START - timedelta(hours=1))
    simkl = _Simkl(who=User("2", "Anna"))
    anna = await _sign_in(store, tokens, simkl, clock)
    assert simkl.seen == [("",)]
    assert (await drain(store, account, simkl, clock)).sent == 0
    assert (await drain(store, anna, simkl, clock)).sent == 0
    assert simkl.calls == []


async def test_what_is_queued_before_the_name_is_known_is_kept(
    store: Store, tokens: TokenFile, clock: FakeClock
) -> None:
    """It is told in the name of whoever signed in."""
    simkl = _Simkl(lambda _verb, _title: OfflineError("No network."))
    unknown = await _sign_in(store, tokens, simkl, clock)
    store.run_now(put_row, unknown, QueueKind.UNWATCHED)
    simkl.script = lambda _verb, _title: None
    named = await name_account(store, unknown, simkl, clock)
    assert (await drain(store, named, simkl, clock)).sent == 1


async def test_what_was_chosen_before_the_name_is_known_counts(
    store: Store, tokens: TokenFile, clock: FakeClock
) -> None:
    """`dodo sync --take-theirs` right after a sign-in without a network for the name."""
    simkl = _Simkl(lambda _verb, _title: OfflineError("No network."))
    unknown = await _sign_in(store, tokens, simkl, clock)
    store.run_now(choose, unknown.id, Choice.TAKE_THEIRS)
    simkl.script = lambda _verb, _title: None
    named = await name_account(store, unknown, simkl, clock)
    assert store.run_now(chosen_side, named.id) is Side.THEIRS


async def test_signing_out_forgets_the_tokens_and_keeps_what_waits(
    store: Store, tokens: TokenFile, clock: FakeClock
) -> None:
    """Defect 59: for a return."""
    account = await _sign_in(store, tokens, _Simkl(), clock)
    store.run_now(put_row, account)
    await sign_out(store, tokens, FakeProvider(), account)
    assert await tokens.load() is None
    assert store.run_now(accounts.find_account, 1, "simkl") is None
    assert store.run_now(queued.unsent_facts, account.id) == 1


async def test_tokens_that_cannot_be_kept_connect_nobody(
    store: Store, tokens: TokenFile, clock: FakeClock, tmp_path: Path
) -> None:
    """There is nothing to speak with."""
    (tmp_path / "simkl-1.new").mkdir()
    with pytest.raises(CredentialsError):
        await _sign_in(store, tokens, _Simkl(), clock)
    assert store.run_now(accounts.find_account, 1, "simkl") is None


async def test_a_sign_in_that_fails_leaves_the_one_before(
    store: Store, account: Account, tokens: TokenFile, clock: FakeClock, tmp_path: Path
) -> None:
    """Its tokens are there as before."""
    (tmp_path / "simkl-1.new").mkdir()
    with pytest.raises(CredentialsError):
        await _sign_in(store, tokens, _Simkl(), clock)
    assert store.run_now(accounts.find_account, 1, "simkl") == account


async def test_the_account_before_is_signed_out_before_new_tokens_are_there(
    store: Store, account: Account, tmp_path: Path, clock: FakeClock
) -> None:
    """At no moment could what waits for it be sent with the tokens of another."""
    seen: list[bool] = []

    class Watched(TokenFile):
        def write(self, tokens: Tokens) -> None:
            seen.append(store.run_now(accounts.is_still_connected, account))
            super().write(tokens)

    await _sign_in(store, Watched(tmp_path, "simkl", 1), _Simkl(), clock)
    assert seen == [False]


async def test_a_provider_that_never_answers_does_not_keep_anybody_signed_in(
    store: Store, tokens: TokenFile, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Revoking is tried for a moment; the tokens are gone whatever comes of it."""
    monkeypatch.setattr("dodo_tui.tracking.signin._REVOKE_DEADLINE_SECONDS", 0.01)

    class Silent(FakeProvider):
        async def revoke(self) -> None:
            await asyncio.Event().wait()

    account = await _sign_in(store, tokens, _Simkl(), clock)
    await sign_out(store, tokens, Silent(), account)
    assert store.run_now(accounts.find_account, 1, "simkl") is None
    assert await tokens.load() is None


async def test_signing_out_late_leaves_the_tokens_of_a_later_sign_in(
    store: Store, tokens: TokenFile, clock: FakeClock, tmp_path: Path
) -> None:
    """Whoever signs out while somebody signs in forgets their own tokens only."""
    account = await _sign_in(store, tokens, _Simkl(), clock)
    later = TokenFile(tmp_path, "simkl", 1)

    class Slow(FakeProvider):
        async def revoke(self) -> None:
            await later.save(Tokens("later"))

    await sign_out(store, TokenFile(tmp_path, "simkl", 1), Slow(), account)
    assert await later.load() == Tokens("later")
