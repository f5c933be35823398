"""Has somebody signed here? The scan is held against the page that was issued; what was not printed is ink.

The answer is "signed" only for ink that can be nothing else: a fold, a streak of the scanner, a speck,
a stamp, or the hand of a neighbour is no signature. What may be either is left to the worker.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .placing import PER_MM, issued_page, laid_upon, softened

if TYPE_CHECKING:
    from PIL.Image import Image

    from ..issued.cards import Signer
    from .awaiting import Answer
    from .reading import Read

Array = NDArray[Any]
Box = tuple[float, float, float, float]

# Lengths in mm, areas in mm². Found by trial on pages that a machine signed and scanned (tests/scanner.py).
_ABOVE, _BELOW, _BESIDE = 9.0, 4.5, 3.0
"""How far around the line a hand that signs there reaches."""
_AROUND, _AROUND_STAMP = 18.0, 32.0
"""How far around that is looked, to see what only passes through, and where a stamp would stand."""
_PRINTED = 0.45
"""How far around what was printed nothing is taken for ink."""
_DARK, _NOISES = 0.16, 6.0
"""How much darker than paper ink is, and how many times the noise of the paper at least."""
_CELL = 0.5
_SPECK, _SPECK_AREA = 1.5, 0.5
_INK, _WIDE, _HIGH = 5.0, 5.0, 2.0
"""Of a signature: area of the ink, width, height."""
_STROKE, _STROKE_INK, _BENT = 3.0, 1.5, 0.35
"""Of a stroke, of which it has one at least: length, area, how far it is from a straight line."""
_LARGE = 26.0
"""Ink in one piece that is wider and higher than this was made by no hand that signs."""
_STAMP = tuple(np.arange(22.5, 13.0, -0.5).tolist())
"""Radii of round stamps: a seal is 38 to 42 mm wide (ГОСТ Р 51511-2001, 4), others are smaller."""
_RING = 0.5
"""How much of a ring has to be seen for a stamp."""
_INSIDE = 0.55
_PRINT_SEEN = 0.6
"""How much of what was printed has to be seen in its place for the page to be laid upon the other rightly."""


@dataclass(frozen=True)
class Ink:
    """Ink in one piece: the middle of each of its pixels in mm from the left top corner of the page."""

    x: Array
    y: Array

    @property
    def area(self) -> float:
        """How much of it there is, in mm²."""
        return float(self.x.size) / PER_MM**2

    @property
    def width(self) -> float:
        """How wide it is."""
        return float(np.ptp(self.x))

    @property
    def height(self) -> float:
        """How high it is."""
        return float(np.ptp(self.y))

    @property
    def bent(self) -> float:
        """How far its pixels stand from the straight line that fits them best (standard deviation)."""
        if self.x.size < 3:
            return 0.0
        return float(max(0.0, np.linalg.eigvalsh(np.cov(self.x, self.y))[0]) ** 0.5)

    def share(self, box: Box) -> float:
        """Return which part of it lies in a box."""
        left, top, right, foot = box
        inside = (self.x >= left) & (self.x <= right) & (self.y >= top) & (self.y <= foot)
        return float(inside.mean())


def looked_at(
    grey: Image, found: Read, pdf: Path, page: int, asked: Sequence[Signer], all_: Sequence[Signer]
) -> dict[int, Answer]:
    """Say of each signer whether there is a signature in his place.

    Args:
        grey: The scan.
        found: The code of the page in it.
        pdf: The PDF that was issued.
        asked: Whom to look for; all have their place on this page.
        all_: All signers of the paper: the hand of one is not taken for that of another.
    """
    issued = issued_page(pdf, page, pdf.stat().st_mtime_ns)
    scan = laid_upon(issued, grey, found) if issued is not None else None
    if issued is None or scan is None:
        return {one.number: "unsure" for one in asked}
    places = {
        one.number: _place(one.line, issued.light)
        for one in all_
        if one.page == page and one.line is not None
    }
    soft = softened(scan)
    return {
        one.number: _answer(issued.soft, soft, one.number, places) if one.number in places else "unsure"
        for one in asked
    }


def _answer(issued: Array, scan: Array, number: int, places: dict[int, Box]) -> Answer:
    answer = _seen(issued, scan, number, places, _AROUND, stamps=False)
    # A stamp is looked for only where something would be taken for a signature: that takes its time.
    return answer if answer != "signed" else _seen(issued, scan, number, places, _AROUND_STAMP, stamps=True)


def _seen(
    issued: Array, scan: Array, number: int, places: dict[int, Box], reach: float, *, stamps: bool
) -> Answer:
    box = places[number]
    around = _around(box, issued.shape, reach)
    found = _ink(issued[around], scan[around])
    if found is None:
        return "unsure"
    ink, free = found
    if ink[_within(box, around)].sum() < _SPECK_AREA * PER_MM**2:
        return "empty"
    stamp = _stamp(ink, free) if stamps else None
    near = stamp is not None and bool((ink & stamp)[_within(box, around)].sum() > PER_MM**2)
    if stamp is not None:
        ink = ink & ~stamp
    left, top = around[1].start / PER_MM, around[0].start / PER_MM
    mine: list[Ink] = []
    for piece in _pieces(_without_lines(ink, free), left, top):
        share = piece.share(box)
        if max(piece.width, piece.height) < _SPECK or piece.area < _SPECK_AREA or share < 0.08:
            continue
        others = (piece.share(other) for name, other in places.items() if name != number)
        whose = share >= _INSIDE and share >= max(others, default=0.0)
        if whose and not (piece.width > _LARGE and piece.height > _LARGE):
            mine.append(piece)
        else:
            near = True
    if mine and _is_signature(mine):
        return "signed"
    return "unsure" if mine or near else "empty"


def _is_signature(pieces: Sequence[Ink]) -> bool:
    whole = Ink(np.concatenate([one.x for one in pieces]), np.concatenate([one.y for one in pieces]))
    stroke = any(
        max(one.width, one.height) >= _STROKE and one.bent >= _BENT and one.area >= _STROKE_INK
        for one in pieces
    )
    return (
        stroke
        and whole.bent >= _BENT
        and whole.area >= _INK
        and whole.width >= _WIDE
        and whole.height >= _HIGH
    )


# --- places ------------------------------------------------------------------------------------------------


def _place(line: Box, issued: Array) -> Box:
    """Return where a hand reaches that signs on a line: not into what is written on the lines around it."""
    left, _, right, foot = line
    foot = _rule(issued, left, right, foot)
    top, low = foot - _ABOVE, foot + _BELOW
    for other in _rules(issued, left, right, foot - 16, foot + 16):
        if other < foot - 3:
            top = max(top, other + 2.0)
        elif other > foot + 3:
            low = min(low, max(foot + 1.5, other - 5.0))
    return left - _BESIDE, top, right + _BESIDE, low


def _rule(issued: Array, left: float, right: float, foot: float) -> float:
    """Return the height of the printed line nearest to where a place ends, if one is there."""
    near = list(_rules(issued, left, right, foot - 3, foot + 3))
    return min(near, key=lambda one: abs(one - foot), default=foot)


def _rules(issued: Array, left: float, right: float, top: float, foot: float) -> Iterator[float]:
    """Go through the heights of printed lines that run along a place."""
    first, last = max(0, round(top * PER_MM)), round(foot * PER_MM)
    strip = issued[first:last, max(0, round(left * PER_MM)) : round(right * PER_MM)]
    if strip.size == 0:
        return
    rows = np.flatnonzero((strip < 170).mean(axis=1) > 0.6)
    for group in np.split(rows, np.flatnonzero(np.diff(rows) > 3) + 1):
        if group.size and group.size < PER_MM:
            yield (first + float(group.mean())) / PER_MM


def _around(box: Box, shape: tuple[int, ...], reach: float) -> tuple[slice, slice]:
    left, top, right, foot = (round(one * PER_MM) for one in box)
    wide = round(reach * PER_MM)
    return (
        slice(max(0, top - wide), min(shape[0], foot + wide)),
        slice(max(0, left - wide), min(shape[1], right + wide)),
    )


def _within(box: Box, around: tuple[slice, slice]) -> tuple[slice, slice]:
    """Return where a box lies in the part of the page that is looked at."""
    left, top, right, foot = (max(0, round(one * PER_MM)) for one in box)
    rows, columns = around
    return (
        slice(max(0, top - rows.start), max(0, foot - rows.start)),
        slice(max(0, left - columns.start), max(0, right - columns.start)),
    )


# --- ink ---------------------------------------------------------------------------------------------------


def _ink(issued: Array, scan: Array) -> tuple[Array, Array] | None:
    """Return where ink stands that was not printed, and where nothing was printed; both pages are softened.

    None if the two pages do not lie upon one another.
    """
    if min(issued.shape) < 20:
        return None
    free = ~_grown(issued < 235, round(_PRINTED * PER_MM))
    if free.sum() < 500:
        return None
    paper = _paper(scan, free)
    dark = (paper - scan) / np.maximum(paper, 60)
    plain = dark[free]
    middle = float(np.median(plain))
    noise = 1.4826 * float(np.median(np.abs(plain - middle)))
    limit = max(_DARK, _NOISES * noise)
    core = issued < 150
    if core.sum() > 40 and float((dark[core] > limit / 2).mean()) < _PRINT_SEEN:
        return None
    return (dark - middle > limit) & free, free


def _paper(soft: Array, free: Array) -> Array:
    """Return how light the paper is everywhere: a plane through what is neither printed nor dark."""
    y, x = np.nonzero(free)
    ground = np.column_stack([x, y, np.ones(x.size)])
    light = soft[free]
    keep = light > np.median(light) - 40
    plane = np.zeros(3)
    for _ in range(2):
        plane = np.linalg.lstsq(ground[keep], light[keep], rcond=None)[0]
        keep = light > ground @ plane - 25
    rows, columns = np.indices(soft.shape)
    return np.asarray(plane[0] * columns + plane[1] * rows + plane[2])


def _stamp(ink: Array, free: Array) -> Array | None:
    """Return what a round stamp covers, if there is one: a ring that is wide and not far from whole."""
    cell = round(_CELL * PER_MM)
    marks, open_ = _cells(_grown(ink, cell) & free, cell), _cells(free, cell)
    shape = (marks.shape[0] + 100, marks.shape[1] + 100)
    spectra = [np.fft.rfft2(one, shape) for one in (marks * open_, open_)]
    rows, columns = np.indices(ink.shape)
    inside = np.zeros(ink.shape, dtype=bool)
    for radius in _STAMP:
        ring = _ring(radius * PER_MM / cell)
        turned = np.conj(np.fft.rfft2(ring, shape))
        hit, seen = (np.fft.irfft2(one * turned, shape) for one in spectra)
        share = np.where(seen > 0.5 * ring.sum(), hit / np.maximum(seen, 1), 0)
        row, column = (int(one) for one in np.unravel_index(int(share.argmax()), share.shape))
        if share[row, column] >= _RING:
            # A ring that begins before the first row or column is found at the other end.
            y = row - shape[0] if row > marks.shape[0] else row
            x = column - shape[1] if column > marks.shape[1] else column
            half = ring.shape[0] / 2
            far = np.hypot(rows - (y + half) * cell, columns - (x + half) * cell)
            inside |= far <= (radius + 1.2) * PER_MM
    return inside if inside.any() else None


def _ring(radius: float) -> Array:
    reach = int(radius) + 2
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    return np.asarray(np.abs(np.hypot(x, y) - radius) < 0.6, dtype=np.float64)


def _cells(mask: Array, cell: int) -> Array:
    rows, columns = mask.shape[0] // cell, mask.shape[1] // cell
    parts = mask[: rows * cell, : columns * cell].reshape(rows, cell, columns, cell)
    return np.asarray(parts.mean(axis=(1, 3)) > 0.4, dtype=np.float64)


def _without_lines(ink: Array, free: Array) -> Array:
    """Take away what runs straight through from one side to the other: folds, streaks of the scanner."""
    ink = ink.copy()
    for turned in (False, True):
        here, open_ = (ink.T, free.T) if turned else (ink, free)
        for _ in range(4):
            line = _straight(here, open_)
            if line is None:
                break
            here &= ~line
    return ink


def _straight(ink: Array, free: Array) -> Array | None:
    """Return the strip around the line from top to foot with most ink, if it has it nearly all along."""
    high, wide = ink.shape
    if ink.sum() < high / 2:
        return None
    thick = _grown(ink, 1)
    rows = np.arange(high)
    best, most, shift = -1, 0.0, rows
    for slope in np.linspace(-0.12, 0.12, 25):
        moved = np.round(slope * (rows - high / 2)).astype(int)
        columns = np.arange(wide)[None, :] + moved[:, None]
        inside = (columns >= 0) & (columns < wide)
        index = np.clip(columns, 0, wide - 1)
        seen = np.take_along_axis(free, index, 1) & inside
        hits = np.take_along_axis(thick, index, 1) & seen
        count = seen.sum(0)
        share = np.where(count > 0.5 * high, hits.sum(0) / np.maximum(count, 1), 0)
        if share.max() > most:
            best, most, shift = int(share.argmax()), float(share.max()), moved
    if most < 0.6:
        return None
    distance = np.abs(np.arange(wide)[None, :] - (best + shift)[:, None])
    return np.asarray(distance <= round(0.6 * PER_MM))


def _pieces(ink: Array, left: float, top: float) -> Iterator[Ink]:
    """Go through the pieces of ink; what stands nearer than a millimetre is one piece."""
    y, x = np.nonzero(ink)
    cell = _CELL * PER_MM
    cells: dict[tuple[int, int], list[int]] = {}
    for n, key in enumerate(
        zip((y / cell).astype(int).tolist(), (x / cell).astype(int).tolist(), strict=True)
    ):
        cells.setdefault(key, []).append(n)
    left_over = set(cells)
    while left_over:
        heap = [left_over.pop()]
        members: list[int] = []
        while heap:
            row, column = heap.pop()
            members += cells[row, column]
            for r in range(row - 3, row + 4):
                for c in range(column - 2, column + 3):
                    if (r, c) in left_over:
                        left_over.remove((r, c))
                        heap.append((r, c))
        yield Ink(left + (x[members] + 0.5) / PER_MM, top + (y[members] + 0.5) / PER_MM)


def _grown(mask: Array, by: int) -> Array:
    """Return a mask with a rim."""
    for axis in (0, 1):
        grown = mask.copy()
        for step in range(1, by + 1):
            ahead, behind = [slice(None)] * 2, [slice(None)] * 2
            ahead[axis], behind[axis] = slice(step, None), slice(None, -step)
            grown[tuple(ahead)] |= mask[tuple(behind)]
            grown[tuple(behind)] |= mask[tuple(ahead)]
        mask = grown
    return mask
