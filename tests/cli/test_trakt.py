"""Trakt on the command line: signing in and out, syncing both, doctor, and no secret anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dodo_tui.standin import faults
from dodo_tui.standin.messages import JsonObject
from dodo_tui.standin.simkl.server import StandIn
from dodo_tui.standin.trakt.server import TraktStandIn
from tests.cli.samples import FILM
from tests.support.cli import SAFETY_SECONDS, Dodo

CLIENT_ID, SECRET = "7a" * 32, "client-secret-" * 3


@pytest.fixture
def trakt() -> Iterator[TraktStandIn]:
    """A stand-in that wants the app's secret and approves at once."""
    with TraktStandIn(apps={CLIENT_ID: SECRET}) as running:
        running.settings.faithful_limits = False
        running.settings.secret_required = True
        running.settings.poll_interval_seconds = 1
        running.settings.auto_approve_after_seconds = 0
        yield running
    assert running.errors == []
    assert running.violations == []


def use(dodo: Dodo, trakt: TraktStandIn) -> None:
    """Let a dodo talk to the stand-in."""
    dodo.environment["DODO_TRAKT_CLIENT_ID"] = CLIENT_ID
    dodo.environment["DODO_TRAKT_CLIENT_SECRET"] = SECRET
    dodo.environment["DODO_TRAKT_API_URL"] = trakt.url
    dodo.environment["DODO_TRAKT_AUTH_URL"] = trakt.auth_url


def test_without_a_client_id_it_says_what_trakt_asks_for(dodo: Dodo) -> None:
    """What, where, and what can be done without one."""
    result = dodo.run("connect", "trakt")
    assert result.code == 1
    for words in ("developer.trakt.tv/apps/new", "DODO_TRAKT_CLIENT_ID", "dodo import FILE"):
        assert words in result.sentence


def test_what_was_watched_is_at_trakt_once_after_a_sync(dodo: Dodo, trakt: TraktStandIn) -> None:
    """Address and code once on standard output; what was watched is there, dated, once."""
    use(dodo, trakt)
    told = dodo.ok("connect", "trakt")
    assert told.out.splitlines()[0] == "Open https://auth.trakt.tv/activate and type this code:"
    assert len(told.out.splitlines()) == 2
    assert told.sentence == "Connected to Trakt as Dodo."
    dodo.do("mark", FILM, "--watched", "--at", "2026-11-01T20:00:00Z")
    (provider,) = dodo.json("sync", "--merge")["providers"]
    assert (provider["id"], provider["state"], provider["pushed"]) == ("trakt", "idle", 1)
    assert len(trakt.person().plays(FILM)) == 1
    dodo.ok("sync")
    assert len(trakt.person().plays(FILM)) == 1
    assert dodo.ok("disconnect", "trakt", "--yes").sentence == "Disconnected from Trakt."
    assert trakt.world.accounts.grants == []
    assert not list(dodo.paths.data.glob("trakt-*.token"))


def test_one_sync_serves_both_and_neither_holds_up_the_other(
    dodo: Dodo, standin: StandIn, trakt: TraktStandIn
) -> None:
    """One sync for both; the state of each; one away is the other's business not."""
    dodo.connect(standin)
    use(dodo, trakt)
    dodo.ok("connect", "trakt")
    dodo.do("mark", FILM, "--watched", "--at", "2026-11-01T20:00:00Z")
    trakt.offline = True
    result = dodo.run("sync", "--json", "--merge")
    assert result.code == 1
    dodo.environment["DODO_AUTO_SYNC"] = "false"
    states = {each["id"]: each["sync_state"] for each in dodo.json("status")["providers"]}
    assert states == {"simkl": "idle", "trakt": "offline"}
    (play,) = dodo.json("history")
    assert play["delivered"] == {"simkl": "sent", "trakt": "waiting"}
    trakt.offline = False
    dodo.ok("sync", "--merge")
    (play,) = dodo.json("history")
    assert play["delivered"] == {"simkl": "sent", "trakt": "sent"}


@pytest.mark.needs("mpv")
def test_what_stands_in_the_way_is_said_everywhere(dodo: Dodo, trakt: TraktStandIn) -> None:
    """A locked account: by sync, status and doctor, also after another try."""
    use(dodo, trakt)
    dodo.ok("connect", "trakt")
    trakt.world.accounts.user("Dodo").locked = True
    dodo.run("sync", "--merge")
    dodo.do("mark", FILM, "--watched")
    words = "Trakt has locked this account."
    for command in ("sync", "status", "doctor"):
        result = dodo.run(command)
        assert words in result.out + result.err, command
    named = {check["name"]: check for check in dodo.json("doctor")["checks"]}
    assert named["Trakt sync"]["next_step"] == "Try again: dodo sync"
    assert named["Trakt sign-in page"]["verdict"] == "ok"


def test_the_way_out_names_who_refused(dodo: Dodo, trakt: TraktStandIn) -> None:
    """A grant that was taken back at Trakt is renewed at Trakt."""
    use(dodo, trakt)
    dodo.ok("connect", "trakt")
    dodo.do("mark", FILM, "--watched")
    trakt.person().revoke_access()
    trakt.world.accounts.grants.clear()
    dodo.run("sync", "--merge")
    assert "Sign in again: dodo connect trakt" in dodo.read("why", FILM).out


def test_a_refusal_is_one_sentence(dodo: Dodo, trakt: TraktStandIn) -> None:
    """Told by Trakt, so it is said at once."""
    use(dodo, trakt)
    trakt.faults.add("/auth/oauth/device/token", faults.Reply(418))
    result = dodo.run("connect", "trakt")
    assert (result.code, result.sentence) == (1, "dodo: The sign-in was refused at Trakt.")


@pytest.mark.needs("mpv")
def test_doctor_looks_at_trakt(dodo: Dodo, trakt: TraktStandIn) -> None:
    """Where it is used; an address that is none is said to be one."""
    use(dodo, trakt)
    named = {check["name"]: check for check in dodo.json("doctor")["checks"]}
    assert named["Trakt"]["verdict"] == "ok"
    assert named["Trakt sign-in"]["next_step"] == "Run: dodo connect trakt"
    assert named["Simkl"]["verdict"] == "ok"
    dodo.environment["DODO_TRAKT_AUTH_URL"] = "nonsense"
    assert "Correct DODO_TRAKT_AUTH_URL" in dodo.run("doctor").out


def test_no_secret_leaves(dodo: Dodo, trakt: TraktStandIn, tmp_path: Path) -> None:
    """In good times and bad: not in outputs, logs, exports, the database or the process list."""
    use(dodo, trakt)
    said = [dodo.ok("connect", "trakt")]
    grant = trakt.world.accounts.grants[0]
    secrets = [CLIENT_ID, SECRET, grant.access_token, grant.refresh_token]
    dodo.do("mark", FILM, "--watched", "--at", "2026-11-01")
    echo: JsonObject = {"error": " ".join(secrets), "message": " ".join(secrets)}
    for trouble in (faults.reply(401, echo), faults.reply(500, echo), faults.reply(403, echo),
                    faults.Reset(), None):  # fmt: skip
        if trouble is not None:
            trakt.faults.add("/(sync|users|auth)", trouble, count=None)
        said += [dodo.run("sync"), dodo.run("doctor"), dodo.read("status", "--json")]
        trakt.faults.clear()
    hold = faults.Hold()
    trakt.faults.add("/", hold)
    dodo.do("mark", "tt1375666", "--watched")
    process = dodo.start("sync")
    assert hold.reached.wait(SAFETY_SECONDS)
    line = Path(f"/proc/{process.pid}/cmdline").read_text()
    hold.release()
    process.communicate(timeout=SAFETY_SECONDS)
    export = tmp_path / "export.json"
    said += [dodo.ok("export", str(export)), dodo.ok("disconnect", "trakt", "--yes")]
    seen = [line, export.read_text(), *(result.out + result.err for result in said)]
    seen += [path.read_text() for path in dodo.paths.state.rglob("*") if path.is_file()]
    seen.append(dodo.paths.database.read_bytes().decode("latin-1"))
    for text in seen:
        for secret in secrets:
            assert secret not in text
