"""The lines of the control channel: one JSON object each, UTF-8, bounded, versioned.

A server first says `{"dodo": 1, "state": …}`, then `{"state": …}` about once a second and at every
change. A client asks `{"id": 7, "do": "seek", "seconds": 30}` and is answered `{"re": 7}`, with
what was asked for or with an `error`. What a side does not know it passes over; what it cannot
take raises `NonsenseError`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import UTC, datetime

from dodo_tui.domain.playback import End, Playback
from dodo_tui.domain.text import clean_text
from dodo_tui.domain.times import from_iso, maybe_to_iso, to_iso
from dodo_tui.domain.tracks import Track, TrackKind
from dodo_tui.engine.on_air import Offer, OnAir

VERSION = 1

MAX_REQUEST_BYTES = 4 * 1024
MAX_REPLY_BYTES = 256 * 1024
"""A list of two hundred tracks, with room to spare."""

MOST_TRACKS = 200

_MAX_NAME_CHARACTERS = 300
_MAX_ID_CHARACTERS = 200
_LONGEST_SECONDS = 1e7

Message = Mapping[str, object]


class NonsenseError(ValueError):
    """A line that is no message of this channel."""


def encode(message: Message) -> bytes:
    """A message as a line."""
    return json.dumps(message, separators=(",", ":")).encode() + b"\n"


def decode(line: bytes) -> Message:
    """The object on a line.

    Raises:
        NonsenseError: there is none.
    """
    try:
        message = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise NonsenseError("no JSON") from error
    if not isinstance(message, dict):
        raise NonsenseError("no object")
    return message


def state_message(on_air: OnAir) -> dict[str, object]:
    """What plays, for every client."""
    playback = on_air.playback
    state: dict[str, object] = {
        "play_id": playback.play_id,
        "profile_id": playback.profile_id,
        "key": playback.key,
        "title": playback.title,
        "label": playback.label,
        "source": playback.source,
        "started_at": to_iso(playback.started_at),
        "at": to_iso(playback.at),
        "position_seconds": playback.position_seconds,
        "duration_seconds": playback.duration_seconds,
        "played_seconds": playback.played_seconds,
        "paused": playback.paused,
        "recorded": playback.recorded,
        "speed": playback.speed,
        "end": playback.end,
        "watched_at": maybe_to_iso(playback.watched_at),
        "device": on_air.device,
        "watched": on_air.is_watched,
        "previous": on_air.previous,
        "next": on_air.next,
        "offer": None
        if on_air.offer is None
        else {"name": on_air.offer.name, "seconds_left": on_air.offer.seconds_left},
    }
    return {"state": state}


def read_state(message: Message, clock_seconds: float) -> OnAir | None:
    """What plays, by a server's message; None if it is about something else.

    Raises:
        NonsenseError: it cannot be understood.
    """
    state = message.get("state")
    if state is None:
        return None
    if not isinstance(state, Mapping):
        raise NonsenseError("no state")
    end = _text(state, "end")
    offer = state.get("offer")
    playback = Playback(
        play_id=_text(state, "play_id", _MAX_ID_CHARACTERS),
        profile_id=int(_number(state, "profile_id")),
        key=_text(state, "key", _MAX_ID_CHARACTERS),
        title=_text(state, "title"),
        label=_text(state, "label"),
        source=_text(state, "source"),
        item="",
        started_at=_time(state, "started_at"),
        at=_time(state, "at"),
        clock_seconds=clock_seconds,
        position_seconds=max(_number(state, "position_seconds"), 0.0),
        duration_seconds=None
        if state.get("duration_seconds") is None
        else _number(state, "duration_seconds"),
        played_seconds=_number(state, "played_seconds"),
        paused=state.get("paused") is True,
        recorded=state.get("recorded") is not False,
        speed=max(_number(state, "speed"), 0.01),
        end=End(end) if end in set(End) else None,
        watched_at=None if state.get("watched_at") is None else _time(state, "watched_at"),
    )
    return OnAir(
        playback,
        device=_text(state, "device"),
        is_here=False,
        previous=_text(state, "previous"),
        next=_text(state, "next"),
        offer=Offer(_text(offer, "name"), int(_number(offer, "seconds_left")))
        if isinstance(offer, Mapping)
        else None,
        is_watched=state.get("watched") is True,
    )


def tracks_message(tracks: tuple[Track, ...]) -> dict[str, object]:
    """Tracks, as an answer."""
    return {
        "tracks": [
            {
                "id": track.id,
                "kind": track.kind,
                "language": track.language,
                "title": track.title,
                "detail": track.detail,
                "selected": track.selected,
            }
            for track in tracks[:MOST_TRACKS]
        ]
    }


def read_tracks(message: Message) -> tuple[Track, ...]:
    """The tracks of an answer.

    Raises:
        NonsenseError: they cannot be understood.
    """
    entries = message.get("tracks")
    if not isinstance(entries, list):
        raise NonsenseError("no tracks")
    return tuple(_track(entry) for entry in entries[:MOST_TRACKS])


def _track(entry: object) -> Track:
    if not isinstance(entry, Mapping):
        raise NonsenseError("no track")
    return Track(
        id=int(_number(entry, "id")),
        kind=read_kind(entry),
        language=_text(entry, "language"),
        title=_text(entry, "title"),
        detail=_text(entry, "detail"),
        selected=entry.get("selected") is True,
    )


def read_kind(message: Message) -> TrackKind:
    """The kind of track that is meant.

    Raises:
        NonsenseError: there is no such kind.
    """
    kind = message.get("kind")
    if kind not in set(TrackKind):
        raise NonsenseError("no kind of track")
    return TrackKind(str(kind))


def read_number(message: Message, name: str) -> float:
    """A finite number of a sensible size.

    Raises:
        NonsenseError: it is none.
    """
    return _number(message, name)


def read_track_id(message: Message) -> int | None:
    """The track that is meant; None for none.

    Raises:
        NonsenseError: it is no number.
    """
    return None if message.get("track") is None else int(_number(message, "track"))


def read_flag(message: Message, name: str) -> bool:
    """Yes or no.

    Raises:
        NonsenseError: neither.
    """
    value = message.get(name)
    if not isinstance(value, bool):
        raise NonsenseError(f"{name} is neither true nor false")
    return value


def _number(message: Message, name: str) -> float:
    value = message.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise NonsenseError(f"{name} is no number")
    if not math.isfinite(value) or abs(value) > _LONGEST_SECONDS:
        raise NonsenseError(f"{name} is no sensible number")
    return float(value)


def _text(message: Message, name: str, limit: int = _MAX_NAME_CHARACTERS) -> str:
    value = message.get(name)
    return clean_text(value, limit) if isinstance(value, str) else ""


def _time(message: Message, name: str) -> datetime:
    value = message.get(name)
    try:
        return from_iso(value) if isinstance(value, str) else datetime.fromtimestamp(0, UTC)
    except ValueError as error:
        raise NonsenseError(f"{name} is no time") from error
