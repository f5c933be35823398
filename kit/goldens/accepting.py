"""`papka plugin accept`: the goldens of a plugin become what its papers say now."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any

import click

from ...core.confirming import agrees
from ...core.i18n import tr

SHOWN = 6
"""How many changed lines of a golden are shown."""

_WIDTH = 150
_BEFORE = 40


@click.command(
    help=tr("Write down what the papers of a plugin's example families say, or accept what changed.")
)
@click.argument("what", metavar=tr("NAME|FOLDER"))
@click.argument("documents", nargs=-1, metavar=tr("[DOCUMENT]..."))
@click.option(
    "--family", "wanted", multiple=True, metavar=tr("FAMILY"), help=tr("Hold this example family; repeat it.")
)
@click.option("--yes", is_flag=True, help=tr("Write without asking."))
@click.option("--json", "as_json", is_flag=True, help=tr("Print JSON for scripts."))
def accept(what: str, documents: tuple[str, ...], wanted: tuple[str, ...], yes: bool, as_json: bool) -> int:
    """Show what differs and write it when told so; exit 3 when something was left unwritten."""
    from ..folder import opened
    from .holding import changes

    plugin = opened(what)
    found = list(changes(plugin, documents, wanted))
    if as_json:
        from ...core.report import show_json

        show_json({"plugin": plugin.name, "written": yes, "goldens": [_data(one) for one in found]})
    else:
        _show(found)
    if not found:
        return 0
    ready = [one for one in found if one.refusal is None]
    if ready and not (yes or (not as_json and _asked(len(ready)))):
        return 3
    for one in ready:
        one.settle()
    if ready and not as_json:
        click.echo(tr("Goldens settled: {count}.").format(count=len(ready)))
    return 0 if len(ready) == len(found) else 3


def _asked(count: int) -> bool:
    if sys.stdin.isatty():
        return agrees(tr("Write them ({count})?").format(count=count), default=False)
    click.echo(tr("Nothing was written. To write them: --yes"))
    return False


def _data(one: Any) -> dict[str, Any]:
    added, taken = _counted(one.held or "", one.now or "")
    kind = "new" if one.held is None else "gone" if one.now is None else "changed"
    kind = "refused" if one.refusal is not None else kind
    names = {"file": one.file, "family": one.family, "document": one.document}
    return {**names, "kind": kind, "lines": {"added": added, "removed": taken}}


def _show(found: Sequence[Any]) -> None:
    for one in found:
        added, taken = _counted(one.held or "", one.now or "")
        if one.refusal is not None:
            said = tr("could not be drawn up, the golden stays: {reason}").format(reason=one.refusal)
        elif one.held is None:
            said = tr("new, lines: {count}").format(count=added)
        elif one.now is None:
            said = tr("nobody draws it any more")
        else:
            said = tr("lines taken out: {taken}, added: {added}").format(taken=taken, added=added)
        click.secho(f"{one.file}: {said}", bold=True)
        if one.held is not None and one.now is not None and one.refusal is None:
            for sign, line in short_diff(one.held, one.now):
                colour = {"-": "red", "+": "green"}.get(sign)
                click.secho(f"    {sign} {line}".rstrip(), fg=colour)
    if not found:
        click.echo(tr("All goldens say what the papers say."))


def _counted(old: str, new: str) -> tuple[int, int]:
    """Return how many lines came and how many went."""
    before, after = old.splitlines(), new.splitlines()
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    same = sum(block.size for block in blocks)
    return len(after) - same, len(before) - same


def short_diff(old: str, new: str, most: int = SHOWN) -> Iterator[tuple[str, str]]:
    """Give the changed lines of two texts with their signs, cut to where they differ; the first ones only."""
    before, after = old.splitlines(), new.splitlines()
    shown = left = 0
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        if shown + left + b - a + d - c > most and shown:
            left += b - a + d - c
            continue
        yield "@", tr("line {number}").format(number=a + 1)
        gone, come = before[a:b][:most], after[c:d][:most]
        at = _parting(gone[0], come[0]) if gone and come else 0
        yield from (("-", _cut(line, at)) for line in gone)
        yield from (("+", _cut(line, at)) for line in come)
        shown += len(gone) + len(come)
        left += b - a + d - c - len(gone) - len(come)
    if left:
        yield "…", tr("and {count} more lines").format(count=left)


def _parting(old: str, new: str) -> int:
    """Return where two lines begin to differ."""
    pairs = enumerate(zip(old, new, strict=False))
    return next((place for place, (one, other) in pairs if one != other), min(len(old), len(new)))


def _cut(line: str, at: int) -> str:
    begin = at - _BEFORE if at > _WIDTH - _BEFORE else 0
    piece = line[begin : begin + _WIDTH]
    return ("…" if begin else "") + piece + ("…" if begin + _WIDTH < len(line) else "")
