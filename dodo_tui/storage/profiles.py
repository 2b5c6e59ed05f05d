"""Profiles: who there is, what they are called, and who was chosen last."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from dodo_tui.domain.profile import COLOURS, DEFAULT_NAME, MOST_NAME_CHARACTERS, Profile
from dodo_tui.domain.text import clean_text
from dodo_tui.domain.times import to_iso
from dodo_tui.storage.database import transaction
from dodo_tui.storage.owner import is_alive
from dodo_tui.storage.settings import set_setting, setting


class ProfileError(Exception):
    """Something cannot be done with a profile; the text says why in one sentence."""


class UnknownProfileError(ProfileError):
    """No profile of that name; the text says which there are."""


def profiles(connection: sqlite3.Connection) -> tuple[Profile, ...]:
    """Everybody, in the order in which they were made."""
    rows = connection.execute("SELECT id, name, colour FROM profile ORDER BY id")
    return tuple(Profile(*row) for row in rows)


def add_profile(connection: sqlite3.Connection, name: str, now: datetime) -> Profile:
    """Make a profile, or find the one of that name."""
    with transaction(connection, durable=True):
        return ensure_profile(connection, name, now)


def ensure_profile(connection: sqlite3.Connection, name: str, now: datetime) -> Profile:
    """The same. Expects a transaction around it."""
    name = clean_text(name, MOST_NAME_CHARACTERS) or DEFAULT_NAME
    existing = len(profiles(connection))
    connection.execute(
        "INSERT INTO profile (name, colour, created_at) VALUES (?, ?, ?) "
        "ON CONFLICT (name) DO NOTHING",
        (name, COLOURS[existing % len(COLOURS)], to_iso(now)),
    )
    return next(profile for profile in profiles(connection) if profile.name == name)


def new_profile(connection: sqlite3.Connection, name: str, now: datetime) -> Profile:
    """Make a profile of a name that nobody has.

    Raises:
        ProfileError: the name is empty, or somebody has it.
    """
    return add_profile(connection, _free_name(connection, name, None), now)


def rename_profile(connection: sqlite3.Connection, profile_id: int, name: str) -> None:
    """Give a profile another name.

    Raises:
        ProfileError: the name is empty, or somebody else has it.
    """
    name = _free_name(connection, name, profile_id)
    with transaction(connection, durable=True):
        connection.execute("UPDATE profile SET name = ? WHERE id = ?", (name, profile_id))


def _free_name(connection: sqlite3.Connection, name: str, profile_id: int | None) -> str:
    """A name as it is kept, if it is one and no other profile's."""
    name = clean_text(name, MOST_NAME_CHARACTERS)
    if not name:
        raise ProfileError("A profile needs a name.")
    for profile in profiles(connection):
        if profile.id != profile_id and profile.name.casefold() == name.casefold():
            raise ProfileError(f"There is a profile {profile.name!r} already.")
    return name


def set_colour(connection: sqlite3.Connection, profile_id: int, colour: str) -> None:
    """Give a profile another colour, one of `COLOURS`."""
    with transaction(connection, durable=True):
        connection.execute("UPDATE profile SET colour = ? WHERE id = ?", (colour, profile_id))


def is_playing(connection: sqlite3.Connection, profile_id: int) -> bool:
    """Whether a viewing of a profile runs, in this process or another."""
    rows = connection.execute(
        # `+`: by the index of the few that are open, not by that of all plays of the profile
        "SELECT owner FROM play WHERE +profile_id = ? AND ended_at IS NULL",
        (profile_id,),
    )
    return any(row["owner"] and is_alive(row["owner"]) for row in rows)


def has_open_plays(connection: sqlite3.Connection) -> bool:
    """Whether there is a play that was not closed, whoever's it is."""
    row = connection.execute("SELECT EXISTS (SELECT 1 FROM play WHERE ended_at IS NULL)")
    return bool(row.fetchone()[0])


def find_profile(connection: sqlite3.Connection, name: str) -> Profile:
    """The profile of a name, however it is capitalised.

    Raises:
        UnknownProfileError: nobody is called so.
    """
    everybody = profiles(connection)
    for profile in everybody:
        if profile.name.casefold() == name.casefold():
            return profile
    known = ", ".join(profile.name for profile in everybody) or "none yet"
    raise UnknownProfileError(f"There is no profile {clean_text(name, 40)!r} (there are: {known}).")


def active_profile(connection: sqlite3.Connection, name: str | None, now: datetime) -> Profile:
    """The profile asked for by name, else the one used last, else the first, made if need be.

    Raises:
        UnknownProfileError: a name was asked for that nobody has.

    """
    if name is not None:
        return find_profile(connection, name)
    everybody = profiles(connection)
    if not everybody:
        return add_profile(connection, DEFAULT_NAME, now)
    last = setting(connection, "profile")
    return next((p for p in everybody if str(p.id) == last), everybody[0])


def use_profile(connection: sqlite3.Connection, profile_id: int) -> None:
    """Remember who is watching, for the next start."""
    set_setting(connection, "profile", str(profile_id))


def is_untouched(connection: sqlite3.Connection) -> bool:
    """Whether a database was made just now: no folder, no file, no account, no play."""
    return not any(
        connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone()
        for table in ("folder", "file", "account", "play")
    )
