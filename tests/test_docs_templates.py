"""The methodologist's page: its examples are faultless templates that are drawn, its table says every fault."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from babel.messages.mofile import read_mo
from bench_files import NAME, faults, form
from reading import EXAMPLES, LAST_DAY, PLUGINS

from papka.core.loading import load_case
from papka.core.rules.situation import Situation
from papka.output.sentences import SENTENCES
from papka.output.template import Template, proven_parts

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "templates.md"
TABLE = re.compile(r"(?<=<!-- faults -->\n).*?(?=<!-- /faults -->)", re.DOTALL)
BLOCKS = re.findall(r"```шаблон\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)


def russian(sentence: str) -> str:
    with (ROOT / "core" / "locale" / "ru" / "LC_MESSAGES" / "papka.mo").open("rb") as file:
        found = read_mo(file).get(sentence)
    assert found is not None, sentence
    return str(found.string)


def table() -> str:
    rows = ["| ошибка | что не так | что делать |", "|---|---|---|"]
    for code in sorted(SENTENCES):
        message, cure = (russian(one).replace("|", "\\|") for one in SENTENCES[code])
        rows.append(f"| `{code}` | {message.replace('{name}', '…')} | {cure} |")
    return "\n".join(rows) + "\n"


def test_the_table_says_each_fault_and_no_other() -> None:
    page = PAGE.read_text("utf-8")
    if os.environ.get("PAPKA_WRITE_DOCS"):
        PAGE.write_text(TABLE.sub(lambda _: table(), page), "utf-8")
        page = PAGE.read_text("utf-8")

    found = TABLE.search(page)
    assert found is not None and found[0] == table()


@pytest.mark.parametrize("block", BLOCKS, ids=range(len(BLOCKS)))
def test_each_example_is_faultless_and_can_be_drawn(block: str, tmp_path: Path) -> None:
    path = form(tmp_path / NAME, *block.strip().split("\n"))

    assert faults(path) == []
    case = load_case(next(one for one in EXAMPLES if "kurgan" in str(one)))
    programme = PLUGINS.method("kurgan_ipss").programme
    context = Situation(case, programme, PLUGINS.language, LAST_DAY).context
    from papka.core.rules.views import DocumentView, vocabulary_of
    from papka.core.vocabulary import blank, plain_record

    view = plain_record(DocumentView(title="Пример"), lambda one: blank(one.type))
    names = vocabulary_of(programme).with_russian_names({"document": view})
    assert proven_parts(Template.open(path), PLUGINS.language, {**context, **names})


def test_the_page_has_examples() -> None:
    assert len(BLOCKS) >= 7
