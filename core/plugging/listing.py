"""`papka plugins` on the screen and as JSON: what is installed, what is wrong with it, what is newer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from ..errors import PapkaError
from ..findings import Finding, Place
from ..i18n import tr
from ..report import severity_word, show_findings, show_json
from .announced import UNKNOWN, announced, is_safe
from .installed import fingerprint, home_of, pins
from .newer import Offer, among, at_index, distributions_of
from .plugins import PluginInfo, Plugins


def show_plugins(*, as_json: bool) -> int:
    """List the plugins, each with what it brings, where it lies and what is wrong with it."""
    plugins = Plugins()
    infos = [
        replace(info, findings=(*info.findings, *_of_templates(plugins, info))) for info in plugins.infos
    ]
    if as_json:
        show_json([_json(info) for info in infos])
        return 0
    if is_safe():
        click.echo(tr("Safe mode: only the built-in plugins and those that the office names."))
    for info in infos:
        _show(info)
    left = [one.name for one in announced() if one.name not in {info.name for info in infos}]
    if left:
        click.echo(tr("Installed and not loaded: {names}.").format(names=", ".join(left)))
    return 0


def _json(info: PluginInfo) -> dict[str, Any]:
    home = home_of(info.origin)
    try:
        digest = fingerprint(info.origin) if home and not home.linked else None
    except PapkaError:
        digest = None
    folder = str(home.folder) if home else None
    return {**info.as_json(), "folder": folder, "linked": bool(home and home.linked), "sha256": digest}


def _of_templates(plugins: Plugins, info: PluginInfo) -> list[Finding]:
    """Look whether the templates of a plugin are Word files at all; what is in them, its author checks."""
    from zipfile import is_zipfile

    region = plugins.programmes().get(info.programme or "")
    if region is None or info.fault:
        return []
    message = tr("The template is no Word file.")
    cure = tr("Open it in Word, save it as .docx, and install the plugin anew.")
    papers = plugins.method(region.programme.id).papers.values()
    broken = {one.template for one in papers if one.template.is_file() and not is_zipfile(one.template)}
    return [
        Finding("T-FILE", "error", message, cure, place=Place(str(file.relative_to(region.folder))))
        for file in sorted(broken)
        if file.is_relative_to(region.folder)
    ]


def _show(info: PluginInfo) -> None:
    mark = click.style("✗", fg="red") if info.fault else click.style("✓", fg="green")
    if (info.missing or info.findings) and not info.fault:
        mark = click.style("!", fg="yellow")
    click.echo(f"{mark} {info.name} {info.version} ({info.origin})")
    home = home_of(info.origin)
    if home is not None:
        click.echo("    " + home.words())
    if info.hooks:
        click.echo("    " + tr("hooks: {names}").format(names=", ".join(info.hooks)))
    if info.programme:
        words = tr("programme: {id}, documents: {count}")
        based = tr(", based on {base}").format(base=info.based_on) if info.based_on else ""
        click.echo("    " + words.format(id=info.programme, count=info.documents) + based)
    if info.missing:
        words = tr("templates that are not there: {names}").format(names=", ".join(info.missing))
        click.echo("    " + words)
        _cure(tr("Put them into the folder templates of the plugin, or install it anew."))
    if info.fault:
        click.echo("    " + tr("set aside: {fault}").format(fault=info.fault))
        _cure(info.cure)
        if len(info.findings) > 1 or any(one.suggestion for one in info.findings):
            show_findings(info.findings)
            click.echo("")
    else:
        for one in info.findings:
            where = f"{one.place.file}: " if one.place.file else ""
            click.echo(f"    {severity_word(one.severity)}: {where}{one.message}")
            _cure(one.cure)


def _cure(cure: str | None) -> None:
    click.echo("    " + tr("What to do: {cure}").format(cure=cure))


def show_newer(place: Path | None, *, as_json: bool) -> int:
    """Say of papka and of each plugin whether there is a newer one; exit 1 when that could not be asked."""
    versions = distributions_of(announced())
    offers = list(among(versions, place) if place else at_index(versions))
    if as_json:
        show_json([one.as_json() for one in offers])
    else:
        for one in offers:
            click.echo(_line(one))
        _what_next(offers, place)
    return 1 if all(one.newest is None for one in offers) else 0


def _line(one: Offer) -> str:
    head = f"{one.name} {one.version}: "
    if one.is_outdated:
        return head + tr("there is {version}").format(version=one.newest)
    if one.newest is not None:
        return head + tr("nothing newer")
    return head + tr("not known ({fault})").format(fault=one.fault or UNKNOWN)


def _what_next(offers: Sequence[Offer], place: Path | None) -> None:
    newer = [one for one in offers if one.is_outdated]
    if newer:
        what = newer[0].name
        if place is not None:
            what = str(place) if place.is_file() else f"{what} --find-links {place}"
        click.echo(tr("To install it: papka plugin install {name}").format(name=what))
    if place is None and all(one.newest is None for one in offers):
        words = tr(
            "Without internet, compare with a folder or a bundle: papka plugins --outdated --from FOLDER"
        )
        click.echo(words)


def show_pins() -> int:
    """Print the list by which this installation can be made again elsewhere."""
    from sys import version_info

    click.echo(f"# papka {distributions_of([])['papka']}, Python {version_info.major}.{version_info.minor}")
    click.echo("# papka plugin install -r THIS_FILE")
    for line in pins(distributions_of(announced())):
        click.echo(line)
    return 0
