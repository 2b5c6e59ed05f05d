"""What a provider is told about a key: everything we know, so that it resolves the title itself."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from dodo_tui.domain.ids import Ids, Key, Scheme
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
            ids=media.ids.merged(Ids.of(parsed.media_id)),
            season=parsed.season_number,
            number=parsed.number,
        )
    except ValueError:
        return None


def items_for(connection: sqlite3.Connection, keys: Iterable[str]) -> dict[str, Item]:
    """The items of several keys; those that must not be told are left out."""
    found = {key: item_for(connection, key) for key in keys}
    return {key: item for key, item in found.items() if item is not None}
