"""Everything that is known of a film, an episode or a title: what "why?" is answered from."""

from __future__ import annotations

from datetime import datetime

from dodo_tui.domain.cards import Candidate
from dodo_tui.domain.ids import Key, Kind
from dodo_tui.domain.lookup import Outcome
from dodo_tui.domain.media import episode_label
from dodo_tui.domain.queue import DeliveryState, QueueKind, QueueState
from dodo_tui.domain.review import Scope
from dodo_tui.values import dataclass

MOST_PLAYS = 20
"""So many viewings are told of, the newest."""


@dataclass(frozen=True, slots=True)
class WhyFile:
    """A file that holds it, and who said so."""

    file_id: int
    path: str
    """Safe to show."""
    match: str
    """`sure`, `unsure` or `none`."""
    decided_by: str
    """`name`, `provider` or `user`."""
    missing: bool
    decided_at: datetime | None = None
    """When the user decided, if it was the user."""
    scope: Scope | None = None


@dataclass(frozen=True, slots=True)
class WhyLookup:
    """What a provider said when it was asked what the title is."""

    provider: str
    outcome: Outcome
    asked_at: datetime
    trouble: str | None


@dataclass(frozen=True, slots=True)
class WhyAnswer:
    """What a provider was told of a viewing, and what it answered."""

    provider: str
    state: DeliveryState
    verb: str
    """The last thing that it acknowledged; empty if nothing yet."""
    percent: float | None
    answer: str | None
    at: datetime
    user: str = ""
    """In whose name it was told, as far as the provider has said."""
    is_former: bool = False
    """Whether that sign-in is over: what the provider holds now is another one's."""


@dataclass(frozen=True, slots=True)
class WhyPlay:
    """One viewing or mark."""

    play_id: str
    key: str
    source: str
    started_at: datetime
    ended_at: datetime | None
    watched_at: datetime | None
    furthest_ratio: float | None
    played_seconds: float
    answers: tuple[WhyAnswer, ...] = ()
    former_user: str | None = None
    """Who was signed in when the provider told of it, where that sign-in is over."""


@dataclass(frozen=True, slots=True)
class WhyRemote:
    """Where it stands at a provider, by what that last said."""

    provider: str
    connected: bool
    needs_reconnect: bool
    scrobbling_enabled: bool
    pulled_at: datetime | None
    watched: bool = False
    watched_at: datetime | None = None
    watched_episodes: int = 0
    """Of a series as a whole: how many of its episodes are watched there."""
    percent: float | None = None
    paused_at: datetime | None = None
    status: str | None = None
    rating: int | None = None


@dataclass(frozen=True, slots=True)
class WhyRow:
    """Something that a provider has not been told yet."""

    row_id: int
    provider: str
    kind: QueueKind
    key: str
    state: QueueState
    happened_at: datetime
    attempts: int
    next_attempt_at: datetime
    last_error: str | None


@dataclass(frozen=True, slots=True)
class Why:
    """Everything that is known of a film, an episode or a title."""

    key: str
    media_id: str
    kind: Kind
    title: str
    year: int | None
    season: int | None
    number: int | None
    is_local: bool
    """Known by name alone: nothing about it is sent."""
    watched: bool
    waits_in_review: bool = False
    """Whether Review asks about its title."""
    files: tuple[WhyFile, ...] = ()
    lookup: WhyLookup | None = None
    candidates: tuple[Candidate, ...] = ()
    plays: tuple[WhyPlay, ...] = ()
    remotes: tuple[WhyRemote, ...] = ()
    rows: tuple[WhyRow, ...] = ()

    @property
    def name(self) -> str:
        """The title with the episode's label, as it is named on screens."""
        return f"{self.title}  {self._label(self.season, self.number)}".rstrip()

    @property
    def is_series(self) -> bool:
        """Whether it is a series as a whole, of which many things are told at once."""
        return self.kind is not Kind.MOVIE and self.number is None

    def part_label(self, key: str) -> str:
        """Which episode something is about: `S2 E3`; empty where all of it is about one thing."""
        if not self.is_series:
            return ""
        part = Key.parse(key)
        return self._label(part.season_number, part.number)

    def _label(self, season: int | None, number: int | None) -> str:
        return episode_label(season, number, one_season=self.kind is Kind.ANIME)
