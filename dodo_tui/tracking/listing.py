"""What the user says about a title as a whole: its rating, its list, that it be forgotten.

The verbs stay apart (DESIGN section 6): what concerns a list or a rating never touches history,
and forgetting touches neither list nor rating here. Each writes what it says and what is to be
told in one transaction.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime

from dodo_tui.domain import lists
from dodo_tui.domain.account import Account
from dodo_tui.domain.forgetting import ForgetPlan
from dodo_tui.domain.ids import Key, MediaId, Scheme
from dodo_tui.domain.lists import ListStatus, is_rating, why_not
from dodo_tui.domain.media import Media
from dodo_tui.domain.queue import Message, QueueKind
from dodo_tui.domain.status import PROVIDER_NAMES
from dodo_tui.storage import forgetting, standing
from dodo_tui.storage.accounts import accounts_of
from dodo_tui.storage.database import transaction
from dodo_tui.storage.hiding import unhide_title
from dodo_tui.storage.media import find_media
from dodo_tui.storage.progress import find_progress
from dodo_tui.storage.queue import add_message, add_title_message
from dodo_tui.tracking.marks import ensure_known


class NotPossibleError(Exception):
    """What was asked for cannot be done; the text is one sentence for people."""


def rate(
    connection: sqlite3.Connection, profile_id: int, key: Key, rating: int | None, now: datetime
) -> Media:
    """Rate the title of a key 1–10, or take the rating back (None).

    Raises:
        ValueError: the rating is not 1–10.
    """
    if rating is not None and not is_rating(rating):
        raise ValueError("a rating is 1 to 10")
    with transaction(connection, durable=True):
        media = _title(connection, key, now)
        standing.say_rating(connection, profile_id, str(media.id), rating, now)
        message = Message(QueueKind.RATED, None, now, rating=rating)
        _tell(connection, profile_id, media, message, now)
    return media


def taken_for_watched(connection: sqlite3.Connection, profile_id: int, key: Key) -> str:
    """Who will take the title of a key for watched once it is rated, by name; empty: nobody."""
    media = find_media(connection, str(key.media_id))
    if media is None or media.id.scheme is Scheme.LOCAL:
        return ""
    is_watched = _is_watched(connection, profile_id, media)
    status = standing.title_standing(connection, profile_id, str(media.id)).status
    providers = [account.provider for account in accounts_of(connection, profile_id)]
    return lists.taken_for_watched(media.kind, status, providers, is_watched=is_watched)


def set_list(
    connection: sqlite3.Connection,
    profile_id: int,
    key: Key,
    status: ListStatus | None,
    now: datetime,
) -> Media:
    """Put the title of a key on a list, or take it off all of them (None). No history changes.

    Raises:
        NotPossibleError: a title like this is not put on that list.
    """
    with transaction(connection, durable=True):
        media = _title(connection, key, now)
        is_watched = _is_watched(connection, profile_id, media)
        if status is not None and (reason := why_not(media.kind, status, is_watched)):
            raise NotPossibleError(reason)
        standing.say_status(connection, profile_id, str(media.id), status, now)
        kind = QueueKind.UNLISTED if status is None else QueueKind.LISTED
        _tell(connection, profile_id, media, Message(kind, None, now, list_status=status), now)
    return media


def unhide(connection: sqlite3.Connection, profile_id: int, key: Key, now: datetime) -> Media:
    """Show a hidden title in Continue Watching and Up next again."""
    with transaction(connection, durable=True):
        media = _title(connection, key, now)
        unhide_title(connection, profile_id, str(media.id))
    return media


def plan_forget(connection: sqlite3.Connection, profile_id: int, key: Key) -> ForgetPlan | None:
    """What forgetting the title of a key would do; None where it is not known at all."""
    media = find_media(connection, str(key.media_id))
    if media is None:
        return None
    media_id = str(media.id)
    viewings, places = forgetting.count_history(connection, profile_id, media_id)
    told = [
        (PROVIDER_NAMES[account.provider], len(keys))
        for account in accounts_of(connection, profile_id)
        if (keys := forgetting.told_keys(connection, account.id, media_id))
    ]
    return ForgetPlan(media.title, media.kind, viewings, places, tuple(told))


def forget(
    connection: sqlite3.Connection, profile_id: int, key: Key, now: datetime, *, there: bool
) -> ForgetPlan | None:
    """Forget what was watched of a title: its plays and progress leave the history here.

    `there`: the providers are told to forget it, too, film by film and episode by episode. What a
    provider tells from before never comes back; what is watched anew does. Answers what there was;
    None where the title is not known.

    Raises:
        NotPossibleError: it is being played.
    """
    with transaction(connection, durable=True):
        media = find_media(connection, str(key.media_id))
        plan = plan_forget(connection, profile_id, key)
        if media is None or plan is None:
            return None
        media_id = str(media.id)
        if forgetting.is_playing(connection, profile_id, media_id):
            raise NotPossibleError(f"{media.title} is playing. Stop it first.")
        held = {
            account.id: forgetting.told_keys(connection, account.id, media_id)
            for account in accounts_of(connection, profile_id)
        }
        forgetting.forget_rows(connection, profile_id, media_id, now, there=there)
        if there and media.id.scheme is not Scheme.LOCAL:
            message = Message(QueueKind.REMOVED, None, now)
            for account_id, keys in held.items():
                for name in keys:
                    add_message(connection, account_id, name, None, message, now)
    return plan


def queue_unsaid(
    connection: sqlite3.Connection,
    account: Account,
    now: datetime,
    media_id: str | None = None,
    delay_seconds: float = 0.0,
    *,
    first_sync_at: datetime | None = None,
) -> int:
    """Queue the ratings and lists that were given here and could not be told until now.

    The account was not connected then, or (`media_id`) nobody knew what the title is: of that, what
    is from before the account was connected only where it hears such. `first_sync_at`: when its
    first sync began, to which all that belongs. Expects a transaction around it; answers how many.
    """
    is_later = media_id is not None
    count = 0
    for said in standing.unsaid(
        connection,
        account.profile_id,
        account.id,
        account.provider,
        media_id=media_id,
        before=None if is_later else account.connected_at,
        since=account.connected_at if is_later and not account.hears_earlier else None,
    ):
        is_earlier = not is_later or said.happened_at < account.connected_at
        message = Message(
            said.kind,
            None,
            said.happened_at,
            delay_seconds,
            rating=said.rating,
            list_status=said.status,
        )
        belongs_to = first_sync_at if is_earlier else None
        add_title_message(connection, account.id, said.media_id, message, now, belongs_to)
        count += 1
    return count


def _title(connection: sqlite3.Connection, key: Key, now: datetime) -> Media:
    """The title of a key, kept if it is new."""
    known = ensure_known(connection, Key(key.media_id), now)
    media = find_media(connection, str(known.media_id))
    assert media is not None, "ensure_known keeps the title"
    return media


def _is_watched(connection: sqlite3.Connection, profile_id: int, media: Media) -> bool:
    """Whether a title was watched in one sitting; a series never is, whatever of it was."""
    progress = find_progress(connection, profile_id, str(media.id))
    return progress is not None and progress.watched


def _tell(
    connection: sqlite3.Connection, profile_id: int, media: Media, message: Message, now: datetime
) -> None:
    """Queue a word about a title for every account of the profile; nothing of an unknown file."""
    media_id: MediaId = media.id
    if media_id.scheme is Scheme.LOCAL:
        return
    for account in accounts_of(connection, profile_id):
        add_title_message(connection, account.id, str(media_id), message, now)
