"""Pieces of a pull as bytes and back, for the database: JSON, packed."""

from __future__ import annotations

import json
import zlib
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from dodo_tui.domain.ids import Ids, Kind, MediaId
from dodo_tui.domain.lists import ListStatus
from dodo_tui.domain.media import Media
from dodo_tui.domain.times import from_iso, to_iso
from dodo_tui.providers.protocol import (
    Change,
    Item,
    Listing,
    RemoteEpisode,
    RemoteTitle,
    ResumePoint,
    ResumePoints,
    TitlePage,
)

_Json = dict[str, Any]


def pack(change: Change) -> bytes:
    """A piece as bytes."""
    data: _Json
    if isinstance(change, TitlePage):
        titles = [_title_data(title) for title in change.titles]
        data = {"titles": titles, "malformed": change.malformed}
    elif isinstance(change, Listing):
        data = {"kinds": sorted(change.kinds), "ids": [_ids_data(ids) for ids in change.ids]}
    else:
        data = {
            "points": [_point_data(point) for point in change.points],
            "complete": change.complete,
            "kept_since": _time_data(change.kept_since),
        }
    return zlib.compress(json.dumps(data, separators=(",", ":")).encode(), 1)


def unpack(body: bytes) -> Change:
    """The piece that `pack` made bytes of."""
    data = json.loads(zlib.decompress(body))
    if "titles" in data:
        return TitlePage(tuple(_title(row) for row in data["titles"]), data["malformed"])
    if "kinds" in data:
        kinds = frozenset(Kind(kind) for kind in data["kinds"])
        return Listing(kinds, frozenset(Ids(**row) for row in data["ids"]))
    points = tuple(_point(row) for row in data["points"])
    return ResumePoints(points, data["complete"], _time(data["kept_since"]))


def _title_data(title: RemoteTitle) -> _Json:
    plain = {
        field.name: getattr(title, field.name)
        for field in fields(title)
        if field.name not in ("media", "episodes", "watched_at", "added_at")
    }
    return {
        **plain,
        "media": {
            **asdict(title.media),
            "id": str(title.media.id),
            "ids": _ids_data(title.media.ids),
        },
        "episodes": [
            [episode.season, episode.number, _time_data(episode.watched_at)]
            for episode in title.episodes
        ],
        "watched_at": _time_data(title.watched_at),
        "added_at": _time_data(title.added_at),
    }


def _title(data: _Json) -> RemoteTitle:
    media = data["media"]
    return RemoteTitle(
        **{
            **data,
            "media": Media(
                **{
                    **media,
                    "id": MediaId.parse(media["id"]),
                    "kind": Kind(media["kind"]),
                    "ids": Ids(**media["ids"]),
                }
            ),
            "status": ListStatus(data["status"]) if data["status"] else None,
            "episodes": tuple(
                RemoteEpisode(season, number, _time(at)) for season, number, at in data["episodes"]
            ),
            "watched_at": _time(data["watched_at"]),
            "added_at": _time(data["added_at"]),
        }
    )


def _point_data(point: ResumePoint) -> _Json:
    item = {**asdict(point.item), "ids": _ids_data(point.item.ids)}
    return {
        "item": item,
        "percent": point.percent,
        "paused_at": _time_data(point.paused_at),
        "remote_id": point.remote_id,
    }


def _point(data: _Json) -> ResumePoint:
    item = data["item"]
    return ResumePoint(
        Item(**{**item, "kind": Kind(item["kind"]), "ids": Ids(**item["ids"])}),
        data["percent"],
        _time(data["paused_at"]),
        data["remote_id"],
    )


def _ids_data(ids: Ids) -> _Json:
    return {scheme.value: value for scheme, value in ids}


def _time_data(moment: datetime | None) -> str | None:
    return to_iso(moment) if moment else None


def _time(text: str | None) -> datetime | None:
    return from_iso(text) if text else None
