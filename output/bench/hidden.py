"""What fights with tags in a Word file: fields that Word writes anew, prompts of controls, changes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from ...core.findings import Finding, Severity
from ..package import Package, W
from ..tags import TagPlace
from .paragraphs import Letter, cells_of, letters_of, paragraphs
from .sentences import told

AUTHOR = "papka"
"""Who writes papka's comments. What they quote is no tag of the template."""

RENDERED = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml")
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_CHANGES = tuple(f"{W}{name}" for name in ("ins", "del", "moveFrom", "moveTo"))
_WRITTEN_BY_WORD = re.compile(
    r"\s*(PAGE|NUMPAGES|SECTIONPAGES|DATE|TIME|SAVEDATE|CREATEDATE|PRINTDATE|REF|PAGEREF|TOC|SEQ|MERGEFIELD|"
    r"DOCPROPERTY|AUTHOR|TITLE|FILENAME|IF|FORMTEXT|ASK|FILLIN|SET|QUOTE|STYLEREF|NUMWORDS|NUMCHARS)\b",
    re.IGNORECASE,
)
_MERGE = re.compile(r"\s*MERGEFIELD\b", re.IGNORECASE)


def hidden(file: str, package: Package) -> Iterator[Finding]:
    """Go through the parts that a reader reads."""
    for name in package.members:
        if RENDERED.fullmatch(name):
            yield from _Part(file, name, package.xml(name)).findings()


class _Part:
    """Looks through one part."""

    def __init__(self, file: str, name: str, root: etree._Element) -> None:
        self.file = file
        self.name = name
        self.root = root
        self.cells = cells_of(root)
        self.results = _results(root)

    def findings(self) -> Iterator[Finding]:
        """Go through the paragraphs in the order in which places count them."""
        for number, paragraph in enumerate(paragraphs(self.root), start=1):
            letters = list(letters_of(paragraph))
            yield from self._fights(paragraph, number, letters)
            for words in _merge_fields(paragraph):
                yield self._told("W-MERGEFIELD", words, paragraph, number, (0, len(letters)))
            if any(element.tag in _CHANGES for element in _own(paragraph)):
                yield self._told("W-CHANGES", "", paragraph, number, (0, len(letters)))

    def _fights(self, paragraph: etree._Element, number: int, letters: list[Letter]) -> Iterator[Finding]:
        text = "".join(letter.sign for letter in letters)
        for tag in _TAG.finditer(text):
            holders = [letter.holder for letter in letters[tag.start() : tag.end()]]
            if any(holder in self.results for holder in holders):
                yield self._told("T-RESULT", tag[0], paragraph, number, tag.span(), "error")
            elif _is_prompt(holders[0]):
                yield self._told("W-PLACEHOLDER", tag[0], paragraph, number, tag.span())

    def _told(
        self,
        code: str,
        words: str,
        paragraph: etree._Element,
        number: int,
        span: tuple[int, int],
        severity: Severity = "warning",
    ) -> Finding:
        place = TagPlace(self.name, number, *span, *self.cells.get(paragraph, (None, None, None)))
        return told(self.file, code, words, place, span, severity=severity)


def _own(paragraph: etree._Element) -> Iterator[etree._Element]:
    """Go through the elements of a paragraph; a text box inside it has paragraphs of its own."""
    stack = list(reversed(paragraph))
    while stack:
        element = stack.pop()
        if isinstance(element.tag, str) and element.tag != f"{W}p":
            yield element
            stack.extend(reversed(element))


def _merge_fields(paragraph: etree._Element) -> Iterator[str]:
    codes = [element.text or "" for element in _own(paragraph) if element.tag == f"{W}instrText"]
    simple = [element.get(f"{W}instr") or "" for element in _own(paragraph)]
    for words in ("".join(codes), *simple):
        if _MERGE.match(words):
            yield words.strip()


def _is_prompt(holder: etree._Element) -> bool:
    """Tell whether a letter is the prompt of a content control, which is there until somebody types."""
    return any(one.find(f"{W}sdtPr/{W}showingPlcHdr") is not None for one in holder.iterancestors(f"{W}sdt"))


def _results(root: etree._Element) -> set[etree._Element]:
    """Return the texts that stand in a field whose result Word writes anew."""
    found: set[etree._Element] = set()
    stack: list[str] = []
    for element in root.iter(f"{W}fldChar", f"{W}instrText", f"{W}t"):
        kind = element.get(f"{W}fldCharType")
        if kind == "begin":
            stack.append("")
        elif kind == "end" and stack:
            stack.pop()
        elif element.tag == f"{W}instrText" and stack:
            stack[-1] += element.text or ""
        elif element.tag == f"{W}t":
            simple = [one.get(f"{W}instr") or "" for one in element.iterancestors(f"{W}fldSimple")]
            if any(_WRITTEN_BY_WORD.match(words) for words in (*stack, *simple)):
                found.add(element)
    return found
