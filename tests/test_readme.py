"""The README says what is true."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from dodo_tui.cli.commands import parser
from dodo_tui.tui.commands import key_table_markdown

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def _block(name: str) -> list[str]:
    """The indented lines of a marked block."""
    found = re.search(rf"<!-- {name} -->\n(.*?)<!-- end -->", README, re.DOTALL)
    assert found is not None
    return [line.strip() for line in found[1].splitlines() if line.startswith("    ")]


def _commands(top: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """Every command by its name."""
    actions = (a for a in top._actions if isinstance(a, argparse._SubParsersAction))
    return dict(next(actions).choices)


def test_each_of_the_two_commands_is_one_line_that_sets_everything_up() -> None:
    """They are typed as written, in a fresh clone."""
    for name, requirements in (("demo", "requirements.txt"), ("test", "requirements-dev.txt")):
        (line,) = _block(name)
        assert line.startswith("python3 -m venv .venv && ")
        assert f"--require-hashes -r {requirements}" in line
        assert (ROOT / requirements).is_file()


def test_the_table_of_keys_is_made_from_the_commands() -> None:
    """`python -m dodo_tui.tui.commands` prints the table that stands there."""
    assert key_table_markdown() in README


def test_every_command_is_documented_and_has_help() -> None:
    """Nothing is offered that the README does not name."""
    for name, command in _commands(parser()).items():
        assert f"dodo {name}" in README, name
        assert command.description, name


def test_every_setting_is_documented_or_reserved() -> None:
    """Each variable that is read stands in the README."""
    from dataclasses import fields

    from dodo_tui.config import Settings

    for item in fields(Settings):
        variable = item.metadata["env"]
        assert variable in README, variable
