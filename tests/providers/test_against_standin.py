"""The whole provider over real sockets, against the stand-in Simkl and on its clock."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
import pytest_asyncio

from dodo_tui.domain.ids import Ids, Kind
from dodo_tui.providers.errors import (
    BrokenError,
    MisconfiguredError,
    OfflineError,
    ThrottledError,
    UnauthorizedError,
)
from dodo_tui.providers.facts import Fact, FactKind, Outcome, Verb
from dodo_tui.providers.items import Item
from dodo_tui.providers.sign_in import CodeExpired, CodeShown, SignedIn, StillWaiting
from dodo_tui.standin.clock import ManualClock
from dodo_tui.standin.faults import HalfAnswer, Malformed, Reset, gateway_error, server_error
from dodo_tui.standin.simkl.server import StandIn
from tests.providers.standin_support import Connect, sign_in, signed_in
from tests.providers.support import MemoryStore, failed

INCEPTION = Item(Kind.MOVIE, "Inception", 2010, Ids(imdb="tt1375666"))
BREAKING_BAD = "tt0903747"


def _breaking_bad(season: int, number: int) -> Item:
    return Item(Kind.SHOW, "Breaking Bad", 2008, Ids(imdb=BREAKING_BAD), season, number)


@pytest_asyncio.fixture
async def store(standin: StandIn, connect: Connect) -> MemoryStore:
    """The tokens of somebody who has just signed in with AUTH V2."""
    return MemoryStore(await signed_in(standin, connect()))


# Signing in


@pytest.mark.parametrize("client_id", ["demo-v2", "demo-v1"])
async def test_signing_in_with_either_kind_of_client_id(
    standin: StandIn, connect: Connect, client_id: str
) -> None:
    """Code, waiting, tokens; and the tokens say who it is."""
    steps = await sign_in(standin, connect(client_id=client_id), approve_after=2)
    assert [type(step) for step in steps] == [CodeShown, StillWaiting, StillWaiting, SignedIn]
    signed_in = steps[-1]
    assert isinstance(signed_in, SignedIn)
    user = await connect(MemoryStore(signed_in.tokens), client_id).user()
    assert user.name == "Dodo"


async def test_an_unknown_client_id_is_told(connect: Connect) -> None:
    """Neither generation knows it."""
    await failed(MisconfiguredError, anext(connect(client_id="nonsense").authorize()))


async def test_slow_down_is_obeyed(standin: StandIn, connect: Connect, time: ManualClock) -> None:
    """An early poll resets the server's timer; the longer interval, waited in full, suits it."""

    def polled_just_before() -> None:
        with standin.world.lock:
            sign_in = standin.world.accounts.latest_sign_in()
            assert sign_in is not None
            sign_in.polled_at = time.now() + timedelta(seconds=2)

    steps = await sign_in(standin, connect(), polled_just_before, approve_after=3)
    assert isinstance(steps[-1], SignedIn)
    intervals = [step.code.interval_seconds for step in steps if isinstance(step, StillWaiting)]
    assert intervals == [10, 10, 10]


@pytest.mark.parametrize("client_id", ["demo-v2", "demo-v1"])
async def test_a_code_that_is_declined_runs_out(
    standin: StandIn, connect: Connect, time: ManualClock, client_id: str
) -> None:
    """Nobody tells a refusal; our own deadline ends it, at the code's end."""
    began = time.now()

    def decline() -> None:
        code = standin.waiting_code()
        assert code is not None
        standin.decline(code)

    steps = await sign_in(standin, connect(client_id=client_id), decline, approve_after=None)
    assert steps[-1] == CodeExpired()
    assert timedelta(seconds=890) < time.now() - began <= timedelta(seconds=901)


@pytest.mark.parametrize("client_id", ["demo-v2", "demo-v1"])
async def test_resets_and_pages_while_polling_do_not_end_it(
    standin: StandIn, connect: Connect, client_id: str
) -> None:
    """Each is told while it lasts, and the code stays good."""
    polls = r"/oauth2/token|/oauth/pin/"
    for fault in (Reset(), gateway_error(), server_error(), Malformed(), HalfAnswer()):
        standin.faults.add(polls, fault)
    steps = await sign_in(standin, connect(client_id=client_id), approve_after=6)
    troubles = [step.trouble for step in steps if isinstance(step, StillWaiting)]
    assert all(troubles[:5])
    assert troubles[5] is None
    assert isinstance(steps[-1], SignedIn)


async def test_offline_while_polling_and_back(standin: StandIn, connect: Connect) -> None:
    """The router restarts while the user types the code."""
    provider = connect()
    steps = provider.authorize()
    shown = await anext(steps)
    assert isinstance(shown, CodeShown)
    standin.offline = True
    waiting = await anext(steps)
    assert waiting == StillWaiting(shown.code, "Simkl cannot be reached.")
    standin.offline = False
    standin.approve(shown.code.user_code)
    assert isinstance(await anext(steps), SignedIn)


async def test_a_grant_for_reading_only_is_refused_and_given_back(
    standin: StandIn, connect: Connect
) -> None:
    """As when Simkl's page lets the user untick writing."""

    def read_only() -> None:
        with standin.world.lock:
            sign_in = standin.world.accounts.latest_sign_in()
            assert sign_in is not None
            sign_in.scope = "media:read"

    error = await failed(UnauthorizedError, sign_in(standin, connect(), read_only))
    assert "only read" in str(error)
    assert standin.log.lines()[-1] == "POST /oauth2/revoke 200"


async def test_a_token_for_reading_only_asks_to_reconnect(
    standin: StandIn, connect: Connect, store: MemoryStore
) -> None:
    """403 `insufficient_scope` on the first write."""
    with standin.world.lock:
        for grant in standin.world.accounts.grants:
            grant.scope = "media:read"
    provider = connect(store)
    assert (await provider.user()).name == "Dodo"
    await failed(UnauthorizedError, provider.scrobble(Verb.START, INCEPTION, 6))


async def test_disconnecting_ends_the_grant(connect: Connect, store: MemoryStore) -> None:
    """The tokens are worth nothing afterwards."""
    provider = connect(store)
    await provider.revoke()
    await failed(UnauthorizedError, provider.user())


# Tokens


async def test_tokens_renewed_after_a_week(
    connect: Connect, store: MemoryStore, time: ManualClock
) -> None:
    """A television that was off over the holidays."""
    time.advance(30 * 86_400)
    assert (await connect(store).user()).name == "Dodo"
    assert len(store.saved) == 1


async def test_tokens_after_half_a_year_are_dead(
    connect: Connect, store: MemoryStore, time: ManualClock
) -> None:
    """180 unused days end the grant."""
    time.advance(181 * 86_400)
    error = await failed(UnauthorizedError, connect(store).user())
    assert str(error) == "Simkl does not accept the sign-in any more. Connect again."


async def test_two_processes_renew_once(
    standin: StandIn, connect: Connect, store: MemoryStore, time: ManualClock
) -> None:
    """Both find the token dead at the same time; the second takes what the first one got."""
    assert store.tokens is not None
    store.tokens = replace(store.tokens, expires_at=None, renew_at=None)
    time.advance(8 * 86_400)
    standin.log.clear()
    users = await asyncio.gather(connect(store).user(), connect(store).user())
    assert {user.name for user in users} == {"Dodo"}
    assert len(standin.log.entries("/oauth2/token")) == 1
    assert len(store.saved) == 1
    # Two processes share no pace, only the store; the lease that keeps them apart is elsewhere.
    standin.world.watch.violations.clear()


async def test_a_renewal_whose_answer_is_lost_is_made_again(
    standin: StandIn, connect: Connect, store: MemoryStore, time: ManualClock
) -> None:
    """The old access token died with it, the refresh token did not."""
    assert store.tokens is not None
    store.tokens = replace(store.tokens, expires_at=None, renew_at=None)
    time.advance(8 * 86_400)
    standin.faults.add("/oauth2/token", Reset(after_processing=True))
    provider = connect(store)
    await failed(OfflineError, provider.user())
    assert (await provider.user()).name == "Dodo"


# Scrobbling


async def test_the_life_of_a_viewing(
    standin: StandIn, connect: Connect, store: MemoryStore, time: ManualClock
) -> None:
    """Start, pause, resume point, start, stop; a second stop is a repetition."""
    provider = connect(store)
    assert (await provider.scrobble(Verb.START, INCEPTION, 5)).outcome is Outcome.NOTED
    assert standin.watching_now() is not None
    paused = await provider.scrobble(Verb.PAUSE, INCEPTION, 45.5)
    assert paused.outcome is Outcome.SAVED
    assert paused.ids.simkl == "472214"
    (point,) = await provider.resume_points()
    assert (point.item.title, point.percent) == ("Inception", 45.5)
    assert point.item.ids.imdb == "tt1375666"
    assert point.remote_id
    time.advance(3600)
    await provider.scrobble(Verb.START, INCEPTION, 45.5)
    stopped = await provider.scrobble(Verb.STOP, INCEPTION, 95)
    assert stopped.outcome is Outcome.WATCHED
    assert standin.person().has_watched("tt1375666")
    again = await provider.scrobble(Verb.STOP, INCEPTION, 96)
    assert again.outcome is Outcome.REPEATED
    assert await provider.resume_points() == ()


async def test_an_unfinished_end_marks_nothing(
    standin: StandIn, connect: Connect, store: MemoryStore
) -> None:
    """A pause at 85 % is kept as one."""
    answer = await connect(store).scrobble(Verb.PAUSE, _breaking_bad(1, 5), 85)
    assert answer.outcome is Outcome.SAVED
    assert not standin.person().has_watched(BREAKING_BAD, 1, 5)
    (point,) = await connect(store).resume_points()
    assert (point.item.season, point.item.number, point.percent) == (1, 5, 85)


async def test_an_unknown_title_is_an_answer(connect: Connect, store: MemoryStore) -> None:
    """It will never be matched, and that is no error."""
    nobody = Item(Kind.MOVIE, "Nobody Has Made This", 2026, Ids(imdb="tt99999999"))
    answer = await connect(store).scrobble(Verb.STOP, nobody, 95)
    assert answer.outcome is Outcome.UNKNOWN_TITLE


async def test_a_stop_whose_answer_was_lost_may_be_sent_again(
    standin: StandIn, connect: Connect, store: MemoryStore
) -> None:
    """Simkl says 409, which is a success; the title is watched once."""
    standin.faults.add("/scrobble/stop", Reset(after_processing=True))
    provider = connect(store)
    await failed(OfflineError, provider.scrobble(Verb.STOP, INCEPTION, 95))
    answer = await provider.scrobble(Verb.STOP, INCEPTION, 95)
    assert answer.outcome is Outcome.REPEATED
    assert standin.person().has_watched("tt1375666")


async def test_half_an_answer_is_offline_and_nonsense_is_broken(
    standin: StandIn, connect: Connect, store: MemoryStore
) -> None:
    """Neither is ever taken for done."""
    standin.faults.add("/scrobble/", HalfAnswer())
    standin.faults.add("/scrobble/", Malformed())
    provider = connect(store)
    await failed(OfflineError, provider.scrobble(Verb.PAUSE, INCEPTION, 50))
    await failed(BrokenError, provider.scrobble(Verb.PAUSE, INCEPTION, 50))


async def test_another_devices_write_is_waited_for(
    standin: StandIn, connect: Connect, store: MemoryStore, time: ManualClock
) -> None:
    """The lock lasts up to 20 s; the same write goes through after it."""
    standin.person().lock_writes(12)
    began = time.now()
    answer = await connect(store).scrobble(Verb.STOP, INCEPTION, 95)
    assert answer.outcome is Outcome.WATCHED
    assert timedelta(seconds=12) <= time.now() - began <= timedelta(seconds=20)


async def test_many_calls_at_once_keep_every_limit(
    standin: StandIn, connect: Connect, store: MemoryStore
) -> None:
    """Thirty reads and writes at once: none is refused, none runs beside another."""
    provider = connect(store)
    standin.log.clear()
    await asyncio.gather(
        *(provider.resume_points() for _ in range(20)),
        *(provider.scrobble(Verb.START, _breaking_bad(1, n), 6) for n in range(1, 6)),
        *(provider.user() for _ in range(5)),
    )
    assert {entry.status for entry in standin.log.entries()} <= {200, 201}


async def test_a_day_without_quota_is_waited_for(
    standin: StandIn, connect: Connect, store: MemoryStore, time: ManualClock
) -> None:
    """Until midnight in New York, and then on."""
    standin.settings.daily_quota["free"] = 0
    provider = connect(store)
    error = await failed(ThrottledError, provider.user())
    standin.settings.daily_quota["free"] = 500
    time.move_to(error.until)
    assert error.until.hour == 5
    assert (await provider.user()).name == "Dodo"


# History


async def test_facts_from_an_evening_offline(
    standin: StandIn, connect: Connect, store: MemoryStore, time: ManualClock
) -> None:
    """Offline, then back: one request, each fact with its own time, the unknown one told apart."""
    provider = connect(store)
    evening = time.now() - timedelta(hours=5)
    facts = [
        Fact(FactKind.WATCHED, INCEPTION, evening),
        Fact(FactKind.WATCHED, _breaking_bad(1, 1), evening + timedelta(hours=1)),
        Fact(FactKind.WATCHED, _breaking_bad(1, 99), evening),
        Fact(FactKind.WATCHED, _breaking_bad(2, 1), evening + timedelta(hours=2)),
        Fact(FactKind.WATCHED, Item(Kind.MOVIE, "No Such Film", 1901, Ids())),
    ]
    standin.offline = True
    await failed(OfflineError, provider.deliver(facts))
    standin.offline = False
    standin.log.clear()
    answers = await provider.deliver(facts)
    assert [answer.outcome for answer in answers] == [
        Outcome.DONE,
        Outcome.DONE,
        Outcome.UNKNOWN_TITLE,
        Outcome.DONE,
        Outcome.UNKNOWN_TITLE,
    ]
    assert standin.log.lines() == ["POST /sync/history 201"]
    person = standin.person()
    assert person.watched_at("tt1375666") == evening
    assert person.watched_at(BREAKING_BAD, 1, 1) == evening + timedelta(hours=1)
    assert person.watched_at(BREAKING_BAD, 2, 1) == evening + timedelta(hours=2)
    assert not person.has_watched(BREAKING_BAD, 1, 2)


async def test_a_batch_whose_answer_was_lost_may_be_sent_again(
    standin: StandIn, connect: Connect, store: MemoryStore
) -> None:
    """Simkl changes nothing for what it has."""
    standin.faults.add("/sync/history", Reset(after_processing=True))
    provider = connect(store)
    fact = Fact(FactKind.WATCHED, _breaking_bad(1, 1), standin.world.clock.now())
    await failed(OfflineError, provider.deliver([fact]))
    (answer,) = await provider.deliver([fact])
    assert answer.outcome is Outcome.DONE


async def test_unmarking_takes_the_named_episode_only(
    standin: StandIn, connect: Connect, store: MemoryStore
) -> None:
    """The rest of the season stays watched."""
    standin.person().mark_watched(BREAKING_BAD, 1)
    await connect(store).deliver([Fact(FactKind.UNWATCHED, _breaking_bad(1, 2))])
    assert not standin.person().has_watched(BREAKING_BAD, 1, 2)
    assert standin.person().has_watched(BREAKING_BAD, 1, 1)
    assert standin.person().has_watched(BREAKING_BAD, 1, 3)


async def test_an_anime_is_marked_in_its_own_numbering(
    standin: StandIn, connect: Connect, store: MemoryStore
) -> None:
    """By an anime site's id, and taken back again."""
    bebop = Item(Kind.ANIME, "Cowboy Bebop", 1998, Ids(mal="1"), 1, 3)
    provider = connect(store)
    await provider.deliver([Fact(FactKind.WATCHED, bebop, None)])
    assert standin.person().has_watched("mal:1", 1, 3)
    assert not standin.person().has_watched("mal:1", 1, 4)
    await provider.deliver([Fact(FactKind.UNWATCHED, bebop)])
    assert not standin.person().has_watched("mal:1", 1, 3)


async def test_the_whole_answer_is_read_in_either_shape(
    standin: StandIn, connect: Connect, store: MemoryStore
) -> None:
    """Where the sources disagree about playback, both forms are understood."""
    standin.person().pause("mal:1", 30, 1, 4)
    standin.person().pause(BREAKING_BAD, 40, 1, 5)
    read = []
    for shapes in (
        {},
        {
            "playback_anime_key": "show",
            "playback_time_key": "watched_at",
            "playback_episode_key": "episode",
            "playback_progress_rounded": True,
        },
    ):
        standin.settings.shapes = replace(standin.settings.shapes, **shapes)  # type: ignore[arg-type]
        read.append(await connect(store).resume_points())
    assert read[0] == read[1]
    assert {point.item.kind for point in read[0]} == {Kind.ANIME, Kind.SHOW}


# Lookup


async def test_a_file_is_identified(standin: StandIn, connect: Connect, store: MemoryStore) -> None:
    """By its name; nothing is looked up before a write."""
    provider = connect(store)
    match = await provider.identify("/films/Breaking.Bad.S01E05.1080p.mkv")
    assert match is not None
    assert (match.media.title, match.season, match.number) == ("Breaking Bad", 1, 5)
    assert await provider.identify("zzqx.mkv") is None
