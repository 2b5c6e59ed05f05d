"""The map of the code names what there is, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCS = ("docs/architecture.md", "docs/interface.md")
MAP = (ROOT / DOCS[0]).read_text("utf-8")

_IN_THE_WHEEL_ONLY = "dodo_tui/styles/"


def _places() -> frozenset[str]:
    """Every file and folder of the source and the tests, a slash before and behind its path."""
    tops = ("dodo_tui", "tests", "styles", "docs", "benchmarks", ".ci")
    found = [path for top in tops for path in (ROOT / top).rglob("*")]
    found += [ROOT / top for top in tops]
    return frozenset(f"/{path.relative_to(ROOT)}/" for path in found)


def _is_somewhere(name: str, places: frozenset[str]) -> bool:
    """Whether a path, or the rest of one, is that of a file or folder."""
    return any(place.endswith(f"/{name.strip('/')}/") for place in places)


def _defines(name: str) -> bool:
    """Whether a name like `domain/merge.needs_asking` is that of something in a module."""
    module, _, member = name.rpartition(".")
    path = ROOT / "dodo_tui" / f"{module}.py"
    pattern = rf"^(?:async def|def|class) {member}\b|^{member}\b"
    return path.is_file() and re.search(pattern, path.read_text("utf-8"), re.MULTILINE) is not None


@pytest.mark.parametrize("document", DOCS)
def test_every_place_that_is_named_exists(document: str) -> None:
    """A reader who goes there finds it."""
    places = _places()
    quoted = set(re.findall(r"`([A-Za-z0-9_./-]+)`", (ROOT / document).read_text("utf-8")))
    named = {name for name in quoted if "/" in name or name.endswith(".py")}
    named.discard(_IN_THE_WHEEL_ONLY)
    assert named
    lost = {name for name in named if not _is_somewhere(name, places) and not _defines(name)}
    assert lost == set()


def test_every_folder_and_every_module_at_the_top_is_on_the_map() -> None:
    """Nobody has to guess what a room is for."""
    top = ROOT / "dodo_tui"
    folders = [path.parent for path in top.rglob("__init__.py") if path.parent != top]
    modules = [path for path in top.glob("*.py") if not path.name.startswith("__")]
    missing = [
        path
        for path in (*folders, *modules)
        if f"{path.name}{'/' if path.is_dir() else ''}`" not in MAP
    ]
    assert missing == []
