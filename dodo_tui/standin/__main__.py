"""`python -m dodo_tui.standin`: stand-ins to point a client at, until interrupted."""

from __future__ import annotations

import argparse
import signal
import sys
import threading

from dodo_tui.standin.simkl.server import StandIn
from dodo_tui.standin.simkl.settings import Settings
from dodo_tui.standin.trakt.server import TraktStandIn
from dodo_tui.standin.trakt.settings import Settings as TraktSettings


def main(arguments: list[str] | None = None) -> int:
    """Serve until SIGINT or SIGTERM; answers the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m dodo_tui.standin",
        description="Stand-ins for Simkl and Trakt on this machine's loopback interface.",
    )
    parser.add_argument("--port", type=int, default=0, help="Simkl's port (default: any free one)")
    parser.add_argument(
        "--trakt-port", type=int, default=0, help="Trakt's port (default: any free one)"
    )
    parser.add_argument(
        "--auto-approve",
        type=float,
        metavar="SECONDS",
        help="approve every sign-in so long after it was asked for",
    )
    parser.add_argument(
        "--no-limits", action="store_true", help="no rate limits, quota or write lock"
    )
    options = parser.parse_args(arguments)
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: ended.set())
    try:
        standin = StandIn(
            port=options.port,
            auto_approve_after_seconds=options.auto_approve,
            faithful_limits=not options.no_limits,
            settings=Settings(local_approval_page=True),
        )
        standin.start()
    except (OSError, OverflowError) as problem:
        sys.stderr.write(f"The stand-in cannot listen on port {options.port}: {problem}\n")
        return 1
    trakt = TraktStandIn(
        port=options.trakt_port,
        catalogue=standin.world.catalogue,
        settings=TraktSettings(
            faithful_limits=not options.no_limits,
            local_approval_page=True,
            auto_approve_after_seconds=options.auto_approve,
        ),
    )
    try:
        trakt.start()
    except (OSError, OverflowError) as problem:
        standin.stop()
        sys.stderr.write(f"The stand-in cannot listen on port {options.trakt_port}: {problem}\n")
        return 1
    clients = ", ".join(sorted(standin.world.accounts.clients))
    sys.stdout.write(f"{standin.url}\nclient ids: {clients}\napproval page: {standin.url}/pin\n")
    apps = ", ".join(sorted(trakt.world.accounts.apps))
    sys.stdout.write(
        f"Trakt: {trakt.url}\nTrakt sign-in: {trakt.auth_url}\nTrakt client ids: {apps}\n"
        f"Trakt approval page: {trakt.url}/activate\n"
    )
    sys.stdout.flush()
    try:
        while not ended.wait(0.5):
            pass
    finally:
        standin.stop()
        trakt.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
