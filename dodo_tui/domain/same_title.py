"""Whether two films that share an id are one: files and services sometimes give a wrong one."""

from __future__ import annotations

from collections.abc import Iterable

from dodo_tui.domain.ids import Kind, MediaId
from dodo_tui.domain.media import Media

_ENOUGH_SHARED = 2
_YEARS_APART = 1
"""So far apart two sources may date one film: its festival, and its release."""


def contradicts(known: Media, known_by: Iterable[MediaId], told: Media) -> bool:
    """Whether what is told is another film than the known one, though they share an id.

    The best scheme in which both have an id decides. Where they differ there, it is the same film
    with a changed id only if they share two ids or more, or are called and dated alike, as far as
    that is known. A series never is another one: the seasons of an anime are entries of their own
    at Simkl, under ids of which they share some.

    `known_by`: every id of the known title, of which there may be several in one scheme.
    """
    if not (known.kind is told.kind is Kind.MOVIE):
        return False
    ids, known_ids = told.ids.media_ids(told.kind), frozenset(known_by)
    schemes = {media_id.scheme for media_id in known_ids}
    best = next((media_id for media_id in ids if media_id.scheme in schemes), None)
    if best is None or best in known_ids:
        return False
    shared = sum(media_id in known_ids for media_id in ids)
    return shared < _ENOUGH_SHARED and not _may_be_called_alike(known, told)


def _may_be_called_alike(one: Media, other: Media) -> bool:
    names = {_letters(one.known_title), _letters(other.known_title)} - {""}
    if len(names) > 1:
        return False
    return one.year is None or other.year is None or abs(one.year - other.year) <= _YEARS_APART


def _letters(title: str) -> str:
    return "".join(character for character in title.casefold() if character.isalnum())
