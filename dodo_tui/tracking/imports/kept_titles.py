"""The titles that a file tells of, as they are here; each is looked up once in an import."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from datetime import datetime

from dodo_tui.domain.ids import Ids, Key, Kind, MediaId, Scheme
from dodo_tui.domain.media import Media, episode_label
from dodo_tui.domain.progress import Progress
from dodo_tui.domain.text import clean_text
from dodo_tui.storage import forgetting, ledger, remote
from dodo_tui.storage.media import find_media, find_named, save_media

_NO_ACCOUNT = 0
"""Nothing has been told by any account that a file knows of."""


@dataclass(slots=True)
class KeptTitle:
    """A title as it is here."""

    media_id: MediaId
    name: str
    year: int | None
    past: forgetting.Forgotten | None
    rows: dict[str, Progress]
    """Where the profile stands, by key."""
    plays: dict[str, list[datetime]] = field(default_factory=dict)
    """When it was watched, by key."""

    def named(self, key: Key | None = None) -> str:
        """`Severance S2 E3` or `Heat (1995)`, safe to show."""
        name = clean_text(self.name, 80) or str(self.media_id)
        if key is not None and key.is_episode:
            return f"{name} {episode_label(key.season_number, key.number)}"
        return f"{name} ({self.year})" if self.year else name


class KeptTitles:
    """Finds titles here, and keeps those that are new."""

    def __init__(self, connection: sqlite3.Connection, profile_id: int, now: datetime) -> None:
        self._connection = connection
        self._profile_id = profile_id
        self._now = now
        self._ids: dict[tuple[Kind, Ids, MediaId], str] = {}
        """Under which id a title is kept that was named so."""
        self._titles: dict[str, KeptTitle] = {}

    def of(self, media: Media) -> KeptTitle:
        """The title that is told of."""
        named = (media.kind, media.ids, media.id)
        if named not in self._ids:
            kept = self._known_by_name(media)
            kept = kept or str(save_media(self._connection, media, self._now))
            if kept not in self._titles:
                self._forget_joined(media)
            self._ids[named] = kept
        return self.kept(self._ids[named])

    def kept(self, media_id: str) -> KeptTitle:
        """A title by the id under which it is kept."""
        if media_id not in self._titles:
            self._titles[media_id] = self._look_up(media_id)
        return self._titles[media_id]

    def _known_by_name(self, media: Media) -> str | None:
        """Under which id a title is kept that is told by name alone; None: new, or it has an id.

        Another title that is called just so is the same one, if it is the only one of its year.
        """
        if media.id.scheme is not Scheme.LOCAL:
            return None
        known = find_media(self._connection, str(media.id))
        if known is None and media.year is not None:
            kinds = (Kind.MOVIE,) if media.kind is Kind.MOVIE else (Kind.SHOW, Kind.ANIME)
            known = find_named(self._connection, kinds, media.title, media.year)
        return None if known is None else str(known.id)

    def _forget_joined(self, media: Media) -> None:
        """Look titles up again that a new one may have joined into one."""
        names = {str(each) for each in media.ids.media_ids(media.kind)}
        for (kind, ids, media_id), kept in list(self._ids.items()):
            if names & {str(media_id), *(str(each) for each in ids.media_ids(kind))}:
                del self._ids[kind, ids, media_id]
                self._titles.pop(kept, None)

    def _look_up(self, media_id: str) -> KeptTitle:
        connection, profile_id = self._connection, self._profile_id
        watches = ledger.title_watches(connection, profile_id, _NO_ACCOUNT, media_id)
        media = find_media(connection, media_id)
        return KeptTitle(
            MediaId.parse(media_id),
            "" if media is None else media.title,
            None if media is None else media.year,
            forgetting.forgotten(connection, profile_id, media_id),
            remote.title_progress(connection, profile_id, media_id),
            {key: [watch.watched_at for watch in each] for key, each in watches.items()},
        )
