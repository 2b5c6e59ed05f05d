from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dodo_tui.domain.ids import Kind, MediaId, Scheme
from dodo_tui.library.local_ids import local_media_id
from dodo_tui.library.names import ParsedName, parse_name

ONE_TITLE = [
    ("The.Office.US.S01E01.mkv", "The Office (US)/Season 2/The Office - S02E03.mkv"),
    ("The Office (2005)/S01E01.mkv", "The Office (2005)/Season 2/the.office.s02e01.mkv"),
    ("[Group] Frieren - 12.mkv", "Frieren - 13.mkv"),
    ("[Group] Frieren S2 - 05.mkv", "Frieren/Season 1/Frieren S01E01.mkv"),
    ("Show.S01E01E02.mkv", "Show/Specials/01.mkv"),
    ("Spider-Man (2002).mkv", "spiderman.2002.1080p.mkv"),
    ("a/Matrix, The (1999).mkv", "b/The.Matrix.1999.mkv"),
]

TWO_TITLES = [
    ("The Office (2005)/S01E01.mkv", "The.Office.US.S01E01.mkv"),
    ("Fargo (1996).mkv", "Fargo (2014)/Season 1/S01E01.mkv"),
    ("Fargo.mkv", "Fargo S01E01.mkv"),
    ("Dune (1984).mkv", "Dune (2021).mkv"),
    ("The Boys S01E01.mkv", "Boys S01E01.mkv"),
    ("Daily 2024-03-11.mkv", "Daily 2024-03-12.mkv"),
    ("Fargo/Season 2/Deleted Bits.mkv", "Fargo/Season 2/01.mkv"),
    ("2019-07-14 Birthday.mp4", "2020-07-14 Birthday.mp4"),
]


@pytest.mark.parametrize(("one", "other"), ONE_TITLE)
def test_files_of_one_title_share_an_id(one: str, other: str) -> None:
    """Up next and one card per series depend on it."""
    assert local_media_id(parse_name(one)) == local_media_id(parse_name(other))


@pytest.mark.parametrize(("one", "other"), TWO_TITLES)
def test_files_of_two_titles_do_not(one: str, other: str) -> None:
    """A shared id would resume one title where the other stopped."""
    assert local_media_id(parse_name(one)) != local_media_id(parse_name(other))


names = st.builds(
    ParsedName,
    kind=st.sampled_from(Kind),
    title=st.text(st.characters(), min_size=1, max_size=30),
    year=st.none() | st.integers(1888, 2100),
)


@given(names)
def test_an_id_is_local_and_reads_back(parsed: ParsedName) -> None:
    """The key goes to the database and comes back as text."""
    media_id = local_media_id(parsed)

    assert media_id.scheme is Scheme.LOCAL
    assert MediaId.parse(str(media_id)) == media_id
    assert local_media_id(parsed) == media_id
