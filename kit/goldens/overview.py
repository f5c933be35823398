"""The overview of what a new version changes: a Word file for who answers for a region's method.

It is a paper, so it is Russian whatever language the command line speaks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from ...core.facts import NBSP
from ...output.language.numbers import plural
from ...output.package import Package
from ...output.registers.parts import FIXED, header, styles

if TYPE_CHECKING:
    from .differing import Comparison, Move, PaperChange

_WIDTH = 9638
_KINDS = MappingProxyType(
    {"changed": "изменены слова", "added": "новая бумага", "removed": "больше не составляется"}
)
_SAID = MappingProxyType(
    {
        "level": "Предлагаемый уровень",
        "rule": "Тот же уровень по другой строке таблицы",
        "risk": "Риск",
        "stage": "Этап",
        "finding": "Замечание",
        "document": "Нужный документ",
        "term": "Срок",
        "refused": "Документ не составляется",
        "family": "Файл семьи не принимается",
    }
)
_SEVERITY = MappingProxyType({"error": "ошибка", "warning": "предупреждение", "info": "к сведению"})


def overview(found: Comparison) -> bytes:
    """Write the overview as a Word file; the same comparison gives the same bytes."""
    old, new = found.old, found.new
    title = f"Что меняет новая версия: {new['programme']}"
    body = [
        _paragraph(title, "PaperTitle"),
        _paragraph(f"{old['name']} {old['version']} → {new['name']} {new['version']}", "Line"),
        *(_paragraph(line, "Line") for line in _summary(found)),
        *_levels(found),
        *_papers(found),
        *_rules(found),
    ]
    members = {
        **FIXED,
        "word/styles.xml": styles(),
        "word/header1.xml": header(None, with_number=True),
        "word/header2.xml": header(None, with_number=False),
        "word/document.xml": _document(body),
        "docProps/core.xml": _properties(title),
    }
    return Package(members).write({})


def _summary(found: Comparison) -> Iterator[str]:
    families, levels = len(found.families), found.moved("level")
    of = f"из{NBSP}{found.papers}"
    words = plural(families, "семье из примеров", "семьям из примеров", "семьям из примеров")
    yield f"Сравнение сделано по {families}{NBSP}{words}: их бумаги составлены обеими версиями."
    changed, added, removed, look = (len(found.of(kind)) for kind in ("changed", "added", "removed", "look"))
    if not found.changes:
        yield f"Все бумаги ({found.papers}) остались прежними."
    if changed:
        yield f"Слова изменились в{NBSP}{changed}{NBSP}{_in_papers(changed)} {of}."
    if look:
        where = f"в{NBSP}{look}{NBSP}{_in_papers(look)} {of}"
        titles = dict.fromkeys(one.title for one in found.of("look"))
        yield f"Те же слова, но другое оформление — {where}, файлов для них нет: {'; '.join(titles)}."
    if added:
        yield f"Появилось новых бумаг: {added}."
    if removed:
        yield f"Больше не составляется бумаг: {removed}."
    if levels:
        verb = plural(len(levels), "семьи", "семей", "семей")
        yield f"Предлагаемый уровень изменился у{NBSP}{len(levels)}{NBSP}{verb} из{NBSP}{families}."
    else:
        yield "Предлагаемый уровень не изменился ни у одной семьи."


def _in_papers(count: int) -> str:
    return "бумаге" if count % 10 == 1 and count % 100 != 11 else "бумагах"


def _levels(found: Comparison) -> Iterator[str]:
    moves = [one for one in found.moves if one.what in ("level", "rule")]
    if moves:
        yield _paragraph("Семьи, у которых изменился предлагаемый уровень", "Section")
        rows = [(one.family, _day(one.about), one.old or "—", one.new or "—") for one in moves]
        yield from _table(("Семья", "Дата оценки", "Было", "Стало"), rows, (5, 3, 6, 6))


def _papers(found: Comparison) -> Iterator[str]:
    shown = [one for one in found.changes if one.kind in _KINDS]
    if not shown:
        return
    yield _paragraph("Бумаги, которые изменились", "Section")
    yield _paragraph(
        "Откройте файл в Word: новое показано как исправление. Принять всё — получится бумага новой версии, "
        "отклонить всё — прежней.",
        "Line",
    )
    rows = [(one.title, one.family, _what(one), one.file or "—") for one in shown]
    heads = ("Бумага", "Семья", "Что изменилось", "Файл")
    yield from _table(heads, sorted(rows), (7, 5, 5, 7))


def _what(one: PaperChange) -> str:
    if one.kind != "changed":
        return _KINDS[one.kind]
    said = f"{_KINDS['changed']}: строк убрано {one.lines[0]}, добавлено {one.lines[1]}"
    if not one.is_tracked:
        return f"{said}; исправлениями не показать, в файле — новая бумага"
    return said if one.has_edges else f"{said}; изменились и колонтитулы, сравните их"


def _rules(found: Comparison) -> Iterator[str]:
    """Say each thing once, with all families of which it is said."""
    grouped: dict[tuple[str, str, str], list[str]] = {}
    for one in found.moves:
        if one.what not in ("level", "rule"):
            key = (_about(one), _side(one, one.old), _side(one, one.new))
            grouped.setdefault(key, []).append(one.family)
    if grouped:
        yield _paragraph("Что иначе говорят правила", "Section")
        rows = [(*key, ", ".join(dict.fromkeys(families))) for key, families in sorted(grouped.items())]
        yield from _table(("О чём речь", "Было", "Стало", "Семьи"), rows, (8, 4, 4, 6))


def _about(one: Move) -> str:
    code = f" ({one.about})" if one.about and one.title else one.about
    named = f"{one.title}{code}"
    return f"{_SAID[one.what]}: {named}" if named else _SAID[one.what]


def _side(one: Move, text: str | None) -> str:
    if text is None:
        return "нет"
    if one.what == "finding":
        return _SEVERITY.get(text, text)
    return "нужен" if one.what == "document" else _day(text)


def _day(text: str) -> str:
    try:
        return f"{date.fromisoformat(text):%d.%m.%Y}"
    except ValueError:
        return text


# --- as Word writes it -----------------------------------------------------------------------------------


def _document(body: Sequence[str]) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><w:body>'
        f'{"".join(body)}<w:sectPr><w:headerReference w:type="default" r:id="rId2"/>'
        '<w:headerReference w:type="first" r:id="rId3"/><w:pgSz w:w="11906" w:h="16838"/>'
        '<w:pgMar w:top="1134" w:right="567" w:bottom="1134" w:left="1701" w:header="567" w:footer="567" '
        'w:gutter="0"/><w:titlePg/></w:sectPr></w:body></w:document>'
    ).encode()


def _properties(title: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
        'core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(title)}</dc:title><dc:creator>papka</dc:creator></cp:coreProperties>"
    ).encode()


def _paragraph(text: str, style: str) -> str:
    run = f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>' if text else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{run}</w:p>'


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]], shares: Sequence[int]) -> Iterator[str]:
    widths = [_WIDTH * share // sum(shares) for share in shares]
    grid = "".join(f'<w:gridCol w:w="{one}"/>' for one in widths)
    yield (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="Ruled"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
    )
    yield _row(heads, widths, "CellHead", "<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>")
    for row in rows:
        yield _row(row, widths, "Cell", "<w:trPr><w:cantSplit/></w:trPr>")
    yield f"</w:tbl>{_paragraph('', 'Note')}"


def _row(texts: Sequence[str], widths: Sequence[int], style: str, properties: str) -> str:
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{_paragraph(text, style)}</w:tc>'
        for text, width in zip(texts, widths, strict=True)
    )
    return f"<w:tr>{properties}{cells}</w:tr>"
