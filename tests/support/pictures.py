"""Small pictures for tests, made without anybody's help."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable

Colour = tuple[int, int, int]


def png(width: int, height: int, colour_at: Callable[[int, int], Colour]) -> bytes:
    """A PNG whose pixels a function says."""
    rows = b"".join(
        b"\x00" + bytes(part for x in range(width) for part in colour_at(x, y))
        for y in range(height)
    )
    return png_of(width, height, zlib.compress(rows))


def png_of(width: int, height: int, packed: bytes) -> bytes:
    """A PNG that claims a size, with whatever as its packed rows."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", header),
            _chunk(b"IDAT", packed),
            _chunk(b"IEND", b""),
        )
    )


def png_with_remark(length: int) -> bytes:
    """A small picture with a text in it that is long when unpacked."""
    picture = plain_png()
    remark = _chunk(b"zTXt", b"Comment\x00\x00" + zlib.compress(bytes(length)))
    end_of_header = 8 + 25
    return picture[:end_of_header] + remark + picture[end_of_header:]


def plain_png(colour: Colour = (200, 30, 60), width: int = 34, height: int = 50) -> bytes:
    """A poster of one colour."""
    return png(width, height, lambda _x, _y: colour)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
