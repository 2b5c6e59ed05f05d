"""Asking whether titles have been watched (contract, section 11.5)."""

from __future__ import annotations

from dodo_tui.standin.catalogue import OuterKey, resolve_part
from dodo_tui.standin.clock import iso_or_null
from dodo_tui.standin.messages import (
    ApiError,
    Json,
    JsonObject,
    Response,
    answer,
    as_list,
    as_object,
)
from dodo_tui.standin.simkl.endpoint import Call, post
from dodo_tui.standin.simkl.library import Entry
from dodo_tui.standin.titles import FILM, EpisodeKey, Title

MOST = 100
"""The most items one question may name."""


def _watched(call: Call) -> Response:
    asked = as_list(call.request.json())
    if len(asked) > MOST:
        raise ApiError(400, "max_items", f"At most {MOST} items")
    extended = set(call.request.query.get("extended", "").split(","))
    rows: list[Json] = [_row(call, as_object(item), extended) for item in asked]
    return answer(rows or None)


def _row(call: Call, item: JsonObject, extended: set[str]) -> JsonObject:
    title = _find(call, item)
    if title is None:
        return {**item, "result": "not_found"}
    entry = call.member.library.get(title)
    key = _key(title, item)
    if key is None:
        return {**item, "result": "not_found", "simkl": title.simkl_id}
    row: JsonObject = {
        **item,
        "result": _result(entry, title, key),
        "simkl": title.simkl_id,
        "list": None if entry is None else entry.status,
        "last_watched_at": None if entry is None else iso_or_null(entry.last_watched_at),
    }
    if extended & {"episodes", "counters"} and not title.is_film:
        row |= _counters(call, entry, title, with_specials="specials" in extended)
    return row


def _find(call: Call, item: JsonObject) -> Title | None:
    outers: tuple[OuterKey, ...] = ("show", "movie")
    if item.get("type") == "movie":
        outers = ("movie",)
    for outer in outers:
        found = call.world.catalogue.resolve(item, outer)
        if found is not None:
            return found
    return None


def _key(title: Title, item: JsonObject) -> EpisodeKey | None:
    """The part asked about; `FILM` also stands for a whole series."""
    if title.is_film or "episode" not in item:
        return FILM
    wanted: JsonObject = {"season": item.get("season"), "number": item["episode"]}
    return resolve_part(title, wanted, tvdb_numbering=False)


def _result(entry: Entry | None, title: Title, key: EpisodeKey) -> bool:
    if entry is None:
        return False
    return bool(entry.watched) if key == FILM and not title.is_film else entry.has_watched(key)


def _counters(call: Call, entry: Entry | None, title: Title, *, with_specials: bool) -> JsonObject:
    counted = title.episodes if with_specials else title.regular
    aired = sum(1 for episode in counted if episode.has_aired(call.now))
    seen = 0 if entry is None else sum(1 for each in counted if entry.has_watched(each.key))
    return {
        "episodes_total": len(counted),
        "episodes_aired": aired,
        "episodes_to_be_aired": len(counted) - aired,
        "episodes_watched": seen,
    }


ENDPOINTS = (post(r"/sync/watched/?", _watched),)
"""The routes of this file."""
