"""From a file of unknown honesty to a few pixels. In a thread; Pillow is imported here."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from PIL import Image

MOST_PIXELS = 12_000_000
"""A poster of 340 pixels' width has a hundredth of this; what claims more is not unpacked."""

_PALETTE_SIZE = (68, 102)
"""Pixels of the copy of a picture in which its colours are looked for."""

_FORMATS = ("PNG", "JPEG", "WEBP")


class UnfitPictureError(Exception):
    """A file is no picture that is drawn: not of a known kind, broken, or far too large."""


class Pixels(NamedTuple):
    """A small picture: `rgb` has three bytes for each pixel, row after row."""

    width: int
    height: int
    rgb: bytes


class Indexed(NamedTuple):
    """A small picture in few colours: `indexes` has a byte for each pixel, row after row."""

    width: int
    height: int
    indexes: bytes
    palette: tuple[tuple[int, int, int], ...]


def decode(data: bytes, width: int, height: int, pixel_height: float = 1.0) -> Pixels:
    """A picture scaled and cut to fill exactly so many pixels.

    `pixel_height` is how much higher than wide a pixel is shown.

    Raises:
        UnfitPictureError: it is none, or not one that is drawn.
    """
    return Pixels(width, height, _opened(data, width, height, pixel_height).tobytes())


def scaled(picture: Pixels, width: int, height: int) -> Pixels:
    """A picture in another size, which is to have the same shape."""
    from PIL import Image

    image = _image_of(picture).resize((width, height), Image.Resampling.BOX)
    return Pixels(width, height, image.tobytes())


def indexed(picture: Pixels, colours: int) -> Indexed:
    """A picture in so many colours at most, those that suit it best."""
    from PIL import Image

    whole = _image_of(picture)
    # Looking for them in a small copy takes a tenth of the time and finds hardly worse ones.
    small = whole.resize(_PALETTE_SIZE, Image.Resampling.BOX)
    sample = small.quantize(colours, Image.Quantize.MEDIANCUT)
    image = whole.quantize(palette=sample, dither=Image.Dither.NONE)
    parts = (image.getpalette() or [])[: colours * 3]
    palette = tuple(zip(parts[::3], parts[1::3], parts[2::3], strict=True))
    return Indexed(picture.width, picture.height, image.tobytes(), palette)


def _image_of(picture: Pixels) -> Image.Image:
    from PIL import Image

    return Image.frombytes("RGB", (picture.width, picture.height), picture.rgb)


def as_png(data: bytes, width: int, height: int) -> bytes:
    """The same as a PNG file, for terminals that draw it themselves.

    Raises:
        UnfitPictureError: it is none, or not one that is drawn.
    """
    file = io.BytesIO()
    _opened(data, width, height, 1.0).save(file, "PNG")
    return file.getvalue()


def _opened(data: bytes, width: int, height: int, pixel_height: float) -> Image.Image:
    """Pillow's image of the size wanted."""
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            # Opening reads the header only: what it claims is looked at before it is unpacked.
            with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
                _check_size(image.width, image.height)
                image.draft("RGB", (width * 2, round(height * pixel_height) * 2))
                opaque = image.convert("RGB")
                box = _middle(opaque.width, opaque.height, width / (height * pixel_height))
                return opaque.resize((width, height), Image.Resampling.BOX, box)
    except UnfitPictureError:
        raise
    except Exception as error:  # decoders raise whatever they like about bytes that mean harm
        raise UnfitPictureError("The file is no picture.") from error


def _check_size(width: int, height: int) -> None:
    if not 0 < width * height <= MOST_PIXELS:
        raise UnfitPictureError("The picture has too many pixels.")


def _middle(width: int, height: int, shape: float) -> tuple[float, float, float, float]:
    """The largest part of a picture that has a shape (width over height), from its middle."""
    across, down = min(width, height * shape), min(height, width / shape)
    left, top = (width - across) / 2, (height - down) / 2
    return left, top, left + across, top + down
