"""The wheel in a fresh environment outside the checkout: what is built is what runs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

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
    store.close()

print(styles_folder())
asyncio.run(main())
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a fresh environment with the built wheel; dependencies are this one's."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    subprocess.run([*build, str(ROOT)], check=True, capture_output=True)
    (wheel,) = folder.glob("dodo_tui-*.whl")
    venv.create(folder / "venv", with_pip=True)
    python = folder / "venv" / "bin" / "python"
    install = [str(python), "-m", "pip", "install", "-qq", "--no-index", "--no-deps", str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
    where = "import sysconfig; print(sysconfig.get_paths()['purelib'])"
    asked = subprocess.run([str(python), "-c", where], check=True, capture_output=True, text=True)
    dependencies = sysconfig.get_paths()["purelib"]
    Path(asked.stdout.strip(), "dependencies.pth").write_text(dependencies + "\n", "utf-8")
    return python


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


def test_the_command_line_runs_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    """The script is there, the migrations are inside, and the database is made."""
    script = installed.parent / "dodo"
    assert script.is_file()
    done = _run(installed, tmp_path, str(script), "status", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["profile"] == "Me"


def test_the_interface_starts_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    """Home opens with the style sheets that the wheel carries."""
    done = _run(installed, tmp_path, "-c", START_HEADLESS)
    assert done.returncode == 0, done.stderr
    styles, screen = done.stdout.split()
    assert Path(styles).is_relative_to(installed.parent.parent)
    assert screen == "HomeScreen"
