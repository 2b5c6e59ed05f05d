"""The history: adding, removing, reading (contract, sections 11.2, 12.1 and 12.2)."""

from __future__ import annotations

from datetime import datetime

from dodo_tui.standin.clock import milliseconds, parse_time
from dodo_tui.standin.messages import Json, JsonObject, Response, answer, as_int, as_list
from dodo_tui.standin.trakt.endpoint import Call, paged, route
from dodo_tui.standin.trakt.member import Play
from dodo_tui.standin.trakt.naming import Thing
from dodo_tui.standin.trakt.refusals import RefusalError
from dodo_tui.standin.trakt.routes.bodies import not_found, things_of

_PLURALS = {"movie": "movies", "episode": "episodes"}


def _add(call: Call) -> Response:
    added = {"movies": 0, "episodes": 0}
    gone: list[tuple[str, JsonObject]] = []
    for named in things_of(call):
        if named.thing is None:
            gone.append((named.slot, named.sent))
            continue
        call.member.watch(named.thing, _moment(call, named.thing, named.when), call.now)
        added[_PLURALS[named.thing.type]] += 1
    body: JsonObject = {
        "added": {**added},
        "updated": {"movies": 0, "episodes": 0},
        "not_found": not_found(gone),
    }
    return answer(body, call.world.settings.write_status)


def _remove(call: Call) -> Response:
    deleted = {"movies": 0, "episodes": 0}
    gone: list[tuple[str, JsonObject]] = []
    missing: list[Json] = []
    for value in as_list(call.fields().get("ids")):
        play_id = as_int(value)
        plays = [play for play in call.member.plays if play.id == play_id]
        if not plays:
            missing.append(value)
        for play in plays:
            deleted[_PLURALS[play.thing.type]] += call.member.forget_plays([play], call.now)
    for named in things_of(call):
        if named.thing is None:
            gone.append((named.slot, named.sent))
            continue
        plays = call.member.plays_of(named.thing)
        deleted[_PLURALS[named.thing.type]] += call.member.forget_plays(plays, call.now)
    return answer({"deleted": {**deleted}, "not_found": {**not_found(gone), "ids": missing}})


def _read(call: Call) -> Response:
    kind, trakt_id = call.segments[0], as_int(call.segments[1])
    since = parse_time(call.request.query.get("start_at"))
    until = parse_time(call.request.query.get("end_at"))
    rows: list[Json] = [
        _row(call, play)
        for play in _newest_first(call.member.plays)
        if _is_of(call, play.thing, kind, trakt_id)
        and (since is None or (play.watched_at is not None and play.watched_at >= since))
        and (until is None or (play.watched_at is not None and play.watched_at <= until))
    ]
    return paged(call, rows)


def _newest_first(plays: list[Play]) -> list[Play]:
    return sorted(
        plays, key=lambda p: (p.watched_at.timestamp() if p.watched_at else 0.0, p.id), reverse=True
    )


def _row(call: Call, play: Play) -> JsonObject:
    when: Json = "1970-01-01T00:00:00.000Z"
    if play.watched_at is not None:
        when = milliseconds(play.watched_at)
    elif call.world.settings.unknown_time == "null":
        when = None
    row: JsonObject = {
        "id": play.id,
        "watched_at": when,
        "action": play.action,
        "type": play.thing.type,
    }
    return row | call.world.naming.named(play.thing)


def _is_of(call: Call, thing: Thing, kind: str, trakt_id: int | None) -> bool:
    naming = call.world.naming
    if kind in ("movies", "shows"):
        is_kind = thing.title.is_film == (kind == "movies")
        return is_kind and trakt_id in (None, naming.trakt_id(thing.title))
    if kind == "episodes":
        is_episode = not thing.title.is_film
        return is_episode and (trakt_id is None or naming.episode_id(thing) == trakt_id)
    return True


def _moment(call: Call, thing: Thing, when: Json) -> datetime | None:
    """When a play was; `unknown` is None. Raises RefusalError (422): no time at all."""
    if when is None:
        return call.now
    if when == "unknown":
        return None
    if when == "released":
        return call.now if thing.title.is_film else thing.episode.aired_at
    moment = parse_time(when)
    if moment is None:
        raise RefusalError(422)
    return moment


ENDPOINTS = (
    route("POST", r"/sync/history/?", _add),
    route("POST", r"/sync/history/remove/?", _remove),
    route("GET", r"/sync/history(?:/(movies|shows|seasons|episodes)(?:/(\d+))?)?/?", _read),
)
"""The routes of this file."""
