"""What Why? says of a viewing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dodo_tui.domain.ids import Kind
from dodo_tui.domain.why import Why, WhyPlay
from dodo_tui.domain.why_sentences import why_steps
from tests.support.clock import START


@pytest.mark.parametrize(("seconds", "words"), [(12.0, ", 12 s played"), (300.0, ", 5 min played")])
def test_a_short_viewing_was_not_nothing(seconds: float, words: str) -> None:
    """It says how long it was in what fits."""
    play = WhyPlay(
        "p1", "tt0133093", "mpv", START, START + timedelta(minutes=5), None, 0.1, seconds
    )
    why = Why(
        "tt0133093", "tt0133093", Kind.MOVIE, "The Matrix", 1999, None, None,
        is_local=False, watched=False, plays=(play,),
    )  # fmt: skip
    said = [line.text for step in why_steps(why) for line in step.lines]
    assert any(words in text for text in said), said
