"""`dodo control`: sees and steers what another dodo of this user plays; for scripts, over SSH."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Awaitable, Callable

from dodo_tui.cli.context import context
from dodo_tui.cli.output import (
    DONE,
    CommandError,
    Json,
    WrongUsageError,
    iso,
    rounded,
    say,
    say_json,
    table,
)
from dodo_tui.domain.figures import clock_text
from dodo_tui.domain.languages import language_name
from dodo_tui.domain.tracks import Track, TrackKind
from dodo_tui.engine.control.client import ControlClient
from dodo_tui.engine.control.follower import Follower
from dodo_tui.engine.on_air import OnAir

_FIRST_WORD_SECONDS = 2.0

Act = Callable[[ControlClient, OnAir], Awaitable[None]]


def control(options: argparse.Namespace) -> int:
    """Do one thing to what plays, or say what plays."""
    return asyncio.run(_with_player(_act_of(options)))


async def _with_player(act: Act) -> int:
    """Connect to the dodo that plays.

    Raises:
        CommandError: none does.
        PlayerError: it cannot do what was asked.
    """
    ctx = context()
    follower = Follower(ctx.paths.runtime, ctx.clock, lambda: None)
    await follower.look()
    try:
        for known in follower.clients:
            await known.first_word(_FIRST_WORD_SECONDS)
        client = follower.current
        if client is None or client.on_air is None:
            raise CommandError("Nothing plays.")
        await act(client, client.on_air)
    finally:
        await follower.close()
    return DONE


def _act_of(options: argparse.Namespace) -> Act:
    """What a command does."""
    act: str = options.act
    match act:
        case "pause" | "play":
            return lambda client, _: client.pause(act == "pause")
        case "toggle":
            return lambda client, on_air: client.pause(not on_air.playback.paused)
        case "next" | "previous":
            return lambda client, _: client.step(1 if act == "next" else -1)
        case "accept" | "decline":
            return lambda client, _: client.answer_offer(act == "accept")
        case "stop":
            return lambda client, _: client.stop()
        case "mute":
            return lambda client, _: client.toggle_mute()
        case "seek":
            return _seek(options.seconds)
        case "volume":
            return lambda client, _: client.change_volume(float(options.percent))
        case "audio" | "subtitles":
            track = options.track
            return lambda client, _: client.select_track(TrackKind(act), track)
        case "tracks":
            return _say_tracks(as_json=options.json)
        case _:
            return _say_state(as_json=options.json)


def _seek(text: str) -> Act:
    """`+30` and `-1:30` are jumps, `1:02:03` is a place."""
    seconds = _seconds(text.lstrip("+-"))
    if text[:1] in ("+", "-"):
        return lambda client, _: client.seek(-seconds if text[0] == "-" else seconds)
    return lambda client, on_air: client.seek(seconds - on_air.playback.position_seconds)


def _seconds(text: str) -> float:
    """Seconds, or minutes and hours before them.

    Raises:
        WrongUsageError: it is no time.
    """
    total = 0
    parts = text.split(":")
    if len(parts) > 3 or not all(part.isascii() and part.isdecimal() for part in parts):
        raise WrongUsageError(f"{text[:40]!r} is no time; write +30, -1:30 or 1:02:03.")
    for part in parts:
        total = total * 60 + int(part[:9])
    return float(total)


def _say_state(*, as_json: bool) -> Act:
    async def tell(_client: ControlClient, on_air: OnAir) -> None:
        if as_json:
            say_json(_state_json(on_air))
            return
        playback = on_air.playback
        length = clock_text(playback.duration_seconds) if playback.duration_seconds else "live"
        paused = ", paused" if playback.paused else ""
        say(
            f"{playback.title} {playback.label}".strip()
            + f", {'in' if on_air.is_watched else 'on'} {on_air.device}"
        )
        say(f"{clock_text(playback.position_seconds)} / {length}{paused}")
        if on_air.offer is not None:
            say(on_air.offer.words)

    return tell


def _state_json(on_air: OnAir) -> Json:
    playback, offer = on_air.playback, on_air.offer
    return {
        "play_id": playback.play_id,
        "key": playback.key,
        "title": playback.title,
        "label": playback.label or None,
        "device": on_air.device,
        "position_seconds": rounded(playback.position_seconds),
        "duration_seconds": rounded(playback.duration_seconds),
        "paused": playback.paused,
        "started_at": iso(playback.started_at),
        "watched_at": iso(playback.watched_at),
        "previous": on_air.previous or None,
        "next": on_air.next or None,
        "offer": None if offer is None else {"name": offer.name, "seconds": offer.seconds_left},
    }


def _say_tracks(*, as_json: bool) -> Act:
    async def tell(client: ControlClient, _on_air: OnAir) -> None:
        tracks = await client.tracks()
        if as_json:
            say_json([_track_json(track) for track in tracks])
            return
        table(
            [
                (
                    track.kind,
                    str(track.id),
                    "on" if track.selected else "",
                    ", ".join(
                        word
                        for word in (language_name(track.language), track.title, track.detail)
                        if word
                    ),
                )
                for track in tracks
            ]
        )

    return tell


def _track_json(track: Track) -> Json:
    return {
        "kind": track.kind,
        "id": track.id,
        "language": track.language or None,
        "title": track.title or None,
        "detail": track.detail or None,
        "selected": track.selected,
    }
