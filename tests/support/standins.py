"""Stand-ins that a test asks to watch over it, and the ways in which an answer can be lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from dodo_tui.standin.faults import Fault, HalfAnswer, Malformed, Reset
from dodo_tui.standin.simkl.server import StandIn
from dodo_tui.standin.trakt.server import TraktStandIn

CUT_SHORT: tuple[Fault, ...] = (Reset(), Reset(after_processing=True), HalfAnswer(), Malformed())
"""A request that may have arrived, and whose answer did not, or not so that it can be read."""

StandInT = TypeVar("StandInT", StandIn, TraktStandIn)


@contextmanager
def well_behaved(standin: StandInT) -> Iterator[StandInT]:
    """A stand-in that runs meanwhile; at the end no rule of the provider's has been broken."""
    with standin:
        yield standin
        assert standin.errors == []
        assert standin.violations == []
