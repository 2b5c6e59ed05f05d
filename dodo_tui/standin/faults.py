"""Troubles that can be asked for: what a network and a busy server do to a client."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

from dodo_tui.standin.messages import Json, JsonObject, Request, dump


@dataclass(frozen=True, slots=True)
class Reply:
    """This answer instead of the real one; the request is not processed."""

    status: int
    """The HTTP status."""
    body: bytes = b""
    """The body."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Further headers, `Content-Type` included if it is not JSON."""


@dataclass(frozen=True, slots=True)
class Reset:
    """The connection is reset: before anything happened, or when only the answer is missing."""

    after_processing: bool = False
    """Whether the request took effect first: the answer is lost, the write is not."""


@dataclass(frozen=True, slots=True)
class Malformed:
    """The request takes effect; the answer's body is not JSON."""

    body: bytes = b'{"all": "2026-'
    """The body sent instead."""


@dataclass(frozen=True, slots=True)
class HalfAnswer:
    """The request takes effect; half of the answer is written, then the connection ends."""


@dataclass(frozen=True, slots=True)
class Drip:
    """Nothing goes wrong, but the answer comes in pieces with a pause after each."""

    pieces: int
    """How many."""
    pause_seconds: float
    """How long each pause is, in real seconds."""


class Hold:
    """The answer waits until `release()`, or for so many real seconds, or for ever.

    Held before processing, a client that gives up has written nothing; held after, it has.
    """

    def __init__(self, seconds: float | None = None, *, after_processing: bool = False) -> None:
        self.seconds = seconds
        """The longest it holds, in real seconds; None: until released."""
        self.after_processing = after_processing
        """Whether the request takes effect before it is held."""
        self.reached = threading.Event()
        """Set when a request is being held: a test waits for it instead of sleeping."""
        self._released = threading.Event()

    def release(self) -> None:
        """Let the held requests go on, and those to come pass."""
        self._released.set()

    @property
    def is_released(self) -> bool:
        """Whether it lets requests pass."""
        return self._released.is_set()


Fault = Reply | Reset | Malformed | HalfAnswer | Drip | Hold
"""Everything that can go wrong on purpose."""


@dataclass(slots=True)
class Rule:
    """A fault, and which requests it befalls."""

    fault: Fault
    """What happens."""
    path: re.Pattern[str]
    """Matched from the start of the path."""
    method: str | None
    """The verb, or None for any."""
    remaining: int | None
    """How many more times; None: always."""
    skip: int
    """How many matching requests pass first."""
    hits: int = 0
    """How many times it has happened."""


class Faults:
    """The rules in force, in the order they were added."""

    def __init__(self) -> None:
        self._rules: list[Rule] = []
        self._lock = threading.Lock()

    def add(
        self,
        path: str,
        fault: Fault,
        *,
        count: int | None = 1,
        method: str | None = None,
        skip: int = 0,
    ) -> Rule:
        """Let `fault` befall requests whose path begins with `path` (a regular expression).

        `count` says how often (None: always), after `skip` matching requests have passed.
        """
        rule = Rule(fault, re.compile(path), method, count, skip)
        with self._lock:
            self._rules.append(rule)
        return rule

    def remove(self, rule: Rule) -> None:
        """Take a rule away; requests it holds go on."""
        with self._lock:
            if rule in self._rules:
                self._rules.remove(rule)
        if isinstance(rule.fault, Hold):
            rule.fault.release()

    def clear(self) -> None:
        """Take every rule away; requests they hold go on."""
        with self._lock:
            rules, self._rules = self._rules, []
        for rule in rules:
            if isinstance(rule.fault, Hold):
                rule.fault.release()

    def take(self, request: Request) -> Fault | None:
        """The fault that befalls this request, counted as having happened."""
        with self._lock:
            for rule in self._rules:
                if rule.remaining == 0 or rule.method not in (None, request.method):
                    continue
                if rule.path.match(request.path) is None:
                    continue
                if rule.skip > 0:
                    rule.skip -= 1
                    continue
                if rule.remaining is not None:
                    rule.remaining -= 1
                rule.hits += 1
                return rule.fault
        return None


def reply(status: int, body: Json, headers: Mapping[str, str] | None = None) -> Reply:
    """An answer with a JSON body."""
    return Reply(status, dump(body), dict(headers or {}))


def error(
    status: int, name: str, message: str = "", headers: Mapping[str, str] | None = None
) -> Reply:
    """A refusal in the API's envelope."""
    body: JsonObject = {"error": name, "code": status}
    if message:
        body["message"] = message
    return reply(status, body, headers)


def server_error(status: int = 500) -> Reply:
    """5xx: server trouble."""
    return error(status, "internal", "Internal server error")


def gateway_error(status: int = 502) -> Reply:
    """5xx from whatever stands in front of the API: a page, not JSON."""
    page = b"<html><body><h1>Bad gateway</h1></body></html>"
    return Reply(status, page, {"Content-Type": "text/html"})


def rate_limited() -> Reply:
    """429: too many requests per second."""
    return error(429, "rate_limit", "Too many requests per second")


def quota_exceeded(retry_after_seconds: int = 3600) -> Reply:
    """429: the user's daily quota is used up."""
    headers = {
        "Retry-After": str(retry_after_seconds),
        "X-RateLimit-Limit": "500",
        "X-RateLimit-Remaining": "0",
    }
    return error(429, "user_limit_exceeded", "Daily limit exceeded", headers)


def write_locked() -> Reply:
    """400: another write of this user is in progress."""
    return error(400, "RATE_LIMIT", "another sync is in progress")


def client_refused() -> Reply:
    """412: the client id is wrong, disabled or blocked for over-use."""
    return error(412, "client_id_failed", "Your client_id is wrong. Try another one")


def token_refused(name: str = "invalid_token") -> Reply:
    """401: the token is refused, also when there is nothing wrong with it."""
    return error(401, name, headers={"WWW-Authenticate": f'Bearer error="{name}"'})
