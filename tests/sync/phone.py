"""Devices that sync with the stand-in over a real socket."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from dodo_tui.clock import CorrectedClock
from dodo_tui.domain.ids import Ids, Kind
from dodo_tui.domain.media import Media
from dodo_tui.providers.simkl.provider import SimklProvider
from dodo_tui.standin.clock import ManualClock
from dodo_tui.standin.simkl.server import StandIn
from tests.providers.standin_support import StandInClock, signed_in
from tests.providers.support import MemoryStore
from tests.sync.device import Device


def media_of(kind: Kind, title: str, year: int, imdb: str) -> Media:
    """A title of the stand-in's catalogue as a file here would name it."""
    ids = Ids(imdb=imdb)
    media_id = ids.preferred(kind)
    assert media_id is not None
    return Media(media_id, kind, title, year, ids)


INCEPTION = media_of(Kind.MOVIE, "Inception", 2010, "tt1375666")
MATRIX = media_of(Kind.MOVIE, "The Matrix", 1999, "tt0133093")
BREAKING_BAD = media_of(Kind.SHOW, "Breaking Bad", 2008, "tt0903747")


async def device_at(
    standin: StandIn, time: ManualClock, folder: Path, error: timedelta = timedelta(0)
) -> Device:
    """A dodo with a folder of its own, signed in at the stand-in, whose clock may be wrong.

    It has not been started since, so it has not heard yet how late it is.
    """
    machine = StandInClock(time, error)
    stranger = SimklProvider("demo-v2", standin.url, None, machine)
    tokens = await signed_in(standin, stranger)
    await stranger.close()
    clock = CorrectedClock(machine, lambda: 0.0)
    provider = SimklProvider("demo-v2", standin.url, MemoryStore(tokens), clock)
    return Device(folder, provider, clock)
