"""What both ways of signing in share: the page's address, the pace of polling, auto-approval."""

from __future__ import annotations

from dodo_tui.standin.simkl.accounts import SignIn
from dodo_tui.standin.simkl.world import World

SIMKL_PAGE = "https://simkl.com/pin"
"""Where a user of the real service types the code."""


def page_address(world: World) -> str:
    """Where the user is sent: Simkl's page, or the stand-in's own when a setting says so."""
    return f"{world.base_url}/pin" if world.settings.local_approval_page else SIMKL_PAGE


def polled_too_early(world: World, sign_in: SignIn) -> bool:
    """Whether a poll came before its time; it is remembered, so that it starts the wait anew."""
    now, last = world.clock.now(), sign_in.polled_at
    sign_in.polled_at = now
    if last is None or not world.settings.faithful_limits:
        return False
    least = sign_in.interval_seconds - world.settings.timing_grace_seconds
    return (now - last).total_seconds() < least


def approve_if_due(world: World, sign_in: SignIn) -> None:
    """Approve a code nobody has to approve by hand, when its time has come."""
    settings = world.settings
    world.accounts.approve_if_due(
        sign_in, settings.auto_approve_after_seconds, settings.auto_approve_user
    )
