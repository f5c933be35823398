"""A case file with faults is refused: all of them, each at its place, in plain words, without values."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from papka.core.errors import Refused
from papka.core.findings import Finding
from papka.core.loading import load_case

MARK = "⌖"
"""Stands in a broken text where the fault has to be found; it is taken out before the file is written."""

FAMILY = "Семья"
REFERRAL = """\
referral:
  received_on: 2025-02-18
  channel: self_appeal
  text: просит помочь с кружком
"""
MOTHER = "Семья → Члены семьи, 1"
PASSPORT = f"{MOTHER} → Документ, удостоверяющий личность"


@dataclass(frozen=True)
class Fault:
    """One fault that has to be told."""

    id: str
    path: str | None = None
    words: str | None = None
    suggestion: str | None = None


@dataclass(frozen=True)
class Broken:
    """A way to break a case: what is replaced, by what, and what has to be told, mark by mark."""

    name: str
    old: str
    new: str
    faults: tuple[Fault, ...]

    def text(self, whole: str) -> str:
        assert whole.count(self.old) == 1, self.old
        return whole.replace(self.old, self.new)


def put(name: str, old: str, new: str, *faults: Fault) -> Broken:
    return Broken(name, old, new, faults)


def mother(name: str, fields: str, *faults: Fault) -> Broken:
    """Break the mother's own fields."""
    lines = "".join(f"    {line}\n" for line in fields.splitlines())
    anchor = "    relation: мать\n"
    return Broken(name, anchor, anchor + lines, faults)


def last(name: str, lines: str, *faults: Fault) -> Broken:
    """Break what stands at the end of the file."""
    anchor = "  text: просит помочь с кружком\n"
    return Broken(name, anchor, anchor + lines, faults)


def passport(**changed: str) -> str:
    fields = {"kind": "passport_rf", "series": "37 11", "number": "'654321'", "issued_on": "2011-08-02"}
    fields |= changed
    lines = "".join(f"  {key}: {value}\n" for key, value in fields.items() if value)
    return f"birth_date: 1990-01-01\ndocument:\n{lines}"


def certificate(series: str) -> str:
    return f"document:\n  kind: birth_certificate\n  series: {series}\n  number: '501122'\n"


def organisation(name: str, field: str, *faults: Fault) -> Broken:
    return put(name, "  short_name: ЦСПС\n", f"  short_name: ЦСПС\n  {field}\n", *faults)


def of_mother(id_: str, field: str, words: str, suggestion: str | None = None) -> Fault:
    return Fault(id_, f"family.members[0].{field}", f"{MOTHER} → {words}", suggestion)


def of_passport(id_: str, field: str, words: str) -> Fault:
    return Fault(id_, f"family.members[0].document.{field}", f"{PASSPORT} → {words}")


def of_organisation(id_: str, field: str, words: str) -> Fault:
    return Fault(id_, f"organisation.{field}", f"Организация → {words}")


BROKEN = [
    # --- names of fields
    put(
        "a misspelt key",
        "family:\n  display_name: семья Ткач",
        "⌖family:\n  ⌖dispaly_name: семья Ткач",
        Fault("F-MISSING", "family.display_name", "Семья → Как семья названа в деле"),
        Fault("F-UNKNOWN", "family.dispaly_name", "Семья → dispaly_name", "display_name"),
    ),
    put(
        "a Russian name as a key",
        "    relation: мать\n",
        "    relation: мать\n    ⌖снилс: 112-233-445 95\n",
        Fault("F-UNKNOWN", "family.members[0].снилс", f"{MOTHER} → СНИЛС", "snils"),
    ),
    last(
        "a misspelt list of all people hides nobody else",
        "⌖curators_: []\n",
        Fault("F-UNKNOWN", "curators_", "curators_", "curators"),
    ),
    last("a key that is like nothing", "⌖zzzzzz: 1\n", Fault("F-UNKNOWN", "zzzzzz", "zzzzzz")),
    last("a merge key", "⌖<<: {a: b}\n", Fault("F-UNKNOWN", "…", "…")),
    put(
        "a key with a hyphen",
        "  members:\n",
        "  ⌖income-notes: алименты\n  members:\n",
        Fault("F-UNKNOWN", "family.…", "Семья → …", "income_notes"),
    ),
    put(
        "a sentence cut in two by a comma",
        "  members:\n",
        "  household: {dwelling: дом, ⌖Ткач В. И. пьёт: да}\n  members:\n",
        Fault("F-COMMA", "family.household.…", "Семья → Жилищные условия → …"),
    ),
    # --- what has to be there
    put(
        "a required field left out",
        "referral:\n  received_on: 2025-02-18\n",
        "⌖referral:\n",
        Fault("F-MISSING", "referral.received_on", "Запрос → Дата поступления"),
    ),
    put(
        "a required field named and left empty",
        "  received_on: 2025-02-18",
        "  received_on:⌖",
        Fault("F-MISSING", "referral.received_on", "Запрос → Дата поступления"),
    ),
    put(
        "a required group left out",
        REFERRAL,
        "⌖agreement: {}\n",
        Fault("F-MISSING", "referral", "Запрос"),
        Fault("F-MISSING", "agreement.signed_on", "Соглашение с семьёй → Дата подписания"),
    ),
    put(
        "a group left empty",
        "organisation:\n  full_name: Центр социальной помощи семье\n  short_name: ЦСПС\n",
        "organisation: ⌖нет\n",
        Fault("F-GROUP", "organisation", "Организация"),
    ),
    # --- shapes
    mother(
        "a list where a value stands",
        "marital: ⌖[в браке, в разводе]",
        of_mother("F-TEXT", "marital", "Семейное положение"),
    ),
    mother(
        "a list where a telephone stands", "phone: ⌖[89000000001]", of_mother("F-TEXT", "phone", "Телефон")
    ),
    put(
        "a list where a name stands",
        "first_name: Вера",
        "first_name: ⌖[Вера, Надежда]",
        of_mother("F-TEXT", "first_name", "Имя"),
    ),
    mother(
        "a group where a value stands",
        "employment: ⌖{место: школа}",
        of_mother("F-TEXT", "employment", "Место работы, должность"),
    ),
    mother(
        "a value where a list stands",
        "records: ⌖на учёте в школе",
        of_mother("F-LIST", "records", "На каком учёте состоит"),
    ),
    put(
        "one person where a list of people stands",
        "specialists:\n- id: s.one\n  last_name",
        "specialists:\n  ⌖id: s.one\n  last_name",
        Fault("F-LIST", "specialists", "Специалисты"),
    ),
    last(
        "a value where a group stands in a list",
        "strengths: [⌖бабушка рядом]\n",
        Fault("F-GROUP", "strengths[0]", "Сильные стороны и ресурсы, 1"),
    ),
    # --- days and hours
    mother("a wrong date", "birth_date: ⌖18.02.85", of_mother("F-DATE", "birth_date", "Дата рождения")),
    mother("31 February", "birth_date: ⌖31.02.1985", of_mother("F-DATE", "birth_date", "Дата рождения")),
    mother(
        "29 February of no leap year",
        "birth_date: ⌖1985-02-29",
        of_mother("F-DATE", "birth_date", "Дата рождения"),
    ),
    mother("a month first", "birth_date: ⌖02/18/1985", of_mother("F-DATE", "birth_date", "Дата рождения")),
    mother(
        "a date out of range", "birth_date: ⌖1850-01-01", of_mother("F-DATE", "birth_date", "Дата рождения")
    ),
    put(
        "an hour that no day has",
        "  received_on: 2025-02-18\n",
        "  received_on: 2025-02-18\n  received_at: ⌖25:00\n",
        Fault("F-TIME", "referral.received_at", "Запрос → Время поступления"),
    ),
    # --- numbers of people
    mother(
        "СНИЛС with wrong check digits", "snils: ⌖112-233-445 96", of_mother("F-SNILS-SUM", "snils", "СНИЛС")
    ),
    mother("СНИЛС too short", "snils: ⌖998-877-665", of_mother("F-SNILS", "snils", "СНИЛС")),
    mother("СНИЛС with a letter", "snils: ⌖112-233-445 9Б", of_mother("F-SNILS", "snils", "СНИЛС")),
    mother(
        "СНИЛС in digits of another script", "snils: ⌖١١٢-٢٣٣-٤٤٥ ٩٥", of_mother("F-SNILS", "snils", "СНИЛС")
    ),
    mother("a telephone too short", "phone: ⌖'8900'", of_mother("F-PHONE", "phone", "Телефон")),
    mother("a telephone in letters", "phone: ⌖8-800-FLOWERS", of_mother("F-PHONE", "phone", "Телефон")),
    mother(
        "two telephones in one",
        "phone: ⌖+7 900 000-00-01, +7 900 000-00-02",
        of_mother("F-PHONE", "phone", "Телефон"),
    ),
    # --- names
    put(
        "a Latin letter in a Russian name",
        "first_name: Вера",
        "first_name: ⌖Bера",
        of_mother("F-NAME-MIXED", "first_name", "Имя"),
    ),
    put(
        "a digit in a name",
        "first_name: Вера",
        "first_name: ⌖Вера2",
        of_mother("F-NAME", "first_name", "Имя"),
    ),
    # --- documents of people
    mother(
        "a passport series",
        passport(series="⌖'3711 654321'"),
        of_passport("F-PASSPORT", "series", "Серия"),
    ),
    mother("a passport number", passport(number="⌖98765"), of_passport("F-PASSPORT", "number", "Номер")),
    mother(
        "a passport without date",
        passport(issued_on="").replace("document", "⌖document"),
        of_passport("F-PASSPORT", "issued_on", "Дата выдачи"),
    ),
    mother(
        "a department code",
        passport(dept_code="⌖45-012"),
        of_passport("F-PASSPORT", "dept_code", "Код подразделения"),
    ),
    mother(
        "every part of a passport",
        passport(series="⌖371", number="⌖'1'", issued_on="⌖30.02.2011", dept_code="⌖0"),
        of_passport("F-PASSPORT", "series", "Серия"),
        of_passport("F-PASSPORT", "number", "Номер"),
        of_passport("F-DATE", "issued_on", "Дата выдачи"),
        of_passport("F-PASSPORT", "dept_code", "Код подразделения"),
    ),
    mother(
        "a passport before the 14th birthday",
        passport(issued_on="⌖2003-12-31"),
        of_passport("F-ORDER", "issued_on", "Дата выдачи"),
    ),
    put(
        "a birth in the future",
        "birth_date: 2014-06-17",
        "birth_date: ⌖2094-06-17",
        Fault("F-ORDER", "family.members[1].birth_date", "Семья → Члены семьи, 2 → Дата рождения"),
    ),
    mother(
        "a passport before birth",
        passport(issued_on="⌖1989-12-31"),
        of_passport("F-ORDER", "issued_on", "Дата выдачи"),
    ),
    mother(
        "a passport too early, told although something else is wrong",
        passport(issued_on="⌖2003-12-31") + "snils: ⌖'1'",
        of_passport("F-ORDER", "issued_on", "Дата выдачи"),
        of_mother("F-SNILS", "snils", "СНИЛС"),
    ),
    mother(
        "a birth certificate with Latin letters",
        certificate("⌖II-BC"),
        of_passport("F-CERTIFICATE", "series", "Серия"),
    ),
    # --- numbers of organisations
    organisation("ИНН", "inn: ⌖'4501000001'", of_organisation("F-INN", "inn", "ИНН")),
    organisation("ОГРН", "ogrn: ⌖'1024500000001'", of_organisation("F-OGRN", "ogrn", "ОГРН")),
    organisation("КПП", "kpp: ⌖45010100", of_organisation("F-KPP", "kpp", "КПП")),
    organisation(
        "an e-mail address", "email: ⌖centre@kurgan", of_organisation("F-EMAIL", "email", "Электронная почта")
    ),
    organisation(
        "a postal code",
        "address: {region: Курганская область, settlement: г. Катайск, postcode: ⌖64170}",
        of_organisation("F-POSTCODE", "address.postcode", "Адрес → Почтовый индекс"),
    ),
    # --- money, numbers, choices
    mother(
        "negative money",
        "income_monthly: ⌖-7900",
        of_mother("F-MONEY", "income_monthly", "Доход в месяц, руб."),
    ),
    mother(
        "money as a power of ten",
        "income_monthly: ⌖1e5",
        of_mother("F-MONEY", "income_monthly", "Доход в месяц, руб."),
    ),
    put(
        "numbers of a home",
        "  members:\n",
        "  household: {dwelling: дом, rooms: ⌖три, area_m2: ⌖NaN}\n  members:\n",
        Fault("F-NUMBER", "family.household.rooms", "Семья → Жилищные условия → Число комнат"),
        Fault("F-NUMBER", "family.household.area_m2", "Семья → Жилищные условия → Общая площадь, кв. м"),
    ),
    put(
        "numbers out of range",
        "  members:\n",
        f"  household: {{dwelling: дом, rooms: ⌖{'9' * 5000}, area_m2: ⌖0}}\n  members:\n",
        Fault("F-RANGE", "family.household.rooms", "Семья → Жилищные условия → Число комнат"),
        Fault("F-RANGE", "family.household.area_m2", "Семья → Жилищные условия → Общая площадь, кв. м"),
    ),
    mother(
        "a misspelt code of a choice",
        "custody: ⌖parnets",
        of_mother("F-CHOICE", "custody", "На чьём попечении ребёнок", "parents"),
    ),
    mother(
        "a misspelt Russian choice",
        "custody: ⌖в приемной семье",
        of_mother("F-CHOICE", "custody", "На чьём попечении ребёнок", "в приёмной семье"),
    ),
    put(
        "a choice in a list",
        "  members:\n",
        "  status_flags: [large, ⌖малоимуща]\n  members:\n",
        Fault("F-CHOICE", "family.status_flags[1]", "Семья → Социальный и правовой статус, 2", "малоимущая"),
    ),
    mother(
        "neither yes nor no",
        "lives_with_family: ⌖иногда",
        of_mother("F-YES-NO", "lives_with_family", "Проживает с семьёй"),
    ),
    put("a code in Russian", "id: T-1", "id: ⌖Дело-1", Fault("F-CODE", "id", "Код дела")),
    last("another version", "papka: ⌖'2'\n", Fault("F-NEWER", "papka", "Версия правил заполнения")),
    # --- who is who
    put(
        "a reference to nobody",
        "legal_representative_of: [c.one]",
        "legal_representative_of: [⌖c.oen]",
        of_mother("F-NOBODY", "legal_representative_of[0]", "Законный представитель кого (дети), 1", "c.one"),
    ),
    last(
        "a reference to no specialist",
        "curators:\n- specialist: ⌖m.one\n  since: 2025-02-19\n",
        Fault("F-NOBODY", "curators[0].specialist", "Кто вёл случай, 1 → Специалист", "s.one"),
    ),
    put(
        "one id for two",
        "  - id: c.one\n",
        "  - id: ⌖s.one\n",
        Fault("F-NOBODY", "family.members[0].legal_representative_of[0]"),
        Fault(
            "F-TWICE", "family.members[1].id", "Семья → Члены семьи, 2 → Условное обозначение человека в деле"
        ),
    ),
    # --- order of days
    last(
        "a period that ends before it begins",
        "curators:\n- specialist: s.one\n  since: 2025-02-18\n  until: ⌖2025-01-18\n",
        Fault("F-PERIOD", "curators[0].until", "Кто вёл случай, 1 → По какой день"),
    ),
    last(
        "a notice after the farewell, told although something else is wrong",
        "closure:\n  notice_on: 2025-02-18\n  farewell_on: ⌖2025-01-18\n  reason: ⌖moove\n",
        Fault("F-ORDER", "closure.farewell_on", "Завершение → Заключительная встреча"),
        Fault("F-CHOICE", "closure.reason", "Завершение → Основание закрытия", "moved"),
    ),
    # --- text
    put(
        "a control character written as an escape",
        "text: просит помочь с кружком",
        'text: ⌖"просит\\x07помочь"',
        Fault("F-CONTROL", "referral.text", "Запрос → Что произошло"),
    ),
    put(
        "a sign that turns the writing direction",
        "text: просит помочь с кружком",
        "text: ⌖просит \u202eпомочь",
        Fault("F-BIDI", "referral.text", "Запрос → Что произошло"),
    ),
    put(
        "20,001 characters",
        "text: просит помочь с кружком",
        f"text: ⌖{'я' * 20_001}",
        Fault("F-LONG", "referral.text", "Запрос → Что произошло"),
    ),
    put(
        "two lines where one stands",
        "display_name: семья Ткач",
        'display_name: ⌖"семья\\nТкач"',
        Fault("F-ONE-LINE", "family.display_name", "Семья → Как семья названа в деле"),
    ),
    put(
        "nothing but spaces",
        "display_name: семья Ткач",
        "display_name: ⌖'  '",
        Fault("F-EMPTY", "family.display_name", "Семья → Как семья названа в деле"),
    ),
    # --- YAML itself
    last("a key that stands twice", "⌖id: T-2\n", Fault("Y-TWICE")),
    put("a tab", "  short_name: ЦСПС", "⌖\tshort_name: ЦСПС", Fault("Y-SYNTAX")),
    put("a quote that is not closed", "full_name: Центр", 'full_name: ⌖"Центр', Fault("Y-SYNTAX")),
    put("a bracket that is not closed", "full_name: Центр", "full_name: ⌖[Центр", Fault("Y-SYNTAX")),
    put("a colon in a value", "text: просит помочь", "text: просит⌖: помочь", Fault("Y-SYNTAX")),
    put("a line too deep", "  short_name: ЦСПС", "   short_name⌖: ЦСПС", Fault("Y-SYNTAX")),
    put("a line not deep enough", "  short_name: ЦСПС", " ⌖short_name: ЦСПС", Fault("Y-SYNTAX")),
    put("a colon left out", "  short_name: ЦСПС", "  ⌖short_name ЦСПС", Fault("Y-SYNTAX")),
    put("a value that begins with @", "full_name: Центр", "full_name: ⌖@Центр", Fault("Y-SYNTAX")),
    put("a control character", "с кружком", "с ⌖\x07кружком", Fault("Y-CONTROL")),
    put("an escape sequence for the terminal", "с кружком", "с ⌖\x1b[2Jкружком", Fault("Y-CONTROL")),
    put("an anchor", "id: T-1", "id: ⌖&a T-1", Fault("Y-ALIAS")),
    put("an anchor at a key", "id: T-1", "⌖&a id: T-1", Fault("Y-ALIAS")),
    put("an alias", "id: T-1", "id: ⌖*a", Fault("Y-ALIAS")),
    put("a tag that runs code", "id: T-1", "id: ⌖!!python/object/apply:os.system [id]", Fault("Y-TAG")),
    put("a tag at a key", "id: T-1", "⌖!!str id: T-1", Fault("Y-TAG")),
    last("a list as a key", "? ⌖[a]\n: b\n", Fault("Y-KEY")),
    last("several documents", "⌖---\nid: T-2\n", Fault("Y-MANY")),
    last("a depth of 3,000 lists", f"x: {'[' * 50}⌖{'[' * 2950}\n", Fault("Y-DEPTH")),
    last("a depth of 3,000 groups", f"x: {'{a: ' * 50}⌖{'{a: ' * 2950}\n", Fault("Y-DEPTH")),
]


def marks(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Take the marks out of a text and return their lines and columns."""
    places = []
    while MARK in text:
        before, text = text.split(MARK, 1)
        places.append((before.count("\n") + 1, len(before) - before.rfind("\n")))
        text = before + text
    return text, places


def refused(path: Path) -> tuple[Finding, ...]:
    with pytest.raises(Refused) as caught:
        load_case(path)
    return caught.value.findings


def is_one_sentence(text: str) -> bool:
    return bool(re.fullmatch(r"[A-ZА-Я][^\n]*[^\s.]\.", text)) and not re.search(
        r"[a-zа-я]\.\s+[A-ZА-Я]", text
    )


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.name)
def test_a_fault_is_told_at_its_place_with_its_cure_and_without_its_value(
    broken: Broken, case_text: str, write: Callable[..., Path], here: Callable[..., Any]
) -> None:
    text, places = marks(broken.text(case_text))
    path = write(text)
    found = list(refused(path))
    if len(broken.faults) > len(places):  # what follows from the fault and has a place of its own
        extra = broken.faults[0]
        assert (found[0].id, found[0].place.path) == (extra.id, extra.path)
        found, told = found[1:], broken.faults[1:]
    else:
        told = broken.faults
    assert [(one.id, one.place.line, one.place.column) for one in found] == [
        (fault.id, *place) for fault, place in zip(told, places, strict=True)
    ]
    lines = text.splitlines()
    for one, fault, (line, column) in zip(found, told, places, strict=True):
        assert (one.place.file, one.severity) == (str(path), "error")
        assert (one.place.path, one.place.words) == (fault.path, fault.words)
        assert one.suggestion == fault.suggestion
        assert is_one_sentence(one.message)
        assert is_one_sentence(one.cure) or one.cure == "Write the value, or leave the field out."
        value = lines[line - 1][column - 1 :].strip("'\"")
        said = json.dumps(one.as_json(), ensure_ascii=False).replace(one.suggestion or MARK, "")
        assert len(value) < 5 or one.id in ("F-UNKNOWN", "F-MISSING", "Y-TWICE") or value not in said


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.name)
def test_a_refused_file_ends_with_three_and_no_traceback(
    broken: Broken, case_text: str, write: Callable[..., Path], here: Callable[..., Any]
) -> None:
    text, places = marks(broken.text(case_text))
    path = write(text)
    ran = here("check", path)
    assert (ran.code, ran.out) == (3, "")
    assert "Traceback" not in ran.err
    for fault, (line, column) in zip(broken.faults[-len(places) :], places, strict=True):
        assert f"{path}:{line}:{column}: error {fault.id}: " in ran.err
    assert " | " not in ran.err  # the line of the file is for a terminal only


WHOLE = [
    ("an empty file", "", "Y-EMPTY"),
    ("only comments", "# дело\n# семьи\n", "Y-EMPTY"),
    ("only a dash line", "---\n", "Y-EMPTY"),
    ("a word", "привет\n", "F-GROUP"),
    ("a list", "- привет\n", "F-GROUP"),
    ("a bomb of aliases", "a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\n", "Y-ALIAS"),
    ("a file of zeros", b"\0" * 100, "Y-CONTROL"),
    ("a picture", b"\x89PNG\r\n\x1a\n\xff\xd8", "Y-ENCODING"),
    ("ten megabytes", b"#" * (10 * 1024 * 1024 + 1), "Y-SIZE"),
]


@pytest.mark.parametrize(("content", "id_"), [row[1:] for row in WHOLE], ids=[row[0] for row in WHOLE])
def test_what_is_no_case_file_is_refused_by_name(
    content: str | bytes, id_: str, write: Callable[..., Path], here: Callable[..., Any]
) -> None:
    path = write(content)
    ran = here("check", path)
    assert ran.code == 3
    assert f"{path}:1:" in ran.err and f"error {id_}: " in ran.err


@pytest.mark.parametrize(
    ("encoding", "named"),
    [("cp1251", "the old Windows encoding (1251)"), ("utf-16", "UTF-16"), ("koi8-r", "not written in UTF-8")],
)
def test_another_encoding_is_named_at_its_first_sign(
    encoding: str, named: str, case_text: str, write: Callable[..., Path], here: Callable[..., Any]
) -> None:
    ran = here("check", write(case_text.encode(encoding)))
    assert ran.code == 3
    assert named in ran.err
    assert "Save the file in the encoding UTF-8" in ran.err
    if encoding == "cp1251":
        assert ":5:14: error Y-ENCODING" in ran.err


def test_a_file_from_the_windows_notepad_is_read(case_text: str, write: Callable[..., Path]) -> None:
    path = write(b"\xef\xbb\xbf" + case_text.replace("\n", "\r\n").encode())
    assert load_case(path).referral.text == "просит помочь с кружком"


@pytest.mark.usefixtures("english")
def test_places_are_counted_alike_with_the_line_ends_of_windows(
    case_text: str, write: Callable[..., Path]
) -> None:
    text, places = marks(case_text.replace("channel: self_appeal", "channel: ⌖почта"))
    found = refused(write(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()))
    assert [(one.place.line, one.place.column) for one in found] == places


# --- all at once -------------------------------------------------------------------------------------------

CANARY = "Канарейкина"
ALL_AT_ONCE = f"""\
programme: kurgan_ipss
id: T-1
organisation:
  full_name: Центр
  short_name: ЦСПС
  inn: ⌖'{CANARY}1'
  email: ⌖{CANARY}2
  address: {{region: К, settlement: Г, postcode: ⌖{CANARY}3}}
specialists:
- id: s.one
  last_name: ⌖{CANARY}4
  first_name: Анна
  sex: ⌖{CANARY}5
  position: ⌖[{CANARY}6]
family:
  display_name: "⌖{CANARY}\\u202e7"
  phone: ⌖{CANARY}8
  members:
  - id: m.one
    last_name: Ткач
    first_name: ⌖{CANARY}x9
    sex: female
    relation: мать
    birth_date: ⌖{CANARY}10
    snils: ⌖{CANARY}11
    income_monthly: ⌖{CANARY}12
    lives_with_family: ⌖{CANARY}13
    document:
      kind: passport_rf
      series: ⌖{CANARY}14
      number: ⌖{CANARY}15
      issued_on: ⌖{CANARY}16
      dept_code: ⌖{CANARY}17
referral:
  received_on: ⌖{CANARY}18
  received_at: ⌖{CANARY}19
  channel: ⌖{CANARY}20
  text: ⌖{{{CANARY}: 21}}
  signs: ⌖{CANARY}22
  taken_by: ⌖canary.23
""".replace('"⌖', '⌖"')


def test_all_faults_are_told_at_once_in_the_order_of_the_file(
    write: Callable[..., Path], run: Callable[..., Any]
) -> None:
    text, places = marks(ALL_AT_ONCE)
    path = write(text)
    ran = run("check", path)
    assert (ran.code, ran.out) == (3, "")
    told = re.findall(r"case\.yaml:(\d+):(\d+): error F-", ran.err)
    assert [(int(line), int(column)) for line, column in told] == places
    assert len(places) == 23
    assert f"case.yaml cannot be used: faults found: {len(places)}." in ran.err


@pytest.mark.parametrize("options", [(), ("--json",), ("--debug",), ("--debug", "--json")])
def test_no_value_of_the_family_leaves_the_file(
    options: tuple[str, ...], write: Callable[..., Path], run: Callable[..., Any]
) -> None:
    ran = run("check", write(marks(ALL_AT_ONCE)[0]), *options)
    assert ran.code == 3
    assert "F-SNILS" in ran.all
    assert CANARY not in ran.all and "anary" not in ran.all


def test_the_path_is_said_in_russian_words_in_both_languages(
    write: Callable[..., Path], case_text: str, run: Callable[..., Any]
) -> None:
    path = write(case_text.replace("channel: self_appeal", "channel: почта"))
    for lang in ("en", "ru"):
        assert "F-CHOICE: Запрос → Как поступил: " in run("check", path, lang=lang).err
    assert "ошибка F-CHOICE" in run("check", path, lang="ru").err


def test_a_missing_field_is_named_as_it_has_to_be_typed(
    write: Callable[..., Path], case_text: str, here: Callable[..., Any]
) -> None:
    ran = here("check", write(case_text.replace("  channel: self_appeal\n", "")))
    assert "Add the field channel." in ran.err


@pytest.mark.usefixtures("english")
def test_one_misspelt_list_is_one_fault_and_not_one_for_each_reference_into_it(
    write: Callable[..., Path], case_text: str
) -> None:
    consent = "- {kind: photo_video, signed_by: m.one, on: 2025-03-01}\n"
    found = refused(write(case_text.replace("family:", "famly:") + "consents:\n" + consent * 3))
    assert [one.id for one in found] == ["F-MISSING", "F-UNKNOWN"]


# --- the line of the file ----------------------------------------------------------------------------------


def on_a_terminal(command: list[str], env: dict[str, str], log: Path | None = None) -> str:
    """Run a command whose screen is a terminal; where `log` is given, its errors go to that file."""
    pty = pytest.importorskip("pty")
    master, slave = pty.openpty()
    with (log or Path(os.devnull)).open("wb") as file:
        started = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=file if log else slave, env=env, close_fds=True
        )
        os.close(slave)
        shown = b""
        while True:
            try:
                piece = os.read(master, 65536)
            except OSError:  # Linux says so when the other side is closed
                break
            if not piece:
                break
            shown += piece
        started.wait(timeout=60)
    os.close(master)
    return shown.decode()


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal is a thing of POSIX")
@pytest.mark.parametrize("before", ["", "а" * 300])
def test_a_terminal_shows_the_line_with_a_mark_under_the_fault(
    before: str,
    case_text: str,
    write: Callable[..., Path],
    command: str,
    environ: Callable[..., dict[str, str]],
) -> None:
    relation = before or "дочь"
    line = (
        f"  members: [{{id: c.two, relation: {relation}, sex: женскиий, last_name: Ткач, first_name: Яна}}]"
    )
    text = re.sub(r"  members:\n(  .*\n)+", line + "\n", case_text)
    shown = on_a_terminal([command, "check", str(write(text))], environ())
    shown = re.sub(r"\x1b\[[0-9;]*m", "", shown).replace("\r\n", "\n")
    seen = re.search(r"\n( +15 \| .*)\n( +\| +\^)\n", shown)
    assert seen, shown
    excerpt, mark = seen.groups()
    assert excerpt[mark.index("^") :].startswith("женскиий, last_name")


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal is a thing of POSIX")
def test_errors_sent_to_a_file_hold_no_line_of_the_case_even_beside_a_terminal(
    write: Callable[..., Path], tmp_path: Path, command: str, environ: Callable[..., dict[str, str]]
) -> None:
    log = tmp_path / "errors.txt"
    on_a_terminal([command, "check", str(write(marks(ALL_AT_ONCE)[0]))], environ(), log)
    assert "F-SNILS" in log.read_text("utf-8")
    assert CANARY not in log.read_text("utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal is a thing of POSIX")
@pytest.mark.parametrize("hidden", ["\x1b[31m", "\x07", "\u202e", '"\\x1b[31m": 1 #'])
def test_a_file_cannot_rule_the_terminal(
    hidden: str,
    case_text: str,
    write: Callable[..., Path],
    command: str,
    environ: Callable[..., dict[str, str]],
) -> None:
    path = write(case_text + (hidden + "\n" if "#" in hidden else f"strengths: {hidden}\n"))
    shown = on_a_terminal([command, "check", str(path)], environ(NO_COLOR="1"))
    assert " | " in shown
    for sign in ("\x1b[31m: ", "\x07", "\u202e"):
        assert sign not in shown


# --- what is accepted --------------------------------------------------------------------------------------


def test_numbers_of_documents_stay_the_text_that_was_typed(
    write: Callable[..., Path], case_text: str
) -> None:
    typed = {"region": "NO", "settlement": "1e5", "district": "012345", "street": "12:30", "house": "00123"}
    address = ", ".join(f"{name}: {value}" for name, value in typed.items())
    text = case_text.replace("number: 7/2025", "number: 0777").replace(
        "  members:\n", f"  type: 1.10\n  address_registration: {{{address}, flat: 0x1F}}\n  members:\n"
    )
    case = load_case(write(text))
    kept = case.family.address_registration
    assert kept is not None
    assert {name: getattr(kept, name) for name in typed} == typed
    assert (kept.flat, case.number, case.family.type) == ("0x1F", "0777", "1.10")


@pytest.mark.parametrize("series", ["II-БС", "ІІ-БС", "11-бс", "ii – бс", "II-бС"])
def test_letters_that_look_alike_in_a_birth_certificate_are_set_right(
    series: str, write: Callable[..., Path], case_text: str
) -> None:
    lines = "".join(f"    {line}\n" for line in certificate(series).splitlines())
    case = load_case(write(case_text.replace("    relation: мать\n", f"    relation: мать\n{lines}")))
    document = case.family.members[0].document
    assert document is not None
    assert document.series == "II-БС"


def test_a_kind_of_document_may_be_written_as_it_stands_on_paper(
    write: Callable[..., Path], case_text: str
) -> None:
    fields = passport(kind="Паспорт гражданина Российской Федерации", series="3711", dept_code="450012")
    lines = "".join(f"    {line}\n" for line in fields.splitlines())
    case = load_case(write(case_text.replace("    relation: мать\n", f"    relation: мать\n{lines}")))
    document = case.family.members[0].document
    assert document is not None
    assert (document.series, document.dept_code) == ("37 11", "450-012")


def test_choices_may_be_written_in_russian(write: Callable[..., Path], case_text: str) -> None:
    text = case_text.replace("sex: male", "sex: Мужской").replace(
        "channel: self_appeal", "channel: обращение семьи"
    )
    case = load_case(write(text))
    assert (case.family.members[1].sex, case.referral.channel) == ("male", "self_appeal")


def test_a_field_named_and_left_empty_is_no_field(write: Callable[..., Path], case_text: str) -> None:
    case = load_case(write(case_text + "closure:\nconsents:\nplans: ~\n"))
    assert (case.closure, case.consents, case.plans) == (None, (), ())


# --- JSON --------------------------------------------------------------------------------------------------


def check_shape(data: dict[str, Any], path: Path | None) -> None:
    assert set(data) == {"findings", "summary"}
    assert set(data["summary"]) == {"errors", "warnings", "infos"}
    counted = dict.fromkeys(("error", "warning", "info"), 0)
    for one in data["findings"]:
        assert list(one) == [
            "id",
            "severity",
            "message",
            "cure",
            "suggestion",
            "place",
            "due",
            "actual",
            "source",
        ]
        counted[one["severity"]] += 1
        assert one["message"] and isinstance(one["place"], dict)
        assert set(one["place"]) <= {"file", "line", "column", "path", "words"}
        for day in (one["due"], one["actual"]):
            assert day is None or re.fullmatch(r"\d{4}-\d\d-\d\d", day)
        if path:
            assert one["place"]["file"] == str(path)
            assert one["place"]["line"] > 0 and one["place"]["column"] > 0
        else:
            assert set(one["source"]) == {"kind", "text"}
    assert list(data["summary"].values()) == list(counted.values())


def test_json_of_a_refused_file_has_the_promised_shape(
    write: Callable[..., Path], run: Callable[..., Any]
) -> None:
    path = write(marks(ALL_AT_ONCE)[0])
    ran = run("check", path, "--json")
    assert (ran.code, ran.err) == (3, "")
    check_shape(json.loads(ran.out), path)


def test_json_of_a_checked_case_has_the_promised_shape(
    write: Callable[..., Path], case_text: str, run: Callable[..., Any]
) -> None:
    path = write(case_text)
    ran = run("check", path, "--json", "--as-of", "2025-06-01")
    data = json.loads(ran.out)
    assert ran.code == (3 if data["summary"]["errors"] else 0)
    assert data["findings"]
    check_shape(data, None)
    assert run("check", path, "--as-of", "01.06.2025", "--json").out == ran.out


def test_a_file_that_is_not_there_is_said_plainly(run: Callable[..., Any]) -> None:
    ran = run("check", "nobody.yaml")
    assert ran.code == 2
    assert "There is no case nobody.yaml" in ran.err


def test_a_code_that_the_programme_lacks_is_told_together_with_the_other_faults(
    here: Callable[..., Any], write: Callable[..., Path], case_text: str
) -> None:
    text = case_text.replace("legal_representative_of: [c.one]", "legal_representative_of: [c.oen]")
    path = write(text + "plans:\n- {version: 1, on: 2025-03-14, level: lowest}\n")

    found = json.loads(here("check", path, "--json").out)["findings"]

    assert [(one["id"], one["place"]["path"]) for one in found] == [
        ("F-NOBODY", "family.members[0].legal_representative_of[0]"),
        ("F-CODE", "plans[0].level"),
    ]
