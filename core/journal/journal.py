"""The journal at work: numbers are given once, papers are recorded, and the record can be checked."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, func, insert, inspect, select, text, update

from ..errors import PapkaError, Refused
from ..findings import Finding
from ..i18n import tr
from .connecting import LOCK, WRITING, engine_of
from .entries import Entry, Job, Mark, State, standing_marks
from .tables import events, marks, metadata, papers

START = "0" * 64
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
            PapkaError: The database cannot be reached, or lies on a network drive that SQLite cannot serve.
        """
        engine = engine_of(place)
        journal = cls(engine)
        with journal._writing() as connection:
            metadata.create_all(connection)
            _bring_up(connection)
        return journal

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
        with self._writing() as connection:
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
        with self._writing() as connection:
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
        with self._writing() as connection:
            return self._void(connection, self.entry(id_, connection), reason)

    def mark(self, mark: Mark) -> Mark:
        """Record that a page of a paper came back, or that a signer has signed.

        Raises:
            PapkaError: There is no such paper, or it was never written.
        """
        with self._writing() as connection:
            entry = self.entry(mark.paper, connection)
            if entry.state not in ("issued", "replaced"):
                raise PapkaError(
                    tr("The paper {id} is not issued: nothing can be signed.").format(id=entry.id)
                )
            done = replace(mark, paper=entry.id, at=_now())
            row = asdict(done)
            n = self._event(connection, done.kind, entry.id, done.at or _now(), row)
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
            with self.engine.connect() as reading:
                return self.entry(id_, reading)
        found = self._one(connection, papers.c.id == id_.strip().upper())
        if found is None:
            words = tr("The journal has no paper {id}. The codes of issued papers: papka journal.")
            raise PapkaError(words.format(id=id_))
        return found

    def latest(self, job: Job) -> Entry | None:
        """Return the paper that was issued for the same thing and is in force."""
        with self.engine.connect() as connection:
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
        with self.engine.connect() as connection:
            return [_entry(row) for row in connection.execute(asked).mappings()]

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
        with self.engine.connect() as connection:
            told = map(_mark, connection.execute(asked).mappings())
            return standing_marks(one for one in told if wanted is None or one.paper in wanted)

    @staticmethod
    def _one(connection: Connection, condition: Any) -> Entry | None:
        asked = select(papers).where(condition).order_by(papers.c.at.desc()).limit(1)
        row = connection.execute(asked).mappings().first()
        return _entry(row) if row is not None else None

    # --- the record --------------------------------------------------------------------------------------

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """Hold the one lock of the journal for as long as an act takes."""
        with self.engine.execution_options(**{WRITING: True}).begin() as connection:
            if self.engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
            yield connection

    def _record(self, connection: Connection, kind: State, entry: Entry) -> None:
        row = asdict(entry)
        if kind == "reserved":
            connection.execute(insert(papers).values(**row))
        else:
            connection.execute(update(papers).where(papers.c.id == entry.id).values(**row))
        self._event(connection, kind, entry.id, entry.at, row)

    @staticmethod
    def _event(connection: Connection, kind: str, paper: str, at: datetime, row: dict[str, Any]) -> int:
        """Add an event to the chain, and return its number."""
        last = connection.execute(
            select(events.c.n, events.c.hash).order_by(events.c.n.desc()).limit(1)
        ).first()
        n, previous = (last.n + 1, last.hash) if last else (1, START)
        event = {
            "n": n,
            "at": at.isoformat(),
            "kind": kind,
            "paper": paper,
            "data": _plain(row),
            "previous": previous,
        }
        connection.execute(insert(events).values(**event, hash=_hash(event)))
        return n

    def faults(self) -> Iterator[Finding]:
        """Go through all that shows that the record was changed from outside, or an act was cut off."""
        with self.engine.connect() as connection:
            yield from _chain(connection)
            yield from _cut_off(connection)

    def head(self) -> tuple[int, str]:
        """Return number and hash of the last event; kept elsewhere they prove that nothing was cut off."""
        with self.engine.connect() as connection:
            last = connection.execute(select(events).order_by(events.c.n.desc()).limit(1)).first()
            return (last.n, last.hash) if last else (0, START)


def _bring_up(connection: Connection) -> None:
    """Add what a journal lacks that was begun by an earlier papka."""
    for table, column, kind in ((papers, "pages", "INTEGER"), (marks, "reason", "VARCHAR(600)")):
        known = {one["name"] for one in inspect(connection).get_columns(table.name)}
        if column not in known:
            connection.execute(text(f"ALTER TABLE {table.name} ADD COLUMN {column} {kind}"))


def _of_job(job: Job, state: State) -> Any:
    return (
        (papers.c.case == job.case)
        & (papers.c.document == job.document)
        & (papers.c.item == job.item)
        & (papers.c.state == state)
    )


def _entry(row: Any) -> Entry:
    data = dict(row)
    at = data["at"]
    return Entry(**{**data, "at": at if at.tzinfo else at.replace(tzinfo=UTC)})


def _mark(row: Any) -> Mark:
    at = row["at"]
    known = {name: value for name, value in row.items() if name not in ("n", "at")}
    return Mark(**known, at=at if at.tzinfo else at.replace(tzinfo=UTC))


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in row.items()}


def _hash(event: Mapping[str, Any]) -> str:
    canonical = json.dumps(event, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()


def _now() -> datetime:
    return datetime.now(UTC)


def _chain(connection: Connection) -> Iterator[Finding]:
    previous, expected = START, 1
    standing: dict[str, dict[str, Any]] = {}
    happened: dict[int, dict[str, Any]] = {}
    for row in connection.execute(select(events).order_by(events.c.n)).mappings():
        event = {key: row[key] for key in ("n", "at", "kind", "paper", "data", "previous")}
        if row["n"] != expected or row["previous"] != previous or _hash(event) != row["hash"]:
            yield _tampered(tr("Entry {n} of the journal was changed or removed.").format(n=expected))
            return
        previous, expected = row["hash"], expected + 1
        if row["kind"] in ("page", "signed"):
            # What was recorded by an earlier papka lacks what this one knows besides.
            happened[row["n"]] = {"reason": None, **row["data"]}
        else:
            standing[row["paper"]] = {"pages": None, **row["data"]}
    for row in connection.execute(select(marks)).mappings():
        if happened.pop(row["n"], None) != _plain(asdict(_mark(row))):
            yield _tampered(
                tr("A mark on the paper {id} does not stand as it was recorded.").format(id=row["paper"])
            )
    for data in happened.values():
        yield _tampered(tr("A mark on the paper {id} was removed from the journal.").format(id=data["paper"]))
    for row in connection.execute(select(papers)).mappings():
        if standing.pop(row["id"], None) != _plain(asdict(_entry(row))):
            yield _tampered(tr("The paper {id} does not stand as it was recorded.").format(id=row["id"]))
    for id_ in standing:
        yield _tampered(tr("The paper {id} was removed from the journal.").format(id=id_))


def _tampered(message: str) -> Finding:
    cure = tr("Restore the journal from a backup and compare; ask who had access to the file.")
    return Finding("J-CHAIN", "error", message, cure)


def _cut_off(connection: Connection) -> Iterator[Finding]:
    for row in connection.execute(select(papers).where(papers.c.state == "reserved")).mappings():
        words = tr("The number {number} ({document}, {case}) was given, and its paper was not written.")
        message = words.format(number=row["number"] or "—", document=row["document"], case=row["case"])
        cure = tr("Issue the paper again: it gets this number. Or: papka journal {id} --void REASON.")
        yield Finding("J-OPEN", "warning", message, cure.format(id=row["id"]))
