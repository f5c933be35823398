"""Faults: whatever happens to the computer, nothing of a family's is lost, and the next run goes on.

`PAPKA_LONG=1 python3 -m pytest tests/test_faults.py` tries every moment of every command and thousands of papers.
"""

import hashlib
import os
import random
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from conftest import Run
from faults import LONG, Hand, command, left_behind, renewed, trials_of, tried

from papka.core.journal.entries import Job, Series
from papka.core.journal.journal import Journal

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no fork and no SIGKILL")

OFFICE = """\
papka: '1'
title: Центр помощи
language: ru
retention_years: 1
commission: [директор Ткач И. Н.]
organisation:
  full_name: Центр социальной помощи семье и детям
  short_name: ЦСПС
specialists:
- {id: s.office, last_name: Лось, first_name: Анна, sex: female, position: куратор случая}
"""
TABLE = "Фамилия;Имя;Дата рождения;Кем приходится\nЛось;Вера;01.02.1990;мать\n"


@dataclass(frozen=True)
class Deed:
    """A command, and what has to be true when it was run again without a fault.

    Attributes:
        run: The command as it is typed; `{id}` stands for the code of the paper that is issued.
        done: What the second run may say.
        edits: Whether case files may change by it.
    """

    run: tuple[str, ...]
    done: tuple[int, ...] = (0,)
    edits: bool = False
    first: tuple[tuple[str, ...], ...] = field(default=())


DEEDS = {
    "issue": Deed(("issue", "one", "com_consent_pd", "com_file_cover", "--no-pdf")),
    "correct": Deed(("issue", "one", "com_file_cover", "--no-pdf", "--correct", "описка")),
    "void": Deed(("journal", "--check")),
    "sign": Deed(("sign", "{id}", "--by", "1", "--hand"), done=(0, 1, 2)),
    "edit": Deed(("edit", "one"), edits=True),
    "packet": Deed(("packet", "one", "com_file_cover"), done=(0, 1, 3)),
    "override": Deed(("template", "override", "krg_agreement"), done=(0, 1, 2)),
    "render": Deed(("render", "one", "com_file_cover")),
    "backup": Deed(("backup", "--out", "../b.zip"), done=(0, 2)),
    "restore": Deed(("restore", "../model.zip", "../back"), done=(0, 2)),
    "destroy": Deed(
        ("destroy", "two", "--reason", "withdrawal", "--yes", "--engine", "rdocx"), done=(0, 2), edits=True
    ),
    "status": Deed(("status",)),
}


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office with two cases and an issued paper."""
    from conftest import CASE

    home = tmp_path_factory.mktemp("model")
    office = home / "office"
    office.mkdir(mode=0o700)
    (office / "office.yaml").write_text(OFFICE, "utf-8")
    (office / "templates").mkdir()
    for name in ("one", "two"):
        (office / "cases" / name).mkdir(parents=True)
        text = CASE.replace("id: T-1", f"id: {name}").replace("number: 7/2025", f"number: '{name}'")
        more = "" if name == "one" else (
            "consents:\n- {kind: personal_data, signed_by: m.one, on: 2025-02-18, withdrawn_on: 2025-03-01}\n"
            "closure: {reason: refusal, farewell_on: 2025-03-01}\n"
        )  # fmt: skip
        (office / "cases" / name / "case.yaml").write_text(text + more, "utf-8")
    environ = {k: v for k, v in os.environ.items() if not k.startswith("PAPKA_J")} | {"PAPKA_LANG": "ru"}
    program = str(Path(sys.executable).parent / "papka")
    for words in (("issue", "one", "com_file_cover", "--no-pdf"), ("backup", "--out", "../model.zip")):
        done = subprocess.run([program, *words], cwd=office, env=environ, capture_output=True, check=False)
        assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
    return home


@pytest.fixture
def desk(model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A fresh copy of the office in which the worker stands, with a clock-like editor that adds a line."""
    from papka.core import i18n

    monkeypatch.setenv("PAPKA_LANG", "ru")
    monkeypatch.setenv(
        "EDITOR", f"{sys.executable} -c \"import sys; open(sys.argv[1], 'a').write('# да\\n')\""
    )
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    office = tmp_path / "desk" / "office"
    renewed(office, model / "office")
    shutil.copy(model / "model.zip", office.parent / "model.zip")
    monkeypatch.chdir(office)
    i18n.speak("ru")
    yield office
    i18n.speak(None)


def texts(office: Path) -> dict[str, str]:
    return {
        path.relative_to(office).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(office.glob("cases/*/case.yaml"))
    }


@pytest.mark.parametrize("name", DEEDS)
def test_at_whatever_moment_it_happens_the_next_run_goes_on_and_nothing_is_lost(
    name: str, desk: Path, model: Path
) -> None:
    deed = DEEDS[name]
    code = next((desk / "cases/one/issued").glob("*.docx")).stem.rpartition("_")[2]
    if name == "correct":
        _change(model / "office", desk)
    act = command(*(word.format(id=code) for word in deed.run))
    counted = tried(act, desk.parent)
    assert counted.code in deed.done and counted.moments > 0, counted.said
    whole = papers(desk)
    # Counting went through all moments; a full disk is met only where something is written.
    for fault, at in trials_of(counted.moments, name):
        renewed(desk, model / "office")
        for left in ("b.zip", "back"):
            _gone(desk.parent / left)
        if name == "correct":
            _change(model / "office", desk)
        before = texts(desk)

        hurt = tried(act, desk.parent, at, fault)

        assert "Traceback" not in hurt.said and "--debug" not in hurt.said, (fault, at, hurt.said)
        assert hurt.code in ((-9, *deed.done) if fault == "kill" else (0, 1, 2, 3)), (fault, at, hurt.said)
        assert fault == "kill" or hurt.code == 0 or hurt.said.strip(), (fault, at)
        if not deed.edits:
            assert texts(desk) == before, (fault, at)
        again = tried(act, desk.parent)
        assert again.code in deed.done and "Traceback" not in again.said, (fault, at, hurt.said, again.said)
        checked = tried(command("journal", "--check"), desk.parent)
        assert checked.code == 0, (fault, at, checked.said)
        assert papers(desk) == whole, (fault, at, hurt.said, again.said)
        assert not stale(desk), (fault, at, stale(desk))


ASKED = re.compile(r"(?m)^(?:Вопрос \d+ из \d+\. (.+)|.+\?)$")
ANSWERS = {
    "Что произошло": "Просит помочь с кружком",
    "Как семья названа": "семья Лось",
    "Фамилия": "Лось",
    "Имя": "Вера",
    "Пол": "2",
    "Дата рождения": "11.03.1988",
    "Родство": "мать",
    "Внести человека": "1",
    "Внести ещё": "3",
}


def answered(said: str) -> str:
    """Answer the question that stands last; what need not be said is passed by."""
    (*_, last) = ASKED.finditer(said)
    question = last[1] or last[0]
    if said.endswith("> > ") or "Записать в дело" in said[last.end() :]:
        return ""  # the empty line ends an answer of several lines, and takes what is proposed at the end
    known = next((words for begin, words in ANSWERS.items() if question.startswith(begin)), None)
    number = "1" if question.endswith("*") and said.endswith("Номер> ") else ""
    return number if known is None else known


def test_a_case_that_is_being_opened_is_gone_on_with_whenever_the_computer_stops(
    desk: Path, model: Path
) -> None:
    def opens() -> None:
        from papka.core.cli import main

        sys.stdin = Hand(desk.parent.parent / "said.txt", answered)
        main(["new", "T-9", "--programme", "kurgan_ipss", "--plain"])

    case = desk / "cases" / "T-9" / "case.yaml"
    counted = tried(opens, desk.parent)
    assert counted.code == 0, counted.said[-900:]
    whole = case.read_bytes()
    questions = [one[1] for one in ASKED.finditer(counted.said) if one[1]]
    for fault, at in trials_of(counted.moments, "new"):
        renewed(desk, model / "office")

        hurt = tried(opens, desk.parent, at, fault)

        assert "Traceback" not in hurt.said, (fault, at, hurt.said[-900:])
        again = tried(opens, desk.parent)
        if case.exists() and hurt.code == 0:
            continue
        assert again.code in (0, 2), (fault, at, again.said[-900:])
        assert case.read_bytes() == whole, (fault, at)
        if fault != "kill":
            assert "не сохран" in hurt.said or "не записан" in hurt.said, (fault, at, hurt.said[-900:])
            continue
        # What stood before the question at which it stopped is kept, and is not asked once more.
        first = [one[1] for one in ASKED.finditer(hurt.said) if one[1]]
        later = [one[1] for one in ASKED.finditer(again.said) if one[1]]
        assert len(first) + len(later) <= len(questions) + 3, (fault, at, first[-3:], later[:3])
        assert not stale(desk), (fault, at, stale(desk))


def _change(model: Path, desk: Path) -> None:
    case = desk / "cases/one/case.yaml"
    case.write_text(
        case.read_text("utf-8").replace("7/2025", "8/2025").replace("'one'", "'единица'"), "utf-8"
    )


def _gone(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def papers(office: Path) -> list[tuple[str, str, str]]:
    """Return what the journal holds and what lies there for it, by kind: no paper twice, none swapped."""
    from papka.core.journal.journal import Journal

    book = Journal.open(office / "journal.db")
    try:
        entries = book.entries()
    finally:
        book.close()
    for one in entries:
        if one.state in ("issued", "replaced") and one.case != "two":
            found = hashlib.sha256((office / (one.file or "")).read_bytes()).hexdigest()
            assert found == one.docx_sha256, one.document
    return sorted((one.document, one.item, one.state) for one in entries if one.state != "void")


def stale(office: Path) -> list[str]:
    """Return what is left behind, but what goes with the next file that is written in its folder."""
    return [name for name in left_behind(office.parent) if ".papka-" not in name]


# --- a clock that jumps, a disk that may only be read, a drive that goes away --------------------------------


def job(n: int, day: date = date(2026, 3, 2)) -> Job:
    return Job(f"K-{n}", "letter", str(n), day, f"{n:064}", None, Series("outgoing", "{seq}/{year}"))


def test_a_clock_that_jumps_gives_no_number_twice_and_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, english: None
) -> None:
    from papka.core.journal import journal as at_work

    book = Journal.open(tmp_path / "journal.db")
    clock = [
        "2026-12-31T20:00",
        "2026-12-30T09:00",
        "2027-01-01T00:10",
        "2040-01-20T10:00",
        "2027-01-02T10:00",
    ]
    numbers = []
    for n, now in enumerate(clock):
        at = datetime.fromisoformat(now).replace(tzinfo=UTC)
        monkeypatch.setattr(at_work, "_now", lambda at=at: at)
        entry = book.issued(book.reserve(job(n, at.date())), file=f"{n}", docx_sha256="0" * 64)
        numbers.append(entry.number)

    assert numbers == ["1/2026", "2/2026", "1/2027", "1/2040", "2/2027"]
    told = list(book.faults())
    assert {one.id for one in told} == {"J-CLOCK"} and all("clock" in one.cure for one in told)
    assert any("20.01.2040" in one.message and "02.01.2027" in one.message for one in told)
    monkeypatch.setattr(at_work, "_now", lambda: datetime(2026, 1, 1, tzinfo=UTC))
    assert any("01.01.2026" in one.message for one in book.faults())
    book.close()


@pytest.fixture
def mounted(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own, as a memory stick is."""
    place = tmp_path / "disk"
    place.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1200k", "tmpfs", str(place)], capture_output=True, check=False
    ) if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("mount") else None  # fmt: skip
    if done is None or done.returncode:
        pytest.skip("a disk of one's own is mounted by root only")
    yield place
    os.chdir(tmp_path)
    subprocess.run(["umount", "-l", str(place)], check=False)


def test_on_a_full_and_on_a_read_only_disk_the_journal_is_read_and_saved_elsewhere(
    mounted: Path, model: Path, tmp_path: Path, here: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = mounted / "office"
    renewed(office, model / "office")
    monkeypatch.chdir(office)
    with (mounted / "fill").open("wb", buffering=0) as stream, suppress(OSError):
        while True:
            stream.write(b"0" * 512)

    for state, words in (("full", "disk is full"), ("read-only", "")):
        if state == "read-only":
            (mounted / "fill").unlink()
            subprocess.run(["mount", "-o", "remount,ro", str(mounted)], check=True)
        refused = here("issue", "one", "com_consent_pd", "--no-pdf")
        assert refused.code in (1, 3) and words in refused.all and "--debug" not in refused.all
        code = next(office.glob("cases/one/issued/*.docx")).stem.rpartition("_")[2]
        signed = here("sign", code, "--by", "1", "--hand")
        assert signed.code in (1, 2) and "somebody else" not in signed.all and "--debug" not in signed.all
        assert here("journal", "--check").code == 0
        assert here("status").code == 0
        assert here("backup", "--out", tmp_path / f"{state}.zip").code == 0
        assert here("backup", "--check", tmp_path / f"{state}.zip").code == 0
    subprocess.run(["mount", "-o", "remount,rw", str(mounted)], check=True)
    assert here("issue", "one", "com_consent_pd", "--no-pdf").code == 0
    assert here("journal", "--check").code == 0 and left_behind(office) == []


def test_a_folder_of_somebody_else_is_told_and_left_alone(model: Path, tmp_path: Path) -> None:
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or not shutil.which("setpriv"):
        pytest.skip("only root can become somebody else")
    office = tmp_path / "office"
    renewed(office, model / "office")
    for path in (office, *office.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    for folder in (*tmp_path.parents, tmp_path):
        with suppress(OSError):
            if folder.stat().st_uid == os.geteuid() and folder != Path("/"):
                folder.chmod(folder.stat().st_mode | 0o011)
    before = sorted(path.as_posix() for path in office.rglob("*"))
    reached = [sys.executable, "-c", "import papka.core"]
    nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    environ = {
        "PAPKA_LANG": "ru",
        "PATH": os.environ["PATH"],
        "XDG_CACHE_HOME": "/nonexistent",
        "LANG": "C.UTF-8",
    }
    if subprocess.run(
        [*nobody, *reached], cwd=office, env=environ, capture_output=True, check=False
    ).returncode:
        pytest.skip("nobody may not read this Python or this checkout")

    for words in (
        ("issue", "one", "com_consent_pd", "--no-pdf"),
        ("edit", "one"),
        ("render", "one", "com_file_cover"),
    ):
        program = [*nobody, sys.executable, "-m", "papka.core", *words]
        done = subprocess.run(
            program, cwd=office, env=environ, capture_output=True, encoding="utf-8", check=False
        )
        said = done.stdout + done.stderr
        assert done.returncode in (1, 3) and "Traceback" not in said and "--debug" not in said, said
        assert "прав" in said, said
    assert sorted(path.as_posix() for path in office.rglob("*")) == before


def test_a_drive_that_goes_away_and_comes_back_between_two_commands_loses_nothing(
    desk: Path, tmp_path: Path
) -> None:
    """The office is open in one process while its folder goes, as a share does when the cable is pulled."""
    from papka.core.errors import PapkaError
    from papka.core.journal.journal import Journal

    book = Journal.open(desk / "journal.db")
    held = book.reserve(job(1))
    away = tmp_path / "away"
    desk.rename(away)
    with pytest.raises(PapkaError, match="journal"):
        book.reserve(job(2))
    with pytest.raises(PapkaError, match="journal"):
        book.issued(held, file="x", docx_sha256="0" * 64)
    away.rename(desk)
    assert book.reserve(job(1)).id == held.id and book.reserve(job(2)).number == "2/2026"
    assert {one.id for one in book.faults()} == {"J-OPEN"}
    book.close()


def test_a_damaged_journal_is_told_with_its_cure_and_not_made_anew(desk: Path, here: Run) -> None:
    whole = (desk / "journal.db").read_bytes()
    for damage in (b"no database at all" * 400, whole[:100] + b"\xff" * (len(whole) - 100)):
        for name in ("journal.db-wal", "journal.db-shm"):
            (desk / name).unlink(missing_ok=True)
        (desk / "journal.db").write_bytes(damage)
        for words in (("journal", "--check"), ("issue", "one", "com_consent_pd", "--no-pdf")):
            ran = here(*words)
            assert ran.code in (1, 3) and "papka restore" in ran.all and "--debug" not in ran.all, ran.all
        assert (desk / "journal.db").read_bytes() == damage


def test_a_server_that_is_down_is_told_without_its_password(
    desk: Path, here: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(
        "PAPKA_JOURNAL", "postgresql+psycopg://papka:s3cret@127.0.0.1:9/papka?connect_timeout=2"
    )
    for words in (("issue", "one", "com_consent_pd", "--no-pdf"), ("journal",), ("status",), ("backup",)):
        ran = here(*words)
        assert ran.code in (1, 3) and "server" in ran.all, ran.all
        assert "s3cret" not in ran.all and "--debug" not in ran.all and "Traceback" not in ran.all
    assert left_behind(desk) == []


# --- a region's worth of papers, under siege ---------------------------------------------------------------

CALLERS = 8
PAPERS = int(os.environ.get("PAPKA_SIEGE", "4000")) if LONG else 24


def besieged(office: Path, seed: int, environ: dict[str, str]) -> tuple[int, int]:
    """Let callers issue until all is issued; each is killed again and again. Return kills and failed tries."""
    script = Path(__file__).parent / "siege_issuing.py"

    def caller(who: int) -> tuple[int, int]:
        chance, kills, failed = random.Random(f"{seed} {who}"), 0, 0
        share = range(who * PAPERS // CALLERS, (who + 1) * PAPERS // CALLERS)
        patience = 8 if LONG else 1
        while True:
            # Each shares its cases with the next one: both want to issue the same papers.
            last = min(PAPERS, share.stop + len(share) // 4)
            words = [sys.executable, script, office, str(share.start), str(last), str(seed)]
            running = subprocess.Popen(words, stdout=subprocess.PIPE, env=environ, text=True)
            assert running.stdout is not None
            # It is killed by what it has done, not by the clock: a busy computer tries no less.
            life = chance.randint(1, max(2, len(share) // 6)) if kills < patience else PAPERS * 100
            ended = ""
            for line in running.stdout:
                ended = line
                life -= 1
                if life == 0:
                    time.sleep(chance.uniform(0, 0.2))
                    running.kill()
                    break
            running.stdout.close()
            code = running.wait()
            if life == 0:
                kills += 1
                continue
            assert code == 0 and ended.startswith("done"), ended
            return kills, failed + int(ended.split()[-1])

    with ThreadPoolExecutor(CALLERS) as pool:
        told = list(pool.map(caller, range(CALLERS)))
    return sum(one[0] for one in told), sum(one[1] for one in told)


def started_anew(office: Path, environ: dict[str, str]) -> None:
    """Let the next start end what the killed ones left: here it is the next issue of each case."""
    script = Path(__file__).parent / "siege_sweep.py"
    subprocess.run([sys.executable, script, office], env=environ, check=True)


def held_together(office: Path, place: Path | str) -> None:
    """Assert that each case has its own paper with its own number, and nothing else is there."""
    from docx import Document

    from papka.core.journal.journal import Journal

    book = Journal.open(place)
    entries = book.entries(states=("issued",))
    assert sorted(one.seq or 0 for one in book.entries() if one.state == "issued") == list(
        range(1, PAPERS + 1)
    )
    assert {one.state for one in book.entries()} == {"issued"} and len(
        {one.case for one in entries}
    ) == PAPERS
    assert list(book.faults()) == []
    for one in entries:
        file = office / (one.file or "")
        assert hashlib.sha256(file.read_bytes()).hexdigest() == one.docx_sha256
        assert file.parent.parent.name == one.case
        whole = Document(str(file))
        words = " ".join(cell.text for table in whole.tables for row in table.rows for cell in row.cells)
        words += " ".join(paragraph.text for paragraph in whole.paragraphs)
        assert f"слово {one.case} слово" in words, one.case
    lying = {
        path.name.rpartition("_")[2].removesuffix(".docx") for path in office.glob("cases/*/issued/*.docx")
    }
    assert lying == {one.id for one in entries}
    book.close()


@pytest.fixture
def region(tmp_path: Path, case_text: str) -> Path:
    office = tmp_path / "region"
    for n in range(PAPERS):
        folder = office / "cases" / f"c{n:04}"
        folder.mkdir(parents=True)
        text = case_text.replace("id: T-1", f"id: c{n:04}").replace(
            "просит помочь", f"слово c{n:04} слово просит"
        )
        (folder / "case.yaml").write_text(text, "utf-8")
    (office / "office.yaml").write_text(OFFICE, "utf-8")
    return office


def test_many_callers_under_faults_lose_double_and_swap_nothing(
    region: Path, environ: Callable[..., dict[str, str]]
) -> None:
    kills, failed = besieged(region, 8, environ("ru"))
    print(f"{PAPERS} papers, {CALLERS} callers, {kills} kills, {failed} tries that failed")
    started_anew(region, environ("ru"))
    held_together(region, region / "journal.db")
    assert left_behind(region) == []


def test_on_a_server_that_falls_again_and_again_too(
    region: Path, environ: Callable[..., dict[str, str]]
) -> None:
    url = os.environ.get("PAPKA_TEST_POSTGRES")
    if not url:
        pytest.skip("PAPKA_TEST_POSTGRES names no server")
    from sqlalchemy import create_engine, make_url, text

    name = f"papka_siege_{os.getpid()}"
    server = create_engine(url, isolation_level="AUTOCOMMIT")
    ended = threading.Event()
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
        connection.execute(text(f"CREATE DATABASE {name}"))

    def fells() -> None:
        """Throw everybody out of the database, in the middle of whatever they do."""
        cut = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name")
        while not ended.wait(4):
            with server.connect() as connection:
                connection.execute(cut, {"name": name})

    try:
        place = make_url(url).set(database=name).render_as_string(hide_password=False)
        with ThreadPoolExecutor(1) as pool:
            falling = pool.submit(fells)
            try:
                told = besieged(region, 9, environ("ru", PAPKA_JOURNAL=place))
            finally:
                ended.set()
            falling.result()
        print(f"{PAPERS} papers, {CALLERS} callers, {told[0]} kills, {told[1]} tries that failed")
        started_anew(region, environ("ru", PAPKA_JOURNAL=place))
        held_together(region, place)
    finally:
        with server.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
