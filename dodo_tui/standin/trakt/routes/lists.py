"""Ratings, the watchlist, and what is hidden (contract, sections 11.4 and 12.3)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from dodo_tui.standin.clock import milliseconds
from dodo_tui.standin.messages import Json, JsonObject, Response, answer, as_int
from dodo_tui.standin.titles import Title
from dodo_tui.standin.trakt.endpoint import Call, paged, route
from dodo_tui.standin.trakt.refusals import RefusalError
from dodo_tui.standin.trakt.routes.bodies import not_found, titles_of

_Change = Callable[[Call, Title, JsonObject], bool]


def _written(call: Call, verb: str, status: int, change: _Change) -> Response:
    counts = {"movies": 0, "shows": 0, "seasons": 0, "episodes": 0}
    same = dict(counts)
    gone: list[tuple[str, JsonObject]] = []
    for slot, sent, title in titles_of(call):
        if title is None:
            gone.append((slot, sent))
        elif change(call, title, sent):
            counts[slot] += 1
        else:
            same[slot] += 1
    body: JsonObject = {verb: {**counts}, "existing": {**same}, "not_found": not_found(gone)}
    return answer(body, status)


def _rate(call: Call) -> Response:
    def change(call: Call, title: Title, sent: JsonObject) -> bool:
        rating = as_int(sent.get("rating"))
        if rating is None or not 1 <= rating <= 10:
            raise RefusalError(422)
        return call.member.rate(title, rating, call.now)

    return _written(call, "added", 201, change)


def _unrate(call: Call) -> Response:
    return _written(call, "deleted", 200, lambda c, title, _: c.member.rate(title, None, c.now))


def _plan(call: Call) -> Response:
    def change(call: Call, title: Title, _sent: JsonObject) -> bool:
        limit = call.world.settings.watchlist_limit
        member = call.member
        is_full = len(member.watchlist) >= limit and title not in member.watchlist
        if is_full and not member.user.is_member:
            headers = {"X-Account-Limit": str(limit), "X-VIP-User": "false",
                       "X-Upgrade-URL": "https://trakt.tv/vip"}  # fmt: skip
            raise RefusalError(420, headers=headers)
        return member.plan(title, call.now)

    return _written(call, "added", 201, change)


def _unplan(call: Call) -> Response:
    return _written(call, "deleted", 200, lambda c, title, _: c.member.unplan(title, c.now))


def _hide(call: Call) -> Response:
    return _written(call, "added", 201, lambda c, title, _: c.member.hide(title, True, c.now))


def _show(call: Call) -> Response:
    return _written(call, "deleted", 200, lambda c, title, _: c.member.hide(title, False, c.now))


def _drop(call: Call) -> Response:
    return _written(call, "added", 201, lambda c, title, _: c.member.drop(title, True, c.now))


def _take_up(call: Call) -> Response:
    return _written(call, "deleted", 200, lambda c, title, _: c.member.drop(title, False, c.now))


def _ratings(call: Call) -> Response:
    rows: list[Json] = [
        {"rated_at": milliseconds(at), "rating": rating, **_named(call, title)}
        for title, (rating, at) in call.member.ratings.items()
        if title.is_film == (call.segments[0] == "movies")
    ]
    return paged(call, rows)


def _watchlist(call: Call) -> Response:
    wanted = call.segments[0]
    rows: list[Json] = [
        {
            "rank": rank,
            "id": 10_000 + rank,
            "listed_at": milliseconds(at),
            "notes": None,
            **_named(call, title),
        }
        for rank, (title, at) in enumerate(call.member.watchlist.items(), 1)
        if wanted in ("all", "movies" if title.is_film else "shows")
    ]
    return paged(call, rows)


def _hidden(call: Call) -> Response:
    section, member = call.segments[0], call.member
    titles: dict[Title, datetime] = member.dropped if section == "dropped" else member.hidden
    wanted = call.request.query.get("type")
    rows: list[Json] = [
        {"hidden_at": milliseconds(at), **_named(call, title)}
        for title, at in titles.items()
        if wanted in (None, "movie" if title.is_film else "show")
    ]
    return paged(call, rows)


def _named(call: Call, title: Title) -> JsonObject:
    kind = "movie" if title.is_film else "show"
    return {"type": kind, kind: call.world.naming.media(title)}


ENDPOINTS = (
    route("GET", r"/sync/ratings/(movies|shows)/?", _ratings),
    route("POST", r"/sync/ratings/?", _rate),
    route("POST", r"/sync/ratings/remove/?", _unrate),
    route("GET", r"/sync/watchlist/(all|movies|shows)/(rank|added)/(asc|desc)/?", _watchlist),
    route("POST", r"/sync/watchlist/?", _plan),
    route("POST", r"/sync/watchlist/remove/?", _unplan),
    route("GET", r"/users/hidden/(progress_watched|dropped)/?", _hidden),
    route("POST", r"/users/hidden/dropped/?", _drop),
    route("POST", r"/users/hidden/dropped/remove/?", _take_up),
    route("POST", r"/users/hidden/progress_watched/?", _hide),
    route("POST", r"/users/hidden/progress_watched/remove/?", _show),
)
"""The routes of this file."""
