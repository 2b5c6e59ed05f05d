"""The words of the sync indicator: one place, one order of importance."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dodo_tui.domain.media import episode_label
from dodo_tui.domain.queue import DeliveryState, QueueKind
from dodo_tui.domain.status import (
    ProviderStatus,
    SyncProgress,
    SyncState,
    SyncStatus,
    Tone,
    indicator,
)

_ON = ProviderStatus("simkl", "Simkl", configured=True, connected=True, user="Dodo")
_SYNC = SyncStatus("simkl")


@pytest.mark.parametrize(
    ("provider", "sync", "words", "tone"),
    [
        (replace(_ON, configured=False, connected=False), _SYNC, "not set up", Tone.QUIET),
        (replace(_ON, connected=False), _SYNC, "not connected", Tone.QUIET),
        (replace(_ON, needs_reconnect=True), _SYNC, "reconnect", Tone.BAD),
        (replace(_ON, needs_reconnect=True), replace(_SYNC, waiting=3), "reconnect, 3 waiting",
         Tone.BAD),
        (_ON, replace(_SYNC, state=SyncState.OFFLINE, waiting=3), "offline, 3 waiting", Tone.WARN),
        (_ON, replace(_SYNC, state=SyncState.OFFLINE), "offline", Tone.WARN),
        (_ON, replace(_SYNC, state=SyncState.ERROR, waiting=1), "error, 1 waiting", Tone.BAD),
        (_ON, replace(_SYNC, state=SyncState.SYNCING, waiting=2), "sending 2", Tone.BUSY),
        (_ON, replace(_SYNC, sending=True), "syncing", Tone.BUSY),
        (_ON, replace(_SYNC, held=2, waiting=1), "2 held", Tone.WARN),
        (_ON, replace(_SYNC, waiting=1), "1 waiting", Tone.BUSY),
        (_ON, _SYNC, "connected", Tone.GOOD),
    ],
)  # fmt: skip
def test_the_indicator_says_the_most_important_thing(
    provider: ProviderStatus, sync: SyncStatus, words: str, tone: Tone
) -> None:
    """Defects 41 and 61: words and not only a colour, and a failure never looks like a success."""
    assert indicator(provider, sync) == (words, tone)


def test_success_says_since_when() -> None:
    """Only where nothing is wrong."""
    assert indicator(_ON, _SYNC, "2 min ago") == ("up to date, 2 min ago", Tone.GOOD)
    assert indicator(_ON, replace(_SYNC, state=SyncState.ERROR), "2 min ago")[0] == "error"


def test_delivery_words_are_the_promised_ones() -> None:
    """DESIGN section 8: scripts rely on them."""
    assert {state.value for state in DeliveryState} == {
        "sent", "waiting", "held", "rejected", "off",
    }  # fmt: skip


def test_only_start_and_pause_are_live() -> None:
    """Defect 25: everything else is a fact and waits for ever."""
    assert {kind for kind in QueueKind if kind.is_live} == {QueueKind.START, QueueKind.PAUSE}


@pytest.mark.parametrize(
    ("season", "number", "one_season", "label"),
    [
        (None, None, False, ""),
        (2, 3, False, "S2 E3"),
        (1, 12, True, "E12"),
        (2, 1, True, "S2 E1"),
        (None, 5, False, "E5"),
        (0, 4, False, "Special 4"),
        (0, 4, True, "Special 4"),
    ],
)
def test_episodes_are_named_as_people_do(
    season: int | None, number: int | None, one_season: bool, label: str
) -> None:
    """Season 0 holds the specials."""
    assert episode_label(season, number, one_season) == label


def test_a_sync_says_how_far_it_is() -> None:
    """While it runs the counts are the word; before anything has come it is only "syncing"."""
    provider = ProviderStatus("simkl", "Simkl", configured=True, connected=True)
    running = SyncStatus("simkl", SyncState.SYNCING, progress=SyncProgress(1_200, 3))
    assert indicator(provider, running) == ("sent 3, pulled 1 200", Tone.BUSY)
    begun = SyncStatus("simkl", SyncState.SYNCING, progress=SyncProgress())
    assert indicator(provider, begun) == ("syncing", Tone.BUSY)


def test_what_the_user_has_to_decide_is_said_before_all_is_well() -> None:
    """Titles that are missing there wait for an answer."""
    provider = ProviderStatus("simkl", "Simkl", configured=True, connected=True)
    assert indicator(provider, SyncStatus("simkl", asking=12), "now") == (
        "12 missing there",
        Tone.WARN,
    )
