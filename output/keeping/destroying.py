"""`papka destroy`: personal data of a case is destroyed by an act, when the law lets the centre or makes it.

The order of steps makes it safe against being stopped anywhere: the act is written and recorded first; the
case's folder leaves its place in one rename; then its files are deleted. Whoever runs the command again goes
on from there.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ...core.contract.choices import ConsentKind
from ...core.errors import AskedWrongly, PapkaError
from ...core.i18n import tr
from ...core.index import forget
from ...core.office import Office
from ...core.opening import OpenCase, open_case
from ...core.oserrors import why
from ...core.saving import write_atomically
from .acts import Lot, Operator, act, digest, kinds_of
from .elsewhere import Elsewhere, elsewhere, names_of
from .tombs import ACT, LEAVING, act_of

if TYPE_CHECKING:
    from ...core.contract.case import Case
    from ...core.filters import LanguagePack
    from ...core.journal.entries import Entry
    from ...core.journal.journal import Journal

Reason = Literal["withdrawal", "term"]
ACTS = "acts"
WITHIN = timedelta(days=30)
"""How long an operator has after a withdrawal (152-ФЗ, article 21, part 5; domain rule C-4)."""


@dataclass(frozen=True)
class Destroyed:
    """What was done.

    Attributes:
        act: The act as the journal knows it.
        files: How many files were deleted in this run.
        elsewhere: What the office holds outside its cases, and may still name the family: reports, tables.
        finished: An earlier run was stopped, and this one ended it.
    """

    act: Entry
    docx: Path
    pdf: Path | None
    files: int
    elsewhere: Elsewhere
    finished: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "act": self.act.as_json(),
            "docx": str(self.docx),
            "pdf": str(self.pdf) if self.pdf else None,
            "files": self.files,
            "elsewhere": self.elsewhere.count,
            "naming": list(self.elsewhere.naming),
            "finished": self.finished,
        }


@dataclass(frozen=True)
class Order:
    """What is asked for, and how somebody is asked whether it is meant.

    Attributes:
        confirm: Gets what will be destroyed and what has to be typed; returns whether it was.
    """

    case: str
    reason: Reason
    confirm: Callable[[Lot, str], bool]
    engine: str | None = None
    day: date | None = None


def destroy(order: Order, office: Office) -> Destroyed | None:
    """Destroy the personal data of a case; None if it was not confirmed.

    Raises:
        AskedWrongly: There is no ground for it, or no such case.
        PapkaError: The act could not be written, or a file could not be deleted; running again goes on.
    """
    from ...core.journal.journal import Journal

    book = Journal.open(office.journal_place)
    try:
        left = _finished(office, book, order.case)
        return left or _destroyed(order, office, book)
    finally:
        book.close()
        forget(office.folder)


def _finished(office: Office, book: Journal, asked: str) -> Destroyed | None:
    """End what an earlier run has begun: the act stands, and the folder has left its place or not yet."""
    found = None
    for folder in sorted((office.folder / "cases").glob(f"{LEAVING}*")):
        entry = book.entry(folder.name.removeprefix(LEAVING))
        done = _told(office, entry, _deleted(folder), elsewhere(office.folder), finished=True)
        found = done if asked in (entry.case, entry.id) else found
    known = act_of(book, asked)
    if found is None and known is not None and office.case_file(asked) is None:
        words = tr("The data of case {case} was destroyed by act № {number} of {day}; nothing is left to do.")
        raise AskedWrongly(words.format(case=asked, number=known.number, day=f"{known.day:%d.%m.%Y}"))
    return found


def _destroyed(order: Order, office: Office, book: Journal) -> Destroyed | None:
    path = office.case_file(order.case)
    opened = open_case(str(path) if path else order.case, Path.cwd())
    folder = opened.path.resolve().parent
    if (
        not folder.is_relative_to((office.folder / "cases").resolve())
        or folder.parent != (office.folder / "cases").resolve()
    ):
        raise AskedWrongly(tr("This case does not lie in the office's folder cases."))
    lot = gathered(order, office, opened, folder, book)
    if not order.confirm(lot, opened.case.number or opened.case.id):
        return None
    who, pack = _operator(office, opened), opened.language.pack
    before = act_of(book, opened.case.id)
    # The act of a run that was stopped speaks of these very files, and of no others that bear the code.
    finished = before is not None and digest(act(lot, who, None, None, before.day, pack)) == before.facts
    entry = before if before is not None and finished else _act(order, lot, office, who, book, pack)
    left = folder.with_name(f"{LEAVING}{entry.id}")
    _moved(folder, left)
    found = elsewhere(office.folder, names_of(opened.case))
    return _told(office, entry, _deleted(left), found, finished=finished)


# --- whether it is allowed -------------------------------------------------------------------------------


def gathered(order: Order, office: Office, opened: OpenCase, folder: Path, book: Journal) -> Lot:
    """Return what would be destroyed.

    Raises:
        AskedWrongly: There is no ground to destroy it.
    """
    day = order.day or date.today()
    since = _withdrawn(opened.case, day) if order.reason == "withdrawal" else _term_over(office, opened, day)
    papers = tuple(one for one in book.entries(case=opened.case.id) if one.document != ACT)
    titles = {name: paper.type.title for name, paper in opened.method.papers.items()}
    return Lot(opened.case.id, order.reason, since, papers, kinds_of(folder), titles)


def _withdrawn(case: Case, day: date) -> date:
    """Return when the last consent was withdrawn; somebody else's that still stands keeps the case."""
    given = [one for one in case.consents if one.kind is ConsentKind.PERSONAL_DATA and one.on <= day]
    latest = {one.subject: one for one in sorted(given, key=lambda one: one.on)}.values()
    gone = [one.withdrawn_on for one in latest if one.withdrawn_on and one.withdrawn_on <= day]
    if not gone:
        words = tr(
            "No consent to the processing of personal data is withdrawn in this case: write the "
            "withdrawal into the "
            "case (consents: withdrawn_on) and have it signed, then destroy."
        )
        raise AskedWrongly(words)
    standing = [one for one in latest if not one.withdrawn_on or one.withdrawn_on > day]
    standing = [one for one in standing if one.valid_until is None or one.valid_until >= day]
    if standing:
        words = tr(
            "Consents of other members of the family stand: {count}. The whole case is destroyed when "
            "all are "
            "withdrawn; until then take the data of the one who withdrew out of the case by hand."
        )
        raise AskedWrongly(words.format(count=len(standing)))
    return max(gone)


def _term_over(office: Office, opened: OpenCase, day: date) -> date:
    years = office.settings.retention_years
    if years is None:
        words = tr(
            "How long a case is kept is the centre's own decision: write retention_years: … into "
            "office.yaml, as "
            "your list of files says."
        )
        raise AskedWrongly(words)
    closed = opened.on(day).progress.closed_on
    if closed is None:
        raise AskedWrongly(tr("The case is not closed: the term of keeping has not begun."))
    over = date(closed.year + 1 + years, 1, 1)
    if over > day:
        words = tr(
            "The term of keeping ends on {over}: closed on {closed}, {years} years from the next 1 January."
        )
        raise AskedWrongly(words.format(over=f"{over:%d.%m.%Y}", closed=f"{closed:%d.%m.%Y}", years=years))
    return over


# --- the act ---------------------------------------------------------------------------------------------


def _act(order: Order, lot: Lot, office: Office, who: Operator, book: Journal, pack: LanguagePack) -> Entry:
    from ... import __version__
    from ...core.journal.entries import Job, Series

    day = order.day or date.today()
    facts = digest(act(lot, who, None, None, day, pack))
    earlier = len(book.entries(case=lot.case, document=ACT, states=("issued",)))
    item = f"{lot.case} {earlier + 1}" if earlier else lot.case
    pattern = office.settings.numbering.get("destruction", "{seq}/{year}")
    job = Job(lot.case, ACT, item, day, facts, None, Series("destruction", pattern))
    entry = book.reserve(job)
    if entry.state == "issued":
        return entry
    content = act(lot, who, entry.number, entry.id, day, pack)
    docx = office.folder / ACTS / f"{ACT}_{entry.id}.docx"
    write_atomically(docx, content)
    pdf, engine = _pdf(docx, order.engine)
    return book.issued(
        entry,
        file=docx.relative_to(office.folder).as_posix(),
        docx_sha256=digest(content),
        pdf_sha256=digest(pdf.read_bytes()) if pdf else None,
        made_with={"papka": __version__, "reason": lot.reason, **({"engine": engine} if engine else {})},
    )


def _pdf(docx: Path, engine: str | None) -> tuple[Path | None, str | None]:
    """Draw the act; where no engine draws it, the Word file alone is the act."""
    from ..pdf import to_pdf

    try:
        made = to_pdf([docx], docx.parent, engine)[0]
    except PapkaError:
        return None, None
    return made.pdf, f"{made.engine} {made.engine_version}" if made.pdf else None


def _operator(office: Office, opened: OpenCase) -> Operator:
    own = opened.case.organisation
    address = None
    if own.address is not None:
        address = str(opened.on(date.today()).ask("organisation.address.text"))
    return Operator(own.full_name, address, office.settings.commission)


# --- gone ------------------------------------------------------------------------------------------------


def _moved(folder: Path, to: Path) -> None:
    try:
        folder.rename(to)
    except OSError as error:
        words = tr(
            "The act is recorded, and the case's folder could not be moved: {reason}. Run the command again."
        )
        raise PapkaError(words.format(reason=why(error))) from error


def _deleted(folder: Path) -> int:
    """Delete a folder that has left its place; links in it are cut, what they lead to stays."""
    count = sum(1 for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    try:
        shutil.rmtree(folder)
    except OSError as error:
        words = tr(
            "The act is recorded, and a file could not be deleted: {reason}. Close it and run the "
            "command again."
        )
        raise PapkaError(words.format(reason=why(error))) from error
    return count


def _told(office: Office, entry: Entry, files: int, found: Elsewhere, *, finished: bool) -> Destroyed:
    docx = office.folder / (entry.file or "")
    pdf = docx.with_suffix(".pdf")
    return Destroyed(entry, docx, pdf if pdf.is_file() else None, files, found, finished)
