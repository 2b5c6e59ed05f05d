"""Finding titles: by id, by name, by file name, and the redirect (contract, 13.2 to 13.5)."""

from __future__ import annotations

import re

from dodo_tui.standin.catalogue import plain
from dodo_tui.standin.messages import (
    ApiError,
    Json,
    JsonObject,
    Response,
    answer,
    as_int,
    as_object,
)
from dodo_tui.standin.simkl.endpoint import Call, get, post
from dodo_tui.standin.simkl.rendering import PAGE_KINDS, all_ids
from dodo_tui.standin.titles import Kind, Title

_SEARCH_KINDS: dict[str, Kind] = {"movie": "movie", "tv": "show", "anime": "anime"}
_TYPE_NAMES: dict[Kind, str] = {kind: name for name, kind in _SEARCH_KINDS.items()}
_NOT_IDS = frozenset(
    {"client_id", "app-name", "app-version", "to", "type", "title", "year", "season", "episode"}
)
_EPISODE_FILE = re.compile(r"(?P<name>.+?)[ ._-]+s(?P<season>\d{1,2})e(?P<number>\d{1,3})", re.I)
_MOVIE_FILE = re.compile(r"(?P<name>.+?)[ ._(\[-]+(?P<year>(?:19|20)\d\d)\b")
MOST_PAGES, MOST_PER_PAGE = 20, 50
"""The highest `page` and `limit` of a text search."""


def _redirect(call: Call) -> Response:
    settings = call.world.settings
    if call.grant is None and settings.redirect_needs_token and call.client.generation == "v2":
        raise ApiError(401, "user_token_required", "This endpoint needs a user token")
    found = _by_query(call)
    scheme = "" if settings.shapes.redirect_without_scheme else "https:"
    location = "//simkl.com"
    if len(found) == 1:
        page = f"{PAGE_KINDS[found[0].kind]}/{found[0].simkl_id}/{found[0].slug}"
        location = f"{scheme}//simkl.com/{page}"
    return Response(301, headers={"Location": location})


def _search_id(call: Call) -> Response:
    found = _by_query(call)
    if len(found) > 1:
        return answer(None)
    _note(call, found)
    return answer([_id_result(title) for title in found])


def _search_text(call: Call) -> Response:
    kind = _SEARCH_KINDS.get(call.segments[0])
    if kind is None:
        return answer(None)
    query = call.request.query
    page = min(max(as_int(query.get("page")) or 1, 1), MOST_PAGES)
    limit = min(max(as_int(query.get("limit")) or 10, 1), MOST_PER_PAGE)
    wanted = plain(query.get("q", ""))
    hits = [
        title
        for title in call.world.catalogue.titles()
        if wanted and title.kind == kind and wanted in plain(title.title)
    ]
    hits.sort(key=lambda title: (not plain(title.title).startswith(wanted), title.title))
    shown = hits[(page - 1) * limit : page * limit]
    _note(call, shown, by_words=True)
    is_full = query.get("extended") == "full"
    headers = {
        "X-Pagination-Page": str(page),
        "X-Pagination-Limit": str(limit),
        "X-Pagination-Page-Count": str(-(-len(hits) // limit)),
        "X-Pagination-Item-Count": str(len(hits)),
    }
    return answer([_text_result(title, is_full=is_full) for title in shown], headers=headers)


def _search_file(call: Call) -> Response:
    """What a file is. A write takes titles and no file names, so this is no search before one."""
    name = as_object(call.request.json()).get("file")
    if not isinstance(name, str) or not name:
        return answer(None)
    base = re.split(r"[/\\]", name)[-1]
    match = _EPISODE_FILE.match(base)
    if match is not None:
        return answer(_episode_file(call, match))
    match = _MOVIE_FILE.match(base)
    if match is None:
        return answer([])
    found = call.world.catalogue.by_name(match["name"], int(match["year"]))
    films = [title for title in found if title.is_film]
    return answer({"type": "movie", "movie": _file_title(films[0])} if films else [])


def _episode_file(call: Call, match: re.Match[str]) -> Json:
    found = [title for title in call.world.catalogue.by_name(match["name"]) if not title.is_film]
    if not found:
        return []
    title = found[0]
    episode = title.by_key.get((int(match["season"]), int(match["number"])))
    if episode is None:
        return {"type": "show", "show": _file_title(title)}
    return {
        "type": "episode",
        "show": _file_title(title),
        "episode": {
            "title": episode.title,
            "season": episode.season,
            "episode": episode.number,
            "multipart": False,
            "ids": {"simkl": episode.simkl_id},
        },
    }


def _by_query(call: Call) -> list[Title]:
    query, catalogue = call.request.query, call.world.catalogue
    simkl_id = as_int(query.get("simkl"))
    if simkl_id is not None:
        found = catalogue.get(simkl_id)
        return [] if found is None else [found]
    wanted_type = query.get("type")
    kind = None if wanted_type is None else "movie" if wanted_type == "movie" else "show"
    for name, value in query.items():
        if name not in _NOT_IDS:
            found = catalogue.by_external_id(name, value, kind)
            if found is not None:
                return [found]
    return catalogue.by_name(query.get("title", ""), as_int(query.get("year")))


def _id_result(title: Title) -> JsonObject:
    result: JsonObject = {
        "type": _TYPE_NAMES[title.kind],
        "title": title.title,
        "poster": title.poster,
        "year": title.year,
        "status": title.status,
        "ids": {"simkl": title.simkl_id, "slug": title.slug},
    }
    if title.kind == "anime":
        result["anime_type"] = title.anime_type
        result["mal"] = {"id": as_int(title.ids.get("mal")), "type": title.anime_type}
    if not title.is_film:
        result["total_episodes"] = len(title.regular)
    return result


def _text_result(title: Title, *, is_full: bool) -> JsonObject:
    ids: JsonObject = {"simkl_id": title.simkl_id, "slug": title.slug}
    if "tmdb" in title.ids:
        ids["tmdb"] = title.ids["tmdb"]
    result: JsonObject = {
        "title": title.title,
        "year": title.year,
        "endpoint_type": PAGE_KINDS[title.kind],
        "poster": title.poster,
        "ids": ids,
    }
    if title.kind == "anime":
        result |= {"type": title.anime_type, "title_en": title.title, "title_romaji": title.title}
    if is_full:
        result |= {
            "url": f"https://simkl.com/{PAGE_KINDS[title.kind]}/{title.simkl_id}/{title.slug}",
            "rank": title.simkl_id % 5000,
            "status": title.status,
            "ep_count": len(title.regular),
            "ratings": {"simkl": {"rating": 8.1, "votes": 1234}},
            "all_titles": [title.title],
        }
    return result


def _file_title(title: Title) -> JsonObject:
    return {"title": title.title, "year": title.year, "ids": all_ids(title)}


def _note(call: Call, titles: list[Title], *, by_words: bool = False) -> None:
    found = (title.simkl_id for title in titles)
    call.world.watch.looked_up(call.who, found, call.now, by_words=by_words)


ENDPOINTS = (
    get(r"/redirect/?", _redirect, auth="optional", is_counted=False),
    get(r"/search/id/?", _search_id, auth="v2"),
    get(r"/search/([^/]+)/?", _search_text, auth="v2"),
    post(r"/search/file/?", _search_file, auth="v2"),
)
"""The routes of this file."""
