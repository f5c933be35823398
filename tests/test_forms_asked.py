"""What a form asks and says: whom it offers, what it shows as an example, what it asks a person to look at."""

from __future__ import annotations

import io
import json
import os
import re
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import CASE, Ran, Run, Write
from reading import PLUGINS, REGIONS

from papka.core.office import Office
from papka.core.rules.reading import expression_faults
from papka.forms.completing import Filling, new_case, on_case
from papka.forms.plain import Value
from papka.forms.sheet import Sheet
from papka.forms.shown import Asked
from papka.forms.terminal.bookmark import Bookmark
from papka.forms.word.drawing import to_word

OFFICE = """\
papka: '1'
organisation:
  full_name: Центр помощи семье
  short_name: Центр
"""
PEOPLE = (
    ("Вера", "Ивановна", "женский", "11.03.1988"),
    ("Пётр", "Ильич", "мужской", "02.04.1986"),
    ("Оля", "Петровна", "женский", "02.09.2017"),
)


@pytest.fixture
def office(write: Write, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A centre's folder, in which the worker stands."""
    folder = write(OFFICE, "office/office.yaml").parent
    (folder / "cases").mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def family(office: Path) -> Filling:
    """A case that was begun: two adults and their daughter."""
    filling = new_case(Office(office), "T-1", "kurgan_ipss", plugins=PLUGINS)
    for path, value in (
        ("referral.received_on", "18.02.2025"),
        ("referral.channel", "self_appeal"),
        ("referral.text", "Просит помочь с кружком"),
        ("family.display_name", "семья Ткач"),
    ):
        answer(filling, path, value)
    part = next(n for n, one in enumerate(filling.sheet.form.parts) if one.code == "m")
    for n, (first, patronymic, sex, born) in enumerate(PEOPLE):
        filling.sheet.add(part)
        person = {"last_name": "Ткач", "first_name": first, "patronymic": patronymic, "sex": sex}
        for field, value in (person | {"birth_date": born, "relation": "родня"}).items():
            answer(filling, f"family.members[{n}].{field}", value)
    return filling


def asked(sheet: Sheet, path: str) -> Asked:
    return next(one for one in sheet.questions() if one.path == path)


def answer(filling: Filling, path: str, value: Value) -> None:
    assert filling.sheet.answer(asked(filling.sheet, path).place, value) == []


def says(sheet: Sheet) -> list[tuple[str, str | None]]:
    return [(one.id, one.place.path) for one in sheet.remarks()]


# --- whom, and as what ---------------------------------------------------------------------------------------


def test_only_children_are_offered_to_those_who_answer_for_them(family: Filling) -> None:
    path = "family.members[0].legal_representative_of"

    assert [label for _, label in asked(family.sheet, path).choices] == ["Ткач Оля Петровна"]

    # Who stands there already does not vanish from sight.
    answer(family, path, ("m.2", "m.3"))
    assert [code for code, _ in asked(family.sheet, path).choices] == ["m.2", "m.3"]


def test_a_header_says_who_it_is_as_soon_as_that_is_known(family: Filling) -> None:
    headings = {part.title: [item.heading for item in part.items] for part in family.sheet.parts()}

    assert headings["Кто отвечает за детей"] == [
        "Взрослый 1: Ткач Вера Ивановна",
        "Взрослый 2: Ткач Пётр Ильич",
    ]
    number = family.sheet.add(next(n for n, one in enumerate(family.sheet.form.parts) if one.code == "m"))
    members = next(part for part in family.sheet.parts() if part.title == "Члены семьи")
    assert members.items[number].heading == "Человек 4"


@pytest.mark.parametrize(
    ("kind", "example"), [("passport_rf", "37 11"), ("birth_certificate", "II-БС")], ids=["passport", "birth"]
)
def test_the_example_of_a_series_is_that_of_the_document(family: Filling, kind: str, example: str) -> None:
    answer(family, "family.members[2].document.kind", kind)

    assert asked(family.sheet, "family.members[2].document.series").example == example


@pytest.mark.parametrize("region", REGIONS)
def test_no_hint_says_its_example_twice(region: str) -> None:
    for form in PLUGINS.method(region).questions.values():
        sheet = Sheet.on(form, PLUGINS, {"papka": "1", "programme": region, "id": "T-1"})
        for index, part in enumerate(form.parts):
            if part.each:
                sheet.add(index)
        for part in sheet.parts(every=True):
            for one in (one for item in part.items for one in item.questions):
                assert not one.example or one.example not in (one.hint or ""), one.path


def test_a_document_of_which_only_the_kind_is_known_can_be_taken_back(family: Filling) -> None:
    answer(family, "family.members[0].document.kind", "passport_rf")

    lacking = {one.place.path: one for one in family.sheet.faults()}
    number = asked(family.sheet, "family.members[0].document.number")
    assert number.needed
    assert "«Документ — вид»" in lacking[number.path].cure
    for one in family.sheet.beside(number.place):
        family.sheet.keep(one.place, None)
    assert family.sheet.faults() == []


def test_paper_says_when_a_field_is_filled_in_and_asks_each_once(family: Filling) -> None:
    from docx import Document
    from docx.oxml.ns import qn

    paper = Document(io.BytesIO(to_word(family.sheet)))
    cells = ["".join(cell.itertext()) for cell in paper.element.iter(qn("w:tc"))]

    assert any("Заполняется, если «Как поступил» — «сообщение организации» или" in cell for cell in cells)
    assert any("Заполняется у взрослого" in cell for cell in cells)
    series = [cell for cell in cells if cell.startswith("Документ — серия")]
    assert series and all("37 11 · II-БС" in cell and "*" not in cell for cell in series)


# --- what should be looked at ----------------------------------------------------------------------------------


def test_what_should_be_looked_at_is_told_at_its_field_and_check_says_the_same(
    family: Filling, here: Run
) -> None:
    assert says(family.sheet) == []
    answer(family, "family.members[0].sex", "мужской")
    answer(family, "family.members[0].legal_representative_of", ("m.2", "m.3"))
    answer(family, "family.address_registration.region", "Курганская область, г. Катайск, ул. Заречная")
    answer(family, "family.address_registration.settlement", "г. Катайск")

    told = family.sheet.remarks()

    assert says(family.sheet) == [
        ("C-SEX", "family.members[0].sex"),
        ("C-REP", "family.members[0].legal_representative_of"),
        ("C-REGION", "family.address_registration.region"),
    ]
    family.finish()  # it stops nothing
    found = json.loads(here("check", "T-1", "--json").out)["findings"]
    same = [(one["id"], one["message"], one["place"].get("path")) for one in found]
    assert all((one.id, one.message, one.place.path) in same for one in told)


def test_a_check_at_a_field_that_is_not_there_is_told_before_a_family_meets_it() -> None:
    method = PLUGINS.method("kurgan_ipss")
    check = next(one for one in method.programme.checks if one.id == "C-SEX").model_copy(update={"at": "sxe"})
    programme = method.programme.model_copy(update={"checks": (check,)})

    found = expression_faults(programme, PLUGINS.language)

    assert [(one.place.path, one.suggestion) for one in found] == [("checks[C-SEX].at", "sex")]


def test_who_signs_for_children_alone_and_foreign_names_are_not_remarked_on(family: Filling) -> None:
    answer(family, "family.members[0].legal_representative_of", ("m.3",))
    answer(family, "family.members[1].patronymic", "Алексей оглы")
    answer(family, "family.members[0].patronymic", "Мария")

    assert says(family.sheet) == []


# --- others at work ---------------------------------------------------------------------------------------------


def test_an_answer_that_a_colleague_has_written_meanwhile_is_known_at_the_next_one(
    office: Path, write: Write
) -> None:
    file = write(CASE, "office/cases/T-1/case.yaml")
    mine = on_case("T-1", "intake", office, PLUGINS)
    mine.sheet.answer(("referral", "received_on"), "19.02.2025")
    mine.keep()
    file.write_text(CASE.replace("2025-02-18", "2025-02-20").replace("семья Ткач", "Ткачи"), "utf-8")

    assert mine.look_again() == [("referral", "received_on")]

    assert mine.sheet.data["family"]["display_name"] == "Ткачи"
    assert mine.sheet.data["referral"]["received_on"] == "19.02.2025"
    assert mine.look_again() == []
    # Killed before anybody has decided: it is asked again.
    mine.keep()
    again = on_case("T-1", "intake", office, PLUGINS)
    assert again.draft.resume(again.sheet) == [("referral", "received_on")]


def test_a_form_that_is_open_in_a_window_is_not_read_from_a_file(
    office: Path, write: Write, here: Run, tmp_path: Path
) -> None:
    write(CASE, "office/cases/T-1/case.yaml")
    filling = on_case("T-1", "intake", office, PLUGINS)
    file = write(to_word(filling.sheet, filling.seen), "intake.docx")
    elsewhere = Bookmark.beside(filling.draft.path)
    elsewhere.by = f"{socket.gethostname()}:{os.getppid()}"
    elsewhere.take()

    refused = here("form", "read", file)

    assert refused.code == 1
    assert "open in another window" in refused.err
    elsewhere.release()
    assert here("form", "read", file).code == 0


def test_faults_of_the_office_are_told_at_their_line_before_the_first_question(
    office: Path, here: Run
) -> None:
    (office / "office.yaml").write_text(OFFICE + "  inn: '123'\n", "utf-8")

    refused = here("new", "T-1", "--programme", "kurgan_ipss")

    assert refused.code == 3
    assert "office.yaml:5" in refused.all
    assert not (office / "cases/T-1").exists()


def test_the_sample_of_a_new_office_is_right_as_soon_as_its_hashes_are_gone(
    tmp_path: Path, here: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert here("init", tmp_path / "centre").code == 0
    settings = tmp_path / "centre/office.yaml"
    sample = re.search(
        r"^# organisation:\n(?:#   .*\n)+# specialists:\n(?:#   .*\n)+", settings.read_text("utf-8"), re.M
    )
    assert sample is not None
    bare = re.sub(r"^# ", "", sample[0], flags=re.M)
    settings.write_text(settings.read_text("utf-8").replace(sample[0], bare), "utf-8")

    assert Office(settings.parent).settings.organisation is not None


# --- to the end, and back ----------------------------------------------------------------------------------------


def typed(monkeypatch: pytest.MonkeyPatch, here: Callable[..., Ran], lines: list[str], *command: str) -> Ran:
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
    return here(*command)


def test_who_has_answered_what_is_needed_may_write_and_is_told_how_to_go_on(
    office: Path, here: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = ["18.02.2025", "-", "1", "Просит помочь", "", "/write", "1", "семья Ткач", "1"]

    shown = typed(monkeypatch, here, lines, "new", "T-1", "--programme", "kurgan_ipss")

    assert shown.code == 0, shown.all
    assert "1. Запрос: questions 8, needed 3" in shown.out
    assert "about each one 9 or more, needed 4" in shown.out
    assert "papka form fill T-1 intake" in shown.out
    assert (office / "cases/T-1/case.yaml").is_file()


def test_a_list_is_not_left_empty_by_an_enter_that_meant_a_line() -> None:
    application = pytest.importorskip("prompt_toolkit.application")
    from prompt_toolkit.input import create_pipe_input
    from prompt_toolkit.output import DummyOutput

    from papka.forms.terminal.screen import ScreenWindow

    options = [("a", "долги"), ("b", "пропуски занятий"), ("c", "конфликты")]
    down, enter = "\x1b[B", "\r"

    def chosen(keys: str) -> object:
        with (
            create_pipe_input() as terminal,
            application.create_app_session(input=terminal, output=DummyOutput()),
        ):
            terminal.send_text(keys)
            return ScreenWindow().picks(options, ())

    assert chosen(enter + " " + enter) == ("a",)
    assert chosen(down + enter + " " + enter) == ("b",)
    assert chosen(down + enter + enter) == ()
    assert chosen("конф" + enter + enter) == ("c",)
