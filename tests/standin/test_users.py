"""The user's settings and statistics (contract, section 8)."""

from __future__ import annotations

import pytest

from dodo_tui.standin.simkl.server import StandIn

from .caller import Caller, Callers


def test_settings_name_the_user_and_the_plan(standin: StandIn, dodo: Caller) -> None:
    """In the documented shape; the avatar's scheme can be left out."""
    settings = dodo.get("/users/settings").json
    assert settings["user"]["name"] == "Dodo"
    assert settings["user"]["joined_at"].endswith(".000Z")
    assert settings["account"]["type"] == "free"
    assert settings["user"]["avatar"].startswith("https://simkl.in/")
    standin.settings.shapes.avatar_without_scheme = True
    assert dodo.get("/users/settings").json["user"]["avatar"].startswith("//simkl.in/")


def test_statistics_add_up(standin: StandIn, dodo: Caller) -> None:
    """Minutes and counts by list."""
    person = standin.person()
    person.mark_watched("tt0133093")
    person.mark_watched("tt0903747", 1)
    account = dodo.get("/users/settings").json["account"]["id"]
    stats = dodo.get(f"/users/{account}/stats").json
    assert stats["total_mins"] == 136 + 7 * 47
    assert stats["movies"]["completed"] == {"mins": 136, "count": 1}
    assert stats["tv"]["watching"]["watched_episodes_count"] == 7
    assert stats["tv"]["watching"]["left_to_watch_episodes"] == 55
    assert "watching" not in stats["movies"]


@pytest.mark.parametrize("account", ["0", "-1", "me", "999999"])
def test_statistics_of_nobody_are_404(dodo: Caller, account: str) -> None:
    """There is no "me"."""
    answer = dodo.get(f"/users/{account}/stats")
    assert (answer.status, answer.error) == (404, "user_id_failed")


def test_a_private_profile_is_403_to_others(standin: StandIn, callers: Callers) -> None:
    """And open to its owner."""
    anna = standin.person("Anna")
    anna.change_settings(private=True)
    path = f"/users/{anna.user.account_id}/stats"
    answer = callers.signed_in("Ben").get(path)
    assert (answer.status, answer.error) == (403, "private_profile")
    assert callers.signed_in("Anna").get(path).status == 200
