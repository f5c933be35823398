"""Pictures that filters make, on their way into Word: the drawing in the text, the file, who shows it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from lxml import etree

from ..core.facts import Picture
from .package import RELATIONSHIPS, W, parse
from .tags import XML_SPACE

DRAWN = "\ufdd9"
"""Sign around the number of a picture in the printed values."""

OWN_NAME = "papka "
"""How the name of a picture begins that papka has put in."""

_DRAWN = re.compile(f"{DRAWN}(\\d+){DRAWN}")
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_TYPES_MEMBER = "[Content_Types].xml"
_MM = 36_000
_DRAWING = """<w:drawing
 xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"
 xmlns:r="{office}"
 xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
 xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"
 xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture">
<wp:inline distT="0" distB="0" distL="0" distR="0">
<wp:extent cx="{width}" cy="{height}"/><wp:docPr id="{id}" name="{name}"/>
<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr>
<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>
<pic:nvPicPr><pic:cNvPr id="{id}" name="{name}"/><pic:cNvPicPr/></pic:nvPicPr>
<pic:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>
<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>
<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>
</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing>""".replace("\n<", "<")


def is_own(element: etree._Element) -> bool:
    """Tell whether papka has put a picture in: it stands for a value, and is no part of the template."""
    if element.tag != f"{W}drawing":
        return False
    shown = element.find("{*}inline/{*}docPr")
    return shown is not None and (shown.get("name") or "").startswith(OWN_NAME)


@dataclass
class Pictures:
    """The pictures of one paper, as they are printed, and where each has come to stand.

    Attributes:
        all: The pictures in the order of their numbers.
    """

    all: list[Picture] = field(default_factory=list)
    _homes: dict[str, dict[str, Picture]] = field(default_factory=dict)
    _last_id: int = 0

    def print(self, picture: Picture) -> str:
        """Take a picture in, and return the signs that stand for it."""
        self.all.append(picture)
        return f"{DRAWN}{len(self.all) - 1}{DRAWN}"

    def number_after(self, members: Mapping[str, bytes]) -> None:
        """Number the pictures after those that a template brings."""
        taken = (
            int(number)
            for name, body in members.items()
            if name.startswith("word/") and name.endswith(".xml")
            for number in re.findall(rb"docPr\s[^>]*?\bid=\"(\d{1,9})\"", body)
        )
        self._last_id = max(taken, default=0)

    def in_words(self, text: str) -> str:
        """Return a text as it stands where Word shows letters only: with words for pictures."""
        return _DRAWN.sub(lambda found: self.all[int(found[1])].text, text)

    def place(self, text: etree._Element, part: str) -> None:
        """Put the pictures of a text in their places, in its run."""
        pieces = _DRAWN.split(text.text or "")
        text.text = pieces[0]
        last = text
        for number, words in zip(pieces[1::2], pieces[2::2], strict=True):
            drawing = self._drawing(self.all[int(number)], part)
            last.addnext(drawing)
            last = drawing
            if words:
                last = etree.Element(f"{W}t")
                last.text = words
                last.set(XML_SPACE, "preserve")
                drawing.addnext(last)
        _give_room(text)

    def _drawing(self, picture: Picture, part: str) -> etree._Element:
        digest = sha256(picture.png).hexdigest()[:16]
        self._homes.setdefault(part, {})[digest] = picture
        self._last_id += 1
        made = etree.fromstring(
            _DRAWING.format(
                office=_OFFICE,
                width=round(picture.width_mm * _MM),
                height=round(picture.height_mm * _MM),
                id=self._last_id,
                name=f"{OWN_NAME}{self._last_id}",
                relation=f"papka{digest}",
            )
        )
        for one in made.iter("{*}docPr", "{*}cNvPr"):
            one.set("descr", picture.text)
        return made

    def members(self, members: Mapping[str, bytes]) -> dict[str, bytes]:
        """Return what a Word file needs beside its parts: the pictures, who shows them, and what they are.

        Args:
            members: The members of the template.
        """
        changed: dict[str, bytes] = {}
        for part, shown in self._homes.items():
            name = f"{posixpath.dirname(part)}/_rels/{posixpath.basename(part)}.rels"
            changed[name] = _related(members.get(name), name, part, shown)
            changed.update((_media(digest), one.png) for digest, one in shown.items())
        if changed:
            changed[_TYPES_MEMBER] = _with_png(members[_TYPES_MEMBER])
        return changed


def _media(digest: str) -> str:
    return f"word/media/papka-{digest}.png"


def _related(old: bytes | None, name: str, part: str, shown: Iterable[str]) -> bytes:
    space = RELATIONSHIPS.strip("{}")
    root = parse(old, name) if old else etree.fromstring(f'<Relationships xmlns="{space}"/>')
    for digest in shown:
        one = etree.SubElement(root, f"{RELATIONSHIPS}Relationship")
        one.set("Id", f"papka{digest}")
        one.set("Type", f"{_OFFICE}/image")
        one.set("Target", posixpath.relpath(_media(digest), posixpath.dirname(part)))
    return _bytes(root)


def _with_png(types: bytes) -> bytes:
    root = parse(types, _TYPES_MEMBER)
    known = {(one.get("Extension") or "").casefold() for one in root.iter(f"{_TYPES}Default")}
    if "png" in known:
        return types
    one = etree.Element(f"{_TYPES}Default")
    one.set("Extension", "png")
    one.set("ContentType", "image/png")
    root.insert(0, one)
    return _bytes(root)


def _bytes(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _give_room(text: etree._Element) -> None:
    """Let the line grow with its picture: of a line of exact height Word shows a slice only."""
    home = next(text.iterancestors(f"{W}p"), None)
    spacing = home.find(f"{W}pPr/{W}spacing") if home is not None else None
    if spacing is not None and spacing.get(f"{W}lineRule") == "exact":
        spacing.set(f"{W}lineRule", "atLeast")
