"""`dodo library`: the media folders and what is in them."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys

from dodo_tui.cli.context import Context, context, database
from dodo_tui.cli.output import (
    DONE,
    FAILED,
    CommandError,
    note,
    path_text,
    printable,
    say_json,
    table,
)
from dodo_tui.domain.figures import counted
from dodo_tui.domain.media import episode_label
from dodo_tui.library.scan import ScanProgress, ScanResult
from dodo_tui.storage import files
from dodo_tui.storage.folders import add_folder, media_folders, remove_folder
from dodo_tui.storage.profiles import active_profile
from dodo_tui.storage.store import Store
from dodo_tui.tracking.scanning import scan_library


def add(options: argparse.Namespace) -> int:
    """Remember a folder and scan it."""
    ctx = context(keep_log=True)
    folder = _absolute(options.folder)
    if not options.folder or not os.path.isdir(folder):  # noqa: PTH112 - the name may hold bytes that are not UTF-8
        raise CommandError(f"{path_text(options.folder) or 'An empty name'} is not a folder.")
    with database(ctx) as (connection, _):
        is_new = add_folder(connection, folder, ctx.clock.now())
    if not is_new:
        note(f"{path_text(folder)} was already there; scanning it again.")
    return _scan(ctx)


def remove(options: argparse.Namespace) -> int:
    """Forget a folder; what was watched stays."""
    ctx = context()
    folder = _absolute(options.folder)
    with database(ctx) as (connection, _):
        if not remove_folder(connection, folder):
            raise CommandError(f"{path_text(folder)} is not one of the media folders.")
    note(f"{path_text(folder)} is not scanned any more. What was watched stays.")
    return DONE


def scan(options: argparse.Namespace) -> int:
    """Look for new files in every folder."""
    del options
    return _scan(context(keep_log=True))


def list_(options: argparse.Namespace) -> int:
    """What is in the folders."""
    ctx = context()
    with database(ctx) as (connection, _):
        entries = files.library_entries(connection)
        folders = media_folders(connection)
    if options.json:
        say_json(
            [
                {
                    "path": path_text(entry.path),
                    "key": entry.key,
                    "title": entry.title,
                    "year": entry.year,
                    "season": entry.season,
                    "episode": entry.number,
                    "match": entry.match,
                }
                for entry in entries
            ]
        )
        return DONE
    if not folders:
        note("There are no media folders yet. Add one: dodo library add ~/Videos")
    elif not entries:
        note("No videos were found in " + ", ".join(path_text(folder) for folder in folders) + ".")
    rows = []
    for entry in entries:
        year = f" ({entry.year})" if entry.year else ""
        label = episode_label(entry.season, entry.number)
        rows.append((f"{entry.title}{year}", label, entry.match, entry.key, path_text(entry.path)))
    table(rows)
    return DONE


def _scan(ctx: Context) -> int:
    """Scan with progress on a terminal, and say what was found."""

    def show(progress: ScanProgress) -> None:
        if sys.stderr.isatty():
            reading = f", {progress.read} of {progress.to_read} read" if progress.to_read else ""
            line = printable(f"{progress.found} files{reading}  {progress.path_text}")
            sys.stderr.write(f"\r\x1b[K{line[:78]}")
            sys.stderr.flush()

    with contextlib.closing(Store.open(ctx.paths.database)) as store:
        store.run_now(active_profile, ctx.settings.profile, ctx.clock.now())
        result = scan_library(store, ctx.settings, ctx.clock, show, lambda: False)
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")
    for problem in result.problems:
        note(problem.sentence)
    if result.problems and not result.found:
        return FAILED
    note(_summary(result))
    return DONE


def _summary(result: ScanResult) -> str:
    counts = (
        (result.added, "new"),
        (result.changed, "changed"),
        (result.moved, "moved"),
        (len(result.missing), "gone"),
    )
    said = ", ".join(f"{count} {word}" for count, word in counts if count)
    return counted(result.found, "video") + (f": {said}." if said else ", nothing new.")


def _absolute(folder: str) -> str:
    return os.path.abspath(os.path.expanduser(folder))  # noqa: PTH100, PTH111
