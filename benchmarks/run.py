"""papka and its rivals side by side, on equal work, in the same run.

    python benchmarks/run.py [--suites docx cold packet pdf batch] [--quick] [--long] [--into FOLDER]

Each suite lets all that it compares take turns, round after round; what is told is the median of the
rounds, and the median of the ratios within a round. The page of results keeps the sections of suites that
were not run.

Rivals come by name: those on Node by npm (`node/package.json`), those on Python by
`pip install -r benchmarks/requirements.txt`. One that cannot be had is left out, and the page says so.
"""

from __future__ import annotations

import argparse
import importlib
import platform
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from measuring import HERE, Asked, Bars, Lines, Skipped, Table
from picture import picture

SUITES: Mapping[str, tuple[str, str, int]] = {
    "docx": ("words", "DOCX", 11),
    "cold": ("starting", "Start-up", 9),
    "packet": ("packet", "Packet", 9),
    "pdf": ("pdf", "PDF", 5),
    "batch": ("batch", "Batch", 3),
}
"""Module, heading and usual number of rounds of each suite."""

LIBRARIES = ("papka", "Jinja2", "lxml", "python-docx", "pydantic", "pypdf", "pypdfium2", "rdocx", "pikepdf")


def run(name: str, asked: Asked) -> tuple[list[str], list[Bars | Lines]]:
    """Run one suite; return its section of the page, and what is to be drawn."""
    module, heading, _ = SUITES[name]
    lines = [
        f"## {heading}",
        "",
        f"Made by `python benchmarks/run.py --suites {name}` on {_surroundings(asked)}.",
    ]
    drawn: list[Bars | Lines] = []
    try:
        for table in _tables(module, asked):
            lines += ["", *table.lines()]
            drawn += [table.bars] if table.bars is not None else []
            print("\n".join(["", *table.lines()]), flush=True)
    except Skipped as reason:
        lines += ["", f"Not run here: {reason}"]
        print(f"{name}: not run here: {reason}", flush=True)
    if drawn:
        lines += ["", f"![{heading}, as a picture]({name}.svg)"]
    return lines, drawn


def _tables(module: str, asked: Asked) -> Sequence[Table]:
    found = importlib.import_module(module)
    if not hasattr(found, "suite"):
        raise Skipped(f"benchmarks/{module}.py has no suite.")
    made: Sequence[Table] = found.suite(asked)
    return made


def _surroundings(asked: Asked) -> str:
    rounds = f"{asked.rounds} rounds in turn" + (", a look and no measurement" if asked.quick else "")
    return f"{date.today():%d.%m.%Y}: {rounds}"


def _versions() -> str:
    told = []
    for name in LIBRARIES:
        try:
            told.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return ", ".join([*told, f"Python {platform.python_version()}", *_node(), platform.system()])


def _node() -> list[str]:
    try:
        told = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout
    except OSError:
        return []
    return [f"Node {told.strip().lstrip('v')}"]


# --- the page --------------------------------------------------------------------------------------------

_HEAD = """\
# What the benchmark gave

Versions: {versions}.

CPU time, medians of rounds in which all take turns; in brackets the median of the ratios within a round.
Trust the ratios, not the times: a busy machine moves the times of all."""


def page(before: str, made: Mapping[str, Sequence[str]]) -> str:
    """Return the page of results: sections that were made now, and those that stand on the page already."""
    old = dict(_sections(before))
    sections = []
    for name, (_, heading, _) in SUITES.items():
        lines = made.get(name) or old.get(heading)
        if lines:
            sections.append("\n".join(lines).strip())
    return "\n\n".join([_HEAD.format(versions=_versions()), *sections, ""])


def _sections(text: str) -> list[tuple[str, list[str]]]:
    found: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        if head := re.match(r"## (.+)", line):
            found.append((head[1], []))
        if found:
            found[-1][1].append(line)
    return found


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--suites", nargs="+", choices=SUITES, default=list(SUITES), metavar="SUITE")
    parser.add_argument("--quick", action="store_true", help="few rounds: a look, no measurement")
    parser.add_argument("--long", action="store_true", help="also what takes many minutes")
    parser.add_argument("--only", nargs="+", default=(), metavar="ENGINE", help="compare these engines alone")
    parser.add_argument("--rounds", type=int, help="how many rounds")
    parser.add_argument("--into", type=Path, default=HERE, help="where RESULTS.md and the picture go")
    parser.add_argument("--keep", type=Path, help="a folder to keep templates and papers in")
    given = parser.parse_args()
    made: dict[str, list[str]] = {}
    drawn: dict[str, list[Bars | Lines]] = {}
    with tempfile.TemporaryDirectory() as temporary:
        for name in given.suites:
            folder = (given.keep or Path(temporary)) / name
            folder.mkdir(parents=True, exist_ok=True)
            rounds = given.rounds or (2 if given.quick else SUITES[name][2])
            print(f"{name}: {rounds} rounds", file=sys.stderr, flush=True)
            asked = Asked(folder, rounds, given.quick, given.long, tuple(given.only))
            made[name], drawn[name] = run(name, asked)
    results = given.into / "RESULTS.md"
    before = results.read_text("utf-8") if results.exists() else ""
    results.write_text(page(before, made), "utf-8")
    for name, one in drawn.items():
        if one:
            (given.into / f"{name}.svg").write_text(picture(one), "utf-8")


if __name__ == "__main__":
    main()
