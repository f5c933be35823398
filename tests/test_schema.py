"""`papka form schema`: editors complete and check a case file by it, in Russian."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from conftest import Run
from ruamel.yaml import YAML

from papka.core import yamltext
from papka.core.schema import case_schema

EXAMPLES = sorted(Path(__file__).parent.parent.glob("plugins/*/examples/[!r]*.yaml"))
EXAMPLES += sorted(Path(__file__).parent.parent.glob("plugins/*/examples/rimskie*.yaml"))
CHECK = jsonschema.Draft202012Validator(case_schema())


def test_the_schema_is_printed_valid_and_russian(run: Run, tmp_path: Path) -> None:
    done = run("form", "schema", lang="ru")
    schema = json.loads(done.out)
    assert done.code == 0
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["properties"]["family"]["title"] == "Семья" and schema["additionalProperties"] is False
    phone = schema["$defs"]["Family"]["properties"]["phone"]
    assert phone["title"] == "Телефон" and "Напишите" in phone["description"]
    assert run("form", "schema", "--out", "s.json", lang="ru").code == 0
    assert json.loads((tmp_path / "s.json").read_text("utf-8")) == schema


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda one: one.stem)
def test_examples_are_right_by_the_schema_as_papka_and_as_editors_read_them(file: Path) -> None:
    read = [yamltext.read(file.read_bytes()).data]
    if file.stem in ("bezotchestva", "kim"):  # a slow reader, which takes 7 for a number as editors do
        in_editor = YAML(typ="safe", pure=True).load(file.read_text("utf-8"))
        read.append(json.loads(json.dumps(in_editor, default=lambda day: day.isoformat())))
    for data in read:
        assert [f"{one.json_path}: {one.message}" for one in CHECK.iter_errors(data)] == []


def _with(path: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(data: dict[str, Any]) -> None:
        *owners, last = (int(step) if step.isdigit() else step for step in path.split("."))
        at: Any = data
        for step in owners:
            at = at[step]
        at[last] = value

    return change


@pytest.mark.parametrize(
    ("path", "value", "is_right"),
    [
        ("family.members.0.birthdate", "1988-03-09", False),
        ("family.members.0.birth_date", "март 1988", False),
        ("family.members.0.birth_date", "09.03.1988", True),
        ("family.members.0.sex", "женский", True),
        ("family.members.0.sex", "ж", False),
        ("family.members.0.first_name", None, False),
        ("family.members.0.phone", "спросить", False),
        ("family.members.0.phone", "8 (35251) 2-00-00, доб. 12", True),
        ("family.members.0.phone", 89000000001, True),
        ("family.members.0.phone", None, True),
        ("family.members.0.snils", "12-345", False),
        ("family.members.0.income_monthly", "7 900,50 руб.", True),
        ("family.members.0.income_monthly", "мало", False),
        ("family.members.0.lives_with_family", "нет", True),
        ("family.members.0.lives_with_family", "иногда", False),
        ("family.members.0.document.kind", "справка", False),
        ("family.status_flags", "low_income", False),
        ("referral.channel", "обращение семьи", True),
        ("referral.urgent", True, True),
        ("referral", "звонок", False),
        ("id", "7/2025", False),
        ("number", 7, True),
        ("organisation", None, False),
    ],
)
def test_what_is_typed_wrong_is_marked_and_what_papka_takes_is_not(
    path: str, value: Any, is_right: bool
) -> None:
    file = next(one for one in EXAMPLES if one.stem == "chernykh_shevchenko")
    data = yamltext.read(file.read_bytes()).data
    _with(path, value)(data)
    assert CHECK.is_valid(data) is is_right


def test_what_the_office_says_need_not_stand_in_the_case(case_text: str) -> None:
    data = yamltext.read(case_text.encode()).data
    del data["organisation"], data["specialists"]
    assert CHECK.is_valid(data)
    del data["referral"]
    assert not CHECK.is_valid(data)
