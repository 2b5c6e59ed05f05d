"""Sixel is made once and kept on the disk; what was not kept by us never reaches a terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from dodo_tui.storage.pictures import PictureCache
from dodo_tui.tui.pictures.choice import Drawing
from dodo_tui.tui.pictures.decoding import UnfitPictureError
from dodo_tui.tui.pictures.drawing import Drawn, draw, draw_from
from dodo_tui.tui.pictures.sixel import MOST_DOWN
from dodo_tui.tui.pictures.sixel_terminal import Paper
from tests.support.pictures import plain_png, png

PAPER = Paper(10, 20, 128)
POSTER = png(60, 90, lambda x, y: (4 * x, 2 * y, 90))


class Memory:
    """A cache that a test can look into."""

    def __init__(self, **files: bytes) -> None:
        self.files = files

    def get(self, name: str) -> bytes | None:
        """A file."""
        return self.files.get(name)

    def put(self, name: str, data: bytes) -> bool:
        """Keep it."""
        self.files[name] = data
        return True


def drawn_from(cache: Memory, paper: Paper = PAPER) -> Drawn | None:
    """The poster in the cache as sixel of nine by seven cells."""
    return draw_from(cache, "poster", Drawing.SIXEL, 9, 7, paper)


def test_it_is_made_once() -> None:
    """The second time the poster itself is not needed, and it is the same to the byte."""
    cache = Memory(poster=POSTER)
    first = drawn_from(cache)
    assert first == draw(Drawing.SIXEL, POSTER, 9, 7, PAPER)
    assert len(cache.files) == 2
    del cache.files["poster"]
    assert drawn_from(cache) == first


def test_on_the_disk_it_is_a_picture_as_others(tmp_path: Path) -> None:
    """The cache of the posters keeps it, up to its size, and for this user only."""
    cache = PictureCache(tmp_path / "posters")
    cache.put("14/1", POSTER)
    first = draw_from(cache, "14/1", Drawing.SIXEL, 9, 7, PAPER)
    cache.drop("14/1")
    assert first is not None and draw_from(cache, "14/1", Drawing.SIXEL, 9, 7, PAPER) == first


def test_other_cells_or_colours_are_another_drawing() -> None:
    """The window has another font now, or dodo runs in another terminal."""
    cache = Memory(poster=POSTER)
    papers = (PAPER, Paper(11, 20, 128), Paper(10, 20, 16))
    some = [drawn_from(cache, paper) for paper in papers]
    assert len(cache.files) == 4 and len({each.sixel for each in some if each}) == 3


@pytest.mark.parametrize("drawing", [Drawing.BLOCKS, Drawing.KITTY])
def test_the_other_ways_keep_nothing(drawing: Drawing) -> None:
    """They are made quickly."""
    cache = Memory(poster=POSTER)
    assert draw_from(cache, "poster", drawing, 9, 7) is not None
    assert list(cache.files) == ["poster"]


def test_what_is_too_large_keeps_nothing() -> None:
    """It is blocks."""
    cache = Memory(poster=POSTER)
    drawn = drawn_from(cache, Paper(10, MOST_DOWN, 128))
    assert drawn is not None and not drawn.sixel and list(cache.files) == ["poster"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda kept: kept[:-1],
        lambda kept: kept[:300],
        lambda kept: b"",
        lambda kept: kept + b"\x1b[2J",
        lambda kept: kept[:600] + b"\x1b]52;c;eA==\x07" + kept[600:],
        lambda kept: kept[:600] + b"\x9b" + kept[600:],
        lambda kept: plain_png(),
    ],
)
def test_what_was_spoilt_is_made_anew(spoil: object) -> None:
    """Cut, longer, another file, or with sequences that mean harm."""
    assert callable(spoil)
    cache = Memory(poster=POSTER)
    first = drawn_from(cache)
    (kept,) = set(cache.files) - {"poster"}
    cache.files[kept] = spoil(cache.files[kept])
    assert drawn_from(cache) == first
    del cache.files["poster"]
    cache.files[kept] = spoil(cache.files[kept])
    assert drawn_from(cache) is None


def test_nothing_is_kept_of_what_is_no_picture() -> None:
    """And it is said as in every other way."""
    cache = Memory(poster=b"<html></html>")
    with pytest.raises(UnfitPictureError):
        drawn_from(cache)
    assert list(cache.files) == ["poster"]
    assert draw_from(Memory(), "poster", Drawing.SIXEL, 9, 7, PAPER) is None
