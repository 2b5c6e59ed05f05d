"""A viewing that goes to its right title: what is taken back of the wrong one, and what is not."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta

import pytest

from dodo_tui.domain.account import Account
from dodo_tui.domain.ids import Key
from dodo_tui.domain.lists import ListStatus
from dodo_tui.domain.merge import Known
from dodo_tui.domain.progress import Origin, Progress
from dodo_tui.domain.queue import QueueKind, QueueState
from dodo_tui.storage import accounts, queued, remote
from dodo_tui.storage.database import transaction
from dodo_tui.storage.progress import find_progress, save_progress, unmark_watched
from dodo_tui.storage.store import Store
from dodo_tui.tracking.correcting.moving import Move
from tests.storage.support import put_film, put_mark, put_profile, put_row
from tests.support.clock import START

WRONG, RIGHT, UNKNOWN = "tt0133093", "tt0113277", "local:0123456789abcdef"
DAY = timedelta(days=1)
SEEN_AT = START + DAY
NOW = START + 2 * DAY


class Desk:
    """A film that was watched and told under a wrong title, and what is done about it."""

    def __init__(self, store: Store, account: Account) -> None:
        self.store, self.account = store, account
        store.run_now(put_film, RIGHT, "Heat")
        self.has_pulled(SEEN_AT)

    def sql(self, statement: str, *values: object) -> None:
        """Change something."""
        self.store.run_now(lambda connection: connection.execute(statement, values))

    def has_pulled(self, at: datetime | None) -> None:
        """What the provider holds was asked for last."""
        self.sql("UPDATE account SET pulled_at = ?", at and at.isoformat())

    def watch(
        self,
        key: str = WRONG,
        play_id: str = "p1",
        verb: str | None = "stop",
        origin: Origin = Origin.PLAYER,
        state: str = "sent",
    ) -> None:
        """Somebody has watched a key, and the provider was told."""
        self.store.run_now(put_mark, key, play_id, at=SEEN_AT, origin=origin)
        row = Progress(1, key, 0.0, None, None, SEEN_AT, origin, SEEN_AT, True)
        self.store.run_now(save_progress, row)
        if verb is not None:
            self.sql(
                "INSERT INTO delivery (play_id, account_id, state, verb, percent, at) "
                "VALUES (?, ?, ?, ?, 95.0, '2026-11-23T20:15:00.000Z')",
                play_id, self.account.id, state, verb,
            )  # fmt: skip

    def move(self, old: str = WRONG, new: str = RIGHT) -> Move:
        """It was another title."""

        def carry_out(connection: sqlite3.Connection) -> Move:
            move = Move(connection, NOW)
            move.plan([old], [Key.parse(new)], [])
            with transaction(connection, durable=True):
                move.carry_out()
            return move

        return self.store.run_now(carry_out)

    @property
    def facts(self) -> list[tuple[QueueKind, str]]:
        """What is to be told."""
        return [(row.kind, row.key) for row in self.store.run_now(queued.all_facts, 1)]

    def watched(self, key: str) -> bool:
        """Whether it is watched here."""
        row = self.store.run_now(find_progress, 1, key)
        return row is not None and row.watched


TAKEN_BACK = (QueueKind.UNWATCHED, WRONG)
TOLD_RIGHT = (QueueKind.WATCHED, RIGHT)


@pytest.fixture
def desk(store: Store, account: Account) -> Desk:
    """Nothing has been watched yet."""
    return Desk(store, account)


@pytest.mark.parametrize("verb", ["stop", "history"])
def test_what_was_told_of_the_wrong_title_is_taken_back(desk: Desk, verb: str) -> None:
    """Before the right one is told, with its true time."""
    desk.watch(verb=verb)
    move = desk.move()
    assert desk.facts == [TAKEN_BACK, TOLD_RIGHT]
    assert (move.play_count, move.taken_back, move.told) == (1, 1, 1)
    assert (desk.watched(WRONG), desk.watched(RIGHT)) == (False, True)
    told = desk.store.run_now(queued.all_facts, 1)[1]
    assert told.happened_at == SEEN_AT


def test_another_viewing_of_the_wrong_title_keeps_it_watched(desk: Desk) -> None:
    """It was watched elsewhere, too: taking it back would be a lie."""
    desk.watch(play_id="elsewhere", verb=None, origin=Origin.SIMKL)
    desk.watch()
    desk.move()
    assert desk.facts == [TOLD_RIGHT]
    assert desk.watched(WRONG)


def test_what_the_provider_knew_by_itself_is_not_taken_back(desk: Desk) -> None:
    """Though no viewing of it is here."""
    desk.watch()
    known = {WRONG: Known(watched=True, watched_at=START, play_id="another")}
    desk.store.run_now(remote.save_known, desk.account.id, WRONG, known)
    desk.move()
    assert desk.facts == [TOLD_RIGHT]


@pytest.mark.parametrize(
    "held", [Known(watched=True, watched_at=SEEN_AT, play_id="p1"), Known(ratio=0.4)]
)
def test_our_own_word_coming_back_is_no_knowledge_of_its_own(desk: Desk, held: Known) -> None:
    """The provider holds it because of this very viewing; a place in it is no viewing."""
    desk.watch()
    known = {WRONG: held}
    desk.store.run_now(remote.save_known, desk.account.id, WRONG, known)
    desk.move()
    assert desk.facts == [TAKEN_BACK, TOLD_RIGHT]


def test_what_nobody_has_ever_asked_there_is_the_users_to_decide(desk: Desk) -> None:
    """It may have been watched there for years."""
    desk.watch()
    desk.has_pulled(None)
    desk.move()
    (held, _told) = desk.store.run_now(queued.all_facts, 1)
    assert (held.kind, held.state) == (QueueKind.UNWATCHED, QueueState.HELD)
    assert "Simkl has not said yet" in str(held.last_error)


def test_what_was_unmarked_here_since_is_not_taken_back_twice(desk: Desk) -> None:
    """The user has done that, and it is told already; nor does the right title become watched."""
    desk.watch()
    assert desk.store.run_now(unmark_watched, 1, WRONG, NOW)
    desk.move()
    assert desk.facts == []
    assert not desk.watched(RIGHT)


def test_what_was_never_told_is_told_of_the_right_title_alone(desk: Desk) -> None:
    """It waited; whoever did not want it told does not want that now."""
    desk.watch(verb=None)
    desk.store.run_now(put_row, desk.account, QueueKind.WATCHED, WRONG, play_id="p1", at=SEEN_AT)
    desk.move()
    assert desk.facts == [TOLD_RIGHT]


@pytest.mark.parametrize("state", ["rejected", "off"])
def test_what_was_not_to_be_told_is_not(desk: Desk, state: str) -> None:
    """The user has discarded it, or it was private."""
    desk.watch(verb="", state=state)
    desk.move()
    assert desk.facts == []


@pytest.mark.parametrize(
    ("status", "rating", "kinds"),
    [
        (ListStatus.PLANNED, None, [QueueKind.LISTED]),
        (ListStatus.PLANNED, 8, [QueueKind.LISTED, QueueKind.RATED]),
        (ListStatus.COMPLETED, 8, []),
        (None, 8, []),
    ],
)
def test_a_film_that_was_planned_there_is_planned_again(
    desk: Desk, status: ListStatus | None, rating: int | None, kinds: list[QueueKind]
) -> None:
    """With its rating: both go with the mark. What was on no such list is put on none."""
    desk.watch()
    desk.sql(
        "INSERT INTO list_entry (profile_id, media_id, provider, kind, status, rating) "
        "VALUES (1, ?, 'simkl', 'movie', ?, ?)",
        WRONG, status, rating,
    )  # fmt: skip
    desk.move()
    facts = desk.facts
    assert facts[0] == TAKEN_BACK
    assert facts[-1] == TOLD_RIGHT
    assert facts[1:-1] == [(kind, WRONG) for kind in kinds]


@pytest.mark.parametrize(
    ("origin", "connected_at", "scrobbles", "told"),
    [
        (Origin.PLAYER, START, True, True),
        (Origin.MANUAL, START, True, True),
        (Origin.MANUAL, START, False, True),
        (Origin.PLAYER, START, False, False),
        (Origin.PLAYER, SEEN_AT + DAY, True, False),
        (Origin.MANUAL, SEEN_AT + DAY, True, False),
        (Origin.IMPORT, START, True, False),
    ],
)
def test_who_hears_of_a_film_that_nobody_knew(
    desk: Desk, origin: Origin, connected_at: datetime, scrobbles: bool, told: bool
) -> None:
    """Who would have heard of it, had it been known: not of what is older than the sign-in."""
    desk.store.run_now(put_film, UNKNOWN, "Heat 1995")
    desk.sql(
        "UPDATE account SET connected_at = ?, scrobbling_enabled = ?",
        connected_at.isoformat().replace("+00:00", ".000Z"), scrobbles,
    )  # fmt: skip
    desk.watch(UNKNOWN, verb=None, origin=origin)
    desk.move(UNKNOWN)
    assert desk.facts == ([TOLD_RIGHT] if told else [])


def test_what_was_private_before_it_was_known_stays_so(desk: Desk) -> None:
    """The account would have heard of it, and was not to."""
    desk.store.run_now(put_film, UNKNOWN, "Heat 1995")
    desk.watch(UNKNOWN, verb="", state="off")
    desk.move(UNKNOWN)
    assert desk.facts == []


def test_an_account_of_somebody_else_hears_nothing(desk: Desk) -> None:
    """Of the same household, and of the same provider."""
    desk.store.run_now(put_film, UNKNOWN, "Heat 1995")
    other = desk.store.run_now(put_profile, "Other")
    desk.sql("UPDATE account SET profile_id = ?", other)
    desk.watch(UNKNOWN, verb=None)
    desk.move(UNKNOWN)
    assert desk.store.run_now(accounts.find_account, other, "simkl") is not None
    assert desk.store.run_now(queued.all_facts, other) == ()
