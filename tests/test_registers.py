"""Registers and reports: drawn from the cases, as of any day, harmless in every program that opens them."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from docx import Document

from papka.core.contract.choices import AddresseeKind
from papka.core.errors import AskedWrongly
from papka.core.plugging.plugins import Plugins
from papka.output.registers import keeping
from papka.output.registers.paper import to_paper
from papka.output.registers.plain import as_data, to_calendar, to_csv
from papka.output.registers.reading import Order
from papka.output.registers.sheets import to_workbook
from papka.output.registers.words import Front
from papka.output.registers.work import draw

ROOT = Path(__file__).parents[1]
EXAMPLES = {
    "krg": ROOT / "plugins/kurgan_ipss/examples/chernykh_shevchenko.yaml",
    "sos": ROOT / "plugins/sos_partnership/examples/kim.yaml",
}
TODAY = date(2026, 5, 8)
RISKY = ("=1+1", "+7 900 000-00-01", "-2+3", "@SUM(A1)", "＝1+1", "|calc", "%0A=1")
LETTER = "- {{id: {id}, kind: request, on: {on}, addressee: education, to: школа № 1, text: '{text}'}}\n"


@pytest.fixture(scope="module")
def plugins() -> Plugins:
    return Plugins()


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """An office with the two example families."""
    for name, example in EXAMPLES.items():
        (tmp_path / "cases" / name).mkdir(parents=True)
        shutil.copyfile(example, tmp_path / "cases" / name / "case.yaml")
    (tmp_path / "office.yaml").write_text("papka: '1'\ntitle: Центр «Ясная Поляна»\nlanguage: ru\n", "utf-8")
    return tmp_path


Add = Callable[..., None]


@pytest.fixture
def add(office: Path, case_text: str) -> Add:
    """Put another small family into the office."""

    def add_it(more: str = "", name: str = "small", text: str = case_text) -> None:
        folder = office / "cases" / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "case.yaml").write_text(text + more, "utf-8")

    return add_it


Drawn = Callable[..., Front]


@pytest.fixture
def drawn(office: Path, plugins: Plugins) -> Drawn:
    """Draw one register or report from all cases of the office."""

    def draw_it(name: str, **asked: object) -> Front:
        order = Order(name, **{"today": TODAY, **asked})  # type: ignore[arg-type]
        found = draw(order, plugins, office).fronts(order)
        assert len(found) == 1
        return found[0][1]

    return draw_it


def rows(front: Front, table: int = 0) -> list[dict[str, object]]:
    """Return the rows of a table, each by the titles of its columns."""
    made = as_data(front)["tables"][table]
    return [dict(zip(made["columns"], row, strict=True)) for row in made["rows"]]


def figures(front: Front, title: str) -> dict[object, list[object]]:
    """Return what stands beside each first cell of the section whose title holds some words."""
    found = [one for one in as_data(front)["tables"] if title in one["title"]]
    assert len(found) == 1, [one["title"] for one in as_data(front)["tables"]]
    return {row[0]: row[1:] for row in found[0]["rows"]}


# --- what they say ---------------------------------------------------------------------------------------


def test_every_register_and_report_of_both_regions_is_drawn_in_every_format(
    office: Path, plugins: Plugins
) -> None:
    names = {name for one in plugins.programmes() for name in plugins.method(one).tables}
    assert {"com_register_families", "com_due_report", "sos_outcome_report", "krg_period_report"} <= names

    for name in sorted(names):
        order = Order(name, today=TODAY)
        for _, front in draw(order, plugins, office).fronts(order):
            titles = [table.title for table in front.tables if table.rows]
            text = "\n".join(one.text for one in Document(io.BytesIO(to_paper(front))).paragraphs)
            assert all(
                title.replace(" ", "") in text.replace("\u00a0", "").replace(" ", "") for title in titles
            )
            assert len(openpyxl.load_workbook(io.BytesIO(to_workbook(front))).worksheets) == len(front.tables)
            read = list(csv.reader(io.StringIO(to_csv(front).decode("utf-8-sig")), delimiter=";"))
            assert [head.title for head in front.tables[-1].heads] in read


def test_the_register_of_families_says_what_the_form_asks_for(drawn: Drawn) -> None:
    family = rows(drawn("com_register_families"))[0]

    assert family["ФИО семьи (заявителя)"] == "Черных Любовь Ильинична"
    assert "Черных Ася Андреевна, дочь, 30.12.2012" in str(family["Сведения о лицах, проживающих совместно"])
    assert family["Категория семьи"] == "малоимущая, неполная де-юре"
    assert family["Номер и дата договора (соглашения)"] == "№ 7 от 18.02.2025"
    assert family["Результат сопровождения"] == "цели достигнуты"
    assert family["Дата снятия"] == "2026-04-10"


def test_as_of_an_earlier_day_nothing_later_is_known(drawn: Drawn) -> None:
    then = rows(drawn("com_register_families", as_of=date(2025, 7, 1)))[0]

    assert (
        then["Уровень, с какого дня; дата перевода на другой уровень"]
        == "Кризисный (экстренный) с 17.02.2025"
    )
    assert then["Дата снятия"] is None
    assert rows(drawn("com_register_families", as_of=date(2025, 2, 1))) == []


def test_rows_of_all_families_stand_in_the_order_of_their_days_within_the_period(drawn: Drawn) -> None:
    found = rows(drawn("com_register_protocols", since=date(2025, 5, 1), until=date(2025, 9, 30)))

    days = [row["Дата"] for row in found]
    assert days == sorted(days) and days[0] == "2025-05-15" and days[-1] == "2025-09-10"
    assert [row["№ п/п"] for row in found] == list(range(1, len(found) + 1))
    assert {row["Семья"] for row in found} == {"Семья Ким", "Семья Черных — Шевченко"}


def test_a_register_takes_rows_from_several_lists_and_the_same_fact_once(
    drawn: Drawn, add: Add, case_text: str
) -> None:
    told = (
        "  notifications: [{on: 2024-02-18, to: отдел опеки, by: по телефону}, {on: 2024-02-20, to: опека}]\n"
    )
    letter = (
        "letters:\n- {id: out.1, kind: danger, on: 2024-02-20, at: '10:15', addressee: kdn, to: КДНиЗП района,\n"
        "   text: ребёнок один дома, way: по телефону, taken_by: дежурный, about: [c.one]}\n"
    )
    add(told + letter, text=case_text.replace("received_on: 2025", "received_on: 2024"))

    found = rows(drawn("com_register_danger", until=date(2024, 12, 31)))

    assert [row["Кому сообщено"] for row in found] == ["отдел опеки", "КДНиЗП района"]
    assert found[-1]["Дата, время"] == "20.02.2024, 10:15"
    assert found[-1]["Ребёнок"] == "Ткач Олег" and found[-1]["Кто принял"] == "дежурный"


def test_the_period_report_counts_families_at_start_opened_moved_closed_and_at_end(drawn: Drawn) -> None:
    summer = drawn("krg_period_report", since=date(2025, 7, 1), until=date(2025, 9, 30))
    flow = figures(summer, "Движение")

    assert flow["Семей на сопровождении на начало периода"] == [1]
    assert flow["Открыто случаев за период"] == [0]
    assert flow["Детей в семьях на начало периода"] == [3]
    assert figures(summer, "на начало")["Кризисный (экстренный)"] == [1, 3]
    assert figures(summer, "на конец")["Базовый (профилактический)"] == [1, 3]
    assert figures(summer, "Переведено")["С кризисного на базовый"] == [1]
    spring = drawn("krg_period_report", since=date(2026, 4, 1), until=date(2026, 6, 30))
    assert figures(spring, "Движение")["Закрыто случаев за период"] == [1]
    assert figures(spring, "основаниям")["цели достигнуты"] == [1, 3]


def test_the_outcome_report_prints_each_denominator_beside_its_share(drawn: Drawn) -> None:
    shares = figures(drawn("sos_outcome_report"), "1. Результат")

    assert shares["Семей, достигших самодостаточности"][:3] == [1, 1, 100]
    assert "завершён или по которым был мониторинг" in str(shares["Семей, достигших самодостаточности"][3])
    counted = figures(drawn("sos_outcome_report"), "2. Результат")
    assert list(counted.values()) == [[2], [0], [2]]


def test_the_denominator_is_a_number_of_the_centre(drawn: Drawn, office: Path) -> None:
    settings = (office / "office.yaml").read_text("utf-8")
    own = "numbers: {sos_partnership: {outcome_denominator: 3}}\n"
    (office / "office.yaml").write_text(settings + own, "utf-8")

    before = figures(drawn("sos_outcome_report", as_of=date(2026, 4, 20)), "1. Результат")
    after = figures(drawn("sos_outcome_report", as_of=date(2026, 5, 8)), "1. Результат")

    # Without a closed case there is nothing to take a share of, and no share is printed.
    assert before["Семей, достигших самодостаточности"][:3] == [0, 0, None]
    assert after["Семей, достигших самодостаточности"][:3] == [1, 1, 100]
    assert "чей случай завершён за период" in str(after["Семей, достигших самодостаточности"][3])


def test_the_reminders_name_what_is_due_soon_and_no_earlier(drawn: Drawn, add: Add) -> None:
    add("consents: [{kind: personal_data, signed_by: m.one, on: 2025-03-01, valid_until: 2026-05-20}]\n")
    titles = [table.title for table in drawn("com_due_report").tables]
    consents = titles.index("Согласия, срок которых истекает")

    assert [row["Дело №"] for row in rows(drawn("com_due_report", cases=("small",)), consents)] == ["7/2025"]
    assert rows(drawn("com_due_report", as_of=date(2026, 4, 1), cases=("small",)), consents) == []


def test_a_birthday_that_changes_the_work_is_told_before_it_comes(
    drawn: Drawn, add: Add, case_text: str
) -> None:
    add(text=case_text.replace("2014-06-17", "2012-05-30"))
    titles = [table.title for table in drawn("com_due_report").tables]
    birthdays = titles.index("Дни рождения, которые меняют порядок работы")

    assert "14 лет" in str(rows(drawn("com_due_report", cases=("small",)), birthdays)[0]["Что меняется"])
    assert rows(drawn("com_due_report", as_of=date(2026, 4, 1), cases=("small",)), birthdays) == []


def test_conflicts_letters_and_problems_are_counted(drawn: Drawn, add: Add) -> None:
    add(
        "problems: [{code: p6, on: 2026-02-01}, {code: p6, on: 2025-02-01, solved_on: 2026-01-10}]\n"
        "conflicts: [{id: con.1, on: 2026-03-01, occasion: кружок, causes: [communication, relatives], key: да}]\n"
        "letters:\n- {id: a, kind: referral, on: 2026-03-06, agreed_on: 2026-03-04, addressee: health,"
        " to: поликлиника, text: осмотр}\n- {id: b, kind: referral, on: 2026-03-24, agreed_on: 2026-03-04,"
        " addressee: health, to: поликлиника, text: осмотр}\n"
    )

    one = ("small",)
    causes = figures(drawn("com_conflict_causes", cases=one), "Причины")
    speed = figures(drawn("com_referral_speed", cases=one), "Скорость")
    problems = figures(drawn("com_problem_frequency", cases=one, since=date(2026, 1, 1)), "Проблемы")

    assert causes["барьеры коммуникации"] == [1, 1, "0 из 1 (0 %)"]
    assert causes["страх нового"] == [0, 0, "0 из 0"]
    assert speed["В среднем дней от согласия до отправки"][:2] == [11, 2]
    assert speed["Отправлено вовремя"][:3] == [1, 2, 50]
    assert problems["низкий уровень навыков трудоустройства"] == [2, 1, "1 из 2 (50 %)"]


# --- what a program may do with them ---------------------------------------------------------------------


@pytest.fixture
def risky(add: Add) -> None:
    letters = "".join(
        LETTER.format(id=f"l{n}", on=f"2025-03-{n + 1:02d}", text=text) for n, text in enumerate(RISKY)
    )
    add(f"letters:\n{letters}")


def test_no_text_becomes_a_formula_in_a_workbook(drawn: Drawn, risky: None) -> None:
    book = openpyxl.load_workbook(io.BytesIO(to_workbook(drawn("com_register_outgoing", cases=("small",)))))
    cells = [cell for row in book.active.iter_rows() for cell in row if cell.value is not None]  # type: ignore[union-attr]

    assert [cell.value for cell in cells if cell.value in RISKY] == list(RISKY)
    assert {cell.data_type for cell in cells if cell.value in RISKY} == {"s"}
    assert not [cell.value for cell in cells if cell.data_type == "f"]


def test_no_text_becomes_a_formula_in_csv(drawn: Drawn, risky: None) -> None:
    content = to_csv(drawn("com_register_outgoing", cases=("small",)))
    read = [
        cell for row in csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";") for cell in row
    ]

    assert content.startswith(b"\xef\xbb\xbf")
    assert [cell for cell in read if cell.lstrip("'") in RISKY] == [f"'{text}" for text in RISKY]


def _has_calc() -> bool:
    office = shutil.which("soffice")
    return office is not None and (Path(office).resolve().parent / "libsclo.so").exists()


@pytest.mark.skipif(not _has_calc(), reason="LibreOffice Calc does not stand here")
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_libreoffice_shows_the_typed_words_and_works_out_nothing(
    form: str, drawn: Drawn, risky: None, tmp_path: Path
) -> None:
    content = {"csv": to_csv, "xlsx": to_workbook}[form](drawn("com_register_outgoing", cases=("small",)))
    (tmp_path / f"given.{form}").write_bytes(content)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    filters = ["--infilter=CSV:59,34,76,1"] if form == "csv" else []
    command = ["soffice", profile, "--headless", *filters, "--convert-to", "fods", "--outdir", str(tmp_path)]
    subprocess.run([*command, str(tmp_path / f"given.{form}")], check=True, capture_output=True, timeout=120)

    shown = (tmp_path / "given.fods").read_text("utf-8")
    assert "table:formula" not in shown
    assert all(f">{text}<" in shown or f">&apos;{text}<" in shown for text in RISKY)


def test_days_and_numbers_stay_days_and_numbers_in_a_workbook(drawn: Drawn) -> None:
    book = openpyxl.load_workbook(io.BytesIO(to_workbook(drawn("com_register_plans"))))
    sheet = book.worksheets[0]
    head = next(row for row in sheet.iter_rows() if row[0].value == "№ п/п")
    columns = {cell.value: cell.column for cell in head}
    first = {title: sheet.cell(head[0].row + 1, column) for title, column in columns.items()}

    assert first["Дата"].value == datetime(2025, 2, 20) and first["Дата"].number_format == "dd.mm.yyyy"
    assert first["Задач"].value == 6


def test_a_calendar_has_an_event_for_each_row_with_a_day(drawn: Drawn, add: Add) -> None:
    add("consents: [{kind: personal_data, signed_by: m.one, on: 2025-03-01, valid_until: 2026-05-20}]\n")

    calendar = to_calendar(drawn("com_due_report", cases=("small",))).decode().replace("\r\n ", "")

    assert "DTSTART;VALUE=DATE:20260520" in calendar
    assert "SUMMARY:Согласия\\, срок которых истекает: на обработку персональных данных — 7/2025" in calendar
    assert calendar.count("BEGIN:VEVENT") == calendar.count("END:VEVENT") > 0


def test_the_book_repeats_its_heads_and_bears_its_beginning(drawn: Drawn) -> None:
    paper = Document(io.BytesIO(to_paper(drawn("com_register_families"))))

    text = "\n".join(one.text for one in paper.paragraphs)
    assert "ЖУРНАЛ УЧЁТА СЕМЕЙ, ОХВАЧЕННЫХ СОЦИАЛЬНЫМ СОПРОВОЖДЕНИЕМ" in text
    assert "Начат:\u00a017.02.2025" in text and "Окончен:\u00a0«___»" in text
    assert paper.sections[0].page_width > paper.sections[0].page_height  # type: ignore[operator]
    first = paper.tables[0].rows[0]._tr.trPr
    assert first is not None and "w:tblHeader" in first.xml


def test_the_same_cases_give_the_same_bytes(drawn: Drawn) -> None:
    for write in (to_paper, to_workbook, to_csv):
        assert write(drawn("com_due_report")) == write(drawn("com_due_report"))


# --- extracts --------------------------------------------------------------------------------------------


def test_an_extract_holds_only_what_is_meant_for_its_addressee(drawn: Drawn) -> None:
    front = drawn("com_register_families", addressee=AddresseeKind.KDN)
    text = to_csv(front).decode("utf-8-sig")

    assert "Черных Любовь Ильинична" in text
    assert "Черных Ася" not in text and "30.12.2012" not in text and "малоимущая" not in text
    assert "Конфиденциально. Содержит персональные данные" in text
    assert "Для кого: КДНиЗП. Составлено 08.05.2026" in text


def test_nothing_leaves_the_house_that_is_meant_for_nobody(drawn: Drawn) -> None:
    with pytest.raises(AskedWrongly):
        drawn("com_register_protocols", addressee=AddresseeKind.KDN)


# --- the command -----------------------------------------------------------------------------------------


def test_a_broken_case_is_told_at_the_end_and_stops_nothing(
    here: Callable[..., object], office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(office)
    (office / "cases" / "zz").mkdir()
    (office / "cases" / "zz" / "case.yaml").write_text("programme: kurgan_ipss\nid: [\n", "utf-8")

    ran = here("report", "com_register_families", "--as-of", "2026-05-08")

    made = office / "reports" / "com_register_families_2026-05-08.docx"
    assert ran.code == 3  # type: ignore[attr-defined]
    assert "families: 2, rows: 2" in ran.out  # type: ignore[attr-defined]
    assert "Case files left out, because they cannot be read: 1" in ran.err  # type: ignore[attr-defined]
    text = "\n".join(one.text for one in Document(str(made)).paragraphs)
    assert "Не вошли дела, файлы которых не прочитаны: 1" in text


def test_a_workbook_that_somebody_changed_is_kept(
    here: Callable[..., object], office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(office)
    for _ in range(2):
        here("report", "com_workload", "--format", "xlsx", "--out", "load.xlsx")
    assert [one.name for one in office.glob("*.xlsx")] == ["load.xlsx"]
    openpyxl.load_workbook(office / "load.xlsx").save(office / "load.xlsx")

    ran = here("report", "com_workload", "--format", "xlsx", "--out", "load.xlsx")

    assert "your changed copy was kept: load.kept-1.xlsx" in ran.out  # type: ignore[attr-defined]


def test_a_wrong_name_is_answered_with_the_nearest(
    here: Callable[..., object], office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(office)

    ran = here("report", "com_register_familes")

    assert ran.code == 2 and "Did you mean com_register_families?" in ran.err  # type: ignore[attr-defined]


def test_an_unknown_addressee_is_answered_with_those_there_are(
    here: Callable[..., object], office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(office)

    wrong = here("report", "com_register_families", "--for", "nobody")
    by_name = here("report", "com_register_families", "--for", "КДНиЗП", "--out", "out")

    assert wrong.code == 2 and "kdn (КДНиЗП)" in wrong.err  # type: ignore[attr-defined]
    made = [one.name for one in (office / "out").iterdir()]
    assert by_name.code == 0 and len(made) == 1 and made[0].endswith("_kdn.docx")  # type: ignore[attr-defined]


def test_the_list_names_registers_reports_and_whose_they_are(here: Callable[..., object]) -> None:
    found = {one["id"]: one for one in json.loads(here("report", "list", "--json").out)}  # type: ignore[attr-defined]

    assert found["com_register_families"]["programmes"] == ["kurgan_ipss", "sos_partnership"]
    assert found["sos_outcome_report"]["kind"] == "report"


def test_an_office_without_families_gives_an_empty_book(drawn: Drawn, office: Path) -> None:
    shutil.rmtree(office / "cases")

    front = drawn("com_register_families")

    assert rows(front) == [] and "Записей нет." in [
        p.text for p in Document(io.BytesIO(to_paper(front))).paragraphs
    ]


def test_many_cases_read_in_several_processes_give_the_same(
    drawn: Drawn, add: Add, monkeypatch: pytest.MonkeyPatch
) -> None:
    add()
    alone = to_csv(drawn("com_register_requests")), to_csv(drawn("com_workload"))
    monkeypatch.setattr(keeping, "MANY", 2)
    monkeypatch.setattr(keeping, "how_many", lambda: 2)

    assert (to_csv(drawn("com_register_requests")), to_csv(drawn("com_workload"))) == alone
