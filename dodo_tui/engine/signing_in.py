"""Signing in and out, and what an account is told."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from textual.worker import Worker

from dodo_tui.engine.base import EngineBase
from dodo_tui.engine.state import SignIn, SignInPhase
from dodo_tui.providers.errors import ProviderError
from dodo_tui.storage.credentials import CredentialsError
from dodo_tui.storage.errors import StorageError

if TYPE_CHECKING:
    from dodo_tui.domain.account import Account
    from dodo_tui.providers.protocol import Provider
    from dodo_tui.providers.sign_in import SignInStep


class SigningIn(EngineBase, part=True):
    """Signs in with a code; `sign_in` tells how it goes."""

    _sign_in_worker: Worker[None] | None = None

    def begin_sign_in(self, provider_id: str) -> None:
        """Start signing in; `sign_in` tells how it goes."""
        self.sign_in = SignIn(provider_id, SignInPhase.ASKING)
        self._sign_in_worker = self.run_worker(
            self._sign_in(provider_id, self.profile.id),
            group="sign-in",
            exclusive=True,
            exit_on_error=False,
        )

    def cancel_sign_in(self) -> None:
        """Stop polling; nothing is kept."""
        if self._sign_in_worker is not None:
            self._sign_in_worker.cancel()
        self.sign_in = None

    async def _sign_in(self, provider_id: str, profile_id: int) -> None:
        from dodo_tui.tracking.signin import sign_in

        try:
            provider = await asyncio.to_thread(
                self.services.provider_to_sign_in, provider_id, profile_id
            )
            tokens = self.services.tokens(provider_id, profile_id)
            steps = sign_in(self.store, tokens, provider, profile_id, self.clock)
            try:
                async with contextlib.aclosing(steps):
                    async for step in steps:
                        await self._take_step(provider_id, step)
            finally:
                await provider.close()
        except (ProviderError, CredentialsError, StorageError, OSError) as error:
            self.sign_in = SignIn(provider_id, SignInPhase.FAILED, trouble=str(error))

    async def _take_step(self, provider_id: str, step: SignInStep) -> None:
        from dodo_tui.providers.sign_in import CodeExpired, CodeShown, SignedIn, StillWaiting

        match step:
            case CodeShown(code):
                self.sign_in = SignIn(provider_id, SignInPhase.WAITING, code)
            case StillWaiting(code, trouble):
                self.sign_in = SignIn(provider_id, SignInPhase.WAITING, code, trouble)
            case CodeExpired(reason):
                self.sign_in = SignIn(provider_id, SignInPhase.EXPIRED, trouble=reason)
            case SignedIn():
                await self.refresh_state()
                user = next((p.user for p in self.providers if p.id == provider_id), None)
                self.sign_in = SignIn(provider_id, SignInPhase.CONNECTED, user=user)
                self.delivery.wake()
                self.signed_in()

    def disconnect(self, provider_id: str) -> None:
        """Sign out of a provider; what waits stays, for a return."""
        self._do(self._disconnect(provider_id, self.profile.id))

    async def _disconnect(self, provider_id: str, profile_id: int) -> None:
        account = await self.find_account(profile_id, provider_id)
        if account is not None:
            await self.sign_out_of(account)
        await self.refresh_state()

    async def sign_out_of(self, account: Account) -> None:
        """Sign an account out, whosever it is.

        Raises:
            CredentialsError, StorageError: the tokens or the account cannot be written.
        """
        from dodo_tui.tracking.signin import sign_out

        tokens = self.services.tokens(account.provider, account.profile_id)
        provider: Provider | None = None
        with contextlib.suppress(ProviderError):
            provider = await asyncio.to_thread(
                self.services.provider, account.provider, account.profile_id
            )
        try:
            await sign_out(self.store, tokens, provider, account)
        finally:
            if provider is not None:
                await provider.close()

    def set_scrobbling(self, provider_id: str, enabled: bool) -> None:
        """Switch telling a provider what is played on or off."""
        from dodo_tui.storage.accounts import set_scrobbling

        profile_id = self.profile.id

        async def switch() -> None:
            account = await self.find_account(profile_id, provider_id)
            if account is not None:
                await self.store.run(set_scrobbling, account, enabled)
            await self.refresh_state()

        self._do(switch())

    def signed_in(self) -> None:
        """Somebody has signed in: a concern that waits for that extends it."""
