"""The wheels of a bundle gathered: the plugins', and those of what they need and papka does not bring."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from ...core.errors import AskedWrongly, PapkaError
from ...core.i18n import tr
from ...core.plugging.announced import announced, called
from ...core.plugging.installed import found, needed
from .building import built, downloaded, packed
from .environment import Way
from .target import Target
from .wheels import Wheel

PAPKA = "papka"


@dataclass
class Gathering:
    """A folder in which the wheels of a bundle come together.

    Attributes:
        own: What the receiving papka has already: papka and what it needs.
    """

    folder: Path
    target: Target
    way: Way
    own: frozenset[str]
    wheels: dict[str, Wheel] = field(default_factory=dict)

    def plugin(self, what: str) -> Wheel:
        """Add a plugin: a folder, a wheel, the name of an installed one, or a name that the index knows."""
        path = Path(what)
        if path.is_dir():
            return self._keep(built(path, self.folder, self.way))
        if path.suffix == ".whl":
            return self._keep(copied(path, self.folder))
        name = next((one.distribution for one in announced() if called(one, (what,))), what)
        if found(name) is not None:
            wheel = self._packed(name)
            if wheel is not None:
                return wheel
        return self._fetched(asked_for(name))

    def all_it_needs(self) -> None:
        """Add what the wheels need, until nothing is missing.

        Raises:
            PapkaError: Two of them need different versions of one thing, or one cannot be had.
        """
        ahead = list(self.wheels.values())
        while ahead:
            wheel = ahead.pop()
            for one in wheel.needs(self.target.environment):
                name = canonicalize_name(one.name)
                there = self.wheels.get(name)
                if there is not None and not one.specifier.contains(there.version, prereleases=True):
                    words = tr("{name} needs {wanted}, and the bundle holds version {version} of it.")
                    raise PapkaError(words.format(name=wheel.name, wanted=one, version=there.version))
                if there is None and name not in self.own:
                    ahead.append(self._of(one))

    def _of(self, one: Requirement) -> Wheel:
        here = found(one.name)
        if here is not None and one.specifier.contains(here.version, prereleases=True):
            try:
                wheel = self._packed(one.name)
            except PapkaError:
                if self.way.offline:
                    raise
                wheel = None
            if wheel is not None:
                return wheel
        return self._fetched(one)

    def _packed(self, name: str) -> Wheel | None:
        """Pack what is installed here, if the computer that the bundle is for can use it."""
        wheel = Wheel.read(packed(name, self.folder, self.way))
        if self.target.is_here or all(tag.platform == "any" for tag in wheel.tags):
            return self._keep(wheel.path)
        wheel.path.unlink()
        return None

    def _fetched(self, one: Requirement) -> Wheel:
        before = set(self.folder.glob("*.whl"))
        downloaded(f"{one.name}{one.specifier}", self.folder, self.way, self.target.options)
        return self._keep(next(iter(set(self.folder.glob("*.whl")) - before)))

    def _keep(self, path: Path) -> Wheel:
        wheel = Wheel.read(path)
        self.wheels[wheel.name] = wheel
        return wheel


def gathered(
    whats: Sequence[str],
    folder: Path,
    *,
    target: Target,
    way: Way,
    with_papka: bool = False,
) -> tuple[list[Wheel], list[str]]:
    """Bring the wheels of a bundle together in a folder.

    Returns:
        All wheels, and the names of the distributions that were asked for.

    Raises:
        AskedWrongly: What was named is no plugin.
        PapkaError: Something cannot be had.
    """
    folder.mkdir(parents=True, exist_ok=True)
    own = frozenset({PAPKA} if with_papka else {PAPKA, *needed([PAPKA])})
    gathering = Gathering(folder, target, way, frozenset() if with_papka else own)
    roots = [gathering.plugin(what) for what in whats]
    for one in roots:
        if not one.plugins and one.name != PAPKA:
            raise AskedWrongly(no_plugin(one.name))
    if with_papka and PAPKA not in gathering.wheels:
        gathering.plugin(PAPKA)
    gathering.all_it_needs()
    return list(gathering.wheels.values()), [one.name for one in roots] or [PAPKA]


def no_plugin(name: str) -> str:
    """Say that something is no plugin of papka."""
    return tr("{name} is no plugin of papka: it announces none. Install other packages with pip.").format(
        name=name
    )


def asked_for(what: str) -> Requirement:
    """Read what stands for a package: a name, if one likes with versions, never an address."""
    try:
        one = Requirement(what)
    except InvalidRequirement:
        one = None
    if one is None or one.url:
        words = tr("{what} is neither a package's name nor a file or folder that is there.")
        raise AskedWrongly(words.format(what=what))
    return one


def copied(path: Path, folder: Path) -> Path:
    """Copy a wheel into a folder; its own may hold what nobody asked for."""
    if not path.is_file():
        raise AskedWrongly(tr("There is no file {file}.").format(file=path))
    target = folder / path.name
    target.write_bytes(path.read_bytes())
    return target
