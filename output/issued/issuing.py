"""`papka issue`: a paper gets its number, is drawn, proven, written and recorded, or nothing happens."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ...core.aside import own_name, sweep
from ...core.errors import AskedWrongly, PapkaError, Refused
from ...core.i18n import tr
from ...core.office import Office, find_office
from ...core.opening import OpenCase, open_case
from ...core.programmes.programme import DocumentType, Programme
from ...core.rules import checking
from ...core.saving import ASIDE, write_atomically
from ..explaining.sources import sources_of
from ..marking import with_words
from ..rendering import Given, Press, Rendered, wanted
from . import reasons
from .cards import SUFFIX as CARD
from .cards import Card, card_of
from .hindsight import later_facts
from .signers import signers_of

if TYPE_CHECKING:
    from ...core.findings import Finding
    from ...core.journal.entries import Entry, Job, Series
    from ...core.journal.journal import Journal
    from ..explaining.changes import Cause
    from ..pdf import PdfResult, Pool

ISSUED = "issued"
_STAGING = ".issuing-"
Result = Literal["issued", "already", "refused"]


@dataclass(frozen=True)
class IssueOrder:
    """What a worker wants issued.

    Attributes:
        stage: All papers of the stage that the case has reached.
        due: All papers that have a day by which they are due.
        correct: Why a paper that was issued before is issued anew; None: it is not.
    """

    case: str
    documents: tuple[str, ...] = ()
    stage: bool = False
    due: bool = False
    correct: str | None = None
    pdf: bool = True
    engine: str | None = None
    day: date = field(default_factory=date.today)


@dataclass(frozen=True)
class Outcome:
    """What became of one paper.

    Attributes:
        error: Why it was not issued, with its findings.
        fictional: Whether the case is one for learning.
        notes: What a person should look at on it, though it was issued.
        corrects: The paper that it takes the place of; then `because` says what has changed since, and
            `signed` how many signatures that one bore.
    """

    document: str
    result: Result
    entry: Entry | None = None
    docx: Path | None = None
    pdf: Path | None = None
    error: PapkaError | None = None
    fictional: bool = False
    title: str = ""
    notes: tuple[Finding, ...] = ()
    corrects: Entry | None = None
    because: tuple[Cause, ...] = ()
    signed: int = 0

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "document": self.document,
            "title": self.title,
            "result": self.result,
            "entry": self.entry.as_json() if self.entry else None,
            "docx": str(self.docx) if self.docx else None,
            "pdf": str(self.pdf) if self.pdf else None,
            "refusal": str(self.error) if self.error else None,
            "notes": [one.as_json() for one in self.notes],
            "because": [one.as_json() for one in self.because],
            "signatures_lost": self.signed,
        }


@dataclass(frozen=True)
class Desk:
    """All that issuing needs: the case, its office, the press and the journal."""

    opened: OpenCase
    office: Office
    press: Press
    journal: Journal
    engines: Pool | None = None

    @property
    def folder(self) -> Path:
        """Where issued papers of the case lie."""
        return self.opened.path.parent / ISSUED

    def series(self, kind: DocumentType) -> Series | None:
        """Return where the numbers of a document type come from; a centre's own pattern wins."""
        from ...core.journal.entries import Series

        known = {one.id: one for one in self.opened.method.programme.series}
        one = known.get(kind.series or "")
        if one is None:
            return None
        return Series(one.id, self.office.settings.numbering.get(one.id, one.pattern), one.yearly)

    def job(self, draft: Rendered, day: date) -> Job:
        """Say what is to be issued: the paper without its number stands for the facts that made it."""
        from ...core.journal.entries import Job

        kind = self.press.paper(draft.document).type
        facts = hashlib.sha256(draft.content).hexdigest()
        case = self.opened.case.id
        series = self.series(kind)
        return Job(case, draft.document, draft.item, draft.day or day, facts, draft.number, series)


def issue(order: IssueOrder) -> list[Outcome]:
    """Issue the papers that were ordered; what one of them lacks stops no other.

    Raises:
        AskedWrongly: The case lies in no office, or has no such document.
        PapkaError: The journal cannot be reached.
    """
    from ...core.journal.journal import Journal

    if order.day > date.today():
        words = tr("No paper is issued on a day that is still to come. A draft may be: papka render.")
        raise AskedWrongly(words)
    opened = open_case(order.case, Path.cwd())
    journal = Journal.open(home_of(opened).journal_place)
    try:
        return issue_in(journal, order, opened, Press(opened.method, opened.language))
    finally:
        journal.close()


def home_of(opened: OpenCase) -> Office:
    """Return the office in which papers of a case are issued.

    Raises:
        AskedWrongly: The case lies in no office.
    """
    office = find_office(opened.path.resolve().parent)
    if office is None:
        words = tr("Papers are issued in an office: papka init FOLDER makes one. To try: papka render.")
        raise AskedWrongly(words)
    return office


def issue_in(
    journal: Journal, order: IssueOrder, opened: OpenCase, press: Press, engines: Pool | None = None
) -> list[Outcome]:
    """Issue papers of a case that is open already, in a journal that is: for who has many cases to do.

    Args:
        engines: What makes the PDF files; without it, each time anew what there is.

    Raises:
        AskedWrongly: The case lies in no office, or has no such document.
    """
    if order.correct is not None:
        order = replace(order, correct=reasons.of_case(order.correct, opened.case))
    desk = Desk(opened, home_of(opened), press, journal, engines)
    _not_destroyed(desk)
    return _issued(desk, order)


def _not_destroyed(desk: Desk) -> None:
    """Refuse the code of a case whose data was destroyed: its numbers belong to that one for good."""
    from ..keeping.tombs import act_of

    act = act_of(desk.journal, desk.opened.case.id)
    if act is not None:
        words = tr(
            "The code {case} belongs to a case whose data was destroyed by act № {number} of {day}: "
            "give this case a code of its own."
        )
        said = words.format(case=act.case, number=act.number, day=f"{act.day:%d.%m.%Y}")
        raise AskedWrongly(said)


def _issued(desk: Desk, order: IssueOrder) -> list[Outcome]:
    # What a killed run left goes, whether or not there is anything left to write.
    for prefix in (_STAGING, ASIDE):
        sweep(desk.folder, prefix)
    outcomes: list[Outcome] = []
    begun: list[tuple[Entry, Rendered]] = []
    for document, index in _asked(desk, order):
        try:
            for draft in desk.press.render(desk.opened.case, document, order.day, index):
                done = _begin(desk, order, draft, index)
                if isinstance(done, Outcome):
                    outcomes.append(done)
                else:
                    begun.append(done)
        except AskedWrongly:
            raise
        except PapkaError as error:
            outcomes.append(Outcome(document, "refused", error=error))
    return outcomes + list(_finished(desk, order, begun))


def _asked(desk: Desk, order: IssueOrder) -> list[tuple[str, int | None]]:
    asked = wanted(desk.press, order.documents)
    if not (order.stage or order.due):
        if not asked:
            raise AskedWrongly(tr("Name a document, or ask for --stage or --due."))
        return asked
    asked += [(one, None) for one in called_for(desk.opened, order.day, stage=order.stage, due=order.due)]
    return list(dict.fromkeys(asked))


def called_for(
    opened: OpenCase, day: date, *, stage: bool, due: bool, by: date | None = None
) -> Iterator[str]:
    """Go through the documents that a case calls for and has the facts for.

    Args:
        stage: Those of the stage that it has reached.
        due: Those that have a day by which they are due; with `by` only if that day has come by then.
    """
    now = opened.on(day)
    reached = now.stage.id if now.stage else None
    for one in checking.documents(now, opened.method):
        here = (stage and one.stage == reached) or (
            due and one.due is not None and (by is None or one.due <= by)
        )
        if here and one.count and not one.missing and one.state not in ("not_due", "not_needed"):
            yield one.id


def _begin(
    desk: Desk, order: IssueOrder, draft: Rendered, index: int | None
) -> Outcome | tuple[Entry, Rendered]:
    """Give a paper its number and draw it with it; a paper that was issued and has not changed stays."""
    job = desk.job(draft, order.day)
    before = desk.journal.latest(job)
    if before is not None and before.facts == job.facts:
        return Outcome(draft.document, "already", before, _file(desk, before), title=draft.title)
    if before is not None and order.correct is None:
        error = _changed_since(desk, draft, before)
        return Outcome(draft.document, "refused", before, error=error, title=draft.title)
    entry = desk.journal.reserve(job, replaces=before.id if before else None, reason=order.correct)
    if entry.state == "issued":
        # Somebody else was quicker with the very same paper.
        return Outcome(draft.document, "already", entry, _file(desk, entry), title=draft.title)
    try:
        return entry, _marked(desk, order, draft, entry)
    except PapkaError as error:
        desk.journal.void(entry.id, str(error))
        raise


def _changed_since(desk: Desk, draft: Rendered, before: Entry) -> PapkaError:
    """Say what has changed since a paper was issued, and what may be done about it."""
    from ..explaining.changes import told

    words = tr("«{title}» ({id}) of {day} is issued; this has changed since: {what}.")
    said = words.format(
        title=draft.title,
        id=before.id,
        day=f"{before.day:%d.%m.%Y}",
        what=told(_because(desk, before, draft)),
    )
    cure = tr(
        "If it changed after that day, the paper is right as it is: leave it. "
        "If there was a mistake on it, issue a corrected one in its place: --correct REASON."
    )
    return PapkaError(f"{said} {cure}")


def _because(desk: Desk, before: Entry, draft: Rendered) -> list[Cause]:
    from ..explaining.changes import causes
    from ..explaining.sourcemap import SourceMap

    card = card_of(desk.office.folder, before)
    return causes(before, SourceMap.of(card.sources) if card else None, draft, desk.opened, desk.press)


def _marked(desk: Desk, order: IssueOrder, draft: Rendered, entry: Entry) -> Rendered:
    """Draw a paper again, with its number and its code."""
    given = {draft.item: Given(entry.number, entry.id)}
    papers = desk.press.render(desk.opened.case, draft.document, order.day, given=given)
    paper = next(one for one in papers if one.item == draft.item)
    if entry.replaces is None:
        return paper
    return replace(paper, content=with_words(paper.content, _in_place_of(desk, entry.replaces)))


def _in_place_of(desk: Desk, former: str) -> str:
    """Say, on the paper itself and in its language, which one it takes the place of."""
    before, pack = desk.journal.entry(former), desk.press.language.pack
    words = pack.on_paper("Issued in place of the document of {day} (code {code})")
    if before.number:
        words = pack.on_paper("Issued in place of document No. {number} of {day} (code {code})")
    return words.format(number=before.number, day=pack.printed(before.day), code=before.id)


def _finished(desk: Desk, order: IssueOrder, begun: Sequence[tuple[Entry, Rendered]]) -> Iterator[Outcome]:
    """Write the papers aside, make their PDF files, then move both to their place and record them."""
    if not begun:
        return
    # Two workers may issue papers of one case at once, the same one even: each has a place of its own.
    staging = desk.folder / own_name(_STAGING)
    try:
        yield from _from_staging(desk, order, begun, staging)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _from_staging(
    desk: Desk, order: IssueOrder, begun: Sequence[tuple[Entry, Rendered]], staging: Path
) -> Iterator[Outcome]:
    files = {entry.id: staging / f"{paper.document}_{entry.id}.docx" for entry, paper in begun}
    for entry, paper in begun:
        write_atomically(files[entry.id], paper.content)
    results = _pdfs(desk, {files[entry.id]: entry for entry, _ in begun}, order)
    for entry, paper in begun:
        docx = files[entry.id]
        result = results.get(docx)
        if result is not None and result.pdf is None:
            reason = tr("no PDF: {reason}").format(reason=result.refusal)
            # Somebody else may have issued it with another engine in the meantime: then it stands.
            with suppress(PapkaError):
                desk.journal.void(entry.id, reason)
            yield Outcome(paper.document, "refused", entry, error=Refused(reason))
            continue
        yield _recorded(desk, entry, paper, docx, result, order.day)


def _pdfs(desk: Desk, files: Mapping[Path, Entry], order: IssueOrder) -> dict[Path, PdfResult]:
    """Draw the papers as PDF, each page with the code of its paper."""
    if not order.pdf:
        return {}
    from ..pdf import to_pdf
    from .codes import stamped

    def finish(docx: Path, pdf: bytes) -> bytes:
        return stamped(pdf, files[docx].id, _digest(docx))

    papers = list(files)
    into = papers[0].parent
    if desk.engines is not None:
        return {one.source: one for one in desk.engines.to_pdf(papers, into, finish)}
    return {one.source: one for one in to_pdf(papers, into, order.engine, finish=finish)}


def _recorded(
    desk: Desk, entry: Entry, paper: Rendered, docx: Path, result: PdfResult | None, day: date
) -> Outcome:
    """Put a paper, its PDF and its card in their place, and record it."""
    place = desk.folder / docx.name
    pdf = result.pdf if result else None
    pages = result.pages if result else None
    digests = {one: _digest(one) for one in (docx, pdf) if one}
    sources = sources_of(desk.press, desk.opened, paper, day, Given(entry.number, entry.id))
    card = Card(entry.id, pages, signers_of(paper.content, pdf, desk.press.language.pack), sources)

    def put() -> None:
        write_atomically(place.with_suffix(CARD), card.as_bytes())
        if pdf is not None:
            pdf.replace(place.with_suffix(".pdf"))
        docx.replace(place)

    done = desk.journal.issued(
        entry,
        put,
        file=place.resolve().relative_to(desk.office.folder.resolve()).as_posix(),
        docx_sha256=digests[docx],
        pdf_sha256=digests[pdf] if pdf else None,
        pages=pages,
        made_with=made_with(
            desk.opened, paper, f"{result.engine} {result.engine_version}" if result else None
        ),
    )
    told = Outcome(
        paper.document,
        "issued",
        done,
        place,
        place.with_suffix(".pdf") if done.pdf_sha256 else None,
        fictional=desk.opened.case.fictional,
        title=paper.title,
        notes=tuple(later_facts(desk.opened, desk.press.method, sources)),
    )
    return _as_correction(desk, told, paper) if done.replaces else told


def _as_correction(desk: Desk, told: Outcome, paper: Rendered) -> Outcome:
    """Add what a corrected paper has to be told with: what is other on it, and who has to sign it anew."""
    assert told.entry is not None and told.entry.replaces is not None
    before = desk.journal.entry(told.entry.replaces)
    marks = desk.journal.marks([before.id]).get(before.id, ())
    signed = sum(one.kind == "signed" and one.how != "waived" for one in marks)
    return replace(told, corrects=before, because=tuple(_because(desk, before, paper)), signed=signed)


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def made_with(opened: OpenCase, paper: Rendered, engine: str | None) -> dict[str, str]:
    """Say which versions made the paper; together with the case they would make it again."""
    from ... import __version__

    programme = opened.method.programme
    plugin = next((one for one in opened.plugins.infos if one.programme == programme.id), None)
    known = {
        "papka": __version__,
        "programme": programme.id,
        "plugin": f"{plugin.name} {plugin.version}" if plugin else "",
        "template_sha256": paper.template_digest,
        "rules_sha256": rules_digest(programme),
        "engine": engine or "",
    }
    return {name: value for name, value in known.items() if value}


def rules_digest(programme: Programme) -> str:
    """Return the SHA-256 of all that a programme says: its rules, numbers, levels and papers."""
    return hashlib.sha256(programme.model_dump_json().encode("utf-8")).hexdigest()


def _file(desk: Desk, entry: Entry) -> Path | None:
    return desk.office.folder / entry.file if entry.file else None
