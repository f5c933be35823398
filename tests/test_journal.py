"""Issuing: a paper has a number, a place and an entry, or nothing happened; the record shows what was done to it."""

import json
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from conftest import Run
from reading import EXAMPLES

from papka.core.errors import PapkaError
from papka.core.journal.connecting import _kind_of_mount
from papka.core.journal.entries import Job, Mark, Series
from papka.core.journal.journal import Journal

CASE = next(one for one in EXAMPLES if one.stem == "chernykh_shevchenko")
OUT = Series("outgoing", "01-12/{seq:03}")


@pytest.fixture
def office(here: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "office"
    assert here("init", folder, "--title", "Центр «Проба»").code == 0
    (folder / "cases" / "one").mkdir()
    shutil.copy(CASE, folder / "cases" / "one" / "case.yaml")
    monkeypatch.chdir(folder)
    return folder


def issued(here: Run, *arguments: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(here("issue", "one", *arguments, "--json").out)
    return found


# --- a worker issues papers ------------------------------------------------------------------------------


def test_an_issued_paper_lies_under_its_code_with_its_pdf_and_stands_in_the_journal(
    here: Run, office: Path
) -> None:
    ran = here("issue", "one", "krg_agreement", "--engine", "rdocx")

    assert ran.code == 0, ran.all
    entry = json.loads(here("journal", "--json").out)[0]
    assert (entry["document"], entry["number"], entry["state"], entry["day"]) == (
        "krg_agreement", "7", "issued", "2025-02-18",
    )  # fmt: skip
    word = office / entry["file"]
    assert word.is_file() and word.with_suffix(".pdf").is_file()
    assert entry["id"] in word.name
    assert entry["made_with"]["engine"].startswith("rdocx")
    # Nothing of the family stands in the journal.
    whole = (office / "journal.db").read_bytes()
    assert not any(name.encode() in whole for name in ("Черных", "Любовь", "Катайск"))


def test_the_same_paper_is_not_issued_twice_and_a_changed_one_is_corrected_with_a_reason(
    here: Run, office: Path
) -> None:
    first = issued(here, "krg_agreement", "--no-pdf")[0]
    again = issued(here, "krg_agreement", "--no-pdf")[0]
    assert (first["result"], again["result"]) == ("issued", "already")
    assert again["entry"]["id"] == first["entry"]["id"]

    case = office / "cases" / "one" / "case.yaml"
    case.write_text(case.read_text("utf-8").replace("Черных", "Белых"), "utf-8")
    refused = here("issue", "one", "krg_agreement", "--no-pdf")
    assert refused.code == 3 and "--correct" in refused.all

    corrected = issued(here, "krg_agreement", "--no-pdf", "--correct", "фамилия")[0]["entry"]
    states = {one["id"]: one["state"] for one in json.loads(here("journal", "--json").out)}
    assert corrected["replaces"] == first["entry"]["id"]
    assert states == {first["entry"]["id"]: "replaced", corrected["id"]: "issued"}
    assert (office / first["entry"]["file"]).is_file()


def test_a_number_that_the_case_does_not_name_comes_from_the_series_and_is_printed(
    here: Run, office: Path
) -> None:
    from docx import Document

    case = office / "cases" / "one" / "case.yaml"
    text = case.read_text("utf-8")
    bare = re.sub(r"(?m)^(agreement:\n)  number: .*\n", r"\1", text)
    assert bare != text
    case.write_text(bare, "utf-8")
    (office / "office.yaml").write_text("papka: 1\nnumbering:\n  agreements: С-{seq}/{year}\n", "utf-8")

    entry = issued(here, "krg_agreement", "--no-pdf")[0]["entry"]

    assert entry["number"] == "С-1/2025"
    words = "\n".join(one.text for one in Document(str(office / entry["file"])).paragraphs)
    assert "С-1/2025" in words


def test_outside_an_office_nothing_is_issued(here: Run, tmp_path: Path) -> None:
    case = tmp_path / "case.yaml"
    shutil.copy(CASE, case)

    ran = here("issue", case, "krg_agreement")

    assert ran.code == 2 and "papka init" in ran.all
    assert sorted(path.name for path in tmp_path.iterdir() if path.name != ".cache") == ["case.yaml"]


def test_a_paper_that_cannot_be_drawn_takes_no_number(here: Run, office: Path) -> None:
    ran = here("issue", "one", "krg_farewell_record", "--on", "2025-03-03", "--no-pdf")

    assert ran.code == 3
    assert json.loads(here("journal", "--json").out) == []
    assert not (office / "cases" / "one" / "issued").exists()


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
def test_a_new_office_is_closed_to_other_users(here: Run, office: Path) -> None:
    for folder in (office, office / "cases", office / "templates"):
        assert folder.stat().st_mode & 0o077 == 0


def test_an_office_is_not_founded_twice(here: Run, office: Path) -> None:
    before = (office / "office.yaml").read_bytes()

    assert here("init", office).code == 2
    assert (office / "office.yaml").read_bytes() == before


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_the_settings_of_a_new_office_are_in_its_language_and_say_how_a_centre_is_named(
    lang: str, run: Run, tmp_path: Path
) -> None:
    assert run("init", tmp_path / "office", lang=lang).code == 0
    settings = tmp_path / "office" / "office.yaml"
    text = settings.read_text("utf-8")
    assert lang == "ru" or not re.search("[А-Яа-яЁё]", text)

    block = text[text.index("# organisation:") :].partition("\n\n")[0]
    settings.write_text(text.replace(block, re.sub("(?m)^# ", "", block)), "utf-8")

    told = run("status", cwd=settings.parent, lang=lang)
    assert told.code == 0, told.all
    assert "\norganisation:\n" in settings.read_text("utf-8")


# --- the record ------------------------------------------------------------------------------------------


def job(number: int = 1, facts: str = "a", *, case: str = "K-1", named: str | None = None) -> Job:
    return Job(case, "letter", str(number), date(2026, 3, 2), facts * 64, named, OUT)


@pytest.fixture
def book(tmp_path: Path) -> Journal:
    return Journal.open(tmp_path / "journal.db")


def write(book: Journal, one: Job) -> Any:
    return book.issued(book.reserve(one), file="x.docx", docx_sha256="0" * 64)


def test_numbers_follow_each_other_and_begin_anew_each_year(book: Journal) -> None:
    numbers = [write(book, job(n)).number for n in range(1, 4)]
    next_year = Job("K-1", "letter", "9", date(2027, 1, 11), "a" * 64, None, OUT)

    assert numbers == ["01-12/001", "01-12/002", "01-12/003"]
    assert write(book, next_year).number == "01-12/001"
    assert list(book.faults()) == []


def test_what_was_cut_off_gets_its_number_again_and_is_told_meanwhile(book: Journal) -> None:
    cut_off = book.reserve(job(1))

    assert [one.id for one in book.faults()] == ["J-OPEN"]
    assert write(book, job(2)).number == "01-12/002"
    assert write(book, job(1)).number == cut_off.number == "01-12/001"
    assert list(book.faults()) == []


def test_whoever_comes_second_with_the_same_paper_gets_no_second_number(book: Journal) -> None:
    first = write(book, job(1))

    assert book.reserve(job(1)) == first
    with pytest.raises(PapkaError) as refused:
        book.reserve(job(1, facts="b"))
    assert refused.value.findings[0].id == "J-MEANWHILE"  # type: ignore[attr-defined]
    assert book.reserve(job(1, facts="b"), replaces=first.id).number == "01-12/002"


def test_two_workers_issue_papers_of_one_case_at_once(
    command: str, environ: Callable[..., dict[str, str]], office: Path
) -> None:
    asked = ("krg_agreement", "krg_application", "krg_ipss", "krg_agreement")
    running = [
        subprocess.Popen(
            [command, "issue", "one", document, "--no-pdf"],
            cwd=office, env=environ(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )
        for document in asked
    ]  # fmt: skip

    told = [process.communicate(timeout=120)[0] for process in running]

    assert [process.returncode for process in running] == [0, 0, 0, 0], told
    book = Journal.open(office / "journal.db")
    papers = book.entries(states=("issued",))
    assert sorted(one.document for one in papers) == [
        "krg_agreement",
        "krg_application",
        "krg_ipss",
        "krg_ipss",
    ]
    assert all((office / (one.file or "")).is_file() for one in papers)
    assert list(book.faults()) == []
    assert not list(office.rglob(".issuing*"))


def test_a_void_number_keeps_its_reason_and_is_not_given_again(book: Journal) -> None:
    void = book.void(book.reserve(job(1)).id, "описка")

    assert (void.state, void.reason) == ("void", "описка")
    assert write(book, job(2)).number == "01-12/002"
    with pytest.raises(PapkaError):
        book.void(write(book, job(3)).id, "поздно")


def test_a_number_that_stands_on_another_paper_is_refused(book: Journal) -> None:
    write(book, job(1, named="01-12/001"))

    with pytest.raises(PapkaError) as refused:
        book.reserve(job(2, case="K-2", named="01-12/001"))
    assert refused.value.findings[0].id == "J-NUMBER"  # type: ignore[attr-defined]
    # The series goes round a number that a case has named.
    assert write(book, job(3)).number == "01-12/002"


@pytest.mark.parametrize(
    "deed",
    [
        "UPDATE papers SET number = '01-12/077' WHERE number = '01-12/002'",
        "UPDATE events SET data = json_set(data, '$.number', '5') WHERE n = 3",
        "DELETE FROM events WHERE n = 2",
        "DELETE FROM papers WHERE number = '01-12/003'",
        "UPDATE marks SET how = 'hand'",
        "DELETE FROM marks WHERE name = '2'",
        "INSERT INTO marks SELECT 99, paper, kind, '3', how, \"on\", file, sha256, at, reason FROM marks WHERE name = '1'",
    ],
)
def test_whoever_changes_the_record_from_outside_is_found_out(deed: str, here: Run, office: Path) -> None:
    book = Journal.open(office / "journal.db")
    for n in range(1, 4):
        paper = write(book, job(n))
    for page in ("1", "2"):
        book.mark(Mark(paper.id, "page", page, "scan"))
    book.close()
    assert "J-CHAIN" not in here("journal", "--check").all
    with sqlite3.connect(office / "journal.db") as connection:
        connection.execute(deed)

    ran = here("journal", "--check")

    assert ran.code == 3
    assert "J-CHAIN" in ran.all


def test_the_last_hash_tells_that_the_end_was_cut_off(book: Journal, tmp_path: Path) -> None:
    write(book, job(1))
    before = book.head()
    write(book, job(2))

    assert book.head()[0] == before[0] + 2
    assert book.head()[1] != before[1]


def test_pages_and_signatures_are_recorded_and_the_latest_word_counts(book: Journal) -> None:
    paper, other = write(book, job(1)), write(book, job(2))
    book.mark(Mark(paper.id, "signed", "1", "hand", date(2026, 3, 3)))
    book.mark(Mark(other.id, "page", "1", "scan", file="x.scan.pdf", sha256="1" * 64))
    book.mark(Mark(paper.id, "signed", "1", "scan", date(2026, 3, 4)))
    book.mark(Mark(paper.id, "signed", "2", "waived"))

    told = book.marks([paper.id])
    assert [(one.name, one.how, one.on) for one in told[paper.id]] == [
        ("1", "scan", date(2026, 3, 4)), ("2", "waived", None),
    ]  # fmt: skip
    assert set(book.marks()) == {paper.id, other.id}
    assert list(book.faults()) == []
    with pytest.raises(PapkaError):
        book.mark(Mark(book.reserve(job(3)).id, "signed", "1", "hand"))


def test_a_journal_on_a_network_drive_is_refused() -> None:
    mounts = (
        "/dev/sda1 / ext4 rw 0 0\n//server/share /mnt/share cifs rw 0 0\nserver:/x /mnt/a\\040b nfs4 rw 0 0\n"
    )

    assert _kind_of_mount("/mnt/share/office/journal.db", mounts) == "cifs"
    assert _kind_of_mount("/mnt/a b/journal.db", mounts) == "nfs4"
    assert _kind_of_mount("/mnt/shared/journal.db", mounts) == "ext4"


# --- many at once, and killed ----------------------------------------------------------------------------

WORKER = """
import sys
from datetime import date
from pathlib import Path
from papka.core.journal.entries import Job, Series
from papka.core.journal.journal import Journal
place, who, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
book = Journal.open(Path(place) if "://" not in place else place)
for n in range(count):
    job = Job(f"K-{who}", "letter", str(n), date(2026, 3, 2), "a" * 64, None, Series("outgoing", "{seq}"))
    if book.latest(job) is None:
        book.issued(book.reserve(job), file="x", docx_sha256="0" * 64)
print("done")
"""


def worker(place: str, who: int, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WORKER, place, str(who), str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def stubborn(place: str, who: int, count: int, kills: int) -> None:
    """Run a worker to its end, however often it is killed on the way."""
    chance = random.Random(who)
    while True:
        process = worker(place, who, count)
        if kills:
            kills -= 1
            time.sleep(chance.uniform(0.3, 0.9))
            process.send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
        out, _ = process.communicate(timeout=120)
        if "done" in out:
            return


def many_at_once(place: str, workers: int, count: int, kills: int) -> Journal:
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(lambda who: stubborn(place, who, count, kills), range(workers)))
    return Journal.open(Path(place) if "://" not in place else place)


def whole(book: Journal, papers: int) -> None:
    entries = book.entries(states=("issued",))
    numbers = sorted(int(one.number or 0) for one in entries)
    assert numbers == list(range(1, papers + 1))
    assert list(book.faults()) == []


def test_eight_at_once_and_killed_again_and_again_get_each_number_once(tmp_path: Path) -> None:
    whole(many_at_once(str(tmp_path / "journal.db"), 8, 12, 2), 96)


@pytest.fixture
def server() -> str:
    url = os.environ.get("PAPKA_TEST_POSTGRES")
    if not url:
        pytest.skip("PAPKA_TEST_POSTGRES names no server")
    from sqlalchemy import create_engine, text

    with create_engine(url).begin() as connection:
        connection.execute(text("DROP TABLE IF EXISTS papers, marks, events, about"))
    return url


def test_a_server_keeps_the_same_record(server: str) -> None:
    book = Journal.open(server)
    assert [write(book, job(n)).number for n in (1, 2)] == ["01-12/001", "01-12/002"]
    assert list(book.faults()) == []
    book.close()


def test_on_a_server_too_eight_at_once_get_each_number_once(server: str) -> None:
    whole(many_at_once(server, 8, 12, 2), 96)


# --- where a file comes from -----------------------------------------------------------------------------


def test_an_issued_file_is_known_wherever_it_lies_and_a_draft_is_not(here: Run, office: Path) -> None:
    entry = issued(here, "krg_agreement", "--engine", "rdocx")[0]["entry"]
    elsewhere = office / "письмо.pdf"
    shutil.copy((office / entry["file"]).with_suffix(".pdf"), elsewhere)
    assert here("render", "one", "krg_agreement").code == 0

    known = json.loads(here("verify", elsewhere, "--json").out)
    draft = here("verify", office / "cases" / "one" / "papers" / "krg_agreement.docx")

    assert (known["verdict"], known["entry"]["id"], known["same_today"]) == ("unaltered", entry["id"], True)
    assert draft.code == 3 and "draft" in draft.out


def test_the_journal_is_asked_by_the_folder_of_a_case_and_answers_in_words(here: Run, office: Path) -> None:
    entry = issued(here, "krg_agreement", "--no-pdf")[0]["entry"]

    for asked in ("one", entry["case"], "7/2025"):
        assert entry["id"] in here("journal", "--case", asked).out
    told = here("journal", entry["id"]).out
    assert f"lies in: {entry['file']}" in told and "made by: kurgan_ipss" in told
    assert "{" not in told and "made_with" not in told


def test_one_changed_word_is_found_at_its_place_without_being_quoted(here: Run, office: Path) -> None:
    from docx import Document

    entry = issued(here, "krg_agreement", "--no-pdf")[0]["entry"]
    word = Document(str(office / entry["file"]))
    at = next(n for n, one in enumerate(word.paragraphs) if "Семья" in one.text and one.runs)
    word.paragraphs[at].runs[0].text += " Иванов"
    changed = office / "переименовано.docx"
    word.save(str(changed))

    ran = here("verify", changed)

    assert ran.code == 3
    assert "altered" in ran.out and "paragraph" in ran.out and "changed" in ran.out
    assert "Иванов" not in ran.all


def test_a_changed_word_in_a_pdf_is_found_on_its_page_whatever_the_file_is_called(
    here: Run, office: Path
) -> None:
    from pypdf import PdfReader, PdfWriter
    from pypdf.annotations import FreeText

    entry = issued(here, "krg_agreement", "--engine", "rdocx")[0]["entry"]
    own = (office / entry["file"]).with_suffix(".pdf")
    assert entry["pages"] == len(PdfReader(own).pages)
    writer = PdfWriter(clone_from=own)
    writer.pages[1].get_contents()
    writer.remove_page(2)
    writer.add_annotation(1, FreeText(text="Иванов", rect=(50, 550, 200, 650)))
    changed = office / "скан из почты.pdf"
    writer.write(changed)
    touched = office / "другое имя.pdf"
    touched.write_bytes(own.read_bytes().replace(b"/Producer", b"/Producex", 1) + b"\n")

    ran, same = here("verify", changed), here("verify", touched)

    assert (ran.code, same.code) == (3, 3)
    assert entry["id"] in ran.out and f"pages: {entry['pages'] - 1} instead of {entry['pages']}" in ran.out
    assert "Иванов" not in ran.all
    assert entry["id"] in same.out and "the words are the same" in same.out


def test_verify_says_that_template_and_rules_are_others_now(here: Run, office: Path) -> None:
    from docx import Document

    from papka.core import Plugins

    entry = issued(here, "krg_agreement", "--no-pdf")[0]["entry"]
    assert json.loads(here("verify", office / entry["file"], "--json").out)["changed_since"] == []
    template = Plugins().method("kurgan_ipss").papers["krg_agreement"].template
    own = Document(str(template))
    own.add_paragraph("Ещё строка.")
    own.save(str(office / "templates" / template.name))

    told = here("verify", office / entry["file"])
    assert "Since then another version of: the template." in told.out


def test_a_correction_says_on_the_paper_what_it_takes_the_place_of(here: Run, office: Path) -> None:
    from docx import Document

    first = issued(here, "krg_agreement", "--no-pdf")[0]["entry"]
    before = (office / first["file"]).read_bytes()
    case = office / "cases" / "one" / "case.yaml"
    case.write_text(case.read_text("utf-8").replace("Черных", "Белых"), "utf-8")
    later = issued(here, "krg_agreement", "--no-pdf", "--correct", "фамилия")[0]["entry"]

    said = Document(str(office / later["file"])).paragraphs[0].text
    assert said == f"Выдан взамен документа № 7 от 18.02.2025 (код {first['id']})"
    # What was issued before stays as it was, and is known.
    assert (office / first["file"]).read_bytes() == before
    assert here("verify", office / first["file"]).code == 0
    assert here("verify", office / later["file"]).code == 0


def test_a_file_among_the_issued_papers_that_nobody_issued_is_told(here: Run, office: Path) -> None:
    file = office / issued(here, "krg_agreement", "--no-pdf")[0]["entry"]["file"]
    shutil.copy(file, file.with_name("krg_agreement_ABCDEFGHJKMN.docx"))

    ran = here("journal", "--check")
    assert "J-ORPHAN" in ran.out and "krg_agreement_ABCDEFGHJKMN.docx" in ran.out


def test_a_case_that_has_changed_since_is_told(here: Run, office: Path) -> None:
    entry = issued(here, "krg_agreement", "--no-pdf")[0]["entry"]
    case = office / "cases" / "one" / "case.yaml"
    case.write_text(case.read_text("utf-8").replace("Черных", "Белых"), "utf-8")

    found = json.loads(here("verify", office / entry["file"], "--json").out)

    assert (found["verdict"], found["same_today"]) == ("unaltered", False)


def test_status_says_what_was_issued_and_what_has_become_stale(here: Run, office: Path) -> None:
    issued(here, "krg_agreement", "krg_application", "--no-pdf")
    case = office / "cases" / "one" / "case.yaml"

    def papers(document: str) -> list[dict[str, Any]]:
        known = json.loads(here("status", "one", "--json").out)["documents"]
        return next(one["papers"] for one in known if one["id"] == document)

    assert [one["state"] for one in papers("krg_agreement")] == ["issued"]
    assert {one["state"] for one in papers("krg_ipss")} == {"draft"}

    case.write_text(case.read_text("utf-8").replace("Черных", "Белых"), "utf-8")
    stale = papers("krg_agreement")
    assert [one["state"] for one in stale] == ["stale"]
    assert {cause["path"] for cause in stale[0]["because"]} == {
        f"family.members[{n}].last_name" for n in (0, 3, 4)
    }

    shown = here("status", "one").out
    assert "stale, for this has changed: Семья → Члены семьи, 1 → Фамилия" in shown


def test_due_says_what_is_late_with_its_day_and_makes_a_calendar(here: Run, office: Path) -> None:
    shown = here("due", "--as-of", "2025-08-25")

    assert shown.code == 0
    assert "21.08.2025" in shown.out and "Карта текущего мониторинга" in shown.out
    assert here("due", "--as-of", "2025-08-25", "--ics").code == 0
    calendar = next((office / "reports").glob("*.ics")).read_text("utf-8")
    assert "BEGIN:VEVENT" in calendar and "20250821" in calendar


@pytest.mark.parametrize("deed", ["altered", "gone"])
def test_an_issued_file_that_was_altered_or_is_gone_is_told(deed: str, here: Run, office: Path) -> None:
    file = office / issued(here, "krg_agreement", "--no-pdf")[0]["entry"]["file"]
    assert here("journal", "--check").code == 0
    if deed == "gone":
        file.unlink()
    else:
        file.write_bytes(file.read_bytes() + b"x")

    ran = here("journal", "--check")

    assert ran.code == 3
    assert "J-FILE" in ran.out and deed in ran.out
