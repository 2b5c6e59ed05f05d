"""What is seen below a question: darker, but for characters whose colour means something else."""

from __future__ import annotations

from collections.abc import Iterable

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.renderables.background_screen import BackgroundScreen

PICTURE_CHARACTER = chr(0x10EEEE)
"""Kitty: stands where a picture is, and its colour says which."""


class Dimmed(BackgroundScreen):
    """A screen below another one. In another colour a picture of kitty's would be none."""

    @classmethod
    def process_segments(cls, segments: Iterable[Segment], color: Color) -> Iterable[Segment]:
        """Darken all but what stands for pictures: terminals cannot darken those."""
        as_they_are = list(segments)
        dimmed = super().process_segments(as_they_are, color)
        for segment, darker in zip(as_they_are, dimmed, strict=True):
            if PICTURE_CHARACTER in segment.text and segment.style is not None:
                style = (darker.style or Style()) + Style(color=segment.style.color)
                yield Segment(darker.text, style, darker.control)
            else:
                yield darker
