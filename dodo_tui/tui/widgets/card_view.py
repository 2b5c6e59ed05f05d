"""A card as lines of text: pure, so that it can be read in a test."""

from __future__ import annotations

from typing import NamedTuple

from rich.cells import cell_len

from dodo_tui.domain.cards import Card, CardState
from dodo_tui.domain.ids import Kind
from dodo_tui.domain.media import episode_label
from dodo_tui.tui.look import GLYPHS, Look, fit, fit_exactly, shown
from dodo_tui.tui.widgets.bar import bar
from dodo_tui.tui.widgets.paint import Line, Role

GAP = 1
"""Free columns between two cards."""
MIN_HEIGHT = 5
"""Two frame lines, title, second line, progress."""

_SHORTEST_BAR = 4


class CardView(NamedTuple):
    """What is written on a card."""

    title: str
    second: tuple[str, ...] = ()
    """The episode and its title, or the year of a film."""
    ratio: float | None = None
    """How full the bar is; without one there is no bar."""
    note: str = ""
    """A few words beside the bar, or in its place."""


def card_view(card: Card) -> CardView:
    """What is written on the card of a title."""
    label = episode_label(card.season, card.number, one_season=card.kind is Kind.ANIME)
    facts = (label, card.episode_title) if label else (str(card.year or ""),)
    ratio = _ratio(card) if card.state is CardState.IN_PROGRESS else None
    return CardView(
        title=card.title,
        second=tuple(fact for fact in facts if fact),
        ratio=ratio,
        note=_note(card, ratio),
    )


def minutes_text(seconds: float) -> str:
    """A length in whole minutes, rounded up: `27 min`, `1 h 05`."""
    minutes = max(1, -int(-seconds // 60))
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60:02}"


def card_width(available: int) -> int:
    """How wide cards are where so many columns are free: some whole ones, and half of one more.

    All rows of a screen are equally wide, so their cards stand on one grid.
    """
    target = 30 if available < 160 else 36
    whole = max(1, round((available + GAP) / (target + GAP) - 0.5))
    return max(12, int((available - whole * GAP) / (whole + 0.5)))


def card_height(screen_height: int) -> int:
    """How tall cards are on a screen: with a line of air where there is room."""
    return MIN_HEIGHT if screen_height < 36 else MIN_HEIGHT + 1


def card_lines(view: CardView, width: int, height: int, look: Look, focused: bool) -> list[Line]:
    """The lines of a card, each exactly `width` cells wide."""
    glyphs = GLYPHS[look]
    frame, edge = (glyphs.focus_frame, Role.ACCENT) if focused else (glyphs.frame, Role.FAINT)
    inner = width - 4
    title = fit_exactly(shown(view.title, look), inner, look)
    second = fit_exactly("  ".join(shown(fact, look) for fact in view.second), inner, look)
    body: list[Line] = [
        [(title, Role.FOCUS if focused else Role.TEXT)],
        [(second, Role.TEXT if focused else Role.QUIET)],
    ]
    body += [[(" " * inner, Role.QUIET)] for _ in range(height - MIN_HEIGHT)]
    body.append(_progress(view, inner, look, focused))

    across = frame.across * (width - 2)
    lines: list[Line] = [[(f"{frame.top_left}{across}{frame.top_right}", edge)]]
    for index, line in enumerate(body):
        marker = glyphs.marker if focused and index == 0 else " "
        lines.append([(frame.down + marker, edge), *line, (f" {frame.down}", edge)])
    lines.append([(f"{frame.bottom_left}{across}{frame.bottom_right}", edge)])
    return lines


def _progress(view: CardView, width: int, look: Look, focused: bool) -> Line:
    """The last line: a bar and a note at the right, or the note alone at the left."""
    note = fit(shown(view.note, look), width, look)
    quiet = Role.TEXT if focused else Role.QUIET
    room = width - cell_len(note) - (2 if note else 0)
    if view.ratio is None or room < _SHORTEST_BAR:
        return [(fit_exactly(note, width, look), quiet)]
    full, empty = bar(view.ratio, room, look)
    line: Line = [(full, Role.ACCENT if focused else Role.BAR), (empty, Role.FAINT)]
    return [*line, (f"  {note}", quiet)] if note else line


def _ratio(card: Card) -> float | None:
    """How far a card is, from its position where that is known."""
    if card.duration_seconds:
        return card.position_seconds / card.duration_seconds
    return card.ratio


def _note(card: Card, ratio: float | None) -> str:
    """What matters most about a card, in a few words."""
    if not card.playable:
        return "not on this device"
    facts = []
    if card.state is CardState.WATCHED:
        facts.append("watched")
    elif card.duration_seconds:
        facts.append(minutes_text(card.duration_seconds - card.position_seconds))
    elif ratio is not None:
        facts.append(f"{round(min(max(ratio, 0.0), 1.0) * 100)} %")
    if card.waiting:
        facts.append("waiting" if facts else "waiting to send")
    return ", ".join(facts)
