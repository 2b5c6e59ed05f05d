from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from dodo_tui.library.walk import FoundFile, ProblemKind, walk
from tests.library.disk import failing, found, problems, put


def test_videos_are_found_in_the_order_of_their_names(tmp_path: Path) -> None:
    """A stable order makes a second scan show the same progress as the first."""
    put(tmp_path, "b.mkv", "a/2.mp4", "a/1.avi", "c/d/e.webm", "B.MKV", "notes.txt", "a/sub.srt")

    assert found(tmp_path) == ["B.MKV", "b.mkv", "a/1.avi", "a/2.mp4", "c/d/e.webm"]


def test_a_file_carries_what_tells_whether_it_changed(tmp_path: Path) -> None:
    """Size and time, and the library folder for the reading of its name."""
    put(tmp_path, "a.mkv", size=123)
    os.utime(tmp_path / "a.mkv", ns=(5, 7_000_000_001))

    (file,) = walk([str(tmp_path)])

    assert file == FoundFile(str(tmp_path / "a.mkv"), 123, 7_000_000_001, str(tmp_path))


def test_hidden_and_unfinished_files_are_left_out(tmp_path: Path) -> None:
    """What is hidden is hidden; what a download still writes is not there yet."""
    put(
        tmp_path,
        *(".hidden.mkv", ".trash/a.mkv", "@eaDir/a.mkv", "lost+found/a.mkv", "#recycle/a.mkv"),
        *("a.mkv.part", "a.mkv.!qB", "a.mkv.crdownload", "b.mkv", "b.mkv.aria2"),
        *("_UNPACK_Film/film.mkv", "ok.mkv"),
    )

    assert found(tmp_path) == ["ok.mkv"]


def test_extras_beside_a_title_are_left_out(tmp_path: Path) -> None:
    """Folders of extras as Plex, Kodi and Jellyfin name them."""
    put(
        tmp_path,
        *("Film (2010)/Film (2010).mkv", "Film (2010)/Extras/a.mkv", "Film (2010)/Other/b.mkv"),
        *("Film (2010)/Featurettes/c.mkv", "Film (2010)/Behind The Scenes/d.mkv"),
        *("Film (2010)/Sample/x.mkv", "Film (2010)/trailers/y.mkv"),
        *("Show/Season 1/01.mkv", "Show/Extras/S01E01 Deleted.mkv", "Show/Season 1/Extras/z.mkv"),
    )

    assert found(tmp_path) == ["Film (2010)/Film (2010).mkv", "Show/Season 1/01.mkv"]


def test_a_title_called_like_extras_is_kept(tmp_path: Path) -> None:
    """There is a show called "Extras", and people sort short films into "Shorts"."""
    put(
        tmp_path,
        *("TV/Extras/Season 1/Extras S01E01.mkv", "Shorts/Sintel.mkv", "Other/Holiday.mkv"),
        *("TV/Trailers/Trailers S01E01.mkv", "Trailer Park Boys/Trailer Park Boys S01E01.mkv"),
        *("The Sample (2019)/The Sample (2019).mkv",),
    )

    assert len(found(tmp_path)) == 6


def test_the_inside_of_a_disc_is_one_line_not_a_hundred_titles(tmp_path: Path) -> None:
    """`00001.m2ts` is no title."""
    put(tmp_path, "Film/BDMV/STREAM/00001.m2ts", "Old/VIDEO_TS/VTS_01_1.VOB", "ok.mkv")

    assert found(tmp_path) == ["ok.mkv"]
    assert [problem.path_text[-8:] for problem in problems(tmp_path)] == ["ilm/BDMV", "VIDEO_TS"]


def test_an_empty_file_is_said_to_be_empty(tmp_path: Path) -> None:
    """It has a video's name and nothing in it."""
    put(tmp_path, "a.mkv", size=0)
    put(tmp_path, "b.mkv")

    (problem,) = problems(tmp_path)

    assert problem.sentence == f"{tmp_path}/a.mkv: the file is empty."
    assert problem.kind is ProblemKind.NOTE
    assert found(tmp_path) == ["b.mkv"]


def test_a_name_that_is_not_utf8_opens_again_and_can_be_read(tmp_path: Path) -> None:
    """Bytes stay as they are inside; what is shown is text."""
    raw = os.fsencode(tmp_path) + b"/Am\xe9lie.mkv"
    Path(os.fsdecode(raw)).write_bytes(b"film")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\x1b[31m.mkv")).touch()

    (file,) = (event for event in walk([str(tmp_path)]) if isinstance(event, FoundFile))
    (problem,) = problems(tmp_path)

    assert os.fsencode(file.path) == raw
    assert Path(file.path).read_bytes() == b"film"
    assert problem.path_text == f"{tmp_path}/ÿ [31m.mkv"
    problem.sentence.encode()


@pytest.mark.parametrize("name", ["fifo.mkv", "folder.mkv"])
def test_only_files_are_videos(tmp_path: Path, name: str) -> None:
    """Opening a pipe would wait for ever; a folder with a video's name is a folder."""
    path = tmp_path / name
    if name.startswith("fifo"):
        os.mkfifo(path)
    else:
        put(path, "inside.mkv")

    assert found(tmp_path) == ([] if name.startswith("fifo") else ["folder.mkv/inside.mkv"])


def test_links_in_a_circle_end(tmp_path: Path) -> None:
    """Each folder is entered once, under its own name where it has one below."""
    put(tmp_path, "b/film.mkv")
    (tmp_path / "b" / "up").symlink_to(tmp_path)
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "self").symlink_to("self")
    (tmp_path / "self.mkv").symlink_to("self.mkv")

    assert found(tmp_path) == ["b/film.mkv"]


def test_a_link_out_of_the_library_is_followed(tmp_path: Path) -> None:
    """That is how people put a second disk into their library."""
    put(tmp_path / "disk", "Show/S01E01.mkv")
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "more").symlink_to(tmp_path / "disk")

    assert found(tmp_path / "library") == ["more/Show/S01E01.mkv"]


def test_a_link_to_nothing_is_unknown_not_gone(tmp_path: Path) -> None:
    """The disk it leads to may be unplugged."""
    put(tmp_path, "ok.mkv")
    (tmp_path / "away.mkv").symlink_to("/nowhere/film.mkv")
    (tmp_path / "away.txt").symlink_to("/nowhere/text.txt")

    (problem,) = problems(tmp_path)

    assert problem.kind is ProblemKind.UNREAD
    assert problem.path == str(tmp_path / "away.mkv")


def test_a_library_folder_inside_another_is_its_own(tmp_path: Path) -> None:
    """Every file belongs to one folder, whatever order they are given in."""
    put(tmp_path, "a.mkv", "tv/b.mkv")

    for folders in ([tmp_path, tmp_path / "tv"], [tmp_path / "tv", tmp_path]):
        owners = {
            Path(event.path).name: event.folder
            for event in walk([str(folder) for folder in folders])
            if isinstance(event, FoundFile)
        }
        assert owners == {"a.mkv": str(tmp_path), "b.mkv": str(tmp_path / "tv")}


def test_a_folder_given_twice_is_walked_once(tmp_path: Path) -> None:
    """Under two names too; the second is pointed out."""
    put(tmp_path / "tv", "a.mkv")
    (tmp_path / "link").symlink_to(tmp_path / "tv")
    tv, link = tmp_path / "tv", tmp_path / "link"

    assert found(tv, tv, link) == ["a.mkv"]
    assert [p.sentence for p in problems(tv, tv, link)] == [f"{link} is the same folder as {tv}."]


def test_a_vanished_folder_is_absent(tmp_path: Path) -> None:
    """One clear line, and the other folders go on."""
    put(tmp_path / "here", "a.mkv")

    (problem,) = problems(tmp_path / "here", tmp_path / "gone")

    assert not problem.folder_present
    assert problem.sentence == (
        f"{tmp_path}/gone: it is not there (is its disk connected?). "
        "Its files are kept as they were."
    )
    assert found(tmp_path / "here", tmp_path / "gone") == ["a.mkv"]


def test_an_empty_folder_is_taken_for_a_disk_that_is_away(tmp_path: Path) -> None:
    """The place of an unmounted disk is an empty folder."""
    (problem,) = problems(tmp_path)

    assert problem.kind is ProblemKind.ABSENT
    assert "empty" in problem.sentence


def test_a_folder_without_videos_says_so(tmp_path: Path) -> None:
    """It is there, and what was in it is gone."""
    put(tmp_path, "notes.txt")

    (problem,) = problems(tmp_path)

    assert problem.folder_present
    assert problem.sentence == f"{tmp_path}: no videos in it."


@pytest.mark.parametrize("folder", ["\x00", "\ud800", ""])
def test_a_folder_that_cannot_be_is_absent(folder: str) -> None:
    """A configuration file can hold any text."""
    (problem,) = problems(folder)

    assert not problem.folder_present
    problem.sentence.encode()


def test_a_file_given_as_a_folder_is_no_folder(tmp_path: Path) -> None:
    """One clear line."""
    put(tmp_path, "a.mkv")

    (problem,) = problems(tmp_path / "a.mkv")

    assert "it is not a folder" in problem.sentence


def test_a_folder_without_permission_is_unread_and_the_rest_goes_on(tmp_path: Path) -> None:
    """What is in it is unknown, not gone."""
    put(tmp_path, "a/1.mkv", "b/2.mkv", "c/3.mkv")
    denied = failing(tmp_path / "b", PermissionError(errno.EACCES, "Permission denied"))

    (problem,) = problems(tmp_path, scandir=denied)

    assert found(tmp_path, scandir=denied) == ["a/1.mkv", "c/3.mkv"]
    assert problem.kind is ProblemKind.UNREAD
    assert problem.folder_present
    assert problem.sentence == f"{tmp_path}/b: no permission to read it."


def test_a_library_folder_that_cannot_be_read_is_absent(tmp_path: Path) -> None:
    """Nothing is known about anything in it."""
    put(tmp_path, "a.mkv")
    broken = failing(tmp_path, OSError(errno.EIO, "Input/output error"))

    (problem,) = problems(tmp_path, scandir=broken)

    assert not problem.folder_present
    assert "input/output error" in problem.sentence


def test_folders_too_deep_are_unread(tmp_path: Path) -> None:
    """A bound is a bound, and says so."""
    put(tmp_path, "1/a.mkv", "1/2/b.mkv", "1/2/3/c.mkv")

    assert found(tmp_path, max_depth=2) == ["1/a.mkv", "1/2/b.mkv"]
    (problem,) = problems(tmp_path, max_depth=2)
    assert problem.path == str(tmp_path / "1/2/3")
    assert problem.kind is ProblemKind.UNREAD


def test_it_can_be_stopped_between_folders(tmp_path: Path) -> None:
    """Also where there is not a video to be found."""
    put(tmp_path, "a/1.mkv", "b/2.mkv")
    answers = iter([False, False, True])

    files = [event.path for event in walk([str(tmp_path)], lambda: next(answers, True))]

    assert files == [str(tmp_path / "a/1.mkv")]
