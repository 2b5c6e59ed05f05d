"""The words in the header of Home and in Settings, for one provider and for several."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from dodo_tui.domain.status import ProviderStatus, SyncState, SyncStatus, Tone
from dodo_tui.tui.look import Look
from dodo_tui.tui.words import all_indicators
from tests.support.clock import START


def provider(name: str, *, connected: bool = True) -> ProviderStatus:
    """A provider that is set up."""
    return ProviderStatus(name.lower(), name, configured=True, connected=connected)


def sync(
    name: str, state: SyncState = SyncState.IDLE, waiting: int = 0, ago: float = 120
) -> SyncStatus:
    """How the exchange with it stands."""
    last: datetime = START - timedelta(seconds=ago)
    return SyncStatus(name.lower(), state, last, waiting=waiting)


SIMKL, TRAKT = provider("Simkl"), provider("Trakt")


@pytest.mark.parametrize(
    ("pairs", "words", "tone"),
    [
        ([], "", Tone.QUIET),
        ([(provider("Simkl", connected=False), sync("Simkl")),
          (provider("Trakt", connected=False), sync("Trakt"))],
         "Simkl, Trakt  - not connected", Tone.QUIET),
        ([(provider("Simkl", connected=False), sync("Simkl")), (TRAKT, sync("Trakt"))],
         "Trakt  * up to date, 2 min ago", Tone.GOOD),
        ([(SIMKL, sync("Simkl")), (TRAKT, sync("Trakt", ago=7200))],
         "Simkl, Trakt  * up to date, 2 h ago", Tone.GOOD),
        ([(SIMKL, sync("Simkl")), (TRAKT, sync("Trakt", SyncState.OFFLINE, 3))],
         "Simkl  * up to date, 2 min ago   Trakt  o offline, 3 waiting", Tone.WARN),
        ([(SIMKL, sync("Simkl", SyncState.ERROR)), (TRAKT, sync("Trakt", waiting=2))],
         "Simkl  ! error   Trakt  ~ 2 waiting", Tone.BAD),
    ],
)  # fmt: skip
def test_everybody_is_told_and_who_stands_alike_together(
    pairs: list[tuple[ProviderStatus, SyncStatus]], words: str, tone: Tone
) -> None:
    """Who is connected, else who can be; the oldest success of those alike; the worst tone."""
    assert all_indicators(pairs, START, Look.ASCII) == (words, tone)


def test_without_a_look_there_are_no_glyphs() -> None:
    """Settings colours its rows itself."""
    pairs = [(SIMKL, sync("Simkl")), (TRAKT, sync("Trakt"))]
    assert all_indicators(pairs, START, None)[0] == "Simkl, Trakt up to date, 2 min ago"
