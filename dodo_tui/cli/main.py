"""The command line: dispatch and the end of every error.

Each command's module is imported when it is run: `dodo status` must not pay for Textual, and the
interface not for reading options.
"""

from __future__ import annotations

import importlib
import os
import sqlite3
import sys
from collections.abc import Sequence

from dodo_tui.cli.output import (
    DONE,
    FAILED,
    WRONG_USAGE,
    CommandError,
    WrongUsageError,
    note,
)

_INTERRUPTED = 130


def run(arguments: Sequence[str]) -> int:
    """Run one command; answers the exit code: 0 done, 1 failed, 2 wrong usage."""
    _open_missing_streams()
    try:
        code = _run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read has had enough; what is left must not fail a second time at the exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    return code


def _run(arguments: Sequence[str]) -> int:
    """Parse and run, and turn every failure into one sentence."""
    try:
        return _run_command(arguments) if arguments else _open_face()
    except SystemExit as exit_:
        return exit_.code if isinstance(exit_.code, int) else WRONG_USAGE
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - the end of every error; bugs are logged whole
        note(f"dodo: {_sentence(error) or _bug_report(error)}")
        return WRONG_USAGE if _is_wrong_usage(error) else FAILED


def _open_face() -> int:
    """Without a command: the interface."""
    from dodo_tui.cli.face import open_face

    return open_face()


def _run_command(arguments: Sequence[str]) -> int:
    """Parse, and import what carries it out."""
    from dodo_tui.cli.commands import parse

    options = parse(arguments)
    module_name, _, function_name = options.run.partition(":")
    module = importlib.import_module(f"dodo_tui.cli.{module_name}")
    return int(getattr(module, function_name)(options))


def _open_missing_streams() -> None:
    """Give the standard streams a place to go where the caller has closed them."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115


def _sentence(error: Exception) -> str | None:
    """What to say about an error that is the user's or the world's; None for a bug of ours."""
    if isinstance(error, OSError) and error.strerror:
        place = "" if error.filename is None else f"{os.fsdecode(error.filename)}: "
        return f"{place}{error.strerror}."
    if isinstance(error, (CommandError, sqlite3.Error, OSError)):
        return str(error)
    named = {
        "ConfigError",
        "StorageError",
        "ProfileError",
        "CredentialsError",
        "ProviderError",
        "PlayerError",
        "ImportFailedError",
        "InvalidKeyError",
    }
    if named & {cls.__name__ for cls in type(error).__mro__}:
        return str(error)
    return None


def _is_wrong_usage(error: Exception) -> bool:
    """Whether the command was not understood; a key that is none can only have been typed."""
    names = {cls.__name__ for cls in type(error).__mro__}
    return isinstance(error, WrongUsageError) or "InvalidKeyError" in names


def _bug_report(error: Exception) -> str:
    """One sentence on a mistake of ours; the traceback goes to the log."""
    import logging  # only on the way to an error

    from dodo_tui.cli.logs import start_log
    from dodo_tui.config import default_paths

    try:
        log_file = default_paths().log
        start_log(log_file)
        logging.getLogger("dodo_tui").critical("a mistake of dodo's own", exc_info=error)
        where = f"; details are in {log_file}"
    except OSError:
        where = ""
    return f"This is a mistake in dodo ({type(error).__name__}){where}."
