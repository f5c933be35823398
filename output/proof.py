"""Proof that a paper lost nothing.

Every part of a template is read twice: once by the compiler, and once here, as plain words and tags in the
order of the file. With the facts of the case the second reading says which sentences belong into the paper;
each of them must stand in what was drawn, in that order, together with every picture, footnote and section.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from hashlib import blake2b

from lxml import etree

from ..core.errors import Refused
from ..core.findings import Finding, Place
from ..core.i18n import tr
from .drawings import is_own
from .package import W
from .tags import CLOSE_MARK, MATH, OPEN_MARK, Tag

PRINTED, BREAK, THING = "\ufdd6", "\ufdd7", "\ufdd8"
"""Signs in the second reading: a value, the end of a paragraph, a picture or another thing without words."""

_TEXT = frozenset({f"{W}t", f"{MATH}t"})
_THINGS = frozenset(f"{W}{name}" for name in ("sectPr", "drawing", "pict", "object", "sym"))
_NOTES = frozenset({f"{W}footnoteReference", f"{W}endnoteReference"})
_MARKED = re.compile(f"{OPEN_MARK}(\\d+){CLOSE_MARK}")
_LEFT = tuple(sign for sign in map(chr, range(0xFDD0, 0xFDF0)) if sign != THING)
_BRACES = re.compile(r"\{\{|\{%|\}\}|%\}")


# --- the second reading ----------------------------------------------------------------------------------


def second_reading(root: etree._Element, tags: Sequence[Tag]) -> str:
    """Return a part as Jinja without XML: its words, a sign for each value, and the tags that decide.

    Args:
        root: The tree with a mark in place of each tag, otherwise as it was read.
    """
    pieces: list[str] = []
    wrapped = _wrapped(root, tags)
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "end":
            if element in wrapped:
                pieces.append("{% endif %}" * wrapped[element])
            elif element.tag == f"{W}p":
                pieces.append(BREAK)
        elif element.tag in _TEXT:
            pieces += _read(element.text or "", tags)
        elif (thing := thing_sign(element)) is not None:
            pieces += [BREAK, thing, BREAK]
        elif element in wrapped:
            pieces.append("{% if loop.first %}" * wrapped[element])
    return "".join(pieces)


def _read(text: str, tags: Sequence[Tag]) -> Iterator[str]:
    position = 0
    for found in _MARKED.finditer(text):
        yield _plain(text[position : found.start()])
        position = found.end()
        yield _tag(tags[int(found[1])])
    yield _plain(text[position:])


def _plain(text: str) -> str:
    return text.replace("{", "{{ '{' }}") if "{" in text else text


def _tag(tag: Tag) -> str:
    if tag.is_broken or tag.kind != "block":
        return PRINTED
    # The spaces beside a minus are not held to stand in the paper.
    before, after = PRINTED * tag.trims_before, PRINTED * tag.trims_after
    return before + "{% " + tag.code + " %}" + after


def _wrapped(root: etree._Element, tags: Sequence[Tag]) -> dict[etree._Element, int]:
    """Return the cells that only the first turn of a loop shows, with the number of tags that say so."""
    found: dict[etree._Element, int] = {}
    if not any(tag.cell in ("vm", "hm") for tag in tags):
        return found
    for text in root.iter(f"{W}t"):
        for number in _MARKED.findall(text.text or ""):
            cell = next(text.iterancestors(f"{W}tc"), None)
            if tags[int(number)].cell in ("vm", "hm") and cell is not None:
                found[cell] = found.get(cell, 0) + 1
    return found


def thing_sign(element: etree._Element) -> str | None:
    """Return a sign for what has no words and must not be lost either."""
    if element.tag in _NOTES:
        return f"{THING}{element.get(f'{W}id')}{THING}"
    if element.tag not in _THINGS or is_own(element):
        return None
    name = etree.QName(element).localname
    if name == "sectPr":
        name += blake2b(etree.tostring(element, method="c14n"), digest_size=6).hexdigest()
    return f"{THING}{name}{THING}"


# --- the proof -------------------------------------------------------------------------------------------


def prove(template: str, part: str, root: etree._Element, expected: str, braces: int) -> None:
    """Prove that a part that was drawn holds all that belongs into it, and nothing that does not.

    Args:
        root: The tree as it is written.
        expected: The second reading, with the branches of this case.
        braces: How many pairs of braces the printed values hold.

    Raises:
        Refused: Something is missing or left over; the finding says what.
    """
    drawn = "".join(_drawn(root))
    for code, name in (*_faults(drawn, expected, braces), *_hollow(root)):
        raise _refused(template, part, code, name)


def prove_words(template: str, part: str, drawn: str, expected: str, braces: int) -> None:
    """Prove that the words of a part are all there, where its tables are known to be whole.

    Args:
        drawn: The words and signs of the part, in order.

    Raises:
        Refused: Something is missing or left over; the finding says what.
    """
    for code, name in _faults(drawn, expected, braces):
        raise _refused(template, part, code, name)


def _drawn(root: etree._Element) -> Iterator[str]:
    for element in root.iter(*_TEXT, *_THINGS, *_NOTES):
        yield (element.text or "") if element.tag in _TEXT else thing_sign(element) or ""


def _faults(drawn: str, expected: str, braces: int) -> Iterator[tuple[str, str]]:
    lost = first_lost(expected, drawn)
    if lost is not None:
        yield ("P-THING" if THING in lost else "P-LOST"), lost.strip(THING)[:60]
    if any(sign in drawn for sign in _LEFT):
        yield "P-LEFT", ""
    if _count_braces(drawn) > _count_braces(expected) + braces:
        yield "P-BRACES", ""


def _count_braces(text: str) -> int:
    return len(_BRACES.findall(text)) if "{" in text or "}" in text else 0


def _hollow(root: etree._Element) -> Iterator[tuple[str, str]]:
    for cell in root.iter(f"{W}tc"):
        if not len(cell) or cell[-1].tag != f"{W}p":
            yield "P-CELL", ""
    for table in root.iter(f"{W}tbl"):
        if next(table.iter(f"{W}tr"), None) is None:
            yield "P-TABLE", ""


def first_lost(expected: str, drawn: str) -> str | None:
    """Return the first words that should stand in a text, in order, and do not."""
    position = 0
    for piece in expected.replace(PRINTED, BREAK).split(BREAK):
        words = piece.strip()
        if words:
            found = drawn.find(words, position)
            if found < 0:
                return words
            position = found + len(words)
    return None


def _sentence(code: str, name: str) -> tuple[str, str]:
    """Return what is said of a fault, and what to do about it."""
    cure = tr("Nothing was written. Run papka template check, and send us the template if it finds nothing.")
    rows = tr(
        "Nothing was written. In the template, let the table keep a row that is always there: its heading."
    )
    paragraph = tr("Nothing was written. In the template, leave an empty line in the cell, outside the tags.")
    told = {
        "P-LOST": (tr("The words «{name}» of the template are missing in the paper."), cure),
        "P-THING": (
            tr("A picture, a footnote or a section of the template is missing in the paper ({name})."),
            cure,
        ),
        "P-LEFT": (tr("Signs of papka's own were left in the paper."), cure),
        "P-BRACES": (tr("Braces of a tag were left in the paper."), cure),
        "P-CELL": (tr("A table cell of the paper has no paragraph."), paragraph),
        "P-TABLE": (tr("A table of the paper has no rows."), rows),
    }
    message, cure = told[code]
    return message.format(name=name), cure


def _refused(template: str, part: str, code: str, name: str) -> Refused:
    words = tr("{file} was not drawn up: the paper would not be whole.").format(file=template)
    message, cure = _sentence(code, name)
    finding = Finding(code, "error", message, cure, place=Place(template, part=part))
    return Refused(words, [finding])
