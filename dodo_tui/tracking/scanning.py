"""Scanning the media folders and keeping what is found."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Sequence
from datetime import datetime

from dodo_tui.clock import Clock
from dodo_tui.config import Settings
from dodo_tui.library.scan import ScannedFile, ScanProgress, ScanResult, scan
from dodo_tui.storage import files
from dodo_tui.storage.database import transaction
from dodo_tui.storage.folders import add_folder, media_folders, note_scanned
from dodo_tui.storage.store import Store
from dodo_tui.tracking.files import keep_file


def library_folders(connection: sqlite3.Connection, settings: Settings, now: datetime) -> list[str]:
    """The folders to scan: those that were added, and those of the configuration."""
    for folder in settings.library:
        add_folder(connection, os.path.abspath(os.path.expanduser(folder)), now)  # noqa: PTH100, PTH111
    return list(media_folders(connection))


def scan_library(
    store: Store,
    settings: Settings,
    clock: Clock,
    on_progress: Callable[[ScanProgress], None],
    should_stop: Callable[[], bool],
) -> ScanResult:
    """Look through every media folder; blocks, so call it in a thread.

    What is found is kept batch by batch: a scan that is stopped goes on from there next time. A
    folder that is not there now loses nothing.
    """
    folders = store.run_now(library_folders, settings, clock.now())
    known: dict[str, tuple[int, int]] = {}
    for folder in folders:
        known |= store.run_now(files.known_files, folder)
    result = scan(
        folders,
        known,
        lambda batch: store.run_now(_keep_batch, batch, clock.now()),
        on_progress,
        should_stop,
    )
    if not result.stopped:
        store.run_now(_finish, result, clock.now())
    return result


def _keep_batch(
    connection: sqlite3.Connection, batch: Sequence[ScannedFile], now: datetime
) -> None:
    with transaction(connection, durable=False):
        for scanned in batch:
            file = scanned.file
            if scanned.previous_path is not None and scanned.previous_path != file.path:
                files.move_file(connection, scanned.previous_path, file.path)
            keep_file(
                connection,
                file.path,
                file.folder,
                file.size_bytes,
                file.modified_ns,
                scanned.parsed,
                now,
            )


def _finish(connection: sqlite3.Connection, result: ScanResult, now: datetime) -> None:
    """Note what is gone from the folders that are there."""
    with transaction(connection, durable=False):
        for folder in result.present_folders:
            gone = [path for path in result.missing if path.startswith(folder.rstrip("/") + "/")]
            files.mark_missing(connection, folder, gone)
            note_scanned(connection, folder, now)
