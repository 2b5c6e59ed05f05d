"""Who the token belongs to (contract, section 11.4)."""

from __future__ import annotations

from dodo_tui.standin.messages import Response, answer
from dodo_tui.standin.trakt.endpoint import Call, route


def _settings(call: Call) -> Response:
    user = call.member.user
    return answer(
        {
            "user": {
                "username": user.slug,
                "private": False,
                "name": user.name,
                "vip": user.is_member,
                "ids": {"slug": user.slug},
            },
            "account": {"timezone": "Europe/Lisbon"},
            "limits": {"watchlist": {"item_count": call.world.settings.watchlist_limit}},
            "permissions": {"commenting": True},
        }
    )


ENDPOINTS = (route("GET", r"/users/settings/?", _settings),)
"""The routes of this file."""
