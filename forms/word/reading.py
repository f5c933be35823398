"""What stands in the controls of a form that came back, in Word's words: no case is known here yet.

Word cuts texts into runs, adds items, marks prompts; LibreOffice 7 drops tags and keeps bookmarks. A control
is known by its tag, else by the bookmark around it. What stands outside all controls is kept apart: somebody
wrote it there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256

from lxml import etree

from ...output.letters import DELETED, letters_of
from ...output.package import Package, W
from .parts import passport_in
from .passport import Passport

_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_W15 = "{http://schemas.microsoft.com/office/word/2012/wordml}"
BODY = "word/document.xml"


@dataclass
class Control:
    """One control as it was found.

    Attributes:
        names: Its tag and its bookmark, those that are left.
        title: Its label, as far as the file still says it.
        within: The items of lists that it stands in, from the outside; each has a number of its own.
        paragraph: Where it begins, counted from 1.
    """

    names: list[str]
    title: str
    within: tuple[int, ...]
    paragraph: int
    lines: dict[int, str] = field(default_factory=dict)
    checked: bool | None = None

    @property
    def text(self) -> str:
        """What stands in it."""
        return "\n".join(self.lines.values())


@dataclass
class Written:
    """A form that came back.

    Attributes:
        outside: What stands outside controls and is none of the form's own words: paragraph and text.
    """

    passport: Passport | None
    controls: list[Control]
    outside: list[tuple[int, str]]


def written_in(package: Package) -> Written:
    """Read a form's Word file."""
    passport = passport_in(package)
    walk = _Walk(package.xml(BODY))
    own = set(passport.own) if passport else set()
    outside = [
        (number, text.strip())
        for number, text in walk.outside.items()
        if text.strip() and _hash(text) not in own
    ]
    return Written(passport, walk.controls, outside)


def own_words(root: etree._Element) -> list[str]:
    """Return the hashes of what a form itself says in its paragraphs."""
    return sorted({_hash(text) for text in _Walk(root).outside.values() if text.strip()})


def _hash(text: str) -> str:
    return sha256("".join(text.split()).encode()).hexdigest()[:12]


class _Walk:
    """One way through the text, from the first paragraph to the last."""

    def __init__(self, root: etree._Element) -> None:
        self.controls: list[Control] = []
        self.outside: dict[int, str] = {}
        self._numbers = {one: number for number, one in enumerate(root.iter(f"{W}p"), 1)}
        self._items = 0
        self._open: dict[str, Control] = {}
        self._paragraph = 0
        self._walk(root, (), None)

    def _walk(self, element: etree._Element, within: tuple[int, ...], control: Control | None) -> None:
        if element.tag in DELETED:
            return
        if element.tag == f"{W}sdt":
            within, control = self._entered(element, within, control)
        elif element.tag == f"{W}p":
            self._paragraph = self._numbers[element]
            self.outside.setdefault(self._paragraph, "")
        elif element.tag == f"{W}bookmarkStart":
            self._begin(element, within)
        elif element.tag == f"{W}bookmarkEnd":
            self._open.pop(element.get(f"{W}id") or "", None)
        elif element.tag == f"{W}r":
            self._say("".join(letter.sign for letter in letters_of(element)), control)
            return
        elif element.tag == f"{W}sdtPr":
            return
        for child in element:
            if isinstance(child.tag, str):
                self._walk(child, within, control)

    def _begin(self, mark: etree._Element, within: tuple[int, ...]) -> None:
        name = mark.get(f"{W}name") or ""
        if name.startswith("p_"):
            found = Control([name], "", within, self._paragraph)
            self._open[mark.get(f"{W}id") or ""] = found
            self.controls.append(found)

    def _entered(
        self, element: etree._Element, within: tuple[int, ...], control: Control | None
    ) -> tuple[tuple[int, ...], Control | None]:
        properties = element.find(f"{W}sdtPr")
        if properties is None:
            return within, control
        if properties.find(f"{_W15}repeatingSectionItem") is not None:
            self._items += 1
            return (*within, self._items), control
        tag, title = _said(properties, "tag"), _said(properties, "alias")
        marked = next(reversed(self._open.values()), None)
        if tag and not tag.startswith(("list:", "rows:")):
            # The bookmark around it means the same field: it is one control.
            if marked is None or len(marked.names) > 1 or marked.lines:
                marked = Control([], title, within, self._paragraph)
                self.controls.append(marked)
            marked.names.insert(0, tag)
        found = marked or control
        if found is not None:
            found.title = found.title or title
            state = properties.find(f"{_W14}checkbox/{_W14}checked")
            if state is not None:
                found.checked = state.get(f"{_W14}val") in ("1", "true", "on")
        return within, found

    def _say(self, text: str, control: Control | None) -> None:
        found = control or next(reversed(self._open.values()), None)
        if found is None:
            self.outside[self._paragraph] = self.outside.get(self._paragraph, "") + text
        else:
            found.lines[self._paragraph] = found.lines.get(self._paragraph, "") + text


def _said(properties: etree._Element, name: str) -> str:
    found = properties.find(f"{W}{name}")
    return (found.get(f"{W}val") or "") if found is not None else ""


def titles(controls: list[Control]) -> Iterator[str]:
    """Return the labels of controls, each once."""
    yield from dict.fromkeys(one.title or one.names[0] for one in controls)
