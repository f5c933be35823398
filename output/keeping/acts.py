"""The act of destruction as a Word file, with an extract of the journal. It holds no data of the family.

Its words are those of a paper, in the language of the case's programme.

What an act and an extract have to say stands in the order of Roskomnadzor of 28.10.2022 № 179 (in force from
01.03.2023 to 01.03.2029; known here from its retelling, so ``law_unverified``); how a paper looks follows
ГОСТ Р 7.0.97-2016 as it is commonly used.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from xml.sax.saxutils import escape

from ..package import Package
from ..registers.parts import frame, header

if TYPE_CHECKING:
    from ...core.filters import LanguagePack
    from ...core.journal.entries import Entry

_WIDTH = 9638
_BLANKS = 3


@dataclass(frozen=True)
class Lot:
    """What is destroyed.

    Attributes:
        papers: What the journal knows of the case.
        files: How many files of each kind lie in its folder.
        since: The day from which the ground stands: of the withdrawal, of the end of the term.
    """

    case: str
    reason: str
    since: date
    papers: tuple[Entry, ...]
    files: tuple[tuple[Kind, int], ...]
    titles: dict[str, str]

    @property
    def count(self) -> int:
        """How many files are destroyed."""
        return sum(count for _, count in self.files)


@dataclass(frozen=True)
class Operator:
    """Whose data it was, and who destroys it; what is not known is left as a line to fill by hand."""

    name: str | None
    address: str | None
    commission: Sequence[str]


def act(
    lot: Lot, operator: Operator, number: str | None, code: str | None, day: date, pack: LanguagePack
) -> bytes:
    """Draw the act in a language; the same facts give the same bytes."""
    draw = _Act(lot, operator, day, pack)
    members = {**frame(pack.proofing), "word/document.xml": _document("".join(draw.whole(number)))}
    members["word/header1.xml"] = header(None, with_number=True)
    members["word/header2.xml"] = header(None, with_number=False)
    members["docProps/core.xml"] = _properties(code, pack)
    return Package(members).write({})


def _properties(code: str | None, pack: LanguagePack) -> bytes:
    identifier = f"<dc:identifier>{code}</dc:identifier>" if code else ""
    title = pack.on_paper("Record of the destruction of personal data")
    source = pack.on_paper(
        "Source of the form: Order of Roskomnadzor No. 179 of 28 October 2022 (law_unverified)"
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
        'core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(title)}</dc:title>"
        f"<dc:creator>papka</dc:creator><dc:description>{escape(source)}</dc:description>{identifier}"
        "</cp:coreProperties>"
    ).encode()


def _document(body: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><w:body>'
        f'{body}<w:sectPr><w:headerReference w:type="default" r:id="rId2"/>'
        '<w:headerReference w:type="first" r:id="rId3"/><w:pgSz w:w="11906" w:h="16838"/>'
        '<w:pgMar w:top="1134" w:right="567" w:bottom="1134" w:left="1701" w:header="567" w:footer="567" '
        'w:gutter="0"/><w:titlePg/></w:sectPr></w:body></w:document>'
    ).encode()


class _Act:
    """Draws the parts of an act, in one language."""

    def __init__(self, lot: Lot, operator: Operator, day: date, pack: LanguagePack) -> None:
        self.lot = lot
        self.operator = operator
        self.day = day
        self.pack = pack
        self.on_paper = pack.on_paper

    def whole(self, number: str | None) -> Iterator[str]:
        yield from self.head(number)
        yield from self.facts()
        yield from self.on_sheets()
        yield from self.signatures()
        yield from self.papers()
        yield from self.files()
        yield from self.extract()

    def head(self, number: str | None) -> Iterator[str]:
        yield self.line(self.operator.name or "_" * 60, "Organisation")
        title = self.on_paper("RECORD No. {number}\nof the destruction of personal data")
        yield self.line(title.format(number=number or "____"), "PaperTitle")
        yield self.line(self.pack.long(self.day))

    def facts(self) -> Iterator[str]:
        on_paper, lot = self.on_paper, self.lot
        name, address = self.operator.name or "_" * 40, self.operator.address or "_" * 40
        ground = on_paper("{reason}; the ground has stood since {day}")
        destroyed = on_paper("issued papers: {papers}, files: {files} (annex 1)")
        told = (
            (
                on_paper("Operator"),
                on_paper("{name}, address: {address}").format(name=name, address=address),
            ),
            (on_paper("Processed the data on behalf of the operator (if so instructed)"), "_" * 18),
            (on_paper("Whose data were destroyed"), self.whose(named=True)),
            (on_paper("Categories of data destroyed"), self.categories()),
            (
                on_paper("Reason for the destruction"),
                ground.format(reason=self.reason(), day=self.pack.short(lot.since)),
            ),
            (
                on_paper("Information system"),
                on_paper("the case folder on the organisation’s computer; the program papka"),
            ),
            (
                on_paper("Method of destruction"),
                on_paper(
                    "the program deleted the case’s files from the medium that holds the office’s folder"
                ),
            ),
            (on_paper("Destroyed"), destroyed.format(papers=len(lot.papers), files=lot.count)),
            (on_paper("Date of destruction"), self.pack.short(self.day)),
        )
        for label, value in told:
            yield self.told(label, value)

    def whose(self, *, named: bool) -> str:
        words = self.on_paper("family members in the case with the code {case}")
        if named:
            words = self.on_paper(
                "family members in the case with the code {case}; their names are not given in this record"
            )
        return words.format(case=self.lot.case)

    def categories(self) -> str:
        return self.on_paper(
            "surname, first name, patronymic; sex; date and place of birth; citizenship; identity documents; "
            "social insurance number; addresses; telephone numbers; family members; education and "
            "employment; income; housing; health data, if the case held any; information on the course of "
            "the support"
        )

    def reason(self) -> str:
        if self.lot.reason == "withdrawal":
            return self.on_paper(
                "withdrawal of consent to the processing of personal data (Federal Law No. 152-FZ of "
                "27 July 2006, article 21, part 5)"
            )
        return self.on_paper(
            "end of the retention period, purpose of the processing achieved (Federal Law No. 152-FZ of "
            "27 July 2006, article 21, part 4)"
        )

    def papers(self) -> Iterator[str]:
        on_paper, lot = self.on_paper, self.lot
        yield self.line(on_paper("Annex 1 to the record"), "CoverDay", new_page=True)
        yield self.line(on_paper("List of what was destroyed"), "PaperTitle")
        yield self.line(on_paper("Issued papers"), "Section")
        if not lot.papers:
            yield self.line(on_paper("There were no issued papers."), "Empty")
            return
        rows = [
            (
                str(n),
                one.id,
                lot.titles.get(one.document, one.document),
                one.number or "—",
                self.pack.short(one.day),
            )
            for n, one in enumerate(lot.papers, 1)
        ]
        heads = (
            on_paper("Entry"),
            on_paper("Code"),
            on_paper("Type of paper"),
            on_paper("Number"),
            on_paper("Date"),
        )
        yield self.table(heads, (700, 2000, 4138, 1400, 1400), rows)
        yield self.line(
            on_paper(
                "The numbers and checksums of these papers stay in the journal; "
                "the numbers are not given again."
            ),
            "Note",
        )

    def files(self) -> Iterator[str]:
        on_paper = self.on_paper
        yield self.line(on_paper("Files"), "Section")
        kinds = named_kinds(self.lot, on_paper)
        rows = [(str(n), kind, str(count)) for n, (kind, count) in enumerate(kinds, 1)]
        heads = (on_paper("Entry"), on_paper("Type of file"), on_paper("How many"))
        total = ("", on_paper("In all"), str(self.lot.count))
        yield self.table(heads, (700, 7238, 1700), [*rows, total])

    def on_sheets(self) -> Iterator[str]:
        on_paper = self.on_paper
        title = on_paper("Paper records (completed by hand, if they too were destroyed)")
        yield self.line(title, "Section")
        rows = [(str(n), "", "", "") for n in range(1, 4)]
        heads = (
            on_paper("Entry"),
            on_paper("Record"),
            on_paper("Sheets"),
            on_paper("Method of destruction"),
        )
        yield self.table(heads, (700, 4938, 1200, 2800), rows, tall=True)

    def signatures(self) -> Iterator[str]:
        yield self.line(self.on_paper("The data were destroyed by:"), "Section")
        words = self.on_paper("{who} {line} (signature)")
        under = self.on_paper("(position, surname, initials)")
        for who in self.operator.commission or [""] * _BLANKS:
            said = words.format(who=who or "_" * 34, line="_" * 14)
            yield self.line(said if who else f"{said}\n{under}", "Closing")

    def extract(self) -> Iterator[str]:
        """Draw what the order asks for beside the act where data was processed by a computer."""
        on_paper, lot = self.on_paper, self.lot
        yield self.line(on_paper("Annex 2 to the record"), "CoverDay", new_page=True)
        yield self.line(on_paper("Extract from the event log"), "PaperTitle")
        yield self.told(on_paper("Data subjects"), self.whose(named=False))
        yield self.told(on_paper("Categories of data destroyed"), self.categories())
        yield self.told(on_paper("Information system"), on_paper("the case folder, the program papka"))
        yield self.told(on_paper("Reason for the destruction"), self.reason())
        yield self.told(on_paper("Date of destruction"), self.pack.short(self.day))
        states = {
            "issued": on_paper("issued"),
            "replaced": on_paper("replaced"),
            "void": on_paper("number not used"),
            "reserved": on_paper("number assigned"),
        }
        rows = [
            (
                f"{self.pack.short(one.at.date())} {one.at:%H:%M}",
                one.id,
                states[one.state],
                (one.docx_sha256 or "—")[:16],
            )
            for one in lot.papers
        ]
        if rows:
            heads = (
                on_paper("Recorded (UTC)"),
                on_paper("Code of the paper"),
                on_paper("State"),
                on_paper("SHA-256, beginning"),
            )
            yield self.table(heads, (2300, 2300, 2738, 2300), rows)
        kept = on_paper("The record and the extract are kept for three years from the day of destruction.")
        yield self.line(kept, "Note")

    # --- paragraphs and tables ---------------------------------------------------------------------------

    def told(self, label: str, value: str) -> str:
        return self.line(f"{label}: {value}.")

    def line(self, text: str, style: str = "Line", *, new_page: bool = False) -> str:
        broken = "<w:pageBreakBefore/>" if new_page else ""
        lines = "<w:br/>".join(
            f'<w:t xml:space="preserve">{escape(self.pack.printed(one))}</w:t>' for one in text.split("\n")
        )
        run = f"<w:r>{lines}</w:r>" if text else ""
        return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{broken}</w:pPr>{run}</w:p>'

    def table(
        self,
        heads: Sequence[str],
        widths: Sequence[int],
        rows: Sequence[Sequence[str]],
        *,
        tall: bool = False,
    ) -> str:
        grid = "".join(f'<w:gridCol w:w="{one}"/>' for one in widths)
        height = (
            '<w:trPr><w:cantSplit/><w:trHeight w:val="480"/></w:trPr>'
            if tall
            else "<w:trPr><w:cantSplit/></w:trPr>"
        )
        head = self.row(heads, widths, "CellHead", "<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>")
        body = "".join(self.row(row, widths, "Cell", height) for row in rows)
        return (
            f'<w:tbl><w:tblPr><w:tblStyle w:val="Ruled"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
            f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{head}{body}</w:tbl>'
        )

    def row(self, cells: Sequence[str], widths: Sequence[int], style: str, properties: str) -> str:
        made = "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{self.line(text, style)}</w:tc>'
            for text, width in zip(cells, widths, strict=True)
        )
        return f"<w:tr>{properties}{made}</w:tr>"


def digest(content: bytes) -> str:
    """Return the SHA-256 of a file's bytes."""
    return hashlib.sha256(content).hexdigest()


Kind = Literal["case", "word", "pdf", "cards", "signatures", "pictures", "other"]
_KINDS: dict[str, Kind] = {
    ".yaml": "case",
    ".docx": "word",
    ".pdf": "pdf",
    ".json": "cards",
    ".sig": "signatures",
    ".jpg": "pictures",
    ".jpeg": "pictures",
    ".png": "pictures",
    ".tif": "pictures",
}


def kinds_of(folder: Path) -> tuple[tuple[Kind, int], ...]:
    """Count the files of a case by what they are, never by their names: those may be a family's."""
    counted: dict[Kind, int] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not path.is_dir():
            kind = _KINDS.get(path.suffix.lower(), "other")
            counted[kind] = counted.get(kind, 0) + 1
    return tuple(sorted(counted.items()))


def named_kinds(lot: Lot, on_paper: Callable[[str], str]) -> list[tuple[str, int]]:
    """Return how many files of each kind there are, the kinds named in the language of a paper or screen."""
    said: dict[Kind, str] = {
        "case": on_paper("case file (YAML)"),
        "word": on_paper("Word documents"),
        "pdf": on_paper("PDF documents"),
        "cards": on_paper("cards of papers"),
        "signatures": on_paper("electronic signatures"),
        "pictures": on_paper("photographs and scans"),
        "other": on_paper("other files"),
    }
    return sorted((said[kind], count) for kind, count in lot.files)
