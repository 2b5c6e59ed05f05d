"""Pictures on disk: for good, for this user only, and no more than there is room for."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest

from dodo_tui.storage.pictures import PictureCache
from tests.support.clock import START

PICTURE = b"\x89PNG" + b"x" * 96


def files(folder: Path) -> list[Path]:
    """What is in the cache, by age."""
    return sorted(folder.iterdir(), key=lambda path: (path.stat().st_mtime, path.name))


def test_what_is_kept_comes_back(tmp_path: Path) -> None:
    """Also in the next process, and another name is another picture."""
    cache = PictureCache(tmp_path / "posters")
    assert cache.get("14/a") is None and not cache.has("14/a")
    assert cache.put("14/a", PICTURE)
    again = PictureCache(tmp_path / "posters")
    assert again.get("14/a") == PICTURE and again.has("14/a")
    assert again.get("14/b") is None


def test_nobody_else_can_read_it(tmp_path: Path) -> None:
    """Files of mode 0600 in a folder of 0700, whatever the umask."""
    old = os.umask(0)
    try:
        cache = PictureCache(tmp_path / "cache" / "posters")
        cache.put("14/a", PICTURE)
        cache.refuse("14/b", START)
    finally:
        os.umask(old)
    folder = tmp_path / "cache" / "posters"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


@pytest.mark.parametrize("name", ["../../x", "/etc/passwd", "", "a\x00b", "\ud800", "x" * 5000])
def test_a_name_is_never_a_path(tmp_path: Path, name: str) -> None:
    """Whatever it is, the file is in the folder."""
    folder = tmp_path / "posters"
    cache = PictureCache(folder)
    assert cache.put(name, PICTURE)
    assert cache.get(name) == PICTURE
    assert list(tmp_path.iterdir()) == [folder]
    assert len(files(folder)) == 1


def test_the_oldest_go_when_there_is_too_much(tmp_path: Path) -> None:
    """The total stays bounded; what came last stays."""
    folder = tmp_path / "posters"
    cache = PictureCache(folder, most_bytes=1000)
    for number in range(30):
        assert cache.put(f"14/{number}", PICTURE)
        for path in files(folder):
            if path.stat().st_mtime > 10_000:
                os.utime(path, (number, number))
        assert sum(path.stat().st_size for path in files(folder)) <= 1000
    assert cache.get("14/29") == PICTURE and cache.get("14/25") == PICTURE
    assert cache.get("14/0") is None
    PictureCache(folder, most_bytes=250).put("14/30", PICTURE)
    assert len(files(folder)) == 2


def test_what_a_crash_left_is_cleared_away_first(tmp_path: Path) -> None:
    """A half-written file counts, and is the oldest."""
    folder = tmp_path / "posters"
    cache = PictureCache(folder, most_bytes=1000)
    cache.put("14/a", PICTURE)
    leftover = folder / ".new-left"
    leftover.write_bytes(b"x" * 5000)
    os.utime(leftover, (1, 1))
    PictureCache(folder, most_bytes=1000).put("14/b", PICTURE)
    assert not leftover.exists()
    assert cache.get("14/a") == cache.get("14/b") == PICTURE


@pytest.mark.parametrize("data", [b"", b"x" * 1001])
def test_nothing_and_too_much_are_not_kept(tmp_path: Path, data: bytes) -> None:
    """Nor read, where somebody else has put it there."""
    cache = PictureCache(tmp_path, largest_bytes=1000)
    assert not cache.put("14/a", data)
    cache.put("14/a", PICTURE)
    files(tmp_path)[0].write_bytes(data)
    assert cache.get("14/a") is None


def test_that_there_is_none_is_remembered_for_a_while(tmp_path: Path) -> None:
    """By age; a picture that comes all the same ends it."""
    cache = PictureCache(tmp_path / "posters")
    assert not cache.is_refused("14/a", START)
    cache.refuse("14/a", START)
    assert cache.is_refused("14/a", START + timedelta(days=29))
    assert not cache.is_refused("14/a", START + timedelta(days=31))
    assert not cache.is_refused("14/a", START - timedelta(days=31)), "a clock that was wrong"
    assert cache.get("14/a") is None
    cache.put("14/a", PICTURE)
    assert not cache.is_refused("14/a", START)


def test_a_disk_that_refuses_is_as_if_there_were_no_cache(tmp_path: Path) -> None:
    """No error reaches anybody."""
    blocked = tmp_path / "posters"
    blocked.write_text("a file where the folder should be")
    cache = PictureCache(blocked)
    assert not cache.put("14/a", PICTURE)
    cache.refuse("14/a", START)
    assert cache.get("14/a") is None
    assert not cache.has("14/a") and not cache.is_refused("14/a", START)
