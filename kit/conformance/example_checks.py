"""Whether the example families are accepted, the wrong ones refused, and nobody real stands in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from ...core import yamltext
from ...core.errors import PapkaError
from ...core.findings import Finding
from ...core.i18n import tr
from ...core.loading import load_case
from ...core.opening import unknown_codes
from ..goldens.holding import FOLDER as GOLDENS
from ..goldens.holding import compared
from .checks import Check, Looked, finding
from .personal import suspects
from .trial import Trial

_TRUE = ("true", "да", "yes")
_NO_FAMILY = "P-10"


def _families(trial: Trial) -> Sequence[str]:
    return list(trial.families) or [""]


# --- accepted and refused ----------------------------------------------------------------------------------


def _accepted(trial: Trial, family: str) -> Looked:
    if not family:
        words = tr("The plugin has no example family: nothing of it can be tried.")
        cure = tr("Write examples/NAME.yaml, or have them made: papka plugin examples.")
        return Looked([finding(_NO_FAMILY, words, cure, "examples")])
    file = trial.file(trial.families[family].path)
    fault = trial.fault_of(family)
    if fault is not None:
        return Looked([*_faults_of(fault, file)], 1)
    opened = trial.case(family)
    if opened.case.programme != trial.method.programme.id:
        words = tr("The example follows the programme of another plugin.")
        cure = tr("Write programme: {id}.").format(id=trial.method.programme.id)
        return Looked([finding("P-10", words, cure, file)], 1)
    found = [one for one in opened.findings(trial.told_on(family)) if one.severity == "error"]
    if trial.shown_by(family, found):
        return Looked([], 1)
    return Looked([_placed(one, file) for one in found], 1)


def _faults_of(fault: PapkaError, file: str) -> Iterator[Finding]:
    findings = getattr(fault, "findings", ())
    for one in findings:
        yield _placed(one, file)
    if not findings:
        yield finding("P-10", str(fault), tr("Correct the file."), file)


def _placed(one: Finding, file: str) -> Finding:
    return replace(one, place=replace(one.place, file=file))


def _refused(trial: Trial, _: str) -> Looked:
    paths = trial.method.region.refused_examples()
    found: list[Finding] = []
    for path in paths:
        file = trial.file(path)
        try:
            case = load_case(path, country_of=lambda _: trial.method.programme.country)
            faults = list(unknown_codes(path, case, trial.method.programme))
        except PapkaError as error:
            faults = list(getattr(error, "findings", ()))
            if not faults:
                continue
        if not faults:
            words = tr("The file has to be refused, and it is accepted.")
            cure = tr("Put a fault into it, or give it a name that does not begin with refused.")
            found.append(finding("P-11", words, cure, file))
        elif not all(one.place.line and one.cure for one in faults):
            words = tr("The file is refused, and not every fault is told with its line and a cure.")
            found.append(
                finding("P-11", words, tr("Look at it: papka check {file}.").format(file=file), file)
            )
    if not paths:
        words = tr("No example shows what is refused: examples/refused….yaml is not there.")
        cure = tr("Add one with the slips that workers make.")
        found.append(finding("P-11", words, cure, "examples", severity="warning"))
    return Looked(found, len(paths))


# --- nobody real -------------------------------------------------------------------------------------------


def _fictional(trial: Trial, _: str) -> Looked:
    folder = trial.opened.folder
    cases = sorted(folder.glob("examples/**/*.yaml"))
    held = sorted(folder.glob(f"{GOLDENS}/**/*.txt"))
    found = [one for path in cases for one in _said_fictional(path, trial.file(path))]
    for path in (*cases, *held):
        text = path.read_text("utf-8", errors="replace")
        for one in suspects(text):
            words = tr("Here stands {what}.").format(what=one.what)
            found.append(finding("P-12", words, one.cure, trial.file(path), one.line))
    return Looked(found, len(cases) + len(held))


def _said_fictional(path: Path, file: str) -> Iterator[Finding]:
    try:
        data = yamltext.read(path.read_bytes()).data
    except yamltext.YamlFault:
        # What is no case file is told by another check.
        return
    said = data.get("fictional") if isinstance(data, dict) else None
    if str(said).strip().casefold() not in _TRUE:
        words = tr("The example does not say that its family is fictional.")
        cure = tr("Write fictional: да, if that is so; a real family has no place in a plugin.")
        yield finding("P-12", words, cure, file, 1)


# --- goldens -----------------------------------------------------------------------------------------------


def _goldens(trial: Trial, _: str) -> Looked:
    held = sorted(trial.opened.folder.glob(f"{GOLDENS}/**/*.txt"))
    if not held:
        return Looked(
            skipped=tr("no golden texts yet: papka plugin accept {name} writes them").format(
                name=trial.opened.called
            )
        )
    found = [replace(one, place=replace(one.place, excerpt=None)) for one in compared(trial.opened)]
    return Looked(found, len(held))


CHECKS = (
    Check(
        "P-10",
        ("Each example family is accepted", "Каждая семья-пример принимается без ошибок"),
        (
            "A family's way through the programme has been played through to its end.",
            "Путь семьи по программе разыгран до конца.",
        ),
        ("families", "семей"),
        _accepted,
        _families,
    ),
    Check(
        "P-11",
        ("What is wrong is refused, with its line", "Неверное отклоняется с указанием строки"),
        (
            "A slip of the pen does not get into a paper.",
            "Описка не попадёт в документ.",
        ),
        ("wrong examples", "неверных примеров"),
        _refused,
    ),
    Check(
        "P-12",
        ("Nobody real stands in the examples", "В примерах нет настоящих людей"),
        (
            "The plugin can be given to anybody: it holds no personal data.",
            "Плагин можно передавать кому угодно: в нём нет персональных данных.",
        ),
        ("files", "файлов"),
        _fictional,
    ),
    Check(
        "P-19",
        ("The papers say what was approved", "Тексты бумаг те же, что были утверждены"),
        (
            "No update changes the words of a paper unnoticed.",
            "Обновление не изменит слова документа незаметно.",
        ),
        ("texts", "текстов"),
        _goldens,
    ),
)
