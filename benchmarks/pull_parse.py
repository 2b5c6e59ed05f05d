"""What the first pull of a large library does to the event loop and to memory.

20 000 episodes and 3 000 films are pulled from a transport without a network, while a ticker looks
how long the loop ever keeps it waiting. Run it with `python benchmarks/pull_parse.py`.
"""

from __future__ import annotations

import asyncio
import json
import time
import tracemalloc
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx

from dodo_tui.clock import SystemClock
from dodo_tui.domain.account import Tokens
from dodo_tui.domain.ids import Kind
from dodo_tui.providers.protocol import Snapshot, TitlePage
from dodo_tui.providers.simkl.library_reading import read_title
from dodo_tui.providers.simkl.provider import SimklProvider
from dodo_tui.providers.simkl.pulling import title_pages

BUDGET_SECONDS = 0.050
TICK_SECONDS = 0.001
AT = "2026-05-15T20:00:00Z"


class Store:
    """The tokens of somebody who is signed in."""

    async def load(self) -> Tokens | None:
        """A classic token, which is never renewed."""
        return Tokens("0123456789abcdef" * 4, scope="public")

    async def save(self, tokens: Tokens) -> None:
        """Nothing is ever saved."""
        raise NotImplementedError

    @asynccontextmanager
    async def locked(self) -> AsyncIterator[None]:
        """There is nobody else."""
        yield


def row(number: int, key: str, **more: Any) -> dict[str, Any]:
    """One title as Simkl writes it."""
    ids = {"simkl": number, "slug": f"title-{number}", "imdb": f"tt{number:07}", "tmdb": "1"}
    title = {"title": f"The title number {number}", "poster": "14/1", "year": 2010, "ids": ids}
    return {
        "added_to_watchlist_at": AT,
        "last_watched_at": AT,
        "user_rated_at": None,
        "user_rating": 7,
        "status": "completed",
        "watched_episodes_count": 100,
        key: title,
        **more,
    }


def library() -> dict[str, bytes]:
    """150 shows and 50 anime of 100 episodes each, and 3 000 films."""
    plain = [{"number": n, "watched_at": AT} for n in range(1, 101)]
    mapped = [{**e, "tvdb": {"season": 1, "episode": e["number"]}} for e in plain]

    def seasons(episodes: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{"number": 1, "episodes": episodes}]

    parts = {
        "shows": [row(n, "show", seasons=seasons(plain)) for n in range(1, 151)],
        "movies": [row(n, "movie") for n in range(1_000, 4_000)],
        "anime": [row(n, "show", seasons=seasons(mapped)) for n in range(151, 201)],
    }
    return {name: json.dumps({name: rows}).encode() for name, rows in parts.items()}


async def longest_gap(work: Callable[[], Awaitable[None]]) -> float:
    """The longest that the loop kept a ticker from its turn while something ran, in seconds."""
    worst = 0.0

    async def tick() -> None:
        nonlocal worst
        while True:
            began = time.perf_counter()
            await asyncio.sleep(TICK_SECONDS)
            worst = max(worst, time.perf_counter() - began - TICK_SECONDS)

    ticker = asyncio.create_task(tick())
    await asyncio.sleep(TICK_SECONDS * 5)
    await work()
    await asyncio.sleep(TICK_SECONDS * 5)
    ticker.cancel()
    return worst


def peak_bytes(work: Callable[[], object]) -> int:
    """The most memory taken while something ran."""
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


async def main() -> None:
    """Measure and print."""
    bodies = library()

    def answer(request: httpx.Request) -> httpx.Response:
        name = request.url.path.rsplit("/", 1)[-1]
        return httpx.Response(200, content=bodies.get(name, b"[]"))

    transport = httpx.MockTransport(answer)
    provider = SimklProvider("id", "https://api.simkl.com", Store(), SystemClock(), transport)
    counts = {"titles": 0, "episodes": 0, "pages": 0}

    async def pull() -> None:
        async for change in provider.changes(None, Snapshot('{"all": null}')):
            if isinstance(change, TitlePage):
                counts["pages"] += 1
                counts["titles"] += len(change.titles)
                counts["episodes"] += sum(len(title.episodes) for title in change.titles)

    async def decode_on_the_loop() -> None:
        for name, body in bodies.items():
            for entry in json.loads(body)[name]:
                read_title(Kind.SHOW if name == "shows" else Kind.ANIME, entry)

    async def wait() -> None:
        await asyncio.sleep(0.5)

    idle = await longest_gap(wait)
    began = time.perf_counter()
    gap = await longest_gap(pull)
    took = time.perf_counter() - began
    naive = await longest_gap(decode_on_the_loop)
    await provider.close()
    size = sum(map(len, bodies.values()))
    paged = peak_bytes(lambda: [None for b in bodies.values() for _ in title_pages(b, read_title)])
    whole = peak_bytes(lambda: [json.loads(body) for body in bodies.values()])
    print(f"{counts}, {size / 1e6:.1f} MB, pulled in {took:.2f} s")
    print(f"longest gap of the loop: idle {idle * 1e3:.1f} ms, pulling {gap * 1e3:.1f} ms,")
    print(f"  read on the loop {naive * 1e3:.1f} ms; budget {BUDGET_SECONDS * 1e3:.0f} ms")
    print(f"peak memory: by pages {paged / 1e6:.1f} MB, decoded whole {whole / 1e6:.1f} MB")
    print(f"ratio gap / budget: {gap / BUDGET_SECONDS:.2f}")
    print(f"ratio memory by pages / whole: {paged / whole:.2f}")


if __name__ == "__main__":
    asyncio.run(main())
