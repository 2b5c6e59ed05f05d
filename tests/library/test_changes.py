from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dodo_tui.library.changes import Changes, Moved, diff
from dodo_tui.library.walk import FoundFile


def file(path: str, size: int = 1, time: int = 1, folder: str = "/m") -> FoundFile:
    """A found file."""
    return FoundFile(path, size, time, folder)


def test_nothing_changed() -> None:
    """The everyday scan."""
    changes = diff({"/m/a.mkv": (1, 1)}, [file("/m/a.mkv")], ["/m"])

    assert changes == Changes(unchanged_count=1)
    assert changes.is_empty


def test_added_changed_and_missing() -> None:
    """Size or time makes a change; absence in a present folder makes a loss."""
    known = {"/m/a.mkv": (1, 1), "/m/b.mkv": (1, 1), "/m/c.mkv": (9, 9), "/m/d.mkv": (1, 1)}
    a, b, d, e = (
        file("/m/a.mkv", size=2), file("/m/b.mkv", time=2), file("/m/d.mkv"), file("/m/e.mkv", 5)
    )  # fmt: skip

    changes = diff(known, [a, b, d, e], ["/m"])

    assert changes == Changes((e,), (a, b), (), 1, ("/m/c.mkv",))


def test_a_renamed_file_is_moved() -> None:
    """The decision of the user goes with it."""
    new = file("/m/Film (2010).mkv", 7, 8)

    changes = diff({"/m/film.mkv": (7, 8)}, [new], ["/m"])

    assert changes == Changes(moved=(Moved("/m/film.mkv", new),))


def test_files_that_look_alike_are_told_by_their_names() -> None:
    """A season unpacked in one second, all of one size, moved to another folder."""
    known = {f"/m/old/{n}.mkv": (1, 1) for n in range(5)}
    found = [file(f"/m/new/{n}.mkv") for n in range(5)]

    changes = diff(known, found, ["/m"])

    assert {m.previous_path: m.file.path for m in changes.moved} == {
        f"/m/old/{n}.mkv": f"/m/new/{n}.mkv" for n in range(5)
    }


def test_what_cannot_be_told_apart_is_new() -> None:
    """Better asked again than given another file's decision."""
    known = {"/m/a.mkv": (1, 1), "/m/b.mkv": (1, 1)}
    found = [file("/m/c.mkv"), file("/m/d.mkv")]

    changes = diff(known, found, ["/m"])

    assert changes == Changes(added=tuple(found), missing=("/m/a.mkv", "/m/b.mkv"))


def test_a_copy_is_not_a_move() -> None:
    """The original is still there and keeps its row."""
    found = [file("/m/a.mkv"), file("/m/copy/a.mkv")]

    changes = diff({"/m/a.mkv": (1, 1)}, found, ["/m"])

    assert changes == Changes(added=(found[1],), unchanged_count=1)


def test_nothing_is_missing_in_a_folder_that_is_away() -> None:
    """An unplugged disk has not deleted anything."""
    known = {"/disk/a.mkv": (1, 1), "/disk2/b.mkv": (2, 2)}

    assert diff(known, [], ["/disk2"]).missing == ("/disk2/b.mkv",)
    assert diff(known, [], []).is_empty


def test_nothing_is_missing_below_what_could_not_be_read() -> None:
    """Also where an absent library folder lies inside one that is present."""
    known = {"/m/tv/a.mkv": (1, 1), "/m/tv2/b.mkv": (2, 2)}

    assert diff(known, [], ["/m"], ["/m/tv"]).missing == ("/m/tv2/b.mkv",)


def test_a_disk_mounted_elsewhere_keeps_its_decisions() -> None:
    """/media/usb today is /media/usb1 tomorrow."""
    new = file("/media/usb1/a.mkv", 7, 8, "/media/usb1")

    changes = diff({"/media/usb/a.mkv": (7, 8)}, [new], ["/media/usb1"], ["/media/usb"])

    assert changes == Changes(moved=(Moved("/media/usb/a.mkv", new),))


small = st.integers(1, 3)
disk_paths = st.builds(
    "/{}/{}/{}.mkv".format, st.sampled_from("mn"), st.sampled_from("ab"), st.sampled_from("xyz")
)
states = st.dictionaries(disk_paths, st.tuples(small, small), max_size=8)


@given(states, states, st.sets(st.sampled_from(["/m", "/n"])))
def test_every_file_is_accounted_for_once(
    known: dict[str, tuple[int, int]], now: dict[str, tuple[int, int]], present: set[str]
) -> None:
    """Whatever happens on the disk: each found file in one list, nothing known lost twice."""
    files = [file(path, *state) for path, state in now.items()]

    changes = diff(known, files, present)

    moved = [move.file for move in changes.moved]
    listed = [f.path for f in (*changes.added, *changes.changed, *moved)]
    assert len(listed) == len(set(listed))
    assert changes.unchanged_count + len(listed) == len(files)
    gone = [*changes.missing, *(move.previous_path for move in changes.moved)]
    assert len(gone) == len(set(gone))
    assert set(gone) <= set(known) - set(now)
    assert all(path[:2] in present for path in changes.missing)


@given(states)
def test_the_same_again_is_no_change(state: dict[str, tuple[int, int]]) -> None:
    """A second scan finds nothing to do."""
    files = [file(path, *mark) for path, mark in state.items()]

    assert diff(state, files, ["/m", "/n"]) == Changes(unchanged_count=len(state))
