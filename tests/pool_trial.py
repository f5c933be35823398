"""Many papers, eight callers, and all that can go wrong: does each paper arrive, whole, as itself, and nothing else?

    python tests/pool_trial.py 2000        takes an hour or so; what it saw is printed as JSON

Callers are threads of one pool, and processes that were forked with it. Meanwhile LibreOffice is killed and
stopped at random, the disk of temporary files fills up, fonts vanish, and among the papers are files that are none.
Each paper bears a number of its own, by which it is known in its PDF. What is refused is named; once the faults
are over it is drawn again, and has to arrive. Processes are found by the folder of this trial in their command, so
no other LibreOffice is touched.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from small_papers import numbered, par, related_to_itself, table, word_file

from papka.output.pdf import LibreOffice, PdfEngine, Pool, Rdocx
from papka.output.pdf.pages import texts
from papka.output.pdf.running import ROOM, sockets_of

CALLERS = 8
PATIENCE = 15.0
NAMED = {"bad_file", "missing", "folder"}
LATER = {"timeout", "crashed", "no_pdf", "hung", "no_start", "full_disk", "no_room", "cannot_write"} | {
    "incomplete"
}
_NUMBER = re.compile(r"дело-(\d{6})-конец")
_TEXT = "Куратор помогает семье оформить документы, записаться к врачу и составить план на месяц. "


@dataclass
class Seen:
    """What a trial saw."""

    papers: int
    arrived: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    drawn_later: int = 0
    engines: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    seconds: float = 0

    def as_json(self) -> dict[str, Any]:
        return {**vars(self), **{n: dict(getattr(self, n)) for n in ("refused", "engines", "faults")}}


GOOD, BAD = "good", "bad"
"""What a file is: a paper, or no paper."""


def make_papers(folder: Path, count: int, chance: random.Random) -> dict[Path, str]:
    """Write papers, each with its number; one in twenty-five is no Word file, or kills LibreOffice if let through."""
    papers = {}
    for number in range(count):
        path = folder / f"{number:06}.docx"
        said = f"дело-{number:06}-конец"
        papers[path] = BAD if chance.random() < 1 / 25 else GOOD
        if papers[path] == BAD:
            _spoil(path, chance.randrange(6))
            continue
        lines = [par(f"Бумага {said}"), *(par(_TEXT * chance.randrange(1, 9)) for _ in range(9))]
        lines += [numbered(f"Пункт {n}") for n in range(4)] + [table([["№", "Имя"], ["1", f"Анна {number}"]])]
        word_file(path, "".join(lines), par(f"Карта {said}"))
    return papers


def _spoil(path: Path, kind: int) -> None:
    if kind == 0:
        path.write_text("просто текст", encoding="utf-8")
    elif kind == 1:
        path.write_bytes(b"{\\rtf1 text}")
    elif kind == 2:
        whole = word_file(path, par("цел")).read_bytes()
        path.write_bytes(whole[: len(whole) // 2])
    elif kind == 3:
        path.mkdir()
    elif kind == 4:
        related_to_itself(path, par("Петля"))
    # The sixth is not there at all.


class Faults:
    """What goes wrong meanwhile, until told to stop; each fault by itself is counted."""

    def __init__(self, folder: Path, chance: random.Random, pause: float, *, small_disk: bool) -> None:
        self.folder, self.chance, self.pause, self.small_disk = folder, chance, pause, small_disk
        self.count: Counter[str] = Counter()
        self.rooms: set[Path] = set()
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=one) for one in (self._hurt, self._watch)]

    def __enter__(self) -> Faults:
        for one in self._threads:
            one.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for one in self._threads:
            one.join()

    def _watch(self) -> None:
        while not self._stop.wait(0.05):
            self.rooms |= set(self.folder.glob(f"{ROOM}*"))

    def _hurt(self) -> None:
        kinds = [self._kill, self._kill, self._hang, self._kill_worker, *([self._fill] * self.small_disk)]
        while not self._stop.wait(self.chance.uniform(0.5, 1.5) * self.pause):
            self.chance.choice(kinds)()

    def _signal(self, name: str, sign: signal.Signals, said: str) -> None:
        victims = [
            pid for pid, words in processes(self.folder) if name in words[0] or name in " ".join(words[:2])
        ]
        if victims:
            with suppress(ProcessLookupError):
                os.kill(self.chance.choice(victims), sign)
                self.count[said] += 1

    def _kill(self) -> None:
        self._signal("soffice.bin", signal.SIGKILL, "LibreOffice killed")

    def _hang(self) -> None:
        self._signal("soffice.bin", signal.SIGSTOP, "LibreOffice stopped")

    def _kill_worker(self) -> None:
        self._signal("uno_worker", signal.SIGKILL, "worker killed")

    def _fill(self) -> None:
        filler = self.folder / "filler"
        with suppress(OSError), filler.open("wb") as stream:
            while True:
                stream.write(b"\0" * 2**20)
        self.count["disk full"] += 1
        self._stop.wait(self.chance.uniform(0.5, 2.5))
        filler.unlink()


def processes(folder: Path) -> Iterator[tuple[int, list[str]]]:
    """Go through the processes that name a folder in their command, and are no zombies."""
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            words = (entry / "cmdline").read_bytes().decode("utf-8", "replace").split("\0")
            if any(str(folder) in word for word in words) and int(entry.name) != os.getpid():
                yield int(entry.name), words


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[bool]:
    """Lay a small disk over a folder, where that is allowed; tell whether it was."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=700", "tmpfs", str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        done = False
    try:
        yield done
    finally:
        if done:
            subprocess.run(["umount", str(folder)], check=False)


def _draw_some(pool: Pool, papers: Sequence[Path], into: Path, told: Any) -> None:
    for paper in papers:
        result = pool.convert(paper, into / f"{paper.stem}.pdf")
        refusal = result.refusal
        told.put((int(paper.stem), result.engine, refusal.code if refusal else None, str(refusal or "")))
        if refusal is not None and refusal.code == "full_disk":
            # As a person would: what comes next would be refused as fast.
            time.sleep(1)


def _in_process(pool: Pool, papers: Sequence[Path], into: Path, told: Any) -> None:
    with pool:
        _draw_some(pool, papers, into, told)


def trial(folder: Path, count: int, *, seed: int, pause: float, forked: int = 3, workers: int = 2) -> Seen:
    """Carry a trial out in a folder.

    Args:
        pause: About how many seconds there are between two faults.
        forked: How many of the eight callers are processes.
        workers: How many LibreOffice the threads have; each process has one of its own.
    """
    chance = random.Random(seed)
    begun = time.monotonic()
    temporary, source, into = (folder / name for name in ("tmp", "in", "out"))
    for one in (temporary, source, into):
        one.mkdir()
    kinds = make_papers(source, count, chance)
    papers = list(kinds)
    seen = Seen(count)
    before, tempfile.tempdir = tempfile.tempdir, str(temporary)
    engines: list[PdfEngine] = [LibreOffice(stall=PATIENCE), Rdocx(stall=PATIENCE)]
    try:
        with small_disk(temporary, "96m") as small:
            with Faults(temporary, chance, pause, small_disk=small) as faults:
                told = _all_callers(Pool(engines, workers), papers, into, forked)
            seen.faults = faults.count
            again = [n for n, (_, code, _) in told.items() if code in LATER and kinds[papers[n]] == GOOD]
            with Pool(engines, workers) as pool:
                for number in again:
                    later = pool.convert(papers[number], into / f"{number:06}.pdf")
                    seen.drawn_later += later.pdf is not None
                    if later.refusal:
                        seen.wrong.append(f"{number}: still refused, {later.refusal.code}")
            _judge(seen, told, kinds, into)
            seen.left = _left(temporary, faults.rooms)
    finally:
        tempfile.tempdir = before
    seen.seconds = round(time.monotonic() - begun, 1)
    return seen


Told = dict[int, tuple[str, str | None, str]]


def _all_callers(pool: Pool, papers: Sequence[Path], into: Path, processes: int) -> Told:
    """Let threads and processes draw the papers, each its share; return what each was told."""
    forked = multiprocessing.get_context("fork")
    queue = forked.Queue()
    shares = [papers[n::CALLERS] for n in range(CALLERS)]
    others = [
        forked.Process(target=_in_process, args=(pool, share, into, queue)) for share in shares[:processes]
    ]
    # Forked before this process has threads that draw, with a pool that is the parent's.
    for one in others:
        one.start()
    threads = [
        threading.Thread(target=_draw_some, args=(pool, share, into, queue)) for share in shares[processes:]
    ]
    with pool:
        for thread in threads:
            thread.start()
        told: Told = {}
        for _ in papers:
            number, engine, code, text = queue.get(timeout=1200)
            told[number] = (engine, code, text)
        for caller in (*threads, *others):
            caller.join()
    return told


def _judge(seen: Seen, told: Told, kinds: dict[Path, str], into: Path) -> None:
    """Say of each paper whether it arrived as itself."""
    for number, kind in enumerate(kinds.values()):
        engine, code, text = told[number]
        if code is None:
            seen.engines[engine] += 1
        else:
            seen.refused[code] += 1
            named = NAMED | {"full_disk", "no_room"} if kind == BAD else LATER
            if not text or code not in named:
                seen.wrong.append(f"{number}: {kind}, {code}")
        pdf = into / f"{number:06}.pdf"
        if pdf.is_file() != (kind == GOOD):
            seen.wrong.append(f"{number}: {'lost' if kind == GOOD else 'a PDF of no paper'}")
        elif pdf.is_file():
            found = {int(n) for page in texts(pdf.read_bytes()) or () for n in _NUMBER.findall(page)}
            seen.arrived += found == {number}
            if found != {number}:
                seen.wrong.append(f"{number}: holds {sorted(found)}")
    extra = {path.name for path in into.iterdir()} - {f"{n:06}.pdf" for n in range(len(kinds))}
    seen.wrong += [f"{name}: left behind" for name in sorted(extra)]


def _left(temporary: Path, rooms: set[Path]) -> list[str]:
    """Say what is left of the trial: processes, folders, sockets."""
    deadline = time.monotonic() + 10
    while (
        alive := [" ".join(words)[:80] for _, words in processes(temporary)]
    ) and time.monotonic() < deadline:
        time.sleep(0.2)
    sockets = [socket for room in rooms for socket in sockets_of(room) if socket.exists()]
    return [*alive, *(path.name for path in temporary.iterdir()), *map(str, sockets)]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="pool-trial-") as place:
        result = trial(Path(place), int(sys.argv[1]), seed=int((sys.argv[2:] or ["1"])[0]), pause=2.0)
    print(json.dumps(result.as_json(), ensure_ascii=False, indent=1))
    sys.exit(bool(result.wrong or result.left))
