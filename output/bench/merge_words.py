"""A paragraph as words, tags and things, each with its look: taken apart, and put together again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Literal

from lxml import etree

from ..package import W
from ..revisions import DEL, INS, RUN, Pen, is_tracked, strike
from ..tags import XML_SPACE, lex
from .merge_side import MARKS, Block

Sort = Literal["word", "blank", "sign", "tag", "thing"]
State = Literal["", "ins", "del"]

SIGNS = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
_THING = "\ufffc"
_PIECES = re.compile(rf"{_THING}|\w+|\s+|[^\w\s]")
_OF_COMMENTS = frozenset(f"{W}{name}" for name in ("commentReference", "annotationRef"))


@dataclass(slots=True)
class Bit:
    """A stretch of letters of one look, or one thing.

    Attributes:
        look: The properties of its run; None for plain letters and for what stands in no run.
        thing: What is no letter: a tab, a picture, a whole link.
    """

    look: etree._Element | None
    text: str = ""
    thing: etree._Element | None = None
    is_in_run: bool = True


@dataclass(slots=True)
class Atom:
    """What is never cut: a word, a blank, a sign, a tag, a thing.

    Attributes:
        before: Marks that stand before it.
    """

    sort: Sort
    key: str
    bits: list[Bit]
    before: list[etree._Element] = field(default_factory=list)

    @property
    def is_solid(self) -> bool:
        """Tell whether it is more than a blank or a comma."""
        return self.sort in ("word", "tag", "thing")


@dataclass(slots=True)
class _Letter:
    sign: str
    bits: list[Bit]
    before: list[etree._Element]


@dataclass
class Sentence:
    """A paragraph taken apart.

    Attributes:
        after: Marks that stand after the last atom.
    """

    atoms: list[Atom]
    after: list[etree._Element]

    @property
    def keys(self) -> list[str]:
        """The keys of the atoms."""
        return [atom.key for atom in self.atoms]


def take_apart(block: Block) -> Sentence | None:
    """Take a paragraph apart; None if its tags or fields reach into what cannot be cut."""
    if is_tracked(block.element):
        return None
    reader = _Reader(block)
    if not reader.read():
        return None
    text = "".join(letter.sign for letter in reader.letters)
    tags = _tag_spans(text)
    if tags is None or any(_THING in text[start:end] for start, end in tags):
        return None
    atoms: list[Atom] = []
    position = 0
    for start, end in [*tags, (len(text), len(text))]:
        for found in _PIECES.finditer(text, position, start):
            atoms.append(_atom(reader, found.start(), found.end()))
        if end > start:
            atoms.append(_atom(reader, start, end, "tag"))
        position = end
    return Sentence(atoms, reader.marks)


def _tag_spans(text: str) -> list[tuple[int, int]] | None:
    if "{" not in text:
        return []
    root = etree.Element(f"{W}p")
    # What a thing is to a reader is none of the lexer's business, and signs stand for themselves.
    etree.SubElement(etree.SubElement(root, RUN), f"{W}t").text = text
    found = lex(root, "")
    if any(fault.code == "T-UNCLOSED" for fault in found.faults):
        return None
    return [(tag.place.start, tag.place.end) for tag in found.tags]


class _Reader:
    """Reads the letters of a paragraph with their looks."""

    def __init__(self, block: Block) -> None:
        self.block = block
        self.letters: list[_Letter] = []
        self.marks: list[etree._Element] = []
        self._field: list[Bit] = []
        self._depth = 0

    def read(self) -> bool:
        """Read all; False if a field of Word's begins here and ends elsewhere."""
        for child in self.block.element:
            if child.tag == RUN:
                self._run(child)
            elif child.tag in MARKS:
                self.marks.append(deepcopy(child))
            elif child.tag != f"{W}pPr" and isinstance(child.tag, str):
                self._put(Bit(None, thing=deepcopy(child), is_in_run=False))
        return self._depth == 0

    def _run(self, run: etree._Element) -> None:
        look = run.find(f"{W}rPr")
        if any(child.tag in _OF_COMMENTS for child in run):
            self.marks.append(deepcopy(run))
            return
        for child in run:
            if child.tag == f"{W}t" and not self._depth:
                for sign in child.text or "":
                    self._letter(sign, Bit(look, sign))
            elif child.tag in SIGNS and not self._depth:
                self._letter(SIGNS[str(child.tag)], Bit(look, thing=deepcopy(child)))
            elif child.tag not in (f"{W}rPr", f"{W}lastRenderedPageBreak") and isinstance(child.tag, str):
                self._put(Bit(look, thing=deepcopy(child)))

    def _put(self, bit: Bit) -> None:
        """Take a thing; from the beginning of a field to its end all is one thing."""
        kind = bit.thing.get(f"{W}fldCharType") if bit.thing is not None else None
        self._depth += {"begin": 1, "end": -1}.get(kind or "", 0)
        self._field.append(bit)
        if self._depth <= 0:
            self._depth = 0
            self.letters.append(_Letter(_THING, self._field, self.marks))
            self._field, self.marks = [], []

    def _letter(self, sign: str, bit: Bit) -> None:
        self.letters.append(_Letter(sign, [bit], self.marks))
        self.marks = []


def _atom(reader: _Reader, start: int, end: int, sort: Sort | None = None) -> Atom:
    letters = reader.letters[start:end]
    text = "".join(letter.sign for letter in letters)
    bits: list[Bit] = []
    for bit in (bit for letter in letters for bit in letter.bits):
        if bits and bit.text and bits[-1].text and bits[-1].look is bit.look:
            bits[-1] = Bit(bit.look, bits[-1].text + bit.text)
        else:
            bits.append(bit)
    its = sort or _sort(text)
    key = re.sub(r"\s+", " ", text) if its == "tag" else text
    if its == "thing":
        side, part = reader.block.side, reader.block.part
        key = "".join(side.canon(bit.thing, part) for bit in bits if bit.thing is not None)
    return Atom(its, key, bits, [mark for letter in letters for mark in letter.before])


def _sort(text: str) -> Sort:
    if text == _THING:
        return "thing"
    if text.isspace():
        return "blank"
    return "word" if text[0].isalnum() or text[0] == "_" else "sign"


# --- together --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Placed:
    """An atom with what becomes of it."""

    atom: Atom
    state: State = ""


def put_together(
    paragraph: etree._Element, placed: Iterable[Placed], after: Sequence[etree._Element], pen: Pen
) -> None:
    """Write atoms into a paragraph in place of all that it held."""
    for child in list(paragraph):
        if child.tag != f"{W}pPr":
            paragraph.remove(child)
    writer = _Writer(paragraph, pen)
    for one in placed:
        for mark in one.atom.before:
            writer.mark(mark)
        for bit in one.atom.bits:
            writer.write(bit, one.state)
    for mark in after:
        writer.mark(mark)
    for gone in paragraph.iter(DEL):
        strike(gone)


class _Writer:
    """Writes bits into runs: one run for letters of one look and one state."""

    def __init__(self, paragraph: etree._Element, pen: Pen) -> None:
        self._paragraph = paragraph
        self._pen = pen
        self._state: State = ""
        self._holder = paragraph
        self._run: etree._Element | None = None
        self._look: bytes | None = None

    def mark(self, mark: etree._Element) -> None:
        """Write a mark; it stands outside of tracked changes."""
        self._enter("")
        self._run = None
        self._paragraph.append(deepcopy(mark))

    def write(self, bit: Bit, state: State) -> None:
        """Write letters or a thing."""
        if not bit.is_in_run:
            self._whole(bit, state)
            return
        self._enter(state)
        look = b"" if bit.look is None else etree.tostring(bit.look)
        if self._run is None or look != self._look:
            self._run, self._look = etree.SubElement(self._holder, RUN), look
            if bit.look is not None:
                self._run.append(deepcopy(bit.look))
        if bit.thing is not None:
            self._run.append(deepcopy(bit.thing))
        else:
            self._text(self._run, bit.text)

    def _enter(self, state: State) -> None:
        if state == self._state:
            return
        self._state, self._run = state, None
        self._holder = self._paragraph
        if state:
            self._holder = self._pen.change(INS if state == "ins" else DEL)
            self._paragraph.append(self._holder)

    def _whole(self, bit: Bit, state: State) -> None:
        """A link or a control holds its changes inside."""
        self._enter("")
        self._run = None
        thing = deepcopy(bit.thing)
        assert thing is not None
        self._paragraph.append(thing)
        if state:
            self._pen.runs(thing, INS if state == "ins" else DEL)

    @staticmethod
    def _text(run: etree._Element, text: str) -> None:
        last = run[-1] if len(run) else None
        if last is None or last.tag != f"{W}t":
            last = etree.SubElement(run, f"{W}t")
            last.text = ""
        last.text = (last.text or "") + text
        if last.text != last.text.strip():
            last.set(XML_SPACE, "preserve")


# --- blocks of tags --------------------------------------------------------------------------------------


def open_ends(atoms: Iterable[Atom]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return which blocks are closed without a beginning here, and which are begun without an end."""
    closed: list[str] = []
    opened: list[str] = []
    for atom in atoms:
        found = re.match(r"\{%-?(?:tr|tc|p|r)?\s*(\w+)", atom.key) if atom.sort == "tag" else None
        word = found[1] if found else ""
        if word in ("if", "for"):
            opened.append(word)
        elif word in ("endif", "endfor"):
            if opened and opened[-1] == word[3:]:
                opened.pop()
            else:
                closed.append(word)
        elif word in ("else", "elif") and not opened:
            closed.append(word)
    return tuple(closed), tuple(opened)
