"""What every provider offers, so that tracking never asks which one it talks to."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from dodo_tui.domain.account import Tokens, User
from dodo_tui.domain.ids import Ids, Kind
from dodo_tui.domain.lists import ListStatus, is_rating, may_choose
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


@dataclass(frozen=True, slots=True)
class TitleRef:
    """A film or a series as a whole, for lists, ratings and the catalogue.

    History takes an `Item`, which this is not: no call can mark a whole series watched.
    """

    kind: Kind
    title: str
    year: int | None
    ids: Ids


@dataclass(frozen=True, slots=True)
class Rating:
    """What a user thinks of a title; `value` is 1–10, None takes the rating back."""

    title: TitleRef
    value: int | None
    rated_at: datetime | None = None
    """When it was given; None is unknown, and the provider takes it for now."""

    def __post_init__(self) -> None:
        """Refuse what no provider knows.

        Raises:
            ValueError: the rating is not 1–10.
        """
        if self.value is not None and not is_rating(self.value):
            raise ValueError("a rating is 1 to 10")


@dataclass(frozen=True, slots=True)
class ListChange:
    """Where a title shall stand on the user's lists; None takes it off all of them."""

    title: TitleRef
    status: ListStatus | None

    def __post_init__(self) -> None:
        """Refuse a list that would be taken for a viewing.

        Raises:
            ValueError: a title of this kind is not put on this list by hand.
        """
        if self.status is not None and self.status not in may_choose(self.title.kind):
            raise ValueError(f"a {self.title.kind} is not put on the list: {self.status}")


class Verb(StrEnum):
    """The live calls of a viewing."""

    START = "start"
    PAUSE = "pause"
    STOP = "stop"


class FactKind(StrEnum):
    """What a late or manual fact changes in a provider's history."""

    WATCHED = "watched"
    UNWATCHED = "unwatched"


@dataclass(frozen=True, slots=True)
class Fact:
    """One change of history. `watched_at` is when it really was watched; None is unknown."""

    kind: FactKind
    item: Item
    watched_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Unclear:
    """A fact that was sent and never answered: it may have arrived or not."""

    fact: Fact
    sent_at: datetime
    """When it was sent last, by our clock."""
    may_be_stop: bool = False
    """Whether it may have been sent as a `stop`, which the provider stamps itself."""


class Outcome(StrEnum):
    """What became of one thing that was told.

    `WATCHED`: marked watched. `SAVED`: a resume point is kept. `NOTED`: "watching now" is shown.
    `REPEATED`: it had been told before (Simkl's 409), which is a success.
    `DONE`: a change of history, of a list or of a rating was accepted. `KEPT`: a change of a list
    was not made, for the provider would have lost history (or a rating) by it. `NO_LIST`: it was
    not made, for the provider has no such list for such a title.
    `UNKNOWN_TITLE`: the provider does not know it.
    """

    WATCHED = "watched"
    SAVED = "saved"
    NOTED = "noted"
    REPEATED = "repeated"
    DONE = "done"
    KEPT = "kept"
    NO_LIST = "no_list"
    UNKNOWN_TITLE = "unknown_title"


@dataclass(frozen=True, slots=True)
class Answer:
    """A provider's answer about one thing."""

    outcome: Outcome
    ids: Ids = field(default_factory=Ids)
    """Ids the provider gave for the title, worth keeping."""
    status: ListStatus | None = None
    """The list that the title is on now, which need not be the one asked for; None: not told."""


@dataclass(frozen=True, slots=True)
class ResumePoint:
    """A resume point kept by the provider."""

    item: Item
    percent: float
    paused_at: datetime | None
    remote_id: int | None = None


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


@dataclass(frozen=True, slots=True)
class DeviceCode:
    """What the user needs to sign in, plus the secret that polls for it."""

    user_code: str
    address: str
    """Where to type the code, e.g. `https://simkl.com/pin`."""
    direct_address: str | None
    """The address with the code filled in, for the QR code; approving is still up to the user."""
    expires_at: datetime
    interval_seconds: float
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class CodeShown:
    """Sign-in: show this code now."""

    code: DeviceCode


@dataclass(frozen=True, slots=True)
class StillWaiting:
    """Sign-in: nobody has typed the code yet. `trouble` is a sentence while polling fails."""

    code: DeviceCode
    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Sign-in: done. The tokens are the caller's to keep, before anything else is tried."""

    tokens: Tokens


@dataclass(frozen=True, slots=True)
class CodeExpired:
    """Sign-in: the code is dead (which is also how a refusal may look); offer a new one."""

    reason: str | None = None
    """A sentence, where it ended otherwise than by its time."""


SignInStep = CodeShown | StillWaiting | SignedIn | CodeExpired


@dataclass(frozen=True, slots=True)
class RemoteEpisode:
    """An episode that a provider holds as watched; None is watched at an unknown time."""

    season: int
    number: int
    watched_at: datetime | None


@dataclass(frozen=True, slots=True)
class RemoteTitle:
    """What a provider knows of one title of the user: everything that it says, nothing made up."""

    media: Media
    status: ListStatus | None = None
    watched: bool = False
    """For a film: watched. For a series see `episodes`."""
    watched_at: datetime | None = None
    """For a film: when; None is unknown."""
    episodes: tuple[RemoteEpisode, ...] = ()
    episodes_complete: bool = False
    """Whether `episodes` are all that were watched. Where the provider counts more of them than it
    names, or may keep others under another entry of the same title, a missing one says nothing."""
    rating: int | None = None
    """1–10; None is no rating (see `says_rating`)."""
    says_rating: bool = True
    says_watched: bool = True
    """False where only the rating is told: nothing about watching may be concluded."""
    added_at: datetime | None = None
    rated_at: datetime | None = None
    """When the rating was given; None is unknown."""


class Aspect(StrEnum):
    """What a listing is complete about.

    `LISTED`: everything that the provider holds of the user. `WATCHED`: the history. `PLANNED`,
    `DROPPED`: these lists alone. `RATED`: the ratings. `HIDDEN`: what the user does not want to see
    among what goes on.
    """

    LISTED = "listed"
    WATCHED = "watched"
    PLANNED = "planned"
    DROPPED = "dropped"
    RATED = "rated"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Listing:
    """The ids of everything that the user has in one respect: what is missing was removed.

    Only titles of `kinds` may be found missing: kinds of which something is listed, or of which
    the provider says elsewhere that something was taken off.
    """

    kinds: frozenset[Kind]
    ids: frozenset[Ids]
    of: Aspect = Aspect.LISTED


@dataclass(frozen=True, slots=True)
class ResumePoints:
    """Every resume point that the provider keeps for the kinds of title named."""

    points: tuple[ResumePoint, ...]
    complete: bool
    """Whether these are all of them: then a missing one is gone there."""
    kept_since: datetime | None = None
    """A missing one that was saved before this may have run out there, without anybody's doing."""
    malformed: int = 0
    """How many rows of the answer made no sense and were left out."""


@dataclass(frozen=True, slots=True)
class TitlePage:
    """Some titles of a pull, and how many rows of the answer made no sense and were left out."""

    titles: tuple[RemoteTitle, ...]
    malformed: int = 0


Change = TitlePage | Listing | ResumePoints
"""One piece of a pull, to be merged in the order in which it comes."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A provider's own timestamps of everything it keeps, verbatim: the cursors of a sync."""

    text: str
    """As it came, for the database."""


class KeptAnswers(Protocol):
    """Where the whole answers of a first pull are kept, so that none is asked for a second time."""

    async def load(self, name: str) -> bytes | None:
        """An answer that came before, under the provider's own name for it."""
        ...

    async def save(self, name: str, body: bytes) -> None:
        """Keep an answer durably; returns only when it is on disk."""
        ...

    async def drop(self, name: str) -> None:
        """Let an answer go that turned out to be nonsense: it must be asked for again."""
        ...


class TokenStore(Protocol):
    """Where the tokens of one account are kept, safe across processes."""

    async def load(self) -> Tokens | None:
        """The tokens as they are on disk now."""
        ...

    async def save(self, tokens: Tokens) -> None:
        """Keep the tokens durably; returns only when they are on disk."""
        ...

    def locked(self) -> AbstractAsyncContextManager[None]:
        """Hold the account's lock, which excludes every other process of this user."""
        ...


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
