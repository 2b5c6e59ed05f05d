"""Titles, episodes and list rows as the API writes them (contract, sections 7 and 11.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from dodo_tui.standin.clock import iso, iso_or_null, iso_with_offset
from dodo_tui.standin.messages import Json, JsonObject
from dodo_tui.standin.simkl.library import Entry
from dodo_tui.standin.simkl.settings import Shapes
from dodo_tui.standin.titles import Episode, EpisodeKey, Kind, Title

TYPE_KEYS: dict[Kind, str] = {"movie": "movies", "show": "shows", "anime": "anime"}
"""The keys of the list answers."""
PAGE_KINDS: dict[Kind, str] = {"movie": "movies", "show": "tv", "anime": "anime"}
"""The first segment of a title's page on simkl.com."""

_WITH_SEASONS = frozenset({"watching", "hold", "plantowatch"})


@dataclass(frozen=True, slots=True)
class RowOptions:
    """What a list row shall hold besides the usual."""

    extended: str | None = None
    """`simkl_ids_only`, `ids_only`, `full`, `full_anime_seasons` or nothing."""
    include_all: str | None = None
    """`yes` (invent missing episode rows) or `original`, also for completed and dropped."""
    watched_at: bool = False
    """Episodes with the time they were watched."""
    tvdb_id: bool = False
    """Episodes with their TVDB id."""
    runtime: bool = False
    """Episodes with their length."""
    next_info: bool = False
    """Series being watched with what comes next."""
    memos: bool = False
    """Rows with the user's note."""

    @property
    def is_full(self) -> bool:
        """Whether episodes are listed."""
        return self.extended in ("full", "full_anime_seasons")


def media(title: Title) -> JsonObject:
    """Name, year and every id: how scrobbles and playbacks name a title."""
    return {"title": title.title, "year": title.year, "ids": all_ids(title)}


def all_ids(title: Title) -> JsonObject:
    """Every id of a title; only Simkl's own is a number."""
    ids: JsonObject = {"simkl": title.simkl_id, "slug": title.slug}
    ids.update(title.ids)
    return ids


def episode_code(title: Title, key: EpisodeKey | None) -> str | None:
    """`S01E05`, or `E5` for an anime."""
    if key is None:
        return None
    return f"E{key[1]}" if title.kind == "anime" else f"S{key[0]:02d}E{key[1]:02d}"


def list_status(status: str, shapes: Shapes) -> str:
    """A list status in the vocabulary the app sees."""
    return "notinteresting" if shapes.legacy_vocabulary and status == "dropped" else status


def render_row(entry: Entry, options: RowOptions, shapes: Shapes, now: datetime) -> JsonObject:
    """One row of `/sync/all-items` or `/sync/ratings`."""
    title = entry.title
    outer = shapes.all_items_anime_key if title.kind == "anime" else title.kind
    if options.extended in ("simkl_ids_only", "ids_only"):
        simkl: JsonObject = {"simkl": title.simkl_id, "slug": title.slug}
        return {outer: {"ids": all_ids(title) if options.extended == "ids_only" else simkl}}
    row: JsonObject = {
        "added_to_watchlist_at": iso(entry.added_at),
        "last_watched_at": iso_or_null(entry.last_watched_at),
        "user_rated_at": iso_or_null(entry.rated_at) if entry.rating is not None else None,
        "user_rating": entry.rating,
        "status": list_status(entry.status, shapes),
    }
    if title.kind == "anime":
        row["anime_type"] = title.anime_type
    if not title.is_film:
        row["last_watched"] = episode_code(title, entry.last_watched())
        row["next_to_watch"] = episode_code(title, entry.next_to_watch(now))
    row |= _counts(entry, now)
    row[outer] = _row_media(entry, options)
    if options.is_full and not title.is_film:
        if options.extended == "full_anime_seasons" and title.kind == "anime":
            numbers = sorted({episode.tvdb_season for episode in title.regular})
            row["mapped_tvdb_seasons"] = [*numbers]
        if entry.status in _WITH_SEASONS or options.include_all is not None:
            row["seasons"] = _seasons(entry, options, now)
    upcoming = entry.next_to_watch(now) if options.next_info else None
    if upcoming is not None and entry.status == "watching":
        row["next_to_watch_info"] = _next_info(title.by_key[upcoming])
    if options.memos:
        row["memo"] = entry.memo
    return row


def render_episode(
    title: Title, key: EpisodeKey, *, number_key: Literal["number", "episode"] = "number"
) -> JsonObject:
    """An episode as scrobbles and playbacks name it; with TVDB's numbers where they may differ."""
    episode = title.by_key[key]
    rendered: JsonObject = {
        "season": episode.season,
        number_key: episode.number,
        "title": episode.title,
    }
    if title.kind == "anime":
        rendered["tvdb_season"] = episode.tvdb_season
        rendered["tvdb_number"] = episode.tvdb_number
    return rendered


def _row_media(entry: Entry, options: RowOptions) -> JsonObject:
    title = entry.title
    rendered: JsonObject = {
        "title": title.title,
        "poster": title.poster,
        "year": title.year,
        "ids": all_ids(title),
    }
    if options.is_full and entry.status in _WITH_SEASONS:
        rendered["runtime"] = title.runtime_minutes
    return rendered


def _counts(entry: Entry, now: datetime) -> JsonObject:
    regular = entry.title.regular
    if entry.all_implied:
        watched = len(regular)
    else:
        watched = sum(1 for season, _ in entry.watched if season > 0)
    return {
        "watched_episodes_count": watched,
        "total_episodes_count": len(regular),
        "not_aired_episodes_count": sum(1 for each in regular if not each.has_aired(now)),
    }


def _seasons(entry: Entry, options: RowOptions, now: datetime) -> Json:
    rows: dict[EpisodeKey, datetime] = dict(entry.watched)
    if entry.all_implied and options.include_all == "yes":
        stamp = entry.last_watched_at or entry.changed_at
        for key in entry.title.aired(now):
            rows.setdefault(key, stamp)
    seasons: dict[int, list[Json]] = {}
    for key in sorted(rows):
        episode = entry.title.by_key.get(key)
        if episode is not None:
            rendered = _watched_episode(entry.title, episode, rows[key], options)
            seasons.setdefault(key[0], []).append(rendered)
    return [{"number": number, "episodes": episodes} for number, episodes in seasons.items()]


def _watched_episode(
    title: Title, episode: Episode, watched_at: datetime, options: RowOptions
) -> JsonObject:
    rendered: JsonObject = {"number": episode.number}
    if options.watched_at:
        rendered["watched_at"] = iso(watched_at)
    if options.tvdb_id:
        rendered["ids"] = {"tvdb_id": episode.tvdb_id}
    if options.runtime:
        rendered["runtime"] = title.runtime_minutes
    if options.extended == "full_anime_seasons" and title.kind == "anime":
        rendered["tvdb"] = {"season": episode.tvdb_season, "episode": episode.tvdb_number}
    return rendered


def _next_info(episode: Episode) -> JsonObject:
    aired = episode.aired_at
    return {
        "title": episode.title,
        "season": episode.season,
        "episode": episode.number,
        "date": None if aired is None else iso_with_offset(aired),
    }
