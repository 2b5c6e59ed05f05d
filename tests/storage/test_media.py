"""Titles under many ids: in whatever order they are learnt, a title is one, and loses nothing."""

from __future__ import annotations

import sqlite3
import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dodo_tui.domain.ids import Ids, Key, Kind, MediaId, Scheme
from dodo_tui.domain.media import Episode, Media
from dodo_tui.domain.queue import QueueKind
from dodo_tui.storage import queued, sending
from dodo_tui.storage.database import open_database, rehearse, transaction
from dodo_tui.storage.hiding import hide_title
from dodo_tui.storage.history import history
from dodo_tui.storage.media import (
    canonical_key,
    find_media,
    known_ids,
    learn_ids,
    save_episodes,
    save_media,
)
from dodo_tui.storage.progress import find_progress
from dodo_tui.storage.shelves import title_episodes
from tests.storage.support import (
    put_account,
    put_film,
    put_mark,
    put_profile,
    put_progress,
    put_row,
    put_show,
)
from tests.support.clock import START

_LOCAL = "local:0123456789abcdef"


def _save(connection: sqlite3.Connection, name: str, ids: Ids, kind: Kind = Kind.SHOW) -> str:
    with transaction(connection, durable=False):
        return str(save_media(connection, Media(MediaId.parse(name), kind, "Show", ids=ids), START))


def _ids_in_order() -> list[tuple[str, Ids]]:
    """One series by six names; each is learnt together with the one before it."""
    return [
        (_LOCAL, Ids(mal="1")),
        ("mal:1", Ids(mal="1", tvdb="3")),
        ("tvdb:3", Ids(tvdb="3", tmdb="4")),
        ("tmdb:tv:4", Ids(tmdb="4", simkl="5")),
        ("simkl:5", Ids(simkl="5", imdb="tt0903747")),
    ]


def test_an_id_without_a_name_takes_no_name_away(connection: sqlite3.Connection) -> None:
    """Told by its id alone, also by a better one; without any name it is called by its id."""

    def told(name: str, title: str, ids: Ids) -> str:
        media = Media(MediaId.parse(name), Kind.MOVIE, title, ids=ids)
        with transaction(connection, durable=False):
            kept = find_media(connection, str(save_media(connection, media, START)))
        assert kept is not None
        return kept.title

    assert told("simkl:53992", "", Ids(simkl="53992")) == "simkl:53992"
    assert told("simkl:53992", "The Matrix", Ids(simkl="53992")) == "The Matrix"
    assert told("simkl:53992", "", Ids(simkl="53992")) == "The Matrix"
    assert told("simkl:53992", "simkl:53992", Ids(simkl="53992")) == "The Matrix"
    assert told("tt0133093", "", Ids(imdb="tt0133093", simkl="53992")) == "The Matrix"
    assert told("simkl:1", "", Ids(simkl="1")) == "simkl:1"
    assert told("tt0000001", "simkl:1", Ids(imdb="tt0000001", simkl="1")) == "tt0000001"


@settings(max_examples=25, deadline=None)
@given(st.permutations(_ids_in_order()), st.lists(st.integers(0, 4), min_size=1, max_size=6))
def test_any_order_of_learning_ends_with_one_title(
    order: list[tuple[str, Ids]], watched_under: list[int]
) -> None:
    """All plays, the newest resume point, every watched mark, all that waits, and every id."""
    with tempfile.TemporaryDirectory() as folder:
        connection = open_database(Path(folder) / "dodo.db")
        put_profile(connection)
        account = put_account(connection)
        for step, (name, ids) in enumerate(order):
            media_id = MediaId.parse(_save(connection, name, ids))
            for number in range(1, watched_under.count(step) + 1):
                key = str(Key.episode(media_id, 1, number))
                at = START + timedelta(minutes=step)
                put_mark(connection, key, f"{step}-{number}", at=at)
                put_row(connection, account, key=key, play_id=f"{step}-{number}")
                put_progress(connection, key, 100.0 + step, at=at, watched=True)
                with transaction(connection, durable=False):
                    save_episodes(connection, [Episode(Key.parse(key), f"E{number}")])
                    hide_title(connection, 1, str(media_id), at)
        assert connection.execute("SELECT id FROM media").fetchall()[0][0] == "tt0903747"
        assert connection.execute("SELECT count(*) FROM media").fetchone()[0] == 1
        for name, _ in order:
            found = find_media(connection, name)
            assert found is not None
            assert str(found.id) == "tt0903747"
        assert known_ids(connection, "tt0903747") == Ids("tt0903747", "5", "4", "3", None, "1")
        used = [step for step in watched_under if step < len(order)]
        assert len(history(connection, 1)) == len(used)
        assert {entry.key.rpartition(":")[0] for entry in history(connection, 1)} == {"tt0903747:1"}
        assert {row.key for row in queued.all_facts(connection, 1)} <= {
            f"tt0903747:1:{n}" for n in range(1, 7)
        }
        for number in range(1, max(watched_under.count(step) for step in used) + 1):
            newest = max(step for step in used if watched_under.count(step) >= number)
            progress = find_progress(connection, 1, f"tt0903747:1:{number}")
            assert progress is not None
            assert progress.position_seconds == 100.0 + newest
            assert progress.watched
            assert progress.watched_at == START + timedelta(minutes=newest)
        assert connection.execute("SELECT count(*) FROM hidden").fetchone()[0] == 1
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        connection.close()


def test_a_local_title_moves_to_what_it_really_is(connection: sqlite3.Connection) -> None:
    """DESIGN section 4: its plays and its position move to the real key."""
    put_show(connection, _LOCAL)
    put_mark(connection, f"{_LOCAL}:2:3", "p1")
    put_progress(connection, f"{_LOCAL}:2:4", 321.0)
    assert _save(connection, _LOCAL, Ids(simkl="5", imdb="tt0903747")) == "tt0903747"
    assert history(connection, 1)[0].key == "tt0903747:2:3"
    progress = find_progress(connection, 1, "tt0903747:2:4")
    assert progress is not None
    assert progress.position_seconds == 321.0
    assert str(canonical_key(connection, Key.parse(f"{_LOCAL}:2:4"))) == "tt0903747:2:4"


def test_an_anime_is_one_season_under_any_of_its_names(connection: sqlite3.Connection) -> None:
    """`kitsu:7442:5` is season 1 elsewhere, and the way back drops it."""
    _save(connection, "kitsu:7442", Ids(kitsu="7442"), Kind.ANIME)
    put_mark(connection, "kitsu:7442:5", "p1")
    _save(connection, "kitsu:7442", Ids(kitsu="7442", simkl="9"), Kind.ANIME)
    assert history(connection, 1)[0].key == "simkl:9:1:5"
    assert str(canonical_key(connection, Key.parse("kitsu:7442:5"))) == "simkl:9:1:5"


def test_two_titles_turn_out_to_be_one(connection: sqlite3.Connection) -> None:
    """Both have history and progress; the newer position stays, what either knew is kept."""
    put_film(connection, "simkl:5")
    with transaction(connection, durable=False):
        save_media(
            connection,
            Media(MediaId.parse("simkl:5"), Kind.MOVIE, "Film", 1999, Ids(simkl="5"), 136, "ab/c"),
            START,
        )
    put_film(connection, "tt0133093")
    put_progress(connection, "simkl:5", 500.0, at=START + timedelta(hours=1))
    put_progress(connection, "tt0133093", 100.0, watched=True)
    put_mark(connection, "simkl:5", "one")
    put_mark(connection, "tt0133093", "two")
    _save(connection, "tt0133093", Ids(imdb="tt0133093", simkl="5"), Kind.MOVIE)
    assert {entry.key for entry in history(connection, 1)} == {"tt0133093"}
    assert len(history(connection, 1)) == 2
    progress = find_progress(connection, 1, "tt0133093")
    assert progress is not None
    assert (progress.position_seconds, progress.watched) == (500.0, True)
    film = find_media(connection, "simkl:5")
    assert film is not None
    assert (film.year, film.runtime_minutes, film.poster) == (1999, 136, "ab/c")


_WICK = Media(
    MediaId.parse("tt2911666"), Kind.MOVIE, "John Wick", 2014,
    Ids(imdb="tt2911666", tmdb="245891", trakt="4"),
)  # fmt: skip
_CHARADE = Media(
    MediaId.parse("tt0056923"), Kind.MOVIE, "Charade", 1963,
    Ids(imdb="tt0056923", trakt="4"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("own_scheme", "owner"), [(None, "tt2911666"), (Scheme.SIMKL, "tt2911666"),
                              (Scheme.TRAKT, "tt0056923")]
)  # fmt: skip
def test_a_wrong_id_makes_no_two_films_one(
    connection: sqlite3.Connection, own_scheme: Scheme | None, owner: str
) -> None:
    """A file gave one film the other's; it stays with the first, unless its own service says so."""
    assert str(save_media(connection, _WICK, START)) == "tt2911666"
    put_mark(connection, "tt2911666", "p1")
    assert str(save_media(connection, _CHARADE, START, own_scheme)) == "tt0056923"
    titles = {entry.title for entry in history(connection, 1)}
    assert titles == {"John Wick"}
    found = find_media(connection, "tt2911666")
    assert found is not None
    assert found.title == "John Wick"
    trakt = canonical_key(connection, Key.parse("trakt:movie:4"))
    assert str(trakt.media_id) == owner


def test_a_wrong_id_makes_no_two_films_one_where_it_is_all_that_both_have(
    connection: sqlite3.Connection,
) -> None:
    """Only one of two rows names IMDb's id; that of the other film stays where it was."""
    wick = Media(MediaId.parse("tmdb:movie:245891"), Kind.MOVIE, "John Wick", 2014,
                 Ids(tmdb="245891"))  # fmt: skip
    charade = replace(_CHARADE, ids=Ids(imdb="tt0056923", tmdb="245891"))
    assert save_media(connection, wick, START) != save_media(connection, charade, START)
    translated = replace(wick, title="Der Mann mit dem Hund", year=2015)
    assert save_media(connection, translated, START) == wick.id


def test_what_shares_two_ids_is_one_whatever_it_is_called(connection: sqlite3.Connection) -> None:
    """A service has corrected its entry, or calls a film as another country does."""
    save_media(connection, _WICK, START)
    ids = replace(_WICK.ids, imdb="tt9999999")
    told = replace(_WICK, title="Der Mann mit dem Hund", year=2019, ids=ids)
    kept = save_media(connection, told, START)
    for imdb in ("tt2911666", "tt9999999"):
        assert canonical_key(connection, Key.parse(imdb)).media_id == kept


@pytest.mark.parametrize("kind", [Kind.SHOW, Kind.ANIME])
def test_entries_of_a_series_are_one_title_by_any_id_they_share(
    connection: sqlite3.Connection, kind: Kind
) -> None:
    """Simkl: the seasons of an anime have ids of their own and the show's, or some of those."""
    first = Media(
        MediaId.parse("tt2560140"), kind, "Titan", 2013,
        Ids(imdb="tt2560140", simkl="20", tvdb="100", mal="1"),
    )  # fmt: skip
    second = Media(
        MediaId.parse("simkl:21"), kind, "Titan Season 2", 2017,
        Ids(simkl="21", tvdb="100", mal="2"),
    )  # fmt: skip
    assert save_media(connection, first, START) == save_media(connection, second, START)


@pytest.mark.parametrize("year", [2014, 2015, None])
def test_a_title_whose_id_has_changed_is_one(
    connection: sqlite3.Connection, year: int | None
) -> None:
    """IMDb joins its entries now and then; a service knows the new one."""
    save_media(connection, _WICK, START)
    put_mark(connection, "tt2911666", "p1")
    told = replace(_WICK, title="JOHN WICK!", year=year, ids=Ids(imdb="tt9999999", trakt="4"))
    save_media(connection, told, START)
    (entry,) = history(connection, 1)
    assert entry.title == "JOHN WICK!"
    for imdb in ("tt2911666", "tt9999999"):
        assert str(canonical_key(connection, Key.parse(imdb))) == entry.key


def test_the_id_a_title_is_kept_under_is_the_one_that_is_told(
    connection: sqlite3.Connection,
) -> None:
    """Two ids of one scheme lead to a title; only one of them is its own."""
    put_film(connection, "tt0000009")
    _save(connection, "tt0000009", Ids(imdb="tt0000009", simkl="5"), Kind.MOVIE)
    kept = _save(connection, "simkl:5", Ids(imdb="tt0000001", simkl="5"), Kind.MOVIE)
    assert known_ids(connection, kept).imdb == kept
    film = find_media(connection, "tt0000009")
    assert film is not None
    assert film.id == MediaId.parse(kept)


def test_ids_a_provider_adds_never_take_another_title_s(connection: sqlite3.Connection) -> None:
    """An answer may be wrong; two titles of the user's never become one by it."""
    put_film(connection, "tt0000001", "One")
    put_film(connection, "simkl:5", "Other")
    learn_ids(connection, "tt0000001", Ids(simkl="5", tmdb="7"))
    other = find_media(connection, "simkl:5")
    assert other is not None
    assert other.title == "Other"
    assert known_ids(connection, "tt0000001") == Ids(imdb="tt0000001", tmdb="7")
    learn_ids(connection, "tt0000404", Ids(simkl="6"))
    assert find_media(connection, "simkl:6") is None


def test_what_is_unknown_now_wipes_out_nothing(connection: sqlite3.Connection) -> None:
    """A later answer with gaps keeps what an earlier one said."""
    put_show(connection)
    key = Key.parse("tt0903747:1:1")
    with transaction(connection, durable=False):
        save_episodes(connection, [Episode(key, "Pilot", START, 47)])
        save_episodes(connection, [Episode(key)])
    (episode,) = title_episodes(connection, 1, "tt0903747")
    card = episode.card
    assert (card.key, card.episode_title, episode.aired_at) == (str(key), "Pilot", START)
    assert card.runtime_estimate_seconds == 47 * 60


def test_what_is_known_changes_no_row(connection: sqlite3.Connection) -> None:
    """A sync tells the same titles again and again: that is nothing to write to a card."""
    ids = Ids(imdb="tt0903747", simkl="11121")
    media = Media(MediaId.parse("tt0903747"), Kind.SHOW, "Show", 2008, ids, 45, "a/b")
    episode = Episode(Key.parse("tt0903747:1:1"), "Pilot", START, 45)

    def save(media: Media, episode: Episode) -> bool:
        def write() -> None:
            save_media(connection, media, START)
            save_episodes(connection, [episode])

        changes = rehearse(connection, write)
        with transaction(connection, durable=False):
            write()
        return changes

    assert save(media, episode)
    assert not save(media, episode)
    assert not save(replace(media, year=None, poster=None), replace(episode, title=None))
    assert not save(replace(media, runtime_minutes=None), replace(episode, aired_at=None))
    for news in ({"title": "Other"}, {"year": 2009}, {"runtime_minutes": 50}, {"poster": "c/d"}):
        media = replace(media, **news)
        assert save(media, episode), news
        assert not save(media, episode)
    assert save(replace(media, ids=Ids(imdb="tt0903747", tvdb="81189")), episode)
    assert save(media, replace(episode, title="Other"))
    assert save(replace(media, kind=Kind.ANIME), episode)
    assert not save(media, episode)
    found = find_media(connection, "tt0903747")
    assert found is not None
    assert (found.kind, found.poster) == (Kind.ANIME, "c/d")


def test_a_rehearsal_is_taken_back(connection: sqlite3.Connection) -> None:
    """Also one that fails."""
    media = Media(MediaId.parse("tt0133093"), Kind.MOVIE, "Film", ids=Ids(imdb="tt0133093"))

    def write() -> None:
        save_media(connection, media, START)

    def fails() -> None:
        write()
        raise ZeroDivisionError

    assert rehearse(connection, write)
    assert find_media(connection, "tt0133093") is None
    with pytest.raises(ZeroDivisionError):
        rehearse(connection, fails)
    assert find_media(connection, "tt0133093") is None


def test_what_waits_follows_its_title(connection: sqlite3.Connection) -> None:
    """Of a title whose name begins like another's, the other stays."""
    account = put_account(connection)
    put_show(connection, "simkl:5")
    put_show(connection, "simkl:55")
    put_row(connection, account, QueueKind.UNWATCHED, "simkl:5:1:1")
    put_row(connection, account, QueueKind.UNWATCHED, "simkl:55:1:1")
    put_row(connection, account, QueueKind.UNWATCHED, "simkl:5")
    _save(connection, "simkl:5", Ids(imdb="tt0903747", simkl="5"))
    assert [row.key for row in sending.next_rows(connection, account.id, 9)] == [
        "tt0903747:1:1", "simkl:55:1:1", "tt0903747",
    ]  # fmt: skip
