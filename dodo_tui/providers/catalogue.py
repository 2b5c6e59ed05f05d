"""What a provider's catalogue knows of titles, whoever watches them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dodo_tui.domain.media import Media


@dataclass(frozen=True, slots=True)
class FileMatch:
    """What a provider says a file name is. Not yet trusted: the library scores it."""

    media: Media
    season: int | None = None
    number: int | None = None
    episode_title: str | None = None


class Airing(StrEnum):
    """Whether more of a title is to come. A film that is out has `ENDED`."""

    UPCOMING = "upcoming"
    AIRING = "airing"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class TitleDetails:
    """What a provider's catalogue says of a title. Texts are safe to show and bounded."""

    media: Media
    """The title under every id the provider knows, with runtime and poster."""
    overview: str | None = None
    genres: tuple[str, ...] = ()
    airing: Airing | None = None
    first_aired_at: datetime | None = None
    episode_count: int | None = None
    """Regular episodes, as far as they are announced; None for a film."""


@dataclass(frozen=True, slots=True)
class CatalogueEpisode:
    """An episode as a provider's catalogue has it, aired or not.

    It is numbered as the ids of its title count: an anime that is known by an id of IMDb, TMDB or
    TVDB has TVDB's seasons, one that is known by anime sites alone is season 1.
    """

    season: int
    number: int
    title: str | None = None
    aired_at: datetime | None = None
    """When it aired or will air; None is unknown."""
    runtime_minutes: int | None = None

    @property
    def is_special(self) -> bool:
        """Whether it is outside the count of the regular episodes."""
        return self.season == 0


@dataclass(frozen=True, slots=True)
class Found:
    """A title that a search by name came upon. Not yet trusted: somebody has to choose it."""

    media: Media
    other_titles: tuple[str, ...] = ()
    """What else it is called; bounded."""
    episode_count: int | None = None
