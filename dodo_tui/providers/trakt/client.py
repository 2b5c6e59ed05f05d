"""Every request to Trakt goes through here: what each must carry, and how each may fail."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dodo_tui import __version__
from dodo_tui.clock import Clock, learner
from dodo_tui.domain.account import Tokens
from dodo_tui.providers.errors import (
    BrokenError,
    MisconfiguredError,
    ThrottledError,
    UnauthorizedError,
)
from dodo_tui.providers.http import ORDINARY, Connection, Limits, Request
from dodo_tui.providers.keeper import TokenKeeper, TokenStore, Words
from dodo_tui.providers.pace import Pace
from dodo_tui.providers.trakt.failures import (
    APP_ALONE_REFUSED,
    APP_REFUSED,
    CLIENT_ID_MISSING,
    CLIENT_ID_REFUSED,
    NONSENSE,
    NOT_CONNECTED,
    SIGN_IN_REFUSED,
    failure,
)
from dodo_tui.providers.trakt.models import TokenAnswer
from dodo_tui.providers.trakt.replies import TraktReply, read_reply
from dodo_tui.providers.trakt.tokens import tokens_from
from dodo_tui.providers.wire import parse

if TYPE_CHECKING:
    import httpx

_log = logging.getLogger(__name__)

USER_AGENT = f"dodo-tui/{__version__} (+https://pypi.org/project/dodo-tui/)"
"""Trakt: a name of one's own is required; without it Cloudflare answers 403 with a page."""

API_VERSION = "2"

REDIRECT = "urn:ietf:wg:oauth:2.0:oob"
"""Trakt: what an app for devices is registered with; a renewal must repeat it."""

WRITE_GAP_SECONDS = 1.1
"""Trakt: one POST, PUT or DELETE a second for each user."""

MOST_READS = 400
READ_WINDOW_SECONDS = 300.0
"""Trakt: 500 GETs in 5 minutes for each user, all of their devices together."""

_REFRESHING = Limits(read_seconds=30.0, total_seconds=35.0)
"""Trakt: a renewal whose answer is lost has ended the grant, so it may take its time."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call of Trakt's API in the user's name."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, object] | None = None
    allowed: frozenset[int] = frozenset()
    """Statuses that are an answer to this call and no failure."""
    limits: Limits = ORDINARY

    @property
    def is_write(self) -> bool:
        """Whether it counts as a write."""
        return self.method != "GET"


def new_pace(clock: Clock) -> Pace:
    """Trakt's limits for one account; clients of the same account share one."""
    return Pace(clock, 0.0, WRITE_GAP_SECONDS, MOST_READS, READ_WINDOW_SECONDS)


@dataclass(frozen=True, slots=True)
class App:
    """The user's own app at Trakt, and where Trakt is."""

    client_id: str
    client_secret: str | None = field(default=None, repr=False)
    """Trakt: optional and deprecated; sent where it is set."""
    api_url: str = "https://api.trakt.tv"
    auth_url: str = "https://auth.trakt.tv"


class TraktClient:
    """Trakt's API for one app and, once signed in, one account."""

    def __init__(
        self,
        app: App,
        store: TokenStore | None,
        clock: Clock,
        transport: httpx.AsyncBaseTransport | None = None,
        pace: Pace | None = None,
    ) -> None:
        self._app = app
        self._clock = clock
        json_type = {"Content-Type": "application/json"}
        keyed = {"trakt-api-version": API_VERSION, "trakt-api-key": app.client_id}
        learn = learner(clock)
        self._api = Connection(
            "Trakt", app.api_url, USER_AGENT, transport, json_type | keyed, learn
        )
        self._auth = Connection("Trakt", app.auth_url, USER_AGENT, transport, json_type, learn)
        self._pace = pace or new_pace(clock)
        words = Words("Trakt", NOT_CONNECTED, SIGN_IN_REFUSED)
        self._keeper = TokenKeeper(store, clock, words, self._refresh, outlive_grant=True)
        self._blocks = 0
        """How many times in a row Trakt asked to wait."""

    async def call(self, call: Call) -> TraktReply:
        """Make a call in the user's name; returns a success or one of the `allowed` statuses.

        It waits for its turn, for Trakt's pace and a renewal of the tokens, all within bounds. A
        write is sent once: whoever asked decides whether it may be repeated.

        Raises:
            ProviderError: any kind; see `failures.failure`.
        """
        async with self._pace.turn():
            tokens = await self._keeper.usable()
            reply = await self._send(call, tokens)
            if reply.status == 401:
                tokens = await self._keeper.replaced(tokens)
                reply = await self._send(call, tokens)
        if reply.status in call.allowed or (reply.ok and reply.is_json):
            self._blocks = 0
            return reply
        error = BrokenError(NONSENSE) if reply.ok else self.failure(reply)
        self._blocks = self._blocks + 1 if isinstance(error, ThrottledError) else 0
        raise error

    def failure(self, reply: TraktReply) -> Exception:
        """The error that an answer which is no success stands for."""
        return failure(reply, self._clock.now(), self._blocks)

    async def oauth(
        self, path: str, fields: Mapping[str, str], limits: Limits = ORDINARY
    ) -> TraktReply:
        """Post to the sign-in's own host; returns whatever was answered.

        Raises:
            OfflineError, BrokenError: no answer, or none that could be read.
            MisconfiguredError: there is no client id, or the address cannot be used.
        """
        self._check_app()
        body = {"client_id": self._app.client_id, **fields}
        if self._app.client_secret:
            body["client_secret"] = self._app.client_secret
        reply = read_reply(await self._auth.send(Request("POST", path, json=body, limits=limits)))
        _log.debug("Trakt: POST %s: %d %s", path, reply.status, reply.error)
        return reply

    def app_refused(self) -> MisconfiguredError:
        """The app was not accepted at a sign-in; what to do depends on whether it has a secret."""
        return MisconfiguredError(APP_REFUSED if self._app.client_secret else APP_ALONE_REFUSED)

    async def stored_tokens(self) -> Tokens | None:
        """The tokens as they are kept now."""
        return await self._keeper.stored()

    async def close(self) -> None:
        """Close the connections."""
        await self._api.close()
        await self._auth.close()

    async def _send(self, call: Call, tokens: Tokens) -> TraktReply:
        """One request of a call."""
        self._check_app()
        request = Request(
            call.method, call.path, call.query, json=call.body, tokens=tokens, limits=call.limits
        )
        async with self._pace.request(write=call.is_write):
            reply = read_reply(await self._api.send(request))
        _log.debug("Trakt: %s %s: %d", call.method, call.path, reply.status)
        return reply

    def _check_app(self) -> None:
        client_id = self._app.client_id
        if not client_id:
            raise MisconfiguredError(CLIENT_ID_MISSING)
        if not (client_id.isascii() and client_id.isprintable() and " " not in client_id):
            raise MisconfiguredError(CLIENT_ID_REFUSED)

    async def _refresh(self, tokens: Tokens, secret: str) -> Tokens:
        """Exchange the one refresh token for a new pair.

        Trakt: the old one is void at once, so it is sent once and nothing is repeated here.
        `invalid_grant`, as a 400 or a 401, is a grant that was used, taken back or has ended.
        """
        fields = {"refresh_token": secret, "grant_type": "refresh_token", "redirect_uri": REDIRECT}
        reply = await self.oauth("/oauth/token", fields, _REFRESHING)
        if reply.ok and (answer := parse(TokenAnswer, reply.data)) is not None:
            return tokens_from(answer, self._clock.now(), tokens)
        if reply.is_json and reply.error in ("invalid_client", "unauthorized_client"):
            raise self.app_refused()
        if reply.is_json and (reply.error == "invalid_grant" or reply.status == 401):
            raise UnauthorizedError(SIGN_IN_REFUSED)
        error = self.failure(reply)
        if isinstance(error, ThrottledError | MisconfiguredError | BrokenError):
            raise error
        raise BrokenError(NONSENSE)
