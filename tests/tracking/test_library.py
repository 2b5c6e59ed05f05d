"""Scanning and identifying: what a file is, who says so, and what follows for what was watched."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from dodo_tui.config import Settings
from dodo_tui.domain.account import Account
from dodo_tui.domain.ids import Key, Kind
from dodo_tui.domain.queue import QueueKind
from dodo_tui.domain.review import Choice, Correction, Scope
from dodo_tui.providers.errors import OfflineError
from dodo_tui.providers.simkl.provider import SimklProvider
from dodo_tui.standin.clock import ManualClock
from dodo_tui.standin.simkl.server import StandIn
from dodo_tui.storage import sending
from dodo_tui.storage.files import (
    Match,
    files_to_ask,
    find_file,
    library_entries,
    unsure_files,
)
from dodo_tui.storage.history import history
from dodo_tui.storage.lookups import candidates_for
from dodo_tui.storage.store import Store
from dodo_tui.tracking import listing
from dodo_tui.tracking.correcting.correct import correct
from dodo_tui.tracking.identifying.identify import identify_files
from dodo_tui.tracking.marks import mark_watched
from dodo_tui.tracking.playing import NothingToPlayError, parts_of, request_for
from dodo_tui.tracking.scanning import scan_library
from tests.providers.standin_support import StandInClock, signed_in
from tests.providers.support import MemoryStore
from tests.storage.support import put_progress
from tests.support.clock import START, FakeClock
from tests.tracking.fakes import FakeProvider, file_match

_FILM_NAME = "The.Matrix.1999.1080p.mkv"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A media folder with a film and two episodes."""
    folder = tmp_path / "media"
    for name in (_FILM_NAME, "Breaking.Bad.S01E01.mkv", "Breaking.Bad.S01E02.mkv"):
        folder.mkdir(exist_ok=True)
        (folder / name).write_bytes(b"video" * 1000)
    return folder


@pytest.fixture
def scanned(store: Store, folder: Path, clock: FakeClock) -> Iterator[Store]:
    """The same, scanned."""
    _scan(store, folder, clock)
    yield store


def _scan(store: Store, folder: Path, clock: FakeClock) -> None:
    settings = Settings(library=(str(folder),))
    scan_library(store, settings, clock, lambda _progress: None, lambda: False)


_MATRIX = file_match("The Matrix", 1999, Kind.MOVIE, "tt0133093")
_BREAKING_BAD = file_match("Breaking Bad", 2008, Kind.SHOW, "tt0903747", 1, 1)


def test_what_is_found_is_kept_as_local_titles(scanned: Store) -> None:
    """By name alone nothing is sure."""
    entries = scanned.run_now(library_entries)
    assert len(entries) == 3
    assert {entry.match for entry in entries} == {Match.NONE}
    assert all(entry.key.startswith("local:") for entry in entries)
    assert len(scanned.run_now(files_to_ask, START, 10)) == 2


async def test_each_title_is_asked_about_once_and_becomes_sure(
    scanned: Store, clock: FakeClock
) -> None:
    """One file of a series stands for all of them; no folder leaves the machine."""
    provider = FakeProvider(matches={_FILM_NAME: _MATRIX, "Breaking.Bad.S01E01.mkv": _BREAKING_BAD})
    assert await identify_files(scanned, provider, clock) == 2
    assert sorted(provider.verbs) == ["identify", "identify", *["search"] * 3]
    assert all("/" not in str(name) for _, name in provider.calls)
    entries = scanned.run_now(library_entries)
    assert {entry.key for entry in entries} == {"tt0133093", "tt0903747:1:1", "tt0903747:1:2"}
    assert {entry.match for entry in entries} == {Match.SURE}
    assert await identify_files(scanned, provider, clock) == 0
    assert len(provider.calls) == 5


async def test_a_network_error_is_not_no_match(scanned: Store, clock: FakeClock) -> None:
    """Defect 20: it is asked again, and what was learnt before stays."""
    provider = FakeProvider(
        matches={"Breaking.Bad.S01E01.mkv": _BREAKING_BAD, _FILM_NAME: OfflineError("No network.")}
    )
    with pytest.raises(OfflineError):
        await identify_files(scanned, provider, clock)
        await identify_files(scanned, provider, clock)
    provider.matches[_FILM_NAME] = _MATRIX
    await identify_files(scanned, provider, clock)
    assert {entry.match for entry in scanned.run_now(library_entries)} == {Match.SURE}


async def test_a_doubtful_answer_waits_for_the_user(
    scanned: Store, clock: FakeClock, folder: Path
) -> None:
    """Defect 18 and pain 9: nothing is written on a fuzzy match."""
    provider = FakeProvider(
        matches={_FILM_NAME: file_match("The Matrix Reloaded", 2003, Kind.MOVIE, "tt0234215")}
    )
    assert await identify_files(scanned, provider, clock) == 0
    film = scanned.run_now(find_file, str(folder / _FILM_NAME))
    assert film is not None
    assert film.keys[0].startswith("local:")
    for unsure in scanned.run_now(unsure_files):
        (best,) = scanned.run_now(candidates_for, unsure.keys[0])
        choice = Choice(best.kind, best.title, best.year, best.ids, best.media_id)
        await correct(scanned, clock, Correction(unsure.id, Scope.SERIES, choice))
        decided = scanned.run_now(find_file, unsure.path)
        assert decided is not None
        assert (decided.match, decided.keys) == (Match.SURE, ("tt0234215",))


async def test_what_was_watched_before_it_was_known_is_told_then(
    scanned: Store, account: Account, clock: FakeClock
) -> None:
    """With its true time, once, and only what was watched here."""
    (film,) = [file for file in scanned.run_now(files_to_ask, START, 10) if "Matrix" in file.path]
    scanned.run_now(mark_watched, 1, Key.parse(film.keys[0]), START, START)
    assert scanned.run_now(sending.next_rows, account.id, 9) == ()
    clock.advance(3600)
    await identify_files(scanned, FakeProvider(matches={_FILM_NAME: _MATRIX}), clock)
    (row,) = scanned.run_now(sending.next_rows, account.id, 9)
    assert (row.kind, row.key, row.happened_at) == (QueueKind.WATCHED, "tt0133093", START)
    assert scanned.run_now(history, 1)[0].key == "tt0133093"


async def test_a_rating_from_before_it_was_known_is_told_then(
    scanned: Store, account: Account, clock: FakeClock
) -> None:
    """And only of the title that became known."""
    for file in scanned.run_now(files_to_ask, START, 10):
        scanned.run_now(listing.rate, 1, Key.parse(file.keys[0]), 8, START)
    clock.advance(3600)
    await identify_files(scanned, FakeProvider(matches={_FILM_NAME: _MATRIX}), clock)
    (row,) = scanned.run_now(sending.next_rows, account.id, 9)
    assert (row.kind, row.key, row.rating) == (QueueKind.RATED, "tt0133093", 8)


def test_a_second_scan_changes_nothing(scanned: Store, folder: Path, clock: FakeClock) -> None:
    """And one of a folder that is gone loses nothing."""
    before = scanned.run_now(library_entries)
    _scan(scanned, folder, clock)
    assert scanned.run_now(library_entries) == before
    folder.rename(folder.with_name("unplugged"))
    _scan(scanned, folder, clock)
    assert scanned.run_now(library_entries) == before


async def test_a_deleted_file_is_missing_and_comes_back_as_it_was(
    scanned: Store, folder: Path, clock: FakeClock
) -> None:
    """What was decided about it is kept."""
    await identify_files(scanned, FakeProvider(matches={_FILM_NAME: _MATRIX}), clock)
    (folder / _FILM_NAME).rename(folder.parent / _FILM_NAME)
    _scan(scanned, folder, clock)
    assert "tt0133093" not in {entry.key for entry in scanned.run_now(library_entries)}
    (folder.parent / _FILM_NAME).rename(folder / _FILM_NAME)
    _scan(scanned, folder, clock)
    assert "tt0133093" in {entry.key for entry in scanned.run_now(library_entries)}


async def test_identified_by_the_stand_in(store: Store, folder: Path, tmp_path: Path) -> None:
    """Over real sockets: the real names of real titles."""
    time = ManualClock()
    with StandIn(clock=time, seed=1) as standin:
        tokens = MemoryStore(None)
        ours = StandInClock(time)
        provider = SimklProvider("demo-v2", standin.url, tokens, ours)
        tokens.tokens = await signed_in(standin, provider)
        settings = Settings(library=(str(folder),))
        scan_library(store, settings, ours, lambda _progress: None, lambda: False)
        assert await identify_files(store, provider, ours) == 2
        await provider.close()
        assert (standin.errors, standin.violations) == ([], [])
        assert not standin.log.entries("/search/file")
    keys = {entry.key for entry in store.run_now(library_entries)}
    assert keys == {"tt0133093", "tt0903747:1:1", "tt0903747:1:2"}


# ----------------------------------------------------------------------------- what to play


async def test_a_film_is_played_from_where_it_was_left(
    scanned: Store, folder: Path, clock: FakeClock
) -> None:
    """By its path and by its key alike."""
    await identify_files(scanned, FakeProvider(matches={_FILM_NAME: _MATRIX}), clock)
    scanned.run_now(put_progress, "tt0133093", 600.0)
    for target in (str(folder / _FILM_NAME), "tt0133093"):
        request = await request_for(scanned, 1, target, from_start=False, clock=clock)
        assert (request.paths, request.start_seconds) == ((str(folder / _FILM_NAME),), 600.0)
    request = await request_for(scanned, 1, "tt0133093", from_start=True, clock=clock)
    assert request.start_seconds == 0.0


@pytest.mark.parametrize("target", ["", "nowhere.mkv", "tt0000404", "kitsu:7442:5"])
async def test_what_is_not_there_is_one_sentence(
    scanned: Store, clock: FakeClock, target: str
) -> None:
    """Neither a file nor a key that a file holds."""
    with pytest.raises(NothingToPlayError) as refused:
        await request_for(scanned, 1, target, from_start=False, clock=clock)
    assert "\n" not in str(refused.value)


async def test_a_double_episode_goes_on_in_its_second_half(
    store: Store, tmp_path: Path, clock: FakeClock
) -> None:
    """The parts share the file equally."""
    path = str(tmp_path / "Breaking.Bad.S01E01E02.mkv")
    await asyncio.to_thread(Path(path).write_bytes, b"x")
    first, second = await parts_of(store, path, clock)
    store.run_now(put_progress, first.key, watched=True, duration=2400.0)
    request = await request_for(store, 1, path, from_start=False, clock=clock)
    assert request.start_seconds == 2400.0
    store.run_now(put_progress, second.key, 300.0, duration=2400.0, at=START + timedelta(minutes=1))
    request = await request_for(store, 1, path, from_start=False, clock=clock)
    assert request.start_seconds == 2700.0
