"""The site of the documentation is built without a fault, needs no network, and is searched in both languages."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("mkdocs")
ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site") / "site"
    made = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    # Strict: a page that no menu leads to, a link to a page or a heading that is not there, each is a fault.
    assert made.returncode == 0, made.stdout + made.stderr
    return folder


def test_every_page_of_the_documentation_is_on_the_site(site: Path) -> None:
    docs = ROOT / "docs"
    pages = [path.relative_to(docs) for path in docs.rglob("*.md")]
    built = [
        site / page.with_name("index.html" if page.stem == "README" else f"{page.stem}.html")
        for page in pages
    ]

    assert pages and [path.name for path in built if not path.is_file()] == []


def test_nothing_on_the_site_is_fetched_from_elsewhere(site: Path) -> None:
    fetched = re.compile(
        r"""<(?:script|img|iframe|source)\b[^>]*\bsrc=["']?(?:https?:)?//|<link\b(?![^>]*rel=["']canonical)[^>]*href=["']?(?:https?:)?//"""
    )
    styled = re.compile(r"""(?:url\(|@import )\s*["']?(?:https?:)?//""")
    guilty = [path.name for path in site.rglob("*.html") if fetched.search(path.read_text("utf-8"))]
    guilty += [path.name for path in site.rglob("*.css") if styled.search(path.read_text("utf-8"))]

    assert guilty == []


def test_both_languages_are_searched(site: Path) -> None:
    index = json.loads((site / "search" / "search_index.json").read_text("utf-8"))
    texts = {one["location"].partition("#")[0]: one["text"] for one in index["docs"]}

    assert index["config"]["lang"] == ["ru", "en"]
    assert (site / "search" / "lunr.ru.js").is_file()
    assert {"start.html", "tutorial.html"} <= set(texts)


def test_a_bar_in_the_code_of_a_table_is_a_bar(site: Path) -> None:
    page = (site / "vocabulary.html").read_text("utf-8")

    assert "|прочерк" in page and "\\|" not in page


def test_each_page_says_its_language(site: Path) -> None:
    def language(name: str) -> str:
        found = re.search(r'<html[^>]* lang="(\w+)"', (site / name).read_text("utf-8"))
        return found[1] if found else ""

    assert [language(name) for name in ("start.html", "hooks.html", "index.html")] == ["ru", "en", "ru"]
