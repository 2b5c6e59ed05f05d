"""A provider that counts twice what it is told twice: what is marked, and what is looked for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dodo_tui.clock import CorrectedClock
from dodo_tui.domain.account import Account
from dodo_tui.domain.queue import QueueKind
from dodo_tui.domain.status import SyncState
from dodo_tui.domain.thresholds import PROMPT_SECONDS
from dodo_tui.providers.errors import BrokenError, OfflineError, ProviderError, RejectedError
from dodo_tui.providers.facts import Answer, Outcome
from dodo_tui.storage import sending
from dodo_tui.storage.store import Store
from dodo_tui.tracking.draining.drain import drain
from dodo_tui.tracking.draining.order import SETTLING_SECONDS
from tests.support.clock import START, FakeClock
from tests.tracking.fakes import Script
from tests.tracking.test_drain import Queue

HOUR = timedelta(hours=1)
SETTLED = timedelta(seconds=SETTLING_SECONDS)


@pytest.fixture
def line(store: Store, account: Account, clock: FakeClock) -> Queue:
    """An empty queue to such a provider."""
    made = Queue(store, account, clock)
    made.provider.repeats_are_harmless = False
    return made


def failing(verb: str, error: ProviderError) -> Script:
    """A provider on which one kind of call fails."""
    return lambda its_verb, _title: error if its_verb == verb else None


def is_marked(line: Queue) -> list[bool]:
    """Which of the rows are to be looked for before they are sent again."""
    return [row.sending_at is not None for row in line.rows]


@pytest.mark.parametrize(
    ("error", "marked"),
    [
        (OfflineError("No network.", never_sent=True), False),
        (OfflineError("It took too long."), True),
        (BrokenError("Trouble of its own."), True),
    ],
)
async def test_what_certainly_never_left_is_sent_again_at_once(
    line: Queue, error: ProviderError, marked: bool
) -> None:
    """Everything else may have arrived, and is looked for first."""
    line.provider.script = failing("watched", error)
    line.put(ago=HOUR)
    await line.drain()
    assert is_marked(line) == [marked]
    line.provider.script = lambda _verb, _title: None
    line.clock.advance(60)
    await line.drain()
    again = ["looked for", "watched"] if marked else ["watched"]
    assert line.provider.verbs == ["watched", *again]
    assert line.rows == ()


async def test_what_could_not_be_looked_for_stays_unclear(line: Queue, store: Store) -> None:
    """No network, once more: that question was never asked, the fact may still have arrived."""
    line.put(ago=HOUR)
    store.run_now(sending.mark_sending, line.rows, START - SETTLED)
    line.provider.script = failing("looked for", OfflineError("No network.", never_sent=True))
    await line.drain()
    assert (line.provider.verbs, is_marked(line)) == (["looked for"], [True])


async def test_what_is_found_there_is_not_sent(line: Queue, store: Store) -> None:
    """The rest is, as if nothing had been tried."""
    for number in range(3):
        line.put(key=line.film(number), ago=HOUR)
    store.run_now(sending.mark_sending, line.rows, START - SETTLED)
    line.provider.script = lambda verb, title: (
        Answer(Outcome.DONE) if (verb, title) == ("looked for", "Film 1") else None
    )
    assert (await line.drain()).sent == 3
    assert line.provider.calls == [
        ("looked for", ["Film 0", "Film 1", "Film 2"]),
        ("watched", [("Film 0", START - HOUR), ("Film 2", START - HOUR)]),
    ]


async def test_a_rejected_batch_has_not_arrived(line: Queue) -> None:
    """Each of its rows is sent by itself at once, and none is looked for."""
    line.provider.script = lambda verb, title: (
        RejectedError("Malformed.") if (verb, title) == ("watched", "Film 3") else None
    )
    for number in range(5):
        line.put(key=line.film(number), ago=HOUR)
    assert (await line.drain()).sent == 4
    assert "looked for" not in line.provider.verbs
    assert [row.key for row in line.held] == ["tt0000003"]


async def test_a_stop_that_was_not_counted_has_not_arrived(line: Queue) -> None:
    """The answer is that it was kept as a place: it goes as history, and is not looked for."""
    line.provider.script = lambda verb, _title: Answer(Outcome.SAVED) if verb == "stop" else None
    line.put(play="p1", percent=95.0)
    await line.drain()
    assert line.provider.verbs == ["stop", "watched"]
    assert line.rows == ()


@pytest.mark.parametrize(
    ("kind", "play"),
    [(QueueKind.UNWATCHED, None), (QueueKind.PROGRESS, "p1"), (QueueKind.START, "p1")],
)
async def test_what_may_be_said_twice_is_not_marked(
    line: Queue, kind: QueueKind, play: str | None
) -> None:
    """Only what counts each time."""
    line.provider.script = lambda _verb, _title: OfflineError("It took too long.")
    line.put(kind, play=play, percent=40.0 if play else None)
    await line.drain()
    assert is_marked(line) == [False]


@pytest.mark.parametrize(
    ("ago", "percent", "may_be_stop"),
    [
        (timedelta(seconds=PROMPT_SECONDS), 95.0, True),
        (timedelta(seconds=PROMPT_SECONDS + 1), 95.0, False),
        (timedelta(), None, False),
    ],
)
async def test_what_is_known_of_what_is_looked_for(
    line: Queue, store: Store, ago: timedelta, percent: float | None, may_be_stop: bool
) -> None:
    """A viewing that was fresh may have been stamped there; by a wrong clock none was later."""
    line.put(play="p1", percent=percent, ago=ago)
    sent_at = line.clock.now()
    store.run_now(sending.mark_sending, line.rows, sent_at)
    line.clock.advance(SETTLING_SECONDS)
    await line.drain()
    (unclear,) = line.provider.unclear
    assert (unclear.sent_at, unclear.may_be_stop) == (sent_at, may_be_stop)
    assert unclear.fact.watched_at == sent_at - ago


async def test_what_was_sent_before_it_happened_happened_then(line: Queue, store: Store) -> None:
    """A clock that ran ahead has dated it."""
    line.put(ago=-HOUR)
    store.run_now(sending.mark_sending, line.rows, START - SETTLED)
    store.run_now(lambda connection: connection.execute("UPDATE queue SET not_before = created_at"))
    line.clock.advance(2 * 3600)
    await line.drain()
    assert line.provider.unclear[0].fact.watched_at == START - SETTLED


async def test_nobody_is_asked_how_late_it_is_without_need(line: Queue, store: Store) -> None:
    """A viewing told as it happens bears no date, and what is looked for has been sent."""
    clock = CorrectedClock(line.clock, lambda: 0.0)
    line.put(play="p1", percent=95.0)
    drained = await drain(store, line.account, line.provider, clock)
    assert (drained.sent, drained.state) == (1, SyncState.IDLE)
    line.put(ago=HOUR)
    store.run_now(sending.mark_sending, line.rows, START - SETTLED)
    line.provider.script = lambda verb, title: (
        Answer(Outcome.DONE) if verb == "looked for" and title else None
    )
    drained = await drain(store, line.account, line.provider, clock)
    assert (drained.sent, line.provider.verbs) == (1, ["stop", "looked for"])
