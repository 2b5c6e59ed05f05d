"""Names as disks really hold them, and worse."""

from __future__ import annotations

import os

from hypothesis import strategies as st

undecodable = st.binary(max_size=60).map(os.fsdecode)
"""Any bytes, as Python reads them from a file system."""

any_text = st.text(st.characters(), max_size=80)
"""Any text, lone surrogates included."""

_pieces = st.sampled_from(
    [
        *("The Show", "Sintel", "S01E02", "1x05", "E03", " - ", ".", "/", "[", "]", "(", ")", "{"),
        *("2019", "1080p", "Season 2", "Specials", "\u202e", "\x00", "\n", "\x1b[31m", "\udce9"),
        *("{imdb-tt1375666}", "Part 2", "720p", "x264", "-", "99999", "S00", "E", "00", "é", "🦤"),
        *("2024-02-30", "2024.03.11", "~", "+", "II", "the", "trailer", "sample", "OVA"),
    ]
)
name_like = st.lists(_pieces, max_size=9).map("".join)
"""Texts made of what names are made of, in any order."""

paths = st.one_of(undecodable, any_text, name_like).flatmap(
    lambda text: st.sampled_from([text, text + ".mkv", "/media/" + text + ".mp4"])
)
"""Paths that no parser has seen."""
