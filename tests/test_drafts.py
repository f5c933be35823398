"""A draft says on each of its pages that it is one, and takes the place of no issued paper."""

import io
import zipfile
from pathlib import Path

import pypdfium2
import pytest
from conftest import Run
from docx import Document
from docx.oxml.ns import qn
from reading import EXAMPLES

from papka.output.marking import as_draft, with_words

pytestmark = pytest.mark.usefixtures("english")
WORD = "ЧЕРНОВИК"
CASE = next(one for one in EXAMPLES if one.stem == "kim")


def headers_with_the_mark(word: bytes) -> list[str]:
    """Return the headers that Word shows with the watermark in them."""
    document = Document(io.BytesIO(word))
    marked = []
    for number, section in enumerate(document.sections):
        kinds = {"default": section.header, "first": section.first_page_header}
        if not section.different_first_page_header_footer:
            del kinds["first"]
        for kind, header in kinds.items():
            shapes = header._element.iter("{urn:schemas-microsoft-com:vml}textpath")
            if any(shape.get("string") == WORD for shape in shapes):
                marked.append(f"{number} {kind}")
    return marked


def grey_in_the_middle(pdf: Path) -> list[bool]:
    """Tell of each page whether something light grey stands behind its words."""
    found = []
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            picture = page.render(scale=0.5, grayscale=True).to_numpy()
            height, width = picture.shape[:2]
            middle = picture[height // 4 : 3 * height // 4, width // 4 : 3 * width // 4]
            found.append(int(((middle > 215) & (middle < 235)).sum()) > middle.size // 50)
    return found


def test_each_page_of_a_draft_says_that_it_is_one_in_word_and_in_pdf(here: Run, tmp_path: Path) -> None:
    order = ("sos_cooperation_agreement", "sos_development_plan", "--pdf", "--engine", "rdocx", "--json")
    ran = here("render", CASE, *order, "--into", tmp_path)
    assert ran.code == 0, ran.all

    for word in sorted(tmp_path.glob("*.docx")):
        assert {one.split()[1] for one in headers_with_the_mark(word.read_bytes())} >= {"default", "first"}
        pages = grey_in_the_middle(word.with_suffix(".pdf"))
        assert pages and all(pages), (word.name, pages)


def test_an_empty_form_is_no_draft(here: Run, tmp_path: Path) -> None:
    ran = here(
        "render",
        "sos_partnership",
        "sos_statement",
        "--blank",
        "--pdf",
        "--engine",
        "rdocx",
        "--into",
        tmp_path,
    )
    assert ran.code == 0, ran.all

    word = tmp_path / "sos_statement_blank.docx"
    assert headers_with_the_mark(word.read_bytes()) == []
    assert not any(grey_in_the_middle(word.with_suffix(".pdf")))


def plain(*, first: bool = False, even: bool = False, sections: int = 1) -> bytes:
    """Return a Word file as a stranger makes it: without any header."""
    document = Document()
    document.add_paragraph("Один лист.")
    for _ in range(sections - 1):
        document.add_section()
        document.add_paragraph("Другой лист.")
    if first:
        document.sections[-1].different_first_page_header_footer = True
    document.settings.odd_and_even_pages_header_footer = even
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


@pytest.mark.parametrize("sections", [1, 3])
@pytest.mark.parametrize("first", [False, True])
@pytest.mark.parametrize("even", [False, True])
def test_a_paper_without_headers_is_given_them_for_the_mark(sections: int, first: bool, even: bool) -> None:
    marked = as_draft(plain(first=first, even=even, sections=sections), WORD)

    assert len(headers_with_the_mark(marked)) == sections + first
    body = Document(io.BytesIO(marked)).element.body
    kinds = {one.get(qn("w:type")) for one in body.iter(qn("w:headerReference"))}
    assert kinds == {"default"} | ({"first"} if first else set()) | ({"even"} if even else set())
    # The words stand as they stood, and the same file gives the same bytes.
    assert Document(io.BytesIO(marked)).paragraphs[0].text == "Один лист."
    assert as_draft(plain(first=first, even=even, sections=sections), WORD) == marked


def test_what_a_correction_says_stands_above_its_first_words() -> None:
    said = with_words(plain(), "Выдан взамен <документа> № 7 & 8")

    assert [one.text for one in Document(io.BytesIO(said)).paragraphs][:2] == [
        "Выдан взамен <документа> № 7 & 8", "Один лист.",
    ]  # fmt: skip
    assert zipfile.ZipFile(io.BytesIO(said)).testzip() is None
