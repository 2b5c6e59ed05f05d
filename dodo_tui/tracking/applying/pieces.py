"""Pieces of a pull: how much one holds, how it is divided, and how it is merged by itself."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace

from dodo_tui.providers.changes import Change, Listing, RemoteTitle, TitlePage
from dodo_tui.storage.database import transaction
from dodo_tui.tracking.applying.listings import apply_listing
from dodo_tui.tracking.applying.points import apply_points
from dodo_tui.tracking.applying.pull import Pull
from dodo_tui.tracking.applying.titles import apply_titles

FACTS_AT_ONCE = 400
"""How many episodes and films one portion holds: others wait for it no longer than a blink."""


def weight(piece: Change) -> int:
    """How many facts a piece holds: titles, episodes, resume points. 0: it says nothing.

    A listing says only what is missing: it is one, however many ids it names.
    """
    if isinstance(piece, TitlePage):
        return sum(_facts(title) for title in piece.titles)
    return 1 if isinstance(piece, Listing) else 1 + len(piece.points)


def heard(piece: Change) -> int:
    """How many films and episodes a piece tells of."""
    if not isinstance(piece, TitlePage):
        return 0
    return sum(max(len(title.episodes), 1) for title in piece.titles)


def portions(piece: Change) -> Iterator[Change]:
    """A page of titles in portions of about `FACTS_AT_ONCE` facts; anything else whole."""
    if not isinstance(piece, TitlePage):
        yield piece
        return
    portion: list[RemoteTitle] = []
    facts = 0
    for title in piece.titles:
        portion.append(title)
        facts += _facts(title)
        if facts >= FACTS_AT_ONCE:
            yield replace(piece, titles=tuple(portion))
            portion, facts = [], 0
    if portion:
        yield replace(piece, titles=tuple(portion))


def merge(connection: sqlite3.Connection, pull: Pull, piece: Change) -> None:
    """Merge a piece. Expects a transaction around it."""
    if isinstance(piece, TitlePage):
        apply_titles(connection, pull, piece.titles)
    elif isinstance(piece, Listing):
        apply_listing(connection, pull, piece)
    else:
        apply_points(connection, pull, piece)


def merge_alone(connection: sqlite3.Connection, pull: Pull, piece: Change) -> None:
    """Merge a piece in a transaction of its own."""
    with transaction(connection, durable=isinstance(piece, Listing)):
        merge(connection, pull, piece)


def _facts(title: RemoteTitle) -> int:
    return 1 + len(title.episodes)
