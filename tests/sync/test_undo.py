"""`dodo sync --undo`: after each way a first sync can go, and with what happened since."""

from __future__ import annotations

import pytest

from dodo_tui.storage.account_status import sync_status
from dodo_tui.storage.lists import asked_about
from dodo_tui.storage.pulls import cursors
from dodo_tui.storage.queued import all_facts
from dodo_tui.storage.synclog import sync_log
from dodo_tui.tracking.first_sync import Choice, choose, needs_choice
from dodo_tui.tracking.removals import remove_missing
from dodo_tui.tracking.undo import undo_sync
from tests.sync.device import Device, dated, earlier
from tests.sync.server import FILM, HEAT, SEVERANCE, MemoryServer, film

CHOICES = [Choice.MERGE, Choice.TAKE_THEIRS, Choice.SEND_MINE]


async def first_sync(tv: Device, server: MemoryServer, choice: Choice) -> None:
    """Here: a film seen, another begun. There: both in another state, and a series."""
    tv.play(HEAT, FILM, 95.0)
    server.clock.advance(60)
    tv.play(film(1), FILM, 40.0)
    server.clock.advance(60)
    server.watch(HEAT, FILM, earlier(server.clock, days=40))
    server.watch(film(1), FILM, earlier(server.clock, seconds=5))
    server.watch(SEVERANCE, (1, 1), earlier(server.clock, days=9))
    server.pause(film(2), FILM, 42.0, earlier(server.clock, days=1))
    tv.store.run_now(choose, tv.account.id, choice)
    assert (await tv.sync()).error is None
    server.clock.advance(60)


def log_of(device: Device) -> list[str]:
    """The sync log, newest first."""
    return [text for _, text in device.store.run_now(sync_log, device.profile.id)]


@pytest.mark.parametrize("choice", CHOICES)
async def test_what_was_before_is_again(tv: Device, server: MemoryServer, choice: Choice) -> None:
    """Rows, history and lists are as they were; nothing is synced again unasked."""
    await first_sync(tv, server, choice)
    assert tv.store.run_now(sync_status, tv.profile.id, "simkl").undoable
    assert tv.store.run_now(undo_sync, tv.account, tv.clock.now()) is not None
    assert "The first sync with Simkl was taken back" in log_of(tv)
    heat, begun = dated(tv.progress(HEAT)), dated(tv.progress(film(1)))
    assert (heat.watched, heat.origin) == (True, "player")
    assert (begun.watched, begun.ratio, begun.position_seconds) == (False, 0.4, 2400.0)
    assert tv.progress(SEVERANCE, (1, 1)) is None
    assert tv.progress(film(2)) is None
    assert [play.source for play in tv.history()] == ["mpv", "mpv"]
    assert tv.store.run_now(cursors, tv.account.id).text is None
    assert tv.store.run_now(needs_choice, tv.account.id)
    assert tv.store.run_now(undo_sync, tv.account, tv.clock.now()) is None


@pytest.mark.parametrize("choice", CHOICES)
async def test_nothing_played_or_marked_since_is_lost(
    tv: Device, server: MemoryServer, choice: Choice
) -> None:
    """Begun, watched, marked and unmarked after the sync: all of it stays, and is still told."""
    await first_sync(tv, server, choice)
    tv.play(film(1), FILM, 70.0)
    server.clock.advance(60)
    tv.play(film(2), FILM, 95.0)
    server.clock.advance(60)
    tv.mark(SEVERANCE, (1, 2), server.clock.now())
    server.clock.advance(60)
    tv.unmark(HEAT, FILM)
    waiting = len(tv.store.run_now(all_facts, tv.profile.id))
    tv.store.run_now(undo_sync, tv.account, tv.clock.now())
    assert dated(tv.progress(film(1))).ratio == 0.7
    assert dated(tv.progress(film(2))).watched
    assert dated(tv.progress(SEVERANCE, (1, 2))).watched
    assert not dated(tv.progress(HEAT)).watched
    assert len(tv.store.run_now(all_facts, tv.profile.id)) == waiting
    keys = [play.key for play in tv.history() if play.source != "simkl"]
    assert len(keys) == 5


@pytest.mark.parametrize("choice", CHOICES)
@pytest.mark.parametrize("again", CHOICES)
async def test_chosen_anew_after_an_undo(
    tv: Device, server: MemoryServer, choice: Choice, again: Choice
) -> None:
    """Another answer the second time; what was watched since on either side is known to both."""
    await first_sync(tv, server, choice)
    tv.play(film(3), FILM, 95.0)
    server.clock.advance(60)
    tv.store.run_now(undo_sync, tv.account, tv.clock.now())
    server.watch(SEVERANCE, (1, 3), earlier(server.clock, seconds=5))
    tv.store.run_now(choose, tv.account.id, again)
    for _ in range(2):
        server.clock.advance(900)
        assert (await tv.sync()).error is None
    assert FILM in server.titles[str(film(3).id)].watched
    assert dated(tv.progress(film(3))).watched
    theirs = tv.progress(SEVERANCE, (1, 1))
    assert (theirs is not None and theirs.watched) is (again is not Choice.SEND_MINE)
    server.requests.clear()
    await tv.sync()
    assert server.requests == ["snapshot"]


async def test_undo_after_undo_ends_where_all_began(tv: Device, server: MemoryServer) -> None:
    """What was taken and given back belonged to the first sync, too, and goes with it.

    A film that was begun before is begun again; one that was marked here meanwhile stays.
    """
    tv.play(film(1), FILM, 40.0)
    server.clock.advance(60)
    for number in range(8):
        server.watch(film(number), FILM, earlier(server.clock, days=0 if number == 1 else number))
    tv.store.run_now(choose, tv.account.id, Choice.MERGE)
    await tv.sync()
    for number in range(7):
        server.clock.advance(60)
        server.remove(film(number))
    await tv.sync()
    assert len(tv.store.run_now(asked_about, tv.account.id)) == 7
    server.clock.advance(60)
    await remove_missing(tv.store, tv.account, tv.provider, tv.clock)
    server.clock.advance(60)
    assert tv.store.run_now(undo_sync, tv.account, tv.clock.now()) is not None
    assert all(dated(tv.progress(film(number))).watched for number in range(8))
    server.clock.advance(60)
    tv.mark(film(2), FILM, earlier(server.clock, days=2))
    server.clock.advance(60)
    assert tv.store.run_now(undo_sync, tv.account, tv.clock.now()) is not None
    assert [number for number in range(8) if tv.progress(film(number)) is not None] == [1, 2]
    begun = dated(tv.progress(film(1)))
    assert (begun.watched, begun.ratio, begun.origin) == (False, 0.4, "player")
    assert dated(tv.progress(film(2))).watched
    assert {play.source for play in tv.history()} == {"manual", "mpv"}
    assert len(tv.history()) == 2
