"""A provider that does as it is told, and remembers what it was told."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from dodo_tui.domain.account import User
from dodo_tui.providers.errors import ProviderError
from dodo_tui.providers.protocol import (
    Answer,
    Change,
    Fact,
    FileMatch,
    Item,
    Outcome,
    Provider,
    ResumePoint,
    SignInStep,
    Snapshot,
    Verb,
)

Script = Callable[[str, str], ProviderError | Answer | None]
"""What a call shall come to, by its verb and the title it is about; None: as it should."""


@dataclass
class FakeProvider:
    """Everything succeeds unless the script says otherwise."""

    script: Script = lambda _verb, _title: None
    points: Sequence[ResumePoint] = ()
    matches: dict[str, FileMatch | ProviderError] = field(default_factory=dict)
    id: str = "simkl"
    name: str = "Simkl"
    batch_size: int = 50
    calls: list[tuple[str, object]] = field(default_factory=list)
    """Verb and what it was about: (title, percent) or [(title, time), …]."""

    def authorize(self) -> AsyncIterator[SignInStep]:
        """Nobody signs in here."""
        raise NotImplementedError

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

    async def resume_points(self) -> Sequence[ResumePoint]:
        """What is kept there."""
        self.calls.append(("points", None))
        self._answer("points", "")
        return self.points

    async def snapshot(self) -> Snapshot:
        """Nothing is pulled here."""
        raise NotImplementedError

    def changes(self, since: Snapshot | None, until: Snapshot) -> AsyncIterator[Change]:
        """Nothing is pulled here."""
        raise NotImplementedError

    async def forget_resume_point(self, point: ResumePoint) -> None:
        """Forget one."""
        self.calls.append(("forget", point.remote_id))

    async def rate(self, item: Item, rating: int | None) -> Answer:
        """Rate one."""
        self.calls.append(("rate", (named(item), rating)))
        return Answer(Outcome.DONE)

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
