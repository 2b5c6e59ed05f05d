"""The edge-cached descriptions of titles and episodes (contract, section 13.1)."""

from __future__ import annotations

from dodo_tui.standin.clock import iso_with_offset
from dodo_tui.standin.messages import Json, JsonObject, Response, answer, as_int
from dodo_tui.standin.simkl.endpoint import Call, Endpoint, get
from dodo_tui.standin.simkl.rendering import PAGE_KINDS, all_ids
from dodo_tui.standin.titles import Episode, Kind, Title

_STATUSES = {"released": "ended"}


def _detail_endpoint(kind: Kind) -> Endpoint:
    def handle(call: Call) -> Response:
        title = _title(call, kind)
        return answer([] if title is None else _detail(title))

    path = rf"/{PAGE_KINDS[kind]}/(\d+)/?"
    return get(path, handle, auth="none", is_counted=False, is_limited=False)


def _episodes_endpoint(kind: Kind) -> Endpoint:
    def handle(call: Call) -> Response:
        title = _title(call, kind)
        rows: list[Json] = []
        if title is not None:
            rows = [_episode(call, title, episode) for episode in title.episodes]
        return answer(rows)

    path = rf"/{PAGE_KINDS[kind]}/episodes/(\d+)/?"
    return get(path, handle, auth="none", is_counted=False, is_limited=False)


def _title(call: Call, kind: Kind) -> Title | None:
    found = call.world.catalogue.get(as_int(call.segments[0]) or 0)
    return found if found is not None and found.kind == kind else None


def _detail(title: Title) -> JsonObject:
    first = title.regular[0].aired_at if title.regular else None
    site = "mal" if title.kind == "anime" else "imdb"
    detail: JsonObject = {
        "title": title.title,
        "year": title.year,
        "type": title.kind,
        "ids": all_ids(title),
        "overview": title.overview,
        "genres": [*title.genres],
        "runtime": title.runtime_minutes,
        "poster": title.poster,
        "fanart": title.poster,
        "ratings": {
            "simkl": {"rating": 8.1, "votes": 1234},
            site: {"rating": 8.3, "votes": 56789},
        },
        "rank": title.simkl_id % 5000,
        "status": _STATUSES.get(title.status, title.status),
        "country": "US",
        "certification": None,
        "trailers": [],
        "users_recommendations": [],
    }
    if title.kind == "movie":
        detail["released"] = f"{title.year}-01-01"
    else:
        detail["total_episodes"] = len(title.regular)
        detail["network"] = title.network
        detail["first_aired"] = None if first is None else iso_with_offset(first)
    return detail


def _episode(call: Call, title: Title, episode: Episode) -> JsonObject:
    is_special = episode.season == 0
    aired_at = episode.aired_at
    row: JsonObject = {
        "title": episode.title,
        "description": None,
        "type": "special" if is_special else "episode",
        "aired": episode.has_aired(call.now),
        "img": None,
        "date": None if aired_at is None else iso_with_offset(aired_at),
        "runtime": title.runtime_minutes,
        "episode": episode.number,
        "ids": {"simkl_id": episode.simkl_id},
    }
    if title.kind == "anime":
        row["tvdb"] = {"season": episode.tvdb_season, "episode": episode.tvdb_number}
    else:
        row["season"] = episode.season
    return row


ENDPOINTS = (
    _detail_endpoint("movie"),
    _detail_endpoint("show"),
    _detail_endpoint("anime"),
    _episodes_endpoint("show"),
    _episodes_endpoint("anime"),
)
"""The routes of this file."""
