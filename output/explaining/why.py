"""`papka why`: from words on a paper to the template's paragraph, the fields and the rules behind them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...core import yamltext
from ...core.errors import AskedWrongly, PapkaError
from ...core.expressions import Language
from ...core.facts import Missing, Record, Rows
from ...core.findings import Source
from ...core.i18n import tr
from ...core.office import CASE_FILE, Office
from ...core.opening import OpenCase, open_case
from ...core.paths import Loc, dotted
from ...core.plugging.plugins import Plugins
from ...core.programmes.programme import Programme
from ..letters import TagPlace, cells_of, visible_text
from ..package import W
from ..rendering import Press, Rendered, wanted
from ..template import Template
from .answers import Answer, FieldUse, Sentence, Spoken, State, TagUse
from .changes import words_of
from .desk import Desk
from .leaves import digester, place
from .quoting import found_in, nearest_to
from .sourcemap import Origin, PartMap, SourceMap
from .sources import case_digest, paragraphs_of, parts_of, plain, sources_of

if TYPE_CHECKING:
    from ...core.journal.entries import Entry
    from ...core.journal.journal import Journal

_WORD = re.compile(r"\{%[-+]?\s*(?:(?:tr|tc|p|r)\s+)?(\w+)")


# --- which paper -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Paper:
    """A paper that was found, with all that is needed to explain it."""

    state: State
    map: SourceMap
    content: bytes
    given: bytes | None
    entry: Entry | None
    opened: OpenCase | None
    programme: Programme
    language: Language
    template: Path | None


def why(asked: str, words: str, case: str | None = None, day: date | None = None) -> Answer:
    """Say where words on a paper come from.

    Args:
        asked: The paper: its Word file or PDF, or its code; with `case` a document that is not drawn up yet.
        case: Of a draft, the case that it was drawn of; None: the case in whose folder it lies.
        day: Of a draft, the day for which it was drawn; None: the day of the file.

    Raises:
        AskedWrongly: There is no such paper, or no words were given.
        PapkaError: The paper is there and cannot be explained; the sentence says why.
    """
    if not any(sign.isalnum() for sign in words):
        raise AskedWrongly(tr("Name some words of the paper, with letters or figures in them."))
    paper = _paper(asked, case, day)
    return _Explaining(paper).answer(words)


def _paper(asked: str, case: str | None, day: date | None) -> _Paper:
    from ...core.journal.journal import Journal
    from ...core.office import find_office

    file = Path(asked)
    start = file.resolve().parent if file.is_file() else Path.cwd()
    office = find_office(start) or find_office(Path.cwd())
    if office is not None and _has_journal(office):
        book = Journal.open(office.journal_place)
        try:
            entry = _entry(file, asked, book)
        finally:
            book.close()
        if entry is not None:
            return _issued(entry, file if file.is_file() else None, office)
    if file.is_file():
        return _draft(file, case, day)
    if case is not None:
        return _undrawn(asked, case, day)
    words = tr(
        "There is neither a file {file} nor an issued paper of this code. "
        "Of a paper that is not issued yet: papka why DOCUMENT WORDS --case CASE."
    )
    raise AskedWrongly(words.format(file=asked))


def _has_journal(office: Office) -> bool:
    at = office.journal_place
    return not isinstance(at, Path) or at.exists()


def _entry(file: Path, asked: str, journal: Journal) -> Entry | None:
    from ..issued.verifying import known_of

    if file.is_file():
        return known_of(file, file.read_bytes(), journal)
    try:
        return journal.entry(asked)
    except PapkaError:
        return None


def _issued(entry: Entry, file: Path | None, office: Office) -> _Paper:
    from ..issued.cards import card_of

    word = office.folder / (entry.file or "")
    card = card_of(office.folder, entry)
    known = SourceMap.of(card.sources) if card else None
    if known is None:
        words = tr("The paper {id} has no map of its sources: it was issued by an older papka.")
        raise PapkaError(words.format(id=entry.id) + " " + tr("papka verify FILE tells what made it."))
    if not word.is_file() or hashlib.sha256(word.read_bytes()).hexdigest() != entry.docx_sha256:
        words = tr("The office's own copy of {id} is gone or was altered: take it from a backup.")
        raise PapkaError(words.format(id=entry.id))
    raw = file.read_bytes() if file else None
    digest = hashlib.sha256(raw).hexdigest() if raw is not None else entry.docx_sha256
    is_word = raw is not None and raw.startswith(b"PK")
    same = digest in (entry.docx_sha256, entry.pdf_sha256) or not is_word
    opened = _opened(entry.case, office)
    plugins = opened.plugins if opened else Plugins()
    method = opened.method if opened else plugins.method(entry.made_with.get("programme", ""))
    paper = method.papers.get(entry.document)
    return _Paper(
        "issued" if same else "altered",
        known,
        word.read_bytes(),
        None if same else raw,
        entry,
        opened,
        method.programme,
        plugins.language_for(method),
        paper.template if paper else None,
    )


def _opened(case: str, office: Office) -> OpenCase | None:
    try:
        return open_case(case, office.folder)
    except PapkaError:
        return None


def _draft(file: Path, case: str | None, day: date | None) -> _Paper:
    """Make the map of a draft on the spot, if the case still gives it."""
    beside = file.resolve().parent.parent / CASE_FILE
    if case is None and not beside.is_file():
        words = tr("{file} is a draft, or comes from another office: name its case with --case CASE.")
        raise AskedWrongly(words.format(file=file.name))
    if not file.read_bytes().startswith(b"PK"):
        # The PDF of a draft says what the Word file beside it says.
        file = file.with_suffix(".docx")
        if not file.is_file():
            words = tr("{file} is not there, and a PDF alone does not tell: draw the paper up, papka render.")
            raise AskedWrongly(words.format(file=file.name))
    opened = open_case(case or str(beside), Path.cwd())
    press = Press(opened.method, opened.language)
    document = re.sub(r"_\d+$", "", file.stem)
    if document not in press.method.papers:
        words = tr("The name of {file} tells no document of the programme.")
        raise AskedWrongly(words.format(file=file.name))
    on = day or datetime.fromtimestamp(file.stat().st_mtime).date()
    content = file.read_bytes()
    for one in press.render(opened.case, document, on):
        known = SourceMap.of(sources_of(press, opened, one, on)) if _is_same(one, content) else None
        if known is not None:
            programme, language = press.method.programme, press.language
            template = press.paper(document).template
            return _Paper("draft", known, one.content, None, None, opened, programme, language, template)
    words = tr("The case or the template has changed since {file} was drawn up, or it was changed by hand.")
    raise PapkaError(words.format(file=file.name) + " " + tr("Draw it up again: papka render."))


def _undrawn(asked: str, case: str, day: date | None) -> _Paper:
    """Make the map of a paper that lies nowhere yet, as it would be drawn up.

    Raises:
        AskedWrongly: There is no such case or document.
        Refused: The case lacks what the paper prints.
    """
    opened = open_case(case, Path.cwd())
    press = Press(opened.method, opened.language)
    (document, index), on = wanted(press, [asked])[0], day or date.today()
    draft = next(iter(press.render(opened.case, document, on, index)))
    known = SourceMap.of(sources_of(press, opened, draft, on))
    if known is None:
        raise PapkaError(
            tr("Of {document} it cannot be told where each sentence comes from.").format(document=asked)
        )
    programme, language = press.method.programme, press.language
    template = press.paper(document).template
    return _Paper("draft", known, draft.content, None, None, opened, programme, language, template)


def _is_same(one: Rendered, content: bytes) -> bool:
    part = "word/document.xml"
    return paragraphs_of(one.content, part) == paragraphs_of(content, part)


# --- what is said of it ----------------------------------------------------------------------------------


@dataclass
class _Explaining:
    """Explains one paper."""

    paper: _Paper
    _values: dict[str, str | None] = field(default_factory=dict)

    def answer(self, words: str) -> Answer:
        """Find the words and say where they come from; of words that are not there, what is nearest."""
        paper = self.paper
        lines = list(self._lines(paper.content))
        texts = [text for _, _, text in lines]
        numbers = [number for group in found_in(words, texts) for number in group]
        by_hand, near = False, None
        if not numbers and paper.given is not None:
            own = [text for _, _, text in self._lines(paper.given)]
            by_hand = bool(found_in(words, own))
        if not numbers and not by_hand:
            nearest = nearest_to(words, texts)
            near = self._sentence(*lines[nearest]) if nearest is not None else None
        title = next((one.title for one in self._types() if one.id == paper.map.document), "")
        return Answer(
            paper.state,
            title,
            paper.map.document,
            paper.map.template[0],
            paper.map,
            paper.entry,
            tuple(self._sentence(*lines[number]) for number in dict.fromkeys(numbers)),
            by_hand,
            near,
            self._same_case,
            self._template is not None,
        )

    def _types(self) -> Iterator[Any]:
        if self.paper.opened is not None:
            yield from (one.type for one in self.paper.opened.method.papers.values())
        yield from self.paper.programme.documents

    def _lines(self, content: bytes) -> Iterator[tuple[str, int, str]]:
        """Go through all paragraphs of a paper: part, number from 1, words."""
        for part in parts_of(content):
            for number, text in enumerate(paragraphs_of(content, part), start=1):
                yield part, number, text

    @cached_property
    def _same_case(self) -> bool | None:
        opened = self.paper.opened
        return case_digest(opened) == self.paper.map.case_sha256 if opened else None

    @cached_property
    def _template(self) -> Template | None:
        """The template, if it is still the one that drew the paper."""
        path, digest = self.paper.template, self.paper.map.template[1]
        if path is None or not path.is_file():
            return None
        return Template.open(path) if hashlib.sha256(path.read_bytes()).hexdigest() == digest else None

    def _sentence(self, part: str, number: int, text: str) -> Sentence:
        known = self.paper.map.parts.get(part)
        # A part without a tag is the template's own, paragraph by paragraph.
        origin = known.paragraphs[number - 1] if known else Origin(number, "")
        if known is not None and origin.digest != digester(self.paper.map.salt)(plain(text)):
            raise PapkaError(tr("The card of the paper does not fit it: take both from a backup."))
        if origin.paragraph == 0:
            return Sentence(text, part, number, None, None)
        where, words = self._in_template(part, origin.paragraph)
        if known is None:
            return Sentence(text, part, number, where, words)
        conditions = tuple(self._conditions(known, origin))
        prints = tuple(self._prints(known, origin))
        rules = tuple(self._rules([*conditions, *prints]))
        return Sentence(text, part, number, where, words, conditions, prints, rules)

    def _in_template(self, part: str, number: int) -> tuple[TagPlace, str | None]:
        bare = TagPlace(part, number, 0, 0)
        if self._template is None or part not in self._template.package.members:
            return bare, None
        root = self._template.package.xml(part)
        paragraph = list(root.iter(f"{W}p"))[number - 1]
        cell = cells_of(root).get(paragraph, (None, None, None))
        return TagPlace(part, number, 0, 0, *cell), visible_text(paragraph)

    def _conditions(self, known: PartMap, origin: Origin) -> Iterator[TagUse]:
        for branch in known.around.get(origin.paragraph, ()):
            for tag in branch:
                use = self._use(known, tag, origin.asked.get(tag, ()))
                yield replace(use, holds=tag == branch[-1])

    def _prints(self, known: PartMap, origin: Origin) -> Iterator[TagUse]:
        for tag, fields in origin.prints.items():
            yield self._use(known, tag, fields, inside=True)

    def _use(self, known: PartMap, tag: int, fields: Sequence[int], *, inside: bool = False) -> TagUse:
        paragraph, text = known.tags[tag]
        word = _WORD.match(text)
        uses = tuple(self._field(self.paper.map.fields[one]) for one in fields)
        return TagUse(text, paragraph, word[1] if word else "", uses, inside)

    def _rules(self, uses: Sequence[TagUse]) -> Iterator[Spoken]:
        known = self.paper.map.rules
        paths = [place(one.path) for use in uses for one in use.fields]
        named = [name for at in paths if (name := dotted(at)) in known]
        for name in dict.fromkeys(named):
            source = known[name]["source"]
            yield Spoken(known[name]["rule"], Source(source["kind"], source["text"]) if source else None)

    # --- fields ------------------------------------------------------------------------------------------

    def _field(self, path: str) -> FieldUse:
        at = place(path)
        return FieldUse(path, words_of(at, self.paper.programme), self._line(at), self._value(path, at))

    @cached_property
    def _text(self) -> yamltext.Read | None:
        opened = self.paper.opened
        return yamltext.read(opened.path.read_bytes()) if opened and self._same_case else None

    def _line(self, at: Loc) -> int | None:
        text = self._text
        if text is None or at[:1] not in text.keys or self._is_worked_out(at):
            return None
        return text.spot(at).line

    @cached_property
    def _desk(self) -> Desk | None:
        opened, known = self.paper.opened, self.paper.map
        if opened is None or not self._same_case:
            return None
        return Desk.of(Press(opened.method, self.paper.language), opened, known.asked, known.day)

    def _is_worked_out(self, at: Loc) -> bool:
        return self._desk is not None and self._desk.is_worked_out(at)

    def _value(self, path: str, at: Loc) -> str | None:
        if path not in self._values:
            self._values[path] = self._said(at) if self._desk else None
        return self._values[path]

    def _said(self, at: Loc) -> str | None:
        entry, known = self.paper.entry, self.paper.map
        if at == ("document", "number"):
            return (entry.number if entry else None) or tr("not stated")
        if at == ("document", "on"):
            return f"{known.day:%d.%m.%Y}"
        assert self._desk is not None
        value = self._desk.value(at)
        if value is None or isinstance(value, Missing):
            return tr("not stated")
        if isinstance(value, Rows):
            return tr("items: {count}").format(count=len(value))
        if isinstance(value, Record):
            return None
        if isinstance(value, bool):
            return tr("yes") if value else tr("no")
        return self.paper.language.printed(value)
