"""A paper drawn with marks: which paragraph of the template each of its paragraphs is, and what it looks at.

The template is compiled by the ordinary compiler with a number on each of its paragraphs, and filled in by
the ordinary machinery. The numbers are read off what was drawn.
"""

from __future__ import annotations

import marshal
import re
import sys
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jinja2
from lxml import etree

from ...core import kept
from ...core.expressions import Environment, Language
from ...core.facts import Record
from ..compiling import compile_part
from ..filling import _Filling
from ..levels import word_of
from ..lists import lists_of_styles
from ..package import W, parse
from ..ready import Ready, ReadyPart, as_bytes, recalled
from ..tags import Tag
from ..template import Template, _ready_part

MARK = "papka-p"
_MARK = re.compile(f' {MARK}="(\\d+)"')
_STEP = re.compile(f'{MARK}="(\\d+)"|(\n)|(</\\w+:p>)')

Plain = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """What is known of a tag.

    Attributes:
        paragraph: Where it stands in Word.
        word: ``if``, ``elif``, ``else``, ``for`` and their ends, or nothing for a value.
        inside: The paragraph that it is drawn in; 0 if it stands between paragraphs when it is drawn.
    """

    text: str
    paragraph: int
    word: str
    inside: int


@dataclass(frozen=True, slots=True)
class Notes:
    """What is known of one part of a template.

    Attributes:
        around: For each paragraph, the branches that it stands in, the outer ones first; each is the tags
            that are asked before it is drawn: of an ``else`` the ``if`` before it too.
    """

    tags: tuple[Note, ...]
    around: Mapping[int, tuple[tuple[int, ...], ...]]


@dataclass(frozen=True, slots=True)
class Marked:
    """A template whose paragraphs have numbers, ready to be filled in."""

    ready: Ready
    notes: Mapping[str, Notes]


_in_memory: dict[str, Marked] = {}


def marked_template(path: Path, language: Language) -> Marked:
    """Return a template with its paragraphs numbered: remembered, or compiled.

    It has to have been found right before, as `ready_template` does.
    """
    key = kept.key_of("marked template", path.name, path.read_bytes(), language.names)
    found = _in_memory.get(key) or _recalled(path.name, kept.recall(key))
    if found is None:
        found = _made(Template.open(path), language)
        kept.keep(key, _as_bytes(found))
    if len(_in_memory) > 100:
        _in_memory.clear()
    _in_memory[key] = found
    return found


def _as_bytes(marked: Marked) -> bytes:
    notes = {
        name: (
            [(tag.text, tag.paragraph, tag.word, tag.inside) for tag in one.tags],
            [(number, list(map(list, around))) for number, around in one.around.items()],
        )
        for name, one in marked.notes.items()
    }
    return marshal.dumps((as_bytes(marked.ready), notes))


def _recalled(name: str, content: bytes | None) -> Marked | None:
    if content is None:
        return None
    body, plain = marshal.loads(content)
    ready = recalled(name, body)
    assert ready is not None
    notes = {
        part: Notes(
            tuple(Note(*tag) for tag in tags),
            {number: tuple(map(tuple, around)) for number, around in known},
        )
        for part, (tags, known) in plain.items()
    }
    return Marked(ready, notes)


def _made(template: Template, language: Language) -> Marked:
    styles = template.package.members.get("word/styles.xml")
    numbered = lists_of_styles(parse(styles, "word/styles.xml")) if styles else {}
    environment = language.environment()
    parts: list[ReadyPart] = []
    notes: dict[str, Notes] = {}
    for known in template.parts:
        root = template.package.xml(known.name)
        for number, paragraph in enumerate(root.iter(f"{W}p"), start=1):
            paragraph.set(MARK, str(number))
        compiled = compile_part(root, known.name, numbered)
        # Nothing is proven by it that was not proven when the paper was drawn: it wants no second reading.
        compiled.reading = ""
        parts.append(_ready_part(compiled, environment))
        notes[known.name] = _notes(compiled.source, compiled.tags)
    return Marked(Ready(template.path.name, template.digest, template.package, tuple(parts)), notes)


def _notes(source: str, tags: Sequence[Tag]) -> Notes:
    """Go through a compiled part in order: each tag has one line break in it, each paragraph its number."""
    found: list[Note] = []
    around: dict[int, tuple[tuple[int, ...], ...]] = {}
    open_blocks: list[tuple[int, ...]] = []
    paragraphs: list[int] = []
    for step in _STEP.finditer(source):
        if step[1]:
            paragraphs.append(int(step[1]))
            around[int(step[1])] = tuple(open_blocks)
        elif step[2]:
            number, tag = len(found), tags[len(found)]
            word = word_of(tag)
            _follow(open_blocks, word, number)
            inside = paragraphs[-1] if paragraphs else 0
            found.append(Note(tag.text, tag.place.paragraph, word, inside))
        elif paragraphs:
            paragraphs.pop()
    return Notes(tuple(found), around)


def _follow(open_blocks: list[tuple[int, ...]], word: str, number: int) -> None:
    if word in ("if", "for"):
        open_blocks.append((number,))
    elif word in ("elif", "else") and open_blocks:
        open_blocks[-1] = (*open_blocks[-1], number)
    elif word in ("endif", "endfor") and open_blocks:
        open_blocks.pop()


# --- drawing ---------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Drawn:
    """One paragraph as it was drawn.

    Attributes:
        paragraph: Its number in the template; 0: papka put it there.
        text: Its words.
        prints: What it looks at while its words are drawn, by tag.
        asked: What was looked at to let it in, by tag.
    """

    paragraph: int
    text: str = ""
    prints: dict[int, list[tuple[int, str]]] = field(default_factory=dict)
    asked: dict[int, list[tuple[int, str]]] = field(default_factory=dict)


@dataclass(slots=True)
class Page:
    """One part of a paper as it was drawn: its bytes without marks, and its paragraphs in order."""

    body: bytes
    paragraphs: list[Drawn]


class Traced(_Filling):
    """Fills a marked template in, and listens to what each tag looks at."""

    def __init__(self, marked: Marked, language: Language, context: Mapping[str, object]) -> None:
        super().__init__(marked.ready, language, context)
        self._notes = marked.notes
        self._known = Notes((), {})
        self._made: list[Drawn] = []
        self._all: dict[str, list[Drawn]] = {}
        self._asked: dict[int, list[tuple[int, str]]] = {}
        self._last: dict[int, int] = {}
        self._running: Any = None
        self._lines: dict[int, int] = {}
        self._starts: list[int] = []
        self._tags: list[int] = []

    def pages(self) -> dict[str, Page]:
        """Draw the paper and return its parts."""
        found = {}
        for name, body in self.draw(proven=False).items():
            if name in self._all:
                paragraphs = list(_paragraphs(body, self._all[name]))
                found[name] = Page(_MARK.sub("", body.decode("utf-8")).encode("utf-8"), paragraphs)
        return found

    def _drawn(self, part: ReadyPart) -> tuple[list[str], bool]:
        self._known = self._notes[part.name]
        self._made, self._asked, self._last, self._lines = [], {}, {}, {}
        self._all[part.name] = self._made
        return super()._drawn(part)

    def _run(self, compiled: jinja2.Template) -> list[str]:
        # Each begins where a line of the source, and so a tag, has become Python.
        known = sorted((python, line - 2) for line, python in compiled.debug_info)
        self._starts, self._tags = [one[0] for one in known], [one[1] for one in known]
        self._running = compiled.root_render_func(compiled.new_context(self.context))
        pieces = [_MARK.sub(self._begin, piece) for piece in self._running]
        self._running = None
        return pieces

    def _begin(self, found: re.Match[str]) -> str:
        """Begin a paragraph; in place of the template's number it gets one of its own."""
        paragraph = int(found[1])
        drawn = Drawn(paragraph)
        for branch in self._known.around.get(paragraph, ()):
            for tag in branch:
                if tag in self._asked:
                    drawn.asked[tag] = list(self._asked[tag])
        self._made.append(drawn)
        return f' {MARK}="{len(self._made) - 1}"'

    def heard(self, record: Record, name: str) -> None:
        """Note that a record was asked for a field by the tag that is being drawn."""
        frame = self._running.gi_frame if self._running is not None else None
        if frame is None:
            return
        read = id(record), name
        number = self._tag_at(frame.f_lineno)
        if not 0 <= number < len(self._known.tags):
            return
        tag = self._known.tags[number]
        if tag.word:
            # A test that begins anew, as in the next turn of a loop, forgets what it has looked at before.
            # One place of its code asks one field; only a filter asks many things at one place.
            caller = sys._getframe(2)
            is_plain = caller.f_code is Environment.getattr.__code__ and caller.f_back is frame
            last = self._last.get(number, -1)
            if frame.f_lasti < last or (frame.f_lasti == last and is_plain):
                self._asked[number] = []
            self._last[number] = frame.f_lasti
            self._asked.setdefault(number, []).append(read)
        if self._made and (not tag.word or tag.inside == self._made[-1].paragraph):
            self._made[-1].prints.setdefault(number, []).append(read)

    def _tag_at(self, line: int) -> int:
        if line not in self._lines:
            at = bisect_right(self._starts, line) - 1
            self._lines[line] = self._tags[at] if at >= 0 else -1
        return self._lines[line]


def _paragraphs(body: bytes, made: Sequence[Drawn]) -> Iterator[Drawn]:
    """Go through the paragraphs as they are written; what a value has split stays with its paragraph."""
    last: Drawn | None = None
    for text, mark in texts(etree.fromstring(body)):
        if mark is not None:
            last = made[int(mark)]
            last.text = text
            yield last
        elif last is not None and text.strip():
            yield Drawn(last.paragraph, text, last.prints, last.asked)
        else:
            yield Drawn(0, text)


_SHOWN = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
_TEXTS = frozenset({f"{W}t", "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"})


def texts(root: etree._Element) -> Iterator[tuple[str, str | None]]:
    """Go through the paragraphs of a part: the words of each, and its mark if it has one."""
    for paragraph in root.iter(f"{W}p"):
        pieces: list[str] = []
        stack = list(reversed(paragraph))
        while stack:
            element = stack.pop()
            if element.tag in _TEXTS:
                pieces.append(element.text or "")
            elif element.tag in _SHOWN:
                parent = element.getparent()
                if parent is not None and parent.tag == f"{W}r":
                    pieces.append(_SHOWN[str(element.tag)])
            elif element.tag != f"{W}p" and isinstance(element.tag, str):
                stack.extend(reversed(element))
        yield "".join(pieces), paragraph.get(MARK)
