"""What the tests over real sockets share: the stand-in's clock as ours, and signing in."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from dodo_tui.domain.account import Tokens
from dodo_tui.providers.sign_in import CodeShown, SignedIn, SignInStep, StillWaiting
from dodo_tui.providers.simkl.provider import SimklProvider
from dodo_tui.standin.clock import ManualClock
from dodo_tui.standin.simkl.server import StandIn

Connect = Callable[..., SimklProvider]


class StandInClock:
    """The stand-in's clock as ours: waiting moves it on. Ours may be wrong by some `error`."""

    def __init__(self, clock: ManualClock, error: timedelta = timedelta(0)) -> None:
        self._clock = clock
        self._start = clock.now()
        self.error = error

    def now(self) -> datetime:
        """The time of day, in UTC."""
        return self._clock.now() + self.error

    def monotonic(self) -> float:
        """Seconds since the test began."""
        return (self._clock.now() - self._start).total_seconds()

    async def sleep(self, seconds: float) -> None:
        """Pass the time at once."""
        await asyncio.sleep(0)
        self._clock.advance(seconds)


async def sign_in(
    standin: StandIn,
    provider: SimklProvider,
    on_shown: Callable[[], object] = lambda: None,
    approve_after: int | None = 1,
) -> list[SignInStep]:
    """The steps of a sign-in that is approved after so many polls; None: never."""
    steps: list[SignInStep] = []
    async for step in provider.authorize():
        steps.append(step)
        if isinstance(step, CodeShown):
            on_shown()
        waited = sum(isinstance(step, StillWaiting) for step in steps)
        if isinstance(step, CodeShown | StillWaiting) and waited == approve_after:
            standin.approve(step.code.user_code)
    return steps


async def signed_in(standin: StandIn, provider: SimklProvider) -> Tokens:
    """The tokens of a sign-in."""
    last = (await sign_in(standin, provider))[-1]
    assert isinstance(last, SignedIn)
    return last.tokens
