"""Which viewing a provider means, and whether we have it already."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from dodo_tui.clock import SLACK
from dodo_tui.domain.account import Account
from dodo_tui.domain.ids import InvalidKeyError, Key, Kind, MediaId
from dodo_tui.domain.media import Media
from dodo_tui.domain.merge import SAME_VIEWING, is_in_progress
from dodo_tui.domain.progress import Progress
from dodo_tui.domain.times import to_iso_seconds
from dodo_tui.providers.changes import RemoteTitle
from dodo_tui.storage import ledger
from dodo_tui.tracking.applying.pull import Pull

_CLOCK_IS_OFF = timedelta(days=1)
"""Two clocks that differ by more are not both right."""

_NAMESPACE = uuid.UUID("6f0f9b8e-0d0d-4d0d-8d0d-d0d0d0d0d0d0")


def told_watches(title: RemoteTitle, media_id: MediaId) -> dict[Key, datetime | None]:
    """What a title says is watched, by key; coordinates that fit no key are left out."""
    if title.watched or title.media.kind is Kind.MOVIE:
        return {Key(media_id): title.watched_at} if title.watched else {}
    told: dict[Key, datetime | None] = {}
    for episode in title.episodes:
        try:
            key = Key.episode(media_id, episode.season, episode.number)
        except InvalidKeyError:
            continue
        if key.season_number == episode.season:
            told[key] = episode.watched_at
    return told


def play_of(
    pull: Pull,
    media: Media,
    key: Key,
    watched_at: datetime | None,
    watches: Sequence[ledger.Watch],
) -> tuple[str | None, ledger.Watch | None]:
    """The play that stands for a remote watched fact, and the viewing if we have it already.

    Ours is one at the same time, or a live `stop` that the provider acknowledged since the last
    pull: it stamps that itself. Where our clock was wrong then, the two times differ by years.
    """
    if watched_at is None:
        return None, watches[0] if watches else None
    for watch in watches:
        if abs(watch.watched_at - watched_at) <= SAME_VIEWING:
            return watch.play_id, watch
    for watch in watches:
        told_at = watch.stopped_at
        if told_at is None or (pull.since is not None and told_at < pull.since):
            continue
        gap = abs(told_at - watched_at)
        was_off = told_at > pull.now + SLACK or (pull.since is not None and not pull.is_sure)
        if gap <= SAME_VIEWING or (was_off and gap >= _CLOCK_IS_OFF):
            return watch.play_id, watch
    return _play_id(pull.account, media, key, watched_at), None


def is_misdated(ours: ledger.Watch, watched_at: datetime) -> bool:
    """Whether a viewing of ours, stamped by its provider as it happened, bears a wrong time."""
    return ours.stopped_at is not None and abs(ours.watched_at - watched_at) > SAME_VIEWING


def dated(row: Progress, before: datetime, at: datetime) -> Progress:
    """A row that goes by a viewing whose time was wrong, as it goes by the true one."""
    if row.watched_at != before:
        return row
    is_newest = row.touched_at <= before or not is_in_progress(row)
    return replace(row, watched_at=at, touched_at=at if is_newest else row.touched_at)


def _play_id(account: Account, media: Media, key: Key, watched_at: datetime) -> str:
    """The same on every device that hears of this viewing, so that exports join into one."""
    own = getattr(media.ids, account.provider, None) or str(media.id)
    place = f"{key.season_number}:{key.number}"
    name = f"{account.provider}:{account.user.id}:{own}:{place}:{to_iso_seconds(watched_at)}"
    return uuid.uuid5(_NAMESPACE, name).hex
