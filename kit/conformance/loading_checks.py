"""Whether a plugin can be installed and loaded, and whether its hooks keep to their own affairs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from jinja2 import nodes

from ... import __version__
from ...core.facts import PersonName, Rows
from ...core.filters import Filter
from ...core.findings import Finding
from ...core.i18n import tr
from ...core.plugging.plugins import PluginInfo, Plugins
from ..folder import Opened
from .checks import Check, Looked, finding
from .trial import Trial
from .versions import bounds, fits

# --- loading -----------------------------------------------------------------------------------------------


def _alone(trial: Trial, _: str) -> Looked:
    info = _info(trial.opened.alone(), trial.opened)
    return Looked(list(_faults("P-01", trial.opened, info)), 1)


def _with_others(trial: Trial, _: str) -> Looked:
    """Look at the plugin beside the others, and at the others beside it."""
    opened = trial.opened
    found = list(_faults("P-02", opened, opened.info))
    for other in opened.plugins.infos:
        if other is not opened.info and other.fault is not None:
            words = tr("Beside it the plugin {name} is set aside: {fault}.")
            cure = tr("See papka plugins. If it works without this plugin, rename what both bring.")
            said = words.format(name=other.name, fault=other.fault)
            found.append(finding("P-02", said, cure, severity="warning"))
    return Looked(found, len(opened.plugins.infos) - 1)


def _info(plugins: Plugins, opened: Opened) -> PluginInfo:
    infos = (one for one in plugins.infos if (one.name, one.origin) == (opened.name, opened.distribution))
    return next(infos, opened.info)


def _faults(check: str, opened: Opened, info: PluginInfo) -> Iterator[Finding]:
    if info.fault is not None:
        words = tr("The plugin is set aside: {fault}.").format(fault=info.fault.rstrip("."))
        spot = opened.breaks_at()
        file, line = (spot[0].relative_to(opened.folder).as_posix(), spot[1]) if spot else (None, None)
        # Who has it as a folder is about to make it: to install it anew would bring the same.
        own = tr("Correct what is named; then ask again.") if opened.project else ""
        yield finding(check, words, own or info.cure or "", file, line)
        yield from (one for one in info.findings if one.severity == "error")
    for name in info.missing:
        words = tr("The template {name} is named and is not there.").format(name=name)
        yield finding(check, words, tr("Put it into the folder templates."), f"templates/{name}")


def _states_papka(trial: Trial, _: str) -> Looked:
    opened = trial.opened
    said = [one for one in opened.requires if re.match(r"papka(?![\w-])", one)]
    file = opened.project.file.name if opened.project else None
    cure = tr("Write into install_requires: papka>=0.1,<0.2, with the versions you have tried.")
    if not said:
        words = tr("The plugin does not say which papka it needs.")
        return Looked([finding("P-03", words, cure, file)], 1)
    if not fits(__version__, said[0]):
        words = tr("The plugin asks for another papka ({wanted}) than this one ({version}).")
        message = words.format(wanted=said[0], version=__version__)
        cure = tr("Try it with this papka and widen the range, or install the papka that it asks for.")
        return Looked([finding("P-03", message, cure, file)], 1)
    if not any(sign in ("<", "<=", "==", "~=") for sign, _number in bounds(said[0])):
        words = tr("The plugin claims to work with every papka to come: it names no upper bound.")
        return Looked([finding("P-03", words, cure, file, severity="warning")], 1)
    return Looked(count=1)


# --- packaging ---------------------------------------------------------------------------------------------

_NEEDED = (
    "programme.yaml",
    "registers.yaml",
    "forms.yaml",
    "common.yaml",
    "rules.yaml",
    "templates/*.docx",
    "scales/*.yaml",
    "examples/**/*.yaml",
)
"""What a plugin reads when it works; tests, notes and goldens may stay at home."""


def _packaged(trial: Trial, _: str) -> Looked:
    opened = trial.opened
    files = sorted({file for pattern in _NEEDED for file in opened.folder.glob(pattern)})
    found = [*_names(opened)]
    if opened.project is not None and not _brings_data_by_itself(opened.project.folder):
        found += _left_behind(opened, files)
    if not any((place / "README.md").is_file() for place in _homes(opened)) and opened.project:
        words = tr("There is no README.md: nobody learns what the plugin is and who answers for it.")
        found.append(finding("P-04", words, tr("Write one page."), "README.md", severity="warning"))
    if opened.version in ("", "?", "0.0.0"):
        words = tr("The plugin has no version: a centre cannot say which one it has.")
        found.append(finding("P-04", words, tr("Write version = 0.1.0 beside its name.")))
    return Looked(found, len(files))


def _homes(opened: Opened) -> list[Path]:
    return [opened.folder, *([opened.project.folder] if opened.project else [])]


def _brings_data_by_itself(folder: Path) -> bool:
    """Tell whether another builder than setuptools, or a list of files, decides what is shipped."""
    toml = folder / "pyproject.toml"
    text = toml.read_text("utf-8") if toml.is_file() else ""
    builder = re.search(r"build-backend\s*=\s*[\"']([^\"']+)", text)
    other = builder is not None and not builder[1].startswith("setuptools")
    return other or (folder / "MANIFEST.in").is_file()


def _left_behind(opened: Opened, files: list[Path]) -> Iterator[Finding]:
    """Find data and packages that a wheel would not hold: the plugin works here and nowhere else."""
    project = opened.project
    assert project is not None
    package = opened.point.value.partition(":")[0].partition(".")[0]
    patterns = (*project.package_data.get(package, ()), *project.package_data.get("*", ()))
    shipped = {file for pattern in patterns for file in opened.folder.glob(pattern)}
    for file in files:
        if file not in shipped:
            words = tr("The file is not shipped: the installed plugin would be without it.")
            place = file.relative_to(opened.folder)
            pattern = (place.parent / f"*{place.suffix}").as_posix() if len(place.parts) > 1 else place.name
            cure = tr("Add {pattern} to package_data in {file}.")
            said = cure.format(pattern=pattern, file=project.file.name)
            yield finding("P-04", words, said, place.as_posix())
    if project.packages is not None:
        for init in sorted(opened.folder.rglob("*/__init__.py")):
            inner = init.parent.relative_to(opened.folder)
            name = ".".join((package, *inner.parts))
            if name not in project.packages and inner.parts[0] not in ("tests", "build"):
                words = tr("The package {name} is not shipped.").format(name=name)
                cure = tr("Add it to packages in {file}.").format(file=project.file.name)
                yield finding("P-04", words, cure, f"{inner.as_posix()}/__init__.py")


def _names(opened: Opened) -> Iterator[Finding]:
    """Hold the names against the custom: centres look for papka-…."""
    file = opened.project.file.name if opened.project else None
    package = opened.point.value.partition(":")[0].partition(".")[0]
    for name, wanted in ((opened.distribution, "papka-"), (package, "papka_")):
        if not name.replace("-", "_").startswith("papka_"):
            words = tr("The name {name} does not begin with {wanted}, as those of other plugins do.")
            cure = tr("Rename it: a centre looks for plugins by this name.")
            said = words.format(name=name, wanted=wanted)
            yield finding("P-04", said, cure, file, severity="warning")
    programme = opened.info.programme
    if programme is not None and programme != opened.name:
        words = tr("The plugin is called {name} and its programme {programme}: one name is easier to find.")
        said = words.format(name=opened.name, programme=programme)
        cure = tr("Name the entry point after the programme.")
        yield finding("P-04", said, cure, file, severity="warning")


# --- hooks -------------------------------------------------------------------------------------------------

STRANGER = "papka_trial_of_another_programme"


def _keeps_to_itself(trial: Trial, _: str) -> Looked:
    """Ask the plugin's hook for findings about families of others, and about its own."""
    opened = trial.opened
    if "papka_findings" not in opened.info.hooks:
        return Looked(skipped=tr("the plugin has no hook papka_findings"))
    alone = opened.alone()
    found: list[Finding] = []
    own = opened.info.programme
    count = 0
    for context, day, names in _contexts(trial):
        count += 1
        for one in alone.findings(STRANGER, context, day):
            found.append(_answered(one, stranger=True))
        for one in alone.findings(own, context, day) if own else ():
            if one.id == "X-PLUGIN":
                found.append(_answered(one, stranger=False))
            elif any(name in f"{one.message} {one.cure}" for name in names):
                words = tr("The finding {id} of the hook papka_findings tells the name of a person.")
                cure = tr("Say what is wrong without a value of the case: it is read on screens and in logs.")
                found.append(finding("P-21", words.format(id=one.id), cure, "__init__.py"))
    return Looked(found, count)


def _answered(one: Finding, *, stranger: bool) -> Finding:
    if one.id == "X-PLUGIN":
        words = tr("The hook papka_findings failed: {fault}").format(fault=one.message)
        return finding("P-21", words, tr("Let it bear a case that holds little."), "__init__.py")
    words = tr("The hook papka_findings answers for the programme of another plugin ({id}).")
    cure = tr("Begin it with: if programme != YOUR_ID: return [].")
    return finding("P-21", words.format(id=one.id), cure, "__init__.py")


def _contexts(trial: Trial) -> Iterator[tuple[Any, date, set[str]]]:
    """Go through families: the plugin's own, or those of the other regions if it brings none."""
    own = trial.opened.method
    names = list(trial.sound)[:4] if own else []
    for name in names:
        case = trial.case(name)
        day = trial.told_on(name)
        people = {one.last_name for one in case.case.family.members if one.last_name}
        yield case.on(day).context, day, people
    if not names:
        from ...core.opening import open_case

        plugins = trial.opened.plugins
        for region in plugins.programmes().values():
            for path in region.examples()[:1]:
                case = open_case(str(path), Path.cwd(), plugins)
                day = date(2100, 1, 1)
                people = {one.last_name for one in case.case.family.members if one.last_name}
                yield case.on(day).context, day, people


# --- filters -----------------------------------------------------------------------------------------------

_SAMPLES: dict[str, object] = {
    "text": "слово",
    "phrase": "слово",
    "number": 5,
    "money": Decimal("7900.50"),
    "date": date(2025, 2, 18),
    "time": time(14, 30),
    "bool": True,
    "name": PersonName(last="Иванова", first="Анна", patronymic=None, sex="female"),
    "list": Rows(),
    "any": "слово",
}
"""What a filter's example is tried with; of records only the filter knows which."""


def _filters_work(trial: Trial, _: str) -> Looked:
    if "papka_filters" not in trial.opened.info.hooks:
        return Looked(skipped=tr("the plugin has no filters of its own"))
    others = {one.name for one in Plugins([]).filters()}
    alone = trial.opened.alone()
    own = [one for one in alone.filters() if one.name not in others]
    return Looked([fault for one in own for fault in _tried(one, alone)], len(own))


def _tried(one: Filter, plugins: Plugins) -> Iterator[Finding]:
    cure = tr("Give it an example that works: it is what a methodologist sees in the vocabulary.")
    written = re.search(r"\{\{(.+?)\}\}", one.example, re.DOTALL)
    try:
        tree = plugins.language.tree(written[1].strip() if written else one.example)
    except Exception:  # noqa: BLE001 - it is a text that anybody wrote
        words = tr("The example of the filter {name} cannot be read.").format(name=one.name)
        yield finding("P-22", words, cure, "__init__.py")
        return
    every = [tree, *tree.find_all(nodes.Filter)]
    used = [node for node in every if isinstance(node, nodes.Filter) and node.name in (one.name, one.russian)]
    if not used:
        words = tr("The example of the filter {name} does not use it.").format(name=one.name)
        yield finding("P-22", words, cure, "__init__.py")
        return
    if not one.russian or not re.search("[а-яё]", f"{one.russian} {one.summary}", re.IGNORECASE):
        words = tr("The filter {name} has no Russian name or no Russian line that says what it does.")
        yield finding("P-22", words.format(name=one.name), cure, "__init__.py", severity="warning")
    sample = next((_SAMPLES[kind] for kind in one.takes if kind in _SAMPLES), None)
    try:
        arguments = [argument.as_const() for argument in used[0].args]
    except nodes.Impossible:
        return
    if sample is None:
        return
    try:
        one.function(sample, *arguments)
    except Exception as error:  # noqa: BLE001 - whatever a stranger's filter raises is its fault
        words = tr("The filter {name} fails on a plain value of the kind it takes ({error}).")
        cause = getattr(error, "__cause__", None) or error
        said = words.format(name=one.name, error=type(cause).__name__)
        yield finding("P-22", said, tr("Let it bear every value of its kind."), "__init__.py")


CHECKS = (
    Check(
        "P-01",
        ("It loads alone", "Загружается сам по себе"),
        (
            "The plugin works on a computer where no other one is installed.",
            "Плагин работает там, где других плагинов нет.",
        ),
        ("plugins", "плагинов"),
        _alone,
        needs_programme=False,
    ),
    Check(
        "P-02",
        ("It loads beside the other plugins", "Загружается рядом с другими плагинами"),
        ("It takes nothing from another region's plugin.", "Плагин не мешает плагинам других регионов."),
        ("other plugins", "других плагинов"),
        _with_others,
        needs_programme=False,
    ),
    Check(
        "P-03",
        ("It says which papka it needs", "Говорит, какая версия Папки ему нужна"),
        (
            "An update of papka cannot break it unnoticed.",
            "Обновление Папки не сломает плагин незаметно.",
        ),
        ("statements", "указаний"),
        _states_papka,
        needs_programme=False,
    ),
    Check(
        "P-04",
        ("The package is whole and well named", "Пакет собран полностью и правильно назван"),
        (
            "What works at its author's works at the centre too: no file is left behind.",
            "Что работает у автора, заработает и в учреждении: ни один файл не забыт.",
        ),
        ("data files", "файлов данных"),
        _packaged,
        needs_programme=False,
    ),
    Check(
        "P-21",
        ("Its hooks answer for its own families only", "Замечания плагина касаются только его семей"),
        (
            "Families of other programmes get no findings of this plugin, and no finding names a person.",
            "Семьи других программ не получают чужих замечаний, и ни одно замечание не называет человека.",
        ),
        ("families", "семей"),
        _keeps_to_itself,
        needs_programme=False,
    ),
    Check(
        "P-22",
        ("Each of its filters has an example that works", "У каждого фильтра есть работающий пример"),
        ("A methodologist can use them in Word.", "Методист может пользоваться ими в Word."),
        ("filters", "фильтров"),
        _filters_work,
        needs_programme=False,
    ),
)
