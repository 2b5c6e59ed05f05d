"""Setting right what a file is, by the user's word: what was watched moves to the right title.

A mark that we told of the wrong title is taken back and told of the right one, with its true time;
what was watched there for another reason is left alone. All of it is one transaction: a provider
hears "not watched" of every wrong key before it hears "watched" of a right one, however long the
network is away in between. Changing the match again undoes it in the same way.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from dodo_tui.clock import Clock
from dodo_tui.domain.account import Account
from dodo_tui.domain.ids import Key, Kind, MediaId, Scheme
from dodo_tui.domain.lists import ListStatus
from dodo_tui.domain.media import Media, episode_label
from dodo_tui.domain.merge import is_in_progress
from dodo_tui.domain.progress import Origin
from dodo_tui.domain.queue import Message, QueueKind
from dodo_tui.domain.review import (
    Corrected,
    Correction,
    Place,
    Reach,
    Renumbering,
    Scope,
    Subject,
)
from dodo_tui.domain.status import PROVIDER_NAMES
from dodo_tui.domain.text import clean_text
from dodo_tui.library.folders import is_generic
from dodo_tui.library.local_ids import local_media_id
from dodo_tui.library.names import ParsedName, parse_name
from dodo_tui.library.paths import readable
from dodo_tui.storage import files, lists, moves
from dodo_tui.storage.accounts import connected_accounts
from dodo_tui.storage.database import transaction
from dodo_tui.storage.decisions import (
    Decision,
    drop_decision,
    drop_narrower,
    find_decision,
    save_decision,
)
from dodo_tui.storage.lookups import candidates_for, save_candidates
from dodo_tui.storage.media import find_media, save_media
from dodo_tui.storage.plays import find_progress
from dodo_tui.storage.queue import add_message, add_title_message
from dodo_tui.storage.store import Store
from dodo_tui.storage.synclog import add_line
from dodo_tui.tracking.files import keys_by_name, keys_decided, match_by_name, named_places

AFTER_SEARCH = timedelta(seconds=60)
"""Simkl names a search right before a write as misuse: what was looked up is told a minute later.
"""

_NEVER_ASKED_THERE = (
    "{name} has not said yet whether this was watched there before. Try again takes the mark back."
)


class CannotCorrectError(Exception):
    """The user's word says too little; the text is one sentence on what is missing."""


@dataclass(frozen=True, slots=True)
class _Named:
    """A file, and what its name says."""

    file: files.LibraryFile
    parsed: ParsedName
    local_id: MediaId


async def reach_of(store: Store, subject: Subject) -> Reach | None:
    """How many files each scope of a decision would be about; None: the file is gone."""
    if isinstance(subject, str):
        return await store.run(_reach_of_title, subject)
    file = await store.run(files.file_by_id, subject)
    if file is None:
        return None
    named = await asyncio.to_thread(_name, file)
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
    named = await asyncio.to_thread(_name, file)
    if correction.takes_back:
        said = await store.run(find_decision, file.path, str(named.local_id))
        if said is None:
            raise CannotCorrectError("You have not said what this file is.")
        others = await _others(store, named, said.scope)
        return await store.run(_take_back, said, named, others, clock.now())
    others = await _others(store, named, correction.scope)
    return await store.run(_correct, correction, named, others, clock.now())


async def _others(store: Store, named: _Named, scope: Scope) -> Sequence[_Named]:
    """The files besides one that a decision about it may reach."""
    wider: Sequence[_Named] = ()
    if scope is Scope.SERIES:
        wider = await _series_files(store, named)
    elif scope is Scope.FOLDER:
        wider = await _folder_files(store, named)
    return [each for each in wider if each.file.id != named.file.id]


async def _folder_files(store: Store, named: _Named) -> Sequence[_Named]:
    """The files of a file's folder, without those that are surely something else."""
    folder = os.path.dirname(named.file.path)  # noqa: PTH120
    ours = _titles(named.file)
    meant = [
        file
        for file in await store.run(files.files_below, folder)
        if file.match is not files.Match.SURE or _titles(file) & ours
    ]
    return await asyncio.to_thread(lambda: [_name(file) for file in meant])


def _titles(file: files.LibraryFile) -> set[str]:
    return {str(Key.parse(key).media_id) for key in file.keys}


async def _series_files(store: Store, named: _Named) -> Sequence[_Named]:
    """The files whose names give the same title: among those of the titles this file is part of."""
    found: dict[int, files.LibraryFile] = {named.file.id: named.file}
    for media_id in _titles(named.file):
        for file in await store.run(files.files_of_title, media_id):
            found[file.id] = file
    all_named = await asyncio.to_thread(lambda: [_name(file) for file in found.values()])
    return [each for each in all_named if each.local_id == named.local_id]


def _name(file: files.LibraryFile) -> _Named:
    parsed = parse_name(file.path, file.folder or "")
    return _Named(file, parsed, local_media_id(parsed))


def _correct(
    connection: sqlite3.Connection,
    correction: Correction,
    named: _Named,
    others: Sequence[_Named],
    now: datetime,
) -> Corrected:
    """The whole correction, in one transaction."""
    with transaction(connection, durable=True):
        media = _chosen(connection, correction, now)
        if media is None and correction.scope is Scope.SERIES:
            moves.forget_title(connection, str(named.local_id))
        _decide(connection, correction, named, media, now)
        decided = _keys_by_file(connection, correction, named, others, now)
        if not decided:
            raise CannotCorrectError("Say which season and episode this file is.")
        move = _Move(connection, now)
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
            _lead_there(connection, named.local_id, media, now)
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


def _correct_title(
    connection: sqlite3.Connection, correction: Correction, title_id: str, now: datetime
) -> Corrected:
    """The whole correction of a title that an import told by name alone, in one transaction."""
    with transaction(connection, durable=True):
        known = find_media(connection, title_id)
        if known is None or str(known.id) != title_id:
            raise CannotCorrectError("This title is not known any more.")
        keys = moves.keys_of_title(connection, title_id)
        media = _chosen(connection, correction, now)
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
        move = _Move(connection, now)
        for key in keys:
            move.plan_whole(key, _imported_key(Key.parse(key), media, place, len(keys)))
        move.carry_out()
        _lead_there(connection, known.id, media, now)
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
    named: _Named,
    others: Sequence[_Named],
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
        move = _Move(connection, now)
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


def _chosen(connection: sqlite3.Connection, correction: Correction, now: datetime) -> Media | None:
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


def _decide(
    connection: sqlite3.Connection,
    correction: Correction,
    named: _Named,
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
        _renumbering(correction, named),
        now,
        next(iter(_titles(named.file)), None),
    )


def _renumbering(correction: Correction, named: _Named) -> Renumbering | None:
    """How numbers shift, where the user has said which episode the file really is."""
    if correction.place is None:
        return None
    places = named_places(named.parsed)
    first = places[0] if places else None
    return None if correction.place == first else Renumbering(first, correction.place)


def _keys_by_file(
    connection: sqlite3.Connection,
    correction: Correction,
    named: _Named,
    others: Sequence[_Named],
    now: datetime,
) -> Mapping[_Named, Sequence[Key]]:
    """What each file holds by this decision; those of which more was said, or too little, stay."""
    decided: dict[_Named, Sequence[Key]] = {}
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


def _covers(target: str, scope: Scope, named: _Named) -> bool:
    """Whether a decision that holds for a file is the one that has just been made."""
    if scope is Scope.FOLDER:
        return target == os.path.dirname(named.file.path)  # noqa: PTH120
    return target == str(named.local_id)


def _plan_rest(
    connection: sqlite3.Connection,
    move: _Move,
    local_id: MediaId,
    media: Media,
    correction: Correction,
    named: _Named,
) -> None:
    """What was watched of files that are gone by now is of the same series."""
    if not moves.has_own_row(connection, str(local_id)) or local_id == media.id:
        return
    renumbering = _renumbering(correction, named)
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
    connection: sqlite3.Connection, local_id: MediaId, media: Media, now: datetime
) -> None:
    """From now on the name leads to the right title; what is left of the local one joins it."""
    if moves.has_own_row(connection, str(local_id)) and local_id != media.id:
        moves.drop_episodes(connection, str(local_id))
        ids = media.ids
        save_media(connection, Media(local_id, media.kind, media.title, media.year, ids), now)
    moves.point_name(connection, str(local_id), str(media.id))


@dataclass(slots=True)
class _Taken:
    """What is taken from one wrong key of one profile, and where it goes."""

    old: str
    new: Key
    profile_id: int
    plays: list[moves.MovedPlay]
    told: dict[str, Sequence[moves.Told]] = field(default_factory=dict)
    """What accounts know, by play."""
    standing: moves.Standing | None = None


class _Move:
    """A move of viewings from wrong keys to right ones.

    Everything is taken before anything is put down: the right key of one file may be the wrong one
    of another.
    """

    def __init__(self, connection: sqlite3.Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now
        self._planned: dict[tuple[str, Key], tuple[frozenset[int], bool]] = {}
        self._accounts = connected_accounts(connection)
        self.play_count = 0
        self.taken_back = 0
        self.told = 0

    def plan(self, old: Sequence[str], new: Sequence[Key], file_ids: Iterable[int]) -> None:
        """The parts of some file are others than was thought."""
        for index, key in enumerate(old):
            right = new[min(index, len(new) - 1)]
            if key != str(right):
                ids = frozenset(file_ids)
                self._planned.setdefault((key, right), (ids, False))

    def plan_whole(self, old: str, new: Key) -> None:
        """Everything under a key goes to another."""
        if old != str(new):
            self._planned[old, new] = (frozenset(), True)

    def carry_out(self) -> None:
        """Move, and queue what has to be told."""
        taken = [each for pair, how in self._planned.items() for each in self._take(*pair, *how)]
        targets = {(each.profile_id, str(each.new)) for each in taken}
        for each in taken:
            moves.move_plays(self._connection, each.plays, each.new)
            self.play_count += len(each.plays)
        for each in taken:
            if each.standing is not None:
                moves.put_progress(self._connection, each.standing, str(each.new))
        for each in taken:
            self._take_back(each, targets)
        facts = [fact for each in taken for fact in self._facts(each)]
        for account_id, key, play_id, message in sorted(
            facts, key=lambda fact: fact[3].happened_at
        ):
            add_message(self._connection, account_id, key, play_id, message, self._now)
            self.told += 1
        for each in taken:
            self._log(each)

    def _take(self, old: str, new: Key, file_ids: frozenset[int], whole: bool) -> Sequence[_Taken]:
        """Take plays, what was told of them, and where people stand, out of a wrong key."""
        connection = self._connection
        is_alone = whole or not files.other_holders(connection, old, file_ids)
        is_whole = whole or (is_alone and Key.parse(old).media_id.scheme is Scheme.LOCAL)
        plays = moves.plays_to_move(connection, old, file_ids, is_alone=is_alone, whole=is_whole)
        profiles = {play.profile_id for play in plays}
        if is_whole:
            profiles |= set(moves.profiles_in(connection, old))
        found = []
        for profile_id in sorted(profiles):
            own = [play for play in plays if play.profile_id == profile_id]
            taken = _Taken(old, new, profile_id, own)
            taken.standing = moves.take_progress(
                connection, profile_id, old, own, is_whole=is_whole
            )
            for play in own:
                taken.told[play.play_id] = moves.take_told(connection, play.play_id)
            found.append(taken)
        return found

    def _take_back(self, taken: _Taken, targets: set[tuple[int, str]]) -> None:
        """Queue that a wrong mark and a wrong resume point go, where they are of our doing."""
        connection, old = self._connection, taken.old
        if Key.parse(old).media_id.scheme is Scheme.LOCAL:
            return
        moved = {play.play_id for play in taken.plays}
        rest = find_progress(connection, taken.profile_id, old)
        is_target = (taken.profile_id, old) in targets
        watched_here = rest is not None and rest.watched and not is_target
        goes_watched = taken.standing is not None and taken.standing.watched
        by_account: dict[int, list[moves.Told]] = {}
        for told in taken.told.values():
            for each in told:
                by_account.setdefault(each.account_id, []).append(each)
        for account_id, known in by_account.items():
            was_told = any(each.watched for each in known) and goes_watched
            by_itself = moves.is_watched_by_itself(connection, account_id, old, moved)
            if was_told and not watched_here and by_itself is not True:
                self._queue(account_id, old, Message(QueueKind.UNWATCHED, None, self._now))
                if by_itself is None:
                    name = moves.provider_of(connection, account_id)
                    reason = _NEVER_ASKED_THERE.format(name=PROVIDER_NAMES[name])
                    moves.hold_last(connection, reason)
                self.taken_back += 1
                if not is_target:
                    moves.note_unmarked(connection, taken.profile_id, old, self._now)
                self._put_back_on_list(account_id, taken)
            percents = [each.paused_percent for each in known if each.paused_percent is not None]
            if percents:
                message = Message(QueueKind.UNPAUSED, percents[-1], self._now)
                self._queue(account_id, old, message)

    def _put_back_on_list(self, account_id: int, taken: _Taken) -> None:
        """A film that was planned there before our mark is planned again.

        Taking a film's mark back takes it off its list, rating included (Simkl).
        """
        key = Key.parse(taken.old)
        if key.is_episode:
            return
        provider = moves.provider_of(self._connection, account_id)
        entry = lists.find_entry(self._connection, taken.profile_id, taken.old, provider)
        if entry is None or entry.status is not ListStatus.PLANNED:
            return
        listed = Message(QueueKind.LISTED, None, self._now, list_status=ListStatus.PLANNED)
        add_title_message(self._connection, account_id, taken.old, listed, self._now)
        if entry.rating is not None:
            rated = Message(QueueKind.RATED, None, self._now, rating=entry.rating)
            add_title_message(self._connection, account_id, taken.old, rated, self._now)

    def _queue(self, account_id: int, key: str, message: Message) -> None:
        add_message(self._connection, account_id, key, None, message, self._now)

    def _facts(self, taken: _Taken) -> Iterable[tuple[int, str, str, Message]]:
        """What is to be told of the right key: account, key, play, message."""
        if taken.new.media_id.scheme is Scheme.LOCAL:
            return
        delay = self._delay_seconds
        is_watched = taken.standing is not None and taken.standing.watched
        for play in taken.plays:
            if play.watched_at is not None and is_watched:
                for account_id in self._listeners(taken, play):
                    message = Message(QueueKind.WATCHED, None, play.watched_at, delay)
                    yield account_id, str(taken.new), play.play_id, message
        standing = taken.standing
        newest = max(taken.plays, key=lambda play: play.seen_at, default=None)
        if (
            standing is None
            or newest is None
            or newest.is_open
            or newest.ratio is None
            or newest.watched_at is not None
            or not is_in_progress(standing.progress)
        ):
            return
        for told in taken.told[newest.play_id]:
            if not told.given_up:
                percent = round(100 * newest.ratio, 2)
                message = Message(QueueKind.PROGRESS, percent, newest.seen_at, delay)
                yield told.account_id, str(taken.new), newest.play_id, message

    @property
    def _delay_seconds(self) -> float:
        """How long to wait before something is told that has just been looked up."""
        asked_at = moves.looked_up_at(self._connection)
        if asked_at is None or not timedelta() <= self._now - asked_at < AFTER_SEARCH:
            return 0.0
        return (asked_at + AFTER_SEARCH - self._now).total_seconds()

    def _listeners(self, taken: _Taken, play: moves.MovedPlay) -> Iterable[int]:
        """The accounts that are to hear of a watched play under its right key.

        Those that were told of the wrong one or had it waiting; of what was known by name alone,
        and so could not be told, those that would have been.
        """
        told = taken.told[play.play_id]
        heard = {each.account_id for each in told}
        yield from (each.account_id for each in told if not each.given_up)
        if Key.parse(taken.old).media_id.scheme is not Scheme.LOCAL:
            return
        for account in self._accounts:
            if account.id not in heard and _would_be_told(account, play):
                yield account.id

    def _log(self, taken: _Taken) -> None:
        """A line about what was told wrongly."""
        if Key.parse(taken.old).media_id.scheme is Scheme.LOCAL or not taken.plays:
            return
        was, now = (_named(self._connection, key) for key in (Key.parse(taken.old), taken.new))
        add_line(self._connection, taken.profile_id, f"{was} was {now}: set right", self._now)


def _would_be_told(account: Account, play: moves.MovedPlay) -> bool:
    """Whether an account would have heard of a play, had its title been known."""
    return (
        account.profile_id == play.profile_id
        and play.origin in (Origin.PLAYER, Origin.MANUAL)
        and play.seen_at >= account.connected_at
        and (play.origin is Origin.MANUAL or account.scrobbling_enabled)
    )


def _named(connection: sqlite3.Connection, key: Key) -> str:
    media = find_media(connection, str(key.media_id))
    title = clean_text(media.title, 120) if media else str(key.media_id)
    is_anime = media is not None and media.kind is Kind.ANIME
    return f"{title} {episode_label(key.season_number, key.number, is_anime)}".strip()
