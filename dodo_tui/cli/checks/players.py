"""The players that others start, and whether anybody watches them."""

from __future__ import annotations

from collections.abc import Iterator

from dodo_tui.cli.checks.check import Check, Verdict
from dodo_tui.config import ConfigError, Paths, Settings
from dodo_tui.storage.leases import WATCHING_LEASE, Lease

_LOOK_SECONDS = 1.0
"""How long other players are looked at."""


def check_other_players(settings: Settings, paths: Paths) -> Iterator[Check]:
    """How the players that others start can be watched, after a short look at each."""
    import asyncio

    from dodo_tui.clock import SystemClock
    from dodo_tui.engine.watchers import glance, make_watchers
    from dodo_tui.players.watching import Sight

    clock = SystemClock()
    try:
        watchers = make_watchers(settings, paths, clock)
    except ConfigError as error:
        yield Check("players", Verdict.FAILED, str(error), "Correct that setting.")
        return
    yield _watching(paths, is_on=bool(watchers))
    reports = asyncio.run(glance(watchers, clock, _LOOK_SECONDS))
    for watcher, report in zip(watchers, reports, strict=True):
        verdict = Verdict.WARNING if report.sight is Sight.REFUSED else Verdict.OK
        yield Check(watcher.name, verdict, report.sentence, report.next_step)


def _watching(paths: Paths, *, is_on: bool) -> Check:
    """Whether a dodo runs that watches them: without one nothing of them is tracked."""
    name = "watching"
    if not is_on:
        return Check(name, Verdict.OK, "off (watch_players)")
    lease = Lease(paths.data / WATCHING_LEASE)
    try:
        is_free = lease.take()
    except OSError:
        return Check(name, Verdict.OK, "nobody does: no folder yet")
    lease.release()
    if not is_free:
        return Check(name, Verdict.OK, "a dodo is watching other players")
    return Check(
        name,
        Verdict.OK,
        "no dodo is running: only what it plays itself is tracked",
        "To track other players at any time: dodo service install",
    )
