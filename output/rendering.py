"""From a case to its papers, as Word files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

from ..core.contract.case import Case
from ..core.errors import AskedWrongly, PapkaError, Refused
from ..core.expressions import ExpressionError, Language
from ..core.facts import Missing, Rows
from ..core.findings import Finding, Place, blocks
from ..core.i18n import tr
from ..core.region import Method, Paper
from ..core.rules.situation import Situation
from ..core.rules.views import DocumentView, views_without_case, vocabulary_of
from ..core.typecheck import Checker, nearest
from ..core.vocabulary import BlankRecord, Type, blank, plain_record, record_type
from .package import PackageFault
from .saving import keep_changed, write_atomically
from .template import EmptyValues, Template, proven_parts

MAX_OUTPUT = 30 * 2**20


@dataclass(frozen=True)
class Rendered:
    """One paper, ready to be written.

    Attributes:
        name: File name without a suffix; it holds no name of a person.
        template_digest: SHA-256 of the template that drew it.
    """

    document: str
    title: str
    name: str
    content: bytes
    template_digest: str

    def path(self, folder: Path) -> Path:
        """Return where the paper stands in a folder."""
        return folder / f"{self.name}.docx"

    def write(self, folder: Path) -> Path | None:
        """Write the paper into a folder, whole or not at all; what somebody changed by hand is kept.

        Returns:
            Where the changed paper was put, if one stood there.
        """
        path = self.path(folder)
        kept = keep_changed(path)
        write_atomically(path, self.content)
        return kept


@dataclass(frozen=True)
class Press:
    """Draws the papers of one programme."""

    method: Method
    language: Language

    def paper(self, document: str) -> Paper:
        """Return a document type with its template.

        Raises:
            AskedWrongly: The programme has no such document; the nearest name is suggested.
        """
        if document in self.method.papers:
            return self.method.papers[document]
        near = nearest(document, list(self.method.papers))
        words = tr("The programme has no document {name}.").format(name=document)
        if near:
            words += " " + tr("Did you mean {name}?").format(name=near)
        raise AskedWrongly(words)

    def check(self, document: str) -> list[Finding]:
        """Hold the template of a document against the vocabulary."""
        paper = self.paper(document)
        template = Template.open(paper.template)
        return template.check(self.language, vocabulary_of(self.method.programme), self._local(paper))

    def _local(self, paper: Paper) -> dict[str, Type]:
        """Return the names that a document type adds, with their types."""
        if paper.type.each is None or paper.type.alias is None:
            return {}
        checker = Checker(vocabulary_of(self.method.programme), self.language.filters)
        over = checker.expression(self.language.tree(paper.type.each))
        return {name: over.item for name in paper.type.alias if over.item is not None}

    def render(self, case: Case, document: str, on: date, index: int | None = None) -> Iterator[Rendered]:
        """Draw a document from a case: one paper, or one for each item that its type is made for.

        Args:
            on: The day on which the paper is drawn up, where its type says no other.
            index: Number of the one paper wanted, from 1.

        Raises:
            Refused: The template has faults, or the case lacks what the paper prints.
        """
        paper = self.paper(document)
        template = self._checked(paper)
        now = Situation(case.as_of(on), self.method.programme, self.language, on)
        items = list(now.items(paper.type)) if self._given(now, paper) else []
        if not items:
            lacking = paper.type.needs or tr("no facts for it in the case")
            words = tr("{document} cannot be drawn up yet: {what}.")
            raise Refused(words.format(document=paper.type.id, what=lacking))
        if index is not None and not 1 <= index <= len(items):
            words = tr("The case gives {count} papers of {document}; there is no paper {index}.")
            raise AskedWrongly(words.format(count=len(items), document=document, index=index))
        width = len(str(len(items)))
        for number, item in enumerate(items, start=1):
            if index in (None, number):
                # Names are padded, so that a folder lists the second paper before the tenth.
                name = f"{document}_{number:0{width}d}" if paper.type.each else document
                yield self._one(template, paper, now, item, name)

    @staticmethod
    def _given(now: Situation, paper: Paper) -> bool:
        return paper.type.given is None or now.holds(paper.type.given)

    def _checked(self, paper: Paper) -> Template:
        template = Template.open(paper.template)
        faults = template.check(self.language, vocabulary_of(self.method.programme), self._local(paper))
        if blocks(faults):
            words = tr("The template {file} has faults; nothing was drawn up.")
            raise Refused(words.format(file=paper.template.name), faults)
        return template

    def _one(
        self, template: Template, paper: Paper, now: Situation, item: dict[str, object], name: str
    ) -> Rendered:
        kind = paper.type
        day = now.day(kind.dated, **item) if kind.dated else None
        # The paper knows what was known on its day: the level, the curator, the ages of that day.
        then = now.at(day) if day else now
        if then is not now:
            item = then.known_here(item, now)
        own = then.ask(kind.numbered, **item) if kind.numbered else None
        view = DocumentView(
            title=kind.title, number=own if isinstance(own, str) else None, on=day, copies=kind.copies
        )
        names = vocabulary_of(self.method.programme)
        document = plain_record(view, lambda one: Missing(one.label))
        context = {**then.context, **names.with_russian_names({"document": document}), **item}
        return Rendered(
            kind.id, kind.title, name, self._drawn(template, kind.title, context), template.digest
        )

    def blank(self, document: str) -> Rendered:
        """Draw a document without any data, to be filled by hand."""
        paper = self.paper(document)
        template = self._checked(paper)
        names = vocabulary_of(self.method.programme)
        context = names.blank_context()
        views = views_without_case(self.method.programme)
        views["document"] = DocumentView(title=paper.type.title, copies=paper.type.copies, is_blank=True)
        known = {name: plain_record(view, lambda one: blank(one.type)) for name, view in views.items()}
        context.update(names.with_russian_names(known))
        for name, kind in self._local(paper).items():
            context[name] = BlankRecord(record_type(kind.model)) if kind.model else Rows()
        content = self._drawn(template, paper.type.title, context)
        return Rendered(document, paper.type.title, f"{document}_blank", content, template.digest)

    def _drawn(self, template: Template, title: str, context: dict[str, object]) -> bytes:
        try:
            changed = proven_parts(template, self.language, context)
        except EmptyValues as empty:
            raise _incomplete(template, empty) from empty
        except (PackageFault, ExpressionError, TypeError) as error:
            words = tr("{file} could not be drawn up: {reason}")
            raise PapkaError(words.format(file=template.path.name, reason=error)) from error
        changed.update(_properties(template, title))
        if sum(map(len, changed.values())) > MAX_OUTPUT:
            raise PapkaError(tr("{file} grew too large.").format(file=template.path.name))
        return template.package.write(changed)


def _incomplete(template: Template, empty: EmptyValues) -> Refused:
    place = Place(template.path.name)
    findings = [
        Finding(
            "R-EMPTY",
            "error",
            tr("The paper prints «{field}», and the case does not have it.").format(field=label),
            tr("Add it to the case."),
            place=place,
        )
        for label in empty.labels
    ]
    words = tr("{file} could not be drawn up: the case is incomplete.").format(file=template.path.name)
    return Refused(words, findings)


def _properties(template: Template, title: str) -> dict[str, bytes]:
    """Leave the template author's name and machine out of the paper's properties; name the paper."""
    changed: dict[str, bytes] = {}
    if "docProps/core.xml" in template.package.members:
        changed["docProps/core.xml"] = _CORE.format(title=escape(title)).encode("utf-8")
    if "docProps/app.xml" in template.package.members:
        changed["docProps/app.xml"] = _APP.encode("utf-8")
    return changed


_CORE = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title><dc:language>ru-RU</dc:language>'
    "</cp:coreProperties>"
)
_APP = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<Application>papka</Application></Properties>"
)


def wanted(press: Press, asked: Sequence[str]) -> list[tuple[str, int | None]]:
    """Read what a worker asked for: ``krg_ipss`` or, for the second paper of its kind, ``krg_ipss:2``."""
    found: list[tuple[str, int | None]] = []
    for one in asked:
        name, _, number = one.partition(":")
        if number and not number.isdigit():
            raise AskedWrongly(tr("After the colon stands the number of the paper: {one}.").format(one=one))
        press.paper(name)
        found.append((name, int(number) if number else None))
    return found
