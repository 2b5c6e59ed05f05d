"""What every widget's constructor takes besides its own."""

from __future__ import annotations

from typing import TypedDict


class NodeOptions(TypedDict, total=False):
    """The options of a Textual node."""

    id: str | None
    classes: str | None
    name: str | None
