"""A card as lines of text: pure, so that it can be read in a test."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from rich.cells import cell_len

from dodo_tui.domain.cards import Card, CardState, Obstacle, obstacle, seconds_left
from dodo_tui.domain.figures import clock_text, ratio_text
from dodo_tui.tui.look import GLYPHS, Look, fit, fit_exactly, shown, wrapped
from dodo_tui.tui.widgets.bar import bar
from dodo_tui.tui.widgets.paint import Line, Role, width_of

GAP = 1
"""Free columns between two cards."""
FRAME = 2
"""Lines that the frame takes, above and below."""
MIN_HEIGHT = 5
"""Two frame lines, title, second line, progress."""
AIRY_HEIGHT = 9
"""From here on a card has a line of air inside its frame."""
_TALLEST = 11
LIST_BELOW = 60
"""A row narrower than this is a list."""

_SHORTEST_BAR = 4
_NARROWEST_TEXT = 12
"""Columns that must be left for words beside a picture."""
_LOWEST_PICTURE = 4
"""Rows below which nothing can be made out in a picture."""
_WEEK = timedelta(days=6)


class CardView(NamedTuple):
    """What is written on a card."""

    title: str
    second: tuple[str, ...] = ()
    """The episode and its title, or the year of a film."""
    ratio: float | None = None
    """How full the bar is; without one there is no bar."""
    note: str = ""
    """A few words beside the bar, or in its place."""


def card_view(card: Card, now: datetime | None = None) -> CardView:
    """What is written on the card of a title. Without a time, nothing is said about airing."""
    facts = (card.label, card.episode_title) if card.label else (str(card.year or ""),)
    ratio = _ratio(card) if card.state is CardState.IN_PROGRESS else None
    return CardView(
        title=card.title,
        second=tuple(fact for fact in facts if fact),
        ratio=ratio,
        note=_note(card, ratio, now),
    )


def minutes_text(seconds: float) -> str:
    """A length in whole minutes, rounded up: `27 min`, `1 h 05`."""
    minutes = max(1, -int(-seconds // 60))
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60:02}"


def place_text(card: Card) -> str:
    """Where one stopped: `18:02`, or `42 %` where a provider's percentage is all that is known."""
    is_known = card.duration_seconds is not None or card.ratio is None
    return clock_text(card.position_seconds) if is_known else ratio_text(card.ratio)


def airs_text(airs_at: datetime | None, now: datetime | None) -> str:
    """When something that is not out yet will be: `airs today`, `airs Fri`, `airs 12 Mar`."""
    if airs_at is None or now is None or airs_at <= now:
        return ""
    local, today = airs_at.astimezone(), now.astimezone()
    if local.date() == today.date():
        return f"airs today {local:%H:%M}"
    if local.date() - today.date() <= _WEEK:
        return f"airs {local:%a}"
    year = "" if local.year == today.year else f" {local.year}"
    return f"airs {local.day} {local:%b}{year}"


def card_width(available: int, desk: bool = False) -> int:
    """How wide cards are where so many columns are free: some whole ones, and half of one more.

    All rows of a screen are equally wide, so their cards stand on one grid.
    """
    if available < LIST_BELOW:
        return available
    target = 26 if desk else 30 if available < 160 else 42
    whole = max(1, round((available + GAP) / (target + GAP) - 0.5))
    return max(12, int((available - whole * GAP) / (whole + 0.5)))


def card_height(screen_height: int, desk: bool = False, pictures: bool = False) -> int:
    """How tall cards are on a screen: with air where there is room for it, more for pictures."""
    if desk or screen_height < (30 if pictures else 40):
        return MIN_HEIGHT
    if screen_height >= 60:
        return _TALLEST
    return MIN_HEIGHT + (3 if pictures and screen_height >= 44 else 1)


def picture_size(width: int, height: int) -> tuple[int, int]:
    """The columns and rows of a picture on a card of this size: a poster's shape, or (0, 0).

    A cell is about twice as high as it is wide, a poster half as high again as it is wide.
    """
    rows = height - FRAME
    columns = round(rows * 4 / 3)
    if rows < _LOWEST_PICTURE or width - 4 - columns < _NARROWEST_TEXT:
        return 0, 0
    return columns, rows


def card_lines(
    view: CardView,
    width: int,
    height: int,
    look: Look,
    focused: bool,
    picture: Sequence[Line] = (),
) -> list[Line]:
    """The lines of a card, each exactly `width` cells wide.

    A `picture` has a line for each row inside the frame, all equally wide (see `picture_size`);
    without one the words have the whole card.
    """
    glyphs = GLYPHS[look]
    frame, edge = (glyphs.focus_frame, Role.ACCENT) if focused else (glyphs.frame, Role.FAINT)
    rows = height - FRAME
    beside = list(picture[:rows]) if len(picture) >= rows else []
    inner = width - 4 - (width_of(beside[0]) if beside else 0)
    body = _body(view, inner, rows, look, focused)
    title_row = 1 if height >= AIRY_HEIGHT else 0

    across = frame.across * (width - 2)
    lines: list[Line] = [[(f"{frame.top_left}{across}{frame.top_right}", edge)]]
    for index, line in enumerate(body):
        left: Line = [(frame.down, edge), *beside[index]] if beside else [(frame.down, edge)]
        marker = glyphs.marker if focused and index == title_row else " "
        lines.append([*left, (marker, edge), *line, (f" {frame.down}", edge)])
    lines.append([(f"{frame.bottom_left}{across}{frame.bottom_right}", edge)])
    return lines


def card_row(view: CardView, width: int, look: Look, focused: bool) -> Line:
    """A card as one line of a list, where a screen is too narrow for cards."""
    marker = GLYPHS[look].marker if focused else " "
    words = "  ".join(shown(text, look) for text in (view.title, *view.second) if text)
    note = fit(shown(view.note, look), max(width // 2, 1), look)
    room = width - 2 - (cell_len(note) + 2 if note else 0)
    line: Line = [
        (f"{marker} ", Role.ACCENT),
        (fit_exactly(words, max(room, 0), look), Role.FOCUS if focused else Role.TEXT),
    ]
    return [*line, (f"  {note}", Role.TEXT if focused else Role.QUIET)] if note else line


def _body(view: CardView, inner: int, rows: int, look: Look, focused: bool) -> list[Line]:
    """The lines inside the frame: title, what it is, air, how far it is."""
    strong, quiet = (Role.FOCUS, Role.TEXT) if focused else (Role.TEXT, Role.QUIET)
    air = 1 if rows + FRAME >= AIRY_HEIGHT else 0
    room = rows - 2 * air - 1
    facts = [shown(fact, look) for fact in view.second]
    titles = wrapped(shown(view.title, look), inner, 2 if room >= 4 else 1, look)
    if len(titles) + len(facts) < room:
        seconds = [fit(fact, inner, look) for fact in facts]
    else:
        seconds = [fit("  ".join(facts), inner, look)] if facts else []
    words = [(text, strong) for text in titles] + [(text, quiet) for text in seconds]
    lines: list[Line] = [[(fit_exactly(text, inner, look), role)] for text, role in words[:room]]
    blank: Line = [(" " * inner, quiet)]
    lines = [blank] * air + lines
    lines += [blank] * (rows - air - 1 - len(lines))
    return [*lines, _progress(view, inner, look, focused), *[blank] * air]


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


def _note(card: Card, ratio: float | None, now: datetime | None) -> str:
    """What matters most about a card, in a few words."""
    facts = []
    match obstacle(card, now):
        case Obstacle.NOT_OUT:
            facts.append(airs_text(card.airs_at, now))
        case Obstacle.NOT_HERE:
            facts.append("not on this device")
        case _ if card.state is CardState.WATCHED:
            facts.append("watched")
        case _ if ratio is not None and card.known_episodes:
            facts.append(f"{card.seen_episodes} of {card.known_episodes}")
        case _ if (left := seconds_left(card)) is not None:
            seconds, is_estimate = left
            facts.append(f"about {minutes_text(seconds)}" if is_estimate else minutes_text(seconds))
        case _ if ratio is not None:
            facts.append(ratio_text(ratio))
    if card.waiting:
        facts.append("waiting" if facts else "waiting to send")
    return ", ".join(facts)
