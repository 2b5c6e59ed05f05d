"""Addresses as players write them, and the paths that they mean."""

from __future__ import annotations

from urllib.parse import unquote_to_bytes, urlsplit

MAX_ADDRESS_CHARACTERS = 4096


def path_of(address: str) -> str:
    """The path that a `file:` address names, bytes that are no text kept; others as they are."""
    address = address[:MAX_ADDRESS_CHARACTERS]
    if not address.lower().startswith("file:"):
        return address
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    if parts.netloc not in ("", "localhost"):
        return address
    return unquote_to_bytes(parts.path).decode("utf-8", "surrogateescape")
