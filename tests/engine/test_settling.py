"""Before the machine sleeps: what is waited for, and what is not."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest

from dodo_tui.domain.account import Account
from dodo_tui.domain.queue import DeliveryState, QueueKind
from dodo_tui.engine.delivery import Delivery
from dodo_tui.engine.settling import is_unsettled, settle
from dodo_tui.storage import accounts, sending
from dodo_tui.storage.database import open_database, transaction
from dodo_tui.storage.store import Store
from tests.storage.support import put_account, put_film, put_mark, put_profile, put_row
from tests.support.clock import START, FakeClock

_MOST_LOOKS = 5


class Teller:
    """In place of a delivery: tells what is due as soon as it is woken."""

    def __init__(self, store: Store, account: Account, clock: FakeClock) -> None:
        self._store, self._account, self._clock = store, account, clock
        self.wakes = 0

    def wake(self) -> None:
        """Tell everything."""
        self.wakes += 1
        assert self.wakes <= _MOST_LOOKS, "it waits for what is never told"
        self._store.run_now(self._tell)

    def _tell(self, connection: sqlite3.Connection) -> None:
        now = self._clock.now()
        waits = accounts.throttled(connection, self._account, now) is not None
        for row in sending.next_rows(connection, self._account.id, 1):
            if row.not_before <= now and not waits:
                sending.settle(connection, row, DeliveryState.SENT, "pause", "", now)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A database with a film."""
    with closing(Store.open(tmp_path / "dodo.db")) as opened:
        opened.run_now(put_profile)
        opened.run_now(put_film)
        yield opened


@pytest.fixture
def account(store: Store) -> Account:
    """Who is told, with a pause that is put off by the debounce."""
    signed_in = store.run_now(put_account)
    store.run_now(put_mark, "tt0133093", "play")
    store.run_now(put_row, signed_in, QueueKind.PAUSE, play_id="play", percent=42.0, delay=5.0)
    return signed_in


async def settled(store: Store, account: Account) -> Teller:
    """Wait until it is; answers who told."""
    clock = FakeClock()
    teller = Teller(store, account, clock)
    await settle(store, cast("Delivery", teller), clock)
    return teller


async def test_a_pause_is_told_at_once(store: Store, account: Account) -> None:
    """Nobody is there any more who could take it back."""
    assert (await settled(store, account)).wakes == 1
    assert store.run_now(sending.next_rows, account.id, 1) == ()


async def test_a_provider_that_asks_to_wait_is_not_waited_for(
    store: Store, account: Account
) -> None:
    """Nothing can be told before the machine sleeps, so nothing holds up its sleep."""
    until = START + timedelta(hours=1)
    store.run_now(accounts.set_throttled_until, account.id, until)
    assert (await settled(store, account)).wakes == 0
    assert len(store.run_now(sending.next_rows, account.id, 1)) == 1


def test_looking_waits_for_nobody_who_writes(store: Store, account: Account) -> None:
    """It writes nothing, so that it answers while another process holds the database."""
    with closing(open_database(store.path)) as other, transaction(other, durable=False):
        other.execute("UPDATE queue SET attempts = attempts")
        assert store.run_now(is_unsettled, START)


async def test_what_waits_behind_a_writer_is_told_after_it(store: Store, account: Account) -> None:
    """The pause cannot be hurried while somebody writes; that is no trouble of anybody's."""
    with closing(open_database(store.path)) as other:
        store.run_now(lambda connection: connection.execute("PRAGMA busy_timeout = 1"))
        other.execute("BEGIN IMMEDIATE")

        class Later(Teller):
            def wake(self) -> None:
                if other.in_transaction:
                    other.execute("COMMIT")
                else:
                    super().wake()

        clock = FakeClock()
        teller = Later(store, account, clock)
        await settle(store, cast("Delivery", teller), clock)
    assert teller.wakes == 1
