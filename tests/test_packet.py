"""Codes on pages, signers of papers, and packets: what a worker prints is what was issued, in its order."""

import io
import json
import shutil
import subprocess
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from conftest import Run
from docx import Document
from pypdf import PdfReader, PdfWriter
from pypdf.generic import RectangleObject
from reading import EXAMPLES

from papka.core.errors import PapkaError
from papka.core.journal.entries import Mark
from papka.core.journal.journal import Journal
from papka.output.issued.codes import COVER, PageCode, codes_in, stamped
from papka.output.issued.founding import found_office
from papka.output.issued.issuing import IssueOrder, issue
from papka.output.issued.signers import signers_of
from papka.output.packets.packet import packet
from papka.output.packets.packet_choice import PacketOrder
from papka.output.pdf import to_pdf

CASE = next(one for one in EXAMPLES if one.stem == "chernykh_shevchenko")
ISSUED = (
    "krg_ipss:1", "krg_agreement", "krg_application", "krg_tg_protocol:1", "com_change_factors:1",
    "com_first_visit_memo",
)  # fmt: skip
pypdfium2: Any = import_module("pypdfium2")  # it has no types
PAPER, DIGEST = "ABCDEFGHJKMN", "1A2B3C4D"


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("founded") / "office"
    found_office(folder, "Центр «Проба»", "en")
    case = folder / "cases" / "one" / "case.yaml"
    case.parent.mkdir(parents=True)
    shutil.copy(CASE, case)
    outcomes = issue(IssueOrder(str(case), ISSUED, engine="rdocx"))
    assert [one.result for one in outcomes] == ["issued"] * len(ISSUED), outcomes
    return folder


@pytest.fixture(scope="module")
def packed(founded: Path) -> dict[str, Any]:
    """The packet of a case of which nothing else was asked."""
    case = founded / "cases" / "one" / "case.yaml"
    return packet(PacketOrder(str(case), engine="rdocx", out=founded.parent / "packet.pdf")).as_json()


@pytest.fixture
def office(founded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "office"
    shutil.copytree(founded, folder)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def bind(here: Run, office: Path) -> Callable[..., dict[str, Any]]:
    """Ask for a packet and return what was told, as data."""

    def bind_it(*arguments: str | Path) -> dict[str, Any]:
        ran = here("packet", "one", *arguments, "--engine", "rdocx", "--json")
        assert ran.code == 0, ran.all
        told: dict[str, Any] = json.loads(ran.out)
        return told

    return bind_it


def texts(pdf: Path | bytes) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.get_textpage().get_text_range() for page in document]


def scanned(pdf: Path | bytes) -> list[list[str]]:
    """Read the codes of each page as a scanner at 150 dots an inch sees them."""
    with pypdfium2.PdfDocument(pdf) as document:
        pictures = [page.render(scale=150 / 72).to_pil() for page in document]
    return [[one.text for one in zxingcpp.read_barcodes(picture)] for picture in pictures]


def paper_of(office: Path, document: str) -> Path:
    return next((office / "cases" / "one" / "issued").glob(f"{document}_*.pdf"))


# --- the code on a page ----------------------------------------------------------------------------------


def test_every_issued_page_says_which_paper_it_is_to_a_scanner_and_to_a_person(office: Path) -> None:
    for pdf in (office / "cases" / "one" / "issued").glob("*.pdf"):
        codes = codes_in(pdf.read_bytes())
        pages = len(texts(pdf))
        assert [(one.paper, one.page, one.pages) for one in codes] == [
            (pdf.stem[-12:], number, pages) for number in range(1, pages + 1)
        ]
    wide = paper_of(office, "krg_ipss")
    assert scanned(wide) == [[one.text()] for one in codes_in(wide.read_bytes())]


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_the_code_stands_at_the_right_foot_of_the_page_as_it_is_seen(office: Path, turned: int) -> None:
    writer = PdfWriter()
    page = writer.add_blank_page(420, 595)  # A5, wherever its coordinates begin
    page.mediabox.lower_left = page.cropbox.lower_left = (-100, -50)
    page.rotate(turned)
    bare = io.BytesIO()
    writer.write(bare)

    marked = stamped(bare.getvalue(), PAPER, DIGEST)

    with pypdfium2.PdfDocument(marked) as document:
        picture = document[0].render(scale=150 / 72).to_pil()
    (code,) = zxingcpp.read_barcodes(picture)
    mm = 150 / 25.4
    from_right = (picture.width - code.position.bottom_right.x) / mm
    from_foot = (picture.height - code.position.bottom_right.y) / mm
    assert code.text == f"PK1:{PAPER}:1/1:{DIGEST}"
    assert (from_right, from_foot) == pytest.approx((15, 8), abs=0.7)  # 13 and 6, and the empty edge of 2


def test_marking_pages_repeats_to_the_byte_and_keeps_links_bookmarks_and_properties() -> None:
    writer = PdfWriter()
    for _ in range(2):
        writer.add_blank_page(595, 842)
    writer.add_outline_item(title="Глава", page_number=1)
    writer.add_uri(0, "https://example.org/", RectangleObject((10, 10, 50, 50)))
    writer.metadata = {"/Title": "Бумага"}
    bare = io.BytesIO()
    writer.write(bare)

    marked = stamped(bare.getvalue(), PAPER, DIGEST.lower() + "ffff")

    assert marked == stamped(bare.getvalue(), PAPER, DIGEST.lower() + "ffff")
    reader = PdfReader(io.BytesIO(marked))
    assert reader.metadata is not None and reader.metadata.title == "Бумага"
    assert [one["/Title"] for one in reader.outline] == ["Глава"]  # type: ignore[call-overload]
    assert len(reader.pages[0]["/Annots"]) == 1  # type: ignore[arg-type]


def test_a_code_covers_no_words_and_a_page_without_room_is_refused(tmp_path: Path) -> None:
    from docx.shared import Mm

    word = Document()
    word.sections[0].left_margin = word.sections[0].right_margin = Mm(5)
    word.sections[0].footer_distance = word.sections[0].header_distance = Mm(6)
    word.sections[0].footer.paragraphs[0].text = "подвал " * 60
    word.save(str(tmp_path / "foot.docx"))
    word.sections[0].header.paragraphs[0].text = "шапка " * 60
    word.save(str(tmp_path / "both.docx"))
    papers = [tmp_path / "foot.docx", tmp_path / "both.docx"]
    foot, both = (one.pdf.read_bytes() for one in to_pdf(papers, tmp_path, "rdocx") if one.pdf is not None)

    marked = stamped(foot, PAPER, DIGEST)
    assert scanned(marked) == [[f"PK1:{PAPER}:1/1:{DIGEST}"]]
    assert "подвал подвал" in texts(marked)[0]
    with pytest.raises(PapkaError, match="no room"):
        stamped(both, PAPER, DIGEST)


def test_a_typed_code_is_read_and_nothing_else_is() -> None:
    code = PageCode(PAPER, 2, 7, DIGEST)
    assert PageCode.read(f" pk1: {PAPER.lower()}:2/7:{DIGEST.lower()}\n") == code
    assert PageCode.read(code.text()) == code
    for wrong in ("", "PK1", f"PK1:{PAPER}:2/7", f"PK2:{PAPER}:2/7:{DIGEST}", f"PK1:{PAPER}0:2/7:{DIGEST}"):
        assert PageCode.read(wrong) is None
    with pytest.raises(PapkaError):
        codes_in(b"%PDF-1.7 nothing")


# --- who signs ---------------------------------------------------------------------------------------------


def test_the_signers_of_a_paper_are_found_with_their_lines_and_without_their_names(office: Path) -> None:
    pdf = paper_of(office, "krg_agreement")
    found = signers_of(pdf.with_suffix(".docx").read_bytes(), pdf)

    roles = ["Директор", "Законный представитель", "Законный представитель"]
    assert [one.role for one in found] == roles
    with pypdfium2.PdfDocument(pdf) as document:
        for one in found:
            assert one.page == len(document) and one.line is not None
            page = document[one.page - 1]
            points = [edge * 72 / 25.4 for edge in one.line]
            height = page.get_height()
            words = page.get_textpage().get_text_bounded
            # Where the hand signs there is nothing; left of it stands the role, beneath it the caption.
            assert not words(points[0], height - points[3] + 1, points[2], height - points[1]).strip()
            row = height - points[3] - 2, height - points[1]
            assert one.role in words(0, row[0], points[0], row[1])
            assert "(подпись)" in words(points[0], height - points[3] - 12, points[2], height - points[3])


def test_a_strangers_template_is_understood(tmp_path: Path) -> None:
    word = Document()
    word.add_paragraph("Исполнитель ____________________ И. И. Иванов")
    word.add_paragraph("                (подпись)")
    word.add_paragraph("Заказчик: ______________ (подпись) ______________ (расшифровка)")
    table = word.add_table(2, 3)
    for row, column, text in ((0, 0, "Директор"), (0, 2, "П. П. Петров"), (1, 1, "(подпись)")):
        table.cell(row, column).text = text
    word.add_paragraph("")
    table = word.add_table(2, 2)
    for column, text in enumerate(("Сдал: ____________", "Принял: ____________")):
        table.cell(0, column).text, table.cell(1, column).text = text, "(подпись)"
    word.save(str(tmp_path / "paper.docx"))
    (made,) = to_pdf([tmp_path / "paper.docx"], tmp_path, "rdocx")

    found = signers_of((tmp_path / "paper.docx").read_bytes(), made.pdf)

    assert [one.role for one in found] == ["Исполнитель", "Заказчик", "Директор", "Сдал", "Принял"]
    assert [one.page for one in found] == [1] * 5
    heights = [one.line[3] for one in found if one.line]
    assert heights == sorted(heights) and len(set(heights)) == 4
    assert found[3].line and found[4].line and found[3].line[2] < found[4].line[0]


def test_a_paper_that_nobody_signs_has_no_signers(office: Path) -> None:
    pdf = paper_of(office, "com_first_visit_memo")
    assert signers_of(pdf.with_suffix(".docx").read_bytes(), pdf) == ()


# --- a packet ------------------------------------------------------------------------------------------------


def test_a_packet_holds_what_waits_for_signatures_in_the_order_of_the_stages(
    packed: dict[str, Any],
) -> None:
    told = packed
    # The memo is not signed, and the case is past its stage.
    assert [(one["document"], one["copies"]) for one in told["papers"]] == [
        ("krg_application", 1), ("com_change_factors", 1), ("krg_tg_protocol", 1), ("krg_agreement", 2),
        ("krg_ipss", 2),
    ]  # fmt: skip
    pages = texts(Path(told["file"]))
    assert len(pages) == told["pages"]
    # The cover says of itself that it is none of the papers.
    expected = [f"{COVER}:1/1", *["-"] * (len(pages) - 1)]
    for one in told["papers"]:
        step = one["pages"] + one["pages"] % 2
        for copy in range(one["copies"]):
            for page in range(one["pages"]):
                at = one["first_page"] + copy * step + page
                expected[at - 1] = f"{one['id']}:{page + 1}/{one['pages']}"
        assert one["first_page"] % 2 == 1
    read = scanned(Path(told["file"]))
    assert [codes[0][4:-9] if codes else "-" for codes in read] == expected
    for number, (text, code) in enumerate(zip(pages, expected, strict=True), 1):
        blank = code == "-" and number != 1
        assert (not text.strip()) if blank else f"{number} / {len(pages)}" in text


def test_the_cover_says_who_signs_on_which_page_of_the_packet(packed: dict[str, Any]) -> None:
    cover, *rest = texts(Path(packed["file"]))
    said = " ".join(cover.replace("\u00a0", " ").split())
    _, _, protocol, agreement, _ = packed["papers"]
    assert "ПАКЕТ ДОКУМЕНТОВ" in said and "7/2025" in said and "Документов: 5" in said
    place = agreement["signers"][0]["page"]
    assert place == agreement["first_page"] + agreement["pages"] - 1
    assert f"с. {place}: директор; законный представитель × 2" in said
    assert "Директор" in rest[place - 2] and "Законный представитель" in rest[place - 2]
    assert f"с. {protocol['signers'][0]['page']}: председатель группы; секретарь;" in said


def test_who_has_signed_is_told_and_a_paper_that_all_have_signed_is_not_printed_again(
    office: Path, bind: Callable[..., dict[str, Any]]
) -> None:
    book = Journal.open(office / "journal.db")
    agreement, application = (
        paper_of(office, name).stem[-12:] for name in ("krg_agreement", "krg_application")
    )
    book.mark(Mark(agreement, "signed", "1", "hand"))
    for number in "12":
        book.mark(Mark(application, "signed", number, "hand"))
    book.close()

    told = bind()

    assert application not in {one["id"] for one in told["papers"]}
    (mine,) = (one for one in told["papers"] if one["id"] == agreement)
    assert [one["signed"] for one in mine["signers"]] == [True, False, False]
    said = " ".join(texts(Path(told["file"]))[0].replace("\u00a0", " ").split())
    assert "законный представитель × 2 Уже подписано: директор" in said


def test_without_copies_and_blank_pages_each_paper_stands_once(bind: Callable[..., dict[str, Any]]) -> None:
    told = bind("--one-sided", "--no-copies", "--all")

    file = Path(told["file"])
    assert len(told["papers"]) == len(ISSUED)
    assert told["pages"] == 1 + sum(one["pages"] for one in told["papers"])
    assert all(text.strip() for text in texts(file))
    outline = PdfReader(file).outline
    titles = [str(one["/Title"]) for one in outline]  # type: ignore[call-overload]
    assert titles[0] == "Пакет документов" and "Соглашение о социальном сопровождении семьи № 7" in titles
    wide = [page.mediabox.width > page.mediabox.height for page in PdfReader(file).pages]
    assert any(wide) and not all(wide)


def test_the_second_of_its_kind_and_the_papers_of_a_day_are_chosen(
    here: Run, bind: Callable[..., dict[str, Any]]
) -> None:
    assert [one["document"] for one in bind("--day", "2025-02-18")["papers"]] == ["krg_agreement"]
    (first,) = bind("krg_ipss:1")["papers"]
    assert first["number"] == "7"
    ran = here("packet", "one", "krg_ipss:2")
    assert ran.code == 1 and "papka issue one krg_ipss:2" in ran.all


def test_what_is_due_and_not_issued_stays_out_and_is_told(here: Run, office: Path) -> None:
    ran = here("packet", "one", "--engine", "rdocx")

    assert ran.code == 0, ran.all
    assert "papka issue one krg_final_monitoring" in ran.out
    assert "Заключение по итогам" not in "".join(texts(next(office.glob("cases/one/packets/*.pdf"))))


def test_a_paper_that_was_altered_or_is_gone_stops_the_packet_and_is_named(here: Run, office: Path) -> None:
    altered, gone = paper_of(office, "krg_agreement"), paper_of(office, "krg_ipss")
    altered.write_bytes(altered.read_bytes() + b"\n")
    gone.unlink()

    ran = here("packet", "one", "--engine", "rdocx")

    assert ran.code == 3
    assert f"altered: {altered.stem[-12:]}" in ran.all and f"gone: {gone.stem[-12:]}" in ran.all
    assert "backup" in ran.all
    assert not list(office.glob("cases/one/packets/*.pdf"))


def test_the_same_papers_give_the_same_bytes_and_an_untouched_packet_is_not_made_again(
    bind: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    first = bind("krg_application")
    file = Path(first["file"])
    bytes_then = file.read_bytes()
    again = bind("krg_application")
    assert (first["unchanged"], again["unchanged"]) == (False, True)
    assert {**again, "unchanged": False} == first

    file.write_bytes(bytes_then + b"%")
    mended = bind("krg_application")
    assert not mended["unchanged"] and file.read_bytes() == bytes_then
    other = bind("krg_application", "--out", tmp_path / "other.pdf")
    assert Path(other["file"]).read_bytes() == bytes_then


def test_a_paper_issued_as_word_only_is_drawn_for_the_packet_with_its_code(
    here: Run, bind: Callable[..., dict[str, Any]]
) -> None:
    ran = here("issue", "one", "krg_farewell_record", "--no-pdf")
    assert ran.code == 0, ran.all

    told = bind("krg_farewell_record")

    (paper,) = told["papers"]
    codes = codes_in(Path(told["file"]).read_bytes())
    assert [one.paper for one in codes] == [paper["id"]] * paper["pages"] * paper["copies"]
    assert paper["signers"] and all(one["page"] for one in paper["signers"])


def test_a_packet_is_not_taken_for_an_altered_paper(here: Run, bind: Callable[..., dict[str, Any]]) -> None:
    ran = here("verify", bind("krg_application")["file"])
    assert ran.code == 2 and "is a packet" in ran.all and "altered" not in ran.all


def test_a_packet_with_a_password_opens_with_it_only(
    here: Run, office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAPKA_PASSPHRASE", "short")
    refused = here("packet", "one", "krg_application", "--password", "--engine", "rdocx")
    assert refused.code == 2 and "too short" in refused.all

    monkeypatch.setenv("PAPKA_PASSPHRASE", "long-enough-2026")
    ran = here("packet", "one", "krg_application", "--password", "--engine", "rdocx")
    assert ran.code == 0, ran.all
    (file,) = office.glob("cases/one/packets/*.pdf")
    locked = PdfReader(file)
    assert locked.is_encrypted and not locked.decrypt("wrong")
    assert locked.decrypt("long-enough-2026") and "ПАКЕТ" in locked.pages[0].extract_text()
    known = subprocess.run(["pdfinfo", "-upw", "long-enough-2026", str(file)], capture_output=True, text=True)
    assert known.returncode or "AES-256" in known.stdout


def test_outside_an_office_and_with_nothing_issued_the_cure_is_named(
    here: Run, office: Path, tmp_path: Path
) -> None:
    shutil.copy(CASE, tmp_path / "case.yaml")
    outside = here("packet", tmp_path / "case.yaml")
    assert outside.code == 2 and "papka init" in outside.all
    (office / "cases" / "two").mkdir()
    text = CASE.read_text("utf-8").replace("\nid: ", "\nid: two-")
    (office / "cases" / "two" / "case.yaml").write_text(text, "utf-8")
    nothing = here("packet", "two")
    assert nothing.code == 1 and "papka issue two --stage" in nothing.all
