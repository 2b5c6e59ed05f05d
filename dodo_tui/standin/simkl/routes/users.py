"""The user's settings and statistics (contract, section 8)."""

from __future__ import annotations

from dodo_tui.standin.clock import iso
from dodo_tui.standin.messages import ApiError, JsonObject, Response, answer, as_int
from dodo_tui.standin.simkl.endpoint import Call, get, post
from dodo_tui.standin.simkl.library import STATUSES, Entry
from dodo_tui.standin.simkl.world import Member
from dodo_tui.standin.titles import Kind


def _settings(call: Call) -> Response:
    user = call.member.user
    scheme = "" if call.world.settings.shapes.avatar_without_scheme else "https:"
    return answer(
        {
            "user": {
                "name": user.name,
                "joined_at": iso(user.joined_at).replace("Z", ".000Z"),
                "gender": None,
                "avatar": f"{scheme}//simkl.in/avatars/12/{user.account_id}_100.jpg",
                "bio": "",
                "loc": user.location,
                "age": user.age,
            },
            "account": {
                "id": user.account_id,
                "timezone": user.timezone,
                "type": user.plan,
                "anime_title_language": "en",
            },
            "connections": {"facebook": False},
        }
    )


def _stats(call: Call) -> Response:
    user = call.world.accounts.user_by_id(as_int(call.segments[0]) or 0)
    if user is None:
        raise ApiError(404, "user_id_failed", "There is no user with this id")
    is_own = call.grant is not None and call.grant.user is user
    if user.private and not is_own:
        raise ApiError(403, "private_profile", "This profile is private")
    member = call.world.member(user)
    week: JsonObject = {"total_mins": 0, "movies_mins": 0, "tv_mins": 0, "anime_mins": 0}
    return answer(
        {
            "total_mins": sum(_minutes(member, kind) for kind in ("movie", "show", "anime")),
            "movies": _kind_stats(member, "movie"),
            "tv": _kind_stats(member, "show"),
            "anime": _kind_stats(member, "anime"),
            "watched_last_week": week,
        }
    )


def _of_kind(member: Member, kind: Kind) -> list[Entry]:
    return [entry for entry in member.library if entry.title.kind == kind]


def _minutes(member: Member, kind: Kind) -> int:
    return sum(len(entry.watched) * entry.title.minutes for entry in _of_kind(member, kind))


def _kind_stats(member: Member, kind: Kind) -> JsonObject:
    entries = _of_kind(member, kind)
    stats: JsonObject = {"total_mins": _minutes(member, kind)}
    for status in STATUSES:
        of_status = [entry for entry in entries if entry.status == status]
        if kind == "movie":
            if status not in ("watching", "hold"):
                total = sum(entry.title.minutes for entry in of_status)
                stats[status] = {"mins": total, "count": len(of_status)}
        else:
            stats[status] = _series_stats(of_status)
    return stats


def _series_stats(entries: list[Entry]) -> JsonObject:
    watched = sum(len(entry.watched) for entry in entries)
    total = sum(len(entry.title.regular) for entry in entries)
    return {
        "watched_episodes_count": watched,
        "count": len(entries),
        "left_to_watch_episodes": max(0, total - watched),
        "total_episodes_count": total,
    }


ENDPOINTS = (
    get(r"/users/settings/?", _settings),
    post(r"/users/settings/?", _settings),
    get(r"/users/([^/]+)/stats/?", _stats, auth="v2"),
    post(r"/users/([^/]+)/stats/?", _stats, auth="v2"),
)
"""The routes of this file."""
