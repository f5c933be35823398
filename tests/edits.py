"""Edits as people make them in Word, by chance, on real templates; and what Word does to a file it saves."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from copy import deepcopy

from lxml import etree

from papka.output.package import W, open_package
from papka.output.tags import XML_SPACE, visible_text

DOCUMENT = "word/document.xml"


def with_body(content: bytes, change: Callable[[etree._Element], None], part: str = DOCUMENT) -> bytes:
    """Return a Word file with one part changed."""
    package = open_package(content)
    root = package.xml(part)
    change(root)
    return package.write(
        {part: etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)}
    )


def paragraphs(content: bytes, part: str = DOCUMENT) -> list[str]:
    """Return the visible text of each paragraph."""
    return [visible_text(one) for one in open_package(content).xml(part).iter(f"{W}p")]


class Editor:
    """Changes a template by chance; each word that it writes is its own and is found again.

    Args:
        spared: Paragraphs that do not go with a row of theirs.
    """

    def __init__(
        self, root: etree._Element, seed: random.Random, word: str, spared: Sequence[etree._Element] = ()
    ) -> None:
        self.root = root
        self.seed = seed
        self.word = word
        self.spared = spared
        self.written: list[str] = []
        body = root.find(f"{W}body")
        assert body is not None
        self.body = body

    def new(self) -> str:
        """Return a word that stands nowhere else."""
        self.written.append(f"{self.word}{len(self.written)}")
        return self.written[-1]

    def edit(self, paragraph: etree._Element) -> None:
        """Change one paragraph, or what stands around it, in one of the ways in which people do."""
        ways = [self.change_word, self.add_words, self.add_tag]
        if paragraph.getparent() is self.body:
            ways += [self.insert, self.remove, self.move]
        elif self._row(paragraph) is not None:
            ways += [self.insert_row, self.remove_row]
        self.seed.choice(ways)(paragraph)

    # --- words -------------------------------------------------------------------------------------------

    def change_word(self, paragraph: etree._Element) -> None:
        text = self._plain(paragraph)
        words = (text.text or "").split(" ")
        places = [number for number, one in enumerate(words) if one.isalpha()]
        if not places:
            self.add_words(paragraph)
            return
        words[self.seed.choice(places)] = self.new()
        text.text = " ".join(words)

    def add_words(self, paragraph: etree._Element) -> None:
        text = self._plain(paragraph)
        text.text = f"{text.text or ''} {self.new()} {self.new()}"
        text.set(XML_SPACE, "preserve")

    def add_tag(self, paragraph: etree._Element) -> None:
        text = self._plain(paragraph)
        tags = ["{{{{ дело.номер|линия(10) }}}}{}", "{{% if документ.пустой %}}{}{{% endif %}}"]
        tag = self.seed.choice(tags).format(self.new())
        text.text = f"{text.text or ''} {self.new()} {tag}"
        text.set(XML_SPACE, "preserve")

    def _plain(self, paragraph: etree._Element) -> etree._Element:
        texts = [one for one in paragraph.iter(f"{W}t") if "{" not in (one.text or "")]
        if texts:
            return self.seed.choice(texts)
        return etree.SubElement(etree.SubElement(paragraph, f"{W}r"), f"{W}t")

    # --- paragraphs --------------------------------------------------------------------------------------

    def insert(self, paragraph: etree._Element) -> None:
        copy = etree.Element(f"{W}p")
        properties = paragraph.find(f"{W}pPr")
        if properties is not None and properties.find(f"{W}sectPr") is None:
            copy.append(deepcopy(properties))
        self.add_words(copy)
        paragraph.addnext(copy)

    def remove(self, paragraph: etree._Element) -> None:
        if self._is_free(paragraph):
            self.body.remove(paragraph)
        else:
            self.add_words(paragraph)

    def move(self, paragraph: etree._Element) -> None:
        places = [one for one in self.body if one.tag == f"{W}p" and one is not paragraph]
        if self._is_free(paragraph):
            self.seed.choice(places).addnext(paragraph)
        else:
            self.add_words(paragraph)

    @staticmethod
    def _is_free(paragraph: etree._Element) -> bool:
        return "{" not in visible_text(paragraph) and paragraph.find(f".//{W}sectPr") is None

    # --- rows --------------------------------------------------------------------------------------------

    @staticmethod
    def _row(paragraph: etree._Element) -> etree._Element | None:
        return next(paragraph.iterancestors(f"{W}tr"), None)

    def insert_row(self, paragraph: etree._Element) -> None:
        row = self._row(paragraph)
        assert row is not None
        if "{" in "".join(row.itertext()):
            self.add_words(paragraph)
            return
        copy = deepcopy(row)
        for one in copy.iter(f"{W}p"):
            for child in list(one):
                if child.tag != f"{W}pPr":
                    one.remove(child)
            self.add_words(one)
        row.addnext(copy)

    def remove_row(self, paragraph: etree._Element) -> None:
        row = self._row(paragraph)
        table = row.getparent() if row is not None else None
        is_spared = any(self._row(one) is row for one in self.spared)
        if row is None or table is None or is_spared or "{" in "".join(row.itertext()) or len(table) < 5:
            self.add_words(paragraph)
        else:
            table.remove(row)


def editable(root: etree._Element) -> list[etree._Element]:
    """Return the paragraphs that a person would write in: those with words outside of tags."""
    found = []
    for one in root.iter(f"{W}p"):
        if any(
            "{" not in (text.text or "{") and len((text.text or "").strip()) > 3 for text in one.iter(f"{W}t")
        ):
            found.append(one)
    return found


def saved_by_word(root: etree._Element) -> None:
    """Do to a part what Word does: cut runs, number everything, say the language, mark what it proofed."""
    for number, paragraph in enumerate(root.iter(f"{W}p")):
        paragraph.set(f"{W}rsidR", f"00A{number:05X}")
        paragraph.set("{http://schemas.microsoft.com/office/word/2010/wordml}paraId", f"{number:08X}")
        for run in paragraph.findall(f"{W}r"):
            _cut(run)
    for run in root.iter(f"{W}r"):
        properties = run.find(f"{W}rPr")
        if properties is None:
            properties = etree.Element(f"{W}rPr")
            run.insert(0, properties)
        etree.SubElement(properties, f"{W}lang", {f"{W}val": "ru-RU"})


def _cut(run: etree._Element) -> None:
    text = run.find(f"{W}t")
    if (
        text is None
        or len(run.findall(f"{W}t")) != 1
        or len(text.text or "") < 8
        or text.getnext() is not None
    ):
        return
    if text.getprevious() is not None and text.getprevious().tag != f"{W}rPr":  # type: ignore[union-attr]
        return
    rest = deepcopy(run)
    half = len(text.text or "") // 2
    second = rest.find(f"{W}t")
    assert second is not None
    text.text, second.text = (text.text or "")[:half], (text.text or "")[half:]
    for one in (text, second):
        one.set(XML_SPACE, "preserve")
    run.addnext(rest)
    run.addnext(etree.Element(f"{W}proofErr", {f"{W}type": "spellStart"}))
