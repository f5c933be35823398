"""What is installed beside papka: where a distribution lies, whether it is whole, what it needs."""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

from ..errors import PapkaError
from ..i18n import tr
from .announced import plain


class Altered(PapkaError):
    """A file is not the one that was installed; ``file`` says which."""

    def __init__(self, file: str) -> None:
        super().__init__(tr("The file {file} is not the one that was installed.").format(file=file))
        self.file = file


@dataclass(frozen=True, slots=True)
class Home:
    """Where a distribution lies.

    Attributes:
        linked: It is a folder that is worked on: what is changed there is used at the next run.
    """

    folder: Path
    linked: bool

    def words(self) -> str:
        """Say it to a person."""
        words = tr("linked to the folder {folder}") if self.linked else tr("installed in {folder}")
        return words.format(folder=self.folder)


def home_of(name: str) -> Home | None:
    """Return where a distribution lies; None if it is not installed."""
    dist = found(name)
    if dist is None:
        return None
    folder = _linked(dist)
    return Home(folder, True) if folder else Home(Path(str(dist.locate_file(""))), False)


def found(name: str) -> Distribution | None:
    """Return an installed distribution by its name."""
    try:
        return distribution(name)
    except (PackageNotFoundError, ValueError):
        return None


def _linked(dist: Distribution) -> Path | None:
    try:
        told = json.loads(dist.read_text("direct_url.json") or "{}")
        if not told.get("dir_info", {}).get("editable"):
            return None
        parts = urlsplit(told["url"])
    except (OSError, ValueError, KeyError, AttributeError):
        return None
    return Path(url2pathname(unquote(parts.path) if parts.netloc in ("", "localhost") else told["url"][5:]))


# --- whether it is whole -----------------------------------------------------------------------------------

_ADDED = ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json")
"""What an installer adds to the folder of metadata; it differs from one computer to the next."""


@dataclass(frozen=True, slots=True)
class Brought:
    """A file that a distribution brought, as its wheel lists it."""

    name: str
    digest: str
    file: Path

    def is_whole(self) -> bool:
        """Tell whether the file is to the byte what was installed."""
        try:
            body = self.file.read_bytes()
        except OSError:
            return False
        return urlsafe_b64encode(sha256(body).digest()).rstrip(b"=").decode() == self.digest


def brought(dist: Distribution) -> Iterator[Brought]:
    """Return the files of a distribution that came with its wheel, sorted by name.

    Raises:
        PapkaError: The installation keeps no list of its files.
    """
    files = dist.files
    if files is None:
        words = tr("{name} was installed without a list of its files.")
        raise PapkaError(words.format(name=dist.name))
    for one in sorted(files, key=str):
        inside = re.fullmatch(r"[^/]+\.dist-info/(.+)", one.as_posix())
        if one.hash is None or one.hash.mode != "sha256" or (inside and inside[1] in _ADDED):
            continue
        if one.parts[0] != "..":
            yield Brought(one.as_posix(), one.hash.value, Path(str(one.locate())))


def fingerprint(name: str) -> str:
    """Return one digest of all that a distribution brought: the same wherever its wheel is installed.

    It is the SHA-256 of the lines of its RECORD without those that the installer adds; each file is held
    against its line.

    Raises:
        Altered: A file is not the one that was installed.
        PapkaError: The distribution is not installed, keeps no list of its files, or is linked to a folder.
    """
    dist = found(name)
    if dist is None or _linked(dist):
        words = tr("{name} is linked to a folder that may change and has no digest.")
        raise PapkaError(words.format(name=name))
    digest = sha256()
    for one in brought(dist):
        if not one.is_whole():
            raise Altered(one.name)
        digest.update(f"{one.name},sha256={one.digest}\n".encode())
    return digest.hexdigest()


# --- what it needs -----------------------------------------------------------------------------------------


def needed(names: Iterable[str]) -> dict[str, Distribution | None]:
    """Return distributions and all that they need here, by plain name; None for what is not installed."""
    from packaging.requirements import InvalidRequirement, Requirement

    known: dict[str, Distribution | None] = {}
    ahead = [(plain(one.name), frozenset(one.extras)) for one in map(Requirement, names)]
    done = set()
    while ahead:
        name, extras = ahead.pop()
        if (name, extras) in done:
            continue
        done.add((name, extras))
        known[name] = dist = found(name)
        for line in (dist.requires or ()) if dist else ():
            try:
                one = Requirement(line)
            except InvalidRequirement:
                continue
            if one.marker is None or any(one.marker.evaluate({"extra": extra}) for extra in extras or {""}):
                ahead.append((plain(one.name), frozenset(one.extras)))
    return known


def _extras(name: str) -> list[str]:
    dist = found(name)
    return [
        one
        for one in (dist.metadata.get_all("Provides-Extra") or () if dist else ())
        if one not in ("test", "dev")
    ]


def pins(names: Iterable[str]) -> list[str]:
    """Return the lines of a list that pip takes: each distribution with all that it needs, at its version.

    What it can do without and was installed for it belongs to it too; what tests it does not.
    """
    named = list(names)
    extras = [f"{name}[{','.join(_extras(name))}]" for name in named]
    lines = []
    for name, dist in sorted(needed(extras).items()):
        if dist is not None:
            linked = _linked(dist)
            lines.append(f"{name}=={dist.version}" + ("  # linked to a folder" if linked else ""))
    return lines
