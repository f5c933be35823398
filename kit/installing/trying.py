"""A plugin tried before it is installed: in a folder of its own, loaded in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...core.errors import PapkaError
from ...core.i18n import current_language, tr
from ...core.plugging.announced import ALLOW_LIST, SAFE
from .environment import pip
from .wheels import Wheel

SECONDS = 180
"""How long papka may take to load all plugins: more means that one of them never ends."""

Listed = dict[str, dict[str, Any]]
"""What `papka plugins --json` tells, by the plugin's name."""


@dataclass(frozen=True)
class Trial:
    """What would be and what is.

    Attributes:
        now: How the plugins stand today; none if papka cannot tell.
        then: How they would stand.
        new: The names of the plugins that come.
    """

    now: Listed
    then: Listed
    new: tuple[str, ...]

    def faults(self) -> list[str]:
        """Say what would be broken: a plugin that comes, or one that works today and then no more."""
        told = []
        for name, one in sorted(self.then.items()):
            worked = self.now.get(name, {"fault": "?"})["fault"] is None
            if one["fault"] and (name in self.new or worked):
                told.append(fault_of(one))
        lost = [name for name in self.new if name not in self.then]
        told += [
            tr("The plugin {name} is not found after it was installed.").format(name=name) for name in lost
        ]
        return told


def fault_of(one: Mapping[str, Any]) -> str:
    """Say what is wrong with a plugin, at which places, and what to do."""
    words = tr("The plugin {name} cannot be used: {fault}.").format(
        name=one["name"], fault=one["fault"].rstrip(".")
    )
    places = [_place(found) for found in one["findings"]] if len(one["findings"]) > 1 else []
    cure = tr("What to do: {cure}").format(cure=one["cure"])
    return "\n    ".join([words, *places, cure])


def _place(found: Mapping[str, Any]) -> str:
    place = found["place"] or {}
    where = ":".join(str(place[name]) for name in ("file", "line", "column") if place.get(name) is not None)
    return f"{where}: {found['message']}" if where else str(found["message"])


def tried(wheels: Sequence[Wheel], lock: Path) -> Trial:
    """Load the plugins of wheels beside the installed ones, without installing them.

    Args:
        lock: The list of the wheels with their digests, for pip; they lie in one folder.

    Raises:
        PapkaError: papka itself would not start any more.
    """
    new = tuple(name for one in wheels for name in one.plugins)
    with tempfile.TemporaryDirectory(prefix="papka-try-") as name, ThreadPoolExecutor(1) as beside:
        today = beside.submit(_now)
        overlay = Path(name) / "overlay"
        put(lock, wheels[0].path.parent, "--target", str(overlay), "--no-compile")
        then = loaded(overlay)
        return Trial(today.result(), then, new)


def put(lock: Path, folder: Path, *options: str) -> None:
    """Let pip install exactly the wheels of a list, and nothing from anywhere else."""
    exact = ["--no-index", "--find-links", str(folder), "--no-deps", "--require-hashes", "--requirement"]
    pip("install", "--quiet", *options, *exact, lock, doing=tr("The plugin cannot be installed"))


def _now() -> Listed:
    try:
        return loaded()
    except PapkaError:
        return {}


def loaded(overlay: Path | None = None) -> Listed:
    """Ask a papka of its own process for all plugins, whatever list narrows this one.

    Args:
        overlay: A folder of packages that comes before the installed ones.

    Raises:
        PapkaError: It did not answer.
    """
    kept = {name: value for name, value in os.environ.items() if name not in (ALLOW_LIST, SAFE)}
    kept |= {"PAPKA_LANG": current_language(), "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    if overlay is not None:
        others = os.environ.get("PYTHONPATH")
        kept["PYTHONPATH"] = os.pathsep.join([str(overlay), *([others] if others else [])])
    with tempfile.TemporaryDirectory(prefix="papka-look-") as elsewhere:
        try:
            ran = subprocess.run(
                [sys.executable, "-m", "papka.core", "plugins", "--json"],
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                env=kept,
                cwd=elsewhere,
                stdin=subprocess.DEVNULL,
                timeout=SECONDS,
                check=False,
            )
            return {one["name"]: one for one in json.loads(ran.stdout)}
        except subprocess.TimeoutExpired as error:
            raise PapkaError(tr("papka would never end loading its plugins.")) from error
        except (ValueError, KeyError, TypeError) as error:
            words = tr("papka would not start any more (exit code {code}).")
            raise PapkaError(words.format(code=ran.returncode)) from error
