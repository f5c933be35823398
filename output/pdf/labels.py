"""The automatic labels of a Word file: «1.», «1.2.», «а)».

Word keeps only the rule; the label itself is made when the file is drawn. Here it is made once more, so
that a PDF can be held against it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from ..package import W

BULLET = "\ufdd0"
"""Stands for a bullet, whose sign depends on the fonts at hand."""

_RUSSIAN = "абвгдежзиклмнопрстуфхцчшщыэюя"
_LATIN = "abcdefghijklmnopqrstuvwxyz"
_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl")),
    *((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
_PLACE = re.compile(r"%([1-9])")


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list, as far as its label goes."""

    format: str = "decimal"
    text: str = ""
    start: int = 1
    restart_after: int | None = None
    legal: bool = False
    style: str | None = None
    font: str | None = None
    silent: bool = False


@dataclass(slots=True)
class Style:
    """What a style says about lists and hidden text."""

    based_on: str | None = None
    number: str | None = None
    level: int | None = None
    hidden: bool = False


@dataclass(slots=True)
class Number:
    """One list: its levels, and the levels that begin anew with it."""

    abstract: str
    levels: dict[int, Level]
    starts: dict[int, int] = field(default_factory=dict)


def attribute(element: etree._Element | None, name: str = "val") -> str | None:
    """Return an attribute of WordprocessingML."""
    return None if element is None else element.get(f"{W}{name}")


def is_on(element: etree._Element | None) -> bool:
    """Tell whether a switch such as ``w:vanish`` is there and not turned off."""
    return element is not None and attribute(element) not in ("0", "false", "off")


def _integer(element: etree._Element | None) -> int | None:
    text = attribute(element) or ""
    return int(text) if re.fullmatch(r"-?\d{1,6}", text) else None


def read_styles(root: etree._Element | None) -> dict[str, Style]:
    """Read the styles that number paragraphs or hide text."""
    styles: dict[str, Style] = {}
    for element in [] if root is None else root.iter(f"{W}style"):
        numbering = element.find(f"{W}pPr/{W}numPr")
        styles[attribute(element, "styleId") or ""] = Style(
            attribute(element.find(f"{W}basedOn")),
            None if numbering is None else attribute(numbering.find(f"{W}numId")),
            None if numbering is None else _integer(numbering.find(f"{W}ilvl")),
            is_on(element.find(f"{W}rPr/{W}vanish")),
        )
    return styles


def default_style(root: etree._Element | None) -> str | None:
    """Return the style of a paragraph that names none."""
    for element in [] if root is None else root.iter(f"{W}style"):
        if attribute(element, "type") == "paragraph" and attribute(element, "default") in ("1", "true"):
            return attribute(element, "styleId")
    return None


def _level(element: etree._Element) -> Level:
    fonts = element.find(f"{W}rPr/{W}rFonts")
    picture = element.find(f"{W}lvlPicBulletId") is not None
    return Level(
        "picture" if picture else attribute(element.find(f"{W}numFmt")) or "decimal",
        attribute(element.find(f"{W}lvlText")) or "",
        _integer(element.find(f"{W}start")) or 0 if element.find(f"{W}start") is not None else 1,
        _integer(element.find(f"{W}lvlRestart")),
        is_on(element.find(f"{W}isLgl")),
        attribute(element.find(f"{W}pStyle")),
        None if fonts is None else fonts.get(f"{W}ascii") or fonts.get(f"{W}asciiTheme"),
        is_on(element.find(f"{W}rPr/{W}vanish")),
    )


def _levels(parent: etree._Element) -> dict[int, Level]:
    found: dict[int, Level] = {}
    for element in parent.findall(f"{W}lvl"):
        index = attribute(element, "ilvl") or ""
        if index.isdigit():
            found[int(index)] = _level(element)
    return found


def read_numbers(root: etree._Element | None, styles: Mapping[str, Style]) -> dict[str, Number]:
    """Read the lists of a Word file by their number."""
    if root is None:
        return {}
    abstracts = {attribute(e, "abstractNumId") or "": e for e in root.findall(f"{W}abstractNum")}
    pointers = {
        attribute(e, "numId") or "": attribute(e.find(f"{W}abstractNumId")) or ""
        for e in root.findall(f"{W}num")
    }
    numbers: dict[str, Number] = {}
    for element in root.findall(f"{W}num"):
        name = attribute(element, "numId") or ""
        abstract = _linked(pointers.get(name, ""), abstracts, pointers, styles)
        levels = _levels(abstracts[abstract]) if abstract in abstracts else {}
        numbers[name] = _overridden(Number(abstract, levels), element)
    return numbers


def _linked(
    abstract: str,
    abstracts: Mapping[str, etree._Element],
    pointers: Mapping[str, str],
    styles: Mapping[str, Style],
) -> str:
    """Follow a list that is defined by a list style."""
    element = abstracts.get(abstract)
    link = None if element is None else attribute(element.find(f"{W}numStyleLink"))
    style = styles.get(link or "")
    return abstract if style is None or style.number is None else pointers.get(style.number, abstract)


def _overridden(number: Number, element: etree._Element) -> Number:
    for override in element.findall(f"{W}lvlOverride"):
        index = attribute(override, "ilvl") or ""
        if not index.isdigit():
            continue
        number.levels |= {int(index): level for level in _levels(override).values()}
        start = _integer(override.find(f"{W}startOverride"))
        if start is not None:
            number.starts[int(index)] = start
    return number


class Numbering:
    """Counts the labels of a Word file's paragraphs, one after another."""

    def __init__(self, numbering: etree._Element | None, styles: etree._Element | None) -> None:
        self.styles = read_styles(styles)
        self.numbers = read_numbers(numbering, self.styles)
        self._default = default_style(styles)
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[tuple[str, int]] = set()

    def place(self, properties: etree._Element | None) -> tuple[str, int] | None:
        """Return the list and level of a paragraph, from its own properties or its style's."""
        style = attribute(None if properties is None else properties.find(f"{W}pStyle")) or self._default
        own = None if properties is None else properties.find(f"{W}numPr")
        number = None if own is None else attribute(own.find(f"{W}numId"))
        level = None if own is None else _integer(own.find(f"{W}ilvl"))
        if number is None:
            number, styled = self._of_style(style)
            level = styled if level is None else level
        if number is None or number == "0" or number not in self.numbers:
            return None
        return number, level or 0

    def _of_style(self, style: str | None) -> tuple[str | None, int | None]:
        seen: set[str] = set()
        name, level = style, None
        while name is not None and name in self.styles and name not in seen:
            seen.add(name)
            found = self.styles[name]
            level = found.level if level is None else level
            if found.number is not None:
                return found.number, self._level_of_style(found.number, seen) if level is None else level
            name = found.based_on
        return None, None

    def _level_of_style(self, number: str, styles: set[str]) -> int | None:
        levels = self.numbers[number].levels if number in self.numbers else {}
        return next((index for index, level in levels.items() if level.style in styles), None)

    def level(self, place: tuple[str, int]) -> Level | None:
        """Return the definition of a level."""
        return self.numbers[place[0]].levels.get(place[1])

    def label(self, properties: etree._Element | None) -> str | None:
        """Count a paragraph and return its label; None if it has none or if it cannot be foretold."""
        place = self.place(properties)
        level = None if place is None else self.level(place)
        if place is None or level is None:
            return None
        self._count(*place)
        if level.silent or level.format == "picture":
            return None
        if level.format == "bullet":
            return BULLET if level.text.strip() else None
        return self._text(place[0], level) or None

    def _count(self, number: str, level: int) -> None:
        found = self.numbers[number]
        counts = self._counts.setdefault(found.abstract, {})
        if (number, level) not in self._begun:
            self._begun.add((number, level))
            if level in found.starts:
                counts.pop(level, None)
        counts[level] = counts[level] + 1 if level in counts else self._start(found, level)
        for deeper in [index for index in counts if index > level]:
            after = found.levels.get(deeper, Level()).restart_after
            if after is None or (after != 0 and level < after):
                del counts[deeper]

    @staticmethod
    def _start(number: Number, level: int) -> int:
        return number.starts.get(level, number.levels.get(level, Level()).start)

    def _text(self, name: str, level: Level) -> str | None:
        number = self.numbers[name]
        counts = self._counts[number.abstract]
        unknown = False

        def put(match: re.Match[str]) -> str:
            nonlocal unknown
            index = int(match.group(1)) - 1
            count = counts.get(index, self._start(number, index))
            kind = number.levels.get(index, Level()).format
            text = written("decimal" if level.legal else kind, count)
            unknown = unknown or text is None
            return text or ""

        text = _PLACE.sub(put, level.text)
        return None if unknown else text


def written(kind: str, count: int) -> str | None:
    """Write a count in one of Word's number formats; None for one that is not known here."""
    if kind == "none":
        return ""
    if kind == "decimal":
        return str(count)
    if kind == "decimalZero":
        return f"{count:02d}"
    letters = {"lowerLetter": _LATIN, "upperLetter": _LATIN.upper()}
    if kind in letters and count > 0:
        return letters[kind][(count - 1) % len(_LATIN)] * ((count - 1) // len(_LATIN) + 1)
    russian = {"russianLower": _RUSSIAN, "russianUpper": _RUSSIAN.upper()}
    if kind in russian and 0 < count <= len(_RUSSIAN):
        return russian[kind][count - 1]
    if kind in ("lowerRoman", "upperRoman") and count > 0:
        return _roman(count) if kind == "lowerRoman" else _roman(count).upper()
    return None


def _roman(count: int) -> str:
    out = ""
    for value, sign in _ROMAN:
        while count >= value:
            out += sign
            count -= value
    return out
