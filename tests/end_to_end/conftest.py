"""A real dodo, a real mpv, a stand-in for Simkl with all its limits, and a film of 100 s."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dodo_tui.standin.simkl.server import StandIn
from tests.support.cli import SAFETY_SECONDS, Dodo
from tests.support.mpv import HEADLESS, Mpv
from tests.support.standins import well_behaved
from tests.support.video import make_video

FILM_SECONDS = 100
KEY = "tt1254207"
NAME = f"Big Buck Bunny (2008) {{imdb-{KEY}}}.mkv"


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The picture of every film here."""
    return make_video(tmp_path_factory.mktemp("clip") / "clip.mkv", FILM_SECONDS)


@pytest.fixture
def film(clip: Path, tmp_path: Path) -> str:
    """A film whose name says what it is."""
    return str(shutil.copy(clip, tmp_path / NAME))


@pytest.fixture
def standin() -> Iterator[StandIn]:
    """A stand-in that watches for violations of the usage rules."""
    with well_behaved(StandIn()) as running:
        yield running


@pytest.fixture
def dodo(tmp_path: Path, standin: StandIn) -> Iterator[Dodo]:
    """A dodo that is signed in."""
    made = Dodo(tmp_path / "dodo", DODO_MPV_ARGS=HEADLESS)
    made.connect(standin)
    # mpv's socket has to fit into 106 bytes; else it is put elsewhere, where no test would look.
    with tempfile.TemporaryDirectory(prefix="dodo-run-") as runtime:
        made.use_runtime(Path(runtime))
        yield made


class Viewing:
    """`dodo play` while it runs, and its mpv."""

    def __init__(self, process: subprocess.Popen[bytes], mpv: Mpv) -> None:
        self.process = process
        self.mpv = mpv
        self.err = ""

    def end(self) -> int:
        """Wait for the end; answers dodo's exit code."""
        output, errors = self.process.communicate(timeout=SAFETY_SECONDS)
        self.err = errors.decode()
        assert output == b""
        assert "Traceback" not in self.err
        return self.process.returncode


@contextmanager
def playing(dodo: Dodo, *arguments: str, command: str = "play") -> Iterator[Viewing]:
    """Start `dodo play`; whatever is left of it at the end is killed."""
    process = dodo.start(command, *arguments)
    try:
        with Mpv(dodo.paths.runtime, process) as mpv:
            yield Viewing(process, mpv)
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=SAFETY_SECONDS)
