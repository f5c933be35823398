"""Papers of many cases: how time and memory grow, what a cluster costs, and that nothing is lost on the way.

    python benchmarks/batch.py grow [--papers 100 1000 10000]   time and memory, in processes and on a cluster
    python benchmarks/batch.py rival [--papers 300]             rendering only, beside plain docxtpl
    python benchmarks/batch.py whole --papers 100000 --kill 1   all of them on a Dask cluster, workers killed
                                                                on the way, and every paper looked at

What counts is the CPU time of all processes together, and ratios within one run. The families are fictional:
each case is one of the examples under a number of its own, which stands on each of its papers.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from measuring import Asked, Table

HERE = Path(__file__).parent
EXAMPLES = HERE.parent / "plugins" / "kurgan_ipss" / "examples"
FAMILIES = ("chernykh_shevchenko", "orazovy", "bezotchestva")
NUMBERED = (
    "krg_case_card", "krg_prelim_assessment", "krg_level_conclusion", "krg_tg_protocol", "krg_tg_extract",
    "krg_safety_plan", "com_file_cover",
)  # fmt: skip
"""Documents on which the number of the case stands: so each paper tells whose it is."""
DAY = date(2026, 5, 8)
MODEL = "№МОДЕЛЬ№"


def number_of(case: int) -> str:
    """Return the number of a case, which is on all of its papers."""
    return f"{case:07}/26"


def found(folder: Path, cases: int) -> None:
    """Make an office of many cases."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    (folder / "office.yaml").write_text("papka: '1'\nlanguage: ru\n", "utf-8")
    models = [(EXAMPLES / f"{one}.yaml").read_text("utf-8") for one in FAMILIES]
    for case in range(cases):
        home = folder / "cases" / f"k{case:06}"
        home.mkdir(parents=True)
        text = re.sub(r"(?m)^id: .*$", f"id: B-{case:06}", models[case % len(models)], count=1)
        text = re.sub(r"(?m)^number: .*$", f'number: "{number_of(case)}"', text, count=1)
        (home / "case.yaml").write_text(text, "utf-8")


def models(folder: Path) -> list[dict[str, str]]:
    """Return, for each family, the digest of each of its papers with the number of the case taken out."""
    from papka.output.batch.running import BatchOrder, batch

    found(folder, len(FAMILIES))
    made = batch(BatchOrder(documents=NUMBERED, day=DAY), start=folder, processes=1)
    return [
        {paper.name: digest(paper, number_of(case)) for paper in (made.folder / f"k{case:06}").glob("*.docx")}
        for case in range(len(FAMILIES))
    ]


def digest(paper: Path, number: str) -> str:
    """Return the digest of a paper without the number of its case; of one without that number none."""
    with zipfile.ZipFile(paper) as archive:
        text = archive.read("word/document.xml").decode("utf-8")
        others = [(name, archive.read(name)) for name in archive.namelist() if name != "word/document.xml"]
    if number not in text:
        return f"the number {number} is not on it"
    whole = sha256(text.replace(number, MODEL).encode())
    for name, body in others:
        whole.update(name.encode() + body.replace(number.encode(), MODEL.encode()))
    return whole.hexdigest()


def look_at(folder: Path, cases: int, known: list[dict[str, str]]) -> Counter[str]:
    """Look at every paper: count those that are right, missing, strange or another's."""
    told: Counter[str] = Counter()
    for case in range(cases):
        wanted = known[case % len(known)]
        home = folder / f"k{case:06}"
        there = {one.name for one in home.iterdir()} if home.is_dir() else set()
        told["missing"] += len(set(wanted) - there)
        told["strange"] += len(there - set(wanted))
        for name in sorted(there & set(wanted)):
            right = digest(home / name, number_of(case)) == wanted[name]
            told["right" if right else "wrong"] += 1
    return told


# --- measuring -------------------------------------------------------------------------------------------


def rss(process: int) -> float:
    """Return the memory of a process, in MiB."""
    try:
        text = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0.0
    seen = re.search(r"VmRSS:\s+(\d+)", text)
    return int(seen[1]) / 1024 if seen else 0.0


def below(process: int) -> list[int]:
    """Return all processes that a process has begun, and they in turn."""
    seen: list[int] = []
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        with suppress(OSError):
            for one in task.read_text().split():
                seen += [int(one), *below(int(one))]
    return seen


def cpu() -> float:
    """Return the CPU seconds of this process, of those below it, and of those they have waited for."""
    total = 0
    for process in (os.getpid(), *below(os.getpid())):
        with suppress(OSError):
            fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
            total += sum(map(int, fields[11:15]))
    return total / os.sysconf("SC_CLK_TCK")


class Memory(threading.Thread):
    """Looks at the memory of this process and of its workers, now and then."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.parent = self.worker = 0.0
        self._ended = threading.Event()

    def run(self) -> None:
        """Look until it is stopped."""
        while not self._ended.wait(0.5):
            self.parent = max(self.parent, rss(os.getpid()))
            self.worker = max([self.worker, *map(rss, below(os.getpid()))])

    def stop(self) -> dict[str, float]:
        """Stop looking; return what was seen, in MiB."""
        self._ended.set()
        return {"parent": self.parent, "worker": self.worker}


def apart(work: Callable[..., Any], *given: Any) -> Any:
    """Do something in a fresh process, whose time and memory are its own."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_apart, args=(there, work, given))
    process.start()
    there.close()
    try:
        return here.recv()
    except EOFError:
        raise SystemExit("a measurement died; what it said stands above") from None
    finally:
        process.join()


def _apart(there: Any, work: Callable[..., Any], given: tuple[Any, ...]) -> None:
    there.send(work(*given))


def measured(work: Callable[[], int]) -> dict[str, float]:
    """Do something that says how many papers it has made; return the CPU milliseconds of one, and memory."""
    memory = Memory()
    memory.start()
    begun, since = cpu(), time.monotonic()
    papers = work()
    used, wall = cpu() - begun, time.monotonic() - since
    return {"papers": papers, "ms": 1000 * used / papers, "a_second": papers / wall, **memory.stop()}


# --- a cluster -------------------------------------------------------------------------------------------


@contextmanager
def cluster(workers: int) -> Iterator[Any]:
    """A Dask cluster of this computer: a scheduler and workers, each a process of its own."""
    port = 20_000 + os.getpid() % 20_000
    address = f"tcp://127.0.0.1:{port}"
    dask = [sys.executable, "-m", "dask"]
    with tempfile.TemporaryDirectory() as room:
        log = (Path(room) / "log").open("wb")
        common = {"stdout": log, "stderr": log, "cwd": room}
        scheduler = subprocess.Popen(
            [*dask, "scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"], **common
        )
        hands = [
            subprocess.Popen(
                [*dask, "worker", address, "--nworkers", "1", "--nthreads", "1", "--no-dashboard"], **common
            )
            for _ in range(workers)
        ]
        try:
            yield address, hands
        finally:
            for one in (*hands, scheduler):
                one.terminate()
            for one in (*hands, scheduler):
                one.wait()
            log.close()


def on_cluster(office: Path, into: Path, address: str, watch: Callable[[Any], None] | None = None) -> Any:
    """Draw the papers of an office on a cluster."""
    from papka.output.batch.cluster import cluster_at
    from papka.output.batch.running import BatchOrder, batch

    order = BatchOrder(documents=NUMBERED, day=DAY, into=into)
    with cluster_at(address) as at:
        made = batch(order, start=office, executor=at.executor, processes=at.hands, watch=watch)
    return made.as_json()


def whole(papers: int, workers: int, kill: int, room: Path) -> int:
    """Draw so many papers on a cluster, kill workers on the way, and look at every paper."""
    known = models(room / "models")
    each = sum(map(len, known)) / len(known)
    cases = round(papers / each)
    office, into = room / "office", room / "papers"
    print(f"{cases} cases, {each:.1f} papers each", flush=True)
    found(office, cases)
    killed: list[str] = []
    memory = Memory()
    memory.start()
    said = [0.0]

    with cluster(workers) as (address, hands):
        time.sleep(8)

        def watch(now: Any) -> None:
            if len(killed) < kill and now.done > cases * (len(killed) + 1) / (kill + 1):
                # The worker itself, below the one that watches over it and begins it anew.
                victim = below(hands[len(killed) % workers].pid)[-1]
                os.kill(victim, signal.SIGKILL)
                killed.append(f"at {now.done} of {now.cases} cases")
            if time.monotonic() - said[0] > 60:
                said[0] = time.monotonic()
                left = f"{now.left / 60:.0f}" if now.left else "?"
                now_rss = f"parent {rss(os.getpid()):.0f} MiB"
                print(
                    f"{now.done}/{now.cases} {now.new} papers, {now.rate:.1f}/s, {left} min left, {now_rss}",
                    flush=True,
                )

        told = on_cluster(office, into, address, watch)
    seen_memory = memory.stop()
    print(json.dumps({key: value for key, value in told.items() if key != "refused"}, ensure_ascii=False))
    print(f"killed: {killed}; refused: {len(told['refused'])}; memory in MiB: {seen_memory}", flush=True)
    seen = look_at(into, cases, known)
    print(f"looked at {sum(seen.values())} papers: {dict(seen)}", flush=True)
    expected = sum(len(known[case % len(known)]) for case in range(cases))
    good = seen["right"] == expected and set(+seen) == {"right"} and not told["refused"]
    print(
        f"expected {expected}: "
        + ("all are there, each once, each of its own family" if good else "NOT GOOD")
    )
    return 0 if good else 1


# --- growth ----------------------------------------------------------------------------------------------


def in_processes(office: str, into: str, processes: int) -> dict[str, float]:
    """Draw the papers of an office in processes of this computer."""
    from papka.output.batch.running import BatchOrder, batch

    order = BatchOrder(documents=NUMBERED, day=DAY, into=Path(into))

    def work() -> int:
        report = batch(order, start=Path(office), processes=processes)
        assert not report.progress.refused
        return report.progress.new

    return measured(work)


def by_dask(office: str, into: str, workers: int) -> dict[str, float]:
    """Draw them on a cluster that is there already."""
    with cluster(workers) as (address, _):
        time.sleep(8)

        def work() -> int:
            told = on_cluster(Path(office), Path(into), address)
            assert not told["refused"]
            return int(told["papers"]["new"])

        return measured(work)


HEAD = ("papers", "who", "CPU ms a paper", "papers a second", "parent MiB", "worker MiB")


def growth(counts: list[int], workers: int, room: Path) -> Iterator[tuple[str, dict[str, float]]]:
    """Draw more and more papers, each time in fresh processes; yield who did it and what it took."""
    each = sum(map(len, models(room / "models"))) / len(FAMILIES)
    ways = {
        "one process": (in_processes, 1),
        "processes": (in_processes, workers),
        "Dask": (by_dask, workers),
    }
    for count in counts:
        office, into = room / "office", room / "papers"
        found(office, max(round(count / each), len(FAMILIES)))
        for name, (work, hands) in ways.items():
            if count > 1000 and name == "one process":
                continue
            shutil.rmtree(into, ignore_errors=True)
            yield name, apart(work, str(office), str(into), hands)


def row(name: str, told: dict[str, float]) -> list[str]:
    """Return a line of the table."""
    figures = [f"{told[one]:.1f}" for one in ("ms", "a_second")]
    memory = [f"{told['parent']:.0f}", f"{told['worker']:.0f}" if told["worker"] else "—"]
    return [f"{told['papers']:.0f}", name, *figures, *memory]


def grow(counts: list[int], workers: int, room: Path) -> int:
    """Show how time and memory grow with the number of papers."""
    print(f"| {' | '.join(HEAD)} |\n{'|---' * len(HEAD)}|", flush=True)
    for name, told in growth(counts, workers, room):
        print(f"| {' | '.join(row(name, told))} |", flush=True)
    return 0


# --- rendering only, beside docxtpl ----------------------------------------------------------------------

_draw: list[Callable[[str], None]] = []


def _begin(name: str, folder: str) -> None:
    import engines

    home = Path(folder) / str(os.getpid())
    home.mkdir()
    for file in (*Path(folder).glob("*.docx"), *Path(folder).glob("*.json")):
        shutil.copy(file, home)
    (home / name).mkdir()
    _draw.append(getattr(engines, name)(home, str(EXAMPLES / f"{FAMILIES[0]}.yaml"), "krg_agreement"))


def _some(kinds: list[str]) -> int:
    for kind in kinds:
        _draw[0](kind)
    return len(kinds)


def pooled(name: str, folder: str, papers: int, workers: int) -> dict[str, float]:
    """Draw the three papers of the benchmark by turns, in processes, with one engine."""
    import papers as kinds

    mixed = [list(kinds.KINDS)[number % len(kinds.KINDS)] for number in range(papers)]
    chunks = [mixed[n : n + 25] for n in range(0, papers, 25)]

    def work() -> int:
        with ProcessPoolExecutor(workers, initializer=_begin, initargs=(name, folder)) as pool:
            return sum(pool.map(_some, chunks))

    return measured(work)


MORE = 40
"""So many times more papers papka draws: the start of the pool counts, and docxtpl cannot be waited for."""


def beside(papers_: int, workers: int, room: Path) -> dict[str, dict[str, float]]:
    """Draw papers with papka and with docxtpl, each in a fresh pool."""
    import papers

    papers.build(room)
    for kind in papers.KINDS:
        data = json.dumps(papers.data(kind), ensure_ascii=False)
        (room / f"{kind}.json").write_text(data, "utf-8")
    asked = {"papka": papers_ * MORE, "docxtpl": papers_}
    return {name: apart(pooled, name, str(room), count, workers) for name, count in asked.items()}


def rival(papers_: int, workers: int, rounds: int, room: Path) -> int:
    """Show what the same papers cost papka and docxtpl, in the same pool, rendering only."""
    ratios = []
    for number in range(rounds):
        (room / str(number)).mkdir()
        told = beside(papers_, workers, room / str(number))
        ratios.append(told["docxtpl"]["ms"] / told["papka"]["ms"])
        said = {name: f"{one['papers']:.0f} papers, {one['ms']:.2f} ms each" for name, one in told.items()}
        print(f"{said}, start of the pool included: ratio {ratios[-1]:.1f}", flush=True)
    print(f"docxtpl / papka, CPU of a paper: {statistics.median(ratios):.1f}")
    return 0


# --- for benchmarks/run.py -------------------------------------------------------------------------------


def suite(asked: Asked) -> Iterator[Table]:
    """Yield the tables of the report: how a batch grows, and what docxtpl takes in the same pool."""
    from measuring import Series, Table

    counts = [30] if asked.quick else [100, 1000, 10_000, *([100_000] if asked.long else [])]
    rows: list[list[str]] = []
    room = asked.folder / "growth"
    room.mkdir()
    known: dict[tuple[str, int], float] = {}
    for count, (name, told) in zip(_thrice(counts), growth(counts, 2, room), strict=True):
        asked.tell(f"{count} papers, {name}")
        known[name, count] = told["ms"]
        against = known[name, min(c for n, c in known if n == name and (c >= 1000 or c == count))]
        pool = known.get(("processes", count), told["ms"])
        rows.append([*row(name, told), f"{told['ms'] / against:.2f}", f"{told['ms'] / pool:.2f}"])
    notes = [
        "The whole way: a case is read and checked, rules are asked, papers drawn, proven, marked, written.",
        "Goals: a paper of 10,000 takes at most 1.15 of one of 1,000, the parent at most 15 MiB more; and a "
        "pool less than 0.95 of Dask.",
    ]
    if not asked.long:
        notes.append("100,000 papers: --long. Workers killed: benchmarks/batch.py whole --papers 100000")
    yield Table("Batch: the whole way", [*HEAD, "to 1,000 papers", "to processes"], rows, notes)
    series, last = Series(), {}
    for number in range(asked.rounds):
        room = asked.folder / f"rival{number}"
        room.mkdir()
        last = beside(3 if asked.quick else 60, 2, room)
        for name, told in last.items():
            series.add(name, told["ms"] / 1000)
    lines = [[name, f"{told['papers']:.0f}", series.cell(name, "papka")] for name, told in last.items()]
    said = "Three papers by turns, rendering only, in a pool of 2, its start included. Goal: at least 30."
    yield Table("Batch: beside docxtpl", ["engine", "papers", "CPU ms a paper (to papka)"], lines, [said])


def _thrice(counts: list[int]) -> Iterator[int]:
    """Go through the counts as `growth` does: one process draws the small ones only."""
    for count in counts:
        yield from [count] * (3 if count <= 1000 else 2)


def main() -> int:
    """Read what is wanted."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("what", choices=("grow", "rival", "whole"))
    parser.add_argument("--papers", type=int, nargs="+", default=[])
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--kill", type=int, default=1, help="how many workers are killed on the way")
    parser.add_argument("--room", type=Path, help="a folder for offices and papers; what lies there goes")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.room) as name:
        room = Path(name)
        if asked.what == "whole":
            return whole((asked.papers or [1000])[0], asked.workers, asked.kill, room)
        if asked.what == "rival":
            return rival((asked.papers or [300])[0], asked.workers, asked.rounds, room)
        return grow(asked.papers or [100, 1000], asked.workers, room)


if __name__ == "__main__":
    sys.exit(main())
