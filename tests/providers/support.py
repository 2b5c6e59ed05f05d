"""What the provider tests share: a scripted server, a token store, and the secrets to look for."""

from __future__ import annotations

import asyncio
import json
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, TypeVar
from urllib.parse import parse_qs

import httpx

from dodo_tui.domain.account import Tokens
from dodo_tui.domain.ids import Ids, Kind
from dodo_tui.domain.text import clean_text
from dodo_tui.providers.errors import ProviderError
from dodo_tui.providers.items import Item
from tests.support.clock import START

CLIENT_ID = "c0ffee-client-id"
ACCESS = "simkl_at_" + "Aa1" * 11
REFRESH = "simkl_rt_" + "Rr2" * 11
NEW_ACCESS = "simkl_at_" + "Nn3" * 11
V1_TOKEN = "0123456789abcdef" * 4
DEVICE_CODE = "device-code-nobody-may-see"
USER_CODE = "K7TM-Q4XR"
PIN = "5F2KQ"

CLIENT_SECRET = "client-secret-nobody-may-see"

SECRETS = (ACCESS, REFRESH, NEW_ACCESS, V1_TOKEN, DEVICE_CODE, CLIENT_SECRET)
"""What no log, error or repr may hold."""

SCOPE = "media:read media:write"

V2_TOKENS = Tokens(ACCESS, REFRESH, START + timedelta(days=7), SCOPE)
V1_TOKENS = Tokens(V1_TOKEN, scope="public")

INCEPTION = Item(Kind.MOVIE, "Inception", 2010, Ids(imdb="tt1375666", simkl="472214"))
EPISODE = Item(
    Kind.SHOW, "The Walking Dead", 2010, Ids(imdb="tt1520211", tvdb="153021"), season=1, number=1
)

Step = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]


class Script:
    """A server that gives its answers in order and remembers what it was asked."""

    def __init__(self, *steps: Step) -> None:
        self.steps = list(steps)
        self.requests: list[httpx.Request] = []
        self.transport = httpx.MockTransport(self._answer)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        assert self.steps, f"an unexpected request: {request.method} {request.url.path}"
        step = self.steps.pop(0)
        if isinstance(step, Exception):
            raise step
        return step if isinstance(step, httpx.Response) else step(request)

    @property
    def paths(self) -> list[str]:
        """What was asked, in order."""
        return [f"{request.method} {request.url.path}" for request in self.requests]

    @property
    def last(self) -> httpx.Request:
        """The last request."""
        return self.requests[-1]


class MemoryStore:
    """A `TokenStore` that several clients can share, as several processes share a file."""

    def __init__(self, tokens: Tokens | None = V2_TOKENS) -> None:
        self.tokens = tokens
        self.saved: list[Tokens] = []
        self.on_locked: Callable[[], None] = lambda: None
        """Called when somebody gets the lock: what another process did meanwhile."""
        self._lock = asyncio.Lock()

    async def load(self) -> Tokens | None:
        """What is kept now."""
        await asyncio.sleep(0)
        return self.tokens

    async def save(self, tokens: Tokens) -> None:
        """Keep them; only the holder of the lock may."""
        assert self._lock.locked(), "saved without the lock"
        await asyncio.sleep(0)
        self.tokens = tokens
        self.saved.append(tokens)

    @asynccontextmanager
    async def locked(self) -> AsyncIterator[None]:
        """Keep the others out."""
        async with self._lock:
            self.on_locked()
            yield


def reply(status: int = 200, data: Any = None, **headers: str) -> httpx.Response:
    """An answer with a JSON body, or an empty one for None."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if data is None:
        return httpx.Response(status, headers=named)
    return httpx.Response(status, json=data, headers=named)


def refusal(status: int, error: str, message: str = "", **headers: str) -> httpx.Response:
    """An error in the form of Simkl's API."""
    return reply(status, {"error": error, "code": status, "message": message}, **headers)


def granted(access: str = NEW_ACCESS, **changes: Any) -> httpx.Response:
    """Tokens of AUTH V2."""
    data = {
        "access_token": access,
        "token_type": "Bearer",
        "expires_in": 604_800,
        "refresh_token": REFRESH,
        "scope": SCOPE,
    }
    return reply(200, {key: value for key, value in (data | changes).items() if value is not None})


def body_of(request: httpx.Request) -> Any:
    """The JSON body of a request."""
    return json.loads(request.content)


def form_of(request: httpx.Request) -> dict[str, str]:
    """The form of a request."""
    return {key: values[0] for key, values in parse_qs(request.content.decode()).items()}


def bearer_of(request: httpx.Request) -> str | None:
    """The token that a request carried."""
    header = request.headers.get("authorization")
    return None if header is None else header.removeprefix("Bearer ")


def assert_no_secrets(text: str) -> None:
    """No token and no device code stands in a text."""
    for secret in SECRETS:
        assert secret not in text, "a secret came out"


ErrorT = TypeVar("ErrorT", bound=ProviderError)


async def failed(kind: type[ErrorT], awaitable: Awaitable[object]) -> ErrorT:
    """The error that a call ends with: of a kind, one sentence for people, without secrets."""
    try:
        await awaitable
    except kind as error:
        check_error(error)
        return error
    raise AssertionError(f"no {kind.__name__} came")


def check_error(error: ProviderError) -> None:
    """An error's text is for people, and nothing in its whole chain holds a secret."""
    sentence = str(error)
    assert sentence.endswith((".", "?"))
    assert "!" not in sentence
    assert sentence == clean_text(sentence)
    assert_no_secrets("".join(traceback.format_exception(error)) + repr(error))
