"""A question on mpv's picture, and what its keys mean while it is there.

mpv lends keys in *sections*: while dodo's is enabled, its keys go before the user's own, and when
it is disabled everything is as it was. Pressed, they send a `script-message`, which mpv hands to
every client of its socket.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dodo_tui.domain.text import clean_text

Command = Sequence[object] | Mapping[str, object]
"""A command of mpv: a list, or an object with `name`."""

MESSAGE = "dodo"
"""The first word of every message of ours."""

ACCEPT, DECLINE, NEXT, PREVIOUS = "accept", "decline", "next", "previous"

PROMPT_SECTION = "dodo-prompt"
_PROMPT_KEYS = {
    ACCEPT: ("ENTER", "KP_ENTER", "GAMEPAD_ACTION_DOWN"),
    DECLINE: ("ESC", "BS", "CANCEL", "GAMEPAD_ACTION_RIGHT"),
}

STEP_SECTION = "dodo-steps"
_STEP_KEYS = {NEXT: ("NEXT", "XF86_NEXT"), PREVIOUS: ("PREV", "XF86_PREV")}

_FROM_EDGE = r"{\fs40}\h\h\h\h"
"""Blanks that are not taken away at the end of a line."""

_OVERLAY_ID = 61
_HEIGHT = 720
_MAX_CHARACTERS = 90


def define_commands() -> list[Command]:
    """The commands that make our sections known; the keys of episodes work from then on.

    `default`: a key that the user has bound to something else keeps its meaning.
    """
    return [
        ["define-section", PROMPT_SECTION, _section(_PROMPT_KEYS), "force"],
        ["define-section", STEP_SECTION, _section(_STEP_KEYS), "default"],
        ["enable-section", STEP_SECTION],
    ]


def show_commands(text: str, hint: str) -> list[Command]:
    """The commands that draw a question and lend it its keys.

    At the lower right, as far from the edges as an old television needs.
    """
    lines = (
        rf"{{\an3\fs40\bord2\shad0}}{_escaped(text)}{_FROM_EDGE}\N"
        rf"{{\fs28\alpha&H20&}}{_escaped(hint)}{_FROM_EDGE}\N{{\fs16}}\h"
    )
    return [_overlay("ass-events", lines), ["enable-section", PROMPT_SECTION]]


def hide_commands() -> list[Command]:
    """The commands that take the question away and give its keys back."""
    return [_overlay("none", ""), ["disable-section", PROMPT_SECTION]]


def pressed(message: Mapping[str, object]) -> str | None:
    """Which of our keys a `client-message` tells of; None if it is somebody else's."""
    words = message.get("args")
    if message.get("event") != "client-message" or not isinstance(words, list):
        return None
    if len(words) != 2 or words[0] != MESSAGE or not isinstance(words[1], str):
        return None
    return words[1]


def _section(keys: Mapping[str, tuple[str, ...]]) -> str:
    return "".join(
        f"{key} script-message {MESSAGE} {word}\n" for word, names in keys.items() for key in names
    )


def _overlay(kind: str, data: str) -> Command:
    return {
        "name": "osd-overlay",
        "id": _OVERLAY_ID,
        "format": kind,
        "data": data,
        "res_x": 0,
        "res_y": _HEIGHT,
        "z": 10,
    }


def _escaped(text: str) -> str:
    """A line that the subtitle renderer takes for nothing but text.

    A backslash would begin a command, and there is no way to write one that never does: U+2060
    behind it, which has no width, makes it one of its own. A brace would open a list of commands.
    """
    line = clean_text(text, _MAX_CHARACTERS)
    return line.replace("\\", "\\\u2060").replace("{", r"\{")
