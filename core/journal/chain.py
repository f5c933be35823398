"""The chain of the journal's events: how a row is sealed, and how a change from outside is found out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select

from ..findings import Finding
from ..i18n import tr
from .entries import Entry, Mark
from .rows import sound
from .tables import about, events, marks, papers

START = "0" * 64
MARKS = ("page", "signed")
"""The kinds of events that are told of a paper's pages and signatures."""
_SKEW = timedelta(days=1)
UPGRADED = "upgraded"
"""The kind of the event that says which papka brought the journal to which version; it is of no paper."""


def entry_of(row: Any) -> Entry:
    """Return the paper that a row of the table stands for."""
    data = dict(row)
    return sound(Entry(**{**data, "at": _aware(data["at"])}))


def mark_of(row: Any) -> Mark:
    """Return the mark that a row of the table stands for."""
    known = {name: value for name, value in row.items() if name not in ("n", "at")}
    return sound(Mark(**known, at=_aware(row["at"])))


def _aware(at: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row as an event tells it."""
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in row.items()}


def hash_of(event: Mapping[str, Any]) -> str:
    """Return the SHA-256 of an event; the hash of the one before is a part of it."""
    canonical = json.dumps(event, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()


def add(connection: Connection, kind: str, paper: str, at: datetime, row: Mapping[str, Any]) -> int:
    """Add an event to the chain, and return its number."""
    last = connection.execute(select(events.c.n, events.c.hash).order_by(events.c.n.desc()).limit(1)).first()
    n, previous = (last.n + 1, last.hash) if last else (1, START)
    event = {
        "n": n,
        "at": at.isoformat(),
        "kind": kind,
        "paper": paper,
        "data": plain(row),
        "previous": previous,
    }
    connection.execute(insert(events).values(**event, hash=hash_of(event)))
    return n


def chain(connection: Connection) -> Iterator[Finding]:
    """Go through all that shows that the record was changed from outside."""
    previous, expected = START, 1
    standing: dict[str, dict[str, Any]] = {}
    happened: dict[int, dict[str, Any]] = {}
    version: str | None = None
    for row in connection.execute(select(events).order_by(events.c.n)).mappings():
        event = {key: row[key] for key in ("n", "at", "kind", "paper", "data", "previous")}
        if row["n"] != expected or row["previous"] != previous or hash_of(event) != row["hash"]:
            yield _tampered(tr("Entry {n} of the journal was changed or removed.").format(n=expected))
            return
        previous, expected = row["hash"], expected + 1
        if row["kind"] == UPGRADED:
            version = str(row["data"]["to"])
        elif row["kind"] in MARKS:
            # What was recorded by an earlier papka lacks what this one knows besides.
            happened[row["n"]] = {"reason": None, **row["data"]}
        else:
            standing[row["paper"]] = {"pages": None, **row["data"]}
    yield from _as_recorded(connection, standing, happened)
    said = connection.execute(select(about.c.value).where(about.c.name == "version")).scalar()
    if version is not None and said != version:
        yield _tampered(tr("The version of the journal does not stand as it was recorded."))


def _as_recorded(
    connection: Connection, standing: dict[str, dict[str, Any]], happened: dict[int, dict[str, Any]]
) -> Iterator[Finding]:
    for row in connection.execute(select(marks)).mappings():
        if happened.pop(row["n"], None) != plain(asdict(mark_of(row))):
            yield _tampered(
                tr("A mark on the paper {id} does not stand as it was recorded.").format(id=row["paper"])
            )
    for data in happened.values():
        yield _tampered(tr("A mark on the paper {id} was removed from the journal.").format(id=data["paper"]))
    for row in connection.execute(select(papers)).mappings():
        if standing.pop(row["id"], None) != plain(asdict(entry_of(row))):
            yield _tampered(tr("The paper {id} does not stand as it was recorded.").format(id=row["id"]))
    for id_ in standing:
        yield _tampered(tr("The paper {id} was removed from the journal.").format(id=id_))


def _tampered(message: str) -> Finding:
    cure = tr("Restore the journal from a backup and compare; ask who had access to the file.")
    return Finding("J-CHAIN", "error", message, cure)


def clocks(connection: Connection, now: datetime) -> Iterator[Finding]:
    """Go through what was recorded by a wrong clock: the order of the chain does not hang on it, days do."""
    latest: datetime | None = None
    for row in connection.execute(select(events.c.n, events.c.at).order_by(events.c.n)):
        at = _aware(datetime.fromisoformat(row.at))
        if latest is not None and latest - at > _SKEW:
            words = tr("Entry {n} of the journal is of {day}, and one before it is of {later}.")
            yield _clock(words.format(n=row.n, day=f"{at:%d.%m.%Y}", later=f"{latest:%d.%m.%Y}"))
            latest = at
        latest = at if latest is None else max(latest, at)
    if latest is not None and latest - now > _SKEW:
        words = tr(
            "By the clock of this computer it is {day}, and the last entry of the journal is of {later}."
        )
        yield _clock(words.format(day=f"{now:%d.%m.%Y}", later=f"{latest:%d.%m.%Y}"))


def _clock(message: str) -> Finding:
    cure = tr("A computer's clock was wrong: set it, and look at the days of the papers issued at that time.")
    return Finding("J-CLOCK", "warning", message, cure)


def cut_off(connection: Connection) -> Iterator[Finding]:
    """Go through the numbers that were given and whose papers were not written."""
    for row in connection.execute(select(papers).where(papers.c.state == "reserved")).mappings():
        words = tr("The number {number} ({document}, {case}) was given, and its paper was not written.")
        message = words.format(number=row["number"] or "—", document=row["document"], case=row["case"])
        cure = tr("Issue the paper again: it gets this number. Or: papka journal {id} --void REASON.")
        yield Finding("J-OPEN", "warning", message, cure.format(id=row["id"]))
