"""Who watches together, and what is not recorded."""

from __future__ import annotations

from collections.abc import Iterable

from dodo_tui.domain.audience import Privacy, Rule, audience_words
from dodo_tui.domain.profile import Profile
from dodo_tui.engine.base import EngineBase


class Audiences(EngineBase, part=True):
    """Changes who a viewing is kept for; it holds from the next viewing on."""

    @property
    def audience_words(self) -> str:
        """Who is watching here, in a few words."""
        return audience_words(self.profile, self.company, self.privacy)

    @property
    def audience_colours(self) -> tuple[str, ...]:
        """The colours of those who are watching, in the order of their names."""
        return tuple(person.colour for person in (self.profile, *self.company))

    def set_company(self, people: Iterable[Profile]) -> None:
        """Let others watch together with whoever is watching here.

        It is remembered: it holds in other players, too, and at the next start.
        """
        self.company = tuple(person for person in people if person.id != self.profile.id)
        self._do(self._keep_company(self.profile.id, self.company))

    async def _keep_company(self, profile_id: int, company: tuple[Profile, ...]) -> None:
        from dodo_tui.storage.company import set_company

        along = [person.id for person in company]
        await self.store.run(set_company, profile_id, along)
        await self.refresh_state()

    def set_privacy(self, privacy: Privacy) -> None:
        """Switch private mode, for every dodo of this household."""
        from dodo_tui.storage import audience

        async def switch() -> None:
            await self.store.run(audience.set_privacy, privacy)
            await self.refresh_state()

        self._do(switch())

    async def read_rules(self) -> tuple[Rule, ...]:
        """What is never tracked."""
        from dodo_tui.storage import audience

        return await self.store.run(audience.rules)

    def add_rule(self, rule: Rule) -> None:
        """Never track this from now on."""
        from dodo_tui.storage import audience

        async def add() -> None:
            await self.store.run(audience.add_rule, rule)
            await self.refresh_state()

        self._do(add())

    def remove_rule(self, rule: Rule) -> None:
        """Track this again."""
        from dodo_tui.storage import audience

        async def remove() -> None:
            await self.store.run(audience.remove_rule, rule)
            await self.refresh_state()

        self._do(remove())
