"""Which files a decision about one may reach: itself, its folder, its series."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Sequence

from dodo_tui.domain.ids import Key, Kind
from dodo_tui.domain.review import Place, Reach, Scope, Subject
from dodo_tui.library.folders import is_generic
from dodo_tui.library.paths import readable
from dodo_tui.storage import files, moves
from dodo_tui.storage.media import find_media
from dodo_tui.storage.store import Store
from dodo_tui.tracking.correcting.naming import NamedFile, name_file, titles_of
from dodo_tui.tracking.files import named_places


async def reach_of(store: Store, subject: Subject) -> Reach | None:
    """How many files each scope of a decision would be about; None: the file is gone."""
    if isinstance(subject, str):
        return await store.run(_reach_of_title, subject)
    file = await store.run(files.file_by_id, subject)
    if file is None:
        return None
    named = await asyncio.to_thread(name_file, file)
    folder = os.path.dirname(file.path)  # noqa: PTH120 - a path may hold bytes that are not UTF-8
    name = os.path.basename(folder)  # noqa: PTH119
    below = await _folder_files(store, named)
    series = await _series_files(store, named)
    places = named_places(named.parsed)
    return Reach(
        folder_name=readable(name or folder),
        folder_files=len(below),
        series_files=len(series),
        named=places[0] if places else None,
        can_be_folder=folder != file.folder and not is_generic(readable(name)),
    )


def _reach_of_title(connection: sqlite3.Connection, title_id: str) -> Reach | None:
    """A title that has no file reaches as far as itself."""
    media = find_media(connection, title_id)
    if media is None:
        return None
    places = [Key.parse(key) for key in moves.keys_of_title(connection, title_id)]
    first = next((key for key in places if key.is_episode), None)
    named = None if media.kind is Kind.MOVIE else Place(1, 1)
    if named is not None and first is not None:
        named = Place(first.season_number or 0, first.number or 1)
    return Reach("", 0, 0, named, can_be_folder=False)


async def others_reached(store: Store, named: NamedFile, scope: Scope) -> Sequence[NamedFile]:
    """The files besides one that a decision about it may reach."""
    wider: Sequence[NamedFile] = ()
    if scope is Scope.SERIES:
        wider = await _series_files(store, named)
    elif scope is Scope.FOLDER:
        wider = await _folder_files(store, named)
    return [each for each in wider if each.file.id != named.file.id]


async def _folder_files(store: Store, named: NamedFile) -> Sequence[NamedFile]:
    """The files of a file's folder, without those that are surely something else."""
    folder = os.path.dirname(named.file.path)  # noqa: PTH120
    ours = titles_of(named.file)
    meant = [
        file
        for file in await store.run(files.files_below, folder)
        if file.match is not files.Match.SURE or titles_of(file) & ours
    ]
    return await asyncio.to_thread(lambda: [name_file(file) for file in meant])


async def _series_files(store: Store, named: NamedFile) -> Sequence[NamedFile]:
    """The files whose names give the same title: among those of the titles this file is part of."""
    found: dict[int, files.LibraryFile] = {named.file.id: named.file}
    for media_id in titles_of(named.file):
        for file in await store.run(files.files_of_title, media_id):
            found[file.id] = file
    all_named = await asyncio.to_thread(lambda: [name_file(file) for file in found.values()])
    return [each for each in all_named if each.local_id == named.local_id]
