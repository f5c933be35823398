"""The meaning of the columns, shown and agreed upon in the terminal; plain prompts, for a pipe too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

from ...core.contract.choices import Channel
from ...core.contract.people import Address
from ...core.i18n import tr
from ...core.loading import examined
from ...core.report import visible
from .addresses import names_region
from .cells import as_text
from .headers import Table
from .mapping import TableMap, meanings
from .meaning import Meaning, meaning

_USUAL = [
    "number",
    "mother",
    "mother.birth_date",
    "mother.phone",
    "mother.snils",
    "father",
    "father.birth_date",
    "guardian",
    "guardian.birth_date",
    "guardian.relation",
    "children",
    "person",
    "person.birth_date",
    "person.relation",
    "family.address_registration",
    "family.address_actual",
    "family.phone",
    "family.type",
    "referral.received_on",
    "referral.channel",
    "referral.source_org",
    "referral.text",
    "curators.1.specialist",
    "curators.1.since",
    "-",
]
_EXAMPLE = 34
_STOP = ("q", "й", "стоп")


class Stopped(Exception):
    """The person does not go on."""


def show(map_: TableMap, table: Table) -> None:
    """Show what each column means, beside an example of what stands in it."""
    click.echo(tr("Sheet «{sheet}», headers found.").format(sheet=table.grid.name))
    rows = {"family": tr("one row a family"), "person": tr("one row a person, families by the case number")}
    click.echo(tr("Rows: {rows}.").format(rows=rows[map_.rows]))
    click.echo()
    for number, column in enumerate(table.columns, 1):
        found = meanings(map_.columns.get(column.header, "-")) or ()
        said = " + ".join(one.in_words() for one in found)
        skipped = all(one.is_skipped for one in found)
        click.echo(
            f"{number:>3}. {column.letter:<2} {visible(column.header)[:40]:<40}  "
            + click.style(said or tr("(not taken)"), fg=None if skipped else "green", dim=skipped)
        )
        example = _example(table, column.index)
        if example:
            click.echo(click.style("        " + tr("for example: {value}").format(value=example), dim=True))
    for name, value in map_.always.items():
        found_one = meaning(name)
        click.echo(f"  •  {found_one.in_words() if found_one else name}: {value} " + tr("(in all rows)"))
    click.echo()


def _example(table: Table, column: int) -> str:
    texts = (as_text(table.grid.cell(row, column)) for row in range(table.first, len(table.grid.rows)))
    return visible(next((text for text in texts if text), ""))[:_EXAMPLE]


def agreed(map_: TableMap, table: Table, programmes: Sequence[str]) -> TableMap:
    """Have the proposed meanings looked over and changed.

    Raises:
        Stopped: The person stops, or there is nobody to answer.
    """
    columns = dict(map_.columns)
    while True:
        map_ = map_.model_copy(update={"columns": columns})
        show(map_, table)
        typed = _asked(tr("Enter: all is right; a number: change this column; q: stop"))
        if not typed:
            break
        if typed.casefold() in _STOP:
            raise Stopped
        if typed.isdigit() and 1 <= int(typed) <= len(table.columns):
            header = table.columns[int(typed) - 1].header
            columns[header] = _meaning(header)
        else:
            click.echo(tr("There is no column with this number."))
    return map_.model_copy(update={"always": _constants(map_, table, programmes)})


def _meaning(header: str) -> str:
    click.echo(tr("What does the column «{header}» mean?").format(header=visible(header)))
    for number, one in enumerate(_USUAL, 1):
        found = meaning(one)
        click.echo(f"{number:>3}. {found.in_words() if found else one}")
    while True:
        typed = _asked(tr("Number, or the name of a field (docs/vocabulary.md)"))
        if typed.isdigit() and 1 <= int(typed) <= len(_USUAL):
            return _USUAL[int(typed) - 1]
        if typed.casefold() in _STOP:
            raise Stopped
        if typed and meanings(typed) is not None:
            return typed
        click.echo(tr("There is no such field."))


def lacking(map_: TableMap) -> list[Meaning]:
    """Return what every case needs, and neither a column nor the map says."""
    said = {str(m) for written in map_.columns.values() for m in meanings(written) or ()} | set(map_.always)
    needed = [meaning(f"referral.{name}") for name in ("received_on", "channel", "text")]
    return [one for one in needed if one is not None and str(one) not in said]


def _constants(map_: TableMap, table: Table, programmes: Sequence[str]) -> dict[str, str]:
    """Ask for what no column says and every case needs: it will be the same in all rows."""
    always = dict(map_.always)
    if "programme" not in always:
        always["programme"] = _one_of(
            tr("Which programme do the cases belong to?"), [(p, p) for p in programmes]
        )
    for one in lacking(map_):
        asked = tr("No column says «{field}». What shall stand in all rows?").format(field=one.in_words())
        if str(one) == "referral.channel":
            always[str(one)] = _one_of(asked, [(channel.value, channel.label) for channel in Channel])
        else:
            click.echo(asked)
            always[str(one)] = _right(one)
    for path in _regionless(map_, table):
        if f"{path}.region" not in always:
            region = _asked(tr("In which region are the addresses that name none? (Enter: each names it)"))
            always |= {f"{path}.region": region} if region else {}
    return always


def _regionless(map_: TableMap, table: Table) -> Iterator[str]:
    """Go through the addresses in one cell that name no region in some rows."""
    for column in table.columns:
        for one in meanings(map_.columns.get(column.header, "-")) or ():
            is_address = one.type is not None and one.type.model is Address and not one.who
            rows = range(table.first, len(table.grid.rows))
            texts = [as_text(table.grid.cell(row, column.index)) for row in rows]
            if is_address and any(text and not names_region(text) for text in texts):
                yield str(one)


def _one_of(asked: str, options: Sequence[tuple[str, str]]) -> str:
    click.echo(asked)
    for number, (_, label) in enumerate(options, 1):
        click.echo(f"{number:>3}. {label}")
    while True:
        typed = _asked(tr("Number"))
        if typed.isdigit() and 1 <= int(typed) <= len(options):
            return options[int(typed) - 1][0]


def _right(one: Meaning) -> str:
    while True:
        typed = _asked(one.in_words())
        owner, name = str(one.path[0]), str(one.path[-1])
        _, found = examined({owner: {name: typed}})
        fault = next((finding for finding in found if finding.place.path == f"{owner}.{name}"), None)
        if typed and fault is None:
            return typed
        click.echo(f"{fault.message} {fault.cure}" if fault else tr("The value is empty."))


def _asked(question: str) -> str:
    try:
        return str(click.prompt(question, default="", show_default=False)).strip()
    except click.Abort:
        raise Stopped from None
