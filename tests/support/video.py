"""Short films for tests with a real mpv, made by mpv itself."""

from __future__ import annotations

import subprocess
from pathlib import Path

FRAMES_PER_SECOND = 10


def make_video(path: Path, seconds: int) -> Path:
    """A silent test picture of so many seconds, with a place to jump to in every second."""
    source = f"av://lavfi:testsrc=duration={seconds}:size=320x180:rate={FRAMES_PER_SECOND}"
    subprocess.run(
        ["mpv", "--no-config", "--no-terminal", source, f"--o={path}", "--ovc=mpeg4",
         f"--ovcopts=g={FRAMES_PER_SECOND}"],
        check=True,
        timeout=120,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    return path
