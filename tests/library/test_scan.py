from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from dodo_tui.domain.ids import Kind
from dodo_tui.library.changes import Fingerprint
from dodo_tui.library.names import ParsedName
from dodo_tui.library.scan import ScannedFile, ScanProgress, ScanResult, scan
from dodo_tui.library.walk import FoundFile, ProblemKind, WalkProblem
from tests.library.disk import put


@dataclass
class Keeper:
    """A caller that keeps what it is given, as the database will."""

    known: dict[str, Fingerprint] = field(default_factory=dict)
    batches: list[int] = field(default_factory=list)
    files: list[ScannedFile] = field(default_factory=list)
    parsed: list[str] = field(default_factory=list)
    progress: list[ScanProgress] = field(default_factory=list)

    def keep(self, batch: Sequence[ScannedFile]) -> None:
        """Take a batch."""
        self.batches.append(len(batch))
        self.files.extend(batch)
        for item in batch:
            self.known.pop(item.previous_path or "", None)
            self.known[item.file.path] = (item.file.size_bytes, item.file.modified_ns)

    def parse(self, path: str, folder: str = "") -> ParsedName:
        """Read a name without guessit, and count it."""
        self.parsed.append(path)
        return ParsedName(Kind.MOVIE, Path(path).stem)

    def scan(
        self, events: Sequence[FoundFile | WalkProblem], stop: Callable[[], bool] = lambda: False
    ) -> ScanResult:
        """Scan a made-up disk."""

        def find(
            folders: Sequence[str], should_stop: Callable[[], bool]
        ) -> Iterator[FoundFile | WalkProblem]:
            yield from events

        self.batches, self.files, self.parsed, self.progress = [], [], [], []
        return scan(
            ["/m"], self.known, self.keep, self.progress.append, stop, parse=self.parse, find=find
        )


def many(count: int) -> list[FoundFile]:
    """A large library."""
    return [FoundFile(f"/m/{n:05}.mkv", n + 1, n, "/m") for n in range(count)]


def test_two_thousand_unchanged_files_are_not_read_again() -> None:
    """Reading names is what takes time; a scan at every start must not."""
    keeper = Keeper()
    files = many(2000)
    keeper.scan(files)
    assert len(keeper.parsed) == 2000

    result = keeper.scan(files)

    assert keeper.parsed == []
    assert keeper.batches == []
    assert (result.found, result.unchanged, result.handed_over) == (2000, 2000, 0)


def test_files_come_in_batches() -> None:
    """Memory and the database's transactions stay small."""
    keeper = Keeper()

    result = keeper.scan(many(250))

    assert keeper.batches == [100, 100, 50]
    assert (result.added, result.handed_over, result.stopped) == (250, 250, False)


def test_progress_only_grows_and_ends_at_the_end() -> None:
    """First what was found, then how many of the names are read."""
    keeper = Keeper()

    keeper.scan(many(250))

    walked = [p.found for p in keeper.progress if p.to_read is None]
    read = [p.read for p in keeper.progress if p.to_read == 250]
    assert walked == [0, 100, 200]
    assert read == [*range(0, 250, 10), 250]
    assert keeper.progress[0].path_text == "/m/00000.mkv"


def test_stopping_while_reading_keeps_what_was_read() -> None:
    """The next scan goes on with the rest; nothing is called missing meanwhile."""
    keeper = Keeper()
    keeper.known["/m/gone.mkv"] = (99_999, 1)
    files = many(250)

    result = keeper.scan(files, stop=lambda: len(keeper.parsed) >= 130)

    assert (keeper.batches, result.handed_over) == ([100, 30], 130)
    assert result.stopped
    assert result.missing == ()
    result = keeper.scan(files)
    assert (len(keeper.parsed), result.unchanged) == (120, 130)
    assert result.missing == ("/m/gone.mkv",)


def test_stopping_while_finding_hands_over_nothing() -> None:
    """Half a walk says nothing about what is missing or moved."""
    keeper = Keeper(known={"/m/gone.mkv": (1, 1)})

    result = keeper.scan(many(5), stop=lambda: True)

    assert result.stopped
    assert (keeper.batches, result.missing) == ([], ())


def test_an_error_of_the_keeper_ends_the_scan() -> None:
    """A full disk must not be scanned into."""

    def full(batch: Sequence[ScannedFile]) -> None:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        scan(["/m"], {}, full, find=lambda folders, should_stop: iter(many(3)))


def test_changed_and_moved_files_name_the_row_they_had() -> None:
    """So that the user's decision is found and kept."""
    keeper = Keeper(known={"/m/old.mkv": (5, 5), "/m/same.mkv": (1, 1)})
    files = [FoundFile("/m/new.mkv", 5, 5, "/m"), FoundFile("/m/same.mkv", 2, 2, "/m")]

    result = keeper.scan([*files, FoundFile("/m/z.mkv", 7, 7, "/m")])

    assert [(f.file.path, f.previous_path) for f in keeper.files] == [
        ("/m/new.mkv", "/m/old.mkv"),
        ("/m/same.mkv", "/m/same.mkv"),
        ("/m/z.mkv", None),
    ]
    assert (result.moved, result.changed, result.added, result.missing) == (1, 1, 1, ())


def test_an_absent_folder_loses_nothing() -> None:
    """Its files are neither missing nor found."""
    keeper = Keeper(known={"/m/a.mkv": (1, 1)})

    result = keeper.scan([WalkProblem(ProblemKind.ABSENT, "/m", "/m", "/m: it is not there.")])

    assert result.missing == ()
    assert result.present_folders == ()
    assert [problem.sentence for problem in result.problems] == ["/m: it is not there."]


def test_a_real_library_is_followed_through_its_changes(tmp_path: Path) -> None:
    """Everything together: walk, names, a rename, a deletion, an unplugged disk."""
    disk = tmp_path / "disk"
    put(disk, "Fargo/Season 1/01.mkv", size=10)
    put(disk, "Fargo/Season 1/02.mkv", size=20)
    put(disk, "Sintel (2010).mkv", size=30)
    keeper = Keeper()

    scan([str(disk)], keeper.known, keeper.keep)
    assert [(f.parsed.title, f.parsed.numbers) for f in keeper.files] == [
        ("Sintel", ()),
        ("Fargo", (1,)),
        ("Fargo", (2,)),
    ]

    (disk / "Fargo/Season 1/02.mkv").rename(disk / "Fargo/Season 1/03.mkv")
    (disk / "Sintel (2010).mkv").unlink()
    keeper.files.clear()
    result = scan([str(disk)], keeper.known, keeper.keep)
    assert [(f.parsed.numbers, f.previous_path) for f in keeper.files] == [
        ((3,), str(disk / "Fargo/Season 1/02.mkv"))
    ]
    assert result.missing == (str(disk / "Sintel (2010).mkv"),)

    disk.rename(tmp_path / "unplugged")
    result = scan([str(disk)], keeper.known, keeper.keep)
    assert (result.missing, result.present_folders) == ((), ())
    disk.mkdir()
    assert scan([str(disk)], keeper.known, keeper.keep).missing == ()
