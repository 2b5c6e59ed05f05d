"""Measuring two things in turns, and saying how they compare."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ratio:
    """How often the one goes into the other: one quotient per round."""

    quotients: tuple[float, ...]
    one: float
    """The median of what is measured."""
    other: float
    """The median of what it is compared with."""

    @classmethod
    def of(cls, one: Sequence[float], other: Sequence[float]) -> Ratio:
        """Of measurements taken in pairs."""
        quotients = tuple(a / b for a, b in zip(one, other, strict=True) if b > 0)
        return cls(quotients, statistics.median(one), statistics.median(other))

    @property
    def median(self) -> float:
        """The quotient to quote."""
        return statistics.median(self.quotients)

    @property
    def spread(self) -> tuple[float, float]:
        """The quotients between which the middle half lies."""
        return quartiles(self.quotients)


def quartiles(values: Sequence[float]) -> tuple[float, float]:
    """The values between which the middle half lies."""
    if len(values) < 2:
        return values[0], values[0]
    low, _, high = statistics.quantiles(values, n=4, method="inclusive")
    return low, high


def percentile(values: Sequence[float], share: int) -> float:
    """The value that so many percent do not exceed."""
    if len(values) < 2:
        return values[0]
    return statistics.quantiles(values, n=100, method="inclusive")[share - 1]


def in_turns(
    rounds: int, one: Callable[[], float], other: Callable[[], float], warm_up: int = 1
) -> Ratio:
    """Measure both once per round; who goes first changes every round."""
    ones: list[float] = []
    others: list[float] = []
    for number in range(-warm_up, rounds):
        if number % 2:
            second, first = other(), one()
        else:
            first, second = one(), other()
        if number >= 0:
            ones.append(first)
            others.append(second)
    return Ratio.of(ones, others)


def show_ratio(what: str, ratio: Ratio, budget: float | None, unit: str, scale: float) -> None:
    """Print one line: the ratio, its spread, n, both medians, and the budget."""
    low, high = ratio.spread
    verdict = "" if budget is None else f"  budget <= {budget:g}: {_verdict(ratio.median, budget)}"
    print(
        f"{what:<44} {ratio.median:6.2f} x  ({low:.2f}-{high:.2f}, n={len(ratio.quotients)})  "
        f"{ratio.one * scale:.1f} / {ratio.other * scale:.1f} {unit}{verdict}"
    )


def show_value(what: str, value: float, unit: str, budget: float | None, note: str = "") -> None:
    """Print one line about something that is counted, not compared."""
    verdict = "" if budget is None else f"  budget <= {budget:g}: {_verdict(value, budget)}"
    print(f"{what:<44} {value:6.2f} {unit}{f'  ({note})' if note else ''}{verdict}")


def _verdict(value: float, budget: float) -> str:
    return "within" if value <= budget else "OVER"
