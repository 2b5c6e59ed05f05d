"""What a row of the Library says. Pure, and cheap: there may be ten thousand of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from dodo_tui.domain.browse import LibraryPlace, LibraryTitle, arranged, landmark
from dodo_tui.domain.figures import counted, ratio_text
from dodo_tui.domain.ids import Kind
from dodo_tui.domain.status import Tone
from dodo_tui.tui.widgets.menu_list import MenuRow

_KIND_WORDS = {Kind.MOVIE: "film", Kind.SHOW: "show", Kind.ANIME: "anime"}
"""Equally wide, so that they are a column."""


class LibraryRows(NamedTuple):
    """The rows of the list, and what leads through them."""

    rows: tuple[MenuRow, ...]
    landmarks: dict[str, str]
    """Each letter or decade with the first title under it, in order."""
    mark_of: dict[str, str]
    """The letter or decade of each title."""
    counts: str
    """`14 films   3 shows`."""


def library_rows(titles: Sequence[LibraryTitle], place: LibraryPlace) -> LibraryRows:
    """The rows for a place in the library."""
    shown = arranged(titles, place)
    landmarks: dict[str, str] = {}
    mark_of = {title.media_id: landmark(title, place.sort) for title in shown}
    for media_id, mark in mark_of.items():
        if mark:
            landmarks.setdefault(mark, media_id)
    films = sum(title.is_film for title in shown)
    counts = (counted(films, "film"), counted(len(shown) - films, "show"))
    rows = tuple(_row(title) for title in shown)
    return LibraryRows(rows, landmarks, mark_of, "   ".join(counts))


def _row(title: LibraryTitle) -> MenuRow:
    words, tone, ratio = standing(title)
    return MenuRow(
        title.media_id,
        f"{title.title}  {title.year}" if title.year else title.title,
        status=words,
        tone=tone,
        ratio=ratio,
        end=_KIND_WORDS[title.kind],
    )


def standing(title: LibraryTitle) -> tuple[str, Tone, float | None]:
    """Where one stands in a title: in words, their tone, and a ratio where a bar says more."""
    if title.is_film and title.ratio is not None:
        return ratio_text(title.ratio), Tone.BUSY, title.ratio
    seen, known = title.seen_episodes, title.known_episodes
    if title.watched or (known and seen >= known):
        return "watched", Tone.GOOD, None
    if seen and known:
        return f"{seen} of {known}", Tone.BUSY, seen / known
    if not title.playable:
        return "watchlist, not on this device", Tone.QUIET, None
    return ("watchlist" if title.planned else ""), Tone.QUIET, None
