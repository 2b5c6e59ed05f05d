"""Records what a real Kodi says to the watcher: `python -m tests.players.record_kodi FILM`.

Needs Debian's kodi, xvfb, xauth, dbus and a film of ten seconds. Prints JSON, one message a line.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from dodo_tui.clock import SystemClock
from dodo_tui.domain.playback import PlayerState, PlayerStatus
from dodo_tui.players import kodi
from dodo_tui.players.watching import Sight
from tests.players.programs import as_nobody, running

PLACE = kodi.KodiPlace(port=19091)
SETTINGS = """<settings version="2">
<setting id="services.esenabled">true</setting>
<setting id="services.zeroconf">false</setting>
<setting id="general.addonupdates">2</setting>
</settings>"""
COMMAND = (
    "env", "LIBGL_ALWAYS_SOFTWARE=1", "xvfb-run", "-a", "-s", "-screen 0 640x480x24 -nolisten tcp",
    "dbus-run-session", "--", "kodi", "--windowing=x11", "--audio-backend=alsa",
)  # fmt: skip
LONGEST_SECONDS = 60.0

lines: list[dict[str, object]] = []


class RecordingLink(kodi.Link):
    """The watcher's connection, written down."""

    async def call(self, method: str, **params: object) -> object:
        """Call, and keep the answer."""
        result = await super().call(method, **params)
        lines.append({"call": method, "params": params, "result": result})
        return result

    def _take(self, message: Mapping[str, object]) -> None:
        if "method" in message:
            lines.append({"notice": message})
        super()._take(message)


def make_home(home: Path) -> None:
    """A home in which Kodi lets itself be controlled; without a sink for sound its clock stands."""
    (home / ".asoundrc").write_text("pcm.!default { type null }\nctl.!default { type null }\n")
    userdata = home / ".kodi" / "userdata"
    userdata.mkdir(parents=True)
    (userdata / "guisettings.xml").write_text(SETTINGS)
    port = f"<jsonrpc><tcpport>{PLACE.port}</tcpport></jsonrpc>"
    (userdata / "advancedsettings.xml").write_text(f"<advancedsettings>{port}</advancedsettings>")


async def record(
    film: Path, told: list[PlayerState], watcher: kodi.KodiWatcher, control: type[kodi.Link]
) -> None:
    """Play, pause, go on, jump, end; play again and stop; quit."""
    clock = SystemClock()

    async def until(is_so: Callable[[], bool]) -> None:
        async with asyncio.timeout(LONGEST_SECONDS):
            while not is_so():
                await clock.sleep(0.1)

    def at_least(seconds: float) -> bool:
        return bool(told) and told[-1].end is None and (told[-1].position_seconds or 0) > seconds

    await until(lambda: watcher.report().sight is Sight.SEEN)
    link = await control.connect(PLACE)
    await link.call("Player.Open", item={"file": str(film)})
    await until(lambda: at_least(1))
    await link.call("Player.PlayPause", playerid=1, play=False)
    await until(lambda: told[-1].status is PlayerStatus.PAUSED)
    await link.call("Player.PlayPause", playerid=1, play=True)
    await until(lambda: told[-1].status is PlayerStatus.PLAYING)
    await link.call("Player.Seek", playerid=1, value={"percentage": 80})
    await until(lambda: told[-1].end is not None)
    await clock.sleep(2)
    await link.call("Player.Open", item={"file": str(film)})
    await until(lambda: at_least(0.5))
    await link.call("Player.Stop", playerid=1)
    await until(lambda: told[-1].end is not None)
    await link.call("Application.Quit")
    await clock.sleep(2)
    await link.close()


async def main(source: str) -> None:
    """Start Kodi, watch it, and print what was said."""
    home = Path(tempfile.mkdtemp())
    film = home / "The Film (1999).mkv"
    shutil.copy(source, film)
    make_home(home)
    told: list[PlayerState] = []

    async def tell(state: PlayerState) -> None:
        told.append(state)

    control = kodi.Link
    kodi.Link, kodi.POLL_SECONDS = RecordingLink, 1.0  # type: ignore[misc]
    watcher = kodi.KodiWatcher(PLACE, SystemClock())
    async with running(*as_nobody(home, COMMAND)):
        watching = asyncio.create_task(watcher.watch(tell))
        await record(film, told, watcher, control)
        watching.cancel()
        await asyncio.wait({watching})
    for line in lines:
        print(json.dumps(line).replace(str(home), "/films"))  # noqa: T201 - this is what it is for


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
