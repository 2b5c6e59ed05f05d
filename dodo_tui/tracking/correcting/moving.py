"""Moving viewings from wrong keys to right ones; what was told of a wrong one is taken back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from dodo_tui.domain.ids import Key, MediaId, Scheme
from dodo_tui.domain.lists import ListStatus
from dodo_tui.domain.merge import is_in_progress
from dodo_tui.domain.queue import Message, QueueKind
from dodo_tui.domain.status import PROVIDER_NAMES
from dodo_tui.storage import files, ledger, lists, moves
from dodo_tui.storage.accounts import connected_accounts
from dodo_tui.storage.media import find_media
from dodo_tui.storage.progress import find_progress
from dodo_tui.storage.queue import add_message, add_title_message
from dodo_tui.storage.synclog import add_line
from dodo_tui.tracking import untold
from dodo_tui.tracking.correcting.unlisting import is_listed_by_us

AFTER_SEARCH = timedelta(seconds=60)
"""Simkl names a search right before a write as misuse: what was looked up is told a minute later.
"""

_NEVER_ASKED_THERE = (
    "{name} has not said yet whether this was watched there before. Try again takes the mark back."
)


@dataclass(slots=True)
class _Taken:
    """What is taken from one wrong key of one profile, and where it goes."""

    old: str
    new: Key
    profile_id: int
    plays: list[moves.MovedPlay]
    told: dict[str, Sequence[moves.ToldAccount]] = field(default_factory=dict)
    """What accounts know, by play."""
    standing: moves.Standing | None = None


class Move:
    """A move of viewings from wrong keys to right ones.

    Everything is taken before anything is put down: the right key of one file may be the wrong one
    of another.
    """

    def __init__(self, connection: sqlite3.Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now
        self._planned: dict[tuple[str, Key], tuple[frozenset[int], bool]] = {}
        self._accounts = connected_accounts(connection)
        self._taken_back: dict[tuple[int, str], dict[str, datetime]] = {}
        """By account and series the episodes whose marks go, and when each was told."""
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
        self._take_off_list({Key.parse(key).media_id for _, key in targets})
        facts = [fact for each in taken for fact in self._facts(each)]
        for account_id, key, play_id, message in sorted(
            facts, key=lambda fact: fact[3].happened_at
        ):
            add_message(self._connection, account_id, key, play_id, message, self._now)
            self.told += 1
        self._tell_untold(taken)
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
        by_account: dict[int, list[moves.ToldAccount]] = {}
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
                else:
                    self._note_taken_back(account_id, old, known)
                self.taken_back += 1
                if not is_target:
                    moves.note_unmarked(connection, taken.profile_id, old, self._now)
                self._put_back_on_list(account_id, taken)
            percents = [each.paused_percent for each in known if each.paused_percent is not None]
            if percents:
                message = Message(QueueKind.UNPAUSED, percents[-1], self._now)
                self._queue(account_id, old, message)

    def _note_taken_back(
        self, account_id: int, key: str, known: Sequence[moves.ToldAccount]
    ) -> None:
        parsed = Key.parse(key)
        times = [each.told_at for each in known if each.watched and each.told_at is not None]
        if parsed.is_episode and times:
            of_title = self._taken_back.setdefault((account_id, str(parsed.media_id)), {})
            of_title[key] = min(times)

    def _take_off_list(self, right: Set[MediaId]) -> None:
        """Queue that a wrong series leaves the list that our marks had put it on."""
        accounts = {account.id: account for account in self._accounts}
        for (account_id, media_id), told in self._taken_back.items():
            account = accounts.get(account_id)
            if account is None or MediaId.parse(media_id) in right:
                continue
            told_at = min(told.values())
            if is_listed_by_us(self._connection, account, media_id, told.keys(), told_at):
                message = Message(QueueKind.UNLISTED, None, self._now)
                add_title_message(self._connection, account_id, media_id, message, self._now)

    def _put_back_on_list(self, account_id: int, taken: _Taken) -> None:
        """A film that was planned there before our mark is planned again.

        Taking a film's mark back takes it off its list, rating included (Simkl).
        """
        key = Key.parse(taken.old)
        if key.is_episode:
            return
        provider = moves.provider_of(self._connection, account_id)
        entry = lists.find_entry(self._connection, taken.profile_id, taken.old, provider)
        if entry is None or entry.status != ListStatus.PLANNED:
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
        delay = self.delay_seconds
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
    def delay_seconds(self) -> float:
        """How long to wait before something is told that has just been looked up."""
        asked_at = moves.looked_up_at(self._connection)
        if asked_at is None or not timedelta() <= self._now - asked_at < AFTER_SEARCH:
            return 0.0
        return (asked_at + AFTER_SEARCH - self._now).total_seconds()

    def _listeners(self, taken: _Taken, play: moves.MovedPlay) -> Iterable[int]:
        """The accounts that are to hear of a watched play under its right key.

        Those that were told of the wrong one or had it waiting.
        """
        yield from (each.account_id for each in taken.told[play.play_id] if not each.given_up)

    def _tell_untold(self, taken: Iterable[_Taken]) -> None:
        """Queue what was known by name alone, and so could not be told; not what was not to be."""
        plays: dict[tuple[int, str], set[str]] = {}
        given_up: set[tuple[int, str]] = set()
        for each in taken:
            was_unknown = Key.parse(each.old).media_id.scheme is Scheme.LOCAL
            if was_unknown and each.new.media_id.scheme is not Scheme.LOCAL:
                title = (each.profile_id, str(each.new.media_id))
                plays.setdefault(title, set()).update(play.play_id for play in each.plays)
                for play_id, told in each.told.items():
                    given_up |= {(known.account_id, play_id) for known in told if known.given_up}
        for (profile_id, media_id), play_ids in plays.items():
            ledger.join_heard(self._connection, media_id)
            for account in self._accounts:
                if account.profile_id == profile_id:
                    self.told += untold.queue_viewings(
                        self._connection,
                        account,
                        media_id,
                        self._now,
                        self.delay_seconds,
                        {each for each in play_ids if (account.id, each) not in given_up},
                    )

    def _log(self, taken: _Taken) -> None:
        """A line about what was told wrongly."""
        if Key.parse(taken.old).media_id.scheme is Scheme.LOCAL or not taken.plays:
            return
        was, now = (_name_of(self._connection, key) for key in (Key.parse(taken.old), taken.new))
        add_line(self._connection, taken.profile_id, f"{was} was {now}: set right", self._now)


def _name_of(connection: sqlite3.Connection, key: Key) -> str:
    media = find_media(connection, str(key.media_id))
    return str(key) if media is None else media.name_of(key)
