"""The code of a page, found in its picture: wherever it lies, upside down, skewed or noisy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from math import atan2, degrees
from typing import TYPE_CHECKING, Any

from ..issued.codes import PageCode

if TYPE_CHECKING:
    from PIL.Image import Image

Point = tuple[float, float]
_ACROSS, _DOWN = 0.45, 0.32
"""How much of a picture's width and height is looked at first in each corner."""
_CLEARER = (
    (0.5, 2.0, False),
    (0.8, 3.0, False),
    (1.2, 1.5, False),
    (0.5, 1.5, True),
    (0.8, 1.0, False),
    (1.2, 2.0, False),
    (1.6, 2.0, False),
    (1.6, 1.0, True),
)
"""Ways to make a picture clearer: how much it is smoothed, how much larger it is made, and whether dark and
light are told apart by the whole of it. Found on squares at 150 dots an inch with noise of σ 35, JPEG 30."""
_RIM = 16
_STROKE = 10
"""How many dots of half a millimetre that are no specks make a page one that is not empty."""
_LARGE = 2600
"""A picture with a longer side than this is made smaller for the look at the whole of it."""


@dataclass(frozen=True, slots=True)
class Read:
    """A code that was read.

    Attributes:
        corners: Where its square lies in the picture, in pixels: left top, right top, right foot, left foot
            of the square as it was printed.
    """

    code: PageCode
    corners: tuple[Point, Point, Point, Point]

    @property
    def turn(self) -> int:
        """By how many degrees, clockwise, the picture is turned to stand upright: 0, 90, 180 or 270."""
        (left, top), (right, foot), *_ = self.corners
        return -round(degrees(atan2(foot - top, right - left)) / 90) * 90 % 360


def read(grey: Image) -> list[Read]:
    """Return the codes of pages in a picture, each once; none if none can be read.

    The corners are read first, for there the code stands; the whole picture and made-clearer ones only if
    that was in vain.
    """
    for look in _looks(grey):
        found = {one.code: one for one in look}
        if found:
            return list(found.values())
    return []


def _looks(grey: Image) -> Iterator[list[Read]]:
    from PIL import ImageFilter

    width, height = grey.size
    across, down = int(width * _ACROSS), int(height * _DOWN)
    corners = [(width - across, height - down), (0, 0), (width - across, 0), (0, height - down)]
    boxes = [(x, y, x + across, y + down) for x, y in corners]
    for box in boxes:
        yield _codes(grey.crop(box), box[:2])
    small = max(1.0, max(grey.size) / _LARGE)
    whole = grey.resize((int(width / small), int(height / small))) if small > 1 else grey
    yield _codes(whole, (0, 0), small)
    for blur, larger, whole_light in _CLEARER:
        scale = larger / small
        for box in boxes:
            part = grey.crop(box)
            part = part.resize((int(part.width * scale), int(part.height * scale)), _bicubic())
            part = part.filter(ImageFilter.GaussianBlur(blur * larger))
            yield _codes(part, box[:2], 1 / scale, whole_light=whole_light)
    clear = whole.filter(ImageFilter.GaussianBlur(1.0))
    yield _codes(clear, (0, 0), small)


def _codes(part: Image, at: tuple[int, int], scale: float = 1.0, *, whole_light: bool = False) -> list[Read]:
    from PIL import ImageOps

    zxing: Any = import_module("zxingcpp")
    found = []
    # A square that touches the edge of a crooked scan has lost its empty rim: white is put around.
    framed = ImageOps.expand(part, _RIM, 255)
    light = zxing.Binarizer.GlobalHistogram if whole_light else zxing.Binarizer.LocalAverage
    for one in zxing.read_barcodes(framed, formats=zxing.BarcodeFormat.QRCode, binarizer=light):
        code = PageCode.read(one.text)
        if code is not None:
            place = one.position
            four = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
            points = [(at[0] + (spot.x - _RIM) * scale, at[1] + (spot.y - _RIM) * scale) for spot in four]
            found.append(Read(code, (points[0], points[1], points[2], points[3])))
    return found


def blank(grey: Image) -> bool:
    """Tell whether a page bears nothing: the back of a sheet that was scanned on both sides."""
    import numpy as np

    width = 420
    small = grey.resize((width, max(1, round(grey.height * width / grey.width))), _box())
    light = np.asarray(small, dtype=np.int16)
    inner = light[light.shape[0] // 20 : -light.shape[0] // 20, width // 20 : -width // 20]
    if min(inner.shape) < 10:
        return False
    paper = np.median(inner)
    noise = 1.48 * float(np.median(np.abs(inner - paper)))
    ink = inner < paper - max(25.0, 5 * noise)
    # A speck is two dots wide at most; a stroke goes on.
    far = np.zeros_like(ink)
    steps = [(y, x) for y in range(-2, 3) for x in range(-2, 3) if max(abs(y), abs(x)) == 2]
    for step in steps:
        far |= np.roll(ink, step, (0, 1))
    return int((ink & far).sum()) < _STROKE


def _bicubic() -> Any:
    from PIL import Image

    return Image.Resampling.BICUBIC


def _box() -> Any:
    from PIL import Image

    return Image.Resampling.BOX
