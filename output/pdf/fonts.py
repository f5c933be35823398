"""Which font is drawn for the one that a template asks for, and what brings one of the same measures.

A font of other measures breaks lines and pages elsewhere; a paper looks the same everywhere only where the
measures are the same.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from .engines import built_in_engines
from .libreoffice import find_soffice

_SAME: Mapping[str, tuple[str, ...]] = {
    "Times New Roman": ("Liberation Serif", "Tinos", "PT Astra Serif"),
    "Arial": ("Liberation Sans", "Arimo"),
    "Courier New": ("Liberation Mono", "Cousine"),
    "Calibri": ("Carlito",),
    "Cambria": ("Caladea",),
}
"""Fonts of the same measures. rdocx brings the first of each along."""

_FILES: Mapping[str, tuple[str, ...]] = {
    "Times New Roman": ("times", "timesnewroman", "timesnewromanpsmt"),
    "Arial": ("arial",),
    "Courier New": ("cour", "couriernew"),
    "Calibri": ("calibri",),
    "Cambria": ("cambria",),
    "PT Astra Serif": ("ptastraserif", "ptastraserifregular"),
}
_OS_RELEASE = Path("/etc/os-release")
_PACKAGES: Mapping[str, str] = {
    "debian": "fonts-liberation",
    "ubuntu": "fonts-liberation",
    "astra": "fonts-liberation",
    "altlinux": "fonts-ttf-liberation",
    "redos": "liberation-serif-fonts",
    "fedora": "liberation-serif-fonts",
    "rhel": "liberation-serif-fonts",
    "suse": "liberation-fonts",
    "opensuse": "liberation-fonts",
    "arch": "ttf-liberation",
}


@dataclass(frozen=True, slots=True)
class FontReport:
    """Which font stands for the wanted one; ``advice_package`` brings a better one, where that is known."""

    wanted: str
    found: str | None
    same_measures: bool
    advice_package: str | None = None


def substituted() -> frozenset[str]:
    """Return the fonts that a template may ask for: each machine has them, or free ones of their measures."""
    return frozenset({*_SAME, *(name for same in _SAME.values() for name in same)})


def font_report(wanted: str = "Times New Roman", engine: str | None = None) -> FontReport:
    """Find out which font an engine draws on this machine; by default the engine that would be taken."""
    name = engine or next((one.name for one in built_in_engines() if one.available()), "libreoffice")
    found = _embedded_font(wanted) if name == "rdocx" else _system_font(wanted)
    same = found is not None and _matches(found, wanted)
    return FontReport(wanted, found, same, None if same else _package(wanted))


def _matches(found: str, wanted: str) -> bool:
    return found.casefold() in {name.casefold() for name in (wanted, *_SAME.get(wanted, ()))}


def _embedded_font(wanted: str) -> str | None:
    """rdocx takes the font itself where it is installed, else the one that came with rdocx."""
    if _system_font(wanted) == wanted:
        return wanted
    return next(iter(_SAME.get(wanted, ())), None)


def _system_font(wanted: str) -> str | None:
    asked = _asked(wanted) if sys.platform not in ("win32", "darwin") else None
    if asked is not None and _matches(asked, wanted):
        return asked
    files = {_stem(path) for path in font_files()}
    for name in (wanted, *_SAME.get(wanted, ())):
        if {_squeezed(name), f"{_squeezed(name)}regular", *_FILES.get(name, ())} & files:
            return name
    return asked


def _asked(wanted: str) -> str | None:
    """Ask fontconfig, as LibreOffice does."""
    program = shutil.which("fc-match")
    if program is None:
        return None
    command = [program, "-f", "%{family}", wanted]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired, UnicodeDecodeError):
        return None
    return answer.stdout.split(",")[0].strip() or None


def font_files() -> Iterator[Path]:
    """Go through the files of the fonts that this machine has."""
    for folder in _folders():
        yield from _font_files(folder)


def _folders() -> Iterator[Path]:
    """Give the folders where fonts are kept, with those that LibreOffice brings along."""
    home = Path(os.environ.get("HOME") or os.environ.get("USERPROFILE") or "/")
    if sys.platform == "win32":
        yield Path(os.environ.get("WINDIR", r"C:\Windows")) / "Fonts"
        yield home / "AppData/Local/Microsoft/Windows/Fonts"
    elif sys.platform == "darwin":
        yield from (Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library/Fonts")
    else:
        yield from (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
        yield from (home / ".fonts", home / ".local/share/fonts")
    program = find_soffice()
    if program is not None:
        around = program.resolve().parent.parent
        yield from (around / "share/fonts/truetype", around / "Resources/fonts/truetype")


def _font_files(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from (path for path in folder.rglob("*") if path.suffix.casefold() in (".ttf", ".otf", ".ttc"))


def _stem(path: Path) -> str:
    return _squeezed(path.stem)


def _squeezed(name: str) -> str:
    return "".join(sign for sign in name.casefold() if sign.isalnum())


def _package(wanted: str) -> str | None:
    """Name the package that brings a font of these measures on this system."""
    if wanted not in _SAME or not sys.platform.startswith("linux"):
        return None
    return next((_PACKAGES[name] for name in _system_names() if name in _PACKAGES), None)


def _system_names() -> list[str]:
    try:
        lines = _OS_RELEASE.read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    fields = dict(line.split("=", 1) for line in lines if "=" in line)
    names = f"{fields.get('ID', '')} {fields.get('ID_LIKE', '')}"
    return [name.strip("\"'") for name in names.split()]
