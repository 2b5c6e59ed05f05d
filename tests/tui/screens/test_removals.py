"""Many titles are missing at Simkl all at once: asked about once, and answered by six keys."""

from __future__ import annotations

import sqlite3

from dodo_tui.domain.ids import Kind
from dodo_tui.domain.times import to_iso
from dodo_tui.providers.changes import Listing
from dodo_tui.storage import lists
from dodo_tui.storage.database import transaction
from dodo_tui.storage.media import save_media
from tests.sync.server import film
from tests.tui.screens.support import World, gone, keys, running, seen

TO_INTEGRATIONS = "i"
MISSING = 12


def lose(world: World) -> None:
    """A sync, in any process, has found twelve titles of the list missing."""
    account = world.connect()
    now = world.clock.now()

    def write(connection: sqlite3.Connection) -> None:
        with transaction(connection, durable=False):
            connection.execute(
                "UPDATE account SET cursors = '{}', pulled_at = ?, first_choice = 'merge'",
                (to_iso(now),),
            )
            for number in range(MISSING):
                media_id = save_media(connection, film(number), now)
                entry = lists.ListEntry(str(media_id), "simkl", Kind.MOVIE, None, None, None, None)
                lists.save_entry(connection, account.profile_id, entry, now)
            missing = [str(film(number).id) for number in range(MISSING)]
            lists.ask_about(connection, account.id, missing, now)

    world.store.run_now(write)


def on_list(world: World) -> int:
    """How many titles are on the list here."""
    found = world.store.run_now(lists.listed, world.profile.id, "simkl", [Kind.MOVIE])
    return len(found)


async def test_a_sync_that_has_to_ask_does_so(world: World) -> None:
    """The question says what, and what an answer does; Back decides nothing."""
    async with running(world) as (app, pilot):
        lose(world)
        screen = await seen(app, pilot, "12 titles are missing from your list at Simkl.")
        for words in (
            "decide they stay.",
            "Film 0",
            "and 4 more",
            "[ Decide later ]",
            "Keep them",
            "Remove here, too",
        ):
            assert words in screen
        await keys(app, pilot, "escape", "Continue Watching", "12 missing there")
        assert on_list(world) == MISSING
        await gone(app, pilot, "Decide later")


async def test_it_is_asked_again_only_from_integrations(world: World) -> None:
    """Put off, it waits behind a button there, in every run of dodo."""
    lose(world)
    async with running(world) as (app, pilot):
        await seen(app, pilot, "Continue Watching", "12 missing there")
        assert not app.screen.is_modal
        await keys(app, pilot, TO_INTEGRATIONS, "[ 12 missing ]")
        await keys(app, pilot, "enter", "12 titles are missing", "[ Decide later ]")
        world.services.simkl.trouble = None
        await keys(app, pilot, "right right enter", "Integrations")
        await gone(app, pilot, "12 missing")
        assert on_list(world) == 0


async def test_what_is_there_again_stays(world: World) -> None:
    """Five titles have come back since the question was asked; nobody has synced meanwhile."""
    back = frozenset(film(number).ids for number in range(5))
    world.services.simkl.there = Listing(frozenset(Kind), back)
    world.services.simkl.trouble = None
    async with running(world) as (app, pilot):
        lose(world)
        await seen(app, pilot, "12 titles are missing")
        await keys(app, pilot, "right right enter", "Continue Watching")
        await gone(app, pilot, "missing there")
        assert on_list(world) == 5


async def test_nothing_goes_while_it_cannot_be_looked_at(world: World) -> None:
    """Simkl is away: it is said, and the question stays."""
    async with running(world) as (app, pilot):
        lose(world)
        await seen(app, pilot, "12 titles are missing")
        await keys(app, pilot, "right right enter", "Nothing was removed.", "12 missing there")
        assert on_list(world) == MISSING


async def test_kept_for_good(world: World) -> None:
    """They stay, and no list may take them off any more."""
    async with running(world) as (app, pilot):
        lose(world)
        await seen(app, pilot, "12 titles are missing")
        await keys(app, pilot, "right enter", "Continue Watching")
        await gone(app, pilot, "missing there")
        assert app.removals == ()

        def kept(connection: sqlite3.Connection) -> int:
            return int(connection.execute("SELECT sum(kept) FROM list_entry").fetchone()[0])

        assert world.store.run_now(kept) == MISSING
