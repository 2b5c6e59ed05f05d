"""What a player's own library says it plays, as titles of ours."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from dodo_tui.domain.ids import InvalidKeyError, Key, Kind, MediaId
from dodo_tui.domain.media import Episode, Media
from dodo_tui.domain.playback import Content
from dodo_tui.domain.text import clean_text
from dodo_tui.storage.database import transaction
from dodo_tui.storage.media import canonical_key, save_episodes, save_media
from dodo_tui.tracking.playing import part_for
from dodo_tui.tracking.viewing import Part


def parts_of_content(
    connection: sqlite3.Connection, content: Content, now: datetime
) -> tuple[Part, ...]:
    """What a player's library says it plays, kept under its ids; empty without a usable id."""
    preferred = content.ids.preferred(content.kind)
    if preferred is None:
        return ()
    title = clean_text(content.title) or str(preferred)
    media = Media(preferred, content.kind, title, content.year, content.ids)
    with transaction(connection, durable=False):
        media_id = save_media(connection, media, now)
        try:
            keys = _keys(content, media_id)
        except InvalidKeyError:
            return ()
        save_episodes(connection, [Episode(key) for key in keys if key.is_episode])
    return tuple(part_for(connection, str(canonical_key(connection, key))) for key in keys)


def _keys(content: Content, media_id: MediaId) -> tuple[Key, ...]:
    if content.kind is Kind.MOVIE:
        return (Key(media_id),)
    season = 1 if content.season is None else content.season
    return tuple(Key.episode(media_id, season, number) for number in content.numbers)
