"""What is missing at a provider, respect by respect: asked about, taken away, kept and counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from dodo_tui.domain.account import User
from dodo_tui.domain.ids import Ids, Key, Kind, MediaId
from dodo_tui.domain.lists import ListStatus
from dodo_tui.domain.media import Media
from dodo_tui.domain.queue import DeliveryState
from dodo_tui.providers.changes import Aspect, Listing, RemoteEpisode, RemoteTitle
from dodo_tui.storage import accounts, lists, profiles, sending, standing
from dodo_tui.storage.account_status import sync_status
from dodo_tui.storage.database import open_database, transaction
from dodo_tui.storage.media import save_media
from dodo_tui.tracking import removals
from dodo_tui.tracking.applying.listings import apply_listing
from dodo_tui.tracking.applying.pull import Pull
from dodo_tui.tracking.applying.titles import apply_titles
from dodo_tui.tracking.marks import mark_watched
from dodo_tui.tracking.undo import undo_sync
from tests.support.clock import START

HOUR = timedelta(hours=1)
SERIES = frozenset({Kind.SHOW, Kind.ANIME})
SHOW = Media(MediaId.parse("tt0000003"), Kind.SHOW, "Show", 2000, Ids("tt0000003", trakt="3"))


def film(number: int) -> Media:
    """One that Trakt knows."""
    imdb = f"tt10{number:05}"
    ids = Ids(imdb=imdb, trakt=str(100 + number))
    return Media(MediaId.parse(imdb), Kind.MOVIE, f"Film {number}", 2000, ids)


class House:
    """A database that is signed in at Trakt; each thing that is told comes an hour later."""

    def __init__(self, path: Path) -> None:
        self.db = open_database(path)
        profile = profiles.active_profile(self.db, None, START)
        user = User("1", "User")
        self.account = accounts.connect_account(self.db, profile.id, "trakt", user, START)
        self.now = START

    def pull(self) -> Pull:
        """One more pull."""
        self.now += HOUR
        return Pull(self.account, self.now, since=START)

    def hear(self, titles: Iterable[RemoteTitle], pull: Pull | None = None) -> Pull:
        """Trakt tells of titles."""
        pull = pull or self.pull()
        with transaction(self.db, durable=True):
            apply_titles(self.db, pull, tuple(titles))
        return pull

    def list(self, of: Aspect, media: Iterable[Media], kinds: frozenset[Kind]) -> Pull:
        """Trakt lists all that it holds in one respect."""
        pull = self.pull()
        listing = Listing(kinds, frozenset(each.ids for each in media), of)
        with transaction(self.db, durable=True):
            apply_listing(self.db, pull, listing)
        return pull

    def asked(self, of: Aspect | None = None) -> int:
        """How many titles are asked about."""
        return len(lists.asked_about(self.db, self.account.id, aspect=of))

    def count(self, rows: str) -> int:
        """How many rows there are."""
        return int(self.db.execute(f"SELECT count(*) FROM {rows}").fetchone()[0])

    def remove(self) -> removals.Removed:
        """The user says that what is missing goes here, too."""
        return removals._remove(self.db, self.account, None, self.now, None)

    def keep(self) -> int:
        """The user says that what is missing stays."""
        return removals.keep_missing(self.db, self.account, self.now)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """Nothing has been told."""
    house = House(tmp_path / "dodo.db")
    yield house
    house.db.close()


def watched(number: int) -> RemoteTitle:
    """A film that was watched, by the page of the history."""
    return RemoteTitle(film(number), watched=True, watched_at=START, says_rating=False)


def rated(number: int) -> RemoteTitle:
    """A film that was rated, by the page of ratings."""
    return RemoteTitle(film(number), rating=8, rated_at=START, says_watched=False)


def planned(number: int) -> RemoteTitle:
    """A film on the watchlist, by its page."""
    status = ListStatus.PLANNED
    return RemoteTitle(film(number), status=status, says_rating=False, says_watched=False)


def test_a_question_outlives_a_page_about_something_else(house: House) -> None:
    """Nine of ten left the history; the ratings, told next, say nothing about that."""
    house.hear([watched(number) for number in range(10)])
    house.hear([rated(number) for number in range(10)])
    pull = house.list(Aspect.WATCHED, [film(9)], frozenset({Kind.MOVIE}))
    house.hear([rated(number) for number in range(10)], pull)
    assert house.asked(Aspect.WATCHED) == 9
    house.hear([watched(0)])
    assert house.asked(Aspect.WATCHED) == 8


def test_a_question_about_what_is_not_held_any_more_is_withdrawn(house: House) -> None:
    """Nine left the watchlist there; the user takes five of them off here, and later one more."""
    house.hear([planned(number) for number in range(10)])
    house.list(Aspect.PLANNED, [film(9)], frozenset({Kind.MOVIE}))
    assert house.asked() == 9
    for number in range(5):
        take_off(house, film(number))
    house.list(Aspect.PLANNED, [], SERIES)
    assert house.asked() == 4
    house.list(Aspect.PLANNED, [film(9)], frozenset({Kind.MOVIE}))
    assert house.asked() == 4
    take_off(house, film(5))
    assert house.remove() == removals.Removed(gone=3, settled=1)


def take_off(house: House, media: Media) -> None:
    """The user takes a film off the watchlist here, and Trakt has been told."""
    profile_id, media_id, now = house.account.profile_id, str(media.id), house.now
    with transaction(house.db, durable=True):
        standing.say_status(house.db, profile_id, media_id, None, now)
        standing.told_status(house.db, profile_id, "trakt", media_id, None, now)


def special(season: int) -> RemoteTitle:
    """A series of which one episode was watched."""
    episodes = (RemoteEpisode(season, 1, START),)
    return RemoteTitle(SHOW, episodes=episodes, episodes_complete=True, says_rating=False)


def test_specials_go_with_the_last_of_a_series(house: House) -> None:
    """Nothing of it is in the history any more: that is no matter of what is left out there."""
    house.hear([special(0), watched(1)])
    assert house.list(Aspect.WATCHED, [], SERIES).removed == 1
    assert house.count("progress WHERE watched") == 1
    assert house.list(Aspect.WATCHED, [], SERIES).removed == 0
    assert house.count("undo") == 1


def test_what_changes_nothing_here_is_no_removal(house: House) -> None:
    """It was forgotten here before, or is a viewing from before connecting: nothing to undo."""
    with transaction(house.db, durable=True):
        save_media(house.db, film(1), START - HOUR)
    mark_watched(house.db, house.account.profile_id, Key(film(1).id), START - HOUR, START - HOUR)
    house.db.execute("DELETE FROM delivery")
    house.db.execute("DELETE FROM queue")
    before = replace(watched(1), watched_at=START - HOUR)
    house.hear([before, watched(2), watched(3)])
    house.db.execute("DELETE FROM progress WHERE key = ?", (str(film(2).id),))
    pull = house.list(Aspect.WATCHED, [film(3)], frozenset({Kind.MOVIE}))
    assert (pull.removed, pull.changed) == (0, 0)
    assert house.count("progress WHERE watched") == 2
    status = sync_status(house.db, house.account.profile_id, "trakt")
    assert (status.taken_away_at, status.undoable) == (None, False)


def test_what_is_kept_stays_when_the_series_is_told_again(house: House) -> None:
    """Trakt was told of eight episodes and lost them; one more, watched elsewhere, takes none."""
    tell_eight_episodes(house)
    with transaction(house.db, durable=True):
        lists.ask_about(house.db, house.account.id, [str(SHOW.id)], house.now, Aspect.WATCHED)
    assert house.keep() == 1
    hear_the_ninth(house)
    assert house.count("progress WHERE watched") == 10


def test_what_an_undo_has_brought_back_stays_too(house: House) -> None:
    """It is the user's own then, though Trakt was told of it once."""
    tell_eight_episodes(house)
    assert house.list(Aspect.WATCHED, [film(1)], SERIES | {Kind.MOVIE}).removed == 1
    assert house.count("progress WHERE watched") == 1
    assert undo_sync(house.db, house.account, house.now + HOUR) is not None
    hear_the_ninth(house)
    assert house.count("progress WHERE watched") == 10


def tell_eight_episodes(house: House) -> None:
    """They are watched here, and Trakt says so, too; and one film."""
    with transaction(house.db, durable=True):
        save_media(house.db, SHOW, START)
    for number in range(1, 9):
        key = Key.episode(SHOW.id, 1, number)
        mark_watched(house.db, house.account.profile_id, key, START + HOUR, START + HOUR)
    rows = sending.next_rows(house.db, house.account.id, 50)
    sending.settle_all(house.db, rows, DeliveryState.SENT, "history", "added", START + HOUR)
    told = tuple(RemoteEpisode(1, number, START + HOUR) for number in range(1, 9))
    show = RemoteTitle(SHOW, episodes=told, episodes_complete=True, says_rating=False)
    house.now += HOUR
    house.hear([show, watched(1)])


def hear_the_ninth(house: House) -> None:
    """Watched elsewhere, after the others had gone."""
    ninth = (RemoteEpisode(1, 9, house.now),)
    house.hear([RemoteTitle(SHOW, episodes=ninth, episodes_complete=True, says_rating=False)])


def test_a_rating_that_is_kept_keeps_no_place_on_a_list(house: House) -> None:
    """Each in its own respect; what is there again may be taken away again."""
    for number in range(5):
        house.hear([rated(number)])
        house.hear([planned(number)])
    films = frozenset({Kind.MOVIE})
    house.list(Aspect.RATED, [film(4)], films)
    assert house.keep() == 4
    house.list(Aspect.PLANNED, [film(number) for number in range(1, 5)], films)
    assert house.count("list_entry WHERE status IS NOT NULL") == 4
    assert house.list(Aspect.RATED, [film(4)], films).changed == 0
    assert house.count("list_entry WHERE rating IS NOT NULL") == 5
    house.hear([rated(1)])
    house.list(Aspect.RATED, [film(4)], films)
    assert house.count("list_entry WHERE rating IS NOT NULL") == 4


def test_an_undo_keeps_what_it_brings_back_and_nothing_else(house: House) -> None:
    """A rating comes back; the place on the watchlist is still Trakt's to take."""
    films = frozenset({Kind.MOVIE})
    for number in range(3):
        house.hear([rated(number)])
        house.hear([planned(number)])
    house.list(Aspect.RATED, [film(1), film(2)], films)
    assert undo_sync(house.db, house.account, house.now + HOUR) is not None
    house.list(Aspect.RATED, [film(1), film(2)], films)
    assert house.count("list_entry WHERE rating IS NOT NULL") == 3
    house.list(Aspect.PLANNED, [film(1), film(2)], films)
    assert house.count("list_entry WHERE status IS NOT NULL") == 2
