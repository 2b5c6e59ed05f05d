"""The people of the household: who is watching here, and the making and unmaking of profiles."""

from __future__ import annotations

from dodo_tui.domain.profile import Belongings, Profile
from dodo_tui.engine.signing_in import SigningIn
from dodo_tui.storage import profiles as stored
from dodo_tui.storage.company import set_company
from dodo_tui.storage.settings import set_setting, setting

ASK_AT_START = "ask_profile"
"""The setting that says whether the start asks who is watching: `on`, else not."""


class Profiles(SigningIn, part=True):
    """Switches profiles at run time. What plays stays with whoever started it."""

    def switch_profile(self, profile: Profile) -> None:
        """Let somebody else be watching here, and remember it for the next start."""
        self._do(self._switch(profile))

    async def _switch(self, profile: Profile) -> None:
        if profile.id == self.profile.id:
            return
        self.cancel_sign_in()
        self.first_sync = None
        await self._show_profile(profile, switch=True)
        await self.store.run(set_company, self.profile.id, ())
        await self.store.run(stored.use_profile, self.profile.id)

    def add_profile(self, name: str) -> None:
        """Make a profile; nobody switches to it by itself."""

        async def add() -> None:
            await self.store.run(stored.new_profile, name, self.clock.now())
            await self.refresh_state()

        self._do(add())

    def rename_profile(self, profile: Profile, name: str) -> None:
        """Give a profile another name."""

        async def rename() -> None:
            await self.store.run(stored.rename_profile, profile.id, name)
            await self.refresh_state()

        self._do(rename())

    def set_profile_colour(self, profile: Profile, colour: str) -> None:
        """Give a profile another colour."""

        async def paint() -> None:
            await self.store.run(stored.set_colour, profile.id, colour)
            await self.refresh_state()

        self._do(paint())

    def remove_profile(self, profile: Profile) -> None:
        """Delete a profile with all that hangs on it: its accounts are signed out first."""
        self._do(self._remove(profile))

    async def _remove(self, profile: Profile) -> None:
        from dodo_tui.storage.accounts import accounts_of
        from dodo_tui.storage.profile_removal import ensure_removable, remove_profile

        playing = self.now_playing
        is_here = playing is not None and playing.profile_id == profile.id
        await self.store.run(ensure_removable, profile.id, is_here)
        for account in await self.store.run(accounts_of, profile.id):
            await self.sign_out_of(account)
        await self.store.run(remove_profile, profile.id)
        if profile.id == self.profile.id:
            self.cancel_sign_in()
            self.first_sync = None
        await self.refresh_state()
        await self.store.run(stored.use_profile, self.profile.id)

    async def belongings(self, profile: Profile) -> Belongings:
        """What would go with a profile."""
        from dodo_tui.storage.profile_removal import belongings

        return await self.store.run(belongings, profile.id)

    async def asks_at_start(self) -> bool:
        """Whether the start asks who is watching."""
        return await self.store.run(setting, ASK_AT_START) == "on"

    def set_asks_at_start(self, enabled: bool) -> None:
        """Switch the question at the start on or off."""

        async def switch() -> None:
            await self.store.run(set_setting, ASK_AT_START, "on" if enabled else "off")
            await self.refresh_state()

        self._do(switch())
