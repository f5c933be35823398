"""Two versions of a plugin, each a folder, a file or an installed name, at work side by side."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from email import message_from_string
from pathlib import Path
from typing import Any

from ...core.errors import AskedWrongly, PapkaError
from ...core.i18n import tr
from ...core.zips import BROKEN
from ..project import announces
from .telling import Told

_ARCHIVES = (".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".tar")
_MOST = 500 * 2**20


@dataclass(frozen=True, slots=True)
class Version:
    """A version that can be opened.

    Attributes:
        asked: As the person named it.
        name: What its own process opens: a folder, or a name.
        path: A folder whose packages come before the installed ones; None: nothing does.
    """

    asked: str
    name: str
    path: Path | None = None


def version_of(asked: str, room: Path) -> Version:
    """Make a version ready to be opened; a file is unpacked into a room of its own.

    Raises:
        AskedWrongly: There is no such file, or no plugin in it.
    """
    path = Path(asked)
    if path.is_file():
        return _unpacked(path, room)
    if path.is_dir() and announces(path):
        return Version(asked, str(path.resolve()))
    if path.is_dir() and (inner := _projects(path)):
        return Version(asked, str(inner[0].resolve()))
    return Version(asked, asked)


def _unpacked(file: Path, room: Path) -> Version:
    room.mkdir(parents=True)
    try:
        if file.name.endswith(_ARCHIVES):
            with tarfile.open(file) as archive:
                _weigh(file, (one.size for one in archive))
                archive.extractall(room, filter="data")
        else:
            with zipfile.ZipFile(file) as archive:
                _weigh(file, (one.file_size for one in archive.infolist()))
                archive.extractall(room)
    except (*BROKEN, tarfile.TarError) as error:
        words = tr("{file} is no wheel, no source archive and no zip file, or it is damaged.")
        raise AskedWrongly(words.format(file=file.name)) from error
    for told in sorted(room.glob("*.dist-info/METADATA")):
        if (told.parent / "entry_points.txt").is_file():
            name = message_from_string(told.read_text("utf-8"))["Name"]
            return Version(str(file), str(name), room)
    inner = _projects(room)
    if not inner:
        words = tr("{file} holds no plugin: nothing in it announces one.")
        raise AskedWrongly(words.format(file=file.name))
    return Version(str(file), str(inner[0]))


def _weigh(file: Path, sizes: Iterable[int]) -> None:
    """Refuse an archive that would fill the disk.

    Raises:
        AskedWrongly: No plugin is as large as that.
    """
    whole = 0
    for size in sizes:
        whole += size
        if whole > _MOST:
            words = tr("{file} is larger than any plugin, and was not unpacked.")
            raise AskedWrongly(words.format(file=file.name))


def _projects(folder: Path) -> list[Path]:
    """Return the folders in a folder that announce a plugin, itself or those just within."""
    return [one for one in (folder, *sorted(folder.iterdir())) if one.is_dir() and announces(one)]


# --- at work ---------------------------------------------------------------------------------------------


def compared_with(old: str, new: str, room: Path) -> tuple[Told, Told]:
    """Let two versions tell what they make of the example families of both.

    A family of both is taken as the new version has it; what only the old one has, as it is there.

    Raises:
        AskedWrongly: One of the two is no plugin.
        PapkaError: One of the two cannot be loaded.
    """
    versions = [version_of(asked, room / f"unpacked-{name}") for name, asked in (("old", old), ("new", new))]
    with ExitStack() as stack:
        pair = [
            stack.enter_context(_Worker(version, room / f"papers-{number}"))
            for number, version in enumerate(versions)
        ]
        heard = [{one["name"]: one["path"] for one in worker.heard()["families"]} for worker in pair]
        known = _once({**heard[0], **heard[1]})
        for worker, own in zip(pair, heard, strict=True):
            worker.say(
                [
                    {"name": name, "path": path, "own": own[name] if own.get(name, path) != path else None}
                    for name, path in sorted(known.items())
                ]
            )
        first, second = (worker.heard() for worker in pair)
        return first, second


def _once(known: dict[str, str]) -> dict[str, str]:
    """Keep one name of each file: a variant calls its base's families otherwise than the base does."""
    names = sorted(known, key=lambda name: (name.count("/"), name))
    return {name: path for path, name in {known[name]: name for name in reversed(names)}.items()}


class _Worker:
    """A version in its own process."""

    def __init__(self, version: Version, folder: Path) -> None:
        self.version = version
        paths = [str(version.path)] if version.path else []
        paths += [one for one in os.environ.get("PYTHONPATH", "").split(os.pathsep) if one]
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", f"{__package__}.telling", version.name, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONIOENCODING": "utf-8"},
        )

    def __enter__(self) -> _Worker:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self._process.kill()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                try:
                    stream.close()
                except OSError:
                    continue
        self._process.wait()

    def say(self, data: Sequence[Any]) -> None:
        """Tell the process what to work on."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(data) + "\n")
        self._process.stdin.flush()

    def heard(self) -> Told:
        """Wait for the next answer.

        Raises:
            PapkaError: The version cannot be loaded; the sentence names it.
        """
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            words = tr("{version} could not be tried: its process ended early.")
            raise PapkaError(words.format(version=self.version.asked))
        told: Told = json.loads(line)
        if "error" in told:
            error = AskedWrongly if told["code"] == AskedWrongly.exit_code else PapkaError
            raise error(f"{self.version.asked}: {told['error']}")
        return told
