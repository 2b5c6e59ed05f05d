"""A store of one person who is signed in, and a clock that stands still."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dodo_tui.domain.account import Account
from dodo_tui.storage.store import Store
from tests.storage.support import put_account, put_film, put_profile, put_show
from tests.support.clock import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    """The time of the test."""
    return FakeClock()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An open store with the profile 1, a film and a series."""
    store = Store.open(tmp_path / "dodo.db")
    assert store.run_now(put_profile) == 1
    store.run_now(put_film, "tt0133093", "The Matrix")
    store.run_now(put_show, "tt0903747", "Breaking Bad")
    yield store
    store.close()


@pytest.fixture
def account(store: Store) -> Account:
    """The profile's account at Simkl."""
    return store.run_now(put_account)
