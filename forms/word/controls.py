"""Word's own controls: each with a tag and a bookmark around it, for not every editor keeps the tag."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Protocol
from xml.sax.saxutils import escape, quoteattr

from pydantic import TypeAdapter, ValidationError

from ...core.contract.values import Day
from ..shown import Asked
from .keys import OTHERS, key_of, mark_of, tag_of
from .values import labels, prompt_for_others, prompts

_DAY: TypeAdapter[object] = TypeAdapter(Day)
_BOX = 'w:ascii="MS Gothic" w:hAnsi="MS Gothic" w:eastAsia="MS Gothic"'
_GREY = '<w:rStyle w:val="PlaceholderText"/><w:color w:val="808080"/>'
CHECKED, UNCHECKED = "☒", "☐"


class Surface(Protocol):
    """How the fields of a form are drawn: as controls, as places for widgets, or as lines for a pen."""

    writes: bool
    """Whether the paper is written on by hand: a choice then shows all it may be."""

    def field(self, asked: Asked, text: str, size: tuple[int, int], *, small: bool = False) -> str:
        """Draw a field; its size is in twentieths of a point, and it is small in a table."""

    def others(self, asked: Asked, text: str, size: tuple[int, int]) -> str:
        """Draw the line beside check boxes on which more may be written."""

    def box(self, asked: Asked, code: str, *, checked: bool) -> str:
        """Draw a check box."""

    def repeated(self, name: str, title: str, items: Iterable[str]) -> str:
        """Draw the items of a list."""


def runs(text: str, look: str = "") -> str:
    """Write a text as runs: its line breaks and tabs are Word's."""
    pieces = []
    for piece in re.split("([\n\t])", text):
        if piece in ("\n", "\t"):
            pieces.append("<w:br/>" if piece == "\n" else "<w:tab/>")
        elif piece:
            pieces.append(f'<w:t xml:space="preserve">{escape(piece)}</w:t>')
    return f"<w:r>{f'<w:rPr>{look}</w:rPr>' if look else ''}{''.join(pieces)}</w:r>"


class Controls:
    """Draws content controls, for a word processor that checks a language."""

    writes = False

    def __init__(self, language: str) -> None:
        self._language = language
        self._last = 100

    def field(self, asked: Asked, text: str, size: tuple[int, int], *, small: bool = False) -> str:
        """Draw the control of a field."""
        prompt = prompts(asked.on_paper)[asked.kind]
        return self._control(key_of(asked.place), asked.label, self._kind(asked, text), text, prompt)

    def others(self, asked: Asked, text: str, size: tuple[int, int]) -> str:
        """Draw the text control beside check boxes."""
        key = key_of(asked.place, OTHERS)
        prompt = prompt_for_others(asked.on_paper)
        return self._control(key, asked.label, '<w:text w:multiLine="1"/>', text, prompt)

    def box(self, asked: Asked, code: str, *, checked: bool) -> str:
        """Draw a check box."""
        state = (
            f'<w14:checkbox><w14:checked w14:val="{int(checked)}"/>'
            '<w14:checkedState w14:val="2612" w14:font="MS Gothic"/>'
            '<w14:uncheckedState w14:val="2610" w14:font="MS Gothic"/></w14:checkbox>'
        )
        content = runs(CHECKED if checked else UNCHECKED, f"<w:rFonts {_BOX}/>")
        return self._marked(key_of(asked.place, code), labels(asked)[code], state, content)

    def repeated(self, name: str, title: str, items: Iterable[str]) -> str:
        """Draw a section to which Word's «+» adds an item."""
        drawn = "".join(
            f'<w:sdt><w:sdtPr><w:id w:val="{self._next()}"/><w15:repeatingSectionItem/></w:sdtPr>'
            f"<w:sdtContent>{one}</w:sdtContent></w:sdt>"
            for one in items
        )
        title = quoteattr(title)
        return (
            f'<w:sdt><w:sdtPr><w:alias w:val={title}/><w:tag w:val="{name}"/><w:id w:val="{self._next()}"/>'
            f"<w15:repeatingSection><w15:sectionTitle w15:val={title}/></w15:repeatingSection></w:sdtPr>"
            f"<w:sdtContent>{drawn}</w:sdtContent></w:sdt>"
        )

    def _control(self, key: str, title: str, kind: str, text: str, prompt: str) -> str:
        if text:
            return self._marked(key, title, kind, runs(text))
        content = runs(prompt, _GREY)
        return self._marked(key, title, f"<w:showingPlcHdr/>{kind}", content)

    def _marked(self, key: str, title: str, kind: str, content: str) -> str:
        mark, control = self._next(), self._next()
        return (
            f'<w:bookmarkStart w:id="{mark}" w:name="{mark_of(key)}"/>'
            f"<w:sdt><w:sdtPr><w:alias w:val={quoteattr(title[:64])}/><w:tag w:val={quoteattr(tag_of(key))}/>"
            f'<w:id w:val="{control}"/>{kind}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>'
            f'<w:bookmarkEnd w:id="{mark}"/>'
        )

    def _kind(self, asked: Asked, text: str) -> str:
        prompt = prompts(asked.on_paper).get(asked.kind, "")
        if asked.kind == "date":
            return _date(text, self._language)
        if asked.kind == "yes_no":
            return _list("dropDownList", [(one, one) for _, one in asked.yes_and_no], prompt)
        if asked.kind == "choice":
            # Who or what is chosen may be written by name: perhaps it comes into being on this very paper.
            element = "comboBox" if by_name(asked) else "dropDownList"
            return _list(element, list(labels(asked).items()), prompt)
        return '<w:text w:multiLine="1"/>'

    def _next(self) -> int:
        self._last += 1
        return self._last


def by_name(asked: Asked) -> bool:
    """Tell whether a choice means somebody or something of the case, so that a name may be written too."""
    return asked.refers not in (None, "level")


def _list(element: str, choices: list[tuple[str, str]], prompt: str) -> str:
    items = "".join(
        f"<w:listItem w:displayText={quoteattr(label)} w:value={quoteattr(code)}/>" for code, label in choices
    )
    empty = f"<w:listItem w:displayText={quoteattr(prompt)} w:value={quoteattr(prompt)}/>"
    return f"<w:{element}>{empty}{items}</w:{element}>"


def _date(text: str, language: str) -> str:
    try:
        full = f' w:fullDate="{_DAY.validate_python(text)}T00:00:00Z"' if text else ""
    except ValidationError:
        full = ""
    return (
        f'<w:date{full}><w:dateFormat w:val="dd.MM.yyyy"/><w:lid w:val="{language}"/>'
        '<w:storeMappedDataAs w:val="date"/><w:calendar w:val="gregorian"/></w:date>'
    )
