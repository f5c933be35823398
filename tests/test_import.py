"""`papka import`: a centre's spreadsheet comes in; each fault is told by its cell, and nothing comes twice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from conftest import Run, Write
from family_tables import OFFICE, table_of

from papka.core.errors import AskedWrongly
from papka.core.loading import load_case
from papka.core.office import Office
from papka.forms.tables.addresses import taken_apart
from papka.forms.tables.cells import as_day
from papka.forms.tables.meaning import meaning_of
from papka.forms.tables.opening import open_table
from papka.forms.tables.people import Unclear, several_in
from papka.forms.tables.values import Known, as_typed

LONG = bool(os.environ.get("PAPKA_LONG"))
FAMILIES, FAULTS = (500, 60) if LONG else (60, 21)
TODAY = date(2026, 3, 1)
PERSON_ROWS = "Фамилия;Имя;Отчество;Дата рождения;Степень родства;№ дела;Дата обращения;Источник;Основание"


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """An office with two specialists and no case."""
    (tmp_path / "office.yaml").write_text(OFFICE, "utf-8")
    return tmp_path


@pytest.fixture
def bring(run: Run, office: Path) -> Callable[..., Any]:
    """Bring a table in, and return what scripts are told."""

    def bring_it(file: Path, *more: str, code: int = 0) -> Any:
        done = run("import", file, "--programme", "kurgan_ipss", "--yes", "--json", *more, cwd=office)
        assert done.code == code, done.all
        return json.loads(done.out)

    return bring_it


def cases(office: Path) -> list[Path]:
    """Return the case files of the office, each of which has to be right."""
    found = Office(office).case_files()
    for file in found:
        load_case(file, Office(office).facts)
    return found


def cells(told: Any) -> dict[tuple[int, int | None], str]:
    """Return row, column and id of what was told."""
    return {(one["place"]["line"], one["place"].get("column")): one["id"] for one in told["findings"]}


def test_each_fault_is_told_by_its_cell_and_the_other_families_come_in(
    office: Path, bring: Callable[..., Any], run: Run
) -> None:
    planted = table_of(office / "journal.xlsx", FAMILIES, FAULTS)
    dry = bring(planted.path, "--dry-run", code=3)
    assert not (office / "cases").exists() and dry["families"]["in"] == FAMILIES - FAULTS
    told = bring(planted.path, code=3)
    assert cells(told) == planted.faults and told["summary"]["errors"] == FAULTS
    assert told["families"] == {"in": FAMILIES - FAULTS, "there": 0, "faulty": FAULTS}
    files = cases(office)
    assert len(files) == FAMILIES - FAULTS
    assert all(file.stat().st_mode & 0o077 == 0 for file in files) or sys.platform == "win32"
    first = load_case(files[0], Office(office).facts)
    assert (
        first.family.members[0].relation == "мать" and first.curators[0].since == first.referral.received_on
    )
    for words in ("соседки", "Неизвестнова", "за рекой", "Грачёв", "немного"):
        assert words not in json.dumps(told, ensure_ascii=False)
    again = run("import", planted.path, "--yes", cwd=office, lang="ru")
    assert (
        f"Уже есть в учреждении, не изменены: {FAMILIES - FAULTS}." in again.out and "Внесено 0" in again.out
    )
    assert "лист «Журнал учёта семей», строка" in again.out and len(cases(office)) == FAMILIES - FAULTS


def test_mended_cells_bring_their_families_and_no_others(office: Path, bring: Callable[..., Any]) -> None:
    planted = table_of(office / "journal.xlsx", 12, 4)
    told = bring(planted.path, code=3)
    book = openpyxl.load_workbook(told["copy"])
    sheet, listed = book.worksheets
    for row, number in planted.faults:
        cell = sheet.cell(row, number)
        assert cell.comment is not None and cell.fill.fgColor.rgb == "FFFFC7CE"
    assert [(one[1], one[0]) for one in listed.iter_rows(2, values_only=True)] == [
        (row, f"{chr(64 + number)}{row}") for row, number in sorted(planted.faults)
    ]
    (row, number), _ = next(iter(planted.faults.items()))
    sheet.cell(row, number).value = "+7 900 123-45-67"
    mended = office / "mended.xlsx"
    book.save(mended)
    assert bring(mended, code=3)["families"] == {"in": 1, "there": 8, "faulty": 3}
    assert len(cases(office)) == 9


@pytest.mark.skipif(sys.platform == "win32", reason="a kill that nothing can be done against")
def test_killed_in_the_middle_and_again_nothing_is_doubled_or_half(
    office: Path, bring: Callable[..., Any], command: str, environ: Callable[..., dict[str, str]]
) -> None:
    planted = table_of(office / "journal.xlsx", 60, 0)
    arguments = [command, "import", str(planted.path), "--programme", "kurgan_ipss", "--yes", "--json"]
    for enough in (5, 25):
        with subprocess.Popen(arguments, cwd=office, env=environ(), stdout=subprocess.DEVNULL) as running:
            while running.poll() is None and len(list(office.glob("cases/*/case.yaml"))) < enough:
                time.sleep(0.002)
            running.send_signal(signal.SIGKILL)
    there = len(cases(office))
    assert 25 <= there < 60
    assert bring(planted.path)["families"] == {"in": 60 - there, "there": there, "faulty": 0}
    numbers = [load_case(file, Office(office).facts).number for file in cases(office)]
    assert sorted(map(str, numbers)) == sorted(f"{n}/2025" for n in range(1, 61))


def test_two_who_bring_in_the_same_table_at_once_bring_each_family_once(
    office: Path, command: str, environ: Callable[..., dict[str, str]]
) -> None:
    planted = table_of(office / "journal.xlsx", 30, 0)
    arguments = [command, "import", str(planted.path), "--programme", "kurgan_ipss", "--yes", "--json"]
    all_at_once = [
        subprocess.Popen(arguments, cwd=office, env=environ(), stdout=subprocess.DEVNULL) for _ in range(3)
    ]
    assert [one.wait(120) for one in all_at_once] == [0, 0, 0]
    assert len(cases(office)) == 30 and not list(office.glob("cases/*/*mine*"))


@pytest.mark.parametrize(
    ("encoding", "separator"), [("cp1251", ";"), ("utf-8-sig", ","), ("utf-16", "\t"), ("utf-8", ";")]
)
def test_a_row_a_person_in_any_text_table(
    office: Path, write: Write, bring: Callable[..., Any], encoding: str, separator: str
) -> None:
    lines = [
        PERSON_ROWS,
        "Орлова;Анна;Петровна;1.2.85;мать;1-К;12.01.2025;обращение семьи;нужен кружок",
        "Орлов;Глеб;Ильич;12 марта 2015;сын;;;;",
        "Чайкин;Пётр;Ильич;01.02.1980;отец;2-К;13.01.2025;обращение семьи;нет денег",
        "Чайкина;Майя;Петровна;март 2015;дочь;2-К;;;",
    ]
    text = "\r\n".join(lines).replace(";", separator)
    told = bring(write(text.encode(encoding), "people.csv"), code=3)
    assert cells(told) == {(5, 4): "F-DATE"}
    (file,) = cases(office)
    family = load_case(file, Office(office).facts).family
    assert file.parent.name == "1-K" and family.display_name.replace("\xa0", " ") == "семья Орловой А. П."
    assert [(one.first_name, one.relation, str(one.birth_date)) for one in family.members] == [
        ("Анна", "мать", "1985-02-01"),
        ("Глеб", "сын", "2015-03-12"),
    ]
    assert family.members[0].legal_representative_of == (family.members[1].id,)


def test_headers_of_two_rows_and_merged_cells_are_understood(office: Path, bring: Callable[..., Any]) -> None:
    with xlsxwriter.Workbook(office / "merged.xlsx") as book:
        sheet = book.add_worksheet("Семьи")
        sheet.merge_range("A1:G1", "Список семей, состоящих на учёте")
        for area, title in {
            "A2:A3": "№ семьи",
            "E2:E3": "Адрес",
            "F2:F3": "Дата постановки",
            "G2:G3": "Причина",
        }.items():
            sheet.merge_range(area, title)
        sheet.merge_range("B2:D2", "Члены семьи")
        sheet.write_row("B3", ["ФИО", "дата рожд.", "кем приходится"])
        sheet.write_row("A4", [1, 2, 3, 4, 5, 6, 7])
        for area, text in {
            "A5:A6": "1-25",
            "E5:E6": "г. Катайск, ул. Ленина, 5-4",
            "F5:F6": "12.01.25",
        }.items():
            sheet.merge_range(area, text)
        sheet.merge_range("G5:G6", '=HYPERLINK("http://example.org")')
        sheet.write_string("G5", "=1+1 нет денег")
        sheet.write_row("B5", ["Орлова Анна Петровна", 31000, "мать"])
        sheet.write_row("B6", ["Орлова Ася Ильинична", 42075, "дочь"])
    map_ = office / "map.yaml"
    bring(office / "merged.xlsx", code=3)
    kept = (office / "import" / "merged.map.yaml").read_text("utf-8")
    more = (
        "always:\n  referral.channel: self_appeal\n  family.address_registration.region: Курганская область"
    )
    map_.write_text(kept.replace("\nalways:", f"\n{more}"), "utf-8")
    assert bring(office / "merged.xlsx", "--map", str(map_))["families"]["in"] == 1
    (file,) = cases(office)
    case = load_case(file, Office(office).facts)
    address = case.family.address_registration
    assert address and (address.settlement, address.street, address.flat) == ("г. Катайск", "ул. Ленина", "4")
    assert case.referral.text == "=1+1 нет денег" and str(case.family.members[1].birth_date) == "2015-03-12"


def test_what_a_column_means_is_agreed_upon_and_kept(
    office: Path, write: Write, command: str, environ: Callable[..., dict[str, str]]
) -> None:
    table = write("Мать;Дата обращения;Заметка\nОрлова Анна Петровна;1.3.25;нужен кружок\n", "list.csv")

    def typed(answers: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [command, "import", str(table)],
            input=answers,
            capture_output=True,
            cwd=office,
            env=environ("ru"),
            encoding="utf-8",
            timeout=60,
            check=False,
        )

    assert typed("q\n").returncode == 3 and not (office / "cases").exists()
    done = typed("3\nнет такого\nreferral.text\n\n1\n1\n")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Такого поля нет." in done.stdout and "✓ Внесена 1 семья." in done.stdout
    assert load_case(cases(office)[0], Office(office).facts).referral.text == "нужен кружок"
    again = typed("\n")
    assert "Запрос → Что произошло" in again.stdout and "не изменены: 1." in again.stdout


def test_namesakes_with_numbers_come_in_and_a_family_under_another_number_does_not(
    office: Path, write: Write, bring: Callable[..., Any]
) -> None:
    head = "№ дела;Мать;Дата рождения матери;Дата обращения;Источник;Основание"
    rest = "1.3.25;обращение семьи;нужен кружок"
    rows = [f"{n};Орлова Анна Петровна;{born};{rest}" for n, born in (("1", ""), ("2", ""), ("3", "1.2.85"))]
    assert bring(write("\n".join([head, *rows]), "a.csv"))["families"]["in"] == 3
    told = bring(write("\n".join([head, f"4;Орлова Анна Петровна;01.02.1985;{rest}"]), "b.csv"))
    assert told["families"] == {"in": 0, "there": 1, "faulty": 0} and cells(told) == {(2, 1): "I-ALIKE"}
    assert told["summary"]["warnings"] == 1 and len(cases(office)) == 3


def test_a_case_that_was_removed_does_not_come_back_by_itself(
    office: Path, bring: Callable[..., Any]
) -> None:
    planted = table_of(office / "journal.xlsx", 3, 0)
    bring(planted.path)
    (office / "cases" / "2-2025" / "case.yaml").unlink()
    assert bring(planted.path)["families"] == {"in": 0, "there": 3, "faulty": 0}


def test_what_no_column_says_is_told_once_and_nothing_comes_in(office: Path, run: Run, write: Write) -> None:
    table = write("Мать;Телефон\nОрлова Анна Петровна;89001112233\nЧайкина Вера Ильинична;8\n", "list.csv")
    done = run("import", table, "--yes", "--programme", "kurgan_ipss", cwd=office, lang="ru")
    assert done.code == 3 and "always: referral.received_on" in done.err and not (office / "cases").exists()
    (office / "import" / "list.map.yaml").write_text(
        "papka: '1'\ncolumns: {Мать: мама, Отец: отец}\n", "utf-8"
    )
    done = run("import", table, "--map", office / "import" / "list.map.yaml", cwd=office, lang="ru")
    assert done.code == 3 and "I-FIELD" in done.err and "I-COLUMN" in done.err


# --- files made to harm ----------------------------------------------------------------------------------


def _xlsx(path: Path, rows: str, spaces: int = 0) -> Path:
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("S").write_row(0, 0, ["ФИО матери", "Телефон"])
    whole = path.with_name(f"changed-{path.name}")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            raw = old.read(name)
            with new.open(name, "w") as part:
                part.write(raw.replace(b"</sheetData>", rows.encode() + b"</sheetData>"))
                for _ in range(spaces if "sheet1" in name else 0):
                    part.write(b" " * (1 << 20))
    return whole


@pytest.mark.usefixtures("english")
def test_a_file_made_to_harm_is_refused_in_words(office: Path, run: Run, write: Write) -> None:
    far = _xlsx(office / "far.xlsx", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    bomb = _xlsx(office / "bomb.xlsx", '<row r="3"><c r="A3"><v>1</v></c></row>', 257)
    locked = write(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "p.xlsx"
    )
    page = write("<html><table><tr><td>ФИО</td></tr></table></html>", "report.xls")
    with zipfile.ZipFile(office / "many.ods", "w", zipfile.ZIP_DEFLATED) as packed:
        cell = '<table:table-cell table:number-columns-repeated="16000"><text:p>x</text:p></table:table-cell>'
        packed.writestr(
            "content.xml", f'<table:table-row table:number-rows-repeated="1000000">{cell}</table:table-row>'
        )
    quote = write('Мать;Телефон\nОрлова;"' + "я" * 200_000 + "\n", "quote.csv")
    for file, words in {
        far: "too great",
        bomb: "too great",
        locked: "password",
        page: "no spreadsheet",
        office / "many.ods": "too great",
        quote: "a quote is not closed",
        write(b"", "empty.csv"): "empty",
        office / "none.xlsx": "no file",
    }.items():
        with pytest.raises(AskedWrongly, match=words):
            open_table(file)
    done = run("import", far, "--yes", "--programme", "kurgan_ipss", cwd=office, lang="ru")
    assert done.code == 2 and "слишком велик" in done.err


# --- cells -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("12.03.15", "2015-03-12"),
        ("12.03.85 г.р.", "1985-03-12"),
        ("12/3/2015", "2015-03-12"),
        ("5 мая 2014 г.", "2014-05-05"),
        (42075.0, "2015-03-12"),
        ("март 2015", "март 2015"),
        ("2015", "2015"),
        ("31.02.2015", "2015-02-31"),
    ],
)
def test_days_are_read_as_they_are_typed_and_nothing_is_guessed(typed: Any, day: str) -> None:
    assert as_day(typed, TODAY, birth=True) == day


@pytest.mark.parametrize(
    ("typed", "people"),
    [
        ("Орлова Ася Ильинична 12.03.2015; Орлов Глеб Ильич 01.02.17", ["Ася 2015-03-12", "Глеб 2017-02-01"]),
        ("1) Орлова Ася Ильинична, 12.03.2015 г.р.\n2) Мамедов Али Гасан оглы (3 мая 2016 г.), сын", ["Ася 2015-03-12", "Али 2016-05-03"]),
        ("Орлов Глеб Ильич, 12.03.2015, Орлова Ася Ильинична 01.02.2017 г.р. (9 лет)", ["Глеб 2015-03-12", "Ася 2017-02-01"]),
        ("ОРЛОВА АСЯ", ["Ася None"]),
        ("Ася Ильинична Орлова", ["Ася None"]),
        ("Глеб 12.03.2015", None),
        ("Орлов Г.И.", None),
        ("Орлов Глеб Ильич, 12.03.2015, 3 кл.", None),
    ],
)  # fmt: skip
def test_people_in_one_cell_are_told_apart_or_told(typed: str, people: list[str] | None) -> None:
    if people is None:
        with pytest.raises(Unclear):
            several_in(typed, TODAY)
        return
    assert [f"{one.first} {one.born}" for one in several_in(typed, TODAY)] == people


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("641700, Курганская область, Катайский район, г. Катайск, ул. Заречная, д. 15, кв. 4", "г. Катайск|ул. Заречная|15|4"),
        ("г.Катайск ул.Ленина 5-4", "г. Катайск|ул. Ленина|5|4"),
        ("д. Ивановка, д. 3", "д. Ивановка|-|3|-"),
        ("г. Катайск, ул. 8 Марта, 12", "г. Катайск|ул. 8 Марта|12|-"),
        ("у бабушки", None),
        ("Ленина 5", None),
    ],
)  # fmt: skip
def test_an_address_is_taken_apart_only_where_it_is_sure(typed: str, parts: str | None) -> None:
    if parts is None:
        with pytest.raises(Unclear):
            taken_apart(typed, {"region": "Курганская область"})
        return
    found = taken_apart(typed, {"region": "Курганская область"})
    assert "|".join(found.get(name, "-") for name in ("settlement", "street", "house", "flat")) == parts


@pytest.mark.usefixtures("english")
def test_a_number_that_excel_turned_into_a_date_is_told() -> None:
    number = meaning_of("№ дела")
    assert number is not None
    with pytest.raises(Unclear, match="date"):
        as_typed(number, datetime(2025, 7, 1), Known(), TODAY)


def test_headers_of_centres_are_understood() -> None:
    said = {
        "№ п/п": "-",
        "№ дела": "number",
        "ФИО законного представителя": "guardian.name",
        "Мать / дата рожд.": "mother.birth_date",
        "Ребёнок 2 дата рождения": "child2.birth_date",
        "Адрес прожив.": "family.address_actual",
        "Тел.": "family.phone",
        "Доход на человека": "family.income_per_person",
    }
    assert {header: str(meaning_of(header)) for header in said} == said
    assert meaning_of("Цвет обоев") is None
