"""What a user likes on this machine: names and values that are kept in the database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from dodo_tui.engine.base import EngineBase
from dodo_tui.storage.profiles import settings_under

if TYPE_CHECKING:
    from dodo_tui.engine.parts import Parts


def read_preferences(parts: Parts, prefix: str) -> dict[str, str]:
    """All settings whose names begin so; before an engine is there."""
    return parts.store.run_now(settings_under, prefix)


class Preferences(EngineBase, part=True):
    """Keeps what was chosen."""

    def keep_preferences(self, values: Mapping[str, str]) -> None:
        """Remember settings."""
        from dodo_tui.storage.profiles import set_setting

        async def keep() -> None:
            for name, value in values.items():
                await self.store.run(set_setting, name, value)

        self._do(keep())
