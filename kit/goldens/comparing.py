"""`papka plugin diff OLD NEW`: what a new version changes, before a centre installs it."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...core.i18n import tr, trn
from ...core.outside import json_of

if TYPE_CHECKING:
    from .differing import Comparison, Move, PaperChange

FOLDER = Path("plugin-diff")
LIST = "changes.json"
OVERVIEW = "overview.docx"
SHOWN, MANY = 12, 40
"""How many lines are shown of a family, and of the papers."""


@click.command(
    help=tr(
        "Show what a NEW version of a plugin changes in the papers and the rules of the example families."
    )
)
@click.argument("old", metavar=tr("OLD"))
@click.argument("new", metavar=tr("NEW"))
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    default=FOLDER,
    help=tr("Folder for the papers with tracked changes; plugin-diff if not given."),
)
@click.option("--json", "as_json", is_flag=True, help=tr("Print JSON for scripts."))
def diff(old: str, new: str, into: Path, as_json: bool) -> int:
    """Draw the example families with both versions and compare; OLD and NEW: a folder, a file, a name."""
    from .differing import comparison
    from .versions import compared_with

    with tempfile.TemporaryDirectory(prefix="papka-", ignore_cleanup_errors=True) as room:
        found = comparison(*compared_with(old, new, Path(room)), date.today())
    kept = write(found, into)
    if as_json:
        click.echo(json.dumps({**found.as_json(), "folder": str(into)}, ensure_ascii=False, indent=2))
    else:
        _show(found, into, kept)
    return 0


def write(found: Comparison, into: Path) -> list[Path]:
    """Write the papers that changed, an overview and the list of all; what somebody edited there is kept.

    What an earlier comparison wrote there is taken away, and nothing else.

    Returns:
        Where edited files were put.
    """
    from ...core.saving import write_atomically
    from ...output.saving import keep_changed
    from .overview import overview

    into.mkdir(parents=True, exist_ok=True)
    files = {one.file: one.content for one in found.changes if one.file and one.content is not None}
    files[OVERVIEW] = overview(found)
    kept = []
    for name in {*_earlier(into), *files}:
        moved = keep_changed(into / name)
        kept += [moved] if moved else []
        (into / name).unlink(missing_ok=True)
    for name, content in files.items():
        write_atomically(into / name, content)
    data = {**found.as_json(), "files": sorted(files)}
    write_atomically(into / LIST, json.dumps(data, ensure_ascii=False, indent=2).encode("utf-8"))
    return kept


def _earlier(folder: Path) -> list[str]:
    """Return the files that the last comparison wrote into a folder."""
    try:
        names = json_of(folder / LIST)["files"]
    except (OSError, ValueError, KeyError, TypeError):
        return []
    return [name for name in names if isinstance(name, str) and Path(name).name == name]


# --- shown -----------------------------------------------------------------------------------------------


def _show(found: Comparison, into: Path, kept: Sequence[Path]) -> None:
    old, new = found.old, found.new
    click.secho(f"{old['name']} {old['version']} → {new['name']} {new['version']}", bold=True)
    words = tr("Example families: {families}, their papers: {papers}.")
    click.echo(words.format(families=len(found.families), papers=found.papers))
    for line in _counts(found):
        click.echo(f"  {line}")
    _show_papers(found)
    _show_moves(found)
    for name in found.own_files:
        words = tr("{family}: the old version does not accept the new file, its own was taken.")
        click.echo(words.format(family=name))
    for path in kept:
        click.echo(tr("your changed copy was kept: {file}").format(file=path.name))
    click.echo("")
    click.echo(tr("The overview and the papers with tracked changes: {folder}").format(folder=into))


def _counts(found: Comparison) -> Iterator[str]:
    same = found.papers - len(found.changes)
    for words, count in (
        (tr("other words: {count}"), len(found.of("changed"))),
        (tr("new papers: {count}"), len(found.of("added"))),
        (tr("papers that are no more: {count}"), len(found.of("removed"))),
        (tr("the same words, another look: {count}"), len(found.of("look"))),
        (tr("the same: {count}"), same),
    ):
        yield words.format(count=count)


def _show_papers(found: Comparison) -> None:
    shown = [one for one in found.changes if one.kind != "look"]
    if not shown:
        return
    click.echo("")
    click.secho(tr("Papers that changed"), bold=True)
    wide = max(len(one.family) for one in shown)
    for one in shown[:MANY]:
        click.echo(f"  {one.family:<{wide}}  {_paper(one)}")
    if len(shown) > MANY:
        click.echo("  " + tr("… and {count} more").format(count=len(shown) - MANY))


def _paper(one: PaperChange) -> str:
    if one.kind == "added":
        return tr("{name}: new ({title})").format(name=one.name, title=one.title)
    if one.kind == "removed":
        return tr("{name}: no more ({title})").format(name=one.name, title=one.title)
    said = tr("{name}: lines −{removed} +{added} ({title})").format(
        name=one.name, removed=one.lines[0], added=one.lines[1], title=one.title
    )
    if not one.is_tracked:
        return f"{said}; {tr('not shown as tracked changes: the new paper lies there')}"
    return said if one.has_edges else f"{said}; {tr('headers or footers changed too, compare them')}"


def _show_moves(found: Comparison) -> None:
    click.echo("")
    levels = found.moved("level")
    click.secho(
        trn("{count} family moves level", "{count} families move level", len(levels)).format(
            count=len(levels)
        ),
        bold=True,
    )
    grouped: dict[str, list[Move]] = {}
    for one in found.moves:
        grouped.setdefault(one.family, []).append(one)
    for family, moves in grouped.items():
        click.echo(f"  {family}")
        for one in moves[:SHOWN]:
            click.echo(f"    {move_words(one)}")
        if len(moves) > SHOWN:
            click.echo("    " + tr("… and {count} more").format(count=len(moves) - SHOWN))


def move_words(one: Move) -> str:
    """Say in a line what the rules say otherwise."""
    change = f"{one.old or '—'} → {one.new or '—'}"
    if one.what in ("finding", "document"):
        came = one.old is None
        about = f"{one.about}: {one.title}"
        if one.what == "finding":
            return (tr("new finding {about}") if came else tr("no finding any more {about}")).format(
                about=about
            )
        return (tr("new document {about}") if came else tr("document not needed any more {about}")).format(
            about=about
        )
    words = {
        "level": tr("level on {about}: {change}"),
        "rule": tr("the same level on {about} by another row: {change}"),
        "risk": tr("risk: {change}"),
        "stage": tr("stage: {change}"),
        "term": tr("term {about}, {title}: {change}"),
        "refused": tr("{about} is not drawn up: {change}"),
        "family": tr("the family's file is not accepted: {change}"),
    }[one.what]
    return words.format(about=_day(one.about), title=one.title, change=_days(one, change))


def _day(text: str) -> str:
    """Write a day as people do; another text stays."""
    try:
        return f"{date.fromisoformat(text):%d.%m.%Y}"
    except ValueError:
        return text


def _days(one: Move, change: str) -> str:
    return " → ".join(_day(side or "—") for side in (one.old, one.new)) if one.what == "term" else change
