"""Films, players and a way to wait for what a player tells."""

from __future__ import annotations

import asyncio
import shutil
import stat
import sys
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from dodo_tui.clock import Clock, SystemClock
from dodo_tui.domain.playback import PlayerState
from dodo_tui.players.mpv.player import MpvPlayer
from dodo_tui.players.mpv.run import Patience
from dodo_tui.players.protocol import PlayRequest
from tests.support.video import make_video

SAFETY_SECONDS = 60
"""No test waits so long unless something hangs."""

PATIENT = Patience(SAFETY_SECONDS, SAFETY_SECONDS, SAFETY_SECONDS, SAFETY_SECONDS)
"""On a busy machine mpv may take seconds to start, to answer and to quit."""

LONG_SECONDS = 60

FAKE_MPV = Path(__file__).with_name("fake_mpv.py")

HEADLESS = ("--no-config", "--vo=null", "--ao=null")


@dataclass(frozen=True)
class Videos:
    """Paths of films: two that are a minute long, and one of ten seconds."""

    long: str
    other: str
    """As long."""
    short: str
    text: str
    """No film at all."""


@pytest.fixture(scope="session")
def videos(tmp_path_factory: pytest.TempPathFactory) -> Videos:
    """Films that every test may play and none may change."""
    folder = tmp_path_factory.mktemp("videos")
    text = folder / "notes.mkv"
    text.write_text("This is no film.\n" * 100)
    long = make_video(folder / "Long Film (2020).mkv", LONG_SECONDS)
    return Videos(
        str(long),
        str(shutil.copy(long, folder / "Other Film (2021).mkv")),
        str(make_video(folder / "short.mkv", 10)),
        str(text),
    )


@pytest.fixture
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder for sockets; nothing may be left in it."""
    folder = tmp_path_factory.mktemp("run")
    yield folder
    assert list(folder.iterdir()) == []


@pytest.fixture
def mpv(runtime: Path) -> Callable[..., MpvPlayer]:
    """Makes players with the real mpv, without a screen or sound."""

    def make(*extra_args: str) -> MpvPlayer:
        return MpvPlayer(
            extra_args=(*HEADLESS, *extra_args),
            runtime_folder=runtime,
            clock=SystemClock(),
            patience=PATIENT,
        )

    return make


@pytest.fixture
def fake_mpv(runtime: Path, tmp_path: Path) -> Callable[..., MpvPlayer]:
    """Makes players whose mpv is `fake_mpv.py`, playing one of its scenarios."""
    program = tmp_path / "mpv"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -S "{FAKE_MPV}" "$@"\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)

    def make(scenario: str, patience: Patience = PATIENT, clock: Clock | None = None) -> MpvPlayer:
        return MpvPlayer(
            str(program),
            (f"--scenario={scenario}",),
            runtime_folder=runtime,
            clock=clock or SystemClock(),
            patience=patience,
        )

    return make


class Showing:
    """A running `play`: its states so far, and waiting for more."""

    def __init__(self, states: AsyncGenerator[PlayerState, None]) -> None:
        self._states = states
        self.seen: list[PlayerState] = []

    async def until(self, wanted: Callable[[PlayerState], bool]) -> PlayerState:
        """Read on to the first state that is wanted."""
        async for state in self._states:
            self.seen.append(state)
            if wanted(state):
                return state
        raise AssertionError(f"it ended without what was wanted: {self.seen}")

    async def rest(self) -> list[PlayerState]:
        """Read to the end; every state since the start."""
        self.seen += [state async for state in self._states]
        return self.seen

    @property
    def ends(self) -> list[PlayerState]:
        """The states seen that end an item."""
        return [state for state in self.seen if state.end is not None]


Show = Callable[..., AbstractAsyncContextManager[Showing]]


@pytest.fixture
def show() -> Show:
    """Plays paths on a player for the time of a `with` block."""

    @asynccontextmanager
    async def showing(
        player: MpvPlayer, *paths: str, start_seconds: float = 0.0, title: str | None = None
    ) -> AsyncGenerator[Showing, None]:
        request = PlayRequest(paths, start_seconds, title)
        async with asyncio.timeout(SAFETY_SECONDS), aclosing(player.play(request)) as states:
            yield Showing(states)

    return showing
