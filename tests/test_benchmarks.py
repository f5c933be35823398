"""What the benchmark compares is equal work; its times are nobody's promise."""

import subprocess
import sys
from pathlib import Path

import pytest
from docx import Document
from reading import words

ROOT = Path(__file__).parents[1]
KINDS = ("agreement", "plan", "assessment")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The papers of a run as short as can be, of the engines that pip installs, after an older run of PDF."""
    folder = tmp_path_factory.mktemp("benchmark")
    (folder / "RESULTS.md").write_text("# Old\n\n## PDF\n\nas it was\n\n## DOCX\n\nas it was\n", "utf-8")
    command = [sys.executable, str(ROOT / "benchmarks" / "run.py"), "--quick", "--rounds", "1"]
    command += ["--suites", "docx", "packet", "--only", "papka", "floor", "docxtpl"]
    command += ["--into", str(folder), "--keep", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False, timeout=600)
    assert done.returncode == 0, done.stderr
    return folder


def seen(folder: Path, engine: str, kind: str) -> list[str]:
    return list(words(Document(str(folder / "docx" / engine / f"{kind}.docx"))))


@pytest.mark.parametrize("kind", KINDS)
def test_all_engines_carry_the_same_text(kind: str, kept: Path) -> None:
    ours = seen(kept, "papka", kind)

    assert ours == seen(kept, "docxtpl", kind) == seen(kept, "floor", kind)
    assert sum(map(len, ours)) > 1_000
    assert not any(sign in text for text in ours for sign in ("{", "}"))


def test_the_values_of_the_data_stand_in_the_papers(kept: Path) -> None:
    agreement, plan, assessment = (" ".join(seen(kept, "papka", kind)) for kind in KINDS)

    assert "Центр «Берег & Дом»" in agreement
    assert plan.count("Мак <М>") == 3
    assert assessment.count("☒") == 100


def test_every_dialect_is_a_template_of_its_own_for_each_paper(kept: Path) -> None:
    templates = {path.name for path in (kept / "docx").glob("*.docx")}

    dialects = ("jinja", "mustache", "carbone", "scripted")
    assert templates == {f"{kind}.{dialect}.docx" for kind in KINDS for dialect in dialects}


def test_the_page_of_results_keeps_what_was_not_run_and_names_no_place_of_this_machine(kept: Path) -> None:
    page = (kept / "RESULTS.md").read_text("utf-8")

    headings = [line for line in page.splitlines() if line.startswith("## ")]
    assert headings == ["## DOCX", "## Packet", "## PDF"]
    assert page.count("as it was") == 1
    assert "| papka 0" in page
    assert "| docxtpl " in page
    assert "| papka | " in page
    assert str(ROOT) not in page
    assert "http" not in page
    for name in ("docx", "packet"):
        assert f"({name}.svg)" in page
        assert (kept / f"{name}.svg").read_text("utf-8").startswith("<svg")
