"""The siege: hostile input through every door, in processes of their own (see `tests/siege/`, and SECURITY.md)."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest
from siege import browser, packages, pdfs, records, shots, state
from siege.firing import Outcome, Range, Shot, ready_office

from papka.core import commandline
from papka.core.bounds import Exceeded, bounded
from papka.core.errors import PapkaError, Refused
from papka.core.journal.journal import Journal
from papka.core.migrating.applying import carry_out
from papka.core.outside import bytes_of
from papka.core.plugging.plugins import Plugins
from papka.core.rules.views import vocabulary_of
from papka.core.saving import write_atomically
from papka.forms.completing import on_case
from papka.output.apart import Apart, refuse_harmful
from papka.output.package import PackageFault, open_package
from papka.output.template import Template

LONG = bool(os.environ.get("PAPKA_LONG"))
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the range needs fork")


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Range]:
    folder = tmp_path_factory.mktemp("siege")
    # The limit of time is stretched: other tests run beside this one.
    made = Range(folder, ready_office(folder), slack=4)
    yield made
    made.close()


def held(ground: Range, fired: list[Shot]) -> list[str]:
    """Fire shots; return what was wrong with each."""
    outcomes: list[Outcome] = [ground.fire(one) for one in fired]
    return [f"{one.shot.name}: {'; '.join(one.wrong)} | {one.said[-200:]}" for one in outcomes if one.wrong]


def some(every: list[Shot], count: int) -> list[Shot]:
    """Return some shots, spread over all kinds, the same ones each time; all of them in the long trial."""
    return every if LONG else random.Random(8).sample(every, min(count, len(every)))


@pytest.mark.parametrize(
    ("kind", "count"),
    [
        ("templates", 16),
        ("tags", 14),
        ("family", 12),
        ("papers_back", 3),
        ("heaps", 8),
        ("drawn", 1),
        ("kept", 7),
        ("words", 5),
        ("pages", 1),
        ("methods", 5),
        ("started", 7),
    ],
)
def test_nothing_crashes_leaks_or_is_left_behind(ground: Range, kind: str, count: int) -> None:
    make = getattr(shots, kind)
    every = list(make(ground) if kind in ("templates", "papers_back", "kept", "words", "pages") else make())
    assert held(ground, some(every, count)) == []


# --- mutated files -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(3))
def test_a_mutated_template_is_used_or_refused(tmp_path: Path, seed: int) -> None:
    plugins = Plugins()
    method = plugins.method("kurgan_ipss")
    language, names = plugins.language_for(method), vocabulary_of(method.programme)
    body = packages.paragraph("{% if family %}{{ organisation.short_name }}{% endif %}") + packages.field(
        "PAGE"
    )
    made = packages.mutated(1_000 if LONG else 50, seed, lambda: packages.paper(body))
    used = 0
    for name, data, _ in made:
        path = tmp_path / "krg_ipss.docx"
        path.write_bytes(data)
        try:
            Template.open(path).check(language, names, {})
        except Refused as refused:
            assert refused.findings, name
        else:
            used += 1
    assert used  # some letters do not matter, or nothing was tried


# --- what papka reads back -----------------------------------------------------------------------------------


def test_an_upgrade_that_was_laid_by_a_stranger_writes_nothing_outside(tmp_path: Path, ground: Range) -> None:
    assert ground.office is not None
    office, outside = tmp_path / "office", tmp_path / "outside.txt"
    shutil.copytree(ground.office, office)
    outside.write_text("mine", "utf-8")
    told = {"name": "../outside.txt", "before": sha256(b"mine").hexdigest(), "after": "0" * 64}
    (office / ".upgrade").mkdir()
    (office / ".upgrade/0").write_text("evil", "utf-8")
    (office / ".upgrade/list.json").write_text(json.dumps({"to": 1, "files": [told]}), "utf-8")
    with pytest.raises(PapkaError):
        carry_out(office)
    assert outside.read_text("utf-8") == "mine"


@pytest.mark.parametrize("file", ["../outside.docx", "/etc/passwd", "cases/../../outside.docx"])
def test_a_journal_that_names_a_file_outside_the_office_is_not_believed(
    tmp_path: Path, ground: Range, file: str
) -> None:
    assert ground.office is not None
    book = tmp_path / "journal.db"
    book.write_bytes(records.bent(ground.office / "journal.db", "papers", "file", file))
    journal = Journal.open(book)
    try:
        with pytest.raises(PapkaError):
            journal.entries()
    finally:
        journal.close()


def test_of_a_draft_what_no_form_keeps_is_passed_over_and_the_rest_stays(
    tmp_path: Path, ground: Range
) -> None:
    assert ground.office is not None
    shutil.copytree(ground.office, tmp_path / "office")
    filling = on_case("KRG-1", "closing", tmp_path / "office")
    far = ["family", "members", 10**12, "phone"]
    odd = [
        [far, "x"],
        [["closure", 7], "x"],
        [["family"], "x"],
        [["id", "x"], "x"],
        [[], "x"],
        [["closure", "notice_on"], 7],
        7,
    ]
    kept = [*odd, [["closure", "farewell_on"], "17.06.2026"]]
    filling.draft.path.parent.mkdir()
    filling.draft.path.write_text(json.dumps(state.DRAFT | {"answers": kept, "unknown": [7, [[]]]}), "utf-8")
    filling.draft.resume(filling.sheet)
    assert filling.sheet.changes() == {("closure", "farewell_on"): "17.06.2026"}


@pytest.mark.parametrize("place", ["pipe", "link"])
def test_nothing_is_written_over_what_is_no_file(tmp_path: Path, place: str) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    (tmp_path / "link").symlink_to(pipe)
    with pytest.raises(PapkaError):
        write_atomically(tmp_path / place, b"x")
    assert pipe.is_fifo()
    assert {one.name for one in tmp_path.iterdir()} == {"pipe", "link"}


def test_a_journal_is_not_begun_where_a_link_leads(tmp_path: Path) -> None:
    (tmp_path / "office").mkdir()
    (tmp_path / "office/journal.db").symlink_to(tmp_path / "elsewhere.db")
    with pytest.raises(PapkaError):
        Journal.open(tmp_path / "office/journal.db")
    assert not (tmp_path / "elsewhere.db").exists()


def test_the_form_in_the_browser_stands_a_siege(tmp_path: Path, ground: Range) -> None:
    assert ground.office is not None
    office = tmp_path / "office"
    shutil.copytree(ground.office, office)
    assert browser.besieged(office, ground.folder / "cache", some=1 if LONG else 15) == []


def test_a_command_without_streams_does_its_work(ground: Range) -> None:
    fired = [
        Shot(
            "streams",
            ("form", "fill", "KRG-1", "closing", "--plain"),
            environ={"SIEGE": "closed 0 1 2"},
            office=True,
        ),
        Shot("folder", ("status",), environ={"SIEGE": "gone"}, office=True),
    ]
    assert held(ground, fired) == []


# --- what is refused, and what is taken out ----------------------------------------------------------------


def test_a_remote_template_does_not_travel_into_the_paper() -> None:
    away = packages.relations(("attachedTemplate", "http://127.0.0.1:1/evil.dotm", "External"))
    settings = f'{packages.HEAD}<w:settings xmlns:w="{packages.W_NS}" xmlns:r="{packages.R_NS}"><w:attachedTemplate r:id="rX0"/></w:settings>'
    package = open_package(
        packages.paper(**{"word/settings.xml": settings, "word/_rels/settings.xml.rels": away})
    )
    written = package.write({})
    assert b"evil" not in b"".join(open_package(written).members.values())
    assert b"attachedTemplate" not in b"".join(open_package(written).members.values())


@pytest.mark.parametrize(
    "code",
    [
        "PAGE",
        "TOC \\o",
        "HYPERLINK &quot;https://example.org&quot;",
        "HYPERLINK \\l &quot;x&quot;",
        "MERGEFORMAT",
    ],
)
def test_an_ordinary_field_stays(code: str) -> None:
    open_package(packages.paper(packages.field(code)))


@pytest.mark.parametrize(
    "body",
    [
        packages.field("HYPERLINK &quot;file:///etc/passwd&quot;"),
        packages.field("{# #}DDE", "AUTO x"),
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:del w:id="1"><w:r><w:delInstrText>DDEAUTO x</w:delInstrText></w:r></w:del></w:p>',
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>DD</w:instrText></w:r><w:r><w:t>{% if 0 %}</w:t></w:r></w:p>',
    ],
)
def test_a_field_that_could_become_another_one_is_refused(body: str) -> None:
    with pytest.raises(PackageFault):
        open_package(packages.paper(body))


def test_a_pdf_that_kills_its_reader_is_refused() -> None:
    harmful = dict(pdfs.files(1, "/nowhere"))["form_self"]
    refuse_harmful(pdfs.one())
    with pytest.raises(PapkaError):
        refuse_harmful(harmful)


@pytest.mark.skipif(not hasattr(signal, "SIGPROF"), reason="this system counts no work")
@pytest.mark.parametrize("work", ["time.sleep(0.6)", "[0 for _ in iter(int, 1)]"])
def test_the_reader_of_a_pdf_is_stopped_by_its_work_and_not_by_the_clock(work: str) -> None:
    code = f"""
import sys, time, papka.output.apart as at
at.SECONDS, at._read_through = 0.2, lambda raw: {work} or 7
sys.argv[1:] = ["text"]
at._main()
"""
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", code], stdin=pipe, stdout=pipe) as process:
        if "sleep" in work:
            assert Apart(process, pdfs.one()).pages == 7
        else:
            with pytest.raises(Exceeded):
                Apart(process, pdfs.one())


def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "case.yaml"
    os.mkfifo(pipe)
    with pytest.raises(OSError, match=r"."):
        bytes_of(pipe)
    large = tmp_path / "large"
    large.write_bytes(bytes(11))
    assert bytes_of(large, 11) == bytes(11)
    with pytest.raises(OSError, match=r"."):
        bytes_of(large, 10)


# --- bounds ------------------------------------------------------------------------------------------------


def endless() -> None:
    while True:
        pass


def a_search_without_end() -> None:
    re.match(r"(a+)+b", "a" * 40)


def deeper() -> None:
    deeper()


@pytest.mark.parametrize("work", [endless, a_search_without_end, deeper])
def test_what_does_not_end_is_stopped(work: object) -> None:
    assert callable(work)
    with pytest.raises(Exceeded), bounded(seconds=0.3):
        work()


def test_who_only_waits_for_a_busy_computer_is_not_stopped_and_not_forever_either() -> None:
    with bounded(seconds=0.2):
        time.sleep(0.5)
    with pytest.raises(Exceeded), bounded(seconds=0.05):
        while True:
            time.sleep(0.01)


def test_in_another_thread_too_the_work_is_counted_and_not_the_wait() -> None:
    def waits() -> str:
        with bounded(seconds=0.2):
            time.sleep(0.5)
        return "there"

    def works() -> None:
        with bounded(seconds=0.2):
            endless()

    with ThreadPoolExecutor(2) as threads:
        waiting, working = threads.submit(waits), threads.submit(works)
        assert waiting.result() == "there"
        with pytest.raises(Exceeded):
            working.result()


def test_what_takes_all_memory_is_stopped() -> None:
    held = []
    with pytest.raises(Exceeded), bounded(seconds=60, memory=100 * 2**20):
        while True:
            held.append(bytearray(2**20))


def test_inner_bounds_leave_the_outer_ones_as_they_were() -> None:
    with bounded(seconds=60):
        with pytest.raises(Exceeded), bounded(seconds=0.2):
            endless()
        assert sum(range(1000)) == 499500
    with pytest.raises(Exceeded), bounded(seconds=0.3), bounded(seconds=60):
        endless()


# --- the user's cache --------------------------------------------------------------------------------------


def test_a_list_of_commands_that_others_can_write_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    known = commandline.commands()
    file = tmp_path / "papka" / "commands.json"
    poisoned = file.read_text("utf-8").replace("papka.output.commands", "evil.module")
    assert json.loads(poisoned)
    file.write_text(poisoned, "utf-8")
    assert any("evil" in one.target for one in commandline.commands().values())  # it is read at all
    file.chmod(0o666)
    assert commandline.commands() == known
    file.write_text(poisoned, "utf-8")
    file.parent.chmod(0o777)
    assert commandline.commands() == known
