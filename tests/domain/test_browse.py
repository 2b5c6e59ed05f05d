"""The library in order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dodo_tui.domain.browse import (
    LibraryFilter,
    LibraryPlace,
    LibrarySort,
    LibraryTitle,
    arranged,
    initial,
    landmark,
    sort_name,
)
from dodo_tui.domain.ids import Kind


def title(name: str, kind: Kind = Kind.MOVIE, **fields: object) -> LibraryTitle:
    """A title that is here and has not been watched."""
    plain = LibraryTitle(name, kind, name, None, "", "", True, False, False, None, 0, 0)
    return plain._replace(**fields)  # type: ignore[arg-type]


MATRIX = title("The Matrix", year=1999, added_at="2026-01-03", touched_at="2026-05-01")
ANDOR = title("Andor", Kind.SHOW, year=2022, added_at="2026-01-01", planned=True)
EMILIE = title("Émilie", year=2010, added_at="2026-01-02", touched_at="2026-06-01")
NUMBER = title("12 Monkeys", year=1995, added_at="2026-01-04")
ALL = (MATRIX, ANDOR, EMILIE, NUMBER)


@pytest.mark.parametrize(
    ("place", "names"),
    [
        (LibraryPlace(), ["12 Monkeys", "Andor", "Émilie", "The Matrix"]),
        (LibraryPlace(LibraryFilter.FILMS), ["12 Monkeys", "Émilie", "The Matrix"]),
        (LibraryPlace(LibraryFilter.SHOWS), ["Andor"]),
        (LibraryPlace(LibraryFilter.WATCHLIST), ["Andor"]),
        (LibraryPlace(sort=LibrarySort.ADDED), ["12 Monkeys", "The Matrix", "Émilie", "Andor"]),
        (LibraryPlace(sort=LibrarySort.YEAR), ["Andor", "Émilie", "The Matrix", "12 Monkeys"]),
        (LibraryPlace(sort=LibrarySort.WATCHED), ["Émilie", "The Matrix", "12 Monkeys", "Andor"]),
    ],
)
def test_each_order_puts_the_newest_first_and_equal_ones_by_name(
    place: LibraryPlace, names: list[str]
) -> None:
    """Newest, latest and last watched come first; equal ones are in order of their names."""
    assert [each.title for each in arranged(ALL, place)] == names


@pytest.mark.parametrize(
    ("name", "letter"),
    [("The Matrix", "M"), ("A Quiet Place", "Q"), ("Émilie", "E"), ("The", "T"), ("An", "A"),
     ("12 Monkeys", "#"), ("進撃の巨人", "#"), ("", "#"), ("ßeta", "S"), ("…And Justice", "#")],
)  # fmt: skip
def test_a_title_is_found_under_a_letter(name: str, letter: str) -> None:
    """Without its article and its accents; what has no letter is under #."""
    assert initial(name) == letter


def test_numbers_are_in_order_by_what_they_are_worth() -> None:
    """At the front, inside and at the end, whatever zeros stand before them; articles aside."""
    names = ["9", "007", "10 Things", "Film 2", "The Film 10", "Film 1", "Film 11b", "Film"]
    shown = [each.title for each in arranged(map(title, names), LibraryPlace())]
    assert shown == ["007", "9", "10 Things", "Film", "Film 1", "Film 2", "The Film 10", "Film 11b"]


@given(st.lists(st.text(max_size=12), max_size=30))
def test_letters_are_in_one_piece(names: list[str]) -> None:
    """In the order of names every letter's titles stand together, and letters are in order."""
    shown = arranged([title(name, media_id=str(i)) for i, name in enumerate(names)], LibraryPlace())
    marks = [landmark(each, LibrarySort.NAME) for each in shown]
    assert marks == sorted(marks, key=lambda mark: (mark != "#", mark))


def test_years_are_found_by_decade() -> None:
    """Other orders have no landmarks."""
    assert landmark(MATRIX, LibrarySort.YEAR) == "1990"
    assert landmark(MATRIX._replace(year=None), LibrarySort.YEAR) == "?"
    assert landmark(MATRIX, LibrarySort.ADDED) == ""


@given(st.text(max_size=20))
def test_a_name_to_sort_by_never_vanishes(name: str) -> None:
    """An article alone is a title."""
    assert bool(sort_name(name)) or not name.strip() or not any(map(str.isprintable, name.strip()))
