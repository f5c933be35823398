"""One LibreOffice that is kept running: started, tried out, told to draw, stopped with all its children.

It is spoken to over a pipe by a small program in another Python (`uno_worker.py`), whose lines are read here.
"""

from __future__ import annotations

import functools
import io
import json
import os
import queue
import shutil
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from .libreoffice import environment, fresh_profile
from .model import EngineFailure, PdfError
from .running import (
    cause_of,
    end_group,
    failure,
    failure_of,
    is_whole_pdf,
    pipe_of,
    private_environment,
    private_room,
    sockets_of,
)

START_SECONDS = 90.0
_WORKER = Path(__file__).with_name("uno_worker.py")
_NO_UNO = 3
_SAID = {"not_read": "bad_file", "not_written": "no_pdf"}


class NoStart(Exception):
    """No LibreOffice could be started."""

    def __init__(self, failed: EngineFailure) -> None:
        super().__init__(failed.text)
        self.failed = failed


class Warm:
    """A running LibreOffice with a profile, a temporary folder and a group of processes of its own.

    Args:
        program: LibreOffice.
        archive: Whether it draws PDF/A-2b.
        seconds: How long a paper may take.
        beside: A folder that goes when papka is killed, like the private one.

    Raises:
        NoStart: It did not start, or does not keep to what is forbidden to it.
    """

    def __init__(self, program: Path, *, archive: bool, seconds: float, beside: Path | None = None) -> None:
        python = bridge_python(program)
        if python is None:
            raise NoStart(failure("no_start"))
        self.seconds = seconds
        self.drawn = 0
        self._orders = 0
        self._answers: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._process: subprocess.Popen[bytes] | None = None
        self._office: tuple[int, ...] = ()
        self._stack = ExitStack()
        self._stopping = threading.Lock()
        try:
            self.room = self._stack.enter_context(private_room())
            self._process = self._started(program, python, archive, beside)
            self._stack.callback(self._end)
            threading.Thread(target=self._listen, args=(self._process,), daemon=True).start()
            self._greeted()
            self._try_out()
        except PdfError as error:
            self.stop()
            raise NoStart(EngineFailure(error.code, str(error))) from None
        except OSError as error:
            self.stop()
            raise NoStart(failure_of(error)) from None
        except BaseException:
            self.stop()
            raise

    def _started(
        self, program: Path, python: Path, archive: bool, beside: Path | None
    ) -> subprocess.Popen[bytes]:
        profile = fresh_profile(self.room, archive=archive)
        left = [self.room, *sockets_of(self.room), *([beside] if beside else [])]
        command = [python, _WORKER, program, profile.as_uri(), pipe_of(self.room), os.getpid(), *left]
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        windows = sys.platform == "win32"
        return subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**kept, **private_environment(self.room), **environment(self.room)},
            cwd=self.room,
            creationflags=_windows_flags() if windows else 0,
            start_new_session=not windows,
        )

    def _listen(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        with suppress(OSError, ValueError), process.stdout:
            for line in process.stdout:
                self._answers.put(json.loads(line))
        self._answers.put(None)

    def _greeted(self) -> None:
        try:
            answer = self._answer(START_SECONDS)
        except TimeoutError:
            answer = None
        if answer is None:
            raise NoStart(cause_of("no_start", self.room))
        self._office = (int(answer["office"]),)

    def _answer(self, seconds: float) -> dict[str, Any] | None:
        try:
            return self._answers.get(timeout=seconds)
        except queue.Empty:
            raise TimeoutError from None

    def _try_out(self) -> None:
        """See that it keeps to what is forbidden: a picture that lies outside of a paper is not drawn."""
        secret, paper, pdf = (self.room / "in" / name for name in ("outside.png", "try.docx", "try.pdf"))
        secret.write_bytes(_PICTURE)
        paper.write_bytes(_paper_with(secret.as_uri()))
        failed = self._draw(paper, pdf, START_SECONDS)
        if failed is not None:
            raise NoStart(failed if failed.code in ("full_disk", "no_room") else failure("no_start"))
        if b"/Subtype/Image" in pdf.read_bytes():
            raise NoStart(failure("not_shut_in"))
        self.drawn = 0
        for made in (secret, paper, pdf):
            made.unlink()

    @property
    def alive(self) -> bool:
        """Tell whether it runs."""
        return self._process is not None and self._process.poll() is None

    def draw(self, source: Path, target: Path) -> EngineFailure | None:
        """Draw one paper; after a failure of another kind than the paper's own it runs no more."""
        done = False
        try:
            failed = self._draw(source, target, self.seconds)
            done = failed is None or failed.code in _SAID.values()
            return failed
        finally:
            if not done:
                self.stop()

    def _draw(self, source: Path, target: Path, seconds: float) -> EngineFailure | None:
        self._orders += 1
        order = {"id": self._orders, "source": source.as_uri(), "target": target.as_uri()}
        assert self._process is not None and self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(order).encode() + b"\n")
            self._process.stdin.flush()
            answer = self._answer(seconds)
        except TimeoutError:
            return failure("timeout")
        except OSError:
            answer = None
        if answer is None or answer.get("id") != self._orders:
            return cause_of("crashed", self.room)
        self.drawn += 1
        said = answer["said"]
        if said == "drawn" and is_whole_pdf(target):
            return None
        return cause_of(_SAID.get(said, "no_pdf"), self.room)

    def stop(self) -> None:
        """End it with all its children, and remove what it has; it may be in the middle of a paper."""
        with self._stopping:
            self._stack.close()

    def _end(self) -> None:
        if self._process is not None:
            end_group(self._process, *self._office)
            if self._process.stdin is not None:
                with suppress(OSError):
                    self._process.stdin.close()


def _windows_flags() -> int:
    if sys.platform == "win32":
        return subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
    return 0


@functools.cache
def bridge_python(program: Path) -> Path | None:
    """Return a Python in which LibreOffice's bridge can be imported, or None."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    with private_room() as room:
        for python in _pythons(program):
            try:
                asked = subprocess.run(
                    [str(python), "-c", "import uno"],
                    stdin=subprocess.DEVNULL,
                    capture_output=True,
                    timeout=30,
                    check=False,
                    env={**kept, **environment(room)},
                )
            except (OSError, subprocess.TimeoutExpired):
                continue
            if asked.returncode == 0:
                return python
    return None


def _pythons(program: Path) -> Iterator[Path]:
    """Go through the Pythons that may know the bridge: LibreOffice's own, the system's, papka's."""
    with suppress(OSError):
        beside = program.resolve().parent
        for name in ("python.exe", "python", "../Resources/python"):
            if (own := beside / name).is_file():
                yield own
    for place in ("/usr/bin/python3", "/usr/local/bin/python3"):
        if Path(place).is_file():
            yield Path(place)
    if found := shutil.which("python3"):
        yield Path(found)
    if sys.executable:
        yield Path(sys.executable)


# --- the paper that a LibreOffice is tried out with -------------------------------------------------------

_PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000002000000020802000000fdd49a73"
    "0000001049444154789c63f8cfc0f01f8c198080010020f003fdb3c8ae180000000049454e44ae426082"
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_BODY = (
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    f'xmlns:r="{_OFFICE}"><w:body><w:p><w:r><w:t>1</w:t></w:r><w:r><w:drawing>'
    f'<wp:inline xmlns:wp="{_DRAWING}/wordprocessingDrawing"><wp:extent cx="900000" cy="900000"/>'
    f'<wp:docPr id="1" name="1"/><a:graphic xmlns:a="{_DRAWING}/main"><a:graphicData '
    f'uri="{_DRAWING}/picture"><pic:pic xmlns:pic="{_DRAWING}/picture"><pic:nvPicPr>'
    '<pic:cNvPr id="1" name="1"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:link="outside"/>'
    '<a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/>'
    '<a:ext cx="900000" cy="900000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
    "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p></w:body></w:document>"
)


def _paper_with(link: str) -> bytes:
    """Return a Word file that links a picture outside of it."""
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    members = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override '
        f'PartName="/word/document.xml" ContentType="{main}"/></Types>',
        "_rels/.rels": _relation("officeDocument", "word/document.xml", ""),
        "word/document.xml": _BODY,
        "word/_rels/document.xml.rels": _relation("image", link, ' TargetMode="External"'),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return out.getvalue()


def _relation(kind: str, target: str, mode: str) -> str:
    return (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="outside" '
        f'Type="{_OFFICE}/{kind}" Target="{target}"{mode}/></Relationships>'
    )
