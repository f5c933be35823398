"""Nothing is lost between template and paper; what a loop copies stays sound; a failed proof writes no file."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document
from docx.document import Document as Word
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from lxml import etree
from reading import PLUGINS
from test_against_docxtpl import BOX, CONTEXT, Build, add, language, part, raw, saved, seen, table

from papka.core.errors import Refused
from papka.core.facts import Rows
from papka.core.programmes.region import Paper
from papka.output.package import W, parse
from papka.output.proof import first_lost
from papka.output.ready import Ready
from papka.output.template import Template, proven_parts

GROUPS = {"groups": Rows((Rows(("а", "б")), Rows(("в",)), Rows(("г", "д", "е")))), **CONTEXT}


def drawn(build: Build, tmp_path: Path, **more: object) -> bytes:
    template = Template.open(saved(build, tmp_path))
    return template.package.write(proven_parts(template, language(), {**GROUPS, **more}))


def changed(build: Build, tmp_path: Path, old: str, new: str) -> Template:
    """Return a template whose compiled part lost something that its second reading has."""
    template = Template.open(saved(build, tmp_path))
    parts = tuple(replace(one, source=one.source.replace(old, new)) for one in template.parts)
    assert parts != template.parts
    return replace(template, parts=parts, digest="changed" + old)


def every_kind(document: Word) -> None:
    add(
        document, "Первое слово {{ name }}, второе.", "{%p if flag %}", "Ветвь взята", "{%p endif %}", "Конец"
    )
    document.add_section()
    table(document, ("Слева", "Справа {{ name }}"))
    raw(document, f"<w:p><w:r><w:pict><v:textbox>{BOX}</v:textbox></w:pict></w:r></w:p>")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("Первое слово", "Первое", "P-LOST"),
        ("второе.", "", "P-LOST"),
        ("Ветвь взята", "", "P-LOST"),
        ("Справа", "справа", "P-LOST"),
        ('<w:cols w:space="720"/>', "", "P-THING"),
        ("<w:pict>", "<w:object>", "P-THING"),
        ("Конец", "Конец {{ '{' }}{{ '{' }}", "P-BRACES"),
    ],
)
def test_what_is_lost_refuses_the_paper_and_is_named(old: str, new: str, code: str, tmp_path: Path) -> None:
    template = changed(every_kind, tmp_path, old, new)
    if new.startswith("<"):
        closed = [old.replace("<", "</"), new.replace("<", "</")]
        parts = tuple(replace(one, source=one.source.replace(*closed)) for one in template.parts)
        template = replace(template, parts=parts)

    with pytest.raises(Refused) as refusal:
        proven_parts(template, language(), GROUPS)
    assert [finding.id for finding in refusal.value.findings] == [code]
    assert refusal.value.findings[0].place.part == "word/document.xml"


def test_a_whole_paper_is_proven(tmp_path: Path) -> None:
    assert "Ветвь взята" in seen(drawn(every_kind, tmp_path))


def test_words_have_to_stand_in_their_order() -> None:
    assert first_lost("один\ufdd6два\ufdd7три", "один и два и три") is None
    assert first_lost("один\ufdd6два\ufdd7три", "один и три и два") == "три"


def test_a_failed_proof_writes_no_paper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from reading import EXAMPLES, LAST_DAY, REGIONS

    from papka.core.loading import load_case
    from papka.output import rendering

    region = next(iter(REGIONS))
    press = rendering.Press(PLUGINS.method(region), PLUGINS.language)
    document = next(iter(press.method.papers))

    def losing(self: rendering.Press, paper: Paper) -> Ready:
        template = Template.open(paper.template)
        parts = tuple(replace(one, reading="Слова, которых нет. " + one.reading) for one in template.parts)
        return replace(template, parts=parts, digest="losing").ready(self.language)

    monkeypatch.setattr(rendering.Press, "_ready", losing)

    with pytest.raises(Refused) as refusal:
        list(press.render(load_case(EXAMPLES[0]), document, LAST_DAY))
    assert "Слова, которых нет" in refusal.value.findings[0].message


# --- what stays sound ------------------------------------------------------------------------------------


def test_every_cell_ends_with_a_paragraph_and_no_table_is_without_rows(tmp_path: Path) -> None:
    def build(document: Word) -> None:
        table(document, ("{%p if off %}нет", "б"))
        document.tables[0].cell(0, 0).paragraphs[0].text = "{%p if off %}"
        document.tables[0].cell(0, 0).add_paragraph("нет")
        document.tables[0].cell(0, 0).add_paragraph("{%p endif %}")
        table(document, ("{%tr for x in empty %}",), ("{{ x }}",), ("{%tr endfor %}",))
        add(document, "Конец")

    body = part(drawn(build, tmp_path))

    assert all(cell[-1].tag == f"{W}p" for cell in body.iter(f"{W}tc"))
    assert len(list(body.iter(f"{W}tbl"))) == 1


def test_a_header_whose_branch_is_not_taken_keeps_a_paragraph(tmp_path: Path) -> None:
    def build(document: Word) -> None:
        header = document.sections[0].header
        header.paragraphs[0].text = "{%p if off %}"
        header.add_paragraph("нет")
        header.add_paragraph("{%p endif %}")

    content = drawn(build, tmp_path)

    assert len(Document(io.BytesIO(content)).sections[0].header.paragraphs) == 1


def test_numbers_of_pictures_and_names_of_bookmarks_are_never_twice_in_a_paper(tmp_path: Path) -> None:
    picture = '<w:r><w:drawing><wp:inline><wp:docPr id="3" name="Р"/></wp:inline></w:drawing></w:r>'
    marked = (
        '<w:bookmarkStart w:id="5" w:name="место"/><w:r><w:t>{{ row.a }}</w:t></w:r><w:bookmarkEnd w:id="5"/>'
    )

    def build(document: Word) -> None:
        add(document, "{%p for row in rows %}")
        raw(document, f"<w:p>{marked}{picture}</w:p>")
        add(document, "{%p endfor %}")

    root = part(drawn(build, tmp_path))
    drawings = [one.get("id") for one in root.iter("{*}docPr")]
    starts = [(one.get(f"{W}id"), one.get(f"{W}name")) for one in root.iter(f"{W}bookmarkStart")]
    ends = [one.get(f"{W}id") for one in root.iter(f"{W}bookmarkEnd")]

    assert len(set(drawings)) == len(drawings) == 3
    assert len({name for _, name in starts}) == 3
    assert [number for number, _ in starts] == ends
    assert len(set(ends)) == 3


def page_break(document: Word) -> None:
    document.add_page_break()


def test_a_loop_with_page_breaks_leaves_no_empty_page_at_the_end(tmp_path: Path) -> None:
    def build(document: Word) -> None:
        add(document, "{%p for row in rows %}", "Лист {{ row.a }}")
        page_break(document)
        add(document, "{%p endfor %}")

    root = part(drawn(build, tmp_path))

    assert len(list(root.iter(f"{W}br"))) == 2


def test_a_page_break_that_the_author_put_before_words_stays(tmp_path: Path) -> None:
    def build(document: Word) -> None:
        add(document, "{%p for row in rows %}", "Лист {{ row.a }}")
        page_break(document)
        add(document, "{%p endfor %}", "Конец")

    assert len(list(part(drawn(build, tmp_path)).iter(f"{W}br"))) == 3


def test_a_check_box_is_drawn_in_a_font_that_has_it(tmp_path: Path) -> None:
    root = part(
        drawn(lambda document: add(document, "Да: {{ flag|флажок }}, нет: {{ off|флажок }}."), tmp_path)
    )
    boxes = {
        run.findtext(f"{W}t"): run.find(f"{W}rPr/{W}rFonts").get(f"{W}ascii")  # type: ignore[union-attr]
        for run in root.iter(f"{W}r")
        if run.findtext(f"{W}t") in ("☐", "☒")
    }

    assert boxes == {"☒": "Segoe UI Symbol", "☐": "Segoe UI Symbol"}


# --- lists -----------------------------------------------------------------------------------------------


def numbers(content: bytes) -> list[tuple[str, str]]:
    """Return each item of a list with the number that Word gives it."""
    numbering = parse(Document(io.BytesIO(content)).part.numbering_part.blob, "numbering.xml")
    lists = {one.get(f"{W}numId"): one for one in numbering.findall(f"{W}num")}
    counts: dict[str, int] = {}
    found: list[tuple[str, str]] = []
    for paragraph in part(content).iter(f"{W}p"):
        number = paragraph.find(f"{W}pPr/{W}numPr/{W}numId")
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        if number is None and (style is None or style.get(f"{W}val") != "ListNumber"):
            continue
        name = str(number.get(f"{W}val")) if number is not None else "style"
        counts[name] = counts.get(name, 0) + 1
        if name != "style":
            starts = [one.get(f"{W}val") for one in lists[name].iter(f"{W}startOverride")]
            assert set(starts) == {"1"}
        found.append((str(counts[name]), "".join(one.text or "" for one in paragraph.iter(f"{W}t"))))
    return found


def item(document: Word, text: str) -> None:
    document.add_paragraph(text, style="List Number")


def test_a_list_in_a_turn_of_a_loop_begins_at_one_in_each_turn(tmp_path: Path) -> None:
    def build(document: Word) -> None:
        add(document, "{%p for group in groups %}", "Группа {{ loop.index }}", "{%p for x in group %}")
        item(document, "{{ x }}")
        add(document, "{%p endfor %}", "{%p endfor %}")

    assert numbers(drawn(build, tmp_path)) == [
        ("1", "а"),
        ("2", "б"),
        ("1", "в"),
        ("1", "г"),
        ("2", "д"),
        ("3", "е"),
    ]


def test_items_that_a_loop_makes_are_one_list(tmp_path: Path) -> None:
    def build(document: Word) -> None:
        add(document, "{%p for row in rows %}")
        item(document, "{{ row.a }}")
        add(document, "{%p endfor %}")

    assert [number for number, _ in numbers(drawn(build, tmp_path))] == ["1", "2", "3"]


def test_a_comment_begins_a_list_again(tmp_path: Path) -> None:
    def build(document: Word) -> None:
        item(document, "а")
        item(document, "б")
        add(document, "{# список заново #}")
        item(document, "в")
        item(document, "г")

    content = drawn(build, tmp_path)

    assert [number for number, _ in numbers(content)] == ["1", "2", "1", "2"]
    assert not list(part(content).iter(etree.ProcessingInstruction))


def test_a_list_that_begins_before_the_loop_goes_on_through_it(tmp_path: Path) -> None:
    def build(document: Word) -> None:
        item(document, "перед")
        add(document, "{%p for group in groups %}", "Группа", "{%p for x in group %}")
        item(document, "{{ x }}")
        add(document, "{%p endfor %}", "{%p endfor %}")

    assert [number for number, _ in numbers(drawn(build, tmp_path))] == [str(n) for n in range(1, 8)]


def test_a_colour_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="colour"):
        drawn(lambda document: table(document, ("{% cellbg name %}а",)), tmp_path)


def test_a_value_cannot_make_a_field_that_reads_files(tmp_path: Path) -> None:
    def build(document: Word) -> None:
        paragraph = document.add_paragraph("А")
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), "{{ name }}")
        paragraph._p.append(field)

    with pytest.raises(Exception, match="field"):
        drawn(build, tmp_path, name='INCLUDETEXT "/etc/passwd"')
