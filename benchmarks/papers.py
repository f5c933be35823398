"""The three papers of the benchmark: each in the dialects of all engines, with the data that fills it.

Every run is marked and cut as Word marks and cuts it. All people are fictional.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dialects import DIALECTS, Dialect
from docx import Document
from docx.document import Document as Word
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from papka.output.language.typography import hard_spaces

CUT = 0.3
"""Which part of the tags Word has cut into several runs."""
GROUPS, CRITERIA, SCORES, ROWS, GOALS = 10, 10, 4, 12, 4

Data = dict[str, Any]


# --- a document as Word saves it -------------------------------------------------------------------------


class Writer:
    """Writes a document whose runs are marked and cut as Word does it."""

    def __init__(self, dialect: Dialect, seed: int, wide: bool = False) -> None:
        self.d = dialect
        self.air = 0
        self._random = random.Random(seed)
        self.word = Document()
        _slim(self.word)
        section = self.word.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        if wide:
            section.orientation = WD_ORIENT.LANDSCAPE
            section.page_width, section.page_height = Cm(29.7), Cm(21)
        section.left_margin, section.right_margin = Cm(3), Cm(1.5)
        section.top_margin = section.bottom_margin = Cm(2)
        self._saved = [f"{self._random.randrange(1 << 24):08X}" for _ in range(5)]

    def paragraph(self, text: str, bold: bool = False, level: int | None = None) -> Paragraph:
        """Add a paragraph, numbered at a level if one is given."""
        paragraph = self.word.add_paragraph()
        self.write(paragraph, text, bold)
        if level is not None:
            properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
            properties.get_or_add_ilvl().val, properties.get_or_add_numId().val = level, 1
        return paragraph

    def end(self, tag: str) -> None:
        """Write the end of a loop into a paragraph of its own, if the dialect has one."""
        if tag:
            self.paragraph(tag)

    def lines(self, count: int) -> None:
        """Add signature lines: a tab with a leader."""
        for _ in range(count):
            paragraph = self.paragraph("Подпись\t", bold=False)
            paragraph.paragraph_format.tab_stops.add_tab_stop(
                Cm(14), WD_TAB_ALIGNMENT.LEFT, WD_TAB_LEADER.LINES
            )

    def cell(self, cell: _Cell, text: str, bold: bool = False) -> None:
        """Fill a cell."""
        self.write(cell.paragraphs[0], text, bold)
        form = cell.paragraphs[0].paragraph_format
        form.space_before = form.space_after = Pt(self.air)

    def table(self, heads: list[str], rows: int, widths: tuple[float, ...]) -> Any:
        """Add a table with a head; widths are in centimetres."""
        table = self.word.add_table(rows=rows + 1, cols=len(heads), style="Table Grid")
        table.autofit = False
        for column, width in zip(table.columns, widths, strict=True):
            for cell in (column, *column.cells):
                cell.width = Cm(width)
        for cell, head in zip(table.rows[0].cells, heads, strict=True):
            self.cell(cell, head, bold=True)
        return table

    def write(self, paragraph: Paragraph, text: str, bold: bool = False) -> None:
        """Write text and tags into a paragraph; a part of the tags is cut by spelling marks."""
        paragraph._p.set(qn("w:rsidR"), self._random.choice(self._saved))
        position = 0
        for found in self.d.tag.finditer(text):
            self._run(paragraph, text[position : found.start()], bold)
            for number, piece in enumerate(self._pieces(found[0])):
                if number:
                    paragraph._p.append(self._spelling(("spellStart", "spellEnd")[number % 2 - 1]))
                self._run(paragraph, piece, bold)
            position = found.end()
        self._run(paragraph, text[position:], bold)

    def _pieces(self, tag: str) -> list[str]:
        if self._random.random() >= CUT:
            return [tag]
        cuts = sorted(self._random.sample(range(1, len(tag)), min(2, len(tag) - 1)))
        return [tag[a:b] for a, b in zip([0, *cuts], [*cuts, len(tag)], strict=True)]

    def _run(self, paragraph: Paragraph, text: str, bold: bool) -> None:
        if not text:
            return
        run: Run = paragraph.add_run(text)
        run._r.set(qn("w:rsidRPr"), self._random.choice(self._saved))
        run.font.name, run.font.size = "Times New Roman", Pt(12)
        run.bold = bold or None
        properties = run._r.get_or_add_rPr()
        properties.rFonts.set(qn("w:cs"), "Times New Roman")
        language = OxmlElement("w:lang")
        language.set(qn("w:val"), "ru-RU")
        properties.append(language)

    @staticmethod
    def _spelling(kind: str) -> Any:
        element = OxmlElement("w:proofErr")
        element.set(qn("w:type"), kind)
        return element

    def page_number(self, paragraph: Paragraph) -> None:
        """Write «page N of M» with Word's own fields."""
        for words, field in (("Страница ", "PAGE"), (" из ", "NUMPAGES")):
            self._run(paragraph, words, False)
            for kind in ("begin", "text", "end"):
                run = paragraph.add_run()
                element = OxmlElement("w:instrText" if kind == "text" else "w:fldChar")
                if kind == "text":
                    element.text = f" {field} "
                else:
                    element.set(qn("w:fldCharType"), kind)
                run._r.append(element)


_KEPT_STYLES = re.compile(
    r"Normal|Normal Table|Table Normal|Table Grid|No List|Title|Subtitle|Header.*|Footer.*|Body Text.*|"
    r"Default Paragraph Font|Heading.*|List|List (Bullet|Number|Continue|Paragraph).*"
)
_LEVEL = (
    '<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="{text}"/>'
    '<w:lvlJc w:val="left"/></w:lvl>'
)
_NUMBERS = (
    f'<w:abstractNum {nsdecls("w")} w:abstractNumId="90"><w:multiLevelType w:val="multilevel"/>'
    + _LEVEL.format(level=0, text="%1.")
    + _LEVEL.format(level=1, text="%1.%2.")
    + "</w:abstractNum>"
)


def _slim(word: Word) -> None:
    """Take out of python-docx's own start document what no Word file of this size carries."""
    part = word.part
    for key, relation in list(part.rels.items()):
        if relation.reltype.endswith(("/stylesWithEffects", "/thumbnail", "/customXml")):
            del part.rels[key]
    for key, relation in list(part.package.rels.items()):
        if relation.reltype.endswith("/thumbnail"):
            del part.package.rels[key]
    for style in list(word.styles):
        if not _KEPT_STYLES.fullmatch(style.name):
            style.element.getparent().remove(style.element)
    numbering = part.numbering_part.element
    for old in list(numbering):
        numbering.remove(old)
    numbering.append(parse_xml(_NUMBERS))
    number = numbering.add_num(90)
    number.set(qn("w:numId"), "1")


# --- agreement: two pages of clauses ---------------------------------------------------------------------

_SECTIONS = (
    ("Предмет договора", "Центр бесплатно сопровождает семью, а семья участвует в работе по доброй воле."),
    ("Что делает центр", "Куратор встречается с семьёй, слушает каждого и вместе с ней составляет план."),
    ("Что делает семья", "Семья приходит на встречи, говорит о переменах и выполняет то, о чём условились."),
    ("Тайна", "Сведения о семье знают только те, кто с ней работает; иное бывает лишь по закону."),
    ("Срок", "Договор действует со дня подписи; каждая сторона может выйти из него, сказав об этом."),
    ("Заключение", "Договор составлен в двух экземплярах, по одному у каждой стороны."),
)


def agreement(d: Dialect) -> Word:
    """Two pages of clauses, numbered by Word, with signature lines, a header and a footer."""
    w = Writer(d, 1)
    w.write(w.word.sections[0].header.paragraphs[0], f"{d.value('centre')}, договор № {d.value('number')}")
    w.page_number(w.word.sections[0].footer.paragraphs[0])
    w.paragraph(f"Договор о сопровождении семьи № {d.value('number')}", bold=True)
    w.paragraph(f"{d.value('place')}, {d.value('date')}")
    w.paragraph(
        f"{d.value('centre')} в лице {d.value('head')}, с одной стороны, и {d.value('parent')}, "
        f"{d.when('mother', 'мать', 'отец')} ребёнка {d.value('child')}, {d.value('born')} года рождения, "
        f"с другой стороны, договорились о следующем."
    )
    for number, (title, sentence) in enumerate(_SECTIONS):
        w.paragraph(title, bold=True, level=0)
        for clause in range(3):
            told = f"{sentence} {d.value('curator')} помнит об этом."
            if clause == 1:
                told = (
                    f"{d.when(f'flag{number}', sentence, 'Пункт не применяется.')} Срок: {d.value('until')}."
                )
            if clause == 2:
                told = f"{sentence} Связаться можно по телефону {d.value('phone')}."
            w.paragraph(told, level=1)
    table = w.table(["Центр", "Семья"], 1, (8, 8))
    w.cell(table.cell(1, 0), f"{d.value('centre')}, {d.value('place')}, {d.value('phone')}")
    w.cell(table.cell(1, 1), f"{d.value('parent')}, {d.value('address')}")
    w.lines(2)
    return w.word


# --- plan: rows, lists in cells, lists of lists ----------------------------------------------------------


def plan(d: Dialect) -> Word:
    """A wide page: a table of rows with a list in a cell, then goals with their tasks."""
    w = Writer(d, 2, wide=True)
    w.write(w.word.sections[0].header.paragraphs[0], f"План семьи {d.value('family')}")
    w.page_number(w.word.sections[0].footer.paragraphs[0])
    w.paragraph(f"План работы с семьёй {d.value('family')} на {d.value('year')} год", bold=True)
    w.paragraph(f"{d.value('curator')}, куратор. {d.when('review', 'План пересмотрен.', 'План первый.')}")
    heads = ["№", "Что сделать", "Кто участвует", "Срок", "Как идёт"]
    table = w.table(heads, {"apart": 3, "inside": 1, "next": 2}[d.rows], (1.2, 9, 7, 3.5, 3.5))
    row = table.rows[2 if d.rows == "apart" else 1].cells
    ends = d.opens("rows", "row", lift="tr"), d.closes("rows", "row", "number", lift="tr")
    if d.rows == "apart":
        w.cell(table.cell(1, 0), ends[0])
    if d.rows != "inside":
        w.cell(table.cell(len(table.rows) - 1, 0), ends[1])
    before, after = ends if d.rows == "inside" else ("", "")
    w.cell(row[0], before + d.value("number", "row"))
    w.cell(row[1], f"{d.value('title', 'row')} {d.when('urgent', 'Срочно.', item='row')}")
    w.cell(row[2], d.pairs("people", "row"))
    w.cell(row[3], d.value("until", "row"))
    w.cell(row[4], d.when("done", "сделано", "в работе", "row") + after)
    w.paragraph("Цели и задачи", bold=True)
    w.end(d.opens("goals", "goal"))
    w.paragraph(f"Цель {d.value('number', 'goal')}. {d.value('title', 'goal')}", bold=True)
    w.end(d.opens("tasks", "task", "goal"))
    w.paragraph(
        f"{d.value('title', 'task')}; отвечает {d.value('who', 'task')}"
        f"{d.when('help', ', нужна помощь', item='task')}."
    )
    w.end(d.closes("tasks", "task", "title"))
    w.end(d.closes("goals", "goal", "number"))
    w.lines(2)
    return w.word


# --- assessment: six pages of marks ----------------------------------------------------------------------


def assessment(d: Dialect) -> Word:
    """Six pages: ten tables of ten criteria, each with a mark in one of four columns."""
    w = Writer(d, 3)
    w.air = 7
    w.page_number(w.word.sections[0].footer.paragraphs[0])
    w.paragraph(f"Оценка семьи {d.value('family')} от {d.value('date')}", bold=True)
    w.paragraph(f"{d.value('curator')}, куратор. {d.when('again', 'Оценка повторная.', 'Оценка первая.')}")
    for group in range(GROUPS):
        w.paragraph(f"Раздел {group + 1}. {_GROUPS[group]}", bold=True)
        table = w.table(
            ["№", "Что видит специалист", "0", "1", "2", "3"], CRITERIA + 1, (1.5, 9, 1.3, 1.3, 1.3, 1.3)
        )
        for item in range(CRITERIA):
            cells = table.rows[item + 1].cells
            w.cell(cells[0], f"{group + 1}.{item + 1}")
            w.cell(cells[1], f"{_SIGNS[item]}: {_GROUPS[group].lower()}")
            for score in range(SCORES):
                w.cell(cells[2 + score], d.when(f"c{group}x{item}x{score}", "☒", "☐"))
        last = table.rows[CRITERIA + 1].cells
        merged = last[2].merge(last[5])
        w.cell(last[1], "Сумма раздела", bold=True)
        w.write(merged.paragraphs[0], d.value(f"sum{group}"), bold=True)
    told = d.when("danger", "Есть угроза жизни.", "Угрозы жизни нет.")
    w.paragraph(f"Всего {d.value('total')}. {told}")
    w.paragraph(d.when("noted", "Заметка специалиста приложена."))
    w.paragraph(f"Вывод: {d.value('conclusion')}")
    w.lines(2)
    return w.word


_GROUPS = (
    "Жильё",
    "Доход",
    "Здоровье",
    "Учёба",
    "Забота о детях",
    "Отношения",
    "Родные и друзья",
    "Свободное время",
    "Привычки",
    "Помощь извне",
)
_SIGNS = (
    "Видно при встрече",
    "Говорят взрослые",
    "Говорят дети",
    "Замечает школа",
    "Замечают соседи",
    "Было прежде",
    "Повторяется",
    "Мешает каждый день",
    "Удалось изменить",
    "Нужна поддержка",
)


# --- data ------------------------------------------------------------------------------------------------

KINDS = {"agreement": agreement, "plan": plan, "assessment": assessment}


def data(kind: str) -> Data:
    """Return the values of a paper, with the hard spaces in them that papka's own printing sets.

    So every engine prints the same letters, and papka's printing finds nothing left to change.
    """
    return _printed({"agreement": _of_agreement, "plan": _of_plan, "assessment": _of_assessment}[kind]())


def _of_agreement() -> Data:
    return {
        "centre": "Центр «Берег & Дом»",
        "number": "17/2025",
        "place": "г. Заречинск",
        "date": "14 марта 2025 г.",
        "head": "директора Лыткиной Веры Павловны",
        "parent": "Самойлова Ирина Олеговна",
        "child": "Самойлова Егора Ильича",
        "born": "02.09.2016",
        "curator": "Дроздов П. К.",
        "until": "14.03.2026",
        "phone": "8 (000) 000-00-17",
        "address": "ул. Тихая, д. 4, кв. 9",
        "mother": True,
        **{f"flag{number}": number % 2 == 0 for number in range(len(_SECTIONS))},
    }


def _of_plan() -> Data:
    people = [("Самойлова И. О.", "мать"), ("Дроздов П. К.", "куратор"), ("Егор", "сын"), ("Мак <М>", "врач")]
    rows = [
        {
            "number": str(number + 1),
            "title": f"Встреча {number + 1}: {_SIGNS[number % 10].lower()}, {_GROUPS[number % 10].lower()}",
            "people": [{"name": name, "part": part} for name, part in people[: 1 + number % 4]],
            "until": f"{number + 1:02}.06.2025",
            "done": number % 3 == 0,
            "urgent": number % 4 == 1,
        }
        for number in range(ROWS)
    ]
    goals = [
        {
            "number": str(number + 1),
            "title": f"Чтобы {_GROUPS[number].lower()} стало лучше",
            "tasks": [
                {
                    "title": f"Обсудить: {_SIGNS[task].lower()}",
                    "who": people[task % 3][0],
                    "help": task == number,
                }
                for task in range(3)
            ],
        }
        for number in range(GOALS)
    ]
    return {
        "family": "Самойловых",
        "year": "2025",
        "curator": "Дроздов П. К.",
        "review": False,
        "rows": rows,
        "goals": goals,
    }


def _of_assessment() -> Data:
    scores = {(g, i): (g * 3 + i * 2) % SCORES for g in range(GROUPS) for i in range(CRITERIA)}
    marks = {
        f"c{group}x{item}x{score}": scores[group, item] == score
        for group, item in scores
        for score in range(SCORES)
    }
    sums = [sum(scores[group, item] for item in range(CRITERIA)) for group in range(GROUPS)]
    return {
        "family": "Самойловых",
        "date": "20.03.2025",
        "curator": "Дроздов П. К.",
        "again": True,
        "danger": False,
        "noted": True,
        "total": str(sum(sums)),
        "conclusion": "семье нужна поддержка, & семья её просит",
        **marks,
        **{f"sum{group}": str(value) for group, value in enumerate(sums)},
    }


def _printed(value: Any) -> Any:
    if isinstance(value, str):
        return hard_spaces(value)
    if isinstance(value, dict):
        return {name: _printed(one) for name, one in value.items()}
    return [_printed(one) for one in value] if isinstance(value, list) else value


def with_negations(value: Any) -> Any:
    """Say of every flag also what it is not: the dialect without «else» asks for it."""
    if isinstance(value, list):
        return [with_negations(one) for one in value]
    if not isinstance(value, dict):
        return value
    both = {name: with_negations(one) for name, one in value.items()}
    return both | {f"not_{name}": not one for name, one in value.items() if isinstance(one, bool)}


def build(folder: Path) -> None:
    """Write all templates: ``agreement.jinja.docx``, ``agreement.mustache.docx`` …"""
    for kind, make in KINDS.items():
        for dialect in DIALECTS:
            make(dialect).save(str(folder / f"{kind}.{dialect.file}.docx"))


# --- what a reader sees ----------------------------------------------------------------------------------


def text_of(path: Path) -> list[str]:
    """Return the paragraphs of a paper with their headers and footers; empty paragraphs are left out."""
    word = Document(str(path))
    section = word.sections[0]
    bodies = (section.header._element, word.element.body, section.footer._element)
    return [text for body in bodies for one in body.iter(qn("w:p")) if (text := "".join(_letters(one)))]


def _letters(paragraph: Any) -> Iterator[str]:
    for element in paragraph.iter(qn("w:t"), qn("w:tab"), qn("w:br")):
        if element.getparent().tag == qn("w:r"):
            yield element.text or "" if element.tag == qn("w:t") else "\t"
