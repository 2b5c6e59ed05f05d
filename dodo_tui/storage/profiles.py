"""Profiles and the few settings that live in the database."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from dodo_tui.domain.profile import Profile
from dodo_tui.domain.text import clean_text
from dodo_tui.domain.times import to_iso
from dodo_tui.storage.database import transaction

DEFAULT_NAME = "Me"
_COLOURS = ("blue", "green", "magenta", "cyan", "yellow", "red")
_MAX_NAME_CHARACTERS = 40


class UnknownProfileError(Exception):
    """No profile of that name; the text says which there are."""


def profiles(connection: sqlite3.Connection) -> tuple[Profile, ...]:
    """Everybody, in the order in which they were made."""
    rows = connection.execute("SELECT id, name, colour FROM profile ORDER BY id")
    return tuple(Profile(*row) for row in rows)


def add_profile(connection: sqlite3.Connection, name: str, now: datetime) -> Profile:
    """Make a profile, or find the one of that name."""
    name = clean_text(name, _MAX_NAME_CHARACTERS) or DEFAULT_NAME
    with transaction(connection, durable=True):
        existing = len(profiles(connection))
        connection.execute(
            "INSERT INTO profile (name, colour, created_at) VALUES (?, ?, ?) "
            "ON CONFLICT (name) DO NOTHING",
            (name, _COLOURS[existing % len(_COLOURS)], to_iso(now)),
        )
    return next(profile for profile in profiles(connection) if profile.name == name)


def active_profile(connection: sqlite3.Connection, name: str | None, now: datetime) -> Profile:
    """The profile asked for by name, else the one used last, else the first, made if need be.

    Raises:
        UnknownProfileError: a name was asked for that nobody has.

    """
    everybody = profiles(connection)
    if name is not None:
        for profile in everybody:
            if profile.name.casefold() == name.casefold():
                return profile
        known = ", ".join(profile.name for profile in everybody) or "none yet"
        raise UnknownProfileError(
            f"There is no profile {clean_text(name, 40)!r} (there are: {known})."
        )
    if not everybody:
        return add_profile(connection, DEFAULT_NAME, now)
    last = setting(connection, "profile")
    return next((p for p in everybody if str(p.id) == last), everybody[0])


def setting(connection: sqlite3.Connection, name: str) -> str | None:
    """A remembered setting, None if it was never set."""
    row = connection.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
    return None if row is None else str(row[0])


def set_setting(connection: sqlite3.Connection, name: str, value: str) -> None:
    """Remember a setting."""
    with transaction(connection, durable=True):
        connection.execute(
            "INSERT INTO setting (name, value) VALUES (?, ?) "
            "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (name, value),
        )
