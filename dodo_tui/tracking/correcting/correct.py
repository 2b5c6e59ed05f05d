"""Setting right what a file is, by the user's word: what was watched moves to the right title.

A mark that we told of the wrong title is taken back and told of the right one, with its true time;
what was watched there for another reason is left alone. All of it is one transaction: a provider
hears "not watched" of every wrong key before it hears "watched" of a right one, however long the
network is away in between. Changing the match again undoes it in the same way.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence
from datetime import datetime

from dodo_tui.clock import Clock
from dodo_tui.domain.ids import Key, Kind, MediaId, Scheme
from dodo_tui.domain.media import Media
from dodo_tui.domain.review import Corrected, Correction, Place, Renumbering, Scope
from dodo_tui.storage import files, moves
from dodo_tui.storage.accounts import connected_accounts
from dodo_tui.storage.database import transaction
from dodo_tui.storage.decisions import Decision, drop_decision, find_decision, save_decision
from dodo_tui.storage.lookups import candidates_for, save_candidates
from dodo_tui.storage.media import find_media, save_media
from dodo_tui.storage.store import Store
from dodo_tui.tracking import untold
from dodo_tui.tracking.correcting.deciding import chosen_title, decide, keys_by_file, renumbering_of
from dodo_tui.tracking.correcting.moving import Move
from dodo_tui.tracking.correcting.naming import NamedFile, name_file
from dodo_tui.tracking.correcting.reaching import others_reached
from dodo_tui.tracking.files import keys_by_name, match_by_name


class CannotCorrectError(Exception):
    """The user's word says too little; the text is one sentence on what is missing."""


async def correct(store: Store, clock: Clock, correction: Correction) -> Corrected:
    """Carry out what the user has said of a file, or of a title that has none.

    Raises:
        CannotCorrectError: an episode was chosen and nobody has said which one.
        StorageError: the database cannot be written; then nothing has changed.
    """
    if isinstance(correction.subject, str):
        return await store.run(_correct_title, correction, correction.subject, clock.now())
    file = await store.run(files.file_by_id, correction.subject)
    if file is None:
        raise CannotCorrectError("This file is not known any more.")
    named = await asyncio.to_thread(name_file, file)
    if correction.takes_back:
        said = await store.run(find_decision, file.path, str(named.local_id))
        if said is None:
            raise CannotCorrectError("You have not said what this file is.")
        others = await others_reached(store, named, said.scope)
        return await store.run(_take_back, said, named, others, clock.now())
    others = await others_reached(store, named, correction.scope)
    return await store.run(_correct, correction, named, others, clock.now())


def _correct(
    connection: sqlite3.Connection,
    correction: Correction,
    named: NamedFile,
    others: Sequence[NamedFile],
    now: datetime,
) -> Corrected:
    """The whole correction, in one transaction."""
    with transaction(connection, durable=True):
        media = chosen_title(connection, correction, now)
        if media is None and correction.scope is Scope.SERIES:
            moves.forget_title(connection, str(named.local_id))
        decide(connection, correction, named, media, now)
        decided = keys_by_file(connection, correction, named, others, now)
        if not decided:
            raise CannotCorrectError("Say which season and episode this file is.")
        move = Move(connection, now)
        old_titles = {str(Key.parse(key).media_id) for each in decided for key in each.file.keys}
        for each, keys in decided.items():
            move.plan(each.file.keys, keys, {other.file.id for other in decided})
        if correction.scope is Scope.SERIES and media is not None:
            _plan_rest(connection, move, named.local_id, media, correction, named)
        move.carry_out()
        for each, keys in decided.items():
            match = files.Match.NONE if media is None else files.Match.SURE
            files.decide_file(connection, each.file.id, match, files.DecidedBy.USER, keys)
        moves.drop_strays(connection, [key for each in decided for key in each.file.keys])
        if correction.scope is Scope.SERIES and media is not None:
            _lead_there(connection, named.local_id, media, now, move.delay_seconds)
        for title_id in old_titles:
            if not any(file.match is files.Match.UNSURE
                       for file in files.files_of_title(connection, title_id)):  # fmt: skip
                save_candidates(connection, title_id, ())
    first = next(iter(decided.values()))[0]
    return Corrected(
        media_id=str(first.media_id),
        key=str(first),
        title=None if media is None else media.title,
        files=len(decided),
        plays=move.play_count,
        taken_back=move.taken_back,
        told=move.told,
    )


def _correct_title(
    connection: sqlite3.Connection, correction: Correction, title_id: str, now: datetime
) -> Corrected:
    """The whole correction of a title that an import told by name alone, in one transaction."""
    with transaction(connection, durable=True):
        known = find_media(connection, title_id)
        if known is None or str(known.id) != title_id:
            raise CannotCorrectError("This title is not known any more.")
        keys = moves.keys_of_title(connection, title_id)
        media = chosen_title(connection, correction, now)
        place = correction.place
        save_decision(
            connection,
            Scope.SERIES,
            title_id,
            None if media is None else str(media.id),
            None if place is None else Renumbering(None, place),
            now,
            title_id,
        )
        save_candidates(connection, title_id, ())
        if media is None:
            return Corrected(title_id, keys[0] if keys else title_id)
        move = Move(connection, now)
        for key in keys:
            move.plan_whole(key, _imported_key(Key.parse(key), media, place, len(keys)))
        move.carry_out()
        _lead_there(connection, known.id, media, now, move.delay_seconds)
    return Corrected(str(media.id), str(media.id), media.title, 0, move.play_count)


def _imported_key(old: Key, media: Media, place: Place | None, count: int) -> Key:
    """What an imported film or episode is in the title that the user has chosen.

    Raises:
        CannotCorrectError: nobody has said which episode it is, or it is several of them.
    """
    if media.kind is Kind.MOVIE:
        if count > 1:
            raise CannotCorrectError("Several episodes of it were imported: it is no film.")
        return Key(media.id)
    if place is not None:
        return Key.episode(media.id, *place)
    if old.season_number is None or old.number is None:
        raise CannotCorrectError("Say which season and episode it is.")
    return Key.episode(media.id, old.season_number, old.number)


def _take_back(
    connection: sqlite3.Connection,
    said: Decision,
    named: NamedFile,
    others: Sequence[NamedFile],
    now: datetime,
) -> Corrected:
    """What the user said counts no more: the files are what their names say; ask about them."""
    with transaction(connection, durable=True):
        covered = [
            each
            for each in (named, *others)
            if find_decision(connection, each.file.path, str(each.local_id)) == said
            and each.file.decided_by is files.DecidedBy.USER
        ]
        drop_decision(connection, said)
        if said.scope is Scope.SERIES:
            moves.forget_title(connection, str(named.local_id))
            moves.forget_lookup(connection, str(named.local_id))
        decided = {each: keys_by_name(connection, each.parsed, now) for each in covered}
        move = Move(connection, now)
        for each, keys in decided.items():
            move.plan(each.file.keys, keys, {other.file.id for other in decided})
        move.carry_out()
        for each, keys in decided.items():
            match = match_by_name(connection, keys[0].media_id, each.parsed)
            files.decide_file(connection, each.file.id, match, files.DecidedBy.NAME, keys)
            _ask_again(connection, keys[0].media_id)
        moves.drop_strays(connection, [key for each in decided for key in each.file.keys])
    keys = decided[named]
    media = find_media(connection, str(keys[0].media_id))
    return Corrected(
        media_id=str(keys[0].media_id),
        key=str(keys[0]),
        title=media.title if media else None,
        files=len(decided),
        plays=move.play_count,
        taken_back=move.taken_back,
        told=move.told,
    )


def _ask_again(connection: sqlite3.Connection, media_id: MediaId) -> None:
    """Let a provider be asked what a name means, unless what it may be is still known."""
    if media_id.scheme is Scheme.LOCAL and not candidates_for(connection, str(media_id)):
        moves.forget_lookup(connection, str(media_id))


def _plan_rest(
    connection: sqlite3.Connection,
    move: Move,
    local_id: MediaId,
    media: Media,
    correction: Correction,
    named: NamedFile,
) -> None:
    """What was watched of files that are gone by now is of the same series."""
    if not moves.has_own_row(connection, str(local_id)) or local_id == media.id:
        return
    renumbering = renumbering_of(correction, named)
    for name in moves.keys_of_title(connection, str(local_id)):
        key = Key.parse(name)
        new = Key(media.id)
        if media.kind is not Kind.MOVIE:
            if key.season_number is None or key.number is None:
                continue
            place = Place(key.season_number, key.number)
            real = renumbering.apply(place) if renumbering else place
            if real is None:
                continue
            new = Key.episode(media.id, *real)
        move.plan_whole(name, new)


def _lead_there(
    connection: sqlite3.Connection,
    local_id: MediaId,
    media: Media,
    now: datetime,
    delay_seconds: float,
) -> None:
    """From now on the name leads to the right title; what is left of the local one joins it.

    What was said of the local one, and so could not be told, is told.
    """
    if moves.has_own_row(connection, str(local_id)) and local_id != media.id:
        moves.drop_episodes(connection, str(local_id))
        ids = media.ids
        save_media(connection, Media(local_id, media.kind, media.title, media.year, ids), now)
        for account in connected_accounts(connection):
            untold.queue_words(connection, account, str(media.id), now, delay_seconds)
    moves.point_name(connection, str(local_id), str(media.id))
