"""Users, apps and grants of Trakt: refresh tokens can be used once (contract, section 7)."""

from __future__ import annotations

import string
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from dodo_tui.standin import accounts

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


@dataclass(slots=True, kw_only=True)
class Grant(accounts.Grant[User]):
    """What one sign-in gave; its refresh token gets a new pair, once."""

    refresh_token: str
    """What gets a new pair."""
    created_at: datetime
    """When the pair was made."""


SignIn = accounts.SignIn[User]
"""A code that waits: declined it answers 418, redeemed 409."""


@dataclass(slots=True)
class Accounts(accounts.Accounts[User, Grant, SignIn]):
    """The users, the apps and every grant between them; sign-ins by device code."""

    apps: dict[str, App] = field(default_factory=dict)
    """The apps, by client id."""

    def user(self, name: str) -> User:
        """A user, made when new."""
        return self.users.setdefault(name, User(name))

    def begin(self, client_id: str, lifetime_seconds: int) -> SignIn:
        """A new code."""
        now = self.clock.now()
        code = SignIn(
            user_code=self.text(_CODE_ALPHABET, 8),
            device_code=self.text(_TOKEN_ALPHABET, 64),
            client_id=client_id,
            created_at=now,
            expires_at=now + timedelta(seconds=lifetime_seconds),
        )
        self.sign_ins[code.device_code] = code
        return code

    def by_user_code(self, user_code: str) -> SignIn | None:
        """The sign-in that a user types the code of."""
        wanted = user_code.strip().upper()
        return next((each for each in self.sign_ins.values() if each.user_code == wanted), None)

    def grant(self, client_id: str, user: User, lifetime_seconds: int) -> Grant:
        """A new grant."""
        now = self.clock.now()
        grant = Grant(
            client_id=client_id,
            user=user,
            access_token=self.text(_TOKEN_ALPHABET, 86),
            refresh_token=self.text(_TOKEN_ALPHABET, 86),
            created_at=now,
            access_expires_at=now + timedelta(seconds=lifetime_seconds),
        )
        self.grants.append(grant)
        return grant

    def renew(self, grant: Grant, lifetime_seconds: int) -> None:
        """Give a grant a new pair; both old tokens are void at once."""
        now = self.clock.now()
        grant.access_token = self.text(_TOKEN_ALPHABET, 86)
        grant.refresh_token = self.text(_TOKEN_ALPHABET, 86)
        grant.created_at = now
        grant.access_expires_at = now + timedelta(seconds=lifetime_seconds)

    def by_refresh_token(self, token: str, client_id: str) -> Grant | None:
        """The grant that this refresh token can still renew."""
        return next(
            (g for g in self.grants if g.refresh_token == token and g.client_id == client_id), None
        )
