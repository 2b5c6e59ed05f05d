"""Applying what a provider told: piece by piece, each in transactions of a bounded size.

The decisions are in `domain.merge`; here is what they are made from and where they go. A piece
applied twice changes nothing the second time, so a pull that broke off is simply pulled again.
Nothing written here is queued for anybody: what one provider told is never passed on (DESIGN 6).
"""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from dodo_tui.clock import SLACK
from dodo_tui.domain.account import Account
from dodo_tui.domain.ids import Ids, InvalidKeyError, Key, Kind, MediaId
from dodo_tui.domain.lists import ListStatus, move_words
from dodo_tui.domain.media import Episode, Media, episode_label
from dodo_tui.domain.merge import (
    SAME_VIEWING,
    Known,
    Standing,
    bounded,
    is_in_progress,
    merge_resume,
    merge_unwatched,
    merge_watched,
    needs_asking,
)
from dodo_tui.domain.progress import Origin, Progress
from dodo_tui.domain.queue import QueueKind
from dodo_tui.domain.text import clean_text
from dodo_tui.domain.times import to_iso_seconds
from dodo_tui.providers.changes import Listing, RemoteTitle, ResumePoint, ResumePoints
from dodo_tui.storage import forgetting, lists, remote, standing
from dodo_tui.storage.database import transaction
from dodo_tui.storage.media import find_media, save_episodes, save_media
from dodo_tui.tracking.points import is_finished_here
from dodo_tui.tracking.undo import Before, keep_before

FACTS_AT_ONCE = 400
"""How many episodes and films one transaction holds: others wait for it no longer than a blink."""

_MOST_LINES = 20
"""How many lines of one sync are kept; the log holds the last hundred of all."""

_MOST_EPISODES_NAMED = 3
"""Of one title in one sync; more are counted."""

_ABOUT_WATCHING = frozenset({QueueKind.WATCHED, QueueKind.UNWATCHED})

_CLOCK_IS_OFF = timedelta(days=1)
"""Two clocks that differ by more are not both right."""

_NAMESPACE = uuid.UUID("6f0f9b8e-0d0d-4d0d-8d0d-d0d0d0d0d0d0")


class Side(StrEnum):
    """Whose word counts in a pull: `MERGE` is every later sync; the others a first one's choice."""

    MERGE = "merge"
    THEIRS = "theirs"
    MINE = "mine"


@dataclass(slots=True)
class Pull:
    """One pull as it goes on: what it is made with, and what it has come to."""

    account: Account
    now: datetime
    """Nothing that happened is later than this."""
    is_sure: bool = False
    """Whether `now` is known to be right, a server having said it."""
    since: datetime | None = None
    """When the last complete pull began; None: this is the first."""
    side: Side = Side.MERGE
    quiet: bool = False
    """Whether single viewings are left out of the log (a first pull has thousands)."""
    changed: int = 0
    malformed: int = 0
    lines: list[str] = field(default_factory=list)
    unsaid: int = 0
    asked: int = 0
    """How many removals wait for the user's word."""

    @property
    def origin(self) -> Origin:
        """What is told by this account's provider."""
        return Origin(self.account.provider)

    def say(self, line: str) -> None:
        """A line for the log; the first ones of a sync are kept and the rest are counted."""
        if len(self.lines) < _MOST_LINES:
            self.lines.append(line)
        else:
            self.unsaid += 1


def portions(titles: Sequence[RemoteTitle]) -> Iterator[Sequence[RemoteTitle]]:
    """Titles in portions of about `FACTS_AT_ONCE` facts."""
    portion: list[RemoteTitle] = []
    facts = 0
    for title in titles:
        portion.append(title)
        facts += 1 + len(title.episodes)
        if facts >= FACTS_AT_ONCE:
            yield portion
            portion, facts = [], 0
    if portion:
        yield portion


def apply_titles(
    connection: sqlite3.Connection,
    pull: Pull,
    titles: Sequence[RemoteTitle],
) -> None:
    """Merge some titles, in one transaction."""
    with transaction(connection, durable=False):
        unsent = remote.unsent(connection, pull.account.id)
        for title in titles:
            _apply_title(connection, pull, title, unsent)


def apply_listing(connection: sqlite3.Connection, pull: Pull, listing: Listing) -> None:
    """Take away what is not on the provider's list any more, if that can be believed.

    Only what came from there goes; what was played or marked here stays as it is, and so do all
    plays. What is too much to be believed waits for the user's word.
    """
    profile_id, provider = pull.account.profile_id, pull.account.provider
    if pull.side is Side.MINE:
        return
    with transaction(connection, durable=True):
        here = lists.listed(connection, profile_id, provider, listing.kinds)
        gone = missing_titles(here, listing.ids)
        others = frozenset(lists.asked_about(connection, pull.account.id)) - here.keys()
        if _is_unlikely(here, gone):
            lists.ask_about(connection, pull.account.id, gone | others, pull.now)
            pull.asked = len(gone | others)
            pull.say(f"{len(gone)} titles are missing from the list: kept until you say otherwise")
            return
        lists.ask_about(connection, pull.account.id, others, pull.now)
        pull.asked = len(others)
        remove_titles(connection, pull, sorted(gone))


def missing_titles(here: Mapping[str, lists.Listed], listed: Iterable[Ids]) -> frozenset[str]:
    """The titles here that a complete listing lacks.

    One that was joined from several entries there, so that it has several ids of the provider's,
    is missing only where all of them are; one of which none of its ids is of a kind that the
    listing names cannot be told to be missing.
    """
    there = {value for ids in listed for value in ids}
    if not there:
        return frozenset(here)
    schemes = {scheme for scheme, _ in there}
    gone = set()
    for media_id, title in here.items():
        own = {(each.scheme, each.value) for each in title.aliases if each.scheme in schemes}
        if own and not own & there:
            gone.add(media_id)
    return frozenset(gone)


def _is_unlikely(here: Mapping[str, lists.Listed], gone: Set[str]) -> bool:
    """Whether a removal must not be believed unasked: much of the list, or all of one kind."""
    if needs_asking(len(gone), len(here), nothing_left=len(gone) == len(here)):
        return True
    for kind in {title.kind for title in here.values()}:
        of_kind = {media_id for media_id, title in here.items() if title.kind is kind}
        if len(of_kind) > 1 and of_kind <= gone:
            return True
    return False


def remove_titles(connection: sqlite3.Connection, pull: Pull, media_ids: Sequence[str]) -> None:
    """Take titles off the list here, keeping how it was. Expects a transaction around it.

    What came from there goes, unless it was another user of the provider who told it. Resume
    points are no part of a list, and stay.
    """
    if not media_ids:
        return
    account = pull.account
    keep_before(connection, account, Before.REMOVAL, media_ids, pull.now)
    unsent = remote.unsent(connection, account.id)
    for media_id in media_ids:
        rows = remote.title_progress(connection, account.profile_id, media_id)
        known = remote.title_known(connection, account.id, media_id)
        gone = [
            row
            for row in rows.values()
            if row.origin is pull.origin and row.key in known and row.key not in unsent
        ]
        begun = [row for row in gone if is_in_progress(row)]
        remote.delete_progress(connection, account.profile_id, [row.key for row in gone])
        remote.write_progress(
            connection, [replace(row, watched=False, watched_at=None) for row in begun]
        )
        unwatched = {
            name: replace(each, watched=False, watched_at=None) for name, each in known.items()
        }
        remote.save_known(connection, account.id, media_id, unwatched)
        lists.delete_entry(connection, account.profile_id, media_id, account.provider)
        standing.gone_there(connection, account.id, account.profile_id, media_id, pull.now)
        media = find_media(connection, media_id)
        pull.changed += 1
        pull.say(f"{media.title if media else media_id} removed from the list on another device")


def apply_points(
    connection: sqlite3.Connection, pull: Pull, points: ResumePoints
) -> tuple[ResumePoint, ...]:
    """Merge resume points, in one transaction; answers those that were finished here since."""
    account = pull.account
    overtaken: list[ResumePoint] = []
    seen: set[str] = set()
    with transaction(connection, durable=False):
        unsent = remote.unsent(connection, account.id)
        for point in points.points:
            key = _key_of_point(connection, pull, point)
            if key is None:
                pull.malformed += 1
                continue
            seen.add(str(key))
            if _apply_point(connection, pull, point, key, unsent):
                overtaken.append(point)
        if points.complete:
            _apply_gone_points(connection, pull, points, seen, unsent)
    return tuple(overtaken)


def _apply_title(
    connection: sqlite3.Connection,
    pull: Pull,
    title: RemoteTitle,
    unsent: Mapping[str, frozenset[QueueKind]],
) -> None:
    account = pull.account
    media_id = save_media(connection, title.media, pull.now)
    media = replace(title.media, id=media_id)
    if pull.side is not Side.MINE:
        _apply_entry(connection, pull, title, str(media_id))
    if not title.says_watched:
        return
    told = told_watches(title, media_id)
    past = forgetting.forgotten(connection, account.profile_id, str(media_id))
    save_episodes(connection, [Episode(key) for key in told if key.is_episode])
    local = remote.title_progress(connection, account.profile_id, str(media_id))
    known = remote.title_known(connection, account.id, str(media_id))
    watches: dict[str, list[remote.Watch]] | None = None
    heard: dict[str, Known] = {}
    written: list[Progress] = []
    plays: list[remote.HeardWatch] = []
    for key, watched_at in told.items():
        name = str(key)
        before = known.get(name, Known())
        if before.watched and before.watched_at == watched_at and pull.side is not Side.THEIRS:
            continue
        if past is not None and past.covers(watched_at):
            heard[name] = replace(before, watched=True, watched_at=watched_at)
            continue
        if watches is None:
            watches = remote.title_watches(
                connection, account.profile_id, account.id, str(media_id)
            )
        play_id, ours = _play_of(pull, title.media, key, watched_at, watches.get(name, ()))
        is_ours = ours is not None
        if play_id is not None and not is_ours:
            play_id = remote.own_play_id(connection, account.profile_id, play_id)
        heard[name] = replace(before, watched=True, watched_at=watched_at, play_id=play_id)
        if pull.side is Side.MINE:
            continue
        row = local.get(name)
        if ours is not None and watched_at is not None and _is_misdated(ours, watched_at):
            at = bounded(watched_at, pull.now)
            remote.date_watch(connection, account.id, ours, at)
            row = None if row is None else _dated(row, ours.watched_at, at)
        standing = _standing(connection, pull, row, unsent.get(name, frozenset()))
        merged = merge_watched(row, account.profile_id, name, watched_at, standing)
        if _is_being_taken_back(row, watched_at, unsent.get(name, frozenset())):
            continue
        if play_id is not None and not is_ours and watched_at is not None:
            plays.append(remote.HeardWatch(play_id, name, bounded(watched_at, pull.now)))
            pull.changed += 1
        elif merged != row and not is_ours:
            pull.changed += 1
        if merged != local.get(name):
            written.append(merged)
    if not pull.quiet:
        _say_of_parts(pull, media, [play.key for play in plays], "watched")
    heard |= apply_absence(connection, pull, title, media, told, local, known, unsent)
    remote.insert_watches(connection, account.profile_id, str(media_id), pull.origin, plays)
    remote.write_progress(connection, sorted(written, key=_touched_at, reverse=True))
    remote.save_known(connection, account.id, str(media_id), heard)


def _is_being_taken_back(
    row: Progress | None, watched_at: datetime | None, unsent: frozenset[QueueKind]
) -> bool:
    """Whether a watched mark is one that has been taken back here, which is still to be told."""
    return (
        QueueKind.UNWATCHED in unsent
        and row is not None
        and not row.watched
        and (watched_at is None or watched_at <= row.touched_at)
    )


def apply_absence(
    connection: sqlite3.Connection,
    pull: Pull,
    title: RemoteTitle,
    media: Media,
    told: Mapping[Key, datetime | None],
    local: Mapping[str, Progress],
    known: Mapping[str, Known],
    unsent: Mapping[str, frozenset[QueueKind]],
    *,
    is_certain: bool = False,
) -> dict[str, Known]:
    """What the provider held as watched and does not any more: it was unmarked there.

    Concluded of a film that is planned, and of a series only where it names every episode that it
    counts; never from specials, which it may leave out. `is_certain`: nothing needs to be asked.
    """
    is_reset = is_certain or title.status is ListStatus.PLANNED
    if not (is_reset or title.episodes_complete) or pull.side is Side.MINE:
        return {}
    names = {str(key) for key in told}
    held = [name for name, each in known.items() if each.watched and not _is_special(name)]
    held += [
        row.key
        for row in local.values()
        if row.key not in held and _is_told_here(connection, pull, title.media.kind, row)
    ]
    gone = [name for name in held if name not in names]
    if not gone or (not title.episodes_complete and any(Key.parse(n).is_episode for n in gone)):
        return {}
    if not is_reset and needs_asking(len(gone), len(held), nothing_left=not told):
        pull.say(f"{media.title}: {len(gone)} episodes are missing from the history there; kept")
        return {}
    account = pull.account
    keep_before(connection, account, Before.REMOVAL, [str(media.id)], pull.now)
    heard: dict[str, Known] = {}
    taken_back: list[str] = []
    for name in gone:
        heard[name] = replace(known.get(name, Known()), watched=False, watched_at=None)
        row = local.get(name)
        about_it = unsent.get(name, frozenset()) & _ABOUT_WATCHING
        merged = merge_unwatched(row, _standing(connection, pull, row, about_it))
        if merged == row:
            continue
        if merged is None:
            remote.delete_progress(connection, account.profile_id, [name])
        else:
            remote.write_progress(connection, [merged])
        pull.changed += 1
        taken_back.append(name)
    _say_of_parts(pull, media, taken_back, "marked unwatched")
    return heard


def _say_of_parts(pull: Pull, media: Media, names: Sequence[str], what: str) -> None:
    """What happened to a film or to episodes elsewhere; a whole season is one line."""
    if len(names) > _MOST_EPISODES_NAMED:
        title = clean_text(media.title, 120)
        pull.say(f"{title}: {len(names)} episodes {what} on another device")
        return
    for name in names:
        pull.say(f"{_named(media, Key.parse(name))} {what} on another device")


def _apply_entry(
    connection: sqlite3.Connection, pull: Pull, title: RemoteTitle, media_id: str
) -> None:
    """Keep the status and the rating, as far as they were told."""
    account = pull.account
    before = lists.find_entry(connection, account.profile_id, media_id, account.provider)
    status = title.status.value if title.status else (before.status if before else None)
    rating = title.rating
    if not title.says_rating:
        rating = before.rating if before else None
    rated_at = before.rated_at if before else None
    if rating != (before.rating if before else None):
        told_at = None if pull.side is Side.THEIRS else title.rated_at
        rated_at = bounded(told_at or pull.now, pull.now)
    lists.is_back(connection, account.id, media_id)
    if before is None and status is None and rating is None:
        return
    entry = lists.ListEntry(
        media_id, account.provider, title.media.kind, status, rating, rated_at, title.added_at
    )
    if before != replace(entry, added_at=entry.added_at or (before.added_at if before else None)):
        lists.save_entry(connection, account.profile_id, entry, pull.now)
        if pull.side is not Side.THEIRS:
            standing.keep_what_was_said(
                connection, account.id, account.profile_id, media_id, pull.now,
                connected_at=account.connected_at if pull.since is None else None,
            )  # fmt: skip
        _say_entry(pull, title.media.title, before, entry)


def entry_news(before: lists.ListEntry | None, entry: lists.ListEntry) -> tuple[str, ...]:
    """What is new of a list and a rating, in words.

    A list that a title is on because it was watched is no news: the viewing is.
    """
    news = []
    if entry.status != (before.status if before else None) and (moved := move_words(entry.status)):
        news.append(moved)
    if entry.rating != (before.rating if before else None):
        news.append(f"rated {entry.rating}" if entry.rating else "rating taken back")
    return tuple(news)


def _say_entry(
    pull: Pull,
    name: str,
    before: lists.ListEntry | None,
    entry: lists.ListEntry,
) -> None:
    """Count what is new of a list or a rating, and say it, unless it came with the first pull."""
    for news in entry_news(before, entry):
        pull.changed += 1
        if not pull.quiet:
            pull.say(f"{clean_text(name, 120)} {news} on another device")


def _apply_point(
    connection: sqlite3.Connection,
    pull: Pull,
    point: ResumePoint,
    key: Key,
    unsent: Mapping[str, frozenset[QueueKind]],
) -> bool:
    """Merge one resume point; answers whether it is worthless, as it was finished here since."""
    account, name, media_id = pull.account, str(key), str(key.media_id)
    ratio = point.percent / 100
    before = remote.title_known(connection, account.id, media_id).get(name, Known())
    heard = replace(before, ratio=ratio, paused_at=point.paused_at, point_id=point.remote_id)
    remote.save_known(connection, account.id, media_id, {name: heard})
    if QueueKind.UNPAUSED in unsent.get(name, frozenset()):
        return False
    past = forgetting.forgotten(connection, account.profile_id, media_id)
    if past is not None and past.covers(point.paused_at):
        return past.there
    row = remote.title_progress(connection, account.profile_id, media_id).get(name)
    if is_finished_here(connection, row, point.paused_at) and name not in unsent:
        return True
    is_old = (before.ratio, before.paused_at) == (ratio, point.paused_at)
    if pull.side is Side.MINE or (is_old and pull.side is not Side.THEIRS):
        return False
    standing = _standing(connection, pull, row, unsent.get(name, frozenset()))
    merged = merge_resume(row, account.profile_id, name, ratio, point.paused_at, standing)
    if merged is None or merged == row:
        return False
    remote.write_progress(connection, [merged])
    moved = row is None or (merged.position_seconds, merged.ratio) != (
        row.position_seconds,
        row.ratio,
    )
    if moved:
        pull.changed += 1
        media = find_media(connection, media_id)
        if media is not None:
            percent = f"{point.percent:.0f} %"
            pull.say(f"{_named(media, key)} stopped at {percent} on another device")
    return False


def _apply_gone_points(
    connection: sqlite3.Connection,
    pull: Pull,
    points: ResumePoints,
    seen: set[str],
    unsent: Mapping[str, frozenset[QueueKind]],
) -> None:
    """Resume points that the provider does not keep any more.

    One that may have run out says nothing: Simkl forgets a free user's after seven days, dodo
    never does. Nor does one in whose place its title has another: Simkl keeps one for a title. One
    that was taken away there goes here, too, if it came from there.
    """
    account = pull.account
    held = remote.known_points(connection, account.id)
    gone = {name: each for name, each in held.items() if name not in seen}
    replaced = {str(Key.parse(name).media_id) for name in seen}
    for name, each in gone.items():
        forgotten = replace(each, ratio=None, paused_at=None, point_id=None)
        media_id = str(Key.parse(name).media_id)
        remote.save_known(connection, account.id, media_id, {name: forgotten})
    if needs_asking(len(gone), len(held), nothing_left=not seen):
        return
    for name, each in gone.items():
        media_id = str(Key.parse(name).media_id)
        row = remote.title_progress(connection, account.profile_id, media_id).get(name)
        if (
            row is None
            or name in unsent
            or row.origin is not pull.origin
            or row.ratio != each.ratio
            or media_id in replaced
            or _may_have_run_out(each, points)
        ):
            continue
        keep_before(connection, account, Before.REMOVAL, [media_id], pull.now)
        if row.watched:
            remote.write_progress(connection, [replace(row, position_seconds=0.0, ratio=None)])
        else:
            remote.delete_progress(connection, account.profile_id, [name])
        pull.changed += 1
        media = find_media(connection, media_id)
        if media is not None:
            named = _named(media, Key.parse(name))
            pull.say(f"{named} taken out of Continue Watching on another device")


def _may_have_run_out(known: Known, points: ResumePoints) -> bool:
    """Whether a point may be gone because of its age alone."""
    if points.kept_since is None or known.paused_at is None:
        return True
    return known.paused_at <= points.kept_since


def _key_of_point(connection: sqlite3.Connection, pull: Pull, point: ResumePoint) -> Key | None:
    """The key of a resume point; its title is kept if it is new. None: nothing we can name."""
    item = point.item
    preferred = item.ids.preferred(item.kind)
    if preferred is None:
        return None
    media = Media(preferred, item.kind, item.title, item.year, item.ids)
    media_id = save_media(connection, media, pull.now)
    try:
        key = (
            Key(media_id)
            if item.season is None or item.number is None
            else Key.episode(media_id, item.season, item.number)
        )
    except InvalidKeyError:
        return None
    if key.is_episode:
        save_episodes(connection, [Episode(key)])
    return key


def told_watches(title: RemoteTitle, media_id: MediaId) -> dict[Key, datetime | None]:
    """What a title says is watched, by key; coordinates that fit no key are left out."""
    if title.watched or title.media.kind is Kind.MOVIE:
        return {Key(media_id): title.watched_at} if title.watched else {}
    told: dict[Key, datetime | None] = {}
    for episode in title.episodes:
        try:
            key = Key.episode(media_id, episode.season, episode.number)
        except InvalidKeyError:
            continue
        if key.season_number == episode.season:
            told[key] = episode.watched_at
    return told


def _play_of(
    pull: Pull,
    media: Media,
    key: Key,
    watched_at: datetime | None,
    watches: Sequence[remote.Watch],
) -> tuple[str | None, remote.Watch | None]:
    """The play that stands for a remote watched fact, and the viewing if we have it already.

    Ours is one at the same time, or a live `stop` that the provider acknowledged since the last
    pull: it stamps that itself. Where our clock was wrong then, the two times differ by years.
    """
    if watched_at is None:
        return None, watches[0] if watches else None
    for watch in watches:
        if abs(watch.watched_at - watched_at) <= SAME_VIEWING:
            return watch.play_id, watch
    for watch in watches:
        told_at = watch.stopped_at
        if told_at is None or (pull.since is not None and told_at < pull.since):
            continue
        gap = abs(told_at - watched_at)
        was_off = told_at > pull.now + SLACK or (pull.since is not None and not pull.is_sure)
        if gap <= SAME_VIEWING or (was_off and gap >= _CLOCK_IS_OFF):
            return watch.play_id, watch
    return _play_id(pull.account, media, key, watched_at), None


def _is_misdated(ours: remote.Watch, watched_at: datetime) -> bool:
    """Whether a viewing of ours, stamped by its provider as it happened, bears a wrong time."""
    return ours.stopped_at is not None and abs(ours.watched_at - watched_at) > SAME_VIEWING


def _dated(row: Progress, before: datetime, at: datetime) -> Progress:
    """A row that goes by a viewing whose time was wrong, as it goes by the true one."""
    if row.watched_at != before:
        return row
    is_newest = row.touched_at <= before or not is_in_progress(row)
    return replace(row, watched_at=at, touched_at=at if is_newest else row.touched_at)


def _play_id(account: Account, media: Media, key: Key, watched_at: datetime) -> str:
    """The same on every device that hears of this viewing, so that exports join into one."""
    own = getattr(media.ids, account.provider, None) or str(media.id)
    place = f"{key.season_number}:{key.number}"
    name = f"{account.provider}:{account.user.id}:{own}:{place}:{to_iso_seconds(watched_at)}"
    return uuid.uuid5(_NAMESPACE, name).hex


def _standing(
    connection: sqlite3.Connection,
    pull: Pull,
    row: Progress | None,
    unsent: frozenset[QueueKind],
) -> Standing:
    """How what is here stands to what the provider has been told."""
    return Standing(
        provider=pull.origin,
        now=pull.now,
        unsent=unsent,
        told=row is not None and not unsent and _is_told(connection, pull, row),
        theirs=pull.side is Side.THEIRS,
    )


def _is_told(connection: sqlite3.Connection, pull: Pull, row: Progress) -> bool:
    """Whether what a row says came from the provider, or has been sent to it."""
    if row.origin is pull.origin:
        return True
    if row.watched and row.watched_at is not None:
        return remote.is_told(connection, pull.account, row.key, row.watched_at)
    if row.touched_at < pull.account.connected_at:
        return False
    return row.origin is Origin.MANUAL or (
        row.origin is Origin.PLAYER and pull.account.scrobbling_enabled
    )


def _is_told_here(connection: sqlite3.Connection, pull: Pull, kind: Kind, row: Progress) -> bool:
    """Whether a provider was told by us that something is watched, and has not said so itself yet.

    An anime's episode may have been filed under another number, so its absence says nothing.
    """
    if row.watched_at is None or not row.watched:
        return False
    key = Key.parse(row.key)
    if key.is_episode and (kind is Kind.ANIME or key.season_number == 0):
        return False
    return remote.was_delivered(connection, pull.account.id, row.key, row.watched_at)


def _touched_at(row: Progress) -> datetime:
    """Newest first is how rows are written: of a title only the newest concerns Home."""
    return row.touched_at


def _is_special(name: str) -> bool:
    return Key.parse(name).season_number == 0


def _named(media: Media, key: Key) -> str:
    """`Severance S2 E3`, as the log and the screens name it."""
    label = episode_label(key.season_number, key.number, one_season=media.kind is Kind.ANIME)
    return f"{clean_text(media.title, 120)} {label}".strip()
