"""A viewing that broke off without a word and goes on: it stays one play.

Whoever watched a player was killed or ended, or the player froze and came back. What is seen of the
same film soon afterwards, from about there on, is the same viewing: it is neither begun again in
the history nor counted as watched twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dodo_tui.domain.playback import End, Playback, shared
from dodo_tui.values import dataclass

LONGEST_GAP_SECONDS = 1800.0
"""After so long it is another viewing; what is left of a watched film is over by then."""

BACK_SECONDS = 60.0
"""So far back it may be found again: players that are asked now and then lag, and one who missed a
sentence jumps back."""


@dataclass(frozen=True, slots=True)
class BrokenOff:
    """A viewing as it stood when it broke off."""

    playback: Playback
    told_start: bool
    """Whether the providers believe that it goes on: its end was not told."""


def find_broken_off(candidates: Sequence[BrokenOff], opened: Playback) -> BrokenOff | None:
    """The viewing that goes on with one that has just been opened; the latest, if several could.

    `candidates` are plays of the same key, those of people who watched along among them: these are
    no viewing of their own, and named in the answer's `with_profile_ids`.
    """
    fitting = [each for each in candidates if _goes_on(each.playback, opened)]
    ids = {each.playback.play_id for each in fitting}
    whole = []
    for each in fitting:
        others = {other.playback.profile_id for other in fitting} - {each.playback.profile_id}
        together = replace(each.playback, with_profile_ids=tuple(sorted(others)))
        along = tuple(share.profile_id for share in shared(together)[1:] if share.play_id in ids)
        whole.append(replace(each, playback=replace(each.playback, with_profile_ids=along)))
    return max(
        whole,
        key=lambda each: (len(each.playback.with_profile_ids), each.playback.at),
        default=None,
    )


def _goes_on(before: Playback, opened: Playback) -> bool:
    gap_seconds = (opened.started_at - before.at).total_seconds()
    return (
        before.key == opened.key
        and gap_seconds <= LONGEST_GAP_SECONDS
        and opened.position_seconds >= before.position_seconds - BACK_SECONDS
    )


def begun_at(playback: Playback) -> Playback:
    """A viewing as if it had been opened where it is now."""
    return replace(playback, started_at=playback.at)


def joined(before: Playback, playback: Playback, theirs: Playback | None = None) -> Playback:
    """A viewing with what was seen of it before it broke off.

    `theirs`: the same viewing up to where another process still recorded it; what that one has
    seen is in `before` and does not count twice.
    """
    seen_seconds = playback.played_seconds - (theirs.played_seconds if theirs else 0.0)
    whole = replace(
        playback,
        play_id=before.play_id,
        profile_id=before.profile_id,
        with_profile_ids=before.with_profile_ids,
        started_at=before.started_at,
        played_seconds=before.played_seconds + seen_seconds,
        furthest_seconds=max(before.furthest_seconds, playback.furthest_seconds),
        watched_at=before.watched_at or playback.watched_at,
    )
    if whole.watched_at is None and whole.is_finished and whole.end is not End.FAILED:
        return replace(whole, watched_at=whole.at)
    return whole
