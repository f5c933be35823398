"""What is known of the XML between two tags before any paper is drawn, so that no paper pays for it.

Between its tags a template is always the same. So most of what has to be looked at in a drawn part is looked
at once, when the template is compiled: that these pieces are XML to the last attribute, that what is whole
within one of them is whole as Word wants it, and which words they say. Left to each paper are the bones: the
elements that begin in one piece and end in another, with the values between them. They are parsed as strictly
as a whole part would be.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from types import CodeType
from xml.parsers import expat

from .flat import ENDINGS, NEXT_LINE, NEXT_TAB, SIGN, Flat, said_by
from .signs import LINE, TAB

_TOKEN = re.compile(r"<[^<>]*>|[^<>]+")
_NAME = re.compile(r"</?([A-Za-z_][\w.:\-]*)[\s/>]")
_PRESERVED = '<w:t xml:space="preserve">'
_HOLDERS = frozenset(
    f"w:{name}"
    for name in (
        "document", "body", "hdr", "ftr", "footnotes", "endnotes", "footnote", "endnote", "comments",
        "comment", "p", "r", "hyperlink", "smartTag", "tbl", "tr", "tc", "sdt", "sdtContent", "txbxContent",
        "ins",
    )
)  # fmt: skip
"""Elements that hold no letters themselves: nothing that a tag prints becomes the words of one."""

Known = Mapping[str, tuple[bytes, bytes]]
"""Of each piece its bones and its words, as XML."""


def pieces_of(code: CodeType, flat: Flat | None) -> tuple[dict[str, tuple[bytes, bytes]], Flat] | None:
    """Return what is known of the pieces of a part, and what is left to be looked at in their bones.

    Args:
        code: What Jinja has made of the part.

    Returns:
        None if the part has to be looked at as a whole.
    """
    if flat is None:
        return None
    found = {}
    begins = set()
    for piece in {one for one in _texts(code) if "<" in one}:
        bones = _bones(piece)
        if bones is None:
            return None
        begins.add(bones[: bones.find(">") + 1].encode("utf-8"))
        found[piece] = bones.encode("utf-8"), said_by(piece.encode("utf-8"), flat, open_ended=True)
    # How an element ends is known by now, unless a piece begins with its end.
    return found, replace(flat, endings=tuple(one for one in flat.endings if one[0] in begins))


def _texts(code: CodeType) -> Iterator[str]:
    for one in code.co_consts:
        if isinstance(one, str):
            yield one
        elif isinstance(one, CodeType):
            yield from _texts(one)


def _bones(piece: str) -> str | None:
    tokens = _TOKEN.findall(piece)
    if "".join(tokens) != piece or "<!" in piece or "<m:t" in piece or not _is_cut_well(tokens):
        return None
    out: list[str] = []
    begun: list[tuple[str, int]] = []
    ended: list[str] = []
    for place, token in enumerate(tokens):
        if token[0] != "<" and place in (0, len(tokens) - 1):
            continue  # letters of a text that another piece begins or ends
        if token[0] != "<" or token[1] == "?":
            out.append(token)
            continue
        named = _NAME.match(token)
        if named is None:
            return None
        name = named[1]
        if token.endswith("/>"):
            _put(out, name)
        elif token[1] != "/":
            begun.append((name, len(out)))
            out.append(f"<{name}>")
        elif begun:
            opened, at = begun.pop()
            if opened != name or not _is_whole(name, out):
                return None
            del out[at:]
            _put(out, name)
        elif out and not _is_whole(name, out):
            return None
        else:
            ended.append(name)
            out.append(token)
    return "".join(out) if _is_xml(piece, ended, [name for name, _ in begun]) else None


def _put(out: list[str], name: str) -> None:
    """Note an element that is whole within its piece; of neighbours the last one tells how a holder ends."""
    if out and out[-1].endswith("/>"):
        out.pop()
    out.append(f"<{name}/>")


def _is_whole(name: str, out: list[str]) -> bool:
    wanted = ENDINGS.get(name.removeprefix("w:")) if name.startswith("w:") else None
    return wanted is None or out[-1] in [made for one in wanted for made in (f"<w:{one}/>", f"</w:{one}>")]


def _is_cut_well(tokens: list[str]) -> bool:
    """Tell whether tags stand only where words do, or between elements that hold none."""
    tags = [place for place, token in enumerate(tokens) if token[0] == "<"]
    first, last = tokens[tags[0]], tokens[tags[-1]]
    if tags[0] > 0 and tokens[0].strip() and first != "</w:t>":
        return False
    if last == _PRESERVED:
        return True
    is_begun = last[1] not in "/?" and not last.endswith("/>")
    has_words = tags[-1] < len(tokens) - 1 and bool(tokens[-1].strip())
    named = _NAME.match(last)
    return not has_words and not (is_begun and (named is None or named[1] not in _HOLDERS))


def _is_xml(piece: str, ended: list[str], begun: list[str]) -> bool:
    before = "".join(f"<{name}>" for name in reversed(ended))
    after = "".join(f"</{name}>" for name in reversed(begun))
    try:
        expat.ParserCreate().Parse(f"<x>{before}{piece}{after}</x>", True)
    except expat.ExpatError:
        return False
    return True


# --- a paper ---------------------------------------------------------------------------------------------

Bodies = Mapping[str, tuple[bytes, bytes, bytes]]
"""Of each piece its bytes, its bones and its words."""


def with_bytes(known: Known) -> dict[str, tuple[bytes, bytes, bytes]]:
    """Add to what is known of each piece its bytes."""
    return {piece: (piece.encode("utf-8"), *told) for piece, told in known.items()}


def put_together(
    drawn: Iterable[str], known: Bodies, *, has_signs: bool
) -> tuple[bytes, bytes, bytes] | None:
    """Return a drawn part, its bones and its words; None if something in it is no piece and no plain value.

    Args:
        has_signs: Whether line breaks and tabs of values are to be written as Word writes them.
    """
    body: list[bytes] = []
    bones: list[bytes] = []
    said: list[bytes] = []
    for one in drawn:
        piece = known.get(one)
        if piece is not None:
            body.append(piece[0])
            bones.append(piece[1])
            said.append(piece[2])
            continue
        if "<" in one:
            return None
        value = written = one.encode("utf-8")
        if has_signs and SIGN.search(one):
            value = one.translate(_UNSIGNED).encode("utf-8")
            broken = one.translate(_BROKEN)
            if SIGN.search(broken):
                return None
            written = broken.encode("utf-8")
        body.append(written)
        bones.append(written)
        said.append(value)
    return b"".join(body), b"".join(bones), b"".join(said)


_UNSIGNED = {ord(LINE): None, ord(TAB): None}
_BROKEN = {ord(LINE): NEXT_LINE, ord(TAB): NEXT_TAB}
