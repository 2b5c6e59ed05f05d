"""Titles, their aliases and episodes. Functions that write expect a transaction around them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from datetime import datetime

from dodo_tui.domain.ids import Ids, Key, Kind, MediaId, Scheme
from dodo_tui.domain.media import Episode, Media
from dodo_tui.domain.times import maybe_to_iso, to_iso
from dodo_tui.storage.database import transaction

_KEYED_TABLES = ("play", "file_part", "queue")


def find_media(connection: sqlite3.Connection, alias: str) -> Media | None:
    """The title known by a media id of any scheme."""
    row = connection.execute(
        "SELECT media.* FROM media_alias JOIN media ON media.id = media_id WHERE alias = ?",
        (alias,),
    ).fetchone()
    return None if row is None else _media(connection, row)


def find_named(
    connection: sqlite3.Connection, kinds: Iterable[Kind], title: str, year: int
) -> Media | None:
    """The one title that is called so and is of that year; None where there are several, too."""
    rows = connection.execute(
        "SELECT * FROM media WHERE title = ? COLLATE NOCASE AND year = ? "
        "AND kind IN (SELECT value FROM json_each(?)) LIMIT 2",
        (title, year, json.dumps(list(kinds))),
    ).fetchall()
    return _media(connection, rows[0]) if len(rows) == 1 else None


def posters(connection: sqlite3.Connection, media_ids: Iterable[str]) -> dict[str, str]:
    """The posters' path fragments of titles, as far as they are known."""
    return dict(
        connection.execute(
            "SELECT id, poster FROM media WHERE poster IS NOT NULL "
            "AND id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(media_ids)),),
        ).fetchall()
    )


def learn_poster(
    connection: sqlite3.Connection, media_id: str, poster: str, runtime_minutes: int | None
) -> None:
    """Keep what a catalogue says of a title that was not known; nothing else of it changes."""
    with transaction(connection, durable=False):
        connection.execute(
            "UPDATE media SET poster = coalesce(poster, ?), "
            "runtime_minutes = coalesce(runtime_minutes, ?) WHERE id = ?",
            (poster, runtime_minutes, media_id),
        )


def known_ids(connection: sqlite3.Connection, media_id: str) -> Ids:
    """Every id by which a title is known; of several in one scheme the one it is kept under."""
    found: dict[str, str] = {}
    for (alias,) in connection.execute(
        "SELECT alias FROM media_alias WHERE media_id = ? ORDER BY alias = media_id, alias",
        (media_id,),
    ):
        parsed = MediaId.parse(alias)
        if parsed.scheme is not Scheme.LOCAL:
            found[parsed.scheme.value] = parsed.value
    return Ids(**found)


def save_media(connection: sqlite3.Connection, media: Media, now: datetime) -> MediaId:
    """Keep a title and everything it is known by; answers the id under which it is kept.

    A title already known by any of these ids stays one title. When a better id turns up (the order
    is `Ids`'), or a local title is identified, everything about it moves to the new id. An anime
    stays one where a provider that does not tell them apart calls it a show. One that is told by
    its id alone keeps the name it had, and without any is called by its id until that is known.
    What is known already changes no row.
    """
    wanted = media.ids.preferred(media.kind) or media.id
    aliases = tuple(dict.fromkeys((wanted, media.id, *media.ids.media_ids(media.kind))))
    marks = ",".join("?" * len(aliases))
    known = [
        MediaId.parse(row[0])
        for row in connection.execute(
            f"SELECT DISTINCT media_id FROM media_alias WHERE alias IN ({marks})",
            [str(alias) for alias in aliases],
        )
    ]
    best = min((wanted, *known), key=_rank)
    title = media.known_title or _name_among(connection, known) or str(best)
    connection.execute(
        "INSERT INTO media (id, kind, title, year, runtime_minutes, poster, added_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
        "kind = iif(kind = 'anime' AND excluded.kind = 'show', kind, excluded.kind), "
        "title = excluded.title, year = coalesce(excluded.year, year), "
        "runtime_minutes = coalesce(excluded.runtime_minutes, runtime_minutes), "
        "poster = coalesce(excluded.poster, poster) "
        "WHERE (kind, title, year, runtime_minutes, poster) IS NOT "
        "(iif(kind = 'anime' AND excluded.kind = 'show', kind, excluded.kind), excluded.title, "
        "coalesce(excluded.year, year), coalesce(excluded.runtime_minutes, runtime_minutes), "
        "coalesce(excluded.poster, poster))",
        (
            str(best),
            media.kind,
            title,
            media.year,
            media.runtime_minutes,
            media.poster,
            to_iso(now),
        ),
    )
    for other in known:
        if other != best:
            _move_title(connection, other, best)
    connection.executemany(
        "INSERT INTO media_alias (alias, media_id) VALUES (?, ?) "
        "ON CONFLICT (alias) DO UPDATE SET media_id = excluded.media_id "
        "WHERE media_id <> excluded.media_id",
        [(str(alias), str(best)) for alias in (best, *aliases)],
    )
    return best


def _name_among(connection: sqlite3.Connection, media_ids: Iterable[MediaId]) -> str:
    """What a title was called that is kept under some ids; empty if its name was not known."""
    found = (find_media(connection, str(media_id)) for media_id in media_ids)
    return next((media.known_title for media in found if media and media.known_title), "")


def learn_ids(connection: sqlite3.Connection, key: str, ids: Ids) -> None:
    """Keep more ids of a title, as far as no other title has them. Its key stays as it is."""
    with transaction(connection, durable=False):
        media = find_media(connection, str(Key.parse(key).media_id))
        if media is None:
            return
        add_aliases(connection, str(media.id), ids.media_ids(media.kind))


def add_aliases(connection: sqlite3.Connection, media_id: str, aliases: Iterable[MediaId]) -> None:
    """Keep more ids of a title, as far as no other title has them."""
    connection.executemany(
        "INSERT INTO media_alias (alias, media_id) SELECT ?, id FROM media WHERE id = ? "
        "ON CONFLICT DO NOTHING",
        [(str(alias), media_id) for alias in aliases],
    )


def save_episodes(connection: sqlite3.Connection, episodes: Iterable[Episode]) -> None:
    """Keep episodes; what is unknown now does not wipe out what was known.

    What is known already changes no row.
    """
    connection.executemany(
        "INSERT INTO episode (media_id, season, number, key, title, aired_at, runtime_minutes) "
        "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
        "title = coalesce(excluded.title, title), aired_at = coalesce(excluded.aired_at, aired_at),"
        " runtime_minutes = coalesce(excluded.runtime_minutes, runtime_minutes) "
        "WHERE (title, aired_at, runtime_minutes) IS NOT (coalesce(excluded.title, title), "
        "coalesce(excluded.aired_at, aired_at), "
        "coalesce(excluded.runtime_minutes, runtime_minutes))",
        [
            (
                str(episode.key.media_id),
                episode.key.season_number,
                episode.key.number,
                str(episode.key),
                episode.title,
                maybe_to_iso(episode.aired_at),
                episode.runtime_minutes,
            )
            for episode in episodes
        ],
    )


def canonical_key(connection: sqlite3.Connection, key: Key) -> Key:
    """The key under which a film or episode is kept, whichever of its ids was used."""
    row = connection.execute(
        "SELECT media_id FROM media_alias WHERE alias = ?", (str(key.media_id),)
    ).fetchone()
    if row is None or row[0] == str(key.media_id):
        return key
    return _moved(key, MediaId.parse(row[0]))


def _media(connection: sqlite3.Connection, row: sqlite3.Row) -> Media:
    return Media(
        id=MediaId.parse(row["id"]),
        kind=Kind(row["kind"]),
        title=row["title"],
        year=row["year"],
        ids=known_ids(connection, row["id"]),
        runtime_minutes=row["runtime_minutes"],
        poster=row["poster"],
    )


_ORDER = [Scheme(name) for name in Ids.__dataclass_fields__] + [Scheme.LOCAL]


def _rank(media_id: MediaId) -> int:
    return _ORDER.index(media_id.scheme)


def _moved(key: Key, media_id: MediaId) -> Key:
    """The same film or episode under another id of its title."""
    if key.season_number is None or key.number is None:
        return Key(media_id)
    return Key.episode(media_id, key.season_number, key.number)


def _move_title(connection: sqlite3.Connection, old: MediaId, new: MediaId) -> None:
    """Move everything about one title to another id, joining the two where both have rows."""
    for table in (*_KEYED_TABLES, "progress"):
        column = "key" if table == "queue" else "media_id"
        condition = (
            "key = :old OR key LIKE :old || ':%'" if table == "queue" else f"{column} = :old"
        )
        keys = connection.execute(
            f"SELECT DISTINCT key FROM {table} WHERE {condition}", {"old": str(old)}
        ).fetchall()
        for (key,) in keys:
            moved = str(_moved(Key.parse(key), new))
            if table == "progress":
                _move_progress(connection, key, moved, str(new))
            elif table == "queue":
                connection.execute("UPDATE queue SET key = ? WHERE key = ?", (moved, key))
            else:
                connection.execute(
                    f"UPDATE {table} SET key = ?, media_id = ? WHERE key = ?",
                    (moved, str(new), key),
                )
    for row in connection.execute(
        "SELECT * FROM episode WHERE media_id = ?", (str(old),)
    ).fetchall():
        connection.execute(
            "INSERT INTO episode (media_id, season, number, key, title, aired_at, runtime_minutes) "
            "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
            "title = coalesce(title, excluded.title), "
            "aired_at = coalesce(aired_at, excluded.aired_at), "
            "runtime_minutes = coalesce(runtime_minutes, excluded.runtime_minutes)",
            (
                str(new),
                row["season"],
                row["number"],
                str(Key.episode(new, row["season"], row["number"])),
                row["title"],
                row["aired_at"],
                row["runtime_minutes"],
            ),
        )
    connection.execute(
        "UPDATE media SET (year, runtime_minutes, poster) = (SELECT coalesce(media.year, old.year),"
        " coalesce(media.runtime_minutes, old.runtime_minutes), "
        "coalesce(media.poster, old.poster) FROM media AS old WHERE old.id = ?) WHERE id = ?",
        (str(old), str(new)),
    )
    connection.execute(
        "UPDATE OR REPLACE hidden SET media_id = ? WHERE media_id = ?", (str(new), str(old))
    )
    connection.execute("UPDATE decision SET media_id = ? WHERE media_id = ?", (str(new), str(old)))
    _move_synced(connection, old, new)
    connection.execute(
        "UPDATE media_alias SET media_id = ? WHERE media_id = ?", (str(new), str(old))
    )
    connection.execute("DELETE FROM media WHERE id = ?", (str(old),))


def _move_synced(connection: sqlite3.Connection, old: MediaId, new: MediaId) -> None:
    """Move what providers said of a title; where both have rows those of the new id stay."""
    for table in ("list_entry", "removal", "forgotten"):
        connection.execute(
            f"UPDATE OR IGNORE {table} SET media_id = ? WHERE media_id = ?", (str(new), str(old))
        )
    for (key,) in connection.execute(
        "SELECT DISTINCT key FROM remote WHERE media_id = ?", (str(old),)
    ).fetchall():
        connection.execute(
            "UPDATE OR IGNORE remote SET key = ?, media_id = ? WHERE key = ?",
            (str(_moved(Key.parse(key), new)), str(new), key),
        )
    connection.execute("DELETE FROM remote WHERE media_id = ?", (str(old),))


def _move_progress(connection: sqlite3.Connection, old: str, new: str, media_id: str) -> None:
    """Move one progress row; where both exist the newer position stays, and watched stays."""
    connection.execute(
        """
        INSERT INTO progress (profile_id, key, media_id, season, number, position_seconds,
            duration_seconds, ratio, watched, watched_at, touched_at, origin)
        SELECT profile_id, :new, :media, season, number, position_seconds, duration_seconds,
            ratio, watched, watched_at, touched_at, origin
        FROM progress WHERE key = :old
        ON CONFLICT (profile_id, key) DO UPDATE SET
            position_seconds = iif(excluded.touched_at > touched_at,
                excluded.position_seconds, position_seconds),
            duration_seconds = iif(excluded.touched_at > touched_at,
                excluded.duration_seconds, duration_seconds),
            ratio = iif(excluded.touched_at > touched_at, excluded.ratio, ratio),
            origin = iif(excluded.touched_at > touched_at, excluded.origin, origin),
            watched = max(watched, excluded.watched),
            watched_at = coalesce(max(watched_at, excluded.watched_at), watched_at,
                excluded.watched_at),
            touched_at = max(touched_at, excluded.touched_at)
        """,
        {"old": old, "new": new, "media": media_id},
    )
    connection.execute("DELETE FROM progress WHERE key = ?", (old,))
