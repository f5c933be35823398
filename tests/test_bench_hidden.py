"""Tags that Word hides or writes over, changes that nobody accepted, files that are no templates."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bench_files import NAME, faults, ids, sheet
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from reading import PLUGINS

from papka.output.template import Template

TAG = "{{ семья.название }}"
SPACE = nsdecls("w")
HIDDEN: list[tuple[str, str]] = [
    ("W-HIDDEN", "<w:r><w:rPr><w:vanish/></w:rPr><w:t>{tag}</w:t></w:r>"),
    ("W-DELETED", '<w:del w:id="1" w:author="А"><w:r><w:delText>{tag}</w:delText></w:r></w:del>'),
    ("W-TRACKED", '<w:ins w:id="1" w:author="А"><w:r><w:t>{tag}</w:t></w:r></w:ins>'),
    (
        "T-TRACKED",
        "<w:r><w:t>{{{{ семья.наз</w:t></w:r>"
        '<w:del w:id="1" w:author="А"><w:r><w:delText>ххх</w:delText></w:r></w:del>'
        "<w:r><w:t>вание }}}}</w:t></w:r>",
    ),
    (
        "T-TRACKED",
        "<w:r><w:t>{{{{ семья.наз</w:t></w:r>"
        '<w:ins w:id="1" w:author="А"><w:r><w:t>вание }}}}</w:t></w:r></w:ins>',
    ),
    ("W-CHANGES", '<w:r><w:t>а</w:t></w:r><w:ins w:id="1" w:author="А"><w:r><w:t>б</w:t></w:r></w:ins>'),
    ("W-ATTRIBUTE", '<w:fldSimple w:instr=" IF {tag} "><w:r><w:t>х</w:t></w:r></w:fldSimple>'),
    ("T-RESULT", '<w:fldSimple w:instr=" DATE "><w:r><w:t>{tag}</w:t></w:r></w:fldSimple>'),
    (
        "T-RESULT",
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> REF а </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>{tag}</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
    ),
    (
        "W-FIELD",
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> QUOTE {tag} </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
    ),
    ("T-RESULT", '<w:fldSimple w:instr=" DOCVARIABLE а "><w:r><w:t>{tag}</w:t></w:r></w:fldSimple>'),
    (
        "T-INSIDE",
        '<w:r><w:t>{{{{ семья.наз</w:t></w:r><w:r><w:br w:type="page"/></w:r><w:r><w:t>вание }}}}</w:t></w:r>',
    ),
    (
        "T-INSIDE",
        "<w:r><w:t>{{{{ семья.наз</w:t></w:r>"
        '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r><w:r><w:t>вание }}}}</w:t></w:r>',
    ),
    ("T-MERGEFIELD", '<w:fldSimple w:instr=" MERGEFIELD Имя "><w:r><w:t>«Имя»</w:t></w:r></w:fldSimple>'),
    (
        "W-BOUND",
        '<w:sdt><w:sdtPr><w:dataBinding w:xpath="/a" w:storeItemID="x"/></w:sdtPr>'
        "<w:sdtContent><w:r><w:t>{tag}</w:t></w:r></w:sdtContent></w:sdt>",
    ),
    (
        "W-PLACEHOLDER",
        "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr>"
        "<w:sdtContent><w:r><w:t>{tag}</w:t></w:r></w:sdtContent></w:sdt>",
    ),
    (
        "W-ATTRIBUTE",
        '<w:bookmarkStart w:id="1" w:name="{tag}"/><w:bookmarkEnd w:id="1"/><w:r><w:t>х</w:t></w:r>',
    ),
]


def with_xml(path: Path, xml: str) -> Path:
    word: Any = Document()
    word.add_paragraph("Начало")
    paragraph = word.add_paragraph("До ")._p
    for element in parse_xml(f"<w:p {SPACE}>{xml.format(tag=TAG)}</w:p>"):
        paragraph.append(element)
    word.save(str(path))
    return path


@pytest.mark.parametrize(("code", "xml"), HIDDEN)
def test_what_word_hides_or_writes_over_is_told(code: str, xml: str, tmp_path: Path) -> None:
    found = faults(with_xml(tmp_path / NAME, xml))

    assert ids(found) == [code]
    assert (found[0].place.part, found[0].place.paragraph) == ("word/document.xml", 2)
    assert (found[0].place.start or 0) <= 3 or code == "W-CHANGES"


def test_a_tag_in_a_link_of_words_is_no_fault(tmp_path: Path) -> None:
    xml = '<w:fldSimple w:instr=" HYPERLINK http://a.ru "><w:r><w:t>{tag}</w:t></w:r></w:fldSimple>'

    assert faults(with_xml(tmp_path / NAME, xml)) == []


def test_a_tag_in_a_comment_is_told_at_its_place_in_the_comment(tmp_path: Path) -> None:
    word: Any = Document()
    run = word.add_paragraph("Слова").runs[0]
    word.add_comment(run, text=f"сюда {TAG}?", author="Методист")
    word.save(str(tmp_path / NAME))

    found = faults(tmp_path / NAME)

    assert ids(found) == ["W-COMMENT"]
    assert (found[0].place.part, found[0].place.start) == ("word/comments.xml", 5)


def rewritten(path: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """Change the members of a plain Word file."""
    word: Any = Document()
    word.add_paragraph(TAG)
    word.save(str(path))
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    with zipfile.ZipFile(path, "w") as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return path


def add_relation(members: dict[str, bytes], kind: str, target: str, more: str = "") -> None:
    name = "word/_rels/document.xml.rels"
    made = f'<Relationship Id="rId99" Type="http://x/{kind}" Target="{target}" {more}/></Relationships>'
    members[name] = members[name].replace(b"</Relationships>", made.encode())


def test_a_chart_with_a_tag_is_told(tmp_path: Path) -> None:
    def chart(members: dict[str, bytes]) -> None:
        text = f'<c:chartSpace xmlns:c="x" xmlns:a="y"><a:t>{TAG}</a:t></c:chartSpace>'
        members["word/charts/chart1.xml"] = text.encode()
        add_relation(members, "chart", "charts/chart1.xml")

    found = faults(rewritten(tmp_path / NAME, chart))

    assert [(one.id, one.place.part) for one in found] == [("T-UNREAD", "word/charts/chart1.xml")]


def test_a_link_with_a_tag_is_told(tmp_path: Path) -> None:
    def link(members: dict[str, bytes]) -> None:
        add_relation(members, "hyperlink", "http://a.ru/%7B%7B x %7D%7D", 'TargetMode="External"')

    assert ids(faults(rewritten(tmp_path / NAME, link))) == ["T-UNREAD"]


def test_a_tag_in_the_number_of_a_list_is_told(tmp_path: Path) -> None:
    def number(members: dict[str, bytes]) -> None:
        name = "word/numbering.xml"
        members[name] = members[name].replace(b'w:lvlText w:val="', f'w:lvlText w:val="{TAG}'.encode(), 1)

    found = faults(rewritten(tmp_path / NAME, number))

    assert [(one.id, one.place.part) for one in found] == [("T-UNREAD", "word/numbering.xml")]


def test_text_that_a_style_hides_is_told(tmp_path: Path) -> None:
    word: Any = Document()
    style = word.styles.add_style("Тайный", 2)
    style.font.hidden = True
    word.add_paragraph().add_run(TAG, style="Тайный")
    word.save(str(tmp_path / NAME))

    assert ids(faults(tmp_path / NAME)) == ["W-HIDDEN"]


def test_rendering_refuses_what_the_bench_calls_an_error(tmp_path: Path) -> None:
    """The template itself knows all of it; the bench only shows it."""
    path = with_xml(
        tmp_path / NAME, '<w:fldSimple w:instr=" MERGEFIELD Имя "><w:r><w:t>х</w:t></w:r></w:fldSimple>'
    )
    names = sheet(path).names()[0][0]
    told = Template.open(path).check(PLUGINS.language, names.vocabulary, names.local)

    assert [(one.id, one.severity) for one in told] == [("T-MERGEFIELD", "error")]


REFUSED: list[tuple[str, Callable[[dict[str, bytes]], None]]] = [
    ("D-EMBEDDED", lambda members: add_relation(members, "oleObject", "document.xml")),
    (
        "D-EXTERNAL",
        lambda members: add_relation(members, "image", "http://a.ru/x.png", 'TargetMode="External"'),
    ),
    (
        "D-MACRO",
        lambda members: members.update(
            {
                "[Content_Types].xml": members["[Content_Types].xml"].replace(
                    b"wordprocessingml.document.main+xml", b"ms-word.document.macroEnabled.main+xml"
                )
            }
        ),
    ),
    (
        "D-XML",
        lambda members: members.update(
            {"word/document.xml": members["word/document.xml"].replace(b"</w:body>", b"")}
        ),
    ),
]


@pytest.mark.parametrize(("code", "change"), REFUSED)
def test_a_file_that_is_no_template_is_a_finding_and_no_crash(
    code: str, change: Callable[[dict[str, bytes]], None], tmp_path: Path
) -> None:
    found = faults(rewritten(tmp_path / NAME, change))

    assert ids(found) == [code]
    assert found[0].cure


def table(path: Path, *cells: str, after: str = "") -> Path:
    word: Any = Document()
    made = word.add_table(len(cells), 1)
    for row, text in zip(made.rows, cells, strict=True):
        row.cells[0].paragraphs[0].text = text
    word.add_paragraph(after)
    word.save(str(path))
    return path


def test_a_loop_that_leaves_its_table_is_told(tmp_path: Path) -> None:
    path = table(tmp_path / NAME, "{% for р in семья.дети %}{{ р.фио }}", after="{% endfor %}")

    assert [(one.id, one.place.paragraph) for one in faults(path)] == [("T-DEPTH", 2)]


def test_a_row_loop_in_the_data_row_is_told(tmp_path: Path) -> None:
    path = table(tmp_path / NAME, "{%tr for р in семья.дети %} {{ р.фио }}", "{%tr endfor %}")

    assert [(one.id, one.place.row) for one in faults(path)] == [("T-BESIDE", 1)]


def test_a_lifting_tag_in_the_last_paragraph_of_a_section_is_told(tmp_path: Path) -> None:
    word: Any = Document()
    word.add_paragraph("{%p if семья.дети %}")
    word.add_paragraph("Слова")
    end = word.add_paragraph("{%p endif %}")
    end._p.get_or_add_pPr().append(parse_xml(f"<w:sectPr {SPACE}/>"))
    word.add_paragraph("Дальше")
    word.save(str(tmp_path / NAME))

    assert [(one.id, one.place.paragraph) for one in faults(tmp_path / NAME)] == [("T-SECTION", 3)]
