"""What changed between what is known of a library and what a walk found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from dodo_tui.library.paths import is_below_any
from dodo_tui.library.walk import FoundFile

Fingerprint = tuple[int, int]
"""Size in bytes and time of change in nanoseconds."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A known file under a new name: what was decided about it still holds."""

    previous_path: str
    file: FoundFile


@dataclass(frozen=True, slots=True)
class Changes:
    """The difference; every list is in the order of the walk (`missing` by path)."""

    added: tuple[FoundFile, ...] = ()
    changed: tuple[FoundFile, ...] = ()
    """Known paths with another size or time. Their name says what it said before."""
    moved: tuple[Moved, ...] = ()
    unchanged_count: int = 0
    missing: tuple[str, ...] = ()
    """Known paths that are surely not there any more. What is known of them (plays, decisions) is
    worth keeping: a disk may come back."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is different."""
        return not (self.added or self.changed or self.moved or self.missing)


def diff(
    known: Mapping[str, Fingerprint],
    found: Iterable[FoundFile],
    present_folders: Collection[str],
    unknown_paths: Collection[str] = (),
) -> Changes:
    """Compare what was known with what was found.

    A known path is missing only if it lies in one of `present_folders` and not in one of
    `unknown_paths` (what could not be read, and library folders that are absent though a folder
    around them is present). What lies in no present folder is left alone.

    A new path with the size and time of a path that is not found any more, missing or unknown,
    is that file moved: by the same file name first, then if there is only one of each.
    """
    seen: set[str] = set()
    added: list[FoundFile] = []
    changed: list[FoundFile] = []
    for file in found:
        fingerprint = known.get(file.path)
        if file.path in seen:
            continue
        seen.add(file.path)
        if fingerprint is None:
            added.append(file)
        elif tuple(fingerprint) != (file.size_bytes, file.modified_ns):
            changed.append(file)
    unseen = sorted(path for path in known if path not in seen)
    origins = _origins(added, {path: tuple(known[path]) for path in unseen})
    moved_from = set(origins.values())
    return Changes(
        added=tuple(file for file in added if file.path not in origins),
        changed=tuple(changed),
        moved=tuple(Moved(origins[file.path], file) for file in added if file.path in origins),
        unchanged_count=len(seen) - len(added) - len(changed),
        missing=tuple(
            path
            for path in unseen
            if path not in moved_from
            and is_below_any(path, present_folders)
            and not is_below_any(path, unknown_paths)
        ),
    )


def _origins(added: list[FoundFile], unseen: Mapping[str, tuple[int, ...]]) -> dict[str, str]:
    """The former path of each added file that was known under one."""
    candidates: dict[tuple[int, ...], list[str]] = defaultdict(list)
    for path, fingerprint in unseen.items():
        candidates[fingerprint].append(path)
    arrivals: dict[tuple[int, ...], list[str]] = defaultdict(list)
    for file in added:
        arrivals[file.size_bytes, file.modified_ns].append(file.path)
    origins: dict[str, str] = {}
    for fingerprint, paths in arrivals.items():
        left = candidates.get(fingerprint, [])
        for path in list(paths):
            same_name = [old for old in left if _name(old) == _name(path)]
            if len(same_name) == 1 and sum(_name(p) == _name(path) for p in paths) == 1:
                origins[path] = same_name[0]
        taken = set(origins.values())
        old_left = [old for old in left if old not in taken]
        new_left = [path for path in paths if path not in origins]
        if len(old_left) == len(new_left) == 1:
            origins[new_left[0]] = old_left[0]
    return origins


def _name(path: str) -> str:
    return path.rpartition("/")[2]
