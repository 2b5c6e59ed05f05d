"""Resume points at Trakt: all of them, or one less."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from dodo_tui.providers.changes import ResumePoint, ResumePoints
from dodo_tui.providers.trakt.client import Call, TraktClient
from dodo_tui.providers.trakt.models import PlaybackRow
from dodo_tui.providers.trakt.paging import pages
from dodo_tui.providers.trakt.reading import resume_point
from dodo_tui.providers.wire import rows

_log = logging.getLogger(__name__)

RETENTION = timedelta(days=180)
"""Trakt: resume points are kept for six months."""


async def all_resume_points(client: TraktClient, now: datetime) -> ResumePoints:
    """Every resume point kept there, newest first; what cannot be read is left out.

    Raises:
        ProviderError: any kind.
    """
    found: dict[int | None, ResumePoint] = {}
    told = 0
    readable = 0
    async for page in pages(client, "/sync/playback"):
        points = [resume_point(row) for row in rows(PlaybackRow, page).items]
        kept = [point for point in points if point is not None]
        found.update({point.remote_id: point for point in kept})
        told, readable = told + len(page), readable + len(kept)
    if told != readable:
        _log.warning("Trakt: %d of %d resume points left out", told - readable, told)
    return ResumePoints(tuple(found.values()), told == readable, now - RETENTION)


async def forget(client: TraktClient, point: ResumePoint) -> None:
    """Delete a resume point. Trakt: 404 is one that is gone already, which is a success.

    One without an id of Trakt's is not kept there, so there is nothing to do.

    Raises:
        ProviderError: any kind.
    """
    if point.remote_id:
        path = f"/sync/playback/{point.remote_id}"
        await client.call(Call("DELETE", path, allowed=frozenset({404})))
