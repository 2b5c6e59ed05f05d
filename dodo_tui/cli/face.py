"""`dodo` without a command: the interface."""

from __future__ import annotations

import gc
import sys

from dodo_tui.cli.context import context
from dodo_tui.cli.output import DONE, CommandError
from dodo_tui.storage.profiles import active_profile
from dodo_tui.storage.store import Store


def open_face() -> int:
    """Open Home."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise CommandError("The interface needs a terminal. For scripts: dodo --help")
    gc.disable()  # the app enables it when it has been painted: until then nothing is garbage
    ctx = context(keep_log=True)
    store = Store.open(ctx.paths.database)
    try:
        profile = store.run_now(active_profile, ctx.settings.profile, ctx.clock.now())
        from dodo_tui.engine.parts import Parts
        from dodo_tui.engine.services import RealServices
        from dodo_tui.tui.app import DodoApp

        services = RealServices(ctx.settings, ctx.paths, ctx.clock)
        app = DodoApp(Parts(store, profile, ctx.settings, ctx.paths, services, ctx.clock))
        app.minds_library = True
        app.welcomes_at_start = True
        app.run()
        return app.return_code or DONE
    finally:
        store.close()
