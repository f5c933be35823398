"""`papka template check`: the faults of one template or of all, on the screen, as JSON, or in Word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from ...core.errors import AskedWrongly
from ...core.findings import Finding, as_json, blocks
from ...core.i18n import tr
from ...core.report import severity_word, show_json, summary
from ..saving import write_atomically
from .comments import with_comments
from .desk import CHECKED, Desk, Sheet
from .inspecting import Inspection
from .screen import visible, wide_console

_WIDTH = 100


@dataclass(frozen=True)
class Order:
    """What a methodologist asked for.

    Attributes:
        word: Where the commented copy goes; an empty path is its usual place, None is no copy.
    """

    asked: str | None
    every: bool = False
    document: str | None = None
    word: str | None = None


def carry_out(desk: Desk, order: Order, *, as_json_: bool) -> int:
    """Check, show, and return the exit code."""
    order = _straight(order)
    sheets = desk.all() if order.every else [desk.find(str(order.asked), order.document)]
    inspections = [Inspection(sheet) for sheet in sheets]
    written = [_commented(one, order.word) for one in inspections] if order.word is not None else []
    found = [finding for one in inspections for finding in one.findings]
    if as_json_:
        show_json(_data(found, inspections, written))
    else:
        _show(inspections, written)
    return 3 if blocks(found) else 0


def _straight(order: Order) -> Order:
    """Read `check --word FILE` as it is meant, and refuse what contradicts itself."""
    if order.asked is None and not order.every and order.word:
        return Order(order.word, order.every, order.document, "")
    if (order.asked is None) != order.every:
        raise AskedWrongly(tr("Name one template, a file or a document, or ask for --all."))
    if order.every and order.word:
        raise AskedWrongly(tr("With --all each copy has its usual place: give --word without a name."))
    return order


def _commented(one: Inspection, word: str | None) -> Path | None:
    """Write the copy with comments; a file that cannot be opened has none."""
    if one.template is None:
        return None
    path = Path(word) if word else one.sheet.beside(CHECKED)
    if word and path.resolve() == one.sheet.path.resolve() and not _is_checked(path):
        raise AskedWrongly(tr("The copy with comments would take the place of the template itself."))
    write_atomically(path, with_comments(one.template.package, one.findings))
    return path


def _is_checked(path: Path) -> bool:
    return path.stem.endswith(CHECKED)


def _data(
    found: Sequence[Finding], inspections: Sequence[Inspection], written: Sequence[Path | None]
) -> dict[str, Any]:
    data = as_json(found)
    data["files"] = [
        {
            "file": str(one.sheet.path),
            "document": one.sheet.document,
            "tags": one.tags,
            "faults": len(one.findings),
        }
        for one in inspections
    ]
    if written:
        data["written"] = [str(path) for path in written if path]
    return data


# --- the screen ------------------------------------------------------------------------------------------


def _show(inspections: Sequence[Inspection], written: Sequence[Path | None]) -> None:
    for one in inspections:
        mark = click.style("✗", fg="red") if one.findings else click.style("✓", fg="green")
        words = tr("{mark} {file}: tags {tags}, faults {faults}")
        click.echo(words.format(mark=mark, file=one.file, tags=one.tags, faults=len(one.findings)))
        for finding in one.findings:
            show(finding, one.text(finding))
    found = [finding for one in inspections for finding in one.findings]
    click.echo("")
    click.echo(summary(found))
    for path in filter(None, written):
        click.echo(tr("With comments for Word: {file}").format(file=path))


def show(finding: Finding, text: str | None) -> None:
    """Show one finding: where to look, the words with a mark beneath, the sentence and the cure."""
    colour = {"error": "red", "warning": "yellow", "info": "blue"}[finding.severity]
    word = click.style(severity_word(finding.severity), fg=colour, bold=True)
    click.echo("")
    place = finding.place.words or finding.place.file or ""
    click.echo(f"  {word} {finding.id}  {visible(place)}")
    for line in _excerpt(finding, text):
        click.echo(f"      {line}")
    click.echo(f"    {visible(finding.message)}")
    if finding.suggestion:
        click.secho("    " + tr("Did you mean {name}?").format(name=finding.suggestion), fg="green")
    if finding.cure:
        click.echo("    " + tr("What to do: {cure}").format(cure=finding.cure))


def _excerpt(finding: Finding, text: str | None) -> Iterator[str]:
    """Show the line of the template and mark the words; a template holds no family's data."""
    start, end = finding.place.start, finding.place.end
    if not text or start is None or end is None:
        return
    begin = max(0, start - _WIDTH // 3)
    shown = text[begin : begin + _WIDTH]
    yield visible(shown)
    yield " " * (start - begin) + "^" * max(1, min(end, begin + _WIDTH) - start)


# --- the list --------------------------------------------------------------------------------------------


def listing(desk: Desk) -> list[dict[str, Any]]:
    """Return all documents of all programmes with the state of their templates."""
    rows: list[dict[str, Any]] = []
    for sheet in desk.all():
        one = Inspection(sheet)
        errors = sum(finding.severity == "error" for finding in one.findings)
        for method in sheet.methods:
            assert sheet.document is not None
            rows.append(
                {
                    "programme": method.programme.id,
                    "document": sheet.document,
                    "title": method.papers[sheet.document].type.title,
                    "file": sheet.path.name,
                    "path": str(sheet.path),
                    "tags": one.tags,
                    "errors": errors,
                    "warnings": len(one.findings) - errors,
                    "state": _state(sheet, errors),
                }
            )
    return sorted(rows, key=lambda row: (row["programme"], _rank(desk, row)))


def _rank(desk: Desk, row: dict[str, Any]) -> int:
    return list(desk.methods[row["programme"]].papers).index(row["document"])


def _state(sheet: Sheet, errors: int) -> str:
    if not sheet.path.is_file():
        return "missing"
    return "faults" if errors else "clean"


def show_listing(desk: Desk, rows: Sequence[dict[str, Any]]) -> None:
    """Show the list as a table, one for each programme."""
    from rich.table import Table

    states = {"clean": tr("clean"), "faults": tr("faults"), "missing": tr("not there")}
    colours = {"clean": "green", "faults": "red", "missing": "yellow"}
    console = wide_console()
    for name, method in desk.methods.items():
        table = Table(title=f"{name}: {method.programme.short_title}", title_justify="left")
        for heading in (tr("Document"), tr("Title"), tr("Template"), tr("Tags"), tr("State")):
            table.add_column(heading, overflow="fold")
        for row in rows:
            if row["programme"] == name:
                state = f"[{colours[row['state']]}]{states[row['state']]}[/]"
                state += f" {row['errors']}" if row["errors"] else ""
                table.add_row(row["document"], row["title"], row["file"], str(row["tags"]), state)
        console.print(table)
