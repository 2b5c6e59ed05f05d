from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from dodo_tui.config import Settings
from tests.tui.screens.support import World, empty_world, sample_world


@pytest.fixture(autouse=True)
def same_everywhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The developer's time zone plays no part."""
    # The pilot looks every 20 ms whether the app is idle; an app this quick is idle sooner.
    monkeypatch.setattr("textual._wait.SLEEP_GRANULARITY", 0.004)
    monkeypatch.setattr("textual._wait.SLEEP_IDLE", 0.0004)
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.setattr("dodo_tui.engine.session.machine_name", lambda: "living-room")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's household, made once: scanning takes longer than most tests."""
    folder = tmp_path_factory.mktemp("sample")
    sample_world(folder).store.close()
    return folder


@pytest.fixture
def world(sample: Path, tmp_path: Path) -> Iterator[World]:
    """The demo's household. Its videos are shared: see `own_world`."""
    shutil.copytree(sample / "data", tmp_path / "data")
    library = str(sample / "Videos")
    world = World(tmp_path, Settings(simkl_client_id="client", library=(library,)))
    yield world
    world.store.close()


@pytest.fixture
def own_world(tmp_path: Path) -> Iterator[World]:
    """The demo's household, with videos of its own."""
    world = sample_world(tmp_path)
    yield world
    world.store.close()


@pytest.fixture
def new_world(tmp_path: Path) -> Iterator[World]:
    """A household that has just installed dodo."""
    world = empty_world(tmp_path)
    yield world
    world.store.close()
