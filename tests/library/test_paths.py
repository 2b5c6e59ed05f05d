from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dodo_tui.library.paths import (
    decoded,
    has_video_extension,
    is_below,
    readable,
    readable_path,
    without_extension,
)
from tests.library.strategies import paths


@given(paths)
def test_any_path_can_be_shown(path: str) -> None:
    """Also to a terminal that takes nothing but UTF-8."""
    shown = readable(path)

    shown.encode()
    assert "\x1b" not in shown
    assert "\n" not in shown


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_utf8_names_are_read_as_they_are(text: str) -> None:
    """Only other bytes are guessed at."""
    assert decoded(os.fsdecode(text.encode())) == text


def test_other_bytes_are_read_as_western() -> None:
    """What old disks hold; what even that cannot read is a question mark."""
    assert decoded(os.fsdecode(b"Am\xe9lie \x81.mkv")) == "Amélie ?.mkv"


def test_a_long_path_is_shown_whole() -> None:
    """A sentence about a file must name it."""
    assert readable_path("/" + "a" * 3000) == "/" + "a" * 3000


@pytest.mark.parametrize(
    ("path", "folder", "below"),
    [
        ("/m/a.mkv", "/m", True),
        ("/m/a.mkv", "/m/", True),
        ("/m", "/m/", True),
        ("/m2/a.mkv", "/m", False),
        ("/a.mkv", "/", True),
        ("/m", "/m/a", False),
    ],
)
def test_below_is_by_whole_folders(path: str, folder: str, below: bool) -> None:
    """`/m2` does not lie in `/m`."""
    assert is_below(path, folder) is below


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("a.mkv", "a"),
        ("a.MKV", "a"),
        ("a.mkv.mp4", "a"),
        ("Mr. Robot", "Mr. Robot"),
        ("a.srt", "a.srt"),
        (".mkv", ""),
        ("", ""),
    ],
)
def test_a_stem_is_without_a_videos_end(name: str, stem: str) -> None:
    """Other ends are part of the name."""
    assert without_extension(name) == stem


def test_a_hidden_file_has_no_extension() -> None:
    """`.mkv` is a name."""
    assert not has_video_extension(".mkv")
    assert not has_video_extension("mkv")
    assert has_video_extension("a.mkv")
