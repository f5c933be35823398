"""Random templates and random data: no sentence is lost, the XML is strict, and Word's programs open it."""

import io
import os
import random
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from docx import Document
from docx.document import Document as Word
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from reading import PLUGINS

from papka.core.facts import Record, Rows
from papka.output.package import W, open_package, parse
from papka.output.template import Template, proven_parts

VALUES = ("Иванова & <Ко>", "а\nб", "{{ 7 * 7 }}", "", "т\tт", "«да»", "%}", "три\aчетыре", "Ё" * 40)
CHECKS = ("flag", "not flag", "number > 2", "item in ('а',)", "name and not off", "off or number == 3")

Block = tuple[object, ...]


def blocks(depth: int) -> st.SearchStrategy[list[Block]]:
    """Return pieces of a template: words, values, branches, loops and tables, each in the others."""
    plain = st.tuples(
        st.just("text"), st.lists(st.sampled_from(("слово", "{{ name }}", "{{ number }}")), max_size=4)
    )
    if depth == 0:
        return st.lists(plain, min_size=1, max_size=3)
    inner = blocks(depth - 1)
    branch = st.tuples(st.just("if"), st.sampled_from(CHECKS), inner, inner)
    loop = st.tuples(st.just("for"), st.sampled_from(("items", "empty")), inner)
    inline = st.tuples(st.just("inline"), st.sampled_from(CHECKS))
    rows = st.tuples(st.just("table"), st.sampled_from(("items", "empty")), st.booleans())
    return st.lists(st.one_of(plain, branch, loop, inline, rows), min_size=1, max_size=4)


data = st.fixed_dictionaries(
    {
        "name": st.sampled_from(VALUES),
        "number": st.integers(0, 5),
        "flag": st.booleans(),
        "off": st.booleans(),
        "items": st.lists(st.sampled_from(("а", "б", "в & <г>")), max_size=3).map(Rows),
    }
)


class Writer:
    """Writes a random template, and says beside it which sentences of it belong into the paper."""

    def __init__(self, document: Word, facts: dict[str, object], dice: random.Random) -> None:
        self.document = document
        self.facts = facts
        self.dice = dice
        self.said = 0

    def sentence(self) -> str:
        self.said += 1
        return f"Предложение{self.said}."

    def write(self, pieces: list[Block], item: object = "") -> Iterator[str]:
        """Add the pieces; give the sentences of the branches that are taken for one item, in order."""
        for piece in pieces:
            yield from getattr(self, f"_{piece[0]}")(*piece[1:], item=item)

    def paragraph(self, text: str) -> None:
        """Add a paragraph, cut into runs of random looks wherever it falls."""
        paragraph = self.document.add_paragraph()
        while text:
            cut = self.dice.choice((1, 2, 3, 5, len(text)))
            run = paragraph.add_run(text[:cut])
            run.bold, run.italic = self.dice.random() < 0.3, self.dice.random() < 0.2
            text = text[cut:]

    def _text(self, words: list[str], *, item: object) -> Iterator[str]:
        sentence = self.sentence()
        self.paragraph(" ".join([*words, sentence, *words]))
        yield sentence

    def _inline(self, check: str, *, item: object) -> Iterator[str]:
        first, second = self.sentence(), self.sentence()
        self.paragraph(f"А {{% if {check} %}}{first}{{% else %}}{second}{{% endif %}} Б")
        yield first if self.holds(check, item) else second

    def _if(self, check: str, yes: list[Block], no: list[Block], *, item: object) -> Iterator[str]:
        open_, close = ("{%p ", " %}") if self.dice.random() < 0.6 else ("{% ", " %}")
        self.paragraph(open_ + f"if {check}" + close)
        first = list(self.write(yes, item))
        self.paragraph(open_ + "else" + close)
        second = list(self.write(no, item))
        self.paragraph(open_ + "endif" + close)
        yield from first if self.holds(check, item) else second

    def _for(self, over: str, body: list[Block], *, item: object) -> Iterator[str]:
        open_ = "{%p " if self.dice.random() < 0.6 else "{% "
        self.paragraph(open_ + f"for item in {over} %}}")
        before, state = self.said, self.dice.getstate()
        turns: list[list[str]] = []
        for number, one in enumerate(self.items(over) or ("",)):
            if number == 0:
                turns.append(list(self.write(body, one)))
            else:
                turns.append(self._again(body, one, before, state))
        self.paragraph(open_ + "endfor %}")
        for turn in turns if self.items(over) else []:
            yield from turn

    def _again(self, body: list[Block], item: object, before: int, state: object) -> list[str]:
        """Say the sentences of the same body for another item, without writing it once more."""
        twin = Writer(SCRATCH, self.facts, random.Random())
        twin.said = before
        twin.dice.setstate(state)  # type: ignore[arg-type]
        return list(twin.write(body, item))

    def _table(self, over: str, is_merged: bool, *, item: object) -> Iterator[str]:
        head, first, second = self.sentence(), self.sentence(), self.sentence()
        table = self.document.add_table(rows=4, cols=2)
        table.cell(0, 0).text, table.cell(0, 1).text = head, "{{ name }}"
        table.cell(1, 0).text = f"{{%tr for one in {over} %}}"
        table.cell(2, 0).text = ("{% vm %}" if is_merged else "") + first
        table.cell(2, 1).text = "{{ one }} " + second
        table.cell(3, 0).text = "{%tr endfor %}"
        yield head
        for number, _ in enumerate(self.items(over)):
            yield from [second] if is_merged and number else [first, second]

    def items(self, over: str) -> tuple[object, ...]:
        found = self.facts[over]
        assert isinstance(found, tuple)
        return found

    def holds(self, check: str, item: object) -> bool:
        flag, off, number, name = (self.facts[one] for one in ("flag", "off", "number", "name"))
        assert isinstance(number, int)
        return {
            "flag": bool(flag),
            "not flag": not flag,
            "number > 2": number > 2,
            "item in ('а',)": item == "а",
            "name and not off": bool(name) and not off,
            "off or number == 3": bool(off) or number == 3,
        }[check]


def drawn(pieces: list[Block], facts: dict[str, object], seed: int) -> tuple[bytes, list[str]]:
    """Return the paper of a random template, and the sentences that belong into it."""
    facts = {**facts, "empty": Rows(), "item": "", "record": Record("R", {}, {})}
    document = Document(io.BytesIO(EMPTY))
    expected = list(Writer(document, facts, random.Random(seed)).write(pieces))
    buffer = io.BytesIO()
    document.save(buffer)
    path = FOLDER / f"{os.getpid()}.docx"
    path.write_bytes(buffer.getvalue())
    template = Template.open(path)
    assert [fault for one in template.parts for fault in (*one.faults, *one.lex_faults)] == []
    return template.package.write(proven_parts(template, PLUGINS.language, facts)), expected


def small() -> bytes:
    buffer = io.BytesIO()
    Document().save(buffer)
    return buffer.getvalue()


EMPTY = small()
SCRATCH = Document()
FOLDER = Path()


@pytest.fixture(scope="module", autouse=True)
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    global FOLDER
    FOLDER = tmp_path_factory.mktemp("random")
    return FOLDER


def sentences(root: etree._Element) -> list[str]:
    text = "".join(one.text or "" for one in root.iter(f"{W}t"))
    return [f"Предложение{one.split('.', 1)[0]}." for one in text.split("Предложение")[1:]]


@settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
    database=None,
)
@given(pieces=blocks(2), facts=data, seed=st.integers(0, 10**6))
def test_no_sentence_is_lost_whatever_the_template(
    pieces: list[Block], facts: dict[str, object], seed: int
) -> None:
    content, expected = drawn(pieces, facts, seed)

    package = open_package(content)
    root = parse(package.members["word/document.xml"], "word/document.xml")
    assert sentences(root) == expected
    assert all(cell[-1].tag == f"{W}p" for cell in root.iter(f"{W}tc"))
    assert len(list(root.iter(f"{W}sectPr"))) == 1
    assert Document(io.BytesIO(content)).paragraphs is not None


@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(text=st.text(alphabet="а{}%#_ \t|'\"«-p", max_size=40), seed=st.integers(0, 10**6))
def test_no_jumble_of_braces_breaks_the_compiler(text: str, seed: int) -> None:
    """What is no tag is told or stays as typed; nothing is lost and nothing fails without a word."""
    document = Document(io.BytesIO(EMPTY))
    Writer(document, {}, random.Random(seed)).paragraph("Начало " + text + " конец")
    path = FOLDER / "jumble.docx"
    document.save(str(path))

    template = Template.open(path)
    faults = [fault for one in template.parts for fault in (*one.faults, *one.lex_faults)]
    tags = [tag for one in template.parts for tag in one.tags]

    assert faults or tags or not template.parts


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice does not stand here")
def test_libreoffice_opens_what_random_templates_make(folder: Path) -> None:
    papers = folder / "papers"
    papers.mkdir()
    dice = random.Random(7)
    strategy = blocks(2)
    made = _samples(strategy, 20)
    for number, pieces in enumerate(made):
        facts = {
            "name": VALUES[number % len(VALUES)],
            "number": number % 6,
            "flag": number % 2 == 0,
            "off": number % 3 == 0,
            "items": Rows(("а", "б", "в")[: number % 4]),
        }
        content, _ = drawn(pieces, facts, dice.randrange(10**6))
        (papers / f"{number}.docx").write_bytes(content)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(papers)]
    subprocess.run([*command, *map(str, sorted(papers.glob("*.docx")))], timeout=120, capture_output=True)

    assert len(list(papers.glob("*.pdf"))) == 20
    assert all(zipfile.is_zipfile(one) for one in papers.glob("*.docx"))


def _samples(strategy: st.SearchStrategy[list[Block]], count: int) -> list[list[Block]]:
    found: list[list[Block]] = []

    @settings(max_examples=count, deadline=None, derandomize=True, database=None)
    @given(strategy)
    def take(pieces: list[Block]) -> None:
        found.append(pieces)

    take()
    return (found * count)[:count]
