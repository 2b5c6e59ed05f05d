"""The question of the first sync, by six keys."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

from dodo_tui.domain.ids import Key
from dodo_tui.storage.database import transaction
from dodo_tui.storage.media import save_media
from dodo_tui.tracking.first_sync import SAFE_WRITES
from dodo_tui.tracking.marks import mark_watched
from dodo_tui.tui.face.unmeant_keys import MOVED_SECONDS
from tests.sync.server import film
from tests.tui.screens.support import World, gone, keys, running, seen

MANY = SAFE_WRITES + 10


def mark_many(world: World) -> None:
    """More films were watched here than are sent without a word."""
    now = world.clock.now()

    def know(connection: sqlite3.Connection) -> None:
        with transaction(connection, durable=False):
            for number in range(MANY):
                save_media(connection, film(number), now)

    def mark(connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA synchronous = OFF")
        for number in range(MANY):
            at = now - timedelta(days=number + 1)
            mark_watched(connection, world.profile.id, Key(film(number).id), at, now)

    world.store.run_now(know)
    world.store.run_now(mark)
    world.connect()
    world.services.simkl.trouble = None


async def test_a_lot_to_send_is_said_before_anything_is_sent(world: World) -> None:
    """The sentence stands with the counts, and "not now" sends nothing."""
    mark_many(world)
    async with running(world) as (app, pilot):
        await keys(app, pilot, "r", "First sync", f"Merge: 0 changes here, {MANY} sent.")
        await seen(app, pilot, f"Sending {MANY} is a lot; look at the counts before you choose.")
        await keys(app, pilot, "escape", "Continue Watching", "not synced yet")
        assert world.services.simkl.heard == []


async def test_a_lot_is_sent_once_it_was_chosen(world: World) -> None:
    """All of them, once; afterwards nothing waits and nobody is asked again."""
    mark_many(world)
    async with running(world) as (app, pilot):
        await keys(app, pilot, "r", f"Sending {MANY} is a lot")
        world.clock.advance(MOVED_SECONDS)
        await keys(app, pilot, "enter", "Continue Watching")
        await gone(app, pilot, "not synced yet")
        await app.delivery.idle()
        heard = world.services.simkl.heard
        assert (len(heard), len(set(heard))) == (MANY, MANY)


async def test_nothing_is_sent_where_theirs_is_taken(world: World) -> None:
    """However much there is to send."""
    mark_many(world)
    async with running(world) as (app, pilot):
        await keys(app, pilot, "r", f"Sending {MANY} is a lot")
        world.clock.advance(MOVED_SECONDS)
        await keys(app, pilot, "right enter", "Continue Watching")
        await gone(app, pilot, "not synced yet")
        await app.delivery.idle()
        assert world.services.simkl.heard == []


async def test_ok_on_not_now_does_not_merge_when_the_counts_arrive_under_it(world: World) -> None:
    """What was pressed for "Not now" must not write anything; a moment later OK is meant."""
    world.connect()
    world.services.simkl.trouble = None
    async with running(world) as (app, pilot):
        await keys(app, pilot, "r", "[ Merge ]")
        await keys(app, pilot, "enter right", "[ Merge ]", "First sync")
        world.clock.advance(MOVED_SECONDS)
        await keys(app, pilot, "right", "[ Take theirs ]")
        await keys(app, pilot, "left enter", "Continue Watching")
        await gone(app, pilot, "not synced yet")
