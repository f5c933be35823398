"""A wheel looked into without installing it: what it is, what it needs, whether it may be opened at all."""

from __future__ import annotations

import configparser
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from email.parser import HeaderParser
from functools import cached_property
from hashlib import file_digest
from pathlib import Path, PurePosixPath

from packaging.requirements import InvalidRequirement, Requirement
from packaging.tags import Tag, sys_tags
from packaging.utils import InvalidWheelFilename, parse_wheel_filename

from ...core.errors import PapkaError
from ...core.i18n import tr
from ...core.plugging.announced import GROUP, plain
from ...core.zips import BROKEN

MAX_FILE = 400 * 2**20
MAX_FILES = 30_000
MAX_UNPACKED = 1_500 * 2**20
MAX_RATIO = 100
"""How many times larger a wheel may become than it is; text is packed to a tenth."""

_MAX_TEXT = 4 * 2**20
_SMALL = 50 * 2**20


@dataclass(frozen=True)
class Wheel:
    """A wheel in a folder.

    Attributes:
        name: Its name as all spellings have it.
        requires: What it needs, as its metadata states it.
        plugins: The names of the plugins of papka that it announces.
        at_start: Files by which it runs at each start of this Python, whoever starts it.
    """

    path: Path
    name: str
    version: str
    tags: frozenset[Tag]
    requires: tuple[str, ...]
    plugins: tuple[str, ...]
    at_start: tuple[str, ...]

    @classmethod
    def read(cls, path: Path) -> Wheel:
        """Look into a wheel.

        Raises:
            PapkaError: It is no wheel, or it is one that nobody should open.
        """
        try:
            name, version, _, tags = parse_wheel_filename(path.name)
        except InvalidWheelFilename as error:
            raise PapkaError(tr("{file} is not named as a wheel is.").format(file=path.name)) from error
        try:
            with zipfile.ZipFile(path) as whole:
                _guard(path, whole)
                stem = _stem(path, whole)
                head = HeaderParser().parsestr(_text(path, whole, f"{stem}/METADATA"))
                entries = f"{stem}/entry_points.txt"
                points = _text(path, whole, entries) if entries in whole.namelist() else ""
                starts = tuple(one for one in whole.namelist() if _is_at_start(one))
        except BROKEN as error:
            raise PapkaError(tr("{file} is damaged and cannot be opened.").format(file=path.name)) from error
        if plain(str(head["Name"])) != name or str(head["Version"]) != str(version):
            words = tr("{file} says inside that it is another package or another version.")
            raise PapkaError(words.format(file=path.name))
        needs = tuple(head.get_all("Requires-Dist") or ())
        return cls(path, str(name), str(version), tags, needs, _announced(path, points), starts)

    @cached_property
    def sha256(self) -> str:
        """The digest of the file."""
        with self.path.open("rb") as stream:
            return file_digest(stream, "sha256").hexdigest()

    @property
    def pinned(self) -> str:
        """The line by which pip takes this wheel and no other."""
        return f"{self.name}=={self.version} --hash=sha256:{self.sha256}"

    @property
    def fits_here(self) -> bool:
        """Tell whether this Python on this computer can use it."""
        return not self.tags.isdisjoint(sys_tags())

    @property
    def made_for(self) -> str:
        """Say for which Python and computer it is made."""
        return ", ".join(sorted({f"{one.interpreter} {one.platform}" for one in self.tags}))

    def needs(self, environment: Mapping[str, str]) -> list[Requirement]:
        """Return what it needs on a computer that the markers' values describe."""
        found = []
        for line in self.requires:
            try:
                one = Requirement(line)
            except InvalidRequirement:
                continue
            if one.marker is None or one.marker.evaluate({**environment, "extra": ""}):
                found.append(one)
        return found


def is_safe_name(name: str) -> bool:
    """Tell whether a name inside an archive stays inside the folder that it is unpacked into."""
    parts = PurePosixPath(name).parts
    return (
        bool(parts) and not re.search(r'[\x00-\x1f\\:*?"<>|]', name) and ".." not in parts and parts[0] != "/"
    )


def _guard(path: Path, whole: zipfile.ZipFile) -> None:
    """Refuse an archive that would fill the disk or write where it has no business."""
    inside = whole.infolist()
    unpacked = sum(one.file_size for one in inside)
    packed = max(1, path.stat().st_size)
    if len(inside) > MAX_FILES or packed > MAX_FILE or unpacked > MAX_UNPACKED:
        raise PapkaError(tr("{file} is larger than any plugin is.").format(file=path.name))
    if unpacked > _SMALL and unpacked > packed * MAX_RATIO:
        raise PapkaError(tr("{file} is larger than any plugin is.").format(file=path.name))
    names = [one.filename for one in inside]
    if not all(map(is_safe_name, names)) or len({name.casefold() for name in names}) != len(names):
        words = tr("{file} would write outside its own folder, or one file twice.")
        raise PapkaError(words.format(file=path.name))


def _stem(path: Path, whole: zipfile.ZipFile) -> str:
    found = {name.split("/")[0] for name in whole.namelist() if name.split("/")[0].endswith(".dist-info")}
    if len(found) != 1 or f"{next(iter(found))}/METADATA" not in whole.namelist():
        raise PapkaError(tr("{file} does not say what it is.").format(file=path.name))
    return found.pop()


def _text(path: Path, whole: zipfile.ZipFile, name: str) -> str:
    with whole.open(name) as stream:
        body = stream.read(_MAX_TEXT + 1)
    try:
        if len(body) <= _MAX_TEXT:
            return body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    raise PapkaError(tr("{file} does not say what it is.").format(file=path.name))


def _announced(path: Path, points: str) -> tuple[str, ...]:
    parser = configparser.ConfigParser(delimiters=("=",), interpolation=None, strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    try:
        parser.read_string(points)
    except configparser.Error as error:
        raise PapkaError(tr("{file} does not say what it is.").format(file=path.name)) from error
    return tuple(parser[GROUP]) if parser.has_section(GROUP) else ()


def _is_at_start(name: str) -> bool:
    home, _, file = name.rpartition("/")
    return file.endswith(".pth") and (not home or home.endswith(("/purelib", "/platlib")))
