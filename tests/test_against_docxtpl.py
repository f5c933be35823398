"""docxtpl is the language: what it renders right comes out the same here."""

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document
from docx.document import Document as Word
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docxtpl import DocxTemplate
from lxml import etree
from reading import NBSP, PLUGINS, words

from papka.core.expressions import Language
from papka.core.facts import Record, Rows
from papka.output.package import W
from papka.output.template import Template, proven_parts, render_parts

Build = Callable[[Word], None]
NAMES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)


def language() -> Language:
    return PLUGINS.language


def author(name: str, *titles: str) -> Record:
    return Record(
        "Author", {"name": name, "books": Rows(Record("Book", {"title": t}, {}) for t in titles)}, {}
    )


CONTEXT: dict[str, object] = {
    "name": "Иванова & <Ко>",
    "empty": Rows(),
    "flag": True,
    "off": False,
    "number": 5,
    "two": "первая\nвторая",
    "labels": Rows(("фрукт", "овощ", "камень", "вещь")),
    "colour": "FFAA00",
    "authors": Rows([author("Сент-Экзюпери", "Маленький принц", "Ночной полёт"), author("Баржавель")]),
    "rows": Rows(
        Record("R", {"a": f"а{n}", "b": f"б{n}", "inner": Rows(("x", "y")[:n])}, {}) for n in range(3)
    ),
}


def saved(build: Build, tmp_path: Path) -> Path:
    document = Document()
    build(document)
    path = tmp_path / "template.docx"
    document.save(str(path))
    return path


def stock_of(path: Path) -> bytes:
    stock = DocxTemplate(str(path))
    stock.render(CONTEXT, language().environment(), autoescape=True)
    buffer = io.BytesIO()
    stock.save(buffer)
    return buffer.getvalue()


def ours_of(path: Path) -> bytes:
    template = Template.open(path)
    return template.package.write(proven_parts(template, language(), CONTEXT))


def both(build: Build, tmp_path: Path) -> tuple[list[str], list[str]]:
    """Render one template with stock docxtpl and with papka; return what a reader sees of each."""
    path = saved(build, tmp_path)
    return seen(stock_of(path)), seen(ours_of(path))


def seen(content: bytes) -> list[str]:
    return [text.replace(NBSP, " ") for text in words(Document(io.BytesIO(content)))]


def part(content: bytes, name: str = "word/document.xml") -> etree._Element:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return etree.fromstring(archive.read(name))


def filled(texts: list[str]) -> list[str]:
    return [text for text in texts if text.strip()]


def add(document: Word, *paragraphs: str) -> None:
    for text in paragraphs:
        document.add_paragraph(text)


def raw(document: Word, xml: str) -> None:
    """Add XML as Word itself writes it; names of it need no declaration."""
    element = parse_xml(re.sub(r"^<([\w:]+)", rf"<\1 {NAMES}", xml.strip(), count=1))
    document.element.body.insert_element_before(element, "w:sectPr")


def table(document: Word, *rows: tuple[str, ...]) -> None:
    made = document.add_table(rows=len(rows), cols=max(map(len, rows)))
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            made.cell(number, column).text = text


# --- the same content ------------------------------------------------------------------------------------


def plain(document: Word) -> None:
    add(
        document,
        "Имя: {{ name }}, число {{number}} и {{ number + 1 }}.",
        "{% if flag %}да{% else %}нет{% endif %} {% if off %}а{% elif number > 4 %}б{% endif %}",
    )


def cut_into_runs(document: Word) -> None:
    paragraph = document.add_paragraph()
    pieces = ["До ", "{", "{ na", "me ", "}", "} после {", "% if fl", "ag %}", "видно", "{% en", "dif %}."]
    for piece in pieces:
        paragraph.add_run(piece).bold = len(piece) % 2 == 0


def paragraphs(document: Word) -> None:
    add(
        document,
        "Начало",
        "{%p for row in rows %}",
        "{{ loop.index }}. {{ row.a }}: {% for x in row.inner %}{{ x }};{% endfor %}",
        "{%p endfor %}",
        "{%p if off %}",
        "не видно",
        "{%p else %}",
        "видно",
        "{%p endif %}",
        "Конец",
    )


def table_rows(document: Word) -> None:
    table(
        document,
        ("А", "Б"),
        ("{%tr for row in rows %}",),
        ("{{ row.a }}", "{{ row.b }}"),
        ("{%tr endfor %}",),
    )


def table_rows_of_nothing(document: Word) -> None:
    table(document, ("А", "Б"), ("{%tr for row in empty %}",), ("{{ row.a }}", "б"), ("{%tr endfor %}",))
    add(document, "Конец")


def nested_loops(document: Word) -> None:
    add(
        document,
        "{%p for one in authors %}",
        "{{ one.name }}",
        "{%p for book in one.books %}",
        "— {{ book.title }}",
        "{%p else %}",
        "— нет книг",
        "{%p endfor %}",
        "{%p endfor %}",
    )
    table(
        document,
        ("{%tr for one in authors %}",),
        ("{{ one.name }}", "{% for book in one.books %}{{ book.title }}; {% endfor %}"),
        ("{%tr endfor %}",),
    )


def headers(document: Word) -> None:
    section = document.sections[0]
    section.header.paragraphs[0].text = "Шапка {{ name }} & Ко"
    section.footer.paragraphs[0].text = "Подвал {% for row in rows %}{{ row.b }} {% endfor %}"
    add(document, "Тело")


def smart_quotes(document: Word) -> None:
    add(document, "{% if name == “Иванова” %}а{% else %}б{% endif %} {{ ‘слово’ }}")


def trimmed(document: Word) -> None:
    add(document, "Первый ", "{%- if flag %}", "второй ", "{%- endif %}", "третий")


def trimmed_on_both_sides(document: Word) -> None:
    add(
        document,
        "Мой дом",
        "{%- if flag -%}",
        " в городе",
        "{%- else -%}",
        " в деревне",
        "{%- endif -%}",
        " и я рад.",
    )


def comments(document: Word) -> None:
    add(document, "До{# не печатать #} после", "{#p целый абзац #}", "Конец")
    table(document, ("А", "Б"), ("{#tr целая строка #}", ""), ("В", "Г"))


def coloured_cells(document: Word) -> None:
    table(
        document,
        ("{%tr for row in rows %}",),
        ("{% cellbg 'FFFF00' %}{{ row.a }}", "{% cellbg colour %}{{ row.b }}"),
        ("{%tr endfor %}",),
    )


def columns(document: Word) -> None:
    table(
        document,
        ("{% colspan labels|count %}Вид", "", ""),
        ("{%tc for label in labels %}", "{{ label }}", "{%tc endfor %}"),
        ("{%tc for label in labels %}", "{{ loop.index }}", "{%tc endfor %}"),
    )


def fewer_columns(document: Word) -> None:
    table(
        document,
        ("{%tc for x in [1] %}", "{{ x }}", "{%tc endfor %}", "А"),
        ("{%tc for x in [1] %}", "{{ x }}", "{%tc endfor %}", "Б"),
    )


def merged_across(document: Word) -> None:
    table(
        document,
        ("{%tc for label in labels %}", "{% hm %}Заголовок", "{%tc endfor %}"),
        ("{%tc for label in labels %}", "{{ label }}", "{%tc endfor %}"),
    )


def merged_down(document: Word) -> None:
    table(
        document,
        ("{%tr for row in rows %}", ""),
        ("{% vm %}Общее", "{{ row.b }}"),
        ("{%tr endfor %}", ""),
    )


def merged_down_twice(document: Word) -> None:
    table(
        document,
        ("{%tr for one in authors %}", "", ""),
        ("{%tr for book in one.books %}", "", ""),
        ("{% vm %}{{ one.name }}", "{{ book.title }}", "{{ loop.index }}"),
        ("{%tr endfor %}", "", ""),
        ("{%tr endfor %}", "", ""),
    )


def escaped_braces(document: Word) -> None:
    add(document, "Так пишут: {_{ name }_} и {_% if x %_}, а это {{ name }}")


def runs(document: Word) -> None:
    paragraph = document.add_paragraph("До ")
    for piece in ("{%r if flag %}", "жирно", "{%r endif %}", " после"):
        paragraph.add_run(piece).bold = piece == "жирно"
    add(document, "До {%r if flag %}внутри{%r endif %} после", "До {%r if off %}внутри{%r endif %} после")


def over_paragraphs(document: Word) -> None:
    add(
        document,
        "{% if flag ",
        "and number > 4 %}Да",
        "ещё{% endif %}",
        "{# о чём",
        "не говорят #}Конец {{",
        "name }}.",
    )


def across_paragraphs(document: Word) -> None:
    add(
        document,
        "Начало {% if flag %}видно",
        "и здесь{% endif %} конец",
        "А {% if off %}не видно",
        "и здесь{% endif %} Б",
    )


def soft_breaks(document: Word) -> None:
    paragraph = document.add_paragraph("До {{")
    paragraph.add_run().add_break()
    paragraph.add_run(f"name{NBSP}}}}} и {{%{NBSP}if flag{NBSP}%}}да{{%{NBSP}endif %}}")


def spaces(document: Word) -> None:
    add(document, "   {{ name }}   ", " {% if flag %}  да  {% endif %} ")


def hyperlinks(document: Word) -> None:
    raw(
        document,
        '<w:p><w:r><w:t>См. </w:t></w:r><w:hyperlink w:anchor="x"><w:r><w:t>{{ na</w:t></w:r><w:r><w:t>me }}, '
        "{% if flag %}да{% endif %}</w:t></w:r></w:hyperlink><w:r><w:t>.</w:t></w:r></w:p>",
    )


def smart_tags(document: Word) -> None:
    raw(
        document,
        '<w:p><w:r><w:t xml:space="preserve">Имя: {{ </w:t></w:r><w:smartTag w:element="x"><w:r><w:t>name</w:t></w:r>'
        "</w:smartTag><w:r><w:t> }}.</w:t></w:r></w:p>",
    )


def content_controls(document: Word) -> None:
    raw(
        document,
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>{%p for row in rows %}</w:t></w:r></w:p><w:p><w:r><w:t>{{ row.a }}"
        "</w:t></w:r></w:p><w:p><w:r><w:t>{%p endfor %}</w:t></w:r></w:p></w:sdtContent></w:sdt>",
    )
    raw(
        document,
        "<w:p><w:sdt><w:sdtContent><w:r><w:t>{{ name }}</w:t></w:r></w:sdtContent></w:sdt></w:p>",
    )


BOX = (
    "<w:txbxContent><w:p><w:r><w:t>{%p for row in rows %}</w:t></w:r></w:p><w:p><w:r><w:t>{{ row.</w:t></w:r>"
    "<w:r><w:t>a }}</w:t></w:r></w:p><w:p><w:r><w:t>{%p endfor %}</w:t></w:r></w:p></w:txbxContent>"
)
DRAWN = (
    '<wp:inline><wp:extent cx="1" cy="1"/><wp:docPr id="7" name="Рисунок" descr="{{ name }}"/><a:graphic>'
    '<a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp>'
    f"<wps:txbx>{BOX}</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:inline>"
)


def text_boxes(document: Word) -> None:
    raw(
        document,
        f'<w:p><w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>{DRAWN}</w:drawing></mc:Choice>'
        f"<mc:Fallback><w:pict><v:shape><v:textbox>{BOX}</v:textbox></v:shape></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r><w:r><w:t>Рядом {{ name }}</w:t></w:r></w:p>",
    )


def fields(document: Word) -> None:
    raw(
        document,
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>QUOTE "{{ name }}"</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>{{ number }}</w:t></w:r><w:r>'
        '<w:fldChar w:fldCharType="end"/></w:r></w:p>',
    )
    raw(
        document,
        '<w:p><w:fldSimple w:instr="QUOTE {{ number }}"><w:r><w:t>{{ number }}</w:t></w:r></w:fldSimple></w:p>',
    )


SAME = [
    plain, cut_into_runs, paragraphs, table_rows, table_rows_of_nothing, nested_loops, headers, smart_quotes,
    trimmed, trimmed_on_both_sides, comments, coloured_cells, columns, fewer_columns, merged_across, merged_down,
    merged_down_twice, escaped_braces, runs, over_paragraphs, across_paragraphs, spaces, hyperlinks, smart_tags,
    text_boxes, fields,
]  # fmt: skip


@pytest.mark.parametrize("build", SAME)
def test_a_template_comes_out_as_stock_docxtpl_draws_it(build: Build, tmp_path: Path) -> None:
    stock, ours = both(build, tmp_path)

    assert ours == stock
    assert any(text.strip() for text in ours)


@pytest.mark.parametrize("build", [text_boxes, fields, content_controls, hyperlinks, columns, coloured_cells])
def test_every_letter_and_attribute_of_the_part_is_as_docxtpl_draws_it(build: Build, tmp_path: Path) -> None:
    path = saved(build, tmp_path)
    stock, ours = part(stock_of(path)), part(ours_of(path))

    assert letters(ours) == letters(stock)
    assert values(ours) == values(stock)


def letters(root: etree._Element) -> str:
    return "".join(text.text or "" for text in root.iter(f"{W}t", f"{W}instrText"))


def values(root: etree._Element) -> list[str]:
    """Return what an attribute may have been filled with; ids and widths are another matter."""
    kept = {"descr", f"{W}instr", f"{W}fill"}
    found = [str(value) for one in root.iter() for name, value in one.attrib.items() if name in kept]
    return [*found, *(str(one.get(f"{W}val")) for one in root.iter(f"{W}gridSpan"))]


def grid(root: etree._Element) -> list[list[str]]:
    return [[str(one.get(f"{W}w")) for one in table.iter(f"{W}gridCol")] for table in root.iter(f"{W}tbl")]


@pytest.mark.parametrize("build", [columns, fewer_columns, merged_across])
def test_the_columns_of_a_table_are_as_docxtpl_makes_them(build: Build, tmp_path: Path) -> None:
    path = saved(build, tmp_path)

    assert grid(part(ours_of(path))) == grid(part(stock_of(path)))


def test_a_soft_break_inside_a_tag_is_a_space(tmp_path: Path) -> None:
    stock, ours = both(soft_breaks, tmp_path)

    assert ours == stock


# --- lines, tabs and pages in a value --------------------------------------------------------------------


@pytest.mark.parametrize("value", ["а\nб", "а\tб", "а\n\tб\n", "а\aб", "\aа", "а\fб\nв", "а\n\aб\tв"])
def test_breaks_and_tabs_in_a_value_are_words_own(
    value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(CONTEXT, "name", value)
    stock, ours = both(lambda document: add(document, "До {{ name }} после", "Конец"), tmp_path)

    assert ours == stock


def test_a_value_keeps_the_end_of_its_section(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CONTEXT, "name", "а\aб")

    def build(document: Word) -> None:
        add(document, "До {{ name }} после")
        document.add_section()
        add(document, "Конец")

    path = saved(build, tmp_path)

    assert len(Document(io.BytesIO(ours_of(path))).sections) == 2


def test_a_value_with_an_unprintable_sign_is_refused_and_not_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(CONTEXT, "name", "Ива\x01нова")
    path = saved(lambda document: add(document, "{{ name }}"), tmp_path)

    with pytest.raises(Exception, match="sign") as refusal:
        ours_of(path)
    assert "нова" not in str(refusal.value)


@pytest.mark.parametrize("value", ["{{ 7 * 7 }}", "{% if %}", "}}", "{_{ x }_}", "{#", "\\x{"])
def test_braces_in_a_value_are_printed_and_never_read(
    value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(CONTEXT, "name", value)
    path = saved(lambda document: add(document, "До {{ name }} после"), tmp_path)

    assert seen(ours_of(path))[0] == f"До {value} после"


# --- better than stock -----------------------------------------------------------------------------------


def lone_tags(document: Word) -> None:
    add(
        document,
        "Начало",
        "{% for row in rows %}",
        "{% if loop.index > 1 %}",
        "{{ row.a }}",
        "{% else %}",
        "первый",
        "{% endif %}",
        "{% endfor %}",
        "{# замечание #}",
        "Конец",
    )


def test_a_paragraph_that_holds_only_a_tag_goes_with_it(tmp_path: Path) -> None:
    stock, ours = both(lone_tags, tmp_path)

    assert ours[:5] == ["Начало", "первый", "а1", "а2", "Конец"]
    assert filled(ours) == filled(stock)


def test_a_lone_tag_whose_block_ends_within_words_stays_where_it_is(tmp_path: Path) -> None:
    stock, ours = both(
        lambda document: add(
            document, "А", "{% if flag %}", "Б", "В{% endif %} Г", "{% if off %}", "Д {% endif %}Е"
        ),
        tmp_path,
    )

    assert ours == stock


def test_tables_that_a_lone_tag_holds_apart_stay_apart(tmp_path: Path) -> None:
    def build(document: Word) -> None:
        table(document, ("А",))
        add(document, "{% if flag %}")
        table(document, ("Б",))
        add(document, "{% endif %}", "Конец")

    path = saved(build, tmp_path)
    body = part(ours_of(path)).find(f"{W}body")

    assert body is not None
    kinds = [etree.QName(one).localname for one in body]
    assert "tbl tbl" not in " ".join(kinds)


def test_literal_braces_stay_what_they_are(tmp_path: Path) -> None:
    """Braces that make no tag are told by the check; in a paper that is drawn they stay as typed."""
    path = saved(lambda document: add(document, "Множество { 1, 2 } и { { и } }"), tmp_path)
    template = Template.open(path)

    ours = template.package.write(render_parts(template, language(), CONTEXT))

    assert "Множество { 1, 2 } и { { и } }" in seen(ours)


# --- other stories of a file -----------------------------------------------------------------------------


def story(document: Word, kind: str, xml: str) -> None:
    """Give a file a part of its own, such as footnotes."""
    name = PackURI(f"/word/{kind}.xml")
    body = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:{kind} {NAMES}>{xml}</w:{kind}>'
    content = f"application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}+xml"
    made = Part(name, content, body.encode(), document.part.package)
    relation = f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"
    document.part.relate_to(made, relation)


NOTE = (
    '<w:{0} w:id="1"><w:p><w:r><w:t>{{{{ na</w:t></w:r><w:r><w:t>me }}}}: {{% for row in rows %}}{{{{ row.a }}}} '
    "{{% endfor %}}</w:t></w:r></w:p></w:{0}>"
)


def test_footnotes_are_drawn_as_docxtpl_draws_them(tmp_path: Path) -> None:
    def build(document: Word) -> None:
        add(document, "Текст {{ name }}")
        story(document, "footnotes", NOTE.format("footnote"))

    path = saved(build, tmp_path)
    ours = part(ours_of(path), "word/footnotes.xml")

    assert letters(ours) == letters(part(stock_of(path), "word/footnotes.xml"))
    assert "а2" in letters(ours)


@pytest.mark.parametrize(("kind", "one"), [("endnotes", "endnote"), ("comments", "comment")])
def test_endnotes_and_comments_are_drawn_too(kind: str, one: str, tmp_path: Path) -> None:
    def build(document: Word) -> None:
        add(document, "Текст")
        story(document, kind, NOTE.format(one))

    root = part(ours_of(saved(build, tmp_path)), f"word/{kind}.xml")

    assert letters(root) == "Иванова & <Ко>: а0 а1 а2 "
