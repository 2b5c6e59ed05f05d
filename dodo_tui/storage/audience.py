"""What is not recorded: private mode, and the folders and names that are never tracked.

Every process that plays or watches a player goes by it.
"""

from __future__ import annotations

import sqlite3

from dodo_tui.domain.audience import Privacy, Rule, RuleKind, is_untracked
from dodo_tui.storage.settings import from_text, set_setting, setting, to_text

_PRIVACY = "private"
_RULES = "untracked"


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
    return tuple(Rule(RuleKind(kind), value) for kind, value in from_text(text))


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
    set_setting(connection, _RULES, to_text([[rule.kind, rule.text] for rule in wanted]))


def is_recorded(connection: sqlite3.Connection, path: str) -> bool:
    """Whether a viewing of this path or address is recorded if it begins now."""
    if privacy(connection) is not Privacy.OFF:
        return False
    return not is_untracked(path, rules(connection))
