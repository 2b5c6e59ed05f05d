"""A sync from end to end: what was watched elsewhere is known here, once, and stays so."""

from __future__ import annotations

from dodo_tui.domain.status import SyncState
from dodo_tui.storage.account_status import sync_status
from dodo_tui.storage.history import history
from tests.sync.device import Device, dated, earlier
from tests.sync.server import FILM, HEAT, SEVERANCE, MemoryServer


async def test_what_was_watched_elsewhere_is_known_here(tv: Device, server: MemoryServer) -> None:
    """A film and an episode that were watched on the phone are watched on the television."""
    at = earlier(server.clock, hours=2)
    server.watch(HEAT, FILM, at)
    server.watch(SEVERANCE, (2, 3), at)
    result = await tv.sync()
    assert (result.state, result.error, result.pulled) == (SyncState.IDLE, None, 2)
    heat = dated(tv.progress(HEAT))
    assert (heat.watched, heat.watched_at, heat.origin) == (True, at, "simkl")
    assert dated(tv.progress(SEVERANCE, (2, 3))).watched
    assert [(play.source, play.watched_at) for play in tv.history()] == [("simkl", at)] * 2


async def test_a_film_paused_elsewhere_can_be_continued_here(
    tv: Device, server: MemoryServer
) -> None:
    """It is in Continue Watching by its percentage; seconds are not made up."""
    server.pause(HEAT, FILM, 42.0, earlier(server.clock, hours=1))
    await tv.sync()
    (card,) = tv.continue_watching()
    assert (card.title, card.ratio, card.position_seconds, card.duration_seconds) == (
        "Heat",
        0.42,
        0.0,
        None,
    )


async def test_nothing_new_is_one_request(tv: Device, server: MemoryServer) -> None:
    """After a sync, another one only asks for the timestamps."""
    server.watch(HEAT, FILM, earlier(server.clock, hours=2))
    await tv.sync()
    server.requests.clear()
    result = await tv.sync()
    assert (server.requests, result.pulled) == (["snapshot"], 0)
    status = tv.store.run_now(sync_status, tv.profile.id, "simkl")
    assert (status.items_pulled, status.last_sync_at) == (1, server.clock.now())


async def test_a_season_marked_at_one_time_stands_in_order(
    tv: Device, server: MemoryServer
) -> None:
    """The history has the later episode first, and cuts between episodes, not anywhere."""
    at = earlier(server.clock, hours=2)
    for number in range(1, 13):
        server.watch(SEVERANCE, (1, number), at)
    await tv.sync()
    assert [play.number for play in tv.history()] == list(range(12, 0, -1))
    newest = tv.store.run_now(history, tv.profile.id, 3)
    assert [play.number for play in newest] == [12, 11, 10]
