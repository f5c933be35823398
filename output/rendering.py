"""From a case to its papers, as Word files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from markupsafe import escape

from ..core.bounds import Exceeded, bounded
from ..core.contract.case import Case
from ..core.errors import AskedWrongly, PapkaError, Refused
from ..core.expressions import ExpressionError, Language
from ..core.facts import Missing, Record, Rows
from ..core.findings import Finding, Place
from ..core.i18n import tr
from ..core.programmes.region import Method, Paper
from ..core.rules.checking import blocking
from ..core.rules.situation import Situation
from ..core.rules.views import DocumentView, views_without_case, vocabulary_of
from ..core.typecheck import Checker, nearest
from ..core.vocabulary import BlankRecord, Type, blank, plain_record, record_type
from .cures import cure_of
from .filling import EmptyValues, filled
from .package import PackageFault
from .ready import Ready, ready_template
from .saving import keep_changed, write_atomically

MAX_OUTPUT = 30 * 2**20


@dataclass(frozen=True)
class Rendered:
    """One paper, ready to be written.

    Attributes:
        name: File name without a suffix; it holds no name of a person.
        template_digest: SHA-256 of the template that drew it.
        item: Which of several papers of its type: the code or the day of what it is made for.
        day: The day of the paper, where its type says one.
        number: The number that it bears.
        is_blank: Whether it is a form to be filled by hand.
        draft: The word by which its pages say that it is a draft.
    """

    document: str
    title: str
    name: str
    content: bytes
    template_digest: str
    item: str = ""
    day: date | None = None
    number: str | None = None
    is_blank: bool = False
    draft: str = "DRAFT"

    def path(self, folder: Path) -> Path:
        """Return where the paper stands in a folder."""
        return folder / f"{self.name}.docx"

    def write(self, folder: Path) -> Path | None:
        """Write the paper into a folder, whole or not at all, with the mark of a draft on its pages.

        What somebody changed by hand is kept. An empty form is no draft and has no mark.

        Returns:
            Where the changed paper was put, if one stood there.
        """
        from .marking import as_draft

        path = self.path(folder)
        kept = keep_changed(path)
        write_atomically(path, self.content if self.is_blank else as_draft(self.content, self.draft))
        return kept


class Given(NamedTuple):
    """What the journal gave to a paper; a draft has neither.

    Attributes:
        code: The paper's code; it stands in the properties of the Word file.
    """

    number: str | None = None
    code: str | None = None


DRAFT = Given()


class Named(NamedTuple):
    """How one paper is called: its file, the item it is made for, and what the journal gave it."""

    name: str
    item: str
    given: Given


class Facts(NamedTuple):
    """What one paper is filled in with: the names that its template may use, its day and its number."""

    context: dict[str, object]
    day: date | None
    number: str | None


def item_keys(items: Sequence[Mapping[str, object]]) -> list[str]:
    """Return a key for each paper of a type, which stays when other papers come before it.

    The key is a digest of the code of the thing that the paper is made for, or its day or number; things of
    one day are counted.
    """
    found: list[str] = []
    seen: Counter[str] = Counter()
    for item in items:
        key = _key_of(next(iter(item.values()), None))
        seen[key] += 1
        found.append(key if seen[key] == 1 else f"{key}#{seen[key]}")
    return found


def _key_of(thing: object) -> str:
    if not isinstance(thing, Record):
        return ""
    known = ((name, thing[name]) for name in _KEYS if name in thing)
    name, value = next(
        (pair for pair in known if pair[1] and not isinstance(pair[1], Missing | Record)), ("", "")
    )
    # A worker may have made the code of somebody out of a name, and the journal keeps keys for ever.
    return f"{CODED}{sha256(str(value).encode('utf-8')).hexdigest()[:12]}" if name == "id" else str(value)


CODED = "~"
"""What a key begins with that is a digest of somebody's or something's code in the case."""


_KEYS = ("id", "version", "on", "signed_on", "since", "started_on", "asked_on")


@dataclass(frozen=True)
class Press:
    """Draws the papers of one programme."""

    method: Method
    language: Language
    _now: list[tuple[Case, date, Situation]] = field(
        default_factory=list, init=False, repr=False, compare=False
    )

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
        raise AskedWrongly(words + " " + tr("See: papka template list."))

    def check(self, document: str) -> list[Finding]:
        """Hold the template of a document against the vocabulary."""
        paper = self.paper(document)
        from .template import Template

        template = Template.open(paper.template)
        return template.check(self.language, vocabulary_of(self.method.programme), self.local(paper))

    def local(self, paper: Paper) -> dict[str, Type]:
        """Return the names that a document type adds, with their types."""
        if paper.type.each is None or paper.type.alias is None:
            return {}
        checker = Checker(vocabulary_of(self.method.programme), self.language.filters)
        over = checker.expression(self.language.tree(paper.type.each))
        return {name: over.item for name in paper.type.alias if over.item is not None}

    def render(
        self,
        case: Case,
        document: str,
        on: date,
        index: int | None = None,
        given: Mapping[str, Given] = MappingProxyType({}),
    ) -> Iterator[Rendered]:
        """Draw a document from a case: one paper, or one for each item that its type is made for.

        Args:
            on: The day on which the paper is drawn up, where its type says no other.
            index: Number of the one paper wanted, from 1.
            given: What the journal gave to papers, by the item that each is made for.

        Raises:
            Refused: The template has faults, or the case lacks what the paper prints.
        """
        paper = self.paper(document)
        template = self._ready(paper)
        now = self.situation(case, on)
        for item, named in self.sheets(now, paper, index, given):
            yield self._one(template, paper, now, item, named)

    def situation(self, case: Case, on: date) -> Situation:
        """Return a case as it stands on a day; the papers of one case are drawn of one and the same."""
        if not self._now or self._now[0][0] is not case or self._now[0][1] != on:
            method = self.method
            now = Situation(case.as_of(on), method.programme, self.language, on, forms=method.forms)
            self._now[:] = [(case, on, now)]
        return self._now[0][2]

    def sheets(
        self, now: Situation, paper: Paper, index: int | None, given: Mapping[str, Given]
    ) -> Iterator[tuple[dict[str, object], Named]]:
        """Go through the papers of a type that a case gives: what each is made for, and how it is called.

        Raises:
            Refused: The case lacks what the paper is made of, or a finding forbids to draw it.
        """
        document = paper.type.id
        items = list(now.items(paper.type)) if self._given(now, paper) else []
        if not items:
            lacking = paper.type.needs or tr("no facts for it in the case")
            words = tr("{document} cannot be drawn up yet: {what}.")
            raise Refused(words.format(document=document, what=lacking))
        if index is not None and not 1 <= index <= len(items):
            words = tr("The case gives {count} papers of {document}; there is no paper {index}.")
            raise AskedWrongly(words.format(count=len(items), document=document, index=index))
        wrong = blocking(now, document)
        if wrong:
            words = tr("{document} would be unlawful or wrong: see the findings.")
            raise Refused(words.format(document=document), wrong)
        width = len(str(len(items)))
        keys = item_keys(items)
        for number, (item, key) in enumerate(zip(items, keys, strict=True), start=1):
            if index in (None, number):
                # Names are padded, so that a folder lists the second paper before the tenth.
                name = f"{document}_{number:0{width}d}" if paper.type.each else document
                yield item, Named(name, key, given.get(key, DRAFT))

    @staticmethod
    def _given(now: Situation, paper: Paper) -> bool:
        return paper.type.given is None or now.holds(paper.type.given)

    def _ready(self, paper: Paper) -> Ready:
        vocabulary = vocabulary_of(self.method.programme)
        return ready_template(paper.template, self.language, vocabulary, self.local(paper))

    def _one(
        self, template: Ready, paper: Paper, now: Situation, item: dict[str, object], named: Named
    ) -> Rendered:
        kind = paper.type
        facts = self.facts(paper, now, item, named.given)
        content = self._drawn(template, kind.title, facts.context, named.given.code)
        name, digest = named.name, template.digest
        drawn = Rendered(kind.id, kind.title, name, content, digest, named.item, facts.day, facts.number)
        return replace(drawn, draft=self.language.pack.on_paper("DRAFT"))

    def facts(self, paper: Paper, now: Situation, item: dict[str, object], given: Given) -> Facts:
        """Return all that one paper is filled in with."""
        kind = paper.type
        day = now.day(kind.dated, **item) if kind.dated else None
        # The paper knows what was known on its day: the level, the curator, the ages of that day.
        then = now.at(day) if day else now
        if then is not now:
            item = then.known_here(item, now)
        own = then.ask(kind.numbered, **item) if kind.numbered else None
        number = own if isinstance(own, str) else given.number
        view = DocumentView(title=kind.title, number=number, on=day, copies=kind.copies)
        names = vocabulary_of(self.method.programme)
        document = plain_record(view, lambda one: Missing(one.called(self.method.programme.language)))
        context = {**then.context, **names.with_russian_names({"document": document}), **item}
        return Facts(context, day, number)

    def blank(self, document: str) -> Rendered:
        """Draw a document without any data, to be filled by hand."""
        paper = self.paper(document)
        template = self._ready(paper)
        context = self.blank_facts(paper)
        content = self._drawn(template, paper.type.title, context)
        return Rendered(
            document, paper.type.title, f"{document}_blank", content, template.digest, is_blank=True
        )

    def blank_facts(self, paper: Paper) -> dict[str, object]:
        """Return what an empty form is filled in with: a line for every value."""
        names = vocabulary_of(self.method.programme)
        context = names.blank_context()
        views = views_without_case(self.method.programme)
        views["document"] = DocumentView(title=paper.type.title, copies=paper.type.copies, is_blank=True)
        known = {name: plain_record(view, lambda one: blank(one.type)) for name, view in views.items()}
        context.update(names.with_russian_names(known))
        for name, kind in self.local(paper).items():
            context[name] = BlankRecord(record_type(kind.model)) if kind.model else Rows()
        return context

    def _drawn(
        self, template: Ready, title: str, context: dict[str, object], code: str | None = None
    ) -> bytes:
        try:
            with bounded():
                changed = filled(template, self.language, context, proven=True)
        except EmptyValues as empty:
            raise _incomplete(template, empty) from empty
        except (PackageFault, Exceeded, ExpressionError) as fault:
            words = tr("{file} could not be drawn up.").format(file=template.name)
            code = "R-BOUNDS" if isinstance(fault, Exceeded) else fault.code
            told = Finding(code, "error", str(fault), cure_of(code), place=Place(template.name))
            raise Refused(words, [told]) from fault
        except TypeError as error:
            words = tr("{file} could not be drawn up: {reason}")
            raise PapkaError(words.format(file=template.name, reason=error)) from error
        changed.update(_properties(template, title, code))
        if sum(map(len, changed.values())) > MAX_OUTPUT:
            words = tr("{file} grew too large.").format(file=template.name)
            told = Finding("R-BOUNDS", "error", words, cure_of("R-BOUNDS"), place=Place(template.name))
            raise Refused(words, [told])
        return template.package.write(changed)


def _incomplete(template: Ready, empty: EmptyValues) -> Refused:
    place = Place(template.name)
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
    words = tr("{file} could not be drawn up: the case is incomplete.").format(file=template.name)
    return Refused(words, findings)


def _properties(template: Ready, title: str, code: str | None) -> dict[str, bytes]:
    """Leave the template author's name and machine out of the paper's properties; name the paper."""
    changed: dict[str, bytes] = {}
    if "docProps/core.xml" in template.package.members:
        changed["docProps/core.xml"] = _CORE.format(
            title=escape(title), code=_CODE.format(code=code) if code else ""
        ).encode("utf-8")
    if "docProps/app.xml" in template.package.members:
        changed["docProps/app.xml"] = _APP.encode("utf-8")
    return changed


_CODE = "<dc:identifier>{code}</dc:identifier>"
_CORE = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title>{code}<dc:language>ru-RU</dc:language>'
    "</cp:coreProperties>"
)
_APP = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<Application>papka</Application></Properties>"
)


def wanted(press: Press, asked: Sequence[str]) -> list[tuple[str, int | None]]:
    """Read what a worker asked for: ``krg_ipss``, for the second of its kind ``krg_ipss:2``, or a title."""
    found: list[tuple[str, int | None]] = []
    for one in asked:
        name, _, number = one.rpartition(":")
        if not name:
            name, number = one, ""
        code = _titled(press, name if number.isdigit() else one)
        if code is None and number and not number.isdigit():
            raise AskedWrongly(tr("After the colon stands the number of the paper: {one}.").format(one=one))
        code = code or press.paper(name).type.id
        found.append((code, int(number) if number.isdigit() else None))
    return found


def _titled(press: Press, asked: str) -> str | None:
    """Return the code of the document whose code or title was named, or the beginning of its title.

    Raises:
        AskedWrongly: Several titles begin so.
    """
    papers = press.method.papers
    if asked in papers:
        return asked
    begun = folded(asked)
    titles = {code: folded(paper.type.title) for code, paper in papers.items()}
    found = [code for code, title in titles.items() if title == begun]
    found = found or [code for code, title in titles.items() if begun and title.startswith(begun)]
    if len(found) > 1:
        words = tr("Several documents begin so: {names}. Say more of the title, or name the code.")
        names = "; ".join(f"{papers[code].type.title} [{code}]" for code in found)
        raise AskedWrongly(words.format(names=names))
    return found[0] if found else None


def folded(text: str) -> str:
    """Return words as they are compared when somebody types them: small letters, no quotes, е for ё."""
    bare = "".join(sign for sign in text.casefold().replace("ё", "е") if sign not in "«»\"'“”„")
    return " ".join(bare.split())
