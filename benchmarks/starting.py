"""Start-up: whole processes, from the shell to the file, as a worker meets them.

A script with docxtpl fills its template and knows nothing else. `papka render` loads the plugins, reads
the case and holds all of it against the contract, works out stage, level and findings, draws, proves, marks
the draft and saves it whole. What the least of that costs is measured beside it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable

import papers
from measuring import EXAMPLE, Asked, Bars, Series, Table, papka_command, whole_process

PAPER = "krg_agreement"
_CHECKED = "from pathlib import Path\nfrom papka.core.loading import load_case\nload_case(Path({case!r}))\n"
_SCRIPT = (
    "import json\nfrom docxtpl import DocxTemplate\n"
    "template = DocxTemplate('{kind}.jinja.docx')\n"
    "template.render(json.load(open('{kind}.json', encoding='utf-8')), autoescape=True)\n"
    "template.save('cold.docx')\n"
)


def suite(asked: Asked) -> Iterable[Table]:
    """Time whole processes."""
    papka = papka_command()
    folder = asked.folder
    papers.build(folder)
    for kind in papers.KINDS:
        told = json.dumps(papers.data(kind), ensure_ascii=False)
        (folder / f"{kind}.json").write_text(told, "utf-8")
        (folder / f"{kind}.py").write_text(_SCRIPT.format(kind=kind), "utf-8")
    (folder / "checked.py").write_text(_CHECKED.format(case=str(EXAMPLE)), "utf-8")
    python, out = sys.executable, str(folder / "drawn")
    commands = {
        "papka render, one paper": [papka, "render", str(EXAMPLE), PAPER, "--into", out],
        "papka render, all papers of the case": [papka, "render", str(EXAMPLE), "--into", out],
        "the case file read and checked, and no more": [python, "checked.py"],
        "docxtpl script, agreement": [python, "agreement.py"],
        "docxtpl script, assessment": [python, "assessment.py"],
        "papka --help": [papka, "--help"],
        "import click": [python, "-c", "import click"],
        "python -c pass": [python, "-c", "pass"],
    }
    found = Series()
    for number in range(asked.rounds + 1):
        for name, command in commands.items():
            spent, _ = whole_process(command, folder)
            if number:  # the first round fills caches
                found.add(name, spent)
        asked.tell(f"round {number} of {asked.rounds}")
    drawn = len(list((folder / "drawn").glob("*.docx")))
    yield _table(found, list(commands), drawn)


def _table(found: Series, names: list[str], drawn: int) -> Table:
    script, start = "docxtpl script, agreement", "python -c pass"
    rows = [
        [name, f"{found.median(name):.0f}", *(f"{found.ratio(name, to):.2f}" for to in (script, start))]
        for name in names
    ]
    every = "papka render, all papers of the case"
    each = found.median(every) / drawn
    notes = [
        f"All papers of the case are {drawn}: {each:.0f} ms each, {each / found.median(script):.2f} of a "
        "docxtpl script that draws one.",
        "What papka does and the script does not: it loads the plugins, reads the case and holds every value "
        "of it against the contract, works out stage, level and risk, refuses what would be unlawful, proves "
        "that no sentence was lost, marks the draft on each page, and saves the file whole. That the "
        "programme and the template are right it knows from the run before; of a family it keeps nothing.",
        "The case file read and checked is the floor under which no command that looks at a case can come.",
    ]
    ratios = {name: found.ratio(name, script) for name in names if "python" not in name}
    bars = Bars("CPU time of a whole process, the docxtpl script = 1", {"start-up": ratios}, ours=names[0])
    head = ["process", "CPU, ms", "× docxtpl script", "× python -c pass"]
    return Table("Cold: a whole process, caches filled", head, rows, notes, bars)
