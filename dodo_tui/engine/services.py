"""Making the parts that talk to the world: the player and the providers.

The only place that knows which adapter serves what. Providers are imported when first needed:
httpx and pydantic cost more than the first picture of Home.
"""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from dodo_tui.clock import Clock
from dodo_tui.config import Paths, Settings
from dodo_tui.players.protocol import Player
from dodo_tui.providers.errors import MisconfiguredError
from dodo_tui.storage.credentials import CredentialsError, TokenFile

if TYPE_CHECKING:
    from dodo_tui.players.watching import Watcher
    from dodo_tui.providers.pace import Pace
    from dodo_tui.providers.protocol import Provider

HOW_TO_CONFIGURE = {
    "simkl": (
        "Simkl needs a client id. Make one at simkl.com/settings/developer (type: TV, devices & "
        "command line) and set DODO_SIMKL_CLIENT_ID, or simkl_client_id in config.toml."
    ),
    "trakt": "Trakt cannot be connected yet in this version.",
}
"""What to do about a provider that has no client id, in words."""


class Posters(Protocol):
    """Where posters are fetched; see `providers.images.PictureSource`."""

    async def fetch(self, fragment: str) -> bytes:
        """A poster's file, by its path fragment. Raises `ProviderError`s."""
        ...

    async def close(self) -> None:
        """Close what is open."""
        ...


class Services(Protocol):
    """What the engine asks for when it needs to reach the world."""

    def player(self) -> Player:
        """A player for one run."""
        ...

    def watchers(self) -> tuple[Watcher, ...]:
        """What watches the players that others start."""
        ...

    def provider(self, provider_id: str, profile_id: int) -> Provider:
        """A provider for a profile, with the tokens kept for it."""
        ...

    def tokens(self, provider_id: str, profile_id: int) -> TokenFile:
        """Where a profile's tokens for a provider are kept."""
        ...

    def pictures(self) -> Posters | None:
        """Where posters come from; None where there is no such place."""
        ...


def hold_to_sign_in(tokens: TokenFile) -> None:
    """Let a provider speak for the sign-in of now only, whoever signs in afterwards."""
    with contextlib.suppress(CredentialsError):  # reading it again will say so
        tokens.read()


class RealServices:
    """mpv, and the providers on the network."""

    def __init__(self, settings: Settings, paths: Paths, clock: Clock) -> None:
        """Nothing is started or imported yet."""
        self._settings = settings
        self._paths = paths
        self._clock = clock
        self._paces: dict[int, Pace] = {}

    def player(self) -> Player:
        """mpv, as configured.

        Raises:
            PlayerError: its extra arguments cannot be read.
        """
        from dodo_tui.players.mpv.display import display_mode, why_no_display
        from dodo_tui.players.mpv.launch import split_arguments
        from dodo_tui.players.mpv.player import MpvPlayer

        extra_args = split_arguments(self._settings.mpv_args)
        is_tty = sys.stdin.isatty() and sys.stdout.isatty()
        return MpvPlayer(
            self._settings.mpv,
            extra_args,
            runtime_folder=self._paths.runtime,
            clock=self._clock,
            display=display_mode(os.environ, is_tty, extra_args),
            no_display_reason=why_no_display(os.environ),
        )

    def watchers(self) -> tuple[Watcher, ...]:
        """A watcher for each kind of player that there is a way to watch."""
        if not self._settings.watch_players:
            return ()
        from dodo_tui.players.mpv.sockets import default_patterns
        from dodo_tui.players.mpv.watch import MpvWatcher

        patterns = self._settings.mpv_sockets or default_patterns(os.environ, Path.home())
        return (MpvWatcher(patterns, self._clock, (self._paths.runtime,)),)

    def provider(self, provider_id: str, profile_id: int) -> Provider:
        """A provider for a profile.

        Raises:
            MisconfiguredError: it has no client id; the text says where to get one.
        """
        if provider_id != "simkl" or self._settings.simkl_client_id is None:
            raise MisconfiguredError(HOW_TO_CONFIGURE[provider_id])
        from dodo_tui.providers.simkl.client import new_pace
        from dodo_tui.providers.simkl.provider import SimklProvider

        pace = self._paces.setdefault(profile_id, new_pace(self._clock))
        tokens = self.tokens(provider_id, profile_id)
        hold_to_sign_in(tokens)
        return SimklProvider(
            client_id=self._settings.simkl_client_id,
            api_url=self._settings.simkl_api_url,
            tokens=tokens,
            clock=self._clock,
            pace=pace,
        )

    def tokens(self, provider_id: str, profile_id: int) -> TokenFile:
        """The token file of a profile."""
        return TokenFile(self._paths.data, provider_id, profile_id)

    def pictures(self) -> Posters | None:
        """Simkl's posters, which need no account."""
        from functools import partial

        from dodo_tui.providers.images import PictureSource
        from dodo_tui.providers.simkl.images import poster_request

        return PictureSource(partial(poster_request, api_url=self._settings.simkl_api_url))
