"""Ratings, lists and forgetting: verbs that stay apart, and what is told of them."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from pathlib import Path

import pytest

from dodo_tui.domain.account import Account
from dodo_tui.domain.ids import Key
from dodo_tui.domain.lists import ListStatus
from dodo_tui.domain.queue import DeliveryState, QueueKind, QueueRow, QueueState, fact_words
from dodo_tui.providers.errors import OfflineError, RejectedError
from dodo_tui.providers.facts import Answer, Outcome
from dodo_tui.storage import queued, sending
from dodo_tui.storage.hiding import hide_title
from dodo_tui.storage.history import history
from dodo_tui.storage.progress import find_progress
from dodo_tui.storage.shelves import home_shelves
from dodo_tui.storage.standing import TitleStanding, title_standing, unsaid
from dodo_tui.storage.store import Store
from dodo_tui.storage.synclog import sync_log
from dodo_tui.storage.watchlist import watchlist_cards
from dodo_tui.tracking import listing
from dodo_tui.tracking.draining.drain import drain
from dodo_tui.tracking.listing import NotPossibleError
from dodo_tui.tracking.marks import mark_unwatched, mark_watched
from dodo_tui.tracking.portable.document import read_export
from dodo_tui.tracking.portable.exporting import export_everything, write_export
from dodo_tui.tracking.portable.importing import import_everything
from tests.storage.support import put_account, put_film, put_profile, put_progress, put_row
from tests.support.clock import START, FakeClock
from tests.tracking.fakes import FakeProvider
from tests.tracking.samples import FILM, LOCAL, SHOW

_FILM, _SHOW = Key.parse(FILM), Key.parse(SHOW)
_EPISODE = f"{SHOW}:1:1"
_LATER = START + timedelta(minutes=1)


def _rows(store: Store, account: Account) -> list[QueueRow]:
    return list(store.run_now(sending.next_rows, account.id, 100))


def _said(store: Store, account: Account) -> list[tuple[str, str]]:
    return [(row.key, fact_words(row)) for row in _rows(store, account)]


def _standing(store: Store, media_id: str = FILM) -> TitleStanding:
    return store.run_now(title_standing, 1, media_id)


# Saying it


def test_a_rating_is_kept_and_waits_to_be_told(store: Store, account: Account) -> None:
    """The title is rated, also where an episode was meant; nothing counts as watched."""
    media = store.run_now(listing.rate, 1, Key.parse(_EPISODE), 8, START)
    assert media.title == "Breaking Bad"
    assert _standing(store, SHOW).rating == 8
    assert _said(store, account) == [(SHOW, "rated 8")]
    assert store.run_now(history, 1) == ()
    assert store.run_now(find_progress, 1, SHOW) is None


@pytest.mark.parametrize("rating", [0, 11, -3, True])
def test_a_rating_is_one_to_ten(store: Store, account: Account, rating: int) -> None:
    """Anything else is refused, and nothing is written."""
    with pytest.raises(ValueError, match="1 to 10"):
        store.run_now(listing.rate, 1, _FILM, rating, START)
    assert _standing(store).rating is None
    assert _rows(store, account) == []


def test_only_the_last_word_about_a_title_is_told(store: Store, account: Account) -> None:
    """A rating does not replace a list, nor a fact of the history."""
    store.run_now(listing.rate, 1, _FILM, 3, START)
    store.run_now(listing.set_list, 1, _FILM, ListStatus.PLANNED, START)
    store.run_now(listing.rate, 1, _FILM, 9, _LATER)
    store.run_now(listing.set_list, 1, _FILM, None, _LATER)
    store.run_now(listing.rate, 1, _SHOW, 5, _LATER)
    store.run_now(listing.rate, 1, _SHOW, None, _LATER)
    assert _said(store, account) == [
        (FILM, "rated 9"),
        (FILM, "off the lists"),
        (SHOW, "rating taken back"),
    ]
    assert _standing(store) == TitleStanding(None, 9)
    assert _standing(store, SHOW).rating is None


def test_a_word_that_was_held_is_replaced_too(store: Store, account: Account) -> None:
    """What a new word makes void need not be seen to."""
    store.run_now(listing.rate, 1, _FILM, 3, START)
    (row,) = _rows(store, account)
    store.run_now(sending.hold, row, "no", START)
    store.run_now(listing.rate, 1, _FILM, 4, START)
    (row,) = store.run_now(queued.all_facts, 1)
    assert (row.rating, row.state) == (4, QueueState.WAITING)


def test_ratings_survive_what_is_said_of_the_history(store: Store, account: Account) -> None:
    """Unmarking a film takes its rating away at Simkl, too: it is told again, after that."""
    store.run_now(mark_watched, 1, _FILM, START, START)
    store.run_now(listing.rate, 1, _FILM, 7, START)
    store.run_now(mark_unwatched, 1, _FILM, _LATER)
    said = _said(store, account)
    assert said[0] == (FILM, "not watched")
    assert said[-1] == (FILM, "rated 7")


def test_everybody_of_the_profile_is_told_and_nobody_else(store: Store, account: Account) -> None:
    """Two providers, two profiles."""
    trakt = store.run_now(put_account, "1", 1, "trakt")
    other = store.run_now(put_account, "2", store.run_now(put_profile, "Anna"))
    store.run_now(listing.rate, 1, _FILM, 7, START)
    assert len(_rows(store, account)) == len(_rows(store, trakt)) == 1
    assert _rows(store, other) == []
    assert store.run_now(title_standing, 2, FILM).rating is None


def test_what_nobody_has_identified_is_not_told(store: Store, account: Account) -> None:
    """It is rated here all the same."""
    store.run_now(put_film, LOCAL, "Some file")
    store.run_now(listing.rate, 1, Key.parse(LOCAL), 7, START)
    assert _standing(store, LOCAL).rating == 7
    assert _rows(store, account) == []


def test_a_planned_title_is_on_the_watchlist_until_it_is_begun(
    store: Store, account: Account
) -> None:
    """A planned title is on it until it is taken off, put elsewhere or begun."""
    store.run_now(listing.set_list, 1, _FILM, ListStatus.PLANNED, START)
    store.run_now(listing.set_list, 1, _SHOW, ListStatus.PLANNED, _LATER)
    assert [card.key for card in store.run_now(watchlist_cards, 1)] == [SHOW, FILM]
    store.run_now(listing.set_list, 1, _FILM, None, _LATER)
    store.run_now(listing.set_list, 1, _SHOW, ListStatus.HOLD, _LATER)
    assert store.run_now(watchlist_cards, 1) == ()
    assert _said(store, account) == [(FILM, "off the lists"), (SHOW, "list: On hold")]


def test_what_was_marked_by_mistake_is_planned_still(store: Store, account: Account) -> None:
    """Nothing of it was seen, once the mark is taken back."""
    store.run_now(listing.set_list, 1, _FILM, ListStatus.PLANNED, START)
    store.run_now(mark_watched, 1, _FILM, START, START)
    assert store.run_now(watchlist_cards, 1) == ()
    store.run_now(mark_unwatched, 1, _FILM, _LATER)
    assert [card.media_id for card in store.run_now(watchlist_cards, 1)] == [FILM]


@pytest.mark.parametrize("status", [ListStatus.HOLD, ListStatus.DROPPED])
def test_what_is_put_off_leaves_continue_watching(store: Store, status: ListStatus) -> None:
    """Until it is played again, or taken up again; what was watched of it stays."""
    store.run_now(put_progress, _EPISODE, 600.0)
    store.run_now(listing.set_list, 1, _SHOW, status, _LATER)
    assert store.run_now(home_shelves, 1, _LATER)[0] == ()
    assert store.run_now(find_progress, 1, _EPISODE) is not None
    store.run_now(listing.set_list, 1, _SHOW, ListStatus.WATCHING, _LATER)
    assert len(store.run_now(home_shelves, 1, _LATER)[0]) == 1
    store.run_now(listing.set_list, 1, _SHOW, status, _LATER)
    store.run_now(put_progress, _EPISODE, 700.0, at=_LATER + timedelta(hours=1))
    assert len(store.run_now(home_shelves, 1, _LATER)[0]) == 1


@pytest.mark.parametrize(
    ("key", "status", "words"),
    [
        (_FILM, ListStatus.WATCHING, "planned or dropped"),
        (_FILM, ListStatus.HOLD, "planned or dropped"),
        (_FILM, ListStatus.COMPLETED, "mark it watched"),
        (_SHOW, ListStatus.COMPLETED, "mark it watched"),
    ],
)
def test_lists_that_would_be_viewings(
    store: Store, account: Account, key: Key, status: ListStatus, words: str
) -> None:
    """They are refused, with the way out."""
    with pytest.raises(NotPossibleError, match=words):
        store.run_now(listing.set_list, 1, key, status, START)
    assert _rows(store, account) == []


@pytest.mark.parametrize("status", [ListStatus.PLANNED, ListStatus.DROPPED])
def test_a_watched_film_stays_with_the_watched_ones(store: Store, status: ListStatus) -> None:
    """Another list would be "not watched" for Simkl; off all lists is the user's own matter."""
    store.run_now(mark_watched, 1, _FILM, START, START)
    with pytest.raises(NotPossibleError, match="stays with the watched"):
        store.run_now(listing.set_list, 1, _FILM, status, _LATER)
    store.run_now(listing.set_list, 1, _FILM, None, _LATER)
    progress = store.run_now(find_progress, 1, FILM)
    assert progress is not None
    assert progress.watched


def test_a_hidden_title_is_shown_again(store: Store) -> None:
    """At once, not only when it is played."""
    store.run_now(put_progress, _EPISODE, 600.0)
    store.run_now(hide_title, 1, SHOW, _LATER)
    assert _standing(store, SHOW).is_hidden
    assert store.run_now(home_shelves, 1, _LATER)[0] == ()
    store.run_now(listing.unhide, 1, Key.parse(_EPISODE), _LATER)
    assert not _standing(store, SHOW).is_hidden
    assert len(store.run_now(home_shelves, 1, _LATER)[0]) == 1


# Forgetting


def _watch(store: Store, account: Account, *keys: str) -> None:
    """Mark some watched, and have it told."""
    for key in keys:
        store.run_now(mark_watched, 1, Key.parse(key), START, START)
    for row in _rows(store, account):
        store.run_now(sending.settle, row, DeliveryState.SENT, "history", "ok", START)


def test_forgetting_here_alone(store: Store, account: Account) -> None:
    """Plays, progress and what was not sent go; rating and list stay; nobody is told."""
    _watch(store, account, _EPISODE, f"{SHOW}:1:2")
    store.run_now(listing.rate, 1, _SHOW, 8, START)
    store.run_now(mark_watched, 1, Key.parse(f"{SHOW}:1:3"), START, START)
    store.run_now(mark_watched, 1, _FILM, START, START)
    plan = store.run_now(listing.plan_forget, 1, _SHOW)
    assert plan is not None
    assert (plan.viewings, plan.places, plan.told) == (3, 3, (("Simkl", 2),))
    store.run_now(lambda c: listing.forget(c, 1, Key.parse(_EPISODE), _LATER, there=False))
    assert [entry.key for entry in store.run_now(history, 1)] == [FILM]
    assert store.run_now(find_progress, 1, _EPISODE) is None
    assert _standing(store, SHOW).rating == 8
    assert _said(store, account) == [(SHOW, "rated 8"), (FILM, "watched")]


def test_forgetting_there_too(store: Store, account: Account) -> None:
    """Each film and episode that was told is named; never the series as a whole."""
    _watch(store, account, _EPISODE, f"{SHOW}:1:2")
    store.run_now(mark_watched, 1, Key.parse(f"{SHOW}:1:3"), START, START)
    store.run_now(lambda c: listing.forget(c, 1, _SHOW, _LATER, there=True))
    assert _said(store, account) == [(_EPISODE, "forgotten"), (f"{SHOW}:1:2", "forgotten")]


def test_what_is_playing_is_not_forgotten(store: Store, account: Account) -> None:
    """Its end would be written into nothing."""
    _watch(store, account, FILM)
    store.run_now(lambda c: c.execute("UPDATE play SET ended_at = NULL"))
    with pytest.raises(NotPossibleError, match="Stop it first"):
        store.run_now(lambda c: listing.forget(c, 1, _FILM, _LATER, there=True))
    assert len(store.run_now(history, 1)) == 1
    assert _rows(store, account) == []


def test_one_profile_forgets_for_itself(store: Store, account: Account) -> None:
    """The household keeps its own."""
    anna = store.run_now(put_profile, "Anna")
    store.run_now(mark_watched, anna, _FILM, START, START)
    _watch(store, account, FILM)
    store.run_now(lambda c: listing.forget(c, 1, _FILM, _LATER, there=False))
    assert store.run_now(history, 1) == ()
    assert len(store.run_now(history, anna)) == 1


def test_what_nobody_knows_is_not_forgotten(store: Store) -> None:
    """There is nothing to do."""
    assert store.run_now(listing.plan_forget, 1, Key.parse("tt7777777")) is None
    assert (
        store.run_now(lambda c: listing.forget(c, 1, Key.parse("tt7777777"), START, there=True))
        is None
    )


# Telling it


async def _drain(
    store: Store, account: Account, provider: FakeProvider, clock: FakeClock
) -> list[tuple[str, object]]:
    await drain(store, account, provider, clock, jitter=lambda: 0.5)
    return provider.calls


async def test_ratings_go_in_one_call_and_in_order(
    store: Store, account: Account, clock: FakeClock
) -> None:
    """What is given and what is taken back are two calls; a fact between keeps its place."""
    store.run_now(put_film, "tt1375666", "Inception")
    store.run_now(listing.rate, 1, _FILM, 8, START)
    store.run_now(listing.rate, 1, _SHOW, 6, START)
    store.run_now(listing.rate, 1, Key.parse("tt1375666"), None, START)
    store.run_now(mark_watched, 1, Key.parse(_EPISODE), START, START)
    store.run_now(listing.set_list, 1, _SHOW, ListStatus.HOLD, START)
    store.run_now(listing.set_list, 1, Key.parse("tt1375666"), None, START)
    calls = await _drain(store, account, FakeProvider(), clock)
    assert calls == [
        ("rate", [("The Matrix", 8), ("Breaking Bad", 6)]),
        ("rate", [("Inception", None)]),
        ("watched", [("Breaking Bad 1x1", START)]),
        ("list", [("Breaking Bad", ListStatus.HOLD)]),
        ("list", [("Inception", None)]),
    ]
    assert _rows(store, account) == []


async def test_a_hundred_ratings_are_two_calls(
    store: Store, account: Account, clock: FakeClock
) -> None:
    """Batches of what the provider takes at once."""
    for number in range(100):
        key = f"tt{8_000_000 + number}"
        store.run_now(put_film, key, f"Film {number}")
        store.run_now(listing.rate, 1, Key.parse(key), 5, START)
    assert len(await _drain(store, account, FakeProvider(), clock)) == 2


async def test_ratings_wait_for_ever(store: Store, account: Account, clock: FakeClock) -> None:
    """Offline for a year, and still told."""
    store.run_now(listing.rate, 1, _FILM, 8, START)
    offline = FakeProvider(lambda _verb, _title: OfflineError("Simkl cannot be reached."))
    await _drain(store, account, offline, clock)
    clock.advance(365 * 86_400)
    assert await _drain(store, account, FakeProvider(), clock) == [("rate", [("The Matrix", 8)])]


async def test_an_unknown_title_is_held(store: Store, account: Account, clock: FakeClock) -> None:
    """With its reason, and it blocks nothing."""

    def script(_verb: str, title: str) -> Answer | None:
        return Answer(Outcome.UNKNOWN_TITLE) if title == "The Matrix" else None

    store.run_now(listing.rate, 1, _FILM, 8, START)
    store.run_now(listing.rate, 1, _SHOW, 8, START)
    await _drain(store, account, FakeProvider(script), clock)
    (row,) = store.run_now(queued.all_facts, 1)
    assert (row.key, row.state) == (FILM, QueueState.HELD)
    assert row.last_error == "Simkl does not know this title."


async def test_a_rejected_batch_is_told_one_by_one(
    store: Store, account: Account, clock: FakeClock
) -> None:
    """The culprit is held and the others arrive."""

    def script(verb: str, title: str) -> RejectedError | None:
        return RejectedError("Simkl refuses this.") if title == "The Matrix" else None

    for key in (_FILM, _SHOW):
        store.run_now(listing.set_list, 1, key, ListStatus.DROPPED, START)
    await _drain(store, account, FakeProvider(script), clock)
    (row,) = store.run_now(queued.all_facts, 1)
    assert (row.key, row.state) == (FILM, QueueState.HELD)


async def test_what_a_provider_keeps_is_said_in_the_log(
    store: Store, account: Account, clock: FakeClock
) -> None:
    """It is no fault and blocks nothing; here the title is on no list any more."""
    kept = FakeProvider(lambda verb, _title: Answer(Outcome.KEPT) if verb == "list" else None)
    store.run_now(listing.set_list, 1, _SHOW, None, START)
    store.run_now(listing.set_list, 1, _FILM, ListStatus.PLANNED, START)
    await _drain(store, account, kept, clock)
    assert _rows(store, account) == []
    lines = [text for _, text in store.run_now(sync_log, 1)]
    assert lines == [
        "Simkl does not put The Matrix on the list Watchlist, because it was watched",
        "Simkl keeps Breaking Bad on its list, because it was watched",
    ]
    assert _standing(store, SHOW).status is None


async def test_where_a_provider_really_put_it_counts(
    store: Store, account: Account, clock: FakeClock
) -> None:
    """Simkl may put it elsewhere; it is not fought over."""

    def script(verb: str, _title: str) -> Answer | None:
        return Answer(Outcome.DONE, status=ListStatus.WATCHING) if verb == "list" else None

    store.run_now(listing.set_list, 1, _SHOW, ListStatus.HOLD, START)
    clock.advance(60)
    await _drain(store, account, FakeProvider(script), clock)
    assert _standing(store, SHOW).status is ListStatus.WATCHING
    assert _rows(store, account) == []


async def test_forgotten_episodes_are_told_as_history(
    store: Store, account: Account, clock: FakeClock
) -> None:
    """By their coordinates, in one call."""
    _watch(store, account, _EPISODE, f"{SHOW}:1:2")
    store.run_now(lambda c: listing.forget(c, 1, _SHOW, _LATER, there=True))
    clock.advance(60)
    (call,) = await _drain(store, account, FakeProvider(), clock)
    assert call[0] == "unwatched"
    assert isinstance(call[1], list)
    assert [title for title, _ in call[1]] == ["Breaking Bad 1x1", "Breaking Bad 1x2"]


@pytest.mark.parametrize("kind", QueueKind)
def test_every_kind_has_words(store: Store, account: Account, kind: QueueKind) -> None:
    """Whatever waits can be named to people."""
    store.run_now(put_row, account, kind)
    (row,) = _rows(store, account)
    assert fact_words(row)


def test_the_newest_word_counts(store: Store, account: Account) -> None:
    """Also where the clock was set back meanwhile."""
    store.run_now(listing.rate, 1, _FILM, 3, START + timedelta(days=400))
    store.run_now(listing.rate, 1, _FILM, 9, START)
    assert _standing(store).rating == 9
    store.run_now(listing.set_list, 1, _FILM, ListStatus.PLANNED, START + timedelta(days=400))
    store.run_now(listing.set_list, 1, _FILM, ListStatus.DROPPED, START)
    assert _standing(store).status is ListStatus.DROPPED


def test_after_forgetting_it_can_be_watched_anew(store: Store, account: Account) -> None:
    """A mark is a mark."""
    _watch(store, account, FILM)
    store.run_now(lambda c: listing.forget(c, 1, _FILM, _LATER, there=False))
    store.run_now(mark_watched, 1, _FILM, _LATER, _LATER)
    assert len(store.run_now(history, 1)) == 1
    assert store.run_now(find_progress, 1, FILM) is not None


def test_ratings_and_lists_come_along_and_are_not_told(
    store: Store, account: Account, tmp_path: Path
) -> None:
    """Ratings and lists come along; what was imported is nobody's to tell."""
    store.run_now(listing.rate, 1, _FILM, 8, START)
    store.run_now(listing.set_list, 1, _SHOW, ListStatus.HOLD, START)
    document = store.run_now(export_everything, START)
    path = tmp_path / "export.json"
    write_export(path, document)
    with contextlib.closing(Store.open(tmp_path / "other.db")) as other:
        other.run_now(put_profile)
        other.run_now(import_everything, read_export(path), _LATER)
        assert other.run_now(title_standing, 1, FILM).rating == 8
        assert other.run_now(title_standing, 1, SHOW).status is ListStatus.HOLD
        newcomer = other.run_now(put_account)
        assert list(other.run_now(unsaid, 1, newcomer.id, "simkl")) == []
        other.run_now(listing.rate, 1, _FILM, 2, _LATER)
        other.run_now(import_everything, read_export(path), _LATER)
        assert other.run_now(title_standing, 1, FILM).rating == 2
