"""Fields of a PDF over the places of a paper, with a font that has every letter of Russian.

The font is embedded whole and named in the form's own resources: a viewer draws with it what was typed. What
a viewer draws is never printed as a paper; what was typed is read from the fields' values.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    PdfObject,
    TextStringObject,
)

from ...output.pdf.fonts import font_files
from ..shown import Asked
from ..word.controls import by_name
from ..word.keys import OTHERS
from ..word.passport import Passport
from ..word.values import labels
from .names import PASSPORT, name_of

if TYPE_CHECKING:
    from .drawing import Placed

_FONT = "/PapkaForm"
_LOOK = f"{_FONT} {{size}} Tf 0 g"
_SIZE = 10
_MULTILINE, _COMBO, _EDITABLE = 1 << 12, 1 << 17, 1 << 18
_PRINTED, _HIDDEN = 4, 2
_POINT = 20
_LINE = 17
_ASCENT, _ASCENT_IN_TABLES = 10.8, 9.2
"""From the line that letters stand on to their top: a paper is set in 12 points, its tables in 10."""

_FAMILIES = ("liberationserif", "ptastraserif", "times", "timesnewroman", "tinos", "dejavuserif", "ptserif")


def with_widgets(paper: bytes, fields: Sequence[Placed], passport: Passport, title: str) -> bytes:
    """Put fields over a paper."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(paper)))
    form = _Widgets(writer)
    for one in fields:
        form.put(one)
    form.hide(PASSPORT, passport.as_text())
    form.fill()
    writer.add_metadata({"/Title": title, "/Creator": "papka"})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _dictionary(**entries: PdfObject) -> DictionaryObject:
    return DictionaryObject({NameObject(f"/{name}"): value for name, value in entries.items()})


def _numbers(values: Iterable[float]) -> ArrayObject:
    return ArrayObject([FloatObject(one) for one in values])


class _Widgets:
    def __init__(self, writer: PdfWriter) -> None:
        self.writer = writer
        self.fields = ArrayObject()
        self.fonts = DictionaryObject()
        self.values: dict[int, list[tuple[DictionaryObject, float]]] = {}
        file = font_file()
        if file is not None:
            _embed(writer, self.fonts, file)
        form = _dictionary(
            Fields=self.fields,
            DR=_dictionary(Font=self.fonts),
            DA=TextStringObject(_LOOK.format(size=_SIZE)),
            # Without a font of ours the viewer has to draw, with a font of its own.
            NeedAppearances=BooleanObject(file is None),
        )
        writer.root_object[NameObject("/AcroForm")] = writer._add_object(form)

    def put(self, placed: Placed) -> None:
        """Put one field."""
        spot, asked = placed.spot, placed.spot.asked
        width, height = (one / _POINT for one in spot.size)
        if spot.option not in (None, OTHERS):
            self._add(placed.page, self._box(placed, width))
            return
        if asked.kind in ("choice", "yes_no") and spot.option is None:
            height = min(height, _LINE)
        top = placed.base + (_ASCENT_IN_TABLES if spot.small else _ASCENT)
        rect = (placed.left - 2, top - height, placed.left + width, top)
        made = self._widget(spot.key, asked.label, rect)
        made[NameObject("/DA")] = TextStringObject(_LOOK.format(size=_SIZE))
        if asked.kind in ("choice", "yes_no") and spot.option is None:
            self._choice(made, asked)
        else:
            many = asked.kind in ("text", "lines") or "\n" in spot.text or spot.small
            made[NameObject("/FT")] = NameObject("/Tx")
            made[NameObject("/Ff")] = NumberObject(_MULTILINE if many else 0)
        made[NameObject("/V")] = TextStringObject(spot.text)
        if spot.text:
            self.values.setdefault(placed.page, []).append((made, width))
        self._add(placed.page, made)

    def hide(self, name: str, text: str) -> None:
        """Put a field that nobody sees."""
        made = self._widget(name, "papka", (0, 0, 0, 0))
        made[NameObject("/F")] = NumberObject(_HIDDEN)
        made[NameObject("/FT")] = NameObject("/Tx")
        made[NameObject("/Ff")] = NumberObject(1)
        made[NameObject("/V")] = TextStringObject(text)
        self._add(0, made)

    def fill(self) -> None:
        """Let the values be seen."""
        if not self.fonts:
            return
        for number, values in self.values.items():
            page = self.writer.pages[number]
            said = {str(one["/T"]): str(one["/V"]) for one, _ in values}
            # pypdf draws a line for a line; what is longer than its field has to be broken for it.
            shown = {
                str(one["/T"]): _broken(str(one["/V"]), width) if str(one["/FT"]) == "/Tx" else str(one["/V"])
                for one, width in values
            }
            with _quiet():
                self.writer.update_page_form_field_values(page, shown, auto_regenerate=False)
            for one, _ in values:
                one[NameObject("/V")] = TextStringObject(said[str(one["/T"])])

    def _widget(self, key: str, title: str, rect: Sequence[float]) -> DictionaryObject:
        return _dictionary(
            Type=NameObject("/Annot"),
            Subtype=NameObject("/Widget"),
            Rect=_numbers(rect),
            F=NumberObject(_PRINTED),
            T=TextStringObject(name_of(key)),
            TU=TextStringObject(title),
            MK=_dictionary(BG=_numbers((0.93, 0.95, 1))),
        )

    @staticmethod
    def _choice(made: DictionaryObject, asked: Asked) -> None:
        named = (
            [one for _, one in asked.yes_and_no] if asked.kind == "yes_no" else list(labels(asked).values())
        )
        made[NameObject("/FT")] = NameObject("/Ch")
        made[NameObject("/Ff")] = NumberObject(_COMBO | (_EDITABLE if by_name(asked) else 0))
        made[NameObject("/Opt")] = ArrayObject([TextStringObject(one) for one in ("", *named)])

    def _box(self, placed: Placed, side: float) -> DictionaryObject:
        rect = (placed.left, placed.base - 1, placed.left + side, placed.base + side - 1)
        made = self._widget(placed.spot.key, placed.spot.asked.label, rect)
        state = NameObject("/Yes" if placed.spot.checked else "/Off")
        frame = f"1 g 0 G 0.7 w 0.5 0.5 {side - 1:.2f} {side - 1:.2f} re B"
        far = f"{side - 2.5:.2f}"
        cross = f"1 w 2.5 2.5 m {far} {far} l S 2.5 {far} m {far} 2.5 l S"
        looks = _dictionary(Yes=self._picture(side, f"{frame} {cross}"), Off=self._picture(side, frame))
        made.update(_dictionary(FT=NameObject("/Btn"), V=state, AS=state, AP=_dictionary(N=looks)))
        made.pop("/MK")
        return made

    def _picture(self, side: float, drawn: str) -> PdfObject:
        stream = DecodedStreamObject()
        stream.set_data(drawn.encode())
        stream.update(
            _dictionary(
                Type=NameObject("/XObject"), Subtype=NameObject("/Form"), BBox=_numbers((0, 0, side, side))
            )
        )
        return self.writer._add_object(stream)

    def _add(self, number: int, made: DictionaryObject) -> None:
        page = self.writer.pages[number]
        if page.indirect_reference is not None:
            made[NameObject("/P")] = page.indirect_reference
        reference = self.writer._add_object(made)
        if "/Annots" not in page:
            page[NameObject("/Annots")] = ArrayObject()
        on_page = page["/Annots"].get_object()
        assert isinstance(on_page, ArrayObject)
        on_page.append(reference)
        self.fields.append(reference)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep pypdf from writing a family's words into a log: it warns of each line break that it draws."""
    log = logging.getLogger("pypdf")
    was = log.level
    log.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        log.setLevel(was)


@cache
def font_file() -> Path | None:
    """Return a font of this machine that looks like the paper and has every letter of Russian."""
    # Without fontTools pypdf cannot embed a font, and the viewer draws with one of its own.
    if find_spec("fontTools") is None:
        return None
    known: dict[str, Path] = {}
    for path in font_files():
        if path.suffix.casefold() == ".ttf":
            known.setdefault(
                "".join(c for c in path.stem.casefold() if c.isalnum()).removesuffix("regular"), path
            )
    return next((known[name] for name in _FAMILIES if name in known), None)


@cache
def _widths() -> dict[int, float]:
    """Return how wide each letter of the font is, at a size of 1."""
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    file = font_file()
    if file is None:
        return {}
    with TTFont(file, lazy=True) as font:
        unit, wide = font["head"].unitsPerEm, font["hmtx"]
        return {code: wide[name][0] / unit for code, name in font.getBestCmap().items()}


def _broken(text: str, width: float) -> str:
    """Break a text into lines that fit into a field."""
    widths, room = _widths(), (width - 6) / _SIZE
    lines: list[str] = []
    for line in text.split("\n"):
        held, used = "", 0.0
        for word in line.split(" "):
            wide = sum(widths.get(ord(sign), 0.5) for sign in f"{word} ")
            if held and used + wide > room:
                lines.append(held)
                held, used = "", 0.0
            held, used = (f"{held} {word}" if held else word), used + wide
        lines.append(held)
    return "\n".join(lines)


def _embed(writer: PdfWriter, fonts: DictionaryObject, file: Path) -> None:
    # pypdf has no public name for it yet; tests/test_forms_pdf.py tells when that changes.
    from pypdf.generic._font import Font

    font = Font.from_truetype_font_file(io.BytesIO(file.read_bytes()))
    font._add_to_writer(writer, fonts, NameObject(_FONT))
