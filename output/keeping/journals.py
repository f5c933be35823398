"""A journal as lines of JSON and back: one way for SQLite and PostgreSQL, the chain of hashes unchanged."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Date, DateTime, Table, create_engine, insert, inspect, select
from sqlalchemy.exc import StatementError
from sqlalchemy.pool import StaticPool

from ...core.errors import PapkaError
from ...core.i18n import tr
from ...core.journal.growing import VERSION, hold_against, set_version, told_version
from ...core.journal.journal import Journal
from ...core.journal.rows import understood
from ...core.journal.tables import about, metadata
from ...core.outside import json_in

_AT_ONCE = 500
_RECORD = tuple(table for table in metadata.sorted_tables if table is not about)
"""What is recorded; a journal with nothing of it is empty, whatever it says of itself."""


def lines_of(journal: Journal) -> Iterator[bytes]:
    """Go through all rows of a journal as they stood at one moment."""
    options = {} if journal.engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
    with (
        understood(),
        journal.engine.connect().execution_options(**options) as connection,
        connection.begin(),
    ):
        there = inspect(connection)
        known = set(there.get_table_names())
        for table in metadata.sorted_tables:
            if table.name not in known:
                continue
            # A journal of an earlier papka lacks columns that this one knows; it is saved as it is.
            has = {one["name"] for one in there.get_columns(table.name)}
            columns = [one for one in table.columns if one.name in has]
            rows = connection.execute(select(*columns).order_by(*table.primary_key.columns))
            for row in rows.mappings():
                line = {"table": table.name, "row": {name: _plain(value) for name, value in row.items()}}
                yield json.dumps(line, ensure_ascii=False).encode() + b"\n"


def in_memory(lines: Iterable[bytes]) -> Journal:
    """Return a journal that stands in memory only, to be looked through.

    Raises:
        PapkaError: A line is no line of a journal.
    """
    journal = Journal(
        create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    )
    put_in(journal, lines)
    return journal


def put_in(journal: Journal, lines: Iterable[bytes]) -> None:
    """Write the lines into a journal that has none yet; it gets the version that they have.

    Raises:
        PapkaError: The journal holds something already, or a line is no line of a journal, or a newer papka
            wrote them.
    """
    with journal.engine.begin() as connection:
        metadata.create_all(connection)
        if any(connection.execute(select(table).limit(1)).first() for table in _RECORD):
            raise PapkaError(tr("The journal to restore into is not empty: name another (--journal URL)."))
        set_version(connection, None)
        waiting = iter(lines)
        while batch := list(islice(waiting, _AT_ONCE)):
            _insert(connection, batch)
        version = told_version(connection)
        if version is not None and version > VERSION:
            hold_against(version)


def is_empty(journal: Journal) -> bool:
    """Tell whether a journal holds nothing; it may have no tables yet."""
    known = set(inspect(journal.engine).get_table_names())
    with journal.engine.connect() as connection:
        tables = [table for table in _RECORD if table.name in known]
        return not any(connection.execute(select(table).limit(1)).first() for table in tables)


def _insert(connection: Connection, batch: list[bytes]) -> None:
    rows: dict[str, list[dict[str, Any]]] = {}
    for line in batch:
        try:
            read = json_in(line)
            rows.setdefault(read["table"], []).append(read["row"])
        except (ValueError, KeyError, TypeError) as error:
            raise _no_journal() from error
    for name, some in rows.items():
        table = metadata.tables.get(name)
        if table is None:
            raise _no_journal()
        try:
            connection.execute(insert(table), [_typed(table, row) for row in some])
        except (ValueError, TypeError, OverflowError, StatementError) as error:
            raise _no_journal() from error


def _no_journal() -> PapkaError:
    words = tr("The journal in the archive cannot be read: it is damaged, or a newer papka wrote it.")
    return PapkaError(words)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def _typed(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    typed = {}
    for name, value in row.items():
        kind = table.columns[name].type if name in table.columns else None
        if kind is None:
            raise ValueError(name)
        if value is not None and isinstance(kind, DateTime):
            value = datetime.fromisoformat(value)
        elif value is not None and isinstance(kind, Date):
            value = date.fromisoformat(value)
        typed[name] = value
    return typed
