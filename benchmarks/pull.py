"""What a sync costs with a large library: the first pull, and a delta of ten changes after it.

    .venv/bin/python -m benchmarks.pull

A dodo without a screen (the daemon's engine) syncs with the stand-in for Simkl, which runs in
another process, over a real socket. While the first pull of 20 000 episodes and 3 000 films is
merged a ticker looks how long the event loop ever keeps it waiting. Then ten more episodes are
watched there, several times over; what that costs in processor time, Home's new picture included,
is compared with the same for a library of a hundred titles. Peak memory is compared with a bare
Python that has imported the same libraries. Linux only: memory is read from `/proc`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.big_library import Server, served
from benchmarks.paired import show_value
from dodo_tui.clock import SystemClock
from dodo_tui.config import Paths, Settings
from dodo_tui.domain.status import SyncState
from dodo_tui.engine.app import EngineApp
from dodo_tui.engine.parts import Parts
from dodo_tui.engine.services import RealServices
from dodo_tui.providers.sign_in import SignedIn
from dodo_tui.storage.accounts import connect_account
from dodo_tui.storage.profiles import active_profile
from dodo_tui.storage.staging import choose
from dodo_tui.storage.store import Store

_TICK_SECONDS = 0.001
_CHANGES = 10
_HUNDRED_TITLES = 6_000, 40
"""60 shows of 100 episodes, which fill Home, and 40 films."""
_LONGEST_SECONDS = 300.0


class Ticker:
    """Looks how long the loop keeps it waiting."""

    def __init__(self) -> None:
        self.stalls: list[float] = []
        self.own: list[float] = []
        """How much of each this process itself was busy: the rest is the machine's other work."""

    async def run(self) -> None:
        """Tick until cancelled."""
        while True:
            began, busy = time.perf_counter(), time.process_time()
            await asyncio.sleep(_TICK_SECONDS)
            stall = time.perf_counter() - began - _TICK_SECONDS
            self.stalls.append(stall)
            self.own.append(min(stall, time.process_time() - busy))


def memory_mib(what: str) -> float:
    """`VmHWM`, the peak of this process, or `VmRSS`, what it holds now."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(what):
            return int(line.split()[1]) / 1024
    raise LookupError(what)


async def measured(server: Server, folder: Path, rounds: int) -> dict[str, float]:
    """One dodo with one library."""
    paths = Paths(*(folder / name for name in ("config", "data", "state", "cache", "run")))
    paths.make()
    clock = SystemClock()
    settings = Settings(simkl_client_id="demo-v2", simkl_api_url=server.url, watch_players=False)
    services = RealServices(settings, paths, clock)
    store = Store.open(paths.database)
    profile = store.run_now(active_profile, None, clock.now())
    stranger = services.provider("simkl", profile.id)
    async for step in stranger.authorize():
        if isinstance(step, SignedIn):
            await services.tokens("simkl", profile.id).save(step.tokens)
    user = await stranger.user()
    await stranger.close()
    account = store.run_now(connect_account, profile.id, "simkl", user, clock.now())
    store.run_now(choose, account.id, "merge")
    app = EngineApp(Parts(store, profile, settings, paths, services, clock))
    running = asyncio.create_task(app.run_async(headless=True))
    ticker = Ticker()
    ticking = asyncio.create_task(ticker.run())

    async def synced(pulled: int) -> None:
        async with asyncio.timeout(_LONGEST_SECONDS):
            while True:
                await asyncio.sleep(0.02)
                (simkl, *_) = app.sync
                done = simkl.state is SyncState.IDLE and simkl.progress is None
                if done and simkl.items_pulled >= pulled:
                    return

    total = 1
    began = time.perf_counter()
    await synced(total)
    seconds = time.perf_counter() - began
    stalls, own = sorted(ticker.stalls), sorted(ticker.own)
    pulled = app.sync[0].items_pulled
    peak, after = memory_mib("VmHWM"), memory_mib("VmRSS")
    await asyncio.sleep(1.5)
    costs = []
    for _ in range(rounds):
        server.watch(_CHANGES)
        await asyncio.sleep(2.0)  # the stand-in's times are whole seconds
        cpu = time.process_time()
        app.sync_now()
        pulled += _CHANGES
        await synced(pulled)
        costs.append(time.process_time() - cpu)
    ticking.cancel()
    await app.leave()
    await running
    store.close()
    return {
        "seconds": seconds,
        "pulled": pulled,
        "longest_stall": stalls[-1],
        "p99_stall": stalls[int(len(stalls) * 0.99)],
        "longest_own": own[-1],
        "p99_own": own[int(len(own) * 0.99)],
        "peak_mib": peak,
        "after_mib": after,
        "delta_seconds": statistics.median(costs),
    }


def bare_mib() -> float:
    """The peak of a Python that has imported the same libraries and nothing of ours."""
    code = (
        "import textual.app, httpx, pydantic, sqlite3, asyncio, zlib, json\n"
        "print(next(l.split()[1] for l in open('/proc/self/status') if l.startswith('VmHWM')))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return int(out.stdout) / 1024


def in_own_process(episodes: int, films: int, rounds: int) -> dict[str, float]:
    """Measure in a new process: a peak is a process's."""
    command = [
        sys.executable, "-m", "benchmarks.pull", "--one",
        "--episodes", str(episodes), "--films", str(films), "--rounds", str(rounds),
    ]  # fmt: skip
    out = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(out.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--episodes", type=int, default=20_000)
    parser.add_argument("--films", type=int, default=3_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--one", action="store_true", help="measure one library, print JSON")
    given = parser.parse_args()
    if given.one:
        with served(given.episodes, given.films) as server, tempfile.TemporaryDirectory() as name:
            print(json.dumps(asyncio.run(measured(server, Path(name), given.rounds))))
        return
    bare = bare_mib()
    big = in_own_process(given.episodes, given.films, given.rounds)
    small = in_own_process(*_HUNDRED_TITLES, given.rounds)
    print(f"{given.episodes} episodes and {given.films} films, then {_CHANGES} changes at a time")
    show_value("first pull", big["seconds"], "s", None)
    note = f"{big['longest_stall'] * 1e3:.0f} ms with the machine's other work"
    show_value("longest stall of the loop", big["longest_own"] * 1e3, "ms", 50, note)
    note = f"{big['p99_stall'] * 1e3:.0f} ms with the machine's other work"
    show_value("stall, p99", big["p99_own"] * 1e3, "ms", None, note)
    note = f"{big['peak_mib']:.0f} / {bare:.0f} MiB"
    show_value("peak memory / bare python, same libraries", big["peak_mib"] / bare, "x", None, note)
    note = f"{big['after_mib']:.0f} MiB"
    show_value("memory after it / the same", big["after_mib"] / bare, "x", None, note)
    note = f"{big['delta_seconds'] * 1e3:.0f} / {small['delta_seconds'] * 1e3:.0f} ms"
    ratio = big["delta_seconds"] / small["delta_seconds"]
    show_value("delta of ten changes: large / 100 titles", ratio, "x", 1.25, note)


if __name__ == "__main__":
    main()
