"""Cards as text."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from rich.style import Style

from dodo_tui.domain.cards import CardState
from dodo_tui.domain.ids import Kind
from dodo_tui.tui.look import Look
from dodo_tui.tui.widgets.card_view import (
    CardView,
    card_height,
    card_lines,
    card_row,
    card_view,
    card_width,
    minutes_text,
    picture_size,
)
from dodo_tui.tui.widgets.paint import Line, Role, line_text, width_of
from tests.tui.widgets.support import HOSTILE, card


@pytest.fixture
def utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The developer's time zone plays no part."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


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
    for available, desk in itertools.product(range(60, 300), (False, True)):
        width = card_width(available, desk)
        rest = available % (width + 1)
        assert 12 <= width <= 62
        assert 0.3 * width <= rest <= (1.0 if desk else 0.8) * width


def test_large_screens_have_taller_cards() -> None:
    """A line of air where there is room for it."""
    assert [card_height(rows) for rows in (24, 36, 40, 67)] == [5, 5, 6, 11]
    assert card_height(67, desk=True) == card_height(67, desk=True, pictures=True) == 5
    assert [card_height(rows, pictures=True) for rows in (24, 30, 44, 67)] == [5, 6, 8, 11]


def test_a_tall_card_gives_its_words_room() -> None:
    """Air inside the frame, a long title in two lines, the episode's title in its own."""
    title = "The Lord of the Rings: The Two Towers"
    view = card_view(replace(SEVERANCE, title=title))
    assert _text(view, 30, 9, Look.FULL, focused=True) == [
        "┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━┓",
        "┃                            ┃",
        "┃▌The Lord of the Rings: The ┃",
        "┃ Two Towers                 ┃",
        "┃ S2 E3  Who Is Alive?       ┃",
        "┃                            ┃",
        "┃ ━━━━━━━━━─────────  27 min ┃",
        "┃                            ┃",
        "┗━━━━━━━━━━━━━━━━━━━━━━━━━━━━┛",
    ]


@pytest.mark.parametrize("height", [5, 6, 9, 12])
@pytest.mark.parametrize("width", [30, 42])
def test_a_picture_stands_beside_the_words(height: int, width: int) -> None:
    """It fills the card's height at the left; the frame, the marker and the words stay."""
    columns, rows = picture_size(width, height)
    picture: list[Line] = [[("x" * columns, Style(color="red"))]] * rows
    lines = card_lines(card_view(SEVERANCE), width, height, Look.FULL, True, picture)
    assert {width_of(line) for line in lines} == {width}
    texts = [line_text(line) for line in lines]
    if columns:
        assert all(text.startswith("┃" + "x" * columns) for text in texts[1:-1])
    assert any("▌Severan" in text for text in texts)


def test_no_room_for_a_picture_is_no_picture() -> None:
    """Words come first: a card too narrow for both has none, as one whose picture is not there."""
    assert picture_size(30, 16) == (0, 0)
    view = card_view(SEVERANCE)
    plain = card_lines(view, 30, 6, Look.FULL, False)
    assert card_lines(view, 30, 6, Look.FULL, False, [[("x", Role.TEXT)]]) == plain


@pytest.mark.parametrize(
    ("days", "words"), [(0.2, "airs today 05:00"), (3, "airs Mon"), (30, "airs 31 Jan"),
                        (400, "airs 5 Feb 2028")]
)  # fmt: skip
def test_what_is_not_out_yet_says_when(days: float, words: str, utc: None) -> None:
    """The day in the week to come, the date after that."""
    now = datetime(2027, 1, 1, 0, 12, tzinfo=UTC)
    soon = card("a", state=CardState.UP_NEXT, airs_at=now + timedelta(days=days), playable=False)
    assert card_view(soon, now).note == words
    assert card_view(soon).note == "not on this device"


@pytest.mark.parametrize("title", HOSTILE)
@pytest.mark.parametrize("look", Look)
def test_no_title_breaks_a_list(title: str, look: Look) -> None:
    """On a narrow screen a card is one line, exactly as wide as the screen."""
    for width in (20, 40, 59):
        assert width_of(card_row(CardView(title, (title,), 0.5, title), width, look, True)) == width


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "1 min"), (61, "2 min"), (5940, "99 min"), (6000, "1 h 40")]
)
def test_lengths_are_said_in_minutes(seconds: float, words: str) -> None:
    """Rounded up: there is never nothing left of what is not over."""
    assert minutes_text(seconds) == words
