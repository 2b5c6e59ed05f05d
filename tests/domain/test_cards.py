"""Continue Watching and Up next: the rules by table, and what holds for every table."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dodo_tui.domain.cards import (
    Card,
    CardState,
    EpisodeState,
    Obstacle,
    TitleState,
    continue_watching,
    obstacle,
    resume_seconds,
    seconds_left,
    up_next,
    upcoming,
)
from dodo_tui.domain.ids import Kind
from tests.support.clock import START

_DAY = timedelta(days=1)


def _film(name: str = "tt00001", position: float = 600.0, **changes: object) -> Card:
    card = Card(
        name,
        name,
        Kind.MOVIE,
        name,
        CardState.IN_PROGRESS,
        position_seconds=position,
        duration_seconds=6000.0,
        ratio=position / 6000,
        updated_at=START,
    )
    return replace(card, **changes)  # type: ignore[arg-type]


def _episode(season: int, number: int, **changes: object) -> Card:
    key = f"tt00002:{season}:{number}"
    card = Card(
        key,
        "tt00002",
        Kind.SHOW,
        "Show",
        CardState.UP_NEXT,
        season=season,
        number=number,
        updated_at=START,
    )
    return replace(card, **changes)  # type: ignore[arg-type]


def _watched(season: int = 1, number: int = 1) -> Card:
    return _episode(season, number, state=CardState.WATCHED)


def _begun(number: int, position: float) -> Card:
    return _episode(1, number, state=CardState.IN_PROGRESS, position_seconds=position)


def _aired(
    card: Card, aired_at: datetime | None = START - _DAY, *, seen: bool = False
) -> EpisodeState:
    return EpisodeState(card, seen, aired_at)


@pytest.mark.parametrize(
    ("card", "hidden_at", "shown"),
    [
        (_film(), None, True),
        (_film(position=59.0), None, False),
        (_film(position=60.0), None, True),
        (_film(position=5996.0), None, False),
        (_film(position=5700.0), None, True),
        (_film(state=CardState.WATCHED, position=0.0, ratio=None), None, False),
        (_film(state=CardState.UNWATCHED, position=0.0, ratio=None), None, False),
        (_film(position=0.0, duration_seconds=None, ratio=0.4), None, True),
        (_film(position=0.0, duration_seconds=None, ratio=0.001), None, False),
        (_film(position=0.0, duration_seconds=None, ratio=1.0), None, False),
        (_film(position=90.0, duration_seconds=None, ratio=None), None, True),
        (_film(), START, False),
        (_film(), START + _DAY, False),
        (_film(), START - _DAY, True),
        (_film(updated_at=None), START, False),
    ],
)
def test_continue_watching_by_table(card: Card, hidden_at: datetime | None, shown: bool) -> None:
    """Begun and not finished, and not hidden since it was touched last."""
    assert bool(continue_watching([TitleState(card, (), hidden_at)], START)) is shown


@pytest.mark.parametrize(
    ("newest", "following", "expected"),
    [
        (_watched(), [_aired(_episode(1, 2))], "tt00002:1:2"),
        (_watched(), [], None),
        (_watched(), [_aired(_episode(1, 2), seen=True), _aired(_episode(1, 3))], "tt00002:1:3"),
        (_watched(), [_aired(_episode(0, 1)), _aired(_episode(2, 1))], "tt00002:2:1"),
        (_watched(), [_aired(_episode(0, 1))], None),
        (_watched(), [_aired(_episode(1, 2), START + _DAY)], None),
        (_watched(), [_aired(_episode(1, 2), START)], "tt00002:1:2"),
        (_watched(), [_aired(_episode(1, 2), None)], None),
        (_watched(), [_aired(_episode(1, 2, playable=True), None)], "tt00002:1:2"),
        (_watched(), [_aired(_episode(1, 2), None), _aired(_episode(1, 3))], "tt00002:1:3"),
        (_begun(1, 300.0), [_aired(_episode(1, 2))], None),
        (_begun(2, 1.0), [_aired(_episode(1, 2))], "tt00002:1:2"),
    ],
)  # fmt: skip
def test_up_next_by_table(
    newest: Card, following: list[EpisodeState], expected: str | None
) -> None:
    """The first unwatched aired episode; no specials, nothing unaired."""
    cards = up_next([TitleState(newest, following)], START)
    assert [card.key for card in cards] == ([expected] if expected else [])


def test_a_hidden_series_is_not_up_next() -> None:
    """Until it is touched again."""
    title = TitleState(_watched(), [_aired(_episode(1, 2))], START)
    assert up_next([title], START) == ()
    touched = replace(title, newest=replace(title.newest, updated_at=START + _DAY))
    assert len(up_next([touched], START)) == 1


@pytest.mark.parametrize(
    ("position", "duration", "start"),
    [
        (0.0, 100.0, 0.0),
        (50.0, 100.0, 50.0),
        (95.0, 100.0, 0.0),
        (94.9, 100.0, 94.9),
        (200.0, 100.0, 0.0),
        (50.0, None, 50.0),
        (-3.0, None, 0.0),
    ],
)
def test_playing_resumes_but_not_at_the_very_end(
    position: float, duration: float | None, start: float
) -> None:
    """Who was at the end begins anew."""
    assert resume_seconds(position, duration) == start


_TIMES = st.one_of(st.none(), st.integers(0, 50).map(lambda days: START + days * _DAY))


@st.composite
def _titles(draw: st.DrawFn) -> list[TitleState]:
    titles = []
    for index in range(draw(st.integers(0, 8))):
        key = f"tt{index:05}"
        following = [
            EpisodeState(
                _episode(draw(st.integers(0, 2)), number, media_id=key, key=f"{key}:1:{number}",
                         playable=draw(st.booleans())),
                draw(st.booleans()),
                draw(_TIMES),
            )
            for number in range(draw(st.integers(0, 4)))
        ]  # fmt: skip
        newest = _film(
            key,
            draw(st.floats(0, 7000)),
            state=draw(st.sampled_from(CardState)),
            updated_at=draw(_TIMES),
        )
        titles.append(TitleState(newest, following, draw(_TIMES)))
    return titles


@given(_titles())
def test_what_holds_for_every_shelf(titles: list[TitleState]) -> None:
    """One card per title over both rows, newest first, nothing finished, hidden or unaired."""
    now = START + 25 * _DAY
    watching, following = continue_watching(titles, now), up_next(titles, now)
    media_ids = [card.media_id for card in (*watching, *following)]
    assert len(media_ids) == len(set(media_ids))
    times = [card.updated_at for card in watching]
    known = [time for time in times if time is not None]
    assert known == sorted(known, reverse=True)
    assert times == [*known, *[None] * (len(times) - len(known))]
    by_id = {title.newest.media_id: title for title in titles}
    for card in watching:
        title = by_id[card.media_id]
        assert card.state is CardState.IN_PROGRESS
        assert title.hidden_at is None or (
            card.updated_at is not None and card.updated_at > title.hidden_at
        )
    for card in following:
        (episode,) = [e for e in by_id[card.media_id].following if e.card is card]
        assert not episode.watched
        assert card.season != 0
        assert card.playable or (episode.aired_at is not None and episode.aired_at <= now)
    assert continue_watching(list(reversed(titles)), now) == watching


# What stands in the way


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"playable": True}, None),
        ({"playable": True, "waiting": True}, Obstacle.WAITING),
        ({"playable": True, "airs_at": START + _DAY}, None),
        ({}, Obstacle.NOT_HERE),
        ({"waiting": True}, Obstacle.NOT_HERE),
        ({"airs_at": START}, Obstacle.NOT_HERE),
        ({"airs_at": START + timedelta(seconds=1)}, Obstacle.NOT_OUT),
        ({"airs_at": START + _DAY, "waiting": True}, Obstacle.NOT_OUT),
    ],
)
def test_what_stands_in_the_way(changes: dict[str, object], expected: Obstacle | None) -> None:
    """The weightiest thing alone; what is on this device can be played."""
    card = replace(_film(), **changes)  # type: ignore[arg-type]
    assert obstacle(card, START) is expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, (5400.0, False)),
        ({"position_seconds": 7000.0}, (0.0, False)),
        ({"duration_seconds": None, "ratio": 0.25}, None),
        (
            {"duration_seconds": None, "ratio": 0.25, "runtime_estimate_seconds": 4000.0},
            (3000.0, True),
        ),
        ({"duration_seconds": None, "ratio": None, "runtime_estimate_seconds": 10.0}, (10.0, True)),
        ({"duration_seconds": None, "ratio": 7.0, "runtime_estimate_seconds": 10.0}, (0.0, True)),
        ({"runtime_estimate_seconds": 60.0}, (5400.0, False)),
    ],
)
def test_how_much_is_left(changes: dict[str, object], expected: tuple[float, bool] | None) -> None:
    """By the player's duration; an estimate only where there is none."""
    card = replace(_film(), **changes)  # type: ignore[arg-type]
    assert seconds_left(card) == expected


def test_what_airs_next() -> None:
    """The earliest announced regular episode; not a special, not what is out or has no date."""
    states = [
        EpisodeState(_episode(0, 9), watched=False, aired_at=START + _DAY),
        EpisodeState(_episode(1, 1), watched=True, aired_at=START - _DAY),
        EpisodeState(_episode(1, 2), watched=False, aired_at=None),
        EpisodeState(
            _episode(1, 4, airs_at=START + 9 * _DAY), watched=False, aired_at=START + 9 * _DAY
        ),
        EpisodeState(
            _episode(1, 3, airs_at=START + 2 * _DAY), watched=False, aired_at=START + 2 * _DAY
        ),
    ]
    card = upcoming(states, START)
    assert card is not None
    assert card.number == 3
    assert upcoming(states[:3], START) is None
