"""When to sync: what was asked for, by whom, and when to try again after a failure.

Automatic syncs are at least fifteen minutes apart (Simkl asks for 15–30) and off when auto-sync is.
One asked for by hand always happens. After a failure it is tried again with jittered back-off.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from dodo_tui.domain.account import Account

AUTOMATIC_GAP_SECONDS = 15 * 60.0
IDLE_GAP_SECONDS = 3 * 3600.0
"""A television stays on for days: so long after a sync comes another one."""
_FIRST_RETRY_SECONDS = 15.0
_LONGEST_RETRY_SECONDS = 15 * 60.0


class Ask(StrEnum):
    """Who wants a sync."""

    BY_HAND = "by_hand"
    BY_ITSELF = "by_itself"


@dataclass(slots=True)
class _Wish:
    asked: Ask
    at: datetime
    since: datetime


@dataclass(slots=True)
class Schedule:
    """What is to be synced when, by account."""

    _wishes: dict[int, _Wish] = field(default_factory=dict)
    _failures: dict[int, int] = field(default_factory=dict)

    def ask(self, account_id: int, asked: Ask, now: datetime, may_from: datetime) -> None:
        """A sync is wanted, as soon as one may be; one wanted before or by hand is not put off."""
        wish = self._wishes.get(account_id)
        if wish is None:
            self._wishes[account_id] = _Wish(asked, may_from, now)
        elif wish.asked is Ask.BY_ITSELF:
            self._wishes[account_id] = _Wish(asked, min(may_from, wish.at), now)

    def is_answered(self, account_id: int, may_from: datetime) -> bool:
        """Whether a sync that must wait has been had: another process has done one since."""
        wish = self._wishes[account_id]
        return may_from - timedelta(seconds=AUTOMATIC_GAP_SECONDS) >= wish.since

    def put_off(self, account_id: int, may_from: datetime) -> None:
        """It is too early for a sync that is wanted."""
        self._wishes[account_id].at = may_from

    def is_due(self, account_id: int, now: datetime) -> bool:
        """Whether an account is to be synced now."""
        wish = self._wishes.get(account_id)
        return wish is not None and wish.at <= now

    def asked(self, account_id: int) -> Ask | None:
        """Who wants the sync that is to come; None: nobody does."""
        wish = self._wishes.get(account_id)
        return None if wish is None else wish.asked

    def drop(self, account_id: int) -> None:
        """A sync is not wanted any more."""
        self._wishes.pop(account_id, None)

    def take(self, account_id: int) -> Ask:
        """The sync begins: who wanted it."""
        return self._wishes.pop(account_id).asked

    def succeeded(self, account_id: int, now: datetime, jitter: float) -> None:
        """Nothing is left to try again; the next one comes by itself if nobody asks before."""
        self._failures.pop(account_id, None)
        self.ask_later(account_id, now, jitter)

    def ask_later(self, account_id: int, now: datetime, jitter: float) -> None:
        """Another sync some hours from now; `jitter` is 0–1, so that no two devices keep step."""
        at = now + timedelta(seconds=IDLE_GAP_SECONDS * (0.9 + jitter / 5))
        self._wishes.setdefault(account_id, _Wish(Ask.BY_ITSELF, at, now))

    def failed(
        self, account_id: int, now: datetime, not_before: datetime | None, jitter: float
    ) -> None:
        """Try again later, each time later than before; `jitter` is 0–1."""
        failures = self._failures.get(account_id, 0)
        self._failures[account_id] = failures + 1
        seconds = min(_FIRST_RETRY_SECONDS * 2.0 ** min(failures, 16), _LONGEST_RETRY_SECONDS)
        at = now + timedelta(seconds=seconds * (0.75 + jitter / 2))
        if not_before is not None:
            at = max(at, not_before)
        self._wishes.setdefault(account_id, _Wish(Ask.BY_ITSELF, at, now))

    def next_at(self) -> datetime | None:
        """When the next sync is due; None: none is wanted."""
        return min((wish.at for wish in self._wishes.values()), default=None)


def may_sync_from(
    connection: sqlite3.Connection, account: Account, now: datetime, *, is_automatic: bool
) -> datetime | None:
    """From when on an account may be synced: now or later; None: somebody must answer first.

    The first sync waits for the user's choice, even when it is asked for by hand: the question is
    what a wish for it leads to, and "not now" is no answer to it. An automatic one waits until the
    last complete pull is long enough ago; a clock that went backwards counts as long enough.
    """
    from dodo_tui.storage.pulls import cursors  # not for the first picture of Home
    from dodo_tui.storage.staging import first_sync_of

    done = cursors(connection, account.id)
    if done.text is None:
        is_answered = first_sync_of(connection, account.id).choice not in (None, "later")
        return now if is_answered else None
    if not is_automatic or done.pulled_at is None or done.pulled_at > now:
        return now
    return max(now, done.pulled_at + timedelta(seconds=AUTOMATIC_GAP_SECONDS))
