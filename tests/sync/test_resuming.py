"""Playing on from a percentage: only the player knows how long the film is."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from dodo_tui.players.mpv.launch import load_commands
from dodo_tui.players.protocol import PlayRequest
from dodo_tui.storage.media import find_media
from dodo_tui.tracking.playing import parts_of, request_for
from tests.sync.device import Device
from tests.sync.server import MemoryServer


def heat_in(folder: Path) -> Path:
    """A file of a film, in a folder whose name says nothing."""
    path = folder / "Films" / "Heat (1995)" / "Heat (1995) {imdb-tt0113277}.mkv"
    path.parent.mkdir(parents=True)
    path.touch()
    return path


async def test_a_film_paused_elsewhere_starts_at_its_percentage(
    tv: Device, server: MemoryServer, tmp_path: Path
) -> None:
    """No duration is known here, so the player is told the share and finds the place."""
    path = heat_in(tmp_path)
    await parts_of(tv.store, str(path), tv.clock)
    media = tv.store.run_now(find_media, "tt0113277")
    assert media is not None
    server.pause(media, (-1, -1), 42.0, tv.clock.now() - timedelta(hours=1))
    await tv.sync()
    request = await request_for(
        tv.store, tv.profile.id, str(path), from_start=False, clock=tv.clock
    )
    assert (request.start_seconds, request.start_ratio) == (0.0, 0.42)
    (command,) = load_commands(request)
    assert command["options"] == {"start": "42.00%", "force-media-title": request.title}


async def test_seconds_are_used_once_they_are_known(
    tv: Device, server: MemoryServer, tmp_path: Path
) -> None:
    """It was played here before, so the ratio becomes seconds by its real duration."""
    path = heat_in(tmp_path)
    await parts_of(tv.store, str(path), tv.clock)
    media = tv.store.run_now(find_media, "tt0113277")
    assert media is not None
    await tv.sync()
    tv.play(media, (-1, -1), 20.0)
    await tv.sync()
    server.clock.advance(3600)
    server.pause(media, (-1, -1), 42.0, tv.clock.now())
    await tv.sync()
    request = await request_for(
        tv.store, tv.profile.id, str(path), from_start=False, clock=tv.clock
    )
    assert (request.start_seconds, request.start_ratio) == (2520.0, None)


def test_the_start_of_a_playlist_is_seconds_before_a_share() -> None:
    """Seconds are exact; a share is what is left without them."""
    (command,) = load_commands(PlayRequest(("a",), 5.0, start_ratio=0.5))
    assert command["options"] == {"start": "+5.000"}
