"""The queue, by six keys."""

from __future__ import annotations

import pytest

from dodo_tui.domain.queue import QueueKind
from dodo_tui.storage import queued, sending
from dodo_tui.storage.accounts import find_account
from dodo_tui.tui.screens.queue import QueueScreen
from dodo_tui.tui.widgets.menu_list import MenuList
from tests.tui.screens.support import World, gone, keys, running, seen, set_cursors, until

TO_QUEUE = "up up right right right enter down enter"


@pytest.fixture
def waiting(world: World) -> World:
    """Simkl is away, and a film and a resume point wait."""
    world.connect()
    world.queue(world.identify("The Matrix", "tt0133093"))
    world.queue(world.identify("Inception", "tt1375666"), QueueKind.PROGRESS, 42.0)
    return world


async def test_it_lists_what_waits_and_why(waiting: World) -> None:
    """Each row says what is told to whom, of when, and why it is still here."""
    async with running(waiting) as (app, pilot):
        screen = await keys(app, pilot, TO_QUEUE, "The Matrix", "Inception")
        assert "Simkl: watched, 22 Nov 19:15" in screen
        assert "Simkl: stopped at 42 %, 22 Nov 19:15" in screen
        assert "Simkl cannot be reached. Next try at 21:15." in screen
        assert "Back to Settings" in screen


async def test_try_again_sends_it(waiting: World) -> None:
    """A row can be sent now; what was accepted is gone from the list."""
    async with running(waiting) as (app, pilot):
        await keys(app, pilot, TO_QUEUE, "The Matrix")
        waiting.services.simkl.trouble = None
        await keys(app, pilot, "down enter", "[ Try again ]", "Discard")
        await keys(app, pilot, "enter", "Sync now")
        await gone(app, pilot, "The Matrix")
        assert ("watched", "The Matrix") in waiting.services.simkl.heard


async def test_discard_gives_it_up(waiting: World) -> None:
    """A row can be given up; the other stays, and the focus with it."""
    async with running(waiting) as (app, pilot):
        await keys(app, pilot, TO_QUEUE, "The Matrix")
        await keys(app, pilot, "down enter right enter", "▌ Inception")
        await gone(app, pilot, "The Matrix")
        assert waiting.services.simkl.heard == []


async def test_why_of_a_row_that_was_sent_meanwhile(waiting: World) -> None:
    """The question stays about what it was asked of."""
    async with running(waiting) as (app, pilot):
        await keys(app, pilot, TO_QUEUE, "The Matrix")
        rows = app.screen.query_one(MenuList)
        await keys(app, pilot, "down enter right right", "[ Why? ]")
        waiting.services.simkl.trouble = None
        app.retry_row(None)
        await until(app, pilot, lambda _: rows.is_empty, "an empty queue")
        await keys(app, pilot, "enter", "Why?  The Matrix")


async def test_why_in_a_palette_that_was_opened_before_the_row_was_sent(waiting: World) -> None:
    """What it lists is bound to what it was opened on."""
    async with running(waiting) as (app, pilot):
        await keys(app, pilot, TO_QUEUE, "The Matrix")
        await keys(app, pilot, "down", "▌ The Matrix")
        queue = app.screen
        assert isinstance(queue, QueueScreen)
        why = next(deed for deed in queue.deeds() if deed.id == "why")
        waiting.services.simkl.trouble = None
        app.retry_row(None)
        await seen(app, pilot, "Nothing waits to be sent.")
        app.carry_out(why)
        await seen(app, pilot, "Why?  The Matrix")


async def test_sync_now_leads_to_the_question_of_a_first_sync(waiting: World) -> None:
    """An account that was never synced is asked about, here as everywhere."""
    async with running(waiting) as (app, pilot):
        await keys(app, pilot, TO_QUEUE, "The Matrix", "[ Sync now ]")
        await keys(app, pilot, "enter", "First sync", "Not now")
        await keys(app, pilot, "escape", "[ Sync now ]", "The Matrix")


async def test_sync_now_sends_everything(waiting: World) -> None:
    """Sync now empties the queue once Simkl is back, and the screen says so."""
    account = waiting.store.run_now(find_account, waiting.profile.id, "simkl")
    assert account is not None
    waiting.store.run_now(set_cursors, account.id)
    async with running(waiting) as (app, pilot):
        await keys(app, pilot, TO_QUEUE, "The Matrix", "[ Sync now ]")
        waiting.services.simkl.trouble = None
        await keys(app, pilot, "enter", "Nothing waits to be sent.")


async def test_held_row_says_what_simkl_answered(waiting: World) -> None:
    """What was rejected is held with its reason until the user decides."""
    row = waiting.store.run_now(queued.all_facts, waiting.profile.id)[0]
    waiting.store.run_now(sending.hold, row, "Simkl does not know this title.", waiting.clock.now())
    async with running(waiting) as (app, pilot):
        await seen(app, pilot, "Continue Watching")
        await keys(app, pilot, TO_QUEUE, "Simkl does not know this title.")


async def test_empty_queue_says_so(world: World) -> None:
    """Nothing waits: one sentence, and a way out."""
    async with running(world) as (app, pilot):
        await keys(app, pilot, TO_QUEUE, "Nothing waits to be sent.")
        await keys(app, pilot, "escape", "Library folders")
