"""What a server says about a sign-in code, none of it taken on trust."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

CODE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,30}[A-Za-z0-9])?", re.ASCII)
"""A code that people can type in."""

_MAX_ADDRESS_CHARACTERS = 300


def bounded_seconds(value: object, lowest: float, highest: float) -> float | None:
    """A duration the server names, kept within a sane range; None where it is no number."""
    try:
        number = float(value) if isinstance(value, (int, float, str)) else float("nan")
    except (ValueError, OverflowError):
        return None
    return None if number != number else min(max(number, lowest), highest)


def web_address(value: object) -> str | None:
    """A web address fit to be shown and drawn, or None."""
    if not isinstance(value, str) or not 0 < len(value) <= _MAX_ADDRESS_CHARACTERS:
        return None
    if not value.isascii() or not value.isprintable() or " " in value:
        return None
    try:
        parts = urlsplit(value)
    except ValueError:
        return None
    is_web = parts.scheme in ("http", "https") and parts.hostname and not parts.username
    return value if is_web else None
