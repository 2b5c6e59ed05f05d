"""What Simkl answered, before anybody decides what it means."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from dodo_tui.providers.http import Reply
from dodo_tui.providers.replies import JsonReply, as_json, body_text

SMALL_BYTES = 4096
"""No refusal of Simkl's is longer than this, in bytes."""


@dataclass(frozen=True, slots=True)
class SimklReply(JsonReply):
    """One answer. Simkl: branch on `error`, never on `message`; `RATE_LIMIT` comes in any case."""

    @property
    def record(self) -> dict[str, Any]:
        """The answer as an object.

        Simkl: "nothing" is `[]`, `{}`, `null` or an `error` in a 200; all are the empty object.
        """
        if not isinstance(self.data, dict) or "error" in self.data:
            return {}
        return self.data

    @property
    def listed(self) -> list[Any] | None:
        """The answer as a list; "nothing" is the empty one, and None is no list at all."""
        if isinstance(self.data, list):
            return self.data
        is_nothing = self.data is None or (isinstance(self.data, dict) and not self.record)
        return [] if is_nothing else None


def read_reply(reply: Reply) -> SimklReply:
    """Read the body as JSON."""
    data, is_json = as_json(body_text(reply))
    return SimklReply(reply.status, reply.headers, data, is_json, reply.body)


def large_reply(reply: Reply) -> SimklReply:
    """Leave a large success unread, for a worker thread; what is small may be a refusal."""
    if 200 <= reply.status < 300 and len(reply.body) > SMALL_BYTES:
        return SimklReply(reply.status, reply.headers, None, is_json=True, body=reply.body)
    return read_reply(reply)


def unmasked(reply: SimklReply) -> SimklReply:
    """A write's answer with the status it should have had.

    Simkl: rarely, a 200 holds an `error`. For a read that is "nothing"; a write has failed, with
    the status told as `code`, and nothing may take it for done.
    """
    if not (reply.ok and reply.error):
        return reply
    code = reply.data.get("code")
    is_status = isinstance(code, int) and 400 <= code < 600
    return replace(reply, status=code if is_status else 500)
