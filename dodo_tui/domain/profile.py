"""The people of a household."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Profile:
    """A person in the household."""

    id: int
    name: str
    colour: str
