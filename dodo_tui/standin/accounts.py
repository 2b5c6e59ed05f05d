"""Users, the codes that wait for them, and the grants they gave: what each provider has of them."""

from __future__ import annotations

import random
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from dodo_tui.standin.clock import Clock

UserT = TypeVar("UserT")


@dataclass(slots=True, kw_only=True)
class Grant(Generic[UserT]):
    """What one sign-in of one user gave to one app."""

    client_id: str
    """The app; its tokens work with no other."""
    user: UserT
    """The user."""
    access_token: str
    """The one token that is live."""
    access_expires_at: datetime
    """When that ends."""
    refresh_token: str | None
    """What gets a new one; None where nothing does."""


@dataclass(slots=True, kw_only=True)
class SignIn(Generic[UserT]):
    """A code that waits for somebody to approve it."""

    user_code: str
    """What the user types, as it is shown."""
    device_code: str
    """What the app polls with."""
    client_id: str
    """The app that asked."""
    created_at: datetime
    """When it was asked for."""
    expires_at: datetime
    """When it dies."""
    polled_at: datetime | None = None
    """The last poll, a refused one included."""
    approved_by: UserT | None = None
    """Who approved it."""
    declined: bool = False
    """Whether the user said no."""
    redeemed: bool = False
    """Whether its tokens have been handed out."""


GrantT = TypeVar("GrantT", bound=Grant[Any])
SignInT = TypeVar("SignInT", bound=SignIn[Any])


@dataclass(slots=True)
class Accounts(ABC, Generic[UserT, GrantT, SignInT]):
    """The users and every grant between them and the apps."""

    clock: Clock
    """Where the time comes from."""
    randomness: random.Random
    """Where codes and tokens come from."""
    users: dict[str, UserT] = field(default_factory=dict)
    """The users, by name."""
    grants: list[GrantT] = field(default_factory=list)
    """The grants that live."""
    sign_ins: dict[str, SignInT] = field(default_factory=dict)
    """The codes, by what they are looked for by."""

    @abstractmethod
    def user(self, name: str) -> UserT:
        """The user of this name, made when new."""

    @abstractmethod
    def by_user_code(self, user_code: str) -> SignInT | None:
        """The sign-in with this code, however the user wrote it; also a dead one."""

    def approve(self, user_code: str, user_name: str) -> None:
        """Approve a waiting code for a user; LookupError when there is no such code."""
        sign_in = self.by_user_code(user_code)
        if sign_in is None or sign_in.redeemed or self.clock.now() >= sign_in.expires_at:
            raise LookupError("There is no such code, or it is used or has expired.")
        sign_in.approved_by = self.user(user_name)

    def approve_if_due(self, sign_in: SignInT, delay_seconds: float | None, user_name: str) -> None:
        """Approve a code by itself so long after it was asked for; None: that is for the user."""
        if delay_seconds is None or sign_in.approved_by is not None or sign_in.declined:
            return
        if self.clock.now() >= sign_in.created_at + timedelta(seconds=delay_seconds):
            sign_in.approved_by = self.user(user_name)

    def decline(self, user_code: str) -> None:
        """Decline a code that nobody has approved; an unknown one changes nothing."""
        sign_in = self.by_user_code(user_code)
        if sign_in is not None and sign_in.approved_by is None:
            sign_in.declined = True

    def by_access_token(self, token: str, client_id: str) -> GrantT | None:
        """The grant that this token stands for, if it is live and the app's own."""
        now = self.clock.now()
        for grant in self.grants:
            if grant.access_token == token and grant.client_id == client_id:
                return grant if now < grant.access_expires_at else None
        return None

    def owner(self, token: str) -> UserT | None:
        """Whose token this is, whatever app sent it: for the log."""
        return next((g.user for g in self.grants if g.access_token == token), None)

    def revoke(self, token: str, client_id: str) -> None:
        """End the whole grant either token belongs to; an unknown token changes nothing."""
        self.grants[:] = [
            grant
            for grant in self.grants
            if grant.client_id != client_id
            or token not in (grant.access_token, grant.refresh_token)
        ]

    def revoke_user(self, user: UserT) -> None:
        """End every grant of a user, as the page of connected apps does."""
        self.grants[:] = [grant for grant in self.grants if grant.user is not user]

    def text(self, alphabet: str, length: int) -> str:
        """A code or a token."""
        return "".join(self.randomness.choices(alphabet, k=length))
