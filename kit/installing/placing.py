"""A plugin put into the environment, or taken out of it, with what a person has to know before and after."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click

from ...core.confirming import agrees
from ...core.errors import AskedWrongly, PapkaError
from ...core.folders import SETTINGS
from ...core.i18n import tr
from ...core.plugging.announced import announced, called, narrowed
from ...core.plugging.installed import found
from ...core.plugging.plugins import Plugins
from .environment import only_for_user, pip, refuse_if_not_ours
from .gathering import PAPKA
from .planning import Plan
from .trying import Listed, fault_of, loaded, put, tried
from .wheels import Wheel


def place(plan: Plan, *, yes: bool) -> int:
    """Show a plan, ask, try its wheels beside what is installed, and only then install them.

    Raises:
        PapkaError: A plugin would not work, or another would not any more; nothing was installed.
    """
    if not plan.items:
        click.echo(tr("All of it is installed already, and there is nothing newer."))
        return 0
    _say(plan)
    wheels = plan.fetched()
    _warn(wheels)
    if not yes:
        _ask(tr("Install?"))
    lock = plan.folder / "lock.txt"
    lock.write_text("".join(f"{one.pinned}\n" for one in wheels), "utf-8")
    click.echo(tr("Trying it before it is installed …"), err=True)
    try:
        faults = tried(wheels, lock).faults()
    except PapkaError as error:
        faults = [str(error)]
    if faults:
        raise PapkaError("\n".join([*faults, tr("Nothing was installed; all is as it was.")]))
    put(lock, plan.folder, "--force-reinstall")
    return _tell(wheels)


def _ask(question: str) -> None:
    """Go on only after a yes."""
    if not agrees(question, default=False):
        raise click.Abort


def _say(plan: Plan) -> None:
    click.echo(tr("To be installed:"))
    for one in plan.items:
        line = tr("{name} {version}, from {source}")
        click.echo("    " + line.format(name=one.name, version=one.version, source=one.source))
        if one.before:
            click.echo("        " + tr("in the place of {version}").format(version=one.before))
    click.echo(tr("Into: {folder}").format(folder=sys.prefix))
    if only_for_user():
        click.echo(tr("It will be there for you, and not for other users of this computer."))


def _warn(wheels: Iterable[Wheel]) -> None:
    for one in wheels:
        if one.at_start:
            words = tr("{name} holds {files}: it runs whenever this Python starts, not only in papka.")
            click.echo(words.format(name=one.name, files=", ".join(one.at_start)))
    click.echo(tr("A plugin is a program: it may do on this computer whatever you may. Know who made it."))


def _tell(wheels: Sequence[Wheel]) -> int:
    """Load what was installed in a new process and say what it brings."""
    names = [name for one in wheels for name in one.plugins]
    now = loaded()
    for name in names:
        _bring(now, name)
    broken = [name for name in names if name not in now or now[name]["fault"]]
    if broken:
        words = tr("To take it away: papka plugin uninstall {name}")
        click.echo(words.format(name=broken[0]))
        return 1
    _tell_of_office(names)
    return 0


def _bring(now: Listed, name: str) -> None:
    one: dict[str, Any] | None = now.get(name)
    if one is None:
        click.echo("✗ " + tr("The plugin {name} is not found after it was installed.").format(name=name))
        return
    if one["fault"]:
        click.echo("✗ " + fault_of(one))
        return
    click.echo(click.style("✓", fg="green") + f" {one['name']} {one['version']} ({one['origin']})")
    if one["programme"]:
        words = tr("programme: {id}, documents: {count}")
        click.echo("    " + words.format(id=one["programme"], count=one["documents"]))
    if one["missing"]:
        words = tr("templates that are not there: {names}").format(names=", ".join(one["missing"]))
        click.echo("    " + words)
    for told in one["findings"]:
        click.echo(f"    {told['message']} " + tr("What to do: {cure}").format(cure=told["cure"]))


def _tell_of_office(names: Iterable[str]) -> None:
    """Say when the office of this folder does not allow what was installed."""
    if not narrowed(Path.cwd()):
        return
    working = {info.name for info in Plugins().infos if info.fault is None}
    for name in names:
        if name not in working:
            words = tr(
                "Here it is not loaded: {file} or a variable names others. Add it to the list plugins: {line}"
            )
            click.echo(words.format(file=SETTINGS, line=f"- name: {name}"))


def take_away(name: str, *, yes: bool) -> int:
    """Uninstall the distribution of a plugin.

    Raises:
        AskedWrongly: No installed plugin has this name.
    """
    refuse_if_not_ours()
    points = [one for one in announced() if called(one, (name,))]
    distribution = points[0].distribution if points else name
    dist = found(distribution)
    if not points or dist is None:
        words = tr("No installed plugin is called {name}. There are: {known}.")
        known = ", ".join(one.name for one in announced()) or "—"
        said = tr("papka itself is taken away with: {command}").format(command="pip uninstall papka")
        raise AskedWrongly(said if name == PAPKA else words.format(name=name, known=known))
    words = tr("To be taken away: {name} {version}. Cases of its programme cannot be opened without it.")
    click.echo(words.format(name=distribution, version=dist.version))
    if not yes:
        _ask(tr("Take it away?"))
    pip("uninstall", "--yes", "--quiet", distribution, doing=tr("It cannot be taken away"))
    if found(distribution) is not None:
        words = tr("Another copy of {name} is left. Say the same command once more.")
        click.echo(words.format(name=distribution))
        return 1
    click.echo(tr("It is gone. What it needed stays, for other packages may need it."))
    return 0
