"""`dodo why`: file, match, viewings, what providers answered, what waits. It only reads."""

from __future__ import annotations

import argparse

from dodo_tui.cli.context import context, database
from dodo_tui.cli.output import DONE, CommandError, Json, iso, rounded, say, say_json
from dodo_tui.domain.why import Why, WhyPlay, WhyRemote, WhyRow
from dodo_tui.domain.why_sentences import Way, why_steps
from dodo_tui.storage.why import key_of
from dodo_tui.storage.why import why as read_why

_WAYS = {
    Way.REVIEW: "Settle it in dodo under Review.",
    Way.MATCH: "Say what it is in dodo: Why? in its menu, then Fix match.",
    Way.RETRY: "Try again: dodo queue retry {target}",
    Way.RECONNECT: "Sign in again: dodo connect {target}",
    Way.CONNECT: "Connect one: dodo connect simkl",
}


def why(options: argparse.Namespace) -> int:
    """Say everything that is known of a key or of what is in a file."""
    ctx = context()
    with database(ctx) as (connection, profile):
        key = key_of(connection, options.target)
        seen = None if key is None else read_why(connection, profile.id, key)
    if seen is None:
        raise CommandError(f"Nothing is known of {options.target[:200]!r}.")
    if options.json:
        say_json(_why_json(seen))
        return DONE
    say(f"{seen.name}  {seen.key}")
    for step in why_steps(seen):
        say(step.name)
        for line in step.lines:
            say(f"  {line.text}")
            if line.way is not None:
                say(f"    {_WAYS[line.way].format(target=line.target)}")
    return DONE


def _why_json(seen: Why) -> Json:
    return {
        "key": seen.key,
        "title": seen.title,
        "year": seen.year,
        "season": seen.season,
        "number": seen.number,
        "watched": seen.watched,
        "files": [
            {
                "path": file.path,
                "match": file.match,
                "decided_by": file.decided_by,
                "decided_at": iso(file.decided_at),
                "scope": file.scope,
                "missing": file.missing,
            }
            for file in seen.files
        ],
        "lookup": None
        if seen.lookup is None
        else {
            "provider": seen.lookup.provider,
            "outcome": seen.lookup.outcome,
            "asked_at": iso(seen.lookup.asked_at),
            "error": seen.lookup.trouble,
        },
        "candidates": [
            {
                "key": each.media_id,
                "type": each.kind,
                "title": each.title,
                "year": each.year,
                "why": each.why,
            }
            for each in seen.candidates
        ],
        "plays": [_play_json(play) for play in seen.plays],
        "providers": [_remote_json(remote) for remote in seen.remotes],
        "queue": [_row_json(row) for row in seen.rows],
    }


def _play_json(play: WhyPlay) -> Json:
    return {
        "play_id": play.play_id,
        "key": play.key,
        "source": play.source,
        "started_at": iso(play.started_at),
        "ended_at": iso(play.ended_at),
        "watched_at": iso(play.watched_at),
        "furthest_ratio": rounded(play.furthest_ratio),
        "played_seconds": rounded(play.played_seconds),
        "answers": [
            {
                "provider": answer.provider,
                "state": answer.state,
                "verb": answer.verb or None,
                "percent": answer.percent,
                "answer": answer.answer,
                "at": iso(answer.at),
                "user": answer.user or None,
                "former": answer.is_former,
            }
            for answer in play.answers
        ],
    }


def _remote_json(remote: WhyRemote) -> Json:
    return {
        "id": remote.provider,
        "connected": remote.connected,
        "needs_reconnect": remote.needs_reconnect,
        "scrobbling_enabled": remote.scrobbling_enabled,
        "pulled_at": iso(remote.pulled_at),
        "watched": remote.watched,
        "watched_at": iso(remote.watched_at),
        "percent": rounded(remote.percent),
        "paused_at": iso(remote.paused_at),
        "list": remote.status,
        "rating": remote.rating,
    }


def _row_json(row: WhyRow) -> Json:
    return {
        "id": row.row_id,
        "provider": row.provider,
        "kind": row.kind,
        "key": row.key,
        "state": row.state,
        "happened_at": iso(row.happened_at),
        "attempts": row.attempts,
        "next_attempt_at": iso(row.next_attempt_at),
        "last_error": row.last_error,
    }
