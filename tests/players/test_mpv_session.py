"""The pure fold from mpv's messages to samples."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dodo_tui.domain.playback import End, PlayerState, PlayerStatus
from dodo_tui.players.mpv.fold import closed, fold
from dodo_tui.players.mpv.session import Message, Moment, Session
from tests.players.transcripts import moment, replay, transcript

B, P, Z, S = (
    PlayerStatus.BUFFERING,
    PlayerStatus.PLAYING,
    PlayerStatus.PAUSED,
    PlayerStatus.STOPPED,
)
MATRIX, FIVE, SIX = (
    "The.Matrix.1999.1080p.mkv",
    "Breaking.Bad.S01E05.720p.mkv",
    "Breaking.Bad.S01E06.720p.mkv",
)

Row = tuple[str, PlayerStatus, float | None, int, End | None]

EXPECTED: dict[str, list[Row]] = {
    "start_pause_seek_quit": [
        ("mpv-1", B, None, 0, None),
        ("mpv-1", P, 0.0, 0, None),
        ("mpv-1", Z, 0.0, 0, None),
        ("mpv-1", Z, 30.0, 1, None),
        ("mpv-1", P, 30.023, 1, None),
        ("mpv-1", P, 30.223, 1, None),
        ("mpv-1", P, 35.523, 2, None),
        ("mpv-1", S, 36.123, 2, End.CLOSED),
    ],
    "eof": [("mpv-1", B, None, 0, None), ("mpv-1", P, 0.0, 0, None),
            ("mpv-1", S, 0.0, 1, End.FINISHED)],
    "keep_open": [("mpv-1", B, None, 0, None), ("mpv-1", P, 0.0, 0, None),
                  ("mpv-1", S, 0.0, 1, End.FINISHED)],
    "idle": [("mpv-1", B, None, 0, None), ("mpv-1", P, 0.0, 0, None),
             ("mpv-1", S, 0.0, 1, End.FINISHED)],
    "kill9": [("mpv-1", B, None, 0, None), ("mpv-1", P, 0.0, 0, None),
              ("mpv-1", S, 0.0, 0, End.LOST)],
    "kill9_reuse": [("mpv-1", B, None, 0, None), ("mpv-1", S, None, 0, End.CLOSED)],
    "sigterm": [("mpv-1", B, None, 0, None), ("mpv-1", P, 0.0, 0, None),
                ("mpv-1", S, 0.0, 0, End.LOST)],
    "playlist_next": [
        ("mpv-1", B, None, 0, None), ("mpv-1", P, 0.0, 0, None), ("mpv-1", S, 0.0, 0, End.REPLACED),
        ("mpv-2", B, None, 0, None), ("mpv-2", S, None, 0, End.REPLACED),
        ("mpv-3", B, None, 0, None), ("mpv-3", S, None, 0, End.CLOSED),
    ],
    "playlist_auto": [
        ("mpv-1", B, None, 0, None), ("mpv-1", P, 0.0, 0, None), ("mpv-1", S, 0.0, 1, End.FINISHED),
        ("mpv-2", B, None, 0, None), ("mpv-2", S, None, 0, End.CLOSED),
    ],
    "replace": [
        ("mpv-1", B, None, 0, None), ("mpv-1", P, 0.0, 0, None), ("mpv-1", S, 0.0, 0, End.REPLACED),
        ("mpv-2", B, None, 0, None), ("mpv-2", S, None, 0, End.CLOSED),
    ],
    "stop_idle": [("mpv-1", B, None, 0, None), ("mpv-1", P, 0.0, 0, None),
                  ("mpv-1", S, 0.0, 0, End.CLOSED)],
    "stop_noidle": [("mpv-1", B, None, 0, None), ("mpv-1", P, 0.0, 0, None),
                    ("mpv-1", S, 0.0, 0, End.CLOSED)],
    "error_nofile": [("mpv-1", S, None, 0, End.FAILED)],
    "error_idle": [("mpv-1", S, None, 0, End.FAILED)],
    "start_at": [("mpv-1", B, None, 0, None), ("mpv-1", P, 30.0, 0, None),
                 ("mpv-1", S, 30.0, 0, End.CLOSED)],
    "loop_file": [("mpv-1", B, None, 0, None), ("mpv-1", P, 0.0, 0, None),
                  ("mpv-1", S, 0.0, 2, End.CLOSED)],
}  # fmt: skip
"""What each recording of a real mpv means. Most of its positions were not written down."""


@pytest.mark.parametrize("name", EXPECTED)
def test_recordings_of_a_real_mpv(name: str) -> None:
    """Each recording makes exactly these samples."""
    rows = [
        (state.item, state.status, state.position_seconds, state.jumps, state.end)
        for state in replay(transcript(name))
    ]
    assert rows == EXPECTED[name]


def test_paths_come_from_the_item_not_from_its_successor() -> None:
    """The end of one item does not carry the next one's path."""
    assert [(s.path, s.end) for s in replay(transcript("playlist_next")) if s.end] == [
        (FIVE, End.REPLACED),
        (SIX, End.REPLACED),
        (FIVE, End.CLOSED),
    ]


def test_entries_that_dodo_loaded_keep_its_name_for_them() -> None:
    """Its own name for a path never gets in the way of finding it again."""
    session = Session(item_prefix="x", paths={1: "what dodo calls it"})
    states = replay(transcript("eof"), session)
    assert {state.path for state in states} == {"what dodo calls it"}


def event(name: str, **fields: object) -> Message:
    """An event of mpv."""
    return {"event": name, **fields}


def change(name: str, *data: object) -> Message:
    """A changed property; without data it has become unavailable."""
    message: dict[str, object] = {"event": "property-change", "id": 1, "name": name}
    return message | {"data": data[0]} if data else message


BEGUN = (
    event("start-file", playlist_entry_id=1),
    change("path", "film.mkv"),
    event("file-loaded"),
    change("duration", 100.0),
    change("time-pos", 0.0),
    event("playback-restart"),
)


def play(*messages: Message, seconds: float = 0.0, stopping: bool = False) -> list[PlayerState]:
    """The samples after those of a film that has begun; messages come `seconds` apart."""
    session = Session(item_prefix="x")
    for message in BEGUN:
        session, _ = fold(session, message, moment(0))
    states: list[PlayerState] = []
    for number, message in enumerate(messages, 1):
        session, new = fold(session, message, moment(number * seconds))
        states.extend(new)
    if stopping:
        session = Session(**{name: getattr(session, name) for name in session.__slots__}
                          | {"stopping": True})  # fmt: skip
        states.extend(closed(session, moment(1000))[1])
    return states


def test_positions_are_told_about_once_a_second() -> None:
    """Sixty a second come in, one a second goes out, the end has the very last."""
    frames = [change("time-pos", number / 60) for number in range(1, 601)]
    states = play(*frames, event("end-file", reason="quit"), seconds=1 / 60)
    assert len(states) == 11
    assert states[-1].position_seconds == 10.0


def test_buffering_is_no_pause() -> None:
    """`paused-for-cache` is told at once, as what it is."""
    states = play(change("paused-for-cache", True), change("paused-for-cache", False))
    assert [state.status for state in states] == [B, P]
    states = play(change("pause", True), change("paused-for-cache", True))
    assert [state.status for state in states] == [Z, Z]


def test_core_idle_says_nothing() -> None:
    """Frames stand still for many reasons; none of them is a pause."""
    assert play(change("core-idle", True), change("seeking", True)) == []


def test_the_position_before_a_jump_is_told_first() -> None:
    """Film played since the last sample is not lost, and not counted across the jump."""
    states = play(
        change("time-pos", 0.5), event("seek"), change("time-pos", 70.0), change("time-pos", 70.1)
    )
    assert [(state.position_seconds, state.jumps) for state in states] == [(0.5, 0), (70.0, 1)]


def test_seeking_twice_before_the_picture_runs() -> None:
    """Held-down arrow keys: every jump counts, no position is made up."""
    states = play(event("seek"), event("seek"), change("time-pos", 20.0), event("end-file"))
    assert [(s.position_seconds, s.jumps) for s in states] == [(20.0, 2), (20.0, 2)]


def test_speed_is_told_at_once() -> None:
    """Whoever counts played film must know how fast it runs."""
    assert [state.speed for state in play(change("speed", 2.0), change("speed", 0))] == [2.0]


def test_a_live_stream_has_no_duration() -> None:
    """Unknown stays None; it becomes known with the next sample."""
    states = play(change("duration"), change("time-pos", 1.0), change("pause", True), seconds=1)
    assert [state.duration_seconds for state in states] == [None, None]


@pytest.mark.parametrize(
    ("reason", "end"),
    [
        ("eof", End.FINISHED),
        ("quit", End.CLOSED),
        ("error", End.FAILED),
        ("unknown", End.CLOSED),
        (None, End.CLOSED),
    ],
)
def test_each_end_of_a_file_has_its_reason(reason: object, end: End) -> None:
    """What each `end-file` means."""
    ending = event("end-file", reason=reason, playlist_entry_id=1)
    (state,) = play(change("time-pos"), ending, event("idle"))
    assert (state.end, state.position_seconds, state.duration_seconds) == (end, 0.0, 100.0)


def test_stop_waits_for_what_follows() -> None:
    """Another item: replaced. Nothing, or idling: closed."""
    stop = event("end-file", reason="stop", playlist_entry_id=1)
    following = event("start-file", playlist_entry_id=2)
    assert play(stop) == []
    assert [state.end for state in play(stop, following)] == [End.REPLACED]
    assert [state.end for state in play(stop, event("idle"))] == [End.CLOSED]
    assert [state.end for state in play(stop, stopping=True)] == [End.CLOSED]


def test_the_end_of_another_entry_is_not_ours() -> None:
    """`end-file` is believed only for the entry that plays."""
    assert play(event("end-file", reason="eof", playlist_entry_id=7)) == []


def test_ended_by_us_it_is_closed_not_lost() -> None:
    """An mpv that had to be killed because dodo wanted to stop did not get lost."""
    assert [state.end for state in play(stopping=True)] == [End.CLOSED]


def test_the_first_complaint_of_mpv_is_told() -> None:
    """The first thing that mpv's log says is told, without the keys in addresses."""
    error = event("end-file", reason="error", file_error="loading failed")
    line = event("log-message", prefix="ffmpeg", level="error", text="HTTP error 404\n")
    more = event("log-message", prefix="stream", text="Failed to open https://a.b/c?key=secret.\n")
    summary = event("log-message", prefix="cplayer", text="Failed\n")
    idle, following = event("idle"), event("start-file", playlist_entry_id=2)
    assert play(summary, line, more, error, idle)[0].error == "HTTP error 404."
    assert play(error, summary, line, more, following)[0].error == "HTTP error 404."
    assert play(more, error, following)[0].error == "Failed to open https://a.b/c."
    assert play(event("end-file", reason="error"), idle)[0].error == "Loading failed."
    named = event("end-file", reason="error", file_error="no audio or video data played")
    assert play(line, named, line, idle)[0].error == "No audio or video data played."


AT_END = (change("time-pos", 99.9), change("eof-reached", True), change("pause", True))


def test_kept_open_and_sought_back_it_is_a_new_viewing() -> None:
    """The old item has had its end; what plays on is another."""
    states = play(
        *AT_END,
        event("seek"),
        change("eof-reached", False),
        change("time-pos", 40.0),
        change("pause", False),
        change("time-pos", 40.1),
        event("end-file", reason="quit"),
    )
    assert [(state.item, state.end, state.position_seconds, state.jumps) for state in states] == [
        ("x-1", End.FINISHED, 99.9, 0),
        ("x-2", None, 40.1, 0),
        ("x-2", End.CLOSED, 40.1, 0),
    ]


def test_kept_open_and_sought_about_at_the_end_it_stays_over() -> None:
    """Seeking beyond the end, or a second back, is no viewing."""
    states = play(
        *AT_END,
        change("pause", False),
        event("seek"),
        change("eof-reached", False),
        change("time-pos", 104.9),
        change("time-pos", 99.0),
        change("eof-reached", True),
        event("end-file", reason="quit"),
    )
    assert [state.end for state in states] == [End.FINISHED]


_VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 5),
    st.sampled_from([10**400, 1e308, -1.0, 0.0, 3.5, 99.9, float("nan"), float("inf")]),
    st.text(max_size=3),
    st.lists(st.integers(), max_size=2),
)
_NAMES = st.sampled_from(
    ["pause", "paused-for-cache", "speed", "path", "eof-reached", "duration", "time-pos", "other"]
)
_EVENTS = st.sampled_from(
    ["start-file", "file-loaded", "playback-restart", "seek", "idle", "log-message", "shutdown"]
)
_REASONS = st.sampled_from(["eof", "stop", "quit", "error", "redirect", "unknown"])
_MESSAGES = st.one_of(
    st.builds(change, _NAMES, _VALUES),
    st.builds(change, _NAMES),
    st.builds(event, _EVENTS, playlist_entry_id=st.integers(1, 3), text=_VALUES),
    st.builds(
        event,
        st.just("end-file"),
        reason=_REASONS,
        playlist_entry_id=st.integers(1, 3),
        file_error=_VALUES,
    ),
    st.dictionaries(st.sampled_from(["event", "name", "data", "reason"]), _VALUES, max_size=4),
    st.sampled_from(BEGUN),
)


@given(st.lists(_MESSAGES, max_size=40), st.booleans())
def test_any_messages_in_any_order(messages: list[Message], stopping: bool) -> None:
    """Nothing raises; no item ends twice or goes on after its end; all that began end.

    The position of an end is the last good one: never lost, never made up.
    """
    session = Session(item_prefix="x", stopping=stopping)
    states: list[PlayerState] = []
    for number, message in enumerate([*BEGUN, *messages]):
        session, new = fold(session, message, moment(number / 4))
        states.extend(new)
    session, new = closed(session, moment(1000))
    states.extend(new)
    assert closed(session, moment(1001))[1] == ()

    by_item: dict[str, list[PlayerState]] = {}
    for state in states:
        by_item.setdefault(state.item, []).append(state)
    for told in by_item.values():
        assert [state.end is not None for state in told] == [False] * (len(told) - 1) + [True]
        positions = [state.position_seconds for state in told]
        known = positions.index(next((p for p in positions if p is not None), None))
        assert all(position is not None for position in positions[known:]) or set(positions) == {
            None
        }
        assert [state.jumps for state in told] == sorted(state.jumps for state in told)
        assert all((state.error is not None) == (state.end is End.FAILED) for state in told)


@given(st.lists(st.floats(0, 1000), min_size=1, max_size=30))
def test_the_end_has_the_last_position(positions: list[float]) -> None:
    """Whatever was told on the way."""
    when = Moment(moment(0).at, 0.0)
    session = Session(item_prefix="x")
    for message in [*BEGUN, *(change("time-pos", position) for position in positions)]:
        session, _ = fold(session, message, when)
    session, _ = fold(session, change("time-pos"), when)
    _, (end,) = fold(session, event("end-file", reason="eof"), when)
    assert end.position_seconds == positions[-1]
