"""`dodo sync`: its document whatever happens, patience, and bounds; and the queue by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dodo_tui.cli import sync_turn, syncing
from dodo_tui.cli.context import Context
from dodo_tui.config import Settings
from dodo_tui.domain.profile import Profile
from dodo_tui.domain.queue import Message, QueueKind
from dodo_tui.engine.services import RealServices
from dodo_tui.providers import http
from dodo_tui.providers.hearing import heard
from dodo_tui.standin import faults
from dodo_tui.standin.simkl.server import StandIn
from dodo_tui.storage import accounts, files, queue, queued
from dodo_tui.storage.leases import Lease
from dodo_tui.storage.profiles import active_profile
from dodo_tui.storage.store import Store
from tests.cli.samples import FILM, WATCHED_FILM
from tests.support.cli import SAFETY_SECONDS, Dodo, Result
from tests.support.held_loop import HeldLoop, LoopClock

LONG_AGO = ("--watched", "--at", "2026-11-01T20:00:00Z")


def outcome(result: Result) -> Any:
    """The one provider of a sync's document."""
    (simkl,) = result.json["providers"]
    assert set(simkl) == {"id", "state", "pulled", "pushed", "error", "removed", "missing"}
    return simkl


def sync_here(
    dodo: Dodo,
    standin: StandIn,
    silence_seconds: float,
    meanwhile: Callable[[HeldLoop], None] | None = None,
) -> Any:
    """A sync in this process, with a patience of our own, and a time that passes as it is told.

    `meanwhile` runs in a thread beside it, and may let time pass.
    """
    settings = Settings(simkl_client_id="demo-v2", simkl_api_url=standin.url)

    async def run(loop: HeldLoop, store: Store, profile: Profile) -> Any:
        beside = asyncio.to_thread(meanwhile, loop) if meanwhile else asyncio.sleep(0)
        synced = syncing.sync_all(ctx, services, store, profile, silence_seconds)
        _, (result,) = await asyncio.gather(beside, synced)
        return result

    held = HeldLoop()
    ctx = Context(settings, dodo.paths, LoopClock(held))
    services = RealServices(settings, dodo.paths, ctx.clock)
    with dodo.store() as store, asyncio.Runner(loop_factory=lambda: held) as runner:
        profile = store.run_now(active_profile, None, ctx.clock.now())
        return runner.run(run(held, store, profile))


@pytest.mark.parametrize("waiting", [True, False])
def test_offline_is_said_and_what_waits_stays(dodo: Dodo, standin: StandIn, waiting: bool) -> None:
    """It says so, be there something to send or not; status says so too."""
    dodo.connect(standin)
    if waiting:
        dodo.do("mark", FILM, *LONG_AGO)
    standin.offline = True
    result = dodo.run("sync", "--json")
    simkl = outcome(result)
    assert (result.code, simkl["state"], simkl["pushed"]) == (1, "offline", 0)
    assert result.sentence == f"dodo: {simkl['error']}"
    status = dodo.json("status")["providers"][0]
    assert (status["sync_state"], status["last_error"]) == ("offline", simkl["error"])
    assert (status["last_sync_at"], status["queue"]["waiting"]) == (None, int(waiting))
    standin.offline = False
    again = outcome(dodo.ok("sync", "--json"))
    assert (again["state"], again["error"], again["pushed"]) == ("idle", None, int(waiting))
    assert dodo.json("status")["providers"][0]["last_sync_at"] is not None


def test_nothing_to_send_is_one_request(dodo: Dodo, standin: StandIn) -> None:
    """Once everything is known, a sync asks whether anything moved, and no more."""
    dodo.connect(standin)
    dodo.ok("sync")
    standin.log.clear()
    assert outcome(dodo.ok("sync", "--json"))["state"] == "idle"
    assert len(standin.log) == 1


def test_a_blocked_client_id_is_named_and_the_fact_waits(dodo: Dodo, standin: StandIn) -> None:
    """412: the fact waits, and the client id is named as the trouble."""
    dodo.connect(standin)
    dodo.do("mark", FILM, *LONG_AGO)
    standin.faults.add("/sync/history", faults.client_refused(), count=None)
    result = dodo.run("sync", "--json")
    assert (result.code, outcome(result)["state"]) == (1, "error")
    assert "client id" in outcome(result)["error"]
    (row,) = dodo.json("queue")
    assert (row["state"], row["attempts"]) == ("waiting", 1)
    assert "client id" in row["last_error"]


def test_the_client_id_is_gone(dodo: Dodo, standin: StandIn) -> None:
    """An account stays connected while nobody can speak for it."""
    dodo.connect(standin)
    dodo.do("mark", FILM, *LONG_AGO)
    result = dodo.run("sync", "--json", DODO_SIMKL_CLIENT_ID=None)
    assert (result.code, outcome(result)["state"]) == (1, "error")
    assert "DODO_SIMKL_CLIENT_ID" in outcome(result)["error"]
    assert dodo.json("queue")[0]["state"] == "waiting"


def test_the_tokens_cannot_be_read(dodo: Dodo, standin: StandIn) -> None:
    """The document comes all the same, with the way out."""
    dodo.connect(standin)
    dodo.do("mark", FILM, *LONG_AGO)
    next(dodo.paths.data.glob("*.token")).write_text("{")
    result = dodo.run("sync", "--json")
    assert (result.code, outcome(result)["state"]) == (1, "error")
    assert "Connect again" in outcome(result)["error"]


def test_access_was_taken_back(dodo: Dodo, standin: StandIn) -> None:
    """The queue keeps; status and doctor ask to reconnect."""
    dodo.connect(standin)
    dodo.do("mark", FILM, *LONG_AGO)
    standin.person().revoke_access()
    result = dodo.run("sync", "--json")
    assert (result.code, outcome(result)["state"]) == (1, "error")
    assert "Connect again" in outcome(result)["error"]
    assert "reconnect, 1 waiting" in dodo.ok("status").out
    assert "dodo connect simkl" in dodo.run("doctor").out


def test_retry_after_is_obeyed(dodo: Dodo, standin: StandIn) -> None:
    """Not even by hand anything is sent before; the time comes up in the queue."""
    dodo.connect(standin)
    dodo.do("mark", FILM, *LONG_AGO)
    standin.faults.add("/sync/history", faults.quota_exceeded(3600))
    first = dodo.run("sync", "--json")
    assert (first.code, outcome(first)["state"]) == (1, "error")
    assert "asks to wait until" in outcome(first)["error"]
    standin.log.clear()
    again = dodo.run("sync", "--json")
    assert (again.code, outcome(again)) == (1, outcome(first))
    assert len(standin.log) == 0
    (row,) = dodo.json("queue")
    wait = datetime.fromisoformat(row["next_attempt_at"]) - datetime.now(UTC)
    assert timedelta(minutes=50) < wait <= timedelta(hours=1)


def test_a_back_off_is_not_waited_for(dodo: Dodo, standin: StandIn) -> None:
    """Asked for by hand, a row that has failed is tried again at once."""
    dodo.connect(standin)
    dodo.do("mark", FILM, *LONG_AGO)
    standin.faults.add("/sync/history", faults.server_error(), count=2)
    for _ in range(2):
        assert outcome(dodo.run("sync", "--json"))["state"] == "error"
    assert outcome(dodo.ok("sync", "--json"))["pushed"] == 1


def test_who_is_not_answered_is_told_within_the_promised_time(dodo: Dodo, standin: StandIn) -> None:
    """After its patience it gives up and says so; the promise to users is twenty seconds."""
    assert sync_turn.SILENCE_SECONDS == 20
    dodo.connect(standin)
    dodo.do("mark", FILM, *LONG_AGO)
    hold = faults.Hold()
    rule = standin.faults.add("/sync/history", hold, count=None)

    def wait(loop: HeldLoop) -> None:
        assert hold.reached.wait(SAFETY_SECONDS)
        loop.call_soon_threadsafe(loop.pass_seconds, 10)

    result = sync_here(dodo, standin, 10, wait)
    assert result["state"] == "offline"
    assert result["error"] == "Simkl has not answered within 10 seconds."
    status = dodo.json("status")["providers"][0]
    assert (status["sync_state"], status["queue"]["waiting"]) == ("offline", 1)
    standin.faults.remove(rule)
    assert outcome(dodo.ok("sync", "--json"))["pushed"] == 1


def test_patience_begins_anew_with_every_answer(dodo: Dodo, standin: StandIn) -> None:
    """A long queue that moves is not silence: four writes, a second apart, take longer."""
    dodo.connect(standin)
    dodo.read("mark", FILM, *LONG_AGO)
    with dodo.store() as store:
        (account,) = store.run_now(accounts.connected_accounts)
        for kind in (QueueKind.WATCHED, QueueKind.UNWATCHED) * 2:
            message = Message(kind, None, datetime(2026, 11, 1, tzinfo=UTC))
            store.run_now(queue.add_message, account.id, FILM, None, message, datetime.now(UTC))
    result = sync_here(dodo, standin, 1.9)
    assert (result["error"], result["state"]) == (None, "idle")
    assert dodo.json("queue") == []


def test_an_answer_that_is_arriving_is_not_silence(
    dodo: Dodo, standin: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each piece of it takes more than half of what may pass without a word."""
    dodo.connect(standin)
    standin.person().mark_watched(FILM)
    drip = faults.Drip(pieces=12, pause_seconds=0.01)
    standin.faults.add("/sync/all-items/movies", drip)

    def late() -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, HeldLoop)
        loop.pass_seconds(0.6)
        heard()

    monkeypatch.setattr(http, "heard", late)
    result = sync_here(dodo, standin, 1.0)
    assert (result["error"], result["state"], result["pulled"]) == (None, "idle", 1)


def test_waiting_for_another_dodo(
    dodo: Dodo, standin: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It waits while another process sends, and goes on when that one has done."""
    dodo.connect(standin)
    dodo.do("mark", FILM, *LONG_AGO)
    lease = Lease(dodo.paths.data / "queue.lock")
    assert lease.take()
    result = sync_here(dodo, standin, 0.5)
    assert result["error"] == "Another dodo is still busy sending."
    assert len(standin.log) == 0
    refused: list[bool] = []

    class Counted(Lease):
        def take(self) -> bool:
            taken = super().take()
            refused.append(not taken)
            if len(refused) == 3:
                lease.release()
            return taken

    monkeypatch.setattr(sync_turn, "Lease", Counted)
    assert sync_here(dodo, standin, SAFETY_SECONDS)["pushed"] == 1
    assert refused == [True, True, True, False]


def test_a_killed_sync_is_not_syncing_for_ever(dodo: Dodo, standin: StandIn) -> None:
    """Its state in the database says syncing; nobody is."""
    dodo.connect(standin)
    dodo.do("mark", FILM, *LONG_AGO)
    hold = faults.Hold()
    standin.faults.add("/sync/history", hold, count=None)
    process = dodo.start("sync")
    assert hold.reached.wait(SAFETY_SECONDS)
    assert dodo.json("status")["providers"][0]["sync_state"] == "syncing"
    process.kill()
    process.communicate(timeout=SAFETY_SECONDS)
    assert dodo.json("status")["providers"][0]["sync_state"] == "idle"
    assert "1 waiting" in dodo.ok("status").out
    standin.faults.clear()
    assert outcome(dodo.ok("sync", "--json"))["pushed"] == 1


def test_what_was_sent_is_data_and_what_failed_is_not(dodo: Dodo, standin: StandIn) -> None:
    """What was sent is data; what failed is not."""
    assert "dodo connect simkl" in dodo.ok("sync").sentence
    dodo.connect(standin)
    dodo.do("mark", FILM, *LONG_AGO)
    assert dodo.ok("sync").out == "Simkl: 1 sent, 0 changed here\n"
    standin.offline = True
    failed = dodo.run("sync")
    assert (failed.code, failed.out) == (1, "")
    assert failed.sentence.startswith("dodo: ")


def test_a_held_fact_waits_again_or_is_given_up(dodo: Dodo, standin: StandIn) -> None:
    """A held fact waits again, or is given up; the history says what became of it."""
    dodo.connect(standin)
    for key in ("tt9999991", "tt9999992"):
        dodo.do("mark", key, *LONG_AGO)
    dodo.ok("sync")
    first, second = dodo.json("queue")
    assert (first["state"], second["state"]) == ("held", "held")
    assert "1 will be tried again" in dodo.ok("queue", "retry", str(first["id"])).sentence
    assert [row["state"] for row in dodo.json("queue")] == ["waiting", "held"]
    assert "2 will be tried again" in dodo.ok("queue", "retry").sentence
    dodo.ok("queue", "discard", str(second["id"]))
    assert [row["id"] for row in dodo.json("queue")] == [first["id"]]
    words = {play["key"]: play["delivered"]["simkl"] for play in dodo.json("history")}
    assert words == {"tt9999991": "waiting", "tt9999992": "rejected"}
    for command in (["retry", "999"], ["discard", "999"]):
        refused = dodo.run("queue", *command)
        assert (refused.code, refused.out) == (1, "")
        assert "no row 999" in refused.sentence
    assert "waiting  Simkl does not know this title." in dodo.ok("queue").out
    with dodo.store() as store:
        assert store.run_now(queued.unsent_facts, 1) == 1


def test_a_mark_taken_back_before_it_was_sent(dodo: Dodo, standin: StandIn) -> None:
    """Only the last word goes out."""
    dodo.connect(standin)
    standin.person().mark_watched(WATCHED_FILM)
    dodo.do("mark", WATCHED_FILM, *LONG_AGO)
    dodo.do("mark", WATCHED_FILM, "--unwatched")
    assert [row["kind"] for row in dodo.json("queue")] == ["unwatched"]
    assert "was not marked" in dodo.ok("mark", WATCHED_FILM, "--unwatched").sentence
    dodo.ok("sync")
    assert not standin.person().has_watched(WATCHED_FILM)
    assert dodo.json("history")[0]["delivered"] == {"simkl": "off"}


def test_hiding_is_local(dodo: Dodo, standin: StandIn) -> None:
    """It leaves the shelf and tells nobody."""
    dodo.connect(standin)
    dodo.do("hide", FILM)
    assert dodo.json("queue") == []
    assert dodo.json("continue") == []


def test_a_share_that_was_told_elsewhere_is_no_number_of_seconds(
    dodo: Dodo, standin: StandIn
) -> None:
    """How long it is, is not known here yet."""
    standin.person().pause("The Matrix", 42.0)
    dodo.connect(standin)
    dodo.do("sync")
    (card,) = dodo.json("continue")
    assert (card["ratio"], card["position_seconds"], card["duration_seconds"]) == (0.42, None, None)


def test_a_film_that_was_found_by_its_name_is_told_by_the_rules(
    dodo: Dodo, standin: StandIn, tmp_path: Path
) -> None:
    """Looked up once, because a file has no id, and marked at once: that breaks no rule."""
    folder = tmp_path / "media"
    folder.mkdir()
    (folder / "Inception.2010.mkv").write_bytes(b"a")
    dodo.do("library", "add", str(folder))
    dodo.connect(standin)
    dodo.do("sync", "--merge")
    assert any(entry.path.startswith("/search/") for entry in standin.log.entries())
    dodo.do("mark", "tt1375666", "--watched")
    assert dodo.json("sync")["providers"][0]["pushed"] == 1
    assert standin.violations == []


def test_a_first_sync_says_what_follows(dodo: Dodo, standin: StandIn, tmp_path: Path) -> None:
    """What was marked before it was known: found as a file, found by a search, and not found."""
    folder = tmp_path / "media"
    folder.mkdir()
    for name in ("Inception.2010.mkv", "The.Matrix.1998.mkv", "xyz-qqq.mkv"):
        (folder / name).write_bytes(name.encode())
    dodo.do("library", "add", str(folder))
    with dodo.store() as store:
        keys = [file.keys[0] for file in store.run_now(files.files_below, str(folder))]
    for key in keys:
        dodo.do("mark", key, *LONG_AGO)
    dodo.connect(standin)
    result = dodo.run("sync", "--merge")
    lines = result.err.splitlines()
    assert result.out == "Simkl: 1 sent, 0 changed here\n"
    assert any(line.startswith("Simkl: 1 more found since.") for line in lines)
    assert "1 more is not identified yet. It is sent once it is known what it is." in lines
    assert "not identified" not in dodo.run("sync").err
