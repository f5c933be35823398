"""The forms that regions share keep their promises to a family: consents apart, letters told, no scale mixed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import CASE
from reading import LAST_DAY, NBSP, PLUGINS, as_word, words

from papka.core.contract.case import Case
from papka.core.opening import OpenCase
from papka.output.rendering import Press

REGIONS = ("kurgan_ipss", "sos_partnership")
LETTER = {"on": "2025-03-03", "to": "КДНиЗП района", "text": "В семье стало спокойнее", "id": "out.1"}
MOTHER = {
    "document": {
        "kind": "passport_rf",
        "series": "37 11",
        "number": "654321",
        "issued_on": "2011-08-02",
        "issued_by": "Отдел полиции",
    },
    "snils": "112-233-445 95",
    "phone": "+7 (900) 000-00-01",
}


def opened(programme: str = "kurgan_ipss", **more: Any) -> OpenCase:
    data = yaml.load(CASE, Loader=yaml.BaseLoader) | {"programme": programme} | more
    return OpenCase(Path("case.yaml"), Case.model_validate(data), PLUGINS, PLUGINS.method(programme))


def paper(case: OpenCase, document: str, number: int = 1) -> str:
    press = Press(case.method, PLUGINS.language)
    drawn = list(press.render(case.case, document, LAST_DAY))
    return "\n".join(words(as_word(drawn[number - 1]))).replace(NBSP, " ")


def states(case: OpenCase) -> dict[str, str]:
    return {one.id: one.state for one in case.documents(LAST_DAY)}


@pytest.mark.parametrize("programme", REGIONS)
def test_an_ordinary_case_is_not_told_that_it_lacks_what_nothing_calls_for(programme: str) -> None:
    asked = {
        name
        for name, state in states(opened(programme)).items()
        if name.startswith("com_") and state in ("ready", "missing")
    }

    assert asked <= {"com_consent_pd", "com_consent_pd_minor", "com_living_act", "com_first_visit_memo"}


def test_a_paper_for_each_whose_health_the_case_knows_and_for_nobody_else() -> None:
    data = yaml.load(CASE, Loader=yaml.BaseLoader)
    data["family"]["members"][1]["health_notes"] = "носит очки"
    case = opened(family=data["family"])

    assert states(case)["com_consent_health"] == "ready"
    text = paper(case, "com_consent_health")
    assert "законный представитель несовершеннолетнего Ткача Олега" in text
    assert "носит очки" not in text, "a consent names no diagnosis by itself"
    signed = [
        {"kind": "special_category_health", "subject": "c.one", "signed_by": "m.one", "on": "2025-03-01"}
    ]
    assert states(opened(family=data["family"], consents=signed))["com_consent_health"] == "made"


@pytest.mark.parametrize("signer", ["m.one", "m.two"])
def test_the_consent_about_a_child_speaks_for_the_parent_who_signs_it(signer: str) -> None:
    data = yaml.load(CASE, Loader=yaml.BaseLoader)
    father = {"id": "m.two", "first_name": "Лев", "sex": "male", "relation": "отец"}
    data["family"]["members"].append(data["family"]["members"][0] | father)
    signed = {"kind": "personal_data", "subject": "c.one", "signed_by": signer, "on": "2025-03-01"}

    text = paper(opened(family=data["family"], consents=[signed]), "com_consent_pd_minor")

    said = {"m.one": ("Я, Ткач Вера", "В. Ткач"), "m.two": ("Я, Ткач Лев", "Л. Ткач")}
    for one, phrases in said.items():
        assert all((phrase in text) is (one == signer) for phrase in phrases), text


def test_a_consent_to_exchange_asks_for_each_organisation_apart() -> None:
    exchange = [
        {"to": "школа № 0", "data": "оценки", "purpose": "помочь в учёбе"},
        {"to": "поликлиника", "data": "дни приёма", "purpose": "лечение", "agreed": "нет"},
    ]
    consent = {"kind": "interagency_exchange", "signed_by": "m.one", "on": "2025-03-01", "exchange": exchange}

    text = paper(opened(consents=[consent]), "com_consent_exchange")

    assert re.search(r"школа № 0\nоценки\nпомочь в учёбе\n☒ да\s+☐ нет", text)
    assert re.search(r"поликлиника\nдни приёма\nлечение\n☐ да\s+☒ нет", text)


def test_a_withdrawal_promises_destruction_within_thirty_days() -> None:
    consent = {"kind": "personal_data", "subject": "m.one", "signed_by": "m.one", "on": "2025-03-01"}
    case = opened(consents=[consent | {"withdrawn_on": "2025-05-05"}])

    assert "не позднее 30 дней" in paper(case, "com_consent_withdrawal")
    assert states(opened(consents=[consent]))["com_consent_withdrawal"] == "not_needed"


def test_the_two_scales_of_engagement_stand_apart_and_no_mean_is_printed() -> None:
    sheet = {"on": "2025-03-01", "relationship_position": "1", "change_engagement": "4"}
    done = {"id": "t1", "title": "Сын ходит в школу", "criteria": "пять дней", "client_actions": "будит"}
    done |= {
        "specialist_actions": "звонит",
        "due": "2025-02-25",
        "status": "achieved",
        "closed_on": "2025-02-24",
    }

    text = paper(opened(engagement=[sheet], tasks=[done]), "com_engagement_sheet")

    assert "☒ 1\n☐ 2\n☐ 3\n☐ 4\n☐ 5" in text
    assert "Вовлечённость в изменения в целом\n☐\n☐\n☐\n☒\n☐" in text
    assert "2,5" not in text and "не усредняют" in text
    assert "Сын ходит в школу\n24.02.2025" in text, "what was achieved is listed by itself"


def test_a_letter_to_an_organisation_holds_the_least_of_the_family() -> None:
    data = yaml.load(CASE, Loader=yaml.BaseLoader)
    data["family"]["members"][0] |= MOTHER
    letter = LETTER | {"kind": "request", "addressee": "education", "to": "школа № 0", "about": ["c.one"]}

    text = paper(opened(family=data["family"], letters=[letter]), "com_agency_request")

    assert "Ткач Олег, 17.06.2014" in text and "Школе № 0" in text
    for private in ("Вера", "654321", "112-233-445 95", "000-00-01", "с кружком"):
        assert private not in text, private


def test_a_danger_notice_has_the_hour_and_ticks_who_else_was_told_that_day() -> None:
    danger = LETTER | {"kind": "danger", "addressee": "kdn", "at": "10:20", "about": ["c.one"]}
    other = danger | {"id": "out.2", "addressee": "guardianship", "to": "орган опеки"}

    text = paper(opened(letters=[danger, other]), "com_danger_notice")

    assert "03.03.2025, 10:20" in text
    assert "☒ орган опеки и попечительства" in text
    assert "☐ комиссия по делам" in text and "☐ прокуратура" in text


def test_the_family_is_told_of_each_letter_to_an_authority_unless_that_would_harm_a_child() -> None:
    letter = LETTER | {"kind": "recommendation", "addressee": "kdn"}

    assert states(opened(letters=[letter]))["com_family_notice"] == "ready"
    told = letter | {"family_told_on": "2025-03-04", "explain_until": "2025-03-20"}
    case = opened(letters=[told])
    assert states(case)["com_family_notice"] == "made"
    text = paper(case, "com_family_notice")
    assert "Здравствуйте, Вера!" in text and "до 20 марта 2025 г." in text and "Расписка" in text
    withheld = letter | {"withheld_because": "риск побоев"}
    assert states(opened(letters=[withheld]))["com_family_notice"] == "not_needed"
    to_school = letter | {"addressee": "education"}
    assert states(opened(letters=[to_school]))["com_family_notice"] == "not_needed"


def test_a_parent_who_lives_apart_is_not_told_in_the_same_paper() -> None:
    data = yaml.load(CASE, Loader=yaml.BaseLoader)
    father = {"id": "m.two", "last_name": "Ткач", "first_name": "Пётр", "sex": "male", "relation": "отец"}
    data["family"]["members"].append(
        father | {"lives_with_family": "нет", "legal_representative_of": ["c.one"]}
    )

    letter = LETTER | {"kind": "danger", "addressee": "guardianship"}
    text = paper(opened(family=data["family"], letters=[letter]), "com_family_notice")

    assert "Вера" in text and "Пётр" not in text and "П. Ткач" not in text


def test_both_regions_draw_the_safety_plan_by_one_template() -> None:
    plan = {"on": "2025-03-03", "threat": "Печь дымит", "valid_until": "2025-03-30", "responsible": ["m.one"]}
    step = {"danger": "Пахнет дымом", "child": "Выходит на улицу", "call": "112"}
    papers = {
        paper(opened(programme, safety_plans=[plan | {"steps": [step]}]), document)
        for programme, document in zip(REGIONS, ("krg_safety_plan", "com_safety_plan"), strict=True)
    }

    assert len(papers) == 1
    assert "8-800-2000-122" in (text := papers.pop()) and "Выходит на улицу" in text


@pytest.mark.parametrize("programme", REGIONS)
def test_turns_of_a_case_have_their_papers(programme: str) -> None:
    specialists = yaml.load(CASE, Loader=yaml.BaseLoader)["specialists"]
    other = {"id": "s.two", "last_name": "Гусь", "first_name": "Нина", "sex": "female", "position": "юрист"}
    case = opened(
        programme,
        specialists=[*specialists, other],
        agreement={
            "number": "7",
            "signed_on": "2025-03-01",
            "parties": ["m.one"],
            "valid_until": "2025-09-01",
        },
        addenda=[{"number": "1", "on": "2025-06-01", "changes": "Встречи реже", "valid_until": "2026-02-01"}],
        handovers=[{"on": "2025-05-01", "giver": "s.one", "taker": "s.two", "reason": "отпуск"}],
        interruptions=[{"on": "2025-07-01", "until": "2025-07-20", "reason": "санаторий"}],
        refusal={"on": "2025-08-01", "by": "m.one", "explained": "да"},
    )

    assert "(прежний срок — до 1 сентября 2025 г.)" in paper(case, "com_addendum")
    handover = paper(case, "com_handover")
    assert "Случай передала" in handover and "Случай приняла" in handover
    assert "с 1 июля 2025 г." in paper(case, "com_interruption")
    refusal = paper(case, "com_refusal")
    assert "прекратить соглашение от 1 марта 2025 г. № 7" in refusal and re.search(
        r"☒\s+последствия отказа", refusal
    )


def test_a_threat_to_life_calls_for_a_safety_plan() -> None:
    planning = {
        "agreement": {"signed_on": "2025-03-01", "parties": ["m.one"]},
        "deep_assessments": [{"started_on": "2025-03-02", "completed_on": "2025-03-10"}],
    }
    sheet = {"on": "2025-03-05", "scale": "risk", "items": [{"code": "income", "score": "1"}]}

    threatened = opened("sos_partnership", scores=[sheet | {"life_threat": "да"}], **planning)
    assert states(threatened)["com_safety_plan"] == "missing"
    calm = opened("sos_partnership", scores=[sheet], **planning)
    assert states(calm)["com_safety_plan"] == "not_needed"
