"""`dodo profile`, and whose a viewing is on the command line."""

from __future__ import annotations

from dodo_tui.standin.simkl.server import StandIn
from dodo_tui.storage.settings import set_setting
from tests.cli.samples import FILM
from tests.cli.test_imports import imported
from tests.support.cli import Dodo


def test_people_are_made_used_renamed_and_deleted(dodo: Dodo) -> None:
    """Whoever is used is watching from the next command on."""
    assert dodo.json("profile", "list") == [
        {"name": "Me", "colour": "blue", "active": True, "accounts": []}
    ]
    dodo.ok("profile", "add", "Anna")
    dodo.ok("profile", "use", "ANNA")
    assert dodo.json("status")["profile"] == "Anna"
    dodo.ok("profile", "rename", "Me", "Ben")
    assert dodo.ok("profile").out.splitlines() == ["  Ben", "* Anna"]
    refused = dodo.run("profile", "remove", "Anna")
    assert (refused.code, "Add --yes" in refused.sentence) == (1, True)
    dodo.ok("profile", "remove", "Anna", "--yes")
    assert dodo.json("status")["profile"] == "Ben"
    assert "only profile" in dodo.run("profile", "remove", "Ben", "--yes").sentence


def test_the_first_profile_somebody_adds_is_not_the_only_one(dodo: Dodo) -> None:
    """Who has used dodo without naming anybody stays."""
    dodo.ok("profile", "add", "Anna")
    assert [person["name"] for person in dodo.json("profile", "list")] == ["Me", "Anna"]


def test_wrong_names_are_one_sentence(dodo: Dodo) -> None:
    """Nobody of that name; a name that is taken; none at all."""
    assert "no profile 'Zoe'" in dodo.run("profile", "use", "Zoe").sentence
    assert "already" in dodo.run("profile", "add", "me").sentence
    assert "needs a name" in dodo.run("profile", "add", " \x07 ").sentence
    assert "no profile 'Zoe'" in dodo.run("play", "--with", "Zoe", FILM).sentence


def test_deleting_somebody_signs_their_account_out(dodo: Dodo, standin: StandIn) -> None:
    """The token is revoked and its file is gone."""
    dodo.connect(standin)
    dodo.ok("mark", FILM, "--watched")
    dodo.ok("profile", "add", "Anna")
    asked = dodo.run("profile", "remove", "Me")
    assert "1 play" in asked.sentence
    dodo.ok("profile", "remove", "Me", "--yes")
    assert not list(dodo.paths.data.glob("*.token"))
    assert any("revoke" in entry.path for entry in standin.log.entries())
    assert [person["name"] for person in dodo.json("profile", "list")] == ["Anna"]
    assert dodo.json("history") == []


def test_listing_people_imports_nothing_heavy(dodo: Dodo) -> None:
    """Nor does making or deleting one."""
    assert imported(dodo, "profile", "add", "Anna") == set()
    assert imported(dodo, "profile", "list", "--json") == set()
    assert imported(dodo, "profile", "remove", "Anna", "--yes") == set()


def test_what_was_learned_of_the_remote_is_forgotten(dodo: Dodo) -> None:
    """Whoever has taught nonsense gets out without a screen."""
    with dodo.store() as store:
        store.run_now(set_setting, "remote_keys", '{"f13": "ok"}')
    assert dodo.json("remote") == {"f13": "ok"}
    dodo.ok("remote", "--reset")
    assert dodo.json("remote") == {}
