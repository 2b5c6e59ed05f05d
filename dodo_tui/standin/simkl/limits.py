"""How much a client may ask for: per second, per day, and the block that follows excess."""

from __future__ import annotations

from collections import deque
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dodo_tui.standin.messages import ApiError, Request
from dodo_tui.standin.simkl.accounts import Client, Grant
from dodo_tui.standin.simkl.settings import Settings

_SECOND = timedelta(seconds=1)
_BLOCK_WINDOW = timedelta(seconds=10)


class Limits:
    """Counts requests and refuses those too many (contract, section 4.1)."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._reads: dict[str, deque[datetime]] = {}
        self._last_write: dict[str, datetime] = {}
        self._overruns: dict[str, deque[datetime]] = {}
        self._blocked_until: dict[str, datetime] = {}
        self._used: dict[tuple[str, str], int] = {}
        self._zone: tzinfo | None = None

    def block(self, client_id: str, until: datetime) -> None:
        """Answer 412 to this app until then."""
        self._blocked_until[client_id] = until

    def is_blocked(self, client_id: str, now: datetime) -> bool:
        """Whether this app is being answered 412 for over-use."""
        until = self._blocked_until.get(client_id)
        return until is not None and now < until

    def check_rate(
        self, request: Request, client: Client, grant: Grant | None, now: datetime
    ) -> None:
        """Refuse (429 `rate_limit`) what comes faster than 10 reads or 1 write per second."""
        if not self._settings.faithful_limits:
            return
        key = _owner_key(client, grant)
        if request.method == "POST":
            self._check_write(key, client.client_id, now)
        elif request.method == "GET":
            self._check_read(key, now)

    def count(
        self, request: Request, client: Client, grant: Grant | None, now: datetime
    ) -> dict[str, str]:
        """Count one request against the day's quota; answers the `X-RateLimit-*` headers.

        `?debug_limit=user` and `?debug_limit=app` force the refusal, as the real service's do.
        """
        forced = request.query.get("debug_limit")
        if forced in ("user", "app"):
            raise self._over(f"{forced}_limit_exceeded", now)
        if not self._settings.faithful_limits or grant is None:
            return {}
        key = (_owner_key(client, grant), self._day(now))
        limit = self.quota(client, grant)
        used = self._used.get(key, 0)
        if used >= limit:
            whose = "user" if client.generation == "v2" else "app"
            raise self._over(f"{whose}_limit_exceeded", now, limit)
        self._used[key] = used + 1
        first = not grant.answered_once
        grant.answered_once = True
        if first or client.generation == "v1":
            return {}
        return _quota_headers(limit, limit - used - 1)

    def quota(self, client: Client, grant: Grant) -> int:
        """Requests allowed in a day."""
        if client.generation == "v1":
            return self._settings.daily_quota_v1
        return self._settings.daily_quota[grant.user.plan]

    def seconds_to_reset(self, now: datetime) -> int:
        """Seconds until midnight in New York, when the quota starts anew."""
        local = now.astimezone(self._new_york())
        midnight = (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        return max(1, int((midnight.astimezone(UTC) - now).total_seconds()))

    def _check_read(self, key: str, now: datetime) -> None:
        recent = self._reads.setdefault(key, deque())
        while recent and now - recent[0] >= _SECOND:
            recent.popleft()
        if len(recent) >= self._settings.reads_per_second:
            raise ApiError(429, "rate_limit", "Too many requests per second")
        recent.append(now)

    def _check_write(self, key: str, client_id: str, now: datetime) -> None:
        gap = self._settings.write_gap_seconds - self._settings.timing_grace_seconds
        last = self._last_write.get(key)
        if last is not None and (now - last).total_seconds() < gap:
            self._note_overrun(client_id, now)
            raise ApiError(429, "rate_limit", "Too many requests per second")
        self._last_write[key] = now

    def _note_overrun(self, client_id: str, now: datetime) -> None:
        allowed = self._settings.rejected_writes_before_block
        if allowed is None:
            return
        recent = self._overruns.setdefault(client_id, deque())
        while recent and now - recent[0] >= _BLOCK_WINDOW:
            recent.popleft()
        recent.append(now)
        if len(recent) >= allowed:
            recent.clear()
            self.block(client_id, now + timedelta(seconds=self._settings.block_seconds))

    def _over(self, error: str, now: datetime, limit: int | None = None) -> ApiError:
        headers = {"Retry-After": str(self.seconds_to_reset(now))}
        if limit is not None and error.startswith("user"):
            headers |= _quota_headers(limit, 0)
        return ApiError(429, error, "Daily limit exceeded", headers)

    def _day(self, now: datetime) -> str:
        return now.astimezone(self._new_york()).date().isoformat()

    def _new_york(self) -> tzinfo:
        if self._zone is None:
            try:
                self._zone = ZoneInfo("America/New_York")
            except ZoneInfoNotFoundError:
                self._zone = timezone(timedelta(hours=-5))
        return self._zone


def _owner_key(client: Client, grant: Grant | None) -> str:
    if client.generation == "v2" and grant is not None:
        return f"user:{grant.user.account_id}"
    return f"client:{client.client_id}"


def _quota_headers(limit: int, remaining: int) -> dict[str, str]:
    return {"X-RateLimit-Limit": str(limit), "X-RateLimit-Remaining": str(remaining)}
