"""What begins and ends in another player, as the engine hears of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dodo_tui.domain.playback import End, Playback
from tests.engine.conftest import World


async def test_what_another_player_shows_is_asked_about(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once when it begins, so that it can be told live, and once when it is over."""
    app = world.app()
    asked: list[str] = []
    now = world.clock.now()
    film = Playback(
        play_id="1", profile_id=1, key="local:x", title="Film", label="", source="mpv", item="1",
        started_at=now, at=now, clock_seconds=0.0, position_seconds=0.0, duration_seconds=100.0,
        furthest_seconds=0.0,
    )  # fmt: skip
    async with app.run_test():
        monkeypatch.setattr(app, "_identify_soon", lambda: asked.append("asked"))
        app._on_watched("mpv#1", film)
        app._on_watched("mpv#1", replace(film, position_seconds=5.0))
        assert len(asked) == 1
        app._on_watched("mpv#1", replace(film, end=End.CLOSED))
        assert len(asked) == 2
        app._on_watched("mpv#1", replace(film, play_id="2"))
        assert len(asked) == 3
