"""A profile's account at a provider, and the tokens that speak for it."""

from __future__ import annotations

from dataclasses import field
from datetime import datetime

from dodo_tui.values import dataclass


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a sign-in gave. The secrets never appear in a repr, a log or an error."""

    access: str = field(repr=False)
    refresh: str | None = field(default=None, repr=False)
    expires_at: datetime | None = None
    """None: no known end (Simkl's classic PIN tokens live five years)."""
    scope: str = ""
    renew_at: datetime | None = None
    """From when on to renew them ahead of their end; None: near the end."""


@dataclass(frozen=True, slots=True)
class User:
    """Who a token belongs to, as the provider says."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Account:
    """A profile's sign-in at one provider."""

    id: int
    profile_id: int
    provider: str
    user: User
    connected_at: datetime
    scrobbling_enabled: bool = True
    needs_reconnect: bool = False
    hears_earlier: bool = False
    """Whether it is told, too, what was watched here before it was connected and is identified only
    now: its first sync was answered with "merge" or "send mine"."""
