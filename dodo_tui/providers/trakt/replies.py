"""What Trakt answered, before anybody decides what it means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dodo_tui.providers.http import Reply
from dodo_tui.providers.replies import JsonReply, as_json, body_text


@dataclass(frozen=True, slots=True)
class TraktReply(JsonReply):
    """One answer. Trakt: failures also come as pages of Cloudflare's, so the type and the body
    decide whether it is one, not the status alone.
    """

    @property
    def record(self) -> dict[str, Any]:
        """The answer as an object; anything else is the empty one."""
        return self.data if isinstance(self.data, dict) else {}

    def header_number(self, name: str) -> int | None:
        """A whole number of a header, or None."""
        text = self.headers.get(name, "").strip()
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def read_reply(reply: Reply) -> TraktReply:
    """Read the body as JSON, if it says that it is."""
    text = body_text(reply)
    kind = reply.headers.get("content-type", "").partition(";")[0].strip().lower()
    says_json = kind in ("", "application/json") or kind.endswith("+json")
    data, is_json = as_json(text) if says_json else (None, not text)
    return TraktReply(reply.status, reply.headers, data, is_json, reply.body)
