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


def save_media(
    connection: sqlite3.Connection,
    media: Media,
    now: datetime,
    own_scheme: Scheme | None = None,
) -> MediaId:
    """Keep a title and everything it is known by; answers the id under which it is kept.

    A title already known by any of these ids stays one title. When a better id turns up (the order
    is `Ids`'), or a local title is identified, everything about it moves to the new id. An anime
    stays one where a provider that does not tell them apart calls it a show. One that is told by
    its id alone keeps the name it had, and without any is called by its id until that is known.
    What is known already changes no row.

    An id that a title has which is plainly another one (`same_title.contradicts`) stays with it,
    unless it is of `own_scheme`: the ids that whoever tells this gives out.
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
    others = [each for each in known if _is_another(connection, each, wanted, media)]
    if others:
        known = [each for each in known if each not in others]
        taken = _aliases_of(connection, others)
        aliases = tuple(each for each in aliases if each not in taken or each.scheme is own_scheme)
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
    worse = [media_id for media_id in known if media_id != best]
    if worse:
        from dodo_tui.storage.joining import join_title  # seldom needed

        for each in worse:
            join_title(connection, each, best)
    connection.executemany(
        "INSERT INTO media_alias (alias, media_id) VALUES (?, ?) "
        "ON CONFLICT (alias) DO UPDATE SET media_id = excluded.media_id "
        "WHERE media_id <> excluded.media_id",
        [(str(alias), str(best)) for alias in (best, *aliases)],
    )
    return best


def _is_another(
    connection: sqlite3.Connection, known: MediaId, wanted: MediaId, media: Media
) -> bool:
    """Whether a title that shares an id with what is told is another one all the same."""
    if known == wanted or known.scheme is Scheme.LOCAL:
        return False
    title = find_media(connection, str(known))
    if title is None:
        return False
    from dodo_tui.domain.same_title import contradicts  # seldom needed

    return contradicts(title, _aliases_of(connection, [known]), media)


def _aliases_of(connection: sqlite3.Connection, media_ids: Iterable[MediaId]) -> set[MediaId]:
    """Every id by which some titles are known."""
    return {
        MediaId.parse(alias)
        for media_id in media_ids
        for (alias,) in connection.execute(
            "SELECT alias FROM media_alias WHERE media_id = ?", (str(media_id),)
        )
    }


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
    return key.under(MediaId.parse(row[0]))


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
