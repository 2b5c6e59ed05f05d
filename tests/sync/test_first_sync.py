"""The first sync: counted before anything is written, chosen, carried out, and undone."""

from __future__ import annotations

import pytest

from dodo_tui.domain.ids import Key
from dodo_tui.domain.lists import ListStatus
from dodo_tui.storage.account_status import sync_status
from dodo_tui.storage.queued import all_facts
from dodo_tui.storage.standing import title_standing
from dodo_tui.storage.synclog import sync_log
from dodo_tui.tracking import listing
from dodo_tui.tracking.draining.drain import drain
from dodo_tui.tracking.first_sync import (
    Choice,
    FirstSyncPlan,
    choose,
    needs_choice,
    plan_first_sync,
    plan_lines,
)
from dodo_tui.tracking.undo import undo_sync
from dodo_tui.tracking.untold import MOST_POINTS
from tests.sync.device import Device, dated, earlier
from tests.sync.server import FILM, HEAT, SEVERANCE, MemoryServer, film


def prepare(tv: Device, server: MemoryServer) -> None:
    """Two films and an episode here before connecting; a film, two episodes and a pause there."""
    tv.play(HEAT, FILM, 95.0)
    server.clock.advance(60)
    tv.play(film(1), FILM, 95.0)
    server.clock.advance(60)
    tv.mark(SEVERANCE, (1, 1), earlier(server.clock, days=9))
    tv.store.run_now(_forget_queue)
    server.clock.advance(60)
    tv.connect("1")
    server.watch(HEAT, FILM, earlier(server.clock, days=40))
    server.watch(SEVERANCE, (1, 1), earlier(server.clock, days=9))
    server.watch(SEVERANCE, (1, 2), earlier(server.clock, days=8))
    server.pause(film(2), FILM, 42.0, earlier(server.clock, days=1))


def _forget_queue(connection: object) -> None:
    connection.execute("DELETE FROM queue")  # type: ignore[attr-defined]
    connection.execute("DELETE FROM delivery")  # type: ignore[attr-defined]


async def plan(tv: Device) -> FirstSyncPlan:
    """The plan of the device's first sync."""
    return await plan_first_sync(tv.store, tv.account, tv.provider, tv.clock)


async def test_the_plan_counts_both_sides_and_writes_nothing(
    tv: Device, server: MemoryServer
) -> None:
    """What is there, what is here, what would change here, and what would be sent."""
    prepare(tv, server)
    found = await plan(tv)
    assert (found.there.films, found.there.episodes, found.there.resume_points) == (1, 2, 1)
    assert (found.here.films, found.here.episodes, found.here.resume_points) == (2, 1, 0)
    assert found.changes_here[Choice.MERGE] == 3  # a viewing of Heat, an episode, the pause
    assert found.sent == {
        Choice.MERGE: 1,
        Choice.TAKE_THEIRS: 0,
        Choice.SEND_MINE: 1,
        Choice.NOT_NOW: 0,
    }
    assert not found.is_many(Choice.MERGE)
    assert tv.progress(SEVERANCE, (1, 2)) is None
    assert tv.store.run_now(all_facts, tv.profile.id) == ()
    assert tv.store.run_now(needs_choice, tv.account.id)


async def test_the_library_is_pulled_whole_once(tv: Device, server: MemoryServer) -> None:
    """Planned twice and then carried out: what was kept aside is counted and merged."""
    prepare(tv, server)
    await plan(tv)
    await plan(tv)
    tv.store.run_now(choose, tv.account.id, Choice.MERGE)
    await tv.sync()
    assert [each for each in server.requests if each.startswith("all")] == [
        "all movies",
        "all shows",
        "all animes",
    ]
    assert dated(tv.progress(SEVERANCE, (1, 2))).watched


async def test_merge_changes_and_sends_what_the_plan_said(tv: Device, server: MemoryServer) -> None:
    """The numbers of the plan are the numbers of the sync, and times are the true ones."""
    prepare(tv, server)
    found = await plan(tv)
    result = await tv.sync()
    assert result.pushed == found.sent[Choice.MERGE]
    assert result.pulled == found.changes_here[Choice.MERGE]
    sent = server.titles[str(film(1).id)].watched[FILM]
    watched_at = dated(tv.progress(film(1))).watched_at
    assert watched_at is not None
    assert sent == watched_at.replace(microsecond=0)
    assert dated(tv.progress(film(2))).ratio == 0.42
    assert not tv.store.run_now(needs_choice, tv.account.id)


async def test_lists_and_ratings_are_counted_too(tv: Device, server: MemoryServer) -> None:
    """Here and there; what both say alike is neither a change nor sent."""
    now = earlier(server.clock, seconds=0)
    for media, rating in ((film(5), 7), (film(6), 4)):
        tv.know(media)
        tv.store.run_now(listing.rate, tv.profile.id, Key(media.id), rating, now)
    tv.know(SEVERANCE)
    tv.store.run_now(listing.set_list, tv.profile.id, Key(SEVERANCE.id), ListStatus.PLANNED, now)
    tv.store.run_now(_forget_queue)
    server.clock.advance(60)
    tv.connect("1")
    server.put(SEVERANCE, ListStatus.PLANNED)
    server.put(film(5), ListStatus.PLANNED)
    server.rate(film(5), 7)
    server.put(film(9), ListStatus.DROPPED)
    found = await plan(tv)
    assert (found.sent[Choice.MERGE], found.waiting) == (1, 0)
    result = await tv.sync()
    assert (result.pushed, result.pulled) == (1, found.changes_here[Choice.MERGE])


async def test_what_was_told_before_and_is_gone_there_stays_here(
    tv: Device, server: MemoryServer
) -> None:
    """A rating of one's own is not lost by what a first pull lacks, and not told a second time."""
    tv.know(HEAT)
    tv.store.run_now(listing.rate, tv.profile.id, Key(HEAT.id), 8, tv.clock.now())
    await drain(tv.store, tv.account, tv.provider, tv.clock)
    assert server.titles[str(HEAT.id)].rating == 8
    server.remove(HEAT)
    server.clock.advance(60)
    for _ in range(2):
        await tv.sync()
    assert tv.store.run_now(title_standing, tv.profile.id, str(HEAT.id)).rating == 8
    assert str(HEAT.id) not in server.titles


async def test_what_moved_since_the_last_look_is_counted(tv: Device, server: MemoryServer) -> None:
    """Asked again a week after "not now": the counts are today's."""
    server.watch(HEAT, FILM, earlier(server.clock, days=40))
    server.watch(film(1), FILM, earlier(server.clock, days=40))
    server.pause(film(2), FILM, 42.0, earlier(server.clock, days=1))
    await plan(tv)
    server.clock.advance(7 * 86_400)
    server.remove(film(1))
    server.clear_point(film(2))
    for number in range(1, 4):
        server.watch(SEVERANCE, (1, number), earlier(server.clock, days=1))
    found = await plan(tv)
    assert (found.there.films, found.there.episodes, found.there.resume_points) == (1, 3, 0)
    assert found.changes_here[Choice.MERGE] == 4
    tv.store.run_now(choose, tv.account.id, Choice.MERGE)
    await tv.sync()
    assert len(tv.history()) == 5  # what was taken off there since leaves its viewing here


async def test_what_is_sent_in_any_case_is_counted(tv: Device, server: MemoryServer) -> None:
    """What was done since the account was connected is told without a question, and it is said."""
    server.watch(HEAT, FILM, earlier(server.clock, days=1))
    tv.play(film(1), FILM, 95.0)
    await drain(tv.store, tv.account, tv.provider, tv.clock)
    tv.play(film(2), FILM, 95.0)
    tv.play(film(3), FILM, 42.0)
    found = await plan(tv)
    assert (found.sent[Choice.TAKE_THEIRS], found.told, found.waiting) == (0, 1, 2)
    lines = plan_lines(found, "Simkl")
    assert "Whatever you choose, from since you connected: 1 sent, 2 waiting." in lines
    assert "Not now: what you watch, mark and rate from now on is sent, nothing else." in lines


async def test_what_was_sent_before_an_account_came_back_is_not_counted(
    tv: Device, server: MemoryServer
) -> None:
    """The question is about what this sign-in has done."""
    tv.play(film(1), FILM, 95.0)
    await drain(tv.store, tv.account, tv.provider, tv.clock)
    server.clock.advance(60)
    tv.connect("1")
    found = await plan(tv)
    assert (found.told, found.waiting) == (0, 0)
    assert not any("Whatever" in line for line in plan_lines(found, "Simkl"))


async def test_what_was_begun_before_connecting_is_counted_and_sent(
    tv: Device, server: MemoryServer
) -> None:
    """What stands in Continue Watching, unless the provider has anything newer of the title."""
    for number, percent in ((1, 41.0), (2, 30.0), (3, 55.0)):
        tv.play(film(number), FILM, percent)
        server.clock.advance(60)
    tv.play(SEVERANCE, (1, 2), 50.0)
    tv.store.run_now(_forget_queue)
    server.clock.advance(600)
    server.pause(film(2), FILM, 70.0, earlier(server.clock, seconds=60))
    server.watch(SEVERANCE, (1, 5), earlier(server.clock, seconds=60))
    server.pause(film(3), FILM, 20.0, earlier(server.clock, days=1))
    tv.connect("1")
    order = [card.title for card in tv.continue_watching()]
    assert order == ["Severance", "Film 3", "Film 2", "Film 1"]
    found = await plan(tv)
    assert (found.sent[Choice.MERGE], found.sent[Choice.SEND_MINE]) == (2, 2)
    result = await tv.sync()
    assert result.pushed == 2
    places = {point.media.title: point.percent for point in server.points.values()}
    assert places == {"Film 1": 41.0, "Film 2": 70.0, "Film 3": 55.0}
    before = server.requests.count("scrobble pause")
    for _ in range(2):
        server.clock.advance(1800)
        await tv.sync()
    assert server.requests.count("scrobble pause") == before


async def test_what_was_begun_long_ago_stays_where_it_stood(
    tv: Device, server: MemoryServer
) -> None:
    """A provider stamps a place as it is told: that makes it no newer than yesterday's here."""
    tv.play(film(1), FILM, 41.0)
    tv.store.run_now(_forget_queue)
    server.clock.advance(30 * 86_400)
    server.pause(film(2), FILM, 42.0, earlier(server.clock, days=1))
    tv.connect("1")
    for _ in range(2):
        await tv.sync()
        server.clock.advance(1800)
    assert server.points[str(film(1).id)].percent == 41.0
    assert [card.title for card in tv.continue_watching()] == ["Film 2", "Film 1"]
    server.pause(film(1), FILM, 60.0, earlier(server.clock, seconds=60))
    await tv.sync()
    assert [card.title for card in tv.continue_watching()] == ["Film 1", "Film 2"]


async def test_only_so_many_places_are_sent(tv: Device, server: MemoryServer) -> None:
    """The newest ones, each a request of its own."""
    for number in range(MOST_POINTS + 5):
        tv.play(film(number), FILM, 40.0)
        server.clock.advance(60)
    tv.store.run_now(_forget_queue)
    server.clock.advance(600)
    tv.connect("1")
    assert (await plan(tv)).sent[Choice.MERGE] == MOST_POINTS
    assert (await tv.sync()).pushed == MOST_POINTS
    assert str(film(4).id) not in server.points
    assert str(film(5).id) in server.points


@pytest.mark.parametrize(
    ("choice", "sent", "there"), [(Choice.MERGE, 2, [9, 7, 8]), (Choice.SEND_MINE, 3, [5, 7, 8])]
)
async def test_ratings_are_counted_as_they_are_sent(
    tv: Device, server: MemoryServer, choice: Choice, sent: int, there: list[int]
) -> None:
    """A newer one there stays in a merge; who sends theirs overwrites it, and is told so."""
    now = earlier(server.clock, seconds=0)
    for media, rating in ((film(1), 5), (film(2), 7), (film(3), 8)):
        tv.know(media)
        tv.store.run_now(listing.rate, tv.profile.id, Key(media.id), rating, now)
    tv.store.run_now(listing.set_list, tv.profile.id, Key(film(3).id), ListStatus.DROPPED, now)
    tv.store.run_now(listing.set_list, tv.profile.id, Key(film(3).id), None, now)
    tv.store.run_now(_forget_queue)
    server.clock.advance(60)
    tv.connect("1")
    server.rate(film(1), 9)
    found = await plan(tv)
    assert found.sent[choice] == sent
    tv.store.run_now(choose, tv.account.id, choice)
    assert (await tv.sync()).pushed == sent
    assert [server.titles[str(film(number).id)].rating for number in (1, 2, 3)] == there


async def test_ratings_since_connecting_are_said_to_be_sent(
    tv: Device, server: MemoryServer
) -> None:
    """A viewing, a rating and a list are three things."""
    server.clock.advance(60)
    tv.connect("1")
    tv.play(film(1), FILM, 95.0)
    tv.store.run_now(listing.rate, tv.profile.id, Key(film(1).id), 8, tv.clock.now())
    tv.know(film(2))
    tv.store.run_now(
        listing.set_list, tv.profile.id, Key(film(2).id), ListStatus.PLANNED, tv.clock.now()
    )
    await drain(tv.store, tv.account, tv.provider, tv.clock)
    found = await plan(tv)
    assert (found.told, found.waiting) == (3, 0)


async def test_take_theirs_sends_nothing(tv: Device, server: MemoryServer) -> None:
    """What is only here stays here, and only here."""
    prepare(tv, server)
    tv.store.run_now(choose, tv.account.id, Choice.TAKE_THEIRS)
    result = await tv.sync()
    assert result.pushed == 0
    assert str(film(1).id) not in server.titles
    assert dated(tv.progress(film(1))).watched
    assert dated(tv.progress(SEVERANCE, (1, 2))).watched


async def test_send_mine_changes_nothing_here(tv: Device, server: MemoryServer) -> None:
    """Theirs is noted, so that what happens from now on is still followed."""
    prepare(tv, server)
    tv.store.run_now(choose, tv.account.id, Choice.SEND_MINE)
    result = await tv.sync()
    assert (result.pulled, result.pushed) == (0, 1)
    assert tv.progress(SEVERANCE, (1, 2)) is None
    assert len(tv.history()) == 3
    server.clock.advance(60)
    server.watch(SEVERANCE, (1, 3), earlier(server.clock, seconds=1))
    await tv.sync()
    assert dated(tv.progress(SEVERANCE, (1, 3))).watched
    assert tv.progress(SEVERANCE, (1, 2)) is None


async def test_undo_puts_everything_back(tv: Device, server: MemoryServer) -> None:
    """Progress and history are as they were; what was played since stays; nobody syncs unasked."""
    prepare(tv, server)
    before = {play.play_id for play in tv.history()}
    await tv.sync()
    assert len(tv.history()) > len(before)
    server.clock.advance(60)
    tv.play(film(3), FILM, 95.0)
    assert tv.store.run_now(sync_status, tv.profile.id, "simkl").undoable
    undone = tv.store.run_now(undo_sync, tv.account, tv.clock.now())
    assert undone is not None
    assert tv.progress(SEVERANCE, (1, 2)) is None
    assert tv.progress(film(2)) is None
    assert dated(tv.progress(film(3))).watched
    assert {play.play_id for play in tv.history()} - before == {tv.history()[0].play_id}
    assert tv.store.run_now(needs_choice, tv.account.id)
    assert not tv.store.run_now(sync_status, tv.profile.id, "simkl").undoable


async def test_an_undo_takes_back_what_was_not_sent(tv: Device, server: MemoryServer) -> None:
    """The network went before the facts of the first sync got out."""
    prepare(tv, server)
    server.fail_at = 5
    assert (await tv.sync()).error is not None
    assert len(tv.store.run_now(all_facts, tv.profile.id)) == 1
    tv.store.run_now(undo_sync, tv.account, tv.clock.now())
    assert tv.store.run_now(all_facts, tv.profile.id) == ()


async def test_a_thousand_untold_watches_are_said_beforehand(
    tv: Device, server: MemoryServer
) -> None:
    """They leave in batches of fifty."""
    for number in range(510):
        tv.know(film(number))
        tv.mark(film(number), FILM, earlier(server.clock, days=number + 1))
    tv.store.run_now(_forget_queue)
    found = await plan(tv)
    assert found.is_many(Choice.MERGE)
    assert not found.is_many(Choice.TAKE_THEIRS)
    server.requests.clear()
    assert (await tv.sync()).pushed == 510
    assert sum("deliver" in request for request in server.requests) == 11


async def test_what_was_forgotten_here_is_no_change(tv: Device, server: MemoryServer) -> None:
    """It stays forgotten, so the question does not count it, and the sync does what it said."""
    prepare(tv, server)
    tv.know(film(2))
    for media in (HEAT, film(2)):
        tv.store.run_now(listing.forget, tv.profile.id, Key(media.id), tv.clock.now(), there=False)
    for choice in (Choice.MERGE, Choice.TAKE_THEIRS):
        assert (await plan(tv)).changes_here[choice] == 1  # an episode
    tv.store.run_now(choose, tv.account.id, Choice.MERGE)
    assert (await tv.sync()).pulled == 1


async def test_a_first_sync_says_a_sum_and_no_single_thing(
    tv: Device, server: MemoryServer
) -> None:
    """Nor of what moved between its attempts: two break off before it succeeds."""
    at = earlier(server.clock, days=1)
    for number in range(3):
        server.watch(film(number), FILM, at)
    for number in (1, 2):
        server.watch(SEVERANCE, (1, number), at)
    server.pause(HEAT, FILM, 42.0, at)
    server.pause(film(9), FILM, 42.0, at)
    server.rate(film(1), 8)
    server.fail_at = 4
    assert (await tv.sync()).error is not None
    assert server.requests[-1] == "points"
    server.watch(film(4), FILM, at)
    server.unwatch(SEVERANCE, (1, 2))
    server.remove(film(0))
    server.fail_at = 3
    assert (await tv.sync()).error is not None
    assert server.requests[-1] == "listing"
    server.clear_point(film(9))
    assert (await tv.sync()).error is None
    assert [card.title for card in tv.continue_watching()] == ["Heat"]
    lines = [text for _, text in tv.store.run_now(sync_log, tv.profile.id)]
    assert lines == ["First sync with Simkl: 5 watched or begun there"]
