"""The commands of issuing: `papka init`, `papka issue`, `papka journal`, `papka verify`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...core.commands import DayType
from ...core.i18n import current_language, tr, trn
from ..commands import ENGINES

if TYPE_CHECKING:
    from ...core.journal.entries import Entry
    from ...core.journal.journal import Journal
    from ...core.journal.past import Happened
    from ...core.office import Office
    from .issuing import Outcome
    from .verifying import Verified

_LONG_AGO = 30
"""So many days before today, and a paper is one of the past: what has no day of its own may have changed."""


@click.command(help=tr("Make an office: a folder for settings, cases, templates and the journal."))
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--title", metavar=tr("TITLE"), help=tr("The name of the centre."))
def init(folder: Path, title: str | None) -> int:
    """Write the settings with an explanation beside each, and the folders."""
    from ...core.errors import AskedWrongly
    from ...core.folders import SETTINGS
    from .founding import found_office

    if (folder / SETTINGS).exists():
        words = tr("There is an office in {folder} already: {file}.")
        raise AskedWrongly(words.format(folder=folder, file=SETTINGS))
    for path in found_office(folder, title, current_language()):
        click.echo(f"✓ {path}")
    words = tr(
        "Next: say in {file} whose cases these are (organisation), then papka new opens the first case."
    )
    click.echo(words.format(file=folder / SETTINGS))
    click.echo(
        tr("Name the folder by the code of the case, not by the family. papka demo has cases to copy.")
    )
    return 0


@click.command(help=tr("Issue papers: give them numbers, write them as Word and PDF, record them."))
@click.argument("case")
@click.argument("documents", nargs=-1)
@click.option("--stage", is_flag=True, help=tr("All papers of the stage that the case has reached."))
@click.option("--due", is_flag=True, help=tr("All papers that are due by a day."))
@click.option(
    "--correct",
    metavar=tr("REASON"),
    help=tr("Issue anew what was issued and has changed, and say why, without names."),
)
@click.option("--no-pdf", is_flag=True, help=tr("Word files only."))
@click.option("--engine", type=click.Choice(ENGINES), help=tr("Which engine makes the PDF."))
@click.option(
    "--on",
    "day",
    type=DayType(),
    help=tr("The day of papers whose day the case does not say; today if not given."),
)
@click.option("--json", "as_json", is_flag=True, help=tr("Print JSON for scripts."))
def issue(
    case: str,
    documents: tuple[str, ...],
    stage: bool,
    due: bool,
    correct: str | None,
    no_pdf: bool,
    engine: str | None,
    day: date | None,
    as_json: bool,
) -> int:
    """Issue what was named; exit 3 if a paper was refused."""
    from .issuing import IssueOrder
    from .issuing import issue as issue_papers

    order = IssueOrder(case, documents, stage, due, correct, not no_pdf, engine, day or date.today())
    outcomes = issue_papers(order)
    if as_json:
        from ...core.report import show_json

        show_json([one.as_json() for one in outcomes])
    else:
        _report(outcomes, case)
    return 3 if any(one.result == "refused" for one in outcomes) else 0


def _report(outcomes: Sequence[Outcome], case: str) -> None:
    from ...core.report import show_findings
    from ..work import tell

    for one in outcomes:
        if one.error is not None:
            tell(one.error)
            continue
        assert one.entry is not None
        number = f" № {one.entry.number}" if one.entry.number else ""
        mark = "✓" if one.result == "issued" else "="
        day = tr("of {day}").format(day=f"{one.entry.day:%d.%m.%Y}")
        click.echo(f"{mark} {one.title}{number} {day} [{one.document}] · {one.entry.id}")
        if one.result == "issued" or len(outcomes) == 1:
            click.echo("    " + "  ".join(_near(path) for path in (one.docx, one.pdf) if path))
        _tell_correction(one)
        if one.notes:
            show_findings(one.notes)
    counted = {
        result: sum(one.result == result for one in outcomes) for result in ("issued", "already", "refused")
    }
    words = tr("Issued: {issued}, issued before and unchanged: {already}, refused: {refused}.")
    click.echo(words.format(**counted))
    if sum(one.pdf is not None and one.result == "issued" for one in outcomes) > 1:
        said = f'"{case}"' if " " in case else case
        click.echo(tr("To print them in one go: {command}").format(command=f"papka packet {said}"))
    if any(_is_of_the_past(one) for one in outcomes):
        click.echo(
            tr(
                "! Papers of days long past: an address, a phone, a job, all that has no day of its own in "
                "the case, stands on them as it is today. See that it was so then."
            )
        )
    if any(one.fictional for one in outcomes):
        click.echo(
            tr("The case is marked as fictional (fictional: yes): take the mark out of a family's case.")
        )


def _near(path: Path) -> str:
    """Name a file as it is found from here."""
    here, there = Path.cwd(), path.absolute()
    return str(there.relative_to(here) if there.is_relative_to(here) else path)


def _is_of_the_past(one: Outcome) -> bool:
    """Tell whether a paper was issued now for a day on which much may have been otherwise."""
    if one.result != "issued" or one.entry is None or one.corrects is not None:
        return False
    return (date.today() - one.entry.day).days > _LONG_AGO


def _tell_correction(one: Outcome) -> None:
    """Say what a corrected paper takes the place of, and what follows for those who sign."""
    from ..explaining.changes import told

    before, entry = one.corrects, one.entry
    if before is None or entry is None:
        return
    words = tr("in place of {id}; this is new on it: {what}")
    click.echo("    " + words.format(id=before.id, what=told(one.because)))
    if entry.day < date.today():
        words = tr(
            "! The paper keeps its day, {day}, and shows what the case says today: "
            "see that it is true of that day."
        )
        click.echo("    " + words.format(day=f"{entry.day:%d.%m.%Y}"))
    if one.signed:
        words = trn(
            "! {count} signature on the earlier paper does not pass to this one: it has to be signed anew.",
            "! {count} signatures on the earlier paper do not pass to this one: it has to be signed anew.",
            one.signed,
        )
        click.echo("    " + words.format(count=one.signed))
    else:
        click.echo("    " + tr("It is printed and signed anew; the earlier one is not valid any more."))
    click.echo("    " + tr("The reason stands in the journal and stays there."))


@click.command(help=tr("Show what was issued, and whether the record is whole."))
@click.argument("paper", required=False, metavar=tr("[CODE]"))
@click.option("--case", metavar=tr("CASE"), help=tr("Papers of one case: its folder, code or number."))
@click.option("--since", type=DayType(), help=tr("From this day on."))
@click.option("--until", type=DayType(), help=tr("Up to this day."))
@click.option(
    "--check", is_flag=True, help=tr("Look for entries that were changed or removed, and for gaps.")
)
@click.option("--gaps", is_flag=True, help=tr("Say what became of every number, run by run."))
@click.option(
    "--void",
    "reason",
    metavar=tr("REASON"),
    help=tr("Say that the number of the paper will not be used, and why."),
)
@click.option("--json", "as_json", is_flag=True, help=tr("Print JSON for scripts."))
def journal(
    paper: str | None,
    case: str | None,
    since: date | None,
    until: date | None,
    check: bool,
    gaps: bool,
    reason: str | None,
    as_json: bool,
) -> int:
    """Show entries; with --check exit 3 if the record was changed from outside."""
    from ...core.errors import AskedWrongly
    from ...core.journal.journal import Journal
    from ...core.office import find_office
    from ...core.report import show_json
    from .reasons import of_paper

    office = find_office(Path.cwd())
    if office is None:
        raise AskedWrongly(_homeless())
    code = _code_of(case, office) if case else None
    book = Journal.open(office.journal_place)
    try:
        if reason is not None:
            if paper is None:
                raise AskedWrongly(tr("Name the paper whose number will not be used."))
            entry = book.entry(paper)
            entries = [book.void(entry.id, of_paper(reason, entry.case, office))]
        else:
            entries = [book.entry(paper)] if paper else book.entries(case=code, since=since, until=until)
        if gaps:
            from .gaps import gaps as show_gaps

            return show_gaps(office, book, as_json=as_json)
        if check:
            return _checked(book, office, as_json)
        told = _told_of(book, entries[0]) if paper else []
    finally:
        book.close()
    if as_json:
        more = {"history": [one.as_json() for one in told]} if paper else {}
        show_json([{**one.as_json(), **more} for one in entries])
    else:
        _list(entries, told if paper else None)
    return 0


def _checked(book: Journal, office: Office, as_json: bool) -> int:
    from ...core.findings import as_json as findings_json
    from ...core.findings import blocks
    from ...core.report import show_findings, show_json
    from ..keeping.tombs import unfinished
    from ..scanning.checked import scans_changed
    from ..signing.looking import signatures_changed
    from .verifying import files_changed, orphans

    found = [*book.faults(), *files_changed(office, book), *signatures_changed(office, book)]
    found += [*scans_changed(office, book), *orphans(office, book), *unfinished(office, book)]
    count, last = book.head()
    if as_json:
        show_json({**findings_json(found), "events": count, "hash": last})
    else:
        show_findings(found)
        words = tr("Events: {count}. Last hash: {hash}")
        click.echo(words.format(count=count, hash=last))
        if not found:
            click.echo(tr("The record, the issued files and the scans are whole."))
    return 3 if blocks(found) else 0


def _told_of(book: Journal, entry: Entry) -> list[Happened]:
    """Return what happened to a paper; where a later one took its place, that one is named."""
    from ...core.journal.past import history

    after = next((one.id for one in book.entries(case=entry.case) if one.replaces == entry.id), None)
    return [replace(one, by=after) if one.kind == "replaced" else one for one in history(book, entry.id)]


def _list(entries: Sequence[Entry], told: Sequence[Happened] | None = None) -> None:
    """Show papers, a line or two each; of one that was asked for by itself all that is known."""
    states = {
        "reserved": tr("number given, not written"),
        "issued": tr("issued"),
        "void": tr("void"),
        "replaced": tr("replaced"),
    }
    titles = _titles() if entries else {}
    for one in entries:
        number = f"№ {one.number}" if one.number else "—"
        click.echo(
            f"{one.day:%d.%m.%Y}  {number:<14} {one.document}  {one.case}  {states[one.state]}  {one.id}"
        )
        if one.document in titles:
            click.echo(f"    {titles[one.document]}")
        if told is not None:
            for label, value in (*_happened(told), *_facts(one)):
                click.echo(f"    {label}: {value}")
    if told is None:
        click.echo(tr("Papers: {count}").format(count=len(entries)))


def _titles() -> dict[str, str]:
    from ...core.plugging.plugins import Plugins
    from .overview import titles_of

    return titles_of(Plugins())


def _happened(told: Sequence[Happened]) -> Iterator[tuple[str, str]]:
    """Say what happened to a paper and when, in order."""
    from ..signing.acts import said_of

    acts = {
        "reserved": tr("number given"),
        "issued": tr("issued"),
        "void": tr("void"),
        "replaced": tr("replaced"),
    }
    for one in told:
        label = f"{one.at.astimezone():%d.%m.%Y %H:%M}"
        mark = one.mark
        if mark is None:
            by = " " + tr("by {id}").format(id=one.by) if one.by else ""
            yield label, acts[one.kind] + by
        elif mark.kind == "page":
            yield label, tr("page {page} came back").format(page=mark.name)
        else:
            yield label, tr("signer {number}: {how}").format(number=mark.name, how=said_of(mark))


def _facts(one: Entry) -> list[tuple[str, str]]:
    """Return what the journal knows beside the line of the list, in words, where it knows it."""
    from ..rendering import CODED

    made = {str(name): str(value) for name, value in one.made_with.items()}
    said = (
        (tr("which of several"), one.item if not one.item.startswith(CODED) else None),
        (tr("in place of"), one.replaces),
        (tr("reason"), one.reason),
        (tr("lies in"), one.file),
        (tr("made by"), ", ".join(made[name] for name in ("plugin", "engine") if name in made)),
        (tr("papka"), made.get("papka")),
        (tr("pages"), str(one.pages) if one.pages else None),
        (tr("SHA-256 of the template"), made.get("template_sha256")),
        (tr("SHA-256 of the rules"), made.get("rules_sha256")),
        (tr("SHA-256 of the Word file"), one.docx_sha256),
        (tr("SHA-256 of the PDF"), one.pdf_sha256),
        (tr("SHA-256 of the facts"), one.facts),
    )
    return [(label, value) for label, value in said if value]


def _homeless() -> str:
    words = tr("This folder belongs to no office (office.yaml).")
    return words + " " + tr("Go to the office's folder, or begin with papka demo.")


def _code_of(asked: str, office: Office) -> str:
    """Return the code of a case, by which the journal knows it; a case that is gone is asked for by its code.

    Raises:
        PapkaError: The case is there and its file cannot be understood.
    """
    from ...core.opening import open_case

    return open_case(asked, Path.cwd()).case.id if office.case_file(asked) else asked


@click.command(help=tr("Say where a file comes from, and whether it is as it was issued."))
@click.argument("file", metavar=tr("FILE"), type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help=tr("Print JSON for scripts."))
def verify(file: Path, as_json: bool) -> int:
    """Hold a Word or PDF file against the journal; exit 3 if it was altered or is not known."""
    from ...core.errors import AskedWrongly
    from ...core.journal.journal import Journal
    from ...core.office import find_office
    from .verifying import verify as verify_file

    office = find_office(Path.cwd()) or find_office(file.resolve().parent)
    if office is None:
        raise AskedWrongly(_homeless())
    book = Journal.open(office.journal_place)
    try:
        found = verify_file(file, office, book)
        told = _told_of(book, found.entry) if found.entry else []
    finally:
        book.close()
    if as_json:
        from ...core.report import show_json

        show_json(found.as_json())
    else:
        _verdict(found, told)
    return 0 if found.verdict == "unaltered" else 3


def _verdict(found: Verified, told: Sequence[Happened]) -> None:
    said = {
        "unaltered": tr("✓ This file is as it was issued."),
        "altered": tr("✗ This file was altered after it was issued."),
        "damaged": tr(
            "✗ This file is empty or damaged: it cannot be opened. "
            "Take it from a backup, or ask for it again."
        ),
        "unknown": tr("✗ The journal does not know this file: it is a draft, or it was not issued here."),
    }
    click.echo(said[found.verdict])
    for change in found.changes:
        click.echo(f"    {change}")
    for line in found.signed.lines() if found.signed else ():
        click.echo(f"    {line}")
    if found.entry is not None:
        _list([found.entry], told)
    if found.destroyed is not None:
        words = tr("The paper was issued; the office's file was destroyed by act № {number} of {day}.")
        day = f"{found.destroyed.day:%d.%m.%Y}"
        click.echo(words.format(number=found.destroyed.number, day=day))
    if found.same_today is not None:
        yes, no = (
            tr("The case gives the same paper today."),
            tr("The case or the template has changed since."),
        )
        click.echo(yes if found.same_today else no)
    if found.since:
        names = {
            "papka": tr("papka"),
            "plugin": tr("the plugin"),
            "template": tr("the template"),
            "rules": tr("the rules of the programme"),
        }
        words = tr("Since then another version of: {names}.")
        click.echo(words.format(names=", ".join(names[one] for one in found.since)))
