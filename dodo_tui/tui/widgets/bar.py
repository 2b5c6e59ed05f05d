"""A progress bar as text."""

from __future__ import annotations

from dodo_tui.tui.look import GLYPHS, Look


def bar(ratio: float, width: int, look: Look) -> tuple[str, str]:
    """The full and the empty part of a bar of `width` cells, for a ratio of 0–1.

    Anything begun shows at least one full cell, and only what is complete shows no empty one.
    """
    width = max(width, 0)
    ratio = ratio if ratio == ratio else 0.0  # a provider's nonsense must not reach round()
    full = round(min(max(ratio, 0.0), 1.0) * width)
    if ratio > 0:
        full = max(full, 1)
    if ratio < 1:
        full = min(full, width - 1)
    full = min(max(full, 0), width)
    glyphs = GLYPHS[look]
    return glyphs.bar_full * full, glyphs.bar_empty * (width - full)
