"""A part of a template while it is compiled: its tags, the code papka adds, and what was found wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from .package import W
from .tags import CLOSE_MARK, OPEN_MARK, Lexed, Tag, mark

MARK = re.compile(f"{OPEN_MARK}(\\d+){CLOSE_MARK}")


@dataclass(frozen=True, slots=True)
class StructureFault:
    """A tag that stands where it cannot stand."""

    code: str
    tag: Tag


@dataclass
class Draft:
    """A part while it is compiled.

    Attributes:
        codes: Jinja and XML that stand for no tag of the author's; their marks are numbered after the tags'.
    """

    lexed: Lexed
    codes: list[str] = field(default_factory=list)
    faults: list[StructureFault] = field(default_factory=list)

    @property
    def root(self) -> etree._Element:
        """The tree of the part."""
        return self.lexed.root

    def code(self, text: str) -> str:
        """Return a mark for a piece of code of papka's own."""
        self.codes.append(text)
        return mark(len(self.lexed.tags) + len(self.codes) - 1)

    def tell(self, code: str, tag: Tag) -> None:
        """Add a fault."""
        self.faults.append(StructureFault(code, tag))

    def numbers(self, text: str | None) -> list[int]:
        """Return the numbers of the author's tags whose marks stand in a text."""
        found = [int(number) for number in MARK.findall(text or "")]
        return [number for number in found if number < len(self.lexed.tags)]

    def tags(self, text: str | None) -> list[Tag]:
        """Return the author's tags whose marks stand in a text."""
        return [self.lexed.tags[number] for number in self.numbers(text)]

    def marks(self) -> Iterator[tuple[int, etree._Element, str]]:
        """Go through the marks of all tags in document order: number, element, name of its attribute."""
        for event, element in etree.iterwalk(self.root, events=("start", "end")):
            if event == "start":
                for name, value in element.attrib.items():
                    yield from ((number, element, str(name)) for number in self.numbers(str(value)))
                yield from ((number, element, "") for number in self.numbers(element.text))
            elif (parent := element.getparent()) is not None:
                yield from ((number, parent, "") for number in self.numbers(element.tail))

    def own(self, name: str) -> str:
        """Return the name of an element of Word's as this part writes it."""
        prefix = next((prefix for prefix, uri in self.root.nsmap.items() if f"{{{uri}}}" == W), "w")
        return f"{prefix}:{name}" if prefix else name


def all_text(element: etree._Element) -> str:
    """Return the text of an element with all its paragraphs."""
    return "".join(text.text or "" for text in element.iter(f"{W}t"))


def put_before(element: etree._Element, text: str) -> None:
    """Put a text before an element."""
    before = element.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + text
    elif (parent := element.getparent()) is not None:
        parent.text = (parent.text or "") + text


def replace_by(element: etree._Element, text: str) -> None:
    """Put a text in the place of an element."""
    put_before(element, text + (element.tail or ""))
    element.tail = None
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
