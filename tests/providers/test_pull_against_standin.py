"""Following a library over real sockets, with somebody acting on another device."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio

from dodo_tui.domain.ids import Ids, Kind
from dodo_tui.domain.lists import ListStatus
from dodo_tui.providers.catalogue import Airing
from dodo_tui.providers.changes import (
    Change,
    Listing,
    RemoteEpisode,
    RemoteTitle,
    ResumePoints,
    Snapshot,
    TitlePage,
)
from dodo_tui.providers.errors import BrokenError, OfflineError, ProviderError
from dodo_tui.providers.facts import ListChange, Outcome, Rating
from dodo_tui.providers.items import TitleRef
from dodo_tui.providers.simkl.provider import SimklProvider
from dodo_tui.standin.clock import MANUAL_START, ManualClock
from dodo_tui.standin.faults import Fault, HalfAnswer, Malformed, Reset, server_error
from dodo_tui.standin.simkl.server import StandIn
from dodo_tui.standin.simkl.world import Person
from tests.providers.standin_support import Connect, signed_in
from tests.providers.support import MemoryStore, check_error

MATRIX, INCEPTION, GODFATHER = "tt0133093", "tt1375666", "tt0068646"
BREAKING_BAD, PIONEER_ONE = "tt0903747", "tt1748166"
BEBOP, TWO_SEASONS, SPIRITED_AWAY = "mal:1", "mal:38000", "mal:199"

ACTIVITIES = "GET /sync/activities 200"
DELTA = "GET /sync/all-items 200"
PLAYBACK = "GET /sync/playback 200"
WHOLE = [
    "GET /sync/all-items/shows 200",
    "GET /sync/all-items/movies 200",
    "GET /sync/all-items/anime 200",
    PLAYBACK,
]


@dataclass
class Syncing:
    """One device that follows a library, and what it asked for."""

    provider: SimklProvider
    standin: StandIn
    time: ManualClock
    saved: Snapshot | None = None

    async def sync(self) -> list[Change]:
        """Pull, and keep the snapshot only if all of it came; afterwards some time has passed."""
        self.standin.log.clear()
        until = await self.provider.snapshot()
        found = [change async for change in self.provider.changes(self.saved, until)]
        self.saved = until
        self.time.advance(60)
        return found

    async def sync_until_error(self) -> tuple[list[Change], ProviderError]:
        """Pull; what came before it failed, and how it failed. Nothing is kept."""
        self.standin.log.clear()
        found: list[Change] = []
        try:
            until = await self.provider.snapshot()
            async for change in self.provider.changes(self.saved, until):
                found.append(change)  # noqa: PERF401 - what came before the error counts
        except ProviderError as error:
            check_error(error)
            return found, error
        raise AssertionError("no error came")

    @property
    def lines(self) -> list[str]:
        """What was asked for, and how it was answered."""
        return self.standin.log.lines()


@pytest.fixture
def person(standin: StandIn, time: ManualClock) -> Person:
    """Somebody with a library, who uses Simkl on another device."""
    person = standin.person()
    at = time.now() - timedelta(days=2)
    person.mark_watched(INCEPTION, at=at)
    person.rate(INCEPTION, 9)
    person.plan(GODFATHER)
    person.mark_watched(BREAKING_BAD, 1, at=at)
    person.mark_watched(BREAKING_BAD, 0, 1, at=at)
    person.mark_watched(PIONEER_ONE, at=at)
    person.mark_watched(TWO_SEASONS, 1, 12, at=at)
    person.mark_watched(TWO_SEASONS, 1, 13, at=at)
    person.mark_watched(SPIRITED_AWAY, at=at)
    person.pause(MATRIX, 40)
    person.pause(BREAKING_BAD, 55.5, 2, 1)
    time.advance(60)
    return person


@pytest_asyncio.fixture
async def device(standin: StandIn, connect: Connect, time: ManualClock, person: Person) -> Syncing:
    """A device that has just been connected and has pulled nothing yet."""
    return await _device(standin, connect, time)


@pytest_asyncio.fixture
async def synced(device: Syncing) -> Syncing:
    """A device that has pulled everything."""
    await device.sync()
    return device


async def _device(standin: StandIn, connect: Connect, time: ManualClock) -> Syncing:
    provider = connect(MemoryStore(await signed_in(standin, connect())))
    return Syncing(provider, standin, time)


def _titles(changes: list[Change]) -> dict[str, RemoteTitle]:
    pages = [change for change in changes if isinstance(change, TitlePage)]
    assert [page.malformed for page in pages] == [0] * len(pages)
    return {title.media.title: title for page in pages for title in page.titles}


def _places(title: RemoteTitle) -> list[tuple[int, int]]:
    return [(episode.season, episode.number) for episode in title.episodes]


# The first pull


async def test_the_first_pull_brings_everything(device: Syncing) -> None:
    """Five requests: the activities, the three types, the resume points."""
    changes = await device.sync()
    assert device.lines == [ACTIVITIES, *WHOLE]
    titles = _titles(changes)
    watched_at = MANUAL_START - timedelta(days=2)
    inception = titles["Inception"]
    assert (inception.watched, inception.watched_at) == (True, watched_at)
    assert (inception.rating, inception.media.ids.imdb) == (9, INCEPTION)
    godfather = titles["The Godfather"]
    assert (godfather.watched, godfather.status) == (False, ListStatus.PLANNED)
    breaking_bad = titles["Breaking Bad"]
    assert _places(breaking_bad) == [(0, 1), *[(1, n) for n in range(1, 8)]]
    assert breaking_bad.episodes[1] == RemoteEpisode(1, 1, watched_at)
    assert breaking_bad.episodes_complete
    assert titles["Pioneer One"].status is ListStatus.COMPLETED
    assert len(titles["Pioneer One"].episodes) == 6
    two_seasons = titles["Made in Two Seasons"]
    assert (two_seasons.media.kind, _places(two_seasons)) == (Kind.ANIME, [(1, 12), (2, 1)])
    assert (titles["Spirited Away"].watched, titles["Spirited Away"].episodes) == (True, ())
    points = changes[-1]
    assert isinstance(points, ResumePoints)
    assert points.complete
    assert {(p.item.title, p.percent) for p in points.points} == {
        ("The Matrix", 40),
        ("Breaking Bad", 55.5),
    }


async def test_a_series_called_completed_gets_no_made_up_episodes(
    device: Syncing, person: Person
) -> None:
    """Simkl counts them all and names none."""
    person.set_status(PIONEER_ONE, "plantowatch")
    person.mark_unwatched(PIONEER_ONE)
    person.set_status(PIONEER_ONE, "completed")
    title = _titles(await device.sync())["Pioneer One"]
    assert title.status is ListStatus.COMPLETED
    assert (title.episodes, title.episodes_complete) == ((), False)


@pytest.mark.parametrize(
    "shapes",
    [
        {"all_items_anime_key": "anime", "playback_anime_key": "show"},
        {"playback_time_key": "watched_at", "playback_episode_key": "episode"},
        {"legacy_vocabulary": True},
        {"activities_with_objects": True, "times_with_milliseconds": True},
    ],
)
async def test_every_shape_says_the_same(
    standin: StandIn, connect: Connect, time: ManualClock, person: Person, shapes: dict[str, Any]
) -> None:
    """Where the sources disagree, both forms are understood."""
    person.set_status(BEBOP, "dropped")
    device, other = (
        await _device(standin, connect, time),
        await _device(standin, connect, time),
    )
    plain = await device.sync()
    standin.settings.shapes = replace(standin.settings.shapes, **shapes)
    different = await other.sync()
    assert _titles(plain) == _titles(different)
    assert isinstance(plain[-1], ResumePoints)
    assert isinstance(different[-1], ResumePoints)
    assert plain[-1].points == different[-1].points


@pytest.mark.parametrize("shape", ["object", "null", "arrays"])
async def test_of_an_empty_library_nothing_comes_and_nothing_goes(
    standin: StandIn, connect: Connect, time: ManualClock, shape: Any
) -> None:
    """Nothing comes, and nothing is removed; then nothing is asked for."""
    standin.settings.shapes.empty_all_items = shape
    device = await _device(standin, connect, time)
    (points,) = await device.sync()
    assert isinstance(points, ResumePoints)
    assert points.points == ()
    assert await device.sync() == []
    assert device.lines == [ACTIVITIES]


async def test_a_library_too_large_for_one_answer(standin: StandIn, device: Syncing) -> None:
    """It comes by status, and is the same."""
    standin.settings.max_items = 1
    titles = _titles(await device.sync())
    assert len(titles) == 6
    assert len(device.lines) == 5 + 3 + 5 + 5


# Deltas


async def test_where_nothing_changed_one_request_is_made(synced: Syncing) -> None:
    """Again and again."""
    for _ in range(3):
        assert await synced.sync() == []
        assert synced.lines == [ACTIVITIES]


async def test_an_episode_watched_elsewhere(synced: Syncing, person: Person) -> None:
    """The show comes whole, and nothing else; a resume point was not touched."""
    person.mark_watched(BREAKING_BAD, 3, 1)
    changes = await synced.sync()
    assert synced.lines == [ACTIVITIES, DELTA]
    (title,) = _titles(changes).values()
    assert _places(title)[-1] == (3, 1)
    assert len(title.episodes) == 9
    assert await synced.sync() == []
    assert synced.lines == [ACTIVITIES]


async def test_all_types_at_once_are_one_delta(synced: Syncing, person: Person) -> None:
    """A show, a film and an anime."""
    person.mark_watched(BREAKING_BAD, 3, 1)
    person.mark_watched(GODFATHER)
    person.mark_watched(TWO_SEASONS, 1, 14)
    titles = _titles(await synced.sync())
    assert synced.lines == [ACTIVITIES, DELTA]
    assert set(titles) == {"Breaking Bad", "The Godfather", "Made in Two Seasons"}
    assert _places(titles["Made in Two Seasons"]) == [(1, 12), (2, 1), (2, 2)]


async def test_an_episode_unmarked_elsewhere(synced: Syncing, person: Person) -> None:
    """The title says which are left, and that these are all."""
    person.mark_unwatched(BREAKING_BAD, 1, 3)
    (title,) = _titles(await synced.sync()).values()
    assert (1, 3) not in _places(title)
    assert title.episodes_complete


@pytest.mark.parametrize("status", ["hold", "dropped", "plantowatch"])
async def test_a_title_put_elsewhere(synced: Syncing, person: Person, status: str) -> None:
    """Its episodes come along, whatever the list (F2)."""
    person.set_status(BREAKING_BAD, status)
    (title,) = _titles(await synced.sync()).values()
    assert title.status is ListStatus("planned" if status == "plantowatch" else status)
    assert len(title.episodes) == 8


@pytest.mark.parametrize("rating", [4, None])
async def test_a_rating_alone_is_heard_of(
    synced: Syncing, person: Person, rating: int | None
) -> None:
    """No delta of titles shows it, so the ratings of this type are asked for."""
    person.rate(INCEPTION, rating)
    (title,) = _titles(await synced.sync()).values()
    assert synced.lines == [ACTIVITIES, "GET /sync/ratings/movies 200"]
    assert (title.media.title, title.rating) == ("Inception", rating)
    assert (title.says_rating, title.says_watched) == (True, False)


async def test_ratings_of_two_types_are_one_request(synced: Syncing, person: Person) -> None:
    """With a third request for what the new rating put on a list."""
    person.rate(INCEPTION, 4)
    person.rate(BREAKING_BAD, 10)
    assert set(_titles(await synced.sync())) == {"Inception", "Breaking Bad"}
    assert synced.lines == [ACTIVITIES, "GET /sync/ratings 200"]


@pytest.mark.parametrize("ref", [INCEPTION, PIONEER_ONE, TWO_SEASONS])
async def test_a_removal_is_what_a_listing_lacks(
    synced: Syncing, standin: StandIn, person: Person, ref: str
) -> None:
    """One listing over every type: an anime's removal takes no show along (F1)."""
    removed = str(standin.world.title(ref).simkl_id)
    person.remove(ref)
    (listing,) = await synced.sync()
    assert synced.lines == [ACTIVITIES, DELTA]
    assert isinstance(listing, Listing)
    assert listing.kinds == frozenset(Kind)
    kept = {ids.simkl for ids in listing.ids}
    everything = {INCEPTION, GODFATHER, BREAKING_BAD, PIONEER_ONE, TWO_SEASONS, SPIRITED_AWAY}
    expected = {str(standin.world.title(each).simkl_id) for each in everything - {ref}}
    assert kept == expected
    assert removed not in kept


@pytest.mark.parametrize("shape", ["object", "null", "arrays"])
async def test_the_last_titles_of_a_kind_are_noticed(
    synced: Syncing, standin: StandIn, person: Person, shape: Any
) -> None:
    """An empty list is "nothing", but the activities name the kind of which titles went."""
    standin.settings.shapes.empty_all_items = shape
    for ref in (INCEPTION, GODFATHER):
        person.remove(ref)
    (listing,) = await synced.sync()
    assert isinstance(listing, Listing)
    assert listing.kinds == frozenset(Kind)
    for ref in (BREAKING_BAD, PIONEER_ONE, TWO_SEASONS, SPIRITED_AWAY):
        person.remove(ref)
    (empty,) = await synced.sync()
    assert empty == Listing(frozenset({Kind.SHOW, Kind.ANIME}), frozenset())


async def test_a_resume_point_that_came_and_one_that_went(synced: Syncing, person: Person) -> None:
    """All of them are told each time, so that a missing one is seen."""
    person.pause(GODFATHER, 12)
    person.forget_playback(MATRIX)
    (points,) = await synced.sync()
    assert synced.lines == [ACTIVITIES, PLAYBACK]
    assert isinstance(points, ResumePoints)
    assert points.complete
    assert {point.item.title for point in points.points} == {"The Godfather", "Breaking Bad"}
    person.forget_playback(GODFATHER)
    person.forget_playback(BREAKING_BAD)
    (points,) = await synced.sync()
    assert points == ResumePoints((), complete=True, kept_since=points.kept_since)  # type: ignore[union-attr]


async def test_everything_at_once_takes_five_requests(synced: Syncing, person: Person) -> None:
    """Five requests at most, titles first and what removes last."""
    person.mark_watched(GODFATHER)
    person.rate(INCEPTION, 3)
    person.remove(PIONEER_ONE)
    person.pause(BEBOP, 20, 1, 4)
    changes = await synced.sync()
    assert synced.lines == [ACTIVITIES, DELTA, "GET /sync/ratings/movies 200", DELTA, PLAYBACK]
    kinds = [type(change) for change in changes]
    assert kinds == [TitlePage, TitlePage, Listing, ResumePoints]


async def test_settings_of_the_account_ask_for_nothing(synced: Syncing, person: Person) -> None:
    """They move the topmost time alone."""
    person.change_settings(location="Porto")
    assert await synced.sync() == []
    assert synced.lines == [ACTIVITIES]


@pytest.mark.parametrize("shapes", [{"legacy_vocabulary": True}, {"activities_with_objects": True}])
async def test_activities_that_cannot_be_read_hide_nothing(
    device: Syncing, standin: StandIn, person: Person, shapes: dict[str, Any]
) -> None:
    """Old answers have no `playback`, and `rated_at` may be an object."""
    standin.settings.shapes = replace(standin.settings.shapes, **shapes)
    await device.sync()
    person.pause(GODFATHER, 12)
    person.rate(BREAKING_BAD, 2)
    changes = await device.sync()
    assert _titles(changes)["Breaking Bad"].rating == 2
    points = changes[-1]
    assert isinstance(points, ResumePoints)
    assert "The Godfather" in {point.item.title for point in points.points}
    assert await device.sync() == []
    assert device.lines == [ACTIVITIES]


async def test_the_saved_time_is_sent_back_verbatim(
    device: Syncing, standin: StandIn, person: Person
) -> None:
    """With its milliseconds."""
    standin.settings.shapes.times_with_milliseconds = True
    await device.sync()
    assert device.saved is not None
    person.mark_watched(GODFATHER)
    since = json.loads(device.saved.text)["all"]
    await device.sync()
    assert since.endswith(".000Z")
    assert standin.log.entries("/sync/all-items")[0].query["date_from"] == since


# Interrupted

FAULTS: tuple[tuple[Fault, type[ProviderError]], ...] = (
    (server_error(), BrokenError),
    (Reset(), OfflineError),
    (Reset(after_processing=True), OfflineError),
    (HalfAnswer(), OfflineError),
    (Malformed(), BrokenError),
    (Malformed(b'{"shows": [{"status": "watching"}'), BrokenError),
    (Malformed(b'{"error": "internal", "code": 500}'), BrokenError),
)


@pytest.mark.parametrize(("fault", "kind"), FAULTS)
@pytest.mark.parametrize("passed", range(5))
async def test_a_first_pull_that_breaks_off_anywhere(
    standin: StandIn, device: Syncing, fault: Fault, kind: type[ProviderError], passed: int
) -> None:
    """An error ends it; what came before is true, and nothing comes after."""
    standin.faults.add("/sync/", fault, skip=passed)
    changes, error = await device.sync_until_error()
    assert isinstance(error, kind)
    assert len(device.lines) == passed + 1
    assert len([c for c in changes if not (isinstance(c, TitlePage) and c.malformed)]) == max(
        passed - 1, 0
    )
    assert not any(isinstance(change, Listing | ResumePoints) for change in changes)


@pytest.mark.parametrize(("fault", "kind"), FAULTS)
@pytest.mark.parametrize("passed", range(1, 5))
async def test_deltas_that_break_off_anywhere_are_pulled_again(
    synced: Syncing,
    standin: StandIn,
    person: Person,
    fault: Fault,
    kind: type[ProviderError],
    passed: int,
) -> None:
    """Since the same saved snapshot, and nothing is lost."""
    person.mark_watched(GODFATHER)
    person.rate(INCEPTION, 3)
    person.remove(PIONEER_ONE)
    person.pause(BEBOP, 20, 1, 4)
    standin.faults.add("/sync/", fault, skip=passed)
    changes, error = await synced.sync_until_error()
    assert isinstance(error, kind)
    if passed <= 3:
        assert not any(isinstance(change, Listing) for change in changes)
    assert not any(isinstance(change, ResumePoints) for change in changes)
    again = await synced.sync()
    assert [type(c) for c in again] == [TitlePage, TitlePage, Listing, ResumePoints]
    assert await synced.sync() == []


async def test_a_change_in_the_midst_of_a_pull_is_in_the_next(
    device: Syncing, person: Person, time: ManualClock
) -> None:
    """The activities were read before the pull that they anchor."""
    until = await device.provider.snapshot()
    pieces = device.provider.changes(None, until)
    await anext(pieces)
    time.advance(1)
    person.mark_watched(BREAKING_BAD, 4, 1)
    _ = [piece async for piece in pieces]
    device.saved = until
    time.advance(60)
    (title,) = _titles(await device.sync()).values()
    assert (4, 1) in _places(title)


# Writing


async def test_a_resume_point_is_forgotten_there(synced: Syncing, person: Person) -> None:
    """Once, and once more; afterwards it is no longer told."""
    points = await synced.provider.resume_points()
    (matrix,) = [point for point in points if point.item.title == "The Matrix"]
    await synced.provider.forget_resume_point(matrix)
    await synced.provider.forget_resume_point(matrix)
    assert person.playback(MATRIX) is None
    (told,) = await synced.sync()
    assert isinstance(told, ResumePoints)
    assert [point.item.title for point in told.points] == ["Breaking Bad"]


def ref(kind: Kind, title: str, **ids: str) -> TitleRef:
    """A title as a whole."""
    return TitleRef(kind, title, None, Ids(**ids))


async def test_titles_are_rated_there(synced: Syncing, person: Person) -> None:
    """In one write, and the ratings are taken back; what nobody knows is an answer."""
    titles = [
        ref(Kind.MOVIE, "Inception", imdb=INCEPTION),
        ref(Kind.ANIME, "Cowboy Bebop", mal="1"),
        ref(Kind.MOVIE, "Nobody Has Made This", imdb="tt99999999"),
    ]
    given = await synced.provider.rate([Rating(title, 7) for title in titles])
    expected = [Outcome.DONE, Outcome.DONE, Outcome.UNKNOWN_TITLE]
    assert [answer.outcome for answer in given] == expected
    assert (person.rating(INCEPTION), person.rating(BEBOP)) == (7, 7)
    await synced.provider.rate([Rating(title, None) for title in titles])
    assert (person.rating(INCEPTION), person.rating(BEBOP)) == (None, None)


async def test_titles_are_put_on_lists_there(synced: Syncing, person: Person) -> None:
    """Without a viewing of any of it, and taken off again."""
    charade = ref(Kind.MOVIE, "Charade", imdb="tt0056923")
    horses = ref(Kind.SHOW, "Slow Horses", imdb="tt5875444")
    planned = [ListChange(title, ListStatus.PLANNED) for title in (charade, horses)]
    answers = await synced.provider.set_lists(planned)
    assert [(a.outcome, a.status) for a in answers] == [(Outcome.DONE, ListStatus.PLANNED)] * 2
    assert person.status("tt0056923") == person.status("tt5875444") == "plantowatch"
    held = await synced.provider.set_lists([ListChange(horses, ListStatus.HOLD)])
    assert held[0].status is ListStatus.HOLD
    assert person.status("tt5875444") == "hold"
    gone = await synced.provider.set_lists([ListChange(charade, None), ListChange(horses, None)])
    assert [answer.outcome for answer in gone] == [Outcome.DONE] * 2
    assert person.status("tt0056923") is None
    assert person.status("tt5875444") is None


async def test_a_list_never_costs_a_history(synced: Syncing, person: Person) -> None:
    """What was watched there stays watched, whatever its list."""
    person.mark_watched(BREAKING_BAD, 1, 1)
    person.mark_watched(INCEPTION)
    show = ref(Kind.SHOW, "Breaking Bad", imdb=BREAKING_BAD)
    film = ref(Kind.MOVIE, "Inception", imdb=INCEPTION)
    gone = await synced.provider.set_lists([ListChange(show, None), ListChange(film, None)])
    assert [answer.outcome for answer in gone] == [Outcome.KEPT] * 2
    (planned,) = await synced.provider.set_lists([ListChange(film, ListStatus.PLANNED)])
    assert planned.outcome is Outcome.KEPT
    (dropped,) = await synced.provider.set_lists([ListChange(show, ListStatus.DROPPED)])
    assert dropped.outcome is Outcome.DONE
    assert person.has_watched(INCEPTION)
    assert person.has_watched(BREAKING_BAD, 1, 1)
    assert person.status(BREAKING_BAD) == "dropped"


# Catalogue


async def test_the_catalogue_is_found_by_ids_of_others(synced: Syncing) -> None:
    """Details and episodes, found by ids elsewhere; a special apart."""
    show = ref(Kind.SHOW, "Breaking Bad", imdb=BREAKING_BAD)
    told = await synced.provider.details(show)
    assert told is not None
    assert told.overview == "A chemistry teacher turns to making drugs."
    assert (told.genres, told.airing) == (("Drama", "Crime"), Airing.ENDED)
    assert told.media.runtime_minutes == 47
    episodes = await synced.provider.episodes(show)
    assert sum(not each.is_special for each in episodes) == told.episode_count == 62
    assert [each.number for each in episodes if each.is_special] == [1, 2]
    pilot = next(each for each in episodes if (each.season, each.number) == (1, 1))
    assert pilot.title == "Pilot"
    assert pilot.aired_at == told.first_aired_at


async def test_an_animes_numbers_follow_its_ids(synced: Syncing) -> None:
    """The one that is 25 episodes here and two seasons elsewhere, both ways."""
    own = await synced.provider.episodes(ref(Kind.ANIME, "Made in Two Seasons", mal="38000"))
    assert [(each.season, each.number) for each in own] == [(1, n) for n in range(1, 26)]
    split = await synced.provider.episodes(ref(Kind.ANIME, "Made in Two Seasons", tvdb="348545"))
    expected = [(1, n) for n in range(1, 13)] + [(2, n) for n in range(1, 14)]
    assert [(each.season, each.number) for each in split] == expected


async def test_a_show_that_is_an_anime_there(synced: Syncing) -> None:
    """By its IMDb id it is found where it is."""
    told = await synced.provider.details(ref(Kind.SHOW, "Cowboy Bebop", imdb="tt0213338"))
    assert told is not None
    assert told.media.kind is Kind.ANIME


async def test_what_the_catalogue_does_not_have(synced: Syncing) -> None:
    """None, and no episodes."""
    nobody = ref(Kind.SHOW, "Nobody Has Made This", imdb="tt99999999")
    assert await synced.provider.details(nobody) is None
    assert await synced.provider.episodes(nobody) == ()
    unknown = ref(Kind.SHOW, "Nobody Has Made This", simkl="999999")
    assert await synced.provider.details(unknown) is None


async def test_two_films_of_one_name_are_told_apart_by_year(synced: Syncing) -> None:
    """Two films of one name are told apart by their years."""
    found = await synced.provider.search("The Thing", Kind.MOVIE, None)
    assert {hit.media.year for hit in found} == {1951, 1982}
    (one,) = await synced.provider.search("The Thing", Kind.MOVIE, 1982)
    assert one.media.ids.simkl == "61011"
    assert await synced.provider.search("The Thing", Kind.ANIME, None) == ()


# Large


def _grow(standin: StandIn, at: datetime) -> None:
    """3 000 films, and 100 shows of 200 episodes, all watched."""
    person, catalogue = standin.person(), standin.world.catalogue
    with standin.world.lock:
        for number in range(3_000):
            person.mark_watched(catalogue.add_movie(f"Film {number}", 2000), at=at)
        for number in range(100):
            show = catalogue.add_show(
                f"Show {number}", 2000, (100, 100), first_aired=at - timedelta(days=9_000)
            )
            person.mark_watched(show, at=at)


async def test_a_large_library_comes_in_five_requests_and_bounded_pages(
    standin: StandIn, device: Syncing, time: ManualClock
) -> None:
    """20 000 episodes and 3 000 films in five requests, and in pages of bounded size."""
    _grow(standin, time.now() - timedelta(days=1))
    changes = await device.sync()
    assert device.lines == [ACTIVITIES, *WHOLE]
    pages = [change for change in changes if isinstance(change, TitlePage)]
    assert max(len(page.titles) for page in pages) <= 200
    assert max(sum(len(t.episodes) for t in page.titles) for page in pages) < 4_200
    titles = _titles(changes)
    assert sum(t.watched for t in titles.values() if t.media.kind is Kind.MOVIE) == 3_001
    assert sum(len(t.episodes) for t in titles.values()) == 20_000 + 8 + 6 + 2
