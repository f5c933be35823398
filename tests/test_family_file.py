"""The family's own file: which papers the case shows as made, the list of them, and the forms around it."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from reading import EXAMPLES, LAST_DAY, NBSP, PLUGINS, as_word, words

from papka.core import yamltext
from papka.core.contract.case import Case
from papka.core.facts import Later
from papka.core.opening import OpenCase
from papka.core.rules.situation import Situation
from papka.output.rendering import Press

KURGAN, SOS = (
    next(path for path in EXAMPLES if path.stem == name) for name in ("chernykh_shevchenko", "kim")
)
MINOR = "com_consent_pd_minor"


def raw(example: Path) -> dict[str, Any]:
    data: dict[str, Any] = yamltext.read(example.read_bytes()).data
    return data


def case(example: Path, **changes: Any) -> Case:
    return Case.model_validate({**raw(example), **changes})


def on(known: Case, day: date) -> Situation:
    return OpenCase(Path("case.yaml"), known, PLUGINS, PLUGINS.method(known.programme)).on(day)


def drawn(known: Case, document: str, day: date = LAST_DAY) -> list[Any]:
    press = Press(PLUGINS.method(known.programme), PLUGINS.language)
    return [as_word(paper) for paper in press.render(known, document, day)]


def rows(paper: Any) -> list[list[str]]:
    return [[cell.text.replace(NBSP, " ") for cell in row.cells] for row in paper.tables[0].rows][1:]


# --- what the case shows as made -------------------------------------------------------------------------


def test_papers_are_those_that_were_made_by_the_day_the_oldest_first() -> None:
    known = case(KURGAN)

    early, late = (on(known, day).ask("papers") for day in (date(2025, 2, 13), LAST_DAY))

    assert {one["kind"] for one in early} >= {"krg_application", "com_living_act", MINOR}
    assert "krg_agreement" not in {one["kind"] for one in early}
    days = [one["on"] for one in late if isinstance(one["on"], date)]
    assert days == sorted(days) and len(days) > len(early)


def test_a_consent_that_was_not_given_is_no_paper_although_others_gave_theirs() -> None:
    found = on(case(KURGAN), LAST_DAY).ask("papers|where('kind', 'com_consent_pd')|pluck('about')")

    assert "Черных Л. И." in [str(one).replace(NBSP, " ") for one in found]
    assert not any("Белоконь" in str(one) for one in found)


def test_a_paper_about_a_child_names_the_child_and_keeps_its_number() -> None:
    situation = on(case(SOS), LAST_DAY)

    triangles = situation.ask("бумаги|где('вид', 'sos_needs_triangle')|поля('о_ком')")
    agreement = situation.ask("(papers|where('kind', 'sos_cooperation_agreement')|first).number")

    assert {str(one).replace(NBSP, " ") for one in triangles} == {"Ким А. Д.", "Ким Р. Д."}
    assert agreement == "12"


def test_a_document_type_that_asks_for_the_papers_does_not_go_in_circles() -> None:
    known = case(KURGAN)
    method = PLUGINS.method(known.programme)
    asking = method.papers["krg_application"].type.model_copy(update={"done": "papers|count == 0"})
    situation = Situation(known, method.programme, PLUGINS.language, LAST_DAY, forms=(asking,))

    assert [one["kind"] for one in situation.ask("papers")] == ["krg_application"]


def test_the_list_is_worked_out_when_somebody_looks_into_it_and_only_once() -> None:
    asked: list[int] = []
    later = Later(lambda: asked.append(1) or ["a", "b"])  # type: ignore[func-returns-value]
    context = {"papers": later, "бумаги": later}

    assert asked == []
    assert (list(context["papers"]), len(later), later[1], "a" in later) == (["a", "b"], 2, "b", True)
    assert asked == [1]


# --- the list of the file --------------------------------------------------------------------------------

TYPED = [
    {"title": "Заявление", "on": "2025-03-05", "sheets": "1"},
    {"title": "Согласия", "sheets": "8"},
    {
        "title": "Соглашение",
        "number": "12",
        "sheets": "6",
        "is_copy": "да",
        "note": "второй экземпляр у семьи",
    },
]


def test_the_inventory_prints_the_papers_that_were_typed_in_with_their_sheets_and_totals_in_words() -> None:
    paper = drawn(case(SOS, file_papers=TYPED), "com_file_inventory")[0]

    assert rows(paper) == [
        ["1", "Заявление", "05.03.2025", "1", ""],
        ["2", "Согласия", "—", "2–9", ""],
        ["3", "Соглашение № 12 (копия)", "—", "10–15", "второй экземпляр у семьи"],
    ]
    text = "\n".join(words(paper)).replace(NBSP, " ")
    assert "Итого документов: 3 (три)." in text and "Листов: 15 (пятнадцать)." in text


def test_sheets_are_left_to_the_pen_from_the_paper_on_that_does_not_say_how_many_it_has() -> None:
    typed = [TYPED[0], {"title": "Письмо"}, TYPED[2]]

    paper = drawn(case(SOS, file_papers=typed), "com_file_inventory")[0]

    assert [row[3] for row in rows(paper)] == ["1", "", ""]
    assert "Листов: ___" in "\n".join(words(paper))


def test_the_inventory_lists_by_itself_what_the_case_shows_as_made() -> None:
    known = case(KURGAN, file_papers=[])

    paper = drawn(known, "com_file_inventory")[0]

    found = on(known, LAST_DAY).ask("papers")
    assert [row[1].split(" — ")[0].split(" № ")[0] for row in rows(paper)] == [one["title"] for one in found]
    assert f"Итого документов: {len(found)} (" in "\n".join(words(paper))


# --- the forms around it ---------------------------------------------------------------------------------

CONTRACT = {"number": "45", "signed_on": "2025-02-28", "customer": "m.lyubov", "programme": "45"}


def test_social_services_to_a_child_are_free_of_charge_in_the_contract() -> None:
    contracts = [{**CONTRACT, "recipient": "c.pavel"}, {**CONTRACT, "number": "46", "price": "900"}]

    papers = drawn(case(KURGAN, service_contracts=contracts), "f442_contract")

    child, adult = ("\n".join(words(paper)).replace(NBSP, " ") for paper in papers)
    assert "предоставляются ему бесплатно" in child and "рублей" not in child
    assert "900,00 руб. (девятьсот рублей 00 копеек) в месяц" in adult


def test_the_extract_holds_the_services_and_neither_address_nor_papers_of_the_family() -> None:
    service = {"kind": "legal", "name": "помощь в оформлении документов", "periodicity": "1 раз"}
    programme = {"number": "45", "on": "2025-02-27", "recipient": "c.pavel", "services": [service]}
    other = {**programme, "number": "46", "services": [{**service, "name": "чужая услуга"}]}
    known = case(KURGAN, service_contracts=[CONTRACT], service_programmes=[programme, other])

    text = "\n".join(words(drawn(known, "f442_ippsu_extract")[0]))

    assert "помощь в оформлении документов" in text and "чужая услуга" not in text
    assert "Заречная" not in text and "654321" not in text and "СНИЛС" not in text


@pytest.mark.parametrize(("said", "told"), [("да", True), ("нет", False), (None, True)])
def test_the_memo_for_the_first_visit_speaks_of_bad_experience_where_there_was_one_or_nobody_asked(
    said: str | None, told: bool
) -> None:
    data = dict(raw(SOS)["referral"])
    data.pop("prior_negative_experience")
    known = case(SOS, referral={**data, **({"prior_negative_experience": said} if said else {})})

    text = "\n".join(words(drawn(known, "com_first_visit_memo")[0]))

    assert ("Что было не так в прошлый раз?" in text) is told


def test_the_memo_for_who_is_near_says_the_agreed_role_and_nothing_about_the_family() -> None:
    near = {
        "name": "Анна Ивановна",
        "who": "соседка",
        "role": "забирает сына из сада",
        "agreed_on": "2025-03-05",
    }
    unasked = {"name": "Сергей Петрович"}
    known = case(KURGAN, surroundings=[near, unasked])

    papers = drawn(known, "com_surroundings_memo")

    text = "\n".join(words(papers[0]))
    assert len(papers) == 1 and "забирает сына из сада" in text and "Это добровольно." in text
    assert not any(member.last_name in text for member in known.family.members)


def test_a_sheet_of_an_earlier_conflict_does_not_name_a_later_one_that_grew_out_of_it() -> None:
    first = {"id": "c1", "on": "2025-03-01", "occasion": "уроки", "linked": ["c2"]}
    later = {"id": "c2", "on": "2025-06-01", "occasion": "деньги", "linked": ["c1"]}

    papers = drawn(case(KURGAN, conflicts=[first, later]), "com_conflict_sheet")

    sheets = ["\n".join(words(paper)) for paper in papers]
    assert len(sheets) == 2
    assert "«деньги»" not in sheets[0] and "Связан с конфликтами: «уроки»" in sheets[1]


def test_a_brief_act_stands_in_the_place_of_the_long_one() -> None:
    acts = raw(KURGAN)["living_conditions"]
    known = case(KURGAN, living_conditions=[{**acts[0], "brief": "да"}])
    opened = OpenCase(Path("case.yaml"), known, PLUGINS, PLUGINS.method(known.programme))

    states = {one.id: one.state for one in opened.documents(LAST_DAY)}

    assert (states["com_living_act_short"], states["com_living_act"]) == ("made", "not_needed")
    assert "МБОУ «Примерная СОШ»" in "\n".join(words(drawn(known, "com_living_act_short")[0]))


PART_B = [
    name for name in PLUGINS.method("kurgan_ipss").papers if name.startswith(("f442", "soc_", "com_file"))
]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_an_ordinary_family_is_never_told_that_it_lacks_a_paper_of_law_it_has_no_facts_for(
    example: Path,
) -> None:
    gone = (
        "service_applications",
        "service_programmes",
        "service_contracts",
        "service_acts",
        "urgent_services",
    )
    known = case(example, **{name: [] for name in (*gone, "social_contracts", "file_papers")})
    opened = OpenCase(Path("case.yaml"), known, PLUGINS, PLUGINS.method(known.programme))

    states = {one.id: one.state for one in opened.documents(LAST_DAY)}

    assert {states[name] for name in PART_B} == {"not_needed"}


def test_a_blank_form_has_room_to_write() -> None:
    press = Press(PLUGINS.method("kurgan_ipss"), PLUGINS.language)

    paper = as_word(press.blank("com_file_inventory"))

    assert len(rows(paper)) >= 20
