from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dodo_tui.library.titles import normalise, same_but_article, same_title, similarity

titles = st.one_of(
    st.text(st.characters(), max_size=40),
    st.lists(
        st.sampled_from(
            [
                *("The", "A", "I", "II", "iv", "V", "X", "Part", "Vol", "Two", "2", "and", "é"),
                *("ß", "İ", "Ø", "S.H.I.E.L.D.", "&", "'", ",", "-", ":", "+"),
            ]
        ),
        max_size=8,
    ).map(" ".join),
)

SAME = [
    ("The Matrix", "Matrix, The"),
    ("Amélie", "AMELIE"),
    ("Spider-Man", "Spiderman"),
    ("WALL·E", "Wall-E"),
    ("Fast & Furious", "Fast and Furious"),
    ("Romeo + Juliet", "Romeo and Juliet"),
    ("Rocky II", "Rocky 2"),
    ("Star Wars: Episode IV – A New Hope", "Star Wars Episode 4 - A New Hope"),
    ("Dune: Part Two", "Dune Part 2"),
    ("Saw Part V", "Saw Part 5"),
    ("S.W.A.T.", "SWAT"),
    ("Marvel's Agents of S.H.I.E.L.D.", "Marvels Agents of SHIELD"),
    ("Ocean’s Eleven", "Oceans Eleven"),
    ("Mr. Robot", "mr robot"),
    ("Smørrebrød", "Smorrebrod"),
    ("Die Straße", "die strasse"),
    ("WALL\N{ZERO WIDTH SPACE}E", "wall e"),
    ("Final Fantasy XVI", "Final Fantasy 16"),
    ("The Office (US)", "The Office US"),
]

DIFFERENT = [
    ("The Boys", "Boys"),
    ("Malcolm X", "Malcolm 10"),
    ("V for Vendetta", "5 for Vendetta"),
    ("I, Robot", "1 Robot"),
    ("X-Men", "10 Men"),
    ("Rocky II", "Rocky III"),
    ("Alien", "Aliens"),
    ("The Office US", "The Office UK"),
    ("Seven", "Se7en"),
    ("", ""),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_spelling_does_not_matter(one: str, other: str) -> None:
    """Names on disks and titles in databases differ in these ways all the time."""
    assert same_title(one, other)
    assert same_title(other, one)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_other_words_are_another_title(one: str, other: str) -> None:
    """Each of these pairs is two titles (or none)."""
    assert not same_title(one, other)


@given(titles)
def test_normalising_twice_changes_nothing(title: str) -> None:
    """Else a stored normal form would not find itself again."""
    assert normalise(normalise(title)) == normalise(title)


@given(titles, titles)
def test_comparing_is_symmetric_and_bounded(one: str, other: str) -> None:
    """It must not matter which of two titles was read from the disk."""
    assert 0 <= similarity(one, other) == similarity(other, one) <= 1
    assert same_title(one, other) == same_title(other, one)
    assert same_but_article(one, other) == same_but_article(other, one)
    assert same_title(one, other) == (similarity(one, other) == 1)


def test_an_article_alone_can_be_told() -> None:
    """The matching forgives it to films of the same year, and to titles of several words only."""
    assert same_but_article("The Dark Knight", "Dark Knight")
    assert not same_but_article("The Boys", "Boys")
