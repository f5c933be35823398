"""How a batch is told of: on the way with its rate and the time left, at the end with what was refused."""

from __future__ import annotations

import csv
import io
import json
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

import click

from ...core.errors import AskedWrongly
from ...core.findings import Finding, Place, Source
from ...core.i18n import tr
from ...core.report import show_findings
from ..registers.plain import harmless
from ..saving import write_atomically
from .running import BatchReport, Progress, Watch

SHOWN = 10
"""How many refusals are shown; all of them stand in the report."""
FINDINGS = 3
SELDOM = 10.0
"""So many seconds lie between two lines, where no terminal shows a bar."""
REPORTS = (".json", ".csv")


# --- on the way ------------------------------------------------------------------------------------------


@contextmanager
def watching() -> Iterator[Watch]:
    """Show how far a batch has come: as a bar on a terminal, else as a line now and then."""
    if not sys.stderr.isatty():
        yield _Lines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[pace]}"),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(tr("Cases"), total=None, pace="")

        def show(now: Progress) -> None:
            bar.update(task, total=now.cases, completed=now.done, pace=pace_of(now))

        yield show


@dataclass
class _Lines:
    """Says a line now and then."""

    said: float = 0.0

    def __call__(self, now: Progress) -> None:
        if not self.said:
            self.said = now.begun
        if time.monotonic() - self.said >= SELDOM:
            self.said = time.monotonic()
            words = tr("cases: {done} of {all}; {pace}")
            click.echo(words.format(done=now.done, all=now.cases, pace=pace_of(now)), err=True)


def pace_of(now: Progress) -> str:
    """Say how many papers there are by now, how fast they come, and how long the rest will take."""
    words = tr("papers: {count}, {rate} a second")
    said = [words.format(count=now.new + now.same, rate=f"{now.rate:.1f}")]
    if now.refused:
        said.append(tr("refused: {count}").format(count=now.refused))
    if now.left is not None and now.done < now.cases:
        said.append(tr("{time} left").format(time=duration(now.left)))
    return ", ".join(said)


def duration(seconds: float) -> str:
    """Say how long something takes, as people do."""
    whole = round(seconds)
    if whole < 60:
        return tr("{count} s").format(count=whole)
    if whole < 3600:
        return tr("{count} min").format(count=round(whole / 60))
    return tr("{hours} h {minutes} min").format(hours=whole // 3600, minutes=whole % 3600 // 60)


# --- at the end ------------------------------------------------------------------------------------------


def tell(report: BatchReport, start: Path, again: Sequence[str]) -> None:
    """Say what became of a batch, and what is to be done next."""
    now = report.progress
    _tell_refused(report)
    words = tr(
        "Cases: {done} of {all}. {made}: {new}, there before and unchanged: {same}, refused: {refused}."
    )
    made = tr("Issued") if report.order.issue else tr("Drafts")
    same = now.same + now.earlier_papers
    click.echo(
        words.format(done=now.done, all=now.cases, made=made, new=now.new, same=same, refused=now.refused)
    )
    for line in _more(report):
        click.echo(line)
    if not report.order.issue and now.new + same:
        click.echo(
            tr("They lie in {folder}, a folder for each case.").format(folder=near(report.folder, start))
        )
    if report.stopped:
        click.echo(tr("Stopped. What is done stays done. To go on: {command}").format(command=quoted(again)))
    elif now.refused:
        words = tr("When that is mended, the same command does only what is left: {command}")
        click.echo(words.format(command=quoted(again)))


def _more(report: BatchReport) -> Iterator[str]:
    now = report.progress
    if now.unasked:
        yield tr("Cases that the query does not ask for: {count}.").format(count=now.unasked)
    if now.lacking:
        words = tr("Cases whose programme has no such document: {count}.")
        yield words.format(count=now.lacking)
    for programme, reason in report.strange.items():
        words = tr("The query does not fit cases of {programme}, none of them was taken: {reason}")
        yield words.format(programme=programme, reason=reason)
    for document, count in sorted(now.waiting.items()):
        words = tr("{document}: {count} cases do not have the facts for it yet.")
        yield words.format(document=document, count=count)
    if now.kept:
        words = tr("Drafts that somebody had changed by hand were kept beside the new ones: {count}.")
        yield words.format(count=now.kept)


def _tell_refused(report: BatchReport) -> None:
    for one in islice(report.refused(), SHOWN):
        click.echo(f"✗ {_headline(one)}", err=True)
        show_findings(findings_of(one)[:FINDINGS], err=True)
    if report.progress.refused > SHOWN:
        words = tr("… and {count} more; all of them: --report FILE.csv")
        click.echo(words.format(count=report.progress.refused - SHOWN), err=True)


def _headline(one: dict[str, Any]) -> str:
    document = f" [{one['document']}]" if one["document"] else ""
    return f"{one['file']}{document}: {one['message']}"


def findings_of(one: dict[str, Any]) -> list[Finding]:
    """Return the findings of a refusal."""
    return [_finding(data) for data in one["findings"]]


def _finding(data: dict[str, Any]) -> Finding:
    days = {name: date.fromisoformat(data[name]) if data[name] else None for name in ("due", "actual")}
    source = Source(**data["source"]) if data["source"] else None
    return Finding(**{**data, **days, "place": Place(**data["place"]), "source": source})


def near(path: Path, start: Path) -> Path:
    """Name a file as it is found from here."""
    return path.relative_to(start) if path.is_relative_to(start) else path


def quoted(words: Sequence[str]) -> str:
    """Write a command so that it can be copied into a terminal, a Windows one too."""
    return " ".join(f'"{one}"' if not one or set(one) & set(" \t'()<>|&;*?$!") else one for one in words)


# --- the report ------------------------------------------------------------------------------------------


def checked(file: Path) -> Path:
    """Look whether a report can be written into a file of this name, before hours of work.

    Raises:
        AskedWrongly: Nobody knows what kind of file is meant.
    """
    if file.suffix.lower() not in REPORTS:
        words = tr("A report is a file of one of these kinds: {kinds}.")
        raise AskedWrongly(words.format(kinds=", ".join(REPORTS)))
    return file


def write(report: BatchReport, file: Path) -> None:
    """Write the report: as JSON all that is known, as CSV what was refused, a row for each fault."""
    if file.suffix.lower() == ".json":
        body = json.dumps(report.as_json(), ensure_ascii=False, indent=2).encode("utf-8")
    else:
        out = io.StringIO()
        writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        heads = (tr("case"), tr("file"), tr("document"), tr("line"), tr("what is wrong"), tr("what to do"))
        writer.writerow(heads)
        for one in report.refused():
            writer.writerows([harmless(str(cell or "")) for cell in row] for row in _rows(one))
        body = out.getvalue().encode("utf-8-sig")
    write_atomically(file, body)


def _rows(one: dict[str, Any]) -> Iterator[tuple[object, ...]]:
    known = one["case"], one["file"], one["document"]
    if not one["findings"]:
        yield (*known, "", one["message"], "")
    for finding in findings_of(one):
        words = f"{finding.place.words}: " if finding.place.words else ""
        cure = finding.cure
        if finding.suggestion:
            cure = f"{tr('Did you mean {name}?').format(name=finding.suggestion)} {cure}"
        yield (*known, finding.place.line, f"{words}{finding.message}", cure)
