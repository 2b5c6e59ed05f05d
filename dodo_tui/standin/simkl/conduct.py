"""Watches for what the contract's usage rules forbid, without refusing it (2.1 and 4.2)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from dodo_tui.standin.messages import Request
from dodo_tui.standin.violations import Violation

SEARCH_BEFORE_WRITE_WINDOW = timedelta(seconds=60)
"""How soon after a needless lookup a write of the same title counts as "search before write"."""

MOST_ITEMS = 50
"""The recommended size of a batch."""

CACHED = re.compile(r"/(movies|tv|anime)/(episodes/)?\d+/?$")
"""The edge-cached endpoints, which want no `Authorization` and may be called in parallel."""

_OAUTH = re.compile(r"/oauth2/|/\.well-known/")

_PAGE = re.compile(r"/pin(/|$)")

_READ_ONLY = re.compile(r"/sync/activities|/users/|/sync/playback|/sync/all-items")

_IDS_ONLY = frozenset({"simkl_ids_only", "ids_only"})


@dataclass(slots=True)
class _Conduct:
    """What one grant has done so far."""

    asked_activities: bool = False
    pulled_since_activities: set[str] = field(default_factory=set)
    pulled_whole: set[str] = field(default_factory=set)
    looked_up: dict[int, datetime] = field(default_factory=dict)
    """When titles were last looked up that a write would have found as well."""
    written: set[int] = field(default_factory=set)


class Watch:
    """Keeps the violations; asked about every request."""

    def __init__(self) -> None:
        self.violations: list[Violation] = []
        """Everything found, oldest first."""
        self._conduct: dict[str, _Conduct] = {}
        self._last_pull: tuple[Request, _Conduct, str] | None = None

    def report(self, kind: str, request: Request, now: datetime) -> None:
        """Note a violation."""
        self.violations.append(Violation(kind, f"{request.method} {request.path}", now))

    def arrival(
        self, request: Request, now: datetime, *, in_flight: int, writes_in_flight: int
    ) -> None:
        """Look at a request as it comes, beside the uncached ones of its user still unanswered."""
        if _PAGE.match(request.path):
            return
        agent = request.headers.get("user-agent", "")
        if not agent:
            self.report("missing-user-agent", request, now)
        elif "mozilla" in agent.lower():
            self.report("browser-user-agent", request, now)
        if _OAUTH.match(request.path):
            return
        for name in ("app-name", "app-version"):
            if not request.query.get(name):
                self.report(f"missing-{name}", request, now)
        if request.body and "application/json" not in request.headers.get("content-type", ""):
            self.report("missing-content-type", request, now)
        if CACHED.match(request.path):
            if "authorization" in request.headers:
                self.report("authorization-on-cached-endpoint", request, now)
            return
        if request.is_write and _READ_ONLY.match(request.path) and request.method != "DELETE":
            self.report("write-to-read-endpoint", request, now)
        if request.is_write and writes_in_flight:
            self.report("parallel-writes", request, now)
        elif in_flight:
            self.report("parallel-calls", request, now)

    def asked_activities(self, who: str) -> None:
        """A grant was told the activities."""
        conduct = self._of(who)
        conduct.asked_activities = True
        conduct.pulled_since_activities.clear()

    def pulled(self, who: str, request: Request, now: datetime) -> None:
        """A grant was sent a part of its library."""
        conduct = self._of(who)
        is_ids_only = request.query.get("extended") in _IDS_ONLY
        since = request.query.get("date_from")
        what = f"{request.path.rstrip('/')}?{is_ids_only}&{since}"
        if not conduct.asked_activities or what in conduct.pulled_since_activities:
            self.report("all-items-without-activities", request, now)
        conduct.pulled_since_activities.add(what)
        self._last_pull = request, conduct, what
        if since is None and not is_ids_only:
            if request.path in conduct.pulled_whole:
                self.report("all-items-without-date-from", request, now)
            conduct.pulled_whole.add(request.path)

    def answer_lost(self, request: Request) -> None:
        """The answer never came, or not whole: asking for the same again is no offence."""
        if self._last_pull is None or self._last_pull[0] is not request:
            return
        _, conduct, what = self._last_pull
        conduct.pulled_since_activities.discard(what)
        conduct.pulled_whole.discard(request.path)

    def looked_up(
        self, who: str, simkl_ids: Iterable[int], now: datetime, *, by_words: bool = False
    ) -> None:
        """A grant was told these titles by a search.

        `by_words`: that is how a client learns what a name means, once. It is needless of a title
        that the grant has written about already, as by an id, which a write resolves by itself.
        """
        conduct = self._of(who)
        for simkl_id in simkl_ids:
            if not by_words or simkl_id in conduct.written:
                conduct.looked_up[simkl_id] = now

    def wrote(self, who: str, simkl_ids: Iterable[int], request: Request, now: datetime) -> None:
        """A grant wrote about these titles."""
        conduct = self._of(who)
        wanted = tuple(simkl_ids)
        conduct.written.update(wanted)
        for simkl_id in wanted:
            at = conduct.looked_up.get(simkl_id)
            if at is not None and now - at < SEARCH_BEFORE_WRITE_WINDOW:
                self.report("search-before-write", request, now)
                return

    def batch(self, size: int, request: Request, now: datetime) -> None:
        """A write named so many items."""
        if size > MOST_ITEMS:
            self.report("batch-over-50", request, now)

    def _of(self, who: str) -> _Conduct:
        return self._conduct.setdefault(who, _Conduct())
