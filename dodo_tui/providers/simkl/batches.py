"""Several things in one write: what cannot be named is not sent, what is too much is halved."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from dodo_tui.providers.facts import Answer, Outcome
from dodo_tui.providers.simkl.failures import TooManyItemsError
from dodo_tui.providers.simkl.payloads import BATCH_SIZE

UNKNOWN = Answer(Outcome.UNKNOWN_TITLE)

ThingT = TypeVar("ThingT")


async def told(
    things: Sequence[ThingT],
    is_nameable: Callable[[ThingT], bool],
    send: Callable[[Sequence[ThingT]], Awaitable[tuple[Answer, ...]]],
) -> tuple[Answer, ...]:
    """One answer per thing, in order; `send` gets only what Simkl could know.

    Raises:
        ProviderError: any kind; a `RejectedError` is about the batch as a whole.
        ValueError: more than `BATCH_SIZE` things.
    """
    if len(things) > BATCH_SIZE:
        raise ValueError(f"at most {BATCH_SIZE} at once")
    nameable = [index for index, thing in enumerate(things) if is_nameable(thing)]
    answers = [UNKNOWN] * len(things)
    sent = await _halved([things[index] for index in nameable], send) if nameable else ()
    for index, answer in zip(nameable, sent, strict=True):
        answers[index] = answer
    return tuple(answers)


async def _halved(
    things: Sequence[ThingT], send: Callable[[Sequence[ThingT]], Awaitable[tuple[Answer, ...]]]
) -> tuple[Answer, ...]:
    """Send one batch; where Simkl finds it too large, its halves."""
    try:
        return await send(things)
    except TooManyItemsError:
        if len(things) == 1:
            raise
    half = len(things) // 2
    return await _halved(things[:half], send) + await _halved(things[half:], send)
