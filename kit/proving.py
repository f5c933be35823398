"""`papka plugin prove`: whether the tables of rules are total and each of their rows is reached."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..core.i18n import tr

if TYPE_CHECKING:
    from ..core.plugging.plugins import Plugins
    from ..core.rules.proving import Proof

SHOWN = 5


@click.command(help=tr("Prove the rule tables: total, each row reached, each with an example."))
@click.argument("programme", required=False, metavar=tr("[NAME|FOLDER]"))
@click.option("--json", "as_json", is_flag=True, help=tr("Print JSON for scripts."))
def prove(programme: str | None, as_json: bool) -> int:
    """Try the tables of one programme, or of all; exit 3 when one does not hold."""
    from ..core.plugging.plugins import Plugins
    from ..core.report import show_json
    from .folder import opened

    if programme and Path(programme).is_dir():
        known = opened(Path(programme))
        plugins, names = known.plugins, [known.at_work().programme.id]
    else:
        plugins = Plugins()
        names = [programme] if programme else list(plugins.programmes())
    proofs = {name: proofs_of(plugins, name) for name in names}
    if as_json:
        show_json({name: [one.as_json() for one in found] for name, found in proofs.items()})
    else:
        for name, found in proofs.items():
            _show(name, found)
    return 0 if all(one.holds for found in proofs.values() for one in found) else 3


def proofs_of(plugins: Plugins, programme: str) -> list[Proof]:
    """Try the rule tables of a programme with all its example families.

    Raises:
        AskedWrongly: No installed plugin brings the programme.
    """
    from ..core.rules.proving import prove as prove_tables
    from ..core.rules.situation import Situation

    method = plugins.method(programme)
    region = method.region
    cases = (region.example(path) for path in (*region.examples(), *region.inherited_examples()))
    language = plugins.language_for(method)
    examples = (Situation(case, method.programme, language, date.today()) for case in cases)
    return prove_tables(method.programme, language, examples)


def _show(name: str, proofs: list[Proof]) -> None:
    click.echo(click.style(name, bold=True))
    for proof in proofs:
        mark = click.style("✓", fg="green") if proof.holds else click.style("✗", fg="red")
        tried = tr("tried: {count}").format(count=proof.tried)
        click.echo(f"{mark} {proof.table} ({tried})")
        for line in _lines(proof):
            click.echo(f"    {line}")
    click.echo("")


def _lines(proof: Proof) -> list[str]:
    if proof.unknown:
        return [tr("cannot be tried in full: {why}").format(why=proof.unknown)]
    said = []
    for row in proof.rows:
        words = tr("e.g. {example}").format(example=row.example) if row.example else tr("NEVER REACHED")
        said.append(f"{row.id} → {row.gives}: {row.reached}; {words}")
    said += [tr("NO ROW MATCHES: {case}").format(case=gap) for gap in proof.gaps[:SHOWN]]
    if len(proof.gaps) > SHOWN:
        said.append(tr("… and {count} more").format(count=len(proof.gaps) - SHOWN))
    return said
