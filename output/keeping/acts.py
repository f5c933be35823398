"""The act of destruction as a Word file, with an extract of the journal. It holds no data of the family.

What an act and an extract have to say stands in the order of Roskomnadzor of 28.10.2022 № 179 (in force from
01.03.2023 to 01.03.2029; known here from its retelling, so ``law_unverified``); how a paper looks follows
ГОСТ Р 7.0.97-2016 as it is commonly used.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from ...core.facts import NBSP
from ..language.dates import date_long, date_short
from ..language.typography import hard_spaces
from ..package import Package
from ..registers.parts import FIXED, header, styles

if TYPE_CHECKING:
    from ...core.journal.entries import Entry

SOURCE = "Источник формы: приказ Роскомнадзора от 28.10.2022 № 179 (law_unverified)"
_WIDTH = 9638
_BLANKS = 3
CATEGORIES = (
    "фамилия, имя, отчество; пол; дата и место рождения; гражданство; реквизиты документов; СНИЛС; "
    "адреса; телефоны; "
    "состав семьи; образование и занятость; доходы; жилищные условия; сведения о здоровье, если они "
    "были в деле; "
    "сведения о ходе сопровождения"
)
REASONS = {
    "withdrawal": "отзыв согласия на обработку персональных данных (ч. 5 ст. 21 Федерального закона от "
    "27.07.2006 "
    "№ 152-ФЗ)",
    "term": "истечение срока хранения, достижение цели обработки персональных данных (ч. 4 ст. 21 "
    "Федерального закона "
    "от 27.07.2006 № 152-ФЗ)",
}


@dataclass(frozen=True)
class Lot:
    """What is destroyed.

    Attributes:
        papers: What the journal knows of the case.
        files: How many files of each kind lie in its folder.
        since: The day from which the ground stands: of the withdrawal, of the end of the term.
    """

    case: str
    reason: str
    since: date
    papers: tuple[Entry, ...]
    files: tuple[tuple[str, int], ...]
    titles: dict[str, str]

    @property
    def count(self) -> int:
        """How many files are destroyed."""
        return sum(count for _, count in self.files)


@dataclass(frozen=True)
class Operator:
    """Whose data it was, and who destroys it; what is not known is left as a line to fill by hand."""

    name: str | None
    address: str | None
    commission: Sequence[str]


def act(lot: Lot, operator: Operator, number: str | None, code: str | None, day: date) -> bytes:
    """Draw the act; the same facts give the same bytes."""
    body = [*_head(operator, number, day), *_facts(lot, operator, day), *_on_paper(), *_signatures(operator)]
    body += [*_papers(lot), *_files(lot), *_extract(lot, day)]
    members = {**FIXED, "word/styles.xml": styles(), "word/document.xml": _document("".join(body))}
    members["word/header1.xml"] = header(None, with_number=True)
    members["word/header2.xml"] = header(None, with_number=False)
    members["docProps/core.xml"] = _properties(code)
    return Package(members).write({})


def _properties(code: str | None) -> bytes:
    identifier = f"<dc:identifier>{code}</dc:identifier>" if code else ""
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
        'core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        "<dc:title>Акт об уничтожении персональных данных</dc:title>"
        f"<dc:creator>papka</dc:creator><dc:description>{escape(SOURCE)}</dc:description>{identifier}"
        "</cp:coreProperties>"
    ).encode()


def _document(body: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><w:body>'
        f'{body}<w:sectPr><w:headerReference w:type="default" r:id="rId2"/>'
        '<w:headerReference w:type="first" r:id="rId3"/><w:pgSz w:w="11906" w:h="16838"/>'
        '<w:pgMar w:top="1134" w:right="567" w:bottom="1134" w:left="1701" w:header="567" w:footer="567" '
        'w:gutter="0"/><w:titlePg/></w:sectPr></w:body></w:document>'
    ).encode()


def _line(text: str, style: str = "Line", *, new_page: bool = False) -> str:
    broken = "<w:pageBreakBefore/>" if new_page else ""
    lines = "<w:br/>".join(
        f'<w:t xml:space="preserve">{escape(hard_spaces(one))}</w:t>' for one in text.split("\n")
    )
    run = f"<w:r>{lines}</w:r>" if text else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{broken}</w:pPr>{run}</w:p>'


def _head(operator: Operator, number: str | None, day: date) -> Iterator[str]:
    yield _line(operator.name or "_" * 60, "Organisation")
    yield _line(f"АКТ № {number or '____'}\nоб уничтожении персональных данных", "PaperTitle")
    yield _line(date_long(day))


def _facts(lot: Lot, operator: Operator, day: date) -> Iterator[str]:
    told = (
        ("Оператор", f"{operator.name or '_' * 40}, адрес: {operator.address or '_' * 40}"),
        ("Обрабатывал данные по поручению оператора (если поручалось)", "_" * 18),
        ("Чьи данные уничтожены", f"члены семьи по делу с кодом {lot.case}; имена в акте не приводятся"),
        ("Категории уничтоженных данных", CATEGORIES),
        ("Причина уничтожения", f"{REASONS[lot.reason]}; основание наступило {date_short(lot.since)}"),
        ("Информационная система", "папка дела на компьютере учреждения; программа «Папка» (papka)"),
        ("Способ уничтожения", "файлы дела удалены программой с носителя, на котором лежит папка учреждения"),
        ("Уничтожено", f"выпущенных документов: {len(lot.papers)}, файлов: {lot.count} (приложение{NBSP}1)"),
        ("Дата уничтожения", date_short(day)),
    )
    for label, value in told:
        yield _line(f"{label}: {value}.")


def _papers(lot: Lot) -> Iterator[str]:
    yield _line("Приложение 1 к акту", "CoverDay", new_page=True)
    yield _line("Перечень уничтоженного", "PaperTitle")
    yield _line("Выпущенные документы", "Section")
    if not lot.papers:
        yield _line("Выпущенных документов нет.", "Empty")
        return
    rows = [
        (str(n), one.id, lot.titles.get(one.document, one.document), one.number or "—", date_short(one.day))
        for n, one in enumerate(lot.papers, 1)
    ]
    yield _table(("№ п/п", "Код", "Вид документа", "Номер", "Дата"), (700, 2000, 4138, 1400, 1400), rows)
    yield _line(
        "Номера и контрольные суммы этих документов остаются в журнале; повторно номера не выдаются.", "Note"
    )


def _files(lot: Lot) -> Iterator[str]:
    yield _line("Файлы", "Section")
    rows = [(str(n), kind, str(count)) for n, (kind, count) in enumerate(lot.files, 1)]
    yield _table(("№ п/п", "Вид файлов", "Число"), (700, 7238, 1700), [*rows, ("", "Всего", str(lot.count))])


def _on_paper() -> Iterator[str]:
    yield _line("Бумажные носители (заполняется от руки, если уничтожены и они)", "Section")
    rows = [(str(n), "", "", "") for n in range(1, 4)]
    yield _table(
        ("№ п/п", "Носитель", "Листов", "Способ уничтожения"), (700, 4938, 1200, 2800), rows, tall=True
    )


def _signatures(operator: Operator) -> Iterator[str]:
    yield _line("Данные уничтожили:", "Section")
    for who in operator.commission or [""] * _BLANKS:
        yield _line(
            f"{who or '_' * 34} {'_' * 14} (подпись)" + ("" if who else "\n(должность, фамилия, инициалы)"),
            "Closing",
        )


def _extract(lot: Lot, day: date) -> Iterator[str]:
    """Draw what the order asks for beside the act where data was processed by a computer."""
    yield _line("Приложение 2 к акту", "CoverDay", new_page=True)
    yield _line("Выгрузка из журнала регистрации событий", "PaperTitle")
    yield _line(f"Субъекты: члены семьи по делу с кодом {lot.case}.")
    yield _line(f"Категории уничтоженных данных: {CATEGORIES}.")
    yield _line("Информационная система: папка дела, программа «Папка» (papka).")
    yield _line(f"Причина уничтожения: {REASONS[lot.reason]}.")
    yield _line(f"Дата уничтожения: {date_short(day)}.")
    states = {
        "issued": "выпущен",
        "replaced": "заменён",
        "void": "номер не использован",
        "reserved": "номер выдан",
    }
    rows = [
        (f"{one.at:%d.%m.%Y %H:%M}", one.id, states[one.state], (one.docx_sha256 or "—")[:16])
        for one in lot.papers
    ]
    if rows:
        heads = ("Записано (UTC)", "Код документа", "Состояние", "SHA-256, начало")
        yield _table(heads, (2300, 2300, 2738, 2300), rows)
    yield _line("Акт и выгрузка хранятся три года со дня уничтожения.", "Note")


def _table(
    heads: Sequence[str], widths: Sequence[int], rows: Sequence[Sequence[str]], *, tall: bool = False
) -> str:
    grid = "".join(f'<w:gridCol w:w="{one}"/>' for one in widths)
    height = (
        '<w:trPr><w:cantSplit/><w:trHeight w:val="480"/></w:trPr>'
        if tall
        else "<w:trPr><w:cantSplit/></w:trPr>"
    )
    head = _row(heads, widths, "CellHead", "<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>")
    body = "".join(_row(row, widths, "Cell", height) for row in rows)
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="Ruled"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{head}{body}</w:tbl>'
    )


def _row(cells: Sequence[str], widths: Sequence[int], style: str, properties: str) -> str:
    made = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{_line(text, style)}</w:tc>'
        for text, width in zip(cells, widths, strict=True)
    )
    return f"<w:tr>{properties}{made}</w:tr>"


def digest(content: bytes) -> str:
    """Return the SHA-256 of a file's bytes."""
    return hashlib.sha256(content).hexdigest()


def kinds_of(folder: Path) -> tuple[tuple[str, int], ...]:
    """Count the files of a case by what they are, never by their names: those may be a family's."""
    said = {
        ".yaml": "файл дела (YAML)",
        ".docx": "документы Word",
        ".pdf": "документы PDF",
        ".json": "карточки документов",
        ".sig": "электронные подписи",
        ".jpg": "снимки и сканы",
        ".jpeg": "снимки и сканы",
        ".png": "снимки и сканы",
        ".tif": "снимки и сканы",
    }
    counted: dict[str, int] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not path.is_dir():
            kind = said.get(path.suffix.lower(), "прочие файлы")
            counted[kind] = counted.get(kind, 0) + 1
    return tuple(sorted(counted.items()))
