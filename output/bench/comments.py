"""Word comments on the exact words of each fault, in a copy of the author's own file."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Sequence
from copy import deepcopy

from lxml import etree

from ...core.findings import Finding
from ...core.i18n import tr
from ..package import RELATIONSHIPS, Package, W
from ..tags import AUTHOR
from .inspecting import body_paragraph
from .paragraphs import anchor, letters_of, paragraphs, split_at

_BODY = "word/document.xml"
_RELS = "word/_rels/document.xml.rels"
_TYPES = "[Content_Types].xml"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD_ML = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_TYPES_OF = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_PARA_ID = "{http://schemas.microsoft.com/office/word/2010/wordml}paraId"
_INITIALS = "п"
_RANGES = (f"{W}commentRangeStart", f"{W}commentRangeEnd", f"{W}commentReference")


def with_comments(package: Package, findings: Sequence[Finding]) -> bytes:
    """Return the file with a comment for each finding; papka's comments of an earlier check are gone."""
    return _Commented(package).write(findings)


class _Commented:
    def __init__(self, package: Package) -> None:
        self.package = package
        self.body = package.xml(_BODY)
        self.relations = package.xml(_RELS) if _RELS in package.members else _empty_relations()
        self.part = self._comments_part()
        known = self.part in package.members
        self.comments = (
            package.xml(self.part) if known else etree.Element(f"{W}comments", nsmap={"w": _WORD_ML})
        )
        self.changed: dict[str, bytes] = {}
        self.is_new = not known
        self._forget()

    def write(self, findings: Sequence[Finding]) -> bytes:
        """Add the comments and return the file."""
        every = paragraphs(self.body)
        here: dict[int, list[Finding]] = {}
        elsewhere: list[Finding] = []
        for one in findings:
            paragraph = self._own_paragraph(one, every)
            if paragraph is None:
                elsewhere.append(one)
            else:
                here.setdefault(paragraph, []).append(one)
        for number, found in here.items():
            self._mark(every[number], found)
        first = body_paragraph(self.body)
        for one in reversed(elsewhere):
            if first is not None:
                self._add(self._around(first), one, names_place=True)
        return self._whole(bool(findings))

    # --- where -------------------------------------------------------------------------------------------

    @staticmethod
    def _own_paragraph(one: Finding, every: Sequence[etree._Element]) -> int | None:
        """Return the paragraph of the text that can hold the comment: Word allows none elsewhere."""
        place = one.place
        if place.part != _BODY or not place.paragraph or place.paragraph > len(every):
            return None
        paragraph = every[place.paragraph - 1]
        boxed = next(paragraph.iterancestors(f"{W}txbxContent"), None) is not None
        return None if boxed else place.paragraph - 1

    def _mark(self, paragraph: etree._Element, found: Iterable[Finding]) -> None:
        spans = [(one, *_span(one, paragraph)) for one in found]
        split_at(paragraph, {place for _, start, end in spans for place in (start, end)})
        marked = [
            (one, anchor(paragraph, start, end) or self._around(paragraph)) for one, start, end in spans
        ]
        # Word wants the comment that begins first to be the outer one: the later one is put in first.
        for one, ends in reversed(marked):
            self._add(ends, one)

    @staticmethod
    def _around(paragraph: etree._Element) -> tuple[etree._Element, etree._Element]:
        """Return the runs between which a comment on a whole paragraph stands; an empty one gets a run."""
        ends = anchor(paragraph, 0, len(list(letters_of(paragraph))))
        if ends is None:
            run = etree.SubElement(paragraph, f"{W}r")
            ends = (run, run)
        return ends

    # --- adding ------------------------------------------------------------------------------------------

    def _add(
        self, ends: tuple[etree._Element, etree._Element], one: Finding, *, names_place: bool = False
    ) -> None:
        number = str(self._next())
        before = etree.Element(f"{W}commentRangeStart", {f"{W}id": number})
        after = etree.Element(f"{W}commentRangeEnd", {f"{W}id": number})
        reference = etree.Element(f"{W}r")
        etree.SubElement(reference, f"{W}commentReference", {f"{W}id": number})
        _put_before(ends[0], before)
        _put_after(ends[1], after, reference)
        self.comments.append(_comment(number, _words(one, names_place=names_place)))

    def _next(self) -> int:
        numbers = [int(one.get(f"{W}id") or 0) for one in self.comments.iter(f"{W}comment")]
        return max(numbers, default=-1) + 1

    # --- forgetting --------------------------------------------------------------------------------------

    def _forget(self) -> None:
        """Take out the comments of an earlier check, with all that refers to them."""
        own = [one for one in self.comments.iter(f"{W}comment") if one.get(f"{W}author") == AUTHOR]
        numbers = {one.get(f"{W}id") for one in own}
        ids = {str(p.get(_PARA_ID)) for one in own for p in one.iter(f"{W}p") if p.get(_PARA_ID)}
        for one in own:
            self.comments.remove(one)
        for mark in [one for one in self.body.iter(*_RANGES) if one.get(f"{W}id") in numbers]:
            _take_out(mark)
        self._forget_extensions(ids)

    def _forget_extensions(self, ids: set[str]) -> None:
        """Word keeps more about each comment in parts of its own."""
        durable: set[str] = set()
        for name in self.package.members:
            if not name.startswith("word/comments") or name == self.part or not ids:
                continue
            root = self.package.xml(name)
            for element in list(root):
                values = _values(element)
                if {value for key, value in values.items() if key != "paraIdParent"} & (ids | durable):
                    durable |= {value for key, value in values.items() if key == "durableId"}
                    root.remove(element)
                else:
                    _orphan(element, ids)
            self.changed[name] = _bytes(root)

    # --- the package -------------------------------------------------------------------------------------

    def _comments_part(self) -> str:
        for relation in self.relations:
            if (relation.get("Type") or "").endswith("/comments"):
                target = relation.get("Target") or ""
                return target[1:] if target.startswith("/") else posixpath.join("word", target)
        return "word/comments.xml"

    def _whole(self, has_comments: bool) -> bytes:
        self.changed[_BODY] = _bytes(self.body)
        if not self.is_new or has_comments:
            self.changed[self.part] = _bytes(self.comments)
        if self.is_new and has_comments:
            self._announce()
        members = {**self.package.members, **self.changed}
        return Package(members).write({})

    def _announce(self) -> None:
        types = self.package.xml(_TYPES)
        attributes = {"PartName": f"/{self.part}", "ContentType": _CONTENT_TYPE}
        etree.SubElement(types, f"{_TYPES_OF}Override", attributes)
        known = {relation.get("Id") for relation in self.relations}
        number = next(f"rId{n}" for n in range(1, len(known) + 2) if f"rId{n}" not in known)
        target = posixpath.relpath(self.part, "word")
        attributes = {"Id": number, "Type": f"{_OFFICE}/comments", "Target": target}
        etree.SubElement(self.relations, f"{RELATIONSHIPS}Relationship", attributes)
        self.changed[_TYPES] = _bytes(types)
        self.changed[_RELS] = _bytes(self.relations)


def _empty_relations() -> etree._Element:
    return etree.fromstring(f'<Relationships xmlns="{RELATIONSHIPS.strip("{}")}"/>')


def _values(element: etree._Element) -> dict[str, str]:
    """Return the attributes of an element by their plain names."""
    return {str(key).rpartition("}")[2]: str(value) for key, value in element.attrib.items()}


def _orphan(element: etree._Element, ids: set[str]) -> None:
    """Let a person's answer to a comment of papka's stand by itself."""
    for key, value in list(element.attrib.items()):
        if str(key).endswith("paraIdParent") and str(value) in ids:
            del element.attrib[key]


def _span(one: Finding, paragraph: etree._Element) -> tuple[int, int]:
    """Return the letters to mark: those of the fault, or the one beside it where a place has no width."""
    length = sum(1 for _ in letters_of(paragraph))
    start, end = one.place.start or 0, one.place.end or 0
    if end > start:
        return min(start, length), min(end, length)
    start = min(start, max(0, length - 1))
    return (start, start + 1) if length else (0, 0)


def _put_before(run: etree._Element, element: etree._Element) -> None:
    parent = run.getparent()
    assert parent is not None
    parent.insert(parent.index(run), element)


def _put_after(run: etree._Element, *elements: etree._Element) -> None:
    parent = run.getparent()
    assert parent is not None
    place = parent.index(run) + 1
    for element in reversed(elements):
        parent.insert(place, element)


def _take_out(mark: etree._Element) -> None:
    parent = mark.getparent()
    if parent is None:
        return
    parent.remove(mark)
    if parent.tag == f"{W}r" and all(child.tag == f"{W}rPr" for child in parent):
        holder = parent.getparent()
        if holder is not None:
            holder.remove(parent)


def _words(one: Finding, *, names_place: bool) -> list[str]:
    """Return the lines of a comment: sentence, suggestion, cure."""
    lines = [f"{one.place.words}: {one.message}" if names_place and one.place.words else one.message]
    if one.suggestion:
        lines.append(tr("Did you mean {name}?").format(name=one.suggestion))
    if one.cure:
        lines.append(tr("What to do: {cure}").format(cure=one.cure))
    return lines


def _comment(number: str, lines: Sequence[str]) -> etree._Element:
    attributes = {f"{W}id": number, f"{W}author": AUTHOR, f"{W}initials": _INITIALS}
    comment = etree.Element(f"{W}comment", attributes)
    for index, line in enumerate(lines):
        paragraph = etree.SubElement(comment, f"{W}p")
        if index == 0:
            etree.SubElement(etree.SubElement(paragraph, f"{W}r"), f"{W}annotationRef")
        text = etree.SubElement(etree.SubElement(paragraph, f"{W}r"), f"{W}t")
        text.text = _printable(line)
        text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return comment


def _printable(line: str) -> str:
    return "".join(sign if sign.isprintable() else "\u2423" for sign in line)


def _bytes(root: etree._Element) -> bytes:
    return etree.tostring(deepcopy(root), xml_declaration=True, encoding="UTF-8", standalone=True)
