"""`papka export`: what leaves the house is encrypted: an age archive, or a PDF that opens with a password."""

from __future__ import annotations

import io
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...core.errors import AskedWrongly, PapkaError
from ...core.i18n import tr
from ...core.office import Office, find_case
from ...core.outside import opened_file
from .archives import Reader, Writer
from .backing import written_whole
from .sealing import Opening, Seal, checked, is_sealed, opened, sealed

if TYPE_CHECKING:
    from ...core.journal.entries import Entry

ALGORITHM = "AES-256"
SHORTEST_PASSWORD = 12


@dataclass(frozen=True)
class Exported:
    """What was written.

    Attributes:
        lacking: The codes of papers that have no PDF and are not in it.
    """

    file: Path
    files: int
    lacking: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {"file": str(self.file), "files": self.files, "without_pdf": list(self.lacking)}


def export_archive(asked: str, out: Path, seal: Seal, office: Office | None) -> Exported:
    """Write a case's folder, or one paper with its files, into an encrypted archive.

    Raises:
        AskedWrongly: There is no such case or paper, or the file is there already.
    """
    checked(seal)
    _is_new(out)
    folder, files = _files(asked, office)
    count = 0

    def write(pipe: Any) -> None:
        nonlocal count
        writer = Writer(pipe)
        for path in files:
            count += writer.add_file(path.relative_to(folder).as_posix(), path)
        writer.close({"kind": "export"})

    with written_whole(out) as stream:
        sealed(seal, write, stream)
    return Exported(out, count)


def open_archive(file: Path, folder: Path, opening: Opening) -> int:
    """Unpack what somebody sent, into a new or empty folder, and return how many files.

    Raises:
        AskedWrongly: The folder is not empty.
        PapkaError: The archive does not open, is damaged or unsafe.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise AskedWrongly(
            tr("The folder {folder} is not empty. Name another, or a new one.").format(folder=folder)
        )
    try:
        stream = opened(file, opening) if is_sealed(file) else opened_file(file)
    except OSError as error:
        from ...core.oserrors import why

        raise PapkaError(
            tr("{file} cannot be read: {reason}.").format(file=file.name, reason=why(error))
        ) from error
    with stream:
        reader = Reader(stream)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return reader.unpack(folder)


def export_pdf(asked: str, out: Path, password: str, office: Office | None) -> Exported:
    """Write one PDF, encrypted with AES-256: a paper, or all papers in force of a case one after another.

    Raises:
        AskedWrongly: There is no such case or paper, or the password is too short.
        PapkaError: No paper has a PDF, or the extra that encrypts is not there.
    """
    if len(password) < SHORTEST_PASSWORD:
        words = tr(
            "The password is too short: {least} signs at least. Tell it by telephone, not in the same letter."
        )
        raise AskedWrongly(words.format(least=SHORTEST_PASSWORD))
    if not password.isascii():
        # Programs that show PDF files do not agree on how other letters are written.
        raise AskedWrongly(
            tr("For a PDF use Latin letters, digits and signs: some programs open no other password.")
        )
    _is_new(out)
    pdfs, lacking = _pdfs(asked, office)
    if not pdfs:
        raise PapkaError(tr("There is no PDF to export: issue papers with PDF, or export an archive (--to)."))
    content = encrypted(pdfs, password)
    with written_whole(out) as stream:
        stream.write(content)
    return Exported(out, len(pdfs), tuple(lacking))


def encrypted(pdfs: list[Path], password: str) -> bytes:
    """Return PDF files as one that opens with the password; printing is allowed, changing is not.

    Raises:
        PapkaError: The extra that encrypts is not there, or a file is no PDF.
    """
    from pypdf import PdfReader, PdfWriter
    from pypdf.constants import UserAccessPermissions
    from pypdf.errors import DependencyError, PyPdfError

    writer = PdfWriter()
    try:
        for path in pdfs:
            writer.append(PdfReader(path), import_outline=False)
        writer.metadata = None
        allowed = UserAccessPermissions.PRINT | UserAccessPermissions.PRINT_TO_REPRESENTATION
        writer.encrypt(password, secrets.token_urlsafe(24), permissions_flag=allowed, algorithm=ALGORITHM)
        out = io.BytesIO()
        writer.write(out)
    except DependencyError as error:
        raise PapkaError(tr("Encryption needs: pip install papka[crypt].")) from error
    except (PyPdfError, OSError) as error:
        raise PapkaError(tr("A PDF of this case cannot be read: papka journal --check.")) from error
    return out.getvalue()


def _is_new(out: Path) -> None:
    if out.exists():
        raise AskedWrongly(tr("{file} is there already. Name another file.").format(file=out))


def _files(asked: str, office: Office | None) -> tuple[Path, list[Path]]:
    """Return a folder, and the files below it that are meant."""
    entry = _paper(asked, office)
    if entry is not None and office is not None:
        word = office.folder / (entry.file or "")
        return word.parent, sorted(path for path in word.parent.glob(f"{word.stem}.*") if _is_own(path))
    folder = find_case(asked, Path.cwd()).resolve().parent
    found = (Path(top, name) for top, _, names in os.walk(folder) for name in names)
    return folder, sorted(path for path in found if _is_own(path))


def _is_own(path: Path) -> bool:
    return path.is_file() and not path.is_symlink() and not path.name.startswith((".", "~$"))


def _pdfs(asked: str, office: Office | None) -> tuple[list[Path], list[str]]:
    entry = _paper(asked, office)
    if office is None:
        raise AskedWrongly(tr("This folder belongs to no office (office.yaml)."))
    entries = [entry] if entry else list(_in_force(asked, office))
    paired = [(one, (office.folder / (one.file or "")).with_suffix(".pdf")) for one in entries]
    return (
        [pdf for _, pdf in paired if pdf.is_file()],
        [one.id for one, pdf in paired if not pdf.is_file()],
    )


def _in_force(asked: str, office: Office) -> Iterator[Entry]:
    from ...core.journal.journal import Journal
    from ...core.opening import open_case

    case = open_case(asked, Path.cwd()).case
    book = Journal.open(office.journal_place)
    try:
        yield from book.entries(case=case.id, states=("issued",))
    finally:
        book.close()


def _paper(asked: str, office: Office | None) -> Entry | None:
    """Return the issued paper of a code; None if it is no code of one."""
    from ...core.journal.journal import Journal

    if office is None or len(asked.strip()) != 12 or (office.case_file(asked) is not None):
        return None
    book = Journal.open(office.journal_place)
    try:
        entry = book.entry(asked)
    except PapkaError:
        return None
    finally:
        book.close()
    return entry if entry.file else None
