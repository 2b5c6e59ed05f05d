"""Cards as text."""

from __future__ import annotations

from typing import Any

import pytest

from dodo_tui.domain.cards import CardState
from dodo_tui.domain.ids import Kind
from dodo_tui.tui.look import Look
from dodo_tui.tui.widgets.card_view import (
    CardView,
    card_height,
    card_lines,
    card_view,
    card_width,
    minutes_text,
)
from dodo_tui.tui.widgets.paint import Role, line_text, width_of
from tests.tui.widgets.support import HOSTILE, card


def _text(view: CardView, width: int, height: int, look: Look, focused: bool) -> list[str]:
    return [line_text(line) for line in card_lines(view, width, height, look, focused)]


SEVERANCE = card(
    "a",
    "Severance",
    kind=Kind.SHOW,
    season=2,
    number=3,
    episode_title="Who Is Alive?",
    position_seconds=1620.0,
    duration_seconds=3240.0,
)


def test_a_card_in_full_look() -> None:
    """Title, episode, bar and what is left."""
    assert _text(card_view(SEVERANCE), 30, 5, Look.FULL, focused=False) == [
        "╭────────────────────────────╮",
        "│ Severance                  │",
        "│ S2 E3  Who Is Alive?       │",
        "│ ━━━━━━━━━─────────  27 min │",
        "╰────────────────────────────╯",
    ]


def test_a_card_in_focus_in_the_console_look() -> None:
    """A double frame and a marker, one line of air on a large screen."""
    assert _text(card_view(SEVERANCE), 30, 6, Look.CONSOLE, focused=True) == [
        "╔════════════════════════════╗",
        "║▶Severance                  ║",
        "║ S2 E3  Who Is Alive?       ║",
        "║                            ║",
        "║ █████████░░░░░░░░░  27 min ║",
        "╚════════════════════════════╝",
    ]


def test_a_card_in_ascii() -> None:
    """Seven-bit characters are enough."""
    assert _text(card_view(SEVERANCE), 24, 5, Look.ASCII, focused=True) == [
        "#======================#",
        "#>Severance            #",
        "# S2 E3  Who Is Alive? #",
        "# ######------  27 min #",
        "#======================#",
    ]


def test_focus_is_told_by_the_text_alone() -> None:
    """Without any colour a card in focus still looks different, in every look."""
    view = card_view(SEVERANCE)
    for look in Look:
        quiet = _text(view, 30, 5, look, focused=False)
        loud = _text(view, 30, 5, look, focused=True)
        assert all(a != b for a, b in zip(quiet, loud, strict=True))


def test_an_unfocused_card_is_quiet() -> None:
    """Nothing on it is in the accent or in bold."""
    roles = {
        role
        for line in card_lines(card_view(SEVERANCE), 30, 5, Look.FULL, False)
        for _, role in line
    }
    assert roles <= {Role.TEXT, Role.QUIET, Role.FAINT, Role.BAR}


@pytest.mark.parametrize(
    ("fields", "second", "note", "has_bar"),
    [
        ({}, ("1999",), "50 min", True),
        ({"year": None}, (), "50 min", True),
        ({"waiting": True}, ("1999",), "50 min, waiting", True),
        ({"playable": False}, ("1999",), "not on this device", True),
        ({"duration_seconds": None, "ratio": 0.42}, ("1999",), "42 %", True),
        ({"duration_seconds": None}, ("1999",), "", False),
        ({"duration_seconds": None, "waiting": True}, ("1999",), "waiting to send", False),
        ({"state": CardState.WATCHED}, ("1999",), "watched", False),
        ({"state": CardState.WATCHED, "waiting": True}, ("1999",), "watched, waiting", False),
        (
            {
                "state": CardState.UP_NEXT,
                "kind": Kind.SHOW,
                "season": 1,
                "number": 4,
                "position_seconds": 0.0,
            },
            ("S1 E4",),
            "1 h 40",
            False,
        ),
        ({"kind": Kind.ANIME, "season": 1, "number": 12}, ("E12",), "50 min", True),
        ({"kind": Kind.SHOW, "season": 0, "number": 2}, ("Special 2",), "50 min", True),
    ],
)
def test_a_card_says_what_matters(
    fields: dict[str, Any], second: tuple[str, ...], note: str, has_bar: bool
) -> None:
    """The episode or the year; what is left, or why it cannot be played."""
    view = card_view(card("a", **fields))
    assert (view.second, view.note, view.ratio is not None) == (second, note, has_bar)


@pytest.mark.parametrize("title", HOSTILE)
@pytest.mark.parametrize("look", Look)
@pytest.mark.parametrize("width", [12, 30, 47])
def test_no_title_breaks_the_grid(title: str, look: Look, width: int) -> None:
    """Every line is exactly as wide as the card, whatever is written on it."""
    view = CardView(title, (title, title), 0.5, title)
    for focused in (False, True):
        for line in card_lines(view, width, 6, look, focused):
            assert width_of(line) == width


@pytest.mark.parametrize("ratio", [-1.0, 0.0, 1.0, 7.0, float("nan"), float("inf")])
def test_no_ratio_breaks_the_grid(ratio: float) -> None:
    """A provider's nonsense is drawn as something between empty and full."""
    for line in card_lines(CardView("x", ratio=ratio), 30, 5, Look.FULL, False):
        assert width_of(line) == 30


def test_cards_share_a_grid_and_half_a_card_says_there_is_more() -> None:
    """Some whole cards and about half of one more fill any width."""
    for available in range(40, 300):
        width = card_width(available)
        rest = available % (width + 1)
        assert 12 <= width <= 62
        assert 0.3 * width <= rest <= 0.8 * width


def test_large_screens_have_taller_cards() -> None:
    """A line of air where there is room for it."""
    assert (card_height(24), card_height(36)) == (5, 6)


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "1 min"), (61, "2 min"), (5940, "99 min"), (6000, "1 h 40")]
)
def test_lengths_are_said_in_minutes(seconds: float, words: str) -> None:
    """Rounded up: there is never nothing left of what is not over."""
    assert minutes_text(seconds) == words
