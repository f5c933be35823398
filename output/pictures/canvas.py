"""The sheet on which the pictures are drawn: millimetres, one font, black ink, PNG bytes that repeat.

matplotlib draws, without a window and without its global state: what a user has set for it changes no paper.
The font is the one that comes with it, by file, so that the same letters stand in every picture.
"""

from __future__ import annotations

import contextlib
import io
import logging
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from ...core.folders import cache_folder

with contextlib.suppress(RuntimeError):
    os.environ.setdefault("MPLCONFIGDIR", str(cache_folder() / "matplotlib"))
# Where that folder cannot be written, matplotlib takes a temporary one; nobody needs to read of it.
logging.getLogger("matplotlib").setLevel(logging.ERROR)

import matplotlib as mpl  # noqa: E402
from matplotlib.axes import Axes  # noqa: E402
from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: E402
from matplotlib.figure import Figure  # noqa: E402
from matplotlib.font_manager import FontProperties  # noqa: E402
from matplotlib.lines import Line2D  # noqa: E402
from matplotlib.patches import Patch, Rectangle  # noqa: E402
from matplotlib.text import Text  # noqa: E402

DPI = 300
MM = 25.4
TEXT_PT = 8.0
SMALL_PT = 7.5
"""The smallest letters that a picture may have on paper."""
LINE_MM = 3.5
"""From one line of text to the next."""
INK = "black"
_SHADES = [(shade + 8) // 17 * 17 for shade in range(256)]
"""Sixteen shades are enough for the soft edges of letters, and make smaller files than 256."""
THIN, NORMAL, THICK = 0.6, 1.0, 3.0
"""Widths of lines, in points."""


@cache
def font(size: float, bold: bool = False) -> FontProperties:
    """Return the font of all pictures."""
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return FontProperties(fname=str(Path(mpl.get_data_path()) / "fonts" / "ttf" / name), size=size)


class Canvas:
    """One picture in the making; x and y are millimetres from its lower left corner."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = _whole_points(width), _whole_points(height)
        self._figure = Figure(figsize=(self.width / MM, self.height / MM), dpi=DPI, facecolor="white")
        self._agg = FigureCanvasAgg(self._figure)
        self.axes = self._figure.add_axes((0, 0, 1, 1))
        self.axes.set(xlim=(0, self.width), ylim=(0, self.height))
        self.axes.axis("off")

    def plot(self, left: float, bottom: float, width: float, height: float) -> Axes:
        """Return axes of their own, for a chart."""
        box = (left / self.width, bottom / self.height, width / self.width, height / self.height)
        axes = self._figure.add_axes(box)
        axes.spines[["top", "right"]].set_visible(False)
        axes.tick_params(length=2, width=THIN)
        return axes

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        size: float = TEXT_PT,
        bold: bool = False,
        at: str = "center",
        level: str = "center",
        turned: float = 0,
        clear: bool = False,
    ) -> Text:
        """Write words; `at` and `level` say which side of them stands at x and y.

        Args:
            clear: Keep the paper white beneath them, so that no line runs through the letters.
        """
        box = {"facecolor": "white", "edgecolor": "none", "pad": 0.4} if clear else None
        return self.axes.text(
            x,
            y,
            words,
            fontproperties=font(size, bold),
            ha=at,
            va=level,
            rotation=turned,
            rotation_mode="anchor" if turned else "default",
            linespacing=1.05,
            parse_math=False,
            bbox=box,
            zorder=5,
        )

    def line(self, xs: list[float], ys: list[float], ink: float = NORMAL, **look: Any) -> Line2D:
        """Draw a line through points."""
        made = Line2D(xs, ys, color=INK, linewidth=ink, **{"zorder": 1, **look})
        self.axes.add_line(made)
        return made

    def shape(self, patch: Patch, ink: float = NORMAL, filled: str = "white", hatch: str = "") -> Patch:
        """Draw a closed shape."""
        patch.set(facecolor=filled, edgecolor=INK, linewidth=ink, zorder=patch.get_zorder() + 2)
        if hatch:
            patch.set_hatch(hatch)
            patch.set_hatch_linewidth(THIN)
        self.axes.add_patch(patch)
        return patch

    def box(self, x: float, y: float, width: float, height: float, **look: Any) -> Patch:
        """Draw a rectangle from its lower left corner."""
        return self.shape(Rectangle((x, y), width, height), **look)

    def broad(self, words: str, size: float = TEXT_PT, bold: bool = False) -> float:
        """Return how many millimetres wide words are."""
        renderer = self._agg.get_renderer()
        dots, _, _ = renderer.get_text_width_height_descent(words, font(size, bold), ismath=False)
        return float(dots) * MM / DPI

    def wrapped(
        self, words: str, width: float, size: float = TEXT_PT, lines: int = 0, bold: bool = False
    ) -> str:
        """Break words into lines that fit a width; what does not fit the number of lines ends in an ellipsis.

        A word that is too long alone is broken at its hyphen, or else between letters.
        """
        found: list[str] = []
        for word in words.split():
            for part in self._fitting(word, width, size, bold):
                if (
                    found
                    and not part.startswith("\0")
                    and self._fits(f"{found[-1]} {part}", width, size, bold)
                ):
                    found[-1] += f" {part}"
                else:
                    found.append(part.lstrip("\0"))
        if lines and len(found) > lines:
            found = found[:lines]
            while found[-1] and not self._fits(f"{found[-1]}…", width, size, bold):
                found[-1] = found[-1][:-1]
            found[-1] = f"{found[-1].rstrip(' ,.;:')}…"
        return "\n".join(found)

    def _fits(self, words: str, width: float, size: float, bold: bool) -> bool:
        return self.broad(words, size, bold) <= width

    def _fitting(self, word: str, width: float, size: float, bold: bool) -> Iterator[str]:
        """Cut one word so that each piece fits; a piece that begins a new line begins with a NUL."""
        mark = ""
        while not self._fits(word, width, size, bold) and len(word) > 1:
            fits = next(
                (n for n in range(len(word) - 1, 0, -1) if self._fits(word[:n] + "-", width, size, bold)), 1
            )
            hyphen = word.rfind("-", 1, fits + 1)
            # No single letters are left over at the end of a broken word.
            cut = hyphen + 1 if hyphen > 0 else max(1, min(fits, len(word) - 3))
            yield mark + word[:cut] + ("" if word[cut - 1] == "-" else "-")
            word, mark = word[cut:], "\0"
        yield mark + word

    def png(self) -> bytes:
        """Return the picture: shades of grey, the size in its head, no date and no maker."""
        from PIL import Image

        with warnings.catch_warnings():
            # A sign that the font lacks is drawn as a box; the words beside the picture have it.
            warnings.simplefilter("ignore", UserWarning)
            self._agg.draw()
        grey = Image.frombuffer("RGBA", self._agg.get_width_height(), self._agg.buffer_rgba()).convert("L")
        out = io.BytesIO()
        grey.point(_SHADES).save(out, "PNG", dpi=(DPI, DPI))
        return out.getvalue()


@contextmanager
def canvas(width: float, height: float) -> Iterator[Canvas]:
    """Open a sheet of a size in millimetres; nothing that a user has set for matplotlib holds on it."""
    with mpl.rc_context():
        mpl.rcdefaults()
        yield Canvas(width, height)


def _whole_points(side: float) -> float:
    """Round a side, so that it is a whole number of dots."""
    return round(side / MM * DPI) * MM / DPI
