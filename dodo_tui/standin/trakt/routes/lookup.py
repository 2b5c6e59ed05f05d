"""Finding titles, and the seasons of a show (contract, sections 14 and 16)."""

from __future__ import annotations

from dodo_tui.standin.catalogue import plain
from dodo_tui.standin.messages import Json, JsonObject, Response, answer, as_int
from dodo_tui.standin.titles import Title
from dodo_tui.standin.trakt.endpoint import Call, paged, route
from dodo_tui.standin.trakt.naming import Thing
from dodo_tui.standin.trakt.refusals import RefusalError


def _by_id(call: Call) -> Response:
    site, value = call.segments
    kinds = _kinds(call.request.query.get("type"))
    if call.request.query.get("type") is None and site in ("tmdb", "tvdb"):
        call.violation("search-without-type")
    found = [call.world.naming.by_id(site, value, is_film=kind == "movie") for kind in kinds]
    return answer([_result(call, title) for title in found if title is not None])


def _exact(call: Call) -> Response:
    query = call.request.query.get("query", "")
    is_film = call.segments[0] == "movie"
    found = [t for t in call.world.titles.by_name(query) if t.is_film == is_film]
    return paged(call, [_result(call, title) for title in found])


def _by_text(call: Call) -> Response:
    wanted = plain(call.request.query.get("query", ""))
    kinds = _kinds(call.segments[0])
    years = call.request.query.get("years")
    found = [
        title
        for title in call.world.titles.titles()
        if wanted
        and wanted in plain(title.title)
        and ("movie" if title.is_film else "show") in kinds
        and years in (None, str(title.year))
    ]
    return paged(call, [_result(call, title) for title in found])


def _title(call: Call) -> Response:
    title = _found(call)
    body = call.world.naming.media(title)
    body["overview"] = title.overview
    body["runtime"] = title.runtime_minutes
    body["genres"] = [*title.genres]
    return answer(body)


def _seasons(call: Call) -> Response:
    show = _found(call)
    seasons: dict[int, list[Json]] = {}
    for known in show.episodes:
        thing = Thing(show, known.key)
        row = call.world.naming.episode_media(thing, full=True)
        seasons.setdefault(known.tvdb_season, []).append(row)
    rows: list[Json] = [
        {"number": number, "ids": {"trakt": 4_000 + number}, "episodes": episodes}
        for number, episodes in sorted(seasons.items())
    ]
    return answer(rows)


def _found(call: Call) -> Title:
    kind, value = call.segments
    site = "trakt" if as_int(value) is not None else "imdb" if value.startswith("tt") else "slug"
    title = call.world.naming.by_id(site, value, is_film=kind == "movies")
    if title is None:
        raise RefusalError(404)
    return title


def _kinds(text: str | None) -> tuple[str, ...]:
    return tuple(text.split(",")) if text else ("movie", "show")


def _result(call: Call, title: Title) -> JsonObject:
    kind = "movie" if title.is_film else "show"
    return {"type": kind, "score": 1000, kind: call.world.naming.media(title)}


ENDPOINTS = (
    route("GET", r"/search/(trakt|imdb|tmdb|tvdb)/([^/]+)/?", _by_id, needs_user=False),
    route("GET", r"/search/(movie|show)/exact/?", _exact, needs_user=False),
    route("GET", r"/search/((?:movie|show)(?:,(?:movie|show))?)/?", _by_text, needs_user=False),
    route("GET", r"/(movies|shows)/([^/]+)/?", _title, needs_user=False),
    route("GET", r"/(shows)/([^/]+)/seasons/?", _seasons, needs_user=False),
)
"""The routes of this file."""
