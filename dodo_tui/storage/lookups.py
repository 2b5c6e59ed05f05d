"""Answers about what things are, kept with their age, and what titles may be.

Functions that write expect a transaction around them.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime, timedelta

from dodo_tui.domain.cards import Candidate
from dodo_tui.domain.ids import Ids, Kind
from dodo_tui.domain.lookup import Outcome, expires_at
from dodo_tui.domain.media import Media
from dodo_tui.domain.times import from_iso, to_iso
from dodo_tui.storage.media import find_media
from dodo_tui.storage.unsure import IMPORTED, UNSURE
from dodo_tui.values import dataclass

_UNKNOWN = (
    "EXISTS (SELECT 1 FROM lookup WHERE subject = media.id AND outcome = 'none') "
    "AND NOT EXISTS (SELECT 1 FROM candidate WHERE title_id = media.id)"
)

BY_FILE = "file:"
"""How the subject of a question about a file begins; its name follows."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """What was answered, and when."""

    provider: str
    outcome: Outcome
    asked_at: datetime
    trouble: str | None = None
    """Why there is no answer, with `Outcome.LATER`."""
    answer: tuple[Candidate, ...] = ()


def note_lookup(
    connection: sqlite3.Connection,
    provider: str,
    subject: str,
    outcome: Outcome,
    now: datetime,
    *,
    trouble: str | None = None,
    answer: Sequence[Candidate] = (),
) -> None:
    """Keep an answer. "Later" after an answer keeps nothing but the wish to ask again."""
    attempts = 0
    if outcome is Outcome.LATER:
        row = connection.execute(
            "SELECT attempts FROM lookup WHERE subject = ?", (subject,)
        ).fetchone()
        attempts = row[0] if row else 0
    connection.execute(
        "INSERT INTO lookup (subject, provider, outcome, asked_at, expires_at, attempts, trouble, "
        "answer) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
        "provider = excluded.provider, outcome = excluded.outcome, asked_at = excluded.asked_at, "
        "expires_at = excluded.expires_at, attempts = excluded.attempts, "
        "trouble = excluded.trouble, answer = excluded.answer",
        (
            subject,
            provider,
            outcome,
            to_iso(now),
            to_iso(expires_at(outcome, attempts, now)),
            attempts + 1 if outcome is Outcome.LATER else 0,
            trouble,
            json.dumps([_written(each) for each in answer]) if answer else None,
        ),
    )


def find_lookup(connection: sqlite3.Connection, subject: str) -> Lookup | None:
    """What was answered last, however old it is."""
    row = connection.execute("SELECT * FROM lookup WHERE subject = ?", (subject,)).fetchone()
    return None if row is None else _lookup(row)


def fresh_lookup(connection: sqlite3.Connection, subject: str, now: datetime) -> Lookup | None:
    """What was answered, if that is still good. An answer from the future is none."""
    row = connection.execute(
        "SELECT * FROM lookup WHERE subject = ? AND outcome <> 'later' AND expires_at > ? "
        "AND asked_at <= ?",
        (subject, to_iso(now), to_iso(now)),
    ).fetchone()
    return None if row is None else _lookup(row)


def asked_since(connection: sqlite3.Connection, since: datetime, prefix: str = "") -> int:
    """How many things were asked about since a time; a day has a quota.

    `prefix`: only those whose subjects begin so.
    """
    row = connection.execute(
        "SELECT count(*) FROM lookup WHERE asked_at > ? AND substr(subject, 1, ?) = ?",
        (to_iso(since), len(prefix), prefix),
    )
    return int(row.fetchone()[0])


def drop_old(connection: sqlite3.Connection, now: datetime) -> None:
    """Forget searches that nobody will ask for again in the same words."""
    connection.execute(
        "DELETE FROM lookup WHERE (subject LIKE 'search:%' OR subject LIKE 'file:%') "
        "AND expires_at < ?",
        (to_iso(now - timedelta(days=1)),),
    )


def unnamed_titles(connection: sqlite3.Connection, now: datetime, limit: int) -> tuple[Media, ...]:
    """Titles that are known by an id alone and may be asked about now."""
    rows = connection.execute(
        "SELECT id FROM media WHERE title = id AND id NOT LIKE 'local:%' AND NOT EXISTS ("
        "SELECT 1 FROM lookup WHERE subject = media.id AND expires_at > :now AND asked_at <= :now) "
        "ORDER BY added_at, id LIMIT :limit",
        {"now": to_iso(now), "limit": limit},
    ).fetchall()
    found = (find_media(connection, row[0]) for row in rows)
    return tuple(media for media in found if media is not None)


def imported_titles(
    connection: sqlite3.Connection, now: datetime, limit: int
) -> tuple[tuple[Media, int | None, int | None], ...]:
    """Titles that an import told by name alone, of which no file was ever here.

    Each with season and number of one of its episodes, if any is known. They may be asked about
    now.
    """
    rows = connection.execute(
        "SELECT id, "
        "(SELECT season FROM episode WHERE media_id = media.id ORDER BY season, number LIMIT 1), "
        "(SELECT number FROM episode WHERE media_id = media.id ORDER BY season, number LIMIT 1) "
        f"FROM media WHERE {IMPORTED} AND NOT EXISTS "
        "(SELECT 1 FROM lookup WHERE subject = media.id AND expires_at > :now "
        "AND asked_at <= :now) ORDER BY media.added_at, media.id LIMIT :limit",
        {"now": to_iso(now), "limit": limit},
    ).fetchall()
    found = ((find_media(connection, row[0]), row[1], row[2]) for row in rows)
    return tuple((media, *place) for media, *place in found if media is not None)


def titles_to_review(
    connection: sqlite3.Connection, *, is_unsure: bool, limit: int
) -> tuple[str, ...]:
    """Titles that an import told by name alone and that may be something, or that nobody knew."""
    found = UNSURE if is_unsure else _UNKNOWN
    rows = connection.execute(
        f"SELECT id FROM media WHERE {IMPORTED} AND {found} "
        "ORDER BY title COLLATE NOCASE, year, id LIMIT ?",
        (limit,),
    )
    return tuple(row[0] for row in rows)


def is_title_to_review(connection: sqlite3.Connection, media_id: str) -> bool:
    """Whether a title is one of those that an import told by name alone and that wait."""
    row = connection.execute(
        f"SELECT 1 FROM media WHERE id = ? AND {IMPORTED} AND ({UNSURE} OR {_UNKNOWN})",
        (media_id,),
    )
    return row.fetchone() is not None


def save_candidates(
    connection: sqlite3.Connection, title_id: str, candidates: Sequence[Candidate]
) -> None:
    """Keep what a title may be instead of what was thought before; its files wait for the user."""
    connection.execute("DELETE FROM candidate WHERE title_id = ?", (title_id,))
    connection.executemany(
        "INSERT INTO candidate (title_id, rank, body) VALUES (?, ?, ?)",
        [(title_id, rank, json.dumps(_written(each))) for rank, each in enumerate(candidates)],
    )
    connection.execute(
        "UPDATE file SET match = ? WHERE match <> 'sure' AND decided_by <> 'user' "
        "AND id IN (SELECT file_id FROM file_part WHERE media_id = ?)",
        ("unsure" if candidates else "none", title_id),
    )


def candidates_for(connection: sqlite3.Connection, title_id: str) -> tuple[Candidate, ...]:
    """What a title may be, the likeliest first."""
    rows = connection.execute(
        "SELECT body FROM candidate WHERE title_id = ? ORDER BY rank", (title_id,)
    )
    return tuple(_read(json.loads(body)) for (body,) in rows)


def _lookup(row: sqlite3.Row) -> Lookup:
    answer = json.loads(row["answer"]) if row["answer"] else []
    return Lookup(
        provider=row["provider"],
        outcome=Outcome(row["outcome"]),
        asked_at=from_iso(row["asked_at"]),
        trouble=row["trouble"],
        answer=tuple(_read(each) for each in answer),
    )


def _written(candidate: Candidate) -> dict[str, object]:
    return {
        "media_id": candidate.media_id,
        "kind": candidate.kind,
        "title": candidate.title,
        "year": candidate.year,
        "ids": {scheme.value: value for scheme, value in candidate.ids},
        "season": candidate.season,
        "number": candidate.number,
        "why": candidate.why,
    }


def _read(table: dict[str, object]) -> Candidate:
    """A candidate as it was kept; the first ones had neither ids nor a reason."""
    ids, year = table.get("ids"), table["year"]
    season, number = table.get("season"), table.get("number")
    return Candidate(
        media_id=str(table["media_id"]),
        kind=Kind(str(table["kind"])),
        title=str(table["title"]),
        year=year if isinstance(year, int) else None,
        ids=Ids.from_mapping(ids) if isinstance(ids, dict) else Ids(),
        season=season if isinstance(season, int) else None,
        number=number if isinstance(number, int) else None,
        why=str(table.get("why") or ""),
    )
