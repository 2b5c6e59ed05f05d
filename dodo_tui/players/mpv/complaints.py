"""What mpv says against a file, as one sentence that may be shown."""

from __future__ import annotations

import re

from dodo_tui.domain.text import clean_text
from dodo_tui.players.mpv.session import Item, Message

_MAX_COMPLAINT_CHARACTERS = 200

NO_REASON = "loading failed"
"""What mpv says of most failures; its log knows more."""

_QUERY = re.compile(r"(\w+://[^\s?#]+)[?#]\S*")
"""Addresses of streams carry keys behind the question mark: they must not reach a screen or log."""


def error_of(item: Item, message: Message) -> str:
    """One sentence on why an item could not be played."""
    reason = message.get("file_error")
    detail = reason if isinstance(reason, str) and reason else NO_REASON
    return sentence(item.complaint if detail == NO_REASON and item.complaint else detail)


def sentence(text: str) -> str:
    """A line of mpv as one sentence, without what must not be shown."""
    line = clean_text(_QUERY.sub(r"\1", text), _MAX_COMPLAINT_CHARACTERS).rstrip(". ")
    return f"{line[:1].upper()}{line[1:]}."
