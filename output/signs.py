"""Values that are more than letters on their way into Word: line breaks, tabs, looks, pictures.

While a part is text, signs that mean nothing in Unicode stand in it for them; when it is a tree again, each
sign becomes what Word writes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy

from lxml import etree

from ..core.facts import Look
from ..core.i18n import tr
from .drawings import DRAWN, Pictures
from .package import PackageFault, W
from .tags import XML_SPACE

LINE, TAB, PARAGRAPH, PAGE = "\ufdd2", "\ufdd3", "\ufdd4", "\ufdd5"
LOOK, SAID, PLAIN = "\ufdda", "\ufddb", "\ufddc"
"""Signs in the printed values that stand for what Word writes as elements: breaks; before the letters of a
look, after them, and after the words that have it."""

WHOLE = "\ufddd"
"""Sign before a value that has its paragraph to itself: each of its lines is a paragraph too."""

_MEANT = {
    "\r\n": LINE, "\n": LINE, "\r": LINE, "\v": LINE, "\u2028": LINE, "\t": TAB, "\a": PARAGRAPH,
    "\u2029": PARAGRAPH, "\f": PAGE,
}  # fmt: skip
_UNUSUAL = re.compile("[\0-\x1f\u2028\u2029\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]")
_KNOWN = re.compile("\r\n|[" + "".join(sign for sign in _MEANT if len(sign) == 1) + "]")
_BREAK = re.compile(f"([{LINE}{TAB}{PARAGRAPH}{PAGE}])")
_ANY = re.compile(f"[{LINE}{TAB}{PARAGRAPH}{PAGE}{LOOK}{DRAWN}{WHOLE}]")
_DRESSED = re.compile(f"{LOOK}([biu]*){SAID}([^{LOOK}{PLAIN}]*){PLAIN}")
_LOOKS: Mapping[Look, str] = {"bold": "b", "italic": "i", "underline": "u"}
_ORDER = (
    "rStyle", "rFonts", "b", "bCs", "i", "iCs", "caps", "smallCaps", "strike", "dstrike", "outline", "shadow",
    "emboss", "imprint", "noProof", "snapToGrid", "vanish", "webHidden", "color", "spacing", "w", "kern",
    "position", "sz", "szCs", "highlight", "u",
)  # fmt: skip


def safe(text: str) -> str:
    """Return a printed value with signs for its line breaks and tabs.

    Raises:
        PackageFault: The value holds a sign that no Word file can hold.
    """
    if not _UNUSUAL.search(text):
        return text
    if _UNUSUAL.search(_KNOWN.sub("", text)):
        raise PackageFault("R-SIGN", tr("A value holds a sign that a Word file cannot hold."))
    return _KNOWN.sub(lambda found: _MEANT[found[0]], text)


def dressed(text: str, looks: Iterable[Look]) -> str:
    """Return printed words with signs for their look."""
    return f"{LOOK}{''.join(sorted(_LOOKS[one] for one in looks))}{SAID}{text}{PLAIN}"


def has_signs(text: str) -> bool:
    """Tell whether a rendered part holds a sign that is to be followed."""
    return _ANY.search(text) is not None


def follow_signs(root: etree._Element, part: str, pictures: Pictures) -> None:
    """Write the signs in a rendered part as Word does; where Word shows letters only, as letters."""
    for text in [one for one in root.iter(f"{W}t") if LOOK in (one.text or "") and _in_run(one)]:
        _dress(text)
    for element in list(root.iter()):
        if not isinstance(element.tag, str):
            continue
        if element.tag == f"{W}t" and _in_run(element):
            if WHOLE in (element.text or ""):
                element.text = (element.text or "").replace(WHOLE, "").replace(LINE, PARAGRAPH)
            if _BREAK.search(element.text or ""):
                _Writer(element).write()
        elif _ANY.search(element.text or ""):
            element.text = _letters(element.text or "", pictures)
        for name, value in element.attrib.items():
            if _ANY.search(str(value)):
                element.set(name, _letters(str(value), pictures))
    for text in [one for one in root.iter(f"{W}t") if DRAWN in (one.text or "")]:
        pictures.place(text, part)


def _in_run(text: etree._Element) -> bool:
    run = text.getparent()
    return run is not None and run.tag == f"{W}r"


def _letters(text: str, pictures: Pictures) -> str:
    text = text.replace(WHOLE, "")
    return pictures.in_words(_BREAK.sub(" ", _DRESSED.sub(lambda found: found[2], text)))


# --- breaks and tabs -------------------------------------------------------------------------------------


class _Writer:
    """Writes the signs in one text as Word's elements; a new paragraph looks like the old one."""

    def __init__(self, text: etree._Element) -> None:
        self.text = text
        run = text.getparent()
        assert run is not None
        self.run = run

    def write(self) -> None:
        first, *rest = _BREAK.split(self.text.text or "")
        self._set(first)
        for sign, words in zip(rest[::2], rest[1::2], strict=True):
            if sign in (PARAGRAPH, PAGE) and self._may_split():
                self._split(page=sign == PAGE)
            else:
                self._insert(etree.Element(f"{W}tab" if sign == TAB else f"{W}br"))
                self._insert(etree.Element(f"{W}t"))
            self._set(words)

    def _set(self, words: str) -> None:
        self.text.text = words
        self.text.set(XML_SPACE, "preserve")

    def _insert(self, element: etree._Element) -> None:
        self.text.addnext(element)
        self.text = element

    def _may_split(self) -> bool:
        home = self.run.getparent()
        if home is None or home.tag != f"{W}p" or home.getparent() is None:
            return False
        kinds = [one.get(f"{W}fldCharType") for one in home.iter(f"{W}fldChar")]
        return not kinds

    def _split(self, *, page: bool) -> None:
        home = self.run.getparent()
        assert home is not None
        made = etree.Element(f"{W}p")
        look = home.find(f"{W}pPr")
        if look is not None:
            made.append(deepcopy(look))
            for section in look.findall(f"{W}sectPr"):
                look.remove(section)
        run = etree.SubElement(made, f"{W}r")
        signs = self.run.find(f"{W}rPr")
        if signs is not None:
            run.append(deepcopy(signs))
        rest = list(self.text.itersiblings())
        following = list(self.run.itersiblings())
        self.text = etree.SubElement(run, f"{W}t")
        run.extend(rest)
        made.extend(following)
        home.addnext(made)
        parent = home.getparent()
        if page and parent is not None and parent.tag == f"{W}body":
            home.addnext(_page_break())
        self.run = run


def _page_break() -> etree._Element:
    made = etree.Element(f"{W}p")
    etree.SubElement(etree.SubElement(made, f"{W}r"), f"{W}br").set(f"{W}type", "page")
    return made


# --- words with a look -----------------------------------------------------------------------------------


def _dress(text: etree._Element) -> None:
    """Give the words of a text that have a look of their own a run of their own, each."""
    run = text.getparent()
    assert run is not None
    first, *pieces = _pieces(text.text or "")
    following = list(text.itersiblings())
    text.text = first[1]
    last = run
    for looks, words in pieces:
        made = _beside(last, run)
        for one in looks:
            _give_look(made, one)
        held = etree.SubElement(made, f"{W}t")
        held.text = words
        held.set(XML_SPACE, "preserve")
        last = made
    if following:
        _beside(last, run).extend(following)


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    position = 0
    for found in _DRESSED.finditer(text):
        yield "", text[position : found.start()]
        yield found[1], found[2]
        position = found.end()
    yield "", text[position:]


def _beside(last: etree._Element, run: etree._Element) -> etree._Element:
    made = etree.Element(f"{W}r")
    look = run.find(f"{W}rPr")
    if look is not None:
        made.append(deepcopy(look))
    last.addnext(made)
    return made


def _give_look(run: etree._Element, look: str) -> None:
    properties = run.find(f"{W}rPr")
    if properties is None:
        properties = etree.Element(f"{W}rPr")
        run.insert(0, properties)
    for name in ("u",) if look == "u" else (look, f"{look}Cs"):
        for old in properties.findall(f"{W}{name}"):
            properties.remove(old)
        before = {f"{W}{one}" for one in _ORDER[: _ORDER.index(name)]}
        made = etree.Element(f"{W}{name}")
        if name == "u":
            made.set(f"{W}val", "single")
        properties.insert(sum(child.tag in before for child in properties), made)
