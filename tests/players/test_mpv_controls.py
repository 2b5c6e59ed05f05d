"""A hand on a real mpv: tracks, what comes next, and questions on its picture."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from dodo_tui.domain.playback import End, PlayerState, PlayerStatus
from dodo_tui.domain.tracks import Track, TrackKind
from dodo_tui.players.errors import PlayerError
from dodo_tui.players.mpv.player import MpvPlayer
from dodo_tui.players.mpv.prompting import show_commands
from dodo_tui.players.mpv.tracks import MOST_TRACKS, read_tracks
from dodo_tui.players.protocol import Keys, PlayRequest, Prompt
from tests.players.conftest import LONG_SECONDS, Show, Videos
from tests.players.test_mpv_real import Make, runs

EVIL = "\x1b[31m{\\b1}" + "x" * 200


@pytest.fixture(scope="module")
def two_of_each(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Twenty seconds with two sound tracks and two subtitles, one of them named by an enemy."""
    folder = tmp_path_factory.mktemp("tracks")
    subtitles = folder / "words.srt"
    subtitles.write_text("1\n00:00:00,000 --> 00:00:19,000\nHello\n")
    path = folder / "tracks.mkv"
    subprocess.run(
        ["ffmpeg", "-v", "error", "-y",
         "-f", "lavfi", "-i", "testsrc=size=64x36:rate=10",
         "-f", "lavfi", "-i", "sine=440", "-f", "lavfi", "-i", "sine=880",
         "-i", str(subtitles), "-i", str(subtitles), "-t", "20",
         "-map", "0", "-map", "1", "-map", "2", "-map", "3", "-map", "4",
         "-c:v", "mpeg4", "-g", "10", "-c:a", "aac", "-b:a", "32k", "-ac:a:1", "2", "-c:s", "srt",
         "-metadata:s:a:0", "language=eng",
         "-metadata:s:a:1", "language=deu", "-metadata:s:a:1", "title=Kommentar",
         "-metadata:s:s:0", "language=eng", "-disposition:s:0", "forced",
         "-metadata:s:s:1", "language=fra", "-metadata:s:s:1", f"title={EVIL}",
         str(path)],
        check=True, timeout=60, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    return str(path)


async def press(player: MpvPlayer, key: str) -> None:
    """Press a key as if on mpv's window."""
    await player._ask(["keypress", key])


async def test_tracks_are_listed_and_chosen(
    mpv: Make,
    show: Show,
    two_of_each: str,
) -> None:
    """Language, title and what tells them apart; one of each kind or none is chosen."""
    player = mpv()
    async with show(player, two_of_each) as watching:
        await watching.until(runs)
        await player.pause(True)
        tracks = await player.tracks()
        assert [(t.kind, t.id, t.language, t.title, t.detail) for t in tracks[:3]] == [
            (TrackKind.AUDIO, 1, "eng", "", "mono"),
            (TrackKind.AUDIO, 2, "deu", "Kommentar", "stereo"),
            (TrackKind.SUBTITLES, 1, "eng", "", "forced"),
        ]
        evil = tracks[3]
        assert (evil.language, len(evil.title)) == ("fra", 80)
        assert evil.title.isprintable()
        await player.select_track(TrackKind.AUDIO, 2)
        await player.select_track(TrackKind.SUBTITLES, 2)
        assert _chosen(await player.tracks()) == [(TrackKind.AUDIO, 2), (TrackKind.SUBTITLES, 2)]
        await player.select_track(TrackKind.SUBTITLES, None)
        with pytest.raises(PlayerError, match="no track 9"):
            await player.select_track(TrackKind.AUDIO, 9)
        assert _chosen(await player.tracks()) == [(TrackKind.AUDIO, 2)]
        await player.stop()
        await watching.rest()
    assert await player.tracks() == ()


def _chosen(tracks: tuple[Track, ...]) -> list[tuple[TrackKind, int]]:
    return [(track.kind, track.id) for track in tracks if track.selected]


def test_a_track_list_that_is_none() -> None:
    """Whatever mpv says, there is a list, and it is bounded."""
    nonsense: list[object] = [None, 7, "x", [], {}, {"type": "audio"}, {"type": "sub", "id": True}]
    assert read_tracks(nonsense) == ()
    assert read_tracks({"type": "audio"}) == ()
    many = [{"type": "sub", "id": number, "lang": 5, "title": None} for number in range(1000)]
    assert len(read_tracks(many)) == MOST_TRACKS


async def test_the_sound_gets_softer_by_steps_and_goes_off(
    mpv: Make, show: Show, videos: Videos
) -> None:
    """Softer by steps, and off."""
    player = mpv()
    async with show(player, videos.long) as watching:
        await watching.until(runs)
        await player.change_volume(-10)
        await player.toggle_mute()
        assert await player._ask(["get_property", "volume"]) == 90.0
        assert await player._ask(["get_property", "mute"]) is True


async def test_the_next_one_in_the_same_window(
    mpv: Make,
    show: Show,
    videos: Videos,
) -> None:
    """It begins where it is asked to, as an item of its own; mpv stays the same process."""
    player = mpv()
    async with show(player, videos.long) as watching:
        await watching.until(runs)
        pid = player.pid
        await player.pause(True)
        await player.play_next(PlayRequest((videos.other,), 5.0, "Next"))
        begun = await watching.until(lambda state: state.path == videos.other and runs(state))
        assert (begun.position_seconds or 0) >= 4.9
        assert (player.pid, begun.status) == (pid, PlayerStatus.PLAYING)
        assert [end.end for end in watching.ends] == [End.REPLACED]
        assert await player._ask(["get_property", "media-title"]) == "Next"
        assert await player._ask(["get_property", "playlist-count"]) == 2
        await player.seek(20)
        await watching.until(lambda state: (state.position_seconds or 0) > 20)
        await player.play_next(PlayRequest((videos.long,)))
        again = await watching.until(lambda state: state.path == videos.long and runs(state))
        assert (again.position_seconds or 0) < 20


async def _held(player: MpvPlayer, show: Show, path: str, *after: PlayRequest) -> list[PlayerState]:
    """Play to the end with the last picture held, then go on or let go; every state."""
    async with show(player, path) as watching:
        await watching.until(runs)
        await player.pause(True)
        await player.hold(True)
        stands = await watching.until(lambda state: state.status is PlayerStatus.PAUSED)
        await player.seek(LONG_SECONDS - 2 - (stands.position_seconds or 0))
        await player.pause(False)
        ended = await watching.until(lambda state: state.end is not None)
        assert ended.end is End.FINISHED
        assert player.pid is not None
        for request in after:
            await player.play_next(request)
            await watching.until(runs)
        await player.hold(False)
        if after:
            assert await player._ask(["get_property", "keep-open"]) is False
            assert await player._ask(["get_property", "keep-open-pause"]) is True
            await player.stop()
        return await watching.rest()


async def test_the_last_picture_stays_until_it_is_let_go(
    mpv: Make,
    show: Show,
    videos: Videos,
) -> None:
    """Held, mpv stays at the end, which is told; let go, it leaves."""
    states = await _held(mpv(), show, videos.long)
    assert [state.end for state in states if state.end] == [End.FINISHED]


async def test_the_next_one_after_an_end_that_was_held(
    mpv: Make,
    show: Show,
    videos: Videos,
) -> None:
    """It begins once, and runs, although mpv stood still."""
    states = await _held(mpv(), show, videos.long, PlayRequest((videos.other,)))
    ends = [(state.path, state.end) for state in states if state.end]
    assert ends == [(videos.long, End.FINISHED), (videos.other, End.CLOSED)]
    assert len({state.item for state in states}) == 2


async def test_a_question_lends_keys_and_gives_them_back(
    mpv: Make,
    show: Show,
    videos: Videos,
) -> None:
    """OK and Back answer while it is there; else they are mpv's, as are all others meanwhile."""
    player = mpv()
    pressed: list[str] = []
    player.listen_to_keys(Keys(lambda: pressed.append("next"), lambda: pressed.append("previous")))
    prompt = Prompt(
        r"Next: {\b1}S1 E2\N" + "x" * 500,
        "OK now, Back not now",
        lambda: pressed.append("ok"),
        lambda: pressed.append("back"),
    )
    async with show(player, videos.long) as watching:
        await watching.until(runs)
        await press(player, "ENTER")
        await player.show_prompt(prompt)
        await player.show_prompt(prompt)
        await press(player, "ENTER")
        await press(player, "ESC")
        await press(player, "p")
        await watching.until(lambda state: state.status is PlayerStatus.PAUSED)
        await player.show_prompt(None)
        await player.show_prompt(None)
        await press(player, "BS")
        await press(player, "ENTER")
        await press(player, "NEXT")
        await press(player, "PREV")
        await player._ask(["script-message", "dodo", "nonsense"])
        await player._ask(["script-message", "somebody", "accept"])
        await player.stop()
        await watching.rest()
    assert pressed == ["ok", "back", "next", "previous"]


async def test_keys_of_the_user_keep_their_meaning(
    mpv: Make,
    show: Show,
    videos: Videos,
    tmp_path: Path,
) -> None:
    """Who has bound the next key to something else still has it there."""
    config = tmp_path / "input.conf"
    config.write_text("NEXT set pause yes\n")
    player = mpv(f"--input-conf={config}")
    taken, previous = asyncio.Event(), asyncio.Event()
    player.listen_to_keys(Keys(taken.set, previous.set))
    async with show(player, videos.long) as watching:
        await watching.until(runs)
        await press(player, "NEXT")
        await press(player, "PREV")
        await watching.until(lambda state: state.status is PlayerStatus.PAUSED)
        await previous.wait()
    assert not taken.is_set()


def test_no_title_becomes_a_command_of_the_subtitle_renderer() -> None:
    """Braces and backslashes of a title are drawn; line ends and escapes are taken out."""
    overlay, _ = show_commands("A {\\b1}\\N\x1b[31m\nB", "C")
    assert isinstance(overlay, Mapping)
    data = str(overlay["data"])
    assert r"A \{" in data
    assert r"\b1" not in data
    assert "\x1b" not in data
    assert "\n" not in data
    assert data.count(r"\N") == 2  # our own
