"""Looking up what things are: found, none, or later; sure alone is believed, the rest is kept."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from dodo_tui.config import Settings
from dodo_tui.domain.audience import Rule, RuleKind
from dodo_tui.domain.cards import Candidate
from dodo_tui.domain.ids import Ids, Key, Kind, MediaId
from dodo_tui.domain.lookup import Outcome, expires_at
from dodo_tui.domain.media import Media
from dodo_tui.domain.queue import QueueKind
from dodo_tui.library.local_ids import local_media_id
from dodo_tui.library.names import ParsedName
from dodo_tui.providers.catalogue import CatalogueEpisode, Found, TitleDetails
from dodo_tui.providers.changes import RemoteTitle
from dodo_tui.providers.errors import BrokenError, OfflineError
from dodo_tui.standin.clock import ManualClock
from dodo_tui.standin.simkl.server import StandIn
from dodo_tui.storage import audience, files, queued
from dodo_tui.storage.history import history
from dodo_tui.storage.lookups import candidates_for, find_lookup
from dodo_tui.storage.media import find_media
from dodo_tui.storage.store import Store
from dodo_tui.tracking.identifying import due, keeping
from dodo_tui.tracking.identifying.due import anything_to_ask
from dodo_tui.tracking.identifying.identify import identify_files, name_titles, search_titles
from dodo_tui.tracking.imports.merging import import_records
from dodo_tui.tracking.marks import mark_watched
from dodo_tui.tracking.scanning import scan_library
from tests.storage.support import put_account, put_profile
from tests.support.clock import START, FakeClock
from tests.tracking.fakes import FakeProvider, file_match
from tests.tracking.house import House


def put(store: Store, clock: FakeClock, folder: Path, *names: str) -> None:
    """Files that are found."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(name.encode())
    settings = Settings(library=(str(folder),))
    scan_library(store, settings, clock, lambda _progress: None, lambda: False)


def known(store: Store, folder: Path, name: str) -> files.LibraryFile:
    """A file as it is known."""
    found = store.run_now(files.find_file, str(folder / name))
    assert found is not None
    return found


def maybe(store: Store, file: files.LibraryFile) -> tuple[Candidate, ...]:
    """What the title of a file may be."""
    return store.run_now(candidates_for, str(Key.parse(file.keys[0]).media_id))


def film(title: str, year: int, imdb: str) -> Found:
    """A film that a search comes upon."""
    return Found(Media(MediaId.parse(imdb), Kind.MOVIE, title, year, Ids(imdb=imdb)))


def show(title: str, year: int, imdb: str) -> Found:
    """A series that a search comes upon."""
    return Found(Media(MediaId.parse(imdb), Kind.SHOW, title, year, Ids(imdb=imdb)))


@pytest.mark.parametrize(
    ("outcome", "attempts", "wait"),
    [
        (Outcome.FOUND, 0, timedelta(days=90)), (Outcome.NONE, 0, timedelta(days=30)),
        (Outcome.LATER, 0, timedelta(minutes=10)), (Outcome.LATER, 2, timedelta(minutes=40)),
        (Outcome.LATER, 1000, timedelta(days=1)),
    ],
)  # fmt: skip
def test_how_long_an_answer_is_good(outcome: Outcome, attempts: int, wait: timedelta) -> None:
    """A wish to ask again is over soon, and later each time."""
    assert expires_at(outcome, attempts, START) == START + wait


async def test_none_is_asked_again_after_a_month(
    store: Store, clock: FakeClock, tmp_path: Path
) -> None:
    """Not before; what nobody knew may have been added since."""
    put(store, clock, tmp_path, "Some.Film.2020.mkv")
    provider = FakeProvider()
    await identify_files(store, provider, clock)
    asked = len(provider.calls)
    subject = known(store, tmp_path, "Some.Film.2020.mkv").keys[0]
    lookup = store.run_now(find_lookup, subject)
    assert lookup is not None
    assert (lookup.outcome, lookup.asked_at) == (Outcome.NONE, START)
    clock.advance(29 * 86400)
    await identify_files(store, provider, clock)
    assert len(provider.calls) == asked
    assert not store.run_now(anything_to_ask, clock.now())
    clock.advance(2 * 86400)
    provider.matches["Some.Film.2020.mkv"] = file_match("Some Film", 2020, Kind.MOVIE, "tt0000020")
    assert await identify_files(store, provider, clock) == 1


async def test_trouble_is_not_none_and_blocks_nobody_else(
    store: Store, clock: FakeClock, tmp_path: Path
) -> None:
    """One name on which the provider breaks; the others are asked about, it is asked again soon."""
    put(store, clock, tmp_path, "Bad.Name.2020.mkv", "Good.Name.2021.mkv")
    provider = FakeProvider(
        matches={
            "Bad.Name.2020.mkv": BrokenError("Simkl sent nonsense."),
            "Good.Name.2021.mkv": file_match("Good Name", 2021, Kind.MOVIE, "tt0000021"),
        }
    )
    assert await identify_files(store, provider, clock) == 1
    subject = known(store, tmp_path, "Bad.Name.2020.mkv").keys[0]
    lookup = store.run_now(find_lookup, subject)
    assert lookup is not None
    assert (lookup.outcome, lookup.trouble) == (Outcome.LATER, "Simkl sent nonsense.")
    assert known(store, tmp_path, "Bad.Name.2020.mkv").match is files.Match.NONE
    assert store.run_now(files.unknown_files) == ()
    calls = len(provider.calls)
    await identify_files(store, provider, clock)
    assert len(provider.calls) == calls
    clock.advance(601)
    provider.matches["Bad.Name.2020.mkv"] = file_match("Bad Name", 2020, Kind.MOVIE, "tt0000022")
    assert await identify_files(store, provider, clock) == 1


async def test_a_provider_that_only_breaks_is_left_alone(
    store: Store, clock: FakeClock, tmp_path: Path
) -> None:
    """After a few answers that make no sense it is not the names."""
    names = [f"Film.Number.{n}.20{n}.mkv" for n in range(10, 20)]
    put(store, clock, tmp_path, *names)
    provider = FakeProvider(matches={name: BrokenError("Nonsense.") for name in names})
    with pytest.raises(BrokenError):
        await identify_files(store, provider, clock)
    assert provider.verbs.count("identify") == 3


async def test_a_library_is_not_gone_through_file_by_file(
    store: Store, clock: FakeClock, tmp_path: Path
) -> None:
    """Simkl: one file at a time, never to scan a library. What its name leads to needs no file."""
    known_films = [f"Known Film {number} (2010).mkv" for number in range(30)]
    put(store, clock, tmp_path, *known_films)
    found: dict[str, Sequence[Found]] = {
        name[:-11]: (film(name[:-11], 2010, f"tt{5_000_000 + number}"),)
        for number, name in enumerate(known_films)
    }
    provider = FakeProvider(found=found)
    assert await identify_files(store, provider, clock) == 30
    assert "identify" not in provider.verbs


async def test_what_no_name_leads_to_is_asked_about_a_few_in_an_hour(
    store: Store, clock: FakeClock, tmp_path: Path
) -> None:
    """And what is played now at once."""
    put(store, clock, tmp_path, *[f"Home Video {number} (2010).mkv" for number in range(30)])
    provider = FakeProvider()
    most = keeping.MOST_FILES_AN_HOUR
    await identify_files(store, provider, clock)
    assert provider.verbs.count("identify") == most
    put(store, clock, tmp_path, "Another One (2011).mkv")
    await identify_files(store, provider, clock)
    assert provider.verbs.count("identify") == most
    put(store, clock, tmp_path, "Played (2012).mkv")
    await identify_files(store, provider, clock, path=str(tmp_path / "Played (2012).mkv"))
    assert provider.verbs.count("identify") == most + 1
    clock.advance(3601)
    put(store, clock, tmp_path, "A Third (2013).mkv")
    await identify_files(store, provider, clock)
    assert provider.verbs.count("identify") == most + 2


async def test_no_network_leaves_no_trace(store: Store, clock: FakeClock, tmp_path: Path) -> None:
    """As soon as it is back everything is asked."""
    put(store, clock, tmp_path, "Some.Film.2020.mkv")
    provider = FakeProvider(matches={"Some.Film.2020.mkv": OfflineError("No network.")})
    with pytest.raises(OfflineError):
        await identify_files(store, provider, clock)
    assert store.run_now(anything_to_ask, clock.now())


async def test_two_films_of_a_name_wait_with_what_they_are(
    store: Store, clock: FakeClock, tmp_path: Path
) -> None:
    """Several candidates, the likeliest first, each with its reason."""
    put(store, clock, tmp_path, "The.Thing.mkv")
    provider = FakeProvider(
        found={"The Thing": (film("The Thing", 1982, "tt0084787"),
                             film("The Thing", 1951, "tt0044121"),
                             film("Something Else Entirely", 1999, "tt0000001"))}
    )  # fmt: skip
    assert await identify_files(store, provider, clock) == 0
    file = known(store, tmp_path, "The.Thing.mkv")
    found = maybe(store, file)
    assert [(each.title, each.year) for each in found] == [("The Thing", 1982), ("The Thing", 1951)]
    assert {each.why for each in found} == {"the same title"}
    assert file.match is files.Match.UNSURE
    put(store, clock, tmp_path, "copy/The.Thing.mkv")
    assert known(store, tmp_path, "copy/The.Thing.mkv").match is files.Match.UNSURE


async def test_a_film_one_year_off_is_found_by_its_name(
    store: Store, clock: FakeClock, tmp_path: Path
) -> None:
    """A search is enough where title and year agree and nothing else contends."""
    put(store, clock, tmp_path, "The.Matrix.1998.mkv")
    provider = FakeProvider(
        found={"The Matrix": (film("The Matrix", 1999, "tt0133093"),
                              film("The Matrix Reloaded", 2003, "tt0234215"))}
    )  # fmt: skip
    assert await identify_files(store, provider, clock) == 1
    assert known(store, tmp_path, "The.Matrix.1998.mkv").keys == ("tt0133093",)


@pytest.mark.parametrize(("episodes", "sure"), [([(1, 1)], True), ([(2, 1)], False), ([], False)])
async def test_a_series_found_by_its_name_must_have_the_episode(
    store: Store, clock: FakeClock, tmp_path: Path, episodes: list[tuple[int, int]], sure: bool
) -> None:
    """Else it is another one, or the name is wrong."""
    put(store, clock, tmp_path, "Severance.S01E01.mkv")
    listed = [CatalogueEpisode(*place) for place in episodes]
    provider = FakeProvider(
        found={"Severance": (show("Severance", 2022, "tt11280740"),)},
        catalogue={"Severance": (None, listed)},
    )
    assert await identify_files(store, provider, clock) == int(sure)
    file = known(store, tmp_path, "Severance.S01E01.mkv")
    assert (file.match is files.Match.SURE) is sure
    if not sure:
        (candidate,) = maybe(store, file)
        assert "has no S1 E1" in candidate.why


async def test_a_namesake_makes_a_series_without_a_year_unsure(
    store: Store, clock: FakeClock, tmp_path: Path
) -> None:
    """Pain 9: the provider's first answer is not the only one it may be."""
    put(store, clock, tmp_path, "Ghosts.S01E01.mkv", "Ghosts.2021.S01E02.mkv")
    british, american = show("Ghosts", 2019, "tt8594324"), show("Ghosts", 2021, "tt11379026")
    provider = FakeProvider(
        matches={
            "Ghosts.S01E01.mkv": file_match("Ghosts", 2019, Kind.SHOW, "tt8594324", 1, 1),
            "Ghosts.2021.S01E02.mkv": file_match("Ghosts", 2021, Kind.SHOW, "tt11379026", 1, 2),
        },
        found={"Ghosts": (british, american)},
        catalogue={"Ghosts": (None, [CatalogueEpisode(1, 1), CatalogueEpisode(1, 2)])},
    )
    assert await identify_files(store, provider, clock) == 1
    assert known(store, tmp_path, "Ghosts.2021.S01E02.mkv").keys == ("tt11379026:1:2",)
    unsure = known(store, tmp_path, "Ghosts.S01E01.mkv")
    assert unsure.match is files.Match.UNSURE
    assert len(maybe(store, unsure)) == 2


async def test_the_boys_are_not_boys_and_an_episode_is_no_film(
    store: Store, clock: FakeClock, tmp_path: Path
) -> None:
    """What is alike is offered, never believed."""
    put(store, clock, tmp_path, "The.Boys.S01E01.mkv")
    provider = FakeProvider(
        matches={"The.Boys.S01E01.mkv": file_match("Boys", 2001, Kind.SHOW, "tt0000101", 1, 1)},
        found={"The Boys": (film("The Boys", 1998, "tt0000102"),)},
    )
    assert await identify_files(store, provider, clock) == 0
    file = known(store, tmp_path, "The.Boys.S01E01.mkv")
    reasons = {each.title: each.why for each in maybe(store, file)}
    assert reasons["The Boys"] == "a film, but an episode's name"
    assert file.keys[0].startswith("local:")


async def test_only_the_name_goes_out_and_a_nameless_file_gets_one(
    store: Store, clock: FakeClock, tmp_path: Path
) -> None:
    """`Season 1/03.mkv` says nothing; no folder leaves this machine."""
    put(store, clock, tmp_path, "Breaking Bad/Season 1/S01E03.mkv")
    provider = FakeProvider()
    await identify_files(store, provider, clock)
    asked = [name for verb, name in provider.calls if verb == "identify"]
    assert asked == ["Breaking Bad S01E03.mkv"]


async def test_what_is_private_is_not_asked_about(
    store: Store, clock: FakeClock, tmp_path: Path
) -> None:
    """The name of what is not recorded stays here."""
    put(store, clock, tmp_path, "secret/Some.Film.2020.mkv")
    rule = Rule(RuleKind.FOLDER, str(tmp_path / "secret"))
    store.run_now(audience.add_rule, rule)
    provider = FakeProvider()
    await identify_files(store, provider, clock)
    assert provider.calls == []


async def test_a_day_has_room_for_so_much(
    store: Store, clock: FakeClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A large library takes several days; what has just been played does not wait."""
    monkeypatch.setattr(due, "MOST_A_DAY", 2)
    names = [f"Film.Number.{n}.20{n}.mkv" for n in range(10, 15)]
    put(store, clock, tmp_path, *names)
    provider = FakeProvider()
    for _ in range(3):
        await identify_files(store, provider, clock)
    assert provider.verbs.count("identify") == 2
    await identify_files(store, provider, clock, path=str(tmp_path / names[-1]))
    assert provider.verbs.count("identify") == 3
    clock.advance(86400)
    await identify_files(store, provider, clock)
    assert provider.verbs.count("identify") == 5


async def test_a_search_is_kept_for_a_while(store: Store, clock: FakeClock) -> None:
    """The same words are not sent twice; after a while they are."""
    provider = FakeProvider(found={"matrix": (film("The Matrix", 1999, "tt0133093"),)})
    for _ in range(2):
        found = await search_titles(store, provider, clock, "matrix", (Kind.MOVIE,))
        assert [(each.title, each.ids) for each in found] == [("The Matrix", Ids(imdb="tt0133093"))]
    assert provider.verbs == ["search"]
    assert await search_titles(store, provider, clock, "nothing", (Kind.MOVIE,)) == ()
    assert await search_titles(store, provider, clock, "nothing", (Kind.MOVIE,)) == ()
    assert len(provider.calls) == 2
    clock.advance(31 * 86400)
    await search_titles(store, provider, clock, "nothing", (Kind.MOVIE,))
    assert len(provider.calls) == 3


# ------------------------------------------------------------------------ ids without a name


def details(title: str, year: int, kind: Kind, **ids: str) -> TitleDetails:
    """What the catalogue says of an id."""
    every = Ids(**ids)
    media_id = every.preferred(kind)
    assert media_id is not None
    return TitleDetails(Media(media_id, kind, title, year, every))


async def test_an_id_gets_its_name_and_what_was_marked_goes_along(
    store: Store, clock: FakeClock
) -> None:
    """`dodo mark tvdb:81189:1:1`: a number until somebody says what it is."""
    store.run_now(mark_watched, 1, Key.parse("tvdb:81189:1:1"), START, START)
    answer = details("Breaking Bad", 2008, Kind.SHOW, imdb="tt0903747", tvdb="81189")
    provider = FakeProvider(catalogue={"": (answer, ())})
    assert await name_titles(store, provider, clock) == 1
    media = store.run_now(find_media, "tvdb:81189")
    assert media is not None
    assert (str(media.id), media.title, media.year) == ("tt0903747", "Breaking Bad", 2008)
    assert await name_titles(store, provider, clock) == 0
    assert provider.verbs == ["details"]


async def test_an_anime_entry_does_not_become_a_whole_series(
    store: Store, clock: FakeClock
) -> None:
    """MAL counts a season as a title: its fifth episode is not the series' fifth."""
    store.run_now(mark_watched, 1, Key.parse("mal:38000:5"), START, START)
    answer = details("Second Season", 2019, Kind.ANIME, imdb="tt9335498", simkl="7", mal="38000")
    await name_titles(store, FakeProvider(catalogue={"": (answer, ())}), clock)
    media = store.run_now(find_media, "mal:38000")
    assert media is not None
    assert (str(media.id), media.title, media.ids.imdb) == ("simkl:7", "Second Season", None)


async def test_an_id_of_another_sort_is_not_believed(store: Store, clock: FakeClock) -> None:
    """A film was marked; a series is no name for it."""
    store.run_now(mark_watched, 1, Key.parse("tvdb:81189"), START, START)
    answer = details("Breaking Bad", 2008, Kind.SHOW, imdb="tt0903747", tvdb="81189")
    assert await name_titles(store, FakeProvider(catalogue={"": (answer, ())}), clock) == 0
    media = store.run_now(find_media, "tvdb:81189")
    assert media is not None
    assert media.title == "tvdb:81189"


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """A household at a real stand-in."""
    time = ManualClock()
    with StandIn(clock=time, seed=1) as standin:
        made = House(tmp_path, standin, time)
        await made.begin()
        yield made
        await made.close()
        assert (standin.errors, standin.violations) == ([], [])


@pytest.mark.parametrize(
    ("key", "title", "media_id"),
    [
        ("tvdb:81189:1:1", "Breaking Bad", "tt0903747"),
        ("tmdb:movie:603", "The Matrix", "tt0133093"),
        ("mal:52991:3", "Frieren: Beyond Journey's End", "simkl:1990119"),
        ("tt1520211:1:1", "The Walking Dead", "tt1520211"),
    ],
)  # fmt: skip
async def test_ids_are_named_over_real_sockets(
    house: House, key: str, title: str, media_id: str
) -> None:
    """By the redirect and the open pages, which cost nothing of the user's quota."""
    house.store.run_now(
        mark_watched, house.profile.id, Key.parse(key), house.clock.now(), house.clock.now()
    )
    before = len(house.standin.log.entries())
    assert await name_titles(house.store, house.provider, house.clock) == 1
    media = house.store.run_now(find_media, str(Key.parse(key).media_id))
    assert media is not None
    assert (media.title, str(media.id)) == (title, media_id)
    paths = [entry.path for entry in house.standin.log.entries()[before:]]
    assert all(not path.startswith("/search") for path in paths)
    await house.sync()
    assert house.facts == []


async def test_a_played_file_is_found_and_told_without_a_search_right_before(house: House) -> None:
    """The name of a film that needs the search waits a minute; the user need not."""
    house.add("The.Matrix.1998.mkv")
    await house.play("The.Matrix.1998.mkv")
    seen_at = house.clock.now().replace(microsecond=0)
    assert await identify_files(house.store, house.provider, house.clock) == 1
    (row,) = house.store.run_now(queued.all_facts, house.profile.id)
    assert row.kind is QueueKind.WATCHED
    assert row.not_before > house.clock.now()
    await house.sync_to_the_end()
    assert house.watched_there("The Matrix") == seen_at


async def test_an_imported_name_is_asked_about_without_a_file(
    store: Store, clock: FakeClock
) -> None:
    """Its viewing moves to what it is, stays the import's own word, and is told to nobody."""
    store.run_now(put_profile)
    store.run_now(put_account)
    for title, year in (("Heat", 1995), ("Nobody Knows This", 2001)):
        local = local_media_id(ParsedName(Kind.MOVIE, title, year))
        media = Media(local, Kind.MOVIE, title, year)
        told = RemoteTitle(media, watched=True, watched_at=START, rating=8)
        store.run_now(import_records, 1, [told], START)
    assert store.run_now(anything_to_ask, clock.now())
    provider = FakeProvider()
    provider.found["Heat"] = (film("Heat", 1995, "tt0113277"),)
    assert await identify_files(store, provider, clock) == 1
    assert {play.key for play in store.run_now(history, 1)} == {
        "tt0113277",
        str(local_media_id(ParsedName(Kind.MOVIE, "Nobody Knows This", 2001))),
    }
    assert store.run_now(queued.all_facts, 1) == ()
    assert not store.run_now(anything_to_ask, clock.now())
