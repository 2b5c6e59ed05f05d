"""A command together with what it would act on: what the palette lists."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from dodo_tui.values import dataclass


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that can be done now."""

    id: str
    """As the button, the row or the command that does the same is called."""
    name: str
    """What is done: `Rate`."""
    do: Callable[[], Awaitable[object] | object]
    about: str = ""
    """What it is done to, as the outside calls it: `Severance`. Empty where the name says it."""

    @property
    def key(self) -> str:
        """What tells it from every other one: the same may be done to several things."""
        return f"{self.id} {self.about}"
