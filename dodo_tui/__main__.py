"""`python -m dodo_tui` and the `dodo` command."""

from __future__ import annotations

import gc
import sys


def main() -> int:
    """Run the command line; answers the exit code."""
    from dodo_tui.cli.main import run

    code = run(sys.argv[1:])
    gc.freeze()  # a tenth of `dodo status`: collecting garbage one last time, for nobody
    return code


if __name__ == "__main__":
    sys.exit(main())
