"""Each feature that docxtpl documents for templates: drawn as docxtpl draws it, or refused with a fault that says why.

What docxtpl offers to programs (replacing pictures and files, listing variables) is no part of the language.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import jinja2
import pytest
import test_against_docxtpl as against
from bench_files import NAME, faults, form
from docx import Document
from docx.document import Document as Word
from docx.oxml import parse_xml
from docxtpl import DocxTemplate
from lxml import etree
from test_against_docxtpl import CONTEXT, Build, add, language, ours_of, part, raw, saved, table

from papka.output.package import PackageFault, W
from papka.output.template import Template, proven_parts


def filters(document: Word) -> None:
    add(document, "{{ colour|lower_first }} {{ labels|listing }}")


def escaped(document: Word) -> None:
    add(document, "{{ name|e }}, {{ two | escape }}, {{ flag and name|e }}")


def a_house(document: Word) -> None:
    """Split and merge text, by paragraphs and by lines of one paragraph, as the documentation shows it."""
    lines = [
        "Мой дом",
        "{%- if flag -%}",
        "\xa0в городе",
        "{%- else -%}",
        "\xa0в селе",
        "{%- endif -%}",
        "\xa0и я рад.",
    ]
    add(document, *lines, "\n".join(lines), "Конец")


def spaces_beside_a_minus(document: Word) -> None:
    add(
        document,
        "А {% if flag %} да {%- endif %} Б {#- о чём -#} В {% for row in rows -%} {{ row.a }} {% endfor %}",
    )


def spaces_at_the_edges_of_runs(document: Word) -> None:
    """Word cuts a tag into runs, and what is left of a run begins with a space that nothing told to keep."""
    raw(
        document,
        '<w:p><w:r><w:t xml:space="preserve">Имя: {{ na</w:t></w:r><w:bookmarkStart w:id="0" w:name="_GoBack"/>'
        '<w:bookmarkEnd w:id="0"/><w:r><w:t>me }} и {{ number }}</w:t></w:r><w:proofErr w:type="gramEnd"/>'
        '<w:r><w:t xml:space="preserve"> лет</w:t></w:r></w:p>',
    )


def an_order(document: Word) -> None:
    table(
        document,
        ("Что", "Ряды", ""),
        ("{%tr for row in rows %}",),
        ("{{ row.a }}", "{{ row.b }}", "{% if row.inner|count > 1 %}много{% else %}мало{% endif %}"),
        ("{%tr endfor %}",),
        ("Итого", "", "{{ rows|count }}"),
    )
    add(document, "{%p if off %}", "Спасибо.", "{%p else %}", "Ждём, {{ name }}.", "{%p endif %}")


def columns_below_a_merged_head(document: Word) -> None:
    table(
        document,
        ("Имя", "{% colspan labels|count %}Вид", "", ""),
        ("", "{%tc for label in labels %}", "{{ label }}", "{%tc endfor %}"),
        ("{%tr for row in rows %}", "", "", ""),
        ("{{ row.a }}", "{%tc for label in labels %}", "{{ loop.index }}", "{%tc endfor %}"),
        ("{%tr endfor %}", "", "", ""),
    )
    made = document.tables[0]
    made.cell(0, 0).merge(made.cell(1, 0))
    made.cell(0, 1).merge(made.cell(0, 3))


def fewer_columns_below_a_merged_head(document: Word) -> None:
    table(
        document,
        ("Шапка", "", "", ""),
        ("{%tc for x in [1] %}", "{{ x }}", "{%tc endfor %}", "А"),
        ("{%tc if off %}", "нет", "{%tc endif %}", "Б"),
    )
    document.tables[0].cell(0, 0).merge(document.tables[0].cell(0, 3))


def merged_across_two_loops(document: Word) -> None:
    loops = ("{%tc for row in rows %}", "{%tc for x in [1, 2] %}")
    ends = ("{%tc endfor %}", "{%tc endfor %}")
    table(document, (*loops, "{% hm %}{{ row.a }}", *ends), (*loops, "{{ x }}", *ends))


def merged_across_wide_cells(document: Word) -> None:
    """Word gives each cell two columns of which one is not seen; the merged cell is as wide as all of them."""
    table(document, ("{%tc for x in [1, 2] %}", "{% hm %}Вид", "{%tc endfor %}", "А"))
    for cell in document.tables[0]._tbl.tr_lst[0].tc_lst:
        cell.grid_span = 2


def merged_down_in_a_table_of_a_cell(document: Word) -> None:
    table(document, ("{%tr for x in [1, 2] %}", ""), ("{{ x }}", ""), ("{%tr endfor %}", ""))
    inner = document.tables[0].cell(1, 1).add_table(3, 2)
    rows = (("{%tr for row in rows %}", ""), ("{% vm %}{{ x }}", "{{ row.a }}"), ("{%tr endfor %}", ""))
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            inner.cell(number, column).text = text
    document.tables[0].cell(1, 1).add_paragraph("Конец")


def a_colour_over_another(document: Word) -> None:
    table(
        document,
        ("{% cellbg 'FF0000' if off else colour %}{% colspan 2 %}А", "{% if flag %}Б{% endif %}"),
        ("1", "2"),
    )
    shade = '<w:shd xmlns:w="{}" w:val="pct10" w:color="auto" w:fill="EEEEEE"/>'
    document.tables[0].cell(0, 0)._tc.get_or_add_tcPr().append(parse_xml(shade.format(W[1:-1])))


def set_apart(document: Word) -> None:
    add(document, "{%+ if flag %}да{% endif +%} {{- name -}} ")


DRAWN: dict[str, Build] = {
    "{{ variable }}, {% if %}, {% elif %}, {% else %}": against.plain,
    "{% for %} … {% else %} … {% endfor %}, loop.index": against.nested_loops,
    "{%p %}": against.paragraphs,
    "{%tr %}": against.table_rows,
    "{%tc %}": against.columns,
    "{%r %}": against.runs,
    "{#p #}, {#tr #}, {# #}": against.comments,
    "{%- -%}: split and merge text": against.trimmed_on_both_sides,
    "{%+ +%}, {{- -}}": set_apart,
    "{_{ }_} {_% %_}: escaping": against.escaped_braces,
    "{% colspan %}": against.columns,
    "{% cellbg %}": against.coloured_cells,
    "{% hm %}": against.merged_across,
    "{% vm %}": against.merged_down,
    "split and merge text by lines": a_house,
    "spaces beside a minus within a text": spaces_beside_a_minus,
    "spaces are preserved": spaces_at_the_edges_of_runs,
    "an order": an_order,
    "a dynamic table": columns_below_a_merged_head,
    "less cells after a loop": fewer_columns_below_a_merged_head,
    "{% hm %} in two loops": merged_across_two_loops,
    "{% hm %} of cells that span columns": merged_across_wide_cells,
    "{% vm %} in a nested table": merged_down_in_a_table_of_a_cell,
    "{% cellbg %} over another colour, with {% colspan %}": a_colour_over_another,
    "|e": escaped,
    "filters": filters,
    "headers and footers": against.headers,
    "text boxes": against.text_boxes,
    "fields": against.fields,
    "hyperlinks": against.hyperlinks,
    "curly quotes": against.smart_quotes,
    "tags over several runs": against.cut_into_runs,
    "tags over several paragraphs": against.over_paragraphs,
}
REFUSED = {
    "{% set %}": ("{% set а = 5 %}", "E-FORBIDDEN"),
    "{% macro %}": ("{% macro м() %}х{% endmacro %}", "E-FORBIDDEN"),
    "{% include %}": ("{% include 'х.docx' %}", "E-FORBIDDEN"),
    "{% raw %}": ("{% raw %}х{% endraw %}", "E-FORBIDDEN"),
    "methods of values": ("{{ семья.название.upper() }}", "E-FORBIDDEN"),
    "range": ("{% for н in range(3) %}х{% endfor %}", "E-FORBIDDEN"),
    "Jinja's own filters": ("{{ семья.название|upper }}", "E-FILTER"),
    "|safe": ("{{ семья.название|safe }}", "E-FILTER"),
    "several of Jinja's filters": ("{{ семья.название|lower|title }}", "E-FILTER"),
    "tests of Jinja": ("{% if семья.название is string %}х{% endif %}", "E-TEST"),
    "{% with %}": ("{% with а = 1 %}х{% endwith %}", "E-FORBIDDEN"),
    "{% filter %}": ("{% filter upper %}х{% endfilter %}", "E-FORBIDDEN"),
    "{% import %}": ("{% import 'х' as у %}", "E-FORBIDDEN"),
    "loop.cycle": ("{% for р in семья.дети %}{{ loop.cycle('а', 'б') }}{% endfor %}", "E-FORBIDDEN"),
    "text beside {%- %}": ("Слово а{%- if семья.дети %}х{% endif %}", "T-BESIDE"),
    "two {%p %} in one paragraph": ("{%p if семья.дети %}х{%p endif %}", "T-BESIDE"),
    "arithmetic beside plus and minus": ("{{ семья.дети|число * 2 }}", "E-FORBIDDEN"),
    "~": ("{{ семья.название ~ 'х' }}", "E-FORBIDDEN"),
    "slices": ("{% for р in семья.дети[1:] %}х{% endfor %}", "E-FORBIDDEN"),
    "an if without else that prints": ("{{ семья.название if семья.дети }}", "E-FORBIDDEN"),
    "{{tr }}, {{tc }}": ("{{tr семья.название }}", "T-RICH"),
}


@pytest.mark.parametrize("feature", DRAWN)
def test_what_is_documented_is_drawn_as_docxtpl_draws_it(feature: str, tmp_path: Path) -> None:
    path = saved(DRAWN[feature], tmp_path)
    ours = list(shown(ours_of(path)))

    assert ours == list(shown(stock_of(path)))
    assert any(one.startswith("“") for one in ours)


def stock_of(path: Path) -> bytes:
    """Draw a template with stock docxtpl and all that Jinja has; papka's filters and its way to print are added."""
    environment = jinja2.Environment(
        autoescape=True, finalize=jinja2.pass_context(lambda _, value: language().printed(value))
    )
    environment.filters.update({name: one.function for name, one in language().filters.items()})
    stock = DocxTemplate(str(path))
    stock.render(CONTEXT, environment, autoescape=True)
    buffer = io.BytesIO()
    stock.save(buffer)
    return buffer.getvalue()


def shown(content: bytes) -> Iterator[str]:
    """Go through what Word shows: words with the spaces it keeps, and how the cells of tables are made."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = sorted(one for one in archive.namelist() if re.match(r"word/(document|header|footer)", one))
    for name in names:
        for one in part(content, name).iter(f"{W}p", f"{W}tr", f"{W}tc", f"{W}tblGrid"):
            if one.tag == f"{W}p":
                words = "".join(_letters(one))
                if words and not _is_covered(one):
                    yield f"“{words}”"
            elif one.tag == f"{W}tblGrid":
                yield f"columns {[column.get(f'{W}w') for column in one]}"
            else:
                yield f"{etree.QName(one).localname} {sorted(_looks(one))}"


def _letters(paragraph: etree._Element) -> Iterator[str]:
    for one in paragraph.iter(f"{W}t", f"{W}br", f"{W}tab"):
        if one.tag == f"{W}t":
            keeps = one.get("{http://www.w3.org/XML/1998/namespace}space") == "preserve"
            yield (one.text or "") if keeps else (one.text or "").strip(" ")
        elif one.getparent().tag == f"{W}r":  # type: ignore[union-attr]
            yield f"<{etree.QName(one).localname} {one.get(f'{W}type', '')}>"


def _looks(element: etree._Element) -> Iterator[tuple[str, list[str]]]:
    for one in element.findall(f"{W}tcPr/*") if element.tag == f"{W}tc" else ():
        yield etree.QName(one).localname, sorted(str(value) for value in one.attrib.values())


def _is_covered(paragraph: etree._Element) -> bool:
    """Tell whether a paragraph stands in a cell that the merged cell above it covers."""
    merged = [cell.find(f"{W}tcPr/{W}vMerge") for cell in paragraph.iterancestors(f"{W}tc")]
    return any(one is not None and one.get(f"{W}val") != "restart" for one in merged)


@pytest.mark.parametrize("feature", REFUSED)
def test_what_is_documented_and_not_safe_is_refused_and_said(feature: str, tmp_path: Path) -> None:
    text, code = REFUSED[feature]
    found = faults(form(tmp_path / NAME, "Начало", text))

    assert code in {one.id for one in found}
    assert all(one.cure and one.place.paragraph == 2 for one in found)


def test_a_minus_of_a_tag_that_takes_its_paragraph_with_it_is_refused(tmp_path: Path) -> None:
    found = faults(form(tmp_path / NAME, "а", "{%-p if семья.дети %}", "б", "{%p endif -%}", "в"))

    assert [(one.id, one.place.paragraph) for one in found] == [("T-TRIM", 2), ("T-TRIM", 4)]


@pytest.mark.parametrize(
    ("cell", "code"),
    [("{% colspan two %}", "R-SPAN"), ("{% colspan 0 %}", "R-SPAN"), ("{% cellbg name %}", "R-COLOUR")],
)
def test_what_is_no_number_of_columns_and_no_colour_is_refused(cell: str, code: str, tmp_path: Path) -> None:
    path = saved(lambda document: table(document, (cell + "а", "б")), tmp_path)

    with pytest.raises(PackageFault) as refusal:
        proven_parts(Template.open(path), language(), CONTEXT)
    assert refusal.value.code == code


@pytest.mark.parametrize(("loop", "left"), [("for x in labels", 4), ("for x in [1]", 1)])
def test_columns_that_word_is_to_measure_are_given_no_width(loop: str, left: int, tmp_path: Path) -> None:
    def build(document: Word) -> None:
        table(document, (f"{{%tc {loop} %}}", "{{ x }}", "{%tc endfor %}"))
        for column in document.tables[0]._tbl.tblGrid:
            del column.attrib[f"{W}w"]

    columns = [one.get(f"{W}w") for one in part(ours_of(saved(build, tmp_path))).iter(f"{W}gridCol")]

    assert columns == [None] * left


# --- lists and pages -------------------------------------------------------------------------------------


def test_a_list_in_a_row_that_a_loop_repeats_begins_again_in_each_row(tmp_path: Path) -> None:
    def build(document: Word) -> None:
        table(document, ("{%tr for one in authors %}", ""), ("{{ one.name }}", ""), ("{%tr endfor %}", ""))
        cell = document.tables[0].cell(1, 1)
        cell.paragraphs[0].text = "{%p for book in one.books %}"
        cell.add_paragraph("{{ book.title }}", style="List Number")
        cell.add_paragraph("{%p endfor %}")

    two = against.author("Вторая", "А", "Б")
    from papka.core.facts import Rows

    template = Template.open(saved(build, tmp_path))
    context = {**CONTEXT, "authors": Rows([*CONTEXT["authors"], two])}  # type: ignore[misc]
    body = etree.fromstring(proven_parts(template, language(), context)["word/document.xml"])
    lists = [[one.get(f"{W}val") for one in row.iter(f"{W}numId")] for row in body.iter(f"{W}tr")]

    assert [len(set(row)) <= 1 for row in lists] == [True] * 3
    first, _, last = ([*row, "of the style"][0] for row in lists)
    assert first != last


@pytest.mark.parametrize(("condition", "breaks"), [("off", 0), ("flag", 1)])
def test_a_page_break_before_what_is_not_there_makes_no_empty_page(
    condition: str, breaks: int, tmp_path: Path
) -> None:
    def build(document: Word) -> None:
        add(document, "Текст")
        document.add_page_break()
        add(document, f"{{%p if {condition} %}}", "Приложение", "{%p endif %}")

    body = part(ours_of(saved(build, tmp_path)))

    assert len([one for one in body.iter(f"{W}br") if one.get(f"{W}type") == "page"]) == breaks


# --- papka's own comments --------------------------------------------------------------------------------


def test_what_papkas_own_comments_quote_is_no_tag(tmp_path: Path) -> None:
    word = Document()
    run = word.add_paragraph("Слова {{ family.display_name }}").runs[0]
    word.add_comment(run, text="Тег {{ nmae }} не найден, {% if %} не закрыт", author="papka")  # type: ignore[no-untyped-call]
    word.save(str(tmp_path / NAME))
    template = Template.open(tmp_path / NAME)

    assert [tag.text for one in template.parts for tag in one.tags] == ["{{ family.display_name }}"]
    assert faults(tmp_path / NAME) == []


def test_the_table_of_features_is_no_shorter_than_what_docxtpl_documents() -> None:
    named = " ".join([*DRAWN, *REFUSED])

    assert {"p", "tr", "tc", "r"} <= set(re.findall(r"\{%(\w+) ", named))
    assert all(word in named for word in ("colspan", "cellbg", "hm", "vm", "escaping", "headers"))
