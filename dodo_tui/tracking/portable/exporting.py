"""Writing down everything that dodo knows, without accounts and tokens."""

from __future__ import annotations

import json
import os
import sqlite3
from datetime import datetime
from pathlib import Path
from typing import Any

from dodo_tui.domain.times import to_iso
from dodo_tui.storage import portable

FORMAT = "dodo"
VERSION = 1


def export_everything(connection: sqlite3.Connection, now: datetime) -> dict[str, Any]:
    """The whole of what dodo knows, without accounts and tokens, as one JSON document."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "exported_at": to_iso(now),
        "profiles": list(portable.export_profiles(connection)),
        "media": list(portable.export_media(connection)),
        "plays": list(portable.export_plays(connection)),
        "progress": [
            {**row, "watched": bool(row["watched"])} for row in portable.export_progress(connection)
        ],
        "hidden": list(portable.export_hidden(connection)),
        "lists": list(portable.export_lists(connection)),
    }


def write_export(path: Path, document: dict[str, Any]) -> None:
    """Write an export beside its target and put it in place, readable by this user only.

    Raises:
        OSError: it cannot be written.
    """
    draft = path.with_name(f"{path.name}.new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(document, file, ensure_ascii=False, indent=1)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
