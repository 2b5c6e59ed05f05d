"""What tests put into a database, in few words."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from dodo_tui.domain.account import Account, User
from dodo_tui.domain.ids import Ids, Key, Kind, MediaId
from dodo_tui.domain.media import Episode, Media
from dodo_tui.domain.progress import Origin, Progress
from dodo_tui.domain.queue import Message, QueueKind
from dodo_tui.storage import accounts, plays, queue
from dodo_tui.storage.database import transaction
from dodo_tui.storage.media import save_episodes, save_media
from dodo_tui.storage.profiles import add_profile
from dodo_tui.storage.progress import save_progress
from tests.support.clock import START


def put_film(connection: sqlite3.Connection, key: str = "tt0133093", title: str = "Film") -> str:
    """A film that is known; answers its key."""
    return _put(connection, key, Kind.MOVIE, title)


def put_show(connection: sqlite3.Connection, key: str = "tt0903747", title: str = "Show") -> str:
    """A series that is known; answers its media id."""
    return _put(connection, key, Kind.SHOW, title)


def _put(connection: sqlite3.Connection, key: str, kind: Kind, title: str) -> str:
    media_id = MediaId.parse(key)
    with transaction(connection, durable=False):
        save_media(connection, Media(media_id, kind, title, ids=Ids.of(media_id)), START)
    return key


def put_episodes(
    connection: sqlite3.Connection, *keys: str, aired_at: datetime | None = START
) -> None:
    """Episodes that are known."""
    with transaction(connection, durable=False):
        save_episodes(connection, [Episode(Key.parse(key), None, aired_at) for key in keys])


def put_progress(
    connection: sqlite3.Connection,
    key: str,
    position: float = 0.0,
    *,
    profile_id: int = 1,
    at: datetime = START,
    watched: bool = False,
    duration: float | None = 6000.0,
) -> None:
    """Where a profile stands."""
    with transaction(connection, durable=False):
        save_progress(
            connection,
            Progress(
                profile_id,
                key,
                position,
                duration,
                position / duration if duration and position else None,
                at,
                Origin.PLAYER,
                at if watched else None,
                watched,
            ),
        )


def put_account(
    connection: sqlite3.Connection, user: str = "1", profile_id: int = 1, provider: str = "simkl"
) -> Account:
    """A profile that is signed in."""
    return accounts.connect_account(
        connection, profile_id, provider, User(user, f"User {user}"), START
    )


def put_profile(connection: sqlite3.Connection, name: str = "Me") -> int:
    """A person; answers its id."""
    return add_profile(connection, name, START).id


def put_mark(
    connection: sqlite3.Connection,
    key: str,
    play_id: str,
    *,
    profile_id: int = 1,
    at: datetime = START,
    origin: Origin = Origin.MANUAL,
) -> None:
    """A closed play that is watched, unless there is one of that id."""
    if connection.execute("SELECT 1 FROM play WHERE id = ?", (play_id,)).fetchone():
        return
    with transaction(connection, durable=False):
        plays.insert_manual_play(connection, play_id, profile_id, key, origin, at, at)


def put_row(
    connection: sqlite3.Connection,
    account: Account,
    kind: QueueKind = QueueKind.WATCHED,
    key: str = "tt0133093",
    *,
    play_id: str | None = None,
    percent: float | None = None,
    at: datetime = START,
    now: datetime | None = None,
    delay: float = 0.0,
) -> int:
    """Something that waits; answers its id."""
    with transaction(connection, durable=False):
        message = Message(kind, percent, at, delay)
        queue.add_message(connection, account.id, key, play_id, message, now or at)
    return int(connection.execute("SELECT max(id) FROM queue").fetchone()[0])


def delivered(connection: sqlite3.Connection, play_id: str) -> str | None:
    """What a play says became of it."""
    row = connection.execute("SELECT state FROM delivery WHERE play_id = ?", (play_id,)).fetchone()
    return None if row is None else str(row[0])
