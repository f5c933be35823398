"""What a merge makes of each kind of change: of words, tags, paragraphs, rows, and of what a file is made of."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date

import pytest
from docx import Document
from edits import DOCUMENT, paragraphs, with_body
from lxml import etree

from papka.output.bench.merge import Merged, merge, without_waiting
from papka.output.package import W, open_package
from papka.output.revisions import accepted, rejected
from papka.output.tags import visible_text

DAY = date(2025, 3, 4)

BASE = [
    "Раз два три четыре.",
    "Второй абзац тут стоит.",
    "Третий про {{ дело.номер }} и всё.",
    "Последний абзац здесь.",
]


def file_of(*blocks: str | list[list[str]], bold: int | None = None) -> bytes:
    """Write a Word file of paragraphs and tables."""
    document = Document()
    for number, block in enumerate(blocks):
        if isinstance(block, str):
            run = document.add_paragraph().add_run(block)
            run.bold = True if number == bold else None
            continue
        table = document.add_table(len(block), len(block[0]))
        for row, texts in zip(table.rows, block, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
    document.core_properties.revision = 1
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def seen(merged: Merged, view: Callable[[etree._Element], etree._Element]) -> list[str]:
    root = view(open_package(merged.content).xml(DOCUMENT))
    return [visible_text(one) for one in root.iter(f"{W}p")]


def changed(number: int, text: str | None) -> list[str]:
    return [*BASE[:number], *([text] if text is not None else []), *BASE[number + 1 :]]


def merged_of(ours: list[str], theirs: list[str], base: list[str] = BASE) -> Merged:
    return merge(file_of(*base), file_of(*ours), file_of(*theirs), DAY, "own.docx")


def test_two_words_of_one_paragraph_are_both_taken() -> None:
    merged = merged_of(changed(0, "Раз наше три четыре."), changed(0, "Раз два три чужое."))
    assert seen(merged, rejected) == changed(0, "Раз наше три чужое.") and not merged.conflicts


def test_a_word_that_both_changed_waits_in_word() -> None:
    merged = merged_of(changed(0, "Раз наше три четыре."), changed(0, "Раз чужое три четыре."))
    assert seen(merged, rejected) == changed(0, "Раз наше три четыре.")
    assert seen(merged, accepted) == changed(0, "Раз чужое три четыре.")
    (conflict,) = merged.conflicts
    assert (conflict.ours, conflict.theirs, conflict.place.paragraph) == ("наше", "чужое", 1)
    marks = list(open_package(merged.content).xml(DOCUMENT).iter(f"{W}ins", f"{W}del"))
    assert {(one.get(f"{W}author"), one.get(f"{W}date")) for one in marks} == {
        ("papka", "2025-03-04T00:00:00Z")
    }


def test_words_side_by_side_are_one_conflict_and_make_no_sentence_that_nobody_wrote() -> None:
    merged = merged_of(changed(0, "Раз два наше четыре."), changed(0, "Раз два три чужое."))
    assert seen(merged, rejected)[0] == "Раз два наше четыре."
    assert seen(merged, accepted)[0] == "Раз два три чужое."


def test_the_same_change_on_both_sides_is_taken_once() -> None:
    same = [BASE[0], "Новое общее предложение.", *BASE[1:]]
    assert seen(merged_of(same, same), rejected) == same
    mixed = merged_of(same, [*same[:4], "Последний чужой абзац здесь."])
    assert seen(mixed, rejected) == [*same[:4], "Последний чужой абзац здесь."]


def test_a_paragraph_that_the_plugin_took_out_and_the_centre_changed_stays() -> None:
    merged = merged_of(changed(1, "Второй наш абзац тут стоит."), changed(1, None))
    assert seen(merged, rejected) == changed(1, "Второй наш абзац тут стоит.")
    assert seen(merged, accepted) == changed(1, None)


def test_a_paragraph_that_the_centre_took_out_and_the_plugin_changed_is_offered() -> None:
    merged = merged_of(changed(1, None), changed(1, "Второй чужой абзац тут стоит."))
    assert seen(merged, rejected) == changed(1, None)
    assert seen(merged, accepted) == changed(1, "Второй чужой абзац тут стоит.")


def test_a_paragraph_moved_by_one_and_changed_by_the_other_is_moved_and_changed() -> None:
    moved = [BASE[1], BASE[0], *BASE[2:]]
    new = "Третий про {{ дело.номер }} и многое."
    place = [BASE[2], BASE[0], BASE[1], BASE[3]]
    assert seen(merged_of(moved, changed(2, new)), rejected) == [BASE[1], BASE[0], new, BASE[3]]
    assert seen(merged_of(changed(2, new), place), rejected) == [new, BASE[0], BASE[1], BASE[3]]
    assert seen(merged_of(place, changed(2, new)), rejected) == [new, BASE[0], BASE[1], BASE[3]]


def test_both_replaced_a_paragraph_and_the_plugins_waits() -> None:
    merged = merged_of(changed(1, "Совсем другие наши слова."), changed(1, "Иная чужая фраза взамен."))
    assert seen(merged, rejected) == changed(1, "Совсем другие наши слова.")
    assert len(merged.conflicts) == 1


def test_a_tag_that_both_changed_is_offered_whole() -> None:
    ours, theirs = (f"Третий про {{{{ дело.номер|линия({n}) }}}} и всё." for n in (3, 9))
    merged = merged_of(changed(2, ours), changed(2, theirs))
    assert seen(merged, rejected)[2] == ours and seen(merged, accepted)[2] == theirs
    assert merged.conflicts[0].theirs == "{{ дело.номер|линия(9) }}"


def test_a_block_never_loses_its_end() -> None:
    base = ["Слово {% if a %}раз два{% endif %} конец."]
    merged = merged_of(
        ["Слово раз два конец."], ["Слово {% if a %}раз два{% elif b %}три{% endif %} конец."], base
    )
    assert seen(merged, rejected) == ["Слово раз два конец."]
    assert seen(merged, accepted) == ["Слово {% if a %}раз два{% elif b %}три{% endif %} конец."]


def test_the_look_of_the_centres_words_stays_and_new_words_look_like_them() -> None:
    base, ours, theirs = file_of("Раз два."), file_of("Раз два.", bold=0), file_of("Раз два три.")
    document = Document(io.BytesIO(merge(base, ours, theirs, DAY).content))
    (paragraph,) = document.paragraphs
    assert paragraph.text == "Раз два три." and all(run.bold for run in paragraph.runs)


TABLE = [["Поле", "Значение"], ["Имя", "{{ a }}"], ["Дата рождения", "{{ b }}"], ["Место учёбы", "{{ c }}"]]


def with_table(*rows: list[str]) -> bytes:
    return file_of("Начало.", list(rows), "Конец.")


def test_rows_and_cells_are_merged_apart() -> None:
    ours = with_table(TABLE[0], ["Имя полностью", "{{ a }}"], *TABLE[2:], ["Наша строка", "{{ d }}"])
    theirs = with_table(*TABLE[:2], ["Дата рождения", "{{ b|датой }}"], ["Адрес семьи", "{{ e }}"], TABLE[3])
    merged = merge(with_table(*TABLE), ours, theirs, DAY)
    cells = ["Поле", "Значение", "Имя полностью", "{{ a }}", "Дата рождения", "{{ b|датой }}", "Адрес семьи"]
    cells += ["{{ e }}", "Место учёбы", "{{ c }}", "Наша строка", "{{ d }}"]
    assert seen(merged, rejected) == ["Начало.", *cells, "Конец."] and not merged.conflicts


def test_a_row_changed_by_the_centre_and_taken_out_by_the_plugin_stays() -> None:
    ours = with_table(TABLE[0], ["Имя полностью", "{{ a }}"], *TABLE[2:])
    merged = merge(with_table(*TABLE), ours, with_table(TABLE[0], *TABLE[2:]), DAY, "own.docx")
    assert "Имя полностью" in seen(merged, rejected) and "Имя полностью" not in seen(merged, accepted)
    (conflict,) = merged.conflicts
    assert (conflict.place.table, conflict.place.row, conflict.place.cell) == (1, 2, 1)


def test_a_table_of_another_shape_stands_behind_the_centres() -> None:
    ours = with_table(TABLE[0], ["Имя полностью", "{{ a }}"], *TABLE[2:])
    merged = merge(with_table(*TABLE), ours, with_table(*[[*row, "ещё"] for row in TABLE]), DAY)
    assert [one for one in seen(merged, rejected) if one] == [one for one in paragraphs(ours) if one]
    assert seen(merged, accepted).count("ещё") == 4 and "Имя полностью" in seen(merged, accepted)


# --- what comes along ------------------------------------------------------------------------------------


def built(make: Callable[[Document], None]) -> bytes:  # type: ignore[valid-type]
    document = Document()
    document.add_paragraph("Начало документа.")
    make(document)
    document.add_paragraph("Конец документа.")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def plain(document: Document) -> None:  # type: ignore[valid-type]
    document.add_paragraph("Середина документа.")  # type: ignore[attr-defined]


def ours_of(document: Document) -> None:  # type: ignore[valid-type]
    document.add_paragraph("Середина нашего документа.")  # type: ignore[attr-defined]


def brought(make: Callable[[Document], None]) -> Document:  # type: ignore[valid-type]
    def theirs(document: Document) -> None:  # type: ignore[valid-type]
        plain(document)
        make(document)

    merged = merge(built(plain), built(ours_of), built(theirs), DAY)
    assert not merged.conflicts
    document = Document(io.BytesIO(merged.content))
    assert document.paragraphs[1].text == "Середина нашего документа."
    return document


def test_a_style_of_the_plugins_comes_along() -> None:
    def make(document: Document) -> None:  # type: ignore[valid-type]
        from docx.enum.style import WD_STYLE_TYPE

        style = document.styles.add_style("Новый стиль", WD_STYLE_TYPE.PARAGRAPH)  # type: ignore[attr-defined]
        style.base_style = document.styles["Heading 1"]  # type: ignore[attr-defined]
        style.font.italic = True
        document.add_paragraph("Новый абзац.", style="Новый стиль")  # type: ignore[attr-defined]

    style = brought(make).paragraphs[2].style  # type: ignore[attr-defined]
    assert (style.name, style.base_style.name, style.font.italic) == ("Новый стиль", "Heading 1", True)


def test_a_style_is_known_by_its_name_whatever_id_word_gave_it() -> None:
    def renamed(root: etree._Element) -> None:
        for style in root.findall(f"{W}style"):
            if style.get(f"{W}styleId") == "Heading1":
                style.set(f"{W}styleId", "1")

    ours = with_body(built(ours_of), renamed, "word/styles.xml")
    theirs = built(lambda document: (plain(document), document.add_heading("Заголовок")))  # type: ignore[attr-defined]
    document = Document(io.BytesIO(merge(built(plain), ours, theirs, DAY).content))
    assert document.paragraphs[2].style is not None and document.paragraphs[2].style.style_id == "1"
    assert [one.name for one in document.styles].count("Heading 1") == 1


def test_a_look_that_only_the_plugin_changed_is_taken_into_the_style() -> None:
    def make(document: Document) -> None:  # type: ignore[valid-type]
        document.styles["Normal"].font.italic = True  # type: ignore[attr-defined]

    assert brought(make).styles["Normal"].font.italic is True  # type: ignore[attr-defined]


def test_numbering_comes_along_under_a_new_number() -> None:
    def make(document: Document) -> None:  # type: ignore[valid-type]
        numbering = document.part.numbering_part.element  # type: ignore[attr-defined]
        number = numbering.add_num(int(numbering.findall(f"{W}abstractNum")[0].get(f"{W}abstractNumId")))
        level = number.add_lvlOverride(0)
        level.add_startOverride(7)
        paragraph = document.add_paragraph("Пункт списка.")  # type: ignore[attr-defined]
        properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_ilvl().val = 0
        properties.get_or_add_numId().val = number.numId

    document = brought(make)
    number = document.paragraphs[2]._p.pPr.numPr.numId.val  # type: ignore[attr-defined]
    found = document.part.numbering_part.element.num_having_numId(number)  # type: ignore[attr-defined]
    assert found.find(f".//{W}startOverride").get(f"{W}val") == "7"


def test_a_picture_comes_along() -> None:
    from docx.shared import Mm

    def make(document: Document) -> None:  # type: ignore[valid-type]
        document.add_picture(io.BytesIO(PICTURE), width=Mm(5))  # type: ignore[attr-defined]

    document = brought(make)
    assert [part.blob for part in document.part.package.image_parts] == [PICTURE]  # type: ignore[attr-defined]
    assert document.inline_shapes[0].width == Mm(5)  # type: ignore[attr-defined]


def test_pictures_that_both_changed_are_both_kept() -> None:
    def with_picture(content: bytes) -> bytes:
        return built(lambda document: document.add_picture(io.BytesIO(content)))  # type: ignore[attr-defined]

    others = [PICTURE + bytes([number]) for number in range(3)]
    merged = merge(*map(with_picture, others), DAY)
    document = Document(io.BytesIO(merged.content))
    assert len(merged.conflicts) == 1
    assert {part.blob for part in document.part.package.image_parts} >= set(others[1:])


def test_a_header_is_merged_with_the_header_of_its_role() -> None:
    def headed(text: str, footer: str | None = None) -> bytes:
        def make(document: Document) -> None:  # type: ignore[valid-type]
            document.sections[0].header.paragraphs[0].text = text  # type: ignore[attr-defined]
            if footer:
                document.sections[0].footer.paragraphs[0].text = footer  # type: ignore[attr-defined]

        return built(make)

    merged = merge(
        headed("Центр помощи семье"),
        headed("Наш центр помощи семье"),
        headed("Центр помощи семье и детям", "Низ"),
        DAY,
    )
    section = Document(io.BytesIO(merged.content)).sections[0]
    assert section.header.paragraphs[0].text == "Наш центр помощи семье и детям"
    assert section.footer.paragraphs[0].text == "Низ"


def test_page_setup_that_only_the_plugin_changed_is_taken() -> None:
    from docx.shared import Mm

    def make(document: Document) -> None:  # type: ignore[valid-type]
        document.sections[0].left_margin = Mm(33)  # type: ignore[attr-defined]

    assert round(brought(make).sections[0].left_margin.mm) == 33  # type: ignore[attr-defined]


PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc000000301"
    "0100c9fe92ef0000000049454e44ae426082"
)


# --- what cannot be cut ----------------------------------------------------------------------------------

FIELD = "".join(
    f"<w:r>{one}</w:r>"
    for one in ('<w:fldChar w:fldCharType="begin"/>', "<w:instrText> {} </w:instrText>", '<w:fldChar w:fldCharType="end"/>')
)  # fmt: skip
BOX = "<w:r><w:pict><w:txbxContent><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:txbxContent></w:pict></w:r>"
TRACKED = '<w:ins w:id="1" w:author="Мария" w:date="2024-01-01T00:00:00Z"><w:r><w:t>{}</w:t></w:r></w:ins>'


def with_xml(*paragraphs_: str) -> bytes:
    """Write a Word file of paragraphs given as Word's own XML."""

    def change(root: etree._Element) -> None:
        body = root[0]
        for child in list(body)[:-1]:
            body.remove(child)
        for one in reversed(paragraphs_):
            body.insert(0, etree.fromstring(f'<w:p xmlns:w="{W[1:-1]}">{one}</w:p>'))

    return with_body(file_of("x"), change)


def run_of(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


@pytest.mark.parametrize("thing", [FIELD, BOX])
def test_a_field_and_a_text_box_are_kept_whole_on_both_sides(thing: str) -> None:
    base, ours, theirs = (
        with_xml(run_of("Перед ") + thing.format(one)) for one in ("PAGE", "NUMPAGES", "DATE")
    )
    merged = merge(base, ours, theirs, DAY)
    assert len(merged.conflicts) == 1
    for view, content in ((rejected, ours), (accepted, theirs)):
        root = view(open_package(merged.content).xml(DOCUMENT))
        assert "".join(root.itertext()) == "".join(open_package(content).xml(DOCUMENT).itertext())


def test_changes_that_somebody_tracks_in_the_centre_stay_as_they_are() -> None:
    ours = with_xml(TRACKED.format("Вставка ") + run_of("Раз два три."), run_of("Конец."))
    base = with_xml(run_of("Раз два три."), run_of("Конец."))
    for theirs in (with_xml(run_of("Раз два чужое."), run_of("Конец.")), with_xml(run_of("Конец."))):
        merged = merge(base, ours, theirs, DAY)
        (change,) = (
            one
            for one in open_package(merged.content).xml(DOCUMENT).iter(f"{W}ins")
            if one.get(f"{W}author") == "Мария"
        )
        assert "".join(change.itertext()) == "Вставка " and merged.conflicts
        assert paragraphs(without_waiting(merged.content)) == paragraphs(ours)
    elsewhere = merge(base, ours, with_xml(run_of("Раз два три."), run_of("Конец совсем.")), DAY)
    assert paragraphs(elsewhere.content) == ["Вставка Раз два три.", "Конец совсем."]
    assert not elsewhere.conflicts


def test_a_bookmark_and_a_comment_of_the_centres_stay() -> None:
    start, end = '<w:bookmarkStart w:id="3" w:name="z"/>', '<w:bookmarkEnd w:id="3"/>'
    ours = with_xml(start + run_of("Раз наше два."), run_of("Три."), run_of("Конец.") + end)
    base = with_xml(run_of("Раз два."), run_of("Три."), run_of("Конец."))
    merged = merge(base, ours, with_xml(run_of("Раз два чужое."), run_of("Конец совсем.")), DAY)
    root = open_package(merged.content).xml(DOCUMENT)
    assert len(list(root.iter(f"{W}bookmarkStart"))) == len(list(root.iter(f"{W}bookmarkEnd"))) == 1
    assert paragraphs(merged.content) == ["Раз наше два чужое.", "Конец совсем."]
