"""Looks: how one is chosen, and text made to fit it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from dodo_tui.tui.look import CONSOLE_CHARACTERS, GLYPHS, Look, choose_look, fit, fit_exactly, shown
from tests.tui.widgets.support import HOSTILE


@pytest.mark.parametrize(
    ("environment", "look"),
    [
        ({"LANG": "en_GB.UTF-8", "TERM": "xterm-256color"}, Look.FULL),
        ({"LANG": "C.utf8", "TERM": "foot"}, Look.FULL),
        ({"LANG": "en_GB.UTF-8", "TERM": "linux"}, Look.CONSOLE),
        ({"LANG": "en_GB.UTF-8"}, Look.CONSOLE),
        ({"LANG": "en_GB.UTF-8", "TERM": "dumb"}, Look.CONSOLE),
        ({"TERM": "xterm-256color"}, Look.ASCII),
        ({"LANG": "C", "TERM": "xterm"}, Look.ASCII),
        ({"LC_ALL": "C", "LANG": "en_GB.UTF-8", "TERM": "xterm"}, Look.ASCII),
        ({"LC_CTYPE": "de_DE.UTF-8", "LANG": "C", "TERM": "xterm"}, Look.FULL),
        ({"LANG": "de_DE.ISO-8859-1", "TERM": "linux"}, Look.ASCII),
        ({"DODO_LOOK": "ascii", "LANG": "en_GB.UTF-8", "TERM": "foot"}, Look.ASCII),
        ({"DODO_LOOK": " Full ", "TERM": "linux"}, Look.FULL),
        ({"DODO_LOOK": "nonsense", "LANG": "en_GB.UTF-8", "TERM": "foot"}, Look.FULL),
    ],
)
def test_the_environment_tells_the_look(environment: dict[str, str], look: Look) -> None:
    """A wish goes first, then the locale, then the terminal."""
    assert choose_look(environment) is look


def test_glyphs_are_of_their_look_and_one_cell_wide() -> None:
    """A glyph that is wider would shift all that follows it."""
    for look, glyphs in GLYPHS.items():
        signs = [
            getattr(part, name)
            for part in (glyphs, glyphs.frame, glyphs.focus_frame)
            for name in part._fields
        ]
        for sign in signs:
            if not isinstance(sign, str):
                continue
            assert cell_len(sign) == 1 or sign in ("...", "II")
            if look is Look.CONSOLE:
                assert set(sign) <= CONSOLE_CHARACTERS
            if look is Look.ASCII:
                assert sign.isascii()


@pytest.mark.parametrize(
    ("text", "console", "ascii_text"),
    [
        ("“It’s” – a — ‘test’ …", "\"It's\" - a - 'test' …", "\"It's\" - a - 'test' ..."),
        ("Amélie Straße", "Amélie Straße", "Amelie Strasse"),
        ("Łódź Čapek", "Lódz Capek", "Lodz Capek"),
        ("進撃", "??", "??"),
        ("½ × 2°", "½ × 2°", "12 x 2?"),
        ("✓ ok", "? ok", "? ok"),
    ],
)
def test_what_cannot_be_drawn_is_replaced(text: str, console: str, ascii_text: str) -> None:
    """Quotes and dashes become plain, accents go, the rest is a question mark."""
    assert shown(text, Look.FULL) == text
    assert shown(text, Look.CONSOLE) == console
    assert shown(text, Look.ASCII) == ascii_text


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("look", Look)
def test_hostile_text_becomes_one_harmless_line(text: str, look: Look) -> None:
    """No controls, no direction overrides, nothing without end, and markup stays text."""
    line = shown(text, look)
    assert len(line) <= 302
    assert not any(ord(character) < 32 or 0x7F <= ord(character) < 0xA0 for character in line)
    assert not set(line) & set("\u202e\u2066\u2069\ufe0f\u200b\ufeff")
    assert fit_exactly(line, 20, look).isprintable()
    if look is Look.CONSOLE:
        assert set(line) <= CONSOLE_CHARACTERS
    if look is Look.ASCII:
        assert line.isascii()
    if "[red]" in text:
        assert line == "[red]markup[/] [/] [bold"


@given(st.text(max_size=60), st.integers(0, 40), st.sampled_from(Look))
def test_fitted_text_is_never_wider_than_asked(text: str, width: int, look: Look) -> None:
    """Cells are counted, not characters: wide ones take two, combining ones none."""
    line = shown(text, look)
    assert cell_len(fit(line, width, look)) <= width
    assert cell_len(fit_exactly(line, width, look)) == width


def test_what_fits_is_left_alone_and_what_is_cut_says_so() -> None:
    """An ellipsis stands for what is missing, and a wide character is never halved."""
    assert fit("Severance", 9, Look.FULL) == "Severance"
    assert fit("Severance", 8, Look.FULL) == "Severan…"
    assert fit("進撃の巨人", 6, Look.FULL) == "進撃…"
    assert fit("進撃の巨人", 5, Look.FULL) == "進撃…"
    assert fit("Severance", 8, Look.ASCII) == "Sever..."
    assert fit("Severance", 2, Look.ASCII) == ".."
    assert fit("e\u0301" * 5, 3, Look.FULL) == "e\u0301" * 2 + "…"


def test_emoji_have_one_width_everywhere() -> None:
    """Joined and varied emoji are taken apart: terminals disagree about their width."""
    assert shown("❤️ 👍🏽", Look.FULL) == "❤ 👍"
    assert "\u200d" not in shown("👩‍👩‍👧 x", Look.FULL)
    assert "\u200c" in shown("می\u200cخواهم", Look.FULL)


def test_blanks_between_facts_stay() -> None:
    """Two blanks are how facts on a line are kept apart."""
    assert shown(" S2 E3  Who Is Alive? ", Look.FULL) == "S2 E3  Who Is Alive?"
    assert shown("É1  Zwölf", Look.FULL) == "É1  Zwölf"
