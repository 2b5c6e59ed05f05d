"""What was watched, by title (contract, section 11.3), and when anything changed (11.1)."""

from __future__ import annotations

from datetime import datetime

from dodo_tui.standin.clock import milliseconds
from dodo_tui.standin.messages import Json, JsonObject, Response, answer
from dodo_tui.standin.titles import Title
from dodo_tui.standin.trakt.endpoint import Call, paged, route
from dodo_tui.standin.trakt.member import Play
from dodo_tui.standin.trakt.naming import Thing


def _activities(call: Call) -> Response:
    return answer(call.member.activities())


def _watched(call: Call) -> Response:
    is_film = call.segments[0] == "movies"
    extended = call.request.query.get("extended", "")
    by_title: dict[Title, list[Play]] = {}
    for play in call.member.plays:
        if play.thing.title.is_film == is_film:
            by_title.setdefault(play.thing.title, []).append(play)
    if extended == "min":
        return answer(_minimal(call, by_title, is_film=is_film))
    with_episodes = not is_film and extended == "progress"
    rows: list[Json] = [
        _row(call, title, plays, with_episodes=with_episodes) for title, plays in by_title.items()
    ]
    settings = call.world.settings
    most = settings.most_per_progress_page if with_episodes else settings.most_per_page
    return paged(call, rows, default=100, most=most)


def _row(call: Call, title: Title, plays: list[Play], *, with_episodes: bool) -> JsonObject:
    row: JsonObject = {
        "plays": len(plays),
        "last_watched_at": _last(plays),
        "last_updated_at": _last(plays),
        "movie" if title.is_film else "show": call.world.naming.media(title),
    }
    if title.is_film:
        return row
    reset_at = call.member.reset.get(title)
    row["reset_at"] = None if reset_at is None else milliseconds(reset_at)
    if with_episodes:
        row["seasons"] = _seasons(plays)
    return row


def _seasons(plays: list[Play]) -> list[Json]:
    by_thing: dict[Thing, list[Play]] = {}
    for play in plays:
        by_thing.setdefault(play.thing, []).append(play)
    seasons: dict[int, list[Json]] = {}
    for thing in sorted(by_thing, key=lambda each: each.place):
        season, number = thing.place
        seasons.setdefault(season, []).append(
            {
                "number": number,
                "plays": len(by_thing[thing]),
                "last_watched_at": _last(by_thing[thing]),
            }
        )
    return [{"number": number, "episodes": episodes} for number, episodes in seasons.items()]


def _minimal(call: Call, by_title: dict[Title, list[Play]], *, is_film: bool) -> JsonObject:
    naming = call.world.naming
    body: JsonObject = {}
    for title, plays in by_title.items():
        if is_film:
            body[str(naming.trakt_id(title))] = [_written(play.watched_at) for play in plays]
            continue
        show: dict[str, dict[str, list[Json]]] = {}
        for play in plays:
            season = show.setdefault(str(play.thing.place[0]), {})
            times = season.setdefault(str(naming.episode_id(play.thing)), [])
            times.append(_written(play.watched_at))
        body[str(naming.trakt_id(title))] = {
            season: {episode: [*times] for episode, times in episodes.items()}
            for season, episodes in show.items()
        }
    return body


def _last(plays: list[Play]) -> str | None:
    times = [play.watched_at for play in plays if play.watched_at is not None]
    return milliseconds(max(times)) if times else None


def _written(moment: datetime | None) -> str | None:
    return None if moment is None else milliseconds(moment)


ENDPOINTS = (
    route("GET", r"/sync/last_activities/?", _activities),
    route("GET", r"/sync/watched/(movies|shows)/?", _watched),
)
"""The routes of this file."""
