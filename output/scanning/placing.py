"""A scanned page laid upon the page that was issued: where each spot of the one lies in the other.

The square of the code gives a first guess. What is printed on the page makes it good: patches of the issued
page are looked for in the scan near the place where they should be, and those that agree decide.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .reading import Point, read

if TYPE_CHECKING:
    from PIL.Image import Image

    from .reading import Read

Array = NDArray[Any]
DPI = 150
PER_MM = DPI / 25.4
_SOFT = 0.25
"""How much a picture is smoothed, in mm."""
_AGREE = 0.35
"""How alike (normalised correlation) a patch has to be to what is found in the scan."""
_ROUNDS = ((2, 96, 20), (2, 96, 8), (1, 128, 6))
"""Rounds of looking: how much smaller, side of a patch, how far it is looked for; in pixels."""


@dataclass(frozen=True)
class Issued:
    """A page as it was issued: its picture at 150 dots an inch, plain and soft, and where its code stands."""

    light: Array
    soft: Array
    corners: tuple[Point, Point, Point, Point] | None


@lru_cache(maxsize=16)
def issued_page(pdf: Path, page: int, stamp: int) -> Issued | None:
    """Draw a page of the PDF that was issued; None if it has no such page.

    Args:
        stamp: When the file was written: another file is another page.
    """
    pdfium: Any = import_module("pypdfium2")
    try:
        with pdfium.PdfDocument(pdf) as document:
            if page > len(document):
                return None
            picture: Image = document[page - 1].render(scale=DPI / 72, grayscale=True).to_pil().convert("L")
    except pdfium.PdfiumError:
        return None
    codes = read(picture)
    light = np.asarray(picture, dtype=np.float32)
    return Issued(light, softened(light), codes[0].corners if len(codes) == 1 else None)


def softened(light: Array) -> Array:
    """Return a picture smoothed so far that noise is no ink, and a pen stays one."""
    from PIL import Image, ImageFilter

    plain = Image.fromarray(light.clip(0, 255).astype(np.uint8))
    return np.asarray(plain.filter(ImageFilter.GaussianBlur(_SOFT * PER_MM)), dtype=np.float32)


def laid_upon(issued: Issued, grey: Image, found: Read) -> Array | None:
    """Return the scan as it lies upon the issued page, of the same size; None if it cannot be told.

    What lies outside the scan is white.
    """
    if issued.corners is None:
        return None
    picture, scale = _not_larger(grey, found)
    corners = [(x * scale, y * scale) for x, y in found.corners]
    guess = _similar(np.array(issued.corners), np.array(corners))
    for smaller, side, reach in _ROUNDS:
        better = _round(issued.light, picture, guess, (smaller, side, reach))
        if better is None:
            return None
        guess = better
    return warped(picture, guess, issued.light.shape)


def _not_larger(grey: Image, found: Read) -> tuple[Image, float]:
    """Return a scan with no more dots an inch than the issued page is drawn with, so that noise goes."""
    (x0, y0), (x1, y1), *_ = found.corners
    module = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
    printed = 18 * 29 / 37 * PER_MM
    scale = min(1.0, printed / max(module, 1.0))
    if scale > 0.8:
        return grey, 1.0
    size = (round(grey.width * scale), round(grey.height * scale))
    return grey.resize(size, _resampling().BOX, reducing_gap=2.0), size[0] / grey.width


def _similar(source: Array, target: Array) -> Array:
    """Return the turn, size and shift (2 × 3) that lay points upon others best, by least squares."""
    rows, values = [], []
    for (x, y), (u, v) in zip(source, target, strict=True):
        rows += [[x, -y, 1, 0], [y, x, 0, 1]]
        values += [u, v]
    a, b, c, d = np.linalg.lstsq(np.array(rows), np.array(values), rcond=None)[0]
    return np.array([[a, -b, c], [b, a, d]])


def warped(picture: Image, map_: Array, shape: tuple[int, ...], smaller: int = 1) -> Array:
    """Return a picture as it is seen through a map from the issued page to it."""
    matrix = map_.copy()
    matrix[:, :2] *= smaller
    size = (shape[1] // smaller, shape[0] // smaller)
    resampling = _resampling()
    done = picture.transform(
        size, _affine(), tuple(matrix.ravel().tolist()), resampling.BICUBIC, fillcolor=255
    )
    return np.asarray(done, dtype=np.float32)


def _round(light: Array, picture: Image, guess: Array, how: tuple[int, int, int]) -> Array | None:
    smaller, side, reach = how
    issued = _reduced(light, smaller)
    scan = warped(picture, guess, light.shape, smaller)
    spots, shifts = _shifts(issued, scan, side, reach)
    step = _fit(spots, shifts, tolerance=1.5 if smaller > 1 else 2.0)
    if step is None:
        return None
    step[:, 2] *= smaller
    whole = np.vstack([step, [0, 0, 1]])
    return np.asarray((np.vstack([guess, [0, 0, 1]]) @ whole)[:2])


def _reduced(light: Array, smaller: int) -> Array:
    if smaller == 1:
        return light
    rows, columns = light.shape[0] // smaller * smaller, light.shape[1] // smaller * smaller
    parts = light[:rows, :columns].reshape(rows // smaller, smaller, columns // smaller, smaller)
    return np.asarray(parts.mean(axis=(1, 3)))


def _shifts(issued: Array, scan: Array, side: int, reach: int) -> tuple[Array, Array]:
    """Return the middles of patches, and by how much what is printed there is shifted in the scan."""
    spots, shifts = [], []
    high, wide = issued.shape
    for top in range(reach, high - side - reach, side * 2 // 3):
        for left in range(reach, wide - side - reach, side * 2 // 3):
            patch = issued[top : top + side, left : left + side]
            if patch.std() < 12:
                continue
            around = scan[top - reach : top + side + reach, left - reach : left + side + reach]
            best = _found(patch, around)
            if best is not None:
                spots.append((left + side / 2, top + side / 2))
                shifts.append((best[0] - reach, best[1] - reach))
    return np.array(spots, dtype=float).reshape(-1, 2), np.array(shifts, dtype=float).reshape(-1, 2)


def _found(patch: Array, around: Array) -> tuple[float, float] | None:
    """Return where in a piece of the scan a patch is most alike, if it is alike at all."""
    side = patch.shape[0]
    plain = patch - patch.mean()
    shape = around.shape
    level = around - around.mean()
    spectrum = np.fft.rfft2(level) * np.conj(np.fft.rfft2(plain, shape))
    range_ = shape[0] - side + 1
    cross = np.fft.irfft2(spectrum, shape)[:range_, :range_]
    sums, squares = _windows(level, side), _windows(level**2, side)
    spread = np.sqrt(np.maximum(squares - sums**2 / side**2, 1.0))
    alike = cross / (spread * np.sqrt((plain**2).sum()))
    y, x = np.unravel_index(int(alike.argmax()), alike.shape)
    if alike[y, x] < _AGREE or not (0 < y < range_ - 1 and 0 < x < range_ - 1):
        return None
    return x + _between(alike[y, x - 1 : x + 2]), y + _between(alike[y - 1 : y + 2, x])


def _windows(values: Array, side: int) -> Array:
    """Return the sums of all squares of a side."""
    total = np.pad(values.cumsum(0).cumsum(1), ((1, 0), (1, 0)))
    return np.asarray(
        total[side:, side:] - total[:-side, side:] - total[side:, :-side] + total[:-side, :-side]
    )


def _between(three: Array) -> float:
    """Return where between pixels the top of three values lies."""
    left, middle, right = (float(one) for one in three)
    bend = left - 2 * middle + right
    return 0.0 if bend >= 0 else max(-0.5, min(0.5, 0.5 * (left - right) / bend))


def _fit(spots: Array, shifts: Array, tolerance: float) -> Array | None:
    """Return the map (2 × 3) upon which most patches agree; None if too few do, or they stand too close."""
    if len(spots) < 4:
        return None
    chance = np.random.default_rng(1)
    targets = spots + shifts
    best, most = None, 0
    for _ in range(120):
        two = chance.choice(len(spots), 2, replace=False)
        if np.abs(spots[two[0]] - spots[two[1]]).max() < 60:
            continue
        agree = _off(_similar(spots[two], targets[two]), spots, targets) < tolerance * 1.5
        if agree.sum() > most:
            best, most = agree, int(agree.sum())
    if best is None or most < max(4, 0.35 * len(spots)):
        return None
    return _affine_of(spots[best], targets[best])


def _affine_of(spots: Array, targets: Array) -> Array:
    """Return the map by least squares; of all six freedoms only if the patches hold them."""
    spread = np.linalg.svd(spots - spots.mean(0), compute_uv=False)
    if len(spots) < 8 or spread[1] < 120:
        return _similar(spots, targets)
    ones = np.column_stack([spots, np.ones(len(spots))])
    return np.asarray(np.linalg.lstsq(ones, targets, rcond=None)[0].T)


def _off(map_: Array, spots: Array, targets: Array) -> Array:
    seen = spots @ map_[:, :2].T + map_[:, 2]
    return np.asarray(np.hypot(*(seen - targets).T))


def likeliest_turn(grey: Image, pdf: Path, page: int) -> int:
    """Return by how many degrees, clockwise, a picture has to be turned to look most like an issued page."""
    issued = issued_page(pdf, page, pdf.stat().st_mtime_ns)
    if issued is None:
        return 0
    from PIL import Image

    size = (105, 148)
    resampling = _resampling()
    plain = Image.fromarray(issued.light.astype(np.uint8)).resize(size, resampling.BOX)
    want = np.asarray(plain, dtype=np.float32).ravel()
    alike = {}
    for turn in (0, 180, 90, 270):
        seen = np.asarray(grey.rotate(-turn, expand=True).resize(size, resampling.BOX), dtype=np.float32)
        alike[turn] = float(np.corrcoef(want, seen.ravel())[0, 1])
    return max(alike, key=lambda turn: alike[turn])


def _resampling() -> Any:
    from PIL import Image

    return Image.Resampling


def _affine() -> Any:
    from PIL import Image

    return Image.Transform.AFFINE
