"""PDF that always arrives: engines kept running, eight callers, and what is left when all goes wrong.

A real LibreOffice is started, killed, stopped and starved here. The trial with thousands of papers takes long:
``PAPKA_LONG=1 python -m pytest -n0 tests/test_pool.py -k trial``.
"""

from __future__ import annotations

import json
import os
import pickle
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from pool_trial import processes, trial
from small_papers import numbered, par, related_to_itself, table, word_file

from papka.output.issued.codes import codes_in, stamped
from papka.output.pdf import LibreOffice, Pool, Rdocx, pool, to_pdf, warm
from papka.output.pdf import convert as convert_module
from papka.output.pdf import pooling as pooling_module
from papka.output.pdf.archive import lacking_for_archive
from papka.output.pdf.libreoffice import fresh_profile
from papka.output.pdf.pages import texts
from papka.output.pdf.running import ROOM, sockets_of

OFFICE = LibreOffice()
BRIDGE = OFFICE.program is not None and warm.bridge_python(OFFICE.program) is not None
LONG = 2000 if os.environ.get("PAPKA_LONG") else 32
SMALL: dict[str, Any] = {"pause": 2.5, "forked": 1, "workers": 1}

needs_office = pytest.mark.skipif(not OFFICE.available(), reason="LibreOffice is not here")
needs_bridge = pytest.mark.skipif(not BRIDGE, reason="no Python here knows LibreOffice's bridge")
needs_proc = pytest.mark.skipif(
    not Path("/proc/self/cmdline").exists(), reason="processes are looked at in /proc"
)
posix_only = pytest.mark.skipif(sys.platform == "win32", reason="the false programs here are shell scripts")


@pytest.fixture(autouse=True)
def temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Private folders lie here, and none is left at the end of any test, nor a process that names it."""
    folder = tmp_path / "system-tmp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    assert gone(folder) == []


def gone(folder: Path, sockets: tuple[Path, ...] = ()) -> list[str]:
    """Return what is left of a folder's LibreOffice after a while: processes, private folders, sockets."""
    deadline = time.monotonic() + 15
    while True:
        left = [" ".join(words)[:90] for _, words in processes(folder) if "pytest" not in " ".join(words)]
        left += [str(path) for path in (*folder.glob(f"{ROOM}*"), *(one for one in sockets if one.exists()))]
        if not left or time.monotonic() > deadline:
            return left
        time.sleep(0.1)


def paper(path: Path, words: str) -> Path:
    body = par(f"Бумага {words}") + numbered("Первый пункт") + table([["№", "Имя"], ["1", "Анна"]])
    return word_file(path, body + par("Куратор помогает семье. " * 200), par("Карта семьи"))


@pytest.fixture
def papers(tmp_path: Path) -> list[Path]:
    return [paper(tmp_path / f"бумага {n}.docx", f"номер {n}") for n in range(4)]


def said(pdf: Path) -> str:
    return " ".join(" ".join(texts(pdf.read_bytes()) or ()).split())


# ------------------------------------------------------------------ a pool at work


@needs_bridge
@needs_proc
def test_a_pool_draws_what_a_fresh_libreoffice_draws_to_the_byte(
    papers: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pooling_module, "EACH", 6)
    folder = Path(tempfile.gettempdir())
    fresh = to_pdf(papers, tmp_path / "fresh", "libreoffice")
    with pool(1, "libreoffice") as engines:
        first = [engines.convert(papers[0], tmp_path / "first.pdf"), office_of(folder)]
        second = [engines.convert(papers[0], tmp_path / "first.pdf"), office_of(folder)]
        assert len(first[1]) == 1 and first[1] == second[1], "it is kept running"
        with ThreadPoolExecutor(8) as callers:
            kept = list(
                callers.map(lambda one: engines.convert(one, tmp_path / f"{one.stem}.pdf"), papers * 2)
            )
        assert len(office_of(folder)) == 1 and office_of(folder) != first[1], "it is started anew after six"
        sockets = tuple(socket for room in folder.glob(f"{ROOM}*") for socket in sockets_of(room))
        assert any(one.exists() for one in sockets), "the test looks where the sockets are"

    for one, other in zip([*fresh, *fresh], kept, strict=True):
        assert one.pdf is not None and other.pdf is not None
        assert one.pdf.read_bytes() == other.pdf.read_bytes()
        assert (one.engine_version, one.pages, one.fonts) == (other.engine_version, other.pages, other.fonts)
    if sys.platform != "win32":
        assert (tmp_path / "first.pdf").stat().st_mode & 0o077 == 0
    assert gone(folder, sockets) == []


def office_of(folder: Path) -> list[int]:
    return sorted(pid for pid, words in processes(folder) if words[0].endswith("soffice.bin"))


@needs_bridge
@needs_proc
def test_a_libreoffice_that_dies_or_hangs_is_replaced(papers: list[Path], tmp_path: Path) -> None:
    folder = Path(tempfile.gettempdir())
    with Pool([LibreOffice(stall=15)], 1) as engines:
        assert engines.convert(papers[0], tmp_path / "0.pdf").pdf
        for number, fault in enumerate((signal.SIGKILL, signal.SIGSTOP), 1):
            (victim,) = office_of(folder)
            os.kill(victim, fault)
            result = engines.convert(papers[number], tmp_path / f"{number}.pdf")
            assert result.refusal is None and f"номер {number}" in said(tmp_path / f"{number}.pdf")
            assert victim not in office_of(folder)


def test_a_pool_is_closed_once_and_stays_where_it_is(papers: list[Path], tmp_path: Path) -> None:
    with pool(engine="rdocx") as engines:
        assert engines.to_pdf(papers, tmp_path / "out")[3].pdf == tmp_path / "out" / "бумага 3.pdf"
        with pytest.raises(TypeError):
            pickle.dumps(engines)
    engines.close()
    with pytest.raises(RuntimeError):
        engines.convert(papers[0], tmp_path / "0.pdf")


def test_what_waits_for_an_engine_is_drawn_with_one_start(
    papers: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    starts = []
    original = Rdocx.convert

    def counted(self: Rdocx, documents: Any, into: Path) -> Any:
        starts.append(len(documents))
        return original(self, documents, into)

    monkeypatch.setattr(Rdocx, "convert", counted)
    with pool(4, "rdocx") as engines, ThreadPoolExecutor(8) as callers:
        many = [paper(tmp_path / f"{n}.docx", f"общая {n}") for n in range(24)]
        results = list(callers.map(lambda one: engines.convert(one, one.with_suffix(".pdf")), many))
    assert all(one.refusal is None for one in results)
    assert all(f"общая {n} " in said(one.with_suffix(".pdf")) + " " for n, one in enumerate(many))
    assert sum(starts) == 24 and len(starts) < 24


# ------------------------------------------------------------------ when it cannot


def false_office(folder: Path, script: str) -> LibreOffice:
    program = folder / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o700)
    return LibreOffice(program, stall=2)


@posix_only
@pytest.mark.parametrize(
    "script", ["exit 1", "kill -SEGV $$", 'case "$*" in *version) ;; *) sleep 300;; esac']
)
def test_where_libreoffice_does_not_start_the_next_engine_draws(
    script: str, papers: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warm, "START_SECONDS", 1.0)
    broken = false_office(tmp_path, script)
    with Pool([broken, Rdocx()], 2) as engines:
        results = engines.to_pdf(papers[:2], tmp_path / "out")
    assert [(one.engine, one.refusal) for one in results] == [("rdocx", None)] * 2


@posix_only
def test_a_named_engine_is_the_only_one_and_its_failure_has_a_cause(
    papers: list[Path], tmp_path: Path, english: None
) -> None:
    old = tmp_path / "0.pdf"
    old.write_bytes(b"%PDF-1.4 of yesterday")
    with Pool([false_office(tmp_path, "exit 1")]) as engines:
        result = engines.convert(papers[0], old)
    assert result.refusal is not None and result.refusal.code == "crashed"
    assert str(result.refusal) == "The PDF engine crashed on this paper." and not old.exists()


@needs_office
def test_without_the_bridge_papers_arrive_all_the_same(
    papers: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warm, "bridge_python", lambda program: None)
    with pool(2, "libreoffice") as engines, ThreadPoolExecutor(4) as callers:
        results = list(callers.map(lambda one: engines.convert(one, one.with_suffix(".pdf")), papers))
    assert [one.refusal for one in results] == [None] * 4
    assert all(f"номер {n}" in said(one.with_suffix(".pdf")) for n, one in enumerate(papers))


def test_files_that_are_no_papers_are_named(papers: list[Path], tmp_path: Path) -> None:
    (tmp_path / "text.docx").write_text("просто текст", encoding="utf-8")
    (tmp_path / "cut.docx").write_bytes(papers[0].read_bytes()[:900])
    (tmp_path / "folder.docx").mkdir()
    related_to_itself(tmp_path / "circle.docx", par("Петля"))
    names = ["text.docx", "cut.docx", "circle.docx", "folder.docx", "none.docx"]
    with pool(engine="rdocx") as engines:
        results = engines.to_pdf([tmp_path / name for name in names], tmp_path / "out")
    codes = [one.refusal.code if one.refusal else None for one in results]
    folder = "folder" if sys.platform != "win32" else "unreadable"
    assert codes == ["bad_file", "bad_file", "bad_file", folder, "missing"]


@needs_bridge
@needs_proc
def test_a_paper_that_kills_libreoffice_is_named_and_stops_no_other(
    papers: list[Path], tmp_path: Path
) -> None:
    deadly = related_to_itself(tmp_path / "deadly.docx", par("Петля"))
    assert OFFICE.program is not None
    running = warm.Warm(OFFICE.program, archive=False, seconds=30)
    failed = running.draw(deadly, tmp_path / "deadly.pdf")
    assert failed is not None and failed.code == "crashed" and str(failed) and not running.alive


SCRIPT = """
import resource, sys
from pathlib import Path
from papka.output.pdf import PdfError, pool, to_pdf
paper, out, how = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
if how != "whole":
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(how), int(how)))
try:
    with pool(1, "libreoffice") as engines:
        said = engines.convert(paper, out).refusal
    told = to_pdf([paper], out.parent, "libreoffice")[0].refusal
    print(said and said.code, told and told.code, said or "", sep="|")
except PdfError as error:
    print(error.code, error, sep="|")
"""


def told_by(paper: Path, how: str, **environment: str) -> list[str]:
    out = paper.with_suffix(".pdf")
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(paper), str(out), how],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, "TMPDIR": tempfile.gettempdir(), "PAPKA_LANG": "en", **environment},
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout.strip().split("|")


@needs_office
@posix_only
def test_a_full_disk_is_named(papers: list[Path]) -> None:
    pool_said, once_said, words = told_by(papers[0], "60000")
    assert (pool_said, once_said) == ("full_disk", "full_disk") and "no room left" in words


@needs_office
@posix_only
def test_no_fonts_are_named(papers: list[Path], tmp_path: Path) -> None:
    empty = tmp_path / "fonts.conf"
    empty.write_text("<?xml version='1.0'?><fontconfig></fontconfig>")
    code, words = told_by(papers[0], "whole", FONTCONFIG_FILE=str(empty))
    assert code == "engine_unavailable" and "font" in words


@needs_bridge
def test_a_libreoffice_that_is_not_shut_in_is_not_used(
    papers: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each start is tried out with a picture that lies outside of its paper."""

    def open_to_all(room: Path, *, archive: bool = False) -> Path:
        profile = fresh_profile(room, archive=archive)
        settings = profile / "user" / "registrymodifications.xcu"
        lines = settings.read_text("utf-8").splitlines(keepends=True)
        settings.write_text("".join(line for line in lines if "BlockUntrusted" not in line), "utf-8")
        return profile

    monkeypatch.setattr(warm, "fresh_profile", open_to_all)
    with Pool([OFFICE]) as engines:
        result = engines.convert(papers[0], tmp_path / "0.pdf")
    assert result.refusal is not None and result.refusal.code == "not_shut_in"


# ------------------------------------------------------------------ what is left

KILLED = """
import sys, time
from pathlib import Path
from papka.output.pdf import pool
engines = pool(1, "libreoffice")
print(engines.convert(Path(sys.argv[1]), Path(sys.argv[2])).refusal, flush=True)
time.sleep(300)
"""


@needs_bridge
@needs_proc
def test_a_killed_papka_leaves_nothing(papers: list[Path], tmp_path: Path, temporary_folder: Path) -> None:
    command = [sys.executable, "-c", KILLED, str(papers[0]), str(tmp_path / "0.pdf")]
    papka = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "TMPDIR": str(temporary_folder)}
    )
    assert papka.stdout is not None and papka.stdout.readline().strip() == "None"
    assert office_of(temporary_folder)
    sockets = tuple(s for room in temporary_folder.glob(f"{ROOM}*") for s in sockets_of(room))
    papka.kill()
    papka.wait()
    papka.stdout.close()
    assert gone(temporary_folder, sockets) == []


@needs_bridge
@needs_proc
def test_the_trial(tmp_path: Path) -> None:
    """Eight callers, LibreOffice killed and stopped at random, a disk that fills up, files that are no papers."""
    place = tmp_path / "trial"
    place.mkdir()
    seen = trial(place, LONG, seed=9, **({"pause": 2.0} if LONG > 100 else SMALL))
    told = json.dumps(seen.as_json(), ensure_ascii=False)
    assert (seen.wrong, seen.left) == ([], []), told
    assert seen.arrived + sum(seen.refused.values()) >= LONG and seen.arrived > LONG * 0.8, told
    assert LONG < 100 or min(seen.faults.values()) > 0, told


# ------------------------------------------------------------------ for the archive


def coded(docx: Path, pdf: bytes) -> bytes:
    return stamped(pdf, "ABCDEFGHJKMN", "1A2B3C4D")


@pytest.mark.parametrize("engine", [pytest.param("libreoffice", marks=needs_office), "rdocx"])
def test_a_pdf_for_the_archive_says_so_and_has_all_it_needs(
    engine: str, papers: list[Path], tmp_path: Path
) -> None:
    """The code of an issued paper is written in a font that each reader has; here it has to be in the file."""
    first, again = (
        to_pdf(papers[:1], tmp_path / name, engine, finish=coded, archive=True)[0] for name in ("one", "two")
    )
    assert first.pdf is not None and again.pdf is not None
    content = first.pdf.read_bytes()
    assert lacking_for_archive(content) == [] and content == again.pdf.read_bytes()
    assert re.search(rb"pdfaid:part(>|=.)2", content) and re.search(rb"pdfaid:conformance(>|=.)B", content)
    assert [(code.paper, code.page) for code in codes_in(content)] == [
        ("ABCDEFGHJKMN", page) for page in range(1, first.pages + 1)
    ]


def test_a_pdf_that_is_not_fit_for_the_archive_is_refused(papers: list[Path], tmp_path: Path) -> None:
    def spoilt(docx: Path, pdf: bytes) -> bytes:
        return pdf.replace(b"pdfaid:part", b"pdfaid:trap")

    plain = to_pdf(papers[:1], tmp_path / "plain", "rdocx", archive=False)[0]
    assert plain.pdf is not None and lacking_for_archive(plain.pdf.read_bytes())
    refused = to_pdf(papers[:1], tmp_path / "bad", "rdocx", finish=spoilt, archive=True)[0]
    assert refused.pdf is None and refused.refusal is not None and refused.refusal.code == "not_archival"


def test_the_command_makes_a_pdf_for_the_archive(here: Callable[..., Any], tmp_path: Path) -> None:
    ran = here(
        "render",
        "kurgan_ipss",
        "krg_agreement",
        "--blank",
        "--archive",
        "--engine",
        "rdocx",
        "--into",
        tmp_path,
    )
    assert ran.code == 0, ran.all
    (made,) = tmp_path.glob("*.pdf")
    assert lacking_for_archive(made.read_bytes()) == []


def test_many_papers_are_given_to_a_pool_and_few_are_not(
    papers: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pools = []
    monkeypatch.setattr(convert_module, "keeps_running", lambda engine: True)
    monkeypatch.setattr(pooling_module, "keeps_running", lambda engine: False)
    original = Pool.to_pdf

    def noted(self: Pool, *given: Any) -> Any:
        pools.append(self)
        return original(self, *given)

    monkeypatch.setattr(Pool, "to_pdf", noted)
    assert len(to_pdf(papers * 2, tmp_path / "few", "rdocx")) == 8 and not pools
    results = to_pdf(papers * 3, tmp_path / "many", "rdocx")
    assert len(pools) == 1 and [one.source for one in results] == papers * 3
    assert results[11].pdf is not None and results[11].pdf.name == "бумага 3-3.pdf"
