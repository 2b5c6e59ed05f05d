"""What a delta tells, gathered so that it can be merged in one transaction.

Some providers tell a whole list again when one thing of it has moved. So once more has been told
than one transaction may hold, what would change nothing here is left out, and gathering goes on
with the news alone. What is too much even so is merged in portions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from dodo_tui.providers.changes import Change, TitlePage
from dodo_tui.storage.store import Store
from dodo_tui.tracking.applying.pieces import weight
from dodo_tui.tracking.applying.pull import Pull
from dodo_tui.tracking.applying.titles import news_of

MOST_AT_ONCE = 2_000
"""How many facts one transaction holds. While it runs no position is written and no other process
may write (`database.BUSY_TIMEOUT_MS`): a quarter of a second on a small PC, about one on a Pi."""


@dataclass(slots=True)
class Gathered:
    """The pieces that have come so far, in their order."""

    pieces: list[Change] = field(default_factory=list)
    _weight: int = 0
    _is_sifting: bool = False
    _is_too_much: bool = False
    _kept: set[str] = field(default_factory=set)
    """The titles of which something is news."""

    async def add(self, store: Store, pull: Pull, piece: Change) -> Sequence[Change]:
        """Take one more piece; answers those that must be merged by themselves, being too much."""
        if self._is_too_much:
            return (piece,)
        if self._is_sifting:
            piece = await self._sifted(store, pull, piece)
        self._take(piece)
        if self._weight > MOST_AT_ONCE and not self._is_sifting:
            self._is_sifting = True
            for each in self._all():
                self._take(await self._sifted(store, pull, each))
        if self._weight > MOST_AT_ONCE:
            self._is_too_much = True
            return self._all()
        return ()

    def _all(self) -> Sequence[Change]:
        """Give away what has been gathered."""
        pieces, self.pieces, self._weight = self.pieces, [], 0
        return pieces

    def _take(self, piece: Change) -> None:
        if weight(piece):
            self.pieces.append(piece)
            self._weight += weight(piece)

    async def _sifted(self, store: Store, pull: Pull, piece: Change) -> Change:
        if not isinstance(piece, TitlePage):
            return piece
        news = await store.run(news_of, pull, piece.titles, self._kept)
        return replace(piece, titles=news)
