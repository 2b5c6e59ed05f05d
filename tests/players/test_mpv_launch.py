"""The command line, the socket's place and the choice of a display."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from dodo_tui.clock import SystemClock
from dodo_tui.players.discovery import mpv_version
from dodo_tui.players.errors import PlayerError, PlayerMissingError
from dodo_tui.players.mpv.display import DisplayMode, display_mode, why_no_display
from dodo_tui.players.mpv.launch import (
    arguments,
    find_program,
    load_commands,
    make_socket_place,
    split_arguments,
)
from dodo_tui.players.mpv.player import MpvPlayer
from dodo_tui.players.protocol import PlayRequest

W, C, N = DisplayMode.WINDOW, DisplayMode.CONSOLE, DisplayMode.NONE
SSH = {"SSH_CONNECTION": "10.0.0.2 50000 10.0.0.1 22", "TERM": "xterm-256color"}
CONSOLE = {"TERM": "linux"}


@pytest.mark.parametrize(
    ("environment", "is_tty", "extra_args", "mode"),
    [
        ({"DISPLAY": ":0"}, True, "", W),
        ({"WAYLAND_DISPLAY": "wayland-0"}, False, "", W),
        ({"DISPLAY": ""}, True, "", C),
        (CONSOLE, True, "", C),
        (CONSOLE, False, "", N),
        (SSH, True, "", N),
        ({**SSH, "DISPLAY": "localhost:10"}, True, "", W),
        ({"SSH_TTY": "/dev/pts/3"}, True, "", N),
        (SSH, True, "--vo=null --ao=null", W),
        ({}, False, "-vo null", W),
        ({}, False, "--no-video", W),
        ({}, False, "--vid=no", W),
        ({}, False, "--o=out.mkv", W),
        (SSH, True, "--vo=tct", C),
        (SSH, False, "--vo=tct", N),
        ({"DISPLAY": ":0"}, True, "--vo=gpu --gpu-context=drm", C),
        ({"DISPLAY": ":0"}, True, "--vo=null --vo=gpu", W),
        (SSH, True, "--vo=null --vo=gpu", N),
        (CONSOLE, True, "--vo=gpu,drm film.mkv", C),
    ],
)
def test_the_display_is_the_users_choice_then_what_is_there(
    environment: dict[str, str], is_tty: bool, extra_args: str, mode: DisplayMode
) -> None:
    """The user's own choice, then a desktop, then this terminal unless it is far away."""
    assert display_mode(environment, is_tty, extra_args.split()) is mode


def test_why_there_is_no_display() -> None:
    """One sentence that fits the place."""
    assert "SSH" in why_no_display(SSH)
    assert "SSH" not in why_no_display({})


async def test_without_a_display_nothing_is_started(tmp_path: Path) -> None:
    """Refused with the reason, before anything is started."""
    player = MpvPlayer(
        runtime_folder=tmp_path / "run",
        clock=SystemClock(),
        display=DisplayMode.NONE,
        no_display_reason="No screen.",
    )
    with pytest.raises(PlayerError, match="No screen"):
        await anext(player.play(PlayRequest(("film.mkv",))))
    assert player.display is DisplayMode.NONE


async def test_a_player_as_configured(tmp_path: Path) -> None:
    """Settings and place together decide on the display, and on the reason for none."""

    def configured(mpv_args: str) -> MpvPlayer:
        return MpvPlayer.configured(
            "mpv",
            mpv_args,
            runtime_folder=tmp_path / "run",
            clock=SystemClock(),
            environment=SSH,
            is_tty=True,
        )

    assert configured("--vo=null").display is DisplayMode.WINDOW
    with pytest.raises(PlayerError, match="SSH session"):
        await anext(configured("--fs").play(PlayRequest(("film.mkv",))))
    with pytest.raises(PlayerError, match="DODO_MPV_ARGS"):
        configured("'")


def test_arguments_undo_the_full_screen_and_name_no_file() -> None:
    """The user's can undo that it fills the screen, and nothing else; nothing names a file."""
    options = arguments(("--fullscreen=no",), Path("/run/s"), W, 7)
    assert options[:2] == ["--fullscreen", "--fullscreen=no"]
    assert "--input-ipc-server=/run/s" in options
    assert "--input-ipc-client=fd://7" in options
    assert "--idle=once" in options
    assert "--resume-playback=no" in options
    assert "--save-position-on-quit=no" in options
    assert not any(option.startswith("--keep-open") for option in options)


def test_on_the_console_mpv_has_its_terminal() -> None:
    """Its status and its keys are wanted there."""
    options = arguments((), Path("/run/s"), C)
    assert not any("terminal" in option or "msg-level" in option for option in options)


def test_only_the_first_file_has_options() -> None:
    """Values are strings, as mpv wants them."""
    request = PlayRequest(("a", "-b", "c"), 754.25, "A\x1b[31m “Title”")
    first, second, third = load_commands(request)
    assert first["options"] == {"start": "+754.250", "force-media-title": "A [31m “Title”"}
    assert (second["url"], third["url"]) == ("./-b", "c")
    assert "options" not in second
    assert "options" not in load_commands(PlayRequest(("a",)))[0]


def test_arguments_are_split_as_in_a_shell() -> None:
    """As in a shell, and never through one."""
    assert split_arguments("--fs '--title=a b' --x=$HOME") == ("--fs", "--title=a b", "--x=$HOME")
    assert split_arguments("") == ()


@pytest.mark.parametrize("text", ["--title='unfinished", "--fs -- film.mkv"])
def test_arguments_that_cannot_be_used(text: str) -> None:
    """One sentence that names the setting."""
    with pytest.raises(PlayerError, match=r"^DODO_MPV_ARGS "):
        split_arguments(text)


def test_a_missing_mpv_is_said_with_the_way_to_get_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The text says how to get it; a configured program is named."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PlayerMissingError) as caught:
        find_program("mpv")
    assert str(caught.value) == "mpv was not found. Install it: sudo apt install mpv"
    with pytest.raises(PlayerMissingError, match=r"/opt/mpv.*DODO_MPV.*apt install mpv"):
        find_program("/opt/mpv/bin/mpv")


def test_a_program_in_the_home_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """`~` in a configuration file means what it means in a shell."""
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "mpv").write_text("#!/bin/sh\n")
    (tmp_path / "mpv").chmod(0o700)
    assert find_program("~/mpv") == str(tmp_path / "mpv")


async def test_a_program_that_cannot_be_run(tmp_path: Path) -> None:
    """Found, but no program for this machine."""
    program = tmp_path / "mpv"
    program.write_text("#!/nonexistent/interpreter\n")
    program.chmod(0o700)
    player = MpvPlayer(str(program), runtime_folder=tmp_path / "run", clock=SystemClock())
    with pytest.raises(PlayerError, match="cannot be run: No such file"):
        await anext(player.play(PlayRequest(("film.mkv",))))


@pytest.mark.needs("mpv")
def test_the_version_of_the_real_mpv() -> None:
    """It begins with a number."""
    version = mpv_version()
    assert version is not None
    assert version[0].isdigit()


@pytest.fixture
def short_path() -> Iterator[Path]:
    """A folder whose path leaves room for the name of a socket, wherever tests are run."""
    with tempfile.TemporaryDirectory(prefix="dodo-", dir="/tmp") as folder:
        yield Path(folder)


def test_the_socket_is_in_a_private_folder(short_path: Path) -> None:
    """Made if missing, closed to others if open, and every name is new."""
    folder = short_path / "a" / "run"
    first = make_socket_place(folder)
    folder.chmod(0o755)
    second = make_socket_place(folder)
    assert first.path.parent == second.path.parent == folder
    assert first.path != second.path
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    first.path.touch()
    first.remove()
    first.remove()
    assert list(folder.iterdir()) == []


def test_a_path_too_long_for_a_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A private temporary folder takes its place, a short one even where TMPDIR is long."""
    deep = tmp_path / ("y" * 110)
    deep.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(deep))
    place = make_socket_place(deep)
    assert place.own_folder is not None
    assert len(os.fsencode(place.path)) <= 107
    assert stat.S_IMODE(place.own_folder.stat().st_mode) == 0o700
    place.path.touch()
    place.remove()
    assert not place.own_folder.exists()
    assert list(deep.iterdir()) == []


def test_a_runtime_folder_that_cannot_be_made(tmp_path: Path) -> None:
    """A file is in the way: the temporary folder does."""
    (tmp_path / "file").touch()
    place = make_socket_place(tmp_path / "file" / "run")
    assert place.own_folder is not None
    place.remove()
    assert not place.own_folder.exists()


def test_sockets_of_the_dead_are_removed(short_path: Path) -> None:
    """Those of the living stay."""
    for name in (
        f"mpv-{os.getpid()}-aa.sock",
        "mpv-1-bb.sock",
        "mpv-4194305-cc.sock",
        "mpv-x-d.sock",
    ):
        (short_path / name).touch()
    make_socket_place(short_path)
    assert sorted(path.name for path in short_path.iterdir()) == sorted(
        [f"mpv-{os.getpid()}-aa.sock", "mpv-1-bb.sock", "mpv-x-d.sock"]
    )


def test_the_version_of_mpv(tmp_path: Path) -> None:
    """A number where there is one, None where there is no mpv or something else."""
    mpv = tmp_path / "mpv"
    mpv.write_text("#!/bin/sh\necho 'mpv 0.40.0 Copyright'\n")
    mpv.chmod(0o700)
    assert mpv_version(str(mpv)) == "0.40.0"
    assert mpv_version(str(tmp_path / "nothing")) is None
    other = tmp_path / "other"
    other.write_text("#!/bin/sh\necho something else\n")
    other.chmod(0o700)
    assert mpv_version(str(other)) is None
