"""How a PDF engine is run: apart, watched, one paper stopping no other.

An engine is a program of its own. It gets copies of the papers under plain names in a private folder, has to
show progress, and is ended with all its children when it does not. Its exit code is not believed: a paper is
made when a whole PDF lies there.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from ...core.aside import is_gone
from ...core.i18n import tr
from .model import Converted, EngineFailure, PdfError

ROOM = "papka-pdf-"
_STALE = 24 * 3600


@dataclass(frozen=True, slots=True)
class Ended:
    """How a watched program ended."""

    returncode: int | None
    stalled: bool

    @property
    def badly(self) -> bool:
        """Whether it was stopped, or crashed."""
        return self.stalled or self.returncode != 0


@dataclass(frozen=True, slots=True)
class Recipe:
    """How an engine is started.

    Attributes:
        command: Gives the command for some papers, the folder for the PDFs and the private folder.
        environment: Gives what is to stand in the environment beside what is there.
        stall: Seconds without a new PDF after which the engine is taken for hung.
        chunk: How many papers one start draws at most.
    """

    command: Callable[[Sequence[Path], Path, Path], Sequence[str]]
    environment: Callable[[Path], Mapping[str, str]]
    stall: float
    chunk: int


def failure(code: str) -> EngineFailure:
    """Return a failure with its text."""
    texts = {
        "missing": tr("The Word file is not there."),
        "folder": tr("This is a folder and no Word file."),
        "unreadable": tr("The Word file may not be read by this user."),
        "full_disk": tr("There is no room left on the disk where papka draws PDF. Free some, or set TMPDIR."),
        "no_room": tr("Nothing can be written to the folder for temporary files. Set TMPDIR to another."),
        "bad_file": tr("The Word file is damaged."),
        "timeout": tr("The PDF engine did not finish and was stopped."),
        "crashed": tr("The PDF engine crashed on this paper."),
        "no_pdf": tr("The PDF engine made no PDF of this paper."),
        "hung": tr("The PDF engine does not answer; this paper was not tried."),
        "no_start": tr("LibreOffice does not start here; see papka doctor."),
        "not_shut_in": tr("LibreOffice read a file that it was forbidden to read, and was stopped."),
    }
    return EngineFailure(code, texts[code])


def failure_of(error: OSError, *, reading: bool = False) -> EngineFailure:
    """Return the failure that stands for what the system said."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return failure("full_disk")
    if isinstance(error, IsADirectoryError):
        return failure("folder")
    if isinstance(error, PermissionError):
        return failure("unreadable" if reading else "no_room")
    return failure("missing" if reading else "no_room")


def cause_of(code: str, room: Path) -> EngineFailure:
    """Return why an engine failed: where no more can be written to its private folder, that is why."""
    probe = room / "tmp" / "probe"
    try:
        probe.write_bytes(b"\0" * 2**20)
    except OSError as error:
        return failure_of(error)
    finally:
        with suppress(OSError):
            probe.unlink()
    return failure(code)


def convert_watched(documents: Sequence[Path], into: Path, recipe: Recipe) -> list[Converted]:
    """Draw papers with a program that is run apart, in private folders that are removed."""
    results: dict[int, EngineFailure | Path] = {}
    into.mkdir(parents=True, exist_ok=True)
    with private_room() as room:
        queue: dict[int, Path] = {}
        for number, source in enumerate(documents):
            copied = _copy(source, room / "in" / f"{number:05}.docx")
            if isinstance(copied, EngineFailure):
                results[number] = copied
            else:
                queue[number] = copied
        for number, outcome in _Batches(room, recipe).run(queue).items():
            results[number] = outcome
        names = result_names(documents)
        return [_delivered(source, results[n], into / names[n]) for n, source in enumerate(documents)]


def result_names(documents: Sequence[Path]) -> list[str]:
    """Give each paper the name of its PDF; two papers of one name get two names."""
    names: list[str] = []
    taken: set[str] = set()
    for source in documents:
        name, count = f"{source.stem}.pdf", 1
        while name.casefold() in taken:
            count += 1
            name = f"{source.stem}-{count}.pdf"
        taken.add(name.casefold())
        names.append(name)
    return names


def _copy(source: Path, target: Path) -> Path | EngineFailure:
    from ..package import PackageFault, open_package

    try:
        data = source.read_bytes()
        open_package(data)
    except PackageFault as fault:
        return EngineFailure("bad_file", str(fault))
    except OSError as error:
        return failure_of(error, reading=True)
    try:
        target.write_bytes(data)
    except OSError as error:
        return failure_of(error)
    return target


def _delivered(source: Path, outcome: EngineFailure | Path, target: Path) -> Converted:
    if isinstance(outcome, EngineFailure):
        return Converted(source, None, outcome)
    try:
        shutil.copyfile(outcome, target)
    except OSError as error:
        return Converted(source, None, failure_of(error))
    return Converted(source, target)


class _Batches:
    """Draws papers in batches; what a batch leaves out is tried again, at last alone."""

    def __init__(self, room: Path, recipe: Recipe) -> None:
        self.room = room
        self.recipe = recipe
        self.done: dict[int, EngineFailure | Path] = {}
        self.barren = 0

    def run(self, queue: Mapping[int, Path]) -> dict[int, EngineFailure | Path]:
        waiting = [list(queue)[n : n + self.recipe.chunk] for n in range(0, len(queue), self.recipe.chunk)]
        while waiting:
            batch = waiting.pop(0)
            if self.barren >= 3:
                self.done |= dict.fromkeys(batch, failure("hung"))
                continue
            ended = self._draw([queue[number] for number in batch])
            missing = [number for number in batch if not self._keep(number)]
            self.barren = self.barren + 1 if ended.badly and len(missing) == len(batch) else 0
            waiting = [*self._again(missing, len(batch), ended), *waiting]
        return self.done

    def _draw(self, papers: Sequence[Path]) -> Ended:
        out = self.room / "out"
        shutil.rmtree(out)
        out.mkdir(mode=0o700)
        command = self.recipe.command(papers, out, self.room)
        environment = {**os.environ, **private_environment(self.room), **self.recipe.environment(self.room)}
        return run_watched(command, environment, self.room, lambda: _produced(out), self.recipe.stall)

    def _keep(self, number: int) -> bool:
        made = self.room / "out" / f"{number:05}.pdf"
        if not is_whole_pdf(made):
            return False
        self.done[number] = made.rename(self.room / "kept" / made.name)
        return True

    def _again(self, missing: Sequence[int], tried: int, ended: Ended) -> Iterator[list[int]]:
        """Say what to try again: papers are drawn in order, so the first one missing stopped the others."""
        if tried == 1:
            code = "timeout" if ended.stalled else "crashed" if ended.badly else "no_pdf"
            self.done |= {number: cause_of(code, self.room) for number in missing}
        elif ended.badly:
            yield from ([number] for number in missing[:1])
            if missing[1:]:
                yield list(missing[1:])
        else:
            yield from ([number] for number in missing)


def _produced(out: Path) -> tuple[tuple[str, int], ...]:
    with suppress(OSError):
        return tuple(sorted((entry.name, entry.stat().st_size) for entry in os.scandir(out)))
    return ()


def private_environment(room: Path) -> dict[str, str]:
    """Return what sends temporary files into a private folder."""
    folder = str(room / "tmp")
    return {"TMPDIR": folder, "TMP": folder, "TEMP": folder}


def is_whole_pdf(path: Path) -> bool:
    """Tell whether a file is a PDF to its end that opens and has a page."""
    from .pages import page_count

    try:
        with path.open("rb") as stream:
            head = stream.read(5)
            stream.seek(max(0, path.stat().st_size - 1024))
            tail = stream.read()
    except OSError:
        return False
    return head == b"%PDF-" and b"%%EOF" in tail and page_count(path) > 0


@contextmanager
def private_room() -> Iterator[Path]:
    """Give a folder that only this user can read; it is removed with all that is in it.

    Raises:
        PdfError: Nothing can be written where temporary files go.
    """
    try:
        _sweep(Path(tempfile.gettempdir()))
        room = Path(tempfile.mkdtemp(prefix=f"{ROOM}{os.getpid()}-"))
    except OSError as error:
        raise PdfError(*_said(error)) from None
    try:
        try:
            for name in ("in", "out", "kept", "tmp"):
                (room / name).mkdir(mode=0o700)
        except OSError as error:
            raise PdfError(*_said(error)) from None
        yield room
    finally:
        _remove(room)


def _said(error: OSError) -> tuple[str, str]:
    failed = failure_of(error)
    return failed.code, failed.text


def profile_of(room: Path) -> Path:
    """Return where LibreOffice has its profile in a private folder."""
    return room / "profile"


def pipe_of(room: Path) -> str:
    """Return the name of the pipe by which a LibreOffice with this private folder is spoken to."""
    return f"papka{hashlib.sha256(str(room).encode()).hexdigest()[:24]}"


def sockets_of(room: Path) -> list[Path]:
    """Return the sockets that a LibreOffice makes outside of its private folder, and leaves when killed.

    Their names are those of LibreOffice's own `sal/osl/unx/pipe.cxx` and
    `desktop/source/app/officeipcthread.cxx`.
    """
    if sys.platform == "win32":
        return []
    hashed = hashlib.md5(profile_of(room).as_uri().encode("utf-16-le"), usedforsecurity=False).digest()
    # Each byte without the nought before it.
    single = "SingleOfficeIPC_" + "".join(f"{byte:x}" for byte in hashed)
    names = [f"OSL_PIPE_{os.getuid()}_{name}" for name in (single, pipe_of(room))]
    return [Path(folder, name) for folder in ("/tmp", "/var/tmp") for name in names]


def _remove_sockets(room: Path) -> None:
    for socket in sockets_of(room):
        with suppress(OSError):
            socket.unlink()


def _remove(room: Path) -> None:
    _remove_sockets(room)
    for _ in range(5):
        shutil.rmtree(room, ignore_errors=True)
        if not room.exists():
            return
        time.sleep(0.2)


def _sweep(folder: Path) -> None:
    """Remove what a papka that was killed left behind: it holds families' papers.

    A room bears the number of its process: where that is gone, the room goes at once. On Windows, where the
    temporary folder is the user's own and no process can be asked after so, it goes when it is old.
    """
    for old in folder.glob(f"{ROOM}*"):
        with suppress(OSError):
            state = old.lstat()
            mine = sys.platform == "win32" or state.st_uid == os.getuid()
            if mine and (time.time() - state.st_mtime > _STALE or is_gone(_maker(old.name))):
                _remove_sockets(old)
                shutil.rmtree(old, ignore_errors=True)


def _maker(name: str) -> str:
    return name.removeprefix(ROOM).partition("-")[0]


def run_watched(
    command: Sequence[str],
    environment: Mapping[str, str],
    folder: Path,
    progress: Callable[[], object],
    stall: float,
) -> Ended:
    """Run a program in a group of its own; end the whole group when it ends or shows no progress."""
    try:
        process = _start(command, environment, folder)
    except OSError:
        return Ended(None, False)
    try:
        return _watch(process, progress, stall)
    finally:
        end_group(process)


def _watch(process: subprocess.Popen[bytes], progress: Callable[[], object], stall: float) -> Ended:
    seen, since = progress(), time.monotonic()
    while True:
        try:
            return Ended(process.wait(0.05), False)
        except subprocess.TimeoutExpired:
            now = progress()
            if now != seen:
                seen, since = now, time.monotonic()
            elif time.monotonic() - since > stall:
                return Ended(None, True)


def _start(command: Sequence[str], environment: Mapping[str, str], folder: Path) -> subprocess.Popen[bytes]:
    silent = subprocess.DEVNULL
    if sys.platform == "win32":
        flags, session = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW, False
    else:
        flags, session = 0, True
    return subprocess.Popen(
        command,
        stdin=silent,
        stdout=silent,
        stderr=silent,
        env=environment,
        cwd=folder,
        creationflags=flags,
        start_new_session=session,
    )


def end_group(process: subprocess.Popen[bytes], *others: int) -> None:
    """End a program and its children, also those that outlived it; on Windows, those must be named."""
    if sys.platform == "win32":
        for pid in (*((process.pid,) if process.poll() is None else ()), *others):
            kill = ["taskkill", "/PID", str(pid), "/T", "/F"]
            subprocess.run(kill, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    else:
        import signal

        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    with suppress(subprocess.TimeoutExpired):
        process.wait(10)
