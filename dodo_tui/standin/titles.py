"""A film, a show or an anime, as the stand-in's catalogue knows it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Literal

Kind = Literal["movie", "show", "anime"]
"""The API's three catalogues."""

EpisodeKey = tuple[int, int]
"""An episode's season and number; an anime's season is 1, a special's 0."""

FILM: EpisodeKey = (0, 0)
"""The one part of a film, so that a film's viewing is kept as an episode's is."""

DEFAULT_RUNTIMES: dict[Kind, int] = {"movie": 90, "show": 45, "anime": 25}
"""Minutes the API assumes where a runtime is unknown (contract, section 9.3)."""


@dataclass(frozen=True, slots=True)
class Episode:
    """One episode or special."""

    season: int
    """Its season; 0 for a special, 1 for every regular episode of an anime."""
    number: int
    """Its number within the season."""
    title: str
    """Its title."""
    simkl_id: int
    """Its own Simkl id."""
    tvdb_id: int
    """Its TVDB id."""
    aired_at: datetime | None
    """When it was or will be broadcast; None when nobody knows."""
    tvdb_season: int
    """Its season in TVDB's numbering, which differs for an anime."""
    tvdb_number: int
    """Its number in TVDB's numbering."""

    @property
    def key(self) -> EpisodeKey:
        """Its season and number."""
        return (self.season, self.number)

    def has_aired(self, now: datetime) -> bool:
        """Whether it can have been seen by now."""
        return self.aired_at is not None and self.aired_at <= now


@dataclass(frozen=True, eq=False)
class Title:
    """One film, show or anime."""

    simkl_id: int
    """Its Simkl id, unique over all three catalogues."""
    kind: Kind
    """Which catalogue it is in."""
    title: str
    """Its name."""
    year: int
    """The year it came out."""
    ids: dict[str, str]
    """Its ids elsewhere (`imdb`, `tmdb`, `tvdb`, `mal`, `kitsu`, …), always strings."""
    runtime_minutes: int | None = None
    """A film's or an episode's length."""
    poster: str | None = None
    """The path fragment of its poster."""
    status: Literal["ended", "airing", "tba", "released"] = "ended"
    """Whether more of it is to come; a film is `released` or `tba`."""
    anime_type: str | None = None
    """`tv`, `movie`, `ova`, … for an anime."""
    overview: str = ""
    """What it is about."""
    genres: tuple[str, ...] = ()
    """What sort of thing it is."""
    network: str | None = None
    """Who broadcasts it."""
    episodes: tuple[Episode, ...] = field(default=(), repr=False)
    """Its episodes and specials in order."""

    @property
    def is_film(self) -> bool:
        """Whether it is watched in one go: a film, or an anime film."""
        return not self.episodes

    @cached_property
    def slug(self) -> str:
        """Its name as an address has it."""
        return re.sub(r"[^a-z0-9]+", "-", self.title.lower()).strip("-")

    @cached_property
    def by_key(self) -> dict[EpisodeKey, Episode]:
        """Its episodes by season and number."""
        return {episode.key: episode for episode in self.episodes}

    @cached_property
    def by_tvdb_key(self) -> dict[EpisodeKey, Episode]:
        """Its episodes by TVDB's season and number."""
        return {(episode.tvdb_season, episode.tvdb_number): episode for episode in self.episodes}

    @cached_property
    def by_tvdb_id(self) -> dict[str, Episode]:
        """Its episodes by their TVDB id."""
        return {str(episode.tvdb_id): episode for episode in self.episodes}

    @cached_property
    def regular(self) -> tuple[Episode, ...]:
        """Its episodes without the specials."""
        return tuple(episode for episode in self.episodes if episode.season > 0)

    @property
    def minutes(self) -> int:
        """Its length in minutes, as the API assumes it where it is unknown."""
        return self.runtime_minutes or DEFAULT_RUNTIMES[self.kind]

    def parts(self) -> tuple[EpisodeKey, ...]:
        """The keys of everything that can be watched of it."""
        return (FILM,) if self.is_film else tuple(episode.key for episode in self.episodes)

    def aired(self, now: datetime) -> tuple[EpisodeKey, ...]:
        """The keys of its regular episodes that have been broadcast; for a film, its one part."""
        if self.is_film:
            return (FILM,)
        return tuple(episode.key for episode in self.regular if episode.has_aired(now))
