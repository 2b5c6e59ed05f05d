"""What the visitor of the demo has watched so far: two years of evenings, the same every time.

None of it is on this device or in the sample library, and none is sent anywhere: it is there to be
looked at in the statistics and the history.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from dodo_tui.domain.ids import Ids, Key, Kind, MediaId
from dodo_tui.domain.media import Media
from dodo_tui.domain.progress import Origin
from dodo_tui.storage.database import transaction
from dodo_tui.storage.media import save_media
from dodo_tui.storage.plays import insert_manual_play

_DAYS = 690
_WINTER = frozenset({1, 2, 10, 11, 12})


class _Show(NamedTuple):
    title: str
    imdb: str
    kind: Kind
    minutes: int
    seasons: tuple[int, ...]
    """How many episodes each has."""


_SHOWS = (
    _Show("Slow Horses", "tt5875444", Kind.SHOW, 48, (6, 6, 6, 6, 6)),
    _Show("Severance", "tt11280740", Kind.SHOW, 50, (9, 10)),
    _Show("The Walking Dead", "tt1520211", Kind.SHOW, 42, (6, 13, 16, 16, 16, 16, 16, 16, 16)),
    _Show("Futurama", "tt0149460", Kind.SHOW, 22, (13, 19, 22, 18)),
    _Show("Cowboy Bebop", "tt0213338", Kind.ANIME, 24, (26,)),
)
_LIKED = (5, 4, 6, 3, 2)
"""How often each of them is chosen."""


def seed_years(connection: sqlite3.Connection, profile_id: int, now: datetime) -> None:
    """Write the evenings up to yesterday; more of them in winter, some of several episodes."""
    luck = random.Random(7)  # noqa: S311 - the same evenings every time
    following = [_episodes(show) for show in _SHOWS]
    with transaction(connection, durable=False):
        for show in _SHOWS:
            media_id = MediaId.parse(show.imdb)
            media = Media(media_id, show.kind, show.title, None, Ids.of(media_id), show.minutes)
            save_media(connection, media, now)
        for day in range(_DAYS, 0, -1):
            evening = now - timedelta(days=day)
            if luck.random() > (0.65 if evening.month in _WINTER else 0.35):
                continue
            episodes = luck.choices(following, _LIKED)[0]
            for part in range(luck.choice((1, 1, 1, 2, 2, 3, 4))):
                key = next(episodes)
                at = evening + timedelta(minutes=50 * part)
                play_id = f"demo-{day}-{part}"
                insert_manual_play(connection, play_id, profile_id, key, Origin.IMPORT, at, at)


def _episodes(show: _Show) -> Iterator[str]:
    """The keys of a show's episodes in order, over and over."""
    media_id = MediaId.parse(show.imdb)
    while True:
        for season, count in enumerate(show.seasons, start=1):
            for number in range(1, count + 1):
                yield str(Key.episode(media_id, season, number))
