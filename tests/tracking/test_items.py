"""What providers are told of a title: what is known, and nothing that only stands in for it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dodo_tui.domain.ids import Key
from dodo_tui.storage.database import transaction
from dodo_tui.storage.store import Store
from dodo_tui.tracking.items import item_for
from dodo_tui.tracking.marks import ensure_known
from tests.tracking.samples import FILM

NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.mark.parametrize("key", ["tt1254207", "simkl:472214", "tmdb:movie:603", "tt1254208:1:5"])
def test_an_id_is_no_title(store: Store, key: str) -> None:
    """A title known by its id alone is told by that id; a provider would look for the name."""

    def make(connection: object) -> str:
        with transaction(connection, durable=False):  # type: ignore[arg-type]
            return str(ensure_known(connection, Key.parse(key), NOW))  # type: ignore[arg-type]

    item = store.run_now(item_for, store.run_now(make))
    assert item is not None
    assert item.title == ""
    assert tuple(item.ids)


def test_a_title_is_told(store: Store) -> None:
    """With everything known of it."""
    item = store.run_now(item_for, FILM)
    assert item is not None
    assert item.title == "The Matrix"
