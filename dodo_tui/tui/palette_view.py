"""What the palette lists, and what of it goes with the words that were written. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from dodo_tui.tui.deed import Deed
from dodo_tui.tui.widgets.menu_list import MenuRow

_AT_START, _AT_WORD, _INSIDE = 4, 2, 1
"""How well a word goes with where it was found in a name; in what that is about, it counts one."""


class Group(NamedTuple):
    """Deeds under a heading."""

    heading: str
    deeds: Sequence[Deed]


def grouped(here: Iterable[Deed], anywhere: Iterable[Deed], place: str) -> tuple[Group, ...]:
    """What concerns where one is, then where one can go, then what can be done anywhere.

    Nothing twice: what is done here goes first. `place` is the name of where one is already.
    """
    own = {deed.key: deed for deed in reversed(list(here))}
    near = tuple(reversed(own.values()))
    ids = {deed.id for deed in near if not deed.about or deed.id.startswith("show_")}
    far = [
        deed
        for deed in anywhere
        if deed.key not in own and deed.id not in ids and deed.name != place
    ]
    places = tuple(deed for deed in far if deed.id.startswith("show_"))
    others = tuple(deed for deed in far if not deed.id.startswith("show_"))
    groups = (Group("Here", near), Group("Go to", places), Group("Anywhere", others))
    return tuple(group for group in groups if group.deeds)


def palette_rows(groups: Sequence[Group], query: str) -> tuple[MenuRow, ...]:
    """Everything under its headings; with words to search for, what has them, the best first."""
    words = query.casefold().split()
    if not words:
        return tuple(row for group in groups for row in _under_heading(group))
    found = [
        (quality, deed)
        for group in groups
        for deed in group.deeds
        if (quality := fit_of(words, deed))
    ]
    found.sort(key=lambda each: -each[0])
    return tuple(_row(deed) for _, deed in found)


def _under_heading(group: Group) -> Iterable[MenuRow]:
    yield MenuRow(f"heading {group.heading}", group.heading, heading=True)
    yield from map(_row, group.deeds)


def _row(deed: Deed) -> MenuRow:
    return MenuRow(deed.key, deed.name, status=deed.about)


def fit_of(words: Sequence[str], deed: Deed) -> int:
    """How well a deed goes with words, in lower case; 0 unless each of them is in it."""
    name, about = deed.name.casefold(), deed.about.casefold()
    total = 0
    for word in words:
        if name.startswith(word):
            total += _AT_START
        elif f" {word}" in name:
            total += _AT_WORD
        elif word in name or word in about:
            total += _INSIDE
        else:
            return 0
    return total
