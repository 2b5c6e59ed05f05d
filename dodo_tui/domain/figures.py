"""Numbers as people read them, the same on screens, in commands and in the log."""

from __future__ import annotations


def in_thousands(number: int) -> str:
    """A whole number: `12`, `20 000`."""
    return f"{number:,}".replace(",", " ")


def counted(count: int, noun: str) -> str:
    """So many of something: `1 film`, `2 films`, `10 000 films`."""
    return f"{count} {noun}" if count == 1 else f"{in_thousands(count)} {noun}s"


def percent_text(percent: float) -> str:
    """How far something is, between `0 %` and `100 %`."""
    return f"{round(min(max(percent, 0.0), 100.0))} %"


def ratio_text(ratio: float | None) -> str:
    """As `percent_text`, of a share from 0 to 1; an unknown one is none."""
    return percent_text(100 * (ratio or 0.0))


def clock_text(seconds: float) -> str:
    """A position: `1:24:10`, or `24:10` below an hour."""
    minutes, rest = divmod(int(max(seconds, 0.0)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def length_text(seconds: float) -> str:
    """How long something went on: `12 min`, or `48 s` below a minute."""
    return f"{int(seconds)} s" if seconds < 60 else f"{round(seconds / 60)} min"
