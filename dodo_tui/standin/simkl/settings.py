"""What the stand-in can be told to do otherwise: its limits and the shapes of its answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(slots=True)
class Shapes:
    """Where the contract's sources disagree about an answer: which of the forms is sent.

    The defaults are what the current documentation shows; a client must read all of them.
    """

    empty_all_items: Literal["object", "null", "arrays"] = "object"
    """An empty `/sync/all-items` is `{}`, `null`, or an empty array under each key."""
    all_items_anime_key: Literal["show", "anime"] = "show"
    """The key an anime is nested under in `/sync/all-items` and `/sync/ratings`."""
    playback_anime_key: Literal["show", "anime"] = "anime"
    """The key an anime is nested under in `/sync/playback`."""
    playback_time_key: Literal["paused_at", "watched_at"] = "paused_at"
    """The key a playback's time stands under."""
    playback_episode_key: Literal["number", "episode"] = "number"
    """The key an episode's number stands under in `/sync/playback`."""
    playback_progress_rounded: bool = False
    """Whether a playback's progress comes back as a whole number."""
    playback_delete_status: Literal[200, 204] = 204
    """Deleting a playback: 204 and nothing, or the older 200 `{"deleted": true}`."""
    write_status: Literal[200, 201] = 201
    """What a successful write of history, lists or ratings answers; 200 is the older form."""
    conflict_has_error: bool = False
    """Whether the 409 of an item scrobbled within the hour carries `"error": "already_watched"`."""
    conflict_times_with_offset: bool = False
    """Whether that 409 writes its times as `-05:00` instead of `Z`."""
    times_with_milliseconds: bool = False
    """Whether activities are written `…20.000Z`."""
    legacy_vocabulary: bool = False
    """What apps of old see: `notinteresting` for `dropped`, no `playback`, no `custom_lists`."""
    activities_with_objects: bool = False
    """Whether activities hold an object where a string is expected, as one client has met."""
    avatar_without_scheme: bool = False
    """Whether the avatar's address is `//simkl.in/…`."""
    redirect_without_scheme: bool = False
    """Whether `/redirect` answers `//simkl.com/…`."""
    lock_error: Literal["RATE_LIMIT", "rate_limit"] = "RATE_LIMIT"
    """How the write lock names itself."""
    lock_status: Literal[400, 429] = 400
    """The status the write lock answers with."""
    unknown_episodes_reported: bool = True
    """Whether history lists unknown episodes in `not_found.episodes`, or just skips them."""
    v1_address_key: Literal["both", "verification_url"] = "both"
    """The V1 sign-in names its page under both keys, or only under the older one."""
    v1_address_slash: bool = False
    """Whether the V1 sign-in's address ends with a slash."""
    v1_code_length: int = 5
    """How many characters a V1 code has: five in the text, six in one example."""
    v1_slow_down: bool = False
    """Whether a V1 poll that comes too early is told "Slow down"; only the old documents say so."""
    v1_unknown_code_pending: bool = False
    """Whether an unknown V1 code is "pending" for ever, instead of answered with a new code."""


def _plans() -> dict[str, int]:
    return {"free": 500, "pro": 1_000, "vip": 10_000}


@dataclass(slots=True)
class Settings:
    """The stand-in's limits and habits; may be changed while it runs."""

    faithful_limits: bool = True
    """Whether there are per-second limits, a daily quota, one write at a time and `slow_down`.

    A test on a clock that stands still wants this off: no second ever passes.
    """
    reads_per_second: int = 10
    """GETs a user's token (V2) or a client id (V1) may send in any second."""
    write_gap_seconds: float = 1.0
    """The least time between two POSTs."""
    timing_grace_seconds: float = 0.05
    """How much earlier than allowed a call may come: two sends a second apart arrive less so."""
    rejected_writes_before_block: int | None = 5
    """How many POSTs too many within ten seconds block the client id (412); None: never."""
    block_seconds: float = 60.0
    """How long that block lasts; the documents only say "for a while"."""
    daily_quota: dict[str, int] = field(default_factory=_plans)
    """Requests a user may send in a New York day, by plan (V2)."""
    daily_quota_v1: int = 10_000
    """Requests all users of a V1 client id may send in a New York day; the number is ours."""
    write_lock_seconds: float = 20.0
    """How long the lock of another device's write lasts."""
    local_approval_page: bool = False
    """Whether sign-in names the stand-in's own `/pin` page instead of `https://simkl.com/pin`."""
    code_lifetime_seconds: int = 900
    """How long a sign-in code lives."""
    poll_interval_seconds: int = 5
    """The interval a sign-in starts to be polled at."""
    auto_approve_after_seconds: float | None = None
    """How long after a code was asked for it counts as approved; None: only by somebody's hand."""
    auto_approve_user: str = "Dodo"
    """Who approves it then."""
    conflict_on_low_stop: bool = False
    """Whether a stop below 80 % within the hour after a scrobble is a 409 too: an open question."""
    redirect_needs_token: bool = False
    """Whether `/redirect` refuses V2 clients without a token (the documents disagree)."""
    max_items: int | None = None
    """The most items of one `/sync/all-items` before it is 400 `max_items`; None: any number."""
    latency_seconds: float = 0.0
    """How long every answer takes, in real seconds: a demo that feels like a network."""
    shapes: Shapes = field(default_factory=Shapes)
    """The forms of the answers."""
