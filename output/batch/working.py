"""What is done with one case of a batch: the same in this process, in another one and on another computer.

Nothing but plain data goes in and out: paths and codes, never what a case says.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...core import i18n
from ...core.aside import sweep
from ...core.errors import AskedWrongly, PapkaError
from ...core.findings import blocks
from ...core.i18n import tr
from ...core.office import Office, find_office
from ...core.opening import OpenCase, open_case
from ...core.oserrors import not_opened
from ...core.outside import bytes_of
from ...core.plugging.plugins import Plugins
from ...core.programmes.programme import DocumentType
from ...core.programmes.region import Method
from ...core.rules.reading import Reader, Written
from ...core.rules.situation import Situation
from ...core.rules.views import vocabulary_of
from ...core.saving import ASIDE
from ..issued.issuing import called_for
from ..marking import as_draft, draft_pages
from ..rendering import Press, Rendered, wanted
from ..saving import keep_changed, write_atomically
from ..work import ready
from .order import BatchOrder, Job, Task, case_key, key_of
from .record import Writer

if TYPE_CHECKING:
    from ...core.findings import Finding
    from ...core.journal.journal import Journal
    from ..pdf import Pool
    from ..pdf.convert import Finish

WHERE = "--where"
_ALONE = threading.RLock()
"""Papers are drawn by one thread of a process at a time: more of them would only wait for each other."""


@dataclass
class Told:
    """What became of one case.

    Attributes:
        fits: Whether the case is one of those asked for.
        new: How many papers were drawn, or issued.
        same: How many were there already, to the byte; or are issued and have not changed.
        lacking: Whether its programme has none of the documents asked for.
        waiting: Documents asked for that the case does not have the facts for yet.
        papers: The files of the drafts, from the folder of the batch.
        refused: What was refused: document, sentence, findings.
        begun: Whether it was begun at all; not, when somebody stopped the batch before.
    """

    case: str
    file: str
    fits: bool = True
    new: int = 0
    same: int = 0
    kept: int = 0
    lacking: bool = False
    waiting: list[str] = field(default_factory=list)
    papers: list[str] = field(default_factory=list)
    refused: list[dict[str, Any]] = field(default_factory=list)
    begun: bool = True

    def refuse(self, error: PapkaError | str, document: str | None = None) -> None:
        """Add a refusal, with every finding and without a line of the case."""
        findings = [one.as_json() for one in getattr(error, "findings", ())]
        self.refused.append({"document": document, "message": str(error), "findings": findings})


def work(task: Task) -> list[Told]:
    """Do some cases of a batch, and write down of each that it is done."""
    with _ALONE:
        try:
            desk = desk_of(task.job)
        except PapkaError as error:
            # Some errors cannot be sent as they are; what they say can.
            raise PapkaError(str(error)) from None
        return list(desk.do(task.cases))


# --- the query and the documents, by programme -----------------------------------------------------------


def query_faults(where: str, method: Method, plugins: Plugins) -> list[Finding]:
    """Return what is wrong with a query for the cases of one programme."""
    reader = Reader(vocabulary_of(method.programme), plugins.language_for(method), WHERE)
    reader.read(Written(WHERE, where, "bool"))
    return [one for one in reader.found if blocks([one])]


def documents_of(order: BatchOrder, press: Press) -> list[tuple[str, int | None]]:
    """Return the documents named in an order that a programme has."""
    found: list[tuple[str, int | None]] = []
    for one in order.documents:
        try:
            found += wanted(press, [one])
        except AskedWrongly:
            continue
    return found


# --- at the desk -----------------------------------------------------------------------------------------


@dataclass
class _Paper:
    """A draft that waits for its PDF."""

    told: Told
    rendered: Rendered
    docx: Path


class Desk:
    """All that the cases of a batch have in common: plugins, query, engines, journal, record."""

    def __init__(self, job: Job) -> None:
        self.job, self.order = job, job.order
        self.start, self.folder = Path(job.start), Path(job.folder)
        self.office: Office | None = find_office(self.start)
        self.plugins = Plugins(start=self.start)
        self.writer = Writer(self.folder)
        self.journals: dict[Path | str, Journal] = {}
        self._queries: dict[str, bool] = {}
        if key_of(self.order, self.office, self.plugins, job.language) != job.key:
            words = tr(
                "This computer has another papka, other plugins or other templates than the one where the "
                "batch was begun: {computer}. Install the same there, or begin the batch anew."
            )
            raise PapkaError(words.format(computer=os.uname().nodename if hasattr(os, "uname") else "?"))

    def journal(self, place: Path | str) -> Journal:
        """Return the journal at a place, open as long as the process works."""
        from ...core.journal.journal import Journal

        if place not in self.journals:
            self.journals[place] = Journal.open(place)
        return self.journals[place]

    @cached_property
    def engines(self) -> Pool:
        """The engines for PDF, kept warm as long as the process works."""
        from ..pdf import pool

        return pool(workers=1, engine=self.order.engine, near=self.start)

    def close(self) -> None:
        """Let go of what is held open."""
        for journal in self.journals.values():
            journal.close()
        if "engines" in self.__dict__:
            self.engines.close()

    def do(self, cases: Sequence[tuple[str, str]]) -> Iterator[Told]:
        """Do cases; whatever is wrong with one of them stops no other."""
        held: list[tuple[Told, str]] = []
        waiting: list[_Paper] = []
        for file, name in cases:
            told = Told(name, file)
            if os.path.exists(self.job.stop):  # noqa: PTH110  asked for each case
                told.begun = False
                yield told
                continue
            key = self._one(told, waiting)
            if self.order.pdf and not self.order.issue:
                # The PDF files of several cases are drawn in one go; a case is done when its own are there.
                held.append((told, key))
            else:
                yield self._noted(told, key)
        self._draw_pdfs(waiting)
        for told, key in held:
            yield self._noted(told, key)

    def _one(self, told: Told, waiting: list[_Paper]) -> str:
        """Do one case; return its key, or nothing if it cannot be said what the case was."""
        path, key = Path(told.file), ""
        try:
            content = bytes_of(path)
            key = case_key(self.job.key, told.case, content)
            self._do(told, waiting)
            if bytes_of(path) != content:
                key = ""  # somebody saved it meanwhile: next time it is done anew
        except PapkaError as error:
            told.refuse(error)
        except OSError as error:
            told.refuse(not_opened(path.name, error))
        except Exception as error:  # noqa: BLE001  one bad case stops nothing
            told.refuse(_failed(error))
        return key

    def _noted(self, told: Told, key: str) -> Told:
        if key:
            try:
                self.writer.note(key, _as_line(told))
            except PapkaError as error:
                told.refuse(error)
        return told

    def _do(self, told: Told, waiting: list[_Paper]) -> None:
        opened = open_case(told.file, self.start, self.plugins)
        if not self._is_asked_for(opened):
            told.fits = False
        elif self.order.issue:
            self._issue(told, opened)
        else:
            self._draw(told, opened, waiting)

    def _is_asked_for(self, opened: OpenCase) -> bool:
        where = self.order.where
        if where is None:
            return True
        programme = opened.case.programme
        if programme not in self._queries:
            self._queries[programme] = not query_faults(where, opened.method, self.plugins)
        return self._queries[programme] and opened.on(self.order.day).holds(where)

    def _chosen(self, told: Told, opened: OpenCase, press: Press) -> list[tuple[str, int | None]]:
        """Return the documents to be made of a case; of those named it may lack the facts still."""
        order = self.order
        chosen: list[tuple[str, int | None]] = []
        if order.documents:
            now = press.situation(opened.case, order.day)
            named = documents_of(order, press)
            told.lacking = not named
            for document, index in named:
                if _is_able(now, press.paper(document).type):
                    chosen.append((document, index))
                else:
                    told.waiting.append(document)
        if order.stage or order.due:
            called = called_for(opened, order.day, stage=order.stage, due=order.due, by=order.by)
            chosen += [(one, None) for one in called]
        if not (order.documents or order.stage or order.due):
            chosen = [(one, None) for one in ready(opened, order.day)]
        return list(dict.fromkeys(chosen))

    # --- drafts ------------------------------------------------------------------------------------------

    def _draw(self, told: Told, opened: OpenCase, waiting: list[_Paper]) -> None:
        press = Press(opened.method, opened.language)
        folder = self.folder / told.case
        sweep(folder, ASIDE)
        for document, index in self._chosen(told, opened, press):
            try:
                for paper in press.render(opened.case, document, self.order.day, index):
                    path = paper.path(folder)
                    self._put(told, paper, path)
                    if self.order.pdf:
                        waiting.append(_Paper(told, paper, path))
            except PapkaError as error:
                told.refuse(error, document)
            except Exception as error:  # noqa: BLE001  one bad paper stops nothing
                told.refuse(_failed(error), document)

    def _put(self, told: Told, paper: Rendered, path: Path) -> None:
        """Write a draft, if it does not lie there to the byte already."""
        content = as_draft(paper.content, paper.draft)
        if _content(path) == content:
            told.same += 1
        else:
            told.kept += keep_changed(path) is not None
            write_atomically(path, content)
            told.new += 1
        told.papers.append(path.relative_to(self.folder).as_posix())

    def _draw_pdfs(self, waiting: Sequence[_Paper]) -> None:
        """Draw the drafts of several cases as PDF in one go; each page says that it is a draft."""
        if not waiting:
            return
        from ..pdf.running import private_room

        with private_room() as room:
            plain = {room / f"{number:05}.docx": one for number, one in enumerate(waiting)}
            for path, one in plain.items():
                path.write_bytes(one.rendered.content)
            for path, one in plain.items():
                pdf = one.docx.with_suffix(".pdf")
                try:
                    result = self.engines.convert(path, pdf, _marking(one.rendered.draft))
                except PapkaError as error:
                    one.told.refuse(error, one.rendered.document)
                    continue
                if result.pdf is None:
                    reason = tr("no PDF: {reason}").format(reason=result.refusal)
                    one.told.refuse(reason, one.rendered.document)
                else:
                    one.told.papers.append(pdf.relative_to(self.folder).as_posix())

    # --- issuing -----------------------------------------------------------------------------------------

    def _issue(self, told: Told, opened: OpenCase) -> None:
        from ..issued.issuing import IssueOrder, home_of, issue_in

        order = self.order
        press = Press(opened.method, opened.language)
        named = [(one, index) for one, index in self._chosen(told, opened, press)]
        if not named:
            return
        asked = tuple(one if index is None else f"{one}:{index}" for one, index in named)
        paper_order = IssueOrder(told.file, asked, pdf=order.pdf, engine=order.engine, day=order.day)
        engines = self.engines if order.pdf else None
        journal = self.journal(home_of(opened).journal_place)
        for one in issue_in(journal, paper_order, opened, press, engines):
            told.new += one.result == "issued"
            told.same += one.result == "already"
            if one.error is not None:
                told.refuse(one.error, one.document)


def _is_able(now: Situation, kind: DocumentType) -> bool:
    """Tell whether a case has the facts for a document: as `ready` does, for one only."""
    return (kind.given is None or now.holds(kind.given)) and next(now.items(kind), None) is not None


def _marking(word: str) -> Finish:
    """Return what marks each page of a PDF as a draft."""

    def finish(_: Path, pdf: bytes) -> bytes:
        return draft_pages(pdf, word)

    return finish


def _as_line(told: Told) -> dict[str, Any]:
    return {
        "case": told.case,
        "count": told.new + told.same,
        "papers": told.papers,
        "refused": len(told.refused),
    }


def _content(path: Path) -> bytes | None:
    try:
        return bytes_of(path)
    except OSError:
        return None


def _failed(error: Exception) -> str:
    """Say that papka itself failed; what the error says may hold a value of the case."""
    words = tr("Papka failed ({kind}). Run the same command with --debug and send us what it shows.")
    return words.format(kind=type(error).__name__)


_desks: dict[tuple[int, str, str], Desk] = {}
"""The desk of this process; a forked one makes its own."""


def desk_of(job: Job) -> Desk:
    """Return the desk for a batch, laid once in each process.

    Raises:
        PapkaError: This computer has other plugins or templates than the one where the batch was begun.
    """
    name = (os.getpid(), job.key, job.folder)
    if name not in _desks:
        clear_desks()
        if i18n.current_language() != job.language:
            i18n.speak(job.language)
        _desks[name] = Desk(job)
    return _desks[name]


def clear_desks() -> None:
    """Let go of what a desk holds open: engines and the journal."""
    for (process, *_), desk in list(_desks.items()):
        if process == os.getpid():
            desk.close()
    _desks.clear()
