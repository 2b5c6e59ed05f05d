"""What the stand-in for Trakt can be told to do otherwise; may be changed while it runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(slots=True)
class Settings:
    """Limits, habits, and the forms of answers on which the sources disagree."""

    faithful_limits: bool = True
    """Whether there are limits on writes and reads, and on the pace of polling."""
    write_gap_seconds: float = 1.0
    """The least time between two writes of a user."""
    reads_per_window: int = 500
    """How many reads a user may make in a window."""
    window_seconds: float = 300.0
    """How long a window is."""
    timing_grace_seconds: float = 0.05
    """How much earlier than allowed a call may come."""
    secret_required: bool = False
    """Whether an app without its secret is refused at the sign-in."""
    token_lifetime_seconds: int = 604_800
    """How long an access token lives."""
    code_lifetime_seconds: int = 600
    """How long a sign-in code lives."""
    poll_interval_seconds: int = 5
    """The interval at which a sign-in may be polled."""
    local_approval_page: bool = False
    """Whether a sign-in names the stand-in's own page instead of Trakt's."""
    auto_approve_after_seconds: float | None = None
    """How long after a code was asked for it counts as approved; None: only by hand."""
    auto_approve_user: str = "Dodo"
    """Who approves it then."""
    write_status: Literal[200, 201] = 201
    """What a successful write of history answers."""
    start_conflicts: bool = False
    """Whether start and pause, too, are 409 within the hour after a scrobble: an open question."""
    pending_has_body: bool = False
    """Whether a pending poll says `authorization_pending`; else its body is empty."""
    most_per_page: int = 250
    """The longest page; longer ones are cut in silence."""
    most_per_progress_page: int = 100
    """The longest page of shows with their episodes."""
    unknown_time: Literal["null", "1970"] = "null"
    """How a play at an unknown time is written."""
    watchlist_limit: int = 250
    """How many titles fit a free user's watchlist."""
    latency_seconds: float = 0.0
    """How long every answer takes, in real seconds."""
