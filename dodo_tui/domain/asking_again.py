"""Rows of a provider that made no sense: from where, and when, they are asked for again.

The cursors of an account always move on after a sync, so that what was understood is not told
again with every sync. Beside them the timestamps are kept from before the first row that made no
sense. The next sync asks once more from there, and then one after 1, 2, 4, … 32 days, until
everything since makes sense: such a change is never lost, and what it costs is bounded.

A first pull has nothing before it, and a library is never pulled whole twice: what made no sense
in it comes with the next change of its title.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from dodo_tui.values import dataclass

_FIRST_GAP = timedelta(days=1)
_MOST_DOUBLINGS = 5


@dataclass(frozen=True, slots=True)
class Again:
    """What is to be asked for again."""

    since: str
    """The provider's own timestamps from before the first row that made no sense, verbatim."""
    at: datetime
    """Not before this."""
    tries: int = 0
    """How often it has been asked for again in vain."""

    def is_due(self, now: datetime) -> bool:
        """Whether to ask now. A time that no clock that was right can have set counts as now."""
        return now >= self.at or self.at - now > _gap(_MOST_DOUBLINGS)


def pull_since(cursors: str | None, again: Again | None, now: datetime) -> str | None:
    """The timestamps to pull from: the cursors, or those from before what made no sense."""
    if cursors is not None and again is not None and again.is_due(now):
        return again.since
    return cursors


def after_pull(
    before: Again | None, since: str | None, malformed: int, now: datetime
) -> Again | None:
    """What is left to ask for again after a pull from `since` with so many malformed rows."""
    if since is None:
        return None
    if before is None:
        return Again(since, now) if malformed else None
    if since == before.since:
        if not malformed:
            return None
        return Again(since, now + _gap(before.tries), before.tries + 1)
    return replace(before, at=min(before.at, now + _FIRST_GAP)) if malformed else before


def _gap(tries: int) -> timedelta:
    return _FIRST_GAP * (1 << min(tries, _MOST_DOUBLINGS))
