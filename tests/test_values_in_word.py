"""Values that are more than letters: a look of their own, paragraphs, pictures."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from bench_files import NAME, faults, form, ids
from docx import Document
from docx.document import Document as Word
from lxml import etree
from reading import PLUGINS
from test_against_docxtpl import CONTEXT, add, filled, raw, saved, seen, stock_of, table

from papka.core.expressions import Language
from papka.core.facts import Blank, Missing, Picture
from papka.core.filters import Filter, guarded
from papka.output.package import W, open_package
from papka.output.template import Template, proven_parts


def png(grey: int = 0) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", 2, 2, 8, 0, 0, 0, 0)
    rows = zlib.compress(bytes([0, grey, grey]) * 2)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def sign(value: object) -> Picture:
    return Picture(png(len(str(value)) % 256), 20, 10, f"знак: {value}")


SIGN = Filter(
    "sign_of_test", "знак_пробы", ("text",), "picture", "Знак.", "{{ x|знак_пробы }}",
    guarded(sign, gives="picture"),
)  # fmt: skip
LANGUAGE = Language({**PLUGINS.language.filters, SIGN.name: SIGN, SIGN.russian: SIGN}, PLUGINS.language.pack)


def drawn(build, tmp_path: Path, **more: object) -> bytes:  # type: ignore[no-untyped-def]
    template = Template.open(saved(build, tmp_path))
    return template.package.write(proven_parts(template, LANGUAGE, {**CONTEXT, **more}))


def member(content: bytes, name: str) -> etree._Element:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return etree.fromstring(archive.read(name))


def looks(content: bytes) -> list[tuple[str, set[str]]]:
    """Return the runs that show something, each with its look."""
    found = []
    for run in member(content, "word/document.xml").iter(f"{W}r"):
        text = "".join(one.text or "" for one in run.iter(f"{W}t"))
        names = {etree.QName(one).localname for one in run.iterfind(f"{W}rPr/*")}
        found += [(text, names & {"b", "i", "u"})] if text else []
    return found


# --- looks -----------------------------------------------------------------------------------------------


def test_a_value_has_the_look_that_its_filters_give_it_and_the_words_around_keep_theirs(
    tmp_path: Path,
) -> None:
    def build(document: Word) -> None:
        paragraph = document.add_paragraph("До ")
        paragraph.add_run("{{ labels|перечень|жирным }}, {{ colour|курсивом|подчёркнуто }}!").italic = True

    assert looks(drawn(build, tmp_path)) == [
        ("До ", set()),
        ("фрукт, овощ, камень и вещь", {"b", "i"}),
        (", ", {"i"}),
        ("FFAA00", {"i", "u"}),
        ("!", {"i"}),
    ]


def test_lines_of_a_value_with_a_look_keep_it(tmp_path: Path) -> None:
    content = drawn(lambda document: add(document, "{{ two|bold }}"), tmp_path)

    assert looks(content) == [("перваявторая", {"b"})]
    assert seen(content)[0] == "первая\nвторая"


def test_a_value_with_a_look_is_letters_where_word_shows_letters_only(tmp_path: Path) -> None:
    link = (
        '<w:p><w:bookmarkStart w:id="1" w:name="x{{ colour|bold }}"/><w:bookmarkEnd w:id="1"/>'
        "<w:r><w:t>а</w:t></w:r></w:p>"
    )
    body = member(drawn(lambda document: raw(document, link), tmp_path), "word/document.xml")

    assert [one.get(f"{W}name") for one in body.iter(f"{W}bookmarkStart")] == ["xFFAA00"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{{ семья.название|жирным|датой }}", "T-FILTER"),
        ("{% if семья.название|жирным == 'а' %}х{% endif %}", "T-COMPARE"),
        ("{{ документ.номер|жирным }}", "T-OPTIONAL"),
        ("{{ семья.дети|жирным }}", "T-FILTER"),
        ("{{ документ.номер|прочерк|жирным }}", None),
        ("{{ семья.дети|число|курсивом|жирным }}", None),
        ("{{r семья.название }} {{r семья.название|жирным }}", None),
        ("{{p семья.название|абзацами }}", None),
    ],
)
def test_the_checker_knows_what_has_a_look(text: str, code: str | None, tmp_path: Path) -> None:
    assert ids(faults(form(tmp_path / NAME, text))) == ([code] if code else [])


# --- {{r and {{p -----------------------------------------------------------------------------------------


def test_a_plain_value_is_printed_where_docxtpl_wants_rich_text_or_a_subdocument(tmp_path: Path) -> None:
    """Stock docxtpl puts a plain value beside the runs, where Word does not show it; its letters are the same."""

    def build(document: Word) -> None:
        add(document, "До {{r colour }} после {{r number}}", "{{p name }}", "Конец")

    path = saved(build, tmp_path)
    stock = "".join(member(stock_of(path), "word/document.xml").itertext())

    assert filled(seen(drawn(build, tmp_path))) == ["До FFAA00 после 5", "Иванова & <Ко>", "Конец"]
    assert "".join(stock.split()) == "ДоFFAA00после5Иванова&<Ко>Конец"


def test_each_line_of_a_value_that_has_its_paragraph_to_itself_is_a_paragraph(tmp_path: Path) -> None:
    def build(document: Word) -> None:
        document.add_paragraph("{{p two }}", style="List Bullet")
        add(document, "{{ labels|абзацами }}", "{{ two|paragraphs|bold }}")

    content = drawn(build, tmp_path)
    written = Document(io.BytesIO(content)).paragraphs

    assert [one.text for one in written] == [
        *("первая", "вторая", "фрукт", "овощ", "камень", "вещь", "первая", "вторая"),
    ]
    assert [one.style.name for one in written[:3] if one.style] == ["List Bullet", "List Bullet", "Normal"]


# --- pictures --------------------------------------------------------------------------------------------


def everywhere(document: Word) -> None:
    document.sections[0].header.paragraphs[0].text = "{{ colour|sign_of_test }}"
    add(
        document, "Знак {{ colour|знак_пробы }} в тексте", "{{p name|знак_пробы }}", "{{ colour|знак_пробы }}"
    )
    table(document, ("{%tr for x in labels %}",), ("{{ x|знак_пробы }}",), ("{%tr endfor %}",))


def test_a_picture_stands_where_its_tag_stood_and_once_in_the_file(tmp_path: Path) -> None:
    content = drawn(everywhere, tmp_path)
    package = open_package(content)
    media = [name for name in package.members if name.startswith("word/media/")]
    body = package.xml("word/document.xml")
    shown = [one.get("descr") for one in body.iter("{*}docPr")]
    numbers = [
        one.get("id")
        for name in ("document", "header1")
        for one in package.xml(f"word/{name}.xml").iter("{*}docPr")
    ]

    assert shown == [
        "знак: FFAA00", "знак: Иванова & <Ко>", "знак: FFAA00", *(f"знак: {x}" for x in CONTEXT["labels"]),  # type: ignore[attr-defined]
    ]  # fmt: skip
    assert len(media) == len({sign(x).png for x in ("FFAA00", CONTEXT["name"], *CONTEXT["labels"])})  # type: ignore[misc]
    assert len(set(numbers)) == len(numbers) == 8
    assert seen(content)[0] == "Знак  в тексте"
    assert next(body.iter("{*}extent")).get("cx") == str(20 * 36_000)
    for part in ("document", "header1"):
        links = {one.get("Id"): one.get("Target") for one in package.xml(f"word/_rels/{part}.xml.rels")}
        for one in package.xml(f"word/{part}.xml").iter("{*}blip"):
            assert f"word/{links[one.attrib.values()[0]]}" in media


def test_the_same_pictures_give_the_same_bytes(tmp_path: Path) -> None:
    assert drawn(everywhere, tmp_path) == drawn(everywhere, tmp_path)


def test_a_picture_of_the_template_that_is_lost_is_not_made_up_for_by_one_of_a_value(tmp_path: Path) -> None:
    from dataclasses import replace

    from papka.core.errors import Refused

    own = '<w:p><w:r><w:drawing><wp:inline><wp:docPr id="3" name="Р"/></wp:inline></w:drawing></w:r></w:p>'

    def build(document: Word) -> None:
        raw(document, own)
        add(document, "{{ colour|знак_пробы }}")

    template = Template.open(saved(build, tmp_path))
    import re

    parts = tuple(
        replace(one, source=re.sub(r"<w:drawing>.*?</w:drawing>", "", one.source)) for one in template.parts
    )
    lossy = replace(template, parts=parts, digest="lossy picture")
    with pytest.raises(Refused) as refusal:
        proven_parts(lossy, LANGUAGE, CONTEXT)
    assert [one.id for one in refusal.value.findings] == ["P-THING"]


def test_a_paper_without_data_shows_no_picture_and_a_missing_value_is_named() -> None:
    assert str(SIGN.function(Blank("text"))) == ""
    assert SIGN.function(Missing("Знак")) == Missing("Знак")


@pytest.mark.parametrize("change", [{"png": b"GIF89a"}, {"width_mm": 0}, {"height_mm": 501}])
def test_what_fits_no_paper_is_no_picture(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="picture"):
        Picture(**{"png": png(), "width_mm": 20, "height_mm": 20, "text": "", **change})  # type: ignore[arg-type]


def test_a_line_of_exact_height_grows_with_its_picture(tmp_path: Path) -> None:
    line = (
        '<w:p><w:pPr><w:spacing w:line="240" w:lineRule="exact"/></w:pPr><w:r><w:t>'
        "{{ colour|знак_пробы }}</w:t></w:r></w:p>"
    )
    body = member(drawn(lambda document: raw(document, line), tmp_path), "word/document.xml")

    assert next(body.iter(f"{W}spacing")).get(f"{W}lineRule") == "atLeast"
