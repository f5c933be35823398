"""What the folder of a plugin says of its packaging, in setup.cfg or pyproject.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from configparser import ConfigParser
from configparser import Error as ConfigError
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..core.errors import AskedWrongly
from ..core.i18n import tr
from ..core.outside import bytes_of

GROUP = "papka"
FILES = ("setup.cfg", "pyproject.toml")


@dataclass(frozen=True)
class Project:
    """A folder from which a distribution is built.

    Attributes:
        folder: Where setup.cfg or pyproject.toml lies.
        file: The one of the two that announces plugins.
        points: The plugins it announces: module by name.
        version: As it is written; ``attr: …`` and ``file: …`` are left for who can follow them.
        package_dir: Folder of each package, as setuptools is told it.
        packages: The packages that are built; None when setuptools looks for them itself.
        package_data: Patterns of the data files, by package.
    """

    folder: Path
    file: Path
    points: Mapping[str, str]
    distribution: str = ""
    version: str = ""
    requires: tuple[str, ...] = ()
    package_dir: Mapping[str, str] = field(default_factory=dict)
    packages: tuple[str, ...] | None = None
    package_data: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def place_of(self, package: str) -> Path | None:
        """Return the folder in which a top package lies; None when it is not in this project."""
        places = [self.package_dir.get(package), "src/" + package, package]
        if "" in self.package_dir:
            places.insert(1, f"{self.package_dir['']}/{package}")
        found = (self.folder / place for place in places if place is not None)
        return next((one.resolve() for one in found if (one / "__init__.py").is_file()), None)


def announces(folder: Path) -> bool:
    """Tell whether a folder announces a plugin; a file that cannot be read announces none.

    It is asked by every run of pytest in every project, so it looks for one word before it reads anything.
    """
    for name in FILES:
        try:
            if GROUP not in bytes_of(folder / name).decode("utf-8", "replace"):
                continue
            if _READERS[name](folder / name).points:
                return True
        except (OSError, ValueError, ConfigError):
            continue
    return False


def project(folder: Path) -> Project:
    """Read what a folder says of its packaging.

    Raises:
        AskedWrongly: No file there announces a plugin, or it cannot be read.
    """
    read = []
    for name in FILES:
        if (folder / name).is_file():
            try:
                read.append(_READERS[name](folder / name))
            except (OSError, ValueError, ConfigError) as error:
                words = tr("The file {file} cannot be read ({error}).")
                raise AskedWrongly(words.format(file=folder / name, error=type(error).__name__)) from error
    found = [one for one in read if one.points]
    if not found:
        words = tr(
            "The folder {folder} announces no plugin: its setup.cfg or pyproject.toml needs entry points of "
            "the group papka. See docs/plugins.md."
        )
        raise AskedWrongly(words.format(folder=folder))
    return _joined(found[0], [one for one in read if one is not found[0]])


def _joined(main: Project, others: Sequence[Project]) -> Project:
    """Fill what the announcing file leaves open from the other one: half of it may stand in each."""
    known: dict[str, Any] = dict(vars(main))
    for other in others:
        for name, value in vars(other).items():
            if not known[name] and value:
                known[name] = value
    return Project(**known)


def _from_cfg(file: Path) -> Project:
    parser = ConfigParser(interpolation=None, delimiters=("=",))
    parser.optionxform = str  # type: ignore[method-assign,assignment] # names of packages keep their case
    parser.read_string(bytes_of(file).decode("utf-8"), str(file))

    def lines(section: str, option: str) -> list[str]:
        text = parser.get(section, option, fallback="")
        return [line.strip() for line in text.splitlines() if line.strip() and line.strip()[0] != "#"]

    def pairs(found: Iterable[str]) -> dict[str, str]:
        split = (line.partition("=") for line in found if "=" in line)
        return {name.strip(): value.strip() for name, _, value in split}

    def listed(text: str) -> tuple[str, ...]:
        return tuple(part.strip() for line in text.splitlines() for part in line.split(",") if part.strip())

    data = "options.package_data"
    packages = lines("options", "packages")
    searched = not packages or packages[0].startswith("find")
    return Project(
        file.parent,
        file,
        pairs(lines("options.entry_points", GROUP)),
        parser.get("metadata", "name", fallback=""),
        parser.get("metadata", "version", fallback=""),
        tuple(lines("options", "install_requires")),
        pairs(lines("options", "package_dir")),
        None if searched else tuple(part.strip() for one in packages for part in one.split(",")),
        {name: listed(text) for name, text in parser.items(data)} if parser.has_section(data) else {},
    )


def _from_toml(file: Path) -> Project:
    data = tomllib.loads(bytes_of(file).decode("utf-8"))
    said, built = data.get("project", {}), data.get("tool", {}).get("setuptools", {})
    packages = built.get("packages")
    return Project(
        file.parent,
        file,
        dict(said.get("entry-points", {}).get(GROUP, {})),
        said.get("name", ""),
        said.get("version", ""),
        tuple(said.get("dependencies", ())),
        dict(built.get("package-dir", {})),
        tuple(packages) if isinstance(packages, list) else None,
        {name: tuple(patterns) for name, patterns in built.get("package-data", {}).items()},
    )


_READERS = {"setup.cfg": _from_cfg, "pyproject.toml": _from_toml}
