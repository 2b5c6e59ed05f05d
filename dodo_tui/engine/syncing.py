"""The exchange with providers: syncs, the question of the first one, and the queue by hand."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING

from dodo_tui.domain.status import PROVIDER_NAMES
from dodo_tui.engine.base import EngineBase
from dodo_tui.engine.state import FirstSync, RemovalQuestion
from dodo_tui.providers.errors import ProviderError
from dodo_tui.storage.credentials import CredentialsError
from dodo_tui.storage.errors import StorageError

if TYPE_CHECKING:
    from dodo_tui.domain.account import Account


class Syncing(EngineBase, part=True):
    """Syncs when asked; `sync` and `first_sync` tell how it goes."""

    def sync_now(self) -> None:
        """Sync now, whatever auto-sync says, without waiting for a back-off."""
        from dodo_tui.storage import accounts, queued

        async def hurry() -> None:
            for account in await self.store.run(accounts.connected_accounts):
                await self.store.run(queued.make_due, account.id, self.clock.now())
            self.delivery.ask_sync(by_hand=True)

        self._do(hurry())

    def set_auto_sync(self, enabled: bool) -> None:
        """Switch syncs that start by themselves on or off."""
        from dodo_tui.storage.settings import set_setting

        async def switch() -> None:
            await self.store.run(set_setting, "auto_sync", "on" if enabled else "off")
            await self.refresh_state()
            if enabled:
                self.delivery.ask_sync()

        self._do(switch())

    def look_at_first_sync(self, provider_id: str) -> None:
        """Count what a first sync would do; `first_sync` tells how it goes."""
        self.first_sync = FirstSync(provider_id, looking=True)
        self.run_worker(
            self._look_at_first_sync(provider_id, self.profile.id),
            group="first-sync",
            exclusive=True,
            exit_on_error=False,
        )

    async def _look_at_first_sync(self, provider_id: str, profile_id: int) -> None:
        from dodo_tui.tracking.first_sync import plan_first_sync, plan_lines

        account = await self.find_account(profile_id, provider_id)
        if account is None:
            self.first_sync = None
            return
        try:
            provider = await asyncio.to_thread(self.services.provider, provider_id, profile_id)
            try:
                async with self.delivery.turn():
                    plan = await plan_first_sync(self.store, account, provider, self.clock)
            finally:
                await provider.close()
        except (ProviderError, CredentialsError, StorageError) as error:
            seen = FirstSync(provider_id, trouble=str(error))
        else:
            lines = plan_lines(plan, PROVIDER_NAMES[provider_id])
            seen = FirstSync(provider_id, lines=lines)
        if profile_id == self.profile.id:
            self.first_sync = seen

    def choose_first_sync(self, provider_id: str, choice: str) -> None:
        """Answer the question of the first sync: `merge`, `theirs`, `mine` or `later`."""
        from dodo_tui.tracking.first_sync import Choice, choose

        profile_id = self.profile.id

        async def decide() -> None:
            account = await self.find_account(profile_id, provider_id)
            if account is not None:
                await self.store.run(choose, account.id, Choice(choice))
            self.first_sync = None
            await self.refresh_state()
            if choice != Choice.NOT_NOW:
                self.delivery.ask_sync(by_hand=True)

        self._do(decide())

    def answer_removals(self, question: RemovalQuestion, *, remove: bool) -> None:
        """Remove here, too, what is missing there, which can be undone, or keep it for good.

        What is to be removed is looked for once more: nothing goes that is there again.
        """
        from dodo_tui.tracking.removals import keep_missing

        profile_id, until = self.profile.id, question.asked_at

        async def answer() -> None:
            account = await self.find_account(profile_id, question.provider)
            if account is not None and remove:
                await self._remove_missing(account, until)
            elif account is not None:
                await self.store.run(keep_missing, account, self.clock.now(), until)
            await self.refresh_state()

        self._do(answer())

    async def _remove_missing(self, account: Account, until: datetime | None) -> None:
        from dodo_tui.tracking.removals import remove_missing

        try:
            provider = await asyncio.to_thread(
                self.services.provider, account.provider, account.profile_id
            )
            try:
                async with self.delivery.turn():
                    await remove_missing(self.store, account, provider, self.clock, until)
            finally:
                await provider.close()
        except (ProviderError, CredentialsError) as error:
            self.trouble = f"{error} Nothing was removed."

    def undo_sync(self, provider_id: str) -> None:
        """Take back what the last sync took away, or the first sync as a whole."""
        from dodo_tui.tracking.undo import undo_sync

        profile_id = self.profile.id

        async def take_back() -> None:
            account = await self.find_account(profile_id, provider_id)
            async with self.delivery.turn():
                undone = None
                if account is not None:
                    undone = await self.store.run(undo_sync, account, self.clock.now())
            if undone is None:
                self.trouble = "There is no sync to undo."
            await self.refresh_state()

        self._do(take_back())

    def retry_row(self, row_id: int | None) -> None:
        """Send a held or waiting row again, or all of them."""
        from dodo_tui.storage.queued import retry

        profile_id = self.profile.id

        async def again() -> None:
            await self.store.run(retry, profile_id, row_id, self.clock.now())
            self._after_write()

        self._do(again())

    def discard_row(self, row_id: int) -> None:
        """Give a row up."""
        from dodo_tui.storage.queued import discard

        profile_id = self.profile.id

        async def give_up() -> None:
            await self.store.run(discard, profile_id, row_id, self.clock.now())
            self._after_write()

        self._do(give_up())
