"""The wheel in fresh environments outside the checkout: what is built is what runs.

An environment has the packages that the wheel asks for, with and without its extras, and nothing
else: no test tool can stand in for a dependency that is not named.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
import zipfile
from collections.abc import Collection
from importlib.metadata import Distribution, PathDistribution, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent

START_HEADLESS = """
import asyncio, sys
from pathlib import Path
from dodo_tui.clock import SystemClock
from dodo_tui.config import Settings, default_paths
from dodo_tui.engine.parts import Parts
from dodo_tui.engine.services import RealServices
from dodo_tui.storage.profiles import active_profile
from dodo_tui.storage.store import Store
from dodo_tui.tui.app import DodoApp
from dodo_tui.tui.stylesheets import styles_folder

async def main():
    paths, clock, settings = default_paths(), SystemClock(), Settings()
    paths.make()
    store = Store.open(paths.database)
    profile = store.run_now(active_profile, None, clock.now())
    app = DodoApp(
        Parts(store, profile, settings, paths, RealServices(settings, paths, clock), clock)
    )
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        print(type(app.screen).__name__)
        await pilot.press("t")
        await pilot.pause()
        print(type(app.screen).__name__)
    store.close()

print(styles_folder())
asyncio.run(main())
"""


EXTRAS = {"pictures": "PIL", "mpris": "dbus_fast"}
"""The extras, each with a package that only it brings."""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `pipx install .` builds."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    subprocess.run([*build, str(ROOT)], check=True, capture_output=True)
    (built,) = folder.glob("dodo_tui-*.whl")
    return built


@pytest.fixture(scope="module", params=[(), tuple(EXTRAS)], ids=["plain", "with extras"])
def extras(request: pytest.FixtureRequest) -> Collection[str]:
    """The extras that are installed."""
    wanted: Collection[str] = request.param
    return wanted


@pytest.fixture(scope="module")
def installed(
    wheel: Path, extras: Collection[str], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The Python of a fresh environment with the wheel and what it asks for."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder / "venv", with_pip=False)
    python = folder / "venv" / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python)]
    install = [*pip, "install", "-qq", "--no-index", "--no-deps", str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
    (packages,) = (folder / "venv" / "lib").glob("python*/site-packages")
    (metadata,) = packages.glob("dodo_tui-*.dist-info")
    _lend(_wanted(PathDistribution(metadata), extras), packages)
    return python


def _wanted(package: Distribution, extras: Collection[str]) -> dict[str, Distribution]:
    """The packages that one asks for, and those that they ask for, by their names."""
    found: dict[str, Distribution] = {}
    todo = [(package, extras)]
    while todo:
        asking, with_extras = todo.pop()
        for line in asking.requires or ():
            wanted = Requirement(line)
            marker = wanted.marker
            if marker and not any(marker.evaluate({"extra": name}) for name in ("", *with_extras)):
                continue
            name = canonicalize_name(wanted.name)
            if name not in found:
                found[name] = distribution(name)
                todo.append((found[name], wanted.extras))
    return found


def _lend(packages: dict[str, Distribution], folder: Path) -> None:
    """Give an environment packages of this one."""
    for package in packages.values():
        tops = {file.parts[0] for file in package.files or () if file.parts[0] != ".."}
        for top in tops - {"__pycache__"}:
            if not (folder / top).exists():
                (folder / top).symlink_to(str(package.locate_file(top)))


def _run(python: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the installed Python outside the checkout, in folders of its own."""
    kept = {key: os.environ[key] for key in ("PATH", "LANG") if key in os.environ}
    homes = {
        f"XDG_{name}": str(folder / name)
        for name in ("CONFIG_HOME", "DATA_HOME", "STATE_HOME", "CACHE_HOME", "RUNTIME_DIR")
    }
    return subprocess.run(
        [str(python), *arguments],
        cwd=folder,
        env={**kept, **homes, "HOME": str(folder), "TERM": "xterm-256color"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_everything_is_inside(wheel: Path) -> None:
    """The modules, the migrations, the marker of types, the style sheets; nothing else."""
    with zipfile.ZipFile(wheel) as archive:
        inside = {name for name in archive.namelist() if ".dist-info/" not in name}
    sources = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "dodo_tui").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    sheets = {f"dodo_tui/styles/{path.name}" for path in (ROOT / "styles").iterdir()}
    assert inside == sources | sheets
    assert "dodo_tui/py.typed" in inside
    assert any(name.endswith(".sql") for name in inside)
    assert any(name.endswith(".tcss") for name in inside)


def test_only_what_is_asked_for_is_there(
    installed: Path, extras: Collection[str], tmp_path: Path
) -> None:
    """The other tests here see no package by accident."""
    optional = ["pytest", "pip", *EXTRAS.values()]
    look = f"from importlib.util import find_spec; print(*filter(find_spec, {optional!r}))"
    done = _run(installed, tmp_path, "-c", look)
    assert done.stdout.split() == [EXTRAS[name] for name in EXTRAS if name in extras]


def test_the_command_line_runs_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    """The script is there, the migrations are inside, and the database is made."""
    script = installed.parent / "dodo"
    assert script.is_file()
    done = _run(installed, tmp_path, str(script), "status", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["profile"] == "Me"


def test_the_interface_starts_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    """Home opens with the style sheets that the wheel carries, and Statistics with its plots."""
    done = _run(installed, tmp_path, "-c", START_HEADLESS)
    assert done.returncode == 0, done.stderr
    styles, *screens = done.stdout.split()
    assert Path(styles).is_relative_to(installed.parent.parent)
    assert screens == ["HomeScreen", "StatisticsScreen"]
