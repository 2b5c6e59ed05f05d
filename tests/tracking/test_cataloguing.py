"""Episode lists and descriptions: what is asked, what is kept, and what Up next makes of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dodo_tui.domain.account import Account
from dodo_tui.domain.cards import Home
from dodo_tui.domain.catalogue import MOST_A_DAY, Ask, Question
from dodo_tui.domain.ids import Ids, Key, Kind, MediaId
from dodo_tui.domain.lists import ListStatus
from dodo_tui.domain.media import Media
from dodo_tui.providers.catalogue import Airing, CatalogueEpisode, TitleDetails
from dodo_tui.providers.errors import OfflineError, RejectedError
from dodo_tui.storage.database import transaction
from dodo_tui.storage.media import find_media, known_ids, save_media
from dodo_tui.storage.shelves import read_home, title_page
from dodo_tui.storage.store import Store
from dodo_tui.storage.watchlist import watchlist_cards
from dodo_tui.tracking import cataloguing, listing
from tests.storage.support import put_film, put_progress, put_show
from tests.support.clock import START, FakeClock
from tests.tracking.fakes import FakeProvider
from tests.tracking.samples import FILM, LOCAL, SHOW

_DAY = timedelta(days=1)
EPISODES, DETAILS = Question.EPISODES, Question.DETAILS


def _episodes(*places: tuple[int, int], aired: timedelta = -30 * _DAY) -> list[CatalogueEpisode]:
    return [CatalogueEpisode(s, n, f"Part {n}", START + aired, 47) for s, n in places]


def _details(kind: Kind = Kind.SHOW, **changes: object) -> TitleDetails:
    ids = Ids(imdb=SHOW, simkl="11121", tvdb="81189")
    media = Media(MediaId.parse(SHOW), kind, "Breaking Bad", 2008, ids, 47, "11/abc")
    values: dict[str, object] = {
        "overview": "A teacher turns to making drugs.", "genres": ("Drama", "Crime"),
        "airing": Airing.ENDED, "first_aired_at": START - 6000 * _DAY,
    }  # fmt: skip
    return TitleDetails(media, **(values | changes))  # type: ignore[arg-type]


def _home(store: Store, clock: FakeClock) -> Home:
    return store.run_now(read_home, 1, clock.now())


def _due(store: Store, clock: FakeClock) -> list[tuple[str, Question]]:
    return [(ask.media_id, ask.question) for ask in store.run_now(cataloguing.due, clock.now())]


async def _ask_all(store: Store, provider: FakeProvider, clock: FakeClock) -> int:
    asks = store.run_now(cataloguing.due, clock.now())
    for ask in asks:
        await cataloguing.ask(store, provider, ask, clock)
    return len(asks)


async def test_up_next_of_a_show_that_was_pulled(store: Store, clock: FakeClock) -> None:
    """Its episodes become known, and the first unwatched aired one is next."""
    store.run_now(put_progress, f"{SHOW}:1:1", watched=True)
    assert _home(store, clock).up_next == ()
    catalogue = [*_episodes((0, 1), (1, 1), (1, 2)), *_episodes((1, 3), aired=_DAY)]
    provider = FakeProvider(catalogue={"Breaking Bad": (_details(), catalogue)})
    await _ask_all(store, provider, clock)
    (card,) = _home(store, clock).up_next
    assert (card.season, card.number, card.episode_title) == (1, 2, "Part 2")
    assert card.runtime_estimate_seconds == 47 * 60
    store.run_now(put_progress, f"{SHOW}:1:2", watched=True)
    assert _home(store, clock).up_next == ()
    clock.advance(2 * 86_400)
    (card,) = _home(store, clock).up_next
    assert card.number == 3


async def test_what_the_title_screen_reads(store: Store, clock: FakeClock) -> None:
    """What it is about, its genres, its rating and list, and when the next one is out."""
    store.run_now(put_progress, f"{SHOW}:1:1", watched=True)
    provider = FakeProvider(
        catalogue={"Breaking Bad": (_details(), _episodes((1, 2), aired=3 * _DAY))}
    )
    await _ask_all(store, provider, clock)
    store.run_now(listing.rate, 1, Key.parse(SHOW), 9, START)
    store.run_now(listing.set_list, 1, Key.parse(SHOW), ListStatus.HOLD, START)
    page = store.run_now(title_page, 1, SHOW)
    assert page is not None
    assert page.about.overview == "A teacher turns to making drugs."
    assert page.about.genres == ("Drama", "Crime")
    assert (page.rating, page.status, page.is_hidden) == (9, ListStatus.HOLD, False)
    assert page.episodes[-1].card.airs_at == START + 3 * _DAY
    media = store.run_now(find_media, SHOW)
    assert media is not None
    assert (media.runtime_minutes, media.poster, media.year) == (47, "11/abc", 2008)
    assert store.run_now(known_ids, SHOW).tvdb == "81189"


async def test_a_planned_title_says_when_it_is_out(store: Store, clock: FakeClock) -> None:
    """On the watchlist."""
    store.run_now(listing.set_list, 1, Key.parse(SHOW), ListStatus.PLANNED, START)
    details = _details(airing=Airing.UPCOMING, first_aired_at=START + 5 * _DAY)
    await _ask_all(store, FakeProvider(catalogue={"Breaking Bad": (details, ())}), clock)
    (card,) = store.run_now(watchlist_cards, 1)
    assert card.airs_at == START + 5 * _DAY


def test_what_is_asked_about(store: Store, clock: FakeClock) -> None:
    """What is watched or planned by anybody; not what is only known, nor what is unidentified."""
    store.run_now(put_show, "tt1520211", "The Walking Dead")
    store.run_now(put_film, LOCAL, "Some file")
    assert _due(store, clock) == []
    store.run_now(put_progress, LOCAL, 600.0)
    store.run_now(put_progress, FILM, 600.0)
    store.run_now(listing.set_list, 1, Key.parse(SHOW), ListStatus.PLANNED, START + _DAY)
    assert _due(store, clock) == [(SHOW, EPISODES), (SHOW, DETAILS), (FILM, DETAILS)]
    store.run_now(listing.set_list, 1, Key.parse(SHOW), ListStatus.DROPPED, START + _DAY)
    assert _due(store, clock) == [(FILM, DETAILS)]


async def test_an_answer_is_kept_with_its_age(store: Store, clock: FakeClock) -> None:
    """Nothing is asked twice; what goes on is asked again after a week."""
    store.run_now(put_progress, f"{SHOW}:1:1", watched=True)
    provider = FakeProvider(
        catalogue={"Breaking Bad": (_details(airing=Airing.AIRING), _episodes((1, 2)))}
    )
    assert await _ask_all(store, provider, clock) == 2
    assert await _ask_all(store, provider, clock) == 0
    clock.advance(8 * 86_400)
    assert await _ask_all(store, provider, clock) == 2


async def test_nothing_is_an_answer(store: Store, clock: FakeClock) -> None:
    """A title that the catalogue does not have is not asked about every day."""
    store.run_now(put_progress, f"{SHOW}:1:1", watched=True)
    assert await _ask_all(store, FakeProvider(), clock) == 2
    assert _due(store, clock) == []
    rejecting = FakeProvider(lambda _verb, _title: RejectedError("No."))
    store.run_now(put_progress, FILM, 600.0)
    assert await _ask_all(store, rejecting, clock) == 1
    assert _due(store, clock) == []


async def test_trouble_is_no_answer(store: Store, clock: FakeClock) -> None:
    """It is asked again, and what was known stays."""
    store.run_now(put_progress, f"{SHOW}:1:1", watched=True)
    offline = FakeProvider(lambda _verb, _title: OfflineError("Simkl cannot be reached."))
    with pytest.raises(OfflineError):
        await _ask_all(store, offline, clock)
    assert len(_due(store, clock)) == 2


async def test_what_was_known_is_not_wiped_out(store: Store, clock: FakeClock) -> None:
    """A title's own name and year stay; a later answer without a text leaves the text."""
    store.run_now(put_progress, f"{SHOW}:1:1", watched=True)
    full = FakeProvider(catalogue={"Breaking Bad": (_details(), _episodes((1, 2)))})
    await _ask_all(store, full, clock)
    clock.advance(100 * 86_400)
    bare = TitleDetails(Media(MediaId.parse(SHOW), Kind.SHOW, "Another name", 1999, Ids(imdb=SHOW)))
    await _ask_all(store, FakeProvider(catalogue={"Breaking Bad": (bare, ())}), clock)
    page = store.run_now(title_page, 1, SHOW)
    assert page is not None
    assert (page.card.title, page.card.year) == ("Breaking Bad", 2008)
    assert page.about.overview == "A teacher turns to making drugs."
    assert len(page.episodes) == 1


async def test_a_title_named_by_its_id_gets_its_name(store: Store, clock: FakeClock) -> None:
    """`dodo list tt1520211 planned` of something never heard of."""
    store.run_now(listing.set_list, 1, Key.parse("tt1520211"), ListStatus.PLANNED, START)
    media = Media(MediaId.parse("tt1520211"), Kind.MOVIE, "A Name", 2010, Ids(imdb="tt1520211"))
    provider = FakeProvider(catalogue={"": (TitleDetails(media), ())})  # told by its id alone
    await cataloguing.ask(store, provider, Ask("tt1520211", DETAILS), clock)
    named = store.run_now(find_media, "tt1520211")
    assert named is not None
    assert named.title == "A Name"


def _put_anime(store: Store, ids: Ids) -> str:
    media_id = ids.preferred(Kind.ANIME)
    assert media_id is not None
    media = Media(media_id, Kind.ANIME, "Anime", ids=ids)

    def save(connection: object) -> None:
        with transaction(connection, durable=False):  # type: ignore[arg-type]
            save_media(connection, media, START)  # type: ignore[arg-type]

    store.run_now(save)
    return str(media_id)


async def test_an_animes_ids_are_not_mixed_up(store: Store, clock: FakeClock) -> None:
    """Its page may name a whole show's id, under which it would count otherwise."""
    media_id = _put_anime(store, Ids(mal="38000"))
    ids = Ids(mal="38000", tvdb="348545", imdb="tt1234567")
    media = Media(MediaId.parse("tt1234567"), Kind.ANIME, "Anime", None, ids)
    episodes = _episodes((0, 1), (1, 1), (1, 13))
    provider = FakeProvider(catalogue={"Anime": (TitleDetails(media), episodes)})
    await cataloguing.ask(store, provider, Ask(media_id, DETAILS), clock)
    await cataloguing.ask(store, provider, Ask(media_id, EPISODES), clock)
    assert store.run_now(known_ids, media_id) == Ids(mal="38000")
    page = store.run_now(title_page, 1, media_id)
    assert page is not None
    keys = [state.card.key for state in page.episodes]
    assert keys == ["mal:38000:1", "mal:38000:13", "mal:38000:0:1"]  # the special apart


async def test_a_large_library_takes_its_days(store: Store, clock: FakeClock) -> None:
    """Never more than a few dozen questions a day, the shows watched last first."""
    for number in range(60):
        key = f"tt{8_100_000 + number}"
        store.run_now(put_show, key, f"Show {number}")
        store.run_now(put_progress, f"{key}:1:1", watched=True, at=START + timedelta(number))
    provider = FakeProvider()
    assert await _ask_all(store, provider, clock) == MOST_A_DAY
    assert provider.calls[0] == ("episodes", "Show 59")
    assert await _ask_all(store, provider, clock) == 0
    clock.advance(86_401)
    assert await _ask_all(store, provider, clock) == MOST_A_DAY
    assert len(set(provider.calls)) == len(provider.calls)


def test_the_account_is_not_needed_to_read(store: Store, account: Account) -> None:
    """A title that was never asked about has a page without words."""
    page = store.run_now(title_page, 1, SHOW)
    assert page is not None
    assert (page.about.overview, page.rating, page.status) == (None, None, None)
