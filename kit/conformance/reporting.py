"""The report of a check: for a director, in Russian, as a Word file, a page, or plain text with marks.

What it says is put together once, as headings, lines and tables; three writers set it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import Path

from ... import __version__
from ...core.findings import Finding, SourceKind
from ...core.saving import write_atomically
from .checks import Outcome
from .facts import Facts, facts_of
from .trial import Trial

TITLE = "Заключение о проверке плагина"
MOST = 60
"""How many findings of a kind the report names; the others are counted."""


@dataclass(frozen=True)
class Heading:
    """A heading within the report."""

    text: str


@dataclass(frozen=True)
class Line:
    """A paragraph; `strong` for the verdict, `signed` for who signs."""

    text: str
    look: str = ""


@dataclass(frozen=True)
class Grid:
    """A table: its heads, the weights of its columns, its rows."""

    heads: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]


Block = Heading | Line | Grid


def written(path: Path, trial: Trial, outcomes: Sequence[Outcome], on: date | None = None) -> None:
    """Write the report; the suffix of the file says how."""
    blocks = list(report(trial, outcomes, on or date.today()))
    write_atomically(path, WRITERS[path.suffix](blocks))


# --- what it says ------------------------------------------------------------------------------------------

_STATES = {
    "holds": "выдержано",
    "noted": "выдержано, есть замечания",
    "fails": "НЕ ВЫДЕРЖАНО",
}
_SOURCES: Mapping[SourceKind, tuple[str, str]] = {
    "seed": ("Текст самого метода", "взято из методики дословно или по смыслу"),
    "law": ("Закон", "сверено с официальным текстом"),
    "law_unverified": ("Закон, текст не сверен", "юристу сверить с действующей редакцией"),
    "web": ("Опубликовано", "сверить с подлинником, если он есть в учреждении"),
    "inferred": ("Выведено разработчиком", "учреждению подтвердить или поправить"),
    "setting": ("Число учреждения", "учреждение ставит своё"),
}
_BEYOND = (
    "Верны ли ссылки на закон и подходят ли формы учреждению, решают юрист и методист: проверка видит "
    "только, что источник назван.",
    "Как бумага выходит на принтере учреждения, посмотрите сами: напечатайте два-три документа.",
    "Проверка относится к названным здесь версиям; после обновления повторите её.",
)


def report(trial: Trial, outcomes: Sequence[Outcome], on: date) -> Iterator[Block]:
    """Go through what the report says."""
    facts = facts_of(trial)
    yield from _front(trial, outcomes, on)
    if facts is not None:
        yield from _contents(facts)
    yield Heading("Что проверено")
    yield Grid(
        ("№", "Что должно быть и для чего", "Испробовано", "Итог"),
        (7, 55, 19, 19),
        tuple(_row(one) for one in outcomes if one.state != "skipped"),
    )
    yield from _untried(outcomes)
    yield from _told("Что мешает пользоваться плагином", outcomes, "error")
    yield from _told("На что стоит посмотреть", outcomes, "warning")
    yield Heading("Чего эта проверка не заменяет")
    yield from (Line(f"— {text}") for text in _BEYOND)
    for who in ("Проверил", "С заключением ознакомлен"):
        yield Line(f"{who} ________________ (подпись) ________________ (фамилия, дата)", "signed")


def _front(trial: Trial, outcomes: Sequence[Outcome], on: date) -> Iterator[Block]:
    point, method = trial.opened.point, trial.opened.method
    if method is not None:
        yield Line(method.programme.title, "strong")
    yield Line(
        f"Плагин {point.name}, пакет {point.distribution}, версия {point.version}. Проверен {on:%d.%m.%Y} "
        f"Папкой {__version__}."
    )
    yield Line(_verdict(outcomes), "strong")


def _verdict(outcomes: Sequence[Outcome]) -> str:
    tried = [one for one in outcomes if one.state != "skipped"]
    failed = [one for one in tried if one.state == "fails"]
    if failed:
        numbers = ", ".join(one.check.id for one in failed)
        return (
            f"Пользоваться плагином рано: не выдержано проверок — {len(failed)} из {len(tried)} ({numbers})."
        )
    noted = sum(len(one.of("warning")) for one in tried)
    said = f"Плагином можно пользоваться: выдержаны все проверки, их {len(tried)}."
    return f"{said} Замечаний, на которые стоит посмотреть, — {noted}." if noted else said


def _contents(facts: Facts) -> Iterator[Block]:
    yield Heading("Что в плагине")
    families = f"{facts.written}" + (f" и {facts.derived} составленных по правилам" if facts.derived else "")
    yield Grid(
        ("Что", "Сколько"),
        (70, 30),
        (
            ("Виды документов со своими шаблонами", str(facts.own)),
            ("Виды документов, общие для всех программ", str(facts.shared)),
            ("Сроки, повторы и проверки", str(facts.rules)),
            ("Строки в таблицах уровня и риска", str(facts.rows)),
            ("Числа, которые учреждение может заменить своими", str(facts.settings)),
            ("Журналы и отчёты", str(facts.tables)),
            ("Анкеты и формы для заполнения", str(facts.forms)),
            ("Вымышленные семьи, на которых всё испробовано", families),
            ("Дела с ошибками, которые должны быть отклонены", str(facts.refused)),
            ("Бумаги, составленные для этих семей", str(facts.papers)),
            ("Строки программного кода (кроме данных и шаблонов)", str(facts.python)),
        ),
    )
    yield Heading("Откуда взяты документы, правила и числа")
    rows = ((*words, str(facts.sources[kind])) for kind, words in _SOURCES.items() if facts.sources.get(kind))
    yield Grid(("Источник", "Что с этим делать", "Сколько"), (35, 50, 15), tuple(rows))


def _row(outcome: Outcome) -> tuple[str, ...]:
    check = outcome.check
    count = f"{check.unit[1]}: {outcome.count}"
    return check.id, f"{check.title[1]}.\n{check.why[1]}", count, _STATES[outcome.state]


def _untried(outcomes: Sequence[Outcome]) -> Iterator[Block]:
    """Name the checks that could not be tried, together where the reason is the same."""
    reasons: dict[str, list[str]] = {}
    for one in outcomes:
        if one.state == "skipped":
            reasons.setdefault(one.skipped, []).append(one.check.id)
    for reason, numbers in reasons.items():
        yield Line(f"Не проверялось {', '.join(numbers)}: {reason}.")


def _told(title: str, outcomes: Sequence[Outcome], severity: str) -> Iterator[Block]:
    found = [(one.check.id, finding) for one in outcomes for finding in one.of(severity)]
    if not found:
        return
    yield Heading(title)
    rows = tuple((id_, _place(one), one.message, one.cure) for id_, one in found[:MOST])
    yield Grid(("№", "Где", "Что не так", "Что сделать"), (7, 25, 38, 30), rows)
    if len(found) > MOST:
        yield Line(f"И ещё замечаний: {len(found) - MOST}; все показывает papka plugin check --json.")


def _place(finding: Finding) -> str:
    place = finding.place
    said = [place.file or "плагин в целом"]
    said += [f"строка {place.line}"] if place.line else []
    said += [f"абзац {place.paragraph}"] if place.paragraph else []
    return ", ".join(said)


# --- how it is set -----------------------------------------------------------------------------------------

_MARGINS = (
    'w:top="1134" w:right="567" w:bottom="1361" w:left="1701" w:header="567" w:footer="567" w:gutter="0"'
)
_WIDTH = 9638


def _docx(blocks: Sequence[Block]) -> bytes:
    from ...output.package import Package
    from ...output.registers.parts import FIXED, header, styles

    members = {**FIXED, "word/styles.xml": styles()}
    members["word/header1.xml"] = header(None, with_number=True)
    members["word/header2.xml"] = header(None, with_number=False)
    members["docProps/core.xml"] = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<cp:coreProperties xmlns:cp='
        '"http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{TITLE}</dc:title></cp:coreProperties>'
    ).encode()
    body = _paragraph(TITLE.upper(), "PaperTitle") + "".join(map(_in_word, blocks))
    members["word/document.xml"] = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><w:body>'
        f'{body}<w:sectPr><w:headerReference w:type="default" r:id="rId2"/>'
        '<w:headerReference w:type="first" r:id="rId3"/><w:pgSz w:w="11906" w:h="16838"/>'
        f"<w:pgMar {_MARGINS}/><w:titlePg/></w:sectPr></w:body></w:document>"
    ).encode()
    return Package(members).write({})


def _in_word(block: Block) -> str:
    if isinstance(block, Heading):
        return _paragraph(block.text, "Section")
    if isinstance(block, Line):
        return _paragraph(block.text, {"strong": "Section", "signed": "Closing"}.get(block.look, "Line"))
    widths = [_WIDTH * one // sum(block.widths) for one in block.widths]
    grid = "".join(f'<w:gridCol w:w="{one}"/>' for one in widths)
    head = _word_row(block.heads, widths, "CellHead", "<w:cantSplit/><w:tblHeader/>")
    rows = "".join(_word_row(row, widths, "Cell", "<w:cantSplit/>") for row in block.rows)
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="Ruled"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{head}{rows}</w:tbl>'
        f"{_paragraph('', 'Gap')}"
    )


def _word_row(texts: Sequence[str], widths: Sequence[int], style: str, looks: str) -> str:
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{_cell(text, style)}</w:tc>'
        for text, width in zip(texts, widths, strict=True)
    )
    return f"<w:tr><w:trPr>{looks}</w:trPr>{cells}</w:tr>"


def _cell(text: str, style: str) -> str:
    return "".join(_paragraph(line, style) for line in text.split("\n"))


def _paragraph(text: str, style: str) -> str:
    from ...output.language.typography import hard_spaces

    run = (
        f'<w:r><w:t xml:space="preserve">{escape(hard_spaces(text), quote=False)}</w:t></w:r>' if text else ""
    )
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{run}</w:p>'


_LOOK = (
    "body{font:16px/1.45 'Times New Roman',serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color:#111}"
    "h1{font-size:1.4rem;text-align:center}h2{font-size:1.1rem;margin-top:1.6rem}th{background:#eee}"
    "table{border-collapse:collapse;width:100%;font-size:.92rem}.signed{margin-top:1.6rem}"
    "th,td{border:1px solid #777;padding:.3rem .45rem;text-align:left;vertical-align:top;"
    "overflow-wrap:anywhere}"
)


def _html(blocks: Sequence[Block]) -> bytes:
    body = "\n".join(map(_on_page, blocks))
    return (
        f'<!doctype html>\n<html lang="ru"><head><meta charset="utf-8"><title>{TITLE}</title>'
        f"<style>{_LOOK}</style></head><body>\n<h1>{TITLE}</h1>\n{body}\n</body></html>\n"
    ).encode()


def _on_page(block: Block) -> str:
    if isinstance(block, Heading):
        return f"<h2>{escape(block.text)}</h2>"
    if isinstance(block, Line):
        text = escape(block.text)
        return f"<p><b>{text}</b></p>" if block.look == "strong" else f'<p class="{block.look}">{text}</p>'
    heads = "".join(f'<th scope="col">{escape(one)}</th>' for one in block.heads)
    rows = "\n".join(
        f"<tr>{''.join(f'<td>{escape(one)}</td>' for one in row)}</tr>".replace("\n", "<br>")
        for row in block.rows
    )
    return f"<table><thead><tr>{heads}</tr></thead><tbody>\n{rows}\n</tbody></table>"


def _markdown(blocks: Sequence[Block]) -> bytes:
    return "\n\n".join([f"# {TITLE}", *map(_marked, blocks), ""]).encode()


def _marked(block: Block) -> str:
    if isinstance(block, Heading):
        return f"## {block.text}"
    if isinstance(block, Line):
        return f"**{block.text}**" if block.look == "strong" else block.text
    rule = "|".join("---" for _ in block.heads)
    rows = (" | ".join(one.replace("|", "\\|").replace("\n", "<br>") for one in row) for row in block.rows)
    return "\n".join([f"| {' | '.join(block.heads)} |", f"|{rule}|", *(f"| {row} |" for row in rows)])


WRITERS: Mapping[str, Callable[[Sequence[Block]], bytes]] = {".docx": _docx, ".html": _html, ".md": _markdown}
