"""How a player can fail."""

from __future__ import annotations


class PlayerError(Exception):
    """A player cannot do what it was asked; the text is one sentence for the user."""


class PlayerMissingError(PlayerError):
    """The player's program is not installed; the text says which package to install."""
