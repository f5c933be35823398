"""One shape for everything that is found in a case, a template, a plugin or a form."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Literal

Severity = Literal["error", "warning", "info"]
SourceKind = Literal["seed", "web", "law_unverified", "law", "inferred", "setting"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule, a number or a form comes from."""

    kind: SourceKind
    text: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a finding is.

    Attributes:
        file: Name of the file as it was given.
        line: Line, counted from 1.
        column: Column, counted from 1.
        path: Dotted path in the contract, such as ``family.members[0].snils``.
        words: The same path in Russian words, for people.
        part: Part of a Word file, such as ``word/header1.xml``.
        paragraph: Paragraph, counted from 1 within its part; table, row and cell likewise.
        text: The tag in which the fault is, as it was typed.
        start: First character of the faulty words within the paragraph's visible text, from 0.
        end: The character after the last one.
        excerpt: The offending line of the file. It is shown on a terminal only and never leaves in JSON,
            because it may hold a family's data.
    """

    file: str | None = None
    line: int | None = None
    column: int | None = None
    path: str | None = None
    words: str | None = None
    part: str | None = None
    paragraph: int | None = None
    table: int | None = None
    row: int | None = None
    cell: int | None = None
    text: str | None = None
    start: int | None = None
    end: int | None = None
    excerpt: str | None = field(default=None, repr=False, kw_only=True)

    def as_json(self) -> dict[str, Any]:
        """Return the place as plain data, without the excerpt."""
        kept = asdict(self)
        del kept["excerpt"]
        return {key: value for key, value in kept.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing checked and found.

    Attributes:
        message: One sentence in the reader's language; it never holds a value from the case.
        cure: What to do.
        suggestion: The nearest right name, where a name was wrong.
        due: The day by which the act had to be done.
        actual: The day on which it was done.
    """

    id: str
    severity: Severity
    message: str
    cure: str = ""
    suggestion: str | None = None
    place: Place = field(default_factory=Place)
    due: date | None = None
    actual: date | None = None
    source: Source | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the finding as plain data, in the documented shape."""
        return {
            "id": self.id,
            "severity": self.severity,
            "message": self.message,
            "cure": self.cure,
            "suggestion": self.suggestion,
            "place": self.place.as_json(),
            "due": self.due.isoformat() if self.due else None,
            "actual": self.actual.isoformat() if self.actual else None,
            "source": asdict(self.source) if self.source else None,
        }


def as_json(findings: Iterable[Finding]) -> dict[str, Any]:
    """Return findings and their summary in the documented shape."""
    items = list(findings)

    def count(severity: Severity) -> int:
        return sum(item.severity == severity for item in items)

    return {
        "findings": [item.as_json() for item in items],
        "summary": {"errors": count("error"), "warnings": count("warning"), "infos": count("info")},
    }


def blocks(findings: Iterable[Finding]) -> bool:
    """Tell whether any of the findings blocks a paper."""
    return any(item.severity == "error" for item in findings)
