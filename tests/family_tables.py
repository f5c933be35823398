"""Spreadsheets of fictional families as centres keep them, with faults planted on purpose."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter

OFFICE = """\
papka: '1'
title: Центр «Берег»
organisation:
  full_name: Центр социальной помощи семье и детям «Берег»
  short_name: Центр «Берег»
specialists:
- {id: p.gus, last_name: Гусь, first_name: Наталья, patronymic: Петровна, sex: female, position: психолог}
- {id: p.ivolgin, last_name: Иволгин, first_name: Пётр, patronymic: Ильич, sex: male, position: педагог}
"""
HEADERS = (
    "№ п/п",
    "№ дела",
    "ФИО матери",
    "дата рожд.",
    "СНИЛС матери",
    "Адрес",
    "Телефон",
    "Дети (ФИО, дата рождения)",
    "Дата постановки",
    "Как поступило",
    "Куратор",
    "Основание",
    "Среднедушевой доход",
    "Примечание",
)
_SURNAMES = [
    "Грачёва",
    "Синицына",
    "Галкина",
    "Воробьёва",
    "Соколова",
    "Лебедева",
    "Журавлёва",
    "Чайкина",
    "Орлова",
    "Дроздова",
]
_NAMES = ["Анна", "Мария", "Ольга", "Ирина", "Елена", "Дарья", "Вера", "Нина", "Зоя", "Алла"]
_FATHERS = ["Ильи", "Пётр", "Иван", "Олег", "Лев", "Глеб", "Егор"]
_PATRONYMICS = (
    ("Ильинична", "Ильич"),
    ("Петровна", "Петрович"),
    ("Ивановна", "Иванович"),
    ("Олеговна", "Олегович"),
)
_BOYS = ["Глеб", "Иван", "Лев", "Тимур", "Марк", "Егор", "Олег"]
_GIRLS = ["Ася", "Вера", "Майя", "Нина", "Яна", "Лида", "Рая"]
FIRST_ROW = 4
"""The first row of families, counted from 1: a title, an empty row and the headers stand above."""


def column(header: str) -> int:
    """Return the number of a column, counted from 1."""
    return HEADERS.index(header) + 1


@dataclass
class Planted:
    """A spreadsheet, and the faults that were put into it: row, column and stable id."""

    path: Path
    faults: dict[tuple[int, int], str] = field(default_factory=dict)


def _snils(number: int) -> str:
    digits = f"{number:09}"
    total = sum(int(d) * w for d, w in zip(digits, range(9, 0, -1), strict=True)) % 101 % 100
    return f"{digits[:3]}-{digits[3:6]}-{digits[6:]} {total:02}"


def _row(n: int, chance: random.Random) -> list[Any]:
    surname, (hers, his) = chance.choice(_SURNAMES), chance.choice(_PATRONYMICS)
    born = date(1980, 1, 1) + timedelta(days=chance.randrange(6000))
    children = []
    for _ in range(chance.randint(1, 3)):
        boy = chance.random() < 0.5
        name = (
            f"{surname[:-1]} {chance.choice(_BOYS)} {his}"
            if boy
            else f"{surname} {chance.choice(_GIRLS)} {hers}"
        )
        day = date(2012, 1, 1) + timedelta(days=chance.randrange(4000))
        children.append(f"{name} {day:%d.%m.%Y}" if chance.random() < 0.7 else f"{name}, {day:%d.%m.%y} г.р.")
    phone: Any = chance.choice([f"8 (900) {n:03}-11-22", float(89000000000 + n), f"+7900{n:07}"])
    name = f"{surname} {chance.choice(_NAMES)} {hers}"
    return [
        n,
        f"{n}/2025",
        name.upper() if n % 17 == 0 else name,
        born if n % 3 else f"{born:%d.%m.%Y}",
        _snils(112_233_000 + n),
        f"64170{n % 10}, Курганская область, Катайский район, г. Катайск, ул. Лесная, д. {n}, кв. {n % 9 + 1}",
        phone,
        chance.choice(["; ", "\n"]).join(children),
        date(2025, 1, 9) + timedelta(days=n % 200),
        chance.choice(["обращение семьи", "сообщение организации", "partner_referral"]),
        chance.choice(["Гусь Н.П.", "Иволгин Пётр Ильич", "Гусь"]),
        chance.choice(["просит помочь с кружком", "пропуски занятий в школе"]),
        chance.choice([None, 7900, "12 500,50", 8123.5]),
        chance.choice([None, "многодетная"]),
    ]


_FAULTS: tuple[tuple[str, Any, str], ...] = (
    ("Телефон", "89-00", "F-PHONE"),
    ("Телефон", "спросить у соседки", "F-PHONE"),
    ("СНИЛС матери", "112-233-445 94", "F-SNILS-SUM"),
    ("СНИЛС матери", "12-345", "F-SNILS"),
    ("дата рожд.", "март 1985", "F-DATE"),
    ("дата рожд.", "31.02.1985", "F-DATE"),
    ("Дата постановки", "весной", "F-DATE"),
    ("Дата постановки", None, "F-MISSING"),
    ("Как поступило", "само", "F-CHOICE"),
    ("Куратор", "Неизвестнова А.А.", "I-SPECIALIST"),
    ("Адрес", "у бабушки за рекой", "I-ADDRESS"),
    ("Дети (ФИО, дата рождения)", "Глеб 12.03.2015", "I-NAME"),
    ("Дети (ФИО, дата рождения)", "Грачёв Глеб Ильич 30.02.2015", "F-DATE"),
    ("Дети (ФИО, дата рождения)", "Грачёв Глеб Ильич 12.03.2031", "F-ORDER"),
    ("ФИО матери", "Грачёва А.И.", "I-NAME"),
    ("ФИО матери", "Грачёва2 Анна Ильинична", "F-NAME"),
    ("ФИО матери", "Грaчёва Анна Ильинична", "F-NAME-MIXED"),
    ("Среднедушевой доход", "немного", "F-MONEY"),
    ("№ дела", None, "I-NUMBER"),
    ("№ дела", "1/2025", "I-TWICE"),
    ("Основание", "#ССЫЛКА!", "I-FORMULA"),
)


def table_of(path: Path, families: int, faults: int, seed: int = 7) -> Planted:
    """Write a journal of families with so many faults, one in a family, none in the first one."""
    chance = random.Random(seed)
    rows = [_row(n, chance) for n in range(1, families + 1)]
    made = Planted(path)
    for n, index in enumerate(sorted(chance.sample(range(1, families), faults))):
        header, value, id_ = _FAULTS[n % len(_FAULTS)]
        rows[index][column(header) - 1] = value
        made.faults[index + FIRST_ROW, column(header)] = id_
    write_table(path, rows)
    return made


def write_table(path: Path, rows: list[list[Any]]) -> None:
    """Write the journal: a title over all, headers, the rows, an empty one, a total."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Журнал учёта семей")
        day = book.add_format({"num_format": "dd.mm.yyyy"})
        sheet.merge_range(0, 0, 0, len(HEADERS) - 1, "Журнал учёта семей на 2025 год")
        sheet.write_row(2, 0, HEADERS)
        for index, row in enumerate(rows, FIRST_ROW - 1):
            for place, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(index, place, value, day)
                elif value is not None:
                    sheet.write(index, place, value)
        sheet.write(FIRST_ROW + len(rows), 0, "Итого")
        sheet.write(FIRST_ROW + len(rows), 1, len(rows))
