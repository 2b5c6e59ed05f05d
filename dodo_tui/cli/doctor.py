"""`dodo doctor`: looks at everything dodo needs and says the next step for what is not well.

Nothing secret is in its output: whether a client id or a token is there, never what it is.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator

from dodo_tui import __version__
from dodo_tui.cli.checks.check import Check, Verdict
from dodo_tui.cli.checks.machine import (
    check_clock,
    check_database,
    check_folders,
    check_player,
    check_sleep,
    check_terminal,
)
from dodo_tui.cli.checks.players import check_other_players
from dodo_tui.cli.checks.providers import check_provider
from dodo_tui.cli.output import DONE, FAILED, say, say_json
from dodo_tui.config import ConfigError, Settings, default_paths, load_settings
from dodo_tui.domain.status import PROVIDER_NAMES


def doctor(options: argparse.Namespace) -> int:
    """Run every check; exit code 1 if something is broken."""
    checks = list(_checks())
    if options.json:
        say_json(
            {
                "version": __version__,
                "checks": [
                    {
                        "name": check.name,
                        "verdict": check.verdict,
                        "text": check.text,
                        "next_step": check.next_step,
                    }
                    for check in checks
                ],
            }
        )
    else:
        width = max(len(check.name) for check in checks)
        for check in checks:
            mark = {Verdict.OK: "ok", Verdict.WARNING: "!!", Verdict.FAILED: "XX"}[check.verdict]
            say(f"{mark}  {check.name.ljust(width)}  {check.text}")
            if check.next_step:
                say(f"    {' ' * width}  -> {check.next_step}")
    broken = any(check.verdict is Verdict.FAILED for check in checks)
    return FAILED if broken else DONE


def _checks() -> Iterator[Check]:
    paths = default_paths()
    try:
        settings = load_settings(paths.config_file, os.environ)
    except ConfigError as error:
        yield Check("settings", Verdict.FAILED, str(error), "Correct that line.")
        settings = Settings()
    else:
        there = "read" if paths.config_file.exists() else "not there, which is fine"
        yield Check("settings", Verdict.OK, f"{paths.config_file}: {there}")
    yield check_folders(paths)
    yield check_database(paths)
    yield check_player(settings)
    yield from check_other_players(settings, paths)
    yield check_sleep()
    yield check_terminal()
    yield check_clock()
    for provider in PROVIDER_NAMES:
        yield from check_provider(provider, settings, paths)
