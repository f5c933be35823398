"""A form is declared once; what is answered ends in the same checked case, and nothing typed is lost."""

import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reading import EXAMPLES, PLUGINS, REGIONS

from papka.core import yamltext
from papka.core.errors import AskedWrongly, PapkaError, Refused
from papka.core.loading import load_case
from papka.core.opening import open_case
from papka.forms.completing import Filling, new_case, on_case
from papka.forms.fields import entry
from papka.forms.plain import Value
from papka.forms.sheet import Sheet
from papka.forms.shown import Asked
from papka.forms.writing import with_answers

pytestmark = pytest.mark.usefixtures("english")
SMALL = sorted(EXAMPLES, key=lambda path: path.stat().st_size)[:3]
FORMS = [(region, form) for region in REGIONS for form in PLUGINS.method(region).questions]


@pytest.fixture
def office(tmp_path: Path) -> Path:
    (tmp_path / "office.yaml").write_text(
        "papka: '1'\norganisation: {full_name: Центр помощи семье, short_name: Центр}\n", "utf-8"
    )
    return tmp_path


def put(filling: Filling, path: str, value: Value | None) -> list[str]:
    """Answer one question as a surface does, and return what is said of the answer."""
    asked = {one.path: one for one in filling.sheet.questions()}
    found = filling.sheet.answer(asked[path].place, value)
    filling.keep()
    return [f"{one.id} {one.message}" for one in found]


def begun(office: Path) -> Filling:
    """Open a case for a family of two, as the form leads."""
    from papka.core.office import Office

    filling = new_case(Office(office), "2026-01", "kurgan_ipss", plugins=PLUGINS)
    for path, value in (
        ("referral.channel", "обращение семьи"),
        ("referral.text", "просит помочь\nс кружком"),
        ("family.display_name", "семья Ткач"),
    ):
        assert put(filling, path, value) == []
    part = next(n for n, one in enumerate(filling.sheet.form.parts) if one.code == "m")
    for n, (name, sex, born, relation) in enumerate(
        [("Вера", "женский", "01.02.1990", "мать"), ("Олег", "мужской", "17.06.2014", "сын")]
    ):
        filling.sheet.add(part)
        for field, value in (
            ("last_name", "Ткач"), ("first_name", name), ("sex", sex),
            ("birth_date", born), ("relation", relation),
        ):  # fmt: skip
            assert put(filling, f"family.members[{n}].{field}", value) == []
    return filling


# --- declared once ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("region", "form"), FORMS)
def test_every_form_can_be_laid_on_every_case_and_changes_nothing_by_itself(region: str, form: str) -> None:
    method = PLUGINS.method(region)
    for path in method.region.examples():
        sheet = Sheet.on(method.questions[form], PLUGINS, yamltext.read(path.read_bytes()).data)  # type: ignore[arg-type]
        for part in sheet.parts():
            assert part.title
            for item in part.items:
                assert len({one.path for one in item.questions}) == len(item.questions)
        assert all(
            one.label and (one.choices or one.kind != "choice" or one.value is None)
            for one in sheet.questions()
        )
        assert sheet.changes() == {}
        assert [one for one in sheet.faults() if one.id != "F-NEEDED"] == []


def test_a_form_that_asks_for_what_no_case_has_is_told_when_the_plugin_loads(tmp_path: Path) -> None:
    from papka.core.programmes.questions import FormFile
    from papka.core.rules.reading_questions import question_faults

    wrong = {
        "forms": [{
            "id": "bad", "title": "Форма", "source": {"kind": "inferred", "text": "проба"},
            "parts": [
                {"title": "Раз", "ask": ["referral.recieved_on", "family", {"field": "family.phone", "when": "семя.телефон"}]},
                {"title": "Два", "each": "family.member", "alias": ["one", "один"], "ask": ["last_name"]},
                {"title": "Три", "each": "consents", "alias": ["one", "один"], "code": "c", "preset": {"x": "1"},
                 "ask": [{"field": "exchange", "columns": ["to", "nobody"], "rows": "scale:none"}]},
            ],
        }]
    }  # fmt: skip
    forms = FormFile.model_validate(wrong).forms
    programme = PLUGINS.method("kurgan_ipss").programme

    found = question_faults(programme, PLUGINS.language, forms)
    told = {(one.place.path, one.suggestion) for one in found}
    assert told >= {
        ("forms[bad].parts[1].ask[1].field", "received_on"),
        ("forms[bad].parts[1].ask[2].field", None),
        ("forms[bad].parts[1].ask[3].when", "семья"),
        ("forms[bad].parts[2].each", "members"),
    }
    assert {one.place.path for one in found} >= {
        "forms[bad].parts[3].each", "forms[bad].parts[3].ask[1].columns", "forms[bad].parts[3].ask[1].rows",
    }  # fmt: skip


# --- asked, answered, kept -------------------------------------------------------------------------------


def test_a_case_is_opened_by_its_form_and_is_a_case_like_any_other(office: Path) -> None:
    filling = begun(office)
    represents = next(
        one for one in filling.sheet.questions() if one.path.endswith("legal_representative_of")
    )
    assert represents.choices == (("m.2", "Ткач Олег"),)
    assert put(filling, represents.path, ("m.2",)) == []
    filling.sheet.begun()
    filling.finish()

    found = open_case("2026-01", office, PLUGINS)
    assert found.findings(date.today()) is not None
    assert [one.first_name for one in found.case.family.members] == ["Вера", "Олег"]
    assert found.case.referral.received_on == date.today()
    assert found.case.referral.text == "просит помочь\nс кружком"
    assert not (office / "cases" / "2026-01" / ".forms").exists()


def test_an_answer_brings_and_takes_away_questions(office: Path) -> None:
    filling = begun(office)

    def asked() -> set[str]:
        return {one.path for one in filling.sheet.questions()}

    assert "referral.source_org" not in asked()
    put(filling, "referral.channel", "сообщение организации")
    assert "referral.source_org" in asked()
    assert "family.members[0].employment" in asked() and "family.members[1].employment" not in asked()
    assert "family.members[1].education" in asked()
    put(filling, "family.members[1].birth_date", "17.06.1980")
    assert "family.members[1].employment" in asked()


def test_a_wrong_answer_is_told_at_its_field_in_the_words_of_the_case_file_and_stays(office: Path) -> None:
    filling = begun(office)
    filling.sheet.begun()
    for path, typed in (
        ("family.members[0].snils", "112-233-445 9"),
        ("family.members[1].birth_date", "31.02.2014"),
        ("referral.channel", "с улицы"),
    ):
        said = put(filling, path, typed)
        assert len(said) == 1
        assert next(one.value for one in filling.sheet.questions() if one.path == path) == typed

        # The same value in a file is told in the same words.
        place = next(one.place for one in filling.sheet.questions() if one.path == path)
        file = office / "wrong.yaml"
        data = filling.sheet.whole()
        file.write_text(with_answers("", {("organisation",): None}) and _yaml(data), "utf-8")
        with pytest.raises(Refused) as refused:
            load_case(file)
        in_file = [f"{one.id} {one.message}" for one in refused.value.findings if one.place.path == path]
        assert in_file == said
        put(filling, path, None)
        assert filling.sheet.faults_at(place) == []

    put(filling, "referral.channel", "с улицы")
    with pytest.raises(Refused) as wrong:
        filling.finish()
    assert [one.place.path for one in wrong.value.findings] == ["referral.channel"]
    assert not filling.file.exists() and filling.draft.is_begun


def _yaml(data: dict[str, Any]) -> str:
    import json

    return json.dumps(data, ensure_ascii=False)


def test_what_was_answered_is_there_after_everything_was_switched_off(office: Path) -> None:
    first = begun(office)
    put(first, "family.members[1].birth_date", "31.02.2014")
    phone = next(one.place for one in first.sheet.questions() if one.path == "family.phone")
    first.sheet.skip(phone)
    first.keep()

    from papka.core.office import Office

    again = new_case(Office(office), "2026-01", "kurgan_ipss", plugins=PLUGINS)
    assert again.draft.is_begun
    assert again.draft.resume(again.sheet) == []
    assert again.sheet.data == first.sheet.data
    assert again.sheet.unknown == {phone}


def test_what_others_have_written_meanwhile_stays_and_a_clash_is_told(office: Path) -> None:
    filling = begun(office)
    filling.sheet.begun()
    filling.finish()
    mine, other = (on_case("2026-01", "intake", office, PLUGINS) for _ in range(2))
    put(mine, "family.phone", "+7 900 000-00-01")
    put(other, "family.type", "неполная")
    other.finish()
    mine.finish()
    case = open_case("2026-01", office, PLUGINS).case
    assert (case.family.phone, case.family.type) == ("+7 (900) 000-00-01", "неполная")

    mine, other = (on_case("2026-01", "intake", office, PLUGINS) for _ in range(2))
    put(mine, "family.phone", "+7 900 000-00-02")
    put(other, "family.phone", "+7 900 000-00-03")
    other.finish()
    with pytest.raises(PapkaError) as clash:
        mine.finish()
    assert "Телефон" in str(clash.value) and "000-00" not in str(clash.value)
    again = on_case("2026-01", "intake", office, PLUGINS)
    assert [".".join(map(str, place)) for place in again.draft.resume(again.sheet)] == ["family.phone"]
    again.finish()
    assert open_case("2026-01", office, PLUGINS).case.family.phone == "+7 (900) 000-00-02"


def test_what_a_table_does_not_show_stays_in_its_rows(office: Path) -> None:
    case = next(one for one in EXAMPLES if one.stem == "kim")
    data: Any = yamltext.read(case.read_bytes()).data
    form = PLUGINS.method("sos_partnership").questions["consents"]
    data["consents"][0]["exchange"] = [
        {"to": "школа", "data": "успеваемость", "purpose": "план", "agreed": ["да"]},
        {"to": "поликлиника", "data": "осмотры", "purpose": "план", "agreed": ["нет"]},
    ]
    sheet = Sheet.on(form, PLUGINS, data)
    place = ("consents", 0, "exchange")
    sheet.answer(place, ({"to": "поликлиника", "data": "прививки", "purpose": "план"},))
    text = with_answers(case.read_text("utf-8"), sheet.changes())
    written: Any = yamltext.read(text.encode()).data
    assert written["consents"][0]["exchange"] == [
        {"to": "поликлиника", "data": "прививки", "purpose": "план", "agreed": ["нет"]}
    ]


def test_a_form_that_is_not_there_is_told_with_the_nearest(office: Path) -> None:
    begun(office)
    with pytest.raises(AskedWrongly) as told:
        from papka.forms.completing import form_of

        form_of(PLUGINS, "kurgan_ipss", "intak")
    assert "intake" in str(told.value)


# --- written into the file -------------------------------------------------------------------------------


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_only_the_line_of_the_answer_changes_in_the_file(path: Path) -> None:
    text = path.read_text("utf-8")
    assert with_answers(text, {}) == text

    changed = with_answers(text, {("family", "display_name"): "семья: новая # имя", ("family", "type"): None})
    before, after = text.splitlines(), changed.splitlines()
    assert set(after) - set(before) == {'  display_name: "семья: новая # имя"'}
    gone = [line for line in before if line not in after]
    assert all(line.lstrip().startswith(("display_name:", "type:")) for line in gone)
    assert len(before) - len(after) == sum(line.lstrip().startswith("type:") for line in gone)


TYPED = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Co", "Cn")) | st.sampled_from("\n:#-'\"{}[]%&*!|> ,?"),
    min_size=1, max_size=60,
).filter(lambda text: text.strip() and "\u2028" not in text and "\u2029" not in text and "\ufeff" not in text)  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(typed=TYPED, seed=st.integers(0, 10**6))
def test_whatever_is_typed_comes_back_from_the_file_and_nothing_else_changes(typed: str, seed: int) -> None:
    chance = random.Random(seed)
    text = chance.choice(SMALL).read_text("utf-8")
    before: Any = yamltext.read(text.encode()).data
    place = chance.choice(
        [("referral", "text"), ("family", "members", 0, "employment"), ("family", "notes", "new"),
         ("tasks", len(before.get("tasks", [])), "title")]
    )  # fmt: skip
    value: Value = chance.choice([typed, (typed, "второе")])

    after: Any = yamltext.read(with_answers(text, {place: value}).encode()).data
    expected = Sheet.on(next(iter(PLUGINS.method(before["programme"]).questions.values())), PLUGINS, before)
    expected.answer(place, value)
    assert after == expected.data


# --- random answers --------------------------------------------------------------------------------------


def some(one: Asked, chance: random.Random) -> Value | None:
    """Return a right answer to a question, as people type it."""
    day = date(2020, 1, 1) + timedelta(days=chance.randrange(1500))
    if one.rows:
        first, second = one.columns[:2]
        return tuple(
            {
                first.place[-1]: code,
                second.place[-1]: chance.choice(["1", "да"])[:1] if second.kind == "number" else "да",
            }
            for code, _ in one.rows
        )  # type: ignore[misc]
    simple: dict[str, Value] = {
        "line": chance.choice(["Улица 7", "нет данных", "01-12"]),
        "text": chance.choice(["Одна строка.", "Две\nстроки: «да»"]),
        "date": chance.choice([f"{day:%d.%m.%Y}", day.isoformat()]),
        "time": "14:30", "number": "1", "money": "7 900,50", "yes_no": chance.choice(["да", "нет"]),
        "lines": ("первая", "вторая"),
    }  # fmt: skip
    if one.choices:
        codes = [code for code, _ in one.choices]
        return (
            chance.choice(codes) if one.kind == "choice" else tuple(sorted(set(chance.choices(codes, k=2))))
        )
    return simple.get(one.kind)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 10**6))
def test_random_answers_come_back_from_the_case_file_exactly(seed: int) -> None:
    chance = random.Random(seed)
    text = chance.choice(SMALL).read_text("utf-8")
    data: Any = yamltext.read(text.encode()).data
    form = chance.choice(list(PLUGINS.method(data["programme"]).questions.values()))
    sheet = Sheet.on(form, PLUGINS, data)
    for index, part in enumerate(form.parts):
        if part.each and chance.random() < 0.5:
            sheet.add(index)
    given_answers: dict[str, Value] = {}
    for one in list(sheet.questions()):
        if chance.random() < 0.4:
            value = some(one, chance)
            if value is not None and one.kind != "table":
                sheet.answer(one.place, value)
                given_answers[one.path] = value

    sheet.tidy()
    written: Any = yamltext.read(with_answers(text, sheet.changes()).encode()).data
    again = Sheet.on(form, PLUGINS, written)
    assert written == sheet.data
    answers = {one.path: one.value for one in again.questions()}
    asked = given_answers.keys() & answers.keys()
    assert {path: answers[path] for path in asked} == {path: given_answers[path] for path in asked}


def test_a_field_is_the_same_thing_wherever_it_is_asked() -> None:
    kinds = {
        "referral.received_on": "date", "referral.text": "text", "referral.channel": "choice",
        "referral.signs": "choices", "family.members.last_name": "line", "family.members.records": "lines",
        "family.members.income_monthly": "money", "referral.urgent": "yes_no", "decisions.items": "table",
        "referral.received_at": "time", "plans.version": "number",
    }  # fmt: skip
    assert {path: entry(tuple(path.split("."))).kind for path in kinds} == kinds  # type: ignore[union-attr]
    assert entry(("family", "address_actual")) is None
    assert entry(("family", "members", "age")) is None
