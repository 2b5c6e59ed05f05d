"""Ratings, lists and forgetting between two devices and a server."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dodo_tui.domain.ids import Ids, Key, Kind, MediaId
from dodo_tui.domain.lists import ListStatus, choices
from dodo_tui.domain.media import Media
from dodo_tui.domain.queue import QueueKind
from dodo_tui.storage import queued, remote
from dodo_tui.storage.standing import TitleStanding, title_standing
from dodo_tui.storage.synclog import sync_log
from dodo_tui.storage.watchlist import watchlist_cards
from dodo_tui.tracking import listing
from dodo_tui.tracking.listing import NotPossibleError
from tests.support.clock import FakeClock
from tests.support.folders import memory_folder
from tests.sync.conftest import NewDevice
from tests.sync.device import Device, earlier
from tests.sync.server import FILM, HEAT, SEVERANCE, MemoryProvider, MemoryServer, film

OTHER_SHOW = replace(
    SEVERANCE,
    id=MediaId.parse("tt9999999"),
    title="Another Show",
    ids=Ids(imdb="tt9999999", simkl="9999999"),
)
"""Keeps the list from coming back empty, which is a fault until proven otherwise."""


def rate(device: Device, media: Media, rating: int | None) -> None:
    """Rate a title on a device."""
    device.know(media)
    now = device.clock.now()
    device.store.run_now(listing.rate, device.profile.id, Key(media.id), rating, now)


def put(device: Device, media: Media, status: ListStatus | None) -> None:
    """Put a title on a list on a device."""
    device.know(media)
    now = device.clock.now()
    device.store.run_now(listing.set_list, device.profile.id, Key(media.id), status, now)


def forget(device: Device, media: Media, *, there: bool) -> None:
    """Forget a title on a device."""
    key, now = Key(media.id), device.clock.now()
    device.store.run_now(lambda c: listing.forget(c, device.profile.id, key, now, there=there))


def standing(device: Device, media: Media) -> TitleStanding:
    """Where it stands there."""
    return device.store.run_now(title_standing, device.profile.id, str(media.id))


def waiting(device: Device) -> list[QueueKind]:
    """What has not been told."""
    return [row.kind for row in device.store.run_now(queued.all_facts, device.profile.id)]


async def test_a_rating_reaches_the_other_device(
    tv: Device, new_device: NewDevice, server: MemoryServer
) -> None:
    """And is taken back from there."""
    laptop = new_device("laptop")
    server.watch(HEAT, FILM, None)
    await tv.sync()
    await laptop.sync()
    rate(tv, HEAT, 8)
    await tv.sync()
    await laptop.sync()
    assert standing(laptop, HEAT).rating == 8
    server.clock.advance(60)
    rate(laptop, HEAT, None)
    await laptop.sync()
    await tv.sync()
    assert standing(tv, HEAT).rating is None
    assert server.titles[str(HEAT.id)].rating is None


@pytest.mark.parametrize(
    ("rating", "line"),
    [
        (8, "Heat is rated, and so counts as watched at Simkl"),
        (None, "Heat marked watched on another device"),
    ],
)
async def test_what_counts_as_watched_without_a_time_is_a_line_of_the_log(
    tv: Device, server: MemoryServer, rating: int | None, line: str
) -> None:
    """Simkl: rating an unseen film files it with the completed ones. That is said once."""
    server.watch(film(1), FILM, earlier(server.clock, days=1))
    await tv.sync()
    server.rate(HEAT, rating)
    server.watch(HEAT, FILM, None)
    server.clock.advance(900)
    await tv.sync()
    server.clock.advance(900)
    await tv.sync()
    row = tv.progress(HEAT)
    assert row is not None
    assert row.watched
    assert [text for _, text in tv.store.run_now(sync_log, tv.profile.id)].count(line) == 1


async def test_a_pulled_rating_never_goes_back_out(tv: Device, server: MemoryServer) -> None:
    """Nor does a list: what one was told is nobody's to tell."""
    server.rate(HEAT, 9)
    server.put(SEVERANCE, ListStatus.PLANNED)
    await tv.sync()
    assert standing(tv, HEAT).rating == 9
    assert waiting(tv) == []
    server.requests.clear()
    await tv.sync()
    assert server.requests == ["snapshot"]


async def test_what_changed_there_is_said(tv: Device, server: MemoryServer) -> None:
    """In the log, in words; not what came with the first pull, nor what this device said."""
    server.watch(HEAT, FILM, None)
    server.put(SEVERANCE, ListStatus.WATCHING)
    await tv.sync()
    rate(tv, HEAT, 3)
    await tv.sync()
    server.rate(HEAT, 8)
    server.put(SEVERANCE, ListStatus.HOLD)
    await tv.sync()
    server.rate(HEAT, None)
    await tv.sync()
    lines = [text for _, text in tv.store.run_now(sync_log, tv.profile.id)]
    assert {line for line in lines if "on another device" in line} == {
        "Heat rating taken back on another device",
        "Severance put on hold on another device",
        "Heat rated 8 on another device",
    }


async def test_a_title_that_is_planned_there_is_said(tv: Device, server: MemoryServer) -> None:
    """Also one that was never heard of; one that is listed because it was watched is not."""
    server.watch(HEAT, FILM, None)
    await tv.sync()
    server.put(SEVERANCE, ListStatus.PLANNED)
    server.watch(film(1), FILM, earlier(server.clock, seconds=5))
    result = await tv.sync()
    assert set(_log(tv)[:2]) == {
        "Severance put on the Watchlist on another device",
        f"{film(1).title} watched on another device",
    }
    assert result.pulled == 2


async def test_what_was_done_here_is_not_said_to_come_from_elsewhere(
    tv: Device, server: MemoryServer
) -> None:
    """A film that was planned is played and then taken back: the lists that follow are no news."""
    server.watch(OTHER_SHOW, (1, 1), None)
    server.put(HEAT, ListStatus.PLANNED)
    await tv.sync()
    server.clock.advance(60)
    tv.play(HEAT, FILM, 95.0)
    await tv.sync()
    server.clock.advance(60)
    await tv.sync()
    tv.unmark(HEAT, FILM)
    await tv.sync()
    result = await tv.sync()
    assert result.pulled == 0
    assert [line for line in _log(tv) if "another device" in line] == []


async def test_a_film_that_was_not_watched_after_all_keeps_its_rating(
    tv: Device, new_device: NewDevice, server: MemoryServer
) -> None:
    """Where history, list and rating are one entry, the rating is told again with the Watchlist."""
    laptop = new_device("laptop")
    server.watch(HEAT, FILM, earlier(server.clock, days=1))
    server.rate(HEAT, 8)
    await tv.sync()
    await laptop.sync()
    server.clock.advance(60)
    tv.unmark(HEAT, FILM)
    assert standing(tv, HEAT) == TitleStanding(ListStatus.PLANNED, 8)
    await tv.sync()
    there = server.titles[str(HEAT.id)]
    assert (there.status, there.rating, dict(there.watched)) == (ListStatus.PLANNED, 8, {})
    await laptop.sync()
    await tv.sync()
    for device in (tv, laptop):
        progress = device.progress(HEAT)
        assert progress is None or not progress.watched
        assert standing(device, HEAT) == TitleStanding(ListStatus.PLANNED, 8)
    server.requests.clear()
    await tv.sync()
    assert server.requests == ["snapshot"]


async def test_a_season_watched_there_is_one_line(tv: Device, server: MemoryServer) -> None:
    """A few episodes are named; more are counted, so that the log keeps the rest."""
    server.watch(HEAT, FILM, None)
    await tv.sync()
    for number in range(1, 9):
        server.watch(SEVERANCE, (1, number), earlier(server.clock, seconds=number))
    await tv.sync()
    assert _log(tv)[0] == "Severance: 8 episodes watched on another device"


def _log(device: Device) -> list[str]:
    return [text for _, text in device.store.run_now(sync_log, device.profile.id)]


async def test_our_unsent_word_wins_over_theirs(tv: Device, server: MemoryServer) -> None:
    """Theirs comes in while ours waits: ours counts here, and is told."""
    server.watch(HEAT, FILM, None)
    server.put(SEVERANCE, ListStatus.WATCHING)
    await tv.sync()
    rate(tv, HEAT, 3)
    put(tv, SEVERANCE, ListStatus.HOLD)
    server.clock.advance(60)
    server.rate(HEAT, 10)
    server.put(SEVERANCE, ListStatus.DROPPED)
    server.fail_at = 1
    await tv.sync()
    assert (standing(tv, HEAT).rating, standing(tv, SEVERANCE).status) == (3, ListStatus.HOLD)
    await tv.sync()
    assert server.titles[str(HEAT.id)].rating == 3
    assert server.titles[str(SEVERANCE.id)].status is ListStatus.HOLD


async def test_their_newer_word_wins_once_ours_was_told(tv: Device, server: MemoryServer) -> None:
    """Whatever our clock says."""
    server.watch(HEAT, FILM, None)
    await tv.sync()
    rate(tv, HEAT, 3)
    put(tv, SEVERANCE, ListStatus.PLANNED)
    await tv.sync()
    server.rate(HEAT, 10)
    server.put(SEVERANCE, ListStatus.DROPPED)
    server.clock.advance(60)
    await tv.sync()
    assert standing(tv, HEAT).rating == 10
    assert standing(tv, SEVERANCE).status is ListStatus.DROPPED


async def test_what_was_said_before_signing_in_is_told_at_the_first_sync(
    tv: Device, server: MemoryServer
) -> None:
    """Lists that were chosen here count; of two ratings the newer one."""
    tv.store.run_now(lambda c: c.execute("UPDATE account SET connected = 0"))
    rate(tv, HEAT, 4)
    put(tv, SEVERANCE, ListStatus.PLANNED)
    server.clock.advance(60)
    server.put(SEVERANCE, ListStatus.DROPPED)
    tv.connect("1")
    await tv.sync()
    assert server.titles[str(HEAT.id)].rating == 4
    assert server.titles[str(SEVERANCE.id)].status is ListStatus.PLANNED
    assert [c.title for c in tv.store.run_now(watchlist_cards, tv.profile.id)] == ["Severance"]


async def test_off_the_list_stays_off(tv: Device, server: MemoryServer) -> None:
    """Though the provider keeps a title that was watched on one."""
    server.watch(SEVERANCE, (1, 1), earlier(server.clock, days=1))
    server.put(SEVERANCE, ListStatus.PLANNED)
    await tv.sync()
    put(tv, SEVERANCE, None)
    await tv.sync()
    server.rate(SEVERANCE, 7)
    await tv.sync()
    assert standing(tv, SEVERANCE) == TitleStanding(None, 7)
    assert tv.progress(SEVERANCE, (1, 1)) is not None
    assert (1, 1) in server.titles[str(SEVERANCE.id)].watched
    lines = [text for _, text in tv.store.run_now(sync_log, tv.profile.id)]
    assert "Simkl keeps Severance on its list, because it was watched" in lines
    server.clock.advance(60)
    server.put(SEVERANCE, ListStatus.HOLD)
    await tv.sync()
    assert standing(tv, SEVERANCE).status is ListStatus.HOLD


async def test_taken_off_there_is_taken_off_here(
    tv: Device, new_device: NewDevice, server: MemoryServer
) -> None:
    """Also what this device had put there itself."""
    laptop = new_device("laptop")
    server.put(OTHER_SHOW, ListStatus.PLANNED)
    put(tv, SEVERANCE, ListStatus.PLANNED)
    await tv.sync()
    await laptop.sync()
    server.clock.advance(60)
    put(laptop, SEVERANCE, None)
    await laptop.sync()
    assert str(SEVERANCE.id) not in server.titles
    await tv.sync()
    assert standing(tv, SEVERANCE).status is None
    assert [c.title for c in tv.store.run_now(watchlist_cards, tv.profile.id)] == ["Another Show"]


async def test_a_rating_that_leaves_with_its_list_leaves_here_too(
    tv: Device, new_device: NewDevice, server: MemoryServer
) -> None:
    """Simkl keeps both as one entry: every device says what is there, and why it is."""
    laptop = new_device("laptop")
    server.put(OTHER_SHOW, ListStatus.PLANNED)
    await tv.sync()
    rate(tv, HEAT, 1)
    server.clock.advance(60)
    put(tv, HEAT, None)
    await tv.sync()
    await laptop.sync()
    assert str(HEAT.id) not in server.titles
    assert standing(tv, HEAT) == standing(laptop, HEAT) == TitleStanding()
    lines = [text for _, text in tv.store.run_now(sync_log, tv.profile.id)]
    assert "Simkl took the rating of Heat off with its list" in lines
    rate(tv, HEAT, 7)
    await tv.sync()
    assert server.titles[str(HEAT.id)].rating == standing(tv, HEAT).rating == 7


# Forgetting


async def test_what_was_forgotten_here_does_not_come_back(tv: Device, server: MemoryServer) -> None:
    """Whether it was played here or pulled, and whether or not it was heard of before."""
    server.watch(SEVERANCE, (1, 1), earlier(server.clock, days=2))
    await tv.sync()
    tv.play(SEVERANCE, (1, 2), 95.0)
    await tv.sync()
    server.watch(SEVERANCE, (1, 3), earlier(server.clock, days=1))
    server.pause(SEVERANCE, (1, 4), 40.0, server.clock.now())
    server.clock.advance(60)
    forget(tv, SEVERANCE, there=False)
    await tv.sync()
    await tv.sync()
    assert tv.history() == ()
    assert [tv.progress(SEVERANCE, (1, number)) for number in range(1, 5)] == [None] * 4
    assert len(server.titles[str(SEVERANCE.id)].watched) == 3
    assert str(SEVERANCE.id) in server.points


async def test_something_newer_comes_back(tv: Device, server: MemoryServer) -> None:
    """What was watched there since, and only that."""
    server.watch(SEVERANCE, (1, 1), earlier(server.clock, days=2))
    await tv.sync()
    forget(tv, SEVERANCE, there=False)
    server.clock.advance(3600)
    server.watch(SEVERANCE, (1, 2), server.clock.now())
    await tv.sync()
    assert [entry.number for entry in tv.history()] == [2]
    assert tv.progress(SEVERANCE, (1, 1)) is None


async def test_forgotten_there_too(tv: Device, new_device: NewDevice, server: MemoryServer) -> None:
    """Its episodes and its resume point go there, and so on the other device."""
    laptop = new_device("laptop")
    server.watch(SEVERANCE, (1, 1), earlier(server.clock, days=2))
    server.watch(HEAT, FILM, earlier(server.clock, days=2))
    server.pause(SEVERANCE, (1, 2), 40.0, earlier(server.clock, hours=1))
    await tv.sync()
    await laptop.sync()
    forget(tv, SEVERANCE, there=True)
    forget(tv, HEAT, there=True)
    await tv.sync()
    assert not tv.store.run_now(remote.title_known, tv.account.id, str(HEAT.id))
    assert not tv.store.run_now(remote.title_known, tv.account.id, str(SEVERANCE.id))
    assert server.titles[str(SEVERANCE.id)].watched == {}
    assert str(SEVERANCE.id) not in server.points
    await laptop.sync()
    assert laptop.progress(SEVERANCE, (1, 1)) is None
    assert laptop.progress(SEVERANCE, (1, 2)) is None
    assert laptop.progress(HEAT) is None
    assert tv.history() == ()


# Whatever happens


Where = Literal["tv", "laptop", "phone"]
events = st.lists(
    st.tuples(
        st.sampled_from(["tv", "laptop", "phone"]),
        st.sampled_from([HEAT, SEVERANCE]),
        st.sampled_from(["rate", "list", "sync", "fail"]),
        st.sampled_from([None, 1, 6, 10]),
        st.sampled_from([None, *ListStatus]),
    ),
    max_size=14,
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(events)
def test_everybody_agrees_in_the_end(
    happened: list[tuple[Where, Media, str, int | None, ListStatus | None]],
) -> None:
    """After both devices have synced twice, their words and the server's are the same.

    Both have synced for the first time before.
    """
    clock = FakeClock()
    server = MemoryServer(clock)
    server.put(OTHER_SHOW, ListStatus.PLANNED)
    server.put(film(1), ListStatus.PLANNED)
    with memory_folder() as folder, asyncio.Runner() as runner:
        devices = {
            name: Device(Path(folder) / name, MemoryProvider(server), clock)
            for name in ("tv", "laptop")
        }
        for device in devices.values():
            runner.run(device.sync())
        for where, media, what, rating, status in happened:
            clock.advance(timedelta(minutes=20).total_seconds())
            if what == "fail":
                server.fail_at = 2
            elif where == "phone":
                _on_phone(server, media, what, rating, status)
            elif what == "sync":
                runner.run(devices[where].sync())
            else:
                _on_device(devices[where], media, what, rating, status)
        server.fail_at = None
        for _ in range(2):
            for device in devices.values():
                clock.advance(3600)
                runner.run(device.sync())
        for media in (HEAT, SEVERANCE):
            entry = server.titles.get(str(media.id))
            there = TitleStanding(entry.status, entry.rating) if entry else TitleStanding()
            for name, device in devices.items():
                assert waiting(device) == []
                assert standing(device, media) == there, name
        for device in devices.values():
            server.requests.clear()
            runner.run(device.sync())
            assert server.requests == ["snapshot"]
            device.close()


def _on_phone(
    server: MemoryServer, media: Media, what: str, rating: int | None, status: ListStatus | None
) -> None:
    """Something is said on the provider's own site."""
    if what == "rate" and (rating is not None or str(media.id) in server.titles):
        server.rate(media, rating)
    elif what == "list" and status is None:
        server.remove(media)
    elif what == "list" and status in choices(media.kind, is_watched=False):
        server.put(media, status)


def _on_device(
    device: Device, media: Media, what: str, rating: int | None, status: ListStatus | None
) -> None:
    """Something is said on a device. A film the server calls watched stays where it is."""
    if what == "rate":
        rate(device, media, rating)
    elif what == "list" and (media.kind is not Kind.MOVIE or status is None):
        try:
            put(device, media, status)
        except NotPossibleError:
            assert status is ListStatus.COMPLETED
