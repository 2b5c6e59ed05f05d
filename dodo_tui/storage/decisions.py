"""What the user has said that files are; nothing else ever overrules it.

Functions that write expect a transaction around them.
"""

from __future__ import annotations

import os
import sqlite3
from datetime import datetime

from dodo_tui.domain.review import Place, Renumbering, Scope
from dodo_tui.domain.times import from_iso, to_iso
from dodo_tui.values import dataclass


@dataclass(frozen=True, slots=True)
class Decision:
    """One thing that the user said."""

    scope: Scope
    target: str
    """A path, or the local id that names give to a series."""
    media_id: str | None
    """None: not a film or an episode."""
    renumbering: Renumbering | None
    decided_at: datetime
    instead_of: str | None = None
    """What the file was taken for when the user decided."""

    def covers(self, known_as: str | None) -> bool:
        """Whether it is about a file whose name is known as a title (None: not known).

        A folder may hold other things, too: what is surely something else is not meant.
        """
        if self.scope is not Scope.FOLDER or known_as is None or known_as.startswith("local:"):
            return True
        return known_as in (self.media_id, self.instead_of)


def save_decision(
    connection: sqlite3.Connection,
    scope: Scope,
    target: str,
    media_id: str | None,
    renumbering: Renumbering | None,
    now: datetime,
    instead_of: str | None = None,
) -> None:
    """Remember a decision instead of an earlier one about the same. `target`: a path, or an id."""
    named = renumbering.named if renumbering else None
    real = renumbering.real if renumbering else None
    connection.execute(
        "INSERT OR REPLACE INTO decision (scope, target, media_id, named_season, named_number, "
        "season, number, decided_at, instead_of) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            scope,
            os.fsencode(target),
            media_id,
            *(named or (None, None)),
            *(real or (None, None)),
            to_iso(now),
            instead_of,
        ),
    )


def find_decision(connection: sqlite3.Connection, path: str, local_id: str) -> Decision | None:
    """What the user said of a file: of itself, of the folders it is in, or of its series."""
    for scope, target in _targets(path, local_id):
        row = connection.execute(
            "SELECT * FROM decision WHERE scope = ? AND target = ?", (scope, os.fsencode(target))
        ).fetchone()
        if row is not None:
            return _decision(row)
    return None


def drop_narrower(
    connection: sqlite3.Connection, path: str, local_id: str, scope: Scope, target: str
) -> None:
    """A larger decision is made by way of a file: what was said more particularly of it goes."""
    for each in _targets(path, local_id):
        if each == (scope, target):
            return
        connection.execute(
            "DELETE FROM decision WHERE scope = ? AND target = ?", (each[0], os.fsencode(each[1]))
        )


def _targets(path: str, local_id: str) -> list[tuple[Scope, str]]:
    """What a decision about a file may be about, the most particular first."""
    targets: list[tuple[Scope, str]] = [(Scope.FILE, path)]
    folder = os.path.dirname(path)  # noqa: PTH120 - a path may hold bytes that are not UTF-8
    while folder and folder != "/":
        targets.append((Scope.FOLDER, folder))
        folder = os.path.dirname(folder)  # noqa: PTH120
    targets.append((Scope.SERIES, local_id))
    return targets


def drop_decision(connection: sqlite3.Connection, decision: Decision) -> None:
    """The user takes a decision back."""
    connection.execute(
        "DELETE FROM decision WHERE scope = ? AND target = ?",
        (decision.scope, os.fsencode(decision.target)),
    )


def move_decision(connection: sqlite3.Connection, old: str, new: str) -> None:
    """A file was renamed: what was said of it goes with it."""
    connection.execute(
        "UPDATE OR REPLACE decision SET target = ? WHERE scope = 'file' AND target = ?",
        (os.fsencode(new), os.fsencode(old)),
    )


def _decision(row: sqlite3.Row) -> Decision:
    named = None if row["named_number"] is None else Place(row["named_season"], row["named_number"])
    renumbering = None
    if row["number"] is not None:
        renumbering = Renumbering(named, Place(row["season"], row["number"]))
    return Decision(
        Scope(row["scope"]),
        os.fsdecode(row["target"]),
        row["media_id"],
        renumbering,
        from_iso(row["decided_at"]),
        row["instead_of"],
    )
