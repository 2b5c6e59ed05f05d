"""What a route is: a pattern, what it asks of the caller, and the function that answers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from dodo_tui.standin.messages import Request, Response
from dodo_tui.standin.simkl.accounts import Client, Grant
from dodo_tui.standin.simkl.world import Member, World


@dataclass(frozen=True, slots=True)
class Call:
    """One admitted request with all an answer is made from."""

    request: Request
    """What was sent."""
    world: World
    """The stand-in's state."""
    segments: tuple[str, ...]
    """The variable parts of the path; an absent one is empty."""
    app: Client | None
    """The app that calls; None only where the route checks that itself."""
    grant: Grant | None
    """What the caller's token stands for; None where none is asked for or sent."""
    now: datetime
    """When it came."""

    @property
    def client(self) -> Client:
        """The app that calls, on routes that know it."""
        if self.app is None:
            raise LookupError("this route is open to unknown apps")
        return self.app

    @property
    def member(self) -> Member:
        """The caller's state, on routes that ask for a token."""
        if self.grant is None:
            raise LookupError("this route asks for no token")
        return self.world.member(self.grant.user)

    @property
    def who(self) -> str:
        """The grant, to remember its conduct by."""
        number = self.grant.number if self.grant is not None else 0
        return f"{self.client.client_id}/{number}"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One route."""

    method: str
    """The verb."""
    path: re.Pattern[str]
    """Matches the whole path."""
    handle: Callable[[Call], Response]
    """Answers the call."""
    auth: Literal["none", "optional", "v2", "required"] = "required"
    """Whether a token is asked for: never, if sent, of V2 apps only, or always."""
    is_open: bool = False
    """Whether it stands outside the API: no client id, no limits (sign-in, the approval page)."""
    is_counted: bool = True
    """Whether it counts towards the day's quota."""
    is_limited: bool = True
    """Whether the per-second limits apply."""
    locks: bool = False
    """Whether it is a write of which a user may have only one at a time."""


def get(
    path: str,
    handle: Callable[[Call], Response],
    *,
    auth: Literal["none", "optional", "v2", "required"] = "required",
    is_counted: bool = True,
    is_limited: bool = True,
) -> Endpoint:
    """A route that reads."""
    return Endpoint(
        "GET", re.compile(path), handle, auth, is_counted=is_counted, is_limited=is_limited
    )


def post(
    path: str,
    handle: Callable[[Call], Response],
    *,
    auth: Literal["none", "optional", "v2", "required"] = "required",
    locks: bool = False,
) -> Endpoint:
    """A route that takes a body."""
    return Endpoint("POST", re.compile(path), handle, auth, locks=locks)


def outside(method: str, path: str, handle: Callable[[Call], Response]) -> Endpoint:
    """A route outside the API."""
    return Endpoint(
        method,
        re.compile(path),
        handle,
        auth="none",
        is_open=True,
        is_counted=False,
        is_limited=False,
    )
