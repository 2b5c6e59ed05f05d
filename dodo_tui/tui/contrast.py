"""Colours that can be read: WCAG contrast, and moving a colour until it has enough of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.color import Color
from textual.theme import Theme

LEAST = 4.5
"""WCAG's least contrast of text."""
LEAST_OF_BARS = 3.0
"""WCAG's least contrast of what is drawn and means something."""

_ROOM = 0.2
"""More than the least is aimed at: terminals round colours."""
_STEPS = 40

TEXT_ROLES = ("text", "strong", "quiet", "accent", "good", "busy", "warn", "bad")
"""The roles in which words are written."""


def contrast(one: Color, other: Color) -> float:
    """The contrast ratio of two colours, 1–21 (WCAG 2)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Color) -> float:
    channels = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in colour.normalized
    )
    red, green, blue = channels
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def readable(colour: Color, grounds: Sequence[Color], least: float = LEAST) -> Color:
    """The colour, moved towards white or black until it can be read on every ground."""
    goal = max(
        (Color(255, 255, 255), Color(0, 0, 0)),
        key=lambda end: min(contrast(end, ground) for ground in grounds),
    )
    for step in range(_STEPS + 1):
        moved = colour.blend(goal, step / _STEPS, 1.0)
        if min(contrast(moved, ground) for ground in grounds) >= least + _ROOM:
            return moved
    return goal


def grounds_of(colours: dict[str, str]) -> list[Color]:
    """What text is drawn on: screens and panels."""
    return [Color.parse(colours[name]) for name in ("background", "surface")]


def role_variables(theme: Theme) -> dict[str, str]:
    """The `dodo-…` variables of any of Textual's themes."""
    if theme.ansi:
        return _ANSI_DARK if theme.dark else _ANSI_LIGHT
    colours = theme.to_color_system().generate()
    grounds = grounds_of(colours)
    ground = grounds[0]

    def first(*names: str) -> Color:
        return Color.parse(next(colours[name] for name in names if name in colours))

    text = first("foreground")
    end = Color(255, 255, 255) if theme.dark else Color(0, 0, 0)
    wanted = {
        "text": text,
        "strong": text.blend(end, 0.7, 1.0),
        "quiet": text.blend(ground, 0.4, 1.0),
        "accent": first("accent", "primary"),
        "good": first("success", "primary"),
        "busy": first("secondary", "primary"),
        "warn": first("warning", "accent", "primary"),
        "bad": first("error", "warning", "primary"),
    }
    found = {name: readable(colour, grounds) for name, colour in wanted.items()}
    found["bar"] = readable(wanted["quiet"], grounds, LEAST_OF_BARS)
    found["faint"] = ground.blend(text, 0.25, 1.0)
    return _named((name, colour.hex) for name, colour in found.items())


def _named(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    return {f"dodo-{name}": value for name, value in pairs}


_ANSI_DARK = _named(
    (
        ("text", "ansi_default"),
        ("strong", "ansi_default"),
        ("quiet", "ansi_default"),
        ("faint", "ansi_blue"),
        ("bar", "ansi_cyan"),
        ("accent", "ansi_yellow"),
        ("good", "ansi_green"),
        ("busy", "ansi_cyan"),
        ("warn", "ansi_yellow"),
        ("bad", "ansi_red"),
    )
)
_ANSI_LIGHT = _named(
    (
        ("text", "ansi_default"),
        ("strong", "ansi_default"),
        ("quiet", "ansi_default"),
        ("faint", "ansi_bright_black"),
        ("bar", "ansi_blue"),
        ("accent", "ansi_blue"),
        ("good", "ansi_blue"),
        ("busy", "ansi_magenta"),
        ("warn", "ansi_magenta"),
        ("bad", "ansi_red"),
    )
)
"""Of the sixteen, these can be read on a light ground; what they mean is said in words."""
