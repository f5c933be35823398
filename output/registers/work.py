"""`papka report`: from a worker's order to files, told as it goes. One broken case file stops nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import click

from ...core.contract.choices import AddresseeKind
from ...core.errors import AskedWrongly
from ...core.i18n import current_language, tr
from ...core.office import CASE_FILE, Office, find_case, find_office
from ...core.plugging.plugins import Plugins
from ...core.programmes.registers import Register, Report
from ...core.rules.tables import Maker
from ...core.typecheck import nearest
from ..saving import keep_changed, write_atomically
from .keeping import shown
from .reading import Order, Who, makers_of, read_all
from .words import Front

REPORTS = "reports"
SHOWN = 10
"""How many case files that could not be read are named."""


@dataclass
class Drawn:
    """What came of an order: one register or report for each definition that its programmes have."""

    makers: dict[int, tuple[str, Maker]] = field(default_factory=dict)
    organisation: str | None = None
    left_out: list[tuple[Path, str]] = field(default_factory=list)
    who: dict[str, Who] = field(default_factory=dict)

    def fronts(self, order: Order) -> list[tuple[str, Front]]:
        """Return what is to be written, with the programme of each."""
        return [
            (programme, Front(maker.made(), maker.asked, self.organisation, len(self.left_out), order.today))
            for programme, maker in self.makers.values()
        ]


# --- from cases to tables --------------------------------------------------------------------------------


def draw(order: Order, plugins: Plugins, start: Path) -> Drawn:
    """Read the cases and draw the register or report from them.

    Raises:
        AskedWrongly: There is no such register or report, no such case, or nothing for the addressee.
    """
    definitions = _definitions(order.name, plugins)
    office = find_office(start)
    drawn = Drawn(organisation=office.settings.title if office else None)
    makers = makers_of(definitions, order, plugins)
    files = case_files(order.cases, start, office)
    for taken in shown(read_all(files, order, plugins, start), len(files)):
        if taken.fault is not None:
            drawn.left_out.append((taken.path, taken.fault))
        elif taken.programme is not None:
            drawn.organisation = drawn.organisation or taken.organisation
            if taken.who is not None:
                drawn.who[taken.who.code] = taken.who
            maker = makers[taken.programme]
            drawn.makers.setdefault(id(maker), (taken.programme, maker))
            if taken.found is not None:
                maker.take(taken.found)
    if not drawn.makers:
        # No case is there yet: the empty book, ready to be begun.
        drawn.makers = {id(maker): (programme, maker) for programme, maker in makers.items()}
    for _, maker in drawn.makers.values():
        if order.addressee is not None and not maker.made().tables:
            words = tr("{name} has nothing that is meant for this addressee: {addressee}.")
            raise AskedWrongly(words.format(name=order.name, addressee=maker.pack.called(order.addressee)))
    return drawn


def _definitions(name: str, plugins: Plugins) -> dict[str, Register | Report]:
    """Return what each programme understands by a name.

    Raises:
        AskedWrongly: No programme has it; the nearest name is suggested.
    """
    methods = {programme: plugins.method(programme) for programme in plugins.programmes()}
    found = {key: method.tables[name] for key, method in methods.items() if name in method.tables}
    if found:
        return found
    near = nearest(name, sorted({known for method in methods.values() for known in method.tables}))
    words = tr("There is no register or report {name}.").format(name=name)
    if near:
        words += " " + tr("Did you mean {name}?").format(name=near)
    raise AskedWrongly(words + " " + tr("See: papka report."))


def case_files(asked: Iterable[str], start: Path, office: Office | None) -> list[Path]:
    """Return the case files that were named, or all of the office.

    Raises:
        AskedWrongly: Nothing was named outside an office, or there is no such case.
    """
    named = list(asked)
    if not named:
        if office is None:
            words = tr("This folder belongs to no office (office.yaml).")
            raise AskedWrongly(words + " " + tr("Go to the office's folder, or name cases."))
        return office.case_files()
    found: dict[Path, None] = {}
    for one in named:
        found |= dict.fromkeys(_in_folder(start / one) or [find_case(one, start)])
    return list(found)


def _in_folder(folder: Path) -> list[Path]:
    """Return the case files of a folder of cases; nothing for the folder of a single case, or for a file."""
    if not folder.is_dir() or (folder / CASE_FILE).is_file():
        return []
    cases = Office(folder).case_files() or sorted(folder.glob(f"*/{CASE_FILE}"))
    return cases or sorted(folder.glob("*.yaml"))


# --- from tables to files --------------------------------------------------------------------------------


def carry_out(order: Order) -> int:
    """Draw what was ordered, write it, and report; exit 3 when a case file was left out."""
    start = Path.cwd()
    drawn = draw(order, Plugins(), start)
    return hand_out(order, drawn, drawn.fronts(order), start)


def hand_out(order: Order, drawn: Drawn, fronts: list[tuple[str, Front]], start: Path) -> int:
    """Write what was drawn, and report; exit 3 when a case file was left out."""
    if order.format == "json" and order.out is None:
        from .plain import to_json

        click.echo(to_json(front for _, front in fronts).decode(), nl=False)
    else:
        files = [_written(order, programme, front, len(fronts) > 1, start) for programme, front in fronts]
        if order.pdf:
            _to_pdf(files, order.engine)
    tell_left_out(drawn, start)
    return 3 if drawn.left_out else 0


def _written(order: Order, programme: str, front: Front, several: bool, start: Path) -> Path:
    path = _path(order, programme, front, several, start)
    content = _bytes(order.format, front)
    kept = keep_changed(path) if path.suffix in (".docx", ".xlsx") else None
    write_atomically(path, content)
    click.echo(f"✓ {_near(path, start)}")
    rows = sum(len(table.rows) for table in front.tables)
    click.echo("  " + tr("families: {cases}, rows: {rows}").format(cases=front.made.cases, rows=rows))
    if front.made.withheld:
        words = tr("held back from this addressee: {count} columns and sections")
        click.echo("  " + words.format(count=front.made.withheld))
    if kept:
        click.echo("  " + tr("your changed copy was kept: {file}").format(file=kept.name))
    return path


def _near(path: Path, start: Path) -> Path:
    return path.relative_to(start) if path.is_relative_to(start) else path


def _path(order: Order, programme: str, front: Front, several: bool, start: Path) -> Path:
    """Return where the file goes; its name holds no name of a person."""
    out = order.out
    if out is not None and out.suffix == f".{order.format}":
        return start / (out.with_stem(f"{out.stem}_{programme}") if several else out)
    office = find_office(start)
    folder = start / out if out is not None else (office.folder if office else start) / REPORTS
    parts = [front.made.definition.id, front.asked.until.isoformat()]
    if front.asked.as_of != front.asked.until:
        parts.append(f"as_of_{front.asked.as_of.isoformat()}")
    parts += [programme] if several else []
    parts += [front.asked.addressee.value] if front.asked.addressee else []
    return folder / f"{'_'.join(parts)}.{order.format}"


def _bytes(format_: str, front: Front) -> bytes:
    return _WRITERS[format_](front)


def _docx(front: Front) -> bytes:
    from .paper import to_paper

    return to_paper(front)


def _xlsx(front: Front) -> bytes:
    from .sheets import to_workbook

    return to_workbook(front)


def _csv(front: Front) -> bytes:
    from .plain import to_csv

    return to_csv(front)


def _json(front: Front) -> bytes:
    from .plain import to_json

    return to_json([front])


def _ics(front: Front) -> bytes:
    from .plain import has_days, to_calendar

    if not has_days(front):
        raise AskedWrongly(tr("{name} has no days for a calendar.").format(name=front.made.definition.id))
    return to_calendar(front)


_WRITERS: dict[str, Callable[[Front], bytes]] = {
    "docx": _docx,
    "xlsx": _xlsx,
    "csv": _csv,
    "json": _json,
    "ics": _ics,
}
FORMATS = tuple(_WRITERS)


def _to_pdf(files: list[Path], engine: str | None) -> None:
    from ..pdf import to_pdf

    for result in to_pdf(files, files[0].parent, engine):
        if result.pdf:
            click.echo(f"✓ {result.pdf.name}")
        else:
            click.echo("  ! " + tr("no PDF: {reason}").format(reason=result.refusal))


def tell_left_out(drawn: Drawn, start: Path) -> None:
    """Say at the end which case files were left out, and how to see what is wrong with them."""
    if not drawn.left_out:
        return
    words = tr("Case files left out, because they cannot be read: {count}")
    click.echo(words.format(count=len(drawn.left_out)), err=True)
    for path, error in drawn.left_out[:SHOWN]:
        click.echo(f"  ✗ {_near(path, start)}: {error}", err=True)
    if len(drawn.left_out) > SHOWN:
        click.echo("  …", err=True)
    click.echo("  " + tr("To see what is wrong: papka check CASE."), err=True)


# --- the list --------------------------------------------------------------------------------------------


def listed(plugins: Plugins) -> Iterator[dict[str, object]]:
    """Go through all registers and reports, each with the programmes that have it."""
    found: dict[str, dict[str, object]] = {}
    for programme in plugins.programmes():
        for name, one in plugins.method(programme).tables.items():
            kind = "register" if isinstance(one, Register) else "report"
            entry = found.setdefault(
                name,
                {"id": name, "kind": kind, "title": one.title, "programmes": [], "source": one.source.text},
            )
            programmes = entry["programmes"]
            assert isinstance(programmes, list)
            programmes.append(programme)
    yield from found.values()


def addressees(plugins: Plugins) -> list[tuple[str, str]]:
    """Return the addressees of extracts, called in the reader's language if a plugin brings it."""
    spoken = plugins.languages().get(current_language())
    return [(one.value, spoken.called(one) if spoken else one.label) for one in AddresseeKind]


def show_list(*, as_json: bool) -> int:
    """Show what there is to be drawn."""
    plugins = Plugins()
    entries = list(listed(plugins))
    if as_json:
        from ...core.report import show_json

        show_json(entries)
        return 0
    every = set(plugins.programmes())
    for kind, title in (("register", tr("Registers")), ("report", tr("Reports"))):
        click.secho(title, bold=True)
        for one in entries:
            if one["kind"] == kind:
                programmes = one["programmes"]
                assert isinstance(programmes, list)
                where = "" if set(programmes) == every else f"  ({', '.join(programmes)})"
                click.echo(f"  {one['id']}  {one['title']}{where}")
    click.secho(tr("Addressees of extracts"), bold=True)
    for code, label in addressees(plugins):
        click.echo(f"  {code}  {label}")
    return 0
