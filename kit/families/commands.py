"""`papka plugin examples`: families derived from a programme's rules and templates."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...core.i18n import tr

if TYPE_CHECKING:
    from .deriving import Derived

FOLDER = Path("examples") / "derived"


@click.command(
    help=tr("Derive example families, so that each branch of the templates and each rule is seen once.")
)
@click.argument("plugin", metavar=tr("NAME|FOLDER"))
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    help=tr("Folder for the case files; examples/derived in the plugin by default."),
)
@click.option("--seed", type=int, default=1, show_default=True, help=tr("Another number, other families."))
@click.option(
    "--check", "only_check", is_flag=True, help=tr("Measure the examples that are there; write none.")
)
@click.option("--json", "as_json", is_flag=True, help=tr("Print JSON for scripts."))
def examples(plugin: str, into: Path | None, seed: int, only_check: bool, as_json: bool) -> int:
    """Write the derived families and show what is covered; exit 3 when something is shown by no family."""
    from ...core.report import show_json
    from ..folder import opened
    from .deriving import derive, measured
    from .telling import as_json as plain

    found = opened(plugin)
    method = found.at_work()
    folder = into or found.folder / FOLDER
    if only_check:
        derived = measured(method, found.plugins, folder)
    else:
        derived = derive(method, found.plugins, seed)
        _write(folder, derived)
    if as_json:
        names = [name for name, _ in derived.families]
        show_json({"families": names, "before": plain(derived.before)["counts"], **plain(derived.coverage)})
    else:
        _show(folder, derived)
    return 0 if derived.coverage.is_whole else 3


def _write(folder: Path, derived: Derived) -> None:
    """Write the families, and take away those of an earlier time."""
    from ...core.saving import write_atomically

    folder.mkdir(parents=True, exist_ok=True)
    names = {f"{name}.yaml" for name, _ in derived.families}
    for old in folder.glob("[0-9][0-9]-*.yaml"):
        if old.name not in names:
            old.unlink()
    for name, text in derived.families:
        write_atomically(folder / f"{name}.yaml", text.encode("utf-8"))


def _show(folder: Path, derived: Derived) -> None:
    from .telling import SHOWN, by_document, in_words, place_in_words, reasons, table

    click.echo(
        tr("Families derived: {count}, in {folder}").format(count=len(derived.families), folder=folder)
    )
    for lines in (by_document(derived.coverage), table(derived.coverage)):
        click.echo("")
        for line in lines:
            click.echo(f"  {line}".rstrip())
    never = len(derived.coverage.never)
    if never:
        click.echo("")
        click.echo(tr("Not counted, for no family can show it: {count}").format(count=never))
        for line in reasons(derived.coverage):
            click.echo(f"  {line}")
    missing = derived.coverage.missing
    if missing:
        click.echo("")
        click.echo(tr("Shown by no family: {count}").format(count=len(missing)))
    for one in missing[:SHOWN]:
        click.echo(f"  {in_words(one)}")
        click.echo(f"    {place_in_words(one)}")
    if len(missing) > SHOWN:
        click.echo(tr("… and {count} more").format(count=len(missing) - SHOWN))
