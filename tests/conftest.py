"""What holds for every test: whose terminal, how examples are chosen, programs that are missing."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

from tests.support.programs import how_to_get, left_out, missing

_OF_THE_DEVELOPER = ("NO_COLOR", "FORCE_COLOR", "COLORTERM", "COLUMNS", "LINES")

# The settings and the terminal of whoever runs the tests play no part. Textual reads some of them
# when it is imported, which is later.
for _name in tuple(os.environ):
    if _name in _OF_THE_DEVELOPER or _name.startswith(("DODO_", "TEXTUAL_")):
        del os.environ[_name]

settings.register_profile(
    "same-everywhere",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("explore", settings.get_profile("same-everywhere"), derandomize=False)
# A slow machine is no failure, and what passes here passes anywhere. To look for new examples:
# pytest --hypothesis-profile=explore
settings.load_profile("same-everywhere")

_LEFT_OUT = pytest.StashKey[dict[str, list[str]]]()


def pytest_configure(config: pytest.Config) -> None:
    """Make `needs` known."""
    config.addinivalue_line("markers", "needs(*programs): what tests/support/programs.py names")
    config.stash[_LEFT_OUT] = {}


def _lacks(item: pytest.Item) -> list[str]:
    """The programs that a test needs and that are not here."""
    marked = [name for mark in item.iter_markers("needs") for name in mark.args]
    return list(missing(marked, getattr(item, "fixturenames", ())))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what cannot run here, unless everything has to."""
    if os.environ.get("CI"):
        return
    lacking = {item.nodeid: lacks for item in items if (lacks := _lacks(item))}
    if lacking:
        config.stash[_LEFT_OUT] = lacking
        config.hook.pytest_deselected(items=[item for item in items if item.nodeid in lacking])
        items[:] = [item for item in items if item.nodeid not in lacking]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Where everything has to run, a missing program is an error and no silence."""
    if lacks := _lacks(item):
        pytest.fail(f"not here: {', '.join(lacks)}. {how_to_get(lacks)}", pytrace=False)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker tells the main process what was left out."""
    told: dict[str, object] | None = getattr(session.config, "workeroutput", None)
    if told is not None:
        told["left_out"] = session.config.stash[_LEFT_OUT]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object) -> None:
    """Every worker left out the same."""
    told: dict[str, dict[str, list[str]]] = getattr(node, "workeroutput", {})
    config = getattr(node, "config", None)
    if isinstance(config, pytest.Config):
        config.stash[_LEFT_OUT].update(told.get("left_out", {}))


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say in one line what was left out."""
    if tests := config.stash[_LEFT_OUT]:
        terminalreporter.write_line(left_out(tests), yellow=True)
