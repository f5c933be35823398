"""From what is at hand to wheels: a folder is built, an installed distribution is packed again."""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
import tomllib
import zipfile
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from email.parser import HeaderParser
from hashlib import sha256
from importlib.metadata import Distribution
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement

from ...core.errors import AskedWrongly, PapkaError
from ...core.i18n import tr
from ...core.plugging.installed import Altered, brought, found, home_of
from .environment import Way, pip

_LEFT = shutil.ignore_patterns(
    ".git", ".venv", "venv", "build", "dist", "*.egg-info", "__pycache__", ".*_cache", "node_modules"
)
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
_EPOCH = {"SOURCE_DATE_EPOCH": "315532800"}
"""The same moment for those who build wheels: so the same files give the same bytes."""


def built(folder: Path, into: Path, way: Way) -> Path:
    """Build a wheel of a folder; the folder itself is left as it is.

    Raises:
        AskedWrongly: The folder is not that of a package.
        PapkaError: It cannot be built.
    """
    if not any((folder / name).is_file() for name in ("pyproject.toml", "setup.cfg", "setup.py")):
        words = tr("{folder} holds no package: neither pyproject.toml nor setup.cfg lies there.")
        raise AskedWrongly(words.format(folder=folder))
    with tempfile.TemporaryDirectory(prefix="papka-build-") as name:
        copy, made = Path(name) / "source", Path(name) / "wheel"
        shutil.copytree(folder, copy, ignore=_LEFT)
        tools = ["--no-build-isolation"] if _has_tools(copy) else way.options()
        doing = tr("{folder} cannot be built").format(folder=folder)
        pip("wheel", "--no-deps", *tools, "--wheel-dir", made, copy, doing=doing, more=_EPOCH)
        wheels = list(made.glob("*.whl"))
        into.mkdir(parents=True, exist_ok=True)
        return Path(shutil.move(wheels[0], into / wheels[0].name))


def _has_tools(folder: Path) -> bool:
    """Tell whether what builds the folder is installed here: then nothing has to be fetched for it."""
    try:
        asked = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))["build-system"]["requires"]
        needed = [Requirement(line) for line in asked]
    except (OSError, ValueError, KeyError, TypeError, InvalidRequirement):
        needed = [Requirement("setuptools")]
    here = [(one, found(one.name)) for one in needed if one.marker is None or one.marker.evaluate()]
    return all(dist is not None and one.specifier.contains(dist.version) for one, dist in here)


def packed(name: str, into: Path, way: Way) -> Path:
    """Make a wheel of what is installed under a name: a folder it is linked to is built.

    Raises:
        Altered: A file is not the one that was installed.
        PapkaError: The installation does not say enough of itself.
    """
    home, dist = home_of(name), found(name)
    if home is None or dist is None:
        raise AskedWrongly(tr("{name} is not installed.").format(name=name))
    return built(home.folder, into, way) if home.linked else _repacked(dist, into)


def _repacked(dist: Distribution, into: Path) -> Path:
    """Put the files of an installed distribution together to the wheel that they came from."""
    bodies: dict[str, bytes] = {}
    for one in brought(dist):
        if not one.is_whole():
            raise Altered(one.name)
        bodies[one.name] = one.file.read_bytes()
    stem = next((name.split("/")[0] for name in bodies if name.endswith(".dist-info/WHEEL")), None)
    if stem is None:
        raise PapkaError(_cannot_pack(dist))
    bodies.update(_elsewhere(dist, stem))
    bodies[f"{stem}/RECORD"] = _record(bodies, stem)
    into.mkdir(parents=True, exist_ok=True)
    tags = _tags(bodies[f"{stem}/WHEEL"].decode("utf-8", "replace"))
    target = into / f"{stem.removesuffix('.dist-info')}-{tags}.whl"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as whole:
        for name in sorted(bodies):
            write(whole, name, bodies[name])
    return target


def _elsewhere(dist: Distribution, stem: str) -> Iterator[tuple[str, bytes]]:
    """Return what it put beside Python's packages, under the names that it had in its wheel.

    Commands that papka's pip makes anew from the list of entry points are left out.
    """
    commands = {one.name for one in dist.entry_points if one.group.endswith("_scripts")}
    data = stem.removesuffix(".dist-info") + ".data"
    for one in dist.files or ():
        if one.parts[:1] != ("..",) or one.hash is None or one.name.removesuffix(".exe") in commands:
            continue
        path = Path(str(one.locate())).resolve()
        if not path.is_relative_to(Path(sys.prefix).resolve()):
            raise PapkaError(_cannot_pack(dist))
        home, *rest = path.relative_to(Path(sys.prefix).resolve()).parts
        body = path.read_bytes()
        if home in ("bin", "Scripts"):
            # pip wrote the place of this Python into the first line; here stands again what says where.
            yield f"{data}/scripts/{'/'.join(rest)}", re.sub(rb"\A#!.*python.*", b"#!python", body)
        else:
            yield f"{data}/data/{'/'.join((home, *rest))}", body


def _cannot_pack(dist: Distribution) -> str:
    words = tr("{name} cannot be packed from what is installed here. Name its wheel with --find-links.")
    return words.format(name=dist.name)


def _record(bodies: dict[str, bytes], stem: str) -> bytes:
    lines = []
    for name, body in sorted(bodies.items()):
        digest = urlsafe_b64encode(sha256(body).digest()).rstrip(b"=").decode()
        listed = f'"{name}"' if "," in name else name
        lines.append(f"{listed},sha256={digest},{len(body)}")
    return "\n".join([*lines, f"{stem}/RECORD,,", ""]).encode("utf-8")


def _tags(text: str) -> str:
    tags = [str(one).split("-") for one in HeaderParser().parsestr(text).get_all("Tag") or ()]
    parts = (
        [sorted({one[place] for one in tags}) for place in range(3)] if tags else [["py3"], ["none"], ["any"]]
    )
    return "-".join(".".join(part) for part in parts)


def write(whole: zipfile.ZipFile, name: str, body: bytes) -> None:
    """Write a member of an archive so that the same content gives the same bytes, whenever it is written."""
    info = zipfile.ZipInfo(name, _LONG_AGO)
    info.compress_type, info.external_attr, info.create_system = whole.compression, 0o644 << 16, 3
    whole.writestr(info, body)


def downloaded(requirement: str, into: Path, way: Way, target: tuple[str, ...] = ()) -> None:
    """Fetch the wheel of one requirement, never its source: that would run here to be built.

    Args:
        target: pip's options for a computer other than this one.
    """
    doing = tr("{name} cannot be fetched").format(name=requirement)
    options = ["--no-deps", "--only-binary=:all:", *target, *way.options()]
    pip("download", *options, "--dest", into, requirement, doing=doing)
