"""What the folders above a file say: a season, specials, a show, or nothing."""

from __future__ import annotations

import re

from dodo_tui.library.words import word_set

_SEASON = re.compile(
    r"(?:season|series|staffel|saison|temporada|stagione|seizoen|s[aä]song|sezon|kausi)"
    r"[ ._-]*(\d{1,4})(?!\d)|s(\d{1,2})",
    re.IGNORECASE,
)
_SEASON_WITH_REST = re.compile(r"(?:season|series|staffel|saison)[ ._-]*(\d{1,4})[ ._(\[-].*", re.I)
_PACK = re.compile(
    r"(?P<show>.+?)[ ._\[(-]+(?:season[ ._-]*|s)(?P<season>\d{1,2})(?![0-9])"
    r"(?:e\d+[ ._]?-[ ._]?e?\d+)?(?![ ._-]*e\d).*",
    re.IGNORECASE,
)
_SPECIALS = frozenset({"specials", "special", "season 0", "season 00", "s00"})
_SHELVES = word_set(
    """anime animes animation cartoons tv tvshows tv-shows tv.shows shows series serien serials
    dorama"""
) | {"tv shows", "tv series", "television"}
_GENERIC = _SHELVES | word_set(
    """movies movie films film video videos media medias library libraries downloads download
    complete completed torrents torrent kids new unsorted incoming data mnt srv home share shared
    public nas usb disk hdd ssd storage run tmp plex jellyfin kodi emby root watched unwatched
    hd uhd 4k 1080p 720p misc stuff seasons documentaries"""
)


def season_of(folder: str) -> int | None:
    """The season a folder name such as `Season 2`, `S02` or `Specials` stands for."""
    name = folder.strip()
    if name.casefold() in _SPECIALS:
        return 0
    match = _SEASON.fullmatch(name) or _SEASON_WITH_REST.fullmatch(name)
    if not match:
        return None
    return int(next(group for group in match.groups() if group is not None))


def season_pack(folder: str) -> tuple[str, int] | None:
    """The show and season of a folder such as `The.Show.S02.1080p.WEB` or `The Show Season 2`."""
    match = _PACK.fullmatch(folder.strip())
    return (match["show"], int(match["season"])) if match else None


def is_generic(folder: str) -> bool:
    """Whether a folder's name sorts things and is no title."""
    return folder.strip().casefold() in _GENERIC or not any(c.isalnum() for c in folder)


def is_shelf_of_shows(folder: str) -> bool:
    """Whether a folder is meant for shows."""
    return folder.strip().casefold() in _SHELVES


def is_shelf_of_anime(folder: str) -> bool:
    """Whether a folder is meant for anime."""
    return folder.strip().casefold() in {"anime", "animes"}
