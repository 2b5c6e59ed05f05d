"""Several things in one write, each of which gets an answer of its own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from dodo_tui.providers.facts import Answer, Outcome

UNKNOWN = Answer(Outcome.UNKNOWN_TITLE)
DONE = Answer(Outcome.DONE)

ThingT = TypeVar("ThingT")


def check_batch(
    things: Sequence[ThingT], most: int, sort_of: Callable[[ThingT], object], mixed: str
) -> None:
    """Refuse what no single write can say; `mixed` is the sentence for things of several sorts.

    Raises:
        ValueError: more than `most` things, or things of several sorts.
    """
    if len(things) > most:
        raise ValueError(f"at most {most} at once")
    if len({sort_of(thing) for thing in things}) > 1:
        raise ValueError(mixed)


async def told(
    things: Sequence[ThingT],
    is_nameable: Callable[[ThingT], bool],
    send: Callable[[Sequence[ThingT]], Awaitable[Sequence[Answer]]],
    unknown: Callable[[ThingT], Answer] = lambda _thing: UNKNOWN,
) -> tuple[Answer, ...]:
    """One answer per thing, in order; `send` gets only what the provider could know, if anything.

    Raises:
        ProviderError: whatever `send` raises.
    """
    nameable = [index for index, thing in enumerate(things) if is_nameable(thing)]
    answers = [unknown(thing) for thing in things]
    sent = await send([things[index] for index in nameable]) if nameable else ()
    for index, answer in zip(nameable, sent, strict=True):
        answers[index] = answer
    return tuple(answers)
