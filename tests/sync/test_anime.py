"""Anime between Simkl, which numbers one season, and files that are numbered by seasons."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from dodo_tui.domain.cards import TitlePage
from dodo_tui.domain.ids import Ids, Key, Kind, MediaId
from dodo_tui.domain.media import Media
from dodo_tui.providers.changes import RemoteEpisode, RemoteTitle
from dodo_tui.providers.changes import TitlePage as Titles
from dodo_tui.standin.clock import ManualClock
from dodo_tui.standin.simkl.server import StandIn
from dodo_tui.storage.shelves import home_shelves, title_page
from dodo_tui.tracking import cataloguing, listing
from dodo_tui.tracking.applying.pieces import merge_alone
from dodo_tui.tracking.applying.pull import Pull
from dodo_tui.tracking.counting import Tally, count
from tests.support.standins import well_behaved
from tests.sync.device import Device
from tests.sync.phone import device_at
from tests.sync.server import Place

TWO_SEASONS = "mal:38000"
"""25 episodes in one season at Simkl, 12 and 13 in two seasons of TVDB's."""


def _media(ids: Ids) -> Media:
    media_id = ids.preferred(Kind.ANIME)
    assert media_id is not None
    return Media(media_id, Kind.ANIME, "Made in Two Seasons", 2019, ids)


BY_SEASONS = _media(Ids(tvdb="348545"))
"""As a file's name or Stremio names it."""
BY_NUMBER = _media(Ids(mal="38000"))
"""As an anime site names it."""


@pytest.fixture
def time() -> ManualClock:
    """The time of everybody."""
    return ManualClock()


@pytest.fixture
def standin(time: ManualClock) -> Iterator[StandIn]:
    """A Simkl; no test may break a usage rule."""
    with well_behaved(StandIn(clock=time, seed=1)) as running:
        yield running


NewDevice = Callable[[str], Awaitable[Device]]


@pytest_asyncio.fixture
async def new_device(
    standin: StandIn, time: ManualClock, tmp_path: Path
) -> AsyncIterator[NewDevice]:
    """Make a device that has synced for the first time; all are closed at the end."""
    made: list[Device] = []

    async def make(name: str) -> Device:
        device = await device_at(standin, time, tmp_path / name)
        made.append(device)
        await device.sync()
        return device

    yield make
    for device in made:
        device.close()
        await device.provider.close()


async def _sync(device: Device, time: ManualClock) -> None:
    time.advance(1200.0)
    result = await device.sync()
    assert result.error is None


def _page(device: Device, media_id: MediaId) -> TitlePage:
    page = device.store.run_now(title_page, device.profile.id, str(media_id))
    assert page is not None
    return page


@pytest.mark.parametrize(
    ("media", "place", "number"),
    [
        (BY_SEASONS, (1, 12), 12),
        (BY_SEASONS, (2, 1), 13),
        (BY_SEASONS, (2, 13), 25),
        (BY_NUMBER, (1, 13), 13),
        (BY_NUMBER, (1, 25), 25),
    ],
)
async def test_a_mark_reaches_the_right_episode(
    standin: StandIn,
    time: ManualClock,
    new_device: NewDevice,
    media: Media,
    place: Place,
    number: int,
) -> None:
    """Whichever way it is numbered here; none but that one."""
    tv = await new_device("tv")
    tv.mark(media, place, time.now())
    await _sync(tv, time)
    person = standin.person()
    watched = [n for n in range(1, 26) if person.has_watched(TWO_SEASONS, 1, n)]
    assert watched == [number]
    tv.unmark(media, place)
    await _sync(tv, time)
    assert not person.has_watched(TWO_SEASONS, 1, number)


async def test_what_was_watched_elsewhere_meets_the_files_here(
    standin: StandIn, time: ManualClock, new_device: NewDevice
) -> None:
    """Episode 14 there is season 2, episode 2 here: the key of a file numbered by seasons."""
    tv = await new_device("tv")
    tv.know(BY_SEASONS)
    standin.person().mark_watched(TWO_SEASONS, 1, 14)
    time.advance(60.0)
    standin.person().pause(TWO_SEASONS, 40.0, 1, 15)
    await _sync(tv, time)
    (entry,) = tv.history()
    assert (entry.season, entry.number) == (2, 2)
    (card,) = tv.continue_watching()
    assert (card.season, card.number) == (2, 3)
    assert Key.parse(card.key).media_id == Key.parse(entry.key).media_id


async def test_both_ways_and_back_again(
    standin: StandIn, time: ManualClock, new_device: NewDevice
) -> None:
    """What one device marks by seasons, another has under the same numbers, and nothing doubles."""
    tv = await new_device("tv")
    laptop = await new_device("laptop")
    tv.mark(BY_SEASONS, (2, 3), time.now())
    await _sync(tv, time)
    await _sync(laptop, time)
    (entry,) = laptop.history()
    assert (entry.season, entry.number) == (2, 3)
    for _ in range(2):
        await _sync(tv, time)
        await _sync(laptop, time)
    assert len(tv.history()) == len(laptop.history()) == 1


async def test_what_is_marked_unwatched_there_is_so_here(
    standin: StandIn, time: ManualClock, new_device: NewDevice
) -> None:
    """Whether it was watched there or here; the others stay."""
    tv = await new_device("tv")
    person = standin.person()
    for number in (12, 13, 14):
        person.mark_watched(TWO_SEASONS, 1, number)
    tv.mark(BY_SEASONS, (2, 3), time.now())
    await _sync(tv, time)
    await _sync(tv, time)
    for number in (13, 15):
        person.mark_unwatched(TWO_SEASONS, 1, number)
    await _sync(tv, time)
    media_id = Key.parse(tv.history()[0].key).media_id
    watched = [(e.card.season, e.card.number) for e in _page(tv, media_id).episodes if e.watched]
    assert watched == [(1, 12), (2, 2)]


async def test_an_entry_says_nothing_of_the_episodes_of_another(new_device: NewDevice) -> None:
    """Simkl keeps the seasons of some anime as entries of their own, under the ids of one show."""
    tv = await new_device("tv")
    pull = Pull(tv.account, tv.clock.now())
    first, second = (
        RemoteTitle(BY_SEASONS, episodes=episodes, episodes_complete=True, entry=entry)
        for entry, episodes in (
            ("1", (RemoteEpisode(1, 1, None), RemoteEpisode(1, 2, None))),
            ("2", (RemoteEpisode(2, 1, None), RemoteEpisode(2, 2, None))),
        )
    )
    less = replace(second, episodes=second.episodes[:1])
    for title in (first, second, first, less):
        tv.store.run_now(merge_alone, pull, Titles((title,)))
    episodes = _page(tv, BY_SEASONS.id).episodes
    watched = {(each.card.season, each.card.number): each.watched for each in episodes}
    assert watched == {(1, 1): True, (1, 2): True, (2, 1): True, (2, 2): False}


async def test_the_question_counts_the_episodes_of_every_entry(new_device: NewDevice) -> None:
    """The second entry of a show does not replace the first; told again, an entry does itself."""
    tv = await new_device("tv")
    tally = Tally(tv.account, tv.clock.now())
    for entry, season, watched in (("1", 1, 3), ("2", 2, 2), ("2", 2, 1)):
        episodes = tuple(RemoteEpisode(season, number + 1, None) for number in range(watched))
        title = RemoteTitle(BY_SEASONS, episodes=episodes, episodes_complete=True, entry=entry)
        tv.store.run_now(count, tally, Titles((title,)))
    assert (tally.there.episodes, tally.merged) == (4, 4)


async def test_the_next_episode_is_in_the_next_season(
    standin: StandIn, time: ManualClock, new_device: NewDevice
) -> None:
    """With the catalogue's list, numbered as the title's ids count."""
    tv = await new_device("tv")
    for number in range(1, 13):
        standin.person().mark_watched(TWO_SEASONS, 1, number)
    await _sync(tv, time)
    for ask in tv.store.run_now(cataloguing.due, time.now()):
        await cataloguing.ask(tv.store, tv.provider, ask, tv.clock)
    _, (card,) = tv.store.run_now(home_shelves, tv.profile.id, time.now())
    assert (card.season, card.number) == (2, 1)
    page = _page(tv, Key.parse(card.key).media_id)
    assert len(page.episodes) == 25
    assert sum(episode.watched for episode in page.episodes) == 12


async def test_specials_are_kept_apart(
    standin: StandIn, time: ManualClock, new_device: NewDevice
) -> None:
    """One that was watched is no progress of the series, and none is ever next."""
    tv = await new_device("tv")
    standin.person().mark_watched("tt0903747", 1, 1)
    standin.person().mark_watched("tt0903747", 0, 1)
    await _sync(tv, time)
    for ask in tv.store.run_now(cataloguing.due, time.now()):
        await cataloguing.ask(tv.store, tv.provider, ask, tv.clock)
    _, (card,) = tv.store.run_now(home_shelves, tv.profile.id, time.now())
    assert (card.season, card.number) == (1, 2)
    page = _page(tv, MediaId.parse("tt0903747"))
    assert [episode.card.season for episode in page.episodes[-2:]] == [0, 0]
    special = Key.parse("tt0903747:0:2")
    tv.store.run_now(listing.rate, tv.profile.id, special, 7, time.now())
    tv.mark(
        Media(special.media_id, Kind.SHOW, "Breaking Bad", 2008, Ids(imdb="tt0903747")),
        (0, 2),
        time.now(),
    )
    await _sync(tv, time)
    assert standin.person().has_watched("tt0903747", 0, 2)
    assert standin.person().rating("tt0903747") == 7
    assert not standin.person().has_watched("tt0903747", 1, 2)
