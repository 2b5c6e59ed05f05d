"""What a provider answered, read as JSON, before anybody decides what it means."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dodo_tui.providers.http import Reply


@dataclass(frozen=True, slots=True)
class JsonReply:
    """One answer. The data never show in a repr: they may hold tokens."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    """By their names in lower case."""
    data: Any = field(repr=False)
    """None for an empty body, for `null`, and for what is not JSON."""
    is_json: bool
    """Whether the body was JSON or empty; else it is no answer of the provider's own."""
    body: bytes = field(default=b"", repr=False)
    """The body as it came."""

    @property
    def ok(self) -> bool:
        """Any 2xx is success: the documents disagree on when it is 200 and when 201."""
        return 200 <= self.status < 300

    @property
    def error(self) -> str:
        """The provider's word for what went wrong, in lower case; empty where there is none."""
        word = self.text("error").lower()
        return word if len(word) <= 40 and word.replace("_", "").isalnum() else ""

    def text(self, name: str) -> str:
        """A text of the answer, or an empty one."""
        value = self.data.get(name) if isinstance(self.data, dict) else None
        return value if isinstance(value, str) else ""


def body_text(reply: Reply) -> str:
    """The body as a text; a byte that is no UTF-8 spoils one title and not the answer."""
    return reply.body.decode("utf-8", errors="replace").strip()


def as_json(text: str) -> tuple[Any, bool]:
    """What a text holds, and whether it is JSON or empty."""
    if not text:
        return None, True
    try:
        return json.loads(text), True
    except (ValueError, RecursionError):
        return None, False
