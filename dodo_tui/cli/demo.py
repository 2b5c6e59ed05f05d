"""`dodo demo`: the tour."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from dodo_tui.cli.logs import start_log
from dodo_tui.cli.output import DONE, CommandError, note
from dodo_tui.clock import SystemClock
from dodo_tui.config import Settings, default_paths, load_settings
from dodo_tui.storage.profiles import active_profile
from dodo_tui.storage.store import Store

APPROVE_AFTER_SECONDS = 8.0
_NO_PICTURE = "--vo=null --ao=null"


def demo(options: argparse.Namespace) -> int:
    """Open the tour; everything it makes is deleted when it ends."""
    del options
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise CommandError("The demo needs a terminal.")
    from dodo_tui.demo.app import DemoApp
    from dodo_tui.demo.past import seed_years
    from dodo_tui.demo.world import (
        DemoServices,
        demo_paths,
        demo_settings,
        find_mpv,
        make_library,
        seed,
        seed_other_devices,
    )
    from dodo_tui.engine.parts import Parts
    from dodo_tui.standin.simkl.server import StandIn
    from dodo_tui.standin.trakt.server import TraktStandIn
    from dodo_tui.standin.trakt.settings import Settings as TraktSettings

    own = load_settings(default_paths().config_file, os.environ)
    clock = SystemClock()
    note("Preparing the tour …")
    with tempfile.TemporaryDirectory(prefix="dodo-demo-") as name:
        folder = Path(name)
        library = folder / "Videos"
        is_real = make_library(library, find_mpv(own.mpv))
        stand_in = StandIn(auto_approve_after_seconds=APPROVE_AFTER_SECONDS)
        stand_in.settings.local_approval_page = True
        trakt = TraktStandIn(
            catalogue=stand_in.world.catalogue,
            settings=TraktSettings(
                local_approval_page=True, auto_approve_after_seconds=APPROVE_AFTER_SECONDS
            ),
        )
        with stand_in, trakt:
            paths = demo_paths(folder)
            paths.make()
            start_log(paths.log)
            settings = with_picture(demo_settings(own, stand_in, trakt, library), os.environ)
            store = Store.open(paths.database)
            try:
                profile = store.run_now(active_profile, None, clock.now())
                seed(store, settings, profile.id, clock)
                store.run_now(seed_years, profile.id, clock.now())
                seed_other_devices(stand_in, trakt)
                services = DemoServices(settings, paths, clock, simulate=not is_real)
                parts = Parts(store, profile, settings, paths, services, clock)
                app = DemoApp(parts, stand_in, trakt)
                app.run()
                return app.return_code or DONE
            finally:
                store.close()


def with_picture(settings: Settings, environment: os._Environ[str]) -> Settings:
    """Without a screen for mpv it plays without a picture: the tour goes on all the same."""
    from dodo_tui.players.mpv.display import DisplayMode, display_mode
    from dodo_tui.players.mpv.launch import split_arguments

    own_arguments = split_arguments(settings.mpv_args)
    if display_mode(environment, True, own_arguments) is DisplayMode.WINDOW:
        return settings
    return replace(settings, mpv_args=f"{settings.mpv_args} {_NO_PICTURE}".strip())
