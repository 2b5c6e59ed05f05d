"""mpv's `track-list` as tracks; whatever a file says about itself is only text."""

from __future__ import annotations

from collections.abc import Mapping

from dodo_tui.domain.text import clean_text
from dodo_tui.domain.tracks import Track, TrackKind

PROPERTIES = {TrackKind.AUDIO: "aid", TrackKind.SUBTITLES: "sid"}
"""The property of mpv that chooses a track of each kind."""

MOST_TRACKS = 200
"""No disc has more; what does is an attack or an accident."""

_KINDS = {"audio": TrackKind.AUDIO, "sub": TrackKind.SUBTITLES}
_CHANNELS = {1: "mono", 2: "stereo", 6: "5.1", 8: "7.1"}
_MAX_TITLE_CHARACTERS = 80
_MAX_LANGUAGE_CHARACTERS = 12


def read_tracks(track_list: object) -> tuple[Track, ...]:
    """The sound and subtitle tracks of a `track-list`; what cannot be understood is left out."""
    if not isinstance(track_list, list):
        return ()
    read = (_track(entry) for entry in track_list[:MOST_TRACKS] if isinstance(entry, dict))
    return tuple(track for track in read if track is not None)


def _track(entry: Mapping[str, object]) -> Track | None:
    kind = _KINDS.get(str(entry.get("type")))
    number = entry.get("id")
    if kind is None or not isinstance(number, int) or isinstance(number, bool):
        return None
    return Track(
        id=number,
        kind=kind,
        language=_text(entry.get("lang"), _MAX_LANGUAGE_CHARACTERS),
        title=_text(entry.get("title"), _MAX_TITLE_CHARACTERS),
        detail=_detail(entry, kind),
        selected=entry.get("selected") is True,
    )


def _detail(entry: Mapping[str, object], kind: TrackKind) -> str:
    """What tells it apart from another of its language."""
    words = []
    channels = entry.get("audio-channels", entry.get("demux-channel-count"))
    if kind is TrackKind.AUDIO and isinstance(channels, int):
        words.append(_CHANNELS.get(channels, f"{channels} channels"))
    if entry.get("forced") is True:
        words.append("forced")
    if entry.get("hearing-impaired") is True:
        words.append("for the hard of hearing")
    if entry.get("visual-impaired") is True:
        words.append("described")
    if entry.get("external") is True:
        words.append("from a file")
    return ", ".join(words)


def _text(value: object, limit: int) -> str:
    return clean_text(value, limit) if isinstance(value, str) else ""
