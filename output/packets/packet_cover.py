"""The first page of a packet: what is in it, how many copies, and who signs on which page.

The words are those of a paper, in its language. Margins and letters follow ГОСТ Р 7.0.97-2016, as in the
forms.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from xml.sax.saxutils import escape

from ...core.filters import LanguagePack
from ..package import Package
from ..registers.parts import frame, header

_WIDTHS = (454, 2680, 1500, 760, 760, 794, 2690)
_MIDDLE = {0, 3, 4, 5}


@dataclass(frozen=True, slots=True)
class Hand:
    """Who signs, on which page of the packet, and whether that is done."""

    role: str
    page: int | None
    done: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One paper in the table of contents.

    Attributes:
        numbered: Its number and day, as it bears them.
        pages: How many pages one copy has.
        first: The page of the packet on which its first copy begins.
    """

    title: str
    numbered: str
    pages: int
    copies: int
    first: int
    hands: tuple[Hand, ...]


@dataclass(frozen=True, slots=True)
class Front:
    """All that the cover says, and the language in which it says it."""

    organisation: str
    case: str
    family: str
    programme: str
    two_sided: bool
    language: str
    pack: LanguagePack = field(repr=False)
    lines: tuple[Line, ...] = ()
    pages: int = 0


def title_in(pack: LanguagePack) -> str:
    """Return what a packet is called."""
    return pack.on_paper("Packet of documents")


def cover(front: Front) -> bytes:
    """Draw the cover as a Word file; the same contents give the same bytes."""
    members = {**frame(front.pack.proofing), "word/document.xml": _document(front)}
    members["word/header1.xml"] = members["word/header2.xml"] = header(
        front.pack.on_paper("Confidential. Contains personal data"), with_number=False
    )
    members["docProps/core.xml"] = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
        'core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(title_in(front.pack))}</dc:title></cp:coreProperties>"
    ).encode()
    return Package(members).write({})


def _document(front: Front) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><w:body>'
        f"{''.join(_body(front))}"
        '<w:sectPr><w:headerReference w:type="default" r:id="rId2"/>'
        '<w:headerReference w:type="first" r:id="rId3"/><w:pgSz w:w="11906" w:h="16838"/>'
        '<w:pgMar w:top="1134" w:right="567" w:bottom="1361" w:left="1701" w:header="567" w:footer="567" '
        'w:gutter="0"/><w:titlePg/></w:sectPr></w:body></w:document>'
    ).encode()


def _body(front: Front) -> Iterator[str]:
    on_paper = front.pack.on_paper
    case = on_paper("Case No. {case} · {family}").format(case=front.case, family=front.family)
    programme = on_paper("Programme: {title}").format(title=front.programme)
    said = (
        (front.organisation, "Organisation"),
        (title_in(front.pack).upper(), "PaperTitle"),
        (case, "Line"),
        (programme, "Line"),
        (_size(front), "Line"),
        ("", "Gap"),
    )
    for text, style in said:
        yield _paragraph(front.pack.printed(text), style)
    yield from _table(front)
    yield _paragraph(front.pack.printed(_advice(front)), "Note")


def _size(front: Front) -> str:
    on_paper = front.pack.on_paper
    words = on_paper("Documents: {count}. Pages in the packet: {pages}, printed on one side")
    if front.two_sided:
        words = on_paper(
            "Documents: {count}. Pages in the packet: {pages},"
            " sheets of paper if printed on both sides: {sheets}"
        )
    return words.format(count=len(front.lines), pages=front.pages, sheets=(front.pages + 1) // 2)


def _advice(front: Front) -> str:
    on_paper = front.pack.on_paper
    advice = [
        on_paper(
            "The pages of the packet are numbered at the foot on the left; this page is for the worker"
            " and is not filed."
        )
    ]
    if any(one.copies > 1 and one.hands for one in front.lines):
        advice.append(on_paper("Each copy is signed; the page named is that of the first."))
    if front.two_sided:
        advice.append(on_paper("Each copy begins on a new sheet: empty pages were added for that."))
    return " ".join(advice)


def _heads(pack: LanguagePack) -> tuple[str, ...]:
    on_paper = pack.on_paper
    whose = on_paper("Who signs, and where")
    counts = on_paper("Pages"), on_paper("Copies"), on_paper("Page of the packet")
    return on_paper("No."), on_paper("Document"), on_paper("No. and date"), *counts, whose


def _table(front: Front) -> Iterator[str]:
    grid = "".join(f'<w:gridCol w:w="{one}"/>' for one in _WIDTHS)
    yield (
        '<w:tbl><w:tblPr><w:tblStyle w:val="Ruled"/>'
        f'<w:tblW w:w="{sum(_WIDTHS)}" w:type="dxa"/><w:tblLayout w:type="fixed"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>"
    )
    yield _row(_heads(front.pack), heading=True)
    for number, one in enumerate(front.lines, 1):
        counts = str(one.pages), str(one.copies), str(one.first)
        texts = (str(number), one.title, one.numbered, *counts, "\n".join(_signers(one.hands, front.pack)))
        yield _row([front.pack.printed(text) for text in texts])
    yield "</w:tbl>"


def _signers(hands: Sequence[Hand], pack: LanguagePack) -> Iterator[str]:
    """Say who signs on which page, a page a line; those who have signed stand last."""
    if not hands:
        yield pack.on_paper("no signatures needed")
    waiting = [one for one in hands if not one.done]
    for page, same in groupby(waiting, key=lambda one: one.page):
        roles = Counter(_inside(one.role) for one in same)
        said = "; ".join(f"{role} × {count}" if count > 1 else role for role, count in roles.items())
        yield pack.on_paper("p. {page}: {who}").format(page=page, who=said) if page else said
    signed = dict.fromkeys(_inside(one.role) for one in hands if one.done)
    if signed:
        yield pack.on_paper("Signed already: {who}").format(who="; ".join(signed))


def _inside(role: str) -> str:
    """Write a role as it stands inside a line: «директор», but «УТВЕРЖДАЮ» and «КДНиЗП»."""
    return role if role[1:2].isupper() else role[:1].lower() + role[1:]


def _row(texts: Sequence[str], *, heading: bool = False) -> str:
    cells = "".join(
        _cell(text, width, "CellHead" if heading else "CellMiddle" if column in _MIDDLE else "Cell")
        for column, (text, width) in enumerate(zip(texts, _WIDTHS, strict=True))
    )
    repeated = "<w:tblHeader/>" if heading else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{cells}</w:tr>"


def _cell(text: str, width: int, style: str) -> str:
    paragraphs = "".join(_paragraph(line, style) for line in text.split("\n"))
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{paragraphs}</w:tc>'


def _paragraph(text: str, style: str) -> str:
    run = f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>' if text else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{run}</w:p>'
