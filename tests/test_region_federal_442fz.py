"""The federal law 442-FZ as a region of data alone: its own checks hold, and a paper without its ground is refused."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from papka.core.findings import Finding
from papka.core.loading import load_case
from papka.core.opening import OpenCase
from papka.core.rules.checking import DocumentStatus
from papka.kit.conformance.checks import all_checks, run
from papka.kit.conformance.trial import Trial
from papka.kit.folder import Opened, opened
from papka.kit.goldens.drawing import Family, drawn
from papka.kit.goldens.reading import seen

REGION = Path(__file__).parents[1] / "examples" / "regions" / "federal_442fz"
SERVICES = """\
    services:
      - {kind: psychological, name: социально-психологическое консультирование, volume: 1 консультация, \
periodicity: 2 раза в месяц, term: до 29.08.2025}
      - {kind: labour, name: помощь в трудоустройстве, volume: 1 услуга, term: до 29.08.2025}
"""
Told = Callable[..., OpenCase]
pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture(scope="module")
def region() -> Opened:
    return opened(REGION)


@pytest.fixture
def family(region: Opened, tmp_path: Path) -> Told:
    """Open an example family, if asked with something of its file written otherwise."""

    def told(name: str, *changes: tuple[str, str]) -> OpenCase:
        text = (REGION / "examples" / f"{name}.yaml").read_text("utf-8")
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / f"{name}{len(changes)}.yaml"
        path.write_text(text, "utf-8")
        return OpenCase(path, load_case(path), region.plugins, region.at_work())

    return told


def by_id(found: list[Finding]) -> dict[str, Finding]:
    return {one.id: one for one in found}


def document(case: OpenCase, name: str, on: date) -> DocumentStatus:
    return next(one for one in case.documents(on) if one.id == name)


def test_its_own_checks_hold(region: Opened) -> None:
    trial = Trial(region)
    # Pictures of every page are the business of `papka plugin check`: they take their time.
    slow = {"P-15", "P-16", "P-18", "P-19", "P-21", "P-22", "P-23", "P-24"}
    found = [run(trial, one) for one in all_checks() if one.id not in slow]

    assert [(one.check.id, one.findings) for one in found if one.state != "holds"] == []


def test_it_is_data_alone(region: Opened) -> None:
    code = [path for path in REGION.rglob("*.py") if "__pycache__" not in path.parts]

    assert [path.name for path in code] == ["__init__.py"]
    assert len(code[0].read_text("utf-8").splitlines()) < 12


def test_the_terms_of_the_law_are_met_or_told(family: Told) -> None:
    in_time = by_id(family("ozerovy").findings(date(2025, 6, 14)))
    assert not {"C-7", "C-8", "C-9"} & set(in_time)

    late = by_id(
        family("ozerovy", ("decided_on: 2025-02-10", "decided_on: 2025-02-12")).findings(date(2025, 2, 20))
    )
    # Five working days from 4 February.
    assert (late["C-7"].due, late["C-7"].actual) == (date(2025, 2, 11), date(2025, 2, 12))


def test_a_paper_knows_the_term_of_a_shared_rule_for_each_application(family: Told) -> None:
    # Two applications of one day, none decided: the decision is due when the term of the law ends.
    waiting = family("vyaltsevy")
    assert document(waiting, "fed442_decision", date(2025, 3, 5)).due == date(2025, 3, 11)


def test_what_tells_of_an_ended_programme_has_not_ended_with_it(family: Told) -> None:
    later = date(2026, 12, 20)
    ended = family("vyaltsevy")

    assert document(ended, "fed442_conclusion", later).expired == 0
    assert document(ended, "fed442_termination", later).expired == 0
    assert document(ended, "com_consent_withdrawal", later).expired == 0
    assert document(ended, "f442_contract", later).expired == 1


def test_a_new_programme_after_a_conclusion_goes_on_with_the_services(family: Told) -> None:
    def stage(name: str, on: date) -> str:
        return family(name).on(on).progress.stage

    assert stage("ozerovy", date(2025, 6, 2)) == "ending"
    assert stage("vyaltsevy", date(2025, 8, 20)) == "ending"
    assert stage("vyaltsevy", date(2025, 9, 1)) == "services"
    assert stage("vyaltsevy", date(2025, 11, 14)) == "ending"
    assert stage("lisitsyny", date(2025, 5, 1)) == "needs"


@pytest.mark.parametrize(
    ("name", "old", "new", "rule", "blocked"),
    [
        ("vyaltsevy", "[family_conflict, other]", "[]", "F442-1", "fed442_decision"),
        ("lisitsyny", "refusal_reason: >-", "income: >-", "F442-2", "fed442_decision"),
        ("ozerovy", "recognised: да", "recognised: нет\n    refusal_reason: нет", "F442-4", "f442_ippsu"),
        ("ozerovy", "programme: '12'", "programme: '13'", "F442-7", "f442_contract"),
        ("vyaltsevy", "termination_reason: письменный", "# письменный", "F442-9", "fed442_termination"),
        ("ozerovy", "programme: '12',", "programme: '12', price: 100,", "C-13", "f442_contract"),
    ],
)
def test_a_paper_without_its_ground_is_not_drawn_up(
    family: Told, region: Opened, name: str, old: str, new: str, rule: str, blocked: str
) -> None:
    whole, bare = family(name), family(name, (old, new))
    told = by_id(bare.findings(date(2025, 12, 31)))[rule]

    assert told.severity == "error" and told.source is not None
    for case, is_refused in ((whole, False), (bare, True)):
        made = drawn(Family(name, case.path), region.at_work(), region.plugins, only=[blocked])
        assert (blocked in made.refused, blocked in made.papers) == (is_refused, not is_refused)


@pytest.mark.parametrize(
    ("rule", "name", "old", "new"),
    [
        ("F442-3", "ozerovy", "    recognised: да\n", ""),
        ("F442-5", "vyaltsevy", SERVICES, "    services: []\n"),
        ("F442-6", "ozerovy", "valid_until: 2025-06-13\n    forms", "valid_until: 2028-02-13\n    forms"),
        ("F442-8", "ozerovy", "valid_until: 2025-06-13}", "valid_until: 2025-06-14}"),
        ("F442-10", "ozerovy", "concluded_on:", "# concluded_on:"),
        ("F442-11", "ozerovy", "contract: '12'", "contract: '13'"),
        ("F442-12", "ozerovy", "on: 2025-02-06\n    by", "on: 2025-02-11\n    by"),
    ],
)
def test_what_does_not_agree_is_told(family: Told, rule: str, name: str, old: str, new: str) -> None:
    whole, bare = (family(name, *changes).findings(date(2025, 12, 31)) for changes in ((), ((old, new),)))

    assert rule not in by_id(whole) and rule in by_id(bare)


def words(trial: Trial, family: str, document: str) -> str:
    (paper,) = trial.drawn(family).papers[document]
    return re.sub(r"\s+", " ", seen(paper.content))


def test_the_decision_says_yes_with_its_circumstances_or_no_with_its_reason(region: Opened) -> None:
    trial = Trial(region)
    yes = words(trial, "ozerovy", "fed442_decision")
    no = words(trial, "lisitsyny", "fed442_decision")

    assert "Признать Озерову Марию Денисовну" in yes and "наличие ребёнка" in yes
    assert "не позднее 10 рабочих дней" in yes and "Отказать" not in yes
    assert (
        "Отказать Лисициной Юлии Олеговне" in no and "бесплатную секцию предоставляет спортивная школа" in no
    )


def test_a_shared_rule_that_is_no_deadline_cannot_be_the_term_of_a_paper(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(REGION, tmp_path / "federal_442fz"))
    programme = folder / "programme.yaml"
    programme.write_text(programme.read_text("utf-8").replace("deadline: C-7", "deadline: C-1"), "utf-8")

    fault = opened(folder).info.fault
    assert fault and "C-1" in fault and "deadline" in fault
