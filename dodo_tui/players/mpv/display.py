"""Where mpv's picture goes: a window, the console that dodo runs on, or nowhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from itertools import pairwise


class DisplayMode(StrEnum):
    """What mpv needs in order to show its picture."""

    WINDOW = "window"
    """A window of its own, or no screen at all (`--vo=null`): the terminal stays dodo's."""
    CONSOLE = "console"
    """The screen and the keys of this terminal: dodo must let go of it while mpv runs."""
    NONE = "none"
    """There is nowhere to show it; `why_no_display` says why."""


_SCREENLESS = frozenset({"null", "image", "libmpv"})
_OF_THIS_TERMINAL = frozenset({"drm", "tct", "sixel", "kitty", "caca"})


def display_mode(
    environment: Mapping[str, str], is_tty: bool, extra_args: Sequence[str] = ()
) -> DisplayMode:
    """How mpv can show its picture here.

    What the user's own arguments choose comes first, then a graphical session, then this terminal
    (`is_tty`: whether dodo's standard input and output are one) unless it is a remote one.
    """
    if (chosen := _chosen(extra_args)) is not None:
        return DisplayMode.NONE if chosen is DisplayMode.CONSOLE and not is_tty else chosen
    if environment.get("WAYLAND_DISPLAY") or environment.get("DISPLAY"):
        return DisplayMode.WINDOW
    if is_tty and not _is_remote(environment):
        return DisplayMode.CONSOLE
    return DisplayMode.NONE


def why_no_display(environment: Mapping[str, str]) -> str:
    """One sentence on why there is nowhere to play, and what would help."""
    if _is_remote(environment):
        return (
            "mpv has no screen in this SSH session: play at the machine itself, "
            "or set DISPLAY or WAYLAND_DISPLAY to the screen of its desktop."
        )
    return (
        "mpv has no screen here: start dodo in a desktop session or on the machine's own console."
    )


def _is_remote(environment: Mapping[str, str]) -> bool:
    """Whether the terminal is at the other end of an SSH connection."""
    return any(environment.get(name) for name in ("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT"))


def _chosen(extra_args: Sequence[str]) -> DisplayMode | None:
    """What mpv's arguments say about the picture; as for mpv, the last word counts."""
    options = _options(extra_args)
    output = options.get("vo", "").split(",")[0].split(":")[0]
    if (
        output in _SCREENLESS
        or "o" in options
        or "no" in (options.get("vid"), options.get("video"))
    ):
        return DisplayMode.WINDOW
    if output in _OF_THIS_TERMINAL or options.get("gpu-context") == "drm":
        return DisplayMode.CONSOLE
    return None


def _options(extra_args: Sequence[str]) -> dict[str, str]:
    """Options by name, written `--vo=null`, `-vo=null`, `-vo null` or `--no-video`."""
    options: dict[str, str] = {}
    for word, following in pairwise([*extra_args, ""]):
        if not word.startswith("-"):
            continue
        name, equals, value = word.lstrip("-").partition("=")
        if name.startswith("no-") and not equals:
            options[name.removeprefix("no-")] = "no"
        else:
            options[name] = value if equals else following
    return options
