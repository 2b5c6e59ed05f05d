"""`python -m dodo_tui.standin`, and that it needs nothing else."""

from __future__ import annotations

import http.client
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from dodo_tui.standin.__main__ import main
from dodo_tui.standin.simkl.server import StandIn

from .caller import Caller, request_code

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_prints_its_address_and_runs_until_interrupted(number: signal.Signals) -> None:
    """Exit code 0, nothing on standard error."""
    with subprocess.Popen(
        [sys.executable, "-m", "dodo_tui.standin", "--auto-approve", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    ) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        caller = Caller(url)
        assert request_code(caller)["verification_uri"] == f"{url}/pin"
        process.send_signal(number)
        _, errors = process.communicate(timeout=60)
        caller.connection.close()
    assert (process.returncode, errors) == (0, "")
    with pytest.raises((OSError, http.client.HTTPException)):
        caller.get("/pin")


def test_a_port_in_use_is_one_clear_line(
    standin: StandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 1."""
    port = standin.url.rsplit(":", 1)[1]
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    try:
        assert main(["--port", port]) == 1
    finally:
        signal.signal(signal.SIGINT, before[0])
        signal.signal(signal.SIGTERM, before[1])
    errors = capsys.readouterr().err
    assert errors.count("\n") == 1
    assert port in errors


def test_it_imports_nothing_but_the_standard_library_and_itself() -> None:
    """It is a tool beside dodo, not a part of it."""
    script = (
        "import sys; before = set(sys.modules); import dodo_tui.standin.__main__\n"
        "new = {name for name in set(sys.modules) - before}\n"
        "print(sorted(name for name in new\n"
        "    if not name.startswith(('dodo_tui.standin', '_')) and name != 'dodo_tui'\n"
        "    and name.partition('.')[0] not in sys.stdlib_module_names))\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert result.stdout.strip() == "[]"
