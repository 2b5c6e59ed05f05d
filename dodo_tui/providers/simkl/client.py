"""Every request to Simkl goes through here: what each must carry, and how each may fail."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from dodo_tui import __version__
from dodo_tui.clock import Clock, learner
from dodo_tui.domain.account import Tokens
from dodo_tui.providers.errors import BrokenError, MisconfiguredError
from dodo_tui.providers.http import ORDINARY, Connection, Limits, Request
from dodo_tui.providers.keeper import TokenKeeper, TokenStore, Words
from dodo_tui.providers.pace import Pace
from dodo_tui.providers.simkl.failures import (
    CLIENT_ID_MISSING,
    NONSENSE,
    NOT_CONNECTED,
    SIGN_IN_REFUSED,
    failure,
)
from dodo_tui.providers.simkl.replies import SimklReply, large_reply, read_reply, unmasked
from dodo_tui.providers.simkl.tokens import is_v2, refreshed

if TYPE_CHECKING:
    import httpx

_log = logging.getLogger(__name__)

APP_NAME = "dodo-tui"

READ_GAP_SECONDS = 0.1
"""Simkl: 10 reads per second."""

WRITE_GAP_SECONDS = 1.0
"""Simkl: 1 write per second; exceeding it blocks the client id for a while."""

LOCK_WAIT_SECONDS = 5.0
LOCK_TRIES = 5
"""Simkl: a user's write lock lasts up to 20 s; the same write is tried that long."""

V1_SECOND_TRY_SECONDS = 5.0
"""Simkl: a burst has made good V1 tokens fail; one slow second try tells."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call of Simkl's API in the user's name."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, object] | Sequence[object] | None = None
    allowed: frozenset[int] = frozenset()
    """Statuses that are an answer to this call and no failure."""
    limits: Limits = ORDINARY
    large: bool = False
    """Whether a success may be too long to be read on the event loop: look at its `body`.

    Simkl: rarely, a 200 holds an `error`. Such an answer to a large call has failed, unless the
    error is `empty`: it must not be taken for a library without titles.
    """

    is_open: bool = False
    """Simkl: the catalogue is asked without a token and may be asked beside other calls."""

    @property
    def is_write(self) -> bool:
        """Simkl: whatever is not a GET counts as a write."""
        return self.method != "GET"


def new_pace(clock: Clock) -> Pace:
    """Simkl's limits for one account; clients of the same account share one."""
    return Pace(clock, READ_GAP_SECONDS, WRITE_GAP_SECONDS)


class SimklClient:
    """Simkl's API for one client id and, once signed in, one account."""

    def __init__(
        self,
        client_id: str,
        api_url: str,
        store: TokenStore | None,
        clock: Clock,
        transport: httpx.AsyncBaseTransport | None = None,
        pace: Pace | None = None,
    ) -> None:
        self._client_id = client_id
        self._clock = clock
        self._connection = Connection(
            "Simkl", api_url, f"{APP_NAME}/{__version__}", transport, on_date=learner(clock)
        )
        self._pace = pace or new_pace(clock)
        words = Words("Simkl", NOT_CONNECTED, SIGN_IN_REFUSED)
        self._keeper = TokenKeeper(store, clock, words, self._refresh)

    async def call(self, call: Call) -> SimklReply:
        """Make a call in the user's name; returns a success or one of the `allowed` statuses.

        Simkl: calls are sequential, so this waits for its turn, the provider's pace, a renewal of
        the tokens and the user's write lock, all within bounds.

        Raises:
            ProviderError: any kind; see `failures.failure`.
        """
        if call.is_open:
            return self._settled(call, await self._send(call, None))
        async with self._pace.turn():
            tokens = await self._keeper.usable()
            for attempt in range(1, LOCK_TRIES + 1):
                reply, tokens = await self._signed(call, tokens)
                if not (call.is_write and _is_lock(reply)) or attempt == LOCK_TRIES:
                    break
                await self._clock.sleep(LOCK_WAIT_SECONDS)
        return self._settled(call, reply)

    async def oauth(self, path: str, form: Mapping[str, str]) -> SimklReply:
        """Post a form of AUTH V2; returns successes and refusals (4xx) alike, for their words.

        Simkl: the client id stands in the form, and no token is sent.

        Raises:
            OfflineError, BrokenError, ThrottledError, MisconfiguredError: no answer that says
                anything about the sign-in.
        """
        full_form = {"client_id": self._client_id, **form}
        return self._said_something(await self._request(Request("POST", path, form=full_form)))

    async def pin(self, code: str | None = None) -> SimklReply:
        """Ask for a code of the classic sign-in, or whether one has been typed in.

        Raises:
            OfflineError, BrokenError, ThrottledError, MisconfiguredError: as for `oauth`.
        """
        # The code is what polls for the token, so the address is a secret: it is never logged.
        path = "/oauth/pin" if code is None else f"/oauth/pin/{code}"
        query = {"client_id": self._client_id}
        return self._said_something(await self._request(Request("GET", path, query)))

    async def stored_tokens(self) -> Tokens | None:
        """The tokens as they are kept now."""
        return await self._keeper.stored()

    async def close(self) -> None:
        """Close the connections."""
        await self._connection.close()

    async def _signed(self, call: Call, tokens: Tokens) -> tuple[SimklReply, Tokens]:
        """One attempt, and a second one with better tokens where the first were refused.

        Simkl: a 401 is no reason to sign out at once. `user_token_required` is none to renew.
        """
        reply = await self._send(call, tokens)
        refused = reply.status == 401 and reply.is_json and reply.error != "user_token_required"
        if not refused:
            return reply, tokens
        if is_v2(tokens):
            tokens = await self._keeper.replaced(tokens)
        else:
            await self._clock.sleep(V1_SECOND_TRY_SECONDS)
            tokens = await self._keeper.usable()
        return await self._send(call, tokens), tokens

    def _settled(self, call: Call, reply: SimklReply) -> SimklReply:
        """A success or one of the `allowed` statuses; anything else is raised."""
        if reply.status in call.allowed or (reply.ok and reply.is_json):
            return reply
        raise failure(reply, self._clock.now())

    async def _send(self, call: Call, tokens: Tokens | None) -> SimklReply:
        """One request of a call."""
        request = Request(
            call.method,
            call.path,
            {"client_id": self._client_id, **call.query},
            json=call.body,
            tokens=tokens,
            limits=call.limits,
        )
        reply = await self._request(request, large=call.large)
        if call.is_write or (call.large and reply.error != "empty"):
            reply = unmasked(reply)
        _log.debug("Simkl: %s %s: %d %s", call.method, call.path, reply.status, reply.error)
        return reply

    async def _refresh(self, tokens: Tokens, secret: str) -> Tokens:
        async def ask(form: Mapping[str, str]) -> SimklReply:
            return await self.oauth("/oauth2/token", form)

        return await refreshed(ask, self._clock.now, tokens, secret)

    async def _request(self, request: Request, *, large: bool = False) -> SimklReply:
        """The one way out. Simkl: each request says which app and version it is from.

        Raises:
            OfflineError, BrokenError: no answer, or none that could be read.
            MisconfiguredError: there is no client id, or the address cannot be used.
        """
        if not self._client_id:
            raise MisconfiguredError(CLIENT_ID_MISSING)
        query = {"app-name": APP_NAME, "app-version": __version__, **request.query}
        async with self._pace.request(write=request.method != "GET"):
            reply = await self._connection.send(replace(request, query=query))
        return large_reply(reply) if large else read_reply(reply)

    def _said_something(self, reply: SimklReply) -> SimklReply:
        """An answer about the sign-in; trouble of any other kind is raised."""
        if reply.status >= 500 or reply.status in (412, 429):
            raise failure(reply, self._clock.now())
        if not reply.is_json or not (reply.ok or 400 <= reply.status < 500):
            raise BrokenError(NONSENSE)
        return reply


def _is_lock(reply: SimklReply) -> bool:
    """Whether another write of this user is still running; the one 400 to be sent again."""
    return reply.status == 400 and reply.error == "rate_limit"
