"""`papka due`: what is late and what comes next, over all cases; the report of reminders, on the terminal."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import click

from ...core.commands import DayType
from ...core.i18n import tr, trn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ...core.filters import LanguagePack
    from ...core.office import Office
    from ...core.plugging.plugins import Plugins
    from ...core.rules.tables import Table
    from .reading import Order
    from .words import Front
    from .work import Drawn

REPORT = "com_due_report"


class By(click.ParamType[str]):
    """An order of reminders, named in English or in Russian."""

    name = "by"
    _KNOWN = MappingProxyType({"вид": "kind", "куратор": "curator", "дата": "date"})

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Name the orders in the help, in the reader's language."""
        return tr("[kind|curator|date]")

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Read the order, or say which there are."""
        said = self._KNOWN.get(value.casefold(), value.casefold())
        if said not in self._KNOWN.values():
            self.fail(tr("Choose one of: {choices}.").format(choices=tr("[kind|curator|date]").strip("[]")))
        return said


@click.command(
    help=tr("Show what is late and what comes next, over all cases of the office or the named ones.")
)
@click.argument("cases", nargs=-1, metavar=tr("[CASE]..."))
@click.option("--as-of", "--on", "as_of", type=DayType(), help=tr("As things stood on this day."))
@click.option("--curator", metavar=tr("NAME"), help=tr("Only what this specialist has to do."))
@click.option(
    "--by",
    type=By(),
    default="kind",
    help=tr("In which order: by kind of reminder, by curator, or by day."),
)
@click.option("--ics", is_flag=True, help=tr("Write a calendar file, for a phone or a mail program."))
@click.option("--json", "as_json", is_flag=True, help=tr("Print JSON for scripts."))
def due(
    cases: tuple[str, ...], as_of: date | None, curator: str | None, by: str, ics: bool, as_json: bool
) -> int:
    """Show the reminders; exit 3 when a case file could not be read."""
    from .reading import Order
    from .work import hand_out, tell_left_out

    start = Path.cwd()
    order = Order(REPORT, cases, as_of=as_of, format="ics" if ics else "json", kept=True)
    drawn, fronts = reminders(order, start, curator)
    if ics or as_json:
        return hand_out(order, drawn, fronts, start)
    for _, front in fronts:
        _show(front, by)
    tell_left_out(drawn, start)
    return 3 if drawn.left_out else 0


def reminders(order: Order, start: Path, curator: str | None = None) -> tuple[Drawn, list[tuple[str, Front]]]:
    """Draw the reminders, with the papers that did not come back signed; of one curator, if he is named."""
    from ...core.office import find_office
    from ...core.plugging.plugins import Plugins
    from .work import draw

    plugins, office = Plugins(), find_office(start)
    drawn = draw(order, plugins, start)
    fronts = drawn.fronts(order)
    if office is not None and fronts:
        programme, front = fronts[0]
        table = _awaited(office, plugins, drawn, order.as_of or order.today, front.pack)
        fronts[0] = programme, _with_tables(front, (*front.tables, table))
    if curator is not None:
        name = curator.casefold()
        fronts = [(one, _of(front, lambda whose: name in (whose or "").casefold())) for one, front in fronts]
    return drawn, fronts


def _with_tables(front: Front, tables: tuple[Table, ...]) -> Front:
    return replace(front, made=replace(front.made, tables=tables))


def _of(front: Front, wanted: Callable[[str | None], bool]) -> Front:
    """Keep the rows that somebody has to do, numbered anew."""
    tables = []
    for table in front.tables:
        kept = [number for number, whose in enumerate(table.whose) if wanted(whose)]
        tables.append(
            replace(
                table,
                rows=tuple((place, *table.rows[number][1:]) for place, number in enumerate(kept, start=1)),
                days=tuple(table.days[number] for number in kept),
                whose=tuple(table.whose[number] for number in kept),
                keys=tuple(table.keys[number] for number in kept),
            )
        )
    return _with_tables(front, tuple(tables))


def _awaited(office: Office, plugins: Plugins, drawn: Drawn, day: date, pack: LanguagePack) -> Table:
    """Return the papers that were issued and have not come back signed, case by case, as a table."""
    from ...core.rules.tables import Head, Table
    from ..issued.overview import in_force, titles_of

    titles = titles_of(plugins)
    waiting: dict[str, list[tuple[date, str]]] = {}
    for entry, waits in in_force(office, plugins, day):
        who, since = drawn.who.get(entry.case), entry.recorded_on
        if waits and who is not None and who.wait is not None and (day - since).days >= who.wait:
            waiting.setdefault(entry.case, []).append((since, entry.document))
    rows, days, whose, keys = [], [], [], []
    ordered = sorted((min(found)[0], code) for code, found in waiting.items())
    for place, (first, code) in enumerate(ordered, start=1):
        who, found = drawn.who[code], sorted(waiting[code])
        names = list(dict.fromkeys(titles.get(document, document) for _, document in found))
        said = "; ".join(names[:3]) + (" …" if len(names) > 3 else "")
        rows.append((place, first, (day - first).days, who.number, f"{said} ({len(found)})", who.curator))
        days.append(first)
        whose.append(who.curator)
        keys.append(f"{code}|подписи")
    on_paper = pack.on_paper
    heads = (
        Head(on_paper("Entry"), 1), Head(on_paper("Awaiting signatures since"), 2),
        Head(on_paper("Days"), 2, counts=True), Head(on_paper("Case No."), 2),
        Head(on_paper("Papers (how many)"), 8), Head(on_paper("Case curator"), 3),
    )  # fmt: skip
    return Table(
        on_paper("Papers awaited with signatures"),
        heads,
        tuple(rows),
        tuple(days),
        tuple(whose),
        tuple(keys),
        personal=True,
    )


# --- on the terminal -------------------------------------------------------------------------------------


class _Line(NamedTuple):
    """One reminder as it is shown; `kind` is the title of its table."""

    kind: str
    whose: str
    day: date | None
    text: str


def _show(front: Front, by: str) -> None:
    """Show all rows: under the kind of reminder, under who has to act, or in the order of the days."""
    lines = list(_lines(front, named=by != "curator"))
    if not lines:
        click.echo(tr("Nothing is late, and nothing is due soon."))
    elif by == "kind":
        _show_groups(lines, list(dict.fromkeys(one.kind for one in lines)))
    else:
        ordered = sorted(lines, key=lambda one: (one.day is None, one.day or date.max))
        if by == "curator":
            _show_curators(ordered)
        else:
            for one in ordered:
                click.echo(f"{one.text}  [{one.kind}]")


def _show_groups(lines: Sequence[_Line], kinds: Sequence[str]) -> None:
    for kind in kinds:
        if kind:
            click.secho(kind, bold=True)
        for one in lines:
            if one.kind == kind:
                click.echo(f"  {one.text}")


def _show_curators(lines: Sequence[_Line]) -> None:
    for name in sorted({one.whose for one in lines}):
        mine = [one for one in lines if one.whose == name]
        counted = trn("{count} reminder", "{count} reminders", len(mine)).format(count=len(mine))
        click.secho(f"{name or tr('no curator')} · {counted}", bold=True)
        for one in mine:
            click.echo(f"  {one.text}  [{one.kind}]")


def _lines(front: Front, *, named: bool) -> Iterator[_Line]:
    """Go through the rows, each with its day first.

    Args:
        named: Whether each line says who has to act.
    """
    from .words import plain, said

    today = front.asked.day
    for table in front.tables:
        # The first column only counts the rows; what counts days is said beside the day, and so is the day.
        columns = [number for number, head in enumerate(table.heads) if number and not head.counts]
        for row, day, whose in zip(table.rows, table.days, table.whose, strict=True):
            hidden = (None, day) if named else (None, day, whose)
            told = [plain(said(row[number], front.pack)) for number in columns if row[number] not in hidden]
            shown = f"{day:%d.%m.%Y} {_away(day, today)}" if day else "—"
            yield _Line(plain(table.title), plain(whose or ""), day, " · ".join((shown, *told)))


def _away(day: date, today: date) -> str:
    """Say how far a day is; who reads it need not count."""
    left = (day - today).days
    if left < 0:
        words = trn("({count} day ago)", "({count} days ago)", -left)
        return click.style(words.format(count=-left), fg="red")
    if left <= 1:
        return click.style(f"({tr('today') if left == 0 else tr('tomorrow')})", fg="yellow", bold=True)
    return trn("(in {count} day)", "(in {count} days)", left).format(count=left)
