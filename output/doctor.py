"""`papka doctor`: what papka works with on this machine, and what would be better."""

from __future__ import annotations

import platform
import stat
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click

from ..core.folders import office_folder
from ..core.i18n import tr
from ..core.plugging.plugins import PluginInfo, Plugins
from .pdf import EngineInfo, FontReport, describe_engines, font_report
from .pictures.library import EXTRA, drawing_library

WANTED_FONT = "Times New Roman"


@dataclass(frozen=True)
class Surroundings:
    """What was found on this machine."""

    version: str
    python: str
    system: str
    engines: tuple[EngineInfo, ...]
    font: FontReport
    pictures: str | None
    plugins: tuple[PluginInfo, ...]
    calendar_until: int

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "papka": self.version,
            "python": self.python,
            "system": self.system,
            "engines": [asdict(engine) for engine in self.engines],
            "font": asdict(self.font),
            "pictures": self.pictures,
            "plugins": [info.as_json() for info in self.plugins],
            "calendar_until": self.calendar_until,
        }


def examine() -> Surroundings:
    """Look at engines, fonts, plugins and the calendar."""
    from .. import __version__
    from ..core.workdays import STANDARD

    return Surroundings(
        version=__version__,
        python=platform.python_version(),
        system=platform.platform(terse=True),
        engines=tuple(describe_engines()),
        font=font_report(WANTED_FONT),
        pictures=drawing_library(),
        plugins=tuple(Plugins().infos),
        calendar_until=STANDARD.last_decreed_year(),
    )


def show(found: Surroundings) -> None:
    """Show the report to a person."""
    click.echo(f"papka {found.version} · Python {found.python} · {found.system}")
    click.secho(tr("PDF engines"), bold=True)
    for engine in found.engines:
        mark = "✓" if engine.available else "–"
        words = engine.version if engine.available else tr("not here: {reason}").format(reason=engine.why_not)
        click.echo(f"  {mark} {engine_title(engine.name)}: {words}")
    click.secho(tr("Fonts"), bold=True)
    click.echo("  " + font_line(found.font))
    click.secho(tr("Pictures"), bold=True)
    words = tr("without pictures: papers say in words what they would show")
    click.echo(f"  ✓ {found.pictures}" if found.pictures else f"  – {words}")
    click.secho(tr("Plugins"), bold=True)
    for info in found.plugins:
        mark = "✗" if info.fault else "✓"
        click.echo(f"  {mark} {info.name} {info.version}" + (f" — {info.fault}" if info.fault else ""))
    click.secho(tr("Calendar"), bold=True)
    words = tr("days off are decreed up to {year}; later days are counted by the law's own holidays")
    click.echo("  " + words.format(year=found.calendar_until))
    better = list(advice())
    click.secho(tr("What would be better"), bold=True)
    for line in better or [tr("nothing: all is at its best")]:
        click.echo(f"  {line}")


def engine_title(name: str) -> str:
    """Return the name of an engine as its makers write it."""
    titles = {"libreoffice": "LibreOffice", "rdocx": tr("rdocx (embedded)"), "gotenberg": "Gotenberg"}
    return titles.get(name, name)


def engine_line(engine: str) -> str:
    """Say which engine made the PDF and with which font."""
    name, _, version = engine.partition(" ")
    if name == "gotenberg":
        # Which fonts it has, it does not tell.
        return tr("PDF made by {engine} {version}.").format(engine=engine_title(name), version=version)
    words = tr("PDF made by {engine} {version}; {font}.")
    return words.format(engine=engine_title(name), version=version, font=font_line(font_report(WANTED_FONT)))


def font_line(font: FontReport) -> str:
    """Say which font stands for the one that the templates ask for."""
    if font.found is None:
        return tr("no font was found for {wanted}").format(wanted=font.wanted)
    if font.found == font.wanted:
        return tr("font {wanted}").format(wanted=font.wanted)
    if font.same_measures:
        words = tr("font {found} in place of {wanted}, of the same measures")
    else:
        words = tr("font {found} in place of {wanted}, of other measures: lines break elsewhere")
    return words.format(found=font.found, wanted=font.wanted)


def advice() -> Iterator[str]:
    """Say what would make the papers better and safer, and which package brings it."""
    yield from _open_to_others()
    standing = {engine.name for engine in describe_engines() if engine.available}
    if "libreoffice" not in standing:
        yield tr(
            "LibreOffice draws every template; the embedded engine only those it is proven to draw. "
            "Debian, Ubuntu: apt install libreoffice-writer-nogui. Windows: libreoffice.org."
        )
    font = font_report(WANTED_FONT)
    if not font.same_measures and font.advice_package:
        words = tr("Install a font of the measures of {wanted}: {package}.")
        yield words.format(wanted=font.wanted, package=font.advice_package)
    if drawing_library() is None:
        words = tr("Genograms, ecomaps and charts in papers need: pip install {packages}")
        yield words.format(packages=" ".join(EXTRA))


def _open_to_others() -> Iterator[str]:
    """Say so when other users of the machine can look into the office."""
    office = office_folder(Path.cwd())
    if office is None or sys.platform == "win32":
        return
    if stat.S_IMODE(office.stat().st_mode) & 0o077:
        words = tr("The office's folder is open to other users of this computer: chmod 700 {folder}")
        yield words.format(folder=office)
