"""After a paper is issued: its day and later ones, corrections, marks taken back, and who is told what."""

import io
import json
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from datetime import date, timedelta
from pathlib import Path

import pytest
from conftest import Ran
from reading import EXAMPLES

from papka.core.cli import main

AGREEMENT = "krg_agreement"
TODAY = date.today()
BEFORE, LATER = (str(TODAY + timedelta(days=days)) for days in (-1, 8))
Papka = Callable[..., Ran]


def papka(*arguments: str | Path, lang: str = "en") -> Ran:
    """Run the command inside this process."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setenv("PAPKA_LANG", lang)
        with pytest.raises(SystemExit) as stop:
            main([str(one) for one in arguments])
    return Ran(int(stop.value.code or 0), out.getvalue(), err.getvalue())


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office with two families, and an agreement that was issued without a PDF."""
    folder = tmp_path_factory.mktemp("office") / "centre"
    assert papka("init", folder).code == 0
    for name, case in (("seven", "chernykh_shevchenko"), ("two", "kim")):
        (folder / "cases" / name).mkdir()
        example = next(one for one in EXAMPLES if one.stem == case)
        shutil.copy(example, folder / "cases" / name / "case.yaml")
    assert papka("issue", folder / "cases" / "seven", AGREEMENT, "--no-pdf").code == 0
    return folder


@pytest.fixture
def office(begun: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = tmp_path / "centre"
    shutil.copytree(begun, folder)
    monkeypatch.chdir(folder)
    yield folder


def changed(office: Path, old: str, new: str) -> None:
    case = office / "cases" / "seven" / "case.yaml"
    text = case.read_text("utf-8")
    assert old in text
    case.write_text(text.replace(old, new, 1), "utf-8")


def code() -> str:
    found: str = json.loads(papka("journal", "--json").out)[0]["id"]
    return found


# --- the day of a paper --------------------------------------------------------------------------------------


def test_a_passport_that_is_younger_than_the_paper_is_told_by_its_field_and_never_by_its_value(
    office: Path,
) -> None:
    changed(office, "issued_on: 2011-08-02", "issued_on: 2026-03-02")

    drawn = papka("render", "seven", AGREEMENT)
    issued = papka("issue", "seven", "krg_application", "--no-pdf")

    for ran in (drawn, issued):
        assert ran.code == 0, ran.all
        assert "R-LATER: Семья → Члены семьи, 1 → Документ, удостоверяющий личность → Дата выдачи" in ran.out
        assert "2026" not in ran.out.split("R-LATER")[1].split("What to do")[0]
    assert "has no day of its own in the case" in issued.out


def test_a_paper_of_before_with_nothing_later_on_it_is_not_suspected(office: Path) -> None:
    assert "R-LATER" not in papka("issue", "seven", "krg_application", "--no-pdf").all


def test_nothing_is_issued_on_a_day_to_come_and_a_draft_may_be(office: Path) -> None:
    refused = papka("issue", "seven", "com_contact_sheet", "--on", LATER, "--no-pdf")

    assert refused.code == 2 and "still to come" in refused.err
    assert papka("render", "seven", "com_file_cover", "--on", LATER).code == 0
    assert len(json.loads(papka("journal", "--json").out)) == 1


# --- a correction ----------------------------------------------------------------------------------------------


def test_a_correction_says_what_is_new_that_the_day_stays_and_that_all_sign_again(office: Path) -> None:
    old = code()
    assert papka("sign", old, "--by", "1", "--hand").code == 0
    changed(office, "street: ул. Заречная", "street: ул. Новая")

    refused = papka("issue", "seven", AGREEMENT, "--no-pdf")
    assert refused.code == 3
    assert "Адрес регистрации → Улица" in refused.err and "right as it is" in refused.err

    done = papka("issue", "seven", AGREEMENT, "--no-pdf", "--correct", "новый адрес")
    assert "Адрес регистрации → Улица" in done.out and "keeps its day, 18.02.2025" in done.out
    assert "1 signature on the earlier paper does not pass" in done.out

    told = papka("journal", old).out
    assert re.search(r"\d\d:\d\d: issued\n", told) and re.search(
        r"\d\d:\d\d: replaced by [A-Z2-9]{12}\n", told
    )
    new = re.findall(r"replaced by (\w+)", told)[0]
    assert new in papka("sign", old, "--by", "2", "--hand").err


@pytest.mark.parametrize("reason", ["ошибка у Черных", "исправлено имя Любови", "ШЕВЧЕНКО", "   "])
def test_a_reason_that_names_the_family_does_not_enter_the_journal(office: Path, reason: str) -> None:
    changed(office, "street: ул. Заречная", "street: ул. Новая")

    ran = papka("issue", "seven", AGREEMENT, "--no-pdf", "--correct", reason)

    assert ran.code == 2 and "journal" in ran.err
    assert [one["state"] for one in json.loads(papka("journal", "--json").out)] == ["issued"]


def test_an_ordinary_word_that_is_a_surname_too_may_be_a_reason(office: Path) -> None:
    changed(office, "street: ул. Заречная", "street: ул. Новая")
    assert papka("issue", "seven", AGREEMENT, "--no-pdf", "--correct", "в черных списках").code == 0


# --- marks that were a mistake ---------------------------------------------------------------------------------


def test_a_mark_by_mistake_is_taken_back_with_a_reason_and_the_journal_keeps_both(office: Path) -> None:
    paper = code()
    assert papka("sign", paper, "--by", "2", "--undo", "--reason", "ошибка").code == 1
    assert papka("sign", paper, "--by", "2", "--hand").code == 0
    assert papka("sign", paper, "--by", "2", "--undo").code == 2
    assert papka("sign", paper, "--by", "2", "--undo", "--reason", "не та Любовь").code == 2

    assert papka("sign", paper, "--by", "2", "--undo", "--reason", "не тот документ").code == 0

    signers = json.loads(papka("sign", paper, "--json").out)["signers"]
    assert [one["signed"] for one in signers] == [None, None, None]
    told = papka("journal", paper).out
    assert "signer 2: by hand" in told and "(не тот документ)" in told
    assert papka("journal", "--check").code == 0
    assert papka("sign", paper, "--by", "2", "--hand").code == 0


def test_a_signature_is_not_waived_without_a_reason(office: Path) -> None:
    paper = code()
    assert papka("sign", paper, "--by", "3", "--waived").code == 2
    assert papka("sign", paper, "--by", "3", "--waived", "--reason", "представитель один").code == 0
    assert "(представитель один)" in papka("sign", paper).out


# --- as of a day -----------------------------------------------------------------------------------------------


def test_one_waits_since_the_issue_and_a_day_before_it_knows_nothing_of_the_paper(office: Path) -> None:
    title = "Документы, которых ждут с подписями"
    assert title not in papka("due").out
    late = papka("due", "--as-of", LATER).out
    assert title in late and f"{TODAY:%d.%m.%Y}" in late.split(title)[1]
    assert f"waited for since {TODAY:%d.%m.%Y}" in papka("scan", "status").out

    then, now = (json.loads(papka("status", "--as-of", day, "--json").out) for day in (BEFORE, str(TODAY)))
    assert [sum(one["issued"] for one in all_) for all_ in (then, now)] == [0, 1]
    alone = json.loads(papka("status", "seven", "--as-of", BEFORE, "--json").out)
    assert not next(one for one in alone["documents"] if one["id"] == AGREEMENT)["papers"][0]["id"]


def test_a_day_before_the_mark_was_taken_back_still_knows_of_it(office: Path) -> None:
    from papka.core.journal.journal import Journal
    from papka.core.journal.past import entries_by, marks_by

    paper = code()
    for more in (("--hand",), ("--undo", "--reason", "ошибка")):
        assert papka("sign", paper, "--by", "1", *more).code == 0
    book = Journal.open(office / "journal.db")
    try:
        assert [len(entries_by(book, day)) for day in (TODAY - timedelta(days=2), TODAY)] == [0, 1]
        assert not book.marks()[paper] and not marks_by(book, TODAY)[paper]
        assert entries_by(book, TODAY) == book.entries()
    finally:
        book.close()


# --- how things are called -------------------------------------------------------------------------------------


def test_status_tells_what_the_case_shows_from_what_was_issued(office: Path) -> None:
    shown = papka("status", "seven", lang="ru").out
    assert "○ Заявление о социальном сопровождении семьи — составлен, судя по делу; в журнале нет" in shown
    assert "✓ Соглашение о социальном сопровождении семьи — выпущен" in shown


def test_check_asks_for_papers_to_be_issued_and_for_none_that_was(office: Path) -> None:
    (office / "cases" / "three").mkdir()
    example = next(one for one in EXAMPLES if one.stem == "bezotchestva")
    shutil.copy(example, office / "cases" / "three" / "case.yaml")
    paper = "com_consent_pd_minor"

    before = papka("check", "three", lang="ru").out
    assert f"DOC-{paper}: Ещё не выпущен: " in before and f"papka issue three {paper}" in before
    assert papka("issue", "three", paper, "--no-pdf").code == 0
    assert f"DOC-{paper}" not in papka("check", "three").out


@pytest.mark.parametrize("family", ["Шевченко", "шевченко", "семья Черных — Шевченко", "Черных — Шевченко"])
def test_a_case_is_found_by_the_name_of_its_family_and_a_paper_by_the_beginning_of_its_title(
    office: Path, family: str
) -> None:
    ran = papka("issue", family, "соглашение о социальном", "--no-pdf")
    assert ran.code == 0, ran.all
    assert (
        f"Соглашение о социальном сопровождении семьи № 7 of 18.02.2025 [{AGREEMENT}] · {code()}" in ran.out
    )


def test_of_several_families_or_titles_none_is_taken(office: Path) -> None:
    (office / "cases" / "eight").mkdir()
    text = (office / "cases" / "seven" / "case.yaml").read_text("utf-8")
    other = text.replace("KRG-2025-0007", "KRG-2025-0008").replace("number: 7/2025", "number: 8/2025")
    (office / "cases" / "eight" / "case.yaml").write_text(other, "utf-8")

    two = papka("status", "Шевченко")
    assert two.code == 2 and "eight, seven" in two.err
    several = papka("render", "seven", "карта")
    assert (
        several.code == 2 and "[krg_case_card]" in several.err and "[krg_current_monitoring]" in several.err
    )
    # Who works with a family is not the family.
    assert papka("status", "Гусь").code == 2


# --- files ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content"), [("a.pdf", b""), ("b.docx", b"PK\x03\x04"), ("c.pdf", b"%PDF-1.7")]
)
def test_a_damaged_file_is_called_damaged(office: Path, tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    ran = papka("verify", tmp_path / name)
    assert ran.code == 3 and "empty or damaged" in ran.out


def test_a_training_copy_is_not_put_among_the_families(office: Path, tmp_path: Path) -> None:
    ran = papka("anonymise", "seven", office / "cases" / "training")
    assert ran.code == 2 and "outside the office" in ran.err
    assert not (office / "cases" / "training").exists()
