"""The JSON documents: exact keys and types, which scripts rely upon."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from types import NoneType
from typing import Any

from dodo_tui import __version__
from dodo_tui.standin import faults
from dodo_tui.standin.simkl.server import StandIn
from tests.cli.samples import FILM, SHOW, WATCHED_FILM, write_export
from tests.support.cli import Dodo

Shape = Mapping[str, tuple[type, ...]]

TEXT = (str,)
MAYBE_TEXT = (str, NoneType)
WHOLE = (int,)
MAYBE_WHOLE = (int, NoneType)
NUMBER = (int, float)
MAYBE_NUMBER = (int, float, NoneType)
YES_NO = (bool,)

STATUS: Shape = {
    "version": TEXT,
    "profile": TEXT,
    "providers": (list,),
    "auto_sync_enabled": YES_NO,
    "now_playing": (dict, NoneType),
}
PROVIDER: Shape = {
    "id": TEXT,
    "name": TEXT,
    "configured": YES_NO,
    "connected": YES_NO,
    "user": MAYBE_TEXT,
    "scrobbling_enabled": YES_NO,
    "sync_state": TEXT,
    "last_sync_at": MAYBE_TEXT,
    "last_error": MAYBE_TEXT,
    "items_pulled": WHOLE,
    "items_pushed": WHOLE,
    "queue": (dict,),
    "missing": WHOLE,
}
CARD: Shape = {
    "key": TEXT,
    "media_id": TEXT,
    "type": TEXT,
    "title": TEXT,
    "year": MAYBE_WHOLE,
    "season": MAYBE_WHOLE,
    "episode": MAYBE_WHOLE,
    "episode_title": MAYBE_TEXT,
    "state": TEXT,
    "position_seconds": MAYBE_NUMBER,
    "duration_seconds": MAYBE_NUMBER,
    "ratio": MAYBE_NUMBER,
    "updated_at": MAYBE_TEXT,
    "playable": YES_NO,
}
PLAY: Shape = {
    "play_id": TEXT,
    "key": TEXT,
    "title": TEXT,
    "year": MAYBE_WHOLE,
    "season": MAYBE_WHOLE,
    "episode": MAYBE_WHOLE,
    "source": TEXT,
    "started_at": TEXT,
    "ended_at": MAYBE_TEXT,
    "watched_at": MAYBE_TEXT,
    "ratio": MAYBE_NUMBER,
    "delivered": (dict,),
}
QUEUED: Shape = {
    "id": WHOLE,
    "provider": TEXT,
    "kind": TEXT,
    "key": TEXT,
    "title": MAYBE_TEXT,
    "created_at": TEXT,
    "attempts": WHOLE,
    "next_attempt_at": MAYBE_TEXT,
    "state": TEXT,
    "last_error": MAYBE_TEXT,
}
FILE: Shape = {
    "path": TEXT,
    "key": TEXT,
    "title": TEXT,
    "year": MAYBE_WHOLE,
    "season": MAYBE_WHOLE,
    "episode": MAYBE_WHOLE,
    "match": TEXT,
}
SYNCED: Shape = {
    "id": TEXT,
    "state": TEXT,
    "pulled": WHOLE,
    "pushed": WHOLE,
    "error": MAYBE_TEXT,
    "removed": WHOLE,
    "missing": WHOLE,
}

STATISTICS: Shape = {
    "year": WHOLE,
    "first_year": WHOLE,
    "last_year": WHOLE,
    "seconds": NUMBER,
    "films": WHOLE,
    "episodes": WHOLE,
    "played_seconds": NUMBER,
    "length_seconds": NUMBER,
    "without_length": WHOLE,
    "undated": WHOLE,
    "viewing_days": WHOLE,
    "longest_run": WHOLE,
    "months": (list,),
    "days": (list,),
    "shows": (list,),
}
TALLY: Shape = {"seconds": NUMBER, "films": WHOLE, "episodes": WHOLE}

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


def assert_shape(document: Any, shape: Shape) -> None:
    """Every promised field is there, of its type; times end in Z and ratios are 0 to 1."""
    assert set(shape) <= set(document)
    for name, types in shape.items():
        value = document[name]
        assert type(value) in types, (name, value)
        if name.endswith("_at") and value is not None:
            assert TIME.fullmatch(value), (name, value)
        if name == "ratio" and value is not None:
            assert 0 <= value <= 1


def test_status_of_a_new_dodo(dodo: Dodo) -> None:
    """Everything is there, nothing is connected."""
    document = dodo.json("status")
    assert_shape(document, STATUS)
    assert document["version"] == __version__
    assert (document["profile"], document["now_playing"]) == ("Me", None)
    assert document["auto_sync_enabled"] is True
    assert [provider["id"] for provider in document["providers"]] == ["simkl", "trakt"]
    for provider in document["providers"]:
        assert_shape(provider, PROVIDER)
        assert (provider["connected"], provider["configured"]) == (False, False)
        assert (provider["user"], provider["sync_state"]) == (None, "idle")
        assert provider["queue"] == {"waiting": 0, "held": 0}


def test_status_of_a_connected_dodo(dodo: Dodo, standin: StandIn) -> None:
    """Who is signed in, and what waits."""
    dodo.connect(standin)
    dodo.do("mark", FILM, "--watched")
    simkl = dodo.json("status", DODO_AUTO_SYNC="false")["providers"][0]
    assert_shape(simkl, PROVIDER)
    assert (simkl["configured"], simkl["connected"], simkl["user"]) == (True, True, "Dodo")
    assert simkl["queue"] == {"waiting": 1, "held": 0}
    assert dodo.json("status", DODO_AUTO_SYNC="false")["auto_sync_enabled"] is False


def test_empty_lists_are_empty_documents(dodo: Dodo) -> None:
    """A new dodo has nothing to tell, in JSON all the same."""
    for command in (["continue"], ["history"], ["queue"], ["library", "list"]):
        assert dodo.json(*command) == []
    assert dodo.json("sync") == {"providers": []}


def test_continue_and_up_next(dodo: Dodo, tmp_path: Path) -> None:
    """A film half seen is in progress; after a watched episode the next one is up."""
    dodo.do("import", str(write_export(tmp_path / "export.json")))
    film, episode = dodo.json("continue")
    for card in (film, episode):
        assert_shape(card, CARD)
    assert (film["key"], film["media_id"], film["type"]) == (FILM, FILM, "movie")
    assert (film["state"], film["position_seconds"]) == ("in_progress", 2700.25)
    assert (film["season"], film["episode"], film["episode_title"]) == (None, None, None)
    assert film["ratio"] == 0.3041
    assert (episode["key"], episode["media_id"]) == (f"{SHOW}:1:2", SHOW)
    assert (episode["state"], episode["type"]) == ("up_next", "show")
    assert (episode["season"], episode["episode"]) == (1, 2)
    assert episode["ratio"] is None
    assert not film["playable"]


def test_history_newest_first_and_limited(dodo: Dodo, tmp_path: Path) -> None:
    """Plays of players, marks and other places are in one list."""
    dodo.do("import", str(write_export(tmp_path / "export.json")))
    dodo.do("mark", WATCHED_FILM, "--watched", "--at", "2026-11-19T23:00:00+02:00")
    document = dodo.json("history")
    for play in document:
        assert_shape(play, PLAY)
        assert play["delivered"] == {"simkl": "off"}
    assert [play["source"] for play in document] == ["manual", "mpv", "kodi", "simkl"]
    assert document[0]["watched_at"] == "2026-11-19T21:00:00Z"
    assert document[1]["watched_at"] is None
    assert document[3]["season"] == document[3]["episode"] == 1
    assert dodo.json("history", "--limit", "2") == document[:2]


def test_queue_waiting_and_held(dodo: Dodo, standin: StandIn) -> None:
    """A fact that waits has a time, one that is held has a reason instead."""
    dodo.connect(standin)
    dodo.do("mark", "tt9999999", "--watched")
    (waiting,) = dodo.json("queue")
    assert_shape(waiting, QUEUED)
    assert (waiting["provider"], waiting["kind"], waiting["key"]) == (
        "simkl",
        "watched",
        "tt9999999",
    )
    assert (waiting["state"], waiting["attempts"], waiting["last_error"]) == ("waiting", 0, None)
    assert waiting["next_attempt_at"] is not None
    assert dodo.json("history")[0]["delivered"] == {"simkl": "waiting"}
    dodo.ok("sync")
    (held,) = dodo.json("queue")
    assert_shape(held, QUEUED)
    assert (held["state"], held["next_attempt_at"]) == ("held", None)
    assert held["last_error"] == "Simkl does not know this title."
    assert dodo.json("history")[0]["delivered"] == {"simkl": "held"}


def test_each_film_and_each_part_of_a_file_is_a_row_of_the_library(
    dodo: Dodo, tmp_path: Path
) -> None:
    """A row for each film and episode, one for each part of a double episode."""
    videos = tmp_path / "Videos"
    videos.mkdir()
    for name in (
        "Inception (2010) {imdb-tt1375666}.mkv",
        "Some Show S02E03-E04.mkv",
        "Unknown Film (2001).mkv",
    ):
        (videos / name).write_bytes(b"x" * 100)
    added = dodo.run("library", "add", str(videos))
    assert (added.code, added.out) == (0, "")
    document = dodo.json("library", "list")
    for row in document:
        assert_shape(row, FILE)
    by_title = {row["title"]: row for row in document}
    assert by_title["Inception"]["key"] == FILM
    assert by_title["Inception"]["match"] == "sure"
    assert by_title["Unknown Film"]["match"] == "none"
    double = [row for row in document if row["title"] == "Some Show"]
    assert [(row["season"], row["episode"]) for row in double] == [(2, 3), (2, 4)]


def test_what_a_sync_sends_is_counted(dodo: Dodo, standin: StandIn) -> None:
    """What was sent is counted, here and in status."""
    dodo.connect(standin)
    dodo.do("mark", FILM, "--watched", "--at", "2026-11-01T20:00:00Z")
    document = dodo.json("sync")
    (simkl,) = document["providers"]
    assert_shape(simkl, SYNCED)
    assert (simkl["id"], simkl["state"], simkl["error"]) == ("simkl", "idle", None)
    assert (simkl["pulled"], simkl["pushed"]) == (0, 1)
    assert (simkl["removed"], simkl["missing"]) == (0, 0)
    assert dodo.json("history")[0]["delivered"] == {"simkl": "sent"}
    status = dodo.json("status")["providers"][0]
    assert (status["items_pushed"], status["last_error"]) == (1, None)
    assert TIME.fullmatch(status["last_sync_at"])
    watched_at = standin.person().watched_at(FILM)
    assert watched_at is not None
    assert watched_at.isoformat() == "2026-11-01T20:00:00+00:00"


def test_a_failed_sync_prints_its_document(dodo: Dodo, standin: StandIn) -> None:
    """Exit code 1, one line for people, and the JSON all the same."""
    dodo.connect(standin)
    dodo.do("mark", FILM, "--watched")
    standin.faults.add("/sync/history", faults.server_error())
    result = dodo.run("sync", "--json")
    (simkl,) = result.json["providers"]
    assert_shape(simkl, SYNCED)
    assert (result.code, simkl["state"]) == (1, "error")
    assert simkl["error"] == "Simkl has trouble of its own (500)."
    assert result.sentence == f"dodo: {simkl['error']}"


def test_each_check_has_a_name_a_verdict_and_a_text(dodo: Dodo) -> None:
    """Each check has a name, a verdict, a text and maybe a next step."""
    document = dodo.run("doctor", "--json").json
    assert document["version"] == __version__
    names = [check["name"] for check in document["checks"]]
    assert {"settings", "folders", "database", "mpv", "terminal", "clock", "Simkl"} <= set(names)
    for check in document["checks"]:
        assert set(check) == {"name", "verdict", "text", "next_step"}
        assert check["verdict"] in ("ok", "warning", "failed")


def test_statistics_of_a_year(dodo: Dodo) -> None:
    """Twelve months, the days on which there was something, and the year that was asked for."""
    for key, day in ((f"{SHOW}:1:1", "03-04"), (f"{SHOW}:1:2", "03-05"), (FILM, "11-02")):
        dodo.do("mark", key, "--watched", "--at", f"2024-{day}T12:00:00Z")
    document = dodo.json("stats", "--year", "2024")
    assert_shape(document, STATISTICS)
    assert (document["year"], document["films"], document["episodes"]) == (2024, 1, 2)
    assert [month["month"] for month in document["months"]] == list(range(1, 13))
    for tally in (*document["months"], *document["days"]):
        assert_shape(tally, TALLY)
    assert [day["day"] for day in document["days"]] == ["2024-03-04", "2024-03-05", "2024-11-02"]
    assert (document["viewing_days"], document["longest_run"]) == (3, 2)
    assert document["without_length"] == 3
    assert [show["media_id"] for show in document["shows"]] == [SHOW]
    assert dodo.ok("stats", "--year", "2024").out.startswith("2024: 0 min, 1 film, 2 episodes\n")
    assert dodo.ok("stats", "--year", "2023").out == "Nothing was watched in 2023.\n"
    assert dodo.run("stats", "--year", "9999").code == 2
