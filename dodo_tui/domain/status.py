"""What screens and `dodo status` say about providers, syncs and the queue."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from dodo_tui.domain.figures import in_thousands
from dodo_tui.values import dataclass

PROVIDER_NAMES = {"simkl": "Simkl", "trakt": "Trakt"}
"""The providers there are, by the word used in commands and in the database."""


class SyncState(StrEnum):
    """What the exchange with a provider is doing."""

    IDLE = "idle"
    SYNCING = "syncing"
    ERROR = "error"
    OFFLINE = "offline"


@dataclass(frozen=True, slots=True)
class SyncProgress:
    """How far the sync that runs is."""

    pulled: int = 0
    """Films and episodes that the provider has told so far."""
    pushed: int = 0
    """Facts that have been sent so far."""


@dataclass(frozen=True, slots=True)
class ProviderStatus:
    """One provider as the active profile sees it."""

    id: str
    name: str
    configured: bool
    """Whether a client id is set."""
    connected: bool
    user: str | None = None
    scrobbling_enabled: bool = True
    first_sync_pending: bool = False
    """The first sync waits for the user to say what it may do."""
    needs_reconnect: bool = False
    """The sign-in was refused; the queue keeps growing until the user signs in again."""


@dataclass(frozen=True, slots=True)
class SyncStatus:
    """How the exchange with one provider stands."""

    provider: str
    state: SyncState = SyncState.IDLE
    last_sync_at: datetime | None = None
    last_error: str | None = None
    """One sentence for people, without secrets."""
    items_pulled: int = 0
    items_pushed: int = 0
    waiting: int = 0
    held: int = 0
    sending: bool = False
    asking: int = 0
    """Titles that are missing there; the user has to say whether that is meant."""
    progress: SyncProgress | None = None
    """How far a sync of this process is; None: none runs."""
    taken_away_at: datetime | None = None
    """When a sync last took something away here that can be brought back."""
    undoable: bool = False
    """Whether a sync took something away, or was the first, and can be taken back."""


class Tone(StrEnum):
    """How a status word is coloured; never the only sign of it."""

    GOOD = "good"
    BUSY = "busy"
    WARN = "warn"
    BAD = "bad"
    QUIET = "quiet"


def indicator(provider: ProviderStatus, sync: SyncStatus, since: str = "") -> tuple[str, Tone]:
    """The words of the sync indicator beside the provider's name: the one place for them.

    `since` is how long ago the last success was, already in words ("2 min ago").
    """
    waiting = f"{sync.waiting} waiting"
    if not provider.configured:
        return "not set up", Tone.QUIET
    if not provider.connected:
        return "not connected", Tone.QUIET
    if provider.needs_reconnect:
        return (f"reconnect, {waiting}" if sync.waiting else "reconnect"), Tone.BAD
    if sync.progress is not None and (words := progress_words(sync.progress)):
        return words, Tone.BUSY
    if sync.state is SyncState.SYNCING or sync.sending:
        return (f"sending {sync.waiting}" if sync.waiting else "syncing"), Tone.BUSY
    if provider.first_sync_pending:
        return (f"not synced yet, {waiting}" if sync.waiting else "not synced yet"), Tone.WARN
    if sync.state is SyncState.OFFLINE:
        return (f"offline, {waiting}" if sync.waiting else "offline"), Tone.WARN
    if sync.state is SyncState.ERROR:
        return (f"error, {waiting}" if sync.waiting else "error"), Tone.BAD
    if sync.held:
        return f"{sync.held} held", Tone.WARN
    if sync.asking:
        return f"{sync.asking} missing there", Tone.WARN
    if sync.waiting:
        return waiting, Tone.BUSY
    return (f"up to date, {since}" if since else "connected"), Tone.GOOD


def progress_words(progress: SyncProgress) -> str:
    """How far a sync is, in words: `sent 12, pulled 1 200`; empty before anything has come."""
    parts = []
    if progress.pushed:
        parts.append(f"sent {in_thousands(progress.pushed)}")
    if progress.pulled:
        parts.append(f"pulled {in_thousands(progress.pulled)}")
    return ", ".join(parts)
