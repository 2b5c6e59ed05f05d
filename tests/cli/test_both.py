"""Simkl and Trakt together on the command line: what is answered and undone is the one meant."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from dodo_tui.standin.clock import SystemClock
from dodo_tui.standin.faults import Reset
from dodo_tui.standin.simkl.server import StandIn
from dodo_tui.standin.trakt.server import TraktStandIn
from tests.support import cli
from tests.support.cli import Dodo

AT_SIMKL = ("tt1375666", "tt0133093", "tt0068646")
AT_TRAKT = ("Charade", "Breaking Bad")


class ServerTime(SystemClock):
    """What time it is at the servers, which keep whole seconds."""

    ahead = timedelta()

    def now(self) -> datetime:
        """A little later than here."""
        return super().now() + self.ahead

    def pass_by(self) -> None:
        """What is done at a server from now on is done later than all before."""
        self.ahead += timedelta(seconds=2)


@pytest.fixture
def time() -> ServerTime:
    """One time for both."""
    return ServerTime()


@pytest.fixture
def standin(time: ServerTime) -> Iterator[StandIn]:
    """A stand-in for Simkl that never refuses a pace."""
    with StandIn(clock=time, faithful_limits=False) as running:
        yield running
    assert running.errors == []


@pytest.fixture
def trakt(time: ServerTime) -> Iterator[TraktStandIn]:
    """A stand-in for Trakt that approves at once."""
    with TraktStandIn(clock=time) as running:
        running.settings.faithful_limits = False
        running.settings.poll_interval_seconds = 1
        running.settings.auto_approve_after_seconds = 0
        yield running
    assert running.errors == []


@pytest.fixture
def both(dodo: Dodo, standin: StandIn, trakt: TraktStandIn) -> Dodo:
    """Signed in with both, which hold something each."""
    dodo.connect(standin)
    dodo.environment["DODO_TRAKT_CLIENT_ID"] = "demo-trakt"
    dodo.environment["DODO_TRAKT_API_URL"] = trakt.url
    dodo.environment["DODO_TRAKT_AUTH_URL"] = trakt.auth_url
    dodo.do("connect", "trakt")
    for film in AT_SIMKL:
        standin.person().mark_watched(film)
    trakt.person().watch(AT_TRAKT[0])
    trakt.person().watch(AT_TRAKT[1], 1, 1)
    return dodo


def answers(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Somebody sits at a terminal and types this."""

    class Keyboard(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stdin", Keyboard(text))
    monkeypatch.setattr(cli._Captured, "isatty", lambda _self: True, raising=False)


def watched(dodo: Dodo) -> int:
    """So many films and episodes are watched here."""
    with dodo.store() as store:
        (count,) = store.run_now(
            lambda connection: connection.execute(
                "SELECT count(*) FROM progress WHERE watched"
            ).fetchone()
        )
    return int(count)


def test_an_undo_is_about_what_was_taken_away_last(
    both: Dodo, trakt: TraktStandIn, time: ServerTime
) -> None:
    """Whoever took it away; called once more it does not take the whole first sync back."""
    both.do("sync", "--merge")
    time.pass_by()
    trakt.person().unwatch(AT_TRAKT[0])
    assert "Trakt: 1 title taken off there" in both.read("sync").err
    assert watched(both) == 4
    assert "What Trakt took away" in both.read("sync", "--undo").sentence
    assert watched(both) == 5
    again = both.read("sync", "--undo")
    assert (again.code, watched(both)) == (1, 5)
    assert "the first sync with Trakt" in again.sentence
    assert "'dodo sync --undo first'" in again.sentence
    assert "The first sync with Trakt was taken back" in both.read("sync", "--undo", "first").err
    assert watched(both) == 3


def test_the_first_sync_is_undone_where_it_is_the_last(both: Dodo) -> None:
    """As promised: nothing has been taken away since."""
    both.do("sync", "--merge")
    assert "The first sync with Trakt was taken back" in both.read("sync", "--undo").sentence
    assert watched(both) == 3


def test_at_a_terminal_a_whole_first_sync_is_asked_about(
    both: Dodo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is named; Enter alone changes nothing."""
    both.do("sync", "--merge")
    answers(monkeypatch, "\ny\n")
    asked = both.read("sync", "--undo")
    assert "Take back the first sync with Trakt of" in asked.err
    assert (asked.code, watched(both)) == (0, 5)
    assert "The first sync with Trakt was taken back" in both.read("sync", "--undo").err
    assert watched(both) == 3


def test_not_now_is_about_one_provider(both: Dodo, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other is synced; it is said which one is not."""
    answers(monkeypatch, "n\nm\n")
    result = both.read("sync")
    assert result.code == 0
    assert "Simkl: not synced." in result.err
    assert "Trakt: 0 sent" in result.out
    assert "Simkl:" not in result.out
    assert watched(both) == 2


def test_who_cannot_be_counted_does_not_stop_the_first_sync_with_the_other(
    both: Dodo, standin: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is said, and asked again the next time."""
    answers(monkeypatch, "m\nm\n")
    standin.faults.add("/", Reset())
    result = both.read("sync")
    assert (result.code, watched(both)) == (1, 2)
    assert "dodo: Simkl cannot be reached." in result.err
    standin.faults.clear()
    both.do("sync")
    assert watched(both) == 5


def test_a_provider_that_fails_does_not_stop_the_answer_to_the_other(
    both: Dodo, standin: StandIn, trakt: TraktStandIn, time: ServerTime
) -> None:
    """Each sentence is about one provider, and true."""
    for film in ("Inception", "The Matrix"):
        trakt.person().watch(film)
    both.do("sync", "--merge")
    time.pass_by()
    for film in AT_SIMKL:
        standin.person().remove(film)
    for film in ("Inception", "The Matrix", AT_TRAKT[0]):
        trakt.person().unwatch(film)
    asked = both.read("sync").err
    assert "Simkl: 3 titles are missing" in asked
    assert "Trakt: 3 titles are missing" in asked
    standin.faults.add("/", Reset())
    trakt.log.clear()
    answered = both.read("sync", "--accept-removals")
    assert answered.code == 1
    assert trakt.log.entries() == []  # it has no list to look at once more
    lines = answered.err.splitlines()
    assert "dodo: Simkl cannot be reached. What is missing at Simkl was kept here." in lines
    assert any(line.startswith("Trakt: ") and "removed" in line for line in lines)
    standin.faults.clear()
    assert "Simkl: 3 titles are missing" in both.read("sync").err
