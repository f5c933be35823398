"""The journal at work: numbers are given once, papers are recorded, and the record can be checked."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, func, insert, select, text, update

from ..errors import PapkaError, Refused
from ..findings import Finding
from ..i18n import tr
from .chain import START, add, chain, clocks, cut_off, entry_of, mark_of
from .connecting import LOCK, WRITING, engine_of
from .entries import Entry, Job, Mark, State, standing_marks
from .growing import begin, hold_against, told_version, version_of
from .rows import understood
from .tables import events, marks, papers

_AT_ONCE = 500
_ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
"""Letters and figures that nobody takes for one another."""


@dataclass(frozen=True)
class Journal:
    """The record of an office: every number, every issued paper.

    All writing goes through one lock, so that of many processes each gets a number of its own; an act is in
    the journal whole or not at all, whatever stops the process.
    """

    engine: Engine

    @classmethod
    def open(cls, place: Path | str) -> Journal:
        """Open the journal at a path (SQLite) or a URL (PostgreSQL), and make its tables if there are none.

        Raises:
            PapkaError: The database cannot be reached, or lies on a network drive that SQLite cannot serve;
                or another version of papka wrote it.
        """
        journal = cls.at(place)
        try:
            with understood(), journal.engine.connect() as connection:
                version = version_of(connection)
            if version:
                hold_against(version)
                return journal
            with journal.writing(as_it_is=True) as connection:
                # Somebody else may have been quicker.
                if not version_of(connection):
                    begin(connection)
        except BaseException:
            journal.close()
            raise
        return journal

    @classmethod
    def at(cls, place: Path | str) -> Journal:
        """Return the journal at a place as it is: of whatever version, or not begun yet."""
        return cls(engine_of(place))

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()

    # --- giving numbers, recording papers ----------------------------------------------------------------

    def reserve(self, job: Job, *, replaces: str | None = None, reason: str | None = None) -> Entry:
        """Give a paper its code and its number; what was reserved for the same job before is given again.

        If the same paper was issued in the meantime, that one is returned: it gets no second number.

        Raises:
            Refused: The number that the case names stands on another paper already, or another version of the
                paper was issued in the meantime.
        """
        with self.writing() as connection:
            done = self._one(connection, _of_job(job, "issued"))
            if done is not None and done.facts == job.facts:
                return done
            if done is not None and done.id != replaces:
                message = tr("Somebody else has just issued another version of this paper.")
                cure = tr("Look at it (papka journal {id}) and, if need be, issue a correction.").format(
                    id=done.id
                )
                words = tr("{document} cannot be issued.").format(document=job.document)
                raise Refused(words, [Finding("J-MEANWHILE", "error", message, cure.format(id=done.id))])
            left = self._one(connection, _of_job(job, "reserved"))
            if left is not None and left.facts == job.facts:
                return left
            if left is not None:
                self._void(connection, left, tr("the case was changed before the paper was written"))
            entry = self._new(connection, job, replaces, reason)
            self._record(connection, "reserved", entry)
            return entry

    def issued(
        self,
        entry: Entry,
        put: Callable[[], None] = lambda: None,
        *,
        file: str,
        docx_sha256: str,
        pdf_sha256: str | None = None,
        pages: int | None = None,
        made_with: Mapping[str, str] | None = None,
    ) -> Entry:
        """Record that the paper is written; the one that it replaces is replaced by the same act.

        If somebody else was quicker with the same paper, that one stands and nothing is put anywhere.

        Args:
            put: Puts the files in their place; nobody else puts files of this paper at the same time.
        """
        done = replace(
            entry,
            state="issued",
            at=_now(),
            file=file,
            docx_sha256=docx_sha256,
            pdf_sha256=pdf_sha256,
            pages=pages,
            made_with=dict(made_with or {}),
        )
        with self.writing() as connection:
            if self.entry(entry.id, connection).state == "issued":
                return self.entry(entry.id, connection)
            put()
            self._record(connection, "issued", done)
            if done.replaces:
                before = self.entry(done.replaces, connection)
                self._record(connection, "replaced", replace(before, state="replaced", at=done.at))
        return done

    def void(self, id_: str, reason: str) -> Entry:
        """Say that a number will never be used, and why. It is not given again.

        Raises:
            PapkaError: There is no such paper, or it is issued already.
        """
        with self.writing() as connection:
            return self._void(connection, self.entry(id_, connection), reason)

    def mark(self, mark: Mark) -> Mark:
        """Record that a page of a paper came back, or that a signer has signed.

        Raises:
            PapkaError: There is no such paper, or it was never written.
        """
        with self.writing() as connection:
            entry = self.entry(mark.paper, connection)
            if entry.state not in ("issued", "replaced"):
                raise PapkaError(
                    tr("The paper {id} is not issued: nothing can be signed.").format(id=entry.id)
                )
            done = replace(mark, paper=entry.id, at=_now())
            row = asdict(done)
            n = add(connection, done.kind, entry.id, done.at or _now(), row)
            connection.execute(insert(marks).values(n=n, **row))
        return done

    def _void(self, connection: Connection, entry: Entry, reason: str) -> Entry:
        if entry.state != "reserved":
            words = tr("The paper {id} is issued: correct it, a number that was used is not taken back.")
            raise PapkaError(words.format(id=entry.id))
        done = replace(entry, state="void", at=_now(), reason=reason)
        self._record(connection, "void", done)
        return done

    def _new(self, connection: Connection, job: Job, replaces: str | None, reason: str | None) -> Entry:
        entry = Entry(
            id="".join(secrets.choice(_ALPHABET) for _ in range(12)),
            case=job.case,
            document=job.document,
            item=job.item,
            day=job.day,
            facts=job.facts,
            state="reserved",
            at=_now(),
            number=job.number,
            replaces=replaces,
            reason=reason,
        )
        if job.series is None:
            return entry
        year = job.day.year if job.series.yearly else 0
        mine = (papers.c.series == job.series.id) & (papers.c.year == year)
        if job.number is not None:
            self._not_given_yet(connection, job, mine)
            return replace(entry, series=job.series.id, year=year)
        last = connection.execute(select(func.max(papers.c.seq)).where(mine)).scalar() or 0
        taken = set(connection.execute(select(papers.c.number).where(mine)).scalars())
        seq = last + 1
        # A number that some case names by itself is not given a second time.
        while (number := job.series.written(seq, job.day.year)) in taken:
            seq += 1
        return replace(entry, series=job.series.id, year=year, seq=seq, number=number)

    @staticmethod
    def _not_given_yet(connection: Connection, job: Job, mine: Any) -> None:
        other = (
            (papers.c.number == job.number)
            & (papers.c.state != "void")
            & (
                (papers.c.case != job.case)
                | (papers.c.document != job.document)
                | (papers.c.item != job.item)
            )
        )
        found = connection.execute(select(papers.c.id).where(mine & other)).scalar()
        if found is not None:
            message = tr("The number {number} stands on another paper already.").format(number=job.number)
            cure = tr("Look at it (papka journal {id}) and correct the number in the case.").format(id=found)
            words = tr("{document} cannot be issued.").format(document=job.document)
            raise Refused(words, [Finding("J-NUMBER", "error", message, cure)])

    # --- reading -----------------------------------------------------------------------------------------

    def entry(self, id_: str, connection: Connection | None = None) -> Entry:
        """Return one paper by its code.

        Raises:
            PapkaError: There is none.
        """
        if connection is None:
            with understood(), self.engine.connect() as reading:
                return self.entry(id_, reading)
        found = self._one(connection, papers.c.id == id_.strip().upper())
        if found is None:
            words = tr("The journal has no paper {id}. The codes of issued papers: papka journal.")
            raise PapkaError(words.format(id=id_))
        return found

    def latest(self, job: Job) -> Entry | None:
        """Return the paper that was issued for the same thing and is in force."""
        with understood(), self.engine.connect() as connection:
            return self._one(connection, _of_job(job, "issued"))

    def entries(
        self,
        *,
        case: str | None = None,
        document: str | None = None,
        since: date | None = None,
        until: date | None = None,
        states: tuple[State, ...] = (),
    ) -> list[Entry]:
        """Return papers, the oldest first."""
        asked = select(papers).order_by(papers.c.day, papers.c.at, papers.c.id)
        if case:
            asked = asked.where(papers.c.case == case)
        if document:
            asked = asked.where(papers.c.document == document)
        if since:
            asked = asked.where(papers.c.day >= since)
        if until:
            asked = asked.where(papers.c.day <= until)
        if states:
            asked = asked.where(papers.c.state.in_(states))
        with understood(), self.engine.connect() as connection:
            return [entry_of(row) for row in connection.execute(asked).mappings()]

    def marks(self, of: Collection[str] | None = None) -> dict[str, list[Mark]]:
        """Return what happened to papers and holds, by their code: the latest for each page and each signer.

        Args:
            of: The codes of the papers; None: all.
        """
        asked = select(marks).order_by(marks.c.n)
        wanted = None if of is None else frozenset(of)
        # A database takes so many values in one question, and a whole office has more papers.
        if wanted is not None and len(wanted) <= _AT_ONCE:
            asked = asked.where(marks.c.paper.in_(sorted(wanted)))
        with understood(), self.engine.connect() as connection:
            told = map(mark_of, connection.execute(asked).mappings())
            return standing_marks(one for one in told if wanted is None or one.paper in wanted)

    @staticmethod
    def _one(connection: Connection, condition: Any) -> Entry | None:
        asked = select(papers).where(condition).order_by(papers.c.at.desc()).limit(1)
        with understood():
            row = connection.execute(asked).mappings().first()
            return entry_of(row) if row is not None else None

    # --- the record --------------------------------------------------------------------------------------

    @contextmanager
    def writing(self, *, as_it_is: bool = False) -> Iterator[Connection]:
        """Hold the one lock of the journal for as long as an act takes.

        Args:
            as_it_is: Whatever version it has; otherwise a newer papka may have brought it up meanwhile, and
                nothing is written.
        """
        with self.engine.execution_options(**{WRITING: True}).begin() as connection:
            if self.engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
            if not as_it_is:
                hold_against(told_version(connection))
            yield connection

    def _record(self, connection: Connection, kind: State, entry: Entry) -> None:
        row = asdict(entry)
        if kind == "reserved":
            connection.execute(insert(papers).values(**row))
        else:
            connection.execute(update(papers).where(papers.c.id == entry.id).values(**row))
        add(connection, kind, entry.id, entry.at, row)

    def faults(self) -> Iterator[Finding]:
        """Go through all that shows that the record was changed from outside, or an act was cut off."""
        with understood(), self.engine.connect() as connection:
            yield from chain(connection)
            yield from cut_off(connection)
            yield from clocks(connection, _now())

    def head(self) -> tuple[int, str]:
        """Return number and hash of the last event; kept elsewhere they prove that nothing was cut off."""
        with understood(), self.engine.connect() as connection:
            last = connection.execute(select(events).order_by(events.c.n.desc()).limit(1)).first()
            return (last.n, last.hash) if last else (0, START)


def _of_job(job: Job, state: State) -> Any:
    return (
        (papers.c.case == job.case)
        & (papers.c.document == job.document)
        & (papers.c.item == job.item)
        & (papers.c.state == state)
    )


def _now() -> datetime:
    return datetime.now(UTC)
