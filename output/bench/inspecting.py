"""All that is wrong with a template, in one run and without data."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from lxml import etree

from ...core.errors import Refused
from ...core.findings import Finding
from ...core.i18n import tr
from ..hidden import RENDERED
from ..package import W
from ..readings import one_script
from ..sentences import sentence
from ..tags import TagPlace, visible_text
from ..template import Template
from .desk import Names, Sheet
from .edits import Draft, edit_of, words_of
from .paragraphs import cells_of, is_fallback, paragraphs

KEYWORDS = ("if", "elif", "else", "endif", "for", "endfor")
UNSEEN = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad"
_APART = re.compile(f"\\{{([{UNSEEN}]+)(?=[{{%#])|(?<=[}}%#])([{UNSEEN}]+)\\}}")
_HALF = re.compile(r"\{\{[^{}\n]*\}(?!\})|\{%[^{}%\n]*(?:\}|%(?!\}))")
_STRAY_BLOCK = re.compile(rf"[{{%]*\s*((?:(?:p|tr|tc|r) )?\s*(?:{'|'.join(KEYWORDS)})\b[^{{}}%]*)%?\}}?")
_SINGLE = re.compile(r"(?<![{%#])\{\s*([^\W\d]\w*)[^{}\n]{0,200}\}(?!\})")
_LOOP = re.compile(r"\bfor\s+(\w+)\s+in\b")
_PRINTED_BLOCK = re.compile(rf"\{{\{{((?:\s*)(?:{'|'.join(KEYWORDS)})\b[^{{}}]*)\}}\}}")
_BLOCK_OF_NAME = re.compile(r"\{%(\s*([^\W\d]\w*)[^{}]*)%\}")
_LIFTS = ("p ", "tr ", "tc ", "r ")
_SEQUELS = {
    "T-STRAY": ("T-UNSEEN",),
    "T-UNCLOSED": ("T-UNSEEN",),
    "T-LIFT-SPACE": ("T-UNSEEN",),
    "T-SYNTAX": ("T-INSIDE",),
    "W-CHANGES": ("T-TRACKED", "W-TRACKED", "W-DELETED"),
}
_MAY_FOLLOW = frozenset(
    {"T-OPTIONAL", "T-DEPTH", "T-OPEN", "T-NOT-OPEN", "T-CROSSED", "T-SYNTAX", "T-NAME", "T-LOOKALIKE"}
)
_UNFIT = frozenset({"T-FILTER", "T-FILTER-FEW", "T-ARGUMENT", "T-NUMBER", "T-SYNTAX"})
_NOT_LIFTED = frozenset({"T-BESIDE", "T-NO-HOME", "T-SECTION"})
_ORDER = {"document": 0, "header": 1, "footer": 2, "footnotes": 3, "endnotes": 4}
_AROUND = 40

_Key = tuple[str, str | None, int | None, int | None, int | None]


class Inspection:
    """A template looked through: all that was found, and the paragraphs in which it stands."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.file = sheet.path.name
        self.tags = 0
        self.template: Template | None = None
        self._lines: dict[str, list[tuple[TagPlace, str]]] = {}
        self._copies: set[tuple[str | None, int | None]] = set()
        self.findings = self._look()

    def text(self, finding: Finding) -> str | None:
        """Return the visible text of the paragraph that a finding stands in."""
        lines = self._lines.get(finding.place.part or "", [])
        number = finding.place.paragraph or 0
        return lines[number - 1][1] if 0 < number <= len(lines) else None

    def twins(self, finding: Finding) -> list[int]:
        """Return the numbers of a finding's paragraph and of the copy of its text box for old Word."""
        part, number = finding.place.part or "", finding.place.paragraph or 0
        text = self.text(finding)
        copies = [n for name, n in self._copies if name == part and n is not None]
        return [number, *(n for n in copies if n != number and self._lines[part][n - 1][1] == text)]

    def known(self) -> set[str]:
        """Return every name that the template could mean: of fields, filters, values and its own loops."""
        names = {name for one in self._choices() for name in one.every()} if self.template else set()
        texts = "\n".join(text for lines in self._lines.values() for _, text in lines)
        return names | set(self.sheet.language.filters) | set(_LOOP.findall(texts))

    # --- looking -----------------------------------------------------------------------------------------

    def _look(self) -> list[Finding]:
        try:
            self.template = Template.open(self.sheet.path)
        except Refused as refused:
            return list(refused.findings)
        self._read_lines(self.template)
        self.tags = sum(len(part.tags) for part in self.template.parts)
        found = [*self._checked(self.template)]
        found = [self._closer(one) for one in found]
        return self._without_sequels(self._put_in_order(found))

    def _checked(self, template: Template) -> Iterator[Finding]:
        for names in self._choices():
            yield from template.check(self.sheet.language, names.vocabulary, names.local)

    def _choices(self) -> Iterator[Names]:
        """Return the names of each programme; of an unknown document, those that fit the template best."""
        for choices in self.sheet.names():
            yield min(choices, key=self._faults)

    def _faults(self, names: Names) -> int:
        assert self.template is not None
        return len(self.template.check(self.sheet.language, names.vocabulary, names.local))

    def _read_lines(self, template: Template) -> None:
        for name in template.package.members:
            if RENDERED.fullmatch(name) or name == "word/comments.xml":
                root = template.package.xml(name)
                cells, lines = cells_of(root), self._lines.setdefault(name, [])
                for number, one in enumerate(paragraphs(root), start=1):
                    place = TagPlace(name, number, 0, 0, *cells.get(one, (None, None, None)))
                    lines.append((place, visible_text(one)))
                    if is_fallback(one):
                        self._copies.add((name, number))

    # --- braces ---------------------------------------------------------------------------------------------

    def _closer(self, one: Finding) -> Finding:
        """Say where a tag that was not closed ends, as far as one can tell, and what was meant."""
        if one.id in ("T-NAME", "T-LOOKALIKE", "T-KEYWORD", "T-SYNTAX"):
            return self._other_braces(self._outside(one))
        return one

    def _outside(self, one: Finding) -> Finding:
        """Say of a loop's own name that it is not known after the loop."""
        name = words_of(one, self.text(one))
        if one.id != "T-NAME" or name not in self._looped(one.place.part):
            return one
        message, cure = sentence("T-OUTSIDE")
        return replace(one, id="T-OUTSIDE", message=message.format(name=name), cure=cure, suggestion=None)

    def _looped(self, part: str | None) -> set[str]:
        texts = (text for _, text in self._lines.get(part or "", []))
        return {name for text in texts for name in _LOOP.findall(text)}

    def _other_braces(self, one: Finding) -> Finding:
        """Say of a tag in the braces of the other kind how it is written."""
        words, text = one.place.text or "", self.text(one) or ""
        block, print_ = _PRINTED_BLOCK.fullmatch(words), _BLOCK_OF_NAME.fullmatch(words)
        if block:
            near = f"{{% {block[1].strip()} %}}"
        elif print_ and print_[2] in self._roots():
            near = f"{{{{ {print_[1].strip()} }}}}"
        else:
            return one
        start = text.rfind(words, 0, (one.place.start or 0) + len(words))
        message, cure = sentence("T-WRONG-BRACES")
        place = replace(one.place, start=start, end=start + len(words)) if start >= 0 else one.place
        said = message.format(name=words)
        return replace(one, id="T-WRONG-BRACES", message=said, cure=cure, suggestion=near, place=place)

    def _roots(self) -> set[str]:
        names = next(self._choices())
        return {*names.vocabulary.roots, *names.vocabulary.aliases, *names.local}

    # --- order -------------------------------------------------------------------------------------------

    def _without_sequels(self, found: list[Finding]) -> list[Finding]:
        """Leave out what only follows from another fault, which is told."""
        here = {(one.id, *_paragraph_of(one)) for one in found}
        unlifted = {one.place.part for one in found if one.id in _NOT_LIFTED}
        opened = {one.place.part for one in found if one.id == "T-OPEN"}
        bare = {(one.place.text, *_paragraph_of(one)) for one in found if one.id in ("T-UNCLOSED", "T-STRAY")}
        homeless = {(one.place.text, *_paragraph_of(one)) for one in found if one.id == "T-NO-HOME"}
        unfit = {(one.place.text, *_paragraph_of(one)) for one in found if one.id in _UNFIT}

        def follows(one: Finding) -> bool:
            place = _paragraph_of(one)
            if one.id not in ("T-UNCLOSED", "T-STRAY") and (one.place.text, *place) in bare:
                return True
            if one.id == "T-LOOKALIKE" and one.suggestion and one_script(one.suggestion) is not None:
                return True  # the name is right here; where the loop gives it, it is not
            if one.id in ("T-OPEN", "T-NOT-OPEN") and (one.place.text, *place) in homeless:
                return True
            if one.id == "T-DEPTH":  # a tag that lifts nothing stands deeper than it was meant to
                return one.place.part in unlifted
            if one.id == "T-CROSSED":  # what is never closed is crossed by all that closes after it
                return one.place.part in opened
            if one.id in ("T-LIST", "T-RECORD", "T-OPTIONAL") and (one.place.text, *place) in unfit:
                return True
            return any((code, *place) in here for code in _SEQUELS.get(one.id, ()))

        kept = [one for one in found if not follows(one)]
        return kept if len(kept) < 2 else self._without_what_mends_itself(kept)

    def _without_what_mends_itself(self, found: list[Finding]) -> list[Finding]:
        """Leave out faults that are gone once the others are mended as they say."""
        assert self.template is not None
        edits = [edit_of(one, self.text(one)) for one in found]
        draft = Draft(self.template.package)
        if not draft.write(one for one in edits if one is not None):
            return found
        with tempfile.TemporaryDirectory(prefix="papka-") as folder:
            path = Path(folder) / self.sheet.path.name
            path.write_bytes(draft.content())
            left = {(one.id, _paragraph_of(one)) for one in self._checked(Template.open(path))}
        return [
            one
            for one, edit in zip(found, edits, strict=True)
            if edit is not None or one.id not in _MAY_FOLLOW or (one.id, _paragraph_of(one)) in left
        ]

    def _put_in_order(self, found: Iterable[Finding]) -> list[Finding]:
        """Leave out what is told twice, add where a person should look, and sort by place."""
        found = list(found)
        kept: dict[_Key, Finding] = {}
        texts = {self.text(one) for one in found if _paragraph_of(one) not in self._copies}
        for one in found:
            if _paragraph_of(one) in self._copies and self.text(one) in texts:
                continue
            key = _key(one)
            if key not in kept or (kept[key].suggestion is None and one.suggestion):
                kept[key] = replace(one, place=replace(one.place, words=where(one, self.text(one))))
        return sorted(kept.values(), key=_by_place)


def _key(one: Finding) -> _Key:
    place = one.place
    return one.id, place.part, place.paragraph, place.start, place.end


def _paragraph_of(one: Finding) -> tuple[str | None, int | None]:
    return one.place.part, one.place.paragraph


def _by_place(one: Finding) -> tuple[int, str, int, int]:
    place = one.place
    name = (place.part or "").rpartition("/")[2].removesuffix(".xml")
    kind = _ORDER.get(name.rstrip("0123456789"), 9)
    return kind, name, place.paragraph or 0, place.start or 0


def where(finding: Finding, text: str | None) -> str | None:
    """Say where something stands as a person would look for it in Word."""
    place = finding.place
    if place.part is None:
        return None
    said = [words for words in (_part_words(place.part),) if words]
    if place.table is not None:
        words = tr("table {table}, row {row}, cell {cell}")
        said.append(words.format(table=place.table, row=place.row, cell=place.cell))
    if place.paragraph:
        said.append(tr("paragraph {number}").format(number=place.paragraph))
    shown = _beginning(text)
    return ", ".join(said) + (f" ({shown})" if shown else "") or None


def _beginning(text: str | None) -> str:
    words = " ".join((text or "").split())
    if not words:
        return ""
    return f"«{words[:_AROUND].rstrip()}…»" if len(words) > _AROUND else f"«{words}»"


def _part_words(part: str) -> str:
    name = part.rpartition("/")[2].removesuffix(".xml")
    kind, number = name.rstrip("0123456789"), name[len(name.rstrip("0123456789")) :]
    kinds = {
        "document": "",
        "header": tr("header {number}"),
        "footer": tr("footer {number}"),
        "footnotes": tr("footnotes"),
        "endnotes": tr("endnotes"),
        "comments": tr("Word comments"),
        "chart": tr("chart {number}"),
        "data": tr("drawing {number}"),
    }
    return kinds.get(kind, name).format(number=number).strip()


def body_paragraph(root: etree._Element) -> etree._Element | None:
    """Return the first paragraph of the text itself that is in no text box."""
    for paragraph in root.iter(f"{W}p"):
        if next(paragraph.iterancestors(f"{W}txbxContent"), None) is None:
            return paragraph
    return None
