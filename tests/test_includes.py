"""A programme takes shared forms over and says of them what only it can know; a fault in that is shown at its place."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from papka.core.errors import Refused
from papka.core.plugging.plugins import Plugins
from papka.core.programmes.region import FormSet, Method, Region
from papka.core.rules.reading import expression_faults

PROGRAMME = """\
papka: '1'
id: river
title: Речная программа
short_title: Река
stages:
- {id: begin, title: Начало, phase: intake, entered_on: referral.received_on}
- {id: work, title: Работа, phase: support, entered_on: agreement.signed_on}
opened_on: agreement.signed_on
closed_on: closure.decided_on
deadlines:
- id: R-1
  title: Первый разговор
  since: referral.received_on
  term: {days: 10}
  done: (contacts|first).on
  cure: Позвоните.
  source: {kind: inferred, text: вымышлено}
includes:
- com_consent_pd
- {id: com_contact_sheet, stage: begin, required: family, deadline: R-1}
- {id: com_conflict_sheet, stage: work, required: family}
documents:
- id: river_safety
  title: План безопасности на реке
  stage: begin
  template: com_safety_plan.docx
  each: safety_plans
  alias: [safety_plan, план_безопасности]
  given: safety_plans
  dated: safety_plan.on
  done: safety_plans
  source: {kind: seed, text: вымышлено}
"""
CODE = """
from papka.core import Region, hookimpl

@hookimpl
def papka_programme() -> Region:
    return Region.of(__name__)
"""
PLAN = """
safety_plans:
- {on: 2025-02-20, threat: Река поднялась до крыльца, valid_until: 2025-03-10}
"""


@pytest.fixture
def river(tmp_path: Path) -> Path:
    """A stranger's plugin that leans on shared forms; the folder to put on the path."""
    package = tmp_path / "site" / "river_region"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(CODE, "utf-8")
    (package / "programme.yaml").write_text(PROGRAMME, "utf-8")
    info = tmp_path / "site" / "river_region-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: river-region\nVersion: 1.0\n", "utf-8")
    (info / "entry_points.txt").write_text("[papka]\nriver = river_region\n", "utf-8")
    return package


def region(tmp_path: Path, old: str, new: str) -> Region:
    (tmp_path / "programme.yaml").write_text(PROGRAMME.replace(old, new), "utf-8")
    return Region(tmp_path)


def test_a_programme_says_stage_need_and_deadline_of_a_shared_form(
    river: Path, run: Callable[..., Any], write: Callable[..., Path], case_text: str
) -> None:
    case = write(case_text.replace("kurgan_ipss", "river"))
    ran = run("status", case, "--json", python_path=river.parent)
    shown = {one["id"]: one for one in json.loads(ran.out)["documents"]}

    assert list(shown)[-1] == "com_consent_pd", "what has no stage comes last"
    sheet = shown["com_contact_sheet"]
    assert (sheet["stage"], sheet["state"], sheet["due"]) == ("begin", "missing", "2025-02-28")
    assert shown["com_conflict_sheet"]["state"] == "not_due"
    assert "DOC-com_contact_sheet" in run("check", case, python_path=river.parent).all


def test_a_regions_document_may_be_drawn_by_a_shared_template(
    river: Path, run: Callable[..., Any], write: Callable[..., Path], case_text: str, tmp_path: Path
) -> None:
    case = write(case_text.replace("kurgan_ipss", "river") + PLAN)

    ran = run("render", case, "river_safety", "--into", tmp_path / "papers", python_path=river.parent)

    assert ran.code == 0, ran.all
    paper = Document(str(next((tmp_path / "papers").glob("river_safety*.docx"))))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    assert "Река поднялась до крыльца" in cells


@pytest.mark.parametrize(
    ("old", "new", "field", "code"),
    [
        ("stage: work, required", "stage: sea, required", "includes[2].stage", "P-STAGE"),
        ("deadline: R-1", "deadline: R-2", "includes[1].deadline", "P-DEADLINE"),
        ("- com_consent_pd\n", "- com_conflict_sheet\n", "includes", "P-TWICE"),
        ("- com_consent_pd\n", "- {id: com_consent_pd, copies: 3}\n", "includes[0].copies", "F-UNKNOWN"),
    ],
)
def test_a_wrong_word_about_a_shared_form_is_refused(
    tmp_path: Path, old: str, new: str, field: str, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        _ = region(tmp_path, old, new).programme

    found = refused.value.findings[0]
    assert (found.place.path, found.id) == (field, code)
    assert found.place.line


def test_a_wrong_expression_about_a_shared_form_has_line_and_column(tmp_path: Path) -> None:
    wrong = region(tmp_path, "stage: work, required: family", "stage: work, required: famly")
    method = Method.of(wrong, [FormSet.of("papka.forms")])
    shared = tuple(method.papers[one.id].type for one in wrong.programme.includes)

    found = wrong.located(expression_faults(wrong.programme, Plugins().language, shared))

    assert [(f.place.path, f.suggestion) for f in found] == [
        ("includes[com_conflict_sheet].required", "family")
    ]
    assert found[0].place.line == 21
