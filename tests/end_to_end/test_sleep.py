"""The machine goes to sleep while films run: what plays is paused, kept and told before it does."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from dodo_tui.engine.logind import LONGEST_SECONDS
from dodo_tui.standin.simkl.server import StandIn
from tests.end_to_end.conftest import KEY, playing
from tests.end_to_end.test_watching import daemon, mpv
from tests.players.programs import session_bus
from tests.support.cli import Dodo
from tests.support.login1 import Login1, login1
from tests.support.waiting import until

pytestmark = pytest.mark.needs("dbus-daemon", "mpv")


@pytest.fixture
def manager(dodo: Dodo) -> Iterator[Login1]:
    """The logind of this machine."""
    with session_bus() as address, login1(address) as made:
        dodo.environment["DBUS_SYSTEM_BUS_ADDRESS"] = address
        yield made


def sleep(manager: Login1, is_told: Callable[[], bool]) -> None:
    """Let the machine go to sleep: whoever holds it up lets go once all is told.

    Or when logind would have lost patience: a busy machine tells it when it is awake.
    """
    began = time.monotonic()
    manager.say(about_to_sleep=True)
    manager.until_held(0)
    if time.monotonic() - began < LONGEST_SECONDS:
        assert is_told()
    until(is_told, "what is to be told before")


def told(standin: StandIn) -> list[str]:
    """The scrobbles, in order."""
    return [entry.path.rpartition("/")[2] for entry in standin.log.entries("/scrobble")]


def test_a_film_is_paused_before_the_machine_sleeps(
    dodo: Dodo, standin: StandIn, film: str, manager: Login1
) -> None:
    """One plays, another may be the one that delivers: neither lets go before it has been told."""
    with daemon(dodo), playing(dodo, film) as viewing:
        manager.until_held(2)
        viewing.mpv.seek(30)
        viewing.mpv.reach(31)
        until(lambda: standin.log.entries("/scrobble/start"), "watching now")
        sleep(manager, lambda: told(standin) == ["start", "pause"])
        assert viewing.mpv.get("pause") is True
        position = viewing.mpv.position()
        (card,) = dodo.json("continue")
        assert card["position_seconds"] == pytest.approx(position, abs=0.5)
        (kept,) = standin.person().playbacks()
        assert kept.progress == pytest.approx(position, abs=1.0)
        manager.say(about_to_sleep=False)
        manager.until_held(2)
        assert viewing.mpv.get("pause") is True
        viewing.mpv.quit()
        assert viewing.end() == 0
    assert len(dodo.json("history")) == 1


def test_what_is_only_watched_is_kept_and_told(
    dodo: Dodo, standin: StandIn, film: str, manager: Login1
) -> None:
    """Another program's mpv is not paused: awake again it plays on, as the same viewing."""
    folder = dodo.paths.runtime.parent / "mpv"
    with mpv(folder, film, 30) as hands, daemon(dodo):
        manager.until_held()
        until(lambda: standin.log.entries("/scrobble/start"), "watching now")
        before = hands.position()
        sleep(manager, lambda: told(standin) == ["start", "pause"])
        (kept,) = standin.person().playbacks()
        assert before - 2.0 <= kept.progress <= hands.position() + 1.0
        assert dodo.json("status")["now_playing"]["paused"] is True
        manager.say(about_to_sleep=False)
        until(lambda: told(standin) == ["start", "pause", "start"], "that it goes on")
        hands.quit()
        until(lambda: dodo.json("history")[0]["ended_at"], "its end")
    (play,) = dodo.json("history")
    assert play["key"] == KEY


def test_no_network_holds_nothing_up(
    dodo: Dodo, standin: StandIn, film: str, manager: Login1
) -> None:
    """The position is kept, and what could not be told waits."""
    with playing(dodo, film) as viewing:
        manager.until_held()
        viewing.mpv.seek(30)
        viewing.mpv.reach(31)
        until(lambda: standin.log.entries("/scrobble/start"), "watching now")
        standin.offline = True
        sleep(
            manager,
            lambda: (
                dodo.json("continue")[0]["position_seconds"]
                == pytest.approx(viewing.mpv.position(), abs=0.5)
            ),
        )
        standin.offline = False
        manager.say(about_to_sleep=False)
        manager.until_held()
        viewing.mpv.quit()
        viewing.end()
        until(lambda: told(standin)[-1] == "pause", "where it was stopped")
