"""`dodo doctor`: for everything that is not well, the next step."""

from __future__ import annotations

from typing import Any

import pytest

from dodo_tui.standin import faults
from dodo_tui.standin.simkl.server import StandIn
from dodo_tui.storage.leases import WATCHING_LEASE, Lease
from tests.cli.samples import FILM
from tests.players.programs import session_bus
from tests.support.cli import Dodo, Result
from tests.support.login1 import login1


def checks(result: Result) -> dict[str, Any]:
    """The checks by name."""
    return {check["name"]: check for check in result.json["checks"]}


@pytest.mark.needs("mpv")
def test_a_new_dodo_lacks_nothing_but_what_is_a_matter_of_choice(dodo: Dodo) -> None:
    """There is an mpv; no client id is a matter of choice."""
    result = dodo.run("doctor", "--json")
    found = checks(result)
    assert (result.code, result.err) == (0, "")
    assert found["mpv"]["verdict"] == "ok"
    assert found["mpv"]["text"][0].isdigit()
    assert found["Simkl"]["verdict"] == "warning"
    assert "DODO_SIMKL_CLIENT_ID" in found["Simkl"]["next_step"]
    assert "mpv" in dodo.ok("doctor").out


@pytest.mark.needs("dbus-daemon")
def test_who_says_when_the_machine_sleeps(dodo: Dodo) -> None:
    """logind, where there is one; where there is none, dodo notices when it is over."""
    with session_bus() as address, login1(address) as manager:
        found = checks(dodo.run("doctor", "--json", DBUS_SYSTEM_BUS_ADDRESS=address))
        manager.until_held(0)
    assert found["sleep"]["text"] == "logind tells before this machine sleeps"
    found = checks(dodo.run("doctor", "--json", DBUS_SYSTEM_BUS_ADDRESS="unix:path=/nobody"))
    assert found["sleep"]["verdict"] == "ok"
    assert "There is no system bus here." in found["sleep"]["text"]


@pytest.mark.needs("mpv")
def test_nothing_is_left_to_do_for_who_is_signed_in(dodo: Dodo, standin: StandIn) -> None:
    """Signed in, reachable, nothing held."""
    dodo.connect(standin)
    found = checks(dodo.ok("doctor", "--json"))
    assert {check["verdict"] for check in found.values()} == {"ok"}
    assert "Me is Dodo" in found["sign-in"]["text"]


@pytest.mark.needs("mpv")
@pytest.mark.parametrize(
    ("environment", "name", "verdict"),
    [
        ({"DODO_MPV": "/no/such/mpv"}, "mpv", "failed"),
        ({"DODO_MPV_ARGS": '"'}, "mpv", "failed"),
        ({"DODO_AUTO_SYNC": "maybe"}, "settings", "failed"),
        ({"DODO_KODI": "http://box/"}, "players", "failed"),
        ({"DODO_JELLYFIN_URL": "http://127.0.0.1:1"}, "players", "failed"),
        ({"DODO_PROFILE": "Nobody"}, "profile", "failed"),
        ({"DODO_SIMKL_API_URL": "http://127.0.0.1:1"}, "network", "warning"),
        ({"DODO_SIMKL_API_URL": "http://127.0.0.1:port"}, "network", "failed"),
        ({"DODO_SIMKL_API_URL": "nonsense"}, "network", "failed"),
        ({"DODO_SIMKL_API_URL": f"http://{'a' * 70}.invalid"}, "network", "warning"),
    ],
)
def test_what_is_not_well_has_a_next_step(
    dodo: Dodo, standin: StandIn, environment: dict[str, str], name: str, verdict: str
) -> None:
    """Broken things fail it, the rest only warns."""
    dodo.connect(standin)
    result = dodo.read("doctor", "--json", **environment)
    check = checks(result)[name]
    assert check["verdict"] == verdict
    assert check["next_step"]
    assert result.code == (1 if verdict == "failed" else 0)


def test_databases_that_cannot_be_used(dodo: Dodo) -> None:
    """The rest is looked at all the same."""
    dodo.paths.data.mkdir(parents=True)
    dodo.paths.database.write_bytes(b"This is no database." * 500)
    for client_id in (None, "demo-v2"):
        result = dodo.run(
            "doctor",
            "--json",
            DODO_SIMKL_CLIENT_ID=client_id,
            DODO_SIMKL_API_URL="http://127.0.0.1:1",
        )
        assert result.code == 1
        check = checks(result)["database"]
        assert (check["verdict"], bool(check["next_step"])) == ("failed", True)
        assert "mpv" in checks(result)


def test_folders_that_cannot_be_made(dodo: Dodo) -> None:
    """The folder is named."""
    dodo.paths.data.parent.mkdir()
    dodo.paths.data.write_text("")
    result = dodo.run("doctor", "--json")
    check = checks(result)["folders"]
    assert (result.code, check["verdict"]) == (1, "failed")
    assert str(dodo.paths.data) in check["text"]
    assert check["next_step"]


@pytest.mark.needs("mpv")
def test_sign_in_and_queue(dodo: Dodo, standin: StandIn) -> None:
    """Not connected, refused, unreadable, and facts that are held."""
    dodo.use(standin)
    dodo.ok("status")
    assert checks(dodo.ok("doctor", "--json"))["sign-in"]["next_step"] == "Run: dodo connect simkl"
    dodo.connect(standin)
    dodo.do("mark", FILM, "--watched")
    standin.faults.add("/sync/history", faults.error(400, "bad"))
    dodo.run("sync")
    held = checks(dodo.ok("doctor", "--json"))["queue"]
    assert (held["verdict"], held["next_step"]) == ("warning", "See why: dodo queue")
    next(dodo.paths.data.glob("*.token")).write_text("{")
    broken = checks(dodo.run("doctor", "--json"))["sign-in"]
    assert (broken["verdict"], broken["next_step"]) == ("failed", "Run: dodo connect simkl")


@pytest.mark.needs("mpv")
def test_whether_anybody_watches_other_players(dodo: Dodo) -> None:
    """A dodo that runs does; without one there is the service."""
    watching = checks(dodo.ok("doctor", "--json"))["watching"]
    assert watching["next_step"].endswith("dodo service install")
    lease = Lease(dodo.paths.data / WATCHING_LEASE)
    assert lease.take()
    watching = checks(dodo.ok("doctor", "--json"))["watching"]
    assert (watching["text"], watching["next_step"]) == ("a dodo is watching other players", None)
    lease.release()
    off = checks(dodo.ok("doctor", "--json", DODO_WATCH_PLAYERS="false"))["watching"]
    assert off["text"] == "off (watch_players)"


def test_a_daemon_says_what_it_cannot_use(dodo: Dodo) -> None:
    """Nobody would see it later."""
    result = dodo.run("daemon", DODO_KODI="http://box/")
    assert result.code == 1
    assert result.sentence == "dodo: kodi must be a host, or host:port, not 'http://box/'."
