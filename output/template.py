"""A template: the Word file that a methodologist edits, compiled once into what can be rendered many times.

Every part is rendered once, in an environment that answers from plain data only, and is parsed strictly
again. docxtpl is the language; its own preparation serves the few tags that papka's does not draw.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
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
from .compiling import CompiledPart, compile_part
from .package import Package, PackageFault, W, open_package
from .tags import Tag, TagPlace

_RENDERED = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml")
_OF_DOCXTPL = re.compile(r"(vm|hm|colspan\b.*|cellbg\b.*)$", re.DOTALL)
_LINE_BREAK = '</w:t><w:br/><w:t xml:space="preserve">'


@dataclass(frozen=True)
class Template:
    """A template that was opened and compiled.

    Attributes:
        digest: SHA-256 of the file.
    """

    path: Path
    digest: str
    package: Package
    parts: tuple[CompiledPart, ...]

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
        """Hold every tag against the vocabulary, and its place against what Word can draw.

        Args:
            local: Names that this document type adds, such as the plan that an individual plan is made for.
        """
        found: list[Finding] = []
        for part in self.parts:
            told = [*self._structure(part), *self._tags(part, language)]
            found += told or self._types(part, language, vocabulary, local)
        return found

    def _structure(self, part: CompiledPart) -> Iterator[Finding]:
        for lexed in part.lex_faults:
            yield self._told(lexed.code, lexed.text, lexed.place, lexed.text)
        for fault in part.faults:
            yield self._told(fault.code, fault.tag.text, fault.tag.place, fault.tag.text)

    def _tags(self, part: CompiledPart, language: Language) -> Iterator[Finding]:
        """Read each tag by itself, so that one that cannot be read hides no other."""
        environment = language.environment()
        for tag in part.tags:
            try:
                environment.parse(_alone(tag))
            except jinja2.TemplateSyntaxError:
                yield self._told("T-SYNTAX", tag.text, tag.place, tag.text)
            except ExpressionError as error:
                near = None
                if error.code == "E-FILTER" and error.name:
                    from ..core.typecheck import nearest

                    near = nearest(error.name, list(language.filters))
                yield self._told(error.code, error.name or tag.text, tag.place, tag.text, near)

    def _types(
        self, part: CompiledPart, language: Language, vocabulary: Vocabulary, local: Mapping[str, Type]
    ) -> list[Finding]:
        try:
            tree = language.environment().parse(part.source)
        except jinja2.TemplateSyntaxError as error:
            tag = part.tag_of(error.lineno)
            place = tag.place if tag else TagPlace(part.name, 0, 0, 0)
            return [self._told("T-SYNTAX", tag.text if tag else "", place, tag.text if tag else "")]
        own = {name: Seen(kind, "this paper's") for name, kind in local.items()}
        checker = Checker(vocabulary, language.filters, own)
        return [self._typed(part, fault) for fault in checker.template(tree)]

    def _typed(self, part: CompiledPart, fault: Fault) -> Finding:
        tag = part.tag_of(fault.line)
        place = tag.place if tag else TagPlace(part.name, 0, 0, 0)
        return self._told(fault.code, fault.name, place, tag.text if tag else "", fault.suggestion)

    def _told(
        self, code: str, name: str, place: TagPlace, text: str, suggestion: str | None = None
    ) -> Finding:
        message, cure = _SENTENCES.get(code, ("{name} cannot be right.", "Correct the tag."))
        inside = text.find(name) if name else -1
        start = place.start + max(inside, 0)
        end = start + len(name) if inside >= 0 else place.end
        where = Place(
            self.path.name,
            part=place.part,
            paragraph=place.paragraph or None,
            table=place.table,
            row=place.row,
            cell=place.cell,
            text=text or None,
            start=start,
            end=end,
        )
        return Finding(code, "error", tr(message).format(name=name), tr(cure), suggestion, where)


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
    "T-NUMBER": ("{name} is no number.", "Add and subtract numbers only."),
    "T-COMPARE": ("The two sides of {name} cannot be compared.", "Compare values of one kind."),
    "T-CHOICE": ("The list of values has no «{name}».", "Take one of the values of the list."),
    "T-SYNTAX": ("The tag cannot be read: {name}", "Compare it with a tag that works."),
    "T-UNCLOSED": (
        "A tag is opened and not closed: {name}",
        "Close it as it was opened: two braces, or a percent sign and a brace.",
    ),
    "T-STRAY": ("Braces that make no tag: {name}", "Write two braces on each side, or take them out."),
    "T-OPEN": ("{name} is never closed.", "Add the endif or endfor that belongs to it."),
    "T-NOT-OPEN": ("{name} closes what was never opened.", "Take it out, or add the if or for before it."),
    "T-CROSSED": ("{name} closes another block than the one that is open.", "Close the inner block first."),
    "T-DEPTH": (
        "{name} stands in another table, row or cell than the tag that it belongs to.",
        "Put both at the same depth: both in the text, or both in rows of one table.",
    ),
    "T-BESIDE": (
        "{name} stands beside other words, which would be lost with it.",
        "Give the tag a paragraph (or a row) of its own, or take the letter p or tr out of it.",
    ),
    "T-NO-HOME": (
        "{name} does not stand in what it wants to lift: a paragraph, row, cell or run.",
        "Put it there, or take the letters after the brace out.",
    ),
    "T-SECTION": (
        "{name} stands in the paragraph that ends a section; the page setup would be lost with it.",
        "Put the tag in a paragraph before it.",
    ),
    "E-FORBIDDEN": ("{name} is not part of the language.", "Use fields, comparisons and filters only."),
    "E-FILTER": ("There is no filter {name}.", "Correct the name of the filter."),
    "E-FILTER-ARGS": ("The filter {name} takes plain arguments only.", "Write plain values in its brackets."),
    "E-TEST": ("There is no test {name}.", "Compare with ==, or ask whether it is none."),
    "E-LOOPS": ("Loops are nested too deep.", "Split the table."),
    "E-DEPTH": ("The tag is too complex.", "Make it simpler."),
}


def _alone(tag: Tag) -> str:
    """Write a tag so that it can be read by itself."""
    if tag.kind == "print":
        return "{{ " + tag.code + " }}"
    if tag.kind == "comment":
        return ""
    word = tag.code.split(None, 1)[0] if tag.code else ""
    before = {
        "elif": "{% if 1 %}",
        "else": "{% if 1 %}",
        "endif": "{% if 1 %}",
        "endfor": "{% for x in [] %}",
    }
    after = {"if": "{% endif %}", "elif": "{% endif %}", "else": "{% endif %}", "for": "{% endfor %}"}
    return before.get(word, "") + "{% " + tag.code + " %}" + after.get(word, "")


def _refused(path: Path, code: str, message: str) -> Refused:
    words = tr("The template {file} cannot be used.").format(file=path.name)
    cure = tr("Take the template from the plugin anew.")
    return Refused(words, [Finding(code, "error", message, cure, place=Place(path.name))])


@lru_cache(maxsize=256)
def _prepared(path: Path, data: bytes) -> Template:
    package = open_package(data)
    parts = [_compiled(package, name) for name in package.members if _RENDERED.fullmatch(name)]
    tagged = tuple(part for part in parts if part.tags or part.lex_faults or part.by_docxtpl)
    return Template(path, hashlib.sha256(data).hexdigest(), package, tagged)


def _compiled(package: Package, name: str) -> CompiledPart:
    part = compile_part(package.xml(name), name)
    if any(_OF_DOCXTPL.match(tag.code) and tag.kind == "block" for tag in part.tags):
        return CompiledPart(name, _patched_by_docxtpl(package, name), [], by_docxtpl=True)
    return part


def _patched_by_docxtpl(package: Package, name: str) -> str:
    """Let docxtpl prepare what only it draws: merged and coloured cells. Places are not known then.

    The method reads its argument and nothing else, so an object without a document is enough.
    """
    from docxtpl.template import DocxTemplate

    text = etree.tostring(package.xml(name), encoding="unicode")
    empty = DocxTemplate.__new__(DocxTemplate)
    return str(empty.patch_xml(text))  # type: ignore[no-untyped-call]  # docxtpl has no types


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
