"""The range: one shot is one command of papka on hostile input; what came of it is held against the promises."""

from __future__ import annotations

import io
import json
import os
import shutil
import socket
import stat
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CANARY = "КАНАРЕЙКА"
"""A value of a family's: it may stand in papers and never in what a command says."""

BAIT = "BAIT-7f3a9c"
"""What lies in files that no input may make papka read."""

URL = "http://127.0.0.1:{port}/siege"
SECONDS = 30.0
MEMORY = 2**30
ORDINARY = frozenset({0, 1, 2, 3})
_FAILED = ("Traceback (most recent call last)", "Papka failed", "Сбой papka", "Fatal Python error")


@dataclass(frozen=True)
class Shot:
    """One attack.

    Attributes:
        files: What lies in the office's folder, by its path there; a function is called with the path.
        codes: The exit codes that are right.
        says: Words, or the id of a finding, that the answer has to hold.
        office: Whether the folder is an office with a case and an issued paper.
    """

    name: str
    arguments: Sequence[str]
    files: Mapping[str, bytes | Callable[[Path], object]] = field(default_factory=dict)
    codes: frozenset[int] = ORDINARY
    says: str = ""
    office: bool = False
    environ: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """What came of a shot; ``wrong`` names each broken promise."""

    shot: Shot
    code: int
    seconds: float
    cpu: float
    memory: int
    said: str
    new: tuple[str, ...]
    wrong: tuple[str, ...]


class Range:
    """Where shots are fired: a folder of its own, a listener that nobody may call, bait that nobody may take."""

    def __init__(self, folder: Path, office: Path | None = None, *, slack: float = 1.0) -> None:
        """Set up the range.

        Args:
            office: A ready office; a shot that needs one gets a copy.
            slack: By how much the limit of time is stretched, on a machine with much else to do.
        """
        self.folder = folder
        self.office = office
        self.seconds = SECONDS * slack
        self.calls: list[str] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()
        self._server: subprocess.Popen[str] | None = None
        self.bait = folder / "bait" / "secret.txt"
        self.count = 0

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                caller, _ = self._listener.accept()
                self.calls.append(repr(caller.recv(100)))
                caller.close()

    def close(self) -> None:
        """End the server and the listener."""
        self._listener.close()
        if self._server is not None:
            assert self._server.stdin
            self._server.stdin.close()
            self._server.wait(30)

    @property
    def server(self) -> subprocess.Popen[str]:
        """The process that fires."""
        if self._server is None or self._server.poll() is not None:
            environ = {k: v for k, v in os.environ.items() if not k.startswith(("PAPKA_", "LC_", "LANG"))}
            self._server = subprocess.Popen(
                [sys.executable, str(Path(__file__).with_name("server.py"))],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env=environ
                | {"PYTHONUTF8": "1", "PAPKA_LANG": "en", "XDG_CACHE_HOME": str(self.folder / "cache")},
            )
            assert self._server.stdout
            self._server.stdout.readline()
        return self._server

    def fire(self, shot: Shot) -> Outcome:
        """Fire one shot on a fresh ground, and look at everything that it could have touched."""
        self.count += 1
        ground = self.folder / f"ground{self.count}"
        office, home, temporary = ground / "a" / "b" / "office", ground / "home", ground / "tmp"
        for one in (office.parent, home, temporary, self.bait.parent):
            one.mkdir(parents=True, exist_ok=True)
        self.bait.write_text(f"{BAIT}\n", "utf-8")
        if shot.office and self.office is not None:
            shutil.copytree(self.office, office)
        else:
            office.mkdir()
        for name, content in shot.files.items():
            place = office / name
            place.parent.mkdir(parents=True, exist_ok=True)
            if callable(content):
                content(place)
            else:
                place.write_bytes(content)
        before, calls = set(_tree(ground)), len(self.calls)
        answer = self._ask(shot, ground, office, home, temporary)
        said = "".join((ground / one).read_text("utf-8", "replace") for one in ("out", "err"))
        new = sorted(set(_tree(ground)) - before - {"out", "err"})
        wrong = [*self._wrong(shot, answer, said, new, ground), *self.calls[calls:]]
        shutil.rmtree(ground, ignore_errors=True)
        return Outcome(
            shot,
            answer["code"],
            answer["seconds"],
            answer["cpu"],
            answer["memory"],
            said,
            tuple(new),
            tuple(wrong),
        )

    def _ask(self, shot: Shot, ground: Path, office: Path, home: Path, temporary: Path) -> dict[str, Any]:
        cache = str(self.folder / "cache") if "XDG_CACHE_HOME" not in shot.environ else ""
        environ = {
            "PATH": os.environ["PATH"], "HOME": str(home), "TMPDIR": str(temporary), "XDG_CACHE_HOME": cache,
            "PYTHONUTF8": "1", "LANG": "C.UTF-8", "PAPKA_LANG": "en",
            # What is not papka's own: the editor of this computer, and what pip asks for its own name.
            "EDITOR": "true", "RUSTUP_HOME": "rustup", **shot.environ,
        }  # fmt: skip
        request = {
            "arguments": [one.replace("{bait}", str(self.bait)) for one in shot.arguments],
            "folder": str(office), "environ": environ, "out": str(ground / "out"), "err": str(ground / "err"),
            "seconds": self.seconds * 1.2, "memory": 3 * MEMORY,
        }  # fmt: skip
        server = self.server
        assert server.stdin and server.stdout
        print(json.dumps(request), file=server.stdin, flush=True)
        line = server.stdout.readline()
        return dict(json.loads(line))

    def _wrong(
        self, shot: Shot, answer: Mapping[str, Any], said: str, new: Sequence[str], ground: Path
    ) -> Iterator[str]:
        if answer["code"] not in shot.codes:
            yield f"exit code {answer['code']}"
        if answer["late"] or answer["seconds"] > self.seconds:
            yield f"took {answer['seconds']:.0f} s"
        if answer["memory"] > MEMORY:
            yield f"took {answer['memory'] / 2**20:.0f} MiB"
        yield from (f"said: {word}" for word in _FAILED if word in said)
        if shot.says and shot.says not in said:
            yield f"did not say {shot.says!r}"
        if CANARY in said:
            yield "a value was said: " + next(line for line in said.splitlines() if CANARY in line)[:160]
        if BAIT in said:
            yield "a foreign file was shown"
        yield from (f"left running: {one}" for one in answer["left"])
        for name in new:
            if not name.startswith("a/b/office/"):
                yield f"left outside the office: {name}"
            elif _holds(ground / name, BAIT):
                yield f"a foreign file was read into {name}"
        if self.bait.read_text("utf-8") != f"{BAIT}\n" or len(list(self.bait.parent.iterdir())) != 1:
            yield "the bait was touched"


def ready_office(folder: Path) -> Path:
    """Make an office with one fictional case and one issued paper, by the command itself."""
    office = folder / "ready"
    environ = os.environ | {"PAPKA_LANG": "en", "XDG_CACHE_HOME": str(folder / "cache"), "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "papka.core"]

    def papka(*words: str, cwd: Path) -> None:
        subprocess.run([*command, *words], cwd=cwd, env=environ, check=True, capture_output=True)

    papka("init", str(office), cwd=folder)
    with (office / "office.yaml").open("a", encoding="utf-8") as settings:
        settings.write("organisation: {full_name: Центр помощи семье, short_name: Центр}\n")
    case = office / "cases/KRG-1/case.yaml"
    case.parent.mkdir()
    example = Path(__file__).parents[2] / "plugins/kurgan_ipss/examples/bezotchestva.yaml"
    shutil.copyfile(example, case)
    papka("issue", "KRG-1", "krg_request_card", "--no-pdf", cwd=office)
    papka("template", "override", "krg_ipss", cwd=office)
    papka("form", "blank", "closing", "--case", "KRG-1", "--out", "closing.docx", cwd=office)
    return office


def _tree(ground: Path) -> Iterator[str]:
    for folder, folders, files in os.walk(ground):
        for name in (*folders, *files):
            yield str((Path(folder) / name).relative_to(ground))


def _holds(file: Path, word: str) -> bool:
    """Tell whether a file, or a member of it, holds a word."""
    if not stat.S_ISREG(file.lstat().st_mode):
        return False
    body = file.read_bytes()[: 50 * 2**20]
    if word.encode() in body:
        return True
    if body[:4] != b"PK\3\4":
        return False
    with suppress(zipfile.BadZipFile), zipfile.ZipFile(io.BytesIO(body)) as archive:
        return any(word.encode() in archive.read(one) for one in archive.infolist() if one.file_size < 2**26)
    return False
