"""Every word can be read, in every theme, on every ground it is written on."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

from dodo_tui.domain import profile
from dodo_tui.tui.contrast import (
    LEAST,
    LEAST_OF_BARS,
    TEXT_ROLES,
    contrast,
    grounds_of,
    readable,
    role_variables,
)
from dodo_tui.tui.stylesheets import styles_folder
from dodo_tui.tui.themes import THEMES
from dodo_tui.tui.widgets.person import mark_colour

BITS = tuple(itertools.product((0, 1), repeat=3))
NAMES = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
VGA = {
    f"ansi_{name}": Color(r * 170, 85 if name == "yellow" else g * 170, b * 170)
    for name, (b, g, r) in zip(NAMES, BITS, strict=True)
}
BRIGHT = {
    f"ansi_{name}": Color(85 + r * 170, 85 + g * 170, 85 + b * 170)
    for name, (b, g, r) in zip(NAMES, BITS, strict=True)
}
"""What a Linux console makes of the sixteen colours; bold is bright there."""

TRUE_COLOUR = [theme for theme in (*BUILTIN_THEMES.values(), *THEMES) if not theme.ansi]
SIXTEEN = [theme for theme in (*BUILTIN_THEMES.values(), *THEMES) if theme.ansi]
COLOURS = st.builds(Color, *[st.integers(0, 255)] * 3)


def variables(theme: Theme) -> dict[str, str]:
    """A theme's roles, as the app has them."""
    return {**role_variables(theme), **theme.variables}


def bold_roles() -> set[str]:
    """The roles that the style sheet writes in bold."""
    sheet = styles_folder().joinpath("tokens.tcss").read_text("utf-8")
    return set(re.findall(r"\.dodo--(\w+) \{[^}]*bold", sheet))


@pytest.mark.parametrize("theme", TRUE_COLOUR, ids=lambda theme: theme.name)
def test_every_role_can_be_read(theme: Theme) -> None:
    """Words have 4.5:1 on the screen and on panels, bars 3:1."""
    roles = variables(theme)
    for ground in grounds_of(theme.to_color_system().generate()):
        for role in TEXT_ROLES:
            assert contrast(Color.parse(roles[f"dodo-{role}"]), ground) >= LEAST, role
        assert contrast(Color.parse(roles["dodo-bar"]), ground) >= LEAST_OF_BARS


@pytest.mark.parametrize("theme", TRUE_COLOUR, ids=lambda theme: theme.name)
def test_people_can_be_told_apart(theme: Theme) -> None:
    """Their marks are seen on every ground, and no two are alike."""
    variables = theme.to_color_system().generate()
    marks = [mark_colour(theme, variables, colour) for colour in profile.COLOURS]
    assert len(set(marks)) == len(profile.COLOURS)
    for ground in grounds_of(variables):
        assert all(contrast(Color.parse(mark), ground) >= LEAST_OF_BARS for mark in marks)


@pytest.mark.parametrize("theme", SIXTEEN, ids=lambda theme: theme.name)
def test_sixteen_colours_can_be_read(theme: Theme) -> None:
    """On a Linux console's black, or on white, with its own colours."""
    ground = Color(0, 0, 0) if theme.dark else Color(255, 255, 255)
    roles = variables(theme)
    for role in TEXT_ROLES:
        name = roles[f"dodo-{role}"]
        if name == "ansi_default":
            continue  # the terminal's own, which its user can read
        table = BRIGHT if role in bold_roles() and theme.dark else VGA
        assert contrast(table[name], ground) >= LEAST, (role, name)


@given(colour=COLOURS, first=COLOURS)
def test_any_colour_becomes_readable(colour: Color, first: Color) -> None:
    """On any single ground there is a colour of enough contrast."""
    assert contrast(readable(colour, [first]), first) >= LEAST


def test_a_readable_colour_stays_as_it_is() -> None:
    """Nothing is moved that need not be."""
    amber = Color.parse("#e9b44c")
    assert readable(amber, [Color.parse("#0c0e12")]) == amber


def test_contrast_is_as_wcag_has_it() -> None:
    """Known pairs: black and white, and the grey that just passes on white."""
    white = Color(255, 255, 255)
    assert contrast(Color(0, 0, 0), white) == pytest.approx(21)
    assert contrast(Color.parse("#767676"), white) == pytest.approx(4.54, abs=0.01)
