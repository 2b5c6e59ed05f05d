"""What a client did that it must not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing a client did that it must not."""

    kind: str
    """What: `missing-app-name`, `all-items-without-activities`, `search-before-write`, …"""
    request: str
    """The request's verb and path."""
    at: datetime
    """When."""

    def __str__(self) -> str:
        return f"{self.kind}: {self.request}"
