"""The command `papka upgrade`."""

from __future__ import annotations

from pathlib import Path

import click

from ...core.i18n import tr
from .commands import seal_of


@click.command(
    help=tr("Bring an office of an earlier papka up to this one: a copy is saved, then all of it or nothing.")
)
@click.option("--dry-run", is_flag=True, help=tr("Only say what would be done."))
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help=tr("The file for the copy; by default beside the office's folder."),
)
@click.option(
    "--to", multiple=True, metavar=tr("KEY"), help=tr("Encrypt for the holder of this key; may be repeated.")
)
@click.option("--passphrase", is_flag=True, help=tr("Encrypt with a passphrase that is asked for."))
@click.option("--json", "as_json", is_flag=True, help=tr("Print JSON for scripts."))
def upgrade(dry_run: bool, out: Path | None, to: tuple[str, ...], passphrase: bool, as_json: bool) -> int:
    """Bring the office up; run again after a stop, it goes on."""
    from ...core.errors import AskedWrongly
    from ...core.folders import office_folder
    from ...core.office import Office
    from .upgrading import Upgraded
    from .upgrading import upgrade as brought_up

    folder = office_folder(Path.cwd())
    if folder is None:
        words = tr("This folder belongs to no office (office.yaml).")
        raise AskedWrongly(words + " " + tr("Go to the office's folder, or begin with papka demo."))
    office = Office(folder)
    done: Upgraded = brought_up(office, dry_run=True)
    if done.is_needed and not dry_run:
        done = brought_up(office, out=out, seal=seal_of(to, passphrase))
    if as_json:
        from ...core.report import show_json

        show_json(done.as_json())
        return 0
    if not done.is_needed:
        click.echo(tr("The office is up to date: there is nothing to do."))
        return 0
    if done.saved:
        click.echo(tr("✓ A copy of the office as it was: {file}").format(file=done.saved))
    if done.finished:
        click.echo(tr("An earlier run was stopped; this one ends it."))
    for name, version in done.files:
        click.echo(tr("  {file}: version {version}").format(file=name, version=version))
    if done.journal is not None:
        words = tr("  the journal: version {before} → {after}")
        click.echo(words.format(before=done.journal, after=done.journal_to))
    if done.done:
        click.echo(tr("✓ The office is up to date. Next: papka journal --check."))
    else:
        click.echo(tr("Nothing was changed. To do it: papka upgrade."))
    return 0
