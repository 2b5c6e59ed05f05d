"""A sign-in with a device code, step by step."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from dodo_tui.domain.account import Tokens


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
