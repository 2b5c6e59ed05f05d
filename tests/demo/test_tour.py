"""What the tour says at each step, and the whole of it by keys in a real terminal."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from dodo_tui.demo.tour import STEPS, Progress, step
from tests.terminal.driver import LEFT, OK, RIGHT, Couch


def test_the_steps_follow_what_the_visitor_has_seen() -> None:
    """Each thing that happens leads to the next step, never back to an earlier one."""
    seen = Progress()
    numbers = [step(seen).number]
    for change in (
        {"connected": True, "first_sync_pending": True},
        {"first_sync_pending": False},
        {"playing": "Inception"},
        {"watching_now": "Inception"},
        {"offline": True},
        {"waiting": 1, "seen_waiting": True},
        {"offline": False},
        {"waiting": 0, "playing": None},
    ):
        seen = replace(seen, **change)
        numbers.append(step(seen).number)
    assert numbers == sorted(numbers)
    assert numbers[0] == 1
    assert numbers[-1] == STEPS


def test_the_whole_tour_without_mpv(tmp_path: Path) -> None:
    """Connect, play, go offline, finish, come back: the queue drains and the stand-in knows."""
    with Couch(tmp_path, "demo", more={"DODO_MPV": str(tmp_path / "no-mpv")}) as couch:
        couch.sees("Tour 1 of 6")
        couch.press(b"i")
        couch.sees("Integrations")
        couch.press(OK)
        couch.sees("Connected as Dodo")
        couch.press(OK)
        couch.sees("Merge:")
        couch.presses_until(RIGHT, "[ Not now ]")
        couch.press(LEFT, LEFT, LEFT)
        couch.sees("[ Merge ]")
        couch.press(OK)
        couch.sees("First sync with Simkl")
        couch.press(b"h")
        couch.sees("Sintel")
        couch.press(b"l")
        couch.sees("Andor")
        couch.press(b"h")
        couch.sees("Tour 2 of 6")
        couch.press(OK)
        couch.sees("Simkl shows")
        couch.press(b"o")
        couch.sees("Tour 4 of 6")
        couch.press(RIGHT, RIGHT)
        couch.sees("1 waiting")
        couch.press(b"o")
        couch.sees("Tour 6 of 6")
    assert not list(tmp_path.glob("dodo-demo-*"))
