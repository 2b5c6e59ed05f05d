"""The recorded conversations with mpv 0.35.1 in `mpv_transcripts.txt`, as messages and moments."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

from dodo_tui.domain.playback import PlayerState
from dodo_tui.players.mpv.fold import closed, fold
from dodo_tui.players.mpv.session import Message, Moment, Session
from tests.support.clock import START

_FILE = Path(__file__).with_name("mpv_transcripts.txt")
_LINE = re.compile(r"^ *(\d+) <- (\{.*\}|\(socket EOF\))$")


def transcript(name: str) -> list[tuple[Moment, Message | None]]:
    """One recording: what mpv said and when; None is the end of the connection."""
    section = _FILE.read_text("utf-8").split(f"##### {name}: ")[1].split("\n#####")[0]
    spoken: list[tuple[Moment, Message | None]] = []
    for line in section.splitlines():
        if match := _LINE.match(line):
            milliseconds, text = match.groups()
            message = json.loads(text) if text.startswith("{") else None
            spoken.append((moment(int(milliseconds) / 1000), message))
            if message is None:
                break
    return spoken


def moment(seconds: float) -> Moment:
    """So many seconds after the start of a test."""
    return Moment(START + timedelta(seconds=seconds), seconds)


def replay(
    spoken: list[tuple[Moment, Message | None]], session: Session | None = None
) -> list[PlayerState]:
    """The samples that a conversation makes."""
    session = session or Session(item_prefix="mpv")
    states: list[PlayerState] = []
    for when, message in spoken:
        session, new = closed(session, when) if message is None else fold(session, message, when)
        states.extend(new)
    return states
