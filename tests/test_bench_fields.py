"""`papka template fields`: every name of the vocabulary, on the screen, as JSON and as a Word document."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

from bench_files import SOFFICE
from docx import Document
from reading import PLUGINS

from papka.core.rules.views import vocabulary_of
from papka.core.typecheck import Checker
from papka.core.vocabulary import record_type
from papka.output.bench.desk import local_names
from papka.output.bench.fields import book_of

KURGAN = PLUGINS.method("kurgan_ipss")


def test_every_name_of_the_vocabulary_stands_there_with_its_meaning() -> None:
    book = book_of(KURGAN, PLUGINS.language)
    roots = {row.name for row in book.groups[0].rows}

    assert roots == set(vocabulary_of(KURGAN.programme).roots)
    titles = {group.record: group for group in book.groups}
    for model in ("Family", "Member", "Plan", "Task", "DocumentView"):
        assert model in titles
    from papka.core.contract.people import Member

    rows = {row.name: row for row in titles["Member"].rows}
    assert set(rows) == set(record_type(Member).fields)
    assert rows["birth_date"].russian == "дата_рождения"
    assert rows["birth_date"].optional is True
    assert "датой" in rows["birth_date"].filters and "дательный" not in rows["birth_date"].filters
    assert all(row.label and row.type for group in book.groups for row in group.rows)
    shown = [words for group in book.groups for words in (group.title, *(row.type for row in group.rows))]
    models = {group.record for group in book.groups if group.record}
    assert [words for words in shown if models & set(re.findall(r"\w+", words))] == []
    assert len({group.title for group in book.groups}) == len(book.groups)


def test_each_filter_that_is_named_fits_the_field() -> None:
    """What the table promises, the checker grants."""
    book = book_of(KURGAN, PLUGINS.language)
    group = next(one for one in book.groups if one.record == "Member")
    no_arguments = {one.russian for one in book.filters if one.max_args == 0}
    names = vocabulary_of(KURGAN.programme)
    for row in group.rows:
        for name in set(row.filters) & no_arguments:
            checker = Checker(names, PLUGINS.language.filters)
            checker.expression(PLUGINS.language.tree(f"семья.члены[0].{row.russian}|{name}"))
            assert [one.code for one in checker.faults] == [], (row.russian, name)


def test_every_way_to_a_record_can_be_typed() -> None:
    book = book_of(KURGAN, PLUGINS.language)

    assert all(group.reach for group in book.groups[1:])
    assert any(way.startswith("{% for ребёнок in семья.дети %}") for g in book.groups for way in g.reach)


def test_a_documents_own_name_stands_first() -> None:
    book = book_of(KURGAN, PLUGINS.language, "krg_ipss")
    local = local_names(KURGAN.papers["krg_ipss"], vocabulary_of(KURGAN.programme), PLUGINS.language)

    assert (book.groups[0].rows[0].name, book.groups[0].rows[0].russian) == tuple(local)


def test_json_holds_records_and_filters(here) -> None:  # type: ignore[no-untyped-def]
    (book,) = json.loads(here("template", "fields", "krg_ipss", "--programme", "kurgan_ipss", "--json").out)

    assert book["document"] == "krg_ipss"
    assert book["records"][0]["fields"][0]["russian"] == "план"
    filters = {one["russian"]: one for one in book["filters"]}
    assert filters["дательный"]["example"] and filters["дательный"]["name"] == "dative"


def test_the_screen_shows_names_in_both_languages(here) -> None:  # type: ignore[no-untyped-def]
    shown = here("template", "fields", "--programme", "kurgan_ipss").out

    for word in ("семья", "family", "дата_рождения", "birth_date", "дательный", "dative"):
        assert word in shown


def test_the_word_document_holds_every_name_and_repeats(here, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    for name in ("a.docx", "b.docx"):
        assert here("template", "fields", "krg_ipss", "--word", tmp_path / name).code == 0

    word = Document(str(tmp_path / "a.docx"))
    cells = {cell for table in word.tables for row in table._cells for cell in [row.text]}
    for one in book_of(KURGAN, PLUGINS.language, "krg_ipss").groups:
        assert {row.russian for row in one.rows} <= cells
    assert (tmp_path / "a.docx").read_bytes() == (tmp_path / "b.docx").read_bytes()


@SOFFICE
def test_the_word_document_opens_in_libreoffice(here, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    here("template", "fields", "krg_ipss", "--word", tmp_path / "fields.docx")
    soffice = shutil.which("soffice")
    assert soffice
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [soffice, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run([*command, str(tmp_path / "fields.docx")], capture_output=True, timeout=180, check=True)

    import pypdfium2

    with pypdfium2.PdfDocument(str(tmp_path / "fields.pdf")) as pdf:
        text = "".join(page.get_textpage().get_text_range() for page in pdf)
    assert "дата_рождения" in "".join(text.split())


def test_one_who_looks_for_a_word_gets_tags_to_copy(here) -> None:  # type: ignore[no-untyped-def]
    ran = here("template", "fields", "krg_agreement", "--find", "дата решен")

    assert "{% for строка in решения %} {{ строка.дата }} {% endfor %}" in ran.out, ran.all
    assert len(ran.out.splitlines()) < 20
    assert "{{ организация.полное_название" in here("template", "fields", "--find", "полное_название").out
    assert here("template", "fields", "--find", "нетакогослова").code == 2
