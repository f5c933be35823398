"""`papka journal --gaps`: of each run of numbers what became of every number; no gap stands unexplained."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import click

from ...core.i18n import tr

if TYPE_CHECKING:
    from ...core.journal.entries import Entry, Series
    from ...core.journal.journal import Journal
    from ...core.office import Office
    from ...core.plugging.plugins import Plugins


@dataclass(frozen=True)
class Fate:
    """What became of a number that stands on no paper.

    Attributes:
        paper: The code under which the journal knows it.
        reason: Why it will not be used.
    """

    number: str
    paper: str
    reason: str | None = None


@dataclass(frozen=True)
class NumberRun:
    """The numbers of one series in one year.

    Attributes:
        year: None for a series that goes on from year to year.
        given: How many numbers the run has given; the others are named by cases themselves.
        void: Numbers that will not be used, with the reason.
        reserved: Numbers that were given to papers which are not written yet.
        named: Numbers that cases name by themselves; the run passes over those of its own shape.
        holes: Numbers of the run that nothing explains: there should be none.
    """

    series: str
    title: str
    year: int | None
    first: str | None
    last: str | None
    given: int
    void: tuple[Fate, ...]
    reserved: tuple[Fate, ...]
    named: tuple[str, ...]
    holes: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return asdict(self)


def number_runs(office: Office, journal: Journal, plugins: Plugins) -> list[NumberRun]:
    """Return all runs of numbers of an office, by series and year."""
    known = _series(office, plugins)
    groups: dict[tuple[str, int], list[Entry]] = {}
    for entry in journal.entries():
        if entry.series is not None and entry.year is not None:
            groups.setdefault((entry.series, entry.year), []).append(entry)
    return [_run(entries, year, *_of(known, series)) for (series, year), entries in sorted(groups.items())]


def _series(office: Office, plugins: Plugins) -> dict[str, tuple[Series, str]]:
    """Return the series of all programmes with their titles; a centre's own pattern wins."""
    from ...core.journal.entries import Series

    own = office.settings.numbering
    programmes = (plugins.method(name).programme for name in plugins.programmes())
    return {
        one.id: (Series(one.id, own.get(one.id, one.pattern), one.yearly), one.title)
        for programme in programmes
        for one in programme.series
    }


def _of(known: Mapping[str, tuple[Series, str]], series: str) -> tuple[Series, str]:
    from ...core.journal.entries import Series

    return known.get(series, (Series(series), series))


def _run(entries: Sequence[Entry], year: int, series: Series, title: str) -> NumberRun:
    counted = sorted((one for one in entries if one.seq is not None), key=lambda one: one.seq or 0)
    named = [one.number for one in entries if one.seq is None and one.number is not None]
    given = {one.seq for one in counted}
    last = counted[-1].seq or 0 if counted else 0
    missing = [seq for seq in range(1, last + 1) if seq not in given]
    holes = [seq for seq in missing if not set(named) & _forms(series, year, seq, counted)]
    return NumberRun(
        series.id,
        title,
        year or None,
        counted[0].number if counted else None,
        counted[-1].number if counted else None,
        len(counted),
        _fates(entries, "void"),
        _fates(entries, "reserved"),
        tuple(dict.fromkeys(named)),
        tuple(series.written(seq, year) for seq in holes),
    )


def _forms(series: Series, year: int, seq: int, counted: Sequence[Entry]) -> set[str]:
    """Return how a number may have been written: as today, or as its neighbours were."""
    forms = {series.written(seq, year)}
    after = next((number for number, one in enumerate(counted) if (one.seq or 0) > seq), len(counted))
    for one in counted[max(after - 1, 0) : after + 1]:
        found = list(re.finditer(rf"(?<!\d)0*{one.seq}(?!\d)", one.number or ""))
        if found and one.number:
            start, end = found[-1].span()
            forms |= {
                f"{one.number[:start]}{text}{one.number[end:]}"
                for text in (str(seq), f"{seq:0{end - start}}")
            }
    return forms


def _fates(entries: Iterable[Entry], state: str) -> tuple[Fate, ...]:
    return tuple(Fate(one.number or "—", one.id, one.reason) for one in entries if one.state == state)


def show_runs(runs: Sequence[NumberRun]) -> None:
    """Show from which to which number each run goes, and what became of those that stand on no paper."""
    if not runs:
        click.echo(tr("No numbers were given yet."))
    for run in runs:
        year = f" · {run.year}" if run.year else ""
        click.secho(f"{run.title}{year} [{run.series}]", bold=True)
        if run.given:
            words = tr("numbers given: {count}, from № {first} to № {last}")
            click.echo("  " + words.format(count=run.given, first=run.first, last=run.last))
        for one in run.void:
            words = tr("№ {number} will not be used: {reason} ({id})")
            click.echo("  " + words.format(number=one.number, reason=one.reason or "—", id=one.paper))
        for one in run.reserved:
            words = tr(
                "№ {number} is given, its paper is not written yet ({id}): issue it again, or --void it"
            )
            click.echo("  " + words.format(number=one.number, id=one.paper))
        if run.named:
            words = tr("named by the cases themselves: № {numbers}")
            click.echo("  " + words.format(numbers=", № ".join(run.named)))
        if run.holes:
            words = tr("not explained by anything: № {numbers}. See papka journal --check.")
            click.secho("  " + words.format(numbers=", № ".join(run.holes)), fg="red")
    if runs and not any(run.holes for run in runs):
        click.echo(tr("No number is missing without a reason, and none was given twice."))
    click.echo(
        tr(
            "papka knows the numbers that it gave and those that issued papers bear; of numbers given "
            "elsewhere, in a paper journal, it knows nothing: compare by hand."
        )
    )


def gaps(office: Office, journal: Journal, *, as_json: bool) -> int:
    """Report all runs; exit 3 if a number is missing without a reason."""
    from ...core.plugging.plugins import Plugins

    found = number_runs(office, journal, Plugins())
    if as_json:
        from ...core.report import show_json

        show_json([one.as_json() for one in found])
    else:
        show_runs(found)
    return 3 if any(one.holes for one in found) else 0
