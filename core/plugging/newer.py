"""Which newer versions there are: at the index that pip is set up for, or in a folder or a bundle."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ..errors import AskedWrongly
from ..i18n import tr
from .announced import EntryPoint, plain
from .installed import home_of

SECONDS = 60
"""How long one question to the index may take, pip's own start and its second try included."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What there is of a distribution.

    Attributes:
        newest: The newest version that can be had; None when none was found.
        fault: Why that is not known.
    """

    name: str
    version: str
    newest: str | None = None
    fault: str | None = None

    @property
    def is_outdated(self) -> bool:
        """Tell whether a newer version can be had."""
        from packaging.version import InvalidVersion, Version

        try:
            return self.newest is not None and Version(self.newest) > Version(self.version)
        except InvalidVersion:
            return self.newest != self.version

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {**asdict(self), "outdated": self.is_outdated}


def distributions_of(points: Sequence[EntryPoint]) -> dict[str, str]:
    """Return papka and the distributions of the plugins, each with its version."""
    from ... import __version__

    return {"papka": __version__, **{one.distribution: one.version for one in points}}


def at_index(versions: dict[str, str]) -> Iterator[Offer]:
    """Ask pip's index for each; once it cannot be reached, the others are not asked."""
    unreachable: str | None = None
    for name, version in versions.items():
        home = home_of(name)
        if home is not None and home.linked:
            yield Offer(name, version, fault=home.words())
        elif unreachable:
            yield Offer(name, version, fault=unreachable)
        else:
            newest, unreachable = _asked(name)
            yield Offer(name, version, newest, unreachable or (None if newest else tr("the index has none")))


def _asked(name: str) -> tuple[str | None, str | None]:
    """Return the newest version of a name and, when the index could not be asked, why."""
    asked = [sys.executable, "-m", "pip", "index", "versions", name]
    limits = ["--timeout", "5", "--retries", "1", "--no-color", "--disable-pip-version-check", "--no-input"]
    try:
        told = subprocess.run(
            [*asked, *limits],
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=SECONDS,
            stdin=subprocess.DEVNULL,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None, tr("the index did not answer")
    found = re.search(rf"^{re.escape(name)} \(([^)\s]+)\)", told.stdout, re.MULTILINE | re.IGNORECASE)
    if found:
        return found[1], None
    if "No module named pip" in told.stderr:
        return None, tr("this Python has no pip")
    if "No matching distribution" not in told.stderr or "Retrying (" in told.stderr:
        return None, tr("the index cannot be reached")
    return None, None


def among(versions: dict[str, str], place: Path) -> Iterator[Offer]:
    """Look for newer versions in a folder with wheels and bundles, or in one bundle.

    Raises:
        AskedWrongly: There is no such folder or bundle.
    """
    from packaging.version import Version

    there: dict[str, list[Version]] = {}
    for name, version in _wheels(place):
        there.setdefault(name, []).append(version)
    for name, version in versions.items():
        known = there.get(plain(name))
        fault = None if known else tr("not among what lies there")
        yield Offer(name, version, str(max(known)) if known else None, fault)


def _wheels(place: Path) -> Iterator[tuple[str, Any]]:
    from packaging.utils import InvalidWheelFilename, parse_wheel_filename

    for name in _files(place):
        try:
            found = parse_wheel_filename(name.rpartition("/")[2])
        except InvalidWheelFilename:
            continue
        yield str(found[0]), found[1]


def _files(place: Path) -> Iterable[str]:
    if place.is_dir():
        bundles = sorted(place.glob("*.papka.zip"))
        return [
            *(file.name for file in place.glob("*.whl")),
            *(name for one in bundles for name in _inside(one)),
        ]
    if place.is_file():
        return _inside(place)
    raise AskedWrongly(tr("There is no file {file}.").format(file=place))


def _inside(bundle: Path) -> list[str]:
    try:
        with zipfile.ZipFile(bundle) as whole:
            return whole.namelist()
    except (OSError, zipfile.BadZipFile) as error:
        raise AskedWrongly(tr("{file} is no bundle of papka.").format(file=bundle)) from error
