"""How a provider can fail: few kinds, and everything decides by kind.

    ProviderError
    ├── OfflineError        the network or the service is out of reach: try later
    ├── ThrottledError      asked to wait until a time
    ├── RejectedError       this one thing will never be accepted: hold it, say why
    ├── UnauthorizedError   the sign-in is not accepted: ask to reconnect, keep queueing
    ├── MisconfiguredError  the client id is wrong, disabled or blocked
    └── BrokenError         a server error or nonsense: back off

The text of each is one sentence for people, without secrets.
"""

from __future__ import annotations

from datetime import datetime


class ProviderError(Exception):
    """A call to a provider failed; the subclass says what follows from it."""


class OfflineError(ProviderError):
    """The network or the service cannot be reached."""

    def __init__(self, sentence: str, *, never_sent: bool = False) -> None:
        """`never_sent`: it is certain that nothing of the request arrived."""
        super().__init__(sentence)
        self.never_sent = never_sent


class ThrottledError(ProviderError):
    """The provider asks to wait."""

    def __init__(self, sentence: str, until: datetime) -> None:
        """`until` is the UTC time from which on to try again."""
        super().__init__(sentence)
        self.until = until


class RejectedError(ProviderError):
    """The provider will never accept this one thing (unknown title, malformed request)."""


class UnauthorizedError(ProviderError):
    """The sign-in is not accepted any more, or does not allow writing."""


class MisconfiguredError(ProviderError):
    """The client id is missing, wrong, disabled or blocked."""


class BrokenError(ProviderError):
    """The provider answered with a server error or with nonsense."""
