"""How many requests it takes to tell a provider what was watched while it could not be reached.

The facts wait in a queue and are drained to the stand-in for Simkl, over real sockets. Its limit of
one write per second is kept, on a clock that jumps over every wait; the time printed is therefore
that of the work, not of the waiting.
"""

from __future__ import annotations

import argparse
import asyncio
import sqlite3
import tempfile
import time
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

from benchmarks.paired import show_value
from dodo_tui.domain.account import Account, Tokens
from dodo_tui.domain.ids import Key
from dodo_tui.providers.sign_in import CodeShown, SignedIn
from dodo_tui.providers.simkl.provider import SimklProvider
from dodo_tui.standin.clock import ManualClock
from dodo_tui.standin.simkl.server import StandIn
from dodo_tui.storage.accounts import connect_account
from dodo_tui.storage.credentials import TokenFile
from dodo_tui.storage.profiles import active_profile
from dodo_tui.storage.queued import all_facts
from dodo_tui.storage.store import Store
from dodo_tui.tracking.draining.drain import Drained, drain
from dodo_tui.tracking.marks import mark_watched

FACTS = 1_000
_MOST_REQUESTS = 25
_EPISODES_OF_A_SEASON = 10


class JumpingClock:
    """The stand-in's clock; waiting moves it on."""

    def __init__(self, time_of_standin: ManualClock) -> None:
        self._time = time_of_standin
        self._began = time_of_standin.now()

    def now(self) -> datetime:
        """The time of day, in UTC."""
        return self._time.now()

    def monotonic(self) -> float:
        """Seconds since the start."""
        return (self._time.now() - self._began).total_seconds()

    async def sleep(self, seconds: float) -> None:
        """Be there at once."""
        await asyncio.sleep(0)
        self._time.advance(seconds)


def fill_catalogue(standin: StandIn, facts: int) -> list[Key]:
    """Half films, half episodes, known to the stand-in; answers their keys."""
    keys = []
    with standin.world.lock:
        catalogue = standin.world.catalogue
        for number in range(facts // 2):
            media_id = f"tt{2_000_000 + number}"
            catalogue.add_movie(f"Film {number}", 2000, ids={"imdb": media_id})
            keys.append(Key.parse(media_id))
        for number in range(facts - len(keys)):
            show, episode = divmod(number, _EPISODES_OF_A_SEASON)
            media_id = f"tt{3_000_000 + show}"
            if episode == 0:
                catalogue.add_show(
                    f"Show {show}",
                    2000,
                    [_EPISODES_OF_A_SEASON],
                    ids={"imdb": media_id},
                    first_aired=standin.world.clock.now() - timedelta(days=4000),
                )
            keys.append(Key.parse(f"{media_id}:1:{episode + 1}"))
    return keys


def queue_facts(connection: sqlite3.Connection, keys: list[Key], now: datetime) -> Account:
    """Sign in here, and mark everything watched, a minute apart, a week ago."""
    profile = active_profile(connection, None, now)
    account = connect_account(connection, profile.id, "simkl", None, now)
    for number, key in enumerate(keys):
        watched_at = now - timedelta(days=7) + timedelta(minutes=number)
        mark_watched(connection, profile.id, key, watched_at, now)
    return account


async def sign_in(standin: StandIn, clock: JumpingClock) -> Tokens:
    """The tokens of the stand-in's only user."""
    provider = SimklProvider("demo-v2", standin.url, None, clock)
    try:
        async for step in provider.authorize():
            if isinstance(step, CodeShown):
                standin.approve(step.code.user_code)
            if isinstance(step, SignedIn):
                return step.tokens
    finally:
        await provider.close()
    raise RuntimeError("the stand-in did not let us in")


async def measure(facts: int) -> None:
    """Queue, drain, count and print."""
    time_of_standin = ManualClock()
    clock = JumpingClock(time_of_standin)
    with (
        tempfile.TemporaryDirectory(prefix="dodo-benchmark-") as name,
        StandIn(clock=time_of_standin, seed=1) as standin,
    ):
        keys = fill_catalogue(standin, facts)
        tokens = await sign_in(standin, clock)
        store = Store.open(Path(name) / "dodo.db")
        try:
            account = await store.run(queue_facts, keys, clock.now())
            file = TokenFile(Path(name), "simkl", account.profile_id)
            await file.save(tokens)
            earlier = len(standin.log)
            provider = SimklProvider("demo-v2", standin.url, file, clock)
            began, virtual = time.perf_counter(), clock.monotonic()
            try:
                drained = await drain(store, account, provider, clock)
            finally:
                await provider.close()
            seconds, waited = time.perf_counter() - began, clock.monotonic() - virtual
            left = len(await store.run(all_facts, account.profile_id))
        finally:
            store.close()
        _show(standin, earlier, facts, drained, left, seconds, waited)


def _show(
    standin: StandIn,
    earlier: int,
    facts: int,
    drained: Drained,
    left: int,
    seconds: float,
    waited: float,
) -> None:
    lines = Counter(entry.line for entry in list(standin.log.entries())[earlier:])
    show_value(f"{facts} facts: requests", sum(lines.values()), "", _MOST_REQUESTS)
    for line, count in lines.most_common():
        print(f"  {count:4} {line}")
    print(f"  told {drained.sent}, left {left}, rules broken {len(standin.violations)}")
    print(f"  {seconds:.2f} s of work; {waited:.0f} s on a real clock, at the allowed pace")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.drain", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--facts", type=int, default=FACTS, help="how many wait")
    asyncio.run(measure(parser.parse_args().facts))


if __name__ == "__main__":
    main()
