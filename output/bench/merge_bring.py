"""What a piece of the plugin's version leans on comes along with it: styles, numbering, pictures, notes.

Names are kept where they are free. What the centre's file has under the same name is used as it is.
"""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy

from lxml import etree

from ..package import RELATIONSHIPS, Package, W
from ..revisions import PARAGRAPH
from ..tags import visible_text
from .merge_side import DOCUMENT, MARKS, STYLE_USES, R, Relation, Side, relations_of, style_name

TYPES = "[Content_Types].xml"
STYLES, NUMBERING = "word/styles.xml", "word/numbering.xml"
_OF_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_ALONE = frozenset({f"{W}commentReference", f"{W}annotationRef"})
_NOTES = {f"{W}footnoteReference": "footnote", f"{W}endnoteReference": "endnote"}


class Bring:
    """Takes pieces of the plugin's new version over into the centre's file."""

    def __init__(self, base: Side, ours: Side, theirs: Side) -> None:
        self.base, self.ours, self.theirs = base, ours, theirs
        self.added: dict[str, bytes] = {}
        self.parts: dict[str, str] = {DOCUMENT: DOCUMENT}
        self._trees: dict[str, etree._Element] = {}
        self._touched: set[str] = set()
        self._styles: dict[str, str] = {}
        self._numbers: dict[str, str] = {"0": "0"}
        self._links: dict[tuple[str, str], str] = {}
        self._notes: dict[tuple[str, str], str] = {}
        self._same_numbers = dict(_same_numbers(base, ours))

    def finished(self) -> dict[str, bytes]:
        """Return the members that were changed or came in."""
        changed = {name: written(self._trees[name]) for name in self._touched}
        return {**self.added, **changed}

    def element(self, found: etree._Element, part: str) -> etree._Element:
        """Return a copy of a piece that leans on nothing but the centre's file.

        Args:
            part: The part of the plugin's version that the piece stands in.
        """
        copy = deepcopy(found)
        copy.tail = None
        for one in list(copy.iter()):
            if one.tag in MARKS or one.tag in _ALONE:
                parent = one.getparent()
                if parent is not None:
                    parent.remove(one)
                continue
            self._mapped(one, part)
        return copy

    def _mapped(self, one: etree._Element, part: str) -> None:
        for name in list(one.attrib):
            plain = str(name)
            if plain.rpartition("}")[2].startswith(("rsid", "paraId", "textId")):
                del one.attrib[name]
            elif plain.startswith(R):
                one.set(plain, self._link(part, str(one.get(plain))))
        value = one.get(f"{W}val")
        if one.tag in STYLE_USES and value is not None:
            one.set(f"{W}val", self.style(value))
        elif one.tag == f"{W}numId" and value is not None:
            one.set(f"{W}val", self._number(value))
        elif one.tag in _NOTES:
            one.set(f"{W}id", self._note(_NOTES[str(one.tag)], one.get(f"{W}id", "")))

    def tree(self, name: str, *, touch: bool = True) -> etree._Element | None:
        """Return a member of the centre's file as it will be written."""
        if name not in self._trees:
            body = self.added.get(name) or self.ours.package.members.get(name)
            if body is None:
                return None
            self._trees[name] = Package({name: body}).xml(name)
        if touch:
            self._touched.add(name)
        return self._trees[name]

    # --- styles ------------------------------------------------------------------------------------------

    def style(self, number: str) -> str:
        """Return the centre's id of one of the plugin's styles; a style that it lacks comes in."""
        if number not in self._styles:
            self._styles[number] = number
            found = self.theirs.styles.get(number)
            if found is not None:
                self._styles[number] = self._known_style(found) or self._new_style(found, number)
        return self._styles[number]

    def _known_style(self, style: etree._Element) -> str | None:
        name = style_name(style)
        return next((one for one, its in self.ours.style_names.items() if its == name), None)

    def _new_style(self, style: etree._Element, number: str) -> str:
        root = self._whole(STYLES, "styles")
        taken = {one.get(f"{W}styleId") for one in root.findall(f"{W}style")}
        free = number
        while free in taken:
            free += "N"
        self._styles[number] = free
        copy = deepcopy(style)
        copy.set(f"{W}styleId", free)
        if f"{W}default" in copy.attrib:
            del copy.attrib[f"{W}default"]
        root.append(copy)
        for one in copy.iter():
            self._mapped(one, STYLES)
        return free

    def changed_styles(self) -> list[str]:
        """Take over how a style looks where only the plugin changed it; return their names."""
        names: list[str] = []
        ours = {name: number for number, name in self.ours.style_names.items()}
        base = {name: number for number, name in self.base.style_names.items()}
        for number, name in self.theirs.style_names.items():
            if name not in ours or name not in base:
                continue
            before, here = self.base.styles[base[name]], self.ours.styles[ours[name]]
            after = self.theirs.styles[number]
            was = _looks(self.base, before)
            if was == _looks(self.ours, here) and was != _looks(self.theirs, after):
                self._restyle(ours[name], after)
                names.append(name.partition(":")[2])
        return names

    def _restyle(self, number: str, style: etree._Element) -> None:
        root = self._whole(STYLES, "styles")
        for old in root.findall(f"{W}style"):
            if old.get(f"{W}styleId") == number:
                new = deepcopy(style)
                new.set(f"{W}styleId", number)
                for one in new.iter():
                    self._mapped(one, STYLES)
                root.replace(old, new)

    # --- numbering ---------------------------------------------------------------------------------------

    def _number(self, number: str) -> str:
        if number not in self._numbers:
            theirs = definition(self.theirs, number)
            if theirs is None:
                self._numbers[number] = "0"
            else:
                self._numbers[number] = self._known_number(number, theirs) or self._new_number(number)
        return self._numbers[number]

    def _known_number(self, number: str, theirs: str) -> str | None:
        """Find the centre's list that goes on as this one."""
        if definition(self.base, number) != theirs:
            return None
        if number in self._same_numbers:
            return self._same_numbers[number]
        return number if definition(self.ours, number) == theirs else None

    def _new_number(self, number: str) -> str:
        root = self._whole(NUMBERING, "numbering")
        source = self.theirs.tree(NUMBERING)
        assert source is not None
        num = next(one for one in source.findall(f"{W}num") if one.get(f"{W}numId") == number)
        link = num.find(f"{W}abstractNumId")
        abstract = _abstract(source, num)
        assert link is not None and abstract is not None
        free = str(_free(root, f"{W}abstractNum", f"{W}abstractNumId"))
        copy = deepcopy(abstract)
        copy.set(f"{W}abstractNumId", free)
        for one in list(copy.iter(f"{W}lvlPicBulletId", f"{W}nsid", f"{W}styleLink", f"{W}numStyleLink")):
            parent = one.getparent()
            if parent is not None:
                parent.remove(one)
        for one in copy.iter(f"{W}pStyle"):
            one.set(f"{W}val", self.style(one.get(f"{W}val", "")))
        root.insert(_after(root, f"{W}abstractNum"), copy)
        its = deepcopy(num)
        its.set(f"{W}numId", str(_free(root, f"{W}num", f"{W}numId")))
        its[0].set(f"{W}val", free)
        root.insert(_after(root, f"{W}num") or len(root), its)
        return its.get(f"{W}numId", "0")

    # --- links, pictures, headers ------------------------------------------------------------------------

    def _link(self, part: str, number: str) -> str:
        """Return the id in the centre's part of what one of the plugin's relations leads to."""
        if (part, number) not in self._links:
            relation = self.theirs.relations(part).get(number)
            here = self.parts.get(part, part)
            self._links[part, number] = self._linked(relation, here) if relation else number
        return self._links[part, number]

    def _linked(self, relation: Relation, here: str) -> str:
        target = relation.target if relation.is_outside else self._member(relation)
        root = self._relations(here)
        for one in root.iter(f"{RELATIONSHIPS}Relationship"):
            its = self._target(here, one)
            if (one.get("Type"), its) == (relation.kind, target):
                return one.get("Id", "")
        made = etree.SubElement(root, f"{RELATIONSHIPS}Relationship")
        made.set("Id", f"rIdP{_free_id(root)}")
        made.set("Type", relation.kind)
        made.set("Target", target if relation.is_outside else f"/{target}")
        if relation.is_outside:
            made.set("TargetMode", "External")
        self._touched.add(relations_of(here))
        return made.get("Id", "")

    @staticmethod
    def _target(part: str, one: etree._Element) -> str:
        target = one.get("Target", "")
        if one.get("TargetMode") == "External":
            return target
        if target.startswith("/"):
            return target[1:]
        return posixpath.normpath(posixpath.join(posixpath.dirname(part), target))

    def _relations(self, part: str) -> etree._Element:
        name = relations_of(part)
        root = self.tree(name, touch=False)
        if root is None:
            self.added[name] = b'<Relationships xmlns="' + RELATIONSHIPS[1:-1].encode() + b'"/>'
            root = self.tree(name, touch=False)
        assert root is not None
        return root

    def _member(self, relation: Relation) -> str:
        """Return where the target of a relation lies in the centre's file; what it lacks comes in."""
        name = relation.target
        if name in self.parts:
            return self.parts[name]
        body = self.theirs.package.members.get(name, b"")
        same = next((one for one, its in self.ours.package.members.items() if its == body), None)
        if same is not None and not name.endswith(".xml"):
            return same
        return self._new_member(name, body)

    def _new_member(self, name: str, body: bytes) -> str:
        stem, dot, suffix = name.rpartition(".")
        free, number = name, 0
        while free in self.ours.package.members or free in self.added:
            number += 1
            free = f"{stem}_{number}{dot}{suffix}"
        self.parts[name] = free
        self.added[free] = body
        self._typed(name, free)
        if name.endswith(".xml"):
            root = Package({name: body}).xml(name)
            self.added[free] = written(self.element(root, name))
        return free

    def _typed(self, name: str, free: str) -> None:
        """Say in the list of contents what a new member is."""
        source, root = self.theirs.tree(TYPES), self.tree(TYPES)
        assert source is not None and root is not None
        for one in source:
            if one.get("PartName") == f"/{name}":
                copy = deepcopy(one)
                copy.set("PartName", f"/{free}")
                root.append(copy)
        suffix = name.rpartition(".")[2]
        suffix = suffix.casefold()
        known = {(one.get("Extension") or "").casefold() for one in root}
        for one in source:
            if (one.get("Extension") or "").casefold() == suffix and suffix not in known:
                root.insert(0, deepcopy(one))

    def _whole(self, name: str, kind: str) -> etree._Element:
        """Return the styles, numbering or notes of the centre's file; a file without them gets them."""
        root = self.tree(name)
        if root is not None:
            return root
        source = self.theirs.tree(name)
        assert source is not None
        empty = deepcopy(source)
        for child in list(empty):
            empty.remove(child)
        self.added[name] = written(empty)
        types, links = self.tree(TYPES), self._relations(DOCUMENT)
        assert types is not None
        made = etree.SubElement(types, f"{_OF_TYPES}Override")
        made.set("PartName", f"/{name}")
        made.set("ContentType", f"{_WORD_TYPE}.{kind}+xml")
        link = etree.SubElement(links, f"{RELATIONSHIPS}Relationship")
        link.set("Id", f"rIdP{_free_id(links)}")
        link.set("Type", f"{_OFFICE}/{kind}")
        link.set("Target", posixpath.basename(name))
        self._touched.add(relations_of(DOCUMENT))
        root = self.tree(name)
        assert root is not None
        return root

    # --- notes -------------------------------------------------------------------------------------------

    def same_note(self, name: str, theirs: etree._Element, ours: etree._Element) -> None:
        """Learn which note of the centre's is which of the plugin's."""
        kind = posixpath.basename(name).removesuffix("s.xml")
        self._notes[kind, theirs.get(f"{W}id", "")] = ours.get(f"{W}id", "")

    def _note(self, kind: str, number: str) -> str:
        if (kind, number) in self._notes:
            return self._notes[kind, number]
        name = f"word/{kind}s.xml"
        source = self.theirs.tree(name)
        notes = [] if source is None else source.findall(f"{W}{kind}")
        root = self._whole(name, f"{kind}s") if notes else None
        if root is not None and not len(root):
            root.extend(deepcopy(one) for one in notes if one.get(f"{W}type"))
        for one in notes:
            if one.get(f"{W}id") == number and root is not None:
                copy = self.element(one, name)
                copy.set(f"{W}id", str(_free(root, f"{W}{kind}", f"{W}id")))
                root.append(copy)
                self._notes[kind, number] = copy.get(f"{W}id", "")
        return self._notes.get((kind, number), number)


def written(root: etree._Element) -> bytes:
    """Write a part as Word does."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def definition(side: Side, number: str) -> str | None:
    """Return how the list of a number looks, whatever its numbers are; None if there is none."""
    root = side.tree(NUMBERING)
    if root is None:
        return None
    num = next((one for one in root.findall(f"{W}num") if one.get(f"{W}numId") == number), None)
    abstract = _abstract(root, num) if num is not None else None
    if num is None or abstract is None:
        return None
    levels = [side.canon(one, NUMBERING) for one in abstract.findall(f"{W}lvl")]
    return "".join(levels + [side.canon(one, NUMBERING) for one in num.findall(f"{W}lvlOverride")])


def _abstract(root: etree._Element, num: etree._Element) -> etree._Element | None:
    link = num.find(f"{W}abstractNumId")
    wanted = link.get(f"{W}val") if link is not None else None
    return next((a for a in root.findall(f"{W}abstractNum") if a.get(f"{W}abstractNumId") == wanted), None)


def _same_numbers(base: Side, ours: Side) -> Iterator[tuple[str, str]]:
    """Tell which list of the base is which of the centre's: the one whose items read the same."""
    places: dict[str, str] = dict(_items(ours))
    votes: dict[str, Counter[str]] = {}
    for text, number in _items(base):
        if text in places:
            votes.setdefault(number, Counter())[places[text]] += 1
    for number, counted in votes.items():
        yield number, counted.most_common(1)[0][0]


def _items(side: Side) -> Iterator[tuple[str, str]]:
    root = side.tree(DOCUMENT)
    for paragraph in () if root is None else root.iter(PARAGRAPH):
        number = paragraph.find(f"{W}pPr/{W}numPr/{W}numId")
        text = visible_text(paragraph)
        if number is not None and text.strip():
            yield text, number.get(f"{W}val", "0")


def _looks(side: Side, style: etree._Element) -> str:
    """Return how a style looks: its properties and what it is based on, but not how Word lists it."""
    wanted = [f"{W}{name}" for name in ("basedOn", "pPr", "rPr", "tblPr", "trPr", "tcPr", "tblStylePr")]
    return "".join(side.canon(one, STYLES) for one in style if one.tag in wanted)


def _free(root: etree._Element, tag: str, name: str) -> int:
    numbers = [one.get(name, "") for one in root.findall(tag)]
    return max((int(one) for one in numbers if one.isdigit()), default=0) + 1


def _free_id(root: etree._Element) -> int:
    taken = {one.get("Id") for one in root}
    return next(number for number in range(1, len(taken) + 2) if f"rIdP{number}" not in taken)


def _after(root: etree._Element, tag: str) -> int:
    """Return the place after the last element of a sort."""
    found = root.findall(tag)
    return root.index(found[-1]) + 1 if found else 0


__all__ = ["NUMBERING", "STYLES", "Bring", "definition", "written"]
