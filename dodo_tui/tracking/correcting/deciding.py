"""What the user has decided, as it is kept, and what each file holds by it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime

from dodo_tui.domain.ids import Key, MediaId
from dodo_tui.domain.media import Media
from dodo_tui.domain.review import Correction, Renumbering, Scope
from dodo_tui.storage.decisions import drop_narrower, find_decision, save_decision
from dodo_tui.storage.media import find_media, save_media
from dodo_tui.tracking.correcting.naming import NamedFile, titles_of
from dodo_tui.tracking.files import keys_decided, named_places


def chosen_title(
    connection: sqlite3.Connection, correction: Correction, now: datetime
) -> Media | None:
    """The title that the user chose, as it is kept here."""
    choice = correction.choice
    if choice is None:
        return None
    wanted = Media(
        MediaId.parse(choice.media_id), choice.kind, choice.title, choice.year, choice.ids
    )
    known = find_media(connection, choice.media_id)
    if known is not None and choice.ids.merged(known.ids) == known.ids:
        return known
    media_id = save_media(connection, wanted, now)
    return find_media(connection, str(media_id))


def decide(
    connection: sqlite3.Connection,
    correction: Correction,
    named: NamedFile,
    media: Media | None,
    now: datetime,
) -> None:
    """Remember the decision, so that a later scan and new files follow it."""
    path, local_id = named.file.path, str(named.local_id)
    target = {
        Scope.FILE: path,
        Scope.FOLDER: os.path.dirname(path),  # noqa: PTH120
        Scope.SERIES: local_id,
    }[correction.scope]
    media_id = None if media is None else str(media.id)
    drop_narrower(connection, path, local_id, correction.scope, target)
    save_decision(
        connection,
        correction.scope,
        target,
        media_id,
        renumbering_of(correction, named),
        now,
        next(iter(titles_of(named.file)), None),
    )


def renumbering_of(correction: Correction, named: NamedFile) -> Renumbering | None:
    """How numbers shift, where the user has said which episode the file really is."""
    if correction.place is None:
        return None
    places = named_places(named.parsed)
    first = places[0] if places else None
    return None if correction.place == first else Renumbering(first, correction.place)


def keys_by_file(
    connection: sqlite3.Connection,
    correction: Correction,
    named: NamedFile,
    others: Sequence[NamedFile],
    now: datetime,
) -> Mapping[NamedFile, Sequence[Key]]:
    """What each file holds by this decision; those of which more was said, or too little, stay."""
    decided: dict[NamedFile, Sequence[Key]] = {}
    for each in (named, *others):
        decision = find_decision(connection, each.file.path, str(each.local_id))
        if decision is None or decision.scope is not correction.scope:
            continue
        if each is not named and not _covers(decision.target, correction.scope, named):
            continue
        keys = keys_decided(connection, decision, each.file.path, each.parsed, now)
        if keys:
            decided[each] = keys
        elif each is named:
            return {}
    return decided


def _covers(target: str, scope: Scope, named: NamedFile) -> bool:
    """Whether a decision that holds for a file is the one that has just been made."""
    if scope is Scope.FOLDER:
        return target == os.path.dirname(named.file.path)  # noqa: PTH120
    return target == str(named.local_id)
