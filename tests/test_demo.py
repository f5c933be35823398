"""The first minute: one command, and the papers of two families lie there."""

import json
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pypdfium2
import pytest
from docx import Document
from reading import NBSP, PLUGINS, words

from papka.core.opening import open_case
from papka.output.work import ready


def papka(*arguments: str, cwd: Path, language: str = "en") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PAPKA_LANG": language, "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-m", "papka.core", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=cwd, encoding="utf-8")


@pytest.fixture(scope="module", params=["rdocx", "libreoffice"])
def shown(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    if request.param == "libreoffice" and shutil.which("soffice") is None:
        pytest.skip("LibreOffice does not stand here")
    room = tmp_path_factory.mktemp(request.param)
    return room, papka("demo", "office", "--engine", request.param, cwd=room, language="ru")


def test_the_demo_draws_up_every_document_that_its_families_have_facts_for(shown) -> None:  # type: ignore[no-untyped-def]
    room, result = shown

    assert result.returncode == 0, result.stdout + result.stderr
    for case in (room / "office" / "cases").glob("*/case.yaml"):
        opened = open_case(str(case), room, PLUGINS)
        drawn = {path.name for path in case.parent.rglob("*.docx")}
        asked = ready(opened, date.today())
        assert len(asked) > 20
        for document in asked:
            assert any(name.startswith(document) for name in drawn), document


def test_each_paper_has_its_pdf_with_the_same_words(shown) -> None:  # type: ignore[no-untyped-def]
    room, _ = shown

    papers = sorted((room / "office").rglob("*.docx"))
    for paper in papers:
        with pypdfium2.PdfDocument(str(paper.with_suffix(".pdf"))) as pdf:
            seen = "".join(page.get_textpage().get_text_range() for page in pdf)
        flat = "".join(seen.replace(NBSP, " ").replace("\ufffe", "").split())
        title = next(text for text in words(Document(str(paper))) if text.strip())
        assert "".join(title.replace(NBSP, " ").split())[:20] in flat, paper.name


def test_the_demo_ends_by_saying_what_lies_where_and_what_drew_it(shown) -> None:  # type: ignore[no-untyped-def]
    _, result = shown

    assert "papers" in result.stdout
    assert "LibreOffice" in result.stdout or "rdocx" in result.stdout
    assert "papka check" in result.stdout


def test_nothing_is_left_of_the_work_in_between(shown) -> None:  # type: ignore[no-untyped-def]
    room, _ = shown

    left = [
        path for path in (room / "office").rglob("*") if path.name.startswith(".") or path.suffix == ".tmp"
    ]
    assert left == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps rights in another way")
def test_papers_are_readable_by_their_owner_only(shown) -> None:  # type: ignore[no-untyped-def]
    room, _ = shown

    for path in (room / "office").rglob("*.docx"):
        assert path.stat().st_mode & 0o077 == 0, path.name


def test_the_office_speaks_the_language_it_was_made_in(shown) -> None:  # type: ignore[no-untyped-def]
    room, _ = shown
    environment = {name: value for name, value in os.environ.items() if name != "PAPKA_LANG"}
    environment.update(LANG="C", LC_ALL="C", PYTHONIOENCODING="utf-8")
    environment.pop("LANGUAGE", None)
    command = [sys.executable, "-m", "papka.core", "status", "kim"]
    result = subprocess.run(
        command, capture_output=True, text=True, env=environment, cwd=room / "office", encoding="utf-8"
    )

    assert "Этап" in result.stdout


def test_a_folder_that_is_not_empty_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "office").mkdir()
    (tmp_path / "office" / "mine.txt").write_text("mine")

    result = papka("demo", "office", cwd=tmp_path)

    assert result.returncode == 2
    assert "not empty" in result.stderr
    assert [path.name for path in (tmp_path / "office").iterdir()] == ["mine.txt"]


def test_doctor_names_engines_fonts_and_what_would_be_better(tmp_path: Path) -> None:
    data = json.loads(papka("doctor", "--json", cwd=tmp_path).stdout)

    assert {engine["name"] for engine in data["engines"]} == {"libreoffice", "rdocx"}
    assert data["font"]["wanted"] == "Times New Roman"
    assert data["calendar_until"] >= 2026


def test_a_paper_that_exists_is_named_with_the_nearest_when_misspelt(tmp_path: Path) -> None:
    papka("demo", "office", "--engine", "rdocx", cwd=tmp_path)

    result = papka("render", "kim", "sos_closur", cwd=tmp_path / "office")

    assert result.returncode == 2
    assert "Did you mean sos_closure?" in result.stderr
