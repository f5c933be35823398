"""Signed by hand: scans find their papers in any order, nothing is lost, and no unsigned line is ticked off."""

import hashlib
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scanner
from conftest import Ran
from PIL import Image, ImageDraw
from reading import EXAMPLES
from scanner import Look

from papka.core.cli import main
from papka.core.journal.journal import Journal
from papka.core.office import Office
from papka.output.issued.cards import Card
from papka.output.issued.codes import stamped
from papka.output.scanning.attaching import attach
from papka.output.scanning.filing import as_pdf, sheets
from papka.output.scanning.reading import read

CASES = ("chernykh_shevchenko", "kim")
Papka = Callable[..., Ran]


def papka(*arguments: str | Path, lang: str = "en") -> Ran:
    """Run the command inside this process."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setenv("PAPKA_LANG", lang)
        with pytest.raises(SystemExit) as stop:
            main([str(one) for one in arguments])
    return Ran(int(stop.value.code or 0), out.getvalue(), err.getvalue())


@dataclass
class Page:
    """A page that was printed: of which paper, and who signed on it."""

    paper: str
    number: int
    pdf: Path
    signed: set[int] = field(default_factory=set)
    jpeg: bytes = b""

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.jpeg).hexdigest()


def founded(folder: Path, papers: dict[str, tuple[str, ...]]) -> Path:
    assert papka("init", folder).code == 0
    for case, documents in papers.items():
        (folder / "cases" / case).mkdir()
        example = next(one for one in EXAMPLES if one.stem == case)
        shutil.copy(example, folder / "cases" / case / "case.yaml")
        ran = papka("issue", folder / "cases" / case, *documents, "--engine", "rdocx")
        assert ran.code == 0, ran.all
    return folder


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office with three papers that were issued and not signed yet."""
    papers = {"chernykh_shevchenko": ("krg_agreement", "krg_final_monitoring"), "kim": ("sos_closure",)}
    return founded(tmp_path_factory.mktemp("scans") / "office", papers)


@pytest.fixture
def office(issued: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "office"
    shutil.copytree(issued, folder)
    monkeypatch.chdir(folder)
    return folder


def printed(office: Path) -> Iterator[Page]:
    """Go through the pages of all issued papers."""
    for file in sorted(office.glob("cases/*/issued/*.card.json")):
        card = Card.read(file)
        assert card is not None
        assert card.pages
        pdf = file.with_name(file.name.replace(".card.json", ".pdf"))
        yield from (Page(card.id, number, pdf) for number in range(1, card.pages + 1))


def card_of(page: Page) -> Card:
    card = Card.read(page.pdf.with_suffix(".card.json"))
    assert card is not None
    return card


def photographed(
    page: Page, look: Look, chance: np.random.Generator, sign: Callable[[int], bool] = lambda _: False
) -> Page:
    """Sign a page, scan it, and remember who signed."""
    picture = scanner.drawn(page.pdf, page.number)
    for one in card_of(page).signers:
        if one.page == page.number and one.line is not None and sign(one.number):
            scanner.signed(picture, one.line, chance)
            page.signed.add(one.number)
    page.jpeg = scanner.as_jpeg(scanner.scanned(picture, look, chance), look.jpeg)
    return page


@pytest.fixture(scope="module")
def heap(issued: Path) -> list[Page]:
    """All pages, scanned: crooked, noisy, every second one upside down; odd signers have signed."""
    chance = np.random.default_rng(7)
    angles = [1.5, 181.0, -2.0, 178.5, 90.5]
    return [
        photographed(page, Look(angle=angles[n % 5], noise=15), chance, lambda number: number % 2 == 1)
        for n, page in enumerate(printed(issued))
    ]


def in_a_heap(pages: list[Page], folder: Path) -> list[Path]:
    """Lay pages into a heap, as they come: some in one PDF with empty backs, the others as pictures."""
    folder.mkdir()
    mixed = [pages[n] for n in np.random.default_rng(3).permutation(len(pages))]
    half = len(mixed) // 2
    back = scanner.as_jpeg(
        scanner.scanned(Image.new("RGB", (2480, 3508), "white"), Look(), np.random.default_rng(1)), 60
    )
    (folder / "feeder.pdf").write_bytes(
        scanner.as_pdf([one for page in mixed[:half] for one in (page.jpeg, back)])
    )
    for n, page in enumerate(mixed[half:]):
        (folder / f"{n}.jpg").write_bytes(page.jpeg)
    return sorted(folder.iterdir())


def lying(office: Path) -> dict[tuple[str, int], str]:
    """Return what lies in the files of scans: the digest of the picture of each page of each paper."""
    return {
        (file.name.split(".")[0].rpartition("_")[2], sheet.page): sheet.digest
        for file in office.glob("cases/*/issued/*.scan.pdf")
        for sheet in sheets(file)
    }


def test_a_heap_of_scans_in_any_order_finds_its_papers_and_lies_there_upright(
    office: Path, heap: list[Page], tmp_path: Path
) -> None:
    files = in_a_heap(heap, tmp_path / "heap")

    ran = papka("scan", "attach", *files)

    assert ran.code == 0, ran.all
    assert lying(office) == {(page.paper, page.number): page.digest for page in heap}
    assert f"Pages filed: {len(heap)}" in ran.out and f"empty: {len(heap) // 2}" in ran.out
    for file in office.glob("cases/*/issued/*.scan.pdf"):
        for number, sheet in enumerate(sheets(file), 1):
            code = read(scanner.drawn(file, number).convert("L"))[0]
            assert (code.code.page, code.turn) == (sheet.page, 0)
    assert all(file.exists() for file in files)
    book = json.loads(papka("journal", "--check", "--json").out)
    assert book["findings"] == []

    before, events = lying(office), book["events"]
    again = papka("scan", "attach", *files)
    assert f"Pages filed: 0, filed before: {len(heap)}" in again.out
    assert lying(office) == before
    assert json.loads(papka("journal", "--check", "--json").out)["events"] == events


def test_who_signed_is_ticked_off_and_who_did_not_is_named_with_the_page(
    office: Path, heap: list[Page], tmp_path: Path
) -> None:
    ran = papka("scan", "attach", *in_a_heap(heap, tmp_path / "heap"), "--json")

    papers = {one["id"]: one for one in json.loads(ran.out)["papers"]}
    signed = {(page.paper, number) for page in heap for number in page.signed}
    ticked = {(id_, one["number"]) for id_, paper in papers.items() for one in paper["signers"] if one["how"]}
    assert ticked <= signed
    assert len(ticked) >= 0.75 * len(signed)
    waiting = papka("scan", "status", "chernykh_shevchenko", lang="ru").out
    monitoring = next(page for page in heap if "final_monitoring" in page.pdf.name)
    assert monitoring.paper in waiting and "ждём с" in waiting
    assert (
        "«Главный специалист отдела опеки и попечительства» (с. 3): страница вернулась, подпись не отмечена"
        in waiting
    )
    assert "kim" not in waiting and "SOS-PSK" not in waiting


def test_a_page_scanned_again_takes_the_place_of_the_first_which_is_kept(
    office: Path, heap: list[Page], tmp_path: Path
) -> None:
    first = heap[0]
    second = photographed(
        Page(first.paper, first.number, first.pdf), Look(angle=0.7), np.random.default_rng(9)
    )
    (tmp_path / "a.jpg").write_bytes(first.jpeg)
    (tmp_path / "b.jpg").write_bytes(second.jpeg)

    papka("scan", "attach", tmp_path / "a.jpg")
    ran = papka("scan", "attach", tmp_path / "b.jpg")
    assert "took the place" in ran.out
    # The same heap once more changes nothing, in whatever order.
    assert papka("scan", "attach", tmp_path / "a.jpg", tmp_path / "b.jpg").code == 0

    assert lying(office) == {(first.paper, first.number): second.digest}
    kept = next(office.glob("cases/*/issued/*.scan.before.pdf"))
    assert [one.digest for one in sheets(kept)] == [first.digest]


def test_an_unsigned_copy_does_not_take_the_place_of_the_signed_page(
    office: Path, heap: list[Page], tmp_path: Path
) -> None:
    told = json.loads(papka("scan", "attach", *in_a_heap(heap, tmp_path / "signed"), "--json").out)
    ticked = {(p["id"], n["number"]) for p in told["papers"] for n in p["signers"] if n["how"]}
    page = next(one for one in heap if any((one.paper, number) in ticked for number in one.signed))
    before = lying(office)
    copy = photographed(Page(page.paper, page.number, page.pdf), Look(angle=0.4), np.random.default_rng(3))
    (tmp_path / "copy.jpg").write_bytes(copy.jpeg)

    for _ in range(2):
        assert papka("scan", "attach", tmp_path / "copy.jpg").code == 0
        assert lying(office) == before
    aside = [one.digest for file in office.glob("cases/*/issued/*.scan.before.pdf") for one in sheets(file)]
    assert aside == [copy.digest]


def test_an_empty_copy_does_not_take_the_place_of_a_page_whose_signature_cannot_be_told(
    office: Path, heap: list[Page], tmp_path: Path
) -> None:
    page = next(one for one in heap if one.signed)
    doubtful, chance = scanner.drawn(page.pdf, page.number), np.random.default_rng(5)
    for one in card_of(page).signers:
        if one.page == page.number and one.line is not None:
            (left, _, _, foot), mm = one.line, scanner.MM
            stroke = ((left + 5) * mm, (foot - 6) * mm, (left + 9) * mm, (foot - 1) * mm)
            ImageDraw.Draw(doubtful).line(stroke, fill=scanner.BLUE, width=5)
    first = scanner.as_jpeg(scanner.scanned(doubtful, Look(), chance), 80)
    copy = photographed(Page(page.paper, page.number, page.pdf), Look(angle=0.4), chance)
    (tmp_path / "first.jpg").write_bytes(first)
    (tmp_path / "copy.jpg").write_bytes(copy.jpeg)

    for name in ("first.jpg", "first.jpg", "copy.jpg"):
        told = json.loads(papka("scan", "attach", tmp_path / name, "--json").out)["papers"][0]
        seen = [one["seen"] for one in told["signers"] if one["page"] == page.number]
        assert seen and set(seen) == {"unsure"}, name
    assert lying(office) == {(page.paper, page.number): hashlib.sha256(first).hexdigest()}
    assert "the page is back, not ticked off" in papka("scan", "status").out


def test_a_signature_that_somebody_has_denied_is_not_ticked_off_again_by_the_scan(
    office: Path, heap: list[Page], tmp_path: Path
) -> None:
    page = next(one for one in heap if one.signed)
    (tmp_path / "a.jpg").write_bytes(page.jpeg)
    told = json.loads(papka("scan", "attach", tmp_path / "a.jpg", "--json").out)["papers"][0]
    ticked = [one["number"] for one in told["signers"] if one["how"] == "scan"]
    assert ticked

    assert papka("sign", page.paper, "--by", ticked[0], "--undo", "--reason", "это помарка").code == 0
    told = json.loads(papka("scan", "attach", tmp_path / "a.jpg", "--json").out)["papers"][0]

    mine = next(one for one in told["signers"] if one["number"] == ticked[0])
    assert (mine["how"], mine["seen"]) == (None, "unsure")


def test_a_folder_is_attached_whole_and_the_cover_of_a_packet_is_known(
    office: Path, heap: list[Page], tmp_path: Path
) -> None:
    packet = papka("packet", "kim", "--all", "--engine", "rdocx", "--out", tmp_path / "packet.pdf")
    assert packet.code == 0, packet.all
    folder = tmp_path / "scans" / "deeper"
    folder.mkdir(parents=True)
    look = scanner.scanned(scanner.drawn(tmp_path / "packet.pdf", 1), Look(angle=1), np.random.default_rng(1))
    (folder / "cover.jpg").write_bytes(scanner.as_jpeg(look, 70))
    (folder / "page.jpg").write_bytes(heap[0].jpeg)
    (folder / "notes.txt").write_text("не скан", "utf-8")

    ran = papka("scan", "attach", tmp_path / "scans")

    assert ran.code == 0, ran.all
    assert "Pages filed: 1" in ran.out and "Covers of packets, which are not filed: 1" in ran.out
    assert not (office / "scans" / "unread").exists()
    (tmp_path / "empty").mkdir()
    assert papka("scan", "attach", tmp_path / "empty").code == 2


def test_a_page_that_vanished_or_was_exchanged_is_found_out(
    office: Path, heap: list[Page], tmp_path: Path
) -> None:
    paper = [page for page in heap if page.paper == heap[0].paper][:2]
    for page in paper:
        (tmp_path / f"{page.number}.jpg").write_bytes(page.jpeg)
    assert papka("scan", "attach", tmp_path / "1.jpg", tmp_path / "2.jpg").code == 0
    filed = next(office.glob("cases/*/issued/*.scan.pdf"))
    one, two = sheets(filed)

    filed.write_bytes(as_pdf([replace(one, jpeg=two.jpeg)]))
    ran = papka("journal", "--check")

    assert ran.code == 3
    assert f"gone: {paper[0].paper}, pages 2" in ran.out
    assert f"not those that were filed: {paper[0].paper}, pages 1" in ran.out
    filed.unlink()
    assert f"gone: {paper[0].paper}, pages 1, 2" in papka("journal", "--check").out


def test_nobody_is_told_to_sign_a_paper_that_a_newer_one_replaced(
    office: Path, heap: list[Page], tmp_path: Path
) -> None:
    page = next(one for one in heap if "krg_agreement" in one.pdf.name)
    (tmp_path / "a.jpg").write_bytes(page.jpeg)
    case = office / "cases" / "chernykh_shevchenko" / "case.yaml"
    case.write_text(case.read_text("utf-8").replace("street: ул. Заречная", "street: ул. Новая"), "utf-8")
    done = papka("issue", case.parent, "krg_agreement", "--no-pdf", "--correct", "адрес")
    assert done.code == 0, done.all

    ran = papka("scan", "attach", tmp_path / "a.jpg")

    assert "a newer paper stands in place" in ran.out
    assert f"papka sign {page.paper}" not in ran.out


def test_a_page_without_a_code_is_kept_aside_and_filed_by_hand(
    office: Path, heap: list[Page], tmp_path: Path
) -> None:
    page = heap[0]
    picture = scanner.drawn(page.pdf, page.number)
    ImageDraw.Draw(picture).rectangle((1900, 3200, 2480, 3508), fill="white")
    bare = scanner.scanned(picture, Look(angle=180.4), np.random.default_rng(2))
    bare.save(tmp_path / "bare.png")

    ran = papka("scan", "attach", tmp_path / "bare.png", "--move")

    assert ran.code == 3 and (tmp_path / "bare.png").exists()
    aside = list((office / "scans" / "unread").iterdir())
    assert len(aside) == 1 and aside[0].name in ran.err and "--paper CODE" in ran.err
    assert aside[0].stat().st_mode & 0o077 == 0
    assert "scans/unread: 1" in papka("scan", "status").out

    by_hand = papka("scan", "attach", aside[0], "--paper", page.paper, "--page", page.number)
    assert by_hand.code == 0, by_hand.all
    assert [key for key in lying(office)] == [(page.paper, page.number)]
    assert sheets(next(office.glob("cases/*/issued/*.scan.pdf")))[0].turn == 180
    assert list((office / "scans" / "unread").iterdir()) == []
    assert papka("scan", "attach", tmp_path / "bare.png", "--paper", page.paper, "--page", 99).code == 2


def test_what_is_no_scan_of_ours_is_told_and_stops_no_other(
    office: Path, heap: list[Page], tmp_path: Path
) -> None:
    from pypdf import PdfWriter

    good, chance = heap[0], np.random.default_rng(4)
    bad = tmp_path / "bad"
    bad.mkdir()
    (bad / "letter.docx").write_bytes(b"PK\x03\x04")
    (bad / "torn.jpg").write_bytes(good.jpeg[:9000])
    (bad / "torn.pdf").write_bytes(b"%PDF-1.7\nnothing")
    closed = PdfWriter(clone_from=good.pdf)
    closed.encrypt("x")
    closed.write(bad / "closed.pdf")
    shutil.copy(good.pdf, bad / "itself.pdf")
    Image.new("1", (20000, 20000)).save(bad / "bomb.png")
    other, strange = bad / "other.pdf", bad / "strange.pdf"
    empty = PdfWriter()
    empty.add_blank_page(595, 842)
    empty.write(plain := io.BytesIO())
    other.write_bytes(stamped(plain.getvalue(), good.paper, "0" * 64))
    strange.write_bytes(stamped(plain.getvalue(), "ABCDEFGHJKMN", "0" * 64))
    for file in (other, strange):
        picture = scanner.scanned(scanner.drawn(file, 1), Look(), chance)
        picture.save(file.with_suffix(".jpg"), quality=70)
        file.unlink()
    (bad / "zz_good.jpg").write_bytes(good.jpeg)

    ran = papka("scan", "attach", *sorted(bad.iterdir()), tmp_path / "gone.pdf")

    assert ran.code == 3
    assert lying(office) == {(good.paper, good.number): good.digest}
    said = {
        line.split(":")[0].removeprefix("✗ ").split(",")[0]: line
        for line in ran.err.splitlines()
        if "✗" in line
    }
    assert "neither a PDF nor a picture" in said["letter.docx"]
    assert "password" in said["closed.pdf"]
    assert "no scan but the file itself" in said["itself.pdf"]
    assert "too large" in said["bomb.png"]
    assert "another version" in said["other.jpg"]
    assert "not in the journal" in said["strange.jpg"]
    assert {"torn.jpg", "torn.pdf", "gone.pdf"} <= set(said)
    assert not any(name in ran.all for name in ("Черных", "Шевченко"))


def test_files_are_taken_away_only_when_all_of_their_pages_are_filed(
    office: Path, heap: list[Page], tmp_path: Path
) -> None:
    whole, part = tmp_path / "whole.pdf", tmp_path / "part.pdf"
    back, chance = Image.new("RGB", (2480, 3508), "white"), np.random.default_rng(5)
    scanner.signed(back, (60, 90, 110, 100), chance)
    written = scanner.as_jpeg(scanner.scanned(back, Look(), chance), 60)
    whole.write_bytes(scanner.as_pdf([heap[0].jpeg]))
    part.write_bytes(scanner.as_pdf([heap[1].jpeg, written]))

    papka("scan", "attach", whole, part, "--move")

    assert (whole.exists(), part.exists()) == (False, True)
    filed = next(office.glob("cases/*/issued/*.scan.pdf"))
    papka("scan", "attach", filed, "--move")
    assert filed.exists()


def test_two_who_attach_at_once_lose_no_page(office: Path, heap: list[Page], tmp_path: Path) -> None:
    files = []
    for n, page in enumerate(heap):
        files.append(tmp_path / f"{n}.jpg")
        files[-1].write_bytes(page.jpeg)

    def work(mine: list[Path]) -> None:
        book = Journal.open(office / "journal.db")
        assert attach(mine, Office(office), book).whole
        book.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, (files[::2], files[1::2])))

    assert lying(office) == {(page.paper, page.number): page.digest for page in heap}


def test_whoever_is_killed_finishes_by_attaching_again(
    office: Path, heap: list[Page], tmp_path: Path
) -> None:
    files = in_a_heap(heap, tmp_path / "heap")
    command = [sys.executable, "-m", "papka.core", "scan", "attach", *map(str, files)]
    for pages in (1, len(heap) // 2):
        process = subprocess.Popen(command, cwd=office, stdout=subprocess.DEVNULL)
        while process.poll() is None and len(list(office.glob("cases/*/issued/*.scan.pdf"))) < min(pages, 2):
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
        process.wait()

    assert papka("scan", "attach", *files).code == 0

    assert lying(office) == {(page.paper, page.number): page.digest for page in heap}
    book = Journal.open(office / "journal.db")
    marks = {
        (paper, int(one.name)): one.sha256
        for paper, all_ in book.marks().items()
        for one in all_
        if one.kind == "page"
    }
    assert list(book.faults()) == []
    book.close()
    assert marks == lying(office)
    assert list(office.glob("cases/*/issued/.papka-*")) == []


def test_a_telephone_says_nothing_of_where_the_picture_was_taken(
    office: Path, heap: list[Page], tmp_path: Path
) -> None:
    picture = Image.open(io.BytesIO(heap[0].jpeg))
    exif = Image.Exif()
    exif[0x010E] = "Катайск, улица Ленина"
    picture.save(tmp_path / "phone.jpg", exif=exif, quality=80)

    assert papka("scan", "attach", tmp_path / "phone.jpg").code == 0

    filed = next(office.glob("cases/*/issued/*.scan.pdf")).read_bytes()
    assert b"Exif" not in filed and "Катайск".encode() not in filed


def test_without_what_reads_scans_the_cure_is_told(
    office: Path, heap: list[Page], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.jpg").write_bytes(heap[0].jpeg)
    monkeypatch.setitem(sys.modules, "zxingcpp", None)

    ran = papka("scan", "attach", tmp_path / "a.jpg")

    assert ran.code == 1 and "pip install papka[scan]" in ran.err


# --- the long trial ----------------------------------------------------------------------------------------


@pytest.mark.skipif("PAPKA_LONG" not in os.environ, reason="PAPKA_LONG=1 asks for the long trial")
def test_two_hundred_pages_of_twenty_packets_are_all_filed_right(tmp_path: Path) -> None:
    folder = founded(tmp_path / "office", {})
    chance = np.random.default_rng(11)
    counts: dict[str, Any] = {}
    for n in range(20):
        example = next(one for one in EXAMPLES if one.stem == CASES[n % 2])
        case = folder / "cases" / f"case{n:02}"
        case.mkdir()
        text = re.sub(r"(?m)^id: .*", f"id: T-{n}", example.read_text("utf-8"))
        (case / "case.yaml").write_text(re.sub(r"(?m)^number: .*", f"number: {n}/2025", text), "utf-8")
        ran = papka("issue", case, *LONG[CASES[n % 2]], "--engine", "rdocx")
        assert ran.code == 0, ran.all
    pages = list(printed(folder))
    for page in pages:
        angle = float(chance.uniform(-5, 5)) + float(chance.choice([0, 180]))
        look = Look(150, angle, float(chance.choice([8, 20, 35])), int(chance.choice([30, 60])), 60)
        photographed(page, look, chance, lambda _: bool(chance.random() < 0.5))
    files = in_a_heap(pages, tmp_path / "heap")

    begun = time.perf_counter()
    ran = papka("scan", "attach", "--into", folder, *files, "--json")
    seconds = (time.perf_counter() - begun) / len(pages)

    found, right = lying(folder), {(page.paper, page.number): page.digest for page in pages}
    wrong = {key for key, digest in found.items() if right.get(key) != digest}
    signed = {(page.paper, number) for page in pages for number in page.signed}
    known = json.loads(ran.out)["papers"]
    ticked = {(one["id"], s["number"]) for one in known for s in one["signers"] if s["how"]}
    counts |= {"pages": len(pages), "filed right": len(found) - len(wrong), "filed wrong": len(wrong)}
    counts |= {"signed": len(signed), "seen": len(ticked & signed), "false": len(ticked - signed)}
    print(counts, f"{seconds:.2f} s a page")
    assert len(pages) >= 200
    assert found == right, counts
    assert not ticked - signed


LONG = {
    "chernykh_shevchenko": ("krg_final_monitoring", "krg_level_conclusion"),
    "kim": ("sos_closure", "sos_deep_assessment"),
}
