"""Posters that nobody has painted: an evening sky over hills, another one for each fragment."""

from __future__ import annotations

import colorsys
import hashlib
import math
import struct
import zlib
from functools import lru_cache

WIDTH, HEIGHT = 120, 176
"""Pixels; the shape of a poster."""

_Colour = tuple[float, float, float]


@lru_cache(maxsize=256)
def poster_png(fragment: str) -> bytes:
    """A PNG, the same for the same fragment."""
    seed = hashlib.sha256(fragment.encode()).digest()
    hue = seed[0] / 256
    top = colorsys.hsv_to_rgb(hue, 0.65, 0.30)
    low = colorsys.hsv_to_rgb((hue + 0.08 + seed[1] / 1500) % 1, 0.60, 0.95)
    sun = colorsys.hsv_to_rgb((hue + 0.12) % 1, 0.25, 1.0)
    sun_x, sun_y = 25 + seed[2] % 70, 30 + seed[3] % 55
    radius = 12 + seed[4] % 14
    ranges = [
        (colorsys.hsv_to_rgb(hue, 0.60, 0.45 - 0.13 * near), _ridge(seed, near))
        for near in range(3)
    ]
    rows = bytearray()
    for y in range(HEIGHT):
        row = bytearray(_pixel(_mixed(top, low, y / HEIGHT)) * WIDTH)
        half = math.sqrt(max(radius * radius - (y - sun_y) ** 2, 0.0))
        if half:
            left, right = max(int(sun_x - half), 0), min(int(sun_x + half), WIDTH)
            row[left * 3 : right * 3] = _pixel(sun) * (right - left)
        for colour, ridge in ranges:
            pixel = _pixel(colour)
            for x in range(WIDTH):
                if y >= ridge[x]:
                    row[x * 3 : x * 3 + 3] = pixel
        rows += b"\x00" + row
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)),
            _chunk(b"IDAT", zlib.compress(bytes(rows), 6)),
            _chunk(b"IEND", b""),
        )
    )


def _ridge(seed: bytes, near: int) -> list[int]:
    """Where a range of hills begins, by column; a nearer one is lower."""
    phase, length = seed[5 + near] / 20, 14 + seed[8 + near] / 10
    base = 92 + near * 26
    return [
        int(base + 11 * math.sin(x / length + phase) + 5 * math.sin(x / 6.1 + phase * 3))
        for x in range(WIDTH)
    ]


def _mixed(one: _Colour, other: _Colour, share: float) -> _Colour:
    red, green, blue = (a + (b - a) * share for a, b in zip(one, other, strict=True))
    return red, green, blue


def _pixel(colour: _Colour) -> bytes:
    return bytes(int(part * 255) for part in colour)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
