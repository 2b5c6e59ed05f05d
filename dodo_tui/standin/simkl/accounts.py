"""Who there is, which app may act for whom, and the tokens that say so."""

from __future__ import annotations

import string
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from dodo_tui.standin import accounts

Generation = Literal["v1", "v2"]
"""Which of the two authorisation systems an app was registered for (contract, section 1)."""

Plan = Literal["free", "pro", "vip"]
"""What a user pays for: decides quota and how long playbacks are kept."""

ACCESS_LIFETIME = timedelta(days=7)
"""How long a V2 access token lives."""
REFRESH_LIFETIME = timedelta(days=180)
"""How long a V2 refresh token lives after it was last used."""
V1_LIFETIME = timedelta(seconds=157_680_000)
"""How long a V1 token lives: five years."""
READ = "media:read"
"""The scope every V2 grant has."""
WRITE = "media:write"
"""The scope a V2 grant has only when it was asked for by its right name."""

_CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTUVWXYZ"
_HEX = "0123456789abcdef"
_TOKEN_ALPHABET = string.ascii_letters + string.digits


@dataclass(slots=True)
class User:
    """One Simkl account."""

    name: str
    """The name shown."""
    account_id: int
    """The number statistics are asked for by."""
    plan: Plan
    """What is paid for."""
    joined_at: datetime
    """When the account was made."""
    timezone: str = "Europe/Lisbon"
    """The user's time zone."""
    location: str = "Lisbon"
    """Where the user says they live."""
    age: str | None = "30 years"
    """A sentence, as the API has it."""
    private: bool = False
    """Whether others may see the statistics."""


@dataclass(slots=True)
class Client:
    """One registered app."""

    client_id: str
    """Its public id."""
    generation: Generation
    """Which authorisation system it was registered for."""


@dataclass(slots=True, kw_only=True)
class Grant(accounts.Grant[User]):
    """What one sign-in of one user gave to one app; for V1 there is no refresh token."""

    number: int
    """Counts the grants ever given."""
    scope: str
    """What it may do: scopes with a space between, or `public` for V1."""
    refresh_expires_at: datetime
    """When the refresh token ends; every use moves it."""
    answered_once: bool = False
    """Whether its token has been used: the first answer carries no `X-RateLimit-*`."""

    @property
    def may_write(self) -> bool:
        """Whether it may do more than read."""
        return self.refresh_token is None or WRITE in self.scope.split()


@dataclass(slots=True, kw_only=True)
class SignIn(accounts.SignIn[User]):
    """A code that waits for somebody to approve it (V2) or type it in (V1).

    An app cannot tell one that was declined from one that waits.
    """

    scope: str
    """What it will be granted."""
    interval_seconds: int
    """The least time between polls; grows each time they come too fast (V2)."""


@dataclass(slots=True)
class Accounts(accounts.Accounts[User, Grant, SignIn]):
    """The users, the apps and their grants; sign-ins by user code without its hyphen."""

    clients: dict[str, Client] = field(default_factory=dict)
    """The registered apps, by client id."""
    grants_given: int = 0
    """How many grants there have ever been."""

    def add_client(self, client_id: str, generation: Generation) -> Client:
        """Register an app."""
        client = Client(client_id, generation)
        self.clients[client_id] = client
        return client

    def user(self, name: str) -> User:
        """The user of this name, created on a free plan if there is none."""
        if name not in self.users:
            account_id = 123_456 + len(self.users)
            self.users[name] = User(name, account_id, "free", self.clock.now())
        return self.users[name]

    def user_by_id(self, account_id: int) -> User | None:
        """The user with this account id."""
        return next((u for u in self.users.values() if u.account_id == account_id), None)

    def begin(
        self, client: Client, scope: str, lifetime_seconds: int, interval_seconds: int, length: int
    ) -> SignIn:
        """Start a sign-in; a V2 code is two groups of four, a V1 code has `length` characters."""
        shown = self.text(_CODE_ALPHABET, 8 if client.generation == "v2" else length)
        while normalised_code(shown) in self.sign_ins:
            shown = self.text(_CODE_ALPHABET, len(shown))
        now = self.clock.now()
        sign_in = SignIn(
            user_code=f"{shown[:4]}-{shown[4:]}" if client.generation == "v2" else shown,
            device_code=self.text(_TOKEN_ALPHABET, 40),
            client_id=client.client_id,
            scope=scope,
            created_at=now,
            expires_at=now + timedelta(seconds=lifetime_seconds),
            interval_seconds=interval_seconds,
        )
        self.sign_ins[normalised_code(shown)] = sign_in
        return sign_in

    def by_user_code(self, user_code: str) -> SignIn | None:
        """The sign-in with this code, however the user wrote it; also a dead one."""
        return self.sign_ins.get(normalised_code(user_code))

    def by_device_code(self, device_code: str) -> SignIn | None:
        """The sign-in an app polls for."""
        return next((s for s in self.sign_ins.values() if s.device_code == device_code), None)

    def latest_sign_in(self) -> SignIn | None:
        """The newest code still waiting for somebody."""
        now = self.clock.now()
        waiting = [
            each
            for each in self.sign_ins.values()
            if each.approved_by is None and not each.declined and now < each.expires_at
        ]
        return waiting[-1] if waiting else None

    def grant(self, sign_in: SignIn, user: User) -> Grant:
        """Redeem an approved code: a new grant; for V1 the same token as ever for user and app."""
        sign_in.redeemed = True
        is_v1 = self.clients[sign_in.client_id].generation == "v1"
        for old in self.grants:
            if is_v1 and old.client_id == sign_in.client_id and old.user is user:
                return old
        now = self.clock.now()
        self.grants_given += 1
        grant = Grant(
            number=self.grants_given,
            client_id=sign_in.client_id,
            user=user,
            scope="public" if is_v1 else sign_in.scope,
            access_token=self.text(_HEX, 64) if is_v1 else self._token("simkl_at_"),
            access_expires_at=now + (V1_LIFETIME if is_v1 else ACCESS_LIFETIME),
            refresh_token=None if is_v1 else self._token("simkl_rt_"),
            refresh_expires_at=now + (V1_LIFETIME if is_v1 else REFRESH_LIFETIME),
        )
        self.grants.append(grant)
        return grant

    def by_refresh_token(self, token: str, client_id: str) -> Grant | None:
        """The live grant this refresh token belongs to."""
        now = self.clock.now()
        for grant in self.grants:
            if grant.refresh_token == token and grant.client_id == client_id:
                return grant if now < grant.refresh_expires_at else None
        return None

    def refresh(self, grant: Grant) -> None:
        """Give the grant a new access token; the previous one dies at once (contract, 5.3)."""
        now = self.clock.now()
        grant.access_token = self._token("simkl_at_")
        grant.access_expires_at = now + ACCESS_LIFETIME
        grant.refresh_expires_at = now + REFRESH_LIFETIME

    def _token(self, prefix: str) -> str:
        return prefix + self.text(_TOKEN_ALPHABET, 43 - len(prefix))


def normalised_code(text: str) -> str:
    """A user code as it is compared: no hyphens, no case, I and L are 1, O is 0 (contract, 5.1)."""
    bare = "".join(letter for letter in text.upper() if letter.isalnum())
    return bare.translate(str.maketrans("ILO", "110"))
