"""What providers are told of a title: what is known, and nothing that only stands in for it."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime

import pytest

from dodo_tui.domain.ids import Ids, Key, Kind, Scheme
from dodo_tui.domain.media import Media
from dodo_tui.storage.database import transaction
from dodo_tui.storage.media import learn_ids, save_media
from dodo_tui.storage.store import Store
from dodo_tui.tracking.items import item_for
from dodo_tui.tracking.marks import ensure_known
from tests.tracking.samples import FILM

NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.mark.parametrize("key", ["tt1254207", "simkl:472214", "tmdb:movie:603", "tt1254208:1:5"])
def test_an_id_is_no_title(store: Store, key: str) -> None:
    """A title known by its id alone is told by that id; a provider would look for the name."""

    def make(connection: object) -> str:
        with transaction(connection, durable=False):  # type: ignore[arg-type]
            return str(ensure_known(connection, Key.parse(key), NOW))  # type: ignore[arg-type]

    item = store.run_now(item_for, store.run_now(make))
    assert item is not None
    assert item.title == ""
    assert tuple(item.ids)


def test_a_title_is_told(store: Store) -> None:
    """With everything known of it."""
    item = store.run_now(item_for, FILM)
    assert item is not None
    assert item.title == "The Matrix"


@pytest.mark.parametrize(
    ("key", "schemes"),
    [
        ("kitsu:7442:5", {Scheme.KITSU, Scheme.SIMKL}),
        ("simkl:37089:1:5", {Scheme.SIMKL, Scheme.TVDB, Scheme.KITSU}),
        ("tt0409591:1:5", {Scheme.IMDB, Scheme.SIMKL, Scheme.TVDB, Scheme.KITSU}),
    ],
)
def test_an_anime_is_told_by_ids_that_count_as_its_key_does(
    store: Store, key: str, schemes: set[Scheme]
) -> None:
    """Episode 5 of one entry is not episode 5 of the series: it would be another one there."""
    parsed = Key.parse(key)
    ids = Ids(imdb="tt0409591", simkl="37089", tvdb="78857", kitsu="7442")

    def make(connection: sqlite3.Connection) -> None:
        with transaction(connection, durable=False):
            own = Ids.of(parsed.media_id)
            save_media(connection, Media(parsed.media_id, Kind.ANIME, "Naruto", 2002, own), NOW)
        learn_ids(connection, key, ids)

    store.run_now(make)
    item = store.run_now(item_for, key)
    assert item is not None
    assert {scheme for scheme, _ in item.ids} == schemes
