"""What bringing an office up would change: worked out whole before a byte of it is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml.error import YAMLError

from .. import yamltext
from ..errors import PapkaError, Refused
from ..findings import Finding, Place
from ..folders import SETTINGS
from ..i18n import tr
from ..oserrors import not_opened
from ..outside import bytes_of
from ..saving import digest_of
from . import steps
from .steps import with_version
from .versions import KNOWN, newer_office, version_in

_OF_A_CASE = (".forms/*.json", "issued/*.card.json")


@dataclass(frozen=True, slots=True)
class Change:
    """One file that has to be written anew.

    Attributes:
        name: Where it lies in the office: ``cases/k1/case.yaml``.
        version: The version that it is of now.
        before: The digest of what it holds.
        after: What it is going to hold.
    """

    name: str
    version: int
    before: str
    after: bytes


def planned(folder: Path) -> list[Change]:
    """Return what has to be written anew, office.yaml before all others.

    Raises:
        PapkaError: A newer papka wrote a file of the office, or one cannot be read.
        Refused: Some files are no YAML that papka reads; all of them are named.
    """
    changes, faults = [], []
    for name, version in _units(folder):
        try:
            found = changed(folder, name, version)
        except yamltext.YamlFault as fault:
            faults.append(_unreadable(name, fault))
        else:
            if found is not None:
                changes.append(found)
    if faults:
        words = tr("Some files cannot be read, so nothing was changed: {count}.")
        raise Refused(words.format(count=len(faults)), faults)
    return changes


def _unreadable(name: str, fault: yamltext.YamlFault) -> Finding:
    cure = tr("Correct this place of the file, then: papka upgrade.")
    place = Place(name, fault.spot.line, fault.spot.column)
    return Finding(fault.code, "error", fault.message, cure, place=place)


def _units(folder: Path) -> Iterator[tuple[str, int]]:
    """Go through the files that steps are asked for, each with the version it is of."""
    own = _version(folder, SETTINGS)
    yield SETTINGS, own
    for path in sorted((folder / "templates").rglob("*")):
        if path.is_file() and not path.is_symlink() and not path.name.startswith((".papka-", ".~", "~$")):
            yield path.relative_to(folder).as_posix(), own
    for file in sorted(folder.glob("cases/*/case.yaml")):
        if file.parent.name.startswith("."):
            continue
        name = file.relative_to(folder).as_posix()
        version = _version(folder, name)
        yield name, version
        for pattern in _OF_A_CASE:
            for path in sorted(file.parent.glob(pattern)):
                yield path.relative_to(folder).as_posix(), version


def _version(folder: Path, name: str) -> int:
    version = version_in(_read(folder / name))
    if version > KNOWN:
        raise newer_office(version)
    return version


def changed(folder: Path, name: str, version: int) -> Change | None:
    """Return how a file has to be written anew, if it has to.

    Raises:
        PapkaError: It cannot be read, or a step cannot make sense of it.
        YamlFault: It is not the YAML that papka reads.
    """
    if version >= KNOWN:
        return None
    before = _read(folder / name)
    if name.endswith(".yaml"):
        yamltext.read(before)
    after = before
    try:
        for step in steps.STEPS:
            if step.to > version:
                after = step.change(name, after)
        if name.rpartition("/")[2] in (SETTINGS, "case.yaml"):
            after = with_version(after, KNOWN)
            yamltext.read(after)
    except (ValueError, KeyError, TypeError, AttributeError, YAMLError) as error:
        words = tr("{file} cannot be brought up as it is ({kind}); nothing was changed. Look at it by hand.")
        raise PapkaError(words.format(file=name, kind=type(error).__name__)) from error
    return Change(name, version, digest_of(before), after) if after != before else None


def _read(path: Path) -> bytes:
    try:
        return bytes_of(path)
    except OSError as error:
        raise not_opened(path, error) from error
