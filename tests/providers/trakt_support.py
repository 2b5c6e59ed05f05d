"""What the tests of Trakt share: an app, tokens, answers, and a provider over a script."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx

from dodo_tui.domain.account import Tokens
from dodo_tui.domain.ids import Ids, Kind
from dodo_tui.providers.items import Item
from dodo_tui.providers.trakt.client import App
from dodo_tui.providers.trakt.provider import TraktProvider
from tests.providers.support import (
    ACCESS,
    CLIENT_ID,
    CLIENT_SECRET,
    DEVICE_CODE,
    NEW_ACCESS,
    REFRESH,
    MemoryStore,
    Script,
)
from tests.support.clock import START, FakeClock

APP = App(CLIENT_ID, CLIENT_SECRET)
LONE_APP = App(CLIENT_ID)
NEW_REFRESH = "Nr9" * 20

TOKENS = Tokens(ACCESS, REFRESH, START + timedelta(days=7), "public", START + timedelta(days=3))
"""Of somebody who signed in lately."""

FILM = Item(Kind.MOVIE, "Inception", 2010, Ids(imdb="tt1375666", tmdb="27205", trakt="16662"))
EPISODE = Item(Kind.SHOW, "Breaking Bad", 2008, Ids(imdb="tt0903747", tvdb="81189"), 1, 5)

PAGE = httpx.Response(403, html="<!doctype html><title>error code: 1010</title>")


def due(tokens: Tokens = TOKENS) -> Tokens:
    """Tokens of which half of their life is over."""
    return replace(tokens, renew_at=START)


def provider_of(
    script: Script,
    clock: FakeClock,
    tokens: Tokens | None = TOKENS,
    app: App = APP,
    store: MemoryStore | None = None,
) -> TraktProvider:
    """A provider that talks to a script."""
    kept = store if store is not None else MemoryStore(tokens)
    return TraktProvider(app, kept, clock, script.transport)


def reply(status: int = 200, data: Any = None, **headers: str) -> httpx.Response:
    """An answer with a JSON body; None is an empty one."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if data is None:
        return httpx.Response(status, headers=named)
    return httpx.Response(status, json=data, headers=named)


def page(status: int, text: str = "Just a moment", **headers: str) -> httpx.Response:
    """An answer of Cloudflare's."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, html=f"<h1>{text}</h1>", headers=named)


def granted(**changes: Any) -> httpx.Response:
    """A new pair of tokens."""
    data = {
        "access_token": NEW_ACCESS,
        "token_type": "bearer",
        "expires_in": 604_800,
        "refresh_token": NEW_REFRESH,
        "scope": "public",
        "created_at": 1_795_000_000,
    }
    return reply(200, data | changes)


def device_code(**changes: Any) -> httpx.Response:
    """A code to show."""
    data = {
        "device_code": DEVICE_CODE,
        "user_code": "7H2KQ9XB",
        "verification_url": "https://auth.trakt.tv/activate",
        "expires_in": 600,
        "interval": 5,
    }
    return reply(200, data | changes)


def body_of(request: httpx.Request) -> Any:
    """The JSON body of a request."""
    return json.loads(request.content)


def movie(number: int = 1, **changes: Any) -> dict[str, Any]:
    """A film as Trakt names it."""
    ids = {"trakt": number, "slug": "x", "imdb": f"tt{1_000_000 + number}", "tmdb": 500 + number}
    return {"title": f"Film {number}", "year": 2000, "ids": ids} | changes


def show(number: int = 1, **changes: Any) -> dict[str, Any]:
    """A show as Trakt names it."""
    ids = {"trakt": number, "imdb": f"tt{2_000_000 + number}", "tvdb": 70_000 + number}
    return {"title": f"Show {number}", "year": 2001, "ids": ids} | changes
