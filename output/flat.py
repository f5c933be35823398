"""A rendered part read as it is written, without a tree: for the many parts that need no mending.

Word's XML comes out of the compiler in one form: Word's own prefix, no comment, and every value escaped. So
plain searches can tell that nothing is to be mended, and can read the words for the proof. Where they cannot
tell, the part is read as a tree; what is written means the same either way, and each is strictly parsed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from xml.parsers import expat

from ..core.i18n import tr
from .package import MAX_XML, PackageFault
from .proof import THING
from .signs import LINE, TAB

_PREFIXES = (
    ("w", "http://schemas.openxmlformats.org/wordprocessingml/2006/main"),
    ("m", "http://schemas.openxmlformats.org/officeDocument/2006/math"),
)
DECLARATION = b"<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"
"""As lxml writes it."""

ENDINGS: Mapping[str, tuple[str, ...]] = {
    "tc": ("p",),
    "tr": ("tc",),
    "tbl": ("tr",),
    "sdtContent": ("p", "r", "tc", "tr", "tbl", "sdt"),
    **dict.fromkeys(
        ("hdr", "ftr", "txbxContent", "footnote", "endnote", "comment", "docPartBody"), ("p", "tbl", "sdt")
    ),
}
"""With what an element has to end to be whole."""

_NUMBERED = tuple(
    re.compile(pattern.encode("ascii"))
    for pattern in (
        r':docPr [^>]*?\bid="([^"]*)"',
        r'<w:bookmarkStart [^>]*?w:id="([^"]*)"',
        r'<w:commentRangeStart [^>]*?w:id="([^"]*)"',
        r'<w:commentRangeEnd [^>]*?w:id="([^"]*)"',
        r'<w:commentReference [^>]*?w:id="([^"]*)"',
        r'<w:(?:p|tr) [^>]*?:paraId="([^"]*)"',
        r'<w:id w:val="([^"]*)"',
    )
)
"""What a loop may copy together with its number."""

SIGN = re.compile("[\ufdd0-\ufdef]")
_BROKEN = re.compile(f'<w:t(?: xml:space="preserve")?>([^<]*[{LINE}{TAB}][^<]*)</w:t>')
NEXT_LINE, NEXT_TAB = (f'</w:t><w:{name}/><w:t xml:space="preserve">' for name in ("br", "tab"))
_SECTION = re.compile("<w:sectPr[ />].*?</w:sectPr>", re.DOTALL)
_THING = re.compile(r"<w:(?:(drawing|pict|object|sym)|(?:foot|end)noteReference)(?: [^>]*)?>")
_NOTE_ID = re.compile(r' w:id="([^"]*)"')
_SHOWN_AFTER = re.compile(rb"<w:t(?: [^>]*)?>[^<]")
_ESCAPED = {"&lt;": "<", "&gt;": ">", "&#34;": '"', "&#39;": "'", "&quot;": '"', "&#10;": "\n", "&#13;": "\r"}


@dataclass(frozen=True, slots=True)
class Flat:
    """What is known of a part from its compiling, so that it can be read without a tree.

    Attributes:
        endings: Ends of elements, each with the ends of which one has to stand before it.
        numbered: Which of the things that have numbers stand in it.
        things: The XML of all that has no words and must not be lost, with its sign in the proof.
    """

    endings: tuple[tuple[bytes, tuple[bytes, ...]], ...]
    numbered: tuple[int, ...]
    things: Mapping[bytes, bytes]


def flat_of(source: str, sections: list[str]) -> Flat | None:
    """Return what has to be known of a part, or None if it has to be read as a tree.

    Args:
        source: Its Jinja source.
        sections: The signs of its sections, in order.
    """
    found = _SECTION.findall(source)
    if len(found) != len(sections) or "<!--" in source or not _has_usual_prefixes(source):
        return None
    if re.search("<w:(?:sectPr|" + "|".join(ENDINGS) + ")(?: [^>]*)?/>", source):
        return None
    endings = tuple(
        (_end(name), tuple(made + _end(name) for one in before for made in (_end(one), _whole(one))))
        for name, before in ENDINGS.items()
        if f"</w:{name}>" in source
    )
    numbered = tuple(n for n, one in enumerate(_NUMBERED) if one.search(source.encode()))
    things = dict(zip(found, sections, strict=True))
    things |= {one[0]: f"{THING}{one[1] or _note(one[0])}{THING}" for one in _THING.finditer(source)}
    return Flat(endings, numbered, {xml.encode(): sign.encode() for xml, sign in things.items()})


def _note(xml: str) -> str | None:
    found = _NOTE_ID.search(xml)
    return found[1] if found else None


def _has_usual_prefixes(source: str) -> bool:
    declared = re.findall(r'\bxmlns(?::(\w+))?="([^"]*)"', source)
    return ("w", _PREFIXES[0][1]) in declared and all(
        (prefix == usual) == (uri == space) for prefix, uri in declared for usual, space in _PREFIXES
    )


def _end(name: str) -> bytes:
    return f"</w:{name}>".encode("ascii")


def _whole(name: str) -> bytes:
    """Write an element as it stands in the bones of a part (`pieces.py`)."""
    return f"<w:{name}/>".encode("ascii")


def with_breaks(text: str) -> str | None:
    """Write the line breaks and tabs of values as Word does; None if other signs are left."""
    text = _BROKEN.sub(_broken, text)
    return None if SIGN.search(text) else text


def _broken(found: re.Match[str]) -> str:
    words = found[1].replace(LINE, NEXT_LINE).replace(TAB, NEXT_TAB)
    return f'<w:t xml:space="preserve">{words}</w:t>'


def needs_mending(body: bytes, bones: bytes, flat: Flat, mends: frozenset[str]) -> bool:
    """Tell whether a rendered part may need mending; ``mends`` says what has to be looked at.

    Args:
        bones: The elements of the part that may be broken, each with what stands before its end.
    """
    for end, whole in flat.endings:
        if bones.count(end) != sum(map(bones.count, whole)):
            return True
    if not mends:
        return False
    if mends & {"spans", "grid", "fields"} or b"<?papka" in body:
        return True
    if "ids" in mends and any(_repeat(_NUMBERED[one].findall(body)) for one in flat.numbered):
        return True
    last = body.rfind(b'type="page"') if "breaks" in mends else -1
    return last >= 0 and _SHOWN_AFTER.search(body, last) is None


def _repeat(numbers: list[bytes]) -> bool:
    return len(set(numbers)) < len(numbers)


def said_by(body: bytes, flat: Flat, *, open_ended: bool = False) -> bytes:
    """Return the words of XML as they are written in it, and the signs of what has no words, in order.

    Args:
        open_ended: Whether a text may begin before it, and another one end after it.
    """
    for xml, sign in flat.things.items():
        body = body.replace(xml, b"<w:t>" + sign + b"</w:t>" + xml)
    *pieces, rest = body.replace(b"</m:t>", b"</w:t>").split(b"</w:t>")
    texts = [piece[piece.rfind(b">") + 1 :] for piece in pieces]
    if open_ended and (begun := rest.rfind(_TEXT)) >= 0 and rest.find(b"<", begun + 1) < 0:
        texts.append(rest[begun + len(_TEXT) :])
    return b"".join(texts)


_TEXT = b'<w:t xml:space="preserve">'


def words(said: bytes) -> str:
    """Return words as a reader sees them."""
    text = said.decode("utf-8")
    if "&" in text:
        for escaped, letter in _ESCAPED.items():
            text = text.replace(escaped, letter)
        text = text.replace("&amp;", "&")
    return text


def parse_strictly(bones: bytes, name: str, size: int) -> None:
    """Parse a part, or the bones of one, for no other reason than to know that Word can.

    Args:
        size: How many bytes the part has.

    Raises:
        PackageFault: It is not the XML that Word reads.
    """
    if size > MAX_XML:
        raise PackageFault("D-SIZE", tr("The part {part} is too large.").format(part=name))
    try:
        expat.ParserCreate().Parse(bones, True)
    except expat.ExpatError as error:
        raise PackageFault("D-XML", tr("The part {part} is damaged.").format(part=name)) from error
