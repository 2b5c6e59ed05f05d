"""The reactive state: a few coarse attributes with frozen values.

Screens bind to them and never poll. The watcher of `now_playing` is the scrobble middleware; it is
in `engine.app`, beside the workers that set the values.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from textual.app import App
from textual.message_pump import _MessagePumpMeta
from textual.reactive import reactive

from dodo_tui.domain.audience import Privacy
from dodo_tui.domain.cards import Card
from dodo_tui.domain.profile import Profile
from dodo_tui.domain.status import ProviderStatus, SyncStatus, Tone
from dodo_tui.values import dataclass

if TYPE_CHECKING:
    from dodo_tui.domain.playback import Playback
    from dodo_tui.domain.review import TitleSearch
    from dodo_tui.engine.on_air import OnAir
    from dodo_tui.providers.sign_in import DeviceCode


class SignInPhase(StrEnum):
    """Where a sign-in stands."""

    ASKING = "asking"
    WAITING = "waiting"
    CONNECTED = "connected"
    EXPIRED = "expired"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class SignIn:
    """A sign-in that is under way, or how it ended."""

    provider: str
    phase: SignInPhase
    code: DeviceCode | None = None
    trouble: str | None = None
    """One sentence: why polling fails just now, or why the sign-in failed."""
    user: str | None = None


@dataclass(frozen=True, slots=True)
class Scan:
    """A library scan that is under way, or how the last one ended."""

    running: bool
    files_seen: int = 0
    files_new: int = 0
    problems: tuple[str, ...] = ()
    """Sentences about folders that could not be read."""


@dataclass(frozen=True, slots=True)
class FirstSync:
    """The question before a first sync: being counted, counted, or failed."""

    provider: str
    looking: bool = False
    lines: tuple[str, ...] = ()
    """What is there, what is here, and what each choice would do."""
    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class RemovalQuestion:
    """Titles that are missing there, so many that the user must say whether that is meant."""

    provider: str
    count: int
    titles: tuple[str, ...]
    """The names of the first of them."""
    asked_at: datetime | None = None
    """When the last of them was noticed: an answer is about no other ones."""


@dataclass(frozen=True, slots=True)
class SeenPlayer:
    """How one kind of player that others start is watched."""

    name: str
    sentence: str
    next_step: str
    """What to do so that it can be watched; empty where nothing needs to be done."""
    tone: Tone


class _Family(_MessagePumpMeta):
    """Tells the names in a class once each: Textual asks for them when it takes stock of one.

    `type` goes through a base as often as it is inherited, which is forty times the whole app.
    """

    def __dir__(self) -> set[str]:
        """Every name, inherited ones included."""
        return set().union(*map(vars, self.__mro__))


class StatefulApp(App[None], metaclass=_Family):
    """An app with dodo's reactive state. Values are frozen; setting an equal one does nothing."""

    def __init_subclass__(cls, *, part: bool = False, **options: bool) -> None:
        """Have Textual take stock of the reactives, key bindings and style names of a class.

        A `part` is only ever joined with others, and what it has is found when the whole is looked
        through. There are some twenty-five, and each would take half a millisecond or more.
        """
        if not part:
            super().__init_subclass__(**options)

    profile: reactive[Profile] = reactive(Profile(0, "", ""))
    """Who is watching here; other processes have their own."""
    people: reactive[tuple[Profile, ...]] = reactive(())
    """Everybody in the household."""
    company: reactive[tuple[Profile, ...]] = reactive(())
    """Who else is watching here: a viewing is theirs, too."""
    privacy: reactive[Privacy] = reactive(Privacy.OFF)
    """Whether what is watched in this household is recorded."""
    now_playing: reactive[Playback | None] = reactive(None)
    """The viewing that runs here; its last value has `end` set, then it is None."""
    watched: reactive[tuple[tuple[str, Playback], ...]] = reactive(())
    """What runs in players that others started: the name of each and its viewing."""
    players: reactive[tuple[SeenPlayer, ...]] = reactive(())
    """The players that others start and how they are watched; empty while another dodo does it."""
    on_air: reactive[OnAir | None] = reactive(None)
    """What a remote shows: what plays here, else what another dodo of this user plays."""
    continue_watching: reactive[tuple[Card, ...]] = reactive(())
    up_next: reactive[tuple[Card, ...]] = reactive(())
    library: reactive[tuple[Card, ...]] = reactive(())
    """Titles on this device, the one added last first."""
    watchlist: reactive[tuple[Card, ...]] = reactive(())
    """Titles on the profile's lists that are planned, the one added last first."""
    auto_sync: reactive[bool] = reactive(True)
    """Whether syncs start by themselves."""
    first_sync: reactive[FirstSync | None] = reactive(None)
    removals: reactive[tuple[RemovalQuestion, ...]] = reactive((), init=False)
    """What waits for the user's word before it is removed here."""
    providers: reactive[tuple[ProviderStatus, ...]] = reactive(())
    sync: reactive[tuple[SyncStatus, ...]] = reactive(())
    minute: reactive[int] = reactive(0, init=False)
    """Changes every minute: how long ago something was is said anew."""
    sign_in: reactive[SignIn | None] = reactive(None)
    scan: reactive[Scan | None] = reactive(None)
    to_review: reactive[int] = reactive(0)
    """How many titles wait for the user to say what they are."""
    title_search: reactive[TitleSearch | None] = reactive(None)
    """A search for a title by its name: under way, or what it found."""
    trouble: reactive[str | None] = reactive(None)
    """One sentence about something that needs the user; None when all is well."""
    pictures: reactive[int] = reactive(0)
    """Counts the posters that have come since the start."""
    revision: reactive[int] = reactive(0)
    """Counts changes of the database, this process's and others', for screens that read more."""
