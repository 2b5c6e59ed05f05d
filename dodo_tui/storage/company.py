"""Who watches: whoever was chosen last, with those who were said to watch along."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from dodo_tui.domain.audience import Viewers
from dodo_tui.storage.profiles import active_profile
from dodo_tui.storage.settings import from_text, set_setting, setting, to_text

_COMPANY = "company"


def company(connection: sqlite3.Connection, profile_id: int) -> tuple[int, ...]:
    """The profiles of those who were said to watch along with somebody, and still exist."""
    along = _companies(connection).get(str(profile_id), [])
    known = {row[0] for row in connection.execute("SELECT id FROM profile")} if along else set()
    return tuple(id_ for id_ in along if id_ in known and id_ != profile_id)


def set_company(connection: sqlite3.Connection, profile_id: int, along: Sequence[int]) -> None:
    """Remember who watches along with somebody."""
    companies = _companies(connection)
    companies[str(profile_id)] = list(along)
    set_setting(connection, _COMPANY, to_text(companies))


def forget_person(connection: sqlite3.Connection, profile_id: int) -> None:
    """Nobody watches along with somebody who is deleted: their number is given out again.

    Expects a transaction around it.
    """
    companies = _companies(connection)
    companies.pop(str(profile_id), None)
    kept = {name: [id_ for id_ in along if id_ != profile_id] for name, along in companies.items()}
    connection.execute("UPDATE setting SET value = ? WHERE name = ?", (to_text(kept), _COMPANY))


def household(connection: sqlite3.Connection, name: str | None, now: datetime) -> Viewers:
    """Who watches what other players show: who was chosen last, on whatever screen.

    It does not depend on which process happens to watch the players. `name`: the one that the
    configuration names.

    Raises:
        UnknownProfileError: it names nobody.
    """
    profile = active_profile(connection, name, now)
    return Viewers(profile.id, company(connection, profile.id))


def _companies(connection: sqlite3.Connection) -> dict[str, list[int]]:
    text = setting(connection, _COMPANY)
    return {} if text is None else dict(from_text(text))
