"""The merge: what becomes of one film or episode here when a provider says where it stands there.

Pure. The rules are those of DESIGN section 6: newer wins by the event's own time; at the same time
watched beats progress; facts not yet sent beat remote ones; a ratio becomes seconds only when a
real duration is known; a time nobody knows never reorders anything; the future is treated as now.
A waiting *progress* is the exception that DESIGN section 5 makes: something newer overtakes it.

What a provider says counts only where it differs from what it said last (`Known`): repeating an
old answer changes nothing, which is what makes a sync safe to repeat.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from dodo_tui.domain.progress import Origin, Progress
from dodo_tui.domain.queue import QueueKind
from dodo_tui.values import dataclass

LONG_AGO = datetime(1900, 1, 1, tzinfo=UTC)
"""Sorts a row whose time nobody knows before all others. `known_time` reads it as unknown."""

SAME_VIEWING = timedelta(minutes=10)
"""A watched time this near to one of ours is ours: a live `stop` is stamped by the provider."""

SAME_PLACE_RATIO = 0.006
"""Percentages come back rounded to whole ones; our own seconds are better than that."""

HANDFUL_REMOVED = 3
"""So many titles leave a list of any size without a question: who tidies up on the phone …"""

MOST_REMOVED_RATIO = 0.20
"""… and more of them up to this share of the list (after NuvioTV#460, PlexTraktSync#1066) …"""

MOST_REMOVED = 50
"""… but never more than these, however long the list is."""

MANY_PARTS = 10
"""So many episodes or resume points go at once whatever their share is: a season is unmarked."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a provider held of a key when it last said so."""

    watched: bool = False
    watched_at: datetime | None = None
    ratio: float | None = None
    paused_at: datetime | None = None
    point_id: int | None = None
    play_id: str | None = None
    """The play that stands for its watched fact here."""
    entry: str | None = None
    """Which of the provider's entries told of it, where several of them may make one title."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How what is here stands to what the provider has been told."""

    provider: Origin
    now: datetime
    """The newest time that can be true; anything later is treated as this."""
    unsent: AbstractSet[QueueKind] = frozenset()
    """The facts about the key that the provider has not been told."""
    told: bool = False
    """What is here has reached the provider, so its answer takes that into account already."""
    theirs: bool = False
    """The user chose "take theirs": where both know something, the provider's counts."""


def bounded(moment: datetime, now: datetime) -> datetime:
    """An event's time; one from the future is treated as now."""
    return min(moment, now)


def merge_watched(
    local: Progress | None,
    profile_id: int,
    key: str,
    watched_at: datetime | None,
    standing: Standing,
) -> Progress:
    """Where a profile stands once a provider has said "watched", at a time or at an unknown one."""
    at = None if watched_at is None else bounded(watched_at, standing.now)
    if local is None:
        return _watched_there(profile_id, key, at, None, standing)
    if QueueKind.UNWATCHED in standing.unsent and not standing.theirs:
        return local
    if is_in_progress(local):
        is_newer = at is not None and _second(at) >= _second(_touched(local, standing))
        if is_newer or (standing.theirs and at):
            return _watched_there(profile_id, key, at, local, standing)
        return replace(local, watched=True, watched_at=_later(local.watched_at, at))
    if not local.watched:
        is_newer = at is not None and _second(at) >= _second(_touched(local, standing))
        if is_newer:
            return _watched_there(profile_id, key, at, local, standing)
        if standing.told or standing.theirs:
            # What was done here since has not become older by it: it ended what was begun before.
            touched_at = max(_touched(local, standing), at or LONG_AGO)
            watched = _watched_there(profile_id, key, at, local, standing)
            return replace(watched, touched_at=touched_at)
        return local
    if at is None or (local.watched_at is not None and at <= local.watched_at + SAME_VIEWING):
        return local
    return replace(local, watched_at=at, touched_at=max(_touched(local, standing), at))


def merge_unwatched(local: Progress | None, standing: Standing) -> Progress | None:
    """Where a profile stands once a provider that said "watched" does not say so any more.

    None: nothing is known of the key any more. Its plays stay in the history in any case.
    """
    if local is None or not local.watched:
        return local
    if not standing.theirs and (standing.unsent or not standing.told):
        return local
    if is_in_progress(local):
        return replace(local, watched=False, watched_at=None)
    return None


def merge_resume(
    local: Progress | None,
    profile_id: int,
    key: str,
    ratio: float,
    paused_at: datetime | None,
    standing: Standing,
) -> Progress | None:
    """Where a profile stands once a provider has told a resume point; None: still nowhere.

    At the same time what is here stays, watched or not. At the same place our own seconds are kept.
    A viewing that is paused after we watched it is another one, whether or not ours has been sent.
    """
    at = LONG_AGO if paused_at is None else bounded(paused_at, standing.now)
    ratio = min(max(ratio, 0.0), 1.0)
    if ratio == 0.0:
        return local
    if local is None:
        return Progress(profile_id, key, 0.0, None, ratio, at, standing.provider)
    if not standing.theirs and _second(at) <= _second(_touched(local, standing)):
        return local
    here = ratio_of(local)
    if is_in_progress(local) and here is not None and abs(here - ratio) <= SAME_PLACE_RATIO:
        return replace(local, touched_at=max(_touched(local, standing), at))
    position = ratio * local.duration_seconds if local.duration_seconds else 0.0
    return replace(
        local,
        position_seconds=position,
        ratio=ratio,
        touched_at=at,
        origin=standing.provider if not local.watched else local.origin,
    )


def merge_position(
    local: Progress | None,
    profile_id: int,
    key: str,
    position_seconds: float,
    stopped_at: datetime,
    standing: Standing,
) -> Progress | None:
    """Where a profile stands once another player's own seconds are told; None: still nowhere.

    Newer wins. The duration is the one that is known here, if there is one.
    """
    at = bounded(stopped_at, standing.now)
    if position_seconds <= 0:
        return local
    if local is None:
        return Progress(profile_id, key, position_seconds, None, None, at, standing.provider)
    if _second(at) <= _second(_touched(local, standing)):
        return local
    duration = local.duration_seconds
    return replace(
        local,
        position_seconds=min(position_seconds, duration) if duration else position_seconds,
        ratio=min(position_seconds / duration, 1.0) if duration else None,
        touched_at=at,
        origin=standing.provider if not local.watched else local.origin,
    )


def is_overtaken(local: Progress | None, paused_at: datetime | None) -> bool:
    """Whether a resume point at a provider is worthless: it was watched since, here or there."""
    return (
        local is not None
        and not is_in_progress(local)
        and is_past(paused_at, watched_at=local.watched_at)
    )


def is_past(paused_at: datetime | None, *, watched_at: datetime | None) -> bool:
    """Whether a resume point is from before a viewing to the end, as far as both times are known.

    At the same time watched beats progress.
    """
    if paused_at is None or watched_at is None:
        return False
    return _second(paused_at) <= _second(watched_at)


def is_overtaken_by(known: Known, at: datetime) -> bool:
    """Whether a provider has something of a key that is not older than a place of another time."""
    paused_at = known.paused_at if known.ratio is not None else None
    return is_past(at, watched_at=known.watched_at) or is_past(at, watched_at=paused_at)


def needs_asking(removed: int, listed: int, nothing_left: bool) -> bool:
    """Whether a removal of so many of the listed titles must not be believed without asking.

    It is asked when more than a handful and more than a fifth of the list would go, when more than
    fifty would, and when nothing would be left of more than one title: a list that comes back
    empty is a fault until proven otherwise.
    """
    if (nothing_left and removed > 1) or removed > MOST_REMOVED:
        return True
    return removed > HANDFUL_REMOVED and removed > MOST_REMOVED_RATIO * listed


def is_too_much(removed: int, held: int, nothing_left: bool) -> bool:
    """Whether so much of what is held in one respect is kept, though it is missing there.

    Nobody is asked about parts of titles, so whole seasons have to pass.
    """
    if nothing_left and removed > 1:
        return True
    return removed > MANY_PARTS and removed > MOST_REMOVED_RATIO * held


def is_in_progress(progress: Progress) -> bool:
    """Whether there is something to resume."""
    return progress.position_seconds > 0 or (progress.ratio or 0.0) > 0


def ratio_of(progress: Progress) -> float | None:
    """How far it is, by our own seconds if there are any."""
    if progress.duration_seconds and progress.position_seconds > 0:
        return progress.position_seconds / progress.duration_seconds
    return progress.ratio


def _watched_there(
    profile_id: int, key: str, at: datetime | None, local: Progress | None, standing: Standing
) -> Progress:
    touched_at = at or (local.touched_at if local else LONG_AGO)
    return Progress(
        profile_id=profile_id,
        key=key,
        position_seconds=0.0,
        duration_seconds=local.duration_seconds if local else None,
        ratio=None,
        touched_at=touched_at,
        origin=local.origin if local and local.watched else standing.provider,
        watched_at=_later(local.watched_at if local else None, at),
        watched=True,
    )


def _touched(local: Progress, standing: Standing) -> datetime:
    """When the row here was touched, as far as that can be true.

    A time from the future was written by a clock that was wrong. Told already, it is no reason to
    hold out against anything the provider has learnt since.
    """
    if local.touched_at <= standing.now:
        return local.touched_at
    return LONG_AGO if standing.told else standing.now


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    if one is None or other is None:
        return one or other
    return max(one, other)


def _second(moment: datetime) -> datetime:
    """Providers keep whole seconds."""
    return moment.replace(microsecond=0)
