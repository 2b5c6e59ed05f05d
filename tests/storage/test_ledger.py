"""What was watched here and a provider has not been told."""

from __future__ import annotations

import sqlite3

import pytest

from dodo_tui.domain.queue import DeliveryState, QueueKind
from dodo_tui.storage import ledger, sending
from tests.storage.support import put_account, put_film, put_mark, put_progress, put_row
from tests.support.clock import START


@pytest.mark.parametrize(
    ("verb", "is_untold"), [("pause", True), ("stop", False), ("history", False)]
)
def test_what_was_told_as_watched_is_not_told_again(
    connection: sqlite3.Connection, verb: str, is_untold: bool
) -> None:
    """A pause of the same viewing is no word of its end."""
    account = put_account(connection)
    key = put_film(connection)
    put_mark(connection, key, "play")
    put_progress(connection, key, watched=True)

    def untold() -> list[str | None]:
        rows = ledger.untold_watches(connection, 1, account.id)
        return [play_id for _, _, play_id in rows]

    assert untold() == ["play"]
    put_row(connection, account, QueueKind.WATCHED, key, play_id="play")
    assert untold() == []
    (row,) = sending.next_rows(connection, account.id, 5)
    sending.settle(connection, row, DeliveryState.SENT, verb, "done", START)
    assert untold() == (["play"] if is_untold else [])
