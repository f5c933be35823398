"""PDF: papka's pool beside one LibreOffice per file, unoserver and rdocx, on the same papers.

Every contender draws the same Word files, and all PDF files of LibreOffice have to hold the same words on as
many pages. CPU time is that of all processes together, orphans among them.

One LibreOffice per file is what a script with `soffice --convert-to` does, with a profile that has been used
before. unoserver (installed by pip into the suite's folder) runs in the system's Python, which has
LibreOffice's bridge; its own client asks it from this process, by paths, which is the cheapest way.
"""

from __future__ import annotations

import ctypes
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from contextlib import ExitStack, suppress
from datetime import date
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

import papers
from measuring import EXAMPLE, HERE, Asked, Bars, Engine, Series, Skipped, Table

from papka.output.pdf import LibreOffice, Pool, Rdocx
from papka.output.pdf.pages import texts
from papka.output.pdf.running import end_group
from papka.output.pdf.warm import Warm, bridge_python

POOL, BARE = "papka's pool", "its LibreOffice alone"
COLD, UNO, RDOCX = "one LibreOffice per file", "unoserver", "rdocx in papka"
COUNT = 3
SOS = HERE.parent / "plugins" / "sos_partnership" / "examples" / "kim.yaml"
REAL = (
    ("krg_agreement", EXAMPLE),
    ("krg_ipss", EXAMPLE),
    ("sos_cooperation_agreement", SOS),
    ("sos_deep_assessment", SOS),
)


def suite(asked: Asked) -> Iterable[Table]:
    """Draw the papers by all."""
    if sys.platform != "linux" or not LibreOffice().available():
        raise Skipped("it asks Linux for the time of processes, and needs LibreOffice.")
    ctypes.CDLL(None).prctl(_ADOPT_ORPHANS, 1, 0, 0, 0)
    found = _papers(asked.folder)
    out = asked.folder / "pdf"
    out.mkdir()
    with ExitStack() as stack:
        contenders, missing = _contenders(asked)
        for one in contenders.values():
            stack.callback(one.close)
        cpu, wall = _measured(contenders, found, asked, out)
        pages, notes = _compared(found, contenders, out)
    names = list(contenders)
    notes = [
        "The pool's time holds the guard before, the gate after (each word of the Word file looked for in "
        "the PDF) and a file flushed to the disk and then renamed; no rival does that work. Its LibreOffice "
        f"alone does what unoserver does. LibreOffice {LibreOffice().version()}, rdocx {version('rdocx')}.",
        *notes,
        *missing,
    ]
    kinds = [f"{name}, {pages[name]} p." for name in cpu]
    for what, series in (("CPU", cpu), ("wall", wall)):
        rows = [[name, *(one.cell(name, POOL) for one in series.values())] for name in names]
        bars = {name: {other: one.ratio(other, POOL) for other in names} for name, one in series.items()}
        title = f"{what} time of one paper as PDF, papka's pool = 1 (shorter is faster)"
        drawn = Bars(title, bars, POOL) if what == "CPU" else None
        yield Table(f"One paper after another, {what} time", [f"ms (× {POOL})", *kinds], rows, notes, drawn)
        notes = ["Of use on a machine only that had no other work."]


_ADOPT_ORPHANS = 36
"""PR_SET_CHILD_SUBREAPER: what a killed LibreOffice leaves is counted with this process."""


def _contenders(asked: Asked) -> tuple[dict[str, Contender], list[str]]:
    found: dict[str, Contender] = {POOL: ByPool(), BARE: ByWarm(), COLD: Cold(asked.folder), RDOCX: ByRdocx()}
    installed = asked.folder / "unoserver"
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(installed), "unoserver"]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        return found, [f"Without {UNO}: pip could not install it."]
    found[UNO] = Unoserver(asked.folder, installed)
    return found, []


class Contender(Protocol):
    """Draws one paper as PDF."""

    def draw(self, paper: Path, pdf: Path) -> None:
        """Draw it, and be ready when this returns."""

    def close(self) -> None:
        """End what was started."""


class ByPool:
    """The pool as everybody uses it: with the guard, the gate and the careful writing."""

    def __init__(self) -> None:
        self._pool = Pool([LibreOffice()], 1)

    def draw(self, paper: Path, pdf: Path) -> None:
        """Draw through the pool."""
        result = self._pool.convert(paper, pdf)
        if result.refusal:
            raise SystemExit(f"{paper.name}: {result.refusal}")

    def close(self) -> None:
        """Close it."""
        self._pool.close()


class ByWarm:
    """One LibreOffice of the pool, nothing checked but that a PDF opens."""

    def __init__(self) -> None:
        program = LibreOffice().program
        assert program is not None
        self._warm = Warm(program, archive=False, seconds=120)

    def draw(self, paper: Path, pdf: Path) -> None:
        """Draw, and no more."""
        if failed := self._warm.draw(paper, pdf):
            raise SystemExit(f"{paper.name}: {failed}")

    def close(self) -> None:
        """Stop it."""
        self._warm.stop()


class Cold:
    """One LibreOffice per file, with a profile that has been used before."""

    def __init__(self, folder: Path) -> None:
        self._profile = folder / "profile"
        self._out = folder / "cold"

    def draw(self, paper: Path, pdf: Path) -> None:
        """Start LibreOffice for one file."""
        options = ["--headless", "--norestore", "--convert-to", "pdf", "--outdir", str(self._out)]
        profile = f"-env:UserInstallation={self._profile.as_uri()}"
        subprocess.run(["soffice", profile, *options, str(paper)], check=True, capture_output=True)
        (self._out / f"{paper.stem}.pdf").replace(pdf)

    def close(self) -> None:
        """Nothing is left."""


class Unoserver:
    """unoserver, running beside; its own client asks it."""

    def __init__(self, folder: Path, installed: Path) -> None:
        program = LibreOffice().program
        python = bridge_python(program) if program else None
        assert python is not None
        ports = [str(_free_port()) for _ in range(2)]
        command = [
            str(python),
            "-m",
            "unoserver.server",
            "--quiet",
            "--port",
            ports[0],
            "--uno-port",
            ports[1],
        ]
        command += ["--user-installation", str(folder / "uno-profile")]
        self._process = subprocess.Popen(
            command,
            env={**os.environ, "PYTHONPATH": str(installed)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        sys.path.append(str(installed))
        self._client = import_module("unoserver.client").UnoClient(port=ports[0])
        for _ in range(600):
            with suppress(OSError), socket.create_connection(("127.0.0.1", int(ports[0])), 1):
                return
            time.sleep(0.1)
        raise SystemExit("unoserver did not start.")

    def draw(self, paper: Path, pdf: Path) -> None:
        """Ask it for one file by its path, the way that costs it least."""
        self._client.convert(inpath=str(paper), outpath=str(pdf), convert_to="pdf")

    def close(self) -> None:
        """End it with its LibreOffice."""
        end_group(self._process)


class ByRdocx:
    """The embedded engine as papka runs it: apart, behind the guard and the gate."""

    def __init__(self) -> None:
        self._pool = Pool([Rdocx()], 1)
        self.refused: set[str] = set()

    def draw(self, paper: Path, pdf: Path) -> None:
        """Draw through the pool; what the gate refuses is noted."""
        if self._pool.convert(paper, pdf).refusal:
            self.refused.add(paper.stem)

    def close(self) -> None:
        """Close it."""
        self._pool.close()


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


# --- papers ----------------------------------------------------------------------------------------------


def _papers(folder: Path) -> list[Path]:
    """Draw the papers of the benchmark, and papers of real templates, as Word files."""
    from papka.core.opening import open_case
    from papka.output.rendering import Press

    papers.build(folder)
    for kind in papers.KINDS:
        (folder / f"{kind}.json").write_text(json.dumps(papers.data(kind), ensure_ascii=False), "utf-8")
    command = [sys.executable, str(HERE / "engines.py"), "papka", str(folder), str(EXAMPLE), REAL[0][0]]
    engine = Engine("papka", command)
    for kind in papers.KINDS:
        engine.draw(kind, 1)
    engine.close()
    found = [folder / "papka" / f"{kind}.docx" for kind in papers.KINDS]
    for document, case in REAL:
        opened = open_case(str(case), folder)
        drawn = Press(opened.method, opened.language).render(opened.case, document, date(2026, 12, 31))
        path = folder / "papka" / f"{document}.docx"
        path.write_bytes(next(iter(drawn)).content)
        found.append(path)
    return found


def words_of(pdf: Path) -> tuple[int, list[str]]:
    """Return how many pages a PDF has, and its letters in an order that does not depend on the drawing."""
    pages = texts(pdf.read_bytes()) or []
    joined = re.sub(r"[\ufffe\u00ad\x02-]\s*", "", " ".join(pages))
    return len(pages), sorted("".join(joined.split()))


# --- measuring -------------------------------------------------------------------------------------------


def spent() -> float:
    """Return the CPU seconds of this process and of all below it, those that ended among them."""
    times = os.times()
    total = times.user + times.system + times.children_user + times.children_system
    tick = os.sysconf("SC_CLK_TCK")
    parents: dict[int, tuple[int, float]] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            words = entry.read_text().rpartition(")")[2].split()
            parents[int(entry.parent.name)] = (int(words[1]), sum(map(int, words[11:15])) / tick)
    below, wave = set[int](), {os.getpid()}
    while wave:
        wave = {pid for pid, (parent, _) in parents.items() if parent in wave and pid not in below}
        below |= wave
    return total + sum(parents[pid][1] for pid in below)


def _measured(
    contenders: dict[str, Contender], found: Sequence[Path], asked: Asked, out: Path
) -> tuple[dict[str, Series], dict[str, Series]]:
    """Let the contenders take turns on each paper; each round begins with another one."""
    cpu, wall = ({paper.stem: Series() for paper in found} for _ in range(2))
    names = list(contenders)
    for number in range(asked.rounds + 1):
        asked.tell(f"round {number} of {asked.rounds}")
        turn = number % len(names)
        for paper in found:
            for name in (*names[turn:], *names[:turn]):
                times = 1 if name == COLD or asked.quick or not number else COUNT
                began, before = time.perf_counter(), spent()
                for _ in range(times):
                    contenders[name].draw(paper, _pdf(out, paper, name))
                if number:  # the first round warms all up
                    cpu[paper.stem].add(name, (spent() - before) / times)
                    wall[paper.stem].add(name, (time.perf_counter() - began) / times)
    return cpu, wall


def _pdf(out: Path, paper: Path, name: str) -> Path:
    return out / f"{paper.stem} {re.sub('[^a-z]', '', name)}.pdf"


def _compared(
    found: Sequence[Path], contenders: dict[str, Contender], out: Path
) -> tuple[dict[str, int], list[str]]:
    """See that all have drawn the same words; return the pages of each paper, and what is to be said."""
    pages: dict[str, int] = {}
    rdocx = contenders[RDOCX]
    assert isinstance(rdocx, ByRdocx)
    for paper in found:
        drawn = {name: words_of(_pdf(out, paper, name)) for name in contenders if name != RDOCX}
        pages[paper.stem] = drawn[POOL][0]
        for name, seen in drawn.items():
            if seen != drawn[POOL]:
                raise SystemExit(f"{name} draws other words of {paper.stem}, or other pages.")
    notes = ["The words and the number of pages were the same in all PDF files of LibreOffice."]
    if rdocx.refused:
        notes.append(f"papka refuses the PDF of rdocx of {', '.join(sorted(rdocx.refused))}.")
    return pages, notes
