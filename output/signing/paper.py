"""A paper that is to be signed: its files, who signs it, and what the journal knows of that."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...core.aside import is_gone
from ...core.errors import AskedWrongly, PapkaError
from ...core.filters import LanguagePack
from ...core.i18n import tr
from ...core.office import Office, find_office
from ...core.oserrors import not_written, why
from ...core.outside import bytes_of
from ..apart import refuse_harmful
from ..issued.cards import Signer, beside, card_of

if TYPE_CHECKING:
    from ...core.journal.entries import Entry, Mark
    from ...core.journal.journal import Journal

SIGNED = ".signed.pdf"
_CODE = re.compile(r"(?:^|_)([ABCDEFGHJKMNPQRSTVWXYZ23456789]{12})(?:\.|$)")
_OWNER = "owner"
_LEFT = 65 * 60
"""Seconds after which a room is taken for left behind: no signing tool is given so long."""
_NAMED = 60
_END = re.compile(rb"%%EOF(\r\n|\r|\n|)")


@dataclass(frozen=True)
class SignablePaper:
    """An issued paper in its office."""

    office: Office
    journal: Journal
    entry: Entry

    @property
    def signers(self) -> tuple[Signer, ...]:
        """Who signs it, as its card says; none if that is not known."""
        card = card_of(self.office.folder, self.entry)
        return card.signers if card else ()

    def pack(self) -> LanguagePack:
        """Return the language of the paper; where its case cannot be opened any more, Russian."""
        from ...core.opening import open_case
        from ...core.plugging.plugins import Plugins

        plugins = Plugins()
        try:
            return open_case(self.entry.case, self.office.folder, plugins).language.pack
        except PapkaError:
            return plugins.language.pack

    def marks(self) -> dict[int, Mark]:
        """Return who has signed, by number, as the journal says now."""
        marks = self.journal.marks([self.entry.id]).get(self.entry.id, [])
        return {int(one.name): one for one in marks if one.kind == "signed" and one.name.isdigit()}

    def file(self, suffix: str) -> Path:
        """Return where a file of the paper lies, or would lie."""
        path = beside(self.office.folder, self.entry, suffix)
        if path is None:
            raise PapkaError(
                tr("The paper {id} is not issued: nothing can be signed.").format(id=self.entry.id)
            )
        return path

    def relative(self, path: Path) -> str:
        """Return a path as the journal names it."""
        return path.resolve().relative_to(self.office.folder.resolve()).as_posix()

    def issued(self, suffix: str) -> bytes | None:
        """Return the issued PDF or Word file, held against the journal; None if there was none.

        Raises:
            PapkaError: It is gone or was altered.
        """
        digest = self.entry.pdf_sha256 if suffix == ".pdf" else self.entry.docx_sha256
        if digest is None:
            return None
        path = self.file(suffix)
        raw = path.read_bytes() if path.is_file() else b""
        if hashlib.sha256(raw).hexdigest() != digest:
            words = tr(
                "{file} is gone or was altered since it was issued: take it from a backup before signing."
            )
            raise PapkaError(words.format(file=path.name))
        return raw

    def as_json(self) -> dict[str, Any]:
        """Return who signs and who has, as plain data."""
        marks = self.marks()
        numbers = sorted({one.number for one in self.signers} | set(marks))
        known = {one.number: one for one in self.signers}
        return {
            "id": self.entry.id,
            "document": self.entry.document,
            "state": self.entry.state,
            "signers": [
                {
                    "number": number,
                    "role": known[number].role if number in known else None,
                    "page": known[number].page if number in known else None,
                    "signed": marks[number].as_json() if number in marks else None,
                }
                for number in numbers
            ],
        }


@contextmanager
def open_paper(asked: str, start: Path) -> Iterator[SignablePaper]:
    """Open a paper by its code, or by one of its files.

    Raises:
        AskedWrongly: Neither the folder nor the file belongs to an office.
        PapkaError: The journal has no such paper.
    """
    from ...core.journal.journal import Journal

    file = start / asked
    is_file = len(asked) < 1000 and file.is_file()
    office = find_office(file.resolve().parent if is_file else start) or find_office(start)
    if office is None:
        words = tr("This folder belongs to no office (office.yaml).")
        raise AskedWrongly(words + " " + tr("Go to the office's folder, or begin with papka demo."))
    journal = Journal.open(office.journal_place)
    try:
        yield SignablePaper(office, journal, journal.entry(_code_of(file) if is_file else asked))
    finally:
        journal.close()


def _code_of(file: Path) -> str:
    from ..issued.codes import codes_in

    found = _CODE.search(file.name)
    if found:
        return found[1]
    try:
        raw = bytes_of(file)
    except OSError as error:
        words = tr("{file} cannot be read: {reason}.")
        raise PapkaError(words.format(file=file.name, reason=why(error))) from error
    refuse_harmful(raw)
    codes = codes_in(raw) if raw[:5] == b"%PDF-" else []
    if not codes:
        words = tr("{file} bears no code of a paper. Name the paper by its code: papka journal lists them.")
        raise AskedWrongly(words.format(file=file.name))
    return codes[0].paper


@contextmanager
def room(paper: SignablePaper) -> Iterator[Path]:
    """Give a folder for one act of signing a paper; while it is there nobody else signs that paper.

    Raises:
        PapkaError: Somebody else signs it at this moment.
    """
    folder = paper.file(".docx").parent / f".signing-{paper.entry.id}"
    if _is_left(folder):
        shutil.rmtree(folder, ignore_errors=True)
    try:
        folder.mkdir(mode=0o700)
        (folder / _OWNER).write_text(_owner(), "utf-8")
    except FileExistsError as error:
        words = tr("The paper {id} is being signed by somebody else at this moment. Try again in a while.")
        raise PapkaError(words.format(id=paper.entry.id)) from error
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise not_written(folder.parent.name, error) from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _owner() -> str:
    return f"{socket.gethostname()} {os.getpid()}"


def _is_left(folder: Path) -> bool:
    """Tell whether a room was left by a process that is gone; of another computer only its age tells."""
    try:
        age = time.time() - folder.stat().st_mtime
    except OSError:
        return False
    try:
        host, _, number = (folder / _OWNER).read_text("utf-8").rpartition(" ")
    except FileNotFoundError:
        # Who is about to sign names himself at once; one who was killed before that never will.
        return age > _NAMED
    except OSError:
        return False
    if sys.platform == "win32" or host != socket.gethostname() or not number.isdigit():
        return age > _LEFT
    return is_gone(number)


def states_of(raw: bytes) -> dict[str, int]:
    """Return the digests of a PDF as it is and as it was before something was appended, with lengths."""
    ends = {found.end() for found in _END.finditer(raw)} | {found.start() + 5 for found in _END.finditer(raw)}
    return {hashlib.sha256(raw[:end]).hexdigest(): end for end in sorted({*ends, len(raw)})}
