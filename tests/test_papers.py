"""Every paper of every example family, as a reader would see it."""

import re
from functools import cache
from pathlib import Path

import pytest
from docx import Document
from docx.document import Document as Word
from reading import DOCUMENTS, EXAMPLES, LAST_DAY, NBSP, PLUGINS, REFUSED, as_word, words

from papka.core import Plugins, load_case
from papka.core.errors import Refused
from papka.core.opening import open_case
from papka.output.rendering import Press, Rendered
from papka.output.template import Template
from papka.output.work import ready


@cache
def papers(example: Path) -> tuple[tuple[Rendered, Word], ...]:
    opened = open_case(str(example), Path.cwd(), PLUGINS)
    press = Press(opened.method, PLUGINS.language)
    names = ready(opened, LAST_DAY)
    return tuple(
        (paper, as_word(paper)) for name in names for paper in press.render(opened.case, name, LAST_DAY)
    )


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_every_document_that_the_case_has_facts_for_is_drawn_up(example: Path) -> None:
    assert papers(example)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_no_paper_shows_what_only_a_program_would_say(example: Path) -> None:
    for paper, document in papers(example):
        for text in words(document):
            found = re.search(
                r"\{\{|\}\}|\{%|%\}|\bNone\b|Undefined|\bTrue\b|\bFalse\b|Missing|\bnan\b", text
            )
            assert found is None, (paper.name, found)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_no_paper_says_both_genders_of_a_person_whose_sex_is_known(example: Path) -> None:
    for paper, document in papers(example):
        for text in words(document):
            assert not re.search(r"именуем\w*\s*\(-?ая\)|действующ\w*\s*\(-?ей\)", text), paper.name


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_no_paper_has_doubled_stops_or_spaces(example: Path) -> None:
    for paper, document in papers(example):
        for text in words(document):
            found = re.search(r"[^.]\.\.(?!\.)|,,| ,|,\.|\( | \)|;\.", text)
            assert found is None, (paper.name, found and text[max(0, found.start() - 30) : found.end() + 10])


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_page_setup_headers_and_cells_survive(example: Path) -> None:
    from docx.oxml.ns import qn

    for paper, document in papers(example):
        body = document.element.body
        assert body[-1].tag == qn("w:sectPr"), paper.name
        for cell in body.iter(qn("w:tc")):
            assert cell[-1].tag == qn("w:p"), paper.name
        for table in body.iter(qn("w:tbl")):
            assert table.find(qn("w:tr")) is not None, paper.name


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_the_same_case_and_day_give_the_same_bytes(example: Path) -> None:
    opened = open_case(str(example), Path.cwd(), Plugins())
    press = Press(opened.method, opened.plugins.language)
    for paper, _ in papers(example)[::4]:
        index = int(paper.name.rsplit("_", 1)[1]) if paper.name != paper.document else None
        again = next(iter(press.render(opened.case, paper.document, LAST_DAY, index)))
        assert again.content == paper.content


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_no_file_name_and_no_property_names_a_person(example: Path) -> None:
    case = load_case(example)
    names = {member.last_name for member in case.family.members}
    for paper, document in papers(example):
        properties = document.core_properties
        assert re.fullmatch(r"[a-z0-9_]+", paper.name)
        assert not any(name in f"{properties.title}{properties.author}" for name in names)
        assert properties.author == "" and properties.last_modified_by == ""


@pytest.mark.parametrize("example", REFUSED, ids=lambda path: path.stem)
def test_an_example_that_must_be_refused_is_refused_with_places(example: Path) -> None:
    with pytest.raises(Refused) as refused:
        load_case(example)

    assert refused.value.findings
    assert all(finding.place.line and finding.cure for finding in refused.value.findings)


@pytest.mark.parametrize(("programme", "document"), DOCUMENTS, ids=lambda value: value)
def test_every_template_passes_the_check(programme: str, document: str) -> None:
    press = Press(PLUGINS.method(programme), PLUGINS.language)

    assert [(f.id, f.message, f.place.path) for f in press.check(document)] == []


@pytest.mark.parametrize(("programme", "document"), DOCUMENTS, ids=lambda value: value)
def test_every_document_renders_without_data_as_lines_to_fill(programme: str, document: str) -> None:
    press = Press(PLUGINS.method(programme), PLUGINS.language)

    text = "\n".join(words(as_word(press.blank(document))))

    assert "____" in text or "☐" in text
    assert "{" not in text and "None" not in text


@pytest.mark.parametrize(("programme", "document"), DOCUMENTS, ids=lambda value: value)
def test_every_template_follows_the_manners_of_an_official_paper(programme: str, document: str) -> None:
    """ГОСТ Р 7.0.97: A4, margins left 30, right 10, top and bottom at least 20 mm, Times New Roman."""
    path = PLUGINS.method(programme).papers[document].template
    word = Document(str(path))

    for section in word.sections:
        sides = {round(section.page_width.mm), round(section.page_height.mm)}
        assert sides == {210, 297}
        margins = (section.left_margin, section.right_margin, section.top_margin, section.bottom_margin)
        assert min(round(margin.mm) for margin in margins) >= 10
        assert max(round(section.left_margin.mm), round(section.top_margin.mm)) >= 20
    assert "Times New Roman" in Template.open(path).package.members["word/styles.xml"].decode("utf-8")


def text_of(example: str, document: str, number: int | None = None) -> str:
    path = next(path for path in EXAMPLES if path.stem == example)
    name = document if number is None else f"{document}_{number}"
    return "\n".join(text for paper, word in papers(path) if paper.name == name for text in words(word))


def test_the_agreement_names_both_sides_in_the_right_grammatical_case() -> None:
    text = text_of("chernykh_shevchenko", "krg_agreement").replace(NBSP, " ")

    assert "в лице директора Ткача Ильи Никитича" in text
    assert "действующего на основании Устава" in text
    assert "Черных Льва" in text or "Шевченко Льва Игоревича" in text


def test_the_protocol_appoints_the_curator_in_the_accusative() -> None:
    text = text_of("chernykh_shevchenko", "krg_tg_protocol", 1).replace(NBSP, " ")

    assert re.search(r"назначить куратором.{0,60}Гусь Наталью Петровну", text, re.IGNORECASE)


def test_the_cooperation_agreement_names_the_head_in_the_genitive() -> None:
    text = text_of("kim", "sos_cooperation_agreement").replace(NBSP, " ")

    assert "в лице руководителя программы" in text
    assert "Кравца Фёдора Ильича" in text


def test_a_farewell_that_nobody_announced_still_prints_what_was_said() -> None:
    """The paper is of the day of the meeting, when the case is not closed yet and no notice was written."""
    opened = open_case(str(next(path for path in EXAMPLES if path.stem == "kim")), Path.cwd(), PLUGINS)
    closure = opened.case.closure
    assert closure is not None and closure.farewell is not None
    case = opened.case.model_copy(update={"closure": closure.model_copy(update={"notice_on": None})})

    paper = next(iter(Press(opened.method, PLUGINS.language).render(case, "com_farewell_record", LAST_DAY)))

    assert closure.farewell.client_before_after in "\n".join(words(as_word(paper)))


def test_a_child_is_named_with_the_age_of_the_papers_day() -> None:
    """Павел turned ten in the middle of the case: his opinion is asked at the end and not before."""
    final = text_of("chernykh_shevchenko", "krg_final_monitoring", 1)

    assert "хожу на шахматы" in final


def test_who_has_died_is_no_member_of_the_family_that_asks_for_help() -> None:
    for example, name in (("rimskie_korsakovy", "Сергей Львович"), ("orazovy", "Мердан")):
        assert name not in text_of(example, "krg_application")
        assert name not in text_of(example, "krg_ipss", 1)


def test_a_violent_parent_who_lives_apart_is_given_no_copy_of_the_living_conditions() -> None:
    text = text_of("galimovy", "com_living_act", 1).replace(NBSP, " ")

    assert "А. Р. Галимова" in text
    assert "Г. О. Чернышёв" not in text


def test_papers_say_what_was_so_on_their_day() -> None:
    addendum = text_of("orazovy", "com_addendum", 3).replace(NBSP, " ")
    handover = text_of("orazovy", "com_handover", 1)
    refused = text_of("rimskie_korsakovy", "krg_tg_extract", 1)

    assert "прежний срок — до 30 апреля 2026 г." in addendum, "the second addendum moved the term"
    assert "Крыша над детской" in handover
    assert "Дела по дому" not in handover, "a task of the plan that was made when the case was opened again"
    assert "2/2026" not in refused, "the case that was not opened had no number yet"


def test_who_signs_as_a_party_does_not_sign_as_a_child_too() -> None:
    text = text_of("rimskie_korsakovy", "krg_agreement").replace(NBSP, " ")

    assert text.count("В. С. Римская-Корсакова") == 1
    assert "Г. С. Римский-Корсаков" in text


def test_a_centres_own_template_wins_over_the_plugins(tmp_path: Path) -> None:
    (tmp_path / "office.yaml").write_text("papka: '1'\nlanguage: ru\n", "utf-8")
    example = next(path for path in EXAMPLES if path.stem == "kim")
    case = tmp_path / "cases" / "kim" / "case.yaml"
    case.parent.mkdir(parents=True)
    case.write_bytes(example.read_bytes())
    own = Document()
    own.add_paragraph("Наш бланк: {{ семья.название }}")
    (tmp_path / "templates").mkdir()
    own.save(str(tmp_path / "templates" / "sos_statement.docx"))

    opened = open_case(str(case), tmp_path, PLUGINS)
    press = Press(opened.method, PLUGINS.language)
    text = "\n".join(words(as_word(next(iter(press.render(opened.case, "sos_statement", LAST_DAY))))))

    assert "Наш бланк: семья Ким" in text
