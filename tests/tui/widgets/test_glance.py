"""The lines about what is in focus."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from rich.cells import cell_len

from dodo_tui.domain.cards import About, CardState
from dodo_tui.domain.ids import Kind
from dodo_tui.tui.home_view import glimpse, standing
from dodo_tui.tui.look import Look
from dodo_tui.tui.widgets.glance import Glance, Glimpse, glimpse_lines
from dodo_tui.tui.widgets.paint import line_text, width_of
from tests.tui.widgets.support import HOSTILE, card, lines, stage

NOW = datetime(2026, 11, 22, 20, 15, tzinfo=UTC)
BEGUN = card("film", updated_at=NOW - timedelta(hours=3))


def test_where_one_stands_is_said_in_short_sentences() -> None:
    """What was done, and what stands in the way."""
    airs = NOW + timedelta(days=40)
    begun_elsewhere = replace(BEGUN, position_seconds=0.0, duration_seconds=None, ratio=0.42)
    series = replace(BEGUN, kind=Kind.SHOW, position_seconds=0.0, duration_seconds=None)
    far = replace(BEGUN, playable=False, waiting=True)
    coming = replace(BEGUN, state=CardState.UP_NEXT, playable=False, airs_at=airs)
    for card_in_focus, sentences in (
        (BEGUN, "Stopped at 50:00, 3 h ago, 50 min left."),
        (begun_elsewhere, "Stopped at 42 %, 3 h ago."),
        (series, "Begun 3 h ago."),
        (
            far,
            "Stopped at 50:00, 3 h ago, 50 min left. Not on this device. Waiting to be sent.",
        ),
        (replace(BEGUN, state=CardState.UP_NEXT), "Next to watch."),
        (replace(BEGUN, state=CardState.UNWATCHED), "Not watched yet."),
        (replace(BEGUN, seen_episodes=3, known_episodes=10), "3 of 10 episodes watched."),
        (replace(BEGUN, state=CardState.WATCHED), "Watched 3 h ago."),
        (coming, f"Airs 1 {airs:%b} 2027."),
    ):
        assert standing(card_in_focus, NOW) == sentences


def test_what_it_is_stands_beside_the_name() -> None:
    """An episode by its number and name, a film by its year; length and genres behind it."""
    about = About("One line.\nAnother.", ("Drama", "Crime"))
    film = glimpse(BEGUN, about, NOW)
    assert film.facts == "1999   1 h 40   Drama, Crime"
    assert film.overview == "One line. Another."
    episode = replace(BEGUN, season=1, number=5, episode_title="Gray Matter")
    assert glimpse(episode, About(), NOW).facts == "S1 E5  Gray Matter   1 h 40"


@pytest.mark.parametrize("look", Look)
@pytest.mark.parametrize("width", [20, 78, 236])
def test_nothing_moves_whatever_is_said(look: Look, width: int) -> None:
    """There are always as many lines, and none is wider than there is room."""
    for text in ("", "word " * 500, *HOSTILE):
        lines = glimpse_lines(Glimpse(text, text, text, text), width, 4, look)
        assert len(lines) == 4
        assert all(width_of(line) <= width for line in lines)
        assert not any("\x1b" in line_text(line) for line in lines)
    assert cell_len(line_text(glimpse_lines(Glimpse("a"), width, 4, look)[1])) == 0


@pytest.mark.parametrize(("height", "said"), [(4, 0), (5, 4), (11, 4), (12, 6)])
async def test_more_is_said_where_there_is_more_room(height: int, said: int) -> None:
    """At the bottom, under one line of air at least; nothing where it would be crowded."""
    glance = Glance()
    glance.styles.height = height
    app = stage(glance)
    async with app.run_test(size=(20, height)) as pilot:
        glance.glimpse = Glimpse("Film", "1999", "Next to watch.", "word " * 100)
        await pilot.pause()
        assert glance.has_room is (said > 0)
        written = [bool(line) for line in lines(app)]
    assert written == [False] * (height - said) + [True] * said
