"""Signing in and out on the command line."""

from __future__ import annotations

import asyncio
import io
import re
from pathlib import Path

import pytest

from dodo_tui.cli import connecting
from dodo_tui.cli.context import Context
from dodo_tui.config import Settings
from dodo_tui.standin import faults
from dodo_tui.standin.clock import ManualClock
from dodo_tui.standin.messages import Json
from dodo_tui.standin.simkl.server import StandIn
from dodo_tui.storage.credentials import TokenFile
from dodo_tui.storage.profiles import active_profile
from tests.cli.samples import FILM
from tests.support.cli import Dodo
from tests.support.clock import START, FakeClock

CODE = re.compile(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$|^[A-Z0-9]{5}$")


def connect_here(dodo: Dodo, standin: StandIn, clock: FakeClock) -> int:
    """`dodo connect simkl` in this process, where time can be made to pass."""
    dodo.paths.make()
    settings = Settings(simkl_client_id="demo-v2", simkl_api_url=standin.url)
    ctx = Context(settings, dodo.paths, clock)
    with dodo.store() as store:
        profile = store.run_now(active_profile, None, clock.now())
        return asyncio.run(connecting.sign_in_with_code(ctx, store, profile, "simkl"))


@pytest.mark.parametrize("client_id", ["demo-v2", "demo-v1"])
def test_address_and_code_are_plain_text_once(dodo: Dodo, standin: StandIn, client_id: str) -> None:
    """Two lines on standard output; who it is, on the other one."""
    standin.settings.auto_approve_after_seconds = 0
    dodo.use(standin, client_id)
    result = dodo.ok("connect", "simkl")
    address, code = result.out.splitlines()
    assert address == "Open https://simkl.com/pin and type this code:"
    assert CODE.match(code)
    assert "\x1b" not in result.out
    assert result.sentence == "Connected to Simkl as Dodo."
    simkl = dodo.json("status")["providers"][0]
    assert (simkl["connected"], simkl["user"]) == (True, "Dodo")


def test_connecting_only_signs_in(dodo: Dodo, standin: StandIn) -> None:
    """Nothing that was watched before is sent by it."""
    dodo.use(standin)
    dodo.do("mark", FILM, "--watched")
    standin.settings.auto_approve_after_seconds = 0
    dodo.ok("connect", "simkl")
    written = [entry for entry in standin.log.entries(method="POST") if "/oauth2" not in entry.path]
    assert written == []


def test_who_connects_again_is_known_at_once(dodo: Dodo, standin: StandIn) -> None:
    """By the new sign-in, although the old one is still kept: nothing is pulled or asked anew."""
    standin.settings.auto_approve_after_seconds = 0
    dodo.connect(standin)
    dodo.do("sync")
    standin.person().revoke_access()
    pulled = len(standin.log.entries("/sync/all-items"))
    again = dodo.ok("connect", "simkl")
    assert again.sentence == "Connected to Simkl as Dodo."
    dodo.do("sync")
    assert len(standin.log.entries("/sync/all-items")) == pulled


def test_connecting_again_replaces_the_sign_in(dodo: Dodo, standin: StandIn) -> None:
    """One account, with the newer tokens."""
    standin.settings.auto_approve_after_seconds = 0
    first = dodo.connect(standin)
    dodo.ok("connect", "simkl")
    kept = TokenFile(dodo.paths.data, "simkl", 1).read()
    assert kept is not None
    assert kept.access != first.access
    dodo.do("mark", FILM, "--watched")
    assert dodo.json("sync")["providers"][0]["pushed"] == 1


def test_a_grant_for_reading_only(dodo: Dodo, standin: StandIn) -> None:
    """It says so, ends the grant, and keeps nothing."""
    dodo.use(standin)
    answer: Json = {
        "access_token": "simkl_at_readonly",
        "refresh_token": "simkl_rt_readonly",
        "token_type": "bearer",
        "expires_in": 604800,
        "scope": "media:read",
    }
    standin.faults.add("/oauth2/token", faults.reply(200, answer))
    result = dodo.run("connect", "simkl")
    assert result.code == 1
    assert result.sentence == "dodo: Simkl lets dodo only read. Connect again and allow writing."
    assert not list(dodo.paths.data.glob("*.token"))
    assert len(standin.log.entries("/oauth2/revoke")) == 1
    assert "simkl_at_readonly" not in result.out + result.err


@pytest.mark.parametrize("refuse", [False, True])
def test_a_code_that_runs_out_or_is_refused(
    dodo: Dodo, refuse: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both look the same to an app: after fifteen minutes it says how to go on."""
    with StandIn(clock=ManualClock(START), faithful_limits=False) as standin:
        clock = FakeClock()
        if refuse:
            original = clock.sleep

            async def decline(seconds: float) -> None:
                if (code := standin.waiting_code()) is not None:
                    standin.decline(code)
                await original(seconds)

            clock.sleep = decline  # type: ignore[method-assign]
        assert connect_here(dodo, standin, clock) == 1
    output, errors = capsys.readouterr()
    assert len(output.splitlines()) == 2
    assert errors == "dodo: The code has run out. Run 'dodo connect simkl' again.\n"
    assert 899 <= clock.elapsed <= 901


def test_trouble_while_waiting_does_not_end_it(
    dodo: Dodo, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is said once however long it lasts, and the sign-in goes on."""
    with StandIn(clock=ManualClock(START), faithful_limits=False) as standin:
        standin.faults.add("/oauth2/token", faults.server_error(), count=3)
        standin.settings.auto_approve_after_seconds = 0
        assert connect_here(dodo, standin, FakeClock()) == 0
    output, errors = capsys.readouterr()
    assert len(output.splitlines()) == 2
    assert errors.splitlines() == [
        "Simkl has trouble of its own (500).",
        "Connected to Simkl as Dodo.",
    ]


def test_a_wrong_client_id(dodo: Dodo, standin: StandIn) -> None:
    """Both ways of signing in refuse it."""
    dodo.use(standin, "no-such-id")
    result = dodo.run("connect", "simkl")
    assert (result.code, result.out) == (1, "")
    assert "client id is not accepted" in result.sentence
    assert "no-such-id" not in result.sentence


def test_no_code_can_be_had_offline(dodo: Dodo, standin: StandIn) -> None:
    """No code can be had offline."""
    dodo.use(standin)
    standin.offline = True
    result = dodo.run("connect", "simkl")
    assert (result.code, result.out) == (1, "")
    assert "Simkl" in result.sentence


def test_the_name_is_asked_for_later(dodo: Dodo, standin: StandIn) -> None:
    """A sign-in counts even where Simkl does not say whose it is."""
    standin.settings.auto_approve_after_seconds = 0
    standin.faults.add("/users/settings", faults.server_error())
    dodo.use(standin)
    assert dodo.ok("connect", "simkl").sentence == "Connected to Simkl."
    assert dodo.json("status")["providers"][0]["user"] is None
    dodo.ok("sync")
    assert dodo.json("status")["providers"][0]["user"] == "Dodo"


@pytest.mark.parametrize("is_tty", [False, True])
def test_the_qr_code_is_for_terminals(
    dodo: Dodo, is_tty: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pipe gets the two lines and no more."""

    class Output(io.StringIO):
        def isatty(self) -> bool:
            return is_tty

    output = Output()
    monkeypatch.setattr("sys.stdout", output)
    with StandIn(clock=ManualClock(START), faithful_limits=False) as standin:
        standin.settings.auto_approve_after_seconds = 0
        assert connect_here(dodo, standin, FakeClock()) == 0
    lines = output.getvalue().splitlines()
    assert CODE.match(lines[1])
    assert (len(lines) > 2) is is_tty


def test_disconnect_asks_where_it_can(dodo: Dodo, standin: StandIn) -> None:
    """Without a terminal it wants `--yes`, and says what has not been sent."""
    dodo.connect(standin)
    dodo.do("mark", FILM, "--watched")
    result = dodo.run("disconnect", "simkl")
    assert (result.code, result.out) == (1, "")
    assert "--yes" in result.sentence
    assert "1 fact," in result.sentence
    assert dodo.json("status")["providers"][0]["connected"] is True


def test_disconnect_keeps_what_was_not_sent(dodo: Dodo, standin: StandIn) -> None:
    """The grant ends, the tokens go, the fact waits for the same user's return."""
    tokens = dodo.connect(standin)
    dodo.do("mark", FILM, "--watched", "--at", "2026-11-01T20:00:00Z")
    result = dodo.ok("disconnect", "simkl", "--yes")
    assert result.out == ""
    assert result.sentence == (
        "Disconnected from Simkl. 1 fact not sent yet, kept here for your return."
    )
    assert not list(dodo.paths.data.glob("*.token"))
    with standin.world.lock:
        assert standin.world.accounts.owner(tokens.access) is None
    simkl = dodo.json("status")["providers"][0]
    assert (simkl["connected"], simkl["user"]) == (False, None)
    assert dodo.json("queue") == []
    dodo.connect(standin, "Somebody else")
    assert dodo.json("sync", "--take-theirs")["providers"][0]["pushed"] == 0
    assert standin.person("Somebody else").entry(FILM) is None
    dodo.connect(standin)
    assert dodo.json("sync")["providers"][0]["pushed"] == 1


def test_disconnect_offline_and_unconfigured(dodo: Dodo, standin: StandIn) -> None:
    """The tokens go all the same."""
    dodo.connect(standin)
    standin.offline = True
    dodo.ok("disconnect", "simkl", "--yes")
    assert not list(dodo.paths.data.glob("*.token"))
    dodo.connect(standin)
    dodo.ok("disconnect", "simkl", "--yes", DODO_SIMKL_CLIENT_ID=None)
    assert not list(dodo.paths.data.glob("*.token"))
    assert "not connected" in dodo.ok("disconnect", "simkl", "--yes").sentence


def test_disconnect_with_unreadable_tokens(dodo: Dodo, standin: StandIn) -> None:
    """What cannot be read can still be forgotten."""
    dodo.connect(standin)
    token_file = next(dodo.paths.data.glob("*.token"))
    token_file.write_text("{broken")
    dodo.ok("disconnect", "simkl", "--yes")
    assert not token_file.exists()


def test_tokens_are_private(dodo: Dodo, standin: StandIn, tmp_path: Path) -> None:
    """The file is its owner's alone."""
    standin.settings.auto_approve_after_seconds = 0
    dodo.use(standin)
    dodo.ok("connect", "simkl")
    (token_file,) = dodo.paths.data.glob("*.token")
    assert token_file.stat().st_mode & 0o777 == 0o600
