"""From a player's stream to viewings: one `Playback` after another, each with one id.

An item that changes without an end closes the viewing before it at its last sample. A file with
several episodes is one viewing per episode, each with an equal share of the file.
"""

from __future__ import annotations

import math
import uuid
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from dodo_tui.domain.audience import Viewers
from dodo_tui.domain.playback import End, Playback, PlayerState, advance, film_played


@dataclass(frozen=True, slots=True)
class Part:
    """One film or episode in a file, as it is named on screen."""

    key: str
    title: str
    label: str
    recorded: bool = True
    """Whether a viewing of it is kept."""
    is_private_once: bool = False
    """Whether it is the viewing for which private mode was switched on."""


Resolve = Callable[[str], Awaitable[Sequence[Part]]]
"""Path as the player names it → what the file holds; at least one part."""


def new_play_id() -> str:
    """An id that no other viewing on any device ever has."""
    return uuid.uuid4().hex


async def viewings(
    states: AsyncIterator[PlayerState],
    resolve: Resolve,
    whose: Callable[[], Viewers],
) -> AsyncGenerator[Playback, None]:
    """Yield the running viewing after every sample; the last value of each has `end` set.

    `whose` says who watches; it is asked when a viewing opens, which stays theirs to its end.

    Before a player has shown its first position nothing is opened: what could not be played at all
    was never viewed.
    """
    current: Playback | None = None
    parts: Sequence[Part] = ()
    item = ""
    index: int | None = None
    async for state in states:
        if state.item != item:
            if current is not None and current.end is None:
                yield replace(current, end=End.REPLACED)
            current = None
            parts = await resolve(state.path)
            item, index = state.item, None
        index = part_of(state, len(parts), index)
        if index is None:
            continue
        local = seen_from_part(state, len(parts), index)
        if current is not None and current.item != local.item and current.end is None:
            yield _left_part(current, local)
            current = None
        if current is None:
            if state.position_seconds is None or state.end is not None:
                continue
            current = _opened(local, parts[index], whose())
        elif current.end is not None:
            continue
        current = advance(current, local)
        yield current
    if current is not None and current.end is None:
        yield replace(current, end=End.LOST)


def part_of(state: PlayerState, parts: int, last: int | None) -> int | None:
    """Which of a file's parts is playing; None while nobody can tell.

    The parts share the duration equally. A sample without a position or a duration, as players
    send when they stop, is about the part that played last.
    """
    if parts <= 1:
        return 0
    position, duration = state.position_seconds, state.duration_seconds
    if position is None or not duration or not math.isfinite(duration + position):
        return last
    return min(max(int(position / duration * parts), 0), parts - 1)


def seen_from_part(state: PlayerState, parts: int, index: int) -> PlayerState:
    """A sample as seen from inside one part of its file."""
    local = replace(state, item=f"{state.item}#{index}")
    if parts <= 1:
        return local
    position, duration = state.position_seconds, state.duration_seconds
    if position is None or not duration:
        return replace(local, position_seconds=None, duration_seconds=None)
    length = duration / parts
    return replace(local, position_seconds=position - index * length, duration_seconds=length)


def _left_part(playback: Playback, state: PlayerState) -> Playback:
    """The viewing of a part that was left: at its end if the film went on, else where it was."""
    end = playback.duration_seconds
    went_on = end is not None and film_played(playback, state, end) > 0
    closing = replace(
        state,
        position_seconds=end if went_on else None,
        duration_seconds=end,
        jumps=playback.jumps,
        end=End.REPLACED,
    )
    return advance(playback, closing)


def _opened(state: PlayerState, part: Part, viewers: Viewers) -> Playback:
    """A new viewing, at the position where it begins."""
    position = state.position_seconds or 0.0
    return Playback(
        play_id=new_play_id(),
        profile_id=viewers.profile_id,
        key=part.key,
        title=part.title,
        label=part.label,
        source=state.source,
        item=state.item,
        started_at=state.at,
        at=state.at,
        clock_seconds=state.clock_seconds,
        position_seconds=position,
        duration_seconds=state.duration_seconds,
        furthest_seconds=position,
        speed=state.speed,
        jumps=state.jumps,
        with_profile_ids=viewers.company,
        recorded=part.recorded,
        is_private_once=part.is_private_once,
        path=state.path,
    )
