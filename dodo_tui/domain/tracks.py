"""The sound and subtitle tracks of what plays."""

from __future__ import annotations

from enum import StrEnum

from dodo_tui.values import dataclass


class TrackKind(StrEnum):
    """What a track is for."""

    AUDIO = "audio"
    SUBTITLES = "subtitles"


@dataclass(frozen=True, slots=True)
class Track:
    """One track that can be chosen. All text is plain and bounded, whatever the file says."""

    id: int
    """The player's number for it, among those of its kind."""
    kind: TrackKind
    language: str = ""
    """A language code as the file has it (`eng`, `pt-BR`); empty where it says nothing."""
    title: str = ""
    """What the file calls it, such as `Commentary`."""
    detail: str = ""
    """What tells it apart besides: `5.1`, `forced`, `from a file`."""
    selected: bool = False
