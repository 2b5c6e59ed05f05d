"""Paths as Python keeps them, and as people can read them.

A path is a `str` whose undecodable bytes are surrogates (`os.fsdecode`): it opens the file again
whatever its bytes are. What is shown or guessed from goes through `readable` first.
"""

from __future__ import annotations

import os
from collections.abc import Iterable

from dodo_tui.domain.text import MAX_TITLE_CHARACTERS, clean_text
from dodo_tui.library.words import word_set

VIDEO_EXTENSIONS = word_set(
    "3gp asf avi divx f4v flv m2ts m2v m4v mk3d mkv mov mp4 mpe mpeg mpg mts ogm ogv rm rmvb ts"
    " vob webm wmv wtv"
)
"""Ends of names that are videos mpv plays, without the dot."""

_MAX_PATH_CHARACTERS = 4096
"""The longest path Linux knows; sentences may show it whole."""


def decoded(path: str) -> str:
    """The path as text without surrogates: bytes that are not UTF-8 are read as Windows-1252.

    Old disks carry Western names in that encoding; any other guess is as wrong as none.
    """
    if path.isascii():
        return path
    try:
        raw = os.fsencode(path)
    except UnicodeEncodeError:
        # A lone surrogate that no file system gave us; it is shown as what it is not.
        return path.encode("utf-8", "replace").decode("utf-8")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace").replace("\N{REPLACEMENT CHARACTER}", "?")


def readable(path: str, limit: int = MAX_TITLE_CHARACTERS) -> str:
    """The path made safe to show."""
    return clean_text(decoded(path), limit)


def readable_path(path: str) -> str:
    """A whole path made safe to show, of any length a path can have."""
    return readable(path, _MAX_PATH_CHARACTERS)


def is_below(path: str, folder: str) -> bool:
    """Whether the path is the folder or lies somewhere in it, by its spelling alone."""
    trimmed = folder.rstrip("/")
    return path in (trimmed, folder) or path.startswith(trimmed + "/")


def is_below_any(path: str, folders: Iterable[str]) -> bool:
    """Whether the path lies in one of the folders."""
    return any(is_below(path, folder) for folder in folders)


def has_video_extension(name: str) -> bool:
    """Whether the name ends like a video's."""
    stem, dot, extension = name.rpartition(".")
    return bool(dot) and bool(stem) and extension.lower() in VIDEO_EXTENSIONS


def without_extension(name: str) -> str:
    """The name without its video extension, also when it was put on twice."""
    while has_video_extension(name):
        name = name.rpartition(".")[0]
    stem, _, extension = name.rpartition(".")
    return "" if not stem and extension.lower() in VIDEO_EXTENSIONS else name
