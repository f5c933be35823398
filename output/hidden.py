"""What fights with tags in a Word file: fields that Word writes anew, prompts of controls, changes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from ..core.findings import Finding
from .letters import Letter, TagPlace, cells_of, letters_of
from .package import Package, W
from .sentences import told

RENDERED = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml")
_STORY = re.compile(
    r"wordprocessingml\.(document\.main|template\.main|header|footer|footnotes|endnotes|comments)\+xml$"
)
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_CHANGES = tuple(f"{W}{name}" for name in ("ins", "del", "moveFrom", "moveTo"))
_LEFT_ALONE = re.compile(r"\s*(HYPERLINK|ADDIN)\b|\s*$", re.IGNORECASE)
"""Fields whose result Word does not write anew."""

_MERGE = re.compile(r"\s*MERGEFIELD\b", re.IGNORECASE)


def stories(package: Package) -> Iterator[str]:
    """Return the parts that hold what a reader reads, by what they are and not by their names."""
    kinds = {one.get("PartName"): one.get("ContentType") or "" for one in package.xml("[Content_Types].xml")}
    for name in package.members:
        if _STORY.search(kinds.get(f"/{name}", "")):
            yield name


def hidden(file: str, package: Package) -> Iterator[Finding]:
    """Go through the parts that a reader reads."""
    styles = package.xml("word/styles.xml") if "word/styles.xml" in package.members else None
    unseen = _hiding(styles) if styles is not None else frozenset()
    for name in stories(package):
        if not name.endswith("comments.xml"):
            yield from _Part(file, name, package.xml(name), unseen).findings()


class _Part:
    """Looks through one part."""

    def __init__(self, file: str, name: str, root: etree._Element, unseen: frozenset[str]) -> None:
        self.unseen = unseen
        self.file = file
        self.name = name
        self.root = root
        self.cells = cells_of(root)
        self.results = _results(root)

    def findings(self) -> Iterator[Finding]:
        """Go through the paragraphs in the order in which places count them."""
        for number, paragraph in enumerate(self.root.iter(f"{W}p"), start=1):
            letters = list(letters_of(paragraph))
            yield from self._fights(paragraph, number, letters)
            for words in _merge_fields(paragraph):
                yield self._told("T-MERGEFIELD", words, paragraph, number, (0, len(letters)))
            if any(element.tag in _CHANGES for element in _own(paragraph)):
                yield self._told("W-CHANGES", "", paragraph, number, (0, len(letters)))

    def _fights(self, paragraph: etree._Element, number: int, letters: list[Letter]) -> Iterator[Finding]:
        text = "".join(letter.sign for letter in letters)
        for tag in _TAG.finditer(text):
            holders = [letter.holder for letter in letters[tag.start() : tag.end()]]
            if any(holder in self.results for holder in holders):
                yield self._told("T-RESULT", tag[0], paragraph, number, tag.span())
            elif self.unseen and any(self._is_unseen(holder) for holder in holders):
                yield self._told("W-HIDDEN", tag[0], paragraph, number, tag.span())
            elif _is_prompt(holders[0]):
                yield self._told("W-PLACEHOLDER", tag[0], paragraph, number, tag.span())

    def _is_unseen(self, holder: etree._Element) -> bool:
        """Tell whether a style hides a letter."""
        run = holder.getparent()
        home = next(holder.iterancestors(f"{W}p"), None)
        if run is None or run.find(f"{W}rPr/{W}vanish") is not None:
            return False  # what the run says of itself is told where its tags are read
        styles = [run.find(f"{W}rPr/{W}rStyle"), home.find(f"{W}pPr/{W}pStyle") if home is not None else None]
        return any(one is not None and one.get(f"{W}val") in self.unseen for one in styles)

    def _told(
        self, code: str, words: str, paragraph: etree._Element, number: int, span: tuple[int, int]
    ) -> Finding:
        place = TagPlace(self.name, number, *span, *self.cells.get(paragraph, (None, None, None)))
        return told(self.file, code, words, place, span)


def _hiding(styles: etree._Element) -> frozenset[str]:
    """Return the styles that hide their text, by themselves or by the style that they are based on."""
    known = {one.get(f"{W}styleId") or "": one for one in styles.iter(f"{W}style")}

    def hides(name: str, passed: int = 0) -> bool:
        style = known.get(name)
        if style is None or passed > 12:
            return False
        vanish, parent = style.find(f"{W}rPr/{W}vanish"), style.find(f"{W}basedOn")
        if vanish is not None:
            return vanish.get(f"{W}val", "true") not in ("0", "false", "off")
        return parent is not None and hides(parent.get(f"{W}val") or "", passed + 1)

    return frozenset(name for name in known if hides(name))


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
            if any(not _LEFT_ALONE.match(words) for words in (*stack, *simple)):
                found.add(element)
    return found
