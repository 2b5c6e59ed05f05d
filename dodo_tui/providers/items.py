"""What a provider is told about: a film, an episode, or a title as a whole."""

from __future__ import annotations

from dataclasses import dataclass

from dodo_tui.domain.ids import Ids, InvalidKeyError, Key, Kind, MediaId
from dodo_tui.domain.media import Media


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

    @property
    def media(self) -> Media | None:
        """The film or the series itself; None where no id names it."""
        preferred = self.ids.preferred(self.kind)
        if preferred is None:
            return None
        return Media(preferred, self.kind, self.title, self.year, self.ids)

    def key_in(self, media_id: MediaId) -> Key | None:
        """The key under a title's id; None where its scheme cannot name the episode."""
        if self.season is None or self.number is None:
            return Key(media_id)
        try:
            return Key.episode(media_id, self.season, self.number)
        except InvalidKeyError:
            return None


@dataclass(frozen=True, slots=True)
class TitleRef:
    """A film or a series as a whole, for lists, ratings and the catalogue.

    History takes an `Item`, which this is not: no call can mark a whole series watched.
    """

    kind: Kind
    title: str
    year: int | None
    ids: Ids
