"""All cases of an office at a glance: how far each has come, what is missing, due, unsigned."""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...core.contract.base import At
from ...core.errors import PapkaError
from ...core.index import Answer, Index, digest_of, question
from ...core.office import Office
from ...core.opening import OpenCase, open_case
from ...core.plugging.plugins import Plugins
from ...core.rules.checking import documents
from ...core.rules.due import due
from ..registers.keeping import read_watched, shown, through_index, worked_out
from ..registers.reading import short_name

if TYPE_CHECKING:
    from ...core.journal.entries import Entry, Mark
    from ..scanning.awaiting import Awaited

QUESTION = "glance"


@dataclass(frozen=True)
class Glance:
    """One case at a glance.

    Attributes:
        folder: Where it lies in the office.
        papers: The document types that it calls for: code, title and state.
        next_due: The next day by which something is due, and what.
        late: How many things are late, and since when the first.
        issued: How many of its papers are issued and in force, of which kinds.
        unsigned: The papers that did not come back whole.
        fault: Why its file cannot be read; then nothing else is known of it.
    """

    folder: str
    case: str = ""
    number: str | None = None
    programme: str = ""
    family: str = ""
    stage: str | None = None
    level: str | None = None
    curator: str | None = None
    curator_code: str | None = None
    opened: date | None = None
    closed: date | None = None
    papers: tuple[tuple[str, str, str], ...] = ()
    next_due: tuple[date, str] | None = None
    late: int = 0
    late_since: date | None = None
    issued: Mapping[str, int] = field(default_factory=dict)
    unsigned: tuple[str, ...] = ()
    fault: str | None = None

    @property
    def missing(self) -> list[str]:
        """The titles of the papers that are needed, and are neither issued nor shown by the case."""
        return [
            title
            for code, title, state in self.papers
            if state in ("missing", "ready") and code not in self.issued
        ]

    @property
    def urgency(self) -> tuple[object, ...]:
        """What has waited longest comes first, what is closed or not begun last."""
        far = date.max
        soon = self.next_due[0] if self.next_due else far
        return (self.fault is None, self.closed is not None, self.late_since or far, soon, self.folder)

    def is_of(self, curator: str) -> bool:
        """Tell whether somebody leads the case, named by a code or by a part of the name."""
        asked = curator.strip().casefold()
        return asked == (self.curator_code or "").casefold() or asked in (self.curator or "").casefold()

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        data = asdict(self)
        due_on, what = self.next_due or (None, None)
        for name in ("opened", "closed", "late_since"):
            data[name] = data[name].isoformat() if data[name] else None
        return {
            **data,
            "papers": [{"id": code, "title": title, "state": state} for code, title, state in self.papers],
            "missing": self.missing,
            "issued": sum(self.issued.values()),
            "unsigned": list(self.unsigned),
            "next_due": {"on": due_on.isoformat() if due_on else None, "title": what},
        }


def overview(office: Office, day: date, plugins: Plugins) -> list[Glance]:
    """Return all cases of an office, the most urgent first."""
    paths, asked = office.case_files(), question(QUESTION, office, plugins)
    records = _Records.of(office, plugins, day)
    found: list[Glance] = []
    with Index.of(office) as index:
        worked = partial(worked_out, make=partial(_glancing, day), plugins=plugins)
        read = through_index(index, asked, office, paths, day, worked)
        for path, taken in shown(read, len(paths)):
            data = taken.value if isinstance(taken, Answer) else taken
            found.append(records.added(_unpacked(path.parent.name, data)))
    return sorted(found, key=lambda one: one.urgency)


def _glancing(day: date, plugins: Plugins) -> Callable[[Path], tuple[Any, Answer | None]]:
    return partial(_glance, day, plugins)


def _glance(day: date, plugins: Plugins, path: Path) -> tuple[Any, Answer | None]:
    """Return what is to be shown of one case, and how long that holds; a fault is not kept."""
    before = digest_of(path)
    try:
        opened = open_case(str(path.absolute()), path.parent, plugins)
        data, span = read_watched(partial(_look, opened), day, plugins, _packed)
    except PapkaError as error:
        return {"fault": str(error)}, None
    if before is None or before != digest_of(path):
        return data, None
    body = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    return data, Answer(before, *span, body)


def _look(opened: OpenCase, day: date) -> dict[str, Any]:
    now = opened.on(day)
    case = now.case
    progress, level = now.progress, now.level
    coming = due(now)
    late = [one.due for one in coming if one.overdue]
    ahead = [one for one in coming if not one.overdue]
    curator = case.curator(At(case, day))
    statuses = documents(now, opened.method)
    return {
        "case": case.id,
        "number": case.number,
        "programme": opened.method.programme.short_title,
        "family": case.family.display_name,
        "stage": progress.stage_title,
        "level": level.decided.title if level.decided else None,
        "curator": short_name(curator),
        "curator_code": curator.id if curator else None,
        "opened": progress.opened_on,
        "closed": progress.closed_on,
        "papers": [
            [one.id, one.title, one.state] for one in statuses if one.state not in ("not_due", "not_needed")
        ],
        "next_due": [ahead[0].due, ahead[0].title] if ahead else None,
        "late": len(late),
        "late_since": late[0] if late else None,
    }


_DAYS = ("opened", "closed", "late_since")


def _packed(data: dict[str, Any]) -> dict[str, Any]:
    coming = data["next_due"]
    days = {name: str(data[name]) if data[name] else None for name in _DAYS}
    return {**data, **days, "next_due": [str(coming[0]), coming[1]] if coming else None}


def _unpacked(folder: str, data: Mapping[str, Any]) -> Glance:
    if "fault" in data:
        return Glance(folder, fault=data["fault"])
    days = {name: date.fromisoformat(data[name]) if data[name] else None for name in _DAYS}
    coming = data["next_due"]
    return Glance(
        folder,
        **{
            **data,
            **days,
            "papers": tuple(tuple(map(sys.intern, one)) for one in data["papers"]),
            "next_due": (date.fromisoformat(coming[0]), coming[1]) if coming else None,
        },
    )


# --- what the journal knows ------------------------------------------------------------------------------


@dataclass
class _Records:
    """What was issued in each case, and which papers are not back."""

    issued: Mapping[str, Counter[str]]
    unsigned: Mapping[str, list[str]]

    @classmethod
    def of(cls, office: Office, plugins: Plugins, day: date) -> _Records:
        issued: dict[str, Counter[str]] = defaultdict(Counter)
        unsigned: dict[str, list[str]] = defaultdict(list)
        for entry, waits in in_force(office, plugins, day):
            issued[entry.case][entry.document] += 1
            if waits:
                unsigned[entry.case].append(entry.id)
        return cls(issued, unsigned)

    def added(self, glance: Glance) -> Glance:
        from dataclasses import replace

        return replace(
            glance,
            issued=dict(self.issued.get(glance.case, {})),
            unsigned=tuple(self.unsigned.get(glance.case, ())),
        )


def in_force(office: Office, plugins: Plugins, day: date) -> Iterator[tuple[Entry, bool]]:
    """Go through the papers in force, and say of each whether it is waited for: a page or a signature of it.

    Of a paper that never came back, in part or whole, one knows by its kind whether anybody signs it; only
    for the others the card is opened.

    Args:
        day: As the journal stood on this day: what was issued later is not there.
    """
    from ..scanning.awaiting import awaited

    signed = _signed_kinds(plugins)
    entries, marks = _recorded(office, day)
    for entry in entries:
        known = marks.get(entry.id, ())
        if known:
            yield entry, not awaited(office, entry, known).complete
        else:
            yield entry, entry.document in signed


def _recorded(
    office: Office, day: date, case: str | None = None
) -> tuple[list[Entry], Mapping[str, Sequence[Mark]]]:
    """Return the papers in force on a day, and what had happened to them."""
    place = office.journal_place
    if isinstance(place, Path) and not place.exists():
        return [], {}
    from ...core.journal.journal import Journal
    from ...core.journal.past import entries_by, marks_by

    book = Journal.open(place)
    try:
        if day < date.today():
            entries = entries_by(book, day, case=case, states=("issued",))
            return entries, marks_by(book, day, None if case is None else [one.id for one in entries])
        entries = book.entries(case=case, states=("issued",))
        return entries, book.marks(None if case is None else [one.id for one in entries])
    finally:
        book.close()


def _signed_kinds(plugins: Plugins) -> set[str]:
    methods = (plugins.method(programme) for programme in plugins.programmes())
    return {paper.type.id for method in methods for paper in method.papers.values() if paper.type.signed_by}


def titles_of(plugins: Plugins) -> dict[str, str]:
    """Return the titles of all document types by their codes."""
    methods = (plugins.method(programme) for programme in plugins.programmes())
    return {paper.type.id: paper.type.title for method in methods for paper in method.papers.values()}


def of_case(office: Office, opened: OpenCase, day: date) -> list[Awaited]:
    """Return how the papers in force of one case had come back by a day."""
    from ..scanning.awaiting import awaited

    entries, marks = _recorded(office, day, opened.case.id)
    return [awaited(office, one, marks.get(one.id, ())) for one in entries]


def of_curator(glances: Iterable[Glance], curator: str | None) -> list[Glance]:
    """Keep the cases that somebody leads; without a name all."""
    return [one for one in glances if curator is None or one.is_of(curator)]


def curators(glances: Sequence[Glance]) -> list[str]:
    """Return the names of those who lead cases."""
    return sorted({one.curator for one in glances if one.curator})
