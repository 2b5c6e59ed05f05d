"""One mpv as it stands between two of its messages, and the samples that tell of it.

An item is one stay of mpv on one playlist entry; each that was begun gets exactly one sample with
`end`, carrying its last good position.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from dodo_tui.domain.playback import End, PlayerState, PlayerStatus

SOURCE = "mpv"

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


def state_of(session: Session, item: Item, moment: Moment, end: End | None = None) -> PlayerState:
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


def tell(session: Session, item: Item, moment: Moment) -> Step:
    """Hand out a sample of an item, and note that it was told."""
    told = replace(
        item,
        jumped=False,
        told_at_seconds=moment.clock_seconds,
        told_position_seconds=item.position_seconds,
    )
    return replace(session, item=told), (state_of(session, item, moment),)


def tell_if_on(session: Session, moment: Moment) -> Step:
    """Hand out a sample of the current item if it is one to tell about."""
    item = session.item
    if item is None or not item.loaded or item.over:
        return session, ()
    return tell(session, item, moment)


def end_item(session: Session, end: End, moment: Moment, error: str | None = None) -> Step:
    """Let go of the current item; its end is told unless it already was."""
    item = session.item
    session = replace(session, item=None)
    if item is None or item.over:
        return session, ()
    return session, (replace(state_of(session, item, moment, end), error=error),)


def settle_held(session: Session, end: End) -> Step:
    """Hand out the end that waited to learn what follows it; a failure stays one."""
    held = session.held_end
    if held is None:
        return session, ()
    if held.end is not End.FAILED:
        held = replace(held, end=end)
    return replace(session, held_end=None), (held,)


def begin_item(session: Session, entry_id: int | None, path: str) -> tuple[Session, Item]:
    """The next item, not yet put into the session."""
    begun = session.items_begun + 1
    item = Item(id=f"{session.item_prefix}-{begun}", entry_id=entry_id, path=path)
    return replace(session, items_begun=begun), item
