"""Growing steps of seeking, and the names of tracks' languages."""

from __future__ import annotations

import pytest

from dodo_tui.domain.languages import language_name
from dodo_tui.domain.seeking import Seeking, target_seconds


def pressed(*steps: int, apart: float = 0.3) -> Seeking:
    """Keys, one after another."""
    seeking = Seeking()
    for index, step in enumerate(steps):
        seeking = seeking.press(step, 100 + index * apart)
    return seeking


@pytest.mark.parametrize(
    ("presses", "seconds"), [(1, 10), (2, 30), (3, 60), (4, 180), (5, 600), (6, 1200), (7, 1800)]
)
def test_steps_grow(presses: int, seconds: float) -> None:
    """As in Kodi, in both directions."""
    assert pressed(*[1] * presses).seconds == seconds
    assert pressed(*[-1] * presses).seconds == -seconds


def test_the_other_way_takes_the_last_step_back() -> None:
    """Too far by one press is mended by one press."""
    assert pressed(1, 1, 1, -1).seconds == 30
    assert pressed(1, -1).seconds == 0
    assert pressed(1, -1, -1).seconds == -10


def test_a_key_that_is_held_does_not_run_away() -> None:
    """Thirty repeats a second for two seconds: a few steps, not an hour."""
    held = pressed(*[1] * 60, apart=1 / 30)
    assert 600 <= held.seconds <= 4200
    assert held.presses < 12


def test_where_a_jump_leads() -> None:
    """Never before the start, and never over the end: that would be the end of the viewing."""
    assert target_seconds(100, -600, 1000) == 0
    assert target_seconds(100, 30, 1000) == 130
    assert target_seconds(900, 600, 1000) == 995
    assert target_seconds(998, 600, 1000) == 998
    assert target_seconds(100, 30, None) == 130


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("eng", "English"),
        ("DE", "German"),
        ("ger", "German"),
        ("pt-BR", "Portuguese (BR)"),
        ("zh_Hans", "Chinese (Hans)"),
        ("und", ""),
        ("", ""),
        ("tlh", "tlh"),
    ],
)
def test_languages_have_names(code: str, name: str) -> None:
    """Whichever of their codes a file has; unknown ones stay as they are."""
    assert language_name(code) == name
