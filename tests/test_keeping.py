"""Privacy: an office can be saved and put back, a case copied for training, its data destroyed, its papers sent."""

import json
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from conftest import Run
from reading import EXAMPLES, PLUGINS

from papka.core.contract.base import Contract, Line, fact
from papka.core.contract.case import Case
from papka.core.journal.entries import Job, Series
from papka.core.journal.journal import Journal
from papka.core.loading import load_case
from papka.core.opening import open_case
from papka.core.saving import write_atomically
from papka.output.keeping.anonymising import anonymise, identifying, names_in_all_cases, people_of
from papka.output.keeping.archives import MANIFEST, Writer
from papka.output.keeping.backing import back_up, check_backup
from papka.output.keeping.decided import DECIDED, undecided
from papka.output.rendering import Press
from papka.output.work import ready

CASE = next(one for one in EXAMPLES if one.stem == "chernykh_shevchenko")
GONE = "2026-05-04"
PHRASE = "correct horse battery"
OUT = Series("outgoing", "01-12/{seq:03}")


def withdrawn(text: str) -> str:
    """Every consent to the processing of personal data is withdrawn."""
    return re.sub(r"(kind: personal_data,.* on: [0-9-]+)}", rf"\1, withdrawn_on: {GONE}}}", text)


@contextmanager
def within(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office in which two papers of a case were issued; the tests copy it."""
    from papka.core.cli import main

    folder = tmp_path_factory.mktemp("made") / "office"
    for arguments in (("init", str(folder)), ("issue", "one", "krg_agreement", "krg_application")):
        if arguments[0] == "issue":
            arguments = (*arguments, "--engine", "rdocx")
            (folder / "cases" / "one").mkdir(mode=0o700)
            write_atomically(
                folder / "cases" / "one" / "case.yaml", withdrawn(CASE.read_text("utf-8")).encode("utf-8")
            )
        with within(folder if folder.exists() else folder.parent), pytest.raises(SystemExit) as stop:
            main(list(arguments))
        assert stop.value.code == 0
    return folder


@pytest.fixture
def office(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "office"
    shutil.copytree(made, folder)
    monkeypatch.chdir(folder)
    return folder


def papers(folder: Path) -> list[Any]:
    book = Journal.open(folder / "journal.db")
    try:
        return book.entries()
    finally:
        book.close()


# --- backup and restore ----------------------------------------------------------------------------------


def test_an_office_comes_back_whole_and_its_numbers_go_on(here: Run, office: Path, tmp_path: Path) -> None:
    book = Journal.open(office / "journal.db")
    job = Job("K-1", "letter", "1", date(2026, 3, 2), "a" * 64, None, OUT)
    book.void(book.reserve(job).id, "описка")
    book.close()
    assert here("backup", "--out", tmp_path / "b.zip").code == 0

    ran = here("restore", tmp_path / "b.zip", tmp_path / "back")

    assert ran.code == 0, ran.all
    back = tmp_path / "back"
    assert {p.relative_to(back) for p in back.rglob("*.*")} >= {
        p.relative_to(office) for p in office.rglob("*.*") if "journal.db-" not in p.name
    }
    assert papers(back) == papers(office)
    with within(back):
        checked = here("journal", "--check")
    assert checked.code == 0 and "whole" in checked.out
    book = Journal.open(back / "journal.db")
    assert (
        book.reserve(Job("K-1", "letter", "2", date(2026, 3, 2), "a" * 64, None, OUT)).number == "01-12/002"
    )
    book.close()


def test_without_a_name_the_backup_lies_beside_the_office_and_never_inside(here: Run, office: Path) -> None:
    first, second = here("backup", "--json"), here("backup", "--json")

    files = [Path(json.loads(one.out)["file"]) for one in (first, second)]
    assert files[0] != files[1] and all(one.parent == office.parent for one in files)
    assert here("backup", "--out", "cases/b.zip").code == 2
    assert not (office / "cases" / "b.zip").exists()


def test_a_backup_is_taken_whole_while_others_issue(office: Path, tmp_path: Path) -> None:
    """What is issued while the files are copied is in neither half of the backup."""
    from papka.core.office import Office
    from papka.output.keeping import journals

    honest = journals.lines_of

    def busy(book: Journal) -> Iterator[bytes]:
        yield from list(honest(book))
        job = Job("KRG-2025-0007", "letter", "9", date(2026, 3, 2), "a" * 64, None, OUT)
        entry = book.reserve(job)
        (office / "cases" / "one" / "issued" / f"letter_{entry.id}.docx").write_bytes(b"late")
        book.issued(entry, file=f"cases/one/issued/letter_{entry.id}.docx", docx_sha256="0" * 64)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(journals, "lines_of", busy)
        back_up(Office(office), tmp_path / "b.zip")

    saved = check_backup(tmp_path / "b.zip")
    assert saved.papers == 2 and not saved.findings
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        assert not [name for name in archive.namelist() if "letter_" in name]


def test_an_encrypted_backup_opens_with_its_key_or_its_passphrase_only(
    here: Run, office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, other = tmp_path / "key.txt", tmp_path / "other.txt"
    public = re.search(r"age1\w+", here("backup", "--new-key", key).out)
    assert public and here("backup", "--new-key", other).code == 0
    assert here("backup", "--new-key", key).code == 2
    locked, phrased = tmp_path / "b.age", tmp_path / "p.age"

    assert here("backup", "--to", public[0], "--out", locked).code == 0
    monkeypatch.setenv("PAPKA_PASSPHRASE", PHRASE)
    assert here("backup", "--passphrase", "--out", phrased).code == 0

    assert here("backup", "--check", locked, "--identity", key).code == 0
    assert here("backup", "--check", locked, "--identity", other).code == 1
    damaged = bytearray(locked.read_bytes())
    damaged[-9000] ^= 1
    (tmp_path / "damaged.age").write_bytes(damaged)
    told = here("backup", "--check", tmp_path / "damaged.age", "--identity", key)
    assert told.code == 1 and "damaged" in told.err
    assert here("restore", phrased, tmp_path / "back").code == 0
    monkeypatch.setenv("PAPKA_PASSPHRASE", "another phrase")
    assert here("restore", phrased, tmp_path / "no").code == 1
    assert not (tmp_path / "no").exists()
    for file in (locked, phrased):
        raw = file.read_bytes()
        assert raw.startswith(b"age-encryption.org/v1") and b"case.yaml" not in raw


CUT = """
import os, signal, sys
from pathlib import Path
import papka.output.keeping.backing as work
die = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
if sys.argv[1] == "backup":
    work.Writer.close = die
    work.back_up(work.Office(Path.cwd()), Path("../b.zip"))
work._journal = die
work.restore(Path("../b.zip"), Path("../back"))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_what_a_killed_run_left_of_families_papers_goes_at_the_next(
    here: Run, office: Path, tmp_path: Path
) -> None:
    for what in ("backup", "restore"):
        died = subprocess.run([sys.executable, "-c", CUT, what], cwd=office, check=False)
        assert died.returncode == -signal.SIGKILL
        assert list(tmp_path.glob(".papka-*")) and not (tmp_path / "back").exists()
        assert here("backup", "--out", tmp_path / "b.zip").code == (0 if what == "backup" else 2)

    assert here("restore", tmp_path / "b.zip", tmp_path / "back").code == 0
    assert not list(tmp_path.glob(".papka-*"))


@pytest.fixture
def server() -> Iterator[Callable[[], str]]:
    """A way to get new empty databases on a server."""
    url = os.environ.get("PAPKA_TEST_POSTGRES")
    if not url:
        pytest.skip("PAPKA_TEST_POSTGRES names no server")
    from sqlalchemy import create_engine, make_url, text

    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    made: list[str] = []

    def new() -> str:
        name = f"papka_keeping_{os.getpid()}_{len(made)}"
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
            connection.execute(text(f"CREATE DATABASE {name}"))
        made.append(name)
        return make_url(url).set(database=name).render_as_string(hide_password=False)

    yield new
    with engine.connect() as connection:
        for name in made:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))


def test_a_journal_on_a_server_comes_back_into_a_file_and_into_another_server(
    server: Callable[[], str], here: Run, office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = server(), server()
    assert here("backup", "--out", tmp_path / "file.zip").code == 0
    moved = here("restore", tmp_path / "file.zip", tmp_path / "moved", "--journal", first)
    assert moved.code == 0, moved.all

    monkeypatch.setenv("PAPKA_JOURNAL", first)
    with within(tmp_path / "moved"):
        assert here("backup", "--out", tmp_path / "server.zip").code == 0
    assert here("restore", tmp_path / "server.zip", tmp_path / "no").code == 2
    monkeypatch.delenv("PAPKA_JOURNAL")
    assert here("restore", tmp_path / "server.zip", tmp_path / "back").code == 0
    assert here("restore", tmp_path / "server.zip", tmp_path / "there", "--journal", second).code == 0

    assert papers(tmp_path / "back") == papers(office)
    with within(tmp_path / "back"):
        assert here("journal", "--check").code == 0


def forged(file: Path, names: dict[str, bytes], *, link: bool = False, lie: bool = False) -> Path:
    """An archive whose list is right and whose members are not what an office holds."""
    with file.open("wb") as stream:
        writer = Writer(stream)
        writer.add("journal.jsonl", [b""])
        for name, content in names.items():
            writer.add(name, [content])
        if link:
            writer._zip.filelist[-1].external_attr = (stat.S_IFLNK | 0o777) << 16
        if lie:
            name, (sha, size) = list(writer.files.items())[-1]
            writer.files[name] = (sha, size * 2)
        writer.close({"events": 0, "head": "0" * 64})
    return file


@pytest.mark.parametrize(
    ("names", "how"),
    [
        ({"../outside.txt": b"x"}, {}),
        ({"/outside.txt": b"x"}, {}),
        ({"cases/../../outside.txt": b"x"}, {}),
        ({"cases/one/link": b"/etc/passwd"}, {"link": True}),
        ({"big.bin": b"\0" * (80 << 20)}, {}),
        ({"one.bin": b"12345"}, {"lie": True}),
    ],
    ids=["dots", "absolute", "dots inside", "link", "bomb", "lying size"],
)
def test_an_archive_that_would_leave_its_folder_or_flood_it_is_refused(
    names: dict[str, bytes], how: dict[str, bool], here: Run, tmp_path: Path
) -> None:
    file = forged(tmp_path / "evil.zip", names, **how)

    ran = here("restore", file, tmp_path / "deep" / "back")

    assert ran.code == 1 and "not safe" in ran.err
    assert not (tmp_path / "deep" / "back").exists() and not list(tmp_path.rglob("outside.txt"))
    assert not list(tmp_path.rglob(".papka-*"))


@pytest.mark.parametrize("deed", ["a file", "the journal", "cut off"])
def test_a_backup_that_was_changed_is_found_out_and_not_restored(
    deed: str, here: Run, office: Path, tmp_path: Path
) -> None:
    here("backup", "--out", tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        members = {one: archive.read(one) for one in archive.namelist()}
    listed = json.loads(members.pop(MANIFEST))
    with (tmp_path / "changed.zip").open("wb") as stream:
        writer = Writer(stream)
        for name, content in members.items():
            if deed == "the journal" and name == "journal.jsonl":
                content = content.replace(b'"number": "7"', b'"number": "8"')
            elif deed == "cut off" and name == "journal.jsonl":
                lines = content.splitlines(keepends=True)
                content = b"".join(lines[: len(lines) // 2])
            writer.add(name, [content])
        if deed == "a file":
            writer.files = {name: tuple(told) for name, told in listed["files"].items()}
            writer.files["office.yaml"] = ("0" * 64, writer.files["office.yaml"][1])
        writer.close(listed["about"])

    assert here("backup", "--check", tmp_path / "changed.zip").code in (1, 3)
    assert here("restore", tmp_path / "changed.zip", tmp_path / "back").code in (1, 3)
    assert not (tmp_path / "back").exists()


def test_restoring_touches_no_folder_and_no_journal_in_use(
    here: Run, office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = office / "office.yaml"
    address = f"sqlite:///{tmp_path}/server.db"
    (office / "journal.db").rename(tmp_path / "server.db")
    settings.write_text(settings.read_text("utf-8") + f"\njournal: {address}\n", "utf-8")
    before = settings.read_bytes()
    assert here("backup", "--out", tmp_path / "b.zip").code == 0

    assert here("restore", tmp_path / "b.zip", office).code == 2
    assert here("restore", tmp_path / "b.zip", tmp_path / "x", "--journal", address).code == 2
    ran = here("restore", tmp_path / "b.zip", tmp_path / "back")

    assert settings.read_bytes() == before
    assert "switched off" in ran.out
    assert f"\n# journal: {address}" in (tmp_path / "back" / "office.yaml").read_text("utf-8")
    assert len(papers(tmp_path / "back")) == 2
    empty = f"sqlite:///{tmp_path}/empty.db"
    assert here("restore", tmp_path / "b.zip", tmp_path / "y", "--journal", empty).code == 0
    assert not (tmp_path / "y" / "journal.db").exists()


# --- a copy for training ---------------------------------------------------------------------------------


def test_every_text_of_the_contract_is_decided_on_and_a_new_one_is_hidden() -> None:
    class Newer(Contract):
        nickname: Line = fact("прозвище", "Прозвище")

    assert undecided(Case) == []
    assert undecided(Newer) == ["Newer.nickname"]
    known = {name.split(".")[0] for name in DECIDED}
    assert known <= {model.__name__ for model in Contract.__subclasses__()} | {"Member", "Specialist"}


@pytest.mark.parametrize(
    ("source", "keep_texts"),
    [*((one, False) for one in EXAMPLES), *((one, True) for one in EXAMPLES[::3])],
    ids=lambda one: one.stem if isinstance(one, Path) else "kept" if one else "hidden",
)
def test_a_copy_for_training_holds_nobody_of_the_family_and_loads(
    source: Path, keep_texts: bool, tmp_path: Path
) -> None:
    anonymise(str(source), tmp_path / "copy.yaml", keep_texts=keep_texts, seed=7)

    text = (tmp_path / "copy.yaml").read_text("utf-8")
    before, after = load_case(source), load_case(tmp_path / "copy.yaml")
    said = set(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", text))
    assert not {name for name in names_in_all_cases(before) if " " not in name} & said
    # Words that name a kind of organisation and nobody's own are no one's secret.
    plain = {"КДНиЗП", "ОВД", "орган опеки и попечительства"}
    numbers = [re.sub(r"\D", "", one) for one in identifying(before)]
    digits = re.sub(r"\D", "", re.sub(r"'?[a-z_]+'?: '?\d{4}-\d\d-\d\d'?", "", text))
    assert not [one for one in numbers if len(one) > 8 and one in digits]
    assert not [
        one
        for one in identifying(before)
        if len(one) > 12 and one in text and one not in plain and not one.islower()
    ]
    assert not [
        one
        for one in (before.id, *(p.id for p in people_of(before)))
        if re.search(rf"\b{re.escape(one)}\b", text)
    ]
    assert after.fictional and not [line for line in text.splitlines()[4:] if line.lstrip().startswith("#")]
    days = [(a.birth_date, b.birth_date) for a, b in zip(people_of(before), people_of(after), strict=True)]
    shifts = {b - a for a, b in days if a and b}
    assert len(shifts) <= 1 and all(s and s % timedelta(weeks=1) == timedelta() for s in shifts)
    assert not {a for a, _ in days if a} & {b for _, b in days if b}


def test_a_family_stays_a_family_in_its_copy(tmp_path: Path) -> None:
    anonymise(str(CASE), tmp_path / "copy.yaml", seed=3)

    before, after = load_case(CASE).family.members, load_case(tmp_path / "copy.yaml").family.members
    mother, stepfather, _, asya, pavel, lev = after
    assert [one.sex for one in after] == [one.sex for one in before]
    assert mother.last_name == asya.last_name and pavel.last_name + "а" == asya.last_name
    assert stepfather.last_name == lev.last_name != pavel.last_name
    assert (lev.patronymic or "").startswith(stepfather.first_name[:3])
    assert mother.relation == "мать"
    assert mother.snils and mother.snils.startswith("900-") and asya.document and asya.document.series


def test_the_copy_draws_every_paper_that_the_case_draws(tmp_path: Path) -> None:
    anonymise(str(CASE), tmp_path / "copy.yaml", seed=11)
    before = open_case(str(CASE), tmp_path, PLUGINS)
    after = open_case(str(tmp_path / "copy.yaml"), tmp_path, PLUGINS)
    day = date(2026, 4, 30)
    moved = after.case.referral.received_on - before.case.referral.received_on

    asked = ready(after, day + moved)
    assert len(asked) > 30 and set(ready(before, day)) <= set(asked)
    press = Press(after.method, after.plugins.language)
    for name in asked:
        assert next(iter(press.render(after.case, name, day + moved))).content, name


def test_what_a_worker_wrote_in_a_text_is_replaced_in_its_grammatical_case(
    here: Run, case_text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = case_text.replace(
        "просит помочь с кружком",
        "у Ткача Олега синяк; с Верой Ткач говорили 12.03.2025, тел. 8 (912) 345-67-89, v@mail.ru; Олегу 10 лет",
    )
    (tmp_path / "case.yaml").write_text(text, "utf-8")

    ran = here("anonymise", "case.yaml", "out.yaml", "--keep-texts")

    assert ran.code == 0 and "Read the file through" in ran.out
    after = load_case(tmp_path / "out.yaml")
    told, child = after.referral.text, after.family.members[1]
    assert f"{child.first_name}у 10 лет" in told or f"{child.first_name[:-1]}ю 10 лет" in told
    for original in ("Ткач", "Олег", "Вер", "12.03.2025", "345", "mail.ru"):
        assert original not in told
    assert here("anonymise", "case.yaml", "out.yaml").code == 2


# --- destruction -----------------------------------------------------------------------------------------


def test_data_is_destroyed_by_an_act_without_a_name_and_the_journal_stays_whole(
    here: Run, office: Path, tmp_path: Path
) -> None:
    brought = tmp_path / "brought.pdf"
    shutil.copy(next((office / "cases" / "one" / "issued").glob("krg_agreement*.pdf")), brought)

    ran = here("destroy", "one", "--reason", "withdrawal", "--yes", "--engine", "rdocx", "--json")

    assert ran.code == 0, ran.all
    act = json.loads(ran.out)
    assert not (office / "cases" / "one").exists() and not list((office / "cases").iterdir())
    with zipfile.ZipFile(act["docx"]) as word:
        text = re.sub(r"<[^>]+>", " ", word.read("word/document.xml").decode()).replace("\u00a0", " ")
    assert "№ 1/2026" in text or re.search(r"АКТ № 1/\d{4}", text)
    assert "отзыв согласия" in text and "04.05.2026" in text and "KRG-2025-0007" in text
    assert all(one.id in text for one in papers(office) if one.document != "destruction_act")
    case = load_case(CASE)
    members = {name for one in case.family.members for name in (one.last_name, one.first_name)}
    assert not members & set(re.findall(r"\w+", text))
    checked, known = here("journal", "--check"), here("verify", brought)
    assert checked.code == 0, checked.all
    assert known.code == 0 and "destroyed by act № 1/" in known.out
    assert here("destroy", "KRG-2025-0007", "--reason", "withdrawal").code == 2


def test_after_the_destruction_each_file_elsewhere_that_names_the_family_is_named(
    here: Run, office: Path
) -> None:
    from openpyxl import Workbook

    (office / "import").mkdir()
    for name, word in (("theirs.xlsx", "Шевченко Любови"), ("others.xlsx", "Новикова")):
        book = Workbook()
        book.active["A1"] = word
        book.save(office / "import" / name)
    (office / "list.csv").write_bytes("дело;KRG-2025-0007".encode("cp1251"))
    (office / "scans").mkdir(exist_ok=True)
    (office / "scans" / "page.jpg").write_bytes(b"a picture")

    ran = here("destroy", "one", "--reason", "withdrawal", "--yes", "--engine", "rdocx")

    assert ran.code == 0, ran.all
    named = re.findall(r"  (\S+) names the family", ran.out)
    assert named == ["import/theirs.xlsx", "list.csv"]
    assert "import: 2" in ran.out and "scans: 1" in ran.out


def test_the_code_and_the_numbers_of_a_destroyed_case_are_not_given_again(here: Run, office: Path) -> None:
    assert here("destroy", "one", "--reason", "withdrawal", "--yes", "--engine", "rdocx").code == 0
    (office / "cases" / "two").mkdir()
    shutil.copy(CASE, office / "cases" / "two" / "case.yaml")

    ran = here("issue", "two", "krg_agreement")

    assert ran.code == 2 and "code of its own" in ran.err
    # An act of the past is no leave to delete what lies under its code today.
    assert here("destroy", "two", "--reason", "withdrawal", "--yes").code == 2
    assert (office / "cases" / "two" / "case.yaml").exists()
    assert sum(one.number == "7" for one in papers(office)) == 1


@pytest.mark.parametrize(
    ("change", "reason", "said"),
    [
        (lambda text: CASE.read_text("utf-8"), "withdrawal", "No consent"),
        (lambda text: text.replace(f", withdrawn_on: {GONE}", "", 1), "withdrawal", "stand: 1"),
        (lambda text: text, "term", "retention_years"),
    ],
    ids=["no withdrawal", "another's consent", "no term set"],
)
def test_without_a_ground_nothing_is_destroyed(
    change: Callable[[str], str], reason: str, said: str, here: Run, office: Path
) -> None:
    case = office / "cases" / "one" / "case.yaml"
    case.write_text(change(case.read_text("utf-8")), "utf-8")

    ran = here("destroy", "one", "--reason", reason, "--yes")

    assert ran.code == 2 and said in ran.err
    assert case.exists() and not (office / "acts").exists()


def test_the_term_is_the_offices_own_and_begins_with_the_year_after_closing(here: Run, office: Path) -> None:
    settings = office / "office.yaml"
    kept = settings.read_text("utf-8")
    settings.write_text(kept + "\nretention_years: 75\n", "utf-8")

    ran = here("destroy", "one", "--reason", "term", "--yes")

    # Closed in April 2026: 75 years from 1 January 2027.
    assert ran.code == 2 and "01.01.2102" in ran.err


def test_a_wrong_number_typed_destroys_nothing(office: Path, english: None) -> None:
    from click.testing import CliRunner

    from papka.output.keeping.commands import destroy

    asked = CliRunner().invoke(destroy, ["one", "--reason", "withdrawal"], input="7\n", standalone_mode=False)

    assert asked.return_value == 1 and "cannot be undone" in asked.output
    assert (office / "cases" / "one" / "case.yaml").exists() and not (office / "acts").exists()


KILLED = """
import os, shutil, signal, sys
from pathlib import Path
import papka.output.keeping.destroying as work
at = sys.argv[1]
if at == "moving":
    work._moved = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
elif at == "deleting":
    honest = shutil.rmtree
    def half(folder, **how):
        if ".destroying-" not in str(folder):
            return honest(folder, **how)
        next(iter(sorted(Path(folder).rglob("case.yaml")))).unlink()
        os.kill(os.getpid(), signal.SIGKILL)
    work.shutil.rmtree = half
elif at == "recording":
    work._pdf = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
from papka.core.office import Office
work.destroy(work.Order("one", "withdrawal", lambda *_: True, "rdocx"), Office(Path.cwd()))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize("at", ["recording", "moving", "deleting"])
def test_whoever_was_stopped_in_the_middle_finishes_by_running_it_again(
    at: str, here: Run, office: Path
) -> None:
    died = subprocess.run([sys.executable, "-c", KILLED, at], cwd=office, check=False)
    assert died.returncode == -signal.SIGKILL

    told = here("journal", "--check")
    assert ("J-DESTROY" in told.out) == (at != "recording")
    asked = "KRG-2025-0007" if at == "deleting" else "one"
    ran = here("destroy", asked, "--reason", "withdrawal", "--yes", "--engine", "rdocx")

    assert ran.code == 0, ran.all
    assert not list((office / "cases").iterdir())
    acts = [one for one in papers(office) if one.document == "destruction_act"]
    assert [(one.state, one.number and one.number.split("/")[0]) for one in acts] == [("issued", "1")]
    assert here("journal", "--check").code == 0


# --- what leaves the house -------------------------------------------------------------------------------


def test_a_paper_leaves_as_a_pdf_that_opens_with_its_password_only(
    here: Run, office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pypdf import PdfReader
    from pypdf.errors import FileNotDecryptedError

    monkeypatch.setenv("PAPKA_PASSPHRASE", "Zaural'e-2026-!")
    out, one = tmp_path / "case.pdf", tmp_path / "one.pdf"
    code = papers(office)[0].id

    assert here("export", "one", "--out", out, "--password").code == 0
    assert here("export", code, "--out", one, "--password").code == 0

    closed = PdfReader(out)
    with pytest.raises(FileNotDecryptedError):
        _ = len(closed.pages)
    assert closed.decrypt("wrong") == 0 and closed.decrypt("Zaural'e-2026-!") > 0
    assert closed.trailer["/Encrypt"]["/R"] == 6  # type: ignore[index]
    assert len(closed.pages) > len(PdfReader(one, password="Zaural'e-2026-!").pages) > 0
    if shutil.which("qpdf"):
        shown = subprocess.run(["qpdf", "--check", one], capture_output=True, check=False)
        assert shown.returncode != 0
        opened = subprocess.run(
            ["qpdf", "--check", "--password=Zaural'e-2026-!", one], capture_output=True, check=False
        )
        assert opened.returncode == 0
    monkeypatch.setenv("PAPKA_PASSPHRASE", "short")
    assert here("export", "one", "--out", tmp_path / "no.pdf", "--password").code == 2


def test_a_case_leaves_as_an_archive_for_one_reader_and_never_in_the_clear(
    here: Run, office: Path, tmp_path: Path
) -> None:
    key, out = tmp_path / "key.txt", tmp_path / "case.age"
    public = re.search(r"age1\w+", here("backup", "--new-key", key).out)
    assert public

    assert here("export", "one", "--out", out).code == 2
    assert here("export", "one", "--out", out, "--to", public[0]).code == 0
    assert b"case.yaml" not in out.read_bytes()
    assert here("export", out, "--open", "--identity", key, "--out", tmp_path / "got").code == 0

    assert (tmp_path / "got" / "case.yaml").read_bytes() == (
        office / "cases" / "one" / "case.yaml"
    ).read_bytes()
    assert here("export", "one", "--out", tmp_path / "x.age", "--to", "age1nonsense").code == 2


# --- only for the owner ----------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has rights of another kind")
def test_what_papka_writes_into_an_office_is_for_its_owner_only(
    here: Run, office: Path, tmp_path: Path
) -> None:
    before = os.umask(0o022)
    try:
        assert here("init", tmp_path / "fresh").code == 0
        assert here("render", "one", "krg_agreement", "--pdf", "--engine", "rdocx").code == 0
        assert here("due", "--ics", "--as-of", "2025-08-25").code == 0
        assert here("backup", "--out", tmp_path / "b.zip").code == 0
        assert here("restore", tmp_path / "b.zip", tmp_path / "back").code == 0
        assert here("anonymise", "one", tmp_path / "train" / "copy.yaml").code == 0
    finally:
        os.umask(before)

    written = [
        path
        for folder in (
            tmp_path / "fresh",
            tmp_path / "back",
            office / "cases",
            office / "reports",
            tmp_path / "train",
        )
        for path in (folder, *folder.rglob("*"))
    ]
    written.append(tmp_path / "b.zip")
    open_ones = [path.relative_to(tmp_path) for path in written if path.stat().st_mode & 0o077]
    assert open_ones == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has rights of another kind")
def test_doctor_says_when_others_can_look_into_the_office(here: Run, office: Path) -> None:
    office.chmod(0o755)
    assert "open to other users" in here("doctor").out
    office.chmod(0o700)
    assert "open to other users" not in here("doctor").out


# --- a thousand marked values ----------------------------------------------------------------------------

MARK = "щъ"
"""No Russian word holds these letters side by side: where they are seen, a family's value has got out."""


def marked_case(number: int, marks: Iterator[str]) -> dict[str, Any]:
    """A case each of whose values is a mark of its own."""

    def mark() -> str:
        return next(marks)

    def member(n: int) -> dict[str, Any]:
        own = {"id": f"m.{n}", "last_name": mark(), "first_name": mark(), "patronymic": mark()}
        told = {
            name: mark() for name in ("birth_place", "employment", "education", "leisure", "health_notes")
        }
        child = {"birth_date": "2015-03-04", "relation": "сын"} if n else {"relation": "мать"}
        home = {name: mark() for name in ("region", "district", "settlement", "street", "house", "flat")}
        others = {"legal_representative_of": ["m.1", "m.2"]} if not n else {}
        return {**own, "sex": "female" if not n else "male", **told, **child, **others, "address": home}

    people = [member(n) for n in range(14)]
    return {
        "programme": "kurgan_ipss",
        "id": f"K-{number}",
        "number": f"{number}/2025",
        "organisation": {"full_name": "Центр социальной помощи семье", "short_name": "ЦСПС"},
        "specialists": [
            {
                "id": "s.one",
                "last_name": mark(),
                "first_name": mark(),
                "sex": "female",
                "position": "психолог",
            }
        ],
        "family": {"display_name": f"семья {mark()}", "members": people},
        "referral": {
            "received_on": "2025-02-18",
            "channel": "self_appeal",
            "text": mark(),
            "reporter": mark(),
        },
        "application": {"on": "2025-02-18", "applicant": "m.0", "text": mark()},
        "consents": [
            {
                "kind": "personal_data",
                "signed_by": "m.0",
                "on": "2025-02-18",
                "withdrawn_on": GONE,
                "note": mark(),
            }
        ],
        "contacts": [
            {
                "on": "2025-03-01",
                "form": "посещение на дому",
                "facts": mark(),
                "agreements": mark(),
                "place": mark(),
            }
            for _ in range(16)
        ],
    }


def test_of_a_thousand_marked_values_none_gets_out(
    here: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import tempfile

    import yaml

    marks = (MARK.capitalize() + "".join(one) for one in product("бвгджзклмнпрст", repeat=3))
    for name in ("tmp", "home", "cache"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PAPKA_PASSPHRASE", PHRASE)
    office, key = tmp_path / "office", tmp_path / "key.txt"
    assert here("init", office).code == 0
    public = re.findall(r"age1\w+", here("backup", "--new-key", key).out)[0]
    monkeypatch.chdir(office)
    planted = ""
    for number in range(1, 5):
        text = yaml.safe_dump(marked_case(number, marks), allow_unicode=True, sort_keys=False)
        planted += text
        write_atomically(office / "cases" / f"k{number}" / "case.yaml", text.encode())
    assert len(set(re.findall(rf"{MARK}\w+", planted, re.IGNORECASE))) >= 1000
    broken = {
        "unknown": planted.split("programme:")[1].replace("birth_place", "birth_plaze"),
        "syntax": planted.split("programme:")[1].replace("family:", "family: ["),
        "dates": planted.split("programme:")[1].replace("'2015-03-04'", next(marks)),
    }
    for name, text in broken.items():
        write_atomically(office / "cases" / name / "case.yaml", f"programme:{text}".encode())

    told = [
        here(*arguments)
        for arguments in (
            *(("check", name, *more) for name in ("k1", *broken) for more in ((), ("--json",))),
            ("status", "k1"), ("status", "k1", "--json"), ("due",), ("issue", "unknown", "krg_application"),
            ("issue", "k1", "krg_application", "--engine", "rdocx"), ("issue", "k2", "krg_application", "--no-pdf"),
            ("issue", "k1", "no_such_paper"), ("render", "k1", "krg_application", "--pdf", "--engine", "rdocx"),
            ("journal",), ("journal", "--check"), ("journal", "--json"), ("backup", "--out", tmp_path / "b.zip"),
            ("backup", "--to", public, "--out", tmp_path / "b.age"), ("backup", "--check", tmp_path / "b.age", "--identity", key),
            ("restore", tmp_path / "b.age", tmp_path / "back", "--identity", key), ("anonymise", "k1", tmp_path / "train"),
            ("anonymise", "k2", tmp_path / "kept", "--keep-texts"), ("anonymise", "syntax", tmp_path / "no"),
            ("export", "k1", "--out", tmp_path / "k1.age", "--to", public),
            ("export", "k1", "--out", tmp_path / "k1.pdf", "--password"),
            ("verify", office / "cases" / "k1" / "case.yaml"), ("destroy", "unknown", "--reason", "term"),
            ("destroy", "k1", "--reason", "withdrawal", "--yes", "--engine", "rdocx"),
        )
    ]  # fmt: skip

    assert sum(one.code == 0 for one in told) > 14, [one.all for one in told if one.code]
    shown = "\n".join(one.all for one in told).lower()
    escaped = MARK.encode("unicode_escape").decode()
    assert MARK not in shown and escaped not in shown
    places = [path for top in (office, tmp_path / "back", tmp_path / "tmp") for path in top.rglob("*")]
    assert not [path for path in places if MARK in path.name.lower()]
    assert not list((tmp_path / "tmp").rglob("*")) and not list(tmp_path.rglob(".papka-*"))
    silent = [*office.glob("journal.db*"), *office.glob("acts/*"), tmp_path / "b.age", tmp_path / "k1.age"]
    silent += [path for top in ("cache", "home", "train") for path in (tmp_path / top).rglob("*")]
    for path in (one for one in silent if one.is_file()):
        raw = path.read_bytes()
        bare = zipfile.ZipFile(path).read("word/document.xml") if path.suffix == ".docx" else b""
        for spelling in (MARK, MARK.capitalize(), MARK.upper(), escaped):
            for encoding in ("utf-8", "utf-16-le"):
                assert spelling.encode(encoding) not in raw + bare, path.name
