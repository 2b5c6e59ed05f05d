"""What commands say and do while another process is frozen in the middle of writing."""

from __future__ import annotations

import pytest

from dodo_tui.standin.simkl.server import StandIn
from dodo_tui.storage import database
from tests.cli.samples import FILM
from tests.support.cli import Dodo
from tests.support.locked import frozen_writer


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits five seconds for each thing that cannot be written."""
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 20)


@pytest.mark.parametrize(
    "command",
    [
        ("mark", FILM, "--watched"),
        ("hide", FILM),
        ("library", "add", "."),
        ("queue", "retry"),
        ("sync",),
        ("sync", "--undo"),
    ],
)
def test_it_is_said_who_holds_the_database_and_the_way_out(
    dodo: Dodo, standin: StandIn, command: tuple[str, ...]
) -> None:
    """One sentence; when the other has gone everything works again."""
    dodo.connect(standin)
    dodo.do("mark", FILM, "--watched")
    with frozen_writer(dodo.paths.database) as pid:
        failed = dodo.read(*command)
        assert (failed.code, failed.out) == (1, "")
        assert f"is held by process {pid}, which was stopped" in failed.sentence
        assert f"'kill -CONT {pid}'" in failed.sentence
    dodo.do("mark", FILM, "--unwatched")


def test_what_only_reads_goes_on(dodo: Dodo) -> None:
    """Nobody who looks waits for who writes."""
    dodo.do("mark", FILM, "--watched")
    with frozen_writer(dodo.paths.database):
        for command in ("status", "history", "continue", "queue", "stats"):
            assert dodo.read(command).code == 0
        assert FILM in dodo.read("why", FILM).out


def test_the_document_of_a_sync_comes_whatever_happens(dodo: Dodo, standin: StandIn) -> None:
    """Also where nothing can be written; afterwards it goes through."""
    dodo.connect(standin)
    dodo.do("mark", FILM, "--watched")
    dodo.do("sync", "--merge")
    with frozen_writer(dodo.paths.database) as pid:
        failed = dodo.read("sync", "--json")
        (simkl,) = failed.json["providers"]
        assert (failed.code, simkl["state"]) == (1, "error")
        assert f"process {pid}" in simkl["error"]
    assert dodo.read("sync", "--json").json["providers"][0]["state"] == "idle"
