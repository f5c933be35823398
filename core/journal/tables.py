"""The journal's tables, for SQLite and PostgreSQL alike."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Date, DateTime, Integer, MetaData, String, Table, UniqueConstraint

metadata = MetaData()

papers = Table(
    "papers",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("case", String(64), nullable=False, index=True),
    Column("document", String(64), nullable=False),
    Column("item", String(128), nullable=False),
    Column("day", Date, nullable=False),
    Column("facts", String(64), nullable=False),
    Column("state", String(8), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("number", String(64)),
    Column("series", String(64)),
    Column("year", Integer),
    Column("seq", Integer),
    Column("file", String(400)),
    Column("docx_sha256", String(64)),
    Column("pdf_sha256", String(64)),
    Column("pages", Integer),
    Column("made_with", JSON, nullable=False),
    Column("replaces", String(16)),
    Column("reason", String(600)),
    UniqueConstraint("series", "year", "seq", name="one_number_once"),
)
"""One row a paper: how it stands now. It can be made anew from the events."""

marks = Table(
    "marks",
    metadata,
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("paper", String(16), nullable=False, index=True),
    Column("kind", String(8), nullable=False),
    Column("name", String(16), nullable=False),
    Column("how", String(8), nullable=False),
    Column("on", Date),
    Column("file", String(400)),
    Column("sha256", String(64)),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("reason", String(600)),
)
"""What happened to issued papers; `n` is the number of the event that tells the same."""

events = Table(
    "events",
    metadata,
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("at", String(32), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("paper", String(16), nullable=False, index=True),
    Column("data", JSON, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)
"""What happened, in order; each row holds the hash of the row before it, so that a changed one is seen."""

about = Table(
    "about",
    metadata,
    Column("name", String(16), primary_key=True),
    Column("value", String(200), nullable=False),
)
"""What the journal says of itself: its ``version`` (`growing.py`)."""
