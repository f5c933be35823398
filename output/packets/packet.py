"""`papka packet`: the issued papers of one occasion as one PDF, in print order, with a cover."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...core.errors import AskedWrongly, PapkaError, Refused
from ...core.facts import NBSP
from ...core.filters import LanguagePack
from ...core.findings import Finding, Place
from ...core.i18n import tr
from ...core.kept import keep, key_of, recall
from ...core.office import Office, find_office
from ...core.opening import OpenCase, open_case
from ..issued.codes import COVER, stamped
from ..issued.signers import signers_of
from ..saving import write_atomically
from ..scanning.awaiting import Awaited
from .binding import Part, bound, check_password, first_pages, locked, page_count
from .packet_choice import Choice, NotIssued, PacketOrder
from .packet_cover import Front, Hand, Line, cover, title_in

if TYPE_CHECKING:
    from ...core.journal.entries import Entry
    from ..pdf import Pool

    Engines = Callable[[], Pool]

PACKETS = "packets"
_A_PAGE = 11
"""About so many papers stand on a page of the cover."""
_NAMES = 2
"""How many documents the name of a packet's file names."""


@dataclass(frozen=True)
class InPacket:
    """One paper of a packet.

    Attributes:
        title: What it is, and whom it is about where it is made for one person.
        first: The page of the packet on which its first copy begins.
    """

    entry: Entry
    title: str
    pdf: bytes
    pages: int
    copies: int
    hands: tuple[Hand, ...]
    pack: LanguagePack
    first: int = 0

    def part(self) -> Part:
        """Return it as it is bound."""
        words = self.pack.on_paper("{title} No. {number}") if self.entry.number else "{title}"
        title = words.format(title=self.title, number=self.entry.number)
        return Part(title, self.pdf, self.pages, self.copies)

    def line(self) -> Line:
        """Return its line on the cover."""
        # The column is narrow: a long day may go on in the next line.
        day, on_paper = self.pack.printed(self.entry.day).replace(NBSP, " "), self.pack.on_paper
        words = on_paper("No. {number} of {day}") if self.entry.number else on_paper("of {day}")
        numbered = words.format(number=self.entry.number, day=day)
        hands = tuple(
            replace(one, page=one.page + self.first - 1 if one.page else None) for one in self.hands
        )
        return Line(self.title, numbered, self.pages, self.copies, self.first, hands)

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        entry, line = self.entry, self.line()
        return {
            "document": entry.document,
            "item": entry.item,
            "id": entry.id,
            "number": entry.number,
            "day": entry.day.isoformat(),
            "pages": self.pages,
            "copies": self.copies,
            "first_page": self.first,
            "signers": [{"role": one.role, "page": one.page, "signed": one.done} for one in line.hands],
        }


@dataclass(frozen=True)
class Packet:
    """What was made.

    Attributes:
        unchanged: The same packet was made before and lies there untouched.
    """

    file: Path
    papers: tuple[InPacket, ...]
    pages: int
    not_issued: tuple[NotIssued, ...]
    unchanged: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "file": str(self.file),
            "pages": self.pages,
            "papers": [one.as_json() for one in self.papers],
            "not_issued": [
                {"document": one.document, "title": one.title, "missing": one.missing}
                for one in self.not_issued
            ],
            "unchanged": self.unchanged,
        }


def packet(order: PacketOrder) -> Packet:
    """Make a packet of issued papers.

    Raises:
        AskedWrongly: The case lies in no office, has no such document, or the password protects nothing.
        Refused: The file of a paper is gone or was altered.
        PapkaError: A paper that was named is not issued, or there is nothing to bind.
    """
    from ...core.journal.journal import Journal

    if order.password is not None:
        check_password(order.password)
    opened = open_case(order.case, Path.cwd())
    office = find_office(opened.path.resolve().parent)
    if office is None:
        words = tr("Packets are made of issued papers, in an office: papka init FOLDER makes one.")
        raise AskedWrongly(words)
    journal = Journal.open(office.journal_place)
    try:
        choice = Choice(order, opened, office, journal)
        chosen, lacking = choice.papers(), tuple(choice.not_issued())
    finally:
        journal.close()
    _all_whole(office, [one.entry for one in chosen])
    with ExitStack() as stack:
        engines = cache(lambda: stack.enter_context(_pool(order, office)))
        pdfs = _pdfs(office, chosen, engines)
        papers = [_whole(choice, one, pdf) for one, pdf in zip(chosen, pdfs, strict=True)]
        return _written(order, opened, papers, lacking, engines)


def _pool(order: PacketOrder, office: Office) -> Pool:
    from ..pdf import pool

    return pool(engine=order.engine, near=office.folder)


# --- the papers --------------------------------------------------------------------------------------------


def _all_whole(office: Office, entries: Sequence[Entry]) -> None:
    """Refuse papers whose files are not as they were issued; all of them are told.

    Raises:
        Refused: A file is gone or was altered.
    """
    found = []
    for entry in entries:
        word = office.folder / (entry.file or "")
        path, digest = (
            (word.with_suffix(".pdf"), entry.pdf_sha256) if entry.pdf_sha256 else (word, entry.docx_sha256)
        )
        if not path.is_file():
            message = tr("An issued file is gone: {id} ({document}).")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            message = tr("An issued file was altered: {id} ({document}).")
        else:
            continue
        cure = tr("Take it from a backup; what is right now is issued as a correction: --correct REASON.")
        said = message.format(id=entry.id, document=entry.document)
        found.append(Finding("J-FILE", "error", said, cure, place=Place(path.name)))
    if found:
        raise Refused(tr("The packet was not made: issued files are not as they were written."), found)


def _pdfs(office: Office, chosen: Sequence[Awaited], engines: Engines) -> list[bytes]:
    """Return the PDF of each paper; one that was issued without is drawn now from its Word file."""
    from ..issued.codes import stamped
    from ..pdf.running import private_room

    words = {one.entry.id: office.folder / (one.entry.file or "") for one in chosen}
    bare = {words[one.entry.id]: one.entry for one in chosen if one.entry.pdf_sha256 is None}
    drawn: dict[str, bytes] = {}
    if bare:

        def finish(docx: Path, pdf: bytes) -> bytes:
            return stamped(pdf, bare[docx].id, bare[docx].docx_sha256 or "")

        with private_room() as room:
            for one in engines().to_pdf(list(bare), room, finish):
                if one.pdf is None:
                    raise PapkaError(f"{one.source.name}: {one.refusal}")
                drawn[bare[one.source].id] = one.pdf.read_bytes()
    return [drawn.get(one) or path.with_suffix(".pdf").read_bytes() for one, path in words.items()]


def _whole(choice: Choice, paper: Awaited, pdf: bytes) -> InPacket:
    """Return the same as `_taken`.

    Raises:
        PapkaError: The PDF cannot be read, though the journal knows it so.
    """
    try:
        return _taken(choice, paper, pdf)
    except PapkaError:
        raise
    except Exception as error:  # what broken files raise has no common parent
        raise PapkaError(f"{paper.entry.id}: {tr('The PDF is damaged.')}") from error


def _taken(choice: Choice, paper: Awaited, pdf: bytes) -> InPacket:
    """Return a paper as it stands in the packet: how long it is, and who signs it where."""
    entry, pack = paper.entry, choice.opened.language.pack
    hands = tuple(Hand(one.role, one.page, one.how is not None) for one in paper.hands)
    if not hands or any(one.page is None for one in hands):
        word = (choice.office.folder / (entry.file or "")).read_bytes()
        done = {one.number: one.how is not None for one in paper.hands}
        signers = signers_of(word, pdf, pack)
        hands = tuple(Hand(one.role, one.page, done.get(one.number, False)) for one in signers)
    return InPacket(entry, choice.title(entry), pdf, page_count(pdf), choice.copies(entry), hands, pack)


# --- the packet --------------------------------------------------------------------------------------------


def _written(
    order: PacketOrder,
    opened: OpenCase,
    papers: list[InPacket],
    lacking: tuple[NotIssued, ...],
    engines: Engines,
) -> Packet:
    """Bind the papers, unless the very same packet lies there already."""
    file = _file(order, opened)
    front = _front(order, opened)
    made_of = [(one.pdf, one.line()) for one in papers]
    key = key_of("packet", front, order.engine or "", str(file.resolve()), *made_of)
    if order.password is None and (before := _before(key, file)) is not None:
        placed, pages = _placed(papers, before, two_sided=order.two_sided)
        return Packet(file, tuple(placed), pages, lacking, unchanged=True)
    first, placed, pages = _covered(front, papers, engines)
    first = stamped(first, COVER, "0" * 8)
    pack = opened.language.pack
    parts = [Part(title_in(pack), first, page_count(first)), *(one.part() for one in placed)]
    title = pack.on_paper("{title}: case No. {case}").format(title=title_in(pack), case=front.case)
    whole = bound(parts, title=title, copy=pack.on_paper("Copy {number}"), two_sided=order.two_sided)
    if order.password is None:
        write_atomically(file, whole)
        keep(key, f"{hashlib.sha256(whole).hexdigest()} {parts[0].pages}".encode("ascii"))
    else:
        write_atomically(file, locked(whole, order.password))
    return Packet(file, tuple(placed), pages, lacking)


def _before(key: str, file: Path) -> int | None:
    """Return how many pages the cover has of the same packet that was made before, if it lies there whole."""
    known = recall(key)
    if known is None or not file.is_file():
        return None
    digest, pages = known.decode("ascii").split()
    return int(pages) if hashlib.sha256(file.read_bytes()).hexdigest() == digest else None


def _file(order: PacketOrder, opened: OpenCase) -> Path:
    """Return where the packet is written; its name says the day and the choice, and nothing of the family."""
    if order.out is not None and not order.out.is_dir():
        return order.out
    names = [re.sub(r"[^\w-]+", "-", one).strip("-") for one in order.documents]
    if len(names) > _NAMES:
        names = [*names[:_NAMES], f"{len(names) - _NAMES}-more"]
    said = [f"{order.day:%Y-%m-%d}", *names, *(["all"] if order.everything else [])]
    if order.issued_on:
        said.append(f"of-{order.issued_on:%Y-%m-%d}")
    if order.password is not None:
        said.append("locked")
    return (order.out or opened.path.parent / PACKETS) / f"packet_{'_'.join(said)}.pdf"


def _front(order: PacketOrder, opened: OpenCase) -> Front:
    case = opened.case
    return Front(
        organisation=case.organisation.short_name or case.organisation.full_name,
        case=case.number or case.id,
        family=case.family.display_name,
        programme=opened.method.programme.short_title,
        two_sided=order.two_sided,
        language=opened.language.pack.code,
        pack=opened.language.pack,
    )


def _placed(papers: Sequence[InPacket], cover_pages: int, *, two_sided: bool) -> tuple[list[InPacket], int]:
    """Return the papers with the page on which each begins, and how many pages the packet has."""
    parts = [Part("", b"", cover_pages), *(one.part() for one in papers)]
    first, pages = first_pages(parts, two_sided=two_sided)
    return [replace(one, first=at) for one, at in zip(papers, first[1:], strict=True)], pages


def _covered(front: Front, papers: Sequence[InPacket], engines: Engines) -> tuple[bytes, list[InPacket], int]:
    """Draw the cover: what it says depends on how long it is itself."""
    from ..pdf.running import private_room

    length = 1 + len(papers) // _A_PAGE
    while True:
        placed, pages = _placed(papers, length, two_sided=front.two_sided)
        with private_room() as room:
            word = room / "cover.docx"
            word.write_bytes(cover(replace(front, lines=tuple(one.line() for one in placed), pages=pages)))
            result = engines().convert(word, room / "cover.pdf")
            if result.pdf is None:
                raise PapkaError(tr("no PDF: {reason}").format(reason=result.refusal))
            drawn = result.pdf.read_bytes()
        # A longer cover moves the papers on and can only say more: the lengths come to rest.
        if _placed(papers, result.pages, two_sided=front.two_sided) == (placed, pages):
            return drawn, placed, pages
        length = result.pages
