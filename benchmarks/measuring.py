"""What the suites of the benchmark share: series of rounds, tables, whole processes, engines that take turns.

What counts is CPU time, and of it the ratios within one round: a machine that is busy moves the times of all.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
EXAMPLE = HERE.parent / "plugins" / "kurgan_ipss" / "examples" / "chernykh_shevchenko.yaml"
"""The case that papka draws papers of where no other engine could."""


class Skipped(Exception):
    """A suite cannot run here; its text says why."""


@dataclass(frozen=True)
class Asked:
    """What a suite was asked for.

    Attributes:
        folder: An empty folder of its own, which goes when the run is over.
        rounds: How often all take turns.
        quick: A look and no measurement: as little work as shows that all of it works.
        long: Whether what takes many minutes is wanted too.
        only: Names of engines; empty: all.
    """

    folder: Path
    rounds: int
    quick: bool = False
    long: bool = False
    only: tuple[str, ...] = ()

    def tell(self, words: str) -> None:
        """Say how far the suite is."""
        print(f"  {words}", file=sys.stderr, flush=True)

    def wants(self, name: str) -> bool:
        """Tell whether an engine is wanted."""
        return not self.only or name in self.only


@dataclass(frozen=True)
class Bars:
    """Ratios to be drawn as bars: by group and name; ours is 1."""

    title: str
    groups: Mapping[str, Mapping[str, float]]
    ours: str = "papka"


@dataclass(frozen=True)
class Lines:
    """Growth to be drawn as lines: points by name; across stands on a scale of tens."""

    title: str
    across: str
    points: Mapping[str, Sequence[tuple[float, float]]]


@dataclass(frozen=True)
class Table:
    """A table of results, its cells as text, with the sentences below it."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    notes: Sequence[str] = ()
    bars: Bars | Lines | None = None

    def lines(self) -> list[str]:
        """Return it as Markdown."""
        made = [
            f"### {self.title}",
            "",
            _row(self.head),
            "|" + "---|" * len(self.head),
            *map(_row, self.rows),
        ]
        return [*made, *(line for note in self.notes for line in ("", note))]


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


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

    def cell(self, name: str, to: str) -> str:
        """Return the median, with its ratio to another one in brackets."""
        told = f"{self.median(name):.2f}"
        return f"{told} ({self.ratio(name, to):.1f})" if to in self.seconds else told


# --- whole processes -------------------------------------------------------------------------------------


def whole_process(
    command: Sequence[str], folder: Path, env: Mapping[str, str] | None = None
) -> tuple[float, float]:
    """Run a command to its end; return its CPU seconds, its children's with them, and the seconds it took.

    Raises:
        Skipped: This system does not tell the CPU time of a child.
        SystemExit: It failed.
    """
    if not hasattr(os, "wait4"):
        raise Skipped("this system does not tell the CPU time of a child.")
    environment = os.environ | {"XDG_CACHE_HOME": str(folder / "cache"), "PAPKA_LANG": "en"}
    # Python's bytecode is kept for all alike, as pip leaves it, whatever is set here; not in the checkout.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    environment["PYTHONPYCACHEPREFIX"] = str(folder / "bytecode")
    begun = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=folder, env=environment | dict(env or {}), stdout=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{Path(command[0]).name} {command[1]} failed; what it said stands above.")
    return usage.ru_utime + usage.ru_stime, time.perf_counter() - begun


def papka_command() -> str:
    """Return where the command papka lies beside this Python.

    Raises:
        Skipped: It is not installed there.
    """
    found = shutil.which("papka", path=str(Path(sys.executable).parent))
    if found is None:
        raise Skipped("papka is not installed beside this Python.")
    return found


# --- engines that take turns -----------------------------------------------------------------------------


class Engine:
    """An engine in a process of its own, which waits for orders."""

    def __init__(self, name: str, command: Sequence[str]) -> None:
        self.name = name
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
        )
        self.version = str(self._answer()["version"])

    def draw(self, kind: str, count: int) -> float:
        """Do a piece of work so many times; return the CPU seconds of one."""
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


def take_turns(
    engines: Sequence[Engine], rounds: int, counts: Mapping[str, int], warm: int
) -> dict[str, Series]:
    """Let engines do each kind of work in turns; each round begins with another one.

    Args:
        counts: How often a kind of work is done in a round.
        warm: How many rounds' work each does before it is counted: Node compiles what it has seen often.
    """
    for engine in engines:
        for kind, count in counts.items():
            engine.draw(kind, count * warm if count > 1 else 1)
    found = {kind: Series() for kind in counts}
    for number in range(rounds):
        turn = number % len(engines)
        for engine in (*engines[turn:], *engines[:turn]):
            for kind, count in counts.items():
                found[kind].add(engine.name, engine.draw(kind, count))
    return found
