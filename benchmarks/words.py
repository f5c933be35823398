"""DOCX: papka beside docxtpl, docxtemplater, easy-template-x, carbone and docx-templates, on equal work.

Three papers are built in the dialects of the engines and filled with the same data; every engine has to
give the same text, to the letter.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import papers
from engines import FAMILY, FRESH, UNFLUSHED
from measuring import EXAMPLE, HERE, Asked, Bars, Engine, Series, Table, take_turns

NODE = HERE / "node"
NEEDS = {
    "docxtemplater": ("docxtemplater", "pizzip"),
    "easy-template-x": ("easy-template-x",),
    "carbone": ("carbone",),
    "docx-templates": ("docx-templates",),
    "docx-templates-noSandbox": ("docx-templates",),
}
ENGINES = ("papka", UNFLUSHED, "floor", "docxtpl", *NEEDS)
COUNTS = {"agreement": 8, "plan": 8, "assessment": 2}
WARM = 5
PAPER = "krg_agreement"


def suite(asked: Asked) -> Iterable[Table]:
    """Draw the papers by all engines."""
    papers.build(asked.folder)
    for kind in papers.KINDS:
        told = json.dumps(papers.data(kind), ensure_ascii=False)
        (asked.folder / f"{kind}.json").write_text(told, "utf-8")
    missing = _missing([name for name in NEEDS if asked.wants(name)])
    names = [name for name in ENGINES if asked.wants(name) and name not in missing]
    engines = [Engine(name, _command(name, asked.folder)) for name in names]
    same = _same_text(engines, asked.folder)
    asked.tell(f"the text of {len(engines)} engines is the same ({same} paragraphs)")
    counts = dict.fromkeys(COUNTS, 1) if asked.quick else COUNTS
    found = take_turns(engines, asked.rounds, counts, WARM)
    own = next((one for one in engines if one.name == "papka"), None)
    yield _table(found, engines, same, missing)
    if own is not None:
        yield _family(own, asked)
    for engine in engines:
        engine.close()


def _command(name: str, folder: Path) -> list[str]:
    if name in NEEDS:
        return ["node", str(NODE / "engines.mjs"), name, str(folder)]
    return [sys.executable, str(HERE / "engines.py"), name, str(folder), str(EXAMPLE), PAPER]


def _missing(names: Sequence[str]) -> dict[str, str]:
    """Return the engines on Node that cannot run here, and why."""
    if not names:
        return {}
    if not shutil.which("node"):
        return dict.fromkeys(names, "there is no node here")
    if not all(_is_there(name) for name in names) and (npm := shutil.which("npm")):
        command = [npm, "install", "--no-audit", "--no-fund"]
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            subprocess.run(command, cwd=NODE, capture_output=True, check=False, timeout=300)
    return {name: "npm could not install it" for name in names if not _is_there(name)}


def _is_there(name: str) -> bool:
    return all((NODE / "node_modules" / one).is_dir() for one in NEEDS[name])


def _same_text(engines: Sequence[Engine], folder: Path) -> int:
    """Draw every paper by every engine; return how many paragraphs were the same in all.

    Raises:
        SystemExit: An engine drew another text.
    """
    count = 0
    for kind in papers.KINDS:
        seen = {}
        for engine in engines:
            engine.draw(kind, 1)
            seen[engine.name] = papers.text_of(folder / engine.name / f"{kind}.docx")
        first, *others = seen.values()
        if not first or any(other != first for other in others):
            told = ", ".join(f"{name}: {len(text)}" for name, text in seen.items())
            raise SystemExit(f"The engines do not draw the same text of {kind}. Paragraphs: {told}")
        count += len(first)
    return count


def _table(found: dict[str, Series], engines: Sequence[Engine], same: int, missing: dict[str, str]) -> Table:
    bases = [name for name in ("papka", UNFLUSHED) if any(one.name == name for one in engines)]
    told = {"papka": "× papka", UNFLUSHED: "× not flushed"}
    ratios_of = ", ".join(told[name] for name in bases)
    head = ["engine", *(f"{kind}, ms ({ratios_of})" for kind in found)]
    rows = [
        [f"{one.name} {one.version}".strip(), *(_cell(series, one.name, bases) for series in found.values())]
        for one in engines
    ]
    notes = [
        "CPU time of one paper with its writing to the disk. The text of all engines was the same to the "
        f"letter ({same} paragraphs). Every engine holds its data in its own form beforehand and draws from "
        "a template that it has seen, as far as it can: all but papka prepare theirs anew for each paper. "
        "carbone prints the list in a cell by a formatter, docx-templates chooses between two texts in "
        "JavaScript.",
        "papka's time holds its proof that no word was lost, a strict parse, and a file flushed to the disk "
        "and then renamed; no rival does any of these. Not flushed, it writes to an open file as they do. "
        "The floor is papka's own work without all of them: what Jinja has compiled is run, joined, "
        "packed, and written to an open file.",
        *(f"Without {name}: {why}." for name, why in missing.items()),
    ]
    ratios = {}
    if any(one.name == "papka" for one in engines):
        ratios = {
            kind: {one.name: series.ratio(one.name, "papka") for one in engines}
            for kind, series in found.items()
        }
    bars = Bars("CPU time of one paper as DOCX, papka = 1 (shorter is faster)", ratios) if ratios else None
    return Table("Warm: one paper after another", head, rows, notes, bars)


def _cell(series: Series, name: str, bases: Sequence[str]) -> str:
    ratios = ", ".join(f"{series.ratio(name, base):.1f}" for base in bases)
    return f"{series.median(name):.2f}" + (f" ({ratios})" if ratios else "")


def _family(engine: Engine, asked: Asked) -> Table:
    """Tell what a paper costs from a case on: rules, freezing, the check of the template, drawing."""
    kinds = {
        FAMILY: f"from an opened case to {PAPER}.docx as a draft: the rules of the day, freezing, drawing",
        FRESH: "from a case file: read, checked against the contract, then the same",
    }
    found = Series()
    for kind in kinds:
        engine.draw(kind, 1 if asked.quick else 8)
    for _ in range(asked.rounds):
        for kind in kinds:
            found.add(kind, engine.draw(kind, 1 if asked.quick else 4))
    rows = [[words, f"{found.median(kind):.1f}"] for kind, words in kinds.items()]
    return Table("The whole way of papka, warm", ["what", "CPU, ms"], rows, ["No rival does this work."])
