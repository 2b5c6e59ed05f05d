"""What tokens of Trakt's are.

Trakt: they live as long as `expires_in` says and no constant; a refresh token can be used once.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from dodo_tui.domain.account import Tokens
from dodo_tui.providers.device_codes import bounded_seconds
from dodo_tui.providers.trakt.models import TokenAnswer

_MAX_LIFE_SECONDS = 10 * 365 * 86_400

_SHARE_USED = 0.5
"""Trakt: renewed once half of their life is over; the other half is for days without network."""

PUBLIC_SCOPE = "public"
"""The one scope there is; it allows writing."""


def tokens_from(answer: TokenAnswer, now: datetime, previous: Tokens | None = None) -> Tokens:
    """The tokens of an answer.

    Counted from now by our clock: `created_at` is by theirs. A renewal that names no refresh token
    leaves none, for the old one has been used.
    """
    life = bounded_seconds(answer.expires_in, 60, _MAX_LIFE_SECONDS)
    scope = PUBLIC_SCOPE if previous is None else previous.scope
    return Tokens(
        access=answer.access_token,
        refresh=answer.refresh_token,
        expires_at=None if life is None else now + timedelta(seconds=life),
        scope=scope if answer.scope is None else answer.scope,
        renew_at=None if life is None else now + timedelta(seconds=life * _SHARE_USED),
    )
