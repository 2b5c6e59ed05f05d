"""What must never happen: lost marks, believed faults, echoes, cursors past what was not merged."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from dodo_tui.domain.ids import Ids, Kind, MediaId
from dodo_tui.domain.lists import ListStatus
from dodo_tui.domain.progress import Origin
from dodo_tui.domain.status import SyncState
from dodo_tui.providers.errors import (
    BrokenError,
    MisconfiguredError,
    OfflineError,
    ProviderError,
    ThrottledError,
    UnauthorizedError,
)
from dodo_tui.storage.account_status import provider_status, sync_status
from dodo_tui.storage.accounts import find_account
from dodo_tui.storage.lists import Listed, asked_about, keep_entries
from dodo_tui.storage.pulls import cursors
from dodo_tui.storage.queued import all_facts
from dodo_tui.storage.synclog import sync_log
from dodo_tui.storage.watchlist import watchlist_cards
from dodo_tui.storage.why import why
from dodo_tui.tracking.applying.removing import missing_titles
from dodo_tui.tracking.removals import Removed, keep_missing, remove_missing
from dodo_tui.tracking.sync import Syncs
from dodo_tui.tracking.undo import undo_sync
from tests.sync.conftest import NewDevice
from tests.sync.device import Device, dated, earlier
from tests.sync.rows import rows_of
from tests.sync.server import FILM, HEAT, SEVERANCE, MemoryServer, film


async def fill(tv: Device, server: MemoryServer, films: int) -> None:
    """Films that were watched on the phone, and a sync."""
    for number in range(films):
        server.watch(film(number), FILM, earlier(server.clock, days=number + 1))
    await tv.sync()
    server.clock.advance(60)


async def answer(tv: Device, *, remove: bool) -> Removed | None:
    """Say what becomes of the titles that are missing there."""
    if remove:
        return await remove_missing(tv.store, tv.account, tv.provider, tv.clock)
    tv.store.run_now(keep_missing, tv.account, tv.clock.now())
    return None


def missing(tv: Device) -> int:
    """How many titles wait for the user's word."""
    return len(tv.store.run_now(asked_about, tv.account.id))


def watched(tv: Device, films: int) -> list[int]:
    """Which of the films are watched here."""
    found = [(number, tv.progress(film(number))) for number in range(films)]
    return [number for number, row in found if row is not None and row.watched]


async def test_a_removal_elsewhere_is_followed(tv: Device, server: MemoryServer) -> None:
    """One film goes, the other stays; the play of it stays in the history."""
    await fill(tv, server, 2)
    server.remove(film(1))
    await tv.sync()
    assert watched(tv, 2) == [0]
    assert len(tv.history()) == 2


async def test_a_removal_can_be_undone_for_good(tv: Device, server: MemoryServer) -> None:
    """It comes back, and the next listing does not take it again."""
    await fill(tv, server, 3)
    server.remove(film(1))
    await tv.sync()
    undone = tv.store.run_now(undo_sync, tv.account, tv.clock.now())
    assert undone is not None
    assert watched(tv, 3) == [0, 1, 2]
    server.remove(film(2))
    await tv.sync()
    assert watched(tv, 3) == [0, 1]


@pytest.mark.parametrize("is_undone", [True, False])
async def test_why_says_that_what_is_kept_here_is_gone_there(
    tv: Device, server: MemoryServer, is_undone: bool
) -> None:
    """Whether the removal was taken back, or never followed; watched it is here all the same."""
    await fill(tv, server, 10)
    for number in range(9):
        server.remove(film(number))
    await tv.sync()
    await answer(tv, remove=is_undone)
    if is_undone:
        assert tv.store.run_now(undo_sync, tv.account, tv.clock.now()) is not None
    found = tv.store.run_now(why, tv.profile.id, str(film(1).id))
    assert found is not None
    (there,) = found.remotes
    assert (found.watched, there.watched, there.status) == (True, False, None)
    other = tv.store.run_now(why, tv.profile.id, str(film(9).id))
    assert other is not None
    assert other.remotes[0].watched


async def test_all_that_one_sync_took_away_comes_back(tv: Device, server: MemoryServer) -> None:
    """Title by title they were unmarked on the phone: one undo is about all of them."""
    await fill(tv, server, 8)
    for number in range(7):
        server.unwatch(film(number), FILM)
        server.put(film(number), ListStatus.PLANNED)
    await tv.sync()
    assert watched(tv, 8) == [7]
    server.clock.advance(60)
    server.remove(film(7))
    await tv.sync()
    assert tv.store.run_now(undo_sync, tv.account, tv.clock.now()) is not None
    assert watched(tv, 8) == [7]
    assert tv.store.run_now(undo_sync, tv.account, tv.clock.now()) is not None
    assert watched(tv, 8) == list(range(8))


async def test_what_was_played_here_stays_when_it_is_removed_there(
    tv: Device, server: MemoryServer
) -> None:
    """Only rows that came from there may go with the list."""
    await fill(tv, server, 2)
    tv.play(HEAT, FILM, 95.0)
    await tv.sync()
    await tv.sync()
    server.clock.advance(60)
    server.remove(HEAT)
    await tv.sync()
    assert dated(tv.progress(HEAT)).watched


async def test_a_mass_removal_waits_for_an_answer(tv: Device, server: MemoryServer) -> None:
    """Twelve of twenty titles are gone at once: nothing is taken, and the user is asked."""
    await fill(tv, server, 20)
    for number in range(12):
        server.remove(film(number))
    await tv.sync()
    assert missing(tv) == 12
    assert len(watched(tv, 20)) == 20


@pytest.mark.parametrize(
    ("films", "gone", "asked"),
    [(10, 9, 9), (10, 4, 4), (10, 3, 0), (3, 2, 0), (25, 5, 0), (300, 51, 51)],
)
async def test_what_is_much_of_a_small_list_or_of_a_large_one_waits(
    tv: Device, server: MemoryServer, films: int, gone: int, asked: int
) -> None:
    """Nine of ten were nobody's doing by hand; two of three may well have been."""
    await fill(tv, server, films)
    for number in range(gone):
        server.remove(film(number))
    result = await tv.sync()
    assert (missing(tv), result.removed) == (asked, 0 if asked else gone)
    assert len(watched(tv, films)) == (films if asked else films - gone)


@pytest.mark.parametrize("remove", [True, False])
async def test_the_answer_to_a_mass_removal_is_final(
    tv: Device, server: MemoryServer, remove: bool
) -> None:
    """Removed, which can be undone, or kept and never asked about again."""
    await fill(tv, server, 20)
    for number in range(12):
        server.remove(film(number))
    await tv.sync()
    assert len(tv.store.run_now(asked_about, tv.account.id)) == 12
    await answer(tv, remove=remove)
    assert len(watched(tv, 20)) == (8 if remove else 20)
    server.remove(film(12))
    await tv.sync()
    assert (missing(tv), len(watched(tv, 20))) == (0, 7 if remove else 19)
    assert tv.store.run_now(asked_about, tv.account.id) == ()


async def test_what_is_there_again_is_not_removed(tv: Device, server: MemoryServer) -> None:
    """Before the user has answered some titles came back; that is looked at, not remembered."""
    await fill(tv, server, 20)
    for number in range(12):
        server.remove(film(number))
    await tv.sync()
    for number in range(5):
        server.put(film(number), ListStatus.COMPLETED)
    assert await answer(tv, remove=True) == Removed(gone=7, back=5)
    assert watched(tv, 20) == [0, 1, 2, 3, 4, *range(12, 20)]
    assert tv.store.run_now(asked_about, tv.account.id) == ()
    lines = [text for _, text in tv.store.run_now(sync_log, tv.profile.id)]
    assert lines[0] == "5 titles on the list at Simkl again: kept here"
    await tv.sync()
    assert missing(tv) == 0


async def test_a_list_that_came_back_whole_loses_nothing(tv: Device, server: MemoryServer) -> None:
    """The server had lost it and found it again, which no timestamp tells."""
    await fill(tv, server, 4)
    kept = dict(server.titles)
    for number in range(4):
        server.remove(film(number))
    await tv.sync()
    server.titles.update(kept)
    assert await answer(tv, remove=True) == Removed(back=4)
    assert watched(tv, 4) == [0, 1, 2, 3]


async def test_where_nothing_can_be_listed_the_user_s_word_counts(
    tv: Device, server: MemoryServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A provider that tells no list as a whole; what the user has kept meanwhile stays."""
    await fill(tv, server, 4)
    for number in range(4):
        server.remove(film(number))
    await tv.sync()

    async def nothing() -> None:
        return None

    monkeypatch.setattr(tv.provider, "listed", nothing)
    tv.store.run_now(keep_entries, tv.profile.id, "simkl", [str(film(2).id)])
    assert (await answer(tv, remove=True) or Removed()).gone == 3
    assert watched(tv, 4) == [2]


async def test_nothing_is_removed_without_a_second_look(tv: Device, server: MemoryServer) -> None:
    """Without a network the question stays."""
    await fill(tv, server, 4)
    for number in range(4):
        server.remove(film(number))
    await tv.sync()
    server.fail_at = 1
    with pytest.raises(OfflineError):
        await answer(tv, remove=True)
    assert watched(tv, 4) == [0, 1, 2, 3]
    assert len(tv.store.run_now(asked_about, tv.account.id)) == 4


async def test_an_answer_is_about_what_was_asked(tv: Device, server: MemoryServer) -> None:
    """Another sync finds more missing while the question is on the screen: they wait."""
    await fill(tv, server, 30)
    for number in range(12):
        server.remove(film(number))
    await tv.sync()
    seen_at = tv.clock.now()
    server.clock.advance(60)
    for number in range(12, 20):
        server.remove(film(number))
    await tv.sync()
    found = await remove_missing(tv.store, tv.account, tv.provider, tv.clock, seen_at)
    assert found == Removed(gone=12)
    assert watched(tv, 30) == list(range(12, 30))
    assert len(tv.store.run_now(asked_about, tv.account.id)) == 8


async def test_an_empty_library_is_not_a_removal(tv: Device, server: MemoryServer) -> None:
    """A provider that says nothing has lost it, not the user."""
    await fill(tv, server, 4)
    for number in range(4):
        server.remove(film(number))
    await tv.sync()
    assert len(watched(tv, 4)) == 4


async def test_the_last_title_of_a_kind_goes_too(tv: Device, server: MemoryServer) -> None:
    """The only film is taken off the list: the provider says that a film was, and lists none."""
    server.watch(SEVERANCE, (1, 1), earlier(server.clock, days=1))
    await fill(tv, server, 1)
    server.remove(film(0))
    await tv.sync()
    assert watched(tv, 1) == []
    assert dated(tv.progress(SEVERANCE, (1, 1))).watched


async def test_the_last_title_of_all_goes_too(tv: Device, server: MemoryServer) -> None:
    """The library was one film, which the provider says was taken off."""
    await fill(tv, server, 1)
    server.remove(film(0))
    await tv.sync()
    assert watched(tv, 1) == []


async def test_a_kind_that_comes_back_empty_is_asked_about(
    tv: Device, server: MemoryServer
) -> None:
    """Two films of two are gone while a series is listed: few, and all there were."""
    server.watch(SEVERANCE, (1, 1), earlier(server.clock, days=1))
    await fill(tv, server, 2)
    for number in range(2):
        server.remove(film(number))
    await tv.sync()
    assert (missing(tv), watched(tv, 2)) == (2, [0, 1])


async def test_a_title_joined_of_two_is_gone_when_both_are(
    tv: Device, server: MemoryServer
) -> None:
    """Two entries there are one title here, by a third site's id; one of them is taken off."""
    part_two = replace(film(0), ids=replace(film(0).ids, simkl="900999"))
    twin = replace(part_two, id=MediaId.parse("simkl:900999"))
    server.watch(HEAT, FILM, earlier(server.clock, days=5))
    server.watch(film(0), FILM, earlier(server.clock, days=2))
    server.watch(twin, FILM, earlier(server.clock, days=1))
    await tv.sync()
    server.remove(film(0))
    await tv.sync()
    assert watched(tv, 1) == [0]
    server.remove(twin)
    await tv.sync()
    assert watched(tv, 1) == []
    assert dated(tv.progress(HEAT)).watched


def test_a_title_without_an_id_that_a_listing_names_is_not_missing() -> None:
    """A listing is by the provider's own ids; what has none cannot be looked for in it."""
    here = {
        "tt1": Listed(Kind.MOVIE, (MediaId.parse("tt10001"),)),
        "tt2": Listed(Kind.MOVIE, (MediaId.parse("tt10002"), MediaId.parse("simkl:2"))),
    }
    assert missing_titles(here, [Ids(simkl="3")]) == {"tt2"}


@pytest.mark.parametrize("request_number", [0, 1, 2])
async def test_an_interrupted_pull_keeps_the_old_cursors_and_is_repaired(
    tv: Device, server: MemoryServer, request_number: int
) -> None:
    """Whichever request fails, nothing here has changed; the next sync brings everything, once."""
    await fill(tv, server, 1)
    before = rows_of(tv.store)
    server.watch(HEAT, FILM, earlier(server.clock, seconds=5))
    server.pause(SEVERANCE, (1, 1), 50.0, earlier(server.clock, seconds=4))
    server.fail_at = request_number
    result = await tv.sync()
    assert (result.state, result.error) == (SyncState.OFFLINE, "Nothing can be reached.")
    assert rows_of(tv.store) == before
    await tv.sync()
    await tv.sync()
    assert dated(tv.progress(HEAT)).watched
    assert dated(tv.progress(SEVERANCE, (1, 1))).ratio == 0.5
    assert len(tv.history()) == 2


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (OfflineError("No network."), SyncState.OFFLINE),
        (BrokenError("Nonsense."), SyncState.ERROR),
        (UnauthorizedError("Sign in again."), SyncState.ERROR),
        (MisconfiguredError("Wrong client id."), SyncState.ERROR),
    ],
)
async def test_a_failure_is_said_by_its_kind(
    tv: Device, server: MemoryServer, error: ProviderError, state: SyncState
) -> None:
    """State and sentence are on the account; the time of the last sync stays as it was."""
    await tv.sync()
    last = tv.store.run_now(sync_status, tv.profile.id, "simkl").last_sync_at
    server.clock.advance(900)
    server.fail_at, server.error = 0, error
    result = await tv.sync()
    status = tv.store.run_now(sync_status, tv.profile.id, "simkl")
    assert (result.state, result.error) == (state, str(error))
    assert (status.state, status.last_error, status.last_sync_at) == (state, str(error), last)
    provider = tv.store.run_now(provider_status, tv.profile.id, "simkl", "Simkl", True)
    assert provider.needs_reconnect is isinstance(error, UnauthorizedError)


async def test_retry_after_is_obeyed_even_by_hand(tv: Device, server: MemoryServer) -> None:
    """Not one request goes out before the time that was asked for."""
    await tv.sync()
    until = server.clock.now() + timedelta(hours=20)
    server.fail_at, server.error = 0, ThrottledError("Too many requests.", until)
    assert (await tv.sync()).next_at == until
    server.requests.clear()
    assert (await tv.sync()).next_at == until
    assert server.requests == []


async def test_a_mark_taken_back_here_and_not_sent_is_not_overwritten(
    tv: Device, server: MemoryServer
) -> None:
    """The fact waits, the provider still says watched: ours counts, and is what is sent."""
    server.watch(SEVERANCE, (1, 1), earlier(server.clock, days=2))
    await tv.sync()
    server.clock.advance(60)
    tv.unmark(SEVERANCE, (1, 1))
    server.watch(SEVERANCE, (1, 2), earlier(server.clock, seconds=5))
    await tv.sync()
    await tv.sync()
    assert not dated(tv.progress(SEVERANCE, (1, 1))).watched
    assert set(server.titles[str(SEVERANCE.id)].watched) == {(1, 2)}


async def test_what_was_pulled_is_never_queued(tv: Device, server: MemoryServer) -> None:
    """Neither a watch nor a removal that we were told goes back."""
    await fill(tv, server, 3)
    server.remove(film(0))
    server.put(film(1), ListStatus.PLANNED)
    await tv.sync()
    assert tv.store.run_now(all_facts, tv.profile.id) == ()
    assert not any("deliver" in request for request in server.requests)


async def test_our_own_viewing_is_one_play(tv: Device, server: MemoryServer) -> None:
    """Played here, told, and heard back: one line in the history, and only ever one."""
    await tv.sync()
    tv.play(HEAT, FILM, 95.0)
    server.clock.advance(30)
    for _ in range(3):
        await tv.sync()
        server.clock.advance(60)
    assert [play.source for play in tv.history()] == ["mpv"]


async def test_finished_here_offline_removes_the_resume_point_there(
    tv: Device, server: MemoryServer
) -> None:
    """It was paused on the phone and finished here without a network."""
    await tv.sync()
    server.clock.advance(60)
    server.pause(HEAT, FILM, 42.0, earlier(server.clock, seconds=1))
    await tv.sync()
    server.clock.advance(60)
    tv.play(HEAT, FILM, 95.0)
    server.clock.advance(3600)
    await tv.sync()
    assert server.points == {}


async def test_an_old_pause_does_not_undo_a_newer_watch(tv: Device, server: MemoryServer) -> None:
    """Paused here offline, finished on the phone, then the network is back."""
    await tv.sync()
    server.clock.advance(60)
    tv.play(HEAT, FILM, 42.0)
    server.clock.advance(3600)
    server.watch(HEAT, FILM, earlier(server.clock, seconds=60))
    for _ in range(2):
        await tv.sync()
    assert server.points == {}
    assert tv.continue_watching() == ()


async def test_on_hold_leaves_home_until_it_is_played_again(
    tv: Device, server: MemoryServer
) -> None:
    """It is not hidden by the user, so a newer viewing brings it back by itself."""
    server.pause(SEVERANCE, (1, 1), 50.0, earlier(server.clock, days=1))
    server.put(SEVERANCE, ListStatus.HOLD)
    await tv.sync()
    assert tv.continue_watching() == ()
    server.clock.advance(3600)
    tv.play(SEVERANCE, (1, 1), 60.0)
    assert [card.title for card in tv.continue_watching()] == ["Severance"]


async def test_planned_titles_are_the_watchlist(tv: Device, server: MemoryServer) -> None:
    """What has been begun is not planned any more."""
    server.put(HEAT, ListStatus.PLANNED)
    server.put(SEVERANCE, ListStatus.PLANNED)
    server.watch(SEVERANCE, (1, 1), earlier(server.clock, days=1))
    await tv.sync()
    cards = tv.store.run_now(watchlist_cards, tv.profile.id)
    assert [card.title for card in cards] == ["Heat"]


async def test_a_point_that_ran_out_there_stays_here(tv: Device, server: MemoryServer) -> None:
    """Simkl forgets after seven days; dodo never does."""
    server.pause(HEAT, FILM, 42.0, earlier(server.clock, days=6))
    server.pause(SEVERANCE, (1, 1), 50.0, earlier(server.clock, days=1))
    await tv.sync()
    server.clock.advance(2 * 86_400)
    server.clear_point(HEAT)
    await tv.sync()
    assert {card.title for card in tv.continue_watching()} == {"Heat", "Severance"}


async def test_a_point_that_was_deleted_there_goes_here(tv: Device, server: MemoryServer) -> None:
    """It was a day old, so nothing but the user can have taken it away."""
    server.pause(HEAT, FILM, 42.0, earlier(server.clock, days=1))
    server.pause(SEVERANCE, (1, 1), 50.0, earlier(server.clock, days=1))
    await tv.sync()
    server.clock.advance(60)
    server.clear_point(HEAT)
    await tv.sync()
    assert [card.title for card in tv.continue_watching()] == ["Severance"]


async def test_a_second_sync_joins_the_running_one(tv: Device, server: MemoryServer) -> None:
    """Both get the same result, and the provider is asked once."""
    server.watch(HEAT, FILM, earlier(server.clock, days=1))
    syncs = Syncs(tv.store, tv.clock)
    first, second = await asyncio.gather(
        syncs.sync(tv.account, tv.provider), syncs.sync(tv.account, tv.provider)
    )
    assert first == second
    assert first.pulled == 1
    assert server.requests.count("snapshot") == 1


async def test_who_comes_as_a_sync_is_given_up_has_one_of_its_own(
    tv: Device, server: MemoryServer
) -> None:
    """Whoever wanted the first has gone away; that is nothing to whoever comes next."""
    syncs = Syncs(tv.store, tv.clock)
    first = asyncio.create_task(syncs.sync(tv.account, tv.provider))
    await asyncio.sleep(0)
    assert syncs.running == {tv.account.id}
    first.cancel()
    second = asyncio.create_task(syncs.sync(tv.account, tv.provider))
    with pytest.raises(asyncio.CancelledError):
        await first
    assert (await second).state is SyncState.IDLE


async def test_what_was_sent_before_a_sync_failed_is_said(tv: Device, server: MemoryServer) -> None:
    """The provider took two marks, and then had nothing more to say."""
    await tv.sync()
    server.clock.advance(60)
    server.watch(HEAT, FILM, earlier(server.clock, seconds=1))
    for number in range(2):
        tv.mark(film(number), FILM, earlier(server.clock, days=1))
    server.requests.clear()
    server.fail_at = 2
    result = await tv.sync()
    assert server.requests[:2] == ["snapshot", "deliver 2"]
    assert (result.state, result.pushed, result.pulled) == (SyncState.OFFLINE, 2, 0)


async def test_the_log_says_what_happened_in_words(tv: Device, server: MemoryServer) -> None:
    """One line for each thing, as people say it."""
    await tv.sync()
    server.clock.advance(60)
    server.watch(SEVERANCE, (2, 3), earlier(server.clock, seconds=1))
    await tv.sync()
    lines = [text for _, text in tv.store.run_now(sync_log, tv.profile.id)]
    assert lines[0] == "Severance S2 E3 watched on another device"


async def test_a_clock_that_is_years_behind_keeps_the_provider_s_times(
    new_device: NewDevice, server: MemoryServer
) -> None:
    """Its own timestamps say how late it is at least, so nothing is clamped to our wrong now."""
    tv = new_device("tv")
    at = server.clock.now()
    server.watch(HEAT, FILM, at)
    server.moves["at"] = at.isoformat().replace("+00:00", "Z")  # type: ignore[assignment]
    server.clock.advance(-5 * 365 * 86_400)
    await tv.sync()
    assert dated(tv.progress(HEAT)).watched_at == at


async def test_another_user_starts_with_clean_cursors(tv: Device, server: MemoryServer) -> None:
    """What the first one told stays; the second one's library is pulled whole."""
    await fill(tv, server, 2)
    tv.connect("2")
    account = tv.store.run_now(find_account, tv.profile.id, "simkl")
    assert account is not None
    assert tv.store.run_now(cursors, account.id).text is None
    await tv.sync()
    assert watched(tv, 2) == [0, 1]
    assert dated(tv.progress(film(0))).origin is Origin.SIMKL
