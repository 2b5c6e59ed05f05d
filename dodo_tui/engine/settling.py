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
from dodo_tui.engine.delivery import Delivery
from dodo_tui.players.errors import PlayerError
from dodo_tui.storage import accounts, queue, sending
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
    while await store.run(_is_unsettled, clock.now()):
        delivery.wake()
        await clock.sleep(_LOOK_EVERY_SECONDS)


def _is_unsettled(connection: sqlite3.Connection, now: datetime) -> bool:
    """Whether anything plays, or is being told or waits to be; pauses are told at once."""
    queue.hurry_pauses(connection, now)
    if accounts.is_syncing(connection):
        return True
    if any(
        not play.playback.paused and play.owner is not None and is_alive(play.owner)
        for play in open_plays(connection)
    ):
        return True
    heads = (
        row
        for account in accounts.connected_accounts(connection)
        for row in sending.next_rows(connection, account.id, 1)
    )
    return any(row.attempts == 0 and row.not_before <= now for row in heads)
