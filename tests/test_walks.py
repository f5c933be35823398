"""The pages for a first day are walked as a reader would: each command typed, each thing shown looked for."""

from __future__ import annotations

from pathlib import Path

import pytest
from walking import Walk

DOCS = Path(__file__).parents[1] / "docs"


def test_the_tutorial_leads_from_nothing_to_a_region_that_passes_its_checks(tmp_path: Path) -> None:
    # What `pip install -e .` does, without an environment of its own.
    site = tmp_path / "site"
    announced = site / "papka_tula-0.1.0.dist-info"
    announced.mkdir(parents=True)
    (announced / "METADATA").write_text("Metadata-Version: 2.1\nName: papka-tula\nVersion: 0.1.0\n")
    (announced / "entry_points.txt").write_text("[papka]\ntula = papka_tula\n")
    try:
        (site / "papka_tula").symlink_to(tmp_path / "papka-tula", target_is_directory=True)
    except OSError:
        pytest.skip("no links to folders can be made here")
    spoken = {"PAPKA_LANG": "en", "PYTHONPATH": str(site), "PAPKA_LOAD_PLUGINS": "tula"}

    walk = Walk(DOCS / "tutorial.md", tmp_path, spoken)
    walk.go()

    assert walk.typed[-1] == "papka plugin check ."
    assert (walk.folder / "look" / "tula_memo.pdf").read_bytes().startswith(b"%PDF")


def test_the_first_day_leads_from_nothing_to_papers_in_print(tmp_path: Path) -> None:
    walk = Walk(DOCS / "start.md", tmp_path, {"PAPKA_LANG": "ru", "PAPKA_LOAD_PLUGINS": "kurgan_ipss"})
    walk.go()

    assert len(list((walk.folder / "cases" / "MAYAK-1" / "packets").glob("*.pdf"))) == 1
    assert walk.typed[-1] == "papka backup"


def test_what_a_page_shows_and_papka_does_not_say_fails(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("    papka init centre\n\n```text\n✓ centre/office.yaml\n✓ centre/papers\n```\n", "utf-8")

    with pytest.raises(AssertionError, match="does not show"):
        Walk(page, tmp_path, {"PAPKA_LANG": "en", "PAPKA_LOAD_PLUGINS": ""}).go()
