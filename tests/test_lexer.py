"""The lexer knows the place of every tag, and no mistake in or around a tag is silent."""

from pathlib import Path

import pytest
from docx import Document
from docx.document import Document as Word
from docx.oxml import parse_xml
from reading import PLUGINS
from test_against_docxtpl import NAMES, Build, add, raw, saved, table

from papka.core.findings import Finding
from papka.core.rules.views import vocabulary_of
from papka.output.package import W
from papka.output.tags import lex
from papka.output.template import Template


def told(build: Build, tmp_path: Path) -> list[Finding]:
    programme = PLUGINS.method(next(iter(PLUGINS.programmes()))).programme
    return Template.open(saved(build, tmp_path)).check(PLUGINS.language, vocabulary_of(programme), {})


def places(xml: str) -> list[tuple[str, int, int, int]]:
    """Return code and place of each tag of a body."""
    root = parse_xml(f"<w:document {NAMES}><w:body>{xml}</w:body></w:document>")
    return [
        (tag.code, tag.place.paragraph, tag.place.start, tag.place.end)
        for tag in lex(root, "word/document.xml").tags
    ]


def runs(*pieces: str) -> str:
    return "<w:p>" + "".join(f'<w:r><w:t xml:space="preserve">{one}</w:t></w:r>' for one in pieces) + "</w:p>"


@pytest.mark.parametrize(
    "pieces",
    [
        ("До {{ x }} и {{ y }}.",),
        ("До {", "{ x }", "} и", " {", "{", " y }}", "."),
        tuple("До {{ x }} и {{ y }}."),
    ],
)
def test_a_tag_has_the_same_place_whatever_runs_word_has_cut_it_into(pieces: tuple[str, ...]) -> None:
    assert places(runs(*pieces)) == [("x", 1, 3, 10), ("y", 1, 13, 20)]


def test_a_tag_that_runs_over_paragraphs_has_the_place_of_its_beginning() -> None:
    assert places(runs("А {{ x") + runs("}} и {{ y }}") + runs("{{ z }}")) == [
        ("x", 1, 2, 6),
        ("y", 2, 5, 12),
        ("z", 3, 0, 7),
    ]


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("{{ семья.название", "T-UNCLOSED", "{{ семья.название"),
        ("{{ семья.название }", "T-UNCLOSED", "{{ семья.название }"),
        ("{ семья.название }}", "T-STRAY", "{ семья.название }}"),
        ("{% if семья.телефон }да{% endif %}", "T-UNCLOSED", "{% if семья.телефон }"),
        ("% if семья.телефон %}да{% endif %}", "T-STRAY", "% if семья.телефон %}"),
        ("{{ семья.назвние }}", "T-NAME", "назвние"),
        ("{{ семья.нaзвание }}", "T-LOOKALIKE", "нaзвание"),
        ("{% If семья.телефон %}да{% endif %}", "T-CAPITALS", "If"),
        ("{% fr x in семья.члены %}{{ x.фио }}{% endfor %}", "T-KEYWORD", "fr"),
        ("{% for x семья.члены %}а{% endfor %}", "T-SYNTAX", "семья"),
        ("{% if семья.название == «да» %}а{% endif %}", "T-QUOTES", "«"),
        ("{% if 1 – 2 %}а{% endif %}", "T-DASH", "–"),
        ("{{ се\u200bмья.название }}", "T-UNSEEN", "\u200b"),
        ("{{tr семья.название }}", "T-RICH", "{{tr семья.название }}"),
        ("{{p неведомое }}", "T-BESIDE", "{{p неведомое }}"),
        ("слово {%p if семья.телефон %}", "T-BESIDE", "{%p if семья.телефон %}"),
        ("{%tr if 1 %}", "T-NO-HOME", "{%tr if 1 %}"),
        ("{% if 1 %}а{% else %}б{% else %}в{% endif %}", "T-ELSE-TWICE", None),
        ("{% for x, y in семья.члены %}а{% endfor %}", "T-FOR", "x, y"),
        ("{% for семья in семья.члены %}{{ семья.фио }}{% endfor %}", "T-SHADOW", "семья"),
        ("{% include 'x' %}", "E-FORBIDDEN", "include"),
        ("{%- if семья.телефон %}а{% endif %}", "T-BESIDE", "{%- if семья.телефон %}"),
    ],
)
def test_a_mistake_is_told_at_its_signs(text: str, code: str, words: str | None, tmp_path: Path) -> None:
    whole = "Слово. " + text + " Конец."
    found = [one for one in told(lambda document: add(document, "Начало", whole), tmp_path) if one.id == code]

    assert len(found) == 1
    place = found[0].place
    assert (place.part, place.paragraph) == ("word/document.xml", 2)
    if words is not None:
        assert whole[place.start : place.end].startswith(words)
    assert found[0].severity == ("warning" if code == "T-SHADOW" else "error")
    assert found[0].message and found[0].cure


def test_one_bad_tag_hides_no_other(tmp_path: Path) -> None:
    def build(document: Word) -> None:
        add(
            document,
            "{{ семья.назвние }} {{ семья.название",
            "{% for x семья.члены %}{{ x.фио }}{% endfor %} {{ неведомое }}",
            "{%p if семья.телефон %} рядом",
            "{{ семья.название|дательны }} {{ семья.телефн }}",
        )
        document.sections[0].header.paragraphs[0].text = "{{ семья.адресс }}"

    found = [(one.id, one.suggestion) for one in told(build, tmp_path)]

    assert ("T-NAME", "название") in found
    assert ("T-UNCLOSED", "{{ семья.название }}") in found
    assert ("T-NAME", "телефон") in found
    assert ("E-FILTER", "дательный") in found
    assert ("T-NAME", "адрес") in found
    assert {"T-SYNTAX", "T-BESIDE"} <= {code for code, _ in found}


def w(*pieces: str) -> str:
    return "<w:p>" + "".join(pieces) + "</w:p>"


def r(text: str, look: str = "", kind: str = "t") -> str:
    return f'<w:r>{look}<w:{kind} xml:space="preserve">{text}</w:{kind}></w:r>'


def change(kind: str, inside: str) -> str:
    return f'<w:{kind} w:id="1" w:author="А">{inside}</w:{kind}>'


FIELD = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
TAG = "{{ семья.название }}"


@pytest.mark.parametrize(
    ("xml", "code", "severity"),
    [
        (w(r("{{ семья."), change("ins", r("название }}"))), "T-TRACKED", "error"),
        (w(r("{{ семья."), change("del", r("а", "", "delText")), r("название }}")), "T-TRACKED", "error"),
        (w(change("ins", r(TAG))), "W-TRACKED", "warning"),
        (w(r("А"), change("del", r(TAG, "", "delText"))), "W-DELETED", "warning"),
        (w(r("А"), change("moveFrom", r(TAG))), "W-DELETED", "warning"),
        (w(change("ins", r("{% if семья.телефон %}")), r("а{% endif %}")), "T-DEPTH", "error"),
        (w(r(TAG, "<w:rPr><w:vanish/></w:rPr>")), "W-HIDDEN", "warning"),
        (
            w(FIELD.format("begin"), r(f'QUOTE "{TAG}"', "", "instrText"), FIELD.format("end")),
            "W-FIELD",
            "warning",
        ),
        (
            w(
                r("{% if семья.телефон %}"),
                FIELD.format("begin"),
                r("PAGE", "", "instrText"),
                FIELD.format("separate"),
                r("1{% endif %}"),
                FIELD.format("end"),
            ),
            "T-FIELD",
            "error",
        ),
        (
            w(
                '<w:sdt><w:sdtPr><w:dataBinding w:xpath="x" w:storeItemID="y"/></w:sdtPr><w:sdtContent>',
                r(TAG),
                "</w:sdtContent></w:sdt>",
            ),
            "W-BOUND",
            "warning",
        ),
        (
            w('<w:hyperlink w:anchor="x">', r("{% if семья.телефон %}а"), "</w:hyperlink>", r("{% endif %}")),
            "T-DEPTH",
            "error",
        ),
        (w(r("{%p if семья.телефон %}"), '<w:r><w:br w:type="page"/></w:r>'), "T-BESIDE", "error"),
    ],
)
def test_what_word_hides_or_writes_over_is_told(xml: str, code: str, severity: str, tmp_path: Path) -> None:
    found = [one for one in told(lambda document: raw(document, xml), tmp_path) if one.id == code]

    assert [(one.severity, one.place.paragraph) for one in found] == [(severity, 1)]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([("{% for x in семья.члены %}", "{% endfor %}")], "T-DEPTH"),
        ([("{% for x in семья.члены %}", ""), ("{% endfor %}", "")], "T-DEPTH"),
        ([("{%tr for x in семья.члены %}", "{{ x.фио }}"), ("{%tr endfor %}", "")], "T-BESIDE"),
        ([("а", "{%- if семья.телефон %}б{% endif %}")], "T-TRIM"),
        ([("{% vm %}а", "б")], "T-LOOP"),
        ([("{% colspan 2 %}{% colspan 2 %}а", "б")], "T-TWICE"),
    ],
)
def test_a_tag_in_the_wrong_cell_is_told(rows: list[tuple[str, ...]], code: str, tmp_path: Path) -> None:
    found = [one for one in told(lambda document: table(document, *rows), tmp_path) if one.id == code]

    assert found
    assert found[0].place.table == 1
    assert found[0].place.cell is not None


def test_a_loop_that_leaves_its_table_is_told(tmp_path: Path) -> None:
    def build(document: Word) -> None:
        table(document, ("{% for x in семья.члены %}", "б"))
        add(document, "{% endfor %}")

    assert "T-DEPTH" in [one.id for one in told(build, tmp_path)]


def test_a_tag_in_the_properties_or_a_link_is_told(tmp_path: Path) -> None:
    def build(document: Word) -> None:
        document.core_properties.title = "{{ семья.название }}"
        document.part.relate_to("https://example.org/{{ семья.название }}", LINK, is_external=True)
        add(document, "Текст")

    assert [(one.id, one.severity) for one in told(build, tmp_path)] == [
        ("W-PROPERTY", "warning"),
        ("T-UNREAD", "error"),
    ] or {one.id for one in told(build, tmp_path)} == {"W-PROPERTY", "T-UNREAD"}


LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"


def test_a_clean_template_raises_nothing(tmp_path: Path) -> None:
    def build(document: Word) -> None:
        add(
            document,
            "{{ семья.название }} {_{ не тег }_} {1, 2} «кавычки» – тире",
            "{% if семья.название == 'ООО «Ромашка» – 1' %}да{% else %}нет{% endif %}",
            "{% for x in семья.члены %}",
            "{{ loop.index }}. {{ x.фио }}",
            "{% else %}",
            "никого",
            "{% endfor %}",
            "{{- семья.название -}}",
        )
        table(
            document,
            ("{%tr for x in семья.члены %}", ""),
            ("{% vm %}а", "{{ x.фио }}"),
            ("{%tr endfor %}", ""),
        )

    assert [(one.id, one.message) for one in told(build, tmp_path)] == []


def test_a_text_box_is_told_once_though_word_keeps_it_twice(tmp_path: Path) -> None:
    box = f"<w:txbxContent>{w(r('{{ семья.назвние }}'))}</w:txbxContent>"
    xml = w(
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><wps:txbx>',
        box,
        "</wps:txbx></mc:Choice><mc:Fallback><w:pict><v:textbox>",
        box,
        "</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>",
    )
    found = told(lambda document: raw(document, xml), tmp_path)

    assert [(one.id, one.suggestion) for one in found] == [("T-NAME", "название")]


def test_marks_of_papka_in_a_template_are_refused(tmp_path: Path) -> None:
    path = saved(lambda document: add(document, "А \ufdd00\ufdd1 Б"), tmp_path)

    with pytest.raises(Exception, match="cannot be used"):
        Template.open(path)


def test_the_numbers_of_paragraphs_are_those_of_the_file() -> None:
    document = Document()
    for text in ("А", "{{ x }}"):
        document.add_paragraph(text)
    tags = lex(document.element, "word/document.xml").tags

    assert [tag.place.paragraph for tag in tags] == [2]
    assert document.element.tag == f"{W}document"


@pytest.mark.parametrize("run", ["}" + " " * 20_000, " " * 20_000 + "}", "%" * 20_000, "% " * 10_000])
def test_a_long_run_of_signs_is_read_without_trying_each_pair(run: str) -> None:
    """A thousand spaces beside a brace once took more than a second, and four thousand a hundred."""
    import subprocess
    import sys

    code = f"from papka.output import strays\nprint(len(strays.STRAY.findall({run!r})))"
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )

    assert found.stdout.strip() == "0"
