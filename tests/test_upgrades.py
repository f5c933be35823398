"""Upgrades: an office of any earlier version is opened, and an earlier papka stops before what a later one wrote.

`tests/eras/` holds an office of every version that was released, and journals of before; `python tests/eras/make.py`
freezes one more. The later papka of these tests is this one with a next version of the contract, as a developer
would write it: a field has another name, and a step says so.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import Ran, Run

from papka.core.journal.entries import Job
from papka.core.journal.journal import Journal

ERAS = Path(__file__).parent / "eras"
RELEASED = sorted(path.parent.name for path in ERAS.glob("*/office"))
JOURNALS = sorted((ERAS / "before-0.1.0").glob("journal-*.db"))


def tree(folder: Path) -> dict[str, str]:
    """Return the digest of each file; the index may be made anew at any time."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith((".index.db", "journal.db"))
    }


def chain_of(database: Path) -> list[tuple[Any, ...]]:
    with sqlite3.connect(database) as book:
        return book.execute("SELECT * FROM events ORDER BY n").fetchall()


# --- what was released -----------------------------------------------------------------------------------


@pytest.mark.parametrize("era", RELEASED)
def test_an_office_of_every_released_version_is_opened_with_all_it_holds(
    era: str, here: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = tmp_path / "office"
    shutil.copytree(ERAS / era / "office", office)
    monkeypatch.chdir(office)

    assert here("upgrade").code == 0
    assert json.loads(here("upgrade", "--json").out)["needed"] is False
    assert here("journal", "--check").code == 0
    papers = json.loads(here("journal", "--json").out)
    assert sorted(one["state"] for one in papers) == ["issued", "issued", "replaced", "void"]
    for one in papers:
        if one["file"]:
            assert here("verify", one["file"]).code == 0, one["document"]
    for case in ("k1", "s1"):
        assert here("check", case).code == 0
        assert "# Звонить после 18" in (office / "cases" / case / "case.yaml").read_text("utf-8")
    signed = next(one for one in papers if one["document"] == "sos_referral")
    assert "hand" in here("sign", signed["id"]).out
    assert "krg_agreement" in here("template", "list").out
    from papka.forms.completing import on_case

    filling = on_case("k1", "contact", office)
    filling.draft.resume(filling.sheet)
    assert "2026-03-03" in filling.sheet.changes().values()
    assert here("issue", "k1", "krg_agreement", "--no-pdf").code == 0
    assert here("issue", "s1", "com_consent_pd_minor", "--no-pdf").code == 0
    assert here("journal", "--check").code == 0


@pytest.mark.parametrize("era", RELEASED)
def test_a_backup_of_every_released_version_is_restored(era: str, here: Run, tmp_path: Path) -> None:
    shutil.copy(ERAS / era / "backup.zip", tmp_path / "b.zip")
    assert here("backup", "--check", tmp_path / "b.zip").code == 0
    assert here("restore", tmp_path / "b.zip", tmp_path / "back").code == 0
    book = Journal.at(tmp_path / "back" / "journal.db")
    assert len(book.entries()) == 4 and list(book.faults()) == []


# --- journals that were begun before the first release ----------------------------------------------------


@pytest.fixture(params=JOURNALS, ids=lambda path: path.stem)
def begun(request: pytest.FixtureRequest, here: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    office = tmp_path / "office"
    assert here("init", office).code == 0
    shutil.copy(request.param, office / "journal.db")
    monkeypatch.chdir(office)
    return office


def test_a_journal_of_an_earlier_papka_waits_for_the_upgrade_and_keeps_each_hash(
    here: Run, begun: Path, tmp_path: Path
) -> None:
    before = chain_of(begun / "journal.db")
    asked = here("journal")
    assert asked.code == 1 and "papka upgrade" in asked.err and "Traceback" not in asked.all

    told = json.loads(here("upgrade", "--dry-run", "--json").out)
    assert told["needed"] and not told["done"] and told["journal"]["to"] > told["journal"]["from"]
    assert chain_of(begun / "journal.db") == before

    ran = here("upgrade", "--out", tmp_path / "copy.zip")
    assert ran.code == 0, ran.all
    after = chain_of(begun / "journal.db")
    assert after[: len(before)] == before and [row[2] for row in after[len(before) :]] == ["upgraded"]
    assert "J-CHAIN" not in here("journal", "--check").all
    assert here("upgrade").code == 0 and chain_of(begun / "journal.db") == after
    assert len(json.loads(here("journal", "--json").out)) == 4
    # The copy holds the journal as it was, and becomes an office again.
    assert here("restore", tmp_path / "copy.zip", tmp_path / "back").code == 0
    assert len(chain_of(tmp_path / "back" / "journal.db")) == len(before)


def test_a_journal_whose_version_was_changed_from_outside_is_found_out(here: Run, begun: Path) -> None:
    assert here("upgrade").code == 0
    with sqlite3.connect(begun / "journal.db") as book:
        book.execute("UPDATE events SET data = json_set(data, '$.to', 2) WHERE kind = 'upgraded'")
    checked = here("journal", "--check")
    assert checked.code == 3 and "J-CHAIN" in checked.all


def test_a_journal_that_was_changed_from_outside_is_not_brought_up(here: Run, begun: Path) -> None:
    with sqlite3.connect(begun / "journal.db") as book:
        book.execute("UPDATE papers SET number = '99' WHERE state = 'issued'")
    before = chain_of(begun / "journal.db")
    ran = here("upgrade")
    assert ran.code == 3 and "J-CHAIN" in ran.all
    assert chain_of(begun / "journal.db") == before and not (begun / ".upgrade").exists()
    assert not list(begun.parent.glob("*.zip"))


def test_a_journal_on_a_server_is_brought_up_too(
    here: Run, begun: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = os.environ.get("PAPKA_TEST_POSTGRES")
    if not url:
        pytest.skip("PAPKA_TEST_POSTGRES names no server")
    from sqlalchemy import create_engine, make_url, text

    from papka.output.keeping.journals import lines_of, put_in

    name = f"papka_upgrade_{os.getpid()}"
    server = create_engine(url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    mine = make_url(url).set(database=name)
    try:
        old, book = Journal.at(begun / "journal.db"), Journal.at(mine.render_as_string(hide_password=False))
        put_in(book, lines_of(old))
        with book.engine.begin() as connection:
            connection.execute(text("DROP TABLE about"))
            connection.execute(text("ALTER TABLE marks DROP COLUMN reason"))
            if not old.engine.dialect.has_table(old.engine.connect(), "marks"):
                connection.execute(text("DROP TABLE marks"))
                connection.execute(text("ALTER TABLE papers DROP COLUMN pages"))
        book.close()
        (begun / "journal.db").unlink()
        monkeypatch.setenv("PAPKA_JOURNAL", mine.render_as_string(hide_password=False))

        refused = here("journal")
        assert refused.code == 1 and "papka upgrade" in refused.err
        assert here("upgrade").code == 0
        assert "J-CHAIN" not in here("journal", "--check").all
        assert len(json.loads(here("journal", "--json").out)) == 4
        book.close()
    finally:
        with server.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))


# --- a later papka ---------------------------------------------------------------------------------------

STEP = """
def _former(name: str, content: bytes) -> bytes:
    def rename(data: Any) -> None:
        renamed(data, "earlier_closures", "former_closures")

    return in_yaml(content, rename) if name.endswith("/case.yaml") else content


STEPS = (Step(2, _former),)
"""


@pytest.fixture(scope="session")
def later(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the next papka: of its contract a field is called otherwise."""
    home = tmp_path_factory.mktemp("later")
    mine = Path(__file__).parent.parent
    for name in ("core", "forms", "output", "kit"):
        shutil.copytree(mine / name, home / "papka" / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(mine / "__init__.py", home / "papka" / "__init__.py")
    for file, *changes in (
        ("core/contract/version.py", ('Literal["1"]', 'Literal["2"]'), ('Version = "1"', 'Version = "2"')),
        ("core/contract/case.py", ("earlier_closures", "former_closures")),
    ):
        path = home / "papka" / file
        text = path.read_text("utf-8")
        for before, after in changes:
            assert before in text
            text = text.replace(before, after)
        path.write_text(text, "utf-8")
    with (home / "papka/core/migrating/steps.py").open("a", encoding="utf-8") as steps:
        steps.write(STEP)
    journal = home / "papka/core/journal/growing.py"
    journal.write_text(
        journal.read_text("utf-8").replace("VERSION = 3", "VERSION = 4", 1)
        + "\nSTEPS += (Step(4, _next),)\n",
        "utf-8",
    )
    with journal.open("a", encoding="utf-8") as steps:
        steps.write("\n")
    text = journal.read_text("utf-8").replace(
        "\nSTEPS += (Step(4, _next),)\n",
        "\n\ndef _next(connection: Connection) -> None:\n"
        '    set_version(connection, 4)\n    connection.execute(text("CREATE TABLE later (n INTEGER)"))\n\n\n'
        "STEPS += (Step(4, _next),)\n",
    )
    journal.write_text(text, "utf-8")
    return home


COMMENTED = """\
# Первое слово оставил специалист.
papka: '1'   # вид файла
"""
CLOSED = """\
earlier_closures:  # прежде
  # первый раз
  - farewell_on: 2025-11-20
    reason: goals_achieved   # цели
"""


@pytest.fixture
def office(here: Run, tmp_path: Path, case_text: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An office of this papka, with cases that have the field which the later one calls otherwise."""
    folder = tmp_path / "office"
    assert here("init", folder).code == 0
    monkeypatch.chdir(folder)
    for name in ("one", "two"):
        path = folder / "cases" / name / "case.yaml"
        path.parent.mkdir()
        path.write_text(COMMENTED + case_text.replace("id: T-1", f"id: {name}") + CLOSED, "utf-8")
    # Saved by Notepad: its first mark and its line ends stay too.
    two = folder / "cases" / "two" / "case.yaml"
    two.write_bytes(b"\xef\xbb\xbf" + two.read_bytes().replace(b"\n", b"\r\n"))
    assert here("issue", "one", "com_file_cover", "--no-pdf").code == 0
    return folder


@pytest.fixture
def newer(run: Run, later: Path, office: Path) -> Callable[..., Ran]:
    """Run the later papka in the office."""

    def run_it(*arguments: str | Path, lang: str = "en") -> Ran:
        program = ("-m", "papka.core", *map(str, arguments))
        done = subprocess.run(
            [sys.executable, *program],
            cwd=office,
            env=_environ(later, lang),
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    return run_it


def _environ(later: Path, lang: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PAPKA_", "LC_", "LANG"))}
    kept |= {name: os.environ[name] for name in ("PAPKA_LONG",) if name in os.environ}
    cache = {"XDG_CACHE_HOME": str(later / "cache"), "LOCALAPPDATA": str(later / "cache")}
    return kept | cache | {"PYTHONUTF8": "1", "PAPKA_LANG": lang, "PYTHONPATH": str(later)}


def test_a_later_papka_brings_the_office_forward_and_loses_no_comment(
    newer: Callable[..., Ran], office: Path, tmp_path: Path
) -> None:
    before, events = tree(office), chain_of(office / "journal.db")
    refused = newer("check", "one", lang="ru")
    assert refused.code == 1 and "papka upgrade" in refused.err and "прежней версией" in refused.err

    dry = json.loads(newer("upgrade", "--dry-run", "--json").out)
    assert [one["file"] for one in dry["files"]] == [
        "office.yaml", "cases/one/case.yaml", "cases/two/case.yaml",
    ]  # fmt: skip
    assert tree(office) == before and chain_of(office / "journal.db") == events

    ran = newer("upgrade", "--out", tmp_path / "copy.zip")
    assert ran.code == 0, ran.all
    for name in ("one", "two"):
        path = office / "cases" / name / "case.yaml"
        told = path.read_bytes().removeprefix(b"\xef\xbb\xbf").decode("utf-8")
        ends = "\r\n" if name == "two" else "\n"
        assert f"специалист.{ends}papka: '2'   # вид файла{ends}" in told
        assert f"{ends}former_closures:   # прежде{ends}  # первый раз{ends}" in told
        assert told.endswith(f"   # цели{ends}") and "earlier_closures" not in told
        assert path.read_bytes().startswith(b"\xef\xbb\xbf") == (name == "two")
        assert ("\r\n" in told) == (name == "two")
        assert newer("check", name).code == 0
    assert newer("journal", "--check").code == 0
    assert chain_of(office / "journal.db")[: len(events)] == events
    assert not [name for name in tree(office) if ".papka-" in name or ".upgrade" in name]
    assert tree(office).keys() == before.keys()


STOPPED = (
    ("check", "one"), ("status", "one"), ("status",), ("due",), ("edit", "one"), ("render", "one", "krg_agreement"),
    ("issue", "one", "krg_agreement"), ("journal",), ("journal", "--check"), ("packet", "one"), ("scan",),
    ("verify", "cases/one/case.yaml"), ("report", "cases"), ("names",), ("new", "--programme", "kurgan_ipss", "k9"),
    ("form", "fill", "one", "contact"), ("form", "open", "one"), ("template", "override", "krg_agreement"),
    ("backup",), ("destroy", "one", "--reason", "term", "--yes"), ("anonymise", "one", "../copy.yaml"),
    ("upgrade",),
)  # fmt: skip


def test_an_earlier_papka_stops_at_each_of_its_commands_and_changes_nothing(
    here: Run, newer: Callable[..., Ran], office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = Journal.open(office / "journal.db")
    assert newer("upgrade", "--out", tmp_path / "copy.zip").code == 0
    before, events = tree(office), chain_of(office / "journal.db")
    monkeypatch.setenv("PAPKA_LANG", "ru")

    for command in STOPPED:
        ran = here(*command)
        assert ran.code in (1, 2, 3), command
        assert "более новая papka" in ran.all or ran.code == 2, (command, ran.all)
        assert "Traceback" not in ran.all and "--debug" not in ran.all, (command, ran.all)
    assert tree(office) == before and chain_of(office / "journal.db") == events
    # One who had the journal open before is stopped at the next number.
    from datetime import date

    from papka.core.errors import PapkaError

    with pytest.raises(PapkaError, match="более новая"):
        held.reserve(Job("K", "letter", "1", date(2026, 3, 3), "0" * 64))
    assert chain_of(office / "journal.db") == events
    # A case by itself and a backup say it too.
    shutil.copy(office / "cases" / "one" / "case.yaml", tmp_path / "alone.yaml")
    alone = here("check", tmp_path / "alone.yaml")
    assert alone.code == 3 and "F-NEWER" in alone.all
    assert newer("backup", "--out", tmp_path / "new.zip").code == 0
    restored = here("restore", tmp_path / "new.zip", tmp_path / "back")
    assert restored.code == 1 and "новая" in restored.all and not (tmp_path / "back").exists()


CUT = """
import errno, json, os, shutil, signal, sys
from pathlib import Path
from papka.core.errors import PapkaError
from papka.core.office import Office
from papka.output.keeping.upgrading import upgrade
untouched, office, how = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
def cut_at(at):
    calls = 0
    def counted(real):
        def step(*a, **k):
            nonlocal calls
            calls += 1
            if calls == at and how == "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            if calls == at:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return real(*a, **k)
        return step
    for name in ("replace", "rename", "chmod"):
        setattr(Path, name, counted(getattr(Path, name)))
    os.fsync = counted(os.fsync)
def run(prepare, out):
    child = os.fork()
    if not child:
        prepare()
        try:
            upgrade(Office(office), out=out)
        except PapkaError as error:
            print(error, file=sys.stderr, flush=True)
            os._exit(7)
        except BaseException as error:
            print("Traceback", repr(error), file=sys.stderr, flush=True)
            os._exit(8)
        os._exit(0)
    return os.waitpid(child, 0)[1]
for at in (*range(1, 200, 1 if os.environ.get("PAPKA_LONG") else 3), 999):
    shutil.rmtree(office)
    shutil.copytree(untouched, office)
    first = run(lambda: cut_at(at), office.parent / f"{how}-{at}.zip")
    closed = (office / ".upgrade").exists()
    here = {p.relative_to(office).as_posix(): p.read_bytes().hex() for p in office.rglob("*.yaml")}
    again = run(lambda: None, office.parent / f"{how}-{at}-again.zip")
    there = {p.relative_to(office).as_posix(): p.read_bytes().hex() for p in office.rglob("*") if p.is_file()}
    print(json.dumps([at, first, closed, here, again, there]), flush=True)
    if first == 0:
        break
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize("how", ["kill", "full"])
def test_an_upgrade_that_is_stopped_at_any_moment_goes_on_to_the_same_end(
    how: str, newer: Callable[..., Ran], later: Path, office: Path, tmp_path: Path
) -> None:
    untouched = tmp_path / "untouched"
    shutil.copytree(office, untouched)
    assert newer("upgrade", "--out", tmp_path / "first.zip").code == 0
    whole, before = tree(office), tree(untouched)

    done = subprocess.run(
        [sys.executable, "-c", CUT, untouched, office, how],
        cwd=tmp_path, env=_environ(later, "ru"), capture_output=True, text=True, check=True,
    )  # fmt: skip

    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(told) > 5 and told[-1][1] == 0, "the last one was not stopped any more"
    assert "Traceback" not in done.stderr
    assert how == "kill" or done.stderr.count("the disk is full") == len(told) - 1, done.stderr
    for at, _, closed, then, again, at_last in told:
        # It was not begun, or the office is closed until it has ended.
        assert closed or digests(then).items() <= before.items() or digests(then).items() <= whole.items(), at
        assert again == 0, (at, done.stderr)
        left = {name: one for name, one in digests(at_last).items() if not name.startswith("journal.db")}
        assert {name: one for name, one in left.items() if ".papka-" not in name} == whole, at
        # What a killed run left goes with the next file that is saved in its folder.
        assert how == "kill" or left == whole, at
    assert any(one[2] for one in told)
    assert newer("journal", "--check").code == 0


def digests(files: dict[str, str]) -> dict[str, str]:
    return {name: hashlib.sha256(bytes.fromhex(one)).hexdigest() for name, one in files.items()}


def test_a_file_that_cannot_be_read_stops_the_upgrade_before_anything_is_changed(
    newer: Callable[..., Ran], office: Path
) -> None:
    (office / "cases" / "two" / "case.yaml").write_text("papka: '1'\nfamily: [\n", "utf-8")
    before, events = tree(office), chain_of(office / "journal.db")

    ran = newer("upgrade")

    assert ran.code == 3 and "cases/two/case.yaml" in ran.all and "papka upgrade" in ran.all
    assert tree(office) == before and chain_of(office / "journal.db") == events
    assert not list(office.parent.glob("*.zip"))


def test_answers_that_another_version_kept_are_not_overwritten(office: Path) -> None:
    from papka.core.errors import PapkaError
    from papka.forms.completing import on_case

    filling = on_case("one", "contact", office)
    filling.sheet.answer(("contacts", 99, "on"), "2026-03-03")
    filling.keep()
    kept = filling.draft.path.read_bytes().replace(b'"version": 1', b'"version": 9')
    filling.draft.path.write_bytes(kept)

    again = on_case("one", "contact", office)
    with pytest.raises(PapkaError, match="another version"):
        again.draft.resume(again.sheet)
    assert filling.draft.path.read_bytes() == kept
