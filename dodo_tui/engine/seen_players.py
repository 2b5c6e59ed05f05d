"""How the players that others start are watched, as screens show it."""

from __future__ import annotations

from dodo_tui.domain.status import Tone
from dodo_tui.engine.state import SeenPlayer
from dodo_tui.players.watching import Sight, Watcher

_TONES = {
    Sight.SEEN: Tone.GOOD,
    Sight.NONE: Tone.QUIET,
    Sight.OFF: Tone.QUIET,
    Sight.REFUSED: Tone.WARN,
}


def seen_player(watcher: Watcher) -> SeenPlayer:
    """One kind of player, as its watcher reports it now."""
    report = watcher.report()
    return SeenPlayer(watcher.name, report.sentence, report.next_step or "", _TONES[report.sight])
