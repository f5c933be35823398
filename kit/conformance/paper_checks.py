"""Whether each paper can be reached, drawn, printed and filled by hand, also for families with long names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from ...core.contract.case import Case
from ...core.errors import PapkaError
from ...core.findings import Finding, Severity
from ...core.i18n import tr
from ...output.issued.codes import FOOT, MM, RIGHT, SIDE, stamped
from ...output.rendering import Rendered
from .checks import Check, Looked, finding
from .hard import hard_case, marks_of
from .trial import ENGINE, Printed, Trial, ends

SHOWN = 6
_OF_A_PROGRAM = re.compile(r"\{\{|\}\}|\{%|%\}|\bNone\b|Undefined|\bTrue\b|\bFalse\b|\bnan\b")
_TWICE = re.compile(r"[^.]\.\.(?!\.)|,,| ,|,\.|\( | \)|;\.")
_AT = " × "


def _file_of(trial: Trial, document: str) -> str:
    return trial.file(trial.method.papers[document].template)


# --- reached -----------------------------------------------------------------------------------------------


def _reached(trial: Trial, _: str) -> Looked:
    shown = {name for family in trial.sound for name in trial.drawn(family).papers}
    shown |= {name for family in trial.sound for name in trial.drawn(family).refused}
    own = {one.id for one in trial.method.region.programme.documents}
    found = []
    for name in own - shown:
        kind = trial.method.papers[name].type
        words = tr("No example family shows the document {id}: nobody has seen it filled in.")
        cure = tr("Show it in an example (now: {needs}), or look at required in programme.yaml.")
        said = cure.format(needs=kind.needs or kind.given or kind.required)
        path = f"documents[{name}]"
        found.append(finding("P-13", words.format(id=name), said, "programme.yaml", path=path))
    found = sorted(trial.method.region.located(found), key=lambda one: one.place.line or 0)
    # What papka brings for all regions has been shown elsewhere; here somebody should look at it.
    shared = [name for name in trial.method.papers if name not in own | shown]
    if shared:
        words = tr("Shared documents that no example family shows: {names}.")
        cure = tr("Show them in an example, or take those that are not needed out of includes.")
        message = words.format(names=", ".join(shared))
        found.append(finding("P-13", message, cure, "programme.yaml", severity="warning"))
    return Looked(found, len(trial.method.papers))


# --- drawn -------------------------------------------------------------------------------------------------


def _pairs(trial: Trial) -> Sequence[str]:
    return [f"{family}{_AT}{name}" for family in trial.sound for name in trial.wanted(family)]


def _drawn(trial: Trial, pair: str) -> Looked:
    family, _, document = pair.partition(_AT)
    drawn, file = trial.drawn(family), _file_of(trial, document)
    refused = drawn.refused.get(document)
    faults: Sequence[Finding] = getattr(refused, "findings", ())
    if faults and trial.shown_by(family, faults):
        # The paper is rightly refused: that is what the family shows.
        return Looked([], 1)
    if refused is not None:
        return Looked(list(_refusals(trial, refused, family, document)), 1)
    papers = drawn.papers.get(document, [])
    found: list[Finding] = []
    for paper in papers:
        text = trial.words(paper)
        if _OF_A_PROGRAM.search(text):
            words = tr("The paper of the family {family} shows what only a program would say.")
            cure = tr("Look at it: papka render, and meet the empty value in the template.")
            found.append(finding("P-14", words.format(family=family), cure, file))
        for at in list(_TWICE.finditer(text))[:SHOWN]:
            words = tr(
                "In the paper of the family {family} signs stand twice, or a blank before a comma: «{text}»."
            )
            cure = tr(
                "Look at what the template joins where a value is empty, and at a full stop after «г.»."
            )
            said = words.format(family=family, text=_around(text, at.start(), at.end()))
            found.append(finding("P-14", said, cure, file, severity="warning"))
    return Looked(list(dict.fromkeys(found)), len(papers))


def _around(text: str, start: int, end: int) -> str:
    """Return the words around a place of a paper; its family is an example, and fictional."""
    before, after = text[:start].split("\n")[-1][-30:], text[end:].split("\n")[0][:20]
    return f"…{before}{text[start:end]}{after}…"


def _refusals(trial: Trial, refused: PapkaError, family: str, document: str) -> Iterator[Finding]:
    words = tr("The family {family} needs {document}, and it cannot be drawn up: {reason}")
    said = words.format(family=family, document=document, reason=refused)
    reasons = [one.message for one in getattr(refused, "findings", ())]
    cure = tr("Add the facts to the example, or meet their absence in the template.")
    if reasons:
        said = f"{said} {' '.join(reasons[:SHOWN])}"
    yield finding("P-14", said, cure, _file_of(trial, document))


# --- printed -----------------------------------------------------------------------------------------------


def _families(trial: Trial) -> Sequence[str]:
    return list(trial.sound)


def _printed(trial: Trial, family: str) -> Looked:
    printed = trial.printed(family)
    found = [one for paper in printed for one in _unprinted("P-15", trial, paper, family)]
    return Looked(found, len(printed))


def _unprinted(check: str, trial: Trial, printed: Printed, family: str) -> Iterator[Finding]:
    refusal = printed.result.refusal
    if refusal is None:
        return
    file = _file_of(trial, printed.paper.document)
    other = printed.elsewhere
    # Without LibreOffice nobody can say what it would make of a paper that the other engine does not know.
    only = other.pdf is not None if other else refusal.code == "features" and trial.engine == ENGINE
    words = (
        tr("For the family {family} only LibreOffice can make the PDF: {reason}")
        if only
        else tr("For the family {family} no whole PDF comes of it: {reason}")
    )
    cure = (
        tr("Change the template, or tell centres that they need LibreOffice for it.")
        if only
        else tr("Look at the named paragraphs in Word: a table that is too wide, a text box, a strange sign.")
    )
    message = words.format(family=family, reason=refusal.text)
    yield finding(check, message, cure, file, severity="warning" if only else "error")


def _feet(trial: Trial, family: str) -> Looked:
    """Look at the pages as they are printed: is there room for the code, does a signature stand alone."""
    own = [
        one
        for one in trial.printed(family)
        if one.pdf and _is_own(trial, one.paper.document)  # the others are papka's own care
    ]
    found: list[Finding] = []
    torn: list[Printed] = []
    count = 0
    for one in own:
        assert one.pdf is not None
        pages, taken, last = _looked_at(one.pdf)
        count += pages
        file = _file_of(trial, one.paper.document)
        if taken and (nowhere := _nowhere(one.pdf.read_bytes())):
            words = tr("The code of the paper finds no free corner: {reason}").format(reason=nowhere)
            cure = tr("Leave 24 mm free at the foot of the page, at the right.")
            found.append(finding("P-16", words, cure, file))
        elif taken:
            words = tr("Words stand in the right corner of the foot, where the code of the paper belongs.")
            cure = tr("Leave 24 mm free at the foot of the page, at the right.")
            found.append(finding("P-16", words, cure, file, severity="warning"))
        torn += [one] if pages > 1 and _is_signature_alone(last) else []
    found += _torn(trial, torn, family)
    return Looked(list(dict.fromkeys(found)), count)


def _is_own(trial: Trial, document: str) -> bool:
    return trial.method.papers[document].template.is_relative_to(trial.opened.folder)


def _looked_at(pdf: Path) -> tuple[int, bool, str]:
    """Return how many pages there are, whether words stand in the corner for the code, and the last page."""
    pdfium: Any = import_module("pypdfium2")
    with pdfium.PdfDocument(pdf.read_bytes()) as document:
        taken, last = False, ""
        for page in document:
            text = page.get_textpage()
            taken, last = taken or _foot_is_taken(page, text), text.get_text_range()
        return len(document), taken, last


def _torn(trial: Trial, torn: Sequence[Printed], family: str) -> Iterator[Finding]:
    """Tell of signatures alone on a page; of those that only the embedded engine parts, as a note."""
    again = trial.in_libreoffice([one.result.source for one in torn])
    whole = {one.source for one in again if one.pdf and not _is_signature_alone(_looked_at(one.pdf)[2])}
    for one in torn:
        words = tr("For the family {family} the signatures stand alone on the last page.")
        cure = tr("Keep them with the paragraph before (Word: Keep with next).")
        severity: Severity = "info" if one.result.source in whole else "warning"
        file = _file_of(trial, one.paper.document)
        yield finding("P-16", words.format(family=family), cure, file, severity=severity)


def _nowhere(pdf: bytes) -> str:
    """Try to put the code on each page, and say why it cannot be done."""
    try:
        stamped(pdf, "ABCDEFGHJKMN", "0" * 64)
    except PapkaError as error:
        return str(error)
    return ""


def _foot_is_taken(page: Any, text: Any) -> bool:
    width = page.get_width()
    box = (width - (RIGHT + SIDE) * MM, FOOT * MM, width - RIGHT * MM, (FOOT + SIDE) * MM)
    return bool(text.get_text_bounded(*box).strip())


def _is_signature_alone(text: str) -> bool:
    """Tell whether the last page holds lines to sign on and no sentence."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    lines = [line for line in lines if not re.fullmatch(r"[\d\s/–-]+", line)]
    signs = any(re.search(r"_{4,}|подпись", line) for line in lines)
    said = re.sub(r"_+|\([^)]*\)", " ", " ".join(lines))
    return (
        signs and 0 < len(lines) <= 8 and len(said.split()) <= 25 and not re.search(r"[а-яё]{2}[.;] ", said)
    )


# --- blank -------------------------------------------------------------------------------------------------


def _documents(trial: Trial) -> Sequence[str]:
    return list(trial.method.papers)


def _blank(trial: Trial, document: str) -> Looked:
    file = _file_of(trial, document)
    paper = trial.press.blank(document)
    text = trial.words(paper)
    if _OF_A_PROGRAM.search(text):
        words = tr("The empty form of {id} shows what only a program would say.").format(id=document)
        return Looked([finding("P-17", words, tr("Meet the empty value in the template."), file)], 1)
    if "____" not in text and "☐" not in text and "___" not in text:
        words = tr("The empty form of {id} has no line to write on.").format(id=document)
        cure = tr("Let values be printed as they are: papka makes lines of them, or use |линия.")
        return Looked([finding("P-17", words, cure, file, severity="warning")], 1)
    return Looked(count=1)


# --- a hard family -----------------------------------------------------------------------------------------


def _hard(trial: Trial, _: str) -> Looked:
    """Draw the papers of the fullest family once more, with long names and strange signs."""
    fullest = max(trial.sound, key=lambda name: len(trial.drawn(name).papers), default=None)
    if fullest is None:
        return Looked(skipped=tr("there is no example family"))
    before = trial.drawn(fullest)
    if not before.papers:
        return Looked(skipped=tr("no paper of an example family can be drawn, see P-14"))
    case = hard_case(trial.families[fullest].path, trial.method.programme)
    marks = marks_of(before.opened.case, case)
    found: list[Finding] = []
    papers: list[Rendered] = []
    for document, known in before.papers.items():
        file = _file_of(trial, document)
        try:
            made = list(trial.press.render(case, document, before.day))
        except PapkaError as error:
            words = tr("With long names and unusual signs it cannot be drawn up: {reason}")
            cure = tr("Look at the filters that the template puts names through.")
            found.append(finding("P-18", words.format(reason=error), cure, file))
            continue
        papers += ends(made)
        for old, new in zip(known, made, strict=False):
            found += _lost(trial, old, new, marks, file)
    for one in trial.to_pdf(papers, f"hard-{fullest}"):
        found += _unprinted("P-18", trial, one, f"{fullest} (+)")
    return Looked(list(dict.fromkeys(found)), len(papers))


def _lost(trial: Trial, old: Rendered, new: Rendered, marks: dict[str, str], file: str) -> Iterator[Finding]:
    """What the paper printed before the change it has to print after it, as it was typed."""
    before, after = _flat(trial.words(old)), _flat(trial.words(new))
    for was, now in marks.items():
        if _flat(was) in before and _flat(now) not in after:
            words = tr("A long name or an unusual sign does not come out as it was typed.")
            cure = tr("Look at how the template prints the organisation and the family.")
            yield finding("P-18", words, cure, file)


def _flat(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").replace("\u2011", "-").split())


# --- coverage ----------------------------------------------------------------------------------------------


def _covered(trial: Trial, _: str) -> Looked:
    from ..families.measuring import coverage

    cases: dict[str, Case] = {name: trial.case(name).case for name in trial.sound}
    found = coverage(trial.method, trial.opened.plugins, cases)
    missing = found.missing
    told = []
    if missing:
        words = tr("The example families leave {missing} of {all} branches and rows untried.")
        cure = tr("Have families made that show them: papka plugin examples {name}")
        message = words.format(missing=len(missing), all=len(found.targets))
        said = cure.format(name=trial.opened.called)
        told.append(finding("P-23", message, said, "examples", severity="warning"))
    return Looked(told, len(found.targets) - len(missing))


CHECKS = (
    Check(
        "P-13",
        ("Each document is shown by a family", "Каждый документ показан на примере семьи"),
        (
            "No paper is seen for the first time with a real family at the table.",
            "Ни одну бумагу не увидят впервые, когда за столом сидит семья.",
        ),
        ("documents", "документов"),
        _reached,
    ),
    Check(
        "P-14",
        ("Each paper that a family needs is drawn", "Каждая нужная семье бумага составляется"),
        (
            "All papers of all example families come out whole, proven sentence by sentence.",
            "Все бумаги всех семей-примеров выходят полностью, это доказано по каждой фразе.",
        ),
        ("papers", "бумаг"),
        _drawn,
        _pairs,
    ),
    Check(
        "P-15",
        ("Each paper becomes a whole PDF", "Каждая бумага целиком выходит в PDF"),
        (
            "What is printed is what stands in Word, also where LibreOffice is not installed.",
            "На печати то же, что в Word, и там, где нет LibreOffice.",
        ),
        ("PDF files", "файлов PDF"),
        _printed,
        _families,
    ),
    Check(
        "P-16",
        (
            "Pages have room for the code and keep signatures",
            "На листах есть место для кода, подписи не оторваны",
        ),
        (
            "A scanned page finds its paper; nobody is asked to sign an empty sheet.",
            "Отсканированный лист найдёт своё дело; никого не попросят подписать пустой лист.",
        ),
        ("pages", "страниц"),
        _feet,
        _families,
    ),
    Check(
        "P-17",
        ("Each document is there as an empty form", "Каждый документ есть пустым бланком"),
        (
            "It can be filled in with a pen where there is no computer.",
            "Его можно заполнить ручкой там, где нет компьютера.",
        ),
        ("forms", "бланков"),
        _blank,
        _documents,
    ),
    Check(
        "P-18",
        ("Long names and unusual signs survive", "Длинные имена и необычные знаки не теряются"),
        (
            "A family with a long double name gets the same papers as any other.",
            "Семья с длинной двойной фамилией получит такие же бумаги, как все.",
        ),
        ("papers", "бумаг"),
        _hard,
    ),
    Check(
        "P-23",
        ("The families show every branch of the method", "Семьи-примеры показывают все ветви метода"),
        (
            "It is known what of the templates and rules nobody has tried yet.",
            "Известно, что в шаблонах и правилах ещё никто не пробовал.",
        ),
        ("branches and rows shown", "показанных ветвей и строк"),
        _covered,
    ),
)
