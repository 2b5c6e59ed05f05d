"""A history to load with `dodo import`: a film half seen, a film watched, episodes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FILM = "tt1375666"
WATCHED_FILM = "tt0133093"
SHOW = "tt0903747"

HOSTILE = (
    "\x1b[2J\x1b]0;owned\x07[red]markup[/] [/] \u202egnp.exe\u2066 \U0001f3ac a\x00b\nsecond "
    "line\x9b31m " + "x" * 10_000
)
"""Everything that a title must not do to a terminal."""


def export(title: str = "Inception") -> dict[str, Any]:
    """An export of dodo."""
    return {
        "format": "dodo",
        "version": 1,
        "exported_at": "2026-11-20T10:00:00.000Z",
        "profiles": [{"name": "Me"}],
        "media": [
            {"id": FILM, "kind": "movie", "title": title, "year": 2010},
            {"id": WATCHED_FILM, "kind": "movie", "title": "The Matrix", "year": 1999},
            {
                "id": SHOW,
                "kind": "show",
                "title": "Breaking Bad",
                "year": 2008,
                "episodes": [
                    {"season": 1, "number": 1, "title": "Pilot", "aired_at": "2008-01-20"},
                    {"season": 1, "number": 2, "title": title, "aired_at": "2008-01-27"},
                ],
            },
        ],
        "plays": [
            {
                "play_id": "a" * 32,
                "profile": "Me",
                "key": FILM,
                "source": "mpv",
                "started_at": "2026-11-19T20:00:00.500Z",
                "ended_at": "2026-11-19T20:45:00.500Z",
                "position_seconds": 2700.25,
                "duration_seconds": 8880.0,
            },
            {
                "play_id": "b" * 32,
                "profile": "Me",
                "key": WATCHED_FILM,
                "source": "kodi",
                "started_at": "2026-11-18T20:00:00Z",
                "watched_at": "2026-11-18T22:00:00Z",
            },
            {
                "play_id": "c" * 32,
                "profile": "Me",
                "key": f"{SHOW}:1:1",
                "source": "simkl",
                "started_at": "2026-11-17T20:00:00Z",
                "watched_at": "2026-11-17T20:47:00Z",
            },
        ],
    }


def write_export(path: Path, title: str = "Inception") -> Path:
    """The same, in a file."""
    path.write_text(json.dumps(export(title)))
    return path
