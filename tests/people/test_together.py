"""Watching together, in private, and what is never tracked: over real sockets."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

from dodo_tui.domain.audience import Privacy, Rule, RuleKind
from dodo_tui.storage import audience
from dodo_tui.tracking.record import close_abandoned
from tests.engine.support import eventually
from tests.people.household import INCEPTION, MATRIX, Household


async def both_sign_in(home: Household, app: Any, pilot: Any) -> None:
    """Anna and Ben have accounts; Anna is watching."""
    await home.sign_in(app, pilot, "Anna")
    await home.switch(app, pilot, home.ben)
    await home.sign_in(app, pilot, "Ben")
    await home.switch(app, pilot, home.anna)


def everything(home: Household) -> dict[str, int]:
    """How many rows there are about titles, files, viewings and what is told of them."""
    tables = ("media", "file", "play", "progress", "queue", "delivery")
    return home.store.run_now(
        lambda connection: {
            table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in tables
        }
    )


def lose_owners(connection: sqlite3.Connection) -> None:
    """The process that plays was killed."""
    connection.execute("UPDATE play SET owner = 'gone:1:1'")


async def test_a_viewing_of_two_goes_to_each_one_s_account(home: Household) -> None:
    """One player, two plays, two accounts; each delivered on its own."""
    async with home.engine() as (app, pilot):
        await both_sign_in(home, app, pilot)
        app.set_company([home.ben])
        await home.watch(await home.begin(app, pilot, MATRIX), app, pilot)
        await home.delivered(app, pilot)
        assert len(home.services.players) == 1
        assert home.simkl.person("Anna").has_watched(MATRIX)
        assert home.simkl.person("Ben").has_watched(MATRIX)
        for person in (home.anna, home.ben):
            (play,) = home.plays(person)
            assert (play.key, play.delivered) == (MATRIX, {"simkl": "sent"})
        assert home.waiting() == []


async def test_a_switch_in_the_middle_keeps_the_company(home: Household) -> None:
    """Who sat down together is who has watched it, whoever looks at the screen meanwhile."""
    async with home.engine() as (app, pilot):
        app.set_company([home.ben])
        player = await home.begin(app, pilot, MATRIX)
        await home.switch(app, pilot, home.ben)
        assert app.company == ()
        await home.watch(player, app, pilot)
        assert [len(home.plays(person)) for person in (home.anna, home.ben)] == [1, 1]


async def test_a_crash_closes_the_play_of_each(home: Household) -> None:
    """Whoever opens the database next finds two plays of a process that is gone."""
    async with home.engine() as (app, pilot):
        await both_sign_in(home, app, pilot)
        app.set_company([home.ben])
        home.simkl.offline = True
        player = await home.begin(app, pilot, MATRIX)
        await home.clock.advance(3000)
        player.tell(3010)
        await eventually(pilot, lambda: app.now_playing and app.now_playing.position_seconds > 3000)
        await asyncio.wrap_future(app.recorder.flush())
        home.store.run_now(lose_owners)
        assert home.store.run_now(close_abandoned, home.clock.now()) == 2
        for person in (home.anna, home.ben):
            (play,) = home.plays(person)
            assert play.ended_at is not None
            assert home.unsent(person) == 1
        assert home.waiting() == [MATRIX, MATRIX]


async def test_private_mode_leaves_no_trace(home: Household) -> None:
    """Not of a film that was never seen before, either; it plays all the same."""
    async with home.engine() as (app, pilot):
        await both_sign_in(home, app, pilot)
        app.set_privacy(Privacy.ON)
        await eventually(pilot, lambda: app.privacy is Privacy.ON)
        before = everything(home)
        sent = len(home.simkl.log.entries())
        player = await home.begin(app, pilot, None)
        await home.watch(player, app, pilot)
        await home.delivered(app, pilot)
        assert player.stops
        assert everything(home) == before
        assert len(home.simkl.log.entries()) == sent
        assert app.privacy is Privacy.ON


async def test_private_once_ends_with_the_viewing(home: Household) -> None:
    """The next film is recorded again."""
    async with home.engine() as (app, pilot):
        app.set_privacy(Privacy.ONCE)
        await eventually(pilot, lambda: app.privacy is Privacy.ONCE)
        await home.watch(await home.begin(app, pilot, MATRIX), app, pilot)
        await eventually(pilot, lambda: app.privacy is Privacy.OFF)
        assert home.plays(home.anna) == ()
        await home.watch(await home.begin(app, pilot, INCEPTION), app, pilot)
        assert [play.key for play in home.plays(home.anna)] == [INCEPTION]


async def test_what_begins_before_private_mode_is_recorded_to_its_end(home: Household) -> None:
    """Private mode holds from the next viewing on."""
    async with home.engine() as (app, pilot):
        player = await home.begin(app, pilot, MATRIX)
        app.set_privacy(Privacy.ON)
        await eventually(pilot, lambda: app.privacy is Privacy.ON)
        await home.watch(player, app, pilot)
        assert [play.key for play in home.plays(home.anna)] == [MATRIX]


async def test_folders_that_are_never_tracked(home: Household) -> None:
    """By folder and by pattern; what is elsewhere is tracked."""
    rules = (
        Rule(RuleKind.FOLDER, str(home.folder / "secret")),
        Rule(RuleKind.PATTERN, "*inception*"),
    )
    for rule in rules:
        home.store.run_now(audience.add_rule, rule)
    (home.folder / "secret").mkdir()
    async with home.engine() as (app, pilot):
        hidden = home.film(MATRIX, Path("secret"))
        before = everything(home)
        for target in (hidden, home.film(INCEPTION)):
            player = await home.begin(app, pilot, None, target)
            await home.watch(player, app, pilot)
            assert everything(home) == before
        await home.watch(await home.begin(app, pilot, MATRIX), app, pilot)
        assert [play.key for play in home.plays(home.anna)] == [MATRIX]
        assert home.store.run_now(audience.remove_rule, rules[0])
        assert home.store.run_now(audience.rules) == rules[1:]
