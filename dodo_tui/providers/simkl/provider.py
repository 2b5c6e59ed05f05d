"""Simkl as a `Provider`."""

from __future__ import annotations

import ntpath
from collections.abc import AsyncIterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from dodo_tui.clock import Clock
from dodo_tui.domain.account import User
from dodo_tui.domain.ids import Kind
from dodo_tui.domain.text import clean_text
from dodo_tui.providers.batches import UNKNOWN, check_facts, check_lists, check_ratings, told
from dodo_tui.providers.catalogue import CatalogueEpisode, FileMatch, Found, TitleDetails
from dodo_tui.providers.changes import Change, KeptAnswers, Listing, ResumePoint, Snapshot
from dodo_tui.providers.errors import BrokenError
from dodo_tui.providers.facts import (
    Answer,
    Fact,
    FactKind,
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
from dodo_tui.providers.simkl import auth, catalogue, listing, playback, pulling
from dodo_tui.providers.simkl.client import Call, SimklClient
from dodo_tui.providers.simkl.failures import NONSENSE, failure
from dodo_tui.providers.simkl.halving import halved
from dodo_tui.providers.simkl.models import FileAnswer, ScrobbleAnswer, SettingsAnswer
from dodo_tui.providers.simkl.payloads import (
    BATCH_SIZE,
    history_body,
    is_nameable,
    scrobble_body,
)
from dodo_tui.providers.simkl.reading import file_match, scrobble_answer
from dodo_tui.providers.simkl.verdicts import verdicts
from dodo_tui.providers.wire import parse

if TYPE_CHECKING:
    import httpx

_HISTORY_PATHS = {
    FactKind.WATCHED: "/sync/history",
    FactKind.UNWATCHED: "/sync/history/remove",
}
_REPEATED = Answer(Outcome.REPEATED)

_MAX_FILE_NAME_CHARACTERS = 255


class SimklProvider:
    """Simkl for one client id and one account."""

    id: str = "simkl"
    name: str = "Simkl"
    batch_size: int = BATCH_SIZE
    repeats_are_harmless: bool = True

    def __init__(
        self,
        client_id: str,
        api_url: str,
        tokens: TokenStore | None,
        clock: Clock,
        transport: httpx.AsyncBaseTransport | None = None,
        pace: Pace | None = None,
    ) -> None:
        """Talk to Simkl for one account.

        `tokens` is None before sign-in; `transport` stands in for the network in tests; `pace` is
        shared by everything in this process that talks for the account.
        """
        self._clock = clock
        self._client = SimklClient(client_id, api_url, tokens, clock, transport, pace)

    def authorize(self) -> AsyncIterator[SignInStep]:
        """Sign in with a code; see `auth.sign_in` for the steps and errors."""
        return auth.sign_in(self._client, self._clock)

    async def user(self) -> User:
        """Who the tokens belong to. Simkl: GET, because a POST would need the right to write.

        Raises:
            ProviderError: any kind but a rejection of content.
        """
        reply = await self._client.call(Call("GET", "/users/settings"))
        answer = parse(SettingsAnswer, reply.record)
        if answer is None:
            raise BrokenError(NONSENSE)
        identity = str(answer.account.id)
        return User(identity, answer.user.name or identity)

    async def scrobble(self, verb: Verb, item: Item, percent: float) -> Answer:
        """Tell a viewing's state; the answer says what Simkl did, which may differ.

        Simkl: 409 (told by its status, it has no `error`) is a title scrobbled within the last
        hour, which is a success; 404 `id_err` is a title that will never be matched.

        Raises:
            ProviderError: any kind.
            ValueError: `percent` is no number.
        """
        body = scrobble_body(item, percent)
        if not is_nameable(item):
            return UNKNOWN
        call = Call("POST", f"/scrobble/{verb}", body=body, allowed=frozenset({404, 409}))
        reply = await self._client.call(call)
        if reply.status == 409:
            return _REPEATED
        if reply.error == "id_err":
            return UNKNOWN
        if not reply.ok:
            raise failure(reply, self._clock.now())
        answer = parse(ScrobbleAnswer, reply.record) or ScrobbleAnswer()
        return scrobble_answer(answer, verb, told_percent(percent))

    async def deliver(self, facts: Sequence[Fact]) -> Sequence[Answer]:
        """Change history; one answer per fact, in order.

        Simkl: unmarking a film removes it altogether, list entry and rating included; of a show
        only the named episodes are unmarked. Repeating a write changes nothing, so a batch whose
        answer was lost may be sent again.

        Raises:
            ProviderError: any kind; a `RejectedError` is about the batch as a whole.
            ValueError: more than `batch_size` facts, or facts of several kinds.
        """
        check_facts(facts, self.batch_size)
        return await told(
            facts,
            lambda fact: is_nameable(fact.item),
            lambda some: halved(some, self._deliver),
        )

    async def _deliver(self, facts: Sequence[Fact]) -> tuple[Answer, ...]:
        path = _HISTORY_PATHS[facts[0].kind]
        call = Call("POST", path, body=history_body(facts), allowed=frozenset({409}))
        reply = await self._client.call(call)
        if reply.status == 409:
            return (_REPEATED,) * len(facts)
        return verdicts(facts, reply)

    async def already_told(self, unclear: Sequence[Unclear]) -> Sequence[bool]:
        """Nothing needs to be asked: at Simkl a repeated write changes nothing."""
        return (False,) * len(unclear)

    async def resume_points(self) -> Sequence[ResumePoint]:
        """Every resume point kept there, newest first; what cannot be read is left out.

        Raises:
            ProviderError: any kind.
        """
        return (await playback.all_resume_points(self._client, self._clock.now())).points

    async def snapshot(self) -> Snapshot:
        """Simkl's timestamps now.

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

    async def listed(self) -> Listing:
        """What is on the list now, by Simkl's own ids.

        Simkl wants to be asked what has moved before any list is.

        Raises:
            ProviderError: any kind; an answer that is not known to be complete is one, too.
        """
        await pulling.snapshot(self._client)
        return await pulling.listed(self._client)

    async def forget_resume_point(self, point: ResumePoint) -> None:
        """Delete a resume point there; one that is gone already is a success.

        Raises:
            ProviderError: any kind.
        """
        await playback.forget(self._client, point, self._clock.now())

    async def rate(self, ratings: Sequence[Rating]) -> Sequence[Answer]:
        """Give ratings, or take them back; see `listing.rate`.

        Raises:
            ProviderError: any kind.
            ValueError: more than `batch_size`, or some given and some taken back.
        """
        check_ratings(ratings, self.batch_size)
        rate = partial(listing.rate, self._client)
        return await told(
            ratings,
            lambda rating: is_nameable(rating.title),
            lambda some: halved(some, rate),
        )

    async def set_lists(self, changes: Sequence[ListChange]) -> Sequence[Answer]:
        """Put titles on lists, or take them off all; see `listing` for what Simkl cannot do.

        Raises:
            ProviderError: any kind; some of the changes may have been made.
            ValueError: more than `batch_size`, or some put on and some taken off.
        """
        check_lists(changes, self.batch_size)
        set_lists = partial(listing.set_lists, self._client)
        return await told(
            changes,
            lambda change: is_nameable(change.title),
            lambda some: halved(some, set_lists),
        )

    async def details(self, title: TitleRef) -> TitleDetails | None:
        """What the catalogue says of a title; costs nothing of the user's quota.

        Raises:
            ProviderError: any kind.
        """
        return await catalogue.details(self._client, title)

    async def episodes(self, title: TitleRef) -> Sequence[CatalogueEpisode]:
        """Every episode of a series; costs nothing of the user's quota.

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
        """What a file is, by its name alone: no folder leaves this machine.

        Raises:
            ProviderError: any kind.
        """
        name = clean_text(ntpath.basename(file_name), _MAX_FILE_NAME_CHARACTERS)
        if not name:
            return None
        reply = await self._client.call(Call("POST", "/search/file", body={"file": name}))
        answer = parse(FileAnswer, reply.record)
        return None if answer is None else file_match(answer)

    async def revoke(self) -> None:
        """End the grant, best effort; the caller deletes the tokens in any case."""
        tokens = await self._client.stored_tokens()
        if tokens is not None:
            await auth.revoke(self._client, tokens)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()
