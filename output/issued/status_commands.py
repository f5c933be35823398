"""`papka status`: how a case stands with its papers, or all cases of the office at a glance."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...core.commands import DayType
from ...core.i18n import tr

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ...core.opening import OpenCase
    from ...core.statuses import Papers, Word
    from ..scanning.awaiting import Awaited
    from .overview import Glance
    from .standing import Standing


@click.command(
    help=tr(
        "Show how far a case has come: its stage, its level, its documents and why each is needed. "
        "Without a case: all cases of the office, the most urgent first."
    )
)
@click.argument("case", required=False, metavar=tr("[CASE]"))
@click.option(
    "--curator", metavar=tr("NAME"), help=tr("Only the cases of this specialist: a name or a code.")
)
@click.option("--as-of", "--on", "as_of", type=DayType(), help=tr("Show it as it stood on this day."))
@click.option("--json", "as_json", is_flag=True, help=tr("Print JSON for scripts."))
def status(case: str | None, curator: str | None, as_of: date | None, as_json: bool) -> int:
    """Show one case, or all; exit 3 when a case file could not be read."""
    from ...core.errors import AskedWrongly

    day = as_of or date.today()
    if case is None:
        return _office(curator, day, as_json)
    if curator is not None:
        raise AskedWrongly(tr("--curator is for all cases of the office: leave the case out."))
    return _case(case, day, as_json)


# --- one case --------------------------------------------------------------------------------------------


def _case(case: str, day: date, as_json: bool) -> int:
    from ...core.office import find_office
    from ...core.opening import open_case
    from ...core.statuses import as_data, show

    opened = open_case(case, Path.cwd())
    papers, back = _standings(opened, day)
    known = _known(papers, back)
    if not as_json:
        in_office = find_office(opened.path.resolve().parent) is not None
        show(opened, day, known, in_office=in_office)
        return 0
    from ...core.report import show_json

    data = as_data(opened, day, known)
    for one in data["documents"]:
        one["papers"] = [_paper(paper, back) for paper in papers.get(one["id"], ())]
    show_json(data)
    return 0


def _paper(paper: Standing, back: Mapping[str, Awaited]) -> dict[str, object]:
    found = back.get(paper.entry.id) if paper.entry else None
    signers = [{"role": one.role, "signed": one.how} for one in found.hands] if found else []
    return {**paper.as_json(), "signers": signers}


def _known(papers: Mapping[str, list[Standing]], back: Mapping[str, Awaited]) -> dict[str, Papers]:
    """Say how the papers stand of which at least one was issued; of the others there is nothing to say."""
    from ...core.statuses import papers_of

    found: dict[str, Papers] = {}
    for name, some in papers.items():
        if any(one.word != "draft" for one in some):
            found[name] = papers_of([_word(one, back) for one in some])
    return found


def _word(one: Standing, back: Mapping[str, Awaited]) -> tuple[Word, str]:
    if one.entry is None:
        return "issued", one.line()
    paper = back.get(one.entry.id)
    line = f"{one.line()}{_signatures(paper)}"
    if one.word == "stale":
        return "stale", line
    if one.word == "begun":
        return "begun", line
    signed = sum(hand.how is not None for hand in paper.hands) if paper else 0
    if paper is None or not signed:
        return "issued", line
    return ("partly_signed" if paper.unsigned or paper.missing else "signed"), line


def _signatures(paper: Awaited | None) -> str:
    if paper is None or not paper.hands:
        return ""
    words = tr("; signed: {done} of {all}")
    if not paper.unsigned:
        words = tr("; signed by all")
    said = words.format(done=len(paper.hands) - len(paper.unsigned), all=len(paper.hands))
    if paper.unsigned:
        said += tr(", missing: {who}").format(
            who=", ".join(dict.fromkeys(one.role for one in paper.unsigned))
        )
    return said


def _standings(opened: OpenCase, day: date) -> tuple[Mapping[str, list[Standing]], Mapping[str, Awaited]]:
    """Ask the journal, if the case lies in an office that has issued anything."""
    from ...core.office import find_office

    office = find_office(opened.path.resolve().parent)
    if office is None:
        return {}, {}
    place = office.journal_place
    if isinstance(place, Path) and not place.exists():
        return {}, {}
    from ...core.journal.journal import Journal
    from .overview import of_case
    from .standing import standings

    book = Journal.open(place)
    try:
        found = standings(opened, book, day)
    finally:
        book.close()
    return found, {one.entry.id: one for one in of_case(office, opened, day)}


# --- all cases -------------------------------------------------------------------------------------------


def _office(curator: str | None, day: date, as_json: bool) -> int:
    from ...core.errors import AskedWrongly
    from ...core.office import find_office
    from ...core.plugging.plugins import Plugins
    from .overview import curators, of_curator, overview

    office = find_office(Path.cwd())
    if office is None:
        words = tr("This folder belongs to no office (office.yaml).")
        raise AskedWrongly(words + " " + tr("Go to the office's folder, or name a case."))
    everything = overview(office, day, Plugins())
    found = of_curator(everything, curator)
    if curator is not None and not found:
        names = ", ".join(curators(everything)) or "—"
        words = tr("Nobody called {name} leads a case. Those who do: {names}.")
        raise AskedWrongly(words.format(name=curator, names=names))
    if as_json:
        from ...core.report import show_json

        show_json([one.as_json() for one in found])
    else:
        _show_all(found, day)
    return 3 if any(one.fault for one in found) else 0


def _show_all(found: Sequence[Glance], day: date) -> None:
    for one in found:
        _show_one(one)
    open_now = [one for one in found if not one.fault and not one.closed]
    words = tr(
        "On {day}: cases {all}, open {open}, with something late {late}, papers waited for {unsigned}."
    )
    click.secho(
        words.format(
            day=f"{day:%d.%m.%Y}",
            all=len(found),
            open=len(open_now),
            late=sum(one.late > 0 for one in open_now),
            unsigned=sum(len(one.unsigned) for one in found),
        ),
        bold=True,
    )


def _show_one(one: Glance) -> None:
    from ...core.report import visible

    if one.fault:
        click.echo(click.style("✗ ", fg="red") + f"{one.folder}: {visible(one.fault)}")
        return
    colour = "red" if one.late else "bright_black" if one.closed else None
    head = " · ".join(
        part for part in (one.number or one.case, one.family, one.curator or tr("no curator")) if part
    )
    click.secho(visible(head), fg=colour, bold=not one.closed)
    where = [one.stage or tr("the request is not registered yet"), one.level]
    click.echo("    " + " · ".join(part for part in where if part))
    if one.closed:
        click.echo("    " + tr("closed {day}").format(day=f"{one.closed:%d.%m.%Y}") + _counts(one))
        return
    if one.late:
        words = tr("late: {count}, the first since {day}")
        click.secho("    " + words.format(count=one.late, day=f"{one.late_since:%d.%m.%Y}"), fg="red")
    if one.next_due:
        words = tr("next: {day} {what}")
        click.echo("    " + words.format(day=f"{one.next_due[0]:%d.%m.%Y}", what=one.next_due[1]))
    click.echo("    " + tr("papers missing: {count}").format(count=len(one.missing)) + _counts(one))


def _counts(one: Glance) -> str:
    said = ""
    if one.issued:
        said += tr("; issued: {count}").format(count=sum(one.issued.values()))
    if one.unsigned:
        said += tr("; waited for with signatures: {count}").format(count=len(one.unsigned))
    return said
