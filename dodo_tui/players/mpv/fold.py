"""What mpv's messages mean: a pure fold from them to `PlayerState` samples.

`fold` takes the session as it stands and one message, and gives the next session and the samples
to hand out.

Facts about mpv that shape this (0.35.1, observed):

- A property without `data` is unavailable. `time-pos` is that before every `end-file`, so only a
  number ever replaces a position.
- Values of one round arrive in the order in which the properties are observed, after the events of
  that round. `time-pos` is observed last: with an item's first position its duration is known.
- `playlist-pos` may change before the old entry's `end-file`: only `playlist_entry_id` tells.
- `end-file` with `stop` does not tell whether another item follows; what comes next does.
- With `--keep-open` there is no `end-file` at the end, only `eof-reached` true.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from dodo_tui.domain.playback import End, PlayerState
from dodo_tui.players.mpv.complaints import NO_REASON, error_of, sentence
from dodo_tui.players.mpv.session import (
    Item,
    Message,
    Moment,
    Session,
    Step,
    begin_item,
    end_item,
    settle_held,
    state_of,
    tell,
    tell_if_on,
)
from dodo_tui.players.numbers import number_of

OBSERVED = ("pause", "paused-for-cache", "speed", "path", "eof-reached", "duration", "time-pos")
"""The properties that `fold` knows, in the order in which they must be observed."""

TICK_SECONDS = 1.0
"""How often the mere passing of time is told; mpv itself tells every frame."""

PLAYED_ON_SECONDS = 5.0
"""Kept open at its end, an item is a new viewing once it plays from further back than this."""


def fold(session: Session, message: Message, moment: Moment) -> Step:
    """The session after one message of mpv, and the samples to hand out. Never raises."""
    event = message.get("event")
    if event == "property-change":
        on_change = _ON_CHANGE.get(str(message.get("name")))
        return on_change(session, message.get("data"), moment) if on_change else (session, ())
    on_event = _ON_EVENT.get(str(event))
    return on_event(session, message, moment) if on_event else (session, ())


def closed(session: Session, moment: Moment) -> Step:
    """The session after mpv's connection ended, and the ends that are still owed."""
    session, ends = settle_held(session, End.CLOSED)
    if session.item is None:
        return session, ends
    session, last = end_item(session, End.CLOSED if session.stopping else End.LOST, moment)
    return session, ends + last


def _on_start_file(session: Session, message: Message, moment: Moment) -> Step:
    """Another item begins to load; whatever there was has been replaced by it."""
    replaced = End.CLOSED if session.stopping else End.REPLACED
    session, held = settle_held(session, replaced)
    session, ended = end_item(session, replaced, moment)
    entry_id = _whole(message.get("playlist_entry_id"))
    path = session.paths.get(entry_id, "") if entry_id is not None else ""
    session, item = begin_item(session, entry_id, path)
    return replace(session, item=item), held + ended


def _on_file_loaded(session: Session, _message: Message, moment: Moment) -> Step:
    """The item can be played: the first that is told of it."""
    item = session.item
    if item is None or item.loaded:
        return session, ()
    return tell(session, replace(item, loaded=True, path=item.path or session.path), moment)


def _on_playback_restart(session: Session, _message: Message, _moment: Moment) -> Step:
    """The picture runs, after loading or after a seek."""
    item = session.item
    if item is None or item.started:
        return session, ()
    return replace(session, item=replace(item, started=True)), ()


def _on_seek(session: Session, _message: Message, moment: Moment) -> Step:
    """A jump, by the viewer or by `--loop-file`. The position before it is told first."""
    item = session.item
    if item is None or not item.started or not item.loaded or item.over:
        return session, ()
    states: tuple[PlayerState, ...] = ()
    if not item.jumped and item.position_seconds != item.told_position_seconds:
        session, states = tell(session, item, moment)
        item = session.item or item
    return replace(session, item=replace(item, jumps=item.jumps + 1, jumped=True)), states


def _on_end_file(session: Session, message: Message, moment: Moment) -> Step:
    """An entry is left."""
    item = session.item
    entry_id = _whole(message.get("playlist_entry_id"))
    if item is None or (None not in (entry_id, item.entry_id) and entry_id != item.entry_id):
        return session, ()
    reason = message.get("reason")
    if reason == "redirect" and not item.loaded:
        return replace(session, item=None), ()
    if reason in ("error", "stop", "redirect"):
        end, error = (End.FAILED, error_of(item, message)) if reason == "error" else (None, None)
        session, ended = end_item(session, end or End.CLOSED, moment, error)
        return replace(session, held_end=ended[0] if ended else None), ()
    return end_item(session, End.FINISHED if reason == "eof" else End.CLOSED, moment)


def _on_idle(session: Session, _message: Message, _moment: Moment) -> Step:
    """Nothing is loaded any more: what was stopped has not been replaced."""
    return settle_held(session, End.CLOSED)


def _on_log(session: Session, message: Message, _moment: Moment) -> Step:
    """A line of mpv's log at level error: the first about an item says best what is wrong.

    Lines of `cplayer` only sum up what `end-file` also says.
    """
    item, held, text = session.item, session.held_end, message.get("text")
    if message.get("prefix") == "cplayer" or not isinstance(text, str) or not text.strip():
        return session, ()
    if item is not None:
        return replace(session, item=replace(item, complaint=item.complaint or text)), ()
    if held is not None and held.error == sentence(NO_REASON):
        return replace(session, held_end=replace(held, error=sentence(text))), ()
    return session, ()


def _on_pause(session: Session, data: object, moment: Moment) -> Step:
    """The viewer paused or resumed, or mpv did at an end kept open."""
    if not isinstance(data, bool) or data == session.paused:
        return session, ()
    return tell_if_on(replace(session, paused=data), moment)


def _on_buffering(session: Session, data: object, moment: Moment) -> Step:
    """The picture stands still for want of data, or runs on."""
    buffering = data is True
    if buffering == session.buffering:
        return session, ()
    return tell_if_on(replace(session, buffering=buffering), moment)


def _on_speed(session: Session, data: object, moment: Moment) -> Step:
    """It plays faster or slower."""
    speed = number_of(data)
    if speed is None or speed <= 0 or speed == session.speed:
        return session, ()
    return tell_if_on(replace(session, speed=speed), moment)


def _on_path(session: Session, data: object, _moment: Moment) -> Step:
    """What mpv calls the current entry; items that dodo did not load go by it."""
    path = data if isinstance(data, str) else ""
    session = replace(session, path=path)
    if session.item is not None and not session.item.path:
        session = replace(session, item=replace(session.item, path=path))
    return session, ()


def _on_duration(session: Session, data: object, _moment: Moment) -> Step:
    """The duration became known, changed (a growing stream) or unknown."""
    duration = number_of(data)
    return replace(session, duration_seconds=duration if duration and duration > 0 else None), ()


def _on_eof_reached(session: Session, data: object, moment: Moment) -> Step:
    """With `--keep-open`: the end was reached and its last picture stays, or was left again."""
    session = replace(session, at_end=data is True)
    item = session.item
    if not session.at_end or item is None or not item.loaded or item.over:
        return session, ()
    finished = state_of(session, item, moment, End.FINISHED)
    return replace(session, item=replace(item, over=True)), (finished,)


def _on_time_pos(session: Session, data: object, moment: Moment) -> Step:
    """The position, once a frame: told about once a second, and at once after a jump."""
    item, position = session.item, number_of(data)
    if item is None or not item.loaded or position is None:
        return session, ()
    position = max(position, 0.0)
    if item.over:
        return _play_on(session, item, position, moment)
    first = item.position_seconds is None
    item = replace(item, position_seconds=position)
    elapsed_seconds = moment.clock_seconds - item.told_at_seconds
    if first or item.jumped or elapsed_seconds >= TICK_SECONDS:
        return tell(session, item, moment)
    return replace(session, item=item), ()


def _play_on(session: Session, over: Item, position: float, moment: Moment) -> Step:
    """A new viewing of an item kept open at its end, once it plays again from further back."""
    furthest = over.position_seconds or 0.0
    if session.paused or session.at_end or position > furthest - PLAYED_ON_SECONDS:
        return session, ()
    session, item = begin_item(session, over.entry_id, over.path)
    item = replace(item, loaded=True, started=True, position_seconds=position)
    return tell(session, item, moment)


_ON_EVENT: Mapping[str, Callable[[Session, Message, Moment], Step]] = {
    "start-file": _on_start_file,
    "file-loaded": _on_file_loaded,
    "playback-restart": _on_playback_restart,
    "seek": _on_seek,
    "end-file": _on_end_file,
    "idle": _on_idle,
    "log-message": _on_log,
}

_ON_CHANGE: Mapping[str, Callable[[Session, object, Moment], Step]] = {
    "pause": _on_pause,
    "paused-for-cache": _on_buffering,
    "speed": _on_speed,
    "path": _on_path,
    "duration": _on_duration,
    "eof-reached": _on_eof_reached,
    "time-pos": _on_time_pos,
}


def _whole(value: object) -> int | None:
    """A whole number, or None; JSON's `true` is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None
