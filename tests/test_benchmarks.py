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
    """The papers of a run as short as can be."""
    folder = tmp_path_factory.mktemp("benchmark")
    command = [sys.executable, str(ROOT / "benchmarks" / "run.py"), "--quick", "--rounds", "1", "--no-cold"]
    command += ["--only", "papka", "docxtpl", "--into", str(folder), "--keep", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return folder


def seen(folder: Path, engine: str, kind: str) -> list[str]:
    return list(words(Document(str(folder / engine / f"{kind}.docx"))))


@pytest.mark.parametrize("kind", KINDS)
def test_papka_and_docxtpl_carry_the_same_text(kind: str, kept: Path) -> None:
    ours = seen(kept, "papka", kind)

    assert ours == seen(kept, "docxtpl", kind)
    assert sum(map(len, ours)) > 1_000
    assert not any(sign in text for text in ours for sign in ("{", "}"))


def test_the_values_of_the_data_stand_in_the_papers(kept: Path) -> None:
    agreement, plan, assessment = (" ".join(seen(kept, "papka", kind)) for kind in KINDS)

    assert "Центр «Берег & Дом»" in agreement
    assert plan.count("Мак <М>") == 3
    assert assessment.count("☒") == 100


def test_the_page_of_results_names_no_place_of_this_machine(kept: Path) -> None:
    page = (kept / "RESULTS.md").read_text("utf-8")

    assert "| papka |" in page
    assert "| docxtpl |" in page
    assert str(ROOT) not in page
    assert "http" not in page
    assert (kept / "results.svg").read_text("utf-8").startswith("<svg")
