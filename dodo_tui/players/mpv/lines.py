"""Chunks of bytes from a socket, cut into the lines that were meant."""

from __future__ import annotations

MAX_LINE_BYTES = 4 * 1024 * 1024
"""mpv's longest lines (playlists, track lists) are far below; what is longer is skipped."""


class LineSplitter:
    """Collects chunks and gives back whole lines, never keeping more than one bounded line."""

    def __init__(self, max_line_bytes: int = MAX_LINE_BYTES) -> None:
        self._max_line_bytes = max_line_bytes
        self._parts: list[bytes] = []
        self._kept_bytes = 0
        self._skipping = False
        self.skipped_lines = 0

    def feed(self, chunk: bytes) -> list[bytes]:
        """The lines that this chunk completes, without their line ends and without empty ones."""
        lines: list[bytes] = []
        *complete, rest = chunk.split(b"\n")
        for part in complete:
            self._keep(part)
            if self._skipping:
                self.skipped_lines += 1
            elif line := b"".join(self._parts).strip():
                lines.append(line)
            self._parts, self._kept_bytes, self._skipping = [], 0, False
        self._keep(rest)
        return lines

    def _keep(self, part: bytes) -> None:
        """Remember a piece of the line being read, or give the line up as too long."""
        self._kept_bytes += len(part)
        if self._kept_bytes > self._max_line_bytes:
            self._parts, self._skipping = [], True
        elif part:
            self._parts.append(part)
