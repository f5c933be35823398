"""`papka import` and `papka form schema`."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import click

from ...core.errors import AskedWrongly, Refused
from ...core.findings import Finding, as_json
from ...core.i18n import current_language, tr, trn
from ...core.office import Office, find_office
from ...core.plugging.plugins import Plugins
from ...core.report import show_findings, show_json
from ...core.saving import write_atomically
from .asking import Stopped, agreed, show
from .bringing import Outcome, brought_in, looked_at
from .headers import Table, found_table
from .mapping import FOLDER, Laid, TableMap, keep, kept_for, laid_on, proposal, read_map
from .opening import open_table
from .telling import copy_with_faults, finding
from .values import Known

_SHOWN = 60
"""How many faults the screen shows; all of them stand in the copy of the table."""


def print_schema(out: Path | None) -> int:
    """Print the JSON Schema of a case file, or write it."""
    from ...core.schema import case_schema

    spoken = Plugins().languages().get(current_language())
    text = json.dumps(case_schema(spoken), ensure_ascii=False, indent=1)
    if out is None:
        click.echo(text)
    else:
        write_atomically(out, (text + "\n").encode("utf-8"))
        click.echo(tr("✓ Written: {file}").format(file=out))
    return 0


def bring_in(
    file: Path,
    map_file: Path | None,
    sheet: str | None,
    programme: str | None,
    *,
    yes: bool,
    dry: bool,
    as_json: bool,
) -> int:
    """Bring in the right families of a table; exit 3 if there are faults."""
    office = find_office(Path.cwd())
    if office is None:
        words = tr("This folder belongs to no office (office.yaml).")
        raise AskedWrongly(words + " " + tr("Go to the office's folder, or make one: papka init FOLDER."))
    if as_json and not yes and map_file is None:
        raise AskedWrongly(tr("With --json nothing is asked: add --yes, or --map with a file."))
    plugins, today = Plugins(), date.today()
    table, map_, place = _map_for(file, map_file, sheet, _programme(plugins, programme), office)
    if programme:
        map_ = map_.model_copy(update={"always": dict(map_.always) | {"programme": programme}})
    if map_file is None and not yes:
        try:
            map_ = agreed(map_, table, list(plugins.programmes()))
        except Stopped:
            click.echo(tr("Nothing was brought in."), err=True)
            return 3
    elif not as_json:
        show(map_, table)
    laid = laid_on(map_, table, str(map_file or place or file.name))
    if not dry and map_file is None:
        keep(office.folder, file.stem, map_, place)
    outcome = looked_at(laid, office, _known(office, plugins, map_), today, plugins.country_of)
    if outcome.everywhere:
        raise Refused(
            tr("Every case needs what neither the table nor its map says."),
            [_everywhere(one, file) for one in outcome.everywhere],
        )
    return _brought(_Run(file, office, laid, today, as_json), outcome, dry=dry)


def _map_for(
    file: Path, map_file: Path | None, sheet: str | None, programme: str | None, office: Office
) -> tuple[Table, TableMap, Path | None]:
    """Return the table, and what its columns mean: as a file says, as it was kept, or as it is proposed."""
    given = read_map(map_file) if map_file else None
    table = _table(file, sheet or (given.sheet if given else None), strictly=sheet is not None)
    if given is not None:
        return table, given, None
    kept = kept_for(office.folder, table, file.stem)
    if kept is not None:
        return table, kept[1].model_copy(update={"sheet": table.grid.name}), kept[0]
    return table, proposal(table, programme), None


def _table(file: Path, sheet: str | None, *, strictly: bool) -> Table:
    grids = open_table(file)
    named = [one for one in grids if sheet is None or one.name == sheet]
    if strictly and not named:
        words = tr("The file has no visible sheet {name}; it has: {names}.")
        raise AskedWrongly(words.format(name=sheet, names=", ".join(one.name for one in grids)))
    tables = [found for one in named or grids if (found := found_table(one)) is not None]
    if not tables:
        words = tr("No row of {file} looks like headers: last name, date of birth, address, telephone …")
        raise AskedWrongly(words.format(file=file.name) + " " + tr("Write headers over the columns."))
    return max(tables, key=lambda one: len(one.columns) * (len(one.grid.rows) - one.first > 0))


def _programme(plugins: Plugins, asked: str | None) -> str | None:
    """Return the programme that was asked for, or the only one."""
    known = list(plugins.programmes())
    if asked is not None:
        plugins.method(asked)
        return asked
    return known[0] if len(known) == 1 else None


def _known(office: Office, plugins: Plugins, map_: TableMap) -> Known:
    programme = map_.always.get("programme")
    if programme is None:
        known = ", ".join(plugins.programmes())
        words = tr("Which programme do the cases belong to? There are: {names}.").format(names=known)
        raise AskedWrongly(words + " " + tr("Add: --programme NAME."))
    levels = plugins.method(programme).programme.levels
    specialists = office.facts.get("specialists", [])
    return Known(specialists, {one.id: one.title for one in levels})


def _everywhere(one: Finding, file: Path) -> Finding:
    from dataclasses import replace

    cure = tr("Say which column is this, or write it into the map under always: {field}: …").format(
        field=one.place.path
    )
    return replace(one, cure=cure, place=replace(one.place, file=file.name))


class _Run:
    """One import: what it reads, and how it reports."""

    def __init__(self, file: Path, office: Office, laid: Laid, today: date, as_json_: bool) -> None:
        self.file, self.office, self.laid, self.today, self.as_json = file, office, laid, today, as_json_

    @property
    def copy(self) -> Path:
        """Where the copy of the table with its faults lies."""
        return self.office.folder / FOLDER / f"{self.file.stem}-{tr('faults')}.xlsx"


def _brought(run: _Run, outcome: Outcome, *, dry: bool) -> int:
    findings = [finding(one, run.laid, run.file.name) for one in outcome.faults]
    findings += [finding(one, run.laid, run.file.name, "warning") for one, _ in outcome.alike]
    cases = [] if dry else list(brought_in(outcome.good, run.laid, run.office, run.today))
    if outcome.faults and not dry:
        write_atomically(run.copy, copy_with_faults(run.laid, outcome.faults))
    if run.as_json:
        _print_json(run, outcome, findings, cases, dry=dry)
    else:
        _print(run, outcome, findings, cases, dry=dry)
    return 3 if outcome.faults else 0


def _print_json(run: _Run, outcome: Outcome, findings: list[Finding], cases: list[str], *, dry: bool) -> None:
    more: dict[str, Any] = {
        "cases": cases,
        "families": {
            "in": len(outcome.good) if dry else len(cases),
            "there": len(outcome.there),
            "faulty": len(outcome.bad),
        },
        "copy": str(run.copy) if outcome.faults and not dry else None,
    }
    show_json(as_json(findings) | more)


def _print(run: _Run, outcome: Outcome, findings: list[Finding], cases: list[str], *, dry: bool) -> None:
    show_findings(findings[:_SHOWN])
    if len(findings) > _SHOWN:
        click.echo("\n" + tr("… and more faults: {count}.").format(count=len(findings) - _SHOWN))
    if findings:
        click.echo()
    if dry:
        words = trn("{n} family would come in.", "{n} families would come in.", len(outcome.good))
        click.echo(words.format(n=len(outcome.good)))
    else:
        words = trn("✓ {n} family came in.", "✓ {n} families came in.", len(cases))
        click.echo(words.format(n=len(cases)))
    if outcome.there:
        click.echo(tr("In the office already, left as they are: {count}.").format(count=len(outcome.there)))
    if outcome.bad:
        words = tr("Not brought in because of faults: {families}; cells to be mended: {cells}.")
        click.echo(words.format(families=len(outcome.bad), cells=len(outcome.faults)))
    if outcome.bad and not dry:
        click.echo(tr("A copy of the table with these cells coloured: {file}").format(file=run.copy))
        click.echo(tr("Mend them, there or in your own table, and bring it in again: only they will come."))
