"""A region that is a variant of another: whose data it is laid over, and what it has to say itself."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..i18n import tr
from ..loading import text_of
from ..outside import bytes_of
from ..yamltext import Read, YamlFault, read
from .layers import laid

if TYPE_CHECKING:
    from ..plugging.plugins import PluginInfo

PROGRAMME = "programme.yaml"
OWN = ("id", "title", "short_title", "owner", "approved_by", "example")
"""What says who a programme is: it is never taken over from another one."""

_ID = re.compile(rb"^id:[ \t]*['\"]?([A-Za-z]\w*)", re.MULTILINE)


def id_of(folder: Path) -> str | None:
    """Return the id of the programme in a folder, also of one that cannot be used; None if there is none."""
    found = _ID.search(_bytes(folder))
    return found.group(1).decode("ascii") if found else None


_MAY_NAME_BASE = re.compile(rb"(?:^|[{,])\s*[\"']?based_on", re.MULTILINE)


def base_of(folder: Path) -> str | None:
    """Return the id of the programme that the one in a folder is based on."""
    raw = _bytes(folder)
    if not _MAY_NAME_BASE.search(raw):
        # Most programmes are no variant: they are not read a second time for that.
        return None
    try:
        data = read(raw).data
    except YamlFault:
        return None
    named = data.get("based_on") if isinstance(data, dict) else None
    return named if isinstance(named, str) else None


def _bytes(folder: Path) -> bytes:
    try:
        return bytes_of(folder / PROGRAMME)
    except OSError:
        return b""


def laid_over(files: Sequence[Path], own: Sequence[str] = ()) -> Read:
    """Read files of which each is laid over the next one.

    Raises:
        Refused: One of them is not the YAML that papka reads.
        PapkaError: One of them cannot be opened.
    """
    text = text_of(files[-1])
    for file in reversed(files[:-1]):
        text = laid(text_of(file), text, own)
    return text


def scales(folders: Sequence[Path]) -> list[Read]:
    """Read the scales of regions of which each is laid over the next one; a scale is known by its id."""
    texts: list[Read] = []
    for folder in reversed(folders):
        below = {_id(text): index for index, text in enumerate(texts)}
        for text in map(text_of, scale_files(folder)):
            index = below.get(_id(text))
            if index is None:
                texts.append(text)
            else:
                texts[index] = laid(text, texts[index])
    return texts


def scale_files(folder: Path) -> list[Path]:
    """Return the files of a region's scales."""
    return sorted(folder.glob("scales/*.yaml"))


def _id(text: Read) -> object:
    return text.data.get("id") if isinstance(text.data, dict) else None


def without_base(
    info: PluginInfo, infos: Sequence[PluginInfo], folders: Mapping[str, Path]
) -> tuple[str, str]:
    """Say why a variant has no base to stand on, and the cure.

    Args:
        folders: Where the programmes of plugins lie, also of those that were set aside, by plugin.
    """
    ids = {one.name: id_of(folders[one.name]) if one.name in folders else one.name for one in infos}
    by_id = {id_: one for one in infos if (id_ := ids[one.name]) is not None}
    way = [ids[info.name], info.based_on]
    while (other := by_id.get(way[-1] or "")) is not None and other.based_on not in (None, *way[1:]):
        way.append(other.based_on)
    if way[-1] == way[0]:
        words = tr("the programmes are based on one another: {names}")
        return words.format(names=" → ".join(map(str, way))), tr("Take based_on out of one of them.")
    other = by_id.get(info.based_on or "")
    if other is not None:
        words = tr("the programme {base}, on which it is based, was set aside itself")
        cure = tr("Put the plugin {name} right first.")
        return words.format(base=info.based_on), cure.format(name=other.name)
    fault = tr("no plugin brings the programme {base}, on which it is based").format(base=info.based_on)
    package = _package(info)
    cure = tr("Install the plugin that brings it: papka plugin install {name}.").format(name=package)
    if (listed := "PAPKA_LOAD_PLUGINS") in os.environ:
        cure += " " + tr("Name it in {variable} too.").format(variable=listed)
    return fault, cure


def _package(info: PluginInfo) -> str:
    """Return the distribution that a variant needs and that is not there, or its usual name."""
    from importlib.metadata import PackageNotFoundError, requires, version

    try:
        stated = [one for one in requires(info.origin) or () if "extra ==" not in one]
    except PackageNotFoundError:
        stated = []
    for name in (re.split(r"[^\w.-]", one.strip(), maxsplit=1)[0] for one in stated):
        try:
            version(name)
        except PackageNotFoundError:
            return name
    return f"papka-{(info.based_on or '').replace('_', '-')}"
