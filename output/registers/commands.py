"""`papka report …`: registers and reports on the command line."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...core.commands import DayType
from ...core.errors import AskedWrongly
from ...core.i18n import tr

if TYPE_CHECKING:
    from ...core.contract.choices import AddresseeKind

ENGINES = ("libreoffice", "rdocx", "gotenberg")
FORMATS = ("docx", "xlsx", "csv", "json", "ics")


class AddresseeType(click.ParamType["AddresseeKind"]):
    """An addressee on the command line: its code or its Russian name."""

    name = "addressee"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> AddresseeKind:
        """Read the addressee, or say which there are."""
        from ...core.contract.choices import AddresseeKind

        found = AddresseeKind.of(value)
        if found is None:
            from ...core.plugging.plugins import Plugins
            from .work import addressees

            known = ", ".join(f"{code} ({label})" for code, label in addressees(Plugins()))
            self.fail(tr("There is no addressee {name}. There are: {known}.").format(name=value, known=known))
        return found


@click.command(
    help=tr(
        "Draw a register or a report from all cases of the office, or from the named ones: files, folders, "
        "numbers. Without a name: show what there is."
    )
)
@click.argument("name", default="list", metavar=tr("[NAME]"))
@click.argument("cases", nargs=-1, metavar=tr("[CASE]..."))
@click.option("--since", type=DayType(), help=tr("The first day of the period."))
@click.option("--until", type=DayType(), help=tr("The last day of the period."))
@click.option(
    "--as-of", "--on", "as_of", type=DayType(), help=tr("What was known on this day; today if not given.")
)
@click.option(
    "--for",
    "addressee",
    type=AddresseeType(),
    metavar=tr("ADDRESSEE"),
    help=tr("An extract: only what is meant for this addressee. The list without a name shows them."),
)
@click.option("--format", "form", type=click.Choice(FORMATS), help=tr("What kind of file; docx if not said."))
@click.option("--out", type=click.Path(path_type=Path), help=tr("The file, or the folder for it."))
@click.option("--pdf", is_flag=True, help=tr("Make a PDF file too."))
@click.option("--engine", type=click.Choice(ENGINES), help=tr("Which engine makes the PDF."))
@click.option("--json", "as_json", is_flag=True, help=tr("Print JSON for scripts."))
def report(
    name: str,
    cases: tuple[str, ...],
    since: date | None,
    until: date | None,
    as_of: date | None,
    addressee: AddresseeKind | None,
    form: str | None,
    out: Path | None,
    pdf: bool,
    engine: str | None,
    as_json: bool,
) -> int:
    """Draw a register or a report, or list what there is."""
    from .reading import Order
    from .work import carry_out, show_list

    if name == "list":
        return show_list(as_json=as_json)
    made = form or ("json" if as_json else "docx")
    wants_pdf = pdf or engine is not None
    if wants_pdf and made != "docx":
        raise AskedWrongly(tr("A PDF is made of a Word file: leave --format out."))
    return carry_out(Order(name, cases, since, until, as_of, addressee, made, wants_pdf, engine, out))
