"""`papka plugin new`, `papka plugin update`: a plugin is made, and kept up with the papka that made it."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...core.i18n import tr

if TYPE_CHECKING:
    from ...core.plugging.plugins import Plugins
    from .answers import Answers
    from .updating import Step, Update

EXAMPLE = "kedrovy.yaml"


@click.command(help=tr("Make a new plugin that passes its own checks; a variant holds only what differs."))
@click.argument("name", metavar=tr("NAME"))
@click.option("--based-on", metavar="ID", help=tr("Make a variant of this programme."))
@click.option("--title", help=tr("The title of the programme."))
@click.option("--short-title", help=tr("Its short title."))
@click.option("--into", type=click.Path(path_type=Path), help=tr("In which folder; without it, here."))
@click.option("--defaults", is_flag=True, help=tr("Ask nothing."))
def new(
    name: str,
    based_on: str | None,
    title: str | None,
    short_title: str | None,
    into: Path | None,
    defaults: bool,
) -> int:
    """Make a plugin, load it from its folder, and say what comes next."""
    from ...core.plugging.plugins import Plugins
    from .answers import Answers, base_of, plain_id
    from .making import make, titles

    id_ = plain_id(name)
    plugins = Plugins()
    _not_taken(plugins, id_)
    base = base_of(plugins, based_on) if based_on else None
    known = {"id": id_, "base_title": base.base_title if base else ""}
    proposed = titles("variant" if base else "region", known)
    answers = Answers(id_, title or proposed[0], short_title or proposed[1], base)
    is_asked = not defaults and sys.stdin.isatty()
    folder = make(_asked(answers, title, short_title) if is_asked else _checked(answers), into or Path())
    code = _loaded(folder)
    for line in _next(folder, id_, is_variant=base is not None):
        click.echo(line)
    return code


def _not_taken(plugins: Plugins, id_: str) -> None:
    from ...core.errors import AskedWrongly

    other = next((one for one in plugins.infos if one.programme == id_), None)
    if other is not None:
        words = tr("The plugin {other} brings a programme {name} already. Take another name.")
        raise AskedWrongly(words.format(other=other.name, name=id_))


def _asked(answers: Answers, title: str | None, short_title: str | None) -> Answers:
    if title is None:
        answers = replace(answers, title=click.prompt(tr("Title of the programme"), answers.title))
    if short_title is None:
        answers = replace(answers, short_title=click.prompt(tr("Short title"), answers.short_title))
    return _checked(answers)


def _checked(answers: Answers) -> Answers:
    from .answers import one_line

    return replace(answers, title=one_line(answers.title), short_title=one_line(answers.short_title))


def _next(folder: Path, id_: str, *, is_variant: bool) -> list[str]:
    document = f" {id_}_memo" if is_variant else ""
    return [
        f"✓ {folder}",
        tr("Next:"),
        f"    cd {folder}",
        "    pip install -e .",
        "    papka plugin check .",
        f"    papka render examples/{EXAMPLE}{document} --pdf --into look",
        tr("Edit programme.yaml in any editor and templates/*.docx in Word; README.md says more."),
    ]


def _loaded(folder: Path) -> int:
    """Load the plugin from its folder and say what is wrong with it; exit 3 if anything is."""
    from ...core.report import show_findings
    from ..folder import opened

    info = opened(folder).info
    if info.fault is None:
        return 0
    click.echo(tr("The plugin cannot be loaded: {fault}").format(fault=info.fault), err=True)
    show_findings(info.findings)
    return 3


@click.command(help=tr("Bring what is new in papka's scaffold into a plugin that was made from it."))
@click.argument("folder", type=click.Path(path_type=Path), default=".", metavar=tr("[FOLDER]"))
@click.option("--dry-run", is_flag=True, help=tr("Only say what would be done."))
@click.option("--json", "as_json", is_flag=True, help=tr("Print JSON for scripts."))
def update(folder: Path, dry_run: bool, as_json: bool) -> int:
    """Renew what nobody touched, merge the rest; exit 3 when somebody has to look at a file."""
    from ...core.report import show_json
    from .updating import look

    found = look(folder, date.today())
    if not dry_run and found.is_needed:
        found.carry_out()
    if as_json:
        show_json([one.as_json() for one in found.steps])
    else:
        _show(found)
    looked_at = any(one.state in ("conflicts", "beside") for one in found.steps)
    is_sound = _loaded(folder) == 0 if found.steps and not dry_run else True
    return 3 if looked_at or not is_sound else 0


def _show(found: Update) -> None:
    if not found.steps:
        click.echo(tr("Nothing new in the scaffold of papka {version}.").format(version=found.now.papka))
        return
    words = tr("The scaffold of papka {before} → {after}:")
    click.echo(words.format(before=found.was.papka, after=found.now.papka))
    for step in found.steps:
        click.echo(f"    {step.name}: {_said(step)}")
    if any(one.before is not None and one.state != "beside" for one in found.steps):
        click.echo(tr("What stood there before: {folder}").format(folder=found.folder / ".papka" / "before"))


def _said(step: Step) -> str:
    return {
        "added": tr("added"),
        "renewed": tr("renewed; nobody had changed it"),
        "merged": tr("put together from your changes and the new ones"),
        "conflicts": tr("put together; changes that wait in Word: {count}").format(count=step.waiting),
        "beside": tr("yours stands; the new one lies beside it: {file}").format(file=f"{step.name}.new"),
        "left": tr("papka makes it no more; it is yours now"),
    }[step.state]
