"""`dodo remote`: what was learned of the remote, and forgetting it."""

from __future__ import annotations

import argparse
import json

from dodo_tui.cli.context import context
from dodo_tui.cli.output import DONE, note, say, say_json
from dodo_tui.storage.database import open_database
from dodo_tui.storage.settings import set_setting, setting

_SETTING = "remote_keys"


def remote(options: argparse.Namespace) -> int:
    """Say which keys were given a meaning, or take it from all of them."""
    connection = open_database(context().paths.database)
    try:
        if options.reset:
            set_setting(connection, _SETTING, "{}")
            note("What was learned of the remote is forgotten; the standard keys work as ever.")
            return DONE
        learned = _learned(setting(connection, _SETTING))
    finally:
        connection.close()
    if options.json:
        say_json(learned)
    elif not learned:
        note("Nothing was learned: the standard keys are enough. Teach more in Settings, Remote.")
    else:
        for key, action in learned.items():
            say(f"{key}  {action}")
    return DONE


def _learned(text: str | None) -> dict[str, str]:
    """Key names and what they are; empty where the setting makes no sense."""
    try:
        table = json.loads(text or "{}")
    except ValueError:
        return {}
    if not isinstance(table, dict):
        return {}
    return {str(key): str(action) for key, action in sorted(table.items())}
