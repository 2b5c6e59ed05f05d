"""What is not recorded: private mode, and the folders and names that are never tracked.

Every process that plays or watches a player goes by it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime

from dodo_tui.domain.audience import Privacy, Rule, RuleKind, Viewers, is_untracked
from dodo_tui.storage.profiles import active_profile, profiles, set_setting, setting

_PRIVACY = "private"
_RULES = "untracked"
_COMPANY = "company"


def privacy(connection: sqlite3.Connection) -> Privacy:
    """Whether what is watched is recorded."""
    value = setting(connection, _PRIVACY)
    return Privacy(value) if value in set(Privacy) else Privacy.OFF


def set_privacy(connection: sqlite3.Connection, wanted: Privacy) -> None:
    """Switch private mode."""
    set_setting(connection, _PRIVACY, wanted)


def end_private_once(connection: sqlite3.Connection) -> None:
    """The viewing that was to be private is over."""
    if privacy(connection) is Privacy.ONCE:
        set_privacy(connection, Privacy.OFF)


def rules(connection: sqlite3.Connection) -> tuple[Rule, ...]:
    """What is never tracked, in the order in which it was said."""
    text = setting(connection, _RULES)
    if text is None:
        return ()
    return tuple(Rule(RuleKind(kind), value) for kind, value in json.loads(text))


def add_rule(connection: sqlite3.Connection, rule: Rule) -> None:
    """Never track this from now on."""
    _save(connection, [*(known for known in rules(connection) if known != rule), rule])


def remove_rule(connection: sqlite3.Connection, rule: Rule) -> bool:
    """Track this again; False if there was no such rule."""
    known = rules(connection)
    if rule not in known:
        return False
    _save(connection, [other for other in known if other != rule])
    return True


def _save(connection: sqlite3.Connection, wanted: list[Rule]) -> None:
    set_setting(connection, _RULES, json.dumps([[rule.kind, rule.text] for rule in wanted]))


def company(connection: sqlite3.Connection, profile_id: int) -> tuple[int, ...]:
    """The profiles of those who were said to watch along with somebody, and still exist."""
    along = _companies(connection).get(str(profile_id), [])
    known = {person.id for person in profiles(connection)} if along else set()
    return tuple(id_ for id_ in along if id_ in known and id_ != profile_id)


def set_company(connection: sqlite3.Connection, profile_id: int, along: Sequence[int]) -> None:
    """Remember who watches along with somebody."""
    companies = _companies(connection)
    companies[str(profile_id)] = list(along)
    set_setting(connection, _COMPANY, json.dumps(companies))


def forget_person(connection: sqlite3.Connection, profile_id: int) -> None:
    """Nobody watches along with somebody who is deleted: their number is given out again.

    Expects a transaction around it.
    """
    companies = _companies(connection)
    companies.pop(str(profile_id), None)
    kept = {name: [id_ for id_ in along if id_ != profile_id] for name, along in companies.items()}
    connection.execute("UPDATE setting SET value = ? WHERE name = ?", (json.dumps(kept), _COMPANY))


def _companies(connection: sqlite3.Connection) -> dict[str, list[int]]:
    text = setting(connection, _COMPANY)
    return {} if text is None else dict(json.loads(text))


def household(connection: sqlite3.Connection, name: str | None, now: datetime) -> Viewers:
    """Who watches what other players show: who was chosen last, on whatever screen.

    It does not depend on which process happens to watch the players. `name`: the one that the
    configuration names.

    Raises:
        UnknownProfileError: it names nobody.
    """
    profile = active_profile(connection, name, now)
    return Viewers(profile.id, company(connection, profile.id))


def is_recorded(connection: sqlite3.Connection, path: str) -> bool:
    """Whether a viewing of this path or address is recorded if it begins now."""
    if privacy(connection) is not Privacy.OFF:
        return False
    return not is_untracked(path, rules(connection))
