"""Whether and how pictures are drawn follows from what a terminal says, and from the user."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from dodo_tui.tui.look import Look
from dodo_tui.tui.pictures.choice import Drawing, Wish, choose_drawing, read_wish, wishes_for
from dodo_tui.tui.pictures.kitty_age import places_pictures

XTERM = {"TERM": "xterm-256color"}
TRUE = {**XTERM, "COLORTERM": "truecolor"}
KITTY = {"TERM": "xterm-kitty", "COLORTERM": "truecolor", "KITTY_WINDOW_ID": "1"}
GHOSTTY = {"TERM": "xterm-ghostty", "COLORTERM": "truecolor"}


@pytest.mark.parametrize(
    ("environment", "wish", "drawing"),
    [
        (TRUE, Wish.AUTO, Drawing.SIXEL_ELSE_BLOCKS),
        (TRUE, Wish.BLOCKS, Drawing.BLOCKS),
        (TRUE, Wish.SIXEL, Drawing.SIXEL_ELSE_BLOCKS),
        (KITTY, Wish.AUTO, Drawing.KITTY_IF_NEW),
        (KITTY, Wish.BLOCKS, Drawing.BLOCKS),
        ({**KITTY, "SSH_TTY": "/dev/pts/3"}, Wish.AUTO, Drawing.SIXEL_ELSE_BLOCKS),
        ({**KITTY, "TMUX": "x"}, Wish.AUTO, Drawing.BLOCKS),
        (KITTY, Wish.KITTY, Drawing.KITTY),
        (GHOSTTY, Wish.AUTO, Drawing.KITTY),
        (GHOSTTY, Wish.BLOCKS, Drawing.BLOCKS),
        ({**GHOSTTY, "TMUX": "/tmp/tmux"}, Wish.AUTO, Drawing.BLOCKS),
        (XTERM, Wish.AUTO, Drawing.SIXEL_ELSE_NONE),
        (XTERM, Wish.ON, Drawing.SIXEL_ELSE_BLOCKS),
        (XTERM, Wish.SIXEL, Drawing.SIXEL_ELSE_BLOCKS),
        (XTERM, Wish.BLOCKS, Drawing.BLOCKS),
        (XTERM, Wish.KITTY, Drawing.BLOCKS),
        ({"TERM": "tmux-256color"}, Wish.AUTO, Drawing.NONE),
        ({"TERM": "screen-256color", "STY": "1"}, Wish.ON, Drawing.BLOCKS),
        ({"TERM": "tmux-256color", "TMUX": "x"}, Wish.SIXEL, Drawing.SIXEL_ELSE_BLOCKS),
        ({"TERM": "xterm"}, Wish.ON, Drawing.SIXEL_ELSE_NONE),
        ({"TERM": "xterm"}, Wish.SIXEL, Drawing.SIXEL_ELSE_NONE),
        ({"TERM": "xterm"}, Wish.BLOCKS, Drawing.NONE),
        ({"TERM": "linux"}, Wish.SIXEL, Drawing.NONE),
        ({**TRUE, "NO_COLOR": "1"}, Wish.ON, Drawing.NONE),
        ({**TRUE, "NO_COLOR": "1"}, Wish.SIXEL, Drawing.NONE),
        (TRUE, Wish.OFF, Drawing.NONE),
        ({}, Wish.AUTO, Drawing.NONE),
    ],
)
def test_a_picture_is_drawn_by_the_best_way_there_is(
    environment: dict[str, str], wish: Wish, drawing: Drawing
) -> None:
    """In a terminal with a real font."""
    assert choose_drawing(environment, Look.FULL, wish) is drawing


@pytest.mark.parametrize("look", [Look.CONSOLE, Look.ASCII])
def test_never_without_a_real_font(look: Look) -> None:
    """Whatever else the terminal says."""
    assert all(choose_drawing(TRUE, look, wish) is Drawing.NONE for wish in Wish)


@pytest.mark.parametrize(
    ("environment", "able", "offered"),
    [
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, "", "auto blocks off"),
        ({"TERM": "foot", "COLORTERM": "truecolor"}, "sixel", "auto sixel blocks off"),
        ({"TERM": "xterm-256color"}, "", "auto blocks off"),
        (GHOSTTY, "kitty", "auto kitty blocks off"),
        (KITTY, "kitty", "auto kitty blocks off"),
        (KITTY, "", "auto blocks off"),
        ({"TERM": "linux"}, "", "auto off"),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, "", "auto off"),
    ],
)
def test_only_what_a_terminal_can_do_is_offered(
    environment: dict[str, str], able: str, offered: str
) -> None:
    """As far as it says."""
    can = {"has_kitty": able == "kitty", "has_sixel": able == "sixel"}
    assert " ".join(wishes_for(environment, Look.FULL, **can)) == offered
    nothing = wishes_for(environment, Look.CONSOLE, has_kitty=False, has_sixel=False)
    assert nothing == (Wish.AUTO, Wish.OFF)


def test_a_setting_that_nobody_knows_is_auto() -> None:
    """An older or newer dodo may have written it."""
    assert read_wish(None) is read_wish("holograms") is read_wish("") is Wish.AUTO
    assert read_wish("off") is Wish.OFF


def test_nothing_of_pillow_is_loaded_for_the_start() -> None:
    """It costs more than the first picture of Home."""
    code = (
        "import sys; from dodo_tui.tui.app import DodoApp\n"
        "from dodo_tui.tui.pictures import choice, drawing, gallery, sixel_layer, tile\n"
        "assert choice.has_decoder()\n"
        "print(sorted({'PIL', 'plotext', 'httpx'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("said", "new"),
    [
        ("kitty 0.28.0 created by Kovid Goyal", True),
        ("kitty 0.42.1 created by Kovid Goyal", True),
        ("kitty 1.0 created by Kovid Goyal", True),
        ("kitty 0.26.5 created by Kovid Goyal", False),
        ("another thing", False),
        ("", False),
    ],
)
@pytest.mark.parametrize("status", [0, 1])
def test_a_kitty_says_its_age(tmp_path: Path, said: str, new: bool, status: int) -> None:
    """By its program, which is asked for its version."""
    program = tmp_path / "kitty"
    program.write_text(f"#!/bin/sh\necho '{said}'\nexit {status}\n")
    program.chmod(0o700)
    environment = {"PATH": str(tmp_path), "KITTY_PID": str(os.getpid())}
    assert places_pictures(environment) is new


@pytest.mark.parametrize("number", ["", "1x", "999999999", "-1", "٣", str(2**70)])
def test_a_kitty_that_is_not_there_is_not_new(tmp_path: Path, number: str) -> None:
    """Nor one that cannot be run."""
    assert places_pictures({"PATH": str(tmp_path), "KITTY_PID": number}) is False
    (tmp_path / "kitty").write_text("no program")
    (tmp_path / "kitty").chmod(0o700)
    assert places_pictures({"PATH": str(tmp_path), "KITTY_PID": number}) is False
