"""What mpv's messages mean: a pure fold from them to `PlayerState` samples.

`fold` takes the session as it stands and one message, and gives the next session and the samples
to hand out. An item is one stay of mpv on one playlist entry; each that was begun gets exactly one
sample with `end`, carrying its last good position.

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

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from dodo_tui.domain.playback import End, PlayerState, PlayerStatus
from dodo_tui.domain.text import clean_text
from dodo_tui.players.numbers import number_of

SOURCE = "mpv"

OBSERVED = ("pause", "paused-for-cache", "speed", "path", "eof-reached", "duration", "time-pos")
"""The properties that `fold` knows, in the order in which they must be observed."""

TICK_SECONDS = 1.0
"""How often the mere passing of time is told; mpv itself tells every frame."""

PLAYED_ON_SECONDS = 5.0
"""Kept open at its end, an item is a new viewing once it plays from further back than this."""

_MAX_COMPLAINT_CHARACTERS = 200

Message = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Moment:
    """When a message came: UTC, and seconds of a monotonic clock."""

    at: datetime
    clock_seconds: float


@dataclass(frozen=True, slots=True)
class Item:
    """One stay of mpv on one playlist entry."""

    id: str
    entry_id: int | None
    path: str
    loaded: bool = False
    """`file-loaded` was seen: there is something to tell about."""
    started: bool = False
    """The picture ran once: seeks from here on are the viewer's, not `--start`."""
    over: bool = False
    """Its end was told while mpv still shows it (`--keep-open`)."""
    position_seconds: float | None = None
    jumps: int = 0
    jumped: bool = False
    """It was sought in, and the new position is not known yet."""
    complaint: str | None = None
    """What mpv's log first said against it."""
    told_at_seconds: float = -math.inf
    told_position_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """Everything remembered of one mpv between two messages."""

    item_prefix: str
    """Makes item names unique beyond this mpv."""
    paths: Mapping[int, str] = field(default_factory=dict)
    """How dodo named the playlist entries that it loaded; others go by mpv's `path`."""
    stopping: bool = False
    """dodo itself has asked mpv to end."""
    item: Item | None = None
    items_begun: int = 0
    held_end: PlayerState | None = None
    """The end of an item that was stopped, until it shows whether another takes its place; or of
    one that failed, until mpv's log may have said why."""
    path: str = ""
    paused: bool = False
    buffering: bool = False
    at_end: bool = False
    speed: float = 1.0
    duration_seconds: float | None = None


Step = tuple[Session, tuple[PlayerState, ...]]


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
    session, ends = _settle_held(session, End.CLOSED)
    if session.item is None:
        return session, ends
    session, last = _end_item(session, End.CLOSED if session.stopping else End.LOST, moment)
    return session, ends + last


# Telling


def _state(session: Session, item: Item, moment: Moment, end: End | None = None) -> PlayerState:
    """A sample of an item as it stands."""
    known = item.position_seconds is not None
    if end is not None:
        status = PlayerStatus.STOPPED
    elif session.paused:
        status = PlayerStatus.PAUSED
    elif session.buffering or not known:
        status = PlayerStatus.BUFFERING
    else:
        status = PlayerStatus.PLAYING
    return PlayerState(
        source=SOURCE,
        item=item.id,
        path=item.path,
        status=status,
        at=moment.at,
        clock_seconds=moment.clock_seconds,
        position_seconds=item.position_seconds,
        duration_seconds=session.duration_seconds if known else None,
        speed=session.speed,
        jumps=item.jumps,
        end=end,
    )


def _tell(session: Session, item: Item, moment: Moment) -> Step:
    """Hand out a sample of an item, and note that it was told."""
    told = replace(
        item,
        jumped=False,
        told_at_seconds=moment.clock_seconds,
        told_position_seconds=item.position_seconds,
    )
    return replace(session, item=told), (_state(session, item, moment),)


def _tell_if_on(session: Session, moment: Moment) -> Step:
    """Hand out a sample of the current item if it is one to tell about."""
    item = session.item
    if item is None or not item.loaded or item.over:
        return session, ()
    return _tell(session, item, moment)


def _end_item(session: Session, end: End, moment: Moment, error: str | None = None) -> Step:
    """Let go of the current item; its end is told unless it already was."""
    item = session.item
    session = replace(session, item=None)
    if item is None or item.over:
        return session, ()
    return session, (replace(_state(session, item, moment, end), error=error),)


def _settle_held(session: Session, end: End) -> Step:
    """Hand out the end that waited to learn what follows it; a failure stays one."""
    held = session.held_end
    if held is None:
        return session, ()
    if held.end is not End.FAILED:
        held = replace(held, end=end)
    return replace(session, held_end=None), (held,)


# Events


def _begin_item(session: Session, entry_id: int | None, path: str) -> tuple[Session, Item]:
    """The next item, not yet put into the session."""
    begun = session.items_begun + 1
    item = Item(id=f"{session.item_prefix}-{begun}", entry_id=entry_id, path=path)
    return replace(session, items_begun=begun), item


def _on_start_file(session: Session, message: Message, moment: Moment) -> Step:
    """Another item begins to load; whatever there was has been replaced by it."""
    replaced = End.CLOSED if session.stopping else End.REPLACED
    session, held = _settle_held(session, replaced)
    session, ended = _end_item(session, replaced, moment)
    entry_id = _whole(message.get("playlist_entry_id"))
    path = session.paths.get(entry_id, "") if entry_id is not None else ""
    session, item = _begin_item(session, entry_id, path)
    return replace(session, item=item), held + ended


def _on_file_loaded(session: Session, _message: Message, moment: Moment) -> Step:
    """The item can be played: the first that is told of it."""
    item = session.item
    if item is None or item.loaded:
        return session, ()
    return _tell(session, replace(item, loaded=True, path=item.path or session.path), moment)


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
        session, states = _tell(session, item, moment)
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
        end, error = (End.FAILED, _error_of(item, message)) if reason == "error" else (None, None)
        session, ended = _end_item(session, end or End.CLOSED, moment, error)
        return replace(session, held_end=ended[0] if ended else None), ()
    return _end_item(session, End.FINISHED if reason == "eof" else End.CLOSED, moment)


def _on_idle(session: Session, _message: Message, _moment: Moment) -> Step:
    """Nothing is loaded any more: what was stopped has not been replaced."""
    return _settle_held(session, End.CLOSED)


def _on_log(session: Session, message: Message, _moment: Moment) -> Step:
    """A line of mpv's log at level error: the first about an item says best what is wrong.

    Lines of `cplayer` only sum up what `end-file` also says.
    """
    item, held, text = session.item, session.held_end, message.get("text")
    if message.get("prefix") == "cplayer" or not isinstance(text, str) or not text.strip():
        return session, ()
    if item is not None:
        return replace(session, item=replace(item, complaint=item.complaint or text)), ()
    if held is not None and held.error == _sentence(_NO_REASON):
        return replace(session, held_end=replace(held, error=_sentence(text))), ()
    return session, ()


# Property changes


def _on_pause(session: Session, data: object, moment: Moment) -> Step:
    """The viewer paused or resumed, or mpv did at an end kept open."""
    if not isinstance(data, bool) or data == session.paused:
        return session, ()
    return _tell_if_on(replace(session, paused=data), moment)


def _on_buffering(session: Session, data: object, moment: Moment) -> Step:
    """The picture stands still for want of data, or runs on."""
    buffering = data is True
    if buffering == session.buffering:
        return session, ()
    return _tell_if_on(replace(session, buffering=buffering), moment)


def _on_speed(session: Session, data: object, moment: Moment) -> Step:
    """It plays faster or slower."""
    speed = number_of(data)
    if speed is None or speed <= 0 or speed == session.speed:
        return session, ()
    return _tell_if_on(replace(session, speed=speed), moment)


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
    finished = _state(session, item, moment, End.FINISHED)
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
        return _tell(session, item, moment)
    return replace(session, item=item), ()


def _play_on(session: Session, over: Item, position: float, moment: Moment) -> Step:
    """A new viewing of an item kept open at its end, once it plays again from further back."""
    furthest = over.position_seconds or 0.0
    if session.paused or session.at_end or position > furthest - PLAYED_ON_SECONDS:
        return session, ()
    session, item = _begin_item(session, over.entry_id, over.path)
    item = replace(item, loaded=True, started=True, position_seconds=position)
    return _tell(session, item, moment)


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


# Values from outside


def _whole(value: object) -> int | None:
    """A whole number, or None; JSON's `true` is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


_NO_REASON = "loading failed"
"""What mpv says of most failures; its log knows more."""

_QUERY = re.compile(r"(\w+://[^\s?#]+)[?#]\S*")
"""Addresses of streams carry keys behind the question mark: they must not reach a screen or log."""


def _error_of(item: Item, message: Message) -> str:
    """One sentence on why an item could not be played."""
    reason = message.get("file_error")
    detail = reason if isinstance(reason, str) and reason else _NO_REASON
    return _sentence(item.complaint if detail == _NO_REASON and item.complaint else detail)


def _sentence(text: str) -> str:
    """A line of mpv as one sentence, without what must not be shown."""
    line = clean_text(_QUERY.sub(r"\1", text), _MAX_COMPLAINT_CHARACTERS).rstrip(". ")
    return f"{line[:1].upper()}{line[1:]}."
