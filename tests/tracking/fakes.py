"""A provider that does as it is told, and remembers what it was told."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from dodo_tui.domain.account import User
from dodo_tui.domain.ids import Ids, Kind, MediaId
from dodo_tui.domain.media import Media
from dodo_tui.providers.catalogue import CatalogueEpisode, FileMatch, Found, TitleDetails
from dodo_tui.providers.changes import Change, KeptAnswers, ResumePoint, Snapshot
from dodo_tui.providers.errors import ProviderError
from dodo_tui.providers.facts import Answer, Fact, ListChange, Outcome, Rating, Unclear, Verb
from dodo_tui.providers.items import Item, TitleRef
from dodo_tui.providers.protocol import Provider
from dodo_tui.providers.sign_in import SignInStep

Script = Callable[[str, str], ProviderError | Answer | None]
"""What a call shall come to, by its verb and the title it is about; None: as it should."""


@dataclass
class FakeProvider:
    """Everything succeeds unless the script says otherwise."""

    script: Script = lambda _verb, _title: None
    points: Sequence[ResumePoint] = ()
    matches: dict[str, FileMatch | ProviderError] = field(default_factory=dict)
    catalogue: dict[str, tuple[TitleDetails | None, Sequence[CatalogueEpisode]]] = field(
        default_factory=dict
    )
    """Details and episodes by title."""
    found: dict[str, Sequence[Found]] = field(default_factory=dict)
    """What a search comes upon, by its text."""
    id: str = "simkl"
    name: str = "Simkl"
    batch_size: int = 50
    repeats_are_harmless = True
    unclear: Sequence[Unclear] = ()
    """What was looked for last."""
    calls: list[tuple[str, object]] = field(default_factory=list)
    """Verb and what it was about: (title, percent) or [(title, time), …]."""

    def authorize(self) -> AsyncIterator[SignInStep]:
        """Nobody signs in here."""
        raise AssertionError("nobody signs in here")

    async def user(self) -> User:
        """Who it is."""
        self._answer("user", "")
        return User("1", "User 1")

    async def scrobble(self, verb: Verb, item: Item, percent: float) -> Answer:
        """A live call."""
        self.calls.append((verb.value, (named(item), percent)))
        usual = {Verb.START: Outcome.NOTED, Verb.PAUSE: Outcome.SAVED, Verb.STOP: Outcome.WATCHED}
        return self._answer(verb.value, named(item)) or Answer(usual[verb])

    async def deliver(self, facts: Sequence[Fact]) -> Sequence[Answer]:
        """A change of history."""
        assert len(facts) <= self.batch_size
        (kind,) = {fact.kind.value for fact in facts}
        told = [(named(fact.item), fact.watched_at) for fact in facts]
        self.calls.append((kind, told))
        return [self._answer(kind, title) or Answer(Outcome.DONE) for title, _ in told]

    async def already_told(self, unclear: Sequence[Unclear]) -> Sequence[bool]:
        """Nothing has arrived, unless the script says so of its title by an answer."""
        self.calls.append(("looked for", [each.fact.item.title for each in unclear]))
        self.unclear = unclear
        self._answer("looked for", "")
        return [self._answer("looked for", each.fact.item.title) is not None for each in unclear]

    async def resume_points(self) -> Sequence[ResumePoint]:
        """What is kept there."""
        self.calls.append(("points", None))
        self._answer("points", "")
        return self.points

    async def snapshot(self) -> Snapshot:
        """Nothing is pulled here."""
        raise AssertionError("nothing is pulled here")

    def changes(
        self, since: Snapshot | None, until: Snapshot, kept: KeptAnswers | None = None
    ) -> AsyncIterator[Change]:
        """Nothing is pulled here."""
        raise AssertionError("nothing is pulled here")

    async def listed(self) -> None:
        """Nothing is pulled here."""

    async def forget_resume_point(self, point: ResumePoint) -> None:
        """Forget one."""
        self.calls.append(("forget", point.remote_id))

    async def rate(self, ratings: Sequence[Rating]) -> Sequence[Answer]:
        """Rate some, or take some ratings back."""
        assert len(ratings) <= self.batch_size
        assert len({rating.value is None for rating in ratings}) == 1
        told = [(rating.title.title, rating.value) for rating in ratings]
        self.calls.append(("rate", told))
        return [self._answer("rate", title) or Answer(Outcome.DONE) for title, _ in told]

    async def set_lists(self, changes: Sequence[ListChange]) -> Sequence[Answer]:
        """Put some on lists, or take some off."""
        assert len(changes) <= self.batch_size
        assert len({change.status is None for change in changes}) == 1
        told = [(change.title.title, change.status) for change in changes]
        self.calls.append(("list", told))
        return [
            self._answer("list", title) or Answer(Outcome.DONE, status=status)
            for title, status in told
        ]

    async def details(self, title: TitleRef) -> TitleDetails | None:
        """What the catalogue says."""
        self.calls.append(("details", title.title))
        self._answer("details", title.title)
        return self.catalogue.get(title.title, (None, ()))[0]

    async def episodes(self, title: TitleRef) -> Sequence[CatalogueEpisode]:
        """What the catalogue has."""
        self.calls.append(("episodes", title.title))
        self._answer("episodes", title.title)
        return self.catalogue.get(title.title, (None, ()))[1]

    async def search(self, text: str, kind: Kind, year: int | None) -> Sequence[Found]:
        """Titles of a name."""
        self.calls.append(("search", (text, kind, year)))
        self._answer("search", text)
        return self.found.get(text, ())

    async def identify(self, file_name: str) -> FileMatch | None:
        """What a file is."""
        self.calls.append(("identify", file_name))
        match = self.matches.get(file_name)
        if isinstance(match, ProviderError):
            raise match
        return match

    async def revoke(self) -> None:
        """Nothing to end."""

    async def close(self) -> None:
        """Nothing to close."""

    @property
    def verbs(self) -> list[str]:
        """The calls, by their verbs alone."""
        return [verb for verb, _ in self.calls]

    def watched(self) -> list[tuple[str, datetime | None]]:
        """Everything told through history, in order."""
        return [
            fact for verb, facts in self.calls if verb == "watched" and isinstance(facts, list)
            for fact in facts
        ]  # fmt: skip

    def _answer(self, verb: str, title: str) -> Answer | None:
        outcome = self.script(verb, title)
        if isinstance(outcome, ProviderError):
            raise outcome
        return outcome


def named(item: Item) -> str:
    """An item's title, with the place of an episode."""
    return item.title if item.number is None else f"{item.title} {item.season}x{item.number}"


_: type[Provider] = FakeProvider


def file_match(
    title: str,
    year: int,
    kind: Kind,
    imdb: str,
    season: int | None = None,
    number: int | None = None,
) -> FileMatch:
    """What a provider takes a file for."""
    media = Media(MediaId.parse(imdb), kind, title, year, Ids(imdb=imdb))
    return FileMatch(media, season, number)
