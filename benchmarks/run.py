"""papka and its rivals side by side, on equal work, in the same run.

    python benchmarks/run.py [--quick] [--only papka docxtpl] [--into FOLDER]

Three papers are built in the dialects of the engines and filled with the same data; every engine has to give
the same text, to the letter. Then rounds of all engines follow each other, and what counts is the CPU time of
a paper, with its writing to the disk: the median of the rounds, and the median of the ratios within a round.
A machine that is busy moves the times; the ratios stay.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import papers

HERE = Path(__file__).parent
NODE = HERE / "node"
ON_NODE = ("docxtemplater", "easy-template-x")
ENGINES = ("papka", "docxtpl", *ON_NODE)
COUNTS = {"agreement": 8, "plan": 8, "assessment": 2}
WARM = 5
"""How many rounds' work each engine does before it is counted: Node compiles what it has seen often."""
FAMILY = "family"
EXAMPLE = HERE.parent / "plugins" / "kurgan_ipss" / "examples" / "chernykh_shevchenko.yaml"
EXAMPLE_PAPER = "krg_agreement"


# --- engines ---------------------------------------------------------------------------------------------


class Engine:
    """An engine in a process of its own, which waits for orders."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        command = ["node", str(NODE / "engines.mjs")]
        if name not in ON_NODE:
            command = [sys.executable, str(HERE / "engines.py")]
        order = [name, str(folder), str(EXAMPLE), EXAMPLE_PAPER]
        self._process = subprocess.Popen(
            [*command, *order], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
        )
        self.version = str(self._answer()["version"])

    def draw(self, kind: str, count: int) -> float:
        """Draw a paper so many times; return the CPU seconds of one."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"kind": kind, "count": count}) + "\n")
        self._process.stdin.flush()
        return float(self._answer()["cpu"])

    def _answer(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.name} stopped; what it said stands above.")
        return json.loads(line)

    def close(self) -> None:
        """Let it end."""
        self._process.communicate()


def usable(wanted: Sequence[str]) -> list[str]:
    """Return the engines that can run here; say of the others why not."""
    if not set(wanted) & set(ON_NODE):
        return list(wanted)
    reason = _node_lacks()
    if reason:
        print(f"Without {' and '.join(ON_NODE)}: {reason}")
        return [name for name in wanted if name not in ON_NODE]
    return list(wanted)


def _node_lacks() -> str | None:
    if not shutil.which("node"):
        return "there is no node here."
    if all((NODE / "node_modules" / name).is_dir() for name in ON_NODE):
        return None
    npm = shutil.which("npm")
    if not npm:
        return "there is no npm here to install them."
    try:
        command = [npm, "install", "--no-audit", "--no-fund"]
        done = subprocess.run(command, cwd=NODE, capture_output=True, text=True, check=False, timeout=300)
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"npm failed ({type(error).__name__})."
    return f"npm could not install them: {done.stderr.strip()[-200:]}" if done.returncode else None


# --- measuring -------------------------------------------------------------------------------------------


@dataclass
class Series:
    """What rounds gave, by engine or command; entries of one number belong to one round."""

    seconds: dict[str, list[float]] = field(default_factory=dict)

    def add(self, name: str, value: float) -> None:
        """Add what one round gave."""
        self.seconds.setdefault(name, []).append(value)

    def median(self, name: str) -> float:
        """Return the median in milliseconds."""
        return statistics.median(self.seconds[name]) * 1000

    def ratio(self, name: str, to: str) -> float:
        """Return the median of the ratios within each round."""
        pairs = zip(self.seconds[name], self.seconds[to], strict=True)
        return statistics.median(a / b for a, b in pairs if b)


def prepare(folder: Path) -> None:
    """Write templates and data."""
    papers.build(folder)
    for kind in papers.KINDS:
        (folder / f"{kind}.json").write_text(json.dumps(papers.data(kind), ensure_ascii=False), "utf-8")


def same_text(engines: Sequence[Engine], folder: Path) -> int:
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


def warm(engines: Sequence[Engine], rounds: int, counts: dict[str, int]) -> dict[str, Series]:
    """Let the engines take turns; each round begins with another one."""
    for engine in engines:
        for kind, count in counts.items():
            engine.draw(kind, count * WARM if count > 1 else 1)
    found = {kind: Series() for kind in (*counts, FAMILY)}
    for number in range(rounds):
        turn = number % len(engines)
        for engine in (*engines[turn:], *engines[:turn]):
            for kind, count in counts.items():
                found[kind].add(engine.name, engine.draw(kind, count))
            if engine.name == "papka":
                found[FAMILY].add(engine.name, engine.draw(FAMILY, counts["agreement"]))
    return found


def cold(rounds: int, folder: Path) -> Series | None:
    """Time whole processes; only POSIX tells the CPU time of a child."""
    papka = shutil.which("papka", path=str(Path(sys.executable).parent))
    if not hasattr(os, "wait4") or papka is None:
        return None
    script = (
        "import json\nfrom docxtpl import DocxTemplate\n"
        "template = DocxTemplate('agreement.jinja.docx')\n"
        "template.render(json.load(open('agreement.json', encoding='utf-8')), autoescape=True)\n"
        "template.save('cold.docx')\n"
    )
    (folder / "minimal.py").write_text(script, "utf-8")
    commands = {
        "papka render": [papka, "render", str(EXAMPLE), EXAMPLE_PAPER, "--into", str(folder / "cold")],
        "minimal docxtpl script": [sys.executable, "minimal.py"],
        "papka --help": [papka, "--help"],
        "import click": [sys.executable, "-c", "import click"],
        "python": [sys.executable, "-c", "pass"],
    }
    found = Series()
    for number in range(rounds + 1):
        for name, command in commands.items():
            spent = _whole_process(command, folder)
            if number:  # the first round fills caches
                found.add(name, spent)
    return found


def _whole_process(command: list[str], folder: Path) -> float:
    environment = os.environ | {"XDG_CACHE_HOME": str(folder / "cache"), "PAPKA_LANG": "en"}
    # Python's bytecode is kept for all alike, as pip leaves it, whatever is set here; not in the checkout.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    environment["PYTHONPYCACHEPREFIX"] = str(folder / "bytecode")
    process = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{Path(command[0]).name} {command[1]} failed; what it said stands above.")
    return usage.ru_utime + usage.ru_stime


# --- telling ---------------------------------------------------------------------------------------------


def warm_table(found: dict[str, Series], names: Sequence[str]) -> list[str]:
    """Return the lines of the table of warm engines."""
    kinds = [kind for kind in found if kind != FAMILY]
    lines = ["| engine | " + " | ".join(f"{kind}, ms (× papka)" for kind in kinds) + " |"]
    lines.append("|---|" + "---|" * len(kinds))
    for name in names:
        cells = [_cell(found[kind], name) for kind in kinds]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return lines


def _cell(series: Series, name: str) -> str:
    told = f"{series.median(name):.2f}"
    return f"{told} ({series.ratio(name, 'papka'):.1f})" if "papka" in series.seconds else told


def family_line(found: dict[str, Series]) -> str:
    """Tell what a paper costs from an opened case on: rules, freezing, the check of the template, drawing."""
    if not found[FAMILY].seconds:
        return ""
    whole = found[FAMILY].median("papka")
    return (
        f"The whole way in papka, from an opened case to the written file ({EXAMPLE_PAPER}: rules, freezing, "
        f"check of the template, drawing): {whole:.1f} ms. No rival does this work."
    )


def cold_table(found: Series | None) -> list[str]:
    """Return the lines of the table of whole processes."""
    if found is None:
        return [
            "Not measured here: this system does not tell the CPU time of a child, or papka is no command."
        ]
    lines = ["| process | CPU, ms | × python -c pass | ratio |", "|---|---|---|---|"]
    ratios = {
        "papka render": ("minimal docxtpl script", "× the docxtpl script"),
        "papka --help": ("import click", "× import click"),
    }
    for name in found.seconds:
        other, words = ratios.get(name, ("", ""))
        ratio = f"{found.ratio(name, other):.2f} {words}" if other else ""
        lines.append(f"| {name} | {found.median(name):.0f} | {found.ratio(name, 'python'):.1f} | {ratio} |")
    told = (
        "papka render also reads the plugins and checks the case file; that the programme and the template "
        "are right it knows from the run before. The script fills its template."
    )
    return [*lines, "", told]


def picture(found: dict[str, Series], names: Sequence[str]) -> str:
    """Draw the ratios as bars, a group for each paper."""
    kinds = [kind for kind in found if kind != FAMILY]
    ratios = {(kind, name): found[kind].ratio(name, "papka") for kind in kinds for name in names}
    left, unit, high = 150, 480 / max(ratios.values()), 20
    lines: list[str] = []
    top = 40
    for kind in kinds:
        lines.append(f'<text x="10" y="{top}" font-weight="bold">{escape(kind)}</text>')
        top += 8
        for name in names:
            ratio = ratios[kind, name]
            colour = "#1b7f5c" if name == "papka" else "#9aa5b1"
            bar = max(ratio * unit, 1)
            lines.append(f'<text x="{left - 8}" y="{top + 14}" text-anchor="end">{escape(name)}</text>')
            lines.append(
                f'<rect x="{left}" y="{top}" width="{bar:.1f}" height="{high - 4}" fill="{colour}"/>'
            )
            lines.append(f'<text x="{left + bar + 6:.1f}" y="{top + 14}">{ratio:.1f}</text>')
            top += high
        top += 28
    head = "CPU time of one paper, papka = 1 (shorter is faster)"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="700" height="{top}" font-family="sans-serif" '
        f'font-size="13"><rect width="100%" height="100%" fill="white"/><text x="10" y="18">{head}</text>'
        + "\n".join(lines)
        + "</svg>\n"
    )


def page(tables: Sequence[str], versions: dict[str, str], rounds: int, same: int) -> str:
    """Return the page of results."""
    engines = ", ".join(f"{name} {known}" for name, known in versions.items())
    libraries = ", ".join(f"{name} {version(name)}" for name in ("Jinja2", "lxml", "python-docx", "pydantic"))
    node = _node_version() if set(versions) & set(ON_NODE) else ""
    return "\n".join(
        [
            "# What the benchmark gave",
            "",
            f"Made by `python benchmarks/run.py` on {date.today():%d.%m.%Y}: {rounds} rounds in turn.",
            f"{engines}. {libraries}. Python {platform.python_version()}{node}, {platform.system()}.",
            "",
            "CPU time of one paper with its writing to the disk: medians, and in brackets the median of the "
            f"ratios within a round. The text of all engines was the same to the letter ({same} paragraphs). "
            "Trust the ratios, not the times.",
            "",
            "Every engine holds its data in its own form beforehand and draws from a template it has "
            "seen, as far as it can: docxtpl, docxtemplater and easy-template-x prepare theirs anew "
            "for each paper. papka's time holds its proof that no word was lost, and a file flushed "
            "to the disk and then renamed.",
            "",
            *tables,
            "",
        ]
    )


def _node_version() -> str:
    told = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout
    return f", Node {told.strip().lstrip('v')}"


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="few rounds: a look, no measurement")
    parser.add_argument("--only", nargs="+", choices=ENGINES, default=ENGINES, metavar="ENGINE")
    parser.add_argument("--no-cold", action="store_true", help="leave whole processes out")
    parser.add_argument("--rounds", type=int, help="how many rounds")
    parser.add_argument("--into", type=Path, default=HERE, help="where RESULTS.md and the picture go")
    parser.add_argument("--keep", type=Path, help="a folder to keep templates and papers in")
    given = parser.parse_args()
    rounds = given.rounds or (3 if given.quick else 15)
    counts = dict.fromkeys(COUNTS, 1) if given.quick else COUNTS
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        prepare(folder)
        engines = [Engine(name, folder) for name in usable(given.only)]
        same = same_text(engines, folder)
        found = warm(engines, rounds, counts)
        for engine in engines:
            engine.close()
        whole = None if given.no_cold else cold(rounds, folder)
    names = [engine.name for engine in engines]
    tables = ["## Warm", "", *warm_table(found, names), "", family_line(found)]
    if "papka" in names:
        tables += ["", "![The ratios as bars](results.svg)"]
        (given.into / "results.svg").write_text(picture(found, names), "utf-8")
    if not given.no_cold:
        tables += ["", "## Cold: a whole process", "", *cold_table(whole)]
    told = page(tables, {engine.name: engine.version for engine in engines}, rounds, same)
    (given.into / "RESULTS.md").write_text(told, "utf-8")
    print(told)


if __name__ == "__main__":
    main()
