"""Trakt as a `Provider`."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING

from dodo_tui.clock import Clock
from dodo_tui.domain.account import User
from dodo_tui.domain.ids import Kind
from dodo_tui.providers.batches import check_facts, check_lists, check_ratings
from dodo_tui.providers.catalogue import CatalogueEpisode, FileMatch, Found, TitleDetails
from dodo_tui.providers.changes import Change, KeptAnswers, ResumePoint, Snapshot
from dodo_tui.providers.errors import BrokenError
from dodo_tui.providers.facts import (
    Answer,
    Fact,
    ListChange,
    Outcome,
    Rating,
    Unclear,
    Verb,
    told_percent,
)
from dodo_tui.providers.items import Item, TitleRef
from dodo_tui.providers.keeper import TokenStore
from dodo_tui.providers.pace import Pace
from dodo_tui.providers.sign_in import SignInStep
from dodo_tui.providers.trakt import auth, catalogue, listing, playback, pulling, telling
from dodo_tui.providers.trakt.client import App, Call, TraktClient
from dodo_tui.providers.trakt.failures import NONSENSE
from dodo_tui.providers.trakt.models import ScrobbleAnswer, SettingsAnswer
from dodo_tui.providers.trakt.numbering import by_absolute_number
from dodo_tui.providers.trakt.payloads import BATCH_SIZE, is_nameable, scrobble_body
from dodo_tui.providers.trakt.reading import LEAST_PERCENT, scrobble_answer
from dodo_tui.providers.trakt.replies import TraktReply
from dodo_tui.providers.trakt.unknown import unknown
from dodo_tui.providers.wire import parse

if TYPE_CHECKING:
    import httpx

_log = logging.getLogger(__name__)


class TraktProvider:
    """Trakt for one app and one account."""

    id: str = "trakt"
    name: str = "Trakt"
    batch_size: int = BATCH_SIZE
    repeats_are_harmless: bool = False

    def __init__(
        self,
        app: App,
        tokens: TokenStore | None,
        clock: Clock,
        transport: httpx.AsyncBaseTransport | None = None,
        pace: Pace | None = None,
    ) -> None:
        """Talk to Trakt for one account.

        `tokens` is None before sign-in; `transport` stands in for the network in tests; `pace` is
        shared by everything in this process that talks for the account.
        """
        self._clock = clock
        self._client = TraktClient(app, tokens, clock, transport, pace)

    def authorize(self) -> AsyncIterator[SignInStep]:
        """Sign in with a code; see `auth.sign_in` for the steps and errors."""
        return auth.sign_in(self._client, self._clock)

    async def user(self) -> User:
        """Who the tokens belong to.

        Raises:
            ProviderError: any kind but a rejection of content.
        """
        reply = await self._client.call(Call("GET", "/users/settings"))
        answer = parse(SettingsAnswer, reply.record)
        slug = None if answer is None else answer.user.slug
        if answer is None or slug is None:
            raise BrokenError(NONSENSE)
        return User(slug, answer.user.name or answer.user.username or slug)

    async def scrobble(self, verb: Verb, item: Item, percent: float) -> Answer:
        """Tell a viewing's state; the answer says what Trakt did, which may differ.

        Trakt: 409 is a title that was scrobbled within the hour, which is a success and must never
        be repeated; 404 is an episode that it does not have, or counts otherwise; a pause or stop
        under 1 % is refused, so it is not sent.

        Raises:
            ProviderError: any kind.
            ValueError: `percent` is no number.
        """
        percent = told_percent(percent)
        if not is_nameable(item):
            return unknown(item)
        if verb is not Verb.START and percent < LEAST_PERCENT:
            return Answer(Outcome.NOTED)
        reply = await self._scrobble(verb, item, percent)
        if reply.status == 404:
            place = await by_absolute_number(self._client, item)
            if place is None:
                return unknown(item)
            reply = await self._scrobble(verb, item, percent, place.trakt_id)
        if reply.status == 404:
            return unknown(item)
        if reply.status == 409:
            return Answer(Outcome.REPEATED)
        answer = parse(ScrobbleAnswer, reply.record) or ScrobbleAnswer()
        return scrobble_answer(answer, verb, percent)

    async def deliver(self, facts: Sequence[Fact]) -> Sequence[Answer]:
        """Change history; one answer per fact, in order; see `telling.deliver`.

        Raises:
            ProviderError: any kind.
            ValueError: more than `batch_size` facts, or facts of several kinds.
        """
        check_facts(facts, self.batch_size)
        return await telling.deliver(self._client, facts, self._clock)

    async def already_told(self, unclear: Sequence[Unclear]) -> Sequence[bool]:
        """Which facts have arrived; see `telling.already_told`.

        Raises:
            ProviderError: any kind.
        """
        return await telling.already_told(self._client, unclear, self._clock)

    async def resume_points(self) -> Sequence[ResumePoint]:
        """Every resume point kept there, newest first; what cannot be read is left out.

        Raises:
            ProviderError: any kind.
        """
        return (await playback.all_resume_points(self._client, self._clock.now())).points

    async def snapshot(self) -> Snapshot:
        """Trakt's timestamps now.

        Raises:
            ProviderError: any kind.
        """
        return await pulling.snapshot(self._client)

    def changes(
        self, since: Snapshot | None, until: Snapshot, kept: KeptAnswers | None = None
    ) -> AsyncIterator[Change]:
        """What moved between two snapshots; see `pulling.changes`.

        Raises:
            ProviderError: any kind, after any piece.
        """
        return pulling.changes(self._client, self._clock, since, until, kept)

    async def listed(self) -> None:
        """Trakt keeps no one list of everything (see `tracking.applying.listings`)."""

    async def forget_resume_point(self, point: ResumePoint) -> None:
        """Delete a resume point there; one that is gone already is a success.

        Raises:
            ProviderError: any kind.
        """
        await playback.forget(self._client, point)

    async def rate(self, ratings: Sequence[Rating]) -> Sequence[Answer]:
        """Give ratings, or take them back; see `listing.rate`.

        Raises:
            ProviderError: any kind.
            ValueError: more than `batch_size` ratings, or given and taken back at once.
        """
        check_ratings(ratings, self.batch_size)
        return await listing.rate(self._client, ratings)

    async def set_lists(self, changes: Sequence[ListChange]) -> Sequence[Answer]:
        """Put titles on lists, or take them off; see `listing.set_lists`.

        Raises:
            ProviderError: any kind; some of the changes may have been made.
            ValueError: more than `batch_size` changes, or put on and taken off at once.
        """
        check_lists(changes, self.batch_size)
        return await listing.set_lists(self._client, changes)

    async def details(self, title: TitleRef) -> TitleDetails | None:
        """What the catalogue says of a title; see `catalogue.details`.

        Raises:
            ProviderError: any kind.
        """
        return await catalogue.details(self._client, title)

    async def episodes(self, title: TitleRef) -> Sequence[CatalogueEpisode]:
        """Every episode of a series; see `catalogue.episodes`.

        Raises:
            ProviderError: any kind.
        """
        return await catalogue.episodes(self._client, title)

    async def search(self, text: str, kind: Kind, year: int | None) -> Sequence[Found]:
        """Titles of a name; see `catalogue.search`.

        Raises:
            ProviderError: any kind.
        """
        return await catalogue.search(self._client, text, kind, year)

    async def identify(self, file_name: str) -> FileMatch | None:
        """Trakt knows no files by their names: always None."""
        del file_name
        return None

    async def revoke(self) -> None:
        """End the grant, best effort; the caller deletes the tokens in any case."""
        tokens = await self._client.stored_tokens()
        if tokens is not None:
            await auth.revoke(self._client, tokens)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def _scrobble(
        self, verb: Verb, item: Item, percent: float, trakt_id: int | None = None
    ) -> TraktReply:
        body = scrobble_body(item, percent, trakt_id)
        allowed = frozenset({404, 409})
        return await self._client.call(
            Call("POST", f"/scrobble/{verb}", body=body, allowed=allowed)
        )
