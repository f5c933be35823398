"""The rules at work: what papka finds in a family's case, by when a thing is due, and that tables are proven."""

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import Run, Write
from hypothesis import given
from hypothesis import strategies as st
from reading import EXAMPLES, PLUGINS

from papka.core.contract.case import Case
from papka.core.opening import OpenCase
from papka.core.programmes.programme import FormerValue, Term
from papka.core.rules.proving import prove
from papka.core.rules.situation import Situation
from papka.core.workdays import STANDARD, Calendar
from papka.kit.proving import proofs_of

LAST = date(2026, 11, 22)
KURGAN, SOS = "chernykh_shevchenko", "kim"


def raw(name: str) -> dict[str, Any]:
    path = next(one for one in EXAMPLES if one.stem == name)
    data: dict[str, Any] = yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)
    return data


def found(data: dict[str, Any], on: date = LAST) -> list[dict[str, Any]]:
    """Return the findings of a case as scripts read them."""
    case = Case.model_validate(data)
    opened = OpenCase(Path("case.yaml"), case, PLUGINS, PLUGINS.method(case.programme))
    return [one.as_json() for one in opened.findings(on)]


def ids(data: dict[str, Any], on: date = LAST) -> set[str]:
    return {one["id"] for one in found(data, on)}


# --- the sample family of Kurgan -------------------------------------------------------------------------


def test_the_kurgan_sample_gives_what_the_domain_expects_and_nothing_else_that_warns() -> None:
    said = [one for one in found(raw(KURGAN)) if one["severity"] != "info"]

    assert [(one["id"], one["due"], one["actual"]) for one in said if not one["id"].startswith("DOC-")] == [
        ("K-D3", "2025-02-11", "2025-02-12"),
        ("K-D7", "2025-08-21", "2025-09-18"),
        ("K-D7", "2026-01-19", "2026-01-20"),
        ("SMART-S", None, None),
        ("C-1", None, None),
        ("C-AGE10.plan", None, "2025-08-18"),
    ]
    assert raw(KURGAN)["tasks"][5]["id"] == "t6"
    assert next(one for one in said if one["id"] == "SMART-S")["place"]["path"] == "tasks[5]"


def test_every_finding_says_rule_sentence_cure_and_source() -> None:
    for name in (KURGAN, SOS):
        for one in found(raw(name)):
            assert one["message"] and one["cure"] and (one["source"] or one["id"].startswith("X-"))


def test_an_average_or_a_recommendation_never_blocks() -> None:
    assert all(one["severity"] != "error" for name in (KURGAN, SOS) for one in found(raw(name)))


# --- each rule is found when its fact is there, and is silent when it is not ------------------------------


def with_letter(**facts: str) -> Callable[[dict[str, Any]], None]:
    letter = {
        "id": "out.x",
        "kind": "request",
        "on": "2025-06-02",
        "addressee": "kdn",
        "to": "КДНиЗП",
        "text": "т",
    }

    def change(data: dict[str, Any]) -> None:
        data["letters"] = [letter | facts]

    return change


def put(*path: str | int, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(data: dict[str, Any]) -> None:
        node: Any = data
        for step in path[:-1]:
            node = node[step]
        if isinstance(path[-1], str) and path[-1].startswith("+"):
            node.setdefault(path[-1][1:], []).append(value)
        else:
            node[path[-1]] = value

    return change


def engaged(mistrust: str) -> Callable[[dict[str, Any]], None]:
    mark = {"on": "2026-04-09", "relationship_position": "3", "change_engagement": "3", "mistrust": mistrust}
    return put("+engagement", value=mark)


SERVICE = {"on": "2025-03-03", "applicant": "m.lyubov", "services": "помощь"}
IPPSU = {"number": "1", "on": "2025-03-10", "recipient": "m.lyubov", "handed_on": "2025-03-11"}
CONTRACT = {"number": "1", "signed_on": "2025-03-12", "customer": "m.lyubov"}
SAFETY = {"on": "2025-02-17", "threat": "побои", "valid_until": "2025-03-17"}
CONFLICT = {"id": "con.1", "on": "2025-05-05", "occasion": "деньги"}
FOLLOWS = {"on": "2025-05-05", "form": "home"}


@pytest.mark.parametrize(
    ("rule", "change"),
    [
        ("C-4", put("consents", 0, "withdrawn_on", value="2025-06-02")),
        ("C-5.contact", put("+contacts", value={"on": "2025-06-02", "form": "home", "danger_signs": "да"})),
        ("C-6", with_letter(kind="danger", addressee="guardianship", on="2026-11-02")),
        ("C-7", put("+service_applications", value=SERVICE)),
        ("C-8", put("+service_applications", value=SERVICE | {"recognised": "да", "decided_on": "2025-03-05"})),
        ("C-9", put("+service_programmes", value=IPPSU)),
        ("C-10", put("+service_programmes", value=IPPSU)),
        ("C-13", put("+service_contracts", value=CONTRACT | {"recipient": "c.pavel", "price": "500"})),
        ("C-NOTICE", with_letter()),
        ("C-HELP", with_letter(agreed_on="2025-05-02")),
        ("C-ANSWER", with_letter(answer_by="2025-07-02")),
        ("C-EXCHANGE", with_letter(addressee="education", on="2025-02-10", agreed_on="2025-02-10")),
        ("C-SAFETY.long", put("+safety_plans", value=SAFETY | {"valid_until": "2025-09-17"})),
        ("C-CONFLICT", put("+conflicts", value=CONFLICT | {"check_on": "2025-06-05"})),
        ("CONFLICT-1", put("+conflicts", value=CONFLICT)),
        ("C-FIRST", put("+contacts", value=FOLLOWS | {"items": [{"text": "позвонить", "until": "2025-05-12"}]})),
        ("C-1.expired", put("consents", 0, "valid_until", value="2025-12-31")),
        ("C-PARTY", put("agreement", "parties", value=["c.asya"])),
        ("C-DUE", put("tasks", 0, "due", value="2025-01-15")),
        ("ENG-1", engaged("5")),
        ("CLIENT-2", put("plans", 0, "agreed_result", value="нет")),
        ("HANDOVER", put("curators", value=[
            {"specialist": "s.gus", "since": "2025-02-17", "until": "2025-06-02"},
            {"specialist": "s.gus", "since": "2025-06-03"},
        ])),
        ("SMART-M", put("tasks", 0, "criteria", value="уважение в доме и добрая обстановка")),
        ("KRG-END", put("planned_end_on", value=None)),
    ],
)  # fmt: skip
def test_a_rule_is_found_when_its_fact_is_there_and_silent_without_it(
    rule: str, change: Callable[[dict[str, Any]], None]
) -> None:
    before, after = raw(KURGAN), raw(KURGAN)
    for one in (before, after):
        # The family is still in support: nothing that ends with a closing hides a rule.
        one.pop("closure", None)
        one["decisions"] = [d for d in one["decisions"] if "closes" not in d]
        for consent in one["consents"]:
            consent.pop("valid_until", None)
        for thing in ("letters", "conflicts", "safety_plans", "service_applications", "engagement",
                      "service_programmes", "service_contracts", "incoming", "contacts"):  # fmt: skip
            one.pop(thing, None)
    after = without_empty(after)
    change(after)

    on = date(2026, 11, 22)
    assert rule in ids(without_empty(after), on)
    assert rule not in ids(without_empty(before), on)


def without_empty(data: Any) -> Any:
    if isinstance(data, dict):
        return {
            key: without_empty(value) for key, value in data.items() if value not in ("", "null", "~", None)
        }
    return [without_empty(one) for one in data] if isinstance(data, list) else data


def test_a_paper_that_would_be_unlawful_is_not_drawn_up(here: Run, write: Write) -> None:
    data = raw(KURGAN)
    put("+service_contracts", value=CONTRACT | {"recipient": "c.pavel", "price": "500"})(data)
    case = write(yaml.safe_dump(without_empty(data), allow_unicode=True))

    ran = here("render", case, "f442_contract")

    assert ran.code == 3
    assert "C-13" in ran.all
    assert not list(case.parent.glob("papers/*"))


def test_a_consent_that_was_renewed_is_no_longer_expired() -> None:
    data = raw(KURGAN)
    data.pop("closure", None)
    data["decisions"] = [one for one in data["decisions"] if "closes" not in one]
    first = data["consents"][0]
    assert first["kind"] == "personal_data" and first["subject"]
    first["valid_until"] = "2025-12-31"

    def places() -> list[str]:
        return [one["place"]["path"] for one in found(data) if one["id"] == "C-1.expired"]

    assert "consents[0]" in places()
    data["consents"].append(first | {"on": "2025-12-25", "valid_until": "2027-12-31"})
    assert "consents[0]" not in places()


def test_a_level_is_not_lowered_soon_after_its_sign_was_seen() -> None:
    data = raw(KURGAN)
    lowered = next(one for one in data["decisions"] if one.get("level") == "basic")
    assert "KRG-DOWN" not in ids(data)

    seen = {
        "on": "2025-07-01",
        "by": data["level_reviews"][0]["by"],
        "signs": [{"code": "K1", "present": "да"}],
    }
    data["level_reviews"].append(seen)

    assert lowered["on"] == "2025-08-18"
    assert "KRG-DOWN" in ids(data)


def test_an_opinion_is_asked_of_a_child_who_was_ten_on_the_day_of_the_plan() -> None:
    data = raw(KURGAN)
    data["child_opinions"] = []

    said = [one for one in found(data) if one["id"].startswith("C-AGE10")]

    # Ася was ten at both plans and at the end; Павел, nine at the first plan, by the final monitoring.
    assert [(one["id"], one["actual"]) for one in said] == [
        ("C-AGE10.plan", "2025-02-20"),
        ("C-AGE10.plan", "2025-08-18"),
        ("C-AGE10.final", "2026-03-18"),
    ]
    assert "2" in said[-1]["message"]


def test_while_the_work_rests_nothing_that_repeats_is_due() -> None:
    data = raw(KURGAN)
    data["interruptions"] = [{"on": "2025-08-01", "until": "2025-09-10", "reason": "больница"}]

    late = [one["due"] for one in found(data) if one["id"] == "K-D7"]

    assert "2025-08-21" not in late
    assert "2026-01-19" in late


# --- as the rules stood then -----------------------------------------------------------------------------


def situation_of(data: dict[str, Any], on: date, **changes: Any) -> Any:
    case = Case.model_validate(data)
    method = PLUGINS.method(case.programme)
    programme = method.programme.model_copy(update=changes)
    opened = OpenCase(Path("case.yaml"), case, PLUGINS, method)
    from dataclasses import replace

    return replace(opened, method=replace(method, programme=programme))


def test_a_rule_is_asked_only_while_it_is_in_force() -> None:
    data = raw(KURGAN)
    programme = PLUGINS.method("kurgan_ipss").programme

    def limited(**days: date) -> tuple[Any, ...]:
        return tuple(one.model_copy(update=days) if one.id == "K-D3" else one for one in programme.deadlines)

    def said(deadlines: tuple[Any, ...]) -> set[str]:
        return {one.id for one in situation_of(data, LAST, deadlines=deadlines).findings(LAST)}

    assert "K-D3" in said(limited(valid_from=date(2025, 2, 10)))
    assert "K-D3" not in said(limited(valid_from=date(2025, 2, 11)))
    assert "K-D3" not in said(limited(valid_to=date(2025, 2, 9)))


def test_a_consent_of_old_is_a_matter_only_since_the_law_asks_for_a_separate_paper() -> None:
    assert "C-1.old" in ids(raw(KURGAN), date(2025, 9, 1))
    assert "C-1.old" not in ids(raw(KURGAN), date(2025, 8, 31))


def test_a_number_counts_as_it_was_when_the_term_began() -> None:
    programme = PLUGINS.method("kurgan_ipss").programme
    days = programme.settings["first_visit_urgent_days"]
    then = days.model_copy(update={"former": (FormerValue(until=date(2025, 12, 31), value=2),)})
    settings = {**programme.settings, "first_visit_urgent_days": then}

    said = situation_of(raw(KURGAN), LAST, settings=settings).findings(LAST)

    assert "K-D3" not in {one.id for one in said}


def test_a_level_is_proposed_by_the_table_of_its_time() -> None:
    programme = PLUGINS.method("kurgan_ipss").programme
    table = programme.level_table
    assert table is not None
    of_old = table.model_copy(
        update={"valid_from": None, "valid_to": date(2025, 3, 31), "rows": table.rows[2:]}
    )
    new = table.model_copy(update={"valid_from": date(2025, 4, 1)})
    opened = situation_of(raw(KURGAN), LAST, level_table=new, former_level_tables=(of_old,))

    assert opened.on(date(2025, 3, 31)).level.rule != "KRG-L1"
    assert opened.on(date(2025, 4, 1)).level.rule == "KRG-L1"


# --- working days ----------------------------------------------------------------------------------------

WORKING_DAYS = {2016: 247, 2017: 247, 2018: 247, 2019: 247, 2020: 248, 2021: 247, 2022: 247, 2023: 247,
                2024: 248, 2025: 247, 2026: 247}  # fmt: skip
"""Working days of a five-day week, as the production calendars of these years give them."""

OFF_2025 = "1-8.1 1-2.5 8-9.5 12-13.6 3-4.11 31.12"
OFF_2026 = "1-9.1 23.2 9.3 1.5 11.5 12.6 4.11 31.12"


def days_of(text: str, year: int) -> Iterator[date]:
    for part in text.split():
        days, month = part.split(".")
        first, _, last = days.partition("-")
        for day in range(int(first), int(last or first) + 1):
            yield date(year, int(month), day)


@pytest.mark.parametrize(("year", "count"), WORKING_DAYS.items())
def test_a_year_has_as_many_working_days_as_its_production_calendar(year: int, count: int) -> None:
    days = (date(year, 1, 1) + timedelta(n) for n in range(366))

    assert sum(STANDARD.is_working(day) for day in days if day.year == year) == count


@pytest.mark.parametrize(("year", "off", "saturdays"), [(2025, OFF_2025, "1.11"), (2026, OFF_2026, "")])
def test_days_off_and_working_saturdays_are_those_of_the_decree(year: int, off: str, saturdays: str) -> None:
    free, worked = set(days_of(off, year)), set(days_of(saturdays, year))
    for day in (date(year, 1, 1) + timedelta(n) for n in range(365)):
        expected = day in worked or (day.weekday() < 5 and day not in free)
        assert STANDARD.is_working(day) is expected, day


@given(st.dates(date(2016, 1, 1), date(2026, 11, 1)), st.integers(1, 40))
def test_a_term_of_working_days_ends_after_just_so_many_of_them(day: date, count: int) -> None:
    end = STANDARD.after(day, Term(working_days=count), {}, "later")

    between = [day + timedelta(n) for n in range(1, (end - day).days + 1)]
    assert sum(STANDARD.is_working(one) for one in between) == count
    assert STANDARD.is_working(end)


@given(st.dates(date(2016, 1, 1), date(2026, 11, 1)), st.integers(0, 24))
def test_a_term_of_months_ends_on_the_same_day_or_the_last_of_the_month(day: date, count: int) -> None:
    end = STANDARD.after(day, Term(months=count), {}, "none")

    assert (end.year * 12 + end.month) - (day.year * 12 + day.month) == count
    assert end.day == day.day or (end + timedelta(1)).day == 1


def test_a_term_that_ends_in_a_year_without_a_decree_is_told() -> None:
    last = STANDARD.last_decreed_year()
    data = raw(SOS)
    data["agreement"]["signed_on"] = f"{last}-10-05"
    data["scores"] = data["monitoring"] = []
    data.pop("closure", None)

    said = {one["id"]: one for one in found(without_empty(data), date(last, 10, 6))}

    assert said["X-CALENDAR"]["severity"] == "info"
    assert str(last + 1) in said["X-CALENDAR"]["message"]


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """An office with the Kurgan sample in it."""
    folder = tmp_path / "office"
    case = next(one for one in EXAMPLES if one.stem == KURGAN)
    (folder / "cases" / "one").mkdir(parents=True)
    shutil.copy(case, folder / "cases" / "one" / "case.yaml")
    (folder / "office.yaml").write_text("papka: 1\n", "utf-8")
    return folder


def checked(run: Run, folder: Path) -> Any:
    return json.loads(run("check", folder / "cases" / "one", "--as-of", "2026-11-22", "--json").out)[
        "findings"
    ]


def test_a_centre_sets_its_own_numbers_and_days_off(here: Run, office: Path) -> None:
    assert "K-D3" in {one["id"] for one in checked(here, office)}

    (office / "office.yaml").write_text(
        "papka: 1\nnumbers:\n  kurgan_ipss:\n    first_visit_urgent_days: 2\n", "utf-8"
    )
    assert "K-D3" not in {one["id"] for one in checked(here, office)}

    (office / "office.yaml").write_text("papka: 1\ncalendar:\n  off: [2025-02-11]\n", "utf-8")
    assert "K-D3" not in {one["id"] for one in checked(here, office)}


def test_a_number_that_the_programme_does_not_have_is_refused_with_the_nearest(
    here: Run, office: Path
) -> None:
    (office / "office.yaml").write_text("papka: 1\nnumbers:\n  kurgan_ipss:\n    plan_dais: 2\n", "utf-8")

    ran = here("check", office / "cases" / "one")

    assert ran.code == 3
    assert "numbers.kurgan_ipss.plan_dais" in ran.all
    assert "plan_days" in ran.all


def test_a_working_day_of_the_centre_wins() -> None:
    saturday = date(2026, 6, 13)
    assert not STANDARD.is_working(saturday)
    assert Calendar(working=frozenset({saturday})).is_working(saturday)


# --- rule tables are proven ------------------------------------------------------------------------------


@pytest.mark.parametrize("programme", sorted(PLUGINS.programmes()))
def test_every_table_is_total_and_each_row_is_reached_and_has_an_example(programme: str) -> None:
    proofs = proofs_of(PLUGINS, programme)

    assert proofs
    assert [one.table for one in proofs if not one.holds] == []
    assert all(row.example for one in proofs for row in one.rows)


def test_a_gap_and_a_row_that_is_never_reached_are_told() -> None:
    programme = PLUGINS.method("kurgan_ipss").programme
    table = programme.level_table
    assert table is not None
    hidden = table.rows[0].model_copy(update={"id": "X-L1"})
    broken = table.model_copy(update={"rows": (*table.rows[:5], hidden)})

    proof = prove(programme.model_copy(update={"level_table": broken}), PLUGINS.language, ())[0]

    assert not proof.holds
    assert proof.gaps
    assert [row.id for row in proof.rows if not row.reached] == ["X-L1"]


def test_a_table_that_asks_for_more_than_its_signs_is_not_called_proven() -> None:
    programme = PLUGINS.method("kurgan_ipss").programme
    table = programme.level_table
    assert table is not None
    row = table.rows[0].model_copy(update={"when": "consents|where('kind', 'photo_video')"})
    asked = table.model_copy(update={"rows": (row, *table.rows[1:])})

    proof = prove(programme.model_copy(update={"level_table": asked}), PLUGINS.language, ())[0]

    assert not proof.holds
    assert proof.unknown and "consents" in proof.unknown


def test_a_table_may_ask_for_what_is_counted_and_compared_and_each_side_of_it_is_tried() -> None:
    programme = PLUGINS.method("kurgan_ipss").programme
    table = programme.level_table
    assert table is not None
    whens = (
        "family.children|count >= settings.many and referral.urgent",
        "family.children|count > 7",
        "referral.channel in ('kdn', 'school') and not referral.urgent",
        "family.children|count > 8",
        "true",
    )
    rows = tuple(
        table.rows[0].model_copy(update={"id": f"X-{n}", "when": when}) for n, when in enumerate(whens)
    )
    many = next(iter(programme.settings.values())).model_copy(update={"value": 5, "former": ()})
    own = programme.model_copy(
        update={
            "level_table": table.model_copy(update={"rows": rows}),
            "settings": {**programme.settings, "many": many},
            "signs": programme.signs[:2],
        }
    )

    proof = prove(own, PLUGINS.language, ())[0]

    assert proof.unknown is None and not proof.gaps
    # Who has more than eight children has more than seven: that row is never reached.
    assert [row.id for row in proof.rows if not row.reached] == ["X-3"]
    assert (
        proof.rows[0].example
        == "no sign, family.children|count = 5, referral.urgent = True, referral.channel = kdn"
    )


def test_the_command_shows_each_row_with_its_example(here: Run) -> None:
    ran = here("plugin", "prove", "kurgan_ipss", "--json")

    tables = json.loads(ran.out)["kurgan_ipss"]
    rows = {row["id"]: row for row in tables[0]["rows"]}
    assert rows["KRG-L1"]["example"] == "K1"
    assert tables[0]["tried"] == 64
    assert "KRG-L7" in here("plugin", "prove", "kurgan_ipss").out


def test_a_setting_that_is_not_there_is_a_fault_of_the_programme(write: Write) -> None:
    from papka.core.rules.reading import expression_faults

    programme = PLUGINS.method("kurgan_ipss").programme
    first = programme.deadlines[0].model_copy(update={"term": Term(days="plan_dais")})
    broken = programme.model_copy(update={"deadlines": (first, *programme.deadlines[1:])})

    faults = expression_faults(broken, PLUGINS.language)

    assert [(one.id, one.suggestion) for one in faults] == [("P-SETTING", "plan_days")]


@pytest.mark.parametrize("name", sorted(PLUGINS.programmes()))
def test_every_number_of_a_programme_is_asked_for_by_something(name: str) -> None:
    method = PLUGINS.method(name)
    said = method.programme.model_dump_json(exclude={"settings"})
    said += "".join(table.model_dump_json() for table in method.tables.values())

    assert [one for one in method.programme.settings if one not in said] == []


# --- what a table says of totals -----------------------------------------------------------------------------


def test_a_table_that_asks_for_more_than_the_total_is_read_anew_for_each_family() -> None:
    """A table that speaks of the total alone is read once for all; one that asks a number of the centre is not."""
    found = PLUGINS.method("sos_partnership")
    (table,) = found.programme.risks
    case = next(found.region.example(path) for path in found.region.examples() if path.stem == "kim")

    def lowest(when: str, value: int) -> list[int]:
        rows = (
            table.rows[1].model_copy(update={"when": when}),
            table.rows[-1].model_copy(update={"when": "true"}),
        )
        number = found.programme.settings["review_months"].model_copy(update={"value": value})
        changed = {
            "risk": table.model_copy(update={"rows": rows}),
            "settings": {**found.programme.settings, "review_months": number},
        }
        programme = found.programme.model_copy(update=changed)
        language = PLUGINS.language_for(found)
        now = Situation(case.as_of(date(2030, 1, 1)), programme, language, date(2030, 1, 1))
        return [band.lowest for band in now.risk.bands]

    assert lowest("result.total < settings.review_months", 4) == [0, 4]
    assert lowest("result.total < settings.review_months", 7) == [0, 7]
    assert lowest("result.total < 5", 4) == lowest("result.total < 5", 7) == [0, 5]
    assert lowest("result.total < 9", 4) == [0, 9]
