"""Learning the buttons of a remote: decided without any screen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dodo_tui.tui.remote_keys import (
    FIXED,
    Action,
    Lesson,
    action_of,
    from_text,
    hear,
    key_name,
    meaning,
    skip,
    to_text,
    translate,
)

SIX = {
    "up": Action.UP,
    "down": Action.DOWN,
    "left": Action.LEFT,
    "right": Action.RIGHT,
    "enter": Action.OK,
    "escape": Action.BACK,
}

KEYS = st.sampled_from([*sorted(FIXED), *SIX, "f13", "h", "menu", "delete", "ctrl+b", "space", "£"])


def test_a_lesson_from_the_first_button_to_the_last() -> None:
    """What works is passed on, what is odd is taken, what is missing is skipped."""
    lesson = Lesson({})
    for key in ("up", "down", "left", "f17"):
        lesson = hear(lesson, key)
    assert lesson.wanted[0] is Action.OK
    assert lesson.note == "F17 is Right now."
    lesson = hear(lesson, "f13")
    lesson = hear(lesson, "escape")
    assert lesson.wanted[0] is Action.MENU
    lesson = hear(hear(lesson, "escape"), "h")
    assert lesson.is_over
    assert lesson.result == {"f17": Action.RIGHT, "f13": Action.OK, "h": Action.PLAY_PAUSE}


def test_a_key_has_one_meaning() -> None:
    """One that was just taught is not taken twice; an old lesson is overwritten."""
    lesson = hear(Lesson({"f13": Action.MENU}), "f13")
    assert lesson.result == {"f13": Action.UP}
    again = hear(lesson, "f13")
    assert (again.wanted, again.note) == (lesson.wanted, "F13 is Up already.")


def test_the_six_keys_are_never_taken() -> None:
    """Nor told to be something else than they are."""
    lesson = hear(Lesson({}), "enter")
    assert lesson.wanted[0] is Action.UP
    assert "always OK" in lesson.note


@given(st.lists(KEYS, max_size=30))
def test_whatever_is_pressed_the_six_keys_stay(keys: list[str]) -> None:
    """And what was learned survives being kept."""
    lesson = Lesson({})
    for key in keys:
        lesson = hear(lesson, key)
    learned = lesson.result
    assert from_text(to_text(learned)) == learned
    for key, action in SIX.items():
        assert translate(key, learned) == key
        assert action_of(key, learned) is action
    for key, action in learned.items():
        assert action_of(translate(key, learned), {}) is action


@pytest.mark.parametrize(
    "text", [None, "", "{", "[]", '{"enter": "back"}', '{"f13": "nonsense"}', '{"f13": 7}']
)
def test_what_makes_no_sense_was_never_learned(text: str | None) -> None:
    """A setting that somebody has edited breaks nothing."""
    assert from_text(text) == {}


def test_a_key_is_named_as_people_read_it_with_what_it_does() -> None:
    """The raw name as people read it, and what it does."""
    assert key_name("f13") == "F13"
    assert key_name("ctrl+b") == "Ctrl+B"
    assert key_name("some_odd_key") == "Some odd key"
    assert meaning("f13", {}) is None
    assert meaning("f13", {"f13": Action.OK}) == "OK"
    assert meaning("h", {}) == "Home"
    assert meaning("down", {}) == "Down"
    assert skip(Lesson({}, wanted=())).is_over
