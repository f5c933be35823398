"""How results are shown: on a terminal for people, as JSON for scripts."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

import click

from .errors import Refused
from .findings import Finding, Place, Source, as_json
from .i18n import tr

_EXCERPT = 160
_COLOURS = {"error": "red", "warning": "yellow", "info": "blue"}


def severity_word(severity: str) -> str:
    """Return the word for a severity in the reader's language."""
    return {"error": tr("error"), "warning": tr("warning"), "info": tr("note")}[severity]


def show_json(data: Any) -> None:
    """Print plain data as JSON."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))


def show_refusal(refused: Refused, *, as_json: bool) -> None:
    """Show why a file or a paper was refused, with every fault at its place."""
    if as_json:
        show_json(_json(refused.findings))
        return
    click.echo(tr("Error: {text}").format(text=refused), err=True)
    show_findings(refused.findings, err=True)


def _json(findings: Sequence[Finding]) -> dict[str, Any]:
    return as_json(findings)


def show_findings(findings: Iterable[Finding], *, err: bool = False) -> None:
    """Show findings one below the other, each with its place, its cure and its source."""
    for number, finding in enumerate(findings):
        if number:
            click.echo("", err=err)
        click.echo(_headline(finding), err=err)
        terminal = (sys.stderr if err else sys.stdout).isatty()
        for line in (*(_excerpt(finding.place) if terminal else ()), *_details(finding)):
            click.echo(f"    {line}", err=err)


def _headline(finding: Finding) -> str:
    place = finding.place
    where = ":".join(str(part) for part in (place.file, place.line, place.column) if part is not None)
    word = click.style(severity_word(finding.severity), fg=_COLOURS[finding.severity], bold=True)
    head = f"{where}: " if where else ""
    said = place.words or _in_template(place) or (place.path if place.file and place.line is None else None)
    path = f"{visible(said)}: " if said else ""
    return f"{head}{word} {finding.id}: {path}{finding.message}"


def _in_template(place: Place) -> str | None:
    """Say where in a Word file something stands, as a person would look for it."""
    if place.part is None:
        return None
    name = place.part.rpartition("/")[2].removesuffix(".xml")
    said = [] if name == "document" else [name]
    if place.table is not None:
        words = tr("table {table}, row {row}, cell {cell}")
        said.append(words.format(table=place.table, row=place.row, cell=place.cell))
    if place.paragraph is not None:
        said.append(tr("paragraph {number}").format(number=place.paragraph))
    return ", ".join(said)


def _details(finding: Finding) -> Iterable[str]:
    if finding.due:
        dates = tr("due {day}").format(day=f"{finding.due:%d.%m.%Y}")
        if finding.actual:
            dates += tr(", done {day}").format(day=f"{finding.actual:%d.%m.%Y}")
        yield dates
    elif finding.actual:
        yield f"{finding.actual:%d.%m.%Y}"
    if finding.place.text:
        yield finding.place.text
    if finding.suggestion:
        yield tr("Did you mean {name}?").format(name=finding.suggestion)
    if finding.cure:
        yield tr("What to do: {cure}").format(cure=finding.cure)
    if finding.source:
        yield tr("Source: {text}").format(text=source_words(finding.source))


def source_words(source: Source) -> str:
    """Say where a rule, a number or a form comes from, and how sure that is."""
    kinds = {
        "seed": tr("the method's own text"),
        "web": tr("published, not compared with the original"),
        "law_unverified": tr("law, wording not compared yet"),
        "law": tr("law"),
        "inferred": tr("inferred, to be confirmed by the centre"),
        "setting": tr("a setting of the centre"),
    }
    return f"{source.text} ({kinds[source.kind]})" if source.text else kinds[source.kind]


def _excerpt(place: Place) -> Iterable[str]:
    """Show the line and mark the place; on a terminal only, for it may hold a family's data."""
    if not place.excerpt or place.line is None:
        return
    number, column = str(place.line), (place.column or 1) - 1
    begin = max(0, column - _EXCERPT // 2) if column >= _EXCERPT else 0
    yield f"{number} | {visible(place.excerpt)[begin : begin + _EXCERPT]}"
    yield f"{' ' * len(number)} | {' ' * (column - begin)}^"


def visible(text: str) -> str:
    """Replace each sign that cannot be seen: it could move the others, or rule the terminal."""
    return "".join(sign if sign.isprintable() else " " if sign.isspace() else "\ufffd" for sign in text)


def summary(findings: Sequence[Finding]) -> str:
    """Say how many findings there are of each severity."""
    counted = as_json(findings)["summary"]
    words = tr("Errors: {errors}, warnings: {warnings}, notes: {infos}.")
    return words.format(**counted)
