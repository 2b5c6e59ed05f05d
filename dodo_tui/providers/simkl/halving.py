"""A write that Simkl finds too large is sent in halves."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from dodo_tui.providers.facts import Answer
from dodo_tui.providers.simkl.failures import TooManyItemsError

ThingT = TypeVar("ThingT")


async def halved(
    things: Sequence[ThingT], send: Callable[[Sequence[ThingT]], Awaitable[tuple[Answer, ...]]]
) -> tuple[Answer, ...]:
    """Send things in one write; where Simkl finds it too large, its halves.

    Raises:
        ProviderError: any kind; of a single thing that is too large, `TooManyItemsError`.
    """
    try:
        return await send(things)
    except TooManyItemsError:
        if len(things) == 1:
            raise
    half = len(things) // 2
    return await halved(things[:half], send) + await halved(things[half:], send)
