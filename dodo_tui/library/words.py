"""Small vocabularies, written as a line of words."""

from __future__ import annotations


def word_set(words: str) -> frozenset[str]:
    """The words of a text, which are separated by blanks."""
    return frozenset(words.split())
