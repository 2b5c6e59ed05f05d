"""The log: one rotating file in the state folder, for this user only, without secrets."""

from __future__ import annotations

import io
import logging
import os
import re
from logging.handlers import RotatingFileHandler
from pathlib import Path

_LARGEST_BYTES = 1024 * 1024
_OLDER_FILES = 3

_SECRETS = (
    r"simkl_[a-z]{2}_\S+|\b[0-9a-fA-F]{64}\b|(?i:bearer)\s+\S+"
    r"|(?<=client_id=)[^&\s'\"]+|(?<=device_code=)[^&\s'\"]+|(?<=/oauth/pin/)[^?\s'\"]+"
)


class _Redacted(logging.Formatter):
    """Takes tokens, codes and client ids out of every line, tracebacks included."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, with `…` for each secret."""
        return re.sub(_SECRETS, "…", super().format(record))


class _PrivateFile(RotatingFileHandler):
    """A log file that only its owner can read."""

    def _open(self) -> io.TextIOWrapper:
        descriptor = os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        return io.TextIOWrapper(open(descriptor, "ab"), encoding="utf-8", errors="replace")  # noqa: PTH123


def start_log(path: Path) -> None:
    """Send what dodo and its libraries log to a file; where it cannot be written, nowhere.

    Nothing of it ever reaches the terminal, on which the interface may be drawn.
    """
    root = logging.getLogger()
    if any(isinstance(handler, _PrivateFile) for handler in root.handlers):
        return
    handler = _PrivateFile(path, maxBytes=_LARGEST_BYTES, backupCount=_OLDER_FILES, delay=True)
    handler.setFormatter(_Redacted("%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"))
    logging.raiseExceptions = False
    root.addHandler(handler)
    logging.getLogger("dodo_tui").setLevel(logging.INFO)
