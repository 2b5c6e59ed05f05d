"""What was watched, begun or said here before an account was connected, and what it is, is known
later: it is told, once, with its true time, where the first sync was answered so.

Real files, the real database, and the stand-ins over sockets.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from dodo_tui.domain.ids import Key
from dodo_tui.domain.queue import QueueKind
from dodo_tui.domain.review import Scope
from dodo_tui.standin.clock import ManualClock
from dodo_tui.standin.simkl.server import StandIn
from dodo_tui.storage.history import history
from dodo_tui.tracking import listing
from dodo_tui.tracking.first_sync import Choice, choose, plan_first_sync, plan_lines
from dodo_tui.tracking.identifying.identify import identify_files
from dodo_tui.tracking.marks import mark_unwatched, mark_watched
from dodo_tui.tracking.undo import undo_sync
from tests.providers.standin_support import signed_in
from tests.support.standins import well_behaved
from tests.tracking.house import MATRIX, House

_FILM = "Inception.2010.mkv"
_UNSURE = "xyz-the-one.mkv"


@pytest.fixture
def standin() -> Iterator[StandIn]:
    """A running stand-in; no test may break a usage rule."""
    with well_behaved(StandIn(clock=ManualClock(), seed=1)) as running:
        yield running


@pytest_asyncio.fixture
async def house(standin: StandIn, tmp_path: Path) -> AsyncIterator[House]:
    """A household that has two files and is not signed in anywhere."""
    clock = standin.world.clock
    assert isinstance(clock, ManualClock)
    house = House(tmp_path, standin, clock)
    house.add(_FILM, _UNSURE)
    yield house
    await house.close()


async def connect(house: House, choice: Choice | None) -> None:
    """Sign in some time after what was watched, and answer the question of the first sync."""
    house.time.advance(7200)
    house.tokens.tokens = await signed_in(house.standin, house.provider)
    if choice is not None:
        house.store.run_now(choose, house.account.id, choice)
        assert (await house.sync()).error is None


async def identify(house: House) -> int:
    """Ask what the files are; how many became sure."""
    return await identify_files(house.store, house.provider, house.clock)


def second(moment: datetime) -> datetime:
    """As providers keep times."""
    return moment.replace(microsecond=0)


@pytest.mark.parametrize("choice", [Choice.MERGE, Choice.SEND_MINE])
async def test_what_is_identified_after_the_first_sync_is_told(
    house: House, choice: Choice
) -> None:
    """With the time at which it was watched, and once."""
    await house.play(_FILM)
    seen_at = house.clock.now()
    await connect(house, choice)
    assert house.watched_there("Inception") is None
    assert await identify(house) == 1
    await house.sync_to_the_end()
    assert house.watched_there("Inception") == second(seen_at)
    sent = writes(house)
    await identify(house)
    await house.sync_to_the_end()
    assert writes(house) == sent


def writes(house: House) -> int:
    """How many requests have written to a history or a resume point."""
    return sum(
        entry.path in ("/sync/history", "/scrobble/pause", "/scrobble/stop")
        for entry in house.standin.log.entries()
    )


async def test_what_the_provider_holds_is_not_told_again(house: House) -> None:
    """It was watched on the phone, too; the pull has said so."""
    await house.play(_FILM)
    house.time.advance(60)
    house.standin.person().mark_watched("Inception")
    there_at = house.watched_there("Inception")
    await connect(house, Choice.MERGE)
    before = writes(house)
    assert await identify(house) == 1
    assert house.facts == []
    await house.sync()
    assert writes(house) == before
    assert house.watched_there("Inception") == there_at
    assert len(house.store.run_now(history, house.profile.id)) == 1


async def test_what_both_sides_hold_is_not_told_once_it_is_known(house: House) -> None:
    """Watched here after connecting, and told by another app before anybody knew the file."""
    await connect(house, Choice.MERGE)
    house.time.advance(60)
    await house.play(_FILM)
    house.standin.person().mark_watched("Inception")
    assert (await house.sync()).error is None
    assert await identify(house) == 1
    assert house.facts == []
    assert len(house.store.run_now(history, house.profile.id)) == 1


async def test_what_was_taken_away_there_is_not_told_for_another_file(house: House) -> None:
    """One more episode of a series is identified; another was marked unwatched on the phone."""
    house.add("Severance.S01E01.mkv")
    await house.play("Severance.S01E01.mkv")
    house.time.advance(60)
    person = house.standin.person()
    for number in (1, 2):
        person.mark_watched("Severance", 1, number)
    await connect(house, None)
    await identify(house)
    house.store.run_now(choose, house.account.id, Choice.MERGE)
    await house.sync()
    house.time.advance(60)
    person.mark_unwatched("Severance", 1, 1)
    await house.sync()
    house.add("Severance.2022.S01E03.mkv")
    await identify(house)
    titles = {
        Key.parse(house.keys(f"Severance.{name}.mkv")[0]).media_id
        for name in ("S01E01", "2022.S01E03")
    }
    assert len(titles) == 1
    assert house.facts == []


@pytest.mark.parametrize("choice", [Choice.TAKE_THEIRS, Choice.NOT_NOW])
async def test_nothing_from_before_is_told_where_the_user_said_so(
    house: House, choice: Choice
) -> None:
    """Neither a viewing nor a rating; what is done from now on is."""
    await house.play(_FILM)
    local = Key.parse(house.keys(_FILM)[0])
    house.store.run_now(listing.rate, house.profile.id, local, 8, house.clock.now())
    await connect(house, None)
    house.store.run_now(choose, house.account.id, choice)
    if choice is Choice.TAKE_THEIRS:
        await house.sync()
    assert await identify(house) == 1
    assert house.facts == []
    house.time.advance(60)
    key = Key.parse(house.keys(_FILM)[0])
    house.store.run_now(listing.rate, house.profile.id, key, 9, house.clock.now())
    assert house.facts == [(QueueKind.RATED, str(key))]


async def test_not_now_and_merge_later_tells_all_of_it(house: House) -> None:
    """What was identified in between goes with the first sync."""
    await house.play(_FILM)
    seen_at = house.clock.now()
    await connect(house, None)
    house.store.run_now(choose, house.account.id, Choice.NOT_NOW)
    await identify(house)
    house.store.run_now(choose, house.account.id, Choice.MERGE)
    await house.sync_to_the_end()
    assert house.watched_there("Inception") == second(seen_at)


async def test_what_was_unmarked_meanwhile_is_not_told(house: House) -> None:
    """A mark was a mistake."""
    local = Key.parse(house.keys(_FILM)[0])
    at = house.clock.now() - timedelta(days=2)
    house.store.run_now(mark_watched, house.profile.id, local, at, house.clock.now())
    await connect(house, Choice.MERGE)
    house.store.run_now(mark_unwatched, house.profile.id, local, house.clock.now())
    assert await identify(house) == 1
    assert house.facts == []


async def test_what_review_settles_after_the_first_sync_is_told(house: House) -> None:
    """A name that leads nowhere: the user says what it is."""
    await house.play(_UNSURE)
    seen_at = house.clock.now()
    await connect(house, Choice.MERGE)
    await identify(house)
    await house.correct(_UNSURE, MATRIX, Scope.FILE)
    await house.sync_to_the_end()
    assert house.watched_there("The Matrix") == second(seen_at)
    await house.back_to_name(_UNSURE)
    await house.sync_to_the_end()
    assert house.watched_there("The Matrix") is None


@pytest.mark.parametrize("name", [_FILM, _UNSURE])
async def test_what_was_begun_before_is_told_once_it_is_known(house: House, name: str) -> None:
    """A film half-watched before connecting is in Continue Watching on the phone, too."""
    await house.play(name, 41.0)
    await connect(house, Choice.MERGE)
    await identify(house)
    if name == _UNSURE:
        await house.correct(name, MATRIX, Scope.FILE)
    await house.sync_to_the_end()
    title = "Inception" if name == _FILM else "The Matrix"
    point = house.standin.person().playback(title)
    assert point is not None
    assert round(point.progress) == 41
    sent = writes(house)
    for _ in range(2):
        await house.sync_to_the_end()
    assert writes(house) == sent


async def test_a_newer_place_there_is_left_alone(house: House) -> None:
    """The phone went on with it after the television, before anybody knew what the file is."""
    await house.play(_FILM, 41.0)
    house.time.advance(60)
    house.standin.person().pause("Inception", 60)
    await connect(house, Choice.MERGE)
    await identify(house)
    await house.sync_to_the_end()
    point = house.standin.person().playback("Inception")
    assert point is not None
    assert round(point.progress) == 60


async def test_an_undo_takes_back_what_was_identified_since(house: House) -> None:
    """What waits of it is not sent; the next answer counts for it again."""
    await house.play(_FILM)
    await connect(house, Choice.MERGE)
    await identify(house)
    assert [kind for kind, _ in house.facts] == [QueueKind.WATCHED]
    house.store.run_now(undo_sync, house.account, house.clock.now())
    assert house.facts == []
    await identify(house)
    assert house.facts == []
    house.store.run_now(choose, house.account.id, Choice.MERGE)
    await house.sync_to_the_end()
    assert house.watched_there("Inception") is not None
    assert len(house.store.run_now(history, house.profile.id)) == 1


async def test_the_question_says_what_is_not_identified_yet(house: House) -> None:
    """So many follow; none of what is surely no film."""
    await house.play(_FILM)
    await house.play(_UNSURE, 41.0)
    await connect(house, None)
    plan = await plan_first_sync(house.store, house.account, house.provider, house.clock)
    assert (plan.sent[Choice.MERGE], plan.unidentified) == (0, 2)
    (line,) = (line for line in plan_lines(plan, "Simkl") if "identified" in line)
    assert line == (
        "2 more are not identified yet. Merge and Send mine send them once it is known what they "
        "are."
    )
    await house.correct(_UNSURE, None, Scope.FILE)
    await identify(house)
    plan = await plan_first_sync(house.store, house.account, house.provider, house.clock)
    assert (plan.sent[Choice.MERGE], plan.unidentified) == (1, 0)
    assert not any("identified" in line for line in plan_lines(plan, "Simkl"))
