"""`papka demo`: a small office with fictional families, checked, and all their papers drawn up."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from ..core.errors import AskedWrongly, PapkaError
from ..core.findings import as_json
from ..core.folders import SETTINGS
from ..core.i18n import current_language, tr
from ..core.office import CASE_FILE
from ..core.opening import OpenCase, open_case
from ..core.plugging.plugins import Plugins
from ..core.programmes.region import Region
from .rendering import Press, Rendered
from .saving import write_atomically
from .work import PAPERS, Made, closing_lines, press_all, ready, tell

OF_A_KIND = 2
"""How many papers of one kind the demo draws up: a family of a year has a dozen monitoring cards."""


def show(folder: Path, engine: str | None) -> int:
    """Write the office, check each family, draw up every paper, and say what lies where."""
    if folder.exists() and any(folder.iterdir()):
        words = tr("The folder {folder} is not empty. Name another: papka demo FOLDER.")
        raise AskedWrongly(words.format(folder=folder))
    started = time.monotonic()
    plugins = Plugins()
    cases = _office(folder, plugins)
    opened = list(_opened(cases, plugins))
    for one in opened:
        _tell(one)
    made, whole = _drawn(opened, engine)
    _end(folder, opened, made, time.monotonic() - started)
    return 0 if whole else 1


def _opened(cases: Sequence[Path], plugins: Plugins) -> Iterator[OpenCase]:
    """Open the example cases; one that a plugin brings broken stops no other."""
    for path in cases:
        try:
            yield open_case(str(path), Path.cwd(), plugins)
        except PapkaError as error:
            tell(error)


def _office(folder: Path, plugins: Plugins) -> list[Path]:
    settings = f"papka: '1'\ntitle: {tr('Office with fictional families')}\nlanguage: {current_language()}\n"
    write_atomically(folder / SETTINGS, settings.encode("utf-8"))
    cases: list[Path] = []
    for region in plugins.programmes().values():
        example = _example(region)
        if example is not None:
            case = folder / "cases" / example.stem / CASE_FILE
            write_atomically(case, example.read_bytes())
            cases.append(case)
    return cases


def _example(region: Region) -> Path | None:
    examples = {path.name: path for path in region.examples()}
    named = region.programme.example
    return examples.get(named) if named else next(iter(examples.values()), None)


def _last_day(opened: OpenCase) -> date:
    """Return the day on which the family's story has been told to its end."""
    closure = opened.case.closure
    days = [decision.on for decision in opened.case.decisions]
    days += [day for day in (closure.decided_on, closure.farewell_on) if day] if closure else []
    return max(days, default=opened.case.referral.received_on)


def _tell(opened: OpenCase) -> None:
    day = _last_day(opened)
    situation = opened.on(day)
    counted = as_json(opened.findings(day))["summary"]
    name, programme = opened.case.family.display_name, opened.method.programme.short_title
    click.secho(f"{name} · {programme}", bold=True)
    stage = situation.progress.stage_title or "—"
    words = tr("  Stage on {day}: {stage}. Errors: {errors}, warnings: {warnings}, notes: {infos}.")
    click.echo(words.format(day=f"{day:%d.%m.%Y}", stage=stage, **counted))


def _drawn(opened: Sequence[OpenCase], engine: str | None) -> tuple[list[Made], bool]:
    made: list[Made] = []
    refused: list[PapkaError] = []
    from .pdf import pool

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    bars = Progress(*columns, console=Console(stderr=True), transient=True)
    with bars as progress, pool(engine=engine) as engines:
        plan = [(one, ready(one, _last_day(one))) for one in opened]
        bar = progress.add_task(tr("Papers"), total=sum(len(names) for _, names in plan))
        for one, names in plan:
            press = Press(one.method, one.language)
            papers: list[Rendered] = []
            for name in names:
                progress.update(bar, description=name)
                try:
                    papers += islice(press.render(one.case, name, _last_day(one)), OF_A_KIND)
                except PapkaError as error:
                    refused.append(error)
                progress.advance(bar)
            progress.update(bar, description=tr("PDF"))
            made += press_all(papers, one.path.parent / PAPERS, pdf=True, pool=engines)
    for one_refused in refused:
        tell(one_refused)
    return made, not refused and not any(one.refusal for one in made)


def _end(folder: Path, opened: Sequence[OpenCase], made: Sequence[Made], seconds: float) -> None:
    pdfs = sum(one.pdf is not None for one in made)
    click.echo("")
    words = tr("Drawn up in {seconds:.0f} s: Word files {count}, PDF files {pdfs}.")
    click.echo(words.format(seconds=seconds, count=len(made), pdfs=pdfs))
    click.echo(
        tr("Of each kind the first {count}; papka render CASE draws them all.").format(count=OF_A_KIND)
    )
    for one in opened:
        click.echo(f"  {one.path.parent / PAPERS}")
    for refused in (one for one in made if one.refusal):
        click.echo(f"  ! {refused.docx.name}: {refused.refusal}")
    for line in closing_lines(made):
        click.echo(line)
    first = opened[0].path.parent.name if opened else ""
    click.echo(
        tr("Next: cd {folder} and papka check {case}, papka status {case}.").format(folder=folder, case=first)
    )
