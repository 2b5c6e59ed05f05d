"""`dodo queue`: what waits to be told, why, and what to do about it."""

from __future__ import annotations

import argparse

from dodo_tui.cli.context import context, database
from dodo_tui.cli.output import DONE, CommandError, iso, note, say_json, table
from dodo_tui.domain.queue import NamedFact, QueueRow, QueueState, fact_words
from dodo_tui.storage import queued
from dodo_tui.storage.history import named_facts


def queue(options: argparse.Namespace) -> int:
    """Facts that wait or are held."""
    ctx = context()
    with database(ctx) as (connection, profile):
        waiting = named_facts(connection, profile.id)
    if options.json:
        say_json([_document(fact.row, fact.title) for fact in waiting])
        return DONE
    if not waiting:
        note("Nothing waits.")
    table([_line(fact) for fact in waiting])
    return DONE


def _document(row: QueueRow, title: str | None) -> dict[str, object]:
    return {
        "id": row.id,
        "provider": row.provider,
        "kind": row.kind,
        "key": row.key,
        "title": title,
        "created_at": iso(row.created_at),
        "attempts": row.attempts,
        "next_attempt_at": iso(row.not_before) if row.state is QueueState.WAITING else None,
        "state": row.state,
        "last_error": row.last_error,
        "says": fact_words(row),
        "rating": row.rating,
        "list": row.list_status,
    }


def _line(fact: NamedFact) -> tuple[str, ...]:
    row = fact.row
    title = f"{fact.title or row.key} {fact.label}".strip()
    return str(row.id), row.provider, fact_words(row), title, row.state, row.last_error or ""


def retry(options: argparse.Namespace) -> int:
    """Make one row, or all, due at once; held ones wait again."""
    ctx = context()
    with database(ctx) as (connection, profile):
        count = queued.retry(connection, profile.id, options.id, ctx.clock.now())
    if options.id is not None and not count:
        raise CommandError(f"There is no row {options.id} in the queue.")
    note(f"{count} will be tried again at the next sync.")
    return DONE


def discard(options: argparse.Namespace) -> int:
    """Give one row up."""
    ctx = context()
    with database(ctx) as (connection, profile):
        if not queued.discard(connection, profile.id, options.id, ctx.clock.now()):
            raise CommandError(f"There is no row {options.id} in the queue.")
    note(f"Row {options.id} will not be sent.")
    return DONE
