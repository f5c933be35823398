"""The pip of the Python that papka runs in, and why it may not install anything there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from ...core.errors import PapkaError
from ...core.i18n import tr

SECONDS = 900
"""How long pip may take: it may have to fetch much over a slow line."""


def pip(*arguments: str | Path, doing: str, more: Mapping[str, str] | None = None) -> str:
    """Run pip and return what it printed.

    Args:
        doing: What is being done, in the reader's words; a failure begins with it.
        more: Variables for its environment.

    Raises:
        PapkaError: There is no pip, or it failed; its own last words are told.
    """
    refuse_without_pip()
    always = ["--disable-pip-version-check", "--no-input", "--no-color", "--retries", "2"]
    command = [sys.executable, "-m", "pip", str(arguments[0]), *always, *map(str, arguments[1:])]
    try:
        ran = subprocess.run(
            command,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            env={**os.environ, "PYTHONUTF8": "1", **(more or {})},
            stdin=subprocess.DEVNULL,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        words = tr("{doing}: pip did not end in {minutes} minutes.")
        raise PapkaError(words.format(doing=doing, minutes=SECONDS // 60)) from error
    if ran.returncode:
        raise PapkaError(f"{doing}: {_last_words(ran.stderr)}")
    return ran.stdout


def _last_words(said: str) -> str:
    """Return what pip says went wrong, without the story before it."""
    missing = re.search(r"No matching distribution found for (.+)", said)
    if missing and "Retrying (" in said:
        return tr("the index cannot be reached")
    if missing:
        words = tr("there is no {name} for this computer, neither in the index nor in the folders named")
        return words.format(name=missing[1].strip())
    lines = [line.strip() for line in said.splitlines()]
    errors = [line.removeprefix("ERROR:").strip() for line in lines if line.startswith("ERROR:")]
    kept = list(dict.fromkeys(errors))[-3:] or [line for line in lines if line][-1:]
    return " ".join(kept) or tr("pip said nothing")


def refuse_without_pip() -> None:
    """Refuse where this Python has no pip, with the way to get one."""
    if find_spec("pip") is None:
        words = tr("This Python has no pip, and pip is what installs plugins. Say: {command}")
        raise PapkaError(words.format(command=_get_pip()))


def _get_pip() -> str:
    if (Path(sys.prefix) / "pipx_metadata.json").is_file():
        return "pipx inject papka pip"
    settings = Path(sys.prefix) / "pyvenv.cfg"
    if settings.is_file() and "\nuv =" in "\n" + settings.read_text("utf-8", errors="replace"):
        return f'uv pip install --python "{sys.executable}" pip'
    if find_spec("ensurepip") is None:
        return "sudo apt install python3-pip"
    return f'"{sys.executable}" -m ensurepip'


def refuse_if_not_ours() -> None:
    """Refuse where nothing may be installed, and say where it can be.

    Source: PEP 668 (a Python that belongs to the operating system says so by a file).
    """
    refuse_without_pip()
    own = sys.prefix != sys.base_prefix
    stdlib = sysconfig.get_path("stdlib", sysconfig.get_default_scheme())
    if not own and (Path(stdlib) / "EXTERNALLY-MANAGED").is_file():
        words = tr("This Python belongs to the operating system. Make a place of papka's own: {commands}")
        raise PapkaError(words.format(commands=_own_place()))
    folder = Path(sysconfig.get_path("purelib"))
    if own and not os.access(folder, os.W_OK):
        words = tr("You may not write into {folder}. Install as the user who installed papka.")
        raise PapkaError(words.format(folder=folder))


def _own_place() -> str:
    if sys.platform == "win32":
        return r"py -m venv %USERPROFILE%\papka && %USERPROFILE%\papka\Scripts\pip install papka"
    return "python3 -m venv ~/papka && ~/papka/bin/pip install papka"


def only_for_user() -> bool:
    """Tell whether what is installed will be there for this user of the computer only."""
    return sys.prefix == sys.base_prefix and not os.access(sysconfig.get_path("purelib"), os.W_OK)


@dataclass(frozen=True)
class Way:
    """Where pip may look for packages: in the internet unless it is offline, and in folders."""

    offline: bool = False
    find_links: tuple[Path, ...] = ()

    def options(self, *more: Path) -> list[str]:
        """Return how pip is told of it; ``more`` are folders of this one call."""
        links = [part for folder in (*more, *self.find_links) for part in ("--find-links", str(folder))]
        return [*(["--no-index"] if self.offline else []), *links]


def this_computer() -> tuple[str, str]:
    """Return what this computer is, in words, and how a bundle is asked for that fits it."""
    import platform

    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    tag = sysconfig.get_platform().replace("-", "_").replace(".", "_")
    known = {"win_amd64": "windows", "linux_x86_64": "linux"}
    options = f"--platform {known.get(tag, tag)} --python {python}"
    return f"{platform.system()} ({tag}), Python {python}", options
