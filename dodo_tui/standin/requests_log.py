"""Every request the stand-in has seen, without its secrets, for tests and for the demo."""

from __future__ import annotations

import hashlib
import re
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from dodo_tui.standin.faults import Fault
from dodo_tui.standin.messages import ApiError, Json, Request, as_object

KEPT = 20_000
"""How many requests are kept; older ones are forgotten."""

_SECRET_FIELDS = frozenset(
    {"device_code", "code", "access_token", "refresh_token", "token", "client_secret"}
)


@dataclass(slots=True)
class LoggedRequest:
    """One request and what became of it."""

    at: datetime
    """When it came, by the stand-in's clock."""
    method: str
    """The verb."""
    path: str
    """The decoded path."""
    query: Mapping[str, str]
    """The query's parameters."""
    headers: Mapping[str, str]
    """The headers, lower case; `authorization` reduced to a fingerprint."""
    user: str | None
    """Whose token it carried, if that was known."""
    body: Json
    """The body as JSON (or as a form's fields) with secrets reduced; text when it is neither."""
    status: int | None = None
    """The status answered; None while it runs, and for ever when the connection was reset."""
    fault: Fault | None = None
    """What was made to go wrong with it."""

    @property
    def line(self) -> str:
        """Verb, path and status, to show."""
        return f"{self.method} {self.path} {self.status if self.status is not None else '-'}"


class RequestsLog:
    """The requests, oldest first; any thread may look."""

    def __init__(self) -> None:
        self._entries: deque[LoggedRequest] = deque(maxlen=KEPT)
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, entry: LoggedRequest) -> None:
        """Keep one more."""
        with self._lock:
            self._entries.append(entry)

    def clear(self) -> None:
        """Forget everything, to look only at what comes next."""
        with self._lock:
            self._entries.clear()

    def entries(self, path: str = "", method: str | None = None) -> list[LoggedRequest]:
        """The requests whose path begins with `path` (a regular expression), of this verb."""
        pattern = re.compile(path)
        with self._lock:
            entries = tuple(self._entries)
        return [
            entry
            for entry in entries
            if pattern.match(entry.path) and method in (None, entry.method)
        ]

    def lines(self) -> list[str]:
        """Verb, path and status of each."""
        return [entry.line for entry in self.entries()]


def logged(request: Request, at: datetime, user: str | None) -> LoggedRequest:
    """A log entry for a request that has just come."""
    headers = dict(request.headers)
    token = request.bearer()
    if "authorization" in headers:
        headers["authorization"] = f"Bearer {fingerprint(token)}" if token else "(not a bearer)"
    return LoggedRequest(
        at, request.method, request.path, dict(request.query), headers, user, _readable(request)
    )


def fingerprint(secret: str) -> str:
    """Eight characters that tell one secret from another and nothing more."""
    return "#" + hashlib.sha256(secret.encode()).hexdigest()[:8]


def _readable(request: Request) -> Json:
    if not request.body:
        return None
    is_form = "urlencoded" in request.headers.get("content-type", "")
    try:
        body = dict(request.fields()) if is_form else request.json()
    except ApiError:
        return request.body.decode("utf-8", "replace")
    fields = as_object(body)
    if not _SECRET_FIELDS & fields.keys():
        return body
    return {
        name: fingerprint(str(value)) if name in _SECRET_FIELDS else value
        for name, value in fields.items()
    }
