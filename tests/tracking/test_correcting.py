"""Setting right what a file is: nothing is lost, nothing is doubled, and the provider agrees."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from dodo_tui.domain.ids import Key
from dodo_tui.domain.merge import is_in_progress
from dodo_tui.domain.queue import QueueKind
from dodo_tui.domain.review import Choice, Place, Renumbering, Scope
from dodo_tui.standin.clock import ManualClock
from dodo_tui.standin.faults import (
    Fault,
    Reset,
    gateway_error,
    server_error,
    write_locked,
)
from dodo_tui.standin.simkl.server import StandIn
from dodo_tui.storage.files import DecidedBy, Match
from dodo_tui.storage.history import history
from dodo_tui.storage.lookups import candidates_for
from dodo_tui.storage.standing import title_standing
from dodo_tui.storage.synclog import sync_log
from dodo_tui.tracking.correcting.correct import CannotCorrectError
from dodo_tui.tracking.correcting.reaching import reach_of
from dodo_tui.tracking.identifying.identify import identify_files
from dodo_tui.tracking.marks import mark_watched
from tests.support.standins import CUT_SHORT, well_behaved
from tests.tracking.house import BREAKING_BAD, MATRIX, WALKING_DEAD, House

_WRONG = "The Dead That Walk S01E{:02d} {{imdb-tt0903747}}.mkv"
"""Named after Breaking Bad by somebody's mistake; it is The Walking Dead."""

_FIRST, _SECOND = _WRONG.format(1), _WRONG.format(2)


@pytest.fixture
def standin() -> Iterator[StandIn]:
    """A running stand-in; no test may break a usage rule."""
    with well_behaved(StandIn(clock=ManualClock(), seed=1)) as running:
        yield running


@pytest_asyncio.fixture
async def house(standin: StandIn, tmp_path: Path) -> AsyncIterator[House]:
    """A household with two wrongly named episodes."""
    clock = standin.world.clock
    assert isinstance(clock, ManualClock)
    house = House(tmp_path, standin, clock)
    await house.begin()
    house.add(_FIRST, _SECOND)
    yield house
    await house.close()


async def test_a_wrong_mark_is_taken_back_and_sent_right(house: House) -> None:
    """Pain 10, whole: history, progress and Simkl say the right title, at the true time."""
    play_id = await house.play(_FIRST)
    seen_at = house.clock.now()
    await house.sync()
    assert house.watched_there("Breaking Bad", 1, 1)
    done = await house.correct(_FIRST, WALKING_DEAD)
    assert (done.files, done.plays, done.taken_back, done.told) == (2, 1, 1, 1)
    assert house.facts == [
        (QueueKind.UNWATCHED, "tt0903747:1:1"),
        (QueueKind.UNLISTED, "tt0903747"),
        (QueueKind.WATCHED, "tt1520211:1:1"),
    ]
    assert house.keys(_SECOND) == ("tt1520211:1:2",)
    await house.sync()
    assert house.standin.person().status("Breaking Bad") is None
    assert house.facts == []
    assert house.watched_there("Breaking Bad", 1, 1) is None
    assert house.watched_there("The Walking Dead", 1, 1) == seen_at.replace(microsecond=0)
    (entry,) = house.store.run_now(history, house.profile.id)
    assert (entry.play_id, entry.key, entry.watched_at) == (play_id, "tt1520211:1:1", seen_at)
    right = house.progress("tt1520211:1:1")
    assert right is not None
    assert right.watched
    wrong = house.progress("tt0903747:1:1")
    assert wrong is None or not wrong.watched
    assert any("set right" in text for _, text in house.store.run_now(sync_log, house.profile.id))
    await house.sync()
    assert len(house.store.run_now(history, house.profile.id)) == 1


@pytest.mark.parametrize("was_planned", [True, False])
async def test_a_series_that_somebody_means_stays_on_the_list(
    house: House, was_planned: bool
) -> None:
    """Or was rated there since: somebody means it."""
    person = house.standin.person()
    if was_planned:
        person.plan("Breaking Bad")
        await house.sync()
    await house.play(_FIRST)
    await house.sync()
    if not was_planned:
        person.rate("Breaking Bad", 8)
        await house.sync()
    await house.correct(_FIRST, WALKING_DEAD)
    await house.sync()
    assert house.watched_there("Breaking Bad", 1, 1) is None
    assert person.status("Breaking Bad") == "plantowatch"
    assert not any(kind is QueueKind.UNLISTED for kind, _ in house.facts)


async def test_a_wrong_series_leaves_the_list_with_the_last_mark(house: House) -> None:
    """As long as another of its episodes was watched by our word it is on the list rightly."""
    await house.play(_FIRST)
    await house.play(_SECOND)
    await house.sync()
    await house.correct(_FIRST, WALKING_DEAD, Scope.FILE)
    await house.sync()
    assert house.standin.person().status("Breaking Bad") == "watching"
    await house.correct(_SECOND, WALKING_DEAD, Scope.FILE)
    await house.sync()
    await house.sync()
    assert house.standin.person().status("Breaking Bad") is None
    shown = house.store.run_now(title_standing, house.profile.id, "tt0903747")
    assert shown.status is None


async def test_what_was_watched_there_independently_stays(house: House) -> None:
    """Only what dodo told is taken back."""
    house.standin.person().mark_watched("Breaking Bad", 1, 1)
    at = house.watched_there("Breaking Bad", 1, 1)
    await house.sync()
    await house.play(_FIRST)
    await house.sync()
    await house.correct(_FIRST, WALKING_DEAD)
    assert house.facts == [(QueueKind.WATCHED, "tt1520211:1:1")]
    await house.sync()
    assert house.watched_there("Breaking Bad", 1, 1) == at
    stays = house.progress("tt0903747:1:1")
    assert stays is not None
    assert stays.watched


async def test_a_film_there_before_is_left_with_its_rating(house: House, standin: StandIn) -> None:
    """Taking a film's mark back would take its rating away too."""
    standin.person().mark_watched("Inception")
    standin.person().rate("Inception", 9)
    await house.sync()
    house.add("Some Film 2010 {imdb-tt1375666}.mkv")
    await house.play("Some Film 2010 {imdb-tt1375666}.mkv")
    await house.sync()
    await house.correct("Some Film 2010 {imdb-tt1375666}.mkv", MATRIX, Scope.FILE)
    await house.sync()
    assert standin.person().rating("Inception") == 9
    assert house.watched_there("Inception")
    assert house.watched_there("The Matrix")


async def test_what_waits_is_told_right_and_nothing_of_the_wrong_title(house: House) -> None:
    """The network was away: nobody ever hears of the mistake."""
    house.standin.offline = True
    await house.play(_FIRST)
    seen_at = house.clock.now()
    await house.correct(_FIRST, WALKING_DEAD)
    assert house.facts == [(QueueKind.WATCHED, "tt1520211:1:1")]
    house.standin.offline = False
    await house.sync()
    assert house.watched_there("The Walking Dead", 1, 1) == seen_at.replace(microsecond=0)
    assert house.watched_there("Breaking Bad", 1, 1) is None


async def test_an_answer_that_was_lost_may_have_been_a_yes(house: House) -> None:
    """It was told, for all we know: it is taken back as well."""
    await house.play(_FIRST)
    house.standin.faults.add("/(scrobble|sync/history)", Reset(after_processing=True), count=1)
    await house.sync()
    assert house.watched_there("Breaking Bad", 1, 1)
    await house.correct(_FIRST, WALKING_DEAD)
    assert (QueueKind.UNWATCHED, "tt0903747:1:1") in house.facts
    await house.sync_to_the_end()
    assert house.watched_there("Breaking Bad", 1, 1) is None
    assert house.watched_there("The Walking Dead", 1, 1)


async def test_a_resume_point_goes_along_and_the_wrong_one_is_forgotten(house: House) -> None:
    """Here at once, there as soon as it is reachable."""
    await house.play(_FIRST, 40.0)
    await house.sync()
    assert house.standin.person().playback("Breaking Bad") is not None
    await house.correct(_FIRST, WALKING_DEAD)
    moved = house.progress("tt1520211:1:1")
    assert moved is not None
    assert moved.position_seconds == pytest.approx(1200.0)
    assert house.progress("tt0903747:1:1") is None
    await house.sync()
    assert house.progress("tt0903747:1:1") is None, "what is being taken back does not come back"
    await house.sync_to_the_end()
    assert house.progress("tt0903747:1:1") is None
    assert house.standin.person().playback("Breaking Bad") is None
    there = house.standin.person().playback("The Walking Dead")
    assert there is not None
    assert there.progress == pytest.approx(40.0)


async def test_a_newer_point_of_somebody_else_is_not_forgotten(house: House) -> None:
    """It is about the title that it says."""
    await house.play(_FIRST, 40.0)
    await house.sync()
    house.standin.person().pause("Breaking Bad", 70.0, 1, 1)
    await house.correct(_FIRST, WALKING_DEAD)
    await house.sync_to_the_end()
    there = house.standin.person().playback("Breaking Bad")
    assert there is not None
    assert there.progress == pytest.approx(70.0)


async def test_changing_it_again_undoes_it(house: House) -> None:
    """As if nothing had been said, at Simkl as well."""
    await house.play(_FIRST)
    seen_at = house.clock.now().replace(microsecond=0)
    await house.sync()
    await house.correct(_FIRST, WALKING_DEAD)
    await house.sync()
    await house.correct(_FIRST, BREAKING_BAD)
    await house.sync()
    assert house.watched_there("Breaking Bad", 1, 1) == seen_at
    assert house.watched_there("The Walking Dead", 1, 1) is None
    assert house.keys(_SECOND) == ("tt0903747:1:2",)


async def test_changing_it_again_before_anything_was_sent(house: House) -> None:
    """Both words wait; the last one counts."""
    await house.play(_FIRST)
    await house.sync()
    await house.correct(_FIRST, WALKING_DEAD)
    await house.correct(_FIRST, BREAKING_BAD)
    await house.sync_to_the_end()
    assert house.watched_there("Breaking Bad", 1, 1)
    assert house.watched_there("The Walking Dead", 1, 1) is None


async def test_numbers_that_are_off_by_a_season(house: House) -> None:
    """S1 E13 is really S2 E1: those after it shift along, those before it stay."""
    names = [f"show/Breaking.Bad.S01E{number:02d}.mkv" for number in (6, 7, 8, 9)]
    house.add(*names)
    await identify_files(house.store, house.provider, house.clock)
    await house.play(names[2])
    await house.correct(names[2], BREAKING_BAD, Scope.FOLDER, place=(2, 1))
    assert [house.keys(name)[0] for name in names] == [
        "tt0903747:1:6", "tt0903747:1:7", "tt0903747:2:1", "tt0903747:2:2",
    ]  # fmt: skip
    house.add("show/Breaking.Bad.S01E10.mkv")
    assert house.keys("show/Breaking.Bad.S01E10.mkv") == ("tt0903747:2:3",)
    await house.sync_to_the_end()
    assert house.watched_there("Breaking Bad", 2, 1)
    assert house.watched_there("Breaking Bad", 1, 8) is None


async def test_shifted_neighbours_do_not_eat_each_other(house: House) -> None:
    """The right place of one is the wrong place of the next, and all of it was told."""
    names = [f"off/Breaking Bad S01E0{n} {{imdb-tt0903747}}.mkv" for n in (1, 2, 3)]
    house.add(*names)
    seen = {}
    for place, name in enumerate(names, start=2):
        await house.play(name)
        seen[place] = house.clock.now().replace(microsecond=0)
        await house.sync()
    await house.correct(names[0], BREAKING_BAD, Scope.FOLDER, place=(1, 2))
    await house.sync_to_the_end()
    assert house.watched_there("Breaking Bad", 1, 1) is None
    for place, at in seen.items():
        assert house.watched_there("Breaking Bad", 1, place) == at
        row = house.progress(f"tt0903747:1:{place}")
        assert row is not None
        assert row.watched
    assert len(house.store.run_now(history, house.profile.id)) == 3


async def test_nothing_overrules_the_user(house: House) -> None:
    """Neither a scan, nor the id in the name, nor a provider's answer."""
    await house.correct(_FIRST, WALKING_DEAD)
    (house.folder / _FIRST).write_bytes(b"another size altogether")
    house.scan()
    assert house.keys(_FIRST) == ("tt1520211:1:1",)
    house.add(_WRONG.format(3))
    assert house.keys(_WRONG.format(3)) == ("tt1520211:1:3",)
    assert house.file(_WRONG.format(3)).decided_by is DecidedBy.USER
    assert await identify_files(house.store, house.provider, house.clock) == 0
    assert house.keys(_FIRST) == ("tt1520211:1:1",)


async def test_a_file_s_own_decision_beats_its_series(house: House) -> None:
    """And survives being renamed."""
    house.add("one/The Dead That Walk S01E03.mkv", "one/The Dead That Walk S01E04.mkv")
    await house.correct("one/The Dead That Walk S01E03.mkv", MATRIX, Scope.FILE)
    done = await house.correct("one/The Dead That Walk S01E04.mkv", WALKING_DEAD)
    assert done.files == 3, "the other one, and two of that name elsewhere"
    assert house.keys("one/The Dead That Walk S01E03.mkv") == ("tt0133093",)
    (house.folder / "one/The Dead That Walk S01E03.mkv").rename(house.folder / "one/film.mkv")
    house.scan()
    assert house.keys("one/film.mkv") == ("tt0133093",)


async def test_what_was_seen_of_a_series_without_a_file_goes_along(house: House) -> None:
    """Marked by hand; which series it is has only now been said, of another episode's file."""
    house.add("Dead Walkers S01E02.mkv")
    series = Key.parse(house.keys("Dead Walkers S01E02.mkv")[0]).media_id
    at = house.clock.now() - timedelta(days=2)
    key = Key.episode(series, 1, 1)
    house.store.run_now(mark_watched, house.profile.id, key, at, house.clock.now())
    done = await house.correct("Dead Walkers S01E02.mkv", WALKING_DEAD)
    assert (done.files, done.plays) == (1, 1)
    (entry,) = house.store.run_now(history, house.profile.id)
    assert (entry.key, entry.watched_at) == ("tt1520211:1:1", at)
    assert house.facts == [(QueueKind.WATCHED, "tt1520211:1:1")]


async def test_one_file_that_is_something_else_does_not_take_the_name_away(house: House) -> None:
    """The others are what a provider has said, and so is the next one."""
    house.add("Severance.S01E01.mkv", "Severance.S01E02.mkv")
    await identify_files(house.store, house.provider, house.clock)
    await house.correct("Severance.S01E02.mkv", None, Scope.FILE)
    house.add("Severance.S01E03.mkv")
    assert house.keys("Severance.S01E02.mkv")[0].startswith("local:")
    for number in (1, 3):
        assert house.keys(f"Severance.S01E0{number}.mkv") == (f"tt11280740:1:{number}",)


async def test_what_is_no_film_is_never_asked_about_nor_sent(house: House) -> None:
    """A holiday video named like a film; another file of that name is another matter."""
    house.add("Inception.2010.mkv", "shelf/Inception.2010.mkv")
    await house.play("Inception.2010.mkv")
    done = await house.correct("Inception.2010.mkv", None, Scope.FILE)
    assert house.file("Inception.2010.mkv").match is Match.NONE
    assert done.plays == 1
    assert await identify_files(house.store, house.provider, house.clock) == 1
    assert house.keys("shelf/Inception.2010.mkv") == ("tt1375666",)
    assert house.keys("Inception.2010.mkv")[0].startswith("local:")
    await house.sync()
    assert house.watched_there("Inception") is None
    progress = house.progress(house.keys("Inception.2010.mkv")[0])
    assert progress is not None
    assert progress.watched


async def test_what_was_seen_of_an_unknown_file_is_told_once_it_is_known(house: House) -> None:
    """With its true time; the double episode's other half is no part of it."""
    house.add("xyz-tww-101.mkv")
    await house.play("xyz-tww-101.mkv")
    with pytest.raises(CannotCorrectError):
        await house.correct("xyz-tww-101.mkv", WALKING_DEAD, Scope.FILE)
    assert house.keys("xyz-tww-101.mkv")[0].startswith("local:")
    await house.correct("xyz-tww-101.mkv", WALKING_DEAD, Scope.FILE, place=(0, 1))
    assert house.keys("xyz-tww-101.mkv") == ("tt1520211:0:1",)
    assert house.facts == [(QueueKind.WATCHED, "tt1520211:0:1")]
    await house.sync()
    assert house.facts in ([], [(QueueKind.WATCHED, "tt1520211:0:1")])
    assert house.watched_there("The Walking Dead", 1, 1) is None


async def test_a_mark_by_hand_goes_with_the_only_file(house: House) -> None:
    """Who marks what is on the screen means the file."""
    key = Key.parse(house.keys(_FIRST)[0])
    at = house.clock.now() - timedelta(days=2)
    house.store.run_now(mark_watched, house.profile.id, key, at, house.clock.now())
    await house.sync()
    await house.correct(_FIRST, WALKING_DEAD)
    await house.sync()
    assert house.watched_there("Breaking Bad", 1, 1) is None
    assert house.watched_there("The Walking Dead", 1, 1) == at.replace(microsecond=0)


async def test_another_copy_keeps_what_was_seen_of_it(house: House) -> None:
    """Two files held the key; only what the wrong one played moves."""
    house.add("good/Breaking Bad S01E01 {imdb-tt0903747}.mkv")
    await house.play("good/Breaking Bad S01E01 {imdb-tt0903747}.mkv")
    await house.sync()
    await house.play(_FIRST)
    await house.sync()
    await house.correct(_FIRST, WALKING_DEAD)
    assert house.facts == [(QueueKind.WATCHED, "tt1520211:1:1")]
    await house.sync()
    assert house.watched_there("Breaking Bad", 1, 1)
    assert {entry.key for entry in house.store.run_now(history, house.profile.id)} == {
        "tt0903747:1:1", "tt1520211:1:1",
    }  # fmt: skip


async def test_a_folder_of_all_sorts_keeps_what_is_surely_something_else(house: House) -> None:
    """Neither files that are there nor those that come are drawn into it."""
    house.add("mix/Severance.S01E01.mkv", "mix/Pilot S01E01.mkv", "mix/Cats S01E02.mkv")
    await identify_files(house.store, house.provider, house.clock)
    await house.correct("mix/Pilot S01E01.mkv", WALKING_DEAD, Scope.FOLDER)
    assert house.keys("mix/Severance.S01E01.mkv") == ("tt11280740:1:1",)
    assert house.keys("mix/Cats S01E02.mkv") == ("tt1520211:1:2",)
    house.add("mix/Severance.S01E02.mkv", "mix/Days S01E03.mkv")
    assert house.keys("mix/Severance.S01E02.mkv") == ("tt11280740:1:2",)
    assert house.keys("mix/Days S01E03.mkv") == ("tt1520211:1:3",)


async def test_what_was_said_can_be_taken_back(house: House) -> None:
    """The names count again, here and at Simkl, and are asked about as if nothing had been."""
    house.add("Severance.S01E01.mkv", "Severance.S01E02.mkv")
    await house.correct("Severance.S01E01.mkv", WALKING_DEAD)
    await house.play("Severance.S01E01.mkv")
    seen_at = house.clock.now().replace(microsecond=0)
    await house.sync()
    assert house.watched_there("The Walking Dead", 1, 1)
    await house.back_to_name("Severance.S01E01.mkv")
    assert house.keys("Severance.S01E02.mkv")[0].startswith("local:")
    await house.sync()
    assert house.watched_there("The Walking Dead", 1, 1) is None
    await identify_files(house.store, house.provider, house.clock)
    assert house.keys("Severance.S01E02.mkv") == ("tt11280740:1:2",)
    await house.sync_to_the_end()
    assert house.watched_there("Severance", 1, 1) == seen_at


async def test_a_film_whose_match_is_taken_back_waits_in_review_again(house: House) -> None:
    """What it may be is asked anew: without that nobody could settle it."""
    name = "The Thing.mkv"
    house.add(name)
    await identify_files(house.store, house.provider, house.clock)
    assert house.file(name).match is Match.UNSURE
    await house.correct(name, MATRIX, Scope.FILE)
    await house.back_to_name(name)
    house.time.advance(60)
    await identify_files(house.store, house.provider, house.clock)
    assert house.file(name).match is Match.UNSURE
    (title_id,) = house.keys(name)
    assert len(house.store.run_now(candidates_for, title_id)) == 2


async def test_how_far_a_decision_would_reach(house: House) -> None:
    """What the screen says before anything is done."""
    reach = await reach_of(house.store, house.file(_FIRST).id)
    assert reach is not None
    assert (reach.folder_files, reach.series_files, reach.named) == (2, 2, Place(1, 1))
    assert reach.default(WALKING_DEAD, renumbers=False) is Scope.SERIES
    assert reach.default(MATRIX, renumbers=False) is Scope.SERIES
    assert reach.default(WALKING_DEAD, renumbers=True) is Scope.FILE
    assert reach.default(None, renumbers=False) is Scope.FILE
    assert not reach.can_be_folder, "it is the whole library"
    assert reach.scopes(WALKING_DEAD) == [Scope.FILE, Scope.SERIES]
    house.add("The Show/a S01E01.mkv", "The Show/b S01E02.mkv", "downloads/c S01E03.mkv")
    reach = await reach_of(house.store, house.file("The Show/a S01E01.mkv").id)
    assert reach is not None
    assert reach.scopes(WALKING_DEAD) == [Scope.FILE, Scope.FOLDER, Scope.SERIES]
    assert Scope.FOLDER not in reach.scopes(MATRIX)
    reach = await reach_of(house.store, house.file("downloads/c S01E03.mkv").id)
    assert reach is not None
    assert Scope.FOLDER not in reach.scopes(WALKING_DEAD)


@pytest.mark.parametrize(
    ("named", "real"),
    [
        (Place(1, 13), Place(2, 1)), (Place(1, 14), Place(2, 2)), (Place(1, 12), Place(1, 12)),
        (Place(3, 13), Place(3, 13)), (Place(0, 13), Place(0, 13)), (None, None),
    ],
)  # fmt: skip
def test_renumbering_leaves_specials_and_goes_not_below_the_first(
    named: Place | None, real: Place | None
) -> None:
    """Specials are a season of their own, and nothing goes below the first."""
    assert Renumbering(Place(1, 13), Place(2, 1)).apply(named) == real


_FAULTS: list[Fault] = [
    *CUT_SHORT,
    server_error(),
    gateway_error(),
    write_locked(),
]
_TITLES = {"tt0903747": BREAKING_BAD, "tt1520211": WALKING_DEAD}


class ChangingMinds(RuleBasedStateMachine):
    """Plays, corrections and syncs in any order, with a fault before any request.

    In the end Simkl has watched exactly what the files turned out to be, each at its true time.
    """

    def __init__(self) -> None:
        super().__init__()
        memory = "/dev/shm" if Path("/dev/shm").is_dir() else None
        self.root = tempfile.TemporaryDirectory(dir=memory)
        self.time = ManualClock()
        self.standin = StandIn(clock=self.time, seed=1)
        self.standin.start()
        self.runner = asyncio.Runner()
        self.house = House(Path(self.root.name), self.standin, self.time)
        self.runner.run(self.house.begin())
        self.house.add(_FIRST, _SECOND)
        self.title: Choice = BREAKING_BAD
        self.played: dict[int, list[object]] = {}
        self.begun = 0

    @rule(number=st.sampled_from([1, 2]))
    def play(self, number: int) -> None:
        """Somebody watches one of the two."""
        self.runner.run(self.house.play(_WRONG.format(number)))
        self.played.setdefault(number, []).append(self.house.clock.now().replace(microsecond=0))

    @rule(number=st.sampled_from([1, 2]), percent=st.sampled_from([20.0, 60.0]))
    def begin(self, number: int, percent: float) -> None:
        """Somebody begins one of the two and leaves it."""
        self.runner.run(self.house.play(_WRONG.format(number), percent))
        self.begun += 1

    @rule(title=st.sampled_from(sorted(_TITLES)))
    def say(self, title: str) -> None:
        """The user says what the series is."""
        self.time.advance(120)
        self.title = _TITLES[title]
        self.runner.run(self.house.correct(_FIRST, self.title))

    @rule(fault=st.integers(0, len(_FAULTS) - 1), skip=st.integers(0, 4))
    def trouble(self, fault: int, skip: int) -> None:
        """One of the next requests goes wrong."""
        self.standin.faults.add("/(scrobble|sync)", _FAULTS[fault], count=1, skip=skip)

    @rule()
    def sync(self) -> None:
        """A sync, which may fail."""
        self.runner.run(self.house.sync())

    @precondition(lambda self: self.played or self.begun)
    @rule()
    def settle(self) -> None:
        """Without trouble everything comes to rest, and both sides agree."""
        self.standin.faults.clear()
        self.runner.run(self.house.sync_to_the_end())
        for choice in _TITLES.values():
            for number in (1, 2):
                at = self.house.watched_there(choice.title, 1, number)
                key = f"{choice.media_id}:1:{number}"
                row = self.house.progress(key)
                is_here = row is not None and row.watched
                if choice is self.title and number in self.played:
                    assert at in self.played[number], (key, at)
                    assert is_here, key
                else:
                    assert at is None, key
                    assert not is_here, key
                if choice is not self.title:
                    assert row is None or not is_in_progress(row), key
            if choice is not self.title:
                assert self.standin.person().playback(choice.title) is None
        entries = self.house.store.run_now(history, self.house.profile.id)
        assert len(entries) == self.begun + sum(map(len, self.played.values()))
        assert {Key.parse(entry.key).media_id for entry in entries} == {
            Key.parse(self.title.media_id).media_id
        }

    def teardown(self) -> None:
        """Come to rest, then stop everything."""
        try:
            if self.played or self.begun:
                self.settle()
        finally:
            self.runner.run(self.house.close())
            self.runner.close()
            self.standin.stop()
            self.root.cleanup()
        assert self.standin.errors == []
        assert self.standin.violations == []


TestChangingMinds = ChangingMinds.TestCase
TestChangingMinds.settings = settings(
    max_examples=10,
    stateful_step_count=10,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
)
