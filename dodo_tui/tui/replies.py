"""What a terminal answers comes among the keys, and must not be taken for any."""

from __future__ import annotations

import re

_REPLY = re.compile(r"\x1b\[\?[\d;]{0,100}[cS]|\x1b\[6;\d{1,6};\d{1,6}t")
"""Device attributes, limits of graphics, the size of a cell. No key begins like this."""
_BEGUN = re.compile(r"\x1b\[(?:\?[\d;]{0,100}|6(?:;\d{0,6}){0,2})\Z")


def is_last_reply(reply: str) -> bool:
    """Whether it is device attributes, which are asked for after everything else."""
    return reply.endswith("c")


class ReplyFilter:
    """Takes the replies out of what is read; also such as come in pieces, or late."""

    def __init__(self) -> None:
        self._begun = ""

    def split(self, text: str) -> tuple[str, list[str]]:
        """The keys, and the replies."""
        text = self._begun + text
        replies = _REPLY.findall(text)
        keys = _REPLY.sub("", text) if replies else text
        begun = _BEGUN.search(keys)
        self._begun = begun[0] if begun else ""
        return (keys[: begun.start()] if begun else keys), replies
