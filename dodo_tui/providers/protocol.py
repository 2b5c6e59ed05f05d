"""What every provider offers, so that tracking never asks which one it talks to."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from dodo_tui.domain.account import User
from dodo_tui.domain.ids import Kind
from dodo_tui.providers.catalogue import CatalogueEpisode, FileMatch, Found, TitleDetails
from dodo_tui.providers.changes import Change, KeptAnswers, Listing, ResumePoint, Snapshot
from dodo_tui.providers.facts import Answer, Fact, ListChange, Rating, Unclear, Verb
from dodo_tui.providers.items import Item, TitleRef
from dodo_tui.providers.sign_in import SignInStep


class Provider(Protocol):
    """A watch tracker, signed in or not.

    Every call may raise the errors of `providers.errors`. Writes go out one at a time.
    """

    id: str
    """`simkl`, `trakt`: the word used in commands and in the database."""
    name: str
    """`Simkl`, `Trakt`: the word shown to people."""

    def authorize(self) -> AsyncIterator[SignInStep]:
        """Sign in with a device code; ends after `SignedIn` or `CodeExpired`.

        Raises:
            MisconfiguredError: the client id is not accepted.
            UnauthorizedError: the grant does not allow writing.
        """
        ...

    async def user(self) -> User:
        """Who the tokens belong to."""
        ...

    async def scrobble(self, verb: Verb, item: Item, percent: float) -> Answer:
        """Tell a viewing's state; `percent` is 0–100. A `stop` >= 80 % marks watched."""
        ...

    async def deliver(self, facts: Sequence[Fact]) -> Sequence[Answer]:
        """Change history, at most `batch_size` facts of one kind at once; one answer each."""
        ...

    async def already_told(self, unclear: Sequence[Unclear]) -> Sequence[bool]:
        """Which facts have arrived, asked before they are sent again; one answer each.

        Where `repeats_are_harmless` nothing is asked for, and none has arrived.
        """
        ...

    async def resume_points(self) -> Sequence[ResumePoint]:
        """Every resume point kept there."""
        ...

    async def snapshot(self) -> Snapshot:
        """The provider's timestamps now; always asked for before `changes`."""
        ...

    def changes(
        self, since: Snapshot | None, until: Snapshot, kept: KeptAnswers | None = None
    ) -> AsyncIterator[Change]:
        """What moved between two snapshots, piece by piece; everything where `since` is None.

        Nothing is asked for where nothing moved. `kept` is for everything: each whole answer goes
        there before any of its pieces is told, and what is there already is not asked for.
        """
        ...

    async def listed(self) -> Listing | None:
        """Everything that is on the user's list now; may be asked for at any time.

        For a second look at what a listing of `changes` lacked. None: whoever keeps this list
        never says so.
        """
        ...

    async def forget_resume_point(self, point: ResumePoint) -> None:
        """Delete a resume point there; one that is gone already is a success."""
        ...

    async def rate(self, ratings: Sequence[Rating]) -> Sequence[Answer]:
        """Give ratings, or take them back: at most `batch_size` of one sort; one answer each."""
        ...

    async def set_lists(self, changes: Sequence[ListChange]) -> Sequence[Answer]:
        """Put titles on lists, or take them off: at most `batch_size` of one sort; one answer each.

        Never touches history: what cannot be done without it is answered with `Outcome.KEPT`.
        """
        ...

    async def details(self, title: TitleRef) -> TitleDetails | None:
        """What the catalogue says of a title; None where the provider does not know it."""
        ...

    async def episodes(self, title: TitleRef) -> Sequence[CatalogueEpisode]:
        """Every episode of a series, specials too, in order; none of a film or an unknown title."""
        ...

    async def search(self, text: str, kind: Kind, year: int | None) -> Sequence[Found]:
        """Titles of a name, best first; nothing is a result, while "try later" is an error.

        With a year, only titles of about that year.
        """
        ...

    async def identify(self, file_name: str) -> FileMatch | None:
        """What a file is, by its name; None when the provider has no idea."""
        ...

    async def revoke(self) -> None:
        """End the grant, best effort; local tokens are deleted by the caller in any case."""
        ...

    async def close(self) -> None:
        """Close connections."""
        ...

    batch_size: int
    """How many facts one `deliver` may carry."""
    repeats_are_harmless: bool
    """Whether a watched fact that is told twice counts once. Where not, one whose answer was lost
    is looked for with `already_told` before it is sent again."""
