"""A plugin opened for the kit: an installed one by its name, or a folder that is not installed."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.machinery import ModuleSpec, PathFinder
from importlib.metadata import PackageNotFoundError, requires
from importlib.util import spec_from_file_location
from pathlib import Path
from traceback import extract_tb
from types import ModuleType

from ..core.errors import AskedWrongly, PluginProblem, Refused
from ..core.i18n import tr
from ..core.plugging.announced import EntryPoint, announced
from ..core.plugging.plugins import PluginInfo, Plugins
from ..core.programmes.region import Method, Region
from .project import Project, announces, project


@dataclass(frozen=True)
class Opened:
    """A plugin as the kit works on it.

    Attributes:
        name: What it is called among the plugins (the name of its entry point).
        folder: The folder of its package, in which its data lies.
        plugins: It and all that is installed beside it.
        region: What it brings; None when it brings no programme or was set aside (`info.fault` says why).
        method: Its programme at work, with the shared papers and rules; None as above.
        info: How it was loaded: its hooks, its faults.
        point: How it is announced.
        requires: The distributions that it needs, as it states them.
        project: The folder it is built from; None for one installed from a wheel.
    """

    name: str
    folder: Path
    plugins: Plugins
    region: Region | None
    method: Method | None
    distribution: str
    version: str
    info: PluginInfo
    point: EntryPoint
    requires: tuple[str, ...]
    project: Project | None

    @property
    def called(self) -> str:
        """What to call it on the command line: its folder where there is one, else its name."""
        if self.project is None:
            return self.name
        home, here = self.project.folder, Path.cwd()
        shown = str(home.relative_to(here)) if home.is_relative_to(here) else str(home)
        return f'"{shown}"' if " " in shown else shown

    def at_work(self) -> Method:
        """Return its programme at work.

        Raises:
            Refused: The plugin was set aside; the findings say where its faults are.
            PluginProblem: It was set aside for another reason, or it brings no programme.
        """
        if self.method is not None:
            return self.method
        fault = self.info.fault or tr("it brings no programme")
        words = tr("The plugin {name} cannot be used: {fault}.").format(name=self.name, fault=fault)
        if self.info.findings:
            raise Refused(words, self.info.findings)
        raise PluginProblem(self.name, words)

    def breaks_at(self) -> tuple[Path, int] | None:
        """Import it once more and return the last line of its own that was reached when that fails.

        None when it is imported, or when it is not opened from a folder.
        """
        if self.project is None:
            return None
        with _imported_from(self.project):
            try:
                importlib.import_module(self.point.value.partition(":")[0])
            except KeyboardInterrupt:
                raise
            except BaseException as error:  # noqa: BLE001 - whatever stops it is its own
                return _last_line(error, self.folder)
        return None

    def alone(self) -> Plugins:
        """Load it once more without the other installed plugins, but with those that it says it needs."""
        needed = {_plain(name) for name in map(_name_of, self.requires)}
        others = [one for one in announced() if _plain(one.distribution) in needed]
        return _loaded([*others, self.point], self.project)


def opened(what: str | Path) -> Opened:
    """Open a plugin: a folder that announces one, or the name of an installed one.

    A folder is imported from where it lies, beside the other installed plugins; an installed version of the
    same plugin makes way for it. A name is that of a plugin, of its distribution, or of its programme.

    Raises:
        AskedWrongly: There is no such folder and no such plugin, or the folder announces none.
    """
    path = Path(what)
    if path.is_dir() and (isinstance(what, Path) or announces(path) or not _installed(str(what))):
        return _from_folder(project(path.resolve()))
    if isinstance(what, Path):
        raise AskedWrongly(tr("There is no folder {folder}.").format(folder=what))
    return _from_name(what)


def _from_folder(found: Project) -> Opened:
    version = _version(found)
    distribution = found.distribution or found.folder.name
    own = [EntryPoint(name, value, distribution, version) for name, value in found.points.items()]
    taken = {_plain(distribution)} | {_plain(one.name) for one in own}
    others = [one for one in announced() if not {_plain(one.distribution), _plain(one.name)} & taken]
    plugins = _loaded([*others, *own], found)
    infos = [_info_of(plugins, point) for point in own]
    info = next((one for one in infos if one.programme), infos[0])
    point = own[infos.index(info)]
    place = found.place_of(_top(point)) or found.folder
    return _made(plugins, info, point, place, found.requires, found)


def _from_name(name: str) -> Opened:
    points = announced()
    plugins = Plugins(points)
    wanted = _plain(name)
    for point in points:
        try:
            info = _info_of(plugins, point)
        except AskedWrongly:
            continue
        names = (point.name, point.distribution, point.value, info.programme or "")
        if wanted in map(_plain, names):
            folder = _folder_of(info)
            return _made(plugins, info, point, folder, _required(point), _project_of(folder, point))
    if _installed(name):
        raise _left_out(name)
    known = ", ".join(one.name for one in points) or "—"
    words = tr("There is no folder and no installed plugin {name}. Installed are: {known}.")
    raise AskedWrongly(words.format(name=name, known=known))


def _made(
    plugins: Plugins,
    info: PluginInfo,
    point: EntryPoint,
    folder: Path,
    needed: Sequence[str],
    found: Project | None,
) -> Opened:
    region = plugins.programmes().get(info.programme) if info.programme else None
    method = plugins.method(info.programme) if info.programme and region else None
    return Opened(
        point.name,
        folder,
        plugins,
        region,
        method,
        point.distribution,
        point.version,
        info,
        point,
        tuple(needed),
        found,
    )


# --- importing from a folder ------------------------------------------------------------------------------


class _Finder(PathFinder):
    """Finds the packages of one project where they lie, before any installed one of the same name."""

    def __init__(self, places: Mapping[str, Path]) -> None:
        self.places = places

    def find_spec(  # type: ignore[override] # an instance, so that it knows its project
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        place = self.places.get(fullname)
        if place is None:
            return None
        return spec_from_file_location(
            fullname, place / "__init__.py", submodule_search_locations=[str(place)]
        )


def _loaded(points: Sequence[EntryPoint], found: Project | None) -> Plugins:
    if found is None:
        return Plugins(points)
    with _imported_from(found):
        return Plugins(points)


def _last_line(error: BaseException, folder: Path) -> tuple[Path, int] | None:
    lines = [(Path(frame.filename), frame.lineno or 0) for frame in extract_tb(error.__traceback__)]
    if isinstance(error, SyntaxError) and error.filename:
        lines.append((Path(error.filename), error.lineno or 0))
    own = [(file, line) for file, line in lines if file.is_relative_to(folder)]
    return own[-1] if own else None


@contextmanager
def _imported_from(found: Project) -> Iterator[None]:
    """Let the packages of a project be imported from its folder.

    What was imported of the same name before is put back afterwards: who loads plugins later in this process
    gets the installed ones.
    """
    places = {top: found.place_of(top) for top in map(_top_name, found.points.values())}
    finder = _Finder({top: place for top, place in places.items() if place is not None})
    installed = {_top(one) for one in announced()}
    before = {top: _removed(top) for top in finder.places}
    importlib.invalidate_caches()
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for top, modules in before.items():
            if modules or top in installed:
                _removed(top)
                sys.modules.update(modules)


def _removed(top: str) -> dict[str, ModuleType]:
    names = [name for name in sys.modules if name == top or name.startswith(top + ".")]
    return {name: sys.modules.pop(name) for name in names}


# --- names ------------------------------------------------------------------------------------------------


def _top(point: EntryPoint) -> str:
    return _top_name(point.value)


def _top_name(value: str) -> str:
    return value.partition(":")[0].partition(".")[0].strip()


def _plain(name: str) -> str:
    """Write a name as package indexes compare it: papka-tula, papka_tula and Papka.Tula are one."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _name_of(requirement: str) -> str:
    found = re.match(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)", requirement)
    return found.group(1) if found else ""


def _installed(name: str) -> bool:
    wanted = _plain(name)
    return any(wanted in (_plain(one.name), _plain(one.distribution)) for one in announced())


def _info_of(plugins: Plugins, point: EntryPoint) -> PluginInfo:
    for info in plugins.infos:
        if (info.name, info.origin, info.version) == (point.name, point.distribution, point.version):
            return info
    raise _left_out(point.name)


def _left_out(name: str) -> AskedWrongly:
    words = tr("The plugin {name} is left out by the setting PAPKA_LOAD_PLUGINS. Name it there, or unset it.")
    return AskedWrongly(words.format(name=name))


def _folder_of(info: PluginInfo) -> Path:
    file = getattr(info.module, "__file__", None)
    return Path(file).resolve().parent if file else Path()


def _project_of(folder: Path, point: EntryPoint) -> Project | None:
    """Return the folder that an editable installation is built from."""
    for place in (folder, folder.parent, folder.parent.parent):
        if announces(place):
            found = project(place)
            if found.points.get(point.name) == point.value and found.place_of(_top(point)) == folder:
                return found
    return None


def _required(point: EntryPoint) -> tuple[str, ...]:
    try:
        return tuple(one for one in requires(point.distribution) or () if "extra ==" not in one)
    except PackageNotFoundError:
        return ()


def _version(found: Project) -> str:
    """Return the version; where it is written elsewhere, look there without importing anything."""
    kind, _, where = found.version.partition(":")
    if kind == "file":
        file = found.folder / where.strip()
        return file.read_text("utf-8").strip() if file.is_file() else "?"
    if kind == "attr":
        package, _, name = where.strip().rpartition(".")
        place = found.place_of(package.partition(".")[0])
        text = (place / "__init__.py").read_text("utf-8") if place else ""
        match = re.search(rf"^{re.escape(name)}\s*(?::\s*\w+\s*)?=\s*['\"]([^'\"]+)", text, re.M)
        return match.group(1) if match else "?"
    return found.version or "?"
