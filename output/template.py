"""A template: the Word file that a methodologist edits, compiled once into what can be rendered many times.

docxtpl's own preparation turns the XML of each part into Jinja; from there on nothing of docxtpl runs. Every
part is rendered once, in an environment that answers from plain data only, and is parsed strictly again.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import jinja2
from lxml import etree
from markupsafe import Markup, escape

from ..core.errors import Refused
from ..core.expressions import Environment, ExpressionError, Language
from ..core.findings import Finding, Place
from ..core.i18n import tr
from ..core.typecheck import Checker, Fault, Seen
from ..core.vocabulary import Type, Vocabulary
from .package import Package, PackageFault, W, open_package

_RENDERED = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml")
_TAG = re.compile(r"\{\{|\{%|\{#")
_LINE_BREAK = '</w:t><w:br/><w:t xml:space="preserve">'


@dataclass(frozen=True)
class Part:
    """One part of a template that holds tags."""

    name: str
    source: str


@dataclass(frozen=True)
class Template:
    """A template that was opened and prepared.

    Attributes:
        digest: SHA-256 of the file.
    """

    path: Path
    digest: str
    package: Package
    parts: tuple[Part, ...]

    @classmethod
    def open(cls, path: Path) -> Template:
        """Open a template file.

        Raises:
            Refused: The file is no template that papka can use; the finding says why.
        """
        try:
            return _prepared(path, path.read_bytes())
        except OSError as error:
            raise _refused(path, "D-OPEN", tr("The template cannot be opened.")) from error
        except PackageFault as fault:
            raise _refused(path, fault.code, str(fault)) from fault

    def check(self, language: Language, vocabulary: Vocabulary, local: Mapping[str, Type]) -> list[Finding]:
        """Hold every tag against the vocabulary.

        Args:
            local: Names that this document type adds, such as the plan that an individual plan is made for.
        """
        found: list[Finding] = []
        for part in self.parts:
            found += self._check_part(part, language, vocabulary, local)
        return found

    def _check_part(
        self, part: Part, language: Language, vocabulary: Vocabulary, local: Mapping[str, Type]
    ) -> list[Finding]:
        try:
            tree = language.environment().parse(part.source)
        except jinja2.TemplateSyntaxError as error:
            message = tr("A tag cannot be read: {reason}").format(reason=error.message)
            return [
                _finding("T-SYNTAX", message, tr("Compare it with a tag that works."), self._place(part, ""))
            ]
        except ExpressionError as error:
            message = tr("This is not part of the language: {what}.").format(what=error.name or error.code)
            cure = tr("Use fields, comparisons and filters only.")
            return [_finding(error.code, message, cure, self._place(part, error.name or ""))]
        checker = Checker(
            vocabulary, language.filters, {name: Seen(kind, "this paper's") for name, kind in local.items()}
        )
        return [self._told(part, fault) for fault in checker.template(tree)]

    def _told(self, part: Part, fault: Fault) -> Finding:
        message, cure = _SENTENCES.get(fault.code, ("{name} cannot be right.", "Correct the tag."))
        return Finding(
            fault.code,
            "error",
            tr(message).format(name=fault.name),
            tr(cure),
            fault.suggestion,
            self._place(part, fault.name),
        )

    def _place(self, part: Part, words: str) -> Place:
        paragraph = _paragraph_with(self.package.xml(part.name), words) if words else None
        where = f"{part.name}: {paragraph}" if paragraph else part.name
        return Place(self.path.name, path=where)


_SENTENCES = {
    "T-NAME": ("There is no field {name}.", "Correct the name."),
    "T-LOOKALIKE": ("{name} mixes Russian and Latin letters that look alike.", "Type the name anew."),
    "T-LIST": ("{name} is a list.", "Go through it with a loop, or add |перечень."),
    "T-RECORD": ("{name} is a whole record.", "Name one of its fields."),
    "T-OPTIONAL": ("{name} may be empty.", "Put it in an if, or add |прочерк or |линия."),
    "T-NO-LIST": ("{name} is no list.", "A loop goes through lists only."),
    "T-NO-FIELDS": ("{name} is asked of a value that has no fields.", "Name a field of a record."),
    "T-FILTER": ("The filter does not fit: {name}.", "Take a filter that fits the value."),
    "T-FILTER-ARGS": ("The filter {name} has too many arguments.", "Leave out what is too much."),
    "T-CHOICE": ("The list of values has no «{name}».", "Take one of the values of the list."),
}


def _finding(code: str, message: str, cure: str, place: Place) -> Finding:
    return Finding(code, "error", message, cure, place=place)


def _refused(path: Path, code: str, message: str) -> Refused:
    words = tr("The template {file} cannot be used.").format(file=path.name)
    return Refused(
        words, [_finding(code, message, tr("Take the template from the plugin anew."), Place(path.name))]
    )


@lru_cache(maxsize=256)
def _prepared(path: Path, data: bytes) -> Template:
    package = open_package(data)
    parts = tuple(
        Part(name, _patched(package, name)) for name in package.members if _RENDERED.fullmatch(name)
    )
    tagged = tuple(part for part in parts if _TAG.search(part.source))
    return Template(path, hashlib.sha256(data).hexdigest(), package, tagged)


def _patched(package: Package, name: str) -> str:
    """Let docxtpl gather tags that Word cut into runs, and lift them out of rows and paragraphs.

    The method reads its argument and nothing else, so an object without a document is enough.
    """
    from docxtpl.template import DocxTemplate

    text = etree.tostring(package.xml(name), encoding="unicode")
    if not _TAG.search(text) and "{<" not in text:
        return text
    empty = DocxTemplate.__new__(DocxTemplate)
    return str(empty.patch_xml(text))  # type: ignore[no-untyped-call]  # docxtpl has no types


def _paragraph_with(root: etree._Element, words: str) -> int | None:
    """Return the number, from 1, of the first paragraph that holds some words."""
    first = re.split(r"[|(]", words)[0].strip()
    for number, paragraph in enumerate(root.iter(f"{W}p"), start=1):
        if first in "".join(text.text or "" for text in paragraph.iter(f"{W}t")):
            return number
    return None


# --- rendering -------------------------------------------------------------------------------------------


class EmptyValues(Exception):
    """Values that the paper prints are not in the case; ``labels`` names their fields."""

    def __init__(self, labels: Sequence[str]) -> None:
        super().__init__(", ".join(labels))
        self.labels = tuple(labels)


def render_parts(template: Template, language: Language, context: Mapping[str, object]) -> dict[str, bytes]:
    """Render each part once, and return the new bytes by part.

    Raises:
        EmptyValues: The paper prints values that the case does not have; all of them are named.
        PackageFault: What came out is not the XML that Word reads.
    """
    from .language.printing import Unprintable

    empty: list[str] = []

    def printed(value: object) -> Any:
        try:
            text = language.printed(value)
        except Unprintable as error:
            empty.append(error.where or error.reason)
            return ""
        # A line break inside a value becomes Word's own; the rest of the value is text and stays text.
        return Markup(_LINE_BREAK).join(escape(line) for line in text.split("\n"))

    environment = Environment(language.filters, printed)
    changed: dict[str, bytes] = {}
    for part in template.parts:
        text = environment.from_string(part.source).render(context)
        changed[part.name] = _mended(text, part.name)
    if empty:
        raise EmptyValues(list(dict.fromkeys(empty)))
    return changed


def _mended(text: str, name: str) -> bytes:
    """Parse what was rendered, strictly, and give back to Word what an empty loop took away."""
    from .package import parse

    root = parse(text.encode("utf-8"), name)
    for cell in root.iter(f"{W}tc"):
        if not len(cell) or cell[-1].tag != f"{W}p":
            etree.SubElement(cell, f"{W}p")
    for table in list(root.iter(f"{W}tbl")):
        parent = table.getparent()
        if table.find(f".//{W}tr") is None and parent is not None:
            parent.remove(table)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
