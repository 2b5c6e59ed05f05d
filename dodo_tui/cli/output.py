"""What the command line says: data on standard output, everything else on standard error."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from dodo_tui.domain.times import to_iso_seconds

DONE = 0
FAILED = 1
WRONG_USAGE = 2


# What moves the cursor, rings, or turns the direction of writing: it comes out of no command.
# They are compiled when something is said: the interface says nothing here.
_CONTROLS = "[\x00-\x1f\x7f-\x9f\u2028\u2029]"
_UNSEEN = "[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
_ESCAPED = "[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]"


class CommandError(Exception):
    """A command cannot do what was asked; the text is one clear sentence for the user."""


class WrongUsageError(CommandError):
    """Options that do not go together: exit code 2."""


def say(text: str = "") -> None:
    """One line of data."""
    print(printable(text))


def note(text: str) -> None:
    """One line for people, on standard error."""
    print(printable(text), file=sys.stderr)


def say_json(document: object) -> None:
    """One JSON document, and nothing else on standard output."""
    import json  # the interface says nothing in it

    is_utf8 = (sys.stdout.encoding or "utf-8").lower().replace("-", "") == "utf8"
    text = json.dumps(document, ensure_ascii=not is_utf8, indent=1)
    sys.stdout.write(re.sub(_ESCAPED, lambda found: f"\\u{ord(found[0]):04x}", text) + "\n")


def printable(text: str) -> str:
    """One line without control characters, in what the output's encoding can carry (else `?`)."""
    encoding = sys.stdout.encoding or "utf-8"
    line = re.sub(_UNSEEN, "", re.sub(_CONTROLS, " ", text))
    return line.encode(encoding, "replace").decode(encoding)


def path_text(path: str) -> str:
    """A path for a text or JSON document: bytes that are not UTF-8 become escapes."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def iso(moment: datetime | None) -> str | None:
    """A time as the JSON documents have it."""
    return None if moment is None else to_iso_seconds(moment)


def table(rows: Sequence[tuple[str, ...]]) -> None:
    """Aligned columns, the last one ragged."""
    if not rows:
        return
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        say("  ".join(cells).rstrip())


def rounded(value: float | None, digits: int = 3) -> float | None:
    """A number without needless digits."""
    return None if value is None else round(value, digits)


Json = dict[str, Any]
