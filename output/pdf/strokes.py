"""The letters of the code on each page as a font of strokes, for PDF files that must hold all their fonts.

Elsewhere the code is written in Helvetica, which each reader has; a PDF for the archive may name no font that
is not in it (ISO 19005-2, 6.2.11.4). The strokes are as wide as Helvetica's letters, so nothing moves.
"""

from __future__ import annotations

from typing import Any

_GLYPHS = {
    " ": "", ":": "21 22|24 25", "/": "00 46",
    "0": "10 30 41 45 36 16 05 01 10", "1": "15 26 20", "2": "05 16 36 45 44 00 40",
    "3": "05 16 36 45 44 33 42 41 30 10 01|33 13", "4": "30 36 02 42", "5": "46 06 03 33 42 41 30 10 01",
    "6": "45 36 16 05 01 10 30 41 42 33 03", "7": "06 46 10",
    "8": "13 04 05 16 36 45 44 33 13 02 01 10 30 41 42 33", "9": "43 13 04 05 16 36 45 41 30 10 01",
    "A": "00 26 40|12 32", "B": "00 06 36 45 44 33 03|33 42 41 30 00", "C": "45 36 16 05 01 10 30 41",
    "D": "00 06 26 44 42 20 00", "E": "46 06 00 40|03 33", "F": "46 06 00|03 33",
    "G": "45 36 16 05 01 10 30 41 43 23", "H": "00 06|40 46|03 43", "I": "20 26", "J": "46 41 30 10 01",
    "K": "00 06|46 03 40", "L": "06 00 40", "M": "00 06 23 46 40", "N": "00 06 40 46",
    "O": "10 30 41 45 36 16 05 01 10", "P": "00 06 36 45 44 33 03",
    "Q": "10 30 41 45 36 16 05 01 10|22 40", "R": "00 06 36 45 44 33 03|23 40",
    "S": "45 36 16 05 04 13 33 42 41 30 10 01", "T": "06 46|26 20", "U": "06 01 10 30 41 46", "V": "06 20 46",
    "W": "06 10 24 30 46", "X": "00 46|06 40", "Y": "06 23 46|23 20", "Z": "06 46 00 40",
}  # fmt: skip
"""Strokes of each sign: corners on a grid of four by six, across and up."""
_FIGURES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_NAMES = {" ": "space", ":": "colon", "/": "slash"} | dict(zip("0123456789", _FIGURES, strict=True))
_HIGH = 718
_LINE = 70
_FILES = ("/FontFile", "/FontFile2", "/FontFile3")


def put_letters_inside(writer: Any) -> None:
    """Let a font of this place stand for Helvetica on each page, where Helvetica is only named."""
    from pypdf.generic import NameObject

    made: Any = None
    for page in writer.pages:
        fonts = page.get("/Resources", {}).get("/Font", {})
        fonts = fonts.get_object() if fonts else {}
        for name in fonts:
            font = fonts[name].get_object()
            about = font.get("/FontDescriptor", {})
            if font.get("/BaseFont") == "/Helvetica" and not any(file in about for file in _FILES):
                made = made or writer._add_object(_font(writer))
                fonts[NameObject(name)] = made


def _font(writer: Any) -> Any:
    from pypdf.generic import ArrayObject, DictionaryObject, FloatObject, NameObject, NumberObject

    from ..issued.codes import width_of

    widths = {sign: round(width_of(sign, 1000.0) * 72 / 25.4) for sign in _GLYPHS}
    shapes = DictionaryObject()
    differences = ArrayObject()
    for sign, strokes in _GLYPHS.items():
        name = NameObject("/" + _NAMES.get(sign, sign))
        shapes[name] = writer._add_object(_stream(_drawing(strokes, widths[sign])))
        differences += [NumberObject(ord(sign)), name]
    first, last = ord(" "), ord("Z")
    return DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type3"),
            NameObject("/FontBBox"): ArrayObject(NumberObject(n) for n in (0, -100, 1000, 800)),
            NameObject("/FontMatrix"): ArrayObject(FloatObject(n) for n in ("0.001", 0, 0, "0.001", 0, 0)),
            NameObject("/CharProcs"): shapes,
            NameObject("/Encoding"): DictionaryObject(
                {NameObject("/Type"): NameObject("/Encoding"), NameObject("/Differences"): differences}
            ),
            NameObject("/FirstChar"): NumberObject(first),
            NameObject("/LastChar"): NumberObject(last),
            NameObject("/Widths"): ArrayObject(
                NumberObject(widths.get(chr(code), 0)) for code in range(first, last + 1)
            ),
            NameObject("/Resources"): DictionaryObject(),
            NameObject("/ToUnicode"): writer._add_object(_stream(_letters())),
        }
    )


def _stream(content: str) -> Any:
    from pypdf.generic import StreamObject

    stream = StreamObject()
    stream.set_data(content.encode("ascii"))
    return stream


def _drawing(strokes: str, width: int) -> str:
    """Return what draws a sign: its width, then its strokes."""
    # The first line says the width and that the colour is the text's own.
    lines = [f"{width} 0 0 -100 {width} 800 d1"]
    if strokes:
        lines.append(f"{_LINE} w 1 J 1 j")
    for stroke in strokes.split("|") if strokes else ():
        corners = [_place(corner, width) for corner in stroke.split()]
        lines.append(f"{corners[0]} m " + " ".join(f"{one} l" for one in corners[1:]) + " S")
    return "\n".join(lines)


def _place(corner: str, width: int) -> str:
    across, up = int(corner[0]), int(corner[1])
    return f"{width * (0.14 + 0.18 * across):.0f} {up * _HIGH / 6:.0f}"


def _letters() -> str:
    """Return what a reader copies for each sign."""
    signs = "\n".join(f"<{ord(sign):02X}> <{ord(sign):04X}>" for sign in _GLYPHS)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CMapName /PapkaFoot def\n"
        "/CMapType 2 def\n1 begincodespacerange\n<00> <FF>\nendcodespacerange\n"
        f"{len(_GLYPHS)} beginbfchar\n{signs}\nendbfchar\nendcmap\n"
        "CMapName currentdict /CMap defineresource pop\nend\nend"
    )
