"""Keys of odd remotes, learned one by one: what each is to do, by its name in the terminal.

The keys that dodo cannot do without always keep their meaning.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import field, replace
from enum import StrEnum

from dodo_tui.tui.commands import COMMANDS, KEY_WORDS
from dodo_tui.tui.keys import BACK, MENU, OK, PLAY_PAUSE, Direction
from dodo_tui.values import dataclass

SETTING = "remote_keys"
"""The setting that holds what was learned: `{"f13": "ok"}`."""


class Action(StrEnum):
    """What a button of a remote can be."""

    UP = "up"
    DOWN = "down"
    LEFT = "left"
    RIGHT = "right"
    OK = "ok"
    BACK = "back"
    MENU = "menu"
    PLAY_PAUSE = "play_pause"


NAMES = {
    Action.UP: "Up",
    Action.DOWN: "Down",
    Action.LEFT: "Left",
    Action.RIGHT: "Right",
    Action.OK: "OK",
    Action.BACK: "Back",
    Action.MENU: "Menu",
    Action.PLAY_PAUSE: "Play or pause",
}
"""What each button is called on the screen."""

_KEYS = {
    **{Action(direction.value): direction.value for direction in Direction},
    Action.OK: OK,
    Action.BACK: BACK,
    Action.MENU: MENU,
    Action.PLAY_PAUSE: PLAY_PAUSE,
}
_STANDARD = {key: action for action, keys in _KEYS.items() for key in keys.split(",")}

FIXED = frozenset({*Direction, "enter", "ctrl+j", "escape", "backspace", "ctrl+p", "ctrl+c"})
"""Keys that cannot be given another meaning: with them everything can be reached."""

MOST_LEARNED = 40


def translate(key: str, learned: Mapping[str, Action]) -> str:
    """The key that a key stands for; itself where nothing was learned about it."""
    action = learned.get(key)
    return key if action is None or key in FIXED else _KEYS[action].split(",")[0]


def action_of(key: str, learned: Mapping[str, Action]) -> Action | None:
    """Which button a key is; None for the others."""
    if key not in FIXED and key in learned:
        return learned[key]
    return _STANDARD.get(key)


def meaning(key: str, learned: Mapping[str, Action]) -> str | None:
    """What a key does, in a word or two; None: nothing."""
    action = action_of(key, learned)
    if action is not None:
        return NAMES[action]
    return next((each.name for each in COMMANDS if key in each.keys.split(",")), None)


def key_name(key: str) -> str:
    """A key as people read it: `F13`, `Esc`, `Ctrl+B`."""
    if key in KEY_WORDS:
        return KEY_WORDS[key]
    return "+".join(part.replace("_", " ").capitalize() for part in key.split("+"))[:40]


def to_text(learned: Mapping[str, Action]) -> str:
    """What was learned, as it is kept."""
    return json.dumps(dict(learned), sort_keys=True)


def from_text(text: str | None) -> dict[str, Action]:
    """What was learned; what makes no sense, and what would take a fixed key, is left out."""
    try:
        table = json.loads(text or "{}")
    except ValueError:
        return {}
    if not isinstance(table, dict):
        return {}
    known = {action.value for action in Action}
    return {
        str(key): Action(value)
        for key, value in list(table.items())[:MOST_LEARNED]
        if key not in FIXED and isinstance(value, str) and value in known
    }


@dataclass(frozen=True, slots=True)
class Lesson:
    """Learning the buttons one after the other: which is asked for, and what is known so far."""

    learned: Mapping[str, Action]
    wanted: tuple[Action, ...] = tuple(Action)
    """The button asked for, and those after it."""
    taught: Mapping[str, Action] = field(default_factory=dict)
    """What this lesson has taught."""
    note: str = ""
    """One sentence on the last key."""

    @property
    def is_over(self) -> bool:
        """Whether every button was asked for."""
        return not self.wanted

    @property
    def result(self) -> dict[str, Action]:
        """Everything learned, before and now."""
        return {**self.learned, **self.taught}


def skip(lesson: Lesson) -> Lesson:
    """The remote has no such button, or it is not wanted."""
    return replace(lesson, wanted=lesson.wanted[1:], note="")


def hear(lesson: Lesson, key: str) -> Lesson:
    """Take a key for the button that is asked for.

    One that always means something else is never taken: Back skips the button, others are told.
    """
    if lesson.is_over:
        return lesson
    wanted = lesson.wanted[0]
    name = key_name(key)
    if key in lesson.taught:
        return replace(lesson, note=f"{name} is {NAMES[lesson.taught[key]]} already.")
    if _STANDARD.get(key) is wanted and key not in lesson.learned:
        return replace(lesson, wanted=lesson.wanted[1:], note=f"{name} is {NAMES[wanted]}.")
    if key in FIXED:
        if _STANDARD.get(key) is Action.BACK:
            return skip(lesson)
        always = meaning(key, {}) or "something else"
        return replace(lesson, note=f"{name} is always {always}. Press another, or Back to skip.")
    return replace(
        lesson,
        wanted=lesson.wanted[1:],
        taught={**lesson.taught, key: wanted},
        note=f"{name} is {NAMES[wanted]} now.",
    )
