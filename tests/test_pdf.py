"""A PDF is a paper only if nothing of its Word file is absent from it; engines are watched and leave nothing.

Real LibreOffice and the real embedded engine draw small papers made here; the gate is tried by drawing papers
from which something was taken away, and holding them against the whole ones.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
import pytest
from small_papers import NB, R, field, marked, numbered, par, run, table, word_file

from papka.output import package as package_module
from papka.output.package import open_package
from papka.output.pdf import (
    LibreOffice,
    PdfEngine,
    PdfError,
    Rdocx,
    choose_engine,
    describe_engines,
    font_report,
    fonts,
    pdf_info,
    to_pdf,
)
from papka.output.pdf import libreoffice as libreoffice_module
from papka.output.pdf.features import feature_names, unproven
from papka.output.pdf.gate import GateReport, compare, compare_pages
from papka.output.pdf.labels import written
from papka.output.pdf.normal import normalised
from papka.output.pdf.pages import make_page, page_count
from papka.output.pdf.running import ROOM, is_whole_pdf, run_watched

ENGINES: dict[str, PdfEngine] = {"libreoffice": LibreOffice(), "rdocx": Rdocx()}
posix_only = pytest.mark.skipif(sys.platform == "win32", reason="the false programs here are shell scripts")


LONG = "Куратор помогает семье оформить документы и записаться к врачу. " * 9


def pieces() -> list[str]:
    """Return the paragraphs of a paper of two pages; tests take away or change one."""
    lines = [
        par("СОГЛАШЕНИЕ о сопровождении семьи № 12"),
        par("Семья Черно-Беловых, проживающая по адресу: г. Курган, ул. Ленина, д. 5."),
        numbered("Предмет соглашения"),
        numbered("Учреждение помогает семье, семья выполняет план.", 1),
        numbered("Стороны действуют добровольно.", 1),
        numbered("по взаимному согласию", 2),
        numbered("Порядок"),
        par("Приём ведётся по записи.", '<w:pStyle w:val="clause"/>'),
        numbered("помощь психолога", number=2),
        marked("☒", "жильё благоустроено"),
        marked("☐", "иное"),
        table([["№", "Имя", "Учится"], ["1", "Анна", "да"], ["2", "Пётр", "нет"], ["3", "Олег", "да"]]),
        par("Подпись ____________ / ______________ /"),
        *(par(f"Запись {n}. {LONG}") for n in range(1, 6)),
        numbered("Новый перечень", number=9),
        par("Всё верно — «да»…"),
    ]
    return lines


HEADER = par("Карта семьи, лист ", raw=field("PAGE"))
FOOTER = par("Учреждение «Надежда», из ", raw=field("NUMPAGES"))

CHANGES: dict[str, Callable[[list[str]], object]] = {
    "word in the middle": lambda p: p.__setitem__(3, p[3].replace("помогает ", "")),
    "last word": lambda p: p.__setitem__(15, p[15].replace("врачу. </w:t>", "</w:t>")),
    "first word": lambda p: p.__setitem__(1, p[1].replace("Семья ", "")),
    "order of words": lambda p: p.__setitem__(4, p[4].replace("Стороны действуют", "действуют Стороны")),
    "paragraph": lambda p: p.pop(14),
    "short cell": lambda p: p.__setitem__(11, p[11].replace(">нет<", "><")),
    "one of two equal cells": lambda p: p.__setitem__(11, p[11].replace(">да<", "><", 1)),
    "number": lambda p: p.__setitem__(0, p[0].replace("12", "1")),
    "hyphen": lambda p: p.__setitem__(1, p[1].replace("Черно-Беловых", "ЧерноБеловых")),
    "line to sign on": lambda p: p.__setitem__(12, par("Подпись ____________ /  /")),
    "label": lambda p: p.__setitem__(4, par("Стороны действуют добровольно.")),
    "letter label": lambda p: p.__setitem__(5, par("по взаимному согласию")),
    "label by style": lambda p: p.__setitem__(7, par("Приём ведётся по записи.")),
    "dash label": lambda p: p.__setitem__(8, par("помощь психолога")),
    "restart of a list": lambda p: p.__setitem__(18, numbered("Новый перечень")),
    "list level": lambda p: p.__setitem__(6, numbered("Порядок", 1)),
    "check mark": lambda p: p.__setitem__(9, marked("", "жильё благоустроено")),
    "kind of check mark": lambda p: p.__setitem__(10, marked("☒", "иное")),
}
LABELS = {"label", "letter label", "label by style", "dash label", "restart of a list", "list level"}
MARKS = {"check mark", "kind of check mark"}


@pytest.fixture(scope="session", params=list(ENGINES))
def engine(request: pytest.FixtureRequest) -> PdfEngine:
    found = ENGINES[request.param]
    if (lacking := found.why_not()) is not None:
        pytest.skip(f"{found.name} cannot work here: {lacking}")
    return found


@pytest.fixture(scope="session")
def libreoffice() -> LibreOffice:
    found = LibreOffice()
    if (lacking := found.why_not()) is not None:
        pytest.skip(f"LibreOffice cannot work here: {lacking}")
    return found


@pytest.fixture(scope="session")
def drawn(engine: PdfEngine, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, Path]]:
    """The whole paper, and each changed one, drawn with one start of the engine: Word file and PDF."""
    folder = tmp_path_factory.mktemp(engine.name)
    papers = [word_file(folder / "whole.docx", "".join(pieces()), HEADER, FOOTER)]
    for number, change in enumerate(CHANGES.values()):
        changed = pieces()
        change(changed)
        papers.append(word_file(folder / f"changed{number}.docx", "".join(changed), HEADER, FOOTER))
    body = "".join(pieces())
    papers.append(word_file(folder / "header.docx", body, HEADER.replace("семьи", ""), FOOTER))
    papers.append(word_file(folder / "footer.docx", body, HEADER))
    papers.append(word_file(folder / "page.docx", body, par("Карта семьи, лист 1"), FOOTER))
    names = ["whole", *CHANGES, "header", "footer", "page"]
    results = engine.convert(papers, folder / "pdf")
    return {name: (one.source, one.pdf or Path()) for name, one in zip(names, results, strict=True)}


@pytest.fixture(autouse=True)
def temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Private folders lie here, and none is left at the end of any test."""
    folder = tmp_path / "system-tmp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    assert list(folder.glob(f"{ROOM}*")) == []


# ------------------------------------------------------------------ the gate


def test_no_line_ends_between_a_sign_and_its_number_however_the_text_is_tagged(tmp_path: Path) -> None:
    """A filled tag is a run of its own, and rdocx breaks lines where runs end."""
    pieces_of = [run(f"дело №{NB}") + run("15/2026") + run(", ") for _ in range(40)]
    paper = word_file(tmp_path / "tagged.docx", par(raw="".join(pieces_of)))

    (one,) = Rdocx().convert([paper], tmp_path / "pdf")

    assert one.pdf is not None
    with pypdfium2.PdfDocument(one.pdf) as pdf:
        lines = pdf[0].get_textpage().get_text_bounded().splitlines()
    assert len(lines) > 3
    assert not [line for line in lines if line.rstrip().endswith("№") or line.lstrip().startswith(",")]


def test_a_whole_paper_passes(drawn: dict[str, tuple[Path, Path]]) -> None:
    report = compare(*drawn["whole"])
    assert report == GateReport(pages=report.pages) and report.ok
    assert report.pages >= 2, "a paragraph has to be parted by a page break"


@pytest.mark.parametrize("name", CHANGES)
def test_what_is_taken_away_is_missed(name: str, drawn: dict[str, tuple[Path, Path]]) -> None:
    report = compare(drawn["whole"][0], drawn[name][1])
    assert not report.ok
    if name in LABELS:
        assert report.missing_labels >= 1
    elif name in MARKS:
        assert report.missing_marks >= 1
    else:
        assert report.missing_words >= 1
    assert report.places


@pytest.mark.parametrize("name", ["header", "footer", "page"])
def test_headers_and_footers_are_missed_too(name: str, drawn: dict[str, tuple[Path, Path]]) -> None:
    report = compare(drawn["whole"][0], drawn[name][1])
    assert not report.ok and 0 in report.places


def test_each_changed_paper_is_whole_in_itself(drawn: dict[str, tuple[Path, Path]]) -> None:
    faulty = [name for name, pair in drawn.items() if not compare(*pair).ok]
    assert faulty == []


def test_a_report_holds_no_words(drawn: dict[str, tuple[Path, Path]]) -> None:
    text = repr(compare(drawn["whole"][0], drawn["word in the middle"][1]))
    assert not re.search("[а-яё]", text, re.IGNORECASE)


def test_breaks_and_kinds_of_space_may_differ(tmp_path: Path) -> None:
    source = word_file(tmp_path / "a.docx", par(f"Сопро\u00adвождение №{NB}5 чёрно-белых, 10{NB}000 ₽ и…"))
    pdf = make_page("Сопровож-\r\nдение № 5 чёр-\r\nно-белых, 10\u202f000 ₽ и...")
    assert compare_pages(open_package(source.read_bytes()), [pdf]).ok


def test_a_paragraph_may_go_on_on_the_next_page(tmp_path: Path) -> None:
    source = word_file(tmp_path / "a.docx", table([["Долгий рассказ о семье и её детях", "сосед по строке"]]))
    package = open_package(source.read_bytes())
    whole = [make_page("Долгий рассказ\r\nсосед по"), make_page("о семье и её детях\r\nстроке")]
    assert compare_pages(package, whole).ok
    lost = [make_page("Долгий рассказ\r\nсосед по"), make_page("семье и её детях\r\nстроке")]
    assert compare_pages(package, lost).missing_words >= 1


SPLIT = [
    ["Помощь семье: питание, одежда, лекарства для детей", "Срок: до конца года или до отмены"],
    ["Помощь семье: питание, одежда, лекарства для детей", "да"],
]
"""The same words stand in a row that a page break cuts and whole in the next one."""

HEADED = "<w:trPr><w:tblHeader/></w:trPr>"


def split_table() -> str:
    return table([["Что", "Когда"], *SPLIT], whole=False).replace("<w:tr>", f"<w:tr>{HEADED}", 1)


@pytest.mark.parametrize("gone", [None, "питание,", "одежда,", "года", "да", "Срок:"])
def test_a_row_is_cut_and_its_words_stand_again_further_on(gone: str | None, tmp_path: Path) -> None:
    source = word_file(tmp_path / "a.docx", split_table())
    pages = [
        "Что\r\nКогда\r\nПомощь семье: питание,\r\nСрок: до конца",
        "Что\r\nКогда\r\nодежда, лекарства для детей\r\nгода или до отмены\r\n"
        "Помощь семье: питание, одежда,\r\nлекарства для детей\r\nда",
    ]
    package = open_package(source.read_bytes())
    for number, text in enumerate(pages):
        if gone is None:
            assert compare_pages(package, [make_page(text) for text in pages]).ok
        for found in re.finditer(rf"(?<!\w){re.escape(gone)}(?!\w)", text) if gone else ():
            altered = [*pages]
            altered[number] = text[: found.start()] + text[found.end() :]
            assert not compare_pages(package, [make_page(text) for text in altered]).ok


def test_a_cell_may_be_cut_at_a_hyphen_and_a_merged_one_goes_on(tmp_path: Path) -> None:
    rows = table([["Общий рассказ о семье", "мать-одиночка"], ["x", "Общий рассказ"]], whole=False)
    rows = rows.replace("<w:tcPr>", '<w:tcPr><w:vMerge w:val="restart"/>', 1)
    first, second = rows.rsplit("<w:tr>", 1)
    rows = first + "<w:tr>" + second.replace("<w:tcPr>", "<w:tcPr><w:vMerge/>", 1)
    package = open_package(word_file(tmp_path / "a.docx", rows).read_bytes())
    right = [make_page("Общий\r\nмать\x02"), make_page("рассказ о семье\r\nодиночка\r\nОбщий рассказ")]
    assert compare_pages(package, right).ok
    lost = [make_page("Общий\r\nмать\x02"), make_page("рассказ о\r\nодиночка\r\nОбщий рассказ")]
    assert not compare_pages(package, lost).ok


def test_rows_that_libreoffice_cuts_are_whole(libreoffice: LibreOffice, tmp_path: Path) -> None:
    """Two papers with the same words in all columns and rows, with labels; one lacks a word of its second page."""
    cells = ["".join(numbered(text) for text in (LONG, "Итог", LONG * 2, LONG)), LONG * 4, "Итог"]
    rows = [["Вопрос", "Ответ", "Отметка"], *([cells] * 4), [LONG, "Итог", "да"]]
    whole = table(rows, whole=False).replace("<w:tr>", f"<w:tr>{HEADED}", 1)
    cut = whole.rfind("семье ", 0, len(whole) * 2 // 3)
    papers = [word_file(tmp_path / "whole.docx", whole, HEADER, FOOTER)]
    papers.append(word_file(tmp_path / "less.docx", whole[:cut] + whole[cut + 6 :], HEADER, FOOTER))
    drawn = [one.pdf or Path() for one in libreoffice.convert(papers, tmp_path / "out")]
    report = compare(papers[0], drawn[0])
    assert report.ok and report.pages > 3
    assert compare(papers[1], drawn[1]).ok
    assert not compare(papers[0], drawn[1]).ok


def test_the_number_of_a_page_is_held_to_the_page(tmp_path: Path) -> None:
    footer = par("Лист ", raw=field("PAGE") + run(" из ") + field("NUMPAGES"))
    source = word_file(tmp_path / "a.docx", par("Первая часть бумаги") + par("Вторая часть"), footer=footer)
    package = open_package(source.read_bytes())
    right = ["Первая часть бумаги\r\nЛист 1 из 2", "Вторая часть\r\nЛист 2 из 2"]
    assert compare_pages(package, [make_page(text) for text in right]).ok
    wrong = [right[0], "Вторая часть\r\nЛист 1 из 2"]
    assert compare_pages(package, [make_page(text) for text in wrong]).missing_words == 1


def test_only_the_first_page_goes_without_a_header(tmp_path: Path) -> None:
    source = word_file(tmp_path / "a.docx", par("Первая часть") + par("Вторая"), par("Карта"), first=True)
    package = open_package(source.read_bytes())
    assert compare_pages(package, [make_page("Первая часть"), make_page("Карта\r\nВторая")]).ok
    assert not compare_pages(package, [make_page("Первая часть"), make_page("Вторая")]).ok


def test_letters_that_a_font_lacks_do_not_shut_the_gate(libreoffice: LibreOffice, tmp_path: Path) -> None:
    """LibreOffice draws them after the rest of their line, with another font."""
    source = word_file(tmp_path / "a.docx", par("Қазақ қызы, 500 ₽, ✓ да ☐ нет ☒ не знаю 😀 конец"))
    result = libreoffice.convert([source], tmp_path / "out")[0]
    assert result.pdf is not None and compare(source, result.pdf).ok


def test_text_that_runs_off_the_paper_is_lost(tmp_path: Path) -> None:
    source = word_file(tmp_path / "a.docx", table([[par(LONG * 30), "рядом"]]))
    result = to_pdf([source], tmp_path / "out", "rdocx")[0]
    assert result.pdf is None and result.refusal is not None
    assert result.refusal.report is not None and result.refusal.report.off_paper > 0


# ------------------------------------------------------------------ labels


@pytest.mark.parametrize(
    ("kind", "count", "text"),
    [
        ("decimal", 12, "12"),
        ("decimalZero", 3, "03"),
        ("upperRoman", 1999, "MCMXCIX"),
        ("lowerRoman", 4, "iv"),
        ("lowerLetter", 28, "bb"),
        ("upperLetter", 1, "A"),
        ("russianLower", 10, "к"),
        ("russianUpper", 26, "Ы"),
        ("russianLower", 30, None),
        ("none", 7, ""),
        ("chicago", 1, None),
    ],
)
def test_a_count_is_written_as_word_writes_it(kind: str, count: int, text: str | None) -> None:
    assert written(kind, count) == text


def test_labels_are_drawn_as_they_are_foretold(libreoffice: LibreOffice, tmp_path: Path) -> None:
    """Levels, lists that go on, begin anew or are shared; letters in Russian to their end."""
    body = "".join(
        [numbered("а"), numbered("б", 1), numbered("в", 1), numbered("г", 2), numbered("д", 2), numbered("е")]
        + [numbered("ж", 1), numbered("з", number=9), numbered("и", number=9), numbered("к", 1)]
        + [numbered(f"буква {n}", number=3) for n in range(29)]
        + [numbered("", number=4), numbered("пустой пункт выше", number=4)]
    )
    source = word_file(tmp_path / "a.docx", body)
    result = libreoffice.convert([source], tmp_path / "out")[0]
    assert result.pdf is not None and compare(source, result.pdf).ok


# ------------------------------------------------------------------ features

BOX = (
    '<w:r><w:pict><v:rect xmlns:v="urn:schemas-microsoft-com:vml" style="width:100pt;height:40pt"><v:textbox>'
    "<w:txbxContent><w:p><w:r><w:t>надпись</w:t></w:r></w:p></w:txbxContent></v:textbox></v:rect></w:pict></w:r>"
)
CHECKBOX = '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox/></w:ffData></w:fldChar></w:r>'
FEATURES = {
    "number_format": numbered("пункт", number=3),
    "label_font": numbered("пункт", number=4),
    "form_checkbox": par(raw=CHECKBOX + field("FORMCHECKBOX").split("</w:r>", 1)[1]),
    "symbol_font": par(raw='<w:r><w:sym w:font="Wingdings" w:char="F0A8"/></w:r>'),
    "underlined_tab": par(raw='<w:r><w:rPr><w:u w:val="single"/></w:rPr><w:tab/></w:r>'),
    "text_box": par(raw=BOX),
    "frame": par("буквица", '<w:framePr w:dropCap="drop"/>'),
    "floating_table": table([["ячейка"]]).replace("<w:tblPr>", '<w:tblPr><w:tblpPr w:tblpY="500"/>')
    + par("x"),
    "smart_tag": par(raw=f'<w:smartTag w:uri="x" w:element="y">{run("тег")}</w:smartTag>'),
    "no_break_hyphen": par("не\u2011разрыв"),
    "tracked_changes": par(raw=f'<w:ins w:id="1" w:author="a">{run("вставка")}</w:ins>'),
}


@pytest.mark.parametrize("code", FEATURES)
def test_a_feature_is_named(code: str, tmp_path: Path) -> None:
    source = word_file(tmp_path / "a.docx", par("Обычный текст.") + FEATURES[code])
    assert code in {feature.code for feature in unproven(source)} <= {code, "shape"}
    assert code in feature_names()
    result = to_pdf([source], tmp_path / "out", "rdocx")[0]
    assert result.pdf is None and result.refusal is not None and result.refusal.code == "features"
    assert code in result.refusal.features
    assert feature_names()[code] in str(result.refusal) or code == "tracked_changes"
    assert not (tmp_path / "out").exists() or list((tmp_path / "out").iterdir()) == []


def test_an_ordinary_paper_has_no_such_feature(tmp_path: Path) -> None:
    source = word_file(tmp_path / "a.docx", "".join(pieces()), HEADER, FOOTER)
    assert unproven(source) == []


def test_libreoffice_draws_them_but_for_tracked_changes(libreoffice: LibreOffice, tmp_path: Path) -> None:
    papers = [word_file(tmp_path / f"{code}.docx", par("Текст.") + body) for code, body in FEATURES.items()]
    results = to_pdf(papers, tmp_path / "out", "libreoffice")
    refused = {result.source.stem for result in results if result.pdf is None}
    assert refused == {"tracked_changes"}


def test_a_row_may_break_over_a_page(engine: PdfEngine, tmp_path: Path) -> None:
    long_cell = "".join(par(f"Абзац {n} ячейки") for n in range(80))
    source = word_file(tmp_path / "a.docx", table([[long_cell, "рядом"]], whole=False))
    result = to_pdf([source], tmp_path / "out", engine.name)[0]
    assert result.pdf is not None and result.pages == 2


def test_merged_cells_that_a_page_break_cuts_are_refused(engine: PdfEngine, tmp_path: Path) -> None:
    """The embedded engine draws them over the end of the page."""
    plain = table([["слито", f"строка {n}"] for n in range(60)])
    start, *rows = plain.split("<w:tr>")
    cells = [row.replace("<w:tcPr>", "<w:tcPr><w:vMerge/>", 1) for row in rows]
    cells[0] = cells[0].replace("<w:vMerge/>", '<w:vMerge w:val="restart"/>')
    source = word_file(tmp_path / "a.docx", "<w:tr>".join([start, *cells]))
    result = to_pdf([source], tmp_path / "out", engine.name)[0]
    assert (result.pdf is not None) == engine.draws_all
    if result.refusal is not None:
        assert result.refusal.features == ("split_merge",)


# ------------------------------------------------------------------ from Word to PDF


def test_papers_become_pdf(engine: PdfEngine, tmp_path: Path) -> None:
    body = "".join(pieces())
    one = word_file(tmp_path / "Иванова А. А.docx", body, HEADER, FOOTER)
    (tmp_path / "other").mkdir()
    twin = word_file(tmp_path / "other" / "Иванова А. А.docx", body)
    bad = tmp_path / "bad.docx"
    bad.write_text("просто текст", encoding="utf-8")
    rich = tmp_path / "rich.docx"
    rich.write_text("{\\rtf1 text}", encoding="ascii")
    results = to_pdf([one, bad, rich, tmp_path / "none.docx", twin], tmp_path / "out", engine.name)
    assert [result.source for result in results] == [one, bad, rich, tmp_path / "none.docx", twin]
    codes = [result.refusal and result.refusal.code for result in results]
    assert codes == [None, "bad_file", "bad_file", "missing", None]
    made = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert made == ["Иванова А. А-2.pdf", "Иванова А. А.pdf"]
    assert results[0].pages == page_count(results[0].pdf or Path()) == 3 or results[0].pages == 2
    assert (results[0].engine, results[0].engine_version) == (engine.name, engine.version())
    assert results[0].fonts and pdf_info(results[0].pdf or Path()).fonts == results[0].fonts


def test_the_same_paper_gives_the_same_bytes(engine: PdfEngine, tmp_path: Path) -> None:
    body = "".join(pieces())
    papers = [word_file(tmp_path / f"{name}.docx", body, HEADER, FOOTER) for name in "ab"]
    other = word_file(tmp_path / "other.docx", par("другая бумага"))
    first = to_pdf([papers[0]], tmp_path / "one", engine.name)
    second = to_pdf([other, papers[1]], tmp_path / "two", engine.name)
    assert first[0].pdf is not None and second[1].pdf is not None
    assert first[0].pdf.read_bytes() == second[1].pdf.read_bytes()


def test_a_refused_paper_leaves_no_older_pdf(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    old = out / "a.pdf"
    old.write_bytes(b"%PDF-1.4 of yesterday")
    source = word_file(tmp_path / "a.docx", FEATURES["text_box"])
    assert to_pdf([source], out, "rdocx")[0].pdf is None
    assert not old.exists()


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    source = word_file(tmp_path / "a.docx", par("Текст бумаги."))
    blocked = tmp_path / "out"
    blocked.write_text("a file, not a folder", encoding="ascii")
    result = to_pdf([source], blocked, "rdocx")[0]
    assert result.pdf is None and result.refusal is not None and result.refusal.code == "cannot_write"


def test_a_paper_of_another_reader_stays_closed(tmp_path: Path) -> None:
    source = word_file(tmp_path / "a.docx", par("Текст бумаги."))
    result = to_pdf([source], tmp_path / "out", "rdocx")[0]
    assert result.pdf is not None
    if sys.platform != "win32":
        assert result.pdf.stat().st_mode & 0o077 == 0


def test_an_engine_is_chosen() -> None:
    class Absent(Rdocx):
        @property
        def name(self) -> str:
            return "absent"

        def why_not(self) -> str | None:
            return "it is not there"

    known: list[PdfEngine] = [Absent(), Rdocx()]
    assert choose_engine(None, known).name == "rdocx"
    for name, engines, code in (
        ("nothing", known, "unknown_engine"),
        ("absent", known, "engine_unavailable"),
        (None, [Absent()], "no_engine"),
    ):
        with pytest.raises(PdfError) as caught:
            choose_engine(name, engines)
        assert caught.value.code == code


def test_engines_are_described() -> None:
    described = {one.name: one for one in describe_engines()}
    assert list(described) == ["libreoffice", "rdocx"]
    assert re.fullmatch(r"\d+(\.\d+)+", described["rdocx"].version)
    assert described["rdocx"].available == (described["rdocx"].why_not is None)
    gone = LibreOffice(program=Path("/nowhere/soffice"))
    assert not gone.available() and gone.why_not() and gone.version() == ""


@posix_only
def test_without_any_font_the_embedded_engine_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """LibreOffice crashes where there is no font; rdocx brings its own."""
    listing = tmp_path / "fc-list"
    listing.write_text("#!/bin/sh\n")
    listing.chmod(0o700)
    program = tmp_path / "soffice"
    program.touch()
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(libreoffice_module, "_has_fonts", libreoffice_module._has_fonts.__wrapped__)
    assert choose_engine(None, [LibreOffice(program), Rdocx()]).name == "rdocx"


def test_normalised_bytes_keep_their_length() -> None:
    pdf = b"1 0 obj<</CreationDate(D:20261122004414Z')/X 1>>\ntrailer<</ID [ <AB>\n<AB> ]\n/DocChecksum /0A>>"
    clean = normalised(pdf)
    assert len(clean) == len(pdf)
    assert b"2026" not in clean and b"/ID" not in clean and b"Checksum" not in clean and b"/X 1" in clean


# ------------------------------------------------------------------ engines that misbehave


def false_engine(folder: Path, script: str) -> Path:
    """Write a false soffice: `out` is the folder for PDFs, `$n` the name of a paper without its ending."""
    program = folder / "soffice"
    good = folder / "good.pdf"
    program.write_text(
        "#!/bin/sh\n"
        'while [ "$1" != "--outdir" ]; do shift; done\nout=$2; shift 2\n'
        f'make() {{ cp "{good}" "$out/$1.pdf"; }}\n'
        'for paper in "$@"; do n=$(basename "$paper" .docx)\n' + script + "\ndone\n",
        encoding="utf-8",
    )
    program.chmod(0o700)
    return program


@pytest.fixture
def papers(tmp_path: Path) -> list[Path]:
    """Four papers; and a good PDF for the false engines to hand out."""
    made = [word_file(tmp_path / f"{n}.docx", par(f"Бумага {n}")) for n in range(4)]
    result = Rdocx().convert([made[0]], tmp_path / "made")[0]
    assert result.pdf is not None
    result.pdf.rename(tmp_path / "good.pdf")
    return made


def outcomes(engine: PdfEngine, papers: Sequence[Path], out: Path) -> list[str | None]:
    results = engine.convert(papers, out)
    assert [result.source for result in results] == list(papers)
    assert all((result.pdf is None) != (result.failure is None) for result in results)
    return [None if result.failure is None else result.failure.code for result in results]


@posix_only
def test_one_paper_that_crashes_the_engine_stops_no_other(tmp_path: Path, papers: list[Path]) -> None:
    program = false_engine(tmp_path, 'if [ "$n" = 00001 ]; then kill -SEGV $$; fi; make $n')
    assert outcomes(LibreOffice(program), papers, tmp_path / "out") == [None, "crashed", None, None]


@posix_only
def test_one_paper_that_hangs_the_engine_stops_no_other(tmp_path: Path, papers: list[Path]) -> None:
    child = tmp_path / "child"
    script = f'if [ "$n" = 00002 ]; then sleep 300 & echo $! >>{child}; sleep 300; fi; make $n'
    begun = time.monotonic()
    engine = LibreOffice(false_engine(tmp_path, script), stall=1.5)
    assert outcomes(engine, papers, tmp_path / "out") == [None, None, "timeout", None]
    assert time.monotonic() - begun < 60
    assert_gone([int(number) for number in child.read_text().split()])


def assert_gone(processes: Sequence[int]) -> None:
    """Assert that processes ended; one that nobody waited for may still be in the table."""
    assert processes
    deadline = time.monotonic() + 5
    while any(alive(process) for process in processes):
        assert time.monotonic() < deadline, "a process outlived the engine"
        time.sleep(0.05)


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
        state = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


@posix_only
def test_a_child_that_outlives_the_engine_is_ended(tmp_path: Path, papers: list[Path]) -> None:
    child = tmp_path / "child"
    program = false_engine(tmp_path, f"sleep 300 & echo $! >>{child}; make $n")
    assert outcomes(LibreOffice(program), papers[:1], tmp_path / "out") == [None]
    assert_gone([int(child.read_text())])


@posix_only
def test_an_engine_that_always_hangs_is_given_up(tmp_path: Path, papers: list[Path]) -> None:
    engine = LibreOffice(false_engine(tmp_path, "sleep 300"), stall=0.3, chunk=1)
    assert outcomes(engine, papers, tmp_path / "out") == ["timeout", "timeout", "timeout", "hung"]


@posix_only
@pytest.mark.parametrize(
    "script",
    [
        "true",
        'head -c 2000 "${out%/out}/../good.pdf" >"$out/$n.pdf" 2>/dev/null; true',
        'printf "<html>no</html>" >"$out/$n.pdf"',
        'printf "%%PDF-1.4\\n%%%%EOF" >"$out/$n.pdf"',
        'mkdir "$out/$n.pdf" || true',
    ],
    ids=["nothing", "truncated", "html", "empty", "folder"],
)
def test_success_is_not_believed(script: str, tmp_path: Path, papers: list[Path]) -> None:
    engine = LibreOffice(false_engine(tmp_path, script))
    assert outcomes(engine, papers[:1], tmp_path / "out") == ["no_pdf"]


def test_a_truncated_pdf_is_none(papers: list[Path], tmp_path: Path) -> None:
    whole = (tmp_path / "good.pdf").read_bytes()
    assert is_whole_pdf(tmp_path / "good.pdf")
    for size in (0, 4, 100, len(whole) // 2, len(whole) - 20):
        (tmp_path / "cut.pdf").write_bytes(whole[:size])
        assert not is_whole_pdf(tmp_path / "cut.pdf")


def test_an_engine_that_cannot_be_started_is_named(tmp_path: Path, papers: list[Path]) -> None:
    program = tmp_path / "soffice"
    program.write_text("not a program", encoding="ascii")
    assert outcomes(LibreOffice(program), papers[:1], tmp_path / "out") == ["crashed"]


@posix_only
def test_the_embedded_engine_may_crash_or_hang(tmp_path: Path, papers: list[Path]) -> None:
    python = tmp_path / "python"
    python.write_text(
        f'#!/bin/sh\ncase "$*" in *00001.docx*) kill -ABRT $$;; esac\nexec {sys.executable} "$@"\n'
    )
    python.chmod(0o700)
    engine = Rdocx(chunk=1, python=str(python))
    assert outcomes(engine, papers, tmp_path / "out") == [None, "crashed", None, None]
    python.write_text("#!/bin/sh\nsleep 300\n")
    slow = Rdocx(chunk=1, stall=0.3, python=str(python))
    assert outcomes(slow, papers[:1], tmp_path / "out") == ["timeout"]


@posix_only
def test_a_room_is_private(tmp_path: Path, papers: list[Path]) -> None:
    seen = tmp_path / "seen"
    script = f'ls -ld "$out/.." "$TMPDIR" "$out/../profile" | cut -c1-10 >{seen}; make $n'
    assert outcomes(LibreOffice(false_engine(tmp_path, script)), papers[:1], tmp_path / "out") == [None]
    assert set(seen.read_text().split()) <= {"drwx------", "drwxr-xr-x"}
    assert seen.read_text().split()[0] == "drwx------"


@posix_only
def test_an_old_room_is_swept_and_a_new_one_left(temporary_folder: Path, papers: list[Path]) -> None:
    old, new = (temporary_folder / f"{ROOM}{name}" for name in ("old", "new"))
    for room in (old, new):
        room.mkdir()
    os.utime(old, (0, 0))
    Rdocx().convert(papers[:1], temporary_folder.parent / "out")
    assert not old.exists() and new.exists()
    new.rmdir()


@posix_only
def test_the_room_of_a_killed_papka_goes_at_the_next_run(temporary_folder: Path, papers: list[Path]) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left, at_work = (temporary_folder / f"{ROOM}{pid}-x" for pid in (ended.pid, os.getpid()))
    for room in (left, at_work):
        room.mkdir()
    Rdocx().convert(papers[:1], temporary_folder.parent / "out")
    assert not left.exists() and at_work.exists()
    at_work.rmdir()


def test_progress_keeps_an_engine_alive(tmp_path: Path) -> None:
    count = iter(range(1000))
    code = "import time; time.sleep(1)"
    ended = run_watched([sys.executable, "-c", code], os.environ, tmp_path, lambda: next(count), 0.3)
    assert (ended.returncode, ended.stalled) == (0, False)
    ended = run_watched([sys.executable, "-c", code], os.environ, tmp_path, lambda: 0, 0.3)
    assert ended.stalled


# ------------------------------------------------------------------ LibreOffice is shut in


def test_libreoffice_reads_nothing_but_the_paper(
    libreoffice: LibreOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The guard before the engine is taken away here: the engine itself has to refuse these."""
    monkeypatch.setattr(package_module, "open_package", lambda data: None)
    picture = tmp_path / "secret.png"
    picture.write_bytes(PNG)
    linked = word_file(tmp_path / "linked.docx", par("Текст с картинкой", raw=PICTURE))
    _link(linked, picture.as_uri())
    rich = tmp_path / "rich.docx"
    rich.write_text(
        f'{{\\rtf1 {{\\field{{\\*\\fldinst INCLUDEPICTURE "{picture}" }}}} text}}', encoding="ascii"
    )
    page = tmp_path / "page.docx"
    page.write_text(f'<html><body><p>text</p><img src="{picture.as_uri()}"></body></html>', encoding="ascii")
    plain = tmp_path / "plain.docx"
    plain.write_text("просто текст", encoding="utf-8")
    results = libreoffice.convert([linked, rich, page, plain], tmp_path / "out")
    assert [result.pdf is None for result in results] == [False, True, True, True]
    assert b"/Subtype/Image" not in (results[0].pdf or Path()).read_bytes()


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000002000000020802000000fdd49a73"
    "0000001049444154789c63f8cfc0f01f8c198080010020f003fdb3c8ae180000000049454e44ae426082"
)
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
PICTURE = (
    f'<w:r><w:drawing><wp:inline xmlns:wp="{DRAWING}/wordprocessingDrawing">'
    '<wp:extent cx="900000" cy="900000"/><wp:docPr id="1" name="p"/>'
    f'<a:graphic xmlns:a="{DRAWING}/main"><a:graphicData uri="{DRAWING}/picture">'
    f'<pic:pic xmlns:pic="{DRAWING}/picture">'
    '<pic:nvPicPr><pic:cNvPr id="1" name="p"/><pic:cNvPicPr/></pic:nvPicPr>'
    '<pic:blipFill><a:blip r:link="picture"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
    '<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="900000" cy="900000"/></a:xfrm>'
    '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
    "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
)


def _link(paper: Path, target: str) -> None:
    """Link a picture outside the package."""
    with zipfile.ZipFile(paper) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    name = "word/_rels/document.xml.rels"
    outside = f'<Relationship Id="picture" Type="{R}/image" Target="{target}" TargetMode="External"/>'
    members[name] = members[name].replace(b"</Relationships>", outside.encode() + b"</Relationships>")
    with zipfile.ZipFile(paper, "w") as archive:
        for member, body in members.items():
            archive.writestr(member, body)


# ------------------------------------------------------------------ fonts


@posix_only
@pytest.mark.parametrize(
    ("answer", "system", "same", "package"),
    [
        ("Liberation Serif,Liberation Serif", "ID=debian", True, None),
        ("PT Astra Serif", "ID=altlinux", True, None),
        ("DejaVu Sans", "ID=ubuntu\nID_LIKE=debian", False, "fonts-liberation"),
        ("DejaVu Sans", "ID=redos\nID_LIKE=fedora", False, "liberation-serif-fonts"),
        ("DejaVu Sans", 'ID="altlinux"', False, "fonts-ttf-liberation"),
        ("DejaVu Sans", "ID=unheard-of", False, None),
    ],
)
def test_a_font_of_other_measures_is_named(
    answer: str, system: str, same: bool, package: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "fc-match"
    program.write_text(f"#!/bin/sh\nprintf '{answer}'\n")
    program.chmod(0o700)
    release = tmp_path / "os-release"
    release.write_text(system)
    monkeypatch.setattr(fonts, "_folders", lambda: iter(()))
    monkeypatch.setattr(fonts, "_OS_RELEASE", release)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setattr(sys, "platform", "linux")
    report = font_report(engine="libreoffice")
    assert report.found == answer.split(",")[0]
    assert (report.same_measures, report.advice_package) == (same, package)


def test_the_embedded_engine_brings_its_font(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_folders", lambda: iter(()))
    monkeypatch.setattr(fonts, "_asked", lambda wanted: None)
    assert font_report(engine="libreoffice").found is None
    report = font_report(engine="rdocx")
    assert (report.found, report.same_measures) == ("Liberation Serif", True)
    assert font_report("Comic Sans MS", "rdocx").found is None


def test_a_font_is_found_by_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "times.ttf").touch()
    monkeypatch.setattr(fonts, "_folders", lambda: iter((tmp_path,)))
    monkeypatch.setattr(fonts, "_asked", lambda wanted: None)
    assert font_report(engine="libreoffice").found == "Times New Roman"
    (tmp_path / "times.ttf").rename(tmp_path / "Tinos-Regular.ttf")
    assert font_report(engine="libreoffice").found == "Tinos"
