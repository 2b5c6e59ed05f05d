"""What Trakt answered, before anybody decides what it means."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dodo_tui.providers.http import Reply


@dataclass(frozen=True, slots=True)
class TraktReply:
    """One answer. The data never show in a repr: they may hold tokens."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    data: Any = field(repr=False)
    """None for an empty body, for `null`, and for what is not JSON."""
    is_json: bool
    """Whether the body was JSON or empty. Trakt: failures also come as pages of Cloudflare's, so
    the type and the body decide, not the status alone."""
    body: bytes = field(default=b"", repr=False)

    @property
    def ok(self) -> bool:
        """Trakt: any 2xx is success; the documents disagree on 200 and 201."""
        return 200 <= self.status < 300

    @property
    def error(self) -> str:
        """OAuth's word for what went wrong, in lower case; empty where there is none."""
        word = self.text("error").lower()
        return word if len(word) <= 40 and word.replace("_", "").isalnum() else ""

    def text(self, name: str) -> str:
        """A text of the answer, or an empty one."""
        value = self.record.get(name)
        return value if isinstance(value, str) else ""

    @property
    def record(self) -> dict[str, Any]:
        """The answer as an object; anything else is the empty one."""
        return self.data if isinstance(self.data, dict) else {}

    def header_number(self, name: str) -> int | None:
        """A whole number of a header, or None."""
        text = self.headers.get(name, "").strip()
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def read_reply(reply: Reply) -> TraktReply:
    """Read the body as JSON, if it says that it is; a bad byte spoils one title, not the answer."""
    text = reply.body.decode("utf-8", errors="replace").strip()
    kind = reply.headers.get("content-type", "").partition(";")[0].strip().lower()
    data: Any = None
    is_json = not text or kind in ("", "application/json") or kind.endswith("+json")
    if text and is_json:
        try:
            data = json.loads(text)
        except (ValueError, RecursionError):
            is_json = False
    return TraktReply(reply.status, reply.headers, data, is_json, reply.body)
