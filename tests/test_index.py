"""The office's index and what is asked of all cases: with it and without it the answers are the same."""

import json
import random
import re
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from conftest import Run
from icalendar import Calendar
from reading import EXAMPLES, PLUGINS

from papka.core.contract.people import years_between
from papka.core.dayspan import Watched
from papka.core.index import INDEX
from papka.core.opening import open_case
from papka.output.issued.overview import _look, _packed
from papka.output.registers.keeping import packed, read_watched
from papka.output.registers.reading import CaseReader, Order

DAY = "2026-03-20"
FAMILIES = {one.stem: one for one in EXAMPLES}
SMALL = ("bezotchestva", "orlovy", "trofimovy")


def made(folder: Path, here: Run, *families: str) -> Path:
    """Make an office with the example families."""
    assert here("init", folder).code == 0
    for number, name in enumerate(families):
        (folder / "cases" / f"c{number}").mkdir()
        shutil.copy(FAMILIES[name], folder / "cases" / f"c{number}" / "case.yaml")
    return folder


@pytest.fixture
def office(here: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An office with three small families."""
    folder = made(tmp_path / "office", here, *SMALL)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def busy(here: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An office with families in the middle of the work."""
    folder = made(tmp_path / "busy", here, "chernykh_shevchenko", "kim", "orlovy")
    monkeypatch.chdir(folder)
    return folder


def both(here: Run, day: str = DAY) -> tuple[str, str]:
    """Ask both questions; numbers of days and all that is shown."""
    return here("due", "--as-of", day, "--json").out, here("status", "--as-of", day, "--json").out


def kept(office: Path) -> list[tuple[str, ...]]:
    connection = sqlite3.connect(office / INDEX)
    try:
        return sorted(connection.execute("SELECT file, question, digest FROM answers"))
    finally:
        connection.close()


# --- for how long an answer holds ------------------------------------------------------------------------


def test_a_watched_day_draws_the_span_in_which_all_it_was_asked_is_the_same() -> None:
    day, first, last = date(2026, 3, 20), date(2026, 3, 10), date(2026, 4, 1)

    def span(ask: Callable[[Any], object]) -> tuple[date, date]:
        watched = Watched.of(day)
        ask(watched)
        return watched.span.days()

    one = timedelta(days=1)
    assert span(lambda on: on > first and last >= on) == (first + one, last)
    assert span(lambda on: (first <= on, on + 5 * one < last)) == (first, last - 6 * one)
    assert span(lambda on: sorted([last, on, first])) == (first + one, last - one)
    assert span(lambda on: on == last) == (date.min, last - one)
    assert span(lambda on: on == day) == (day, day)
    assert span(lambda on: years_between(date(2014, 5, 30), on)) == (date(2025, 5, 30), date(2026, 5, 29))
    assert span(lambda on: years_between(date(2012, 2, 29), on + one))[1] == date(2027, 2, 27)
    # What cannot be followed holds for this day alone.
    for ask in (
        str,
        hash,
        lambda on: on.year,
        lambda on: last - on,
        lambda on: f"{on:%d}",
        lambda on: on.weekday(),
    ):
        assert span(ask) == (day, day)


@pytest.mark.parametrize(
    "path", [FAMILIES[name] for name in ("rimskie_korsakovy", "kim", "orlovy")], ids=lambda one: one.stem
)
def test_on_every_day_of_its_span_a_case_gives_the_same(path: Path) -> None:
    opened = open_case(str(path), Path.cwd(), PLUGINS)
    maker = CaseReader(Order("com_due_report"), PLUGINS, Path.cwd())._makers[opened.case.programme]

    def due(on: date) -> Any:
        return maker.read(opened.on(on), replace(maker.asked, as_of=on))

    chance = random.Random(path.stem)
    for _ in range(2):
        day = date(2025, 1, 20) + timedelta(days=chance.randrange(600))
        for read, pack in ((due, packed), (partial(_look, opened), _packed)):
            answer, (first, last) = read_watched(read, day, PLUGINS, pack)
            early, late = max(first, date(2024, 6, 1)), min(last, date(2027, 6, 1))
            assert early <= day <= late
            for other in {early, late, early + timedelta(days=chance.randrange((late - early).days + 1))}:
                assert pack(read(other)) == answer, (day, other)


# --- with it and without it ------------------------------------------------------------------------------


def changed(text: str, chance: random.Random) -> str:
    """Change a case as people do: a day, a line that goes, a word; often it is broken then."""
    kind = chance.randrange(3)
    if kind == 0:
        days = list(re.finditer(r"20\d\d-\d\d-\d\d", text))
        found = chance.choice(days)
        moved = date.fromisoformat(found[0]) + timedelta(days=chance.randrange(-60, 60))
        return f"{text[: found.start()]}{moved}{text[found.end() :]}"
    lines = text.splitlines(keepends=True)
    place = chance.randrange(1, len(lines))
    return (
        "".join(lines[:place] + lines[place + 1 :]) if kind == 1 else text.replace("семья", "Семья", 1) + "\n"
    )


def test_after_any_edits_the_answers_are_those_without_an_index(here: Run, office: Path) -> None:
    chance = random.Random(7)
    both(here)
    for _ in range(3):
        for path in chance.sample(sorted(office.glob("cases/*/case.yaml")), 2):
            path.write_text(changed(path.read_text("utf-8"), chance), "utf-8")
        day = str(date(2026, 3, 20) + timedelta(days=chance.randrange(30)))
        with_it = both(here, day)
        (office / INDEX).unlink()
        assert with_it == both(here, day)


def test_what_is_known_is_not_worked_out_again(
    here: Run, office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = both(here)
    assert stat.S_IMODE((office / INDEX).stat().st_mode) == 0o600
    assert len(kept(office)) == 6

    opened: list[Path] = []
    for place in ("papka.output.registers.reading.open_case", "papka.output.issued.overview.open_case"):
        monkeypatch.setattr(place, lambda path, *more: (opened.append(Path(path)), open_case(path, *more))[1])
    assert both(here) == before and opened == []

    case = office / "cases" / "c1" / "case.yaml"
    case.write_text(case.read_text("utf-8") + "# a note\n", "utf-8")
    assert both(here) == before and {one.parent.name for one in opened} == {"c1"}

    # Other numbers of the centre are another question, and so is another day that changes something.
    settings = office / "office.yaml"
    settings.write_text(settings.read_text("utf-8") + "calendar: {off: [2026-03-23]}\n", "utf-8")
    opened.clear()
    both(here)
    assert len(opened) == 6


def test_what_left_the_office_leaves_the_index(here: Run, office: Path) -> None:
    both(here)
    shutil.rmtree(office / "cases" / "c1")
    both(here)
    assert not any(file.startswith("cases/c1/") for file, *_ in kept(office))


@pytest.mark.parametrize("harm", ["garbage", "cut", "forged", "other", "link"])
def test_a_damaged_index_is_thrown_away(harm: str, here: Run, office: Path, tmp_path: Path) -> None:
    def ask() -> str:
        return here("status", "--as-of", DAY, "--json").out

    before = ask()
    index = office / INDEX
    content = index.read_bytes()
    if harm == "garbage":
        index.write_bytes(b"no database " * 1000)
    elif harm == "cut":
        index.write_bytes(content[: len(content) // 2])
    elif harm == "link":
        index.unlink()
        index.symlink_to(tmp_path / "elsewhere")
    else:
        connection = sqlite3.connect(index)
        with connection:
            connection.execute(
                "UPDATE answers SET body = replace(body, '2026', '2025')"
                if harm == "forged"
                else "ALTER TABLE answers RENAME COLUMN seal TO stamp"
            )
        connection.close()
    assert ask() == before == ask()
    assert harm != "link" or not (tmp_path / "elsewhere").exists()


def test_where_no_index_can_be_kept_the_answers_are_the_same(
    here: Run, office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = both(here)
    (office / INDEX).unlink()
    with monkeypatch.context() as network:
        network.setattr("papka.core.journal.connecting.on_network", lambda path: True)
        assert both(here) == before and not (office / INDEX).exists()
    (office / INDEX).mkdir()
    assert both(here) == before


def test_two_at_once_and_a_killed_one_harm_nothing(
    office: Path, here: Run, environ: Callable[..., dict[str, str]]
) -> None:
    before = both(here)
    (office / INDEX).unlink()
    command = [sys.executable, "-m", "papka.core", "status", "--as-of", DAY, "--json"]
    given = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "env": environ(), "cwd": office}
    killed, one, two = (subprocess.Popen(command, **given) for _ in range(3))  # type: ignore[call-overload]
    until = time.monotonic() + 20
    while not (office / INDEX).exists() and time.monotonic() < until:
        time.sleep(0.01)
    killed.send_signal(signal.SIGKILL)
    outs = [running.communicate()[0].decode() for running in (one, two, killed)][:2]
    assert outs == [before[1]] * 2
    assert both(here) == before


# --- what people see -------------------------------------------------------------------------------------


@pytest.fixture
def issued(here: Run, office: Path) -> dict[str, Any]:
    """Issue a paper that somebody signs."""
    ran = here("issue", "c0", "krg_agreement", "--no-pdf", "--json")
    found: dict[str, Any] = json.loads(ran.out)[0]["entry"]
    return found


def test_all_cases_stand_with_the_most_urgent_first(here: Run, busy: Path) -> None:
    (busy / "cases" / "c2" / "case.yaml").write_text("id: broken\n", "utf-8")

    ran = here("status", "--as-of", DAY, "--json")
    found = json.loads(ran.out)

    assert ran.code == 3 and found[0]["folder"] == "c2" and found[0]["fault"]
    late = [one["late_since"] or "9" for one in found if not one["fault"] and not one["closed"]]
    assert late == sorted(late) and late[0] != "9"
    shown = here("status", "--as-of", DAY)
    lines = shown.out.splitlines()
    assert lines[0].startswith("✗ c2") and "семья" in lines[1]
    assert max(map(len, lines[1:])) < 140

    curator = next(one["curator"] for one in found if one["curator"])
    mine = json.loads(here("status", "--as-of", DAY, "--curator", curator[:5].lower(), "--json").out)
    assert {one["curator"] for one in mine} == {curator}
    unknown = here("status", "--curator", "Незнакомов")
    assert unknown.code == 2 and curator in unknown.all


def test_a_paper_that_did_not_come_back_signed_is_waited_for(here: Run, issued: dict[str, Any]) -> None:
    # One waits since it was issued, which is today, whatever day stands on it.
    day, eve = (str(date.today() + timedelta(days=days)) for days in (7, 5))
    waited = "Документы, которых ждут с подписями"

    assert waited in here("due", "--as-of", day).out and waited not in here("due", "--as-of", eve).out
    found = json.loads(here("status", "--as-of", day, "--json").out)
    assert next(one for one in found if one["case"] == issued["case"])["unsigned"]
    assert "Черных" not in str(issued)


def test_a_case_says_of_each_paper_why_and_how_it_stands(
    here: Run, office: Path, issued: dict[str, Any]
) -> None:
    from papka.core.journal.entries import Mark
    from papka.core.journal.journal import Journal
    from papka.output.issued.cards import Card, Signer

    def standing() -> str:
        data = json.loads(here("status", "c0", "--json").out)["documents"]
        return str(next(one["standing"] for one in data if one["id"] == "krg_agreement"))

    assert standing() == "issued"
    shown = here("status", "c0").out
    assert "K-AGR" in shown and "why: " in shown and "Source: " in shown

    card = (office / issued["file"]).with_suffix(".card.json")
    known = Card.read(card) or Card(issued["id"])
    card.write_bytes(
        replace(known, signers=(Signer(1, "Куратор"), Signer(2, "Законный представитель"))).as_bytes()
    )
    book = Journal.open(office / "journal.db")
    book.mark(Mark(issued["id"], "signed", "1", "hand"))
    assert standing() == "partly_signed"
    shown = here("status", "c0").out
    assert "signed: 1 of 2" in shown and "Законный представитель" in shown
    book.mark(Mark(issued["id"], "signed", "2", "pades"))
    book.close()
    case = office / "cases" / "c0" / "case.yaml"
    text = case.read_text("utf-8")
    case.write_text(text.replace("signed_on: 2026-02-04", "signed_on: 2026-02-03"), "utf-8")
    assert standing() == "stale"


def test_a_consent_whose_year_is_over_is_expired_unless_it_was_given_anew(here: Run, busy: Path) -> None:
    def standing(day: str) -> dict[str, str]:
        data = json.loads(here("status", "c1", "--as-of", day, "--json").out)["documents"]
        return {one["id"]: one["standing"] for one in data}

    assert standing("2026-03-11")["com_consent_exchange"] == "made"
    late = standing("2026-03-12")
    assert (late["com_consent_exchange"], late["com_consent_health"]) == ("expired", "made")
    case = busy / "cases" / "c1" / "case.yaml"
    text = case.read_text("utf-8")
    start = text.index("- kind: interagency_exchange")
    end = (
        text.index("\n  - kind:", start) if "\n  - kind:" in text[start:] else text.index("\n- kind:", start)
    )
    again = text[start:end].replace("2025-03-11", "2026-03-10").replace("2026-03-11", "2027-03-10")
    case.write_text(
        text[:end] + "\n" + text[text.rindex("\n", 0, start) + 1 : start] + again + text[end:], "utf-8"
    )
    assert standing("2026-03-12")["com_consent_exchange"] == "made"


# --- reminders -------------------------------------------------------------------------------------------


def test_the_reminders_are_the_report_of_reminders(here: Run, busy: Path) -> None:
    report = json.loads(here("report", "com_due_report", "--format", "json", "--as-of", DAY).out)
    here("due", "--as-of", DAY)
    shown = json.loads(here("due", "--as-of", DAY, "--json").out)
    assert shown[0]["tables"][: len(report[0]["tables"])] == report[0]["tables"]
    assert sum(len(table["rows"]) for table in report[0]["tables"]) > 2


def test_reminders_stand_under_who_has_to_act(here: Run, busy: Path) -> None:
    shown = here("due", "--as-of", DAY, "--by", "curator").out
    heads = [line for line in shown.splitlines() if not line.startswith(" ")]
    assert heads == sorted(heads) and all("reminder" in line for line in heads) and len(heads) > 1

    name = heads[0].split(" · ")[0]
    mine = here("due", "--as-of", DAY, "--curator", name.split()[0].lower()).out
    assert mine and not any(other.split(" · ")[0] in mine for other in heads[1:])


def events(text: bytes) -> Iterator[Any]:
    calendar = Calendar.from_ical(text)
    assert isinstance(calendar, Calendar)
    yield from calendar.walk("VEVENT")


def test_a_calendar_read_twice_holds_each_thing_once(here: Run, busy: Path) -> None:
    found: dict[str, dict[str, Any]] = {}
    for day in ("2026-04-12", "2026-04-14", "2026-04-25"):
        assert here("due", "--as-of", day, "--ics").code == 0
        file = next(busy.glob(f"reports/*{day}*.ics"))
        found[day] = {str(one["UID"]): one for one in events(file.read_bytes())}
    first, second, later = found.values()

    assert len(first) > 2
    # The same things on another day, one of them late by then: the same events.
    known = {
        (one.decoded("DTSTART"), str(one["SUMMARY"]).split(": ", 1)[1]): uid for uid, one in first.items()
    }
    for one in (*second.values(), *later.values()):
        thing = one.decoded("DTSTART"), str(one["SUMMARY"]).split(": ", 1)[1]
        assert known.get(thing, str(one["UID"])) == str(one["UID"])
    moved = set(first) & set(later)
    assert any(str(first[uid]["SUMMARY"]) != str(later[uid]["SUMMARY"]) for uid in moved)
    assert any(one.walk("VALARM") for one in first.values())
    assert all("Осталось дней" not in str(one["DESCRIPTION"]) for one in first.values())


# --- numbers ---------------------------------------------------------------------------------------------


def test_every_number_is_accounted_for(here: Run, office: Path) -> None:
    from papka.core.journal.entries import Job, Series
    from papka.core.journal.journal import Journal

    series, day = Series("outgoing", "01-12/{seq:03}"), date(2025, 3, 1)
    book = Journal.open(office / "journal.db")

    def give(item: str, number: str | None = None) -> str:
        return book.reserve(Job("K-1", "com_agency_request", item, day, "f" * 64, number, series)).id

    ids = [give("a"), give("b"), give("own", "01-12/004"), give("c"), give("d")]
    for one in (ids[0], ids[3], ids[4]):
        book.issued(book.entry(one), file="x.docx", docx_sha256="0" * 64, pdf_sha256=None)
    book.void(ids[1], "лист испорчен")
    book.close()

    shown = here("journal", "--gaps")
    assert shown.code == 0, shown.all
    assert "from № 01-12/001 to № 01-12/005" in shown.out and "numbers given: 4" in shown.out
    assert "№ 01-12/002 will not be used: лист испорчен" in shown.out
    assert "named by the cases themselves: № 01-12/004" in shown.out
    assert "issue it again" in shown.out  # the number that the case names has no paper yet

    connection = sqlite3.connect(office / "journal.db")
    with connection:
        connection.execute("DELETE FROM papers WHERE id = ?", (ids[3],))
    connection.close()
    robbed = here("journal", "--gaps")
    assert robbed.code == 3 and "not explained by anything: № 01-12/3" in robbed.out
