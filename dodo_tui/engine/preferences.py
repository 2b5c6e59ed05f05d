"""What was chosen on the screen and is kept in the database, for this installation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from dodo_tui.engine.base import EngineBase
from dodo_tui.storage.settings import set_setting, setting, settings_under

if TYPE_CHECKING:
    from dodo_tui.engine.parts import Parts


def read_preferences(parts: Parts, prefix: str) -> dict[str, str]:
    """All settings whose names begin so; before an engine is there."""
    return parts.store.run_now(settings_under, prefix)


class Preferences(EngineBase, part=True):
    """Reads and writes settings by name."""

    async def remembered(self, *names: str) -> dict[str, str]:
        """Settings by their names; those never made are left out."""
        found = {name: await self.store.run(setting, name) for name in names}
        return {name: value for name, value in found.items() if value is not None}

    def remember(self, name: str, value: str) -> None:
        """Keep a setting that the state is made of."""
        self._do(self._remember({name: value}, refresh=True))

    def keep_preferences(self, values: Mapping[str, str]) -> None:
        """Keep settings that only the face goes by: nothing else is read anew."""
        self._do(self._remember(values, refresh=False))

    async def _remember(self, values: Mapping[str, str], *, refresh: bool) -> None:
        for name, value in values.items():
            await self.store.run(set_setting, name, value)
        if refresh:
            await self.refresh_state()
