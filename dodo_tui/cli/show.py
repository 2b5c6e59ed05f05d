"""`dodo status`, `continue` and `history`: they read, and import nothing heavy.

Every frozen class of the domain takes the best part of a millisecond to make, so that each imports
its own part of it.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import TYPE_CHECKING

from dodo_tui import __version__
from dodo_tui.cli.context import Context, context, database
from dodo_tui.cli.output import DONE, Json, iso, rounded, say, say_json, table
from dodo_tui.cli.removal_words import status_lines
from dodo_tui.domain.figures import clock_text, ratio_text
from dodo_tui.domain.status import (
    PROVIDER_NAMES,
    ProviderStatus,
    SyncState,
    SyncStatus,
    indicator,
)
from dodo_tui.tracking.status import overview

if TYPE_CHECKING:
    from dodo_tui.domain.cards import Card
    from dodo_tui.domain.history import HistoryEntry


def status(options: argparse.Namespace) -> int:
    """Version, accounts, sync state, queue, what plays now."""
    ctx = context()
    with database(ctx) as (connection, profile):
        seen = overview(connection, profile.id, ctx.settings)
    syncs = _under_way(ctx, seen.syncs)
    playing = seen.now_playing
    if options.json:
        say_json(
            {
                "version": __version__,
                "profile": profile.name,
                "providers": [
                    _provider_json(provider, sync)
                    for provider, sync in zip(seen.providers, syncs, strict=True)
                ],
                "auto_sync_enabled": seen.auto_sync_enabled,
                "now_playing": None
                if playing is None
                else {
                    "key": playing.key,
                    "title": playing.title,
                    "position_seconds": rounded(playing.position_seconds),
                    "duration_seconds": rounded(playing.duration_seconds),
                    "paused": playing.paused,
                },
            }
        )
        return DONE
    say(f"dodo {__version__}, {profile.name}")
    for provider, sync in zip(seen.providers, syncs, strict=True):
        words, _ = indicator(provider, sync)
        user = f" as {provider.user}" if provider.connected and provider.user else ""
        say(f"{provider.name}{user}: {words}")
        if sync.last_error:
            say(f"  {sync.last_error}")
        for line in status_lines(provider.name, sync, ctx.clock.now()):
            say(f"  {line}")
    if playing is not None:
        paused = ", paused" if playing.paused else ""
        say(f"Playing: {playing.title} at {clock_text(playing.position_seconds)}{paused}")
    return DONE


def _under_way(ctx: Context, syncs: tuple[SyncStatus, ...]) -> tuple[SyncStatus, ...]:
    """The syncs as they are: one whose process was killed still says that it is syncing."""
    if not any(sync.state is SyncState.SYNCING for sync in syncs):
        return syncs
    from dodo_tui.storage.leases import QUEUE_LEASE, Lease

    lease = Lease(ctx.paths.data / QUEUE_LEASE)
    if not lease.take():
        return syncs
    lease.release()
    return tuple(
        replace(sync, state=SyncState.IDLE) if sync.state is SyncState.SYNCING else sync
        for sync in syncs
    )


def continue_(options: argparse.Namespace) -> int:
    """Continue Watching and Up next."""
    from dodo_tui.domain.cards import CardState
    from dodo_tui.storage.shelves import home_shelves

    ctx = context()
    with database(ctx) as (connection, profile):
        in_progress, following = home_shelves(connection, profile.id, ctx.clock.now())
    if options.json:
        say_json([_card_json(card) for card in (*in_progress, *following)])
        return DONE
    rows = []
    for card in (*in_progress, *following):
        where = "up next"
        if card.state is CardState.IN_PROGRESS:
            where = f"at {_place(card)}"
        rows.append((card.key, f"{card.title} {card.label}".strip(), where))
    table(rows)
    return DONE


def history(options: argparse.Namespace) -> int:
    """Plays and marks, newest first."""
    from dodo_tui.domain.media import episode_label
    from dodo_tui.storage.history import history as read_history

    ctx = context()
    with database(ctx) as (connection, profile):
        entries = read_history(connection, profile.id, options.limit)
        connected = {
            provider.id: provider.connected
            for provider in overview(connection, profile.id, ctx.settings).providers
        }
    if options.json:
        say_json([_history_json(entry, connected) for entry in entries])
        return DONE
    rows = []
    for entry in entries:
        label = episode_label(entry.season, entry.number, entry.one_season)
        done = "watched" if entry.watched_at else ratio_text(entry.ratio)
        told = ", ".join(f"{name}: {state}" for name, state in entry.delivered.items())
        rows.append((iso(entry.started_at) or "", f"{entry.title} {label}".strip(), done, told))
    table(rows)
    return DONE


def _provider_json(provider: ProviderStatus, sync: SyncStatus) -> Json:
    return {
        "id": provider.id,
        "name": provider.name,
        "configured": provider.configured,
        "connected": provider.connected,
        "user": provider.user,
        "scrobbling_enabled": provider.scrobbling_enabled,
        "sync_state": sync.state,
        "last_sync_at": iso(sync.last_sync_at),
        "last_error": sync.last_error,
        "items_pulled": sync.items_pulled,
        "items_pushed": sync.items_pushed,
        "queue": {"waiting": sync.waiting, "held": sync.held},
        "missing": sync.asking,
    }


def _place(card: Card) -> str:
    """How far it is: `42:10`, or `42 %` where only a provider's percentage is known."""
    if card.ratio is not None and is_by_share(card):
        return ratio_text(card.ratio)
    return clock_text(card.position_seconds)


def is_by_share(card: Card) -> bool:
    """Whether only the share is known that a provider has told, and no seconds."""
    return card.duration_seconds is None and card.ratio is not None


def _card_json(card: Card) -> Json:
    return {
        "key": card.key,
        "media_id": card.media_id,
        "type": card.kind,
        "title": card.title,
        "year": card.year,
        "season": card.season,
        "episode": card.number,
        "episode_title": card.episode_title,
        "state": card.state,
        "position_seconds": None if is_by_share(card) else rounded(card.position_seconds),
        "duration_seconds": rounded(card.duration_seconds),
        "ratio": rounded(card.ratio, 4),
        "updated_at": iso(card.updated_at),
        "playable": card.playable,
    }


def _history_json(entry: HistoryEntry, connected: dict[str, bool]) -> Json:
    return {
        "play_id": entry.play_id,
        "key": entry.key,
        "title": entry.title,
        "year": entry.year,
        "season": entry.season,
        "episode": entry.number,
        "source": entry.source,
        "started_at": iso(entry.started_at),
        "ended_at": iso(entry.ended_at),
        "watched_at": iso(entry.watched_at),
        "ratio": rounded(entry.ratio, 4),
        "delivered": {
            name: entry.delivered.get(name, "off")
            for name in PROVIDER_NAMES
            if name in entry.delivered or connected[name] or name == "simkl"
        },
    }
