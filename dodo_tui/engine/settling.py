"""What is done before this machine sleeps, by the engine and by `dodo play` alike.

Each process that plays or watches pauses what it has, and waits for the others: whoever delivers
has the pause of all of them to tell.
"""

from __future__ import annotations

import contextlib
import sqlite3
from datetime import datetime
from typing import TYPE_CHECKING

from dodo_tui.clock import Clock
from dodo_tui.domain.queue import QueueKind, QueueRow
from dodo_tui.engine.delivery import Delivery
from dodo_tui.players.errors import PlayerError
from dodo_tui.storage import accounts, sending
from dodo_tui.storage.database import reading
from dodo_tui.storage.errors import StorageError
from dodo_tui.storage.owner import is_alive
from dodo_tui.storage.plays import open_plays
from dodo_tui.storage.store import Store

if TYPE_CHECKING:
    from dodo_tui.engine.on_air import Controller

_LOOK_EVERY_SECONDS = 0.1


async def pause(hands: Controller | None) -> None:
    """Pause a player, if there is one that does as it is asked."""
    if hands is not None:
        with contextlib.suppress(PlayerError):
            await hands.pause(True)


async def settle(store: Store, delivery: Delivery, clock: Clock) -> None:
    """Wait until all viewings are paused, here or in another process, and that has been told.

    What cannot be told is not waited for longer than one try; the caller sees to the deadline.
    """
    while True:
        with contextlib.suppress(StorageError):  # somebody writes just now: at the next look
            await store.run(sending.hurry_pauses, clock.now())
        if not await store.run(is_unsettled, clock.now()):
            return
        delivery.wake()
        await clock.sleep(_LOOK_EVERY_SECONDS)


def is_unsettled(connection: sqlite3.Connection, now: datetime) -> bool:
    """Whether anything plays, or is being told or waits to be. It only looks, at one moment.

    A provider that asks to wait is told nothing before the machine sleeps.
    """
    with reading(connection):
        if accounts.is_syncing(connection) or _anything_plays(connection):
            return True
        return any(
            _is_to_be_told(row, now)
            for account in accounts.connected_accounts(connection)
            if accounts.throttled(connection, account, now) is None
            for row in sending.next_rows(connection, account.id, 1)
        )


def _anything_plays(connection: sqlite3.Connection) -> bool:
    return any(
        not play.playback.paused and play.owner is not None and is_alive(play.owner)
        for play in open_plays(connection)
    )


def _is_to_be_told(row: QueueRow, now: datetime) -> bool:
    """Whether a row has not been tried and is due, as every pause is."""
    return row.attempts == 0 and (row.kind is QueueKind.PAUSE or row.not_before <= now)
