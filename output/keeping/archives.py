"""An archive with a list of its members and their digests: written in one pass, read with distrust."""

from __future__ import annotations

import hashlib
import json
import os
import stat
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from ...core.errors import PapkaError
from ...core.i18n import tr
from ...core.outside import is_below, json_in
from ...core.saving import make_private
from ...core.zips import BROKEN

MANIFEST = "MANIFEST.json"
FORMAT = 1
_CHUNK = 1 << 20
_MOST_LIST = 64 << 20
_MOST_LISTED = 2_000_000
_FREE = 64 << 20
_RATIO = 200
"""How many times its size an archive may unpack to, beyond the first megabytes: more is no office."""


@dataclass(frozen=True)
class Manifest:
    """What an archive holds: the digest and the size of each member, and what its maker says of it."""

    files: Mapping[str, tuple[str, int]]
    about: Mapping[str, Any] = field(default_factory=dict)
    format: int = FORMAT


class Writer:
    """Writes members one after another, and their list at the end; the stream need not be seekable."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, allowZip64=True)
        self.files: dict[str, tuple[str, int]] = {}

    def add(self, name: str, content: Iterable[bytes]) -> None:
        """Write a member; what was read is what its digest is of, whoever changes the file meanwhile."""
        digest, size = hashlib.sha256(), 0
        info = zipfile.ZipInfo(name)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = (stat.S_IFREG | 0o600) << 16
        with self._zip.open(info, "w", force_zip64=True) as member:
            for chunk in content:
                digest.update(chunk)
                size += len(chunk)
                member.write(chunk)
        self.files[name] = (digest.hexdigest(), size)

    def add_file(self, name: str, path: Path) -> bool:
        """Write a file; return False if it has gone meanwhile."""
        try:
            stream = path.open("rb")
        except FileNotFoundError:
            return False
        with stream:
            self.add(name, iter(lambda: stream.read(_CHUNK), b""))
        return True

    def close(self, about: Mapping[str, Any]) -> Manifest:
        """Write the list and end the archive."""
        manifest = Manifest(dict(self.files), about)
        self._zip.writestr(MANIFEST, json.dumps(asdict(manifest), ensure_ascii=False, indent=1))
        self._zip.close()
        return manifest


class Reader:
    """Reads an archive that anybody may have made: every name, size and digest is held against its list."""

    def __init__(self, stream: IO[bytes]) -> None:
        """Read the list.

        Raises:
            PapkaError: It is no archive of papka's, or not a safe one.
        """
        try:
            self._zip = zipfile.ZipFile(stream)
            self.manifest = self._read_list()
        except (*BROKEN, TypeError) as error:
            raise PapkaError(tr("This is no archive of papka, or it is damaged.")) from error
        self._check_names(stream)

    def _read_list(self) -> Manifest:
        if self._zip.getinfo(MANIFEST).file_size > _MOST_LIST:
            raise ValueError(MANIFEST)
        raw = self._zip.read(MANIFEST)
        if raw.count(b"[") + raw.count(b"{") > _MOST_LISTED:
            raise ValueError(MANIFEST)
        read = json_in(raw)
        if read["format"] != FORMAT:
            raise PapkaError(tr("A newer papka made this archive: update papka."))
        files = {str(name): (str(sha), int(size)) for name, (sha, size) in read["files"].items()}
        return Manifest(files, dict(read["about"]))

    def _check_names(self, stream: IO[bytes]) -> None:
        infos = [info for info in self._zip.infolist() if info.filename != MANIFEST]
        names = [info.filename for info in infos]
        told = {name.casefold() if os.name == "nt" else name for name in names}
        if len(told) != len(names) or set(names) != set(self.manifest.files):
            raise _unsafe(tr("its list does not name what it holds"))
        for info in infos:
            kind = stat.S_IFMT(info.external_attr >> 16)
            if kind not in (0, stat.S_IFREG) or info.is_dir():
                raise _unsafe(tr("it holds a link or a device"))
            if not is_below(info.filename):
                raise _unsafe(tr("a name in it leads out of the folder"))
            if info.file_size != self.manifest.files[info.filename][1]:
                raise _unsafe(tr("a size in it is not as its list says"))
        stream.seek(0, os.SEEK_END)
        if sum(size for _, size in self.manifest.files.values()) > _FREE + _RATIO * stream.tell():
            raise _unsafe(tr("it would unpack to an unlikely size"))

    def chunks(self, name: str) -> Iterator[bytes]:
        """Go through a member.

        Raises:
            PapkaError: It is not what its digest says.
        """
        digest, left = hashlib.sha256(), self.manifest.files[name][1]
        try:
            with self._zip.open(name) as member:
                while chunk := member.read(_CHUNK):
                    left -= len(chunk)
                    if left < 0:
                        raise _damaged(name)
                    digest.update(chunk)
                    yield chunk
        except BROKEN as error:
            raise _damaged(name) from error
        except Exception as error:
            if type(error).__module__ == "zlib":
                raise _damaged(name) from error
            raise
        if left or digest.hexdigest() != self.manifest.files[name][0]:
            raise _damaged(name)

    def lines(self, name: str) -> Iterator[bytes]:
        """Go through a member line by line."""
        rest = b""
        for chunk in self.chunks(name):
            *whole, rest = (rest + chunk).split(b"\n")
            yield from (line for line in whole if line)
        if rest:
            yield rest

    def unpack(self, folder: Path, wanted: Callable[[str], bool] = lambda _: True) -> int:
        """Write the members into a folder of the owner's, and return how many."""
        count = 0
        for name in self.manifest.files:
            if not wanted(name):
                continue
            place = folder.joinpath(*name.split("/"))
            make_private(place.parent)
            handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
            with os.fdopen(handle, "wb") as stream:
                for chunk in self.chunks(name):
                    stream.write(chunk)
                stream.flush()
                os.fsync(stream.fileno())
            count += 1
        return count


def _unsafe(why: str) -> PapkaError:
    words = tr("The archive is not safe to unpack: {why}. Nothing was written.")
    return PapkaError(words.format(why=why))


def _damaged(name: str) -> PapkaError:
    # The name of a file may be a worker's own words.
    kind = name.rsplit(".", 1)[-1] if "." in name else "?"
    return PapkaError(tr("A file in the archive is damaged (.{kind}): take another copy.").format(kind=kind))
