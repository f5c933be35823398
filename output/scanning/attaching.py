"""`papka scan attach`: a heap of scans, in any order, finds its papers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ...core.errors import AskedWrongly, PapkaError
from ...core.i18n import tr
from ..issued.cards import beside, card_of
from ..saving import write_atomically
from .awaiting import Answer, Awaited, awaited
from .filing import SCAN, SCANS, Result, Sheet, file_page
from .reading import Read, blank, read
from .sources import Picture, Source, ask_for_tools, opened

if TYPE_CHECKING:
    from ...core.journal.entries import Entry
    from ...core.journal.journal import Journal
    from ...core.office import Office

UNREAD = "unread"
Became = Result | Literal["blank", "unread", "foreign", "failed"]
DONE: frozenset[Became] = frozenset(("filed", "replaced", "already", "former", "blank"))


@dataclass(frozen=True)
class Page:
    """What became of one page of a scan.

    Attributes:
        number: Which page of the file; None: the whole file.
        became: ``filed``, ``replaced``, ``already``, ``former`` as `filing.file_page` says; ``blank``: the
            empty back of a sheet; ``unread``: no code could be read, a copy is kept aside; ``foreign``: its
            code is no paper's of this office; ``failed``: there was no picture, or no writing it.
        paper: The code of its paper.
        kept: Where an unread page lies in the office.
        reason: Why it was not filed.
    """

    file: Path
    number: int | None
    became: Became
    paper: str | None = None
    page: int | None = None
    kept: str | None = None
    reason: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "file": str(self.file),
            "number": self.number,
            "became": self.became,
            "paper": self.paper,
            "page": self.page,
            "kept": self.kept,
            "reason": self.reason,
        }


@dataclass(frozen=True)
class Attached:
    """What became of a heap of scans.

    Attributes:
        papers: How each paper stands now that a page of came.
        moved: The files that were taken away, for all of their pages are filed.
    """

    pages: tuple[Page, ...]
    papers: tuple[Awaited, ...]
    moved: tuple[Path, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether every page found its place."""
        return all(one.became in DONE for one in self.pages)

    def count(self, *became: Became) -> int:
        """Count the pages of which this became."""
        return sum(one.became in became for one in self.pages)

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "pages": [one.as_json() for one in self.pages],
            "papers": [one.as_json() for one in self.papers],
            "moved": [str(one) for one in self.moved],
        }


@dataclass
class _Desk:
    office: Office
    journal: Journal
    entries: dict[str, Entry | None] = field(default_factory=dict)
    seen: dict[str, dict[int, Answer]] = field(default_factory=dict)

    def entry(self, paper: str) -> Entry | None:
        if paper not in self.entries:
            try:
                entry = self.journal.entry(paper)
            except PapkaError:
                self.entries[paper] = None
            else:
                self.entries[paper] = entry if entry.state in ("issued", "replaced") else None
        return self.entries[paper]


def attach(
    files: Sequence[Path],
    office: Office,
    journal: Journal,
    *,
    move: bool = False,
    by_hand: tuple[str, int] | None = None,
) -> Attached:
    """File all pages of scans with their papers; what is wrong with one stops no other.

    Args:
        move: Take a file away when all of its pages are filed.
        by_hand: The paper and the page that the only page of the only file is, for no code can be read on it.

    Raises:
        AskedWrongly: What is filed by hand is more than one page, or there is no such paper or page.
        PapkaError: What reads scans is not installed, or the journal cannot be reached.
    """
    ask_for_tools()
    desk = _Desk(office, journal)
    pages: list[Page] = []
    moved: list[Path] = []
    for file in files:
        mine = list(_by_hand(desk, files, by_hand) if by_hand else _of_file(desk, file))
        pages += mine
        if _may_go(desk, file, mine, move=move):
            file.unlink(missing_ok=True)
            moved.append(file)
    return Attached(tuple(pages), tuple(_papers(desk, pages)), tuple(moved))


def _may_go(desk: _Desk, file: Path, pages: Sequence[Page], *, move: bool) -> bool:
    """Tell whether a file may be taken away: what lies with a case stays, a copy kept aside goes."""
    done = bool(pages) and all(one.became in DONE for one in pages)
    place, folder = file.resolve(), desk.office.folder.resolve()
    aside = place.is_relative_to(folder / SCANS / UNREAD)
    return done and (move or aside) and not place.is_relative_to(folder / "cases")


def _papers(desk: _Desk, pages: Sequence[Page]) -> Iterator[Awaited]:
    codes = dict.fromkeys(one.paper for one in pages if one.paper and one.became in DONE)
    marks = desk.journal.marks(list(codes))
    for code in codes:
        entry = desk.entry(code)
        if entry is not None:
            yield awaited(desk.office, entry, marks.get(code, ()), desk.seen.get(code))


# --- a file ------------------------------------------------------------------------------------------------


def _of_file(desk: _Desk, file: Path) -> Iterator[Page]:
    try:
        with opened(file) as source:
            for number in range(1, source.count + 1):
                yield _of_page(desk, source, number)
    except AskedWrongly:
        raise
    except PapkaError as error:
        yield Page(file, None, "failed", reason=str(error))


def _of_page(desk: _Desk, source: Source, number: int) -> Page:
    try:
        picture = source.picture(number)
        codes = read(picture.grey)
        if len(codes) == 1:
            return _filed(desk, picture, codes[0])
        if not codes and blank(picture.grey):
            return Page(source.file, number, "blank")
        return _aside(desk, picture, several=bool(codes))
    except PapkaError as error:
        return Page(source.file, number, "failed", reason=str(error))


def _filed(desk: _Desk, picture: Picture, found: Read) -> Page:
    code = found.code
    entry = desk.entry(code.paper)
    if entry is None:
        words = tr("The code {code} is not in the journal of this office.")
        return Page(picture.file, picture.number, "foreign", reason=words.format(code=code.paper))
    if (entry.docx_sha256 or "")[:8].upper() != code.digest or not 1 <= code.page <= code.pages:
        words = tr("The code {code} is that of another version of the paper, which was not issued here.")
        return Page(picture.file, picture.number, "foreign", reason=words.format(code=code.paper))
    return _put(desk, picture, entry, code.page, found.turn, found)


def _put(desk: _Desk, picture: Picture, entry: Entry, page: int, turn: int, found: Read | None) -> Page:
    sheet = Sheet(page, picture.jpeg, turn, picture.grey.size, not picture.colour)
    unsigned = _lacks_signatures(desk, picture, entry, page, found)
    became = file_page(desk.office, desk.journal, entry, sheet, unsigned=unsigned)
    if became != "former":
        _signers(desk, picture, entry, sheet, found)
    return Page(picture.file, picture.number, became, entry.id, page)


def _lacks_signatures(desk: _Desk, picture: Picture, entry: Entry, page: int, found: Read | None) -> bool:
    """Tell whether places are empty here that another picture of this page has shown as signed.

    Each copy of a paper bears the same codes; the family's own comes through the scanner unsigned.
    """
    from .hands import looked_at

    card, issued = card_of(desk.office.folder, entry), beside(desk.office.folder, entry, ".pdf")
    if found is None or card is None or issued is None or not issued.is_file():
        return False
    marks = desk.journal.marks([entry.id]).get(entry.id, [])
    seen = {one.name for one in marks if one.kind == "signed" and one.how == "scan"}
    asked = [one for one in card.signers if one.page == page and str(one.number) in seen]
    if not asked:
        return False
    return "empty" in looked_at(picture.grey, found, issued, page, asked, card.signers).values()


def _signers(desk: _Desk, picture: Picture, entry: Entry, sheet: Sheet, found: Read | None) -> None:
    """Look at the places of a page where somebody signs, and tick off who has."""
    from ...core.journal.entries import Mark
    from .hands import looked_at

    card = card_of(desk.office.folder, entry)
    issued = beside(desk.office.folder, entry, ".pdf")
    if card is None or issued is None:
        return
    known = desk.journal.marks([entry.id]).get(entry.id, [])
    signed = {one.name for one in known if one.kind == "signed"}
    asked = [one for one in card.signers if one.page == sheet.page and str(one.number) not in signed]
    if not asked:
        return
    answers: Mapping[int, Answer] = dict.fromkeys((one.number for one in asked), "unsure")
    if found is not None and issued.is_file():
        answers = looked_at(picture.grey, found, issued, sheet.page, asked, card.signers)
    place = beside(desk.office.folder, entry, SCAN)
    assert place is not None
    file = place.relative_to(desk.office.folder).as_posix()
    for number, answer in answers.items():
        desk.seen.setdefault(entry.id, {})[number] = answer
        if answer == "signed":
            # The file grows with each page: the digest that shows this signature is that of its page.
            desk.journal.mark(Mark(entry.id, "signed", str(number), "scan", file=file))


# --- by hand -----------------------------------------------------------------------------------------------


def _by_hand(desk: _Desk, files: Sequence[Path], by_hand: tuple[str, int]) -> Iterator[Page]:
    entry = desk.journal.entry(by_hand[0])
    if entry.state not in ("issued", "replaced"):
        raise AskedWrongly(tr("The paper {id} is not issued: nothing can be signed.").format(id=entry.id))
    pages = entry.pages or by_hand[1]
    if not 1 <= by_hand[1] <= pages:
        words = tr("The paper {id} has the pages 1 to {pages}.")
        raise AskedWrongly(words.format(id=entry.id, pages=pages))
    only = tr("By hand one page is filed at a time: name one file with one page.")
    if len(files) != 1:
        raise AskedWrongly(only)
    desk.entries[entry.id] = entry
    with opened(files[0]) as source:
        if source.count != 1:
            raise AskedWrongly(only)
        picture = source.picture(1)
        found = next((one for one in read(picture.grey) if one.code.paper == entry.id), None)
        turn = found.turn if found else _turn(desk, picture, entry, by_hand[1])
        yield _put(desk, picture, entry, by_hand[1], turn, found)


def _turn(desk: _Desk, picture: Picture, entry: Entry, page: int) -> int:
    """Return the turn in which a picture looks most like the page that was issued."""
    from .placing import likeliest_turn

    issued = beside(desk.office.folder, entry, ".pdf")
    return likeliest_turn(picture.grey, issued, page) if issued and issued.is_file() else 0


def _aside(desk: _Desk, picture: Picture, *, several: bool) -> Page:
    """Keep a copy of a page that found no paper; the same page is kept once."""
    name = f"{hashlib.sha256(picture.jpeg).hexdigest()[:16]}.jpg"
    place = desk.office.folder / SCANS / UNREAD / name
    if not place.is_file():
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_atomically(place, picture.jpeg)
    said = tr("several papers lie on it: scan each by itself") if several else tr("no code can be read")
    kept = place.relative_to(desk.office.folder).as_posix()
    return Page(picture.file, picture.number, "unread", kept=kept, reason=said)


def aside(office: Office) -> list[Path]:
    """Return the pages that lie aside, for no code could be read on them."""
    return sorted((office.folder / SCANS / UNREAD).glob("*.jpg"))
