"""Where each sentence of a paper comes from, as it is noted when the paper is issued.

The map lies on the card of the paper. It holds no value and no word of the family's: numbers of paragraphs,
tags of the template, names of fields, and salted digests by which a change is seen later. It holds nothing
that the case beside it and the paper itself do not hold in clear, and far less.
"""

from __future__ import annotations

import hashlib
import io
import re
import secrets
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher
from functools import cached_property
from typing import Any

from lxml import etree

from ...core.errors import PapkaError
from ...core.opening import OpenCase
from ...core.paths import Loc, dotted
from ...core.programmes.programme import Provenance
from ...core.programmes.region import Paper
from ...core.rules.views import vocabulary_of
from ...core.vocabulary import Vocabulary
from ..filling import EmptyValues
from ..package import open_package
from ..rendering import DRAFT, Given, Press, Rendered
from .desk import ASKED, Desk, into, of_case, worked_out
from .leaves import Leaves, digester, written
from .reading import listening
from .sourcemap import Origin, PartMap, SourceMap
from .tracing import Drawn, Marked, Traced, marked_template, texts

_SPOKEN: Mapping[str, frozenset[str]] = {
    "level": frozenset({"proposed", "rule", "reason"}),
    "risk": frozenset({"risk", "rule", "reason"}),
    "progress": frozenset({"stage", "stage_title", "phase"}),
}
"""What of it a rule of the programme has said; the rest people have decided, or it is counted."""

Lists = dict[str, Sequence[tuple[int, str]]]
_FIRST = re.compile(r"(?<![.\w])\w+")
_STORY = re.compile(r"word/(header|footer|footnotes|endnotes)\d*\.xml")


def sources_of(
    press: Press, opened: OpenCase, paper: Rendered, on: date, given: Given = DRAFT
) -> dict[str, Any] | None:
    """Note where each paragraph of a paper comes from, and by what a later change of the case is seen.

    Args:
        paper: The paper as it is written; a line that papka has put on it stands for itself.
        on: The day that was asked for when it was drawn.
        given: What the journal gave to it.

    Returns:
        Plain data, or None if the paper cannot be drawn so that each of its paragraphs is found again.
    """
    try:
        return _Making(press, opened, paper, on, given).data()
    except (PapkaError, EmptyValues):
        return None


def case_digest(opened: OpenCase) -> str:
    """Return the SHA-256 of all that a case is read from: its file, and what the office adds to it."""
    from ...core.office import find_office

    digest = hashlib.sha256(opened.path.read_bytes())
    office = find_office(opened.path.resolve().parent)
    if office is not None:
        digest.update(repr(sorted(office.facts.items())).encode("utf-8"))
    return digest.hexdigest()


@dataclass
class _Making:
    """Makes the map of one paper."""

    press: Press
    opened: OpenCase
    paper: Rendered
    on: date
    given: Given
    salt: str = field(default_factory=lambda: secrets.token_hex(8))
    _fields: dict[Loc, int] = field(default_factory=dict)
    _reads: dict[tuple[int, str], int | None] = field(default_factory=dict)
    _needed: set[Loc] = field(default_factory=set)

    def data(self) -> dict[str, Any] | None:
        kind = self.press.paper(self.paper.document)
        desk = Desk.of(self.press, self.opened, self.on, self.paper.day)
        self.desk, self.digest = desk, digester(self.salt)
        marked = marked_template(kind.template, self.press.language)
        if marked.ready.digest != self.paper.template_digest:
            return None
        context = self._context(kind)
        tags = " ".join(tag.text for notes in marked.notes.values() for tag in notes.tags)
        if any(self._begins_with(tags, "papers")):
            desk.list_papers()
        traced = Traced(marked, self.press.language, context)
        with listening(traced.heard):
            pages = traced.pages()
        # Some records were made only when they were asked for.
        for situation in (desk.now, desk.then):
            desk.let_tell(situation)
        parts: dict[str, PartMap] = {}
        for name, page in pages.items():
            paragraphs = _as_issued(self.paper.content, name, page.body, page.paragraphs)
            if paragraphs is None:
                return None
            parts[name] = self._part(marked, name, paragraphs)
        return self._map(kind, parts).as_json()

    def _context(self, kind: Paper) -> dict[str, object]:
        """Gather what the paper is filled in with, and note what decides whether and for what it is made."""
        desk, heard = self.desk, list[tuple[int, str]]()
        with listening(into(heard)):
            if kind.type.given:
                desk.now.holds(kind.type.given)
            list(desk.now.items(kind.type))
        sheets = self.press.sheets(desk.now, kind, None, {self.paper.item: self.given})
        item, named = next(one for one in sheets if one[1].item == self.paper.item)
        with listening(into(heard)):
            facts = self.press.facts(kind, desk.now, item, named.given)
        for situation in (desk.now, desk.then):
            desk.let_tell(situation)
        desk.place_view("document", facts.context["document"], desk.then)
        for read in heard:
            self._needed |= desk.made_from(read)
        words = " ".join(filter(None, (kind.type.given, kind.type.each, kind.type.dated, kind.type.numbered)))
        for read in self._roots(words):
            self._needed |= desk.made_from(read)
        desk.feeds["document"] = set(self._needed)
        return facts.context

    def _roots(self, words: str) -> list[tuple[int, str]]:
        """Return what an expression begins with, as if it had been asked for: no record tells of that."""
        case = id(self.desk.then.context["case"])
        names = (self._names.find(word) for word in dict.fromkeys(_FIRST.findall(words)))
        known = (one.name for one in names if one is not None)
        return [(case, name) for name in known if name in self.desk.known[case]]

    def _begins_with(self, words: str, name: str) -> Iterator[bool]:
        known = (self._names.find(word) for word in set(_FIRST.findall(words)))
        return (one is not None and one.name == name for one in known)

    @cached_property
    def _names(self) -> Vocabulary:
        return vocabulary_of(self.press.method.programme)

    # --- what the paper looks at -------------------------------------------------------------------------

    def _part(self, marked: Marked, name: str, paragraphs: Sequence[Drawn]) -> PartMap:
        notes = marked.notes[name]
        roots = {number: self._roots(tag.text) for number, tag in enumerate(notes.tags)}
        origins = [
            Origin(
                one.paragraph,
                self.digest(plain(one.text)),
                self._by_tag(one.prints, (), roots),
                self._by_tag(one.asked, notes.around.get(one.paragraph, ()), roots),
            )
            for one in paragraphs
        ]
        # What an expression begins with decides too: who the curator is, whether there is an agreement.
        for read in {read for known in roots.values() for read in known}:
            self._needed |= self.desk.made_from(read)
        return PartMap([(tag.paragraph, tag.text) for tag in notes.tags], notes.around, origins)

    def _by_tag(
        self,
        reads: Mapping[int, Iterable[tuple[int, str]]],
        branches: Iterable[Sequence[int]],
        roots: Mapping[int, Sequence[tuple[int, str]]],
    ) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for tag in dict.fromkeys([*reads, *(tag for branch in branches for tag in branch)]):
            asked = [*roots[tag], *reads.get(tag, ())]
            for read in asked:
                self._needed |= self.desk.made_from(read) if read not in self._reads else set()
            # What leads to a field is no news beside the field itself.
            ends = [read for read in asked if not self.desk.is_record(read)]
            fields = [self._read(read) for read in ends or asked]
            known = [one for one in fields if one is not None]
            if known:
                found[tag] = list(dict.fromkeys(known))
        return found

    def _read(self, read: tuple[int, str]) -> int | None:
        if read not in self._reads:
            self._reads[read] = None
            at = self.desk.place(read)
            if at is not None:
                self._reads[read] = self._field(at)
        return self._reads[read]

    def _field(self, at: Loc) -> int:
        return self._fields.setdefault(at, len(self._fields))

    # --- what is noted -----------------------------------------------------------------------------------

    def _map(self, kind: Paper, parts: Mapping[str, PartMap]) -> SourceMap:
        then, programme = self.desk.then, self.press.method.programme
        deadline = next((one for one in programme.deadlines if one.id == kind.type.deadline), None)
        fields = [dotted(at) for at in self._fields]
        of_then = {at for at in self._needed if at[:1] != (ASKED,)}
        values, lists = self._known(self.desk.leaves, of_then)
        asked = self._known(self.desk.asked, {of_case(at) for at in self._needed - of_then})
        return SourceMap(
            document=kind.type.id,
            day=then.on,
            asked=self.on,
            template=(kind.template.name, self.paper.template_digest),
            case_sha256=case_digest(self.opened),
            salt=self.salt,
            source=_source(kind.type.source),
            deadline={"id": deadline.id, "title": deadline.title, "source": _source(deadline.source)}
            if deadline
            else None,
            rules=self._rules(),
            fields=fields,
            values=values,
            lists=lists,
            asked_values=asked[0],
            asked_lists=asked[1],
            worked_out=worked_out(then, fields, self.digest),
            parts=parts,
        )

    def _rules(self) -> dict[str, Any]:
        """Name the rules that spoke in what the paper looks at."""
        then, programme = self.desk.then, self.press.method.programme
        table, risk, stage = programme.level_table_on(then.on), programme.risk_on(then.on), then.stage
        latest = then.risk.latest
        spoke = {
            "level": (then.level.rule, table.source if table else None),
            "risk": (latest.rule if latest else None, risk.source if risk else None),
            "progress": (stage.id if stage else None, stage.source if stage else None),
        }
        found = {
            dotted(at): {"rule": spoke[str(at[0])][0], "source": _source(spoke[str(at[0])][1])}
            for at in self._fields
            if self.desk.is_worked_out(at) and at[0] in spoke and _SPOKEN[str(at[0])] & set(at)
        }
        found = {path: one for path, one in found.items() if one["rule"]}
        for at in self._fields:
            setting = programme.settings.get(str(at[1])) if at[0] == "settings" and len(at) == 2 else None
            if setting is not None:
                found[dotted(at)] = {"rule": str(at[1]), "source": _source(setting.source)}
        return found

    def _known(self, leaves: Leaves, needed: set[Loc]) -> tuple[dict[str, str], Lists]:
        """Return digests of the typed values that the paper depends on, and of the lists they stand in."""
        digest = self.digest
        lists = {at for at in needed if at in leaves.lists}
        lists |= {at[:n] for at in needed for n in range(1, len(at)) if at[:n] in leaves.lists}
        named = {dotted(at): at for at in lists}
        values = {dotted(at): written(leaves.values[at]) for at in needed if at in leaves.values}
        return (
            {text: digest(text + value) for text, value in sorted(values.items())},
            {
                text: [(number, digest(text + name)) for number, name in leaves.lists[at]]
                for text, at in sorted(named.items())
            },
        )


def _source(source: Provenance | None) -> dict[str, str] | None:
    return {"kind": source.kind, "text": source.text} if source else None


# --- the paragraphs of a paper ---------------------------------------------------------------------------


def plain(text: str) -> str:
    """Return words as they are compared: one space between them, whatever stood there."""
    return " ".join(text.split())


def parts_of(paper: bytes) -> list[str]:
    """Return the parts of a Word file that a reader sees, the text itself first."""
    names = open_package(paper).members
    return ["word/document.xml", *sorted(name for name in names if _STORY.fullmatch(name))]


def paragraphs_of(paper: bytes, part: str) -> list[str]:
    """Return the words of each paragraph of a part of a Word file, in order."""
    return [text for text, _ in texts(open_package(paper).xml(part))]


def _as_issued(paper: bytes, part: str, body: bytes, drawn: Sequence[Drawn]) -> Sequence[Drawn] | None:
    """Return the paragraphs as they stand in the paper; None if one that was drawn is not there."""
    with zipfile.ZipFile(io.BytesIO(paper)) as archive:
        issued = archive.read(part)
    if issued == body:
        return drawn
    there = [text for text, _ in texts(etree.fromstring(issued))]
    found: list[Drawn] = []
    steps = SequenceMatcher(None, [one.text for one in drawn], there, autojunk=False).get_opcodes()
    for kind, first, last, begin, end in steps:
        if kind == "equal":
            found += drawn[first:last]
        elif kind == "insert":
            found += [Drawn(0, text) for text in there[begin:end]]
        else:
            return None
    return found
