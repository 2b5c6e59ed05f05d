"""What a terminal answers is told from keys, however it comes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dodo_tui.tui.replies import ReplyFilter, is_last_reply

ATTRIBUTES = "\x1b[?64;1;2;4;6;9;15;16;17;18;21;22;28;29c"
REPLIES = (ATTRIBUTES, "\x1b[?62c", "\x1b[6;20;10t", "\x1b[?1;0;1024S", "\x1b[?1;3S")
KEYS = (
    "a",
    "c",
    "?",
    "[",
    "\x1b",
    "\x1b[A",
    "\x1b[6~",
    "\x1b[6;2~",
    "\x1b[1;5S",
    "\x1b[57430u",
    "\x1b[<0;3;4M",
    "\x1b[?2026;2$y",
    "\x1b[48;40;120;800;1200t",
    "\x1b[200~c\x1b[201~",
    "ä漢",
)


def split(pieces: list[str]) -> tuple[str, list[str]]:
    """All keys and all replies of what was read piece by piece."""
    both = ReplyFilter()
    keys, replies = "", []
    for piece in pieces:
        some, others = both.split(piece)
        keys += some
        replies += others
    return keys, replies


@pytest.mark.parametrize("reply", REPLIES)
def test_a_reply_is_no_key(reply: str) -> None:
    """Nor is it when it comes byte by byte, as over a poor line."""
    assert split([reply]) == ("", [reply])
    assert split(["\x1b[" + reply[2:4], *reply[4:]]) == ("", [reply])


@pytest.mark.parametrize("key", KEYS)
def test_a_key_stays_a_key(key: str) -> None:
    """At once, whole, and beside replies."""
    assert split([key]) == (key, [])
    assert split([key + ATTRIBUTES + key]) == (key + key, [ATTRIBUTES])


@given(st.lists(st.sampled_from(REPLIES + KEYS), max_size=8), st.data())
def test_where_a_read_ends_matters_little(said: list[str], data: st.DataObject) -> None:
    """Only inside the first two bytes it cannot be told what it will be; no terminal cuts there."""
    text = "".join(said)
    allowed = [
        at
        for at in range(1, len(text))
        if text[at - 1] != "\x1b" and text[max(at - 2, 0) : at] != "\x1b["
    ]
    cuts = sorted(data.draw(st.sets(st.sampled_from(allowed)))) if allowed else []
    pieces = [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    assert split(pieces) == split([text])


@given(st.text(alphabet="\x1b[?;0123456789cStM~ab", max_size=300))
def test_nothing_is_kept_back_for_long(text: str) -> None:
    """What never becomes a reply is let go."""
    both = ReplyFilter()
    keys, replies = both.split(text)
    more, _ = both.split("x")
    assert len(keys) + len("".join(replies)) + len(more) == len(text) + 1 or "x" not in more
    assert len(text) - len(keys) - len("".join(replies)) < 120


def test_the_last_reply_is_the_one_that_every_terminal_gives() -> None:
    """The others may not come at all."""
    assert [is_last_reply(reply) for reply in REPLIES] == [True, True, False, False, False]
