"""`dodo queue`: what waits to be told, why, and what to do about it."""

from __future__ import annotations

import argparse

from dodo_tui.cli.context import context, database
from dodo_tui.cli.output import DONE, CommandError, iso, note, say_json, table
from dodo_tui.domain.ids import Key
from dodo_tui.domain.media import episode_label
from dodo_tui.domain.queue import QueueState, fact_words
from dodo_tui.storage import queue as rows
from dodo_tui.storage.media import find_media


def queue(options: argparse.Namespace) -> int:
    """Facts that wait or are held."""
    ctx = context()
    with database(ctx) as (connection, profile):
        waiting = rows.all_facts(connection, profile.id)
        titles = {
            row.key: media.title
            for row in waiting
            if (media := find_media(connection, str(Key.parse(row.key).media_id)))
        }
    if options.json:
        say_json(
            [
                {
                    "id": row.id,
                    "provider": row.provider,
                    "kind": row.kind,
                    "key": row.key,
                    "title": titles.get(row.key),
                    "created_at": iso(row.created_at),
                    "attempts": row.attempts,
                    "next_attempt_at": iso(row.not_before)
                    if row.state is QueueState.WAITING
                    else None,
                    "state": row.state,
                    "last_error": row.last_error,
                    "says": fact_words(row),
                    "rating": row.rating,
                    "list": row.list_status,
                }
                for row in waiting
            ]
        )
        return DONE
    if not waiting:
        note("Nothing waits.")
    shown = []
    for row in waiting:
        key = Key.parse(row.key)
        title = f"{titles.get(row.key, row.key)} {episode_label(key.season_number, key.number)}"
        shown.append(
            (
                str(row.id),
                row.provider,
                fact_words(row),
                title.strip(),
                row.state,
                row.last_error or "",
            )
        )
    table(shown)
    return DONE


def retry(options: argparse.Namespace) -> int:
    """Make one row, or all, due at once; held ones wait again."""
    ctx = context()
    with database(ctx) as (connection, profile):
        count = rows.retry(connection, profile.id, options.id, ctx.clock.now())
    if options.id is not None and not count:
        raise CommandError(f"There is no row {options.id} in the queue.")
    note(f"{count} will be tried again at the next sync.")
    return DONE


def discard(options: argparse.Namespace) -> int:
    """Give one row up."""
    ctx = context()
    with database(ctx) as (connection, profile):
        if not rows.discard(connection, profile.id, options.id, ctx.clock.now()):
            raise CommandError(f"There is no row {options.id} in the queue.")
    note(f"Row {options.id} will not be sent.")
    return DONE
