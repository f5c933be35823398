"""Two people change one template apart from each other: nothing of the centre's is lost, and Word can decide the rest."""

from __future__ import annotations

import io
import random
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from docx import Document
from edits import DOCUMENT, Editor, editable, paragraphs, saved_by_word, with_body
from lxml import etree
from reading import PLUGINS, REGIONS

from papka.output.bench.merge import Merged, merge, waiting, without_waiting
from papka.output.package import W, open_package
from papka.output.revisions import accepted, rejected
from papka.output.tags import visible_text

DAY = date(2025, 3, 4)
TEMPLATES = sorted(
    {paper.template for one in REGIONS for paper in PLUGINS.method(one).papers.values()},
    key=lambda path: path.name,
)
SEEDS = range(max(4, -(-64 // len(TEMPLATES))))
SOFFICE = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice does not stand here")
by_template = pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.stem)


@dataclass(frozen=True)
class Trial:
    """One merge by chance."""

    base: bytes
    ours: bytes
    theirs: bytes
    merged: Merged


def edited(
    base: bytes,
    numbers: list[int],
    others: list[int],
    seed: random.Random,
    word: str,
    *,
    by_word: bool = False,
) -> bytes:
    def change(root: etree._Element) -> None:
        found = editable(root)
        editor = Editor(root, seed, word, [found[number] for number in others])
        for number in numbers:
            if found[number].getparent() is not None:
                editor.edit(found[number])
        if by_word:
            saved_by_word(root)

    return with_body(base, change)


@cache
def trial(template: Path, number: int, *, apart: bool) -> Trial:
    """Let both sides edit one template: other paragraphs each, or some of the same ones."""
    seed = random.Random(f"{template.name} {number}")
    base = template.read_bytes()
    count = len(editable(open_package(base).xml(DOCUMENT)))
    chosen = seed.sample(range(count), 8)
    mine, its = (chosen[:4], chosen[4:]) if apart else (chosen[:5], chosen[3:])
    ours = edited(base, mine, its if apart else [], seed, "наше", by_word=bool(number % 2))
    theirs = edited(base, its, mine if apart else [], seed, "чужое")
    return Trial(base, ours, theirs, merge(base, ours, theirs, DAY, template.name))


def trials(template: Path) -> list[Trial]:
    return [
        *(trial(template, number, apart=True) for number in SEEDS),
        trial(template, 0, apart=False),
        trial(template, 1, apart=False),
    ]


@cache
def words(content: bytes, *views: Callable[[etree._Element], etree._Element]) -> Counter[str]:
    """Count the words of a file as it reads in any of the views."""
    found: Counter[str] = Counter()
    for view in views or (lambda root: root,):
        root = view(open_package(content).xml(DOCUMENT))
        text = "\n".join(visible_text(one) for one in root.iter(f"{W}p"))
        found |= Counter(re.findall(r"\w+", text))
    return found


# --- by chance -------------------------------------------------------------------------------------------


@by_template
def test_no_word_that_the_centre_wrote_is_lost(template: Path) -> None:
    for one in trials(template):
        written = words(one.ours) - words(one.base)
        assert not written - words(one.merged.content, accepted, rejected)


@by_template
def test_a_word_of_the_centres_goes_only_where_the_plugin_took_it_out(template: Path) -> None:
    for one in trials(template):
        gone = words(one.ours) - words(one.merged.content, accepted, rejected)
        before, after = paragraphs(one.base), paragraphs(one.theirs)
        taken_out = Counter(re.findall(r"\w+", "\n".join((Counter(before) - Counter(after)).elements())))
        assert not gone - taken_out


@by_template
def test_no_word_that_the_plugin_wrote_is_left_out(template: Path) -> None:
    for one in trials(template):
        assert not (words(one.theirs) - words(one.base)) - words(one.merged.content, accepted)


@by_template
def test_what_waits_can_be_rejected_and_the_centres_words_stand_alone(template: Path) -> None:
    for one in trials(template):
        alone = without_waiting(one.merged.content)
        assert waiting(alone) == 0
        assert not (words(one.ours) - words(one.base)) - words(alone)


def test_edits_of_different_paragraphs_merge_by_themselves() -> None:
    merged = [trial(one, number, apart=True).merged for one in TEMPLATES for number in SEEDS]
    assert len(merged) >= 60
    clean = sum(not one.conflicts for one in merged)
    assert clean / len(merged) >= 0.95, f"{clean} of {len(merged)}"


@by_template
def test_a_side_that_changed_nothing_leaves_the_others_text(template: Path) -> None:
    one = trial(template, 1, apart=True)
    assert paragraphs(merge(one.base, one.base, one.theirs, DAY).content) == paragraphs(one.theirs)
    assert merge(one.base, one.ours, one.base, DAY).content == one.ours
    assert merge(one.base, one.ours, one.ours, DAY).content == one.ours
    resaved = with_body(one.base, saved_by_word)
    merged = merge(one.base, resaved, one.theirs, DAY)
    assert paragraphs(merged.content) == paragraphs(one.theirs) and not merged.conflicts


@by_template
def test_a_second_merge_changes_nothing_and_the_first_repeats_byte_by_byte(template: Path) -> None:
    one = trial(template, 1, apart=False)
    assert merge(one.theirs, one.merged.content, one.theirs, DAY).content == one.merged.content
    assert merge(one.base, one.ours, one.theirs, DAY).content == one.merged.content


@by_template
def test_what_comes_out_is_word(template: Path) -> None:
    for one in trials(template):
        document = Document(io.BytesIO(one.merged.content))
        body = document.element.body
        assert body[-1].tag == f"{W}sectPr"
        for cell in body.iter(f"{W}tc"):
            assert cell[-1].tag == f"{W}p"
        for table in body.iter(f"{W}tbl"):
            assert table.getnext() is not None and table.getnext().tag != f"{W}tbl"
        numbers = [change.get(f"{W}id") for change in body.iter(f"{W}ins", f"{W}del")]
        assert len(numbers) == len(set(numbers))
        for gone in body.iter(f"{W}del"):
            assert gone.find(f".//{W}t") is None


@by_template
def test_a_change_never_begins_or_ends_inside_a_tag(template: Path) -> None:
    for one in trials(template):
        for change in open_package(one.merged.content).xml(DOCUMENT).iter(f"{W}ins", f"{W}del"):
            text = "".join(part.text or "" for part in change.iter(f"{W}t", f"{W}delText"))
            assert len(re.findall(r"\{\{|\{%", text)) == len(re.findall(r"\}\}|%\}", text)), text


@SOFFICE
def test_what_waits_is_seen_in_libreoffice(tmp_path: Path) -> None:
    source, into = tmp_path / "merged", tmp_path / "seen"
    source.mkdir()
    for template in TEMPLATES[::3]:
        (source / template.name).write_bytes(trial(template, 0, apart=False).merged.content)
    done = subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to", "fodt",
         "--outdir", str(into), *map(str, source.glob("*.docx"))],
        capture_output=True, timeout=180, check=False,
    )  # fmt: skip
    assert done.returncode == 0
    text = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
    shown = 0
    for template in TEMPLATES[::3]:
        root = etree.fromstring(
            (into / f"{template.stem}.fodt").read_bytes(), etree.XMLParser(huge_tree=True)
        )
        creators = {one.text for one in root.iter("{http://purl.org/dc/elements/1.1/}creator")}
        conflicts = trial(template, 0, apart=False).merged.conflicts
        if conflicts:
            assert root.find(f".//{text}tracked-changes") is not None and "papka" in creators
            shown += 1
    assert shown
