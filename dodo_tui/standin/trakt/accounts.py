"""Users, apps and grants of Trakt: refresh tokens can be used once (contract, section 7)."""

from __future__ import annotations

import random
import string
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from dodo_tui.standin.clock import Clock

_CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_TOKEN_ALPHABET = string.ascii_letters + string.digits + "-_"


@dataclass(slots=True)
class User:
    """One Trakt account."""

    name: str
    """The name shown."""
    is_member: bool = False
    """Whether it is paid for."""
    locked: bool = False
    """Whether Trakt has locked it (423)."""
    deactivated: bool = False
    """Whether it is deactivated (423)."""

    @property
    def slug(self) -> str:
        """Its name as an address has it."""
        return "".join(letter if letter.isalnum() else "-" for letter in self.name.lower())


@dataclass(slots=True)
class App:
    """A registered app."""

    client_id: str
    """Its public id."""
    client_secret: str | None = None
    """Its secret."""


@dataclass(slots=True)
class Grant:
    """What one sign-in gave."""

    client_id: str
    """The app."""
    user: User
    """The user."""
    access_token: str
    """The live token."""
    refresh_token: str
    """What gets a new pair, once."""
    created_at: datetime
    """When the pair was made."""
    expires_at: datetime
    """When the access token dies."""


@dataclass(slots=True)
class SignIn:
    """A code that waits for somebody to approve it."""

    user_code: str
    """What the user types."""
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
    approved_by: User | None = None
    """Who approved it."""
    declined: bool = False
    """Whether the user said no (418)."""
    redeemed: bool = False
    """Whether its tokens have been handed out (409 from then on)."""


@dataclass(slots=True)
class Accounts:
    """The users, the apps and every grant between them."""

    clock: Clock
    """Where the time comes from."""
    randomness: random.Random
    """Where codes and tokens come from."""
    users: dict[str, User] = field(default_factory=dict)
    """The users, by name."""
    apps: dict[str, App] = field(default_factory=dict)
    """The apps, by client id."""
    grants: list[Grant] = field(default_factory=list)
    """The grants that live."""
    sign_ins: dict[str, SignIn] = field(default_factory=dict)
    """The sign-ins, by device code."""

    def user(self, name: str) -> User:
        """A user, made when new."""
        return self.users.setdefault(name, User(name))

    def begin(self, client_id: str, lifetime_seconds: int) -> SignIn:
        """A new code."""
        now = self.clock.now()
        code = SignIn(
            self._text(_CODE_ALPHABET, 8),
            self._text(_TOKEN_ALPHABET, 64),
            client_id,
            now,
            now + timedelta(seconds=lifetime_seconds),
        )
        self.sign_ins[code.device_code] = code
        return code

    def by_user_code(self, user_code: str) -> SignIn | None:
        """The sign-in that a user types the code of."""
        wanted = user_code.strip().upper()
        return next((each for each in self.sign_ins.values() if each.user_code == wanted), None)

    def grant(self, client_id: str, user: User, lifetime_seconds: int) -> Grant:
        """A new grant."""
        grant = Grant(client_id, user, "", "", self.clock.now(), self.clock.now())
        self.renew(grant, lifetime_seconds)
        self.grants.append(grant)
        return grant

    def renew(self, grant: Grant, lifetime_seconds: int) -> None:
        """Give a grant a new pair; both old tokens are void at once."""
        now = self.clock.now()
        grant.access_token = self._text(_TOKEN_ALPHABET, 86)
        grant.refresh_token = self._text(_TOKEN_ALPHABET, 86)
        grant.created_at, grant.expires_at = now, now + timedelta(seconds=lifetime_seconds)

    def by_refresh_token(self, token: str, client_id: str) -> Grant | None:
        """The grant that this refresh token can still renew."""
        return next(
            (g for g in self.grants if g.refresh_token == token and g.client_id == client_id), None
        )

    def by_access_token(self, token: str, client_id: str) -> Grant | None:
        """The grant that this token stands for, if it is live and the app's own."""
        now = self.clock.now()
        for grant in self.grants:
            if grant.access_token == token and grant.client_id == client_id:
                return grant if now < grant.expires_at else None
        return None

    def owner(self, token: str) -> User | None:
        """Whose token this is, for the log."""
        return next((g.user for g in self.grants if g.access_token == token), None)

    def revoke(self, token: str, client_id: str) -> None:
        """End the grant that a token belongs to; an unknown token changes nothing."""
        self.grants[:] = [
            g
            for g in self.grants
            if g.client_id != client_id or token not in (g.access_token, g.refresh_token)
        ]

    def revoke_user(self, user: User) -> None:
        """End every grant of a user, as the page of connected apps does."""
        self.grants[:] = [grant for grant in self.grants if grant.user is not user]

    def _text(self, alphabet: str, length: int) -> str:
        return "".join(self.randomness.choices(alphabet, k=length))
