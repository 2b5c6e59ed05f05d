"""Rows that make no sense: left out one by one, never lost, no cause of endless pulls."""

from __future__ import annotations

from dodo_tui.domain.asking_again import Again, after_pull, pull_since
from dodo_tui.storage.pulls import cursors
from dodo_tui.storage.synclog import sync_log
from tests.support.clock import START
from tests.sync.device import Device, dated, earlier
from tests.sync.server import FILM, HEAT, SEVERANCE, MemoryServer, film

DAY_SECONDS = 86_400.0


async def with_nonsense(tv: Device, server: MemoryServer) -> None:
    """A synced television; then a film is watched elsewhere whose row cannot be read."""
    server.watch(SEVERANCE, (1, 1), earlier(server.clock, days=1))
    server.watch(SEVERANCE, (1, 2), earlier(server.clock, days=1))
    await tv.sync()
    server.clock.advance(60)
    server.unwatch(SEVERANCE, (1, 2))
    server.watch(HEAT, FILM, earlier(server.clock, seconds=5))
    server.watch(film(1), FILM, earlier(server.clock, seconds=4))
    server.titles[str(HEAT.id)].is_nonsense = True


async def test_the_others_are_merged_and_it_is_said(tv: Device, server: MemoryServer) -> None:
    """A title that was read whole says all it says, be there nonsense beside it or not."""
    await with_nonsense(tv, server)
    result = await tv.sync()
    assert (result.error, result.malformed) == (None, 1)
    assert dated(tv.progress(film(1))).watched
    assert tv.progress(SEVERANCE, (1, 2)) is None
    assert tv.progress(HEAT) is None
    lines = [text for _, text in tv.store.run_now(sync_log, tv.profile.id)]
    assert "1 row from Simkl made no sense and was left out" in lines


async def test_the_next_sync_asks_again(tv: Device, server: MemoryServer) -> None:
    """It was a hiccup: nothing has moved since, and the change comes all the same."""
    await with_nonsense(tv, server)
    await tv.sync()
    server.titles[str(HEAT.id)].is_nonsense = False
    server.clock.advance(900)
    await tv.sync()
    assert dated(tv.progress(HEAT)).watched
    server.requests.clear()
    server.clock.advance(40 * DAY_SECONDS)
    await tv.sync()
    assert server.requests == ["snapshot"]


async def test_what_stays_nonsense_costs_less_and_less(tv: Device, server: MemoryServer) -> None:
    """A hundred days of a sync every six hours: eight of them ask again, the others ask once."""
    await with_nonsense(tv, server)
    await tv.sync()
    server.requests.clear()
    for _ in range(400):
        server.clock.advance(DAY_SECONDS / 4)
        await tv.sync()
    assert server.requests.count("snapshot") == 400
    assert server.requests.count("titles") == 8


async def test_what_stays_nonsense_is_never_lost(tv: Device, server: MemoryServer) -> None:
    """Months later it can be read; other changes came and went meanwhile."""
    await with_nonsense(tv, server)
    await tv.sync()
    for number in range(2, 60):
        server.clock.advance(2 * DAY_SECONDS)
        server.watch(film(number), FILM, earlier(server.clock, seconds=1))
        await tv.sync()
    server.titles[str(HEAT.id)].is_nonsense = False
    server.clock.advance(33 * DAY_SECONDS)
    await tv.sync()
    assert dated(tv.progress(HEAT)).watched
    assert tv.store.run_now(cursors, tv.account.id).again is None


async def test_other_changes_go_by_the_cursors(tv: Device, server: MemoryServer) -> None:
    """While it waits to be asked for again, a delta holds what moved and nothing older."""
    await with_nonsense(tv, server)
    await tv.sync()
    server.clock.advance(900)
    await tv.sync()
    server.clock.advance(900)
    server.watch(film(2), FILM, earlier(server.clock, seconds=1))
    result = await tv.sync()
    assert (result.malformed, result.pulled) == (0, 1)


async def test_nonsense_in_a_first_pull_is_not_worth_a_second(
    tv: Device, server: MemoryServer
) -> None:
    """The cursors are kept, and the row comes with the next change of its title."""
    server.watch(HEAT, FILM, earlier(server.clock, days=3))
    server.watch(SEVERANCE, (1, 1), earlier(server.clock, days=1))
    server.titles[str(HEAT.id)].is_nonsense = True
    assert (await tv.sync()).malformed == 1
    assert tv.store.run_now(cursors, tv.account.id).text is not None
    server.requests.clear()
    server.clock.advance(900)
    await tv.sync()
    assert server.requests == ["snapshot"]
    server.titles[str(HEAT.id)].is_nonsense = False
    server.unwatch(HEAT, FILM)
    server.watch(HEAT, FILM, earlier(server.clock, days=3))
    await tv.sync()
    assert dated(tv.progress(HEAT)).watched


def test_a_clock_that_was_years_ahead_does_not_put_it_off_for_years() -> None:
    """No time that was ever set by the rule is further away than its longest gap."""
    again = Again("old", START.replace(year=2099), 3)
    assert pull_since("new", again, START) == "old"
    assert pull_since("new", Again("old", START.replace(day=23)), START) == "new"


def test_more_nonsense_is_asked_for_within_a_day() -> None:
    """It waits for the older one's turn, but not for a month."""
    waiting = Again("old", START.replace(month=12), 5)
    found = after_pull(waiting, "new", 2, START)
    assert found == Again("old", START.replace(day=23), 5)
