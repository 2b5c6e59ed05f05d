"""The few settings that are made on the screen and kept in the database, for this installation."""

from __future__ import annotations

from dodo_tui.engine.base import EngineBase


class Remembering(EngineBase, part=True):
    """Reads and writes them by name."""

    async def remembered(self, *names: str) -> dict[str, str]:
        """Settings by their names; those never made are left out."""
        from dodo_tui.storage.profiles import setting

        found = {name: await self.store.run(setting, name) for name in names}
        return {name: value for name, value in found.items() if value is not None}

    def remember(self, name: str, value: str) -> None:
        """Keep a setting."""
        from dodo_tui.storage.profiles import set_setting

        async def keep() -> None:
            await self.store.run(set_setting, name, value)
            await self.refresh_state()

        self._do(keep())
