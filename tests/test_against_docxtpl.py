"""docxtpl is the language: what it renders right comes out the same here."""

import io
from pathlib import Path

import pytest
from docx import Document
from docxtpl import DocxTemplate
from reading import NBSP, PLUGINS, words

from papka.core.expressions import Environment, Language
from papka.core.facts import Record, Rows
from papka.output.template import Template, render_parts


def language() -> Language:
    return PLUGINS.language


CONTEXT: dict[str, object] = {
    "name": "Иванова & <Ко>",
    "empty": Rows(),
    "flag": True,
    "off": False,
    "number": 5,
    "two": "первая\nвторая",
    "rows": Rows(
        Record("R", {"a": f"а{n}", "b": f"б{n}", "inner": Rows(("x", "y")[:n])}, {}) for n in range(3)
    ),
}


def both(build, tmp_path: Path) -> tuple[list[str], list[str]]:  # type: ignore[no-untyped-def]
    """Render one template with stock docxtpl and with papka; return what a reader sees of each."""
    document = Document()
    build(document)
    path = tmp_path / "template.docx"
    document.save(str(path))
    stock = DocxTemplate(str(path))
    stock.render(CONTEXT, Environment(language().filters, language().printed), autoescape=True)
    buffer = io.BytesIO()
    stock.save(buffer)
    template = Template.open(path)
    ours = template.package.write(render_parts(template, language(), CONTEXT))
    return seen(buffer.getvalue()), seen(ours)


def seen(content: bytes) -> list[str]:
    return [text.replace(NBSP, " ") for text in words(Document(io.BytesIO(content)))]


def plain(document) -> None:  # type: ignore[no-untyped-def]
    document.add_paragraph("Имя: {{ name }}, число {{number}} и {{ number + 1 }}.")
    document.add_paragraph(
        "{% if flag %}да{% else %}нет{% endif %} {% if off %}а{% elif number > 4 %}б{% endif %}"
    )


def cut_into_runs(document) -> None:  # type: ignore[no-untyped-def]
    paragraph = document.add_paragraph()
    for piece in (
        "До ",
        "{",
        "{ na",
        "me ",
        "}",
        "} после {",
        "% if fl",
        "ag %}",
        "видно",
        "{% en",
        "dif %}.",
    ):
        paragraph.add_run(piece).bold = len(piece) % 2 == 0


def paragraphs(document) -> None:  # type: ignore[no-untyped-def]
    document.add_paragraph("Начало")
    document.add_paragraph("{%p for row in rows %}")
    document.add_paragraph("{{ loop.index }}. {{ row.a }}: {% for x in row.inner %}{{ x }};{% endfor %}")
    document.add_paragraph("{%p endfor %}")
    document.add_paragraph("{%p if off %}")
    document.add_paragraph("не видно")
    document.add_paragraph("{%p else %}")
    document.add_paragraph("видно")
    document.add_paragraph("{%p endif %}")
    document.add_paragraph("Конец")


def table_rows(document) -> None:  # type: ignore[no-untyped-def]
    table = document.add_table(rows=4, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "А", "Б"
    table.cell(1, 0).text = "{%tr for row in rows %}"
    table.cell(2, 0).text, table.cell(2, 1).text = "{{ row.a }}", "{{ row.b }}"
    table.cell(3, 0).text = "{%tr endfor %}"


def headers(document) -> None:  # type: ignore[no-untyped-def]
    section = document.sections[0]
    section.header.paragraphs[0].text = "Шапка {{ name }}"
    section.footer.paragraphs[0].text = "Подвал {% for row in rows %}{{ row.b }} {% endfor %}"
    document.add_paragraph("Тело")


def smart_quotes(document) -> None:  # type: ignore[no-untyped-def]
    document.add_paragraph("{% if name == “Иванова” %}а{% else %}б{% endif %} {{ ‘слово’ }}")


def trimmed(document) -> None:  # type: ignore[no-untyped-def]
    document.add_paragraph("Первый ")
    document.add_paragraph("{%- if flag %}")
    document.add_paragraph("второй ")
    document.add_paragraph("{%- endif %}")
    document.add_paragraph("третий")


def comments(document) -> None:  # type: ignore[no-untyped-def]
    document.add_paragraph("До{# не печатать #} после")
    document.add_paragraph("{#p целый абзац #}")
    document.add_paragraph("Конец")


def merged_cells(document) -> None:  # type: ignore[no-untyped-def]
    table = document.add_table(rows=3, cols=2)
    table.cell(0, 0).text = "{%tr for row in rows %}"
    table.cell(1, 0).text, table.cell(1, 1).text = "{% cellbg 'FFFF00' %}{{ row.a }}", "{{ row.b }}"
    table.cell(2, 0).text = "{%tr endfor %}"


@pytest.mark.parametrize(
    "build",
    [plain, cut_into_runs, paragraphs, table_rows, headers, smart_quotes, trimmed, comments, merged_cells],
)
def test_a_template_comes_out_as_stock_docxtpl_draws_it(build, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    stock, ours = both(build, tmp_path)

    assert ours == stock
    assert any(text.strip() for text in ours)


def test_a_line_break_in_a_value_is_a_line_break_in_word(tmp_path: Path) -> None:
    stock, ours = both(lambda document: document.add_paragraph("А {{ two }} Б"), tmp_path)

    assert ours == stock == ["А первая\nвторая Б", *ours[1:]]


def test_literal_braces_stay_what_they_are(tmp_path: Path) -> None:
    """Braces that make no tag are told by the check; in a paper that is drawn they stay as typed."""
    document = Document()
    document.add_paragraph("Множество { 1, 2 } и { { и } }")
    path = tmp_path / "template.docx"
    document.save(str(path))
    template = Template.open(path)

    ours = template.package.write(render_parts(template, language(), CONTEXT))

    assert "Множество { 1, 2 } и { { и } }" in seen(ours)
