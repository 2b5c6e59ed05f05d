"""One drain of one account: what it talks with, what it has learnt, what becomes of its rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from dodo_tui.clock import Clock
from dodo_tui.domain.account import Account
from dodo_tui.domain.ids import Ids
from dodo_tui.domain.queue import DeliveryState, QueueKind, QueueRow
from dodo_tui.providers.changes import ResumePoint
from dodo_tui.providers.errors import BrokenError
from dodo_tui.providers.facts import Answer, Outcome, Verb
from dodo_tui.providers.protocol import Provider
from dodo_tui.storage import sending
from dodo_tui.storage.media import learn_ids
from dodo_tui.storage.store import Store

_UNKNOWN_TITLE = "{name} does not know this title."


@dataclass(slots=True)
class Pass:
    """What one drain is made with, and what it has learnt so far."""

    store: Store
    account: Account
    provider: Provider
    clock: Clock
    sent: int = 0
    """How many rows have been settled."""
    resume_points: Sequence[ResumePoint] | None = None
    """What the provider keeps, once it was asked."""
    suspects: list[tuple[QueueRow, BrokenError]] = field(default_factory=list)
    """Rows on which the provider failed time and again, passed over until another row is taken."""
    has_asked_the_time: bool = False
    """Whether it was asked, once, how late it is."""
    alone: set[int] = field(default_factory=set)
    """Rows of a batch that was rejected as a whole: sent one by one, to find the culprit."""

    async def mark(self, rows: Sequence[QueueRow]) -> None:
        """Remember that rows are being sent, where it would matter if they were sent twice."""
        if not self.provider.repeats_are_harmless:
            await self.store.run(sending.mark_sending, rows, self.clock.now())

    async def settle(self, row: QueueRow, answer: Answer, verb: Verb) -> None:
        """Note the answer to a live call; a title that is not known is held, or forgotten."""
        if answer.outcome is Outcome.UNKNOWN_TITLE:
            await self.reject([row], self.why_unknown(answer))
            return
        if row.kind is QueueKind.WATCHED and answer.outcome is Outcome.SAVED:
            await self.store.run(sending.clear_sending, [row])
            await self.store.run(
                sending.postpone, row, self.clock.now(), "It was not counted as watched."
            )
            return
        words = answer.outcome.value
        await self.store.run(sending.settle, row, DeliveryState.SENT, verb, words, self.clock.now())
        self.sent += 1
        if answer.ids != Ids():
            await self.store.run(learn_ids, row.key, answer.ids)

    def why_unknown(self, answer: Answer) -> str:
        """Why a provider does not know a title."""
        return answer.why or _UNKNOWN_TITLE.format(name=self.provider.name)

    async def end(self, row: QueueRow, words: str) -> None:
        """A row that need not be sent any more."""
        await self.store.run(sending.settle, row, DeliveryState.SENT, "", words, self.clock.now())

    async def reject(self, rows: Sequence[QueueRow], reason: str) -> None:
        """Hold facts with their reason; live rows that are rejected are worth nothing."""
        live = [row for row in rows if row.kind.is_live]
        if live:
            await self.store.run(sending.forget, live)
        for row in rows:
            if not row.kind.is_live:
                await self.store.run(sending.hold, row, reason, self.clock.now())

    async def judge_suspects(self) -> None:
        """Rows that break a server which accepts others are held, so that they block nothing."""
        if self.sent:
            for row, error in self.suspects:
                await self.reject([row], str(error))
            self.suspects.clear()
