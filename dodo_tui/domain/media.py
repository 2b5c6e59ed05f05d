"""Titles and their episodes, as far as we know them."""

from __future__ import annotations

from dataclasses import field
from datetime import datetime

from dodo_tui.domain.ids import Ids, InvalidKeyError, Key, Kind, MediaId
from dodo_tui.domain.text import clean_text
from dodo_tui.values import dataclass

_MOST_NAME_CHARACTERS = 120


@dataclass(frozen=True, slots=True)
class Media:
    """A title: a film, a show or an anime. Unknown is None."""

    id: MediaId
    kind: Kind
    title: str
    year: int | None = None
    ids: Ids = field(default_factory=Ids)
    runtime_minutes: int | None = None
    poster: str | None = None
    """The provider's path fragment of the poster, not an address."""

    @property
    def known_title(self) -> str:
        """The title; empty where only an id is known, which then stands in its place."""
        try:
            MediaId.parse(self.title)
        except InvalidKeyError:
            return self.title
        return ""

    def label_of(self, key: Key) -> str:
        """How an episode of this title is written beside it; empty for the title as a whole."""
        return episode_label(key.season_number, key.number, one_season=self.kind is Kind.ANIME)

    def name_of(self, key: Key) -> str:
        """`Severance S2 E3`, as the log names a film or an episode of this title."""
        return f"{clean_text(self.title, _MOST_NAME_CHARACTERS)} {self.label_of(key)}".strip()


@dataclass(frozen=True, slots=True)
class Episode:
    """One episode of a show or anime; season 0 holds the specials."""

    key: Key
    title: str | None = None
    aired_at: datetime | None = None
    """When it aired or will air; None is unknown, which is not the same as unaired."""
    runtime_minutes: int | None = None


def episode_label(season: int | None, number: int | None, one_season: bool = False) -> str:
    """How an episode is written beside its title: `S2 E3`, `E12` (anime), `Special 4`; else ``.

    `one_season`: the title is numbered through, so its season 1 goes without saying. Where it has
    another season all the same, by the count of TVDB, that is said.
    """
    if number is None:
        return ""
    if season == 0:
        return f"Special {number}"
    is_unsaid = season is None or (one_season and season == 1)
    return f"E{number}" if is_unsaid else f"S{season} E{number}"
