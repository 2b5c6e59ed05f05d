"""Syncing with Trakt over real sockets: both ways, page by page, and what is taken away there."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from dodo_tui.domain.account import User
from dodo_tui.domain.ids import Ids, Key, Kind, MediaId
from dodo_tui.domain.lists import ListStatus
from dodo_tui.domain.media import Media
from dodo_tui.domain.status import SyncState
from dodo_tui.domain.times import from_iso
from dodo_tui.library.match import Verdict
from dodo_tui.standin.clock import ManualClock
from dodo_tui.standin.faults import Reply, Reset
from dodo_tui.standin.trakt.server import TraktStandIn
from dodo_tui.storage import accounts
from dodo_tui.storage.lists import asked_about, find_entry
from dodo_tui.storage.synclog import sync_log
from dodo_tui.tracking import sync
from dodo_tui.tracking.first_sync import Choice, plan_first_sync
from dodo_tui.tracking.identifying.due import NamedTitle
from dodo_tui.tracking.identifying.judging import Thought
from dodo_tui.tracking.identifying.keeping import adopt
from dodo_tui.tracking.listing import rate, set_list
from dodo_tui.tracking.removals import Removed, keep_missing, remove_missing
from dodo_tui.tracking.undo import undo_sync
from tests.support.standins import well_behaved
from tests.sync.phone import BREAKING_BAD, INCEPTION, MATRIX
from tests.sync.server import FILM
from tests.sync.twins import TraktDevice, trakt_device_at

ANIME = Media(
    MediaId.parse("tvdb:348545"),
    Kind.ANIME,
    "Made in Two Seasons",
    2019,
    Ids(mal="38000", tvdb="348545"),
)
"""Counted through here, in two seasons at Trakt."""


@pytest.fixture
def time() -> ManualClock:
    """The time of everybody."""
    return ManualClock()


@pytest.fixture
def standin(time: ManualClock) -> Iterator[TraktStandIn]:
    """A running stand-in; no test may break a usage rule."""
    with well_behaved(TraktStandIn(clock=time, seed=1)) as running:
        yield running


@pytest_asyncio.fixture
async def tv(
    standin: TraktStandIn, time: ManualClock, tmp_path: Path
) -> AsyncIterator[TraktDevice]:
    """A device that is signed in at Trakt."""
    device = await trakt_device_at(standin, time, tmp_path / "tv")
    yield device
    await device.provider.close()
    device.device.close()


async def synced(tv: TraktDevice, time: ManualClock) -> None:
    """A sync that succeeds, some time later."""
    time.advance(1200)
    result = await tv.sync()
    assert (result.state, result.error, result.malformed) == (SyncState.IDLE, None, 0)


def watched(tv: TraktDevice, media: object, place: tuple[int, int] = FILM) -> bool:
    """Whether something is watched here."""
    progress = tv.device.progress(media, place)  # type: ignore[arg-type]
    return progress is not None and progress.watched


def is_hidden(tv: TraktDevice, media_id: str) -> bool:
    """Whether a title is hidden here."""

    def look(connection: sqlite3.Connection) -> bool:
        found = connection.execute("SELECT 1 FROM hidden WHERE media_id = ?", (media_id,))
        return found.fetchone() is not None

    return tv.device.store.run_now(look)


def entry_of(tv: TraktDevice, media_id: str) -> tuple[str | None, int | None]:
    """The list and the rating of a title as Trakt has them."""
    device = tv.device
    found = device.store.run_now(find_entry, device.profile.id, media_id, "trakt")
    return (found.status, found.rating) if found else (None, None)


async def test_everything_is_pulled_at_first(
    tv: TraktDevice, standin: TraktStandIn, time: ManualClock
) -> None:
    """History, resume points, watchlist, ratings, hidden and dropped titles."""
    phone = standin.person()
    phone.watch("Inception", at=time.now() - timedelta(days=40))
    phone.watch("Breaking Bad", 1, 1)
    phone.watch("Breaking Bad", 1, 2)
    phone.watch("Andor", 1, 1)
    phone.pause("The Matrix", 42.5)
    phone.pause("Breaking Bad", 20.0, 1, 3)
    phone.plan("John Wick")
    phone.rate("Inception", 9)
    phone.hide("Breaking Bad")
    phone.drop("Andor")
    await synced(tv, time)
    assert watched(tv, INCEPTION)
    assert [watched(tv, BREAKING_BAD, (1, n)) for n in (1, 2, 3)] == [True, True, False]
    paused = tv.device.progress(MATRIX)
    assert paused is not None
    assert paused.ratio == pytest.approx(0.425)
    assert entry_of(tv, "tt2911666") == (ListStatus.PLANNED, None)
    assert entry_of(tv, "tt1375666") == (None, 9)
    assert entry_of(tv, "tt9253284")[0] == ListStatus.DROPPED
    assert is_hidden(tv, "tt0903747")
    assert not is_hidden(tv, "tt1375666")


async def test_nothing_moved_is_one_request(
    tv: TraktDevice, standin: TraktStandIn, time: ManualClock
) -> None:
    """Only the timestamps are asked for."""
    standin.person().watch("Inception")
    await synced(tv, time)
    standin.log.clear()
    await synced(tv, time)
    assert standin.log.lines() == ["GET /sync/last_activities 200"]


async def test_only_what_moved_is_asked_for(
    tv: TraktDevice, standin: TraktStandIn, time: ManualClock
) -> None:
    """A film watched: the films, and the plays of late."""
    await synced(tv, time)
    standin.person().watch("Inception")
    standin.log.clear()
    await synced(tv, time)
    assert {entry.path for entry in standin.log.entries()} == {
        "/sync/last_activities", "/sync/history/movies", "/sync/watched/movies",
    }  # fmt: skip
    assert watched(tv, INCEPTION)


async def test_each_play_since_the_last_time_is_a_play_here(
    tv: TraktDevice, standin: TraktStandIn, time: ManualClock
) -> None:
    """Twice seen between two syncs is twice in the history."""
    await synced(tv, time)
    phone = standin.person()
    phone.watch("Inception")
    time.advance(20_000)
    phone.watch("Inception")
    await synced(tv, time)
    assert len(tv.device.history()) == 2


@pytest.mark.parametrize("is_there", [False, True])
async def test_what_is_identified_after_the_first_sync_is_told_once(
    tv: TraktDevice, standin: TraktStandIn, time: ManualClock, is_there: bool
) -> None:
    """Trakt counts twice what it is told twice; what it holds is known from the pull."""
    device = tv.device
    local = Media(MediaId.parse("local:0123456789abcdef"), Kind.MOVIE, "Inception", 2010)
    device.play(local, FILM, 95.0)
    seen_at = time.now().replace(microsecond=0)
    time.advance(7200)
    if is_there:
        standin.person().watch("Inception", at=seen_at)
    now = time.now()
    user = User("dodo", "Dodo")
    tv.account = device.store.run_now(
        accounts.connect_account, device.profile.id, "trakt", user, now
    )
    await synced(tv, time)
    thought = Thought(INCEPTION, Verdict.SURE, "", 1.0)
    unknown = NamedTitle(str(local.id), "Inception (2010).mkv")
    assert device.store.run_now(adopt, unknown, thought, time.now())
    for _ in range(3):
        await synced(tv, time)
    assert standin.person().plays("Inception") == [seen_at]
    assert len(device.history()) == 1


async def test_what_was_dated_back_is_found(
    tv: TraktDevice, standin: TraktStandIn, time: ManualClock
) -> None:
    """A play added today for last year is no recent one; the whole list has it."""
    await synced(tv, time)
    standin.person().watch("Inception", at=time.now() - timedelta(days=400))
    await synced(tv, time)
    assert watched(tv, INCEPTION)


@pytest.mark.parametrize("form", ["null", "1970"])
async def test_a_time_nobody_knows_stays_unknown(
    tv: TraktDevice, standin: TraktStandIn, time: ManualClock, form: str
) -> None:
    """Whichever way it is written."""
    standin.settings.unknown_time = form  # type: ignore[assignment]
    await synced(tv, time)
    standin.person().watch("Inception", unknown=True)
    await synced(tv, time)
    progress = tv.device.progress(INCEPTION)
    assert progress is not None
    assert progress.watched
    assert progress.watched_at is None


async def test_removed_plays_are_unwatched_here(
    tv: TraktDevice, standin: TraktStandIn, time: ManualClock
) -> None:
    """Trakt tells no removals: what is missing was removed, a film as an episode."""
    phone = standin.person()
    for ref in ("Inception", "The Matrix", "Charade"):
        phone.watch(ref)
    for number in range(1, 6):
        phone.watch("Breaking Bad", 1, number)
    phone.watch("Andor", 1, 1)
    await synced(tv, time)
    phone.unwatch("Inception")
    phone.unwatch("Breaking Bad", 1, 3)
    await synced(tv, time)
    assert not watched(tv, INCEPTION)
    assert watched(tv, MATRIX)
    assert [watched(tv, BREAKING_BAD, (1, n)) for n in (2, 3, 4)] == [True, False, True]


async def test_a_history_that_comes_back_empty_is_not_believed(
    tv: TraktDevice, standin: TraktStandIn, time: ManualClock
) -> None:
    """An empty list for a full one is a fault until proven otherwise."""
    phone = standin.person()
    for ref in ("Inception", "The Matrix", "Charade"):
        phone.watch(ref)
    await synced(tv, time)
    for ref in ("Inception", "The Matrix", "Charade"):
        phone.unwatch(ref)
    await synced(tv, time)
    assert watched(tv, INCEPTION)
    assert len(tv.device.store.run_now(asked_about, tv.account.id)) == 3


async def lose_nine_of_ten(tv: TraktDevice, standin: TraktStandIn, time: ManualClock) -> list[str]:
    """Ten films were watched and rated; of nine of them both is gone. Answers their names."""
    phone = standin.person()
    films = [f"Film {number}" for number in range(10)]
    for number, film in enumerate(films):
        standin.world.titles.add_movie(film, 2001, ids={"imdb": f"tt90000{number:02d}"})
        phone.watch(film)
        phone.rate(film, 8)
    await synced(tv, time)
    for film in films[:9]:
        phone.unwatch(film)
        phone.rate(film, None)
    await synced(tv, time)
    return films


def watched_and_rated(tv: TraktDevice) -> tuple[int, int]:
    """How many titles are watched here, and how many have a rating of Trakt's."""

    def count(connection: sqlite3.Connection) -> tuple[int, int]:
        (seen,) = connection.execute("SELECT count(*) FROM progress WHERE watched").fetchone()
        (rated,) = connection.execute(
            "SELECT count(*) FROM list_entry WHERE rating IS NOT NULL"
        ).fetchone()
        return seen, rated

    return tv.device.store.run_now(count)


async def test_what_is_missing_at_trakt_all_at_once_is_asked_about(
    tv: TraktDevice, standin: TraktStandIn, time: ManualClock
) -> None:
    """Nine of ten: nothing goes by itself; removed as the user says, one undo brings it back."""
    await lose_nine_of_ten(tv, standin, time)
    store, account = tv.device.store, tv.account
    assert watched_and_rated(tv) == (10, 10)
    assert len(store.run_now(asked_about, account.id)) == 9
    assert await remove_missing(store, account, tv.provider, tv.clock) == Removed(gone=9)
    assert watched_and_rated(tv) == (1, 1)
    await synced(tv, time)
    assert store.run_now(asked_about, account.id) == ()
    assert store.run_now(undo_sync, account, tv.clock.now()) is not None
    await synced(tv, time)
    assert watched_and_rated(tv) == (10, 10)
    assert store.run_now(asked_about, account.id) == ()


async def test_what_the_user_keeps_is_not_asked_about_again(
    tv: TraktDevice, standin: TraktStandIn, time: ManualClock
) -> None:
    """Kept for good, and what is taken away later one by one is followed as ever."""
    films = await lose_nine_of_ten(tv, standin, time)
    store, account = tv.device.store, tv.account
    assert store.run_now(keep_missing, account, tv.clock.now()) == 9
    await synced(tv, time)
    assert store.run_now(asked_about, account.id) == ()
    standin.person().unwatch(films[9])
    await synced(tv, time)
    assert watched_and_rated(tv) == (9, 10)


async def test_lists_ratings_and_hidden_titles_follow_what_is_taken_back(
    tv: TraktDevice, standin: TraktStandIn, time: ManualClock
) -> None:
    """Each by its own list; the history stays."""
    phone = standin.person()
    phone.watch("Breaking Bad", 1, 1)
    phone.watch("Inception")
    for ref in ("John Wick", "Charade"):
        phone.plan(ref)
    phone.rate("Inception", 9)
    phone.hide("Breaking Bad")
    await synced(tv, time)
    phone.plan("John Wick", planned=False)
    phone.rate("Inception", None)
    phone.hide("Breaking Bad", hidden=False)
    await synced(tv, time)
    assert entry_of(tv, "tt2911666")[0] is None
    assert entry_of(tv, "tt0056923")[0] == ListStatus.PLANNED
    assert entry_of(tv, "tt1375666") == (None, None)
    assert not is_hidden(tv, "tt0903747")
    assert watched(tv, INCEPTION)
    assert watched(tv, BREAKING_BAD, (1, 1))


async def test_what_is_said_here_about_titles_is_told(
    tv: TraktDevice, standin: TraktStandIn, time: ManualClock
) -> None:
    """Rated, planned, dropped, put on hold, and taken back; a rating given elsewhere stays."""
    standin.person().rate("Inception", 6)
    await synced(tv, time)
    device = tv.device
    for media in (INCEPTION, BREAKING_BAD):
        device.know(media)

    def say(act: Callable[..., object], media: Media, value: object) -> None:
        device.store.run_now(act, device.profile.id, Key(media.id), value, tv.clock.now())

    say(rate, BREAKING_BAD, 8)
    say(set_list, INCEPTION, ListStatus.PLANNED)
    await synced(tv, time)
    assert standin.person().rating("Breaking Bad") == 8
    assert standin.person().is_planned("Inception")
    say(set_list, BREAKING_BAD, ListStatus.HOLD)
    say(set_list, INCEPTION, None)
    await synced(tv, time)
    assert not standin.person().is_planned("Inception")
    assert standin.person().rating("Inception") == 6
    assert entry_of(tv, "tt1375666") == (None, 6)
    lines = [text for _, text in device.store.run_now(sync_log, device.profile.id)]
    assert "Trakt has no list On hold for Breaking Bad; it is on it here" in lines
    await synced(tv, time)
    assert entry_of(tv, "tt1375666") == (None, 6)


async def test_a_film_and_a_show_of_the_same_number_are_two(
    tv: TraktDevice, standin: TraktStandIn, time: ManualClock
) -> None:
    """Trakt numbers films and shows apart: The Matrix and Breaking Bad are both number 1."""
    phone = standin.person()
    phone.plan("The Matrix")
    phone.plan("Breaking Bad")
    await synced(tv, time)
    phone.plan("The Matrix", planned=False)
    await synced(tv, time)
    assert entry_of(tv, "tt0133093")[0] is None
    assert entry_of(tv, "tt0903747")[0] == ListStatus.PLANNED


async def test_a_restarted_show_unmarks_nothing_here(
    tv: TraktDevice, standin: TraktStandIn, time: ManualClock
) -> None:
    """Trakt: what was watched before the restart does not count there; here it stays."""
    phone = standin.person()
    for number in (1, 2, 3):
        phone.watch("Breaking Bad", 1, number)
    await synced(tv, time)
    phone.restart("Breaking Bad")
    await synced(tv, time)
    assert watched(tv, BREAKING_BAD, (1, 2))


async def test_resume_points_go_both_ways(
    tv: TraktDevice, standin: TraktStandIn, time: ManualClock
) -> None:
    """Paused here is paused there, and the other way round; finished here deletes it there."""
    tv.device.play(INCEPTION, FILM, 35.0)
    await synced(tv, time)
    there = standin.person().playback("Inception")
    assert there is not None
    assert there.progress == 35.0
    time.advance(600)
    standin.person().pause("Inception", 62.0)
    await synced(tv, time)
    here = tv.device.progress(INCEPTION)
    assert here is not None
    assert here.position_seconds == pytest.approx(3720)
    time.advance(600)
    tv.device.play(INCEPTION, FILM, 95.0)
    await synced(tv, time)
    await synced(tv, time)
    assert standin.person().playback("Inception") is None
    assert len(standin.person().plays("Inception")) == 1


async def test_many_pages_are_read_to_the_end(
    tv: TraktDevice, standin: TraktStandIn, time: ManualClock
) -> None:
    """Pages cut short by the server, and the last one by its header."""
    catalogue = standin.world.titles
    for number in range(130):
        imdb = f"tt88{number:05d}"
        catalogue.add_movie(f"Film {number}", 1990, ids={"imdb": imdb, "tmdb": str(9000 + number)})
        standin.person().watch(imdb, at=time.now() - timedelta(days=number + 1))
    standin.settings.most_per_page = 40
    await synced(tv, time)
    assert len(tv.device.history()) == 130
    pages = [e.query["page"] for e in standin.log.entries("/sync/watched/movies")]
    assert pages == ["1", "2", "3", "4"]


async def test_a_first_pull_goes_on_where_it_was_cut(
    tv: TraktDevice, standin: TraktStandIn, time: ManualClock
) -> None:
    """What came is kept, and is not asked for again."""
    standin.person().watch("Inception")
    standin.faults.add("/sync/ratings/movies", Reset())
    assert (await tv.sync()).state is SyncState.OFFLINE
    await synced(tv, time)
    assert len(standin.log.entries("/sync/watched/movies")) == 1
    assert watched(tv, INCEPTION)


async def test_the_first_sync_counts_before_anything_is_written(
    tv: TraktDevice, standin: TraktStandIn, time: ManualClock
) -> None:
    """The counts are the stand-in's; afterwards nothing has changed on either side."""
    standin.person().watch("Inception")
    standin.person().watch("Breaking Bad", 1, 1)
    tv.device.play(MATRIX, FILM, 95.0)
    plan = await plan_first_sync(tv.device.store, tv.account, tv.provider, tv.clock)
    assert (plan.there.films, plan.there.episodes) == (1, 1)
    assert plan.sent[Choice.MERGE] >= 0
    assert standin.person().plays("The Matrix") == []
    assert not watched(tv, INCEPTION)


@pytest.mark.parametrize("place", [(1, 3), (1, 14)])
async def test_a_first_sync_that_broke_off_after_sending_sends_nothing_twice(
    tv: TraktDevice,
    standin: TraktStandIn,
    time: ManualClock,
    monkeypatch: pytest.MonkeyPatch,
    place: tuple[int, int],
) -> None:
    """Trakt has the 14th episode as the second of season 2, and takes every play it is told."""
    device = tv.device
    device.store.run_now(accounts.disconnect_account, tv.account)
    device.mark(ANIME, place, tv.clock.now() - timedelta(days=9))
    time.advance(60)
    tv.account = device.store.run_now(
        accounts.connect_account,
        device.profile.id,
        "trakt",
        User("dodo", "Dodo"),
        tv.clock.now(),
    )
    with monkeypatch.context() as patch:
        patch.setattr(sync, "_conclude", killed)
        with pytest.raises(asyncio.CancelledError):
            await tv.sync()
    there = standin.person().member.plays
    assert len(there) == 1
    await synced(tv, time)
    await synced(tv, time)
    assert len(there) == 1
    assert watched(tv, ANIME, place)


async def test_an_episode_that_trakt_numbers_otherwise_stays_watched(
    tv: TraktDevice, standin: TraktStandIn, time: ManualClock
) -> None:
    """Trakt calls an anime a show and tells every episode it counts; ours is among them."""
    await synced(tv, time)
    tv.device.mark(ANIME, (1, 14), tv.clock.now())
    for _ in range(3):
        await synced(tv, time)
        assert watched(tv, ANIME, (1, 14))
    assert len(standin.person().member.plays) == 1


def killed(*_args: object) -> None:
    """What ends a sync in its midst."""
    raise asyncio.CancelledError


@pytest.mark.parametrize(
    ("fault", "state", "sentence"),
    [
        (Reply(401), SyncState.ERROR, "Trakt does not accept the sign-in any more. Connect again."),
        (Reply(426), SyncState.ERROR, "Trakt offers this to paying members only."),
        (Reply(522, b"<h1>", {"Content-Type": "text/html"}), SyncState.ERROR,
         "Trakt has trouble of its own (522)."),
        (Reset(), SyncState.OFFLINE, "Trakt cannot be reached."),
    ],
)  # fmt: skip
async def test_a_sync_that_fails_says_why(
    tv: TraktDevice, standin: TraktStandIn, fault: Reply, state: SyncState, sentence: str
) -> None:
    """One sentence with what can be done; the cursors stay."""
    standin.faults.add("/sync/last_activities", fault, count=2)
    result = await tv.sync()
    assert (result.state, result.error) == (state, sentence)


async def test_stamps_that_go_backwards_have_moved(
    tv: TraktDevice, standin: TraktStandIn, time: ManualClock
) -> None:
    """They are compared for being the same, not for being later."""
    await synced(tv, time)
    time.move_to(from_iso("2026-10-01T10:00:00Z"))
    standin.person().watch("Inception", at=from_iso("2026-10-01T09:00:00Z"))
    assert (await tv.sync()).error is None
    assert watched(tv, INCEPTION)
