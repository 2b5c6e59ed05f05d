"""Looking for a folder: bounded, sorted, and never with an error."""

from __future__ import annotations

from pathlib import Path

import pytest

from dodo_tui.library import browse
from dodo_tui.library.browse import contents, places


def test_folders_are_sorted_as_people_sort_them(tmp_path: Path) -> None:
    """Hidden ones are left out, files are counted, links to folders are followed."""
    for name in ("b10", "b2", "A", "c", ".hidden", "\udcff"):
        (tmp_path / name).mkdir()
    (tmp_path / "film.mkv").write_bytes(b"x")
    (tmp_path / "link").symlink_to(tmp_path / "A")
    (tmp_path / "broken").symlink_to(tmp_path / "nowhere")
    found = contents(str(tmp_path))
    assert found.folders == ("A", "b2", "b10", "c", "link", "\udcff")
    assert (found.files, found.is_cut, found.problem) == (2, False, "")


def test_what_cannot_be_read_says_why(tmp_path: Path) -> None:
    """A folder that is gone, or is none."""
    assert "No such file" in contents(str(tmp_path / "gone")).problem
    (tmp_path / "file").write_bytes(b"")
    assert "Not a directory" in contents(str(tmp_path / "file")).problem


def test_a_huge_folder_is_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And says so."""
    monkeypatch.setattr(browse, "MOST_ENTRIES", 10)
    monkeypatch.setattr(browse, "MOST_FOLDERS", 4)
    for number in range(20):
        (tmp_path / f"{number}").mkdir()
    found = contents(str(tmp_path))
    assert (len(found.folders), found.is_cut) == (4, True)


def test_the_videos_folder_comes_first_and_everything_last(tmp_path: Path) -> None:
    """Home and the root are there whatever is mounted."""
    home = str(tmp_path)
    assert places({}, home)[-2:] == (home, "/")
    (tmp_path / "Videos").mkdir()
    assert places({"USER": "anna"}, home)[0] == str(tmp_path / "Videos")
