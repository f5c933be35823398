"""Whether the method itself holds: sources, words, rule tables, registers and reports."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from ...core.errors import PapkaError
from ...core.expressions import ExpressionError
from ...core.findings import Finding
from ...core.i18n import tr
from ...core.programmes.registers import Report
from ...core.rules.proving import Proof
from ...core.rules.tables import Maker
from ...output.registers.paper import to_paper
from ...output.registers.reading import Order, asked_of
from ...output.registers.words import Front
from ..proving import proofs_of
from .checks import Check, Looked, finding
from .trial import Trial

SHOWN = 4
_UNFINISHED = re.compile(r"\bTODO\b|\bFIXME\b|\bXXX\b|\?{3}|lorem ipsum", re.IGNORECASE)
_RUSSIAN = re.compile("[а-яё]", re.IGNORECASE)
_FILE = "programme.yaml"

# --- sources and words -------------------------------------------------------------------------------------


def _sources(trial: Trial, _: str) -> Looked:
    programme = trial.method.region.programme
    found: list[Finding] = []
    count = 0
    for path, words in _said(trial):
        count += 1
        if programme.language == "ru" and not _RUSSIAN.search(words):
            message = tr("What a worker reads here is not Russian.")
            found.append(finding("P-08", message, tr("Write it in Russian."), _FILE, path=path))
        if _UNFINISHED.search(words):
            message = tr("A note to oneself stands where a worker reads.")
            found.append(finding("P-08", message, tr("Finish the sentence."), _FILE, path=path))
    for kind in ("levels", "signs", "stages", "series"):
        without = [one for one in getattr(programme, kind) if one.source is None]
        if without:
            message = tr("Entries of {list} without a source: {count}.").format(list=kind, count=len(without))
            cure = tr("Say where each comes from: source: {kind: seed, text: …}.")
            found.append(finding("P-08", message, cure, _FILE, path=kind, severity="info"))
    if not programme.legal_basis and trial.method.region.programme.papka:
        message = tr("The programme names no act or order on which it stands.")
        cure = tr("Add legal_basis: a director is asked for it.")
        found.append(finding("P-08", message, cure, _FILE, severity="warning"))
    return Looked(trial.method.region.located(found), count)


def _said(trial: Trial) -> Iterator[tuple[str, str]]:
    """Go through what a programme of its own says to people, each with its place."""
    programme = trial.method.region.programme
    yield "title", programme.title
    yield "short_title", programme.short_title
    for kind, names in _SPOKEN.items():
        for one in getattr(programme, kind):
            key = getattr(one, "id", None) or getattr(one, "code", "")
            for name in names:
                words = getattr(one, name, None)
                if isinstance(words, str) and words:
                    yield f"{kind}[{key}].{name}", words
    for name, setting in programme.settings.items():
        yield f"settings.{name}.label", setting.label


_SPOKEN = {
    "levels": ("title", "aim"),
    "signs": ("title",),
    "stages": ("title",),
    "documents": ("title", "purpose", "needs", "repeated"),
    "deadlines": ("title", "cure"),
    "repeated": ("title", "cure"),
    "checks": ("message", "cure"),
}

# --- rule tables -------------------------------------------------------------------------------------------


def _rules(trial: Trial, _: str) -> Looked:
    proofs = proofs_of(trial.opened.plugins, trial.method.programme.id)
    return Looked([fault for proof in proofs for fault in _unproven(proof)], len(proofs))


def _unproven(proof: Proof) -> Iterator[Finding]:
    if proof.unknown:
        words = tr("The table «{table}» cannot be tried in full: {why}.")
        cure = tr("Ask in its rows for signs only, or look at every row with an example family.")
        message = words.format(table=proof.table, why=proof.unknown)
        yield finding("P-09", message, cure, _FILE, severity="warning")
        return
    for gap in proof.gaps[:SHOWN]:
        words = tr("In the table «{table}» no row is for: {case}.").format(table=proof.table, case=gap)
        cure = tr("Add a last row when: 'true' that leaves it to people.")
        yield finding("P-09", words, cure, _FILE)
    for row in proof.rows:
        if not row.reached:
            words = tr("In the table «{table}» the row {row} is never reached.")
            cure = tr("Take it out, move it up, or add an example family that shows it.")
            yield finding("P-09", words.format(table=proof.table, row=row.id), cure, _FILE)


# --- registers and reports ---------------------------------------------------------------------------------


def _tables(trial: Trial, _: str) -> Looked:
    found: list[Finding] = []
    tables = trial.method.tables
    if not tables:
        return Looked(skipped=tr("the plugin has no registers and no reports"))
    days = {name: trial.told_on(name) for name in trial.sound}
    day = max(days.values(), default=date(2100, 1, 1))
    now = [trial.case(name).on(day) for name in days]
    rows, pack = 0, trial.press.language.pack
    for name, table in tables.items():
        maker = Maker(table, asked_of(Order(name, as_of=day, today=day), table), pack)
        try:
            for situation in now:
                brought = maker.read(situation)
                if brought is not None:
                    maker.take(brought)
            made = maker.made()
            to_paper(Front(made, maker.asked, None, 0, day))
        except (PapkaError, ExpressionError) as error:
            words = tr("The register or report {name} cannot be drawn: {reason}")
            message = words.format(name=name, reason=error)
            found.append(finding("P-20", message, tr("Correct its expressions."), "registers.yaml"))
            continue
        rows = sum(len(one.rows) for one in made.tables)
        if not rows and name in trial.method.region.registry.named():
            kind = tr("The report") if isinstance(table, Report) else tr("The register")
            words = tr("{kind} {name} stays empty for all example families: nobody has seen it work.")
            cure = tr("Add to an example family what it lists.")
            message = words.format(kind=kind, name=name)
            found.append(finding("P-20", message, cure, "registers.yaml", severity="warning"))
    return Looked(found, len(tables))


CHECKS = (
    Check(
        "P-08",
        (
            "Whatever it says has its source and is Russian",
            "У каждого правила есть источник, всё сказано по-русски",
        ),
        (
            "Each rule, number and form can be shown where it comes from.",
            "Про каждое правило, число и форму видно, откуда они взяты.",
        ),
        ("sentences", "фраз"),
        _sources,
    ),
    Check(
        "P-09",
        ("The rule tables are proven", "Таблицы правил доказаны"),
        (
            "Every case meets a rule, and no rule stands there in vain.",
            "Для любого случая есть правило, и ни одно правило не стоит впустую.",
        ),
        ("tables", "таблиц"),
        _rules,
    ),
    Check(
        "P-20",
        ("Registers and reports are drawn", "Журналы и отчёты составляются"),
        (
            "The centre can report from its case files.",
            "Учреждение сможет отчитаться по своим делам.",
        ),
        ("registers and reports", "журналов и отчётов"),
        _tables,
    ),
)
