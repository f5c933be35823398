"""`papka plugin install`, `papka plugin uninstall`, `papka plugin bundle`."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...core.errors import AskedWrongly
from ...core.i18n import tr

if TYPE_CHECKING:
    from .bundles import Manifest

_FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command(help=tr("Install a plugin: a package's name, a wheel, a folder, or a bundle made elsewhere."))
@click.argument("what", required=False, metavar=tr("WHAT"))
@click.option(
    "-r",
    "--requirement",
    "listed",
    type=click.Path(path_type=Path),
    help=tr("Install what a list says, such as that of: papka plugins --pins."),
)
@click.option("--find-links", multiple=True, type=_FOLDER, help=tr("Look for packages in this folder too."))
@click.option("--offline", is_flag=True, help=tr("Ask nothing of the internet."))
@click.option("--sha256", "digest", help=tr("Install the file only if this is its SHA-256."))
@click.option("--yes", "-y", is_flag=True, help=tr("Do not ask."))
def install(
    what: str | None,
    listed: Path | None,
    find_links: tuple[Path, ...],
    offline: bool,
    digest: str | None,
    yes: bool,
) -> int:
    """Say what would be installed, try it, install it, and show what it brings."""
    from .environment import Way, refuse_if_not_ours
    from .placing import place
    from .planning import of_list, planned

    if (what is None) == (listed is None) or (digest and listed):
        raise AskedWrongly(tr("Name one thing to install. See: papka plugin install --help."))
    refuse_if_not_ours()
    way = Way(offline, find_links)
    with tempfile.TemporaryDirectory(prefix="papka-install-") as name:
        folder = Path(name)
        if listed is not None:
            return place(of_list(listed, folder, way), yes=yes)
        return place(planned(str(what), folder, way, digest), yes=yes)


@click.command(help=tr("Take a plugin away again."))
@click.argument("name", metavar=tr("NAME"))
@click.option("--yes", "-y", is_flag=True, help=tr("Do not ask."))
def uninstall(name: str, yes: bool) -> int:
    """Uninstall the distribution of a plugin; what it needed stays, for others may need it."""
    from .placing import take_away

    return take_away(name, yes=yes)


@click.command(help=tr("Pack plugins and what they need into one file, for a computer without internet."))
@click.argument("whats", nargs=-1, metavar=tr("[NAME|FOLDER]..."))
@click.option(
    "--into", type=click.Path(path_type=Path, dir_okay=False), help=tr("The file, ending with .papka.zip.")
)
@click.option(
    "--platform", help=tr("For another computer: windows, linux, macos, or a tag such as win_amd64.")
)
@click.option("--python", help=tr("For another Python, such as 3.12."))
@click.option("--with-papka", is_flag=True, help=tr("Put papka itself in, with all that it needs."))
@click.option("--find-links", multiple=True, type=_FOLDER, help=tr("Look for packages in this folder too."))
@click.option("--offline", is_flag=True, help=tr("Ask nothing of the internet."))
@click.option("--show", type=click.Path(path_type=Path), help=tr("Show what a bundle holds."))
@click.option("--json", "as_json", is_flag=True, help=tr("Print JSON for scripts."))
def bundle(
    whats: tuple[str, ...],
    into: Path | None,
    platform: str | None,
    python: str | None,
    with_papka: bool,
    find_links: tuple[Path, ...],
    offline: bool,
    show: Path | None,
    as_json: bool,
) -> int:
    """Make a bundle, or show one."""
    from . import bundles
    from .environment import Way
    from .gathering import gathered
    from .target import Target

    if show is not None:
        if whats or into:
            raise AskedWrongly(tr("--show shows one bundle and makes none."))
        _show(show, bundles.shown(show), as_json=as_json)
        return 0
    if into is None or not (whats or with_papka):
        raise AskedWrongly(
            tr("Name what to pack and the file: papka plugin bundle NAME --into FILE.papka.zip")
        )
    if not into.name.endswith(bundles.ENDING):
        into = into.with_name(into.name.removesuffix(".zip") + bundles.ENDING)
    if not into.absolute().parent.is_dir():
        raise AskedWrongly(tr("There is no folder {folder}.").format(folder=into.absolute().parent))
    target = Target.named(platform, python)
    with tempfile.TemporaryDirectory(prefix="papka-bundle-") as name:
        way = Way(offline, find_links)
        wheels, roots = gathered(whats, Path(name), target=target, way=way, with_papka=with_papka)
        manifest = bundles.made(wheels, roots, into)
    _show(into, manifest, as_json=as_json)
    return 0


def _show(file: Path, manifest: Manifest, *, as_json: bool) -> None:
    from ...core.report import show_json
    from .bundles import digest_of

    digest = digest_of(file)
    if as_json:
        show_json({**manifest.model_dump(mode="json"), "file": str(file), "sha256": digest})
        return
    click.echo(tr("{file}: {size} KB").format(file=file, size=max(1, file.stat().st_size // 1024)))
    words = tr("plugins: {names}; made on {day} by {maker}")
    day = f"{manifest.made_on:%d.%m.%Y}"
    click.echo(words.format(names=", ".join(manifest.plugins), day=day, maker=manifest.made_by))
    words = tr("Python: {python}; computer: {platform}")
    whole = {"any": tr("any")}
    python, platform = (whole.get(one, one) for one in (manifest.python, manifest.platform))
    click.echo(words.format(python=python, platform=platform))
    for one in manifest.wheels:
        click.echo(f"    {one.name} {one.version}")
    click.echo(f"SHA-256: {digest}")
    click.echo(tr("Tell the SHA-256 to who receives the file by another way than the file itself."))
