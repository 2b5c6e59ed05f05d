"""What a provider is told about: a film, an episode, or a title as a whole."""

from __future__ import annotations

from dataclasses import dataclass

from dodo_tui.domain.ids import Ids, Kind


@dataclass(frozen=True, slots=True)
class Item:
    """A film, or one episode of a series: all we know of it, so that the provider resolves it.

    A series is never named without the coordinates of an episode: `season` and `number` are both
    set, or the item is a film. Specials are season 0; an anime from a one-season scheme is in
    season 1.
    """

    kind: Kind
    title: str
    year: int | None
    ids: Ids
    season: int | None = None
    number: int | None = None

    def __post_init__(self) -> None:
        """Refuse what would mark a whole series.

        Raises:
            ValueError: a show without the coordinates of an episode, or a film with some.
        """
        if self.kind is Kind.MOVIE and self.number is not None:
            raise ValueError("a film has no episodes")
        if self.kind is Kind.SHOW and (self.season is None or self.number is None):
            raise ValueError("a show needs a season and an episode number")
        if (self.season is None) != (self.number is None):
            raise ValueError("an episode needs a season and a number")


@dataclass(frozen=True, slots=True)
class TitleRef:
    """A film or a series as a whole, for lists, ratings and the catalogue.

    History takes an `Item`, which this is not: no call can mark a whole series watched.
    """

    kind: Kind
    title: str
    year: int | None
    ids: Ids
