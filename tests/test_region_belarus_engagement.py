"""A region of another country: Belarus decides its days off, its numbers, its money; its own checks hold.

The method (source text 000): decisions follow the goals of a family, not how close it let the worker come.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from papka.core.contract.countries import Country
from papka.core.errors import Refused
from papka.core.loading import examined, load_case, text_of
from papka.core.office import Office
from papka.core.plugging.plugins import Plugins
from papka.core.rules.checking import check, runs
from papka.core.rules.situation import Situation
from papka.core.workdays import STANDARD
from papka.kit.conformance.checks import all_checks, run
from papka.kit.conformance.personal import suspects
from papka.kit.conformance.trial import Trial
from papka.kit.folder import Opened, opened
from papka.output.keeping.anonymising import anonymise

ROOT = Path(__file__).parents[1]
REGION = ROOT / "examples" / "regions" / "belarus_engagement"
pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture(scope="module")
def region() -> Opened:
    return opened(REGION)


def situation(region: Opened, family: str, day: date) -> Situation:
    assert region.method is not None
    case = region.method.region.example(REGION / "examples" / f"{family}.yaml").as_of(day)
    language = region.plugins.language_for(region.method)
    return Situation(case, region.method.programme, language, day, forms=region.method.forms)


def test_its_own_checks_hold(region: Opened) -> None:
    trial = Trial(region)
    quick = {"P-03", "P-04", "P-06", "P-07", "P-08", "P-09", "P-10", "P-11", "P-12", "P-13"}
    found = [run(trial, one) for one in all_checks() if one.id in quick]

    assert [(one.check.id, one.findings) for one in found if one.state != "holds"] == []
    assert all(one.count for one in found)


def test_the_decision_follows_the_goals_and_not_the_relationship(region: Opened) -> None:
    far = situation(region, "lozovskie", date(2025, 10, 8))
    near = situation(region, "haidukevichi", date(2025, 11, 13))

    assert far.case.engagement[-1].relationship_position == 1
    assert near.case.engagement[-1].relationship_position == 5
    assert far.level.proposed and (far.level.rule, far.level.proposed.id) == ("BEL-1", "finish")
    assert near.level.proposed and (near.level.rule, near.level.proposed.id) == ("BEL-5", "revise")
    # The same goals with the relationship of the other family: the same decision.
    closer = far.case.engagement[-1].model_copy(update={"relationship_position": 5, "mistrust": 1})
    same = replace(far, case=far.case.model_copy(update={"engagement": (closer,)}))
    assert same.level == far.level


def test_a_case_is_not_closed_without_a_word_about_the_goals(region: Opened) -> None:
    assert region.method is not None
    one = situation(region, "lozovskie", date(2025, 10, 9))
    bare = replace(one, case=one.case.model_copy(update={"plan_reviews": ()}))

    assert "BEL-C2" not in {found.id for found in check(one, region.method)}
    (told,) = [found for found in check(bare, region.method) if found.id == "BEL-C2"]
    assert told.severity == "error"


def test_terms_are_counted_by_the_days_off_of_the_country(region: Opened) -> None:
    # In Belarus 26 April 2025 was a working Saturday, 28 and 29 April (Radunitsa) were days off.
    one = situation(region, "lozovskie", date(2025, 5, 5))
    russian = replace(one, programme=one.programme.model_copy(update={"country": Country.RUSSIA}))
    due = {
        day.programme.country: next(run.due for run in runs(day) if run.rule.id == "BEL-D1")
        for day in (one, russian)
    }

    assert due == {Country.BELARUS: date(2025, 5, 2), Country.RUSSIA: date(2025, 4, 30)}
    assert STANDARD.in_country(Country.RUSSIA) is STANDARD


def test_numbers_are_those_of_the_country_of_the_programme() -> None:
    typed = text_of(REGION / "examples" / "lozovskie.yaml").data
    here, none = examined(typed, Country.BELARUS)
    _, there = examined(typed, Country.RUSSIA)

    assert here is not None and not none
    mother, son = here.family.members[:2]
    assert (here.organisation.phone, mother.phone) == ("+375 17 000-00-01", "+375 29 000-00-03")
    assert mother.document is not None and mother.document.series == "MP"
    assert son.document is not None and son.document.number == "0501122"
    # By the rules of Russia the same file is refused: nothing was loosened there.
    assert {one.place.path for one in there} == {
        "organisation.unp",
        "family.members[1].document.number",
    }


@pytest.mark.parametrize(
    ("path", "typed", "told"),
    [
        ("personal_no", "4120489A000PB7", "F-PERSONAL-NO"),
        ("personal_no", "3120489A000PB1", "F-PERSONAL-NO"),  # a man's
        ("document", {"kind": "passport_by", "series": "MP1", "number": "1234567"}, "F-PASSPORT"),
        ("document", {"kind": "passport_rf", "series": "MP", "number": "1234567"}, "F-PASSPORT"),
    ],
)
def test_a_number_that_only_looks_right_is_refused(path: str, typed: object, told: str) -> None:
    data = text_of(REGION / "examples" / "lozovskie.yaml").data
    data["family"]["members"][0][path] = typed

    _, found = examined(data, Country.BELARUS)

    assert told in {one.id for one in found}
    assert all("4120489" not in one.message + one.cure for one in found)


def test_letters_typed_in_russian_become_those_of_the_document() -> None:
    data = text_of(REGION / "examples" / "lozovskie.yaml").data
    data["family"]["members"][0] |= {"personal_no": "4120489 А000 РВ8"}
    data["family"]["members"][0]["document"]["series"] = "мр"

    case, _ = examined(data, Country.BELARUS)

    assert case is not None and case.family.members[0].personal_no == "4120489A000PB8"
    assert case.family.members[0].document and case.family.members[0].document.series == "MP"


def test_money_is_that_of_the_country(region: Opened) -> None:
    assert region.method is not None
    here, usual = region.plugins.language_for(region.method), region.plugins.language_of("ru")
    printed = "{{ x|рублей }} ({{ x|прописью }})"

    def said(language: object) -> str:
        made = language.environment().from_string(printed).render(x=Decimal("120"))  # type: ignore[attr-defined]
        return str(made).replace("\u00a0", " ")

    assert said(here) == "120,00 бел. руб. (сто двадцать белорусских рублей 00 копеек)"
    assert said(usual) == "120,00 руб. (сто двадцать рублей 00 копеек)"


def test_the_refused_family_is_told_each_fault_at_its_line(region: Opened) -> None:
    assert region.method is not None
    path = REGION / "examples" / "refused_other_country.yaml"
    with pytest.raises(Refused) as refused:
        load_case(path, country_of=region.plugins.country_of)

    told = {one.id: one.place.line for one in refused.value.findings}
    assert set(told) == {"F-COUNTRY", "F-PERSONAL-NO", "F-PASSPORT"}
    assert all(told.values())


def test_numbers_that_may_be_somebodys_are_seen_in_examples() -> None:
    free = "personal_no: 4120489A000PB8\nphone: +375 29 000-00-01"
    taken = "personal_no: 3120489A001PB4\nphone: +375 29 612-34-56"

    assert list(suspects(free)) == []
    assert [one.line for one in suspects(taken)] == [1, 2]


def test_a_copy_for_training_has_numbers_of_nobody_that_load(
    region: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Plugins, "country_of", lambda self, programme: Country.BELARUS)
    anonymise(str(REGION / "examples" / "lozovskie.yaml"), tmp_path / "copy.yaml", seed=3)

    copy = load_case(tmp_path / "copy.yaml", country_of=region.plugins.country_of)
    mother = copy.family.members[0]
    assert mother.personal_no and mother.personal_no != "4120489A000PB8"
    assert mother.birth_date and mother.personal_no[1:7] == f"{mother.birth_date:%d%m%y}"
    assert copy.organisation.unp and copy.organisation.unp != "190000005"


def test_a_derived_family_may_show_an_error_of_the_method_and_a_written_one_may_not(region: Opened) -> None:
    trial = Trial(region)
    shown = {
        name: errors
        for name in trial.sound
        if (
            errors := [
                one for one in trial.case(name).findings(trial.told_on(name)) if one.severity == "error"
            ]
        )
    }

    assert shown and all(name.startswith("derived/") for name in shown)
    for name, errors in shown.items():
        assert trial.shown_by(name, errors)
        assert not trial.shown_by("lozovskie", errors)
        assert not trial.shown_by(name, [replace(errors[0], id="F-DATE")])


def test_an_office_may_say_the_number_once_for_all_its_cases(tmp_path: Path) -> None:
    said = "papka: '1'\norganisation: {full_name: Центр, short_name: Центр, unp: '190000005'}\n"
    (tmp_path / "office.yaml").write_text(said, "utf-8")

    own = Office(tmp_path).settings.organisation

    assert own is not None and own.unp == "190000005"
