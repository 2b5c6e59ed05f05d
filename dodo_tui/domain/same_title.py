"""Whether two films that share an id are one: files and services sometimes give a wrong one."""

from __future__ import annotations

from collections.abc import Iterable

from dodo_tui.domain.ids import Kind, MediaId, Scheme
from dodo_tui.domain.media import Media

_ENOUGH_SHARED = 2
_YEARS_APART = 1
"""So far apart two sources may date one film: its festival, and its release."""


def contradicts(known: Media, known_by: Iterable[MediaId], told: Media) -> bool:
    """Whether what is told is another film than the known one, though they share an id.

    Where they share two ids or more, or IMDb's, they are one. Else the best scheme in which both
    have an id decides: where they differ there, it is the same film with a changed id only if they
    are called and dated alike, as far as that is known; where they share that id, it is a wrong one
    only if they are neither called nor dated alike. A series never is another one: the seasons of
    an anime are entries of their own at Simkl, under ids of which they share some.

    `known_by`: every id of the known title, of which there may be several in one scheme.
    """
    if not (known.kind is told.kind is Kind.MOVIE):
        return False
    ids, known_ids = told.ids.media_ids(told.kind), frozenset(known_by)
    schemes = {media_id.scheme for media_id in known_ids}
    shared = [media_id for media_id in ids if media_id in known_ids]
    if len(shared) >= _ENOUGH_SHARED or any(each.scheme is Scheme.IMDB for each in shared):
        return False
    best = next((media_id for media_id in ids if media_id.scheme in schemes), None)
    alike = _may_be_called_alike(known, told), _may_be_dated_alike(known, told)
    return best is not None and not (any(alike) if best in known_ids else all(alike))


def _may_be_called_alike(one: Media, other: Media) -> bool:
    return len({_letters(one.known_title), _letters(other.known_title)} - {""}) < 2


def _may_be_dated_alike(one: Media, other: Media) -> bool:
    return one.year is None or other.year is None or abs(one.year - other.year) <= _YEARS_APART


def _letters(title: str) -> str:
    return "".join(character for character in title.casefold() if character.isalnum())
