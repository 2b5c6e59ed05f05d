"""The scrobble middleware's mind: by table, and what holds for every viewing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dodo_tui.domain.playback import End, Playback, advance
from dodo_tui.domain.queue import Decision, QueueKind, Told
from dodo_tui.domain.thresholds import DEBOUNCE_SECONDS
from dodo_tui.tracking.scrobble import decide
from tests.support.clock import START
from tests.tracking.samples import HOUR, Viewer, opened

_NOTHING: list[QueueKind] = []


def _at(percent: float, *, paused: bool = False, watched: bool = False, end: End | None = None,
        clock: float = 1000.0, duration: float | None = HOUR) -> Playback:  # fmt: skip
    viewer = Viewer(duration=duration, position=percent * HOUR / 100)
    return replace(
        opened(viewer.sample()),
        paused=paused,
        watched_at=START if watched else None,
        end=end,
        clock_seconds=clock,
    )


_BEGUN = Told(started=True)
_PAUSED = Told(started=True, paused=True)
_SEEN = Told(started=True, watched=True)


@pytest.mark.parametrize(
    ("told", "playback", "kinds"),
    [
        (Told(), _at(0), _NOTHING),
        (Told(), _at(4.99), _NOTHING),
        (Told(), _at(5), [QueueKind.START]),
        (Told(), _at(50), [QueueKind.START]),
        (Told(), _at(50, paused=True), _NOTHING),
        (Told(), _at(50, duration=None), _NOTHING),
        (Told(), _at(50, duration=None, end=End.CLOSED), _NOTHING),
        (Told(), _at(4, end=End.CLOSED), _NOTHING),
        (Told(), _at(50, paused=True, end=End.CLOSED), _NOTHING),
        (Told(), _at(95, watched=True), [QueueKind.WATCHED]),
        (Told(), _at(95, watched=True, end=End.FINISHED), [QueueKind.WATCHED]),
        (_BEGUN, _at(50), _NOTHING),
        (_BEGUN, _at(50, paused=True), [QueueKind.PAUSE]),
        (_BEGUN, _at(2), _NOTHING),
        (_BEGUN, _at(50, end=End.CLOSED), [QueueKind.PROGRESS]),
        (_BEGUN, _at(85, end=End.CLOSED), [QueueKind.PROGRESS]),
        (_BEGUN, _at(99, end=End.CLOSED), [QueueKind.PROGRESS]),
        (_BEGUN, _at(1, end=End.CLOSED), [QueueKind.PROGRESS]),
        (_BEGUN, _at(50, end=End.LOST), [QueueKind.PROGRESS]),
        (_BEGUN, _at(50, end=End.REPLACED), [QueueKind.PROGRESS]),
        (_BEGUN, _at(50, end=End.FAILED), [QueueKind.PROGRESS]),
        (_BEGUN, _at(50, duration=None), _NOTHING),
        (_BEGUN, _at(92, watched=True), [QueueKind.WATCHED]),
        (_PAUSED, _at(50), [QueueKind.START]),
        (_PAUSED, _at(50, paused=True), _NOTHING),
        (_PAUSED, _at(50, paused=True, end=End.CLOSED), [QueueKind.PROGRESS]),
        (_SEEN, _at(95, watched=True), _NOTHING),
        (_SEEN, _at(95, watched=True, paused=True), _NOTHING),
        (_SEEN, _at(10, watched=True), _NOTHING),
        (_SEEN, _at(95, watched=True, end=End.CLOSED), _NOTHING),
        (replace(_BEGUN, over=True), _at(50), _NOTHING),
        (replace(_BEGUN, over=True), _at(95, watched=True), _NOTHING),
        (Told(over=True), _at(50, end=End.CLOSED), _NOTHING),
    ],
)
def test_decisions_by_table(told: Told, playback: Playback, kinds: list[QueueKind]) -> None:
    """Every turn of a viewing, and what is told about it."""
    decision = decide(told, playback)
    assert [message.kind for message in decision.messages] == kinds
    again = decide(decision.told, playback)
    assert again.messages == ()
    assert again.told == decision.told


def test_an_unfinished_end_is_never_a_stop_whatever_the_percent() -> None:
    """Defect 21: the providers mark any stop from 80 % on as watched."""
    for percent in (80, 85, 89.99, 95):
        (message,) = decide(_BEGUN, _at(percent, end=End.CLOSED)).messages
        assert message.kind is QueueKind.PROGRESS
        assert message.percent == percent


def test_facts_take_back_what_was_live() -> None:
    """A start that still waits is worthless once the viewing is over."""
    assert decide(_BEGUN, _at(50, end=End.CLOSED)).drop_live
    assert decide(_BEGUN, _at(95, watched=True)).drop_live


def _flicker(apart: float) -> tuple[Decision, Decision]:
    paused = decide(_BEGUN, _at(50, paused=True, clock=1000))
    return paused, decide(paused.told, _at(50, clock=1000 + apart))


def test_a_flicker_is_taken_back() -> None:
    """A pause undone within the debounce was never one."""
    paused, resumed = _flicker(DEBOUNCE_SECONDS - 0.1)
    assert paused.messages[0].delay_seconds == DEBOUNCE_SECONDS
    assert resumed.take_back
    assert not resumed.drop_live
    assert [message.kind for message in resumed.messages] == [QueueKind.START]
    assert resumed.told == _BEGUN


def test_a_real_pause_is_told_and_so_is_its_end() -> None:
    """After the debounce it stands."""
    paused, resumed = _flicker(DEBOUNCE_SECONDS)
    assert [message.kind for message in paused.messages] == [QueueKind.PAUSE]
    assert not resumed.take_back
    assert [message.kind for message in resumed.messages] == [QueueKind.START]


_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("play"), st.floats(0.1, 600)),
        st.tuples(st.just("seek"), st.floats(0, HOUR)),
        st.tuples(st.just("toggle"), st.floats(0, 10)),
        st.tuples(st.just("repeat"), st.just(0.0)),
        st.tuples(st.just("forget"), st.just(0.0)),
    ),
    max_size=40,
)


def _viewing(steps: list[tuple[str, float]], end: End | None) -> list[Playback]:
    viewer = Viewer()
    playback = opened(viewer.sample())
    seen = [playback]
    for step, amount in steps:
        if step == "play":
            for state in viewer.play(amount, step=30):
                playback = advance(playback, state)
                seen.append(playback)
        elif step == "seek":
            seen.append(playback := advance(playback, viewer.seek(amount)))
        elif step == "toggle":
            viewer.wait(amount)
            seen.append(playback := advance(playback, viewer.pause(not viewer.paused)))
        elif step == "forget":
            seen.append(
                playback := advance(playback, replace(viewer.sample(), position_seconds=None))
            )
        else:
            seen.append(playback)
    if end is not None:
        seen.append(advance(playback, viewer.sample(end)))
    return seen


@given(_STEPS, st.sampled_from([None, *End]))
def test_what_holds_for_every_viewing(steps: list[tuple[str, float]], end: End | None) -> None:
    """Watched once, nothing before 5 %, nothing after watched, and no call for time or a seek."""
    seen = _viewing(steps, end)
    told, turns = Told(), 0
    kinds: list[QueueKind] = []
    paused = False
    for playback in seen:
        turns += playback.paused != paused
        paused = playback.paused
        decision = decide(told, playback)
        told = decision.told
        for message in decision.messages:
            assert not kinds or kinds[-1] is not QueueKind.WATCHED
            assert not kinds or kinds[-1] is not QueueKind.PROGRESS
            if not kinds:
                assert playback.ratio is not None
                assert playback.ratio >= 0.05
            assert message.percent is not None
            assert 0 <= message.percent <= 100
            kinds.append(message.kind)
        repeated = decide(told, playback)
        assert (repeated.messages, repeated.told) == ((), told)
    assert kinds.count(QueueKind.WATCHED) <= 1
    assert len(kinds) <= turns + 2
    if kinds and kinds[0] is not QueueKind.WATCHED:
        assert kinds[0] is QueueKind.START
    if end is not None and kinds:
        assert kinds[-1] in (QueueKind.WATCHED, QueueKind.PROGRESS)
        assert (kinds[-1] is QueueKind.WATCHED) == (seen[-1].watched_at is not None)


@given(st.lists(st.floats(0.06 * HOUR, HOUR), max_size=30))
def test_seeks_alone_tell_nothing(positions: list[float]) -> None:
    """After the start, jumping about is nobody's business."""
    viewer = Viewer(position=0.1 * HOUR)
    playback = opened(viewer.sample())
    decision = decide(Told(), playback)
    assert len(decision.messages) == 1
    for position in positions:
        playback = advance(playback, viewer.seek(position))
        decision = decide(decision.told, playback)
        assert decision.messages == ()


def test_ticks_alone_tell_nothing() -> None:
    """Defect 22 and its opposite: no heartbeats."""
    viewer = Viewer(position=0.1 * HOUR)
    playback = opened(viewer.sample())
    told = decide(Told(), playback).told
    for state in viewer.play(0.7 * HOUR):
        playback = advance(playback, state)
        decision = decide(told, playback)
        told = decision.told
        assert decision.messages == ()
