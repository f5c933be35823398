"""Families that are not like the example: whatever a worker may type comes out in the paper as typed."""

import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from docx import Document
from reading import EXAMPLES, LAST_DAY, NBSP, PLUGINS, words

from papka.core.contract.case import Case
from papka.core.opening import OpenCase
from papka.core.vocabulary import RecordType, record_type
from papka.output.rendering import Press
from papka.output.work import ready

HARD = 'Мать & <дитя> «семья» "кавычки" {{ 7*7 }} {% raw %} ]]> ${x} №\u00a05'
LONG = "Очень длинный рассказ о жизни семьи. " * 55
# Values of a fixed form, and codes by which things of a case refer to each other.
FIXED = {
    "id", "papka", "programme", "fictional", "code", "series", "number", "dept_code", "snils", "inn", "kpp",
    "ogrn", "phone", "email", "postcode", "last_name", "first_name", "patronymic", "scale",
}  # fmt: skip


def raw(path: Path) -> dict[str, Any]:
    data: dict[str, Any] = yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)
    return without_empty(data)


def without_empty(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: without_empty(value) for key, value in data.items() if value not in ("", "null", "~")}
    return [without_empty(one) for one in data] if isinstance(data, list) else data


def replaced(data: Any, owner: RecordType | None, text: str) -> Any:
    """Put a text into every free-text field of a case."""
    if owner is None or not isinstance(data, dict):
        return data
    changed = {}
    for name, value in data.items():
        known = owner.fields.get(name)
        kind = known.type if known else None
        if kind is None:
            changed[name] = value
        elif kind.kind == "list" and kind.item is not None and kind.item.model and not kind.item.refers:
            changed[name] = [replaced(one, record_type(kind.item.model), text) for one in value]
        elif kind.model is not None and not kind.refers:
            changed[name] = replaced(value, record_type(kind.model), text)
        elif kind.kind in ("text", "phrase") and not kind.choices and name not in FIXED:
            changed[name] = text
        else:
            changed[name] = value
    return changed


def drawn(data: dict[str, Any]) -> dict[str, str]:
    case = Case.model_validate(data)
    opened = OpenCase(Path("case.yaml"), case, PLUGINS, PLUGINS.method(case.programme))
    press = Press(opened.method, PLUGINS.language)
    return {
        paper.name: "\n".join(words(Document(io.BytesIO(paper.content))))
        for name in ready(opened, LAST_DAY)
        for paper in press.render(case, name, LAST_DAY)
    }


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_signs_that_mean_something_to_a_program_come_out_as_typed(example: Path) -> None:
    papers = drawn(replaced(raw(example), record_type(Case), HARD))

    assert papers
    shown = [name for name, text in papers.items() if HARD.replace(NBSP, " ") in text.replace(NBSP, " ")]
    # Every paper prints at least the organisation, whose name was replaced too.
    assert sorted(shown) == sorted(papers)
    assert not any("49" in text and "7*7" not in text for text in papers.values())


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_two_thousand_characters_in_every_field_are_not_lost(example: Path) -> None:
    data = raw(example)
    long = replaced(data, record_type(Case), "Ткани")
    for assessment in long.get("preliminary_assessments", []):
        for aspect in assessment["aspects"]:
            aspect["facts"] = LONG
    for task in long.get("tasks", []):
        task["client_actions"] = LONG

    papers = drawn(long)

    plans = [text for name, text in papers.items() if "ipss" in name or "development_plan" in name]
    assert bool(plans) == bool(long.get("plans"))
    assert all(text.replace(NBSP, " ").count(LONG.strip()) >= 1 for text in plans)


def family(**changes: Any) -> dict[str, Any]:
    """A small family at the beginning of its way, changed as a test wants it."""
    mother = {
        "id": "m.mother",
        "last_name": "Салтыкова-Щедрина",
        "first_name": "Любовь",
        "sex": "female",
        "birth_date": "1990-02-28",
        "relation": "мать",
        "legal_representative_of": [f"c.{n}" for n in range(5)],
        "document": {"kind": "foreign_passport", "number": "AB 1234567", "issued_by": "Посольство"},
    }
    children = [
        {
            "id": f"c.{n}",
            "last_name": "Ким",
            "first_name": name,
            "sex": "male",
            "birth_date": born,
            "relation": "сын",
        }
        for n, (name, born) in enumerate(
            [
                ("Лев", "2015-03-07"),
                ("Павел", "2011-03-07"),
                ("Игорь", "2007-03-07"),
                ("Пётр", "2007-03-08"),
                ("Фома", "2024-02-29"),
            ]
        )
    ]
    data: dict[str, Any] = {
        "papka": "1",
        "programme": "sos_partnership",
        "id": "X-1",
        "organisation": {
            "full_name": "Благотворительный фонд «Рядом»",
            "short_name": "Фонд «Рядом»",
            "head": {"person": "p.head", "position": "директор", "acts_on": "Устава"},
        },
        "specialists": [
            {
                "id": "p.head",
                "last_name": "Гусь",
                "first_name": "Наталья",
                "sex": "female",
                "position": "директор",
            }
        ],
        "curators": [{"specialist": "p.head", "since": "2025-03-07"}],
        "family": {"display_name": "семья Ким", "members": [mother, *children]},
        "referral": {"received_on": "2025-03-03", "channel": "self_appeal", "text": "Просит помощи"},
        "application": {"on": "2025-03-05", "text": "Прошу помощи"},
        "agreement": {"signed_on": "2025-03-07", "parties": ["m.mother"]},
    }
    return {**data, **changes}


def test_a_double_surname_without_patronymic_declines_and_a_womans_hard_surname_does_not() -> None:
    text = drawn(family())["sos_cooperation_agreement"].replace(NBSP, " ")

    assert "директора Гусь Натальи" in text
    assert "Салтыкова-Щедрина Любовь" in text
    assert "  " not in text


def test_all_five_children_are_named_and_who_is_eighteen_is_no_child() -> None:
    """On 7 March 2025 Игорь is exactly eighteen, Пётр is a day younger, and Лев is exactly ten."""
    text = drawn(family())["sos_cooperation_agreement"].replace(NBSP, " ")

    for name in ("Льва", "Павла", "Петра", "Фомы"):
        assert f"Кима {name}" in text
    assert "Кима Игоря" not in text


@pytest.mark.parametrize(
    ("day", "age"), [(date(2025, 3, 6), 9), (date(2025, 3, 7), 10), (date(2026, 3, 7), 11)]
)
def test_ages_are_those_of_the_day(day: date, age: int) -> None:
    case = Case.model_validate(family())
    opened = OpenCase(Path("case.yaml"), case, PLUGINS, PLUGINS.method("sos_partnership"))
    children = opened.on(day).ask("family.children")

    ages = {child["first_name"]: child["age"] for child in children}  # type: ignore[attr-defined]
    assert ages["Лев"] == age
