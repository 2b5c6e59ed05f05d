"""Which videos are not worth listing: samples, trailers and extras beside a film or show.

A name alone never decides where a title could carry it: "Trailer Park Boys", "The Sample (2019)"
and the show "Extras" are kept. In doubt a file is kept: a sample too many is seen, a film too few
is not.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from dodo_tui.library.folders import season_of
from dodo_tui.library.marks import has_mark
from dodo_tui.library.paths import has_video_extension, without_extension
from dodo_tui.library.words import word_set

MAX_SAMPLE_BYTES = 200 * 1024**2
"""A larger file is no sample, whatever its name."""

MAX_EXTRA_BYTES = 600 * 1024**2
"""A larger file is no trailer or featurette, whatever its name."""

MIN_TRANSPORT_STREAM_BYTES = 1024**2
"""Smaller `.ts` and `.mts` files are somebody's source code."""

_HIDDEN_FOLDERS = word_set("@eadir #recycle $recycle.bin lost+found node_modules __macosx") | {
    "system volume information"
}
_UNFINISHED_FOLDER = re.compile(r"^_(?:unpack|failed)_", re.IGNORECASE)
_DISC_FOLDERS = frozenset({"bdmv", "video_ts", "hvdvd_ts"})

_EXTRAS = word_set("featurettes featurette samples sample trailers trailer bonus") | {
    "behind the scenes",
    "deleted scenes",
    "special features",
    "bonus features",
}
_EXTRAS_OF_A_TITLE = _EXTRAS | word_set(
    "extras extra shorts other others clips scenes interviews proof backdrops"
)
"""Names that a shelf may have as well; they count only inside the folder of a title."""

_SAMPLE = re.compile(r"^sample(?:[-._]|$)|(?:^|[-._ ])sample$", re.IGNORECASE)
_PLAIN_SAMPLE = re.compile(r"^sample-|-sample$", re.IGNORECASE)
_TRAILER = re.compile(r"^trailer\d?$|(?<=[^\s._-])\s*[-._ ]\s*trailer\d?$", re.IGNORECASE)
_PLAIN_TRAILER = re.compile(r"(?<=\S)-trailer\d?$", re.IGNORECASE)
_ONLY_ARTICLE = re.compile(r"^(?:the|a|an|my)[-._ ]+\w+$", re.IGNORECASE)
_EXTRA = re.compile(r"(?<=\S)-(?:behindthescenes|featurette)\d?$", re.IGNORECASE)
_EXTRA_BESIDE = re.compile(r"^(.*\S)-(?:deleted|interview|scene|short|other|clip)\d?$", re.I | re.S)
_CREDITS = re.compile(
    r"^\[.*[\s_-](?:ncop|nced)\s?\d{0,2}[a-z]?(?:v\d)?(?=$|[\s._\[(-])", re.I | re.S
)
_TAGGED = re.compile(r"\b(?:2160p|1080p|720p|480p|[xh]\.?26[45]|hdtv|web|blu-?ray|dvdrip)\b", re.I)
_YEAR = re.compile(r"[\[(](?:19|20)\d\d[\])]", re.ASCII)


def is_hidden(name: str) -> bool:
    """Whether a file or folder is hidden, a system's, or one an unpacker still writes."""
    lowered = name.lower()
    return (
        name.startswith(".")
        or lowered in _HIDDEN_FOLDERS
        or _UNFINISHED_FOLDER.match(name) is not None
    )


def is_disc_folder(name: str) -> bool:
    """Whether a folder is the inside of a disc, whose files are not titles."""
    return name.lower() in _DISC_FOLDERS


def is_title_folder(name: str, files: Collection[str], folders: Collection[str]) -> bool:
    """Whether a folder with that name and content holds one title (or one season)."""
    return (
        season_of(name) is not None
        or _YEAR.search(name) is not None
        or any(has_video_extension(file) for file in files)
        or any(season_of(folder) is not None for folder in folders)
    )


def is_extras_folder(name: str, *, in_title: bool, at_top: bool) -> bool:
    """Whether a folder's name is one of extras, given where it lies."""
    lowered = name.strip().lower().replace("_", " ").replace("-", " ")
    return lowered in (_EXTRAS_OF_A_TITLE if in_title else frozenset() if at_top else _EXTRAS)


def is_named_after(folder: str, files: Collection[str], folders: Collection[str]) -> bool:
    """Whether a folder is a title's own, for all that it is called "Extras" or "Trailer"."""
    start = folder.strip().lower()
    return any(season_of(name) is not None for name in folders) or any(
        name.lower().startswith(start) and has_mark(name) for name in files
    )


def is_skipped(name: str, size_bytes: int, siblings: Collection[str]) -> bool:
    """Whether a video file is a sample, a trailer, an extra or no video at all.

    `siblings` are the names of the files in its folder.
    """
    stem = without_extension(name)
    if f"{name}.aria2" in siblings:
        return True
    if name.lower().endswith((".ts", ".mts")) and size_bytes < MIN_TRANSPORT_STREAM_BYTES:
        return True
    if size_bytes <= MAX_SAMPLE_BYTES and _is_sample(stem):
        return True
    return size_bytes <= MAX_EXTRA_BYTES and _is_extra(stem, siblings)


def _is_sample(stem: str) -> bool:
    # An episode may be called "The Free Sample"; a release's sample has the release's tags.
    is_plain = _PLAIN_SAMPLE.search(stem) is not None
    if has_mark(stem) and not _TAGGED.search(stem):
        return is_plain
    return is_plain or (_SAMPLE.search(stem) is not None and not _ONLY_ARTICLE.match(stem))


def _is_extra(stem: str, siblings: Collection[str]) -> bool:
    if _PLAIN_TRAILER.search(stem) or _EXTRA.search(stem) or _CREDITS.search(stem):
        return True
    if not has_mark(stem) and _TRAILER.search(stem) and not _ONLY_ARTICLE.match(stem):
        return True
    beside = _EXTRA_BESIDE.match(stem)
    return beside is not None and any(
        without_extension(name).startswith(beside[1]) and without_extension(name) != stem
        for name in siblings
        if has_video_extension(name)
    )
