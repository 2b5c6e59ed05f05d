"""Listening to a player, for the engine and for `dodo play` alike."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator

from dodo_tui.domain.playback import End, PlayerState
from dodo_tui.players.protocol import Player, PlayRequest

WENT_AWAY = "The player went away unexpectedly."


async def listen(
    player: Player, request: PlayRequest, failures: list[str]
) -> AsyncGenerator[PlayerState, None]:
    """Every sample of a player; what goes wrong is added to `failures`, a sentence each.

    Raises:
        PlayerError: it could not be started or controlled.
    """
    async with contextlib.aclosing(player.play(request)) as states:
        async for state in states:
            if state.end is End.FAILED:
                failures.append(state.error or "The player could not play this.")
            elif state.end is End.LOST:
                failures.append(WENT_AWAY)
            yield state
