"""How much a client may ask for (contract, section 4.1)."""

from __future__ import annotations

import pytest

from dodo_tui.standin.clock import ManualClock
from dodo_tui.standin.simkl.accounts import Plan
from dodo_tui.standin.simkl.server import StandIn

from .caller import Callers

# Noon UTC of 2 November is 7 o'clock in New York: 17 hours to midnight.
TO_MIDNIGHT = 17 * 3600


def test_ten_reads_a_second_are_allowed(strict_callers: Callers, clock: ManualClock) -> None:
    """The eleventh is 429 `rate_limit`; a second later there is room again."""
    caller = strict_callers.signed_in()
    statuses = [caller.get("/sync/activities").status for _ in range(11)]
    assert statuses == [200] * 10 + [429]
    assert caller.get("/sync/activities").error == "rate_limit"
    clock.advance(1)
    assert caller.get("/sync/activities").status == 200


def test_one_write_a_second_is_allowed(strict_callers: Callers, clock: ManualClock) -> None:
    """A refused one does not count, and reads are counted apart."""
    caller = strict_callers.signed_in()
    assert caller.post("/sync/history", {}).status == 201
    clock.advance(0.9)
    refused = caller.post("/sync/history", {})
    assert (refused.status, refused.error) == (429, "rate_limit")
    assert "Retry-After" not in refused.headers
    assert caller.get("/sync/activities").status == 200
    clock.advance(0.1)
    assert caller.post("/sync/history", {}).status == 201


def test_limits_are_per_user_on_v2_and_per_app_on_v1(strict_callers: Callers) -> None:
    """A V2 user's second device shares their limit; V1 users share their app's."""
    anna, also_anna, ben = (strict_callers.signed_in(name) for name in ("Anna", "Anna", "Ben"))
    assert anna.post("/sync/history", {}).status == 201
    assert also_anna.post("/sync/history", {}).status == 429
    assert ben.post("/sync/history", {}).status == 201
    carl, dora = strict_callers.signed_in_v1("Carl"), strict_callers.signed_in_v1("Dora")
    assert carl.post("/sync/history", {}).status == 201
    assert dora.post("/sync/history", {}).status == 429


def test_too_many_writes_block_the_client_id_for_a_while(
    strict: StandIn, strict_callers: Callers, clock: ManualClock
) -> None:
    """The block is 412, for reads too."""
    caller = strict_callers.signed_in()
    statuses = [caller.post("/sync/history", {}).status for _ in range(7)]
    assert statuses == [201, 429, 429, 429, 429, 429, 412]
    assert caller.get("/sync/activities").error == "client_id_failed"
    clock.advance(strict.settings.block_seconds)
    assert caller.get("/sync/activities").status == 200


def test_writes_too_many_now_and_then_do_not_block(
    strict_callers: Callers, clock: ManualClock
) -> None:
    """Only a burst within ten seconds does."""
    caller = strict_callers.signed_in()
    for _ in range(8):
        assert caller.post("/sync/history", {}).status == 201
        assert caller.post("/sync/history", {}).status == 429
        clock.advance(5)


@pytest.mark.parametrize(("plan", "quota"), [("free", 500), ("pro", 1_000), ("vip", 10_000)])
def test_the_daily_quota_depends_on_the_plan(
    strict: StandIn, strict_callers: Callers, clock: ManualClock, plan: Plan, quota: int
) -> None:
    """The headers say so, but not on the first answer of a new token."""
    strict.person().change_settings(plan=plan)
    caller = strict_callers.signed_in()
    assert "X-RateLimit-Limit" not in caller.get("/sync/activities").headers
    clock.advance(1)
    headers = caller.get("/sync/activities").headers
    assert headers["X-RateLimit-Limit"] == str(quota)
    assert headers["X-RateLimit-Remaining"] == str(quota - 2)


def test_a_used_up_quota_is_429_until_midnight_in_new_york(
    strict: StandIn, strict_callers: Callers, clock: ManualClock
) -> None:
    """`Retry-After` says how long that is; all of a user's apps share it."""
    strict.settings.daily_quota["free"] = 2
    strict.world.accounts.add_client("another-v2", "v2")
    caller = strict_callers.signed_in()
    for _ in range(2):
        assert caller.get("/sync/activities").status == 200
    answer = caller.get("/sync/activities")
    assert (answer.status, answer.error) == (429, "user_limit_exceeded")
    assert answer.headers["Retry-After"] == str(TO_MIDNIGHT)
    assert answer.headers["X-RateLimit-Remaining"] == "0"
    assert strict_callers.signed_in().get("/sync/activities").error == "user_limit_exceeded"
    assert strict_callers.signed_in("Ben").get("/sync/activities").status == 200
    clock.advance(TO_MIDNIGHT - 1)
    assert caller.get("/sync/activities").status == 429
    clock.advance(1)
    assert caller.get("/sync/activities").status == 200


def test_v1_has_one_quota_for_the_whole_app(strict: StandIn, strict_callers: Callers) -> None:
    """`app_limit_exceeded`, and no headers before."""
    strict.settings.daily_quota_v1 = 2
    for name in ("Anna", "Ben"):
        answer = strict_callers.signed_in_v1(name).get("/sync/activities")
        assert (answer.status, "X-RateLimit-Limit" in answer.headers) == (200, False)
    answer = strict_callers.signed_in_v1("Carl").get("/sync/activities")
    assert (answer.status, answer.error) == (429, "app_limit_exceeded")
    assert "Retry-After" in answer.headers


def test_cached_endpoints_and_the_redirect_are_outside_the_quota(
    strict: StandIn, strict_callers: Callers
) -> None:
    """The cached ones are outside the per-second limit, too."""
    strict.settings.daily_quota["free"] = 1
    caller = strict_callers.signed_in()
    for _ in range(9):
        assert caller.get("/redirect", imdb="tt1375666").status == 301
    anonymous = strict_callers.anonymous()
    for _ in range(30):
        answer = anonymous.get("/movies/472214")
        assert answer.status == 200
    assert "X-RateLimit-Limit" not in answer.headers
    assert caller.get("/sync/activities").status == 200


@pytest.mark.parametrize("which", ["user", "app"])
def test_debug_limit_forces_the_daily_refusal(strict_callers: Callers, which: str) -> None:
    """For trying out a client."""
    answer = strict_callers.signed_in().get("/sync/activities", debug_limit=which)
    assert (answer.status, answer.error) == (429, f"{which}_limit_exceeded")
    assert answer.headers["Retry-After"] == str(TO_MIDNIGHT)


def test_without_faithful_limits_nothing_is_too_much(callers: Callers) -> None:
    """What tests on a clock that stands still want."""
    caller = callers.signed_in()
    assert {caller.post("/sync/history", {}).status for _ in range(20)} == {201}
    assert {caller.get("/sync/activities").status for _ in range(20)} == {200}
