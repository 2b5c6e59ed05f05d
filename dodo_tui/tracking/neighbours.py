"""The episodes around the one that plays, as far as they are on this device."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from dodo_tui.domain.cards import Card, EpisodeState
from dodo_tui.domain.countdown import COUNTDOWN_SECONDS
from dodo_tui.domain.following import neighbour, next_by_itself
from dodo_tui.domain.ids import InvalidKeyError, Key
from dodo_tui.storage.files import find_file
from dodo_tui.storage.media import canonical_key
from dodo_tui.storage.settings import setting
from dodo_tui.storage.shelves import title_episodes

_LONGEST_COUNTDOWN_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An episode beside the one that plays."""

    key: str
    label: str
    """`S1 E6`."""
    name: str
    """`Breaking Bad S1 E6`."""
    parts_away: int = 0
    """How many parts further in the file that plays it is (back, if negative); 0: another file."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What a remote's Next and Previous lead to."""

    previous: Neighbour | None = None
    next: Neighbour | None = None


@dataclass(frozen=True, slots=True)
class Autoplay:
    """What the household wants to follow an episode."""

    enabled: bool = True
    countdown_seconds: int = COUNTDOWN_SECONDS


def find_neighbours(
    connection: sqlite3.Connection, profile_id: int, key: str, path: str
) -> Neighbours:
    """The episodes before and after the one that plays from a path."""
    known, episodes = _series(connection, profile_id, key)
    parts = _parts(connection, path)
    return Neighbours(
        *(
            _named(neighbour(episodes, known, step), known, parts) if episodes else None
            for step in (-1, 1)
        )
    )


def find_next_by_itself(
    connection: sqlite3.Connection, profile_id: int, key: str, path: str, now: datetime
) -> Neighbour | None:
    """What may begin by itself after the episode that plays; None if nothing may.

    In the middle of a file of several episodes the next one follows without being asked for.
    """
    known, episodes = _series(connection, profile_id, key)
    parts = _parts(connection, path)
    if not episodes or (known in parts and known != parts[-1]):
        return None
    found = _named(next_by_itself(episodes, known, now), known, parts)
    return None if found is None or found.parts_away else found


def autoplay(connection: sqlite3.Connection) -> Autoplay:
    """The settings; what is no number counts as not set."""
    text = setting(connection, "autoplay_countdown_seconds") or ""
    seconds = int(text) if text.isascii() and text.isdecimal() else COUNTDOWN_SECONDS
    return Autoplay(
        setting(connection, "autoplay_next") != "off", min(seconds, _LONGEST_COUNTDOWN_SECONDS)
    )


def device_name(connection: sqlite3.Connection, default: str) -> str:
    """What this machine is called on a remote."""
    return setting(connection, "device_name") or default


def _series(
    connection: sqlite3.Connection, profile_id: int, key: str
) -> tuple[str, tuple[EpisodeState, ...]]:
    """The key as it is known by now, and every episode of its series; none for a film."""
    try:
        parsed = canonical_key(connection, Key.parse(key))
    except InvalidKeyError:
        return key, ()
    if parsed.number is None:
        return str(parsed), ()
    return str(parsed), title_episodes(connection, profile_id, str(parsed.media_id))


def _parts(connection: sqlite3.Connection, path: str) -> tuple[str, ...]:
    file = find_file(connection, path)
    return tuple(file.keys) if file else ()


def _named(card: Card | None, playing: str, parts: tuple[str, ...]) -> Neighbour | None:
    if card is None:
        return None
    away = 0
    if card.key in parts and playing in parts:
        away = parts.index(card.key) - parts.index(playing)
    return Neighbour(card.key, card.label, f"{card.title} {card.label}".strip(), away)
