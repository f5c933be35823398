"""LibreOffice as a PDF engine: a profile of its own for each call, with all that reaches out switched off."""

from __future__ import annotations

import functools
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape

from ...core.i18n import tr
from .model import Converted
from .running import Recipe, convert_watched, private_room, profile_of

FILTER = "MS Word 2007 XML"
"""Named, so that a file that only calls itself .docx is refused instead of guessed at."""

_DEAD_PROXY = "127.0.0.1"
_DEAD_PORT = "9"
_SCRIPTING = "/org.openoffice.Office.Common/Security/Scripting"
_INTERNET = "/org.openoffice.Inet/Settings"
_EXPORT = "/org.openoffice.Office.Common/Filter/PDF/Export"
_SETTINGS: Sequence[tuple[str, str, str]] = (
    (_SCRIPTING, "MacroSecurityLevel", "3"),
    (_SCRIPTING, "DisableMacrosExecution", "true"),
    (_SCRIPTING, "DisableActiveContent", "true"),
    (_SCRIPTING, "BlockUntrustedRefererLinks", "true"),
    (_INTERNET, "ooInetProxyType", "2"),
    (_INTERNET, "ooInetHTTPProxyName", _DEAD_PROXY),
    (_INTERNET, "ooInetHTTPProxyPort", _DEAD_PORT),
    (_INTERNET, "ooInetHTTPSProxyName", _DEAD_PROXY),
    (_INTERNET, "ooInetHTTPSProxyPort", _DEAD_PORT),
    (_INTERNET, "ooInetNoProxy", ""),
    ("/org.openoffice.Office.Writer/Content/Update", "Link", "2"),
    ("/org.openoffice.Office.Common/Misc", "FirstRun", "false"),
    ("/org.openoffice.Office.Java/VirtualMachine", "Enable", "false"),
    ("/org.openoffice.Office.Recovery/AutoSave", "Enabled", "false"),
    (_EXPORT, "ExportFormFields", "false"),
)
_ARCHIVE: Sequence[tuple[str, str, str]] = (
    # 2: PDF/A-2b.
    (_EXPORT, "SelectPdfVersion", "2"),
    (_EXPORT, "UseTaggedPDF", "true"),
)


def find_soffice() -> Path | None:
    """Find LibreOffice: on the path, then where its installers put it."""
    for name in ("soffice", "libreoffice"):
        if found := shutil.which(name):
            return Path(found)
    return next((path for path in _usual_places() if path.is_file()), None)


def _usual_places() -> Iterator[Path]:
    if sys.platform == "win32":
        for name in ("ProgramFiles", "ProgramW6432", "ProgramFiles(x86)"):
            if folder := os.environ.get(name):
                yield Path(folder) / "LibreOffice" / "program" / "soffice.exe"
        return
    if sys.platform == "darwin":
        yield Path("/Applications/LibreOffice.app/Contents/MacOS/soffice")
        yield Path.home() / "Applications/LibreOffice.app/Contents/MacOS/soffice"
        return
    yield from sorted(Path("/opt").glob("libreoffice*/program/soffice"), reverse=True)
    yield from (Path(folder) / "libreoffice/program/soffice" for folder in ("/usr/lib64", "/usr/lib"))


@dataclass(frozen=True)
class LibreOffice:
    """Draws every template; needs LibreOffice on the machine."""

    program: Path | None = field(default_factory=find_soffice)
    stall: float = 60.0
    chunk: int = 40
    archive: bool = False

    @property
    def name(self) -> str:
        """Return ``libreoffice``."""
        return "libreoffice"

    @property
    def draws_all(self) -> bool:
        """Yes, as far as papka's papers go."""
        return True

    @property
    def takes_one(self) -> bool:
        """No: each start costs."""
        return False

    def version(self) -> str:
        """Return the version that LibreOffice states."""
        if self.program is None or not self.program.is_file():
            return ""
        return _stated_version(self.program, self.program.stat().st_mtime)

    def available(self) -> bool:
        """Tell whether LibreOffice was found."""
        return self.why_not() is None

    def why_not(self) -> str | None:
        """Say what is lacking."""
        if self.program is None or not self.program.is_file():
            return tr("LibreOffice was not found")
        return None if _has_fonts() else tr("no font is installed, and LibreOffice has to have one")

    def convert(self, documents: Sequence[Path], into: Path) -> list[Converted]:
        """Draw papers, many with one start of LibreOffice."""
        return convert_watched(documents, into, Recipe(self._command, environment, self.stall, self.chunk))

    def _command(self, papers: Sequence[Path], out: Path, room: Path) -> Sequence[str]:
        return [
            str(self.program),
            f"-env:UserInstallation={fresh_profile(room, archive=self.archive).as_uri()}",
            *("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo"),
            f"--infilter={FILTER}",
            *("--convert-to", "pdf", "--outdir", str(out)),
            *map(str, papers),
        ]


def environment(room: Path) -> Mapping[str, str]:
    """Return what stands in LibreOffice's environment: no way out, no screen, times that tell no place."""
    proxy = f"http://{_DEAD_PROXY}:{_DEAD_PORT}"
    names = ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
    return {
        **dict.fromkeys(names, proxy),
        "no_proxy": "",
        "NO_PROXY": "",
        "SAL_USE_VCLPLUGIN": "svp",
        "TZ": "UTC",
        # Without these it would make folders of its own in the home of whoever runs papka.
        **dict.fromkeys(("XDG_CONFIG_HOME", "XDG_CACHE_HOME"), str(room)),
    }


def fresh_profile(room: Path, *, archive: bool = False) -> Path:
    """Make the profile anew for each start: one that a crash has damaged loses its settings silently."""
    profile = profile_of(room)
    shutil.rmtree(profile, ignore_errors=True)
    user = profile / "user"
    user.mkdir(parents=True, mode=0o700)
    user.joinpath("registrymodifications.xcu").write_text(_registry(archive), encoding="utf-8")
    return profile


def _registry(archive: bool) -> str:
    items = "".join(
        f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{escape(value)}</value></prop></item>\n"
        for path, name, value in (*_SETTINGS, *(_ARCHIVE if archive else ()))
    )
    names = (
        'xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<oor:items {names}>\n{items}</oor:items>\n'


@functools.cache
def _has_fonts() -> bool:
    """Tell whether fontconfig knows any font: without one LibreOffice crashes as it starts."""
    program = shutil.which("fc-list")
    if program is None or sys.platform in ("win32", "darwin"):
        return True
    try:
        found = subprocess.run([program, ":", "family"], capture_output=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return True
    return found.returncode != 0 or bool(found.stdout.strip())


@functools.cache
def _stated_version(program: Path, changed: float) -> str:
    """Ask LibreOffice for its version, once for each that is installed."""
    with private_room() as room:
        command = [str(program), f"-env:UserInstallation={(room / 'profile').as_uri()}", "--version"]
        known = {**os.environ, **environment(room)}
        try:
            asked = subprocess.run(
                command, capture_output=True, timeout=30, check=False, text=True, env=known
            )
        except (OSError, subprocess.TimeoutExpired, UnicodeDecodeError):
            return ""
    found = re.search(r"\d+(\.\d+)+", asked.stdout)
    return found.group() if found else ""
