"""`dodo mark` and `dodo hide`: marks by hand."""

from __future__ import annotations

import argparse

from dodo_tui.cli.context import context, database
from dodo_tui.cli.output import DONE, CommandError, WrongUsageError, note
from dodo_tui.domain.ids import ONE_SEASON_SCHEMES, Key, Kind
from dodo_tui.domain.media import Media
from dodo_tui.domain.times import from_iso
from dodo_tui.storage.media import find_media
from dodo_tui.tracking import marks


def mark(options: argparse.Namespace) -> int:
    """Mark a film or an episode watched or unwatched."""
    ctx = context()
    key = Key.parse(options.key)
    now = ctx.clock.now()
    watched_at = now
    if options.at is not None:
        if options.unwatched:
            raise WrongUsageError("--at says when it was watched; it does not go with --unwatched.")
        try:
            watched_at = from_iso(options.at)
        except ValueError:
            raise CommandError(
                f"{options.at!r} is not a time; write it as 2026-11-22T20:15:00Z."
            ) from None
        if watched_at > now:
            raise CommandError(f"{options.at} has not come yet.")
    with database(ctx) as (connection, profile):
        media = find_media(connection, str(key.media_id))
        if not key.is_episode and _is_series(key, media):
            example = "5" if key.media_id.scheme in ONE_SEASON_SCHEMES else "1:5"
            name = media.title if media else str(key)
            raise CommandError(f"{name} is a series; name an episode, like {key}:{example}.")
        if options.watched:
            marks.mark_watched(connection, profile.id, key, watched_at, now)
            note(f"{key} is marked watched.")
        elif marks.mark_unwatched(connection, profile.id, key, now):
            note(f"{key} is not marked watched any more.")
        else:
            note(f"{key} was not marked watched.")
    return DONE


def _is_series(key: Key, media: Media | None) -> bool:
    """Whether a title has episodes, by what we know of it or else by its id alone."""
    if media is not None:
        return media.kind is not Kind.MOVIE
    return key.media_id.namespace == "tv" or key.media_id.scheme in ONE_SEASON_SCHEMES


def hide(options: argparse.Namespace) -> int:
    """Hide a title from Continue Watching and Up next until it is played again."""
    ctx = context()
    key = Key.parse(options.key)
    with database(ctx) as (connection, profile):
        marks.hide(connection, profile.id, key, ctx.clock.now())
    note(f"{key.media_id} is hidden until it is played again.")
    return DONE
