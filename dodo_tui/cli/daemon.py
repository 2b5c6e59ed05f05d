"""`dodo daemon`: the engine without a screen."""

from __future__ import annotations

import argparse
import contextlib

from dodo_tui.cli.context import context
from dodo_tui.cli.output import DONE, note
from dodo_tui.storage.profiles import active_profile
from dodo_tui.storage.store import Store


def daemon(options: argparse.Namespace) -> int:
    """Deliver what is queued and keep the state true, until SIGTERM, SIGHUP or SIGINT.

    Raises:
        ConfigError: a player's address in the settings is none.
    """
    del options
    ctx = context(keep_log=True)
    with contextlib.closing(Store.open(ctx.paths.database)) as store:
        profile = store.run_now(active_profile, ctx.settings.profile, ctx.clock.now())
        from dodo_tui.engine.daemon import DaemonApp
        from dodo_tui.engine.parts import Parts
        from dodo_tui.engine.services import RealServices

        services = RealServices(ctx.settings, ctx.paths, ctx.clock)
        services.watchers(ctx.clock)  # what cannot be used is said now: nobody looks later
        app = DaemonApp(Parts(store, profile, ctx.settings, ctx.paths, services, ctx.clock))
        app.minds_library = True
        note(f"dodo runs for {profile.name}. End it with Ctrl+C.")
        app.run(headless=True)
        return app.return_code or DONE
