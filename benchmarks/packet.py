"""A packet: papers of one occasion bound into one PDF, beside what pypdf and pikepdf take to merge them "
"alone."""

from __future__ import annotations

import gc
import io
import json
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import papers
from measuring import EXAMPLE, Asked, Bars, Series, Skipped, Table

PAPERS = 8
Bind = Callable[[], bytes]


def suite(asked: Asked) -> Iterable[Table]:
    """Bind the same papers by all."""
    from pypdfium2 import PdfDocument

    pdfs = list(_pdfs(asked.folder))
    pdfs = [pdfs[number % len(pdfs)] for number in range(PAPERS)]
    ways, missing = _ways(pdfs)
    pages = {}
    for name, bind in ways.items():
        with PdfDocument(bind()) as document:
            pages[name] = [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]
    plain = [text for one in pdfs for text in _texts(one)]
    for name, texts in pages.items():
        if len(texts) != len(plain) or any(was not in now for was, now in zip(plain, texts, strict=True)):
            raise SystemExit(f"{name} binds other pages than the papers have.")
    count = 1 if asked.quick else 3
    found, size = Series(), {name: len(bind()) for name, bind in ways.items()}
    for _ in range(asked.rounds):
        for name, bind in ways.items():
            gc.collect()
            begun = time.process_time()
            for _ in range(count):
                bind()
            found.add(name, (time.process_time() - begun) / count)
    rows = [[name, found.cell(name, "papka"), f"{size[name] / 1024:.0f}"] for name in ways]
    notes = [
        f"{PAPERS} papers, {len(plain)} pages; each has the same pages with the same words in all. papka "
        "also puts the number of the page in the packet on each page, where no word stands, and a "
        "bookmark for each paper.",
        *missing,
    ]
    bars = Bars(
        "CPU time of a packet, papka = 1", {"packet": {name: found.ratio(name, "papka") for name in ways}}
    )
    head = ["way", "CPU, ms (× papka)", "KB"]
    yield Table("A packet of papers as one PDF", head, rows, notes, bars)


def _texts(pdf: bytes) -> Iterator[str]:
    from pypdfium2 import PdfDocument

    with PdfDocument(pdf) as document:
        yield from (" ".join(page.get_textpage().get_text_bounded().split()) for page in document)


def _pdfs(folder: Path) -> Iterator[bytes]:
    """Draw the papers of the benchmark as PDF, by the engine that pip installs with papka."""
    try:
        from rdocx import Document
    except ImportError:
        raise Skipped("the engine rdocx is not installed, and the papers are drawn by it.") from None
    from engines import papka

    papers.build(folder)
    for kind in papers.KINDS:
        (folder / f"{kind}.json").write_text(json.dumps(papers.data(kind), ensure_ascii=False), "utf-8")
    (folder / "papka").mkdir()
    draw = papka(folder, str(EXAMPLE), "")
    for kind in papers.KINDS:
        draw(kind)
        yield bytes(Document.from_bytes((folder / "papka" / f"{kind}.docx").read_bytes()).to_pdf())


def _ways(pdfs: list[bytes]) -> tuple[dict[str, Bind], list[str]]:
    from papka.output.packets.binding import Part, bound, page_count

    parts = [Part(f"Paper {number}", pdf, page_count(pdf)) for number, pdf in enumerate(pdfs)]

    def ours() -> bytes:
        return bound(parts, title="Packet", copy="Copy {number}", two_sided=False)

    def pypdf() -> bytes:
        from pypdf import PdfWriter

        writer = PdfWriter()
        for pdf in pdfs:
            writer.append(io.BytesIO(pdf))
        return _saved(writer.write)

    ways: dict[str, Bind] = {"papka": ours, "pypdf, merged alone": pypdf}
    try:
        import pikepdf
    except ImportError:
        return ways, ["Without pikepdf: it is not installed (`pip install pikepdf`)."]

    def pike() -> bytes:
        whole = pikepdf.new()
        for pdf in pdfs:
            with pikepdf.open(io.BytesIO(pdf)) as one:
                whole.pages.extend(one.pages)
        return _saved(lambda out: whole.save(out, deterministic_id=True))

    return {**ways, "pikepdf, merged alone": pike}, []


def _saved(save: Callable[[io.BytesIO], object]) -> bytes:
    out = io.BytesIO()
    save(out)
    return out.getvalue()
