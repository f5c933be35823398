"""Which plugins are announced by what is installed, and which of them may be loaded.

Nothing of a plugin is imported here. Who says which are loaded: `PAPKA_LOAD_PLUGINS` (names, set apart by
commas; an empty list allows none), the list `plugins` of the office's settings, and safe mode
(`papka --safe`), in which only those are loaded that the office names. Each narrows what the others leave.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from importlib.machinery import PathFinder
from pathlib import Path
from typing import TYPE_CHECKING

from .. import kept
from ..errors import PapkaError
from ..folders import SETTINGS, office_folder
from ..i18n import tr

if TYPE_CHECKING:
    from importlib.metadata import Distribution

    from ..office import NamedPlugin

GROUP = "papka"
ALLOW_LIST = "PAPKA_LOAD_PLUGINS"
SAFE = "PAPKA_SAFE"
UNKNOWN = "—"


@dataclass(frozen=True, slots=True)
class EntryPoint:
    """A plugin that a distribution announces.

    Attributes:
        needs: Which versions of papka the distribution says it works with, such as ``>=0.1,<0.2``.
        twice: Other versions of the same distribution that lie on Python's path as well.
    """

    name: str
    value: str
    distribution: str
    version: str
    needs: str = ""
    twice: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a plugin is not loaded, and what to do."""

    fault: str
    cure: str


def announced() -> list[EntryPoint]:
    """Return the plugins that installed distributions announce, sorted by name; nothing is imported.

    Of several versions of one distribution Python sees the first on its path; so does this. What was read is
    kept for as long as no distribution on Python's path changes: to read all of them takes a while.
    """
    seen = _seen()
    if seen is None:
        return _read()
    key = kept.key_of("announced", *seen)
    content = kept.recall(key)
    if content is not None:
        return [EntryPoint(**{**one, "twice": tuple(one["twice"])}) for one in json.loads(content)]
    found = _read()
    kept.keep(key, json.dumps([asdict(one) for one in found]).encode("utf-8"))
    return found


def _seen() -> list[object] | None:
    """Return what tells of a change of any distribution; None if Python looks for them elsewhere too."""
    others = [one for one in sys.meta_path if one is not PathFinder and hasattr(one, "find_distributions")]
    if others:
        return None
    seen: list[object] = []
    for folder in sys.path:
        try:
            with os.scandir(folder or ".") as inside:
                told = [one.path for one in inside if one.name.endswith((".dist-info", ".egg-info", ".egg"))]
        except OSError:
            told = [folder]
        seen += [folder, *(_stamp(one) for one in sorted(told))]
    return seen


def _stamp(told: str) -> tuple[object, ...]:
    stamps: list[object] = [told]
    for file in (told, f"{told}/entry_points.txt", f"{told}/METADATA", f"{told}/PKG-INFO"):
        try:
            known = os.stat(file)  # noqa: PTH116 - hundreds of them, at each start
        except OSError:
            continue
        stamps += [known.st_size, known.st_mtime_ns]
    return tuple(stamps)


def _read() -> list[EntryPoint]:
    from importlib.metadata import distributions

    first: dict[str, list[EntryPoint]] = {}
    others: dict[str, list[str]] = {}
    for dist in distributions():
        points = _points_of(dist)
        if points and (name := plain(points[0].distribution)) in first:
            # The same version is told of twice where two of Python's paths lead to one folder.
            if points[0].version != first[name][0].version:
                others.setdefault(name, []).append(points[0].version)
        elif points:
            first[name] = points
    found = {
        EntryPoint(one.name, one.value, one.distribution, one.version, one.needs, tuple(others.get(name, ())))
        for name, points in first.items()
        for one in points
    }
    return sorted(found, key=lambda one: (one.name, one.value))


def _points_of(dist: Distribution) -> list[EntryPoint]:
    """Return what one distribution announces; of one that cannot be read, only that it is there."""
    try:
        own = [one for one in dist.entry_points if one.group == GROUP]
        if not own:
            return []
        name, version = dist.metadata["Name"] or UNKNOWN, dist.metadata["Version"] or UNKNOWN
        needs = next((found for line in dist.requires or () if (found := _of_papka(line)) is not None), "")
    except (OSError, ValueError, KeyError, TypeError):
        return _unread(dist)
    return [EntryPoint(one.name, one.value, name, version, needs) for one in own]


def _unread(dist: Distribution) -> list[EntryPoint]:
    folder = getattr(dist, "_path", None)
    try:
        is_plugin = folder is not None and f"[{GROUP}]".encode() in (folder / "entry_points.txt").read_bytes()
    except OSError:
        return []
    name = folder.name.partition("-")[0] if folder is not None and is_plugin else ""
    return [EntryPoint(name, "", name, UNKNOWN)] if name else []


def _of_papka(requirement: str) -> str | None:
    found = re.match(r"papka\s*(?:\[[^]]*\])?\s*\(?([^;()]*)\)?\s*(?:;(.*))?$", requirement, re.IGNORECASE)
    return found[1].strip() if found and "extra" not in (found[2] or "") else None


def plain(name: str) -> str:
    """Return the name of a distribution as all its spellings have it: lower case, words joined by ``-``."""
    return re.sub(r"[-_.]+", "-", name).lower()


# --- which of them may be loaded ---------------------------------------------------------------------------


def admitted(points: Sequence[EntryPoint], start: Path) -> Iterator[tuple[EntryPoint, Refusal | None]]:
    """Say of each plugin that may be loaded whether something speaks against it; leave the others out.

    A name that a list holds and no installed plugin has is told too.

    Args:
        start: The folder worked in; the settings of its office count.
    """
    listed, trouble = _office_list(start)
    if trouble is not None:
        yield EntryPoint(SETTINGS, "", SETTINGS, UNKNOWN), trouble
    named = _variable()
    for point in points:
        pins = [one for one in listed or () if called(point, (one.name,))]
        if (named is None or called(point, named)) and (listed is None or pins):
            yield point, _against(point, pins)
    yield from _unknown(points, named or (), ALLOW_LIST)
    yield from _unknown(points, [one.name for one in listed or ()], SETTINGS)


def narrowed(start: Path) -> bool:
    """Tell whether anything narrows which plugins are loaded."""
    return _variable() is not None or _office_list(start) != (None, None)


def is_safe() -> bool:
    """Tell whether papka was started in safe mode."""
    return os.environ.get(SAFE, "") not in ("", "0")


def _variable() -> list[str] | None:
    names = os.environ.get(ALLOW_LIST)
    return None if names is None else [name.strip() for name in names.split(",") if name.strip()]


def called(point: EntryPoint, names: Iterable[str]) -> bool:
    """Tell whether a plugin bears one of the names: its own, or that of its distribution."""
    return bool({plain(point.name), plain(point.distribution)} & {plain(name) for name in names})


def _unknown(
    points: Sequence[EntryPoint], names: Iterable[str], where: str
) -> Iterator[tuple[EntryPoint, Refusal]]:
    fault = tr("no installed plugin has this name")
    cure = tr("Correct it in {variable}.").format(variable=where)
    for name in names:
        if not any(called(one, (name,)) for one in points):
            yield EntryPoint(name, "", where, UNKNOWN), Refusal(fault, cure)


def _office_list(start: Path) -> tuple[Sequence[NamedPlugin] | None, Refusal | None]:
    """Return which plugins the office names; in safe mode none where it names none.

    A list that cannot be read allows none: what it was to keep out would come in.
    """
    nobody = () if is_safe() else None
    folder = office_folder(start)
    try:
        if folder is None or b"plugins" not in (folder / SETTINGS).read_bytes():
            return nobody, None
        from ..office import Office

        listed = Office(folder).settings.plugins
        return (nobody if listed is None else listed), None
    except (OSError, PapkaError) as error:
        words = tr("which plugins the office allows cannot be read ({fault})").format(fault=error)
        return (), Refusal(
            words, tr("Correct {file}; until then only the built-in ones work.").format(file=SETTINGS)
        )


# --- what speaks against one -------------------------------------------------------------------------------


def _against(point: EntryPoint, pins: Sequence[NamedPlugin]) -> Refusal | None:
    return _misnamed(point) or _unfit(point) or next(filter(None, (_other(point, one) for one in pins)), None)


def _misnamed(point: EntryPoint) -> Refusal | None:
    if re.fullmatch(r"\w+(\.\w+)*", point.value):
        return None
    if not point.value:
        cure = tr("Install it anew, or uninstall it: papka plugin uninstall {name}.")
        return Refusal(tr("what it announces cannot be read"), cure.format(name=point.distribution))
    fault = tr("its entry point names more than a module: {value}").format(value=point.value)
    words = tr("Its author writes in setup.cfg, under the entry points of papka: {name} = PACKAGE.")
    return Refusal(fault, words.format(name=point.name))


def _unfit(point: EntryPoint) -> Refusal | None:
    """Hold what a plugin says it needs against this papka, before a line of it is run."""
    from ... import __version__

    if not point.needs or _fits(point.needs, __version__):
        return None
    fault = tr("it is made for papka {needs}, and this is papka {version}")
    return Refusal(fault.format(needs=point.needs, version=__version__), other_papka())


def other_papka() -> str:
    """Return the cure for a plugin that was made for another papka."""
    return tr("Install the version of it that is made for this papka, or the papka that it needs.")


def _fits(needs: str, version: str) -> bool:
    """Tell whether a version is among those asked for; kept, for what reads such a line is slow to load."""
    key = kept.key_of("fits", needs, version)
    known = kept.recall(key)
    if known is None:
        from packaging.specifiers import InvalidSpecifier, SpecifierSet

        try:
            known = b"fits" if SpecifierSet(needs).contains(version, prereleases=True) else b"not"
        except InvalidSpecifier:
            known = b"fits"
        kept.keep(key, known)
    return known == b"fits"


def _other(point: EntryPoint, pin: NamedPlugin) -> Refusal | None:
    """Hold a plugin against what the office's settings say of it."""
    if pin.version is not None and pin.version != point.version:
        fault = tr("the office allows version {wanted} of it, and {version} is installed")
        cure = tr("Install the version that the office allows, or let who answers for {file} allow this one.")
        return Refusal(fault.format(wanted=pin.version, version=point.version), cure.format(file=SETTINGS))
    if pin.sha256 is None:
        return None
    from .installed import Altered, fingerprint

    cure = tr(
        "Install it anew from the file that the office was given. See its digest: papka plugins --json."
    )
    try:
        found = fingerprint(point.distribution)
    except Altered as altered:
        words = tr("its file {file} is not the one that was installed").format(file=altered.file)
        return Refusal(words, cure)
    except PapkaError as error:
        return Refusal(str(error), cure)
    if found != pin.sha256.lower():
        return Refusal(tr("it is not what the office allows: its digest is another"), cure)
    return None
