"""Titles that a file knows by name alone."""

from __future__ import annotations

from dodo_tui.domain.ids import Ids, Kind
from dodo_tui.domain.media import Media
from dodo_tui.library.local_ids import local_media_id
from dodo_tui.library.names import ParsedName


def titled(
    kind: Kind, title: str, year: int | None, ids: Ids, *, is_episode: bool = False
) -> Media | None:
    """A title under its best id; without any under the `local:` one that a file so named gets.

    `is_episode`: an episode of it is meant, so that a series is. None: it has neither id nor name.
    """
    media_id = ids.preferred(kind)
    if media_id is not None:
        return Media(media_id, kind, title, year, ids)
    if not title:
        return None
    numbers = (1,) if is_episode or kind is not Kind.MOVIE else ()
    local = local_media_id(ParsedName(kind, title, year, numbers=numbers))
    return Media(local, kind, title, year)
