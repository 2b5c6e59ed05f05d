"""Telling a provider ratings and lists, and noting what it made of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from dodo_tui.domain.account import Account
from dodo_tui.domain.ids import Ids, Key, MediaId, Scheme
from dodo_tui.domain.lists import ONE_ENTRY_PROVIDERS, status_word
from dodo_tui.domain.queue import QueueKind, QueueRow
from dodo_tui.domain.status import PROVIDER_NAMES
from dodo_tui.providers.facts import Answer, ListChange, Outcome, Rating
from dodo_tui.providers.items import TitleRef
from dodo_tui.providers.protocol import Provider
from dodo_tui.storage import queue, remote, standing
from dodo_tui.storage.database import transaction
from dodo_tui.storage.media import find_media
from dodo_tui.storage.synclog import log_sync


def title_ref(connection: sqlite3.Connection, media_id: str) -> TitleRef | None:
    """A title as a provider is told it; None for one that nobody has identified."""
    parsed = MediaId.parse(media_id)
    media = find_media(connection, media_id)
    if media is None or parsed.scheme is Scheme.LOCAL:
        return None
    return TitleRef(media.kind, media.known_title, media.year, media.ids.merged(Ids.of(parsed)))


def title_refs(connection: sqlite3.Connection, media_ids: Sequence[str]) -> dict[str, TitleRef]:
    """Several titles; those that must not be told are left out."""
    found = {media_id: title_ref(connection, media_id) for media_id in media_ids}
    return {media_id: title for media_id, title in found.items() if title is not None}


def go_together(one: QueueRow, other: QueueRow) -> bool:
    """Whether two rows about titles may be told in one call."""
    is_same_sort = (one.rating is None) == (other.rating is None)
    return one.kind is other.kind and is_same_sort


async def tell(
    provider: Provider, told: Sequence[tuple[QueueRow, TitleRef]], now: datetime
) -> Sequence[Answer]:
    """Tell rows that go together; one answer each.

    Raises:
        ProviderError: any kind.
    """
    if told[0][0].kind is QueueKind.RATED:
        ratings = [Rating(title, row.rating, min(row.happened_at, now)) for row, title in told]
        return await provider.rate(ratings)
    return await provider.set_lists([ListChange(title, row.list_status) for row, title in told])


def settle(
    connection: sqlite3.Connection,
    account: Account,
    answered: Sequence[tuple[QueueRow, Answer]],
    now: datetime,
) -> None:
    """Rows are told: what the provider holds is known now, so that its next word is no news.

    A list that it keeps or does not have is a line of the log: nothing is wrong with the title.
    """
    lines: list[str] = []
    with transaction(connection, durable=True):
        queue.take_all(connection, [row for row, _ in answered])
        for row, answer in answered:
            if answer.outcome in _UNMADE:
                lines.append(_unmade_line(connection, account, row, answer))
            elif row.kind is QueueKind.RATED:
                standing.told_rating(
                    connection, account.profile_id, account.provider, row.key, row.rating,
                    row.happened_at,
                )  # fmt: skip
            else:
                status = answer.status or row.list_status
                standing.told_status(
                    connection, account.profile_id, account.provider, row.key, status, now
                )
                if status is None and _rating_went_too(connection, account, row.key):
                    provider, title = _names(connection, account, row)
                    lines.append(f"{provider} took the rating of {title} off with its list")
    for line in lines:
        log_sync(connection, account.profile_id, line, now)


def told_unwatched(connection: sqlite3.Connection, account: Account, keys: Sequence[str]) -> None:
    """Films and episodes are in the provider's history no more, nor what goes with that there."""
    with transaction(connection, durable=True):
        for key in keys:
            remote.forget_watched(connection, account.id, key)
            if not Key.parse(key).is_episode:
                standing.told_unwatched(
                    connection, account.id, account.profile_id, account.provider, key
                )


_UNMADE = frozenset({Outcome.KEPT, Outcome.NO_LIST})


def _unmade_line(
    connection: sqlite3.Connection, account: Account, row: QueueRow, answer: Answer
) -> str:
    provider, title = _names(connection, account, row)
    if row.list_status is None:
        return f"{provider} keeps {title} on its list, because it was watched"
    wanted = status_word(row.list_status)
    if answer.outcome is Outcome.NO_LIST:
        return f"{provider} has no list {wanted} for {title}; it is on it here"
    return f"{provider} does not put {title} on the list {wanted}, because it was watched"


def _rating_went_too(connection: sqlite3.Connection, account: Account, media_id: str) -> bool:
    """Whether a rating left together with the list, as it does where both are one entry."""
    return account.provider in ONE_ENTRY_PROVIDERS and standing.rating_went_with_list(
        connection, account.id, account.profile_id, media_id
    )


def _names(connection: sqlite3.Connection, account: Account, row: QueueRow) -> tuple[str, str]:
    """The provider's name and the title's."""
    media = find_media(connection, row.key)
    provider = PROVIDER_NAMES.get(account.provider, account.provider)
    return provider, media.title if media else row.key
