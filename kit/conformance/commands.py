"""`papka plugin check`: all checks of a plugin, one after another, and a report for who answers for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ...core.i18n import current_language, speak, tr

if TYPE_CHECKING:
    from .checks import Outcome
    from .trial import Trial

SHOWN = 10
"""How many findings of one check a terminal shows; JSON and the report hold more."""

_MARKS = {"holds": ("✓", "green"), "noted": ("!", "yellow"), "fails": ("✗", "red"), "skipped": ("–", None)}


@click.command(help=tr("Try a plugin from all sides, and write a report on it."))
@click.argument("what", metavar=tr("NAME|FOLDER"))
@click.argument("numbers", nargs=-1, metavar="[P-01]...")
@click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False),
    help=tr("Write a report in Russian for a director: a file .docx, .html or .md."),
)
@click.option("--engine", type=click.Choice(("rdocx", "libreoffice")), help=tr("Which engine makes the PDF."))
@click.option("--json", "as_json", is_flag=True, help=tr("Print JSON for scripts."))
def check(what: str, numbers: tuple[str, ...], report: Path | None, engine: str | None, as_json: bool) -> int:
    """Run the checks, all or the named ones; exit 3 when one of them fails."""
    from ..folder import opened
    from .checks import run
    from .reporting import written
    from .trial import ENGINE, Trial

    if report is not None:
        _known_kind(report)
    chosen = _chosen(numbers)
    trial = Trial(opened(what), engine or ENGINE)
    outcomes = []
    if not as_json:
        point = trial.opened.point
        click.secho(f"{point.name} {point.version} ({point.distribution})", bold=True)
    with _speaking_russian(report is not None):
        for one in chosen:
            outcomes.append(run(trial, one))
            if not as_json:
                _show(outcomes[-1])
        if report is not None:
            written(report, trial, outcomes)
    if as_json:
        from ...core.report import show_json

        show_json(_data(trial, outcomes))
    else:
        _sum_up(outcomes, report)
    return 3 if any(one.state == "fails" for one in outcomes) else 0


@contextmanager
def _speaking_russian(wanted: bool) -> Iterator[None]:
    """Say what is found in Russian where it goes into the report."""
    before = current_language()
    if wanted:
        speak("ru")
    try:
        yield
    finally:
        speak(before)


def _known_kind(report: Path) -> None:
    from ...core.errors import AskedWrongly
    from .reporting import WRITERS

    if report.suffix not in WRITERS:
        words = tr("A report is a file that ends in one of: {kinds}.")
        raise AskedWrongly(words.format(kinds=", ".join(WRITERS)))


def _chosen(numbers: Sequence[str]) -> list[Any]:
    from ...core.errors import AskedWrongly
    from .checks import all_checks

    known = {one.id: one for one in all_checks()}
    asked = [number.upper() for number in numbers]
    for number in asked:
        if number not in known:
            words = tr("There is no check {number}. There are P-01 to {last}.")
            raise AskedWrongly(words.format(number=number, last=max(known)))
    return [known[number] for number in asked] or list(known.values())


def _show(outcome: Outcome) -> None:
    from ...core.report import show_findings

    check = outcome.check
    mark, colour = _MARKS[outcome.state]
    said = outcome.skipped if outcome.state == "skipped" else f"{check.said(check.unit)}: {outcome.count}"
    click.echo(f"{click.style(mark, fg=colour)} {check.id} {check.said(check.title)} ({said})")
    shown = [*outcome.of("error"), *outcome.of("warning")]
    show_findings(shown[:SHOWN])
    if len(shown) > SHOWN:
        words = tr("… and {count} more: papka plugin check … {number} --json shows all.")
        click.echo(words.format(count=len(shown) - SHOWN, number=check.id))
    if shown:
        click.echo("")


def _sum_up(outcomes: Sequence[Outcome], report: Path | None) -> None:
    counted = _counted(outcomes)
    words = tr(
        "Checks that hold: {holds}, with something to look at: {noted}, failed: {fails}, "
        "not tried: {skipped}."
    )
    click.echo(words.format(**counted))
    if report is not None:
        click.echo(f"✓ {report}")


def _counted(outcomes: Sequence[Outcome]) -> dict[str, int]:
    return {state: sum(one.state == state for one in outcomes) for state in _MARKS}


def _data(trial: Trial, outcomes: Sequence[Outcome]) -> dict[str, Any]:
    from ... import __version__

    point = trial.opened.point
    return {
        "plugin": point.name,
        "distribution": point.distribution,
        "version": point.version,
        "papka": __version__,
        "checks": [
            {
                "id": one.check.id,
                "title": one.check.said(one.check.title),
                "state": one.state,
                "count": one.count,
                "skipped": one.skipped or None,
                "findings": [found.as_json() for found in one.findings],
            }
            for one in outcomes
        ],
        "summary": _counted(outcomes),
    }
