"""From the tags of a part to Jinja that can be rendered, with the way back from every line to its tag.

Each tag is written with exactly one line break inside its braces, and the XML between tags with none. So the
line number of anything that Jinja tells is the number of the tag it speaks of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lxml import etree

from .package import W
from .tags import CLOSE_MARK, OPEN_MARK, Lexed, LexFault, Tag, lex, mark, visible_text

_MARK = re.compile(f"{OPEN_MARK}(\\d+){CLOSE_MARK}")
_HOMES = {"p": f"{W}p", "tr": f"{W}tr", "tc": f"{W}tc", "r": f"{W}r"}
_PAIRS = {"endif": "if", "endfor": "for"}
_BRANCHES = {"elif": ("if",), "else": ("if", "for")}


@dataclass(frozen=True, slots=True)
class StructureFault:
    """A tag that stands where it cannot stand."""

    code: str
    tag: Tag


@dataclass
class CompiledPart:
    """One part of a template, ready for Jinja.

    Attributes:
        source: Jinja source; line number n belongs to tag n - 2, counted from 0.
        by_docxtpl: Whether docxtpl prepared the source, so that places are not known.
    """

    name: str
    source: str
    tags: list[Tag]
    lex_faults: list[LexFault] = field(default_factory=list)
    faults: list[StructureFault] = field(default_factory=list)
    by_docxtpl: bool = False

    def tag_of(self, line: int) -> Tag | None:
        """Return the tag that a line of the source belongs to."""
        return self.tags[line - 2] if 0 <= line - 2 < len(self.tags) else None


def compile_part(root: etree._Element, name: str) -> CompiledPart:
    """Compile the tree of a part; the tree is used up."""
    lexed = lex(root, name)
    faults = list(_lifted(lexed))
    faults += _blocks(lexed)
    text = etree.tostring(root, encoding="unicode")
    order: list[Tag] = []
    source = _source(text, lexed.tags, order)
    return CompiledPart(name, source, order, lexed.faults, faults)


# --- lifting ---------------------------------------------------------------------------------------------


def _lifted(lexed: Lexed) -> Iterator[StructureFault]:
    """Put the marks of lifting tags in place of their paragraphs, rows, cells and runs."""
    for index, tag in enumerate(lexed.tags):
        if not tag.lift:
            continue
        home = _home(lexed.holders[index], tag.lift)
        if home is None:
            yield StructureFault("T-NO-HOME", tag)
            continue
        others = [int(number) for number in _MARK.findall(_all_text(home)) if int(number) != index]
        if others or _words_beside(home, tag):
            yield StructureFault("T-BESIDE", tag)
            continue
        if home.tag == f"{W}p" and home.find(f"{W}pPr/{W}sectPr") is not None:
            yield StructureFault("T-SECTION", tag)
            continue
        _replace(home, mark(index))


def _home(holder: etree._Element, lift: str) -> etree._Element | None:
    element: etree._Element | None = holder
    while element is not None and element.tag != _HOMES[lift]:
        element = element.getparent()
    return element if element is not None and element.getparent() is not None else None


def _all_text(element: etree._Element) -> str:
    return "".join(text.text or "" for text in element.iter(f"{W}t"))


def _words_beside(home: etree._Element, tag: Tag) -> bool:
    """Tell whether the lifted element holds words of its own, which would be lost with it."""
    return bool(_MARK.sub("", _all_text(home)).strip())


def _replace(element: etree._Element, text: str) -> None:
    parent = element.getparent()
    assert parent is not None
    text += element.tail or ""
    before = element.getprevious()
    if before is None:
        parent.text = (parent.text or "") + text
    else:
        before.tail = (before.tail or "") + text
    element.tail = None
    parent.remove(element)


# --- blocks ----------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Open:
    index: int
    word: str
    path: tuple[str, ...]


def _blocks(lexed: Lexed) -> Iterator[StructureFault]:
    """Match opening and closing tags, and see that both stand at the same depth of the document."""
    paths = _paths(lexed.root)
    stack: list[_Open] = []
    for index in _order(lexed.root):
        tag = lexed.tags[index]
        if tag.kind != "block":
            continue
        word = tag.code.split(None, 1)[0] if tag.code.strip() else ""
        path = paths.get(index, ())
        if word in ("if", "for"):
            stack.append(_Open(index, word, path))
        elif word in _PAIRS or word in _BRANCHES:
            wanted = (_PAIRS[word],) if word in _PAIRS else _BRANCHES[word]
            yield from _closes(lexed, stack, tag, word, wanted, path)
    for left in stack:
        yield StructureFault("T-OPEN", lexed.tags[left.index])


def _closes(
    lexed: Lexed, stack: list[_Open], tag: Tag, word: str, wanted: tuple[str, ...], path: tuple[str, ...]
) -> Iterator[StructureFault]:
    if not stack:
        yield StructureFault("T-NOT-OPEN", tag)
        return
    top = stack[-1]
    if top.word not in wanted:
        yield StructureFault("T-CROSSED", tag)
        if any(one.word in wanted for one in stack):
            while stack[-1].word not in wanted:
                yield StructureFault("T-OPEN", lexed.tags[stack.pop().index])
            top = stack[-1]
        else:
            return
    if top.path != path:
        yield StructureFault("T-DEPTH", tag)
    if word in _PAIRS:
        stack.pop()


def _order(root: etree._Element) -> list[int]:
    return [int(number) for _, text in _texts(root) for number in _MARK.findall(text)]


def _texts(root: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    """Go through all text of a tree in document order, each with the element it stands in."""
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            yield element, element.text or ""
        elif element.getparent() is not None:
            yield element.getparent(), element.tail or ""


def _paths(root: etree._Element) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    for element, text in _texts(root):
        for number in _MARK.findall(text):
            path = [str(element.tag), *(str(one.tag) for one in element.iterancestors())]
            found[int(number)] = tuple(path)
    return found


# --- source ----------------------------------------------------------------------------------------------


def _source(text: str, tags: Sequence[Tag], order: list[Tag]) -> str:
    """Write the Jinja source; `order` receives the tags as they stand in it."""
    text = text.replace("\r", "&#13;").replace("\n", "&#10;")
    pieces: list[str] = []
    position = 0
    eat_to_text = False
    for found in _MARK.finditer(text):
        between = text[position : found.start()]
        tag = tags[int(found[1])]
        if eat_to_text:
            between = _after_trim(between)
        if tag.trims_before:
            between = _before_trim(between)
        pieces += [_inert(between), _written(tag)]
        order.append(tag)
        position = found.end()
        eat_to_text = tag.trims_after
    rest = text[position:]
    pieces.append(_inert(_after_trim(rest) if eat_to_text else rest))
    return "".join(pieces)


def _written(tag: Tag) -> str:
    if tag.kind == "print":
        return "{{\n" + tag.code + " }}"
    if tag.kind == "block":
        return "{%\n" + tag.code + " %}"
    return "{#\n#}"


def _inert(xml: str) -> str:
    """Keep braces that are no tag from becoming one."""
    return re.sub(r"\{(?=[{%#])", "{{ '{' }}", xml) if "{" in xml else xml


def _before_trim(xml: str) -> str:
    """``{%-``: go on in the text before, leaving out what stands between."""
    at = xml.rfind("</w:t>")
    return xml[:at] if at >= 0 else xml


def _after_trim(xml: str) -> str:
    """``-%}``: go on with the next text, leaving out what stands between."""
    found = re.search(r"<w:t(?: [^>]*)?>", xml)
    return xml[found.end() :] if found else xml


__all__ = ["CompiledPart", "StructureFault", "compile_part", "visible_text"]
