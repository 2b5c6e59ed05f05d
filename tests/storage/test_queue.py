"""The queue, deliveries and accounts."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

import pytest

from dodo_tui.domain.account import User
from dodo_tui.domain.ids import Ids, Kind, MediaId
from dodo_tui.domain.media import Media
from dodo_tui.domain.progress import Origin
from dodo_tui.domain.queue import DeliveryState, QueueKind, QueueState
from dodo_tui.domain.status import SyncState
from dodo_tui.storage import accounts, queue, queued, sending
from dodo_tui.storage.account_status import provider_status, sync_status, waiting_keys
from dodo_tui.storage.database import transaction
from dodo_tui.storage.history import history, named_facts, untold_watches
from dodo_tui.storage.media import save_media
from dodo_tui.storage.synclog import MOST_ROWS, log_sync, sync_log
from tests.storage.support import (
    delivered,
    put_account,
    put_film,
    put_mark,
    put_profile,
    put_row,
)
from tests.support.clock import START

_MINUTE = timedelta(minutes=1)


@pytest.fixture
def film(connection: sqlite3.Connection) -> str:
    """A film with a viewing `p1` that is watched."""
    key = put_film(connection)
    put_mark(connection, key, "p1")
    return key


def test_a_row_says_all_that_is_needed_to_send_it(
    connection: sqlite3.Connection, film: str
) -> None:
    """And its play says that it waits."""
    account = put_account(connection)
    put_row(connection, account, key=film, play_id="p1", percent=93.25)
    (row,) = sending.next_rows(connection, account.id, 50)
    assert (row.kind, row.key, row.play_id, row.percent) == (QueueKind.WATCHED, film, "p1", 93.25)
    assert row.happened_at == row.created_at == row.not_before == START
    assert (row.attempts, row.failures, row.state) == (0, 0, QueueState.WAITING)
    assert delivered(connection, "p1") == DeliveryState.WAITING
    (fact,) = named_facts(connection, 1)
    assert (fact.row.id, fact.title, fact.name) == (row.id, "Film", "Film")


@pytest.mark.parametrize(("kind", "name"), [(Kind.SHOW, "Title  S1 E5"), (Kind.ANIME, "Title  E5")])
def test_a_row_is_named_as_its_title_is_numbered(
    connection: sqlite3.Connection, kind: Kind, name: str
) -> None:
    """An anime's only season goes without saying, as everywhere else."""
    media_id = MediaId.parse("simkl:37089")
    with transaction(connection, durable=False):
        save_media(connection, Media(media_id, kind, "Title", ids=Ids.of(media_id)), START)
    put_row(connection, put_account(connection), key="simkl:37089:1:5")
    (fact,) = named_facts(connection, 1)
    assert fact.name == name


def test_what_is_only_a_key_is_named_by_it(connection: sqlite3.Connection) -> None:
    """And has no title to give away in a script's answer."""
    put_row(connection, put_account(connection), key="tt0000009:1:5")
    (fact,) = named_facts(connection, 1)
    assert (fact.title, fact.name) == (None, "tt0000009:1:5")


def test_live_rows_are_no_promise(connection: sqlite3.Connection, film: str) -> None:
    """They are not listed, not counted, and their play says nothing."""
    account = put_account(connection)
    put_row(connection, account, QueueKind.START, key=film, play_id="p1")
    assert queued.all_facts(connection, 1) == ()
    assert queued.unsent_facts(connection, account.id) == 0
    assert waiting_keys(connection, 1) == frozenset()
    assert sync_status(connection, 1, "simkl").waiting == 0
    assert delivered(connection, "p1") is None
    assert len(sending.next_rows(connection, account.id, 50)) == 1


def test_a_settled_row_is_gone_and_acknowledged(connection: sqlite3.Connection, film: str) -> None:
    """Defect 42: deleted by its id, and only then."""
    account = put_account(connection)
    put_row(connection, account, key=film, play_id="p1", percent=91.0)
    (row,) = sending.next_rows(connection, account.id, 50)
    sending.settle(connection, row, DeliveryState.SENT, "stop", "watched", START)
    assert sending.next_rows(connection, account.id, 50) == ()
    assert delivered(connection, "p1") == DeliveryState.SENT
    assert sending.acknowledged(connection, "p1", account.id) == sending.Acknowledged("stop", 91.0)


def test_what_ends_unsent_leaves_the_acknowledgement_before_it(
    connection: sqlite3.Connection, film: str
) -> None:
    """A pause that was told remains the last thing that was told."""
    account = put_account(connection)
    put_row(connection, account, QueueKind.PAUSE, film, play_id="p1", percent=40.0)
    sending.settle(
        connection,
        sending.next_rows(connection, account.id, 1)[0],
        DeliveryState.SENT,
        "pause",
        "",
        START,
    )
    put_row(connection, account, QueueKind.PROGRESS, film, play_id="p1", percent=40.2)
    sending.settle(
        connection,
        sending.next_rows(connection, account.id, 1)[0],
        DeliveryState.SENT,
        "",
        "",
        START,
    )
    assert sending.acknowledged(connection, "p1", account.id) == sending.Acknowledged("pause", 40.0)


def test_a_start_that_was_sent_does_not_hide_a_fact_that_waits(
    connection: sqlite3.Connection, film: str
) -> None:
    """The worst news of a play counts."""
    account = put_account(connection)
    put_row(connection, account, QueueKind.START, film, play_id="p1")
    put_row(connection, account, QueueKind.WATCHED, film, play_id="p1")
    start, fact = sending.next_rows(connection, account.id, 2)
    sending.settle(connection, start, DeliveryState.SENT, "start", "noted", START)
    assert delivered(connection, "p1") == DeliveryState.WAITING
    put_row(connection, account, QueueKind.START, film, play_id="p1")
    sending.hold(connection, fact, "no", START)
    sending.settle(
        connection,
        sending.next_rows(connection, account.id, 1)[0],
        DeliveryState.SENT,
        "start",
        "",
        START,
    )
    assert delivered(connection, "p1") == DeliveryState.HELD


def test_what_is_left_of_a_play_is_said_of_it(connection: sqlite3.Connection, film: str) -> None:
    """A fact that still waits before one that is held; "watching now" is no fact."""
    account = put_account(connection)
    for play_id in ("p1", "p2"):
        put_mark(connection, film, play_id)
    for kind in (QueueKind.UNPAUSED, QueueKind.PROGRESS, QueueKind.WATCHED, QueueKind.START):
        put_row(connection, account, kind, film, play_id="p1")
    first, held, last, _start = sending.next_rows(connection, account.id, 4)
    sending.hold(connection, held, "no", START)
    sending.settle(connection, first, DeliveryState.SENT, "", "", START)
    assert delivered(connection, "p1") == DeliveryState.WAITING
    sending.settle(connection, last, DeliveryState.SENT, "stop", "watched", START)
    assert delivered(connection, "p1") == DeliveryState.HELD
    put_row(connection, account, QueueKind.WATCHED, film, play_id="p2")
    put_row(connection, account, QueueKind.START, film, play_id="p2")
    watched = sending.next_rows(connection, account.id, 4)[1]
    sending.settle(connection, watched, DeliveryState.SENT, "stop", "watched", START)
    assert delivered(connection, "p2") == DeliveryState.SENT


def test_only_a_provider_that_was_there_makes_a_row_suspect(
    connection: sqlite3.Connection, film: str
) -> None:
    """A night without a network is no fault of what waits."""
    account = put_account(connection)
    put_row(connection, account, key=film)
    (row,) = sending.next_rows(connection, account.id, 1)
    sending.postpone(connection, row, START, "Simkl cannot be reached.")
    sending.postpone(connection, row, START, "Simkl has trouble of its own.", broken=True)
    (row,) = sending.next_rows(connection, account.id, 1)
    assert (row.attempts, row.failures) == (2, 1)


def test_what_is_rejected_is_held_with_its_reason_and_can_be_tried_or_given_up(
    connection: sqlite3.Connection, film: str
) -> None:
    """Defect 49: a dead letter is shown, and is the user's to decide."""
    account = put_account(connection)
    row_id = put_row(connection, account, key=film, play_id="p1")
    (row,) = sending.next_rows(connection, account.id, 50)
    sending.hold(connection, row, "Simkl does not know this title.", START)
    assert sending.next_rows(connection, account.id, 50) == ()
    (held,) = queued.all_facts(connection, 1)
    assert (held.state, held.last_error) == (QueueState.HELD, "Simkl does not know this title.")
    assert delivered(connection, "p1") == DeliveryState.HELD
    assert queued.retry(connection, 1, None, START + _MINUTE) == 1
    (again,) = sending.next_rows(connection, account.id, 50)
    assert again.not_before == START + _MINUTE
    assert delivered(connection, "p1") == DeliveryState.WAITING
    assert queued.discard(connection, 1, row_id, START)
    assert not queued.discard(connection, 1, row_id, START)
    assert queued.all_facts(connection, 1) == ()
    assert delivered(connection, "p1") == DeliveryState.REJECTED


def test_a_row_taken_back_meanwhile_is_not_held(connection: sqlite3.Connection, film: str) -> None:
    """An answer about what is no more changes nothing."""
    account = put_account(connection)
    put_row(connection, account, key=film, play_id="p1")
    (row,) = sending.next_rows(connection, account.id, 50)
    with transaction(connection, durable=True):
        queue.drop_unsent(connection, 1, film, START)
    sending.hold(connection, row, "no", START)
    assert delivered(connection, "p1") == DeliveryState.OFF


def test_retry_and_network_back_end_a_back_off_but_obey_retry_after(
    connection: sqlite3.Connection, film: str
) -> None:
    """By hand nobody waits for dodo's own caution, only for the provider's word."""
    account = put_account(connection)
    put_row(connection, account, key=film, play_id="p1")
    (row,) = sending.next_rows(connection, account.id, 50)
    sending.postpone(connection, row, START + 60 * _MINUTE, "Simkl cannot be reached.")
    queued.make_due(connection, account.id, START + _MINUTE)
    assert sending.next_rows(connection, account.id, 1)[0].not_before == START + _MINUTE
    sending.postpone(connection, row, START + 60 * _MINUTE, "Simkl asks to wait.")
    accounts.set_throttled_until(connection, account.id, START + 30 * _MINUTE)
    queued.make_due(connection, account.id, START + 2 * _MINUTE)
    assert sending.next_rows(connection, account.id, 1)[0].not_before == START + 30 * _MINUTE
    queued.retry(connection, 1, None, START + 2 * _MINUTE)
    assert sending.next_rows(connection, account.id, 1)[0].not_before == START + 30 * _MINUTE
    assert sending.next_rows(connection, account.id, 1)[0].attempts == 2


def test_one_profile_cannot_touch_another_s_rows(connection: sqlite3.Connection, film: str) -> None:
    """Pain 5: nothing leaks between profiles."""
    other = put_profile(connection, "Anna")
    account = put_account(connection)
    row_id = put_row(connection, account, key=film)
    assert queued.retry(connection, other, row_id, START) == 0
    assert not queued.discard(connection, other, row_id, START)
    assert queued.all_facts(connection, other) == ()
    with transaction(connection, durable=True):
        queue.drop_unsent(connection, other, film, START)
    assert len(queued.all_facts(connection, 1)) == 1


def test_a_clock_that_ran_ahead_does_not_stop_the_queue_for_years(
    connection: sqlite3.Connection, film: str
) -> None:
    """What was queued or put off in 2036 is due as soon as it is 2026 again."""
    account = put_account(connection)
    ahead = START + timedelta(days=3650)
    put_row(connection, account, key=film, at=ahead)
    put_row(connection, account, key=film)
    late = sending.next_rows(connection, account.id, 50)[1]
    sending.postpone(connection, late, ahead, "offline")
    put_row(connection, account, QueueKind.PAUSE, film, delay=5.0)
    put_row(connection, account, key=film)
    waiting = sending.next_rows(connection, account.id, 50)[3]
    sending.postpone(connection, waiting, START + timedelta(hours=24), "quota")
    queued.mend_times(connection, START + timedelta(seconds=1))
    times = [row.not_before - START for row in sending.next_rows(connection, account.id, 50)]
    second = timedelta(seconds=1)
    assert times == [second, second, 5 * second, timedelta(hours=24)]


# ------------------------------------------------------------------------------------- accounts


def test_the_same_user_comes_back_to_the_same_queue(
    connection: sqlite3.Connection, film: str
) -> None:
    """Pain 22: what waited while the sign-in was dead is sent after the next one, and at once."""
    account = put_account(connection, "1")
    put_row(connection, account, key=film)
    (row,) = sending.next_rows(connection, account.id, 1)
    sending.postpone(connection, row, START + 15 * _MINUTE, "Connect again.")
    accounts.set_needs_reconnect(connection, account.id, True)
    accounts.disconnect_account(connection, account)
    assert queued.all_facts(connection, 1) == ()
    assert sending.next_rows(connection, account.id, 1) == ()
    again = accounts.connect_account(connection, 1, "simkl", User("1", "User 1"), START + _MINUTE)
    assert again.id == account.id
    assert not again.needs_reconnect
    assert sending.next_rows(connection, again.id, 1)[0].not_before == START + _MINUTE


def test_another_user_starts_clean(connection: sqlite3.Connection, film: str) -> None:
    """Defect 59: queue, throttle and cursors belong to the account."""
    account = put_account(connection, "1")
    put_row(connection, account, key=film)
    accounts.set_throttled_until(connection, account.id, START + _MINUTE)
    other = put_account(connection, "2")
    assert other.id != account.id
    assert sending.next_rows(connection, other.id, 50) == ()
    assert accounts.throttled(connection, other, START) is None
    assert accounts.connected_accounts(connection) == (other,)
    assert put_account(connection, "1").id == account.id
    assert len(queued.all_facts(connection, 1)) == 1


def test_an_account_is_named_later_and_keeps_what_it_was_told(
    connection: sqlite3.Connection, film: str
) -> None:
    """Defect 55: a sign-in is kept though the name could not be had."""
    unknown = accounts.connect_account(connection, 1, "simkl", None, START)
    put_row(connection, unknown, key=film, play_id="p1")
    assert provider_status(connection, 1, "simkl", "Simkl", True).user is None
    named = accounts.name_account(connection, unknown, User("1", "Dodo"), START)
    assert len(sending.next_rows(connection, named.id, 50)) == 1
    assert delivered(connection, "p1") == DeliveryState.WAITING
    assert provider_status(connection, 1, "simkl", "Simkl", True).user == "Dodo"
    assert accounts.name_account(connection, named, User("1", "Dodo"), START) == named
    assert connection.execute("SELECT count(*) FROM account").fetchone()[0] == 1


def test_a_name_joins_the_account_that_was_known_before(
    connection: sqlite3.Connection, film: str
) -> None:
    """In the order in which it happened."""
    known = put_account(connection, "1")
    first = put_row(connection, known, key=film)
    unknown = accounts.connect_account(connection, 1, "simkl", None, START)
    second = put_row(connection, unknown, key=film)
    named = accounts.name_account(connection, unknown, User("1", "Dodo"), START)
    assert named.id == known.id
    assert [row.id for row in sending.next_rows(connection, named.id, 50)] == [first, second]


def test_two_nobodies_are_not_the_same_person(connection: sqlite3.Connection, film: str) -> None:
    """What one left behind is never sent in the other's name."""
    one = accounts.connect_account(connection, 1, "simkl", None, START)
    put_row(connection, one, key=film)
    accounts.disconnect_account(connection, one)
    other = accounts.connect_account(connection, 1, "simkl", None, START)
    named = accounts.name_account(connection, other, User("2", "Anna"), START)
    assert sending.next_rows(connection, named.id, 50) == ()


def test_only_those_who_want_it_are_told_what_is_played(connection: sqlite3.Connection) -> None:
    """The switch of an account, and every profile its own."""
    other = put_profile(connection, "Anna")
    mine, hers = put_account(connection), put_account(connection, "2", other)
    assert accounts.listening_accounts(connection, 1) == (mine,)
    accounts.set_scrobbling(connection, mine, False)
    assert accounts.listening_accounts(connection, 1) == ()
    assert accounts.listening_accounts(connection, other) == (hers,)


def test_a_failure_is_shown_and_last_sync_moves_only_with_a_success(
    connection: sqlite3.Connection,
) -> None:
    """Defects 41 and 43."""
    account = put_account(connection)
    accounts.save_sync_state(connection, account.id, SyncState.IDLE, None, START, 3)
    accounts.save_sync_state(connection, account.id, SyncState.OFFLINE, "No network.")
    status = sync_status(connection, 1, "simkl")
    assert (status.state, status.last_error, status.last_sync_at) == (
        SyncState.OFFLINE, "No network.", START,
    )  # fmt: skip
    assert status.items_pushed == 3
    accounts.save_sync_state(connection, account.id, SyncState.IDLE)
    assert sync_status(connection, 1, "simkl").state is SyncState.IDLE


def test_only_what_was_played_or_marked_here_is_told_later(
    connection: sqlite3.Connection, film: str
) -> None:
    """Defect 36 and the origin rule: nothing pulled or imported goes out."""
    account = put_account(connection)
    put_mark(connection, film, "player", origin=Origin.PLAYER)
    put_mark(connection, film, "import", origin=Origin.IMPORT)
    put_mark(connection, film, "simkl", origin=Origin.SIMKL)
    put_mark(connection, film, "before", at=START - _MINUTE)
    put_row(connection, account, key=film, play_id="p1")
    assert [e.play_id for e in untold_watches(connection, account, film)] == ["player"]
    accounts.set_scrobbling(connection, account, False)
    deaf = accounts.connected_accounts(connection)[0]
    assert untold_watches(connection, deaf, film) == ()


def test_history_is_newest_first_and_one_profile_s(
    connection: sqlite3.Connection, film: str
) -> None:
    """With what each provider answered."""
    account = put_account(connection)
    put_mark(connection, film, "p2", at=START + _MINUTE)
    put_mark(connection, film, "other", profile_id=put_profile(connection, "Anna"))
    put_row(connection, account, key=film, play_id="p2")
    entries = history(connection, 1)
    assert [entry.play_id for entry in entries] == ["p2", "p1"]
    assert entries[0].delivered == {"simkl": DeliveryState.WAITING}
    assert entries[1].delivered == {}
    assert [entry.play_id for entry in history(connection, 1, limit=1)] == ["p2"]


def test_the_log_keeps_the_last_hundred_lines_of_each(connection: sqlite3.Connection) -> None:
    """Defect F12: what a sync did can be read, and does not grow for ever."""
    other = put_profile(connection, "Anna")
    log_sync(connection, other, "hers", START)
    for number in range(MOST_ROWS + 5):
        log_sync(connection, 1, f"line {number}", START)
    lines = [text for _, text in sync_log(connection, 1)]
    assert lines == [f"line {number}" for number in range(MOST_ROWS + 4, 4, -1)]
    assert sync_log(connection, other) == ((START, "hers"),)
