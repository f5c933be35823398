"""`papka scan attach`: a heap of scans, in any order, finds its papers."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ...core.errors import AskedWrongly, PapkaError
from ...core.i18n import tr
from ..issued.cards import Signer, beside, card_of
from ..issued.codes import COVER
from ..saving import write_atomically
from .awaiting import Answer, Awaited, awaited
from .filing import SCAN, SCANS, Result, Sheet, file_page, sheets
from .reading import Read, blank, read
from .sources import Picture, Source, as_kept, ask_for_tools, opened

if TYPE_CHECKING:
    from PIL.Image import Image

    from ...core.journal.entries import Entry
    from ...core.journal.journal import Journal
    from ...core.office import Office

UNREAD = "unread"
Became = Result | Literal["blank", "cover", "unread", "foreign", "failed"]
DONE: frozenset[Became] = frozenset(("filed", "replaced", "already", "former", "blank", "cover"))


@dataclass(frozen=True)
class Page:
    """What became of one page of a scan.

    Attributes:
        number: Which page of the file; None: the whole file.
        became: ``filed``, ``replaced``, ``already``, ``former`` as `filing.file_page` says; ``blank``: the
            empty back of a sheet; ``cover``: the first page of a packet, which is not filed; ``unread``: no
            code could be read, a copy is kept aside; ``foreign``: its code is no paper's of this office;
            ``failed``: there was no picture, or no writing it.
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
    if code.paper == COVER:
        return Page(picture.file, picture.number, "cover")
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
    if became == "former":
        # What counts is the page that lies there: its answers are those to be told.
        desk.seen.setdefault(entry.id, {}).update(_answers_of_lying(desk, entry, page))
    else:
        _signers(desk, picture, entry, sheet, found)
    return Page(picture.file, picture.number, became, entry.id, page)


def _lacks_signatures(desk: _Desk, picture: Picture, entry: Entry, page: int, found: Read | None) -> bool:
    """Tell whether places are empty here in which the page that lies there has, or may have, a signature.

    Each copy of a paper bears the same codes; the family's own comes through the scanner unsigned.
    """
    if found is None or _lying(desk, entry, page) is None:
        return False
    asked = [one for one in _places(desk, entry, page) if one.number not in _signed(desk, entry, _ELSEWHERE)]
    answers = _answers(desk, picture.grey, found, entry, page, asked) if asked else {}
    empty = {number for number, answer in answers.items() if answer == "empty"}
    if empty & _signed(desk, entry, _ON_PAPER):
        return True
    lies = _answers_of_lying(desk, entry, page) if empty else {}
    return any(answer != "empty" for number, answer in lies.items() if number in empty)


def _lying(desk: _Desk, entry: Entry, page: int) -> Sheet | None:
    """Return the page that lies with its paper, if it came back before."""
    place = beside(desk.office.folder, entry, SCAN)
    return next((one for one in sheets(place) if one.page == page), None) if place else None


def _answers_of_lying(desk: _Desk, entry: Entry, page: int) -> dict[int, Answer]:
    """Say what the page shows that lies with its paper, of those of whom nothing is recorded."""
    from PIL import Image

    lying = _lying(desk, entry, page)
    asked = [one for one in _places(desk, entry, page) if one.number not in _signed(desk, entry)]
    if lying is None or not asked:
        return {}
    grey = as_kept(Image.open(io.BytesIO(lying.jpeg), formats=("JPEG",))).grey
    found = next((one for one in read(grey) if one.code.paper == entry.id), None)
    return _answers(desk, grey, found, entry, page, asked)


_ON_PAPER, _ELSEWHERE = ("scan", "hand"), ("pades", "cms", "waived")
"""How papka knows of a signature that stands on the paper, and of one that does not."""


def _signed(desk: _Desk, entry: Entry, hows: Sequence[str] = (*_ON_PAPER, *_ELSEWHERE)) -> set[int]:
    marks = desk.journal.marks([entry.id]).get(entry.id, [])
    return {int(one.name) for one in marks if one.kind == "signed" and one.how in hows}


def _places(desk: _Desk, entry: Entry, page: int) -> list[Signer]:
    card = card_of(desk.office.folder, entry)
    return [one for one in card.signers if one.page == page] if card else []


def _answers(
    desk: _Desk, grey: Image, found: Read | None, entry: Entry, page: int, asked: Sequence[Signer]
) -> dict[int, Answer]:
    """Look at places of a page; what cannot be held against the issued page cannot be told."""
    from .hands import looked_at

    issued, card = beside(desk.office.folder, entry, ".pdf"), card_of(desk.office.folder, entry)
    if found is None or issued is None or card is None or not issued.is_file():
        return {one.number: "unsure" for one in asked}
    return looked_at(grey, found, issued, page, asked, card.signers)


def _signers(desk: _Desk, picture: Picture, entry: Entry, sheet: Sheet, found: Read | None) -> None:
    """Look at the places of a page where somebody signs, and tick off who has."""
    from ...core.journal.entries import Mark

    known = _signed(desk, entry)
    asked = [one for one in _places(desk, entry, sheet.page) if one.number not in known]
    place = beside(desk.office.folder, entry, SCAN)
    if not asked or place is None:
        return
    taken_back = _taken_back(desk, entry)
    file = place.relative_to(desk.office.folder).as_posix()
    for number, answer in _answers(desk, picture.grey, found, entry, sheet.page, asked).items():
        # Where somebody has said that it is no signature, a machine does not say again that it is one.
        told: Answer = "unsure" if answer == "signed" and number in taken_back else answer
        desk.seen.setdefault(entry.id, {})[number] = told
        if told == "signed":
            # The file grows with each page: the digest that shows this signature is that of its page.
            desk.journal.mark(Mark(entry.id, "signed", str(number), "scan", file=file))


def _taken_back(desk: _Desk, entry: Entry) -> set[int]:
    """Return the signers of whom somebody has recorded that an earlier mark was a mistake."""
    from ...core.journal.past import history

    marks = (one.mark for one in history(desk.journal, entry.id))
    return {int(one.name) for one in marks if one is not None and one.how == "undone"}


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
