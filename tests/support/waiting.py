"""Waiting for what other processes do, within bounds."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

T = TypeVar("T")

LOOK_EVERY_SECONDS = 0.02
LONGEST_SECONDS = 60.0
"""Nothing waited for here takes so long unless it will never come."""


def until(look: Callable[[], T | None], what: str = "what was waited for") -> T:
    """Look again and again until there is something true; answers it."""
    end = time.monotonic() + LONGEST_SECONDS
    never = threading.Event()
    while not (seen := look()):
        assert time.monotonic() < end, f"{what} did not come"
        never.wait(LOOK_EVERY_SECONDS)
    return seen


def next_second(now: Callable[[], datetime]) -> None:
    """Wait for another second of a clock: providers tell apart only what lies in two of them."""
    before = now().replace(microsecond=0)
    until(lambda: now().replace(microsecond=0) > before, "the next second")
