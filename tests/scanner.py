"""A scanner for the tests: pages of a PDF are signed by a made-up hand, laid crooked, and scanned with noise."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
from PIL import Image, ImageDraw, ImageFilter

Line = tuple[float, float, float, float]
DRAWN = 300
MM = DRAWN / 25.4
BLUE, BLACK = (38, 52, 140), (35, 35, 40)


def drawn(pdf: Path | bytes, page: int) -> Image.Image:
    """Draw a page (from 1) as a printer would."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return document[page - 1].render(scale=DRAWN / 72).to_pil().convert("RGB")
    finally:
        document.close()


def _curve(points: np.ndarray, steps: int = 14) -> np.ndarray:
    """Return a smooth curve through points (Catmull and Rom)."""
    p = np.vstack([points[0], points, points[-1]])
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    parts = [
        0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
        for a, b, c, d in zip(p[:-3], p[1:-2], p[2:-1], p[3:], strict=True)
    ]
    return np.vstack(parts)


def signed(page: Image.Image, line: Line, chance: np.random.Generator, **how: Any) -> None:
    """Sign on a line: loops from left to right, with more and less weight, in blue or black."""
    left, _, right, foot = line
    wide = how.get("wide") or min(float(chance.uniform(9, 38)), max(9.0, (right - left) * 0.95))
    high = how.get("high") or float(chance.uniform(4, 13))
    x0 = how.get("left", left + float(chance.uniform(0, max(0.5, (right - left) - wide))))
    base = foot + how.get("drop", float(chance.uniform(-1.5, 1.0)))
    colour = how.get("colour") or (BLUE, BLACK)[int(chance.random() < 0.35)]
    pen = how.get("pen") or float(chance.uniform(0.35, 0.75))
    draw = ImageDraw.Draw(page)
    loops = max(4, int(wide / chance.uniform(1.6, 3.2)))
    x = np.linspace(0, wide, 2 * loops) + chance.normal(0, wide / loops / 3, 2 * loops)
    tall = np.where(
        np.arange(2 * loops) % 2 == 0,
        chance.uniform(-0.15, 0.15, 2 * loops),
        chance.uniform(0.2, 1, 2 * loops),
    )
    tall[1] = 1.0
    curve = _curve(np.column_stack([x0 + x, base - tall * high * 0.8 + high * 0.1]))
    weight = np.interp(np.arange(len(curve)), np.linspace(0, len(curve), 12), chance.uniform(0.45, 1, 12))
    light = float(chance.uniform(0, 0.25))
    ink = tuple(int(c + (255 - c) * light) for c in colour)
    for (x, y), (u, v), w in zip(curve[:-1], curve[1:], weight, strict=False):
        draw.line((x * MM, y * MM, u * MM, v * MM), fill=ink, width=max(2, round(pen * w * MM)))


@dataclass
class Look:
    """How a page is scanned."""

    dpi: int = 150
    angle: float = 0.0
    noise: float = 8.0
    jpeg: int = 60
    specks: int = 0
    folds: int = 0
    streaks: int = 0
    shade: float = 0.0


def any_look(chance: np.random.Generator) -> Look:
    """Return a way of scanning as bad as one meets."""
    return Look(
        dpi=int(chance.choice([150, 150, 200, 300])),
        angle=float(chance.uniform(-7, 7)) + float(chance.choice([0, 0, 180])),
        noise=float(chance.choice([3, 10, 20, 35])),
        jpeg=int(chance.choice([30, 50, 80])),
        specks=int(chance.choice([0, 40, 200])),
        folds=int(chance.choice([0, 0, 1, 2, 3])),
        streaks=int(chance.choice([0, 0, 0, 1, 2])),
        shade=float(chance.choice([0, 0, 30])),
    )


def scanned(
    page: Image.Image, look: Look, chance: np.random.Generator, *, colour: bool = False
) -> Image.Image:
    """Return the picture that a scanner makes of a page."""
    page = page.copy()
    _dirt(page, look, chance)
    page = page if colour else page.convert("L")
    around = (250, 250, 250) if colour else 250
    turned = page.rotate(look.angle, expand=True, fillcolor=around, resample=Image.Resampling.BICUBIC)
    size = tuple(round(one * look.dpi / DRAWN) for one in turned.size)
    small = turned.resize(size, Image.Resampling.BOX).filter(ImageFilter.GaussianBlur(look.dpi / 300))
    light = np.asarray(small, dtype=np.float32)
    noise = chance.normal(0, look.noise, light.shape[:2])
    slope = np.linspace(0, look.shade, light.shape[1])[None, :]
    change = noise - slope
    light = light + (change[..., None] if colour else change)
    return Image.fromarray(light.clip(0, 255).astype(np.uint8))


def _dirt(page: Image.Image, look: Look, chance: np.random.Generator) -> None:
    draw = ImageDraw.Draw(page)
    wide, high = page.size
    for _ in range(look.specks):
        x, y, r = chance.uniform(0, wide), chance.uniform(0, high), chance.uniform(0.1, 0.45) * MM
        grey = int(chance.uniform(0, 150))
        draw.ellipse((x - r, y - r, x + r, y + r), fill=(grey,) * 3)
    for _ in range(look.folds):
        grey = int(chance.uniform(90, 190))
        width = round(chance.uniform(0.2, 0.7) * MM)
        skew = chance.uniform(-0.03, 0.03)
        if chance.random() < 0.5:
            y = chance.uniform(0, high)
            draw.line((0, y, wide, y + skew * wide), fill=(grey,) * 3, width=width)
        else:
            x = chance.uniform(0, wide)
            draw.line((x, 0, x + skew * high, high), fill=(grey,) * 3, width=width)
    for _ in range(look.streaks):
        x = chance.uniform(0, wide)
        draw.line(
            (x, 0, x, high), fill=(int(chance.uniform(60, 180)),) * 3, width=round(chance.uniform(1, 5))
        )


def as_jpeg(picture: Image.Image, quality: int) -> bytes:
    """Return a picture as a scanner writes it."""
    whole = io.BytesIO()
    picture.save(whole, "JPEG", quality=quality)
    return whole.getvalue()


def as_pdf(pictures: list[bytes]) -> bytes:
    """Return JPEG pictures as the PDF that a scanner writes."""
    document = pypdfium2.PdfDocument.new()
    for jpeg in pictures:
        image = pypdfium2.PdfImage.new(document)
        image.load_jpeg(io.BytesIO(jpeg), inline=True)
        width, height = image.get_px_size()
        page = document.new_page(width * 0.48, height * 0.48)
        image.set_matrix(pypdfium2.PdfMatrix().scale(width * 0.48, height * 0.48))
        page.insert_obj(image)
        page.gen_content()
    whole = io.BytesIO()
    document.save(whole)
    return whole.getvalue()
