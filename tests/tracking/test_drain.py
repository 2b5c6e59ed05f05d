"""Draining the queue against a provider that fails on command."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from dodo_tui.domain.account import Account
from dodo_tui.domain.ids import Ids, Kind
from dodo_tui.domain.queue import DeliveryState, QueueKind, QueueRow, QueueState
from dodo_tui.domain.status import SyncState
from dodo_tui.providers.changes import ResumePoint
from dodo_tui.providers.errors import (
    BrokenError,
    MisconfiguredError,
    OfflineError,
    ProviderError,
    RejectedError,
    ThrottledError,
    UnauthorizedError,
)
from dodo_tui.providers.facts import Answer, Outcome
from dodo_tui.providers.items import Item
from dodo_tui.storage import accounts, queued, sending
from dodo_tui.storage.account_status import sync_status
from dodo_tui.storage.lists import ListEntry, find_entry, save_entry
from dodo_tui.storage.media import known_ids
from dodo_tui.storage.store import Store
from dodo_tui.tracking.draining.drain import Drained, drain
from tests.storage.support import (
    delivered,
    put_account,
    put_film,
    put_mark,
    put_profile,
    put_progress,
    put_row,
)
from tests.support.clock import START, FakeClock
from tests.tracking.fakes import FakeProvider, Script

FILM = "tt0133093"
_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)


class Queue:
    """An account's queue, filled and drained."""

    def __init__(self, store: Store, account: Account, clock: FakeClock) -> None:
        self.store, self.account, self.clock = store, account, clock
        self.provider = FakeProvider()

    def put(
        self,
        kind: QueueKind = QueueKind.WATCHED,
        key: str = FILM,
        play: str | None = None,
        percent: float | None = None,
        ago: timedelta = timedelta(),
        delay: float = 0.0,
    ) -> int:
        """Queue something that happened so long ago."""
        at = self.clock.now() - ago
        if play is not None:
            self.store.run_now(put_mark, key, play, at=at)
        return self.store.run_now(
            put_row, self.account, kind, key, play_id=play, percent=percent, at=at, delay=delay
        )

    def film(self, number: int) -> str:
        """One more film; answers its key."""
        return self.store.run_now(put_film, f"tt{number:07}", f"Film {number}")

    async def drain(self) -> Drained:
        """Send what is due."""
        account = self.store.run_now(accounts.find_account, 1, "simkl")
        assert account is not None
        return await drain(self.store, account, self.provider, self.clock, jitter=lambda: 0.5)

    @property
    def rows(self) -> tuple[QueueRow, ...]:
        """What still waits."""
        return self.store.run_now(sending.next_rows, self.account.id, 1000)

    @property
    def held(self) -> list[QueueRow]:
        """What waits for the user."""
        facts = self.store.run_now(queued.all_facts, 1)
        return [row for row in facts if row.state is QueueState.HELD]


@pytest.fixture
def line(store: Store, account: Account, clock: FakeClock) -> Queue:
    """An empty queue."""
    return Queue(store, account, clock)


def _fail(*, title: str | None = None, verb: str | None = None, error: ProviderError) -> Script:
    def script(its_verb: str, its_title: str) -> ProviderError | None:
        fits = title in (None, its_title) and verb in (None, its_verb)
        return error if fits else None

    return script


# ---------------------------------------------------------------------------- what goes how


async def test_where_nothing_waits_nobody_is_called(line: Queue) -> None:
    """No call at all."""
    assert await line.drain() == Drained(0, SyncState.IDLE, None, None)
    assert line.provider.calls == []


async def test_a_viewing_told_as_it_happens(line: Queue, store: Store) -> None:
    """Start, pause and one stop with the true percent."""
    line.put(QueueKind.START, play="p1", percent=5.0)
    await line.drain()
    line.put(QueueKind.PAUSE, play="p1", percent=40.0)
    await line.drain()
    line.put(QueueKind.WATCHED, play="p1", percent=90.25)
    assert (await line.drain()).sent == 1
    assert line.provider.calls == [
        ("start", ("The Matrix", 5.0)),
        ("pause", ("The Matrix", 40.0)),
        ("stop", ("The Matrix", 90.25)),
    ]
    assert line.rows == ()
    assert store.run_now(delivered, "p1") == DeliveryState.SENT
    status = store.run_now(sync_status, 1, "simkl")
    assert (status.last_sync_at, status.items_pushed) == (None, 3)


async def test_a_late_fact_goes_through_history_with_its_true_time(line: Queue) -> None:
    """A stop would be stamped now."""
    line.put(play="p1", percent=93.0, ago=_HOUR)
    await line.drain()
    assert line.provider.calls == [("watched", [("The Matrix", START - _HOUR)])]


async def test_a_mark_by_hand_is_never_a_scrobble(line: Queue) -> None:
    """Defect 29, however fresh it is."""
    line.put(play="p1")
    line.put(QueueKind.UNWATCHED)
    await line.drain()
    assert line.provider.verbs == ["watched", "unwatched"]


async def test_late_facts_go_in_batches(line: Queue) -> None:
    """A thousand in twenty requests, every time its own."""
    for number in range(1000):
        line.put(key=line.film(number), ago=_HOUR + timedelta(seconds=number))
    assert (await line.drain()).sent == 1000
    assert len(line.provider.calls) == 20
    assert line.provider.watched() == [
        (f"Film {n}", START - _HOUR - timedelta(seconds=n)) for n in range(1000)
    ]


async def test_order_is_kept_strictly(line: Queue) -> None:
    """Defect 30: watched, taken back and watched again ends as watched."""
    for kind in (QueueKind.WATCHED, QueueKind.WATCHED, QueueKind.UNWATCHED, QueueKind.WATCHED):
        line.put(kind, ago=_HOUR)
    line.put(QueueKind.START, play="p1", percent=5.0)
    await line.drain()
    assert line.provider.verbs == ["watched", "unwatched", "watched", "start"]
    first = line.provider.calls[0][1]
    assert isinstance(first, list)
    assert len(first) == 2


async def test_on_sent_hears_of_every_step(line: Queue, store: Store, account: Account) -> None:
    """For a screen that counts down."""
    line.put(QueueKind.WATCHED, ago=_HOUR)
    line.put(QueueKind.UNWATCHED)
    heard: list[int] = []
    await drain(store, account, line.provider, line.clock, heard.append)
    assert heard == [1, 2]


# ------------------------------------------------------------------------------- live rows


async def test_late_live_rows_die(line: Queue) -> None:
    """Defect 25: a start that is replayed is a false "watching now"."""
    line.put(QueueKind.START, play="p1", percent=5.0, ago=timedelta(seconds=61))
    line.put(QueueKind.PAUSE, play="p2", percent=5.0, ago=timedelta(days=-1))
    assert await line.drain() == Drained(0, SyncState.IDLE, None, None)
    assert line.provider.calls == []
    assert line.rows == ()


async def test_live_rows_that_were_overtaken_die(line: Queue) -> None:
    """Only the last state of a viewing is worth telling; another's is left alone."""
    line.put(QueueKind.START, play="p1", percent=5.0)
    line.put(QueueKind.START, play="p2", percent=6.0)
    line.put(QueueKind.PAUSE, play="p1", percent=7.0)
    await line.drain()
    assert line.provider.calls == [("start", ("The Matrix", 6.0)), ("pause", ("The Matrix", 7.0))]


async def test_what_may_still_be_taken_back_overtakes_nothing(line: Queue) -> None:
    """A pause in its debounce: the start is told, and the drain says when to come back."""
    line.put(QueueKind.START, play="p1", percent=5.0)
    line.put(QueueKind.PAUSE, play="p1", percent=5.1, delay=5.0)
    result = await line.drain()
    assert line.provider.verbs == ["start"]
    assert result.next_at == line.clock.now() + timedelta(seconds=5)
    line.clock.advance(5)
    await line.drain()
    assert line.provider.verbs == ["start", "pause"]


async def test_a_live_row_that_is_rejected_is_forgotten(line: Queue) -> None:
    """There is nothing for the user to decide about it."""
    line.provider.script = _fail(error=RejectedError("no"))
    line.put(QueueKind.START, play="p1", percent=5.0)
    await line.drain()
    assert (line.rows, line.held) == ((), [])


# -------------------------------------------------------------------------------- progress


async def test_an_unfinished_end_is_a_pause_whatever_the_percent(line: Queue) -> None:
    """Defect 21."""
    line.put(QueueKind.PROGRESS, play="p1", percent=85.0)
    await line.drain()
    assert line.provider.calls == [("pause", ("The Matrix", 85.0))]


async def test_a_pause_that_was_just_told_is_not_told_again(line: Queue, store: Store) -> None:
    """Quitting while paused, the most usual end."""
    line.put(QueueKind.PAUSE, play="p1", percent=40.0)
    await line.drain()
    line.put(QueueKind.PROGRESS, play="p1", percent=40.3)
    result = await line.drain()
    assert (line.provider.verbs, result.sent) == (["pause"], 0)
    assert line.rows == ()
    assert store.run_now(delivered, "p1") == DeliveryState.SENT


async def test_a_pause_told_elsewhere_in_the_film_is_told_again(line: Queue) -> None:
    """It was paused at 40 %, and closed at 60 %."""
    line.put(QueueKind.PAUSE, play="p1", percent=40.0)
    await line.drain()
    line.put(QueueKind.PROGRESS, play="p1", percent=60.0)
    await line.drain()
    assert line.provider.verbs == ["pause", "pause"]


async def test_an_end_right_after_the_start_is_told(line: Queue) -> None:
    """What was told at that place was that it plays, not that it was left."""
    line.put(QueueKind.START, play="p1", percent=5.0)
    await line.drain()
    line.put(QueueKind.PROGRESS, play="p1", percent=5.2)
    await line.drain()
    assert line.provider.verbs == ["start", "pause"]


def _point(ago: timedelta, percent: float = 70.0) -> ResumePoint:
    item = Item(Kind.MOVIE, "The Matrix", 1999, Ids(imdb=FILM))
    return ResumePoint(item, percent, START - ago)


@pytest.mark.parametrize(
    ("points", "told"),
    [
        ((_point(_HOUR, 70.0),), ["points", "forget"]),
        ((_point(_HOUR, 69.0),), ["points", "forget"]),
        ((_point(_HOUR, 71.5),), ["points"]),
        (
            (replace(_point(_HOUR), item=Item(Kind.MOVIE, "Heat", 1995, Ids(imdb="tt1"))),),
            ["points"],
        ),
        ((), ["points"]),
    ],
)
async def test_a_place_told_of_the_wrong_title_is_taken_back(
    line: Queue, points: tuple[ResumePoint, ...], told: list[str]
) -> None:
    """Unless it has moved since, which was not our doing; no other title's is touched."""
    line.provider.points = points
    line.put(QueueKind.UNPAUSED, percent=70.0)
    assert (await line.drain()).sent == 1
    assert (line.provider.verbs, line.rows) == (told, ())


async def test_another_episode_overtakes_nothing(line: Queue) -> None:
    """The next one was begun on the phone since; the place in this one is still true."""
    series = Ids(imdb="tt0903747")
    other = Item(Kind.SHOW, "Breaking Bad", 2008, series, 1, 2)
    line.provider.points = (ResumePoint(other, 10.0, START),)
    line.put(QueueKind.PROGRESS, "tt0903747:1:1", percent=40.0, ago=_HOUR)
    await line.drain()
    assert line.provider.verbs == ["points", "pause"]
    same = replace(other, number=1)
    line.provider.points = (ResumePoint(same, 10.0, START),)
    line.put(QueueKind.PROGRESS, "tt0903747:1:1", percent=40.0, ago=_HOUR)
    await line.drain()
    assert line.provider.verbs == ["points", "pause", "points"]


@pytest.mark.parametrize(
    ("points", "told"),
    [
        ((), ["points", "pause"]),
        ((_point(2 * _HOUR),), ["points", "pause"]),
        ((_point(_MINUTE),), ["points"]),
    ],
)
async def test_late_progress_yields_to_what_the_provider_has(
    line: Queue, points: tuple[ResumePoint, ...], told: list[str]
) -> None:
    """A provider stamps a pause now: an old one must not beat a newer one."""
    line.provider.points = points
    line.put(QueueKind.PROGRESS, play="p1", percent=30.0, ago=_HOUR)
    await line.drain()
    assert line.provider.verbs == told
    assert line.rows == ()


async def test_resume_points_are_asked_for_once(line: Queue) -> None:
    """Requests are counted by the day."""
    for number in range(5):
        line.put(QueueKind.PROGRESS, line.film(number), f"p{number}", 30.0, _HOUR)
    await line.drain()
    assert line.provider.verbs == ["points", *["pause"] * 5]


async def test_late_progress_yields_to_what_was_played_here_since(
    line: Queue, store: Store
) -> None:
    """Defect 48, from our own side."""
    line.put(QueueKind.PROGRESS, play="p1", percent=30.0, ago=_HOUR)
    store.run_now(put_progress, FILM, 4000.0, at=START - _MINUTE)
    await line.drain()
    assert line.provider.calls == []
    assert line.rows == ()


async def test_late_progress_yields_to_a_mark_whatever_its_date(line: Queue, store: Store) -> None:
    """Marked as watched last year, by hand, just now: nothing is left to resume."""
    line.put(QueueKind.PROGRESS, play="p1", percent=30.0, ago=_HOUR)
    store.run_now(put_progress, FILM, 0.0, at=START - 300 * _HOUR, watched=True)
    await line.drain()
    assert line.provider.calls == []


# ------------------------------------------------------------------------------ each failure


@pytest.mark.parametrize(
    ("error", "state", "wait"),
    [
        (OfflineError("No network."), SyncState.OFFLINE, 5.0),
        (BrokenError("Trouble."), SyncState.ERROR, 5.0),
        (MisconfiguredError("Client id."), SyncState.ERROR, 900.0),
        (UnauthorizedError("Connect again."), SyncState.ERROR, 900.0),
        (ThrottledError("Wait.", START + _HOUR), SyncState.ERROR, 3600.0),
    ],
)
async def test_every_kind_of_failure_waits_and_says_why(
    line: Queue, store: Store, error: ProviderError, state: SyncState, wait: float
) -> None:
    """The first call decides; the rest of the queue is not burnt on it."""
    line.provider.script = _fail(error=error)
    line.put(ago=_HOUR, play="p1")
    line.put(QueueKind.UNWATCHED)
    result = await line.drain()
    assert len(line.provider.calls) == 1
    assert (result.state, result.error, result.sent) == (state, str(error), 0)
    assert result.next_at == START + timedelta(seconds=wait)
    assert len(line.rows) == 2
    assert (line.rows[0].attempts, line.rows[0].last_error) == (1, str(error))
    assert line.rows[0].not_before == result.next_at
    status = store.run_now(sync_status, 1, "simkl")
    assert (status.state, status.last_error, status.last_sync_at) == (state, str(error), None)
    assert store.run_now(delivered, "p1") == DeliveryState.WAITING
    assert (await line.drain()).next_at == result.next_at
    assert len(line.provider.calls) == 1


async def test_the_wait_doubles_up_to_a_quarter_of_an_hour(line: Queue) -> None:
    """And is spread, so that not all dodos come at once."""
    line.provider.script = _fail(error=OfflineError("No network."))
    line.put(ago=_HOUR)
    waits = []
    for _ in range(10):
        result = await line.drain()
        assert result.next_at is not None
        waits.append((result.next_at - line.clock.now()).total_seconds())
        line.clock.advance(waits[-1])
    assert waits == [5, 10, 20, 40, 80, 160, 320, 640, 900, 900]


async def test_a_row_that_was_tried_for_a_year_waits_no_longer(line: Queue, store: Store) -> None:
    """However often that was."""
    line.provider.script = _fail(error=OfflineError("No network."))
    line.put(ago=_HOUR)
    store.run_now(lambda connection: connection.execute("UPDATE queue SET attempts = 35000"))
    assert (await line.drain()).next_at == line.clock.now() + timedelta(minutes=15)


async def test_a_dead_sign_in_is_not_alive_because_nothing_waits(line: Queue, store: Store) -> None:
    """Only an answer shows that it is accepted again."""
    store.run_now(accounts.set_needs_reconnect, line.account.id, True)
    await line.drain()
    account = store.run_now(accounts.find_account, 1, "simkl")
    assert account is not None
    assert account.needs_reconnect


async def test_a_dead_sign_in_asks_to_reconnect_and_the_queue_goes_on_growing(
    line: Queue, store: Store
) -> None:
    """Pain 22; once it is accepted again nobody is asked any more."""
    line.provider.script = _fail(error=UnauthorizedError("Connect again."))
    line.put(ago=_HOUR)
    await line.drain()
    account = store.run_now(accounts.find_account, 1, "simkl")
    assert account is not None
    assert account.needs_reconnect
    line.put(QueueKind.UNWATCHED)
    line.provider.script = lambda _verb, _title: None
    line.clock.advance(900)
    assert (await line.drain()).sent == 2
    account = store.run_now(accounts.find_account, 1, "simkl")
    assert account is not None
    assert not account.needs_reconnect


async def test_retry_after_is_obeyed_though_the_row_is_gone(line: Queue, store: Store) -> None:
    """Also by hand, and also by what was queued since."""
    until = START + _HOUR
    line.provider.script = _fail(verb="start", error=ThrottledError("Wait.", until))
    line.put(QueueKind.START, play="p1", percent=5.0)
    assert (await line.drain()).next_at == until
    store.run_now(sending.forget, line.rows)
    line.put(QueueKind.PROGRESS, play="p1", percent=6.0)
    store.run_now(queued.make_due, line.account.id, line.clock.now())
    result = await line.drain()
    assert (result.next_at, result.state) == (until, SyncState.ERROR)
    assert line.provider.verbs == ["start"]
    line.clock.advance(3600)
    await line.drain()
    assert line.provider.verbs[-1] == "pause"


async def test_a_throttle_of_years_is_a_clock_that_jumped(line: Queue, store: Store) -> None:
    """Nobody waits until 2036."""
    store.run_now(accounts.set_throttled_until, line.account.id, START + timedelta(days=3650))
    line.put(ago=_HOUR)
    assert (await line.drain()).sent == 1


async def test_what_is_rejected_is_held_and_blocks_nothing(line: Queue, store: Store) -> None:
    """Pain 8: one poisoned row never blocks others."""
    line.provider.script = _fail(title="The Matrix", error=RejectedError("Not a film."))
    line.put(QueueKind.PROGRESS, play="p1", percent=50.0)
    line.put(key=line.film(1), ago=_HOUR)
    result = await line.drain()
    assert (result.state, result.sent) == (SyncState.IDLE, 1)
    assert [row.last_error for row in line.held] == ["Not a film."]
    assert store.run_now(delivered, "p1") == DeliveryState.HELD
    assert line.rows == ()


async def test_the_culprit_of_a_rejected_batch_is_found(line: Queue) -> None:
    """The others are told one by one."""
    line.provider.script = _fail(title="Film 3", error=RejectedError("Malformed."))
    for number in range(6):
        line.put(key=line.film(number), ago=_HOUR)
    assert (await line.drain()).sent == 5
    assert [row.key for row in line.held] == ["tt0000003"]


async def test_an_unknown_title_is_held_and_the_rest_of_its_batch_is_sent(line: Queue) -> None:
    """201 does not mean stored."""
    line.provider.script = lambda _verb, title: (
        Answer(Outcome.UNKNOWN_TITLE) if title == "Film 1" else None
    )
    for number in range(3):
        line.put(key=line.film(number), ago=_HOUR)
    assert (await line.drain()).sent == 2
    assert [row.last_error for row in line.held] == ["Simkl does not know this title."]


async def test_what_the_provider_says_of_an_unknown_title_is_the_reason(line: Queue) -> None:
    """There may be something that the user can mend."""
    line.provider.script = lambda _verb, _title: Answer(Outcome.UNKNOWN_TITLE, why="It is counted.")
    line.put(key=line.film(1), ago=_HOUR)
    await line.drain()
    assert [row.last_error for row in line.held] == ["It is counted."]


async def test_an_unknown_title_told_live_is_held_too(line: Queue) -> None:
    """A start about it is forgotten."""
    line.provider.script = lambda _verb, _title: Answer(Outcome.UNKNOWN_TITLE)
    line.put(QueueKind.START, play="p1", percent=5.0)
    await line.drain()
    line.put(play="p1", percent=95.0)
    await line.drain()
    assert [row.kind for row in line.held] == [QueueKind.WATCHED]


async def test_a_series_as_a_whole_is_never_told(line: Queue) -> None:
    """Pain 14: a show without coordinates would mark every episode."""
    line.put(key="tt0903747", ago=_HOUR)
    line.put(QueueKind.UNWATCHED, key="tt0903747")
    await line.drain()
    assert line.provider.calls == []
    assert len(line.held) == 2


async def test_a_row_that_breaks_a_server_which_takes_others_is_held_at_last(line: Queue) -> None:
    """Four times it had the benefit of the doubt."""
    line.provider.script = _fail(title="The Matrix", error=BrokenError("500."))
    line.put(ago=_HOUR)
    line.put(QueueKind.UNWATCHED, key=line.film(1))
    for _ in range(4):
        assert (await line.drain()).state is SyncState.ERROR
        assert line.held == []
        line.clock.advance(900)
    result = await line.drain()
    assert (result.state, result.sent) == (SyncState.IDLE, 1)
    assert [row.key for row in line.held] == [FILM]


async def test_only_the_culprit_of_a_batch_that_breaks_a_server_is_held(line: Queue) -> None:
    """Its innocent companions are sent."""
    line.provider.script = _fail(title="Film 2", error=BrokenError("500."))
    for number in range(5):
        line.put(key=line.film(number), ago=_HOUR)
    for _ in range(12):
        await line.drain()
        line.clock.advance(900)
    assert [row.key for row in line.held] == ["tt0000002"]
    assert line.rows == ()


async def test_a_server_that_takes_nothing_is_asked_at_a_quarter_of_an_hour(line: Queue) -> None:
    """Nothing is held for the server's own trouble, and nothing hammers it."""
    line.provider.script = _fail(error=BrokenError("502."))
    line.put(ago=_HOUR)
    for _ in range(20):
        result = await line.drain()
        assert result.state is SyncState.ERROR
        assert result.next_at is not None
        assert result.next_at > line.clock.now()
        before = len(line.provider.calls)
        await line.drain()
        assert len(line.provider.calls) == before
        line.clock.advance((result.next_at - line.clock.now()).total_seconds())
    assert line.held == []
    assert len(line.provider.calls) <= 21


async def test_a_night_offline_condemns_nothing(line: Queue) -> None:
    """One 500 after hours without a network is no proof against a row."""
    line.provider.script = _fail(error=OfflineError("No network."))
    line.put(ago=_HOUR)
    line.put(QueueKind.UNWATCHED, key=line.film(1))
    for _ in range(20):
        await line.drain()
        line.clock.advance(900)
    line.provider.script = _fail(title="The Matrix", error=BrokenError("500."))
    await line.drain()
    assert line.held == []
    line.provider.script = lambda _verb, _title: None
    line.clock.advance(900)
    assert (await line.drain()).sent == 2


async def test_a_stop_that_was_not_counted_becomes_history(line: Queue, store: Store) -> None:
    """The provider's answer says what it did."""
    line.provider.script = lambda verb, _title: Answer(Outcome.SAVED) if verb == "stop" else None
    line.put(play="p1", percent=90.0)
    assert (await line.drain()).sent == 1
    assert line.provider.verbs == ["stop", "watched"]
    assert store.run_now(delivered, "p1") == DeliveryState.SENT


async def test_told_before_is_a_success(line: Queue) -> None:
    """Defect 49: 409."""
    line.provider.script = lambda _verb, _title: Answer(Outcome.REPEATED)
    line.put(play="p1", percent=90.0)
    assert (await line.drain()).sent == 1


async def test_a_stop_whose_answer_was_lost_goes_on_as_history(line: Queue) -> None:
    """Which does not double at Simkl, and keeps the time."""
    line.provider.script = _fail(verb="stop", error=OfflineError("No answer."))
    line.put(play="p1", percent=90.0)
    await line.drain()
    line.clock.advance(10)
    await line.drain()
    assert line.provider.calls[1] == ("watched", [("The Matrix", START)])


async def test_the_ids_that_a_provider_answers_are_kept(line: Queue, store: Store) -> None:
    """They go along the next time."""
    line.provider.script = lambda _verb, _title: Answer(Outcome.NOTED, Ids(simkl="53434"))
    line.put(QueueKind.START, play="p1", percent=5.0)
    await line.drain()
    assert store.run_now(known_ids, FILM).simkl == "53434"


async def test_a_fact_from_a_clock_that_ran_ahead_is_dated_now_at_the_latest(line: Queue) -> None:
    """Nothing was watched in the future, and nothing waits for it."""
    line.put(play="p1", percent=95.0, ago=timedelta(days=-3650))
    assert (await line.drain()).sent == 1
    assert line.provider.watched() == [("The Matrix", START)]


@pytest.mark.parametrize(
    ("kind", "waits", "stays"),
    [
        (QueueKind.UNWATCHED, False, False),
        (QueueKind.UNWATCHED, True, True),
        (QueueKind.WATCHED, False, True),
    ],
)
async def test_a_film_that_is_taken_back_is_on_no_list_there(
    line: Queue, store: Store, kind: QueueKind, waits: bool, stays: bool
) -> None:
    """Simkl keeps history, list and rating as one entry; but for what is told of it next."""
    entry = ListEntry(FILM, "simkl", Kind.MOVIE, "completed", 8, None, None)
    store.run_now(save_entry, 1, entry, START)
    line.put(kind, ago=_HOUR)
    if waits:
        line.put(QueueKind.RATED, delay=3600.0)
    await line.drain()
    assert (store.run_now(find_entry, 1, FILM, "simkl") is not None) is stays


async def test_two_accounts_never_mix(line: Queue, store: Store) -> None:
    """Each has a queue, a throttle and a state of its own."""
    anna = store.run_now(put_account, "2", store.run_now(put_profile, "Anna"))
    line.put(ago=_HOUR)
    store.run_now(accounts.set_throttled_until, line.account.id, START + _HOUR)
    hers = Queue(store, anna, line.clock)
    hers.put(QueueKind.UNWATCHED, key=line.film(1))
    result = await drain(store, anna, hers.provider, line.clock)
    assert result.sent == 1
    assert hers.provider.verbs == ["unwatched"]
    assert len(line.rows) == 1
