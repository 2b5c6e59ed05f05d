"""Whether a library's folders have changed: one `stat` each, and a listing only where they have."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from dodo_tui.library.folder_marks import FolderMark, FolderMarks, folder_marks

DAY_NS = 86_400_000_000_000
LONG_AGO_NS = 1_700_000_000_000_000_000


class Disk:
    """A library, on a disk whose folders changed when a test says so, and who lists them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.listed: list[str] = []
        self.now_ns = LONG_AGO_NS + DAY_NS
        for name in ("films/Heat (1995)", "shows/Dark/Season 1", ".trash"):
            (root / name).mkdir(parents=True)
        for folder in self.folders():
            os.utime(folder, ns=(LONG_AGO_NS, LONG_AGO_NS))

    def folders(self) -> list[Path]:
        """Every folder that counts."""
        names = ("", "films", "films/Heat (1995)", "shows", "shows/Dark", "shows/Dark/Season 1")
        return [self.root / name for name in names]

    def put(self, name: str, *, seconds_later: int = 60) -> None:
        """A new file; its folder changes some time after all the others."""
        path = self.root / name
        path.write_bytes(b"video")
        changed_ns = LONG_AGO_NS + seconds_later * 1_000_000_000
        os.utime(path.parent, ns=(changed_ns, changed_ns))

    def look(self, before: FolderMarks) -> dict[str, FolderMark]:
        """How it stands."""
        self.listed.clear()

        def scandir(path: str) -> AbstractContextManager[list[os.DirEntry[str]]]:
            self.listed.append(path)
            return os.scandir(path)  # type: ignore[return-value]

        return folder_marks([str(self.root)], before, scandir=scandir, now_ns=lambda: self.now_ns)


@pytest.fixture
def disk(tmp_path: Path) -> Disk:
    """A library."""
    return Disk(tmp_path / "media")


def test_what_has_not_changed_is_not_listed(disk: Disk) -> None:
    """Hidden folders are no part of it."""
    first = disk.look({})
    assert sorted(first) == sorted(map(str, disk.folders()))
    assert len(disk.listed) == len(disk.folders())
    assert disk.look(first) == first
    assert disk.listed == []


def test_a_new_file_is_noticed_in_its_folder_alone(disk: Disk) -> None:
    """However deep it is; then it is known."""
    first = disk.look({})
    disk.put("shows/Dark/Season 1/Dark.S01E01.mkv")
    second = disk.look(first)
    assert second != first
    assert disk.listed == [str(disk.root / "shows/Dark/Season 1")]
    assert disk.look(second) == second


def test_a_new_folder_and_a_gone_one_are_noticed(disk: Disk) -> None:
    """By the folder around them, and by what is in them from then on."""
    first = disk.look({})
    (disk.root / "films/Alien (1979)").mkdir()
    second = disk.look(first)
    assert set(second) - set(first) == {str(disk.root / "films/Alien (1979)")}
    (disk.root / "films/Heat (1995)").rmdir()
    third = disk.look(second)
    assert set(second) - set(third) == {str(disk.root / "films/Heat (1995)")}


def test_a_folder_that_has_just_changed_is_looked_at_again(disk: Disk) -> None:
    """Its clock may not tell two changes within a moment apart."""
    first = disk.look({})
    disk.now_ns = LONG_AGO_NS + 60_000_000_000
    disk.put("films/Alien.1979.mkv")
    second = disk.look(first)
    disk.put("films/Aliens.1986.mkv")
    disk.now_ns += DAY_NS
    assert disk.look(second) != second


def test_a_disk_that_is_not_there_is_noticed_when_it_comes(disk: Disk) -> None:
    """A folder that is missing or cannot be listed is no error."""
    root = disk.root.rename(disk.root.with_name("elsewhere"))
    gone = disk.look({})
    assert gone == {str(disk.root): FolderMark(None)}
    root.rename(disk.root)
    assert set(disk.look(gone)) == set(map(str, disk.folders()))


def test_a_link_to_itself_hides_nothing(disk: Disk) -> None:
    """Whatever else comes into its folder is noticed."""
    films = disk.root / "films"
    (films / "loop").symlink_to(films / "loop")
    before = disk.look({})
    disk.put("films/Alien.mkv", seconds_later=120)
    assert disk.look(before) != before


def test_links_in_a_circle_come_to_an_end(disk: Disk) -> None:
    """No folder is entered twice."""
    (disk.root / "films" / "all").symlink_to(disk.root)
    assert len(disk.look({})) == len(disk.folders())
