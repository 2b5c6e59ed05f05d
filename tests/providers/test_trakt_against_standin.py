"""Trakt's adapter over real sockets: sign-in, tokens across processes, viewings, other shapes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from dodo_tui.domain.account import Tokens
from dodo_tui.domain.ids import Ids, Kind
from dodo_tui.providers.errors import OfflineError, RejectedError, UnauthorizedError
from dodo_tui.providers.facts import Fact, FactKind, Outcome, Verb
from dodo_tui.providers.items import Item, TitleRef
from dodo_tui.providers.keeper import TokenStore
from dodo_tui.providers.sign_in import CodeExpired, CodeShown, SignedIn, StillWaiting
from dodo_tui.providers.trakt.client import App
from dodo_tui.providers.trakt.provider import TraktProvider
from dodo_tui.standin.clock import ManualClock
from dodo_tui.standin.faults import Reset
from dodo_tui.standin.trakt.server import TraktStandIn
from dodo_tui.storage.credentials import TokenFile
from tests.providers.standin_support import StandInClock
from tests.providers.support import MemoryStore, failed
from tests.support.standins import well_behaved

INCEPTION = Item(Kind.MOVIE, "Inception", 2010, Ids(imdb="tt1375666"))
EPISODE = Item(Kind.SHOW, "Breaking Bad", 2008, Ids(tvdb="81189"), 1, 5)


@pytest.fixture
def trakt(time: ManualClock) -> Iterator[TraktStandIn]:
    """A running stand-in that keeps the limits; no test may break a usage rule."""
    with well_behaved(TraktStandIn(clock=time, seed=1)) as running:
        yield running


def provider_at(
    trakt: TraktStandIn, time: ManualClock, store: TokenStore | None, secret: str | None = None
) -> TraktProvider:
    """A provider that talks to the stand-in."""
    app = App("demo-trakt", secret, trakt.url, trakt.auth_url)
    return TraktProvider(app, store, StandInClock(time))


def granted(trakt: TraktStandIn, time: ManualClock, *, due: bool = False) -> Tokens:
    """Tokens of somebody who is signed in; `due`: half of their life is over."""
    accounts = trakt.world.accounts
    grant = accounts.grant("demo-trakt", accounts.user("Dodo"), 604_800)
    renew_at = time.now() if due else grant.access_expires_at - timedelta(days=3)
    return Tokens(
        grant.access_token, grant.refresh_token, grant.access_expires_at, "public", renew_at
    )


@pytest.mark.parametrize("has_body", [False, True])
@pytest.mark.parametrize("secret", [None, "demo-secret"])
async def test_signing_in_sends_the_secret_where_one_is_required(
    trakt: TraktStandIn, time: ManualClock, has_body: bool, secret: str | None
) -> None:
    """With the secret where it is required, and without it where it is not."""
    trakt.settings.pending_has_body = has_body
    trakt.settings.secret_required = secret is not None
    store = MemoryStore(None)
    provider = provider_at(trakt, time, store, secret)
    async for step in provider.authorize():
        match step:
            case StillWaiting(code):
                trakt.approve(code.user_code)
            case SignedIn(tokens):
                store.tokens = tokens
    user = await provider.user()
    assert (user.id, user.name) == ("dodo", "Dodo")
    await provider.close()


async def test_refused_and_run_out(trakt: TraktStandIn, time: ManualClock) -> None:
    """Each is told apart."""
    provider = provider_at(trakt, time, None)

    async def refused() -> None:
        async for step in provider.authorize():
            if isinstance(step, CodeShown):
                trakt.decline(step.code.user_code)

    await failed(RejectedError, refused())
    steps = [step async for step in provider.authorize()]
    assert isinstance(steps[-1], CodeExpired)
    await provider.close()


async def test_many_calls_with_a_dead_token_renew_once(
    trakt: TraktStandIn, time: ManualClock, tmp_path: Path
) -> None:
    """Four clients over one file, as four processes are: one renewal, and all of them go on."""
    tokens = granted(trakt, time)
    TokenFile(tmp_path, "trakt", 1).write(tokens)
    trakt.world.accounts.grants[0].access_expires_at = time.now()
    providers = [provider_at(trakt, time, TokenFile(tmp_path, "trakt", 1)) for _ in range(4)]
    users = await asyncio.gather(*[provider.user() for provider in providers])
    assert {user.id for user in users} == {"dodo"}
    assert len(trakt.log.entries("/auth/oauth/token")) == 1
    kept = TokenFile(tmp_path, "trakt", 1).read()
    assert kept is not None
    assert kept.refresh == trakt.world.accounts.grants[0].refresh_token
    for provider in providers:
        await provider.close()


async def test_a_renewal_whose_answer_is_lost_asks_to_reconnect(
    trakt: TraktStandIn, time: ManualClock
) -> None:
    """The refresh token has been used and nobody knows the new one; nothing is thrown away."""
    store = MemoryStore(granted(trakt, time, due=True))
    trakt.faults.add("/auth/oauth/token", Reset(after_processing=True))
    provider = provider_at(trakt, time, store)
    await failed(UnauthorizedError, provider.user())
    assert store.saved == []
    await provider.close()


async def test_an_offline_week_is_no_sign_out(trakt: TraktStandIn, time: ManualClock) -> None:
    """The access token has run out meanwhile; the refresh token still works, once."""
    store = MemoryStore(granted(trakt, time))
    trakt.offline = True
    provider = provider_at(trakt, time, store)
    await failed(OfflineError, provider.user())
    time.advance(8 * 86_400)
    await failed(OfflineError, provider.user())
    trakt.offline = False
    assert (await provider.user()).id == "dodo"
    assert len(store.saved) == 1
    await provider.close()


@pytest.mark.parametrize("start_conflicts", [False, True])
@pytest.mark.parametrize("status", [200, 201])
async def test_the_life_of_a_viewing(
    trakt: TraktStandIn, time: ManualClock, start_conflicts: bool, status: int
) -> None:
    """Started, paused, gone on with, stopped, and a second time within the hour."""
    trakt.settings.start_conflicts = start_conflicts
    trakt.settings.write_status = status  # type: ignore[assignment]
    provider = provider_at(trakt, time, MemoryStore(granted(trakt, time)))
    phone = trakt.person()
    assert (await provider.scrobble(Verb.START, EPISODE, 5)).outcome is Outcome.NOTED
    assert phone.watching_now() is trakt.world.title("Breaking Bad")
    paused = await provider.scrobble(Verb.PAUSE, EPISODE, 45.5)
    assert paused.outcome is Outcome.SAVED
    assert paused.ids == Ids(imdb="tt0903747", tmdb="1396", tvdb="81189", trakt="1")
    (point,) = await provider.resume_points()
    assert (point.item.season, point.item.number, point.percent) == (1, 5, 45.5)
    await provider.forget_resume_point(point)
    await provider.forget_resume_point(point)
    assert (await provider.scrobble(Verb.STOP, EPISODE, 91)).outcome is Outcome.WATCHED
    assert (await provider.scrobble(Verb.STOP, EPISODE, 91)).outcome is Outcome.REPEATED
    expected = Outcome.REPEATED if start_conflicts else Outcome.NOTED
    assert (await provider.scrobble(Verb.START, EPISODE, 5)).outcome is expected
    assert len(phone.plays("Breaking Bad", 1, 5)) == 1
    at = (time.now() - timedelta(days=2)).replace(microsecond=0)
    late = Fact(FactKind.WATCHED, INCEPTION, at)
    (answer,) = await provider.deliver([late])
    assert answer.outcome is Outcome.DONE
    assert phone.plays("Inception") == [late.watched_at]
    await provider.deliver([replace(late, kind=FactKind.UNWATCHED)])
    assert phone.plays("Inception") == []
    await provider.close()


async def test_an_anime_counted_through(trakt: TraktStandIn, time: ManualClock) -> None:
    """An anime that Trakt has in seasons, told by its number in the whole."""
    anime = next(t for t in trakt.world.titles.titles()
                 if t.kind == "anime" and t.by_tvdb_key.keys() - t.by_key.keys())  # fmt: skip
    place = max(anime.by_tvdb_key)
    absolute = anime.by_tvdb_key[place].number
    ids = Ids(**{k: v for k, v in anime.ids.items() if k in ("imdb", "tmdb", "tvdb")})
    item = Item(Kind.ANIME, anime.title, anime.year, ids, 1, absolute)
    provider = provider_at(trakt, time, MemoryStore(granted(trakt, time)))
    (answer,) = await provider.deliver([Fact(FactKind.WATCHED, item, time.now())])
    assert answer.outcome is Outcome.DONE
    (play,) = trakt.person().member.plays
    assert play.thing.place == place
    await provider.close()


async def test_the_catalogue_is_found_by_name_and_by_id(
    trakt: TraktStandIn, time: ManualClock
) -> None:
    """By name, by id, with episodes."""
    provider = provider_at(trakt, time, MemoryStore(granted(trakt, time)))
    (found,) = await provider.search("Breaking Bad", Kind.SHOW, 2008)
    ref = TitleRef(Kind.SHOW, "Breaking Bad", 2008, found.media.ids)
    details = await provider.details(ref)
    assert details is not None
    assert details.overview
    episodes = await provider.episodes(ref)
    assert len([episode for episode in episodes if not episode.is_special]) == 62
    assert episodes[-1].aired_at is not None
    await provider.close()
