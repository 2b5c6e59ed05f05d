"""Who a viewing is kept for: the person watching, others beside them, or nobody.

Rules about folders and names, and private mode, keep a viewing out of every history. It plays all
the same.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from enum import StrEnum
from fnmatch import fnmatchcase

from dodo_tui.domain.profile import Profile
from dodo_tui.values import dataclass


class Privacy(StrEnum):
    """Whether what is watched is recorded."""

    OFF = "off"
    ONCE = "once"
    """Not for the next viewing."""
    ON = "on"
    """Not until it is switched off."""


class RuleKind(StrEnum):
    """What a rule is about."""

    FOLDER = "folder"
    PATTERN = "pattern"


@dataclass(frozen=True, slots=True)
class Rule:
    """What is never tracked: a folder with all that is in it, or names that match a pattern.

    A pattern has `*`, `?` and `[abc]`, and is compared with the whole path or address and with each
    of its parts, whatever the case. Paths may hold bytes that are not UTF-8, as surrogates.
    """

    kind: RuleKind
    text: str

    def covers(self, path: str) -> bool:
        """Whether a path or an address falls under this rule."""
        if self.kind is RuleKind.FOLDER:
            folder = self.text.rstrip(os.sep)
            return path == folder or path.startswith(folder + os.sep)
        pattern = self.text.casefold()
        whole = path.casefold()
        return any(fnmatchcase(part, pattern) for part in (whole, *whole.split("/")) if part)


@dataclass(frozen=True, slots=True)
class Viewers:
    """Who watches what a player shows, from the moment it is asked for until it has gone."""

    profile_id: int
    company: tuple[int, ...] = ()
    """The profiles of those who watch along."""
    is_private: bool = False
    """Nothing of it is kept or told."""


def is_untracked(path: str, rules: Iterable[Rule]) -> bool:
    """Whether any rule covers a path."""
    return any(rule.covers(path) for rule in rules)


def audience_words(profile: Profile, company: Sequence[Profile], privacy: Privacy) -> str:
    """Who is watching, in a few words: `Anna`, `Anna, Ben`, `Anna, private`."""
    names = [profile.name, *(person.name for person in company)]
    match privacy:
        case Privacy.ON:
            names.append("private")
        case Privacy.ONCE:
            names.append("private once")
        case _:
            pass
    return ", ".join(names)
