"""Changes to the text of a Word file: only letters change, in the runs where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml import etree

from ...core.findings import Finding
from ..hidden import RENDERED
from ..package import Package
from .paragraphs import letters_of, paragraphs
from .paragraphs import replace as write_over

_QUOTES = "'\"“”‘’"
_LIFT = re.compile(r"\{%[-+]?(\s+)(?=[^\W\d])")


@dataclass(frozen=True, slots=True)
class Edit:
    """New text in the place of old."""

    part: str
    paragraph: int
    start: int
    end: int
    new: str
    code: str


class Draft:
    """A Word file that is being changed; the file on the disk is not."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.roots = {name: package.xml(name) for name in package.members if RENDERED.fullmatch(name)}
        self._touched: set[str] = set()

    def texts(self) -> Iterator[tuple[str, int, str]]:
        """Go through the paragraphs in which a tag can stand: part, number, visible text."""
        for part, root in self.roots.items():
            for number, paragraph in enumerate(paragraphs(root), start=1):
                text = "".join(letter.sign for letter in letters_of(paragraph))
                if "{" in text or "}" in text:
                    yield part, number, text

    def write(self, edits: Iterable[Edit]) -> list[Edit]:
        """Make the changes that can be made, and return them; of two that overlap the later one is left."""
        done: list[Edit] = []
        by_part = {part: paragraphs(root) for part, root in self.roots.items()}
        free: dict[tuple[str, int], int] = {}
        for one in sorted(edits, key=lambda edit: (edit.start, edit.end), reverse=True):
            home = (one.part, one.paragraph)
            if one.part not in by_part or one.end > free.get(home, one.end):
                continue
            letters = list(letters_of(by_part[one.part][one.paragraph - 1]))
            if one.end <= len(letters) and write_over(letters, one.start, one.end, one.new):
                free[home] = one.start
                done.append(one)
                self._touched.add(one.part)
        return done

    def content(self) -> bytes:
        """Return the file as it stands now; parts that were not touched keep their bytes."""
        changed = {part: _bytes(self.roots[part]) for part in self._touched}
        return Package(self.package.members).write(changed)


def _bytes(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def edit_of(finding: Finding, text: str | None) -> Edit | None:
    """Return the change that follows a finding's suggestion."""
    place = finding.place
    if text is None or place.part is None or not place.paragraph or place.start is None or place.end is None:
        return None
    start, end, new = place.start, place.end, finding.suggestion
    if finding.id == "T-UNSEEN":
        new = ""
    elif finding.id == "T-LIFT-SPACE":
        found = _LIFT.search(text, text.rfind("{%", 0, start + 2))
        start, end, new = (*found.span(1), "") if found else (start, end, None)
    elif finding.id == "T-CHOICE" and text[start : start + 1] in _QUOTES:
        start, end = start + 1, end - 1
    if new is None or start >= end:
        return None
    return Edit(place.part, place.paragraph, start, end, new, finding.id)


def words_of(finding: Finding, text: str | None) -> str:
    """Return the words that a finding speaks of, as they stand in their paragraph."""
    return (text or "")[finding.place.start or 0 : finding.place.end or 0].strip(_QUOTES)
