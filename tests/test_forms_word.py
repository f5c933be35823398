"""A form goes out as a Word file, is filled in anywhere, and comes back: nothing is lost, nothing is guessed."""

import json
import os
import random
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import Run
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from reading import PLUGINS, REGIONS
from word_forms import (
    BODY,
    CASES,
    W15,
    all_there,
    answers,
    fields,
    in_copy,
    in_libreoffice,
    in_word,
    plus,
    sheet_on,
    typed,
)

from papka.core.errors import AskedWrongly, PapkaError
from papka.core.paths import dotted
from papka.forms.completing import on_case
from papka.forms.plain import Value
from papka.forms.sheet import Sheet
from papka.forms.word.drawing import to_word
from papka.forms.word.keys import key_of, mark_of
from papka.forms.word.receiving import Received, receive
from papka.output.package import Package, W, open_package

pytestmark = pytest.mark.usefixtures("english")
Papka = Callable[..., tuple[int, str]]
LONG = bool(os.environ.get("PAPKA_LONG"))
FORMS = [(region, form) for region in REGIONS for form in PLUGINS.method(region).questions]


@pytest.fixture
def office(tmp_path: Path) -> Path:
    (tmp_path / "office.yaml").write_text(
        "papka: '1'\norganisation: {full_name: Центр помощи семье, short_name: Центр}\n", "utf-8"
    )
    (tmp_path / "cases/krg").mkdir(parents=True)
    shutil.copy(
        CASES["kurgan_ipss"][0].with_name("chernykh_shevchenko.yaml"), tmp_path / "cases/krg/case.yaml"
    )
    return tmp_path


def form_on(file: Path, form: str, spare: int | None = None) -> bytes:
    return to_word(*sheet_on(file, form), spare)


def words_of(sheet: Sheet, said: Mapping[str, Value | None]) -> dict[str, str | bool]:
    known = {one.path: one for one, _ in fields(sheet)}
    return {key: text for path, value in said.items() for key, text in typed(known[path], value).items()}


def taken(received: Received) -> dict[str, Value | None]:
    return {dotted(place): value for place, value in received.reading.taken.items()}


@pytest.fixture
def papka(here: Run, office: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str]]:
    """Run the command in the office: how it ended, and what it said."""
    monkeypatch.chdir(office)

    def run_it(*arguments: str) -> tuple[int, str]:
        done = here(*arguments)
        return done.code, done.out + done.err

    return run_it


# --- every value returns ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("region", "form"), FORMS)
def test_whatever_is_typed_into_a_form_returns_exactly(region: str, form: str, tmp_path: Path) -> None:
    """Right values and wrong ones, in fields that were filled and in empty blocks, with tags and without."""

    @settings(
        max_examples=120 if LONG else 2,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @seed(20260)
    @given(st.data())
    def every_value_returns(data: st.DataObject) -> None:
        file = data.draw(st.sampled_from(CASES[region]))
        case = tmp_path / "case.yaml"
        case.write_bytes(file.read_bytes())
        sheet, digest = sheet_on(case, form)
        every = fields(sheet)
        picked = random.Random(data.draw(st.integers(0, 2**32))).sample(every, min(len(every), 25))
        said = [(one, data.draw(answers(one))) for one, _ in picked if one.kind != "choices" or one.choices]
        words = {key: text for one, value in said for key, text in typed(one, value).items()}
        back = in_word(to_word(sheet, digest), words, keep_tags=data.draw(st.booleans()))
        reading = receive(back, "case.yaml", tmp_path, PLUGINS).reading
        assert not reading.conflicts
        assert all(one.place.paragraph for one in reading.faults), "a fault is told at its field"
        assert not [one for one in reading.remarks if one.id != "F-GONE"]
        all_there(sheet, reading.sheet, said, every)

    every_value_returns()


@pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice")
def test_a_form_filled_in_and_saved_by_libreoffice_comes_back_whole(office: Path) -> None:
    """LibreOffice 7 drops every tag; what a person typed there is all read back."""
    case = office / "cases/krg/case.yaml"
    sheet, _ = sheet_on(case, "intake")
    said: dict[str, Value | None] = {
        "referral.source_org": "Школа «№ 5» & Ко",
        "referral.received_on": "05.03.2024",
        "referral.text": "Ёлка; объём < 5",
        "family.members[0].snils": "112-233-445 95",
        "family.members[6].last_name": "Ткач",
        "family.members[6].first_name": "Олег",
        "specialists[7].position": "врач",
    }
    (office / "form.docx").write_bytes(form_on(case, "intake"))
    words = {mark_of(key): str(text) for key, text in words_of(sheet, said).items()}
    in_libreoffice(office / "form.docx", office / "back.docx", words)
    back = (office / "back.docx").read_bytes()
    got = taken(receive(back, None, office, PLUGINS))
    assert {path: got.get(path) for path in said} == said


def test_a_field_that_was_emptied_is_taken_out_of_the_case(office: Path, papka: Papka) -> None:
    """Word puts a prompt of its own into an emptied field; LibreOffice leaves it empty."""
    case = office / "cases/krg/case.yaml"
    form = in_word(form_on(case, "intake"), {"family.phone": "Место для ввода текста.", "family.type": " "})
    (office / "form.docx").write_bytes(form)
    assert papka("form", "read", "form.docx")[0] == 0
    family = sheet_on(case, "intake")[0].data["family"]
    assert "phone" not in family and "type" not in family


# --- lists -----------------------------------------------------------------------------------------------


def test_a_child_added_with_words_plus_comes_into_the_case_and_only_once(office: Path, papka: Papka) -> None:
    case = office / "cases/krg/case.yaml"
    members = len(sheet_on(case, "intake")[0].data["family"]["members"])
    form = plus(form_on(case, "intake"), "list:family.members", 1)
    child = {
        "last_name": "Ткач",
        "first_name": "Вера",
        "sex": "женский",
        "birth_date": "01.02.2020",
        "relation": "дочь",
    }
    (office / "form.docx").write_bytes(
        in_copy(form, "list:family.members", 2, {**dict.fromkeys(_EMPTIED, ""), **child})
    )
    code, told = papka("form", "read", "form.docx")
    assert code == 0, told
    data = sheet_on(case, "intake")[0].data["family"]["members"]
    assert len(data) == members + 1
    assert {name: data[-1][name] for name in ("last_name", "birth_date", "relation")} == {
        name: child[name] for name in ("last_name", "birth_date", "relation")
    }
    code, told = papka("form", "read", "form.docx")
    assert (code, len(sheet_on(case, "intake")[0].data["family"]["members"])) == (0, members + 1), told
    # A slip in it is corrected and the form read once more: it is the same child, and a person decides.
    slip = in_copy(
        (office / "form.docx").read_bytes(), "list:family.members", 2, {"birth_date": "02.02.2020"}
    )
    (office / "form.docx").write_bytes(slip)
    code, told = papka("form", "read", "form.docx", "--json")
    assert [one["path"] for one in json.loads(told)["conflicts"]] == [f"family.members[{members}].birth_date"]
    assert papka("form", "read", "form.docx", "--take", "form")[0] == 0
    now = sheet_on(case, "intake")[0].data["family"]["members"]
    assert (len(now), now[-1]["birth_date"]) == (members + 1, "02.02.2020")


_EMPTIED = (
    "patronymic", "lives_with_family", "document.kind", "document.series", "document.number", "snils",
    "document.issued_on", "document.issued_by", "document.dept_code", "phone", "employment", "income_monthly",
)  # fmt: skip


def test_somebody_who_is_new_in_the_form_may_be_named_in_it(office: Path, papka: Papka) -> None:
    """Who answers for a child that stands on the same paper is written by name."""
    (office / "form.docx").write_bytes(_of_no_case("intake"))
    sheet = _empty("intake")
    said: dict[str, Value | None] = {
        "referral.received_on": "05.03.2024",
        "referral.channel": "self_appeal",
        "referral.text": "просит помочь",
        "family.display_name": "семья Ткач",
    }
    for n, (name, sex, born, relation) in enumerate(
        [("Вера", "female", "01.02.1990", "мать"), ("Олег", "male", "17.06.2014", "сын")]
    ):
        for field, value in (
            ("last_name", "Ткач"), ("first_name", name), ("sex", sex), ("birth_date", born), ("relation", relation),
        ):  # fmt: skip
            said[f"family.members[{n}].{field}"] = value
    words = words_of(sheet, said) | {"family.members[0].legal_representative_of=*": "Ткач Олег"}
    (office / "form.docx").write_bytes(in_word((office / "form.docx").read_bytes(), words))
    code, told = papka("form", "read", "form.docx", "--case", "2026-07")
    assert code == 0, told
    data = sheet_on(office / "cases/2026-07/case.yaml", "intake")[0].data
    assert data["family"]["members"][0]["legal_representative_of"] == [data["family"]["members"][1]["id"]]


def _empty(form: str) -> Sheet:
    found = PLUGINS.method("kurgan_ipss").questions[form]
    return Sheet.on(found, PLUGINS, {"papka": "1", "programme": "kurgan_ipss", "id": "new"})


def _of_no_case(form: str) -> bytes:
    return to_word(_empty(form))


def test_who_was_chosen_is_found_though_he_is_called_otherwise_by_now(office: Path, papka: Papka) -> None:
    case = office / "cases/krg/case.yaml"
    (office / "form.docx").write_bytes(
        in_word(form_on(case, "intake"), {"referral.taken_by": "Ткач Илья Никитич"})
    )
    case.write_text(case.read_text("utf-8").replace("last_name: Ткач", "last_name: Ткаченко", 1), "utf-8")
    code, told = papka("form", "read", "form.docx")
    assert code == 0, told
    assert sheet_on(case, "intake")[0].data["referral"]["taken_by"] == "p.tkach"


def test_a_list_is_a_repeating_section_of_word() -> None:
    body = open_package(_of_no_case("intake")).xml(BODY)
    sections = [
        one for one in body.iter(f"{W}sdt") if one.find(f"{W}sdtPr/{W15}repeatingSection") is not None
    ]
    assert len(sections) == 2
    assert all(len(one.findall(f"{W}sdtContent/{W}sdt")) == 3 for one in sections)


# --- what is wrong ---------------------------------------------------------------------------------------


def test_a_bad_value_is_told_at_its_field_as_a_word_comment_in_the_words_of_check(
    office: Path, papka: Papka
) -> None:
    case = office / "cases/krg/case.yaml"
    before = case.read_bytes()
    sheet, _ = sheet_on(case, "intake")
    wrong = {
        "family.members[0].snils": "112",
        "referral.received_on": "31.02.2024",
        "family.members[1].sex": "оно",
    }
    (office / "form.docx").write_bytes(in_word(form_on(case, "intake"), dict(wrong)))
    code, told = papka("form", "read", "form.docx", "--json")
    found = json.loads(told)
    assert (code, found["written"], case.read_bytes()) == (3, False, before)
    assert {one["place"]["path"] for one in found["findings"]} == set(wrong)
    commented = open_package((office / "form.checked.docx").read_bytes())
    for path, value in wrong.items():
        place = next(one.place for one, _ in fields(sheet) if one.path == path)
        words = sheet.answer(place, value)[0].message
        assert any(one["message"] == words for one in found["findings"])
        assert (path, words) in _comments(commented)
    # The copy is mended and read in its turn.
    right = {"family.members[0].snils": "112-233-445 95", "referral.received_on": "01.03.2024"}
    mended = in_word(
        (office / "form.checked.docx").read_bytes(), right | {"family.members[1].sex": "женский"}
    )
    (office / "form.checked.docx").write_bytes(mended)
    code, told = papka("form", "read", "form.checked.docx")
    assert code == 0, told


def _comments(package: Package) -> set[tuple[str, str]]:
    """Return which control each comment stands around, and its first sentence."""
    said = {
        one.get(f"{W}id"): "".join(str(t) for t in one[0].itertext())
        for one in package.xml("word/comments.xml")
    }
    found = set()
    for mark in package.xml(BODY).iter(f"{W}commentRangeStart"):
        assert mark.getparent().tag == f"{W}p", "a control of plain text holds text only"  # type: ignore[union-attr]
        control = next(one for one in mark.itersiblings() if one.tag == f"{W}sdt")
        tag = control.find(f"{W}sdtPr/{W}tag")
        found.add((str(tag.get(f"{W}val")), said[mark.get(f"{W}id")]))  # type: ignore[union-attr]
    return found


def test_what_is_needed_and_was_left_empty_is_told_and_not_guessed(office: Path, papka: Papka) -> None:
    """On a screen the day of the request is today's from the beginning; on paper nobody wrote it."""
    (office / "form.docx").write_bytes(_of_no_case("intake"))
    code, told = papka("form", "read", "form.docx", "--case", "2026-08", "--json")
    assert code == 3
    needed = {one["place"]["path"] for one in json.loads(told)["findings"] if one["id"] == "F-NEEDED"}
    assert {"referral.received_on", "referral.channel", "referral.text"} <= needed
    assert not (office / "cases/2026-08").exists()


def test_what_was_written_beside_the_fields_is_told_and_not_lost(office: Path, papka: Papka) -> None:
    form = form_on(office / "cases/krg/case.yaml", "home")
    package = open_package(form)
    body = package.members[BODY].decode()
    text = body.replace("Число комнат", "Число комнат: было четыре")
    (office / "form.docx").write_bytes(package.write({BODY: text.encode()}))
    code, told = papka("form", "read", "form.docx")
    assert code == 0
    assert "F-OUTSIDE" in told
    assert "было четыре" in told
    assert b"commentReference" in open_package((office / "form.checked.docx").read_bytes()).members[BODY]


# --- conflicts -------------------------------------------------------------------------------------------


def test_both_answers_are_shown_and_a_person_decides(office: Path, papka: Papka) -> None:
    case = office / "cases/krg/case.yaml"
    form = in_word(
        form_on(case, "intake"), {"family.phone": "+7 (900) 000-00-02", "family.type": "многодетная"}
    )
    (office / "form.docx").write_bytes(form)
    changed = case.read_text("utf-8").replace("+7 (900) 000-00-01", "+7 (900) 000-00-03", 1)
    case.write_text(changed, "utf-8")
    code, told = papka("form", "read", "form.docx")
    assert code == 3
    assert "-00-02" in told and "-00-03" in told
    assert case.read_text("utf-8") == changed
    code, told = papka("form", "read", "form.docx", "--json")
    assert [one["path"] for one in json.loads(told)["conflicts"]] == ["family.phone"]
    assert "-00-0" not in told
    assert papka("form", "read", "form.docx", "--take", "family.phone=case")[0] == 0
    data = sheet_on(case, "intake")[0].data["family"]
    assert (data["phone"], data["type"]) == ("+7 (900) 000-00-03", "многодетная")
    assert papka("form", "read", "form.docx", "--take", "form")[0] == 0
    assert sheet_on(case, "intake")[0].data["family"]["phone"] == "+7 (900) 000-00-02"


# --- refusals --------------------------------------------------------------------------------------------


def test_a_form_of_another_case_is_refused_with_the_way_out(office: Path, papka: Papka) -> None:
    other = office / "cases/other/case.yaml"
    other.parent.mkdir()
    other.write_text(
        (office / "cases/krg/case.yaml").read_text("utf-8").replace("KRG-2025-0007", "KRG-2"), "utf-8"
    )
    (office / "form.docx").write_bytes(form_on(office / "cases/krg/case.yaml", "home"))
    code, told = papka("form", "read", "form.docx", "--case", "other")
    assert code == 2
    assert "KRG-2025-0007" in told and "papka form blank" in told


def test_a_form_of_an_older_version_is_refused_and_what_is_still_asked_can_be_taken(
    office: Path, papka: Papka
) -> None:
    sheet, digest = sheet_on(office / "cases/krg/case.yaml", "home")
    part = sheet.form.parts[0]
    asked = next(one for one in part.ask if one.field == "family.household.rooms")
    older = asked.model_copy(update={"field": "family.notes_of_old", "label": "Старый вопрос"})
    sheet.form = sheet.form.model_copy(
        update={"parts": (part.model_copy(update={"ask": (*part.ask, older)}), *sheet.form.parts[1:])}
    )
    with_old = replace(sheet, form=sheet.form)
    form = to_word(with_old, digest)
    # The contract knows no such field: it is put in as an older contract would have had it.
    text = (
        open_package(form)
        .members[BODY]
        .decode()
        .replace("family.household.rooms", "family.household.old_rooms")
    )
    text = text.replace(mark_of("family.household.rooms"), mark_of("family.household.old_rooms"))
    form = in_word(
        open_package(form).write({BODY: text.encode()}),
        {"family.household.old_rooms": "9", "family.household.area_m2": "50"},
    )
    (office / "form.docx").write_bytes(form)
    code, told = papka("form", "read", "form.docx")
    assert code == 1
    assert "Число комнат" in told and "--only-known" in told
    code, told = papka("form", "read", "form.docx", "--only-known")
    assert (code, "F-OLD" in told) == (0, True)
    assert sheet_on(office / "cases/krg/case.yaml", "home")[0].data["family"]["household"]["area_m2"] == "50"


def test_a_form_that_somebody_fills_in_elsewhere_just_now_is_not_written_over(
    office: Path, papka: Papka
) -> None:
    case = office / "cases/krg/case.yaml"
    (office / "form.docx").write_bytes(in_word(form_on(case, "home"), {"family.household.rooms": "4"}))
    filling = on_case("cases/krg", "home", office, PLUGINS)
    filling.sheet.answer(("family", "household", "rooms"), "5")
    filling.keep()
    code, told = papka("form", "read", "form.docx")
    assert code == 1
    assert "papka form fill" in told
    assert filling.draft.is_begun


def test_a_stranger_s_file_is_refused_before_it_is_read(office: Path) -> None:
    form = form_on(office / "cases/krg/case.yaml", "home")
    package = open_package(form)
    bomb = package.write({BODY: b'<!DOCTYPE x [<!ENTITY a "b">]>' + package.members[BODY]})
    with pytest.raises(PapkaError):
        receive(bomb, None, office, PLUGINS)
    for text in (
        b"<form xmlns='urn:papka:form'>{\"form\": 1}</form>",
        b"<form xmlns='urn:papka:form'>[[[</form>",
    ):
        # What a form says of itself is in three places; the others answer for one that was spoiled.
        receive(package.write({"customXml/item1.xml": text}), None, office, PLUGINS)
    bare = {"customXml/item1.xml": b"<a/>", "docProps/custom.xml": b"<a/>"}
    receive(package.write(bare), None, office, PLUGINS)
    with pytest.raises(AskedWrongly, match="papka form blank"):
        foot = package.members["word/footer1.xml"].replace(" · программа".encode(), b" X")
        receive(package.write({**bare, "word/footer1.xml": foot}), None, office, PLUGINS)
    for rubbish in (b"", b"PK\3\4rubbish", b"%PDF-1.7 rubbish"):
        with pytest.raises(PapkaError):
            receive(rubbish, None, office, PLUGINS)


def test_a_form_of_papka_s_names_nobody_in_its_foot_and_is_never_written_over(
    office: Path, papka: Papka
) -> None:
    code, told = papka("form", "blank", "intake", "--case", "krg")
    assert code == 0, told
    file = next(office.glob("*.docx"))
    foot = open_package(file.read_bytes()).members["word/footer1.xml"].decode()
    assert "KRG-2025-0007" in foot and "Черных" not in foot
    assert papka("form", "blank", "intake", "--case", "krg")[0] == 2
    assert key_of(("a", 0, "b"), "c") == "a[0].b=c"
