"""Tokens: one file of mode 0600 per account, replaced atomically, locked across processes.

They are not in the database, so that a copied or exported database gives nothing away.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from dodo_tui.domain.times import maybe_from_iso, maybe_to_iso
from dodo_tui.storage.leases import Lease

if TYPE_CHECKING:
    from dodo_tui.domain.account import Tokens

_LOCK_POLL_SECONDS = 0.05


class CredentialsError(Exception):
    """The token file cannot be read or written; the text says which and why, without secrets."""


class TokenFile:
    """The tokens of one profile at one provider.

    Whoever has read or written a sign-in once is held to it: after somebody else has signed in over
    it, the tokens in the file are none of theirs. So what was meant for one account can never be
    sent with the tokens of another.
    """

    def __init__(self, folder: Path, provider: str, profile_id: int) -> None:
        """`folder` is the data folder."""
        self._path = folder / f"{provider}-{profile_id}.token"
        self._lock_path = self._path.with_suffix(".lock")
        self._grant: str | None = None
        """Which sign-in this is about; None: whichever is found first."""

    async def load(self) -> Tokens | None:
        """The tokens as they are on disk now; None if there are none.

        Raises:
            CredentialsError: the file is there and cannot be read.

        """
        return await asyncio.to_thread(self.read)

    async def save(self, tokens: Tokens) -> None:
        """Keep the tokens; returns only when they are on disk.

        Raises:
            CredentialsError: they cannot be written.

        """
        await asyncio.to_thread(self.write, tokens)

    def locked(self) -> AbstractAsyncContextManager[None]:
        """Hold the account's lock, which excludes every other process of this user."""
        return self._locked()

    @asynccontextmanager
    async def _locked(self) -> AsyncIterator[None]:
        lease = Lease(self._lock_path)
        # Polled: the holder is another process, and a cancelled wait leaves nothing behind.
        while not lease.take():  # noqa: ASYNC110
            await asyncio.sleep(_LOCK_POLL_SECONDS)
        try:
            yield
        finally:
            lease.release()

    def read(self) -> Tokens | None:
        """`load` without an event loop. None, too, where it is another sign-in's by now."""
        import json  # not for the first picture of Home

        from dodo_tui.domain.account import Tokens

        try:
            table = json.loads(self._path.read_text("utf-8"))
            grant = _text(table.get("grant", ""))
            if self._grant is None:
                self._grant = grant
            elif self._grant != grant:
                return None
            expires_at, renew_at = table["expires_at"], table.get("renew_at")
            return Tokens(
                access=_text(table["access"]),
                refresh=None if table["refresh"] is None else _text(table["refresh"]),
                expires_at=maybe_from_iso(expires_at),
                scope=_text(table["scope"]),
                renew_at=maybe_from_iso(renew_at),
            )
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise CredentialsError(
                f"The sign-in kept in {self._path} cannot be read. Connect again to replace it."
            ) from error

    def write(self, tokens: Tokens) -> None:
        """`save` without an event loop."""
        import json  # not for the first picture of Home

        if self._grant is None:
            from secrets import token_hex  # brings all of hashlib

            self._grant = token_hex(8)
        table = {
            "grant": self._grant,
            "access": tokens.access,
            "refresh": tokens.refresh,
            "expires_at": maybe_to_iso(tokens.expires_at),
            "scope": tokens.scope,
            "renew_at": maybe_to_iso(tokens.renew_at),
        }
        draft = self._path.with_suffix(".new")
        try:
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump(table, file)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self._path)
            folder = os.open(self._path.parent, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        except OSError as error:
            raise CredentialsError(
                f"The sign-in cannot be kept in {self._path.parent}: {error.strerror}."
            ) from error

    def delete(self) -> None:
        """Forget the tokens, unless they are another sign-in's by now.

        Raises:
            CredentialsError: they cannot be deleted.

        """
        if self._grant is not None and self.read() is None:
            return
        try:
            self._path.unlink(missing_ok=True)
        except OSError as error:
            raise CredentialsError(
                f"The sign-in in {self._path.parent} cannot be deleted: {error.strerror}."
            ) from error


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a token is a text")
    return value
