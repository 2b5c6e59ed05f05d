"""The scrobble middleware's mind: what a change of `now_playing` means for the providers.

`decide` is pure and idempotent: what it has decided about a viewing is in `Told`, so a watcher may
hand it the same values as often as it likes.

The rules: `start` once 5 % are reached; `pause` and `start` when the viewer pauses and resumes, a
flicker inside the debounce not at all; *watched* once, at 90 %, and then nothing more; an
unfinished end leaves its progress. No call because time passed, none on a seek, and before `start`
nothing at all. Simkl and Trakt mark any `stop` >= 80 % as watched, so an unfinished end is never
told as a stop.
"""

from __future__ import annotations

from dataclasses import replace

from dodo_tui.domain.playback import Playback
from dodo_tui.domain.queue import Decision, Message, QueueKind, Told
from dodo_tui.domain.thresholds import DEBOUNCE_SECONDS, START_RATIO


def decide(told: Told, playback: Playback) -> Decision:
    """What to write for the viewing as it stands now, given what was decided about it before."""
    ratio = playback.ratio
    if told.over or ratio is None:
        return Decision(replace(told, over=told.over or playback.end is not None))
    percent = round(ratio * 100, 2)
    over = playback.end is not None
    if playback.watched_at is not None:
        if told.watched:
            return Decision(replace(told, over=over))
        watched = Message(QueueKind.WATCHED, percent, playback.watched_at)
        return Decision(
            replace(told, started=True, watched=True, over=over),
            drop_live=True,
            messages=(watched,),
        )
    if over:
        if not told.started:
            return Decision(replace(told, over=True))
        progress = Message(QueueKind.PROGRESS, percent, playback.at)
        return Decision(replace(told, over=True), drop_live=True, messages=(progress,))
    if not told.started:
        if ratio < START_RATIO or playback.paused:
            return Decision(told)
        start = Message(QueueKind.START, percent, playback.at)
        return Decision(replace(told, started=True, paused=False), messages=(start,))
    if playback.paused == told.paused:
        return Decision(told)
    return _toggled(told, playback, percent)


def _toggled(told: Told, playback: Playback, percent: float) -> Decision:
    """A pause or a resume: told after the debounce, or the pending opposite taken back."""
    now = playback.clock_seconds
    pending = told.pending_since_seconds
    kind = QueueKind.PAUSE if playback.paused else QueueKind.START
    if pending is not None and now - pending < DEBOUNCE_SECONDS:
        opposite = Message(kind, percent, playback.at)
        settled = replace(told, paused=playback.paused, pending_since_seconds=None)
        return Decision(settled, take_back=True, messages=(opposite,))
    message = Message(kind, percent, playback.at, DEBOUNCE_SECONDS)
    return Decision(
        replace(told, paused=playback.paused, pending_since_seconds=now), messages=(message,)
    )
