"""The computer that a bundle is for: this one, or another, described as packages' markers describe it."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass

from packaging.markers import default_environment
from packaging.tags import Tag

from ...core.errors import AskedWrongly
from ...core.i18n import tr

PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
_SHORT = {
    "windows": ("win_amd64",),
    "linux": ("manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64", "linux_x86_64"),
    "macos": ("macosx_14_0_arm64", "macosx_12_0_arm64", "macosx_11_0_arm64", "macosx_11_0_universal2"),
}
_SYSTEMS = {
    "win": {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"},
    "linux": {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"},
    "manylinux": {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"},
    "macosx": {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix"},
}


@dataclass(frozen=True)
class Target:
    """A computer and its Python; without platforms, this one."""

    platforms: tuple[str, ...] = ()
    python: str = PYTHON

    @classmethod
    def named(cls, platform: str | None, python: str | None) -> Target:
        """Return the computer that a person named: windows, linux, macos, or a tag such as win_amd64.

        Raises:
            AskedWrongly: There is no such platform or Python.
        """
        if python is not None and not python.removeprefix("3.").isdigit():
            raise AskedWrongly(tr("Write the version of Python as 3.12."))
        if platform is None and python in (None, PYTHON):
            return cls()
        tags = _SHORT.get(platform or "", (platform,) if platform else _SHORT[_own()])
        if _system(tags[0]) not in _SYSTEMS:
            words = tr("There is no platform {name}. Write: {known}, or a tag such as win_amd64.")
            raise AskedWrongly(words.format(name=platform, known=", ".join(_SHORT)))
        return cls(tags, python or PYTHON)

    @property
    def is_here(self) -> bool:
        """Tell whether it is this computer with this Python."""
        return not self.platforms

    @property
    def environment(self) -> dict[str, str]:
        """The values by which packages say what they need where."""
        here = {name: str(value) for name, value in default_environment().items()}
        if self.is_here:
            return here
        version = {"python_version": self.python, "python_full_version": f"{self.python}.0"}
        machine = self.platforms[0].partition("_")[2].removeprefix("2_28_").removeprefix("14_0_")
        names = {"amd64": "AMD64", "win32": "x86"}
        system = _SYSTEMS[_system(self.platforms[0])]
        return here | version | system | {"platform_machine": names.get(machine, machine)}

    @property
    def options(self) -> tuple[str, ...]:
        """How pip is told of it."""
        if self.is_here:
            return ()
        tags = [part for tag in self.platforms for part in ("--platform", tag)]
        return (*tags, "--python-version", self.python, "--implementation", "cp")


def _own() -> str:
    return {"win32": "windows", "darwin": "macos"}.get(sys.platform, "linux")


def _system(tag: str) -> str:
    return next((name for name in _SYSTEMS if tag.startswith(name)), "")


def made_for(tags: Iterable[Iterable[Tag]]) -> tuple[str, str]:
    """Return the Python and the platform that wheels need together: ``any`` where none is named."""
    pythons, platforms = set(), set()
    for one in tags:
        known = set(one)
        if not any(tag.platform == "any" for tag in known):
            platforms.add(sorted(tag.platform for tag in known)[0])
        if not any(tag.interpreter in ("py3", "py2.py3") or tag.abi == "abi3" for tag in known):
            pythons.add(sorted(tag.interpreter for tag in known)[0])
    return ", ".join(sorted(pythons)) or "any", ", ".join(sorted(platforms)) or "any"
