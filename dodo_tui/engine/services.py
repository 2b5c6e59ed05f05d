"""Making the parts that talk to the world: the player and the providers.

The only place that knows which adapter serves what. Providers are imported when first needed:
httpx and pydantic cost more than the first picture of Home.
"""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING, Protocol

from dodo_tui.clock import Clock
from dodo_tui.config import Paths, Settings
from dodo_tui.providers.errors import MisconfiguredError
from dodo_tui.storage.credentials import CredentialsError, TokenFile

if TYPE_CHECKING:
    from dodo_tui.engine.logind import Logind
    from dodo_tui.players.protocol import Player
    from dodo_tui.players.watching import Watcher
    from dodo_tui.providers.pace import Pace
    from dodo_tui.providers.protocol import Provider

CLIENT_ID_PAGES = {
    "simkl": "simkl.com/settings/developer",
    "trakt": "developer.trakt.tv/apps/new",
}
"""Where a client id of one's own is made."""

SIMKL_APP_TYPE = "TV, devices & command line"
TRAKT_REDIRECT_URI = "urn:ietf:wg:oauth:2.0:oob"

HOW_TO_CONFIGURE = {
    "simkl": (
        f"Simkl needs a client id. Make one at {CLIENT_ID_PAGES['simkl']} (type: {SIMKL_APP_TYPE}) "
        "and set DODO_SIMKL_CLIENT_ID, or simkl_client_id in config.toml."
    ),
    "trakt": (
        f"Trakt needs an app of your own. Make one at {CLIENT_ID_PAGES['trakt']}, which asks for a "
        f"verified GitHub account (redirect URI: {TRAKT_REDIRECT_URI}), and set "
        "DODO_TRAKT_CLIENT_ID, and DODO_TRAKT_CLIENT_SECRET if it has a secret. "
        "Or bring your history without one: dodo import FILE takes Trakt's data export."
    ),
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

    def watchers(self, clock: Clock) -> tuple[Watcher, ...]:
        """What watches the players that others start, and rests by this clock between its looks."""
        ...

    def logind(self) -> Logind | None:
        """Who says when this machine goes to sleep; None where nobody is to be asked."""
        ...

    def provider(self, provider_id: str, profile_id: int) -> Provider:
        """A provider for a profile, with the tokens kept for it."""
        ...

    def provider_to_sign_in(self, provider_id: str, profile_id: int) -> Provider:
        """A provider to sign in with: it speaks for whoever does, not for who was before."""
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
        self._paces: dict[tuple[str, int], Pace] = {}

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

    def watchers(self, clock: Clock) -> tuple[Watcher, ...]:
        """A watcher for each kind of player that there is a way to watch."""
        from dodo_tui.engine.watchers import make_watchers

        return make_watchers(self._settings, self._paths, clock)

    def logind(self) -> Logind:
        """systemd's, on the system bus."""
        from dodo_tui.engine.logind import Logind

        return Logind(self._clock)

    def provider(self, provider_id: str, profile_id: int) -> Provider:
        """A provider for a profile.

        Raises:
            MisconfiguredError: it has no client id; the text says where to get one.
        """
        tokens = self.tokens(provider_id, profile_id)
        hold_to_sign_in(tokens)
        return self._with_tokens(provider_id, tokens, profile_id)

    def provider_to_sign_in(self, provider_id: str, profile_id: int) -> Provider:
        """A provider to sign in with: it speaks for whoever does, not for who was before.

        Raises:
            MisconfiguredError: it has no client id; the text says where to get one.
        """
        return self._with_tokens(provider_id, self.tokens(provider_id, profile_id), profile_id)

    def _with_tokens(self, provider_id: str, tokens: TokenFile, profile_id: int) -> Provider:
        match provider_id:
            case "simkl" if self._settings.simkl_client_id is not None:
                return self._simkl(self._settings.simkl_client_id, tokens, profile_id)
            case "trakt" if self._settings.trakt_client_id is not None:
                return self._trakt(self._settings.trakt_client_id, tokens, profile_id)
            case _:
                raise MisconfiguredError(HOW_TO_CONFIGURE[provider_id])

    def _simkl(self, client_id: str, tokens: TokenFile, profile_id: int) -> Provider:
        from dodo_tui.providers.simkl.client import new_pace
        from dodo_tui.providers.simkl.provider import SimklProvider

        pace = self._paces.setdefault(("simkl", profile_id), new_pace(self._clock))
        return SimklProvider(
            client_id=client_id,
            api_url=self._settings.simkl_api_url,
            tokens=tokens,
            clock=self._clock,
            pace=pace,
        )

    def _trakt(self, client_id: str, tokens: TokenFile, profile_id: int) -> Provider:
        from dodo_tui.providers.trakt.client import App, new_pace
        from dodo_tui.providers.trakt.provider import TraktProvider

        pace = self._paces.setdefault(("trakt", profile_id), new_pace(self._clock))
        app = App(
            client_id,
            self._settings.trakt_client_secret,
            self._settings.trakt_api_url,
            self._settings.trakt_auth_url,
        )
        return TraktProvider(app, tokens, self._clock, pace=pace)

    def tokens(self, provider_id: str, profile_id: int) -> TokenFile:
        """The token file of a profile."""
        return TokenFile(self._paths.data, provider_id, profile_id)

    def pictures(self) -> Posters | None:
        """Simkl's posters, which need no account."""
        from functools import partial

        from dodo_tui.providers.images import PictureSource
        from dodo_tui.providers.simkl.images import poster_request

        return PictureSource(partial(poster_request, api_url=self._settings.simkl_api_url))
