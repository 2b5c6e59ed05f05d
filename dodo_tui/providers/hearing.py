"""Hearing that an answer is arriving, for whoever gives up when nobody answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar


def _nobody_listens() -> None:
    pass


_listener: ContextVar[Callable[[], None]] = ContextVar("listener", default=_nobody_listens)


@contextmanager
def listening(on_heard: Callable[[], None]) -> Iterator[None]:
    """Call back whenever a piece of an answer to a request of this task has come."""
    token = _listener.set(on_heard)
    try:
        yield
    finally:
        _listener.reset(token)


def heard() -> None:
    """A piece of an answer has come."""
    _listener.get()()
