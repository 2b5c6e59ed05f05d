"""What a provider is told about a key: everything we know, so that it resolves the title itself."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import replace

from dodo_tui.domain.ids import ONE_SEASON_SCHEMES, Ids, Key, Kind, Scheme
from dodo_tui.domain.media import Media
from dodo_tui.providers.items import Item
from dodo_tui.storage.media import find_media


def item_for(connection: sqlite3.Connection, key: str) -> Item | None:
    """The item of a key; None where it must not be told: unidentified, or a series as a whole."""
    parsed = Key.parse(key)
    media = find_media(connection, str(parsed.media_id))
    if media is None or parsed.media_id.scheme is Scheme.LOCAL:
        return None
    try:
        return Item(
            kind=media.kind,
            title=media.known_title,
            year=media.year,
            ids=_ids(media, parsed),
            season=parsed.season_number,
            number=parsed.number,
        )
    except ValueError:
        return None


def _ids(media: Media, key: Key) -> Ids:
    """The ids that a title is told by.

    The id that makes the key decides how an anime's episodes are counted. Where that is in one
    season of each entry, an id that names all its seasons at once would make them others.
    """
    ids = media.ids.merged(Ids.of(key.media_id))
    scheme = key.media_id.scheme
    if media.kind is not Kind.ANIME or not key.is_episode:
        return ids
    if scheme in ONE_SEASON_SCHEMES:
        return replace(ids, imdb=None, tmdb=None, tvdb=None, trakt=None)
    return replace(ids, imdb=None, trakt=None) if scheme is Scheme.SIMKL else ids


def items_for(connection: sqlite3.Connection, keys: Iterable[str]) -> dict[str, Item]:
    """The items of several keys; those that must not be told are left out."""
    found = {key: item_for(connection, key) for key in keys}
    return {key: item for key, item in found.items() if item is not None}
