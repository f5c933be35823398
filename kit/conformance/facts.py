"""What is in a plugin, in numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ...core.findings import SourceKind
from .trial import Trial


@dataclass(frozen=True)
class Facts:
    """What a director wants to know of a plugin before it is used.

    Attributes:
        own: Documents with a template of the plugin's own; `shared` are those that papka brings.
        sources: Where documents, rules, tables and numbers come from, by kind of source.
        python: Lines of Python, which somebody has to be able to mend.
    """

    own: int
    shared: int
    rules: int
    rows: int
    settings: int
    tables: int
    forms: int
    written: int
    derived: int
    refused: int
    papers: int
    sources: Mapping[SourceKind, int]
    python: int


def facts_of(trial: Trial) -> Facts | None:
    """Count what a plugin holds; None for one without a programme that works."""
    method = trial.opened.method
    if method is None:
        return None
    programme, folder = method.programme, trial.opened.folder
    own = sum(paper.template.is_relative_to(folder) for paper in method.papers.values())
    derived = sum(name.startswith("derived/") for name in trial.families)
    drawn = (trial.drawn(name) for name in trial.sound)
    return Facts(
        own=own,
        shared=len(method.papers) - own,
        rules=len(programme.deadlines) + len(programme.repeated) + len(programme.checks),
        rows=sum(len(one.rows) for one in programme.level_tables)
        + sum(len(one.rows) for one in programme.risks),
        settings=len(programme.settings),
        tables=len(method.tables),
        forms=len(method.questions),
        written=len(trial.families) - derived,
        derived=derived,
        refused=len(method.region.refused_examples()),
        papers=sum(len(papers) for made in drawn for papers in made.papers.values()),
        sources=Counter(_sources(trial)),
        python=sum(len(path.read_text("utf-8").splitlines()) for path in folder.glob("**/*.py")),
    )


def _sources(trial: Trial) -> Iterator[SourceKind]:
    method = trial.method
    programme = method.programme
    spoken = (
        *(paper.type for paper in method.papers.values()),
        *programme.deadlines,
        *programme.repeated,
        *programme.checks,
        *programme.level_tables,
        *programme.risks,
        *programme.settings.values(),
        *method.tables.values(),
    )
    yield from (one.source.kind for one in spoken)
