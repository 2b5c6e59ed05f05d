"""A part of stand-in providers: a catalogue and a list in which there is nothing."""

from __future__ import annotations

from collections.abc import Sequence

from dodo_tui.domain.ids import Kind
from dodo_tui.providers.catalogue import CatalogueEpisode, Found, TitleDetails
from dodo_tui.providers.changes import Listing
from dodo_tui.providers.items import TitleRef


class EmptyCatalogue:
    """Knows no title."""

    async def listed(self) -> Listing | None:
        """Nothing is ever said to be listed."""
        return None

    async def details(self, title: TitleRef) -> TitleDetails | None:
        """Nothing."""
        return None

    async def episodes(self, title: TitleRef) -> Sequence[CatalogueEpisode]:
        """None."""
        return ()

    async def search(self, text: str, kind: Kind, year: int | None) -> Sequence[Found]:
        """None."""
        return ()
