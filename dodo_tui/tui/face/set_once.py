"""What a household sets once, as the face goes by it: learned keys, and what the start asks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from textual import events

from dodo_tui.tui.face.unmeant_keys import UnmeantKeys

if TYPE_CHECKING:
    from dodo_tui.tui.remote_keys import Action

WELCOMED = "welcomed"
"""The setting that says that the welcome was shown."""


_WELCOME_AFTER_SECONDS = 1.5
"""Who presses a key before that knows the way, and is left alone."""


@runtime_checkable
class HearsKeys(Protocol):
    """A screen that wants to know every key as it comes."""

    def hear_key(self, key: str) -> bool:
        """Take note of a key; answers whether it is to go no further."""
        ...


class SetOnce(UnmeantKeys, part=True):
    """Keys of odd remotes stand for the ones that dodo knows; a new household is welcomed."""

    learned_keys: Mapping[str, Action] = {}
    """What was learned of the remote: key names and what they are."""

    welcomes_at_start = False
    """Whether a household that has just installed dodo is welcomed."""

    _has_heard_key = False

    async def on_event(self, event: events.Event) -> None:
        """Let a learned key be the one that it stands for."""
        if isinstance(event, events.Key) and not event.is_forwarded:
            self._has_heard_key = True
            screen = self.screen
            if isinstance(screen, HearsKeys) and screen.hear_key(event.key):
                return
            if event.key in self.learned_keys:
                from dodo_tui.tui.remote_keys import translate

                event = events.Key(translate(event.key, self.learned_keys), None)
        await super().on_event(event)

    def learn_keys(self, learned: Mapping[str, Action]) -> None:
        """Go by what was learned of the remote, now and after the next start."""
        from dodo_tui.tui.remote_keys import SETTING, to_text

        self.learned_keys = dict(learned)
        self.remember(SETTING, to_text(learned))

    async def greet(self) -> None:
        """Once Home is painted: know the remote, welcome a new household, ask who is watching."""
        from dodo_tui.tui.remote_keys import SETTING, from_text

        kept = await self.remembered(SETTING, WELCOMED)
        if SETTING in kept:
            self.learned_keys = from_text(kept[SETTING])
        if len(self.screen_stack) > 1:
            return
        if self.welcomes_at_start and WELCOMED not in kept and await self._is_new():
            await self.clock.sleep(_WELCOME_AFTER_SECONDS)
            if not self._has_heard_key:
                self._welcome()
        elif len(self.people) > 1 and self.settings.profile is None and await self.asks_at_start():
            from dodo_tui.tui.screens.watchers import WatchersScreen

            self.push_screen(WatchersScreen())

    def _welcome(self) -> None:
        from dodo_tui.tui.screens.welcome import WelcomeScreen

        self.remember(WELCOMED, "yes")
        self.push_screen(WelcomeScreen())

    async def _is_new(self) -> bool:
        """Whether nothing was set yet, in no way: no library, no account, no configuration."""
        settings = self.settings
        if settings.library or settings.profile or self.paths.config_file.exists():
            return False
        return await self.is_untouched()
