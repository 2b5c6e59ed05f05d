"""How much a user may ask for (contract, section 4)."""

from __future__ import annotations

import json
from collections import deque
from datetime import datetime, timedelta

from dodo_tui.standin.clock import iso
from dodo_tui.standin.messages import Request
from dodo_tui.standin.trakt.refusals import RefusalError
from dodo_tui.standin.trakt.settings import Settings


class Limits:
    """Counts a user's requests and refuses those too many."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._last_write: dict[str, datetime] = {}
        self._reads: dict[str, deque[datetime]] = {}

    def check(self, request: Request, who: str, now: datetime) -> None:
        """Raises RefusalError (429): faster than one write a second, or too many reads."""
        if not self._settings.faithful_limits:
            return
        if request.method == "GET":
            self._check_read(who, now)
        else:
            self._check_write(who, now)

    def _check_write(self, who: str, now: datetime) -> None:
        last = self._last_write.get(who)
        gap = timedelta(seconds=self._settings.write_gap_seconds)
        grace = timedelta(seconds=self._settings.timing_grace_seconds)
        if last is not None and now - last < gap - grace:
            raise _too_many("AUTHED_API_POST_LIMIT", 1, 1, last + gap, now)
        self._last_write[who] = now

    def _check_read(self, who: str, now: datetime) -> None:
        reads = self._reads.setdefault(who, deque())
        window = timedelta(seconds=self._settings.window_seconds)
        while reads and now - reads[0] >= window:
            reads.popleft()
        most = self._settings.reads_per_window
        if len(reads) >= most:
            raise _too_many("AUTHED_API_GET_LIMIT", 300, most, reads[0] + window, now)
        reads.append(now)


def _too_many(name: str, period: int, limit: int, until: datetime, now: datetime) -> RefusalError:
    told = {"name": name, "period": period, "limit": limit, "remaining": 0, "until": iso(until)}
    seconds = max(1, -int((now - until).total_seconds() // 1))
    return RefusalError(429, headers={"Retry-After": str(seconds), "X-Ratelimit": json.dumps(told)})
