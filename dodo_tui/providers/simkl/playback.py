"""Resume points at Simkl: all of them, or one less."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta

from dodo_tui.providers.changes import ResumePoint, ResumePoints
from dodo_tui.providers.errors import BrokenError
from dodo_tui.providers.http import LIBRARY, Reply
from dodo_tui.providers.simkl.client import Call, SimklClient
from dodo_tui.providers.simkl.failures import NONSENSE, failure
from dodo_tui.providers.simkl.models import PlaybackRow
from dodo_tui.providers.simkl.reading import resume_point
from dodo_tui.providers.simkl.replies import read_reply
from dodo_tui.providers.wire import build, rows

_log = logging.getLogger(__name__)

MOST_POINTS = 10_000
"""Simkl: the most that one answer holds."""

SHORTEST_RETENTION = timedelta(days=7)
"""Simkl: a free user's resume points are kept 7 days, a paying one's 30 or 90."""


async def all_resume_points(client: SimklClient, now: datetime) -> ResumePoints:
    """Every resume point kept there, newest first; what cannot be read is left out.

    Simkl: those that were overtaken by a viewing are kept, too, and are not shown unless asked for.
    They would be shown again once the viewing is taken back.

    They are complete only where every row was read and the answer was a list: Simkl's other ways
    to say "nothing" may stand for a failure, and must not look like "all are gone".

    Raises:
        ProviderError: any kind.
    """
    await asyncio.to_thread(build, PlaybackRow)
    call = Call("GET", "/sync/playback", {"hide_watched": "false"}, limits=LIBRARY, large=True)
    reply = await client.call(call)
    return await asyncio.to_thread(_read, reply.body, now - SHORTEST_RETENTION)


async def forget(client: SimklClient, point: ResumePoint, now: datetime) -> None:
    """Delete a resume point. Simkl: 404 `empty` is one that is gone already, which is a success.

    One without an id of Simkl's is not kept there, so there is nothing to do.

    Raises:
        ProviderError: any kind.
    """
    if not point.remote_id:
        return
    path = f"/sync/playback/{point.remote_id}"
    reply = await client.call(Call("DELETE", path, allowed=frozenset({404})))
    if not reply.ok and reply.error != "empty":
        raise failure(reply, now)


def _read(body: bytes, kept_since: datetime) -> ResumePoints:
    """The resume points of an answer."""
    reply = read_reply(Reply(200, {}, body))
    listed = reply.listed
    if listed is None or not reply.is_json:
        raise BrokenError(NONSENSE)
    found = rows(PlaybackRow, listed).items
    points = tuple(point for row in found if (point := resume_point(row)) is not None)
    if skipped := len(listed) - len(points):
        _log.warning("Simkl: %d of %d resume points left out", skipped, len(listed))
    is_whole = isinstance(reply.data, list) and not skipped and len(listed) < MOST_POINTS
    return ResumePoints(points, is_whole, kept_since, skipped)
