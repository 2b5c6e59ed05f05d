"""Tokens and client ids are in no output, log, export or process list."""

from __future__ import annotations

from pathlib import Path

from dodo_tui.standin import faults
from dodo_tui.standin.simkl.server import StandIn
from tests.cli.samples import FILM
from tests.support.cli import SAFETY_SECONDS, Dodo

CLIENT_ID = "5c" * 32


def test_no_secret_leaves(dodo: Dodo, tmp_path: Path) -> None:
    """Everything that can be said is said, in good times and bad."""
    with StandIn(faithful_limits=False, client_ids={CLIENT_ID: "v2", "demo-v2": "v2"}) as standin:
        standin.settings.poll_interval_seconds = 1
        standin.settings.auto_approve_after_seconds = 0
        dodo.use(standin, CLIENT_ID)
        said = [dodo.ok("connect", "simkl")]
        with standin.world.lock:
            (grant,) = standin.world.accounts.grants
            secrets = [CLIENT_ID, grant.access_token, str(grant.refresh_token)]
        dodo.do("mark", FILM, "--watched", "--at", "2026-11-01")
        export = tmp_path / "export.json"
        commands = (
            ["sync"],
            ["status"],
            ["status", "--json"],
            ["doctor"],
            ["doctor", "--json"],
            ["queue", "--json"],
            ["history", "--json"],
            ["export", str(export)],
        )
        echo = " ".join(secrets)
        for trouble in (
            faults.error(400, "bad", echo),
            faults.error(401, "invalid_token", echo),
            faults.error(500, "internal", echo),
            faults.Reset(),
            None,
        ):
            if trouble is not None:
                standin.faults.add("/(sync|users)", trouble, count=None)
            said += [dodo.read(*command) for command in commands[1:]]
            said.append(dodo.run(*commands[0]))
            standin.faults.clear()
        said.append(dodo.ok("disconnect", "simkl", "--yes"))
    seen = [result.out + result.err for result in said]
    seen += [path.read_text() for path in dodo.paths.state.rglob("*") if path.is_file()]
    seen.append(export.read_text())
    seen.append(dodo.paths.database.read_bytes().decode("latin-1"))
    for text in seen:
        for secret in secrets:
            assert secret not in text


def test_no_secret_in_the_process_list(dodo: Dodo, standin: StandIn) -> None:
    """Neither dodo nor what it starts carries one on its command line."""
    tokens = dodo.connect(standin)
    dodo.do("mark", FILM, "--watched", "--at", "2026-11-01")
    hold = faults.Hold()
    standin.faults.add("/sync/history", hold)
    process = dodo.start("sync")
    assert hold.reached.wait(SAFETY_SECONDS)
    line = Path(f"/proc/{process.pid}/cmdline").read_text()
    hold.release()
    process.communicate(timeout=SAFETY_SECONDS)
    assert "dodo_tui" in line
    assert tokens.access not in line
    assert "demo-v2" not in line
