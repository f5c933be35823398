"""The region of the social contract: four systems, five phases, and money that is accounted for each month.

The method is source text 003 (the phases and systems of Pincus and Minahan, the contract of social adaptation).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from conftest import Run

from papka.core.rules.checking import check
from papka.core.rules.situation import Situation
from papka.kit.conformance.checks import all_checks, run
from papka.kit.conformance.trial import Trial
from papka.kit.folder import Opened, opened
from papka.kit.goldens.reading import seen
from papka.output.rendering import Press

REGION = Path(__file__).parents[1] / "examples" / "regions" / "social_contract"
TOLD = date(2026, 1, 15)
pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture(scope="module")
def region() -> Opened:
    return opened(REGION)


def situation(region: Opened, family: str, day: date = TOLD) -> Situation:
    method = region.at_work()
    case = method.region.example(REGION / "examples" / f"{family}.yaml").as_of(day)
    return Situation(case, method.programme, region.plugins.language_for(method), day, forms=method.forms)


def with_task(one: Situation, **changes: object) -> Situation:
    first, *others = one.case.tasks
    tasks = (first.model_copy(update=changes), *others)
    return replace(one, case=one.case.model_copy(update={"tasks": tasks}))


def found(region: Opened, one: Situation) -> set[str]:
    return {finding.id for finding in check(one, region.at_work())}


def paper(region: Opened, one: Situation, name: str, number: int = 0) -> str:
    press = Press(region.at_work(), region.plugins.language_for(region.at_work()))
    drawn = list(press.render(one.case, f"social_contract_{name}", one.on))
    return " ".join(seen(drawn[number].content).replace("\u00a0", " ").split())


def test_its_own_checks_hold(region: Opened) -> None:
    trial = Trial(region)
    # Each paper of each derived family, PDFs and the hardest names are for `papka plugin check`: a test may not last so long.
    slow_or_empty = {"P-13", "P-14", "P-15", "P-16", "P-18", "P-19", "P-21", "P-22", "P-23", "P-24"}
    outcomes = [run(trial, one) for one in all_checks() if one.id not in slow_or_empty]

    assert [(one.check.id, one.findings) for one in outcomes if one.state != "holds"] == []
    assert all(one.count for one in outcomes)


def test_its_table_is_proven_where_it_lies(here: Run) -> None:
    proven = here("plugin", "prove", str(REGION))

    assert proven.code == 0
    assert "SOC-L1" in proven.out and "NEVER REACHED" not in proven.out


def test_a_family_goes_through_the_five_phases_and_then_the_change_is_made_to_last(region: Opened) -> None:
    days = {
        date(2025, 2, 3): ("acquaintance", "intake"),
        date(2025, 2, 5): ("information", "assessment"),
        date(2025, 2, 14): ("diagnosis", "planning"),
        date(2025, 2, 28): ("intervention", "support"),
        date(2025, 9, 2): ("evaluation", "closing"),
        date(2025, 9, 5): ("stabilisation", "closing"),
    }

    stages = {day: situation(region, "losevy", day).stage for day in days}

    assert {day: (one.id, one.phase) for day, one in stages.items() if one} == days
    assert situation(region, "losevy", date(2025, 2, 28)).progress.opened_on == date(2025, 2, 28)


def test_the_widest_level_on_which_there_is_a_difficulty_is_proposed(region: Opened) -> None:
    structural, collective = situation(region, "losevy"), situation(region, "berezhnye")
    (review,) = collective.case.level_reviews
    alone = [mark.model_copy(update={"present": mark.code == "I1"}) for mark in review.signs]
    changed = review.model_copy(update={"signs": tuple(alone)})
    individual = replace(collective, case=collective.case.model_copy(update={"level_reviews": (changed,)}))

    proposed = [one.level for one in (structural, collective, individual)]
    assert [one.rule for one in proposed] == ["SOC-L1", "SOC-L2", "SOC-L3"]
    assert [one.proposed.id for one in proposed if one.proposed] == ["structural", "collective", "individual"]


@pytest.mark.parametrize("system", ["change_agents", "client_system", "target_system", "action_system"])
def test_a_task_names_all_four_systems(region: Opened, system: str) -> None:
    whole = situation(region, "losevy")

    assert "SOC-C1" not in found(region, whole)
    assert "SOC-C1" in found(region, with_task(whole, **{system: None}))


def test_goals_are_not_achieved_while_the_family_does_nothing_by_itself(region: Opened) -> None:
    whole = situation(region, "losevy")

    assert "SOC-C8" not in found(region, whole)
    assert "SOC-C8" in found(region, with_task(whole, status="not_achieved"))


def test_what_is_spent_is_added_up_and_held_against_the_contract(region: Opened) -> None:
    whole = situation(region, "losevy")
    (contract,) = whole.case.social_contracts
    poorer = contract.model_copy(update={"amount": Decimal(246_650)})
    overspent = replace(whole, case=whole.case.model_copy(update={"social_contracts": (poorer,)}))

    assert "Итого | 146 400,00" in paper(region, whole, "report")
    assert "Расходов не было" in paper(region, whole, "report", 2)
    assert "250 000,00 руб.; израсходовано 246 650,50 руб." in paper(region, whole, "conclusion")
    assert "SOC-C6" not in found(region, whole)
    assert "SOC-C6" in found(region, overspent)


def test_a_report_belongs_to_the_contract_that_it_names(region: Opened) -> None:
    whole = situation(region, "losevy")
    (contract,) = whole.case.social_contracts
    second = contract.model_copy(update={"id": "sc.2", "number": "8", "asked_on": date(2025, 9, 1)})
    first, *others = whole.case.contract_reports
    reports = (first.model_copy(update={"contract": "7"}), *others)
    case = whole.case.model_copy(update={"social_contracts": (contract, second), "contract_reports": reports})

    assert spent_by(replace(whole, case=case)) == {"7": Decimal("146400.00"), "8": Decimal("100250.50")}


def spent_by(one: Situation) -> dict[str | None, object]:
    asked = "(social_contracts|where('number', '{}')|first).spent"
    return {known.number: one.ask(asked.format(known.number)) for known in one.case.social_contracts}


def test_a_month_without_a_report_is_told(region: Opened) -> None:
    whole = situation(region, "losevy", date(2025, 5, 10))
    silent = replace(whole, case=whole.case.model_copy(update={"contract_reports": ()}))

    assert "SOC-R1" not in found(region, whole)
    assert "SOC-R1" in found(region, silent)


def test_the_contract_speaks_of_money_only_where_there_is_any(region: Opened) -> None:
    paid, unpaid = (paper(region, situation(region, one), "contract") for one in ("losevy", "berezhnye"))

    assert "250 000,00 руб. (двести пятьдесят тысяч рублей 00 копеек)" in paid
    assert "Хранить чеки" in paid and "израсходована не по назначению" in paid
    assert "Денежная выплата по Контракту не предусмотрена" in unpaid
    assert "Хранить чеки" not in unpaid and "израсходована" not in unpaid


def test_the_conclusion_says_how_much_of_the_problem_is_solved(region: Opened) -> None:
    solved, partly = (paper(region, situation(region, one), "conclusion") for one in ("losevy", "berezhnye"))

    assert "Достигнуто задач: 3 из 3." in solved and "☒ проблема решена: все" in solved
    assert "Достигнуто задач: 1 из 2." in partly and "☒ проблема решена частично" in partly
    assert solved.count("☒") == partly.count("☒") == 1
