"""What would be installed: each package with its version, where it comes from, and its wheel at hand."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from packaging.requirements import Requirement

from ... import __version__
from ...core.errors import AskedWrongly, PapkaError
from ...core.i18n import tr
from ...core.plugging.announced import UNKNOWN, other_papka, plain
from ...core.plugging.installed import found, home_of
from .building import built, downloaded
from .bundles import ENDING, digest_of, unpacked
from .environment import Way, pip, this_computer
from .gathering import PAPKA, asked_for, copied, no_plugin
from .target import Target
from .wheels import Wheel


@dataclass(frozen=True)
class Item:
    """One package that would be installed."""

    name: str
    version: str
    source: str
    sha256: str | None = None

    @property
    def before(self) -> str | None:
        """Which version it takes the place of, in words."""
        dist, home = found(self.name), home_of(self.name)
        if dist is None or home is None:
            return None
        return f"{dist.version}, {home.words()}" if home.linked else dist.version


@dataclass(frozen=True)
class Plan:
    """All that would be installed; the wheels come into the folder when they are fetched."""

    folder: Path
    way: Way
    items: tuple[Item, ...]

    def fetched(self) -> list[Wheel]:
        """Fetch what is not at hand, and return all wheels.

        Raises:
            PapkaError: A wheel cannot be had, is another than was shown, or is not for this computer.
        """
        there = self._there()
        for one in self.items:
            if one.name not in there:
                downloaded(f"{one.name}=={one.version}", self.folder, self.way)
        there = self._there()
        wheels = [there[one.name] for one in self.items]
        for one, wheel in zip(self.items, wheels, strict=True):
            if wheel.version != one.version or (one.sha256 and wheel.sha256 != one.sha256):
                raise PapkaError(tr("{name}: what came is not what was offered.").format(name=one.name))
            refuse_for_others(wheel)
        return wheels

    def _there(self) -> dict[str, Wheel]:
        return {wheel.name: wheel for wheel in map(Wheel.read, sorted(self.folder.glob("*.whl")))}


def planned(what: str, folder: Path, way: Way, digest: str | None = None) -> Plan:
    """Work out what has to be installed for a plugin: a name, a wheel, a folder or a bundle.

    Args:
        digest: What the file's SHA-256 has to be, as its maker said it.

    Raises:
        AskedWrongly: There is no such thing, or it is no plugin.
        PapkaError: It cannot be had, or not used here.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = Path(what)
    is_file = path.is_file() or (path.suffix in (".whl", ".zip") and "://" not in what)
    if digest is not None and not (is_file and path.is_file() and digest_of(path) == digest.strip().lower()):
        words = tr("{file} is not the file that this SHA-256 stands for. Nothing was installed.")
        raise PapkaError(words.format(file=path.name))
    if is_file and path.suffix != ".whl":
        return _of_bundle(path, folder)
    if is_file:
        root = Wheel.read(copied(path, folder))
    elif path.is_dir():
        root = Wheel.read(built(path, folder, way))
    else:
        asked = asked_for(what)
        items = _resolved([f"{asked.name}{asked.specifier}"], folder, way, upgrade=True)
        return Plan(folder, way, items)
    _refuse_no_plugin([root])
    refuse_for_others(root)
    unmet = _lacking([root], [root]).unmet
    try:
        found_too = _resolved([str(root.path)], folder, way) if unmet else ()
    except PapkaError as error:
        if unmet is None or plain(unmet[1].name) != PAPKA:
            raise
        words = tr("{name} is made for papka {needs}, and this is papka {version}.")
        said = words.format(name=root.name, needs=unmet[1].specifier, version=__version__)
        raise PapkaError(f"{said} {other_papka()}") from error
    return Plan(folder, way, _with_roots([root], found_too, str(path)))


def of_list(file: Path, folder: Path, way: Way) -> Plan:
    """Work out what has to be installed so that all stands as a list says, such as `papka plugins --pins`."""
    if not file.is_file():
        raise AskedWrongly(tr("There is no file {file}.").format(file=file))
    folder.mkdir(parents=True, exist_ok=True)
    return Plan(folder, way, _resolved(["--requirement", str(file)], folder, way))


def _of_bundle(path: Path, folder: Path) -> Plan:
    manifest, wheels = unpacked(path, folder)
    roots = [one for one in wheels if one.name in manifest.plugins]
    _refuse_no_plugin(roots)
    for one in wheels:
        refuse_for_others(one)
    lacking = _lacking(roots, wheels)
    if lacking.unmet is not None:
        name, needed = lacking.unmet
        dist = found(needed.name)
        words = tr("{file} lacks {needed}, which {name} needs and this computer does not have ({known}).")
        known = dist.version if dist else UNKNOWN
        raise PapkaError(words.format(file=path.name, needed=needed, name=name, known=known))
    items = [Item(each.name, each.version, path.name, each.sha256) for each in lacking.wheels]
    return Plan(folder, Way(offline=True), tuple(items))


@dataclass(frozen=True)
class _Lacking:
    """What of some wheels has to be installed so that the first of them work here.

    Attributes:
        unmet: Who needs something that is neither installed nor among the wheels, and what.
    """

    wheels: tuple[Wheel, ...]
    unmet: tuple[str, Requirement] | None


def _lacking(roots: Sequence[Wheel], wheels: Sequence[Wheel]) -> _Lacking:
    there = {one.name: one for one in wheels}
    taken = {one.name: one for one in roots}
    ahead, unmet = list(roots), None
    while ahead:
        wheel = ahead.pop()
        for one in wheel.needs(Target().environment):
            dist, other = found(one.name), there.get(plain(one.name))
            if other is not None and other.name in taken:
                dist = None
            if dist is not None and one.specifier.contains(dist.version, prereleases=True):
                continue
            if other is None or not one.specifier.contains(other.version, prereleases=True):
                unmet = unmet or (wheel.name, one)
            elif other.name not in taken:
                taken[other.name] = other
                ahead.append(other)
    return _Lacking(tuple(taken.values()), unmet)


def _refuse_no_plugin(roots: Sequence[Wheel]) -> None:
    for one in roots:
        if not one.plugins and one.name != PAPKA:
            raise AskedWrongly(no_plugin(one.name))


def refuse_for_others(wheel: Wheel) -> None:
    """Refuse a wheel that is made for another computer or another Python, and say for which."""
    if not wheel.fits_here:
        words = tr("{file} is made for {others}, and this is {here}. Ask for one made with: {command}")
        here, options = this_computer()
        command = f"papka plugin bundle {wheel.name} {options} --into …{ENDING}"
        raise PapkaError(
            words.format(file=wheel.path.name, others=wheel.made_for, here=here, command=command)
        )


def _resolved(targets: Sequence[str], folder: Path, way: Way, *, upgrade: bool = False) -> tuple[Item, ...]:
    """Let pip say what it would install; nothing is installed."""
    report = folder / "report.json"
    options = ["--dry-run", "--quiet", "--report", str(report), "--only-binary=:all:"]
    options += way.options(folder)
    if upgrade:
        options.append("--upgrade")
    pip("install", *options, *targets, doing=tr("It cannot be found out what has to be installed"))
    told = json.loads(report.read_text("utf-8"))
    report.unlink()
    return tuple(_item(one) for one in told["install"])


def _item(one: Mapping[str, Any]) -> Item:
    url = one["download_info"]["url"]
    parts = urlsplit(url)
    source = parts.hostname or parts.path.rpartition("/")[0]
    digest = one["download_info"].get("archive_info", {}).get("hashes", {}).get("sha256")
    return Item(plain(one["metadata"]["name"]), one["metadata"]["version"], source, digest)


def _with_roots(roots: Sequence[Wheel], items: Sequence[Item], source: str) -> tuple[Item, ...]:
    """Put what was asked for first: it is installed anew even if pip finds the same version there."""
    own = [Item(one.name, one.version, source, one.sha256) for one in roots]
    names = {one.name for one in own}
    return (*own, *(one for one in items if one.name not in names))
