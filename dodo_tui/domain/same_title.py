"""Whether two titles that share an id are one: files and services sometimes give a wrong one."""

from __future__ import annotations

from collections.abc import Iterable

from dodo_tui.domain.ids import MediaId, Scheme
from dodo_tui.domain.media import Media

_YEARS_APART = 1
"""So far apart two sources may date one film: its festival, and its release."""


def contradicts(known: Media, known_by: Iterable[MediaId], told: Media) -> bool:
    """Whether what is told is another title than the known one, though they share an id.

    The best scheme in which both have an id decides. Where they differ there, only a title that is
    called and dated alike is the same one, whose id has changed.

    `known_by`: every id of the known title, of which there may be several in one scheme.
    """
    by_scheme: dict[Scheme, set[MediaId]] = {}
    for media_id in known_by:
        by_scheme.setdefault(media_id.scheme, set()).add(media_id)
    for media_id in told.ids.media_ids(told.kind):
        if media_id.scheme in by_scheme:
            is_same = media_id in by_scheme[media_id.scheme]
            return not is_same and not _is_called_alike(known, told)
    return False


def _is_called_alike(one: Media, other: Media) -> bool:
    names = {_letters(one.known_title), _letters(other.known_title)}
    if len(names) != 1 or "" in names:
        return False
    return one.year is None or other.year is None or abs(one.year - other.year) <= _YEARS_APART


def _letters(title: str) -> str:
    return "".join(character for character in title.casefold() if character.isalnum())
