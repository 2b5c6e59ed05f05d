"""`python -m dodo_tui` and the `dodo` command."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line; answers the exit code."""
    from dodo_tui.cli.main import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
