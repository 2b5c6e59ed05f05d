"""Looking through folders to choose one: off the event loop, bounded, and never with an error."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from dodo_tui.domain.folders import Contents
from dodo_tui.domain.text import natural

MOST_ENTRIES = 20_000
"""Entries of a folder that are looked at; the rest of a huge one is left out."""

MOST_FOLDERS = 500


def contents(folder: str) -> Contents:
    """Look into a folder. What cannot be read is told, not raised."""
    names: list[str] = []
    files = 0
    is_cut = False
    try:
        with os.scandir(folder) as entries:
            for number, entry in enumerate(entries):
                if number >= MOST_ENTRIES:
                    is_cut = True
                    break
                if entry.name.startswith("."):
                    continue
                if _is_folder(entry):
                    names.append(entry.name)
                else:
                    files += 1
    except OSError as error:
        return Contents(problem=f"This folder cannot be read: {error.strerror or error}.")
    names.sort(key=lambda name: natural(name.casefold()))
    return Contents(tuple(names[:MOST_FOLDERS]), files, is_cut or len(names) > MOST_FOLDERS)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    """Whether it is a folder, through a link, too; one that cannot be told is none."""
    try:
        return entry.is_dir()
    except OSError:
        return False


def places(environment: Mapping[str, str], home: str) -> tuple[str, ...]:
    """Where videos are likely to be: the videos folder, mounted disks, home, everything."""
    user = environment.get("USER", "")
    found = [Path(home, "Videos")]
    own = Path("/media", user) if user else None
    for base in (own, Path("/run/media", user) if user else None, Path("/media"), Path("/mnt")):
        if base is not None:
            found += [base / name for name in contents(str(base)).folders if base / name != own]
    folders = [str(folder) for folder in dict.fromkeys(found) if folder.is_dir()]
    return (*folders, *(folder for folder in (home, "/") if folder not in folders))
