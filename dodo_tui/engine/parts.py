"""What an engine is made of, so that whoever starts one says it once."""

from __future__ import annotations

from dodo_tui.clock import Clock
from dodo_tui.config import Paths, Settings
from dodo_tui.domain.profile import Profile
from dodo_tui.engine.services import Services
from dodo_tui.storage.store import Store
from dodo_tui.values import dataclass


@dataclass(frozen=True, slots=True)
class Parts:
    """The open database, who is watching, and the ways to the world."""

    store: Store
    profile: Profile
    settings: Settings
    paths: Paths
    services: Services
    clock: Clock
