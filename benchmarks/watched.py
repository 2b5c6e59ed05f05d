"""What `dodo daemon` costs while it watches three players: two real mpvs and a scripted Kodi.

First all three are paused for a while, then all of them play. It is held against a bare Python that
has imported the same libraries. What is written is what the kernel counts for the process
(`write_bytes`: pages that it made dirty), for an hour of one player's playing.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.daemon import BARE, at_rest, resident_bytes, running, sign_in
from benchmarks.history import DODO, database_of, dodo_with_history
from benchmarks.paired import show_value
from benchmarks.terminal import peak_memory_bytes
from dodo_tui.players.kodi import Objects
from dodo_tui.standin.simkl.server import StandIn
from dodo_tui.storage.history import history
from dodo_tui.storage.profiles import active_profile
from dodo_tui.storage.store import Store
from tests.support.clock import START
from tests.support.video import make_video

_SETTLE_SECONDS = 20.0
_PLAYERS = 3
_HOUR_SECONDS = 3600.0
_MIB = 1024 * 1024


class ScriptedKodi:
    """A Kodi on a port of its own that plays one film, or is paused in it."""

    def __init__(self) -> None:
        self.port = 0
        self.position_seconds = 600.0
        self.playing_since: float | None = None
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> ScriptedKodi:
        """Listen."""
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, *_: object) -> None:
        """Listen no more."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def play(self) -> None:
        """Go on from where it is."""
        self.playing_since = time.monotonic()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.port = int(server.sockets[0].getsockname()[1])
        self._ready.set()
        self._loop.run_forever()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        objects = Objects()
        while chunk := await reader.read(65536):
            for call in objects.feed(chunk):
                answer = {"jsonrpc": "2.0", "id": call["id"], "result": self._result(call)}
                writer.write(json.dumps(answer).encode())
        writer.close()

    def _result(self, call: dict[str, object]) -> object:
        since = self.playing_since
        seconds = self.position_seconds + (time.monotonic() - since if since else 0.0)
        total = {"hours": 2, "minutes": 0, "seconds": 0, "milliseconds": 0}
        match call["method"]:
            case "Player.GetActivePlayers":
                return [{"playerid": 1, "type": "video"}]
            case "Player.GetItem":
                film = "/films/Third (2003).mkv"
                return {"item": {"type": "movie", "title": "Third", "year": 2003, "file": film}}
            case "Player.GetProperties":
                at = {"hours": 0, "minutes": 0, "seconds": seconds, "milliseconds": 0}
                return {"time": at, "totaltime": total, "speed": int(bool(since)), "live": False}
            case _:
                return {}


@contextlib.contextmanager
def paused_mpv(folder: Path, name: str, seconds: int) -> Iterator[Path]:
    """A real mpv with a socket, paused at the beginning of a film; answers the socket."""
    film = make_video(folder / f"{name}.mkv", seconds)
    path = folder / f"{name[:5]}.sock"
    process = subprocess.Popen(
        ["mpv", "--no-config", "--no-terminal", "--vo=null", "--ao=null", "--pause",
         f"--input-ipc-server={path}", str(film)],
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        while not path.exists():
            time.sleep(0.05)
        yield path
    finally:
        process.terminate()
        process.wait()


def go_on(path: Path) -> None:
    """Let an mpv play."""
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(path))
        client.sendall(b'{"command": ["set_property", "pause", false]}\n')
        client.recv(100)


def written_by(pid: int) -> int:
    """The bytes of pages that a process has made dirty so far."""
    lines = Path(f"/proc/{pid}/io").read_text("ascii").splitlines()
    return int(dict(line.split(": ") for line in lines)["write_bytes"])


def count_plays(database: Path) -> int:
    """How many viewings of players are open in the ledger."""
    with contextlib.closing(Store.open(database)) as store:
        profile = store.run_now(active_profile, None, START)
        entries = store.run_now(history, profile.id)
        return sum(each.ended_at is None for each in entries)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.watched", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--seconds", type=float, default=60, help="how long to look, each time")
    options = parser.parse_args()
    film_seconds = int(4 * options.seconds + 120)
    with contextlib.ExitStack() as stack:
        own = dict(stack.enter_context(dodo_with_history(100, 20)))
        folder = Path(own["HOME"])
        sign_in(stack.enter_context(StandIn()), own)
        kodi = stack.enter_context(ScriptedKodi())
        sockets = [
            stack.enter_context(paused_mpv(folder, name, film_seconds))
            for name in ("First (2001)", "Second (2002)")
        ]
        own["DODO_MPV_SOCKETS"] = str(folder / "*.sock")
        own["DODO_KODI"] = f"127.0.0.1:{kodi.port}"
        daemon = stack.enter_context(running([*DODO, "daemon"], own, b"dodo runs for"))
        bare = stack.enter_context(running([sys.executable, "-c", BARE], own, b"ready"))
        time.sleep(_SETTLE_SECONDS)
        paused = at_rest((daemon, bare), options.seconds)
        for path in sockets:
            go_on(path)
        kodi.play()
        time.sleep(_SETTLE_SECONDS)
        before = written_by(daemon)
        playing = at_rest((daemon, bare), options.seconds)
        written = written_by(daemon) - before
        seen = count_plays(database_of(own))
        now, peak = [[each(pid) for pid in (daemon, bare)] for each in
                     (resident_bytes, peak_memory_bytes)]  # fmt: skip
    if seen != _PLAYERS:
        raise RuntimeError(f"{seen} of {_PLAYERS} viewings are in the ledger")
    per_hour = written * _HOUR_SECONDS / options.seconds / _PLAYERS
    show_value(
        "daemon, three players playing / bare Python: peak memory", peak[0] / peak[1], "x", None
    )
    show_value("the same: memory now", now[0] / now[1], "x", None)
    show_value("three players paused: share of a core", paused[0] * 100, "%", None)
    show_value("three players playing: share of a core", playing[0] * 100, "%", None)
    show_value("written per hour of playback", per_hour / _MIB, "MiB", None)
    print(f"  bare Python: {paused[1] * 100:.3f} % and {playing[1] * 100:.3f} % of a core")


if __name__ == "__main__":
    main()
