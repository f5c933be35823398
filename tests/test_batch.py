"""`papka batch`: many cases in one go; stopped, killed or shared out, nothing is lost, doubled or swapped."""

from __future__ import annotations

import csv
import json
import multiprocessing
import os
import pickle
import platform
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from conftest import Run
from pypdf import PdfReader

from papka.output.api import BatchOrder, BatchReport, batch
from papka.output.batch import sharing, telling, working
from papka.output.batch.order import Job, Task
from papka.output.batch.running import Progress
from papka.output.batch.sharing import AHEAD, MOST_CASES, Crew, Pace, shared, tasks
from papka.output.batch.working import Told

ROOT = Path(__file__).parents[1]
DAY = date(2025, 3, 1)
CARD, REQUEST = "krg_request_card", "krg_application"
BOTH = ("--document", CARD, "--document", REQUEST)
ON = ("--on", "2025-03-01")
NAMES = ("Олег", "Иван", "Пётр", "Павел", "Антон", "Борис", "Вадим", "Глеб", "Денис", "Егор")
NUMBERS = sorted(f"{number}/2025" for number in range(1, 11))
posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows ends processes in another way")


@pytest.fixture
def office(tmp_path: Path, case_text: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An office of ten families."""
    (tmp_path / "office.yaml").write_text("papka: '1'\nlanguage: en\n", "utf-8")
    for number in range(10):
        add(tmp_path, case_text, number)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PAPKA_LOAD_PLUGINS", "kurgan_ipss")
    return tmp_path


def add(office: Path, text: str, number: int) -> Path:
    """Put a family into the office."""
    file = office / "cases" / f"k{number:02}" / "case.yaml"
    file.parent.mkdir(parents=True)
    own = (
        text.replace("id: T-1", f"id: T-{number}")
        .replace("7/2025", f"{number}/2025")
        .replace("Олег", NAMES[number])
    )
    file.write_text(own, "utf-8")
    return file


def papers(folder: Path) -> dict[str, bytes]:
    """Return all drafts of a folder."""
    return {one.relative_to(folder).as_posix(): one.read_bytes() for one in folder.glob("*/*.docx")}


def lines(folder: Path) -> list[dict[str, Any]]:
    """Return the lines of a record, whole ones."""
    found = [one for file in folder.glob(".batch/done-*") for one in file.read_text("utf-8").split("\n")[:-1]]
    return [json.loads(one) for one in found]


def wait_for(what: Callable[[], object], seconds: int = 90) -> None:
    """Wait until something is so."""
    since = time.monotonic()
    while not what():
        assert time.monotonic() - since < seconds, "it did not come"
        time.sleep(0.02)


Begin = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def begin(office: Path, environ: Callable[..., dict[str, str]], command: str) -> Iterator[Begin]:
    """Begin a batch as a worker does, and do not wait for it."""
    begun: list[subprocess.Popen[str]] = []

    def begin_it(*arguments: str) -> subprocess.Popen[str]:
        env = environ("en", PAPKA_LOAD_PLUGINS="kurgan_ipss")
        order = [command, "batch", *arguments]
        begun.append(
            subprocess.Popen(
                order, cwd=office, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
            )
        )
        return begun[-1]

    yield begin_it
    for one in begun:
        one.kill()
        one.communicate()


# --- what is drawn ---------------------------------------------------------------------------------------


def test_a_draft_of_a_batch_is_to_the_byte_the_draft_of_its_case(office: Path, here: Run) -> None:
    here("render", "k03", CARD, *ON, "--into", "alone")

    ran = here("batch", *BOTH, *ON, "--into", "out")

    assert (ran.code, ran.err) == (0, "")
    assert "Cases: 10 of 10. Drafts: 20," in ran.out
    drawn = papers(office / "out")
    assert drawn[f"k03/{CARD}.docx"] == (office / "alone" / f"{CARD}.docx").read_bytes()
    assert len(set(drawn.values())) == 20
    assert (
        here("batch", *BOTH, *ON)
        .out.splitlines()[1]
        .startswith(f"They lie in batches/2025-03-01_{CARD}_".replace("/", os.sep))
    )


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        (("k01", "7/2025", "--document", CARD), 2),
        (("--document", CARD, "--where", "дело.номер == '4/2025'"), 1),
        (("--document", CARD, "--where", "referral.received_on < date('x')"), None),
        (("--stage",), 20),
        (("--due", "--by", "2025-03-20"), 0),
        ((), 80),
    ],
)
def test_a_worker_chooses_cases_and_papers(
    office: Path, here: Run, asked: tuple[str, ...], count: int | None
) -> None:
    ran = here("batch", *asked, *ON, "--json", "--processes", "1")

    if count is None:
        assert ran.code == 3 and "E-FORBIDDEN" in ran.out
    else:
        assert ran.code == 0 and json.loads(ran.out)["papers"]["new"] == count


def test_cases_of_a_programme_without_the_document_are_counted(
    office: Path, here: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAPKA_LOAD_PLUGINS", "kurgan_ipss,sos_partnership")
    shutil.copy(ROOT / "plugins/sos_partnership/examples/orlovy.yaml", office)

    ran = here("batch", "k01", "orlovy.yaml", "--document", CARD, *ON)

    assert ran.code == 0 and "Drafts: 1," in ran.out
    assert "Cases whose programme has no such document: 1." in ran.out


def test_a_list_names_cases_one_a_line_and_says_which_line_names_none(office: Path, here: Run) -> None:
    (office / "list.txt").write_text(
        "\ufeffk01\n# a remark\n4/2025  # by its number\n99/2025\ncases/k05\n", "utf-8"
    )

    ran = here("batch", "--list", "list.txt", "--document", CARD, *ON)

    assert ran.code == 3
    assert "✗ list.txt:4: There is no case 99/2025 in the office." in ran.err
    assert "Cases: 4 of 4. Drafts: 3," in ran.out


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (
            ("--document", "krg_aplication"),
            "No programme has a document krg_aplication. Did you mean krg_application?",
        ),
        (("--by", "2025-03-20"), "--by says until when papers are due: it belongs to --due."),
        (("--issue",), "Name a document, or ask for --stage or --due."),
        (("no-such",), "There is no case no-such in the office."),
        (("--report", "report.doc"), "A report is a file of one of these kinds: .json, .csv."),
    ],
)
def test_a_wrong_order_is_refused_before_any_case_is_opened(
    office: Path, here: Run, asked: tuple[str, ...], said: str
) -> None:
    ran = here("batch", *asked)

    assert ran.code == 2 and said in ran.err
    assert not list(office.glob("batches/*/*"))


def test_a_query_that_fits_no_programme_says_what_is_wrong_with_it(office: Path, here: Run) -> None:
    ran = here("batch", "--where", "family.membres", "--stage")

    assert ran.code == 3
    assert "The query cannot be used." in ran.err and "Did you mean members?" in ran.err


# --- one bad case ----------------------------------------------------------------------------------------


def test_a_broken_case_stops_no_other_and_is_told_with_its_line_and_cure(office: Path, here: Run) -> None:
    broken = office / "cases" / "k04" / "case.yaml"
    good = broken.read_text("utf-8")
    broken.write_text(good.replace("birth_date", "birht_date"), "utf-8")
    (office / "cases" / "k06" / "case.yaml").write_bytes(b"a: [\n")

    first = here("batch", *BOTH, *ON, "--into", "out", "--report", "report.csv", "--processes", "2")

    assert first.code == 3
    assert "Cases: 10 of 10. Drafts: 16, there before and unchanged: 0, refused: 2." in first.out
    told = " ".join(first.err.split())
    assert f"cases{os.sep}k04{os.sep}case.yaml:26:5" in told and "Did you mean birth_date?" in told
    rows = list(csv.DictReader((office / "report.csv").read_text("utf-8-sig").splitlines(), delimiter=";"))
    assert {row["case"] for row in rows} == {"k04", "k06"}
    assert [row["line"] for row in rows if row["case"] == "k04"] == ["26"]

    broken.write_text(good, "utf-8")
    second = here("batch", *BOTH, *ON, "--into", "out", "--json")

    assert second.code == 3
    told_again = json.loads(second.out)
    assert told_again["papers"] | {"refused": 0} == {
        "new": 2,
        "unchanged": 0,
        "earlier": 16,
        "kept_changed": 0,
        "refused": 0,
    }
    assert [one["case"] for one in told_again["refused"]] == ["k06"]


def test_what_somebody_wrote_into_a_draft_is_kept_when_the_case_has_changed(office: Path, here: Run) -> None:
    here("batch", *BOTH, *ON, "--into", "out")
    draft = office / "out" / "k02" / f"{CARD}.docx"
    draft.write_bytes(b"changed by hand")
    assert "Drafts: 0, there before" in here("batch", *BOTH, *ON, "--into", "out").out
    assert draft.read_bytes() == b"changed by hand"

    file = office / "cases" / "k02" / "case.yaml"
    file.write_text(file.read_text("utf-8").replace("кружком", "школой"), "utf-8")
    ran = here("batch", *BOTH, *ON, "--into", "out")

    assert "kept beside the new ones: 1" in ran.out
    assert [one.read_bytes() for one in draft.parent.glob("*.kept-*")] == [b"changed by hand"]


def test_no_fact_of_a_family_stands_in_the_record(office: Path, here: Run) -> None:
    (office / "cases" / "k04" / "case.yaml").write_text(
        "programme: kurgan_ipss\nid: Ткач\nfamily: {display_name: [Ткач], members: Вера}\n", "utf-8"
    )

    here("batch", *BOTH, *ON, "--into", "out", "--processes", "1")

    kept = [one for one in (office / "out" / ".batch").iterdir() if one.is_file()]
    said = "".join(one.name + one.read_text("utf-8") for one in kept)
    assert "k04" in said and not any(word in said for word in ("Ткач", "Вера", "Олег", "2014-06-17"))


# --- stopped, killed, gone on with -----------------------------------------------------------------------


def slowed(case: Path) -> tuple[Path, str]:
    """Let a case take seconds; return its file, and what stood in it."""
    text = case.read_text("utf-8")
    child = text[text.index("  - id: c.one") : text.index("referral:")]
    many = "".join(child.replace("c.one", f"c.n{number}") for number in range(40_000))
    case.write_text(text.replace("referral:", f"{many}referral:"), "utf-8")
    return case, text


@posix
def test_killed_in_the_middle_it_goes_on_and_does_nothing_twice(office: Path, begin: Begin, run: Run) -> None:
    slow, text = slowed(office / "cases" / "k07" / "case.yaml")
    order = (*BOTH, *ON, "--into", "out", "--processes", "2")
    process = begin(*order)
    wait_for(lambda: len(lines(office / "out")) >= 7)
    hands = below(process.pid)

    process.kill()
    process.communicate()

    assert len(hands) >= 2
    wait_for(lambda: not any(map(alive, hands)))
    slow.write_text(text, "utf-8")
    before = {one["case"] for one in lines(office / "out")}
    written = {one: one.stat().st_ino for case in before for one in (office / "out" / case).iterdir()}
    assert len(before) >= 7 and "k07" not in before

    ran = run("batch", *order, "--json", cwd=office, PAPKA_LOAD_PLUGINS="kurgan_ipss")

    told = json.loads(ran.out)
    assert ran.code == 0 and told["cases"]["earlier"] == len(before)
    assert told["papers"]["new"] + told["papers"]["unchanged"] == 2 * (10 - len(before))
    assert {one: one.stat().st_ino for one in written} == written
    assert len(set(papers(office / "out").values())) == 20
    assert not list((office / "out").rglob(".papka-*"))


def below(process: int) -> list[int]:
    told = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(process)], capture_output=True, text=True, check=False
    )
    return [int(one) for one in told.stdout.split()]


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    # One that nobody has waited for is gone all the same.
    stat = Path(f"/proc/{process}/stat")
    return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] != "Z"


@posix
def test_stopped_from_the_keyboard_it_says_how_to_go_on(office: Path, begin: Begin, run: Run) -> None:
    slow, text = slowed(office / "cases" / "k07" / "case.yaml")
    process = begin("--document", CARD, *ON, "--processes", "1", "--where", "дело.номер != 'x y'")
    wait_for(lambda: sum(len(lines(one)) for one in office.glob("batches/*")) >= 7)

    process.send_signal(signal.SIGINT)
    said, errors = process.communicate(timeout=60)

    assert process.returncode == 1 and "Traceback" not in said + errors
    assert "Cases: 7 of 10." in said
    again = f"papka batch --document {CARD} --where \"дело.номер != 'x y'\" --on 2025-03-01"
    assert f"Stopped. What is done stays done. To go on: {again}" in said
    slow.write_text(text, "utf-8")
    ran = run(
        "batch",
        "--document",
        CARD,
        "--where",
        "дело.номер != 'x y'",
        *ON,
        cwd=office,
        PAPKA_LOAD_PLUGINS="kurgan_ipss",
    )
    assert "Cases: 10 of 10. Drafts: 3, there before and unchanged: 7," in ran.out


def test_the_same_batch_is_not_run_twice_at_once_and_one_that_was_killed_stands_in_nobodys_way(
    office: Path, here: Run
) -> None:
    lock = office / "out" / ".batch" / "running"
    lock.parent.mkdir(parents=True)
    lock.write_text(f"{platform.node()} {os.getpid()}")

    ran = here("batch", *BOTH, *ON, "--into", "out")
    assert ran.code == 2 and "This batch is running already" in ran.err

    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    if sys.platform != "win32":
        lock.write_text(f"{platform.node()} {gone.pid}")
        assert here("batch", *BOTH, *ON, "--into", "out").code == 0
        assert not lock.exists()


def test_a_cut_off_line_of_the_record_counts_for_nothing(office: Path, here: Run) -> None:
    here("batch", "--document", CARD, *ON, "--into", "out", "--processes", "1")
    (file,) = (office / "out").glob(".batch/done-*")
    whole = file.read_bytes()
    file.write_bytes(whole[: whole.rindex(b'"count"')] + b"\n[1]\nnull\n\xff\n")
    (office / "out" / "k00" / f"{CARD}.docx").unlink()

    told = json.loads(here("batch", "--document", CARD, *ON, "--into", "out", "--json").out)

    assert (told["papers"]["new"], told["papers"]["unchanged"], told["papers"]["earlier"]) == (1, 1, 8)


def test_with_pdf_each_draft_has_its_own_and_a_batch_without_them_is_another(office: Path, here: Run) -> None:
    order = ("batch", "k01", "k02", "--document", CARD, *ON, "--into", "out", "--processes", "1")
    here(*order)

    ran = here(*order, "--engine", "rdocx")

    assert ran.code == 0 and "Drafts: 0, there before and unchanged: 2," in ran.out
    for case, child in (("k01", NAMES[1]), ("k02", NAMES[2])):
        said = "".join(page.extract_text() for page in PdfReader(office / "out" / case / f"{CARD}.pdf").pages)
        assert child in said and (said.count("Олег") == 0)
    (office / "out" / "k02" / f"{CARD}.pdf").unlink()
    assert json.loads(here(*order, "--engine", "rdocx", "--json").out)["cases"]["earlier"] == 1
    assert (office / "out" / "k02" / f"{CARD}.pdf").is_file()


# --- issuing ---------------------------------------------------------------------------------------------


def issued(office: Path, here: Run) -> list[dict[str, Any]]:
    return json.loads(here("journal", "--json").out)  # type: ignore[no-any-return]


def test_issued_twice_no_paper_gets_a_second_number(office: Path, here: Run) -> None:
    order = ("batch", "--issue", "--document", CARD, "--no-pdf")

    assert "Issued: 10, there before and unchanged: 0, refused: 0." in here(*order, "--processes", "2").out
    first = issued(office, here)
    assert sorted(one["number"] for one in first) == NUMBERS
    assert "Issued: 0, there before and unchanged: 10, refused: 0." in here(*order).out
    for one in office.glob("batches/*/.batch/done-*"):
        one.unlink()
    assert "Issued: 0, there before and unchanged: 10, refused: 0." in here(*order, "--processes", "1").out

    slow = office / "cases" / "k03" / "case.yaml"
    slow.write_text("programme: [", "utf-8")
    assert f"what is left: papka batch --issue --no-pdf --document {CARD} --on" in here(*order).out
    assert issued(office, here) == first
    assert len(list(office.glob(f"cases/*/issued/{CARD}_*.docx"))) == 10
    assert here("journal", "--check").code == 0


def test_two_batches_at_once_over_one_office_give_each_paper_one_number(
    office: Path, begin: Begin, here: Run
) -> None:
    orders = (("--document", CARD), ("--document", CARD, "--document", REQUEST))
    begun = [begin("--issue", "--no-pdf", "--processes", "2", *one) for one in orders]

    said = [one.communicate(timeout=300) for one in begun]

    assert [one.returncode for one in begun] == [0, 0], said
    entries = issued(office, here)
    assert len(entries) == 20 and {one["state"] for one in entries} == {"issued"}
    numbers = sorted(one["number"] for one in entries if one["document"] == CARD)
    assert numbers == NUMBERS
    assert here("journal", "--check").code == 0


# --- who does the work -----------------------------------------------------------------------------------


def drawn(office: Path, into: str, **more: Any) -> tuple[BatchReport, dict[str, bytes]]:
    order = BatchOrder(documents=(CARD, REQUEST), day=DAY, into=Path(into))
    report = batch(order, start=office, **more)
    return report, papers(office / into)


@pytest.fixture
def alone(office: Path, english: None) -> dict[str, bytes]:
    """The papers as this process draws them."""
    return drawn(office, "alone", processes=1)[1]


def test_any_executor_draws_the_same_bytes(office: Path, alone: dict[str, bytes]) -> None:
    assert drawn(office, "two", processes=2)[1] == alone
    with ThreadPoolExecutor(3) as threads:
        assert drawn(office, "threads", executor=threads)[1] == alone


def test_a_worker_that_is_killed_loses_nothing(office: Path, alone: dict[str, bytes]) -> None:
    killed: list[int] = []

    def watch(now: Progress) -> None:
        if now.done and not killed:
            victim = multiprocessing.active_children()[0]
            victim.kill()
            killed.append(victim.pid or 0)

    report, made = drawn(office, "out", processes=2, watch=watch)

    assert killed and made == alone
    assert (report.progress.done, report.progress.refused) == (10, 0)


@pytest.mark.skipif(
    multiprocessing.get_start_method() != "fork", reason="the fault is put in before processes begin"
)
def test_a_case_that_kills_whoever_opens_it_is_found_and_the_others_are_drawn(
    office: Path, alone: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    right = working.open_case

    def deadly(asked: str, *more: Any) -> Any:
        if "k05" in asked:
            os._exit(9)
        return right(asked, *more)

    monkeypatch.setattr(working, "open_case", deadly)

    report, made = drawn(office, "out", processes=2)

    assert made == {name: body for name, body in alone.items() if not name.startswith("k05")}
    (refused,) = report.refused()
    assert refused["case"] == "k05" and "stopped at once" in refused["message"]


def test_on_a_dask_cluster_one_worker_killed_the_papers_are_the_same(
    office: Path, alone: dict[str, bytes], here: Run
) -> None:
    distributed = pytest.importorskip("distributed")
    from papka.output.batch.cluster import cluster_at

    killed: list[int] = []
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as local:

        def watch(now: Progress) -> None:
            if now.done and not killed:
                killed.append(next(iter(local.workers.values())).pid)
                os.kill(killed[0], getattr(signal, "SIGKILL", signal.SIGTERM))

        with cluster_at(local.scheduler_address) as cluster:
            report, made = drawn(
                office, "out", executor=cluster.executor, processes=cluster.hands, watch=watch
            )
        again = here("batch", *BOTH, *ON, "--into", "other", "--dask", local.scheduler_address)

    assert killed and made == alone and report.progress.refused == 0
    assert again.code == 0 and papers(office / "other") == alone


def test_a_cluster_that_is_not_there_is_told_in_a_sentence(
    office: Path, here: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr("papka.output.batch.cluster.PATIENCE", 1)

    ran = here("batch", *BOTH, "--dask", "tcp://127.0.0.1:9")

    assert ran.code == 1 and "does not answer" in ran.err and "Traceback" not in ran.all


# --- the page --------------------------------------------------------------------------------------------


def test_every_command_of_the_page_does_what_it_says(office: Path, case_text: str, here: Run) -> None:
    for folder in office.glob("cases/k*"):
        shutil.rmtree(folder)
    for number in (1, 2):
        add(office, case_text, number).parent.rename(office / "cases" / f"KRG-{number}")
    (office / "список.txt").write_text("KRG-1  # одно\n2/2025\n", "utf-8")
    page = (ROOT / "docs" / "batch.md").read_text("utf-8")
    typed = re.findall(r"^    (papka batch .*)$|`(papka batch[^`]*)`", page, re.MULTILINE)
    commands = [shlex.split(one or other) for one, other in typed]

    assert len(commands) > 14
    for _, *words in commands:
        if "--dask" in words:
            continue
        more = ["--engine", "rdocx"] if "--pdf" in words or "--issue" in words else []
        ran = here(*words, *more)
        assert ran.code == 0, ran.all
        assert "Cases: 2 of 2." in ran.out, ran.all
    assert {one.parent.name for one in office.glob("печать/*/*.docx")} == {"KRG-1", "KRG-2"}
    assert (office / "отказы.csv").read_bytes().startswith(b"\xef\xbb\xbf")


# --- memory and time -------------------------------------------------------------------------------------


def test_only_a_few_tasks_are_under_way_however_many_cases_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    pulled = done = most = 0

    def cases() -> Iterator[tuple[str, str]]:
        nonlocal pulled, most
        for number in range(3000):
            pulled += 1
            most = max(most, pulled - done)
            yield f"{number}", f"{number}"

    def work(task: Task) -> list[Told]:
        return [Told(name, file, new=5) for file, name in task.cases]

    monkeypatch.setattr(sharing, "work", work)
    job, pace = Job(BatchOrder(), "", "", "", "en", ""), Pace()
    with ThreadPoolExecutor(1) as executor:
        for some in shared(tasks(job, cases(), pace), Crew(executor, 1)):
            done += len(some)
            for told in some:
                pace.saw(told)

    assert done == 3000 and pace.size == 5
    assert most <= AHEAD * MOST_CASES
    # What goes to a worker holds the way to a case, never the case.
    assert len(pickle.dumps(Task(job, (("cases/a/case.yaml", "a"),)))) < 2000


@pytest.mark.parametrize(
    ("seconds", "said"), [(0, "0 s"), (59, "59 s"), (90, "2 min"), (3599, "60 min"), (7260, "2 h 1 min")]
)
def test_the_time_left_is_told_as_people_tell_it(english: None, seconds: int, said: str) -> None:
    assert telling.duration(seconds) == said


def test_without_a_terminal_a_line_now_and_then_says_how_far_it_is(
    english: None, capsys: pytest.CaptureFixture[str]
) -> None:
    now = Progress(1000, done=250, new=500, begun=time.monotonic() - 100)
    with telling.watching() as watch:
        watch(now)
        watch(now)

    said = capsys.readouterr().err.splitlines()
    assert len(said) == 1 and said[0].startswith("cases: 250 of 1000; papers: 500, 5.0 a second, 5 min left")


@pytest.mark.skipif("PAPKA_LONG" not in os.environ, reason="PAPKA_LONG=1 asks for the long trial")
def test_a_hundred_thousand_papers_on_a_cluster_whose_workers_are_killed() -> None:
    count = os.environ.get("PAPKA_PAPERS", "100000")
    order = [sys.executable, str(ROOT / "benchmarks" / "batch.py"), "whole", "--papers", count, "--kill", "3"]

    done = subprocess.run(order, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "all are there, each once, each of its own family" in done.stdout
