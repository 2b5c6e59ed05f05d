"""What waits to be told to a provider, and what it answered."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from dodo_tui.domain.figures import percent_text
from dodo_tui.domain.lists import ListStatus, status_word
from dodo_tui.values import dataclass


class QueueKind(StrEnum):
    """What a row tells. The first two are *live* and die when late; the others are facts."""

    START = "start"
    PAUSE = "pause"
    WATCHED = "watched"
    UNWATCHED = "unwatched"
    PROGRESS = "progress"
    REMOVED = "removed"
    """The history of a film or an episode was forgotten, there too."""
    UNPAUSED = "unpaused"
    """A resume point that was told of the wrong title is to go there."""
    RATED = "rated"
    """A title as a whole has a rating, or has none any more. The key is the title's."""
    LISTED = "listed"
    UNLISTED = "unlisted"
    """A title as a whole is on another list, or on none any more. The key is the title's."""

    @property
    def is_about_title(self) -> bool:
        """Whether the row is about a title as a whole, and says nothing of its history."""
        return self in (QueueKind.RATED, QueueKind.LISTED, QueueKind.UNLISTED)

    @property
    def is_live(self) -> bool:
        """Whether the row is worthless once it is late ("watching now")."""
        return self in (QueueKind.START, QueueKind.PAUSE)


class QueueState(StrEnum):
    """`WAITING` rows are sent in order; `HELD` ones were rejected and wait for the user."""

    WAITING = "waiting"
    HELD = "held"


class DeliveryState(StrEnum):
    """What became of a play at one provider; `OFF`: it was not connected or not asked to."""

    SENT = "sent"
    WAITING = "waiting"
    HELD = "held"
    REJECTED = "rejected"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One thing still to tell one provider account."""

    id: int
    account_id: int
    provider: str
    kind: QueueKind
    key: str
    play_id: str | None
    """The viewing it is about; None for what was done by hand."""
    happened_at: datetime
    created_at: datetime
    not_before: datetime
    percent: float | None = None
    """How far the film was, 0–100, with at most two decimals."""
    attempts: int = 0
    failures: int = 0
    """How many of the attempts a provider that was there failed on."""
    state: QueueState = QueueState.WAITING
    last_error: str | None = None
    rating: int | None = None
    """1–10 of a `RATED` row; None takes the rating back."""
    list_status: ListStatus | None = None
    """The list of a `LISTED` row."""
    sending_at: datetime | None = None
    """When it was sent to a provider that counts twice what it is told twice, and has not been
    answered since: it must be looked for there before it is sent again."""


@dataclass(frozen=True, slots=True)
class NamedFact:
    """A row of the queue with the name of what it is about."""

    row: QueueRow
    title: str | None
    """None where nothing but the key is known."""
    label: str
    """Which episode, as it is written beside the title; empty for a film or a whole title."""

    @property
    def name(self) -> str:
        """Title and episode, or the key."""
        return self.row.key if self.title is None else f"{self.title}  {self.label}".rstrip()


@dataclass(frozen=True, slots=True)
class Told:
    """What has been decided to tell about one viewing so far. Starts empty; lives per play id."""

    started: bool = False
    paused: bool = False
    watched: bool = False
    over: bool = False
    pending_since_seconds: float | None = None
    """Monotonic time of the last pause or resume that may still be undone unseen."""


@dataclass(frozen=True, slots=True)
class Message:
    """One thing to put into the queue, for every account that listens."""

    kind: QueueKind
    percent: float | None
    """How far the film was, 0–100; None for a mark by hand, which is never a scrobble."""
    happened_at: datetime
    delay_seconds: float = 0.0
    """A pause or resume waits this long, so that a flicker can still be taken back."""
    rating: int | None = None
    list_status: ListStatus | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What `tracking.scrobble.decide` answers: the new ledger entry and what to write."""

    told: Told
    drop_live: bool = False
    """Take back this viewing's live rows that have not been sent."""
    take_back: bool = False
    """Take back the last live row alone. Where it was sent already, `messages` say the opposite."""
    messages: tuple[Message, ...] = ()


_WORDS = {
    QueueKind.START: "playing",
    QueueKind.PAUSE: "paused",
    QueueKind.WATCHED: "watched",
    QueueKind.UNWATCHED: "not watched",
    QueueKind.PROGRESS: "stopped",
    QueueKind.REMOVED: "forgotten",
    QueueKind.UNPAUSED: "resume point taken back",
    QueueKind.RATED: "rating taken back",
    QueueKind.LISTED: "listed",
    QueueKind.UNLISTED: "off the lists",
}


def fact_words(row: QueueRow) -> str:
    """What a row tells, in words: `watched`, `stopped at 42 %`, `rated 8`, `list: On hold`."""
    if row.kind is QueueKind.PROGRESS and row.percent is not None:
        return f"stopped at {percent_text(row.percent)}"
    if row.kind is QueueKind.RATED and row.rating is not None:
        return f"rated {row.rating}"
    if row.kind is QueueKind.LISTED and row.list_status is not None:
        return f"list: {status_word(row.list_status)}"
    return _WORDS[row.kind]
